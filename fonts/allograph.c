/* SPDX-License-Identifier: MIT */
/*
 * A line is one allograph; the parser walks it with one pointer, like that of font_stroke. Items are
 * inserted where they belong, so the file may be in any order.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "fonts/allograph.h"
#include "fonts/font_utf8.h"

#define REPLACEMENT 0xfffdu
#define WEIGHT_MAX 1000

static const char *const builtin[] = {
#include "fonts/hand.inc"
};

const char *const *allographs_builtin(size_t *count)
{
	*count = sizeof(builtin) / sizeof(builtin[0]);
	return builtin;
}

struct reader {
	struct allographs *all;
	uint32_t point_room, item_room;
	const char *name;
	size_t line;
	const char *p;
	struct err *err;
};

static int fail(struct reader *r, const char *what)
{
	return err_set(r->err, ERR_FORMAT, "%s:%zu: %s at \"%.20s\"", r->name, r->line, what, r->p);
}

static void skip_blanks(struct reader *r)
{
	while (*r->p == ' ' || *r->p == '\t')
		r->p++;
}

static int read_char(struct reader *r, char c, const char *what)
{
	if (*r->p != c)
		return fail(r, what);
	r->p++;
	return 0;
}

static int read_number(struct reader *r, float *out)
{
	int64_t milli = 0;

	if (num_milli(r->p, strlen(r->p), &milli, &r->p) < 0)
		return fail(r, "expected a number of at most three decimals");
	*out = (float)milli / 1000;
	return 0;
}

static int read_weight(struct reader *r, int *out)
{
	int64_t milli = 0;

	if (num_milli(r->p, strlen(r->p), &milli, &r->p) < 0 || milli % 1000 != 0 || milli < 0 ||
	    milli / 1000 > WEIGHT_MAX)
		return fail(r, "expected a whole weight of 0 to 1000");
	*out = (int)(milli / 1000);
	return 0;
}

/* x,y or x,y! */
static int read_point(struct reader *r, bool down)
{
	struct allographs *all = r->all;
	struct allograph_point point = {.down = down};

	if (read_number(r, &point.x) < 0 || read_char(r, ',', "expected ','") < 0 ||
	    read_number(r, &point.y) < 0)
		return -1;
	if (*r->p == '!') {
		point.corner = true;
		r->p++;
	}
	if (all->point_count == r->point_room) {
		r->point_room = r->point_room ? 2 * r->point_room : 1024;
		all->points = mem_realloc(all->points, r->point_room, sizeof(*all->points));
	}
	all->points[all->point_count++] = point;
	return 0;
}

static int read_stroke(struct reader *r)
{
	int count = 0;

	for (;;) {
		skip_blanks(r);
		if (*r->p == ';' || !*r->p)
			break;
		if (read_point(r, count == 0) < 0)
			return -1;
		count++;
		if (*r->p && !strchr(" \t;", *r->p))
			return fail(r, "expected a blank, ';' or the line's end");
	}
	return count < 2 ? fail(r, "a stroke needs two points") : 0;
}

/* 'C' */
static int read_codepoint(struct reader *r, uint32_t *out)
{
	if (read_char(r, '\'', "expected '") < 0)
		return -1;
	if (!*r->p)
		return fail(r, "expected a character");
	*out = font_utf8_next(&r->p);
	if (*out == REPLACEMENT)
		return fail(r, "not UTF-8");
	return read_char(r, '\'', "expected '");
}

static int read_name(struct reader *r, char name[ALLOGRAPH_NAME_BYTES])
{
	size_t len = strspn(r->p, "abcdefghijklmnopqrstuvwxyz");

	if (len == 0 || len >= ALLOGRAPH_NAME_BYTES)
		return fail(r, "expected a name of at most 15 small letters");
	memcpy(name, r->p, len);
	name[len] = '\0';
	r->p += len;
	return 0;
}

static int insert(struct reader *r, const struct allograph *item)
{
	struct allographs *all = r->all;
	uint32_t at = all->count;

	if (all->count == r->item_room) {
		r->item_room = r->item_room ? 2 * r->item_room : 256;
		all->items = mem_realloc(all->items, r->item_room, sizeof(*all->items));
	}
	while (at > 0 && all->items[at - 1].codepoint > item->codepoint)
		at--;
	for (uint32_t i = at; i > 0 && all->items[i - 1].codepoint == item->codepoint; i--)
		if (strcmp(all->items[i - 1].name, item->name) == 0)
			return fail(r, "this allograph has been given before");
	memmove(&all->items[at + 1], &all->items[at], (all->count - at) * sizeof(*all->items));
	all->items[at] = *item;
	all->count++;
	return 0;
}

static void measure(const struct allographs *all, struct allograph *item)
{
	for (uint32_t i = item->first; i < item->end; i++) {
		float x = all->points[i].x, y = all->points[i].y;

		item->x0 = i == item->first || x < item->x0 ? x : item->x0;
		item->x1 = i == item->first || x > item->x1 ? x : item->x1;
		item->y0 = i == item->first || y < item->y0 ? y : item->y0;
		item->y1 = i == item->first || y > item->y1 ? y : item->y1;
	}
}

/* 'C' NAME EUROPE/AMERICA: STROKE; STROKE */
static int read_item(struct reader *r)
{
	struct allograph item = {.first = r->all->point_count};

	if (read_codepoint(r, &item.codepoint) < 0)
		return -1;
	skip_blanks(r);
	if (read_name(r, item.name) < 0)
		return -1;
	skip_blanks(r);
	if (read_weight(r, &item.weight[REGION_EUROPE]) < 0 ||
	    read_char(r, '/', "expected '/'") < 0 ||
	    read_weight(r, &item.weight[REGION_AMERICA]) < 0 ||
	    read_char(r, ':', "expected ':'") < 0)
		return -1;
	skip_blanks(r);
	while (*r->p) {
		if (read_stroke(r) < 0)
			return -1;
		if (*r->p == ';')
			r->p++;
	}
	item.end = r->all->point_count;
	if (item.end - item.first > ALLOGRAPH_POINTS_MAX)
		return fail(r, "more than 96 points");
	measure(r->all, &item);
	return insert(r, &item);
}

int allographs_of(const struct allographs *all, uint32_t codepoint, const struct allograph **first)
{
	uint32_t lo = 0, hi = all->count;
	int n = 0;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (all->items[mid].codepoint < codepoint)
			lo = mid + 1;
		else
			hi = mid;
	}
	*first = all->items + lo;
	while (lo < all->count && all->items[lo].codepoint == codepoint) {
		lo++;
		n++;
	}
	return n;
}

/* Every region writes every character. */
static int check_weights(struct reader *r)
{
	const struct allographs *all = r->all;

	for (uint32_t i = 0; i < all->count;) {
		const struct allograph *first;
		int n = allographs_of(all, all->items[i].codepoint, &first);

		for (int region = 0; region < REGION_COUNT_; region++) {
			int sum = 0;

			for (int k = 0; k < n; k++)
				sum += first[k].weight[region];
			if (sum == 0)
				return err_set(r->err, ERR_FORMAT,
					       "%s: all weights of U+%04X are 0 in a region",
					       r->name, (unsigned)first->codepoint);
		}
		i += (uint32_t)n;
	}
	return 0;
}

static int read_lines(struct reader *r, const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		r->line = i + 1;
		r->p = lines[i];
		if (*r->p && *r->p != '#' && read_item(r) < 0)
			return -1;
	}
	return check_weights(r);
}

struct allographs *allographs_parse(const char *name, const char *const *lines, size_t count,
				    struct err *err)
{
	struct allographs *all = mem_alloc(1, sizeof(*all));
	struct reader r = {.all = all, .name = name, .err = err};

	if (read_lines(&r, lines, count) < 0) {
		allographs_free(all);
		return NULL;
	}
	return all;
}

void allographs_free(struct allographs *all)
{
	if (!all)
		return;
	free(all->points);
	free(all->items);
	free(all);
}
