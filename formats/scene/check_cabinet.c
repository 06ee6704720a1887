/* SPDX-License-Identifier: MIT */
/*
 * A cabinet is built from the carcass inwards, and its rules go the same way: first the carcass, then
 * the walls, then what stands between two walls, at last what is put before, under and on it. A part
 * that breaks a rule of its own is named before the parts that lean on it.
 *
 * What drawings do not print follows from these rules: that parts which span a compartment touch its
 * walls, that fronts are flush, that boards of one kind are alike.
 */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>

#include "formats/scene/cabinet.h"
#include "formats/scene/scene_check.h"

struct check {
	const struct scene *scene;
	struct cabinet c;
	int *shape;
	struct err *err;
};

static double printed(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

static int refuse(const struct check *k, int shape, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(const struct check *k, int shape, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	*k->shape = shape;
	return err_set(k->err, ERR_FORMAT, "shape %d: %s: %s", shape,
		       shape_kind_name(k->scene->shapes[shape].kind), what);
}

static int64_t value_of(const struct check *k, int shape, enum param param)
{
	return k->scene->shapes[shape].value[param];
}

/* A parameter must be what another number is. */
static int expect_value(const struct check *k, int shape, enum param param, int64_t allowed,
			const char *why)
{
	int64_t is = value_of(k, shape, param);

	if (is == allowed)
		return 0;
	return refuse(k, shape, "'%s' is %.10g; allowed %.10g, %s", param_name(param), printed(is),
		      printed(allowed), why);
}

static const char *face_name(enum cabinet_axis axis, bool high)
{
	static const char *const names[CABINET_AXES][2] = {
		{"left side", "right side"}, {"front", "back"}, {"underside", "top"}};

	return names[axis][high];
}

/* A face must lie from lo to hi. */
static int expect_face(const struct check *k, int shape, enum cabinet_axis axis, bool high,
		       int64_t lo, int64_t hi, const char *why)
{
	struct cabinet_box box = cabinet_box(&k->scene->shapes[shape]);
	int64_t at = high ? box.hi[axis] : box.lo[axis];

	if (at >= lo && at <= hi)
		return 0;
	if (lo == hi)
		return refuse(k, shape, "%s at %.10g; allowed %.10g, %s", face_name(axis, high),
			      printed(at), printed(lo), why);
	return refuse(k, shape, "%s at %.10g; allowed %.10g to %.10g, %s", face_name(axis, high),
		      printed(at), printed(lo), printed(hi), why);
}

/* The box must reach from lo to hi. */
static int expect_span(const struct check *k, int shape, enum cabinet_axis axis, int64_t lo,
		       int64_t hi, const char *why)
{
	if (expect_face(k, shape, axis, false, lo, lo, why) < 0)
		return -1;
	return expect_face(k, shape, axis, true, hi, hi, why);
}

/* Faces are whole thousandths, and nothing is turned. */
static int check_box(const struct check *k, int shape)
{
	static const enum param sizes[] = {PARAM_W, PARAM_D, PARAM_H};

	for (int i = 0; i < CABINET_AXES; i++)
		if (value_of(k, shape, sizes[i]) % 2)
			return refuse(k, shape,
				      "'%s' is %.10g; allowed an even count of thousandths: its "
				      "half is a coordinate",
				      param_name(sizes[i]), printed(value_of(k, shape, sizes[i])));
	return expect_value(k, shape, PARAM_ANGLE, 0, "no view shows a part turned");
}

static int check_single(const struct check *k, enum shape_kind kind)
{
	int first = -1;

	for (int i = 0; i < k->scene->shape_count; i++) {
		if (k->scene->shapes[i].kind != kind)
			continue;
		if (first >= 0)
			return refuse(k, i, "a second one; allowed one, shape %d", first);
		first = i;
	}
	return 0;
}

static int check_carcass(const struct check *k)
{
	const struct cabinet *c = &k->c;
	int64_t low = c->box.hi[CABINET_X] < c->box.hi[CABINET_Z] ? c->box.hi[CABINET_X]
								  : c->box.hi[CABINET_Z];

	for (int i = 0; i < CABINET_AXES; i++)
		if (expect_face(k, c->carcass, (enum cabinet_axis)i, false, 0, 0,
				"where coordinates count from") < 0)
			return -1;
	if (2 * c->bt >= low)
		return refuse(k, c->carcass, "'BT' is %.10g; allowed less than %.10g, half its box",
			      printed(c->bt), printed(low) / 2);
	if (c->bp >= c->box.hi[CABINET_Y])
		return refuse(k, c->carcass, "'BP' is %.10g; allowed less than 'd', %.10g",
			      printed(c->bp), printed(c->box.hi[CABINET_Y]));
	return 0;
}

/* The first shape of the kind, which all others of it resemble. */
static int first_of(const struct check *k, enum shape_kind kind)
{
	int i = 0;

	while (k->scene->shapes[i].kind != kind)
		i++;
	return i;
}

static int expect_alike(const struct check *k, int shape, enum param param)
{
	int first = first_of(k, k->scene->shapes[shape].kind);

	return expect_value(k, shape, param, value_of(k, first, param), "as the first of its kind");
}

static int64_t panel_front(const struct check *k)
{
	return k->c.box.hi[CABINET_Y] - k->c.bp;
}

static int check_partition(const struct check *k, int shape)
{
	const struct cabinet *c = &k->c;
	struct cabinet_box box = cabinet_box(&k->scene->shapes[shape]);

	if (expect_value(k, shape, PARAM_W, value_of(k, shape, PARAM_BT), "its 'BT'") < 0 ||
	    expect_span(k, shape, CABINET_Y, 0, panel_front(k),
			"from the front to the back panel") < 0 ||
	    expect_span(k, shape, CABINET_Z, c->bt, c->box.hi[CABINET_Z] - c->bt,
			"from bottom to top of the carcass") < 0 ||
	    expect_alike(k, shape, PARAM_BT) < 0)
		return -1;
	for (int i = 0; i < c->compartment_count; i++) {
		if (c->walls[i][0] >= c->walls[i][1] &&
		    (c->walls[i][0] == box.hi[CABINET_X] || c->walls[i][1] == box.lo[CABINET_X]))
			return refuse(k, shape,
				      "x is %.10g; allowed where room is left on both sides",
				      printed(value_of(k, shape, PARAM_X)));
	}
	return 0;
}

static int check_walls(const struct check *k)
{
	int count = 0;

	for (int i = 0; i < k->scene->shape_count; i++) {
		if (k->scene->shapes[i].kind != SHAPE_PARTITION)
			continue;
		if (++count == CABINET_COMPARTMENTS_MAX)
			return refuse(k, i, "%d of them; allowed %d", k->c.partition_count,
				      CABINET_COMPARTMENTS_MAX - 1);
		if (check_partition(k, i) < 0)
			return -1;
	}
	return 0;
}

/* What stands in a compartment touches both its walls. */
static int check_in_compartment(const struct check *k, int shape)
{
	struct cabinet_box box = cabinet_box(&k->scene->shapes[shape]);
	int i = cabinet_compartment(&k->c, &box);

	if (i < 0)
		return refuse(k, shape, "x is %.10g; allowed between two walls",
			      printed(value_of(k, shape, PARAM_X)));
	return expect_span(k, shape, CABINET_X, k->c.walls[i][0], k->c.walls[i][1],
			   "from wall to wall");
}

static int check_drawers(const struct check *k, int shape)
{
	int64_t top = k->c.box.hi[CABINET_Z] - k->c.bt, bt = value_of(k, shape, PARAM_BT);
	struct cabinet_box box = cabinet_box(&k->scene->shapes[shape]);

	if (check_in_compartment(k, shape) < 0 ||
	    expect_face(k, shape, CABINET_Y, false, 0, 0, "flush with the front edges") < 0 ||
	    expect_face(k, shape, CABINET_Y, true, bt + 1, panel_front(k),
			"behind the fronts and before the back panel") < 0 ||
	    expect_face(k, shape, CABINET_Z, false, k->c.bt, k->c.bt, "on the bottom") < 0 ||
	    expect_face(k, shape, CABINET_Z, true, 0, top, "under the top") < 0 ||
	    expect_alike(k, shape, PARAM_BT) < 0 || expect_alike(k, shape, PARAM_D) < 0)
		return -1;
	if (value_of(k, shape, PARAM_N) == 1 && box.hi[CABINET_Z] == top)
		return refuse(k, shape, "'N' is 1 from bottom to top; allowed 2 or more");
	return 0;
}

static bool fills_box(const struct check *k, int shape)
{
	return value_of(k, shape, PARAM_H) ==
	       value_of(k, shape, PARAM_N) * value_of(k, shape, PARAM_BT);
}

static int check_shelves(const struct check *k, int shape)
{
	int64_t n = value_of(k, shape, PARAM_N), bt = value_of(k, shape, PARAM_BT);
	int64_t h = value_of(k, shape, PARAM_H);

	if (check_in_compartment(k, shape) < 0 ||
	    expect_value(k, shape, PARAM_NKA, value_of(k, shape, PARAM_W),
			 "the clear width, its 'w'") < 0 ||
	    expect_face(k, shape, CABINET_Y, false, 0, panel_front(k) - 1, "in the carcass") < 0 ||
	    expect_face(k, shape, CABINET_Y, true, panel_front(k), panel_front(k),
			"at the back panel") < 0 ||
	    expect_alike(k, shape, PARAM_BT) < 0 || expect_alike(k, shape, PARAM_D) < 0)
		return -1;
	if (n * bt < h || (n == 1 && bt == h))
		return 0;
	return refuse(k, shape, "'h' is %.10g; allowed more than %.10g, its boards%s", printed(h),
		      printed(n * bt), n == 1 ? ", or just that" : "");
}

static int64_t low(const struct check *k, int shape)
{
	return cabinet_box(&k->scene->shapes[shape]).lo[CABINET_Z];
}

/* Of the drawers and shelves in a compartment the next one above `below` (-1: the lowest); -1: none.
 * Where two begin at one height, the earlier shape is lower. */
static int next_above(const struct check *k, int compartment, int below)
{
	int next = -1;

	for (int i = 0; i < k->scene->shape_count; i++) {
		const struct shape *shape = &k->scene->shapes[i];
		struct cabinet_box box = cabinet_box(shape);

		if ((shape->kind != SHAPE_DRAWERS && shape->kind != SHAPE_SHELVES) ||
		    cabinet_compartment(&k->c, &box) != compartment)
			continue;
		if (below >= 0 &&
		    (low(k, i) < low(k, below) || (low(k, i) == low(k, below) && i <= below)))
			continue;
		if (next < 0 || low(k, i) < low(k, next))
			next = i;
	}
	return next;
}

/* From below: drawers, a board on them, shelves that share out the rest. */
static int check_compartment(const struct check *k, int compartment)
{
	const struct shape *shapes = k->scene->shapes;
	int64_t z = k->c.bt, top = k->c.box.hi[CABINET_Z] - k->c.bt;
	int i = next_above(k, compartment, -1);

	if (i >= 0 && shapes[i].kind == SHAPE_DRAWERS) {
		z = cabinet_box(&shapes[i]).hi[CABINET_Z];
		i = next_above(k, compartment, i);
		if (i >= 0 && shapes[i].kind == SHAPE_SHELVES && fills_box(k, i)) {
			if (expect_face(k, i, CABINET_Z, false, z, z, "on the drawers") < 0 ||
			    expect_face(k, i, CABINET_Z, true, z, top, "under the top") < 0)
				return -1;
			z = cabinet_box(&shapes[i]).hi[CABINET_Z];
			i = next_above(k, compartment, i);
		}
	}
	if (i >= 0 && shapes[i].kind == SHAPE_SHELVES && !fills_box(k, i)) {
		if (expect_span(k, i, CABINET_Z, z, top, "the height that is left") < 0)
			return -1;
		i = next_above(k, compartment, i);
	}
	if (i >= 0)
		return refuse(k, i,
			      "one too many in its compartment; allowed, from below, drawers, a "
			      "board on them, shelves");
	return 0;
}

static bool is_door(enum shape_kind kind)
{
	return kind == SHAPE_DOOR_LEFT || kind == SHAPE_DOOR_RIGHT;
}

static int check_door(const struct check *k, int shape)
{
	const struct shape *shapes = k->scene->shapes;
	const struct cabinet_box *carcass = &k->c.box;
	struct cabinet_box box = cabinet_box(&shapes[shape]);

	if (expect_value(k, shape, PARAM_D, value_of(k, shape, PARAM_BT), "its 'BT'") < 0 ||
	    expect_face(k, shape, CABINET_Y, true, 0, 0, "at the front edges") < 0 ||
	    expect_face(k, shape, CABINET_X, false, 0, carcass->hi[CABINET_X],
			"before the carcass") < 0 ||
	    expect_face(k, shape, CABINET_X, true, 0, carcass->hi[CABINET_X],
			"before the carcass") < 0 ||
	    expect_face(k, shape, CABINET_Z, false, 0, carcass->hi[CABINET_Z],
			"before the carcass") < 0 ||
	    expect_face(k, shape, CABINET_Z, true, 0, carcass->hi[CABINET_Z],
			"before the carcass") < 0)
		return -1;
	for (int i = 0; i < shape; i++) {
		struct cabinet_box other = cabinet_box(&shapes[i]);

		if (!is_door(shapes[i].kind))
			continue;
		if (expect_value(k, shape, PARAM_BT, value_of(k, i, PARAM_BT),
				 "as the first door") < 0 ||
		    expect_span(k, shape, CABINET_Z, other.lo[CABINET_Z], other.hi[CABINET_Z],
				"as the first door") < 0)
			return -1;
		if (box.lo[CABINET_X] < other.hi[CABINET_X] &&
		    other.lo[CABINET_X] < box.hi[CABINET_X])
			return refuse(k, shape, "covers shape %d; allowed beside it", i);
	}
	return 0;
}

static int check_plinth(const struct check *k, int shape)
{
	const struct cabinet_box *carcass = &k->c.box;
	int64_t deep = carcass->hi[CABINET_Y];

	if (expect_value(k, shape, PARAM_D, value_of(k, shape, PARAM_BT), "its 'BT'") < 0 ||
	    expect_span(k, shape, CABINET_X, 0, carcass->hi[CABINET_X], "as the carcass") < 0 ||
	    expect_face(k, shape, CABINET_Y, false, 0, deep, "under the carcass") < 0 ||
	    expect_face(k, shape, CABINET_Y, true, 0, deep, "under the carcass") < 0)
		return -1;
	return expect_face(k, shape, CABINET_Z, true, 0, 0, "under the carcass");
}

static int check_top_cover(const struct check *k, int shape)
{
	const struct cabinet_box *carcass = &k->c.box;
	int64_t lo, most, wide = carcass->hi[CABINET_X], deep = carcass->hi[CABINET_Y];
	int64_t front = k->c.door < 0 ? 0 : -value_of(k, k->c.door, PARAM_BT);

	param_bounds(PARAM_X, &lo, &most);
	if (expect_value(k, shape, PARAM_H, value_of(k, shape, PARAM_BT), "its 'BT'") < 0 ||
	    expect_face(k, shape, CABINET_X, false, lo, 0, "over all of the carcass") < 0 ||
	    expect_face(k, shape, CABINET_X, true, wide, most, "over all of the carcass") < 0 ||
	    expect_face(k, shape, CABINET_Y, false, lo, front, "over carcass and doors") < 0 ||
	    expect_face(k, shape, CABINET_Y, true, deep, deep, "flush with the carcass") < 0)
		return -1;
	return expect_face(k, shape, CABINET_Z, false, carcass->hi[CABINET_Z],
			   carcass->hi[CABINET_Z], "on the carcass");
}

static int check_part(const struct check *k, int shape)
{
	switch (k->scene->shapes[shape].kind) {
	case SHAPE_DRAWERS:
		return check_drawers(k, shape);
	case SHAPE_SHELVES:
		return check_shelves(k, shape);
	case SHAPE_DOOR_LEFT:
	case SHAPE_DOOR_RIGHT:
		return check_door(k, shape);
	case SHAPE_PLINTH:
		return check_plinth(k, shape);
	case SHAPE_TOP_COVER:
		return check_top_cover(k, shape);
	default:
		return 0;
	}
}

int check_cabinet(const struct scene *scene, int *shape, struct err *err)
{
	struct check k = {.scene = scene,
			  .c = cabinet_from_shapes(scene->shapes, scene->shape_count),
			  .shape = shape,
			  .err = err};

	if (k.c.carcass < 0) {
		*shape = 0;
		return err_set(err, ERR_FORMAT, "shape 0: no carcass in the scene; allowed one");
	}
	if (check_single(&k, SHAPE_CARCASS) < 0 || check_single(&k, SHAPE_PLINTH) < 0 ||
	    check_single(&k, SHAPE_TOP_COVER) < 0)
		return -1;
	for (int i = 0; i < scene->shape_count; i++)
		if (check_box(&k, i) < 0)
			return -1;
	if (check_carcass(&k) < 0 || check_walls(&k) < 0)
		return -1;
	for (int i = 0; i < scene->shape_count; i++)
		if (check_part(&k, i) < 0)
			return -1;
	for (int i = 0; i < k.c.compartment_count; i++)
		if (check_compartment(&k, i) < 0)
			return -1;
	return 0;
}
