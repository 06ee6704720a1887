/* SPDX-License-Identifier: MIT */
/*
 * One step of beam search (trainer/decode/decode.h says which). The 2 N best ways to go on are among the 2 N
 * best of each beam. A beam that goes on in several ways keeps its slot for the first; the others fork
 * from it into slots of beams that did not go on.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "trainer/decode/decode_job.h"

/* Ways of live[beam], behind the n that are there; returns how many then. */
static size_t add_ways(struct job *job, int beam, size_t row, size_t n)
{
	const struct said *said = &job->live[beam];
	double less = tensor_get(decode_model_log_sums(job->model), row);
	size_t count = job_candidates(job, said, row, less);

	if (count == 0) /* they are no numbers */
		count = job_all_candidates(job, said, row, less);
	count = candidates_top(job->list, count, 2 * (size_t)job->options->beams);
	for (size_t i = 0; i < count; i++)
		job->ways[n++] = (struct going_on){beam, said->total + job->list[i].score,
						   job->list[i].token};
	return n;
}

static int compare_ways(const void *a, const void *b)
{
	const struct going_on *x = a, *y = b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->from != y->from)
		return x->from - y->from;
	return (x->token > y->token) - (x->token < y->token);
}

/* The best 2 N ways that are not refused, in front; returns how many they are. All stay where all are refused and
 * there is no answer yet. */
static size_t keep_possible(struct job *job, size_t n)
{
	size_t most = 2 * (size_t)job->options->beams, kept = 0;

	for (size_t i = 0; i < n && kept < most; i++)
		if (!job_refuses(job, &job->live[job->ways[i].from], job->ways[i].token))
			job->ways[kept++] = job->ways[i];
	return kept || job->done_count ? kept : n;
}

static void take_way(struct job *job, struct said *to, const struct going_on *way, size_t row)
{
	job_copy_said(job, to, &job->live[way->from]);
	job_say(job, to, way->token, row + (size_t)way->from);
	to->total = way->total;
}

/* Gives each of next[0..count) a slot that holds what its beam, live[from[i]], held. */
static void share_slots(struct job *job, const int *from, int count)
{
	bool kept[DECODE_BEAMS_MAX] = {false}, used[DECODE_BEAMS_MAX] = {false};
	int unused = 0;

	for (int i = 0; i < count; i++)
		kept[from[i]] = true;
	for (int beam = 0; beam < job->live_count; beam++)
		if (kept[beam])
			used[job->live[beam].slot - job->first_slot] = true;
		else
			decode_model_drop(job->model, job->live[beam].slot);
	for (int i = 0; i < count; i++) {
		int slot = job->live[from[i]].slot;

		if (!kept[from[i]]) {
			while (used[unused])
				unused++;
			used[unused] = true;
			decode_model_fork(job->model, job->first_slot + unused, slot);
			slot = job->first_slot + unused;
		}
		kept[from[i]] = false;
		job->next[i].slot = slot;
	}
}

static void go_on(struct job *job, const int *from, int count)
{
	struct said *room = job->live;

	share_slots(job, from, count);
	job->live = job->next;
	job->next = room;
	job->live_count = count;
}

static bool is_settled(const struct job *job)
{
	const struct said *best = &job->live[0];

	if (!job->live_count)
		return true;
	if (job->done_count < job->options->beams)
		return false;
	return best->total / pow((double)best->count, job->options->length_penalty) <=
	       job->done[job->done_count - 1].score;
}

bool job_advance_beams(struct job *job, size_t row)
{
	int beams = job->options->beams, count = 0, from[DECODE_BEAMS_MAX];
	bool last = job->live[0].count + 1 == job->tokens;
	size_t n = 0;

	for (int beam = 0; beam < job->live_count; beam++)
		n = add_ways(job, beam, row + (size_t)beam, n);
	qsort(job->ways, n, sizeof(*job->ways), compare_ways);
	n = keep_possible(job, n);
	for (int i = 0; i < 2 * beams && (size_t)i < n && count < beams; i++) {
		struct said *to = &job->next[count];

		take_way(job, to, &job->ways[i], row);
		if (!to->ended && !last)
			from[count++] = job->ways[i].from;
		else if (i < beams)
			job_add_answer(job, to);
	}
	go_on(job, from, count);
	if (!last && !is_settled(job))
		return false;
	job_stop(job);
	return true;
}
