/* SPDX-License-Identifier: MIT */
/*
 * draft_family: what the drafter asks of a family: its views, and what each dimension measures there.
 *
 *	const struct draft_family *f = draft_family(scene);
 *	f->place(d, &taken);			views and datum on the sheet
 *	f->draw(d);				edges: what a label, drawn again, is compared with
 *	f->mark(d);				centre lines, hatching, cutting planes, names of views
 *	f->measure(d, dimension, &measure);	what the engine then finds a place for
 *
 * Strokes of draw are on LAYER_OUTLINE, LAYER_HIDDEN and LAYER_THIN and depend on shapes, section and
 * views alone. One file per family: draft_shapes.c, draft_plate.c, draft_turned.c, draft_cabinet.c;
 * draft_solid.c for solids.
 */
#ifndef RENDER_DRAFT_FAMILY_H
#define RENDER_DRAFT_FAMILY_H

#include "render/draft/draft_sheet.h"
#include "render/draft/draft_sizes.h"

enum measure_kind {
	MEASURE_NOTHING, /* drawn with others, or not in this arrangement */
	MEASURE_LINEAR,
	MEASURE_RADIAL,
	MEASURE_ANGULAR,
	MEASURE_LEADER,
};

struct measure {
	enum measure_kind kind;
	union {
		struct linear_spec linear;
		struct radial_spec radial;
		struct angular_spec angular;
		struct leader_spec leader;
	};
};

struct draft_family {
	/* Sets drawing->views, view_count and datum. -1 where the free sheet is too small. */
	int (*place)(struct drafter *d, const struct sheet_taken *taken);
	void (*draw)(struct drafter *d);
	void (*mark)(struct drafter *d);
	void (*measure)(struct drafter *d, int dimension, struct measure *measure);
	/* Dimensions that are drawn together, before all others, as running ones are; NULL: none.
	 * -1 where they find no room. */
	int (*rows)(struct drafter *d);
	/* Once all dimensions stand: hatching, which gives way to lettering. NULL: nothing. */
	void (*finish)(struct drafter *d);
};

const struct draft_family *draft_family(const struct scene *scene);

extern const struct draft_family draft_shapes, draft_plate, draft_turned, draft_cabinet,
	draft_solid;

/* Sheet mm of a length in thousandths of the scene's unit. */
double drafter_mm(const struct drafter *d, int64_t thousandths);

/* Adds a stroke with a path in sheet mm, on both drawing and map; empty strokes are left out. width
 * is the style's thick_mm on LAYER_OUTLINE, of boards no more than 0.6 mm, else thin_mm. */
struct stroke *drafter_stroke(struct drafter *d, const struct path *path, enum layer layer,
			      enum line_type line_type, int shape);

/* Whether centre lines are drawn of what is told without: of round figures and slots. Where there are
 * none, extension lines begin at the centre itself. */
bool drafter_marks_centres(const struct drafter *d);

/* Crossing centre lines of a figure round `centre` that reaches a along u (unit) and b across it;
 * unbroken where it is small. */
void drafter_centre_cross(struct drafter *d, struct vec centre, struct vec u, double a, double b,
			  int shape);

/* A centre line from a to b (on the figure's outline), drawn on past both ends. */
void drafter_centre_line(struct drafter *d, struct vec a, struct vec b, int shape);

/* The circle on which the middles of holes lie. */
void drafter_pitch_circle(struct drafter *d, struct vec centre, double radius, int shape);

#define CENTRE_OVER_MM 2.5 /* centre lines beyond the outline */

/* Where the lower left corner of something width x height mm lies with most room on all sides, in
 * the field and off the boxes taken; margins are left, right, below, above. -1 where it does not
 * fit. */
int drafter_find_room(const struct sheet_taken *taken, double width, double height,
		      const double margins[4], struct vec *corner);

/* Whether an earlier dimension of the scene is of the same kind and view and measures the same two
 * coordinates: then it is drawn instead of this one. */
bool drafter_is_repeated(const struct drafter *d, int dimension);

#endif
