/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/score/bootstrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LEFT_OUT (BOOTSTRAP_RESAMPLES / 40) /* at either end */

static const struct bootstrap_sum *case_at(const struct bootstrap *b, const uint32_t *cases,
					   uint32_t i)
{
	return b->sums + (size_t)(cases ? cases[i] : i) * (size_t)b->figures;
}

static void add(const struct bootstrap *b, struct bootstrap_sum *total,
		const struct bootstrap_sum *sums)
{
	for (int i = 0; i < b->figures; i++) {
		total[i].part += sums[i].part;
		total[i].of += sums[i].of;
	}
}

static double quotient(const struct bootstrap *b, const struct bootstrap_sum *sum)
{
	return b->scale * sum->part / sum->of;
}

static int compare(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

void bootstrap_interval(struct metrics_value *v, double *values, int count)
{
	int left_out = count * LEFT_OUT / BOOTSTRAP_RESAMPLES;

	qsort(values, (size_t)count, sizeof(*values), compare);
	v->low = values[left_out];
	v->high = values[count - 1 - left_out];
}

/* values: [figures][BOOTSTRAP_RESAMPLES], of each figure the first counts[figure] set; a resample in which
 * no case counts gives none. total: room for the figures. */
static void resample(const struct bootstrap *b, const uint32_t *cases, uint32_t count,
		     struct rng *rng, struct bootstrap_sum *total, double *values, int *counts)
{
	for (int r = 0; r < BOOTSTRAP_RESAMPLES; r++) {
		memset(total, 0, (size_t)b->figures * sizeof(*total));
		for (uint32_t i = 0; i < count; i++)
			add(b, total, case_at(b, cases, rng_below(rng, count)));
		for (int f = 0; f < b->figures; f++)
			if (total[f].of > 0)
				values[f * BOOTSTRAP_RESAMPLES + counts[f]++] =
					quotient(b, &total[f]);
	}
}

void bootstrap_measure(const struct bootstrap *b, const uint32_t *cases, uint32_t count,
		       struct rng rng, struct metrics_value *out)
{
	size_t figures = (size_t)b->figures;
	double *values = mem_alloc(figures, BOOTSTRAP_RESAMPLES * sizeof(*values));
	struct bootstrap_sum *total = mem_alloc(figures, sizeof(*total));
	int *counts = mem_alloc(figures, sizeof(*counts));

	memset(out, 0, figures * sizeof(*out));
	for (uint32_t i = 0; i < count; i++) {
		const struct bootstrap_sum *sums = case_at(b, cases, i);

		add(b, total, sums);
		for (int f = 0; f < b->figures; f++)
			out[f].drawings += sums[f].of > 0;
	}
	for (int f = 0; f < b->figures; f++)
		if (out[f].drawings > 0)
			out[f].value = out[f].low = out[f].high = quotient(b, &total[f]);
	resample(b, cases, count, &rng, total, values, counts);
	for (int f = 0; f < b->figures; f++)
		if (counts[f] > 0)
			bootstrap_interval(&out[f], values + f * BOOTSTRAP_RESAMPLES, counts[f]);
	free(values);
	free(total);
	free(counts);
}
