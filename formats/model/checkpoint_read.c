/* SPDX-License-Identifier: MIT */
/*
 * Reading: config.json says which tensors there must be, the header of model.safetensors which there
 * are. Only once every tensor has been found, with its shape, is memory taken for the numbers: a small
 * file with a large config is refused before it costs anything.
 */
#include <config.h>

#include "formats/model/checkpoint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "formats/encoding/json.h"

#define PIXEL_MAX 1000.0
#define PIXEL_STD_MIN 1e-3

#define CHUNK 4096

struct reading {
	const char *path; /* of the weights */
	const struct safetensors *file;
	const struct model_tensors *tensors;
	const struct safetensor **found; /* [tensors->count] */
	const struct safetensor *tied;   /* a head that must be the embeddings, or NULL */
	float *numbers;
	struct err *err;
};

/* --- which tensors there are */

static void put_shape(int dims, const uint64_t *shape, struct buf *out)
{
	buf_char(out, '[');
	for (int i = 0; i < dims; i++) {
		buf_str(out, i ? ", " : "");
		buf_int(out, (int64_t)shape[i]);
	}
	buf_char(out, ']');
}

static int check_shape(struct reading *r, const struct safetensor *t,
		       const struct model_tensor *wanted)
{
	struct buf is = {0}, should = {0};

	if (t->dims == wanted->dims &&
	    memcmp(t->shape, wanted->shape, (size_t)t->dims * sizeof(*t->shape)) == 0)
		return 0;
	put_shape(t->dims, t->shape, &is);
	put_shape(wanted->dims, wanted->shape, &should);
	err_set(r->err, ERR_FORMAT, "%s: '%s' is %s, must be %s", r->path, t->name, is.data,
		should.data);
	buf_free(&is);
	buf_free(&should);
	return -1;
}

static int note_tied(struct reading *r, const struct safetensor *t)
{
	if (r->tied)
		return err_set(r->err, ERR_FORMAT, "%s: '%s' and '%s' are the same tensor", r->path,
			       r->tied->name, t->name);
	r->tied = t;
	return 0;
}

static int note(struct reading *r, const struct safetensor *t)
{
	int i = model_tensors_find(r->tensors, t->name);

	if (i == MODEL_TENSOR_DEAD)
		return 0;
	if (i == MODEL_TENSOR_TIED)
		return note_tied(r, t);
	if (i == MODEL_TENSOR_UNKNOWN)
		return err_set(r->err, ERR_FORMAT, "%s: unknown tensor '%s'", r->path, t->name);
	if (r->found[i])
		return err_set(r->err, ERR_FORMAT, "%s: '%s' and '%s' are the same tensor", r->path,
			       r->found[i]->name, t->name);
	r->found[i] = t;
	return check_shape(r, t, &r->tensors->all[i]);
}

static int check_missing(struct reading *r)
{
	const char *first = NULL;
	int missing = 0;

	for (int i = 0; i < r->tensors->count; i++)
		if (!r->found[i]) {
			first = first ? first : r->tensors->all[i].name;
			missing++;
		}
	if (!missing)
		return 0;
	if (missing == 1)
		return err_set(r->err, ERR_FORMAT, "%s: '%s' is missing", r->path, first);
	return err_set(r->err, ERR_FORMAT, "%s: '%s' and %d other tensors are missing", r->path,
		       first, missing - 1);
}

static int find_all(struct reading *r)
{
	for (size_t i = 0; i < safetensors_count(r->file); i++)
		if (note(r, safetensors_at(r->file, i)) < 0)
			return -1;
	return check_missing(r);
}

/* --- their numbers */

/* Three channels [width, 3, p * p] as their sum [width, p * p]. */
static int read_patches(struct reading *r, const struct safetensor *t,
			const struct model_tensor *wanted, float *out)
{
	size_t n = wanted->count / wanted->shape[0];
	float *channels = mem_alloc(mem_mul(3, n), sizeof(*channels));
	int rc = 0;

	for (uint64_t row = 0; rc == 0 && row < wanted->shape[0]; row++) {
		rc = safetensors_floats(r->file, t, row * 3 * n, 3 * n, channels, r->err);
		for (size_t i = 0; rc == 0 && i < n; i++)
			out[row * n + i] = (float)((double)channels[i] + (double)channels[n + i] +
						   (double)channels[2 * n + i]);
	}
	free(channels);
	return rc;
}

static int read_tensor(struct reading *r, int i)
{
	const struct model_tensor *wanted = &r->tensors->all[i];
	const struct safetensor *t = r->found[i];
	float *out = r->numbers + wanted->offset;
	int rc = wanted->is_patches ? read_patches(r, t, wanted, out)
				    : safetensors_floats(r->file, t, 0, wanted->count, out, r->err);

	for (size_t j = 0; rc == 0 && j < wanted->count; j++)
		if (!isfinite(out[j]))
			rc = err_set(r->err, ERR_FORMAT, "%s: '%s' holds %s", r->path, t->name,
				     isnan(out[j]) ? "NaN" : "infinity");
	return rc;
}

/* A head that is written although it is tied is the embeddings, number by number. */
static int check_tied(struct reading *r)
{
	const float *embed = r->numbers + r->tensors->head_w;
	const struct model_tensor *wanted = &r->tensors->all[model_tensors_find(
		r->tensors, "language_model.model.embed_tokens.weight")];
	float part[CHUNK];

	if (!r->tied)
		return 0;
	if (check_shape(r, r->tied, wanted) < 0)
		return -1;
	for (size_t at = 0; at < wanted->count; at += CHUNK) {
		size_t n = wanted->count - at < CHUNK ? wanted->count - at : CHUNK;

		if (safetensors_floats(r->file, r->tied, at, n, part, r->err) < 0)
			return -1;
		if (memcmp(part, embed + at, n * sizeof(*part)) != 0)
			return err_set(
				r->err, ERR_FORMAT,
				"%s: '%s' is not the embeddings, which config.json ties it to",
				r->path, r->tied->name);
	}
	return 0;
}

static int read_numbers(struct reading *r)
{
	for (int i = 0; i < r->tensors->count; i++)
		if (read_tensor(r, i) < 0)
			return -1;
	return check_tied(r);
}

static int read_weights(struct checkpoint *c, struct safetensors *file, const char *path,
			struct err *err)
{
	struct reading r = {.path = path, .file = file, .tensors = c->tensors, .err = err};
	int rc;

	r.found = mem_alloc((size_t)c->tensors->count, sizeof(struct safetensor *));
	rc = find_all(&r);
	if (rc == 0) {
		r.numbers = c->numbers = mem_alloc(c->tensors->numbers, sizeof(float));
		rc = read_numbers(&r);
	}
	free(r.found);
	return rc;
}

/* --- the folder */

static void put_path(struct buf *out, const char *folder, const char *name)
{
	buf_clear(out);
	buf_str(out, folder);
	buf_char(out, '/');
	buf_str(out, name);
}

/* Weights of many GB come in several files; those are not read. */
static int check_one_file(const char *folder, struct buf *path, struct err *err)
{
	put_path(path, folder, "model.safetensors");
	if (access(path->data, F_OK) == 0)
		return 0;
	put_path(path, folder, "model.safetensors.index.json");
	if (access(path->data, F_OK) == 0)
		return err_set(err, ERR_UNSUPPORTED, "%s: weights in several files", path->data);
	put_path(path, folder, "model.safetensors");
	return 0;
}

/* One number for all channels: the model sees grey. */
static int read_channels(const struct json_doc *doc, const cJSON *object, const char *key,
			 double least, double *value, struct err *err)
{
	const cJSON *list = json_member(object, key);

	if (!list || cJSON_IsNull(list))
		return 0;
	if (!cJSON_IsArray(list))
		return json_error(doc, list, err, "'%s' must be a list", key);
	for (const cJSON *node = list->child; node; node = node->next) {
		double v = node->valuedouble;

		if (!cJSON_IsNumber(node) || !(v >= least && v <= PIXEL_MAX))
			return json_error(doc, node, err, "'%s' must be numbers from %g to %g", key,
					  least, PIXEL_MAX);
		if (v != list->child->valuedouble) {
			json_error(doc, node, err, "'%s' is not the same for each channel", key);
			if (err)
				err->code = ERR_UNSUPPORTED;
			return -1;
		}
		*value = v;
	}
	return 0;
}

/* What pixels are read as. Without the file there is no telling. transformers 5 has it within
 * processor_config.json. */
static int read_pixels(struct model_vision *v, const char *folder, const char *name,
		       struct err *err)
{
	struct buf path = {0};
	struct json_doc doc;
	int rc = 0;

	put_path(&path, folder, name);
	if (access(path.data, F_OK) == 0) {
		rc = json_read(&doc, path.data, err);
		if (rc == 0) {
			const cJSON *inner = json_member(doc.root, "image_processor");
			const cJSON *object = inner ? inner : doc.root;

			rc = read_channels(&doc, object, "image_mean", -PIXEL_MAX, &v->mean, err);
			if (rc == 0)
				rc = read_channels(&doc, object, "image_std", PIXEL_STD_MIN,
						   &v->std, err);
			json_free(&doc);
		}
	}
	buf_free(&path);
	return rc;
}

static int open_weights(struct checkpoint *c, const char *folder, struct err *err)
{
	struct safetensors *file;
	struct buf path = {0};
	int rc = check_one_file(folder, &path, err);

	if (rc == 0) {
		file = safetensors_open(path.data, err);
		rc = file ? read_weights(c, file, path.data, err) : -1;
		safetensors_close(file);
	}
	buf_free(&path);
	return rc;
}

int checkpoint_read(struct checkpoint *c, const char *folder, struct err *err)
{
	struct buf path = {0};
	int rc;

	*c = (struct checkpoint){0};
	put_path(&path, folder, "config.json");
	rc = model_config_read(&c->config, path.data, err);
	buf_free(&path);
	if (rc < 0 || read_pixels(&c->config.vision, folder, "preprocessor_config.json", err) < 0 ||
	    read_pixels(&c->config.vision, folder, "processor_config.json", err) < 0)
		return -1;
	c->tensors = model_tensors_new(&c->config);
	rc = open_weights(c, folder, err);
	if (rc < 0)
		checkpoint_free(c);
	return rc;
}

void checkpoint_free(struct checkpoint *c)
{
	model_tensors_free(c->tensors);
	free(c->numbers);
	*c = (struct checkpoint){0};
}
