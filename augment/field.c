/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>

#include "augment/field.h"
#include "augment/noise.h"
#include "base/rng.h"

#define ROW_MAX 16384

struct field field_new(int width, int height, struct arena *arena)
{
	struct field f = {width / FIELD_STEP + 2, height / FIELD_STEP + 2, NULL};

	f.value = ARENA_NEW(arena, float, f.columns *f.rows);
	return f;
}

/* The line of values across row y: `cells` of them and one more. */
static FAST void field_blend(float *line, const float *upper, const float *lower, float t, int n)
{
	for (int i = 0; i < n; i++)
		line[i] = upper[i] + (lower[i] - upper[i]) * t;
}

static FAST void field_spread(float *out, const float *line, int cells)
{
	for (int i = 0; i < cells; i++) {
		float a = line[i], d = line[i + 1] - line[i];

		for (int k = 0; k < FIELD_STEP; k++)
			out[i * FIELD_STEP + k] = a + d * (((float)k + 0.5f) * (1.0f / FIELD_STEP));
	}
}

static FAST void field_multiply_row(float *row, const float *by, int n)
{
	for (int x = 0; x < n; x++)
		row[x] *= by[x];
}

static FAST void field_add_row(float *row, const float *by, int n)
{
	for (int x = 0; x < n; x++)
		row[x] += by[x];
}

void field_row(const struct field *f, int y, int width, float *out)
{
	float line[ROW_MAX / FIELD_STEP + 2];
	int j = y / FIELD_STEP;
	float t = ((float)(y % FIELD_STEP) + 0.5f) / FIELD_STEP;
	const float *upper = f->value + (ptrdiff_t)j * f->columns;

	field_blend(line, upper, upper + f->columns, t, f->columns);
	field_spread(out, line, (width + FIELD_STEP - 1) / FIELD_STEP);
}

void field_multiply(const struct field *field, struct canvas *c, int channel)
{
	float by[ROW_MAX + FIELD_STEP];

	for (int y = 0; y < c->height; y++) {
		field_row(field, y, c->width, by);
		field_multiply_row(canvas_row(c, channel, y), by, c->width);
	}
}

void field_multiply_all(const struct field *field, struct canvas *c)
{
	float by[ROW_MAX + FIELD_STEP];

	for (int y = 0; y < c->height; y++) {
		field_row(field, y, c->width, by);
		for (int k = 0; k < c->channels; k++)
			field_multiply_row(canvas_row(c, k, y), by, c->width);
	}
}

void field_add(const struct field *field, struct canvas *c, int channel)
{
	float by[ROW_MAX + FIELD_STEP];

	for (int y = 0; y < c->height; y++) {
		field_row(field, y, c->width, by);
		field_add_row(canvas_row(c, channel, y), by, c->width);
	}
}

static double lattice(uint64_t seed, int64_t i, int64_t j)
{
	uint32_t h = hash32((uint32_t)seed + hash32((uint32_t)i * 0x9e3779b1u) + (uint32_t)j);

	h = hash32(h ^ (uint32_t)(seed >> 32));
	return (double)h * 0x1p-31 - 1;
}

static double ease(double t)
{
	return t * t * (3 - 2 * t);
}

static struct noise_octave octave_of(uint64_t seed)
{
	return (struct noise_octave){.seed = seed, .i = INT64_MIN};
}

struct noise noise_new(uint64_t seed, int octaves)
{
	struct noise n = {.octaves = octaves};

	assert(octaves > 0 && octaves <= NOISE_OCTAVES_MAX);
	for (int i = 0; i < octaves; i++)
		n.octave[i] = octave_of(rng_mix64(seed + (uint64_t)i));
	return n;
}

struct noise noise_new_smooth(uint64_t seed)
{
	return (struct noise){.octaves = 1, .octave = {octave_of(seed)}};
}

static int64_t floor_of(double v)
{
	int64_t i = (int64_t)v;

	return i - (v < (double)i);
}

static double octave_at(struct noise_octave *o, double x, double y)
{
	int64_t i = floor_of(x), j = floor_of(y);
	double u = ease(x - (double)i), v = ease(y - (double)j), a, b;

	if (i != o->i || j != o->j) {
		for (int k = 0; k < 4; k++)
			o->corner[k] = lattice(o->seed, i + k % 2, j + k / 2);
		o->i = i;
		o->j = j;
	}
	a = o->corner[0] + (o->corner[1] - o->corner[0]) * u;
	b = o->corner[2] + (o->corner[3] - o->corner[2]) * u;
	return a + (b - a) * v;
}

double noise_at(struct noise *n, double x, double y)
{
	double sum = 0, weight = 1, total = 0;

	for (int i = 0; i < n->octaves; i++) {
		sum += weight * octave_at(&n->octave[i], x, y);
		total += weight;
		weight /= 2;
		x *= 2;
		y *= 2;
	}
	return sum / total;
}
