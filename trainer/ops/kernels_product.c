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

#include "trainer/ops/kernels_inside.h"
#include "trainer/ops/pack.h"

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

#define AHEAD 16    /* lines */
#define BLOCK 65536 /* 256 KiB, a part of the second cache */
#define SUMS 2      /* vectors of columns side by side: a line or two of the cache */

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
/* Words w..last-1 of a strip whose word w is at `to`. */
VEC_INLINE void pack_across(uint32_t *to, const struct factor *f, size_t pair, size_t w,
			    size_t last, size_t width, size_t first, size_t n)
{
	if (n == width && first + LANES <= f->from.numbers)
		for (; w + 1 < last && (w + 1) * pair <= f->k; w++, to += width) {
			fetch_lines(f, w * pair + AHEAD, pair, first);
			vu_store(to, words_across(f, pair, w * pair, first, LANES));
		}
	for (; w < last; w++, to += width)
		store_words(to, words_across(f, pair, w * pair, first, n), width, w + 1 == last);
}

/* Where k runs across, some lines at a time for all strips: memory is read as it lies. */
VEC_INLINE void pack(uint32_t *to, size_t words, const struct factor *f, size_t pair, size_t width,
		     size_t first, size_t n, size_t unit)
{
	size_t all = round_up((f->k + pair - 1) / pair, PRODUCT_WORDS), end = round_up(n, unit);

	if (f->along) {
		for (size_t i = 0; i < end; i += width, to += words * width)
			pack_along(to, f, pair, all, width, first + i,
				   least(n - least(n, i), width));
		return;
	}
	for (size_t w = 0; w < all; w += PRODUCT_WORDS)
		for (size_t i = 0; i < end; i += width)
			pack_across(to + (i / width * words + w) * width, f, pair, w,
				    w + PRODUCT_WORDS, width, first + i,
				    least(n - least(n, i), width));
}

static void pack_left(uint32_t *to, size_t words, const struct factor *f, size_t first, size_t n)
{
	pack(to, words, f, 1, TILE_ROWS, first, n, TILE_ROWS);
}

static void pack_right(uint32_t *to, size_t words, const struct factor *f, size_t first, size_t n)
{
	pack(to, words, f, 1, LANES, first, n, 2 * LANES);
}

#define TILE_NAME tile
#define TILE_INLINE tile_rows
#define TILE_DOT(sum, a, b) ((sum) + (vf)(a) * (vf)(b))
#include "trainer/ops/tile_body.h"

static const struct product product_f32 = {
	.name = "f32",
	.rows = TILE_ROWS,
	.cols = 2 * LANES,
	.strip = TILE_ROWS,
	.pair = 1,
	.keys = TILE_KEYS,
	.deep = SIZE_MAX,
	.block = BLOCK,
	.pack_left = pack_left,
	.pack_right = pack_right,
	.tile = tile,
};

/* --- pairs of bf16 -------------------------------------------------------------------------- */

#ifdef VEC_BF16
void KERNELS(pack_right_pairs)(uint32_t *to, size_t words, const struct factor *f, size_t first,
			       size_t n)
{
	pack(to, words, f, 2, LANES, first, n, 2 * LANES);
}

static void pack_left_pairs(uint32_t *to, size_t words, const struct factor *f, size_t first,
			    size_t n)
{
	pack(to, words, f, 2, TILE_ROWS, first, n, TILE_ROWS);
}

#define TILE_NAME tile_pairs
#define TILE_INLINE tile_pairs_rows
#define TILE_DOT(sum, a, b) ((vf)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)(a), (__m512bh)(b)))
#include "trainer/ops/tile_body.h"

static const struct product product_dot = {
	.name = "avx512_bf16",
	.rows = TILE_ROWS,
	.cols = 2 * LANES,
	.strip = TILE_ROWS,
	.pair = 2,
	.keys = TILE_KEYS,
	.deep = SIZE_MAX,
	.block = BLOCK,
	.pack_left = pack_left_pairs,
	.pack_right = KERNELS(pack_right_pairs),
	.tile = tile_pairs,
};
#endif

/* --- around a product ----------------------------------------------------------------------- */

/* A whole tile, for a constant type and without a look at *f in the loop: after few words of k, tiles of
 * hardware take no longer than this. */
VEC_INLINE void finish_whole(const struct finish *f, enum dtype type, bool add)
{
	struct tensor out = {f->out.at, type}, base = {f->base.at, type};
	const float *c = f->c;
	size_t at = f->at, ld = f->ld, ldc = f->ldc, rows = f->rows;
	vf bias[2] = {{0}, {0}};

	if (f->bias) {
		bias[0] = vf_load(f->bias);
		bias[1] = vf_load(f->bias + LANES);
	}
	for (size_t i = 0; i < rows; i++, c += ldc, at += ld) {
		vf v0 = vf_load(c) + bias[0], v1 = vf_load(c + LANES) + bias[1];

		if (add) {
			v0 += vf_get(base, at);
			v1 += vf_get(base, at + LANES);
		}
		vf_put_two(out, at, v0, v1);
	}
}

VEC_INLINE void finish_part(const struct finish *f, enum dtype type, bool add)
{
	struct tensor bias = {(void *)(uintptr_t)f->bias, DTYPE_F32}, out = {f->out.at, type};
	struct tensor base = {f->base.at, type};

	for (size_t j = 0; j < f->cols; j += LANES) {
		size_t at = f->at + j, n = least(f->cols - j, LANES);
		vf more = f->bias ? vf_get_part(bias, j, n) : (vf){0};

		for (size_t i = 0; n == LANES && i < f->rows; i++) {
			vf v = vf_load(f->c + i * f->ldc + j) + more;

			vf_put(out, at + i * f->ld, add ? vf_get(base, at + i * f->ld) + v : v);
		}
		for (size_t i = 0; n < LANES && i < f->rows; i++) {
			vf v = vf_load(f->c + i * f->ldc + j) + more;

			if (add)
				v += vf_get_part(base, at + i * f->ld, n);
			vf_put_part(out, at + i * f->ld, v, n);
		}
	}
}

VEC_INLINE void finish_type(const struct finish *f, enum dtype type, bool add)
{
	if (f->cols == 2 * LANES)
		finish_whole(f, type, add);
	else
		finish_part(f, type, add);
}

static void finish(const struct finish *f)
{
	if (f->out.type == DTYPE_BF16 && !tensor_is_none(f->base))
		finish_type(f, DTYPE_BF16, true);
	else if (f->out.type == DTYPE_BF16)
		finish_type(f, DTYPE_BF16, false);
	else if (!tensor_is_none(f->base))
		finish_type(f, DTYPE_F32, true);
	else
		finish_type(f, DTYPE_F32, false);
}

/* Adds `width` whole vectors of columns up. */
VEC_INLINE void sum_columns(float *sums, const struct factor *m, size_t column, size_t width)
{
	size_t at = m->k_first * m->from.stride + column;
	vf sum[SUMS] = {{0}};

	for (size_t i = 0; i < m->k; i++, at += m->from.stride)
#pragma GCC unroll 4
		for (size_t w = 0; w < width; w++)
			sum[w] += vf_get(m->from.t, at + w * LANES);
	for (size_t w = 0; w < width; w++)
		vf_store(sums + w * LANES, vf_load(sums + w * LANES) + sum[w]);
}

static void column_sums(float *sums, const struct factor *m, size_t first, size_t n)
{
	struct tensor to = {sums, DTYPE_F32};
	size_t j = 0;
	vf sum = {0};

	for (; j + SUMS * LANES <= n; j += SUMS * LANES)
		sum_columns(sums + j, m, first + j, SUMS);
	for (; j + LANES <= n; j += LANES)
		sum_columns(sums + j, m, first + j, 1);
	for (size_t i = 0; i < m->k && j < n; i++)
		sum += vf_get_part(m->from.t, (m->k_first + i) * m->from.stride + first + j, n - j);
	if (j < n)
		vf_put_part(to, j, vf_get_part(to, j, n - j) + sum, n - j);
}

VEC_INLINE void add_part(float *to, vf v, size_t n)
{
	struct tensor t = {to, DTYPE_F32};

	vf_put_part(t, 0, vf_get_part(t, 0, n) + v, n);
}

/* A square that lies across, padded: all of it may be read. */
static void add_square(float *to, size_t ld, const float *sums, size_t lds, size_t rows,
		       size_t cols)
{
	vu square[LANES];

	for (size_t i = 0; i < LANES; i++)
		square[i] = vu_load(sums + i * lds);
	vu_transpose(square);
	for (size_t i = 0; i < rows; i++)
		add_part(to + i * ld, (vf)square[i], cols);
}

static void add_sums(float *to, size_t ld, const float *sums, size_t lds, size_t rows, size_t cols,
		     bool turned)
{
	if (!turned) {
		for (size_t i = 0; i < rows; i++)
			for (size_t j = 0; j < cols; j += LANES)
				add_part(to + i * ld + j, vf_load(sums + i * lds + j), cols - j);
		return;
	}
	for (size_t i = 0; i < rows; i += LANES)
		for (size_t j = 0; j < cols; j += LANES)
			add_square(to + i * ld + j, ld, sums + j * lds + i, lds,
				   least(rows - i, LANES), least(cols - j, LANES));
}

void KERNELS(fill_products)(struct kernels *k)
{
	k->f32 = &product_f32;
	k->bf16 = &product_f32;
#ifdef VEC_BF16
	k->dot = &product_dot;
	KERNELS(fill_amx)(k);
#endif
	k->finish = finish;
	k->column_sums = column_sums;
	k->add_sums = add_sums;
}
