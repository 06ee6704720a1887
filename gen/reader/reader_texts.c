/* SPDX-License-Identifier: MIT */
/*
 * What the texts say, and by which dimension each stands: on its line or shelf, in a gap of its line,
 * in line with it beyond an end, beside its arc.
 *
 * A stack is two texts of one direction and height, one straight above the other and nearer to it
 * than any two lines of dimensions are; the line before it, at half its height, belongs to it.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader.h"

#define CLEARLY_MM 0.3 /* how much nearer than to all others a text stands to its own */
#define CHORD_MM 0.1   /* between points of an arc */
#define SCALE_NOISE 1e-12
#define ABOVE_MAX 1.25      /* from a line to lettering above it, boxed too, in text heights */
#define BEYOND_MAX 1.25     /* between a line and lettering in line with it, a box, likewise */
#define STACK_PITCH_MAX 1.3 /* between the lines of a stack, in text heights */

/* One text by itself. */
static struct reading reading_of_text(const struct text *text)
{
	return (struct reading){.text = text,
				.at = text->at,
				.width = text->width_mm,
				.height = text->height_mm,
				.line_height = text->height_mm};
}

struct vec reading_middle(const struct reading *r)
{
	return vec_add(r->at, vec_rotate(vec(r->width / 2, r->height / 2), r->text->angle_rad));
}

double reading_half_extent(const struct reading *r, struct vec along)
{
	struct vec u = vec_polar(1, r->text->angle_rad);

	return (r->width * fabs(vec_dot(u, along)) + r->height * fabs(vec_cross(u, along))) / 2;
}

/* Where b's left end lies in a's frame. */
static struct vec offset(const struct text *a, const struct text *b)
{
	return vec_rotate(vec_sub(b->at, a->at), -a->angle_rad);
}

static bool parallel(const struct text *a, const struct text *b)
{
	return fabs(a->angle_rad - b->angle_rad) < READER_SAME_DIRECTION;
}

/* The text that makes a stack with `lower`, standing on it. */
static const struct text *find_upper(const struct reader *reader, const struct text *lower)
{
	for (int i = 0; i < reader->drawing->text_count; i++) {
		const struct text *t = &reader->drawing->texts[i];
		struct vec at = offset(lower, t);

		if (t != lower && t->layer == LAYER_DIMENSION && parallel(lower, t) &&
		    fabs(t->height_mm - lower->height_mm) < READER_SAME_MM &&
		    fabs(at.x) < READER_SAME_MM && at.y > lower->height_mm &&
		    at.y < STACK_PITCH_MAX * lower->height_mm)
			return t;
	}
	return NULL;
}

/* The line of lettering that the stack stands behind. */
static const struct text *find_main(const struct reader *reader, const struct text *lower,
				    const struct text *upper)
{
	double top = offset(lower, upper).y + upper->height_mm;

	for (int i = 0; i < reader->drawing->text_count; i++) {
		const struct text *t = &reader->drawing->texts[i];
		struct vec at = offset(lower, t);
		double gap = -at.x - t->width_mm;

		if (t->layer == LAYER_DIMENSION && parallel(lower, t) && gap > 0 &&
		    gap < t->height_mm / 2 &&
		    fabs(at.y + t->height_mm / 2 - top / 2) < READER_SAME_MM)
			return t;
	}
	return NULL;
}

static struct reading *add_reading(struct reader *reader, const struct reading *reading)
{
	reader->readings[reader->reading_count] = *reading;
	return &reader->readings[reader->reading_count++];
}

static void claim(struct reader *reader, const struct text *text, const struct reading *reading)
{
	reader->reading_of[text - reader->drawing->texts] = reading;
}

/* Puts the stack whose lower text this is together. */
static bool read_stack(struct reader *reader, const struct text *lower)
{
	const struct text *upper = find_upper(reader, lower), *main;
	struct reading r = reading_of_text(lower);
	double before = 0;

	if (!upper)
		return false;
	main = find_main(reader, lower, upper);
	r.height = offset(lower, upper).y + upper->height_mm;
	r.width = max2(lower->width_mm, upper->width_mm);
	r.line_height = r.height; /* limits alone stand where lettering of their height would */
	if (main) {
		r.text = main;
		before = -offset(lower, main).x;
		r.line_height = main->height_mm;
	}
	r.at = vec_sub(lower->at, vec_polar(before, lower->angle_rad));
	r.width += before;
	r.is_callout =
		callout_parse(&r.callout, main ? main->utf8 : "", upper->utf8, lower->utf8) == 0;
	if (!r.is_callout)
		return false;
	claim(reader, lower, add_reading(reader, &r));
	claim(reader, upper, reader->reading_of[lower - reader->drawing->texts]);
	if (main)
		claim(reader, main, reader->reading_of[lower - reader->drawing->texts]);
	return true;
}

static void read_text(struct reader *reader, const struct text *text)
{
	struct reading r = reading_of_text(text);
	int paper, real;

	r.is_scale = callout_parse_scale(text->utf8, &paper, &real) == 0;
	if (r.is_scale)
		r.scale = (double)paper / real;
	else if (text->layer == LAYER_DIMENSION || text->layer == LAYER_NOTE)
		r.is_callout = callout_parse(&r.callout, text->utf8, NULL, NULL) == 0;
	/* A note is not a number. */
	if (r.is_scale || r.is_callout || text->layer == LAYER_DIMENSION)
		claim(reader, text, add_reading(reader, &r));
}

void reader_read_texts(struct reader *reader)
{
	const struct drawing *d = reader->drawing;

	reader->readings = ARENA_NEW(reader->arena, struct reading, d->text_count);
	reader->reading_of = ARENA_NEW(reader->arena, const struct reading *, d->text_count);
	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].layer == LAYER_DIMENSION)
			read_stack(reader, &d->texts[i]);
	for (int i = 0; i < d->text_count; i++)
		if (!reader->reading_of[i] && d->texts[i].layer != LAYER_SYMBOL)
			read_text(reader, &d->texts[i]);
}

/* Distance to a line below the lettering that reaches under all of it; INFINITY for other lines. */
static double gap_above(const struct reading *r, struct vec a, struct vec b)
{
	struct vec t = vec_polar(1, r->text->angle_rad), up = vec_perp(t);
	struct vec ra = vec_sub(a, r->at), rb = vec_sub(b, r->at);
	double from = min2(vec_dot(ra, t), vec_dot(rb, t));
	double to = max2(vec_dot(ra, t), vec_dot(rb, t));
	double gap = -vec_dot(ra, up);

	if (fabs(vec_dot(vec_sub(b, a), up)) > READER_SAME_MM || from > READER_SAME_MM ||
	    to < r->width - READER_SAME_MM || gap <= 0 || gap > ABOVE_MAX * r->line_height)
		return INFINITY;
	return gap;
}

/* Distance from a point to the nearer end of the lettering, beyond `clear`; it must read along the
 * line through the point and its own middle, as beside running dimensions, else INFINITY. */
static double gap_in_line(const struct reading *r, struct vec p, struct vec across, double clear)
{
	struct vec t = vec_polar(1, r->text->angle_rad), up = vec_perp(t);
	struct vec way = vec_sub(reading_middle(r), p);
	double gap = fabs(vec_dot(way, t)) - r->width / 2 - clear;

	if (fabs(vec_dot(way, up)) > READER_SAME_MM || gap <= 0 ||
	    gap > BEYOND_MAX * r->line_height ||
	    fabs(vec_dot(t, across)) > READER_SAME_DIRECTION * vec_length(across))
		return INFINITY;
	return gap;
}

double reading_gap_beyond(const struct reading *r, struct vec a, struct vec b)
{
	struct vec along, way = vec_sub(reading_middle(r), b);
	double gap;

	if (same_point(a, b))
		return INFINITY;
	along = vec_unit(vec_sub(b, a));
	gap = vec_dot(way, along) - reading_half_extent(r, along);
	if (fabs(vec_cross(way, along)) > READER_SAME_MM || gap <= 0 ||
	    gap > BEYOND_MAX * r->line_height)
		return INFINITY;
	return gap;
}

double reading_to_point(const struct reading *r, struct vec p)
{
	struct vec arm = vec_rotate(vec_sub(p, r->at), -r->text->angle_rad);
	double dx = max2(max2(-arm.x, arm.x - r->width), 0);
	double dy = max2(max2(-arm.y, arm.y - r->height), 0);

	return vec_length(vec(dx, dy));
}

/* To an arc with its tails. Lettering past the end of a tail stands by it only if it stands by no
 * other arc: that counts as one text height more. */
static double gap_beside_arc(const struct reading *r, const struct seg *arc)
{
	int n = (int)ceil(fabs(arc->sweep) * arc->rx / CHORD_MM) + 1;
	struct vec sight = vec_sub(reading_middle(r), arc->centre);
	double gap = INFINITY;

	for (int i = 0; i <= n; i++)
		gap = min2(gap, reading_to_point(r, seg_point(arc, (double)i / n)));
	if (gap > r->line_height)
		return INFINITY;
	if (turn_from(vec_sub(arc->a, arc->centre), sight) > arc->sweep)
		gap += r->line_height;
	return gap;
}

static double gap_to_lines(const struct reading *r, const struct figure *f)
{
	double gap = gap_above(r, f->ground[0], f->ground[1]);

	if (f->kind == FIGURE_LINEAR) {
		gap = min2(gap, reading_gap_beyond(r, f->ground[0], f->ground[1]));
		gap = min2(gap, reading_gap_beyond(r, f->ground[1], f->ground[0]));
	}
	if (same_point(f->shelf[0], f->shelf[1]))
		return gap;
	gap = min2(gap, gap_above(r, f->shelf[0], f->shelf[1]));
	return min2(gap, reading_gap_beyond(r, f->shelf[0], f->shelf[1]));
}

static bool is_on_line(enum callout_kind kind)
{
	return kind == CALLOUT_LINEAR || kind == CALLOUT_DIAMETER || kind == CALLOUT_SPACES ||
	       kind == CALLOUT_SQUARE || kind == CALLOUT_THREAD;
}

/* Half the dimension line of a symmetric part has one arrow; it lies along an axis and has no shelf. */
static bool may_be_half(const struct figure *f)
{
	return same_point(f->shelf[0], f->shelf[1]) && !same_point(f->tip[0], f->tip[1]) &&
	       is_level_or_upright(vec_unit(vec_sub(f->tip[1], f->tip[0])));
}

static double gap_to_figure(const struct reading *r, const struct figure *f)
{
	enum callout_kind kind = r->callout.kind;
	bool plain = kind == CALLOUT_LINEAR;

	if (!r->is_callout)
		return INFINITY;
	switch (f->kind) {
	case FIGURE_LINEAR:
		return is_on_line(kind) ? gap_to_lines(r, f) : INFINITY;
	case FIGURE_RADIAL:
		if (f->jogged && kind != CALLOUT_RADIUS)
			return INFINITY;
		if (kind == CALLOUT_ANGLE || (plain && !may_be_half(f)))
			return INFINITY;
		return gap_to_lines(r, f);
	case FIGURE_ANGULAR:
		return kind == CALLOUT_ANGLE || kind == CALLOUT_ARC_LENGTH
			       ? gap_beside_arc(r, &f->arc)
			       : INFINITY;
	case FIGURE_RUNNING:
		return plain ? gap_in_line(r, f->tip[0], vec_sub(f->tip[0], f->tip[1]), 0)
			     : INFINITY;
	case FIGURE_ORIGIN:
		return plain ? gap_in_line(r, f->arc.centre, vec(0, 0), f->arc.rx) : INFINITY;
	case FIGURE_ORDINATE:
	case FIGURE_ZERO:
		return plain ? reading_gap_beyond(r, f->ground[0], f->ground[1]) : INFINITY;
	}
	return INFINITY;
}

/* Gives the text to the figure it stands by, if there is one. */
static int assign(struct reader *reader, struct reading *r, struct err *err)
{
	struct figure *nearest = NULL;
	double best = INFINITY, second = INFINITY;

	if (r->explained)
		return 0;
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

	for (int i = 0; i < reader->reading_count; i++) {
		struct reading *r = &reader->readings[i];

		if (!r->is_scale)
			continue;
		if (fabs(r->scale * reader->drawing->unit_mm / reader->drawing->scale - 1) >
		    SCALE_NOISE)
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

		if (figure->kind != FIGURE_ORIGIN && figure->kind != FIGURE_ZERO)
			continue;
		if (!figure->reading)
			return err_set(err, ERR_FORMAT, "an origin bears no 0");
		if (figure->reading->callout.value != 0)
			return err_set(err, ERR_FORMAT, "an origin bears '%s'",
				       figure->reading->text->utf8);
		figure->used = true;
	}
	return 0;
}

int reader_assign_texts(struct reader *reader, struct err *err)
{
	for (int i = 0; i < reader->reading_count; i++)
		if (assign(reader, &reader->readings[i], err) < 0)
			return -1;
	if (check_scale(reader, err) < 0)
		return -1;
	return check_origins(reader, err);
}
