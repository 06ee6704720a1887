/* SPDX-License-Identifier: MIT */
/*
 * The state is a safetensors file:
 *
 *	step, since_best  I64    best  F64
 *	params, average   F32, the model's flat array; average where one is kept
 *	first, second     F32, the optimizer's means
 *	adapters, base    F32, with adapters: theirs, and the matrices they began with
 *	reading           F32, of a head that reads
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/model/safetensors.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/train/training_private.h"

#define PIECE 65536 /* numbers at once */
#define PARTS 7

struct part {
	const char *name;
	struct tensor numbers;
	uint64_t count;
};

/* The arrays of a state, in the file's order; returns how many. */
static int parts_of(struct training *t, struct part parts[PARTS])
{
	uint64_t n = model_layout(t->model)->numbers, m = optimizer_numbers(t->optimizer);
	int count = 0;

	parts[count++] = (struct part){"params", model_params(t->model), n};
	parts[count++] = (struct part){"first", optimizer_first(t->optimizer), m};
	parts[count++] = (struct part){"second", optimizer_second(t->optimizer), m};
	if (!tensor_is_none(t->average))
		parts[count++] = (struct part){"average", t->average, n};
	if (t->lora) {
		const struct param_set *set = lora_params(t->lora);
		size_t numbers;
		struct tensor base = lora_base(t->lora, &numbers);

		parts[count++] = (struct part){"adapters", set->params, set->numbers};
		parts[count++] = (struct part){"base", base, numbers};
	}
	if (t->reader) {
		const struct param_set *set = reading_head_params(t->reader);

		parts[count++] = (struct part){"reading", set->params, set->numbers};
	}
	return count;
}

/* --- writing -------------------------------------------------------------------------------- */

static int add_numbers(struct training *t, struct safetensors_writer *writer,
		       const struct part *part, struct err *err)
{
	float piece[PIECE];

	for (size_t at = 0; at < part->count; at += PIECE) {
		size_t count = part->count - at < PIECE ? part->count - at : PIECE;

		tensor_download_floats(t->ops, piece, tensor_from(part->numbers, at), count);
		if (safetensors_add_floats(writer, piece, count, err) < 0)
			return -1;
	}
	return 0;
}

static int add_all(struct training *t, struct safetensors_writer *writer, const struct part *parts,
		   int count, struct err *err)
{
	if (safetensors_add(writer, &t->steps, sizeof(t->steps), err) < 0 ||
	    safetensors_add(writer, &t->since_best, sizeof(t->since_best), err) < 0 ||
	    safetensors_add(writer, &t->best, sizeof(t->best), err) < 0)
		return -1;
	for (int i = 0; i < count; i++)
		if (add_numbers(t, writer, &parts[i], err) < 0)
			return -1;
	return t->ops->check(t->ops, err);
}

int training_save(struct training *t, const char *path, struct err *err)
{
	struct safetensors_writer *writer = safetensors_writer_new();
	struct part parts[PARTS];
	int count = parts_of(t, parts);
	uint64_t one = 1;

	safetensors_declare(writer, "step", SAFETENSORS_I64, 1, &one);
	safetensors_declare(writer, "since_best", SAFETENSORS_I64, 1, &one);
	safetensors_declare(writer, "best", SAFETENSORS_F64, 1, &one);
	for (int i = 0; i < count; i++)
		safetensors_declare(writer, parts[i].name, SAFETENSORS_F32, 1, &parts[i].count);
	if (safetensors_start(writer, path, err) < 0 || add_all(t, writer, parts, count, err) < 0) {
		safetensors_drop(writer);
		return -1;
	}
	return safetensors_finish(writer, err);
}

/* --- reading -------------------------------------------------------------------------------- */

static int read_one(const struct safetensors *file, const char *name, enum safetensors_dtype dtype,
		    const char *path, void *out, struct err *err)
{
	const struct safetensor *s = safetensors_find(file, name);

	if (!s || s->dtype != dtype || s->count != 1)
		return err_set(err, ERR_FORMAT, "%s is no state of a training: no %s", path, name);
	memcpy(out, s->data, s->bytes);
	return 0;
}

static int read_part(struct training *t, const struct safetensors *file, const struct part *part,
		     const char *path, struct err *err)
{
	const struct safetensor *s = safetensors_find(file, part->name);
	float piece[PIECE];

	if (!s)
		return err_set(err, ERR_FORMAT,
			       "%s is the state of a run with other settings: it has no %s", path,
			       part->name);
	if (s->count != part->count)
		return err_set(err, ERR_FORMAT, "%s is the state of another model", path);
	for (size_t at = 0; at < part->count; at += PIECE) {
		size_t count = part->count - at < PIECE ? part->count - at : PIECE;

		if (safetensors_floats(file, s, at, count, piece, err) < 0)
			return -1;
		tensor_upload_floats(t->ops, tensor_from(part->numbers, at), piece, count);
	}
	return 0;
}

static int read_state(struct training *t, const struct safetensors *file, const char *path,
		      struct err *err)
{
	struct part parts[PARTS];
	int count = parts_of(t, parts);
	int64_t steps, since_best;
	double best;

	if (read_one(file, "step", SAFETENSORS_I64, path, &steps, err) < 0 ||
	    read_one(file, "since_best", SAFETENSORS_I64, path, &since_best, err) < 0 ||
	    read_one(file, "best", SAFETENSORS_F64, path, &best, err) < 0)
		return -1;
	if (steps < 0 || since_best < 0)
		return err_set(err, ERR_FORMAT, "%s: step %lld", path, (long long)steps);
	if (safetensors_count(file) != (size_t)count + 3)
		return err_set(err, ERR_FORMAT, "%s is the state of a run with other settings",
			       path);
	for (int i = 0; i < count; i++)
		if (read_part(t, file, &parts[i], path, err) < 0)
			return -1;
	t->steps = steps;
	t->since_best = since_best;
	t->best = best;
	model_params_changed(t->model);
	if (t->reader)
		reading_head_params_changed(t->reader);
	feed_seek(t->train, steps * t->settings.accumulate);
	t->has_ahead = false;
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

/* --- checkpoints ---------------------------------------------------------------------------- */

int training_export(struct training *t, const char *folder, enum safetensors_dtype dtype,
		    const struct vocab *vocab, struct err *err)
{
	struct tensor params = training_kept(t);
	struct checkpoint c = {.config = t->config};
	size_t n = model_layout(t->model)->numbers;
	int rc;

	c.tensors = model_tensors_new(&t->config);
	c.numbers = mem_alloc(n, sizeof(*c.numbers));
	tensor_download_floats(t->ops, c.numbers, params, n);
	rc = t->ops->check(t->ops, err);
	if (rc == 0)
		rc = checkpoint_write(&c, folder, dtype, vocab, NULL, err);
	model_tensors_free(c.tensors);
	free(c.numbers);
	return rc;
}
