/* SPDX-License-Identifier: MIT */
/* train_options and train_config: what the file says, what the command line changes of it, every refusal,
 * and that a configuration that was written is read for the same. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "tests/random_shapes.h"
#include "trainer/train_config_main.h"

static char file[300];
static struct arena arena; /* of words, which options borrow */

static void put_file(const char *text)
{
	struct err err = {0};

	assert_int_equal(fs_write(file, text, strlen(text), &err), 0);
}

/* Parses a line of words, where "FILE" is the file. */
static int parse(struct train_options *o, const char *line, struct err *err)
{
	char *argv[64], *words = arena_strndup(&arena, line, strlen(line));
	struct buf config = {0};
	int argc = 1;

	argv[0] = arena_strndup(&arena, "cadtrain", 8);
	buf_str(&config, "--config=");
	buf_str(&config, file);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = strcmp(word, "FILE") == 0 ? file
			       : strcmp(word, "--config=FILE") == 0
				       ? arena_strndup(&arena, config.data, config.len)
				       : word;
	argv[argc] = NULL;
	buf_free(&config);
	*o = train_options_default();
	*err = (struct err){0};
	return train_options_parse(o, argc, argv, err);
}

static struct train_options parsed(const char *line)
{
	struct train_options o;
	struct err err;

	if (parse(&o, line, &err) != 0)
		fail_msg("%s: %s", line, err.msg);
	return o;
}

/* The file's text, then the line. */
static struct train_options configured(const char *text, const char *line)
{
	put_file(text);
	return parsed(line);
}

static void assert_text(const char *is, const char *expected)
{
	if (expected && is)
		assert_string_equal(is, expected);
	else
		assert_true(is == expected);
}

static void assert_same(struct train_options *a, struct train_options *b)
{
	static const size_t bytes[] = {
		[CLI_FLAG] = sizeof(bool),       [CLI_INT] = sizeof(int64_t),
		[CLI_UINT64] = sizeof(uint64_t), [CLI_REAL] = sizeof(double),
		[CLI_CHOICE] = sizeof(int),
	};
	struct cli_option x[TRAIN_OPTIONS_MAX], y[TRAIN_OPTIONS_MAX];

	train_options_table(a, x);
	train_options_table(b, y);
	for (int i = 0; x[i].name; i++) {
		if (strcmp(x[i].name, "config") == 0)
			continue;
		if (x[i].kind == CLI_STRING)
			assert_text(*(const char **)x[i].dst, *(const char **)y[i].dst);
		else if (memcmp(x[i].dst, y[i].dst, bytes[x[i].kind]) != 0)
			fail_msg("--%s differs", x[i].name);
	}
}

/* --- what the file says */

static void test_users_file(void **state)
{
	struct train_options o = configured("base_model: ./checkpoint\n"
					    "train_data: ./data/train.json\n"
					    "val_data: ./data/val.json\n"
					    "image_folder: ./data\n"
					    "training:\n"
					    "  num_epochs: 3\n"
					    "  per_device_batch_size: 2\n"
					    "  learning_rate: 0.0001\n",
					    "--config FILE");

	(void)state;
	assert_string_equal(o.config, file);
	assert_string_equal(o.init, "./checkpoint");
	assert_string_equal(o.train, "./data/train.json");
	assert_string_equal(o.val, "./data/val.json");
	assert_string_equal(o.image_folder, "./data");
	assert_true(o.epochs == 3 && o.steps == 0);
	assert_true(o.samples == 2);
	assert_true(o.rate == 0.0001);
	assert_true(o.warmup == 0.02 && o.side == 0);
	assert_string_equal(o.out, "cadtrain-out");
	train_options_free(&o);
}

/* A value of the option that is not its default. */
static const char *value_of(const struct cli_option *option)
{
	static const char *const kinds[] = {
		[CLI_FLAG] = "true", [CLI_INT] = "48",      [CLI_UINT64] = "18446744073709551615",
		[CLI_REAL] = "0.25", [CLI_STRING] = "here", [CLI_CHOICE] = NULL};

	if (option->kind == CLI_CHOICE)
		return option->names[1];
	if (strcmp(option->name, "freeze") == 0)
		return "vision,text";
	if (strcmp(option->name, "family") == 0)
		return "plate:2,turned";
	return kinds[option->kind];
}

/* What the line needs besides the option. */
static const char *others_of(const struct cli_option *option)
{
	if (strcmp(option->name, "train") == 0 || strcmp(option->name, "stream") == 0)
		return "--init I";
	if (strcmp(option->name, "reading") == 0)
		return "--stream S --init I";
	if (strcmp(option->name, "reading-first") == 0)
		return "--stream S --reading 1 --init I";
	return strcmp(option->name, "init") == 0 ? "--train T" : "--train T --init I";
}

/* Every row of the table by its key. */
static void test_every_option(void **state)
{
	struct train_options options = train_options_default();
	struct cli_option table[TRAIN_OPTIONS_MAX];

	(void)state;
	train_options_table(&options, table);
	assert_string_equal(table[0].name, "config");
	for (const struct cli_option *t = table + 1; t->name; t++) {
		bool flag = t->kind == CLI_FLAG;
		char key[TRAIN_KEY_BYTES], text[100], line[100];
		struct train_options a, b;

		train_options_key(t, key);
		assert_null(strchr(key, '-'));
		snprintf(text, sizeof(text), "%s: %s\n", key, value_of(t));
		snprintf(line, sizeof(line), "%s --%s%s%s", others_of(t), t->name, flag ? "" : "=",
			 flag ? "" : value_of(t));
		b = parsed(line);
		snprintf(line, sizeof(line), "%s --config FILE", others_of(t));
		a = configured(text, line);
		assert_same(&a, &b);
		train_options_free(&a);
	}
}

static void test_other_names(void **state)
{
	static const char *const pairs[][3] = {
		{"base_model", "x/y", "--init=x/y"},
		{"base_model", "nano", "--preset=nano"},
		{"model_name_or_path", "x", "--init=x"},
		{"model_name_or_path", "large", "--preset=large"},
		{"train_data", "x", "--train=x"},
		{"data_path", "x", "--train=x"},
		{"val_data", "x", "--val=x"},
		{"output_dir", "x", "--out=x"},
		{"num_epochs", "0.5", "--epochs=0.5"},
		{"num_train_epochs", "2", "--epochs=2"},
		{"max_steps", "7", "--steps=7"},
		{"per_device_batch_size", "7", "--batch=7"},
		{"per_device_train_batch_size", "7", "--batch=7"},
		{"gradient_accumulation_steps", "7", "--accumulate=7"},
		{"learning_rate", "2e-5", "--rate=2e-5"},
		{"lr_scheduler_type", "stable", "--schedule=stable"},
		{"warmup_ratio", "0.03", "--warmup=0.03"},
		{"weight_decay", "0.5", "--decay=0.5"},
		{"max_grad_norm", "2", "--clip=2"},
		{"label_smoothing_factor", "0.1", "--smoothing=0.1"},
		{"gradient_checkpointing", "True", "--recompute"},
		{"eval_steps", "7", "--check-every=7"},
		{"logging_steps", "7", "--show-every=7"},
	};
	char text[200], line[200];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		bool train = strncmp(pairs[i][2], "--train", 7) == 0;
		struct train_options a, b;

		snprintf(text, sizeof(text), "tokenizer: t\n%s: %s\n", pairs[i][0], pairs[i][1]);
		put_file(text);
		snprintf(line, sizeof(line), "--tokenizer t %s %s", train ? "" : "--train T",
			 pairs[i][2]);
		b = parsed(line);
		a = parsed(train ? "--config FILE" : "--config FILE --train T");
		assert_same(&a, &b);
		train_options_free(&a);
		snprintf(text, sizeof(text), "training:\n  tokenizer: t\n  %s: %s\n", pairs[i][0],
			 pairs[i][1]);
		put_file(text);
		a = parsed(train ? "--config FILE" : "--config FILE --train T");
		assert_same(&a, &b);
		train_options_free(&a);
	}
}

static void test_nothing(void **state)
{
	struct train_options a = configured("train: T\ninit: I\ntokenizer:\nseed: ~\n"
					    "recompute: null\ntraining:\n",
					    "--config FILE");
	struct train_options b = parsed("--train T --init I");

	(void)state;
	assert_same(&a, &b);
	train_options_free(&a);
	a = configured("train: T\ninit: 'null'\nrecompute: false\n", "--config FILE");
	assert_string_equal(a.init, "null");
	assert_false(a.recompute);
	train_options_free(&a);
}

/* --- the command line over it */

static void test_line_over_file(void **state)
{
	static const char *const lines[] = {"--config FILE --rate 0.5 -t T --init=I",
					    "--rate 0.5 -t T --config=FILE --init=I",
					    "--rate 0.5 --train T --init=I --conf FILE"};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct train_options o =
			configured("rate: 0.25\nbatch: 4\ntrain: elsewhere\n", lines[i]);

		assert_true(o.rate == 0.5);
		assert_true(o.samples == 4);
		assert_string_equal(o.train, "T");
		assert_string_equal(o.init, "I");
		train_options_free(&o);
	}
}

/* The text of the file, options of the line, and what must come of them. */
static void assert_length(const char *text, const char *line, int64_t steps, double epochs,
			  double minutes)
{
	char whole[200];
	struct train_options o;

	snprintf(whole, sizeof(whole), "--config FILE -t T -i I %s", line);
	o = configured(text, whole);
	if (o.steps != steps || o.epochs != epochs || o.minutes != minutes)
		fail_msg("%s %s: %lld steps, %g epochs, %g minutes", text, line, (long long)o.steps,
			 o.epochs, o.minutes);
	train_options_free(&o);
}

static void test_steps_epochs_minutes(void **state)
{
	struct train_options o;
	struct err err;

	(void)state;
	assert_length("seed: 1\n", "", 1000, 0, 0);
	assert_length("seed: 1\n", "--epochs 2", 0, 2, 0);
	assert_length("epochs: 3\n", "", 0, 3, 0);
	assert_length("epochs: 3\n", "--steps 5", 5, 0, 0);
	assert_length("steps: 3\n", "--epochs 2.5", 0, 2.5, 0);
	assert_length("steps: 3\n", "--steps 4", 4, 0, 0);
	assert_length("epochs: 3\n", "--epochs 4", 0, 4, 0);
	assert_length("minutes: 3\n", "", 0, 0, 3);
	assert_length("steps: 3\n", "--minutes 0.5", 0, 0, 0.5);
	assert_length("minutes: 3\n", "--steps 4", 4, 0, 0);
	assert_length("minutes: 3\n", "--epochs 4", 0, 4, 0);
	assert_int_equal(parse(&o, "-t T -i I --minutes 5 --epochs 2", &err), -1);
	assert_string_equal(err.msg, "--epochs and --minutes exclude each other");
	assert_int_equal(parse(&o, "-t T -i I --steps 5 --epochs 2", &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, "--steps and --epochs exclude each other");
}

/* Where they are known they are what is written: a run by its configuration has as many anywhere. */
static void test_steps_of_minutes(void **state)
{
	struct train_options o = parsed("-t T -i I --minutes 3"), again = train_options_default();
	struct err err = {0};
	struct buf b = {0};

	(void)state;
	o.steps = 77;
	train_options_write(&o, &b);
	put_file(b.data);
	assert_int_equal(train_config_read(&again, file, &err), 0);
	assert_true(again.steps == 77 && again.minutes == 0);
	train_options_free(&again);
	train_options_free(&o);
	buf_free(&b);
}

static void test_preset_over_checkpoint(void **state)
{
	struct train_options o =
		configured("init: I\ntokenizer: t\n", "--config FILE -t T --preset nano");

	(void)state;
	assert_null(o.init);
	assert_string_equal(o.preset, "nano");
	train_options_free(&o);
	o = configured("base_model: nano\n", "--config FILE -t T --init I");
	assert_string_equal(o.init, "I");
	train_options_free(&o);
	o = configured("init: A\n", "--config FILE -t T --preset nano --init I");
	assert_string_equal(o.init, "I");
	train_options_free(&o);
}

static void test_train_or_stream(void **state)
{
	struct train_options o;
	struct err err;

	(void)state;
	o = configured("train: A\n", "--config FILE --stream iso -i I");
	assert_null(o.train);
	assert_string_equal(o.stream, "iso");
	train_options_free(&o);
	o = configured("stream: iso\n", "--config FILE --train T -i I");
	assert_null(o.stream);
	assert_string_equal(o.train, "T");
	train_options_free(&o);
	put_file("stream: iso\ntrain: T\n");
	assert_int_equal(parse(&o, "--config FILE -i I", &err), -1);
	assert_string_equal(err.msg, "--train and --stream exclude each other");
	put_file("stream: iso\nepochs: 3\n");
	assert_int_equal(parse(&o, "--config FILE -i I", &err), -1);
	assert_string_equal(err.msg, "--stream has no end, so no --epochs");
	o = parsed("--config FILE -i I --steps 3");
	assert_true(o.steps == 3);
	train_options_free(&o);
	assert_int_equal(parse(&o, "--train T -i I --reading 1", &err), -1);
	assert_string_equal(err.msg, "--reading needs to know what stands where, so --stream");
	assert_int_equal(parse(&o, "--stream S -i I --reading-first 1", &err), -1);
	assert_string_equal(err.msg, "--reading-first without --reading");
}

static void test_set_steps(void **state)
{
	static const struct {
		double epochs;
		uint64_t samples;
		int64_t batch, accumulate, steps;
	} cases[] = {
		{3, 100, 2, 1, 150},    {1, 101, 2, 1, 51}, {1, 101, 2, 4, 13},
		{0.001, 10, 32, 1, 1},  {0.5, 7, 1, 1, 4},  {1.1, 10, 1, 1, 11},
		{3, 7, 7, 1, 3},        {0.1, 30, 1, 1, 3}, {2, 0, 1, 1, 1},
		{1e6, 1000, 1, 1, 1e9},
	};
	struct train_options o = train_options_default();
	struct err err = {0};

	(void)state;
	assert_int_equal(train_options_set_steps(&o, 77, 1, &err), 0);
	assert_true(o.steps == 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		o.epochs = cases[i].epochs;
		o.samples = cases[i].batch;
		o.accumulate = cases[i].accumulate;
		assert_int_equal(train_options_set_steps(&o, cases[i].samples, 1, &err), 0);
		if (o.steps != cases[i].steps)
			fail_msg("case %zu: %lld", i, (long long)o.steps);
	}
	o.epochs = 1;
	o.samples = 2;
	assert_int_equal(train_options_set_steps(&o, 101, 2, &err), 0);
	assert_int_equal(o.steps, 26);
	o.epochs = 1e6;
	o.samples = 1;
	assert_int_equal(train_options_set_steps(&o, 1001, 1, &err), -1);
	assert_string_equal(
		err.msg, "--epochs: 1000000 of 1001 samples are 1001000000 steps, over 1000000000");
}

/* --- refusals */

static void assert_refused(const char *text, const char *what)
{
	struct train_options o;
	struct err err;
	char msg[600];

	put_file(text);
	assert_int_equal(parse(&o, "--config FILE -t T -i I", &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	snprintf(msg, sizeof(msg), "%s:%s", file, what);
	assert_string_equal(err.msg, msg);
}

static void test_unknown_keys(void **state)
{
	(void)state;
	assert_refused("seed: 1\nlerning_rate: 1\n",
		       "2: unknown key 'lerning_rate'; did you mean 'learning_rate'?");
	assert_refused("training:\n  chek_every: 1\n",
		       "2: unknown key 'chek_every'; did you mean 'check_every'?");
	assert_refused("check-every: 1\n",
		       "1: unknown key 'check-every'; did you mean 'check_every'?");
	assert_refused("Training: {}\n", "1: unknown key 'Training'; did you mean 'training'?");
	assert_refused("deepspeed: x\n", "1: unknown key 'deepspeed'");
	assert_refused("config: x\n", "1: unknown key 'config'");
	assert_refused("help: true\n", "1: unknown key 'help'");
	assert_refused("'': x\n", "1: unknown key ''");
	assert_refused("training:\n  training: {}\n", "2: unknown key 'training'");
	assert_refused("deepspeed:\n", "1: unknown key 'deepspeed'");
}

static void test_kinds(void **state)
{
	(void)state;
	assert_refused("batch: [1]\n", "1: 'batch' must be a whole number");
	assert_refused("batch: '1'\n", "1: 'batch' must be a whole number, without quotes");
	assert_refused("\nseed: {a: b}\n", "2: 'seed' must be a whole number");
	assert_refused("rate: \"0.1\"\n", "1: 'rate' must be a number, without quotes");
	assert_refused("recompute: 1\n", "1: 'recompute' must be true or false");
	assert_refused("recompute: yes\n", "1: 'recompute' must be true or false");
	assert_refused("recompute: 'true'\n",
		       "1: 'recompute' must be true or false, without quotes");
	assert_refused("out: true\n", "1: 'out' must be a text");
	assert_refused("out: [a]\n", "1: 'out' must be a text");
	assert_refused("schedule: {}\n", "1: 'schedule' must be a word");
	assert_refused("training: 3\n", "1: 'training' must be a mapping");
	assert_refused("- rate\n", "1: keys with values are needed");
	assert_refused("rate\n", "1: keys with values are needed");
}

static void test_values(void **state)
{
	(void)state;
	assert_refused("a: b: c\n", "1: not YAML: mapping values are not allowed in this context");
	assert_refused("", "1: there is nothing in it");
	assert_refused("batch: 0\n", "1: batch: 0 is out of range 1..65536");
	assert_refused("batch: 2.5\n", "1: batch: '2.5' is not an integer in plain digits");
	assert_refused("training:\n  learning_rate: fast\n",
		       "2: learning_rate: 'fast' is not a number");
	assert_refused("lr_scheduler_type: linear\n",
		       "1: lr_scheduler_type: 'linear' is none of cosine, stable");
	assert_refused("decay: .5\n", "1: decay: '.5' is not a number");
	assert_refused("seed: -1\n", "1: seed: -1 is out of range 0..18446744073709551615");
	assert_refused("num_epochs: 0\n", "1: num_epochs: 0 is out of range 0.001..1000000");
	assert_refused("max_steps: -1\n", "1: max_steps: -1 is out of range 1..1000000000");
}

static void test_twice(void **state)
{
	(void)state;
	assert_refused("rate: 0.1\ntraining:\n  learning_rate: 0.1\n",
		       "3: 'learning_rate' is --rate, which line 1 has given already");
	assert_refused("rate: 0.1\nrate: 0.1\n", "2: key 'rate' given twice");
	assert_refused("seed: 1\nepochs: 3\nbatch: 1\ntraining: {max_steps: 3}\n",
		       "4: steps and epochs exclude each other; line 2 has given epochs");
	assert_refused("steps: 3\nnum_epochs: 3\n",
		       "2: steps and epochs exclude each other; line 1 has given steps");
	assert_refused("minutes: 3\nseed: 3\nsteps: 3\n",
		       "3: steps and minutes exclude each other; line 1 has given minutes");
}

static void test_other_errors(void **state)
{
	struct train_options o;
	struct err err;

	(void)state;
	assert_int_equal(parse(&o, "--config /absent.yaml -t T", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "cannot open /absent.yaml: No such file or directory");
	put_file("rate: 0.1\n");
	assert_int_equal(parse(&o, "--config FILE", &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, "--train is needed, the dataset; or --stream, a style");
	assert_int_equal(parse(&o, "--config FILE -t T -i I extra", &err), -1);
	assert_string_equal(err.msg, "unexpected argument 'extra'");
	assert_int_equal(parse(&o, "-t T -i I --out \xff", &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, "--out: not UTF-8");
}

/* --- written and read */

static void test_written(void **state)
{
	struct train_options o = parsed("--train ./data --init I --threads 3 --resume");
	struct buf b = {0};

	(void)state;
	train_options_write(&o, &b);
	assert_string_equal(
		b.data,
		"train: ./data\nfamily: shapes\nprogram: calls\nreading: 0.0\nreading_first: "
		"0.0\nout: "
		"cadtrain-out\ninit: I\n"
		"preset: small\nsteps: 1000\nbatch: 32\naccumulate: 1\noptimizer: adamw\nrate: "
		"0.001\n"
		"schedule: cosine\nwarmup: 0.02\ndecay: 0.1\nclip: 1.0\nsmoothing: 0.0\n"
		"average: 0.0\nlora_alpha: 16.0\nrecompute: false\ncheck_every: 200\n"
		"check_samples: 256\npreview: 4\npatience: 0\nshow_every: 10\nseed: 0\ndevice: "
		"auto\n"
		"threads: 3\n"
		"feed_threads: 1\nf32: false\nresume: true\n");
	buf_free(&b);
}

static const char *random_word(struct rng *rng)
{
	static const char *const pieces[] = {"a",    "/",        "./",
					     " ",    ":",        "#",
					     "-",    "'",        "\"",
					     "\\",   "null",     "1",
					     ".",    "\n",       "\t",
					     "\x01", "\xc3\xa9", "\xf0\x9f\x93\x90",
					     "yes",  "{",        "\xe2\x80\xa8",
					     "=",    "~",        "!",
					     "&",    "*",        "%"};
	struct buf b = {0};
	const char *word;

	buf_str(&b, "");
	for (uint32_t n = rng_below(rng, 6); n > 0; n--)
		buf_str(&b, pieces[rng_below(rng, sizeof(pieces) / sizeof(*pieces))]);
	word = arena_strndup(&arena, b.data, b.len);
	buf_free(&b);
	return word;
}

static double random_real(struct rng *rng, double lo, double hi)
{
	switch (rng_below(rng, 4)) {
	case 0:
		return lo;
	case 1:
		return hi;
	case 2: /* few digits */
		return lo + (hi - lo) * (double)rng_below(rng, 1000) / 1000;
	default:
		return lo + (hi - lo) * rng_unit(rng) * rng_unit(rng) * rng_unit(rng);
	}
}

static void put_random(struct rng *rng, const struct cli_option *t)
{
	switch (t->kind) {
	case CLI_FLAG:
		*(bool *)t->dst = rng_below(rng, 2);
		break;
	case CLI_INT:
		*(int64_t *)t->dst = (int64_t)random_real(rng, t->lo, t->hi);
		break;
	case CLI_UINT64:
		*(uint64_t *)t->dst = (uint64_t)rng_u32(rng) << rng_below(rng, 33);
		break;
	case CLI_REAL:
		*(double *)t->dst = random_real(rng, t->lo, t->hi);
		break;
	case CLI_STRING:
		*(const char **)t->dst = rng_below(rng, 3) ? random_word(rng) : NULL;
		break;
	case CLI_CHOICE:
		*(int *)t->dst = (int)rng_below(rng, 2);
		break;
	case CLI_TEXTS:
		fail_msg("no option of a run is given several times");
		break;
	}
}

/* Every option drawn within its bounds; of steps, epochs and minutes one is given. */
static struct train_options random_options(struct rng *rng)
{
	struct cli_option table[TRAIN_OPTIONS_MAX];
	struct train_options o = {0};
	uint64_t kept;

	train_options_table(&o, table);
	for (const struct cli_option *t = table; t->name; t++)
		put_random(rng, t);
	if (!o.out)
		o.out = "o";
	if (!o.preset)
		o.preset = "nano";
	if (!o.families)
		o.families = "mix";
	kept = rng_below(rng, 3);
	o.steps = kept == 0 ? o.steps : 0;
	o.epochs = kept == 1 ? o.epochs : 0;
	o.minutes = kept == 2 ? o.minutes : 0;
	return o;
}

static void test_written_comes_back(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct train_options a = random_options(&rng), again = train_options_default();
		struct err err = {0};

		buf_clear(&b);
		train_options_write(&a, &b);
		put_file(b.data);
		if (train_config_read(&again, file, &err) < 0)
			fail_msg("%s\n%s", err.msg, b.data);
		assert_same(&a, &again);
		train_options_free(&a);
		train_options_free(&again);
	}
	buf_free(&b);
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	(void)state;
	snprintf(file, sizeof(file), "%s/test_train_options.XXXXXX", tmp ? tmp : "/tmp");
	fd = mkstemp(file);
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	unlink(file);
	arena_free(&arena);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_users_file),
		cmocka_unit_test(test_every_option),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_line_over_file),
		cmocka_unit_test(test_steps_epochs_minutes),
		cmocka_unit_test(test_steps_of_minutes),
		cmocka_unit_test(test_preset_over_checkpoint),
		cmocka_unit_test(test_train_or_stream),
		cmocka_unit_test(test_set_steps),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_other_errors),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_written_comes_back),
	};

	unsetenv("POSIXLY_CORRECT"); /* getopt would stop at the first operand */
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
