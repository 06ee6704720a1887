/* SPDX-License-Identifier: MIT */
/*
 * Drawn last of all: the map says where the sheet is empty. ISO 2768-1, table 1, up to the lengths of
 * a small part.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "render/draft/draft_tables.h"
#include "render/draft/sheet_pen.h"

#define COLUMNS 6
#define ROWS 4
#define CLASSES 4
#define HEAD_MM 17.0 /* the first column */
#define COLUMN_MM 11.0
#define ROW_MM 5.0
#define LETTER_MM 2.5
#define CLEAR_MM 3.0 /* all round */
#define INSET_MM 3.6 /* from what the map holds, which counts in cells */

/* Hundredths of a millimetre. */
static const int from[COLUMNS] = {50, 300, 600, 3000, 12000, 40000};
static const int to[COLUMNS] = {300, 600, 3000, 12000, 40000, 100000};
static const struct {
	char name;
	int limits[COLUMNS];
} classes[CLASSES] = {
	{'f', {5, 5, 10, 15, 20, 30}},
	{'m', {10, 10, 20, 30, 50, 80}},
	{'c', {20, 30, 50, 80, 120, 200}},
	{'m', {10, 10, 20, 30, 50, 80}}, /* twice: it is the usual one */
};

static const char *number(struct sheet_pen *pen, const char *sign, int hundredths)
{
	struct buf milli = {0}, b = {0};
	const char *text;

	buf_milli(&milli, (int64_t)hundredths * 10);
	buf_str(&b, sign);
	for (size_t i = 0; i < milli.len; i++)
		buf_char(&b, milli.data[i] == '.' ? style_decimal_mark(pen->style) : milli.data[i]);
	text = arena_strndup(pen->arena, b.data, b.len);
	buf_free(&b);
	buf_free(&milli);
	return text;
}

/* The class after "2768-" or "2768 " in any text of the drawing, or one by the dice. */
static int class_of(const struct drawing *drawing, uint32_t dice)
{
	static const char standard[] = "2768";

	for (int i = 0; i < drawing->text_count; i++) {
		const char *at = strstr(drawing->texts[i].utf8, standard);

		for (int k = 0; at && k < CLASSES; k++)
			if (at[strlen(standard)] && at[strlen(standard) + 1] == classes[k].name)
				return k;
	}
	return (int)dice;
}

/* Row 0 is the title, which has no columns. */
static struct box cell_of(const struct box *table, int row, int column)
{
	double y = table->y1 - row * ROW_MM;
	double x = table->x0 + (column < 0 ? 0 : HEAD_MM + column * COLUMN_MM);

	return sheet_box(x, y - ROW_MM, x + (column < 0 ? HEAD_MM : COLUMN_MM), y);
}

static void draw_lines(struct sheet_pen *pen, const struct box *t)
{
	sheet_rectangle(pen, t, pen->thin_mm);
	for (int row = 1; row < ROWS; row++)
		sheet_line(pen, t->x0, t->y1 - row * ROW_MM, t->x1, t->y1 - row * ROW_MM,
			   pen->thin_mm);
	for (int column = 0; column < COLUMNS; column++) {
		double x = t->x0 + HEAD_MM + column * COLUMN_MM;

		sheet_line(pen, x, t->y0, x, t->y1 - ROW_MM, pen->thin_mm);
	}
}

static void letter_cells(struct sheet_pen *pen, const struct box *t, int class_)
{
	static const char *const heads[] = {NULL, "over", "up to", "limits"};
	struct box title = sheet_box(t->x0, t->y1 - ROW_MM, t->x1, t->y1);
	char name[] = "GENERAL TOLERANCES ISO 2768-?";

	name[sizeof(name) - 2] = classes[class_].name;
	sheet_letter(pen, &title, 'c', arena_strndup(pen->arena, name, sizeof(name) - 1),
		     "tolerance", LETTER_MM);
	for (int row = 1; row < ROWS; row++) {
		struct box head = cell_of(t, row, -1);

		sheet_letter(pen, &head, 'l', heads[row], "caption", LETTER_MM);
		for (int i = 0; i < COLUMNS; i++) {
			struct box cell = cell_of(t, row, i);
			const char *text = row == 1   ? number(pen, "", from[i])
					   : row == 2 ? number(pen, "", to[i])
						      : number(pen, "±", classes[class_].limits[i]);

			sheet_letter(pen, &cell, 'c', text, "tolerance", LETTER_MM);
		}
	}
}

static bool is_empty(const struct drafter *d, const struct box *box)
{
	struct box wide = box_grown(box, CLEAR_MM);
	struct vec corners[4] = {
		{wide.x0, wide.y0}, {wide.x1, wide.y0}, {wide.x1, wide.y1}, {wide.x0, wide.y1}};

	return !draft_map_hit(d->map, MAP_ALL, corners, 4);
}

/* In the corners of the field, and wherever a title block begins. */
static bool find_place(const struct drafter *d, const struct sheet_taken *taken, uint32_t first,
		       struct box *table)
{
	const struct box *f = &taken->field;
	double w = HEAD_MM + COLUMNS * COLUMN_MM, h = ROWS * ROW_MM;
	double left = f->x0 + INSET_MM, right = f->x1 - INSET_MM - w;
	double low = f->y0 + INSET_MM, high = f->y1 - INSET_MM - h;
	struct vec places[4 + 2 * SHEET_TAKEN_MAX] = {
		{left, high}, {right, high}, {left, low}, {right, low}};
	int count = 4;

	for (int i = 0; i < taken->count; i++) {
		places[count++] = vec(right, taken->boxes[i].y1 + INSET_MM);
		places[count++] = vec(taken->boxes[i].x0 - w - INSET_MM, low);
	}
	for (int i = 0; i < count; i++) {
		struct vec at = places[((int)first + i) % count];

		*table = sheet_box(at.x, at.y, at.x + w, at.y + h);
		if (at.x >= left && at.x <= right && at.y >= low && at.y <= high &&
		    is_empty(d, table))
			return true;
	}
	return false;
}

void draft_tables(struct drafter *d, const struct sheet_facts *facts, struct sheet_taken *taken)
{
	struct sheet_pen pen =
		sheet_pen_new(d->drawing, facts, d->style, d->font, d->rng, d->arena, taken);
	bool wanted = rng_chance(d->rng, d->style->table_share);
	uint32_t class_ = rng_below(d->rng, CLASSES);
	uint32_t first = rng_below(d->rng, 4);
	struct box table;

	if (!wanted || sheet_custom(d->style) != CUSTOM_ISO || d->style->unit == STYLE_UNIT_INCH ||
	    pen.floor_mm > LETTER_MM || !find_place(d, taken, first, &table))
		return;
	draw_lines(&pen, &table);
	letter_cells(&pen, &table, class_of(d->drawing, class_));
}
