/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "formats/dataset_private.h"

/* Adds what buf_json_str adds, without the quote in front. */
static void put_string_tail(struct buf *out, const char *s)
{
	size_t at = out->len;

	buf_json_str(out, s);
	memmove(out->data + at, out->data + at + 1, out->len - at); /* and the NUL */
	out->len--;
}

void dataset_put_entry(struct buf *out, const char *id, const char *image, const char *prompt,
		       const char *program)
{
	buf_str(out, "{\"id\":");
	buf_json_str(out, id);
	buf_str(out, ",\"image\":");
	buf_json_str(out, image);
	buf_str(out, ",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>\\n");
	put_string_tail(out, prompt);
	buf_str(out, "},{\"from\":\"gpt\",\"value\":");
	buf_json_str(out, program);
	buf_str(out, "}]}");
}
