/* SPDX-License-Identifier: MIT */
/*
 * automaton: the language of the recogniser, on all short texts of small random grammars and on random
 * and mutated programs; no state too many, as a naive refinement counts them; and every refusal.
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

#include "base/buf.h"
#include "base/mem.h"
#include "formats/program/program.h"
#include "tests/program_texts.h"
#include "tests/random_programs.h"
#include "tests/random_shapes.h"
#include "tests/recogniser.h"
#include "tokenizer/automaton.h"
#include "tokenizer/nfa.h"

static uint64_t seed;
static struct gbnf *programs;

static struct gbnf *parse(const char *rules)
{
	struct err err = {0};
	struct gbnf *g = gbnf_parse("small", rules, strlen(rules), &err);

	if (!g)
		fail_msg("%s: %s", err.msg, rules);
	return g;
}

static struct automaton *automaton_of(const struct gbnf *g, const char *rule)
{
	struct err err = {0};
	struct automaton *a = automaton_from_gbnf(g, rule, &err);

	if (!a)
		fail_msg("%s", err.msg);
	return a;
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Gives each state a new mark, made of its own and those of the states behind it; how many differ. */
static int refine(const struct automaton *a, uint64_t *mark, uint64_t *made, uint64_t *sorted)
{
	size_t n = (size_t)a->state_count, classes = (size_t)a->class_count;
	int differ = 0;

	for (size_t s = 0; s < n; s++) {
		made[s] = rng_mix64(mark[s]);
		for (size_t c = 0; c < classes; c++) {
			int32_t next = a->next[s * classes + c];

			made[s] = rng_mix64(made[s] ^ (next < 0 ? 7 : mark[next]));
		}
	}
	memcpy(mark, made, n * sizeof(*mark));
	memcpy(sorted, made, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_u64);
	for (size_t s = 0; s < n; s++)
		differ += s == 0 || sorted[s] != sorted[s - 1];
	return differ;
}

/* Moore's refinement: in the end as many marks as there are kinds of states. */
static int count_kinds(const struct automaton *a)
{
	size_t n = (size_t)a->state_count;
	uint64_t *mark = mem_alloc(n, sizeof(*mark)), *made = mem_alloc(n, sizeof(*made));
	uint64_t *sorted = mem_alloc(n, sizeof(*sorted));
	int before = 0, kinds = 1;

	for (size_t s = 0; s < n; s++)
		mark[s] = a->accepting[s] ? 1 : 2;
	while (kinds != before) {
		before = kinds;
		kinds = refine(a, mark, made, sorted);
	}
	free(mark);
	free(made);
	free(sorted);
	return kinds;
}

/* How many states lie on a way from the start to an accepting one, by passing marks on until nothing
 * changes. */
static int count_useful(const struct automaton *a)
{
	int n = a->state_count, useful = 0;
	bool *met = mem_alloc((size_t)n, 1), *alive = mem_alloc((size_t)n, 1), changed = true;

	met[0] = true;
	memcpy(alive, a->accepting, (size_t)n);
	while (changed) {
		changed = false;
		for (int i = 0; i < n * a->class_count; i++) {
			int from = i / a->class_count, to = a->next[i];

			if (to < 0)
				continue;
			changed |= (met[from] && !met[to]) || (alive[to] && !alive[from]);
			met[to] |= met[from];
			alive[from] |= alive[to];
		}
	}
	for (int s = 0; s < n; s++)
		useful += met[s] && alive[s];
	free(met);
	free(alive);
	return useful;
}

static void check_minimal(const struct automaton *a)
{
	assert_int_equal(count_useful(a), a->state_count);
	assert_int_equal(count_kinds(a), a->state_count);
}

static void test_small(void **state)
{
	struct gbnf *g =
		parse("root ::= \"x\" b \"y\" | \"z\" b \"y\"\nb ::= (\"\xc3\xa9\" | [0-9])*");
	struct automaton *a = automaton_of(g, "root");

	(void)state;
	gbnf_free(g);
	/* before x or z; in b; within its two bytes; behind y */
	assert_int_equal(a->state_count, 4);
	assert_true(automaton_accepts(a, "xy", 2));
	assert_true(automaton_accepts(a, "z12\xc3\xa9y", 6));
	assert_false(automaton_accepts(a, "z12\xc3y", 5));
	assert_false(automaton_accepts(a, "x", 1));
	assert_false(automaton_accepts(a, "", 0));
	assert_int_equal(automaton_next(a, 0, 'x'), automaton_next(a, 0, 'z'));
	assert_int_equal(automaton_next(a, 0, 'y'), -1);
	assert_true(automaton_bytes(a) > 0);
	automaton_free(a);
	automaton_free(NULL);
}

static void test_any_rule_starts(void **state)
{
	struct gbnf *g =
		parse("root ::= loop | end\nloop ::= \"(\" loop \")\" | \"\"\nend ::= \"e\"");
	struct automaton *a = automaton_of(g, "end");

	(void)state;
	assert_true(automaton_accepts(a, "e", 1));
	assert_int_equal(a->state_count, 2);
	automaton_free(a);
	gbnf_free(g);
}

static void refuse_rule(const char *rules, const char *rule, enum err_code code,
			const char *message)
{
	struct gbnf *g = parse(rules);
	struct err err = {0};

	assert_null(automaton_from_gbnf(g, rule, &err));
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
	gbnf_free(g);
}

/* Rules that each name the next one twice. */
static void refuse_doubling(void)
{
	struct buf rules = {0};

	buf_str(&rules, "root ::= r0 r0");
	for (int i = 0; i < 30; i++) {
		buf_str(&rules, "\nr");
		buf_int(&rules, i);
		buf_str(&rules, " ::= r");
		buf_int(&rules, i + 1);
		buf_str(&rules, " r");
		buf_int(&rules, i + 1);
	}
	buf_str(&rules, "\nr30 ::= \"\"");
	refuse_rule(rules.data, "root", ERR_LIMIT,
		    "small:1: rule root makes too large an automaton");
	buf_free(&rules);
}

/* Rules that each name the next one, deeper than is allowed. */
static void refuse_depth(void)
{
	struct buf rules = {0};

	buf_str(&rules, "root ::= r0");
	for (int i = 0; i < NFA_DEPTH_MAX; i++) {
		buf_str(&rules, "\nr");
		buf_int(&rules, i);
		buf_str(&rules, " ::= r");
		buf_int(&rules, i + 1);
	}
	buf_str(&rules, "\nr1000 ::= \"\"");
	refuse_rule(rules.data, "root", ERR_LIMIT,
		    "small:1: rule root makes too large an automaton");
	buf_free(&rules);
}

/* Whether the 20th byte from the end is an a takes 2^20 states. */
static void refuse_states(void)
{
	struct buf rules = {0};

	buf_str(&rules, "root ::= [ab]* \"a\"");
	for (int i = 1; i < 20; i++)
		buf_str(&rules, " [ab]");
	refuse_rule(rules.data, "root", ERR_LIMIT, "small:1: rule root has too many states");
	buf_free(&rules);
}

static void test_refusals(void **state)
{
	(void)state;
	refuse_rule("root ::= a\na ::= \"x\" a | \"y\"", "root", ERR_UNSUPPORTED,
		    "small:1: rule a is recursive: no finite automaton");
	refuse_rule("root ::= \"x\" | \"(\" b* \")\"\nb ::= root?", "b", ERR_UNSUPPORTED,
		    "small:1: rule b is recursive: no finite automaton");
	refuse_rule("root ::= \"x\"", "none", ERR_FORMAT, "small: no rule none");
	refuse_rule("root ::= \"x\" a\n\na ::= []", "root", ERR_FORMAT,
		    "small:1: no text fits rule root");
	refuse_doubling();
	refuse_depth();
	refuse_states();
}

enum { RULES = 4, GRAMMARS = 500 };

static void random_choice(struct rng *rng, int rule, int depth, struct buf *out);

static void random_item(struct rng *rng, int rule, int depth, struct buf *out)
{
	static const char *const atoms[] = {"\"a\"", "\"b\"",        "\"ab\"", "\"\"",  "[ab]",
					    "[^a]",  "\"\xc3\xa9\"", "[a-c]",  "\"c\"", "[]"};
	static const char *const operators[] = {"", "", "", "?", "*", "+"};
	uint32_t kind = rng_below(rng, 5);

	if (kind == 0 && depth < 2) {
		buf_char(out, '(');
		random_choice(rng, rule, depth + 1, out);
		buf_char(out, ')');
	} else if (kind == 1 && rule + 1 < RULES) {
		buf_str(out, "r");
		buf_int(out, rng_range(rng, rule + 1, RULES - 1));
	} else {
		buf_str(out, atoms[rng_below(rng, rng_chance(rng, 0.1) ? 10 : 9)]);
	}
	buf_str(out, operators[rng_below(rng, 6)]);
}

static void random_choice(struct rng *rng, int rule, int depth, struct buf *out)
{
	int alternatives = (int)rng_range(rng, 1, 3);

	for (int i = 0; i < alternatives; i++) {
		int items = (int)rng_range(rng, 0, 3);

		buf_str(out, i > 0 ? " | " : "");
		buf_str(out, items > 0 ? "" : "\"\"");
		for (int k = 0; k < items; k++) {
			random_item(rng, rule, depth, out);
			buf_char(out, ' ');
		}
	}
}

/* Rules root, r1, ... of which each names later ones only, so none is recursive; all are named. */
static void random_grammar(struct rng *rng, struct buf *out)
{
	buf_clear(out);
	for (int rule = 0; rule < RULES; rule++) {
		char name[8];

		snprintf(name, sizeof(name), "r%d", rule);
		if (rule > 0 && !strstr(out->data, name))
			continue;
		buf_str(out, rule ? "\n" : "");
		buf_str(out, rule ? name : "root");
		buf_str(out, " ::= ");
		random_choice(rng, rule, 0, out);
	}
}

/* All texts of up to `most` characters of the alphabet. */
static void compare_texts(const struct automaton *a, const struct recogniser *r, const char *rules,
			  char *text, int len, int most)
{
	static const char alphabet[] = "abcd\xc3\xa9";
	bool expected = recogniser_accepts(r, text, (size_t)len);

	if (expected != (a && automaton_accepts(a, text, (size_t)len)))
		fail_msg("%s \"%.*s\" of\n%s", expected ? "refused" : "accepted", len, text, rules);
	for (size_t i = 0; len < most && i < sizeof(alphabet) - 1; i++) {
		text[len] = alphabet[i];
		compare_texts(a, r, rules, text, len + 1, most);
	}
}

static void test_random_grammars(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct buf rules = {0};
	int empty = 0, large = 0;

	(void)state;
	for (int i = 0; i < GRAMMARS; i++) {
		struct gbnf *g;
		struct recogniser *r;
		struct automaton *a;
		struct err err = {0};
		char text[8];

		random_grammar(&rng, &rules);
		g = parse(rules.data);
		r = recogniser_new(g, "root");
		a = automaton_from_gbnf(g, "root", &err);
		empty += err.code == ERR_FORMAT;
		large += err.code == ERR_LIMIT;
		if (a || err.code == ERR_FORMAT)
			compare_texts(a, r, rules.data, text, 0, 4);
		if (a)
			check_minimal(a);
		automaton_free(a);
		recogniser_free(r);
		gbnf_free(g);
	}
	printf("# of %d, %d derive no text and %d are over the bounds\n", GRAMMARS, empty, large);
	assert_true(empty + large < GRAMMARS / 5);
	buf_free(&rules);
}

struct pair {
	struct automaton *automaton;
	struct recogniser *recogniser;
};

static struct pair pair_of(const char *rule)
{
	return (struct pair){automaton_of(programs, rule), recogniser_new(programs, rule)};
}

static void free_pair(struct pair *pair)
{
	automaton_free(pair->automaton);
	recogniser_free(pair->recogniser);
}

static bool compare_text(const struct pair *pair, const struct buf *text)
{
	bool expected = recogniser_accepts(pair->recogniser, text->data, text->len);

	if (automaton_accepts(pair->automaton, text->data, text->len) != expected)
		fail_msg("%s: %s", expected ? "refused" : "accepted", text->data);
	return expected;
}

/* A program of any language, its own now and then, as it is or mutated. */
static void compare_programs(const struct pair *pair, int own, struct rng *rng, int count)
{
	struct arena arena = {0};
	struct buf text = {0};
	int accepted = 0;

	for (int i = 0; i < count; i++) {
		bool any = own == LANGUAGE_COUNT_ || rng_chance(rng, 0.1);
		int language = any ? (int)rng_below(rng, LANGUAGE_COUNT_) : own;
		enum family family = (enum family)rng_below(rng, FAMILY_COUNT_);
		struct program program = random_program(rng, family, 4, &arena);
		int changes = (int)rng_below(rng, 3);

		if (language_fits((enum language)language, family)) {
			buf_clear(&text);
			program_write(&program, (enum language)language, &text);
			while (changes-- > 0 && text.len > 0)
				program_mutate(rng, &text);
			accepted += compare_text(pair, &text);
		}
		arena_reset(&arena);
	}
	assert_true(accepted > 0);
	buf_free(&text);
	arena_free(&arena);
}

static void test_programs(void **state)
{
	struct rng rng = rng_seed(seed, 2);

	(void)state;
	for (int language = 0; language <= LANGUAGE_COUNT_; language++) {
		const char *rule = language < LANGUAGE_COUNT_ ? language_names[language] : "root";
		struct pair pair = pair_of(rule);

		printf("# %s: %d states, %d classes, %zu KiB\n", rule, pair.automaton->state_count,
		       pair.automaton->class_count, automaton_bytes(pair.automaton) >> 10);
		compare_programs(&pair, language, &rng, 2000);
		if (language < LANGUAGE_COUNT_)
			check_minimal(pair.automaton);
		free_pair(&pair);
	}
}

/* The bounds of numbers are in the grammar's last rules: all short texts of digits and points. */
static void test_numbers(void **state)
{
	static const char *const rules[] = {"coord", "length", "short",   "pitch",  "start",
					    "angle", "sides",  "hundred", "counter"};
	struct rng rng = rng_seed(seed, 3);

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct pair pair = pair_of(rules[i]);
		struct buf text = {0};

		for (int k = 0; k < 20000; k++) {
			static const char digits[] = "0123569.-";
			int len = (int)rng_range(&rng, 0, 6);

			buf_clear(&text);
			buf_str(&text, "");
			for (int d = 0; d < len; d++)
				buf_char(&text, digits[rng_below(&rng, sizeof(digits) - 1)]);
			compare_text(&pair, &text);
		}
		check_minimal(pair.automaton);
		buf_free(&text);
		free_pair(&pair);
	}
}

static int read_grammar(void **state)
{
	struct err err = {0};

	(void)state;
	programs = gbnf_read(source_file("formats/program/program.gbnf"), &err);
	if (!programs)
		printf("# %s\n", err.msg);
	return programs ? 0 : -1;
}

static int free_grammar(void **state)
{
	(void)state;
	gbnf_free(programs);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),    cmocka_unit_test(test_any_rule_starts),
		cmocka_unit_test(test_refusals), cmocka_unit_test(test_random_grammars),
		cmocka_unit_test(test_programs), cmocka_unit_test(test_numbers),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, read_grammar, free_grammar);
}
