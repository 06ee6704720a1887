/* SPDX-License-Identifier: MIT */
/*
 * number_box: the printed numbers of dimensions, as boxes on the clean picture.
 *
 *	struct number_box box;
 *	int *numbers, n = number_list(annotations, &numbers, arena);
 *	if (n > 0 && number_box_of(&annotations->items[numbers[0]], &box))
 *		p = number_box_point(&box, 0, box.height);	(upper left corner)
 */
#ifndef AUGMENT_NUMBER_BOX_H
#define AUGMENT_NUMBER_BOX_H

#include <stdbool.h>

#include "formats/drawing/annotations.h"
#include "formats/scene/path.h"

struct number_box {
	struct vec origin, along, up; /* the baseline's start; units, in px */
	double width, height;         /* px */
};

/* Whether the item is the text of a dimension that is a plain number, as "12,5", "R8" or "⌀40"; then
 * where it is. */
bool number_box_of(const struct annotation *item, struct number_box *box);

/* Which items are such numbers, in the arena; returns how many. */
int number_list(const struct annotations *annotations, int **out, struct arena *arena);

/* x px along the baseline, y px over it. */
struct vec number_box_point(const struct number_box *box, double x, double y);

/* The corners of what reaches from x0 to x1 and from y0 to y1, the baseline's first. */
void number_box_corners(const struct number_box *box, struct box reach, struct vec corners[4]);

/* The first byte behind the sign of a radius or a diameter. */
const char *number_digits(const char *value);

#endif
