/* SPDX-License-Identifier: MIT */
/*
 * Plates. The outline is the closed visible edge that goes round all others; its lower left, or the
 * centre of a round one, is the datum. What lies inside it is a hole, a slot or a window.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader_plate.h"

#define AGREES 1e-6 /* relative */
#define CHORD_MM 0.1
#define AXIS_NAME_REACH 1.0 /* from an arrowhead to the name of its axis, in text heights */

int plate_add_shape(struct plate_reader *p, const struct shape *shape)
{
	struct program *program = p->program;

	if (shape_check(shape, p->err) < 0)
		return -1;
	if (program->shape_count == PROGRAM_SHAPES_MAX)
		return err_set(p->err, ERR_LIMIT, "the drawing shows more than %d shapes",
			       PROGRAM_SHAPES_MAX);
	program->shapes[program->shape_count++] = *shape;
	return 0;
}

int plate_check_size(struct plate_reader *p, const struct callout *callout, int64_t printed,
		     double sheet_mm)
{
	double size = sheet_mm / p->reader->drawing->scale;

	if (fabs((double)printed / 1000 - size) <= AGREES * size)
		return 0;
	return err_set(p->err, ERR_FORMAT,
		       "the size %.10g of a %s contradicts the drawing, where it is %.10g",
		       (double)printed / 1000, callout_kind_name(callout->kind), size);
}

/* Whether the figure points at the circle or arc, or at the middle of the edge. */
static bool names_piece(const struct figure *f, const struct seg *piece)
{
	if (piece->kind == SEG_ARC)
		return reader_aims_at(f, piece);
	return f->kind == FIGURE_RADIAL &&
	       same_point(f->tip[0], vec_scale(vec_add(piece->a, piece->b), 0.5));
}

int plate_call_outs(struct plate_reader *p, enum callout_kind kind, const struct seg *const *pieces,
		    int n, const struct callout **out, bool *shared)
{
	struct reader *reader = p->reader;
	const struct callout *last = NULL;
	int found = 0, most = 0;

	for (int i = 0; i < n; i++)
		out[i] = NULL;
	for (int i = 0; i < n * reader->figure_count; i++) {
		struct figure *f = &reader->figures[i / n];

		if (!f->reading || f->reading->callout.kind != kind ||
		    !names_piece(f, pieces[i % n]))
			continue;
		if (out[i % n])
			return err_set(p->err, ERR_FORMAT, "'%s' and another name one feature",
				       f->reading->text->utf8);
		f->used = true;
		last = out[i % n] = &f->reading->callout;
		most = last->count > most ? last->count : most;
		found++;
	}
	*shared = n > 1 && found == 1;
	if (*shared)
		for (int i = 0; i < n; i++)
			out[i] = last;
	if (found == 0 || (found == n && most < 2) || (*shared && most == n))
		return found ? n : 0;
	return err_set(
		p->err, ERR_FORMAT,
		"call-outs of a %s contradict the drawing: %d of them for %d equal features, "
		"which say %d",
		callout_kind_name(kind), found, n, most < 1 ? 1 : most);
}

/* The closed visible edge with the largest box. */
static int find_body(struct plate_reader *p)
{
	const struct drawing *d = p->reader->drawing;
	double largest = 0;

	p->body = -1;
	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];
		struct polyline poly;
		struct box box;

		if (s->layer != LAYER_OUTLINE || !s->path.closed || s->path.count == 0)
			continue;
		poly = polyline_from_path(&s->path, CHORD_MM, p->reader->arena);
		box = box_of_points(poly.points, poly.count);
		if ((box.x1 - box.x0) * (box.y1 - box.y0) > largest) {
			largest = (box.x1 - box.x0) * (box.y1 - box.y0);
			p->body = i;
		}
	}
	if (p->body < 0)
		return err_set(p->err, ERR_FORMAT, "the drawing shows no plate");
	if (reader_pieces(&p->outline, &d->strokes[p->body].path, p->reader->arena) < 0 ||
	    !p->outline.closed)
		return err_set(p->err, ERR_FORMAT, "the plate's outline is not closed");
	return 0;
}

/* Sides along the axes from coordinates; others from a dimension of their own. */
static int state_side(struct plate_reader *p, const struct outline *o, struct vec u, double size,
		      enum param param, struct shape *shape)
{
	struct wanted w = {
		.reader = p->reader, .outline = o, .name = param_name(param), .err = p->err};
	struct vec end = vec_add(o->anchor, vec_scale(u, size));
	struct span span = {u, {o->anchor, o->anchor}, {end, end}};

	if (!is_level_or_upright(u))
		return reader_state_linear(&w, &span, 1, &shape->value[param]);
	return plate_state_distance(p, fabs(u.x) > 0.5 ? 0 : 1, o->anchor, end, 1, o->kind,
				    param_name(param), &shape->value[param]);
}

static int state_angle(struct plate_reader *p, const struct outline *o, struct shape *shape)
{
	struct wanted w = {
		.reader = p->reader, .outline = o, .name = param_name(PARAM_ANGLE), .err = p->err};

	if (is_level_or_upright(o->u)) {
		shape->value[PARAM_ANGLE] = fabs(o->u.y) < 0.5 ? 0 : 90000;
		return 0;
	}
	return reader_state_angle(&w, o->anchor, vec(1, 0), o->u, &shape->value[PARAM_ANGLE]);
}

static int state_radius(struct plate_reader *p, const struct outline *o,
			const struct pieces *pieces, struct shape *shape)
{
	struct wanted w = {
		.reader = p->reader, .outline = o, .name = param_name(PARAM_R), .err = p->err};
	struct seg *arcs = ARENA_NEW(p->reader->arena, struct seg, pieces->count);
	int n = 0;

	for (int i = 0; i < pieces->count; i++)
		if (pieces->segs[i].kind == SEG_ARC)
			arcs[n++] = pieces->segs[i];
	return reader_state_radius(&w, arcs, n, &shape->value[PARAM_R]);
}

/* A slot or a window. */
static int add_opening(struct plate_reader *p, const struct path *path)
{
	struct shape shape = {0};
	struct pieces pieces;
	struct outline o;
	bool slot, window;

	if (reader_recognise(p->reader, path, &o, p->err) < 0 ||
	    reader_pieces(&pieces, path, p->reader->arena) < 0)
		return -1;
	slot = o.kind == SHAPE_SLOT;
	window = o.kind == SHAPE_RECTANGLE || o.kind == SHAPE_ROUNDED_RECTANGLE;
	if (!slot && !window)
		return err_set(p->err, ERR_FORMAT,
			       "a %s at (%.10g,%.10g) on the sheet is no opening of a plate",
			       shape_kind_name(o.kind), o.anchor.x, o.anchor.y);
	shape.kind = o.kind;
	if (plate_state_anchor(p, o.anchor, &shape) < 0 || state_angle(p, &o, &shape) < 0)
		return -1;
	if (slot && state_side(p, &o, o.u, o.length, PARAM_LENGTH, &shape) < 0)
		return -1;
	if (window && (state_side(p, &o, o.u, o.width, PARAM_WIDTH, &shape) < 0 ||
		       state_side(p, &o, o.v, o.height, PARAM_HEIGHT, &shape) < 0))
		return -1;
	if (o.kind != SHAPE_RECTANGLE && state_radius(p, &o, &pieces, &shape) < 0)
		return -1;
	return plate_add_shape(p, &shape);
}

static int read_openings(struct plate_reader *p)
{
	const struct drawing *d = p->reader->drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;

		if (d->strokes[i].layer != LAYER_OUTLINE || i == p->body || path->count == 0 ||
		    (path->count == 1 && is_circle(&path->segs[0])))
			continue;
		if (add_opening(p, path) < 0)
			return -1;
	}
	return 0;
}

/* Whether the name of an axis stands beside the arrowhead: no farther than it is high. */
static bool is_named(const struct drawing *d, struct vec tip, const char *name)
{
	for (int i = 0; i < d->text_count; i++) {
		const struct text *t = &d->texts[i];
		struct reading r = {
			.text = t, .at = t->at, .width = t->width_mm, .height = t->height_mm};

		if (t->layer == LAYER_SYMBOL && strcmp(t->utf8, name) == 0 &&
		    reading_to_point(&r, tip) < AXIS_NAME_REACH * t->height_mm)
			return true;
	}
	return false;
}

/* Whether a line from the datum along the axis ends in an arrowhead with the axis's name. */
static bool shows_axis(const struct plate_reader *p, int k)
{
	const struct drawing *d = p->reader->drawing;
	struct vec u = p->axes[k].direction;

	for (int i = 0; i < d->stroke_count * d->arrow_count; i++) {
		const struct stroke *s = &d->strokes[i / d->arrow_count];
		const struct arrow *a = &d->arrows[i % d->arrow_count];
		const struct seg *line = &s->path.segs[0];
		struct vec base = vec_scale(vec_add(a->left, a->right), 0.5);

		if (s->layer == LAYER_EXTENSION && s->path.count == 1 && line->kind == SEG_LINE &&
		    on_segment(p->datum, line->a, line->b) &&
		    on_segment(a->tip, line->a, line->b) &&
		    same_direction(vec_unit(vec_sub(a->tip, base)), u) &&
		    same_direction(vec_unit(vec_sub(a->tip, p->datum)), u) &&
		    is_named(d, a->tip, k == 0 ? "X" : "Y"))
			return true;
	}
	return false;
}

/* The coordinates of a table are those of the axes that the drawing shows. */
static int check_table_axes(const struct plate_reader *p)
{
	for (int k = 0; k < 2 && p->reader->table; k++)
		if (!shows_axis(p, k))
			return err_set(p->err, ERR_FORMAT,
				       "no axis %s of the table begins at the datum",
				       k == 0 ? "X" : "Y");
	return 0;
}

int read_plate(struct program *program, struct reader *reader, struct err *err)
{
	struct plate_reader p = {.reader = reader, .program = program, .err = err};

	if (find_body(&p) < 0 || plate_read_corners(&p) < 0 || check_table_axes(&p) < 0 ||
	    plate_read_holes(&p) < 0)
		return -1;
	return read_openings(&p);
}
