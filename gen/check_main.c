/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cli.h"
#include "base/progress.h"
#include "formats/dataset/dataset_salvage.h"
#include "gen/check_main.h"

#define STATUS_VERDICT 3

struct run {
	const char *dataset;
	int64_t show;
	uint64_t shown;
	uint64_t broken[DAMAGE_COUNT_], bad; /* samples */
};

static const char *const names[] = {
#define D(id, name) name,
	DATASET_DAMAGES(D)
#undef D
};

static int parse_options(struct run *run, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"show", 0, "N", "print the first N things that are wrong (20)", CLI_INT,
		 &run->show, 0, 1e9, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadconv check", "[OPTION]... DATASET",
		"Compares all of a finished dataset of cadgen with its checksums and counts. Exit\n"
		"status 3: something is broken; cadconv repair mends it.",
		table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first + 1 != argc)
		return err_set(err, ERR_USAGE, "check needs the folder of a dataset");
	run->dataset = argv[first];
	return 0;
}

static void hear(void *ctx, const char *line)
{
	struct run *run = ctx;

	if (run->shown++ < (uint64_t)run->show)
		puts(line);
}

static void check_samples(struct run *run, struct dataset_salvage *salvage)
{
	struct dataset_sample sample;
	struct arena arena = {0};
	struct progress progress;

	progress_start(&progress, "samples", 0, dataset_salvage_facts(salvage)->count);
	while (dataset_salvage_next(salvage, &sample, &arena)) {
		for (int i = 0; i < DAMAGE_COUNT_; i++)
			run->broken[i] += sample.broken >> i & 1;
		run->bad += sample.broken != 0;
		progress_update(&progress, sample.index + 1);
		arena_reset(&arena);
	}
	dataset_salvage_end(salvage);
	progress_end(&progress);
	arena_free(&arena);
}

static int print_tally(const struct run *run, uint64_t count, uint64_t wrong, struct err *err)
{
	if (run->shown > (uint64_t)run->show)
		printf("%" PRIu64 " more\n", run->shown - (uint64_t)run->show);
	printf("%-24s %12s\n", "broken", "samples");
	for (int i = 0; i < DAMAGE_COUNT_; i++)
		printf("%-24s %12" PRIu64 "\n", names[i], run->broken[i]);
	printf("%-24s %12" PRIu64 " of %" PRIu64 "\n", "any of them", run->bad, count);
	if (wrong && !run->bad)
		puts("Every sample is sound; what is wrong lies around them.");
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_errno(err, "cannot write standard output");
	return 0;
}

static int check(struct run *run, struct err *err)
{
	struct dataset_salvage *salvage = dataset_salvage_open(run->dataset, hear, run, err);
	uint64_t wrong;
	int rc;

	if (!salvage)
		return -1;
	check_samples(run, salvage);
	wrong = dataset_salvage_heard(salvage);
	rc = print_tally(run, dataset_salvage_facts(salvage)->count, wrong, err);
	dataset_salvage_free(salvage);
	if (rc < 0)
		return -1;
	return wrong ? STATUS_VERDICT : 0;
}

int check_main(int argc, char **argv)
{
	struct run run = {.show = 20};
	struct err err = {0};
	int rc = parse_options(&run, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = check(&run, &err);
	if (rc >= 0)
		return rc;
	fprintf(stderr, "cadconv: %s\n", err.msg);
	return cli_status(&err);
}
