/* SPDX-License-Identifier: MIT */
/*
 * One table says what options there are: for the command line, for the file of --config and for the
 * file that is written.
 */
#include <config.h>

#include "trainer/train_options_main.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "base/utf8.h"
#include "formats/yaml.h"
#include "trainer/optimizer.h"
#include "trainer/train_config_main.h"

#define STEPS_MAX 1e9

struct train_options train_options_default(void)
{
	return (struct train_options){.out = "cadtrain-out",
				      .preset = "small",
				      .side = 256,
				      .steps = 1000,
				      .samples = 32,
				      .accumulate = 1,
				      .threads = pool_processors(),
				      .show_every = 10,
				      .check_every = 200,
				      .check_samples = 256,
				      .rate = 1e-3,
				      .warmup = 0.02,
				      .decay = 0.1,
				      .clip = 1};
}

void train_options_table(struct train_options *o, struct cli_option out[TRAIN_OPTIONS_MAX])
{
	const struct cli_option table[] = {
		{"config", 0, "FILE", "options from a YAML file; those given here go before",
		 CLI_STRING, &o->config, 0, 0, NULL},
		{"train", 't', "DATASET", "what to learn from: a folder, or a JSON file",
		 CLI_STRING, &o->train, 0, 0, NULL},
		{"val", 0, "DATASET", "what to validate on (of --train)", CLI_STRING, &o->val, 0, 0,
		 NULL},
		{"image-folder", 0, "DIR", "where pictures of a JSON file lie (beside it)",
		 CLI_STRING, &o->image_folder, 0, 0, NULL},
		{"out", 'o', "RUN", "the run's folder (cadtrain-out)", CLI_STRING, &o->out, 0, 0,
		 NULL},
		{"tokenizer", 0, "FILE", "tokenizer.json of cadtok (that of --init)", CLI_STRING,
		 &o->tokenizer, 0, 0, NULL},
		{"init", 'i', "CHECKPOINT", "start from a checkpoint instead of the preset",
		 CLI_STRING, &o->init, 0, 0, NULL},
		{"preset", 'p', "NAME", "size of the model: nano, small, base or large (small)",
		 CLI_STRING, &o->preset, 0, 0, NULL},
		{"side", 0, "PX", "side of its pictures (256)", CLI_INT, &o->side, 16, 2048, NULL},
		{"steps", 'n', "N", "steps of the whole run (1000)", CLI_INT, &o->steps, 1,
		 STEPS_MAX, NULL},
		{"epochs", 'e', "X", "the same in passes over the samples", CLI_REAL, &o->epochs,
		 1e-3, 1e6, NULL},
		{"batch", 'b', "N", "samples at once (32)", CLI_INT, &o->samples, 1, 65536, NULL},
		{"accumulate", 0, "N", "batches of a step (1)", CLI_INT, &o->accumulate, 1, 4096,
		 NULL},
		{"rate", 'r', "RATE", "the highest learning rate (0.001)", CLI_REAL, &o->rate, 0, 1,
		 NULL},
		{"schedule", 0, "SHAPE", "how the rate falls (cosine)", CLI_CHOICE, &o->shape, 0, 0,
		 rate_shape_names},
		{"warmup", 0, "SHARE", "of the steps in which the rate rises (0.02)", CLI_REAL,
		 &o->warmup, 0, 1, NULL},
		{"decay", 0, "D", "weight decay of matrices (0.1)", CLI_REAL, &o->decay, 0, 1,
		 NULL},
		{"clip", 0, "LENGTH", "of the gradient; 0 for none (1)", CLI_REAL, &o->clip, 0, 1e9,
		 NULL},
		{"smoothing", 0, "S", "of labels (0)", CLI_REAL, &o->smoothing, 0, 0.5, NULL},
		{"recompute", 0, NULL, "less memory, a third more time", CLI_FLAG, &o->recompute, 0,
		 0, NULL},
		{"check-every", 'c', "N", "steps from validation to validation (200)", CLI_INT,
		 &o->check_every, 1, 1e9, NULL},
		{"check-samples", 0, "N", "validation samples, at most (256)", CLI_INT,
		 &o->check_samples, 1, 1e9, NULL},
		{"show-every", 0, "N", "steps from line to line (10)", CLI_INT, &o->show_every, 1,
		 1e9, NULL},
		{"seed", 's', "SEED", "of parameters and order (0)", CLI_UINT64, &o->seed, 0, 0,
		 NULL},
		{"threads", 'j', "N", "threads (one per processor)", CLI_INT, &o->threads, 1, 1024,
		 NULL},
		{"resume", 0, NULL, "go on from the run's state", CLI_FLAG, &o->resume, 0, 0, NULL},
		{0},
	};

	static_assert(sizeof(table) <= TRAIN_OPTIONS_MAX * sizeof(*out), "TRAIN_OPTIONS_MAX");
	memcpy(out, table, sizeof(table));
}

/* --- the command line ------------------------------------------------------------------------ */

static int check_options(const struct train_options *o, struct err *err)
{
	if (!o->train)
		return err_set(err, ERR_USAGE, "--train is needed: the dataset");
	if (!o->tokenizer && !o->init)
		return err_set(err, ERR_USAGE,
			       "--tokenizer is needed, or a checkpoint by --init that has one");
	return 0;
}

/* A run's configuration is written in UTF-8. */
static int check_texts(const struct cli_option *option, struct err *err)
{
	for (; option->name; option++) {
		const char *text = option->kind == CLI_STRING ? *(const char **)option->dst : NULL;

		if (text && strcmp(option->name, "config") != 0 && !utf8_is_valid(text))
			return err_set(err, ERR_USAGE, "--%s: not UTF-8", option->name);
	}
	return 0;
}

static int parse_line(struct train_options *o, int argc, char **argv, struct err *err)
{
	struct cli_option table[TRAIN_OPTIONS_MAX];
	const struct cli_program program = {"cadtrain",
					    "--train DATASET | --config FILE [OPTION]...",
					    "Trains a model that reads drawings and writes their "
					    "programs.",
					    table};
	int first;

	train_options_table(o, table);
	first = cli_parse(&program, argc, argv, err);
	if (first < 0)
		return first;
	if (first < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first]);
	return check_texts(table, err);
}

/* What the line, already parsed into *line alone, takes back of the file. */
static void drop_others(struct train_options *o, const struct train_options *line)
{
	if (line->steps)
		o->epochs = 0;
	if (line->epochs > 0)
		o->steps = 0;
	if (line->preset && !line->init)
		o->init = NULL;
}

/* The line is parsed twice: for --config and what else it gives, and again over the file's options. */
int train_options_parse(struct train_options *o, int argc, char **argv, struct err *err)
{
	struct train_options line = {0};
	int rc = parse_line(&line, argc, argv, err);

	if (rc < 0)
		return rc;
	if (line.steps && line.epochs > 0)
		return err_set(err, ERR_USAGE, "--steps and --epochs exclude each other");
	if (line.config)
		rc = train_config_read(o, line.config, err);
	if (rc == 0) {
		drop_others(o, &line);
		rc = parse_line(o, argc, argv, err);
	}
	if (rc == 0)
		rc = check_options(o, err);
	if (rc < 0)
		train_options_free(o);
	return rc;
}

void train_options_free(struct train_options *o)
{
	arena_free(&o->texts);
}

/* What is above a whole number of steps by rounding alone is no step. */
int train_options_set_steps(struct train_options *o, uint64_t samples, struct err *err)
{
	double steps = o->epochs * (double)samples / (double)(o->samples * o->accumulate);

	if (!(o->epochs > 0))
		return 0;
	steps = fmax(ceil(steps * (1 - 1e-12)), 1);
	if (steps > STEPS_MAX)
		return err_set(err, ERR_USAGE,
			       "--epochs: %.9g of %.0f samples are %.0f steps, over %.0f",
			       o->epochs, (double)samples, steps, STEPS_MAX);
	o->steps = (int64_t)steps;
	return 0;
}

/* --- the configuration ----------------------------------------------------------------------- */

void train_options_key(const struct cli_option *option, char key[TRAIN_KEY_BYTES])
{
	size_t len = strlen(option->name);

	assert(len < TRAIN_KEY_BYTES);
	for (size_t i = 0; i <= len; i++)
		key[i] = (char)(option->name[i] == '-' ? '_' : option->name[i]);
}

/* False where there is none: no text, or zero where zero is out of range. */
static bool has_value(const struct cli_option *option)
{
	switch (option->kind) {
	case CLI_STRING:
		return *(const char **)option->dst != NULL;
	case CLI_INT:
		return (double)*(int64_t *)option->dst >= option->lo;
	case CLI_REAL:
		return *(double *)option->dst >= option->lo;
	default:
		return true;
	}
}

static void put_value(struct buf *b, const struct cli_option *option)
{
	switch (option->kind) {
	case CLI_FLAG:
		buf_str(b, *(bool *)option->dst ? "true" : "false");
		break;
	case CLI_INT:
		buf_int(b, *(int64_t *)option->dst);
		break;
	case CLI_UINT64:
		buf_uint(b, *(uint64_t *)option->dst);
		break;
	case CLI_REAL:
		yaml_write_real(b, *(double *)option->dst);
		break;
	case CLI_STRING:
		yaml_write_text(b, *(const char **)option->dst);
		break;
	case CLI_CHOICE:
		yaml_write_text(b, option->names[*(int *)option->dst]);
		break;
	}
}

void train_options_write(const struct train_options *o, struct buf *b)
{
	struct cli_option table[TRAIN_OPTIONS_MAX];
	struct train_options written = *o;
	char key[TRAIN_KEY_BYTES];

	written.config = NULL;
	if (written.epochs > 0)
		written.steps = 0;
	train_options_table(&written, table);
	for (const struct cli_option *option = table; option->name; option++) {
		if (!has_value(option))
			continue;
		train_options_key(option, key);
		buf_str(b, key);
		buf_str(b, ": ");
		put_value(b, option);
		buf_char(b, '\n');
	}
}
