/* SPDX-License-Identifier: MIT */
/*
 * A table of holes, found by its rulings: a cell is what the nearest lines round a text enclose. The head
 * has an X and beside it, in the next cell, a Y; left of both stands the column of names, right of them
 * that of sizes. Rows follow downwards, each with one text in every cell; the first row that has none is
 * below the table. A name that stands once more on the sheet, by itself, names a hole.
 *
 * What stands in the table is no lettering of dimensions, whatever lines are near.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader.h"

/* Upright and level lines. */
struct rulings {
	int count;
	const struct seg *list[READER_RULINGS_MAX];
};

static struct rulings gather(const struct drawing *d)
{
	struct rulings r = {0};

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;

		for (int k = 0; d->strokes[i].layer == LAYER_FRAME && k < path->count; k++) {
			const struct seg *seg = &path->segs[k];

			if (seg->kind == SEG_LINE && r.count < READER_RULINGS_MAX &&
			    !same_point(seg->a, seg->b) &&
			    is_level_or_upright(vec_unit(vec_sub(seg->b, seg->a))))
				r.list[r.count++] = seg;
		}
	}
	return r;
}

static struct vec text_middle(const struct text *t)
{
	struct vec c[4];

	text_corners(t, c);
	return vec_scale(vec_add(c[0], c[2]), 0.5);
}

/* The cell that the text stands in; false: lines do not enclose it. */
static bool cell_of(const struct rulings *r, const struct text *text, struct box *cell)
{
	struct vec m = text_middle(text);

	*cell = (struct box){-INFINITY, -INFINITY, INFINITY, INFINITY};
	for (int i = 0; i < r->count; i++) {
		const struct seg *s = r->list[i];
		bool upright = fabs(s->b.x - s->a.x) < READER_SAME_MM;
		double at = upright ? s->a.x : s->a.y, p = upright ? m.x : m.y;
		double q = upright ? m.y : m.x, a = upright ? s->a.y : s->a.x;
		double b = upright ? s->b.y : s->b.x;
		double *low = upright ? &cell->x0 : &cell->y0;
		double *high = upright ? &cell->x1 : &cell->y1;

		if (q < min2(a, b) || q > max2(a, b))
			continue;
		if (at < p)
			*low = max2(*low, at);
		else
			*high = min2(*high, at);
	}
	return isfinite(cell->x0) && isfinite(cell->y0) && isfinite(cell->x1) && isfinite(cell->y1);
}

static bool same(double a, double b)
{
	return fabs(a - b) < READER_SAME_MM;
}

static bool is_row_of(const struct box *a, const struct box *b)
{
	return same(a->y0, b->y0) && same(a->y1, b->y1);
}

/* Cells of the texts, and which texts are a head. */
struct sheet {
	const struct drawing *drawing;
	struct box *cells;
	bool *enclosed;
};

/* The text in the cell that lies beside `of` in the same row, to the right or to the left; -1: none. */
static int beside(const struct sheet *s, const struct box *of, bool right)
{
	for (int i = 0; i < s->drawing->text_count; i++)
		if (s->enclosed[i] && is_row_of(&s->cells[i], of) &&
		    (right ? same(s->cells[i].x0, of->x1) : same(s->cells[i].x1, of->x0)))
			return i;
	return -1;
}

/* Columns of the head, by its texts; false: there is none. */
static bool find_head(const struct sheet *s, int head[TABLE_COLUMNS])
{
	const struct text *texts = s->drawing->texts;

	for (int i = 0; i < s->drawing->text_count; i++) {
		if (!s->enclosed[i] || strcmp(texts[i].utf8, "X") != 0)
			continue;
		head[TABLE_X] = i;
		head[TABLE_Y] = beside(s, &s->cells[i], true);
		if (head[TABLE_Y] < 0 || strcmp(texts[head[TABLE_Y]].utf8, "Y") != 0)
			continue;
		head[TABLE_NAME] = beside(s, &s->cells[i], false);
		head[TABLE_SIZE] = beside(s, &s->cells[head[TABLE_Y]], true);
		if (head[TABLE_NAME] >= 0 && head[TABLE_SIZE] >= 0)
			return true;
	}
	return false;
}

/* The reading of a text; NULL: it has none, as notes do. */
static struct reading *reading_at(struct reader *reader, int text)
{
	const struct reading *r = reader->reading_of[text];

	return r ? &reader->readings[r - reader->readings] : NULL;
}

/* The only text in a column's cell under y1; NULL: none; *twice: there are more. */
static struct reading *read_cell(struct reader *reader, const struct sheet *s, int head, double y1,
				 bool *twice, double *y0)
{
	const struct box *column = &s->cells[head];
	struct reading *found = NULL;

	for (int i = 0; i < s->drawing->text_count; i++) {
		const struct box *cell = &s->cells[i];

		if (!s->enclosed[i] || !same(cell->x0, column->x0) || !same(cell->x1, column->x1) ||
		    !same(cell->y1, y1) || !reading_at(reader, i))
			continue;
		*twice |= found != NULL;
		found = reading_at(reader, i);
		*y0 = cell->y0;
	}
	return found;
}

static int check_row(const struct table_row *row, struct err *err)
{
	static const char *const names[] = {"name", "X", "Y", "size"};

	for (int k = 0; k < TABLE_COLUMNS; k++) {
		const struct reading *r = row->cells[k];
		const char *name =
			row->cells[TABLE_NAME] ? row->cells[TABLE_NAME]->text->utf8 : "?";
		bool number = r && r->is_callout && r->callout.status == CALLOUT_PLAIN;

		if (!r)
			return err_set(err, ERR_FORMAT, "row '%s' of the table has no %s", name,
				       names[k]);
		if (k != TABLE_NAME && !number)
			return err_set(err, ERR_FORMAT, "'%s' in row '%s' of the table is no %s",
				       r->text->utf8, name, names[k]);
		if ((k == TABLE_X || k == TABLE_Y) && r->callout.kind != CALLOUT_LINEAR)
			return err_set(err, ERR_FORMAT, "'%s' in row '%s' of the table is no %s",
				       r->text->utf8, name, names[k]);
	}
	return 0;
}

static int read_rows(struct reader *reader, const struct sheet *s, const int *head, struct err *err)
{
	double y = s->cells[head[TABLE_X]].y0;
	struct table *table = reader->table;

	table->rows = ARENA_NEW(reader->arena, struct table_row, s->drawing->text_count);
	for (;;) {
		struct table_row *row = &table->rows[table->count];
		bool twice = false, any = false;
		double y0 = y;

		for (int k = 0; k < TABLE_COLUMNS; k++) {
			row->cells[k] = read_cell(reader, s, head[k], y, &twice, &y0);
			any |= row->cells[k] != NULL;
		}
		if (!any)
			return 0;
		if (twice)
			return err_set(err, ERR_FORMAT, "two texts stand in one cell of the table");
		if (check_row(row, err) < 0)
			return -1;
		for (int k = 0; k < TABLE_COLUMNS; k++)
			row->cells[k]->explained = true;
		table->count++;
		y = y0;
	}
}

static bool is_named_before(const struct table *table, int row, const char *name)
{
	for (int i = 0; i < row; i++)
		if (strcmp(table->rows[i].cells[TABLE_NAME]->text->utf8, name) == 0)
			return true;
	return false;
}

/* Each name stands once in the table and once by itself. */
static int find_names(struct reader *reader, struct err *err)
{
	for (int i = 0; i < reader->table->count; i++) {
		struct table_row *row = &reader->table->rows[i];
		const char *name = row->cells[TABLE_NAME]->text->utf8;

		if (is_named_before(reader->table, i, name))
			return err_set(err, ERR_FORMAT, "two rows of the table are named '%s'",
				       name);
		for (int k = 0; k < reader->reading_count; k++) {
			struct reading *r = &reader->readings[k];

			if (r->explained || r->text->layer != LAYER_DIMENSION ||
			    strcmp(r->text->utf8, name) != 0)
				continue;
			if (row->mark)
				return err_set(err, ERR_FORMAT, "two holes are named '%s'", name);
			row->mark = r;
			r->explained = true;
		}
		if (!row->mark)
			return err_set(err, ERR_FORMAT, "no hole is named '%s'", name);
	}
	return 0;
}

int reader_find_table(struct reader *reader, struct err *err)
{
	const struct drawing *d = reader->drawing;
	struct rulings rulings = gather(d);
	struct sheet s = {.drawing = d};
	int head[TABLE_COLUMNS];

	s.cells = ARENA_NEW(reader->arena, struct box, d->text_count);
	s.enclosed = ARENA_NEW(reader->arena, bool, d->text_count);
	for (int i = 0; i < d->text_count; i++)
		s.enclosed[i] = cell_of(&rulings, &d->texts[i], &s.cells[i]);
	if (!find_head(&s, head))
		return 0;
	reader->table = ARENA_NEW(reader->arena, struct table, 1);
	reader->table->sizes_are_diameters = strcmp(d->texts[head[TABLE_SIZE]].utf8, "\u2300") == 0;
	if (read_rows(reader, &s, head, err) < 0)
		return -1;
	return find_names(reader, err);
}
