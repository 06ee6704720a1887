/* SPDX-License-Identifier: MIT */
/*
 * decode: greedy against a loop that runs the whole model for each token; beams against all answers
 * there are; sampling against the softmax; the same results whatever the batch; bounds and errors. CADGEN_TEST_SEED repeats a run.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/decode_desk.h"
#include "tests/random_shapes.h"
#include "trainer/ops/ops_cpu.h"

#define VOCAB 13

static struct rng rng;

/* --- greedy --------------------------------------------------------------------------------- */

static double log_sum(const double *logits, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += exp(logits[i]);
	return log(sum);
}

/* The whole model for each token. */
static void check_greedy(struct tiny_model *tiny, const struct tiny_prompt *p, double penalty,
			 const struct outcome *o)
{
	static double logits[TINY_POSITIONS * VOCAB];
	const struct answer *a = &o->answers[0];
	int32_t ids[TINY_POSITIONS];
	int count = p->count;
	double sum = 0;

	memcpy(ids, p->ids, sizeof(ids));
	assert_int_equal(o->count, 1);
	for (size_t k = 0; k < a->count; k++) {
		const double *last = logits + (size_t)(count - 1) * VOCAB;
		double scores[VOCAB];
		int best = 0;

		tiny_forward(tiny, p->pixels, ids, count, logits);
		for (int v = 0; v < VOCAB; v++) {
			scores[v] = last[v];
			for (int i = 0; i < count; i++)
				if (ids[i] == v) {
					scores[v] =
						last[v] < 0 ? last[v] * penalty : last[v] / penalty;
					break;
				}
			if (v != tiny->config.image && scores[v] > scores[best])
				best = v;
		}
		assert_int_equal(a->ids[k], best);
		assert_true(fabs(a->log_probs[k] - (last[best] - log_sum(last, VOCAB))) < 1e-9);
		sum += a->log_probs[k];
		ids[count++] = best;
	}
	assert_true(a->ended == (ids[count - 1] == tiny->config.eos));
	assert_true(a->ended || a->count == TOKENS);
	assert_true(fabs(a->log_prob - sum) < 1e-12);
	assert_true(fabs(a->score - sum / (double)a->count) < 1e-12);
}

static void test_greedy(void **state)
{
	struct ops *ops = ops_ref_new();

	(void)state;
	for (int round = 0; round < 4; round++) {
		struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
		struct desk *desk = desk_new(&rng, &tiny.config, REQUESTS);
		struct decode_options options = desk_options(4);

		options.repetition_penalty = round % 2 ? 1.3 : 1;
		desk_run_all(desk, &tiny, &options);
		for (int i = 0; i < REQUESTS; i++)
			check_greedy(&tiny, &desk->prompts[i], options.repetition_penalty,
				     &desk->outcomes[i]);
		desk_free(desk);
		tiny_model_free(&tiny);
	}
	ops->free(ops);
}

/* --- beams ---------------------------------------------------------------------------------- */

#define FEW_TOKENS 4
#define FEW_VOCAB 5 /* so that 64 beams are more than can be under way */

/* The best score of all that goes on from ids, of which the answer is from `start` on. */
static double best_score(struct tiny_model *tiny, const struct tiny_prompt *p, int32_t *ids,
			 int count, double sum, double penalty)
{
	double logits[TINY_POSITIONS * FEW_VOCAB], best = -INFINITY, less;
	const double *last = logits + (size_t)(count - 1) * FEW_VOCAB;
	int said = count - p->count;

	if (said > 0 && (said == FEW_TOKENS || ids[count - 1] == tiny->config.eos))
		return sum / pow(said, penalty);
	tiny_forward(tiny, p->pixels, ids, count, logits);
	less = log_sum(last, FEW_VOCAB);
	for (int v = 0; v < FEW_VOCAB; v++) {
		if (v == tiny->config.image)
			continue;
		ids[count] = v;
		best = fmax(best,
			    best_score(tiny, p, ids, count + 1, sum + last[v] - less, penalty));
	}
	return best;
}

static void test_beams(void **state)
{
	static const double penalties[] = {0, 1, 2, -1};
	struct ops *ops = ops_ref_new();

	(void)state;
	for (int round = 0; round < 4; round++) {
		struct tiny_model tiny = tiny_model_new(&rng, ops, FEW_VOCAB);
		struct desk *desk = mem_alloc(1, sizeof(*desk));
		struct decode_options options = desk_options(2);

		desk->wanted = 3;
		desk->fail_at = desk->fail_done = -1;
		for (int i = 0; i < REQUESTS; i++)
			desk->prompts[i] = tiny_prompt_new(&rng, &tiny.config, 0);
		options.beams = 64;
		options.tokens = FEW_TOKENS;
		options.length_penalty = penalties[round];
		desk_run_all(desk, &tiny, &options);
		for (int i = 0; i < desk->wanted; i++) {
			const struct outcome *o = &desk->outcomes[i];
			struct tiny_prompt *p = &desk->prompts[i];
			double best =
				best_score(&tiny, p, p->ids, p->count, 0, options.length_penalty);

			assert_true(fabs(o->answers[0].score - best) < 1e-9);
			for (int k = 1; k < o->count; k++)
				assert_true(o->answers[k - 1].score >= o->answers[k].score);
		}
		desk_free(desk);
		tiny_model_free(&tiny);
	}
	ops->free(ops);
}

/* What a few beams find: each answer's score and log probabilities are those of its ids, no two answers
 * are the same, and none is better than the best there is. */
static void test_few_beams(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *desk = desk_new(&rng, &tiny.config, REQUESTS);
	struct decode_options options = desk_options(4);
	static double logits[TINY_POSITIONS * VOCAB];

	(void)state;
	options.beams = 3;
	desk_run_all(desk, &tiny, &options);
	for (int i = 0; i < REQUESTS; i++) {
		const struct outcome *o = &desk->outcomes[i];
		struct tiny_prompt *p = &desk->prompts[i];

		assert_in_range(o->count, 1, 3);
		for (int k = 0; k < o->count; k++) {
			const struct answer *a = &o->answers[k];
			double sum = 0;

			memcpy(p->ids + p->count, a->ids, a->count * sizeof(*a->ids));
			tiny_forward(&tiny, p->pixels, p->ids, p->count + (int)a->count, logits);
			for (size_t t = 0; t < a->count; t++) {
				const double *row = logits + ((size_t)p->count - 1 + t) * VOCAB;

				sum += row[a->ids[t]] - log_sum(row, VOCAB);
			}
			assert_true(fabs(a->log_prob - sum) < 1e-9);
			assert_true(fabs(a->score - sum / (double)a->count) < 1e-9);
			for (int other = 0; other < k; other++)
				assert_true(o->answers[other].count != a->count ||
					    memcmp(o->answers[other].ids, a->ids,
						   a->count * sizeof(*a->ids)) != 0);
		}
	}
	desk_free(desk);
	tiny_model_free(&tiny);
	ops->free(ops);
}

/* --- sampling ------------------------------------------------------------------------------- */

/* First tokens of many requests, which differ in their number alone. 11 degrees of freedom: chi-square
 * exceeds 11 + 10 sqrt(2 * 11) = 58 once in ten million. */
static void test_sampling(void **state)
{
	enum { TIMES = 200 };
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *desk = desk_new(&rng, &tiny.config, REQUESTS);
	struct decode_options options = desk_options(REQUESTS);
	static double logits[TINY_POSITIONS * VOCAB];
	struct tiny_prompt first = desk->prompts[0];
	const double *last = logits + (size_t)(first.count - 1) * VOCAB;
	double scaled[VOCAB], chi = 0;
	int counts[VOCAB] = {0};

	(void)state;
	tiny_forward(&tiny, first.pixels, first.ids, first.count, logits);
	options.temperature = 2;
	options.tokens = 1;
	for (int i = 1; i < REQUESTS; i++) {
		tiny_prompt_free(&desk->prompts[i]);
		desk->prompts[i] = first;
	}
	for (int i = 0; i < TIMES; i++) {
		options.seed = rng_u32(&rng);
		desk_run_all(desk, &tiny, &options);
		for (int k = 0; k < REQUESTS; k++)
			counts[desk->outcomes[k].answers[0].ids[0]]++;
	}
	for (int v = 0; v < VOCAB; v++)
		scaled[v] = v == tiny.config.image ? -1e9 : last[v] / 2;
	for (int v = 0; v < VOCAB; v++) {
		double want = TIMES * REQUESTS * exp(scaled[v] - log_sum(scaled, VOCAB));

		chi += pow(counts[v] - want, 2) / fmax(want, 1);
	}
	if (!(chi < 58))
		fail_msg("chi-square %g", chi);
	tiny_prompt_free(&first);
	free(desk);
	tiny_model_free(&tiny);
	ops->free(ops);
}

/* --- batches -------------------------------------------------------------------------------- */

static void assert_same(const struct desk *a, const struct desk *b)
{
	for (int i = 0; i < REQUESTS; i++) {
		assert_int_equal(a->outcomes[i].count, b->outcomes[i].count);
		for (int k = 0; k < a->outcomes[i].count; k++)
			assert_memory_equal(&a->outcomes[i].answers[k], &b->outcomes[i].answers[k],
					    sizeof(struct answer));
	}
}

/* One after the other, and in batches that others leave and enter, with room for all of them or hardly
 * for one: the same bits. */
static void check_batches(struct ops *ops, const struct decode_options *how)
{
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *alone = desk_new(&rng, &tiny.config, REQUESTS), *many;
	struct decode_options options = *how;
	struct decode_limits scarce;
	struct err err = {0};

	options.batch = 1;
	desk_run_all(alone, &tiny, &options);
	many = mem_alloc(1, sizeof(*many));
	*many = *alone;
	options.batch = 6;
	desk_run_all(many, &tiny, &options);
	assert_same(alone, many);
	scarce = decode_limits_for(&tiny.config, &options);
	scarce.prompts = 2;
	scarce.rows = TINY_POSITIONS + (size_t)(options.beams * options.tokens);
	assert_int_equal(desk_run(many, &tiny, NULL, &options, &scarce, &err), 0);
	assert_same(alone, many);
	options.gather = 4; /* who enters waits for others */
	options.prompts = 3;
	desk_run_all(many, &tiny, &options);
	assert_same(alone, many);
	assert_int_equal(desk_run(many, &tiny, NULL, &options, &scarce, &err), 0);
	assert_same(alone, many);
	free(many);
	desk_free(alone);
	tiny_model_free(&tiny);
}

static void test_batches(void **state)
{
	static const enum dtype acts[] = {DTYPE_F32, DTYPE_BF16};
	int way = CPU_WAY_COUNT - 1;
	struct err err = {0};

	(void)state;
	while (!cpu_way_works((enum cpu_way)way))
		way--;
	for (int i = 0; i < 2; i++) {
		struct ops *ops = ops_cpu_new_as(2, acts[i], (enum cpu_way)way, &err);
		struct decode_options options = desk_options(1);

		assert_non_null(ops);
		check_batches(ops, &options);
		options.beams = 4;
		check_batches(ops, &options);
		options.beams = 1;
		options.temperature = 1.5;
		options.top_k = 9;
		options.top_p = 0.9;
		options.repetition_penalty = 1.2;
		check_batches(ops, &options);
		ops->free(ops);
	}
}

/* --- bounds --------------------------------------------------------------------------------- */

static void test_nothing(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *desk = desk_new(&rng, &tiny.config, 0);
	struct decode_options options = desk_options(3);

	(void)state;
	desk_run_all(desk, &tiny, &options);
	desk_free(desk);
	tiny_model_free(&tiny);
	ops->free(ops);
}

/* A prompt that leaves room for three tokens; one that leaves none. */
static void test_positions(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *desk = desk_new(&rng, &tiny.config, 1);
	struct decode_options options = desk_options(3);
	int images = model_image_tokens(&tiny.config);
	struct err err = {0};

	(void)state;
	tiny_prompt_free(&desk->prompts[0]);
	desk->prompts[0] = tiny_prompt_new(&rng, &tiny.config, TINY_POSITIONS - 4 - images);
	desk_run_all(desk, &tiny, &options);
	assert_in_range(desk->outcomes[0].answers[0].count, 1, 3);
	tiny_prompt_free(&desk->prompts[0]);
	desk->prompts[0] = tiny_prompt_new(&rng, &tiny.config, TINY_POSITIONS - 1 - images);
	assert_int_equal(desk_run(desk, &tiny, NULL, &options, NULL, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg,
			    "drawing 0: a prompt of 64 tokens; the model has 64 positions");
	desk_free(desk);
	tiny_model_free(&tiny);
	ops->free(ops);
}

/* Whoever stops is heard, and nothing stays behind. */
static void test_errors(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *desk = desk_new(&rng, &tiny.config, REQUESTS);
	struct decode_options options = desk_options(3);
	struct err err = {0};

	(void)state;
	options.beams = 2;
	desk->fail_at = 7;
	assert_int_equal(desk_run(desk, &tiny, NULL, &options, NULL, &err), -1);
	assert_string_equal(err.msg, "no picture");
	desk->fail_at = -1;
	desk->fail_done = 4;
	assert_int_equal(desk_run(desk, &tiny, NULL, &options, NULL, &err), -1);
	assert_string_equal(err.msg, "enough");
	assert_int_equal(err.code, ERR_INTERRUPTED);
	desk_free(desk);
	tiny_model_free(&tiny);
	ops->free(ops);
}

static void assert_refused(struct decode_model *model, struct decode_options options,
			   enum err_code code, const char *message)
{
	struct err err = {0};

	assert_null(decoder_new(model, NULL, &options, &err));
	assert_int_equal(err.code, code);
	assert_string_equal(err.msg, message);
}

static void test_options(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct decode_options good = desk_options(3), o;
	struct decode_limits limits = decode_limits_for(&tiny.config, &good);
	struct decode_model *model = tiny_decode_model(&tiny, &limits);

	(void)state;
#define REFUSED(member, value, code, message)                                                      \
	o = good;                                                                                  \
	o.member = value;                                                                          \
	assert_refused(model, o, code, message);
	REFUSED(batch, 0, ERR_USAGE, "0 drawings at once, 12 tokens: both must be 1 or more")
	REFUSED(gather, 4, ERR_USAGE,
		"8 go in together, 4 wait for each other: both must be 1 or more, and no more than "
		"3 at "
		"once wait")
	REFUSED(prompts, 0, ERR_USAGE,
		"0 go in together, 1 wait for each other: both must be 1 or more, and no more than "
		"3 at "
		"once wait")
	REFUSED(tokens, 0, ERR_USAGE, "3 drawings at once, 0 tokens: both must be 1 or more")
	REFUSED(beams, 0, ERR_USAGE, "0 beams: there can be 1 to 64")
	REFUSED(beams, 65, ERR_USAGE, "65 beams: there can be 1 to 64")
	REFUSED(length_penalty, NAN, ERR_USAGE, "the length penalty is no number")
	REFUSED(temperature, -1, ERR_USAGE, "temperature -1: it must be 0 or more")
	REFUSED(top_k, -1, ERR_USAGE, "top-k -1: it must be 0 or more")
	REFUSED(top_p, 0, ERR_USAGE, "top-p 0: it must be above 0 and up to 1")
	REFUSED(repetition_penalty, 0, ERR_USAGE, "repetition penalty 0: it must be above 0")
	REFUSED(beams, 2, ERR_LIMIT,
		"3 drawings of 2 beams at once; the model has room for 3 sequences")
	good.temperature = 0.5;
	REFUSED(beams, 2, ERR_USAGE, "2 beams and temperature 0.5: beams are not drawn")
#undef REFUSED
	decode_model_free(model);
	tiny_model_free(&tiny);
	ops->free(ops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_greedy),    cmocka_unit_test(test_beams),
		cmocka_unit_test(test_few_beams), cmocka_unit_test(test_sampling),
		cmocka_unit_test(test_batches),   cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_positions), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_options),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "decode", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
