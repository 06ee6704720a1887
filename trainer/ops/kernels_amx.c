/* SPDX-License-Identifier: MIT */
/*
 * Matrix products by tiles (AMX): eight registers of 16 rows of 64 bytes; one instruction multiplies 16
 * rows of 16 pairs of bf16 with 16 pairs of 16 columns. Two by two sums (tiles 0-3) keep two of left
 * (4, 5) and two of right (6, 7) in use twice. Intel, Architecture Instruction Set Extensions
 * Programming Reference, chapter 3.
 * With KERNELS_TILES_EMULATED the registers are memory, for tests where there is no such processor.
 */
#include <config.h>

#include "trainer/ops/kernels_inside.h"
#include "trainer/ops/pack.h"

#ifdef VEC_BF16

#define TILE 16

#ifdef KERNELS_TILES_EMULATED
#define AMX_TARGET
#include "trainer/ops/tile_emulator.h"
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
	/* gcc's intrinsic does not say that it reads all of it. */
	__asm__ volatile("" : : "r"(&layout) : "memory");
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

AMX_TARGET static void tile(float *c, size_t ldc, const struct left *a, const uint32_t *right,
			    size_t panel, size_t words, size_t rows, bool add)
{
	const char *a0 = a->at, *a1 = a0 + a->strip;
	const size_t row = a->row, step = a->step;
	const uint32_t *b0 = right, *b1 = right + panel;
	bool two = rows > TILE;

	use_tiles();
	load_sums(c, ldc, two, add);
	for (size_t k = 0; k < words; k += TILE) {
		_tile_loadd(6, b0 + k * TILE, 64);
		_tile_loadd(7, b1 + k * TILE, 64);
		_tile_loadd(4, a0, row);
		_tile_dpbf16ps(0, 4, 6);
		_tile_dpbf16ps(1, 4, 7);
		a0 += step;
		if (two) {
			_tile_loadd(5, a1, row);
			_tile_dpbf16ps(2, 5, 6);
			_tile_dpbf16ps(3, 5, 7);
			a1 += step;
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
			square[i] = words_across(f, 2, (word + i) * 2, first, n);
	if (!f->along)
		vu_transpose(square);
	for (size_t i = 0; i < TILE; i++)
		vu_store(to + i * TILE, square[i]);
}

/* Two whole tiles across, the first of `to` and the one `strip` words on. Zipped within quarters, two
 * lines give the columns 0-3, 8-11, 16-19 and 24-27 and, from the quarters' upper halves, those between. */
static void pack_tiles(uint32_t *to, size_t strip, const struct factor *f, size_t first,
		       size_t word)
{
	size_t bytes = f->from.stride * 2;
	const char *line = f->from.t.at;
	vu lower[TILE], upper[TILE];

	line += (f->k_first + 2 * word) * bytes + first * 2;
	for (size_t i = 0; i < TILE; i++, line += 2 * bytes) {
		__m512i even = _mm512_loadu_si512(line), odd = _mm512_loadu_si512(line + bytes);
		lower[i] = (vu)_mm512_unpacklo_epi16(even, odd);
		upper[i] = (vu)_mm512_unpackhi_epi16(even, odd);
	}
	vu_transpose(lower);
	vu_transpose(upper);
	for (size_t i = 0; i < TILE; i++) {
		size_t column = i / 4 * 8 + i % 4;
		uint32_t *at = to + column / TILE * strip + column % TILE * TILE;

		vu_store(at, lower[i]);
		vu_store(at + 4 * TILE, upper[i]);
	}
}

static void pack_left_across(uint32_t *to, size_t words, const struct factor *f, size_t first,
			     size_t n)
{
	size_t all = round_up((f->k + 1) / 2, PRODUCT_WORDS), strip = words * TILE;

	for (size_t w = 0; w < all; w += TILE)
		for (size_t i = 0; i < n; i += 2 * TILE) {
			uint32_t *at = to + i * words + w * TILE;
			size_t left = n - i;

			if (left >= 2 * TILE && 2 * (w + TILE) <= f->k &&
			    f->from.t.type == DTYPE_BF16) {
				pack_tiles(at, strip, f, first + i, w);
				continue;
			}
			pack_tile(at, f, first + i, left < TILE ? left : TILE, w);
			left -= left < TILE ? left : TILE;
			pack_tile(at + strip, f, first + i + TILE, left < TILE ? left : TILE, w);
		}
}

static void pack_left(uint32_t *to, size_t words, const struct factor *f, size_t first, size_t n)
{
	size_t all = round_up((f->k + 1) / 2, PRODUCT_WORDS);

	if (!f->along) {
		pack_left_across(to, words, f, first, n);
		return;
	}
	for (size_t i = 0; i < round_up(n, 2 * TILE); i += TILE, to += words * TILE)
		for (size_t w = 0; w < all; w += TILE) {
			size_t there = i < n ? n - i : 0;

			pack_tile(to + w * TILE, f, first + i, there < TILE ? there : TILE, w);
		}
}

/* 16 words of two whole panels across, the first at `to` and the other `panel` words on: two lines at a
 * time, zipped. */
static void pack_panels(uint32_t *to, size_t panel, const struct factor *f, size_t first,
			size_t word)
{
	static const uint16_t turn[2][32] = {
		{0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
		 8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47},
		{16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55,
		 24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63}};
	__m512i lower = _mm512_loadu_si512(turn[0]), upper = _mm512_loadu_si512(turn[1]);
	size_t bytes = f->from.stride * 2;
	const char *line = f->from.t.at;

	line += (f->k_first + 2 * word) * bytes + first * 2;
	for (size_t i = 0; i < TILE; i++, line += 2 * bytes, to += TILE) {
		__m512i even = _mm512_loadu_si512(line), odd = _mm512_loadu_si512(line + bytes);
		vu_store(to, (vu)_mm512_permutex2var_epi16(even, lower, odd));
		vu_store(to + panel, (vu)_mm512_permutex2var_epi16(even, upper, odd));
	}
}

static void pack_right(uint32_t *to, size_t words, const struct factor *f, size_t first, size_t n)
{
	size_t whole = f->k / (2 * TILE) * TILE;
	struct factor rest = *f;

	if (f->along || f->from.t.type != DTYPE_BF16 || n % (2 * TILE) || !whole) {
		KERNELS(pack_right_pairs)(to, words, f, first, n);
		return;
	}
	for (size_t w = 0; w < whole; w += TILE)
		for (size_t i = 0; i < n; i += 2 * TILE)
			pack_panels(to + i * words + w * TILE, words * TILE, f, first + i, w);
	rest.k_first += 2 * whole;
	rest.k -= 2 * whole;
	if (rest.k)
		KERNELS(pack_right_pairs)(to + whole * TILE, words, &rest, first, n);
}

static const struct product product_amx = {
	.name = "amx_bf16",
	.rows = 2 * TILE,
	.cols = 2 * TILE,
	.strip = TILE,
	.pair = 2,
	.keys = 320, /* a picture of 256 px has 257 */
	.deep = 128,
	.block = 4096, /* a part of the first cache: so do lines of out stay near */
	.plain_left = true,
	.pack_left = pack_left,
	.pack_right = pack_right,
	.tile = tile,
};

void KERNELS(fill_amx)(struct kernels *k)
{
	k->amx = &product_amx;
}
#endif
