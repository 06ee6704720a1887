/* SPDX-License-Identifier: MIT */
/* volume: parts whose volume a formula tells, and parts that no piece is taken from or added to twice. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/solid/volume.h"

#define PI 3.14159265358979323846
#define PROFILE "{\"type\":\"profile\",\"points\":[[0,0],[100,0],[100,60],[0,60]],\"thickness\":10}"
#define NOTCHED                                                                                    \
	"{\"type\":\"profile\",\"points\":[[0,0],[100,0],[100,60],[40,60],[40,20],[0,20]],"        \
	"\"thickness\":10}"
#define DISC "{\"type\":\"disc\",\"x\":0,\"y\":0,\"d\":100,\"thickness\":8}"
#define CYLINDER(x, length, d)                                                                     \
	"{\"type\":\"cylinder\",\"x\":" #x ",\"length\":" #length ",\"d\":" #d "}"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static double volume_of(const char *family, const char *section, const char *shapes)
{
	struct scene scene;
	struct err err = {0};
	char text[4096];
	int n = snprintf(text, sizeof(text),
			 "{\"family\":\"%s\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
			 "\"arrangement\":\"chain\",\"section\":\"%s\",\"shapes\":[%s],"
			 "\"dimensions\":[]}",
			 family, section, shapes);

	assert_true(n < (int)sizeof(text));
	if (scene_parse(&scene, "scene", text, (size_t)n, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return scene_volume(&scene, &arena);
}

static void assert_plate(const char *shapes, double expected)
{
	double v = volume_of("plate", "none", shapes);

	if (!(fabs(v - expected) < 1e-9 * expected))
		fail_msg("%s: %.9g, not %.9g", shapes, v, expected);
}

static void assert_turned(const char *section, const char *shapes, double expected)
{
	double v = volume_of("turned", section, shapes);

	if (!(fabs(v - expected) < 1e-6 * expected))
		fail_msg("%s: %.9g, not %.9g", shapes, v, expected);
}

static void test_plates(void **state)
{
	(void)state;
	assert_plate(PROFILE, 60000);
	assert_plate(DISC, PI * 2500 * 8);
	assert_plate(PROFILE ",{\"type\":\"hole\",\"x\":30,\"y\":30,\"d\":10}",
		     60000 - PI * 25 * 10);
	assert_plate(PROFILE ",{\"type\":\"tapped_hole\",\"x\":30,\"y\":30,\"d\":10,\"pitch\":0}",
		     60000 - PI * 25 * 10);
	assert_plate(PROFILE ",{\"type\":\"counterbore\",\"x\":30,\"y\":30,\"d\":10,"
			     "\"cbore_d\":18,\"cbore_depth\":4}",
		     60000 - PI * 25 * 6 - PI * 81 * 4);
	assert_plate(PROFILE ",{\"type\":\"slot\",\"x\":30,\"y\":30,\"length\":20,\"r\":4}",
		     60000 - (20 * 8 + PI * 16) * 10);
	assert_plate(PROFILE
		     ",{\"type\":\"rectangle\",\"x\":30,\"y\":20,\"width\":20,\"height\":12}",
		     60000 - 2400);
	assert_plate(PROFILE ",{\"type\":\"rounded_rectangle\",\"x\":30,\"y\":20,\"width\":20,"
			     "\"height\":12,\"r\":3}",
		     60000 - (240 - (4 - PI) * 9) * 10);
	assert_plate(PROFILE ",{\"type\":\"hole_grid\",\"x\":30,\"y\":20,\"d\":6,\"columns\":3,"
			     "\"rows\":2,\"dx\":15,\"dy\":20}",
		     60000 - 6 * PI * 9 * 10);
	assert_plate(DISC ",{\"type\":\"hole_circle\",\"x\":0,\"y\":0,\"pcd\":70,\"d\":8,"
			  "\"count\":5,\"start\":0}",
		     PI * (2500 - 5 * 16) * 8);
}

/* A fillet fills a notch that it rounds off elsewhere. */
static void test_corners_of_plates(void **state)
{
	(void)state;
	assert_plate(PROFILE ",{\"type\":\"fillet\",\"x\":0,\"y\":0,\"r\":8}",
		     60000 - (4 - PI) / 4 * 64 * 10);
	assert_plate(PROFILE ",{\"type\":\"chamfer\",\"x\":0,\"y\":0,\"c\":8}", 60000 - 320);
	assert_plate(NOTCHED, 44000);
	assert_plate(NOTCHED ",{\"type\":\"fillet\",\"x\":40,\"y\":20,\"r\":8}",
		     44000 + (4 - PI) / 4 * 64 * 10);
}

static void test_turned_parts(void **state)
{
	const double steps = PI * (225 * 50 + 100 * 20);

	(void)state;
	assert_turned("none", CYLINDER(0, 50, 30), PI * 225 * 50);
	assert_turned("none", CYLINDER(0, 50, 30) "," CYLINDER(50, 20, 20), steps);
	assert_turned("none",
		      "{\"type\":\"cone\",\"x\":0,\"length\":30,\"d\":10,\"d2\":30}," CYLINDER(
			      30, 20, 30),
		      PI * (30.0 / 3 * (25 + 75 + 225) + 20 * 225));
	assert_turned("full",
		      CYLINDER(0, 50, 30) ",{\"type\":\"bore\",\"x\":0,\"length\":50,\"d\":12}",
		      PI * (225 - 36) * 50);
	assert_turned("none",
		      CYLINDER(0, 50, 30) ",{\"type\":\"groove\",\"x\":20,\"width\":5,\"d\":20}",
		      PI * (225 * 45 + 100 * 5));
	assert_turned("none",
		      CYLINDER(0, 50, 30) ",{\"type\":\"chamfer\",\"x\":0,\"y\":15,\"c\":2}",
		      PI * (225 * 48 + 2.0 / 3 * (169 + 195 + 225)));
	assert_turned(
		"none",
		CYLINDER(0, 50,
			 30) ",{\"type\":\"thread\",\"x\":0,\"length\":20,\"d\":30,\"pitch\":0}",
		PI * 225 * 50);
}

/* By Pappus: what a fillet leaves in the corner of a shoulder, turned about the axis. */
static void test_fillets_of_turned_parts(void **state)
{
	const double r = 3, area = r * r * (1 - PI / 4);
	const double off = r * r * r * (5.0 / 6 - PI / 4) / area; /* centroid from the corner */

	(void)state;
	assert_turned("none",
		      CYLINDER(0, 50, 40) "," CYLINDER(
			      50, 20, 20) ",{\"type\":\"fillet\",\"x\":50,\"y\":10,\"r\":3}",
		      PI * (400 * 50 + 100 * 20) + 2 * PI * (10 + off) * area);
}

/* Added up in small cubes. */
static void test_keyway(void **state)
{
	const double r = 15, w = 8, depth = 4, length = 30, step = 0.02;
	double sum = 0;

	(void)state;
	for (double y = -w / 2 + step / 2; y < w / 2; y += step) {
		double along = length - w + 2 * sqrt(w * w / 4 - y * y);

		sum += along * (sqrt(r * r - y * y) - (r - depth)) * step;
	}
	assert_turned("none",
		      CYLINDER(0, 50, 30) ",{\"type\":\"keyway\",\"x\":10,\"length\":30,"
					  "\"width\":8,\"depth\":4}",
		      PI * 225 * 50 - sum);
}

static void test_others_have_none(void **state)
{
	(void)state;
	assert_true(volume_of("shapes", "none",
			      "{\"type\":\"circle\",\"x\":50,\"y\":50,\"r\":10}") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plates),       cmocka_unit_test(test_corners_of_plates),
		cmocka_unit_test(test_turned_parts), cmocka_unit_test(test_fillets_of_turned_parts),
		cmocka_unit_test(test_keyway),       cmocka_unit_test(test_others_have_none),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, forget);
}
