/* SPDX-License-Identifier: MIT */
/* draft_views: what is drawn of a plate with holes in each view, whole corners, dashes that are seen, boxes
 * round curves, where views lie in first and third angle, for every choice of them; nothing off the sheet; how sections
 * are drawn and where they lie. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "formats/solid/solid.h"
#include "render/draft/draft_views.h"
#include "tests/made_solids.h"

#define SIDE_MM 200

static struct arena arena;
static struct style style;

static int forget(void **state)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_seed(1, 1);

	(void)state;
	arena_free(&arena);
	style = style_from_sheet(&sheet, &rng);
	return 0;
}

/* --- made views ------------------------------------------------------------------------------- */

static struct solid_curve line(double x0, double y0, double x1, double y1, bool visible)
{
	return (struct solid_curve){.visible = visible,
				    .seg = {.kind = SEG_LINE, .a = {x0, y0}, .b = {x1, y1}}};
}

static struct solid_curve arc(struct vec centre, double rx, double ry, double rotation, double from,
			      double sweep)
{
	struct solid_curve curve = {.visible = true,
				    .seg = {.kind = SEG_ARC,
					    .centre = centre,
					    .rx = rx,
					    .ry = ry,
					    .rotation = rotation,
					    .from = from,
					    .sweep = sweep}};

	curve.seg.a = seg_point(&curve.seg, 0);
	curve.seg.b = seg_point(&curve.seg, 1);
	return curve;
}

static struct vec flat(enum part_side side, struct vec3 p)
{
	struct vec3 look = part_look(side), up = part_up(side);
	struct vec3 right = vec3_cross(look, up);
	double length = sqrt(vec3_dot(look, look));

	if (side == PART_ISO) { /* as solid_project makes them upright and of length 1 */
		double along = vec3_dot(up, look) / (length * length);

		up = vec3_sum(1, up, -along, look);
		right = vec3_sum(1 / sqrt(vec3_dot(right, right)), right, 0, right);
		up = vec3_sum(1 / sqrt(vec3_dot(up, up)), up, 0, up);
	}
	return vec(vec3_dot(p, right), vec3_dot(p, up));
}

/* The twelve edges of a box that does not begin at the origin. */
static struct draft_view box_view(enum part_side side, struct vec3 lo, struct vec3 hi)
{
	static const int edges[12][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3},
					 {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}};
	struct solid_curve *curves = ARENA_NEW(&arena, struct solid_curve, 12), *tidy;
	int count = 0;

	for (int i = 0; i < 12; i++) {
		struct vec ends[2];

		for (int k = 0; k < 2; k++) {
			int corner = edges[i][k];

			ends[k] = flat(side, (struct vec3){corner & 1 ? hi.x : lo.x,
							   corner & 2 ? hi.y : lo.y,
							   corner & 4 ? hi.z : lo.z});
		}
		if (vec_length(vec_sub(ends[0], ends[1])) > 1e-9)
			curves[count++] = line(ends[0].x, ends[0].y, ends[1].x, ends[1].y, true);
	}
	count = solid_curves_tidy(curves, count, &arena, &tidy);
	return (struct draft_view){.side = side, .curves = tidy, .count = count};
}

static struct draft_sheet_of_views sheet_with(bool hidden)
{
	return (struct draft_sheet_of_views){SIDE_MM, &style, hidden};
}

static struct drawing drawn(const struct draft_view *view, bool hidden)
{
	struct draft_sheet_of_views sheet = sheet_with(hidden);
	struct drawing drawing;

	drawing_of_view(&drawing, view, draft_views_scale(view, 1, SIDE_MM), &sheet, &arena);
	return drawing;
}

static void assert_near(double is, double should, double slack)
{
	if (!(fabs(is - should) <= slack))
		fail_msg("%.12g is not %.12g", is, should);
}

static void assert_on_sheet(const struct drawing *d)
{
	for (int i = 0; i < d->stroke_count; i++)
		for (int k = 0; k < d->strokes[i].path.count; k++)
			for (int t = 0; t <= 8; t++) {
				struct vec p = seg_point(&d->strokes[i].path.segs[k], t / 8.0);

				assert_true(p.x > 0 && p.y > 0 && p.x < d->width_mm &&
					    p.y < d->height_mm);
			}
}

/* --- solids ----------------------------------------------------------------------------------- */

static struct draft_view projected(const struct solid *solid, enum part_side side)
{
	struct solid_view view;
	struct err err = {0};

	if (solid_project(solid, part_look(side), part_up(side), &arena, &view, &err) < 0)
		fail_msg("%s", err.msg);
	return (struct draft_view){.side = side, .curves = view.curves, .count = view.count};
}

struct counts {
	int closed, open, hidden, arcs; /* strokes; arcs: segments */
};

static struct counts counted(const struct drawing *d)
{
	struct counts n = {0};

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];
		bool visible = s->layer == LAYER_OUTLINE;

		assert_int_equal(s->line_type, visible ? LINE_CONTINUOUS : LINE_DASHED);
		assert_true(s->width_mm == (visible ? style.thick_mm : style.thin_mm));
		n.closed += visible && s->path.closed;
		n.open += visible && !s->path.closed;
		n.hidden += !visible;
		for (int k = 0; k < s->path.count; k++)
			n.arcs += s->path.segs[k].kind == SEG_ARC;
	}
	return n;
}

static void assert_counts(const struct drawing *d, int closed, int open, int hidden, int arcs)
{
	struct counts n = counted(d);

	if (n.closed != closed || n.open != open || n.hidden != hidden || n.arcs != arcs)
		fail_msg("%d closed, %d open, %d hidden, %d arcs; not %d, %d, %d, %d", n.closed,
			 n.open, n.hidden, n.arcs, closed, open, hidden, arcs);
	assert_on_sheet(d);
}

static void test_plate(void **state)
{
	static const struct made_hole holes[] = {
		{{0.02, 0.02}, 0.005}, {{0.08, 0.03}, 0.01}, {{0.05, 0.04}, 0.002}};
	struct draft_view view;
	struct drawing d;
	struct solid *plate;

	(void)state;
	need_solids();
	plate = made_plate(vec(0.1, 0.05), 0.03, holes, 3, &arena);
	view = projected(plate, PART_TOP);
	d = drawn(&view, true);
	assert_counts(&d, 4, 0, 0, 3);
	assert_near(d.scale, 0.8 * SIDE_MM / 0.1, 1e-6);
	view = projected(plate, PART_FRONT);
	d = drawn(&view, true);
	assert_counts(&d, 1, 0, 6, 0);
	assert_int_equal(d.strokes[d.stroke_count - 1].path.count, 4); /* one outline */
	d = drawn(&view, false);
	assert_counts(&d, 1, 0, 0, 0);
	view = projected(plate, PART_RIGHT); /* two of the holes cover each other's edges in part */
	d = drawn(&view, true);
	assert_int_equal(counted(&d).arcs, 0);
	assert_int_equal(counted(&d).closed, 1);
	view = projected(plate, PART_ISO);
	d = drawn(&view, true);
	assert_int_equal(counted(&d).hidden, 0);
	solid_free(plate);
}

/* The front is seen from below: z up, x to the right; and so on. */
static void test_sides(void **state)
{
	static const struct vec3 x = {1, 0, 0}, y = {0, 1, 0}, z = {0, 0, 1};
	static const struct {
		enum part_side side;
		double ax, ay, bx, by, cx, cy; /* where x, y and z go */
	} rows[] = {
		{PART_FRONT, 1, 0, 0, 0, 0, 1}, {PART_TOP, 1, 0, 0, 1, 0, 0},
		{PART_RIGHT, 0, 0, 1, 0, 0, 1}, {PART_LEFT, 0, 0, -1, 0, 0, 1},
		{PART_BACK, -1, 0, 0, 0, 0, 1}, {PART_BOTTOM, 1, 0, 0, -1, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct vec a = flat(rows[i].side, x), b = flat(rows[i].side, y);
		struct vec c = flat(rows[i].side, z);

		assert_true(a.x == rows[i].ax && a.y == rows[i].ay);
		assert_true(b.x == rows[i].bx && b.y == rows[i].by);
		assert_true(c.x == rows[i].cx && c.y == rows[i].cy);
	}
	assert_true(flat(PART_ISO, x).x > 0 && flat(PART_ISO, x).y < 0);
	assert_true(flat(PART_ISO, y).x > 0 && flat(PART_ISO, y).y > 0);
}

/* --- strokes ---------------------------------------------------------------------------------- */

/* An L of lines in any order and direction, and one that ends in the middle of another. */
static void test_corners(void **state)
{
	struct solid_curve curves[] = {line(0, 0, 3, 0, true), line(1, 3, 0, 3, true),
				       line(3, 1, 3, 0, true), line(0, 0, 0, 3, true),
				       line(1, 1, 1, 3, true), line(3, 1, 1, 1, true),
				       line(0, 1, 1, 1, true), line(2, 0, 2, 1, true)};
	struct draft_view view = {.side = PART_FRONT, .curves = curves, .count = 6};
	struct drawing d = drawn(&view, true);

	(void)state;
	assert_counts(&d, 1, 0, 0, 0);
	assert_int_equal(d.strokes[0].path.count, 6);
	for (int i = 0; i < 6; i++) {
		const struct seg *seg = &d.strokes[0].path.segs[i];
		const struct seg *next = &d.strokes[0].path.segs[(i + 1) % 6];

		assert_near(vec_length(vec_sub(seg->b, next->a)), 0, 1e-9);
	}
	view.count = 8;
	d = drawn(&view, true);
	assert_counts(&d, 1, 2, 0, 0);
	curves[6].edge = SOLID_SMOOTH;
	d = drawn(&view, true);
	assert_counts(&d, 1, 1, 0, 0);
}

/* Arcs that are turned round to go on stay where they were. */
static void test_turned_arcs(void **state)
{
	struct solid_curve curves[] = {
		arc(vec(2, 0), 1, 1, 0, -M_PI / 2, M_PI), line(0, 1, 2, 1, true),
		arc(vec(0, 0), 1, 1, 0, -M_PI / 2, -M_PI), line(0, -1, 2, -1, true)};
	struct draft_view view = {.side = PART_TOP, .curves = curves, .count = 4};
	struct drawing d = drawn(&view, true);
	const struct path *path = &d.strokes[0].path;

	(void)state;
	assert_counts(&d, 1, 0, 0, 2);
	for (int i = 0; i < path->count; i++) {
		const struct seg *seg = &path->segs[i];
		struct vec middle = vec_sub(seg_point(seg, 0.5), vec(SIDE_MM / 2.0, SIDE_MM / 2.0));

		assert_near(vec_length(vec_sub(seg_point(seg, 1), path->segs[(i + 1) % 4].a)), 0,
			    1e-9);
		if (seg->kind == SEG_ARC)
			assert_near(fabs(middle.x), 0.4 * SIDE_MM, 1e-9);
	}
}

/* As long as a dash and some more: two dashes that are not. */
static void test_short_hidden(void **state)
{
	double gap = 3 * style.thin_mm, dash = 12 * style.thin_mm;
	struct solid_curve curves[] = {line(0, 0, 160, 0, true), line(0, 0, 0, 3, false),
				       line(9, 0, 9, 0.5, false), line(20, 0, 20, 90, false),
				       arc(vec(60, 20), 0.9, 0.9, 0, 0, 2 * M_PI)};
	struct draft_view view = {.side = PART_FRONT, .curves = curves, .count = 2};
	struct drawing d;
	double length = 0;

	(void)state;
	d = drawn(&view, true);
	assert_counts(&d, 0, 1, 2, 0);
	for (int i = 0; i < 2; i++) {
		const struct seg *seg = &d.strokes[i].path.segs[0];

		length += vec_length(vec_sub(seg->b, seg->a));
		assert_true(vec_length(vec_sub(seg->b, seg->a)) < dash);
	}
	assert_near(length, 3 - gap, 1e-9);
	curves[1] = curves[2];
	d = drawn(&view, true);
	assert_counts(&d, 0, 1, 1, 0);
	curves[1] = curves[3];
	d = drawn(&view, true);
	assert_counts(&d, 0, 1, 1, 0);
	curves[1] = curves[4];
	curves[1].visible = false;
	d = drawn(&view, true);
	assert_counts(&d, 0, 1, 4, 4);
}

/* --- boxes ------------------------------------------------------------------------------------ */

static void assert_box(struct solid_curve curve, double x0, double y0, double x1, double y1)
{
	struct draft_view view = {.side = PART_FRONT, .curves = &curve, .count = 1};
	struct box box = draft_view_box(&view);

	assert_near(box.x0, x0, 1e-9);
	assert_near(box.y0, y0, 1e-9);
	assert_near(box.x1, x1, 1e-9);
	assert_near(box.y1, y1, 1e-9);
}

static void test_boxes(void **state)
{
	struct vec poles[] = {{0, 0}, {0, 4}, {4, 4}, {4, 0}};
	struct solid_curve spline = {.visible = true, .poles = poles, .pole_count = 4};
	double half = sqrt(0.5), tilted = sqrt(2.5);

	(void)state;
	assert_box(line(3, 1, 2, 5, true), 2, 1, 3, 5);
	assert_box(arc(vec(1, 2), 3, 3, 0, 0, 2 * M_PI), -2, -1, 4, 5);
	assert_box(arc(vec(0, 0), 1, 1, 0, M_PI / 4, M_PI / 2), -half, half, half, 1);
	assert_box(arc(vec(0, 0), 1, 1, 0, 3 * M_PI / 4, -M_PI / 2), -half, half, half, 1);
	assert_box(arc(vec(0, 0), 1, 1, 0, 7 * M_PI / 4, M_PI / 2), half, -half, 1, half);
	assert_box(arc(vec(0, 0), 2, 1, M_PI / 4, 0, 2 * M_PI), -tilted, -tilted, tilted, tilted);
	assert_box(spline, 0, 0, 4, 3);
}

/* --- sheets ----------------------------------------------------------------------------------- */

static const struct vec3 lo = {-0.5, 2, 1}, hi = {3.5, 3, 3.5};

static const struct view *view_of(const struct drawing *d, enum part_side side)
{
	for (int i = 0; i < d->view_count; i++)
		if (strcmp(d->views[i].name, part_side_names[side]) == 0)
			return &d->views[i];
	fail();
	return NULL;
}

static void assert_apart(const struct drawing *d)
{
	for (int i = 0; i < d->view_count; i++)
		for (int k = 0; k < i; k++) {
			const struct box *a = &d->views[i].box, *b = &d->views[k].box;
			double gap = 0.08 * SIDE_MM - 1e-9;

			assert_true(a->x0 >= b->x1 + gap || b->x0 >= a->x1 + gap ||
				    a->y0 >= b->y1 + gap || b->y0 >= a->y1 + gap);
		}
}

static void draw_sides(struct drawing *d, unsigned wanted, int projection)
{
	struct draft_sheet_of_views sheet = sheet_with(true);
	struct draft_view views[PART_SIDE_COUNT_];
	int count = 0;

	style.projection = projection;
	for (int i = 0; i < PART_SIDE_COUNT_; i++)
		if (wanted >> i & 1)
			views[count++] = box_view((enum part_side)i, lo, hi);
	drawing_of_views(d, views, count, &sheet, &arena);
}

static void assert_level(const struct drawing *d, enum part_side a, enum part_side b)
{
	assert_near(view_of(d, a)->origin.y, view_of(d, b)->origin.y, 1e-9);
	assert_near(view_of(d, a)->box.y0, view_of(d, b)->box.y0, 1e-9);
	assert_near(view_of(d, a)->box.y1, view_of(d, b)->box.y1, 1e-9);
	assert_true(view_of(d, a)->box.x1 < view_of(d, b)->box.x0);
}

/* a over b */
static void assert_upright(const struct drawing *d, enum part_side a, enum part_side b)
{
	assert_near(view_of(d, a)->origin.x, view_of(d, b)->origin.x, 1e-9);
	assert_near(view_of(d, a)->box.x0, view_of(d, b)->box.x0, 1e-9);
	assert_near(view_of(d, a)->box.x1, view_of(d, b)->box.x1, 1e-9);
	assert_true(view_of(d, a)->box.y0 > view_of(d, b)->box.y1);
}

static void test_third_angle(void **state)
{
	struct drawing d;

	(void)state;
	draw_sides(&d, 0x7f, STYLE_PROJECTION_THIRD);
	assert_int_equal(d.view_count, 7);
	assert_upright(&d, PART_TOP, PART_FRONT);
	assert_upright(&d, PART_FRONT, PART_BOTTOM);
	assert_level(&d, PART_LEFT, PART_FRONT);
	assert_level(&d, PART_FRONT, PART_RIGHT);
	assert_level(&d, PART_RIGHT, PART_BACK);
	assert_true(view_of(&d, PART_ISO)->box.x0 > view_of(&d, PART_TOP)->box.x1);
	assert_true(view_of(&d, PART_ISO)->box.y0 > view_of(&d, PART_RIGHT)->box.y1);
}

static void test_first_angle(void **state)
{
	struct drawing d;

	(void)state;
	draw_sides(&d, 0x3f, STYLE_PROJECTION_FIRST);
	assert_upright(&d, PART_BOTTOM, PART_FRONT);
	assert_upright(&d, PART_FRONT, PART_TOP);
	assert_level(&d, PART_RIGHT, PART_FRONT);
	assert_level(&d, PART_FRONT, PART_LEFT);
	assert_level(&d, PART_LEFT, PART_BACK);
	draw_sides(&d, 1u << PART_FRONT | 1u << PART_TOP | 1u << PART_RIGHT | 1u << PART_ISO,
		   STYLE_PROJECTION_FIRST);
	assert_true(view_of(&d, PART_ISO)->box.y1 < view_of(&d, PART_FRONT)->box.y0);
	assert_true(view_of(&d, PART_ISO)->box.x1 < view_of(&d, PART_FRONT)->box.x0);
}

/* Any views: one scale, apart, within the gap at the sheet's edge, and as large as that lets them. */
static void test_every_choice(void **state)
{
	(void)state;
	for (unsigned wanted = 1; wanted < 1u << PART_SIDE_COUNT_; wanted++)
		for (int projection = 0; projection < 2; projection++) {
			struct box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};
			struct drawing d;

			arena_reset(&arena);
			draw_sides(&d, wanted, projection);
			assert_on_sheet(&d);
			assert_apart(&d);
			for (int i = 0; i < d.view_count; i++) {
				all.x0 = min2(all.x0, d.views[i].box.x0);
				all.y0 = min2(all.y0, d.views[i].box.y0);
				all.x1 = max2(all.x1, d.views[i].box.x1);
				all.y1 = max2(all.y1, d.views[i].box.y1);
			}
			assert_true(min2(all.x0, all.y0) > 0.08 * SIDE_MM - 1e-9);
			assert_true(max2(all.x1, all.y1) < 0.92 * SIDE_MM + 1e-9);
			assert_near(max2(all.x1 - all.x0, all.y1 - all.y0), 0.84 * SIDE_MM, 1e-6);
		}
}

/* Of a box with a hole all the way across; its loops are metres, as solid_section has them. */
static struct draft_view section_view(void)
{
	static const struct made_hole hole[] = {{{0.02, 0.01}, 0.004}};
	struct solid *plate = made_plate(vec(0.04, 0.02), 0.01, hole, 1, &arena);
	struct vec3 look = part_look(PART_FRONT), up = part_up(PART_FRONT);
	struct solid_section cut;
	struct err err = {0};

	if (solid_section(plate, look, up, (struct vec3){0, 0.01, 0}, &arena, &cut, &err) < 0)
		fail_msg("%s", err.msg);
	solid_free(plate);
	return (struct draft_view){.side = PART_FRONT,
				   .curves = cut.view.curves,
				   .count = cut.view.count,
				   .section = true,
				   .loops = cut.loops,
				   .loop_count = cut.loop_count};
}

/* Hatched left and right of the hole, in the style's pitch, under the outlines. */
static void test_section(void **state)
{
	struct draft_view view;
	double length = 0, area = 2 * 16 * 10;
	struct drawing d;
	bool outlined = false;

	(void)state;
	need_solids();
	view = section_view();
	d = drawn(&view, true);
	assert_string_equal(d.views[0].name, "section");
	for (int i = 0; i < d.stroke_count; i++) {
		const struct stroke *s = &d.strokes[i];
		const struct seg *line = &s->path.segs[0];

		outlined |= s->layer == LAYER_OUTLINE;
		if (s->layer != LAYER_HATCH)
			continue;
		assert_false(outlined);
		assert_true(s->width_mm == style.thin_mm);
		assert_near(fabs(atan((line->b.y - line->a.y) / (line->b.x - line->a.x))),
			    style.hatch_angle_deg * M_PI / 180, 1e-9);
		length += vec_length(vec_sub(line->b, line->a));
	}
	area *= d.scale * d.scale * 1e-6; /* on the sheet */
	assert_near(length * style.hatch_pitch_mm / area, 1, 0.05);
}

/* The ends of a plane from side to side of a view, arrows upwards. */
static void assert_marked(const struct drawing *d, const struct view *view, double y)
{
	int thick = 0;

	assert_int_equal(d->arrow_count, 2);
	assert_int_equal(d->text_count, 0);
	for (int i = 0; i < 2; i++) {
		const struct arrow *a = &d->arrows[i];

		assert_true(a->tip.x < view->box.x0 || a->tip.x > view->box.x1);
		assert_true(a->left.y < a->tip.y && a->right.y < a->tip.y);
	}
	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];

		if (s->layer != LAYER_SECTION || s->width_mm != style.thick_mm)
			continue;
		thick++;
		assert_near(s->path.segs[0].a.y, y, 1e-9);
		assert_near(s->path.segs[0].b.y, y, 1e-9);
	}
	assert_int_equal(thick, 2);
}

/* Where the view from its side would be; beside that in a corner. The view from above shows where its plane lies. */
static void test_place_of_section(void **state)
{
	struct draft_sheet_of_views sheet = sheet_with(true);
	struct draft_view views[] = {box_view(PART_TOP, lo, hi), box_view(PART_FRONT, lo, hi),
				     box_view(PART_RIGHT, lo, hi), box_view(PART_ISO, lo, hi),
				     box_view(PART_FRONT, lo, hi)};
	struct drawing d;

	(void)state;
	style.projection = STYLE_PROJECTION_THIRD;
	views[1].section = true;
	views[1].cut = lo.y + 0.25;
	drawing_of_views(&d, views, 2, &sheet, &arena);
	assert_marked(&d, &d.views[0], d.views[0].box.y0 + 0.25 * d.scale);
	assert_near(d.views[0].origin.x, d.views[1].origin.x, 1e-9);
	assert_true(d.views[0].box.y0 > d.views[1].box.y1);
	drawing_of_views(&d, views, 5, &sheet, &arena);
	assert_int_equal(d.view_count, 5);
	assert_marked(&d, &d.views[0], d.views[0].box.y0 + 0.25 * d.scale);
	assert_apart(&d);
	assert_on_sheet(&d);
	assert_near(d.views[0].origin.x, d.views[4].origin.x, 1e-9);
	assert_near(d.views[2].origin.y, d.views[4].origin.y, 1e-9);
	assert_true(d.views[1].box.x0 > d.views[0].box.x1);
	assert_true(d.views[1].box.y0 > d.views[2].box.y1);
}

static void test_one_scale(void **state)
{
	struct draft_view views[] = {box_view(PART_FRONT, lo, hi), box_view(PART_RIGHT, lo, hi)};
	struct draft_sheet_of_views sheet = sheet_with(true);
	double scale = draft_views_scale(views, 2, SIDE_MM);
	struct draft_view none = {.side = PART_TOP};
	struct drawing d;

	(void)state;
	assert_near(scale, 0.8 * SIDE_MM / 4, 1e-9);
	drawing_of_view(&d, &views[1], scale, &sheet, &arena);
	assert_near(d.views[0].box.x0 + d.views[0].box.x1, SIDE_MM, 1e-9);
	assert_near(d.views[0].box.y0 + d.views[0].box.y1, SIDE_MM, 1e-9);
	assert_near(d.views[0].box.x1 - d.views[0].box.x0, scale, 1e-9);
	assert_true(draft_views_scale(&none, 1, SIDE_MM) == 0);
	drawing_of_view(&d, &none, 0, &sheet, &arena);
	assert_int_equal(d.stroke_count, 0);
	drawing_of_views(&d, &none, 1, &sheet, &arena);
	assert_int_equal(d.stroke_count, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_plate, forget),
		cmocka_unit_test_setup(test_sides, forget),
		cmocka_unit_test_setup(test_corners, forget),
		cmocka_unit_test_setup(test_turned_arcs, forget),
		cmocka_unit_test_setup(test_short_hidden, forget),
		cmocka_unit_test_setup(test_boxes, forget),
		cmocka_unit_test_setup(test_third_angle, forget),
		cmocka_unit_test_setup(test_first_angle, forget),
		cmocka_unit_test_setup(test_every_choice, forget),
		cmocka_unit_test_setup(test_section, forget),
		cmocka_unit_test_setup(test_place_of_section, forget),
		cmocka_unit_test_setup(test_one_scale, forget),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(&arena);
	return failed;
}
