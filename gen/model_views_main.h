/* SPDX-License-Identifier: MIT */
/*
 * model_views_main: the plain views of a model that cadconv's --views asks for.
 *
 *	struct draft_view views[CONVERT_VIEWS_MAX];
 *	if (model_views(views, &options, solid, &arena, &err) < 0) ...
 *	drawing_of_views(&drawing, views, options.view_count, &sheet, &arena);
 */
#ifndef GEN_MODEL_VIEWS_MAIN_H
#define GEN_MODEL_VIEWS_MAIN_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/solid/solid.h"
#include "gen/convert_options_main.h"

/* As many as are asked for, in that order, in one unit; in the arena. A section is scene_section_any's, of the front,
 * the top, and the side that the projection has beside them. */
int model_views(struct draft_view *views, const struct convert_options *options,
		const struct solid *solid, struct arena *arena, struct err *err);

#endif
