/* SPDX-License-Identifier: MIT */
/*
 * train_options_main: all that decides a run of cadtrain.
 *
 *	struct train_options o = train_options_default();
 *	int rc = train_options_parse(&o, argc, argv, &err);
 */
#ifndef TRAINER_TRAIN_OPTIONS_MAIN_H
#define TRAINER_TRAIN_OPTIONS_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/scene.h"

/* Strings are borrowed from argv, or literals. */
struct train_options {
	const char *train, *stream, *out, *tokenizer, *init, *preset;
	const char *freeze, *families; /* lists with commas */
	int64_t side, steps, samples, accumulate, threads, feed_threads;
	int64_t show_every, check_every, check_samples;
	int64_t patience; /* checks without a better one until the run ends; 0: it does not */
	int64_t lora_rank;
	uint64_t seed;
	double rate, warmup, decay, clip, smoothing, average, lora_alpha;
	int shape, language;
	unsigned frozen; /* what freeze says */
	double family[FAMILY_COUNT_];
	bool recompute, resume, f32, plot;
	const char *const *runs; /* of plot */
	int run_count;
};

struct train_options train_options_default(void);

/* As cli_parse: CLI_DONE when help or version was printed, -1 with ERR_USAGE, else 0. */
int train_options_parse(struct train_options *options, int argc, char **argv, struct err *err);

#endif
