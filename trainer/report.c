/* SPDX-License-Identifier: MIT */
/*
 * Random cases are reservoirs (Vitter 1985, "Random Sampling with a Reservoir", algorithm R), each with a
 * stream of its own. A case is made HTML as it is added, if any set takes it, and forgotten when the last
 * one drops it.
 */
#include <config.h>

#include "trainer/report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/report_private.h"

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
	buf_free(&kept->body);
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

static struct report_kept *keep(const struct report *report, const struct report_case *c,
				const bool has[ERROR_KINDS])
{
	struct report_kept *kept = mem_alloc(1, sizeof(*kept));
	struct arena arena = {0};

	kept->index = report->cases;
	kept->agreement = report_agreement(c->score);
	kept->shuffle = rng_mix64(report->settings.seed + (uint64_t)report->cases);
	report_put_attributes(&kept->attributes, c, has);
	report_put_case(&kept->body, c, &arena);
	arena_free(&arena);
	return kept;
}

void report_add(struct report *report, const struct report_case *c)
{
	bool has[ERROR_KINDS];
	int places[ERROR_KINDS], worst = worst_place(&report->worst, report_agreement(c->score));
	int random = random_place(&report->random);
	bool is_kept = worst >= 0 || random >= 0;
	struct report_kept *kept;

	report_errors_of(c, has);
	for (int i = 0; i < ERROR_KINDS; i++) {
		places[i] = has[i] ? random_place(&report->errors[i]) : -1;
		is_kept = is_kept || places[i] >= 0;
	}
	if (is_kept) {
		kept = keep(report, c, has);
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
