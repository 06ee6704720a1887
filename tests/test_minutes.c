/* SPDX-License-Identifier: MIT */
/* How many steps minutes are: what trying has left, less the last validation, by the time of each. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trainer/minutes_main.h"
#include "trainer/train_options_main.h"

static void test_alike(void **state)
{
	const struct minutes_trial trial = {.step = 0.5};

	(void)state;
	assert_int_equal(minutes_steps(&trial, 1, 0, 200), 120);
	assert_int_equal(minutes_steps(&trial, 60, 0, 200), 7200);
}

static void test_what_trying_took(void **state)
{
	const struct minutes_trial trial = {.step = 0.5, .spent = 10};

	(void)state;
	assert_int_equal(minutes_steps(&trial, 1, 0, 200), 100);
}

/* A quarter only reads: on an average 0.8 s. */
static void test_two_kinds(void **state)
{
	const struct minutes_trial trial = {.reading = 0.2, .step = 1};

	(void)state;
	assert_int_equal(minutes_steps(&trial, 4, 0.25, 200), 300);
	assert_int_equal(minutes_steps(&trial, 4, 1, 200), 1200);
}

/* Ten steps and a validation are 8 s; behind the last there is one more. */
static void test_validations(void **state)
{
	const struct minutes_trial trial = {.step = 0.5, .check = 3};
	int64_t steps = minutes_steps(&trial, 1.05, 0, 10);

	(void)state;
	assert_int_equal(steps, 75);
}

static void test_bounds(void **state)
{
	const struct minutes_trial slow = {.step = 100, .spent = 70};
	const struct minutes_trial fast = {.step = 1e-9};

	(void)state;
	assert_int_equal(minutes_steps(&slow, 1, 0, 1), 1);
	assert_int_equal(minutes_steps(&fast, 1e6, 0, 1), (int64_t)TRAIN_STEPS_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alike),     cmocka_unit_test(test_what_trying_took),
		cmocka_unit_test(test_two_kinds), cmocka_unit_test(test_validations),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
