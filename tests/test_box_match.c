/* SPDX-License-Identifier: MIT */
/* box_match: overlaps that formulas tell, and the border of a match. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/score/box_match.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct program read(const char *calls)
{
	struct program program;
	struct err err = {0};

	if (program_parse(&program, LANGUAGE_CALLS, "t", calls, strlen(calls), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return program;
}

static void assert_iou(const char *a, const char *b, double expected)
{
	struct program pa = read(a), pb = read(b);
	double ab = box_iou(&pa.shapes[0], &pb.shapes[0]);

	if (!(fabs(ab - expected) < 1e-9))
		fail_msg("%s and %s: %.12g, not %.12g", a, b, ab, expected);
	assert_true(fabs(box_iou(&pb.shapes[0], &pa.shapes[0]) - ab) < 1e-12);
}

#define BOX(rest) "partition(x=0,y=0,z=0,w=20,d=20,h=20,BT=18" rest ")"

static void test_overlap(void **state)
{
	double octagon = 400 - 4 * (10 * sqrt(2) - 10) * (10 * sqrt(2) - 10);

	(void)state;
	assert_iou(BOX(""), BOX(""), 1);
	assert_iou(BOX(""), "partition(x=10,y=0,z=0,w=20,d=20,h=20,BT=18)", 1.0 / 3);
	assert_iou(BOX(""), "partition(x=0,y=10,z=5,w=20,d=20,h=20,BT=18)", 0.375 / 1.625);
	assert_iou(BOX(""), "partition(x=0,y=0,z=20,w=20,d=20,h=20,BT=18)", 0);
	assert_iou(BOX(""), "partition(x=30,y=0,z=0,w=20,d=20,h=20,BT=18)", 0);
	assert_iou(BOX(""), BOX(",angle=90"), 1);
	assert_iou(BOX(""), BOX(",angle=45"), octagon / (800 - octagon));
	assert_iou(BOX(",angle=30"), BOX(",angle=75"), octagon / (800 - octagon));
}

static void assert_match(const char *truth, const char *said, struct box_match expected)
{
	struct program pa = read(truth), pb = read(said);
	struct box_match m = box_match_programs(&pa, &pb, &arena);

	assert_int_equal(m.matched, expected.matched);
	assert_int_equal(m.models, expected.models);
	assert_int_equal(m.parameters, expected.parameters);
	assert_int_equal(m.parameters_right, expected.parameters_right);
}

#define CARCASS "carcass(x=300,y=250,z=400,w=600,d=500,h=800,BT=20,BP=5)"
#define SHELVES(z, n) "shelves(x=300,y=295,z=" #z ",w=560,d=400,h=760,N=" #n ",NKA=560,BT=20)"

static void test_matches(void **state)
{
	const char *truth = CARCASS "; " SHELVES(400, 2);

	(void)state;
	assert_match(truth, truth, (struct box_match){2, 2, 5, 5});
	assert_match(truth, CARCASS "; " SHELVES(400, 3), (struct box_match){2, 2, 5, 4});
	/* Another model in the same box has no parameters to compare. */
	assert_match(truth, CARCASS "; partition(x=300,y=295,z=400,w=560,d=400,h=760,BT=20)",
		     (struct box_match){2, 1, 2, 2});
	assert_match(truth, CARCASS, (struct box_match){1, 1, 2, 2});
	assert_match(CARCASS, truth, (struct box_match){1, 1, 2, 2});
	assert_match(truth, "unit(inch); " CARCASS, (struct box_match){0});
	assert_match(truth, "circle(x=300,y=295,r=9)", (struct box_match){0});
	/* The box of a carcass overlaps that of shelves by more than a half, but that is taken. */
	assert_match(CARCASS, SHELVES(400, 2) "; " CARCASS, (struct box_match){1, 1, 2, 2});
}

/* Moved by a third, two boxes have half of their union in common: that is not more than half. */
static void test_border(void **state)
{
	const char *truth = "partition(x=0,y=0,z=0,w=30,d=20,h=20,BT=18)";

	(void)state;
	assert_match(truth, "partition(x=10,y=0,z=0,w=30,d=20,h=20,BT=18)", (struct box_match){0});
	assert_match(truth, "partition(x=9.999,y=0,z=0,w=30,d=20,h=20,BT=18)",
		     (struct box_match){1, 1, 1, 1});
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_border),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, forget);
}
