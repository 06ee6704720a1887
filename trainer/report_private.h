/* SPDX-License-Identifier: MIT */
/* report_private: what the parts of report share. */
#ifndef TRAINER_REPORT_PRIVATE_H
#define TRAINER_REPORT_PRIVATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "trainer/figure.h"
#include "trainer/report.h"

/* Kinds of errors, each with a number:
 *
 *	unread, impossible    no program; a program that makes no part
 *	fate + FATE_...       moved, misread, wrong numbers
 *	moved + PARAM_...     numbers of that parameter said of another shape
 *	missed + SHAPE_...    true shapes that are not said
 *	added + SHAPE_...     shapes that are only said
 *	digit + true * METRICS_CHARACTER_COUNT + said
 */
enum {
	ERROR_UNREAD,
	ERROR_IMPOSSIBLE,
	ERROR_FATE,
	ERROR_MOVED = ERROR_FATE + FATE_COUNT_,
	ERROR_MISSED = ERROR_MOVED + PARAM_COUNT_,
	ERROR_ADDED = ERROR_MISSED + SHAPE_COUNT_,
	ERROR_DIGIT = ERROR_ADDED + SHAPE_COUNT_,
	ERROR_KINDS = ERROR_DIGIT + METRICS_CHARACTER_COUNT * METRICS_CHARACTER_COUNT
};

void report_errors_of(const struct report_case *c, bool has[ERROR_KINDS]);

/* One word for the page's program: "digit-7-1". */
void report_error_key(int error, struct buf *out);

/* For people: "7 read as 1". */
void report_error_name(int error, struct buf *out);

/* A case on the page; sets that have it use it. */
struct report_kept {
	int uses;
	int64_t index; /* in the order in which cases were added */
	double agreement;
	uint64_t shuffle; /* its place in a random order */
	struct buf attributes, body;
	bool is_worst, is_random; /* as the page is written */
};

struct report_set {
	int room, count;
	int64_t seen; /* cases that could have been in it */
	struct rng rng;
	struct report_kept **all;
};

struct report {
	struct report_settings settings;
	int64_t cases;
	struct report_set worst; /* best last */
	struct report_set random;
	struct report_set errors[ERROR_KINDS];
};

/* The attributes of a case's element, and what is in it. */
void report_put_attributes(struct buf *out, const struct report_case *c,
			   const bool has[ERROR_KINDS]);
void report_put_case(struct buf *out, const struct report_case *c, struct arena *arena);

/* An SVG of both parts: in `both` where they agree, else in `truth` or `said`; of one where the other is
 * NULL. Cabinets in three views. */
void report_put_overlay(struct buf *out, const struct figure *truth, const struct figure *said,
			bool is_cabinet, struct arena *arena);

/* Tables of the page. */
void report_put_headline(struct buf *out, const struct metrics *metrics);
void report_put_figures(struct buf *out, const struct metrics *metrics);
void report_put_groups(struct buf *out, const struct metrics *metrics);
void report_put_kinds(struct buf *out, const struct metrics *metrics);
void report_put_numbers(struct buf *out, const struct metrics *metrics);
void report_put_digits(struct buf *out, const struct metrics *metrics);

/* With just so many decimals. */
void report_put_fixed(struct buf *out, double v, int decimals);

/* A button that shows the cases with that error; `text` is markup. */
void report_put_button(struct buf *out, int error, const char *text);

#endif
