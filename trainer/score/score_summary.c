/* SPDX-License-Identifier: MIT */
/* Of each drawing two numbers a figure are kept. */
#include <config.h>

#include "trainer/score/score_summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "trainer/score/bootstrap.h"

struct score_summary {
	uint64_t seed;
	uint32_t count, room;
	struct bootstrap_sum *sums; /* [count][METRICS_FIGURE_COUNT_] */
	struct score_groups groups;
	struct metrics_kind kinds[SHAPE_COUNT_];
	struct metrics_group *finished;
};

struct score_summary *score_summary_new(uint64_t seed)
{
	struct score_summary *s = mem_alloc(1, sizeof(*s));

	s->seed = seed;
	return s;
}

void score_summary_free(struct score_summary *s)
{
	if (!s)
		return;
	score_groups_free(&s->groups);
	free(s->sums);
	free(s->finished);
	free(s);
}

static void set(struct bootstrap_sum *f, enum metrics_figure figure, double part, double of)
{
	f[figure] = (struct bootstrap_sum){part, of};
}

static void set_shapes(struct bootstrap_sum *f, const struct score *score)
{
	const struct score_shape_count *s = &score->shapes;

	set(f, METRICS_PRECISION, s->equal, s->said);
	set(f, METRICS_RECALL, s->equal, s->truths);
	set(f, METRICS_F1, 2 * s->equal, s->truths + s->said);
	set(f, METRICS_NEAR_PRECISION, s->near, s->said);
	set(f, METRICS_NEAR_RECALL, s->near, s->truths);
	set(f, METRICS_NEAR_F1, 2 * s->near, s->truths + s->said);
	if (!score->has_boxes)
		return;
	set(f, METRICS_BOX_PRECISION, score->boxes_matched, s->said);
	set(f, METRICS_BOX_RECALL, score->boxes_matched, s->truths);
	set(f, METRICS_BOX_F1, 2 * score->boxes_matched, s->truths + s->said);
	set(f, METRICS_MODELS, score->models, score->boxes_matched);
	set(f, METRICS_PARAMETERS, score->parameters_right, score->parameters);
}

/* f: of a drawing, zeroed. */
static void set_figures(struct bootstrap_sum *f, const struct score *score)
{
	const struct score_number_count *n = score->numbers;

	set(f, METRICS_VALID, score->valid, 1);
	set(f, METRICS_EXACT, score->exact, 1);
	set(f, METRICS_TOKENS, (double)score->tokens_matched, (double)score->tokens);
	set_shapes(f, score);
	set(f, METRICS_NUMBERS, n[NUMBERS_ALL].right, n[NUMBERS_ALL].all);
	set(f, METRICS_NUMBERS_PRINTED, n[NUMBERS_PRINTED].right, n[NUMBERS_PRINTED].all);
	set(f, METRICS_NUMBERS_DERIVED, n[NUMBERS_DERIVED].right, n[NUMBERS_DERIVED].all);
	set(f, METRICS_NEAR_NUMBERS, n[NUMBERS_ALL].near, n[NUMBERS_ALL].all);
	if (score->has_iou)
		set(f, METRICS_IOU, score->iou, 1);
	if (score->has_chamfer)
		set(f, METRICS_CHAMFER, score->chamfer, 1);
}

static void add_kinds(struct score_summary *s, const struct score *score)
{
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		const struct score_shape_count *from = &score->kinds[k];
		struct metrics_kind *to = &s->kinds[k];

		to->truths += from->truths;
		to->said += from->said;
		to->equal += from->equal;
		to->near += from->near;
		to->missed += from->missed;
		to->added += from->added;
	}
}

void score_summary_add(struct score_summary *s, const struct score *score,
		       const struct score_key *keys, int key_count)
{
	struct bootstrap_sum *f;

	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->sums = mem_realloc(s->sums, s->room, METRICS_FIGURE_COUNT_ * sizeof(*s->sums));
	}
	f = s->sums + (size_t)s->count * METRICS_FIGURE_COUNT_;
	memset(f, 0, METRICS_FIGURE_COUNT_ * sizeof(*f));
	set_figures(f, score);
	score_groups_add(&s->groups, keys, key_count, s->count);
	add_kinds(s, score);
	s->count++;
}

static void measure(const struct score_summary *s, struct metrics_group *group,
		    const uint32_t *drawings, uint32_t count, struct rng rng)
{
	const struct bootstrap b = {s->sums, METRICS_FIGURE_COUNT_, 100};

	group->count = count;
	bootstrap_measure(&b, drawings, count, rng, group->figures);
}

void score_summary_finish(struct score_summary *s, struct metrics *metrics)
{
	*metrics = (struct metrics){.seed = s->seed, .resamples = BOOTSTRAP_RESAMPLES};
	memcpy(metrics->kinds, s->kinds, sizeof(metrics->kinds));
	measure(s, &metrics->all, NULL, s->count, rng_stream(s->seed, 0, "bootstrap", 0));
	score_groups_sort(&s->groups);
	free(s->finished);
	s->finished = mem_alloc((size_t)s->groups.count, sizeof(*s->finished));
	for (int i = 0; i < s->groups.count; i++) {
		const struct score_group *g = &s->groups.all[i];

		s->finished[i].by = g->by;
		s->finished[i].is = g->is;
		measure(s, &s->finished[i], g->cases, g->count, score_group_stream(g, s->seed, 0));
	}
	metrics->group_count = s->groups.count;
	metrics->groups = s->finished;
}
