/* SPDX-License-Identifier: MIT */
/*
 * Coordinates along an axis, as a person works them out: the datum is 0; a dimension with one known end
 * makes the other known; where a centre line shows the plate to be symmetric, the middle is half of the
 * whole, the image of what is known is known, and a dimension across the middle states both its ends.
 * Dimensions go first, so that symmetry is used only for what they leave open.
 *
 * Equal spaces make known where each of them ends.
 *
 * Features in line with each other share a coordinate: where a dimension line stands does not matter,
 * only where it ends. A line with one arrow that comes from a little beyond the middle of a plate shown
 * to be symmetric measures to the arrow's image.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader_plate.h"

#define AGREES 1e-6 /* relative */

static bool same_place(double a, double b)
{
	return fabs(a - b) < READER_SAME_MM;
}

static double place_of(const struct plate_reader *p, int k, struct vec at)
{
	return vec_dot(vec_sub(at, p->datum), p->axes[k].direction);
}

/* A line with one arrow: whether it measures across the middle; then its ends, rising. */
static bool find_half_ends(const struct plate_reader *p, int k, const struct figure *f,
			   double ends[2])
{
	const struct plate_axis *axis = &p->axes[k];
	double middle = axis->far_edge / 2;
	double tip = place_of(p, k, f->tip[0]) - middle, end = place_of(p, k, f->tip[1]) - middle;

	if (!axis->symmetric || f->reading->callout.kind != CALLOUT_LINEAR ||
	    f->reading->callout.status == CALLOUT_REFERENCE ||
	    !reader_passes_axis(f, axis->direction, vec_dot(p->datum, axis->direction) + middle) ||
	    fabs(end) > fabs(tip) - READER_SAME_MM)
		return false;
	ends[0] = middle - fabs(tip);
	ends[1] = middle + fabs(tip);
	return true;
}

/* Whether the figure measures along the axis; then its ends, rising. */
static bool find_ends(const struct plate_reader *p, int k, const struct figure *f, double ends[2])
{
	const struct callout *c;
	struct vec way = vec_sub(f->tip[1], f->tip[0]);
	double a, b;

	if (f->reading && f->kind == FIGURE_RADIAL)
		return find_half_ends(p, k, f, ends);
	if (!f->reading ||
	    (f->kind != FIGURE_LINEAR && f->kind != FIGURE_RUNNING && f->kind != FIGURE_ORDINATE) ||
	    same_point(f->tip[0], f->tip[1]))
		return false;
	c = &f->reading->callout;
	if ((c->kind != CALLOUT_LINEAR && c->kind != CALLOUT_SPACES) ||
	    c->status == CALLOUT_REFERENCE ||
	    fabs(vec_cross(vec_unit(way), p->axes[k].direction)) > READER_SAME_DIRECTION)
		return false;
	a = place_of(p, k, f->tip[0]);
	b = place_of(p, k, f->tip[1]);
	ends[0] = min2(a, b);
	ends[1] = max2(a, b);
	return f->kind == FIGURE_LINEAR || same_place(ends[0], 0);
}

static int add_step(struct plate_reader *p, int k, struct figure *f, const double ends[2])
{
	const struct callout *c = &f->reading->callout;
	double length = (ends[1] - ends[0]) / p->reader->drawing->scale;
	struct plate_step *step = &p->axes[k].steps[p->axes[k].step_count++];

	*step = (struct plate_step){
		.figure = f, .ends = {ends[0], ends[1]}, .value = c->value, .spaces = 1};
	if (c->kind == CALLOUT_SPACES) {
		step->value *= c->count;
		step->spaces = c->count;
		p->axes[k].known_room += c->count;
	}
	if (fabs((double)step->value / 1000 - length) > AGREES * length)
		return err_set(p->err, ERR_FORMAT,
			       "the text '%s' contradicts the drawing, where it is %.10g",
			       f->reading->text->utf8, length);
	return 0;
}

static int find_known(const struct plate_axis *axis, double at)
{
	for (int i = 0; i < axis->known_count; i++)
		if (same_place(axis->known[i].at, at))
			return i;
	return -1;
}

static void learn(struct plate_axis *axis, double at, int64_t value, int step, int from, int also)
{
	if (axis->known_count < axis->known_room)
		axis->known[axis->known_count++] =
			(struct plate_known){at, value, step, {from, also}};
}

/* Where the k-th of its equal spaces begins; there are two ends of one that is not divided. */
static double joint(const struct plate_step *s, int k)
{
	return s->ends[0] + (s->ends[1] - s->ends[0]) * k / s->spaces;
}

/* From one known end of a dimension, or of any of its equal spaces, to all others; returns whether something was
 * learned. */
static bool follow_step(struct plate_axis *axis, int i)
{
	const struct plate_step *s = &axis->steps[i];
	int64_t space = s->value / s->spaces;
	int from = -1, first = -1;
	bool learned = false;

	while (from < 0 && first < s->spaces)
		from = find_known(axis, joint(s, ++first));
	for (int k = 0; k <= s->spaces && from >= 0; k++) {
		if (find_known(axis, joint(s, k)) >= 0)
			continue;
		learn(axis, joint(s, k), axis->known[from].value + (k - first) * space, i, from,
		      -1);
		learned = true;
	}
	return learned;
}

static bool follow_steps(struct plate_axis *axis)
{
	bool learned = false;

	for (int i = 0; i < axis->step_count; i++)
		learned = follow_step(axis, i) || learned;
	return learned;
}

/* The image of one known coordinate, or both ends of one dimension across the middle. */
static bool use_symmetry(struct plate_axis *axis)
{
	int far_edge = find_known(axis, axis->far_edge);
	int64_t whole;

	if (!axis->symmetric || far_edge < 0)
		return false;
	whole = axis->known[far_edge].value;
	if (find_known(axis, axis->far_edge / 2) < 0 && whole % 2 == 0) {
		learn(axis, axis->far_edge / 2, whole / 2, -1, far_edge, -1);
		return true;
	}
	for (int i = 0; i < axis->known_count; i++) {
		double image = axis->far_edge - axis->known[i].at;

		if (find_known(axis, image) < 0) {
			learn(axis, image, whole - axis->known[i].value, -1, i, far_edge);
			return true;
		}
	}
	for (int i = 0; i < axis->step_count; i++) {
		const struct plate_step *s = &axis->steps[i];

		if (find_known(axis, s->ends[0]) < 0 && (whole - s->value) % 2 == 0 &&
		    same_place(s->ends[0] + s->ends[1], axis->far_edge)) {
			learn(axis, s->ends[0], (whole - s->value) / 2, i, far_edge, -1);
			learn(axis, s->ends[1], (whole + s->value) / 2, i, far_edge, -1);
			return true;
		}
	}
	return false;
}

int plate_axis_read(struct plate_reader *p, int k)
{
	struct plate_axis *axis = &p->axes[k];
	struct reader *reader = p->reader;

	axis->steps = ARENA_NEW(reader->arena, struct plate_step, reader->figure_count);
	axis->known_room = 4 * reader->figure_count + 4;
	for (int i = 0; i < reader->figure_count; i++) {
		double ends[2];

		if (find_ends(p, k, &reader->figures[i], ends) &&
		    add_step(p, k, &reader->figures[i], ends) < 0)
			return -1;
	}
	axis->known = ARENA_NEW(reader->arena, struct plate_known, axis->known_room);
	learn(axis, 0, 0, -1, -1, -1);
	while (axis->known_count + 2 <= axis->known_room &&
	       (follow_steps(axis) || use_symmetry(axis)))
		;
	return 0;
}

/* All that a known coordinate follows from. Chains are short: they recur as deep as they are long. */
static void mark_used(struct plate_axis *axis, int i)
{
	const struct plate_known *known = &axis->known[i];

	if (known->step >= 0)
		axis->steps[known->step].figure->used = true;
	for (int k = 0; k < 2; k++)
		if (known->from[k] >= 0)
			mark_used(axis, known->from[k]);
}

int plate_state(struct plate_reader *p, int k, struct vec at, enum shape_kind kind,
		const char *name, int64_t *value)
{
	int i = find_known(&p->axes[k], place_of(p, k, at));

	if (i < 0)
		return err_set(p->err, ERR_FORMAT,
			       "%s at (%.10g,%.10g) on the sheet: '%s': not printed: no dimensions "
			       "lead there",
			       shape_kind_name(kind), at.x, at.y, name);
	mark_used(&p->axes[k], i);
	*value = p->axes[k].known[i].value;
	return 0;
}

int plate_state_anchor(struct plate_reader *p, struct vec at, struct shape *shape)
{
	if (plate_state(p, 0, at, shape->kind, "x", &shape->value[PARAM_X]) < 0)
		return -1;
	return plate_state(p, 1, at, shape->kind, "y", &shape->value[PARAM_Y]);
}

int plate_state_distance(struct plate_reader *p, int k, struct vec from, struct vec to, int times,
			 enum shape_kind kind, const char *name, int64_t *value)
{
	int64_t a, b;

	if (plate_state(p, k, from, kind, name, &a) < 0 ||
	    plate_state(p, k, to, kind, name, &b) < 0)
		return -1;
	*value = (b - a) / times;
	if ((b - a) % times == 0)
		return 0;
	return err_set(p->err, ERR_FORMAT,
		       "%s at (%.10g,%.10g) on the sheet: '%s': no whole thousandth",
		       shape_kind_name(kind), from.x, from.y, name);
}

int plate_check_spaces(struct plate_reader *p, int k, struct vec from, struct vec to, int count)
{
	double a = place_of(p, k, from), b = place_of(p, k, to);

	for (int i = 0; i < p->axes[k].step_count; i++) {
		const struct plate_step *s = &p->axes[k].steps[i];
		const struct reading *r = s->figure->reading;

		if (r->callout.kind != CALLOUT_SPACES || !same_place(s->ends[0], min2(a, b)) ||
		    !same_place(s->ends[1], max2(a, b)))
			continue;
		if (r->callout.count != count)
			return err_set(p->err, ERR_FORMAT,
				       "the text '%s' contradicts the drawing, where there are %d "
				       "spaces",
				       r->text->utf8, count);
		s->figure->used = true; /* whatever else says so, too */
	}
	return 0;
}
