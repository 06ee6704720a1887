/* SPDX-License-Identifier: MIT */
/*
 * split: against the regular expressions themselves, tried sign by sign with backtracking, on texts
 * of all that they tell apart; and by hand.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "tests/random_shapes.h"
#include "tokenizer/split.h"
#include "tokenizer/unicode_class.h"

#define TEXT_MAX 64
#define TEXTS 20000

/* --- the expressions ------------------------------------------------------------------------ */

/*
 * One alternative a string: items of a set and how often it is taken ("" once, ? + * or 3 for 1 to
 * 3), at the end ~ for (?!\S). Sets: L \p{L}, N \p{N}, S \s, X [^\s\p{L}\p{N}], P
 * [^\r\n\p{L}\p{N}], R [\r\n], i behind a small letter that stands for both cases; anything else is
 * itself. What no alternative matches is a piece between matches.
 */
static const char *const digits[] = {"N", NULL};
static const char *const digit_runs[] = {"N+", NULL};
static const char *const gpt2[] = {"'s",   "'t",   "'re",  "'ve", "'m", "'ll", "'d",
				   " ?L+", " ?N+", " ?X+", "S+~", "S+", NULL};
static const char *const llama3[] = {"'si",  "'ti", "'riei",  "'viei", "'mi", "'lili", "'di",
				     "P?L+", "N3",  " ?X+R*", "S*R+",  "S+~", "S+",    NULL};
static const char *const qwen2[] = {"'si",  "'ti", "'riei",  "'viei", "'mi", "'lili", "'di",
				    "P?L+", "N",   " ?X+R*", "S*R+",  "S+~", "S+",    NULL};

static const char *const *const expressions[] = {
	[SPLIT_DIGITS] = digits, [SPLIT_DIGIT_RUNS] = digit_runs, [SPLIT_GPT2] = gpt2,
	[SPLIT_LLAMA3] = llama3, [SPLIT_QWEN2] = qwen2,
};

struct sign {
	uint32_t code; /* UINT32_MAX: a byte that is no UTF-8 */
	enum char_class class;
	size_t at; /* in the text */
};

/* The character of which p[0..n) is the encoding, shortest form, no surrogate; UINT32_MAX. */
static uint32_t whole_character(const unsigned char *p, size_t n)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	static const unsigned char first[5] = {0, 0, 0xc0, 0xe0, 0xf0};
	static const unsigned char mask[5] = {0, 0x80, 0xe0, 0xf0, 0xf8};
	uint32_t code = p[0] & (unsigned char)~mask[n];

	if ((p[0] & mask[n]) != first[n])
		return UINT32_MAX;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return UINT32_MAX;
	return code;
}

/* Returns how many signs there are; signs[that] stands at the text's end. */
static size_t decode(const char *text, size_t len, struct sign *signs)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t count = 0;

	for (size_t at = 0, n; at < len; at += n) {
		struct sign *s = &signs[count++];

		*s = (struct sign){UINT32_MAX, CLASS_OTHER, at};
		for (n = 1; n <= 4 && n <= len - at && s->code == UINT32_MAX; n++)
			s->code = whole_character(p + at, n);
		n = s->code == UINT32_MAX ? 1 : n - 1;
		if (s->code != UINT32_MAX)
			s->class = unicode_class(s->code);
	}
	signs[count].at = len;
	return count;
}

static bool is_in(char set, bool any_case, const struct sign *s)
{
	uint32_t code = s->code;

	switch (set) {
	case 'L':
		return s->class == CLASS_LETTER;
	case 'N':
		return s->class == CLASS_NUMBER;
	case 'S':
		return s->class == CLASS_SPACE;
	case 'X':
		return s->class == CLASS_OTHER;
	case 'P':
		return code != '\r' && code != '\n' && s->class != CLASS_LETTER &&
		       s->class != CLASS_NUMBER;
	case 'R':
		return code == '\r' || code == '\n';
	}
	if (any_case && code == 0x17f)
		code = 's';
	if (any_case && code >= 'A' && code <= 'Z')
		code += 'a' - 'A';
	return code == (unsigned char)set;
}

/* Where a match of the items that begins at `at` ends, the first that is found; -1. */
static long match(const char *items, const struct sign *signs, size_t count, size_t at)
{
	size_t least = 1, most = 1, n = 0;
	char set = *items;
	bool any_case;

	if (!set)
		return (long)at;
	if (set == '~')
		return at < count && signs[at].class != CLASS_SPACE ? -1 : (long)at;
	any_case = *++items == 'i';
	items += any_case;
	least = *items == '?' || *items == '*' ? 0 : 1;
	most = *items == '+' || *items == '*' ? count : *items == '3' ? 3 : 1;
	items += *items && strchr("?*+3", *items);
	while (n < most && at + n < count && is_in(set, any_case, &signs[at + n]))
		n++;
	for (;; n--) {
		long end = n >= least ? match(items, signs, count, at + n) : -1;

		if (end >= 0 || n <= least)
			return end;
	}
}

static long match_any(const char *const *expression, const struct sign *signs, size_t count,
		      size_t at)
{
	for (; *expression; expression++) {
		long end = match(*expression, signs, count, at);

		if (end >= 0)
			return end;
	}
	return -1;
}

struct pieces {
	size_t ends[TEXT_MAX]; /* in the text */
	size_t count;
};

static void put_end(struct pieces *pieces, size_t end)
{
	if (end > (pieces->count ? pieces->ends[pieces->count - 1] : 0))
		pieces->ends[pieces->count++] = end;
}

/* Appends the pieces of text[start..end). */
static void ref_split_piece(enum split split, const char *text, size_t start, size_t end,
			    struct pieces *out)
{
	struct sign signs[TEXT_MAX + 1];
	size_t count = decode(text + start, end - start, signs);

	for (size_t at = 0; at < count;) {
		long behind = match_any(expressions[split], signs, count, at);

		if (behind >= 0) {
			put_end(out, start + signs[at].at);
			put_end(out, start + signs[behind].at);
		}
		at = behind >= 0 ? (size_t)behind : at + 1;
	}
	put_end(out, end);
}

static struct pieces ref_split(const enum split *splits, int count, const char *text, size_t len)
{
	struct pieces pieces = {{len}, len > 0};

	for (int i = 0; i < count; i++) {
		struct pieces finer = {{0}, 0};
		size_t start = 0;

		for (size_t k = 0; k < pieces.count; k++) {
			ref_split_piece(splits[i], text, start, pieces.ends[k], &finer);
			start = pieces.ends[k];
		}
		pieces = finer;
	}
	return pieces;
}

/* --- comparison ----------------------------------------------------------------------------- */

static struct pieces all_pieces(const enum split *splits, int count, const char *text, size_t len)
{
	struct split_iter it = split_start(splits, count, text, len);
	struct pieces pieces = {{0}, 0};
	const char *piece;
	size_t n, at = 0;

	while (split_next(&it, &piece, &n)) {
		assert_ptr_equal(piece, text + at);
		assert_true(n > 0 && n <= len - at);
		at += n;
		pieces.ends[pieces.count++] = at;
	}
	assert_int_equal(at, len);
	assert_false(split_next(&it, &piece, &n));
	return pieces;
}

static void show(const char *text, const struct pieces *pieces, struct buf *out)
{
	size_t at = 0;
	char code[8];

	for (size_t i = 0; i < pieces->count; i++) {
		buf_str(out, i ? "|" : "");
		for (; at < pieces->ends[i]; at++) {
			snprintf(code, sizeof(code), "\\x%02x", (unsigned char)text[at]);
			if (text[at] >= ' ' && text[at] < 0x7f)
				buf_char(out, text[at]);
			else
				buf_str(out, code);
		}
	}
	buf_str(out, "");
}

static void assert_same(const char *text, const struct pieces *got, const struct pieces *expected)
{
	struct buf a = {0}, b = {0};

	show(text, got, &a);
	show(text, expected, &b);
	assert_string_equal(a.data, b.data);
	buf_free(&a);
	buf_free(&b);
}

struct chain {
	enum split splits[VOCAB_SPLITS_MAX];
	int count;
};

static const struct chain chains[] = {
	{{0}, 0},
	{{SPLIT_DIGITS}, 1},
	{{SPLIT_DIGIT_RUNS}, 1},
	{{SPLIT_GPT2}, 1},
	{{SPLIT_LLAMA3}, 1},
	{{SPLIT_QWEN2}, 1},
	{{SPLIT_DIGITS, SPLIT_GPT2}, 2},
	{{SPLIT_DIGIT_RUNS, SPLIT_GPT2}, 2},
	{{SPLIT_DIGITS, SPLIT_LLAMA3}, 2},
	{{SPLIT_GPT2, SPLIT_DIGITS}, 2},
	{{SPLIT_QWEN2, SPLIT_GPT2}, 2},
	{{SPLIT_DIGITS, SPLIT_GPT2, SPLIT_LLAMA3}, 3},
	{{SPLIT_LLAMA3, SPLIT_DIGITS, SPLIT_QWEN2, SPLIT_GPT2}, 4},
};

#define CHAINS (sizeof(chains) / sizeof(*chains))

static void check(const struct chain *chain, const char *text, size_t len)
{
	struct pieces got = all_pieces(chain->splits, chain->count, text, len);
	struct pieces expected = ref_split(chain->splits, chain->count, text, len);

	assert_same(text, &got, &expected);
}

/* Characters and words between which a split may fall, a few of each kind. */
static const char *const parts[] = {
	"a",
	"b",
	"S",
	"xyz",
	"\xc3\xa4",
	"\xd0\xb6",
	"\xe4\xb8\xad",
	"\xe6\x96\x87",
	"\xe3\x81\x82",
	"\xc5\xbf",
	"\xf0\xa0\x80\x80",
	"0",
	"1",
	"23",
	"4567",
	"\xc2\xb2",
	"\xe2\x85\xa0",
	"\xd9\xa1",
	" ",
	" ",
	"  ",
	"\t",
	"\n",
	"\n\n",
	"\r\n",
	"\r",
	"\v",
	"\f",
	"\xc2\xa0",
	"\xe3\x80\x80",
	"\xe2\x80\xa8",
	"\xc2\x85",
	"\xe2\x80\x83",
	"'",
	"'s",
	"'t",
	"'re",
	"'ve",
	"'m",
	"'ll",
	"'d",
	"'S",
	"'RE",
	"'vE",
	"'Ll",
	"'lL",
	"'D",
	"'\xc5\xbf",
	"'r",
	"'l",
	"'v",
	"''",
	".",
	"(",
	");",
	"=",
	"_",
	"\xcc\x81",
	"\xe2\x82\xac",
	"\xf0\x9f\x98\x80",
	"\xe2\x80\x8b",
	"\xff",
	"\x80",
	"\xc3",
	"\xe4\xb8",
	"\xf0\x9f\x98",
	"\xed\xa0\x80",
	"\xc0\xaf",
	"\xc5",
	"\xbf",
};

#define PARTS (sizeof(parts) / sizeof(*parts))

/* Of few parts, so that runs and repeats come up; a NUL or any byte now and then. */
static size_t random_parts(struct rng *rng, char text[TEXT_MAX])
{
	size_t most = 1 + rng_below(rng, TEXT_MAX - 8), len = 0;
	uint32_t kinds = rng_chance(rng, 0.5) ? 4 : (uint32_t)PARTS;
	uint32_t some[4];

	for (int i = 0; i < 4; i++)
		some[i] = rng_below(rng, (uint32_t)PARTS);
	while (len < most) {
		uint32_t k = rng_below(rng, kinds);
		const char *part = parts[kinds == 4 ? some[k] : k];

		if (rng_chance(rng, 0.02)) {
			text[len++] = (char)(rng_chance(rng, 0.5) ? 0 : rng_below(rng, 256));
			continue;
		}
		memcpy(text + len, part, strlen(part));
		len += strlen(part);
	}
	return len;
}

static void test_random_texts(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	char text[TEXT_MAX];

	(void)state;
	for (int i = 0; i < TEXTS; i++) {
		size_t len = random_parts(&rng, text);

		for (size_t k = 0; k < CHAINS; k++)
			check(&chains[k], text, len);
	}
}

/* All texts of four of these: every case there is at a boundary. */
static void test_all_short_texts(void **state)
{
	static const char *const few[] = {"a", "1", " ",        "\n",   "\t", "'",
					  "s", ".", "\xc2\xa0", "\xff", "l"};
	const size_t n = sizeof(few) / sizeof(*few);

	(void)state;
	for (size_t i = 0; i < n * n * n * n; i++) {
		char text[TEXT_MAX] = "";

		for (size_t k = 0, rest = i; k < 4; k++, rest /= n)
			strcat(text, few[rest % n]);
		for (size_t k = 0; k < CHAINS; k++)
			check(&chains[k], text, strlen(text));
	}
}

/* DIGITS before GPT2 is walked in one go; it must be the one after the other. */
static void test_fused(void **state)
{
	static const enum split both[] = {SPLIT_DIGITS, SPLIT_GPT2};
	struct rng rng = rng_seed(test_seed(), 2);
	char text[TEXT_MAX];

	(void)state;
	for (int i = 0; i < TEXTS; i++) {
		size_t len = random_parts(&rng, text), start = 0;
		struct pieces fused = all_pieces(both, 2, text, len);
		struct pieces first = all_pieces(both, 1, text, len), then = {{0}, 0};

		for (size_t k = 0; k < first.count; k++) {
			struct pieces inner =
				all_pieces(both + 1, 1, text + start, first.ends[k] - start);

			for (size_t m = 0; m < inner.count; m++)
				then.ends[then.count++] = start + inner.ends[m];
			start = first.ends[k];
		}
		assert_same(text, &fused, &then);
	}
}

/* --- by hand -------------------------------------------------------------------------------- */

/* expected: the text with a bar at each boundary; the text has none. */
static void expect(const enum split *splits, int count, const char *expected)
{
	char text[TEXT_MAX] = "";
	struct pieces pieces = {{0}, 0}, got;
	size_t len = 0;

	for (const char *p = expected; *p; p++) {
		if (*p == '|')
			put_end(&pieces, len);
		else
			text[len++] = *p;
	}
	put_end(&pieces, len);
	got = all_pieces(splits, count, text, len);
	assert_same(text, &got, &pieces);
}

static void expect_each(enum split split, const char *const *expected)
{
	for (; *expected; expected++)
		expect(&split, 1, *expected);
}

static void test_gpt2(void **state)
{
	static const char *const cases[] = {
		"Hello| world|!",
		"He|'s| a| b|'ll| c|'|LL| d|'re|'ve|'d|'m|'t",
		"it|'|S| can|'t",
		"x|  | y",
		"x|   | y",
		"x|   ",
		"a|\n|b",
		"a|\n|\n|b",
		"a|\n\n| b",
		"a| |\t|b",
		"a|\t| b",
		"x|=|3|.|14|+| 12| 12",
		"for| i| in| range|(|10|):|\n   | print|(|i|)",
		"| \xe4\xbd\xa0\xe5\xa5\xbd|\xef\xbc\x8c|\xe4\xb8\x96\xe7\x95\x8c",
		"a|\xcc\x81|b",
		"| \xff\xff|a",
		"|''|s",
		"| '|s",
		NULL,
	};

	(void)state;
	expect_each(SPLIT_GPT2, cases);
}

static void test_llama3(void **state)
{
	static const char *const cases[] = {
		"Hello| world|!",
		"I|'LL| do|'S|'s",
		"it|'\xc5\xbf| a",
		"123|456|7| |890",
		"x|=|314|1",
		"(x|.y|)\n\n|z",
		"a|\n\n| b",
		"a|  \n|  | b",
		"a| \n| b",
		"|\t|\ta",
		"| ...\r\n|x",
		"''|s",
		"\xc2\xa0"
		"a",
		"|\n|a",
		NULL,
	};

	(void)state;
	expect_each(SPLIT_LLAMA3, cases);
}

static void test_qwen2(void **state)
{
	static const char *const cases[] = {"x| =| |1|2|3|4|\xc2\xb2", "I|'Ve| a", NULL};

	(void)state;
	expect_each(SPLIT_QWEN2, cases);
}

static void test_digits(void **state)
{
	static const char *const single[] = {"ab|1|2|c |\xc2\xb2|\xe2\x85\xa0| '", "1", NULL};
	static const char *const runs[] = {"ab|12|c |\xc2\xb2\xe2\x85\xa0| '", "11", NULL};
	static const enum split both[] = {SPLIT_DIGITS, SPLIT_GPT2};

	(void)state;
	expect_each(SPLIT_DIGITS, single);
	expect_each(SPLIT_DIGIT_RUNS, runs);
	expect(both, 2, "y|=| |3|");
	expect(both, 2, "x|  |3| a|  | b|  ");
	expect(both, 2, "'|1|'s|2|s");
}

static void test_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < CHAINS; k++) {
		check(&chains[k], "", 0);
		check(&chains[k], "\0", 1);
	}
	expect(NULL, 0, "one piece, 12 'ts\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_texts), cmocka_unit_test(test_all_short_texts),
		cmocka_unit_test(test_fused),        cmocka_unit_test(test_gpt2),
		cmocka_unit_test(test_llama3),       cmocka_unit_test(test_qwen2),
		cmocka_unit_test(test_digits),       cmocka_unit_test(test_nothing),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
