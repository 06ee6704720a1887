/* SPDX-License-Identifier: MIT */
/*
 * program, the languages python, sketch and cadquery: canonical text of every kind, looser text,
 * every error with its place, limits. What all languages share is in test_program.c, and
 * parts in sketch and cadquery are in test_program_parts.c.
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

/* Every kind of free shapes, with and without an angle. */
static const char every_kind[] =
	"rectangle(x=10,y=15,width=40,height=20); "
	"rectangle(x=-10,y=15.5,width=40,height=20,angle=30); "
	"rounded_rectangle(x=0,y=0,width=40,height=20,r=5); "
	"rounded_rectangle(x=0,y=0,width=40,height=20,r=5,angle=0.5); circle(x=30,y=5,r=5); "
	"ellipse(x=1,y=2,rx=3,ry=4); ellipse(x=1,y=2,rx=3,ry=4,angle=45); "
	"arc(x=30,y=5,r=5,start=0,sweep=120); line(x=10,y=20,length=30); "
	"line(x=10,y=20,length=30,angle=15); polyline(points=[(1,2),(30,2),(30,9.5),(-4,8)]); "
	"polygon(x=1,y=2,r=3,sides=6); polygon(x=1,y=2,r=3,sides=12,angle=15); "
	"slot(x=60,y=25,length=20,r=4); slot(x=60,y=25,length=20,r=4,angle=30); "
	"triangle(points=[(0,0),(10,0),(0,10)])";

static const char python[] =
	"rectangle_0 = Rectangle(x=10, y=15, width=40, height=20)\n"
	"rectangle_1 = Rectangle(x=-10, y=15.5, width=40, height=20, angle=30)\n"
	"rounded_rectangle_0 = RoundedRectangle(x=0, y=0, width=40, height=20, r=5)\n"
	"rounded_rectangle_1 = RoundedRectangle(x=0, y=0, width=40, height=20, r=5, angle=0.5)\n"
	"circle_0 = Circle(x=30, y=5, r=5)\n"
	"ellipse_0 = Ellipse(x=1, y=2, rx=3, ry=4)\n"
	"ellipse_1 = Ellipse(x=1, y=2, rx=3, ry=4, angle=45)\n"
	"arc_0 = Arc(x=30, y=5, r=5, start=0, sweep=120)\n"
	"line_0 = Line(x=10, y=20, length=30)\n"
	"line_1 = Line(x=10, y=20, length=30, angle=15)\n"
	"polyline_0 = Polyline(points=[(1, 2), (30, 2), (30, 9.5), (-4, 8)])\n"
	"polygon_0 = Polygon(x=1, y=2, r=3, sides=6)\n"
	"polygon_1 = Polygon(x=1, y=2, r=3, sides=12, angle=15)\n"
	"slot_0 = Slot(x=60, y=25, length=20, r=4)\n"
	"slot_1 = Slot(x=60, y=25, length=20, r=4, angle=30)\n"
	"triangle_0 = Triangle(points=[(0, 0), (10, 0), (0, 10)])";

static const char sketch[] =
	"sketch = Sketch()\n"
	"sketch.add_rectangle(corner=(10,15), width=40, height=20)\n"
	"sketch.add_rectangle(corner=(-10,15.5), width=40, height=20, angle=30)\n"
	"sketch.add_rounded_rectangle(corner=(0,0), width=40, height=20, radius=5)\n"
	"sketch.add_rounded_rectangle(corner=(0,0), width=40, height=20, radius=5, angle=0.5)\n"
	"sketch.add_circle(center=(30,5), radius=5)\n"
	"sketch.add_ellipse(center=(1,2), rx=3, ry=4)\n"
	"sketch.add_ellipse(center=(1,2), rx=3, ry=4, angle=45)\n"
	"sketch.add_arc(center=(30,5), radius=5, start_angle=0, sweep_angle=120)\n"
	"sketch.add_line(start=(10,20), length=30)\n"
	"sketch.add_line(start=(10,20), length=30, angle=15)\n"
	"sketch.add_polyline(points=[(1,2),(30,2),(30,9.5),(-4,8)])\n"
	"sketch.add_polygon(center=(1,2), radius=3, sides=6)\n"
	"sketch.add_polygon(center=(1,2), radius=3, sides=12, angle=15)\n"
	"sketch.add_slot(start=(60,25), length=20, radius=4)\n"
	"sketch.add_slot(start=(60,25), length=20, radius=4, angle=30)\n"
	"sketch.add_triangle(points=[(0,0),(10,0),(0,10)])\n"
	"Extrude(sketch, distance=1)";

#define IMPORT "import cadquery as cq\n"
#define BEGIN IMPORT "result = cq.Workplane()\n"

static const char cadquery[] = BEGIN
	"result.add(cq.Workplane(origin=(10,15)).rect(40,20,centered=False).extrude(1))\n"
	"result.add(cq.Workplane(origin=(-10,15.5)).transformed(rotate=(0,0,30))"
	".rect(40,20,centered=False).extrude(1))\n"
	"result.add(cq.Workplane(origin=(0,0)).center(40/2,20/2).sketch().rect(40,20).vertices()"
	".fillet(5).finalize().extrude(1))\n"
	"result.add(cq.Workplane(origin=(0,0)).transformed(rotate=(0,0,0.5)).center(40/2,20/2)"
	".sketch().rect(40,20).vertices().fillet(5).finalize().extrude(1))\n"
	"result.add(cq.Workplane(origin=(30,5)).circle(5).extrude(1))\n"
	"result.add(cq.Workplane(origin=(1,2)).ellipse(3,4).extrude(1))\n"
	"result.add(cq.Workplane(origin=(1,2)).ellipse(3,4,rotation_angle=45).extrude(1))\n"
	"result.add(cq.Sketch().arc((30,5),5,0,120).edges().val())\n"
	"result.add(cq.Workplane(origin=(10,20)).polarLine(30,0))\n"
	"result.add(cq.Workplane(origin=(10,20)).polarLine(30,15))\n"
	"result.add(cq.Workplane().polyline([(1,2),(30,2),(30,9.5),(-4,8)]).wire())\n"
	"result.add(cq.Workplane(origin=(1,2)).polygon(6,2*3).extrude(1))\n"
	"result.add(cq.Workplane(origin=(1,2)).transformed(rotate=(0,0,15)).polygon(12,2*3)."
	"extrude(1))\n"
	"result.add(cq.Workplane(origin=(60,25)).center(20/2,0).sketch().slot(20,2*4).finalize()"
	".extrude(1))\n"
	"result.add(cq.Workplane(origin=(60,25)).transformed(rotate=(0,0,30)).center(20/"
	"2,0).sketch()"
	".slot(20,2*4).finalize().extrude(1))\n"
	"result.add(cq.Workplane().polyline([(0,0),(10,0),(0,10)]).close().extrude(1))";

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
		{every_kind, LANGUAGE_PYTHON, python},
		{every_kind, LANGUAGE_SKETCH, sketch},
		{every_kind, LANGUAGE_CADQUERY, cadquery},
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

/* Python names every kind there is. */
static void test_python_classes(void **state)
{
	static const char calls[] =
		"tapped_hole(x=1,y=2,d=8); hole_circle(x=1,y=2,pcd=40,d=5,"
		"count=6,start=0); door_left(x=0,y=0,z=0,w=400,d=18,h=700,BT=18); "
		"shelves(x=0,y=0.5,z=-1,w=400,d=300,h=700,angle=90,N=2,NKA=779,BT=9)";
	static const char classes[] =
		"tapped_hole_0 = TappedHole(x=1, y=2, d=8)\n"
		"hole_circle_0 = HoleCircle(x=1, y=2, pcd=40, d=5, count=6, start=0)\n"
		"bbox_0 = Bbox(0, 0, 0, 400, 18, 700, 0)\n"
		"model_0 = door_left(BT=18)\n"
		"bbox_1 = Bbox(0, 0.5, -1, 400, 300, 700, 90)\n"
		"model_1 = shelves(N=2, NKA=779, BT=9)";

	(void)state;
	same(LANGUAGE_PYTHON, classes, calls);
}

/* From language to language and round again: the tree and every text stay the same. */
static void test_languages_agree(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct arena arena = {0};
	struct buf first = {0}, text = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 4000; i++) {
		enum family family = (enum family)(i % FAMILY_COUNT_);
		struct program program =
			random_program(&rng, family, i % 50 ? 6 : PROGRAM_SHAPES_MAX, &arena);
		struct program read;

		program = program_sorted(&program, &arena);
		read = program;
		buf_clear(&first);
		program_write(&program, LANGUAGE_CALLS, &first);
		for (int l = LANGUAGE_COUNT_ - 1; l >= 0; l--) {
			if (!language_fits((enum language)l, family))
				continue;
			buf_clear(&text);
			program_write(&read, (enum language)l, &text);
			if (program_parse(&read, (enum language)l, "random", text.data, text.len,
					  &arena, &err) < 0)
				fail_msg("%s in %s", err.msg, text.data);
			assert_true(program_equal(&program, &read));
		}
		assert_string_equal(text.data, first.data);
		arena_reset(&arena);
	}
	buf_free(&first);
	buf_free(&text);
	arena_free(&arena);
}

static void test_looser_text(void **state)
{
	static const char circle[] = "circle(x=30,y=5,r=5)";

	(void)state;
	same(LANGUAGE_PYTHON, "circle_7=Circle(r=5.0,y=05,x=30.000)\n", circle);
	same(LANGUAGE_PYTHON, "\n circle_0 =\n Circle ( r = 5 ,\n y = 5 , x = 30 ) ; \r\n\n",
	     circle);
	same(LANGUAGE_PYTHON, "circle_1 = Circle(x=30, y=5, r=5);circle_0 = Circle(x=-0, y=0, r=1)",
	     "circle(x=30,y=5,r=5); circle(x=0,y=0,r=1)");
	same(LANGUAGE_PYTHON, "line_0 = Line(length=2, angle=0, x=0, y=0)",
	     "line(x=0,y=0,length=2)");
	same(LANGUAGE_SKETCH,
	     "sketch=Sketch( )\r\n\tsketch . add_circle ( radius = 5 , center = ( 30.0 , 5 ) "
	     ")\r\n\n"
	     "Extrude( sketch , distance = 1.0 );\n",
	     circle);
	same(LANGUAGE_SKETCH,
	     "sketch = Sketch();sketch.add_line(angle=0, start=(0,0), length=2);"
	     "Extrude(sketch, distance=1)",
	     "line(x=0,y=0,length=2)");
	same(LANGUAGE_CADQUERY,
	     "\nimport  cadquery\tas cq;result=cq.Workplane()\n\nresult . add ( cq.Workplane(\n"
	     "origin = (30.0, 5) ) . circle( 5.000 )\n.extrude( 1 ) )\n",
	     circle);
	same(LANGUAGE_CADQUERY,
	     BEGIN "result.add(cq.Workplane(origin=(0,0)).transformed(rotate=(0, 0, 0.0))"
		   ".polygon(6.0,2*05).extrude(1))",
	     "polygon(x=0,y=0,r=5,sides=6)");
	same(LANGUAGE_CADQUERY,
	     BEGIN "result.add(cq.Workplane(origin=(0,0)).center(20/2,0).sketch().slot(20.0,2*4)"
		   ".finalize().extrude(1))",
	     "slot(x=0,y=0,length=20,r=4)");
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

#define BBOX "bbox_0 = Bbox(1, 2, 3, 4, 5, 6, 0)\n"

static void test_python_errors(void **state)
{
	enum language l = LANGUAGE_PYTHON;

	(void)state;
	refuse(l, "", "p:1:1: expected a shape, not the end");
	refuse(l, "circle_0", "p:1:9: expected '=', not the end");
	refuse(l, "circle_0 = (", "p:1:12: expected a shape, not '('");
	refuse(l, "plinth_0 = Plinth(x=1)", "p:1:12: unknown shape 'Plinth'");
	refuse(l, "bbox_0 = bbox(1)", "p:1:10: expected 'Bbox', not 'b'");
	refuse(l, "bbox_0 = Bbox(1, 2, 3, 4, 5, 6)", "p:1:31: expected ',', not ')'");
	refuse(l, "bbox_0 = Bbox(1, 2, 3, 4, 5, 6, 7, 8)", "p:1:34: expected ')', not ','");
	refuse(l, "bbox_0 = Bbox(1, 2, 3, 4, 5, 6, 0)", "p:1:35: bbox_0 without its model_0");
	refuse(l, BBOX "model_1 = plinth(BT=18)", "p:2:1: expected model_0, not 'model_1'");
	refuse(l, BBOX BBOX, "p:2:1: expected model_0, not 'bbox_0'");
	refuse(l, BBOX "model_0 = circle(r=18)", "p:2:11: unknown model 'circle'");
	refuse(l, BBOX "model_0 = plinth(N=18)", "p:2:18: plinth has no 'N'");
	refuse(l, BBOX "model_0 = plinth(x=18)", "p:2:18: plinth has no 'x'");
	refuse(l, BBOX "model_0 = plinth(BT=18, BT=18)", "p:2:25: 'BT' given twice");
	refuse(l, BBOX "model_0 = carcass(BT=18)", "p:2:11: carcass without 'BP'");
	refuse(l, BBOX "model_0 = drawers(N=1.5, BT=18)", "p:2:21: 'N' must be a whole number");
	refuse(l, BBOX "model_0 = plinth(BT=0)",
	       "p:2:11: plinth: 'BT' is 0; allowed 0.001 to 1000");
	refuse(l, BBOX "model_0 = plinth(BT=1)\n" BBOX "model_0 = plinth(BT=1)",
	       "p:3:1: 'bbox_0' assigned twice");
	refuse(l, "circle_0 = circle(x=1)", "p:1:12: unknown shape 'circle'");
	refuse(l, "circle_0 = Roundedrectangle(x=1)", "p:1:12: unknown shape 'Roundedrectangle'");
	refuse(l, "circle = Circle(x=1)",
	       "p:1:1: 'circle' names no circle: expected circle_0 to circle_255");
	refuse(l, "arc_0 = Circle(x=1)",
	       "p:1:1: 'arc_0' names no circle: expected circle_0 to circle_255");
	refuse(l, "circle_01 = Circle(x=1)",
	       "p:1:1: 'circle_01' names no circle: expected circle_0 to circle_255");
	refuse(l, "circle_256 = Circle(x=1)",
	       "p:1:1: 'circle_256' names no circle: expected circle_0 to circle_255");
	refuse(l, "circle_1a = Circle(x=1)",
	       "p:1:1: 'circle_1a' names no circle: expected circle_0 to circle_255");
	refuse(l, "circle_0 = Circle(x=1, y=1, r=1)\n\ncircle_0 = Circle(x=2, y=2, r=2)",
	       "p:3:1: 'circle_0' assigned twice");
	refuse(l, "circle_0 = Circle(x=1, y=1, r=1) circle_1 = Circle(x=2, y=2, r=2)",
	       "p:1:34: expected the end of the line, not 'c'");
	refuse(l, "circle_0 = Circle(x=1, y=1)", "p:1:12: circle without 'r'");
	refuse(l, "circle_0 = Circle(x=1, y=1, r=0)",
	       "p:1:12: circle: 'r' is 0; allowed 0.001 to 10000");
	refuse(l, "circle_0 = Circle(x=1, y=1, rx=0)", "p:1:29: circle has no 'rx'");
	refuse(l, "circle_0 = Circle(x=1, y=1, y=1)", "p:1:29: 'y' given twice");
	refuse(l, "circle_0 = Circle(x=1e3", "p:1:22: expected ',' or ')', not 'e'");
	refuse(l, "unit = inch", "p:1:8: expected '\"', not 'i'");
	refuse(l, "unit = \"cm\"\n", "p:1:9: unknown unit 'cm'; allowed mm, inch");
	refuse(l, "unit = \"mm", "p:1:11: expected '\"', not the end");
	refuse(l, "unit = \"mm\" circle_0", "p:1:13: expected the end of the line, not 'c'");
	refuse(l, "unit = \"mm\"\n", "p:2:1: expected a shape, not the end");
	refuse(l, "unit = \"mm\"\nunit = \"mm\"", "p:2:8: expected a shape, not '\"'");
}

#define SKETCH "sketch = Sketch()\n"

static void test_sketch_errors(void **state)
{
	enum language l = LANGUAGE_SKETCH;

	(void)state;
	refuse(l, "", "p:1:1: expected 'sketch', not the end");
	refuse(l, "sketch = Sketch(", "p:1:17: expected ')', not the end");
	refuse(l, "sketch = Sketch() sketch.add_circle(",
	       "p:1:19: expected the end of the line, not 's'");
	refuse(l, SKETCH, "p:2:1: expected 'sketch', not the end");
	refuse(l, SKETCH "Extrude(sketch, distance=1)", "p:2:1: expected 'sketch', not 'E'");
	refuse(l, SKETCH "sketch.", "p:2:8: expected a shape, not the end");
	refuse(l, SKETCH "sketch.circle(", "p:2:8: unknown shape 'circle'");
	refuse(l, SKETCH "sketch.add_disk(", "p:2:8: unknown shape 'add_disk'");
	refuse(l, SKETCH "sketch.add_carcass(", "p:2:8: unknown shape 'add_carcass'");
	refuse(l, SKETCH "sketch.add_circle(x=1", "p:2:19: circle has no 'x'");
	refuse(l, SKETCH "sketch.add_circle(center=5", "p:2:26: expected '(', not '5'");
	refuse(l, SKETCH "sketch.add_circle(center=(5)", "p:2:28: expected ',', not ')'");
	refuse(l, SKETCH "sketch.add_circle(center=(5,6), center=(5,6)",
	       "p:2:33: 'center' given twice");
	refuse(l, SKETCH "sketch.add_circle(radius=5)", "p:2:8: circle without 'center'");
	refuse(l, SKETCH "sketch.add_arc(center=(0,0), radius=5, start_angle=0)",
	       "p:2:8: arc without 'sweep_angle'");
	refuse(l, SKETCH "sketch.add_polygon(center=(0,0), radius=5, sides=3.5)",
	       "p:2:50: 'sides' must be a whole number");
	refuse(l, SKETCH "sketch.add_circle(center=(5,6), radius=5)",
	       "p:2:42: expected 'sketch' or 'Extrude', not the end");
	refuse(l, SKETCH "sketch.add_circle(center=(5,6), radius=5)Extrude(sketch, distance=1)",
	       "p:2:42: expected the end of the line, not 'E'");
	refuse(l, SKETCH "sketch.add_circle(center=(5,6), radius=5)\nExtrude(sketch, distance=2)",
	       "p:3:26: 'distance' must be 1");
	refuse(l, SKETCH "sketch.add_circle(center=(5,6), radius=5)\nExtrude(sketch, distance=x)",
	       "p:3:26: expected a number, not 'x'");
	refuse(l,
	       SKETCH "sketch.add_circle(center=(5,6), radius=5)\nExtrude(sketch, distance=1)\ns",
	       "p:4:1: expected the end, not 's'");
}

#define ADD BEGIN "result.add("
#define AT "result.add(cq.Workplane(origin=(1,2))."

static void test_cadquery_errors(void **state)
{
	enum language l = LANGUAGE_CADQUERY;

	(void)state;
	refuse(l, "", "p:1:1: expected 'import', not the end");
	refuse(l, "import cadqueryascq", "p:1:8: expected 'cadquery', not 'c'");
	refuse(l, "import cadquery as cq result", "p:1:23: expected the end of the line, not 'r'");
	refuse(l, IMPORT "result = Workplane()", "p:2:10: expected 'cq', not 'W'");
	refuse(l, BEGIN, "p:3:1: expected 'result', not the end");
	refuse(l, ADD, "p:3:12: expected 'cq', not the end");
	refuse(l, ADD "cq.Solid()", "p:3:15: expected 'Workplane' or 'Sketch', not 'S'");
	refuse(l, ADD "cq.Workplane(1)", "p:3:25: expected 'origin' or ')', not '1'");
	refuse(l, ADD "cq.Workplane(origin=(+", "p:3:33: expected a number, not '+'");
	refuse(l, ADD "cq.Workplane(origin=(1.2345",
	       "p:3:33: not a number below 1e12 of at most three decimals");
	refuse(l, BEGIN AT "box(",
	       "p:3:39: expected 'transformed', 'rect', 'center', 'circle', 'ellipse', 'polarLine' "
	       "or "
	       "'polygon', not 'b'");
	refuse(l, BEGIN AT "transformed(rotate=(0,0,5)).circle(5)",
	       "p:3:67: expected 'rect', 'center' or 'polygon', not 'c'");
	refuse(l, BEGIN AT "center(20/2,x", "p:3:51: expected a number or '0', not 'x'");
	refuse(l, BEGIN AT "circle(5).extrude(2)", "p:3:57: expected '1', not '2'");
	refuse(l, BEGIN AT "circle(5).extrude(1)", "p:3:59: expected ')', not the end");
	refuse(l, BEGIN AT "ellipse(3,4;", "p:3:50: expected ',' or ')', not ';'");
	refuse(l, BEGIN AT "polygon(6,3)", "p:3:49: expected '2', not '3'");
	refuse(l, BEGIN AT "polygon(6.5,", "p:3:47: 'sides' must be a whole number");
	refuse(l, BEGIN AT "center(20/2,0).sketch().slot(21,2*4).finalize().extrude(1))",
	       "p:3:68: 'length' has two values");
	refuse(l, BEGIN AT "center(40/2,20/2).sketch().rect(40,21)",
	       "p:3:74: 'height' has two values");
	refuse(l, BEGIN AT "circle(0).extrude(1))",
	       "p:3:12: circle: 'r' is 0; allowed 0.001 to 10000");
	refuse(l, BEGIN AT "circle(5).extrude(1)) " AT "circle(5)",
	       "p:3:61: expected the end of the line, not 'r'");
	refuse(l, BEGIN AT "circle(5).extrude(1))\nshow()", "p:4:1: expected 'result', not 's'");
	refuse(l, ADD "cq.Workplane().polyline(5", "p:3:36: expected '[', not '5'");
	refuse(l, ADD "cq.Workplane().polyline([(0,0),(1,0)])",
	       "p:3:50: expected '.', not the end");
	refuse(l, ADD "cq.Workplane().polyline([(0,0),(1,0),(0,1)]).extrude(1)",
	       "p:3:57: expected 'wire' or 'close', not 'e'");
	refuse(l, ADD "cq.Workplane().polyline([(0,0),(1,0)]).wire())",
	       "p:3:12: polyline: 'points' has 2 points; allowed 3 to 8");
	refuse(l,
	       ADD
	       "cq.Workplane().polyline([(0,0),(1,0),(2,1),(3,0),(4,1),(5,0),(6,1),(7,0),(8,1)])"
	       ".wire())",
	       "p:3:12: polyline: 'points' has 9 points; allowed 3 to 8");
	refuse(l, ADD "cq.Sketch().arc((0,0),5,0)", "p:3:37: expected ',', not ')'");
	refuse(l, ADD "cq.\xc3", "p:3:15: expected 'Workplane' or 'Sketch', not byte 0xc3");
}

/* Parsers must not look behind len: the heap block ends there, and ASan watches. */
static void test_every_beginning(void **state)
{
	static const struct {
		enum language language;
		const char *text;
	} texts[] = {
		{LANGUAGE_PYTHON, python},
		{LANGUAGE_SKETCH, sketch},
		{LANGUAGE_CADQUERY, cadquery},
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

/* `count` circles; python's variables count up. */
static void fill(struct buf *text, enum language language, int count)
{
	buf_clear(text);
	if (language == LANGUAGE_SKETCH)
		buf_str(text, SKETCH);
	if (language == LANGUAGE_CADQUERY)
		buf_str(text, BEGIN);
	for (int i = 0; i < count; i++) {
		if (language == LANGUAGE_PYTHON) {
			buf_str(text, "circle_");
			buf_int(text, i);
			buf_str(text, " = Circle(x=0, y=0, r=1)\n");
		} else if (language == LANGUAGE_SKETCH) {
			buf_str(text, "sketch.add_circle(center=(0,0), radius=1)\n");
		} else {
			buf_str(text,
				"result.add(cq.Workplane(origin=(0,0)).circle(1).extrude(1))\n");
		}
	}
	if (language == LANGUAGE_SKETCH)
		buf_str(text, "Extrude(sketch, distance=1)");
}

static void test_limits(void **state)
{
	static const char *const messages[] = {
		"p:257:1: over 256 shapes",
		"p:258:1: over 256 shapes",
		"p:259:1: over 256 shapes",
	};
	struct arena arena = {0};
	struct program program;
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 3; i++) {
		enum language language = (enum language)(LANGUAGE_PYTHON + i);

		fill(&text, language, PROGRAM_SHAPES_MAX);
		assert_int_equal(
			program_parse(&program, language, "p", text.data, text.len, &arena, &err),
			0);
		assert_int_equal(program.shape_count, PROGRAM_SHAPES_MAX);
		fill(&text, language, PROGRAM_SHAPES_MAX + 1);
		assert_int_equal(
			program_parse(&program, language, "p", text.data, text.len, &arena, &err),
			-1);
		assert_string_equal(err.msg, messages[i]);
		assert_int_equal(err.code, ERR_LIMIT);
	}
	buf_free(&text);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical_text),  cmocka_unit_test(test_python_classes),
		cmocka_unit_test(test_languages_agree), cmocka_unit_test(test_looser_text),
		cmocka_unit_test(test_python_errors),   cmocka_unit_test(test_sketch_errors),
		cmocka_unit_test(test_cadquery_errors), cmocka_unit_test(test_every_beginning),
		cmocka_unit_test(test_limits),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
