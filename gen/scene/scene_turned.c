/* SPDX-License-Identifier: MIT */
/*
 * Turned parts: shafts, pins, bushings, flanges with a hub, sleeves. Scale and room on the sheet come
 * first; steps are then laid out in millimetres on paper, wide and high enough for their dimensions,
 * and rounded to usual sizes. What does not come out sound (scene_check) is left out, and a part whose
 * steps do not is made again.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#include "formats/scene/turned.h"
#include "gen/scene/scene_turned.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define STEPS_MAX 7
#define PART_TRIES 200

/* Millimetres on paper. */
#define STEP_MM 8.0 /* the shortest step */
#define SMALL_SHEET_MM 140.0
#define PLAIN_END_MM 6.0      /* of a plain stretch, shown at both ends */
#define OFF_SCALE_SHARE 0.45  /* of parts with a plain step whose length is printed */
#define SLENDER 5             /* so many times as long as wide */
#define INTERRUPTED_SHARE 0.6 /* of shafts and pins with a stretch that is long enough */
#define KEYED_MM 200.0        /* sheets with room for sections */

/* R 20 rounded, and what shafts and bearings add; halves are whole thousandths. */
static const int64_t diameters_mm[] = {
	1000,   1200,   1600,   2000,   2500,   3000,   3200,   4000,   5000,   6000,   7000,
	8000,   9000,   10000,  11000,  12000,  13000,  14000,  15000,  16000,  17000,  18000,
	20000,  22000,  24000,  25000,  26000,  28000,  30000,  32000,  34000,  35000,  36000,
	38000,  40000,  42000,  45000,  46000,  48000,  50000,  52000,  54000,  55000,  56000,
	58000,  60000,  62000,  63000,  65000,  68000,  70000,  72000,  75000,  78000,  80000,
	82000,  85000,  88000,  90000,  95000,  100000, 105000, 110000, 115000, 120000, 125000,
	130000, 135000, 140000, 150000, 160000, 170000, 180000, 190000, 200000, 210000, 220000,
	230000, 240000, 250000, 260000, 280000, 300000, 320000, 340000, 360000, 380000, 400000,
	420000, 450000, 480000, 500000, 550000, 600000, 650000, 700000, 800000, 900000, 1000000};

static const int64_t diameters_inch[] = {
	60,    80,    100,   120,   126,   160,   180,   188,   200,   220,   240,   250,   280,
	300,   312,   340,   360,   376,   400,   420,   438,   460,   480,   500,   520,   562,
	580,   600,   626,   640,   660,   688,   700,   720,   750,   780,   800,   840,   876,
	900,   940,   960,   1000,  1060,  1100,  1126,  1200,  1250,  1300,  1350,  1376,  1400,
	1500,  1600,  1626,  1700,  1750,  1800,  1876,  1900,  2000,  2100,  2200,  2250,  2400,
	2500,  2600,  2750,  2800,  3000,  3200,  3250,  3400,  3500,  3750,  4000,  4250,  4500,
	4750,  5000,  5250,  5500,  6000,  6500,  7000,  7500,  8000,  8500,  9000,  10000, 11000,
	12000, 13000, 14000, 15000, 16000, 18000, 20000, 22000, 24000, 26000, 30000, 36000};

/* A step while it is thought out. */
struct step {
	int64_t length, d, d2;
};

int64_t turner_real(const struct turner *t, double paper_mm)
{
	return (int64_t)(paper_mm / t->paper + 0.5);
}

int64_t turner_length(const struct turner *t, double paper_mm)
{
	int64_t steps = (int64_t)(paper_mm / t->paper / (double)t->grid + 0.5);

	return (steps < 1 ? 1 : steps) * t->grid;
}

double turner_paper(const struct turner *t, int64_t thousandths)
{
	return (double)thousandths * t->paper;
}

int64_t turner_pick(const struct turner *t, const int64_t *list, int count, double lo, double hi)
{
	int first = 0, last = count;

	while (first < count && turner_paper(t, list[first]) < lo)
		first++;
	while (last > first && turner_paper(t, list[last - 1]) > hi)
		last--;
	return first == last ? 0 : list[first + (int)rng_below(t->rng, (uint32_t)(last - first))];
}

int64_t turner_diameter(const struct turner *t, int64_t lo, int64_t hi)
{
	bool inch = t->scene->unit == UNIT_INCH;

	return turner_pick(t, inch ? diameters_inch : diameters_mm,
			   inch ? COUNT(diameters_inch) : COUNT(diameters_mm), turner_paper(t, lo),
			   turner_paper(t, hi));
}

int64_t turner_face(const struct turner *t, int side)
{
	struct turned part;

	turned_from_scene(&part, t->scene);
	return side == 0 ? 0 : part.length;
}

void turner_add(struct turner *t, const struct shape *shape)
{
	assert(t->scene->shape_count < SCENE_SHAPES_MAX);
	t->scene->shapes[t->scene->shape_count++] = *shape;
	scene_sort_shapes(t->scene);
}

bool turner_try(struct turner *t, const struct shape *shape)
{
	struct scene *scene = t->scene;
	struct shape kept[SCENE_SHAPES_MAX];
	int at;

	if (scene->shape_count == SCENE_SHAPES_MAX || shape_check(shape, NULL) < 0)
		return false;
	memcpy(kept, scene->shapes, (size_t)scene->shape_count * sizeof(*kept));
	turner_add(t, shape);
	if (scene_check(scene, &at, NULL) == 0)
		return true;
	scene->shape_count--;
	memcpy(scene->shapes, kept, (size_t)scene->shape_count * sizeof(*kept));
	return false;
}

static void pick_scale(struct turner *t)
{
	static const struct scale {
		int paper, real, weight;
		int64_t grid[3];
	} scales_mm[] =
		{
			{1, 1, 10, {500, 1000, 1000}},  {1, 2, 4, {1000, 1000, 5000}},
			{1, 5, 2, {5000, 5000, 10000}}, {1, 10, 1, {5000, 10000, 10000}},
			{2, 1, 4, {500, 500, 1000}},    {5, 1, 1, {100, 200, 500}},
		},
	  scales_inch[] = {
		  {1, 1, 10, {50, 50, 100}},  {1, 2, 4, {50, 100, 250}},
		  {1, 5, 2, {250, 250, 500}}, {1, 10, 1, {500, 500, 1000}},
		  {2, 1, 4, {20, 50, 50}},    {5, 1, 1, {10, 10, 20}},
	  };
	const struct scale *scales = t->scene->unit == UNIT_INCH ? scales_inch : scales_mm;
	int total = 0, pick, i = 0;

	for (int k = 0; k < COUNT(scales_mm); k++)
		total += scales[k].weight;
	pick = (int)rng_below(t->rng, (uint32_t)total);
	while (pick >= scales[i].weight)
		pick -= scales[i++].weight;
	t->scene->scale_paper = scales[i].paper;
	t->scene->scale_real = scales[i].real;
	t->paper = scene_paper_per_unit(t->scene) / 1000;
	t->grid = scales[i].grid[rng_below(t->rng, 3)];
}

/* What at least two rows all round leave for the side view. */
static void find_room(struct turner *t, const struct scene_params *params)
{
	double width = (double)t->scene->sheet_um[0] / 1000;
	double height = (double)t->scene->sheet_um[1] / 1000;
	double least = min2(width, height);

	t->wide = width - (least < SMALL_SHEET_MM ? 46 : 60);
	t->spare = scene_title_mm(t->scene, params);
	t->high = height - t->spare - (least < SMALL_SHEET_MM ? 40 : 52);
	t->large = least >= SMALL_SHEET_MM;
}

/* Shares of a total, none less than `least`, on the grid of lengths. */
static void split(const struct turner *t, double total_mm, double least_mm, int n,
		  struct step *steps)
{
	double weights[STEPS_MAX], sum = 0;

	for (int i = 0; i < n; i++) {
		weights[i] = 0.25 + rng_unit(t->rng);
		sum += weights[i];
	}
	for (int i = 0; i < n; i++)
		steps[i].length =
			turner_length(t, least_mm + (total_mm - n * least_mm) * weights[i] / sum);
}

/* A diameter clearly lower than d, not lower than `least` mm on paper; 0: there is none. */
static int64_t lower(const struct turner *t, int64_t d, double least_mm)
{
	double share = 0.55 + 0.25 * rng_unit(t->rng);
	int64_t lo = (int64_t)(share * (double)d), least = turner_real(t, least_mm);

	return turner_diameter(t, lo > least ? lo : least, d - turner_real(t, SHOULDER_MM));
}

/* Adds the steps as cylinders and cones; false where they make no sound part. */
static bool add_steps(struct turner *t, const struct step *steps, int n)
{
	int64_t x = 0;
	int at;

	t->scene->shape_count = 0;
	for (int i = 0; i < n; i++) {
		bool cone = steps[i].d2 && steps[i].d2 != steps[i].d;
		struct shape s = {.kind = cone ? SHAPE_CONE : SHAPE_CYLINDER};

		s.value[PARAM_X] = x;
		s.value[PARAM_LENGTH] = steps[i].length;
		s.value[PARAM_D] = steps[i].d;
		s.value[PARAM_D2] = cone ? steps[i].d2 : 0;
		x += steps[i].length;
		if (steps[i].d == 0 || shape_check(&s, NULL) < 0)
			return false;
		turner_add(t, &s);
	}
	return scene_check(t->scene, &at, NULL) == 0;
}

/* Ascending to the widest step, descending behind it. */
static bool fill_diameters(const struct turner *t, struct step *steps, int n, int widest, int64_t d,
			   double least_mm)
{
	steps[widest].d = d;
	for (int i = widest - 1; i >= 0; i--)
		if (!(steps[i].d = lower(t, steps[i + 1].d, least_mm)))
			return false;
	for (int i = widest + 1; i < n; i++)
		if (!(steps[i].d = lower(t, steps[i - 1].d, least_mm)))
			return false;
	return true;
}

/* Whether a step from d to d2 tapers clearly. */
static bool is_steep(const struct step *s)
{
	int64_t rise = s->d < s->d2 ? s->d2 - s->d : s->d - s->d2;

	return s->d2 && rise * 6 > s->length;
}

/* Makes an end step a taper, or joins two steps by one that goes over from one to the other. */
static void taper(const struct turner *t, struct step *steps, int n)
{
	int i = (int)rng_below(t->rng, (uint32_t)n);

	if (i == 0 && n > 1) {
		int64_t d = steps[0].d;

		steps[0].d = lower(t, d, 4);
		steps[0].d2 = steps[0].d ? d : 0;
		if (!steps[0].d)
			steps[0].d = d;
	} else if (i == n - 1) {
		steps[i].d2 = lower(t, steps[i].d, 4);
	} else {
		steps[i].d = steps[i - 1].d;
		steps[i].d2 = steps[i + 1].d;
	}
	if (!is_steep(&steps[i]) && i > 0 && i < n - 1)
		steps[i].d = 0; /* the part is made again */
	else if (!is_steep(&steps[i]))
		steps[i].d2 = 0;
}

/* An end step of a usual thread's size. */
static void thread_end(const struct turner *t, struct step *steps, int n)
{
	int i = rng_chance(t->rng, 0.5) ? 0 : n - 1;
	int64_t next = steps[i == 0 ? 1 : n - 2].d;
	int64_t d =
		turner_thread_diameter(t, turner_real(t, 5), next - turner_real(t, SHOULDER_MM));

	if (d && !steps[i].d2)
		steps[i].d = d;
}

/* As high as most_high of its length, at most. */
static bool make_shaft_of(struct turner *t, double most_high)
{
	struct step steps[STEPS_MAX] = {{0}};
	double wide = t->wide * (0.75 + 0.25 * rng_unit(t->rng));
	double high = min2(t->high, wide * most_high);
	double thick = high * (0.55 + 0.45 * rng_unit(t->rng));
	int most = (int)(wide / 17), n, widest;
	int64_t d = turner_diameter(t, turner_real(t, 0.8 * thick), turner_real(t, thick));

	most = most > STEPS_MAX ? STEPS_MAX : most < 1 ? 1 : most;
	n = 1 + (int)rng_below(t->rng, (uint32_t)most);
	if (most > 2 && n < 2)
		n = 3;
	split(t, wide, STEP_MM, n, steps);
	widest = (int)rng_below(t->rng, (uint32_t)n);
	if (!d || !fill_diameters(t, steps, n, widest, d, 5))
		return false;
	if (n > 2 && rng_chance(t->rng, 0.2))
		taper(t, steps, n);
	if (n > 1 && rng_chance(t->rng, 0.4))
		thread_end(t, steps, n);
	return add_steps(t, steps, n);
}

static bool make_shaft(struct turner *t)
{
	return make_shaft_of(t, 0.5);
}

static bool make_slender_shaft(struct turner *t)
{
	return make_shaft_of(t, 0.12 + 0.08 * rng_unit(t->rng));
}

/* A head or none, a shank, perhaps a point. */
static bool make_pin(struct turner *t)
{
	struct step steps[3] = {{0}};
	double wide = t->wide * (0.65 + 0.35 * rng_unit(t->rng));
	double thick = min2(t->high * 0.6, wide * (0.15 + 0.25 * rng_unit(t->rng)));
	int64_t d = turner_diameter(t, turner_real(t, max2(5, 0.75 * thick)),
				    turner_real(t, max2(8, thick)));
	bool head = rng_chance(t->rng, 0.5), point = rng_chance(t->rng, 0.35);
	int n = 0;

	if (head) {
		steps[n].length = turner_length(t, max2(STEP_MM, wide * 0.12));
		steps[n++].d = turner_diameter(t, d + turner_real(t, SHOULDER_MM) + d / 5, 2 * d);
	}
	steps[n].length = turner_length(t, wide * 0.7);
	steps[n++].d = d;
	if (point) {
		steps[n].length = turner_length(t, max2(STEP_MM, wide * 0.15));
		steps[n].d = d;
		steps[n++].d2 = lower(t, d, 3);
	}
	return add_steps(t, steps, n);
}

static void cut_open(struct turner *t, enum section section)
{
	t->scene->section = section;
	t->longitudinal = turned_is_cut_along(t->scene);
}

/* The usual ways of showing bores that go far: each share is of a hundred. */
static void cut_open_somehow(struct turner *t, int full, int half)
{
	int dice = (int)rng_below(t->rng, 100);

	cut_open(t, dice < full          ? SECTION_FULL
		    : dice < full + half ? SECTION_HALF
					 : SECTION_QUARTER);
}

/* A bore right through a few steps, in section. */
static bool make_bushing(struct turner *t)
{
	struct step steps[4] = {{0}};
	double high = t->high * (0.55 + 0.45 * rng_unit(t->rng));
	double wide = min2(t->wide, high * (0.6 + 1.4 * rng_unit(t->rng)));
	int most = wide > 70   ? 4
		   : wide > 36 ? 3
			       : 2,
	    n = 1 + (int)rng_below(t->rng, (uint32_t)most);
	int64_t d = turner_diameter(t, turner_real(t, 0.8 * high), turner_real(t, high));
	int widest = rng_chance(t->rng, 0.6) ? 0 : (int)rng_below(t->rng, (uint32_t)n);

	split(t, wide, STEP_MM, n, steps);
	if (!d || !fill_diameters(t, steps, n, widest, d, 16))
		return false;
	if (n > 1 && rng_chance(t->rng, 0.3))
		thread_end(t, steps, n);
	if (!add_steps(t, steps, n) || !turner_bore_through(t))
		return false;
	cut_open_somehow(t, 55, 28);
	return true;
}

/* A wide disc with a hub on one side or both. */
static bool make_flange(struct turner *t)
{
	struct step steps[3] = {{0}};
	double high = t->high * (0.7 + 0.3 * rng_unit(t->rng));
	double wide = min2(t->wide * 0.8, max2(26, high * (0.3 + 0.35 * rng_unit(t->rng))));
	int hubs = (int)rng_below(t->rng, 4), n = hubs == 3 ? 3 : 2, disc = hubs == 1 ? 1 : 0;
	int64_t d = turner_diameter(t, turner_real(t, 0.85 * high), turner_real(t, high));

	if (n == 3)
		disc = 1;
	split(t, wide, STEP_MM, n, steps);
	for (int i = 0; i < n; i++) {
		double share = 0.45 + 0.25 * rng_unit(t->rng);

		steps[i].d = i == disc ? d
				       : turner_diameter(t, (int64_t)((share - 0.1) * (double)d),
							 (int64_t)(share * (double)d));
	}
	if (!add_steps(t, steps, n) || !turner_bore_through(t))
		return false;
	cut_open_somehow(t, 52, 30);
	return true;
}

/* A shaft with a blind bore at one end, broken open there; a cap or a pot in full or half section. */
static bool make_blind(struct turner *t)
{
	bool pot = rng_chance(t->rng, 0.5);
	int side = (int)rng_below(t->rng, 2), at;

	if (!(pot ? make_bushing(t) : make_shaft(t)))
		return false;
	for (int i = t->scene->shape_count - 1; i >= 0; i--)
		if (t->scene->shapes[i].kind == SHAPE_BORE) {
			t->scene->shape_count--;
			memmove(&t->scene->shapes[i], &t->scene->shapes[i + 1],
				(size_t)(t->scene->shape_count - i) * sizeof(struct shape));
		}
	cut_open(t, SECTION_NONE);
	if (!turner_bore_blind(t, side, pot ? 90 : 35))
		return false;
	if (!pot && rng_chance(t->rng, 0.12))
		return true; /* hidden lines */
	if (pot)
		cut_open_somehow(t, 55, 35);
	else
		cut_open(t, SECTION_LOCAL);
	return scene_check(t->scene, &at, NULL) == 0 && (pot || turner_breaks_clear(t));
}

/* The longest plain stretch of a cylinder, with nothing on or in it. */
static int64_t plain_stretch(const struct turner *t, int64_t *from)
{
	const struct scene *scene = t->scene;
	int64_t longest = 0, apart = turner_real(t, PLAIN_END_MM);

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];
		int64_t x0 = s->value[PARAM_X], x1 = x0 + s->value[PARAM_LENGTH];

		if (s->kind != SHAPE_CYLINDER)
			continue;
		for (int k = 0; k < scene->shape_count; k++) {
			const struct shape *o = &scene->shapes[k];
			int64_t a = o->value[PARAM_X];
			int64_t b = a + o->value[PARAM_LENGTH] + o->value[PARAM_WIDTH];

			if (k == i || b < x0 || a > x1 || o->kind == SHAPE_CYLINDER)
				continue;
			if (a - x0 > x1 - b) /* what is longer before or behind it is left */
				x1 = a;
			else
				x0 = b;
		}
		if (x1 - x0 - 2 * apart > longest) {
			longest = x1 - x0 - 2 * apart;
			*from = x0 + apart;
		}
	}
	return longest;
}

/* Moves all behind a place and makes the cylinder there longer, or shorter. */
static void stretch(struct scene *scene, int64_t at, int64_t by)
{
	for (int i = 0; i < scene->shape_count; i++) {
		int64_t *v = scene->shapes[i].value;

		if (v[PARAM_X] > at)
			v[PARAM_X] += by;
		else if (scene->shapes[i].kind == SHAPE_CYLINDER &&
			 v[PARAM_X] + v[PARAM_LENGTH] > at)
			v[PARAM_LENGTH] += by;
	}
}

/* Whether it is long enough for its middle to be left out. */
static bool is_slender(const struct scene *scene)
{
	struct turned part;

	turned_from_scene(&part, scene);
	return part.length > SLENDER * turned_widest(&part);
}

/* Makes a shaft longer than the sheet shows: a part of its longest plain stretch is left out. */
static void lengthen(struct turner *t)
{
	struct scene *scene = t->scene;
	int64_t from = 0, gap = turned_gap(scene), plain = plain_stretch(t, &from), more;
	struct shape shapes[SCENE_SHAPES_MAX];
	bool wanted = rng_chance(t->rng, INTERRUPTED_SHARE);
	double share = 0.4 + 1.4 * rng_unit(t->rng), place = rng_unit(t->rng);
	int at;

	for (int i = 0; i < scene->shape_count; i++)
		wanted &= scene->shapes[i].kind != SHAPE_KEYWAY;
	if (!wanted || plain < gap + turner_real(t, 4) ||
	    (scene->section != SECTION_NONE && scene->section != SECTION_LOCAL))
		return;
	memcpy(shapes, scene->shapes, (size_t)scene->shape_count * sizeof(*shapes));
	more = turner_length(t, share * turner_paper(t, turner_face(t, 1)));
	from += (int64_t)(place * (double)(plain - gap)) / t->grid * t->grid;
	stretch(scene, from, more);
	scene->interrupted[0] = from;
	scene->interrupted[1] = from + gap + more;
	if (scene_check(scene, &at, NULL) == 0 && is_slender(scene))
		return;
	memcpy(scene->shapes, shapes, (size_t)scene->shape_count * sizeof(*shapes));
	scene->interrupted[0] = scene->interrupted[1] = 0;
}

/* Whether a dimension states a length along the part, and from where to where. */
static bool states_length(const struct scene *scene, const struct dimension *dim, int64_t *from,
			  int64_t *to)
{
	struct feature a = dim->from, b = {dim->shape, dim->param, 0};
	int64_t x0, x1;

	if (dim->view > 0 || dim->reference ||
	    (dim->kind != DIM_LEVEL && dim->kind != DIM_POSITION_X))
		return false;
	if (dim->kind == DIM_LEVEL)
		a = (struct feature){dim->shape, PARAM_X, 0};
	x0 = scene_coordinate(scene, &a, true);
	x1 = scene_coordinate(scene, &b, true);
	*from = x0 < x1 ? x0 : x1;
	*to = x0 < x1 ? x1 : x0;
	return true;
}

/* How many dimensions lead across what is not drawn to scale: a wrong number is found out by another. */
static int count_across(const struct scene *scene, int64_t from, int64_t to)
{
	int64_t a, b;
	int count = 0;

	for (int i = 0; i < scene->dimension_count; i++)
		count +=
			states_length(scene, &scene->dimensions[i], &a, &b) && a <= from && b >= to;
	return count;
}

/* A step whose length is printed by itself, or NULL. */
static const struct shape *pick_told_step(const struct turner *t)
{
	const struct scene *scene = t->scene;
	const struct shape *picked = NULL;
	uint32_t count = 0;

	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];

		if (dim->kind == DIM_LEVEL && !dim->reference && dim->param == PARAM_LENGTH &&
		    scene->shapes[dim->shape].kind == SHAPE_CYLINDER &&
		    rng_below(t->rng, ++count) == 0)
			picked = &scene->shapes[dim->shape];
	}
	return picked;
}

/* Draws a step longer or shorter than it is. */
static void put_off_scale(struct turner *t)
{
	struct scene *scene = t->scene;
	bool wanted = rng_chance(t->rng, OFF_SCALE_SHARE);
	double share = 0.1 + 0.25 * rng_unit(t->rng), sign = rng_chance(t->rng, 0.5) ? 1 : -1;
	const struct shape *s = wanted ? pick_told_step(t) : NULL;
	int64_t x, length, by;
	int at;

	if (!s || turned_is_interrupted(scene))
		return;
	x = s->value[PARAM_X];
	length = s->value[PARAM_LENGTH];
	by = (int64_t)(sign * share * (double)length) / t->grid * t->grid;
	if (by == 0 || turner_paper(t, length + by) < STEP_MM ||
	    count_across(scene, x, x + length) < 2)
		return;
	scene->off_scale[0] = x;
	scene->off_scale[1] = x + length;
	scene->off_scale[2] = length + by;
	if (scene_check(scene, &at, NULL) < 0)
		memset(scene->off_scale, 0, sizeof(scene->off_scale));
}

/* A part with all that is cut into it and its dimensions; false where it is not sound or has no room. */
static bool make_part(struct turner *t)
{
	struct turner as_shown = *t;
	struct scene shown;

	static bool (*const kinds[])(struct turner *) = {
		make_shaft,  make_shaft,  make_shaft,   make_slender_shaft, make_slender_shaft,
		make_pin,    make_pin,    make_bushing, make_bushing,       make_bushing,
		make_flange, make_flange, make_blind,   make_blind};

	t->scene->shape_count = t->scene->dimension_count = 0;
	memset(t->scene->interrupted, 0, sizeof(t->scene->interrupted));
	memset(t->scene->off_scale, 0, sizeof(t->scene->off_scale));
	cut_open(t, SECTION_NONE);
	if (!kinds[rng_below(t->rng, COUNT(kinds))](t))
		return false;
	turner_add_features(t);
	if (t->scene->section == SECTION_QUARTER && !turner_breaks_clear(t))
		cut_open(t, SECTION_HALF);
	lengthen(t);
	turner_add_dimensions(t);
	if (turned_is_interrupted(t->scene) &&
	    count_across(t->scene, t->scene->interrupted[0], t->scene->interrupted[1]) < 2)
		return false;
	put_off_scale(t);
	shown = turned_shown(t->scene, t->arena);
	as_shown.scene = &shown;
	return turner_has_room(&as_shown);
}

/* What always works: one cylinder. */
static void make_cylinder(struct turner *t)
{
	struct step step = {turner_length(t, t->wide * 0.7),
			    turner_diameter(t, 0, turner_real(t, t->high)), 0};

	t->scene->shape_count = t->scene->dimension_count = 0;
	memset(t->scene->interrupted, 0, sizeof(t->scene->interrupted));
	memset(t->scene->off_scale, 0, sizeof(t->scene->off_scale));
	cut_open(t, SECTION_NONE);
	if (step.d == 0)
		step.d = 2 * turner_real(t, 10);
	add_steps(t, &step, 1);
	turner_add_dimensions(t);
}

void scene_turned(struct scene *scene, const struct scene_params *params, struct rng *rng,
		  struct arena *arena)
{
	struct turner t = {.scene = scene, .rng = rng, .arena = arena};
	int tries = 0;

	*scene = (struct scene){.family = FAMILY_TURNED, .unit = params->unit};
	scene->shapes = ARENA_NEW(arena, struct shape, SCENE_SHAPES_MAX);
	scene->dimensions = ARENA_NEW(arena, struct dimension, SCENE_DIMENSIONS_MAX);
	scene_pick_sheet(scene, params, rng);
	pick_scale(&t);
	find_room(&t, params);
	while (tries < PART_TRIES && !make_part(&t))
		tries++;
	if (tries == PART_TRIES)
		make_cylinder(&t);
}
