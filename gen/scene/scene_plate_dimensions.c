/* SPDX-License-Identifier: MIT */
/*
 * Which dimensions state a plate: along each axis a tree of linear ones, so that every coordinate
 * follows from the datum in one way only, and one call-out for each group of equal features.
 *
 * The tree is grown like Kruskal's: its nodes are the coordinates, a dimension joins two, and one that
 * joins what is joined already is left out. Overall sizes come first, then what has a size of its own
 * (windows, slots, patterns), then positions in the scene's arrangement. Where the plate is symmetric,
 * which its centre line shows, a node is a distance from that line, equal on both sides: a pair is then
 * stated by the distance across, and the line itself by nothing. Equal spaces join all that is in line with one of
 * their ends.
 */
#include <config.h>

#include <stdlib.h>

#include "gen/scene/scene_plate.h"

#define OVERALL_REFERENCE                                                                          \
	0.35                /* of chains: all links are there and the overall size is a reference */
#define SHARED_CALLOUT 0.85 /* of groups of equal features: one call-out with a count */
#define SYMMETRIC 0.8       /* of symmetric plates that are dimensioned so */

struct node {
	int64_t at;
	struct feature feature;
	int64_t key; /* nodes of one key are joined from the start */
	int root;    /* index of another node of its tree, or its own */
};

#define NODES_MAX (2 * PLATE_COORDS_MAX)

struct tree {
	struct plate_maker *m;
	int axis;
	bool symmetric;
	int64_t extent; /* the coordinates of a symmetric pair together */
	int count;
	struct node nodes[NODES_MAX]; /* rising */
};

/* Whether all positions of an axis stand on one line, each as its distance from the datum. */
static bool shares_lines(const struct scene *scene)
{
	return scene->arrangement == ARRANGE_RUNNING || scene->arrangement == ARRANGE_ORDINATE;
}

static struct feature feature_of(int shape, enum param param, int point)
{
	return (struct feature){shape, param, point};
}

static int compare_nodes(const void *a, const void *b)
{
	const struct node *p = a, *q = b;

	return p->at < q->at ? -1 : p->at > q->at;
}

static void add_node(struct tree *t, struct feature feature)
{
	int64_t at = scene_coordinate(t->m->scene, &feature, t->axis == AXIS_X);

	for (int i = 0; i < t->count; i++)
		if (t->nodes[i].at == at)
			return;
	if (t->count < NODES_MAX)
		t->nodes[t->count++] = (struct node){.at = at, .feature = feature};
}

/* The parameter that, added to the shape's own coordinate, is its far end; PARAM_COUNT_: none. */
static enum param far_end(const struct shape *s, bool is_x)
{
	switch (s->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		return is_x ? PARAM_WIDTH : PARAM_HEIGHT;
	case SHAPE_SLOT:
		return s->value[PARAM_ANGLE] == (is_x ? 0 : 90000) ? PARAM_LENGTH : PARAM_COUNT_;
	case SHAPE_HOLE_GRID:
		if (s->value[is_x ? PARAM_COLUMNS : PARAM_ROWS] == 1)
			return PARAM_COUNT_;
		return is_x ? PARAM_DX : PARAM_DY;
	default:
		return PARAM_COUNT_;
	}
}

static void add_nodes_of(struct tree *t, int index)
{
	const struct shape *s = &t->m->scene->shapes[index];
	bool is_x = t->axis == AXIS_X;
	enum param far = far_end(s, is_x);

	if (s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER || plate_is_row(t->m, s))
		return;
	for (int i = 0; i < s->point_count; i++)
		add_node(t, feature_of(index, PARAM_POINTS, i));
	if (s->kind == SHAPE_PROFILE)
		return;
	add_node(t, feature_of(index, is_x ? PARAM_X : PARAM_Y, 0));
	if (far != PARAM_COUNT_)
		add_node(t, feature_of(index, far, 0));
}

static int find(const struct tree *t, int i)
{
	while (t->nodes[i].root != i)
		i = t->nodes[i].root;
	return i;
}

/* Whether the nodes were apart; they are joined now. */
static bool join(struct tree *t, int i, int k)
{
	int a = find(t, i), b = find(t, k);

	t->nodes[a].root = b;
	return a != b;
}

static int node_at(const struct tree *t, int64_t at)
{
	for (int i = 0; i < t->count; i++)
		if (t->nodes[i].at == at)
			return i;
	return -1;
}

static void plant(struct tree *t, struct plate_maker *m, int axis)
{
	bool is_x = axis == AXIS_X;

	*t = (struct tree){.m = m, .axis = axis, .extent = m->is_disc ? 0 : m->size[axis]};
	t->symmetric = plate_is_symmetric(m->scene, is_x) && !shares_lines(m->scene) &&
		       rng_chance(m->rng, SYMMETRIC);
	for (int i = 0; i < m->scene->shape_count; i++)
		add_nodes_of(t, i);
	qsort(t->nodes, (size_t)t->count, sizeof(*t->nodes), compare_nodes);
	for (int i = 0; i < t->count; i++) {
		t->nodes[i].key = llabs(2 * t->nodes[i].at - t->extent);
		t->nodes[i].root = i;
	}
	for (int i = 0; i < t->count && t->symmetric; i++)
		for (int k = 0; k < i; k++)
			if (t->nodes[i].key == t->nodes[k].key)
				join(t, i, k);
}

static struct dimension *add_between(struct tree *t, const struct node *from, const struct node *to)
{
	struct dimension *dim = scene_add_dimension(
		t->m->scene, t->axis == AXIS_X ? DIM_POSITION_X : DIM_POSITION_Y, to->feature.shape,
		to->feature.param);

	dim->point = to->feature.point;
	dim->from = from->feature;
	return dim;
}

static struct dimension *add_from_datum(struct tree *t, const struct node *to)
{
	struct dimension *dim = add_between(t, to, to);

	dim->from = feature_of(SCENE_DATUM, PARAM_X, 0);
	/* Left of and below a disc's centre distances are positive, too. */
	if (t->m->is_disc)
		dim->from = feature_of(plate_body(t->m->scene),
				       t->axis == AXIS_X ? PARAM_X : PARAM_Y, 0);
	return dim;
}

/* The middle of a symmetric plate is joined to what a dimension across it states; *middle is some
 * node of its tree, -1 before the first. */
static bool join_middle(struct tree *t, int *middle, int i)
{
	int before = *middle;

	*middle = i;
	return before < 0 || join(t, i, before);
}

/* Across the middle, or from the datum. */
static void state_alone(struct tree *t, int *middle, int i)
{
	const struct node *n = &t->nodes[i];

	if (!t->symmetric) {
		if (join(t, node_at(t, 0), i))
			add_from_datum(t, n);
		return;
	}
	if (n->key != 0 && join_middle(t, middle, i)) {
		int other = node_at(t, t->extent - n->at);

		add_between(t, &t->nodes[other < i ? other : i], &t->nodes[other < i ? i : other]);
	}
}

static void state_overall(struct tree *t, int *middle)
{
	if (t->m->is_disc)
		return;
	state_alone(t, middle, t->count - 1);
}

/* Equal spaces state where every one of them ends, and so where what is in line with it stands. */
static void state_spaces(struct tree *t, int index, enum param far, int first, int64_t count)
{
	const struct shape *s = &t->m->scene->shapes[index];

	scene_add_dimension(t->m->scene, t->axis == AXIS_X ? DIM_SPACES_X : DIM_SPACES_Y, index,
			    far);
	for (int64_t i = 1; i + 1 < count; i++) {
		int k = node_at(t, t->nodes[first].at + i * s->value[far]);

		if (k >= 0)
			join(t, first, k);
	}
}

/* Windows, slots and patterns: their own sizes. */
static void state_size(struct tree *t, int *middle, int index)
{
	struct scene *scene = t->m->scene;
	const struct shape *s = &scene->shapes[index];
	bool is_x = t->axis == AXIS_X;
	enum param far = far_end(s, is_x);
	enum param counter = is_x ? PARAM_COLUMNS : PARAM_ROWS;
	struct feature near = feature_of(index, is_x ? PARAM_X : PARAM_Y, 0);
	struct feature end = feature_of(index, far, 0);
	int a, b;

	if (far == PARAM_COUNT_)
		return;
	a = node_at(t, scene_coordinate(scene, &near, is_x));
	b = node_at(t, scene_coordinate(scene, &end, is_x));
	/* A pattern's own spaces are stated whatever else is. */
	if (t->symmetric && t->nodes[a].key == t->nodes[b].key) {
		if (!join_middle(t, middle, a))
			return;
	} else if (!join(t, a, b)) {
		return;
	}
	if (s->kind == SHAPE_HOLE_GRID && s->value[counter] > 2)
		state_spaces(t, index, far, a, s->value[counter]);
	else if (s->kind == SHAPE_HOLE_GRID)
		add_between(t, &(struct node){.feature = near}, &(struct node){.feature = end});
	else
		scene_add_dimension(scene, is_x ? DIM_LEVEL : DIM_UPRIGHT, index, far);
}

static void state_sizes(struct tree *t, int *middle)
{
	const struct scene *scene = t->m->scene;

	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind != SHAPE_HOLE_GRID)
			state_size(t, middle, i);
}

/* Those of most spaces first: they may state what others do. On a line from the datum all but equal spaces are stated. */
static void state_patterns(struct tree *t, int *middle)
{
	const struct scene *scene = t->m->scene;
	enum param counter = t->axis == AXIS_X ? PARAM_COLUMNS : PARAM_ROWS;
	int64_t most = 0, least = shares_lines(scene) ? 3 : 1;

	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == SHAPE_HOLE_GRID &&
		    scene->shapes[i].value[counter] > most)
			most = scene->shapes[i].value[counter];
	for (int64_t count = most; count >= least; count--)
		for (int i = 0; i < scene->shape_count; i++)
			if (scene->shapes[i].kind == SHAPE_HOLE_GRID &&
			    scene->shapes[i].value[counter] == count)
				state_size(t, middle, i);
}

/* Each from its neighbour; the datum is a node like all others. */
static void state_chain(struct tree *t)
{
	for (int i = 1; i < t->count; i++)
		if (join(t, i - 1, i))
			add_between(t, &t->nodes[i - 1], &t->nodes[i]);
}

static void state_axis(struct plate_maker *m, int axis)
{
	struct scene *scene = m->scene;
	bool chain = scene->arrangement == ARRANGE_CHAIN;
	bool reference = chain && !m->is_disc && rng_chance(m->rng, OVERALL_REFERENCE);
	int middle = -1;
	struct tree t;

	plant(&t, m, axis);
	if (t.symmetric)
		middle = node_at(&t, t.extent / 2);
	if (!reference || t.symmetric)
		state_overall(&t, &middle);
	state_patterns(&t, &middle);
	if (!shares_lines(scene))
		state_sizes(&t, &middle);
	if (chain && !t.symmetric)
		state_chain(&t);
	for (int i = 0; i < t.count; i++)
		state_alone(&t, &middle, i);
	if (reference && !t.symmetric)
		add_from_datum(&t, &t.nodes[t.count - 1])->reference = true;
}

/* The parameters that make features equal: then one call-out says so. */
static bool is_equal(const struct shape *a, const struct shape *b)
{
	static const enum param params[] = {PARAM_R,       PARAM_C,           PARAM_D,
					    PARAM_CBORE_D, PARAM_CBORE_DEPTH, PARAM_PITCH};

	for (size_t i = 0; i < sizeof(params) / sizeof(*params); i++)
		if (a->value[params[i]] != b->value[params[i]])
			return false;
	return a->kind == b->kind;
}

/* A call-out each, or one for all. */
static void call_out(struct plate_maker *m, int index, enum dim_kind kind, enum param param)
{
	struct scene *scene = m->scene;
	bool shared = rng_chance(m->rng, SHARED_CALLOUT);
	int count = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		if (!is_equal(&scene->shapes[i], &scene->shapes[index]))
			continue;
		if (i < index)
			return; /* stated with the first */
		count++;
	}
	if (shared || count > 2) {
		scene_add_dimension(scene, kind, index, param)->count = count;
		return;
	}
	for (int i = index; i < scene->shape_count; i++)
		if (is_equal(&scene->shapes[i], &scene->shapes[index]))
			scene_add_dimension(scene, kind, i, param);
}

/* A row of the table: place and size of one hole. */
static void state_row(struct plate_maker *m, int index, enum dim_kind kind)
{
	scene_add_dimension(m->scene, DIM_POSITION_X, index, PARAM_X);
	scene_add_dimension(m->scene, DIM_POSITION_Y, index, PARAM_Y);
	scene_add_dimension(m->scene, kind, index, PARAM_D);
}

static void state_hole(struct plate_maker *m, int index, enum dim_kind kind)
{
	if (plate_is_row(m, &m->scene->shapes[index]))
		state_row(m, index, kind);
	else
		call_out(m, index, kind, PARAM_D);
}

static bool start_is_implied(const struct shape *circle)
{
	for (int64_t quarter = 0; quarter < 4; quarter++)
		if ((quarter * 90000 - circle->value[PARAM_START]) * circle->value[PARAM_COUNT] %
			    360000 ==
		    0)
			return true;
	return false;
}

static void state_own(struct plate_maker *m, int index)
{
	struct scene *scene = m->scene;
	const struct shape *s = &scene->shapes[index];

	switch (s->kind) {
	case SHAPE_PROFILE:
		scene_add_dimension(scene, DIM_THICKNESS, index, PARAM_THICKNESS);
		break;
	case SHAPE_DISC:
		scene_add_dimension(scene, DIM_DIAMETER, index, PARAM_D);
		scene_add_dimension(scene, DIM_THICKNESS, index, PARAM_THICKNESS);
		break;
	case SHAPE_FILLET:
		call_out(m, index, DIM_RADIUS, PARAM_R);
		break;
	case SHAPE_CHAMFER:
		call_out(m, index, DIM_CHAMFER, PARAM_C);
		break;
	case SHAPE_HOLE:
		state_hole(m, index, DIM_DIAMETER);
		break;
	case SHAPE_TAPPED_HOLE:
		state_hole(m, index, DIM_THREAD);
		break;
	case SHAPE_COUNTERBORE:
		state_hole(m, index, DIM_COUNTERBORE);
		break;
	case SHAPE_HOLE_GRID:
		scene_add_dimension(scene, DIM_DIAMETER, index, PARAM_D)->count =
			plate_hole_count(s);
		break;
	case SHAPE_HOLE_CIRCLE:
		scene_add_dimension(scene, DIM_DIAMETER, index, PARAM_PCD);
		scene_add_dimension(scene, DIM_DIAMETER, index, PARAM_D)->count =
			plate_hole_count(s);
		if (!start_is_implied(s))
			scene_add_dimension(scene, DIM_ANGULAR, index, PARAM_START);
		break;
	case SHAPE_ROUNDED_RECTANGLE:
		scene_add_dimension(scene, DIM_RADIUS, index, PARAM_R);
		break;
	case SHAPE_SLOT:
		scene_add_dimension(scene, DIM_RADIUS, index, PARAM_R);
		if (s->value[PARAM_ANGLE] % 90000 != 0) {
			scene_add_dimension(scene, DIM_ALIGNED, index, PARAM_LENGTH);
			scene_add_dimension(scene, DIM_ANGULAR, index, PARAM_ANGLE);
		}
		break;
	default:
		break;
	}
}

void plate_dimension(struct plate_maker *m)
{
	state_axis(m, AXIS_X);
	state_axis(m, AXIS_Y);
	for (int i = 0; i < m->scene->shape_count; i++)
		state_own(m, i);
}
