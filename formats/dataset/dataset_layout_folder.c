/* SPDX-License-Identifier: MIT */
/*
 * dataset_layout_folder: folders of pictures with a table of what belongs to each, as the library
 * `datasets` of Hugging Face loads them ("imagefolder").
 *
 *	train/metadata.jsonl	{"file_name":"00/00000042.png","id":"00000042","prompt":"...","program":"..."}
 *	train/00/00000042.png
 *	validation/...
 *
 * Source: https://huggingface.co/docs/datasets/image_dataset
 */
#include <config.h>

#include <string.h>

#include "formats/dataset/dataset_layout.h"
#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_read.h"

/* train/00/00000042.png without the split's folder. */
static const char *below_split(const char *image)
{
	return strchr(image, '/') + 1;
}

static void put_entry(struct buf *out, const struct dataset_item *item, const char *image)
{
	buf_str(out, "{\"file_name\":");
	buf_json_str(out, below_split(image));
	buf_str(out, ",\"id\":");
	buf_json_str(out, item->id);
	buf_str(out, ",\"prompt\":");
	buf_json_str(out, item->prompt);
	buf_str(out, ",\"program\":");
	buf_json_str(out, item->program);
	buf_char(out, '}');
}

static int read_entry(const struct json_doc *doc, struct dataset_sample *sample,
		      struct arena *arena, struct err *err)
{
	const char *prompt, *program;

	if (dataset_check_name(doc, "file_name", below_split(sample->image_name), err) < 0 ||
	    dataset_check_name(doc, "id", sample->id, err) < 0)
		return -1;
	prompt = dataset_need_string(doc, doc->root, "prompt", err);
	program = prompt ? dataset_need_string(doc, doc->root, "program", err) : NULL;
	if (!program)
		return -1;
	sample->prompt = arena_strndup(arena, prompt, strlen(prompt));
	sample->program = arena_strndup(arena, program, strlen(program));
	return 0;
}

const struct dataset_layout dataset_imagefolder = {
	.name = "hf-imagefolder",
	.about = "a folder of pictures and a metadata.jsonl for each split; Hugging Face datasets",
	.use = "`datasets.load_dataset(\"imagefolder\", data_dir=\"DATASET\")` of Hugging Face has "
	       "the\n"
	       "columns image, id, prompt and program.",
	.splits = {"train", "validation", "test"},
	.list = "/metadata.jsonl",
	.pictures = PICTURES_BY_SPLIT,
	.put_entry = put_entry,
	.read_entry = read_entry,
};
