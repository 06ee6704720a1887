/* SPDX-License-Identifier: MIT */
/*
 * Vectors to models: the inverse of the scales, with a sketch and an extrude for each EXT. A loop
 * begins where its last curve ends. The sketch's origin is where its first loop began, and its 95 steps are
 * those of the size.
 */
#include <config.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formats/cad/cad_vec_private.h"
#include "formats/solid/deepcad_private.h"

struct decoder {
	const struct cad_vec *vec;
	struct deepcad_model *model;
	struct arena *arena;
	struct err *err;
	size_t at; /* the next row */
};

__attribute__((format(printf, 3, 4))) static int row_error(const struct decoder *d, size_t row,
							   const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(d->err, ERR_FORMAT, "row %zu: %s", row + 1, what);
}

static int command_at(const struct decoder *d, size_t row)
{
	return row < d->vec->count ? d->vec->rows[row].at[CAD_VEC_COMMAND] : -1;
}

static bool is_curve(int command)
{
	return command >= 0 && command <= CAD_VEC_COMMAND_CIRCLE;
}

static const char *make_id(struct decoder *d, char kind, int number)
{
	char id[24];

	snprintf(id, sizeof(id), "%c%d", kind, number);
	return arena_strndup(d->arena, id, strlen(id));
}

/* --- curves --------------------------------------------------------------------------------- */

static struct vec point_of(const int *at, double step)
{
	return vec((at[CAD_VEC_X] - CAD_VEC_LEVELS / 2) * step,
		   (at[CAD_VEC_Y] - CAD_VEC_LEVELS / 2) * step);
}

static void make_circle(struct deepcad_curve *c, const int *at, double step)
{
	c->kind = DEEPCAD_CIRCLE;
	c->centre = point_of(at, step);
	c->radius = at[CAD_VEC_RADIUS] * step;
	c->start = c->end = vec(c->centre.x - c->radius, c->centre.y);
	c->sweep = 2 * M_PI;
}

/* Chord and sweep give the centre: to the left of the chord where a short arc runs
 * counter-clockwise. */
static void make_arc(struct deepcad_curve *c, const int *at)
{
	double sweep = at[CAD_VEC_SWEEP] * 2 * M_PI / CAD_VEC_LEVELS;
	struct vec chord = vec_sub(c->end, c->start), middle, left;
	double half = vec_length(chord) / 2, away = half / tan(sweep / 2);

	middle = vec_scale(vec_add(c->start, c->end), 0.5);
	left = vec_perp(vec_unit(chord));
	c->kind = DEEPCAD_ARC;
	c->radius = half / sin(sweep / 2);
	c->centre = vec_add(middle, vec_scale(left, at[CAD_VEC_CCW] ? away : -away));
	c->sweep = at[CAD_VEC_CCW] ? sweep : -sweep;
	c->reference = vec_unit(vec_sub(at[CAD_VEC_CCW] ? c->start : c->end, c->centre));
	c->end_angle = sweep;
}

/* Reads the curves behind a SOL. */
static int decode_loop(struct decoder *d, double step, const struct deepcad_plane *plane,
		       struct deepcad_loop *loop)
{
	size_t first = ++d->at, last;
	struct vec from;
	int open;

	while (is_curve(command_at(d, d->at)))
		d->at++;
	if (d->at == first)
		return row_error(d, first - 1, "a loop without curves");
	last = d->at - 1;
	from = point_of(d->vec->rows[last].at, step);
	loop->curves = ARENA_NEW(d->arena, struct deepcad_curve, d->at - first);
	for (size_t i = first; i <= last; i++) {
		const int *at = d->vec->rows[i].at;
		struct deepcad_curve *c = &loop->curves[loop->count];

		*c = (struct deepcad_curve){.start = from, .end = point_of(at, step)};
		if (at[0] == CAD_VEC_COMMAND_CIRCLE && first < last)
			return row_error(d, i, "a circle in a loop with other curves");
		if (at[0] == CAD_VEC_COMMAND_CIRCLE)
			make_circle(c, at, step);
		else if (vec_length(vec_sub(c->end, c->start)) == 0)
			continue;
		else if (at[0] == CAD_VEC_COMMAND_ARC)
			make_arc(c, at);
		c->normal = plane->z;
		from = c->end;
		loop->count++;
	}
	if (loop->count == 0 || deepcad_loop_close(loop, &open) < 0)
		return row_error(d, first, "a loop that encloses nothing");
	return 0;
}

/* --- extrudes ------------------------------------------------------------------------------- */

static double length_of(int level)
{
	return level * 2.0 / CAD_VEC_LEVELS - 1;
}

static double angle_of(int level)
{
	return length_of(level) * M_PI;
}

static struct deepcad_plane plane_of(const int *at)
{
	double theta = angle_of(at[CAD_VEC_THETA]), phi = angle_of(at[CAD_VEC_PHI]);
	double gamma = angle_of(at[CAD_VEC_GAMMA]);
	struct vec3 zero = cad_vec_turned_x(theta, phi);
	struct deepcad_plane plane = {
		.origin = {length_of(at[CAD_VEC_ORIGIN_X]), length_of(at[CAD_VEC_ORIGIN_Y]),
			   length_of(at[CAD_VEC_ORIGIN_Z])},
		.z = cad_vec_normal(theta, phi),
	};

	plane.x = vec3_sum(cos(gamma), zero, sin(gamma), vec3_cross(plane.z, zero));
	plane.y = vec3_cross(plane.z, plane.x);
	return plane;
}

/* The loops from d->at to the EXT in row `end`, whose step is that of its size. */
static int decode_profile(struct decoder *d, size_t end, const struct deepcad_plane *plane,
			  struct deepcad_profile *profile)
{
	double step =
		d->vec->rows[end].at[CAD_VEC_SIZE] * 2.0 / CAD_VEC_LEVELS / CAD_VEC_SKETCH_STEPS;
	struct deepcad_fault fault;
	int loops = 0;

	if (step == 0)
		return row_error(d, end, "a sketch of no size");
	for (size_t i = d->at; i < end; i++)
		loops += command_at(d, i) == CAD_VEC_COMMAND_SOL;
	profile->loops = ARENA_NEW(d->arena, struct deepcad_loop, loops);
	while (d->at < end) {
		if (command_at(d, d->at) != CAD_VEC_COMMAND_SOL)
			return row_error(d, d->at, "a curve without SOL before it");
		if (decode_loop(d, step, plane, &profile->loops[profile->count++]) < 0)
			return -1;
	}
	if (profile->count == 0)
		return row_error(d, end, "an extrude without loops");
	deepcad_profile_settle(profile);
	if (deepcad_profile_fault(profile, d->arena, &fault))
		return row_error(d, end, "a sketch with %s", fault.why);
	return 0;
}

static int decode_extrude(struct decoder *d, size_t end)
{
	const int *at = d->vec->rows[end].at;
	int n = d->model->feature_count;
	struct deepcad_sketch *sketch = &d->model->sketches[n];
	struct deepcad_feature *extrude = &d->model->features[n];
	double lo, hi;

	*sketch = (struct deepcad_sketch){make_id(d, 'S', n), "", plane_of(at), NULL, 1};
	sketch->profiles = ARENA_NEW(d->arena, struct deepcad_profile, 1);
	sketch->profiles[0].id = make_id(d, 'P', n);
	if (decode_profile(d, end, &sketch->plane, &sketch->profiles[0]) < 0)
		return -1;
	*extrude = (struct deepcad_feature){
		.id = make_id(d, 'E', n),
		.name = "",
		.regions = ARENA_NEW(d->arena, struct deepcad_region, 1),
		.count = 1,
		.operation = (enum deepcad_operation)at[CAD_VEC_OPERATION],
		.extent = (enum deepcad_extent)at[CAD_VEC_EXTENT],
		.one = length_of(at[CAD_VEC_ONE]),
		.two = length_of(at[CAD_VEC_TWO]),
	};
	extrude->regions[0] = (struct deepcad_region){sketch, &sketch->profiles[0]};
	deepcad_heights(extrude, &lo, &hi);
	if (!(hi > lo))
		return row_error(d, end, "an extrude of no length");
	d->model->steps[2 * n] = (struct deepcad_step){false, n};
	d->model->steps[2 * n + 1] = (struct deepcad_step){true, n};
	d->model->feature_count = d->model->sketch_count = n + 1;
	d->model->step_count = 2 * (n + 1);
	d->at = end + 1;
	return 0;
}

int deepcad_from_cad_vec(struct deepcad_model *model, const struct cad_vec *vec,
			 struct arena *arena, struct err *err)
{
	struct decoder d = {vec, model, arena, err, 0};
	size_t extrudes = 0;

	*model = (struct deepcad_model){0};
	for (size_t i = 0; i < vec->count; i++)
		extrudes += command_at(&d, i) == CAD_VEC_COMMAND_EXT;
	model->sketches = ARENA_NEW(arena, struct deepcad_sketch, extrudes);
	model->features = ARENA_NEW(arena, struct deepcad_feature, extrudes);
	model->steps = ARENA_NEW(arena, struct deepcad_step, 2 * extrudes);
	while (d.at < vec->count && command_at(&d, d.at) != CAD_VEC_COMMAND_EOS) {
		size_t end = d.at;

		while (is_curve(command_at(&d, end)) || command_at(&d, end) == CAD_VEC_COMMAND_SOL)
			end++;
		if (command_at(&d, end) != CAD_VEC_COMMAND_EXT)
			return row_error(&d, end, "loops without EXT behind them");
		if (decode_extrude(&d, end) < 0)
			return -1;
	}
	return 0;
}
