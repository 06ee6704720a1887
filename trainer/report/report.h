/* SPDX-License-Identifier: MIT */
/*
 * report: an evaluation as one page of HTML: figures with their intervals, which digits and numbers are
 * confused, and cases with picture, overlay and both programs side by side; of drawings, or of solids. The page
 * needs nothing but itself: no server, no network, no fonts.
 *
 *	struct report *report = report_new(&(struct report_settings){.seed = 1, .worst = 60,
 *					   .random = 60, .examples = 3});
 *	report_add(report, &(struct report_case){.id = "0042", .family = FAMILY_PLATE, ...});
 *	if (report_write(report, "report.html", &head, &err) < 0) ...
 *	report_free(report);
 *
 * Of solids:
 *
 *	report_add_solid(report, &(struct report_solid){.id = "0042", ...});
 *	n = report_kept_cases(report, &arena, &cases);
 *	report_illustrate(report, cases[0], &(struct report_views){...});
 *
 * All cases are added; kept are the worst ones, random ones, and for every kind of error random ones of
 * those that have it, so that memory and page stay small. Whatever a model says is shown as text: no
 * byte of it can be markup.
 */
#ifndef TRAINER_REPORT_H
#define TRAINER_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/metrics/metrics.h"
#include "formats/metrics/solid_metrics.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"
#include "trainer/score/score.h"
#include "trainer/score/score_summary.h"
#include "trainer/score/solid_score.h"

/* What pages are usually asked to hold. */
#define REPORT_WORST 60
#define REPORT_RANDOM 60
#define REPORT_EXAMPLES 3

struct report_settings {
	uint64_t
		seed; /* of the random ones: the same cases in the same order leave the same ones */
	int worst, random;
	int examples; /* of each kind of error */
};

/* What else the model might have said. */
struct report_candidate {
	const char *text; /* any bytes */
	size_t len;
	double log_probability; /* NAN: not known */
};

/* All is borrowed, until report_add returns. */
struct report_case {
	const char *id; /* may be any bytes, as all strings here */
	enum family family;
	const struct score_key *groups; /* as in score_summary_add; of the family or not */
	int group_count;
	const void *png; /* the picture as a PNG file; NULL: not shown */
	size_t png_len;
	const char *prompt; /* or NULL */
	enum language language;
	const struct program *truth; /* fits the language */
	const struct scene *scene;   /* or NULL: what its drawing prints is not known */
	const char *said;            /* the prediction; NULL where said_len is 0 */
	size_t said_len;
	const struct score *score;           /* both of score_from_programs, for this truth */
	const struct score_reading *reading; /* and prediction */
	const char *why;                     /* not valid: why; or NULL */
	double log_probability;              /* NAN: not known */
	const struct report_candidate *candidates;
	int candidate_count;
};

/* A solid; all is borrowed, until report_add_solid returns. Its program is text. */
struct report_solid {
	const char *id;
	const struct score_key *groups;
	int group_count;
	const char *prompt; /* or NULL */
	const char *truth;
	const char *said; /* NULL: nothing */
	const struct solid_score *score;
	unsigned faults; /* 1 << SOLID_FAULT_... (solid_study.h) */
	const char *why; /* not valid: why; or NULL */
	double log_probability;
	const struct report_candidate *candidates;
	int candidate_count;
};

/* What a case of solids shows; borrowed. */
struct report_views {
	const void *png; /* the picture; NULL: not shown */
	size_t png_len;
	const char *overlays; /* elements of solid_overlay.h, which go into the page as they are */
	size_t overlays_len;
};

struct report_fact {
	const char *name, *value;
};

/* What stands above the cases; borrowed. */
struct report_head {
	const char *title;
	const struct report_fact *facts; /* the model, the data, how it was decoded */
	int fact_count;
	const struct metrics *metrics;      /* of drawings, or */
	const struct solid_metrics *solids; /* of solids; the other is NULL */
	const char *curves;                 /* an SVG file (svg_from_charts), or NULL */
	size_t curves_len;
};

struct report;

struct report *report_new(const struct report_settings *settings);
void report_free(struct report *report);

void report_add(struct report *report, const struct report_case *c);
void report_add_solid(struct report *report, const struct report_solid *c);

/* Those that are kept so far, by how many were added before each, in that order. *cases is in the arena. */
int report_kept_cases(const struct report *report, struct arena *arena, int64_t **cases);

/* The views of a case that is kept. */
void report_illustrate(struct report *report, int64_t index, const struct report_views *views);

/* How far the prediction agrees with the truth, from 0 to 1, by which cases are the worst: the mean of
 * the share of right numbers, F1 of equal shapes, and the overlap of both parts where there is one
 * (else what is left of 1 without their distance, if that is known). */
double report_agreement(const struct score *score);

/* The same of solids: the mean of overlap as they stand, where it could be measured, and the shares of right
 * commands and right parameters (solid_score.h). */
double report_solid_agreement(const struct solid_score *score);

/* Writes the page by rename; cases may be added and it be written again. */
int report_write(const struct report *report, const char *path, const struct report_head *head,
		 struct err *err);

#endif
