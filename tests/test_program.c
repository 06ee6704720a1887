/* SPDX-License-Identifier: MIT */
/* program: every language written and read back, looser text read too, every error with its place. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/program.h"
#include "tests/random_shapes.h"

static uint64_t seed;

static void test_canonical_text(void **state)
{
	static const char calls[] =
		"rectangle(x=-10,y=15.5,width=40,height=20); line(x=0,y=0,length=0.001,angle=90); "
		"polygon(x=1,y=2,r=3,sides=6); polyline(points=[(1,2),(30,2),(30,9.5)])";
	static const char json[] =
		"{\"primitives\":[{\"type\":\"rectangle\",\"x\":-10,\"y\":15.5,\"width\":40,"
		"\"height\":20},{\"type\":\"line\",\"x\":0,\"y\":0,\"length\":0.001,\"angle\":90},"
		"{\"type\":\"polygon\",\"x\":1,\"y\":2,\"r\":3,\"sides\":6},"
		"{\"type\":\"polyline\",\"points\":[[1,2],[30,2],[30,9.5]]}]}";
	struct arena arena = {0};
	struct program a, b;
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(program_parse(&a, LANGUAGE_CALLS, "c", calls, strlen(calls), &arena, &err),
			 0);
	assert_int_equal(a.shape_count, 4);
	assert_int_equal(a.shapes[2].value[PARAM_SIDES], 6);
	assert_int_equal(a.shapes[3].points[2].y, 9500);
	program_write(&a, LANGUAGE_JSON, &out);
	assert_string_equal(out.data, json);
	assert_int_equal(program_parse(&b, LANGUAGE_JSON, "j", json, strlen(json), &arena, &err),
			 0);
	assert_true(program_equal(&a, &b));
	buf_clear(&out);
	program_write(&b, LANGUAGE_CALLS, &out);
	assert_string_equal(out.data, calls);
	b.shapes[3].points[2].y = 0;
	assert_false(program_equal(&a, &b));
	b.shape_count = 3;
	assert_false(program_equal(&a, &b));
	buf_free(&out);
	arena_free(&arena);
}

static void test_round_trip(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct arena arena = {0};
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		int n = (int)rng_range(&rng, 1, i % 50 ? 10 : PROGRAM_SHAPES_MAX);
		struct program program = {n, random_shapes(&rng, n, &arena)}, again;

		for (int l = 0; l < LANGUAGE_COUNT_; l++) {
			buf_clear(&out);
			program_write(&program, (enum language)l, &out);
			assert_int_not_equal(out.data[out.len - 1], '\n');
			if (l == LANGUAGE_CALLS || l == LANGUAGE_JSON)
				assert_null(strchr(out.data, '\n'));
			if (program_parse(&again, (enum language)l, "random", out.data, out.len,
					  &arena, &err) < 0)
				fail_msg("%s in %s", err.msg, out.data);
			assert_true(program_equal(&program, &again));
		}
		arena_reset(&arena);
	}
	buf_free(&out);
	arena_free(&arena);
}

/* text in the language must read as the program that `calls` is. */
static void same(enum language language, const char *text, const char *calls)
{
	struct arena arena = {0};
	struct program program;
	struct buf out = {0};
	struct err err = {0};

	if (program_parse(&program, language, "t", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	program_write(&program, LANGUAGE_CALLS, &out);
	assert_string_equal(out.data, calls);
	buf_free(&out);
	arena_free(&arena);
}

static void test_looser_text(void **state)
{
	static const char circle[] = "circle(x=30,y=5,r=5)";

	(void)state;
	same(LANGUAGE_CALLS, "circle(x=30,y=5,r=5);", circle);
	same(LANGUAGE_CALLS, " \r\n\tcircle ( r = 5.0 , y = 05 , x = 30.000 )\n; \n", circle);
	same(LANGUAGE_CALLS, "circle(x=30,y=5,r=5);circle(x=-0,y=0,r=1)",
	     "circle(x=30,y=5,r=5); circle(x=0,y=0,r=1)");
	same(LANGUAGE_CALLS, "line(length=2,angle=0,x=0,y=0)", "line(x=0,y=0,length=2)");
	same(LANGUAGE_CALLS, "triangle( points = [ ( 0 , 0 ) , ( 1 , 0 ) , ( 0 , 1 ) ] )",
	     "triangle(points=[(0,0),(1,0),(0,1)])");
	same(LANGUAGE_CALLS, "polygon(x=0,y=0,r=1,sides=6.0)", "polygon(x=0,y=0,r=1,sides=6)");
	same(LANGUAGE_JSON,
	     "{\n \"primitives\" : [ { \"r\": 5.0, \"y\": 0.5e1, \"x\": 30, \"type\": \"circle\" } "
	     "] }\n",
	     circle);
}

static void refuse(enum language language, const char *text, const char *message)
{
	struct arena arena = {0};
	struct program program;
	struct err err = {0};

	assert_int_equal(program_parse(&program, language, "p", text, strlen(text), &arena, &err),
			 -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_int_equal(program_parse(&program, language, "p", text, strlen(text), &arena, NULL),
			 -1);
	arena_free(&arena);
}

static void test_calls_syntax_errors(void **state)
{
	(void)state;
	refuse(LANGUAGE_CALLS, "", "p:1:1: expected a shape, not the end");
	refuse(LANGUAGE_CALLS, " \n ", "p:2:2: expected a shape, not the end");
	refuse(LANGUAGE_CALLS, ";", "p:1:1: expected a shape, not ';'");
	refuse(LANGUAGE_CALLS, "circle(x=30,y=5,r=5);;", "p:1:22: expected a shape, not ';'");
	refuse(LANGUAGE_CALLS, "circle(x=30,y=5,r=5) circle",
	       "p:1:22: expected ';' or the end, not 'c'");
	refuse(LANGUAGE_CALLS, "circle", "p:1:7: expected '(', not the end");
	refuse(LANGUAGE_CALLS, "circle(", "p:1:8: expected a parameter, not the end");
	refuse(LANGUAGE_CALLS, "circle()", "p:1:8: expected a parameter, not ')'");
	refuse(LANGUAGE_CALLS, "circle(x", "p:1:9: expected '=', not the end");
	refuse(LANGUAGE_CALLS, "circle(\nx=", "p:2:3: expected a number, not the end");
	refuse(LANGUAGE_CALLS, "circle(x=+3", "p:1:10: expected a number, not '+'");
	refuse(LANGUAGE_CALLS, "circle(x=.5", "p:1:10: expected a number, not '.'");
	refuse(LANGUAGE_CALLS, "circle(x=5.", "p:1:11: expected ',' or ')', not '.'");
	refuse(LANGUAGE_CALLS, "circle(x=5e1", "p:1:11: expected ',' or ')', not 'e'");
	refuse(LANGUAGE_CALLS, "circle(x=5;", "p:1:11: expected ',' or ')', not ';'");
	refuse(LANGUAGE_CALLS, "circle(x=5,)", "p:1:12: expected a parameter, not ')'");
	refuse(LANGUAGE_CALLS, "circle(x=\xc3\xa9", "p:1:10: expected a number, not byte 0xc3");
	refuse(LANGUAGE_CALLS, "circle(x=-)",
	       "p:1:10: not a number below 1e12 of at most three decimals");
	refuse(LANGUAGE_CALLS, "circle(x=1.2345",
	       "p:1:10: not a number below 1e12 of at most three decimals");
	refuse(LANGUAGE_CALLS, "circle(x=99999999999999999999",
	       "p:1:10: not a number below 1e12 of at most three decimals");
	refuse(LANGUAGE_CALLS, "triangle(points=3)", "p:1:17: expected '[', not '3'");
	refuse(LANGUAGE_CALLS, "triangle(points=[])", "p:1:18: expected '(', not ']'");
	refuse(LANGUAGE_CALLS, "triangle(points=[(0])", "p:1:20: expected ',', not ']'");
	refuse(LANGUAGE_CALLS, "triangle(points=[(0,0,0)])", "p:1:22: expected ')', not ','");
	refuse(LANGUAGE_CALLS, "triangle(points=[(0,0)(1,0)])", "p:1:23: expected ']', not '('");
}

static void test_calls_meaning_errors(void **state)
{
	(void)state;
	refuse(LANGUAGE_CALLS, "disc(x=1,y=1,r=1)", "p:1:1: unknown shape 'disc'");
	refuse(LANGUAGE_CALLS, "Circle(x=1,y=1,r=1)", "p:1:1: unknown shape 'Circle'");
	refuse(LANGUAGE_CALLS,
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa(x=1)",
	       "p:1:1: unknown shape 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'");
	refuse(LANGUAGE_CALLS, "circle(x=30,y=5,r=5);\n circle(x=1,\n  rx=2)",
	       "p:3:3: circle has no 'rx'");
	refuse(LANGUAGE_CALLS, "circle(x=1,w=2)", "p:1:12: circle has no 'w'");
	refuse(LANGUAGE_CALLS, "circle(x=1,y=1,x=1,r=1)", "p:1:16: 'x' given twice");
	refuse(LANGUAGE_CALLS, "circle(x=30,y=5,r=5); circle(x=1,r=1)",
	       "p:1:23: circle without 'y'");
	refuse(LANGUAGE_CALLS, "circle(x=30,y=5,r=0)",
	       "p:1:1: circle: 'r' is 0; allowed 0.001 to 10000");
	refuse(LANGUAGE_CALLS, "circle(x=10000.001,y=5,r=1)",
	       "p:1:1: circle: 'x' is 10000.001; allowed -10000 to 10000");
	refuse(LANGUAGE_CALLS, "polygon(x=1,y=1,r=1,sides=6.5)",
	       "p:1:27: 'sides' must be a whole number");
	refuse(LANGUAGE_CALLS, "polygon(x=1,y=1,r=1,sides=2)",
	       "p:1:1: polygon: 'sides' is 2; allowed 3 to 12");
	refuse(LANGUAGE_CALLS, "triangle(points=[(0,0),(1,0)])",
	       "p:1:1: triangle: 'points' has 2 points; allowed 3");
	refuse(LANGUAGE_CALLS, "triangle(points=[(0,0),(0,1),(1,0)])",
	       "p:1:1: triangle: 'points' must go counter-clockwise and not lie in one line");
	refuse(LANGUAGE_CALLS,
	       "polyline(points=[(0,0),(1,0),(2,1),(3,0),(4,1),(5,0),(6,1),(7,0),(8,1)])",
	       "p:1:66: 'points' has over 8 points");
}

static void test_embedded_nul(void **state)
{
	static const char text[] = "circle(x=30,y=5,r=5)\0; ";
	struct arena arena = {0};
	struct program program;
	struct err err = {0};

	(void)state;
	assert_int_equal(
		program_parse(&program, LANGUAGE_CALLS, "p", text, sizeof(text) - 1, &arena, &err),
		-1);
	assert_string_equal(err.msg, "p:1:21: expected ';' or the end, not byte 0x00");
	arena_free(&arena);
}

/* The parser must not look behind len: the heap block ends there, and ASan watches. */
static void test_stays_within_the_text(void **state)
{
	static const char text[] = "slot(x=30,y=5,length=2.125,r=5);line(x=0,y=0,length=12)";
	struct arena arena = {0};
	struct program program;

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		char *copy = malloc(n ? n : 1);

		memcpy(copy, text, n);
		for (int l = 0; l < LANGUAGE_COUNT_; l++)
			program_parse(&program, (enum language)l, "p", copy, n, &arena, NULL);
		free(copy);
		arena_reset(&arena);
	}
	assert_int_equal(program_parse(&program, LANGUAGE_CALLS, "p", NULL, 0, &arena, NULL), -1);
	arena_free(&arena);
}

static void test_json_errors(void **state)
{
	(void)state;
	refuse(LANGUAGE_JSON, "", "p:1:1: a value is missing at the end");
	refuse(LANGUAGE_JSON, "[]", "p:1:1: a program must be an object {\"primitives\":[...]}");
	refuse(LANGUAGE_JSON, "{}", "p:1:1: program without 'primitives'");
	refuse(LANGUAGE_JSON, "{\"shapes\":[]}", "p:1:11: unknown key 'shapes'");
	refuse(LANGUAGE_JSON, "{\"primitives\":{}}", "p:1:15: 'primitives' must be a list");
	refuse(LANGUAGE_JSON, "{\"primitives\":[]}", "p:1:15: 'primitives' is empty");
	refuse(LANGUAGE_JSON, "{\"primitives\":[\n {\"x\":3}]}", "p:2:2: shape without 'type'");
	refuse(LANGUAGE_JSON, "{\"primitives\":[{\"type\":\"disc\"}]}",
	       "p:1:24: unknown shape 'disc'");
	refuse(LANGUAGE_JSON, "{\"primitives\":[{\"type\":\"circle\",\"x\":3,\"y\":4,\"r\":-5}]}",
	       "p:1:49: 'r' is -5; allowed 0.001 to 10000");
	refuse(LANGUAGE_JSON, "{\"primitives\":[{\"type\":\"circle\",\"x\":3,\"y\":4}]}",
	       "p:1:16: circle without 'r'");
	refuse(LANGUAGE_JSON, "{\"primitives\":[{\"type\":\"circle\",\"x\":3,\"y\":4,\"r\":5},]}",
	       "p:1:52: not a JSON value");
	refuse(LANGUAGE_JSON,
	       "{\"primitives\":[{\"type\":\"circle\",\"x\":3,\"y\":4,\"r\":5,\"x\":3}]}",
	       "p:1:55: key 'x' given twice");
}

static void fill(struct buf *text, const char *begin, const char *call, const char *between, int n,
		 const char *end)
{
	buf_clear(text);
	buf_str(text, begin);
	for (int i = 0; i < n; i++) {
		buf_str(text, i ? between : "");
		buf_str(text, call);
	}
	buf_str(text, end);
}

static void limit(enum language language, const struct buf *text, const char *message)
{
	struct arena arena = {0};
	struct program program;
	struct err err = {0};
	int rc = program_parse(&program, language, "p", text->data, text->len, &arena, &err);

	assert_int_equal(rc, message ? -1 : 0);
	if (message) {
		assert_string_equal(err.msg, message);
		assert_int_equal(err.code, ERR_LIMIT);
	} else {
		assert_int_equal(program.shape_count, PROGRAM_SHAPES_MAX);
	}
	arena_free(&arena);
}

static void test_limits(void **state)
{
	static const char call[] = "circle(x=0,y=0,r=1)";
	static const char object[] = "{\"type\":\"circle\",\"x\":0,\"y\":0,\"r\":1}";
	struct buf text = {0};

	(void)state;
	fill(&text, "", call, ";", 256, "");
	limit(LANGUAGE_CALLS, &text, NULL);
	fill(&text, "", call, ";", 256, ";\n");
	limit(LANGUAGE_CALLS, &text, NULL);
	fill(&text, "", call, ";\n", 257, "");
	limit(LANGUAGE_CALLS, &text, "p:257:1: over 256 shapes");
	fill(&text, "{\"primitives\":[", object, ",", 256, "]}");
	limit(LANGUAGE_JSON, &text, NULL);
	fill(&text, "{\"primitives\":[", object, ",", 257, "]}");
	limit(LANGUAGE_JSON, &text, "p:1:15: 257 shapes; allowed 1 to 256");
	buf_free(&text);
}

static void test_language_names(void **state)
{
	(void)state;
	assert_string_equal(language_names[LANGUAGE_CALLS], "calls");
	assert_string_equal(language_names[LANGUAGE_JSON], "json");
	assert_string_equal(language_names[LANGUAGE_PYTHON], "python");
	assert_string_equal(language_names[LANGUAGE_SKETCH], "sketch");
	assert_string_equal(language_names[LANGUAGE_CADQUERY], "cadquery");
	assert_null(language_names[LANGUAGE_COUNT_]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical_text),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_looser_text),
		cmocka_unit_test(test_calls_syntax_errors),
		cmocka_unit_test(test_calls_meaning_errors),
		cmocka_unit_test(test_embedded_nul),
		cmocka_unit_test(test_stays_within_the_text),
		cmocka_unit_test(test_json_errors),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_language_names),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
