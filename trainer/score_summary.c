/* SPDX-License-Identifier: MIT */
/* Of each drawing two numbers a figure are kept, and of each group the drawings that are in it. */
#include <config.h>

#include "trainer/score_summary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "trainer/bootstrap.h"

struct group {
	char *by, *is;
	int by_order; /* how many other `by` came before */
	uint32_t count, room;
	uint32_t *drawings;
};

struct score_summary {
	uint64_t seed;
	uint32_t count, room;
	struct bootstrap_sum *sums; /* [count][METRICS_FIGURE_COUNT_] */
	int group_count, group_room, by_count;
	struct group *groups;
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
	for (int i = 0; i < s->group_count; i++) {
		free(s->groups[i].by);
		free(s->groups[i].is);
		free(s->groups[i].drawings);
	}
	free(s->groups);
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

static char *copy_of(const char *name)
{
	size_t n = strlen(name) + 1;

	return memcpy(mem_alloc(n, 1), name, n);
}

static struct group *find_group(struct score_summary *s, const struct score_key *key)
{
	int by_order = s->by_count;
	struct group *g;

	for (int i = 0; i < s->group_count; i++) {
		if (strcmp(s->groups[i].by, key->by) != 0)
			continue;
		if (strcmp(s->groups[i].is, key->is) == 0)
			return &s->groups[i];
		by_order = s->groups[i].by_order;
	}
	if (s->group_count == s->group_room) {
		s->group_room = s->group_room ? 2 * s->group_room : 16;
		s->groups = mem_realloc(s->groups, (size_t)s->group_room, sizeof(*s->groups));
	}
	s->by_count += by_order == s->by_count;
	g = &s->groups[s->group_count++];
	*g = (struct group){.by = copy_of(key->by), .is = copy_of(key->is), .by_order = by_order};
	return g;
}

static void join(struct group *g, uint32_t drawing)
{
	if (g->count == g->room) {
		g->room = g->room ? 2 * g->room : 16;
		g->drawings = mem_realloc(g->drawings, g->room, sizeof(*g->drawings));
	}
	g->drawings[g->count++] = drawing;
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

	assert(key_count <= SCORE_KEYS_MAX);
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->sums = mem_realloc(s->sums, s->room, METRICS_FIGURE_COUNT_ * sizeof(*s->sums));
	}
	f = s->sums + (size_t)s->count * METRICS_FIGURE_COUNT_;
	memset(f, 0, METRICS_FIGURE_COUNT_ * sizeof(*f));
	set_figures(f, score);
	for (int i = 0; i < key_count; i++)
		join(find_group(s, &keys[i]), s->count);
	add_kinds(s, score);
	s->count++;
}

static void measure(const struct score_summary *s, struct metrics_group *group,
		    const uint32_t *drawings, uint32_t count, struct rng rng)
{
	const struct bootstrap b = {s->sums, METRICS_FIGURE_COUNT_, 100};

	group->drawings = count;
	bootstrap_measure(&b, drawings, count, rng, group->figures);
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *p = a, *q = b;

	if (p->by_order != q->by_order)
		return p->by_order < q->by_order ? -1 : 1;
	return strverscmp(p->is, q->is);
}

/* The stream of a group depends on its names alone. */
static struct rng stream_of(const struct score_summary *s, const struct group *g)
{
	struct rng by = rng_stream(s->seed, 0, g->by, 0);
	uint64_t high = rng_u32(&by), low = rng_u32(&by);

	return rng_stream(high << 32 | low, 0, g->is, 0);
}

void score_summary_finish(struct score_summary *s, struct metrics *metrics)
{
	*metrics = (struct metrics){.seed = s->seed, .resamples = BOOTSTRAP_RESAMPLES};
	memcpy(metrics->kinds, s->kinds, sizeof(metrics->kinds));
	measure(s, &metrics->all, NULL, s->count, rng_stream(s->seed, 0, "bootstrap", 0));
	if (s->group_count > 0)
		qsort(s->groups, (size_t)s->group_count, sizeof(*s->groups), compare_groups);
	free(s->finished);
	s->finished = mem_alloc((size_t)s->group_count, sizeof(*s->finished));
	for (int i = 0; i < s->group_count; i++) {
		const struct group *g = &s->groups[i];

		s->finished[i].by = g->by;
		s->finished[i].is = g->is;
		measure(s, &s->finished[i], g->drawings, g->count, stream_of(s, g));
	}
	metrics->group_count = s->group_count;
	metrics->groups = s->finished;
}
