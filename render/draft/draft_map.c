/* SPDX-License-Identifier: MIT */
/*
 * Bitmaps of half-millimetre cells, one per kind of ink, 64 cells to a word. A convex figure is
 * turned into one span of cells per row: every edge widens the spans of the rows that it passes
 * with the x range it has there. Most figures stand level or upright, and all their rows have one
 * span: they are one block. For the others the box round them is asked first, which is mostly
 * blank. Rows and columns are closed on both sides (a figure ending on a cell border touches both
 * cells), which keeps the test conservative.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "render/draft/draft_map.h"

#define CELLS_PER_MM 2.0
enum { OUTLINE, SOLID, LINE, RING, INKS };

struct draft_map {
	int columns, rows, words; /* words per row */
	uint64_t (*bits)[INKS];   /* [row * words + word] */
	int *lo, *hi;             /* scratch: span of each row */
};

/* Cells of the columns lo..hi in the rows first..last. */
struct block {
	int first, last, lo, hi;
};

/* The cells that a figure touches. */
struct spans {
	struct block box; /* round all of them */
	bool even;   /* all of the box; else lo and hi of each row stand in the map's scratch */
	bool inside; /* the whole figure lies on the sheet */
};

struct draft_map *draft_map_new(double width_mm, double height_mm, struct arena *arena)
{
	struct draft_map *map = ARENA_NEW(arena, struct draft_map, 1);

	map->columns = (int)ceil(width_mm * CELLS_PER_MM);
	map->rows = (int)ceil(height_mm * CELLS_PER_MM);
	map->words = (map->columns + 63) / 64;
	map->bits = arena_alloc(arena, (size_t)map->rows * (size_t)map->words, sizeof(*map->bits));
	map->lo = ARENA_NEW(arena, int, map->rows);
	map->hi = ARENA_NEW(arena, int, map->rows);
	return map;
}

void draft_map_copy(struct draft_map *dst, const struct draft_map *src)
{
	memcpy(dst->bits, src->bits, (size_t)src->rows * (size_t)src->words * sizeof(*src->bits));
}

static int clamp(int v, int lo, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* Floor for values that fit an int; faster than floor(). */
static int floor_int(double v)
{
	int i = (int)v;

	return i - (v < i);
}

/* Widens the spans of the rows that the edge a-b (in cells) passes. */
static void add_edge(const struct draft_map *map, struct vec a, struct vec b)
{
	struct vec low = a.y <= b.y ? a : b, high = a.y <= b.y ? b : a;
	int first = clamp(floor_int(low.y), 0, map->rows - 1);
	int last = clamp(floor_int(high.y), 0, map->rows - 1);
	double slope = high.y > low.y ? (high.x - low.x) / (high.y - low.y) : 0;

	for (int row = first; row <= last; row++) {
		double x0 = row <= low.y ? low.x : low.x + (row - low.y) * slope;
		double x1 = row + 1 >= high.y ? high.x : low.x + (row + 1 - low.y) * slope;
		int c0 = floor_int(max2(min2(x0, x1), min2(a.x, b.x)));
		int c1 = floor_int(min2(max2(x0, x1), max2(a.x, b.x)));

		if (c0 < map->lo[row])
			map->lo[row] = c0;
		if (c1 > map->hi[row])
			map->hi[row] = c1;
	}
}

/* Whether the figure is a level or upright line, or a rectangle of such lines. */
static bool is_rectilinear(const struct vec *points, int n)
{
	const double tiny = 1e-9;

	if (n == 3)
		return false;
	for (int i = 0; i < n; i++) {
		struct vec d = vec_sub(points[i + 1 < n ? i + 1 : 0], points[i]);

		if (fabs(d.x) > tiny && fabs(d.y) > tiny)
			return false;
	}
	return true;
}

static void find_slanted_spans(const struct draft_map *map, const struct block *box,
			       const struct vec *points, int n)
{
	int edges = n == 2 ? 1 : n; /* a line is not gone back along */
	struct vec prev = vec_scale(points[n - 1], CELLS_PER_MM);

	for (int row = box->first; row <= box->last; row++) {
		map->lo[row] = map->columns;
		map->hi[row] = -1;
	}
	for (int i = 0; i < edges; i++) {
		struct vec point = vec_scale(points[i], CELLS_PER_MM);

		add_edge(map, prev, point);
		prev = point;
	}
	for (int row = box->first; row <= box->last; row++) {
		map->lo[row] = clamp(map->lo[row], 0, map->columns - 1);
		map->hi[row] = clamp(map->hi[row], 0, map->columns - 1);
	}
}

/* The spans but for those of slanted figures' rows. */
static struct spans spans_round(const struct draft_map *map, const struct vec *points, int n)
{
	struct box box = box_of_points(points, n);
	struct spans spans = {.even = is_rectilinear(points, n)};

	spans.inside = box.x0 >= 0 && box.y0 >= 0 && box.x1 * CELLS_PER_MM < map->columns &&
		       box.y1 * CELLS_PER_MM < map->rows;
	spans.box.first = clamp(floor_int(box.y0 * CELLS_PER_MM), 0, map->rows - 1);
	spans.box.last = clamp(floor_int(box.y1 * CELLS_PER_MM), 0, map->rows - 1);
	spans.box.lo = clamp(floor_int(box.x0 * CELLS_PER_MM), 0, map->columns - 1);
	spans.box.hi = clamp(floor_int(box.x1 * CELLS_PER_MM), 0, map->columns - 1);
	return spans;
}

/* Takes the next block off the spans, the first ones first; false when none is left. */
static bool next_block(const struct draft_map *map, struct spans *spans, struct block *block)
{
	int row = spans->box.first;

	*block = spans->box;
	if (row > spans->box.last)
		return false;
	if (spans->even) {
		spans->box.first = spans->box.last + 1;
		return true;
	}
	spans->box.first++;
	*block = (struct block){row, row, map->lo[row], map->hi[row]};
	return true;
}

/* The bits of word w that the columns lo..hi cover. */
static uint64_t word_mask(int w, int lo, int hi)
{
	int from = lo - 64 * w, to = hi - 64 * w;
	uint64_t mask = ~UINT64_C(0);

	if (from > 0)
		mask &= ~UINT64_C(0) << from;
	if (to < 63)
		mask &= ~UINT64_C(0) >> (63 - to);
	return mask;
}

static int ink_index(enum map_ink ink)
{
	switch (ink) {
	case MAP_OUTLINE:
		return OUTLINE;
	case MAP_SOLID:
		return SOLID;
	case MAP_RING:
		return RING;
	default:
		return LINE;
	}
}

static uint64_t all_if(bool wanted)
{
	return wanted ? ~UINT64_C(0) : 0;
}

static bool block_hit(const struct draft_map *map, int inks, const struct block *b)
{
	uint64_t outline = all_if(inks & MAP_OUTLINE), solid = all_if(inks & MAP_SOLID);
	uint64_t line = all_if(inks & MAP_LINE), ring = all_if(inks & MAP_RING);

	for (int w = b->lo / 64; w <= b->hi / 64; w++) {
		uint64_t mask = word_mask(w, b->lo, b->hi);

		for (int row = b->first; row <= b->last; row++) {
			const uint64_t *bits = map->bits[row * map->words + w];

			if (((bits[OUTLINE] & outline) | (bits[SOLID] & solid) |
			     (bits[LINE] & line) | (bits[RING] & ring)) &
			    mask)
				return true;
		}
	}
	return false;
}

static void count_block(const struct draft_map *map, const struct block *b,
			struct map_counts *counts)
{
	for (int w = b->lo / 64; w <= b->hi / 64; w++) {
		uint64_t mask = word_mask(w, b->lo, b->hi);

		for (int row = b->first; row <= b->last && !counts->solid; row++) {
			const uint64_t *bits = map->bits[row * map->words + w];

			if (!((bits[OUTLINE] | bits[SOLID] | bits[LINE] | bits[RING]) & mask))
				continue;
			counts->outline += __builtin_popcountll(bits[OUTLINE] & mask);
			counts->solid += (bits[SOLID] & mask) != 0;
			counts->line += __builtin_popcountll(bits[LINE] & mask);
			counts->ring += (bits[RING] & mask) != 0;
		}
	}
}

void draft_map_mark(struct draft_map *map, enum map_ink ink, const struct vec *points, int n)
{
	struct spans spans = spans_round(map, points, n);
	int index = ink_index(ink);
	struct block b;

	if (!spans.even)
		find_slanted_spans(map, &spans.box, points, n);
	while (next_block(map, &spans, &b)) {
		for (int w = b.lo / 64; w <= b.hi / 64; w++) {
			uint64_t mask = word_mask(w, b.lo, b.hi);

			for (int row = b.first; row <= b.last; row++)
				map->bits[row * map->words + w][index] |= mask;
		}
	}
}

bool draft_map_hit(const struct draft_map *map, int inks, const struct vec *points, int n)
{
	struct spans spans = spans_round(map, points, n);
	struct block b;

	if (!spans.inside)
		return true;
	if (!block_hit(map, inks, &spans.box))
		return false;
	if (spans.even)
		return true;
	find_slanted_spans(map, &spans.box, points, n);
	while (next_block(map, &spans, &b))
		if (block_hit(map, inks, &b))
			return true;
	return false;
}

struct map_counts draft_map_count(const struct draft_map *map, const struct vec *points, int n)
{
	struct spans spans = spans_round(map, points, n);
	struct map_counts counts = {.solid = !spans.inside};
	struct block b;

	if (!spans.even) {
		if (!block_hit(map, MAP_ALL | MAP_RING, &spans.box))
			return counts;
		find_slanted_spans(map, &spans.box, points, n);
	}
	while (!counts.solid && next_block(map, &spans, &b))
		count_block(map, &b, &counts);
	return counts;
}
