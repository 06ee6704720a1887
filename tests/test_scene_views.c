/* SPDX-License-Identifier: MIT */
/* scene_views: which views turned parts keep, and that the rest tell as much; what else than turned keeps all. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fonts/font.h"
#include "formats/cad/cad_code.h"
#include "formats/drawing/dimension.h"
#include "gen/part/part_from_seed.h"
#include "gen/scene/scene_part.h"
#include "gen/scene/scene_section.h"
#include "gen/scene/scene_views.h"
#include "render/draft/draft.h"
#include "tests/made_solids.h"
#include "tests/random_shapes.h"

#define PARTS 60

static struct arena arena;
static struct part part;
static struct scene scene;

static const struct scene_params params = {.size_px = 1600,
					   .digit_um = 3500,
					   .text_um = 3500,
					   .arrow_um = 3000,
					   .offset_um = 10000,
					   .spacing_um = 8000};

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void read_model(const struct deepcad_model *model, bool section)
{
	static const enum part_side sides[] = {PART_FRONT, PART_TOP, PART_RIGHT, PART_ISO};
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(model, &err);

	if (!solid || part_from_solid(&part, solid, sides, 4, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	if (section)
		scene_section(&part, solid, &arena);
	solid_free(solid);
}

static void read_sketch(const char *text, bool section)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	read_model(&model, section);
}

static void plan(void)
{
	struct rng rng = rng_seed(1, 2);
	struct err err = {0};

	if (scene_part(&scene, &part, &params, &rng, &arena, &err) < 0)
		fail_msg("%s", err.msg);
}

/* "front top iso" */
static void assert_views(const char *names)
{
	char is[64] = "";

	for (int i = 0; i < part.view_count; i++) {
		strcat(is, i ? " " : "");
		strcat(is, part_side_names[part.views[i].side]);
	}
	assert_string_equal(is, names);
}

/* A disc and a smaller one on it, and what the sketches of both have besides. */
#define STEPPED(plane, above, more)                                                                \
	"sketch_0 = Sketch(" plane ")\n"                                                           \
	"sketch_0.add_circle(center=(0,0), radius=50)\n" more "Extrude(sketch_0, distance=20)\n"   \
	"sketch_1 = Sketch(" above ")\n"                                                           \
	"sketch_1.add_circle(center=(0,0), radius=20)\n"                                           \
	"Extrude(sketch_1, distance=60, operation=\"join\")\n"
#define ALONG_X(more)                                                                              \
	STEPPED("origin=(0,0,0), x_axis=(0,1,0), normal=(1,0,0)",                                  \
		"origin=(20,0,0), x_axis=(0,1,0), normal=(1,0,0)", more)
#define ALONG_Y(more)                                                                              \
	STEPPED("origin=(0,0,0), x_axis=(0,0,1), normal=(0,1,0)",                                  \
		"origin=(0,20,0), x_axis=(0,0,1), normal=(0,1,0)", more)
#define ALONG_Z(more) STEPPED("", "origin=(0,0,20)", more)
#define HOLE(x, y, r) "sketch_0.add_circle(center=(" #x "," #y "), radius=" #r ")\n"

static const char pin[] = ALONG_X("");
static const char flange[] = ALONG_Z(HOLE(35, 0, 4) HOLE(0, 35, 4) HOLE(-35, 0, 4) HOLE(0, -35, 4));
static const char bush[] = "sketch_0 = Sketch()\n"
			   "sketch_0.add_circle(center=(0,0), radius=20)\n"
			   "sketch_0.add_circle(center=(0,0), radius=12)\n"
			   "Extrude(sketch_0, distance=40)\n";

static void assert_twin(const char *text, bool dropped, const char *views)
{
	read_sketch(text, false);
	assert_true(scene_drop_twin(&part) == dropped);
	assert_views(views);
}

static void test_twins(void **state)
{
	(void)state;
	need_solids();
	assert_twin(pin, true, "front right iso");
	assert_twin(ALONG_Z(""), true, "front top iso");
	assert_twin(ALONG_Y(""), false, "front top right iso");
	assert_twin(bush, true, "front top iso");
	assert_twin(flange, true, "front top iso");
	/* Holes to one side, which the view from the other end would have on the other; of two kinds. */
	assert_twin(ALONG_X(HOLE(0, 35, 4)), true, "front right iso");
	assert_twin(ALONG_X(HOLE(35, 0, 4)), false, "front top right iso");
	assert_twin(ALONG_Z(HOLE(35, 0, 4) HOLE(-35, 0, 5)), false, "front top right iso");
	/* Across the axis. */
	assert_twin(
		ALONG_Z("") "sketch_2 = Sketch(origin=(-60,0,60), x_axis=(0,1,0), normal=(1,0,0))\n"
			    "sketch_2.add_circle(center=(0,0), radius=5)\n"
			    "Extrude(sketch_2, distance=120, operation=\"cut\")\n",
		false, "front top right iso");
	/* A flat. */
	assert_twin(ALONG_Z("") "sketch_2 = Sketch(origin=(0,0,60))\n"
				"sketch_2.add_line(start=(15,-30), end=(30,-30))\n"
				"sketch_2.add_line(start=(30,-30), end=(30,30))\n"
				"sketch_2.add_line(start=(30,30), end=(15,30))\n"
				"sketch_2.add_line(start=(15,30), end=(15,-30))\n"
				"Extrude(sketch_2, distance=40, operation=\"cut\")\n",
		    false, "front top right iso");
}

static void test_ends(void **state)
{
	(void)state;
	need_solids();
	read_sketch(pin, false);
	assert_true(scene_drop_twin(&part));
	plan();
	assert_true(scene_drop_end(&scene, &part));
	assert_views("front iso");
	assert_int_equal(scene.dimension_count, 4);
	for (int i = 0; i < scene.dimension_count; i++)
		assert_int_equal(scene.dimensions[i].view, 0);
	/* Both ends of one diameter, which the collar between them interrupts. */
	read_sketch(
		ALONG_X("") "sketch_2 = Sketch(origin=(-60,0,0), x_axis=(0,1,0), normal=(1,0,0))\n"
			    "sketch_2.add_circle(center=(0,0), radius=20)\n"
			    "Extrude(sketch_2, distance=60, operation=\"join\")\n",
		false);
	assert_true(scene_drop_twin(&part));
	plan();
	assert_int_equal(scene.dimension_count, 5);
	assert_true(scene_drop_end(&scene, &part));
	assert_views("front iso");
	/* The diameter of its bore stands in the view along it. */
	read_sketch(bush, false);
	assert_true(scene_drop_twin(&part));
	plan();
	assert_false(scene_drop_end(&scene, &part));
	assert_views("front top iso");
	read_sketch(flange, false);
	assert_true(scene_drop_twin(&part));
	plan();
	assert_false(scene_drop_end(&scene, &part));
}

/* Whether there is room for all in a style. */
static bool is_drawn(struct drawing *drawing)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_seed(3, 4);
	struct style style = style_from_sheet(&sheet, &rng);
	int rc = -1;

	for (int i = 0; i <= SCENE_PART_SHEETS && rc < 0; i++) {
		scene_part_sheet(&scene, &params, i);
		rc = drawing_from_scene(drawing, &scene, &style, font_builtin(), &rng, &arena);
	}
	assert_true(rc < 0 || drawing->view_count == part.view_count);
	return rc == 0;
}

/* Of a section's drawing: ends of its plane and titles; whether it is hatched. */
static void assert_marks(const struct drawing *drawing, int marks)
{
	bool hatched = false;

	for (int i = 0; i < drawing->symbol_count; i++)
		marks -= drawing->symbols[i].kind == SYMBOL_SECTION_MARK ||
			 drawing->symbols[i].kind == SYMBOL_VIEW_TITLE;
	for (int i = 0; i < drawing->stroke_count; i++)
		hatched |= drawing->strokes[i].layer == LAYER_HATCH;
	assert_int_equal(marks, 0);
	assert_true(hatched);
}

/* In the view that stays. A bush has its diameters there, where its bore opens, and no other view; so its plane is not
 * marked. That of a flange is. */
static void test_sections(void **state)
{
	static const char blind[] =
		ALONG_X("") "sketch_2 = Sketch(origin=(80,0,0), x_axis=(0,1,0), "
			    "normal=(-1,0,0))\n"
			    "sketch_2.add_circle(center=(0,0), radius=10)\n"
			    "Extrude(sketch_2, distance=70, operation=\"cut\")\n";
	struct drawing drawing;

	(void)state;
	need_solids();
	read_sketch(flange, true);
	assert_true(scene_drop_twin(&part));
	assert_views("front top iso");
	assert_true(part.views[0].section);
	plan();
	assert_false(scene_drop_end(&scene, &part));
	assert_true(is_drawn(&drawing));
	assert_marks(&drawing, 3);
	read_sketch(bush, true);
	assert_true(scene_drop_twin(&part));
	plan();
	assert_int_equal(scene.dimension_count, 3);
	assert_true(scene_drop_end(&scene, &part));
	assert_views("front iso");
	assert_true(is_drawn(&drawing));
	assert_marks(&drawing, 0);
	read_sketch(blind, true);
	assert_true(part.views[0].section);
	assert_true(scene_drop_twin(&part));
	plan();
	assert_true(scene_drop_end(&scene, &part));
	assert_true(is_drawn(&drawing));
	for (int i = 0; i < drawing.arrow_count; i++) {
		const struct dimension *dim = &scene.dimensions[drawing.arrows[i].dimension];

		if (dim->kind == DIM_SIDE_DIAMETER && part.rounds[dim->round].hollow)
			assert_true(drawing.arrows[i].tip.x > drawing.views[0].box.x1);
	}
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* What the sheet says, in the order of its numbers. Returns how many. */
static int values(int64_t *list)
{
	for (int i = 0; i < scene.dimension_count; i++)
		list[i] = dimension_value(&scene, &scene.dimensions[i]);
	qsort(list, (size_t)scene.dimension_count, sizeof(*list), compare);
	return scene.dimension_count;
}

/* With fewer views the same numbers, each in one that is there. */
static void test_random(void **state)
{
	static const struct part_params turned = {.operations_max = PART_OPERATIONS_MAX,
						  .turned = 1};
	uint64_t seed = test_seed();
	int64_t all[SCENE_DIMENSIONS_MAX], few[SCENE_DIMENSIONS_MAX];
	int twins = 0, ends = 0, drawn = 0;

	(void)state;
	need_solids();
	for (uint64_t i = 0; i < PARTS; i++) {
		struct deepcad_model model;
		struct drawing drawing;
		struct err err = {0};
		int count;

		arena_reset(&arena);
		assert_int_equal(part_from_seed(&model, &turned, seed, i, 0, &arena, &err), 0);
		read_model(&model, false);
		plan();
		count = values(all);
		read_model(&model, false);
		if (!scene_drop_twin(&part))
			continue;
		twins++;
		plan();
		ends += scene_drop_end(&scene, &part);
		assert_int_equal(values(few), count);
		assert_memory_equal(all, few, (size_t)count * sizeof(*all));
		for (int k = 0; k < count; k++)
			assert_in_range(scene.dimensions[k].view, 0, part.view_count - 1);
		drawn += is_drawn(&drawing);
	}
	print_message("# of %d parts %d have two views, or one: %d\n", PARTS, twins, ends);
	assert_true(twins > 0 && drawn > twins / 2); /* in one style on the sheets of that */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_twins, forget),
		cmocka_unit_test_teardown(test_ends, forget),
		cmocka_unit_test_teardown(test_sections, forget),
		cmocka_unit_test_teardown(test_random, forget),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
