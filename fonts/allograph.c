/* SPDX-License-Identifier: MIT */
/*
 * A line is one allograph; the parser walks it with one pointer (glyph_line). Items are
 * inserted where they belong, so the file may be in any order.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fonts/allograph.h"
#include "fonts/glyph_line.h"

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
	struct glyph_line at;
};

static int read_weight(struct reader *r, int *out)
{
	double weight;

	if (glyph_line_number(&r->at, &weight) < 0)
		return -1;
	if (weight < 0 || weight > WEIGHT_MAX || weight != (int)weight)
		return glyph_line_fail(&r->at, "expected a whole weight of 0 to 1000");
	*out = (int)weight;
	return 0;
}

/* x,y or x,y! */
static int read_point(struct reader *r, bool down)
{
	struct allographs *all = r->all;
	struct allograph_point point = {.down = down};
	double x, y;

	if (glyph_line_number(&r->at, &x) < 0 || glyph_line_char(&r->at, ',', "expected ','") < 0 ||
	    glyph_line_number(&r->at, &y) < 0)
		return -1;
	point.x = (float)x;
	point.y = (float)y;
	if (*r->at.p == '!') {
		point.corner = true;
		r->at.p++;
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
		glyph_line_skip_blanks(&r->at);
		if (*r->at.p == ';' || !*r->at.p)
			break;
		if (read_point(r, count == 0) < 0)
			return -1;
		count++;
		if (glyph_line_end_of_point(&r->at) < 0)
			return -1;
	}
	return count < 2 ? glyph_line_fail(&r->at, "a stroke needs two points") : 0;
}

static int read_name(struct reader *r, char name[ALLOGRAPH_NAME_BYTES])
{
	size_t len = strspn(r->at.p, "abcdefghijklmnopqrstuvwxyz");

	if (len == 0 || len >= ALLOGRAPH_NAME_BYTES)
		return glyph_line_fail(&r->at, "expected a name of at most 15 small letters");
	memcpy(name, r->at.p, len);
	name[len] = '\0';
	r->at.p += len;
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
			return glyph_line_fail(&r->at, "this allograph has been given before");
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

	if (glyph_line_quoted(&r->at, &item.codepoint) < 0)
		return -1;
	glyph_line_skip_blanks(&r->at);
	if (read_name(r, item.name) < 0)
		return -1;
	glyph_line_skip_blanks(&r->at);
	if (read_weight(r, &item.weight[REGION_EUROPE]) < 0 ||
	    glyph_line_char(&r->at, '/', "expected '/'") < 0 ||
	    read_weight(r, &item.weight[REGION_AMERICA]) < 0 ||
	    glyph_line_char(&r->at, ':', "expected ':'") < 0)
		return -1;
	glyph_line_skip_blanks(&r->at);
	while (*r->at.p) {
		if (read_stroke(r) < 0)
			return -1;
		if (*r->at.p == ';')
			r->at.p++;
	}
	item.end = r->all->point_count;
	if (item.end - item.first > ALLOGRAPH_POINTS_MAX)
		return glyph_line_fail(&r->at, "more than 96 points");
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
				return err_set(r->at.err, ERR_FORMAT,
					       "%s: all weights of U+%04X are 0 in a region",
					       r->at.name, (unsigned)first->codepoint);
		}
		i += (uint32_t)n;
	}
	return 0;
}

static int read_lines(struct reader *r, const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		r->at.number = i + 1;
		r->at.p = lines[i];
		if (*r->at.p && *r->at.p != '#' && read_item(r) < 0)
			return -1;
	}
	return check_weights(r);
}

struct allographs *allographs_parse(const char *name, const char *const *lines, size_t count,
				    struct err *err)
{
	struct allographs *all = mem_alloc(1, sizeof(*all));
	struct reader r = {.all = all, .at = {.name = name, .err = err}};

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
