/* SPDX-License-Identifier: MIT */
/*
 * Models to vectors: the frames of sketches as three angles, the scale of the whole, and what rows hold
 * of both. What DeepCAD's encoder gets wrong is kept apart in compat_frame and compat_scale.
 */
#include <config.h>

#include <math.h>

#include "formats/cad/cad_vec_private.h"

#define POLE 1e-9          /* a normal so near to the z axis has no direction around it */
#define REACH (127 / 128.) /* the last step of a length in space */
#define EXTENT_MAX 2.0     /* what DeepCAD's encoder takes, of which it writes the half */

struct frame {
	double theta, phi, gamma;
	struct vec3 x, y; /* where points of the sketch go */
};

/* From the model to the unit cube. */
struct scaling {
	struct vec3 centre;
	double k;
};

struct vec3 cad_vec_normal(double theta, double phi)
{
	return (struct vec3){sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta)};
}

struct vec3 cad_vec_turned_x(double theta, double phi)
{
	return (struct vec3){cos(phi) * cos(theta), sin(phi) * cos(theta), -sin(theta)};
}

/* --- frames --------------------------------------------------------------------------------- */

static struct frame true_frame(const struct deepcad_plane *plane)
{
	double flat = hypot(plane->z.x, plane->z.y);
	struct frame f = {.x = plane->x, .y = plane->y};
	struct vec3 zero;

	f.theta = atan2(flat, plane->z.z);
	f.phi = flat > POLE ? atan2(plane->z.y, plane->z.x) : 0;
	zero = cad_vec_turned_x(f.theta, f.phi);
	f.gamma = atan2(vec3_dot(vec3_cross(zero, plane->x), plane->z), vec3_dot(zero, plane->x));
	return f;
}

/* Loses the sign of x. */
static void compat_polar(struct vec3 v, double *theta, double *phi)
{
	v = (struct vec3){cad_vec_round6(v.x), cad_vec_round6(v.y), cad_vec_round6(v.z)};
	*theta = acos(v.z / sqrt(vec3_dot(v, v)));
	*phi = atan(v.y / (v.x + 1e-15));
}

static struct frame compat_frame(const struct deepcad_plane *plane)
{
	struct frame f;
	struct vec3 zero, normal;
	double theta, phi;

	compat_polar(plane->z, &f.theta, &f.phi);
	zero = cad_vec_turned_x(f.theta, f.phi);
	f.gamma = acos(max2(-1, min2(1, cad_vec_round6(vec3_dot(plane->x, zero)))));
	if (vec3_dot(vec3_cross(zero, plane->x), plane->z) < 0)
		f.gamma = -f.gamma;
	normal = cad_vec_normal(f.theta, f.phi);
	f.x = vec3_sum(cos(f.gamma), zero, sin(f.gamma), vec3_cross(normal, zero));
	compat_polar(plane->y, &theta, &phi);
	f.y = cad_vec_normal(theta, phi);
	return f;
}

/* --- scale ---------------------------------------------------------------------------------- */

static double largest(struct vec3 v)
{
	return max2(fabs(v.x), max2(fabs(v.y), fabs(v.z)));
}

static int compat_scale(const struct deepcad_model *model, struct scaling *out, struct err *err)
{
	double far = max2(largest(model->box_lo), largest(model->box_hi));

	if (!model->has_box || !(far > DEEPCAD_LENGTH_MIN))
		return err_set(
			err, ERR_UNSUPPORTED,
			"the model has no bounding box for DeepCAD's encoder to scale it by");
	*out = (struct scaling){.k = CAD_VEC_NORM / far};
	return 0;
}

/* Where the sketch of a region begins in space. */
static struct vec3 origin_of(const struct vec_sketch *sketch, const struct deepcad_region *region,
			     const struct frame *f, double offset)
{
	const struct deepcad_plane *plane = &region->sketch->plane;
	struct vec3 p = vec3_sum(sketch->start.x, f->x, sketch->start.y, f->y);

	p = (struct vec3){p.x + plane->origin.x, p.y + plane->origin.y, p.z + plane->origin.z};
	return vec3_sum(1, p, offset, plane->z);
}

/* The second extent counts in two-sided extrudes alone. */
static double second(const struct deepcad_feature *extrude)
{
	return extrude->extent == DEEPCAD_TWO_SIDES ? extrude->two : 0;
}

/* Centred in the model's own box; everything that a row holds of space fits. */
static struct scaling true_scale(const struct deepcad_model *model, struct arena *arena)
{
	struct deepcad_bounds b = deepcad_bounds(model);
	struct vec3 span = vec3_sum(0.5, b.hi, -0.5, b.lo);
	struct scaling s = {.k = INFINITY};
	struct arena_mark mark = arena_mark(arena);

	if (b.lo.x <= b.hi.x) {
		s.centre = vec3_sum(0.5, b.lo, 0.5, b.hi);
		s.k = CAD_VEC_NORM / largest(span);
	}
	for (int i = 0; i < model->feature_count; i++) {
		const struct deepcad_feature *e = &model->features[i];

		s.k = min2(s.k, REACH / max2(fabs(e->one), fabs(second(e))));
		for (int j = 0; j < e->count; j++) {
			struct frame f = true_frame(&e->regions[j].sketch->plane);
			struct vec_sketch sketch;
			struct vec3 p;

			vec_sketch_from_profile(&sketch, e->regions[j].profile, arena);
			p = origin_of(&sketch, &e->regions[j], &f, e->offset);
			s.k = min2(s.k, REACH / largest(vec3_sum(1, p, -1, s.centre)));
			s.k = min2(s.k, 2 * REACH / sketch.size);
			arena_release(arena, mark);
		}
	}
	return s;
}

/* --- rows ----------------------------------------------------------------------------------- */

static int angle_level(double angle, bool compat)
{
	int level = cad_vec_level((angle / M_PI + 1) / 2 * CAD_VEC_LEVELS, 0, CAD_VEC_LEVELS);

	if (level < CAD_VEC_LEVELS)
		return level;
	return compat ? CAD_VEC_LEVELS - 1 : 0;
}

static int length_level(double v)
{
	return cad_vec_level((v + 1) / 2 * CAD_VEC_LEVELS, 0, CAD_VEC_LEVELS - 1);
}

/* DeepCAD has one region an extrude: the first of several makes the new body that the others join. */
static enum deepcad_operation operation_of(const struct deepcad_feature *extrude, int region)
{
	if (region > 0 && extrude->operation == DEEPCAD_NEW_BODY)
		return DEEPCAD_JOIN;
	return extrude->operation;
}

static struct cad_vec_row extrude_row(const struct deepcad_feature *e, int region,
				      const struct vec_sketch *sketch, struct scaling s,
				      bool compat)
{
	const struct deepcad_plane *plane = &e->regions[region].sketch->plane;
	struct frame f = compat ? compat_frame(plane) : true_frame(plane);
	struct vec3 p = origin_of(sketch, &e->regions[region], &f, e->offset);
	struct cad_vec_row row = cad_vec_row_of(CAD_VEC_COMMAND_EXT);

	row.at[CAD_VEC_THETA] = angle_level(f.theta, compat);
	row.at[CAD_VEC_PHI] = angle_level(f.phi, compat);
	row.at[CAD_VEC_GAMMA] = angle_level(f.gamma, compat);
	row.at[CAD_VEC_ORIGIN_X] = length_level((p.x - s.centre.x) * s.k);
	row.at[CAD_VEC_ORIGIN_Y] = length_level((p.y - s.centre.y) * s.k);
	row.at[CAD_VEC_ORIGIN_Z] = length_level((p.z - s.centre.z) * s.k);
	row.at[CAD_VEC_SIZE] =
		cad_vec_level(sketch->size * s.k / 2 * CAD_VEC_LEVELS, 0, CAD_VEC_LEVELS - 1);
	row.at[CAD_VEC_ONE] = length_level(e->one * s.k);
	row.at[CAD_VEC_TWO] = length_level(second(e) * s.k);
	row.at[CAD_VEC_OPERATION] = (int)operation_of(e, region);
	row.at[CAD_VEC_EXTENT] = (int)e->extent;
	return row;
}

static int check_profile(const struct deepcad_profile *profile, struct err *err)
{
	if (profile->count > CAD_VEC_LOOPS_MAX)
		return err_set(err, ERR_LIMIT, "a profile of %d loops; vectors have at most %d",
			       profile->count, CAD_VEC_LOOPS_MAX);
	for (int i = 0; i < profile->count; i++)
		if (profile->loops[i].count >= CAD_VEC_LOOP_ROWS_MAX)
			return err_set(err, ERR_LIMIT,
				       "a loop of %d curves; vectors have at most %d",
				       profile->loops[i].count, CAD_VEC_LOOP_ROWS_MAX - 1);
	return 0;
}

/* How many rows the model takes, within what vectors can have. */
static int count_rows(const struct deepcad_model *model, struct err *err)
{
	int regions = 0, rows = 1;

	for (int i = 0; i < model->feature_count; i++)
		regions += model->features[i].count;
	if (regions > CAD_VEC_EXTRUDES_MAX)
		return err_set(err, ERR_LIMIT, "%d extruded profiles; vectors have at most %d",
			       regions, CAD_VEC_EXTRUDES_MAX);
	for (int i = 0; i < model->feature_count; i++)
		for (int j = 0; j < model->features[i].count; j++) {
			const struct deepcad_profile *p = model->features[i].regions[j].profile;

			if (check_profile(p, err) < 0)
				return -1;
			rows += p->count + 1;
			for (int k = 0; k < p->count; k++)
				rows += p->loops[k].count;
		}
	if (rows > CAD_VEC_ROWS_MAX)
		return err_set(err, ERR_LIMIT, "a vector of %d rows; allowed are %d", rows,
			       CAD_VEC_ROWS_MAX);
	return rows;
}

/* Before anything is measured. */
static int check_kinds(const struct deepcad_model *model, struct err *err)
{
	if (model->feature_count == 0)
		return err_set(err, ERR_UNSUPPORTED, "a model without extrudes has no vector");
	for (int i = 0; i < model->feature_count; i++)
		if (model->features[i].kind == DEEPCAD_REVOLVE)
			return err_set(err, ERR_UNSUPPORTED, "vectors have no revolves");
	return 0;
}

static int check_extrude(const struct deepcad_feature *e, bool compat, double k, struct err *err)
{
	double far = max2(fabs(e->one), fabs(second(e))) * k;

	if (e->taper_one != 0 || e->taper_two != 0)
		return err_set(err, ERR_UNSUPPORTED, "vectors have no tapered extrudes");
	if (compat && e->offset != 0)
		return err_set(err, ERR_UNSUPPORTED,
			       "DeepCAD's encoder takes no extrudes off their sketch");
	if (compat && far > EXTENT_MAX)
		return err_set(
			err, ERR_LIMIT,
			"an extrude is %g times the model's size; DeepCAD's encoder takes %g", far,
			EXTENT_MAX);
	return 0;
}

int deepcad_in_cad_vec(struct deepcad_model *out, const struct deepcad_model *model, bool compat,
		       struct arena *arena, struct err *err)
{
	struct deepcad_model boxed = *model;
	struct scaling s;

	if (check_kinds(model, err) < 0)
		return -1;
	if (!boxed.has_box) {
		struct deepcad_bounds b = deepcad_bounds(model);

		boxed.has_box = true;
		boxed.box_lo = b.lo;
		boxed.box_hi = b.hi;
	}
	if (!compat)
		s = true_scale(model, arena);
	else if (compat_scale(&boxed, &s, err) < 0)
		return -1;
	deepcad_scaled(out, compat ? &boxed : model, s.k, s.centre, arena);
	return 0;
}

int cad_vec_from_deepcad(struct cad_vec *vec, const struct deepcad_model *model, bool compat,
			 struct arena *arena, struct err *err)
{
	struct scaling s;
	struct cad_vec_row *row;
	int rows;

	*vec = (struct cad_vec){0};
	if (check_kinds(model, err) < 0)
		return -1;
	rows = count_rows(model, err);
	if (rows < 0 || (compat && compat_scale(model, &s, err) < 0))
		return -1;
	if (!compat)
		s = true_scale(model, arena);
	for (int i = 0; i < model->feature_count; i++)
		if (check_extrude(&model->features[i], compat, s.k, err) < 0)
			return -1;
	vec->count = (size_t)rows;
	vec->rows = row = ARENA_NEW(arena, struct cad_vec_row, rows);
	for (int i = 0; i < model->feature_count; i++)
		for (int j = 0; j < model->features[i].count; j++) {
			const struct deepcad_feature *e = &model->features[i];
			struct vec_sketch sketch;

			vec_sketch_from_profile(&sketch, e->regions[j].profile, arena);
			vec_sketch_rows(&sketch, compat, row);
			row += vec_sketch_row_count(&sketch);
			*row++ = extrude_row(e, j, &sketch, s, compat);
		}
	*row = cad_vec_row_of(CAD_VEC_COMMAND_EOS);
	return 0;
}
