/* SPDX-License-Identifier: MIT */
/*
 * Solids of CadQuery as features one after the other. A sequence of features can say what is joined to it, cut from
 * it or met with it, if that is made by features that join each other: (a + b) - (c + d) is a + b - c - d. To be met
 * with, c and d must be one feature.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/cad/cad_query.h"
#include "formats/solid/deepcad_private.h"

#define SAME 1e-9 /* m and rad: ends of features that are one, axes in space */

int query_count(struct query *q, int parts)
{
	q->made += parts;
	return q->made <= QUERY_MADE_MAX
		       ? 0
		       : err_set(q->r.err, ERR_LIMIT, "%s: more than %d curves, loops and features",
				 q->r.name, QUERY_MADE_MAX);
}

static int add_piece(struct query *q, const struct query_piece **pieces,
		     const struct deepcad_feature *feature, enum deepcad_operation operation)
{
	struct query_piece *p;

	if (query_count(q, 1) < 0)
		return -1;
	p = ARENA_NEW(q->arena, struct query_piece, 1);
	*p = (struct query_piece){*pieces, *feature, *pieces ? (*pieces)->count + 1 : 1};
	p->feature.operation = operation;
	*pieces = p;
	return 0;
}

/* The pieces in their order. */
static const struct query_piece **in_order(const struct query_piece *pieces, struct arena *arena)
{
	const struct query_piece **all =
		ARENA_NEW(arena, const struct query_piece *, pieces->count);

	for (const struct query_piece *p = pieces; p; p = p->before)
		all[p->count - 1] = p;
	return all;
}

/* --- regions ---------------------------------------------------------------------------------- */

/* Loops of a sketch in their order, and what each is in: the smallest whose box has its. */
struct nest {
	const struct query_loop **loops;
	int *parents; /* -1: none */
	int count;
};

static double size_of(const struct box *b)
{
	return (b->x1 - b->x0) * (b->y1 - b->y0);
}

static bool is_within(const struct box *a, const struct box *b)
{
	return a->x0 >= b->x0 && a->y0 >= b->y0 && a->x1 <= b->x1 && a->y1 <= b->y1 &&
	       size_of(a) < size_of(b);
}

static void find_parents(struct nest *n)
{
	for (int i = 0; i < n->count; i++) {
		n->parents[i] = -1;
		for (int k = 0; k < n->count; k++) {
			const struct box *box = &n->loops[k]->box;
			int parent = n->parents[i];

			if (is_within(&n->loops[i]->box, box) &&
			    (parent < 0 || size_of(box) < size_of(&n->loops[parent]->box)))
				n->parents[i] = k;
		}
	}
}

/* Of wires by turns, from the outside in; of faces as they were called. */
static bool is_hole(const struct nest *n, int i, bool by_turns)
{
	bool hole = false;

	if (!by_turns)
		return n->loops[i]->is_hole;
	for (i = n->parents[i]; i >= 0; i = n->parents[i])
		hole = !hole;
	return hole;
}

static bool any_called(const struct nest *n)
{
	for (int i = 0; i < n->count; i++)
		if (n->loops[i]->is_hole)
			return true;
	return false;
}

/* The outer loop a hole is in. */
static int outer_of(const struct nest *n, int hole, bool by_turns)
{
	int i = n->parents[hole];

	while (i >= 0 && is_hole(n, i, by_turns))
		i = n->parents[i];
	return i;
}

static int make_profile(struct query *q, const struct nest *n, int outer, bool by_turns,
			struct deepcad_profile *profile, const char *where)
{
	struct deepcad_fault fault;
	int curves = 0;
	char id[16];

	snprintf(id, sizeof(id), "P%d", outer);
	*profile = (struct deepcad_profile){
		.id = arena_strndup(q->arena, id, strlen(id)),
		.loops = ARENA_NEW(q->arena, struct deepcad_loop, n->count),
	};
	profile->loops[profile->count++] = n->loops[outer]->loop;
	for (int i = 0; i < n->count; i++)
		if (is_hole(n, i, by_turns) && outer_of(n, i, by_turns) == outer)
			profile->loops[profile->count++] = n->loops[i]->loop;
	for (int i = 0; i < profile->count; i++)
		curves += profile->loops[i].count;
	if (curves > DEEPCAD_CURVES_MAX)
		return reader_error(&q->r, where, "more than %d curves", DEEPCAD_CURVES_MAX);
	deepcad_profile_settle(profile);
	if (deepcad_profile_fault(profile, q->arena, &fault))
		return reader_error(&q->r, where, "a sketch with %s", fault.why);
	return 0;
}

/* A profile for each outer loop. */
static int make_profiles(struct query *q, const struct query_value *work,
			 struct deepcad_sketch *sketch, const char *where)
{
	int count = work->loops->count;
	struct nest n = {ARENA_NEW(q->arena, const struct query_loop *, count),
			 ARENA_NEW(q->arena, int, count), count};
	bool by_turns;

	for (const struct query_loop *l = work->loops; l; l = l->before)
		n.loops[l->count - 1] = l;
	by_turns = !any_called(&n);
	find_parents(&n);
	sketch->profiles = ARENA_NEW(q->arena, struct deepcad_profile, count);
	for (int i = 0; i < count; i++) {
		if (is_hole(&n, i, by_turns)) {
			if (outer_of(&n, i, by_turns) < 0)
				return reader_error(&q->r, where, "a hole that lies in no face");
			continue;
		}
		if (query_count(q, count) < 0 ||
		    make_profile(q, &n, i, by_turns, &sketch->profiles[sketch->count++], where) < 0)
			return -1;
	}
	return 0;
}

int query_sweep(struct query *q, const struct query_value *work, struct deepcad_feature *feature,
		const char *where, struct query_value *out)
{
	struct deepcad_sketch *sketch = ARENA_NEW(q->arena, struct deepcad_sketch, 1);
	const char *fault;

	if (!work->loops)
		return reader_error(&q->r, where, "there is no closed wire");
	*sketch = (struct deepcad_sketch){.name = "", .plane = work->plane};
	if (make_profiles(q, work, sketch, where) < 0)
		return -1;
	feature->name = "";
	feature->regions = ARENA_NEW(q->arena, struct deepcad_region, sketch->count);
	for (; feature->count < sketch->count; feature->count++)
		feature->regions[feature->count] =
			(struct deepcad_region){sketch, &sketch->profiles[feature->count]};
	fault = feature->kind == DEEPCAD_REVOLVE ? deepcad_revolve_fault(feature) : NULL;
	if (fault)
		return reader_error(&q->r, where, "%s", fault);
	*out = (struct query_value){.kind = QUERY_SOLID};
	return add_piece(q, &out->pieces, feature, DEEPCAD_NEW_BODY);
}

/* --- combining -------------------------------------------------------------------------------- */

static bool is_sum(const struct query_piece *pieces)
{
	for (const struct query_piece *p = pieces; p; p = p->before)
		if (p->before && p->feature.operation != DEEPCAD_JOIN)
			return false;
	return true;
}

/* A point of the axis in space. */
static struct vec3 axis_point(const struct deepcad_feature *f, struct vec at)
{
	return deepcad_world(&f->regions[0].sketch->plane, at, 0);
}

static bool is_near(struct vec3 a, struct vec3 b)
{
	struct vec3 d = vec3_sum(1, a, -1, b);

	return vec3_dot(d, d) <= SAME * SAME;
}

/* Whether regions of both may be those of one feature. */
static bool has_ends_of(const struct deepcad_feature *a, const struct deepcad_feature *b)
{
	if (a->kind != b->kind || a->extent != b->extent || fabs(a->one - b->one) > SAME ||
	    fabs(a->two - b->two) > SAME)
		return false;
	return a->kind == DEEPCAD_EXTRUDE ||
	       (is_near(axis_point(a, a->axis.start), axis_point(b, b->axis.start)) &&
		is_near(axis_point(a, a->axis.end), axis_point(b, b->axis.end)));
}

static int count_regions(const struct query_piece *pieces)
{
	int count = 0;

	for (const struct query_piece *p = pieces; p; p = p->before)
		count += p->feature.count;
	return count;
}

/* All pieces as one feature of so many regions; false: they are none. */
static bool merge(struct query *q, const struct query_piece *pieces, int count,
		  struct deepcad_feature *out)
{
	const struct query_piece **all = in_order(pieces, q->arena);

	for (int i = 0; i < pieces->count; i++)
		if (!has_ends_of(&all[0]->feature, &all[i]->feature))
			return false;
	*out = all[0]->feature;
	out->regions = ARENA_NEW(q->arena, struct deepcad_region, count);
	out->count = 0;
	for (int i = 0; i < pieces->count; i++)
		for (int k = 0; k < all[i]->feature.count; k++)
			out->regions[out->count++] = all[i]->feature.regions[k];
	return true;
}

static int refuse(struct query *q, const char *where, const char *what)
{
	struct err *err = q->r.err;

	reader_error(&q->r, where, "%s", what);
	if (err)
		err->code = ERR_UNSUPPORTED;
	return -1;
}

static int add_all(struct query *q, const struct query_piece **to, const struct query_piece *from,
		   enum deepcad_operation operation)
{
	const struct query_piece **all = in_order(from, q->arena);

	for (int i = 0; i < from->count; i++)
		if (add_piece(q, to, &all[i]->feature, operation) < 0)
			return -1;
	return 0;
}

int query_combine(struct query *q, const struct query_value *a, const struct query_value *b,
		  enum deepcad_operation operation, const char *where, struct query_value *out)
{
	const struct query_piece *left = a->pieces, *right = b->pieces;
	struct deepcad_feature merged;
	int regions;

	if (operation == DEEPCAD_JOIN && !is_sum(right)) {
		const struct query_piece *swap = left;

		left = right;
		right = swap;
	}
	*out = (struct query_value){.kind = QUERY_SOLID, .pieces = left};
	regions = count_regions(right);
	if (query_count(q, regions) < 0)
		return -1;
	if (!is_sum(right))
		return refuse(q, where,
			      "a solid with cuts in it that is cut from another, or joined to one");
	if (right->count > 1 && merge(q, right, regions, &merged))
		return add_piece(q, &out->pieces, &merged, operation);
	if (right->count > 1 && operation == DEEPCAD_INTERSECT)
		return refuse(q, where, "a solid of several features that another is met with");
	return add_all(q, &out->pieces, right, operation);
}

int query_turn(struct query *q, const struct query_value *solid, struct vec3 from, struct vec3 to,
	       double angle, const char *where, struct query_value *out)
{
	struct deepcad_feature f = solid->pieces->feature;

	if (solid->pieces->count > 1 || f.kind != DEEPCAD_REVOLVE || f.extent != DEEPCAD_ONE_SIDE ||
	    !is_near(from, axis_point(&f, f.axis.start)) ||
	    !is_near(to, axis_point(&f, f.axis.end)))
		return refuse(q, where, "a rotation about another line than the axis of a revolve");
	f.extent = DEEPCAD_TWO_SIDES;
	f.one += angle;
	f.two = -angle;
	if (f.one < 0 || f.two < 0)
		return refuse(q, where, "a revolve that is turned off its sketch");
	*out = (struct query_value){.kind = QUERY_SOLID};
	return add_piece(q, &out->pieces, &f, DEEPCAD_NEW_BODY);
}

/* --- the model -------------------------------------------------------------------------------- */

static const char *make_id(char kind, int number, struct arena *arena)
{
	char id[24];

	snprintf(id, sizeof(id), "%c%d", kind, number);
	return arena_strndup(arena, id, strlen(id));
}

/* A sketch for each that the feature's regions have, which come one behind the other. */
static void put_feature(struct deepcad_model *model, const struct deepcad_feature *from,
			struct arena *arena)
{
	struct deepcad_feature *f = &model->features[model->feature_count];
	const struct deepcad_sketch *last = NULL;

	*f = *from;
	f->id = make_id('E', model->feature_count, arena);
	f->regions = ARENA_NEW(arena, struct deepcad_region, from->count);
	for (int i = 0; i < from->count; i++) {
		const struct deepcad_sketch *s = from->regions[i].sketch;

		if (s != last) {
			struct deepcad_sketch *copy = &model->sketches[model->sketch_count];

			*copy = *s;
			copy->id = make_id('S', model->sketch_count, arena);
			model->steps[model->step_count++] =
				(struct deepcad_step){false, model->sketch_count++};
			last = s;
		}
		f->regions[i] = from->regions[i];
		f->regions[i].sketch = &model->sketches[model->sketch_count - 1];
	}
	model->steps[model->step_count++] = (struct deepcad_step){true, model->feature_count++};
}

void query_model(const struct query_piece *pieces, struct deepcad_model *model, struct arena *arena)
{
	const struct query_piece **all = in_order(pieces, arena);
	int regions = 0;

	for (int i = 0; i < pieces->count; i++)
		regions += all[i]->feature.count;
	*model = (struct deepcad_model){
		.sketches = ARENA_NEW(arena, struct deepcad_sketch, regions),
		.features = ARENA_NEW(arena, struct deepcad_feature, pieces->count),
		.steps = ARENA_NEW(arena, struct deepcad_step, regions + pieces->count),
	};
	for (int i = 0; i < pieces->count; i++)
		put_feature(model, &all[i]->feature, arena);
}
