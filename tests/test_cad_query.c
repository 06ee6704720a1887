/* SPDX-License-Identifier: MIT */
/*
 * cad_code_parse_as of CadQuery: parts of extrudes and of revolves come back as the solids that they were, in each of
 * its three ways; what models write besides is read, and what no features make is refused.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "formats/solid/solid.h"
#include "gen/part/part_from_seed.h"
#include "tests/made_solids.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct deepcad_model read_text(enum cad_code code, const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse_as(&model, code, "text", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s\n%s", err.msg, text);
	return model;
}

static struct solid_measures measure(const struct deepcad_model *model)
{
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(model, &err);
	struct solid_measures m;

	if (!solid)
		fail_msg("%s", err.msg);
	m = made_measures(solid);
	solid_free(solid);
	return m;
}

static double longest(const struct solid_measures *m)
{
	struct vec3 size = vec3_sum(1, m->hi, -1, m->lo);

	return max2(size.x, max2(size.y, size.z));
}

/* Of the box of the longest side. */
static double fill(const struct solid_measures *m)
{
	return m->volume / pow(longest(m), 3);
}

/* --- there and back --------------------------------------------------------------------------- */

static struct deepcad_model random_part(uint64_t seed, uint64_t i, double turned)
{
	const struct part_params params = {.operations_max = PART_OPERATIONS_MAX, .turned = turned};
	struct deepcad_model model;
	struct err err = {0};

	if (part_from_seed(&model, &params, seed, i, 0, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

/* slack: of the volume. In a text of no grid all is there to twelve digits. */
static void check_part(const struct deepcad_model *part, enum cad_code code, double slack)
{
	struct buf text = {0};
	struct deepcad_model read;
	struct solid_measures a, b;
	struct err err = {0};

	if (cad_code_write(part, code, 0, &text, &err) < 0)
		fail_msg("%s", err.msg);
	read = read_text(code, text.data);
	if (solid_available()) {
		a = measure(part);
		b = measure(&read);
		if (fabs(fill(&b) / fill(&a) - 1) > slack)
			fail_msg("%s: %g of the box, not %g\n%s", cad_code_names[code], fill(&b),
				 fill(&a), text.data);
	}
	buf_free(&text);
}

static void check_parts(double turned)
{
	uint64_t seed = test_seed();

	for (uint64_t i = 0; i < 10; i++) {
		struct deepcad_model part = random_part(seed, i, turned);

		check_part(&part, CAD_CODE_cadquery, 1e-6);
		check_part(&part, CAD_CODE_gencad, 1e-6);
		check_part(&part, CAD_CODE_recode, 0.1);
		arena_reset(&arena);
	}
}

static void test_extrudes(void **state)
{
	(void)state;
	check_parts(0);
}

static void test_revolves(void **state)
{
	(void)state;
	check_parts(1);
}

/* The same as what is read of the language `sketch`: both have the same numbers, and what solids random models make is
 * another matter. */
static void check_against_sketch(const struct deepcad_model *model, enum cad_code code)
{
	struct buf text = {0}, sketch = {0};
	struct deepcad_model read, told;
	struct solid_measures a, b;

	if (cad_code_write(model, code, 0, &text, NULL) < 0 ||
	    cad_code_write(model, CAD_CODE_sketch, 0, &sketch, NULL) < 0)
		fail_msg("%s", "it is not written");
	read = read_text(code, text.data);
	told = read_text(CAD_CODE_sketch, sketch.data);
	assert_int_equal(read.sketch_count, told.sketch_count);
	a = measure(&told);
	b = measure(&read);
	if (fabs(fill(&a) - fill(&b)) > 1e-6)
		fail_msg("%g, not %g\n%s", fill(&b), fill(&a), text.data);
	buf_free(&text);
	buf_free(&sketch);
}

/* Revolves of any angle and side, arcs and holes. */
static void check_random(struct deepcad_model (*random)(struct rng *rng, struct arena *arena),
			 int least)
{
	struct rng rng = rng_seed(test_seed(), 5);
	int compared = 0;

	need_solids();
	for (int i = 0; i < 600 && compared < least; i++) {
		struct deepcad_model model = random(&rng, &arena);
		struct solid *solid = solid_from_deepcad(&model, NULL);
		struct buf text = {0};

		if (solid && cad_code_write(&model, CAD_CODE_cadquery, 0, &text, NULL) == 0) {
			check_against_sketch(&model, CAD_CODE_cadquery);
			compared++;
		}
		solid_free(solid);
		buf_free(&text);
		arena_reset(&arena);
	}
	assert_int_equal(compared, least);
}

static void test_random_models(void **state)
{
	(void)state;
	check_random(random_model, 8);
}

static void test_random_revolves(void **state)
{
	(void)state;
	check_random(random_revolve, 20);
}

/* --- what others write ------------------------------------------------------------------------ */

static void expect_volume(enum cad_code code, const char *text, double volume)
{
	struct deepcad_model model = read_text(code, text);
	struct solid_measures m;

	if (!solid_available())
		return;
	m = measure(&model);
	assert_share(m.volume, volume, 1e-9);
}

#define HEAD "import cadquery as cq\n"
#define MM3 1e-9

static void test_recode(void **state)
{
	(void)state;
	expect_volume(CAD_CODE_recode,
		      HEAD "w0=cq.Workplane('XY',origin=(0,0,88))\n"
			   "r=w0.sketch().segment((0,0),(10,0)).segment((10,20)).segment((0,20))"
			   ".close().assemble().reset().face(w0.sketch().segment((2,2),(4,2))"
			   ".segment((4,4)).segment((2,4)).close().assemble(),mode='s').finalize()"
			   ".extrude(-5).union(w0.workplane(offset=-15/2).box(10,10,3))\n",
		      (5 * 196 + 300 - 25 * 0.0) * MM3);
	/* Two faces, one of them with a hole; and a cylinder off them. */
	expect_volume(CAD_CODE_recode,
		      HEAD "w0=cq.Workplane('ZX',origin=(1,2,3))\n"
			   "r=w0.sketch().push([(0,0),(50,0)]).circle(10).reset()"
			   ".push([(50,0)]).circle(5,mode='s').finalize().extrude(7)"
			   ".cut(w0.cylinder(100,2))\n",
		      M_PI * 7 * (100 + 75 - 4) * MM3);
	expect_volume(CAD_CODE_recode,
		      HEAD "w0=cq.Workplane('YZ',origin=(1,2,3))\n"
			   "r=w0.sketch().rect(10,20).push([(0,0)]).rect(2,2,mode='s')"
			   ".finalize().extrude(3)\n",
		      196 * 3 * MM3);
	/* A quarter of a ring. */
	expect_volume(CAD_CODE_recode,
		      HEAD "w0=cq.Workplane('XY',origin=(0,0,0))\n"
			   "r=w0.sketch().push([(30,0)]).circle(5).finalize()"
			   ".revolve(90,(0,0),(0,1))\n",
		      M_PI * 25 * M_PI / 2 * 30 * MM3);
}

static void test_gencad(void **state)
{
	(void)state;
	expect_volume(CAD_CODE_gencad,
		      "import cadquery as cq\n# Generating a workplane for sketch 0\n"
		      "wp_sketch0 = cq.Workplane(cq.Plane(cq.Vector(-0.75, 0.5, 0.0), "
		      "cq.Vector(1.0, 0.0, 0.0), cq.Vector(0.0, 0.0, 1.0)))\n"
		      "loop0=wp_sketch0.moveTo(0.5, 0.0).lineTo(0.5, 0.25).lineTo(0.0, 0.25)"
		      ".lineTo(0.0, 0.0).close()\n"
		      "solid0=wp_sketch0.add(loop0).extrude(0.03125)\nsolid=solid0\n"
		      "# Generating a workplane for sketch 1\n"
		      "wp_sketch1 = cq.Workplane(cq.Plane(cq.Vector(-0.75, 0.5, 0.0), "
		      "cq.Vector(1.0, 0.0, 0.0), cq.Vector(0.0, 0.0, 1.0)))\n"
		      "loop1=wp_sketch1.moveTo(0.25, 0.125).circle(0.0625)\n"
		      "solid1=wp_sketch1.add(loop1).extrude(0.5, both=True)\n"
		      "solid=solid.cut(solid1)\n",
		      (0.125 - M_PI / 256) * 0.03125);
}

static void refuse(enum cad_code code, const char *text, enum err_code err_code, const char *why)
{
	struct deepcad_model model;
	struct err err = {0};

	assert_int_equal(cad_code_parse_as(&model, code, "t", text, strlen(text), &arena, &err),
			 -1);
	if (err.code != err_code || strncmp(err.msg, "t:", 2) != 0 || !strstr(err.msg, why))
		fail_msg("code %d: %s", err.code, err.msg);
}

#define W "w0=cq.Workplane('XY',origin=(0,0,0))\n"
#define DISC "w0.sketch().push([(0,0)]).circle(9).finalize().extrude(4)"
#define RECODE(text, why) refuse(CAD_CODE_recode, W text, ERR_FORMAT, why)

static void test_refused(void **state)
{
	struct buf deep = {0};

	(void)state;
	refuse(CAD_CODE_recode, "", ERR_FORMAT, "no solid is made");
	refuse(CAD_CODE_recode, "A plate.", ERR_FORMAT, "t:1:3: expected '='");
	refuse(CAD_CODE_recode, "import os\n", ERR_FORMAT, "t:1:8: expected 'cadquery'");
	refuse(CAD_CODE_recode, "r=os.system(1)", ERR_FORMAT, "there is no 'os'");
	refuse(CAD_CODE_recode, "w0=cq.Workplane('AB')", ERR_FORMAT, "the name of a plane");
	refuse(CAD_CODE_recode, "w0=cq.Sketch()", ERR_FORMAT, "none of Workplane, Plane, Vector");
	RECODE("r=3\n", "a value that is no workplane");
	RECODE("r=w1.box(1,2,3)", "there is no 'w1'");
	RECODE("r=w0.sphere(3)", "there is no 'sphere' here");
	RECODE("r=w0.box(1,2)", "box needs a number 'height'");
	RECODE("r=w0.box(1,2,3,4)", "no argument that box has here");
	RECODE("r=w0.box(1,2,-3)", "a height of -3");
	RECODE("r=w0.box(1,2,3/0)", "a number that is not within");
	RECODE("r=w0.circle(5).extrude(0)", "an extrude of no length");
	RECODE("r=w0.extrude(3)", "there is no closed wire");
	RECODE("r=w0.sketch().segment((0,0),(1,0)).segment((0,1)).assemble().finalize().extrude(1)",
	       "an open loop");
	RECODE("r=w0.sketch().segment((0,0),(9,9)).segment((9,0)).segment((0,9)).close()"
	       ".assemble().finalize().extrude(1)",
	       "a sketch with");
	RECODE("r=w0.sketch().arc((0,0),(1,1),(2,2)).close().assemble().finalize().extrude(1)",
	       "an arc whose three points lie in one line");
	RECODE("r=w0.sketch().push([(0,0)]).circle(5).push([(90,0)]).circle(2,mode='s')"
	       ".finalize().extrude(1)",
	       "a hole that lies in no face");
	RECODE("r=w0.sketch().push([(0,0)]).circle(5,mode='i').finalize().extrude(1)",
	       "neither 'a' nor 's'");
	RECODE("r=w0.sketch().push([(0,0)]).circle(5).finalize().revolve(360,(0,0),(0,1))", "axis");
	RECODE("r=w0.sketch().push([(9,0)]).circle(5).finalize().revolve(400,(0,0),(0,1))", "turn");
	refuse(CAD_CODE_recode, W "r=" DISC ".rotate((0,0,0),(1,0,0),30)", ERR_UNSUPPORTED,
	       "a rotation about another line");
	refuse(CAD_CODE_recode, W "a=" DISC ".cut(w0.box(1,1,9))\nr=w0.box(3,3,3).cut(a)",
	       ERR_UNSUPPORTED, "a solid with cuts in it");
	refuse(CAD_CODE_recode, W "a=" DISC ".union(w0.box(1,1,9))\nr=w0.box(3,3,3).intersect(a)",
	       ERR_UNSUPPORTED, "met with");
	refuse(CAD_CODE_openecad, "x", ERR_UNSUPPORTED, "programs in openecad are not read");
	buf_str(&deep, W "r=");
	for (int i = 0; i < 100000; i++)
		buf_str(&deep, "(");
	refuse(CAD_CODE_recode, deep.data, ERR_FORMAT, "nested deeper than");
	buf_clear(&deep);
	buf_str(&deep, W "r=" DISC "\n");
	for (int i = 0; i < 60; i++)
		buf_str(&deep, "r=r.union(r)\n");
	refuse(CAD_CODE_recode, deep.data, ERR_LIMIT, "more than 200000");
	buf_free(&deep);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_extrudes),        TEST(test_revolves), TEST(test_random_models),
		TEST(test_random_revolves), TEST(test_recode),   TEST(test_gencad),
		TEST(test_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
