/* SPDX-License-Identifier: MIT */
/* program_diff: single changes in every language, bytes of any kind, and the words that lines have in
 * common against a search through all ways to put them side by side. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random_programs.h"
#include "tests/random_shapes.h"
#include "trainer/score/program_diff.h"

static uint64_t seed;
static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* As text: {missed}, [added], {truth|said} in lines that changed. */
static void show(const struct program_diff *diff, struct buf *out)
{
	buf_clear(out);
	for (int i = 0; i < diff->count; i++) {
		const struct diff_line *line = &diff->lines[i];

		for (int k = 0; k < line->count; k++) {
			const struct diff_run *run = &line->runs[k];

			buf_str(out, run->kind == DIFF_TRUTH  ? "{"
				     : run->kind == DIFF_SAID ? "["
							      : "");
			buf_bytes(out, run->text, run->len);
			buf_str(out, run->kind == DIFF_TRUTH  ? "}"
				     : run->kind == DIFF_SAID ? "]"
							      : "");
		}
		buf_char(out, "=~-+"[line->kind]);
	}
}

static void assert_diff(const char *truth, const char *said, const char *shown)
{
	struct program_diff diff =
		program_diff_from_texts(truth, strlen(truth), said, strlen(said), &arena);
	struct buf out = {0};

	buf_str(&out, "");
	show(&diff, &out);
	assert_string_equal(out.data ? out.data : "", shown);
	buf_free(&out);
}

static void test_changes(void **state)
{
	(void)state;
	assert_diff("hole(x=1,y=2,d=3)", "hole(x=1,y=2,d=3)", "hole(x=1,y=2,d=3)=");
	assert_diff("hole(x=10,y=2,d=3)", "hole(x=1,y=2,d=3)", "hole(x={10}[1],y=2,d=3)~");
	assert_diff("hole(x=-1.5,y=2,d=3)", "hole(x=1.5,y=2)", "hole(x={-1.5}[1.5],y=2{,d=3})~");
	/* What is missed or added shifts nothing. */
	assert_diff("hole(x=1,y=2,d=3); hole(x=4,y=5,d=6); slot(x=1,y=2,length=3,r=4)",
		    "hole(x=4,y=5,d=6); slot(x=1,y=2,length=3,r=4)",
		    "{hole(x=1,y=2,d=3); }-hole(x=4,y=5,d=6); =slot(x=1,y=2,length=3,r=4)=");
	assert_diff("hole(x=4,y=5,d=6)", "hole(x=1,y=2,d=3); hole(x=4,y=5,d=6)",
		    "[hole(x=1,y=2,d=3); ]+hole(x=4,y=5,d=6)=");
	/* Shapes of other kinds do not stand for each other. */
	assert_diff("hole(x=1,y=2,d=3)", "slot(x=1,y=2,length=9,r=4)",
		    "{hole(x=1,y=2,d=3)}-[slot(x=1,y=2,length=9,r=4)]+");
	/* White space is that of the truth. */
	assert_diff("hole(x=1, y=2)", " hole ( x=1,y=2 )\n", "hole(x=1, y=2)=");
	assert_diff("a = 1\nb = 2\n", "b = 2\n", "{a = 1\n}-b = 2\n=");
	assert_diff("{\"p\":[{\"type\":\"hole\",\"x\":1},{\"type\":\"disc\",\"x\":2,\"d\":7}]}",
		    "{\"p\":[{\"type\":\"hole\",\"x\":1},{\"type\":\"disc\",\"x\":3,\"d\":7}]}",
		    "{\"p\":[{\"type\":\"hole\",\"x\":1},="
		    "{\"type\":\"disc\",\"x\":{2}[3],\"d\":7}]}~");
	assert_diff("", "", "");
	assert_diff("", " ", "[ ]+");
	assert_diff("a", "", "{a}-");
	assert_diff("", "a;b", "[a;]+[b]+");
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void put_dense(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_space(text[i]))
			buf_char(out, text[i]);
}

/* Both texts come out of it whole, the truth with its white space. */
static void assert_whole(const struct program_diff *diff, const char *truth, size_t n,
			 const char *said, size_t m)
{
	struct buf a = {0}, b = {0}, dense = {0};

	for (int i = 0; i < diff->count; i++) {
		const struct diff_line *line = &diff->lines[i];
		bool alone = line->kind != DIFF_CHANGED;

		assert_true(alone ? line->count == 1 : line->count > 1);
		for (int k = 0; k < line->count; k++) {
			const struct diff_run *run = &line->runs[k];

			assert_true(run->len > 0);
			assert_true(k == 0 || run->kind != line->runs[k - 1].kind);
			if (run->kind != DIFF_SAID)
				buf_bytes(&a, run->text, run->len);
			if (run->kind != DIFF_TRUTH)
				put_dense(&b, run->text, run->len);
		}
	}
	put_dense(&dense, said, m);
	assert_int_equal(a.len, n);
	assert_true(n == 0 || memcmp(a.data, truth, n) == 0);
	assert_int_equal(b.len, dense.len);
	assert_true(b.len == 0 || memcmp(b.data, dense.data, b.len) == 0);
	buf_free(&a);
	buf_free(&b);
	buf_free(&dense);
}

static void test_any_bytes(void **state)
{
	struct rng rng = rng_seed(seed, 1);

	(void)state;
	for (int round = 0; round < 2000; round++) {
		static const char bytes[] = "a1-.;\n },{(\0\xff\xc3\xa9 ";
		uint32_t kinds = 1 + rng_below(&rng, sizeof(bytes) - 1);
		size_t n = rng_below(&rng, 200), m = rng_below(&rng, 200);
		char text[2][200];
		struct program_diff diff;

		for (size_t i = 0; i < n; i++)
			text[0][i] = bytes[rng_below(&rng, kinds)];
		for (size_t i = 0; i < m; i++)
			text[1][i] = rng_chance(&rng, 0.7) && i < n ? text[0][i]
								    : bytes[rng_below(&rng, kinds)];
		diff = program_diff_from_texts(text[0], n, text[1], m, &arena);
		assert_whole(&diff, text[0], n, text[1], m);
		arena_reset(&arena);
	}
}

/* As long as may be, of many units, many lines, and one word. */
static void test_long_texts(void **state)
{
	static const char *const pieces[] = {"(", ";", "7", "1;", "a ", "\n"};
	static char a[PROGRAM_DIFF_TEXT_MAX], b[PROGRAM_DIFF_TEXT_MAX];

	(void)state;
	for (int p = 0; p < 6; p++) {
		size_t len = strlen(pieces[p]);
		struct program_diff diff;

		for (size_t i = 0; i < sizeof(a); i++)
			a[i] = b[i] = pieces[p][i % len];
		b[sizeof(b) / 2] = 'x';
		diff = program_diff_from_texts(a, sizeof(a), b, sizeof(b), &arena);
		assert_whole(&diff, a, sizeof(a), b, sizeof(b));
		arena_reset(&arena);
	}
}

/* A label of every family and language is itself. */
static void test_labels(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 200; i++) {
		enum family family = (enum family)(i % FAMILY_COUNT_);
		struct program program = random_program(&rng, family, 12, &arena);

		for (int l = 0; l < LANGUAGE_COUNT_; l++) {
			struct program_diff diff;

			if (!language_fits((enum language)l, family))
				continue;
			buf_clear(&text);
			program_write(&program, (enum language)l, &text);
			diff = program_diff_from_texts(text.data, text.len, text.data, text.len,
						       &arena);
			assert_true(diff.count >= program.shape_count || l == LANGUAGE_SKETCH ||
				    l == LANGUAGE_CADQUERY);
			for (int k = 0; k < diff.count; k++)
				assert_int_equal(diff.lines[k].kind, DIFF_SAME);
			assert_whole(&diff, text.data, text.len, text.data, text.len);
		}
		arena_reset(&arena);
	}
	buf_free(&text);
}

/* Lines of a few words of one letter, each line ended by a semicolon. */
#define LINES 4
#define WORDS 4

struct lines {
	int count, lengths[LINES];
	char words[LINES][WORDS];
};

static struct lines random_lines(struct rng *rng)
{
	struct lines l = {.count = (int)rng_below(rng, LINES + 1)};

	for (int i = 0; i < l.count; i++) {
		l.lengths[i] = (int)rng_range(rng, 1, WORDS);
		for (int k = 0; k < l.lengths[i]; k++)
			l.words[i][k] = (char)('a' + rng_below(rng, 3));
	}
	return l;
}

static size_t text_of(const struct lines *l, char *out)
{
	size_t len = 0;

	for (int i = 0; i < l->count; i++) {
		for (int k = 0; k < l->lengths[i]; k++) {
			out[len++] = l->words[i][k];
			out[len++] = ' ';
		}
		out[len++] = ';';
	}
	return len;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static int common_words(const char *a, int n, const char *b, int m)
{
	if (n == 0 || m == 0)
		return 0;
	if (a[0] == b[0])
		return 1 + common_words(a + 1, n - 1, b + 1, m - 1);
	return most(common_words(a + 1, n - 1, b, m), common_words(a, n, b + 1, m - 1));
}

/* The most words in common from line i and line k on, by trying everything. */
static int search(const struct lines *a, int i, const struct lines *b, int k)
{
	int best, common;

	if (i == a->count || k == b->count)
		return 0;
	best = most(search(a, i + 1, b, k), search(a, i, b, k + 1));
	common = common_words(a->words[i], a->lengths[i], b->words[k], b->lengths[k]);
	if (2 * common >= most(a->lengths[i], b->lengths[k]))
		best = most(best, common + search(a, i + 1, b, k + 1));
	return best;
}

static int words_in_both(const struct program_diff *diff)
{
	int words = 0;

	for (int i = 0; i < diff->count; i++) {
		for (int k = 0; k < diff->lines[i].count; k++) {
			const struct diff_run *run = &diff->lines[i].runs[k];

			for (size_t c = 0; run->kind == DIFF_BOTH && c < run->len; c++)
				words += run->text[c] >= 'a' && run->text[c] <= 'c';
		}
	}
	return words;
}

static void test_against_a_search(void **state)
{
	struct rng rng = rng_seed(seed, 3);
	int partly = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct lines a = random_lines(&rng), b = random_lines(&rng);
		char truth[LINES * (2 * WORDS + 1)], said[LINES * (2 * WORDS + 1)];
		size_t n = text_of(&a, truth), m = text_of(&b, said);
		struct program_diff diff = program_diff_from_texts(truth, n, said, m, &arena);
		int best = search(&a, 0, &b, 0);

		assert_whole(&diff, truth, n, said, m);
		assert_int_equal(words_in_both(&diff), best);
		partly += best > 0;
		arena_reset(&arena);
	}
	assert_true(partly > 1000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),          cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_long_texts),       cmocka_unit_test(test_labels),
		cmocka_unit_test(test_against_a_search),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, forget);
}
