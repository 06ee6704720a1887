/* SPDX-License-Identifier: MIT */
/*
 * allograph: the ways in which people write a character, as strokes through control points.
 *
 *	struct allographs *all = allographs_parse("hand.strokes", lines, count, &err);
 *	int n = allographs_of(all, '7', &first);
 *	for (int i = 0; i < n; i++) ... first[i].name, all->points[first[i].first]
 *	allographs_free(all);
 *
 * The pen's centre moves over y = 0..10 for capitals and digits. Read-only after parsing. The format
 * is described at the top of fonts/hand.strokes.
 */
#ifndef FONTS_ALLOGRAPH_H
#define FONTS_ALLOGRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ALLOGRAPH_HEIGHT 10.0
#define ALLOGRAPH_NAME_BYTES 16
#define ALLOGRAPH_POINTS_MAX 96 /* of one allograph */

enum allograph_region { REGION_EUROPE, REGION_AMERICA, REGION_COUNT_ };

struct allograph_point {
	float x, y;
	bool down;   /* the pen is put down here */
	bool corner; /* the pen turns sharply here; elsewhere it runs smoothly on */
};

struct allograph {
	uint32_t codepoint;
	char name[ALLOGRAPH_NAME_BYTES];
	uint32_t first, end;       /* its points, end excluded; none for a space */
	int weight[REGION_COUNT_]; /* how usual it is among those of its character */
	float x0, x1, y0, y1;      /* the box of its control points */
};

struct allographs {
	struct allograph_point *points;
	struct allograph *items; /* by rising codepoint, those of one in the file's order */
	uint32_t point_count, count;
};

/* Parses the lines of a file of allographs. name is what messages call the file. NULL with err:
 * ERR_FORMAT "name:line: what" for a malformed line, an allograph given twice, or a character that a
 * region never writes. The caller owns the result. */
struct allographs *allographs_parse(const char *name, const char *const *lines, size_t count,
				    struct err *err);
void allographs_free(struct allographs *all);

/* The lines of fonts/hand.strokes; *count says how many. */
const char *const *allographs_builtin(size_t *count);

/* How many a character has, *first being the first of them; 0: none. */
int allographs_of(const struct allographs *all, uint32_t codepoint, const struct allograph **first);

#endif
