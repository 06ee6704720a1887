/* SPDX-License-Identifier: MIT */
/*
 * program_diff: where a predicted program says something else than the true one, in the order of both.
 *
 *	struct program_diff diff = program_diff_from_texts(truth, n, said, m, &arena);
 *	for (int i = 0; i < diff.count; i++)
 *		... diff.lines[i].kind, diff.lines[i].runs
 *
 * Texts of any bytes, in any language of program.h, are compared as words (names, numbers) and other
 * characters; white space makes no difference. They are cut where a shape may end: behind a semicolon,
 * a line end, or the comma behind a brace. Of all ways to put lines of both side by side in order, the
 * one is taken that has the most words in common, then the most other characters; of such lines at least
 * half of the words are common. So a shape that is missed is one line, and shifts no other.
 */
#ifndef TRAINER_PROGRAM_DIFF_H
#define TRAINER_PROGRAM_DIFF_H

#include <stddef.h>

#include "base/arena.h"

/* Longer texts are for the caller to cut. */
#define PROGRAM_DIFF_TEXT_MAX 16384

enum diff_run_kind { DIFF_BOTH, DIFF_TRUTH, DIFF_SAID };

struct diff_run {
	enum diff_run_kind kind;
	const char *text; /* in the truth, or in the prediction if only there */
	size_t len;
};

enum diff_line_kind { DIFF_SAME, DIFF_CHANGED, DIFF_MISSED, DIFF_ADDED };

struct diff_line {
	enum diff_line_kind kind; /* DIFF_MISSED and DIFF_ADDED: one run */
	int count;
	struct diff_run *runs;
};

struct program_diff {
	int count;
	struct diff_line *lines; /* in the arena; texts are borrowed */
};

struct program_diff program_diff_from_texts(const char *truth, size_t truth_len, const char *said,
					    size_t said_len, struct arena *arena);

#endif
