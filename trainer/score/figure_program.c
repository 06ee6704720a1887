/* SPDX-License-Identifier: MIT */
/* A program is made a scene, shapes in canonical order, so that the rules and outlines of formats/ hold
 * for it. Rules of parts are asked for at most SCENE_SHAPES_MAX shapes, as many as a scene may have. */
#include <config.h>

#include "trainer/score/figure.h"

#include <stdlib.h>
#include <string.h>

static int compare_shapes(const void *a, const void *b)
{
	return shape_compare(a, b);
}

int scene_from_program(struct scene *scene, const struct program *program, enum family family,
		       struct arena *arena, struct err *why)
{
	size_t n = (size_t)program->shape_count;
	int at;

	*scene = (struct scene){.family = family,
				.unit = program->unit,
				.scale_paper = 1,
				.scale_real = 1,
				.shape_count = program->shape_count,
				.shapes = ARENA_NEW(arena, struct shape, n)};
	memcpy(scene->shapes, program->shapes, n * sizeof(*scene->shapes));
	qsort(scene->shapes, n, sizeof(*scene->shapes), compare_shapes);
	if (family != FAMILY_SHAPES && n > SCENE_SHAPES_MAX)
		return err_set(why, ERR_LIMIT, "%zu shapes; allowed up to %d in family %s", n,
			       SCENE_SHAPES_MAX, family_name(family));
	return scene_check(scene, &at, why);
}

int scene_from_text(struct scene *scene, const char *text, size_t len, enum language language,
		    struct arena *arena, struct err *why)
{
	struct program program;
	enum family family;

	if (program_parse(&program, language, "", text, len, arena, why) < 0)
		return -1;
	family = program_family(&program);
	if (family == FAMILY_COUNT_)
		return err_set(why, ERR_FORMAT, "shapes of more than one family");
	return scene_from_program(scene, &program, family, arena, why);
}

int figure_from_program(struct figure *figure, const struct program *program, enum family family,
			struct arena *arena, struct err *why)
{
	struct scene scene;

	if (scene_from_program(&scene, program, family, arena, why) < 0)
		return -1;
	*figure = figure_from_scene(&scene, arena);
	return 0;
}
