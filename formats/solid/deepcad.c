/* SPDX-License-Identifier: MIT */
/*
 * What follows from a model by exact geometry. A box of a swept profile is found along each axis of
 * space: the axis falls on the sketch's plane as a direction, the profile's reach in it is that of its
 * outer loop's curves, and the heights add theirs.
 */
#include <config.h>

#include "formats/solid/deepcad.h"

#include <math.h>

#include "formats/solid/deepcad_private.h"

#define X(name, text) text,
const char *const deepcad_curve_names[] = {DEEPCAD_CURVES(X) NULL};
const char *const deepcad_operation_names[] = {DEEPCAD_OPERATIONS(X) NULL};
const char *const deepcad_extent_names[] = {DEEPCAD_EXTENTS(X) NULL};
#undef X
#define X(name, text, word) text,
const char *const deepcad_feature_names[] = {DEEPCAD_FEATURES(X) NULL};
#undef X
#define X(name, text, word) word,
const char *const deepcad_feature_words[] = {DEEPCAD_FEATURES(X) NULL};
#undef X

struct vec3 deepcad_world(const struct deepcad_plane *plane, struct vec point, double height)
{
	const struct vec3 *o = &plane->origin, *x = &plane->x, *y = &plane->y, *z = &plane->z;

	return (struct vec3){
		o->x + point.x * x->x + point.y * y->x + height * z->x,
		o->y + point.x * x->y + point.y * y->y + height * z->y,
		o->z + point.x * x->z + point.y * y->z + height * z->z,
	};
}

void deepcad_span(const struct deepcad_feature *feature, double *lo, double *hi)
{
	double a = feature->one, b = 0;

	if (feature->extent == DEEPCAD_SYMMETRIC)
		b = -a;
	else if (feature->extent == DEEPCAD_TWO_SIDES)
		b = -feature->two;
	*lo = min2(0, min2(a, b));
	*hi = max2(0, max2(a, b));
}

void deepcad_heights(const struct deepcad_feature *extrude, double *lo, double *hi)
{
	deepcad_span(extrude, lo, hi);
	*lo += extrude->offset;
	*hi += extrude->offset;
}

struct vec deepcad_curve_middle(const struct deepcad_curve *curve)
{
	struct vec spoke;

	if (curve->kind == DEEPCAD_LINE)
		return vec_scale(vec_add(curve->start, curve->end), 0.5);
	spoke = vec_sub(curve->start, curve->centre);
	return vec_add(curve->centre, vec_rotate(spoke, curve->sweep / 2));
}

double deepcad_curve_reach(const struct deepcad_curve *curve, struct vec direction)
{
	double reach = max2(vec_dot(curve->start, direction), vec_dot(curve->end, direction));
	double length = vec_length(direction), ahead;
	struct vec spoke;

	if (curve->kind == DEEPCAD_LINE || length == 0)
		return reach;
	/* The farthest point of the whole circle counts if the sweep passes over it. */
	spoke = vec_sub(curve->start, curve->centre);
	ahead = atan2(vec_cross(spoke, direction), vec_dot(spoke, direction));
	if (curve->sweep < 0)
		ahead = -ahead;
	if (ahead < 0)
		ahead += 2 * M_PI;
	if (ahead <= fabs(curve->sweep))
		reach = max2(reach, vec_dot(curve->centre, direction) + curve->radius * length);
	return reach;
}

double deepcad_profile_reach(const struct deepcad_profile *profile, struct vec direction)
{
	const struct deepcad_loop *outer = &profile->loops[profile->outer];
	double reach = deepcad_curve_reach(&outer->curves[0], direction);

	for (int i = 1; i < outer->count; i++)
		reach = max2(reach, deepcad_curve_reach(&outer->curves[i], direction));
	return reach;
}

enum { AXES = 3 };

static double *part(struct vec3 *v, int axis)
{
	return axis == 0 ? &v->x : axis == 1 ? &v->y : &v->z;
}

static struct deepcad_bounds empty_bounds(void)
{
	return (struct deepcad_bounds){
		.exact = true,
		.lo = {INFINITY, INFINITY, INFINITY},
		.hi = {-INFINITY, -INFINITY, -INFINITY},
	};
}

static struct deepcad_bounds extruded_bounds(const struct deepcad_region *region,
					     const struct deepcad_feature *extrude)
{
	struct deepcad_plane plane = region->sketch->plane;
	struct deepcad_bounds b;
	double bottom, top, taper;

	deepcad_heights(extrude, &bottom, &top);
	/* A taper moves the walls by no more than this. */
	taper = fabs(extrude->one * tan(extrude->taper_one)) +
		fabs(extrude->two * tan(extrude->taper_two));
	for (int axis = 0; axis < AXES; axis++) {
		struct vec across = vec(*part(&plane.x, axis), *part(&plane.y, axis));
		double origin = *part(&plane.origin, axis), up = *part(&plane.z, axis);
		double wider = taper * vec_length(across);

		*part(&b.lo, axis) = origin -
				     deepcad_profile_reach(region->profile, vec_scale(across, -1)) -
				     wider + min2(up * bottom, up * top);
		*part(&b.hi, axis) = origin + deepcad_profile_reach(region->profile, across) +
				     wider + max2(up * bottom, up * top);
	}
	return b;
}

static struct deepcad_bounds revolved_bounds(const struct deepcad_feature *revolve, int region)
{
	struct deepcad_bounds b;

	for (int axis = 0; axis < AXES; axis++) {
		struct vec3 way = {0};

		*part(&way, axis) = 1;
		*part(&b.hi, axis) = deepcad_revolve_reach(revolve, region, way);
		*part(&way, axis) = -1;
		*part(&b.lo, axis) = -deepcad_revolve_reach(revolve, region, way);
	}
	return b;
}

static void add_bounds(struct deepcad_bounds *b, struct deepcad_bounds other)
{
	for (int axis = 0; axis < AXES; axis++) {
		*part(&b->lo, axis) = min2(*part(&b->lo, axis), *part(&other.lo, axis));
		*part(&b->hi, axis) = max2(*part(&b->hi, axis), *part(&other.hi, axis));
	}
}

static void keep_common(struct deepcad_bounds *b, struct deepcad_bounds other)
{
	bool empty = false;

	for (int axis = 0; axis < AXES; axis++) {
		*part(&b->lo, axis) = max2(*part(&b->lo, axis), *part(&other.lo, axis));
		*part(&b->hi, axis) = min2(*part(&b->hi, axis), *part(&other.hi, axis));
		empty = empty || *part(&b->lo, axis) > *part(&b->hi, axis);
	}
	if (empty)
		*b = empty_bounds();
}

static struct deepcad_bounds feature_bounds(const struct deepcad_feature *f)
{
	struct deepcad_bounds all = empty_bounds();

	for (int i = 0; i < f->count; i++)
		add_bounds(&all, f->kind == DEEPCAD_REVOLVE ? revolved_bounds(f, i)
							    : extruded_bounds(&f->regions[i], f));
	return all;
}

struct deepcad_bounds deepcad_bounds(const struct deepcad_model *model)
{
	struct deepcad_bounds all = empty_bounds();
	bool exact = true;

	for (int i = 0; i < model->feature_count; i++) {
		const struct deepcad_feature *f = &model->features[i];
		struct deepcad_bounds b = feature_bounds(f);
		bool adds = i == 0 || f->operation <= DEEPCAD_JOIN;

		if (adds)
			add_bounds(&all, b);
		else if (f->operation == DEEPCAD_INTERSECT)
			keep_common(&all, b);
		exact = exact && adds && f->taper_one == 0 && f->taper_two == 0;
	}
	all.exact = exact;
	return all;
}
