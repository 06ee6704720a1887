/* SPDX-License-Identifier: MIT */
/*
 * A table of holes: one row for each with its name, its coordinates and its size (ISO 129-1, coordinate
 * dimensioning; ASME Y14.5, tabular outline). The name stands at the hole; two axes through the datum
 * say where the coordinates begin and which is which.
 *
 *	HOLE |  X |  Y |  ⌀		Holes of one size share a letter, or all are numbered; numbers
 *	A1   | 20 | 15 | 8		are names only where no dimension reads the same.
 *
 * Heads are notes, rulings are part of the frame; names and numbers are lettering of dimensions.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "formats/drawing/dimension.h"
#include "render/draft/draft_plate.h"
#include "render/draft/sheet_pen.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define COLUMNS 4
#define ROW_TEXT 1.9        /* height of a row, in text heights */
#define LOW_ROW_TEXT 1.6    /* where there is little room */
#define PAD_TEXT 0.6        /* beside lettering in a cell, likewise */
#define FIELD_MM 1.0        /* from the edge of the field */
#define TABLE_CLEAR_MM 3.0  /* round the table */
#define TABLE_THICK_MM 0.5  /* its rim at most */
#define LETTERED 0.6        /* of drawings */
#define SIGN_IN_HEAD 0.6    /* of tables of plain holes: the sign is not repeated in the rows */
#define AXIS_MM 3.0         /* of an axis beyond the plate, and ... */
#define AXIS_TEXT 1.0       /* ... in text heights, and an arrowhead */
#define AXIS_CLEAR_MM 0.9   /* from an arrowhead to the name of the axis */
#define NAME_CLEAR_MM 0.5   /* round the name of a hole */
#define NAME_RING_MM 1.2    /* where foreign dimension lines keep off it */
#define NAME_SOLID_MM 0.4   /* where everything does */
#define NAME_NEARER_MM 0.8  /* to its hole than to any other */
#define NAME_NEAREST_MM 1.1 /* from the hole to its name, at least and at most */
#define NAME_FARTHEST_MM 6.0
#define NAME_STEP_MM 0.55 /* between places that are tried */
#define NAME_TURN_COST 0.3
#define NAME_IN_THE_WAY_COST 20

enum { COLUMN_NAME, COLUMN_X, COLUMN_Y, COLUMN_SIZE };

struct tabled {
	int shape, group;
	const char *name;
	int dimensions[COLUMNS]; /* DRAWING_NOBODY for the name */
	const char *texts[COLUMNS];
};

/* No C, M, R, S, T, which begin call-outs, and no I, O, Q, which look like digits. */
static const char letters[] = "ABDEFGHJKLNP";

/* Whether two holes differ in place alone. */
static bool same_size(const struct shape *a, const struct shape *b)
{
	static const enum param params[] = {PARAM_D, PARAM_CBORE_D, PARAM_CBORE_DEPTH, PARAM_PITCH};

	for (int i = 0; i < COUNT(params); i++)
		if (a->value[params[i]] != b->value[params[i]])
			return false;
	return a->kind == b->kind;
}

static void gather(struct drafter *d, struct plate_table *t)
{
	const struct scene *scene = d->scene;
	int groups = 0;

	t->rows = ARENA_NEW(d->arena, struct tabled, scene->shape_count);
	for (int i = 0; i < scene->shape_count; i++) {
		struct tabled *row = &t->rows[t->count];
		struct plate_row_of_table cells;

		if (!plate_in_table(scene, i, &cells))
			continue;
		*row = (struct tabled){.shape = i, .group = -1};
		row->dimensions[COLUMN_NAME] = DRAWING_NOBODY;
		row->dimensions[COLUMN_X] = cells.x;
		row->dimensions[COLUMN_Y] = cells.y;
		row->dimensions[COLUMN_SIZE] = cells.size;
		for (int k = 0; k < t->count && row->group < 0; k++)
			if (same_size(&scene->shapes[i], &scene->shapes[t->rows[k].shape]))
				row->group = t->rows[k].group;
		if (row->group < 0)
			row->group = groups++;
		t->count++;
	}
}

/* Rows of one size together, else as they were. */
static void sort_rows(struct plate_table *t)
{
	for (int i = 1; i < t->count; i++) {
		struct tabled row = t->rows[i];
		int at = i;

		for (; at > 0 && t->rows[at - 1].group > row.group; at--)
			t->rows[at] = t->rows[at - 1];
		t->rows[at] = row;
	}
}

static const char *keep(struct drafter *d, struct buf *b)
{
	const char *text = arena_strndup(d->arena, b->data, b->len);

	buf_free(b);
	return text;
}

/* Whether some dimension outside the table reads as one of the numbers 1 to n. */
static bool is_number_taken(const struct drafter *d, int n)
{
	for (int i = 0; i < d->scene->dimension_count; i++) {
		const char *text = drafter_lettering(d, i)->utf8;
		struct callout c;

		if (!plate_is_tabled(d->scene, &d->scene->dimensions[i]) &&
		    callout_parse(&c, text, NULL, NULL) == 0 && c.value % 1000 == 0 &&
		    c.value >= 1000 && c.value <= 1000 * (int64_t)n)
			return true;
	}
	return false;
}

static void name_rows(struct drafter *d, struct plate_table *t)
{
	bool lettered = rng_chance(d->rng, LETTERED) || is_number_taken(d, t->count);
	int used[sizeof(letters)] = {0};

	if (lettered)
		sort_rows(t);
	for (int i = 0; i < t->count; i++) {
		int letter = t->rows[i].group % (int)strlen(letters);
		struct buf b = {0};

		if (lettered)
			buf_char(&b, letters[letter]);
		buf_int(&b, lettered ? ++used[letter] : i + 1);
		t->rows[i].name = keep(d, &b);
	}
}

static bool all_plain(const struct drafter *d, const struct plate_table *t)
{
	for (int i = 0; i < t->count; i++)
		if (d->scene->shapes[t->rows[i].shape].kind != SHAPE_HOLE)
			return false;
	return true;
}

static void head_columns(struct drafter *d, struct plate_table *t, bool plain)
{
	static const char *const names[][2] = {
		{"POS.", "No."}, {"HOLE", "TAG"}, {"\u041e\u0442\u0432.", "\u2116"}};
	static const char *const sizes[] = {"SIZE", "SIZE", "\u0420\u0430\u0437\u043c\u0435\u0440"};
	const struct style *style = d->style;
	bool asme = style->times == STYLE_TIMES_CAPITAL || style->title_block == STYLE_TITLE_ASME;
	bool gost = style->times == STYLE_TIMES_OTV || style->title_block == STYLE_TITLE_GOST;
	int custom = gost ? 2 : asme ? 1 : 0;

	t->heads[COLUMN_NAME] = names[custom][rng_below(d->rng, 2)];
	t->heads[COLUMN_X] = "X";
	t->heads[COLUMN_Y] = "Y";
	t->heads[COLUMN_SIZE] = plain ? "\u2300" : sizes[custom];
}

static void letter_rows(struct drafter *d, struct plate_table *t, bool bare)
{
	for (int i = 0; i < t->count; i++) {
		struct tabled *row = &t->rows[i];
		struct buf b = {0};

		row->texts[COLUMN_NAME] = row->name;
		for (int k = COLUMN_X; k < COLUMNS; k++)
			row->texts[k] = drafter_lettering(d, row->dimensions[k])->utf8;
		if (!bare)
			continue;
		callout_number(d->scene->shapes[row->shape].value[PARAM_D],
			       drafter_style(d, row->dimensions[COLUMN_SIZE]), &b);
		row->texts[COLUMN_SIZE] = keep(d, &b);
	}
}

static void measure_columns(const struct drafter *d, struct plate_table *t)
{
	double h = d->style->text_mm;

	for (int k = 0; k < COLUMNS; k++) {
		double width = font_text_width(d->font, t->heads[k], h);

		for (int i = 0; i < t->count; i++)
			width = max2(width, font_text_width(d->font, t->rows[i].texts[k], h));
		t->columns[k] = width + 2 * PAD_TEXT * h;
	}
}

void plate_plan_table(struct drafter *d)
{
	struct plate_plan *plan = d->family;
	struct plate_table *t = &plan->table;
	bool plain, bare;

	if (d->scene->arrangement != ARRANGE_TABLE)
		return;
	gather(d, t);
	if (t->count == 0)
		return;
	plain = all_plain(d, t);
	name_rows(d, t);
	head_columns(d, t, plain);
	bare = rng_chance(d->rng, SIGN_IN_HEAD) && plain;
	letter_rows(d, t, bare);
	measure_columns(d, t);
}

static struct vec size_of(const struct plate_table *t)
{
	double width = 0;

	for (int k = 0; k < COLUMNS; k++)
		width += t->columns[k];
	return vec(width, t->row_mm * (t->count + 1));
}

static bool is_free(const struct sheet_taken *taken, const struct box *box)
{
	const struct box *f = &taken->field;

	for (int i = 0; i < taken->count; i++)
		if (box_meets(box, &taken->boxes[i]))
			return false;
	return box->x0 >= f->x0 && box->y0 >= f->y0 && box->x1 <= f->x1 && box->y1 <= f->y1;
}

bool plate_place_table(struct drafter *d, struct sheet_taken *taken, int i, bool low)
{
	struct plate_plan *plan = d->family;
	const struct box *f = &taken->field;
	struct vec size;
	double left, right, foot, head;
	struct vec corners[4 + 2 * SHEET_TAKEN_MAX];
	int count = 0;

	if (taken->count == SHEET_TAKEN_MAX)
		return false;
	plan->table.row_mm = (low ? LOW_ROW_TEXT : ROW_TEXT) * d->style->text_mm;
	size = size_of(&plan->table);
	left = f->x0 + FIELD_MM;
	right = f->x1 - FIELD_MM - size.x;
	foot = f->y0 + FIELD_MM;
	head = f->y1 - FIELD_MM - size.y;
	for (int k = 0; k < 4; k++)
		corners[count++] = vec(k % 3 == 0 ? right : left, k < 2 ? head : foot);
	for (int k = 0; k < taken->count; k++) {
		corners[count++] = vec(min2(right, taken->boxes[k].x1 - size.x),
				       taken->boxes[k].y1 + FIELD_MM);
		corners[count++] = vec(taken->boxes[k].x0 - FIELD_MM - size.x, foot);
	}
	for (int k = 0; k < count; k++) {
		struct box box = sheet_box(corners[k].x, corners[k].y, corners[k].x + size.x,
					   corners[k].y + size.y);

		if (!is_free(taken, &box) || i-- > 0)
			continue;
		plan->table.corner = corners[k];
		taken->boxes[taken->count++] = box_grown(&box, TABLE_CLEAR_MM);
		return true;
	}
	return false;
}

static void mark_box(struct drafter *d, enum map_ink ink, const struct box *b)
{
	struct vec corners[4] = {{b->x0, b->y0}, {b->x1, b->y0}, {b->x1, b->y1}, {b->x0, b->y1}};

	draft_map_mark(d->map, ink, corners, 4);
}

static void draw_text(struct drafter *d, const char *utf8, struct vec middle, enum layer layer,
		      int shape, int dimension)
{
	struct text *text = drawing_add_text(d->drawing, d->arena);
	double h = d->style->text_mm, width = font_text_width(d->font, utf8, h);

	*text = (struct text){.utf8 = utf8,
			      .at = vec_sub(middle, vec(width / 2, h / 2)),
			      .height_mm = h,
			      .width_mm = width,
			      .layer = layer,
			      .shape = shape,
			      .dimension = dimension};
}

static void rule(struct drafter *d, struct vec a, struct vec b, double width_mm)
{
	struct stroke *s = drawing_add_stroke(d->drawing, d->arena);

	s->layer = LAYER_FRAME;
	s->width_mm = width_mm;
	path_add_line(&s->path, d->arena, a, b);
}

static void draw_rulings(struct drafter *d, const struct plate_table *t)
{
	double thin = d->style->thin_mm,
	       thick = max2(thin, min2(d->style->thick_mm, TABLE_THICK_MM));
	struct vec size = size_of(t), at = t->corner;

	for (int i = 0; i <= t->count + 1; i++) {
		bool rim = i == 0 || i >= t->count;

		rule(d, vec_add(at, vec(0, i * t->row_mm)), vec_add(at, vec(size.x, i * t->row_mm)),
		     rim ? thick : thin);
	}
	for (int k = 0; k <= COLUMNS; k++) {
		rule(d, at, vec_add(at, vec(0, size.y)), k == 0 || k == COLUMNS ? thick : thin);
		if (k < COLUMNS)
			at.x += t->columns[k];
	}
}

static void draw_cells(struct drafter *d, const struct plate_table *t)
{
	double x = t->corner.x;

	for (int k = 0; k < COLUMNS; k++) {
		double middle = x + t->columns[k] / 2,
		       y = t->corner.y + (t->count + 0.5) * t->row_mm;

		draw_text(d, t->heads[k], vec(middle, y), LAYER_NOTE, DRAWING_NOBODY,
			  DRAWING_NOBODY);
		for (int i = 0; i < t->count; i++) {
			const struct tabled *row = &t->rows[i];

			y -= t->row_mm;
			draw_text(d, row->texts[k], vec(middle, y), LAYER_DIMENSION, row->shape,
				  row->dimensions[k]);
		}
		x += t->columns[k];
	}
}

/* An axis from the datum on, past the plate and the rows there, with an arrowhead and its name. It is
 * the extension line of dimensions from the datum on that side, too. */
static void draw_axis(struct drafter *d, bool is_x)
{
	const struct plate_plan *plan = d->family;
	const struct style *style = d->style;
	struct vec u = is_x ? vec(1, 0) : vec(0, 1), datum = d->drawing->datum;
	double reach = (is_x ? plan->view.x1 : plan->view.y1) + plate_axis_mm(d, is_x);
	struct vec tip = vec_add(datum, vec_scale(u, reach));
	const char *name = is_x ? "X" : "Y";
	double half = style->arrow_mm / style->arrow_ratio / 2, h = style->text_mm;
	double width = font_text_width(d->font, name, h);
	struct proposal p = {.cost = 0};
	struct arrow *arrow;
	struct vec middle = is_x ? vec(tip.x - width / 2, tip.y + half + AXIS_CLEAR_MM + h / 2)
				 : vec(tip.x + half + AXIS_CLEAR_MM + width / 2, tip.y - h / 2);
	struct box box = sheet_box(middle.x - width / 2, middle.y - h / 2, middle.x + width / 2,
				   middle.y + h / 2);

	drafter_line(d, datum, tip, LAYER_EXTENSION, LINE_CONTINUOUS, DRAWING_NOBODY,
		     DRAWING_NOBODY);
	proposal_add_arrow(&p, style, tip, u);
	arrow = drawing_add_arrow(d->drawing, d->arena);
	*arrow = p.arrows[0];
	arrow->shape = arrow->dimension = DRAWING_NOBODY;
	arrow->kind = style->arrow >= STYLE_ARROW_TICK ? ARROW_OPEN : (enum arrow_kind)style->arrow;
	draw_text(d, name, middle, LAYER_SYMBOL, DRAWING_NOBODY, DRAWING_NOBODY);
	box = box_grown(&box, NAME_SOLID_MM);
	mark_box(d, MAP_SOLID, &box);
	draft_map_mark(d->map, MAP_SOLID, (struct vec[]){arrow->tip, arrow->left, arrow->right}, 3);
}

double plate_axis_mm(const struct drafter *d, bool is_x)
{
	const struct plate_plan *plan = d->family;
	const struct style *style = d->style;
	int rows = plan->row_count[is_x ? SIDE_RIGHT : SIDE_ABOVE];
	double beyond = AXIS_MM + AXIS_TEXT * style->text_mm + style->arrow_mm;

	if (rows == 0)
		return beyond;
	return beyond + style->first_offset_mm + (rows - 1) * draft_spacing(style);
}

/* --- names at holes --- */

static double box_to_point(const struct box *b, struct vec p)
{
	double dx = max2(max2(b->x0 - p.x, p.x - b->x1), 0);
	double dy = max2(max2(b->y0 - p.y, p.y - b->y1), 0);

	return hypot(dx, dy);
}

/* From the box to the rim of the nearest hole that is not the shape. */
static double nearest_other(const struct drafter *d, const struct box *b, int shape)
{
	double nearest = INFINITY;

	for (int i = 0; i < d->scene->shape_count; i++) {
		const struct shape *s = &d->scene->shapes[i];
		double r = drafter_mm(d, plate_hole_width(s)) / 2;

		for (int k = 0; i != shape && k < plate_hole_count(s); k++)
			nearest = min2(nearest,
				       box_to_point(b, plate_point(d, plate_hole(s, k))) - r);
	}
	return nearest;
}

/* Whether extension lines will run through the box, if dimensions stand where it is planned. */
static bool is_in_the_way(const struct drafter *d, const struct box *b)
{
	const struct plate_plan *plan = d->family;
	struct vec datum = d->drawing->datum;

	for (int i = 0; i < 2 * d->scene->dimension_count; i++) {
		const struct plate_row *row = &plan->rows[i / 2];
		bool low = row->side == SIDE_LEFT || row->side == SIDE_BELOW;
		double at, start;

		if (!row->in_rows)
			continue;
		at = drafter_mm(d, row->at[i % 2]) + (row->is_x ? datum.x : datum.y);
		start = plate_start(d, row->is_x, row->at[i % 2], row->side) +
			(row->is_x ? datum.y : datum.x);
		if (at < (row->is_x ? b->x0 : b->y0) || at > (row->is_x ? b->x1 : b->y1))
			continue;
		if (low ? start > (row->is_x ? b->y0 : b->x0) : start < (row->is_x ? b->y1 : b->x1))
			return true;
	}
	return false;
}

/* How good a place for the name is: near its hole, above it to the right, out of the way; INFINITY
 * where it cannot stand. */
static double name_cost(const struct drafter *d, const struct tabled *row, const struct box *box,
			double best)
{
	const struct shape *s = &d->scene->shapes[row->shape];
	struct vec centre = plate_point(d, plate_hole(s, 0));
	struct vec middle = vec((box->x0 + box->x1) / 2, (box->y0 + box->y1) / 2);
	double own = box_to_point(box, centre) - drafter_mm(d, plate_hole_width(s)) / 2;
	double turn = atan2(middle.y - centre.y, middle.x - centre.x) - M_PI / 4;
	double cost = own + NAME_TURN_COST * fabs(remainder(turn, 2 * M_PI));
	struct box grown = box_grown(box, NAME_CLEAR_MM);
	struct vec corners[4] = {{grown.x0, grown.y0},
				 {grown.x1, grown.y0},
				 {grown.x1, grown.y1},
				 {grown.x0, grown.y1}};

	if (own < NAME_NEAREST_MM || own > NAME_FARTHEST_MM || cost >= best)
		return INFINITY;
	if (is_in_the_way(d, &grown))
		cost += NAME_IN_THE_WAY_COST;
	if (cost >= best || draft_map_hit(d->map, MAP_ALL, corners, 4) ||
	    nearest_other(d, box, row->shape) < own + NAME_NEARER_MM)
		return INFINITY;
	return cost;
}

/* In the best place of a grid round the hole. */
static int draw_name(struct drafter *d, const struct tabled *row)
{
	const struct shape *s = &d->scene->shapes[row->shape];
	struct vec centre = plate_point(d, plate_hole(s, 0));
	double h = d->style->text_mm, width = font_text_width(d->font, row->name, h);
	double reach = drafter_mm(d, plate_hole_width(s)) / 2 + NAME_FARTHEST_MM;
	double best = INFINITY, half_x = width / 2, half_y = h / 2;
	int across = (int)ceil((reach + half_x) / NAME_STEP_MM);
	int up = (int)ceil((reach + half_y) / NAME_STEP_MM);
	struct vec at = centre;
	struct box box;

	for (int i = -across; i <= across; i++) {
		for (int k = -up; k <= up; k++) {
			struct vec p = vec_add(centre, vec(i * NAME_STEP_MM, k * NAME_STEP_MM));
			double cost;

			box = sheet_box(p.x - half_x, p.y - half_y, p.x + half_x, p.y + half_y);
			cost = name_cost(d, row, &box, best);
			if (cost >= best)
				continue;
			best = cost;
			at = p;
		}
	}
	if (best == INFINITY)
		return -1;
	draw_text(d, row->name, at, LAYER_DIMENSION, row->shape, DRAWING_NOBODY);
	box = sheet_box(at.x - half_x, at.y - half_y, at.x + half_x, at.y + half_y);
	box = box_grown(&box, NAME_SOLID_MM);
	mark_box(d, MAP_SOLID, &box);
	box = box_grown(&box, NAME_RING_MM - NAME_SOLID_MM);
	mark_box(d, MAP_RING, &box);
	return 0;
}

int plate_draw_table(struct drafter *d)
{
	const struct plate_plan *plan = d->family;
	const struct plate_table *t = &plan->table;
	struct vec size;
	struct box box;

	if (t->count == 0)
		return 0;
	size = size_of(t);
	box = sheet_box(t->corner.x, t->corner.y, t->corner.x + size.x, t->corner.y + size.y);
	box = box_grown(&box, TABLE_CLEAR_MM);
	draw_rulings(d, t);
	draw_cells(d, t);
	mark_box(d, MAP_SOLID, &box);
	draw_axis(d, true);
	draw_axis(d, false);
	for (int i = 0; i < t->count; i++)
		if (draw_name(d, &t->rows[i]) < 0)
			return -1;
	return 0;
}
