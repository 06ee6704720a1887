/* SPDX-License-Identifier: MIT */
/* The three formats of ids_file.h, told apart by their first byte. */
#include <config.h>

#include "formats/encoding/ids_file.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/encoding/json.h"
#include "formats/encoding/npy.h"

struct lines {
	const char *name, *at, *end;
	long line;
};

static void put_id(struct ids_file *file, uint32_t id)
{
	if (file->id_count == file->id_room) {
		file->id_room = file->id_room ? mem_mul(file->id_room, 2) : 256;
		file->ids = mem_realloc(file->ids, file->id_room, sizeof(*file->ids));
	}
	file->ids[file->id_count++] = id;
}

static void end_text(struct ids_file *file)
{
	if (file->count == file->room) {
		file->room = file->room ? mem_mul(file->room, 2) : 64;
		file->ends = mem_realloc(file->ends, file->room, sizeof(*file->ends));
	}
	file->ends[file->count++] = file->id_count;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The whole number at *p, which ends before a blank or the line's end. */
static int read_id(const char **p, const char *end, uint32_t *id)
{
	uint64_t v = 0;
	const char *at = *p;

	for (; at < end && *at >= '0' && *at <= '9' && v < UINT32_MAX; at++)
		v = 10 * v + (uint64_t)(*at - '0');
	if (at == *p || v >= UINT32_MAX || (at < end && !is_space(*at)))
		return -1;
	*p = at;
	*id = (uint32_t)v;
	return 0;
}

/* Up to the next blank, for messages. */
static int word_bytes(const char *p, const char *end)
{
	int n = 0;

	while (n < 20 && p + n < end && !is_space(p[n]))
		n++;
	return n;
}

static int text_line(struct ids_file *file, const struct lines *l, const char *end, struct err *err)
{
	uint32_t id;

	for (const char *p = l->at;;) {
		while (p < end && is_space(*p))
			p++;
		if (p == end)
			return 0;
		if (read_id(&p, end, &id) < 0)
			return err_set(err, ERR_FORMAT, "%s:%ld: '%.*s' is no id", l->name, l->line,
				       word_bytes(p, end), p);
		put_id(file, id);
	}
}

static int json_ids(struct ids_file *file, const struct json_doc *doc, struct err *err)
{
	const cJSON *ids = cJSON_IsArray(doc->root) ? doc->root : json_member(doc->root, "ids");

	if (!cJSON_IsArray(ids))
		return json_error(doc, NULL, err,
				  "expected an array of ids, or an object with 'ids'");
	for (const cJSON *node = ids->child; node; node = node->next) {
		double v = node->valuedouble;

		if (!cJSON_IsNumber(node) || !(v >= 0 && v < UINT32_MAX) ||
		    v != (double)(uint32_t)v)
			return json_error(doc, node, err, "no id");
		put_id(file, (uint32_t)v);
	}
	return 0;
}

static int json_line(struct ids_file *file, const struct lines *l, const char *end, struct err *err)
{
	struct json_doc doc;
	int rc;

	if (json_parse_line(&doc, l->name, l->line, l->at, (size_t)(end - l->at), err) < 0)
		return -1;
	rc = json_ids(file, &doc, err);
	json_free(&doc);
	return rc;
}

static int read_lines(struct ids_file *file, struct lines *l, struct err *err)
{
	bool json = l->at < l->end && (*l->at == '{' || *l->at == '[');

	while (l->at < l->end) {
		const char *end = memchr(l->at, '\n', (size_t)(l->end - l->at));
		int rc;

		end = end ? end : l->end;
		l->line++;
		rc = json ? json_line(file, l, end, err) : text_line(file, l, end, err);
		if (rc < 0)
			return -1;
		end_text(file);
		l->at = end + (end < l->end);
	}
	return 0;
}

/* --- npy ------------------------------------------------------------------------------------ */

static int read_npy(struct ids_file *file, const char *name, const char *data, size_t len,
		    struct err *err)
{
	struct npy npy;
	char shape[64];
	size_t n;

	if (npy_parse(&npy, name, data, len, err) < 0)
		return -1;
	if (!npy.width)
		return err_set(err, ERR_UNSUPPORTED, "%s: a NumPy array of numbers that are no ids",
			       name);
	n = npy.bytes / (size_t)npy.width;
	snprintf(shape, sizeof(shape), "(%zu,)", n);
	if (!npy_has_shape(&npy, shape) || n * (size_t)npy.width != npy.bytes)
		return err_set(err, ERR_FORMAT,
			       "%s: no NumPy array of one dimension and %zu numbers", name, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t v = npy_number(&npy, i);

		if (v >= UINT32_MAX)
			return err_set(err, ERR_FORMAT, "%s: number %zu is no id", name, i);
		put_id(file, (uint32_t)v);
	}
	end_text(file);
	return 0;
}

int ids_file_parse(struct ids_file *file, const char *name, const char *data, size_t len,
		   struct err *err)
{
	struct lines l = {name, data, data + len, 0};
	int rc;

	*file = (struct ids_file){0};
	if (len && *data == '\x93')
		rc = read_npy(file, name, data, len, err);
	else
		rc = read_lines(file, &l, err);
	if (rc < 0)
		ids_file_free(file);
	return rc;
}

void ids_file_free(struct ids_file *file)
{
	free(file->ids);
	free(file->ends);
	*file = (struct ids_file){0};
}
