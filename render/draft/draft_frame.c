/* SPDX-License-Identifier: MIT */
/*
 * A frame is four margins and a line; zones are counted in the band between the frame and a thin
 * line outside it. Zones of ISO 5457 are 50 mm long from the centre lines outwards, the outermost
 * ones take what is left; those of ASME divide a side evenly and are counted from the lower right.
 */
#include <config.h>

#include <math.h>

#include "base/buf.h"
#include "render/draft/draft_frame.h"

#define FIELD_MARGIN_MM 2.0
#define ROOM_MM 60.0 /* both sides of the least frame */
#define BAND_MM 5.0
#define ISO_LINE_MM 0.7
#define ISO_GRID_MM 0.35
#define ISO_ZONE_MM 50.0
#define MARK_INSIDE_MM 5.0
#define ASME_BAND_MM 6.0
#define ZONES_MAX 24
#define ZONE_TEXT_MM 3.5
#define ZONE_AIR_MM 0.7 /* round letters of zones */

struct margins {
	double left, right, bottom, top;
};

/* Letters down, numbers across: the places between zones along one side, in mm. */
struct zones {
	int count;
	double ends[ZONES_MAX + 1];
};

static double sheet_short_side(const struct sheet_pen *pen)
{
	return min2(pen->drawing->width_mm, pen->drawing->height_mm);
}

static struct box inside_margins(const struct drawing *d, const struct margins *m)
{
	return sheet_box(m->left, m->bottom, d->width_mm - m->right, d->height_mm - m->top);
}

static bool has_room(const struct box *box)
{
	return box->x1 - box->x0 >= ROOM_MM && box->y1 - box->y0 >= ROOM_MM;
}

static struct zones zones_from_centre(double from, double to, double centre)
{
	int half = (int)lround((to - centre) / ISO_ZONE_MM);
	struct zones z = {.count = 0};

	half = half < 1 ? 1 : half > ZONES_MAX / 2 ? ZONES_MAX / 2 : half;
	for (int i = -half; i <= half; i++) {
		double end = centre + i * ISO_ZONE_MM;

		z.ends[z.count++] = i == -half ? from : i == half ? to : end;
	}
	z.count--;
	return z;
}

static struct zones zones_even(double from, double to, double length)
{
	int half = (int)lround((to - from) / length / 2);
	struct zones z = {.count = 2 * (half < 1               ? 1
					: half > ZONES_MAX / 2 ? ZONES_MAX / 2
							       : half)};

	for (int i = 0; i <= z.count; i++)
		z.ends[i] = from + (to - from) * i / z.count;
	return z;
}

static const char *zone_number(struct sheet_pen *pen, int i)
{
	struct buf b = {0};
	const char *text;

	buf_int(&b, i + 1);
	text = arena_strndup(pen->arena, b.data, b.len);
	buf_free(&b);
	return text;
}

static const char *zone_letter(struct sheet_pen *pen, int i)
{
	return arena_strndup(pen->arena, &"ABCDEFGHJKLMNPQRSTUVWXYZ"[i], 1);
}

/* As high as the band and the letter's width allow. */
static void letter_zone(struct sheet_pen *pen, const struct box *cell, const char *utf8)
{
	double across = cell->x1 - cell->x0 - 2 * ZONE_AIR_MM;
	double up = cell->y1 - cell->y0 - 2 * ZONE_AIR_MM;
	double h = min2(ZONE_TEXT_MM, up), width = font_text_width(pen->font, utf8, h);

	if (width > across) {
		h *= across / width;
		width = font_text_width(pen->font, utf8, h);
	}
	if (h < pen->floor_mm)
		return;
	sheet_text(pen, utf8, "zone",
		   vec((cell->x0 + cell->x1 - width) / 2, (cell->y0 + cell->y1 - h) / 2), h, 0,
		   LAYER_FRAME);
}

/* The band along one level side, between y and y + band. */
static void draw_zone_row(struct sheet_pen *pen, const struct zones *z, double y, double band,
			  bool from_right)
{
	for (int i = 0; i < z->count; i++) {
		struct box cell = sheet_box(z->ends[i], y, z->ends[i + 1], y + band);

		if (i > 0)
			sheet_line(pen, z->ends[i], y, z->ends[i], y + band, ISO_GRID_MM);
		letter_zone(pen, &cell, zone_number(pen, from_right ? z->count - 1 - i : i));
	}
}

static void draw_zone_column(struct sheet_pen *pen, const struct zones *z, double x, double band,
			     bool from_bottom)
{
	for (int i = 0; i < z->count; i++) {
		struct box cell = sheet_box(x, z->ends[i], x + band, z->ends[i + 1]);

		if (i > 0)
			sheet_line(pen, x, z->ends[i], x + band, z->ends[i], ISO_GRID_MM);
		letter_zone(pen, &cell, zone_letter(pen, from_bottom ? i : z->count - 1 - i));
	}
}

/* ISO 5457: black corners 10 x 5 mm, filled in strokes, or only their outline. */
static void draw_trimming_marks(struct sheet_pen *pen)
{
	double w = pen->drawing->width_mm, h = pen->drawing->height_mm;
	bool filled = rng_chance(pen->rng, 0.5);

	for (int corner = 0; corner < 4; corner++) {
		double x = corner & 1 ? w : 0, sx = corner & 1 ? -1 : 1;
		double y = corner & 2 ? h : 0, sy = corner & 2 ? -1 : 1;

		for (int i = 0; filled && i < 4; i++) {
			double at = 0.5 + i;

			sheet_line(pen, x, y + sy * at, x + sx * 10, y + sy * at, 1);
			sheet_line(pen, x + sx * at, y + sy * 4, x + sx * at, y + sy * 10, 1);
		}
		if (filled)
			continue;
		sheet_line(pen, x + sx * 10, y, x + sx * 10, y + sy * 4, ISO_GRID_MM);
		sheet_line(pen, x + sx * 10, y + sy * 4, x + sx * 4, y + sy * 4, ISO_GRID_MM);
		sheet_line(pen, x + sx * 4, y + sy * 4, x + sx * 4, y + sy * 10, ISO_GRID_MM);
		sheet_line(pen, x + sx * 4, y + sy * 10, x, y + sy * 10, ISO_GRID_MM);
	}
}

static void draw_iso_frame(struct sheet_pen *pen)
{
	const struct box *in = &pen->inside;
	struct box outside = box_grown(in, BAND_MM);
	bool small = max2(pen->drawing->width_mm, pen->drawing->height_mm) <= 297;
	struct zones across = zones_from_centre(in->x0, in->x1, pen->drawing->width_mm / 2);
	struct zones down = zones_from_centre(in->y0, in->y1, pen->drawing->height_mm / 2);
	bool zoned = rng_chance(pen->rng, 0.85), one_side = rng_chance(pen->rng, 0.5);
	bool trimmed = rng_chance(pen->rng, 0.25);

	sheet_rectangle(pen, in, ISO_LINE_MM);
	if (!zoned)
		return;
	sheet_rectangle(pen, &outside, ISO_GRID_MM);
	draw_zone_row(pen, &across, in->y1, BAND_MM, false);
	draw_zone_column(pen, &down, in->x0 - BAND_MM, BAND_MM, false);
	if (!small || !one_side) {
		draw_zone_row(pen, &across, in->y0 - BAND_MM, BAND_MM, false);
		draw_zone_column(pen, &down, in->x1, BAND_MM, false);
	}
	if (trimmed && sheet_short_side(pen) >= 200)
		draw_trimming_marks(pen);
}

static void draw_asme_frame(struct sheet_pen *pen)
{
	static const double lengths[] = {50, 63.5, 80};
	const struct box *in = &pen->inside;
	struct box outside = box_grown(in, ASME_BAND_MM);
	double length = lengths[rng_below(pen->rng, 3)];
	struct zones across = zones_even(in->x0, in->x1, length);
	struct zones down = zones_even(in->y0, in->y1, length);
	double x = (in->x0 + in->x1) / 2, y = (in->y0 + in->y1) / 2;
	double thick = max2(pen->thick_mm, 0.5);

	sheet_rectangle(pen, in, thick);
	if (in->x0 < 2 * ASME_BAND_MM)
		return;
	sheet_rectangle(pen, &outside, pen->thin_mm);
	draw_zone_row(pen, &across, in->y0 - ASME_BAND_MM, ASME_BAND_MM, true);
	draw_zone_row(pen, &across, in->y1, ASME_BAND_MM, true);
	draw_zone_column(pen, &down, in->x0 - ASME_BAND_MM, ASME_BAND_MM, true);
	draw_zone_column(pen, &down, in->x1, ASME_BAND_MM, true);
	sheet_line(pen, x, outside.y0, x, in->y0, thick);
	sheet_line(pen, x, in->y1, x, outside.y1, thick);
	sheet_line(pen, outside.x0, y, in->x0, y, thick);
	sheet_line(pen, in->x1, y, outside.x1, y, thick);
}

/* The fields in the filing margin, from the lower corner up. */
static void draw_gost_margin(struct sheet_pen *pen)
{
	static const struct {
		double from, to;
		const char *caption;
	} fields[] = {
		{0, 25, "Инв. № подл."},     {25, 60, "Подп. и дата"},   {60, 85, "Взам. инв. №"},
		{85, 110, "Инв. № дубл."},   {110, 145, "Подп. и дата"}, {167, 227, "Справ. №"},
		{227, 287, "Перв. примен."},
	};
	const struct box *in = &pen->inside;
	double x = in->x0 - 12;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		struct box cell =
			sheet_box(x, in->y0 + fields[i].from, x + 5, in->y0 + fields[i].to);

		if (cell.y1 > in->y1 + 0.1)
			break;
		sheet_line(pen, x, cell.y0, in->x0, cell.y0, pen->thick_mm);
		sheet_line(pen, x, cell.y0, x, cell.y1, pen->thick_mm);
		sheet_line(pen, x + 5, cell.y0, x + 5, cell.y1, pen->thick_mm);
		if (i == 4 || i == 6)
			sheet_line(pen, x, cell.y1, in->x0, cell.y1, pen->thick_mm);
		sheet_letter_upright(pen, &cell, fields[i].caption, "caption", 2.8);
	}
}

static void draw_gost_frame(struct sheet_pen *pen)
{
	bool fields = rng_chance(pen->rng, 0.5);

	sheet_rectangle(pen, &pen->inside, max2(pen->thick_mm, 0.5));
	if (fields && pen->inside.y1 - pen->inside.y0 >= 145)
		draw_gost_margin(pen);
}

static struct margins frame_margins(struct sheet_pen *pen)
{
	double zoned = sheet_short_side(pen) >= 180 ? 12 : 10;
	double school = (double)rng_range(pen->rng, 5, 10);

	switch (pen->style->frame) {
	case STYLE_FRAME_ISO:
		return (struct margins){20, 10, 10, 10};
	case STYLE_FRAME_ASME:
		return (struct margins){zoned, zoned, zoned, zoned};
	case STYLE_FRAME_GOST:
		return (struct margins){20, 5, 5, 5};
	case STYLE_FRAME_SCHOOL:
		return (struct margins){school, school, school, school};
	default:
		return (struct margins){10, 10, 10, 10};
	}
}

static void draw_frame(struct sheet_pen *pen, int kind)
{
	if (kind == STYLE_FRAME_ISO)
		draw_iso_frame(pen);
	else if (kind == STYLE_FRAME_ASME)
		draw_asme_frame(pen);
	else if (kind == STYLE_FRAME_GOST)
		draw_gost_frame(pen);
	else
		sheet_rectangle(pen, &pen->inside, max2(pen->thick_mm, 0.5));
}

/* Where a title block may lie on a sheet without a frame. */
static struct box frameless_inside(const struct sheet_pen *pen)
{
	double m = sheet_short_side(pen) >= 150 ? 10 : 5;

	return inside_margins(pen->drawing, &(struct margins){m, m, m, m});
}

void draft_frame(struct sheet_pen *pen)
{
	struct box sheet = sheet_box(0, 0, pen->drawing->width_mm, pen->drawing->height_mm);
	struct margins m = frame_margins(pen);
	int kind = pen->style->frame;

	pen->inside = inside_margins(pen->drawing, &m);
	if (!has_room(&pen->inside)) {
		pen->inside = box_grown(&sheet, -5);
		kind = kind == STYLE_FRAME_NONE ? kind : STYLE_FRAME_PLAIN;
	}
	pen->framed = kind != STYLE_FRAME_NONE && has_room(&pen->inside);
	if (!pen->framed) {
		pen->taken->field = box_grown(&sheet, -FIELD_MARGIN_MM);
		pen->inside = frameless_inside(pen);
		return;
	}
	pen->taken->field = box_grown(&pen->inside, -FIELD_MARGIN_MM);
	draw_frame(pen, kind);
}

static bool is_taken(const struct sheet_taken *taken, const struct box *box)
{
	for (int i = 0; i < taken->count; i++)
		if (box_meets(box, &taken->boxes[i]))
			return true;
	return false;
}

/* From (x, y) on the frame outwards along (dx, dy), and inwards where nothing is. */
static void draw_centring_mark(struct sheet_pen *pen, double x, double y, double dx, double dy)
{
	struct box in =
		sheet_box(min2(x, x - dx * MARK_INSIDE_MM), min2(y, y - dy * MARK_INSIDE_MM),
			  max2(x, x - dx * MARK_INSIDE_MM), max2(y, y - dy * MARK_INSIDE_MM));
	struct box ink = box_grown(&in, ISO_LINE_MM / 2);
	double inwards = is_taken(pen->taken, &ink) ? 0 : MARK_INSIDE_MM;

	sheet_line(pen, x + dx * BAND_MM, y + dy * BAND_MM, x - dx * inwards, y - dy * inwards,
		   ISO_LINE_MM);
	if (inwards > 0)
		sheet_take(pen, &ink);
}

static void draw_centring_marks(struct sheet_pen *pen)
{
	const struct box *in = &pen->inside;
	double x = pen->drawing->width_mm / 2, y = pen->drawing->height_mm / 2;

	draw_centring_mark(pen, x, in->y0, 0, -1);
	draw_centring_mark(pen, x, in->y1, 0, 1);
	draw_centring_mark(pen, in->x0, y, -1, 0);
	draw_centring_mark(pen, in->x1, y, 1, 0);
}

/* GOST 2.104: the drawing's number in a box of 70 x 14 mm in the upper left corner. */
static void draw_turned_number(struct sheet_pen *pen)
{
	const struct box *in = &pen->inside;
	struct box box = sheet_box(in->x0, in->y1 - 14, in->x0 + 70, in->y1);

	sheet_line(pen, box.x0, box.y0, box.x1, box.y0, pen->thick_mm);
	sheet_line(pen, box.x1, box.y0, box.x1, box.y1, pen->thick_mm);
	if (pen->number)
		sheet_letter_turned(pen, &box, pen->number, "number", 5);
	sheet_take(pen, &box);
}

void draft_frame_marks(struct sheet_pen *pen)
{
	int frame = pen->framed ? pen->style->frame : STYLE_FRAME_NONE;
	double width = pen->inside.x1 - pen->inside.x0, height = pen->inside.y1 - pen->inside.y0;

	if (frame == STYLE_FRAME_ISO && pen->inside.x0 >= 4 * BAND_MM)
		draw_centring_marks(pen);
	if (frame == STYLE_FRAME_GOST && pen->russian && width >= 150 && height >= 120)
		draw_turned_number(pen);
}
