/* SPDX-License-Identifier: MIT */
/*
 * program_idioms: a shape as a text with its parameters in it, written and recognised.
 *
 *	static const char circle[] = "cq.Workplane(origin=({x},{y})).circle({r}).extrude(1)";
 *	idiom_write(circle, &shape, &buf);
 *	struct trial t = trial_begin(&r);
 *	if (trial_idiom(&t, circle, SHAPE_CIRCLE, &shape) || trial_idiom(&t, other, ...))
 *		trial_take(&t, &r);
 *	else
 *		trial_report(&t, &r);	("label:3:39: expected 'circle' or 'rect', not 'c'")
 *
 * In an idiom {name} is the parameter's value, and [...] is left out where the optional parameter in
 * it is 0; the first token inside tells a reader which. Blanks part words and are written as they
 * stand. A reader tries idioms one after another and reports what goes on furthest. Of no use
 * outside formats/program_*.c.
 */
#ifndef FORMATS_PROGRAM_IDIOMS_H
#define FORMATS_PROGRAM_IDIOMS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/program/program_reader.h"
#include "formats/scene/shape.h"

#define TRIAL_WANTED_MAX (2 * SHAPE_COUNT_ + 2) /* per idiom a token, and one of an optional part */

/* What a place in the text was tried as. The furthest place that an idiom came to has either tokens
 * that would have gone on there, or an error of the value that stands there. Trials of one statement
 * all begin where the reader stood. */
struct trial {
	struct reader r; /* of the idiom being tried */
	const char *begin;
	struct err why; /* of r */
	const char *furthest;
	bool is_value;
	struct err value_error;
	int wanted_count;
	struct {
		const char *text;
		size_t len;
	} wanted[TRIAL_WANTED_MAX];
};

/* Appends the idiom with the shape's values; points have "," between them. */
void idiom_write(const char *idiom, const struct shape *shape, struct buf *out);

void trial_begin(struct trial *t, const struct reader *r);

/* Whether the text goes on with the idiom; the shape is then of this kind with the values read, not
 * yet checked by shape_check, and t->r.at is behind it. An idiom without parameters may come with a
 * shape of NULL. */
bool trial_idiom(struct trial *t, const char *idiom, enum shape_kind kind, struct shape *shape);

/* As trial_idiom, for a text that a line end must follow, which stays unread. */
bool trial_line(struct trial *t, const char *idiom);

/* The reader goes on behind the idiom recognised last. */
void trial_take(const struct trial *t, struct reader *r);

/* The error of all idioms tried in vain: -1. */
int trial_report(const struct trial *t, struct reader *r);

#endif
