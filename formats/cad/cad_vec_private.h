/* SPDX-License-Identifier: MIT */
/*
 * cad_vec_private: a region's loops as DeepCAD's vectors order and scale them.
 *
 *	struct vec_sketch sketch;
 *	vec_sketch_from_profile(&sketch, profile, arena);
 *	... sketch.start, sketch.size					(in the plane)
 *	vec_sketch_rows(&sketch, compat, rows);
 */
#ifndef FORMATS_CAD_VEC_PRIVATE_H
#define FORMATS_CAD_VEC_PRIVATE_H

#include <math.h>

#include "formats/cad/cad_vec.h"

#define CAD_VEC_LEVELS 256
#define CAD_VEC_NORM 0.75 /* of the half of the levels, or of the unit cube */
#define CAD_VEC_SKETCH_STEPS (CAD_VEC_LEVELS / 2 * CAD_VEC_NORM - 1)

struct vec_curve {
	enum deepcad_curve_kind kind;
	struct vec start, middle, end, centre;
	double radius, start_angle, end_angle;
	bool is_ccw;
};

struct vec_loop {
	struct vec_curve *curves;
	int count;
	struct box box;
};

struct vec_sketch {
	struct vec_loop *loops;
	int count;
	struct vec start; /* where the first loop begins */
	double size;      /* how far it is from there to the box's farthest side */
};

/* A row of a command, all else -1. */
struct cad_vec_row cad_vec_row_of(enum cad_vec_command command);

/* v rounded, halves to even, within lo..hi. */
int cad_vec_level(double v, int lo, int hi);

/* To six decimals, as NumPy rounds. */
static inline double cad_vec_round6(double v)
{
	return rint(v * 1e6) / 1e6;
}

/* The normal of a plane by its angles; and the x axis turned by theta about y, then by phi about z:
 * what gamma counts from. */
struct vec3 cad_vec_normal(double theta, double phi);
struct vec3 cad_vec_turned_x(double theta, double phi);

/* Each loop begins at its leftmost, then lowest point, and runs counter-clockwise there; the loops are
 * in the order of their boxes' left sides, then lower ones. */
void vec_sketch_from_profile(struct vec_sketch *sketch, const struct deepcad_profile *profile,
			     struct arena *arena);

int vec_sketch_row_count(const struct vec_sketch *sketch);

/* Scales the sketch, which is then of no more use, and writes its rows: SOL and the curves of each
 * loop. */
void vec_sketch_rows(struct vec_sketch *sketch, bool compat, struct cad_vec_row *rows);

#endif
