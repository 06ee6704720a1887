/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/dataset/converted_entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/dataset/converted_read.h"
#include "formats/dataset/dataset_converted_private.h"

static const struct {
	enum dataset_split split;
	const char *name;
} files[] = {{SPLIT_TRAIN, "train.json"}, {SPLIT_VAL, "val.json"}};

#define FILES (int)(sizeof(files) / sizeof(*files))

struct converted_entries {
	char folder[DATASET_PATH_BYTES], path[DATASET_PATH_BYTES];
	const char *language;
	struct llava_reader *reader; /* of the file */
	int file;
	struct arena arena;
};

static int read_language(struct converted_entries *e, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct json_doc doc;
	const char *language;
	int rc = converted_info(e->folder, path, &doc, err);

	if (rc == 0)
		return err_set(err, ERR_FORMAT, "%s holds no dataset of cadconv", e->folder);
	if (rc < 0)
		return -1;
	language = dataset_need_string(&doc, json_member(doc.root, "settings"), "language", err);
	if (language)
		e->language = arena_strndup(&e->arena, language, strlen(language));
	json_free(&doc);
	return language ? 0 : -1;
}

static int open_file(struct converted_entries *e, struct err *err)
{
	dataset_file_path(e->folder, files[e->file].name, "", e->path);
	e->reader = llava_reader_open(e->path, e->folder, err);
	return e->reader ? 0 : -1;
}

struct converted_entries *converted_entries_open(const char *folder, struct err *err)
{
	struct converted_entries *e = mem_alloc(1, sizeof(*e));

	strncpy(e->folder, folder, sizeof(e->folder) - 1); /* too long a one is refused */
	if (read_language(e, err) == 0 && open_file(e, err) == 0)
		return e;
	converted_entries_close(e);
	return NULL;
}

void converted_entries_close(struct converted_entries *e)
{
	if (!e)
		return;
	llava_reader_free(e->reader);
	arena_free(&e->arena);
	free(e);
}

const char *converted_entries_language(const struct converted_entries *e)
{
	return e->language;
}

int converted_entry(struct converted_entries *e, struct converted_entry *entry, struct arena *arena,
		    struct err *err)
{
	int rc;

	while ((rc = llava_read(e->reader, &entry->sample, arena, err)) == 0 &&
	       e->file + 1 < FILES) {
		llava_reader_free(e->reader);
		e->reader = NULL;
		e->file++;
		if (open_file(e, err) < 0)
			return -1;
	}
	entry->split = files[e->file].split;
	entry->file = e->path;
	return rc;
}
