/* SPDX-License-Identifier: MIT */
/*
 * draft_turned: what the files of the family "turned" hand to each other.
 *
 * View 0 shows the part from the side, its axis level; its datum is where the axis meets the left
 * face. Views 1, 2, ... are sections through the keyways, in their order, seen from the left; their
 * origin is the centre.
 */
#ifndef RENDER_DRAFT_TURNED_H
#define RENDER_DRAFT_TURNED_H

#include "formats/scene/turned.h"
#include "render/draft/draft_family.h"

#define TURNED_MARK_MM 7.5    /* how far the mark of a cutting plane reaches beyond its cylinder */
#define TURNED_SECTIONS_MAX 5 /* they and the side fit into DRAWING_VIEWS_MAX */

enum turned_way { WAY_LEFT, WAY_RIGHT, WAY_ABOVE, WAY_BELOW, WAYS };

/* What place decides for the dimensions; drafter->family. */
struct turned_plan {
	struct turned part;
	enum turned_way *ways; /* one per dimension of the front view */
	bool *inside;          /* diameters: rather on the step itself */
	double margins[WAYS];  /* room for the rows beside the front view */
};

/* A dimension of the front view along the axis. */
bool turned_is_length(const struct dimension *dim);

/* A dimension of the front view across the axis. */
bool turned_is_across(const struct dimension *dim);

/* Where a diameter stands in the front view: its step or bore from x0 to x1 as it is drawn, behind
 * chamfers, fillets and grooves; x0 and x1 are equal at the end of a cone. */
struct turned_reach {
	int64_t x0, x1, d;
	bool hollow;
};
struct turned_reach turned_reach_of(const struct turned *part, const struct dimension *dim);

/* Whether an extension line can leave from there to the left (side 0) or right without crossing the
 * part. */
bool turned_is_seen_from(const struct turned *part, const struct turned_reach *reach, int side);

/* Sheet place of the point at x, half the diameter d above the axis (below where negative), in the
 * front view. */
struct vec turned_at(const struct drafter *d, int64_t x, int64_t diameter);

/* The shape of the n-th keyway (0 first), or -1. */
int turned_keyway(const struct scene *scene, int n);

/* The cylinder that holds x, or -1. */
int turned_cylinder_at(const struct scene *scene, int64_t x);

/* A path in the drawing's unit, in the front view, on the sheet. */
struct path turned_on_sheet(const struct drafter *d, const struct path *path);

/* What is cut through at the n-th keyway, in its section. */
struct path turned_section_path(const struct drafter *d, int n, int keyway);

/* The diameter of the outside at x. */
int64_t turned_outside_at(const struct turned *part, int64_t x);

/* Where the break of the local section on a side crosses the outline, in the drawing's unit. */
void turned_break_points(const struct turned *part, int side, struct vec *top, struct vec *bottom);

/* Appends the break from one of these points to the other, the same either way. */
void turned_add_waves(struct path *path, struct arena *arena, struct vec a, struct vec b,
		      double scale);

/* draft_turned_quarter.c */

/* The outline of a hollow below the axis, from right to left, with the walls of blind ends. */
struct path turned_lower_hollow(const struct turned_line *line, const struct path *upper,
				struct arena *arena);
void turned_draw_quarter_hollow(struct drafter *d, const struct turned *part,
				const struct turned_line *line, int shape);
void turned_draw_quarter_edge(struct drafter *d, const struct turned *part);

/* What to hatch, in the drawing's unit; room for one path more than there are bores. Returns how many
 * there are. */
int turned_quarter_paths(const struct drafter *d, const struct turned *part, struct path *paths);

/* draft_turned_plan.c: decides ways and margins. The plan lives in the arena. */
struct turned_plan *turned_plan_new(struct drafter *d);

/* How wide lettering is along the direction in which rows follow each other, with what it keeps
 * clear; upright: of rows left and right. */
double turned_row_height(const struct lettering_block *b, bool upright);

/* draft_turned_place.c */
int turned_place(struct drafter *d, const struct sheet_taken *taken);

/* draft_turned_marks.c */
void turned_mark(struct drafter *d);
void turned_finish(struct drafter *d);

/* draft_turned_sizes.c */

void turned_measure(struct drafter *d, int dimension, struct measure *m);

#endif
