/* SPDX-License-Identifier: MIT */
/*
 * dataset_layout_llava: conversations as TinyLLaVA, LLaVA and many others read them, in one JSON array
 * or one a line.
 *
 *	{"id":"00000042","image":"images/00/00000042.png","conversations":[
 *		{"from":"human","value":"<image>\nWrite the program."},{"from":"gpt","value":"circle(...)"}]}
 */
#include <config.h>

#include <string.h>

#include "formats/dataset/dataset_layout.h"
#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_read.h"

#define IMAGE_TOKEN "<image>\n"

static void put_entry(struct buf *out, const struct dataset_item *item, const char *image)
{
	dataset_put_entry(out, item->id, image, item->prompt, item->program);
}

/* The value of conversation k, which must be from `from`. */
static const char *conversation(const struct json_doc *doc, int k, const char *from,
				struct err *err)
{
	const cJSON *all = json_member(doc->root, "conversations");
	const cJSON *one = cJSON_IsArray(all) ? cJSON_GetArrayItem(all, k) : NULL;
	const char *is;

	if (!cJSON_IsObject(one) || cJSON_GetArraySize(all) != 2) {
		json_error(doc, all, err, "'conversations' must be an array of two objects");
		return NULL;
	}
	is = dataset_need_string(doc, one, "from", err);
	if (!is)
		return NULL;
	if (strcmp(is, from) != 0) {
		json_error(doc, one, err, "conversation %d is from '%.20s', not '%s'", k, is, from);
		return NULL;
	}
	return dataset_need_string(doc, one, "value", err);
}

static int read_entry(const struct json_doc *doc, struct dataset_sample *sample,
		      struct arena *arena, struct err *err)
{
	const char *prompt, *program;

	if (dataset_check_name(doc, "id", sample->id, err) < 0 ||
	    dataset_check_name(doc, "image", sample->image_name, err) < 0)
		return -1;
	prompt = conversation(doc, 0, "human", err);
	program = prompt ? conversation(doc, 1, "gpt", err) : NULL;
	if (!program)
		return -1;
	if (strncmp(prompt, IMAGE_TOKEN, strlen(IMAGE_TOKEN)) != 0)
		return json_error(doc, NULL, err,
				  "a prompt that does not begin with <image> and a newline");
	prompt += strlen(IMAGE_TOKEN);
	sample->prompt = arena_strndup(arena, prompt, strlen(prompt));
	sample->program = arena_strndup(arena, program, strlen(program));
	return 0;
}

const struct dataset_layout dataset_tinyllava = {
	.name = "tinyllava",
	.about = "a JSON array of conversations for each split, pictures beside; TinyLLaVA and "
		 "LLaVA",
	.use = "TinyLLaVA and LLaVA load it with `--data_path DATASET/train.json\n"
	       "--image_folder DATASET`.",
	.splits = {"train", "val", "test"},
	.list = ".json",
	.list_is_array = true,
	.pictures = PICTURES_TOGETHER,
	.put_entry = put_entry,
	.read_entry = read_entry,
};

const struct dataset_layout dataset_llava_jsonl = {
	.name = "llava-jsonl",
	.about = "the same conversations, one a line",
	.use = "Each line is a conversation of LLaVA's kind; pictures are named from this folder "
	       "on.",
	.splits = {"train", "val", "test"},
	.list = ".jsonl",
	.pictures = PICTURES_TOGETHER,
	.put_entry = put_entry,
	.read_entry = read_entry,
};
