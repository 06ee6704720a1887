/* SPDX-License-Identifier: MIT */
/*
 * train_bench: how fast a preset learns, from memory: whole steps of AdamW, clipped, on noise.
 *
 *	train_bench [cuda|cuda-direct|THREADS [PRESET [SIDE [BATCH [STEPS]]]]]
 *
 * A vocabulary of VOCAB tokens, prompts of PROMPT tokens beside the picture's, answers of ANSWER. Printed
 * are the best and the median of so many steps (10), in milliseconds, samples and tokens, all and of answers, a
 * second, and FLOP/s, of products and attention alone (model_flops), with their share of what the device reaches in
 * a large product (trainer/ops/peak.h). On a GPU, what each kernel takes of a step comes behind that.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "trainer/ops/cuda_graphs.h"
#include "trainer/ops/cuda_times.h"
#include "trainer/ops/ops_cpu.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/ops/peak.h"
#include "trainer/train/model.h"
#include "trainer/train/optimizer.h"

#define VOCAB 2048
#define PROMPT 20
#define ANSWER 60
#define PEAK_SECONDS 0.3
#define STEPS_MOST 1000

struct bench {
	struct cuda_device *times; /* NULL on the CPU */
	struct ops *ops;
	struct model_config config;
	struct model *model;
	struct param_set set;
	struct optimizer *optimizer;
	struct batch batch;
	uint8_t *pixels;
	int32_t *ids, *targets;
	int64_t step;
	double flops;
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* --- what is measured ----------------------------------------------------------------------- */

/* Seconds; the length of the gradient is read, so all is done by then. */
static int do_step(struct bench *b, double *seconds, struct err *err)
{
	struct optimizer_report report;
	double start = clock_seconds();

	model_clear_grads(b->model);
	model_forward(b->model, &b->batch, 0);
	model_backward(b->model, &b->batch, 1.0 / b->batch.target_count);
	model_loss(b->model); /* training shows it */
	if (optimizer_step(b->optimizer, ++b->step, &report, err) < 0)
		return -1;
	model_params_changed(b->model);
	if (b->ops->check(b->ops, err) < 0)
		return -1;
	*seconds = clock_seconds() - start;
	return 0;
}

static int print_steps(struct bench *b, const char *preset, int steps, struct err *err)
{
	double took[STEPS_MOST], peak = peak_measure(b->ops, PEAK_SECONDS), best, median;

	for (int i = -1; i < steps; i++)
		if (do_step(b, &took[i < 0 ? 0 : i], err) < 0)
			return -1;
	qsort(took, (size_t)steps, sizeof(*took), compare);
	best = took[0];
	median = took[steps / 2];
	printf("%s, %d px, batches of %d x %d tokens, %zu parameters, %.2f GFLOP a sample, %.0f "
	       "MiB\n",
	       preset, b->config.vision.side, b->batch.samples, b->batch.rows,
	       model_layout(b->model)->numbers, b->flops / b->batch.samples / 1e9,
	       (double)(model_bytes(b->model) + model_batch_bytes(b->model)) / 1048576);
	printf("%-8s %9s %11s %12s %12s %10s %8s\n", "", "ms", "samples/s", "tokens/s",
	       "answers'/s", "TFLOP/s", "of peak");
	for (int i = 0; i < 2; i++) {
		double s = i ? median : best;

		printf("%-8s %9.2f %11.1f %12.0f %12.0f %10.3f %7.1f%%\n", i ? "median" : "best",
		       1e3 * s, b->batch.samples / s, b->batch.samples * b->batch.rows / s,
		       b->batch.target_count / s, b->flops / s / 1e12, 100 * b->flops / s / peak);
	}
	printf("peak, a large product: %.3f TFLOP/s\n", peak / 1e12);
	return 0;
}

/* --- start ---------------------------------------------------------------------------------- */

static struct ops *choose(struct bench *b, const char *device, bool timed, struct err *err)
{
	bool direct = strcmp(device, "cuda-direct") == 0;
	struct cuda_device *gpu;

	if (strcmp(device, "cuda") != 0 && !direct)
		return ops_cpu_new(atoi(device) > 0 ? atoi(device) : 1, err);
	gpu = ops_cuda_device(err);
	if (!gpu)
		return NULL;
	b->times = timed ? cuda_times_new(gpu) : direct ? gpu : cuda_graphs_new(gpu);
	return ops_cuda_new_on(b->times, DTYPE_BF16);
}

/* Noise for pictures; prompts and answers of any tokens. */
static void make_batch(struct bench *b, int samples)
{
	int images = model_image_tokens(&b->config), rows = 1 + images + PROMPT + ANSWER;
	size_t side = (size_t)b->config.vision.side, all = (size_t)samples * (size_t)rows;
	size_t pixels = (size_t)samples * side * side;
	struct rng rng = rng_seed(1, 2);

	b->pixels = mem_alloc(pixels, 1);
	b->ids = mem_alloc(all, sizeof(*b->ids));
	b->targets = mem_alloc(all, sizeof(*b->targets));
	for (size_t i = 0; i < pixels; i++)
		b->pixels[i] = rng_chance(&rng, 0.05) ? 0 : 255;
	for (size_t i = 0; i < all; i++) {
		int row = (int)(i % (size_t)rows);
		bool image = row > 0 && row <= images;

		b->ids[i] = image ? b->config.image : 5 + (int32_t)rng_below(&rng, 1000);
		b->targets[i] = row + 1 >= rows - ANSWER ? 5 + (int32_t)rng_below(&rng, 1000) : -1;
	}
	b->batch = (struct batch){.samples = samples,
				  .rows = rows,
				  .pixels = b->pixels,
				  .ids = b->ids,
				  .targets = b->targets,
				  .target_count = samples * (ANSWER + 1)};
}

static int start(struct bench *b, const char *device, const char *preset, int side, int samples,
		 bool timed, struct err *err)
{
	struct optimizer_settings how = optimizer_defaults(STEPS_MOST);
	struct model_limits limits = {samples, 0, false};
	struct model_flops flops;

	if (model_config_preset(&b->config, preset, side, VOCAB, err) < 0)
		return -1;
	make_batch(b, samples);
	limits.rows = b->batch.rows;
	b->ops = choose(b, device, timed, err);
	if (!b->ops)
		return -1;
	b->model = model_new(&b->config, b->ops, &limits, err);
	if (!b->model)
		return -1;
	model_init(b->model, 1);
	b->set = param_set_of_model(b->model, (1u << MODEL_PART_COUNT_) - 1, false);
	b->optimizer = optimizer_new(&b->set, 1, b->ops, &how);
	flops = model_flops(&b->config, &b->batch);
	b->flops = model_step_flops(&flops, 0);
	return 0;
}

static void finish(struct bench *b)
{
	optimizer_free(b->optimizer);
	param_set_free(&b->set);
	model_free(b->model);
	if (b->ops)
		b->ops->free(b->ops);
	free(b->pixels);
	free(b->ids);
	free(b->targets);
}

/* A step in which each kernel is waited for. */
static int print_kernels(const char *device, const char *preset, int side, int samples,
			 struct err *err)
{
	struct bench b = {.ops = NULL};
	double seconds;
	int rc = start(&b, device, preset, side, samples, true, err);

	if (rc == 0)
		rc = do_step(&b, &seconds, err);
	if (rc == 0) {
		cuda_times_clear(b.times);
		rc = do_step(&b, &seconds, err);
	}
	if (rc == 0)
		cuda_times_print(b.times, stdout);
	finish(&b);
	return rc;
}

int main(int argc, char **argv)
{
	const char *device = argc > 1 ? argv[1] : "2", *preset = argc > 2 ? argv[2] : "small";
	int side = argc > 3 ? atoi(argv[3]) : 256, samples = argc > 4 ? atoi(argv[4]) : 32;
	int steps = argc > 5 ? atoi(argv[5]) : 10;
	struct bench b = {.ops = NULL};
	struct err err = {0};
	int rc;

	if (samples < 1 || steps < 1 || steps > STEPS_MOST) {
		fprintf(stderr, "usage: train_bench [cuda|cuda-direct|THREADS [PRESET [SIDE [BATCH "
				"[STEPS]]]]]\n");
		return 2;
	}
	rc = start(&b, device, preset, side, samples, false, &err);
	if (rc == 0) {
		printf("%s\n", b.ops->name);
		rc = print_steps(&b, preset, steps, &err);
	}
	finish(&b);
	if (rc == 0 && strcmp(device, "cuda") == 0)
		rc = print_kernels(device, preset, side, samples, &err);
	if (rc < 0)
		fprintf(stderr, "train_bench: %s\n", err.msg);
	return rc == 0 ? 0 : 1;
}
