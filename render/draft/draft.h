/* SPDX-License-Identifier: MIT */
/*
 * drawing_from_scene: the drafter, who lays out lines, arrows and lettering.
 *
 *	struct drawing drawing;
 *	struct rng rng = rng_stream(seed, index, "draft", attempt);
 *	int rc = drawing_from_scene(&drawing, &scene, &style, font, &rng, &arena);
 *	if (rc < 0) ...		(no layout without collisions was found: redraw the scene)
 *
 * Conventions: ISO 128-2 (lines), ISO 129-1 (dimensions), ISO 3098 (lettering).
 */
#ifndef RENDER_DRAFT_H
#define RENDER_DRAFT_H

#include "base/arena.h"
#include "base/rng.h"
#include "fonts/font.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"

/* Draws the scene with all its dimensions. No text touches an outline, an arrow, another text or a
 * line that is not its own; no arrow touches a text or a foreign outline. Returns 0, or -1 where
 * some dimension found no such place. The drawing lives in the arena. */
int drawing_from_scene(struct drawing *drawing, const struct scene *scene,
		       const struct style *style, const struct font *font, struct rng *rng,
		       struct arena *arena);

/* Only the edges of the scene's part, placed as on `like`: what a label, read back, is compared with.
 * The scene need not have dimensions. */
void drawing_of_edges(struct drawing *drawing, const struct scene *scene,
		      const struct drawing *like, const struct style *style, struct arena *arena);

#endif
