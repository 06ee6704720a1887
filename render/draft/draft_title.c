/* SPDX-License-Identifier: MIT */
/*
 * A cell is filled by trying, from the roomiest to the tightest: the value under its caption, beside
 * it, without it; and for each of these every text its field may have, as high as asked for, then
 * lower. Nothing that does not fit is written, and nothing random depends on what fits.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "render/draft/draft_title.h"
#include "render/draft/draft_title_blocks.h"

#define CAPTION_AIR_MM 0.5 /* above a caption */
#define SHRINK 0.7         /* another text is tried before one gets lower than this part */
#define STRIP_MM 150.0     /* of a strip that does not go all along the frame */
#define LOW_MM 9.0         /* cells in which a caption with a colon stands beside its value */
#define LIMIT_LINES 7
#define TINY 0.01

struct title_drawer {
	struct sheet_pen *pen;
	const struct title_block *block;
	struct box box;
	double stretch; /* mm per unit of the block across */
	struct calendar calendar;
	bool is_signed; /* somebody's name is in this row */
};

static struct box cell_box(const struct title_drawer *t, const struct title_cell *cell)
{
	double x = t->box.x0 + cell->x * t->stretch, y = t->box.y0 + cell->y;

	return sheet_box(x, y, x + cell->w * t->stretch, y + cell->h);
}

/* The first text of the value that fits the box, or NULL. */
static const char *fitting_text(const struct title_drawer *t, const struct value *value,
				const struct box *box, double mm)
{
	double width = box->x1 - box->x0, height = box->y1 - box->y0;

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < value->count; i++) {
			const char *text = value_text(value, i);
			double h = sheet_fit(t->pen, text, width, height, mm);

			if (h > 0 && (pass == 1 || h >= mm * SHRINK))
				return text;
		}
	}
	return NULL;
}

/* The caption's height in this cell, or 0. */
static double caption_height(const struct title_drawer *t, const char *caption,
			     const struct box *box)
{
	if (!caption || t->pen->caption_mm == 0)
		return 0;
	return sheet_fit(t->pen, caption, box->x1 - box->x0, box->y1 - box->y0, t->pen->caption_mm);
}

static void write_caption_above(struct title_drawer *t, const char *caption, double h,
				const struct box *box)
{
	struct box row =
		sheet_box(box->x0, box->y1 - 2 * CAPTION_AIR_MM - 1.3 * h - TINY, box->x1, box->y1);

	sheet_letter(t->pen, &row, 'l', caption, title_field_name(FIELD_CAPTION), h);
}

/* "Scale:" in a low cell is followed by its value; all other captions stand above theirs. */
static bool reads_on(const char *caption, const struct box *box)
{
	size_t len = strlen(caption);

	return len > 0 && caption[len - 1] == ':' && box->y1 - box->y0 < LOW_MM;
}

/* Writes the caption and, if there is one, the value; returns whether the value is written. */
static bool write_value(struct title_drawer *t, const struct title_cell *cell,
			const struct box *box, const struct value *value)
{
	const char *caption = cell->caption[t->pen->russian];
	double h = caption_height(t, caption, box);
	struct box under = *box, beside = *box;
	const char *text;

	under.y1 -= CAPTION_AIR_MM + 1.3 * h;
	beside.x0 += 1.5 + font_text_width(t->pen->font, caption ? caption : "", h > 0 ? h : 1);
	if (h > 0 && !reads_on(caption, box) &&
	    (text = fitting_text(t, value, &under, cell->mm)) != NULL) {
		write_caption_above(t, caption, h, box);
		return sheet_letter(t->pen, &under, cell->align, text,
				    title_field_name(cell->field), cell->mm);
	}
	if (h > 0 && (text = fitting_text(t, value, &beside, cell->mm)) != NULL) {
		sheet_letter(t->pen, box, 'l', caption, title_field_name(FIELD_CAPTION), h);
		return sheet_letter(t->pen, &beside, cell->align, text,
				    title_field_name(cell->field), cell->mm);
	}
	text = fitting_text(t, value, box, cell->mm);
	if (text)
		return sheet_letter(t->pen, box, cell->align, text, title_field_name(cell->field),
				    cell->mm);
	if (h > 0 && box->y1 - box->y0 > 3.5 * h && !reads_on(caption, box))
		write_caption_above(t, caption, h, box);
	else if (h > 0)
		sheet_letter(t->pen, box, 'l', caption, title_field_name(FIELD_CAPTION), h);
	return false;
}

/* A sign of the firm at the right of its cell, which it narrows. */
static void draw_logo(struct title_drawer *t, struct box *box)
{
	bool wanted = rng_chance(t->pen->rng, 0.3);
	int corners = (int)rng_range(t->pen->rng, 3, 6);
	double r = min2(box->y1 - box->y0 - 3, 14) / 2;
	struct vec centre = vec(box->x1 - r - 1.5, (box->y0 + box->y1) / 2);
	struct stroke *stroke;

	if (!wanted || r < 3 || box->x1 - box->x0 < 2 * r + 32)
		return;
	stroke = drawing_add_stroke(t->pen->drawing, t->pen->arena);
	stroke->layer = LAYER_FRAME;
	stroke->width_mm = t->pen->thick_mm;
	stroke->path.closed = true;
	path_add_arc(&stroke->path, t->pen->arena, centre, r, r, 0, 0, 2 * M_PI);
	for (int i = 0; i < corners; i++) {
		struct vec a =
			vec_add(centre, vec_polar(0.7 * r, M_PI / 2 + 2 * M_PI * i / corners));
		struct vec b = vec_add(centre,
				       vec_polar(0.7 * r, M_PI / 2 + 2 * M_PI * (i + 1) / corners));

		sheet_line(t->pen, a.x, a.y, b.x, b.y, t->pen->thick_mm);
	}
	box->x1 -= 2 * r + 2.5;
}

static bool is_person(enum title_field field)
{
	return field >= FIELD_DRAWN_BY && field <= FIELD_SIGNED_BY;
}

/* A date without a caption belongs to the name before it. */
static bool belongs_to_nobody(const struct title_drawer *t, const struct title_cell *cell)
{
	return !t->is_signed && !cell->caption[t->pen->russian] && cell->field == FIELD_DATE;
}

static void draw_value(struct title_drawer *t, const struct title_cell *cell)
{
	struct box box = cell_box(t, cell);
	struct value value = value_new(t->pen, cell->field, &t->calendar);
	bool written;

	if (is_person(cell->field)) {
		t->is_signed = value.count > 0;
		calendar_pass(&t->calendar, t->pen->rng);
	}
	if (belongs_to_nobody(t, cell))
		value.count = 0;
	if (cell->field == FIELD_OWNER)
		draw_logo(t, &box);
	written = write_value(t, cell, &box, &value);
	t->pen->scale_printed |= written && cell->field == FIELD_SCALE;
	t->pen->unit_printed |= written && cell->field == FIELD_UNIT;
	t->pen->tolerance_printed |= written && cell->field == FIELD_TOLERANCE;
}

/* Where there is no room for "Izm." there may be for "Izm". */
static void write_abbreviation(struct title_drawer *t, const struct title_cell *cell,
			       const struct box *row, const char *text)
{
	const char *field = title_field_name(FIELD_CAPTION);
	size_t len = strlen(text);

	if (!sheet_letter(t->pen, row, cell->align, text, field, cell->mm) && len > 1 &&
	    text[len - 1] == '.')
		sheet_letter(t->pen, row, cell->align, arena_strndup(t->pen->arena, text, len - 1),
			     field, cell->mm);
}

static void draw_text(struct title_drawer *t, const struct title_cell *cell)
{
	const char *caption = cell->caption[t->pen->russian];
	struct box box = cell_box(t, cell);
	const char *lines[4];
	int count = 0;
	double pitch, middle = (box.y0 + box.y1) / 2;

	while (caption && count < 4) {
		const char *end = strchr(caption, '\n');
		size_t len = end ? (size_t)(end - caption) : strlen(caption);

		lines[count++] = arena_strndup(t->pen->arena, caption, len);
		caption = end ? end + 1 : NULL;
	}
	pitch = count == 1 ? box.y1 - box.y0
			   : min2((box.y1 - box.y0) / count, 2 * max2(cell->mm, t->pen->floor_mm));
	for (int i = 0; i < count; i++) {
		double top = middle + pitch * (count / 2.0 - i);
		struct box row = sheet_box(box.x0, top - pitch, box.x1, top);

		write_abbreviation(t, cell, &row, lines[i]);
	}
}

/* A flourish: a point that runs along the cell on narrowing loops. */
static void draw_signature(struct title_drawer *t, const struct title_cell *cell)
{
	enum { POINTS = 40 };
	struct box box = cell_box(t, cell);
	bool wanted = rng_chance(t->pen->rng, 0.45);
	double turns = (double)rng_range(t->pen->rng, 25, 60) / 10;
	double lean = (double)rng_range(t->pen->rng, 5, 25) / 10;
	double length = (double)rng_range(t->pen->rng, 50, 100) / 100;
	double height = (box.y1 - box.y0) / 2 - 0.9, loop = 1.2;
	double room = (box.x1 - box.x0 - 2 * loop - 2) * length;
	struct stroke *stroke;
	struct vec last = {0, 0};

	if (!wanted || !t->is_signed)
		return;
	stroke = drawing_add_stroke(t->pen->drawing, t->pen->arena);
	stroke->layer = LAYER_FRAME;
	stroke->width_mm = t->pen->thin_mm;
	for (int i = 0; i <= POINTS; i++) {
		double s = (double)i / POINTS, turn = 2 * M_PI * turns * s;
		double swing = (1 - 0.7 * s) * (0.6 + 0.4 * cos(lean * turn));
		struct vec at = vec(box.x0 + 1 + loop + room * s - loop * sin(turn),
				    (box.y0 + box.y1) / 2 + height * swing * cos(turn));

		if (i > 0)
			path_add_line(&stroke->path, t->pen->arena, last, at);
		last = at;
	}
}

static void add_circle(struct title_drawer *t, struct vec centre, double r)
{
	struct stroke *stroke = drawing_add_stroke(t->pen->drawing, t->pen->arena);

	stroke->layer = LAYER_FRAME;
	stroke->width_mm = t->pen->thin_mm;
	stroke->path.closed = true;
	path_add_arc(&stroke->path, t->pen->arena, centre, r, r, 0, 0, 2 * M_PI);
}

static void add_axis(struct title_drawer *t, double x0, double y0, double x1, double y1)
{
	sheet_line(t->pen, x0, y0, x1, y1, t->pen->thin_mm);
	t->pen->drawing->strokes[t->pen->drawing->stroke_count - 1].line_type = LINE_CHAIN;
}

/* ISO 5456-2: a cone as long as its larger end d is wide, the smaller end d / 2, seen from the side
 * and from the smaller end. What is seen from the left lies right in first angle, left in third. */
static void draw_projection(struct title_drawer *t, const struct title_cell *cell)
{
	struct box box = cell_box(t, cell);
	struct sheet_pen *pen = t->pen;
	double d = min2((box.y1 - box.y0 - 2) / 1.25, (box.x1 - box.x0 - 2) / 2.9);
	double y = (box.y0 + box.y1) / 2, over = d / 8;
	double left = (box.x0 + box.x1) / 2 - 1.2 * d, right = left + 2.4 * d;
	bool first = pen->style->projection == STYLE_PROJECTION_FIRST;
	double cone = first ? left : right - d;
	struct vec centre = vec(first ? right - d / 2 : left + d / 2, y);
	double xs[4] = {cone, cone + d, cone + d, cone};
	double ys[4] = {y - d / 4, y - d / 2, y + d / 2, y + d / 4};

	struct drawing_progress before = drawing_progress(pen->drawing);

	if (d < 3)
		return;
	for (int i = 0; i < 4; i++)
		sheet_line(pen, xs[i], ys[i], xs[(i + 1) % 4], ys[(i + 1) % 4], pen->thin_mm);
	add_circle(t, centre, d / 2);
	add_circle(t, centre, d / 4);
	add_axis(t, cone - over, y, cone + d + over, y);
	add_axis(t, centre.x - d / 2 - over, y, centre.x + d / 2 + over, y);
	add_axis(t, centre.x, y - d / 2 - over, centre.x, y + d / 2 + over);
	drawing_add_symbol(pen->drawing, pen->arena, SYMBOL_PROJECTION_SYMBOL,
			   first ? "first" : "third", &before);
}

/* "LINEAR ±0,1"; value in thousandths */
static const char *limit_text(const struct sheet_pen *pen, const char *what, int milli)
{
	struct buf number = {0}, b = {0};
	const char *text;

	buf_milli(&number, milli);
	buf_str(&b, what);
	buf_str(&b, "±");
	for (size_t i = 0; i < number.len; i++) {
		if (number.data[i] == '.')
			buf_char(&b, style_decimal_mark(pen->style));
		else if (i > 0 || number.data[i] != '0' ||
			 pen->style->leading_zero == STYLE_ZERO_YES)
			buf_char(&b, number.data[i]);
	}
	text = arena_strndup(pen->arena, b.data, b.len);
	buf_free(&b);
	buf_free(&number);
	return text;
}

struct limit_line {
	const char *text;
	enum title_field field;
};

static int limit_lines(struct title_drawer *t, const struct value *unit, const struct box *box,
		       struct limit_line *lines)
{
	struct sheet_pen *pen = t->pen;
	bool inch = pen->style->unit == STYLE_UNIT_INCH;
	struct box row = sheet_box(box->x0, box->y0, box->x1, box->y0 + 2 * pen->floor_mm + 1);
	const char *unit_text = fitting_text(t, unit, &row, pen->floor_mm);
	int n = 0;

	lines[n++] = (struct limit_line){"UNLESS OTHERWISE SPECIFIED:", FIELD_CAPTION};
	if (unit_text)
		lines[n++] = (struct limit_line){unit_text, FIELD_UNIT};
	lines[n++] = (struct limit_line){"TOLERANCES:", FIELD_CAPTION};
	lines[n++] = (struct limit_line){inch ? limit_text(pen, "TWO PLACE DECIMAL ", 10)
					      : limit_text(pen, "LINEAR ", 200),
					 FIELD_TOLERANCE};
	lines[n++] = (struct limit_line){inch ? limit_text(pen, "THREE PLACE DECIMAL ", 5)
					      : limit_text(pen, "ONE DECIMAL ", 100),
					 FIELD_TOLERANCE};
	lines[n++] = (struct limit_line){"ANGULAR ±1°", FIELD_TOLERANCE};
	lines[n++] =
		(struct limit_line){inch ? "PER ASME Y14.5" : "PER ISO 2768-mK", FIELD_CAPTION};
	return n;
}

/* As many lines as there is height for, all as high as the widest allows; one that does not fit even
 * in the lowest lettering is left out. */
static void draw_limits(struct title_drawer *t, const struct title_cell *cell)
{
	struct sheet_pen *pen = t->pen;
	struct box box = cell_box(t, cell);
	struct value unit = value_new(pen, FIELD_UNIT, &t->calendar);
	struct limit_line lines[LIMIT_LINES];
	int count = limit_lines(t, &unit, &box, lines), room;
	double width = box.x1 - box.x0, h = max2(cell->mm, pen->floor_mm), pitch,
	       top = box.y1 - 0.3;

	for (int i = 0; i < count; i++) {
		double fit = sheet_fit(pen, lines[i].text, width, 3 * h, h);

		h = fit > 0 ? min2(h, fit) : h;
	}
	room = (int)((box.y1 - box.y0 - 0.6) / (1.3 * h + 1 + TINY));
	count = count <= room ? count : room >= 5 || room < 2 ? room : 2;
	pitch = count > 0 ? min2((box.y1 - box.y0 - 0.6) / count, 2.2 * h) : 0;
	for (int i = 0; i < count; i++, top -= pitch) {
		struct box row = sheet_box(box.x0, top - pitch, box.x1, top);
		bool written = sheet_letter(pen, &row, 'l', lines[i].text,
					    title_field_name(lines[i].field), h);

		pen->unit_printed |= written && lines[i].field == FIELD_UNIT;
		pen->tolerance_printed |= written && lines[i].field == FIELD_TOLERANCE;
	}
}

static void draw_cell(struct title_drawer *t, const struct title_cell *cell)
{
	switch (cell->kind) {
	case CELL_VALUE:
		draw_value(t, cell);
		break;
	case CELL_TEXT:
		draw_text(t, cell);
		break;
	case CELL_SIGNATURE:
		draw_signature(t, cell);
		break;
	case CELL_PROJECTION:
		draw_projection(t, cell);
		break;
	case CELL_LIMITS:
		draw_limits(t, cell);
		break;
	case CELL_EMPTY:
		break;
	}
}

/* Every line between two cells is the left or the lower side of exactly one cell. */
static void draw_cell_sides(struct title_drawer *t, const struct title_cell *cell)
{
	struct box box = cell_box(t, cell);

	if (cell->x > 0)
		sheet_line(t->pen, box.x0, box.y0, box.x0, box.y1, t->pen->thin_mm);
	if (cell->y > 0)
		sheet_line(t->pen, box.x0, box.y0, box.x1, box.y0, t->pen->thin_mm);
}

/* The sides that do not lie on the frame. */
static void draw_outer_sides(struct title_drawer *t)
{
	const struct box *b = &t->box, *in = &t->pen->inside;
	double width = t->pen->thick_mm;

	if (!t->pen->framed) {
		sheet_rectangle(t->pen, b, width);
		return;
	}
	if (b->x0 > in->x0 + TINY)
		sheet_line(t->pen, b->x0, b->y0, b->x0, b->y1, width);
	if (b->y1 < in->y1 - TINY)
		sheet_line(t->pen, b->x0, b->y1, b->x1, b->y1, width);
	if (b->y0 > in->y0 + TINY)
		sheet_line(t->pen, b->x0, b->y0, b->x1, b->y0, width);
}

static void draw_block(struct title_drawer *t)
{
	const struct title_block *block = t->block;

	draw_outer_sides(t);
	for (int i = 0; i < block->rule_count; i++) {
		const struct title_rule *r = &block->rules[i];

		sheet_line(t->pen, t->box.x0 + r->x0, t->box.y0 + r->y0, t->box.x0 + r->x1,
			   t->box.y0 + r->y1, r->thick ? t->pen->thick_mm : t->pen->thin_mm);
	}
	for (int i = 0; i < block->cell_count; i++) {
		if (!block->rules)
			draw_cell_sides(t, &block->cells[i]);
		draw_cell(t, &block->cells[i]);
	}
	sheet_take(t->pen, &t->box);
}

bool draft_title(struct sheet_pen *pen, struct box *box)
{
	const struct box *in = &pen->inside;
	double room = in->x1 - in->x0, width;
	unsigned variant = rng_below(pen->rng, 2);
	bool all_along = rng_chance(pen->rng, 0.6);
	struct title_drawer t = {.pen = pen, .is_signed = true};

	pen->number = value_number(pen);
	pen->revision = value_revision(pen);
	t.calendar = calendar_new(pen);
	t.block = title_block_for(pen->style->title_block, variant, pen->facts->smaller_title, room,
				  in->y1 - in->y0);
	if (!t.block)
		return false;
	width = t.block->w;
	if (t.block->elastic)
		width = all_along || room < STRIP_MM + 20 ? room : STRIP_MM;
	t.stretch = width / t.block->w;
	t.box = sheet_box(in->x1 - width, in->y0, in->x1, in->y0 + t.block->h);
	draw_block(&t);
	*box = t.box;
	return true;
}

void draft_title_revisions(struct sheet_pen *pen)
{
	const struct box *in = &pen->inside;
	struct title_drawer t = {.pen = pen, .block = &title_block_revisions, .stretch = 1};

	if (!pen->revision || in->x1 - in->x0 < 1.5 * t.block->w ||
	    in->y1 - in->y0 < 12 * t.block->h)
		return;
	t.calendar = calendar_new(pen);
	t.is_signed = true;
	t.box = sheet_box(in->x1 - t.block->w, in->y1 - t.block->h, in->x1, in->y1);
	draw_block(&t);
}
