/* SPDX-License-Identifier: MIT */
/*
 * deepcad_private: what the reader makes of the curves it has read.
 *
 *	if (deepcad_loop_close(&loop, &open) < 0) ...		(the gap is behind curve `open`)
 *	deepcad_profile_settle(&profile);
 *	if (deepcad_profile_fault(&profile, &arena, &fault)) ...	(fault.why)
 */
#ifndef FORMATS_DEEPCAD_PRIVATE_H
#define FORMATS_DEEPCAD_PRIVATE_H

#include "formats/solid/deepcad.h"

static inline double deepcad_distance(struct vec a, struct vec b)
{
	return vec_length(vec_sub(a, b));
}

/* How far points that are meant to be one may lie apart, for a loop of that size: files have their
 * points to 1e-8 m. */
double deepcad_tolerance(double size);

/* Puts the curves one behind the other, beginning with the first, turned where that is needed, and
 * measures the area. -1 where none goes on behind curves[*open], or the last one does not come back. */
int deepcad_loop_close(struct deepcad_loop *loop, int *open);

/* Sets the profile's outer loop: the largest. */
void deepcad_profile_settle(struct deepcad_profile *profile);

struct deepcad_fault {
	int loop, curve; /* whose */
	const char *why;
};

/* Whether the loops are no boundary of a region: one that encloses nothing, curves that cross, a loop
 * outside the outer one. Curves that touch, and crossings nearer to a curve's end than a thousandth of
 * the profile, are let pass: points are rounded. The arena is used and left as it was. */
bool deepcad_profile_fault(const struct deepcad_profile *profile, struct arena *arena,
			   struct deepcad_fault *fault);

/* From where to where the feature goes, its offset aside: lengths or angles. */
void deepcad_span(const struct deepcad_feature *feature, double *lo, double *hi);

/* How far the profile reaches in a direction of any length: the largest dot product. */
double deepcad_profile_reach(const struct deepcad_profile *profile, struct vec direction);

/* How far a region of a revolve without fault reaches in a direction of space: the largest dot product. */
double deepcad_revolve_reach(const struct deepcad_feature *revolve, int region,
			     struct vec3 direction);

/* Makes an arc of a curve that has ends: over that point. -1 where the three lie in one line. */
int deepcad_curve_arc(struct deepcad_curve *curve, struct vec middle);

/* The box of a curve in its plane. */
struct box deepcad_curve_box(const struct deepcad_curve *curve);

/* Whether two curves of a profile of that size cross away from their ends. */
bool deepcad_curves_cross(const struct deepcad_curve *a, const struct deepcad_curve *b,
			  double size);

#endif
