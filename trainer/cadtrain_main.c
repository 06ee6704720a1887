/* SPDX-License-Identifier: MIT */
/*
 * cadtrain: trains a model on a dataset, or on drawings that are made meanwhile. A run is a folder:
 *
 *	RUN/last/, RUN/best/     checkpoints: of the last step, and of the least loss in validation
 *	RUN/state.safetensors    what --resume goes on from
 *	RUN/metrics.jsonl        a line for every step that is shown
 *	RUN/events.out.*         the same for TensorBoard
 *	RUN/curves.png           the same as curves, where --plot was asked
 *	RUN/config.yaml          all options
 *
 * Of several processes that train together, the first writes all that, validates and tells how it goes.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/launcher.h"
#include "trainer/fit_main.h"
#include "trainer/minutes_main.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/ops/ops_device.h"
#include "trainer/ops/peak.h"
#include "trainer/plot_main.h"
#include "trainer/preview_main.h"
#include "trainer/run_log_main.h"
#include "trainer/stream_source_main.h"
#include "trainer/train/dataset_source.h"
#include "trainer/train/resize.h"
#include "trainer/train/training.h"
#include "trainer/train_config_main.h"
#include "trainer/train_options_main.h"

#define PEAK_SECONDS 0.3
#define TRIAL_SHARE 0.01 /* of a run of so many minutes, for steps of each kind, but not over */
#define TRIAL_SECONDS 20
#define SIDE 256 /* of a new model's pictures, unless it is said */
#define PROCESSES_MOST 1024
#define WAIT_SECONDS 600 /* of processes for each other, at the start */

struct run {
	struct train_options o;
	struct tokenizer *tokenizer;
	struct checkpoint from; /* of --init; tensors NULL without */
	struct ops *ops;
	struct launched place; /* among the processes of this training */
	struct ranks *ranks;   /* NULL where it is the only one */
	bool patience_over;    /* which is why the run is to end */
	struct training *training;
	struct source *source;
	struct run_log *log;
	struct preview *preview; /* NULL without */
};

static bool is_first(const struct run *run)
{
	return run->place.rank == 0;
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

/* --- what is kept --------------------------------------------------------------------------- */

static int save(struct run *run, const char *checkpoint, struct err *err)
{
	struct buf path = {0};
	int rc = training_export(run->training, run_path(run, checkpoint, &path),
				 run->o.f32 ? SAFETENSORS_F32 : SAFETENSORS_BF16,
				 tokenizer_vocab(run->tokenizer), err);

	if (rc == 0 && strcmp(checkpoint, "last") == 0)
		rc = training_save(run->training, run_path(run, "state.safetensors", &path), err);
	buf_free(&path);
	return rc;
}

/* Validates and saves; returns 1 where patience is at an end. */
static int check(struct run *run, int64_t step, struct err *err)
{
	struct training_check check;

	if (training_check(run->training, &check, err) < 0)
		return -1;
	if (isfinite(check.loss) && run_log_check(run->log, step, &check, err) < 0)
		return -1;
	if (run->preview &&
	    preview_show(run->preview, training_kept(run->training), step, run->log, err) < 0)
		return -1;
	if (check.best && save(run, "best", err) < 0)
		return -1;
	if (save(run, "last", err) < 0)
		return -1;
	return run->o.patience > 0 && check.since_best >= run->o.patience;
}

/* --- the run -------------------------------------------------------------------------------- */

static int stopped(struct run *run, struct err *err)
{
	if (save(run, "last", err) < 0)
		return -1;
	return err_set(err, ERR_INTERRUPTED,
		       "stopped after step %" PRId64 "; the same command with --resume goes on",
		       training_steps_done(run->training));
}

/* Returns 1 where the run is to end. */
static int step(struct run *run, struct err *err)
{
	struct training_report report;
	double start = clock_seconds();
	int over;

	if (training_step(run->training, &report, err) < 0)
		return -1;
	if (report.stopped)
		return is_first(run) && !run->patience_over ? stopped(run, err) : 1;
	if (!is_first(run))
		return 0;
	if (run_log_step(run->log, &report, clock_seconds() - start, err) < 0)
		return -1;
	if (report.step % run->o.check_every != 0 && report.step != run->o.steps)
		return 0;
	over = check(run, report.step, err);
	if (over > 0) {
		run->patience_over = true;
		training_ask_to_stop(run->training);
	}
	return over < 0 ? -1 : 0;
}

static int train(struct run *run, struct err *err)
{
	volatile sig_atomic_t *stop = interrupt_catch();
	int rc = 0;

	while (rc == 0 && training_steps_done(run->training) < run->o.steps) {
		if (*stop)
			training_ask_to_stop(run->training);
		rc = step(run, err);
	}
	if (rc < 0 || !is_first(run))
		return rc < 0 ? -1 : 0;
	if (run->patience_over)
		fprintf(stderr, "no better validation in %" PRId64 " of them: stopped\n",
			run->o.patience);
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
		return model_config_preset(config, run->o.preset,
					   run->o.side ? (int)run->o.side : SIDE, vocab, err);
	if (checkpoint_read(&run->from, run->o.init, err) < 0)
		return -1;
	if (run->o.side && run->o.side != run->from.config.vision.side &&
	    checkpoint_resize(&run->from, (int)run->o.side, err) < 0)
		return -1;
	*config = run->from.config;
	return 0;
}

static struct training_settings settings_of(const struct run *run)
{
	const struct train_options *o = &run->o;
	struct training_settings s = {.samples = (int)o->samples,
				      .accumulate = (int)o->accumulate,
				      .ranks = run->ranks,
				      .smoothing = o->smoothing,
				      .recompute = o->recompute,
				      .seed = o->seed,
				      .average = o->average,
				      .frozen = o->frozen,
				      .lora_rank = (int)o->lora_rank,
				      .lora_alpha = o->lora_alpha,
				      .check_samples = o->check_samples,
				      .reading = o->reading,
				      .reading_steps =
					      (int64_t)(o->reading_first * (double)o->steps),
				      .feed_threads = (int)o->feed_threads,
				      .optimizer = optimizer_defaults(o->steps)};

	s.optimizer.kind = (enum optimizer_kind)o->optimizer;
	s.optimizer.rate = o->rate;
	s.optimizer.shape = (enum rate_shape)o->shape;
	s.optimizer.warmup = (int64_t)(o->warmup * (double)o->steps);
	s.optimizer.decay = o->decay;
	s.optimizer.clip = o->clip;
	return s;
}

static int open_source(struct run *run, const struct model_config *config, struct err *err)
{
	const struct train_options *o = &run->o;
	struct stream_source_settings stream = {
		.stream = {.style = o->stream,
			   .language = (enum language)o->language,
			   .size_px = config->vision.side,
			   .seed = o->seed},
		.val_count = o->check_samples,
		.practice = (int64_t)(o->reading_first * (double)o->steps) * o->samples *
			    o->accumulate * run->place.count};
	struct dataset_files train = {o->train, o->image_folder, false};
	struct dataset_files val = {o->val, o->image_folder, true};
	int workers = training_workers((int)o->feed_threads);
	struct source *checked;

	memcpy(stream.stream.family, o->family, sizeof(o->family));
	run->source = o->stream ? stream_source_new(&stream, run->tokenizer, config, workers, err)
				: dataset_source_open(&train, run->tokenizer, config, workers, err);
	if (!run->source || !o->val)
		return run->source ? 0 : -1;
	checked = dataset_source_open(&val, run->tokenizer, config, workers, err);
	if (!checked)
		return -1;
	run->source = source_join(run->source, checked);
	return 0;
}

/* RUN/config.yaml, which --config takes. */
static int write_config(struct run *run, struct err *err)
{
	struct buf path = {0}, text = {0};
	int rc;

	train_options_write(&run->o, &text);
	rc = fs_write(run_path(run, "config.yaml", &path), text.data, text.len, err);
	buf_free(&path);
	buf_free(&text);
	return rc;
}

static int open_run(struct run *run, struct err *err)
{
	struct run_log_settings log = {.folder = run->o.out,
				       .steps = run->o.steps,
				       .show_every = run->o.show_every,
				       .append = run->o.resume,
				       .peak = run->place.count *
					       peak_measure(run->ops, PEAK_SECONDS)};
	struct buf path = {0};
	int rc = fs_mkdirs(run->o.out, err);

	if (rc == 0 && run->o.resume)
		rc = training_resume(run->training, run_path(run, "state.safetensors", &path), err);
	buf_free(&path);
	if (rc < 0 || !is_first(run))
		return rc;
	if (write_config(run, err) < 0)
		return -1;
	log.done = training_steps_done(run->training);
	run->log = run_log_open(&log, err);
	return run->log ? 0 : -1;
}

static void print_start(struct run *run, const struct model_config *config)
{
	struct model *model = training_model(run->training);
	int64_t samples = run->source->count[SOURCE_TRAIN];
	char count[32] = "endless", batch[64] = "";

	if (samples != SOURCE_ENDLESS)
		snprintf(count, sizeof(count), "%" PRId64, samples);
	if (run->source->rows) /* else it grows with what comes */
		snprintf(batch, sizeof(batch), ", %.0f for a batch",
			 (double)model_batch_bytes(model) / 0x1p20);
	fprintf(stderr,
		"%" PRIu64 " parameters, %zu of them trained, %s samples, %s, %d threads, "
		"%.0f MiB for the model%s\n",
		model_parameters(config), training_trained(run->training), count, run->ops->name,
		(int)run->o.threads, (double)model_bytes(model) / 0x1p20, batch);
}

/* The training, of o.steps steps. */
static int make_training(struct run *run, const struct model_config *config, struct err *err)
{
	struct training_settings settings;

	if (open_source(run, config, err) < 0 ||
	    train_options_set_steps(&run->o, (uint64_t)run->source->count[SOURCE_TRAIN],
				    run->place.count, err) < 0)
		return -1;
	settings = settings_of(run);
	run->training = training_new(&settings, config, run->from.tensors ? &run->from : NULL,
				     run->source, run->ops, err);
	return run->training ? 0 : -1;
}

static void drop_training(struct run *run)
{
	training_free(run->training);
	if (run->source)
		run->source->free(run->source);
	run->training = NULL;
	run->source = NULL;
}

/* And what else lies in memory of ops. */
static void drop_ops(struct run *run)
{
	preview_free(run->preview);
	drop_training(run);
	if (run->ranks)
		run->ranks->free(run->ranks);
	if (run->ops)
		run->ops->free(run->ops);
	run->preview = NULL;
	run->ranks = NULL;
	run->ops = NULL;
}

/* --- minutes -------------------------------------------------------------------------------- */

/* A part of the time, for steps that only read or for others. */
static int try_steps(struct run *run, const struct model_config *config, double reading_first,
		     struct minutes_trial *trial, struct err *err)
{
	const struct train_options o = run->o;
	double start = clock_seconds(), seconds = fmin(TRIAL_SHARE * 60 * o.minutes, TRIAL_SECONDS);
	int rc;

	run->o.reading_first = reading_first;
	run->o.steps = TRAIN_STEPS_MAX;
	rc = make_training(run, config, err);
	if (rc == 0)
		rc = minutes_try(run->training, seconds,
				 reading_first > 0 ? &trial->reading : &trial->step, &trial->check,
				 err);
	drop_training(run);
	run->o = o;
	trial->spent += clock_seconds() - start;
	return rc;
}

/* A run that goes on has its steps already. */
static int read_steps(struct run *run, struct err *err)
{
	struct train_options before = train_options_default();
	struct buf path = {0};
	int rc = train_config_read(&before, run_path(run, "config.yaml", &path), err);

	run->o.steps = before.steps;
	run->o.epochs = before.epochs;
	run->o.minutes = 0;
	buf_free(&path);
	train_options_free(&before);
	return rc;
}

static int choose_steps(struct run *run, const struct model_config *config, struct err *err)
{
	struct train_options *o = &run->o;
	struct minutes_trial trial = {0};

	if (!(o->minutes > 0))
		return 0;
	if (o->resume)
		return read_steps(run, err);
	if (fs_mkdirs(o->out, err) < 0 ||
	    (o->reading_first > 0 && try_steps(run, config, 1, &trial, err) < 0) ||
	    (o->reading_first < 1 && try_steps(run, config, 0, &trial, err) < 0))
		return -1;
	o->steps = minutes_steps(&trial, o->minutes, o->reading_first, o->check_every);
	fprintf(stderr, "%" PRId64 " steps in %g minutes, at %.3g s", o->steps, o->minutes,
		trial.step > 0 ? trial.step : trial.reading);
	if (trial.step > 0 && trial.reading > 0)
		fprintf(stderr, ", %.3g s for those that only read", trial.reading);
	fprintf(stderr, "\n");
	return 0;
}

/* --- several processes ---------------------------------------------------------------------- */

/* A GPU each; two on one processor would take from each other what one has. */
static int check_place(struct run *run, struct err *err)
{
	if (launcher_place(&run->place, PROCESSES_MOST, err) < 0)
		return -1;
	if (run->place.count == 1)
		return 0;
	if (run->o.device != OPS_DEVICE_cuda)
		return err_set(err, ERR_USAGE,
			       "%d processes train together on a GPU each: --device cuda",
			       run->place.count);
	if (run->o.minutes > 0 && !run->o.resume)
		return err_set(err, ERR_USAGE,
			       "--minutes: of several processes each would count steps of its own");
	return 0;
}

static int join_others(struct run *run, struct err *err)
{
	if (run->place.count == 1)
		return 0;
	run->ranks = ops_cuda_ranks(run->ops, run->place.rank, run->place.count, run->o.out,
				    WAIT_SECONDS, err);
	return run->ranks ? 0 : -1;
}

/* --- too little memory ----------------------------------------------------------------------- */

/* Two steps: beside the second, as beside all later ones, the next batch is on its way. */
static int fits(void *ctx, int samples, bool recompute)
{
	struct run *run = ctx;
	const struct train_options *o = &run->o;
	struct training_report report;
	struct model_config config;
	struct err err = {0};
	int rc;

	if (run->from.tensors)
		checkpoint_free(&run->from);
	run->o.samples = samples;
	run->o.recompute = recompute;
	run->ops = ops_on_device((enum ops_device)o->device, (int)o->threads, false, &err);
	rc = run->ops && choose_model(run, &config, &err) == 0 &&
			     make_training(run, &config, &err) == 0 &&
			     training_step(run->training, &report, &err) == 0 &&
			     training_step(run->training, &report, &err) == 0
		     ? 1
		     : 0;
	drop_ops(run);
	return rc || err.code == ERR_MEMORY ? rc : -1;
}

static void say_what_fits(struct run *run, struct err *err)
{
	struct fit fit = {.ctx = run,
			  .fits = fits,
			  .samples = (int)run->o.samples,
			  .recompute = run->o.recompute};

	if (run->o.steps == 0)
		run->o.steps = TRAIN_STEPS_MAX; /* of which none will be many */
	drop_ops(run);
	fit_advise(&fit, err);
}

/* --- all of it ------------------------------------------------------------------------------ */

static int start(struct run *run, struct err *err)
{
	struct model_config config;

	if (check_place(run, err) < 0 || read_tokenizer(run, err) < 0 ||
	    choose_model(run, &config, err) < 0)
		return -1;
	run->ops = ops_on_device((enum ops_device)run->o.device, (int)run->o.threads, false, err);
	if (!run->ops || join_others(run, err) < 0 || choose_steps(run, &config, err) < 0 ||
	    make_training(run, &config, err) < 0 || open_run(run, err) < 0)
		return -1;
	if (run->o.preview && is_first(run)) {
		run->preview = preview_new(run->source, run->tokenizer, &config, run->ops,
					   (int)run->o.preview, err);
		if (!run->preview)
			return -1;
	}
	if (is_first(run))
		print_start(run, &config);
	return train(run, err);
}

static void end(struct run *run)
{
	drop_ops(run);
	if (run->from.tensors)
		checkpoint_free(&run->from);
	tokenizer_free(run->tokenizer);
	run_log_close(run->log);
	train_options_free(&run->o);
}

int main(int argc, char **argv)
{
	struct run run = {.o = train_options_default()};
	struct err err = {0};
	int rc = train_options_parse(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0 && run.o.plot)
		rc = plot_runs(run.o.runs, run.o.run_count, &err);
	else if (rc == 0)
		rc = start(&run, &err);
	if (rc < 0 && err.code == ERR_MEMORY && run.place.count == 1)
		say_what_fits(&run, &err);
	end(&run);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadtrain: %s\n", err.msg);
	return cli_status(&err);
}
