/* SPDX-License-Identifier: MIT */
/*
 * Ink: what happens to lines before they are dry.
 *
 * Spreading and thinning are one thing: ink is blurred, and of the blurred darkness g what is over a
 * threshold t turns black. Lines thinner than a pixel have no black to compare with, so the step is a
 * slope: g / 2t below one half, 1 - (1 - g) / 2(1 - t) above. At t = 1/2 nothing changes; black areas
 * grow or shrink by what the blur reaches.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/noise.h"
#include "augment/paint.h"

#define FEATHER_STEPS_MAX 12
#define GAP_TRIES 12
#define DM 100.0 /* mm */

static FAST void spread_row(float *row, int n, float gain, float lift, float noise, uint32_t key)
{
	for (int x = 0; x < n; x++) {
		float g = 1 - row[x];

		/* No ragged edges where there is no ink. */
		g += noise * noise_normal(hash32(key + (uint32_t)x)) * (4 * g * (1 - g));
		row[x] = 1 - clamp01(g * gain + lift);
	}
}

static void spread(struct canvas *c, double sigma_px, double threshold, double noise, uint64_t seed)
{
	float gain = (float)(threshold <= 0.5 ? 0.5 / threshold : 0.5 / (1 - threshold));
	float lift = threshold <= 0.5 ? 0 : 1 - gain;

	for (int k = 0; k < c->channels; k++) {
		canvas_blur(c, k, sigma_px);
		for (int y = 0; y < c->height; y++)
			spread_row(canvas_row(c, k, y), c->width, gain, lift, (float)noise,
				   noise_row_key(seed, y));
	}
}

void degrade_ink_bleed(struct canvas *c, const struct recipe *r)
{
	spread(c, RECIPE(r, ink_bleed, sigma_mm) * c->px_per_mm, RECIPE(r, ink_bleed, threshold),
	       RECIPE(r, ink_bleed, noise), r->seed[DEGRADATION_ink_bleed]);
}

void degrade_thin_print(struct canvas *c, const struct recipe *r)
{
	spread(c, RECIPE(r, thin_print, sigma_mm) * c->px_per_mm, RECIPE(r, thin_print, threshold),
	       0, 0);
}

/* Graphite stays on the hills: alpha = cover (1 + depth (height - 1/2)). */
static FAST void pencil_row(float *row, const int8_t *paper, int n, float cover, float depth,
			    float dark)
{
	for (int x = 0; x < n; x++) {
		float hill = (float)paper[x] * (1 / 128.0f);

		row[x] = 1 - (1 - row[x]) * clamp01(cover * (1 + depth * hill)) * dark;
	}
}

void degrade_pencil_grain(struct canvas *c, const struct recipe *r)
{
	uint32_t place = hash32((uint32_t)r->seed[DEGRADATION_pencil_grain]);
	int x0 = (int)(place % CANVAS_PAPER), y0 = (int)(place / CANVAS_PAPER % CANVAS_PAPER);
	float cover = (float)RECIPE(r, pencil_grain, cover);
	float depth = (float)RECIPE(r, pencil_grain, depth);
	float dark = (float)(1 - RECIPE(r, pencil_grain, grey));

	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++) {
			const int8_t *line =
				c->paper + (ptrdiff_t)((y + y0) % CANVAS_PAPER) * CANVAS_PAPER;
			float *row = canvas_row(c, k, y);

			for (int x = 0, from = x0; x < c->width; from = 0) {
				int n = CANVAS_PAPER - from;

				n = n < c->width - x ? n : c->width - x;
				pencil_row(row + x, line + from, n, cover, depth, dark);
				x += n;
			}
		}
}

/* Darkness creeps from each pixel's darkest neighbour, where fibres lead. */
static FAST void feather_row(float *restrict to, const float *up, const float *row,
			     const float *down, const int8_t *paper, int n, float rate)
{
	for (int x = 0; x < n; x++) {
		float a = row[x - 1] < row[x + 1] ? row[x - 1] : row[x + 1];
		float b = up[x] < down[x] ? up[x] : down[x];
		float fibre = clamp01(0.35f + (float)paper[x] * (1 / 64.0f));
		float gain;

		a = a < b ? a : b;
		gain = (row[x] - a) * rate * fibre;
		to[x] = row[x] - (gain > 0 ? gain : 0);
	}
}

/* In place: the row above is kept as it was, and so is the row itself. */
static void feather_step(struct canvas *c, int channel, float rate, float *kept[2])
{
	size_t bytes = ((size_t)c->width + 2) * sizeof(float);

	canvas_extend(c, c->plane[channel]);
	memcpy(kept[1], canvas_row(c, channel, -1) - 1, bytes);
	for (int y = 0; y < c->height; y++) {
		const int8_t *paper = c->paper + (ptrdiff_t)(y % CANVAS_PAPER) * CANVAS_PAPER;
		float *row = kept[y % 2] + 1, *up = kept[(y + 1) % 2] + 1;

		memcpy(row - 1, canvas_row(c, channel, y) - 1, bytes);
		for (int x = 0; x < c->width; x += CANVAS_PAPER) {
			int n = c->width - x < CANVAS_PAPER ? c->width - x : CANVAS_PAPER;

			feather_row(canvas_row(c, channel, y) + x, up + x, row + x,
				    canvas_row(c, channel, y + 1) + x, paper, n, rate);
		}
	}
}

void degrade_feathering(struct canvas *c, const struct recipe *r)
{
	double reach = RECIPE(r, feathering, reach_mm) * c->px_per_mm;
	int steps = (int)ceil(reach);
	/* Where ink reaches less than a pixel, one step goes part of the way. */
	double rate = RECIPE(r, feathering, strength) * (steps <= 1 ? reach : 1);

	float *kept[2] = {ARENA_NEW(c->arena, float, c->width + 2),
			  ARENA_NEW(c->arena, float, c->width + 2)};

	steps = steps < FEATHER_STEPS_MAX ? steps : FEATHER_STEPS_MAX;
	for (int k = 0; k < c->channels; k++)
		for (int i = 0; i < steps; i++)
			feather_step(c, k, (float)rate, kept);
}

/* Tries some places round p for ink; false where there is none. */
static bool find_ink(const struct canvas *c, struct rng *rng, double reach, struct vec *p)
{
	struct vec around = *p;

	for (int i = 0; i < GAP_TRIES; i++) {
		double dx = recipe_between(rng, -reach, reach);
		double dy = recipe_between(rng, -reach, reach);
		int x = (int)(around.x + dx), y = (int)(around.y + dy);

		if (x < 0 || y < 0 || x >= c->width || y >= c->height)
			continue;
		*p = vec(x + 0.5, y + 0.5);
		if (canvas_row(c, 0, y)[x] < 0.6f)
			return true;
	}
	return false;
}

void degrade_broken_lines(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_broken_lines);
	double dm_px = DM * c->px_per_mm;
	double area = c->width * (double)c->height / (dm_px * dm_px);
	int gaps = (int)floor(RECIPE(r, broken_lines, per_dm2) * area + 0.5);

	for (int i = 0; i < gaps; i++) {
		double length = RECIPE(r, broken_lines, length_mm) * c->px_per_mm;
		double x = recipe_between(&rng, 0, c->width);
		double y = recipe_between(&rng, 0, c->height);
		struct vec p = vec(x, y);
		struct arena_mark mark = arena_mark(c->arena);
		struct mask m;

		length *= recipe_between(&rng, 0.5, 1.2);
		if (!find_ink(c, &rng, 8 + length, &p))
			continue;
		m = mask_new(c,
			     (struct box){p.x - length, p.y - length, p.x + length, p.y + length});
		mask_disc(&m, p, length / 2);
		paint_over(c, &m, colour_grey(1), 0.9);
		arena_release(c->arena, mark);
	}
}
