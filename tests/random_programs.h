/* SPDX-License-Identifier: MIT */
/*
 * random_programs: programs and scenes for tests of their writers and readers.
 *
 *	struct program program = random_program(&rng, FAMILY_PLATE, 6, &arena);
 *	struct scene scene = random_scene(&rng, &arena);
 */
#ifndef TESTS_RANDOM_PROGRAMS_H
#define TESTS_RANDOM_PROGRAMS_H

#include "base/arena.h"
#include "base/rng.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"

/* At most `most` shapes of the family, in any order and in any unit, that fit every language of the
 * family; they need not make a part that can exist. */
struct program random_program(struct rng *rng, enum family family, int most, struct arena *arena);

/* The same shapes in canonical order. */
struct program program_sorted(const struct program *program, struct arena *arena);

/* As scene_parse accepts it: a part of random_parts.h, dimensions of parameters the shapes have. */
struct scene random_scene(struct rng *rng, struct arena *arena);

#endif
