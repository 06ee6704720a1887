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

#define AHEAD 16 /* lines */

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

/* LANES words of each of `width` whole lines, which is a constant. Lines are farther apart than
 * processors fetch ahead by themselves: those of the next strip are asked for. */
VEC_INLINE void load_square(vu *square, const struct factor *f, size_t width, size_t first,
			    size_t k)
{
	size_t bytes = dtype_bytes(f->from.t.type);
	const char *at = f->from.t.at;

	at += (first * f->from.stride + f->k_first + k) * bytes;
#pragma GCC unroll 16
	for (size_t i = 0; i < LANES; i++, at += f->from.stride * bytes) {
		square[i] = i < width ? vu_load(at) : (vu){0};
		if (i < width)
			__builtin_prefetch(at + width * f->from.stride * bytes);
	}
}

/* n <= width <= LANES rows or columns from `first` on to [words][width]. */
VEC_INLINE void pack_along(uint32_t *to, const struct factor *f, size_t pair, size_t words,
			   size_t width, size_t first, size_t n)
{
	bool plain = pair == 2 || f->from.t.type == DTYPE_F32;

	for (size_t w = 0; w < words; w += LANES, to += LANES * width) {
		vu square[LANES];

		if (plain && n == width && (w + LANES) * pair <= f->k)
			load_square(square, f, width, first, w * pair);
		else
			for (size_t i = 0; i < LANES; i++)
				square[i] =
					i < n ? words_along(f, pair, first + i, w * pair) : (vu){0};
		vu_transpose(square);
#pragma GCC unroll 16
		for (size_t i = 0; i + 1 < LANES; i++)
			vu_store(to + i * width, square[i]);
		store_words(to + (LANES - 1) * width, square[LANES - 1], width, w + LANES == words);
	}
}

VEC_INLINE void fetch_lines(const struct factor *f, size_t k, size_t n, size_t number)
{
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(
			tensor_from(f->from.t, (f->k_first + k + i) * f->from.stride + number).at);
}

/* Where the lines have whole vectors, words that are wanted for nothing come along. */
VEC_INLINE void pack_across(uint32_t *to, const struct factor *f, size_t pair, size_t words,
			    size_t width, size_t first, size_t n)
{
	size_t w = 0;

	if (n == width && first + LANES <= f->from.numbers)
		for (; w + 1 < words && (w + 1) * pair <= f->k; w++, to += width) {
			fetch_lines(f, w * pair + AHEAD, pair, first);
			vu_store(to, words_across(f, pair, w * pair, first, LANES));
		}
	for (; w < words; w++, to += width)
		store_words(to, words_across(f, pair, w * pair, first, n), width, w + 1 == words);
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

/* For a constant type, without a look at it in the loop: after few words of k, tiles of hardware take no
 * longer than this. */
VEC_INLINE void finish_type(const struct finish *f, enum dtype type, bool add)
{
	struct tensor bias = {(void *)(uintptr_t)f->bias, DTYPE_F32}, out = {f->out.at, type};

	for (size_t j = 0; j < f->cols; j += LANES) {
		size_t at = f->at + j, n = least(f->cols - j, LANES);
		vf more = f->bias ? vf_get_part(bias, j, n) : (vf){0};

		for (size_t i = 0; n == LANES && i < f->rows; i++) {
			vf v = vf_load(f->c + i * f->ldc + j) + more;

			vf_put(out, at + i * f->ld, add ? vf_get(out, at + i * f->ld) + v : v);
		}
		for (size_t i = 0; n < LANES && i < f->rows; i++) {
			vf v = vf_load(f->c + i * f->ldc + j) + more;

			if (add)
				v += vf_get_part(out, at + i * f->ld, n);
			vf_put_part(out, at + i * f->ld, v, n);
		}
	}
}

static void finish(const struct finish *f)
{
	if (f->out.type == DTYPE_BF16 && f->add)
		finish_type(f, DTYPE_BF16, true);
	else if (f->out.type == DTYPE_BF16)
		finish_type(f, DTYPE_BF16, false);
	else if (f->add)
		finish_type(f, DTYPE_F32, true);
	else
		finish_type(f, DTYPE_F32, false);
}

/* Whole vectors where the line has them: a strip of left is less wide. */
static void column_sums(float *sums, const struct factor *m, size_t first, size_t n)
{
	for (size_t j = 0; j < n; j += LANES) {
		struct tensor to = {sums + j, DTYPE_F32};
		size_t at = m->k_first * m->from.stride + first + j, here = least(n - j, LANES);
		size_t there = first + j + LANES <= m->from.numbers ? LANES : here;
		vf sum = {0};

		for (size_t i = 0; i < m->k; i++)
			sum += vf_get_part(m->from.t, at + i * m->from.stride, there);
		vf_put_part(to, 0, vf_get_part(to, 0, here) + sum, here);
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
