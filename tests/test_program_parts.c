/* SPDX-License-Identifier: MIT */
/*
 * program, plates and turned parts in the languages sketch and cadquery: canonical text of every
 * kind, looser text, every error with its place, limits.
 */
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

#define IMPORT "import cadquery as cq\n"

/* Every kind of plates, with and without what is optional, in canonical order. */
static const char plate_calls[] =
	"unit(inch); profile(points=[(0,0),(8,0),(8,5),(4,5),(4,3),(0,3)],thickness=0.25); "
	"chamfer(x=0,y=0,c=0.5); hole(x=1,y=1,d=0.5); counterbore(x=1,y=2,d=0.25,cbore_d=0.5,"
	"cbore_depth=0.125); tapped_hole(x=2,y=1,d=0.25); tapped_hole(x=2,y=2,d=0.25,pitch=0.05); "
	"hole_grid(x=3,y=1,d=0.1,columns=3,rows=2,dx=0.25,dy=0.5); "
	"hole_grid(x=3,y=2.5,d=0.1,columns=2,rows=1,dx=0.25); fillet(x=4,y=3,r=0.5); "
	"hole_grid(x=4.5,y=1,d=0.1,columns=1,rows=2,dy=1.5); "
	"hole_circle(x=5,y=4,pcd=1,d=0.125,count=6,start=30); "
	"rectangle(x=5,y=1,width=0.5,height=1); "
	"slot(x=6,y=1,length=0.5,r=0.25,angle=90); slot(x=6,y=4,length=1,r=0.25); "
	"rounded_rectangle(x=7,y=1,width=0.5,height=1,r=0.125,angle=15)";

static const char plate_sketch[] =
	"unit = \"inch\"\n"
	"sketch = Sketch()\n"
	"sketch.add_profile(points=[(0,0),(8,0),(8,5),(4,5),(4,3),(0,3)])\n"
	"sketch.add_chamfer(corner=(0,0), distance=0.5)\n"
	"sketch.add_hole(center=(1,1), diameter=0.5)\n"
	"sketch.add_counterbore(center=(1,2), diameter=0.25, cbore_diameter=0.5, "
	"cbore_depth=0.125)\n"
	"sketch.add_tapped_hole(center=(2,1), diameter=0.25)\n"
	"sketch.add_tapped_hole(center=(2,2), diameter=0.25, pitch=0.05)\n"
	"sketch.add_hole_grid(first=(3,1), diameter=0.1, columns=3, rows=2, dx=0.25, dy=0.5)\n"
	"sketch.add_hole_grid(first=(3,2.5), diameter=0.1, columns=2, rows=1, dx=0.25)\n"
	"sketch.add_fillet(corner=(4,3), radius=0.5)\n"
	"sketch.add_hole_grid(first=(4.5,1), diameter=0.1, columns=1, rows=2, dy=1.5)\n"
	"sketch.add_hole_circle(center=(5,4), pitch_diameter=1, diameter=0.125, count=6, "
	"start_angle=30)\n"
	"sketch.add_rectangle(corner=(5,1), width=0.5, height=1)\n"
	"sketch.add_slot(start=(6,1), length=0.5, radius=0.25, angle=90)\n"
	"sketch.add_slot(start=(6,4), length=1, radius=0.25)\n"
	"sketch.add_rounded_rectangle(corner=(7,1), width=0.5, height=1, radius=0.125, angle=15)\n"
	"Extrude(sketch, distance=0.25)";

#define TOP "result = result.faces(\">Z\")."

static const char plate_cadquery[] =
	"unit = \"inch\"\n" IMPORT
	"result = cq.Workplane().polyline([(0,0),(8,0),(8,5),(4,5),(4,3),(0,3)]).close()"
	".extrude(0.25)\n"
	"result = result.edges(\"|Z\").edges(cq.NearestToPointSelector((0,0,0))).chamfer(0.5)\n"
	"result = result.edges(\"|Z\").edges(cq.NearestToPointSelector((4,3,0))).fillet(0.5)\n" TOP
	"workplane(origin=(1,1)).hole(0.5)\n" TOP
	"workplane(origin=(1,2)).cboreHole(0.25,0.5,0.125)\n" TOP
	"workplane(origin=(2,1)).tag(\"tapped\").hole(0.25)\n" TOP
	"workplane(origin=(2,2)).tag(\"tapped pitch=0.05\").hole(0.25)\n" TOP
	"workplane(origin=(3,1)).rarray(0.25,0.5,3,2,center=False).hole(0.1)\n" TOP
	"workplane(origin=(3,2.5)).rarray(0.25,1,2,1,center=False).hole(0.1)\n" TOP
	"workplane(origin=(4.5,1)).rarray(1,1.5,1,2,center=False).hole(0.1)\n" TOP
	"workplane(origin=(5,4)).polarArray(1/2,30,360,6).hole(0.125)\n" TOP
	"workplane(origin=(5,1)).rect(0.5,1,centered=False).cutThruAll()\n" TOP
	"workplane(origin=(6,1)).transformed(rotate=(0,0,90)).center(0.5/2,0)"
	".slot2D(0.5+2*0.25,2*0.25).cutThruAll()\n" TOP
	"workplane(origin=(6,4)).center(1/2,0).slot2D(1+2*0.25,2*0.25).cutThruAll()\n" TOP
	"workplane(origin=(7,1)).transformed(rotate=(0,0,15)).center(0.5/2,1/2).sketch()"
	".rect(0.5,1).vertices().fillet(0.125).finalize().cutThruAll()";

/* The outline does not come first in canonical order. */
static const char disc_calls[] =
	"hole(x=10,y=40,d=6); disc(x=40,y=40,d=80,thickness=8); hole(x=70,y=40,d=6)";

static const char disc_sketch[] = "sketch = Sketch()\n"
				  "sketch.add_hole(center=(10,40), diameter=6)\n"
				  "sketch.add_disc(center=(40,40), diameter=80)\n"
				  "sketch.add_hole(center=(70,40), diameter=6)\n"
				  "Extrude(sketch, distance=8)";

static const char disc_cadquery[] =
	IMPORT "result = cq.Workplane(origin=(40,40)).circle(80/2).extrude(8)\n" TOP
	       "workplane(origin=(10,40)).hole(6)\n" TOP "workplane(origin=(70,40)).hole(6)";

static const char turned_calls[] =
	"cylinder(x=0,length=30,d=20); bore(x=0,length=15,d=8); chamfer(x=0,y=4,c=0.5); "
	"chamfer(x=0,y=10,c=1); groove(x=3,width=2,d=17); keyway(x=16,length=12,width=5,depth=3); "
	"cone(x=30,length=20,d=30,d2=40); fillet(x=30,y=10,r=1.5); cylinder(x=50,length=25,d=16); "
	"thread(x=50,length=25,d=16); thread(x=55,length=20,d=16,pitch=1.5)";

static const char turned_sketch[] =
	"sketch = Sketch()\n"
	"sketch.add_cylinder(x=0, length=30, diameter=20)\n"
	"sketch.add_bore(x=0, length=15, diameter=8)\n"
	"sketch.add_chamfer(corner=(0,4), distance=0.5)\n"
	"sketch.add_chamfer(corner=(0,10), distance=1)\n"
	"sketch.add_groove(x=3, width=2, diameter=17)\n"
	"sketch.add_keyway(x=16, length=12, width=5, depth=3)\n"
	"sketch.add_cone(x=30, length=20, start_diameter=30, end_diameter=40)\n"
	"sketch.add_fillet(corner=(30,10), radius=1.5)\n"
	"sketch.add_cylinder(x=50, length=25, diameter=16)\n"
	"sketch.add_thread(x=50, length=25, diameter=16)\n"
	"sketch.add_thread(x=55, length=20, diameter=16, pitch=1.5)\n"
	"Revolve(sketch, axis=\"x\")";

#define RING(x, y)                                                                                 \
	"result = result.edges(\"%CIRCLE\").filter(lambda e: abs(e.Center().x-" x ")<1e-4 and "    \
	"abs(e.radius()-" y ")<1e-4)."

static const char turned_cadquery[] = IMPORT
	"result = cq.Workplane(\"YZ\",origin=(0,0)).circle(20/2).extrude(30)\n"
	"result = result.union(cq.Solid.makeCone(30/2,40/2,20,cq.Vector(30,0,0),"
	"cq.Vector(1,0,0)))\n"
	"result = result.union(cq.Workplane(\"YZ\",origin=(50,0)).circle(16/2)"
	".extrude(25))\n"
	"result = result.cut(cq.Workplane(\"YZ\",origin=(0,0)).circle(8/2)"
	".extrude(15))\n" RING("0", "4") "chamfer(0.5)\n" RING(
		"0",
		"10") "chamfer(1)\n"
		      "result = "
		      "result.cut(cq.Workplane(\"YZ\",origin=(3,0)).circle(10000).circle(17/2)"
		      ".extrude(2))\n"
		      "result = result.cut(cq.Workplane(origin=(16,0,20/2-3)).center(12/2,0)"
		      ".slot2D(12,5).extrude(2*3))\n" RING(
			      "30",
			      "10") "fillet(1.5)\n"
				    "result = result.tag(\"thread x=50 length=25 d=16\")\n"
				    "result = result.tag(\"thread x=55 length=20 d=16 pitch=1.5\")";

static const char cone_calls[] = "cone(x=0,length=20,d=30,d2=12.5)";
static const char cone_sketch[] =
	"sketch = Sketch()\n"
	"sketch.add_cone(x=0, length=20, start_diameter=30, end_diameter=12.5)\n"
	"Revolve(sketch, axis=\"x\")";
static const char cone_cadquery[] =
	IMPORT "result = cq.Workplane(cq.Solid.makeCone(30/2,12.5/2,20,cq.Vector(0,0,0),"
	       "cq.Vector(1,0,0)))";

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

static void test_canonical_text(void **state)
{
	static const struct {
		const char *calls;
		enum language language;
		const char *text;
	} canonical[] = {
		{plate_calls, LANGUAGE_SKETCH, plate_sketch},
		{plate_calls, LANGUAGE_CADQUERY, plate_cadquery},
		{disc_calls, LANGUAGE_SKETCH, disc_sketch},
		{disc_calls, LANGUAGE_CADQUERY, disc_cadquery},
		{turned_calls, LANGUAGE_SKETCH, turned_sketch},
		{turned_calls, LANGUAGE_CADQUERY, turned_cadquery},
		{cone_calls, LANGUAGE_SKETCH, cone_sketch},
		{cone_calls, LANGUAGE_CADQUERY, cone_cadquery},
	};
	struct arena arena = {0};
	struct program program;
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(canonical) / sizeof(canonical[0]); i++) {
		const char *calls = canonical[i].calls;

		if (program_parse(&program, LANGUAGE_CALLS, "c", calls, strlen(calls), &arena,
				  &err) < 0)
			fail_msg("%s", err.msg);
		buf_clear(&out);
		program_write(&program, canonical[i].language, &out);
		assert_string_equal(out.data, canonical[i].text);
		same(canonical[i].language, canonical[i].text, calls);
	}
	buf_free(&out);
	arena_free(&arena);
}

/* Shapes of a part in any order: the text that comes of them is read as one that writes the same
 * text again, and has the same shapes. */
static void test_parts_in_any_order(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct arena arena = {0};
	struct buf first = {0}, again = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		enum family family = i % 2 ? FAMILY_PLATE : FAMILY_TURNED;
		struct program program = random_program(&rng, family, 8, &arena), read, a, b;

		buf_clear(&first);
		buf_clear(&again);
		program_write(&program, LANGUAGE_CADQUERY, &first);
		if (program_parse(&read, LANGUAGE_CADQUERY, "random", first.data, first.len, &arena,
				  &err) < 0)
			fail_msg("%s in %s", err.msg, first.data);
		program_write(&read, LANGUAGE_CADQUERY, &again);
		assert_string_equal(first.data, again.data);
		a = program_sorted(&program, &arena);
		b = program_sorted(&read, &arena);
		assert_true(program_equal(&a, &b));
		arena_reset(&arena);
	}
	buf_free(&first);
	buf_free(&again);
	arena_free(&arena);
}

static void test_looser_text(void **state)
{
	(void)state;
	same(LANGUAGE_SKETCH,
	     "sketch = Sketch();sketch.add_groove(diameter=3,width=2,x=1);"
	     "sketch.add_cone(end_diameter=3,start_diameter=2,length=1,x=0);Revolve(sketch , axis "
	     "= "
	     "\"x\")",
	     "groove(x=1,width=2,d=3); cone(x=0,length=1,d=2,d2=3)");
	same(LANGUAGE_CADQUERY,
	     "unit = \"mm\"; import cadquery as cq; result=cq.Workplane().polyline([ (0,0), (9,0), "
	     "(9,9.0) ]).close().extrude( 2 )\n\n result=result.faces(\">Z\").workplane(origin=(5,"
	     "2)).tag( \"tapped pitch=1.50\" ).hole(1)\n result = result.edges(\"|Z\").edges("
	     "cq.NearestToPointSelector((9,0,0))).fillet(1);\n",
	     "profile(points=[(0,0),(9,0),(9,9)],thickness=2); tapped_hole(x=5,y=2,d=1,pitch=1.5); "
	     "fillet(x=9,y=0,r=1)");
	same(LANGUAGE_CADQUERY,
	     IMPORT "result = cq.Workplane(origin=(9,0)).circle(8/2).extrude(1)\n" TOP
		    "workplane(origin=(8,0)).tag(\"tapped pitch=0\").hole(1)\n" TOP
		    "workplane(origin=(9,1)).rarray(1.0,2,1,2,center=False).hole(1)",
	     "tapped_hole(x=8,y=0,d=1); disc(x=9,y=0,d=8,thickness=1); "
	     "hole_grid(x=9,y=1,d=1,columns=1,rows=2,dy=2)");
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

#define SKETCH "sketch = Sketch()\n"
#define ADD_HOLE "sketch.add_hole(center=(5,6), diameter=2)\n"
#define ADD_DISC "sketch.add_disc(center=(5,6), diameter=20)\n"

static void test_sketch_errors(void **state)
{
	enum language l = LANGUAGE_SKETCH;

	(void)state;
	refuse(l, SKETCH "sketch.add_disc(center=(5,6), diameter=20, thickness=3)",
	       "p:2:44: disc has no 'thickness'");
	refuse(l, SKETCH "sketch.add_cylinder(x=(0,0), length=3)",
	       "p:2:23: expected a number, not '('");
	refuse(l, SKETCH "sketch.add_cylinder(x=0, length=3)",
	       "p:2:8: cylinder without 'diameter'");
	refuse(l, SKETCH "sketch.add_hole(center=3", "p:2:24: expected '(', not '3'");
	refuse(l, SKETCH "sketch.add_circle(center=(5,6), radius=5)\n" ADD_HOLE,
	       "p:3:8: hole does not go with what stands before");
	refuse(l, SKETCH ADD_DISC "sketch.add_cylinder(",
	       "p:3:8: cylinder does not go with what stands before");
	refuse(l, SKETCH ADD_DISC ADD_HOLE ADD_DISC, "p:4:8: a second outline: disc");
	refuse(l, SKETCH ADD_HOLE "Extrude(sketch, distance=1)",
	       "p:3:1: a plate without profile or disc");
	refuse(l, SKETCH "sketch.add_fillet(corner=(0,0), radius=1)\nRevolve(sketch, axis=\"x\")",
	       "p:3:1: a plate without profile or disc");
	refuse(l, SKETCH "sketch.add_bore(x=0, length=1, diameter=1)\nRevolve(sketch, axis=\"x\")",
	       "p:3:1: a turned part without cylinder or cone");
	refuse(l, SKETCH ADD_DISC "Revolve(sketch, axis=\"x\")",
	       "p:3:1: expected 'Extrude', not 'R'");
	refuse(l, SKETCH ADD_DISC "Extrude(sketch, distance=0)",
	       "p:3:26: disc: 'thickness' is 0; allowed 0.001 to 1000");
	refuse(l, SKETCH ADD_DISC "Extrude(sketch, distance=1000.001)",
	       "p:3:26: disc: 'thickness' is 1000.001; allowed 0.001 to 1000");
	refuse(l, SKETCH "sketch.add_cylinder(x=0, length=1, diameter=1)\nExtrude(sketch",
	       "p:3:1: expected 'Revolve', not 'E'");
	refuse(l, SKETCH "sketch.add_cylinder(x=0, length=1, diameter=1)\nshow",
	       "p:3:1: expected 'sketch', not 's'");
	refuse(l, SKETCH "sketch.add_cylinder(x=0, length=1, diameter=1)\nx",
	       "p:3:1: expected 'sketch' or 'Revolve', not 'x'");
	refuse(l,
	       SKETCH "sketch.add_cylinder(x=0, length=1, diameter=1)\nRevolve(sketch, axis=\"y\")",
	       "p:3:23: expected 'x', not 'y'");
}

#define DISC IMPORT "result = cq.Workplane(origin=(1,2)).circle(8/2).extrude(3)\n"
#define PIN IMPORT "result = cq.Workplane(\"YZ\",origin=(0,0)).circle(8/2).extrude(30)\n"

static void test_cadquery_errors(void **state)
{
	enum language l = LANGUAGE_CADQUERY;

	(void)state;
	refuse(l, IMPORT "result = cq.Workplane(",
	       "p:2:23: expected ')', 'origin', '\"' or 'cq', "
	       "not the end");
	refuse(l, IMPORT "result = cq.Workplane()", "p:2:24: expected 'result', not the end");
	refuse(l, IMPORT "result = cq.Workplane().circle(5)",
	       "p:2:25: expected 'polyline', not 'c'");
	refuse(l, IMPORT "result = cq.Workplane() result.add(",
	       "p:2:25: expected the end of the line or '.', not 'r'");
	refuse(l, IMPORT "result = cq.Workplane(origin=(1,2)).circle(8/2).extrude(0)",
	       "p:2:1: disc: 'thickness' is 0; allowed 0.001 to 1000");
	refuse(l, IMPORT "result = cq.Workplane(origin=(1,2)).circle(8/2).extrude(1.0001)",
	       "p:2:57: not a number below 1e12 of at most three decimals");
	refuse(l, DISC "result.add(cq", "p:3:7: expected '=', not '.'");
	refuse(l, DISC "result = cq.", "p:3:10: expected 'result', not 'c'");
	refuse(l, DISC "result = result.cut(", "p:3:17: expected 'faces' or 'edges', not 'c'");
	refuse(l, DISC TOP "workplane(origin=(3,4)).drill(",
	       "p:3:53: expected 'transformed', 'rect', 'center', 'hole', 'cboreHole', 'tag', "
	       "'rarray' or 'polarArray', not 'd'");
	refuse(l, DISC TOP "workplane(origin=(3,4)).hole(0)",
	       "p:3:1: hole: 'd' is 0; allowed 0.001 to 10000");
	refuse(l, DISC TOP "workplane(origin=(3,4)).tag(\"bolt\")",
	       "p:3:58: expected 'tapped', not 'b'");
	refuse(l, DISC TOP "workplane(origin=(3,4)).rarray(5,5,2,1,center=False).hole(2)",
	       "p:3:1: hole_grid: 'dy' is 5 with 'rows' 1; allowed 0");
	refuse(l, DISC TOP "workplane(origin=(3,4)).rarray(5,5,1,2,center=False).hole(2)",
	       "p:3:1: hole_grid: 'dx' is 5 with 'columns' 1; allowed 0");
	refuse(l, DISC TOP "workplane(origin=(3,4)).hole(1) " TOP,
	       "p:3:61: expected the end of the line, not 'r'");
	refuse(l, PIN TOP, "p:3:17: expected 'edges', 'union', 'cut' or 'tag', not 'f'");
	refuse(l,
	       PIN "result = result.cut(cq.Workplane(origin=(2,0,9/2-3)).center(20/2,0)"
		   ".slot2D(20,5).extrude(2*3))",
	       "p:3:1: keyway: its cylinder has diameter 8, not 9");
	refuse(l,
	       PIN "result = result.cut(cq.Workplane(origin=(12,0,8/2-3)).center(20/2,0)"
		   ".slot2D(20,5).extrude(2*3))",
	       "p:3:1: keyway: no cylinder before it is where it is");
	refuse(l,
	       PIN "result = result.cut(cq.Workplane(origin=(2,0,8/2-3)).center(20/2,0)"
		   ".slot2D(20,5).extrude(2*4))",
	       "p:3:92: 'depth' has two values");
	refuse(l, PIN "result = result.tag(\"thread x=0 length=20 d=8 d=9\")",
	       "p:3:47: expected 'pitch' or '\"', not 'd'");
}

/* Parsers must not look behind len: the heap block ends there, and ASan watches. */
static void test_every_beginning(void **state)
{
	static const struct {
		enum language language;
		const char *text;
	} texts[] = {
		{LANGUAGE_SKETCH, plate_sketch},
		{LANGUAGE_CADQUERY, plate_cadquery},
		{LANGUAGE_SKETCH, turned_sketch},
		{LANGUAGE_CADQUERY, turned_cadquery},
	};
	struct arena arena = {0};
	struct program program;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		enum language language = texts[i].language;

		for (size_t n = 0; n < strlen(texts[i].text); n++) {
			char *copy = malloc(n ? n : 1);

			memcpy(copy, texts[i].text, n);
			if (program_parse(&program, language, "p", copy, n, &arena, &err) < 0)
				assert_int_equal(err.code, ERR_FORMAT);
			free(copy);
			arena_reset(&arena);
		}
		assert_int_equal(program_parse(&program, language, "p", NULL, 0, &arena, NULL), -1);
	}
	arena_free(&arena);
}

/* `count` holes in a disc of cadquery, the disc counted. */
static void fill_plate(struct buf *text, int count)
{
	buf_clear(text);
	buf_str(text, DISC);
	for (int i = 1; i < count; i++)
		buf_str(text, TOP "workplane(origin=(1,1)).hole(1)\n");
}

static void test_limits(void **state)
{
	struct arena arena = {0};
	struct program program;
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	fill_plate(&text, PROGRAM_SHAPES_MAX);
	assert_int_equal(
		program_parse(&program, LANGUAGE_CADQUERY, "p", text.data, text.len, &arena, &err),
		0);
	assert_int_equal(program.shape_count, PROGRAM_SHAPES_MAX);
	fill_plate(&text, PROGRAM_SHAPES_MAX + 1);
	assert_int_equal(
		program_parse(&program, LANGUAGE_CADQUERY, "p", text.data, text.len, &arena, &err),
		-1);
	assert_string_equal(err.msg, "p:258:1: over 256 shapes");
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&text);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical_text),  cmocka_unit_test(test_parts_in_any_order),
		cmocka_unit_test(test_looser_text),     cmocka_unit_test(test_sketch_errors),
		cmocka_unit_test(test_cadquery_errors), cmocka_unit_test(test_every_beginning),
		cmocka_unit_test(test_limits),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
