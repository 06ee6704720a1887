/* SPDX-License-Identifier: MIT */
/*
 * cad_code_private: a model as all languages write it: in their unit, on their grid, every loop a chain of
 * points.
 *
 *	struct code_solid solid;
 *	struct code_frame frame = {.scale = 1000, .grid = 0.1};
 *	if (code_solid_from_model(&solid, &model, &frame, &arena, err) < 0) ...
 *	... solid.features[0].regions[0].loops[0].curves[0].start
 */
#ifndef FORMATS_CAD_CODE_PRIVATE_H
#define FORMATS_CAD_CODE_PRIVATE_H

#include <math.h>

#include "formats/cad/cad_code.h"

struct reader;

struct code_curve {
	enum deepcad_curve_kind kind;
	struct vec start, end; /* the end is the start of the next, to the bit */
	struct vec middle;     /* of an arc: halfway along; of a circle: its centre */
	double radius;         /* of a circle */
};

struct code_loop {
	struct code_curve *curves;
	int count;
};

/* An area of a plane, and the heights along z between which it is swept, or the angles (radians) about the
 * axis. */
struct code_region {
	struct deepcad_plane plane;
	double lo, hi;           /* lo <= 0 <= hi, lo < hi; a full turn is 0 to 2 pi */
	struct vec axis_at;      /* of a revolve: a point of the axis */
	struct vec axis;         /* and its direction, a unit vector */
	struct code_loop *loops; /* the outer one first */
	int count;
	struct box box; /* of the outer loop, before the grid */
};

struct code_feature {
	enum deepcad_feature_kind kind;
	struct code_region *regions;
	int count;
	enum deepcad_operation operation; /* of the first one of a solid: a new body */
	enum deepcad_extent extent;
	double taper_one, taper_two; /* radians */
};

struct code_solid {
	struct code_feature *features;
	int count;
};

#define CODE_DEGREES (180 / M_PI) /* in a radian */

struct code_frame {
	double scale;       /* of metres */
	struct vec3 centre; /* m; becomes the origin */
	double grid;        /* 0: none */
	double fine;        /* the grid of points halfway along arcs; 0: none */
	bool along_axes; /* planes are XY, YZ and ZX, x along Y and Z in the latter; each looks up */
	unsigned
		extents; /* 1 << DEEPCAD_...: those that are kept; of others the plane moves to lo */
	bool tapers;     /* are allowed, */
	bool revolves;   /* these too */

	/* As a drawing tells it, which does not show how the solid was made: planes are XY, XZ (seen from
	 * the front) and YZ, their origin on the third axis where the extrude is lowest; loops run
	 * counter-clockwise from their leftmost point, the lowest of several; holes and regions stand in
	 * the order of their places. Radii of arcs are on the grid, as a drawing tells them. An axis points to
	 * the right, or up, from where it is nearest to the origin. */
	bool canonical;
};

int code_solid_from_model(struct code_solid *solid, const struct deepcad_model *model,
			  const struct code_frame *frame, struct arena *arena, struct err *err);

/* Scale by which the farthest coordinate of the model's box becomes `size`, or its longest side does, whose
 * middle is *centre then. */
int code_scale_farthest(double *scale, const struct deepcad_model *model, double size,
			struct err *err);
int code_scale_longest(double *scale, struct vec3 *centre, const struct deepcad_model *model,
		       double size, struct err *err);

/* A number as Python writes it, with its sign. */
int code_read_real(struct reader *r, double *out);

/* Reads CadQuery of that many metres a unit; the solid is what `result` names, or else what was named last. Errors
 * as of cad_code_parse_as. */
int code_read_query(struct deepcad_model *model, const char *result, double unit, const char *name,
		    const char *text, size_t len, struct arena *arena, struct err *err);

/* How CadQuery joins a solid to another: ".union(" and so on, by operation. */
extern const char *const code_cadquery_calls[DEEPCAD_OPERATION_COUNT_];

/* format has one %d. */
void code_put_number(struct buf *out, const char *format, int n)
	__attribute__((format(printf, 2, 0)));

/* How languages write 25: as 25, as 25. or as 25.0. */
enum code_point { CODE_POINT_NONE, CODE_POINT_BARE, CODE_POINT_ZERO };

/* With at most twelve digits; never -0. */
void code_put_real(struct buf *out, double v, enum code_point point);

/* How languages write points: (1,2), [1., 2.] and so on. */
struct code_style {
	const char *open, *between, *close;
	enum code_point point;
};

/* The point behind `before`. */
void code_put_pair(struct buf *out, const char *before, struct vec v,
		   const struct code_style *style);
void code_put_triple(struct buf *out, const char *before, struct vec3 v,
		     const struct code_style *style);

/* Whether the region of a revolve turns all the way. */
bool code_is_whole(const struct code_region *r);

/* CadQuery's calls that turn a workplane's wires as the region of a revolve is turned. */
void code_put_turn(struct buf *out, const struct code_region *r, const struct code_style *style);

void code_write_sketch(const struct code_solid *solid, struct buf *out);
void code_write_cadquery(const struct code_solid *solid, struct buf *out);
void code_write_gencad(const struct code_solid *solid, struct buf *out);
void code_write_recode(const struct code_solid *solid, struct buf *out);
void code_write_openecad(const struct code_solid *solid, struct buf *out);
void code_write_text2cad(const struct code_solid *solid, struct buf *out);

#endif
