/* SPDX-License-Identifier: MIT */
/*
 * Octaves of value noise whose lattices wrap round (grain of 1, 2, 8 and 32 px), and some hundred
 * fibres: curved hairlines, light and dark, at any angle.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "augment/fast.h"
#include "augment/paper_patch.h"
#include "base/mem.h"
#include "base/rng.h"

#define FIBRES 420
#define FIBRE_STEPS 36

static float lattice(uint32_t seed, int x, int y, int cells)
{
	uint32_t i = (uint32_t)(y % cells * cells + x % cells);

	return noise_normal(hash32(hash32(i) + seed));
}

static float octave(uint32_t seed, int x, int y, int side, int cell)
{
	int cells = side / cell, i = x / cell, j = y / cell;
	float u = smooth01((float)(x % cell) / (float)cell);
	float v = smooth01((float)(y % cell) / (float)cell);
	float a = lattice(seed, i, j, cells), b = lattice(seed, i + 1, j, cells);
	float c = lattice(seed, i, j + 1, cells), d = lattice(seed, i + 1, j + 1, cells);

	a += (b - a) * u;
	c += (d - c) * u;
	return a + (c - a) * v;
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
	struct rng rng = rng_seed(9, 9);

	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++)
			sum[y * side + x] =
				0.55f * octave(1, x, y, side, 1) + 0.6f * octave(2, x, y, side, 2) +
				0.5f * octave(3, x, y, side, 8) + 0.55f * octave(4, x, y, side, 32);
	for (int i = 0; i < FIBRES; i++)
		add_fibre(sum, side, &rng);
	for (int i = 0; i < side * side; i++) {
		float v = sum[i] * 32;

		v = v < -127 ? -127 : v > 127 ? 127 : v;
		patch[i] = (int8_t)lrintf(v);
	}
	free(sum);
}
