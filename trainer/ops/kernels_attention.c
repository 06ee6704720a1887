/* SPDX-License-Identifier: MIT */
/*
 * Attention by blocks of keys with a running softmax (Milakov and Gimelshein 2018; Dao 2023,
 * "FlashAttention-2"): for each panel of queries, scores of p->keys keys at a time; the greatest so
 * far is taken off before exp, and when it grows, the sums so far shrink by exp of the difference.
 * Keys and values of a head are packed once. Scores are turned (trainer/ops/attend.h).
 */
#include <config.h>

#include "trainer/ops/attend.h"
#include "trainer/ops/kernels_inside.h"

/* One worker's scratch. */
struct attend {
	const struct attention_job *job;
	const struct product *p;
	struct head head;
	size_t size, size_words, t_words;
	uint32_t *keys;    /* left [t, size] */
	uint32_t *values;  /* left [size, t] */
	uint32_t *queries; /* right [size, cols] */
	uint32_t *weights; /* right [keys, cols] */
	float *scores;     /* [keys, cols] */
	float *sums;       /* [size, cols] */
	float most[ATTEND_COLS], total[ATTEND_COLS], shrink[ATTEND_COLS];
};

/* Returns the words that are needed. */
static size_t lay_out(struct attend *a, const struct attention_job *job, uint32_t *scratch)
{
	struct attend_room room = {scratch, 0};
	const struct product *p = job->product;
	size_t size = (size_t)job->h.size, rows = round_up(size, p->rows);

	*a = (struct attend){.job = job,
			     .p = p,
			     .size = size,
			     .size_words = product_words(p, size),
			     .t_words = product_words(p, job->t)};
	a->keys = attend_take(&room, round_up(job->t, p->rows) * a->size_words);
	a->values = attend_take(&room, rows * a->t_words);
	a->queries = attend_take(&room, p->cols * a->size_words);
	a->weights = attend_take(&room, p->cols * product_words(p, p->keys));
	a->scores = attend_take(&room, p->cols * (p->keys + p->rows));
	a->sums = attend_take(&room, p->cols * rows);
	return room.used;
}

static size_t attention_words(const struct attention_job *job)
{
	struct attend a;

	return lay_out(&a, job, NULL);
}

/* Puts scores[n, cols] of keys first.. out of sight that come after their query. */
static void hide_later(float *scores, size_t first, size_t n, size_t query)
{
	for (size_t h = 0; h < ATTEND_COLS; h += LANES) {
		vi lane = lanes_counted() + (int32_t)(query + h);

		for (size_t j = query > first ? query - first : 0; j < n; j++) {
			float *at = scores + j * ATTEND_COLS + h;

			vf_store(at, vf_choose(lane < (int32_t)(first + j), vf_all(-INFINITY),
					       vf_load(at)));
		}
	}
}

/* The greatest of n lines, four at a time: else each would wait for the one before. */
VEC_INLINE vf greatest_of(const float *from, size_t n)
{
	vf most[4];
	size_t j = 0;

	for (int i = 0; i < 4; i++)
		most[i] = vf_load(from);
	for (; j + 4 <= n; j += 4)
#pragma GCC unroll 4
		for (size_t i = 0; i < 4; i++)
			most[i] = vf_max(most[i], vf_load(from + (j + i) * ATTEND_COLS));
	for (; j < n; j++)
		most[0] = vf_max(most[0], vf_load(from + j * ATTEND_COLS));
	return vf_max(vf_max(most[0], most[1]), vf_max(most[2], most[3]));
}

/* The word at `to` of `pair` keys from j on, of n. Returns the sum of its weights. */
VEC_INLINE vf weigh_word(uint32_t *to, const float *from, size_t pair, size_t j, size_t n, vf scale,
			 vf most)
{
	vf even = {0}, odd = {0};

	if (j < n)
		even = vf_exp2(vf_load(from + j * ATTEND_COLS) * scale - most);
	if (pair == 2 && j + 1 < n)
		odd = vf_exp2(vf_load(from + (j + 1) * ATTEND_COLS) * scale - most);
	store_weights(pair, to, even, odd);
	return even + odd;
}

VEC_INLINE vf weigh_lanes(uint32_t *to, const float *from, size_t pair, size_t words, size_t n,
			  vf scale, vf most)
{
	vf total = {0};
	size_t w = 0;

	for (; (w + 1) * pair <= n; w++)
		total += weigh_word(to + w * LANES, from, pair, w * pair, SIZE_MAX, scale, most);
	for (; w < words; w++)
		total += weigh_word(to + w * LANES, from, pair, w * pair, n, scale, most);
	return total;
}

/* Makes weights of scores[n, cols]; the greatest, as a power of two, and the total of each query go along. */
static void weigh(struct attend *a, size_t n)
{
	vf scale = vf_all((float)M_LOG2E / sqrtf((float)a->size)), total;
	size_t words = product_words(a->p, n);

	for (size_t h = 0; h < ATTEND_COLS; h += LANES) {
		uint32_t *to = a->weights + h * words;
		const float *from = a->scores + h;
		vf before = vf_load(a->most + h);
		vf most = vf_max(before, greatest_of(from, n) * scale);
		vf shrink = vf_exp2(before - most);

		if (a->p->pair == 2)
			total = weigh_lanes(to, from, 2, words, n, scale, most);
		else
			total = weigh_lanes(to, from, 1, words, n, scale, most);
		vf_store(a->most + h, most);
		vf_store(a->total + h, vf_load(a->total + h) * shrink + total);
		vf_store(a->shrink + h, shrink);
	}
}

static void shrink_sums(struct attend *a)
{
	for (size_t i = 0; i < a->size; i++)
		for (size_t h = 0; h < ATTEND_COLS; h += LANES) {
			float *at = a->sums + i * ATTEND_COLS + h;

			vf_store(at, vf_load(at) * vf_load(a->shrink + h));
		}
}

static void attend_keys(struct attend *a, size_t query, size_t first, size_t n)
{
	const struct product *p = a->p;

	attend_multiply(p, a->scores, p->cols, a->keys, a->size_words, first, 0, n, a->queries,
			a->size_words, false);
	if (a->job->causal)
		hide_later(a->scores, first, n, query);
	weigh(a, n);
	if (first)
		shrink_sums(a);
	attend_multiply(p, a->sums, p->cols, a->values, a->t_words, 0, first / p->pair, a->size,
			a->weights, product_words(p, n), first > 0);
}

static void attend_queries(struct attend *a, size_t query)
{
	const struct attention_job *job = a->job;
	size_t n = attend_least(a->p->cols, job->t - query), seen = keys_seen(job, query, n);
	struct factor q = head_rows(job->qkv, a->head.width, a->head.q, job->t, a->size, true);
	float inverse[ATTEND_COLS];

	a->p->pack_right(a->queries, a->size_words, &q, query, n);
	for (size_t i = 0; i < ATTEND_COLS; i++) {
		a->most[i] = -3e38f; /* not infinite: its difference to itself would be no number */
		a->total[i] = 0;
	}
	for (size_t first = 0; first < seen; first += a->p->keys)
		attend_keys(a, query, first, attend_least(a->p->keys, seen - first));
	for (size_t i = 0; i < ATTEND_COLS; i++)
		inverse[i] = 1 / a->total[i];
	for (size_t i = 0; i < n; i++)
		((float *)job->lse.at)[a->head.lse + query + i] =
			a->most[i] * (float)M_LN2 + logf(a->total[i]);
	store_turned(job->out, a->head.out + query * a->head.out_width, a->head.out_width, a->sums,
		     a->size, n, inverse);
}

static void attention(void *ctx, int worker, size_t first, size_t last)
{
	const struct attention_job *job = ctx;
	size_t heads = (size_t)job->h.heads;
	struct attend a;

	lay_out(&a, job, job->scratch[worker]);
	for (size_t i = first; i < last; i++) {
		struct factor k, v;

		a.head = head_of(job, i / heads, i % heads);
		k = head_rows(job->qkv, a.head.width, a.head.k, job->t, a.size, true);
		v = head_rows(job->qkv, a.head.width, a.head.v, job->t, a.size, false);
		a.p->pack_left(a.keys, a.size_words, &k, 0, job->t);
		a.p->pack_left(a.values, a.t_words, &v, 0, a.size);
		for (size_t query = attend_first(job); query < job->t; query += a.p->cols)
			attend_queries(&a, query);
	}
}

void KERNELS(fill_attention)(struct kernels *k)
{
	k->attention = attention;
	k->attention_words = attention_words;
	KERNELS(fill_attention_back)(k);
}
