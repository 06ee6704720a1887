/* SPDX-License-Identifier: MIT */
/*
 * Chamfers and fillets of a turned part: each at a corner of the profile that turns the right way, one
 * at most per corner, and of every edge something is left: the sum of what is taken at its two ends
 * is less than its length.
 */
#include <config.h>

#include <stdlib.h>

#include "formats/scene/check_turned.h"

static double printed(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

/* Whether a bore ends there inside the part: that edge reaches to the axis, not across a face. */
static bool is_bottom(const struct turned_line *line, int side)
{
	return !line->opens[side] && line->opens[!side];
}

/* Edge i of a line joins corner i - 1 to corner i; those at its ends lie in the faces, or are the bottom
 * of a bore. */
static int64_t edge_length(const struct turned_check *c, const struct turned_line *line, int i)
{
	const struct turned_corner *corners = line->corners;
	bool first = i == 0;
	const struct turned_corner *near = &corners[first ? 0 : i - 1];

	if (i > 0 && i < line->count)
		return corners[i].x != near->x ? corners[i].x - near->x
					       : llabs(corners[i].d - near->d) / 2;
	if (is_bottom(line, !first))
		return near->d / 2;
	if (line->opens[!first]) /* a mouth: up to the outside of the face */
		return ((first ? c->part.pieces[0].d0 : c->part.pieces[c->part.count - 1].d1) -
			near->d) /
		       2;
	return (near->d - turned_mouth(&c->part, !first)) / 2;
}

static int64_t size_at(const struct turned_check *c, const struct turned_line *line, int i)
{
	const struct shape *s;

	if (i < 0 || i >= line->count || line->corners[i].taken < 0)
		return 0;
	s = &c->shapes[line->corners[i].taken];
	return s->value[s->kind == SHAPE_FILLET ? PARAM_R : PARAM_C];
}

/* What a face's edge loses at its other end: to the mouth, or to the outside's corner. */
static int64_t size_across_face(const struct turned_check *c, const struct turned_line *line,
				int side, int *shape)
{
	int64_t x = side == 0 ? 0 : c->part.length, d = turned_mouth(&c->part, side);
	int i;

	if (is_bottom(line, side))
		return 0;
	if (line->opens[side])
		d = side == 0 ? c->part.pieces[0].d0 : c->part.pieces[c->part.count - 1].d1;
	i = d ? turned_corner_shape(c->scene, x, d) : -1;
	if (i >= 0)
		*shape = i;
	return i < 0 ? 0 : c->shapes[i].value[PARAM_C];
}

/* The shape at corner i of a line, if one takes something there. */
static void blame_corner(const struct turned_check *c, const struct turned_line *line, int i,
			 int *shape)
{
	if (size_at(c, line, i))
		*shape = line->corners[i].taken;
}

static int check_edges(const struct turned_check *c, const struct turned_line *line)
{
	for (int i = 0; i <= line->count; i++) {
		int64_t taken = size_at(c, line, i - 1) + size_at(c, line, i);
		int64_t length = edge_length(c, line, i);

		int shape = 0;

		if (i == 0 || i == line->count)
			taken += size_across_face(c, line, i > 0, &shape);
		if (taken == 0 || taken < length)
			continue;
		blame_corner(c, line, i - 1, &shape);
		blame_corner(c, line, i, &shape);
		*c->at = shape;
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: %s takes all of an edge of %.10g; allowed less", *c->at,
			       shape_kind_name(c->shapes[*c->at].kind), printed(length));
	}
	return 0;
}

/* Whether the line turns square at corner i, and which way: 1 left (an inner corner of the outside),
 * -1 right. */
static int square_turn(const struct turned_line *line, int i)
{
	const struct turned_corner *k = line->corners;
	bool level_before = i > 0 && k[i - 1].d == k[i].d;
	bool level_after = i + 1 < line->count && k[i + 1].d == k[i].d;
	bool upright_before = i == 0 || k[i - 1].x == k[i].x;
	bool upright_after = i + 1 == line->count || k[i + 1].x == k[i].x;
	int up;

	if (level_before && upright_after) {
		up = i + 1 < line->count ? k[i + 1].d > k[i].d : line->opens[1];
		return up ? 1 : -1;
	}
	if (upright_before && level_after) {
		up = i > 0 ? k[i].d > k[i - 1].d : !line->opens[0];
		return up ? -1 : 1;
	}
	return 0;
}

/* Whether the corner is an end of a cylinder: the edges of grooves stay sharp. */
static bool ends_cylinder(const struct turned_check *c, const struct turned_corner *corner)
{
	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];

		if (s->kind == SHAPE_CYLINDER && s->value[PARAM_D] == corner->d &&
		    (s->value[PARAM_X] == corner->x ||
		     s->value[PARAM_X] + s->value[PARAM_LENGTH] == corner->x))
			return true;
	}
	return false;
}

/* Marks the chamfers and fillets whose corners are on this line. */
static int check_line(const struct turned_check *c, const struct turned_line *line, bool hollow,
		      bool *found)
{
	for (int i = 0; i < line->count; i++) {
		const struct turned_corner *corner = &line->corners[i];
		bool end = i == 0 ? line->opens[0] : i + 1 == line->count && line->opens[1];
		int turn = square_turn(line, i);

		if (corner->taken < 0)
			continue;
		found[corner->taken] = true;
		*c->at = corner->taken;
		if (c->shapes[corner->taken].kind == SHAPE_FILLET) {
			if (hollow || turn != 1 || !ends_cylinder(c, corner))
				return err_set(
					c->err, ERR_FORMAT,
					"shape %d: fillet at (%.10g,%.10g); allowed at inner "
					"corners of shoulders outside",
					*c->at, printed(corner->x), printed(corner->d / 2));
		} else if (hollow ? !end : turn != -1 || !ends_cylinder(c, corner)) {
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: chamfer at (%.10g,%.10g); allowed at outer corners of "
				"cylinders and mouths of bores",
				*c->at, printed(corner->x), printed(corner->d / 2));
		}
	}
	return check_edges(c, line);
}

int turned_check_corners(const struct turned_check *c)
{
	bool found[SCENE_SHAPES_MAX] = {false};
	struct turned_line line;
	int first = 0;

	turned_outside(&c->part, &line);
	if (check_line(c, &line, false, found) < 0)
		return -1;
	while (turned_next_hollow(&c->part, &first, &line))
		if (check_line(c, &line, true, found) < 0)
			return -1;
	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];

		*c->at = i;
		if ((s->kind == SHAPE_CHAMFER || s->kind == SHAPE_FILLET) && !found[i])
			return err_set(c->err, ERR_FORMAT,
				       "shape %d: %s at (%.10g,%.10g); allowed at corners of the "
				       "profile, one at each",
				       i, shape_kind_name(s->kind), printed(s->value[PARAM_X]),
				       printed(s->value[PARAM_Y]));
	}
	return 0;
}
