/* SPDX-License-Identifier: MIT */
/*
 * Profiles of a feature, and loops of a profile, do not lie on each other, so whichever is the same as one
 * is the one to be paired with it: the first that is free will do.
 */
#include <config.h>

#include "trainer/score/solid_same.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "formats/cad/cad_code.h"

struct deepcad_model solid_same_told(const struct deepcad_model *model, struct arena *arena)
{
	struct deepcad_model told;
	struct buf text = {0};
	int rc = cad_code_write(model, CAD_CODE_sketch, 0, &text, NULL);

	if (rc == 0)
		rc = cad_code_parse(&told, "told", text.data, text.len, arena, NULL);
	buf_free(&text);
	return rc == 0 ? told : *model;
}

static bool is_near(double a, double b)
{
	return fabs(a - b) <= SOLID_SAME_M;
}

static bool points_near(struct vec a, struct vec b)
{
	return is_near(a.x, b.x) && is_near(a.y, b.y);
}

static bool places_near(struct vec3 a, struct vec3 b)
{
	return is_near(a.x, b.x) && is_near(a.y, b.y) && is_near(a.z, b.z);
}

static bool same_curves(const struct deepcad_curve *a, const struct deepcad_curve *b, bool turned)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == DEEPCAD_CIRCLE)
		return points_near(a->centre, b->centre) && is_near(a->radius, b->radius);
	if (!points_near(a->start, turned ? b->end : b->start) ||
	    !points_near(a->end, turned ? b->start : b->end))
		return false;
	return a->kind == DEEPCAD_LINE ||
	       points_near(deepcad_curve_middle(a), deepcad_curve_middle(b));
}

/* With a's first curve on that of b. */
static bool same_from(const struct deepcad_loop *a, const struct deepcad_loop *b, int first,
		      bool turned)
{
	for (int i = 0; i < a->count; i++) {
		int k = turned ? first - i + a->count : first + i;

		if (!same_curves(&a->curves[i], &b->curves[k % a->count], turned))
			return false;
	}
	return true;
}

static bool same_loops(const void *one, const void *other)
{
	const struct deepcad_loop *a = one, *b = other;

	if (a->count != b->count)
		return false;
	for (int first = 0; first < a->count; first++)
		if (same_from(a, b, first, false) || same_from(a, b, first, true))
			return true;
	return false;
}

/* Whether each of a's has one of b's to itself. */
static bool same_sets(const void *a, const void *b, int count, size_t size,
		      bool (*same)(const void *a, const void *b))
{
	bool *taken = mem_alloc((size_t)count, sizeof(*taken));
	bool all = true;

	for (int i = 0; i < count && all; i++) {
		int k = 0;

		while (k < count && (taken[k] || !same((const char *)a + (size_t)i * size,
						       (const char *)b + (size_t)k * size)))
			k++;
		all = k < count;
		if (all)
			taken[k] = true;
	}
	free(taken);
	return all;
}

static bool same_regions(const void *one, const void *other)
{
	const struct deepcad_region *a = one, *b = other;
	const struct deepcad_plane *p = &a->sketch->plane, *q = &b->sketch->plane;

	return places_near(p->origin, q->origin) && places_near(p->x, q->x) &&
	       places_near(p->z, q->z) && a->profile->count == b->profile->count &&
	       same_sets(a->profile->loops, b->profile->loops, a->profile->count,
			 sizeof(*a->profile->loops), same_loops);
}

/* On one line, whichever its points are. `sense` is -1 where one points against the other. */
static bool same_axes(const struct deepcad_axis *a, const struct deepcad_axis *b, double *sense)
{
	struct vec way = vec_unit(vec_sub(a->end, a->start));
	struct vec other = vec_unit(vec_sub(b->end, b->start));

	*sense = vec_dot(way, other) < 0 ? -1 : 1;
	return is_near(vec_cross(way, vec_sub(b->start, a->start)), 0) &&
	       points_near(way, vec_scale(other, *sense));
}

static bool same_turns(const struct deepcad_feature *a, const struct deepcad_feature *b)
{
	double a_lo, a_hi, b_lo, b_hi, sense;

	if (!same_axes(&a->axis, &b->axis, &sense))
		return false;
	deepcad_angles(a, &a_lo, &a_hi);
	deepcad_angles(b, &b_lo, &b_hi);
	if (a_hi - a_lo >= 2 * M_PI && b_hi - b_lo >= 2 * M_PI)
		return true;
	return sense > 0 ? is_near(a_lo, b_lo) && is_near(a_hi, b_hi)
			 : is_near(a_lo, -b_hi) && is_near(a_hi, -b_lo);
}

static bool same_heights(const struct deepcad_feature *a, const struct deepcad_feature *b)
{
	double a_lo, a_hi, b_lo, b_hi;

	deepcad_heights(a, &a_lo, &a_hi);
	deepcad_heights(b, &b_lo, &b_hi);
	return is_near(a_lo, b_lo) && is_near(a_hi, b_hi) && is_near(a->taper_one, b->taper_one) &&
	       is_near(a->taper_two, b->taper_two);
}

static bool same_features(const struct deepcad_feature *a, const struct deepcad_feature *b)
{
	return a->kind == b->kind &&
	       (a->kind == DEEPCAD_REVOLVE ? same_turns : same_heights)(a, b) &&
	       a->count == b->count &&
	       same_sets(a->regions, b->regions, a->count, sizeof(*a->regions), same_regions);
}

bool solid_same_models(const struct deepcad_model *a, const struct deepcad_model *b)
{
	if (a->feature_count != b->feature_count)
		return false;
	for (int i = 0; i < a->feature_count; i++)
		if ((i > 0 && a->features[i].operation != b->features[i].operation) ||
		    !same_features(&a->features[i], &b->features[i]))
			return false;
	return true;
}
