/* SPDX-License-Identifier: MIT */
/*
 * volume: how much material a part is.
 *
 *	double kg = density * scene_volume(&scene, &arena) * pow(unit_mm(scene.unit), 3) / 1e6;
 *						(density in g/cm3)
 */
#ifndef FORMATS_VOLUME_H
#define FORMATS_VOLUME_H

#include "formats/scene/scene.h"

/* The volume of a plate or a turned part that passes scene_check, in cubes of the scene's unit: exact
 * but for fillets and keyways of turned parts, which are right to a millionth of the part. Threads are
 * not cut. 0 for other families: of a cabinet the drawers' boxes are not told. The arena is used for
 * paths. */
double scene_volume(const struct scene *scene, struct arena *arena);

#endif
