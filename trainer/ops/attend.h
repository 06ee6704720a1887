/* SPDX-License-Identifier: MIT */
/*
 * attend: what attention and its way back share: where a head lies, blocks of scores, words of weights.
 *
 *	struct head head = head_of(job, sample, h);
 *	struct factor k = head_rows(job->qkv, head.width, head.k, t, size);
 *
 * Scores are kept turned: a line is a key and a lane a query, so that softmax goes down the lines
 * without sums across lanes, and its weights fall into packed right's order.
 */
#ifndef TRAINER_ATTEND_H
#define TRAINER_ATTEND_H

#include <math.h>

#include "trainer/ops/kernels.h"
#include "trainer/ops/pack.h"

#define ATTEND_COLS (2 * LANES) /* queries side by side: a tile's columns */
#define ATTEND_QUERIES 64       /* two, four or eight panels of them */

/* Numbers from the start of qkv, out and lse to a head of a sample. */
struct head {
	size_t q, k, v, out, lse;
	size_t width, out_width; /* from row to row */
};

static inline struct head head_of(const struct attention_job *job, size_t sample, size_t head)
{
	size_t heads = (size_t)job->h.heads, kv_heads = (size_t)job->h.kv_heads;
	size_t size = (size_t)job->h.size, kv = head / (heads / kv_heads);
	size_t width = (heads + 2 * kv_heads) * size, row = sample * job->t;

	return (struct head){.q = row * width + head * size,
			     .k = row * width + (heads + kv) * size,
			     .v = row * width + (heads + kv_heads + kv) * size,
			     .out = row * heads * size + head * size,
			     .lse = (sample * heads + head) * job->t,
			     .width = width,
			     .out_width = heads * size};
}

/* rows x size numbers from number `at` on; along: they are multiplied over size, else over rows. */
static inline struct factor head_rows(struct tensor t, size_t width, size_t at, size_t rows,
				      size_t size, bool along)
{
	return (struct factor){
		{tensor_from(t, at), width, rows, size}, along, 0, along ? size : rows};
}

static inline size_t attend_least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The first query that is treated, both ways. */
static inline size_t attend_first(const struct attention_job *job)
{
	return job->first / ATTEND_QUERIES * ATTEND_QUERIES;
}

/* How many keys queries first..first+n-1 see at most. */
static inline size_t keys_seen(const struct attention_job *job, size_t first, size_t n)
{
	return job->causal ? attend_least(job->t, first + n) : job->t;
}

/* c[rows, columns of a panel pair] = or += packed left (from `row`, word `word` on) times right. */
static inline void attend_multiply(const struct product *p, float *c, size_t ldc,
				   const uint32_t *left, size_t left_words, size_t row, size_t word,
				   size_t rows, const uint32_t *right, size_t words, bool add)
{
	for (size_t i = 0; i < rows; i += p->rows) {
		struct left a = product_left(p, left, left_words, row + i, word);

		p->tile(c + i * ldc, ldc, &a, right, words * LANES, words,
			attend_least(p->rows, rows - i), add);
	}
}

/* Lane i is i. */
VEC_INLINE vi lanes_counted(void)
{
	vi v = {0};

	for (int i = 0; i < LANES; i++)
		v[i] = i;
	return v;
}

/* One word of weights of keys 2i and 2i + 1 (pair 2), or of one key. */
VEC_INLINE void store_weights(size_t pair, uint32_t *to, vf even, vf odd)
{
	if (pair == 2)
		vu_store(to, vu_round16_pairs(even, odd));
	else
		vu_store(to, (vu)even);
}

/* sums[size, ATTEND_COLS], a query in each column, times scale[ATTEND_COLS], to rows of `to`. */
static inline void store_turned(struct tensor to, size_t at, size_t width, const float *sums,
				size_t size, size_t queries, const float *scale)
{
	for (size_t h = 0; h < ATTEND_COLS && h < queries; h += LANES) {
		vf by = vf_load(scale + h);

		for (size_t i = 0; i < size; i += LANES) {
			vu square[LANES];

			for (size_t r = 0; r < LANES; r++)
				square[r] =
					i + r < size
						? (vu)(vf_load(sums + (i + r) * ATTEND_COLS + h) *
						       by)
						: (vu){0};
			vu_transpose(square);
			for (size_t r = 0; r < LANES && h + r < queries; r++)
				vf_put_part(to, at + (h + r) * width + i, (vf)square[r],
					    attend_least(LANES, size - i));
		}
	}
}

/* Scratch that is handed out; without memory it is only counted. */
struct attend_room {
	uint32_t *at;
	size_t used;
};

/* Takes n words of 32 bits, whole cache lines of them. */
static inline void *attend_take(struct attend_room *room, size_t n)
{
	uint32_t *taken = room->at ? room->at + room->used : NULL;

	room->used += round_up(n, 16);
	return taken;
}

#endif
