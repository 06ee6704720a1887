/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/training.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/safetensors.h"

#define PIECE 65536 /* numbers at once, to and from files */

struct training {
	struct training_settings settings;
	struct model_config config;
	struct ops *ops;
	struct model *model;
	struct optimizer *optimizer;
	struct feed *train, *val;   /* val: NULL where there is none */
	struct feed_batch *batches; /* of a step */
	struct feed_batch checked;  /* of an evaluation */
	int64_t steps;
};

static int open_feeds(struct training *t, const struct tokenizer *tokenizer, struct err *err)
{
	const struct training_settings *s = &t->settings;
	struct err none = {0};

	t->train = feed_open(s->dataset, FEED_TRAIN, tokenizer, &t->config, s->seed, err);
	if (!t->train)
		return -1;
	t->val = feed_open(s->dataset, FEED_VAL, tokenizer, &t->config, s->seed, &none);
	if (t->val || none.code == ERR_FORMAT)
		return 0;
	return err_set(err, none.code, "%s", none.msg);
}

static int make_model(struct training *t, const struct checkpoint *from, struct err *err)
{
	struct model_limits limits = {.samples = t->settings.samples,
				      .rows = feed_rows(t->train),
				      .recompute = t->settings.recompute};
	struct tensor params;

	if (t->val && feed_rows(t->val) > limits.rows)
		limits.rows = feed_rows(t->val);
	t->model = model_new(&t->config, t->ops, &limits, err);
	if (!t->model)
		return -1;
	params = model_params(t->model);
	if (!from)
		model_init(t->model, t->settings.seed);
	for (size_t i = 0; from && i < from->tensors->numbers; i++)
		tensor_set(params, i, (double)from->numbers[i]);
	model_params_changed(t->model);
	t->optimizer = optimizer_new(t->model, t->ops, &t->settings.optimizer);
	return 0;
}

struct training *training_new(const struct training_settings *settings,
			      const struct model_config *config, const struct checkpoint *from,
			      const struct tokenizer *tokenizer, struct ops *ops, struct err *err)
{
	struct training *t;

	if (tokenizer_vocab(tokenizer)->token_count > (uint32_t)config->text.vocab) {
		err_set(err, ERR_FORMAT, "the tokenizer has %u tokens, the model %d",
			tokenizer_vocab(tokenizer)->token_count, config->text.vocab);
		return NULL;
	}
	t = mem_alloc(1, sizeof(*t));
	t->settings = *settings;
	t->config = *config;
	t->ops = ops;
	t->batches = mem_alloc((size_t)settings->accumulate, sizeof(*t->batches));
	if (open_feeds(t, tokenizer, err) == 0 && make_model(t, from, err) == 0)
		return t;
	training_free(t);
	return NULL;
}

void training_free(struct training *training)
{
	if (!training)
		return;
	for (int i = 0; i < training->settings.accumulate; i++)
		feed_batch_free(&training->batches[i]);
	free(training->batches);
	feed_batch_free(&training->checked);
	feed_close(training->train);
	feed_close(training->val);
	optimizer_free(training->optimizer);
	model_free(training->model);
	free(training);
}

int64_t training_steps_done(const struct training *training)
{
	return training->steps;
}

struct model *training_model(struct training *training)
{
	return training->model;
}

size_t training_samples(const struct training *training)
{
	return feed_count(training->train);
}

/* --- steps ---------------------------------------------------------------------------------- */

/* Batches first: the loss is a mean over the targets of all. */
static int read_batches(struct training *t, struct training_report *report, struct err *err)
{
	for (int i = 0; i < t->settings.accumulate; i++) {
		struct feed_batch *b = &t->batches[i];

		if (feed_batch(t->train, t->steps * t->settings.accumulate + i, t->settings.samples,
			       b, err) < 0)
			return -1;
		report->samples += b->batch.samples;
		report->targets += b->batch.target_count;
		report->flops += 3 * model_flops(&t->config, b->batch.samples, b->batch.rows,
						 b->batch.target_count);
	}
	return 0;
}

int training_step(struct training *t, struct training_report *report, struct err *err)
{
	struct optimizer_report update;

	*report = (struct training_report){.step = t->steps + 1};
	if (read_batches(t, report, err) < 0)
		return -1;
	model_clear_grads(t->model);
	for (int i = 0; i < t->settings.accumulate; i++) {
		const struct batch *b = &t->batches[i].batch;

		report->loss += model_forward(t->model, b, t->settings.smoothing) *
				b->target_count / (double)report->targets;
		model_backward(t->model, b, 1.0 / (double)report->targets);
	}
	if (!isfinite(report->loss))
		return err_set(err, ERR_FORMAT, "step %" PRId64 ": the loss is not finite",
			       report->step);
	if (optimizer_step(t->optimizer, report->step, &update, err) < 0)
		return -1;
	report->rate = update.rate;
	report->length = update.length;
	t->steps++;
	return 0;
}

int training_evaluate(struct training *t, int most, double *loss, struct err *err)
{
	int left = t->val ? (int)feed_count(t->val) : 0, targets = 0;
	double sum = 0;

	left = most > 0 && most < left ? most : left;
	*loss = NAN;
	for (int64_t done = 0; done < left; done += t->settings.samples) {
		int samples = left - (int)done < t->settings.samples ? left - (int)done
								     : t->settings.samples;

		if (feed_part(t->val, done, samples, &t->checked, err) < 0)
			return -1;
		sum += model_forward(t->model, &t->checked.batch, 0) *
		       t->checked.batch.target_count;
		targets += t->checked.batch.target_count;
	}
	if (targets)
		*loss = sum / targets;
	return 0;
}

/* --- files ---------------------------------------------------------------------------------- */

static int add_numbers(struct safetensors_writer *writer, struct tensor x, size_t n,
		       struct err *err)
{
	float piece[PIECE];

	for (size_t at = 0; at < n; at += PIECE) {
		size_t count = n - at < PIECE ? n - at : PIECE;

		for (size_t i = 0; i < count; i++)
			piece[i] = (float)tensor_get(x, at + i);
		if (safetensors_add_floats(writer, piece, count, err) < 0)
			return -1;
	}
	return 0;
}

static const char *const state_names[] = {"params", "first", "second"};

static struct tensor state_of(struct training *t, int i)
{
	return i == 0   ? model_params(t->model)
	       : i == 1 ? optimizer_first(t->optimizer)
			: optimizer_second(t->optimizer);
}

int training_save(struct training *t, const char *path, struct err *err)
{
	struct safetensors_writer *writer = safetensors_writer_new();
	uint64_t n = model_layout(t->model)->numbers, one = 1;

	safetensors_declare(writer, "step", SAFETENSORS_I64, 1, &one);
	for (int i = 0; i < 3; i++)
		safetensors_declare(writer, state_names[i], SAFETENSORS_F32, 1, &n);
	if (safetensors_start(writer, path, err) < 0 ||
	    safetensors_add(writer, &t->steps, sizeof(t->steps), err) < 0) {
		safetensors_drop(writer);
		return -1;
	}
	for (int i = 0; i < 3; i++)
		if (add_numbers(writer, state_of(t, i), n, err) < 0) {
			safetensors_drop(writer);
			return -1;
		}
	return safetensors_finish(writer, err);
}

static int read_state(struct training *t, const struct safetensors *file, const char *path,
		      struct err *err)
{
	const struct safetensor *step = safetensors_find(file, "step");
	size_t n = model_layout(t->model)->numbers;
	float piece[PIECE];

	if (!step || step->dtype != SAFETENSORS_I64 || step->count != 1)
		return err_set(err, ERR_FORMAT, "%s is no state of a training", path);
	for (int i = 0; i < 3; i++) {
		const struct safetensor *s = safetensors_find(file, state_names[i]);

		if (!s || s->count != n)
			return err_set(err, ERR_FORMAT, "%s is the state of another model", path);
		for (size_t at = 0; at < n; at += PIECE) {
			size_t count = n - at < PIECE ? n - at : PIECE;

			if (safetensors_floats(file, s, at, count, piece, err) < 0)
				return -1;
			for (size_t k = 0; k < count; k++)
				tensor_set(state_of(t, i), at + k, (double)piece[k]);
		}
	}
	memcpy(&t->steps, step->data, sizeof(t->steps));
	model_params_changed(t->model);
	return 0;
}

int training_resume(struct training *t, const char *path, struct err *err)
{
	struct safetensors *file = safetensors_open(path, err);
	int rc;

	if (!file)
		return -1;
	rc = read_state(t, file, path, err);
	safetensors_close(file);
	return rc;
}

int training_export(struct training *t, const char *folder, const struct vocab *vocab,
		    struct err *err)
{
	struct checkpoint c = {.config = t->config};
	size_t n = model_layout(t->model)->numbers;
	int rc;

	c.tensors = model_tensors_new(&t->config);
	c.numbers = mem_alloc(n, sizeof(*c.numbers));
	for (size_t i = 0; i < n; i++)
		c.numbers[i] = (float)tensor_get(model_params(t->model), i);
	rc = checkpoint_write(&c, folder, SAFETENSORS_BF16, vocab, NULL, err);
	model_tensors_free(c.tensors);
	free(c.numbers);
	return rc;
}
