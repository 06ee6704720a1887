/* SPDX-License-Identifier: MIT */
/*
 * part_label: what a drawing of a solid tells, as text: the label of solids that come without a program.
 *
 *	struct buf text = {0};
 *	if (part_label_write(&part, &text, &err) < 0) ...
 *
 *	size(x=60, y=40, z=48)
 *	plane(z=8)
 *	slant(axis="x", y0=18, z0=8, y1=32, z1=20)
 *	hole(axis="z", x=15, y=12, d=8, z0=0, z1=8)
 *	boss(axis="y", x=30, z=24, d=18, y0=0, y1=8)
 *	round(axis="y", x=10, z=38, r=10, y0=32, y1=40)
 *	hollow(axis="y", x=10, z=38, r=10, y0=32, y1=40)
 *	cone(axis="z", x=15, y=12, d0=20, d1=18, z0=7, z1=8)
 *	hollow_cone(axis="z", x=15, y=12, d0=8, d1=12, z0=6, z1=8)
 *	tip(axis="z", x=15, y=12, d=8, z=3, way=-1)
 *
 * Millimetres from the lower end of the box, whole multiples of PART_GRAIN. A line for every place of planes
 * across an axis between both ends, for every plane that lies aslant, for every cylinder on one axis
 * (part_round): hole and boss go all round, hollow and round do not, and hole and hollow are in the part. So are
 * hollow_cone and tip, the end of a drilled hole from where it begins, whose angle is the drill's (118 to 120
 * degrees): no drawing tells it. Cones that do not go all round have r0 and r1. Each line once, in that order and
 * then by their numbers.
 */
#ifndef FORMATS_PART_LABEL_H
#define FORMATS_PART_LABEL_H

#include "base/buf.h"
#include "formats/solid/part.h"

/* Appends. ERR_UNSUPPORTED for faces that are no planes, cylinders or cones, planes across all axes, and rounds
 * that are askew; ERR_LIMIT for more than PART_LABEL_LINES_MAX lines. */
int part_label_write(const struct part *part, struct buf *out, struct err *err);

#define PART_LABEL_LINES_MAX 4096

#endif
