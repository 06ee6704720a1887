/* SPDX-License-Identifier: MIT */
/*
 * Means are quotients for bootstrap_measure. The median of a resample is found by how often each solid was
 * drawn, along all of them in the order of their distances: no resample is sorted, and what is not drawn, or is
 * of another group, was drawn no times.
 */
#include <config.h>

#include "trainer/score/solid_summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/score/bootstrap.h"

/* A valid solid. */
struct distance {
	double chamfer;
	uint32_t solid;
};

struct solid_summary {
	uint64_t seed;
	uint32_t count, room;
	struct bootstrap_sum *sums; /* [count][SOLID_METRICS_FIGURE_COUNT_] */
	uint32_t valid_count, valid_room;
	struct distance *valid;
	struct score_groups groups;
	struct metrics_group *finished;
};

struct solid_summary *solid_summary_new(uint64_t seed)
{
	struct solid_summary *s = mem_alloc(1, sizeof(*s));

	s->seed = seed;
	return s;
}

void solid_summary_free(struct solid_summary *s)
{
	if (!s)
		return;
	free(s->sums);
	free(s->valid);
	score_groups_free(&s->groups);
	free(s->finished);
	free(s);
}

/* --- what a solid adds ---------------------------------------------------------------------- */

static void set(struct bootstrap_sum *sums, enum solid_metrics_figure figure, double value)
{
	sums[figure].part = solid_metrics_figure_scale(figure) * value;
	sums[figure].of = 1;
}

static void set_share(struct bootstrap_sum *sums, enum solid_metrics_figure figure, int right,
		      int all)
{
	if (all > 0)
		set(sums, figure, (double)right / all);
}

/* sums: zeroed. */
static void set_figures(struct bootstrap_sum *sums, const struct solid_score *score)
{
	const struct vec_match *m = &score->match;

	set(sums, SOLID_METRICS_EXACT, score->exact);
	set_share(sums, SOLID_METRICS_COMMANDS, m->commands_right, m->commands);
	set_share(sums, SOLID_METRICS_PARAMETERS, m->parameters_right, m->parameters);
	if (!score->is_measured)
		return;
	set(sums, SOLID_METRICS_VALID, score->valid);
	set(sums, SOLID_METRICS_INVALID, !score->valid);
	set(sums, SOLID_METRICS_IOU, score->iou);
	set(sums, SOLID_METRICS_IOU_ALIGNED, score->iou_aligned);
	if (!score->valid)
		return;
	set(sums, SOLID_METRICS_IOU_VALID, score->iou);
	set(sums, SOLID_METRICS_IOU_ALIGNED_VALID, score->iou_aligned);
	set(sums, SOLID_METRICS_CHAMFER_MEAN, score->chamfer);
}

static void add_distance(struct solid_summary *s, double chamfer)
{
	if (s->valid_count == s->valid_room) {
		s->valid_room = s->valid_room ? 2 * s->valid_room : 64;
		s->valid = mem_realloc(s->valid, s->valid_room, sizeof(*s->valid));
	}
	s->valid[s->valid_count++] = (struct distance){chamfer, s->count};
}

void solid_summary_add(struct solid_summary *s, const struct solid_score *score,
		       const struct score_key *keys, int key_count)
{
	const size_t size = SOLID_METRICS_FIGURE_COUNT_ * sizeof(*s->sums);
	struct bootstrap_sum *sums;

	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->sums = mem_realloc(s->sums, s->room, size);
	}
	sums = s->sums + (size_t)s->count * SOLID_METRICS_FIGURE_COUNT_;
	memset(sums, 0, size);
	set_figures(sums, score);
	if (score->is_measured && score->valid)
		add_distance(s, score->chamfer);
	score_groups_add(&s->groups, keys, key_count, s->count);
	s->count++;
}

/* --- the median ----------------------------------------------------------------------------- */

static int by_chamfer(const void *a, const void *b)
{
	const struct distance *p = a, *q = b;

	if (p->chamfer != q->chamfer)
		return p->chamfer < q->chamfer ? -1 : 1;
	return p->solid < q->solid ? -1 : p->solid > q->solid;
}

/* In thousandths, of distances in order, each as many times as its solid; times adds up to all >= 1. */
static double median(const struct distance *sorted, const uint32_t *times, uint32_t all)
{
	double scale = solid_metrics_figure_scale(SOLID_METRICS_CHAMFER_MEDIAN), below;
	uint32_t seen = 0, i = 0;

	while (seen + times[sorted[i].solid] < (all + 1) / 2)
		seen += times[sorted[i++].solid];
	below = sorted[i].chamfer;
	while (seen + times[sorted[i].solid] < all / 2 + 1)
		seen += times[sorted[i++].solid];
	return scale * (below + sorted[i].chamfer) / 2;
}

/* Solids that are measured together. */
struct some {
	const uint32_t *numbers; /* NULL: the first ones */
	uint32_t count;
	struct rng median; /* of its resamples */
};

static uint32_t number_of(const struct some *of, uint32_t i)
{
	return of->numbers ? of->numbers[i] : i;
}

static uint32_t drawn(const struct solid_summary *s, const uint32_t *times)
{
	uint32_t all = 0;

	for (uint32_t i = 0; i < s->valid_count; i++)
		all += times[s->valid[i].solid];
	return all;
}

/* All solids are drawn, as for the other figures; a resample without a valid one has no median. */
static void resample(const struct solid_summary *s, const struct some *of,
		     const struct distance *sorted, uint32_t *times, struct metrics_value *v)
{
	struct rng rng = of->median;
	double *values = mem_alloc(BOOTSTRAP_RESAMPLES, sizeof(*values));
	int count = 0;

	for (int r = 0; r < BOOTSTRAP_RESAMPLES; r++) {
		uint32_t all;

		memset(times, 0, s->count * sizeof(*times));
		for (uint32_t i = 0; i < of->count; i++)
			times[number_of(of, rng_below(&rng, of->count))]++;
		all = drawn(s, times);
		if (all > 0)
			values[count++] = median(sorted, times, all);
	}
	if (count > 0)
		bootstrap_interval(v, values, count);
	free(values);
}

static void measure_median(const struct solid_summary *s, const struct some *of,
			   struct metrics_value *v)
{
	struct distance *sorted;
	uint32_t *times, all;

	if (s->valid_count == 0)
		return;
	sorted = mem_alloc(s->valid_count, sizeof(*sorted));
	times = mem_alloc(s->count, sizeof(*times));
	memcpy(sorted, s->valid, s->valid_count * sizeof(*sorted));
	qsort(sorted, s->valid_count, sizeof(*sorted), by_chamfer);
	for (uint32_t i = 0; i < of->count; i++)
		times[number_of(of, i)] = 1;
	all = drawn(s, times);
	if (all > 0) {
		v->drawings = all;
		v->value = v->low = v->high = median(sorted, times, all);
		resample(s, of, sorted, times, v);
	}
	free(sorted);
	free(times);
}

static void measure(const struct solid_summary *s, const struct some *of, struct rng rng,
		    struct metrics_group *group)
{
	const struct bootstrap b = {s->sums, SOLID_METRICS_FIGURE_COUNT_, 1};

	group->count = of->count;
	bootstrap_measure(&b, of->numbers, of->count, rng, group->figures);
	measure_median(s, of, &group->figures[SOLID_METRICS_CHAMFER_MEDIAN]);
}

void solid_summary_finish(struct solid_summary *s, struct solid_metrics *metrics)
{
	const struct some all = {NULL, s->count, rng_stream(s->seed, 0, "median", 0)};

	*metrics = (struct solid_metrics){.seed = s->seed, .resamples = BOOTSTRAP_RESAMPLES};
	measure(s, &all, rng_stream(s->seed, 0, "bootstrap", 0), &metrics->all);
	score_groups_sort(&s->groups);
	free(s->finished);
	s->finished = mem_alloc((size_t)s->groups.count, sizeof(*s->finished));
	for (int i = 0; i < s->groups.count; i++) {
		const struct score_group *g = &s->groups.all[i];
		const struct some some = {g->cases, g->count, score_group_stream(g, s->seed, 1)};

		s->finished[i].by = g->by;
		s->finished[i].is = g->is;
		measure(s, &some, score_group_stream(g, s->seed, 0), &s->finished[i]);
	}
	metrics->group_count = s->groups.count;
	metrics->groups = s->finished;
}
