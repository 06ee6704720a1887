/* SPDX-License-Identifier: MIT */
/*
 * draft_cut: the ends of cutting planes.
 *
 *	drafter_cut_mark(d, vec(20, 55), vec(0, 1), vec(1, 0), CUT_ARROW_ARRIVES, "A");
 *
 * ISO 128-3: a thick stroke outwards, an arrow the way of sight that ends at it, the letter beyond. ASME Y14.3: the
 * arrow leaves the stroke's end.
 */
#ifndef RENDER_DRAFT_CUT_H
#define RENDER_DRAFT_CUT_H

#include "render/draft/draft_family.h"

enum cut_arrow { CUT_ARROW_ARRIVES, CUT_ARROW_LEAVES };

#define CUT_GAP_MM 1.5 /* from the outline to the mark */
#define CUT_MM 5.0     /* the stroke */

/* One end, from `a` outwards; `out` and `sight` are unit vectors square to each other along the axes of the sheet. The
 * letter is borrowed; NULL: there is none. */
void drafter_cut_mark(struct drafter *d, struct vec a, struct vec out, struct vec sight,
		      enum cut_arrow arrow, const char *letter);

/* How far arrow and letter reach along the way of sight, which is level or upright, and back from the plane. */
void drafter_cut_reach(const struct drafter *d, enum cut_arrow arrow, bool level,
		       const char *letter, double *ahead, double *back);

/* A line of lettering on the given layer, its middle at `middle`. */
void drafter_name(struct drafter *d, const char *utf8, struct vec middle, enum layer layer);

#endif
