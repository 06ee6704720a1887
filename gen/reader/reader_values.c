/* SPDX-License-Identifier: MIT */
/*
 * Numbers of a label, each from the text of a dimension that measures just that.
 *
 * A dimension states a number if its arrowheads stand on the features that the number separates, or
 * on drawn lines that lead there. Its text is then the number; that it agrees with the sheet is
 * checked and nothing else. All dimensions that state a number are found, so that two texts that
 * differ cannot both pass.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader.h"

#define AGREES 1e-6 /* relative */

/* Puts the shape and the name of the number before the message of w->err. */
static int name_number(const struct wanted *w)
{
	return err_context(w->err, "%s at (%.10g,%.10g) on the sheet: '%s'",
			   shape_kind_name(w->outline->kind), w->outline->anchor.x,
			   w->outline->anchor.y, w->name);
}

/* The length that lettering on a line states: of equal spaces, all of them. */
static int64_t printed_total(const struct callout *c)
{
	return c->kind == CALLOUT_SPACES ? c->count * c->value : c->value;
}

/* Takes a figure's text, which states `times` the number; measured: what the figure spans, in the
 * text's unit. */
static int take(struct wanted *w, struct figure *figure, double measured, int times)
{
	const struct reading *r = figure->reading;
	int64_t printed = printed_total(&r->callout), value = printed / times;

	if (fabs((double)printed / 1000 - measured) > AGREES * fabs(measured)) {
		err_set(w->err, ERR_FORMAT,
			"the text '%s' contradicts the drawing, where it is %.10g", r->text->utf8,
			measured);
		return name_number(w);
	}
	if (printed % times != 0) {
		err_set(w->err, ERR_FORMAT, "half of '%s' is no thousandth", r->text->utf8);
		return name_number(w);
	}
	if (w->count > 0 && w->value != value) {
		err_set(w->err, ERR_FORMAT, "two texts state different numbers");
		return name_number(w);
	}
	w->value = value;
	w->count++;
	figure->used = true;
	return 0;
}

static int found(const struct wanted *w, int64_t *value)
{
	if (w->count == 0) {
		err_set(w->err, ERR_FORMAT, "not printed: no dimension states it");
		return name_number(w);
	}
	*value = w->value;
	return 0;
}

static bool bears(const struct figure *figure, enum figure_kind kind, enum callout_kind callout)
{
	return figure->kind == kind && figure->reading && figure->reading->callout.kind == callout;
}

static bool spans(const struct reader *reader, const struct figure *f, const struct span *s)
{
	struct vec along = vec_unit(vec_sub(f->tip[1], f->tip[0]));

	if (!same_direction(along, s->along) && !same_direction(vec_scale(along, -1), s->along))
		return false;
	for (int k = 0; k < 2; k++)
		if (tip_reaches(reader, f->tip[k], s->along, s->a[0], s->a[1]) &&
		    tip_reaches(reader, f->tip[1 - k], s->along, s->b[0], s->b[1]))
			return true;
	return false;
}

int reader_state_linear(struct wanted *w, const struct span *span, int times, int64_t *value)
{
	struct reader *reader = w->reader;

	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];
		double length = vec_length(vec_sub(f->tip[1], f->tip[0]));

		if (bears(f, FIGURE_LINEAR, CALLOUT_LINEAR) && spans(reader, f, span) &&
		    take(w, f, length / reader->drawing->scale, times) < 0)
			return -1;
	}
	return found(w, value);
}

bool reader_passes_axis(const struct figure *f, struct vec along, double middle)
{
	double tip = vec_dot(f->tip[0], along) - middle, end = vec_dot(f->tip[1], along) - middle;

	return f->kind == FIGURE_RADIAL &&
	       fabs(vec_cross(vec_sub(f->tip[0], f->tip[1]), along)) < READER_SAME_MM &&
	       tip * end < 0;
}

/* Whether a line with one arrow measures from feature b of the span past the axis in the middle. */
static bool spans_half(const struct reader *reader, const struct figure *f, const struct span *s)
{
	double middle = (vec_dot(s->a[0], s->along) + vec_dot(s->b[0], s->along)) / 2;

	return reader_passes_axis(f, s->along, middle) &&
	       tip_reaches(reader, f->tip[0], s->along, s->b[0], s->b[1]);
}

int reader_state_across(struct wanted *w, enum callout_kind kind, const struct span *span,
			int64_t *value, const struct callout **callout)
{
	struct reader *reader = w->reader;
	double d = fabs(vec_dot(vec_sub(span->b[0], span->a[0]), span->along));

	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];
		bool states = (bears(f, FIGURE_LINEAR, kind) && spans(reader, f, span)) ||
			      (bears(f, FIGURE_RADIAL, kind) && spans_half(reader, f, span));

		if (!states)
			continue;
		if (take(w, f, d / reader->drawing->scale, 1) < 0)
			return -1;
		if (callout)
			*callout = &f->reading->callout;
	}
	return found(w, value);
}

/* A running dimension: whether it measures along the axis from the datum to the point. */
static bool runs_to(const struct reader *reader, const struct figure *f, struct vec axis,
		    struct vec p)
{
	struct vec datum = reader->drawing->datum;

	return same_direction(vec_unit(vec_sub(f->tip[0], f->tip[1])), axis) &&
	       tip_reaches(reader, f->tip[1], axis, datum, datum) &&
	       tip_reaches(reader, f->tip[0], axis, p, p);
}

/* A chain of linear dimensions along an axis while it is followed, each dimension a step from one
 * coordinate (mm along the axis) to another. */
struct chain {
	struct reader *reader;
	struct vec axis;
	struct figure **steps; /* those that lie along the axis */
	double (*ends)[2];
	int count;

	/* By step and the end at which it is left, 2 step + end: what comes before it on the
	 * shortest way, -1 at the beginning; whether there is a way. */
	int *before;
	bool *reached;
};

static double along(const struct chain *c, struct vec p)
{
	return vec_dot(p, c->axis);
}

static bool same_place(double a, double b)
{
	return fabs(a - b) < READER_SAME_MM;
}

static struct chain chain_along(struct reader *reader, struct vec axis)
{
	struct chain c = {.reader = reader, .axis = axis};
	int n = reader->figure_count;

	c.steps = ARENA_NEW(reader->arena, struct figure *, n);
	c.ends = arena_alloc(reader->arena, (size_t)n, sizeof(*c.ends));
	c.before = ARENA_NEW(reader->arena, int, 2 * n);
	c.reached = ARENA_NEW(reader->arena, bool, 2 * n);
	for (int i = 0; i < n; i++) {
		struct figure *f = &reader->figures[i];
		struct vec way;

		if (!bears(f, FIGURE_LINEAR, CALLOUT_LINEAR) &&
		    !bears(f, FIGURE_LINEAR, CALLOUT_SPACES))
			continue;
		way = vec_unit(vec_sub(f->tip[1], f->tip[0]));
		if (f->reading->callout.status == CALLOUT_REFERENCE ||
		    fabs(vec_cross(way, axis)) > READER_SAME_DIRECTION)
			continue;
		c.ends[c.count][0] = along(&c, f->tip[0]);
		c.ends[c.count][1] = along(&c, f->tip[1]);
		c.steps[c.count++] = f;
	}
	return c;
}

/* Whether the step's end k is at p: there, and where features need a dimension each, also on a line
 * that leads to it. */
static bool ends_at(const struct chain *c, int i, int k, struct vec p)
{
	return same_place(c->ends[i][k], along(c, p)) &&
	       (c->reader->aligned || tip_reaches(c->reader, c->steps[i]->tip[k], c->axis, p, p));
}

/* Takes all steps back from the last one. */
static int take_chain(struct wanted *w, const struct chain *c, int last, int64_t *value)
{
	int64_t sum = 0;

	for (int at = last; at >= 0; at = c->before[at]) {
		int i = at / 2, k = at % 2;
		double length = c->ends[i][k] - c->ends[i][!k];
		struct wanted step = *w;

		step.count = 0;
		if (take(&step, c->steps[i], fabs(length) / c->reader->drawing->scale, 1) < 0)
			return -1;
		sum += length > 0 ? step.value : -step.value;
	}
	*value = sum;
	return 0;
}

int reader_state_between(struct wanted *w, struct vec axis, struct vec p, struct vec q,
			 int64_t *value)
{
	struct chain c = chain_along(w->reader, axis);
	int *queue = ARENA_NEW(w->reader->arena, int, 2 * c.count), head = 0, tail = 0;

	*value = 0;
	if (same_place(along(&c, p), along(&c, q)) && w->reader->aligned)
		return 0;
	for (int at = 0; at < 2 * c.count; at++) {
		c.before[at] = -1;
		c.reached[at] = ends_at(&c, at / 2, 1 - at % 2, p);
		if (c.reached[at])
			queue[tail++] = at;
	}
	while (head < tail) {
		int at = queue[head++], i = at / 2, k = at % 2;

		if (ends_at(&c, i, k, q))
			return take_chain(w, &c, at, value);
		for (int next = 0; next < 2 * c.count; next++) {
			if (c.reached[next] ||
			    !same_place(c.ends[i][k], c.ends[next / 2][1 - next % 2]))
				continue;
			c.reached[next] = true;
			c.before[next] = at;
			queue[tail++] = next;
		}
	}
	err_set(w->err, ERR_FORMAT, "not printed: no dimensions lead there");
	return name_number(w);
}

const struct callout *reader_leader_to(struct reader *reader, enum callout_kind kind, struct vec p)
{
	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];

		if (bears(f, FIGURE_RADIAL, kind) && same_point(f->tip[0], p)) {
			f->used = true;
			return &f->reading->callout;
		}
	}
	return NULL;
}

int reader_state_position(struct wanted *w, struct vec axis, struct vec p, int64_t *value)
{
	struct reader *reader = w->reader;
	struct vec datum = reader->drawing->datum;
	struct span span = {axis, {datum, datum}, {p, p}};
	double measured = vec_dot(vec_sub(p, datum), axis) / reader->drawing->scale;

	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];
		bool states =
			(bears(f, FIGURE_LINEAR, CALLOUT_LINEAR) && spans(reader, f, &span)) ||
			(bears(f, FIGURE_RUNNING, CALLOUT_LINEAR) && runs_to(reader, f, axis, p));

		if (states && take(w, f, measured, 1) < 0)
			return -1;
	}
	if (w->count > 0)
		return found(w, value);
	return reader_state_between(w, axis, datum, p, value);
}

/* Whether the way of a foreshortened radius from its arrow on leads to the arc's centre, but not as far. */
static bool ends_before_centre(const struct figure *f, const struct seg *arc)
{
	struct vec to_centre = vec_sub(arc->centre, f->tip[0]);
	double along = vec_dot(vec_sub(f->shelf[1], f->tip[0]), vec_unit(to_centre));

	return along > 0 && along < vec_length(to_centre) - READER_SAME_MM;
}

bool reader_aims_at(const struct figure *f, const struct seg *arc)
{
	if (f->kind != FIGURE_RADIAL && f->kind != FIGURE_LINEAR)
		return false;
	if (!on_arc(f->tip[0], arc) ||
	    distance_to_line(arc->centre, f->tip[0], f->tip[1]) > READER_SAME_MM)
		return false;
	if (f->jogged && !ends_before_centre(f, arc))
		return false;
	return f->kind == FIGURE_RADIAL || on_arc(f->tip[1], arc);
}

/* Whether the figure points at the arc: a diameter at a whole circle, a radius at a part of one. */
static bool points_at(const struct figure *f, const struct seg *arc)
{
	enum callout_kind kind = is_circle(arc) ? CALLOUT_DIAMETER : CALLOUT_RADIUS;

	return f->reading && f->reading->callout.kind == kind && reader_aims_at(f, arc);
}

int reader_state_radius(struct wanted *w, const struct seg *arcs, int n, int64_t *value)
{
	struct reader *reader = w->reader;

	for (int i = 0; i < n * reader->figure_count; i++) {
		struct figure *f = &reader->figures[i / n];
		double radius = arcs[i % n].rx / reader->drawing->scale;
		int times;

		if (!points_at(f, &arcs[i % n]))
			continue;
		times = f->reading->callout.kind == CALLOUT_DIAMETER ? 2 : 1;
		if (take(w, f, times * radius, times) < 0)
			return -1;
	}
	return found(w, value);
}

/* An angle at `vertex` from one direction counter-clockwise to another. */
static bool opens(const struct reader *reader, const struct figure *f, struct vec vertex,
		  const struct vec sides[2])
{
	if (!same_point(f->arc.centre, vertex))
		return false;
	for (int k = 0; k < 2; k++) {
		struct vec corner = vec_add(vertex, vec_scale(sides[k], f->arc.rx));

		if (!same_point(f->tip[k], corner) || !line_is_drawn(reader, vertex, corner))
			return false;
	}
	return true;
}

int reader_state_angle(struct wanted *w, struct vec vertex, struct vec from, struct vec to,
		       int64_t *value)
{
	struct reader *reader = w->reader;
	struct vec sides[2] = {from, to};

	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];

		if (bears(f, FIGURE_ANGULAR, CALLOUT_ANGLE) && opens(reader, f, vertex, sides) &&
		    take(w, f, turn_from(from, to) * 180 / M_PI, 1) < 0)
			return -1;
	}
	return found(w, value);
}

/* Decimals of the last number of a text. */
static int printed_decimals(const char *utf8)
{
	const char *mark = strpbrk(utf8, ",.");
	int count = 0;

	for (const char *p = mark ? mark + 1 : ""; *p >= '0' && *p <= '9'; p++)
		count++;
	return count;
}

/* Whether the figure measures along the arc, from one of its ends to the other. */
static bool runs_along(const struct reader *reader, const struct figure *f, const struct seg *arc)
{
	struct vec ends[2] = {arc->a, arc->b};

	if (!same_point(f->arc.centre, arc->centre))
		return false;
	for (int k = 0; k < 2; k++) {
		struct vec out = vec_unit(vec_sub(ends[k], arc->centre));
		struct vec corner = vec_add(arc->centre, vec_scale(out, f->arc.rx));

		if (!same_point(f->tip[k], corner) || !line_is_drawn(reader, ends[k], corner))
			return false;
	}
	return true;
}

int reader_check_arc_length(struct wanted *w, const struct seg *arc, int64_t r, int64_t sweep)
{
	struct reader *reader = w->reader;
	double length = (double)r / 1000 * (double)sweep / 1000 * (M_PI / 180);

	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];
		double rounded;

		if (!bears(f, FIGURE_ANGULAR, CALLOUT_ARC_LENGTH) || !runs_along(reader, f, arc))
			continue;
		rounded = 0.5 * pow(10, -printed_decimals(f->reading->text->utf8));
		if (fabs((double)f->reading->callout.value / 1000 - length) >
		    rounded * (1 + AGREES)) {
			err_set(w->err, ERR_FORMAT,
				"the text '%s' contradicts radius and sweep, which make %.10g",
				f->reading->text->utf8, length);
			return name_number(w);
		}
		f->used = true;
	}
	return 0;
}
