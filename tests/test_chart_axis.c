/* SPDX-License-Identifier: MIT */
/* chart_axis: steps and labels to the digit, when an axis is logarithmic, values at the ends of what
 * doubles hold. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "render/chart/chart_axis.h"
#include "tests/random_shapes.h"

static struct chart_axis axis_of(const double *values, int count, enum chart_scale scale,
				 bool from_zero)
{
	struct chart_extent extent = {0};

	for (int i = 0; i < count; i++)
		chart_extent_add(&extent, values[i]);
	return chart_axis_from_extent(&extent, scale, from_zero);
}

static void test_steps(void **state)
{
	static const struct {
		double span;
		int most, digit, exponent;
	} cases[] = {
		{10, 11, 1, 0},    {10, 10, 2, 0},   {10, 6, 2, 0},      {10, 5, 5, 0},
		{10, 3, 5, 0},     {10, 2, 1, 1},    {1, 11, 1, -1},     {1, 6, 2, -1},
		{0.3, 4, 1, -1},   {0.7, 8, 1, -1},  {0.7, 7, 2, -1},    {9.99, 10, 1, 0},
		{9.99, 2, 5, 0},   {3e-7, 4, 1, -7}, {1e300, 6, 2, 299}, {1e-300, 6, 2, -301},
		{123456, 7, 2, 4}, {99, 64, 2, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct chart_step step = chart_step_from_span(cases[i].span, cases[i].most);

		if (step.digit != cases[i].digit || step.exponent != cases[i].exponent)
			fail_msg("%g, %d: %de%d", cases[i].span, cases[i].most, step.digit,
				 step.exponent);
	}
}

static void test_decimals(void **state)
{
	(void)state;
	assert_true(chart_decimal(3, -1) == 0.3);
	assert_true(chart_decimal(-7, -2) == -0.07);
	assert_true(chart_decimal(123, -5) == 0.00123);
	assert_true(chart_decimal(15, 3) == 15000);
	assert_true(chart_decimal(1, 22) == 1e22);
	assert_true(chart_decimal(0, -300) == 0);
}

static void assert_labels(struct chart_axis axis, int most, const char *expected)
{
	struct chart_tick ticks[CHART_TICKS_MAX];
	int count = chart_axis_ticks(&axis, most, ticks);
	struct buf text = {0};

	for (int i = 0; i < count; i++) {
		buf_str(&text, i ? " " : "");
		buf_str(&text, ticks[i].label);
	}
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static void test_linear_labels(void **state)
{
	(void)state;
	assert_labels((struct chart_axis){false, 0, 1}, 6, "0 0.2 0.4 0.6 0.8 1.0");
	assert_labels((struct chart_axis){false, -1, 1}, 5, "-1.0 -0.5 0 0.5 1.0");
	assert_labels((struct chart_axis){false, -1, 1}, 4, "-1 0 1");
	assert_labels((struct chart_axis){false, 0.95, 3.05}, 5, "1.0 1.5 2.0 2.5 3.0");
	assert_labels((struct chart_axis){false, 0, 99999}, 6, "0 20000 40000 60000 80000");
	assert_labels((struct chart_axis){false, 0, 250000}, 6, "0 50k 100k 150k 200k 250k");
	assert_labels((struct chart_axis){false, 0, 2.5e6}, 6, "0 0.5M 1.0M 1.5M 2.0M 2.5M");
	assert_labels((struct chart_axis){false, -3e9, 0}, 4, "-3G -2G -1G 0");
	assert_labels((struct chart_axis){false, 0, 2e14}, 3, "0 100T 200T");
	assert_labels((struct chart_axis){false, 1e15, 2e15}, 6,
		      "1e15 1.2e15 1.4e15 1.6e15 1.8e15 2e15");
	assert_labels((struct chart_axis){false, 0, 0.001}, 3, "0 0.0005 0.0010");
	assert_labels((struct chart_axis){false, -2e-4, 5e-4}, 8,
		      "-2e-4 -1e-4 0 1e-4 2e-4 3e-4 4e-4 5e-4");
	assert_labels((struct chart_axis){false, 0.0000999, 0.000121}, 3, "1e-4 1.1e-4 1.2e-4");
	assert_labels((struct chart_axis){false, 1.9999985, 2.0000015}, 4,
		      "1.999999 2.000000 2.000001");
}

static void test_log_labels(void **state)
{
	(void)state;
	assert_labels((struct chart_axis){true, -2, 1}, 20, "0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10");
	assert_labels((struct chart_axis){true, -2, 1}, 10, "0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10");
	assert_labels((struct chart_axis){true, -2, 1}, 9, "0.01 0.1 1 10");
	assert_labels((struct chart_axis){true, -4.1, 6.1}, 12,
		      "1e-4 0.001 0.01 0.1 1 10 100 1000 10000 100k 1M");
	assert_labels((struct chart_axis){true, -4.1, 6.1}, 6, "1e-4 0.01 1 100 10000 1M");
	assert_labels((struct chart_axis){true, -150, 150}, 5, "1e-100 1 1e100");
	assert_labels((struct chart_axis){true, log10(3), log10(21)}, 9, "5 10 20");
	/* One of 1, 2, 5 is too few. */
	assert_labels((struct chart_axis){true, log10(2.9), log10(4.1)}, 4, "3.0 3.5 4.0");
}

static void test_choice_of_log(void **state)
{
	(void)state;
	assert_false(axis_of((double[]){1, 100}, 2, CHART_AUTO, false).log);
	assert_true(axis_of((double[]){1, 100.001}, 2, CHART_AUTO, false).log);
	assert_true(axis_of((double[]){1e-300, 1e300}, 2, CHART_AUTO, false).log);
	assert_false(axis_of((double[]){0, 1, 1000}, 3, CHART_AUTO, false).log);
	assert_false(axis_of((double[]){-1, 1, 1000}, 3, CHART_AUTO, false).log);
	assert_false(axis_of((double[]){1, 1000}, 2, CHART_LINEAR, false).log);
	assert_true(axis_of((double[]){1, 2}, 2, CHART_LOG, false).log);
	assert_true(axis_of((double[]){-1, 2}, 2, CHART_LOG, false).log);
	assert_false(axis_of((double[]){-1, 0}, 2, CHART_LOG, false).log);
	assert_false(axis_of(NULL, 0, CHART_LOG, false).log);
}

static void assert_ends(struct chart_axis axis, double from, double to)
{
	if (fabs(axis.from - from) > 1e-12 || fabs(axis.to - to) > 1e-12)
		fail_msg("%.15g to %.15g", axis.from, axis.to);
}

static void test_ends(void **state)
{
	(void)state;
	assert_ends(axis_of((double[]){-50, 50}, 2, CHART_LINEAR, false), -54, 54);
	assert_ends(axis_of((double[]){100, NAN, 200, INFINITY}, 4, CHART_LINEAR, false), 96, 204);
	assert_ends(axis_of((double[]){100, 200}, 2, CHART_LINEAR, true), 0, 208);
	assert_ends(axis_of((double[]){1, 0.9999989}, 2, CHART_LINEAR, true), 0, 1.04);
	assert_ends(axis_of((double[]){-100, -200}, 2, CHART_LINEAR, true), -208, 0);
	assert_ends(axis_of((double[]){-100, 100}, 2, CHART_LINEAR, true), -108, 108);
	assert_ends(axis_of((double[]){1, 101}, 2, CHART_LINEAR, false), 0, 105);
	assert_ends(axis_of((double[]){-101, -1}, 2, CHART_LINEAR, false), -105, 0);
	assert_ends(axis_of((double[]){0.1, 1000}, 2, CHART_LOG, true), -1.16, 3.16);
	assert_ends(axis_of((double[]){-5, 0.1, 1000}, 3, CHART_LOG, false), -1.16, 3.16);
	assert_ends(axis_of((double[]){10, 10}, 2, CHART_LOG, false), 0.46, 1.54);
	assert_ends(axis_of((double[]){10}, 1, CHART_LINEAR, false), 4.6, 15.4);
	assert_ends(axis_of((double[]){-10, -10.000001}, 2, CHART_LINEAR, false), -15.40000158,
		    -4.59999942);
	assert_ends(axis_of((double[]){0}, 1, CHART_LINEAR, false), 0, 0.52);
	assert_ends(axis_of(NULL, 0, CHART_LINEAR, false), 0, 1);
	assert_ends(axis_of((double[]){NAN, INFINITY}, 2, CHART_AUTO, true), 0, 1);
}

static void test_places(void **state)
{
	struct chart_axis linear = {false, -1, 3}, log = {true, -1, 1};

	(void)state;
	assert_true(chart_axis_place(&linear, -1) == 0);
	assert_true(chart_axis_place(&linear, 0) == 0.25);
	assert_true(chart_axis_place(&linear, 5) == 1.5);
	assert_true(isnan(chart_axis_place(&linear, NAN)));
	assert_true(isnan(chart_axis_place(&linear, -INFINITY)));
	assert_true(fabs(chart_axis_place(&log, 1) - 0.5) < 1e-15);
	assert_true(fabs(chart_axis_place(&log, 10) - 1) < 1e-15);
	assert_true(isnan(chart_axis_place(&log, 0)));
	assert_true(isnan(chart_axis_place(&log, -1)));
}

/* What a label says. */
static double read_label(const char *label)
{
	static const char units[] = "kMGT";
	char *end;
	double v = strtod(label, &end);

	if (*end) {
		const char *unit = strchr(units, *end);

		assert_non_null(unit);
		assert_true(end[1] == '\0');
		v *= pow(1000, (double)(unit - units) + 1);
	}
	return v;
}

/* Ticks lie where their labels say, and rise. */
static void check_ticks(const struct chart_axis *axis, int most)
{
	struct chart_tick ticks[CHART_TICKS_MAX];
	int count = chart_axis_ticks(axis, most, ticks);

	assert_in_range(count, 1, most);
	for (int i = 0; i < count; i++) {
		double value = read_label(ticks[i].label), size = fabs(value);

		assert_true(ticks[i].at > -1e-6 && ticks[i].at < 1 + 1e-6);
		assert_true(i == 0 || ticks[i].at > ticks[i - 1].at);
		if (value == 0 || (size > 1e-299 && size < 1e299))
			assert_true(fabs(chart_axis_place(axis, value) - ticks[i].at) < 1e-6);
	}
}

/* Sizes over all that doubles hold; spans from none to all. */
static void test_random_axes(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int round = 0; round < 20000; round++) {
		double size = pow(10, rng_unit(&rng) * 616 - 308);
		double spread = pow(10, -8 * rng_unit(&rng));
		double values[] = {size, size * (1 + spread), -size, size * 1000 * rng_unit(&rng)};
		int first = (int)rng_below(&rng, 3),
		    count = 1 + (int)rng_below(&rng, 4 - (uint32_t)first);
		enum chart_scale scale = (enum chart_scale)rng_below(&rng, 3);
		struct chart_axis axis =
			axis_of(values + first, count, scale, rng_chance(&rng, 0.5));

		assert_true(isfinite(axis.from) && isfinite(axis.to) && axis.from < axis.to);
		for (int i = first; i < first + count; i++) {
			double at = chart_axis_place(&axis, values[i]);

			if (isfinite(values[i]) && !(axis.log && values[i] <= 0))
				assert_true(at >= 0 && at <= 1);
		}
		check_ticks(&axis, 3 + (int)rng_below(&rng, CHART_TICKS_MAX - 2));
	}
}

static void test_extremes(void **state)
{
	static const double values[][2] = {
		{-DBL_MAX, DBL_MAX}, {0, DBL_MAX}, {DBL_MIN, DBL_MAX}, {5e-324, 5e-324},
		{0, 5e-324},         {0, 0},       {-5e-324, 5e-324},  {1, 1 + DBL_EPSILON},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		for (int scale = CHART_LINEAR; scale <= CHART_AUTO; scale++) {
			struct chart_axis axis =
				axis_of(values[i], 2, (enum chart_scale)scale, scale == 0);

			assert_true(isfinite(axis.from) && isfinite(axis.to));
			assert_true(axis.from < axis.to);
			check_ticks(&axis, 8);
		}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),         cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_linear_labels), cmocka_unit_test(test_log_labels),
		cmocka_unit_test(test_choice_of_log), cmocka_unit_test(test_ends),
		cmocka_unit_test(test_places),        cmocka_unit_test(test_random_axes),
		cmocka_unit_test(test_extremes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
