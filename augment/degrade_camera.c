/* SPDX-License-Identifier: MIT */
/*
 * Cameras: light on the sheet, the lens, the sensor. The canvas is now the picture and no longer the
 * sheet.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/field.h"
#include "augment/noise.h"
#include "augment/paint.h"
#include "augment/warp.h"
#include "augment/warp_entries.h"

#define DARKEST 1e-6f /* of what a curve is applied to */
#define DISC_FINE 5   /* points a pixel, each way, of a disc's kernel */

void degrade_curl(struct canvas *c, const struct recipe *r)
{
	struct field f = field_new(c->width, c->height, c->arena);
	struct rng rng = recipe_rng(r, DEGRADATION_curl);
	double shade = RECIPE(r, curl, shade), side = rng_chance(&rng, 0.5) ? 1 : -1;

	FIELD_EACH(&f, i, x, y)
	{
		struct vec p = warp_back(c->warp, vec(x, y));
		double t = curl_along(r, c->width, c->height, p);

		t = t < -1.2 ? -1.2 : t > 1.2 ? 1.2 : t;
		f.value[i] = (float)(1 - shade * (0.5 + 0.5 * side * t) * (0.6 + 0.4 * t * t));
	}
	field_multiply_all(&f, c);
}

/* --- the table --- */

#define STRIPES 2048
#define STRIPES_PER_PX 3

struct table {
	struct colour colour;
	uint64_t seed;
	float soft;    /* how far the sheet's shadow reaches, in px of the sheet */
	float *stripe; /* of wood: STRIPES values across the grain, periodic; NULL: no wood */
	int *bend;     /* of wood, per column: how far its stripes are off, in values */
	/* Of a row, per pixel: how rough it is; how far inside the sheet; how much of it is table, and how
	 * light that is. */
	float *rough, *inside, *cover, *shade;
};

static struct table table_from_recipe(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_framing);
	double light = RECIPE(r, framing, table), tint = RECIPE(r, framing, tint);
	struct table t = {.seed = r->seed[DEGRADATION_framing],
			  .soft = (float)(canvas_side(c) * 0.02),
			  .colour = colour_grey(light)};
	struct colour brown = {
		{(float)min2(light * 1.25, 1), (float)(light * 0.8), (float)(light * 0.45)}};
	struct noise grain = noise_new(t.seed, 4), bends = noise_new_smooth(t.seed + 1);
	int room = c->width + FIELD_STEP;

	if (tint > 0)
		t.colour = colour_between(t.colour, brown, tint);
	t.rough = ARENA_NEW(c->arena, float, room);
	t.inside = ARENA_NEW(c->arena, float, room);
	t.cover = ARENA_NEW(c->arena, float, room);
	t.shade = ARENA_NEW(c->arena, float, room);
	rng_unit(&rng); /* the shift's, in warp_framing */
	if (!rng_chance(&rng, 0.5))
		return t;
	t.stripe = ARENA_NEW(c->arena, float, STRIPES);
	t.bend = ARENA_NEW(c->arena, int, c->width);
	for (int i = 0; i < STRIPES; i++)
		t.stripe[i] = (float)(0.13 * noise_at(&grain, i / (7.0 * STRIPES_PER_PX), 0.5));
	for (int x = 0; x < c->width; x++)
		t.bend[x] = (int)((float)(40 * noise_at(&bends, x / 170.0, 0.5)) + 40);
	return t;
}

static FAST void table_light(float *shade, float *cover, const float *inside, const float *rough,
			     uint32_t key, float soft, int n)
{
	for (int x = 0; x < n; x++) {
		float depth = inside[x] < 0 ? -inside[x] : 0;
		float shadow = 1 - 0.5f * clamp01(1 - depth / soft);
		float noise = noise_normal(hash32(key + (uint32_t)x)) * 0.015f;

		cover[x] = clamp01(0.5f - inside[x]);
		shade[x] = (1 + (noise + rough[x])) * shadow;
	}
}

static FAST void table_row(float *row, const float *cover, const float *shade, float light, int n)
{
	for (int x = 0; x < n; x++)
		row[x] += (light * shade[x] - row[x]) * cover[x];
}

/* The pixels from x0 to x1 of a row. */
static void lay_table(struct canvas *c, const struct table *t, int y, int x0, int x1)
{
	int n = x1 - x0;

	for (int x = x0; x < x1; x += WARP_STEP)
		warp_inside(c->warp, x, y, t->inside + x);
	if (t->stripe)
		for (int x = x0; x < x1; x++)
			t->rough[x] = t->stripe[(y * STRIPES_PER_PX + t->bend[x]) % STRIPES];
	table_light(t->shade, t->cover, t->inside + x0, t->rough + x0,
		    noise_row_key(t->seed, y) + (uint32_t)x0, t->soft, n);
	for (int k = 0; k < c->channels; k++)
		table_row(canvas_row(c, k, y) + x0, t->cover, t->shade, t->colour.rgb[k], n);
}

/* Where there is table: from which cell on, to the first of those that see the sheet alone. */
static void lay_table_row(struct canvas *c, const struct table *t, int y, const bool *covered)
{
	for (int x = 0, end; x < c->width; x = end) {
		bool sheet = covered[x / WARP_STEP];

		for (end = x; end < c->width && covered[end / WARP_STEP] == sheet;)
			end += WARP_STEP;
		if (!sheet)
			lay_table(c, t, y, x, end < c->width ? end : c->width);
	}
}

void degrade_framing(struct canvas *c, const struct recipe *r)
{
	struct table t = table_from_recipe(c, r);
	struct field cloud = field_new(c->width, c->height, c->arena);
	struct noise noise = noise_new(t.seed, 3);
	bool *covered = ARENA_NEW(c->arena, bool, c->width / WARP_STEP + 1);

	if (!colour_is_grey(t.colour))
		canvas_make_colour(c);
	if (!t.stripe)
		FIELD_EACH(&cloud, i, x, y)
	cloud.value[i] = (float)(0.06 * noise_at(&noise, x / 90.0, y / 90.0));
	for (int y = 0; y < c->height; y++) {
		if (!t.stripe)
			field_row(&cloud, y, c->width, t.rough);
		for (int x = 0; y % WARP_STEP == 0 && x < c->width; x += WARP_STEP)
			covered[x / WARP_STEP] = warp_sees_sheet(c->warp, x, y);
		lay_table_row(c, &t, y, covered);
	}
}

/* --- light --- */

void degrade_vignette(struct canvas *c, const struct recipe *r)
{
	struct field f = field_new(c->width, c->height, c->arena);
	double amount = RECIPE(r, vignette, amount);
	struct vec middle = vec(c->width / 2.0, c->height / 2.0);
	double corner2 = vec_dot(middle, middle);

	FIELD_EACH(&f, i, x, y)
	{
		struct vec d = vec_sub(vec(x, y), middle);
		double q = vec_dot(d, d) / corner2;

		f.value[i] = (float)(1 - amount * min2(q * q, 1.2));
	}
	field_multiply_all(&f, c);
}

void degrade_uneven_light(struct canvas *c, const struct recipe *r)
{
	struct field f = field_new(c->width, c->height, c->arena);
	struct rng rng = recipe_rng(r, DEGRADATION_uneven_light);
	double amount = RECIPE(r, uneven_light, amount), bulge = RECIPE(r, uneven_light, bulge);
	double angle = recipe_between(&rng, 0, 2 * M_PI);
	double lamp_x = recipe_between(&rng, 0.1, 0.9), lamp_y = recipe_between(&rng, 0.1, 0.9);
	struct vec d = vec(cos(angle), sin(angle));

	FIELD_EACH(&f, i, x, y)
	{
		double u = x / c->width, v = y / c->height;
		double slope = 0.5 + ((u - 0.5) * d.x + (v - 0.5) * d.y) / (fabs(d.x) + fabs(d.y));
		double far2 = (u - lamp_x) * (u - lamp_x) + (v - lamp_y) * (v - lamp_y);
		double spot = 1 - exp(-far2 * 2.2);

		f.value[i] = (float)(1 - amount * (slope + (spot - slope) * bulge));
	}
	field_multiply_all(&f, c);
}

#define SHADOW_SIDES 4

/* What is behind all of a few soft edges: a hand's or a phone's, reaching in from outside. */
void degrade_shadow(struct canvas *c, const struct recipe *r)
{
	struct field f = field_new(c->width, c->height, c->arena);
	struct rng rng = recipe_rng(r, DEGRADATION_shadow);
	double opacity = RECIPE(r, shadow, opacity), side = canvas_side(c);
	double blur = RECIPE(r, shadow, blur) * side;
	double from = recipe_between(&rng, 0, 2 * M_PI), reach = recipe_between(&rng, -0.1, 0.35);
	double offset[SHADOW_SIDES];
	struct vec normal[SHADOW_SIDES], middle = vec(c->width / 2.0, c->height / 2.0);

	for (int i = 0; i < SHADOW_SIDES; i++) {
		double turn = i == 0 ? 0 : (i - 2) * 1.35 + (i > 1 ? 1.35 : 0);

		turn += recipe_between(&rng, -0.3, 0.3);
		normal[i] = vec(cos(from + turn), sin(from + turn));
		offset[i] = i == 0 ? -reach * side : recipe_between(&rng, -0.45, -0.2) * side;
		if (i == 0)
			offset[i] = reach * side;
	}
	FIELD_EACH(&f, i, x, y)
	{
		double all = 1;

		for (int k = 0; k < SHADOW_SIDES; k++) {
			double d = vec_dot(vec_sub(vec(x, y), middle), normal[k]) - offset[k];
			double t = min2(max2(d / blur + 0.5, 0), 1);

			all *= t * t * (3 - 2 * t);
		}
		f.value[i] = (float)(1 - opacity * all);
	}
	field_multiply_all(&f, c);
}

static FAST void saturate_row(float *row, int n)
{
	for (int x = 0; x < n; x++)
		row[x] = row[x] < 1 ? row[x] : 1;
}

void degrade_glare(struct canvas *c, const struct recipe *r)
{
	struct field f = field_new(c->width, c->height, c->arena);
	struct rng rng = recipe_rng(r, DEGRADATION_glare);
	int count = (int)floor(RECIPE(r, glare, count) + 0.5);

	for (int g = 0; g < count; g++) {
		double px = recipe_between(&rng, 0, c->width);
		double py = recipe_between(&rng, 0, c->height);
		double radius = RECIPE(r, glare, radius) * canvas_side(c);
		double a = recipe_between(&rng, 0, M_PI), flat = recipe_between(&rng, 0.4, 1);
		double peak = RECIPE(r, glare, peak) * recipe_between(&rng, 0.5, 1);

		FIELD_EACH(&f, i, x, y)
		{
			double u = ((x - px) * cos(a) + (y - py) * sin(a)) / radius;
			double v = ((y - py) * cos(a) - (x - px) * sin(a)) / (radius * flat);

			f.value[i] += (float)(peak * exp(-2 * (u * u + v * v)));
		}
	}
	for (int k = 0; k < c->channels; k++) {
		field_add(&f, c, k);
		for (int y = 0; y < c->height; y++)
			saturate_row(canvas_row(c, k, y), c->width);
	}
}

/* --- the lens --- */

/* How much of each pixel the disc covers, by points. */
void degrade_defocus(struct canvas *c, const struct recipe *r)
{
	double radius = RECIPE(r, defocus, radius_px), sum = 0;
	int reach = (int)ceil(radius + 0.5), count = 0;
	struct tap taps[19 * 19];

	for (int y = -reach; y <= reach; y++)
		for (int x = -reach; x <= reach; x++) {
			int inside = 0;

			for (int i = 0; i < DISC_FINE * DISC_FINE; i++) {
				double u = x + (i % DISC_FINE + 0.5) / DISC_FINE - 0.5;
				double v = y + (i / DISC_FINE + 0.5) / DISC_FINE - 0.5;

				inside += u * u + v * v <= radius * radius;
			}
			if (inside == 0)
				continue;
			taps[count++] = (struct tap){x, y, (float)inside};
			sum += inside;
		}
	for (int i = 0; i < count; i++)
		taps[i].weight /= (float)sum;
	for (int k = 0; k < c->channels; k++)
		canvas_convolve(c, k, taps, count);
}

#define TRACE_REACH 16
#define TRACE_SIDE (2 * TRACE_REACH + 2)
#define TRACE_POINTS 64

/* A line of points, each shared by the four pixels round it. */
void degrade_motion_blur(struct canvas *c, const struct recipe *r)
{
	double length = min2(RECIPE(r, motion_blur, length_px), 2 * TRACE_REACH - 2);
	double angle = RECIPE(r, motion_blur, angle_deg) * M_PI / 180;
	double grid[TRACE_SIDE][TRACE_SIDE] = {{0}};
	struct tap taps[TRACE_SIDE * TRACE_SIDE];
	int count = 0;

	for (int i = 0; i < TRACE_POINTS; i++) {
		double t = length * ((i + 0.5) / TRACE_POINTS - 0.5);
		double x = TRACE_REACH + t * cos(angle), y = TRACE_REACH - t * sin(angle);
		int ix = (int)x, iy = (int)y;
		double u = x - ix, v = y - iy;

		grid[iy][ix] += (1 - u) * (1 - v);
		grid[iy][ix + 1] += u * (1 - v);
		grid[iy + 1][ix] += (1 - u) * v;
		grid[iy + 1][ix + 1] += u * v;
	}
	for (int y = 0; y < TRACE_SIDE; y++)
		for (int x = 0; x < TRACE_SIDE; x++)
			if (grid[y][x] > 0)
				taps[count++] = (struct tap){x - TRACE_REACH, y - TRACE_REACH,
							     (float)(grid[y][x] / TRACE_POINTS)};
	for (int k = 0; k < c->channels; k++)
		canvas_convolve(c, k, taps, count);
}

/* --- the sensor --- */

static FAST void noise_row(float *row, uint32_t shared_key, uint32_t own_key, float shared,
			   float own, float read2, float shot, int n)
{
	for (int x = 0; x < n; x++) {
		float light = row[x] > 0 ? row[x] : 0;
		float deviation = __builtin_sqrtf(read2 + light * shot);
		float noise = shared * noise_normal(hash32(shared_key + (uint32_t)x)) +
			      own * noise_normal(hash32(own_key + (uint32_t)x));

		row[x] += deviation * noise;
	}
}

static FAST void noise_row_shared(float *row, uint32_t key, float read2, float shot, int n)
{
	for (int x = 0; x < n; x++) {
		float light = row[x] > 0 ? row[x] : 0;
		float deviation = __builtin_sqrtf(read2 + light * shot);

		row[x] += deviation * noise_normal(hash32(key + (uint32_t)x));
	}
}

void degrade_sensor_noise(struct canvas *c, const struct recipe *r)
{
	uint64_t seed = r->seed[DEGRADATION_sensor_noise];
	double read = RECIPE(r, sensor_noise, levels) / 255;
	double own = RECIPE(r, sensor_noise, colour);
	float read2 = (float)(read * read), shot = (float)(1 / RECIPE(r, sensor_noise, electrons));

	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++) {
			uint32_t key = noise_row_key(seed, y);

			if (own > 0 && c->channels > 1)
				noise_row(canvas_row(c, k, y), key,
					  noise_row_key(seed + 1 + (uint64_t)k, y),
					  (float)sqrt(1 - own * own), (float)own, read2, shot,
					  c->width);
			else
				noise_row_shared(canvas_row(c, k, y), key, read2, shot, c->width);
		}
}

FAST_INLINE float float_of_bits(uint32_t bits)
{
	float v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* gain v^gamma by way of base-2 logarithms, both ways polynomials on [0, 1] that are off by less than
 * 2e-5: a hundredth of a level. */
static FAST void curve_row(float *row, float gain, float gamma, int n)
{
	for (int x = 0; x < n; x++) {
		float v = clamp01(row[x]), m, log, f;
		uint32_t bits;
		int32_t i;

		v = v > DARKEST ? v : DARKEST;
		memcpy(&bits, &v, sizeof(bits));
		m = float_of_bits((bits & 0x7fffff) | 0x3f800000) - 1;
		log = m * (1.4426815f +
			   m * (-0.72035877f +
				m * (0.46865888f +
				     m * (-0.30163801f + m * (0.1444711f + m * -0.033822046f)))));
		log = gamma * (log + (float)((int32_t)(bits >> 23) - 127));
		i = (int32_t)log - 1;
		f = log - (float)i;
		v = 1 +
		    f * (0.69313399f + f * (0.24064705f + f * (0.053441029f + f * 0.012763114f)));
		v *= gain * float_of_bits((uint32_t)(i + 127) << 23);
		row[x] = v < 1 ? v : 1;
	}
}

void degrade_colour_cast(struct canvas *c, const struct recipe *r)
{
	double warmth = RECIPE(r, colour_cast, warmth), green = RECIPE(r, colour_cast, green);
	double gain[3] = {1 + warmth, 1 + green, 1 - warmth};

	if (warmth != 0 || green != 0)
		canvas_make_colour(c);
	for (int k = 0; k < c->channels; k++) {
		double times = RECIPE(r, colour_cast, exposure) * (c->channels > 1 ? gain[k] : 1);

		for (int y = 0; y < c->height; y++)
			curve_row(canvas_row(c, k, y), (float)times,
				  (float)RECIPE(r, colour_cast, gamma), c->width);
	}
}

static void shift_plane(struct canvas *c, int channel, double x, double y)
{
	int ix = (int)floor(x), iy = (int)floor(y);
	float u = (float)(x - ix), v = (float)(y - iy);
	const struct tap taps[4] = {{ix, iy, (1 - u) * (1 - v)},
				    {ix + 1, iy, u * (1 - v)},
				    {ix, iy + 1, (1 - u) * v},
				    {ix + 1, iy + 1, u * v}};

	canvas_convolve(c, channel, taps, 4);
}

void degrade_misregistration(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_misregistration);
	double shift = RECIPE(r, misregistration, shift_px);
	double red = recipe_between(&rng, 0, 2 * M_PI);
	double blue = red + recipe_between(&rng, 0.6, 1.4) * M_PI;

	canvas_make_colour(c);
	shift_plane(c, 0, shift * cos(red), shift * sin(red));
	shift_plane(c, 2, shift * cos(blue), shift * sin(blue));
}

/* A plane wave over the picture: cos(a x + b y + p), as sums of products of tables. */
struct wave {
	double a, b, phase;
};

static FAST void wave_row(float *row, const float *c, const float *s, float cy, float sy,
			  float amplitude, int n)
{
	for (int x = 0; x < n; x++)
		row[x] *= 1 + amplitude * (c[x] * cy - s[x] * sy);
}

static void apply_wave(struct canvas *c, int channel, const struct wave *w, double amplitude)
{
	float *cosine = ARENA_NEW(c->arena, float, c->width);
	float *sine = ARENA_NEW(c->arena, float, c->width);

	for (int x = 0; x < c->width; x++) {
		cosine[x] = (float)cos(w->a * x + w->phase);
		sine[x] = (float)sin(w->a * x + w->phase);
	}
	for (int y = 0; y < c->height; y++)
		wave_row(canvas_row(c, channel, y), cosine, sine, (float)cos(w->b * y),
			 (float)sin(w->b * y), (float)amplitude, c->width);
}

void degrade_moire(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_moire);
	double k = 2 * M_PI / RECIPE(r, moire, period_px), angle = recipe_between(&rng, 0, M_PI);
	double other = angle + recipe_between(&rng, 0.7, 1.6),
	       stretch = recipe_between(&rng, 0.7, 1.4);
	double apart = recipe_between(&rng, 0, 2); /* of the channels' phases */

	for (int channel = 0; channel < c->channels; channel++) {
		struct wave first = {k * cos(angle), k * sin(angle), apart * channel};
		struct wave second = {k * stretch * cos(other), k * stretch * sin(other),
				      apart * channel};

		apply_wave(c, channel, &first, RECIPE(r, moire, amplitude) * 0.6);
		apply_wave(c, channel, &second, RECIPE(r, moire, amplitude) * 0.4);
	}
}
