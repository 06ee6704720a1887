/* SPDX-License-Identifier: MIT */
/*
 * Random cases are reservoirs (Vitter 1985, "Random Sampling with a Reservoir", algorithm R), each with a
 * stream of its own. A case is made HTML as it is added, if any set takes it, and forgotten when the last
 * one drops it.
 */
#include <config.h>

#include "trainer/report/report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/report/report_private.h"

static void set_init(struct report_set *set, int room, uint64_t seed, int stream)
{
	set->room = room;
	set->all = mem_alloc((size_t)room, sizeof(struct report_kept *));
	set->rng = rng_stream(seed, (uint64_t)stream, "report", 0);
}

struct report *report_new(const struct report_settings *settings)
{
	struct report *report = mem_alloc(1, sizeof(*report));

	report->settings = *settings;
	set_init(&report->worst, settings->worst, settings->seed, 0);
	set_init(&report->random, settings->random, settings->seed, 1);
	for (int i = 0; i < ERROR_KINDS; i++)
		set_init(&report->errors[i], settings->examples, settings->seed, 2 + i);
	return report;
}

static void drop(struct report_kept *kept)
{
	if (--kept->uses > 0)
		return;
	buf_free(&kept->attributes);
	buf_free(&kept->header);
	buf_free(&kept->views);
	buf_free(&kept->words);
	free(kept);
}

static void set_free(struct report_set *set)
{
	for (int i = 0; i < set->count; i++)
		drop(set->all[i]);
	free(set->all);
}

void report_free(struct report *report)
{
	if (!report)
		return;
	set_free(&report->worst);
	set_free(&report->random);
	for (int i = 0; i < ERROR_KINDS; i++)
		set_free(&report->errors[i]);
	free(report);
}

double report_agreement(const struct score *s)
{
	const struct score_number_count *numbers = &s->numbers[NUMBERS_ALL];
	double sum = 0;
	int count = 0;

	if (s->exact)
		return 1;
	if (numbers->all > 0) {
		sum += (double)numbers->right / numbers->all;
		count++;
	}
	if (s->shapes.truths + s->shapes.said > 0) {
		sum += 2.0 * s->shapes.equal / (s->shapes.truths + s->shapes.said);
		count++;
	}
	if (s->has_iou || s->has_chamfer) {
		sum += s->has_iou ? s->iou : 1 - s->chamfer;
		count++;
	}
	return count > 0 ? sum / count : 0;
}

/* Where the case goes in a random set; -1: nowhere. */
static int random_place(struct report_set *set)
{
	uint32_t place;

	assert(set->seen < UINT32_MAX);
	set->seen++;
	if (set->count < set->room)
		return set->count;
	place = rng_below(&set->rng, (uint32_t)set->seen);
	return place < (uint32_t)set->room ? (int)place : -1;
}

/* Of equal ones the first stays. */
static int worst_place(struct report_set *set, double agreement)
{
	int place = set->count;

	set->seen++;
	while (place > 0 && set->all[place - 1]->agreement > agreement)
		place--;
	return place < set->room ? place : -1;
}

static void put_random(struct report_set *set, int place, struct report_kept *kept)
{
	if (place < set->count)
		drop(set->all[place]);
	else
		set->count++;
	set->all[place] = kept;
	kept->uses++;
}

static void put_worst(struct report_set *set, int place, struct report_kept *kept)
{
	if (set->count == set->room)
		drop(set->all[--set->count]);
	memmove(&set->all[place + 1], &set->all[place],
		(size_t)(set->count - place) * sizeof(*set->all));
	set->all[place] = kept;
	set->count++;
	kept->uses++;
}

/* A case of either kind. */
struct added {
	const struct report_case *drawing;
	const struct report_solid *solid; /* one of both */
	double agreement;
	bool has[ERROR_KINDS];
};

static struct report_kept *keep(const struct report *report, const struct added *added)
{
	struct report_kept *kept = mem_alloc(1, sizeof(*kept));

	kept->index = report->cases;
	kept->agreement = added->agreement;
	kept->shuffle = rng_mix64(report->settings.seed + (uint64_t)report->cases);
	if (added->drawing)
		report_put_case(kept, added->drawing, added->has);
	else
		report_put_solid(kept, added->solid, added->has);
	return kept;
}

static void add(struct report *report, const struct added *added)
{
	int places[ERROR_KINDS], worst = worst_place(&report->worst, added->agreement);
	int random = random_place(&report->random);
	bool is_kept = worst >= 0 || random >= 0;
	struct report_kept *kept;

	for (int i = 0; i < ERROR_KINDS; i++) {
		places[i] = added->has[i] ? random_place(&report->errors[i]) : -1;
		is_kept = is_kept || places[i] >= 0;
	}
	if (is_kept) {
		kept = keep(report, added);
		if (worst >= 0)
			put_worst(&report->worst, worst, kept);
		if (random >= 0)
			put_random(&report->random, random, kept);
		for (int i = 0; i < ERROR_KINDS; i++)
			if (places[i] >= 0)
				put_random(&report->errors[i], places[i], kept);
	}
	report->cases++;
}

void report_add(struct report *report, const struct report_case *c)
{
	struct added added = {.drawing = c, .agreement = report_agreement(c->score)};

	report_errors_of(c, added.has);
	add(report, &added);
}

void report_add_solid(struct report *report, const struct report_solid *c)
{
	struct added added = {.solid = c, .agreement = report_solid_agreement(c->score)};

	report_solid_errors(c, added.has);
	add(report, &added);
}

/* --- what is kept --------------------------------------------------------------------------- */

static int compare_kept(const void *a, const void *b)
{
	const struct report_kept *p = *(struct report_kept *const *)a;
	const struct report_kept *q = *(struct report_kept *const *)b;

	if (p->agreement != q->agreement)
		return p->agreement < q->agreement ? -1 : 1;
	return (p->index > q->index) - (p->index < q->index);
}

static int count_uses(const struct report *report)
{
	int count = report->worst.count + report->random.count;

	for (int i = 0; i < ERROR_KINDS; i++)
		count += report->errors[i].count;
	return count;
}

static int append(struct report_kept **all, int count, const struct report_set *set)
{
	for (int i = 0; i < set->count; i++)
		all[count++] = set->all[i];
	return count;
}

int report_list_kept(const struct report *report, struct arena *arena, struct report_kept ***list)
{
	int uses = count_uses(report), count = 0, n = 0;
	struct report_kept **all = ARENA_NEW(arena, struct report_kept *, uses + 1);

	count = append(all, count, &report->worst);
	count = append(all, count, &report->random);
	for (int i = 0; i < ERROR_KINDS; i++)
		count = append(all, count, &report->errors[i]);
	qsort(all, (size_t)count, sizeof(struct report_kept *), compare_kept);
	for (int i = 0; i < count; i++)
		if (n == 0 || all[n - 1] != all[i])
			all[n++] = all[i];
	*list = all;
	return n;
}

static int compare_places(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;

	return (p > q) - (p < q);
}

int report_kept_cases(const struct report *report, struct arena *arena, int64_t **cases)
{
	struct report_kept **list;
	int count = report_list_kept(report, arena, &list);

	*cases = ARENA_NEW(arena, int64_t, count + 1);
	for (int i = 0; i < count; i++)
		(*cases)[i] = list[i]->index;
	qsort(*cases, (size_t)count, sizeof(**cases), compare_places);
	return count;
}

void report_illustrate(struct report *report, int64_t index, const struct report_views *views)
{
	struct arena arena = {0};
	struct report_kept **list;
	int count = report_list_kept(report, &arena, &list);

	for (int i = 0; i < count; i++) {
		struct buf *out = &list[i]->views;

		if (list[i]->index != index)
			continue;
		buf_clear(out);
		report_put_picture(out, views->png, views->png_len);
		buf_bytes(out, views->overlays, views->overlays_len);
	}
	arena_free(&arena);
}
