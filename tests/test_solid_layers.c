/* SPDX-License-Identifier: MIT */
/* solid_to_deepcad: a solid taken for layers makes the same solid again, or is none. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "formats/solid/solid.h"
#include "tests/deepcad_samples.h"
#include "tests/made_solids.h"

#define SAME 1e-9 /* of volumes and areas */

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct solid *solid_of(const struct deepcad_model *model)
{
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(model, &err);

	if (!solid)
		fail_msg("%s", err.msg);
	return solid;
}

static struct solid *solid_of_text(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return solid_of(&model);
}

/* 0, and *extrudes says how many there are; or the error's code. */
static enum err_code layer(struct solid *solid, int *extrudes)
{
	struct deepcad_model model;
	struct err err = {0};
	struct solid *again;
	double iou;

	if (solid_to_deepcad(solid, &arena, &model, &err) < 0)
		return err.code;
	again = solid_of(&model);
	assert_share(made_measures(again).volume, made_measures(solid).volume, SAME);
	assert_share(made_measures(again).area, made_measures(solid).area, SAME);
	if (solid_overlap(again, solid, &iou, &err) < 0)
		fail_msg("%s", err.msg);
	assert_true(iou > 1 - SAME);
	*extrudes = model.feature_count;
	solid_free(again);
	return 0;
}

#define SQUARE(SKETCH, X0, Y0, X1, Y1)                                                             \
	SKETCH ".add_line(start=(" #X0 "," #Y0 "), end=(" #X1 "," #Y0 "))\n" SKETCH                \
	       ".add_line(start=(" #X1 "," #Y0 "), end=(" #X1 "," #Y1 "))\n" SKETCH                \
	       ".add_line(start=(" #X1 "," #Y1 "), end=(" #X0 "," #Y1 "))\n" SKETCH                \
	       ".add_line(start=(" #X0 "," #Y1 "), end=(" #X0 "," #Y0 "))\n"

/* A plate with a counterbore, and a boss beside it: three layers. */
static const char stepped[] = "a = Sketch(origin=(5,6,7))\n" SQUARE(
	"a", 0, 0, 60, 40) "a.add_circle(center=(15,20), radius=4)\n"
			   "Extrude(a, distance=10)\n"
			   "b = Sketch(origin=(5,6,17))\nb.add_circle(center=(15,20), radius=7)\n"
			   "Extrude(b, distance=-4, operation=\"cut\")\n"
			   "c = Sketch(origin=(5,6,17))\nc.add_circle(center=(45,20), radius=9)\n"
			   "c.add_circle(center=(45,20), radius=5)\n"
			   "Extrude(c, distance=12, operation=\"join\")\n";

static void test_layers(void **state)
{
	struct solid *solid;
	int extrudes = 0;

	(void)state;
	need_solids();
	solid = solid_of_text(stepped);
	assert_int_equal(layer(solid, &extrudes), 0);
	assert_int_equal(extrudes, 3);
	solid_free(solid);
}

/* Along x there is one layer, and along the others there are three. */
static void test_fewest(void **state)
{
	struct solid *solid;
	int extrudes = 0;

	(void)state;
	need_solids();
	solid = solid_of_text("a = Sketch(origin=(3,0,0), x_axis=(0,1,0), normal=(1,0,0))\n"
			      "a.add_line(start=(0,0), end=(30,0))\n"
			      "a.add_line(start=(30,0), end=(30,10))\n"
			      "a.add_line(start=(30,10), end=(20,10))\n"
			      "a.add_line(start=(20,10), end=(20,25))\n"
			      "a.add_line(start=(20,25), end=(8,25))\n"
			      "a.add_line(start=(8,25), end=(0,0))\n"
			      "Extrude(a, distance=12)\n");
	assert_int_equal(layer(solid, &extrudes), 0);
	assert_int_equal(extrudes, 1);
	solid_free(solid);
}

/* Two legs are two regions of one layer, and nothing lies between them. */
static void test_apart(void **state)
{
	struct solid *solid;
	int extrudes = 0;

	(void)state;
	need_solids();
	solid = solid_of_text("a = Sketch()\n" SQUARE(
		"a", 0, 0, 60,
		40) "Extrude(a, distance=10)\n"
		    "b = Sketch()\n" SQUARE(
			    "b", 0, 0, 9,
			    9) "Extrude(b, distance=-20, operation=\"join\")\n"
			       "c = Sketch()\nc.add_circle(center=(50,30), radius=6)\n"
			       "Extrude(c, distance=-20, operation=\"join\")\n");
	assert_int_equal(layer(solid, &extrudes), 0);
	assert_int_equal(extrudes, 3);
	solid_free(solid);
}

static void test_none(void **state)
{
	struct solid *solid;
	int extrudes;

	(void)state;
	need_solids();
	solid = solid_of_text("a = Sketch()\n" SQUARE(
		"a", 0, 0, 60, 40) "Extrude(a, distance=30)\n"
				   "b = Sketch(origin=(0,0,0), x_axis=(1,0,0), normal=(0,-1,0))\n"
				   "b.add_circle(center=(20,15), radius=5)\n"
				   "Extrude(b, distance=-40, operation=\"cut\")\n"
				   "c = Sketch()\nc.add_circle(center=(45,20), radius=5)\n"
				   "Extrude(c, distance=30, operation=\"cut\")\n");
	assert_int_equal(layer(solid, &extrudes), ERR_UNSUPPORTED);
	solid_free(solid);
}

static int layered;

static void check_file(const char *path)
{
	struct deepcad_model model;
	struct err err = {0};
	struct solid *solid;
	int extrudes;

	if (deepcad_read(&model, path, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	solid = solid_of(&model);
	layered += layer(solid, &extrudes) == 0;
	solid_free(solid);
}

static void test_real_files(void **state)
{
	(void)state;
	need_solids();
	layered = 0;
	each_deepcad_file(".json", check_file);
	assert_true(layered >= 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_layers, forget),
		cmocka_unit_test_teardown(test_fewest, forget),
		cmocka_unit_test_teardown(test_apart, forget),
		cmocka_unit_test_teardown(test_none, forget),
		cmocka_unit_test_teardown(test_real_files, forget),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
