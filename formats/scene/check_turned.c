/* SPDX-License-Identifier: MIT */
/*
 * The steps first, since all else lies on them; then grooves, bores, what lies on one cylinder
 * (check_turned_features.c) and corners (check_turned_corners.c).
 *
 * Three rules are there for readers. A recess between higher walls is a groove where it is at most
 * half as wide as its bottom's diameter, else a cylinder. A slanted edge at 45 degrees is a chamfer.
 * Neighbours of one diameter are one cylinder.
 */
#include <config.h>

#include <stdlib.h>

#include "formats/scene/check_turned.h"

static double printed(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

int64_t turned_start(const struct shape *s)
{
	return s->value[PARAM_X];
}

int64_t turned_end(const struct shape *s)
{
	return s->value[PARAM_X] + s->value[s->kind == SHAPE_GROOVE ? PARAM_WIDTH : PARAM_LENGTH];
}

static bool is_step(const struct shape *s)
{
	return s->kind == SHAPE_CYLINDER || s->kind == SHAPE_CONE;
}

static int64_t right_d(const struct shape *step)
{
	return step->value[step->kind == SHAPE_CONE ? PARAM_D2 : PARAM_D];
}

static int check_cone(const struct turned_check *c, const struct shape *s)
{
	int64_t d = s->value[PARAM_D], d2 = s->value[PARAM_D2];

	if (d == d2)
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: cone with 'd' and 'd2' of %.10g; allowed different ones",
			       *c->at, printed(d));
	if (llabs(d - d2) == 2 * s->value[PARAM_LENGTH])
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: cone at 45 degrees, which is a chamfer's; allowed a "
			       "'length' other than %.10g",
			       *c->at, printed(s->value[PARAM_LENGTH]));
	return 0;
}

/* Whether two steps that meet without a shoulder go on in one line. */
static bool in_one_line(const struct shape *a, const struct shape *b)
{
	int64_t rise_a = right_d(a) - a->value[PARAM_D], rise_b = right_d(b) - b->value[PARAM_D];

	return right_d(a) == b->value[PARAM_D] &&
	       rise_a * b->value[PARAM_LENGTH] == rise_b * a->value[PARAM_LENGTH];
}

static int check_steps(const struct turned_check *c)
{
	const struct shape *before = NULL;

	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];
		int64_t end = before ? turned_end(before) : 0;

		*c->at = i;
		if (!is_step(s))
			continue;
		if (turned_start(s) != end)
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: %s at x %.10g; allowed %.10g, where the one before "
				"it ends",
				i, shape_kind_name(s->kind), printed(turned_start(s)),
				printed(end));
		if (s->kind == SHAPE_CONE && check_cone(c, s) < 0)
			return -1;
		if (before && in_one_line(before, s))
			return err_set(c->err, ERR_FORMAT,
				       "shape %d: %s goes on where the one before it ends; allowed "
				       "another 'd' than %.10g",
				       i, shape_kind_name(s->kind), printed(s->value[PARAM_D]));
		before = s;
	}
	*c->at = 0;
	if (!before)
		return err_set(c->err, ERR_FORMAT,
			       "shape 0: no cylinder or cone; allowed 1 or more");
	return 0;
}

/* The cylinder that holds from..to, or NULL. */
const struct shape *turned_cylinder_round(const struct turned_check *c, int64_t from, int64_t to)
{
	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];

		if (s->kind == SHAPE_CYLINDER && turned_start(s) <= from && to <= turned_end(s))
			return s;
	}
	return NULL;
}

/* The diameter that meets the step's end (0 left, 1 right) from its neighbour; 0 at a face. */
int64_t turned_neighbour_d(const struct turned_check *c, const struct shape *step, int side)
{
	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];

		if (is_step(s) && side == 0 && turned_end(s) == turned_start(step))
			return right_d(s);
		if (is_step(s) && side == 1 && turned_start(s) == turned_end(step))
			return s->value[PARAM_D];
	}
	return 0;
}

static int check_groove(const struct turned_check *c, const struct shape *s)
{
	const struct shape *round = turned_cylinder_round(c, turned_start(s), turned_end(s));
	int64_t d = s->value[PARAM_D];
	int touching = 0;

	if (!round)
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: groove from x %.10g to %.10g; allowed inside one cylinder",
			*c->at, printed(turned_start(s)), printed(turned_end(s)));
	if (d >= round->value[PARAM_D])
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: groove with 'd' %.10g; allowed less than %.10g, that of its "
			"cylinder",
			*c->at, printed(d), printed(round->value[PARAM_D]));
	if (2 * s->value[PARAM_WIDTH] > d)
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: groove with 'width' %.10g; allowed up to %.10g, half its 'd'",
			*c->at, printed(s->value[PARAM_WIDTH]), printed(d / 2));
	for (int side = 0; side < 2; side++) {
		bool touches = side == 0 ? turned_start(s) == turned_start(round)
					 : turned_end(s) == turned_end(round);

		touching += touches;
		if (touches && turned_neighbour_d(c, round, side) <= round->value[PARAM_D])
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: groove at an end of its cylinder; allowed beside a "
				"larger one",
				*c->at);
	}
	if (touching == 2)
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: groove as wide as its cylinder; allowed less", *c->at);
	return 0;
}

static int check_grooves(const struct turned_check *c)
{
	const struct shape *before = NULL;

	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];

		*c->at = i;
		if (s->kind != SHAPE_GROOVE)
			continue;
		if (check_groove(c, s) < 0)
			return -1;
		if (before && turned_start(s) <= turned_end(before))
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: groove at x %.10g; allowed more than %.10g, where "
				"another ends",
				i, printed(turned_start(s)), printed(turned_end(before)));
		before = s;
	}
	return 0;
}

/* Cylinders between higher walls that would be read as grooves. */
static int check_recesses(const struct turned_check *c)
{
	const struct turned *part = &c->part;

	for (int i = 1; i + 1 < part->count; i++) {
		const struct turned_piece *p = &part->pieces[i];

		*c->at = p->shape;
		if (c->shapes[p->shape].kind == SHAPE_CYLINDER && part->pieces[i - 1].d1 > p->d0 &&
		    part->pieces[i + 1].d0 > p->d1 && 2 * (p->x1 - p->x0) <= p->d0)
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: cylinder with 'length' %.10g between larger ones, "
				"which is a groove's; allowed more than %.10g",
				p->shape, printed(p->x1 - p->x0), printed(p->d0 / 2));
	}
	return 0;
}

static int check_wall(const struct turned_check *c, const struct turned_piece *bore)
{
	const struct turned *part = &c->part;

	for (int i = 0; i < part->count; i++) {
		const struct turned_piece *p = &part->pieces[i];
		double from = (double)(bore->x0 > p->x0 ? bore->x0 : p->x0);
		double to = (double)(bore->x1 < p->x1 ? bore->x1 : p->x1);
		double slope = (double)(p->d1 - p->d0) / (double)(p->x1 - p->x0), least;

		if (from > to) /* a bore that ends at a shoulder needs a wall beyond it, too */
			continue;
		least = (double)p->d0 + slope * ((slope > 0 ? from : to) - (double)p->x0);
		if ((double)bore->d0 >= least)
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: bore with 'd' %.10g; allowed less than %.10g, the "
				"outside there",
				*c->at, printed(bore->d0), least / 1000);
	}
	return 0;
}

static int check_bore(const struct turned_check *c, int i)
{
	const struct turned_piece *b = &c->part.bores[i];
	const struct turned_piece *before = i > 0 ? b - 1 : NULL;

	*c->at = b->shape;
	if (b->x0 < 0 || b->x1 > c->part.length)
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: bore from x %.10g to %.10g; allowed 0 to %.10g", b->shape,
			       printed(b->x0), printed(b->x1), printed(c->part.length));
	if (before && b->x0 < before->x1)
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: bore at x %.10g; allowed from %.10g, where another ends",
			       b->shape, printed(b->x0), printed(before->x1));
	if (before && b->x0 == before->x1 && b->d0 == before->d0)
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: bore goes on where the one before it ends; allowed another "
			"'d' than %.10g",
			b->shape, printed(b->d0));
	return check_wall(c, b);
}

static int check_bores(const struct turned_check *c)
{
	struct turned_line line;
	int first = 0;

	for (int i = 0; i < c->part.bore_count; i++)
		if (check_bore(c, i) < 0)
			return -1;
	while (turned_next_hollow(&c->part, &first, &line)) {
		*c->at = c->part.bores[first - 1].shape;
		if (!line.opens[0] && !line.opens[1])
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: bore at x %.10g; allowed from a face, or from a bore "
				"that begins there",
				*c->at, printed(line.corners[0].x));
		if (c->scene->section == SECTION_LOCAL && line.opens[0] && line.opens[1])
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: bore from face to face in a local section; allowed "
				"full or half",
				*c->at);
	}
	*c->at = 0;
	if (c->scene->section != SECTION_NONE && c->part.bore_count == 0)
		return err_set(c->err, ERR_FORMAT,
			       "shape 0: no bore in a part that is cut; allowed section none");
	return 0;
}

/* From where to where a shape reaches along the axis. */
static void extent_along(const struct shape *s, int64_t *x0, int64_t *x1)
{
	enum param length = s->kind == SHAPE_GROOVE ? PARAM_WIDTH : PARAM_LENGTH;

	*x0 = *x1 = s->value[PARAM_X];
	if (shape_has_param(s->kind, length))
		*x1 += s->value[length];
	if (s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER) {
		int64_t size = s->value[s->kind == SHAPE_FILLET ? PARAM_R : PARAM_C];

		*x0 -= size;
		*x1 += size;
	}
}

/* What is not shown is plain cylinder: nothing begins, ends or lies there. */
static int check_interrupted(const struct turned_check *c)
{
	const struct scene *scene = c->scene;
	int64_t from = scene->interrupted[0], to = scene->interrupted[1], x0, x1;
	bool cut = turned_is_cut_along(scene);

	*c->at = 0;
	if (!turned_is_interrupted(scene))
		return 0;
	if (to - from <= turned_gap(scene) || cut)
		return err_set(
			c->err, ERR_FORMAT,
			"'interrupted' from %.10g to %.10g; allowed more than %.10g, %g mm on "
			"the sheet, in no section along the part",
			printed(from), printed(to), printed(turned_gap(scene)), TURNED_GAP_MM);
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];
		bool holds;

		*c->at = i;
		if (s->kind == SHAPE_KEYWAY)
			return err_set(c->err, ERR_FORMAT,
				       "shape %d: keyway in an interrupted view; allowed without "
				       "'interrupted'",
				       i);
		extent_along(s, &x0, &x1);
		holds = s->kind == SHAPE_CYLINDER && x0 < from && to < x1;
		if (!holds && x1 >= from && x0 <= to)
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: %s from x %.10g to %.10g in what is not shown, %.10g to "
				"%.10g; allowed one cylinder that reaches beyond",
				i, shape_kind_name(s->kind), printed(x0), printed(x1),
				printed(from), printed(to));
	}
	*c->at = 0;
	if (to >= c->part.length)
		return err_set(c->err, ERR_FORMAT,
			       "'interrupted' up to %.10g; allowed less than %.10g, the length",
			       printed(to), printed(c->part.length));
	return 0;
}

/* Corners take less than half of what is off scale, as it is and as it is drawn: its middle is plain. */
static int check_off_scale_corners(const struct turned_check *c, int64_t d)
{
	const int64_t *off = c->scene->off_scale;
	int64_t length = off[1] - off[0], least = length < off[2] ? length : off[2];

	for (int side = 0; side < 2; side++) {
		int i = turned_corner_shape(c->scene, off[side], d);
		const struct shape *s = i < 0 ? NULL : &c->shapes[i];
		int64_t size = s ? s->value[s->kind == SHAPE_FILLET ? PARAM_R : PARAM_C] : 0;

		if (2 * size < least)
			continue;
		*c->at = i;
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: %s of %.10g on what is off scale; allowed less than "
			       "%.10g",
			       i, shape_kind_name(s->kind), printed(size), printed(least / 2));
	}
	return 0;
}

/* What is off scale is a plain step: corners at its ends alone. */
static int check_off_scale(const struct turned_check *c)
{
	const struct scene *scene = c->scene;
	int64_t from = scene->off_scale[0], to = scene->off_scale[1], shown = scene->off_scale[2];
	const struct shape *found = NULL;

	*c->at = 0;
	if (shown == 0)
		return 0;
	if (turned_is_interrupted(scene) || scene->section != SECTION_NONE || shown == to - from ||
	    2 * shown < to - from || shown > 2 * (to - from))
		return err_set(c->err, ERR_FORMAT,
			       "'off_scale' from %.10g to %.10g, shown %.10g long; allowed another "
			       "length, half to twice as long, neither cut nor interrupted",
			       printed(from), printed(to), printed(shown));
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];
		bool corner = s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER;
		int64_t x0, x1;

		*c->at = i;
		extent_along(s, &x0, &x1);
		if (s->kind == SHAPE_CYLINDER && x0 == from && x1 == to)
			found = s;
		else if (s->kind == SHAPE_KEYWAY || (!corner && x1 > from && x0 < to))
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: %s beside or on what is off scale, %.10g to %.10g; "
				"allowed one plain cylinder there, and no keyways",
				i, shape_kind_name(s->kind), printed(from), printed(to));
	}
	*c->at = 0;
	if (!found)
		return err_set(
			c->err, ERR_FORMAT,
			"'off_scale' from %.10g to %.10g; allowed where a cylinder begins and "
			"ends",
			printed(from), printed(to));
	return check_off_scale_corners(c, found->value[PARAM_D]);
}

int check_turned(const struct scene *scene, int *shape, struct err *err)
{
	struct turned_check c = {.scene = scene, .shapes = scene->shapes, .at = shape, .err = err};

	if (check_steps(&c) < 0 || check_grooves(&c) < 0)
		return -1;
	turned_from_scene(&c.part, scene);
	if (check_recesses(&c) < 0 || check_bores(&c) < 0 || turned_check_breaks(&c) < 0 ||
	    turned_check_features(&c) < 0 || turned_check_corners(&c) < 0)
		return -1;
	return check_interrupted(&c) < 0 ? -1 : check_off_scale(&c);
}
