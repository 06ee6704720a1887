/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/encoding/base64.h"
#include "gen/lines_main.h"

#define CHUNK 16

struct worker {
	struct item_maker *maker;
	struct buf picture; /* its URI */
};

struct run {
	const struct dataset_settings *dataset;
	struct worker *workers;
	struct buf *texts; /* of slots */
	struct progress progress;
};

static int put_line(const struct run *run, struct worker *w, uint64_t index, struct buf *out,
		    struct err *err)
{
	struct dataset_item item;
	char id[32];

	if (item_make(w->maker, index, NULL, &item, err) < 0)
		return -1;
	snprintf(id, sizeof(id), "%08" PRIu64, index);
	item.id = id;
	item.split = dataset_split_of(run->dataset, item.program_hash);
	buf_clear(&w->picture);
	buf_str(&w->picture, "data:");
	buf_str(&w->picture, dataset_picture_type(item.picture_format));
	buf_str(&w->picture, ";base64,");
	base64_put(&w->picture, item.picture, item.picture_bytes);
	run->dataset->layout->put_entry(out, &item, w->picture.data);
	out->data[--out->len] = '\0'; /* its brace */
	buf_str(out, ",\"split\":");
	buf_json_str(out, dataset_split_names[item.split]);
	buf_str(out, "}\n");
	return 0;
}

static int work(void *ctx, int worker, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;

	buf_clear(&run->texts[slot]);
	for (uint64_t i = first; i < last; i++)
		if (put_line(run, &run->workers[worker], i, &run->texts[slot], err) < 0)
			return -1;
	return 0;
}

static int commit(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;
	const struct buf *text = &run->texts[slot];

	(void)first;
	if (fwrite(text->data, 1, text->len, stdout) != text->len || fflush(stdout) != 0)
		return err_errno(err, "cannot write standard output");
	progress_update(&run->progress, last);
	return 0;
}

int lines_print(const struct item_settings *item, const struct dataset_settings *dataset,
		int64_t jobs, struct err *err)
{
	struct run run = {.dataset = dataset};
	const struct pool_job job = {.end = dataset->count,
				     .chunk = CHUNK,
				     .jobs = (int)jobs,
				     .ctx = &run,
				     .work = work,
				     .commit = commit,
				     .stop = interrupt_catch()};
	int slots = pool_slots(&job), rc = 0;

	if (isatty(STDOUT_FILENO))
		return err_set(
			err, ERR_USAGE,
			"standard output is a terminal: send the lines to a program or a file");
	run.workers = mem_alloc((size_t)jobs, sizeof(*run.workers));
	run.texts = mem_alloc((size_t)slots, sizeof(*run.texts));
	for (int64_t i = 0; i < jobs && rc == 0; i++) {
		run.workers[i].maker = item_maker_new(item, err);
		rc = run.workers[i].maker ? 0 : -1;
	}
	progress_start(&run.progress, "drawings", 0, job.end);
	if (rc == 0)
		rc = pool_run(&job, err);
	progress_end(&run.progress);
	for (int64_t i = 0; i < jobs; i++) {
		item_maker_free(run.workers[i].maker);
		buf_free(&run.workers[i].picture);
	}
	for (int i = 0; i < slots; i++)
		buf_free(&run.texts[i]);
	free(run.workers);
	free(run.texts);
	if (rc < 0 && err->code == ERR_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED, "stopped");
	return rc;
}
