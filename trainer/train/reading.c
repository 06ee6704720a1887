/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/reading.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

#define CORNERS 4
#define NARROW 0.5 /* of a digit's width: marks */

#define FIGURES "0123456789"
#define SPOILT (-2) /* a number stands there that nobody can know, or several: unsaid */

const struct reading_question reading_questions[READING_QUESTION_COUNT_] = {
#define X(name, classes, rows) {classes, rows},
	READING_QUESTIONS(X)
#undef X
};

/* Where labels go. */
struct page {
	int8_t *to[READING_QUESTION_COUNT_];
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
	int8_t character, role, shape;
};

size_t reading_answers(int questions, int patches)
{
	int rows = 0;

	for (int i = 0; i < questions; i++)
		rows += reading_questions[i].rows;
	return (size_t)patches * (size_t)rows;
}

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

/* The number of the cell at a point of the picture; -1 outside. */
static int cell_at(const struct page *p, struct vec at)
{
	int cells = p->across * READING_SIDE;
	int x = (int)floor((at.x + p->dx) / p->cell), y = (int)floor((at.y + p->dy) / p->cell);
	int patch = y / READING_SIDE * p->across + x / READING_SIDE;

	if (x < 0 || y < 0 || x >= cells || y >= cells)
		return -1;
	return patch * READING_ROWS + y % READING_SIDE * READING_SIDE + x % READING_SIDE;
}

static void put(const struct page *p, struct vec at, const struct said *said)
{
	int cell = cell_at(p, at);
	bool known;

	if (cell < 0)
		return;
	known = p->to[READING_CHARACTER][cell] == READING_NOTHING;
	p->to[READING_CHARACTER][cell] = known ? said->character : READING_UNSAID;
	p->to[READING_ROLE][cell] = known ? said->role : READING_UNSAID;
	p->to[READING_SHAPE][cell] = known ? said->shape : READING_UNSAID;
}

static int class_of_figure(char c)
{
	return c == '.' ? 11 : c == '-' ? 12 : 1 + (c - '0');
}

/* How the program writes what the dimension states. */
static void stated_number(const struct scene *scene, const struct dimension *d, struct buf *out)
{
	const struct shape *shape = &scene->shapes[d->shape];
	const struct point *point = &shape->points[d->point];

	if (d->param != PARAM_POINTS)
		buf_milli(out, shape->value[d->param]);
	else
		buf_milli(out, d->kind == DIM_POSITION_Y ? point->y : point->x);
}

/* The only number of a text, with a point for a comma; nothing where there are several, and of diameters, of
 * which a program has the half as a rule. */
static void only_number(const char *text, struct buf *out)
{
	size_t from = strcspn(text, FIGURES), n = strspn(text + from, FIGURES ".,");

	if (strstr(text, "\u2300") || strpbrk(text + from + n, FIGURES))
		return;
	buf_bytes(out, text + from, n);
	for (size_t i = 0; i < out->len; i++)
		out->data[i] = out->data[i] == ',' ? '.' : out->data[i];
}

/* The number whose text has its middle there; where it is empty, one that nobody can know. */
static void put_number(const struct page *p, struct vec at, const struct buf *number,
		       const struct said *said)
{
	int cell = cell_at(p, at), patch = cell / READING_ROWS;
	bool known =
		cell >= 0 && number->len > 0 && p->to[READING_NUMBER_1][patch] == READING_UNSAID;

	if (cell < 0)
		return;
	p->to[READING_NUMBER_ROLE][patch] = known ? said->role : SPOILT;
	p->to[READING_NUMBER_SHAPE][patch] = known ? said->shape : SPOILT;
	for (int i = READING_NUMBER_1; i <= READING_NUMBER_5; i++) {
		size_t place = (size_t)(i - READING_NUMBER_1);
		int figure = place < number->len ? class_of_figure(number->data[place]) : 0;

		p->to[i][patch] = known ? (int8_t)figure : SPOILT;
	}
}

static int role_of(const struct dimension *d)
{
	return d->kind == DIM_POSITION_X   ? READING_POSITION_X
	       : d->kind == DIM_POSITION_Y ? READING_POSITION_Y
					   : READING_PARAM + (int)d->param;
}

/* What the text states; its characters are not in it yet. */
static struct said said_of(const struct dimension *d)
{
	struct said said = {READING_UNSAID, READING_UNSAID, READING_UNSAID};

	if (!d)
		return said;
	said.role = (int8_t)role_of(d);
	if (d->shape < READING_SHAPES)
		said.shape = (int8_t)d->shape;
	return said;
}

static void put_text(const struct page *p, const struct annotations *all,
		     const struct annotation *a)
{
	bool gone = a->struck || a->written || a->swapped || a->state == ANNOTATION_LOST;
	size_t len = strlen(a->value);
	const struct dimension *d =
		a->dimension >= 0 ? &all->scene->dimensions[a->dimension] : NULL;
	struct said said = said_of(d), unsaid = said_of(NULL);
	struct buf number = {0};
	double width = 0, at = 0;
	struct quad q;
	uint32_t c;

	if (!find_corners(&a->polygon, &q))
		return;
	if (d && !d->reference)
		stated_number(all->scene, d, &number);
	else if (!d)
		only_number(a->value, &number);
	if (gone)
		buf_clear(&number);
	if (strpbrk(a->value, FIGURES))
		put_number(p, middle_at(&q, 0.5), &number, &said);
	for (size_t i = 0, n; i < len && (n = utf8_char(a->value + i, len - i, &c)); i += n)
		width += width_of(c);
	for (size_t i = 0, n; i < len && (n = utf8_char(a->value + i, len - i, &c)); i += n) {
		said.character = (int8_t)class_of(c);
		if (c != ' ')
			put(p, middle_at(&q, (at + width_of(c) / 2) / width),
			    gone ? &unsaid : &said);
		at += width_of(c);
	}
	buf_free(&number);
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

void reading_label(int8_t *answers, const struct annotations *a, int side, int patch)
{
	int across = side / patch, patches = across * across;
	struct page page = {.across = across,
			    .cell = (double)patch / READING_SIDE,
			    .dx = (side - a->width_px) / 2,
			    .dy = (side - a->height_px) / 2};

	for (int i = 0; i < READING_QUESTION_COUNT_; i++)
		page.to[i] = answers + reading_answers(i, patches);
	memset(answers, READING_UNSAID, reading_answers(READING_QUESTION_COUNT_, patches));
	memset(page.to[READING_CHARACTER], READING_NOTHING, (size_t)(patches * READING_ROWS));
	for (int i = 0; i < a->count; i++)
		if (a->items[i].value && (a->items[i].class_ == ANNOTATION_TEXT ||
					  a->items[i].class_ == ANNOTATION_TITLE_BLOCK_FIELD))
			put_text(&page, a, &a->items[i]);
	thin_out(page.to[READING_CHARACTER], patches);
}
