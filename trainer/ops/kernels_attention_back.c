/* SPDX-License-Identifier: MIT */
/*
 * Attention backwards, by blocks of ATTEND_QUERIES queries and p->keys keys (Dao 2023). With weights P,
 * values V, delta = the sum over a row of dout * out:
 *
 *	dP = dout V^T,  dS = P (dP - delta) / sqrt(size),  dV += P^T dout,  dQ += dS K,  dK += dS^T Q
 *
 * P comes back from scores and lse. Scores are turned (trainer/ops/attend.h), so that S, dP and dQ are
 * products with packed right of a panel of queries, and dV and dK such with left P and dS. All query
 * heads of a key head are one thread's: nobody else adds to its dK and dV.
 */
#include <config.h>

#include <math.h>

#include "trainer/ops/attend.h"
#include "trainer/ops/kernels_inside.h"

/* One worker's scratch; cols: size, up to whole tiles. */
struct back {
	const struct attention_job *job;
	const struct product *p;
	struct head head;
	size_t size, cols, size_words, t_words, query_words;
	uint32_t *keys, *values;          /* left [t, size] */
	uint32_t *keys_turned;            /* left [size, t] */
	uint32_t *queries, *douts;        /* right [size, ATTEND_QUERIES] */
	uint32_t *query_rows, *dout_rows; /* right [ATTEND_QUERIES, size] */
	uint32_t *right_ds;               /* right [keys, panel] */
	float *scores, *dp;               /* [keys, panel] */
	struct tensor weights, ds;        /* [keys, ATTEND_QUERIES] */
	uint32_t *left;                   /* of either */
	float *dk, *dv;                   /* [t, cols] */
	float *dq;                        /* [panels][size, panel] */
	float *delta, *lse;               /* [t, up to whole blocks]: as struct lanes has them */
};

static void lay_out_queries(struct back *b, struct attend_room *room)
{
	const struct product *p = b->p;
	enum dtype type = p->pair == 2 ? DTYPE_BF16 : DTYPE_F32;
	size_t rows = round_up(p->keys, p->rows);

	b->queries = attend_take(room, ATTEND_QUERIES * b->size_words);
	b->douts = attend_take(room, ATTEND_QUERIES * b->size_words);
	b->query_rows = attend_take(room, b->query_words * b->cols);
	b->dout_rows = attend_take(room, b->query_words * b->cols);
	b->right_ds = attend_take(room, product_words(p, p->keys) * p->cols);
	b->scores = attend_take(room, rows * p->cols);
	b->dp = attend_take(room, rows * p->cols);
	b->weights = (struct tensor){attend_take(room, rows * ATTEND_QUERIES), type};
	b->ds = (struct tensor){attend_take(room, rows * ATTEND_QUERIES), type};
	b->left = attend_take(room, rows * b->query_words);
	b->dq = attend_take(room, round_up(b->size, p->rows) * ATTEND_QUERIES);
}

/* Returns the words that are needed. */
static size_t lay_out(struct back *b, const struct attention_job *job, uint32_t *scratch)
{
	struct attend_room room = {scratch, 0};
	const struct product *p = job->product;
	size_t size = (size_t)job->h.size, rows = round_up(job->t, p->rows);
	size_t queries = round_up(job->t, ATTEND_QUERIES);

	*b = (struct back){.job = job,
			   .p = p,
			   .size = size,
			   .cols = round_up(size, p->cols),
			   .size_words = product_words(p, size),
			   .t_words = product_words(p, job->t),
			   .query_words = product_words(p, ATTEND_QUERIES)};
	b->keys = attend_take(&room, rows * b->size_words);
	b->values = attend_take(&room, rows * b->size_words);
	b->keys_turned = attend_take(&room, round_up(size, p->rows) * b->t_words);
	b->dk = attend_take(&room, rows * b->cols);
	b->dv = attend_take(&room, rows * b->cols);
	b->delta = attend_take(&room, queries);
	b->lse = attend_take(&room, queries);
	lay_out_queries(b, &room);
	return room.used;
}

static size_t attention_back_words(const struct attention_job *job)
{
	struct back b;

	return lay_out(&b, job, NULL);
}

/* --- one panel of queries, one block of keys -------------------------------------------------- */

/* LANES queries of a panel and a block of keys. lse is a power of two; delta and scale are those of dS. */
struct lanes {
	size_t h, column;     /* the first one, in the panel and in the block of queries */
	vi query;             /* each lane's */
	size_t first, n, all; /* keys: the block's first; of it, those seen by the panel; all */
	size_t sure;          /* so many are seen by each of the queries */
	vf lse, delta, score_scale, scale;
};

/* What a key is to them. */
struct weighed {
	vf weight, ds; /* P, dS */
};

/* Key j of the block; `sure`: each query sees it. Those that are not seen weigh nothing. */
VEC_INLINE struct weighed weigh_key(const struct back *b, const struct lanes *l, size_t j,
				    bool sure, bool half)
{
	size_t at = j * ATTEND_COLS + l->h;
	struct weighed w = {{0}, {0}};
	vf power;

	if (!sure && j >= l->n)
		return w;
	power = vf_load(b->scores + at) * l->score_scale - l->lse;
	w.weight = half ? vf_exp2_half(power) : vf_exp2(power);
	if (!sure && b->job->causal)
		w.weight = vf_choose(l->query < (int32_t)(l->first + j), (vf){0}, w.weight);
	w.ds = w.weight * (vf_load(b->dp + at) * l->scale - l->delta);
	return w;
}

/* The lines of key j and, in pairs, of the next one. */
VEC_INLINE void put_lines(const struct back *b, size_t pair, size_t j, size_t column,
			  struct weighed even, struct weighed odd)
{
	size_t at = j * ATTEND_QUERIES + column;

	if (pair == 2) {
		vu_put_apart((uint16_t *)b->weights.at + at, ATTEND_QUERIES,
			     vu_round16_two(even.weight, odd.weight));
		vu_put_apart((uint16_t *)b->ds.at + at, ATTEND_QUERIES,
			     vu_round16_two(even.ds, odd.ds));
	} else {
		vf_store((float *)b->weights.at + at, even.weight);
		vf_store((float *)b->ds.at + at, even.ds);
	}
}

/* The word of right's dS, and the lines, of key j and, in pairs, of the next one. Zeros stand for keys behind the n,
 * up to `all` and to the last word's end. */
VEC_INLINE void weigh_word(const struct back *b, const struct lanes *l, uint32_t *to, size_t pair,
			   size_t words, size_t j, bool sure)
{
	struct weighed even = weigh_key(b, l, j, sure, pair == 2), odd = {{0}, {0}};

	if (pair == 2)
		odd = weigh_key(b, l, j + 1, sure, true);
	if (sure || j < l->all)
		put_lines(b, pair, j, l->column, even, odd);
	if (sure || j < words * pair)
		store_weights(pair, to + j / pair * LANES, even.ds, odd.ds);
}

VEC_INLINE void weigh_lanes(const struct back *b, const struct lanes *l, size_t pair)
{
	size_t words = product_words(b->p, l->n), j = 0;
	uint32_t *to = b->right_ds + l->h * words;

	for (; j + pair <= l->sure; j += pair)
		weigh_word(b, l, to, pair, words, j, true);
	for (; j < l->all || j < words * pair; j += pair)
		weigh_word(b, l, to, pair, words, j, false);
}

/* Of the n keys of a block, from `first` on, those that query `query` sees. */
static size_t keys_sure(const struct back *b, size_t first, size_t n, size_t query)
{
	if (!b->job->causal)
		return n;
	return query < first ? 0 : attend_least(n, query - first + 1);
}

static void weigh(struct back *b, size_t first, size_t n, size_t all, size_t query, size_t panel)
{
	float scale = 1 / sqrtf((float)b->size);

	for (size_t h = 0; h < ATTEND_COLS; h += LANES) {
		struct lanes l = {.h = h,
				  .column = panel + h,
				  .query = lanes_counted() + (int32_t)(query + h),
				  .first = first,
				  .n = n,
				  .all = all,
				  .sure = keys_sure(b, first, n, query + h),
				  .lse = vf_load(b->lse + query + h),
				  .delta = vf_load(b->delta + query + h),
				  .score_scale = vf_all((float)M_LOG2E * scale),
				  .scale = vf_all(scale)};

		if (b->p->pair == 2)
			weigh_lanes(b, &l, 2);
		else
			weigh_lanes(b, &l, 1);
	}
}

static void panel_back(struct back *b, size_t first, size_t all, size_t query, size_t panel)
{
	const struct product *p = b->p;
	size_t n = keys_seen(b->job, query + panel, p->cols);
	float *dq = b->dq + panel * round_up(b->size, p->rows);

	n = n > first ? attend_least(n - first, all) : 0;
	attend_multiply(p, b->scores, p->cols, b->keys, b->size_words, first, 0, n,
			b->queries + panel * b->size_words, b->size_words, false);
	attend_multiply(p, b->dp, p->cols, b->values, b->size_words, first, 0, n,
			b->douts + panel * b->size_words, b->size_words, false);
	weigh(b, first, n, all, query + panel, panel);
	attend_multiply(p, dq, p->cols, b->keys_turned, b->t_words, 0, first / p->pair, b->size,
			b->right_ds, product_words(p, n), first > 0);
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* Weights from row `row` on, where they lie: rows and queries behind the last are zeros, or times zero. */
static struct left weights_left(const struct product *p, struct tensor weights, size_t row)
{
	size_t bytes = ATTEND_QUERIES * 2;

	return (struct left){(const char *)weights.at + row * bytes, bytes, PRODUCT_WORDS * 4,
			     p->strip * bytes};
}

/* sums[first.., cols] += weights[n, queries] rows[queries, cols]. */
static void add_over_queries(struct back *b, float *sums, struct tensor weights,
			     const uint32_t *rows, size_t first, size_t n, size_t queries)
{
	const struct product *p = b->p;
	struct factor w = head_rows(weights, ATTEND_QUERIES, 0, n, queries, true);
	size_t words = product_words(p, queries);

	if (!p->plain_left)
		p->pack_left(b->left, words, &w, 0, n);
	for (size_t col = 0; col < b->cols; col += p->cols)
		for (size_t i = 0; i < n; i += p->rows) {
			struct left left = p->plain_left ? weights_left(p, weights, i)
							 : product_left(p, b->left, words, i, 0);

			p->tile(sums + (first + i) * b->cols + col, b->cols, &left,
				rows + col * words, words * LANES, words,
				attend_least(p->rows, n - i), true);
		}
}

static void pack_queries(struct back *b, size_t query, size_t n)
{
	const struct attention_job *job = b->job;
	struct factor q = head_rows(job->qkv, b->head.width, b->head.q, job->t, b->size, true);
	struct factor d =
		head_rows(job->dout, b->head.out_width, b->head.out, job->t, b->size, true);

	b->p->pack_right(b->queries, b->size_words, &q, query, n);
	b->p->pack_right(b->douts, b->size_words, &d, query, n);
	q = head_rows(job->qkv, b->head.width, b->head.q + query * b->head.width, n, b->size,
		      false);
	d = head_rows(job->dout, b->head.out_width, b->head.out + query * b->head.out_width, n,
		      b->size, false);
	b->p->pack_right(b->query_rows, product_words(b->p, n), &q, 0, b->size);
	b->p->pack_right(b->dout_rows, product_words(b->p, n), &d, 0, b->size);
}

static void queries_back(struct back *b, size_t query)
{
	const struct attention_job *job = b->job;
	const struct product *p = b->p;
	size_t n = attend_least(ATTEND_QUERIES, job->t - query), seen = keys_seen(job, query, n);
	float one[ATTEND_COLS];

	pack_queries(b, query, n);
	for (size_t first = 0; first < seen; first += p->keys) {
		size_t all = attend_least(p->keys, seen - first);

		for (size_t panel = 0; panel < n; panel += p->cols)
			panel_back(b, first, all, query, panel);
		add_over_queries(b, b->dv, b->weights, b->dout_rows, first, all, n);
		add_over_queries(b, b->dk, b->ds, b->query_rows, first, all, n);
	}
	for (size_t i = 0; i < ATTEND_COLS; i++)
		one[i] = 1;
	for (size_t panel = 0; panel < n; panel += p->cols)
		store_turned(job->dqkv, b->head.q + (query + panel) * b->head.width, b->head.width,
			     b->dq + panel * round_up(b->size, p->rows), b->size,
			     attend_least(p->cols, n - panel), one);
}

/* --- heads ------------------------------------------------------------------------------------ */

/* Before the first row out and lse may be anything: no key weighs anything for those. */
static void find_deltas(struct back *b)
{
	const struct attention_job *job = b->job;
	float scale = 1 / sqrtf((float)b->size);

	for (size_t row = attend_first(job); row < job->first; row++) {
		b->delta[row] = 0;
		b->lse[row] = INFINITY;
	}
	for (size_t row = job->first; row < job->t; row++) {
		size_t at = b->head.out + row * b->head.out_width;
		vf sum = {0};

		for (size_t i = 0; i < b->size; i += LANES)
			sum += vf_get_part(job->dout, at + i, b->size - i) *
			       vf_get_part(job->out, at + i, b->size - i);
		b->delta[row] = vf_sum(sum) * scale;
		b->lse[row] = ((const float *)job->lse.at)[b->head.lse + row] * (float)M_LOG2E;
	}
	for (size_t row = job->t; row < round_up(job->t, ATTEND_QUERIES); row++)
		b->delta[row] = b->lse[row] = 0;
}

static void pack_head(struct back *b)
{
	const struct attention_job *job = b->job;
	size_t t = job->t, rows = round_up(t, b->p->rows);
	struct factor k = head_rows(job->qkv, b->head.width, b->head.k, t, b->size, true);
	struct factor v = head_rows(job->qkv, b->head.width, b->head.v, t, b->size, true);

	b->p->pack_left(b->keys, b->size_words, &k, 0, t);
	b->p->pack_left(b->values, b->size_words, &v, 0, t);
	k = head_rows(job->qkv, b->head.width, b->head.k, t, b->size, false);
	b->p->pack_left(b->keys_turned, b->t_words, &k, 0, b->size);
	memset(b->dk, 0, rows * b->cols * sizeof(float));
	memset(b->dv, 0, rows * b->cols * sizeof(float));
}

static void store_rows(const struct back *b, size_t at, const float *sums)
{
	for (size_t row = 0; row < b->job->t; row++, at += b->head.width, sums += b->cols) {
		size_t i = 0;

		for (; i + 2 * LANES <= b->size; i += 2 * LANES)
			vf_put_two(b->job->dqkv, at + i, vf_load(sums + i),
				   vf_load(sums + i + LANES));
		for (; i < b->size; i += LANES)
			vf_put_part(b->job->dqkv, at + i, vf_load(sums + i), b->size - i);
	}
}

/* Of the queries before the first one. */
static void clear_queries(const struct back *b)
{
	for (size_t row = 0; row < attend_first(b->job); row++)
		for (size_t i = 0; i < b->size; i += LANES)
			vf_put_part(b->job->dqkv, b->head.q + row * b->head.width + i, (vf){0},
				    b->size - i);
}

static void attention_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct attention_job *job = ctx;
	size_t kv_heads = (size_t)job->h.kv_heads, group = (size_t)job->h.heads / kv_heads;
	struct back b;

	lay_out(&b, job, job->scratch[worker]);
	for (size_t i = first; i < last; i++) {
		for (size_t g = 0; g < group; g++) {
			b.head = head_of(job, i / kv_heads, i % kv_heads * group + g);
			if (g == 0)
				pack_head(&b);
			find_deltas(&b);
			clear_queries(&b);
			for (size_t query = attend_first(job); query < job->t;
			     query += ATTEND_QUERIES)
				queries_back(&b, query);
		}
		store_rows(&b, b.head.k, b.dk);
		store_rows(&b, b.head.v, b.dv);
	}
}

void KERNELS(fill_attention_back)(struct kernels *k)
{
	k->attention_back = attention_back;
	k->attention_back_words = attention_back_words;
}
