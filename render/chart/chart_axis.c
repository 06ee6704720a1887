/* SPDX-License-Identifier: MIT */
/*
 * A tick is a whole number of times a power of ten until it is printed, so labels have no rounding
 * to hide: 0.3 is 3 * 10^-1, not 0.1 + 0.1 + 0.1.
 */
#include <config.h>

#include "render/chart/chart_axis.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LARGEST 1e300
#define SMALLEST 1e-300
#define MARGIN 0.04
#define ONE_VALUE 1e-6  /* a span below this share of the values is none */
#define ALMOST 1e-9     /* of a step: a tick that close to the axis' end is on it */
#define LOG_FROM 100.0  /* CHART_AUTO: more than this between largest and smallest */
#define LOG_TICKS_MIN 3 /* of 1, 2, 5; with fewer, linear steps say more */

/* A finite value as far as charts hold it. */
static double hold(double value)
{
	value = fmin(fmax(value, -LARGEST), LARGEST);
	return fabs(value) < SMALLEST ? 0 : value;
}

void chart_extent_add(struct chart_extent *extent, double value)
{
	double held = hold(value), positive = fmax(held, SMALLEST);

	if (!isfinite(value))
		return;
	extent->min = extent->count ? fmin(extent->min, held) : held;
	extent->max = extent->count ? fmax(extent->max, held) : held;
	extent->count++;
	if (value <= 0)
		return;
	if (extent->positive_count == 0 || positive < extent->least_positive)
		extent->least_positive = positive;
	extent->positive_count++;
}

static bool is_log(const struct chart_extent *extent, enum chart_scale scale)
{
	if (scale == CHART_LOG)
		return extent->positive_count > 0;
	return scale == CHART_AUTO && extent->count > 0 &&
	       extent->positive_count == extent->count &&
	       fmax(extent->max, SMALLEST) > LOG_FROM * extent->least_positive;
}

/* Room about a single value; above it alone where it is 0. */
static void widen(struct chart_axis *axis)
{
	double size = axis->log ? 1 : fmax(fabs(axis->from), fabs(axis->to));

	if (axis->to - axis->from > ONE_VALUE * size)
		return;
	size = size > 0 ? size : 1;
	if (axis->log || axis->from != 0)
		axis->from -= size / 2;
	axis->to += size / 2;
}

/* A margin at each end, but not where it would be room for values that there cannot be. */
static void add_margin(struct chart_axis *axis)
{
	double margin = MARGIN * (axis->to - axis->from), from = axis->from, to = axis->to;

	axis->from -= margin;
	axis->to += margin;
	if (axis->log)
		return;
	if (from >= 0 && axis->from < 0)
		axis->from = 0;
	if (to <= 0 && axis->to > 0)
		axis->to = 0;
}

struct chart_axis chart_axis_from_extent(const struct chart_extent *extent, enum chart_scale scale,
					 bool from_zero)
{
	struct chart_axis axis = {.log = is_log(extent, scale)};

	if (extent->count == 0)
		return (struct chart_axis){.from = 0, .to = 1};
	if (axis.log) {
		axis.from = log10(extent->least_positive);
		axis.to = log10(fmax(extent->max, SMALLEST));
	} else {
		axis.from = from_zero ? fmin(extent->min, 0) : extent->min;
		axis.to = from_zero ? fmax(extent->max, 0) : extent->max;
	}
	widen(&axis);
	add_margin(&axis);
	return axis;
}

static double place(const struct chart_axis *axis, double value)
{
	return ((axis->log ? log10(value) : value) - axis->from) / (axis->to - axis->from);
}

double chart_axis_place(const struct chart_axis *axis, double value)
{
	if (!isfinite(value) || (axis->log && value <= 0))
		return NAN;
	value = axis->log ? fmax(hold(value), SMALLEST) : hold(value);
	return place(axis, value);
}

double chart_decimal(int64_t digits, int exponent)
{
	if (exponent < 0)
		return (double)digits / pow(10, -exponent);
	return (double)digits * pow(10, exponent);
}

/* --- labels ----------------------------------------------------------------------------------- */

/* digits * 10^-decimals, digit by digit. */
static void print_fixed(char label[CHART_LABEL_BYTES], int64_t digits, int decimals,
			const char *unit)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%0*" PRId64, decimals + 1,
			 digits < 0 ? -digits : digits);

	snprintf(label, CHART_LABEL_BYTES, "%s%.*s%s%s%s", digits < 0 ? "-" : "", n - decimals,
		 text, decimals ? "." : "", text + n - decimals, unit);
}

/* As 2.5e-7. */
static void print_scientific(char label[CHART_LABEL_BYTES], int64_t digits, int exponent)
{
	char unit[16];
	int decimals = 0;

	while (digits % 10 == 0) {
		digits /= 10;
		exponent++;
	}
	for (int64_t rest = digits; rest / 10 != 0; rest /= 10)
		decimals++;
	snprintf(unit, sizeof(unit), "e%d", exponent + decimals);
	print_fixed(label, digits, decimals, unit);
}

/* digits * 10^exponent beside others of up to `largest`. */
static void print_label(char label[CHART_LABEL_BYTES], int64_t digits, int exponent, double largest)
{
	static const struct {
		double below;
		int exponent;
		const char *name;
	} units[] = {{1e5, 0, ""}, {1e6, 3, "k"}, {1e9, 6, "M"}, {1e12, 9, "G"}, {1e15, 12, "T"}};
	size_t i = 0;

	if (digits == 0) {
		strcpy(label, "0");
		return;
	}
	while (i < sizeof(units) / sizeof(*units) && largest >= units[i].below)
		i++;
	if (largest < 0.001 || i == sizeof(units) / sizeof(*units)) {
		print_scientific(label, digits, exponent);
		return;
	}
	for (; exponent > units[i].exponent; exponent--)
		digits *= 10;
	print_fixed(label, digits, units[i].exponent - exponent, units[i].name);
}

/* --- ticks ------------------------------------------------------------------------------------ */

static double step_size(struct chart_step step)
{
	return chart_decimal(step.digit, step.exponent);
}

static struct chart_step next_step(struct chart_step step)
{
	if (step.digit == 5)
		return (struct chart_step){1, step.exponent + 1};
	return (struct chart_step){step.digit == 1 ? 2 : 5, step.exponent};
}

struct chart_step chart_step_from_span(double span, int most)
{
	struct chart_step step = {1, (int)floor(log10(span / most)) - 1};

	assert(span > 0 && most >= 2);
	while (floor(span / step_size(step) + 2 * ALMOST) + 1 > most)
		step = next_step(step);
	return step;
}

/* What the axis' ends are, where it is logarithmic as well. */
static double value_at(const struct chart_axis *axis, double end)
{
	return axis->log ? pow(10, end) : end;
}

static int linear_ticks(const struct chart_axis *axis, int most, struct chart_tick *ticks)
{
	double from = value_at(axis, axis->from), to = value_at(axis, axis->to);
	struct chart_step step = chart_step_from_span(to - from, most);
	double size = step_size(step), largest = fmax(fabs(from), fabs(to));
	int64_t first = (int64_t)ceil(from / size - ALMOST);
	int64_t last = (int64_t)floor(to / size + ALMOST);
	int count = 0;

	for (int64_t i = first; i <= last; i++) {
		struct chart_tick *tick = &ticks[count++];

		tick->at = place(axis, chart_decimal(i * step.digit, step.exponent));
		print_label(tick->label, i * step.digit, step.exponent, largest);
	}
	return count;
}

/* The first `digits` of 1, 2 and 5 times those powers of ten that are multiples of `every`. Returns
 * how many there are; those over `most` are only counted. */
static int decade_ticks(const struct chart_axis *axis, int digits, int every, int most,
			struct chart_tick *ticks)
{
	static const int multiples[] = {1, 2, 5};
	int count = 0;

	for (int k = (int)floor(axis->from); k <= (int)floor(axis->to); k++) {
		for (int i = 0; i < digits && k % every == 0; i++) {
			double at =
				(k + log10(multiples[i]) - axis->from) / (axis->to - axis->from);

			if (at < -ALMOST || at > 1 + ALMOST)
				continue;
			if (count < most) {
				ticks[count].at = at;
				print_label(ticks[count].label, multiples[i], k,
					    chart_decimal(multiples[i], k));
			}
			count++;
		}
	}
	return count;
}

int chart_axis_ticks(const struct chart_axis *axis, int most, struct chart_tick *ticks)
{
	static const int every[] = {1, 2, 5, 10, 20, 50, 100, 200, 500};
	int count;

	assert(most >= 2 && most <= CHART_TICKS_MAX);
	if (!axis->log)
		return linear_ticks(axis, most, ticks);
	count = decade_ticks(axis, 3, 1, most, ticks);
	if (count < LOG_TICKS_MIN)
		return linear_ticks(axis, most, ticks);
	for (size_t i = 0; count > most; i++)
		count = decade_ticks(axis, 1, every[i], most, ticks);
	return count;
}
