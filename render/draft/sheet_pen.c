/* SPDX-License-Identifier: MIT */
/*
 * A text's box reaches from the baseline to the height of the capitals. Tails hang 0.3 of that below
 * it (ISO 3098-2), so a cell must be higher: 0.5 mm of air below the tail and above the capitals,
 * half a wide line included. In low cells the baseline is lifted for the tail; all cells of one row
 * have one height, so their baselines stay level.
 */
#include <config.h>

#include <math.h>

#include "base/buf.h"
#include "render/draft/sheet_pen.h"

#define AIR_MM 0.5
#define SIDE_MM 0.8    /* air left and right of lettering in a cell, or ... */
#define SIDE_SHARE 0.3 /* ... this part of its height */
#define NARROW_MM 12.0 /* cells with less air */
#define NARROW_SIDE_MM 0.5
#define TAIL 0.3
#define TAKEN_MARGIN_MM 2.0
#define TINY 1e-6

/* "1:2"; "2,5:1" where neither side is one and tenths are exact. */
static const char *scale_text(const struct style *style, const struct sheet_facts *facts,
			      struct arena *arena)
{
	int paper = facts->scale_paper, real = facts->scale_real;
	int low = paper < real ? paper : real, high = paper < real ? real : paper;
	bool tenths = low > 1 && high % low != 0 && (int64_t)high * 10 % low == 0;
	int sides[2] = {paper, real};
	struct buf b = {0};
	const char *text;

	for (int i = 0; i < 2; i++) {
		if (i)
			buf_char(&b, ':');
		if (!tenths) {
			buf_int(&b, sides[i]);
			continue;
		}
		buf_int(&b, sides[i] / low);
		if (sides[i] % low) {
			buf_char(&b, style_decimal_mark(style));
			buf_int(&b, (int64_t)sides[i] * 10 / low % 10);
		}
	}
	text = arena_strndup(arena, b.data, b.len);
	buf_free(&b);
	return text;
}

static double clamp(double v, double lo, double hi)
{
	return min2(max2(v, lo), hi);
}

static bool is_russian(const struct style *style)
{
	if (style->title_block != STYLE_TITLE_NONE && style->title_block != STYLE_TITLE_SCHOOL)
		return style->title_block == STYLE_TITLE_GOST;
	return style->frame == STYLE_FRAME_GOST || style->times == STYLE_TIMES_OTV;
}

enum custom sheet_custom(const struct style *style)
{
	if (is_russian(style))
		return CUSTOM_GOST;
	if (style->title_block == STYLE_TITLE_SCHOOL)
		return CUSTOM_SCHOOL;
	return style->title_block == STYLE_TITLE_ASME ? CUSTOM_ASME : CUSTOM_ISO;
}

struct sheet_pen sheet_pen_new(struct drawing *drawing, const struct sheet_facts *facts,
			       const struct style *style, const struct font *font, struct rng *rng,
			       struct arena *arena, struct sheet_taken *taken)
{
	struct sheet_pen pen = {.drawing = drawing,
				.facts = facts,
				.style = style,
				.font = font,
				.rng = rng,
				.arena = arena,
				.taken = taken};

	pen.floor_mm = max2(1.8, ceil(style->text_mm * 6 - TINY) / 10);
	pen.thick_mm = clamp(style->thick_mm, 0.35, 0.6);
	pen.thin_mm = clamp(style->thin_mm, 0.13, 0.35);
	pen.caption_mm = (double)rng_range(rng, 18, 25) / 10;
	pen.caption_mm = max2(pen.caption_mm, pen.floor_mm);
	if (pen.caption_mm > 2.5 + TINY)
		pen.caption_mm = 0;
	pen.russian = is_russian(style);
	pen.scale = scale_text(style, facts, arena);
	return pen;
}

struct box sheet_box(double x0, double y0, double x1, double y1)
{
	return (struct box){x0, y0, x1, y1};
}

struct box box_grown(const struct box *box, double margin)
{
	return sheet_box(box->x0 - margin, box->y0 - margin, box->x1 + margin, box->y1 + margin);
}

bool box_meets(const struct box *a, const struct box *b)
{
	return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

void sheet_line(struct sheet_pen *pen, double x0, double y0, double x1, double y1, double width_mm)
{
	struct stroke *stroke = drawing_add_stroke(pen->drawing, pen->arena);

	stroke->layer = LAYER_FRAME;
	stroke->width_mm = width_mm;
	path_add_line(&stroke->path, pen->arena, vec(x0, y0), vec(x1, y1));
}

void sheet_rectangle(struct sheet_pen *pen, const struct box *box, double width_mm)
{
	struct vec corners[4] = {
		{box->x0, box->y0}, {box->x1, box->y0}, {box->x1, box->y1}, {box->x0, box->y1}};
	struct stroke *stroke = drawing_add_stroke(pen->drawing, pen->arena);

	stroke->layer = LAYER_FRAME;
	stroke->width_mm = width_mm;
	for (int i = 0; i < 4; i++)
		path_add_line(&stroke->path, pen->arena, corners[i], corners[(i + 1) % 4]);
	stroke->path.closed = true;
}

void sheet_take(struct sheet_pen *pen, const struct box *box)
{
	struct sheet_taken *taken = pen->taken;
	struct box wide = box_grown(box, TAKEN_MARGIN_MM);

	if (!box_meets(&wide, &taken->field) || taken->count == SHEET_TAKEN_MAX)
		return;
	taken->boxes[taken->count++] =
		sheet_box(max2(wide.x0, taken->field.x0), max2(wide.y0, taken->field.y0),
			  min2(wide.x1, taken->field.x1), min2(wide.y1, taken->field.y1));
}

static double side_air(double width, double h)
{
	return width < NARROW_MM ? NARROW_SIDE_MM : max2(SIDE_MM, SIDE_SHARE * h);
}

double sheet_fit(const struct sheet_pen *pen, const char *utf8, double width, double height,
		 double mm)
{
	double h = min2(max2(mm, pen->floor_mm), (height - 2 * AIR_MM) / (1 + TAIL));
	double wide, room;

	if (h < pen->floor_mm - TINY)
		return 0;
	wide = font_text_width(pen->font, utf8, h);
	room = width - 2 * side_air(width, h);
	if (wide > room)
		h *= room / wide;
	h = floor(h * 10 + TINY) / 10;
	if (h < pen->floor_mm - TINY || font_text_width(pen->font, utf8, h) > room + TINY)
		return 0;
	return max2(h, pen->floor_mm);
}

void sheet_text(struct sheet_pen *pen, const char *utf8, const char *field, struct vec at,
		double height_mm, double angle_rad, enum layer layer)
{
	struct text *text = drawing_add_text(pen->drawing, pen->arena);

	text->utf8 = utf8;
	text->field = field;
	text->at = at;
	text->height_mm = height_mm;
	text->width_mm = font_text_width(pen->font, utf8, height_mm);
	text->angle_rad = angle_rad;
	text->layer = layer;
}

/* From the lower side of a cell to the baseline. */
static double baseline(double height, double h)
{
	return max2((height - h) / 2, AIR_MM + TAIL * h);
}

bool sheet_letter(struct sheet_pen *pen, const struct box *cell, char align, const char *utf8,
		  const char *field, double mm)
{
	double width = cell->x1 - cell->x0, height = cell->y1 - cell->y0;
	double h = sheet_fit(pen, utf8, width, height, mm);
	double side = side_air(width, h), spare = width - 2 * side;

	if (h == 0)
		return false;
	spare -= font_text_width(pen->font, utf8, h);
	spare *= align == 'l' ? 0 : align == 'c' ? 0.5 : 1;
	sheet_text(pen, utf8, field, vec(cell->x0 + side + spare, cell->y0 + baseline(height, h)),
		   h, 0, LAYER_FRAME);
	return true;
}

bool sheet_letter_upright(struct sheet_pen *pen, const struct box *cell, const char *utf8,
			  const char *field, double mm)
{
	double width = cell->x1 - cell->x0, height = cell->y1 - cell->y0;
	double h = sheet_fit(pen, utf8, height, width, mm);
	double along;

	if (h == 0)
		return false;
	along = font_text_width(pen->font, utf8, h);
	sheet_text(pen, utf8, field,
		   vec(cell->x1 - baseline(width, h), (cell->y0 + cell->y1 - along) / 2), h,
		   M_PI / 2, LAYER_FRAME);
	return true;
}

bool sheet_letter_turned(struct sheet_pen *pen, const struct box *cell, const char *utf8,
			 const char *field, double mm)
{
	double width = cell->x1 - cell->x0, height = cell->y1 - cell->y0;
	double h = sheet_fit(pen, utf8, width, height, mm);
	double along;

	if (h == 0)
		return false;
	along = font_text_width(pen->font, utf8, h);
	sheet_text(pen, utf8, field,
		   vec((cell->x0 + cell->x1 + along) / 2, cell->y1 - baseline(height, h)), h, M_PI,
		   LAYER_FRAME);
	return true;
}
