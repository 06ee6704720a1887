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

#include "formats/program/program.h"
#include "tests/random_programs.h"
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
		enum family family = (enum family)(i % FAMILY_COUNT_);
		struct program program =
			random_program(&rng, family, i % 50 ? 10 : PROGRAM_SHAPES_MAX, &arena);
		struct program again;

		for (int l = 0; l < LANGUAGE_COUNT_; l++) {
			assert_int_equal(program_fits(&program, (enum language)l),
					 language_fits((enum language)l, family));
			if (!language_fits((enum language)l, family))
				continue;
			/* Canonical order comes back in every language. */
			if (l == LANGUAGE_CADQUERY)
				program = program_sorted(&program, &arena);
			buf_clear(&out);
			program_write(&program, (enum language)l, &out);
			assert_int_not_equal(out.data[out.len - 1], '\n');
			if (l == LANGUAGE_CALLS || l == LANGUAGE_JSON)
				assert_null(strchr(out.data, '\n'));
			if (program_parse(&again, (enum language)l, "random", out.data, out.len,
					  &arena, &err) < 0)
				fail_msg("%s in %s", err.msg, out.data);
			if (!program_equal(&program, &again))
				fail_msg("another program: %s", out.data);
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

/* Inches are said, millimetres are not. */
static void test_units(void **state)
{
	static const char *const inches[LANGUAGE_COUNT_] = {
		[LANGUAGE_CALLS] = "unit(inch); circle(x=0,y=0,r=.5)",
		[LANGUAGE_JSON] = "{\"unit\":\"inch\",\"primitives\":[{\"type\":\"circle\",\"x\":0,"
				  "\"y\":0,\"r\":.5}]}",
		[LANGUAGE_PYTHON] = "unit = \"inch\"\ncircle_0 = Circle(x=0, y=0, r=.5)",
		[LANGUAGE_SKETCH] = "unit = \"inch\"\nsketch = Sketch()\n"
				    "sketch.add_circle(center=(0,0), radius=.5)\n"
				    "Extrude(sketch, distance=1)",
		[LANGUAGE_CADQUERY] =
			"unit = \"inch\"\nimport cadquery as cq\nresult = cq.Workplane()\n"
			"result.add(cq.Workplane(origin=(0,0)).circle(.5).extrude(1))",
	};
	struct shape shape = {.kind = SHAPE_CIRCLE, .value = {[PARAM_R] = 500}};
	struct program inch = {UNIT_INCH, 1, &shape}, mm = {UNIT_MM, 1, &shape}, read;
	struct arena arena = {0};
	struct buf text = {0}, expected = {0};
	struct err err = {0};

	(void)state;
	assert_false(program_equal(&inch, &mm));
	for (int l = 0; l < LANGUAGE_COUNT_; l++) {
		const char *half = strstr(inches[l], ".5");

		buf_clear(&expected);
		buf_bytes(&expected, inches[l], (size_t)(half - inches[l]));
		buf_char(&expected, '0');
		buf_str(&expected, half);
		buf_clear(&text);
		program_write(&inch, (enum language)l, &text);
		assert_string_equal(text.data, expected.data);
		assert_int_equal(program_parse(&read, (enum language)l, "u", text.data, text.len,
					       &arena, &err),
				 0);
		assert_true(program_equal(&read, &inch));
		buf_clear(&text);
		program_write(&mm, (enum language)l, &text);
		assert_null(strstr(text.data, "unit"));
		assert_int_equal(program_parse(&read, (enum language)l, "u", text.data, text.len,
					       &arena, &err),
				 0);
		assert_true(program_equal(&read, &mm));
	}
	buf_free(&text);
	buf_free(&expected);
	arena_free(&arena);
}

static void test_millimetres_may_be_said(void **state)
{
	static const char circle[] = "circle(x=30,y=5,r=5)";

	(void)state;
	same(LANGUAGE_CALLS, "unit( mm );circle(x=30,y=5,r=5)", circle);
	same(LANGUAGE_CALLS, " unit (inch) ; circle(x=30,y=5,r=5)",
	     "unit(inch); circle(x=30,y=5,r=5)");
	same(LANGUAGE_JSON,
	     "{\"primitives\":[{\"type\":\"circle\",\"x\":30,\"y\":5,\"r\":5}],\"unit\":\"mm\"}",
	     circle);
	same(LANGUAGE_PYTHON, "\nunit=\"mm\" ; circle_0 = Circle(x=30, y=5, r=5)", circle);
}

/* Which programs sketch and cadquery can say. */
static void fits(const char *calls, bool sketch, bool cadquery)
{
	struct arena arena = {0};
	struct program program;
	struct err err = {0};

	if (program_parse(&program, LANGUAGE_CALLS, "f", calls, strlen(calls), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_true(program_fits(&program, LANGUAGE_CALLS));
	assert_true(program_fits(&program, LANGUAGE_JSON));
	assert_true(program_fits(&program, LANGUAGE_PYTHON));
	assert_int_equal(program_fits(&program, LANGUAGE_SKETCH), sketch);
	assert_int_equal(program_fits(&program, LANGUAGE_CADQUERY), cadquery);
	arena_free(&arena);
}

#define DISC "disc(x=0,y=0,d=80,thickness=5)"
#define CYLINDER "cylinder(x=0,length=40,d=20)"

static void test_what_fits(void **state)
{
	(void)state;
	fits("circle(x=0,y=0,r=5)", true, true);
	fits("slot(x=0,y=0,length=20,r=5)", true, true);
	fits("hole(x=0,y=0,d=5)", false, false);
	fits("hole(x=0,y=0,d=5); " DISC, true, true);
	fits(DISC "; slot(x=0,y=0,length=20,r=5)", true, true);
	fits(DISC "; " DISC, false, false);
	fits(DISC "; circle(x=0,y=0,r=5)", false, false);
	fits(DISC "; " CYLINDER, false, false);
	fits("fillet(x=0,y=0,r=5)", false, false);
	fits(CYLINDER "; fillet(x=40,y=10,r=2)", true, true);
	fits("bore(x=0,length=5,d=5)", false, false);
	fits("cone(x=0,length=40,d=20,d2=30); bore(x=0,length=5,d=5)", true, true);
	fits(CYLINDER "; keyway(x=0,length=40,width=6,depth=3)", true, true);
	fits(CYLINDER "; keyway(x=0,length=40.001,width=6,depth=3)", true, false);
	fits(CYLINDER "; keyway(x=-1,length=20,width=6,depth=3)", true, false);
	fits("partition(x=0,y=0,z=0,w=18,d=500,h=700,BT=18)", false, false);
	for (int f = 0; f < FAMILY_COUNT_; f++) {
		assert_true(language_fits(LANGUAGE_CALLS, (enum family)f));
		assert_true(language_fits(LANGUAGE_JSON, (enum family)f));
		assert_true(language_fits(LANGUAGE_PYTHON, (enum family)f));
		assert_int_equal(language_fits(LANGUAGE_SKETCH, (enum family)f),
				 f != FAMILY_CABINET);
		assert_int_equal(language_fits(LANGUAGE_CADQUERY, (enum family)f),
				 f != FAMILY_CABINET);
	}
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
	refuse(LANGUAGE_CALLS, "disk(x=1,y=1,r=1)", "p:1:1: unknown shape 'disk'");
	refuse(LANGUAGE_CALLS, "unit", "p:1:5: expected '(', not the end");
	refuse(LANGUAGE_CALLS, "unit(", "p:1:6: expected a unit, not the end");
	refuse(LANGUAGE_CALLS, "unit(cm); circle(x=1,y=1,r=1)",
	       "p:1:6: unknown unit 'cm'; allowed mm, inch");
	refuse(LANGUAGE_CALLS, "unit(inch circle(x=1,y=1,r=1)", "p:1:11: expected ')', not 'c'");
	refuse(LANGUAGE_CALLS, "unit(inch) circle(x=1,y=1,r=1)", "p:1:12: expected ';', not 'c'");
	refuse(LANGUAGE_CALLS, "unit(inch);", "p:1:12: expected a shape, not the end");
	refuse(LANGUAGE_CALLS, "circle(x=1,y=1,r=1); unit(inch)", "p:1:22: unknown shape 'unit'");
	refuse(LANGUAGE_CALLS, "unit(inch); unit(inch); circle(x=1,y=1,r=1)",
	       "p:1:13: unknown shape 'unit'");
	refuse(LANGUAGE_CALLS, "hole(x=1,y=1,r=1)", "p:1:14: hole has no 'r'");
	refuse(LANGUAGE_CALLS, "hole(x=1,y=1)", "p:1:1: hole without 'd'");
	refuse(LANGUAGE_CALLS, "cylinder(x=0,y=0,length=5,d=4)", "p:1:14: cylinder has no 'y'");
	refuse(LANGUAGE_CALLS, "hole_grid(x=0,y=0,d=4,columns=2,rows=1)",
	       "p:1:1: hole_grid: 'dx' is 0 with 'columns' 2; allowed more than 'd'");
	refuse(LANGUAGE_CALLS, "shelves(x=0,y=0,z=0,w=1,d=1,h=1,N=0,NKA=1,BT=1)",
	       "p:1:1: shelves: 'N' is 0; allowed 1 to 100");
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
	       "p:1:1: polyline: 'points' has 9 points; allowed 3 to 8");
	refuse(LANGUAGE_CALLS,
	       "profile(points=[(0,0),(1,0),(2,1),(3,0),(4,1),(5,0),(6,1),(7,0),(8,1),(9,0),(9,1),"
	       "(9,2),(9,3)])",
	       "p:1:89: 'points' has over 12 points");
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
	refuse(LANGUAGE_JSON, "{\"primitives\":[{\"type\":\"disk\"}]}",
	       "p:1:24: unknown shape 'disk'");
	refuse(LANGUAGE_JSON, "{\"unit\":\"mm\"}", "p:1:1: program without 'primitives'");
	refuse(LANGUAGE_JSON, "{\"unit\":\"cm\",\"primitives\":[]}",
	       "p:1:9: 'unit' is 'cm'; allowed mm, inch");
	refuse(LANGUAGE_JSON, "{\"unit\":25.4,\"primitives\":[]}",
	       "p:1:9: 'unit' must be a string");
	refuse(LANGUAGE_JSON, "{\"unit\":\"mm\",\"unit\":\"mm\"}",
	       "p:1:21: key 'unit' given twice");
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
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_millimetres_may_be_said),
		cmocka_unit_test(test_what_fits),
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
