/* SPDX-License-Identifier: MIT */
/* report_private: what the parts of report share. */
#ifndef TRAINER_REPORT_PRIVATE_H
#define TRAINER_REPORT_PRIVATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "trainer/report/report.h"
#include "trainer/score/figure.h"
#include "trainer/score/solid_study.h"

/* Kinds of errors, each with a number:
 *
 *	unread, impossible    no program; a program that makes no part
 *	fate + FATE_...       moved, misread, wrong numbers
 *	moved + PARAM_...     numbers of that parameter said of another shape
 *	missed + SHAPE_...    true shapes that are not said
 *	added + SHAPE_...     shapes that are only said
 *	digit + true * METRICS_CHARACTER_COUNT + said
 *	solid + SOLID_FAULT_...
 */
enum {
	ERROR_UNREAD,
	ERROR_IMPOSSIBLE,
	ERROR_FATE,
	ERROR_MOVED = ERROR_FATE + FATE_COUNT_,
	ERROR_MISSED = ERROR_MOVED + PARAM_COUNT_,
	ERROR_ADDED = ERROR_MISSED + SHAPE_COUNT_,
	ERROR_DIGIT = ERROR_ADDED + SHAPE_COUNT_,
	ERROR_SOLID = ERROR_DIGIT + METRICS_CHARACTER_COUNT * METRICS_CHARACTER_COUNT,
	ERROR_KINDS = ERROR_SOLID + SOLID_FAULT_COUNT_
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
	struct buf attributes, header, views, words;
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

/* Cases of all sets, each once, the worst first; in the arena. */
int report_list_kept(const struct report *report, struct arena *arena, struct report_kept ***list);

/* What is in the element of a case. */
void report_put_case(struct report_kept *kept, const struct report_case *c,
		     const bool has[ERROR_KINDS]);
void report_put_solid(struct report_kept *kept, const struct report_solid *c,
		      const bool has[ERROR_KINDS]);

void report_solid_errors(const struct report_solid *c, bool has[ERROR_KINDS]);

/* --- report_parts: what cases are made of --- */

struct report_label {
	const char *id, *reading; /* reading: exact, part, program or unread */
	const char *mark;         /* the same for people; markup, as is the next */
	double agreement;
	const char *agreement_about;
};

struct report_words {
	const char *prompt; /* or NULL */
	const char *said;
	size_t said_len;
	const struct report_candidate *candidates;
	int candidate_count;
};

void report_put_attributes(struct buf *out, const char *id, const char *reading,
			   const bool has[ERROR_KINDS]);
void report_put_header(struct buf *out, const struct report_label *label);
void report_put_picture(struct buf *out, const void *png, size_t png_len); /* of NULL nothing */

/* An SVG stands between both. NULL: the key to its colours. */
void report_open_overlay(struct buf *out);
void report_close_overlay(struct buf *out, const char *caption);

void report_put_why(struct buf *out, const char *why);
void report_put_diff(struct buf *out, const char *truth, size_t truth_len, const char *said,
		     size_t said_len, struct arena *arena);
void report_put_details(struct buf *out, const struct report_words *words);

/* Of a list of terms; the first leaves </dd></div> to the caller. */
void report_open_term(struct buf *out, const char *name);
void report_put_share(struct buf *out, const char *name, int part, int whole);
void report_put_real(struct buf *out, const char *name, double value, int decimals,
		     const char *unit);
void report_put_group(struct buf *out, const struct score_key *group);

/* --- overlays --- */

/* An SVG of both parts: in `both` where they agree, else in `truth` or `said`; of one where the other is
 * NULL. Cabinets in three views. */
void report_put_overlay(struct buf *out, const struct figure *truth, const struct figure *said,
			bool is_cabinet, struct arena *arena);

/* The same of sheets, of which both have the same views in the same places; lines that are hidden are drawn
 * fainter. */
struct report_sheet {
	struct figure visible, hidden; /* edges, runs and box of each; other than edges nothing */
};
void report_put_sheets(struct buf *out, const struct report_sheet *truth,
		       const struct report_sheet *said, struct arena *arena);

/* --- tables --- */

/* What tables of figures have in their rows, and on top of the page and in columns some of them. */
struct report_figure {
	const char *name, *about;
	int decimals;
	bool is_share; /* in per cent */
};

struct report_figures {
	const struct report_figure *all;
	int count;
	const int *top;
	const char *const *top_names;
	int top_count;
	const char *cases; /* "Drawings" */
};

extern const struct report_figures report_drawing_figures, report_solid_figures;

/* values: [count] of those figures. */
void report_put_headline(struct buf *out, const struct report_figures *figures,
			 const struct metrics_value *values);
void report_put_figures(struct buf *out, const struct report_figures *figures,
			const struct metrics_value *values);
/* Those of one `by` stand together. */
void report_put_groups(struct buf *out, const struct report_figures *figures,
		       const struct metrics_group *groups, int count);

/* The head of a table, and its body's beginning. */
void report_put_columns(struct buf *out, const char *const *columns, int count);

void report_put_kinds(struct buf *out, const struct metrics *metrics);
void report_put_numbers(struct buf *out, const struct metrics *metrics);
void report_put_digits(struct buf *out, const struct metrics *metrics);

/* How many solids have which faults. */
void report_put_faults(struct buf *out, const struct report *report);

/* With just so many decimals. */
void report_put_fixed(struct buf *out, double v, int decimals);

/* A button that shows the cases with that error, or 0. */
void report_put_count_button(struct buf *out, int error, int64_t count);

#endif
