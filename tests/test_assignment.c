/* SPDX-License-Identifier: MIT */
/* assignment: against all permutations on small tables, and on large ones whose best pairs are known. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/random_shapes.h"
#include "trainer/score/assignment.h"

#define SMALL 6

static uint64_t seed;

/* The least sum over the rows from `row` on; a row may go without a column where there are too few. */
static double try_all(const double *cost, int rows, int columns, int row, unsigned taken, int spare)
{
	double best = INFINITY;

	if (row == rows)
		return 0;
	if (spare > 0)
		best = try_all(cost, rows, columns, row + 1, taken, spare - 1);
	for (int j = 0; j < columns; j++) {
		double sum;

		if (taken >> j & 1)
			continue;
		sum = cost[row * columns + j] +
		      try_all(cost, rows, columns, row + 1, taken | 1u << j, spare);
		best = sum < best ? sum : best;
	}
	return best;
}

/* Checks that columns are used once, as many as there can be; returns the sum. */
static double sum_of(const double *cost, int rows, int columns, const int *column_of_row)
{
	unsigned char used[256] = {0};
	int pairs = 0;
	double sum = 0;

	for (int i = 0; i < rows; i++) {
		int j = column_of_row[i];

		assert_in_range(j + 1, 0, columns);
		if (j < 0)
			continue;
		assert_false(used[j]);
		used[j] = 1;
		pairs++;
		sum += cost[i * columns + j];
	}
	assert_int_equal(pairs, rows < columns ? rows : columns);
	return sum;
}

static void test_against_all_permutations(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct arena arena = {0};

	(void)state;
	for (int round = 0; round < 2000; round++) {
		int rows = (int)rng_range(&rng, 0, SMALL), columns = (int)rng_range(&rng, 0, SMALL);
		int column_of_row[SMALL], spare = rows > columns ? rows - columns : 0;
		double cost[SMALL * SMALL], best, found;
		bool ties = rng_chance(&rng, 0.5);

		for (int k = 0; k < rows * columns; k++)
			cost[k] =
				ties ? (double)rng_range(&rng, -2, 2) : 200 * rng_unit(&rng) - 100;
		assignment_solve(cost, rows, columns, column_of_row, &arena);
		found = sum_of(cost, rows, columns, column_of_row);
		best = try_all(cost, rows, columns, 0, 0, spare);
		if (!(fabs(found - best) < 1e-9))
			fail_msg("%d x %d: %.17g, not %.17g", rows, columns, found, best);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* Every cost is over 0 but those of one pairing. */
static void test_large(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct arena arena = {0};
	enum { ROWS = 200, COLUMNS = 256 };
	double *cost = ARENA_NEW(&arena, double, ROWS *COLUMNS);
	double *lying = ARENA_NEW(&arena, double, ROWS *COLUMNS);
	int hidden[COLUMNS], found[COLUMNS];

	(void)state;
	for (int j = 0; j < COLUMNS; j++)
		hidden[j] = j;
	for (int j = COLUMNS - 1; j > 0; j--) {
		int k = (int)rng_below(&rng, (uint32_t)j + 1), swapped = hidden[j];

		hidden[j] = hidden[k];
		hidden[k] = swapped;
	}
	for (int k = 0; k < ROWS * COLUMNS; k++)
		cost[k] = hidden[k / COLUMNS] == k % COLUMNS ? 0 : 0.001 + rng_unit(&rng);
	for (int k = 0; k < ROWS * COLUMNS; k++)
		lying[k % COLUMNS * ROWS + k / COLUMNS] = cost[k];
	assignment_solve(cost, ROWS, COLUMNS, found, &arena);
	for (int i = 0; i < ROWS; i++)
		assert_int_equal(found[i], hidden[i]);
	assignment_solve(lying, COLUMNS, ROWS, found, &arena);
	for (int i = 0; i < ROWS; i++)
		assert_int_equal(found[hidden[i]], i);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_all_permutations),
		cmocka_unit_test(test_large),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
