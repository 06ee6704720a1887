/* SPDX-License-Identifier: MIT */
/* scene: written and read back, and every way to be refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/scene/scene.h"
#include "tests/random_programs.h"
#include "tests/random_shapes.h"

static uint64_t seed;

/* A scene a person might write; each key on a line of its own, keys in no order. */
static const char by_hand[] =
	"{\n"
	"  \"dimensions\": [\n"
	"    {\"param\": \"r\", \"kind\": \"diameter\", \"shape\": 0},\n"
	"    {\"point\": 2, \"kind\": \"position_x\", \"shape\": 1, \"param\": \"points\"}\n"
	"  ],\n"
	"  \"scale\": \"1:2\",\n"
	"  \"family\": \"shapes\",\n"
	"  \"shapes\": [\n"
	"    {\"r\": 5.0, \"type\": \"circle\", \"y\": 5, \"x\": 30.25},\n"
	"    {\"type\": \"triangle\", \"points\": [[40, 0], [50, 0], [40, 9.5]]}\n"
	"  ],\n"
	"  \"unit\": \"mm\",\n"
	"  \"sheet\": 210,\n"
	"  \"arrangement\": \"running\"\n"
	"}\n";

static const char by_machine[] =
	"{\"family\":\"shapes\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:2\","
	"\"arrangement\":\"running\",\"attempt\":0,\"shapes\":["
	"{\"type\":\"circle\",\"x\":30.25,\"y\":5,\"r\":5},"
	"{\"type\":\"triangle\",\"points\":[[40,0],[50,0],[40,9.5]]}],\"dimensions\":["
	"{\"kind\":\"diameter\",\"shape\":0,\"param\":\"r\"},"
	"{\"kind\":\"position_x\",\"shape\":1,\"param\":\"points\",\"point\":2}]}";

static void test_written_by_hand(void **state)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct scene scene, again;
	struct err err = {0};

	(void)state;
	assert_int_equal(scene_parse(&scene, "h", by_hand, strlen(by_hand), &arena, &err), 0);
	assert_int_equal(scene.unit, UNIT_MM);
	assert_int_equal(scene.sheet_um[0], 210000);
	assert_int_equal(scene.sheet_um[1], 210000);
	assert_int_equal(scene.section, SECTION_NONE);
	assert_int_equal(scene.scale_real, 2);
	assert_int_equal(scene.shapes[0].value[PARAM_X], 30250);
	assert_int_equal(scene.dimensions[1].point, 2);
	assert_int_equal(scene.dimensions[1].view, 0);
	assert_int_equal(scene.dimensions[1].from.shape, SCENE_DATUM);
	assert_int_equal(scene.dimensions[1].count, 1);
	assert_false(scene.dimensions[1].reference);
	scene_write(&scene, &out);
	assert_string_equal(out.data, by_machine);
	assert_int_equal(scene_parse(&again, "m", out.data, out.len, &arena, &err), 0);
	assert_true(scene_equal(&scene, &again));
	again.dimensions[1].point = 1;
	assert_false(scene_equal(&scene, &again));
	buf_free(&out);
	arena_free(&arena);
}

/* Everything that may be left out, said. */
static const char full[] =
	"{\"family\":\"turned\",\"unit\":\"inch\",\"sheet\":[279.4,215.9],\"scale\":\"2:1\","
	"\"arrangement\":\"chain\",\"section\":\"half\",\"attempt\":3,\"shapes\":["
	"{\"type\":\"cylinder\",\"x\":0,\"length\":2,\"d\":1.5},"
	"{\"type\":\"bore\",\"x\":0,\"length\":1.5,\"d\":0.5}],\"dimensions\":["
	"{\"kind\":\"side_diameter\",\"shape\":0,\"param\":\"d\",\"view\":1,"
	"\"from\":{\"shape\":1,\"param\":\"length\"},\"count\":2,\"reference\":true}]}";

/* full with `from` replaced by `to`. */
static int parse_changed(struct scene *scene, const char *from, const char *to, struct arena *arena,
			 struct err *err)
{
	struct buf text = {0};
	const char *at = strstr(full, from);
	int rc;

	assert_non_null(at);
	buf_bytes(&text, full, (size_t)(at - full));
	buf_str(&text, to);
	buf_str(&text, at + strlen(from));
	rc = scene_parse(scene, "f", text.data, text.len, arena, err);
	buf_free(&text);
	return rc;
}

static void test_every_key(void **state)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct scene scene;
	struct dimension *dim;
	struct err err = {0};

	(void)state;
	if (scene_parse(&scene, "f", full, strlen(full), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(scene.family, FAMILY_TURNED);
	assert_int_equal(scene.unit, UNIT_INCH);
	assert_int_equal(scene.sheet_um[0], 279400);
	assert_int_equal(scene.sheet_um[1], 215900);
	assert_int_equal(scene.arrangement, ARRANGE_CHAIN);
	assert_int_equal(scene.section, SECTION_HALF);
	assert_int_equal(scene.attempt, 3);
	dim = &scene.dimensions[0];
	assert_int_equal(dim->kind, DIM_SIDE_DIAMETER);
	assert_int_equal(dim->view, 1);
	assert_int_equal(dim->from.shape, 1);
	assert_int_equal(dim->from.param, PARAM_LENGTH);
	assert_int_equal(dim->count, 2);
	assert_true(dim->reference);
	scene_write(&scene, &out);
	assert_string_equal(out.data, full);
	buf_free(&out);
	arena_free(&arena);
}

/* Two scenes that differ in one key are not equal. */
static void test_equality_sees_every_key(void **state)
{
	static const char *const changes[][2] = {
		{"\"inch\"", "\"mm\""},
		{"279.4", "279.5"},
		{"215.9", "216"},
		{"2:1", "3:1"},
		{"2:1", "2:3"},
		{"chain", "running"},
		{"\"section\":\"half\",", ""},
		{"\"attempt\":3,", ""},
		{"1.5}", "1.6}"},
		{"\"view\":1,", ""},
		{"\"view\":1,", "\"view\":2,"},
		{"\"from\":{\"shape\":1,\"param\":\"length\"},", ""},
		{"{\"shape\":1,\"param\":\"length\"}", "{\"shape\":0,\"param\":\"length\"}"},
		{"{\"shape\":1,\"param\":\"length\"}", "{\"shape\":1,\"param\":\"x\"}"},
		{"\"count\":2,", ""},
		{",\"reference\":true", ""},
		{"side_diameter", "diameter"},
		{"\"param\":\"d\"", "\"param\":\"x\""},
	};
	struct arena arena = {0};
	struct scene scene, other;
	struct err err = {0};

	(void)state;
	assert_int_equal(scene_parse(&scene, "f", full, strlen(full), &arena, &err), 0);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (parse_changed(&other, changes[i][0], changes[i][1], &arena, &err) < 0)
			fail_msg("%s", err.msg);
		assert_false(scene_equal(&scene, &other));
		assert_false(scene_equal(&other, &scene));
	}
	/* A count of 1 is no count, false no reference. */
	assert_int_equal(parse_changed(&scene, "\"count\":2,\"reference\":true", "\"count\":1",
				       &arena, &err),
			 0);
	assert_int_equal(parse_changed(&other, "\"count\":2,\"reference\":true",
				       "\"reference\":false", &arena, &err),
			 0);
	assert_true(scene_equal(&scene, &other));
	arena_free(&arena);
}

static void refuse_full(const char *from, const char *to, const char *message)
{
	struct arena arena = {0};
	struct scene scene;
	struct err err = {0};

	assert_int_equal(parse_changed(&scene, from, to, &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
	arena_free(&arena);
}

static void test_interrupted_views(void **state)
{
	static const char whole[] =
		"{\"family\":\"turned\",\"unit\":\"mm\",\"sheet\":[297,210],\"scale\":\"1:1\","
		"\"arrangement\":\"chain\",\"interrupted\":[20,480.5],\"attempt\":0,\"shapes\":["
		"{\"type\":\"cylinder\",\"x\":0,\"length\":500,\"d\":30}],\"dimensions\":[]}";
	struct arena arena = {0};
	struct buf out = {0};
	struct scene scene, other;
	struct err err = {0};

	(void)state;
	if (scene_parse(&scene, "f", whole, strlen(whole), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(scene.interrupted[0], 20000);
	assert_int_equal(scene.interrupted[1], 480500);
	scene_write(&scene, &out);
	assert_string_equal(out.data, whole);
	other = scene;
	other.interrupted[0]++;
	assert_false(scene_equal(&scene, &other));
	other = scene;
	other.interrupted[1]++;
	assert_false(scene_equal(&scene, &other));
	other = scene;
	other.off_scale[2]++;
	assert_false(scene_equal(&scene, &other));
	buf_free(&out);
	arena_free(&arena);
}

static void test_new_keys_are_checked(void **state)
{
	(void)state;
	refuse_full("\"section\":\"half\",", "\"interrupted\":3,",
		    "f:1: 'interrupted' must be [FROM, TO], each 0 to 10000, of at most three "
		    "decimals");
	refuse_full("\"section\":\"half\",", "\"interrupted\":[1,2,3],",
		    "f:1: 'interrupted' must be [FROM, TO], each 0 to 10000, of at most three "
		    "decimals");
	refuse_full("\"section\":\"half\",", "\"interrupted\":[-1,2],",
		    "f:1: 'interrupted' must be [FROM, TO], each 0 to 10000, of at most three "
		    "decimals");
	refuse_full("\"section\":\"half\",", "\"interrupted\":[2,2],",
		    "f:1: 'interrupted' is upside down or empty; allowed TO over FROM");
	refuse_full("\"section\":\"half\",", "\"off_scale\":[1,2],",
		    "f:1: 'off_scale' must be [FROM, TO, SHOWN], each 0 to 10000, of at most three "
		    "decimals");
	refuse_full("\"section\":\"half\",", "\"off_scale\":[3,2,1],",
		    "f:1: 'off_scale' is upside down or empty; allowed TO over FROM");
	refuse_full("turned\",\"unit\"", "shapes\",\"interrupted\":[1,2],\"unit\"",
		    "f:1: 'interrupted' in family shapes; allowed in turned alone");
	refuse_full("[279.4,215.9]", "[279.4]", "f:1: 'sheet' must be a side or [width, height]");
	refuse_full("[279.4,215.9]", "[279.4,215.9,1]",
		    "f:1: 'sheet' must be a side or [width, height]");
	refuse_full("[279.4,215.9]", "[279.4,\"a\"]", "f:1: 'sheet' must be a number");
	refuse_full("[279.4,215.9]", "[49,215.9]", "f:1: 'sheet' is 49; allowed 50 to 2000");
	refuse_full("215.9", "2001", "f:1: 'sheet' is 2001; allowed 50 to 2000");
	refuse_full("\"half\"", "2", "f:1: 'section' must be a string");
	refuse_full("\"view\":1", "\"view\":6", "f:1: 'view' is 6; allowed 0 to 5");
	refuse_full("\"view\":1", "\"view\":-1", "f:1: 'view' is -1; allowed 0 to 5");
	refuse_full("\"count\":2", "\"count\":0", "f:1: 'count' is 0; allowed 1 to 100");
	refuse_full("\"count\":2", "\"count\":101", "f:1: 'count' is 101; allowed 1 to 100");
	refuse_full("\"reference\":true", "\"reference\":1",
		    "f:1: 'reference' must be true or false");
	refuse_full("{\"shape\":1,\"param\":\"length\"}", "1",
		    "f:1: a dimension must be an object");
	refuse_full("{\"shape\":1,\"param\":\"length\"}", "{\"shape\":1}",
		    "f:1: dimension without 'param'");
	refuse_full("{\"shape\":1,\"param\":\"length\"}",
		    "{\"shape\":1,\"param\":\"x\",\"kind\":\"radius\"}", "f:1: unknown key 'kind'");
	refuse_full("{\"shape\":1,\"param\":\"length\"}",
		    "{\"shape\":1,\"param\":\"x\",\"view\":0}", "f:1: unknown key 'view'");
	refuse_full("{\"shape\":1,\"param\":\"length\"}", "{\"shape\":2,\"param\":\"x\"}",
		    "f:1: 'shape' is 2; allowed 0 to 1");
	refuse_full("{\"shape\":1,\"param\":\"length\"}", "{\"shape\":1,\"param\":\"y\"}",
		    "f:1: shape 1, a bore, has no 'y'");
	refuse_full("\"turned\"", "\"shapes\"",
		    "f:1: shape 0: cylinder is no shape of family shapes");
	refuse_full("\"turned\"", "\"cabinet\"",
		    "f:1: shape 0: cylinder is no shape of family cabinet");
}

static void test_coordinates(void **state)
{
	struct shape shapes[2] = {
		{.kind = SHAPE_HOLE_GRID,
		 .value = {[PARAM_X] = 10,
			   [PARAM_Y] = 20,
			   [PARAM_COLUMNS] = 4,
			   [PARAM_ROWS] = 3,
			   [PARAM_DX] = 7,
			   [PARAM_DY] = 9}},
		{.kind = SHAPE_TRIANGLE, .point_count = 3, .points = {{1, 2}, {30, 4}, {5, 60}}},
	};
	struct scene scene = {.shape_count = 2, .shapes = shapes};

	(void)state;
	assert_int_equal(scene_coordinate(&scene, &(struct feature){SCENE_DATUM, PARAM_X, 0}, true),
			 0);
	assert_int_equal(scene_coordinate(&scene, &(struct feature){0, PARAM_X, 0}, true), 10);
	assert_int_equal(scene_coordinate(&scene, &(struct feature){0, PARAM_Y, 0}, false), 20);
	assert_int_equal(scene_coordinate(&scene, &(struct feature){0, PARAM_DX, 0}, true), 31);
	assert_int_equal(scene_coordinate(&scene, &(struct feature){0, PARAM_DY, 0}, false), 38);
	assert_int_equal(scene_coordinate(&scene, &(struct feature){1, PARAM_POINTS, 1}, true), 30);
	assert_int_equal(scene_coordinate(&scene, &(struct feature){1, PARAM_POINTS, 2}, false),
			 60);
	shapes[0] =
		(struct shape){.kind = SHAPE_GROOVE, .value = {[PARAM_X] = 10, [PARAM_WIDTH] = 3}};
	assert_int_equal(scene_coordinate(&scene, &(struct feature){0, PARAM_WIDTH, 0}, true), 13);
}

static void test_paper_per_unit(void **state)
{
	struct scene scene = {.scale_paper = 1, .scale_real = 2};

	(void)state;
	assert_true(scene_paper_per_unit(&scene) == 0.5);
	scene.unit = UNIT_INCH;
	assert_true(scene_paper_per_unit(&scene) == 12.7);
}

static void test_round_trip(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct arena arena = {0};
	struct buf out = {0}, second = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct scene scene = random_scene(&rng, &arena), again;

		buf_clear(&out);
		buf_clear(&second);
		scene_write(&scene, &out);
		assert_null(strchr(out.data, '\n'));
		if (scene_parse(&again, "random", out.data, out.len, &arena, &err) < 0)
			fail_msg("%s in %s", err.msg, out.data);
		assert_true(scene_equal(&scene, &again));
		scene_write(&again, &second);
		assert_string_equal(out.data, second.data);
		arena_reset(&arena);
	}
	buf_free(&out);
	buf_free(&second);
	arena_free(&arena);
}

/* by_hand with `from` replaced by `to` must be refused like this. */
static void refuse(const char *from, const char *to, const char *message)
{
	struct arena arena = {0};
	struct buf text = {0};
	struct scene scene;
	struct err err = {0};
	const char *at = strstr(by_hand, from);

	assert_non_null(at);
	buf_bytes(&text, by_hand, (size_t)(at - by_hand));
	buf_str(&text, to);
	buf_str(&text, at + strlen(from));
	assert_int_equal(scene_parse(&scene, "s", text.data, text.len, &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
	buf_free(&text);
	arena_free(&arena);
}

static void test_head_is_checked(void **state)
{
	(void)state;
	refuse("\"unit\"", "\"units\"", "s:12: unknown key 'units'");
	refuse("  \"unit\": \"mm\",\n", "", "s:1: scene without 'unit'");
	refuse("\"mm\"", "\"cm\"", "s:12: 'unit' is 'cm'; allowed mm, inch");
	refuse("\"mm\"", "1", "s:12: 'unit' must be a string");
	refuse("\"shapes\",", "\"plates\",",
	       "s:7: 'family' is 'plates'; allowed shapes, plate, turned, cabinet");
	refuse("\"shapes\",", "\"plate\",", "s:9: shape 0: circle is no shape of family plate");
	refuse("\"running\"", "\"baseline\"",
	       "s:14: 'arrangement' is 'baseline'; allowed parallel, running, chain, ordinate, "
	       "table");
	refuse("\"running\"", "\"ordinate\"",
	       "s:14: 'arrangement' is 'ordinate'; allowed parallel, running, chain in family "
	       "shapes");
	refuse("\"running\"", "\"table\"",
	       "s:14: 'arrangement' is 'table'; allowed parallel, running, chain in family "
	       "shapes");
	refuse("210", "49.999", "s:13: 'sheet' is 49.999; allowed 50 to 2000");
	refuse("210", "2000.001", "s:13: 'sheet' is 2000.001; allowed 50 to 2000");
	refuse("\"running\"", "\"running\", \"attempt\": -1",
	       "s:14: 'attempt' is -1; allowed 0 to 4294967295");
	refuse("\"running\"", "\"running\",\n\"attempt\": 1.5",
	       "s:15: 'attempt' must be a whole number");
	refuse("\n}\n", "\n", "s:15: expected ',' or '}'");
}

static void test_scale_is_checked(void **state)
{
	static const char *const bad[] = {"\"2\"",
					  "\"1:\"",
					  "\":1\"",
					  "\"0:1\"",
					  "\"1:01\"",
					  "\"1:1001\"",
					  "\"1:2:3\"",
					  "\"1:-2\"",
					  "\"1: 2\"",
					  "2",
					  "\"1:99999999999999999999\""};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse("\"1:2\"", bad[i], "s:6: 'scale' must be \"N:N\", each N 1 to 1000");
}

static void test_shapes_are_checked(void **state)
{
	(void)state;
	refuse("\"circle\"", "\"disk\"", "s:9: unknown shape 'disk'");
	refuse("\"circle\"", "7", "s:9: 'type' must be a string");
	refuse("\"type\": \"circle\", ", "", "s:9: shape without 'type'");
	refuse("\"x\": 30.25", "\"x\": 30.2555", "s:9: 'x' is 30.2555; at most three decimals");
	refuse("\"r\": 5.0", "\"r\":\n\n0", "s:11: 'r' is 0; allowed 0.001 to 10000");
	refuse("\"r\": 5.0", "\"rx\": 5", "s:9: circle has no 'rx'");
	refuse("\"r\": 5.0", "\"radius\": 5", "s:9: circle has no 'radius'");
	refuse("\"r\": 5.0, ", "", "s:9: circle without 'r'");
	refuse("{\"r\": 5.0,", "3, {\"r\": 5.0,", "s:9: a shape must be an object {\"type\":...}");
	refuse("[[40, 0],", "[40,", "s:10: a point must be [x,y]");
	refuse("[[40, 0],", "[[40, 0, 0],", "s:10: a point must be [x,y]");
	refuse("[[40, 0],", "[[40, true],", "s:10: 'points' must be a number");
	refuse("[[40, 0],", "[[40, 10000.5],",
	       "s:10: 'points' is 10000.5; allowed -10000 to 10000");
	refuse("[[40, 0], [50, 0], [40, 9.5]]", "0", "s:10: 'points' must be a list [[x,y],...]");
	refuse("[[40, 0],", "[[0,0],[1,1],[2,2],[3,3],[4,4],[5,5],[6,6],[7,7],[8,8],[9,9],[0,1],",
	       "s:10: 'points' has over 12 points");
	refuse("[50, 0]", "[40, 20]",
	       "s:10: triangle: 'points' must go counter-clockwise and not lie in one line");
	refuse("[[40, 0], [50, 0], [40, 9.5]]", "[[3, 0], [50, 0], [40, 9.5]]",
	       "s:10: shape 1 belongs before shape 0: order is lowest x, then y of the first "
	       "point, then kind, then values");
	refuse("{\"r\": 5.0, \"type\": \"circle\", \"y\": 5, \"x\": 30.25}",
	       "{\"type\":\"polygon\",\"x\":1,\"y\":1,\"r\":3,\"sides\":4.5}",
	       "s:9: 'sides' must be a whole number");
	refuse("{\"r\": 5.0, \"type\": \"circle\", \"y\": 5, \"x\": 30.25}",
	       "{\"type\":\"polygon\",\"x\":1,\"y\":1,\"r\":3,\"sides\":13}",
	       "s:9: 'sides' is 13; allowed 3 to 12");
}

static void test_dimensions_are_checked(void **state)
{
	(void)state;
	refuse("\"diameter\"", "\"width\"",
	       "s:3: 'kind' is 'width'; allowed horizontal, vertical, aligned, radius, diameter, "
	       "angular, position_x, position_y, side_diameter, arc_length, spaces_x, spaces_y, "
	       "chamfer, thread, counterbore, thickness");
	refuse("\"diameter\"", "\"arc_length\"",
	       "s:3: 'arc_length' of shape 0, circle; allowed is the sweep of an arc");
	refuse("\"param\": \"r\", ", "", "s:3: dimension without 'param'");
	refuse("\"param\": \"r\"", "\"param\": \"rx\"", "s:3: shape 0, a circle, has no 'rx'");
	refuse("\"param\": \"r\"", "\"param\": \"q\"", "s:3: shape 0, a circle, has no 'q'");
	refuse("\"param\": \"r\"", "\"param\": 1", "s:3: 'param' must be a string");
	refuse("\"param\": \"r\"", "\"value\": 1", "s:3: unknown key 'value'");
	refuse("\"shape\": 0", "\"shape\": 2", "s:3: 'shape' is 2; allowed 0 to 1");
	refuse("\"shape\": 0", "\"shape\": 0.5", "s:3: 'shape' must be a whole number");
	refuse("\"shape\": 0", "\"shape\": 0, \"point\": 0",
	       "s:3: 'point' goes with param \"points\" only");
	refuse("\"point\": 2, ", "", "s:4: dimension without 'point'");
	refuse("\"point\": 2", "\"point\": 3", "s:4: 'point' is 3; allowed 0 to 2");
	refuse("\"point\": 2", "\"point\": -1", "s:4: 'point' is -1; allowed 0 to 2");
	refuse("{\"point\"", "[], {\"point\"", "s:4: a dimension must be an object");
}

static int parse(const char *text, struct err *err)
{
	struct arena arena = {0};
	struct scene scene;
	int rc = scene_parse(&scene, "l", text, strlen(text), &arena, err);

	arena_free(&arena);
	return rc;
}

static void write_many(struct buf *out, int shapes, int dimensions)
{
	buf_clear(out);
	buf_str(out, "{\"family\":\"shapes\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
		     "\"arrangement\":\"parallel\",\"shapes\":[");
	for (int i = 0; i < shapes; i++)
		buf_str(out, i ? ",{\"type\":\"circle\",\"x\":1,\"y\":1,\"r\":1}"
			       : "{\"type\":\"circle\",\"x\":1,\"y\":1,\"r\":1}");
	buf_str(out, "],\n\"dimensions\":[");
	for (int i = 0; i < dimensions; i++)
		buf_str(out, i ? ",{\"kind\":\"radius\",\"shape\":0,\"param\":\"r\"}"
			       : "{\"kind\":\"radius\",\"shape\":0,\"param\":\"r\"}");
	buf_str(out, "]}");
}

static void test_limits(void **state)
{
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	write_many(&text, 64, 1024);
	assert_int_equal(parse(text.data, &err), 0);
	write_many(&text, 65, 0);
	assert_int_equal(parse(text.data, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "l:1: 65 shapes; allowed 1 to 64");
	write_many(&text, 1, 1025);
	assert_int_equal(parse(text.data, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "l:2: 1025 dimensions; allowed 0 to 1024");
	write_many(&text, 0, 0);
	assert_int_equal(parse(text.data, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "l:1: 0 shapes; allowed 1 to 64");
	assert_int_equal(parse("\n[]", &err), -1);
	assert_string_equal(err.msg, "l:2: a scene must be an object");
	refuse("\"dimensions\": [", "\"dimensions\": 1, \"x\": [", "s:2: unknown key 'x'");
	assert_int_equal(parse("", NULL), -1);
	buf_free(&text);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(family_name(FAMILY_SHAPES), "shapes");
	assert_string_equal(family_names[FAMILY_SHAPES], "shapes");
	assert_null(family_names[FAMILY_COUNT_]);
	assert_string_equal(arrangement_name(ARRANGE_PARALLEL), "parallel");
	assert_string_equal(arrangement_name(ARRANGE_CHAIN), "chain");
	assert_string_equal(dim_kind_name(DIM_LEVEL), "horizontal");
	assert_string_equal(dim_kind_name(DIM_THICKNESS), "thickness");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_by_hand),
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_equality_sees_every_key),
		cmocka_unit_test(test_interrupted_views),
		cmocka_unit_test(test_new_keys_are_checked),
		cmocka_unit_test(test_coordinates),
		cmocka_unit_test(test_paper_per_unit),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_head_is_checked),
		cmocka_unit_test(test_scale_is_checked),
		cmocka_unit_test(test_shapes_are_checked),
		cmocka_unit_test(test_dimensions_are_checked),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_names),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
