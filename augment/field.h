/* SPDX-License-Identifier: MIT */
/*
 * field: what varies slowly over a picture: light, stains, hills: a value every FIELD_STEP pixels,
 * straight between.
 *
 *	struct field f = field_new(canvas->width, canvas->height, canvas->arena);
 *	struct noise noise = noise_new(seed, 3);
 *	FIELD_EACH(&f, i, x, y)
 *		f.value[i] = (float)(1 - 0.3 * noise_at(&noise, x / 60, y / 60));
 *	field_multiply(&f, canvas, 0);
 */
#ifndef AUGMENT_FIELD_H
#define AUGMENT_FIELD_H

#include <stdint.h>

#include "augment/canvas.h"
#include "base/arena.h"

#define FIELD_STEP 8

struct field {
	int columns, rows;
	float *value; /* of the points (column * FIELD_STEP, row * FIELD_STEP) px, row by row */
};

/* Zero everywhere; in the arena. */
struct field field_new(int width, int height, struct arena *arena);

/* Walks all points: i their index, x and y their place in px. */
#define FIELD_EACH(f, i, x, y)                                                                     \
	for (int i = 0, field_row_ = 0; field_row_ < (f)->rows; field_row_++)                      \
		for (double x = 0, y = (double)field_row_ * FIELD_STEP;                            \
		     x < (double)(f)->columns * FIELD_STEP; x += FIELD_STEP, i++)

/* Multiplies the plane or all planes by it, or adds it. */
void field_multiply(const struct field *field, struct canvas *canvas, int channel);
void field_multiply_all(const struct field *field, struct canvas *canvas);
void field_add(const struct field *field, struct canvas *canvas, int channel);

/* The values at the pixels 0..width-1 of row y. */
void field_row(const struct field *field, int y, int width, float *out);

#define NOISE_OCTAVES_MAX 5

/* Value noise: random at whole places, with smooth slopes between. It keeps the corners of the cell it
 * was asked about last, as the next place is mostly in the same one. */
struct noise {
	int octaves;
	struct noise_octave {
		uint64_t seed;
		int64_t i, j;
		double corner[4];
	} octave[NOISE_OCTAVES_MAX];
};

/* Octaves: 1, 1/2, 1/4 of the length, each half as high. */
struct noise noise_new(uint64_t seed, int octaves);

/* The first alone, from a seed of its own. */
struct noise noise_new_smooth(uint64_t seed);

/* Within -1 to 1, of mean 0; the same whatever was asked before. */
double noise_at(struct noise *noise, double x, double y);

#endif
