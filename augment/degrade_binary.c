/* SPDX-License-Identifier: MIT */
/*
 * Two levels out of many: screens, scattered points, thresholds. What is left is grey only where it is
 * moved or blurred later.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "base/fast.h"

#define BAYER 8
#define LEVELS 256

/* --- screens --- */

/* By how much the level differs at each place: a row of it, again and again. */
static FAST void screen_row(float *row, const float *levels, int n, float strength)
{
	for (int x = 0; x < n; x++) {
		float two = row[x] > levels[x] ? 1.0f : 0.0f;

		row[x] += (two - row[x]) * strength;
	}
}

/* Bit-reversed interleaving of x ^ y and y gives Bayer's matrix. */
static float bayer_level(int x, int y)
{
	int v = 0;

	for (int bit = 0; bit < 3; bit++) {
		int a = x >> bit & 1, b = y >> bit & 1;

		v |= (a ^ b) << (5 - 2 * bit) | b << (4 - 2 * bit);
	}
	return ((float)v + 0.5f) / (BAYER * BAYER);
}

void degrade_ordered_dither(struct canvas *c, const struct recipe *r)
{
	float *levels = ARENA_NEW(c->arena, float, c->width);

	canvas_make_grey(c);
	for (int y = 0; y < c->height; y++) {
		for (int x = 0; x < c->width; x++)
			levels[x] = bayer_level(x % BAYER, y % BAYER);
		screen_row(canvas_row(c, 0, y), levels, c->width,
			   (float)RECIPE(r, ordered_dither, strength));
	}
}

/* At 45 degrees, cos(u + v) + cos(u - v) is 2 cos u cos v: a table for each direction. */
void degrade_halftone(struct canvas *c, const struct recipe *r)
{
	double k = 2 * M_PI / (RECIPE(r, halftone, cell_px) * sqrt(2));
	float *columns = ARENA_NEW(c->arena, float, c->width);
	float *levels = ARENA_NEW(c->arena, float, c->width);

	canvas_make_grey(c);
	for (int x = 0; x < c->width; x++)
		columns[x] = (float)cos(k * x);
	for (int y = 0; y < c->height; y++) {
		float row = (float)cos(k * y);

		for (int x = 0; x < c->width; x++)
			levels[x] = 0.5f + 0.48f * columns[x] * row;
		screen_row(canvas_row(c, 0, y), levels, c->width,
			   (float)RECIPE(r, halftone, strength));
	}
}

/* From left to right: what a pixel is too dark or too light is spread over those to come. */
void degrade_floyd_steinberg(struct canvas *c, const struct recipe *r)
{
	float strength = (float)RECIPE(r, floyd_steinberg, strength);
	float *here = ARENA_NEW(c->arena, float, c->width + 2);
	float *below = ARENA_NEW(c->arena, float, c->width + 2), *swap;

	canvas_make_grey(c);
	for (int y = 0; y < c->height; y++) {
		float *row = canvas_row(c, 0, y);

		memset(below, 0, ((size_t)c->width + 2) * sizeof(*below));
		for (int x = 0; x < c->width; x++) {
			float wanted = row[x] + here[x + 1];
			float two = wanted > 0.5f ? 1.0f : 0.0f, left = wanted - two;

			here[x + 2] += left * (7 / 16.0f);
			below[x] += left * (3 / 16.0f);
			below[x + 1] += left * (5 / 16.0f);
			below[x + 2] += left * (1 / 16.0f);
			row[x] += (two - row[x]) * strength;
		}
		swap = here;
		here = below;
		below = swap;
	}
}

/* --- thresholds --- */

static FAST void level_row(float *row, int n, float level)
{
	for (int x = 0; x < n; x++)
		row[x] = row[x] < level ? 0.0f : 1.0f;
}

static void level_all(struct canvas *c, double level)
{
	canvas_make_grey(c);
	for (int y = 0; y < c->height; y++)
		level_row(canvas_row(c, 0, y), c->width, (float)level);
}

void degrade_threshold(struct canvas *c, const struct recipe *r)
{
	level_all(c, RECIPE(r, threshold, level));
}

void degrade_one_bit(struct canvas *c, const struct recipe *r)
{
	level_all(c, RECIPE(r, one_bit, level));
}

static int level_of(float v)
{
	return (int)(clamp01(v) * (LEVELS - 1) + 0.5f);
}

/* The level that parts the histogram into the two classes farthest from each other. */
static int otsu_level(const int64_t histogram[LEVELS])
{
	int64_t count = 0, sum = 0, below = 0, sum_below = 0;
	double most = -1;
	int best = LEVELS / 2;

	for (int i = 0; i < LEVELS; i++) {
		count += histogram[i];
		sum += i * histogram[i];
	}
	for (int i = 0; i < LEVELS - 1; i++) {
		double apart, between;

		below += histogram[i];
		sum_below += i * histogram[i];
		if (below == 0 || below == count)
			continue;
		apart = (double)sum_below / (double)below -
			(double)(sum - sum_below) / (double)(count - below);
		between = (double)below * (double)(count - below) * apart * apart;
		if (between > most) {
			most = between;
			best = i;
		}
	}
	return best;
}

void degrade_otsu(struct canvas *c, const struct recipe *r)
{
	int64_t histogram[LEVELS] = {0};

	canvas_make_grey(c);
	for (int y = 0; y < c->height; y++) {
		const float *row = canvas_row(c, 0, y);

		for (int x = 0; x < c->width; x++)
			histogram[level_of(row[x])]++;
	}
	level_all(c, (otsu_level(histogram) + 0.5) / (LEVELS - 1) + RECIPE(r, otsu, bias));
}

/* Sums of a column's pixels and of their squares, over the rows of the window: whole numbers, so that
 * adding and taking away leaves nothing. */
struct column_sums {
	int32_t *sum, *square;
};

static void add_levels(struct column_sums *s, const float *row, int n, int sign)
{
	for (int x = 0; x < n; x++) {
		int v = level_of(row[x]);

		s->sum[x] += sign * v;
		s->square[x] += sign * v * v;
	}
}

/* The threshold m (1 + k (s / 128 - 1)) of the window round each pixel of a row, of `rows` rows. */
static void sauvola_row(float *to, const float *row, const struct column_sums *s, int n, int half,
			int rows, double k)
{
	int64_t sum = 0, square = 0;

	for (int x = 0; x < half && x < n; x++) {
		sum += s->sum[x];
		square += s->square[x];
	}
	for (int x = 0; x < n; x++) {
		int first = x - half > 0 ? x - half : 0, last = x + half < n ? x + half : n - 1;
		double count = (double)rows * (last - first + 1), mean, deviation, level;

		if (x + half < n) {
			sum += s->sum[x + half];
			square += s->square[x + half];
		}
		if (x - half > 0) {
			sum -= s->sum[x - half - 1];
			square -= s->square[x - half - 1];
		}
		mean = (double)sum / count;
		deviation = sqrt(fmax((double)square / count - mean * mean, 0));
		level = mean * (1 + k * (deviation / 128 - 1));
		to[x] = row[x] * (LEVELS - 1) < (float)level ? 0.0f : 1.0f;
	}
}

void degrade_sauvola(struct canvas *c, const struct recipe *r)
{
	int half = (int)(RECIPE(r, sauvola, window_mm) * c->px_per_mm / 2);
	struct column_sums s = {ARENA_NEW(c->arena, int32_t, c->width),
				ARENA_NEW(c->arena, int32_t, c->width)};
	int rows = 0;

	half = half < 3 ? 3 : half < 90 ? half : 90;
	canvas_make_grey(c);
	for (int y = 0; y < half && y < c->height; y++, rows++)
		add_levels(&s, canvas_row(c, 0, y), c->width, 1);
	for (int y = 0; y < c->height; y++) {
		if (y + half < c->height) {
			add_levels(&s, canvas_row(c, 0, y + half), c->width, 1);
			rows++;
		}
		if (y - half > 0) {
			add_levels(&s, canvas_row(c, 0, y - half - 1), c->width, -1);
			rows--;
		}
		sauvola_row(canvas_row(c, 1, y), canvas_row(c, 0, y), &s, c->width, half, rows,
			    RECIPE(r, sauvola, k));
	}
	canvas_swap(c, 1);
}
