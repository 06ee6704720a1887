/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "gen/fill_main.h"

#define CHUNK 16

/* A chunk of samples. */
struct slot {
	struct dataset_lines lines;
	struct arena arena; /* of the samples */
	struct dataset_sample from[CHUNK];
};

struct run {
	const struct fill *fill;
	struct dataset *dataset;
	struct slot *slots;
	struct progress progress;
};

static int work(void *ctx, int worker, int slot_index, uint64_t first, uint64_t last,
		struct err *err)
{
	struct run *run = ctx;
	const struct fill *fill = run->fill;
	struct slot *slot = &run->slots[slot_index];

	dataset_lines_clear(&slot->lines);
	arena_reset(&slot->arena);
	if (fill->feed &&
	    dataset_feed_read(fill->feed, slot->from, first, last, &slot->arena, err) < 0)
		return -1;
	for (uint64_t i = first; i < last; i++)
		if (fill->take(fill->ctx, run->dataset, worker, i,
			       fill->feed ? &slot->from[i - first] : NULL, &slot->lines, err) < 0)
			return -1;
	return 0;
}

static int commit(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;

	(void)first;
	if (dataset_append(run->dataset, &run->slots[slot].lines, last, err) < 0)
		return -1;
	progress_update(&run->progress, last);
	return 0;
}

/* Takes all samples that the dataset lacks. */
static int take_all(struct run *run, struct err *err)
{
	const struct fill *fill = run->fill;
	const struct pool_job job = {.begin = dataset_next(run->dataset),
				     .end = dataset_end(run->dataset),
				     .chunk = CHUNK,
				     .jobs = (int)fill->jobs,
				     .ctx = run,
				     .work = work,
				     .commit = commit,
				     .stop = interrupt_catch()};
	int slots = pool_slots(&job), rc;

	if (fill->feed && dataset_feed_skip(fill->feed, job.begin, err) < 0)
		return -1;
	run->slots = mem_alloc((size_t)slots, sizeof(*run->slots));
	progress_start(&run->progress, fill->what, job.begin, job.end);
	rc = pool_run(&job, err);
	progress_end(&run->progress);
	if (rc == 0 && fill->feed && job.begin < job.end && job.end == fill->settings->count)
		rc = dataset_feed_check_end(fill->feed, err);
	for (int i = 0; i < slots; i++) {
		dataset_lines_free(&run->slots[i].lines);
		arena_free(&run->slots[i].arena);
	}
	free(run->slots);
	return rc;
}

int fill_dataset(const struct fill *fill, struct err *err)
{
	struct run run = {.fill = fill};
	struct err close_err = {0};
	uint64_t made;
	int rc, closed;

	interrupt_catch();
	run.dataset = dataset_open(fill->settings, fill->mode, err);
	if (!run.dataset)
		return -1;
	rc = take_all(&run, err);
	made = dataset_next(run.dataset);
	closed = dataset_close(run.dataset, &close_err);
	if (closed < 0 && rc == 0) {
		*err = close_err;
		rc = -1;
	}
	if (rc < 0 && err->code == ERR_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED,
			       "stopped after %" PRIu64 " of %" PRIu64
			       " %s; the same command with --resume goes on",
			       made, fill->settings->count, fill->what);
	return rc < 0 ? -1 : closed;
}
