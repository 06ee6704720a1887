/* SPDX-License-Identifier: MIT */
/*
 * cadgen verify: workers prove samples in chunks; the pool hands their counts back in order.
 *
 *	dataset_feed_read -> slot's samples -> prover_check -> counts
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/dataset/dataset_feed.h"
#include "gen/proof_main.h"
#include "gen/remake_main.h"
#include "gen/verify_main.h"

#define CHUNK 8
#define STATUS_VERDICT 3

struct options {
	int64_t jobs, limit, show;
	const char *font, *dataset;
};

/* Counts of samples, and lines about those that fail. */
struct tally {
	uint64_t checked[PROOF_COUNT_], failed[PROOF_COUNT_];
	uint64_t bad;   /* samples that fail any proof */
	uint64_t lines; /* how many of them are in text */
	struct buf text;
};

struct slot {
	struct arena arena; /* of samples */
	struct dataset_sample samples[CHUNK];
	struct tally tally;
};

struct run {
	struct options o;
	struct dataset_feed *feed;
	const struct dataset_facts *facts;
	struct remake remake;
	uint64_t count; /* samples to check */
	struct prover **provers;
	struct slot *slots;
	struct tally total;
	struct progress progress;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"jobs", 'j', "N", "threads (one per processor)", CLI_INT, &o->jobs, 1, 1024, NULL},
		{"limit", 0, "N", "check the first N samples (all)", CLI_INT, &o->limit, 1, 1e12,
		 NULL},
		{"font", 0, "FILE", "the font that the dataset was made with", CLI_STRING, &o->font,
		 0, 0, NULL},
		{"show", 0, "N", "print the first N samples that fail (20)", CLI_INT, &o->show, 0,
		 1e9, NULL},
		{0},
	};
	const struct cli_program program = {"cadgen verify", "[OPTION]... DATASET",
					    "Proves the labels of a finished dataset against its "
					    "pictures. Exit status 3: some proof failed.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first == argc)
		return err_set(err, ERR_USAGE, "verify needs the folder of a dataset");
	if (first + 1 < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + 1]);
	o->dataset = argv[first];
	return 0;
}

static int run_load(struct run *run, struct err *err)
{
	run->feed = dataset_feed_open(run->o.dataset, err);
	if (!run->feed)
		return -1;
	run->facts = dataset_feed_facts(run->feed);
	run->count = run->facts->count;
	if (run->o.limit && (uint64_t)run->o.limit < run->count)
		run->count = (uint64_t)run->o.limit;
	run->remake.sample.seed = run->facts->seed;
	run->remake.sample.mix = &run->facts->style;
	run->remake.sample.legible_px = run->facts->size_px;
	run->remake.sample.prompts = prompts_builtin(FAMILY_SHAPES); /* drawn, not looked at */
	return remake_load_font(&run->remake, run->facts, run->o.dataset, run->o.font, err);
}

/* A message may quote a program of several lines. */
static void put_message(struct buf *out, const char *msg)
{
	for (; *msg; msg++)
		buf_char(out, (unsigned char)*msg < ' ' || *msg == '\x7f' ? ' ' : *msg);
}

/* "00000042: reader: WHY; also redraw, picture" */
static void put_line(struct buf *out, const char *id, const struct verdict *v)
{
	const char *before = ": ";
	bool first = true;

	buf_str(out, id);
	for (int i = 0; i < PROOF_COUNT_; i++) {
		if (!v->failed[i])
			continue;
		buf_str(out, before);
		buf_str(out, proof_name((enum proof)i));
		if (first) {
			buf_str(out, ": ");
			put_message(out, v->why[i].msg);
		}
		before = first ? "; also " : ", ";
		first = false;
	}
	buf_char(out, '\n');
}

static void count_verdict(struct tally *tally, const char *id, const struct verdict *v,
			  uint64_t show)
{
	bool bad = false;

	for (int i = 0; i < PROOF_COUNT_; i++) {
		tally->checked[i] += v->checked[i];
		tally->failed[i] += v->failed[i];
		bad |= v->failed[i];
	}
	tally->bad += bad;
	if (!bad || tally->lines >= show)
		return;
	put_line(&tally->text, id, v);
	tally->lines++;
}

static void tally_clear(struct tally *tally)
{
	struct buf text = tally->text;

	buf_clear(&text);
	*tally = (struct tally){.text = text};
}

/* Adds the first lines of `from` up to `show` in all. */
static void tally_add(struct tally *to, const struct tally *from, uint64_t show)
{
	const char *line = from->text.data;

	for (int i = 0; i < PROOF_COUNT_; i++) {
		to->checked[i] += from->checked[i];
		to->failed[i] += from->failed[i];
	}
	to->bad += from->bad;
	for (uint64_t i = 0; i < from->lines && to->lines < show; i++, to->lines++) {
		const char *end = strchr(line, '\n') + 1;

		buf_bytes(&to->text, line, (size_t)(end - line));
		line = end;
	}
}

static int work(void *ctx, int worker, int slot_index, uint64_t first, uint64_t last,
		struct err *err)
{
	struct run *run = ctx;
	struct slot *slot = &run->slots[slot_index];
	struct verdict verdict;

	tally_clear(&slot->tally);
	arena_reset(&slot->arena);
	if (dataset_feed_read(run->feed, slot->samples, first, last, &slot->arena, err) < 0)
		return -1;
	for (uint64_t i = 0; i < last - first; i++) {
		const struct dataset_sample *sample = &slot->samples[i];

		if (prover_check(run->provers[worker], sample, &verdict, err) < 0)
			return -1;
		count_verdict(&slot->tally, sample->id, &verdict, (uint64_t)run->o.show);
	}
	return 0;
}

static int commit(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;

	(void)first;
	(void)err;
	tally_add(&run->total, &run->slots[slot].tally, (uint64_t)run->o.show);
	progress_update(&run->progress, last);
	return 0;
}

static int check_samples(struct run *run, struct err *err)
{
	struct pool_job job = {.end = run->count,
			       .chunk = CHUNK,
			       .jobs = (int)run->o.jobs,
			       .ctx = run,
			       .work = work,
			       .commit = commit};
	int slots = pool_slots(&job), rc = 0;

	run->slots = mem_alloc((size_t)slots, sizeof(*run->slots));
	run->provers = mem_alloc((size_t)job.jobs, sizeof(struct prover *));
	for (int i = 0; i < job.jobs && rc == 0; i++) {
		run->provers[i] = prover_new(&run->remake.sample, run->facts, err);
		rc = run->provers[i] ? 0 : -1;
	}
	progress_start(&run->progress, "samples", 0, run->count);
	if (rc == 0)
		rc = pool_run(&job, err);
	progress_end(&run->progress);
	if (rc == 0 && run->count == run->facts->count)
		rc = dataset_feed_check_end(run->feed, err);
	for (int i = 0; i < job.jobs; i++)
		prover_free(run->provers[i]);
	for (int i = 0; i < slots; i++) {
		arena_free(&run->slots[i].arena);
		buf_free(&run->slots[i].tally.text);
	}
	free(run->provers);
	free(run->slots);
	return rc;
}

/* Hundredths of a per cent, rounded down: only what is whole is 100.00. */
static void print_rate(const char *name, uint64_t checked, uint64_t failed)
{
	uint64_t passed = checked - failed;
	uint64_t rate = checked ? (uint64_t)((double)passed / (double)checked * 10000) : 0;

	if (failed == 0)
		rate = 10000;
	else if (rate == 10000)
		rate = 9999;
	printf("%-12s %12" PRIu64 " %12" PRIu64, name, checked, passed);
	if (checked)
		printf(" %4" PRIu64 ".%02" PRIu64 " %%\n", rate / 100, rate % 100);
	else
		printf(" %9s\n", "-");
}

static int print_tally(const struct tally *t, struct err *err)
{
	printf("%-12s %12s %12s %9s\n", "proof", "checked", "passed", "rate");
	for (int i = 0; i < PROOF_COUNT_; i++)
		print_rate(proof_name((enum proof)i), t->checked[i], t->failed[i]);
	if (t->lines)
		fputs(t->text.data, stdout);
	if (t->bad > t->lines)
		printf("%" PRIu64 " more\n", t->bad - t->lines);
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_errno(err, "cannot write standard output");
	return 0;
}

static void run_free(struct run *run)
{
	remake_free(&run->remake);
	dataset_feed_free(run->feed);
	buf_free(&run->total.text);
}

/* 0 or the verdict's status; -1 on error. */
static int verify(struct run *run, struct err *err)
{
	if (run_load(run, err) < 0 || check_samples(run, err) < 0 ||
	    print_tally(&run->total, err) < 0)
		return -1;
	if (run->total.bad == 0)
		return 0;
	if (strcmp(run->facts->version, PACKAGE_VERSION) != 0)
		fprintf(stderr, "cadgen: %s was made by cadgen %s, this is %s\n", run->o.dataset,
			run->facts->version, PACKAGE_VERSION);
	return STATUS_VERDICT;
}

int verify_main(int argc, char **argv)
{
	struct run run = {.o = {.jobs = pool_processors(), .show = 20}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = verify(&run, &err);
	run_free(&run);
	if (rc >= 0)
		return rc;
	fprintf(stderr, "cadgen: %s\n", err.msg);
	return cli_status(&err);
}
