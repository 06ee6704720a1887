/* SPDX-License-Identifier: MIT */
/*
 * scene_section: which view of a solid is drawn as a full section, and where it is cut: along the axes of its holes
 * and bores, where that shows most of what else is hidden.
 *
 *	part_from_solid(&part, solid, sides, 3, &arena, &err);
 *	if (scene_section(&part, solid, &arena)) ...	(a view of it is a section now)
 *	scene_part(&scene, &part, ...);
 *
 *	view = scene_section_any(&part, solid, &arena, &err);	(of plain views, where the user wants one)
 */
#ifndef GEN_SCENE_SECTION_H
#define GEN_SCENE_SECTION_H

#include "formats/solid/part.h"

/* Makes the view a section that shows most, before the part is planned. False, and the part is as it was: it has no
 * hollow whose axis lies in a plane that might cut it, or each such section would hide what no other view shows as
 * well: an outline along the way the eye looks, or how far the part goes. */
bool scene_section(struct part *part, const struct solid *solid, struct arena *arena);

/* Likewise, but there is always one: where scene_section finds none, along the hole that shows most, whatever is lost;
 * else where the part is half as deep, or near there, in the view with most hidden lines, of equal ones the first. Solid
 * shafts are cut across. Returns the view; -1 with *err where no such plane cuts the part. */
int scene_section_any(struct part *part, const struct solid *solid, struct arena *arena,
		      struct err *err);

#endif
