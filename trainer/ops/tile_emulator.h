/* SPDX-License-Identifier: MIT */
/*
 * tile_emulator: AMX's instructions in plain C, so that kernels_amx.c is tested on processors without
 * (tests/module.am, test_ops_tiles). Slow.
 *
 *	#include "trainer/ops/tile_emulator.h"
 *	_tile_zero(0);
 */
#ifndef TRAINER_TILE_EMULATOR_H
#define TRAINER_TILE_EMULATOR_H

#include <stdint.h>
#include <string.h>

#include "trainer/ops/tensor.h"

#define EMULATED_ROWS 16
#define EMULATED_BYTES 64

static _Thread_local uint8_t emulated_tiles[8][EMULATED_ROWS][EMULATED_BYTES];

static inline void use_tiles(void)
{
}

static inline void emulated_load(int tile, const void *at, size_t stride)
{
	for (size_t row = 0; row < EMULATED_ROWS; row++)
		memcpy(emulated_tiles[tile][row], (const char *)at + row * stride, EMULATED_BYTES);
}

static inline void emulated_store(int tile, void *at, size_t stride)
{
	for (size_t row = 0; row < EMULATED_ROWS; row++)
		memcpy((char *)at + row * stride, emulated_tiles[tile][row], EMULATED_BYTES);
}

/* c[i][j] += sum of pairs: a's row i holds 16 pairs, b's row p the p-th pair of 16 columns. */
static inline void emulated_multiply(int c, int a, int b)
{
	for (int i = 0; i < EMULATED_ROWS; i++) {
		uint16_t left[32], right[32];
		float sums[16];

		memcpy(left, emulated_tiles[a][i], sizeof(left));
		memcpy(sums, emulated_tiles[c][i], sizeof(sums));
		for (int p = 0; p < 16; p++) {
			memcpy(right, emulated_tiles[b][p], sizeof(right));
			for (int j = 0; j < 32; j++)
				sums[j / 2] += bf16_to_float(left[2 * p + j % 2]) *
					       bf16_to_float(right[j]);
		}
		memcpy(emulated_tiles[c][i], sums, sizeof(sums));
	}
}

#undef _tile_zero
#undef _tile_loadd
#undef _tile_stored
#undef _tile_dpbf16ps
#define _tile_zero(tile) memset(emulated_tiles[tile], 0, sizeof(emulated_tiles[tile]))
#define _tile_loadd(tile, at, stride) emulated_load(tile, at, stride)
#define _tile_stored(tile, at, stride) emulated_store(tile, at, stride)
#define _tile_dpbf16ps(c, a, b) emulated_multiply(c, a, b)

#endif
