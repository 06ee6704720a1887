/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "formats/dataset/dataset_private.h"

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

const char *dataset_need_string(const struct json_doc *doc, const cJSON *object, const char *key,
				struct err *err)
{
	const cJSON *node = json_member(object, key);

	if (cJSON_IsString(node))
		return node->valuestring;
	json_error(doc, node ? node : object, err, "'%s' must be a string", key);
	return NULL;
}

int dataset_check_name(const struct json_doc *doc, const char *key, const char *wanted,
		       struct err *err)
{
	const char *is = dataset_need_string(doc, doc->root, key, err);

	if (!is)
		return -1;
	if (strcmp(is, wanted) != 0)
		return json_error(doc, json_member(doc->root, key), err,
				  "'%s' is '%.60s' where '%s' belongs", key, is, wanted);
	return 0;
}
