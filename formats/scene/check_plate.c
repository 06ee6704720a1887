/* SPDX-License-Identifier: MIT */
/*
 * Whether a plate can be made, and is listed as labels list it: from the lower left corner of its
 * box, or from the centre of a disc. Walls are measured on the outline flattened to a thousandth of
 * the unit, so none thinner than that is believed.
 */
#include <config.h>

#include <math.h>

#include "formats/scene/plate.h"
#include "formats/scene/scene_check.h"

#define CHORD 0.0005
#define WALL_MIN 0.001
#define HOLES_MAX 400 /* of all shapes: every two are compared */

static double printed(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

/* "shape 3: hole at (20,30)" */
static int blame(const struct scene *scene, int index, struct err *err, const char *what)
{
	const struct shape *s = &scene->shapes[index];
	struct point at = shape_anchor(s);

	return err_set(err, ERR_FORMAT, "shape %d: %s at (%.10g,%.10g) %s", index,
		       shape_kind_name(s->kind), printed(at.x), printed(at.y), what);
}

static int check_one_body(const struct scene *scene, int *shape, struct err *err)
{
	int body = plate_body(scene);

	*shape = 0;
	if (body < 0)
		return err_set(err, ERR_FORMAT,
			       "shape 0: a plate needs one profile or disc; there is none");
	for (int i = body + 1; i < scene->shape_count; i++) {
		enum shape_kind kind = scene->shapes[i].kind;

		*shape = i;
		if (kind == SHAPE_PROFILE || kind == SHAPE_DISC)
			return err_set(
				err, ERR_FORMAT,
				"shape %d: a second outline, %s; allowed one profile or disc", i,
				shape_kind_name(kind));
	}
	*shape = body;
	return 0;
}

static int check_datum(const struct scene *scene, int body, struct err *err)
{
	const struct shape *s = &scene->shapes[body];
	struct plate_box box = plate_box(scene);

	if (s->kind == SHAPE_DISC) {
		if (s->value[PARAM_X] == 0 && s->value[PARAM_Y] == 0)
			return 0;
		return err_set(err, ERR_FORMAT,
			       "shape %d: disc: 'x' and 'y' are %.10g and %.10g; allowed 0 and 0, "
			       "the datum",
			       body, printed(s->value[PARAM_X]), printed(s->value[PARAM_Y]));
	}
	if (box.x0 != 0 || box.y0 != 0)
		return err_set(err, ERR_FORMAT,
			       "shape %d: profile: the lowest x and y are %.10g and %.10g; allowed "
			       "0 and 0, the datum",
			       body, printed(box.x0), printed(box.y0));
	for (int i = 1; i < s->point_count; i++)
		if (s->points[i].y < s->points[0].y ||
		    (s->points[i].y == s->points[0].y && s->points[i].x < s->points[0].x))
			return err_set(err, ERR_FORMAT,
				       "shape %d: profile: 'points' begin with another than the "
				       "lowest corner, of two the left one: 'points[%d]'",
				       body, i);
	return 0;
}

static bool is_cut(const struct shape *shape)
{
	return shape->kind == SHAPE_FILLET || shape->kind == SHAPE_CHAMFER;
}

/* Every fillet and chamfer is the one of some corner; chamfers are of square ones. */
static int check_cuts(const struct scene *scene, const struct plate_corner *corners, int n,
		      int *shape, struct err *err)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];
		struct point at = shape_anchor(s);
		int k = 0;

		if (!is_cut(s))
			continue;
		*shape = i;
		while (k < n && (corners[k].at.x != at.x || corners[k].at.y != at.y))
			k++;
		if (k == n)
			return blame(scene, i, err, "is at no corner of a profile");
		if (corners[k].cut != i)
			return blame(scene, i, err,
				     "is at a corner that has another; allowed one per corner");
		if (s->kind == SHAPE_CHAMFER && fabs(fabs(corners[k].turn) - M_PI / 2) > 1e-12)
			return blame(scene, i, err, "is at a corner that is not square");
	}
	return 0;
}

/* Some of every edge is left, so that the corner can be seen. */
static int check_edges(const struct scene *scene, const struct plate_corner *corners, int n,
		       int *shape, struct err *err)
{
	for (int i = 0; i < n; i++) {
		const struct plate_corner *a = &corners[i], *b = &corners[(i + 1) % n];
		double length = hypot(printed(b->at.x - a->at.x), printed(b->at.y - a->at.y));
		const struct plate_corner *wider = a->setback > b->setback ? a : b;
		const struct shape *s;

		if (a->setback + b->setback < length - WALL_MIN || wider->cut < 0)
			continue;
		*shape = wider->cut;
		s = &scene->shapes[wider->cut];
		return err_set(err, ERR_FORMAT,
			       "shape %d: %s at (%.10g,%.10g) takes %.10g of an edge of %.10g, and "
			       "the other corner %.10g; allowed less than all of it",
			       wider->cut, shape_kind_name(s->kind), printed(wider->at.x),
			       printed(wider->at.y), wider->setback, length,
			       a->setback + b->setback - wider->setback);
	}
	return 0;
}

static int check_corners(const struct scene *scene, int *shape, struct err *err)
{
	struct plate_corner corners[SHAPE_POINTS_MAX];
	int n = plate_corners(scene, corners);

	if (check_cuts(scene, corners, n, shape, err) < 0)
		return -1;
	return check_edges(scene, corners, n, shape, err);
}

static int check_depth(const struct scene *scene, int body, int *shape, struct err *err)
{
	int64_t thickness = scene->shapes[body].value[PARAM_THICKNESS];

	for (int i = 0; i < scene->shape_count; i++) {
		int64_t depth = scene->shapes[i].value[PARAM_CBORE_DEPTH];

		*shape = i;
		if (depth >= thickness)
			return err_set(
				err, ERR_FORMAT,
				"shape %d: counterbore: 'cbore_depth' is %.10g; allowed less "
				"than the plate's thickness, %.10g",
				i, printed(depth), printed(thickness));
	}
	return 0;
}

/* All that is cut out of the plate. */
struct cuts {
	int count;
	struct plate_core *cores;
	int *owners;
};

static int gather(const struct scene *scene, struct cuts *cuts, struct arena *arena, int *shape,
		  struct err *err)
{
	cuts->cores = ARENA_NEW(arena, struct plate_core, HOLES_MAX);
	cuts->owners = ARENA_NEW(arena, int, HOLES_MAX);
	for (int i = 0; i < scene->shape_count; i++) {
		int n = plate_core_count(&scene->shapes[i]);

		*shape = i;
		if (n > HOLES_MAX - cuts->count)
			return err_set(err, ERR_FORMAT,
				       "shape %d: %d holes and more in one plate; allowed %d", i,
				       cuts->count + n, HOLES_MAX);
		plate_cores(&scene->shapes[i], cuts->cores + cuts->count);
		while (n-- > 0)
			cuts->owners[cuts->count++] = i;
	}
	return 0;
}

static int check_walls(const struct scene *scene, const struct cuts *cuts,
		       const struct polyline *outline, int *shape, struct err *err)
{
	for (int i = 0; i < cuts->count; i++) {
		*shape = cuts->owners[i];
		if (plate_wall_to_outline(&cuts->cores[i], outline) < WALL_MIN)
			return blame(scene, *shape, err,
				     "reaches beyond the outline; allowed inside it, with a wall");
		for (int k = 0; k < i; k++)
			if (plate_wall(&cuts->cores[i], &cuts->cores[k]) < WALL_MIN)
				return blame(scene, *shape, err,
					     cuts->owners[k] == *shape
						     ? "has holes that meet; allowed a wall between"
						     : "meets another; allowed a wall between");
	}
	return 0;
}

int check_plate(const struct scene *scene, int *shape, struct err *err)
{
	struct arena arena = {0};
	struct cuts cuts = {0};
	struct path path;
	struct polyline outline;
	int body, rc;

	if (check_one_body(scene, shape, err) < 0)
		return -1;
	body = *shape;
	if (check_datum(scene, body, err) < 0 || check_corners(scene, shape, err) < 0 ||
	    check_depth(scene, body, shape, err) < 0)
		return -1;
	path = plate_outline(scene, &arena);
	outline = polyline_from_path(&path, CHORD, &arena);
	rc = gather(scene, &cuts, &arena, shape, err);
	if (rc == 0)
		rc = check_walls(scene, &cuts, &outline, shape, err);
	arena_free(&arena);
	return rc;
}
