/* SPDX-License-Identifier: MIT */
/*
 * draft_place: one dimension's graphics as a proposal that is judged, and drawn if it is the best.
 *
 *	struct choice choice = choice_new(drafter, dimension);
 *	for each way to draw the dimension:
 *		struct proposal p = {.cost = how unusual it is};
 *		proposal_set_text(&p, utf8, width, middle, angle);
 *		if (!choice_seats(&choice, &p))
 *			continue;
 *		proposal_add_line(&p, a, b, LAYER_DIMENSION); ...
 *		choice_offer(&choice, &p);
 *	if (choice_draw(&choice) < 0) ...	(every proposal collides)
 */
#ifndef RENDER_DRAFT_PLACE_H
#define RENDER_DRAFT_PLACE_H

#include "base/rng.h"
#include "fonts/font.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/style.h"
#include "render/draft/draft_map.h"
#include "render/draft/draft_part.h"

struct drafter {
	struct drawing *drawing;
	const struct scene *scene; /* as it is shown: turned_shown */
	const struct scene *told;  /* as its numbers are printed */
	const struct style *style; /* of the sheet; of one dimension: drafter_style */
	const struct font *font;
	struct rng *rng;
	struct arena *arena;
	struct draft_map *map;
	struct lettering_block *letterings; /* one per dimension */
	bool references;                    /* reference dimensions are drawn */
	struct part_facts part;             /* its material is hatched */
	int smaller_title;                  /* sizes that its block is smaller than would fit */
	double cost;                        /* of all proposals drawn: the layout's score */
	double unrest; /* how much chance moves costs, where the usual places have failed */
	void *family;  /* of the family's draft_<family>.c */
};

/* Of lettering: round what is boxed and before a stack, in text heights; and between its lines, in heights of the stack, less than between
 * others. */
#define LETTERING_BOX_GAP 0.35
#define LETTERING_STACK_GAP 0.3
#define LETTERING_STACK_CLEAR 0.25

/* The lettering of one dimension: a line, a stack of two smaller lines behind it, a box round both, a line under
 * them.
 * Heights are measured from the baseline. */
struct lettering_block {
	const struct style *style;        /* of its dimension */
	const char *utf8, *upper, *lower; /* upper, lower: NULL where there is no stack */
	double text_width, width;         /* of the line; of all of it */
	double stack_height;              /* of the stack's digits */
	double below, above;              /* how far it reaches under the baseline and over h */
	bool boxed, underlined;
};

struct proposal_line {
	struct vec a, b;
	enum layer layer;
	double skip_mm; /* from a on, where it leaves the shape it belongs to: not judged */
	bool leader;    /* or a shelf: unbroken where dimension lines are dashed */
};

struct proposal_arc {
	struct vec centre;
	double radius, from, sweep;
};

#define PROPOSAL_LINES 8
#define PROPOSAL_ARCS 3

struct proposal {
	double cost;
	const struct lettering_block *lettering; /* NULL: none */
	struct vec text_at;                      /* left end of the baseline */
	double text_angle;
	struct vec text_u; /* unit, along text_angle */
	int line_count, arc_count, arrow_count;
	struct proposal_line lines[PROPOSAL_LINES];
	struct proposal_arc arcs[PROPOSAL_ARCS];
	struct arrow arrows[2];
	bool dot;  /* dots for arrowheads, whatever the style says */
	bool snug; /* arrowheads may stand near outlines and on them: between the walls of a groove, circles about one axis */
};

struct choice {
	struct drafter *drafter;
	int dimension;
	struct proposal best;
	double best_cost;      /* INFINITY: none yet */
	double text_margin_mm; /* clear ring round lettering */
};

/* For the dimension with this index, or DRAWING_NOBODY. */
struct choice choice_new(struct drafter *drafter, int dimension);

/* Whether a proposal of this base cost could still win: spares building it. */
bool choice_is_open(const struct choice *choice, double cost);

/* Whether the proposal's lettering, set first, stands clear of everything drawn: most proposals fail
 * here, before their lines are thought out. */
bool choice_seats(const struct choice *choice, const struct proposal *proposal);

/* Judges a proposal that choice_seats let pass against what is drawn and keeps it if it is the best so far. */
void choice_offer(struct choice *choice, const struct proposal *proposal);

/* Whether some proposal may be drawn. */
bool choice_is_found(const struct choice *choice);

/* Draws the best proposal and marks it on the map. Returns 0, or -1 if there is none. */
int choice_draw(struct choice *choice);

/* Draws a proposal without judging it. */
void proposal_draw(struct drafter *drafter, const struct proposal *proposal, int dimension);

void proposal_add_line(struct proposal *p, struct vec a, struct vec b, enum layer layer);
/* A piece of a leader, or a shelf; on LAYER_DIMENSION. */
void proposal_add_leader(struct proposal *p, struct vec a, struct vec b);

void proposal_add_arc(struct proposal *p, struct vec centre, double radius, double from,
		      double sweep);

/* An arrowhead with its tip at `tip` pointing along `direction` (unit). */
void proposal_add_arrow(struct proposal *p, const struct style *style, struct vec tip,
			struct vec direction);

/* Sets the lettering with the middle of its baseline at `middle`, reading along `angle`. The block is
 * borrowed until the proposal is drawn. */
void proposal_set_text(struct proposal *p, const struct lettering_block *block, struct vec middle,
		       double angle);

/* The same with the middle of the lettering's height at `middle`: it stands in a line. */
void proposal_set_text_in_line(struct proposal *p, const struct lettering_block *block,
			       struct vec middle, double angle);

/* On the shelf of a leader that ends at `knee`, to the right (way 1) or to the left (-1): above a shelf
 * that is as long as the lettering, or behind a short one at half its height. Returns the shelf's
 * length, signed. */
double proposal_set_text_on_shelf(struct proposal *p, const struct lettering_block *block,
				  struct vec knee, double way);

/* The style of a dimension of the scene; of DRAWING_NOBODY the sheet's. */
const struct style *drafter_style(const struct drafter *drafter, int dimension);

/* Throws the dice for the tolerances and boxes of all dimensions, once per drawing. */
void drafter_letter(struct drafter *drafter);

/* The printed lettering of a dimension. */
const struct lettering_block *drafter_lettering(const struct drafter *drafter, int dimension);

/* A plain line of lettering that is of no dimension. */
struct lettering_block lettering_of_text(const struct drafter *drafter, const char *utf8);

/* The angle nearest to `angle` or its reverse that reads from below or from the right: within
 * (-90, 90] degrees. */
double reading_angle(double angle);

/* Gives a stroke the width and line type that the style of its dimension has for its lines. */
void drafter_set_pen(const struct drafter *drafter, struct stroke *stroke);

/* Adds a line to drawing and map at once. On LAYER_DIMENSION and LAYER_EXTENSION it has the pen of
 * its dimension, whatever line_type says. */
void drafter_line(struct drafter *drafter, struct vec a, struct vec b, enum layer layer,
		  enum line_type line_type, int shape, int dimension);

#endif
