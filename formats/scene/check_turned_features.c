/* SPDX-License-Identifier: MIT */
/* Keyways and threads on sound steps and bores, and local sections that leave room for them. */
#include <config.h>

#include "formats/scene/check_turned.h"

static double printed(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

/* Where local sections leave the outside: from..to. */
static void uncut(const struct turned_check *c, int64_t *from, int64_t *to)
{
	bool cut = c->scene->section == SECTION_LOCAL;

	*from = cut && turned_mouth(&c->part, 0) ? turned_break(&c->part, 0) : 0;
	*to = cut && turned_mouth(&c->part, 1) ? turned_break(&c->part, 1) : c->part.length;
}

/* A bore changes on the edge of the cut from seen to hidden, so none may end there. */
static int check_quarter(const struct turned_check *c)
{
	struct turned_cut cut = turned_quarter(&c->part);

	for (int i = 0; i < c->part.bore_count; i++) {
		const struct turned_piece *b = &c->part.bores[i];

		*c->at = b->shape;
		if (b->x0 == cut.x || b->x1 == cut.x)
			return err_set(c->err, ERR_FORMAT,
				       "shape %d: bore from x %.10g to %.10g ends with a quarter "
				       "section; allowed other ends than %.10g",
				       b->shape, printed(b->x0), printed(b->x1), printed(cut.x));
	}
	return 0;
}

int turned_check_breaks(const struct turned_check *c)
{
	int64_t from, to;

	if (c->scene->section == SECTION_QUARTER)
		return check_quarter(c);
	uncut(c, &from, &to);
	*c->at = 0;
	if (from < to)
		return 0;
	return err_set(c->err, ERR_FORMAT,
		       "shape 0: bores too long for a local section; allowed full or half");
}

/* Whether something else on the cylinder reaches into from..to, or (keyways) touches it. */
static bool is_crossed(const struct turned_check *c, const struct shape *self, int64_t from,
		       int64_t to)
{
	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];
		bool keyway = s->kind == SHAPE_KEYWAY || self->kind == SHAPE_KEYWAY;
		int64_t overlap = to < turned_end(s) ? to : turned_end(s);

		overlap -= from > turned_start(s) ? from : turned_start(s);
		if (s != self &&
		    (s->kind == SHAPE_GROOVE || s->kind == SHAPE_KEYWAY ||
		     s->kind == SHAPE_THREAD) &&
		    (keyway ? overlap >= 0 : overlap > 0))
			return true;
	}
	return false;
}

/* How much the chamfer or fillet at this end of the cylinder takes. */
static int64_t taken_at(const struct turned_check *c, const struct shape *cylinder, int side)
{
	int64_t x = side == 0 ? turned_start(cylinder) : turned_end(cylinder);
	int i = turned_corner_shape(c->scene, x, cylinder->value[PARAM_D]);

	if (i < 0)
		return 0;
	return c->shapes[i].value[c->shapes[i].kind == SHAPE_FILLET ? PARAM_R : PARAM_C];
}

static int check_keyway_depth(const struct turned_check *c, const struct shape *s, int64_t d)
{
	int64_t w = s->value[PARAM_WIDTH], t = s->value[PARAM_DEPTH];

	if (w >= d)
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: keyway with 'width' %.10g; allowed less than %.10g, the "
			       "diameter",
			       *c->at, printed(w), printed(d));
	/* At the walls the circle is lower than in the middle: (2t - d)^2 < d^2 - w^2. */
	if (2 * t >= d || (d - 2 * t) * (d - 2 * t) >= d * d - w * w)
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: keyway with 'depth' %.10g; allowed deep enough for walls and "
			"less than %.10g, half the diameter",
			*c->at, printed(t), printed(d / 2));
	return 0;
}

static int check_keyway(const struct turned_check *c, const struct shape *s)
{
	int64_t from = turned_start(s), to = turned_end(s), uncut_from, uncut_to;
	const struct shape *round = turned_cylinder_round(c, from, to);

	if (turned_is_cut_along(c->scene))
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: keyway in a part that is cut along the axis; allowed section "
			"none or local",
			*c->at);
	uncut(c, &uncut_from, &uncut_to);
	if (!round || from <= turned_start(round) + taken_at(c, round, 0) ||
	    to >= turned_end(round) - taken_at(c, round, 1) || from <= uncut_from || to >= uncut_to)
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: keyway from x %.10g to %.10g; allowed inside one cylinder, "
			"off its ends and off a local section",
			*c->at, printed(from), printed(to));
	for (int i = 0; i < c->part.bore_count; i++)
		if (c->part.bores[i].x0 < to && from < c->part.bores[i].x1)
			return err_set(c->err, ERR_FORMAT,
				       "shape %d: keyway over a bore; allowed on solid parts",
				       *c->at);
	if (is_crossed(c, s, from, to))
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: keyway on a groove, a thread or another keyway; allowed apart",
			*c->at);
	return check_keyway_depth(c, s, round->value[PARAM_D]);
}

/* A thread begins where a tool can: at an end of its cylinder that is a face or has something lower
 * beside it. */
static bool begins_free(const struct turned_check *c, const struct shape *s,
			const struct shape *round)
{
	int64_t d = round->value[PARAM_D];

	return (turned_start(s) == turned_start(round) && turned_neighbour_d(c, round, 0) < d) ||
	       (turned_end(s) == turned_end(round) && turned_neighbour_d(c, round, 1) < d);
}

static int check_thread(const struct turned_check *c, const struct shape *s)
{
	int64_t from = turned_start(s), to = turned_end(s), d = s->value[PARAM_D];
	const struct shape *round = turned_cylinder_round(c, from, to);

	if (!round || round->value[PARAM_D] != d)
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: thread from x %.10g to %.10g; allowed on one cylinder of its "
			"'d', %.10g",
			*c->at, printed(from), printed(to), printed(d));
	if (!begins_free(c, s, round))
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: thread at x %.10g; allowed from an end of its cylinder that "
			"is free",
			*c->at, printed(from));
	if ((from != turned_start(round) && from <= turned_start(round) + taken_at(c, round, 0)) ||
	    (to != turned_end(round) && to >= turned_end(round) - taken_at(c, round, 1)))
		return err_set(c->err, ERR_FORMAT,
			       "shape %d: thread from x %.10g to %.10g; allowed to the ends of its "
			       "cylinder, or off their chamfers and fillets",
			       *c->at, printed(from), printed(to));
	if (is_crossed(c, s, from, to))
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: thread on a groove, a keyway or another thread; allowed apart",
			*c->at);
	if (4 * s->value[PARAM_PITCH] > d)
		return err_set(
			c->err, ERR_FORMAT,
			"shape %d: thread with 'pitch' %.10g; allowed up to %.10g, a quarter of "
			"its 'd'",
			*c->at, printed(s->value[PARAM_PITCH]), printed(d / 4));
	return 0;
}

/* Each keyway has a section of its own, in a view of its own. */
#define KEYWAYS_MAX (SCENE_VIEWS_MAX - 1)

int turned_check_features(const struct turned_check *c)
{
	int keyways = 0;

	for (int i = 0; i < c->scene->shape_count; i++) {
		const struct shape *s = &c->shapes[i];

		*c->at = i;
		if (s->kind == SHAPE_KEYWAY && check_keyway(c, s) < 0)
			return -1;
		if (s->kind == SHAPE_THREAD && check_thread(c, s) < 0)
			return -1;
		keyways += s->kind == SHAPE_KEYWAY;
		if (keyways > KEYWAYS_MAX)
			return err_set(
				c->err, ERR_FORMAT,
				"shape %d: %d keyways and more; allowed %d, a section for each", i,
				keyways, KEYWAYS_MAX);
	}
	return 0;
}
