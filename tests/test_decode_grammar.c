/* SPDX-License-Identifier: MIT */
/*
 * decode_grammar: a decoder held to a grammar says programs, whichever way the tokens are chosen, and nothing that is
 * impossible unless nothing else can be said. CADGEN_TEST_SEED repeats a run.
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
#include "formats/model/vocab_files.h"
#include "formats/program/program.h"
#include "formats/program/program_grammar.h"
#include "tests/decode_desk.h"
#include "tests/random_shapes.h"
#include "tokenizer/bpe_train.h"

static struct rng rng;

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
	struct desk *desk = desk_new(&rng, &tiny->config, REQUESTS);
	struct arena arena = {0};
	struct err err = {0};

	assert_int_equal(desk_run(desk, tiny, tokenizer, options, NULL, &err), 0);
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
	struct desk *desk = desk_new(&rng, &tiny->config, REQUESTS);
	struct outcome *chosen = mem_alloc(REQUESTS, sizeof(*chosen));
	struct err err = {0};

	options.repetition_penalty = 1;
	assert_int_equal(desk_run(desk, tiny, tokenizer, &options, NULL, &err), 0);
	memcpy(chosen, desk->outcomes, REQUESTS * sizeof(*chosen));
	options.repetition_penalty = 1 + DBL_EPSILON;
	assert_int_equal(desk_run(desk, tiny, tokenizer, &options, NULL, &err), 0);
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
	struct decode_options options = desk_options(5);
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
	struct desk *desk = desk_new(&rng, &tiny.config, REQUESTS);

	options.grammar = table;
	assert_int_equal(desk_run(desk, &tiny, tokenizer, &options, NULL, &err), 0);
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
	struct decode_options options = desk_options(2);
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
	struct decode_options options = desk_options(2), drawn = options, beams = options;

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_small_grammar),
		cmocka_unit_test(test_possible),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "decode grammar", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
