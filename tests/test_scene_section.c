/* SPDX-License-Identifier: MIT */
/* scene_section: where parts are cut, what a section shows and how it is drawn; it loses nothing of what its
 * dimensions measure. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fonts/font.h"
#include "formats/cad/cad_code.h"
#include "formats/drawing/dimension.h"
#include "gen/part/part_from_seed.h"
#include "gen/scene/scene_part.h"
#include "gen/scene/scene_section.h"
#include "render/draft/draft.h"
#include "render/draft/draft_part.h"
#include "tests/made_solids.h"
#include "tests/random_shapes.h"

#define SEEDS 12
#define PARTS 33
#define SAME_MM 0.006

static struct arena arena;
static struct part part;
static struct scene scene;
static char whose[32]; /* for messages */

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const enum part_side third[] = {PART_FRONT, PART_TOP, PART_RIGHT};
static const enum part_side first[] = {PART_FRONT, PART_TOP, PART_LEFT};

static bool wants_section, has_section;

static int read_part(const struct deepcad_model *model, bool first_angle, struct err *err)
{
	struct solid *solid = solid_from_deepcad(model, err);
	int rc;

	if (!solid)
		return -1;
	rc = part_from_solid(&part, solid, first_angle ? first : third, 3, &arena, err);
	has_section = rc == 0 && wants_section && scene_section(&part, solid, &arena);
	solid_free(solid);
	return rc;
}

static const struct scene_params params = {.size_px = 1600,
					   .digit_um = 3500,
					   .text_um = 3500,
					   .arrow_um = 3000,
					   .offset_um = 10000,
					   .spacing_um = 8000};

/* The part of a text, with the dimensions that a seed gives it; fails where there are none. */
static void dimension_sketch(const char *text, uint64_t seed)
{
	struct rng rng = rng_stream(seed, 0, "scene", 0);
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) < 0 ||
	    read_part(&model, seed % 2, &err) < 0 ||
	    scene_part(&scene, &part, &params, &rng, &arena, &err) < 0)
		fail_msg("%s", err.msg);
}

/* A flange: a boss with a bore, four holes. */
static const char flange[] = "sketch_0 = Sketch()\n"
			     "sketch_0.add_circle(center=(0,0), radius=50)\n"
			     "sketch_0.add_circle(center=(0,0), radius=12.5)\n"
			     "sketch_0.add_circle(center=(35,0), radius=4.5)\n"
			     "sketch_0.add_circle(center=(0,35), radius=4.5)\n"
			     "sketch_0.add_circle(center=(-35,0), radius=4.5)\n"
			     "sketch_0.add_circle(center=(0,-35), radius=4.5)\n"
			     "Extrude(sketch_0, distance=12)\n"
			     "sketch_1 = Sketch(origin=(0,0,12))\n"
			     "sketch_1.add_circle(center=(0,0), radius=22)\n"
			     "sketch_1.add_circle(center=(0,0), radius=12.5)\n"
			     "Extrude(sketch_1, distance=25, operation=\"join\")\n";

static int section_view(void)
{
	int view = -1;

	for (int v = 0; v < part.view_count; v++)
		if (part.views[v].section) {
			assert_int_equal(view, -1);
			view = v;
		}
	return view;
}

/* With the sign of the way round. */
static double signed_area(const struct solid_loop *loop)
{
	struct path path = {.closed = true};
	struct polyline line;
	double twice = 0;

	for (int i = 0; i < loop->count; i++)
		solid_curve_path(&loop->curves[i], 1e-4, &arena, &path);
	line = polyline_from_path(&path, 1e-4, &arena);
	for (int i = 0; i < line.count; i++)
		twice += vec_cross(line.points[i], line.points[(i + 1) % line.count]);
	return twice / 2;
}

/* A bush: the plane through its axis and both of its cross holes. */
static const char bush[] = "sketch_0 = Sketch()\n"
			   "sketch_0.add_circle(center=(0,0), radius=20)\n"
			   "sketch_0.add_circle(center=(0,0), radius=12)\n"
			   "Extrude(sketch_0, distance=40)\n"
			   "sketch_1 = Sketch(origin=(-30,0,30), x_axis=(0,1,0), normal=(1,0,0))\n"
			   "sketch_1.add_circle(center=(0,0), radius=3)\n"
			   "Extrude(sketch_1, distance=60, operation=\"cut\")\n";

/* Bored, a disc with a step: called as turned parts are; a bracket is not. */
static void test_names(void **state)
{
	static const char block[] =
		"sketch_0 = Sketch()\nsketch_0.add_line(start=(0,0), end=(60,0))\n"
		"sketch_0.add_line(start=(60,0), end=(60,60))\n"
		"sketch_0.add_line(start=(60,60), end=(0,60))\n"
		"sketch_0.add_line(start=(0,60), end=(0,0))\n"
		"sketch_0.add_circle(center=(30,30), radius=12)\nExtrude(sketch_0, distance=40)\n";
	static const char *const turned[] = {"ADAPTER", "BUSHING", "FLANGE",
					     "HUB",     "SLEEVE",  "SPACER"};
	struct rng rng = rng_seed(1, 0);

	(void)state;
	need_solids();
	for (int i = 0; i < 40; i++) {
		const char *name;
		bool there = false;
		struct part_facts facts;

		dimension_sketch(i % 2 ? flange : bush, 0);
		facts = part_from_scene(&scene, CUSTOM_ISO, &rng, &arena);
		name = part_name(&facts, false, &rng);
		assert_int_equal(facts.family, FAMILY_TURNED);
		for (size_t k = 0; k < sizeof(turned) / sizeof(*turned); k++)
			there |= strcmp(turned[k], name) == 0;
		if (!there)
			fail_msg("a %s is called %s", i % 2 ? "flange" : "bush", name);
		arena_reset(&arena);
	}
	dimension_sketch(block, 0);
	assert_int_equal(part_from_scene(&scene, CUSTOM_ISO, &rng, &arena).family, FAMILY_PLATE);
}

static void test_section_places(void **state)
{
	double area = 0;
	int v;

	(void)state;
	need_solids();
	wants_section = true;
	dimension_sketch(flange, 0);
	assert_true(has_section);
	v = section_view();
	/* Along the bore and two of the holes. */
	assert_int_equal(part.views[v].side, PART_FRONT);
	assert_true(fabs(part.views[v].cut) < SAME_MM);
	for (int i = 0; i < part.views[v].loop_count; i++)
		area += fabs(signed_area(&part.views[v].loops[i]));
	assert_true(fabs(area - (100 * 12 - 2 * 9 * 12 - 25 * 12 + (44 - 25) * 25)) < 1e-3);
	for (int i = 0; i < part.views[v].count; i++)
		assert_true(part.views[v].curves[i].visible);
	dimension_sketch(bush, 0);
	assert_true(has_section);
	assert_int_equal(part.views[section_view()].side, PART_FRONT);
	assert_true(fabs(part.views[section_view()].cut) < SAME_MM);
	/* A plate whose only hole is a speck. */
	dimension_sketch("sketch_0 = Sketch()\n"
			 "sketch_0.add_line(start=(0,0), end=(90,0))\n"
			 "sketch_0.add_line(start=(90,0), end=(90,60))\n"
			 "sketch_0.add_line(start=(90,60), end=(0,60))\n"
			 "sketch_0.add_line(start=(0,60), end=(0,0))\n"
			 "sketch_0.add_circle(center=(40,30), radius=0.5)\n"
			 "Extrude(sketch_0, distance=20)\n",
			 0);
	assert_false(has_section);
	wants_section = false;
}

/* The section of a sketch that the user wants: from which side, and where. */
static void assert_cut(const char *text, enum part_side side, double at)
{
	struct deepcad_model model;
	struct err err = {0};
	struct solid *solid = NULL;
	int v;

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) == 0)
		solid = solid_from_deepcad(&model, &err);
	if (!solid || part_from_solid(&part, solid, third, 3, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	v = scene_section_any(&part, solid, &arena, &err);
	if (v < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(v, section_view());
	assert_int_equal(part.views[v].side, side);
	assert_true(fabs(part.views[v].cut - at) < SAME_MM);
	assert_true(part.views[v].loop_count > 0);
	solid_free(solid);
}

#define BLOCK                                                                                      \
	"sketch_0 = Sketch()\n"                                                                    \
	"sketch_0.add_line(start=(0,0), end=(90,0))\n"                                             \
	"sketch_0.add_line(start=(90,0), end=(90,60))\n"                                           \
	"sketch_0.add_line(start=(90,60), end=(0,60))\n"                                           \
	"sketch_0.add_line(start=(0,60), end=(0,0))\n"                                             \
	"Extrude(sketch_0, distance=20)\n"

/* As where it need not be one; through what holes there are, else the middle, off a face in it. A shaft is cut across,
 * with a bore lengthwise. */
static void test_section_all_the_same(void **state)
{
	static const char speck[] = BLOCK "sketch_1 = Sketch()\n"
					  "sketch_1.add_circle(center=(40,25), radius=0.5)\n"
					  "Extrude(sketch_1, distance=20, operation=\"cut\")\n";
	static const char step[] = BLOCK "sketch_1 = Sketch(origin=(0,0,15))\n"
					 "sketch_1.add_line(start=(0,0), end=(90,0))\n"
					 "sketch_1.add_line(start=(90,0), end=(90,30))\n"
					 "sketch_1.add_line(start=(90,30), end=(0,30))\n"
					 "sketch_1.add_line(start=(0,30), end=(0,0))\n"
					 "Extrude(sketch_1, distance=5, operation=\"cut\")\n";
	static const char shaft[] = "sketch_0 = Sketch()\n"
				    "sketch_0.add_circle(center=(0,0), radius=20)\n"
				    "Extrude(sketch_0, distance=90)\n";
	static const char pinned[] = "sketch_0 = Sketch()\n"
				     "sketch_0.add_circle(center=(0,0), radius=20)\n"
				     "Extrude(sketch_0, distance=90)\n"
				     "sketch_1 = Sketch(origin=(-30,0,30), x_axis=(0,1,0), "
				     "normal=(1,0,0))\n"
				     "sketch_1.add_circle(center=(0,0), radius=6)\n"
				     "Extrude(sketch_1, distance=60, operation=\"cut\")\n";

	(void)state;
	need_solids();
	assert_cut(flange, PART_FRONT, 0);
	assert_cut(BLOCK, PART_FRONT, 30);
	assert_cut(speck, PART_RIGHT, 40);
	assert_cut(step, PART_FRONT, 27);
	assert_cut(shaft, PART_TOP, 45);
	assert_cut(pinned, PART_TOP, 30);
	assert_cut(bush, PART_FRONT, 0);
	/* Nor is a section of a sheet along the pin, or through a shaft without holes. */
	wants_section = true;
	dimension_sketch(pinned, 0);
	assert_true(!has_section || part.views[section_view()].side == PART_TOP);
	dimension_sketch(shaft, 0);
	assert_false(has_section);
	wants_section = false;
}

static void draw(struct drawing *drawing, const struct style *style, uint64_t seed)
{
	struct rng rng = rng_stream(seed, 0, "draft", 0);
	int rc = -1;

	for (int i = 0; i <= SCENE_PART_SHEETS && rc < 0; i++) {
		if (i > 0)
			scene_part_sheet(&scene, &params, i);
		rc = drawing_from_scene(drawing, &scene, style, font_builtin(), &rng, &arena);
	}
	if (rc < 0)
		fail_msg("no layout");
}

/* The tips of a dimension's two arrows are as far apart as it says. */
static void assert_measures(const struct drawing *drawing, int dimension)
{
	const struct dimension *dim = &scene.dimensions[dimension];
	struct vec tips[2];
	int count = 0;

	for (int i = 0; i < drawing->arrow_count; i++)
		if (drawing->arrows[i].dimension == dimension && count++ < 2)
			tips[count - 1] = drawing->arrows[i].tip;
	if (dim->kind == DIM_POSITION_X || dim->kind == DIM_POSITION_Y) {
		assert_int_equal(count, 2);
		assert_true(fabs(vec_length(vec_sub(tips[0], tips[1])) -
				 (double)dimension_value(&scene, dim) / 1000 * drawing->scale) <
			    SAME_MM * drawing->scale);
	} else {
		assert_true(count == 1 || count == 2);
	}
}

/* Nothing dashed in the section's box, hatching in it and nowhere else, two ends of the plane and a title. */
static void assert_section_drawn(const struct drawing *drawing)
{
	const struct box *b = &drawing->views[section_view()].box;
	int hatched = 0, marks = 0, titles = 0;

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		struct vec a = s->path.segs[0].a;
		bool inside = a.x > b->x0 - 0.01 && a.x < b->x1 + 0.01 && a.y > b->y0 - 0.01 &&
			      a.y < b->y1 + 0.01;

		assert_false(s->layer == LAYER_HIDDEN && inside);
		assert_true(s->layer != LAYER_HATCH || inside);
		hatched += s->layer == LAYER_HATCH;
	}
	for (int i = 0; i < drawing->symbol_count; i++) {
		const struct drawn_symbol *s = &drawing->symbols[i];

		marks += s->kind == SYMBOL_SECTION_MARK && strcmp(s->value, "A") == 0;
		titles += s->kind == SYMBOL_VIEW_TITLE &&
			  (strcmp(s->value, "A-A") == 0 || strcmp(s->value, "SECTION A-A") == 0);
	}
	assert_true(hatched > 3);
	assert_int_equal(marks, 2);
	assert_int_equal(titles, 1);
}

static void test_section_drawn(void **state)
{
	static const char *const texts[] = {bush, flange};
	struct style_sheet sheet = style_iso();

	(void)state;
	need_solids();
	wants_section = true;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct rng rng = rng_stream(seed, 0, "style", 0);
		struct style style = style_from_sheet(&sheet, &rng);
		struct drawing drawing;

		style.projection = seed % 2 ? STYLE_PROJECTION_FIRST : STYLE_PROJECTION_THIRD;
		if (seed % 3 == 0)
			style.title_block = STYLE_TITLE_ASME;
		dimension_sketch(texts[seed / 2 % 2], seed);
		assert_true(has_section);
		draw(&drawing, &style, seed);
		assert_section_drawn(&drawing);
		for (int i = 0; i < scene.dimension_count; i++)
			assert_measures(&drawing, i);
	}
	wants_section = false;
}

/* Whether a view shows a line, a middle or an axis at a coordinate. */
static bool shows(const struct part_view *view, bool level, double at)
{
	for (int i = 0; i < view->count; i++) {
		const struct seg *s = &view->curves[i].seg;
		const struct vec points[] = {s->a, s->b, s->centre};

		for (int k = 0; k < (s->kind == SEG_ARC ? 3 : 2); k++)
			if (fabs((level ? points[k].x : points[k].y) - at) < SAME_MM)
				return true;
	}
	for (int i = 0; i < part.round_count; i++) {
		struct vec centre = part_seen(view->side, part.rounds[i].base);

		bool marked =
			part.rounds[i].axis == part_axes(view->side).across ||
			(part_is_whole(&part.rounds[i]) && part_shows_axis(view, &part.rounds[i]));

		if (marked && fabs((level ? centre.x : centre.y) - at) < SAME_MM)
			return true;
	}
	return false;
}

/* The section shows what its dimensions measure. */
static void assert_shown(int v)
{
	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];
		bool level = dim->kind == DIM_POSITION_X;

		if (dim->view != v || (!level && dim->kind != DIM_POSITION_Y))
			continue;
		for (int k = 0; k < 2; k++)
			if (!shows(&part.views[v], level, (double)dim->at[k] / 1000))
				fail_msg("%s%g is not seen", whose, (double)dim->at[k] / 1000);
	}
	for (int i = 0; i < part.round_count; i++) {
		const struct part_round *r = &part.rounds[i];
		bool seen = r->pitch || r->axis != part_axes(part.views[v].side).across;

		for (int k = 0; k < part.views[v].count; k++) {
			const struct solid_curve *c = &part.views[v].curves[k];

			seen |= c->seg.kind == SEG_ARC && fabs(c->seg.rx - r->radius) < SAME_MM;
		}
		assert_true(seen);
	}
}

/* As many dimensions as of the part without a section: each place is told, and each size. */
static void test_random_sections(void **state)
{
	static const struct part_params most = {.operations_max = PART_OPERATIONS_MAX};
	uint64_t seed = test_seed();
	int planned = 0, cut = 0;

	(void)state;
	need_solids();
	for (uint64_t i = 0; i < PARTS; i++) {
		struct rng rng = rng_stream(seed, i, "scene", 0), again = rng;
		struct deepcad_model model;
		struct err err = {0};
		int count;

		arena_reset(&arena);
		assert_int_equal(part_from_seed(&model, &most, seed, i, 0, &arena, &err), 0);
		wants_section = true;
		if (read_part(&model, i % 2, &err) < 0)
			fail_msg("part %d: %s", (int)i, err.msg);
		cut += has_section;
		if (!has_section || scene_part(&scene, &part, &params, &rng, &arena, &err) < 0)
			continue;
		planned++;
		snprintf(whose, sizeof(whose), "cut part %d: ", (int)i);
		assert_shown(section_view());
		count = scene.dimension_count;
		wants_section = false;
		assert_int_equal(read_part(&model, i % 2, &err), 0);
		assert_int_equal(scene_part(&scene, &part, &params, &again, &arena, &err), 0);
		assert_int_equal(count, scene.dimension_count);
	}
	print_message("# %d of %d parts with sections, %d of them planned\n", cut, PARTS, planned);
	assert_true(cut > PARTS / 10 && planned > cut / 2);
	wants_section = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_names, forget),
		cmocka_unit_test_teardown(test_section_places, forget),
		cmocka_unit_test_teardown(test_section_all_the_same, forget),
		cmocka_unit_test_teardown(test_section_drawn, forget),
		cmocka_unit_test_teardown(test_random_sections, forget),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
