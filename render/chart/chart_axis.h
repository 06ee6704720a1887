/* SPDX-License-Identifier: MIT */
/*
 * chart_axis: from values to a place along an axis, and the numbers that stand there.
 *
 *	struct chart_extent extent = {0};
 *	for each value: chart_extent_add(&extent, value);
 *	struct chart_axis axis = chart_axis_from_extent(&extent, CHART_AUTO, false);
 *	struct chart_tick ticks[CHART_TICKS_MAX];
 *	int count = chart_axis_ticks(&axis, 8, ticks);
 *	x = left + width * chart_axis_place(&axis, value);
 *
 * Private to charts. Sizes over 1e300 count as 1e300, those below 1e-300 as 0, or as 1e-300 on
 * a logarithmic axis.
 */
#ifndef RENDER_CHART_AXIS_H
#define RENDER_CHART_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/chart/chart.h"

/* What an axis has to show. Zeroed: nothing yet. */
struct chart_extent {
	size_t count, positive_count;
	double min, max, least_positive;
};

/* What is not finite is left out. */
void chart_extent_add(struct chart_extent *extent, double value);

struct chart_axis {
	bool log;
	double from, to; /* its ends, from < to; where log, their logarithms to base 10 */
};

/* All that was added, with a margin of 4 %; 0 to 1 where that is nothing. Values within a millionth of
 * each other are one, which gets room above and below. A logarithmic axis needs a positive value, and
 * has those alone; CHART_AUTO is one where all are positive and the largest is more than 100 times
 * the smallest. On a linear axis from_zero counts 0 among the values. */
struct chart_axis chart_axis_from_extent(const struct chart_extent *extent, enum chart_scale scale,
					 bool from_zero);

/* 0 at its beginning to 1 at its end; NAN for what is not finite or, where log, not positive. */
double chart_axis_place(const struct chart_axis *axis, double value);

/* digits * 10^exponent, the double that is nearest to it for |exponent| up to 22. */
double chart_decimal(int64_t digits, int exponent);

/* The least step of 1, 2 or 5 times a power of ten, of which an axis of that span has at most `most`
 * ticks, wherever it begins; span > 0, most >= 2. */
struct chart_step {
	int digit, exponent;
};
struct chart_step chart_step_from_span(double span, int most);

#define CHART_TICKS_MAX 64
#define CHART_LABEL_BYTES 32

struct chart_tick {
	double at; /* as of chart_axis_place */
	char label[CHART_LABEL_BYTES];
};

/* At most `most` (2 to CHART_TICKS_MAX) ticks, rising: in such steps where the axis is linear, or spans
 * so little that fewer than three 1, 2, 5, 10 ... lie on it; else those, or powers of ten alone, or
 * every so many of them. Labels are exact: plain, or with k, M, G, T from 100000 on, or as 2.5e-7. */
int chart_axis_ticks(const struct chart_axis *axis, int most, struct chart_tick *ticks);

#endif
