/* SPDX-License-Identifier: MIT */
/*
 * Scanners and files: fewer pixels, sharper edges, compression.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/jpeg_loss.h"
#include "base/fast.h"
#include "formats/scene/path.h"

/* --- fewer pixels --- */

static FAST void accumulate_row(float *to, const float *from, float weight, int n)
{
	for (int x = 0; x < n; x++)
		to[x] += from[x] * weight;
}

static FAST void blend_rows(float *to, const float *a, const float *b, float t, int n)
{
	for (int x = 0; x < n; x++)
		to[x] = a[x] + (b[x] - a[x]) * t;
}

/* What of n pixels goes into one of m <= n: a few from the first on, weighted, and the other way round
 * the two whose middles are on either side. */
struct smaller {
	int width, height; /* of the small picture */
	int taps, *first;  /* per small column */
	float *weight;     /* [tap][small column] */
	int *index;        /* per large column */
	float *part;       /* likewise: of the second */
};

static FAST void shrink_row(float *restrict to, const float *restrict from, const struct smaller *s)
{
	const int *first = s->first;

	for (int j = 0; j < s->width; j++)
		to[j] = 0;
	for (int t = 0; t < s->taps; t++) {
		const float *weight = s->weight + (ptrdiff_t)t * s->width;

		for (int j = 0; j < s->width; j++)
			to[j] += from[first[j] + t] * weight[j];
	}
}

/* Straight between the middles of m pixels, at those of n. */
static FAST void grow_row(float *restrict to, const float *restrict from, const int *index,
			  const float *part, int n)
{
	for (int x = 0; x < n; x++) {
		const float *p = from + index[x];

		to[x] = p[0] + (p[1] - p[0]) * part[x];
	}
}

static double place(int x, int n, int m)
{
	return min2(max2((x + 0.5) * m / n - 0.5, 0), m - 1);
}

static void weigh_columns(struct smaller *s, int n)
{
	double step = (double)n / s->width;

	for (int j = 0; j < s->width; j++) {
		double a = j * step, b = min2(a + step, n);

		s->first[j] = (int)a;
		for (int t = 0; t < s->taps; t++) {
			int i = (int)a + t;
			double part = min2(b, i + 1) - max2(a, i);

			s->weight[t * s->width + j] = (float)(max2(part, 0) / (b - a));
		}
	}
}

static struct smaller smaller_of(struct canvas *c, double scale)
{
	struct smaller s = {.width = (int)max2(c->width * scale, 2),
			    .height = (int)max2(c->height * scale, 2)};

	s.taps = (int)ceil((double)c->width / s.width) + 1;
	s.first = ARENA_NEW(c->arena, int, s.width);
	s.weight = ARENA_NEW(c->arena, float, s.width *s.taps);
	s.index = ARENA_NEW(c->arena, int, c->width);
	s.part = ARENA_NEW(c->arena, float, c->width);
	weigh_columns(&s, c->width);
	for (int x = 0; x < c->width; x++) {
		double at = place(x, c->width, s.width);

		s.index[x] = (int)min2(at, s.width - 2);
		s.part[x] = (float)(at - s.index[x]);
	}
	return s;
}

/* Row j of the small picture. */
static void small_row(struct canvas *c, int channel, const struct smaller *s, int j, float *line,
		      float *to)
{
	double step = (double)c->height / s->height;
	double a = j * step, b = min2(a + step, c->height);

	memset(line, 0, (size_t)c->width * sizeof(*line));
	for (int i = (int)a; i < b; i++)
		accumulate_row(line, canvas_row(c, channel, i),
			       (float)((min2(b, i + 1) - max2(a, i)) / (b - a)), c->width);
	shrink_row(to, line, s);
}

/* In place, with two rows of the small picture at a time: a row of it is first asked for half a step
 * before where it begins, so nothing of it has been written over. */
static void fewer_pixels(struct canvas *c, int channel, const struct smaller *s)
{
	float *line = ARENA_NEW(c->arena, float, c->width + s->taps);
	float *small[2] = {ARENA_NEW(c->arena, float, s->width),
			   ARENA_NEW(c->arena, float, s->width)};
	int made = 0;

	for (int y = 0; y < c->height; y++) {
		double at = place(y, c->height, s->height);
		int j = (int)min2(at, s->height - 2);

		for (; made <= j + 1; made++)
			small_row(c, channel, s, made, line, small[made % 2]);
		blend_rows(line, small[j % 2], small[(j + 1) % 2], (float)(at - j), s->width);
		grow_row(canvas_row(c, channel, y), line, s->index, s->part, c->width);
	}
}

void degrade_low_dpi(struct canvas *c, const struct recipe *r)
{
	struct smaller s = smaller_of(c, RECIPE(r, low_dpi, scale));

	for (int k = 0; k < c->channels; k++)
		fewer_pixels(c, k, &s);
}

void degrade_sharpening(struct canvas *c, const struct recipe *r)
{
	for (int k = 0; k < c->channels; k++)
		canvas_sharpen(c, k, RECIPE(r, sharpening, radius_px),
			       RECIPE(r, sharpening, amount));
}

/* --- files --- */

void degrade_jpeg(struct canvas *c, const struct recipe *r)
{
	jpeg_loss(c, RECIPE(r, jpeg, quality), 0, 0);
}

void degrade_jpeg_again(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_jpeg_again);
	int x = (int)rng_below(&rng, 8), y = (int)rng_below(&rng, 8);

	jpeg_loss(c, RECIPE(r, jpeg_again, quality), x, y);
}

static FAST void invert_row(float *row, int n)
{
	for (int x = 0; x < n; x++)
		row[x] = 1 - clamp01(row[x]);
}

void degrade_inversion(struct canvas *c, const struct recipe *r)
{
	(void)r;
	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++)
			invert_row(canvas_row(c, k, y), c->width);
}

void degrade_greyscale(struct canvas *c, const struct recipe *r)
{
	(void)r;
	canvas_make_grey(c);
}
