/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/optimizer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

const char *const rate_shape_names[3] = {
#define X(name) #name,
	RATE_SHAPES(X)
#undef X
		NULL};

struct optimizer {
	struct optimizer_settings settings;
	struct model *model;
	struct ops *ops;
	struct tensor first, second;
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

static struct tensor zeros(size_t n, enum dtype type)
{
	return (struct tensor){mem_alloc(n, dtype_bytes(type)), type};
}

struct optimizer *optimizer_new(struct model *model, struct ops *ops,
				const struct optimizer_settings *settings)
{
	struct optimizer *o = mem_alloc(1, sizeof(*o));
	size_t n = model_layout(model)->numbers;

	o->settings = *settings;
	o->model = model;
	o->ops = ops;
	o->first = zeros(n, ops->acc);
	o->second = zeros(n, ops->acc);
	return o;
}

void optimizer_free(struct optimizer *optimizer)
{
	if (!optimizer)
		return;
	free(optimizer->first.at);
	free(optimizer->second.at);
	free(optimizer);
}

struct tensor optimizer_first(struct optimizer *optimizer)
{
	return optimizer->first;
}

struct tensor optimizer_second(struct optimizer *optimizer)
{
	return optimizer->second;
}

/* The first tensor whose gradient is not finite. */
static int blame(struct optimizer *o, int64_t step, struct err *err)
{
	const struct model_tensors *at = model_layout(o->model);
	const char *name = "their sum";

	for (int i = at->count; i-- > 0;)
		if (!isfinite(o->ops->sum_squares(
			    o->ops, tensor_from(model_grads(o->model), at->all[i].offset),
			    at->all[i].count)))
			name = at->all[i].name;
	return err_set(err, ERR_FORMAT, "step %" PRId64 ": the gradient of %s is not finite", step,
		       name);
}

static void update(struct optimizer *o, size_t at, size_t n, const struct adamw *how)
{
	struct tensor copy = model_params_copy(o->model);

	o->ops->adamw(o->ops, tensor_from(model_params(o->model), at), tensor_from(o->first, at),
		      tensor_from(o->second, at), tensor_from(model_grads(o->model), at),
		      tensor_from(copy, at), n, how);
}

int optimizer_step(struct optimizer *o, int64_t step, struct optimizer_report *report,
		   struct err *err)
{
	const struct optimizer_settings *s = &o->settings;
	const struct model_tensors *at = model_layout(o->model);
	struct adamw how = {.rate = optimizer_rate(s, step),
			    .beta1 = s->beta1,
			    .beta2 = s->beta2,
			    .eps = s->eps,
			    .decay = s->decay,
			    .scale = 1,
			    .step = step};

	report->rate = how.rate;
	report->length = sqrt(o->ops->sum_squares(o->ops, model_grads(o->model), at->numbers));
	if (!isfinite(report->length))
		return blame(o, step, err);
	if (s->clip > 0 && report->length > s->clip)
		how.scale = s->clip / report->length;
	update(o, 0, at->matrices, &how);
	how.decay = 0;
	update(o, at->matrices, at->numbers - at->matrices, &how);
	return 0;
}
