/* SPDX-License-Identifier: MIT */
/*
 * scene_check: the rules of each family that scene_check of scene.h applies; nobody else calls these.
 *
 * All shapes are of the family and have passed shape_check. On failure *shape is the index of the
 * shape to blame, and the message begins "shape 3: ".
 */
#ifndef FORMATS_SCENE_CHECK_H
#define FORMATS_SCENE_CHECK_H

#include "formats/scene/scene.h"

/* One profile or disc; what else there is lies inside it with some wall, apart from each other; every
 * fillet and chamfer at a corner of the profile, one at most per corner, fitting its edges. */
int check_plate(const struct scene *scene, int *shape, struct err *err);

/* Cylinders and cones that follow each other from x = 0 without a gap; bores inside them; grooves,
 * keyways, threads, chamfers and fillets on them. */
int check_turned(const struct scene *scene, int *shape, struct err *err);

/* One carcass; all else inside its box, but for what stands before, under or on it. */
int check_cabinet(const struct scene *scene, int *shape, struct err *err);

#endif
