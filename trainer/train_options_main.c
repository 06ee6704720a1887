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
#include "formats/encoding/yaml.h"
#include "formats/model/model_tensors.h"
#include "formats/program/program.h"
#include "gen/options_main.h"
#include "trainer/ops/ops_device.h"
#include "trainer/train/optimizer.h"
#include "trainer/train_config_main.h"

struct train_options train_options_default(void)
{
	return (struct train_options){.out = "cadtrain-out",
				      .preset = "small",
				      .steps = 1000,
				      .samples = 32,
				      .accumulate = 1,
				      .threads = pool_processors(),
				      .show_every = 10,
				      .check_every = 200,
				      .check_samples = 256,
				      .preview = 4,
				      .rate = 1e-3,
				      .warmup = 0.02,
				      .decay = 0.1,
				      .clip = 1,
				      .lora_alpha = 16,
				      .families = "shapes",
				      .feed_threads = 1};
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
		{"stream", 0, "STYLE",
		 "learn from drawings made meanwhile, in this style of cadgen's", CLI_STRING,
		 &o->stream, 0, 0, NULL},
		{"family", 0, "LIST", "with --stream, as cadgen's (shapes)", CLI_STRING,
		 &o->families, 0, 0, NULL},
		{"program", 0, "LANGUAGE", "with --stream, of the programs (calls)", CLI_CHOICE,
		 &o->language, 0, 0, language_names},
		{"reading", 0, "W",
		 "weight of reading the lettering, patch by patch, beside saying programs; 0 for "
		 "none (0)",
		 CLI_REAL, &o->reading, 0, 100, NULL},
		{"reading-first", 0, "SHARE",
		 "of the steps in which that is all that is learned, by the vision tower (0)",
		 CLI_REAL, &o->reading_first, 0, 1, NULL},
		{"out", 'o', "RUN", "the run's folder (cadtrain-out)", CLI_STRING, &o->out, 0, 0,
		 NULL},
		{"tokenizer", 0, "FILE", "tokenizer.json of cadtok (that of --init)", CLI_STRING,
		 &o->tokenizer, 0, 0, NULL},
		{"init", 'i', "CHECKPOINT", "start from a checkpoint instead of the preset",
		 CLI_STRING, &o->init, 0, 0, NULL},
		{"preset", 'p', "NAME", "size of the model: nano, small, base or large (small)",
		 CLI_STRING, &o->preset, 0, 0, NULL},
		{"side", 0, "PX", "side of its pictures (256, or that of --init)", CLI_INT,
		 &o->side, 16, 2048, NULL},
		{"steps", 'n', "N", "steps of the whole run (1000)", CLI_INT, &o->steps, 1,
		 TRAIN_STEPS_MAX, NULL},
		{"epochs", 'e', "X", "the same in passes over the samples", CLI_REAL, &o->epochs,
		 1e-3, 1e6, NULL},
		{"minutes", 0, "M", "the same in minutes here, as the first seconds tell", CLI_REAL,
		 &o->minutes, 1e-3, 1e6, NULL},
		{"batch", 'b', "N", "samples at once (32)", CLI_INT, &o->samples, 1, 65536, NULL},
		{"accumulate", 0, "N", "batches of a step (1)", CLI_INT, &o->accumulate, 1, 4096,
		 NULL},
		{"optimizer", 0, "NAME",
		 "adamw, or muon: that for matrices of layers and projector (adamw)", CLI_CHOICE,
		 &o->optimizer, 0, 0, optimizer_names},
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
		{"average", 0, "D",
		 "decay of the parameters' moving average, which is then what is kept; 0 for none "
		 "(0)",
		 CLI_REAL, &o->average, 0, 0.999999, NULL},
		{"freeze", 0, "PARTS", "leave these as they are: vision, projector, text",
		 CLI_STRING, &o->freeze, 0, 0, NULL},
		{"lora-rank", 0, "N",
		 "of layers train adapters of this rank only; merged in what is kept", CLI_INT,
		 &o->lora_rank, 1, 4096, NULL},
		{"lora-alpha", 0, "A", "weight of adapters, in parts of the rank (16)", CLI_REAL,
		 &o->lora_alpha, 1e-6, 1e6, NULL},
		{"recompute", 0, NULL, "less memory, a third more time", CLI_FLAG, &o->recompute, 0,
		 0, NULL},
		{"check-every", 'c', "N", "steps from validation to validation (200)", CLI_INT,
		 &o->check_every, 1, 1e9, NULL},
		{"check-samples", 0, "N", "validation samples, at most (256)", CLI_INT,
		 &o->check_samples, 1, 1e9, NULL},
		{"preview", 0, "N", "of them to decode for TensorBoard (4)", CLI_INT, &o->preview,
		 0, 64, NULL},
		{"patience", 0, "N",
		 "stop after so many validations without a better one; 0 for never (0)", CLI_INT,
		 &o->patience, 0, 1e9, NULL},
		{"show-every", 0, "N", "steps from line to line (10)", CLI_INT, &o->show_every, 1,
		 1e9, NULL},
		{"seed", 's', "SEED", "of parameters and order (0)", CLI_UINT64, &o->seed, 0, 0,
		 NULL},
		{"device", 0, "NAME", "what computes: cpu, cuda, or auto, cuda if it can (auto)",
		 CLI_CHOICE, &o->device, 0, 0, ops_device_names},
		{"threads", 'j', "N", "threads (one per processor)", CLI_INT, &o->threads, 1, 1024,
		 NULL},
		{"feed-threads", 0, "N", "threads that read or draw samples meanwhile (1)", CLI_INT,
		 &o->feed_threads, 1, 1024, NULL},
		{"f32", 0, NULL, "keep checkpoints in F32 instead of BF16", CLI_FLAG, &o->f32, 0, 0,
		 NULL},
		{"resume", 0, NULL, "go on from the run's state", CLI_FLAG, &o->resume, 0, 0, NULL},
		{0},
	};

	static_assert(sizeof(table) <= TRAIN_OPTIONS_MAX * sizeof(*out), "TRAIN_OPTIONS_MAX");
	memcpy(out, table, sizeof(table));
}

/* --- the command line ------------------------------------------------------------------------ */

static int parse_parts(const char *list, unsigned *parts, struct err *err)
{
	for (;;) {
		size_t length = strcspn(list, ",");
		int part = 0;

		while (part < MODEL_PART_COUNT_ &&
		       (strncmp(model_part_names[part], list, length) != 0 ||
			model_part_names[part][length] != '\0'))
			part++;
		if (part == MODEL_PART_COUNT_)
			return err_set(err, ERR_USAGE,
				       "--freeze: '%.*s' is none of vision, projector, text",
				       (int)length, list);
		*parts |= 1u << part;
		list += length;
		if (*list++ == '\0')
			return 0;
	}
}

static int check_options(struct train_options *o, struct err *err)
{
	if (!o->train == !o->stream)
		return err_set(err, ERR_USAGE,
			       o->train ? "--train and --stream exclude each other"
					: "--train is needed, the dataset; or --stream, a style");
	if (o->stream && o->epochs > 0)
		return err_set(err, ERR_USAGE, "--stream has no end, so no --epochs");
	if (o->reading > 0 && !o->stream)
		return err_set(err, ERR_USAGE,
			       "--reading needs to know what stands where, so --stream");
	if (o->reading_first > 0 && !(o->reading > 0))
		return err_set(err, ERR_USAGE, "--reading-first without --reading");
	if (o->freeze && parse_parts(o->freeze, &o->frozen, err) < 0)
		return -1;
	if (families_parse(o->families, o->family, err) < 0 ||
	    (o->stream && families_check_language(o->family, (enum language)o->language, err) < 0))
		return -1;
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

/* All options of a run, and --plot, which is none. */
static void line_table(struct train_options *o, struct cli_option table[TRAIN_OPTIONS_MAX])
{
	int end = 0;

	train_options_table(o, table);
	while (table[end].name)
		end++;
	assert(end + 1 < TRAIN_OPTIONS_MAX);
	table[end] = (struct cli_option){
		.name = "plot",
		.help = "draw RUN/curves.png of one or several RUNs, and train nothing",
		.kind = CLI_FLAG,
		.dst = &o->plot,
	};
	table[end + 1] = (struct cli_option){0};
}

static int parse_line(struct train_options *o, int argc, char **argv, struct err *err)
{
	struct cli_option table[TRAIN_OPTIONS_MAX];
	const struct cli_program program = {"cadtrain",
					    "{--train DATASET | --stream STYLE | --config FILE | "
					    "--plot RUN...} [OPTION]...",
					    "Trains a model that reads drawings and writes their "
					    "programs.",
					    table};
	int first;

	line_table(o, table);
	first = cli_parse(&program, argc, argv, err);
	if (first < 0)
		return first;
	if (o->plot) {
		o->runs = (const char *const *)argv + first;
		o->run_count = argc - first;
		return 0;
	}
	if (first < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first]);
	return check_texts(table, err);
}

/* What the line, already parsed into *line alone, takes back of the file. */
static void drop_others(struct train_options *o, const struct train_options *line)
{
	if (line->steps || line->epochs > 0 || line->minutes > 0) {
		o->steps = 0;
		o->epochs = o->minutes = 0;
	}
	if (line->preset && !line->init)
		o->init = NULL;
	if (line->train && !line->stream)
		o->stream = NULL;
	if (line->stream && !line->train)
		o->train = NULL;
}

static int check_length(const struct train_options *line, struct err *err)
{
	const char *given[3];
	int count = 0;

	if (line->steps)
		given[count++] = "steps";
	if (line->epochs > 0)
		given[count++] = "epochs";
	if (line->minutes > 0)
		given[count++] = "minutes";
	if (count < 2)
		return 0;
	return err_set(err, ERR_USAGE, "--%s and --%s exclude each other", given[0], given[1]);
}

/* The line is parsed twice: for --config and what else it gives, and again over the file's options. */
int train_options_parse(struct train_options *o, int argc, char **argv, struct err *err)
{
	struct train_options line = {0};
	int rc = parse_line(&line, argc, argv, err);

	if (rc < 0)
		return rc;
	if (line.plot) {
		*o = line;
		return 0;
	}
	if (check_length(&line, err) < 0)
		return -1;
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
int train_options_set_steps(struct train_options *o, uint64_t samples, int processes,
			    struct err *err)
{
	double at_a_step = (double)(o->samples * o->accumulate) * processes;
	double steps = o->epochs * (double)samples / at_a_step;

	if (!(o->epochs > 0))
		return 0;
	steps = fmax(ceil(steps * (1 - 1e-12)), 1);
	if (steps > TRAIN_STEPS_MAX)
		return err_set(err, ERR_USAGE,
			       "--epochs: %.9g of %.0f samples are %.0f steps, over %.0f",
			       o->epochs, (double)samples, steps, TRAIN_STEPS_MAX);
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
	case CLI_TEXTS:
		assert(!"no option of a run is given several times");
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
	if (written.steps)
		written.minutes = 0;
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
