/* SPDX-License-Identifier: MIT */
/*
 * Coordinates are pixels, y down. Angles are counter-clockwise to the eye. Lengths of the sheet come
 * in mm and are turned into pixels here.
 */
#include <config.h>

#include <math.h>

#include "augment/field.h"
#include "augment/warp_entries.h"
#include "base/rng.h"

#define CAMERA_SIDES 2.5 /* how far the camera is from a folded or bent sheet, in its sides */

static double radians(double degrees)
{
	return degrees * (M_PI / 180);
}

static struct vec middle_of(const struct warp_job *job)
{
	return vec(job->width / 2.0, job->height / 2.0);
}

static double side_of(const struct warp_job *job)
{
	return max2(job->width, job->height);
}

/* --- sheets that are not flat --- */

struct fold_line fold_line_from_recipe(const struct recipe *recipe, int is_x, int length_px)
{
	struct rng rng = rng_stream(recipe->seed[DEGRADATION_folds], 0, "line", (uint32_t)is_x);
	double count = is_x ? RECIPE(recipe, folds, down) : RECIPE(recipe, folds, across);
	double slope = tan(radians(RECIPE(recipe, folds, tilt_deg)));
	struct fold_line line = {.count = (int)floor(count + 0.5) + 2};
	double first = rng_unit(&rng) < 0.5 ? -1 : 1;

	for (int i = 0; i < line.count; i++) {
		double even = (double)i * length_px / (line.count - 1);
		double part = (double)length_px / (line.count - 1);
		double shift = recipe_between(&rng, -0.03, 0.03) * part;
		bool is_end = i == 0 || i == line.count - 1;

		line.at[i] = is_end ? even : even + shift;
		line.height[i] = (i % 2 ? first : -first) * slope * part / 2;
	}
	return line;
}

static double fold_height(const struct fold_line *line, double at)
{
	int i = 1;
	double t;

	while (i < line->count - 1 && at > line->at[i])
		i++;
	t = (at - line->at[i - 1]) / (line->at[i] - line->at[i - 1]);
	return line->height[i - 1] + t * (line->height[i] - line->height[i - 1]);
}

/* What is nearer to the camera looks larger. */
void warp_folds(const struct warp_job *job, double *x, double *y)
{
	struct fold_line down = fold_line_from_recipe(job->recipe, 1, job->width);
	struct fold_line across = fold_line_from_recipe(job->recipe, 0, job->height);
	struct vec middle = middle_of(job);
	double camera = CAMERA_SIDES * side_of(job);

	for (int i = 0; i < job->count; i++) {
		double z = fold_height(&down, x[i]) + fold_height(&across, y[i]);
		double k = 1 - z / camera;

		x[i] = middle.x + (x[i] - middle.x) * k;
		y[i] = middle.y + (y[i] - middle.y) * k;
	}
}

struct crumple crumple_from_recipe(const struct recipe *recipe, int width, int height)
{
	struct rng rng = recipe_rng(recipe, DEGRADATION_wrinkles);
	struct crumple c = {.count = (int)RECIPE(recipe, wrinkles, creases)};

	c.wave_px = max2(width, height) / 4.0;
	c.across = noise_new_smooth(recipe->seed[DEGRADATION_wrinkles]);
	c.down = noise_new_smooth(recipe->seed[DEGRADATION_wrinkles] + 1);
	for (int i = 0; i < c.count; i++) {
		double angle = recipe_between(&rng, 0, M_PI);
		double px = recipe_between(&rng, 0, width);
		double py = recipe_between(&rng, 0, height);

		c.normal[i] = vec(cos(angle), sin(angle));
		c.offset[i] = vec_dot(c.normal[i], vec(px, py));
		c.slope[i] = recipe_between(&rng, -1.3, 1.3) / sqrt(c.count);
		c.phase[i] = recipe_between(&rng, 0, 1);
	}
	return c;
}

struct vec crumple_slope(struct crumple *c, struct vec p)
{
	double u = p.x / c->wave_px, v = p.y / c->wave_px, bend = 0.25 * c->wave_px;
	struct vec bent =
		vec(p.x + bend * noise_at(&c->across, u, v), p.y + bend * noise_at(&c->down, u, v));
	struct vec sum = vec(0, 0);

	for (int i = 0; i < c->count; i++) {
		double d = (vec_dot(c->normal[i], bent) - c->offset[i]) / (0.008 * c->wave_px + 2);
		double side = d < -1 ? -1 : d > 1 ? 1 : d;
		/* A crease is sharp in some places and dies away in others: parabolas, end to end. */
		double along = vec_cross(c->normal[i], bent) / c->wave_px + c->phase[i];
		double t = along - floor(along), fade = 4 * t * (1 - t);

		sum = vec_add(sum, vec_scale(c->normal[i], side * fade * c->slope[i]));
	}
	return sum;
}

void warp_wrinkles(const struct warp_job *job, double *x, double *y)
{
	uint64_t seed = job->recipe->seed[DEGRADATION_wrinkles] + 500;
	struct noise across = noise_new(seed, 2), down = noise_new(seed + 1, 2);
	double shift = RECIPE(job->recipe, wrinkles, shift_mm) * job->px_per_mm;
	double wave = side_of(job) / 7;

	for (int i = 0; i < job->count; i++) {
		double u = x[i] / wave, v = y[i] / wave;

		x[i] += shift * noise_at(&across, u, v);
		y[i] += shift * noise_at(&down, u, v);
	}
}

double curl_along(const struct recipe *recipe, int width, int height, struct vec p)
{
	double angle = radians(RECIPE(recipe, curl, direction_deg));
	struct vec d = vec(cos(angle), -sin(angle));
	double half = (fabs(d.x) * width + fabs(d.y) * height) / 2;

	return vec_dot(vec_sub(p, vec(width / 2.0, height / 2.0)), d) / half;
}

/* A cylinder over the direction, seen from in front and a little from the side: what it lifts is
 * nearer, and moves across the direction. */
void warp_curl(const struct warp_job *job, double *x, double *y)
{
	struct vec middle = middle_of(job);
	double angle = radians(RECIPE(job->recipe, curl, direction_deg));
	struct vec across = vec(sin(angle), cos(angle));
	double bow = RECIPE(job->recipe, curl, height) * side_of(job);
	double camera = CAMERA_SIDES * side_of(job);

	for (int i = 0; i < job->count; i++) {
		double t = curl_along(job->recipe, job->width, job->height, vec(x[i], y[i]));
		double z = bow * (1 - min2(t * t, 4)) - bow / 2;
		double k = 1 - z / camera;

		x[i] = middle.x + (x[i] - middle.x) * k + across.x * z * 0.5;
		y[i] = middle.y + (y[i] - middle.y) * k + across.y * z * 0.5;
	}
}

void warp_elastic(const struct warp_job *job, double *x, double *y)
{
	uint64_t seed = job->recipe->seed[DEGRADATION_elastic];
	struct noise across = noise_new_smooth(seed), down = noise_new_smooth(seed + 1);
	double wave = RECIPE(job->recipe, elastic, wave_mm) * job->px_per_mm;
	double shift = RECIPE(job->recipe, elastic, shift_mm) * job->px_per_mm;

	/* Hills so near to each other that they would fold the sheet are lower. */
	wave = max2(wave, 3.0 * FIELD_STEP);
	shift = min2(shift, wave / 6);
	for (int i = 0; i < job->count; i++) {
		double u = x[i] / wave, v = y[i] / wave;

		x[i] += shift * noise_at(&across, u, v);
		y[i] += shift * noise_at(&down, u, v);
	}
}

/* --- copiers and scanners --- */

void warp_photocopy(const struct warp_job *job, double *x, double *y)
{
	struct vec middle = middle_of(job);
	double generations = floor(RECIPE(job->recipe, photocopy, generations) + 0.5);
	double k = pow(1 + RECIPE(job->recipe, photocopy, scale), -generations);

	for (int i = 0; i < job->count; i++) {
		x[i] = middle.x + (x[i] - middle.x) * k;
		y[i] = middle.y + (y[i] - middle.y) * k;
	}
}

void warp_skew(const struct warp_job *job, double *x, double *y)
{
	struct vec middle = middle_of(job);
	double angle = radians(RECIPE(job->recipe, skew, angle_deg));
	double c = cos(angle), s = sin(angle);

	for (int i = 0; i < job->count; i++) {
		double u = x[i] - middle.x, v = y[i] - middle.y;

		x[i] = middle.x + c * u - s * v;
		y[i] = middle.y + s * u + c * v;
	}
}

void warp_stretch(const struct warp_job *job, double *x, double *y)
{
	const struct recipe *r = job->recipe;
	struct vec middle = middle_of(job);
	double shear = tan(radians(RECIPE(r, stretch, shear_deg)));
	double wide = 1 / sqrt(1 + RECIPE(r, stretch, aspect)), high = 1 / wide;
	double period = RECIPE(r, stretch, period_mm) * job->px_per_mm / (2 * M_PI);
	double feed = RECIPE(r, stretch, feed) * period;
	struct rng rng = recipe_rng(r, DEGRADATION_stretch);
	double phase = recipe_between(&rng, 0, 2 * M_PI);

	for (int i = 0; i < job->count; i++) {
		double v = (y[i] - middle.y) * high;

		x[i] = middle.x + (x[i] - middle.x) * wide + shear * v;
		y[i] = middle.y + v + feed * sin(y[i] / period + phase);
	}
}

/* --- cameras --- */

/* Row by row, of homogeneous coordinates. */
struct homography {
	double m[9];
};

static struct vec homography_point(const struct homography *h, struct vec p)
{
	double w = h->m[6] * p.x + h->m[7] * p.y + h->m[8];

	return vec((h->m[0] * p.x + h->m[1] * p.y + h->m[2]) / w,
		   (h->m[3] * p.x + h->m[4] * p.y + h->m[5]) / w);
}

/* The adjugate: a homography's scale says nothing. */
static struct homography homography_inverse(const struct homography *h)
{
	const double *m = h->m;

	return (struct homography){
		{m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
		 m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
		 m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]}};
}

/* A sheet about the origin, turned and looked at from `distance`. */
static struct homography camera_homography(const struct warp_job *job)
{
	const struct recipe *r = job->recipe;
	double a = radians(RECIPE(r, perspective, tilt_deg));
	double b = radians(RECIPE(r, perspective, yaw_deg));
	double c = radians(RECIPE(r, perspective, roll_deg));
	double distance = RECIPE(r, perspective, distance) * side_of(job);
	/* The columns of Rz(c) Rx(a) Ry(b), of which the third is not needed. */
	double x[3] = {cos(c) * cos(b) - sin(c) * sin(a) * sin(b),
		       sin(c) * cos(b) + cos(c) * sin(a) * sin(b), -cos(a) * sin(b)};
	double y[3] = {-sin(c) * cos(a), cos(c) * cos(a), sin(a)};

	return (struct homography){
		{x[0], y[0], 0, x[1], y[1], 0, x[2] / distance, y[2] / distance, 1}};
}

/* Scales and shifts h so that the whole sheet just fits into the picture. */
static void fit_homography(const struct warp_job *job, struct homography *h)
{
	struct vec half = middle_of(job), corners[4];
	double k;

	for (int i = 0; i < 4; i++)
		corners[i] = homography_point(
			h, vec(i % 2 ? half.x : -half.x, i / 2 ? half.y : -half.y));
	struct box b = box_of_points(corners, 4);
	k = min2(job->width / (b.x1 - b.x0), job->height / (b.y1 - b.y0));
	for (int i = 0; i < 3; i++) {
		double w = h->m[6 + i];

		h->m[i] = k * (h->m[i] - w * (b.x0 + b.x1) / 2);
		h->m[3 + i] = k * (h->m[3 + i] - w * (b.y0 + b.y1) / 2);
	}
}

void warp_perspective(const struct warp_job *job, double *x, double *y)
{
	struct homography h = camera_homography(job), back;
	struct vec middle = middle_of(job);

	fit_homography(job, &h);
	back = homography_inverse(&h);
	for (int i = 0; i < job->count; i++) {
		struct vec p = homography_point(&back, vec(x[i] - middle.x, y[i] - middle.y));

		x[i] = middle.x + p.x;
		y[i] = middle.y + p.y;
	}
}

void warp_lens(const struct warp_job *job, double *x, double *y)
{
	struct vec middle = middle_of(job);
	double k1 = -RECIPE(job->recipe, lens, k1), k2 = -RECIPE(job->recipe, lens, k2);
	double r = vec_length(middle);
	/* As large as before half way to the corners. */
	double k = 1 / (1 + k1 / 4 + k2 / 16);

	for (int i = 0; i < job->count; i++) {
		double u = (x[i] - middle.x) / r, v = (y[i] - middle.y) / r;
		double q = min2(u * u + v * v, 1.3);
		double f = k * r * (1 + k1 * q + k2 * q * q);

		x[i] = middle.x + u * f;
		y[i] = middle.y + v * f;
	}
}

void warp_wobble(const struct warp_job *job, double *x, double *y)
{
	struct rng rng = recipe_rng(job->recipe, DEGRADATION_wobble);
	double phase = recipe_between(&rng, 0, 2 * M_PI);
	double shift = RECIPE(job->recipe, wobble, shift_px);
	double k = 2 * M_PI / RECIPE(job->recipe, wobble, period_px);

	for (int i = 0; i < job->count; i++)
		x[i] += shift * sin(y[i] * k + phase);
}

void warp_framing(const struct warp_job *job, double *x, double *y)
{
	struct rng rng = recipe_rng(job->recipe, DEGRADATION_framing);
	double shift = RECIPE(job->recipe, framing, shift) * side_of(job);
	double angle = recipe_between(&rng, 0, 2 * M_PI);
	double k = 1 / (1 - 2 * RECIPE(job->recipe, framing, margin));
	struct vec middle = middle_of(job);

	for (int i = 0; i < job->count; i++) {
		x[i] = middle.x + (x[i] - middle.x - shift * cos(angle)) * k;
		y[i] = middle.y + (y[i] - middle.y - shift * sin(angle)) * k;
	}
}
