/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train_options_main.h"

#include <string.h>

#include "base/cli.h"
#include "base/pool.h"
#include "formats/model_tensors.h"
#include "formats/program.h"
#include "gen/options_main.h"
#include "trainer/optimizer.h"

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
				      .clip = 1,
				      .lora_alpha = 16,
				      .families = "shapes",
				      .feed_threads = 1};
}

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

int train_options_parse(struct train_options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"train", 't', "DATASET", "what to learn from; its validation samples measure",
		 CLI_STRING, &o->train, 0, 0, NULL},
		{"stream", 0, "STYLE",
		 "learn from drawings made meanwhile, in this style of cadgen's", CLI_STRING,
		 &o->stream, 0, 0, NULL},
		{"family", 0, "LIST", "with --stream, as cadgen's (shapes)", CLI_STRING,
		 &o->families, 0, 0, NULL},
		{"program", 0, "LANGUAGE", "with --stream, of the programs (calls)", CLI_CHOICE,
		 &o->language, 0, 0, language_names},
		{"out", 'o', "RUN", "the run's folder (cadtrain-out)", CLI_STRING, &o->out, 0, 0,
		 NULL},
		{"tokenizer", 0, "FILE", "tokenizer.json of cadtok (that of --init)", CLI_STRING,
		 &o->tokenizer, 0, 0, NULL},
		{"init", 'i', "CHECKPOINT", "start from a checkpoint instead of the preset",
		 CLI_STRING, &o->init, 0, 0, NULL},
		{"preset", 'p', "NAME", "size of the model: nano, small, base or large (small)",
		 CLI_STRING, &o->preset, 0, 0, NULL},
		{"side", 0, "PX", "side of its pictures (256)", CLI_INT, &o->side, 16, 2048, NULL},
		{"steps", 'n', "N", "steps of the whole run (1000)", CLI_INT, &o->steps, 1, 1e9,
		 NULL},
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
		{"patience", 0, "N",
		 "stop after so many validations without a better one; 0 for never (0)", CLI_INT,
		 &o->patience, 0, 1e9, NULL},
		{"show-every", 0, "N", "steps from line to line (10)", CLI_INT, &o->show_every, 1,
		 1e9, NULL},
		{"seed", 's', "SEED", "of parameters and order (0)", CLI_UINT64, &o->seed, 0, 0,
		 NULL},
		{"threads", 'j', "N", "threads (one per processor)", CLI_INT, &o->threads, 1, 1024,
		 NULL},
		{"feed-threads", 0, "N", "threads that read or draw samples meanwhile (1)", CLI_INT,
		 &o->feed_threads, 1, 1024, NULL},
		{"f32", 0, NULL, "keep checkpoints in F32 instead of BF16", CLI_FLAG, &o->f32, 0, 0,
		 NULL},
		{"resume", 0, NULL, "go on from the run's state", CLI_FLAG, &o->resume, 0, 0, NULL},
		{"plot", 0, NULL, "draw RUN/curves.png of one or several RUNs, and train nothing",
		 CLI_FLAG, &o->plot, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {"cadtrain",
					    "{--train DATASET | --stream STYLE} [OPTION]... | "
					    "--plot RUN...",
					    "Trains a model that reads drawings and writes their "
					    "programs.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (o->plot) {
		o->runs = (const char *const *)argv + first;
		o->run_count = argc - first;
		return 0;
	}
	if (first < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first]);
	return check_options(o, err);
}
