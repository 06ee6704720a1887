/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/training.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/train/training_private.h"

#define ROWS_STEP 32              /* rows by which room for batches grows */
#define SWAPPED ((size_t)1 << 18) /* numbers that change places at a time */
#define SHARED 8                  /* numbers that ranks sum at a time, at most */

/* --- making one ----------------------------------------------------------------------------- */

int training_workers(int feed_threads)
{
	return feed_threads + 1;
}

static int open_feeds(struct training *t, struct source *source, struct err *err)
{
	const struct training_settings *s = &t->settings;
	struct feed_settings train = {.split = SOURCE_TRAIN,
				      .samples = s->samples,
				      .rank = s->ranks ? s->ranks->rank : 0,
				      .ranks = s->ranks ? s->ranks->count : 0,
				      .labels = s->reading > 0,
				      .shuffled = true,
				      .seed = s->seed,
				      .row_step = t->ops->row_step,
				      .threads = s->feed_threads};
	struct feed_settings val = {.split = SOURCE_VAL,
				    .samples = s->samples,
				    .most = s->check_samples,
				    .row_step = t->ops->row_step,
				    .first_worker = s->feed_threads,
				    .threads = 1};

	t->train = feed_new(source, &train, &t->config, err);
	if (!t->train)
		return -1;
	if (!source->count[SOURCE_VAL] || !s->check_samples)
		return 0;
	t->val = feed_new(source, &val, &t->config, err);
	return t->val ? 0 : -1;
}

/* What of the model is trained, itself or by adapters. */
static int choose_parameters(struct training *t, struct err *err)
{
	const struct training_settings *s = &t->settings;
	const unsigned all = (1u << MODEL_PART_COUNT_) - 1, projector = 1u << MODEL_PART_projector;
	struct lora_settings lora = {s->lora_rank, s->lora_alpha, all & ~s->frozen & ~projector,
				     s->seed};

	if ((s->frozen & all) == all)
		return err_set(err, ERR_USAGE, "all parts of the model are frozen");
	model_freeze(t->model, s->frozen);
	t->own = param_set_of_model(t->model, all & ~s->frozen & (s->lora_rank ? projector : all),
				    s->optimizer.kind == OPTIMIZER_muon);
	t->sets[t->set_count++] = t->own;
	if (s->lora_rank) {
		t->lora = lora_new(t->model, t->ops, &lora, err);
		if (!t->lora)
			return -1;
		t->sets[t->set_count++] = *lora_params(t->lora);
	}
	if (s->reading > 0) {
		t->reader = reading_head_new(t->model, t->ops, s->seed);
		t->sets[t->set_count++] = *reading_head_params(t->reader);
	}
	return 0;
}

static void fill_parameters(struct training *t, const struct checkpoint *from)
{
	if (!from) {
		model_init(t->model, t->settings.seed);
		return;
	}
	tensor_upload_floats(t->ops, model_params(t->model), from->numbers, from->tensors->numbers);
	model_params_changed(t->model);
}

static int make_model(struct training *t, const struct checkpoint *from, int rows, struct err *err)
{
	struct model_limits limits = {
		.samples = t->settings.samples, .rows = rows, .recompute = t->settings.recompute};
	size_t n;

	t->model = model_new(&t->config, t->ops, &limits, err);
	if (!t->model)
		return -1;
	fill_parameters(t, from);
	if (choose_parameters(t, err) < 0)
		return -1;
	t->optimizer = optimizer_new(t->sets, t->set_count, t->ops, &t->settings.optimizer);
	if (t->settings.ranks)
		t->shared = tensor_alloc(t->ops, SHARED, DTYPE_F32);
	if (t->settings.average > 0) {
		n = model_layout(t->model)->numbers;
		t->average = tensor_alloc(t->ops, n, t->ops->acc);
		t->swapped = tensor_alloc(t->ops, SWAPPED, t->ops->acc);
		t->ops->convert(t->ops, t->average, model_params(t->model), n);
	}
	return 0;
}

struct training *training_new(const struct training_settings *settings,
			      const struct model_config *config, const struct checkpoint *from,
			      struct source *source, struct ops *ops, struct err *err)
{
	struct training *t = mem_alloc(1, sizeof(*t));

	t->settings = *settings;
	t->config = *config;
	t->ops = ops;
	t->best = INFINITY;
	t->batches = mem_alloc((size_t)settings->accumulate, sizeof(*t->batches));
	if (make_model(t, from, source->rows, err) == 0 && ops->check(ops, err) == 0 &&
	    open_feeds(t, source, err) == 0) {
		feed_seek(t->train, 0);
		return t;
	}
	training_free(t);
	return NULL;
}

void training_free(struct training *training)
{
	if (!training)
		return;
	feed_free(training->train);
	feed_free(training->val);
	for (int i = 0; i < training->settings.accumulate; i++)
		feed_batch_free(&training->batches[i]);
	free(training->batches);
	feed_batch_free(&training->ahead);
	feed_batch_free(&training->checked);
	optimizer_free(training->optimizer);
	lora_free(training->lora);
	reading_head_free(training->reader);
	param_set_free(&training->own);
	tensor_release(training->ops, training->average);
	tensor_release(training->ops, training->swapped);
	tensor_release(training->ops, training->shared);
	model_free(training->model);
	free(training);
}

void training_ask_to_stop(struct training *training)
{
	training->asked_to_stop = true;
}

int64_t training_steps_done(const struct training *training)
{
	return training->steps;
}

struct tensor training_kept(struct training *training)
{
	return tensor_is_none(training->average) ? model_params(training->model)
						 : training->average;
}

struct model *training_model(struct training *training)
{
	return training->model;
}

size_t training_trained(const struct training *training)
{
	size_t count = 0;

	for (int i = 0; i < training->set_count; i++)
		for (int k = 0; k < training->sets[i].range_count; k++)
			count += training->sets[i].ranges[k].count;
	return count;
}

/* --- ranks ---------------------------------------------------------------------------------- */

/* Sums over all ranks; whole numbers are exact to 2^24. */
static void share(struct training *t, double *numbers, size_t n)
{
	float some[SHARED];

	if (!t->settings.ranks)
		return;
	for (size_t i = 0; i < n; i++)
		some[i] = (float)numbers[i];
	tensor_upload_floats(t->ops, t->shared, some, n);
	t->settings.ranks->sum(t->settings.ranks, t->shared, n);
	tensor_download_floats(t->ops, some, t->shared, n);
	for (size_t i = 0; i < n; i++)
		numbers[i] = (double)some[i];
}

/* Whatever lies between the first and the last range. */
static void share_gradients(struct training *t)
{
	struct ranks *ranks = t->settings.ranks;

	for (int i = 0; i < t->set_count && ranks; i++) {
		const struct param_set *set = &t->sets[i];
		const struct param_range *first = set->ranges, *last = first + set->range_count;

		if (first < last)
			ranks->sum(ranks, tensor_from(set->grads, first->offset),
				   last[-1].offset + last[-1].count - first->offset);
	}
}

/* What a step has of all ranks, before it begins. */
static void share_counts(struct training *t, struct training_report *report)
{
	double counts[] = {(double)report->samples, (double)report->targets, (double)t->cells,
			   report->flops, t->asked_to_stop};

	share(t, counts, sizeof(counts) / sizeof(*counts));
	report->samples = (int64_t)counts[0];
	report->targets = (int64_t)counts[1];
	t->cells = (int64_t)counts[2];
	report->flops = counts[3];
	report->stopped = counts[4] > 0;
}

static void share_losses(struct training *t, struct training_report *report)
{
	double losses[] = {report->loss, report->reading};

	share(t, losses, 2);
	report->loss = losses[0];
	report->reading = losses[1];
}

/* --- steps ---------------------------------------------------------------------------------- */

/* Room for a batch. */
static int reserve(struct training *t, const struct feed_batch *batch, struct err *err)
{
	int rows;

	rows = (batch->batch.rows + ROWS_STEP - 1) / ROWS_STEP * ROWS_STEP;
	if (rows > t->config.text.positions)
		rows = t->config.text.positions;
	return model_reserve(t->model, batch->batch.samples, rows, err);
}

static int next_batch(struct training *t, struct feed *feed, struct feed_batch *batch,
		      struct err *err)
{
	return feed_next(feed, batch, err) < 0 ? -1 : reserve(t, batch, err);
}

/* The i-th of a step. */
static int take_batch(struct training *t, int i, struct err *err)
{
	struct feed_batch taken = t->batches[i];

	if (i > 0 || !t->has_ahead)
		return next_batch(t, t->train, &t->batches[i], err);
	t->batches[i] = t->ahead;
	t->ahead = taken;
	t->has_ahead = false;
	return reserve(t, &t->batches[i], err);
}

/* While the i-th batch of a step is under way: what comes behind it goes ahead, where it is there. A failure comes again
 * when it is its turn. */
static void send_next(struct training *t, int i)
{
	struct err err;

	if (i + 1 < t->settings.accumulate) {
		model_send(t->model, &t->batches[i + 1].batch);
		return;
	}
	t->has_ahead = feed_ready(t->train) && feed_next(t->train, &t->ahead, &err) == 0;
	if (t->has_ahead)
		model_send(t->model, &t->ahead.batch);
}

static bool only_reads(const struct training *t)
{
	return t->steps < t->settings.reading_steps;
}

/* Batches first: the loss is a mean over the targets of all. */
static int read_batches(struct training *t, struct training_report *report, struct err *err)
{
	double waited = feed_waited(t->train);
	struct model_flops flops;

	for (int i = 0; i < t->settings.accumulate; i++) {
		const struct batch *b = &t->batches[i].batch;

		if (take_batch(t, i, err) < 0)
			return -1;
		report->samples += b->samples;
		report->targets += b->target_count;
		flops = model_flops(&t->config, b);
		if (only_reads(t))
			flops = (struct model_flops){.part[MODEL_PART_vision] =
							     flops.part[MODEL_PART_vision]};
		report->flops += model_step_flops(&flops, t->settings.frozen);
	}
	report->waited = feed_waited(t->train) - waited;
	return 0;
}

/* The moving average begins with what it averages over: its decay rises from 2 / 11 on. */
static void note_average(struct training *t)
{
	double n = (double)t->steps, decay = fmin(t->settings.average, (1 + n) / (10 + n));

	if (!tensor_is_none(t->average))
		t->ops->mix(t->ops, t->average, model_params(t->model),
			    model_layout(t->model)->numbers, decay, 1 - decay);
}

static int update(struct training *t, struct training_report *report, struct err *err)
{
	struct optimizer_report update;
	const char *name;

	if (t->lora)
		lora_gradients(t->lora);
	share_gradients(t);
	if (optimizer_step(t->optimizer, report->step, &update, err) < 0) {
		if (t->ops->check(t->ops, err) < 0)
			return -1;
		name = param_set_blame(t->model, t->ops);
		return name ? err_set(err, ERR_FORMAT,
				      "step %" PRId64 ": the gradient of %s is not finite",
				      report->step, name)
			    : -1;
	}
	if (t->lora)
		lora_apply(t->lora);
	report->rate = update.rate;
	report->length = update.length;
	t->steps++;
	note_average(t);
	return 0;
}

/* Counts the cells of all batches: that loss is a mean, too. */
static void begin_reading(struct training *t, struct training_report *report)
{
	if (!t->reader)
		return;
	reading_head_clear_grads(t->reader);
	report->reading = 0;
	t->cells = 0;
	for (int i = 0; i < t->settings.accumulate; i++)
		t->cells += reading_head_count(t->reader, &t->batches[i].batch);
}

static void add_batch(struct training *t, int i, struct training_report *report)
{
	const struct batch *b = &t->batches[i].batch;
	double part = t->reader && t->cells ? 1 / (double)t->cells : 0;

	if (only_reads(t))
		model_look(t->model, b);
	else
		model_forward(t->model, b, t->settings.smoothing);
	if (t->reader)
		report->reading +=
			part * reading_head_run(t->reader, b, part * t->settings.reading);
	if (only_reads(t))
		model_look_back(t->model, b);
	else
		model_backward(t->model, b, 1.0 / (double)report->targets);
	send_next(t, i);
	if (!only_reads(t))
		report->loss += model_loss(t->model) * b->target_count / (double)report->targets;
}

int training_step(struct training *t, struct training_report *report, struct err *err)
{
	*report = (struct training_report){.step = t->steps + 1, .reading = NAN};
	report->stopped = t->asked_to_stop && !t->settings.ranks;
	if (report->stopped)
		return 0;
	if (read_batches(t, report, err) < 0)
		return -1;
	model_clear_grads(t->model);
	begin_reading(t, report);
	share_counts(t, report);
	if (report->stopped)
		return t->ops->check(t->ops, err);
	for (int i = 0; i < t->settings.accumulate; i++)
		add_batch(t, i, report);
	share_losses(t, report);
	if (t->ops->check(t->ops, err) < 0)
		return -1;
	if (!isfinite(report->loss) || (t->reader && !isfinite(report->reading)))
		return err_set(err, ERR_FORMAT, "step %" PRId64 ": the loss is not finite",
			       report->step);
	if (only_reads(t))
		report->loss = NAN;
	return update(t, report, err);
}

/* --- validation ----------------------------------------------------------------------------- */

/* Sums, over batches, of losses and of what was right. */
struct sums {
	double loss;
	int64_t targets, samples, tokens, exact;
};

static int check_batches(struct training *t, struct sums *sums, struct err *err)
{
	feed_seek(t->val, 0);
	for (int64_t i = 0; i < feed_batches(t->val); i++) {
		const struct batch *b = &t->checked.batch;
		struct model_right right;

		if (next_batch(t, t->val, &t->checked, err) < 0)
			return -1;
		model_forward(t->model, b, 0);
		sums->loss += model_loss(t->model) * b->target_count;
		right = model_count_right(t->model, b);
		sums->targets += b->target_count;
		sums->samples += b->samples;
		sums->tokens += right.targets;
		sums->exact += right.samples;
	}
	return 0;
}

/* The model gets the average, and the average what the model had. */
static void swap_average(struct training *t)
{
	size_t numbers = model_layout(t->model)->numbers;
	struct ops *ops = t->ops;

	if (tensor_is_none(t->average))
		return;
	for (size_t at = 0; at < numbers; at += SWAPPED) {
		size_t n = numbers - at < SWAPPED ? numbers - at : SWAPPED;
		struct tensor a = tensor_from(t->average, at);
		struct tensor b = tensor_from(model_params(t->model), at);

		ops->convert(ops, t->swapped, a, n);
		ops->convert(ops, a, b, n);
		ops->convert(ops, b, t->swapped, n);
	}
	model_params_changed(t->model);
}

int training_check(struct training *t, struct training_check *check, struct err *err)
{
	struct sums s = {0};
	int rc;

	*check = (struct training_check){.loss = NAN, .tokens = NAN, .exact = NAN};
	if (!t->val)
		return 0;
	swap_average(t);
	rc = check_batches(t, &s, err);
	swap_average(t);
	if (rc == 0)
		rc = t->ops->check(t->ops, err);
	if (rc < 0 || !s.targets)
		return rc;
	check->loss = s.loss / (double)s.targets;
	check->tokens = (double)s.tokens / (double)s.targets;
	check->exact = (double)s.exact / (double)s.samples;
	check->best = check->loss < t->best;
	t->since_best = check->best ? 0 : t->since_best + 1;
	t->best = check->best ? check->loss : t->best;
	check->since_best = t->since_best;
	return 0;
}
