/* SPDX-License-Identifier: MIT */
/*
 * training: a run: steps over samples of a source, validation, and what of it is on disk.
 *
 *	struct training *t = training_new(&settings, &config, NULL, source, ops, &err);
 *	while (training_steps_done(t) < settings.optimizer.steps)
 *		if (training_step(t, &report, &err) < 0) ...
 *	training_save(t, "run/state.safetensors", &err);
 *	training_free(t);
 *
 * With ranks, each has a process of its own, and its own of all else that is said here. Together they go
 * through as many batches at a step as one that accumulates those of all, and what comes out is that one's, but
 * for the order of sums; all ranks have the same parameters, bit for bit. samples, targets, flops and losses of
 * a step are those of all.
 *
 * The same settings give the same losses, bit for bit, at the same number of threads, in one go or
 * resumed: batches depend on seed and step alone, and the state on disk is all there is.
 */
#ifndef TRAINER_TRAINING_H
#define TRAINER_TRAINING_H

#include "base/err.h"
#include "formats/model/checkpoint.h"
#include "trainer/ops/ranks.h"
#include "trainer/train/feed.h"
#include "trainer/train/model.h"
#include "trainer/train/optimizer.h"

struct training_settings {
	int samples;         /* of a batch */
	int accumulate;      /* batches of a step; of each rank's, where there are ranks */
	struct ranks *ranks; /* NULL: alone */
	double smoothing;
	bool recompute;
	uint64_t seed;
	struct optimizer_settings optimizer;
	double average; /* decay of the moving average of parameters that is validated and exported;
			   0: the parameters themselves are */
	unsigned frozen; /* parts of the model, 1 << MODEL_PART_... */
	int lora_rank; /* over 0: of layers of vision and text only adapters are trained, and nothing
			    else of these */
	double lora_alpha;
	int64_t check_samples; /* of validation, at most */
	double reading;        /* weight of the loss of reading_head; 0: none */
	int64_t reading_steps; /* in which that is all there is: the first so many */
	int feed_threads;      /* that make samples of the training split ready */
};

/* How many calls at a time a source must allow for: those threads and one for validation. */
int training_workers(int feed_threads);

struct training;

/* Makes model and optimizer. `from` gives the parameters, or, where it is NULL, they are drawn from the
 * seed. Borrows all. ERR_USAGE where all is frozen, or as lora_new; else as feed_new and model_new. A
 * source without validation samples is fine. */
struct training *training_new(const struct training_settings *settings,
			      const struct model_config *config, const struct checkpoint *from,
			      struct source *source, struct ops *ops, struct err *err);
void training_free(struct training *training);

struct training_report {
	int64_t step; /* from 1 */
	double loss;  /* NAN where reading is all there is */
	double rate, length;
	double reading;           /* the loss of reading_head for each cell; NAN without */
	int64_t samples, targets; /* of this step */
	double flops;             /* forward and back */
	double waited;            /* seconds without a batch to work on */
	bool stopped; /* a rank asked for it: there was no step, and there will be none */
};

/* One step. ERR_FORMAT, with the parameters as they were, where loss or gradient is not finite: the
 * message says which step and, of a gradient, which tensor. ERR_DEVICE where ops->check says so; so do
 * training_check, training_export and training_save. */
int training_step(struct training *training, struct training_report *report, struct err *err);
int64_t training_steps_done(const struct training *training);

/* The next step will be none, for all ranks. */
void training_ask_to_stop(struct training *training);

struct training_check {
	double loss; /* mean over the targets of the validation samples; NAN without any */
	double tokens,
		exact; /* shares of tokens, and of whole answers, that greedy decoding says right */
	bool best;     /* the least loss of all checks of this run */
	int64_t since_best; /* checks since then */
};

/* Goes through the validation samples. */
int training_check(struct training *training, struct training_check *check, struct err *err);

/* Writes the model as a checkpoint, in BF16 or F32. */
int training_export(struct training *training, const char *folder, enum safetensors_dtype dtype,
		    const struct vocab *vocab, struct err *err);

/* Writes and reads the state: parameters in F32, both means, the average, adapters, the step, the best
 * check. ERR_FORMAT for the state of another model or of other settings. */
int training_save(struct training *training, const char *path, struct err *err);
int training_resume(struct training *training, const char *path, struct err *err);

/* The parameters that are validated and exported: the average where there is one. */
struct tensor training_kept(struct training *training);

struct model *training_model(struct training *training);
size_t training_trained(const struct training *training); /* parameters that change */

#endif
