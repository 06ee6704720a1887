/* SPDX-License-Identifier: MIT */
/*
 * train_options_main: all that decides a run of cadtrain.
 *
 *	struct train_options o = train_options_default();
 *	int rc = train_options_parse(&o, argc, argv, &err);
 *	... train_options_set_steps(&o, samples, 1, &err)		(once the dataset is known)
 *	train_options_free(&o);
 *
 * Defaults give way to the file of --config, and that to the command line.
 */
#ifndef TRAINER_TRAIN_OPTIONS_MAIN_H
#define TRAINER_TRAIN_OPTIONS_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cli.h"
#include "base/err.h"
#include "formats/scene/scene.h"

#define TRAIN_STEPS_MAX 1e9

/* Strings are borrowed from argv, are literals, or lie in `texts`; all but `config` are UTF-8. */
struct train_options {
	const char *config;
	const char *train; /* folder of a dataset, or file of LLaVA's layout; so is `val` */
	const char *val, *image_folder; /* NULL: what `train` has beside it */
	const char *stream, *out, *tokenizer, *init, *preset;
	const char *freeze, *families; /* lists with commas */
	int64_t side, samples, accumulate, threads, feed_threads;
	int64_t steps; /* 0: not known yet, as epochs or minutes are given; see train_options_set_steps */
	double epochs, minutes; /* both 0: `steps` says it */
	int64_t show_every, check_every, check_samples;
	int64_t patience; /* checks without a better one until the run ends; 0: it does not */
	int64_t lora_rank, preview;
	uint64_t seed;
	double rate, warmup, decay, clip, smoothing, average, lora_alpha, reading, reading_first;
	int optimizer, shape, language, device; /* device: enum ops_device */
	unsigned frozen;                        /* what freeze says */
	double family[FAMILY_COUNT_];
	bool recompute, resume, f32;
	bool plot; /* of the line alone: nothing is trained, runs are drawn */
	const char *const *runs;
	int run_count;
	struct arena texts; /* owns what the file of --config gave */
};

struct train_options train_options_default(void);

/* As cli_parse: CLI_DONE when help or version was printed, -1 with ERR_USAGE, else 0; -1 also as
 * train_config_read. Of --steps, --epochs and --minutes the command line's drops the file's, of --train and
 * --stream likewise, and --preset drops the checkpoint. */
int train_options_parse(struct train_options *options, int argc, char **argv, struct err *err);
void train_options_free(struct train_options *options);

/* Where epochs are given: steps, so that all samples are taken that many times by so many processes together; the
 * last step is counted whole. ERR_USAGE for more than 1e9. */
int train_options_set_steps(struct train_options *options, uint64_t samples, int processes,
			    struct err *err);

/* Appends YAML that train_config_read takes for the same options, bit for bit; `config` is not one of
 * them. Of steps and epochs it has what was given, and steps for minutes once they are known. */
void train_options_write(const struct train_options *options, struct buf *b);

/* --- for train_config_main */

#define TRAIN_OPTIONS_MAX 64
#define TRAIN_KEY_BYTES 32

/* The option table, with dst within *options, and a zeroed entry behind it. */
void train_options_table(struct train_options *options, struct cli_option table[TRAIN_OPTIONS_MAX]);

/* The key of an option in a file: its name with '_' for '-'. */
void train_options_key(const struct cli_option *option, char key[TRAIN_KEY_BYTES]);

#endif
