/* SPDX-License-Identifier: MIT */
/* plate_check: what makes a plate, every message of check_plate; corners, mirror images. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/scene/plate.h"

#define SQUARE "{\"type\":\"profile\",\"points\":[[0,0],[80,0],[80,50],[0,50]],\"thickness\":8}"
#define DISC "{\"type\":\"disc\",\"x\":0,\"y\":0,\"d\":80,\"thickness\":8}"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static int parse(const char *shapes, struct scene *scene, struct err *err)
{
	char text[2048];
	int n = snprintf(text, sizeof(text),
			 "{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
			 "\"arrangement\":\"parallel\",\"shapes\":[%s],\"dimensions\":[]}",
			 shapes);

	assert_true(n < (int)sizeof(text));
	return scene_parse(scene, "scene", text, (size_t)n, &arena, err);
}

/* The same without fillets: the shape itself, as a mirror image is compared. */
static struct scene scene_of(const char *shapes)
{
	struct scene scene;
	struct err err = {0};

	if (parse(shapes, &scene, &err) < 0)
		fail_msg("%s", err.msg);
	return scene;
}

static void test_plates_are_accepted(void **state)
{
	static const char *const plates[] = {
		SQUARE,
		DISC,
		SQUARE ",{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":10}",
		SQUARE ",{\"type\":\"chamfer\",\"x\":0,\"y\":0,\"c\":10}",
		/* Two that leave a thousandth of their edge and more. */
		SQUARE ",{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":25},"
		       "{\"type\":\"fillet\",\"x\":0,\"y\":50,\"r\":24.99}",
		/* Outside the sharp corner's arc by a hair, inside the box. */
		SQUARE ",{\"type\":\"hole\",\"x\":4.5,\"y\":4.5,\"d\":8}",
		SQUARE ",{\"type\":\"hole\",\"x\":30,\"y\":25,\"d\":10},"
		       "{\"type\":\"hole\",\"x\":40.1,\"y\":25,\"d\":10}",
		SQUARE ",{\"type\":\"counterbore\",\"x\":30,\"y\":25,\"d\":6.6,\"cbore_d\":11,"
		       "\"cbore_depth\":7.999}",
		DISC ",{\"type\":\"hole\",\"x\":0,\"y\":0,\"d\":79.9}",
		/* The lowest corner of a T does not lie at the datum. */
		"{\"type\":\"profile\",\"points\":[[20,0],[60,0],[60,30],[80,30],[80,50],[0,50],[0,"
		"30],"
		"[20,30]],\"thickness\":8}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plates) / sizeof(*plates); i++)
		scene_of(plates[i]);
}

static void test_what_is_no_plate(void **state)
{
	static const struct {
		const char *shapes, *message;
	} refused[] = {
		{"{\"type\":\"hole\",\"x\":9,\"y\":9,\"d\":4}",
		 "shape 0: a plate needs one profile or disc; there is none"},
		{"{\"type\":\"disc\",\"x\":0,\"y\":0,\"d\":80,\"thickness\":8}," DISC,
		 "shape 1: a second outline, disc; allowed one profile or disc"},
		{"{\"type\":\"disc\",\"x\":2,\"y\":1,\"d\":80,\"thickness\":8}",
		 "shape 0: disc: 'x' and 'y' are 2 and 1; allowed 0 and 0, the datum"},
		{"{\"type\":\"profile\",\"points\":[[5,2],[80,2],[80,50]],\"thickness\":8}",
		 "shape 0: profile: the lowest x and y are 5 and 2; allowed 0 and 0, the datum"},
		{"{\"type\":\"profile\",\"points\":[[80,0],[80,50],[0,50],[0,0]],\"thickness\":8}",
		 "of two the left one: 'points[3]'"},
		{SQUARE ",{\"type\":\"fillet\",\"x\":10,\"y\":0,\"r\":5}",
		 "shape 1: fillet at (10,0) is at no corner of a profile"},
		{DISC ",{\"type\":\"fillet\",\"x\":40,\"y\":0,\"r\":5}",
		 "shape 1: fillet at (40,0) is at no corner of a profile"},
		{SQUARE ",{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":5},"
			"{\"type\":\"chamfer\",\"x\":0,\"y\":0,\"c\":5}",
		 "shape 2: chamfer at (0,0) is at a corner that has another; allowed one per "
		 "corner"},
		{"{\"type\":\"profile\",\"points\":[[0,0],[80,0],[40,50]],\"thickness\":8},"
		 "{\"type\":\"chamfer\",\"x\":80,\"y\":0,\"c\":5}",
		 "shape 1: chamfer at (80,0) is at a corner that is not square"},
		{SQUARE ",{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":20},"
			"{\"type\":\"fillet\",\"x\":0,\"y\":50,\"r\":30}",
		 "shape 2: fillet at (0,50) takes 30 of an edge of 50, and the other corner 20; "
		 "allowed less than all of it"},
		{SQUARE ",{\"type\":\"counterbore\",\"x\":30,\"y\":25,\"d\":6.6,\"cbore_d\":11,"
			"\"cbore_depth\":8}",
		 "shape 1: counterbore: 'cbore_depth' is 8; allowed less than the plate's "
		 "thickness, 8"},
		{SQUARE ",{\"type\":\"hole_grid\",\"x\":1,\"y\":1,\"d\":0.1,\"columns\":100,"
			"\"rows\":5,\"dx\":0.2,\"dy\":0.2}",
		 "shape 1: 500 holes and more in one plate; allowed 400"},
		{SQUARE ",{\"type\":\"hole\",\"x\":78,\"y\":25,\"d\":5}",
		 "shape 1: hole at (78,25) reaches beyond the outline; allowed inside it, with a "
		 "wall"},
		{SQUARE ",{\"type\":\"slot\",\"x\":70,\"y\":25,\"length\":10,\"r\":4}",
		 "shape 1: slot at (70,25) reaches beyond the outline"},
		/* In the box, beyond the rounded corner. */
		{SQUARE ",{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":20},"
			"{\"type\":\"hole\",\"x\":5,\"y\":5,\"d\":4}",
		 "shape 2: hole at (5,5) reaches beyond the outline"},
		{SQUARE ",{\"type\":\"hole\",\"x\":30,\"y\":25,\"d\":10},"
			"{\"type\":\"rectangle\",\"x\":35,\"y\":10,\"width\":20,\"height\":30}",
		 "shape 2: rectangle at (35,10) meets another; allowed a wall between"},
		/* One inside the other. */
		{SQUARE ",{\"type\":\"rectangle\",\"x\":20,\"y\":10,\"width\":40,\"height\":30},"
			"{\"type\":\"hole\",\"x\":40,\"y\":25,\"d\":4}",
		 "shape 2: hole at (40,25) meets another; allowed a wall between"},
		{DISC ",{\"type\":\"hole_circle\",\"x\":0,\"y\":0,\"pcd\":20,\"d\":11,\"count\":6,"
		      "\"start\":0}",
		 "shape 1: hole_circle at (0,0) has holes that meet; allowed a wall between"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct scene scene;
		struct err err = {0};

		assert_int_equal(parse(refused[i].shapes, &scene, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		if (!strstr(err.msg, refused[i].message))
			fail_msg("'%s' instead of '%s'", err.msg, refused[i].message);
	}
}

static void test_corners(void **state)
{
	struct scene scene = scene_of(
		"{\"type\":\"profile\",\"points\":[[0,0],[60,0],[60,20],[20,20],[20,50],[0,50]],"
		"\"thickness\":8},{\"type\":\"fillet\",\"x\":0,\"y\":50,\"r\":6},"
		"{\"type\":\"fillet\",\"x\":20,\"y\":20,\"r\":4},"
		"{\"type\":\"chamfer\",\"x\":60,\"y\":0,\"c\":5}");
	struct plate_corner corners[SHAPE_POINTS_MAX];
	struct path path = plate_outline(&scene, &arena);

	(void)state;
	assert_int_equal(plate_corners(&scene, corners), 6);
	assert_int_equal(corners[0].cut, -1);
	assert_int_equal(corners[1].cut, 3);
	assert_int_equal(corners[3].cut, 2);
	assert_int_equal(corners[5].cut, 1);
	/* Exactly: a square corner's tangent is 1. */
	assert_true(corners[1].setback == 5 && corners[3].setback == 4 && corners[5].setback == 6);
	assert_true(corners[3].turn < 0 && corners[5].turn > 0);
	/* Six edges, a cut and two arcs, joined end to end. */
	assert_int_equal(path.count, 9);
	for (int i = 0; i < path.count; i++)
		assert_true(vec_length(vec_sub(path.segs[i].b, path.segs[(i + 1) % path.count].a)) <
			    1e-12);
}

static void test_holes_of_patterns(void **state)
{
	struct scene scene =
		scene_of(SQUARE ",{\"type\":\"hole_grid\",\"x\":10,\"y\":10,\"d\":4,\"columns\":3,"
				"\"rows\":2,\"dx\":20,\"dy\":15}");
	const struct shape *grid = &scene.shapes[1];
	struct vec last = plate_hole(grid, 5), fourth = plate_hole(grid, 3);

	(void)state;
	assert_int_equal(plate_hole_count(grid), 6);
	assert_true(last.x == 50 && last.y == 25 && fourth.x == 10 && fourth.y == 25);
	scene = scene_of(DISC ",{\"type\":\"hole_circle\",\"x\":0,\"y\":0,\"pcd\":50,\"d\":4,"
			      "\"count\":3,\"start\":90}");
	last = plate_hole(&scene.shapes[1], 0);
	assert_true(fabs(last.x) < 1e-12 && fabs(last.y - 25) < 1e-12);
}

/* Twice mirrored is the shape again; once is another where it lies off the middle. */
static void test_mirror_images(void **state)
{
	static const char *const shapes[] = {
		"{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":5}",
		"{\"type\":\"slot\",\"x\":10,\"y\":10,\"length\":20,\"r\":3}",
		"{\"type\":\"slot\",\"x\":10,\"y\":10,\"length\":20,\"r\":3,\"angle\":90}",
		"{\"type\":\"rectangle\",\"x\":10,\"y\":10,\"width\":20,\"height\":5}",
		"{\"type\":\"hole_grid\",\"x\":8,\"y\":8,\"d\":4,\"columns\":3,\"rows\":2,\"dx\":7,"
		"\"dy\":9}",
		"{\"type\":\"hole_circle\",\"x\":20,\"y\":20,\"pcd\":20,\"d\":4,\"count\":5,"
		"\"start\":20}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		char text[512];
		struct scene scene;
		int k;

		snprintf(text, sizeof(text), SQUARE ",%s", shapes[i]);
		scene = scene_of(text);
		k = plate_body(&scene) == 0 ? 1 : 0;
		for (int is_x = 0; is_x < 2; is_x++) {
			int64_t extent = is_x ? 80000 : 50000;
			struct shape once, twice;

			assert_int_equal(plate_mirror(&scene.shapes[k], is_x, extent, &once), 0);
			assert_int_equal(shape_check(&once, NULL), 0);
			assert_int_not_equal(shape_compare(&once, &scene.shapes[k]), 0);
			assert_int_equal(plate_mirror(&once, is_x, extent, &twice), 0);
			assert_int_equal(shape_compare(&twice, &scene.shapes[k]), 0);
		}
	}
}

static void test_shapes_without_mirror_image(void **state)
{
	struct scene scene = scene_of(
		SQUARE ",{\"type\":\"slot\",\"x\":10,\"y\":10,\"length\":20,\"r\":3,\"angle\":30}");
	struct shape image;

	(void)state;
	assert_int_equal(plate_mirror(&scene.shapes[1], true, 80000, &image), -1);
	/* A seventh of a turn is no thousandth of a degree. */
	scene = scene_of(DISC ",{\"type\":\"hole_circle\",\"x\":0,\"y\":0,\"pcd\":50,\"d\":4,"
			      "\"count\":7,\"start\":0}");
	assert_int_equal(plate_mirror(&scene.shapes[1], true, 0, &image), -1);
	assert_int_equal(plate_mirror(&scene.shapes[1], false, 0, &image), 0);
}

static void test_symmetry(void **state)
{
	static const struct {
		const char *shapes;
		bool x, y;
	} plates[] = {
		{SQUARE, true, true},
		{SQUARE ",{\"type\":\"hole\",\"x\":40,\"y\":20,\"d\":5}", true, false},
		{SQUARE ",{\"type\":\"hole\",\"x\":30,\"y\":25,\"d\":5}", false, true},
		{SQUARE ",{\"type\":\"hole\",\"x\":30,\"y\":20,\"d\":5},"
			"{\"type\":\"hole\",\"x\":50,\"y\":20,\"d\":5}",
		 true, false},
		{SQUARE ",{\"type\":\"hole\",\"x\":30,\"y\":20,\"d\":5},"
			"{\"type\":\"hole\",\"x\":50,\"y\":20,\"d\":6}",
		 false, false},
		{SQUARE ",{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":5},"
			"{\"type\":\"fillet\",\"x\":80,\"y\":0,\"r\":5}",
		 true, false},
		{DISC ",{\"type\":\"hole_circle\",\"x\":0,\"y\":0,\"pcd\":50,\"d\":4,\"count\":3,"
		      "\"start\":90}",
		 true, false},
		{"{\"type\":\"profile\",\"points\":[[0,0],[80,0],[60,50],[20,50]],\"thickness\":8}",
		 true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plates) / sizeof(*plates); i++) {
		struct scene scene = scene_of(plates[i].shapes);

		assert_int_equal(plate_is_symmetric(&scene, true), plates[i].x);
		assert_int_equal(plate_is_symmetric(&scene, false), plates[i].y);
	}
}

static void test_walls(void **state)
{
	struct plate_core point = {.count = 1, .points = {{0, 0}}, .r = 2};
	struct plate_core line = {.count = 2, .points = {{5, -1}, {5, 9}}, .r = 1};
	struct plate_core box = {
		.count = 4, .points = {{-3, 4}, {3, 4}, {3, 8}, {-3, 8}}, .r = 0.5};
	struct plate_core inside = {.count = 1, .points = {{1, 6}}, .r = 0.25};

	(void)state;
	assert_true(fabs(plate_wall(&point, &line) - 2) < 1e-12);
	assert_true(fabs(plate_wall(&line, &point) - 2) < 1e-12);
	assert_true(fabs(plate_wall(&point, &box) - 1.5) < 1e-12);
	assert_true(fabs(plate_wall(&line, &box) - 0.5) < 1e-12);
	assert_true(plate_wall(&box, &inside) < 0 && plate_wall(&inside, &box) < 0);
}

/* A hole stands in a table if all of it is stated there, once, from the datum and for itself alone. */
static void test_rows_of_a_table(void **state)
{
	static const struct dimension row[] = {
		{.kind = DIM_DIAMETER, .shape = 1, .param = PARAM_D, .from = {SCENE_DATUM, 0, 0}},
		{.kind = DIM_POSITION_X, .shape = 1, .param = PARAM_X, .from = {SCENE_DATUM, 0, 0}},
		{.kind = DIM_POSITION_Y, .shape = 1, .param = PARAM_Y, .from = {SCENE_DATUM, 0, 0}},
		{.kind = DIM_POSITION_Y, .shape = 1, .param = PARAM_Y, .from = {SCENE_DATUM, 0, 0}},
	};
	struct scene scene = scene_of(SQUARE ",{\"type\":\"hole\",\"x\":20,\"y\":20,\"d\":8}");
	struct dimension dims[4];
	struct plate_row_of_table cells;

	(void)state;
	memcpy(dims, row, sizeof(dims));
	scene.dimensions = dims;
	scene.dimension_count = 3;
	assert_false(plate_in_table(&scene, 1, NULL));
	scene.arrangement = ARRANGE_TABLE;
	assert_false(plate_in_table(&scene, 0, NULL));
	assert_true(plate_in_table(&scene, 1, &cells));
	assert_int_equal(cells.size, 0);
	assert_int_equal(cells.x, 1);
	assert_int_equal(cells.y, 2);
	assert_true(plate_is_tabled(&scene, &dims[1]));
	scene.dimension_count = 4; /* twice */
	assert_false(plate_in_table(&scene, 1, NULL));
	scene.dimension_count = 2; /* no y */
	assert_false(plate_in_table(&scene, 1, NULL));
	scene.dimension_count = 3;
	dims[0].count = 2;
	assert_false(plate_in_table(&scene, 1, NULL));
	dims[0].count = 1;
	dims[2].from.shape = 0;
	assert_false(plate_in_table(&scene, 1, NULL));
	dims[2].from.shape = SCENE_DATUM;
	dims[2].reference = true;
	assert_false(plate_in_table(&scene, 1, NULL));
	dims[2].reference = false;
	scene.shapes[1].kind = SHAPE_HOLE_GRID;
	assert_false(plate_in_table(&scene, 1, NULL));
	scene.shapes[1].kind = SHAPE_TAPPED_HOLE;
	assert_true(plate_in_table(&scene, 1, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plates_are_accepted),
		cmocka_unit_test(test_what_is_no_plate),
		cmocka_unit_test(test_corners),
		cmocka_unit_test(test_holes_of_patterns),
		cmocka_unit_test(test_mirror_images),
		cmocka_unit_test(test_shapes_without_mirror_image),
		cmocka_unit_test(test_symmetry),
		cmocka_unit_test(test_walls),
		cmocka_unit_test(test_rows_of_a_table),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, forget);
}
