/* SPDX-License-Identifier: MIT */
/*
 * The numbers of a turned part. Diameters and what sections show are read first; the lengths that
 * sections use are then set aside, so that no chain along the part can lead through another view.
 *
 * Not printed, and taken from the lines: that everything turns about the axis, that a taper goes over
 * into a cylinder of its diameter, that a corner at 45 degrees is a chamfer. The depth of a keyway is
 * what the printed rest leaves of the printed diameter. A chamfer or fillet may be stated by the
 * callout of an equal one that counts them all.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader_turned.h"

#define AGREES 1e-6 /* relative */

struct turned_reader {
	struct reader *reader;
	struct reader along; /* without the dimensions of sections */
	struct turned_view view;
	struct program *program;
	struct err *err;
	int64_t d[SEEN_MAX][2]; /* of the steps' ends */
	int64_t bore_d[SEEN_MAX];
};

static bool same(double a, double b)
{
	return fabs(a - b) < READER_SAME_MM;
}

static struct vec place(const struct turned_reader *t, double x, double r)
{
	return vec(x, t->view.origin.y + r);
}

static struct outline named(const struct turned_reader *t, enum shape_kind kind, double x)
{
	return (struct outline){.kind = kind, .anchor = place(t, x, 0)};
}

/* A shape that is complete. */
static int add(struct turned_reader *t, const struct shape *shape)
{
	if (t->program->shape_count == PROGRAM_SHAPES_MAX)
		return err_set(t->err, ERR_LIMIT, "the drawing shows more than %d shapes",
			       PROGRAM_SHAPES_MAX);
	t->program->shapes[t->program->shape_count++] = *shape;
	return shape_check(shape, t->err);
}

/* The distance along the axis between two places, in order. */
static int state_along(struct turned_reader *t, const struct outline *o, enum param param,
		       double from, double to, int64_t *value)
{
	struct wanted w = {
		.reader = &t->along, .outline = o, .name = param_name(param), .err = t->err};

	return reader_state_between(&w, vec(1, 0), place(t, from, 0), place(t, to, 0), value);
}

/* x from the left face, and a length. */
static int state_places(struct turned_reader *t, const struct outline *o, double x0, double x1,
			enum param param, struct shape *shape)
{
	if (state_along(t, o, PARAM_X, t->view.origin.x, x0, &shape->value[PARAM_X]) < 0)
		return -1;
	return state_along(t, o, param, x0, x1, &shape->value[param]);
}

static int state_diameter(struct turned_reader *t, const struct outline *o, enum callout_kind kind,
			  const struct seen_piece *p, double r, enum param param, int64_t *value,
			  const struct callout **callout)
{
	struct wanted w = {
		.reader = t->reader, .outline = o, .name = param_name(param), .err = t->err};
	double x0 = param == PARAM_D2 ? p->x1 : p->line[0];
	double x1 = same(p->r0, p->r1) || param == PARAM_D2 ? p->line[1] : p->line[0];
	struct span span = {vec(0, 1),
			    {place(t, x0, r), place(t, x1, r)},
			    {place(t, x0, -r), place(t, x1, -r)}};

	return reader_state_across(&w, kind, &span, value, callout);
}

/* The thread that lies on the step, or -1. */
static int thread_on(const struct turned_reader *t, int step)
{
	for (int i = 0; i < t->view.thread_count; i++)
		if (t->view.threads[i].step == step)
			return i;
	return -1;
}

/* The diameter at an end of a taper that the step beside it has as well: stated there. */
static bool goes_over(const struct turned_reader *t, int i, int side)
{
	const struct seen_piece *s = &t->view.steps[i];
	int k = side == 0 ? i - 1 : i + 1;

	if (k < 0 || k >= t->view.step_count)
		return false;
	return side == 0 ? same(s[-1].r1, s->r0) : same(s[1].r0, s->r1) && same(s[1].r0, s[1].r1);
}

static bool is_cone(const struct seen_piece *p)
{
	return !same(p->r0, p->r1);
}

static int state_step_diameters(struct turned_reader *t)
{
	for (int i = 0; i < t->view.step_count; i++) {
		const struct seen_piece *p = &t->view.steps[i];
		bool cone = is_cone(p);
		struct outline o = named(t, cone ? SHAPE_CONE : SHAPE_CYLINDER, p->x0);
		enum callout_kind kind = thread_on(t, i) >= 0 ? CALLOUT_THREAD : CALLOUT_DIAMETER;

		if (!(cone && goes_over(t, i, 0)) &&
		    state_diameter(t, &o, kind, p, p->r0, PARAM_D, &t->d[i][0], NULL) < 0)
			return -1;
		t->d[i][1] = t->d[i][0];
		if (cone && !goes_over(t, i, 1) &&
		    state_diameter(t, &o, kind, p, p->r1, PARAM_D2, &t->d[i][1], NULL) < 0)
			return -1;
	}
	for (int i = 0; i < t->view.step_count; i++) {
		bool cone = is_cone(&t->view.steps[i]);

		if (cone && goes_over(t, i, 0))
			t->d[i][0] = t->d[i - 1][1];
		if (cone && goes_over(t, i, 1))
			t->d[i][1] = t->d[i + 1][0];
	}
	return 0;
}

static int read_steps(struct turned_reader *t)
{
	for (int i = 0; i < t->view.step_count; i++) {
		const struct seen_piece *p = &t->view.steps[i];
		struct shape s = {.kind = is_cone(p) ? SHAPE_CONE : SHAPE_CYLINDER};
		struct outline o = named(t, s.kind, p->x0);

		s.value[PARAM_D] = t->d[i][0];
		if (is_cone(p))
			s.value[PARAM_D2] = t->d[i][1];
		if (state_places(t, &o, p->x0, p->x1, PARAM_LENGTH, &s) < 0 || add(t, &s) < 0)
			return -1;
	}
	return 0;
}

/* Grooves and bores. */
static int read_rounds(struct turned_reader *t, enum shape_kind kind,
		       const struct seen_piece *pieces, int count)
{
	enum param length = kind == SHAPE_GROOVE ? PARAM_WIDTH : PARAM_LENGTH;

	for (int i = 0; i < count; i++) {
		const struct seen_piece *p = &pieces[i];
		struct outline o = named(t, kind, p->x0);
		struct shape s = {.kind = kind};

		if (state_diameter(t, &o, CALLOUT_DIAMETER, p, p->r0, PARAM_D, &s.value[PARAM_D],
				   NULL) < 0 ||
		    state_places(t, &o, p->x0, p->x1, length, &s) < 0 || add(t, &s) < 0)
			return -1;
		if (kind == SHAPE_BORE)
			t->bore_d[i] = s.value[PARAM_D];
	}
	return 0;
}

/* Of threads in inches the callout counts how many pitches go on one. */
static int64_t pitch_of(const struct turned_reader *t, const struct callout *c)
{
	return c->pitch > 0 && t->reader->drawing->unit_mm > 1 ? 1000 / c->pitch : c->pitch;
}

static int read_threads(struct turned_reader *t)
{
	for (int i = 0; i < t->view.thread_count; i++) {
		const struct seen_thread *seen = &t->view.threads[i];
		const struct seen_piece *step = &t->view.steps[seen->step];
		struct outline o = named(t, SHAPE_THREAD, seen->x0);
		struct shape s = {.kind = SHAPE_THREAD};
		const struct callout *callout;

		if (state_diameter(t, &o, CALLOUT_THREAD, step, step->r0, PARAM_D,
				   &s.value[PARAM_D], &callout) < 0 ||
		    state_places(t, &o, seen->x0, seen->x1, PARAM_LENGTH, &s) < 0)
			return -1;
		s.value[PARAM_PITCH] = pitch_of(t, callout);
		if (add(t, &s) < 0)
			return -1;
	}
	return 0;
}

/* What the section of a keyway states: its width, and what it leaves of the diameter. */
static int state_section(struct turned_reader *t, const struct seen_keyway *k, struct shape *s)
{
	struct outline o = named(t, SHAPE_KEYWAY, k->x0);
	struct wanted w = {
		.reader = t->reader, .outline = &o, .name = param_name(PARAM_WIDTH), .err = t->err};
	double wall = sqrt(k->radius * k->radius - k->half * k->half), y = k->centre.y;
	struct span width = {vec(0, 1),
			     {vec(k->floor, y - k->half), vec(k->centre.x + wall, y - k->half)},
			     {vec(k->floor, y + k->half), vec(k->centre.x + wall, y + k->half)}};
	struct vec left = vec(k->centre.x - k->radius, y);
	struct span rest = {
		vec(1, 0), {left, left}, {vec(k->floor, y - k->half), vec(k->floor, y + k->half)}};
	int64_t left_over;

	if (reader_state_linear(&w, &width, 1, &s->value[PARAM_WIDTH]) < 0)
		return -1;
	w.name = param_name(PARAM_DEPTH);
	w.count = 0;
	if (reader_state_linear(&w, &rest, 1, &left_over) < 0)
		return -1;
	s->value[PARAM_DEPTH] = t->d[k->step][0] - left_over;
	return 0;
}

/* The numbers that sections state; their dimensions then go behind those of the side view. */
static int read_sections(struct turned_reader *t, struct shape *keyways)
{
	struct reader *r = t->reader;

	for (int i = 0; i < t->view.keyway_count; i++) {
		keyways[i] = (struct shape){.kind = SHAPE_KEYWAY};
		if (state_section(t, &t->view.keyways[i], &keyways[i]) < 0)
			return -1;
	}
	t->along = *r;
	for (int i = 0; i < t->along.figure_count; i++) {
		struct figure *f = &r->figures[i], kept = *f;

		if (!f->used || f->kind != FIGURE_LINEAR ||
		    f->reading->callout.kind != CALLOUT_LINEAR)
			continue;
		*f = r->figures[--t->along.figure_count];
		r->figures[t->along.figure_count] = kept;
		i--;
	}
	return 0;
}

static int read_keyways(struct turned_reader *t, const struct shape *keyways)
{
	for (int i = 0; i < t->view.keyway_count; i++) {
		const struct seen_keyway *k = &t->view.keyways[i];
		struct outline o = named(t, SHAPE_KEYWAY, k->x0);
		struct shape s = keyways[i];

		if (state_places(t, &o, k->x0, k->x1, PARAM_LENGTH, &s) < 0 || add(t, &s) < 0)
			return -1;
	}
	return 0;
}

/* The same piece on the other side of the axis. */
static struct seg mirrored(const struct turned_reader *t, const struct seg *s)
{
	double axis = 2 * t->view.origin.y;
	struct seg m = *s;

	m.a.y = axis - s->a.y;
	m.b.y = axis - s->b.y;
	m.centre.y = axis - s->centre.y;
	m.from = -s->from;
	m.sweep = -s->sweep;
	return m;
}

/* What points at a corner by itself; NULL: nothing. */
static const struct callout *callout_at(const struct turned_reader *t, const struct seen_corner *c)
{
	struct seg sides[2] = {c->upper, mirrored(t, &c->upper)};

	for (int k = 0; k < 2; k++) {
		struct reader *r = t->reader;
		struct vec middle = vec_scale(vec_add(sides[k].a, sides[k].b), 0.5);
		const struct callout *callout = NULL;

		if (!c->fillet)
			callout = reader_leader_to(r, CALLOUT_CHAMFER, middle);
		for (int i = 0; i < r->figure_count && c->fillet && !callout; i++) {
			struct figure *f = &r->figures[i];

			if (f->kind != FIGURE_RADIAL || !f->reading ||
			    f->reading->callout.kind != CALLOUT_RADIUS ||
			    !on_arc(f->tip[0], &sides[k]) ||
			    distance_to_line(sides[k].centre, f->tip[0], f->tip[1]) >
				    READER_SAME_MM)
				continue;
			f->used = true;
			callout = &f->reading->callout;
		}
		if (callout)
			return callout;
	}
	return NULL;
}

static bool equal_corners(const struct seen_corner *a, const struct seen_corner *b)
{
	return a->fillet == b->fillet && same(a->size, b->size);
}

static int count_equal(const struct turned_reader *t, const struct seen_corner *c)
{
	int count = 0;

	for (int i = 0; i < t->view.corner_count; i++)
		count += equal_corners(c, &t->view.corners[i]);
	return count;
}

static int state_corner(const struct turned_reader *t, const struct callout *const *callouts, int i,
			const char *name, int64_t *value)
{
	const struct seen_corner *c = &t->view.corners[i];
	const struct callout *callout = callouts[i];
	double size = c->size / t->reader->drawing->scale;
	struct outline o = named(t, c->fillet ? SHAPE_FILLET : SHAPE_CHAMFER, c->x);
	int equal = count_equal(t, c);

	for (int k = 0; k < t->view.corner_count && !callout; k++)
		if (equal_corners(c, &t->view.corners[k]) && callouts[k] && callouts[k]->count > 1)
			callout = callouts[k];
	if (!callout)
		return err_set(t->err, ERR_FORMAT,
			       "%s at (%.10g,%.10g) on the sheet: '%s': not printed: no leader "
			       "points at it",
			       shape_kind_name(o.kind), c->x, t->view.origin.y + c->r, name);
	if (fabs((double)callout->value / 1000 - size) > AGREES * size)
		return err_set(t->err, ERR_FORMAT,
			       "%s at (%.10g,%.10g) on the sheet: '%s': its lettering contradicts "
			       "the drawing, where it is %.10g",
			       shape_kind_name(o.kind), c->x, t->view.origin.y + c->r, name, size);
	if (callout->count > 1 && callout->count != equal)
		return err_set(t->err, ERR_FORMAT,
			       "%s at (%.10g,%.10g) on the sheet: '%s': its lettering contradicts "
			       "the drawing, which shows %d",
			       shape_kind_name(o.kind), c->x, t->view.origin.y + c->r, name, equal);
	*value = callout->value;
	return 0;
}

/* The diameter at the sharp corner, from the steps or bores that have been read. */
static int corner_diameter(const struct turned_reader *t, const struct seen_corner *c, int64_t *d)
{
	const struct seen_piece *steps = t->view.steps, *bores = t->view.bores;

	*d = 0;
	for (int i = 0; i < t->view.step_count; i++)
		if (!is_cone(&steps[i]) && same(steps[i].r0, c->r) &&
		    (same(steps[i].x0, c->x) || same(steps[i].x1, c->x))) {
			*d = t->d[i][0];
			return 0;
		}
	for (int i = 0; i < t->view.bore_count; i++)
		if (same(bores[i].r0, c->r) &&
		    (same(bores[i].x0, c->x) || same(bores[i].x1, c->x))) {
			*d = t->bore_d[i];
			return 0;
		}
	return err_set(t->err, ERR_FORMAT,
		       "a corner at (%.10g,%.10g) on the sheet is not of a cylinder or a bore",
		       c->x, t->view.origin.y + c->r);
}

static int read_corners(struct turned_reader *t)
{
	const struct callout *callouts[SEEN_MAX];

	for (int i = 0; i < t->view.corner_count; i++)
		callouts[i] = callout_at(t, &t->view.corners[i]);
	for (int i = 0; i < t->view.corner_count; i++) {
		const struct seen_corner *c = &t->view.corners[i];
		enum param param = c->fillet ? PARAM_R : PARAM_C;
		struct shape s = {.kind = c->fillet ? SHAPE_FILLET : SHAPE_CHAMFER};
		struct outline o = named(t, s.kind, c->x);
		int64_t d;

		if (state_corner(t, callouts, i, param_name(param), &s.value[param]) < 0 ||
		    state_along(t, &o, PARAM_X, t->view.origin.x, c->x, &s.value[PARAM_X]) < 0 ||
		    corner_diameter(t, c, &d) < 0)
			return -1;
		if (d % 2 != 0)
			return err_set(t->err, ERR_FORMAT,
				       "%s at (%.10g,%.10g) on the sheet: half its diameter is no "
				       "thousandth",
				       shape_kind_name(s.kind), c->x, t->view.origin.y + c->r);
		s.value[PARAM_Y] = d / 2;
		if (add(t, &s) < 0)
			return -1;
	}
	return 0;
}

int read_turned(struct program *program, struct reader *reader, struct err *err)
{
	struct turned_reader *t = ARENA_NEW(reader->arena, struct turned_reader, 1);
	struct shape keyways[SEEN_MAX];

	t->reader = reader;
	t->program = program;
	t->err = err;
	if (turned_mend(reader, err) < 0 || turned_see(&t->view, reader, err) < 0 ||
	    state_step_diameters(t) < 0 || read_sections(t, keyways) < 0 || read_steps(t) < 0 ||
	    read_rounds(t, SHAPE_GROOVE, t->view.grooves, t->view.groove_count) < 0 ||
	    read_rounds(t, SHAPE_BORE, t->view.bores, t->view.bore_count) < 0 ||
	    read_threads(t) < 0 || read_keyways(t, keyways) < 0)
		return -1;
	return read_corners(t);
}
