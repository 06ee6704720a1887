/* SPDX-License-Identifier: MIT */
/*
 * Matrix products by tiles (AMX): eight registers of 16 rows of 64 bytes; one instruction multiplies 16
 * rows of 16 pairs of bf16 with 16 pairs of 16 columns. Two by two sums (tiles 0-3) keep two of left
 * (4, 5) and two of right (6, 7) in use twice. Intel, Architecture Instruction Set Extensions
 * Programming Reference, chapter 3.
 * With KERNELS_TILES_EMULATED the registers are memory, for tests where there is no such processor.
 */
#include <config.h>

#include "trainer/kernels_inside.h"
#include "trainer/pack.h"

#if LANES == 16 && defined(__x86_64__)

#define TILE 16

#ifdef KERNELS_TILES_EMULATED
#define AMX_TARGET
#include "trainer/tile_emulator.h"
#else
#define AMX_TARGET __attribute__((target("amx-tile,amx-bf16")))

/* Each thread says once how large its tiles are. */
AMX_TARGET static void use_tiles(void)
{
	static _Thread_local bool used;
	struct {
		uint8_t palette, start_row, reserved[14];
		uint16_t row_bytes[16];
		uint8_t rows[16];
	} layout = {.palette = 1};

	if (used)
		return;
	for (int i = 0; i < 8; i++) {
		layout.row_bytes[i] = 64;
		layout.rows[i] = TILE;
	}
	_tile_loadconfig(&layout);
	used = true;
}
#endif

AMX_TARGET static void load_sums(const float *c, size_t ldc, bool two, bool add)
{
	if (!add) {
		_tile_zero(0);
		_tile_zero(1);
		_tile_zero(2);
		_tile_zero(3);
		return;
	}
	_tile_loadd(0, c, ldc * 4);
	_tile_loadd(1, c + TILE, ldc * 4);
	if (two) {
		_tile_loadd(2, c + TILE * ldc, ldc * 4);
		_tile_loadd(3, c + TILE * ldc + TILE, ldc * 4);
	}
}

AMX_TARGET static void store_sums(float *c, size_t ldc, bool two)
{
	_tile_stored(0, c, ldc * 4);
	_tile_stored(1, c + TILE, ldc * 4);
	if (two) {
		_tile_stored(2, c + TILE * ldc, ldc * 4);
		_tile_stored(3, c + TILE * ldc + TILE, ldc * 4);
	}
}

AMX_TARGET static void tile(float *c, size_t ldc, struct left a, const uint32_t *right,
			    size_t words, size_t rows, bool add)
{
	const char *a0 = a.at, *a1 = a0 + a.strip;
	const uint32_t *b0 = right, *b1 = right + words * TILE;
	bool two = rows > TILE;

	use_tiles();
	load_sums(c, ldc, two, add);
	for (size_t k = 0; k < words; k += TILE) {
		_tile_loadd(6, b0 + k * TILE, 64);
		_tile_loadd(7, b1 + k * TILE, 64);
		_tile_loadd(4, a0, a.row);
		_tile_dpbf16ps(0, 4, 6);
		_tile_dpbf16ps(1, 4, 7);
		a0 += a.step;
		if (two) {
			_tile_loadd(5, a1, a.row);
			_tile_dpbf16ps(2, 5, 6);
			_tile_dpbf16ps(3, 5, 7);
			a1 += a.step;
		}
	}
	store_sums(c, ldc, two);
}

/* One tile: 16 words of each of n <= 16 rows. */
static void pack_tile(uint32_t *to, const struct factor *f, size_t first, size_t n, size_t word)
{
	vu square[TILE];

	for (size_t i = 0; i < TILE; i++)
		if (f->along)
			square[i] = i < n ? words_along(f, 2, first + i, word * 2) : (vu){0};
		else
			square[i] = words_across(f, 2, (word + i) * 2, first, n, false);
	if (!f->along)
		vu_transpose(square);
	for (size_t i = 0; i < TILE; i++)
		vu_store(to + i * TILE, square[i]);
}

static void pack_left(uint32_t *to, const struct factor *f, size_t first, size_t n)
{
	size_t words = round_up((f->k + 1) / 2, PRODUCT_WORDS);

	for (size_t i = 0; i < round_up(n, 2 * TILE); i += TILE)
		for (size_t w = 0; w < words; w += TILE, to += TILE * TILE) {
			size_t there = i < n ? n - i : 0;

			pack_tile(to, f, first + i, there < TILE ? there : TILE, w);
		}
}

static const struct product product_amx = {
	.name = "amx_bf16",
	.rows = 2 * TILE,
	.cols = 2 * TILE,
	.strip = TILE,
	.pair = 2,
	.keys = 256,
	.plain_left = true,
	.pack_left = pack_left,
	.pack_right = KERNELS(pack_right_pairs),
	.tile = tile,
};

void KERNELS(fill_amx)(struct kernels *k)
{
	k->amx = &product_amx;
}
#endif
