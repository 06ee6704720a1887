/* SPDX-License-Identifier: MIT */
/* cad_code: what each language says of a model, letter by letter; sketch read back; grids; what is refused. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "formats/encoding/gbnf.h"
#include "formats/program/program_grammar.h"
#include "tests/deepcad_samples.h"
#include "tests/deepcad_texts.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"
#include "tokenizer/automaton.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct deepcad_model parse_json(const char *text)
{
	return deepcad_sample(text, &arena);
}

static const char *code_of(const struct deepcad_model *model, enum cad_code code, double grid)
{
	struct buf out = {0};
	struct err err = {0};
	const char *text;

	if (cad_code_write(model, code, grid, &out, &err) < 0)
		fail_msg("%s: %s", cad_code_names[code], err.msg);
	text = arena_strndup(&arena, out.data, out.len);
	buf_free(&out);
	return text;
}

static struct deepcad_model parse_code(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "code", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s in\n%s", err.msg, text);
	return model;
}

/* --- letter by letter ----------------------------------------------------------------------- */

/* DeepCAD's 00000007, as its circle is in the file. */
#define DISC SIMPLE(LOOP(CIRCLE(0.09104851, 0.0, 0.09104851)), NEW, ONE(0.0254))

static void test_disc(void **state)
{
	struct deepcad_model model = parse_json(DISC);

	(void)state;
	assert_string_equal(code_of(&model, CAD_CODE_sketch, 0),
			    "sketch_0 = Sketch()\n"
			    "sketch_0.add_circle(center=(91.04851,0), radius=91.04851)\n"
			    "Extrude(sketch_0, distance=25.4)\n");
	assert_string_equal(code_of(&model, CAD_CODE_cadquery, 0),
			    "import cadquery as cq\n"
			    "result = cq.Workplane(cq.Plane(origin=(0,0,0), xDir=(1,0,0), "
			    "normal=(0,0,1))).moveTo(91.04851,0).circle(91.04851).extrude(25.4)\n");
	/* as it stands in a thread on CAD-Recode, but for a face round it */
	assert_string_equal(code_of(&model, CAD_CODE_recode, 0),
			    "import cadquery as cq\n"
			    "w0=cq.Workplane('XY',origin=(-100,0,-14))\n"
			    "r=w0.sketch().push([(100,0)]).circle(100).finalize().extrude(28)\n");
	assert_string_equal(code_of(&model, CAD_CODE_openecad, 0),
			    "SketchPlane0 = add_sketchplane(\n"
			    "\torigin= [0., 0., 0.], normal= [0., 0., 1.], x_axis= [1., 0., 0.])\n"
			    "Loops0 = []\n"
			    "Curves0_0 = []\n"
			    "Circle0_0_0 = add_circle(center= [91.0485, 0.], radius= 91.0485)\n"
			    "Loop0_0 = add_loop(Curves0_0)\n"
			    "Profile0 = add_profile(Loops0)\n"
			    "Sketch0 = add_sketch(sketch_plane= SketchPlane0, profile= Profile0)\n"
			    "Extrude0 = add_extrude(sketch= Sketch0,\n"
			    "\toperation= 0, type= 0, extent_one= 25.4, extent_two= 0.)\n");
	assert_string_equal(
		code_of(&model, CAD_CODE_text2cad, 0),
		"{\"final_name\": \"\", \"final_shape\": \"\", \"parts\": {\"part_1\": "
		"{\"coordinate_system\": {\"Euler Angles\": [0.0, 0.0, 0.0], \"Translation "
		"Vector\": [0.0, -0.5, 0.0]}, \"sketch\": {\"face_1\": {\"loop_1\": {\"circle_1\": "
		"{\"Center\": [0.5, 0.5], \"Radius\": 0.5}}}}, \"extrusion\": "
		"{\"extrude_depth_towards_normal\": 0.1395, \"extrude_depth_opposite_normal\": "
		"0.0, "
		"\"sketch_scale\": 1.0, \"operation\": \"NewBodyFeatureOperation\"}, "
		"\"description\": {\"name\": \"\", \"shape\": \"\", \"length\": 1.0, \"width\": "
		"1.0, \"height\": 0.1395}}}}\n");
	assert_string_equal(
		code_of(&model, CAD_CODE_gencad, 0.125),
		"import cadquery as cq\n"
		"# Generating a workplane for sketch 0\n"
		"wp_sketch0 = cq.Workplane(cq.Plane(cq.Vector(0.0, 0.0, 0.0), cq.Vector(1.0, 0.0, "
		"0.0), cq.Vector(0.0, 0.0, 1.0)))\n"
		"loop0=wp_sketch0.moveTo(0.375, 0.0).circle(0.375)\n"
		"solid0=wp_sketch0.add(loop0).extrude(0.125)\n"
		"solid=solid0\n");
}

#define FRONT PLANE(XYZ(0, 0, 2), XYZ(1, 0, 0), XYZ(0, 0, 1), XYZ(0, -1, 0))
#define QUARTER LINE(0, 0, 1, 0) "," ARC(1, 0, 0, 1, 0, 0, 1, 1, 0, HALF_PI) "," LINE(0, 1, 0, 0)
#define HOLED LOOP(CIRCLE(0.25, 0.25, 0.125)) "," LOOP(QUARTER)

/* A quarter disc with a hole, into which two squares are cut from the front. */
#define CUT_DISC                                                                                            \
	MODEL(SKETCH("S", XY, PROFILE("P", HOLED)) "," SKETCH(                                              \
		      "F", FRONT,                                                                           \
		      PROFILE("A", LOOP(SQUARE)) "," PROFILE(                                               \
			      "B",                                                                          \
			      LOOP(CIRCLE(                                                                  \
				      3, 0,                                                                 \
				      1)))) "," EXTRUDE("E", REGION("S", "P"), NEW,                         \
							EXTENT("Symmetric", 4,                              \
							       0)) "," EXTRUDE("C",                         \
									       REGION("F", "A") "," REGION( \
										       "F", "B"),           \
									       CUT,                         \
									       EXTENT("TwoSides",           \
										      0.5, 0.25)),          \
	      ROW("S") "," ROW("E") "," ROW("F") "," ROW("C"))

static void test_cut_disc(void **state)
{
	struct deepcad_model model = parse_json(CUT_DISC);

	(void)state;
	assert_string_equal(
		code_of(&model, CAD_CODE_sketch, 0),
		"sketch_0 = Sketch()\n"
		"sketch_0.add_line(start=(0,0), end=(1000,0))\n"
		"sketch_0.add_arc(start=(1000,0), mid=(707.106781187,707.106781187), "
		"end=(0,1000))\n"
		"sketch_0.add_line(start=(0,1000), end=(0,0))\n"
		"sketch_0.add_circle(center=(250,250), radius=125)\n"
		"Extrude(sketch_0, distance=4000, symmetric=True)\n"
		"sketch_1 = Sketch(origin=(0,0,2000), x_axis=(1,0,0), normal=(0,-1,0))\n"
		"sketch_1.add_line(start=(0,0), end=(1000,0))\n"
		"sketch_1.add_line(start=(1000,0), end=(1000,1000))\n"
		"sketch_1.add_line(start=(1000,1000), end=(0,1000))\n"
		"sketch_1.add_line(start=(0,1000), end=(0,0))\n"
		"sketch_2 = Sketch(origin=(0,0,2000), x_axis=(1,0,0), normal=(0,-1,0))\n"
		"sketch_2.add_circle(center=(3000,0), radius=1000)\n"
		"Extrude([sketch_1, sketch_2], distance=500, against=250, operation=\"cut\")\n");
	assert_string_equal(
		code_of(&model, CAD_CODE_cadquery, 0),
		"import cadquery as cq\n"
		"result = cq.Workplane(cq.Plane(origin=(0,0,0), xDir=(1,0,0), "
		"normal=(0,0,1))).moveTo(0,0).lineTo(1000,0).threePointArc((707.106781187,"
		"707.106781187),(0,1000)).close().moveTo(250,250).circle(125).extrude(4000, "
		"both=True)\n"
		"tool = cq.Workplane(cq.Plane(origin=(0,250,2000), xDir=(1,0,0), "
		"normal=(0,-1,0))).moveTo(0,0).lineTo(1000,0).lineTo(1000,1000).lineTo(0,1000)"
		".close().extrude(750)\n"
		"tool = tool.union(cq.Workplane(cq.Plane(origin=(0,250,2000), xDir=(1,0,0), "
		"normal=(0,-1,0))).moveTo(3000,0).circle(1000).extrude(750))\n"
		"result = result.cut(tool)\n");
	/* ZX looks along +y, with z to the right and x up: the box is 1 by 1 by 8 */
	assert_string_equal(
		code_of(&model, CAD_CODE_recode, 0),
		"import cadquery as cq\n"
		"w0=cq.Workplane('XY',origin=(-12,-12,-100))\n"
		"w1=cq.Workplane('ZX',origin=(-12,-25,50))\n"
		"w2=cq.Workplane('ZX',origin=(-12,-25,50))\n"
		"r=w0.sketch().segment((0,0),(25,0)).arc((18,18),(0,25)).close().assemble()"
		".reset().push([(6,6)]).circle(3,mode='s').finalize().extrude(200)"
		".cut(w1.sketch().segment((0,0),(0,25)).segment((25,25)).segment((25,0)).close()"
		".assemble().finalize().extrude(19)"
		".union(w2.sketch().push([(0,75)]).circle(25).finalize().extrude(19)))\n");
}

/* --- sketch, there and back ----------------------------------------------------------------- */

static void assert_near(struct vec3 a, struct vec3 b, double slack)
{
	struct vec3 apart = vec3_sum(1, a, -1, b);

	if (!(sqrt(vec3_dot(apart, apart)) <= slack))
		fail_msg("(%.12g, %.12g, %.12g) is not (%.12g, %.12g, %.12g)", b.x, b.y, b.z, a.x,
			 a.y, a.z);
}

/* Curves of two loops, where they lie in space. */
static void assert_same_loop(const struct deepcad_loop *a, const struct deepcad_plane *a_plane,
			     double a_height, const struct deepcad_loop *b,
			     const struct deepcad_plane *b_plane, double slack)
{
	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++) {
		const struct deepcad_curve *p = &a->curves[i], *q = &b->curves[i];

		assert_int_equal(p->kind, q->kind);
		assert_near(deepcad_world(a_plane, p->start, a_height),
			    deepcad_world(b_plane, q->start, 0), slack);
		if (p->kind == DEEPCAD_ARC)
			assert_near(deepcad_world(a_plane, deepcad_curve_middle(p), a_height),
				    deepcad_world(b_plane, deepcad_curve_middle(q), 0), slack);
		else if (p->kind == DEEPCAD_CIRCLE)
			assert_near(deepcad_world(a_plane, p->centre, a_height),
				    deepcad_world(b_plane, q->centre, 0), slack);
	}
}

static void assert_same_solid(const struct deepcad_model *a, const struct deepcad_model *b,
			      double slack)
{
	assert_int_equal(a->feature_count, b->feature_count);
	for (int i = 0; i < a->feature_count; i++) {
		const struct deepcad_feature *p = &a->features[i], *q = &b->features[i];
		double lo[2], hi[2];

		assert_int_equal(p->count, q->count);
		if (i > 0)
			assert_int_equal(p->operation, q->operation);
		deepcad_heights(p, &lo[0], &hi[0]);
		deepcad_heights(q, &lo[1], &hi[1]);
		assert_true(fabs(lo[0] - p->offset - lo[1]) <= slack);
		assert_true(fabs(hi[0] - p->offset - hi[1]) <= slack);
		assert_true(fabs(p->taper_one - q->taper_one) <= 1e-12);
		for (int k = 0; k < p->count; k++) {
			const struct deepcad_profile *from = p->regions[k].profile;
			const struct deepcad_profile *to = q->regions[k].profile;

			assert_int_equal(from->count, to->count);
			assert_int_equal(to->outer, 0);
			for (int n = 0; n < from->count; n++)
				assert_same_loop(&from->loops[n == 0             ? from->outer
							      : n <= from->outer ? n - 1
										 : n],
						 &p->regions[k].sketch->plane, p->offset,
						 &to->loops[n], &q->regions[k].sketch->plane,
						 slack);
		}
	}
}

/* Of solids.gbnf. */
static struct automaton *new_grammar(void)
{
	struct err err = {0};
	struct gbnf *rules =
		gbnf_parse("solids.gbnf", solids_grammar, strlen(solids_grammar), &err);
	struct automaton *a = rules ? automaton_from_gbnf(rules, "sketch", &err) : NULL;

	if (!a) {
		print_error("solids.gbnf: %s\n", err.msg);
		exit(1);
	}
	gbnf_free(rules);
	return a;
}

static struct automaton *grammar;

static void assert_in_grammar(const char *text, bool is_in)
{
	if (automaton_accepts(grammar, text, strlen(text)) != is_in)
		fail_msg("solids.gbnf is wrong about\n%s", text);
}

/* Files have points to 1e-8 m, so that an arc's three points are on its circle to about that. */
static void check_back(const struct deepcad_model *model)
{
	const char *text = code_of(model, CAD_CODE_sketch, 0);
	struct deepcad_model back = parse_code(text);

	assert_same_solid(model, &back, 3e-8);
	assert_in_grammar(text, true);
}

#define CIRCLE_0 "sketch_0 = Sketch()\nsketch_0.add_circle(center=(0,0), radius=1)\n"

/* What is written differently, and what no feature uses. */
static void test_not_in_grammar(void **state)
{
	static const char *const texts[] = {
		"",
		CIRCLE_0,
		CIRCLE_0 "Extrude(sketch_0, distance=0)",
		CIRCLE_0 "Extrude(sketch_0, distance=1.0)",
		CIRCLE_0 "Extrude(sketch_0, distance=-0)",
		CIRCLE_0 "Extrude(sketch_0, distance=01)",
		CIRCLE_0 "Extrude(sketch_0,distance=1)",
		CIRCLE_0 "Extrude([sketch_0], distance=1)",
		CIRCLE_0 "Extrude(sketch_0, distance=1, symmetric=True, against=1)",
		CIRCLE_0 "Extrude(sketch_0, distance=1, against=-1)",
		CIRCLE_0 "Extrude(sketch_0, distance=1, operation=\"new\")",
		CIRCLE_0 "Extrude(sketch_0, distance=1)\n\n",
		CIRCLE_0 "Revolve(sketch_0)",
		CIRCLE_0 "Revolve(sketch_0, angle=90, axis=(1,0))",
		"sketch_0 = Sketch(normal=(0,0,1))\n"
		"sketch_0.add_circle(center=(0,0), radius=1)\nExtrude(sketch_0, distance=1)",
		"sketch_00 = Sketch()\nsketch_0.add_circle(center=(0,0), radius=1)\n"
		"Extrude(sketch_0, distance=1)",
		"Extrude(sketch_0, distance=1)",
		CIRCLE_0 "Extrude(sketch_0, distance=1000000)",
		CIRCLE_0 "Extrude(sketch_0, distance=0.1234567890123456)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_in_grammar(texts[i], false);
	assert_in_grammar(CIRCLE_0 "Extrude(sketch_0, distance=1)", true);
	assert_in_grammar(CIRCLE_0 "Extrude(sketch_0, distance=1.5e-05, against=2)\n", true);
	assert_in_grammar(CIRCLE_0 "Extrude(sketch_0, distance=1e+06, against=0.000123456789012)",
			  true);
	assert_in_grammar(CIRCLE_0 "Revolve(sketch_0, origin=(0,-5), axis=(1,0), angle=90, "
				   "symmetric=True, operation=\"cut\")\n",
			  true);
}

static void test_random_models(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct deepcad_model model = random_model(&rng, &arena);

		check_back(&model);
		arena_reset(&arena);
	}
}

static void check_file(const char *path)
{
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_read(&model, path, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	check_back(&model);
}

static void test_real_files(void **state)
{
	(void)state;
	each_deepcad_file(".json", check_file);
}

/* What people write: any order of arguments and of loops, planes of their own, unused sketches. */
static void test_by_hand(void **state)
{
	struct deepcad_model model = parse_code(
		"s = Sketch(normal=(0, 1, 0), x_axis=(0, 0, 1))\n"
		"s.add_circle(radius=2.5, center=(5, 5))\n"
		"s.add_line(start=(0,0), end=(10,0)); s.add_line(start=(10,0), end=(10,10))\n"
		"s.add_line(start=(0,0), end=(0,10))\n"
		"s.add_line(start=(10,10), end=(0,10))\n"
		"unused = Sketch()\n"
		"Extrude([s], operation=\"new\", distance=-1e1, taper=5)");

	(void)state;
	assert_int_equal(model.sketch_count, 2);
	assert_int_equal(model.sketches[0].profiles[0].count, 2);
	assert_int_equal(model.sketches[0].profiles[0].outer, 1);
	assert_near(model.sketches[0].plane.y, (struct vec3){1, 0, 0}, 1e-15);
	assert_true(model.features[0].one == -0.01);
	assert_true(fabs(model.features[0].taper_one - M_PI / 36) < 1e-15);
	assert_int_equal(model.step_count, 3);
	assert_true(model.steps[2].is_feature);
}

/* --- canonical form ------------------------------------------------------------------------- */

static const char *canonical_of(const char *text, struct vec3 origin, double grid_mm)
{
	struct deepcad_model model = parse_code(text), canonical;
	struct err err = {0};

	if (cad_code_canonical(&canonical, &model, origin, grid_mm, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return code_of(&canonical, CAD_CODE_sketch, 0);
}

/* One slotted block with two holes, made in several ways, all of which a drawing shows alike. */
static void test_canonical(void **state)
{
	static const char *const front[] = {
		/* From the front, symmetric. */
		"s = Sketch(origin=(0,5,0), x_axis=(1,0,0), normal=(0,-1,0))\n"
		"s.add_line(start=(0,0), end=(40,0)); s.add_line(start=(40,0), end=(40,20))\n"
		"s.add_line(start=(40,20), end=(0,20)); s.add_line(start=(0,20), end=(0,0))\n"
		"s.add_circle(center=(30,10), radius=4); s.add_circle(center=(10,10), radius=3)\n"
		"Extrude(s, distance=5, symmetric=True)",
		/* From behind, to both sides, its own origin in the middle, the other way round. */
		"s = Sketch(origin=(20,8,10), x_axis=(-1,0,0), normal=(0,1,0))\n"
		"s.add_circle(center=(10,0), radius=3); s.add_circle(center=(-10,0), radius=4)\n"
		"s.add_line(start=(20,10), end=(20,-10)); s.add_line(start=(20,10), end=(-20,10))\n"
		"s.add_line(start=(-20,-10), end=(-20,10)); s.add_line(start=(-20,-10), "
		"end=(20,-10))\n"
		"Extrude(s, distance=2, against=8)",
		/* x up, backwards. */
		"s = Sketch(origin=(0,0,20), x_axis=(0,0,-1), normal=(0,-1,0))\n"
		"s.add_line(start=(20,40), end=(20,0)); s.add_line(start=(20,0), end=(0,0))\n"
		"s.add_line(start=(0,0), end=(0,40)); s.add_line(start=(0,40), end=(20,40))\n"
		"s.add_circle(center=(10,10), radius=3); s.add_circle(center=(10,30), radius=4)\n"
		"Extrude(s, distance=-10)",
	};
	static const char want[] =
		"sketch_0 = Sketch(origin=(0,10,0), x_axis=(1,0,0), normal=(0,-1,0))\n"
		"sketch_0.add_line(start=(0,0), end=(40,0))\n"
		"sketch_0.add_line(start=(40,0), end=(40,20))\n"
		"sketch_0.add_line(start=(40,20), end=(0,20))\n"
		"sketch_0.add_line(start=(0,20), end=(0,0))\n"
		"sketch_0.add_circle(center=(10,10), radius=3)\n"
		"sketch_0.add_circle(center=(30,10), radius=4)\n"
		"Extrude(sketch_0, distance=10)\n";

	(void)state;
	for (size_t i = 0; i < sizeof(front) / sizeof(*front); i++)
		assert_string_equal(canonical_of(front[i], (struct vec3){0, 0, 0}, 0.01), want);
}

/* The origin given becomes 0, and both ends of an extrude go on the grid by themselves: 0.54 + 0.54 is 1.1. */
static void test_canonical_origin(void **state)
{
	static const char text[] =
		"s = Sketch(origin=(7.04,3,1.54))\n"
		"s.add_line(start=(0.02,0), end=(10,0)); s.add_line(start=(10,0), end=(0.02,5))\n"
		"s.add_line(start=(0.02,5), end=(0.02,0))\n"
		"Extrude(s, distance=0.54)";

	(void)state;
	assert_string_equal(canonical_of(text, (struct vec3){0.002, 0.003, 0.001}, 0.1),
			    "sketch_0 = Sketch(origin=(0,0,0.5))\n"
			    "sketch_0.add_line(start=(5.1,0), end=(15,0))\n"
			    "sketch_0.add_line(start=(15,0), end=(5.1,5))\n"
			    "sketch_0.add_line(start=(5.1,5), end=(5.1,0))\n"
			    "Extrude(sketch_0, distance=0.6)\n");
}

/* Corners keep their radius whatever their ends are rounded to, and their middles are told more finely. */
static void test_canonical_arcs(void **state)
{
	struct deepcad_model model = parse_code(
		"s = Sketch(origin=(0.003,0.004,0))\n"
		"s.add_line(start=(0,0), end=(20,0)); s.add_line(start=(20,0), end=(20,5))\n"
		"s.add_arc(start=(20,5), mid=(18.5355339059327,8.5355339059327), end=(15,10))\n"
		"s.add_line(start=(15,10), end=(5,10))\n"
		"s.add_arc(start=(5,10), mid=(0,5), end=(5,0.0000001)); "
		"s.add_line(start=(5,0.0000001), end=(0,0))\n"
		"Extrude(s, distance=3)");
	struct deepcad_model canonical;
	struct buf text = {0};
	struct err err = {0};
	int arcs = 0;

	(void)state;
	if (cad_code_canonical(&canonical, &model, (struct vec3){0, 0, 0}, 0.01, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	for (int i = 0; i < canonical.sketches[0].profiles[0].loops[0].count; i++) {
		const struct deepcad_curve *c =
			&canonical.sketches[0].profiles[0].loops[0].curves[i];

		if (c->kind == DEEPCAD_ARC) {
			assert_true(fabs(c->radius - 0.005) < 1e-12);
			arcs++;
		}
	}
	assert_int_equal(arcs, 2);
	if (cad_code_write_fine(&canonical, CAD_CODE_sketch, 0.01, 1e-4, &text, &err) < 0)
		fail_msg("%s", err.msg);
	assert_non_null(strstr(text.data, "mid=(18.5355,8.5355)"));
	assert_non_null(strstr(text.data, "mid=(0,5)"));
	buf_free(&text);
}

/* The form of a form is itself. */
static void test_canonical_twice(void **state)
{
	int count = 0;

	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		struct rng rng = rng_stream(test_seed(), i, "canonical", 0);
		struct deepcad_model model = random_model(&rng, &arena), once, twice;
		struct vec3 none = {0, 0, 0};
		struct err err = {0};

		if (cad_code_canonical(&once, &model, none, 0.01, &arena, &err) < 0) {
			assert_true(err.code == ERR_UNSUPPORTED || err.code == ERR_LIMIT ||
				    err.code == ERR_FORMAT);
			continue;
		}
		if (cad_code_canonical(&twice, &once, none, 0.01, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		assert_string_equal(code_of(&once, CAD_CODE_sketch, 0.01),
				    code_of(&twice, CAD_CODE_sketch, 0.01));
		count++;
	}
	assert_true(count > 20);
}

/* --- grids ---------------------------------------------------------------------------------- */

/* All numbers of a text but those in names. */
static void assert_on_grid(const char *text, double grid)
{
	for (const char *at = text; *at; at++) {
		char before = at > text ? at[-1] : ' ';
		double v;
		char *end;

		if (!strchr("-0123456789", *at) || !strchr("(,= ", before))
			continue;
		v = strtod(at, &end);
		if (fabs(v / grid - rint(v / grid)) > 1e-6)
			fail_msg("%.20s in\n%s", at, text);
		at = end - 1;
	}
}

/* Axes aside, all is a multiple of the grid; and loops stay loops, for what is written is read. */
static void test_on_grid(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	int read = 0, vanished = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct deepcad_model model = random_model(&rng, &arena), back;
		struct buf out = {0};
		struct err err = {0};

		if (cad_code_write(&model, CAD_CODE_sketch, 0.5, &out, &err) < 0) {
			assert_int_equal(err.code, ERR_LIMIT);
			vanished++;
		} else if (cad_code_parse(&back, "m", out.data, out.len, &arena, &err) == 0) {
			char *plain = arena_strndup(&arena, out.data, out.len), *axis;

			while ((axis = strstr(plain, "x_axis=")))
				memset(axis, ' ', strcspn(axis, "\n"));
			assert_on_grid(plain, 0.5);
			read++;
		}
		buf_free(&out);
		arena_reset(&arena);
	}
	print_message("# %d read, %d vanished\n", read, vanished);
	assert_true(read > 100);
}

#define TRIANGLE                                                                                   \
	LOOP(LINE(0.5, 0.5, 0.501, 0.5) "," LINE(0.501, 0.5, 0.5, 0.501) "," LINE(0.5, 0.501, 0.5, \
										  0.5))

static void test_what_vanishes(void **state)
{
	struct deepcad_model small = parse_json(SIMPLE(LOOP(SQUARE) "," TRIANGLE, NEW, ONE(1)));
	struct deepcad_model disc =
		parse_json(SIMPLE(LOOP(SQUARE) "," LOOP(CIRCLE(0.5, 0.5, 0.001)), NEW, ONE(0.001)));
	struct buf out = {0};
	struct err err;

	(void)state;
	assert_int_equal(cad_code_write(&small, CAD_CODE_recode, 0, &out, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "extrude 1: a loop vanishes on a grid of 1");
	assert_int_equal(out.len, 0);
	/* of circles and extrudes something is always left */
	assert_string_equal(code_of(&disc, CAD_CODE_sketch, 100),
			    "sketch_0 = Sketch()\n"
			    "sketch_0.add_line(start=(0,0), end=(1000,0))\n"
			    "sketch_0.add_line(start=(1000,0), end=(1000,1000))\n"
			    "sketch_0.add_line(start=(1000,1000), end=(0,1000))\n"
			    "sketch_0.add_line(start=(0,1000), end=(0,0))\n"
			    "sketch_0.add_circle(center=(500,500), radius=100)\n"
			    "Extrude(sketch_0, distance=100)\n");
}

/* DeepCAD's JSON on a grid has every number on it. */
static void test_deepcad_on_grid(void **state)
{
	struct deepcad_model model = parse_json(DISC), rounded;

	(void)state;
	rounded = parse_json(code_of(&model, CAD_CODE_deepcad, 0.001));
	assert_true(rounded.features[0].one == 0.025);
	assert_true(rounded.sketches[0].profiles[0].loops[0].curves[0].radius == 0.091);
	rounded = parse_json(code_of(&model, CAD_CODE_deepcad, 0));
	assert_same_models(&model, &rounded);
}

/* --- what is refused ------------------------------------------------------------------------ */

static void test_unsupported(void **state)
{
	static const char *const askew =
		"s = Sketch(x_axis=(1,0,0), normal=(0,0.6,0.8))\ns.add_circle(center=(0,0), "
		"radius=1)\nExtrude(s, distance=1)\n";
	static const char *const tapered =
		"s = Sketch()\ns.add_circle(center=(0,0), radius=1)\nExtrude(s, distance=1, "
		"taper=3)\n";
	struct deepcad_model model = parse_code(askew);
	struct buf out = {0};
	struct err err;

	(void)state;
	assert_int_equal(cad_code_write(&model, CAD_CODE_recode, 0, &out, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_string_equal(err.msg, "extrude 1: a plane that is none of XY, YZ and ZX");
	model = parse_code(tapered);
	for (int code = 0; code < CAD_CODE_COUNT_; code++) {
		bool has = code == CAD_CODE_sketch || code == CAD_CODE_deepcad;

		buf_clear(&out);
		assert_int_equal(cad_code_write(&model, (enum cad_code)code, 0, &out, &err),
				 has ? 0 : -1);
		if (!has)
			assert_string_equal(err.msg, "extrude 1: a taper");
	}
	buf_free(&out);
}

static void assert_refused(const char *text, const char *message)
{
	struct deepcad_model model;
	struct err err = {0};

	assert_int_equal(cad_code_parse(&model, "m", text, strlen(text), &arena, &err), -1);
	assert_string_equal(err.msg, message);
}

#define CIRCLED "s = Sketch()\ns.add_circle(center=(0,0), radius=1)\n"

static void test_refused(void **state)
{
	(void)state;
	assert_refused("", "m:1:1: a solid without an extrude or a revolve");
	assert_refused("s = Sketch()\n", "m:2:1: a solid without an extrude or a revolve");
	assert_refused("s.add_line(start=(0,0), end=(1,0))",
		       "m:1:1: 's' is not the sketch that was begun last");
	assert_refused("s = Sketch()\nExtrude(s, distance=1)", "m:2:9: a sketch without curves");
	assert_refused("Extrude(s, distance=1)", "m:1:9: no sketch 's'");
	assert_refused(CIRCLED "Extrude(s)", "m:3:10: expected ',', not ')'");
	assert_refused(CIRCLED "Extrude(s, taper=1)", "m:3:11: 'distance' is missing");
	assert_refused(CIRCLED "Extrude(s, distance=0)", "m:3:1: an extrude of no length");
	assert_refused(CIRCLED "Extrude(s, distance=1, distance=2)",
		       "m:3:24: 'distance' is there twice");
	assert_refused(CIRCLED "Extrude(s, distance=1, symmetric=True, against=2)",
		       "m:3:1: symmetric and against exclude each other");
	assert_refused(CIRCLED "Extrude(s, distance=nan)", "m:3:21: expected a number, not 'n'");
	assert_refused(CIRCLED "Extrude(s, distance=1e300)",
		       "m:3:21: '1e300' is no number from -1e+06 to 1e+06");
	assert_refused(CIRCLED "Extrude(s, distance=1, operation=\"glue\")",
		       "m:3:35: 'glue' is none of new, join, cut, intersect");
	assert_refused(CIRCLED CIRCLED, "m:3:1: a second sketch 's'");
	assert_refused("s = Sketch()\ns.add_circle(center=(0,0), radius=0)",
		       "m:2:1: a radius of 0");
	assert_refused("s = Sketch()\ns.add_spline(a=1)",
		       "m:2:3: 'add_spline' is none of add_line, add_arc, add_circle");
	assert_refused("s = Sketch()\ns.add_arc(start=(0,0), mid=(1,0), end=(2,0))",
		       "m:2:1: an arc whose three points lie in one line");
	assert_refused("s = Sketch()\ns.add_line(start=(0,0), end=(0,0))",
		       "m:2:1: a curve of no length");
	assert_refused("s = Sketch()\ns.add_line(start=(0,0), end=(1,0))\n"
		       "s.add_line(start=(1,0), end=(1,1))\nExtrude(s, distance=1)",
		       "m:1:1: an open loop: no curve goes on from (1,1)");
	assert_refused("s = Sketch(normal=(0,0,2))",
		       "m:1:1: x_axis and normal must be unit vectors at a right angle");
	assert_refused("s = Sketch(normal=(0,1,0), x_axis=(0,1,0))",
		       "m:1:1: x_axis and normal must be unit vectors at a right angle");
}

static void test_too_much(void **state)
{
	struct buf text = {0};
	struct deepcad_model model;
	struct err err = {0};

	(void)state;
	buf_str(&text, "s=Sketch()\n");
	for (int i = 0; i <= DEEPCAD_CURVES_MAX; i++)
		buf_str(&text, "s.add_circle(center=(0,0), radius=1)\n");
	assert_int_equal(cad_code_parse(&model, "m", text.data, text.len, &arena, &err), -1);
	assert_string_equal(err.msg, "m:4098:1: more than 4096 curves");
	buf_clear(&text);
	for (int i = 0; i <= 10000; i++) {
		buf_str(&text, "s");
		buf_int(&text, i);
		buf_str(&text, "=Sketch()\n");
	}
	assert_int_equal(cad_code_parse(&model, "m", text.data, text.len, &arena, &err), -1);
	assert_string_equal(err.msg, "m:10001:1: more than 10000 sketches and features");
	buf_free(&text);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_disc),
		TEST(test_cut_disc),
		TEST(test_random_models),
		TEST(test_real_files),
		TEST(test_not_in_grammar),
		TEST(test_by_hand),
		TEST(test_canonical),
		TEST(test_canonical_origin),
		TEST(test_canonical_arcs),
		TEST(test_canonical_twice),
		TEST(test_on_grid),
		TEST(test_what_vanishes),
		TEST(test_deepcad_on_grid),
		TEST(test_unsupported),
		TEST(test_refused),
		TEST(test_too_much),
	};

	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	grammar = new_grammar();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	automaton_free(grammar);
	return failed;
}
