/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/dataset/converted_read.h"
#include "formats/dataset/dataset_converted_private.h"

#define COUNT_MAX 9007199254740992.0

struct converted_reader {
	char folder[DATASET_PATH_BYTES];
	struct dataset_text lines;
	uint64_t next, count;
};

int converted_info(const char *folder, char path[DATASET_PATH_BYTES], struct json_doc *doc,
		   struct err *err)
{
	const char *generator;
	int rc;

	if (*folder == '\0' || strlen(folder) > DATASET_FOLDER_BYTES_MAX)
		return err_set(err, ERR_USAGE, "the dataset's folder needs a name of 1 to %d bytes",
			       DATASET_FOLDER_BYTES_MAX);
	rc = dataset_has(folder, DATASET_INFO, "", err);
	if (rc <= 0)
		return rc;
	if (json_read(doc, dataset_file_path(folder, DATASET_INFO, "", path), err) < 0)
		return -1;
	generator = cJSON_GetStringValue(json_member(doc->root, "generator"));
	if (generator && strcmp(generator, "cadconv") == 0)
		return 1;
	json_free(doc);
	return 0;
}

int converted_is_in(const char *folder, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct json_doc doc;
	int rc = converted_info(folder, path, &doc, err);

	if (rc > 0)
		json_free(&doc);
	return rc;
}

static int open_lines(struct converted_reader *r, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct json_doc doc;
	double count;
	int rc = converted_info(r->folder, path, &doc, err);

	if (rc == 0)
		return err_set(err, ERR_FORMAT, "%s holds no dataset of cadconv", r->folder);
	if (rc < 0)
		return -1;
	rc = json_whole(&doc, json_member(doc.root, "counts"), "pictures", 0, COUNT_MAX, &count,
			err);
	json_free(&doc);
	if (rc == 0)
		rc = dataset_has(r->folder, CONVERTED_ANNOTATIONS, "", err);
	if (rc == 0)
		return err_set(err, ERR_FORMAT,
			       "%s has no annotations: those with --layout dimensioned do",
			       r->folder);
	if (rc < 0)
		return -1;
	r->count = (uint64_t)count;
	dataset_file_path(r->folder, CONVERTED_ANNOTATIONS, "", r->lines.path);
	return dataset_text_open(&r->lines, err);
}

struct converted_reader *converted_reader_open(const char *folder, struct err *err)
{
	struct converted_reader *r = mem_alloc(1, sizeof(*r));

	strncpy(r->folder, folder, sizeof(r->folder) - 1); /* too long a one is refused */
	if (open_lines(r, err) == 0)
		return r;
	converted_reader_free(r);
	return NULL;
}

void converted_reader_free(struct converted_reader *r)
{
	if (!r)
		return;
	dataset_text_close(&r->lines);
	free(r);
}

uint64_t converted_reader_count(const struct converted_reader *r)
{
	return r->count;
}

static int read_id(struct converted_reader *r, struct dataset_sample *sample, struct arena *arena,
		   struct err *err)
{
	struct json_doc doc;
	const char *id;
	int rc = json_parse(&doc, "", r->lines.text.data, r->lines.text.len, err);

	if (rc < 0)
		return dataset_place_error(&sample->annotations_place, err);
	id = dataset_need_string(&doc, doc.root, "id", err);
	if (id)
		sample->id = arena_strndup(arena, id, strlen(id));
	json_free(&doc);
	return id ? 0 : dataset_place_error(&sample->annotations_place, err);
}

static void name_picture(struct dataset_sample *sample, const char *folder, struct arena *arena)
{
	struct buf path = {0};

	buf_str(&path, folder);
	buf_str(&path, "/" CONVERTED_PICTURES "/");
	buf_str(&path, sample->id);
	buf_str(&path, ".png");
	sample->image = arena_strndup(arena, path.data, path.len);
	sample->image_name = sample->image + strlen(folder) + 1;
	buf_free(&path);
}

int converted_read(struct converted_reader *r, struct dataset_sample *sample, struct arena *arena,
		   struct err *err)
{
	int rc = dataset_text_next(&r->lines, err);

	if (rc < 0)
		return -1;
	if ((rc > 0) != (r->next < r->count))
		return dataset_text_error(&r->lines, err, "%s lines than for %" PRIu64 " pictures",
					  rc ? "more" : "fewer", r->count);
	if (rc == 0)
		return 0;
	*sample = (struct dataset_sample){.index = r->next,
					  .annotations_place = dataset_text_place(&r->lines)};
	if (read_id(r, sample, arena, err) < 0)
		return -1;
	name_picture(sample, r->folder, arena);
	sample->annotations = arena_strndup(arena, r->lines.text.data, r->lines.text.len);
	r->next++;
	return 1;
}
