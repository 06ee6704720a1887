/* SPDX-License-Identifier: MIT */
/* program_near: steps of R10; what is near has one key, what is not has another. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/dataset/program_near.h"
#include "tests/random_programs.h"
#include "tests/random_shapes.h"

static struct arena arena;

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static uint64_t key_of(const char *text)
{
	struct program program;
	struct err err = {0};

	if (program_parse(&program, LANGUAGE_CALLS, "text", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return program_near_key(&program, &arena);
}

static void assert_near(const char *a, const char *b, bool near)
{
	if ((key_of(a) == key_of(b)) != near)
		fail_msg("%s\n%s\n%s near", a, b, near ? "should be" : "should not be");
}

/* Not above a hundredth, and less than a third below it. */
static void test_steps(void **state)
{
	(void)state;
	assert_int_equal(program_near_step(0), 1000);
	assert_int_equal(program_near_step(100), 1000);
	assert_int_equal(program_near_step(124), 1000);
	assert_int_equal(program_near_step(125), 1250);
	assert_int_equal(program_near_step(100000), 1000000);
	assert_int_equal(program_near_step(99999), 800000);
	assert_int_equal(program_near_step(314999), 2500000);
	assert_int_equal(program_near_step(315000), 3150000);
	for (int64_t largest = 100; largest <= 10000000; largest += largest / 300 + 1) {
		int64_t step = program_near_step(largest);

		assert_true(step <= 10 * largest && 10 * largest * 3 < 4 * step);
	}
}

static void test_near_and_not(void **state)
{
	(void)state;
	assert_near("circle(x=100,y=50,r=20)", "circle(x=100.3,y=49.8,r=20.2)", true);
	assert_near("circle(x=100,y=50,r=20)", "circle(x=100,y=50,r=22)", false);
	assert_near("circle(x=100,y=50,r=20)", "circle(x=100,y=50,r=2)", false);
	assert_near("circle(x=100,y=50,r=20)", "unit(inch); circle(x=100,y=50,r=20)", false);
	/* The same proportions of another size. */
	assert_near("circle(x=100,y=50,r=20)", "circle(x=200,y=100,r=40)", false);
	assert_near("circle(x=-100,y=50,r=20)", "circle(x=100,y=50,r=20)", false);
	assert_near("rectangle(x=10,y=10,width=100,height=50,angle=30)",
		    "rectangle(x=10,y=10,width=100,height=50,angle=29)", true);
	assert_near("rectangle(x=10,y=10,width=100,height=50,angle=30)",
		    "rectangle(x=10,y=10,width=100,height=50,angle=35)", false);
	/* A turn is as good as none. */
	assert_near("rectangle(x=10,y=10,width=100,height=50)",
		    "rectangle(x=10,y=10,width=100,height=50,angle=359)", true);
	assert_near("polygon(x=50,y=50,r=40,sides=6)", "polygon(x=50,y=50,r=40,sides=7)", false);
	assert_near("triangle(points=[(10,10),(90,10),(50,100)])",
		    "triangle(points=[(10.2,9.9),(90,10.1),(50,100.2)])", true);
	assert_near("triangle(points=[(10,10),(90,10),(50,100)])",
		    "triangle(points=[(10,10),(90,10),(50,90)])", false);
	assert_near("circle(x=100,y=50,r=20); circle(x=50,y=50,r=5)", "circle(x=100,y=50,r=20)",
		    false);
}

/* A tenth of a millimetre puts the second circle first. */
static void test_order_does_not_matter(void **state)
{
	(void)state;
	assert_near("circle(x=50,y=50,r=5); circle(x=50,y=100,r=20)",
		    "circle(x=49.9,y=100,r=20); circle(x=50,y=50,r=5)", true);
}

/* Shuffled shapes have the key of sorted ones; one number, a tenth larger, another. */
static void test_random(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 300; i++) {
		enum family family = (enum family)rng_below(&rng, FAMILY_COUNT_);
		struct program p, sorted;
		uint64_t key;
		int64_t *x;

		arena_reset(&arena);
		p = random_program(&rng, family, 8, &arena);
		sorted = program_sorted(&p, &arena);
		key = program_near_key(&p, &arena);
		assert_int_equal(key, program_near_key(&sorted, &arena));
		x = &sorted.shapes[0].value[PARAM_X];
		*x = *x < 5000000 ? *x + 5000000 : *x - 5000000;
		assert_int_not_equal(key, program_near_key(&sorted, &arena));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_near_and_not),
		cmocka_unit_test(test_order_does_not_matter),
		cmocka_unit_test(test_random),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
