/* SPDX-License-Identifier: MIT */
/*
 * decode_bench: how fast pictures become tokens, with random weights.
 *
 *	decode_bench [cuda|THREADS [f32|bf16 [PRESET [SIDE [BEAMS [BATCH]]]]]]
 *
 * A vocabulary of VOCAB tokens, prompts of PROMPT tokens beside the picture's, TOKENS tokens for each
 * drawing, which never end by themselves. Printed are drawings/s at BATCH at once (32), prompts and steps
 * apart, and one drawing alone; the best and the median of RUNS runs.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/rng.h"
#include "trainer/decode/decode.h"
#include "trainer/ops/ops_cpu.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/train/model.h"

#define RUNS 5
#define BATCHES 2 /* of drawings, in a run */
#define BATCH_MOST 1024
#define VOCAB 2048
#define PROMPT 20
#define TOKENS 100

struct bench {
	struct ops *ops;
	struct model_config config;
	struct decode_options options;
	struct decode_model *model;
	struct decoder *decoder;
	int batch;
	uint8_t *pixels; /* [BATCHES * batch, side, side] */
	int32_t *ids;    /* of the prompt, the same for all */
	size_t count;
	uint64_t asked, wanted;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int next(void *ctx, struct decode_request *out, struct err *err)
{
	struct bench *b = ctx;
	size_t side = (size_t)b->config.vision.side;

	(void)err;
	if (b->asked == b->wanted)
		return 0;
	*out = (struct decode_request){.number = b->asked,
				       .pixels = b->pixels + b->asked * side * side,
				       .ids = b->ids,
				       .count = b->count};
	b->asked++;
	return 1;
}

static int done(void *ctx, const struct decode_result *result, struct err *err)
{
	(void)ctx;
	(void)err;
	if (result->answers[0].count != TOKENS)
		abort();
	return 0;
}

static void decode_some(struct bench *b, uint64_t wanted)
{
	struct err err;

	b->asked = 0;
	b->wanted = wanted;
	if (decoder_run(b->decoder, &(struct decode_io){b, next, done}, &err) < 0)
		abort();
}

/* --- tables --------------------------------------------------------------------------------- */

typedef void part(struct bench *b);

static void decode_all(struct bench *b)
{
	decode_some(b, (uint64_t)(BATCHES * b->batch));
}

static void decode_one(struct bench *b)
{
	decode_some(b, 1);
}

static void drop_all(struct bench *b)
{
	for (int i = 0; i < b->batch; i++)
		decode_model_drop(b->model, i);
}

static void read_prompts(struct bench *b)
{
	int at_once = decode_model_limits(b->model)->prompts;
	size_t side = (size_t)b->config.vision.side;

	drop_all(b);
	for (int first = 0; first < b->batch; first += at_once) {
		struct decode_prompt prompts[BATCH_MOST];

		for (int i = 0; i < at_once; i++)
			prompts[i] = (struct decode_prompt){first + i, b->ids, (int)b->count};
		decode_model_prompt(b->model, prompts, b->pixels + (size_t)first * side * side,
				    at_once);
	}
}

static void go_steps(struct bench *b)
{
	int slots[BATCH_MOST];
	int32_t ids[BATCH_MOST];

	for (int i = 0; i < b->batch; i++) {
		slots[i] = i;
		ids[i] = 5 + i % 100;
	}
	for (int i = 0; i < TOKENS - 1; i++)
		decode_model_step(b->model, slots, ids, b->batch);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Seconds, best and median; `before` is not measured. */
static void measure(struct bench *b, part *before, part *run, double *best, double *median)
{
	double took[RUNS];

	for (int i = 0; i < RUNS; i++) {
		double start;

		if (before)
			before(b);
		start = now_s();
		run(b);
		took[i] = now_s() - start;
	}
	qsort(took, RUNS, sizeof(*took), compare);
	*best = took[0];
	*median = took[RUNS / 2];
}

static void print_all(struct bench *b)
{
	double best, median;

	measure(b, NULL, decode_all, &best, &median);
	printf("%4d at once, %-26s %8.1f drawings/s best %8.1f median\n", b->batch, "decoder",
	       BATCHES * b->batch / best, BATCHES * b->batch / median);
	if (b->options.beams == 1) {
		measure(b, NULL, read_prompts, &best, &median);
		printf("%-40s %8.2f ms/drawing best %7.2f median\n", "picture and prompt",
		       best * 1e3 / b->batch, median * 1e3 / b->batch);
		measure(b, read_prompts, go_steps, &best, &median);
		printf("%-40s %8.2f ms/drawing best %7.2f median\n", "99 steps of all",
		       best * 1e3 / b->batch, median * 1e3 / b->batch);
		drop_all(b);
	}
	measure(b, NULL, decode_one, &best, &median);
	printf("%-40s %8.1f ms best %15.1f median\n", "one drawing alone", best * 1e3,
	       median * 1e3);
}

/* --- start ---------------------------------------------------------------------------------- */

static struct ops *choose(int argc, char **argv, struct err *err)
{
	int threads = argc > 1 ? atoi(argv[1]) : 2, way = CPU_WAY_COUNT - 1;
	enum dtype act = argc > 2 && strcmp(argv[2], "f32") == 0 ? DTYPE_F32 : DTYPE_BF16;

	if (argc > 1 && strcmp(argv[1], "cuda") == 0)
		return ops_cuda_new(act, err);
	if (argc < 3)
		return ops_cpu_new(threads, err);
	while (!cpu_way_works((enum cpu_way)way))
		way--;
	return ops_cpu_new_as(threads, act, (enum cpu_way)way, err);
}

static int load_random(struct bench *b, struct err *err)
{
	struct model *model =
		model_new(&b->config, b->ops, &(struct model_limits){1, 400, true}, err);

	if (!model)
		return -1;
	model_init(model, 1);
	decode_model_load(b->model, model_params(model));
	model_free(model);
	return 0;
}

static void make_requests(struct bench *b)
{
	size_t side = (size_t)b->config.vision.side,
	       images = (size_t)model_image_tokens(&b->config);
	size_t drawings = BATCHES * (size_t)b->batch;
	struct rng rng = rng_seed(1, 1);

	b->pixels = mem_alloc(drawings, side * side);
	for (size_t i = 0; i < drawings * side * side; i++)
		b->pixels[i] = rng_chance(&rng, 0.05) ? 0 : 255;
	b->count = 1 + images + PROMPT;
	b->ids = mem_alloc(b->count, sizeof(*b->ids));
	for (size_t i = 0; i < b->count; i++)
		b->ids[i] = (int32_t)(i == 0        ? b->config.bos
				      : i <= images ? b->config.image
						    : 5 + (int)i % 100);
}

static int start(struct bench *b, int argc, char **argv, struct err *err)
{
	struct decode_limits limits;

	b->options = DECODE_OPTIONS;
	b->batch = argc > 6 ? atoi(argv[6]) : 32;
	if (b->batch < 1 || b->batch > BATCH_MOST)
		return err_set(err, ERR_USAGE, "1 to %d drawings at once", BATCH_MOST);
	b->options.tokens = TOKENS;
	b->options.beams = argc > 5 ? atoi(argv[5]) : 1;
	if (model_config_preset(&b->config, argc > 3 ? argv[3] : "small",
				argc > 4 ? atoi(argv[4]) : 256, VOCAB, err) < 0)
		return -1;
	b->config.eos = -1; /* never said */
	b->ops = choose(argc, argv, err);
	if (!b->ops)
		return -1;
	decode_options_for(&b->options, b->ops, b->batch);
	limits = decode_limits_for(&b->config, &b->options);
	b->model = decode_model_new(&b->config, b->ops, &limits, err);
	if (!b->model || load_random(b, err) < 0)
		return -1;
	b->decoder = decoder_new(b->model, NULL, &b->options, err);
	make_requests(b);
	return b->decoder ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct bench b = {.ops = NULL};
	struct err err = {0};
	int rc = start(&b, argc, argv, &err);

	if (rc == 0) {
		printf("%s, %s at %d px, %d beams\n", b.ops->name, argc > 3 ? argv[3] : "small",
		       b.config.vision.side, b.options.beams);
		print_all(&b);
	} else {
		fprintf(stderr, "decode_bench: %s\n", err.msg);
	}
	decoder_free(b.decoder);
	decode_model_free(b.model);
	if (b.ops)
		b.ops->free(b.ops);
	free(b.pixels);
	free(b.ids);
	return rc == 0 ? 0 : 1;
}
