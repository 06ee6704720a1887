/* SPDX-License-Identifier: MIT */
/*
 * dataset_card: the small files that say what a dataset is, for programs and for people.
 *
 * Keys stand in a fixed order and nothing of the machine, the day or the folder enters, so the same
 * command gives the same bytes everywhere. README.md begins with the header that dataset hubs read.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "formats/dataset_private.h"

/* F(name, what it is) */
#define DATASET_FILES(F)                                                                           \
	F("images/", "pictures, PNG, in folders of 10,000")                                        \
	F("train.json", "training samples: picture, prompt, program")                              \
	F("val.json", "validation samples, likewise")                                              \
	F("train_val_split.json", "which sample is in which of the two")                           \
	F("annotations.jsonl",                                                                     \
	  "polygons in pixels of every shape, dimension, text, arrow and view")                    \
	F("scenes.jsonl", "what is drawn, with every number, for drawing it again")                \
	F("dataset_info.json", "counts and settings; there once the dataset is whole")             \
	F("rendering_metadata.json", "longer side of the pictures, style sheet, font")             \
	F("tinyllava_metadata.json", "how TinyLLaVA and LLaVA load it")                            \
	F("README.md", "this card")

static void put_hash(struct buf *out, uint64_t hash)
{
	char text[24];

	snprintf(text, sizeof(text), "\"%016jx\"", (uintmax_t)hash);
	buf_str(out, text);
}

static int write_rendering(const struct dataset_settings *settings, struct buf *out,
			   struct err *err)
{
	buf_str(out, "{\n\"size\":");
	buf_int(out, settings->size_px);
	buf_str(out, ",\n\"format\":\"png\",\n\"font\":{\"name\":");
	buf_json_str(out, dataset_font_name(settings->font));
	buf_str(out, ",\"hash\":");
	put_hash(out, settings->font_hash);
	buf_str(out, "},\n\"style\":");
	buf_str(out, settings->style);
	buf_str(out, "\n}\n");
	return dataset_put_file(settings->path, "rendering_metadata.json", out, err);
}

static int write_tinyllava(const struct dataset_settings *settings, struct buf *out,
			   struct err *err)
{
	dataset_put_tinyllava(out);
	return dataset_put_file(settings->path, "tinyllava_metadata.json", out, err);
}

static void put_readme_head(const struct dataset_settings *settings, struct buf *out)
{
	buf_str(out, "---\npretty_name: cadgen ");
	buf_str(out, settings->family);
	buf_str(out, "\ntask_categories:\n- image-to-text\ntags:\n- cad\n- engineering-drawing\n"
		     "- synthetic\n---\n\n# Engineering drawings with their programs: family ");
	buf_str(out, settings->family);
	buf_str(out, "\n\nDimensioned drawings and the programs that draw them, made by cadgen ");
	buf_str(out, settings->version);
	buf_str(out, ". Each sample is a\npicture, a prompt and, as the answer, the program in the "
		     "language `");
	buf_str(out, settings->language);
	buf_str(out, "`; every number\nof a program is stated on its picture. Nothing here was "
		     "drawn by or taken from a person.\n\n");
}

static void put_readme_counts(const struct dataset_settings *settings,
			      const struct dataset_position *position, struct buf *out)
{
	buf_str(out, "## Samples\n\n| part | count |\n| --- | ---: |\n");
	dataset_put_row(out, "train", position->train_count);
	dataset_put_row(out, "validation", position->val_count);
	dataset_put_row(out, "all", settings->count);
	buf_str(out, "\nThe split depends on seed and sample number alone and stays when more "
		     "samples are made.\nScenes that could not be laid out and were drawn anew: ");
	buf_int(out, (int64_t)position->redrawn);
	buf_str(out, ".\n\n");
}

static void put_readme_files(const struct dataset_settings *settings, struct buf *out)
{
	buf_str(out, "## Files\n\n| name | what |\n| --- | --- |\n");
#define A(id, name, about)                                                                         \
	if (settings->also >> ALSO_##id & 1)                                                       \
		buf_str(out, "| `" name "/` | " about " |\n");
#define F(name, about) buf_str(out, "| `" name "` | " about " |\n");
	DATASET_FILES(F)
	DATASET_ALSO(A)
#undef F
#undef A
	buf_str(out, "\nFormats: dataset(5). TinyLLaVA and LLaVA load it with `--data_path "
		     "DATASET/train.json\n--image_folder DATASET`.\n\n");
}

static void put_readme_command(const struct dataset_settings *settings, struct buf *out)
{
	struct buf json = {0};

	dataset_settings_write(settings, &json);
	dataset_put_command(out, settings->command, json.data);
	buf_free(&json);
}

static int write_readme(const struct dataset_settings *settings,
			const struct dataset_position *position, struct buf *out, struct err *err)
{
	put_readme_head(settings, out);
	put_readme_counts(settings, position, out);
	put_readme_files(settings, out);
	put_readme_command(settings, out);
	return dataset_put_file(settings->path, "README.md", out, err);
}

int dataset_write_card(const struct dataset_settings *settings,
		       const struct dataset_position *position, struct err *err)
{
	struct buf out = {0};
	int rc = write_rendering(settings, &out, err);

	buf_clear(&out);
	if (rc == 0)
		rc = write_tinyllava(settings, &out, err);
	buf_clear(&out);
	if (rc == 0)
		rc = write_readme(settings, position, &out, err);
	buf_free(&out);
	return rc;
}

static void put_info_files(const struct dataset_settings *settings, struct buf *out)
{
	const char *comma = "";

	buf_str(out, ",\n\"files\":[");
#define F(name, about)                                                                             \
	buf_str(out, comma);                                                                       \
	buf_str(out, "\n{\"name\":\"" name "\",\"about\":\"" about "\"}");                         \
	comma = ",";
#define A(id, name, about)                                                                         \
	if (settings->also >> ALSO_##id & 1)                                                       \
		buf_str(out, ",\n{\"name\":\"" name "/\",\"about\":\"" about "\"}");
	DATASET_FILES(F)
	DATASET_ALSO(A)
#undef F
#undef A
	buf_str(out, "\n]\n}\n");
}

int dataset_write_info(const struct dataset_settings *settings,
		       const struct dataset_position *position, struct err *err)
{
	struct buf out = {0};
	int rc;

	buf_str(&out, "{\n\"name\":");
	buf_str(&out, "\"cadgen-");
	buf_str(&out, settings->family);
	buf_str(&out, "\",\n\"format\":\"tinyllava\",\n\"generator\":\"cadgen\",\n\"version\":");
	buf_json_str(&out, settings->version);
	buf_str(&out, ",\n\"counts\":{\"total\":");
	buf_int(&out, (int64_t)settings->count);
	buf_str(&out, ",\"train\":");
	buf_int(&out, (int64_t)position->train_count);
	buf_str(&out, ",\"val\":");
	buf_int(&out, (int64_t)position->val_count);
	buf_str(&out, ",\"redrawn\":");
	buf_int(&out, (int64_t)position->redrawn);
	buf_str(&out, "},\n\"settings\":");
	dataset_settings_write(settings, &out);
	put_info_files(settings, &out);
	rc = dataset_put_file(settings->path, DATASET_INFO, &out, err);
	buf_free(&out);
	return rc;
}
