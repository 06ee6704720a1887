/* SPDX-License-Identifier: MIT */
/*
 * What a checkpoint says to pictures, for interop_decode.py to compare with transformers:
 *
 *	build/decode_probe CHECKPOINT REQUESTS.safetensors OUT.safetensors TOKENS BATCH BEAMS f32|bf16 THREADS
 *
 * REQUESTS has pixels U8 [n, side, side] and ids I32 [n, rows], a prompt each, ending in -1 where it is
 * shorter. OUT gets ids I32 [n, TOKENS] of the best answers, -1 behind their ends, scores F32 [n] and
 * seconds F32 [1], of decoding alone.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "formats/model/checkpoint.h"
#include "trainer/decode/decode.h"
#include "trainer/ops/ops_cpu.h"

struct probe {
	struct checkpoint checkpoint;
	struct safetensors *file;
	const struct safetensor *pixels, *ids;
	struct ops *ops;
	struct decode_options options;
	struct decode_model *model;
	struct decoder *decoder;
	uint64_t asked;
	int32_t *said;
	float *scores, seconds;
};

static int read_requests(struct probe *p, const char *path, struct err *err)
{
	uint64_t side = (uint64_t)p->checkpoint.config.vision.side;

	p->file = safetensors_open(path, err);
	if (!p->file)
		return -1;
	p->pixels = safetensors_find(p->file, "pixels");
	p->ids = safetensors_find(p->file, "ids");
	if (!p->pixels || !p->ids || p->pixels->dtype != SAFETENSORS_U8 ||
	    p->ids->dtype != SAFETENSORS_I32 || p->pixels->count != p->ids->shape[0] * side * side)
		return err_set(err, ERR_FORMAT, "%s: no pixels U8 and ids I32 that fit", path);
	return 0;
}

static int next(void *ctx, struct decode_request *out, struct err *err)
{
	struct probe *p = ctx;
	size_t rows = p->ids->shape[1], pixels = p->pixels->count / p->ids->shape[0];

	(void)err;
	if (p->asked == p->ids->shape[0])
		return 0;
	*out = (struct decode_request){
		.number = p->asked,
		.pixels = (const uint8_t *)p->pixels->data + p->asked * pixels,
		.ids = (const int32_t *)p->ids->data + p->asked * rows,
	};
	while (out->count < rows && out->ids[out->count] >= 0)
		out->count++;
	p->asked++;
	return 1;
}

static int done(void *ctx, const struct decode_result *result, struct err *err)
{
	struct probe *p = ctx;
	const struct decode_answer *a = &result->answers[0];
	int32_t *to = p->said + result->number * (size_t)p->options.tokens;

	(void)err;
	for (int i = 0; i < p->options.tokens; i++)
		to[i] = (size_t)i < a->count ? a->ids[i] : -1;
	p->scores[result->number] = (float)a->score;
	return 0;
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int run(struct probe *p, struct err *err)
{
	struct decode_limits limits = decode_limits_for(&p->checkpoint.config, &p->options);
	double start;

	p->model = decode_model_new(&p->checkpoint.config, p->ops, &limits, err);
	if (!p->model)
		return -1;
	if (decode_model_load_numbers(p->model, p->checkpoint.numbers, err) < 0)
		return -1;
	p->decoder = decoder_new(p->model, NULL, &p->options, err);
	if (!p->decoder)
		return -1;
	p->said = mem_alloc(mem_mul(p->ids->shape[0], (size_t)p->options.tokens), sizeof(*p->said));
	p->scores = mem_alloc(p->ids->shape[0], sizeof(*p->scores));
	start = now_s();
	if (decoder_run(p->decoder, &(struct decode_io){p, next, done}, err) < 0)
		return -1;
	p->seconds = (float)(now_s() - start);
	return 0;
}

static int write_results(struct probe *p, const char *path, struct err *err)
{
	struct safetensors_writer *writer = safetensors_writer_new();
	uint64_t n = p->ids->shape[0], tokens = (uint64_t)p->options.tokens;

	safetensors_declare(writer, "ids", SAFETENSORS_I32, 2, (const uint64_t[]){n, tokens});
	safetensors_declare(writer, "scores", SAFETENSORS_F32, 1, (const uint64_t[]){n});
	safetensors_declare(writer, "seconds", SAFETENSORS_F32, 1, (const uint64_t[]){1});
	if (safetensors_start(writer, path, err) < 0 ||
	    safetensors_add(writer, p->said, n * tokens * sizeof(*p->said), err) < 0 ||
	    safetensors_add_floats(writer, p->scores, n, err) < 0 ||
	    safetensors_add_floats(writer, &p->seconds, 1, err) < 0) {
		safetensors_drop(writer);
		return -1;
	}
	return safetensors_finish(writer, err);
}

static struct ops *ops_of(const char *act, int threads, struct err *err)
{
	int way = CPU_WAY_COUNT - 1;

	while (!cpu_way_works((enum cpu_way)way))
		way--;
	return ops_cpu_new_as(threads, strcmp(act, "f32") ? DTYPE_BF16 : DTYPE_F32,
			      (enum cpu_way)way, err);
}

int main(int argc, char **argv)
{
	struct probe p = {.options = DECODE_OPTIONS};
	struct err err = {0};
	int rc;

	if (argc != 9) {
		fprintf(stderr, "usage: decode_probe CHECKPOINT REQUESTS OUT TOKENS BATCH BEAMS "
				"f32|bf16 THREADS\n");
		return 2;
	}
	p.options.tokens = atoi(argv[4]);
	p.options.batch = atoi(argv[5]);
	p.options.beams = atoi(argv[6]);
	p.ops = ops_of(argv[7], atoi(argv[8]), &err);
	rc = p.ops ? checkpoint_read(&p.checkpoint, argv[1], &err) : -1;
	if (rc == 0)
		rc = read_requests(&p, argv[2], &err);
	if (rc == 0)
		rc = run(&p, &err);
	if (rc == 0)
		rc = write_results(&p, argv[3], &err);
	decoder_free(p.decoder);
	decode_model_free(p.model);
	if (p.ops)
		p.ops->free(p.ops);
	if (p.checkpoint.tensors)
		checkpoint_free(&p.checkpoint);
	safetensors_close(p.file);
	free(p.said);
	free(p.scores);
	if (rc == 0)
		return 0;
	fprintf(stderr, "decode_probe: %s\n", err.msg);
	return 1;
}
