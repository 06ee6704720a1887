/* SPDX-License-Identifier: MIT */
/*
 * Copiers: drums, rollers, toner. All of them copy in grey.
 *
 * Kanungo's model flips a pixel at the distance d from the nearest one of the other colour with the
 * probability a0 exp(-a d^2) + eta (ink) or b0 exp(-b d^2) + eta (paper). Beyond CHANCE_REACH px what
 * is left of it is eta, so distances are looked for within that: along rows, then the least of the
 * sums of squares down columns.
 *
 * Its parameters are those of pages at 150 dpi. A pixel of a coarser picture is the mean of n x n such
 * ones: the share p of them that flips is that of their distances, and it varies by 1/n of what one
 * pixel does. One draw B of 0 or 1 gives both moments: p + (B - p) / n.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/field.h"
#include "augment/noise.h"
#include "augment/paint.h"

#define CHANCE_REACH 3
#define FAR2 ((CHANCE_REACH + 1) * (CHANCE_REACH + 1))
#define PAGE_PX_PER_MM (150 / 25.4)
#define PAGE_STEPS 8   /* over the pixels of a page in one of the picture */
#define INK_BELOW 0.6f /* thin lines are grey */

/* Squares of the distances along the row to the nearest ink (+) and to the nearest paper (-): every
 * pixel is one of them, at no distance, so one number says both. */
static FAST void row_distances(float *to, const float *row, int n)
{
	for (int x = 0; x < n; x++) {
		float self = row[x] < INK_BELOW ? 1.0f : 0.0f, least = FAR2;

		for (int d = CHANCE_REACH; d >= 1; d--) {
			float left = row[x - d] < INK_BELOW ? 1.0f : 0.0f;
			float right = row[x + d] < INK_BELOW ? 1.0f : 0.0f;
			/* 0 where both are as the pixel, else 1 or 2 */
			float other =
				(left - self) * (left - self) + (right - self) * (right - self);

			least = other > 0 ? (float)(d * d) : least;
		}
		to[x] = self > 0 ? least : -least;
	}
}

/* The least of the sums of squares over the rows above and below. If the pixel there is of the other
 * colour it is itself the nearest. */
static FAST void column_distances(float *to, const float *near, int stride, int n)
{
	for (int x = 0; x < n; x++) {
		float own = near[x], sign = own > 0 ? 1.0f : -1.0f, least = own * sign;

		for (int d = 1; d <= CHANCE_REACH; d++) {
			float up = near[x - d * stride] * sign, down = near[x + d * stride] * sign;

			up = up > 0 ? up : 0;
			down = down > 0 ? down : 0;
			up = (up < down ? up : down) + (float)(d * d);
			least = up < least ? up : least;
		}
		to[x] = least * sign;
	}
}

/* chance[FAR2 + d], d the signed square of a distance. */
static FAST void flip_row(float *restrict to, const float *row, const float *distance, int n,
			  const float *restrict chance, float share, uint32_t key)
{
	for (int x = 0; x < n; x++) {
		float unit = noise_unit(hash32(key + (uint32_t)x));
		float p = chance[(int)distance[x] + FAR2];
		float flip = unit < p ? 1.0f : 0.0f;

		to[x] = row[x] + (p + (flip - p) * share) * (1 - 2 * row[x]);
	}
}

/* Of a pixel at the distance d that is n pixels of a page wide. The neighbour's edge is half a pixel off,
 * not a whole one. */
static double chance_at(double d2, double n, double chance, double fall, double eta)
{
	double near = 1 + (sqrt(max2(d2, 1)) - 1) * n, sum = 0;

	if (d2 >= FAR2)
		return eta;
	for (int i = 0; i < PAGE_STEPS; i++) {
		double d = near + (n - 1) * i / (PAGE_STEPS - 1);

		sum += exp(-fall * (d * d - 1));
	}
	return eta + chance * sum / PAGE_STEPS;
}

/* The picture is grey: the planes of colours are free. */
static void flip_pixels(struct canvas *c, const struct recipe *r, uint64_t seed)
{
	float chance[2 * FAR2 + 1], *line = ARENA_NEW(c->arena, float, c->width);
	double eta = RECIPE(r, photocopy, eta), n = max2(PAGE_PX_PER_MM / c->px_per_mm, 1);

	for (int i = 0; i <= FAR2; i++) {
		chance[FAR2 + i] = (float)chance_at(i, n, RECIPE(r, photocopy, alpha0),
						    RECIPE(r, photocopy, alpha), eta);
		chance[FAR2 - i] = (float)chance_at(i, n, RECIPE(r, photocopy, beta0),
						    RECIPE(r, photocopy, beta), eta);
	}
	canvas_extend(c, c->plane[0]);
	for (int y = -CHANCE_REACH; y < c->height + CHANCE_REACH; y++)
		row_distances(canvas_row(c, 2, y), canvas_row(c, 0, y), c->width);
	for (int y = 0; y < c->height; y++) {
		column_distances(line, canvas_row(c, 2, y), c->stride, c->width);
		flip_row(canvas_row(c, 1, y), canvas_row(c, 0, y), line, c->width, chance,
			 (float)(1 / n), noise_row_key(seed, y));
	}
	canvas_swap(c, 1);
}

static FAST void contrast_row(float *row, int n, float k)
{
	for (int x = 0; x < n; x++)
		row[x] = clamp01(0.62f + (row[x] - 0.62f) * k);
}

void degrade_photocopy(struct canvas *c, const struct recipe *r)
{
	int generations = (int)floor(RECIPE(r, photocopy, generations) + 0.5);
	uint64_t seed = r->seed[DEGRADATION_photocopy];

	canvas_make_grey(c);
	for (int g = 0; g < generations; g++) {
		flip_pixels(c, r, seed + (uint64_t)g);
		canvas_blur(c, 0, 0.5);
		for (int y = 0; y < c->height; y++)
			contrast_row(canvas_row(c, 0, y), c->width,
				     (float)RECIPE(r, photocopy, contrast));
	}
}

static FAST void gain_row(float *row, const float *gain, int n)
{
	for (int x = 0; x < n; x++)
		row[x] *= gain[x];
}

/* Thin lines down the feed, and a mark that comes again with every turn of the drum. */
void degrade_streaks(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_streaks);
	double amplitude = RECIPE(r, streaks, amplitude);
	double period = RECIPE(r, streaks, period_mm) * c->px_per_mm;
	int lines = (int)floor(RECIPE(r, streaks, lines) + 0.5);
	float *gain = ARENA_NEW(c->arena, float, c->width);
	double mark_x = recipe_between(&rng, 0, c->width);
	struct noise noise = noise_new(r->seed[DEGRADATION_streaks], 4);

	for (int x = 0; x < c->width; x++)
		gain[x] = (float)(1 - 0.15 * amplitude * (1 + noise_at(&noise, x / 40.0, 0.5)));
	for (int i = 0; i < lines; i++) {
		int x = (int)recipe_between(&rng, 0, c->width);
		double dark = amplitude * recipe_between(&rng, -0.7, 1);

		gain[x] *= (float)(1 - dark);
		if (x + 1 < c->width)
			gain[x + 1] *= (float)(1 - dark * rng_unit(&rng));
	}
	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++)
			gain_row(canvas_row(c, k, y), gain, c->width);
	for (double y = recipe_between(&rng, 0, period); y < c->height; y += period) {
		struct vec p = vec(mark_x, y), q = vec(mark_x + 2 * c->px_per_mm, y);
		struct arena_mark mark = arena_mark(c->arena);
		struct mask m = mask_new(c, (struct box){p.x - 3, p.y - 3, q.x + 3, q.y + 3});

		mask_line(&m, p, q, 1.2);
		paint_ink(c, &m, colour_grey(0), min2(3 * amplitude, 1));
		arena_release(c->arena, mark);
	}
}

void degrade_speckle(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_speckle);
	double pixels = c->width * (double)c->height;
	int count = (int)floor(RECIPE(r, speckle, per_mille) / 1000 * pixels + 0.5);
	double size = RECIPE(r, speckle, size_px);

	for (int i = 0; i < count; i++) {
		double x = recipe_between(&rng, 0, c->width),
		       y = recipe_between(&rng, 0, c->height);
		double radius = recipe_between(&rng, 0.4, size / 2 + 0.05);
		struct vec p = vec(floor(x) + 0.5, floor(y) + 0.5);
		struct arena_mark mark = arena_mark(c->arena);
		struct mask m = mask_new(
			c, (struct box){p.x - radius, p.y - radius, p.x + radius, p.y + radius});

		mask_disc(&m, p, radius);
		paint_over(c, &m, colour_grey(rng_chance(&rng, 0.6) ? 0.05 : 1), 0.9);
		arena_release(c->arena, mark);
	}
}

static FAST void lose_row(float *row, const float *noise, float level, uint32_t key, int n)
{
	for (int x = 0; x < n; x++) {
		float grain = noise_unit(hash32(key + (uint32_t)x)) - 0.5f;
		float lost = smooth01((level - noise[x]) * 3 + grain * 0.9f);

		row[x] += (1 - row[x]) * lost * 0.92f;
	}
}

void degrade_toner_loss(struct canvas *c, const struct recipe *r)
{
	uint64_t seed = r->seed[DEGRADATION_toner_loss];
	double patch = max2(RECIPE(r, toner_loss, patch_mm) * c->px_per_mm, 2);
	/* The noise is below this in about that share of places. */
	double level = -0.95 + 1.55 * pow(RECIPE(r, toner_loss, loss), 0.45);
	struct field f = field_new(c->width, c->height, c->arena);
	float *noise = ARENA_NEW(c->arena, float, c->width + FIELD_STEP);
	struct noise patches = noise_new(seed, 2);

	FIELD_EACH(&f, i, x, y)
	f.value[i] = (float)noise_at(&patches, x / patch, y / patch);
	for (int y = 0; y < c->height; y++) {
		field_row(&f, y, c->width, noise);
		for (int k = 0; k < c->channels; k++)
			lose_row(canvas_row(c, k, y), noise, (float)level, noise_row_key(seed, y),
				 c->width);
	}
}
