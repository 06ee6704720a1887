/* SPDX-License-Identifier: MIT */
/*
 * cadtrain: trains a model on a dataset. A run is a folder:
 *
 *	RUN/last/, RUN/best/     checkpoints: of the last step, and of the least loss in validation
 *	RUN/state.safetensors    what --resume goes on from
 *	RUN/metrics.jsonl        a line for every step that is shown
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cli.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/pool.h"
#include "trainer/ops_cpu.h"
#include "trainer/training.h"

struct options {
	const char *train, *out, *tokenizer, *init;
	const char *preset;
	int64_t side, steps, samples, accumulate, threads, show_every, check_every, check_samples;
	uint64_t seed;
	double rate, warmup, decay, clip, smoothing;
	int shape;
	bool recompute, resume;
};

struct run {
	struct options o;
	struct tokenizer *tokenizer;
	struct checkpoint from; /* of --init; tensors NULL without */
	struct ops *ops;
	struct training *training;
	FILE *metrics;
	double started, best;
	/* since the last line */
	double loss, flops, seconds;
	int64_t shown, tokens, samples;
};

static int check_options(const struct options *o, struct err *err)
{
	if (!o->train)
		return err_set(err, ERR_USAGE, "--train is needed: the dataset");
	if (!o->tokenizer && !o->init)
		return err_set(err, ERR_USAGE,
			       "--tokenizer is needed, or a checkpoint by --init that has one");
	return 0;
}

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"train", 't', "DATASET", "what to learn from; its validation samples measure",
		 CLI_STRING, &o->train, 0, 0, NULL},
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
	const struct cli_program program = {"cadtrain", "--train DATASET [OPTION]...",
					    "Trains a model that reads drawings and writes their "
					    "programs.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first]);
	return check_options(o, err);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A file of the run. */
static const char *run_path(const struct run *run, const char *name, struct buf *path)
{
	buf_clear(path);
	buf_str(path, run->o.out);
	buf_char(path, '/');
	buf_str(path, name);
	return path->data;
}

/* --- what is shown -------------------------------------------------------------------------- */

static void put_number(struct buf *line, const char *key, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.9g", v);
	buf_str(line, key);
	buf_str(line, isfinite(v) ? text : "null");
}

static int put_metrics(struct run *run, const struct buf *line, struct err *err)
{
	if (fwrite(line->data, 1, line->len, run->metrics) == line->len &&
	    fflush(run->metrics) == 0)
		return 0;
	return err_errno(err, "cannot write %s/metrics.jsonl", run->o.out);
}

static void forget_shown(struct run *run)
{
	run->loss = run->flops = run->seconds = 0;
	run->shown = run->tokens = run->samples = 0;
}

static int show(struct run *run, const struct training_report *r, struct err *err)
{
	double loss = run->loss / (double)run->shown, rate = run->flops / run->seconds / 1e9;
	double left = run->seconds / (double)run->shown * (double)(run->o.steps - r->step);
	struct buf line = {0};
	int rc;

	fprintf(stderr,
		"step %" PRId64 "/%" PRId64 "  loss %.4f  rate %.2e  |g| %.3f  %.1f samples/s  "
		"%.0f tokens/s  %.0f GFLOP/s  %d:%02d left\n",
		r->step, run->o.steps, loss, r->rate, r->length,
		(double)run->samples / run->seconds, (double)run->tokens / run->seconds, rate,
		(int)left / 60, (int)left % 60);
	buf_str(&line, "{\"step\":");
	buf_int(&line, r->step);
	put_number(&line, ",\"loss\":", loss);
	put_number(&line, ",\"rate\":", r->rate);
	put_number(&line, ",\"gradient\":", r->length);
	put_number(&line, ",\"samples_per_s\":", (double)run->samples / run->seconds);
	put_number(&line, ",\"gflops\":", rate);
	buf_str(&line, "}\n");
	rc = put_metrics(run, &line, err);
	buf_free(&line);
	forget_shown(run);
	return rc;
}

/* --- what is kept --------------------------------------------------------------------------- */

static int save(struct run *run, const char *checkpoint, struct err *err)
{
	struct buf path = {0};
	int rc = training_export(run->training, run_path(run, checkpoint, &path),
				 tokenizer_vocab(run->tokenizer), err);

	if (rc == 0 && strcmp(checkpoint, "last") == 0)
		rc = training_save(run->training, run_path(run, "state.safetensors", &path), err);
	buf_free(&path);
	return rc;
}

static int check(struct run *run, int64_t step, struct err *err)
{
	struct buf line = {0};
	double loss;
	int rc = training_evaluate(run->training, (int)run->o.check_samples, &loss, err);

	if (rc < 0 || !isfinite(loss))
		return rc;
	fprintf(stderr, "step %" PRId64 "  validation loss %.4f%s\n", step, loss,
		loss < run->best ? ", the least so far" : "");
	buf_str(&line, "{\"step\":");
	buf_int(&line, step);
	put_number(&line, ",\"validation_loss\":", loss);
	buf_str(&line, "}\n");
	rc = put_metrics(run, &line, err);
	buf_free(&line);
	if (rc == 0 && loss < run->best) {
		run->best = loss;
		rc = save(run, "best", err);
	}
	return rc;
}

/* --- the run -------------------------------------------------------------------------------- */

static int step(struct run *run, struct err *err)
{
	struct training_report report;
	double start = now();

	if (training_step(run->training, &report, err) < 0)
		return -1;
	run->seconds += now() - start;
	run->loss += report.loss;
	run->flops += report.flops;
	run->tokens += report.targets;
	run->samples += report.samples;
	run->shown++;
	if ((report.step % run->o.show_every == 0 || report.step == run->o.steps) &&
	    show(run, &report, err) < 0)
		return -1;
	if (report.step % run->o.check_every == 0 || report.step == run->o.steps) {
		if (check(run, report.step, err) < 0)
			return -1;
		return save(run, "last", err);
	}
	return 0;
}

static int train(struct run *run, struct err *err)
{
	volatile sig_atomic_t *stop = interrupt_catch();

	while (training_steps_done(run->training) < run->o.steps) {
		if (*stop) {
			if (save(run, "last", err) < 0)
				return -1;
			return err_set(err, ERR_INTERRUPTED,
				       "stopped after step %" PRId64 "; the same command with "
				       "--resume goes on",
				       training_steps_done(run->training));
		}
		if (step(run, err) < 0)
			return -1;
	}
	fprintf(stderr, "the model is in %s/last\n", run->o.out);
	return 0;
}

static int read_tokenizer(struct run *run, struct err *err)
{
	struct buf path = {0};

	if (run->o.tokenizer) {
		run->tokenizer = tokenizer_read(run->o.tokenizer, err);
	} else {
		buf_str(&path, run->o.init);
		buf_str(&path, "/tokenizer.json");
		run->tokenizer = tokenizer_read(path.data, err);
		buf_free(&path);
	}
	return run->tokenizer ? 0 : -1;
}

static int choose_model(struct run *run, struct model_config *config, struct err *err)
{
	int vocab = (int)tokenizer_vocab(run->tokenizer)->token_count;

	if (!run->o.init)
		return model_config_preset(config, run->o.preset, (int)run->o.side, vocab, err);
	if (checkpoint_read(&run->from, run->o.init, err) < 0)
		return -1;
	*config = run->from.config;
	return 0;
}

static struct training_settings settings_of(const struct options *o)
{
	struct training_settings s = {.dataset = o->train,
				      .samples = (int)o->samples,
				      .accumulate = (int)o->accumulate,
				      .smoothing = o->smoothing,
				      .recompute = o->recompute,
				      .seed = o->seed,
				      .optimizer = optimizer_defaults(o->steps)};

	s.optimizer.rate = o->rate;
	s.optimizer.shape = (enum rate_shape)o->shape;
	s.optimizer.warmup = (int64_t)(o->warmup * (double)o->steps);
	s.optimizer.decay = o->decay;
	s.optimizer.clip = o->clip;
	return s;
}

static int open_run(struct run *run, struct err *err)
{
	struct buf path = {0};
	int rc = fs_mkdirs(run->o.out, err);

	if (rc == 0 && run->o.resume)
		rc = training_resume(run->training, run_path(run, "state.safetensors", &path), err);
	if (rc == 0) {
		run->metrics =
			fopen(run_path(run, "metrics.jsonl", &path), run->o.resume ? "a" : "w");
		if (!run->metrics)
			rc = err_errno(err, "cannot open %s", path.data);
	}
	buf_free(&path);
	return rc;
}

static int start(struct run *run, struct err *err)
{
	struct training_settings settings = settings_of(&run->o);
	struct model_config config;

	if (read_tokenizer(run, err) < 0 || choose_model(run, &config, err) < 0)
		return -1;
	run->ops = ops_cpu_new((int)run->o.threads, err);
	if (!run->ops)
		return -1;
	run->training = training_new(&settings, &config, run->from.tensors ? &run->from : NULL,
				     run->tokenizer, run->ops, err);
	if (!run->training || open_run(run, err) < 0)
		return -1;
	run->best = INFINITY;
	fprintf(stderr,
		"%" PRIu64 " parameters, %zu samples, %s, %d threads, %.0f MiB for the model\n",
		model_parameters(&config), training_samples(run->training), run->ops->name,
		(int)run->o.threads, (double)model_bytes(training_model(run->training)) / 0x1p20);
	return train(run, err);
}

static void end(struct run *run)
{
	training_free(run->training);
	if (run->ops)
		run->ops->free(run->ops);
	if (run->from.tensors)
		checkpoint_free(&run->from);
	tokenizer_free(run->tokenizer);
	if (run->metrics)
		fclose(run->metrics);
}

int main(int argc, char **argv)
{
	struct run run = {.o = {.out = "cadtrain-out",
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
				.clip = 1}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = start(&run, &err);
	end(&run);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadtrain: %s\n", err.msg);
	return cli_status(&err);
}
