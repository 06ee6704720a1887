/* SPDX-License-Identifier: MIT */
/*
 * A cabinet is thought out as a joiner does: so wide, deep and high as its place allows (here: the
 * sheet, at a usual scale), divided by partitions; each compartment gets shelves, drawers or
 * both; then doors, a plinth, a cover.
 *
 * All faces lie on a grid of half millimetres, or quarters of an inch, so that the middle of every
 * box is a whole thousandth.
 */
#include <config.h>

#include <math.h>

#include "formats/scene/cabinet.h"
#include "gen/scene/scene_cabinet.h"

#define INCH_MM 25.4
#define SHAPES_ROOM 32
#define SHEETS 6 /* tried one after the other */

/* Millimetres on paper. */
#define FRAME_HIGH_MM 24.0 /* upper and lower margin of a frame */
#define FRAMELESS_MM 16.0
#define TAIL_MM 2.5    /* beyond a row of dimensions */
#define BETWEEN_MM 9.0 /* views without dimensions between them */
#define RIM_MM 5.0
#define LEADER_TEXTS 3.7 /* text heights: a leader with the thickness of a board ... */
#define LEADER_INCH 6.0  /* ... and with more digits */
#define TITLE_MM 4.0     /* beside the title of a view */
#define BOARD_MM 0.85    /* thickness of a board, at least */
#define PANEL_MM 0.55
#define WIDE_MM 25.0 /* the front, at least */
#define DEEP_MM 18.0
#define HIGH_MM 28.0
#define COMPARTMENT_MM 17.0
#define SHELF_MM 7.5 /* from one to the next */
#define FRONT_MM 5.0
#define BEHIND_MM 6.0 /* from the drawers to the back: their extension lines keep off arrows */

/* Millimetres in the room. */
#define SHELF_CLEAR_MM 150.0
#define OVERHANG_MM 60.0 /* of a cover over both sides, at most */

struct maker {
	struct scene *scene;
	const struct scene_params *params;
	struct rng *rng;
	bool inch;
	bool doors, top; /* the views */
	bool leaders;    /* tell how thick boards are */
	bool several;    /* compartments, where there is room */
	bool drawers;    /* may be there */
	bool set_back;   /* shelves are */
	bool has_cover, has_plinth;
	bool overhang;         /* of the cover over the sides, whose dimensions stand above */
	double paper;          /* mm on paper for one in the room */
	int64_t w, d, h;       /* of the carcass */
	int64_t plinth, cover; /* their heights; 0: none */
	int64_t bt, bp, shelf_bt, door_bt;
	int64_t setback;      /* of shelves */
	int64_t drawer_depth; /* 0: no drawers yet */
	struct cabinet c;
};

/* What fills a compartment. */
struct filling {
	int drawers, shelves;
	int64_t front; /* height of a drawer front; 0: they share the whole height */
	bool board;    /* on the drawers */
};

/* A length from millimetres in the room, on the grid; coarser than a grid where the joiner likes
 * round numbers. */
static int64_t rounded(const struct maker *m, double mm, double step_mm)
{
	double step = m->inch ? (step_mm >= 20 ? 1000 : step_mm >= 10 ? 500 : 250) : 1000 * step_mm;
	double thousandths = m->inch ? 1000 * mm / INCH_MM : 1000 * mm;

	return (int64_t)(floor(thousandths / step + 0.5) * step);
}

static double in_mm(const struct maker *m, int64_t thousandths)
{
	return (double)thousandths / 1000 * (m->inch ? INCH_MM : 1);
}

static double on_paper(const struct maker *m, int64_t thousandths)
{
	return in_mm(m, thousandths) * m->paper;
}

static double between(struct rng *rng, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(rng);
}

/* One of the thicknesses (mm, quarters of an inch) that can still be told on paper; the thickest where
 * none can. */
static int64_t pick_thickness(struct maker *m, const double *mm, const double *inch, int count,
			      double least)
{
	int64_t all[8];
	int first = 0;

	for (int i = 0; i < count; i++)
		all[i] = (int64_t)(1000 * (m->inch ? inch[i] : mm[i]));
	while (first < count - 1 && on_paper(m, all[first]) < least)
		first++;
	return all[first + (int)rng_below(m->rng, (uint32_t)(count - first))];
}

static int64_t pick_board(struct maker *m)
{
	static const double mm[] = {16, 16, 18, 18, 18, 18, 19, 25};
	static const double inch[] = {0.5, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 1};

	return pick_thickness(m, mm, inch, 8, BOARD_MM);
}

static void pick_boards(struct maker *m)
{
	static const double mm[] = {3, 4, 5, 6, 8, 9};
	static const double inch[] = {0.25, 0.25, 0.25, 0.25, 0.5, 0.5};

	m->bt = pick_board(m);
	m->bp = pick_thickness(m, mm, inch, 6, PANEL_MM);
	m->shelf_bt = rng_chance(m->rng, 0.7) ? m->bt : pick_board(m);
	m->door_bt = rng_chance(m->rng, 0.7) ? m->bt : pick_board(m);
}

/* Room for rows of dimensions beside a view. */
static double rows_mm(const struct maker *m, int rows)
{
	const struct scene_params *p = m->params;
	int64_t um = p->offset_um + (rows - 1) * p->spacing_um + p->text_um;

	return rows ? (double)um / 1000 + TAIL_MM : RIM_MM;
}

/* Rows left of the front view: the whole height; short heights; drawers. */
static int rows_left(const struct maker *m)
{
	return 1 + (m->has_plinth || m->has_cover || !m->leaders) + m->drawers;
}

/* Rows above the front view and that from the side, whichever has more. */
static int rows_above(const struct maker *m)
{
	int side = m->has_cover + m->set_back + (m->drawers && !m->top);

	return m->overhang && side < 2 ? 2 : side;
}

/* The same below. */
static int rows_below(const struct maker *m)
{
	int front = !m->top + m->several + !m->leaders;
	int side = m->has_plinth + m->drawers + (!m->drawers && !m->top);

	return front > side ? front : side;
}

/* Sheet that is left for the views alone. */
static void free_paper(const struct maker *m, double *width, double *height)
{
	bool framed = m->params->frame_um > 0;
	double text = (double)m->params->text_um / 1000, title = text + TITLE_MM;
	double leader = text * (m->scene->unit == UNIT_INCH ? LEADER_INCH : LEADER_TEXTS);

	*width = (double)m->scene->sheet_um[0] / 1000 -
		 (framed ? (double)m->params->frame_um / 1000 : FRAMELESS_MM) -
		 rows_mm(m, rows_left(m)) - BETWEEN_MM - leader - RIM_MM;
	*height = (double)m->scene->sheet_um[1] / 1000 - (framed ? FRAME_HIGH_MM : FRAMELESS_MM) -
		  title - rows_mm(m, rows_below(m)) - rows_mm(m, rows_above(m));
	if (m->doors)
		*width -= RIM_MM;
	if (m->overhang)
		*width -= (m->doors ? 2 : 1) * OVERHANG_MM * m->paper;
	if (m->top)
		*height -= title + rows_mm(m, 1) + RIM_MM;
	*height -= scene_title_mm(m->scene, m->params);
}

/* Sizes that fill the paper at the scale, as far as cabinets are that large. False where they would
 * have to be smaller than cabinets are, or leave most of the paper empty. */
static bool pick_sizes(struct maker *m, int real)
{
	double width, height, deep, wide, high;
	int fronts = m->doors ? 2 : 1;
	double share_w = between(m->rng, 0.88, 1);
	double share_h = between(m->rng, 0.8, 1);
	double share_d = rng_unit(m->rng);

	m->paper = 1.0 / real;
	free_paper(m, &width, &height);
	width *= real;
	height *= real;
	deep = 300 + share_d * (fmin(650, width - fronts * 320) - 300);
	wide = share_w * fmin(1200, (width - deep) / fronts);
	high = share_h * fmin(2400, height - (m->top ? deep : 0));
	if (deep < 300 || wide < 300 || high < 400 || high < 0.35 * wide ||
	    deep * m->paper < DEEP_MM || wide * m->paper < WIDE_MM || high * m->paper < HIGH_MM)
		return false;
	high = fmin(high, 5 * wide);
	m->w = rounded(m, wide, wide > 500 ? 50 : 10);
	m->d = rounded(m, deep, 10);
	m->h = rounded(m, high, 10);
	return fronts * wide + deep > 0.6 * width || high > 0.75 * height;
}

/* The scale first, the sizes after it: real cabinets are drawn at a few scales only. The largest that
 * gives a cabinet is the likeliest. */
static bool pick_scale(struct maker *m)
{
	static const int scales_mm[] = {5, 10, 15, 20}, scales_inch[] = {4, 8, 12, 16};
	static const double chances[] = {0.3, 0.75, 0.75, 1};

	for (int i = 0; i < 4; i++) {
		int real = m->inch ? scales_inch[i] : scales_mm[i];
		bool wanted = rng_chance(m->rng, chances[i]);

		if (!pick_sizes(m, real) || !wanted)
			continue;
		m->scene->scale_paper = 1;
		m->scene->scale_real = real;
		return true;
	}
	return false;
}

/* Fewer views where the sheet is too small for them. */
static bool pick_views(struct maker *m)
{
	bool doors = rng_chance(m->rng, 0.65), top = rng_chance(m->rng, 0.4);

	m->leaders = rng_chance(m->rng, 0.5);
	m->several = rng_chance(m->rng, 0.65);
	m->drawers = rng_chance(m->rng, 0.55);
	m->has_plinth = rng_chance(m->rng, 0.5);
	m->has_cover = rng_chance(m->rng, 0.35);
	m->overhang = m->has_cover && rng_chance(m->rng, 0.4);
	m->set_back = rng_chance(m->rng, 0.45) && !m->drawers && !(m->has_plinth && m->has_cover);
	for (int i = 0; i < 4; i++) {
		m->doors = doors && i < 2;
		m->top = top && i % 2 == 0;
		if (pick_scale(m))
			return true;
	}
	return false;
}

/* A sheet with its views; at last, where all sheets are too small, a cabinet of the least size. */
static void pick_sheet(struct maker *m)
{
	for (int i = 0; i < SHEETS; i++) {
		scene_pick_sheet(m->scene, m->params, m->rng);
		if (pick_views(m))
			return;
	}
	m->doors = m->top = m->overhang = false;
	m->scene->scale_paper = 1;
	m->scene->scale_real = 20;
	m->paper = 0.05;
	m->w = rounded(m, 400, 50);
	m->d = rounded(m, 300, 50);
	m->h = rounded(m, 600, 50);
}

static struct shape *add_part(struct maker *m, enum shape_kind kind, const struct cabinet_box *box)
{
	struct shape *shape = &m->scene->shapes[m->scene->shape_count++];

	*shape = (struct shape){.kind = kind};
	cabinet_set_box(shape, box);
	return shape;
}

/* Takes what plinth and cover need off the carcass's height. */
static void add_plinth_and_cover(struct maker *m)
{
	static const double cover_mm[] = {16, 18, 19, 22, 25, 25, 28, 30};
	static const double cover_inch[] = {0.75, 0.75, 0.75, 0.75, 1, 1, 1, 1.25};
	static const double plinth_mm[] = {60, 80, 80, 100, 100, 120};
	double high = plinth_mm[rng_below(m->rng, 6)];

	m->cover = pick_thickness(m, cover_mm, cover_inch, 8, BOARD_MM);
	m->plinth = rounded(m, high, 10);
	if (!m->has_cover || in_mm(m, m->h) < 450)
		m->cover = 0;
	if (!m->has_plinth || in_mm(m, m->h) < 500)
		m->plinth = 0;
	m->h = rounded(m, in_mm(m, m->h - m->plinth - m->cover), 10);
}

static void add_carcass(struct maker *m)
{
	struct cabinet_box box = {{0, 0, 0}, {m->w, m->d, m->h}};
	struct shape *carcass = add_part(m, SHAPE_CARCASS, &box);

	carcass->value[PARAM_BT] = m->bt;
	carcass->value[PARAM_BP] = m->bp;
}

static void add_plinth(struct maker *m)
{
	int64_t bt = pick_board(m);
	double set = between(m->rng, 30, 70);
	int64_t back = rng_chance(m->rng, 0.2) ? 0 : rounded(m, set, 10);
	struct cabinet_box box = {{0, back, -m->plinth}, {m->w, back + bt, 0}};

	if (m->plinth)
		add_part(m, SHAPE_PLINTH, &box)->value[PARAM_BT] = bt;
}

static void add_cover(struct maker *m)
{
	double reach = between(m->rng, 10, 30), before = between(m->rng, 10, 30);
	int64_t side = m->overhang ? rounded(m, reach, 5) : 0;
	int64_t front = rng_chance(m->rng, 0.5) ? 0 : rounded(m, before, 5);
	struct cabinet_box box = {{-side, 0, m->h}, {m->w + side, m->d, m->h + m->cover}};

	if (!m->cover)
		return;
	box.lo[CABINET_Y] = -front - (m->doors ? m->door_bt : 0);
	add_part(m, SHAPE_TOP_COVER, &box)->value[PARAM_BT] = m->cover;
}

static int pick_compartments(struct maker *m)
{
	int most = 1;

	while (most < 3 && on_paper(m, m->w) / (most + 1) > COMPARTMENT_MM + on_paper(m, m->bt) &&
	       in_mm(m, m->w) / (most + 1) > 220)
		most++;
	return m->several && most > 1 ? (int)rng_range(m->rng, 2, most) : 1;
}

/* Partitions: at equal distances where that is on the grid, or wherever it is roomy enough. */
static void add_partitions(struct maker *m)
{
	int n = pick_compartments(m);
	int64_t left = m->bt, clear = m->w - 2 * m->bt - (n - 1) * m->bt;
	int64_t grid = m->inch ? 250 : 500;
	bool equal = rng_chance(m->rng, 0.6) && clear % (n * grid) == 0;

	for (int i = 0; i < n - 1; i++) {
		double share = in_mm(m, clear) / n * (equal ? 1 : between(m->rng, 0.85, 1.15));
		int64_t room = equal ? clear / n : rounded(m, share, 10);
		struct cabinet_box box = {{left + room, 0, m->bt},
					  {left + room + m->bt, m->d - m->bp, m->h - m->bt}};

		add_part(m, SHAPE_PARTITION, &box)->value[PARAM_BT] = m->bt;
		left += room + m->bt;
	}
	m->c = cabinet_from_shapes(m->scene->shapes, m->scene->shape_count);
}

static int pick_shelves(struct maker *m, int64_t clear)
{
	double target = between(m->rng, 220, 420);
	int n = (int)(in_mm(m, clear) / target);

	while (n > 0 && (on_paper(m, clear) / (n + 1) < SHELF_MM ||
			 in_mm(m, clear) / (n + 1) < SHELF_CLEAR_MM))
		n--;
	return n > 6 ? 6 : n;
}

static struct filling pick_filling(struct maker *m)
{
	int64_t clear = m->h - 2 * m->bt;
	double kind = rng_unit(m->rng), front = between(m->rng, 120, 240);
	bool board = rng_chance(m->rng, 0.75);
	struct filling f = {.front = rounded(m, front, 10)};

	if (kind < 0.06)
		return (struct filling){.drawers = 0};
	if (kind < 0.25 && in_mm(m, clear) < 1300 && m->drawers) {
		f.drawers = (int)fmax(2, floor(in_mm(m, clear) / front));
		f.front = 0;
		if (on_paper(m, clear) / f.drawers < FRONT_MM)
			f.drawers = 2;
		return f;
	}
	if (kind < 0.85 && on_paper(m, f.front) >= FRONT_MM && m->drawers) {
		f.drawers = (int)rng_range(m->rng, 1, 3);
		while (f.drawers > 0 &&
		       in_mm(m, clear - f.drawers * f.front - m->shelf_bt) < SHELF_CLEAR_MM + 50)
			f.drawers--;
	}
	f.board = f.drawers > 0 && board;
	clear -= f.drawers * f.front + (f.board ? m->shelf_bt : 0);
	f.shelves = pick_shelves(m, clear);
	return f;
}

static void add_shelves(struct maker *m, int compartment, int n, int64_t from, int64_t to)
{
	const int64_t *walls = m->c.walls[compartment];
	struct cabinet_box box = {{walls[0], m->setback, from}, {walls[1], m->d - m->bp, to}};
	struct shape *shelves = add_part(m, SHAPE_SHELVES, &box);

	shelves->value[PARAM_N] = n;
	shelves->value[PARAM_NKA] = walls[1] - walls[0];
	shelves->value[PARAM_BT] = m->shelf_bt;
}

static void fill(struct maker *m, int compartment, const struct filling *f)
{
	const int64_t *walls = m->c.walls[compartment];
	int64_t top = m->h - m->bt, z = m->bt;

	if (f->drawers > 0) {
		int64_t high = f->front ? z + f->drawers * f->front : top;
		struct cabinet_box box = {{walls[0], 0, z}, {walls[1], m->drawer_depth, high}};
		struct shape *drawers = add_part(m, SHAPE_DRAWERS, &box);

		drawers->value[PARAM_N] = f->drawers;
		drawers->value[PARAM_BT] = m->bt;
		z = high;
	}
	if (f->board) {
		add_shelves(m, compartment, 1, z, z + m->shelf_bt);
		z += m->shelf_bt;
	}
	if (f->shelves > 0)
		add_shelves(m, compartment, f->shelves, z, top);
}

/* Whether the drawers in all compartments reach equally high, with room above: *top is how high. */
static bool drawers_are_level(const struct maker *m, const struct filling *f, int64_t *top)
{
	for (int i = 0; i < m->c.compartment_count; i++)
		if (f[i].drawers == 0 || f[i].front == 0 ||
		    f[i].drawers * f[i].front != f[0].drawers * f[0].front)
			return false;
	*top = m->bt + f[0].drawers * f[0].front;
	return true;
}

/* The middle of three compartments is filled as one of its neighbours, or with shelves or nothing: it
 * has no dimensions of its own. */
static void fill_all(struct maker *m, struct filling *f)
{
	int n = m->c.compartment_count;
	bool alike = rng_chance(m->rng, 0.35);
	double back = between(m->rng, 10, 60), set = between(m->rng, 20, 50);
	int64_t step = m->inch ? 1000 : 10000;

	for (int i = 0; i < n; i++) {
		f[i] = pick_filling(m);
		if (i > 0 && (alike || f[i].drawers == 0) && rng_chance(m->rng, 0.6))
			f[i] = f[0];
	}
	if (n == 3 && f[1].drawers > 0)
		f[1] = f[2 * rng_below(m->rng, 2)];
	back = fmax(back, BEHIND_MM / m->paper);
	m->drawer_depth = (m->d - m->bp - rounded(m, back, 1)) / step * step;
	m->setback = m->set_back ? rounded(m, set, 10) : 0;
	for (int i = 0; i < n; i++)
		fill(m, i, &f[i]);
}

static void add_door(struct maker *m, int64_t left, int64_t right, int64_t low, bool hinged_left)
{
	struct cabinet_box box = {{left, -m->door_bt, low}, {right, 0, m->h}};

	add_part(m, hinged_left ? SHAPE_DOOR_LEFT : SHAPE_DOOR_RIGHT, &box)->value[PARAM_BT] =
		m->door_bt;
}

/* Over a front from left to right: two doors where it is wide. */
static void add_doors_over(struct maker *m, int64_t left, int64_t right, int64_t low)
{
	double wide = in_mm(m, right - left);
	bool hinged_left = rng_chance(m->rng, 0.5);
	bool pair = rng_chance(m->rng, wide > 600 ? 1 : 0.4) && wide > 420;
	int64_t middle = (left + right) / 2;

	if (pair && middle % 2 == 0 && (middle - left) % 2 == 0 && (right - middle) % 2 == 0) {
		add_door(m, left, middle, low, true);
		add_door(m, middle, right, low, false);
		return;
	}
	add_door(m, left, right, low, hinged_left);
}

/* The edge of a door on a wall: the outer edge of a side; on a partition its middle, or in inches a
 * quarter from its face. */
static int64_t door_edge(const struct maker *m, int compartment, bool right)
{
	int64_t lap = m->inch ? 250 : m->bt / 2;

	if (right)
		return compartment == m->c.compartment_count - 1 ? m->w
								 : m->c.walls[compartment][1] + lap;
	return compartment == 0 ? 0 : m->c.walls[compartment][0] - lap;
}

static void add_doors(struct maker *m, const struct filling *f)
{
	int n = m->c.compartment_count, last = (int)rng_below(m->rng, (uint32_t)n);
	bool one_front = n == 1 || (n == 2 && rng_chance(m->rng, 0.5));
	bool above = rng_chance(m->rng, 0.7), any = false;
	int64_t low = 0;

	if (!drawers_are_level(m, f, &low) || !above)
		low = 0;
	if (one_front && in_mm(m, m->w) <= 1200) {
		add_doors_over(m, 0, m->w, low);
		return;
	}
	for (int i = 0; i < n; i++) {
		bool wanted = f[i].drawers == 0 || f[i].front > 0;

		if (!rng_chance(m->rng, wanted ? 0.7 : 0) && (any || i != last))
			continue;
		any = true;
		add_doors_over(m, door_edge(m, i, false), door_edge(m, i, true), low);
	}
}

void scene_cabinet(struct scene *scene, const struct scene_params *params, struct rng *rng,
		   struct arena *arena)
{
	struct maker m = {
		.scene = scene, .params = params, .rng = rng, .inch = params->unit == UNIT_INCH};
	struct filling f[CABINET_COMPARTMENTS_MAX];

	*scene = (struct scene){
		.family = FAMILY_CABINET, .unit = params->unit, .arrangement = ARRANGE_CHAIN};
	scene->shapes = ARENA_NEW(arena, struct shape, SHAPES_ROOM);
	pick_sheet(&m);
	pick_boards(&m);
	add_plinth_and_cover(&m);
	add_carcass(&m);
	add_plinth(&m);
	add_cover(&m);
	add_partitions(&m);
	fill_all(&m, f);
	if (m.doors)
		add_doors(&m, f);
	scene_sort_shapes(scene);
	scene_cabinet_dimensions(scene, m.top, m.leaders, rng, arena);
}
