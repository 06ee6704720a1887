/* SPDX-License-Identifier: MIT */
/*
 * Places along the axis are the nodes of a graph, lengths its edges. An edge is stated where its ends
 * are not yet joined: so every place follows from the left face by one way alone, nothing is stated
 * twice, and of a chain one link stays open (ISO 129-1, ASME Y14.5 1.4). What is offered first decides
 * the look: the overall length, then features by the face or shoulder that they are made from, then
 * steps in a chain, from one face, or from both.
 */
#include <config.h>

#include <stdlib.h>

#include "formats/scene/turned.h"
#include "gen/scene/scene_turned.h"

#define PLACES_MAX (2 * SCENE_SHAPES_MAX)

/* Places along the axis; those of one group are joined by lengths that are stated. */
struct places {
	struct turner *t;
	int count;
	int64_t x[PLACES_MAX];
	int group[PLACES_MAX];
	int64_t length; /* of the part */
};

static int place_of(struct places *p, int64_t x)
{
	for (int i = 0; i < p->count; i++)
		if (p->x[i] == x)
			return i;
	p->x[p->count] = x;
	p->group[p->count] = p->count;
	return p->count++;
}

/* Whether the way from one place to the other is open; closes it. */
static bool join(struct places *p, int64_t x0, int64_t x1)
{
	int a = p->group[place_of(p, x0)], b = p->group[place_of(p, x1)];

	if (a == b)
		return false;
	for (int i = 0; i < p->count; i++)
		if (p->group[i] == b)
			p->group[i] = a;
	return true;
}

static bool has_length(enum shape_kind kind)
{
	return kind != SHAPE_CHAMFER && kind != SHAPE_FILLET;
}

static enum param length_param(const struct shape *s)
{
	return s->kind == SHAPE_GROOVE ? PARAM_WIDTH : PARAM_LENGTH;
}

static int64_t end_of(const struct shape *s)
{
	return s->value[PARAM_X] + s->value[length_param(s)];
}

/* A shape that has a coordinate at x, `like` first. */
static struct feature feature_at(const struct places *p, int64_t x, int like)
{
	const struct scene *scene = p->t->scene;

	for (int k = -1; k < scene->shape_count; k++) {
		int i = k < 0 ? like : k;
		const struct shape *s = &scene->shapes[i];

		if (!has_length(s->kind))
			continue;
		if (s->value[PARAM_X] == x)
			return (struct feature){i, PARAM_X, 0};
		if (end_of(s) == x)
			return (struct feature){i, length_param(s), 0};
	}
	return (struct feature){SCENE_DATUM, PARAM_X, 0};
}

/* States the way between two places where it is open; `shape` has one of them at least. */
static void state_length(struct places *p, int shape, int64_t x0, int64_t x1)
{
	struct scene *scene = p->t->scene;
	const struct shape *s = &scene->shapes[shape];
	struct dimension *dim;
	struct feature to, from;

	if (x0 == x1 || !join(p, x0, x1))
		return;
	if (s->value[PARAM_X] == x0 && end_of(s) == x1) {
		scene_add_dimension(scene, DIM_LEVEL, shape, length_param(s));
		return;
	}
	to = feature_at(p, x1, shape);
	from = feature_at(p, x0, shape);
	dim = scene_add_dimension(scene, DIM_POSITION_X, to.shape, to.param);
	if (x0 != 0)
		dim->from = from;
}

static void state_own_length(struct places *p, int shape)
{
	const struct shape *s = &p->t->scene->shapes[shape];

	state_length(p, shape, s->value[PARAM_X], end_of(s));
}

static bool is_step(const struct shape *s)
{
	return s->kind == SHAPE_CYLINDER || s->kind == SHAPE_CONE;
}

/* The end of a step nearest to x. */
static int64_t nearest_shoulder(const struct places *p, int64_t x)
{
	const struct scene *scene = p->t->scene;
	int64_t best = 0;

	for (int i = 0; i < scene->shape_count; i++)
		if (is_step(&scene->shapes[i]) &&
		    llabs(end_of(&scene->shapes[i]) - x) < llabs(best - x))
			best = end_of(&scene->shapes[i]);
	return best;
}

/* Grooves by their width, from the shoulder they stand at or near. */
static void state_groove(struct places *p, int shape)
{
	const struct shape *s = &p->t->scene->shapes[shape];
	int64_t x0 = s->value[PARAM_X], x1 = end_of(s);
	int64_t a = nearest_shoulder(p, x0), b = nearest_shoulder(p, x1);

	state_own_length(p, shape);
	if (llabs(a - x0) < llabs(b - x1))
		state_length(p, shape, a < x0 ? a : x0, a < x0 ? x0 : a);
	else
		state_length(p, shape, b < x1 ? b : x1, b < x1 ? x1 : b);
}

static void state_keyway(struct places *p, int shape)
{
	const struct shape *s = &p->t->scene->shapes[shape];
	int64_t x0 = s->value[PARAM_X], from = nearest_shoulder(p, x0);
	int64_t x1 = end_of(s), to = nearest_shoulder(p, x1);

	state_own_length(p, shape);
	if (llabs(from - x0) <= llabs(to - x1))
		state_length(p, shape, from < x0 ? from : x0, from < x0 ? x0 : from);
	else
		state_length(p, shape, to < x1 ? to : x1, to < x1 ? x1 : to);
}

/* Bores from the face they open at; of those from face to face one is left out. */
static void state_bores(struct places *p)
{
	const struct scene *scene = p->t->scene;
	bool deep = rng_chance(p->t->rng, 0.6);

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (s->kind != SHAPE_BORE || end_of(s) == p->length)
			continue;
		if (s->value[PARAM_X] == 0 || !deep)
			state_own_length(p, i);
		else
			state_length(p, i, 0, end_of(s));
	}
	for (int i = scene->shape_count - 1; i >= 0; i--)
		if (scene->shapes[i].kind == SHAPE_BORE)
			state_own_length(p, i);
}

/* Whether a part of the step is not shown: its length is stated, so that two numbers lead across. */
static bool is_interrupted(const struct scene *scene, const struct shape *s)
{
	return s->value[PARAM_X] < scene->interrupted[1] && end_of(s) > scene->interrupted[0];
}

/* Every step by its own length, the longest or one of the others last, which so stays open. */
static void state_chain(struct places *p)
{
	const struct scene *scene = p->t->scene;
	bool longest = rng_chance(p->t->rng, 0.6);
	int last = -1, steps = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (!is_step(s) || (last >= 0 && is_interrupted(scene, s)))
			continue;
		steps++;
		if (last < 0 || is_interrupted(scene, &scene->shapes[last]) ||
		    (longest ? s->value[PARAM_LENGTH] > scene->shapes[last].value[PARAM_LENGTH]
			     : rng_below(p->t->rng, (uint32_t)steps) == 0))
			last = i;
	}
	for (int i = 0; i < scene->shape_count; i++)
		if (is_step(&scene->shapes[i]) && i != last)
			state_own_length(p, i);
	state_own_length(p, last);
}

/* Every shoulder from one face. */
static void state_from_face(struct places *p, bool left)
{
	const struct scene *scene = p->t->scene;

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (!is_step(s))
			continue;
		if (left)
			state_length(p, i, 0, end_of(s));
		else
			state_length(p, i, s->value[PARAM_X], p->length);
	}
}

/* Shoulders from the nearer face, or from the one before. */
static void state_mixed(struct places *p)
{
	const struct scene *scene = p->t->scene;

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (!is_step(s) || end_of(s) == p->length)
			continue;
		if (rng_chance(p->t->rng, 0.35))
			state_own_length(p, i);
		else if (2 * end_of(s) < p->length)
			state_length(p, i, 0, end_of(s));
		else
			state_length(p, i, end_of(s), p->length);
	}
	for (int i = 0; i < scene->shape_count; i++)
		if (is_step(&scene->shapes[i]))
			state_own_length(p, i);
}

static void state_steps(struct places *p)
{
	switch (rng_below(p->t->rng, 5)) {
	case 0:
	case 1:
		p->t->scene->arrangement = ARRANGE_CHAIN;
		state_chain(p);
		break;
	case 2:
		p->t->scene->arrangement = ARRANGE_PARALLEL;
		state_from_face(p, rng_chance(p->t->rng, 0.6));
		break;
	default:
		p->t->scene->arrangement = ARRANGE_CHAIN;
		state_mixed(p);
	}
}

static void state_features(struct places *p)
{
	const struct scene *scene = p->t->scene;

	for (int i = 0; i < scene->shape_count; i++) {
		if (scene->shapes[i].kind == SHAPE_GROOVE)
			state_groove(p, i);
		if (scene->shapes[i].kind == SHAPE_KEYWAY)
			state_keyway(p, i);
	}
	state_bores(p);
}

/* After the steps: a thread that ends at a groove or covers its step needs no length of its own. */
static void state_threads(struct places *p)
{
	const struct scene *scene = p->t->scene;

	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == SHAPE_THREAD)
			state_own_length(p, i);
}

/* One step that is not stated, in parentheses. */
static void add_reference(struct places *p)
{
	struct scene *scene = p->t->scene;
	int first = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		bool stated = false;

		for (int k = 0; k < scene->dimension_count; k++)
			stated |= scene->dimensions[k].kind == DIM_LEVEL &&
				  scene->dimensions[k].shape == i;
		if (scene->shapes[i].kind == SHAPE_CYLINDER && !stated &&
		    end_of(&scene->shapes[i]) - scene->shapes[i].value[PARAM_X] < p->length &&
		    rng_below(p->t->rng, (uint32_t)++first) == 0) {
			scene_add_dimension(scene, DIM_LEVEL, i, PARAM_LENGTH)->reference = true;
			return;
		}
	}
}

/* The thread on a cylinder, or -1: its callout says the cylinder's diameter. */
static int thread_on(const struct scene *scene, const struct shape *cylinder)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (s->kind == SHAPE_THREAD && s->value[PARAM_X] >= cylinder->value[PARAM_X] &&
		    end_of(s) <= end_of(cylinder))
			return i;
	}
	return -1;
}

/* Whether the step beside an end of a cone has the cone's diameter there, and states it. */
static bool goes_over(const struct scene *scene, const struct shape *cone, int side)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (s->kind == SHAPE_CYLINDER &&
		    (side == 0 ? end_of(s) == cone->value[PARAM_X] &&
					 s->value[PARAM_D] == cone->value[PARAM_D]
			       : s->value[PARAM_X] == end_of(cone) &&
					 s->value[PARAM_D] == cone->value[PARAM_D2]))
			return true;
		/* of two cones the left one states it */
		if (s->kind == SHAPE_CONE && side == 0 && end_of(s) == cone->value[PARAM_X] &&
		    s->value[PARAM_D2] == cone->value[PARAM_D])
			return true;
	}
	return false;
}

static void state_diameters(struct turner *t)
{
	struct scene *scene = t->scene;

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (s->kind == SHAPE_THREAD)
			scene_add_dimension(scene, DIM_THREAD, i, PARAM_D);
		if (s->kind == SHAPE_GROOVE || s->kind == SHAPE_BORE ||
		    (s->kind == SHAPE_CYLINDER && thread_on(scene, s) < 0) ||
		    (s->kind == SHAPE_CONE && !goes_over(scene, s, 0)))
			scene_add_dimension(scene, DIM_SIDE_DIAMETER, i, PARAM_D);
		if (s->kind == SHAPE_CONE && !goes_over(scene, s, 1))
			scene_add_dimension(scene, DIM_SIDE_DIAMETER, i, PARAM_D2);
	}
}

static int count_equal(const struct scene *scene, const struct shape *like, enum param param)
{
	int count = 0;

	for (int i = 0; i < scene->shape_count; i++)
		count += scene->shapes[i].kind == like->kind &&
			 scene->shapes[i].value[param] == like->value[param];
	return count;
}

/* Corners each by itself, or equal ones by one of them, counted. */
static void state_corners(struct turner *t)
{
	struct scene *scene = t->scene;
	bool counted = rng_chance(t->rng, 0.75);

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];
		bool fillet = s->kind == SHAPE_FILLET;
		enum param param = fillet ? PARAM_R : PARAM_C;
		int equal = count_equal(scene, s, param), before = 0;

		if (!fillet && s->kind != SHAPE_CHAMFER)
			continue;
		for (int k = 0; k < i; k++)
			before += scene->shapes[k].kind == s->kind &&
				  scene->shapes[k].value[param] == s->value[param];
		if ((counted || equal > 2) && before > 0)
			continue;
		scene_add_dimension(scene, fillet ? DIM_RADIUS : DIM_CHAMFER, i, param)->count =
			(counted || equal > 2) && equal > 1 ? equal : 0;
	}
}

static void state_sections(struct turner *t)
{
	struct scene *scene = t->scene;
	int view = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		struct dimension *depth;
		int cylinder = 0;

		if (scene->shapes[i].kind != SHAPE_KEYWAY)
			continue;
		view++;
		for (int k = 0; k < i; k++)
			if (scene->shapes[k].kind == SHAPE_CYLINDER)
				cylinder = k; /* the last one that begins before */
		scene_add_dimension(scene, DIM_UPRIGHT, i, PARAM_WIDTH)->view = view;
		depth = scene_add_dimension(scene, DIM_LEVEL, i, PARAM_DEPTH);
		depth->view = view;
		depth->from = (struct feature){cylinder, PARAM_D, 0};
	}
}

void turner_add_dimensions(struct turner *t)
{
	struct places p = {.t = t};
	int last = 0;

	for (int i = 0; i < t->scene->shape_count; i++)
		if (is_step(&t->scene->shapes[i]))
			last = i;
	p.length = end_of(&t->scene->shapes[last]);
	state_length(&p, last, 0, p.length);
	state_features(&p);
	state_steps(&p);
	state_threads(&p);
	add_reference(&p);
	state_diameters(t);
	state_corners(t);
	state_sections(t);
}
