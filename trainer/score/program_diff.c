/* SPDX-License-Identifier: MIT */
/*
 * Two alignments of one kind, one within the other: units of two lines, and lines of two texts. Each is
 * the table of Needleman and Wunsch 1970, "A General Method Applicable to the Search for Similarities",
 * without a price for gaps, filled from the end so that it can be read from the start. A word in common
 * counts more than all other characters of a text together.
 */
#include <config.h>

#include "trainer/score/program_diff.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define WORD (2 * PROGRAM_DIFF_TEXT_MAX)
#define LINES_MAX 1024      /* what follows is part of the last one */
#define CELLS_MAX (4 << 20) /* lines that take more are not put side by side */

/* A word or character, and what stands around it up to the next one. */
struct unit {
	const char *text, *token;
	size_t len, token_len;
	bool is_word;
};

struct line {
	const struct unit *units;
	int count, words;
};

struct text {
	struct unit *units;
	int unit_count;
	struct line *lines;
	int line_count;
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
	return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t number_length(const char *s, size_t n)
{
	size_t i = s[0] == '-';

	if (i == n || !is_digit(s[i]))
		return 0;
	while (i < n && is_digit(s[i]))
		i++;
	if (i + 1 < n && s[i] == '.' && is_digit(s[i + 1]))
		for (i++; i < n && is_digit(s[i]);)
			i++;
	return i;
}

/* Of the token at s[0..n), n > 0. */
static size_t token_length(const char *s, size_t n, bool *is_word)
{
	size_t len = number_length(s, n);
	uint32_t c;

	if (len == 0)
		while (len < n && is_name(s[len]))
			len++;
	*is_word = len > 0;
	if (len == 0)
		len = utf8_char(s, n, &c);
	return len ? len : 1;
}

static size_t space_length(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && is_space(s[len]))
		len++;
	return len;
}

static void split_units(struct text *text, const char *s, size_t n, struct arena *arena)
{
	size_t at = 0, before = space_length(s, n);

	text->units = ARENA_NEW(arena, struct unit, n);
	while (at < n) {
		struct unit *u = &text->units[text->unit_count++];
		size_t from = at + before;

		u->text = s + at;
		u->token = s + from;
		if (from < n)
			u->token_len = token_length(s + from, n - from, &u->is_word);
		at = from + u->token_len;
		at += space_length(s + at, n - at);
		u->len = (size_t)(s + at - u->text);
		before = 0;
	}
}

static bool is_token(const struct unit *u, char c)
{
	return u->token_len == 1 && u->token[0] == c;
}

static bool ends_line(const struct text *text, int i)
{
	const struct unit *u = &text->units[i];

	return is_token(u, ';') || memchr(u->text, '\n', u->len) ||
	       (i > 0 && is_token(u, ',') && is_token(u - 1, '}'));
}

static struct text split(const char *s, size_t n, struct arena *arena)
{
	struct text text = {0};
	struct line *line = NULL;

	assert(n <= PROGRAM_DIFF_TEXT_MAX);
	split_units(&text, s, n, arena);
	text.lines = ARENA_NEW(arena, struct line, LINES_MAX);
	for (int i = 0; i < text.unit_count; i++) {
		if (!line) {
			line = &text.lines[text.line_count++];
			line->units = &text.units[i];
		}
		line->count++;
		line->words += text.units[i].is_word;
		if (ends_line(&text, i) && text.line_count < LINES_MAX)
			line = NULL;
	}
	return text;
}

/* What it is worth to put i of one beside k of the other; 0: not to be done. */
typedef int gain_of(const void *a, int i, const void *b, int k, struct arena *arena);

/* of_a[i], of_b[k]: the partner, or -1; both may be NULL. Returns the whole gain. */
static int align(gain_of *gain, const void *a, int n, const void *b, int m, int *of_a, int *of_b,
		 struct arena *arena)
{
	struct arena_mark mark = arena_mark(arena);
	int width = m + 1, i = 0, k = 0, whole;
	int *best = ARENA_NEW(arena, int, (size_t)(n + 1) * (size_t)width);

	for (i = n - 1; i >= 0; i--) {
		for (k = m - 1; k >= 0; k--) {
			int *cell = best + (size_t)i * (size_t)width + k;
			int both = gain(a, i, b, k, arena);

			*cell = cell[1] > cell[width] ? cell[1] : cell[width];
			if (both > 0 && both + cell[width + 1] > *cell)
				*cell = both + cell[width + 1];
		}
	}
	whole = best[0];
	for (i = 0; of_a && i < n; i++)
		of_a[i] = -1;
	for (k = 0; of_b && k < m; k++)
		of_b[k] = -1;
	for (i = 0, k = 0; of_a && of_b && i < n && k < m;) {
		const int *cell = best + (size_t)i * (size_t)width + k;
		int both = gain(a, i, b, k, arena);

		if (both > 0 && *cell == both + cell[width + 1]) {
			of_a[i] = k;
			of_b[k++] = i++;
		} else if (*cell == cell[width]) {
			i++;
		} else {
			k++;
		}
	}
	arena_release(arena, mark);
	return whole;
}

static int gain_of_units(const void *a, int i, const void *b, int k, struct arena *arena)
{
	const struct unit *u = (const struct unit *)a + i, *v = (const struct unit *)b + k;

	(void)arena;
	if (u->token_len != v->token_len || memcmp(u->token, v->token, u->token_len) != 0)
		return 0;
	return u->is_word ? WORD : 1;
}

static bool same_units(const struct line *a, const struct line *b)
{
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++)
		if (gain_of_units(a->units, i, b->units, i, NULL) == 0)
			return false;
	return true;
}

static int gain_of_lines(const void *a, int i, const void *b, int k, struct arena *arena)
{
	const struct line *p = (const struct line *)a + i, *q = (const struct line *)b + k;
	int more = p->words > q->words ? p->words : q->words, gain;

	if (same_units(p, q))
		return p->words * WORD + p->count - p->words;
	if (more == 0 || 2 * p->words < more || 2 * q->words < more ||
	    (int64_t)p->count * q->count > CELLS_MAX)
		return 0;
	gain = align(gain_of_units, p->units, p->count, q->units, q->count, NULL, NULL, arena);
	return 2 * (gain / WORD) >= more ? gain : 0;
}

static void add_run(struct diff_line *line, enum diff_run_kind kind, const struct unit *units,
		    int count)
{
	const struct unit *last = units + count - 1;
	struct diff_run *run = line->count > 0 ? &line->runs[line->count - 1] : NULL;

	if (!run || run->kind != kind) {
		run = &line->runs[line->count++];
		*run = (struct diff_run){.kind = kind, .text = units->text};
	}
	run->len = (size_t)(last->text + last->len - run->text);
}

static struct diff_line *new_line(struct program_diff *diff, enum diff_line_kind kind, int most,
				  struct arena *arena)
{
	struct diff_line *line = &diff->lines[diff->count++];

	*line = (struct diff_line){.kind = kind, .runs = ARENA_NEW(arena, struct diff_run, most)};
	return line;
}

static void add_alone(struct program_diff *diff, const struct line *line, bool is_truth,
		      struct arena *arena)
{
	struct diff_line *out = new_line(diff, is_truth ? DIFF_MISSED : DIFF_ADDED, 1, arena);

	add_run(out, is_truth ? DIFF_TRUTH : DIFF_SAID, line->units, line->count);
}

static void add_pair(struct program_diff *diff, const struct line *p, const struct line *q,
		     struct arena *arena)
{
	int *of_p = ARENA_NEW(arena, int, p->count), *of_q = ARENA_NEW(arena, int, q->count);
	struct diff_line *line;

	if (same_units(p, q)) {
		add_run(new_line(diff, DIFF_SAME, 1, arena), DIFF_BOTH, p->units, p->count);
		return;
	}
	align(gain_of_units, p->units, p->count, q->units, q->count, of_p, of_q, arena);
	line = new_line(diff, DIFF_CHANGED, p->count + q->count, arena);
	for (int i = 0, k = 0; i < p->count || k < q->count;) {
		if (i < p->count && of_p[i] < 0) {
			add_run(line, DIFF_TRUTH, &p->units[i++], 1);
		} else if (k < q->count && of_q[k] < 0) {
			add_run(line, DIFF_SAID, &q->units[k++], 1);
		} else {
			add_run(line, DIFF_BOTH, &p->units[i++], 1);
			k++;
		}
	}
}

struct program_diff program_diff_from_texts(const char *truth, size_t truth_len, const char *said,
					    size_t said_len, struct arena *arena)
{
	struct text a = split(truth, truth_len, arena), b = split(said, said_len, arena);
	struct program_diff diff = {
		.lines = ARENA_NEW(arena, struct diff_line, a.line_count + b.line_count)};
	int *of_a = ARENA_NEW(arena, int, a.line_count),
	    *of_b = ARENA_NEW(arena, int, b.line_count);

	align(gain_of_lines, a.lines, a.line_count, b.lines, b.line_count, of_a, of_b, arena);
	for (int i = 0, k = 0; i < a.line_count || k < b.line_count;) {
		if (i < a.line_count && of_a[i] < 0)
			add_alone(&diff, &a.lines[i++], true, arena);
		else if (k < b.line_count && of_b[k] < 0)
			add_alone(&diff, &b.lines[k++], false, arena);
		else
			add_pair(&diff, &a.lines[i++], &b.lines[k++], arena);
	}
	return diff;
}
