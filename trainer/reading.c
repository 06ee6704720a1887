/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/reading.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

#define CORNERS 4
#define NARROW 0.5 /* of a digit's width: marks */

const int reading_classes[READING_QUESTION_COUNT_] = {
#define X(name, classes) classes,
	READING_QUESTIONS(X)
#undef X
};

/* Where labels go. */
struct page {
	int8_t *cells; /* of the first question; */
	int count;     /* those of the next so many behind */
	int across;    /* patches */
	double cell;   /* px */
	double dx, dy; /* from the picture to the square */
};

/* A text's corners, from the lower left one round against the clock. */
struct quad {
	struct vec at[CORNERS];
};

/* Of a character. */
struct said {
	int8_t answers[READING_QUESTION_COUNT_];
};

static int class_of(uint32_t c)
{
	const char *all = READING_CHARACTERS;
	size_t len = strlen(all);
	int class_ = READING_FIRST;

	for (size_t i = 0; i < len; class_++) {
		uint32_t known;

		i += utf8_char(all + i, len - i, &known);
		if (known == c)
			return class_;
	}
	return READING_OTHER;
}

static double width_of(uint32_t c)
{
	return c < 0x80 && strchr(",.:'|!", (int)c) ? NARROW : 1;
}

/* How far the line turns at a point. */
static double turn_at(const struct polyline *line, int i)
{
	struct vec before = line->points[(i + line->count - 1) % line->count];
	struct vec at = line->points[i], after = line->points[(i + 1) % line->count];
	struct vec a = vec_unit(vec_sub(at, before)), b = vec_unit(vec_sub(after, at));

	return fabs(atan2(vec_cross(a, b), vec_dot(a, b)));
}

/* Whether the point is a corner: the first one always is, whatever a warp put between the others, of which
 * three are turned most. */
static bool is_corner(const struct polyline *line, int i)
{
	double turn = turn_at(line, i);
	int sharper = 0;

	for (int k = 1; k < line->count; k++) {
		double other = turn_at(line, k);

		sharper += other > turn || (other == turn && k < i);
	}
	return i == 0 || sharper < CORNERS - 1;
}

static bool find_corners(const struct polyline *line, struct quad *q)
{
	int n = 0;

	if (line->count < CORNERS)
		return false;
	for (int i = 0; i < line->count; i++)
		if (is_corner(line, i))
			q->at[n++] = line->points[i];
	return true;
}

static struct vec middle_at(const struct quad *q, double share)
{
	struct vec low = vec_add(q->at[0], vec_scale(vec_sub(q->at[1], q->at[0]), share));
	struct vec high = vec_add(q->at[3], vec_scale(vec_sub(q->at[2], q->at[3]), share));

	return vec_scale(vec_add(low, high), 0.5);
}

/* The cell at a point of the picture; NULL outside. */
static int8_t *cell_at(const struct page *p, struct vec at)
{
	int cells = p->across * READING_SIDE;
	int x = (int)floor((at.x + p->dx) / p->cell), y = (int)floor((at.y + p->dy) / p->cell);
	int patch = y / READING_SIDE * p->across + x / READING_SIDE;

	if (x < 0 || y < 0 || x >= cells || y >= cells)
		return NULL;
	return p->cells + patch * READING_ROWS + y % READING_SIDE * READING_SIDE + x % READING_SIDE;
}

static void put(const struct page *p, struct vec at, const struct said *said)
{
	int8_t *cell = cell_at(p, at);
	bool known = cell && *cell == READING_NOTHING;

	for (int i = 0; cell && i < READING_QUESTION_COUNT_; i++)
		cell[i * p->count] = known ? said->answers[i] : READING_UNSAID;
}

static int role_of(const struct dimension *d)
{
	return d->kind == DIM_POSITION_X   ? READING_POSITION_X
	       : d->kind == DIM_POSITION_Y ? READING_POSITION_Y
					   : READING_PARAM + (int)d->param;
}

/* What the text states; its characters are not in it yet. */
static struct said said_of(const struct annotations *all, const struct annotation *a)
{
	struct said said = {{READING_UNSAID, READING_UNSAID, READING_UNSAID}};
	const struct dimension *d;

	if (a->dimension < 0)
		return said;
	d = &all->scene->dimensions[a->dimension];
	said.answers[READING_ROLE] = (int8_t)role_of(d);
	if (d->shape < reading_classes[READING_SHAPE])
		said.answers[READING_SHAPE] = (int8_t)d->shape;
	return said;
}

static void put_text(const struct page *p, const struct annotations *all,
		     const struct annotation *a)
{
	bool gone = a->struck || a->written || a->swapped || a->state == ANNOTATION_LOST;
	size_t len = strlen(a->value);
	struct said said = said_of(all, a),
		    unsaid = {{READING_UNSAID, READING_UNSAID, READING_UNSAID}};
	double width = 0, at = 0;
	struct quad q;
	uint32_t c;

	if (!find_corners(&a->polygon, &q))
		return;
	for (size_t i = 0, n; i < len && (n = utf8_char(a->value + i, len - i, &c)); i += n)
		width += width_of(c);
	for (size_t i = 0, n; i < len && (n = utf8_char(a->value + i, len - i, &c)); i += n) {
		said.answers[READING_CHARACTER] = (int8_t)class_of(c);
		if (c != ' ')
			put(p, middle_at(&q, (at + width_of(c) / 2) / width),
			    gone ? &unsaid : &said);
		at += width_of(c);
	}
}

/* Cells of blank patches, but for one of each. */
static void thin_out(int8_t *cells, int patches)
{
	for (int i = 0; i < patches; i++) {
		int8_t *patch = cells + i * READING_ROWS;
		bool blank = true;

		for (int k = 0; k < READING_ROWS; k++)
			blank = blank && patch[k] == READING_NOTHING;
		for (int k = 0; blank && k < READING_ROWS; k++)
			patch[k] = k == i % READING_ROWS ? READING_NOTHING : READING_UNSAID;
	}
}

void reading_label(int8_t *cells, const struct annotations *a, int side, int patch)
{
	int across = side / patch, patches = across * across;
	struct page page = {.cells = cells,
			    .count = patches * READING_ROWS,
			    .across = across,
			    .cell = (double)patch / READING_SIDE,
			    .dx = (side - a->width_px) / 2,
			    .dy = (side - a->height_px) / 2};

	memset(cells, READING_UNSAID, (size_t)(READING_QUESTION_COUNT_ * page.count));
	memset(cells, READING_NOTHING, (size_t)page.count);
	for (int i = 0; i < a->count; i++)
		if (a->items[i].value && (a->items[i].class_ == ANNOTATION_TEXT ||
					  a->items[i].class_ == ANNOTATION_TITLE_BLOCK_FIELD))
			put_text(&page, a, &a->items[i]);
	thin_out(cells, patches);
}
