/* SPDX-License-Identifier: MIT */
/*
 * training: a run: steps over a dataset, evaluations, and what of it is on disk.
 *
 *	struct training *t = training_new(&settings, config, vocab_folder, ops, &err);
 *	while (training_steps_done(t) < settings.steps)
 *		if (training_step(t, &report, &err) < 0) ...
 *	training_save(t, "run/last", &err);
 *	training_free(t);
 *
 * The same settings give the same losses, bit for bit, at the same number of threads, in one go or
 * resumed: batches depend on seed and step alone, and the state on disk is all there is.
 */
#ifndef TRAINER_TRAINING_H
#define TRAINER_TRAINING_H

#include "base/err.h"
#include "formats/checkpoint.h"
#include "tokenizer/tokenizer.h"
#include "trainer/feed.h"
#include "trainer/model.h"
#include "trainer/optimizer.h"

struct training_settings {
	const char *dataset;
	int samples;    /* of a batch */
	int accumulate; /* batches of a step */
	double smoothing;
	bool recompute;
	uint64_t seed;
	struct optimizer_settings optimizer;
};

struct training;

/* Opens the dataset's splits and makes model and optimizer. `from` gives the parameters, or, where it is
 * NULL, they are drawn from the seed. Borrows all. ERR_FORMAT where the vocabulary is larger than the
 * model's; else as feed_open and model_new. A dataset without validation samples is none. */
struct training *training_new(const struct training_settings *settings,
			      const struct model_config *config, const struct checkpoint *from,
			      const struct tokenizer *tokenizer, struct ops *ops, struct err *err);
void training_free(struct training *training);

struct training_report {
	int64_t step; /* from 1 */
	double loss, rate, length;
	int64_t samples, targets; /* of this step */
	double flops;             /* forward and back */
};

/* One step. ERR_FORMAT, with the parameters as they were, where loss or gradient is not finite. */
int training_step(struct training *training, struct training_report *report, struct err *err);
int64_t training_steps_done(const struct training *training);

/* The mean loss over the validation samples, or over the first `most` of them; NAN without any. */
int training_evaluate(struct training *training, int most, double *loss, struct err *err);

/* Writes the model as a checkpoint, in BF16; and the state to resume from: parameters in F32, both
 * means, the step. */
int training_export(struct training *training, const char *folder, const struct vocab *vocab,
		    struct err *err);
int training_save(struct training *training, const char *path, struct err *err);

/* Goes on from a saved state of the same model. ERR_FORMAT where it is of another. */
int training_resume(struct training *training, const char *path, struct err *err);

struct model *training_model(struct training *training);
size_t training_samples(const struct training *training); /* of the training split */

#endif
