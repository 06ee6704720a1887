/* SPDX-License-Identifier: MIT */
/* solid_same: what makes no difference between two models, and what does. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "tests/deepcad_samples.h"
#include "tests/deepcad_texts.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"
#include "trainer/score/solid_same.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct deepcad_model told(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return solid_same_told(&model, &arena);
}

static bool same(const char *a, const char *b)
{
	struct deepcad_model one = told(a), other = told(b);
	bool is = solid_same_models(&one, &other);

	assert_int_equal(solid_same_models(&other, &one), is);
	return is;
}

#define ON "sketch_0 = Sketch(origin=(0,0,5))\n"
#define D_LOWER "sketch_0.add_line(start=(0,0), end=(10,0))\n"
#define D_ARC "sketch_0.add_arc(start=(10,0), mid=(15,5), end=(10,10))\n"
#define D_UPPER "sketch_0.add_line(start=(10,10), end=(0,10))\n"
#define D_LEFT "sketch_0.add_line(start=(0,10), end=(0,0))\n"
#define HOLE "sketch_0.add_circle(center=(8,4), radius=2)\n"
#define SMALL "sketch_0.add_circle(center=(3,3), radius=0.5)\n"
#define UP "Extrude(sketch_0, distance=4)\n"
#define D ON D_LOWER D_ARC D_UPPER D_LEFT HOLE SMALL UP
#define SECOND(OPERATION)                                                                          \
	"sketch_1 = Sketch()\nsketch_1.add_circle(center=(8,4), radius=1)\n"                       \
	"Extrude(sketch_1, distance=9, operation=\"" OPERATION "\")\n"

static void test_same(void **state)
{
	(void)state;
	assert_true(same(D, D));
	/* From another curve; the other way round; holes first. */
	assert_true(same(D, ON D_UPPER D_LEFT D_LOWER D_ARC HOLE SMALL UP));
	assert_true(same(D,
			 ON SMALL HOLE "sketch_0.add_line(start=(0,0), end=(0,10))\n"
				       "sketch_0.add_line(start=(0,10), end=(10,10))\n"
				       "sketch_0.add_arc(start=(10,10), mid=(15,5), end=(10,0))\n"
				       "sketch_0.add_line(start=(10,0), end=(0,0))\n" UP));
	/* Another point of the same arc; how far symmetric extrudes go. */
	assert_true(same(D, ON D_LOWER
			 "sketch_0.add_arc(start=(10,0), mid=(13,1), end=(10,10))\n" D_UPPER D_LEFT
				 HOLE SMALL UP));
	assert_true(same(ON HOLE "Extrude(sketch_0, distance=4, symmetric=True)\n",
			 ON HOLE "Extrude(sketch_0, distance=4, against=4)\n"));
	/* Of the first extrude the operation says nothing. */
	assert_true(same(ON HOLE "Extrude(sketch_0, distance=4, operation=\"cut\")\n", ON HOLE UP));
	assert_true(same(D SECOND("cut"), D SECOND("cut")));
}

static void test_different(void **state)
{
	(void)state;
	assert_false(same(D, ON D_LOWER D_ARC D_UPPER D_LEFT HOLE UP));
	assert_false(same(D, D SECOND("cut")));
	assert_false(same(D SECOND("join"), D SECOND("cut")));
	assert_false(same(D SECOND("join"), SECOND("join") D));
	assert_false(same(ON HOLE UP, "sketch_0 = Sketch()\n" HOLE UP));
	assert_false(same(ON HOLE UP, ON HOLE "Extrude(sketch_0, distance=-4)\n"));
	assert_false(same(ON HOLE UP, ON SMALL UP));
	/* A flat arc for an edge. */
	assert_false(same(
		ON D_LOWER D_ARC D_UPPER D_LEFT UP, ON D_LOWER
		"sketch_0.add_arc(start=(10,0), mid=(14,5), end=(10,10))\n" D_UPPER D_LEFT UP));
	assert_false(same(ON D_LOWER D_ARC D_UPPER D_LEFT UP, ON D_LOWER
			  "sketch_0.add_line(start=(10,0), end=(10,10))\n" D_UPPER D_LEFT UP));
	assert_false(same(ON HOLE UP, ON HOLE "Extrude(sketch_0, distance=4, taper=1)\n"));
	/* The same numbers on a plane that is turned about its axis; numbers that make the same disc. */
	assert_false(same("sketch_0 = Sketch()\n" HOLE UP,
			  "sketch_0 = Sketch(x_axis=(0,1,0), normal=(0,0,1))\n" HOLE UP));
	assert_false(same("sketch_0 = Sketch()\n" HOLE UP,
			  "sketch_0 = Sketch(x_axis=(0,1,0), normal=(0,0,1))\n"
			  "sketch_0.add_circle(center=(4,-8), radius=2)\n" UP));
}

/* Millimetres: 1e-6 is the limit. */
static void test_slack(void **state)
{
	(void)state;
	assert_true(same(ON HOLE UP, ON HOLE "Extrude(sketch_0, distance=4.0000009)\n"));
	assert_false(same(ON HOLE UP, ON HOLE "Extrude(sketch_0, distance=4.0000011)\n"));
	assert_true(
		same(ON HOLE UP, ON "sketch_0.add_circle(center=(8,4.0000009), radius=2)\n" UP));
	assert_false(
		same(ON HOLE UP, ON "sketch_0.add_circle(center=(8,4.0000011), radius=2)\n" UP));
	assert_false(
		same(ON HOLE UP, ON "sketch_0.add_circle(center=(8,4), radius=2.0000011)\n" UP));
	assert_true(same(ON HOLE UP, "sketch_0 = Sketch(origin=(0,0,5.0000009))\n" HOLE UP));
	assert_false(same(ON HOLE UP, "sketch_0 = Sketch(origin=(0,0,5.0000011))\n" HOLE UP));
}

/* Regions of one extrude in any order, each used once. */
static void test_regions(void **state)
{
#define PAIR(A, B)                                                                                 \
	"sketch_0 = Sketch()\nsketch_0.add_circle(center=(" A ",0), radius=1)\n"                   \
	"sketch_1 = Sketch()\nsketch_1.add_circle(center=(" B ",0), radius=1)\n"                   \
	"Extrude([sketch_0, sketch_1], distance=3)\n"
	(void)state;
	assert_true(same(PAIR("0", "9"), PAIR("9", "0")));
	assert_false(same(PAIR("0", "9"), PAIR("0", "0")));
	assert_false(same(PAIR("0", "0"), PAIR("0", "9")));
	assert_false(same(PAIR("0", "9"), "sketch_0 = Sketch()\n"
					  "sketch_0.add_circle(center=(0,0), radius=1)\n"
					  "Extrude(sketch_0, distance=3)\n"));
}

/* Extrudes that begin above their plane, and two-sided ones on one side: as the other way to say it. */
static void test_files(void **state)
{
	struct deepcad_model file = deepcad_sample(
		SIMPLE(LOOP(CIRCLE(0.25, 0.5, 0.125)), NEW, EXTENT("TwoSides", -0.02, 0.02)),
		&arena);
	struct deepcad_model is = solid_same_told(&file, &arena);
	struct deepcad_model text =
		told("s = Sketch()\ns.add_circle(center=(250,500), radius=125)\n"
		     "Extrude(s, distance=-20)\n");

	(void)state;
	assert_true(solid_same_models(&is, &text));
	text.features[0].operation = DEEPCAD_CUT;
	assert_true(solid_same_models(&is, &text));
	file.features[0].offset = 0.01;
	is = solid_same_told(&file, &arena);
	assert_false(solid_same_models(&is, &text));
	text = told("s = Sketch(origin=(0,0,10))\ns.add_circle(center=(250,500), radius=125)\n"
		    "Extrude(s, distance=-20)\n");
	assert_true(solid_same_models(&is, &text));
}

/* Revolves about one line, whatever its points are and where it points to. */
static void test_axes(void **state)
{
#define RING "s = Sketch()\ns.add_circle(center=(30,0), radius=5)\n"
	struct deepcad_model is = told(RING "Revolve(s, origin=(1,2), axis=(0,1), angle=50)\n");
	const struct {
		const char *text;
		bool same;
	} others[] = {
		{RING "Revolve(s, origin=(1,-9), axis=(0,2), angle=50)\n", true},
		{RING "Revolve(s, origin=(1,2), axis=(0,-1), angle=-50)\n", true},
		{RING "Revolve(s, origin=(1,2), axis=(0,-1), angle=50)\n", false},
		{RING "Revolve(s, origin=(1.1,2), axis=(0,1), angle=50)\n", false},
		{RING "Revolve(s, origin=(1,2), axis=(0,1), angle=51)\n", false},
		{RING "Revolve(s, origin=(1,2), axis=(0,1))\n", false},
		{RING "Revolve(s, origin=(1,2), axis=(0.001,1), angle=50)\n", false},
		{RING "Extrude(s, distance=50)\n", false},
	};
	struct deepcad_model full = told(RING "Revolve(s, axis=(0,1))\n");
	struct deepcad_model half =
		told(RING "Revolve(s, axis=(0,-1), angle=180, symmetric=True)\n");

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		struct deepcad_model other = told(others[i].text);

		assert_int_equal(solid_same_models(&is, &other), others[i].same);
	}
	assert_true(solid_same_models(&full, &half));
}

/* --- at random ------------------------------------------------------------------------------ */

static struct deepcad_model read_back(const struct deepcad_model *model)
{
	struct buf text = {0};
	struct deepcad_model again;

	deepcad_write(model, &text);
	again = deepcad_sample(text.data, &arena);
	buf_free(&text);
	return solid_same_told(&again, &arena);
}

static void edit_loop(struct deepcad_loop *loop, double by)
{
	struct deepcad_curve *first = &loop->curves[0], *last = &loop->curves[loop->count - 1];

	first->centre.x += by;
	first->start.y += by;
	last->end.y += by;
}

/* Something of one extrude, by so many metres. */
static void edit(struct rng *rng, struct deepcad_model *model, double by)
{
	struct deepcad_feature *e =
		&model->features[rng_below(rng, (uint32_t)model->feature_count)];
	struct deepcad_sketch *sketch = (struct deepcad_sketch *)e->regions[0].sketch;
	struct deepcad_profile *profile = &sketch->profiles[0];

	switch (rng_below(rng, 4)) {
	case 0:
		e->one += by;
		break;
	case 1:
		sketch->plane.origin.y += by;
		break;
	case 2:
		edit_loop(&profile->loops[rng_below(rng, (uint32_t)profile->count)], by);
		break;
	default:
		e->taper_one += by;
	}
}

static void check_edits(struct rng *rng)
{
	struct deepcad_model made = random_model(rng, &arena), is = read_back(&made), other;

	scramble_model(rng, &made);
	other = read_back(&made);
	assert_true(solid_same_models(&is, &other));
	edit(rng, &other, 3e-10);
	assert_true(solid_same_models(&is, &other));
	edit(rng, &other, rng_chance(rng, 0.5) ? 3e-9 : -1e-3);
	assert_false(solid_same_models(&is, &other));
}

static void test_random_edits(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 500; i++) {
		check_edits(&rng);
		arena_reset(&arena);
	}
}

static void check_file(const char *path)
{
	struct deepcad_model model;
	struct deepcad_model is, text;
	struct buf code = {0};
	struct err err = {0};

	if (deepcad_read(&model, path, &arena, &err) < 0 ||
	    cad_code_write(&model, CAD_CODE_sketch, 0, &code, &err) < 0)
		fail_msg("%s", err.msg);
	is = solid_same_told(&model, &arena);
	text = told(code.data);
	assert_true(is.features != model.features);
	assert_true(solid_same_models(&is, &text));
	buf_free(&code);
}

static void test_real_files(void **state)
{
	(void)state;
	each_deepcad_file(".json", check_file);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_same),         TEST(test_different),  TEST(test_slack),
		TEST(test_regions),      TEST(test_files),      TEST(test_axes),
		TEST(test_random_edits), TEST(test_real_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
