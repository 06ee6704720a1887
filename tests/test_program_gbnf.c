/* SPDX-License-Identifier: MIT */
/*
 * program.gbnf: accepts exactly the canonical programs. Random programs must be accepted; mutated
 * ones are accepted just where program_parse and program_write give the same text back, or where
 * only what no grammar can say is wrong, as the shapes' geometry.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/program/program.h"
#include "tests/extent.h"
#include "tests/program_texts.h"
#include "tests/random_programs.h"
#include "tests/random_shapes.h"
#include "tests/recogniser.h"

static uint64_t seed;
static struct gbnf *rules;
static struct recogniser *grammar;

static bool is_in_grammar(enum language language, enum family family)
{
	return language_fits(language, family);
}

#define IMPORT "import cadquery as cq\nresult = cq."
#define CQ IMPORT "Workplane()\nresult.add("

static void test_examples(void **state)
{
	static const char *const good[] = {
		"circle(x=30,y=5,r=5); polyline(points=[(1,2),(30,2),(30,9.5)])",
		"{\"primitives\":[{\"type\":\"triangle\",\"points\":[[0,0],[10,0],[0,10]]}]}",
		"line(x=-0.001,y=10000,length=10000,angle=359.999)",
		"polygon(x=0,y=-10000,r=0.1,sides=12)",
		"arc(x=1,y=1,r=1.01,start=0,sweep=90.5)",
		"circle_0 = Circle(x=30, y=5, r=5)\nline_0 = Line(x=0, y=0, length=1, angle=90)",
		"triangle_255 = Triangle(points=[(0, 0), (1, 0), (0, 1)])",
		"sketch = Sketch()\nsketch.add_slot(start=(60,25), length=20, radius=4)\n"
		"Extrude(sketch, distance=1)",
		CQ "cq.Workplane(origin=(60,25)).center(20/2,0).sketch().slot(20,2*4).finalize()"
		   ".extrude(1))",
		CQ "cq.Workplane(origin=(60,25)).polarLine(20,0))\n"
		   "result.add(cq.Sketch().arc((60,25),5,0,90).edges().val())",
		"unit(inch); hole(x=1,y=2,d=0.25); hole_grid(x=1,y=2,d=1,columns=1,rows=2,dy=3)",
		"{\"unit\":\"inch\",\"primitives\":[{\"type\":\"thread\",\"x\":0,\"length\":10,"
		"\"d\":8,"
		"\"pitch\":1.25}]}",
		"unit = \"inch\"\nfillet_0 = Fillet(x=1, y=2, r=0.25)",
		"shelves(x=0,y=0,z=350.5,w=400,d=500,h=700,angle=90,N=3,NKA=150,BT=18)",
		"sketch = Sketch()\nsketch.add_hole(center=(6,5), diameter=2)\n"
		"sketch.add_disc(center=(60,25), diameter=200)\nExtrude(sketch, distance=4.5)",
		"sketch = Sketch()\nsketch.add_bore(x=0, length=10, diameter=2)\n"
		"sketch.add_cylinder(x=0, length=20, diameter=8)\nRevolve(sketch, axis=\"x\")",
		IMPORT "Workplane(origin=(1,2)).circle(8/2).extrude(3)",
		IMPORT "Workplane(cq.Solid.makeCone(8/2,9/2,3,cq.Vector(0,0,0),cq.Vector(1,0,0)))",
	};
	static const char *const bad[] = {
		"",
		"circle(x=30,y=5,r=5);",
		"circle(x=30,y=5,r=5);circle(x=30,y=5,r=5)",
		"circle(x=30, y=5,r=5)",
		"circle(x=30,r=5,y=5)",
		"circle(x=30,y=5,r=5.0)",
		"circle(x=30,y=5,r=05)",
		"circle(x=30,y=-0,r=5)",
		"circle(x=30,y=5,r=0)",
		"circle(x=30,y=5,r=1.0001)",
		"circle(x=30,y=5,r=10001)",
		"circle(x=30,y=5,r=.5)",
		"circle(x=30,y=5,r=5.)",
		"line(x=0,y=0,length=1,angle=0)",
		"line(x=0,y=0,length=1,angle=360)",
		"polygon(x=0,y=0,r=1,sides=2)",
		"polygon(x=0,y=0,r=1,sides=13)",
		"triangle(points=[(0,0),(1,0)])",
		"triangle(points=[(0,0),(1,0),(0,1),(2,2)])",
		"polyline(points=[(0,0),(1,0)])",
		"polyline(points=[(0,0),(1,0),(0,1),(2,2),(3,3),(4,4),(5,5),(6,6),(7,7)])",
		"{\"primitives\":[]}",
		"{\"primitives\": [{\"type\":\"circle\",\"x\":30,\"y\":5,\"r\":5}]}",
		"{\"primitives\":[{\"x\":30,\"type\":\"circle\",\"y\":5,\"r\":5}]}",
		"circle_0 = Circle(x=30, y=5, r=5)\n",
		"circle_0 = Circle(x=30,y=5,r=5)",
		"circle_00 = Circle(x=30, y=5, r=5)",
		"circle_256 = Circle(x=30, y=5, r=5)",
		"line_0 = Circle(x=30, y=5, r=5)",
		"triangle_0 = Triangle(points=[(0,0),(1,0),(0,1)])",
		"sketch = Sketch()\nExtrude(sketch, distance=1)",
		"sketch = Sketch()\nsketch.add_circle(center=(1,1), radius=4)\n"
		"Extrude(sketch, distance=2)",
		CQ "cq.Workplane(origin=(60,25)).circle(5))",
		CQ "cq.Workplane(origin=(60,25)).transformed(rotate=(0,0,0)).rect(40,20,"
		   "centered=False).extrude(1))",
		CQ "cq.Workplane(origin=(60,25)).transformed(rotate=(0,0,5)).circle(5).extrude(1))",
		"unit(mm); circle(x=30,y=5,r=5)",
		"circle(x=30,y=5,r=5); unit(inch)",
		"{\"unit\":\"mm\",\"primitives\":[{\"type\":\"circle\",\"x\":30,\"y\":5,\"r\":5}]}",
		"hole_grid(x=1,y=2,d=1,columns=1,rows=1)",
		"hole_grid(x=1,y=2,d=1,columns=1,rows=1,dy=3)",
		"{\"primitives\":[{\"type\":\"hole_grid\",\"x\":1,\"y\":2,\"d\":1,\"columns\":1,"
		"\"rows\":1,\"dy\":3}]}",
		"hole_grid_0 = HoleGrid(x=1, y=2, d=1, columns=1, rows=1, dy=3)",
		IMPORT "Workplane(origin=(1,2)).circle(8/2).extrude(3)\n"
		       "result = result.faces(\">Z\").workplane(origin=(3,4)).rarray(1,3,1,1,"
		       "center=False).hole(2)",
		"hole_grid(x=1,y=2,d=1,columns=1,rows=2,dx=3,dy=3)",
		"hole_grid(x=1,y=2,d=1,columns=2,rows=2,dx=3)",
		"hole_circle(x=1,y=2,pcd=10,d=1,count=1,start=0)",
		"thread(x=0,length=10,d=8,pitch=0)",
		"thread(x=0,length=10,d=8,pitch=100.001)",
		"disc(x=0,y=0,d=10,thickness=1000.001)",
		"cylinder(x=0,y=0,length=10,d=8)",
		"sketch = Sketch()\nsketch.add_hole(center=(6,5), diameter=2)\n"
		"Extrude(sketch, distance=4.5)",
		"sketch = Sketch()\nsketch.add_disc(center=(60,25), diameter=200)\n"
		"sketch.add_circle(center=(60,25), radius=20)\nExtrude(sketch, distance=4.5)",
		"sketch = Sketch()\nsketch.add_bore(x=0, length=10, diameter=2)\n"
		"Revolve(sketch, axis=\"x\")",
		"sketch = Sketch()\nsketch.add_cylinder(x=0, length=10, diameter=2)\n"
		"Extrude(sketch, distance=1)",
		IMPORT "Workplane()",
		IMPORT "Workplane(origin=(1,2)).circle(8/2).extrude(3)\n"
		       "result = result.faces(\">Z\").workplane(origin=(3,4)).hole(2)\n"
		       "result = result.edges(\"|Z\").edges(cq.NearestToPointSelector((0,0,0)))"
		       ".fillet(1)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!recogniser_accepts(grammar, good[i], strlen(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (recogniser_accepts(grammar, bad[i], strlen(bad[i])))
			fail_msg("accepted: %s", bad[i]);
}

static void test_accepts_every_program(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct arena arena = {0};
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < extent(6000, 2000); i++) {
		enum language language = (enum language)(i % LANGUAGE_COUNT_);
		enum family family = (enum family)(i / LANGUAGE_COUNT_ % FAMILY_COUNT_);
		struct program program = random_program(&rng, family, i % 40 ? 4 : 40, &arena);

		if (!is_in_grammar(language, family))
			continue;
		buf_clear(&text);
		program_write(&program, language, &text);
		if (!recogniser_accepts(grammar, text.data, text.len))
			fail_msg("refused: %s", text.data);
		arena_reset(&arena);
	}
	buf_free(&text);
	arena_free(&arena);
}

/* The program with one value of one shape a thousandth beyond a bound, or at it. */
static void set_value(struct shape *shape, enum param param, int64_t value)
{
	if (param == PARAM_POINTS)
		shape->points[0].y = value;
	else
		shape->value[param] = value;
}

static void check_bounds(const struct program *program, struct shape *shape, enum language language)
{
	const struct shape whole = *shape;
	enum param params[PARAM_COUNT_];
	int n = shape_params(shape->kind, params);
	struct buf text = {0};

	for (int i = 0; i < 4 * n; i++) {
		enum param param = params[i / 4];
		int64_t bounds[2], beyond[] = {-1, 0, 0, 1};
		bool accepted;

		*shape = whole;
		param_bounds(param, &bounds[0], &bounds[1]);
		set_value(shape, param, bounds[i % 4 / 2] + beyond[i % 4]);
		if (!program_fits(program, language))
			continue;
		buf_clear(&text);
		program_write(program, language, &text);
		accepted = recogniser_accepts(grammar, text.data, text.len);
		if (beyond[i % 4] != 0 && accepted)
			fail_msg("accepted: %s", text.data);
		if (beyond[i % 4] == 0 && !accepted && shape_check(shape, NULL) == 0)
			fail_msg("refused: %s", text.data);
	}
	*shape = whole;
	buf_free(&text);
}

/* A column or row alone has no distance that could be wrong. */
static bool is_single(const struct shape *shape)
{
	return shape->kind == SHAPE_HOLE_GRID &&
	       (shape->value[PARAM_COLUMNS] == 1 || shape->value[PARAM_ROWS] == 1);
}

static void test_bounds(void **state)
{
	struct rng rng = rng_seed(seed, 3);
	struct arena arena = {0};

	(void)state;
	for (int i = 0; i < extent(6000, 2000); i++) {
		enum language language = (enum language)(i % LANGUAGE_COUNT_);
		enum family family = (enum family)(i / LANGUAGE_COUNT_ % FAMILY_COUNT_);
		struct program program = random_program(&rng, family, 3, &arena);

		for (int k = 0; k < program.shape_count; k++)
			if (is_in_grammar(language, family) && !is_single(&program.shapes[k]))
				check_bounds(&program, &program.shapes[k], language);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

static void compare(const char *text, size_t len, enum language language, struct arena *arena)
{
	bool accepted = recogniser_accepts(grammar, text, len);
	struct program program;
	struct err err = {0};
	struct buf again = {0};

	if (program_parse(&program, language, "mutant", text, len, arena, &err) < 0) {
		if (accepted && !program_is_beyond_grammar(err.msg))
			fail_msg("accepted, but %s: %s", err.msg, text);
		return;
	}
	program_write(&program, language, &again);
	if (accepted != program_is_same(again.data, text, language))
		fail_msg("%s: %s", accepted ? "accepted, not canonical" : "refused, canonical",
			 text);
	buf_free(&again);
}

static void test_mutants(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct arena arena = {0};
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < extent(100000, 30000); i++) {
		enum language language = (enum language)(i % LANGUAGE_COUNT_);
		enum family family = (enum family)(i / LANGUAGE_COUNT_ % FAMILY_COUNT_);
		struct program program = random_program(&rng, family, 2, &arena);

		if (!is_in_grammar(language, family))
			continue;
		buf_clear(&text);
		program_write(&program, language, &text);
		for (int n = (int)rng_range(&rng, 1, 3); n > 0 && text.len > 0; n--)
			program_mutate(&rng, &text);
		compare(text.data, text.len, language, &arena);
		arena_reset(&arena);
	}
	buf_free(&text);
	arena_free(&arena);
}

static int read_grammar(void **state)
{
	struct err err = {0};

	(void)state;
	rules = gbnf_read(source_file("formats/program/program.gbnf"), &err);
	if (!rules) {
		printf("# %s\n", err.msg);
		return -1;
	}
	grammar = recogniser_new(rules, "root");
	return 0;
}

static int free_grammar(void **state)
{
	(void)state;
	recogniser_free(grammar);
	gbnf_free(rules);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_accepts_every_program),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_mutants),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, read_grammar, free_grammar);
}
