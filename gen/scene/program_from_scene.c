/* SPDX-License-Identifier: MIT */
/*
 * The two-dimensional families state their shapes as they are: what the scene adds (sheet, scale,
 * dimensions) is how they are shown, not what they are.
 */
#include <config.h>

#include "gen/scene/program_from_scene.h"

struct program program_from_scene(const struct scene *scene)
{
	return (struct program){
		.unit = scene->unit, .shape_count = scene->shape_count, .shapes = scene->shapes};
}
