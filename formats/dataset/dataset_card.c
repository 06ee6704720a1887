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
#include "formats/dataset/dataset_private.h"

/* Hears of a file, or of a folder, whose name ends in a slash. */
typedef void hear_file(void *ctx, const char *name, const char *about);

static void tell_pictures(const struct dataset_settings *settings, hear_file *hear, void *ctx)
{
	const struct dataset_layout *layout = dataset_layout_of(settings);
	char name[DATASET_NAME_BYTES];

	if (layout->pictures == PICTURES_TOGETHER)
		hear(ctx, "images/", "pictures, in folders of 10,000");
	for (int i = 0; i < SPLIT_COUNT_ && layout->pictures == PICTURES_BY_SPLIT; i++) {
		if (!dataset_has_part(settings, (enum dataset_part)i))
			continue;
		snprintf(name, sizeof(name), "%s/", layout->splits[i]);
		hear(ctx, name, "pictures of that split, in folders of 10,000, and metadata.jsonl");
	}
	if (layout->pictures == PICTURES_INSIDE)
		hear(ctx, DATASET_SHARDS "/", "samples by split and block of numbers");
}

static void tell_lists(const struct dataset_settings *settings, hear_file *hear, void *ctx)
{
	static const char *const abouts[] = {"training samples: picture, prompt, program",
					     "validation samples, likewise",
					     "test samples, likewise"};
	const struct dataset_layout *layout = dataset_layout_of(settings);
	char name[DATASET_NAME_BYTES];

	for (int i = 0; i < SPLIT_COUNT_ && layout->pictures != PICTURES_BY_SPLIT; i++)
		if (dataset_has_part(settings, (enum dataset_part)i))
			hear(ctx, dataset_part_name(layout, (enum dataset_part)i, name), abouts[i]);
	hear(ctx, DATASET_SPLIT, "which sample is in which of them");
}

static void tell_files(const struct dataset_settings *settings, hear_file *hear, void *ctx)
{
	char name[DATASET_NAME_BYTES];

	tell_pictures(settings, hear, ctx);
	tell_lists(settings, hear, ctx);
	hear(ctx, "annotations.jsonl",
	     "polygons in pixels of every shape, dimension, text, arrow and view");
	hear(ctx, "scenes.jsonl", "what is drawn, with every number, for drawing it again");
	hear(ctx, "checksums.jsonl", "of each sample: its split and hashes of all it consists of");
	hear(ctx, "dataset_info.json", "counts and settings; there once the dataset is whole");
	hear(ctx, "rendering_metadata.json", "longer side of the pictures, style sheet, font");
	if (dataset_layout_of(settings) == &dataset_tinyllava)
		hear(ctx, "tinyllava_metadata.json", "how TinyLLaVA and LLaVA load it");
	hear(ctx, "README.md", "this card");
#define A(id, folder, about)                                                                       \
	if (settings->also >> ALSO_##id & 1) {                                                     \
		snprintf(name, sizeof(name), "%s/", folder);                                       \
		hear(ctx, name, about);                                                            \
	}
	DATASET_ALSO(A)
#undef A
}

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
	buf_str(out, ",\n\"format\":");
	buf_json_str(out, dataset_picture_names[settings->picture]);
	buf_str(out, ",\n\"font\":{\"name\":");
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
	buf_str(out, "\nlicense: cc0-1.0\ntask_categories:\n- image-to-text\ntags:\n- cad\n- "
		     "engineering-drawing\n"
		     "- synthetic\n---\n\n# Engineering drawings with their programs: family ");
	buf_str(out, settings->family);
	buf_str(out, "\n\nDimensioned drawings and the programs that draw them, made by cadgen ");
	buf_str(out, settings->version);
	buf_str(out, ". Each sample is a\npicture, a prompt and, as the answer, the program in the "
		     "language `");
	buf_str(out, settings->language);
	buf_str(out, "`; every number\nof a program is stated on its picture. Nothing here was "
		     "drawn by or taken from a person.\n\nLicence: cadgen's authors "
		     "claim no rights in what it draws; pictures, prompts and programs are\nunder "
		     "CC0 1.0, "
		     "unless the prompts or the font were given by whoever made the dataset.\n\n");
}

static void put_readme_counts(const struct dataset_settings *settings,
			      const struct dataset_position *position, struct buf *out)
{
	buf_str(out, "## Samples\n\n| part | count |\n| --- | ---: |\n");
	dataset_put_row(out, "train", position->counts[SPLIT_TRAIN]);
	dataset_put_row(out, "validation", position->counts[SPLIT_VAL]);
	if (settings->test_fraction > 0)
		dataset_put_row(out, "test", position->counts[SPLIT_TEST]);
	dataset_put_row(out, "all", settings->count);
	buf_str(out,
		"\nThe split depends on seed and label alone: it stays when more samples are made, "
		"and equal\nlabels are never in two parts.\nScenes that could not be laid out and "
		"were drawn anew: ");
	buf_int(out, (int64_t)position->redrawn);
	buf_str(out, ".\n\n");
}

static void put_table_row(void *ctx, const char *name, const char *about)
{
	struct buf *out = ctx;

	buf_str(out, "| `");
	buf_str(out, name);
	buf_str(out, "` | ");
	buf_str(out, about);
	buf_str(out, " |\n");
}

static void put_readme_files(const struct dataset_settings *settings, struct buf *out)
{
	buf_str(out, "## Files\n\n| name | what |\n| --- | --- |\n");
	tell_files(settings, put_table_row, out);
	buf_str(out, "\nFormats: dataset(5). ");
	buf_str(out, dataset_layout_of(settings)->use);
	buf_str(out, "\n\n");
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
	if (rc == 0 && dataset_layout_of(settings) == &dataset_tinyllava)
		rc = write_tinyllava(settings, &out, err);
	buf_clear(&out);
	if (rc == 0)
		rc = write_readme(settings, position, &out, err);
	buf_free(&out);
	return rc;
}

static void put_object(void *ctx, const char *name, const char *about)
{
	struct buf *out = ctx;

	buf_str(out, out->data[out->len - 1] == '[' ? "\n{\"name\":" : ",\n{\"name\":");
	buf_json_str(out, name);
	buf_str(out, ",\"about\":");
	buf_json_str(out, about);
	buf_char(out, '}');
}

static void put_info_files(const struct dataset_settings *settings, struct buf *out)
{
	buf_str(out, ",\n\"files\":[");
	tell_files(settings, put_object, out);
	buf_str(out, "\n]\n}\n");
}

static void put_info_counts(const struct dataset_settings *settings,
			    const struct dataset_position *position, struct buf *out)
{
	buf_str(out, ",\n\"counts\":{\"total\":");
	buf_int(out, (int64_t)settings->count);
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		if (i == SPLIT_TEST && settings->test_fraction == 0)
			continue;
		buf_char(out, ',');
		buf_json_str(out, dataset_split_names[i]);
		buf_char(out, ':');
		buf_int(out, (int64_t)position->counts[i]);
	}
	buf_str(out, ",\"redrawn\":");
	buf_int(out, (int64_t)position->redrawn);
	buf_char(out, '}');
}

int dataset_write_info(const struct dataset_settings *settings,
		       const struct dataset_position *position, struct err *err)
{
	struct buf out = {0};
	int rc;

	buf_str(&out, "{\n\"name\":");
	buf_str(&out, "\"cadgen-");
	buf_str(&out, settings->family);
	buf_str(&out, "\",\n\"format\":");
	buf_json_str(&out, dataset_layout_of(settings)->name);
	buf_str(&out, ",\n\"generator\":\"cadgen\",\n\"version\":");
	buf_json_str(&out, settings->version);
	buf_str(&out, ",\n\"command\":");
	buf_json_str(&out, settings->command);
	put_info_counts(settings, position, &out);
	buf_str(&out, ",\n\"settings\":");
	dataset_settings_write(settings, &out);
	put_info_files(settings, &out);
	rc = dataset_put_file(settings->path, DATASET_INFO, &out, err);
	buf_free(&out);
	return rc;
}
