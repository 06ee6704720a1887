/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/optimizer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/train/muon.h"

const char *const rate_shape_names[3] = {
#define X(name) #name,
	RATE_SHAPES(X)
#undef X
		NULL};

const char *const optimizer_names[3] = {
#define X(name) #name,
	OPTIMIZERS(X)
#undef X
		NULL};

struct optimizer {
	struct optimizer_settings settings;
	const struct param_set *sets;
	int count;
	struct ops *ops;
	size_t numbers;
	struct tensor first, second;
	struct muon *muon;  /* NULL: AdamW alone */
	double *squares;    /* of each range's gradient, set by set */
	struct tensor sums; /* the same in memory of ops, F64 */
};

struct optimizer_settings optimizer_defaults(int64_t steps)
{
	return (struct optimizer_settings){.rate = 1e-3,
					   .shape = RATE_cosine,
					   .warmup = steps / 50,
					   .steps = steps,
					   .last = 0.1,
					   .fall = 0.5,
					   .beta1 = 0.9,
					   .beta2 = 0.95,
					   .eps = 1e-8,
					   .decay = 0.1,
					   .clip = 1};
}

double optimizer_rate(const struct optimizer_settings *s, int64_t step)
{
	double left, done;

	if (step <= s->warmup)
		return s->rate * (double)step / (double)s->warmup;
	if (step >= s->steps)
		return s->rate * s->last;
	done = (double)(step - s->warmup) / (double)(s->steps - s->warmup);
	if (s->shape == RATE_cosine)
		left = 0.5 + 0.5 * cos(M_PI * done);
	else
		left = fmin(1, (1 - done) / s->fall);
	return s->rate * (s->last + (1 - s->last) * left);
}

static bool is_for_muon(const struct optimizer *o, const struct param_range *r)
{
	return o->settings.kind == OPTIMIZER_muon && r->rows > 0;
}

/* For the largest of the matrices. */
static struct muon *new_muon(const struct optimizer *o)
{
	size_t numbers = 0, side = 0;

	for (int i = 0; i < o->count; i++)
		for (int k = 0; k < o->sets[i].range_count; k++) {
			const struct param_range *r = &o->sets[i].ranges[k];

			if (!is_for_muon(o, r))
				continue;
			numbers = size_most(numbers, r->count);
			side = size_most(side, r->rows < r->cols ? r->rows : r->cols);
		}
	return muon_new(o->ops, numbers, side);
}

struct optimizer *optimizer_new(const struct param_set *sets, int count, struct ops *ops,
				const struct optimizer_settings *settings)
{
	struct optimizer *o = mem_alloc(1, sizeof(*o));
	size_t ranges = 0;

	o->settings = *settings;
	o->sets = sets;
	o->count = count;
	o->ops = ops;
	for (int i = 0; i < count; i++) {
		o->numbers += sets[i].numbers;
		ranges += (size_t)sets[i].range_count;
	}
	o->squares = mem_alloc(ranges, sizeof(*o->squares));
	o->sums = tensor_alloc(ops, ranges, DTYPE_F64);
	o->first = tensor_alloc(ops, o->numbers, ops->acc);
	o->second = tensor_alloc(ops, o->numbers, ops->acc);
	if (settings->kind == OPTIMIZER_muon)
		o->muon = new_muon(o);
	return o;
}

void optimizer_free(struct optimizer *optimizer)
{
	if (!optimizer)
		return;
	tensor_release(optimizer->ops, optimizer->first);
	tensor_release(optimizer->ops, optimizer->second);
	tensor_release(optimizer->ops, optimizer->sums);
	muon_free(optimizer->muon);
	free(optimizer->squares);
	free(optimizer);
}

size_t optimizer_numbers(const struct optimizer *optimizer)
{
	return optimizer->numbers;
}

struct tensor optimizer_first(struct optimizer *optimizer)
{
	return optimizer->first;
}

struct tensor optimizer_second(struct optimizer *optimizer)
{
	return optimizer->second;
}

/* Fills o->squares. */
static double gradient_length(struct optimizer *o)
{
	double sum = 0;
	size_t n = 0;

	for (int i = 0; i < o->count; i++)
		for (int k = 0; k < o->sets[i].range_count; k++) {
			const struct param_range *r = &o->sets[i].ranges[k];

			o->ops->sum_squares(o->ops, tensor_from(o->sums, n++),
					    tensor_from(o->sets[i].grads, r->offset), r->count);
		}
	o->ops->download(o->ops, o->squares, o->sums, n);
	for (size_t i = 0; i < n; i++)
		sum += o->squares[i];
	return sqrt(sum);
}

/* Its means begin at number `at`. */
static void update_range(struct optimizer *o, const struct param_set *set,
			 const struct param_range *r, size_t at, const struct adamw *how)
{
	struct tensor param = tensor_from(set->params, r->offset);
	struct tensor grad = tensor_from(set->grads, r->offset);
	struct tensor copy = tensor_from(set->copy, r->offset);
	struct tensor first = tensor_from(o->first, at);

	if (is_for_muon(o, r))
		muon_update(o->muon, param, first, grad, copy, r->rows, r->cols,
			    &(struct muon_step){how->rate, how->decay, how->scale});
	else
		o->ops->adamw(o->ops, param, first, tensor_from(o->second, at), grad, copy,
			      r->count, how);
}

/* A set whose means begin at number `at`. What has no gradient is left alone: it had no part in the step. */
static void update(struct optimizer *o, const struct param_set *set, const double *squares,
		   size_t at, struct adamw how)
{
	double rate = how.rate, decay = how.decay;

	for (int i = 0; i < set->range_count; i++) {
		const struct param_range *r = &set->ranges[i];

		if (squares[i] == 0)
			continue;
		how.rate = rate * r->rate;
		how.decay = r->decays ? decay : 0;
		update_range(o, set, r, at + r->offset, &how);
	}
}

int optimizer_step(struct optimizer *o, int64_t step, struct optimizer_report *report,
		   struct err *err)
{
	const struct optimizer_settings *s = &o->settings;
	struct adamw how = {.rate = optimizer_rate(s, step),
			    .beta1 = s->beta1,
			    .beta2 = s->beta2,
			    .eps = s->eps,
			    .decay = s->decay,
			    .scale = 1,
			    .step = step};
	const double *squares = o->squares;
	size_t at = 0;

	report->rate = how.rate;
	report->length = gradient_length(o);
	if (!isfinite(report->length))
		return err_set(err, ERR_FORMAT, "step %" PRId64 ": the gradient is not finite",
			       step);
	if (s->clip > 0 && report->length > s->clip)
		how.scale = s->clip / report->length;
	for (int i = 0; i < o->count; i++) {
		update(o, &o->sets[i], squares, at, how);
		squares += o->sets[i].range_count;
		at += o->sets[i].numbers;
	}
	return 0;
}
