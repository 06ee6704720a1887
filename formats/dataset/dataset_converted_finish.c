/* SPDX-License-Identifier: MIT */
/*
 * From the journal to what readers look for. Each step may be run again after any failure or crash; the last
 * one puts dataset_info.json there.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "formats/dataset/dataset_converted_private.h"

#define WRITE_BYTES ((size_t)64 << 10)

/* A file that is written piece by piece. */
struct out {
	struct fs_file *file;
	struct buf text; /* not written yet */
};

static int out_open(struct out *out, const struct converted *c, const char *name, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	*out = (struct out){0};
	out->file = fs_file_new(dataset_file_path(c->settings.path, name, "", path), err);
	return out->file ? 0 : -1;
}

static int out_flush(struct out *out, size_t least, struct err *err)
{
	int rc = 0;

	if (out->text.len > least) {
		rc = fs_file_add(out->file, out->text.data, out->text.len, err);
		buf_clear(&out->text);
	}
	return rc;
}

/* Finishes the file, or drops it where something failed before. */
static int out_close(struct out *out, int rc, struct err *err)
{
	if (out->file && rc == 0)
		rc = out_flush(out, 0, err);
	if (out->file && rc == 0)
		rc = fs_file_finish(out->file, err);
	else
		fs_file_drop(out->file);
	buf_free(&out->text);
	return rc;
}

/* --- entries and failures --------------------------------------------------------------------- */

struct outs {
	struct out train, val, failures, annotations;
};

static void put_failure(struct buf *out, const struct converted_model *model, const char *why)
{
	buf_str(out, "{\"id\":");
	buf_json_str(out, model->id);
	buf_str(out, ",\"file\":");
	buf_json_str(out, model->file);
	buf_str(out, ",\"reason\":");
	buf_json_str(out, why);
	buf_str(out, "}\n");
}

/* What stands before the separator, of the text of a model that was made; and what stands behind it. */
static void put_made(struct outs *outs, struct buf *out, bool first, const char *text)
{
	const char *end = strstr(text, CONVERTED_SEPARATOR);

	buf_str(out, first ? "[\n" : ",\n");
	buf_bytes(out, text, end ? (size_t)(end - text) : strlen(text));
	if (end)
		buf_str(&outs->annotations.text, end + strlen(CONVERTED_SEPARATOR));
}

static int write_model(const struct converted *c, struct outs *outs,
		       const struct converted_model *model, uint64_t *train, uint64_t *val,
		       struct err *err)
{
	struct outcome outcome;
	struct json_doc line;

	if (outcomes_read(c->outcomes, model->place, &line, &outcome, err) < 0)
		return -1;
	if (!model->ok)
		put_failure(&outs->failures.text, model, outcome.text);
	else if (model->part == MODEL_VAL)
		put_made(outs, &outs->val.text, (*val)++ == 0, outcome.text);
	else
		put_made(outs, &outs->train.text, (*train)++ == 0, outcome.text);
	json_free(&line);
	if (out_flush(&outs->train, WRITE_BYTES, err) < 0 ||
	    out_flush(&outs->val, WRITE_BYTES, err) < 0 ||
	    (c->settings.annotated && out_flush(&outs->annotations, WRITE_BYTES, err) < 0))
		return -1;
	return out_flush(&outs->failures, WRITE_BYTES, err);
}

static int write_models(const struct converted *c, const struct converted_model *models,
			size_t count, struct err *err)
{
	struct outs outs = {.train = {0}};
	uint64_t train = 0, val = 0;
	int rc = out_open(&outs.train, c, "train.json", err);

	if (rc == 0)
		rc = out_open(&outs.val, c, "val.json", err);
	if (rc == 0)
		rc = out_open(&outs.failures, c, "failures.jsonl", err);
	if (rc == 0 && c->settings.annotated)
		rc = out_open(&outs.annotations, c, CONVERTED_ANNOTATIONS, err);
	for (size_t i = 0; i < count && rc == 0; i++)
		if (models[i].is_done)
			rc = write_model(c, &outs, &models[i], &train, &val, err);
	buf_str(&outs.train.text, train ? "\n]\n" : "[]\n");
	buf_str(&outs.val.text, val ? "\n]\n" : "[]\n");
	rc = out_close(&outs.train, rc, err);
	rc = out_close(&outs.val, rc, err);
	rc = out_close(&outs.annotations, rc, err);
	return out_close(&outs.failures, rc, err);
}

/* --- the split -------------------------------------------------------------------------------- */

static int put_ids(struct out *out, const struct converted_model *models, size_t count,
		   enum model_part part, struct err *err)
{
	const char *comma = "";

	for (size_t i = 0; i < count; i++) {
		if (!models[i].is_done || !models[i].ok || models[i].part != part)
			continue;
		buf_str(&out->text, comma);
		buf_char(&out->text, '\n');
		buf_json_str(&out->text, models[i].id);
		comma = ",";
		if (out_flush(out, WRITE_BYTES, err) < 0)
			return -1;
	}
	buf_char(&out->text, ']');
	return 0;
}

static int write_split(const struct converted *c, const struct converted_model *models,
		       size_t count, struct err *err)
{
	struct out out;
	int rc = out_open(&out, c, DATASET_SPLIT, err);

	buf_str(&out.text, "{\"train\":[");
	if (rc == 0)
		rc = put_ids(&out, models, count, MODEL_TRAIN, err);
	buf_str(&out.text, ",\n\"val\":[");
	if (rc == 0)
		rc = put_ids(&out, models, count, MODEL_VAL, err);
	buf_str(&out.text, "}\n");
	return out_close(&out, rc, err);
}

/* --- cards ------------------------------------------------------------------------------------ */

typedef void hear_file(struct buf *out, const char *name, const char *about);

static void tell_files(const struct converted *c, hear_file *hear, struct buf *out)
{
	char name[16], about[64];

#define F(name, about) hear(out, name, about);
	CONVERTED_FILES(F)
#undef F
	if (c->settings.annotated)
		hear(out, CONVERTED_ANNOTATIONS,
		     "polygons in pixels of every dimension, text, arrow and view");
	for (int i = 0; i < ALSO_COUNT_; i++) {
		if (!(c->settings.also >> i & 1))
			continue;
		snprintf(name, sizeof(name), "%s/", dataset_also_name((enum dataset_also)i));
		snprintf(about, sizeof(about), "the pictures' drawings as curves, in %s",
			 dataset_also_name((enum dataset_also)i));
		hear(out, name, about);
	}
}

static void put_file_row(struct buf *out, const char *name, const char *about)
{
	buf_str(out, "| `");
	buf_str(out, name);
	buf_str(out, "` | ");
	buf_str(out, about);
	buf_str(out, " |\n");
}

static void put_file_object(struct buf *out, const char *name, const char *about)
{
	buf_str(out, out->data[out->len - 1] == '[' ? "\n{\"name\":" : ",\n{\"name\":");
	buf_json_str(out, name);
	buf_str(out, ",\"about\":");
	buf_json_str(out, about);
	buf_char(out, '}');
}

/* Their numbers are no measured ones. */
static void put_vectors(const struct converted_settings *s, struct buf *out)
{
	if (s->vectors == 0)
		return;
	buf_uint(out, s->vectors);
	buf_str(out,
		" models of the source are DeepCAD's vectors: their numbers are quantised to 256 "
		"levels, in a\nnormalised frame from -1 to 1, which is taken for metres.\n");
}

static void put_readme(const struct converted *c, struct buf *out)
{
	const struct converted_settings *s = &c->settings;
	uint64_t models = c->counts.train + c->counts.val;

	buf_str(out, "---\npretty_name: cadconv ");
	buf_str(out, s->verb);
	buf_str(out,
		"\ntask_categories:\n- image-to-text\ntags:\n- cad\n- engineering-drawing\n---\n\n"
		"# Orthographic views of solids with their programs\n\n"
		"Views of models that were there before, and the programs that make them, by "
		"cadconv " PACKAGE_VERSION
		".\nEach sample is a picture, a prompt and, as the answer, the program in the "
		"language `");
	buf_str(out, s->language);
	buf_str(out, "`.\nThe models' own licence holds for what is made of them.\n");
	put_vectors(s, out);
	buf_str(out, "\n## Samples\n\n| part | models |\n| --- | ---: |\n");
	dataset_put_row(out, "train", c->counts.train);
	dataset_put_row(out, "validation", c->counts.val);
	dataset_put_row(out, "all", models);
	dataset_put_row(out, "failed", c->counts.failed);
	buf_str(out, "\nPictures: ");
	buf_uint(out, models * (uint64_t)s->pictures);
	buf_str(out, ". All pictures of a model are in the same part.\n\n"
		     "## Files\n\n| name | what |\n| --- | --- |\n");
	tell_files(c, put_file_row, out);
	buf_str(out, "\nFormats: dataset(5). TinyLLaVA and LLaVA load it with `--data_path "
		     "DATASET/train.json\n--image_folder DATASET`.\n\n");
	dataset_put_command(out, s->command, s->json);
}

static void put_count(struct buf *out, const char *before, uint64_t count)
{
	buf_str(out, before);
	buf_uint(out, count);
}

static void put_info(const struct converted *c, struct buf *out)
{
	const struct converted_counts *n = &c->counts;

	buf_str(out, "{\n\"name\":\"cadconv-");
	buf_str(out, c->settings.verb);
	buf_str(out, "\",\n\"format\":\"tinyllava\",\n\"generator\":\"cadconv\",\n"
		     "\"version\":\"" PACKAGE_VERSION "\",\n");
	put_count(out, "\"counts\":{\"models\":", n->train + n->val);
	put_count(out, ",\"train\":", n->train);
	put_count(out, ",\"val\":", n->val);
	put_count(out, ",\"pictures\":", (n->train + n->val) * (uint64_t)c->settings.pictures);
	put_count(out, ",\"failed\":", n->failed);
	put_count(out, ",\"missing\":", n->missing);
	buf_str(out, "},\n\"settings\":");
	buf_str(out, c->settings.json);
	buf_str(out, ",\n\"files\":[");
	tell_files(c, put_file_object, out);
	buf_str(out, "\n]\n}\n");
}

static int write_cards(const struct converted *c, struct err *err)
{
	const char *folder = c->settings.path;
	struct buf out = {0};
	int rc;

	buf_str(&out, c->settings.rendering);
	buf_char(&out, '\n');
	rc = dataset_put_file(folder, "rendering_metadata.json", &out, err);
	buf_clear(&out);
	dataset_put_tinyllava(&out);
	if (rc == 0)
		rc = dataset_put_file(folder, "tinyllava_metadata.json", &out, err);
	buf_clear(&out);
	put_readme(c, &out);
	if (rc == 0)
		rc = dataset_put_file(folder, "README.md", &out, err);
	buf_clear(&out);
	put_info(c, &out);
	if (rc == 0)
		rc = dataset_put_file(folder, DATASET_INFO, &out, err);
	buf_free(&out);
	return rc;
}

int converted_write_all(const struct converted *c, const struct converted_model *models,
			size_t count, struct err *err)
{
	if (write_models(c, models, count, err) < 0 || write_split(c, models, count, err) < 0)
		return -1;
	return write_cards(c, err);
}
