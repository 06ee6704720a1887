/* SPDX-License-Identifier: MIT */
/*
 * What a checkpoint makes of a batch, for interop_model.py to compare with transformers:
 *
 *	build/model_probe CHECKPOINT BATCH.safetensors OUT.safetensors [ref32|ref64]
 *
 * BATCH has pixels U8 [samples, side, side], ids and targets I32 [samples, rows], where a target is what
 * is said behind its row, or -1. OUT gets loss F32 [1], logits F32 [targets, vocab], and the gradient of
 * the mean loss under every parameter's name.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/model/checkpoint.h"
#include "trainer/train/model.h"

struct probe {
	struct checkpoint checkpoint;
	struct safetensors *file;
	struct ops *ops;
	struct model *model;
	struct batch batch;
	float *logits;
	double loss;
};

static int read_batch(struct probe *p, const char *path, struct err *err)
{
	const struct safetensor *pixels, *ids, *targets;

	p->file = safetensors_open(path, err);
	if (!p->file)
		return -1;
	pixels = safetensors_find(p->file, "pixels");
	ids = safetensors_find(p->file, "ids");
	targets = safetensors_find(p->file, "targets");
	if (!pixels || !ids || !targets || pixels->dtype != SAFETENSORS_U8 ||
	    ids->dtype != SAFETENSORS_I32 || targets->dtype != SAFETENSORS_I32)
		return err_set(err, ERR_FORMAT, "%s: no pixels U8, ids I32 and targets I32", path);
	p->batch = (struct batch){.samples = (int)ids->shape[0],
				  .rows = (int)ids->shape[1],
				  .pixels = pixels->data,
				  .ids = ids->data,
				  .targets = targets->data};
	for (uint64_t i = 0; i < targets->count; i++)
		p->batch.target_count += p->batch.targets[i] >= 0;
	return 0;
}

static int run(struct probe *p, struct err *err)
{
	struct model_limits limits = {p->batch.samples, p->batch.rows, false};
	size_t n = (size_t)p->batch.target_count * (size_t)p->checkpoint.config.text.vocab;
	struct tensor params;

	p->model = model_new(&p->checkpoint.config, p->ops, &limits, err);
	if (!p->model)
		return -1;
	params = model_params(p->model);
	for (size_t i = 0; i < p->checkpoint.tensors->numbers; i++)
		tensor_set(params, i, (double)p->checkpoint.numbers[i]);
	model_params_changed(p->model);
	model_forward(p->model, &p->batch, 0);
	p->loss = model_loss(p->model);
	p->logits = mem_alloc(n, sizeof(*p->logits));
	for (size_t i = 0; i < n; i++)
		p->logits[i] = (float)tensor_get(model_logits(p->model), i);
	model_backward(p->model, &p->batch, 1.0 / p->batch.target_count);
	return 0;
}

static int write_grads(struct probe *p, struct safetensors_writer *writer, struct err *err)
{
	const struct model_tensors *at = model_layout(p->model);

	for (int i = 0; i < at->count; i++)
		for (size_t k = 0; k < at->all[i].count; k++) {
			float g = (float)tensor_get(model_grads(p->model), at->all[i].offset + k);

			if (safetensors_add_floats(writer, &g, 1, err) < 0)
				return -1;
		}
	return 0;
}

static int write_results(struct probe *p, const char *path, struct err *err)
{
	struct safetensors_writer *writer = safetensors_writer_new();
	const struct model_tensors *at = model_layout(p->model);
	uint64_t vocab = (uint64_t)p->checkpoint.config.text.vocab;
	uint64_t rows = (uint64_t)p->batch.target_count;
	float loss = (float)p->loss;

	safetensors_declare(writer, "loss", SAFETENSORS_F32, 1, (const uint64_t[]){1});
	safetensors_declare(writer, "logits", SAFETENSORS_F32, 2, (const uint64_t[]){rows, vocab});
	for (int i = 0; i < at->count; i++)
		safetensors_declare(writer, at->all[i].name, SAFETENSORS_F32, 1,
				    (const uint64_t[]){at->all[i].count});
	if (safetensors_start(writer, path, err) < 0 ||
	    safetensors_add_floats(writer, &loss, 1, err) < 0 ||
	    safetensors_add_floats(writer, p->logits, rows * vocab, err) < 0 ||
	    write_grads(p, writer, err) < 0) {
		safetensors_drop(writer);
		return -1;
	}
	return safetensors_finish(writer, err);
}

static struct ops *ops_of(const char *name)
{
	struct ops *ops = ops_ref_new();

	if (strcmp(name, "ref32") == 0)
		ops->act = ops->acc = DTYPE_F32;
	return ops;
}

int main(int argc, char **argv)
{
	struct probe p = {.file = NULL};
	struct err err = {0};
	int rc;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: model_probe CHECKPOINT BATCH OUT [ref32|ref64]\n");
		return 2;
	}
	p.ops = ops_of(argc > 4 ? argv[4] : "ref32");
	rc = checkpoint_read(&p.checkpoint, argv[1], &err);
	if (rc == 0)
		rc = read_batch(&p, argv[2], &err);
	if (rc == 0)
		rc = run(&p, &err);
	if (rc == 0)
		rc = write_results(&p, argv[3], &err);
	model_free(p.model);
	p.ops->free(p.ops);
	if (p.checkpoint.tensors)
		checkpoint_free(&p.checkpoint);
	safetensors_close(p.file);
	free(p.logits);
	if (rc == 0)
		return 0;
	fprintf(stderr, "model_probe: %s\n", err.msg);
	return 1;
}
