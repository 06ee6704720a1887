/* SPDX-License-Identifier: MIT */
/*
 * program_keywords: a shape as arguments with keywords: (x=30,y=5,r=5), (center=(30,5), radius=5).
 *
 *	static const struct keyword_style style = {.comma = ", ", .point_comma = ","};
 *	keywords_write(&style, &shape, &buf);
 *	if (keywords_read(&style, &r, &shape, word) < 0) ...
 *
 * What the languages calls, python and sketch share; a language adds the name before the arguments.
 */
#ifndef FORMATS_PROGRAM_KEYWORDS_H
#define FORMATS_PROGRAM_KEYWORDS_H

#include "base/buf.h"
#include "formats/program/program_reader.h"
#include "formats/scene/shape.h"

struct keyword {
	const char *name;
	enum param param; /* PARAM_X of a style with words: the pair (x,y) of kinds that have y */
};

struct keyword_style {
	const char *comma;       /* between arguments */
	const char *point_comma; /* within points and between them */

	/* The keywords of each kind in label order, ended by a NULL name; a NULL table gives every
	 * parameter its own name. */
	const struct keyword (*words)[PARAM_COUNT_];
};

/* Appends "(...)"; an optional parameter of 0 is left out. */
void keywords_write(const struct keyword_style *style, const struct shape *shape, struct buf *out);

/* Appends "[(0,0),(1,0)]" with this comma. */
void points_write(const char *comma, const struct shape *shape, struct buf *out);

/* Appends the line unit = "inch" where the unit is no millimetre. */
void unit_line_write(enum unit unit, struct buf *out);

/* Reads "(...)", keywords in any order, into the shape, whose kind is set and whose values are 0,
 * and checks it. `where` is the place of what is wrong with the shape as a whole. */
int keywords_read(const struct keyword_style *style, struct reader *r, struct shape *shape,
		  const char *where);

#endif
