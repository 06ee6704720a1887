/* SPDX-License-Identifier: MIT */
/* deepcad: what is refused, each with one line that says where and why. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/solid/deepcad.h"
#include "tests/deepcad_texts.h"

static void refuse_bytes(const char *text, size_t len, enum err_code code, const char *message)
{
	struct arena arena = {0};
	struct deepcad_model model;
	struct err err = {0};

	assert_int_equal(deepcad_parse(&model, "m", text, len, &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
	arena_free(&arena);
}

static void refuse(const char *text, const char *message)
{
	refuse_bytes(text, strlen(text), ERR_FORMAT, message);
}

static void refuse_as(const char *text, enum err_code code, const char *message)
{
	refuse_bytes(text, strlen(text), code, message);
}

static void accept(const char *text)
{
	struct arena arena = {0};
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_parse(&model, "m", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	arena_free(&arena);
}

static void refuse_loops(const char *loops, const char *message)
{
	char text[4096];

	snprintf(text, sizeof(text), SIMPLE("%s", NEW, ONE(0.5)), loops);
	refuse(text, message);
}

static void refuse_curves(const char *curves, const char *message)
{
	char loop[2048];

	snprintf(loop, sizeof(loop), LOOP("%s"), curves);
	refuse_loops(loop, message);
}

static void refuse_extent(const char *extent, enum err_code code, const char *message)
{
	char text[4096];

	snprintf(text, sizeof(text), SIMPLE(LOOP(SQUARE), NEW, "%s"), extent);
	refuse_as(text, code, message);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void test_no_json(void **state)
{
	static const char whole[] = SIMPLE(LOOP(SQUARE), NEW, ONE(0.5));
	char deep[400];

	(void)state;
	accept(whole);
	refuse("", "m:1: a value is missing at the end");
	refuse("{\"entities\":{}", "m:1: expected ',' or '}'");
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		struct arena arena = {0};
		struct deepcad_model model;
		struct err err = {0};

		assert_int_equal(deepcad_parse(&model, "m", whole, len, &arena, &err), -1);
		assert_int_equal(strncmp(err.msg, "m:1: ", 5), 0);
		arena_free(&arena);
	}
	memset(deep, '[', sizeof(deep));
	refuse_bytes(deep, sizeof(deep), ERR_FORMAT, "m:1: nested deeper than 64");
}

static void test_wrong_types(void **state)
{
	(void)state;
	refuse("[]", "m:1: a model must be an object");
	refuse("{}", "m:1: 'entities' must be an object");
	refuse("{\"entities\":[]}", "m:1: 'entities' must be an object");
	refuse("{\"entities\":{}}", "m:1: 'sequence' must be an array");
	refuse("{\"entities\":{},\"timeline\":1}", "m:1: 'timeline' must be an array");
	refuse("{\"entities\":{\n\"S\":1},\"sequence\":[]}", "m:2: 'type' must be a string");
	refuse(MODEL("", "1"), "m:1: 'entity' must be a string");
	refuse(MODEL("", "\n{\"entity\":1}"), "m:2: 'entity' must be a string");
	refuse(MODEL("\"S\":{\"type\":\"Sketch\",\"name\":1}", ROW("S")),
	       "m:1: 'name' must be a string");
	refuse(MODEL("\"S\":{\"type\":\"Sketch\"}", ROW("S")),
	       "m:1: 'transform' must be an object");
	refuse(MODEL(SKETCH("S", XY, "\"P\":1"), ROW("S")), "m:1: a profile must be an object");
	refuse(MODEL(SKETCH("S", XY, "\"P\":{}"), ROW("S")), "m:1: 'loops' must be an array");
	refuse(MODEL(SKETCH("S", XY, "\"P\":{\"loops\":[]}"), ROW("S")),
	       "m:1: a profile without loops");
	refuse(MODEL("\"S\":{\"type\":\"Sketch\",\"transform\":" XY ",\"profiles\":[]}", ROW("S")),
	       "m:1: 'profiles' must be an object");
	refuse("{\"properties\":{\"bounding_box\":1},\"entities\":{},\"sequence\":[]}",
	       "m:1: 'min_point' must be an object");
}

static void test_numbers(void **state)
{
	static const char big[] = "m:1: 'x' is 1e+300; allowed -1e+06 to 1e+06";

	(void)state;
	refuse_as(SIMPLE(LOOP(CIRCLE(1e300, 0, 1)), NEW, ONE(1)), ERR_LIMIT, big);
	refuse_as(SIMPLE(LOOP(LINE(0, 0, 1e300, 1)), NEW, ONE(1)), ERR_LIMIT, big);
	refuse_as(SIMPLE(LOOP(CIRCLE(0, 0, 1e999)), NEW, ONE(1)), ERR_LIMIT,
		  "m:1: 'radius' is inf; allowed -1e+06 to 1e+06");
	refuse_extent(ONE(-2e6), ERR_LIMIT, "m:1: 'value' is -2e+06; allowed -1e+06 to 1e+06");
	refuse_loops(LOOP(CIRCLE(NaN, 0, 1)), "m:1: not a JSON value");
	refuse_loops(LOOP(CIRCLE("1", 0, 1)), "m:1: 'x' must be a number");
	refuse_loops(LOOP(CIRCLE(null, 0, 1)), "m:1: 'x' must be a number");
}

/* --- sketches ------------------------------------------------------------------------------- */

static void refuse_plane(const char *plane, const char *message)
{
	char text[2048];

	snprintf(text, sizeof(text), MODEL(SKETCH("S", "%s", ""), ROW("S")), plane);
	refuse(text, message);
}

static void test_planes(void **state)
{
	static const char angle[] =
		"m:1: 'x_axis' and 'y_axis' must be unit vectors at a right angle";
	static const char hand[] =
		"m:1: 'z_axis' must be the cross product of 'x_axis' and 'y_axis'";

	(void)state;
	refuse_plane(PLANE(XYZ(0, 0, 0), XYZ(2, 0, 0), XYZ(0, 1, 0), XYZ(0, 0, 1)), angle);
	refuse_plane(PLANE(XYZ(0, 0, 0), XYZ(1, 0, 0), XYZ(0, 0, 0), XYZ(0, 0, 1)), angle);
	refuse_plane(PLANE(XYZ(0, 0, 0), XYZ(1, 0, 0), XYZ(0.6, 0.8, 0), XYZ(0, 0, 1)), angle);
	refuse_plane(PLANE(XYZ(0, 0, 0), XYZ(1, 0, 0), XYZ(0, 1, 0), XYZ(0, 0, -1)), hand);
	refuse_plane(PLANE(XYZ(0, 0, 0), XYZ(1, 0, 0), XYZ(0, 1, 0), XYZ(0, 1, 0)), hand);
	refuse_plane(PLANE(XYZ(0, 0, 0), XYZ(1, 0, 0), XYZ(0, 1, 0), XYZ(0, 0, 2)), hand);
	refuse_plane(PLANE("{\"x\":0,\"y\":0}", XYZ(1, 0, 0), XYZ(0, 1, 0), XYZ(0, 0, 1)),
		     "m:1: 'z' must be a number");
}

static void test_curves(void **state)
{
	static const char ends[] =
		"m:1: an arc whose angles do not lead from one of its ends to the other";

	(void)state;
	refuse_curves("1", "m:1: 'type' must be a string");
	refuse_as(SIMPLE(LOOP("{\"type\":\"NurbsCurve3D\"}"), NEW, ONE(1)), ERR_UNSUPPORTED,
		  "m:1: curves of type 'NurbsCurve3D' are not supported");
	refuse_curves("{\"type\":\"Line3D\"}", "m:1: 'start_point' must be an object");
	refuse_curves("{\"type\":\"Line3D\",\"start_point\":" XYZ(0, 0, 1) "}",
		      "m:1: 'start_point' lies off its sketch's plane");
	refuse_curves(LINE(1, 2, 1, 2), "m:1: a line of no length");
	refuse_curves(CIRCLE(0, 0, 0), "m:1: 'radius' must be more than 1e-09");
	refuse_curves(CIRCLE(0, 0, -1), "m:1: 'radius' must be more than 1e-09");
	refuse_curves(ARC(1, 0, -1, 0, 0, 0, 1, 1, 0, 0.0),
		      "m:1: an arc of 0 radians; allowed more than 0, up to a full turn");
	refuse_curves(ARC(1, 0, -1, 0, 0, 0, 1, 1, 0, 7.0),
		      "m:1: an arc of 7 radians; allowed more than 0, up to a full turn");
	refuse_curves(ARC(1, 0, -1, 0, 0, 0, 1, 1, 0, 3.0), ends);
	refuse_curves(ARC(1, 0, -1, 0, 0, 0, 1, 0, 1, PI), ends);
	refuse_curves(ARC(1, 0, -1, 0, 0, 0, 2, 1, 0, PI), ends);
	/* Clockwise, as Fusion's of a normal that looks down. */
	refuse_curves(ARC(1, 0, 0, 1, 0, 0, 1, 1, 0, 4.71238898038469), ends);
}

static void test_loops(void **state)
{
	(void)state;
	refuse_loops("1", "m:1: 'profile_curves' must be an array");
	refuse_loops(LOOP(""), "m:1: a loop without curves");
	refuse_curves(CIRCLE(0, 0, 1) "," CIRCLE(5, 0, 1),
		      "m:1: a circle in a loop with other curves");
	refuse_curves(LINE(0, 0, 1, 0), "m:1: an open loop: no curve goes on from (1, 0)");
	refuse_curves(LINE(0, 0, 1, 0) "," LINE(1, 0, 1, 1),
		      "m:1: an open loop: no curve goes on from (1, 1)");
	refuse_curves(LINE(0, 0, 1, 0) "," LINE(1, 0, 1, 1) "," LINE(1, 1.001, 0, 0),
		      "m:1: an open loop: no curve goes on from (1, 1)");
	refuse_curves(ARC(1, 0, -1, 0, 0, 0, 1, 1, 0, PI),
		      "m:1: an open loop: no curve goes on from (-1, 0)");
	/* Two triangles in one. */
	refuse_curves(LINE(0, 0, 1, 0) "," LINE(1, 0, 0, 1) "," LINE(0, 1, 0, 0) "," LINE(
			      5, 5, 6, 5) "," LINE(6, 5, 5, 6) "," LINE(5, 6, 5, 5),
		      "m:1: an open loop: no curve goes on from (0, 0)");
}

static void test_regions(void **state)
{
	static const char itself[] = "m:1: profile 'P' has a loop that crosses itself";
	static const char another[] = "m:1: profile 'P' has a loop that crosses another";

	(void)state;
	refuse_curves(LINE(0, 0, 1, 0) "," LINE(1, 0, 0, 0),
		      "m:1: profile 'P' has a loop that encloses nothing");
	/* A bow tie, lopsided so that it encloses something. */
	refuse_curves(
		LINE(0, 0, 2, 0) "," LINE(2, 0, 0, 1) "," LINE(0, 1, 2, 1) "," LINE(2, 1, 0, 0),
		"m:1: profile 'P' has a loop that encloses nothing");
	refuse_curves(
		LINE(0, 0, 2, 0) "," LINE(2, 0, 0, 1) "," LINE(0, 1, 1, 1) "," LINE(1, 1, 0, 0),
		itself);
	/* A line through an arc; an arc through an arc. */
	refuse_curves(LINE(-1, 0, 1, 0) "," ARC(1, 0, -1, 0, 0, 0, 1, -1, 0, PI) "," LINE(
			      -1, 0, -1, -2) "," LINE(-1, -2, 1, 2) "," LINE(1, 2, -1, 0),
		      itself);
	refuse_loops(LOOP(CIRCLE(0, 0, 2)) "," LOOP(CIRCLE(2, 0, 1)), another);
	refuse_loops(LOOP(SQUARE) "," LOOP(CIRCLE(1, 0.5, 0.25)), another);
	refuse_loops(LOOP(CIRCLE(0, 0, 2)) "," LOOP(CIRCLE(5, 0, 1)),
		     "m:1: profile 'P' has a loop outside the outer one");
	/* Within the outer loop's box alone. */
	refuse_loops(
		LOOP(LINE(0, 0, 4, 0) "," LINE(4, 0, 4, 1) "," LINE(4, 1, 1, 1) "," LINE(
			1, 1, 1, 4) "," LINE(1, 4, 0, 4) "," LINE(0, 4, 0,
								  0)) "," LOOP(CIRCLE(3, 3, 0.5)),
		"m:1: profile 'P' has a loop outside the outer one");
	/* What touches is a region: a tangent, a corner on an edge. */
	accept(SIMPLE(LOOP(CIRCLE(0, 0, 2)) "," LOOP(CIRCLE(1, 0, 1)), NEW, ONE(1)));
	accept(SIMPLE(LOOP(SQUARE) "," LOOP(CIRCLE(0.5, 0.25, 0.25)), NEW, ONE(1)));
	accept(SIMPLE(LOOP(SQUARE) "," LOOP(LINE(0, 0.5, 0.5, 0.25) "," LINE(
			      0.5, 0.25, 0.5, 0.75) "," LINE(0.5, 0.75, 0, 0.5)),
		      NEW, ONE(1)));
}

/* --- extrudes ------------------------------------------------------------------------------- */

static void test_references(void **state)
{
	static const char square[] = SKETCH("S", XY, PROFILE("P", LOOP(SQUARE)));
	char text[4096];

	(void)state;
	snprintf(text, sizeof(text), MODEL("%s", ROW("S") ",\n" ROW("T")), square);
	refuse(text, "m:2: there is no entity 'T'");
	snprintf(text, sizeof(text),
		 MODEL("%s," EXTRUDE("E", "\n" REGION("T", "P"), NEW, ONE(1)), ROW("E")), square);
	refuse(text, "m:2: there is no entity 'T'");
	snprintf(text, sizeof(text),
		 MODEL("%s," EXTRUDE("E", "\n" REGION("S", "Q"), NEW, ONE(1)), ROW("E")), square);
	refuse(text, "m:2: sketch 'S' has no profile 'Q'");
	snprintf(text, sizeof(text),
		 MODEL("%s," EXTRUDE("E", REGION("E", "P"), NEW, ONE(1)), ROW("E")), square);
	refuse(text, "m:1: 'E' is no sketch");
	snprintf(text, sizeof(text), MODEL("%s," EXTRUDE("E", "", NEW, ONE(1)), ROW("E")), square);
	refuse(text, "m:1: an extrude without profiles");
	snprintf(text, sizeof(text),
		 MODEL("%s," EXTRUDE("E", REGION("S", "P"), NEW, ONE(1)), ROW("E") "," ROW("E")),
		 square);
	refuse(text, "m:1: extrude 'E' comes twice");
	refuse(MODEL(SKETCH("S", XY, ""), "{\"entity\":\"S\",\"type\":\"ExtrudeFeature\"}"),
	       "m:1: 'S' is of type 'Sketch', and 'ExtrudeFeature' here");
	refuse_as(MODEL("\"F\":{\"type\":\"FilletFeature\"}", ROW("F")), ERR_UNSUPPORTED,
		  "m:1: features of type 'FilletFeature' are not supported");
}

static void test_extents(void **state)
{
	static const char none[] = "m:1: an extrude of no length";

	(void)state;
	refuse_extent(ONE(0.0), ERR_FORMAT, none);
	refuse_extent(ONE(-0.0), ERR_FORMAT, none);
	refuse_extent(EXTENT("OneSide", 0.0, 1.0), ERR_FORMAT, none);
	refuse_extent(EXTENT("Symmetric", 0.0, 1.0), ERR_FORMAT, none);
	refuse_extent(EXTENT("TwoSides", 0.0, 0.0), ERR_FORMAT, none);
	refuse_extent(EXTENT("ThroughAll", 1.0, 0.0), ERR_UNSUPPORTED,
		      "m:1: 'extent_type' of 'ThroughAllFeatureExtentType' is not supported");
	refuse_extent("\"extent_type\":\"TwoSidesFeatureExtentType\",\"extent_one\":" DISTANCE(1),
		      ERR_FORMAT, "m:1: 'extent_two' must be an object");
	refuse_extent("\"extent_type\":\"OneSideFeatureExtentType\",\"extent_one\":"
		      "{\"type\":\"ToEntityExtentDefinition\"}",
		      ERR_UNSUPPORTED,
		      "m:1: 'extent_one' of type 'ToEntityExtentDefinition' is not supported");
	refuse_extent("\"extent_type\":\"OneSideFeatureExtentType\",\"extent_one\":"
		      "{\"type\":\"DistanceExtentDefinition\",\"distance\":{\"value\":1},"
		      "\"taper_angle\":{\"value\":2}}",
		      ERR_FORMAT, "m:1: 'taper_angle' is 2; it must be less than a right angle");
	refuse_as(SIMPLE(LOOP(SQUARE), "Split", ONE(1)), ERR_UNSUPPORTED,
		  "m:1: 'operation' of 'Split' is not supported");
}

/* --- bounds --------------------------------------------------------------------------------- */

/* A polygon of so many corners. */
static void put_polygon(struct buf *out, int count)
{
	char line[200];

	for (int i = 0; i < count; i++) {
		int next = (i + 1) % count;

		snprintf(line, sizeof(line),
			 "%s{\"type\":\"Line3D\",\"start_point\":{\"x\":%d,\"y\":%d,\"z\":0},"
			 "\"end_point\":{\"x\":%d,\"y\":%d,\"z\":0}}",
			 i ? "," : "", i, i == 0 ? 1 : 0, next, next == 0 ? 1 : 0);
		buf_str(out, line);
	}
}

static void test_many_curves(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_str(&text, "{\"sequence\":[" ROW(
			       "S") "],\"entities\":{\"S\":{\"type\":\"Sketch\","
				    "\"transform\":" XY
				    ",\"profiles\":{\"P\":{\"loops\":[{\"profile_curves\":[");
	put_polygon(&text, DEEPCAD_CURVES_MAX + 1);
	buf_str(&text, "]}]}}}}}");
	refuse_as(text.data, ERR_LIMIT, "m:1: a loop of more than 4096 curves");
	buf_free(&text);
}

static void test_many_rows(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_str(&text, "{\"entities\":{" SKETCH("S", XY, "") "},\"sequence\":[" ROW("S"));
	for (int i = 0; i < DEEPCAD_ROWS_MAX; i++)
		buf_str(&text, "," ROW("S"));
	buf_str(&text, "]}");
	refuse_as(text.data, ERR_LIMIT, "m:1: a sequence of more than 100000 rows");
	buf_free(&text);
}

static void test_files(void **state)
{
	char path[] = "/tmp/test_deepcad.XXXXXX", message[128];
	int fd = mkstemp(path);
	struct arena arena = {0};
	struct deepcad_model model;
	struct err err = {0};

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(deepcad_read(&model, path, &arena, &err), -1);
	snprintf(message, sizeof(message), "%s:1: a value is missing at the end", path);
	assert_string_equal(err.msg, message);
	assert_int_equal(ftruncate(fd, 200 << 20), 0);
	assert_int_equal(deepcad_read(&model, path, &arena, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, path));
	close(fd);
	unlink(path);
	assert_int_equal(deepcad_read(&model, path, &arena, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, path));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_json),   cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_numbers),   cmocka_unit_test(test_planes),
		cmocka_unit_test(test_curves),    cmocka_unit_test(test_loops),
		cmocka_unit_test(test_regions),   cmocka_unit_test(test_references),
		cmocka_unit_test(test_extents),   cmocka_unit_test(test_many_curves),
		cmocka_unit_test(test_many_rows), cmocka_unit_test(test_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
