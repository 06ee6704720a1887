/* SPDX-License-Identifier: MIT */
/*
 * Attention of single queries to kept keys and values, which is bound by the memory that these lie in:
 * each is read once. Scores of LANES keys at a time: each key's sum stays in a vector of its own, and
 * the square of them is turned, so that sums across lanes are sums of vectors. Weights are not rounded.
 */
#include <config.h>

#include <math.h>

#include "base/mem.h"
#include "trainer/ops/kernels_inside.h"
#include "trainer/ops/vec.h"

#define AHEAD 16 /* rows that are asked for before they are needed: their places jump */
#define PARTS 4  /* vectors of a value that are summed at once */

static void keep_rows(void *ctx, int worker, size_t first, size_t last)
{
	const struct kept_job *job = ctx;
	size_t size = (size_t)job->h.size, heads = (size_t)job->h.heads;
	size_t kv_heads = (size_t)job->h.kv_heads, bytes = size * dtype_bytes(job->qkv.type);

	(void)worker;
	for (size_t i = first; i < last; i++) {
		size_t from = (i * (heads + 2 * kv_heads) + heads) * size;

		for (size_t head = 0; head < kv_heads && job->rows[i] >= 0; head++) {
			size_t to = (head * job->room + (size_t)job->rows[i]) * size;

			memcpy(tensor_from(job->keys, to).at,
			       tensor_from(job->qkv, from + head * size).at, bytes);
			memcpy(tensor_from(job->values, to).at,
			       tensor_from(job->qkv, from + (kv_heads + head) * size).at, bytes);
		}
	}
}

/* --- one head of one query ------------------------------------------------------------------ */

/* One worker's scratch; the rows of its key head. */
struct query {
	const int32_t *seen; /* [count] */
	size_t count;
	struct tensor keys, values;
	size_t size, vectors; /* numbers of a head, and vectors for them */
	float *q;             /* [vectors * LANES], zeros behind the last */
	float *weights;       /* [count, rounded up to LANES] */
};

static size_t attend_kept_words(const struct kept_job *job)
{
	size_t most = 0;

	for (size_t i = 0; i < job->m; i++)
		most = size_most(most, (size_t)(job->firsts[i + 1] - job->firsts[i]));
	return round_up(round_up((size_t)job->h.size, LANES) + round_up(most, LANES), 16);
}

static void load_query(struct query *c, struct tensor qkv, size_t at)
{
	for (size_t j = 0; j < c->vectors; j++)
		vf_store(c->q + j * LANES, vf_get_part(qkv, at + j * LANES, c->size - j * LANES));
}

VEC_INLINE vf dot_vector(const struct query *c, struct tensor keys, size_t key, bool whole)
{
	size_t at = (size_t)c->seen[key] * c->size;
	vf sum = {0};

	for (size_t j = 0; j < c->vectors; j++)
		sum += vf_load(c->q + j * LANES) *
		       vf_get_row(keys, at + j * LANES, c->size - j * LANES, whole);
	return sum;
}

VEC_INLINE void fetch(const struct query *c, struct tensor t, size_t key)
{
	size_t bytes = c->size * dtype_bytes(t.type);
	const char *at = t.at;

	if (key >= c->count)
		return;
	at += (size_t)c->seen[key] * bytes;
	for (size_t i = 0; i < bytes; i += 64)
		__builtin_prefetch(at + i);
}

/* Scores of n <= LANES keys from `key` on; -inf behind them. */
VEC_INLINE void score_keys(const struct query *c, struct tensor keys, size_t key, size_t n,
			   bool whole)
{
	vu square[LANES];
	vf sum = {0};

	for (size_t i = 0; i < LANES; i++) {
		fetch(c, keys, key + i + AHEAD);
		square[i] = i < n ? (vu)dot_vector(c, keys, key + i, whole) : (vu){0};
	}
	vu_transpose(square);
	for (size_t i = 0; i < LANES; i++)
		sum += (vf)square[i];
	for (size_t i = n; i < LANES; i++)
		sum[i] = -INFINITY;
	vf_store(c->weights + key, sum);
}

/* Makes weights of scores; returns their sum. */
static float weigh(const struct query *c)
{
	const float scale = 1 / sqrtf((float)c->size);
	size_t count = c->count;
	vf most = vf_all(-INFINITY), total = {0};
	float greatest;

	for (size_t i = 0; i < count; i += LANES)
		most = vf_max(most, vf_load(c->weights + i));
	greatest = vf_greatest(most) * scale;
	for (size_t i = 0; i < count; i += LANES) {
		vf w = vf_exp(vf_load(c->weights + i) * scale - greatest);

		for (size_t lane = count - i; lane < LANES; lane++)
			w[lane] = 0;
		vf_store(c->weights + i, w);
		total += w;
	}
	return vf_sum(total);
}

VEC_INLINE void add_value(vf *sums, const struct query *c, struct tensor values, size_t first,
			  size_t key, size_t parts, bool whole)
{
	size_t at = (size_t)c->seen[key] * c->size + first, left = c->size - first;
	vf w = vf_all(c->weights[key]);

	fetch(c, values, key + AHEAD);
#pragma GCC unroll 4
	for (size_t j = 0; j < parts; j++)
		sums[j] += w * vf_get_row(values, at + j * LANES, left - j * LANES, whole);
}

/* Numbers first.. of the weighted sum of values: `parts` vectors of them, a constant up to PARTS. Even
 * and odd rows have sums of their own, or each would wait for the one before. */
VEC_INLINE void sum_values(const struct query *c, struct tensor values, struct tensor out,
			   size_t first, size_t parts, float scale, bool whole)
{
	vf even[PARTS] = {{0}}, odd[PARTS] = {{0}};
	size_t count = c->count, key = 0;

	for (; key + 1 < count; key += 2) {
		add_value(even, c, values, first, key, parts, whole);
		add_value(odd, c, values, first, key + 1, parts, whole);
	}
	if (key < count)
		add_value(even, c, values, first, key, parts, whole);
#pragma GCC unroll 4
	for (size_t j = 0; j < parts; j++)
		vf_put_part(out, first + j * LANES, (even[j] + odd[j]) * scale,
			    c->size - first - j * LANES);
}

VEC_INLINE void attend_head(const struct query *c, struct tensor out, enum dtype type, bool whole)
{
	struct tensor keys = {c->keys.at, type}, values = {c->values.at, type};
	size_t count = c->count, left;
	float scale;

	for (size_t key = 0; key < count; key += LANES)
		score_keys(c, keys, key, count - key < LANES ? count - key : LANES, whole);
	scale = 1 / weigh(c);
	for (size_t j = 0; j < c->vectors; j += PARTS) {
		left = c->vectors - j;
		if (left >= PARTS)
			sum_values(c, values, out, j * LANES, PARTS, scale, whole);
		else
			for (size_t k = 0; k < left; k++)
				sum_values(c, values, out, (j + k) * LANES, 1, scale, whole);
	}
}

static void attend_kept(void *ctx, int worker, size_t first, size_t last)
{
	const struct kept_job *job = ctx;
	size_t size = (size_t)job->h.size, heads = (size_t)job->h.heads;
	size_t kv_heads = (size_t)job->h.kv_heads, vectors = (size + LANES - 1) / LANES;
	float *scratch = (float *)job->scratch[worker];
	bool narrow = job->keys.type == DTYPE_BF16, whole = size % LANES == 0;

	for (size_t i = first; i < last; i++) {
		size_t row = i / heads, head = i % heads, kv = head / (heads / kv_heads);
		struct tensor out = tensor_from(job->out, (row * heads + head) * size);
		struct query c = {job->seen + job->firsts[row],
				  (size_t)(job->firsts[row + 1] - job->firsts[row]),
				  tensor_from(job->keys, kv * job->room * size),
				  tensor_from(job->values, kv * job->room * size),
				  size,
				  vectors,
				  scratch,
				  scratch + vectors * LANES};

		load_query(&c, job->qkv, (row * (heads + 2 * kv_heads) + head) * size);
		if (narrow && whole)
			attend_head(&c, out, DTYPE_BF16, true);
		else if (narrow)
			attend_head(&c, out, DTYPE_BF16, false);
		else if (whole)
			attend_head(&c, out, DTYPE_F32, true);
		else
			attend_head(&c, out, DTYPE_F32, false);
	}
}

void KERNELS(fill_kept)(struct kernels *k)
{
	k->keep_rows = keep_rows;
	k->attend_kept = attend_kept;
	k->attend_kept_words = attend_kept_words;
}
