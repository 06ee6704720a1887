/* SPDX-License-Identifier: MIT */
/* confusions: the fate of every number after single changes, and the characters that were taken for
 * others. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random_parts.h"
#include "tests/random_programs.h"
#include "tests/random_shapes.h"
#include "trainer/score/confusions.h"

#define NONE METRICS_NO_CHARACTER
#define POINT 10

static uint64_t seed;
static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct metrics_errors errors_of(enum family family, const char *calls, const char *said)
{
	struct metrics_errors errors = {0};
	struct score_reading reading;
	struct program truth;
	struct score score;
	struct err err = {0};
	struct score_case c = {
		.family = family, .truth = &truth, .text = said, .len = strlen(said)};

	if (program_parse(&truth, LANGUAGE_CALLS, "t", calls, strlen(calls), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	score_from_programs(&score, &c, &reading, &arena, NULL);
	confusions_add(&errors, &truth, &reading);
	return errors;
}

static void assert_fates(const struct metrics_errors *e, int right, int moved, int misread,
			 int wrong, int missed)
{
	assert_int_equal(e->fates[FATE_RIGHT], right);
	assert_int_equal(e->fates[FATE_MOVED], moved);
	assert_int_equal(e->fates[FATE_MISREAD], misread);
	assert_int_equal(e->fates[FATE_WRONG], wrong);
	assert_int_equal(e->fates[FATE_MISSED], missed);
}

/* Pairs of unequal characters. */
static int64_t confused(const struct metrics_errors *e)
{
	int64_t sum = 0;

	for (int i = 0; i < METRICS_CHARACTER_COUNT; i++)
		for (int k = 0; k < METRICS_CHARACTER_COUNT; k++)
			sum += i != k ? e->characters[i][k] : 0;
	return sum;
}

#define TRUTH "circle(x=12.5,y=30,r=7); circle(x=140,y=75,r=18)"

static void test_digits(void **state)
{
	struct metrics_errors e = errors_of(FAMILY_SHAPES, TRUTH, TRUTH);

	(void)state;
	assert_fates(&e, 6, 0, 0, 0, 0);
	assert_int_equal(confused(&e), 0);
	assert_int_equal(e.read, 1);
	assert_int_equal(e.characters[1][1], 3);
	assert_int_equal(e.characters[5][5], 2);
	assert_int_equal(e.characters[POINT][POINT], 1);
	/* 75 as 76, and 12.5 without its point. */
	e = errors_of(FAMILY_SHAPES, TRUTH, "circle(x=125,y=30,r=7); circle(x=140,y=76,r=18)");
	assert_fates(&e, 4, 0, 2, 0, 0);
	assert_int_equal(confused(&e), 2);
	assert_int_equal(e.characters[5][6], 1);
	assert_int_equal(e.characters[5][5], 1);
	assert_int_equal(e.characters[POINT][NONE], 1);
	/* A digit too many. */
	e = errors_of(FAMILY_SHAPES, TRUTH, "circle(x=12.5,y=30,r=7); circle(x=1490,y=75,r=18)");
	assert_fates(&e, 5, 0, 1, 0, 0);
	assert_int_equal(e.characters[NONE][9], 1);
	assert_int_equal(confused(&e), 1);
	/* More than half of the characters are others: no digit was taken for another. */
	e = errors_of(FAMILY_SHAPES, TRUTH, "circle(x=12.5,y=30,r=7); circle(x=962,y=75,r=18)");
	assert_fates(&e, 5, 0, 0, 1, 0);
	assert_int_equal(confused(&e), 0);
}

static void test_numbers_of_another_shape(void **state)
{
	/* Both radii changed places: x and y hold the pairs together. */
	struct metrics_errors e =
		errors_of(FAMILY_SHAPES, TRUTH, "circle(x=12.5,y=30,r=18); circle(x=140,y=75,r=7)");

	(void)state;
	assert_fates(&e, 4, 2, 0, 0, 0);
	assert_int_equal(e.moved[PARAM_R], 2);
	assert_int_equal(confused(&e), 0);
	/* One's y is said of the other, whose own is nowhere. */
	e = errors_of(FAMILY_SHAPES, TRUTH, "circle(x=12.5,y=44,r=7); circle(x=140,y=30,r=18)");
	assert_fates(&e, 4, 1, 0, 1, 0);
	assert_int_equal(e.moved[PARAM_Y], 1);
	/* The value that another shape has by right is not moved there. */
	e = errors_of(FAMILY_SHAPES, "circle(x=1,y=30,r=7); circle(x=140,y=30,r=18)",
		      "circle(x=1,y=44,r=7); circle(x=140,y=30,r=18)");
	assert_fates(&e, 5, 0, 0, 1, 0);
	/* Nor is an x moved to a y. */
	e = errors_of(FAMILY_SHAPES, TRUTH, "circle(x=44,y=30,r=7); circle(x=140,y=12.5,r=18)");
	assert_int_equal(e.fates[FATE_MOVED], 0);
}

static void test_shapes_and_points(void **state)
{
	struct metrics_errors e = errors_of(FAMILY_SHAPES, TRUTH, "circle(x=140,y=75,r=18)");

	(void)state;
	assert_fates(&e, 3, 0, 0, 0, 3);
	/* Of four points three are left. */
	e = errors_of(FAMILY_SHAPES, "polyline(points=[(0,0),(9,1),(20,7),(3,40)])",
		      "polyline(points=[(0,0),(9,1),(20,7)])");
	assert_fates(&e, 6, 0, 0, 2, 0);
	e = errors_of(FAMILY_SHAPES, TRUTH, "no program");
	assert_fates(&e, 0, 0, 0, 0, 0);
	assert_int_equal(e.read, 0);
	assert_int_equal(e.unread, 1);
}

/* The list says where the radii went, and what is said in their place. */
static void test_list(void **state)
{
	const char *text = "circle(x=12.5,y=30,r=18); circle(x=140,y=76,r=7)";
	struct score_case c = {.family = FAMILY_SHAPES, .text = text, .len = strlen(text)};
	struct score_reading reading;
	struct confusion *list;
	struct program truth;
	struct score score;
	struct err err = {0};

	(void)state;
	if (program_parse(&truth, LANGUAGE_CALLS, "t", TRUTH, strlen(TRUTH), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	c.truth = &truth;
	score_from_programs(&score, &c, &reading, &arena, NULL);
	assert_int_equal(confusions_list(&truth, &reading, &list, &arena), 6);
	assert_int_equal(list[0].fate, FATE_RIGHT);
	assert_true(list[2].fate == FATE_MOVED && list[2].moved_to == 1 && list[2].said == 18000);
	assert_true(list[2].shape == 0 && list[2].number.param == PARAM_R);
	assert_true(list[4].fate == FATE_MISREAD && list[4].is_said && list[4].said == 76000);
	assert_true(list[5].fate == FATE_MOVED && list[5].moved_to == 0 && list[5].shape == 1);
}

/* The characters of right and misread numbers are all accounted for; the list has the same fates. */
static void test_random_changes(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 200; i++) {
		enum family family = (enum family)(i % FAMILY_COUNT_);
		struct program truth = random_program(&rng, family, 12, &arena);
		struct program said = random_program(&rng, family, 12, &arena);
		struct score_case c = {.family = family, .truth = &truth};
		struct metrics_errors e = {0};
		struct score_reading reading;
		struct confusion *list;
		struct score score;
		int64_t sum = 0;
		int n;

		buf_clear(&text);
		program_write(&said, LANGUAGE_CALLS, &text);
		c.text = text.data;
		c.len = text.len;
		score_from_programs(&score, &c, &reading, &arena, NULL);
		confusions_add(&e, &truth, &reading);
		for (int k = 0; k < FATE_COUNT_; k++)
			sum += e.fates[k];
		assert_int_equal(sum, score.numbers[NUMBERS_ALL].all);
		assert_int_equal(e.fates[FATE_RIGHT], score.numbers[NUMBERS_ALL].right);
		n = confusions_list(&truth, &reading, &list, &arena);
		assert_int_equal(n, sum);
		for (int k = 0; k < n; k++) {
			assert_true((list[k].fate == FATE_MOVED) == (list[k].moved_to >= 0));
			e.fates[list[k].fate]--;
		}
		for (int k = 0; k < FATE_COUNT_; k++)
			assert_int_equal(e.fates[k], 0);
		arena_reset(&arena);
	}
	buf_free(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_numbers_of_another_shape),
		cmocka_unit_test(test_shapes_and_points),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_random_changes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, forget);
}
