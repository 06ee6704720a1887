/* SPDX-License-Identifier: MIT */
/*
 * scene_views: which views of a turned part say nothing that another one does not: ISO 128-3 has as many as are needed,
 * and no more.
 *
 *	part_from_solid(&part, solid, sides, 3, &arena, &err);
 *	scene_section(&part, solid, &arena);
 *	dropped = scene_drop_twin(&part);
 *	if (scene_part(&scene, &part, ...) == 0)
 *		scene_drop_end(&scene, &part);
 */
#ifndef GEN_SCENE_VIEWS_H
#define GEN_SCENE_VIEWS_H

#include "formats/scene/scene.h"
#include "formats/solid/part.h"

/* Takes one of the two views away that see a turned part from the side, before it is planned: of a part whose faces
 * all go about one axis or lie across it, but for holes along it that are alike. The front view is one of the two and
 * stays, so that what is left lies where nothing else would, in either projection. False: the part is as it was. */
bool scene_drop_twin(struct part *part);

/* Takes the view along the axis away too, once the part is planned, where no dimension stands in it and it shows nothing
 * but circles about the axis; a section that stays is along the axis, which needs no mark. False: all is as it was. */
bool scene_drop_end(struct scene *scene, struct part *part);

#endif
