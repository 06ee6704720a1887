/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/tree.h"
#include "base/utf8.h"
#include "formats/dataset/dataset_facts.h"
#include "formats/dataset/model_list.h"
#include "formats/encoding/json.h"

/* Length of a file's name without its ending, and which that is; 0: it has none of them. */
static size_t stem_length(const char *name, const char *const *endings, int *ending)
{
	size_t len = strlen(name);

	for (*ending = 0; endings[*ending]; ++*ending) {
		size_t n = strlen(endings[*ending]);

		if (len > n && strcasecmp(name + len - n, endings[*ending]) == 0)
			return len - n;
	}
	return 0;
}

static bool any_folder(const char *name)
{
	(void)name;
	return true;
}

static int check_id(const char *folder, const char *file, const char *id, struct err *err)
{
	size_t len = strlen(id), n;

	if (len > MODEL_ID_BYTES_MAX)
		return err_set(err, ERR_FORMAT, "%s/%s: a name of more than %d bytes", folder, file,
			       MODEL_ID_BYTES_MAX);
	for (size_t i = 0; i < len; i += n) {
		uint32_t c = 0;

		n = utf8_char(id + i, len - i, &c);
		if (n == 0 || c < 0x20 || c == 0x7f)
			return err_set(err, ERR_FORMAT, "%s/%s: %s in its name", folder, file,
				       n ? "a control character" : "bytes that are not UTF-8");
	}
	return 0;
}

/* A file of another name is none of the models. */
static int take_entry(struct model_list *list, const char *folder, const char *const *endings,
		      const struct tree_entry *entry, struct err *err)
{
	const char *name = fs_base_name(entry->path);
	struct model_file model = {.part = MODEL_TRAIN};
	size_t length = stem_length(name, endings, &model.ending);

	if (entry->kind == TREE_FAILED && length == 0)
		return err_set(err, ERR_IO, "%s", entry->why);
	if (length == 0)
		return 0;
	model.id = arena_strndup(&list->arena, name, length);
	model.file = arena_strndup(&list->arena, entry->path, strlen(entry->path));
	list->models[list->count++] = model;
	return check_id(folder, model.file, model.id, err);
}

static int by_id(const void *a, const void *b)
{
	const struct model_file *p = a, *q = b;
	int order = strcmp(p->id, q->id);

	order = order ? order : p->ending - q->ending;
	return order ? order : strcmp(p->file, q->file);
}

/* Of each id the files of its first ending. */
static void drop_forms(struct model_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct model_file *last = kept ? &list->models[kept - 1] : NULL;

		if (!last || strcmp(last->id, list->models[i].id) != 0 ||
		    last->ending == list->models[i].ending)
			list->models[kept++] = list->models[i];
	}
	list->count = kept;
}

static int refuse_doubles(const struct model_list *list, const char *folder, struct err *err)
{
	for (size_t i = 1; i < list->count; i++)
		if (strcmp(list->models[i - 1].id, list->models[i].id) == 0)
			return err_set(err, ERR_FORMAT, "%s/%s and %s/%s are both called %s",
				       folder, list->models[i - 1].file, folder,
				       list->models[i].file, list->models[i].id);
	return 0;
}

int model_list_read(struct model_list *list, const char *folder, const char *const *endings,
		    bool forms, struct err *err)
{
	struct tree tree = {0};
	int rc = tree_read(&tree, folder, any_folder, err);

	list->models = mem_alloc(tree.count, sizeof(*list->models));
	for (size_t i = 0; i < tree.count && rc == 0; i++)
		rc = take_entry(list, folder, endings, &tree.entries[i], err);
	tree_free(&tree);
	if (rc < 0)
		return -1;
	if (list->count == 0)
		return err_set(err, ERR_FORMAT, "%s holds no file that ends in %s", folder,
			       endings[0]);
	qsort(list->models, list->count, sizeof(*list->models), by_id);
	if (forms)
		drop_forms(list);
	return refuse_doubles(list, folder, err);
}

void model_list_number(struct model_list *list, uint64_t count)
{
	list->models = mem_alloc(count, sizeof(*list->models));
	list->count = count;
	for (uint64_t i = 0; i < count; i++) {
		char id[24];
		int len = snprintf(id, sizeof(id), "%08" PRIu64, i);

		list->models[i].id = arena_strndup(&list->arena, id, (size_t)len);
		list->models[i].file = list->models[i].id;
		list->models[i].part = MODEL_TRAIN;
	}
}

void model_list_free(struct model_list *list)
{
	free(list->models);
	arena_free(&list->arena);
	*list = (struct model_list){0};
}

static int id_to_model(const void *id, const void *model)
{
	return strcmp(id, ((const struct model_file *)model)->id);
}

struct model_file *model_list_find(const struct model_list *list, const char *id)
{
	return bsearch(id, list->models, list->count, sizeof(*list->models), id_to_model);
}

uint64_t model_id_hash(const char *id)
{
	return dataset_hash(id, strlen(id));
}

uint64_t model_list_hash(const struct model_list *list)
{
	struct buf names = {0};
	uint64_t hash;

	for (size_t i = 0; i < list->count; i++) {
		buf_str(&names, list->models[i].file);
		buf_char(&names, '\n');
	}
	hash = dataset_hash(names.data, names.len);
	buf_free(&names);
	return hash;
}

/* The models that an array names. */
static int take_names(struct model_list *list, const struct json_doc *doc, const cJSON *names,
		      enum model_part part, struct err *err)
{
	const cJSON *name;

	if (!cJSON_IsArray(names))
		return json_error(doc, names, err, "'%s' must be an array of names", names->string);
	cJSON_ArrayForEach(name, names)
	{
		struct model_file *model;

		if (!cJSON_IsString(name))
			return json_error(doc, name, err, "'%s' must be an array of names",
					  names->string);
		model = model_list_find(list, fs_base_name(name->valuestring));
		if (!model)
			continue;
		if (model->part != MODEL_NEITHER && model->part != part)
			return json_error(doc, name, err, "'%s' is to train and to validate with",
					  model->id);
		model->part = part;
	}
	return 0;
}

static int take_split(struct model_list *list, const struct json_doc *doc, struct err *err)
{
	const cJSON *train = json_member(doc->root, "train");
	const cJSON *val = json_member(doc->root, "validation");

	val = val ? val : json_member(doc->root, "val");
	if (!train || !val)
		return json_error(doc, NULL, err, "'%s' is missing",
				  train ? "validation" : "train");
	for (size_t i = 0; i < list->count; i++)
		list->models[i].part = MODEL_NEITHER;
	if (take_names(list, doc, train, MODEL_TRAIN, err) < 0)
		return -1;
	return take_names(list, doc, val, MODEL_VAL, err);
}

int model_list_split(struct model_list *list, const char *path, struct err *err)
{
	struct json_doc doc;
	int rc = json_read(&doc, path, err);

	if (rc < 0)
		return -1;
	rc = take_split(list, &doc, err);
	json_free(&doc);
	return rc;
}
