/* SPDX-License-Identifier: MIT */
/*
 * Octaves of value noise whose lattices wrap round (grain of 1, 2, 8 and 32 px), and some hundred
 * fibres: curved hairlines, light and dark, at any angle.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "augment/noise.h"
#include "augment/paper_patch.h"
#include "base/mem.h"
#include "base/rng.h"

#define FIBRES 420
#define FIBRE_STEPS 36

/* Adds the octave of that cell and weight; `corners` has room for the lattice of the finest. */
static void add_octave(float *sum, float *corners, uint32_t seed, int side, int cell, float weight)
{
	int cells = side / cell;

	for (int i = 0; i < cells * cells; i++)
		corners[i] = noise_normal(hash32(hash32((uint32_t)i) + seed));
	for (int y = 0; y < side; y++) {
		const float *upper = corners + y / cell * cells;
		const float *lower = corners + (y / cell + 1) % cells * cells;
		float v = smooth01((float)(y % cell) / (float)cell);

		for (int x = 0; x < side; x++) {
			int i = x / cell, j = (i + 1) % cells;
			float u = smooth01((float)(x % cell) / (float)cell);
			float a = upper[i] + (upper[j] - upper[i]) * u;
			float b = lower[i] + (lower[j] - lower[i]) * u;

			sum[y * side + x] += weight * (a + (b - a) * v);
		}
	}
}

static void add_fibre(float *sum, int side, struct rng *rng)
{
	float shade = rng_unit(rng) < 0.5 ? -0.9f : 0.8f;
	double x = rng_unit(rng) * side, y = rng_unit(rng) * side;
	double angle = rng_unit(rng) * 2 * M_PI, bend = rng_unit(rng) - 0.5;

	for (int i = 0; i < FIBRE_STEPS; i++) {
		sum[((int)y & (side - 1)) * side + ((int)x & (side - 1))] += shade;
		angle += bend * 0.12;
		x += 0.8 * cos(angle) + side;
		y += 0.8 * sin(angle) + side;
		x -= floor(x / side) * side;
		y -= floor(y / side) * side;
	}
}

void paper_patch_fill(int8_t *patch, int side)
{
	float *sum = mem_alloc((size_t)side * (size_t)side, sizeof(float));
	float *corners = mem_alloc((size_t)side * (size_t)side, sizeof(float));
	struct rng rng = rng_seed(9, 9);

	add_octave(sum, corners, 1, side, 1, 0.55f);
	add_octave(sum, corners, 2, side, 2, 0.6f);
	add_octave(sum, corners, 3, side, 8, 0.5f);
	add_octave(sum, corners, 4, side, 32, 0.55f);
	for (int i = 0; i < FIBRES; i++)
		add_fibre(sum, side, &rng);
	for (int i = 0; i < side * side; i++) {
		float v = sum[i] * 32;

		v = v < -127 ? -127 : v > 127 ? 127 : v;
		patch[i] = (int8_t)lrintf(v);
	}
	free(sum);
	free(corners);
}
