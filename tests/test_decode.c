/* SPDX-License-Identifier: MIT */
/*
 * decode: greedy against a loop that runs the whole model for each token; beams against all answers
 * there are; sampling against the softmax; the same results whatever the batch; programs under the
 * grammar; bounds and errors. CADGEN_TEST_SEED repeats a run.
 */
#include <config.h>

#include <float.h>
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
#include "formats/program.h"
#include "formats/program_grammar.h"
#include "formats/vocab_files.h"
#include "tests/random_shapes.h"
#include "tests/tiny_models.h"
#include "tokenizer/bpe_train.h"
#include "trainer/decode/decode.h"
#include "trainer/ops/ops_cpu.h"

#define VOCAB 13
#define REQUESTS 15
#define TOKENS 12
#define ANSWERS 64

static struct rng rng;

/* --- requests and what comes back ----------------------------------------------------------- */

struct answer {
	int32_t ids[TINY_POSITIONS];
	double log_probs[TINY_POSITIONS], log_prob, score;
	size_t count;
	bool ended;
	char text[400];
};

struct outcome {
	struct answer answers[ANSWERS];
	int count, times;
};

/* Hands out prompts; counts and keeps what comes back. */
struct desk {
	struct tiny_prompt prompts[REQUESTS];
	struct outcome outcomes[REQUESTS];
	int wanted, asked;
	int fail_at, fail_done; /* a number of a request, or -1 */
};

static int next(void *ctx, struct decode_request *out, struct err *err)
{
	struct desk *desk = ctx;
	const struct tiny_prompt *p = &desk->prompts[desk->asked];

	if (desk->asked == desk->fail_at)
		return err_set(err, ERR_IO, "no picture");
	if (desk->asked == desk->wanted)
		return 0;
	*out = (struct decode_request){(uint64_t)desk->asked++, p->pixels, p->ids,
				       (size_t)p->count};
	return 1;
}

static int done(void *ctx, const struct decode_result *result, struct err *err)
{
	struct desk *desk = ctx;
	struct outcome *o = &desk->outcomes[result->number];

	if ((int)result->number == desk->fail_done)
		return err_set(err, ERR_INTERRUPTED, "enough");
	o->times++;
	o->count = result->count;
	for (int i = 0; i < result->count; i++) {
		const struct decode_answer *a = &result->answers[i];
		struct answer *to = &o->answers[i];

		memcpy(to->ids, a->ids, a->count * sizeof(*to->ids));
		memcpy(to->log_probs, a->log_probs, a->count * sizeof(*to->log_probs));
		to->log_prob = a->log_prob;
		to->score = a->score;
		to->count = a->count;
		to->ended = a->ended;
		assert_true(a->text_len < sizeof(to->text) && !a->text[a->text_len]);
		memcpy(to->text, a->text, a->text_len + 1);
	}
	return 0;
}

static struct desk *desk_new(const struct model_config *config, int wanted)
{
	struct desk *desk = mem_alloc(1, sizeof(*desk));

	desk->wanted = wanted;
	desk->fail_at = desk->fail_done = -1;
	for (int i = 0; i < REQUESTS; i++)
		desk->prompts[i] = tiny_prompt_new(&rng, config, (int)rng_below(&rng, 9));
	return desk;
}

static void desk_free(struct desk *desk)
{
	for (int i = 0; i < REQUESTS; i++)
		tiny_prompt_free(&desk->prompts[i]);
	free(desk);
}

static int run(struct tiny_model *tiny, struct desk *desk, const struct tokenizer *tokenizer,
	       const struct decode_options *options, const struct decode_limits *limits,
	       struct err *err)
{
	struct decode_limits all = decode_limits_for(&tiny->config, options);
	struct decode_model *model = tiny_decode_model(tiny, limits ? limits : &all);
	size_t rows = decode_model_rows_left(model);
	struct decoder *decoder = decoder_new(model, tokenizer, options, err);
	int rc;

	assert_non_null(decoder);
	desk->asked = 0;
	memset(desk->outcomes, 0, sizeof(desk->outcomes));
	rc = decoder_run(decoder, &(struct decode_io){desk, next, done}, err);
	assert_int_equal(decode_model_rows_left(model), rows);
	decoder_free(decoder);
	decode_model_free(model);
	return rc;
}

static void run_all(struct tiny_model *tiny, struct desk *desk,
		    const struct decode_options *options)
{
	struct err err = {0};

	if (run(tiny, desk, NULL, options, NULL, &err) < 0)
		fail_msg("%s", err.msg);
	for (int i = 0; i < REQUESTS; i++)
		assert_int_equal(desk->outcomes[i].times, i < desk->wanted);
}

static struct decode_options some_options(int batch)
{
	struct decode_options options = DECODE_OPTIONS;

	options.batch = batch;
	options.tokens = TOKENS;
	options.seed = 5;
	return options;
}

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
		struct desk *desk = desk_new(&tiny.config, REQUESTS);
		struct decode_options options = some_options(4);

		options.repetition_penalty = round % 2 ? 1.3 : 1;
		run_all(&tiny, desk, &options);
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
		struct decode_options options = some_options(2);

		desk->wanted = 3;
		desk->fail_at = desk->fail_done = -1;
		for (int i = 0; i < REQUESTS; i++)
			desk->prompts[i] = tiny_prompt_new(&rng, &tiny.config, 0);
		options.beams = 64;
		options.tokens = FEW_TOKENS;
		options.length_penalty = penalties[round];
		run_all(&tiny, desk, &options);
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
	struct desk *desk = desk_new(&tiny.config, REQUESTS);
	struct decode_options options = some_options(4);
	static double logits[TINY_POSITIONS * VOCAB];

	(void)state;
	options.beams = 3;
	run_all(&tiny, desk, &options);
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
	struct desk *desk = desk_new(&tiny.config, REQUESTS);
	struct decode_options options = some_options(REQUESTS);
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
		run_all(&tiny, desk, &options);
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
	struct desk *alone = desk_new(&tiny.config, REQUESTS), *many;
	struct decode_options options = *how;
	struct decode_limits scarce;
	struct err err = {0};

	options.batch = 1;
	run_all(&tiny, alone, &options);
	many = mem_alloc(1, sizeof(*many));
	*many = *alone;
	options.batch = 6;
	run_all(&tiny, many, &options);
	assert_same(alone, many);
	scarce = decode_limits_for(&tiny.config, &options);
	scarce.prompts = 2;
	scarce.rows = TINY_POSITIONS + (size_t)(options.beams * options.tokens);
	assert_int_equal(run(&tiny, many, NULL, &options, &scarce, &err), 0);
	assert_same(alone, many);
	options.gather = 4; /* who enters waits for others */
	options.prompts = 3;
	run_all(&tiny, many, &options);
	assert_same(alone, many);
	assert_int_equal(run(&tiny, many, NULL, &options, &scarce, &err), 0);
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
		struct decode_options options = some_options(1);

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

/* --- grammar -------------------------------------------------------------------------------- */

static struct tokenizer *small_tokenizer(void)
{
	static const char text[] = "circle(x=1,y=2,r=3); rectangle(x=1,y=2,width=3,height=4)";
	static const enum split splits[] = {SPLIT_DIGITS, SPLIT_GPT2};
	const struct bpe_settings settings = {300, 1, vocab_roles, "<s>"};
	struct bpe_trainer *trainer = bpe_trainer_new(splits, 2);
	struct tokenizer *tokenizer;

	bpe_trainer_add(trainer, text, sizeof(text) - 1);
	tokenizer = tokenizer_new(bpe_trainer_run(trainer, &settings, NULL));
	bpe_trainer_free(trainer);
	return tokenizer;
}

static void check_program(const struct automaton *automaton, const struct answer *a,
			  struct arena *arena)
{
	struct program program;
	struct err err = {0};
	int at = 0;

	for (const char *c = a->text; *c && at >= 0; c++)
		at = automaton_next(automaton, at, (uint8_t)*c);
	if (at < 0)
		fail_msg("no beginning of a program: %s", a->text);
	if (!a->ended)
		return;
	if (!automaton->accepting[at])
		fail_msg("no program: %s", a->text);
	/* what no grammar says of shapes may still be wrong, not the syntax */
	if (program_parse(&program, LANGUAGE_CALLS, "said", a->text, strlen(a->text), arena, &err) <
	    0)
		assert_true(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
}

static void check_grammar(struct tiny_model *tiny, const struct tokenizer *tokenizer,
			  const struct automaton *automaton, const struct decode_options *options)
{
	struct desk *desk = desk_new(&tiny->config, REQUESTS);
	struct arena arena = {0};
	struct err err = {0};

	assert_int_equal(run(tiny, desk, tokenizer, options, NULL, &err), 0);
	for (int i = 0; i < REQUESTS; i++)
		for (int k = 0; k < desk->outcomes[i].count; k++)
			check_program(automaton, &desk->outcomes[i].answers[k], &arena);
	arena_free(&arena);
	desk_free(desk);
}

static void assert_same_answer(const struct answer *a, const struct answer *b)
{
	assert_int_equal(a->count, b->count);
	assert_memory_equal(a->ids, b->ids, a->count * sizeof(*a->ids));
	assert_memory_equal(a->log_probs, b->log_probs, a->count * sizeof(*a->log_probs));
	assert_string_equal(a->text, b->text);
	assert_true(fabs(a->score - b->score) < 1e-9);
}

/* With a penalty that changes next to nothing all logits are looked at here; without, the likeliest alone come. */
static void check_choice(struct tiny_model *tiny, const struct tokenizer *tokenizer,
			 struct decode_options options)
{
	struct desk *desk = desk_new(&tiny->config, REQUESTS);
	struct outcome *chosen = mem_alloc(REQUESTS, sizeof(*chosen));
	struct err err = {0};

	options.repetition_penalty = 1;
	assert_int_equal(run(tiny, desk, tokenizer, &options, NULL, &err), 0);
	memcpy(chosen, desk->outcomes, REQUESTS * sizeof(*chosen));
	options.repetition_penalty = 1 + DBL_EPSILON;
	assert_int_equal(run(tiny, desk, tokenizer, &options, NULL, &err), 0);
	for (int i = 0; i < REQUESTS; i++) {
		assert_int_equal(chosen[i].count, desk->outcomes[i].count);
		for (int k = 0; k < chosen[i].count; k++)
			assert_same_answer(&chosen[i].answers[k], &desk->outcomes[i].answers[k]);
	}
	free(chosen);
	desk_free(desk);
}

static void test_grammar(void **state)
{
	struct ops *ops = ops_ref_new();
	struct err err = {0};
	struct gbnf *grammar =
		gbnf_parse("program.gbnf", program_grammar, strlen(program_grammar), &err);
	struct automaton *automaton = grammar ? automaton_from_gbnf(grammar, "calls", &err) : NULL;
	struct tokenizer *tokenizer = small_tokenizer();
	const struct vocab *vocab = tokenizer_vocab(tokenizer);
	/* more embeddings than tokens: these are never said */
	struct tiny_model tiny = tiny_model_new(&rng, ops, (int)vocab->token_count + 5);
	struct decode_options options = some_options(5);
	struct token_table *table;

	(void)state;
	if (!automaton)
		fail_msg("%s", err.msg);
	table = token_table_from_vocab(automaton, vocab, (uint32_t)tiny.config.eos, &err);
	assert_non_null(table);
	options.grammar = table;
	options.tokens = 30;
	check_grammar(&tiny, tokenizer, automaton, &options);
	check_choice(&tiny, tokenizer, options);
	options.temperature = 3;
	check_grammar(&tiny, tokenizer, automaton, &options);
	options.temperature = 0;
	options.beams = 3;
	check_grammar(&tiny, tokenizer, automaton, &options);
	check_choice(&tiny, tokenizer, options);
	options.repetition_penalty = 1.1;
	check_grammar(&tiny, tokenizer, automaton, &options);
	options.grammar = NULL;
	check_choice(&tiny, tokenizer, options);
	token_table_free(table);
	automaton_free(automaton);
	gbnf_free(grammar);
	tokenizer_free(tokenizer);
	tiny_model_free(&tiny);
	ops->free(ops);
}

/* Says with a grammar of some short texts; what comes out is in the desk. */
static struct desk *say_small(const char *text, struct decode_options options)
{
	struct ops *ops = ops_ref_new();
	struct err err = {0};
	struct gbnf *grammar = gbnf_parse("small", text, strlen(text), &err);
	struct automaton *automaton = automaton_from_gbnf(grammar, "root", &err);
	struct tokenizer *tokenizer = small_tokenizer();
	const struct vocab *vocab = tokenizer_vocab(tokenizer);
	struct tiny_model tiny = tiny_model_new(&rng, ops, (int)vocab->token_count);
	struct token_table *table =
		token_table_from_vocab(automaton, vocab, (uint32_t)tiny.config.eos, &err);
	struct desk *desk = desk_new(&tiny.config, REQUESTS);

	options.grammar = table;
	assert_int_equal(run(&tiny, desk, tokenizer, &options, NULL, &err), 0);
	token_table_free(table);
	automaton_free(automaton);
	gbnf_free(grammar);
	tokenizer_free(tokenizer);
	tiny_model_free(&tiny);
	ops->free(ops);
	return desk;
}

/* How often the request's answers, all of which end, are that text. */
static int count_said(const struct desk *desk, int request, const char *text)
{
	const struct outcome *o = &desk->outcomes[request];
	int count = 0;

	assert_true(o->count > 0);
	for (int k = 0; k < o->count; k++) {
		assert_true(o->answers[k].ended);
		count += strcmp(o->answers[k].text, text) == 0;
	}
	return count;
}

/* A grammar of two texts: both are found, and beams, for which there is nothing else, end. */
static void test_small_grammar(void **state)
{
	struct decode_options options = some_options(2);
	struct desk *desk;

	(void)state;
	options.beams = 40; /* more than there are ways to cut the texts into tokens */
	desk = say_small("root ::= \"circle\" | \"arc\"\n", options);
	for (int i = 0; i < REQUESTS; i++) {
		int circles = count_said(desk, i, "circle"), arcs = count_said(desk, i, "arc");

		assert_true(circles > 0 && arcs > 0);
		assert_int_equal(circles + arcs, desk->outcomes[i].count);
	}
	desk_free(desk);
}

/* What is asked for: a text that is possible; each that is asked about may end there. */
static bool is_wanted(void *ctx, const char *text, size_t len)
{
	const char *wanted = ctx;

	assert_true(len == 3 || len == 7);
	assert_memory_equal(text, len == 3 ? "arc" : "circle", len == 3 ? 3 : 6);
	return len == strlen(wanted) && memcmp(text, wanted, len) == 0;
}

/* All that is said with that grammar, `wanted` alone being possible; returns how many answers are not that. */
static int count_others(const char *grammar, const char *wanted, struct decode_options options)
{
	struct desk *desk;
	int others = 0;

	options.possible = is_wanted;
	options.possible_ctx = (void *)wanted;
	desk = say_small(grammar, options);
	for (int i = 0; i < REQUESTS; i++)
		others += desk->outcomes[i].count - count_said(desk, i, wanted);
	desk_free(desk);
	return others;
}

/* A digit can be another one, and beams can be others; where nothing else can be said, it is. */
static void test_possible(void **state)
{
	static const char digits[] = "root ::= \"circle\" [0-9]\n";
	static const char two[] = "root ::= \"circle7\" | \"arc\"\n", one[] = "root ::= \"arc\"\n";
	struct decode_options options = some_options(2), drawn = options, beams = options;

	(void)state;
	drawn.temperature = 2;
	drawn.top_k = 50;
	beams.beams = 40;
	assert_int_equal(count_others(digits, "circle7", options), 0);
	assert_int_equal(count_others(digits, "circle7", drawn), 0);
	assert_int_equal(count_others(digits, "circle7", beams), 0);
	assert_int_equal(count_others(two, "circle7", beams), 0);
	assert_int_equal(count_others(two, "arc", beams), 0);
	assert_int_equal(count_others(one, "circle7", options), REQUESTS);
	assert_true(count_others(one, "circle7", beams) >= REQUESTS);
}

/* --- bounds --------------------------------------------------------------------------------- */

static void test_nothing(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *desk = desk_new(&tiny.config, 0);
	struct decode_options options = some_options(3);

	(void)state;
	run_all(&tiny, desk, &options);
	desk_free(desk);
	tiny_model_free(&tiny);
	ops->free(ops);
}

/* A prompt that leaves room for three tokens; one that leaves none. */
static void test_positions(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct desk *desk = desk_new(&tiny.config, 1);
	struct decode_options options = some_options(3);
	int images = model_image_tokens(&tiny.config);
	struct err err = {0};

	(void)state;
	tiny_prompt_free(&desk->prompts[0]);
	desk->prompts[0] = tiny_prompt_new(&rng, &tiny.config, TINY_POSITIONS - 4 - images);
	run_all(&tiny, desk, &options);
	assert_in_range(desk->outcomes[0].answers[0].count, 1, 3);
	tiny_prompt_free(&desk->prompts[0]);
	desk->prompts[0] = tiny_prompt_new(&rng, &tiny.config, TINY_POSITIONS - 1 - images);
	assert_int_equal(run(&tiny, desk, NULL, &options, NULL, &err), -1);
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
	struct desk *desk = desk_new(&tiny.config, REQUESTS);
	struct decode_options options = some_options(3);
	struct err err = {0};

	(void)state;
	options.beams = 2;
	desk->fail_at = 7;
	assert_int_equal(run(&tiny, desk, NULL, &options, NULL, &err), -1);
	assert_string_equal(err.msg, "no picture");
	desk->fail_at = -1;
	desk->fail_done = 4;
	assert_int_equal(run(&tiny, desk, NULL, &options, NULL, &err), -1);
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
	struct decode_options good = some_options(3), o;
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
		cmocka_unit_test(test_batches),   cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_nothing),   cmocka_unit_test(test_small_grammar),
		cmocka_unit_test(test_positions), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_options),   cmocka_unit_test(test_possible),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "decode", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
