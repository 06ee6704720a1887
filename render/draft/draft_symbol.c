/* SPDX-License-Identifier: MIT */
/*
 * A symbol stands on a straight edge, on the side where its box is free. It is drawn in a frame of
 * its own: x along the edge, y away from it, in text heights h:
 *
 *	surface texture		a check mark, legs of 1.4 and 2.8 h, the value under its bar
 *	datum			a filled triangle on the edge, a stem, a letter in a square of 2 h
 *	tolerance frame		an arrow on the edge, a stem, cells of 2 h: sign, value, datum
 *
 * Lettering reads from below or from the right: a texture stands on edges seen from above or from
 * the left; the lettering of the others is level on any edge.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/solid/part.h"
#include "render/draft/draft_symbol.h"

#define EDGE_MIN_MM 10.0
#define TRIES 12
#define PLACES 7
#define CELL 2.0  /* height of a frame, in text heights */
#define CLEAR 0.4 /* round a symbol, in text heights */
#define STEM 1.6  /* between edge and frame, in text heights */
#define FORMS 2   /* signs of form, which come first */

struct edge {
	struct vec a, along, out; /* unit vectors; out is one of both sides */
	double length;
};

/* A symbol while it is placed. */
struct symbol {
	struct drafter *d;
	struct vec foot, along, out;
	double h;
	enum symbol_kind kind; /* once it is drawn */
	const char *value;
};

static bool is_straight(const struct stroke *s, const struct seg *seg)
{
	struct vec d = vec_sub(seg->b, seg->a);

	return s->layer == LAYER_OUTLINE && seg->kind == SEG_LINE && vec_length(d) >= EDGE_MIN_MM &&
	       (fabs(d.x) < 1e-9 || fabs(d.y) < 1e-9);
}

/* In a pictorial view, which shows what the part looks like and tells nothing. */
static bool is_pictorial(const struct drafter *d, struct vec p)
{
	for (int i = 0; d->scene->part && i < d->scene->part->view_count; i++) {
		const struct box *b = &d->drawing->views[i].box;

		if (d->scene->part->views[i].side == PART_ISO && p.x >= b->x0 && p.x <= b->x1 &&
		    p.y >= b->y0 && p.y <= b->y1)
			return true;
	}
	return false;
}

static int count_edges(const struct drafter *d, int wanted, struct edge *edge)
{
	const struct drawing *drawing = d->drawing;
	int count = 0;

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];

		for (int k = 0; k < s->path.count; k++) {
			const struct seg *seg = &s->path.segs[k];

			if (is_straight(s, seg) &&
			    !is_pictorial(d, vec_scale(vec_add(seg->a, seg->b), 0.5)) &&
			    count++ == wanted)
				*edge = (struct edge){.a = seg->a,
						      .along = vec_unit(vec_sub(seg->b, seg->a)),
						      .length =
							      vec_length(vec_sub(seg->b, seg->a))};
		}
	}
	return count;
}

/* A random level or upright edge, and one of its sides. */
static bool pick_edge(struct drafter *d, struct edge *edge)
{
	int count = count_edges(d, -1, edge);

	if (count == 0)
		return false;
	count_edges(d, (int)rng_below(d->rng, (uint32_t)count), edge);
	edge->out = vec_perp(edge->along);
	if (rng_chance(d->rng, 0.5))
		edge->out = vec_scale(edge->out, -1);
	return true;
}

/* A point of the symbol's frame, in text heights. */
static struct vec at(const struct symbol *s, double x, double y)
{
	return vec_add(s->foot,
		       vec_add(vec_scale(s->along, x * s->h), vec_scale(s->out, y * s->h)));
}

/* Whether the box, in the symbol's frame, is free but for the edge at its foot. */
static bool is_free(const struct symbol *s, double x0, double y0, double x1, double y1)
{
	struct vec corners[4] = {at(s, x0 - CLEAR, y0), at(s, x1 + CLEAR, y0),
				 at(s, x1 + CLEAR, y1 + CLEAR), at(s, x0 - CLEAR, y1 + CLEAR)};

	return !draft_map_hit(s->d->map, MAP_ALL, corners, 4);
}

static void mark(const struct symbol *s, double x0, double y0, double x1, double y1)
{
	struct vec corners[4] = {at(s, x0, y0), at(s, x1, y0), at(s, x1, y1), at(s, x0, y1)};

	draft_map_mark(s->d->map, MAP_SOLID, corners, 4);
}

static void line(const struct symbol *s, struct vec a, struct vec b)
{
	drafter_line(s->d, a, b, LAYER_SYMBOL, LINE_CONTINUOUS, DRAWING_NOBODY, DRAWING_NOBODY);
}

/* Lettering about the point `middle`, along the unit vector `along`. */
static void letter(const struct symbol *s, const char *utf8, struct vec middle, struct vec along)
{
	struct drafter *d = s->d;
	struct text *text = drawing_add_text(d->drawing, d->arena);
	double width = font_text_width(d->font, utf8, s->h);
	struct vec half =
		vec_add(vec_scale(along, width / 2), vec_scale(vec_perp(along), s->h / 2));

	*text = (struct text){.utf8 = utf8,
			      .at = vec_sub(middle, half),
			      .height_mm = s->h,
			      .width_mm = width,
			      .angle_rad = atan2(along.y, along.x),
			      .layer = LAYER_SYMBOL,
			      .shape = DRAWING_NOBODY,
			      .dimension = DRAWING_NOBODY};
}

static const char *keep(const struct symbol *s, const char *text)
{
	return arena_strndup(s->d->arena, text, strlen(text));
}

static void rectangle(const struct symbol *s, struct vec low, double width, double height)
{
	struct vec corners[4] = {low, vec_add(low, vec(width, 0)), vec_add(low, vec(width, height)),
				 vec_add(low, vec(0, height))};

	for (int i = 0; i < 4; i++)
		line(s, corners[i], corners[(i + 1) % 4]);
}

static bool draw_texture(struct symbol *s)
{
	static const int values[] = {8, 16, 32, 63, 125}; /* tenths of a micrometre */
	double tan60 = sqrt(3), short_x = -1.4 / tan60, long_x = 2.8 / tan60, width;
	int v = values[rng_below(s->d->rng, 5)];
	char text[32];

	snprintf(text, sizeof(text), "Ra %d%c%d", v / 10, style_decimal_mark(s->d->style), v % 10);
	width = font_text_width(s->d->font, text, s->h) / s->h + 0.6;
	if (s->out.y < -0.5 || s->out.x > 0.5)
		return false;
	s->along = vec_scale(vec_perp(s->out), -1);
	if (!is_free(s, short_x - 0.2, 0.15, long_x + width, 3.0))
		return false;
	line(s, at(s, short_x, 1.4), at(s, 0, 0));
	line(s, at(s, 0, 0), at(s, long_x, 2.8));
	line(s, at(s, long_x, 2.8), at(s, long_x + width, 2.8));
	s->kind = SYMBOL_SURFACE_TEXTURE;
	s->value = keep(s, text);
	letter(s, s->value, at(s, long_x + width / 2 + 0.15, 2.05), s->along);
	mark(s, short_x, 0.15, long_x + width, 3.0);
	return true;
}

/* Where the level box of width x CELL heights lies whose near side is STEM from the edge. */
static struct vec frame_corner(const struct symbol *s, double width)
{
	struct vec near = at(s, 0, STEM);

	if (s->out.y > 0.5)
		return vec_sub(near, vec(CELL / 2 * s->h, 0));
	if (s->out.y < -0.5)
		return vec_sub(near, vec(CELL / 2 * s->h, CELL * s->h));
	return vec_sub(near, vec(s->out.x > 0 ? 0 : width, CELL / 2 * s->h));
}

/* The same box in the symbol's frame, for the map: how far it reaches along and out. */
static bool frame_is_free(const struct symbol *s, struct vec corner, double width)
{
	struct vec corners[4], over = vec(CLEAR * s->h, CLEAR * s->h);
	struct vec low = vec_sub(corner, over);
	struct vec high = vec_add(vec_add(corner, vec(width, CELL * s->h)), over);

	corners[0] = low;
	corners[1] = vec(high.x, low.y);
	corners[2] = high;
	corners[3] = vec(low.x, high.y);
	return !draft_map_hit(s->d->map, MAP_ALL, corners, 4) && is_free(s, -0.4, 0.15, 0.4, STEM);
}

static void mark_frame(const struct symbol *s, struct vec corner, double width)
{
	double height = CELL * s->h;
	struct vec corners[4] = {corner, vec_add(corner, vec(width, 0)),
				 vec_add(corner, vec(width, height)),
				 vec_add(corner, vec(0, height))};

	draft_map_mark(s->d->map, MAP_SOLID, corners, 4);
	mark(s, -0.4, 0.15, 0.4, STEM);
}

static void triangle(const struct symbol *s, struct vec tip, struct vec left, struct vec right)
{
	struct arrow *arrow = drawing_add_arrow(s->d->drawing, s->d->arena);

	*arrow = (struct arrow){.kind = ARROW_FILLED,
				.tip = tip,
				.left = left,
				.right = right,
				.shape = DRAWING_NOBODY,
				.dimension = DRAWING_NOBODY};
}

/* Their letters are A, B, ... in the order in which they are drawn. */
static int count_datums(const struct drawing *drawing)
{
	int count = 0;

	for (int i = 0; i < drawing->symbol_count; i++)
		count += drawing->symbols[i].kind == SYMBOL_DATUM;
	return count;
}

static bool draw_datum(struct symbol *s)
{
	double side = CELL * s->h;
	struct vec corner = frame_corner(s, side);
	char name[2] = {(char)('A' + count_datums(s->d->drawing)), '\0'};

	if (!frame_is_free(s, corner, side))
		return false;
	triangle(s, at(s, 0, 0.9), at(s, -0.5, 0), at(s, 0.5, 0));
	line(s, at(s, 0, 0.9), at(s, 0, STEM));
	rectangle(s, corner, side, side);
	s->kind = SYMBOL_DATUM;
	s->value = keep(s, name);
	letter(s, s->value, vec_add(corner, vec(side / 2, side / 2)), vec(1, 0));
	mark_frame(s, corner, side);
	return true;
}

/* With a blank between two. */
static const char *joined(const struct symbol *s, const char *const *cells, int count)
{
	char text[64];
	int len = 0;

	for (int i = 0; i < count; i++)
		len += snprintf(text + len, sizeof(text) - (size_t)len, i ? " %s" : "%s", cells[i]);
	return keep(s, text);
}

static bool draw_tolerance_frame(struct symbol *s)
{
	static const char *const signs[] = {"\u23e4", "\u23e5", "\u22a5", "\u2225",
					    "\u2220", "\u2316", "\u25ce", "\u2197"};
	static const int hundredths[] = {1, 2, 5, 10, 20};
	int datums = count_datums(s->d->drawing);
	/* form needs no datum; all else one that is there */
	int sign = (int)rng_below(s->d->rng, datums ? 8 : FORMS);
	int v = hundredths[rng_below(s->d->rng, 5)];
	int datum = datums ? (int)rng_below(s->d->rng, (uint32_t)datums) : 0;
	char value[16], name[2] = {(char)('A' + datum), '\0'};
	const char *cells[3] = {signs[sign], value, name};
	int count = sign < FORMS ? 2 : 3;
	double widths[3], width = 0, x = 0;
	struct vec corner;

	snprintf(value, sizeof(value), "0%c%0*d", style_decimal_mark(s->d->style), v % 10 ? 2 : 1,
		 v % 10 ? v : v / 10);
	for (int i = 0; i < count; i++) {
		widths[i] = max2(CELL * s->h, font_text_width(s->d->font, cells[i], s->h) + s->h);
		width += widths[i];
	}
	corner = frame_corner(s, width);
	if (!frame_is_free(s, corner, width))
		return false;
	triangle(s, at(s, 0, 0), at(s, -0.17, 1), at(s, 0.17, 1));
	line(s, at(s, 0, 0), at(s, 0, STEM));
	for (int i = 0; i < count; i++) {
		struct vec low = vec_add(corner, vec(x, 0));

		rectangle(s, low, widths[i], CELL * s->h);
		letter(s, keep(s, cells[i]), vec_add(low, vec(widths[i] / 2, CELL * s->h / 2)),
		       vec(1, 0));
		x += widths[i];
	}
	s->kind = SYMBOL_TOLERANCE_FRAME;
	s->value = joined(s, cells, count);
	mark_frame(s, corner, width);
	return true;
}

static bool draw_symbol(struct drafter *d)
{
	static bool (*const kinds[])(struct symbol *) = {draw_texture, draw_datum,
							 draw_tolerance_frame};
	bool (*draw)(struct symbol *) = kinds[rng_below(d->rng, 3)];
	struct edge edge;

	if (!pick_edge(d, &edge))
		return false;
	for (int i = 0; i < PLACES; i++) {
		struct symbol s = {.d = d, .along = edge.along, .out = edge.out};
		struct drawing_progress before = drawing_progress(d->drawing);
		double share = 0.1 + 0.8 * rng_unit(d->rng);

		s.h = d->style->text_mm;
		s.foot = vec_add(edge.a, vec_scale(edge.along, share * edge.length));
		if (!draw(&s))
			continue;
		drawing_add_symbol(d->drawing, d->arena, s.kind, s.value, &before);
		return true;
	}
	return false;
}

void draft_symbols(struct drafter *d)
{
	int wanted, drawn = 0;

	if (!rng_chance(d->rng, d->style->symbol_share))
		return;
	wanted = (int)rng_range(d->rng, 1, 4);
	for (int i = 0; i < TRIES && drawn < wanted; i++)
		drawn += draw_symbol(d);
}
