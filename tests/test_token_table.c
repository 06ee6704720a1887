/* SPDX-License-Identifier: MIT */
/*
 * token_table: against brute force over all tokens; random walks through what is allowed, which must
 * end in programs; and random programs in random tokens, each of which must be allowed.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "formats/program/program.h"
#include "tests/extent.h"
#include "tests/program_texts.h"
#include "tests/random_programs.h"
#include "tests/random_shapes.h"
#include "tests/recogniser.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/token_table.h"
#include "tokenizer/tokenizer.h"

enum { TOKENS = 2048, SPECIAL = 4, END = 1, PIECE_BYTES_MAX = 16, RULES = LANGUAGE_COUNT_ + 1 };

static uint64_t seed;
static struct gbnf *grammar;
static struct automaton *automata[RULES];
static struct recogniser *recognisers[RULES];

static const char *rule_name(int rule)
{
	return rule < LANGUAGE_COUNT_ ? language_names[rule] : "root";
}

/* A program of the language, or of any for the last rule. */
static enum language random_text(struct rng *rng, int rule, int most, struct arena *arena,
				 struct buf *text)
{
	for (;;) {
		int language = rule < LANGUAGE_COUNT_ ? rule : (int)rng_below(rng, LANGUAGE_COUNT_);
		enum family family = (enum family)rng_below(rng, FAMILY_COUNT_);
		struct program program;

		if (!language_fits((enum language)language, family))
			continue;
		program = random_program(rng, family, most, arena);
		buf_clear(text);
		program_write(&program, (enum language)language, text);
		return (enum language)language;
	}
}

/* Special tokens without bytes, END among them, all single bytes, then pieces of programs of the rule,
 * some of them twice or changed so that no program has them. */
struct vocabulary {
	struct token_bytes tokens[TOKENS];
	struct arena arena;
};

static struct token_bytes token_copy(struct arena *arena, const char *bytes, size_t len)
{
	const char *copy = arena_strndup(arena, bytes, len);

	return (struct token_bytes){(const uint8_t *)copy, (uint32_t)len};
}

static struct token_bytes random_piece(struct rng *rng, int rule, struct arena *arena,
				       struct buf *text)
{
	struct arena scratch = {0};
	size_t at, len;

	random_text(rng, rule, 6, &scratch, text);
	at = rng_below(rng, (uint32_t)text->len);
	len = (size_t)rng_range(rng, 2, PIECE_BYTES_MAX);
	if (len > text->len - at)
		len = text->len - at;
	if (rng_chance(rng, 0.1))
		text->data[at + rng_below(rng, (uint32_t)len)] = (char)rng_below(rng, 256);
	arena_free(&scratch);
	return token_copy(arena, text->data + at, len);
}

static void fill_vocabulary(struct vocabulary *v, struct rng *rng, int rule)
{
	struct buf text = {0};

	for (int i = 0; i < TOKENS; i++) {
		char byte = (char)(i - SPECIAL);

		if (i < SPECIAL)
			v->tokens[i] = (struct token_bytes){0};
		else if (i < SPECIAL + 256)
			v->tokens[i] = token_copy(&v->arena, &byte, 1);
		else if (rng_chance(rng, 0.02))
			v->tokens[i] = v->tokens[rng_below(rng, (uint32_t)i)];
		else
			v->tokens[i] = random_piece(rng, rule, &v->arena, &text);
	}
	buf_free(&text);
}

static struct vocabulary *vocabulary_new(struct rng *rng, int rule)
{
	struct vocabulary *v = mem_alloc(1, sizeof(*v));

	fill_vocabulary(v, rng, rule);
	return v;
}

static void vocabulary_free(struct vocabulary *v)
{
	arena_free(&v->arena);
	free(v);
}

static struct token_table *table_of(const struct automaton *a, const struct vocabulary *v)
{
	struct err err = {0};
	struct token_table *t = token_table_new(a, v->tokens, TOKENS, END, &err);

	if (!t)
		fail_msg("%s", err.msg);
	return t;
}

/* The states from which an accepting one is reached: all, but here that is not taken for granted. */
static bool *states_alive(const struct automaton *a)
{
	bool *alive = mem_alloc((size_t)a->state_count, 1), changed = true;

	memcpy(alive, a->accepting, (size_t)a->state_count);
	while (changed) {
		changed = false;
		for (int i = a->state_count * a->class_count - 1; i >= 0; i--) {
			int from = i / a->class_count, to = a->next[i];

			changed |= to >= 0 && alive[to] && !alive[from];
			alive[from] |= to >= 0 && alive[to];
		}
	}
	return alive;
}

static int walk_token(const struct automaton *a, int state, const struct token_bytes *token)
{
	for (uint32_t i = 0; i < token->len && state >= 0; i++)
		state = automaton_next(a, state, token->data[i]);
	return token->len > 0 ? state : -1;
}

static void check_state(const struct automaton *a, const struct vocabulary *v,
			const struct token_table *t, const bool *alive, int state)
{
	const uint64_t *allowed = token_table_allowed(t, state);
	int count = 0;

	for (int token = 0; token < TOKENS; token++) {
		int next = walk_token(a, state, &v->tokens[token]);
		bool expected = next >= 0 && alive[next];

		if (token == END) {
			expected = a->accepting[state];
			next = -1;
		}
		if (token_is_in(allowed, token) != expected)
			fail_msg("state %d, token %d", state, token);
		assert_int_equal(token_table_next(t, state, token), next);
		count += expected;
	}
	assert_true(count > 0);
}

static void test_brute_force(void **state)
{
	struct rng rng = rng_seed(seed, 1);

	(void)state;
	for (int rule = 0; rule < RULES; rule++) {
		const struct automaton *a = automata[rule];
		struct vocabulary *v = vocabulary_new(&rng, rule);
		struct token_table *t = table_of(a, v);
		bool *alive = states_alive(a);

		printf("# %s: %d states, %d sets, %zu KiB\n", rule_name(rule), a->state_count,
		       token_table_sets(t), token_table_bytes(t) >> 10);
		for (int s = 0; s < a->state_count; s += 1 + (int)rng_below(&rng, 7))
			check_state(a, v, t, alive, s);
		free(alive);
		token_table_free(t);
		vocabulary_free(v);
	}
}

/* Any of the allowed tokens, the end as soon as it is one of them and the text is long enough. */
static int random_allowed(struct rng *rng, const uint64_t *allowed, bool enough)
{
	int token;

	if (enough && token_is_in(allowed, END))
		return END;
	do
		token = (int)rng_below(rng, TOKENS);
	while (!token_is_in(allowed, token));
	return token;
}

/* The text of a random walk from the start to the end. */
static void random_walk(struct rng *rng, const struct token_table *t, const struct vocabulary *v,
			struct buf *text)
{
	size_t enough = rng_below(rng, 600);

	buf_clear(text);
	for (int state = 0;;) {
		const uint64_t *allowed = token_table_allowed(t, state);
		int token = random_allowed(rng, allowed, text->len >= enough);

		if (token == END)
			return;
		buf_bytes(text, v->tokens[token].data, v->tokens[token].len);
		state = token_table_next(t, state, token);
		assert_true(state >= 0);
	}
}

/* 1 where the program is read and written as it was, 0 where its geometry is refused. */
static int read_program(const struct buf *text, enum language language, struct arena *arena)
{
	struct program program;
	struct err err = {0};
	struct buf again = {0};

	if (program_parse(&program, language, "walk", text->data, text->len, arena, &err) < 0) {
		if (!program_is_beyond_grammar(err.msg))
			fail_msg("%s: %s", err.msg, text->data);
		return 0;
	}
	program_write(&program, language, &again);
	if (!program_is_same(again.data, text->data, language))
		fail_msg("%s is written as %s", text->data, again.data);
	buf_free(&again);
	return 1;
}

static void test_random_walks(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct arena arena = {0};
	struct buf text = {0};

	(void)state;
	for (int rule = 0; rule < RULES; rule++) {
		struct vocabulary *v = vocabulary_new(&rng, rule);
		struct token_table *t = table_of(automata[rule], v);
		int read = 0, walks = 300;

		for (int i = 0; i < walks; i++) {
			random_walk(&rng, t, v, &text);
			if (!recogniser_accepts(recognisers[rule], text.data, text.len))
				fail_msg("not in the grammar: %s", text.data);
			if (rule < LANGUAGE_COUNT_)
				read += read_program(&text, (enum language)rule, &arena);
			arena_reset(&arena);
		}
		if (rule < LANGUAGE_COUNT_)
			printf("# %s: of %d walks %d are programs, the others fail in what no "
			       "grammar "
			       "says\n",
			       rule_name(rule), walks, read);
		token_table_free(t);
		vocabulary_free(v);
	}
	buf_free(&text);
	arena_free(&arena);
}

/* A random one of the tokens that the text begins with. */
static int random_prefix(struct rng *rng, const struct vocabulary *v, const char *text, size_t len)
{
	int found = -1, seen = 0;

	for (int token = 0; token < TOKENS; token++) {
		const struct token_bytes *b = &v->tokens[token];

		if (b->len == 0 || b->len > len || memcmp(b->data, text, b->len) != 0)
			continue;
		if (rng_below(rng, (uint32_t)++seen) == 0)
			found = token;
	}
	return found;
}

static void check_program(struct rng *rng, const struct token_table *t, const struct vocabulary *v,
			  const struct buf *text)
{
	size_t at = 0;
	int state = 0;

	while (at < text->len) {
		int token = random_prefix(rng, v, text->data + at, text->len - at);

		if (!token_is_in(token_table_allowed(t, state), token))
			fail_msg("token %d is not allowed at byte %zu of %s", token, at,
				 text->data);
		state = token_table_next(t, state, token);
		at += v->tokens[token].len;
	}
	if (!token_is_in(token_table_allowed(t, state), END))
		fail_msg("no end behind %s", text->data);
}

static void test_random_programs(void **state)
{
	struct rng rng = rng_seed(seed, 3);
	struct arena arena = {0};
	struct buf text = {0};

	(void)state;
	for (int rule = 0; rule < RULES; rule++) {
		struct vocabulary *v = vocabulary_new(&rng, rule);
		struct token_table *t = table_of(automata[rule], v);

		for (int i = 0; i < extent(200, 60); i++) {
			random_text(&rng, rule, 6, &arena, &text);
			check_program(&rng, t, v, &text);
			arena_reset(&arena);
		}
		token_table_free(t);
		vocabulary_free(v);
	}
	buf_free(&text);
	arena_free(&arena);
}

static struct token_bytes token(const char *text)
{
	return (struct token_bytes){(const uint8_t *)text, (uint32_t)strlen(text)};
}

static struct automaton *small_automaton(const char *rules)
{
	struct err err = {0};
	struct gbnf *g = gbnf_parse("small", rules, strlen(rules), &err);
	struct automaton *a = automaton_from_gbnf(g, "root", &err);

	gbnf_free(g);
	return a;
}

static uint64_t small_set(const struct token_table *t, int state)
{
	return token_table_allowed(t, state)[0];
}

/* "ab" over a, b, ab, ba, abc, special, ab once more, the end. */
static void test_small(void **state)
{
	struct token_bytes tokens[] = {token("a"),   token("b"), token("ab"), token("ba"),
				       token("abc"), token(""),  token("ab"), token("ab")};
	struct automaton *a = small_automaton("root ::= \"ab\"*");
	struct err err = {0};
	struct token_table *t = token_table_new(a, tokens, 8, 7, &err);
	int behind_a = token_table_next(t, 0, 0);

	(void)state;
	assert_int_equal(small_set(t, 0), 0xc5);
	assert_int_equal(small_set(t, behind_a), 0x0a);
	assert_int_equal(token_table_next(t, 0, 2), 0);
	assert_int_equal(token_table_next(t, 0, 6), 0);
	assert_int_equal(token_table_next(t, behind_a, 3), behind_a);
	assert_int_equal(token_table_next(t, 0, 1), -1);
	assert_int_equal(token_table_next(t, 0, 4), -1);
	assert_int_equal(token_table_next(t, 0, 5), -1);
	assert_int_equal(token_table_next(t, 0, 7), -1);
	token_table_free(t);
	token_table_free(NULL);
	automaton_free(a);
}

/* Five states; a, and a alone, is allowed behind x and behind the first a. */
static void test_equal_sets_are_one(void **state)
{
	struct token_bytes tokens[] = {token("a"), token("x"), token("y"), token("")};
	struct automaton *a = small_automaton("root ::= \"xaay\"");
	struct token_table *t = token_table_new(a, tokens, 4, 3, NULL);

	(void)state;
	assert_int_equal(a->state_count, 5);
	assert_int_equal(token_table_sets(t), 4);
	assert_ptr_equal(token_table_allowed(t, 1), token_table_allowed(t, 2));
	assert_true(token_table_bytes(t) > 4 * sizeof(uint64_t));
	token_table_free(t);
	automaton_free(a);
}

/* A byte that is only part of longer tokens, or is the end, leaves dead ends. */
static void test_refuses_missing_bytes(void **state)
{
	struct token_bytes tokens[] = {token("a"), token("ab"), token("b")};
	struct automaton *a = small_automaton("root ::= \"ab\"");
	struct err err = {0};

	(void)state;
	assert_null(token_table_new(a, tokens, 3, 2, &err));
	assert_string_equal(err.msg, "the vocabulary has no token of the one byte 0x62, which "
				     "programs need");
	assert_int_equal(err.code, ERR_FORMAT);
	assert_null(token_table_new(a, tokens, 2, 1, &err));
	automaton_free(a);
}

/* Special tokens make each set a 1024th of the bound. */
static void test_refuses_too_much(void **state)
{
	int count = (int)(TOKEN_TABLE_BYTES_MAX / 1024 * 8);
	struct token_bytes *tokens = mem_alloc((size_t)count, sizeof(*tokens));
	struct rng rng = rng_seed(seed, 4);
	struct vocabulary *v = vocabulary_new(&rng, LANGUAGE_COUNT_);
	struct err err = {0};

	(void)state;
	memcpy(tokens, v->tokens, sizeof(v->tokens));
	assert_null(token_table_new(automata[LANGUAGE_COUNT_], tokens, count, END, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "the sets of allowed tokens exceed 128 MiB");
	vocabulary_free(v);
	free(tokens);
}

/* Of a trained vocabulary: special tokens are never allowed but the end, what the tokenizer makes of a
 * program always is. */
static void test_trained_vocabulary(void **state)
{
	static const enum split splits[] = {SPLIT_DIGITS, SPLIT_GPT2};
	static const char *const special[] = {"<s>", "</s>", "30", NULL};
	static const char text[] = "circle(x=30,y=5,r=5); circle(x=30,y=5,r=5)";
	const struct bpe_settings settings = {300, 1, special, NULL};
	struct bpe_trainer *trainer = bpe_trainer_new(splits, 2);
	struct token_cache *cache = token_cache_new();
	struct tokens tokens = {0};
	struct tokenizer *tokenizer;
	struct token_table *table;
	struct err err = {0};
	int at = 0;

	(void)state;
	bpe_trainer_add(trainer, text, sizeof(text) - 1);
	tokenizer = tokenizer_new(bpe_trainer_run(trainer, &settings, &err));
	table = token_table_from_vocab(automata[LANGUAGE_CALLS], tokenizer_vocab(tokenizer), 1,
				       &err);
	assert_non_null(table);
	tokens_from_text(tokenizer, cache, text, sizeof(text) - 1, TOKENS_PLAIN, &tokens);
	for (size_t i = 0; i < tokens.count; i++) {
		assert_true(token_is_in(token_table_allowed(table, at), (int)tokens.ids[i]));
		assert_int_equal(token_table_next(table, at, 0), -1);
		assert_int_equal(token_table_next(table, at, 2), -1);
		at = token_table_next(table, at, (int)tokens.ids[i]);
	}
	assert_true(token_is_in(token_table_allowed(table, at), 1));
	token_table_free(table);
	tokens_free(&tokens);
	token_cache_free(cache);
	tokenizer_free(tokenizer);
	bpe_trainer_free(trainer);
}

static int make_automata(void **state)
{
	struct err err = {0};

	(void)state;
	grammar = gbnf_read(source_file("formats/program/program.gbnf"), &err);
	for (int rule = 0; grammar && rule < RULES; rule++) {
		automata[rule] = automaton_from_gbnf(grammar, rule_name(rule), &err);
		recognisers[rule] = recogniser_new(grammar, rule_name(rule));
	}
	if (err.code != ERR_NONE)
		printf("# %s\n", err.msg);
	return err.code == ERR_NONE ? 0 : -1;
}

static int free_automata(void **state)
{
	(void)state;
	for (int rule = 0; rule < RULES; rule++) {
		automaton_free(automata[rule]);
		recogniser_free(recognisers[rule]);
	}
	gbnf_free(grammar);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_equal_sets_are_one),
		cmocka_unit_test(test_refuses_missing_bytes),
		cmocka_unit_test(test_refuses_too_much),
		cmocka_unit_test(test_trained_vocabulary),
		cmocka_unit_test(test_brute_force),
		cmocka_unit_test(test_random_walks),
		cmocka_unit_test(test_random_programs),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, make_automata, free_automata);
}
