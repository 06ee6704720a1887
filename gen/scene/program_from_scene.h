/* SPDX-License-Identifier: MIT */
/*
 * program_from_scene: the label of a scene.
 */
#ifndef GEN_PROGRAM_FROM_SCENE_H
#define GEN_PROGRAM_FROM_SCENE_H

#include "formats/program/program.h"
#include "formats/scene/scene.h"

/* The scene's unit and shapes in canonical order; borrows them. */
struct program program_from_scene(const struct scene *scene);

#endif
