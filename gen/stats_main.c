/* SPDX-License-Identifier: MIT */
/*
 * cadgen stats: workers look at samples in chunks; the pool hands over their counts in order.
 *
 *	dataset_feed_read -> slot's samples -> sample_stats_read -> dataset_stats_add
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/cli.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/dataset/dataset_feed.h"
#include "formats/dataset/dataset_stats.h"
#include "gen/numbers_main.h"
#include "gen/stats_main.h"
#include "gen/stats_plot_main.h"

#define CHUNK 8
#define STATUS_VERDICT 3

struct options {
	int64_t jobs;
	const char *json, *plot, *tokenizer, *dataset;
	bool card, no_pictures, allow_duplicates;
};

/* Of a thread. */
struct counter {
	const struct tokenizer *tokenizer;
	struct token_cache *cache;
	struct tokens tokens;
};

struct slot {
	struct arena arena; /* of samples, and scratch */
	struct dataset_sample samples[CHUNK];
	struct sample_stats stats[CHUNK];
};

struct run {
	struct options o;
	struct dataset_feed *feed;
	const struct dataset_facts *facts;
	struct numbers_source numbers; /* of --tokenizer */
	struct counter *counters;
	struct slot *slots;
	struct dataset_stats *stats;
	struct progress progress;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"jobs", 'j', "N", "threads (one per processor)", CLI_INT, &o->jobs, 1, 1024, NULL},
		{"tokenizer", 't', "FILE", "tokenizer.json of cadtok: count tokens as well",
		 CLI_STRING, &o->tokenizer, 0, 0, NULL},
		{"json", 0, "FILE", "also write all figures as JSON", CLI_STRING, &o->json, 0, 0,
		 NULL},
		{"plot", 0, "FILE", "also write a PNG of histograms", CLI_STRING, &o->plot, 0, 0,
		 NULL},
		{"card", 0, NULL, "also put the table into the dataset's README.md", CLI_FLAG,
		 &o->card, 0, 0, NULL},
		{"no-pictures", 0, NULL,
		 "leave pictures closed: no ink, no sizes, equal ones by checksums.jsonl", CLI_FLAG,
		 &o->no_pictures, 0, 0, NULL},
		{"allow-duplicates", 0, NULL, "samples of two parts may be alike", CLI_FLAG,
		 &o->allow_duplicates, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {"cadgen stats", "[OPTION]... DATASET",
					    "Tells what a finished dataset has. Exit status 3: "
					    "samples of two parts are alike.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first == argc)
		return err_set(err, ERR_USAGE, "stats needs the folder of a dataset");
	if (first + 1 < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + 1]);
	o->dataset = argv[first];
	return 0;
}

static uint32_t count_tokens(void *ctx, const char *text, size_t len)
{
	struct counter *counter = ctx;

	tokens_clear(&counter->tokens);
	tokens_from_text(counter->tokenizer, counter->cache, text, len, TOKENS_BARE | TOKENS_PLAIN,
			 &counter->tokens);
	return (uint32_t)counter->tokens.count;
}

static int work(void *ctx, int worker, int slot_index, uint64_t first, uint64_t last,
		struct err *err)
{
	struct run *run = ctx;
	struct slot *slot = &run->slots[slot_index];
	struct stats_wants wants = {.pictures = !run->o.no_pictures,
				    .count_tokens = run->numbers.tokenizer ? count_tokens : NULL,
				    .ctx = &run->counters[worker]};

	arena_reset(&slot->arena);
	if (dataset_feed_read(run->feed, slot->samples, first, last, &slot->arena, err) < 0)
		return -1;
	for (uint64_t i = 0; i < last - first; i++)
		if (sample_stats_read(&slot->stats[i], &slot->samples[i], run->facts->language,
				      &wants, &slot->arena, err) < 0)
			return -1;
	return 0;
}

static int commit(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;

	(void)err;
	for (uint64_t i = 0; i < last - first; i++)
		dataset_stats_add(run->stats, &run->slots[slot].stats[i]);
	progress_update(&run->progress, last);
	return 0;
}

static void counters_new(struct run *run)
{
	run->counters = mem_alloc((size_t)run->o.jobs, sizeof(*run->counters));
	for (int64_t i = 0; i < run->o.jobs && run->numbers.tokenizer; i++)
		run->counters[i] = (struct counter){.tokenizer = run->numbers.tokenizer,
						    .cache = token_cache_new()};
}

static void counters_free(struct run *run)
{
	for (int64_t i = 0; i < run->o.jobs && run->numbers.tokenizer; i++) {
		token_cache_free(run->counters[i].cache);
		tokens_free(&run->counters[i].tokens);
	}
	free(run->counters);
}

static int count_samples(struct run *run, struct err *err)
{
	struct pool_job job = {.end = run->facts->count,
			       .chunk = CHUNK,
			       .jobs = (int)run->o.jobs,
			       .ctx = run,
			       .work = work,
			       .commit = commit};
	int slots = pool_slots(&job), rc;

	run->slots = mem_alloc((size_t)slots, sizeof(*run->slots));
	counters_new(run);
	progress_start(&run->progress, "samples", 0, run->facts->count);
	rc = pool_run(&job, err);
	progress_end(&run->progress);
	if (rc == 0)
		rc = dataset_feed_check_end(run->feed, err);
	if (rc == 0)
		dataset_stats_finish(run->stats);
	for (int i = 0; i < slots; i++)
		arena_free(&run->slots[i].arena);
	counters_free(run);
	free(run->slots);
	return rc;
}

static int write_json(const struct run *run, struct err *err)
{
	struct buf text = {0};
	int rc;

	if (!run->o.json)
		return 0;
	dataset_stats_write_json(run->stats, &text);
	rc = fs_write(run->o.json, text.data, text.len, err);
	buf_free(&text);
	return rc;
}

static int write_table(const struct run *run, struct err *err)
{
	struct buf text = {0};
	int rc = 0;

	dataset_stats_write_table(run->stats, &text);
	if (run->o.card)
		rc = dataset_card_put_stats(run->o.dataset, text.data, err);
	if (rc == 0) {
		fputs(text.data, stdout);
		if (fflush(stdout) != 0 || ferror(stdout))
			rc = err_errno(err, "cannot write standard output");
	}
	buf_free(&text);
	return rc;
}

static int run_load(struct run *run, struct err *err)
{
	if (run->o.tokenizer && numbers_open(&run->numbers, run->o.tokenizer, 0, err) < 0)
		return -1;
	run->feed = dataset_feed_open(run->o.dataset, err);
	if (!run->feed)
		return -1;
	run->facts = dataset_feed_facts(run->feed);
	run->stats = dataset_stats_new();
	return 0;
}

static void run_free(struct run *run)
{
	dataset_stats_free(run->stats);
	dataset_feed_free(run->feed);
	numbers_close(&run->numbers);
}

/* 0, or the verdict's status with err; -1 on error. */
static int tell(struct run *run, struct err *err)
{
	if (run_load(run, err) < 0 || count_samples(run, err) < 0 || write_json(run, err) < 0)
		return -1;
	if (run->o.plot && stats_plot(run->stats, run->o.plot, err) < 0)
		return -1;
	if (write_table(run, err) < 0)
		return -1;
	if (run->o.allow_duplicates || dataset_stats_leak(run->stats, run->o.dataset, err) == 0)
		return 0;
	return STATUS_VERDICT;
}

int stats_main(int argc, char **argv)
{
	struct run run = {.o = {.jobs = pool_processors()}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = tell(&run, &err);
	run_free(&run);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadgen: %s\n", err.msg);
	return rc > 0 ? rc : cli_status(&err);
}
