/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "base/fs.h"
#include "formats/dataset/dataset_private.h"

int dataset_put_file(const char *folder, const char *name, const struct buf *out, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	return fs_write_durable(dataset_file_path(folder, name, "", path), out->data, out->len,
				err);
}

void dataset_put_tinyllava(struct buf *out)
{
	buf_str(out, "{\n\"image_folder\":\".\",\n"
		     "\"data_path\":{\"train\":\"train.json\",\"val\":\"val.json\"},\n"
		     "\"conversation_keys\":{\"id\":\"id\",\"image\":\"image\","
		     "\"conversations\":\"conversations\",\"role\":\"from\",\"content\":\"value\","
		     "\"user\":\"human\",\"assistant\":\"gpt\"},\n"
		     "\"image_token\":\"<image>\",\n"
		     "\"arguments\":{\"--data_path\":\"DATASET/train.json\","
		     "\"--image_folder\":\"DATASET\"},\n"
		     "\"note\":\"DATASET is the folder of this file; image names in train.json and "
		     "val.json begin below it\"\n}\n");
}

void dataset_put_row(struct buf *out, const char *name, uint64_t count)
{
	buf_str(out, "| ");
	buf_str(out, name);
	buf_str(out, " | ");
	buf_int(out, (int64_t)count);
	buf_str(out, " |\n");
}

/* A fence longer than any run of backquotes in the command. */
static void put_fence(struct buf *out, const char *text)
{
	size_t longest = 2;

	for (const char *s = text; *s; s++) {
		size_t run = strspn(s, "`");
		longest = run > longest ? run : longest;
	}
	for (size_t i = 0; i <= longest; i++)
		buf_char(out, '`');
	buf_char(out, '\n');
}

void dataset_put_command(struct buf *out, const char *command, const char *settings)
{
	buf_str(out, "## Made by\n\n");
	put_fence(out, command);
	buf_str(out, command);
	buf_char(out, '\n');
	put_fence(out, command);
	buf_str(out, "\nThe same command gives the same bytes, with any number of threads, "
		     "interrupted or not.\nAll settings:\n\n```json\n");
	buf_str(out, settings);
	buf_str(out, "\n```\n");
}
