/* SPDX-License-Identifier: MIT */
/*
 * cuda_kernels: the kernels of ops_cuda and what each is called with.
 *
 *	enum cuda_kernel	CUDA_norm, ...
 *	norm_thread(const struct cuda_norm *)	the body, in the header that the table names
 *
 * Tensors lie in the device's memory and are F32 or BF16; so do arrays of indices. `wide` is that of
 * cuda_numbers.h, of all tensors that the kernel takes by eights.
 */
#ifndef TRAINER_CUDA_KERNELS_H
#define TRAINER_CUDA_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trainer/ops/ops.h"

/* X(name, arguments): in the order of the headers cuda_element, _rows, _norm, _loss, _attention,
 * _attention_back, _kept, _tiles, _tiles_back. */
#define CUDA_KERNELS(X)                                                                            \
	X(convert, cuda_flat)                                                                      \
	X(mix, cuda_flat)                                                                          \
	X(divide_by_root, cuda_root)                                                               \
	X(quick_gelu, cuda_flat)                                                                   \
	X(quick_gelu_back, cuda_flat)                                                              \
	X(swiglu, cuda_gated)                                                                      \
	X(swiglu_back, cuda_gated)                                                                 \
	X(adamw, cuda_adamw)                                                                       \
	X(fill_rows, cuda_bias)                                                                    \
	X(patches, cuda_patches)                                                                   \
	X(add_positions, cuda_positions)                                                           \
	X(add_positions_back, cuda_positions)                                                      \
	X(move_rows, cuda_move)                                                                    \
	X(embed_back, cuda_embed_back)                                                             \
	X(rope, cuda_rope)                                                                         \
	X(norm, cuda_norm)                                                                         \
	X(norm_sums, cuda_norm_back)                                                               \
	X(norm_back, cuda_norm_back)                                                               \
	X(norm_rows_256, cuda_norm_back)                                                           \
	X(norm_rows_512, cuda_norm_back)                                                           \
	X(norm_rows_768, cuda_norm_back)                                                           \
	X(norm_rows_1024, cuda_norm_back)                                                          \
	X(column_sums, cuda_columns)                                                               \
	X(add_partials, cuda_partials)                                                             \
	X(cross_entropy, cuda_loss)                                                                \
	X(log_sum_exp, cuda_loss)                                                                  \
	X(greatest, cuda_greatest)                                                                 \
	X(sum_squares, cuda_sum)                                                                   \
	X(sum_all, cuda_sum)                                                                       \
	X(attention, cuda_attention)                                                               \
	X(attention_delta, cuda_attention)                                                         \
	X(attention_dq, cuda_attention)                                                            \
	X(attention_dkv, cuda_attention)                                                           \
	X(keep_rows, cuda_keep)                                                                    \
	X(attend_kept, cuda_kept)                                                                  \
	X(tiles_32, cuda_attention)                                                                \
	X(tiles_64, cuda_attention)                                                                \
	X(tiles_128, cuda_attention)                                                               \
	X(tiles_dq_32, cuda_attention)                                                             \
	X(tiles_dq_64, cuda_attention)                                                             \
	X(tiles_dq_128, cuda_attention)                                                            \
	X(tiles_dkv_32, cuda_attention)                                                            \
	X(tiles_dkv_64, cuda_attention)                                                            \
	X(tiles_dkv_128, cuda_attention)

enum cuda_kernel {
#define X(name, arguments) CUDA_##name,
	CUDA_KERNELS(X)
#undef X
		CUDA_KERNEL_COUNT
};

/* Numbers in a row, a thread for each eight of them. */
struct cuda_flat {
	struct tensor out, x, y; /* y: dy */
	size_t n;
	float keep, share; /* mix's */
	bool wide;
};

/* ops->divide_by_root. */
struct cuda_root {
	struct tensor x;
	const double *sum;
	size_t n;
	int roots;
	bool wide;
};

/* ops->swiglu. */
struct cuda_gated {
	struct tensor out, gate_up, dout; /* back: out is dgate_up */
	size_t rows, width;
	bool wide;
};

struct cuda_adamw {
	struct tensor param, m, v, grad, copy;
	size_t n;
	float rate, beta1, beta2, rest1, rest2; /* rest: 1 - beta */
	float m_scale, v_scale;                 /* 1 / (1 - beta^step) */
	float eps, decay, scale;
	bool wide;
};

/* out[rows,width] = bias, or +=; without a bias 0. */
struct cuda_bias {
	struct tensor out, bias;
	size_t rows, width;
	bool add, wide;
};

struct cuda_patches {
	struct tensor out;
	const uint8_t *pixels;
	size_t rows; /* batch * patches */
	int side, p;
	float mean, std;
	bool wide;
};

/* ops->add_positions: `joined` is out, or dout on the way back, where the others are gradients. */
struct cuda_positions {
	struct tensor joined, x, cls, pos;
	int batch, n;
	size_t d;
	bool wide;
};

/* out[i] = x[rows[i]], or, where `scatter`, out[rows[i]] = x[i]; negative rows are left out. */
struct cuda_move {
	struct tensor out, x;
	const int32_t *rows;
	size_t m, d;
	bool scatter, wide;
};

/* ops->embed_back. */
struct cuda_embed_back {
	struct tensor dtable, dout;
	const int32_t *firsts, *uses;
	size_t rows, d;
	bool wide;
};

/* turns[positions, 2, size / 2]: cosines and sines. Positions: as given, or row % t + first. */
struct cuda_rope {
	struct tensor qkv, turns;
	const int32_t *positions;
	struct heads heads;
	size_t rows;
	int t, first;
	float sense;
	bool wide;
};

/* A warp for each row. `layer`: layernorm, else rmsnorm, which has no b. */
struct cuda_norm {
	struct tensor out, stats, x, w, b;
	size_t rows, d;
	float eps;
	bool layer, wide;
};

/* Rows that a thread of norm_back or column_sums adds up. */
#define CUDA_CHUNK 16

/* norm_sums: sums[rows,2] = means over the row of dy w and of dy w xhat, a warp for each row. norm_back:
 * dx +=; copy = dx, unless none; partial[chunks, layer ? 2 : 1, d] = sums over the rows of a chunk of dy xhat and
 * of dy. norm_rows_D, of rows of D numbers that are wide: both at once, a warp for each chunk; sums is not used. */
struct cuda_norm_back {
	struct tensor dx, copy, dy, x, w, stats, sums, partial;
	size_t rows, d;
	bool layer, wide;
};

/* partial[chunks, width] = sums over the rows of a chunk. */
struct cuda_columns {
	struct tensor x, partial;
	size_t rows, width;
	bool wide;
};

#define CUDA_PARTIAL_COLUMNS 16 /* that a block of add_partials has */

/* out[width] += partial[i * stride + ...], i < count, in an order that count alone decides. */
struct cuda_partials {
	struct tensor out, partial;
	size_t count, stride, width;
};

/* A block for each row. cross_entropy: losses[rows], and dlogits unless none; log_sum_exp: losses. scale[1] is
 * F32. */
struct cuda_loss {
	struct tensor dlogits, logits, losses, scale;
	const int32_t *targets;
	size_t rows, width;
	float smoothing;
	bool wide;
};

/* ops->greatest, a block for each row. */
struct cuda_greatest {
	int32_t *ids;
	struct tensor numbers, logits;
	struct allowed_ids allowed;
	size_t width, k;
};

/* out[block] = sum of the block's numbers, or of their squares, in double. sum_all has one block, and += where
 * `add`. */
struct cuda_sum {
	double *out;
	struct tensor x;
	size_t n;
	bool add, wide;
};

/* ops->attention and its way back. `size` of the tiles_ kernels is that in their names. delta[batch,
 * heads, t] = dout . out of each row. */
struct cuda_attention {
	struct tensor out, lse, qkv, dout, dqkv, delta;
	struct heads heads;
	int batch, t, first;
	bool causal;
};

struct cuda_keep {
	struct tensor keys, values, qkv;
	struct heads heads;
	size_t room;
	const int32_t *rows;
	size_t m;
	bool wide;
};

#define CUDA_KEPT_KEYS 128 /* whose scores a block of attend_kept has at once */

/* A block for each row and head; row i sees rows[firsts[i]..firsts[i + 1]). */
struct cuda_kept {
	struct tensor out, qkv, keys, values;
	struct heads heads;
	size_t room;
	const int32_t *rows, *firsts;
};

/* Of what a kernel is called with. */
static inline size_t cuda_argument_bytes(enum cuda_kernel kernel)
{
	static const size_t bytes[] = {
#define X(name, arguments) sizeof(struct arguments),
		CUDA_KERNELS(X)
#undef X
	};

	return bytes[kernel];
}

/* Query rows, and keys, of a tile of the tiles_ kernels. */
#define CUDA_TILE 64

#endif
