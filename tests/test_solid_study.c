/* SPDX-License-Identifier: MIT */
/* solid_study: groups of true solids, and what predictions get wrong, each for itself. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "trainer/score/solid_study.h"

#define SQUARE(s)                                                                                  \
	s ".add_line(start=(0,0), end=(9,0))\n" s ".add_line(start=(9,0), end=(9,9))\n" s          \
	  ".add_line(start=(9,9), end=(0,9))\n" s ".add_line(start=(0,9), end=(0,0))\n"
#define BLOCK "a = Sketch()\n" SQUARE("a") "Extrude(a, distance=5)\n"
#define HOLE "b = Sketch()\nb.add_circle(center=(4,4), radius=2)\n"
#define CUT HOLE "Extrude(b, distance=5, operation=\"cut\")\n"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct deepcad_model parse(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

static void assert_keys(const char *text, const char *features, const char *kind,
			const char *curves)
{
	const char *const by[SOLID_KEYS] = {"features", "kind", "curves"};
	const char *const is[SOLID_KEYS] = {features, kind, curves};
	struct score_key keys[SOLID_KEYS];
	struct deepcad_model model = parse(text);

	solid_study_keys(&model, keys);
	for (int i = 0; i < SOLID_KEYS; i++) {
		assert_string_equal(keys[i].by, by[i]);
		assert_string_equal(keys[i].is, is[i]);
	}
}

static void test_keys(void **state)
{
	(void)state;
	assert_keys(BLOCK, "1", "extrudes", "lines alone");
	assert_keys(BLOCK CUT, "2", "extrudes", "with circles");
	assert_keys(BLOCK "b = Sketch()\nb.add_arc(start=(2,2), mid=(4,4), end=(6,2))\n"
			  "b.add_line(start=(6,2), end=(2,2))\nRevolve(b, axis=(1,0))\n",
		    "2", "extrudes and revolves", "with arcs");
	assert_keys("a = Sketch()\n" SQUARE("a") "Revolve(a, axis=(1,0))\n", "1", "revolves",
		    "lines alone");
}

static unsigned faults_of(const struct solid_score *score, const char *truth, const char *said)
{
	struct deepcad_model a = parse(truth), b = parse(said);

	return solid_faults(score, &a, &b);
}

#define HAS(fault) (1U << SOLID_FAULT_##fault)

static void test_faults(void **state)
{
	const struct solid_score wrong = {.parsed = true}, exact = {.parsed = true, .exact = true};

	(void)state;
	assert_int_equal(faults_of(&exact, BLOCK, BLOCK CUT), 0);
	assert_int_equal(faults_of(&wrong, BLOCK CUT, BLOCK), HAS(FEWER));
	assert_int_equal(faults_of(&wrong, BLOCK, BLOCK CUT), HAS(MORE));
	assert_int_equal(
		faults_of(&wrong, BLOCK, "a = Sketch()\n" SQUARE("a") "Extrude(a, distance=6)\n"),
		HAS(NUMBERS));
	assert_int_equal(
		faults_of(&wrong, BLOCK, "a = Sketch()\n" SQUARE("a") "Revolve(a, axis=(1,0))\n"),
		HAS(KIND));
	assert_int_equal(faults_of(&wrong, BLOCK CUT,
				   BLOCK HOLE "Extrude(b, distance=5, operation=\"join\")\n"),
			 HAS(OPERATION));
	assert_int_equal(faults_of(&wrong, BLOCK,
				   "a = Sketch(x_axis=(0,1,0), normal=(1,0,0))\n" SQUARE(
					   "a") "Extrude(a, distance=5)\n"),
			 HAS(PLANE));
	assert_int_equal(faults_of(&wrong, BLOCK, HOLE "Extrude(b, distance=5)\n"), HAS(CURVES));
	assert_int_equal(faults_of(&wrong, BLOCK CUT, HOLE "Extrude(b, distance=5)\n"),
			 HAS(FEWER) | HAS(CURVES));
}

/* What the first feature does makes no difference, and a later new body is joined. */
static void test_same_operation(void **state)
{
	const struct solid_score wrong = {.parsed = true};

	(void)state;
	assert_int_equal(faults_of(&wrong, BLOCK,
				   "a = Sketch()\n" SQUARE(
					   "a") "Extrude(a, distance=6, operation=\"join\")\n"),
			 HAS(NUMBERS));
	assert_int_equal(faults_of(&wrong,
				   BLOCK HOLE "Extrude(b, distance=8, operation=\"join\")\n",
				   BLOCK HOLE "Extrude(b, distance=9)\n"),
			 HAS(NUMBERS));
}

static void test_measured(void **state)
{
	const struct solid_score unbuilt = {.parsed = true, .is_measured = true};
	const struct solid_score moved = {.parsed = true,
					  .is_measured = true,
					  .valid = true,
					  .iou = 0.5,
					  .iou_aligned = 0.56};
	struct solid_score near = moved;

	(void)state;
	near.iou_aligned = 0.54;
	assert_int_equal(faults_of(&unbuilt, BLOCK CUT, BLOCK), HAS(FEWER) | HAS(UNBUILT));
	assert_int_equal(faults_of(&moved, BLOCK CUT, BLOCK), HAS(FEWER) | HAS(PLACED));
	assert_int_equal(faults_of(&near, BLOCK CUT, BLOCK), HAS(FEWER));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_keys, forget),
		cmocka_unit_test_teardown(test_faults, forget),
		cmocka_unit_test_teardown(test_same_operation, forget),
		cmocka_unit_test_teardown(test_measured, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
