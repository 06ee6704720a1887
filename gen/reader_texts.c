/* SPDX-License-Identifier: MIT */
/*
 * Lettering: what each text says, and which dimension it stands by.
 *
 * Practice puts the number above its line, beside its arc, or beyond the arrowhead of a running
 * dimension, never farther than its own height. A text belongs to the nearest such dimension of
 * its kind (an R does not stand by an angle), which must be nearer than any other by a clear
 * measure; geometry that would agree with the number is no argument here.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "gen/reader.h"

#define CLEARLY_MM 0.3 /* how much nearer than to all others a text stands to its own */
#define CHORD_MM 0.1   /* between points of an arc */
#define SCALE_NOISE 1e-12

/* The number that s[0..n) is, with the drawing's decimal mark. */
static int parse_number(const char *s, size_t n, char decimal_mark, int64_t *value)
{
	char plain[32];
	const char *end;

	if (n == 0 || n >= sizeof(plain))
		return -1;
	memcpy(plain, s, n);
	for (size_t i = 0; i < n; i++) {
		if (plain[i] == '.' && decimal_mark != '.')
			return -1;
		if (plain[i] == decimal_mark)
			plain[i] = '.';
	}
	return num_milli(plain, n, value, &end) < 0 || end != plain + n ? -1 : 0;
}

/* "1:2" */
static bool parse_scale(const char *s, double *scale)
{
	const char *colon = strchr(s, ':');
	char left[16] = "";
	int64_t paper, real;

	if (!colon || (size_t)(colon - s) >= sizeof(left))
		return false;
	memcpy(left, s, (size_t)(colon - s));
	if (num_int(left, 1, 1000000, &paper) < 0 || num_int(colon + 1, 1, 1000000, &real) < 0)
		return false;
	*scale = (double)paper / (double)real;
	return true;
}

static struct reading parse_text(const struct reader *reader, const struct text *text)
{
	static const char diameter[] = "\u2300", degree[] = "\u00b0";
	struct reading r = {.text = text};
	const char *s = text->utf8 ? text->utf8 : "";
	size_t n = strlen(s);

	if (parse_scale(s, &r.scale)) {
		r.sign = SIGN_SCALE;
		return r;
	}
	if (*s == 'R') {
		r.sign = SIGN_RADIUS;
		s++;
		n--;
	} else if (strncmp(s, diameter, sizeof(diameter) - 1) == 0) {
		r.sign = SIGN_DIAMETER;
		s += sizeof(diameter) - 1;
		n -= sizeof(diameter) - 1;
	} else if (n >= sizeof(degree) && strcmp(s + n - (sizeof(degree) - 1), degree) == 0) {
		r.sign = SIGN_DEGREE;
		n -= sizeof(degree) - 1;
	}
	if (parse_number(s, n, reader->decimal_mark, &r.value) < 0)
		r.sign = SIGN_UNKNOWN;
	return r;
}

/* Distance to a line below the lettering that reaches under all of it; INFINITY for other lines. */
static double gap_above(const struct text *text, struct vec a, struct vec b)
{
	struct vec t = vec_polar(1, text->angle_rad), up = vec_perp(t);
	struct vec ra = vec_sub(a, text->at), rb = vec_sub(b, text->at);
	double from = min2(vec_dot(ra, t), vec_dot(rb, t));
	double to = max2(vec_dot(ra, t), vec_dot(rb, t));
	double gap = -vec_dot(ra, up);

	if (fabs(vec_dot(vec_sub(b, a), up)) > READER_SAME_MM || from > READER_SAME_MM ||
	    to < text->width_mm - READER_SAME_MM || gap <= 0 || gap > text->height_mm)
		return INFINITY;
	return gap;
}

/* Distance from a point to the nearer end of the lettering, beyond `clear`; it must read along the
 * line through the point and its own middle, as beside running dimensions, else INFINITY. */
static double gap_in_line(const struct text *text, struct vec p, struct vec across, double clear)
{
	struct vec t = vec_polar(1, text->angle_rad), up = vec_perp(t);
	struct vec middle = vec_add(text->at, vec_add(vec_scale(t, text->width_mm / 2),
						      vec_scale(up, text->height_mm / 2)));
	struct vec way = vec_sub(middle, p);
	double gap = fabs(vec_dot(way, t)) - text->width_mm / 2 - clear;

	if (fabs(vec_dot(way, up)) > READER_SAME_MM || gap <= 0 || gap > text->height_mm ||
	    fabs(vec_dot(t, across)) > READER_SAME_DIRECTION * vec_length(across))
		return INFINITY;
	return gap;
}

static double point_to_box(struct vec p, const struct text *text)
{
	struct vec arm = vec_rotate(vec_sub(p, text->at), -text->angle_rad);
	double dx = max2(max2(-arm.x, arm.x - text->width_mm), 0);
	double dy = max2(max2(-arm.y, arm.y - text->height_mm), 0);

	return vec_length(vec(dx, dy));
}

/* To an arc with its tails. Lettering past the end of a tail stands by it only if it stands by no
 * other arc: that counts as one text height more. */
static double gap_beside_arc(const struct text *text, const struct seg *arc)
{
	int n = (int)ceil(fabs(arc->sweep) * arc->rx / CHORD_MM) + 1;
	struct vec half = vec_rotate(vec(text->width_mm / 2, text->height_mm / 2), text->angle_rad);
	struct vec sight = vec_sub(vec_add(text->at, half), arc->centre);
	double gap = INFINITY;

	for (int i = 0; i <= n; i++)
		gap = min2(gap, point_to_box(seg_point(arc, (double)i / n), text));
	if (gap > text->height_mm)
		return INFINITY;
	if (turn_from(vec_sub(arc->a, arc->centre), sight) > arc->sweep)
		gap += text->height_mm;
	return gap;
}

static double gap_to_figure(const struct reading *r, const struct figure *f)
{
	bool plain = r->sign == SIGN_NONE, degree = r->sign == SIGN_DEGREE;
	bool diameter = r->sign == SIGN_DIAMETER, radius = r->sign == SIGN_RADIUS;

	switch (f->kind) {
	case FIGURE_LINEAR:
		return plain || diameter ? gap_above(r->text, f->ground[0], f->ground[1])
					 : INFINITY;
	case FIGURE_RADIAL:
		return radius || diameter ? gap_above(r->text, f->ground[0], f->ground[1])
					  : INFINITY;
	case FIGURE_ANGULAR:
		return degree ? gap_beside_arc(r->text, &f->arc) : INFINITY;
	case FIGURE_RUNNING:
		return plain ? gap_in_line(r->text, f->tip[0], vec_sub(f->tip[0], f->tip[1]), 0)
			     : INFINITY;
	case FIGURE_ORIGIN:
		return plain ? gap_in_line(r->text, f->arc.centre, vec(0, 0), f->arc.rx) : INFINITY;
	}
	return INFINITY;
}

/* Gives the text to the figure it stands by, if there is one. */
static int assign(struct reader *reader, struct reading *r, struct err *err)
{
	struct figure *nearest = NULL;
	double best = INFINITY, second = INFINITY;

	for (int i = 0; i < reader->figure_count; i++) {
		double gap = gap_to_figure(r, &reader->figures[i]);

		second = min2(second, max2(gap, best));
		if (gap < best) {
			best = gap;
			nearest = &reader->figures[i];
		}
	}
	if (!nearest)
		return 0;
	if (second < best + CLEARLY_MM)
		return err_set(err, ERR_FORMAT, "the text '%s' stands by two dimensions",
			       r->text->utf8);
	if (nearest->reading)
		return err_set(err, ERR_FORMAT, "the texts '%s' and '%s' stand by one dimension",
			       nearest->reading->text->utf8, r->text->utf8);
	nearest->reading = r;
	r->explained = true;
	return 0;
}

static int check_scale(struct reader *reader, struct err *err)
{
	int count = 0;

	for (int i = 0; i < reader->drawing->text_count; i++) {
		struct reading *r = &reader->readings[i];

		if (r->sign != SIGN_SCALE)
			continue;
		if (fabs(r->scale / reader->drawing->scale - 1) > SCALE_NOISE)
			return err_set(err, ERR_FORMAT, "the scale '%s' contradicts the drawing's",
				       r->text->utf8);
		r->explained = true;
		count++;
	}
	if (count != 1)
		return err_set(err, ERR_FORMAT, "the scale is printed %d times", count);
	return 0;
}

static int check_origins(const struct reader *reader, struct err *err)
{
	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *figure = &reader->figures[i];

		if (figure->kind != FIGURE_ORIGIN)
			continue;
		if (!figure->reading)
			return err_set(err, ERR_FORMAT, "an origin circle bears no 0");
		if (figure->reading->value != 0)
			return err_set(err, ERR_FORMAT, "an origin circle bears '%s'",
				       figure->reading->text->utf8);
		figure->used = true;
	}
	return 0;
}

int reader_assign_texts(struct reader *reader, struct err *err)
{
	const struct drawing *d = reader->drawing;

	reader->readings = ARENA_NEW(reader->arena, struct reading, d->text_count);
	for (int i = 0; i < d->text_count; i++) {
		reader->readings[i] = parse_text(reader, &d->texts[i]);
		if (assign(reader, &reader->readings[i], err) < 0)
			return -1;
	}
	if (check_scale(reader, err) < 0)
		return -1;
	return check_origins(reader, err);
}
