/* SPDX-License-Identifier: MIT */
/*
 * Each alternative of a pattern begins with another class of character, but for white space and the
 * apostrophe; so one look at the first one or two characters tells which it is, and its run is
 * walked once. ASCII goes by a table of 128 bytes, all else by unicode_class.
 *
 * \s+(?!\S) leaves the last character of white space to what follows: a run in the middle of a text
 * gives it away unless it is all there is.
 *
 * The pair that programs are split by, DIGITS and then GPT2, is walked in one go.
 */
#include <config.h>

#include "tokenizer/split.h"

#include <stdint.h>
#include <string.h>

#include "tokenizer/unicode_class.h"

#define O CLASS_OTHER
#define L CLASS_LETTER
#define N CLASS_NUMBER
#define S CLASS_SPACE

/* clang-format off */
static const uint8_t ascii_class[128] = {
	O, O, O, O, O, O, O, O, O, S, S, S, S, S, O, O,
	O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
	S, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
	N, N, N, N, N, N, N, N, N, N, O, O, O, O, O, O,
	O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, O,
	O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, O,
};
/* clang-format on */

#undef O
#undef L
#undef N
#undef S

/* The class of the character at p and its bytes; p < end. */
static inline enum char_class look(const char *p, const char *end, int *bytes)
{
	unsigned char c = (unsigned char)*p;
	struct code_point far;

	if (c < 0x80) {
		*bytes = 1;
		return (enum char_class)ascii_class[c];
	}
	far = code_point_decode(p, end);
	*bytes = far.bytes;
	return far.class;
}

/* Behind the characters of one class from p on. */
static inline const char *run_end(const char *p, const char *end, enum char_class class)
{
	int bytes;

	while (p < end && look(p, end, &bytes) == class)
		p += bytes;
	return p;
}

/* White space from p on, of which a run before something else leaves its last character; not before
 * a digit where that is out of sight. */
static const char *space_end(const char *p, const char *end, bool single_digits)
{
	const char *last = p, *at = p;
	enum char_class class = CLASS_SPACE;
	int bytes;

	while (at < end && (class = look(at, end, &bytes)) == CLASS_SPACE) {
		last = at;
		at += bytes;
	}
	if (at == end || last == p || (class == CLASS_NUMBER && single_digits))
		return at;
	return last;
}

/* Bytes of 's 't 're 've 'm 'll 'd at p, which is an apostrophe; 0 if there is none. */
static int contraction(const char *p, const char *end, bool any_case)
{
	unsigned char fold = any_case ? 0x20 : 0;
	unsigned char a = end - p > 1 ? (unsigned char)(p[1] | (fold & p[1] >> 1)) : 0;
	unsigned char b = end - p > 2 ? (unsigned char)(p[2] | (fold & p[2] >> 1)) : 0;

	if (a == 's' || a == 't' || a == 'm' || a == 'd')
		return 2;
	if (((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l'))
		return 3;
	/* the long s, U+017F, folds to s */
	return any_case && end - p > 2 && memcmp(p + 1, "\xc5\xbf", 2) == 0 ? 3 : 0;
}

/* With each digit a piece of its own first, which the patterns then do not see. */
static const char *gpt2_end(const char *p, const char *end, bool single_digits)
{
	const char *from = p;
	enum char_class class;
	int bytes;

	if (*p == '\'') {
		bytes = contraction(p, end, false);
		if (bytes)
			return p + bytes;
	}
	if (*p == ' ' && p + 1 < end)
		from = p + 1;
	class = look(from, end, &bytes);
	if (class == CLASS_SPACE)
		return space_end(p, end, single_digits);
	if (class == CLASS_NUMBER && single_digits)
		return from > p ? from : from + bytes;
	return run_end(from + bytes, end, class);
}

static const char *line_ends(const char *p, const char *end)
{
	while (p < end && (*p == '\r' || *p == '\n'))
		p++;
	return p;
}

/* \s*[\r\n]+|\s+(?!\S)|\s+ */
static const char *llama_space_end(const char *p, const char *end)
{
	const char *run = run_end(p, end, CLASS_SPACE), *at = run;

	while (at > p && at[-1] != '\r' && at[-1] != '\n')
		at--;
	return at > p ? at : space_end(p, end, false);
}

static const char *number_end(const char *p, const char *end, int most)
{
	int bytes;

	for (int i = 0; i < most && p < end && look(p, end, &bytes) == CLASS_NUMBER; i++)
		p += bytes;
	return p;
}

static const char *llama_end(const char *p, const char *end, int digits)
{
	enum char_class class, next_class = CLASS_SPACE;
	int bytes, next_bytes = 0;

	if (*p == '\'') {
		bytes = contraction(p, end, true);
		if (bytes)
			return p + bytes;
	}
	class = look(p, end, &bytes);
	if (class == CLASS_LETTER)
		return run_end(p + bytes, end, CLASS_LETTER);
	if (class == CLASS_NUMBER)
		return number_end(p, end, digits);
	if (p + bytes < end)
		next_class = look(p + bytes, end, &next_bytes);
	if (next_class == CLASS_LETTER && *p != '\r' && *p != '\n')
		return run_end(p + bytes + next_bytes, end, CLASS_LETTER);
	if (class == CLASS_OTHER)
		return line_ends(run_end(p + bytes, end, CLASS_OTHER), end);
	if (*p == ' ' && next_class == CLASS_OTHER)
		return line_ends(run_end(p + bytes + next_bytes, end, CLASS_OTHER), end);
	return llama_space_end(p, end);
}

static const char *digits_end(const char *p, const char *end, bool single)
{
	enum char_class class;
	int bytes;

	class = look(p, end, &bytes);
	if (class == CLASS_NUMBER)
		return single ? p + bytes : run_end(p + bytes, end, CLASS_NUMBER);
	for (p += bytes; p < end && look(p, end, &bytes) != CLASS_NUMBER; p += bytes)
		;
	return p;
}

static const char *piece_end(enum split split, const char *p, const char *end)
{
	switch (split) {
	case SPLIT_DIGITS:
		return digits_end(p, end, true);
	case SPLIT_DIGIT_RUNS:
		return digits_end(p, end, false);
	case SPLIT_GPT2:
		return gpt2_end(p, end, false);
	case SPLIT_LLAMA3:
		return llama_end(p, end, 3);
	case SPLIT_QWEN2:
		return llama_end(p, end, 1);
	}
	return end;
}

struct split_iter split_start(const enum split *splits, int count, const char *text, size_t len)
{
	struct split_iter it = {.splits = splits, .count = count, .at = text, .end = text + len};

	it.is_fused = count == 2 && splits[0] == SPLIT_DIGITS && splits[1] == SPLIT_GPT2;
	for (int i = 0; i < count; i++)
		it.ends[i] = text;
	return it;
}

bool split_next(struct split_iter *it, const char **piece, size_t *len)
{
	const char *at = it->at, *end = it->end;

	if (at == end)
		return false;
	if (it->is_fused)
		end = gpt2_end(at, end, true);
	for (int i = 0; i < it->count && !it->is_fused; i++) {
		if (it->ends[i] == at)
			it->ends[i] = piece_end(it->splits[i], at, end);
		end = it->ends[i];
	}
	*piece = at;
	*len = (size_t)(end - at);
	it->at = end;
	return true;
}
