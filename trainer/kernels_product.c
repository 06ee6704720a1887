/* SPDX-License-Identifier: MIT */
/*
 * Matrix products by vectors. The innermost loop is an outer product: a column of TILE_ROWS words of
 * left times a row of two vectors of right, all sums in registers (Goto and van de Geijn 2008,
 * "Anatomy of High-Performance Matrix Multiplication"). Both factors are packed in the order in which
 * this loop reads them. Where k runs along the lines, packing is the transposition of a square of words
 * in registers; where it runs across, lines are copied, two of them zipped for pairs of bf16.
 * The order of sums is that of k, whatever the tile: a row's result depends on no other row.
 */
#include <config.h>

#include "trainer/kernels_inside.h"
#include "trainer/pack.h"

#if LANES == 16
#define TILE_ROWS 14
#define TILE_KEYS 224
#elif LANES == 8
#define TILE_ROWS 6
#define TILE_KEYS 192
#else
#define TILE_ROWS 4
#define TILE_KEYS 192
#endif

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* --- packing -------------------------------------------------------------------------------- */

/* Vectors are stored whole, each over the end of the one before, but for the last: what is behind it may
 * be another thread's. */
VEC_INLINE void store_words(uint32_t *to, vu v, size_t width, bool last)
{
	if (last)
		memcpy(to, &v, width * 4);
	else
		vu_store(to, v);
}

/* n <= width <= LANES rows or columns from `first` on to [words][width]. */
VEC_INLINE void pack_along(uint32_t *to, const struct factor *f, size_t pair, size_t words,
			   size_t width, size_t first, size_t n)
{
	for (size_t w = 0; w < words; w += LANES, to += LANES * width) {
		vu square[LANES];

		for (size_t i = 0; i < LANES; i++)
			square[i] = i < n ? words_along(f, pair, first + i, w * pair) : (vu){0};
		vu_transpose(square);
		for (size_t i = 0; i < LANES; i++)
			store_words(to + i * width, square[i], width, w + i + 1 == words);
	}
}

VEC_INLINE void pack_across(uint32_t *to, const struct factor *f, size_t pair, size_t words,
			    size_t width, size_t first, size_t n)
{
	for (size_t w = 0; w < words; w++, to += width)
		store_words(to, words_across(f, pair, w * pair, first, n, n == width), width,
			    w + 1 == words);
}

VEC_INLINE void pack(uint32_t *to, const struct factor *f, size_t pair, size_t width, size_t first,
		     size_t n, size_t unit)
{
	size_t words = round_up((f->k + pair - 1) / pair, PRODUCT_WORDS);

	for (size_t i = 0; i < round_up(n, unit); i += width, to += words * width) {
		size_t here = least(n - least(n, i), width);

		if (f->along)
			pack_along(to, f, pair, words, width, first + i, here);
		else
			pack_across(to, f, pair, words, width, first + i, here);
	}
}

static void pack_left(uint32_t *to, const struct factor *f, size_t first, size_t n)
{
	pack(to, f, 1, TILE_ROWS, first, n, TILE_ROWS);
}

static void pack_right(uint32_t *to, const struct factor *f, size_t first, size_t n)
{
	pack(to, f, 1, LANES, first, n, 2 * LANES);
}

#define TILE_NAME tile
#define TILE_INLINE tile_rows
#define TILE_TARGET
#define TILE_DOT(sum, a, b) ((sum) + (vf)(a) * (vf)(b))
#include "trainer/tile_body.h"

static const struct product product_f32 = {
	.name = "f32",
	.rows = TILE_ROWS,
	.cols = 2 * LANES,
	.strip = TILE_ROWS,
	.pair = 1,
	.keys = TILE_KEYS,
	.pack_left = pack_left,
	.pack_right = pack_right,
	.tile = tile,
};

/* --- pairs of bf16 -------------------------------------------------------------------------- */

#if LANES == 16
void KERNELS(pack_right_pairs)(uint32_t *to, const struct factor *f, size_t first, size_t n)
{
	pack(to, f, 2, LANES, first, n, 2 * LANES);
}

static void pack_left_pairs(uint32_t *to, const struct factor *f, size_t first, size_t n)
{
	pack(to, f, 2, TILE_ROWS, first, n, TILE_ROWS);
}

#define TILE_NAME tile_pairs
#define TILE_INLINE tile_pairs_rows
#define TILE_TARGET __attribute__((target("avx512bf16")))
#define TILE_DOT(sum, a, b) ((vf)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)(a), (__m512bh)(b)))
#include "trainer/tile_body.h"

static const struct product product_dot = {
	.name = "avx512_bf16",
	.rows = TILE_ROWS,
	.cols = 2 * LANES,
	.strip = TILE_ROWS,
	.pair = 2,
	.keys = TILE_KEYS,
	.pack_left = pack_left_pairs,
	.pack_right = KERNELS(pack_right_pairs),
	.tile = tile_pairs,
};
#endif

/* --- around a product ----------------------------------------------------------------------- */

static void finish(const struct finish *f)
{
	struct tensor bias = {(void *)(uintptr_t)f->bias, DTYPE_F32};

	for (size_t i = 0; i < f->rows; i++)
		for (size_t j = 0; j < f->cols; j += LANES) {
			size_t at = f->at + i * f->ld + j, n = least(f->cols - j, LANES);
			vf v = vf_load(f->c + i * f->ldc + j);

			if (f->bias)
				v += vf_get_part(bias, j, n);
			if (f->add)
				v += vf_get_part(f->out, at, n);
			vf_put_part(f->out, at, v, n);
		}
}

static void column_sums(float *sums, const struct factor *m, size_t first, size_t n)
{
	for (size_t j = 0; j < n; j += LANES) {
		struct tensor to = {sums + j, DTYPE_F32};
		size_t here = least(n - j, LANES);
		vf sum = vf_get_part(to, 0, here);

		for (size_t i = 0; i < m->k; i++)
			sum += vf_get_part(m->from.t, (m->k_first + i) * m->from.stride + first + j,
					   here);
		vf_put_part(to, 0, sum, here);
	}
}

void KERNELS(fill_products)(struct kernels *k)
{
	k->f32 = &product_f32;
	k->bf16 = &product_f32;
#if LANES == 16
	k->dot = &product_dot;
	KERNELS(fill_amx)(k);
#endif
	k->finish = finish;
	k->column_sums = column_sums;
}
