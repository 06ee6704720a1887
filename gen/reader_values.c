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

#include "gen/reader.h"

#define AGREES 1e-6 /* relative */

/* Puts the shape and the name of the number before the message of w->err. */
static int name_number(const struct wanted *w)
{
	return err_context(w->err, "%s at (%.10g,%.10g) on the sheet: '%s'",
			   shape_kind_name(w->outline->kind), w->outline->anchor.x,
			   w->outline->anchor.y, w->name);
}

/* Takes a figure's text, which states `times` the number; measured: what the figure spans, in the
 * text's unit. */
static int take(struct wanted *w, struct figure *figure, double measured, int times)
{
	const struct reading *r = figure->reading;
	int64_t value = r->value / times;

	if (fabs((double)r->value / 1000 - measured) > AGREES * fabs(measured)) {
		err_set(w->err, ERR_FORMAT,
			"the text '%s' contradicts the drawing, where it is %.10g", r->text->utf8,
			measured);
		return name_number(w);
	}
	if (r->value % times != 0) {
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

static bool bears(const struct figure *figure, enum figure_kind kind, enum sign sign)
{
	return figure->kind == kind && figure->reading && figure->reading->sign == sign;
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

		if (bears(f, FIGURE_LINEAR, SIGN_NONE) && spans(reader, f, span) &&
		    take(w, f, length / reader->drawing->scale, times) < 0)
			return -1;
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

int reader_state_position(struct wanted *w, struct vec axis, struct vec p, int64_t *value)
{
	struct reader *reader = w->reader;
	struct vec datum = reader->drawing->datum;
	struct span span = {axis, {datum, datum}, {p, p}};
	double measured = vec_dot(vec_sub(p, datum), axis) / reader->drawing->scale;

	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];
		bool states = (bears(f, FIGURE_LINEAR, SIGN_NONE) && spans(reader, f, &span)) ||
			      (bears(f, FIGURE_RUNNING, SIGN_NONE) && runs_to(reader, f, axis, p));

		if (states && take(w, f, measured, 1) < 0)
			return -1;
	}
	return found(w, value);
}

/* Whether the figure points at the arc: a diameter at a whole circle, a radius at a part of one. */
static bool points_at(const struct figure *f, const struct seg *arc)
{
	enum sign sign = is_circle(arc) ? SIGN_DIAMETER : SIGN_RADIUS;

	if (!f->reading || f->reading->sign != sign || !on_arc(f->tip[0], arc) ||
	    distance_to_line(arc->centre, f->tip[0], f->tip[1]) > READER_SAME_MM)
		return false;
	return f->kind == FIGURE_RADIAL || (f->kind == FIGURE_LINEAR && on_arc(f->tip[1], arc));
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
		times = f->reading->sign == SIGN_DIAMETER ? 2 : 1;
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

		if (bears(f, FIGURE_ANGULAR, SIGN_DEGREE) && opens(reader, f, vertex, sides) &&
		    take(w, f, turn_from(from, to) * 180 / M_PI, 1) < 0)
			return -1;
	}
	return found(w, value);
}
