/* SPDX-License-Identifier: MIT */
/*
 * scene_plate: the parts of scene_plate(), and what they hand to each other.
 *
 *	struct plate_maker m = {...};
 *	plate_make_body(&m);		scene_plate_body.c
 *	plate_make_features(&m);	scene_plate_features.c
 *	plate_dimension(&m);		scene_plate_dimensions.c
 *
 * Lengths are thousandths of the scene's unit; names in _mm are millimetres on paper.
 */
#ifndef GEN_SCENE_PLATE_H
#define GEN_SCENE_PLATE_H

#include "formats/scene/plate.h"
#include "gen/scene/scene_families.h"

#define PLATE_CORES_MAX 160
#define PLATE_COORDS_MAX 64
#define PLATE_FAVOURED_MAX 6
#define PLATE_GROUPS_MAX 32

/* The axes of lists that exist once for x and once for y. */
enum { AXIS_X, AXIS_Y, AXES };

struct plate_maker {
	struct rng *rng;
	struct arena *arena;
	const struct scene_params *params;
	struct scene *scene; /* its shapes have room for SCENE_SHAPES_MAX */
	double paper;        /* millimetres on paper per unit */
	int64_t step;        /* of coordinates */
	double text_mm, offset_mm, spacing_mm;
	double row_mm;          /* of one row of dimensions, from the view on */
	double free_mm[AXES];   /* of the sheet, for the view and the dimensions round it */
	double view_mm[AXES];   /* the largest view with some dimensions round it */
	int64_t size[AXES];     /* of the body's box; a disc's diameter */
	bool is_disc, is_plain; /* plain: a rectangle */
	int body_count;         /* shapes that are the body */
	bool mirror[AXES];      /* x: features come in pairs left and right of the upright middle */

	int64_t favoured[AXES][PLATE_FAVOURED_MAX]; /* good places: the middles of arms */
	int favoured_count[AXES];

	double pitch_mm;                        /* least between different coordinates */
	int most[AXES];                         /* different coordinates */
	int holes_max;                          /* in a table, ... */
	bool table_is_wide;                     /* ... which may have counterbores */
	double wall;                            /* least between features, in units */
	struct polyline outline;                /* in units */
	int64_t coords[AXES][PLATE_COORDS_MAX]; /* used ones, each once */
	int coord_count[AXES];
	struct plate_core cores[PLATE_CORES_MAX];
	int core_count;
	int64_t widths[PLATE_GROUPS_MAX]; /* diameters of plain holes: each of one group */
	int width_count;
};

/* Sheet mm as thousandths, on the grid of coordinates, at least one step. */
int64_t plate_snap(const struct plate_maker *m, double mm);

/* lo to hi on paper, snapped. */
int64_t plate_pick(const struct plate_maker *m, double lo_mm, double hi_mm);

/* One of a list of usual sizes (mm, inch; rising, 0 at the end) that measures lo to hi on paper; 0:
 * none does. */
int64_t plate_pick_usual(const struct plate_maker *m, const int64_t *const lists[UNIT_COUNT_],
			 double lo_mm, double hi_mm);

/* Whether the shape is a row of the table, if there is one. */
bool plate_is_row(const struct plate_maker *m, const struct shape *shape);

/* How many shapes are. */
int plate_count_rows(const struct plate_maker *m);

/* Appends shapes if all can be there: within the outline, walls to all that is there, coordinates
 * equal to used ones or a pitch away. Returns whether it did. */
bool plate_add(struct plate_maker *m, const struct shape *shapes, int count);

/* The outline with its fillets and chamfers, a bare rectangle if `plain`; sets size, is_disc, is_plain,
 * mirror, favoured. Returns whether it is one: grids can be too coarse for a kind. */
bool plate_make_body(struct plate_maker *m, bool plain);

/* Holes, patterns, slots and windows, as many as find room and please. */
void plate_make_features(struct plate_maker *m);

/* All dimensions; the shapes are in canonical order. */
void plate_dimension(struct plate_maker *m);

#endif
