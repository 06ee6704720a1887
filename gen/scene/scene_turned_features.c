/* SPDX-License-Identifier: MIT */
/*
 * Features are thrown onto the steps one after another and kept where the part stays sound and the
 * drawing readable: every width and depth is large enough on paper, and places along the axis that get
 * extension lines are the same or clearly apart. Sizes of threads, keyways (DIN 6885-1, ASME B17.1)
 * and grooves are those of the standards.
 */
#include <config.h>

#include "formats/scene/turned.h"
#include "gen/scene/scene_turned.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))

/* Millimetres on paper. */
#define APART_MM 1.8  /* between places with extension lines */
#define GROOVE_MM 2.2 /* the narrowest */
#define GROOVE_DEPTH_MM 0.8
#define KEYWAY_MM 15.0 /* the shortest */
#define KEYWAY_WIDE_MM 2.2
#define THREAD_MM 8.0
#define CORNER_MM 0.9 /* the smallest chamfer or fillet */
#define CORNER_MOST_MM 3.5

#define GROOVES_UM 430000 /* width and height of sheets with room for more than one groove */

struct thread_size {
	int64_t d, pitches[3]; /* 0: coarse, the usual one, not printed */
	int count;
};

static const struct thread_size threads_mm[] = {
	{3000, {0}, 1},
	{4000, {0}, 1},
	{5000, {0}, 1},
	{6000, {0}, 1},
	{8000, {0, 1000}, 2},
	{10000, {0, 1000, 1250}, 3},
	{12000, {0, 1250, 1500}, 3},
	{16000, {0, 1500}, 2},
	{20000, {0, 1500}, 2},
	{24000, {0, 1500, 2000}, 3},
	{30000, {0, 1500, 2000}, 3},
	{36000, {0, 1500, 3000}, 3},
	{42000, {0, 1500, 3000}, 3},
	{48000, {0, 1500, 3000}, 3},
	{56000, {0, 2000, 4000}, 3},
	{64000, {0, 2000, 4000}, 3},
	{72000, {2000, 4000, 6000}, 3},
	{80000, {2000, 4000, 6000}, 3},
	{90000, {2000, 4000, 6000}, 3},
	{100000, {2000, 4000, 6000}, 3},
};

/* Unified coarse; pitches are the thousandths that threads per inch come to. */
static const struct thread_size threads_inch[] = {
	{112, {25}, 1}, /* No. 4-40 */
	{138, {31}, 1},  {164, {31}, 1},   {190, {41}, 1},   {250, {50}, 1},   {500, {76}, 1},
	{750, {100}, 1}, {1000, {125}, 1}, {1250, {142}, 1}, {1500, {166}, 1},
};

struct keyway_size {
	int64_t from, to, width, depth; /* for shafts over `from` up to `to` */
};

static const struct keyway_size keyways_mm[] = {
	{6000, 8000, 2000, 1200},       {8000, 10000, 3000, 1800},
	{10000, 12000, 4000, 2500},     {12000, 17000, 5000, 3000},
	{17000, 22000, 6000, 3500},     {22000, 30000, 8000, 4000},
	{30000, 38000, 10000, 5000},    {38000, 44000, 12000, 5000},
	{44000, 50000, 14000, 5500},    {50000, 58000, 16000, 6000},
	{58000, 65000, 18000, 7000},    {65000, 75000, 20000, 7500},
	{75000, 85000, 22000, 9000},    {85000, 95000, 25000, 9000},
	{95000, 110000, 28000, 10000},  {110000, 130000, 32000, 11000},
	{130000, 150000, 36000, 12000}, {150000, 170000, 40000, 13000},
	{170000, 200000, 45000, 15000}, {200000, 230000, 50000, 17000},
	{230000, 260000, 56000, 20000}, {260000, 290000, 63000, 20000},
	{290000, 330000, 70000, 22000}, {330000, 380000, 80000, 25000},
	{380000, 440000, 90000, 28000}, {440000, 500000, 100000, 31000},
};

static const struct keyway_size keyways_inch[] = {
	{312, 437, 94, 47},     {437, 562, 125, 63},     {562, 875, 188, 94},
	{875, 1250, 250, 125},  {1250, 1375, 312, 156},  {1375, 1750, 375, 188},
	{1750, 2250, 500, 250}, {2250, 2750, 625, 313},  {2750, 3250, 750, 375},
	{3250, 3750, 875, 438}, {3750, 4500, 1000, 500},
};

static const int64_t corners_mm[] = {100,  200,  300,  400,  500,  800,  1000, 1500,
				     2000, 2500, 3000, 4000, 5000, 6000, 8000, 10000};
static const int64_t corners_inch[] = {10, 16, 20, 30, 40, 46, 60, 80, 100, 120, 160, 200, 300};
static const int64_t widths_mm[] = {400,  500,  800,  1000, 1300,  1600,  2000,  2500, 3000,
				    4000, 5000, 6000, 8000, 10000, 15000, 20000, 30000};
static const int64_t widths_inch[] = {16,  20,  30,  40,  46,  56,  62,  80,
				      100, 120, 160, 200, 250, 300, 500, 600};

static bool is_inch(const struct turner *t)
{
	return t->scene->unit == UNIT_INCH;
}

static int64_t pick_corner(const struct turner *t, double lo, double hi)
{
	return is_inch(t) ? turner_pick(t, corners_inch, COUNT(corners_inch), lo, hi)
			  : turner_pick(t, corners_mm, COUNT(corners_mm), lo, hi);
}

static int64_t pick_width(const struct turner *t, double lo, double hi)
{
	return is_inch(t) ? turner_pick(t, widths_inch, COUNT(widths_inch), lo, hi)
			  : turner_pick(t, widths_mm, COUNT(widths_mm), lo, hi);
}

static const struct thread_size *threads_of(const struct turner *t, int *count)
{
	*count = is_inch(t) ? COUNT(threads_inch) : COUNT(threads_mm);
	return is_inch(t) ? threads_inch : threads_mm;
}

int64_t turner_thread_diameter(const struct turner *t, int64_t lo, int64_t hi)
{
	int count, first = 0;
	const struct thread_size *threads = threads_of(t, &count);

	while (first < count && threads[first].d < lo)
		first++;
	while (count > first && threads[count - 1].d > hi)
		count--;
	/* the largest ones: a thread is hardly thinner than what it is cut on */
	if (count - first > 2)
		first = count - 2;
	return first == count
		       ? 0
		       : threads[first + (int)rng_below(t->rng, (uint32_t)(count - first))].d;
}

static int64_t end_of(const struct shape *s)
{
	return s->value[PARAM_X] + s->value[s->kind == SHAPE_GROOVE ? PARAM_WIDTH : PARAM_LENGTH];
}

/* Whether extension lines at x stand clear of all others; `alone`: and are not one with any. */
static bool is_clear(const struct turner *t, int64_t x, bool alone)
{
	for (int i = 0; i < t->scene->shape_count; i++) {
		const struct shape *s = &t->scene->shapes[i];
		int64_t ends[2] = {s->value[PARAM_X], end_of(s)};

		if (s->kind == SHAPE_CHAMFER || s->kind == SHAPE_FILLET)
			continue;
		for (int k = 0; k < 2; k++) {
			int64_t off = x > ends[k] ? x - ends[k] : ends[k] - x;

			if ((off != 0 || alone) && turner_paper(t, off) < APART_MM)
				return false;
		}
	}
	return true;
}

static bool try_clear(struct turner *t, const struct shape *s)
{
	bool alone = s->kind == SHAPE_KEYWAY;

	return is_clear(t, s->value[PARAM_X], alone) && is_clear(t, end_of(s), alone) &&
	       turner_try(t, s);
}

/* Copies the cylinders: features that are added move the shapes. */
static int list_cylinders(const struct turner *t, struct shape list[SCENE_SHAPES_MAX])
{
	int count = 0;

	for (int i = 0; i < t->scene->shape_count; i++)
		if (t->scene->shapes[i].kind == SHAPE_CYLINDER)
			list[count++] = t->scene->shapes[i];
	return count;
}

/* Each groove needs three dimensions in little room. */
static bool is_grooved(const struct turner *t)
{
	int count = 0;

	for (int i = 0; i < t->scene->shape_count; i++)
		count += t->scene->shapes[i].kind == SHAPE_GROOVE;
	return count >= (t->scene->sheet_um[0] + t->scene->sheet_um[1] > GROOVES_UM ? 2 : 1);
}

/* A groove at the left (side 0) or right end of a cylinder, where that stands against a larger one;
 * its width, or 0 where there is none. */
static int64_t try_relief(struct turner *t, const struct shape *cylinder, int side)
{
	struct shape s = {.kind = SHAPE_GROOVE};
	double length = turner_paper(t, cylinder->value[PARAM_LENGTH]);
	int64_t width = pick_width(t, GROOVE_MM, min2(6, 0.3 * length));
	int64_t depth =
		pick_corner(t, GROOVE_DEPTH_MM, 0.1 * turner_paper(t, cylinder->value[PARAM_D]));

	s.value[PARAM_X] = side == 0 ? cylinder->value[PARAM_X] : end_of(cylinder) - width;
	s.value[PARAM_WIDTH] = width;
	s.value[PARAM_D] = cylinder->value[PARAM_D] - 2 * depth;
	if (width == 0 || depth == 0 || s.value[PARAM_D] <= 0 || is_grooved(t) || !try_clear(t, &s))
		return 0;
	return width;
}

static int64_t pitch_for(const struct turner *t, int64_t d)
{
	int count;
	const struct thread_size *threads = threads_of(t, &count);

	for (int i = 0; i < count; i++)
		if (threads[i].d == d)
			return threads[i].pitches[rng_below(t->rng, (uint32_t)threads[i].count)];
	return -1;
}

/* A thread from the free end of a cylinder that has a thread's diameter, up to a groove at its other
 * end, or over part of it. */
static void try_thread(struct turner *t, const struct shape *cylinder, int side)
{
	struct shape s = {.kind = SHAPE_THREAD};
	int64_t length = cylinder->value[PARAM_LENGTH], d = cylinder->value[PARAM_D];
	int64_t pitch = pitch_for(t, d), relief;
	double share = 0.5 + 0.35 * rng_unit(t->rng);

	if (pitch < 0 || turner_paper(t, length) < THREAD_MM ||
	    (side == 0 ? cylinder->value[PARAM_X] : end_of(cylinder)) != turner_face(t, side))
		return;
	relief = rng_chance(t->rng, 0.5) ? try_relief(t, cylinder, !side) : 0;
	s.value[PARAM_LENGTH] =
		relief ? length - relief : turner_length(t, share * turner_paper(t, length));
	s.value[PARAM_X] =
		side == 0 ? cylinder->value[PARAM_X] : end_of(cylinder) - s.value[PARAM_LENGTH];
	s.value[PARAM_D] = d;
	s.value[PARAM_PITCH] = pitch;
	try_clear(t, &s);
}

static void add_threads(struct turner *t, const struct shape *list, int count)
{
	int first = rng_chance(t->rng, 0.5) ? 0 : 1;

	if (!t->large && rng_chance(t->rng, 0.5))
		return;
	for (int k = 0; k < 2; k++) {
		int side = k == 0 ? first : !first;

		if (rng_chance(t->rng, k == 0 ? 0.8 : 0.2))
			try_thread(t, &list[side == 0 ? 0 : count - 1], side);
	}
}

static void add_reliefs(struct turner *t, const struct shape *list, int count)
{
	if (rng_chance(t->rng, 0.55))
		return;
	for (int i = 0; i < 2 * count; i++)
		if (rng_chance(t->rng, 0.35))
			try_relief(t, &list[i / 2], i % 2);
}

/* A groove for a ring, near an end of a cylinder. */
static void add_ring_groove(struct turner *t, const struct shape *list, int count)
{
	const struct shape *c = &list[rng_below(t->rng, (uint32_t)count)];
	double length = turner_paper(t, c->value[PARAM_LENGTH]);
	double off = 3 + 0.15 * length * rng_unit(t->rng);
	int64_t width = pick_width(t, GROOVE_MM, 4);
	int64_t depth = pick_corner(t, GROOVE_DEPTH_MM, 0.08 * turner_paper(t, c->value[PARAM_D]));
	bool right = rng_chance(t->rng, 0.6);
	struct shape s = {.kind = SHAPE_GROOVE};
	int64_t from_end = turner_length(t, off);

	if (width == 0 || depth == 0 || length < 14 || is_grooved(t))
		return;
	s.value[PARAM_X] = right ? end_of(c) - from_end - width : c->value[PARAM_X] + from_end;
	s.value[PARAM_WIDTH] = width;
	s.value[PARAM_D] = c->value[PARAM_D] - 2 * depth;
	if (s.value[PARAM_D] > 0)
		try_clear(t, &s);
}

static bool try_keyway(struct turner *t, const struct shape *c)
{
	const struct keyway_size *sizes = is_inch(t) ? keyways_inch : keyways_mm;
	int count = is_inch(t) ? COUNT(keyways_inch) : COUNT(keyways_mm);
	double length = turner_paper(t, c->value[PARAM_LENGTH]);
	double share = 0.5 + 0.3 * rng_unit(t->rng), at = 0.3 + 0.4 * rng_unit(t->rng);
	struct shape s = {.kind = SHAPE_KEYWAY};
	int i = 0;

	while (i < count &&
	       !(sizes[i].from < c->value[PARAM_D] && c->value[PARAM_D] <= sizes[i].to))
		i++;
	if (i == count || turner_paper(t, sizes[i].width) < KEYWAY_WIDE_MM ||
	    share * length < KEYWAY_MM)
		return false;
	s.value[PARAM_LENGTH] = turner_length(t, share * length);
	s.value[PARAM_X] = c->value[PARAM_X] + turner_length(t, (1 - share) * at * length);
	s.value[PARAM_WIDTH] = sizes[i].width;
	s.value[PARAM_DEPTH] = sizes[i].depth;
	return try_clear(t, &s);
}

static void add_keyways(struct turner *t, const struct shape *list, int count)
{
	int most = rng_chance(t->rng, 0.25) ? 2 : 1, first;

	if (t->longitudinal || !t->large || rng_chance(t->rng, 0.35))
		return;
	first = (int)rng_below(t->rng, (uint32_t)count);
	for (int i = 0; i < count && most > 0; i++) {
		most -= try_keyway(t, &list[(first + i) % count]);
	}
}

static void try_corner(struct turner *t, enum shape_kind kind, int64_t x, int64_t d, int64_t size)
{
	struct shape s = {.kind = kind};

	if (size == 0 || d % 2 != 0)
		return;
	s.value[PARAM_X] = x;
	s.value[PARAM_Y] = d / 2;
	s.value[kind == SHAPE_FILLET ? PARAM_R : PARAM_C] = size;
	turner_try(t, &s);
}

/* At inner corners, all of one radius. */
static void add_fillets(struct turner *t)
{
	struct turned part;
	struct turned_line line;
	int64_t r = pick_corner(t, CORNER_MM, CORNER_MOST_MM);

	if (rng_chance(t->rng, 0.5))
		return;
	turned_from_scene(&part, t->scene);
	turned_outside(&part, &line);
	for (int i = 1; i + 1 < line.count; i++) {
		const struct turned_corner *k = &line.corners[i];
		bool low = (k[1].x == k->x && k[1].d > k->d) || (k[-1].x == k->x && k[-1].d > k->d);

		if (low && rng_chance(t->rng, 0.6))
			try_corner(t, SHAPE_FILLET, k->x, k->d, r);
	}
}

/* At the end faces, at some shoulders, at the mouths of bores that are shown. */
static void add_chamfers(struct turner *t)
{
	struct turned part;
	struct turned_line line;
	int64_t c = pick_corner(t, CORNER_MM, CORNER_MOST_MM), second = c;
	bool half = t->scene->section == SECTION_HALF;
	bool ends = rng_chance(t->rng, 0.85), mouths = rng_chance(t->rng, half ? 0.2 : 0.45);
	bool shoulders = rng_chance(t->rng, 0.2);

	if (t->large && rng_chance(t->rng, 0.2))
		second = pick_corner(t, CORNER_MM, CORNER_MOST_MM);
	turned_from_scene(&part, t->scene);
	turned_outside(&part, &line);
	for (int i = 0; i < line.count; i++) {
		const struct turned_corner *k = &line.corners[i];
		bool end = i == 0 || i + 1 == line.count;

		if (end ? ends && rng_chance(t->rng, 0.85) : shoulders && rng_chance(t->rng, 0.4))
			try_corner(t, SHAPE_CHAMFER, k->x, k->d, c);
	}
	for (int side = 0; side < 2 && mouths && t->scene->section != SECTION_NONE; side++)
		if (turned_mouth(&part, side))
			try_corner(t, SHAPE_CHAMFER, side == 0 ? 0 : part.length,
				   turned_mouth(&part, side), second);
}

void turner_add_features(struct turner *t)
{
	struct shape cylinders[SCENE_SHAPES_MAX];
	int count = list_cylinders(t, cylinders);

	if (count > 0) {
		add_threads(t, cylinders, count);
		add_reliefs(t, cylinders, count);
		add_keyways(t, cylinders, count);
		if (rng_chance(t->rng, t->longitudinal ? 0.1 : 0.35))
			add_ring_groove(t, cylinders, count);
	}
	add_fillets(t);
	add_chamfers(t);
}
