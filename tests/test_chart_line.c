/* SPDX-License-Identifier: MIT */
/* chart_line: smoothing beside the sums it stands for; what thinning keeps of every column. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "render/chart/chart_line.h"
#include "tests/random_shapes.h"

static void test_smooth(void **state)
{
	double y[] = {0, 1, NAN, 1, INFINITY, 1}, out[6];

	(void)state;
	chart_smooth(y, 6, 0.5, out);
	assert_true(out[0] == 0);
	assert_true(fabs(out[1] - 2 / 3.0) < 1e-15);
	assert_true(isnan(out[2]));
	assert_true(fabs(out[3] - 6 / 7.0) < 1e-15);
	assert_true(isinf(out[4]));
	assert_true(fabs(out[5] - 14 / 15.0) < 1e-15);
	chart_smooth(y, 6, 0, out);
	assert_true(out[3] == 1 && out[5] == 1);
}

static void test_smooth_random(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	double y[200], out[200], weight = 0.99 * rng_unit(&rng);

	(void)state;
	for (int i = 0; i < 200; i++)
		y[i] = rng_chance(&rng, 0.1) ? NAN : rng_unit(&rng) - 0.5;
	chart_smooth(y, 200, weight, out);
	for (int i = 0; i < 200; i++) {
		double sum = 0, weights = 0, w = 1;

		if (isnan(y[i])) {
			assert_true(isnan(out[i]));
			continue;
		}
		for (int k = i; k >= 0; k--) {
			if (isnan(y[k]))
				continue;
			sum += w * y[k];
			weights += w;
			w *= weight;
		}
		assert_true(fabs(out[i] - sum / weights) < 1e-12);
	}
	chart_smooth(y, 200, weight, y);
	for (int i = 0; i < 200; i++)
		assert_true(y[i] == out[i] || (isnan(y[i]) && isnan(out[i])));
}

static void assert_points(const struct vec *points, size_t count, const struct vec *expected,
			  size_t expected_count)
{
	assert_int_equal(count, expected_count);
	for (size_t i = 0; i < count; i++) {
		assert_true(points[i].x == expected[i].x);
		assert_true(points[i].y == expected[i].y ||
			    (isnan(points[i].y) && isnan(expected[i].y)));
	}
}

#define ASSERT_THINNED(points, ...)                                                                \
	do {                                                                                       \
		struct vec expected_[] = {__VA_ARGS__};                                            \
		assert_points(points, chart_thin(points, sizeof(points) / sizeof(*(points))),      \
			      expected_, sizeof(expected_) / sizeof(*expected_));                  \
	} while (0)

static void test_thin(void **state)
{
	struct vec one[] = {{3, 4}};
	struct vec apart[] = {{0.5, 1}, {1, 2}, {2.9, 1}, {3, 5}};
	struct vec column[] = {{1.0, 5}, {1.1, 6}, {1.2, 9}, {1.3, 7},
			       {1.4, 1}, {1.5, 3}, {1.9, 4}};
	struct vec falling[] = {{1.0, 9}, {1.1, 8}, {1.2, 7}, {1.3, 6}};
	struct vec level[] = {{1.0, 2}, {1.1, 2}, {1.2, 2}, {2, 2}};
	struct vec gaps[] = {{0, NAN},   {0.1, NAN}, {1.0, 1},  {1.1, NAN},
			     {1.2, NAN}, {1.3, 2},   {1.4, NAN}};
	struct vec back[] = {{1.0, 1}, {2.0, 2}, {1.5, 3}};

	(void)state;
	assert_int_equal(chart_thin(one, 0), 0);
	ASSERT_THINNED(one, {3, 4});
	ASSERT_THINNED(apart, {0.5, 1}, {1, 2}, {2.9, 1}, {3, 5});
	ASSERT_THINNED(column, {1.0, 5}, {1.2, 9}, {1.4, 1}, {1.9, 4});
	ASSERT_THINNED(falling, {1.0, 9}, {1.3, 6});
	ASSERT_THINNED(level, {1.0, 2}, {1.2, 2}, {2, 2});
	ASSERT_THINNED(gaps, {0, NAN}, {1.0, 1}, {1.1, NAN}, {1.3, 2}, {1.4, NAN});
	ASSERT_THINNED(back, {1.0, 1}, {2.0, 2}, {1.5, 3});
}

/* Lowest and highest of every column, and its ends, stay; of 100,000 points at most four a column. */
static void test_thin_long(void **state)
{
	enum { COUNT = 100000, COLUMNS = 700 };
	struct rng rng = rng_seed(test_seed(), 1);
	struct vec *points = mem_alloc(COUNT, sizeof(*points));
	static double low[COLUMNS], high[COLUMNS];
	static int kept[COLUMNS];
	size_t count;

	(void)state;
	for (int i = 0; i < COLUMNS; i++) {
		low[i] = INFINITY;
		high[i] = -INFINITY;
		kept[i] = 0;
	}
	for (int i = 0; i < COUNT; i++) {
		int column;

		points[i].x = (double)i * COLUMNS / COUNT;
		points[i].y = rng_unit(&rng) * (rng_chance(&rng, 0.001) ? 1000 : 1);
		column = (int)points[i].x;
		low[column] = fmin(low[column], points[i].y);
		high[column] = fmax(high[column], points[i].y);
	}
	count = chart_thin(points, COUNT);
	assert_true(count <= 4 * COLUMNS);
	for (size_t i = 0; i < count; i++) {
		int column = (int)points[i].x;

		assert_true(i == 0 || points[i].x > points[i - 1].x);
		kept[column]++;
		if (points[i].y == low[column])
			low[column] = NAN;
		if (points[i].y == high[column])
			high[column] = NAN;
	}
	for (int i = 0; i < COLUMNS; i++) {
		assert_true(isnan(low[i]) && isnan(high[i]));
		assert_in_range(kept[i], 2, 4);
	}
	free(points);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smooth),
		cmocka_unit_test(test_smooth_random),
		cmocka_unit_test(test_thin),
		cmocka_unit_test(test_thin_long),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
