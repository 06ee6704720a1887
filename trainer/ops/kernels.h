/* SPDX-License-Identifier: MIT */
/*
 * kernels: what ops_cpu does within one thread, once for each set of vector instructions.
 *
 *	struct kernels k;
 *	kernels_plain(&k);
 *	k.convert(&job, worker, first, last);
 *
 * The kernels_*.c files are compiled for each set with its flags and give their tables under the set's
 * name; ops_cpu calls only those that this processor knows. Jobs hold what an operation of ops.h is
 * called with; all functions are team_work (trainer/ops/team.h), and no result depends on how the range
 * of indices is cut.
 */
#ifndef TRAINER_KERNELS_H
#define TRAINER_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trainer/ops/ops.h"
#include "trainer/ops/team.h"
#include "trainer/ops/tensor.h"

/* Elementwise loops are cut into pieces of so many numbers. */
#define KERNELS_PIECE 4096

/* --- matrix products. left [rows, k] times right [k, cols] */

/* A matrix in memory: lines of numbers, F32 or BF16, from line to line `stride` of them. */
struct matrix {
	struct tensor t;
	size_t stride, lines, numbers;
};

/* How a product reads one of its factors: `along`, k runs along the lines (line i is row or column i of
 * the product); else across them (line k holds number k of all rows or columns). Of k only
 * k_first..k_first+k-1 counts. */
struct factor {
	struct matrix from;
	bool along;
	size_t k_first, k;
};

/* Two strips of left as the tile wants them: in bytes, from row to row, from 16 words to the next, and
 * from the first strip to the second. Only tiles in hardware look at more than `at`. */
struct left {
	const void *at;
	size_t row, step, strip;
};

/* A way to multiply. Packed numbers come in words of 32 bits, an f32 or a pair of bf16 that stand at
 * 2i and 2i+1 of k; their count is rounded up to 16 by zeros. left is packed in strips, [rows / strip]
 * [words][strip] (for tiles in hardware [rows / 16][words / 16][16 rows][16 words]), right in panels of
 * one vector, [cols / lanes][words][lanes]; rows and columns are padded by zeros to whole tiles. */
struct product {
	const char *name;
	size_t rows, cols; /* of a tile */
	size_t strip;      /* rows of a strip of left */
	size_t pair;       /* numbers in a word */
	size_t keys;       /* how many an attention treats at once: whole tiles and words */
	size_t deep; /* words of k that are best multiplied at a time: of left and right in the cache */
	size_t block;    /* words of left that all of right goes past; at least a tile's rows */
	bool plain_left; /* left may be used where it lies: BF16, along, k in 32s, whole tiles */

	/* Packs rows or columns first..first+n-1, padded to whole tiles, where all of packed k has `words`. */
	void (*pack_left)(uint32_t *to, size_t words, const struct factor *f, size_t first,
			  size_t n);
	void (*pack_right)(uint32_t *to, size_t words, const struct factor *f, size_t first,
			   size_t n);
	/* c[rows, cols], lines ldc apart, = or (add) += left times right, `words` of k; right's second
	 * panel lies `panel` words after the first. Writes no more than whole strips; rows is at most
	 * that of a tile. */
	void (*tile)(float *c, size_t ldc, const struct left *a, const uint32_t *right,
		     size_t panel, size_t words, size_t rows, bool add);
};

#define PRODUCT_WORDS 16

static inline size_t round_up(size_t n, size_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/* Words of packed k. */
static inline size_t product_words(const struct product *p, size_t k)
{
	return round_up((k + p->pair - 1) / p->pair, PRODUCT_WORDS);
}

/* Of packed left with `words` of k: the strips from `row` on (a multiple of the strip), from word `word`
 * (a multiple of 16) on. */
static inline struct left product_left(const struct product *p, const uint32_t *packed,
				       size_t words, size_t row, size_t word)
{
	return (struct left){packed + row * words + word * p->strip, PRODUCT_WORDS * 4,
			     PRODUCT_WORDS * PRODUCT_WORDS * 4, words * p->strip * 4};
}

/* out[rows, cols] at number `at`, lines ld apart, = c (lines ldc apart) + bias, unless NULL, + base, as out,
 * unless none. */
struct finish {
	struct tensor out;
	size_t at, ld;
	const float *c;
	size_t ldc, rows, cols;
	const float *bias;
	struct tensor base;
};

/* --- attention */

struct attention_job {
	const struct product *product;
	struct tensor out, lse, qkv, dout, dqkv;
	struct heads h;
	size_t t, first;
	bool causal;
	uint32_t **scratch; /* of each worker */
};

/* --- decoding; the names of fields are those of ops.h */

struct kept_job {
	struct tensor out, qkv, keys, values;
	struct heads h;
	size_t room, m;
	const int32_t *rows, *firsts, *seen;
	uint32_t **scratch; /* of each worker */
};

/* --- the rest; the names of fields are those of ops.h */

struct rope_job {
	struct tensor qkv;
	struct heads h;
	size_t t;
	const float *angles;      /* [t, size]: size / 2 cosines, size / 2 sines */
	const int32_t *positions; /* of each row; NULL: the row within its sample of t */
	int sense;
};

struct norm_job {
	struct tensor out, stats, x, w, b, dx, copy, dy;
	float *sums;        /* back: [chunks, 2 d], of dw and db */
	size_t m, d, chunk; /* chunk: rows of each */
	double eps;
};

struct element_job {
	struct tensor out, dout, x;
	size_t n, f;        /* f: swiglu's, with n rows */
	double keep, share; /* mix's */
};

struct patch_job {
	struct tensor out;
	const uint8_t *pixels;
	size_t side, p;
	double mean, std;
};

struct row_job {
	struct tensor out, x, cls, pos, dcls, dpos;
	const int32_t *rows, *firsts; /* rows: embed_back's uses, of m rows */
	size_t m, d, batch, n;
};

struct loss_job {
	struct tensor dlogits, logits;
	const int32_t *targets;
	double *losses; /* [m] */
	size_t v;
	double smoothing, scale;
};

struct adamw_job {
	struct tensor param, m, v, grad, copy;
	size_t n;
	double m_scale, v_scale; /* 1 / (1 - beta^step) */
	const struct adamw *how;
};

struct squares_job {
	struct tensor x;
	size_t n;
	double *sums; /* [pieces] */
};

struct kernels {
	const char *name;
	const struct product *f32;
	const struct product *bf16; /* in words of one f32: works everywhere */
	const struct product *dot; /* of pairs of bf16 (AVX512_BF16); NULL in other sets than its */
	const struct product *amx; /* likewise; needs AMX too */

	void (*finish)(const struct finish *f);
	/* sums[i] += column first + i of lines m.k_first.., i < n; F32. */
	void (*column_sums)(float *sums, const struct factor *m, size_t first, size_t n);
	/* to[rows, cols] += sums, or (turned) what lies across in it; lines ld and lds apart. */
	void (*add_sums)(float *to, size_t ld, const float *sums, size_t lds, size_t rows,
			 size_t cols, bool turned);

	/* Words of scratch that each worker needs. */
	size_t (*attention_words)(const struct attention_job *job);
	size_t (*attention_back_words)(const struct attention_job *job);
	team_work *attention;      /* attention_job: sample * heads + head */
	team_work *attention_back; /* attention_job: sample * kv_heads + kv head */
	team_work *rope;           /* rope_job: rows */

	size_t (*attend_kept_words)(const struct kept_job *job); /* of each worker's scratch */
	team_work *keep_rows;                                    /* kept_job: rows */
	team_work *attend_kept;                                  /* kept_job: row * heads + head */

	team_work *layernorm, *rmsnorm;           /* norm_job: rows */
	team_work *layernorm_back, *rmsnorm_back; /* norm_job: chunks of rows */

	team_work *quick_gelu, *quick_gelu_back; /* element_job: pieces; back: dout, x -> out */
	team_work *swiglu, *swiglu_back;         /* element_job: rows; back: dout, x -> out */
	team_work *convert, *mix;                /* element_job: pieces */

	team_work *patches;                    /* patch_job: samples */
	team_work *add_positions;              /* row_job: batch * (n + 1) */
	team_work *add_positions_back;         /* row_job: n + 1; x: dx, out: dout */
	team_work *scatter_rows, *gather_rows; /* row_job: rows */
	team_work *embed_back; /* row_job: pieces of 64 columns; x: dout, out: dtable */

	team_work *cross_entropy; /* loss_job: rows */
	team_work *log_sum_exp;   /* loss_job: rows; out: dlogits */
	team_work *sum_squares;   /* squares_job: pieces */
	team_work *adamw;         /* adamw_job: pieces */
};

/* Fill the table. All but the first are there in builds for x86-64 only (KERNELS_X86), and what they fill in
 * needs the processor's AVX2 and FMA; AVX-512 F, BW, DQ and VL; and AVX-512 BF16. */
void kernels_plain(struct kernels *k);
void kernels_avx2(struct kernels *k);
void kernels_avx512(struct kernels *k);
void kernels_avx512_bf16(struct kernels *k);

#endif
