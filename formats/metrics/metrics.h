/* SPDX-License-Identifier: MIT */
/*
 * metrics: how well a model reads drawings: figures with their intervals, for all drawings and for
 * groups of them, and a study of the errors. metrics(5) is its JSON.
 *
 *	metrics_write(&metrics, &buf);		(metrics.json)
 *	metrics_print(&metrics, &buf);		(a table of at most 100 columns)
 *
 * All figures are percentages.
 */
#ifndef FORMATS_METRICS_H
#define FORMATS_METRICS_H

#include <stdint.h>

#include "base/buf.h"
#include "formats/scene/shape.h"

/* F(enum suffix, name, what it is) */
#define METRICS_FIGURES(F)                                                                         \
	F(VALID, "valid", "predictions that are programs and make a part")                         \
	F(EXACT, "exact", "predictions that are the true program")                                 \
	F(TOKENS, "tokens", "tokens in common, in order")                                          \
	F(PRECISION, "precision", "predicted shapes that are true")                                \
	F(RECALL, "recall", "true shapes that are predicted")                                      \
	F(F1, "f1", "harmonic mean of both")                                                       \
	F(NEAR_PRECISION, "near_precision", "predicted shapes within 1 % of true ones")            \
	F(NEAR_RECALL, "near_recall", "true shapes within 1 % of predicted ones")                  \
	F(NEAR_F1, "near_f1", "harmonic mean of both")                                             \
	F(NUMBERS, "numbers", "numbers that are right")                                            \
	F(NUMBERS_PRINTED, "numbers_printed", "of those that the drawing prints")                  \
	F(NUMBERS_DERIVED, "numbers_derived", "of those that follow from others")                  \
	F(NEAR_NUMBERS, "near_numbers", "numbers within 1 %")                                      \
	F(IOU, "iou", "overlap of both parts")                                                     \
	F(CHAMFER, "chamfer", "distance of both outlines; less is better")                         \
	F(BOX_PRECISION, "box_precision", "predicted boxes with a true one, IoU over 0.5")         \
	F(BOX_RECALL, "box_recall", "true boxes with a predicted one")                             \
	F(BOX_F1, "box_f1", "harmonic mean of both")                                               \
	F(MODELS, "models", "matched boxes that hold the right model")                             \
	F(PARAMETERS, "parameters", "parameters of these models that are right")

enum metrics_figure {
#define F(id, name, about) METRICS_##id,
	METRICS_FIGURES(F)
#undef F
		METRICS_FIGURE_COUNT_
};

struct metrics_value {
	int64_t drawings; /* that count; 0: nothing is known */
	double value;
	double low, high; /* 95 % interval */
};

/* Drawings that have something in common: `by` is what ("family"), `is` which ("plate"). */
struct metrics_group {
	const char *by, *is; /* borrowed */
	int64_t count;       /* drawings, or solids */
	struct metrics_value
		figures[METRICS_FIGURE_COUNT_]; /* of solids the first ones: solid_metrics.h */
};

struct metrics_kind {
	int64_t truths, said, equal, near, missed, added;
};

/* The characters of numbers, and none: a digit too many, or one too few. */
#define METRICS_CHARACTERS "0123456789.-"
#define METRICS_NO_CHARACTER 12
#define METRICS_CHARACTER_COUNT 13

/* What became of the true numbers of drawings whose predictions could be read. */
#define METRICS_FATES(F)                                                                           \
	F(RIGHT, "right", "said")                                                                  \
	F(MOVED, "moved", "said, but of another shape")                                            \
	F(MISREAD, "misread", "said with at most half of its characters wrong")                    \
	F(WRONG, "wrong", "another number, or none, is said")                                      \
	F(MISSED, "missed", "the shape is missed")

enum metrics_fate {
#define F(id, name, about) FATE_##id,
	METRICS_FATES(F)
#undef F
		FATE_COUNT_
};

struct metrics_errors {
	int64_t read, unread; /* drawings whose prediction is a program; is none */
	int64_t fates[FATE_COUNT_];
	int64_t moved[PARAM_COUNT_]; /* of which parameter */
	/* [true][said], of numbers that are right or misread */
	int64_t characters[METRICS_CHARACTER_COUNT][METRICS_CHARACTER_COUNT];
};

struct metrics {
	uint64_t seed; /* of the resamples */
	int resamples;
	struct metrics_group all; /* by and is are NULL */
	int group_count;
	struct metrics_group *groups; /* those of one `by` stand together; borrowed */
	struct metrics_kind kinds[SHAPE_COUNT_];
	struct metrics_errors errors;
};

/* What groups are of, and what their figures are called. */
struct metrics_words {
	const char *of;
	const char *const *figures;
	int count;
};

extern const struct metrics_words metrics_of_drawings; /* and solid_metrics.h's metrics_of_solids */

const char *metrics_figure_name(enum metrics_figure figure);
const char *metrics_fate_name(enum metrics_fate fate);

/* JSON with line ends, one at the end, too. Names of groups are UTF-8. */
void metrics_write(const struct metrics *metrics, struct buf *out);

/* Tables in lines of at most 100 characters. Long names are cut. */
void metrics_print(const struct metrics *metrics, struct buf *out);

#endif
