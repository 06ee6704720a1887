/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/cad_file.h"
#include "formats/json.h"
#include "gen/score_pairs_main.h"

#define PREDICTIONS_BYTES_MAX ((size_t)1 << 30)
#define FENCE "```"
#define VALIDATION "val.json"

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct score_pair *)a)->id, ((const struct score_pair *)b)->id);
}

const char *score_pairs_keep(struct score_pairs *pairs, const char *text, size_t len)
{
	return arena_strndup(&pairs->arena, text, len);
}

static const char *keep(struct score_pairs *pairs, const char *text)
{
	return score_pairs_keep(pairs, text, strlen(text));
}

/* "FOLDER/NAME", kept. */
static const char *keep_path(struct score_pairs *pairs, const char *folder, const char *name)
{
	struct buf path = {0};
	const char *kept;

	buf_str(&path, folder);
	buf_char(&path, '/');
	buf_str(&path, name);
	kept = keep(pairs, path.data);
	buf_free(&path);
	return kept;
}

static struct score_pair *add_pair(struct score_pairs *pairs, const char *id)
{
	if (pairs->count == pairs->room) {
		pairs->room = pairs->room ? mem_mul(pairs->room, 2) : 256;
		pairs->all = mem_realloc(pairs->all, pairs->room, sizeof(*pairs->all));
	}
	pairs->all[pairs->count] = (struct score_pair){.id = keep(pairs, id)};
	return &pairs->all[pairs->count++];
}

/* Into the order of their ids, none of which is there twice. */
static int sort_pairs(struct score_pairs *pairs, const char *name, struct err *err)
{
	if (pairs->count == 0)
		return err_set(err, ERR_FORMAT, "%s: there are no entries", name);
	qsort(pairs->all, pairs->count, sizeof(*pairs->all), by_id);
	for (size_t i = 1; i < pairs->count; i++)
		if (by_id(&pairs->all[i - 1], &pairs->all[i]) == 0)
			return err_set(err, ERR_FORMAT, "%s: '%s' is there twice", name,
				       pairs->all[i].id);
	return 0;
}

/* NULL: there is none. */
static struct score_pair *find_pair(struct score_pairs *pairs, const char *id)
{
	struct score_pair key = {.id = id};

	return bsearch(&key, pairs->all, pairs->count, sizeof(*pairs->all), by_id);
}

static bool is_there(const struct score_source *source)
{
	return source->text || source->path;
}

/* --- truths ----------------------------------------------------------------------------------- */

/* The answer of an entry of train.json or val.json. */
static const char *answer_of(const cJSON *entry)
{
	const cJSON *turn, *value = NULL;

	cJSON_ArrayForEach(turn, json_member(entry, "conversations"))
	{
		const cJSON *from = json_member(turn, "from");

		if (cJSON_IsString(from) && strcmp(from->valuestring, "gpt") == 0)
			value = json_member(turn, "value");
	}
	return cJSON_IsString(value) ? value->valuestring : NULL;
}

static int take_truths(struct score_pairs *pairs, const struct json_doc *doc, struct err *err)
{
	const cJSON *entry;

	if (!cJSON_IsArray(doc->root))
		return json_error(doc, doc->root, err, "entries must be in an array");
	cJSON_ArrayForEach(entry, doc->root)
	{
		const cJSON *id = json_member(entry, "id");
		const char *answer = answer_of(entry);

		if (!cJSON_IsString(id) || !answer)
			return json_error(doc, entry, err, "an entry needs an id and an answer");
		add_pair(pairs, id->valuestring)->truth.text = keep(pairs, answer);
	}
	return 0;
}

static int read_entries(struct score_pairs *pairs, const char *path, struct err *err)
{
	struct json_doc doc;
	int rc = json_read(&doc, path, err);

	if (rc == 0) {
		rc = take_truths(pairs, &doc, err);
		json_free(&doc);
	}
	return rc == 0 ? sort_pairs(pairs, path, err) : -1;
}

static int list_truths(struct score_pairs *pairs, const char *folder, struct err *err)
{
	struct model_list list = {0};
	int rc = cad_file_list(&list, folder, err);

	for (size_t i = 0; i < list.count && rc == 0; i++)
		add_pair(pairs, list.models[i].id)->truth =
			(struct score_source){.path = keep_path(pairs, folder, list.models[i].file),
					      .names = cad_vec_h5_true};
	model_list_free(&list);
	return rc == 0 ? sort_pairs(pairs, folder, err) : -1;
}

/* A dataset's entries to validate with, or a file of such, or models. */
static int read_truths(struct score_pairs *pairs, const char *truth, struct err *err)
{
	struct buf path = {0};
	int rc;

	if (!fs_is_folder(truth))
		return read_entries(pairs, truth, err);
	buf_str(&path, truth);
	buf_str(&path, "/" VALIDATION);
	rc = access(path.data, F_OK) == 0 ? read_entries(pairs, path.data, err)
					  : list_truths(pairs, truth, err);
	buf_free(&path);
	return rc;
}

/* --- predictions ------------------------------------------------------------------------------ */

/* Models like to answer in a fence: what is in the first one. */
static const char *without_fence(struct score_pairs *pairs, const char *text)
{
	const char *from = strstr(text, FENCE), *to;

	if (!from)
		return keep(pairs, text);
	from += strcspn(from, "\n");
	from += *from == '\n';
	to = strstr(from, FENCE);
	return score_pairs_keep(pairs, from, to ? (size_t)(to - from) : strlen(from));
}

static int take_prediction(struct score_pairs *pairs, bool has_truths, const struct json_doc *doc,
			   struct err *err)
{
	const cJSON *id = json_member(doc->root, "id"), *text = json_member(doc->root, "program");
	const cJSON *truth = json_member(doc->root, "truth");
	struct score_pair *pair;

	id = id ? id : json_member(doc->root, "question_id");
	text = text ? text : json_member(doc->root, "text");
	if (!cJSON_IsString(id) || !cJSON_IsString(text))
		return json_error(doc, doc->root, err,
				  "a prediction needs an id (or question_id) and a program (or "
				  "text), both strings");
	if (!has_truths && !cJSON_IsString(truth))
		return json_error(doc, doc->root, err, "the prediction has no truth");
	pair = has_truths ? find_pair(pairs, id->valuestring) : add_pair(pairs, id->valuestring);
	if (!pair)
		return json_error(doc, id, err, "there is no truth for '%s'", id->valuestring);
	if (is_there(&pair->said))
		return json_error(doc, id, err, "'%s' is there twice", id->valuestring);
	if (!has_truths)
		pair->truth.text = keep(pairs, truth->valuestring);
	pair->said.text = without_fence(pairs, text->valuestring);
	return 0;
}

static int read_lines(struct score_pairs *pairs, bool has_truths, const char *path, struct err *err)
{
	struct buf bytes = {0};
	int rc = fs_read(path, PREDICTIONS_BYTES_MAX, &bytes, err);
	long line = 1;

	for (size_t at = 0; rc == 0 && at < bytes.len; line++) {
		const char *start = bytes.data + at, *end = memchr(start, '\n', bytes.len - at);
		size_t len = end ? (size_t)(end - start) : bytes.len - at;
		struct json_doc doc;

		at += len + 1;
		if (len == strspn(start, " \t\r") || len == 0)
			continue;
		rc = json_parse_line(&doc, path, line, start, len, err);
		if (rc == 0) {
			rc = take_prediction(pairs, has_truths, &doc, err);
			json_free(&doc);
		}
	}
	buf_free(&bytes);
	return rc;
}

static int take_file(struct score_pairs *pairs, bool has_truths, const char *folder,
		     const struct model_file *file, struct err *err)
{
	const char *path = keep_path(pairs, folder, file->file);
	struct score_pair *pair =
		has_truths ? find_pair(pairs, file->id) : add_pair(pairs, file->id);

	if (!pair)
		return err_set(err, ERR_FORMAT, "%s: there is no truth for '%s'", path, file->id);
	if (!has_truths && cad_file_form(path) != CAD_FILE_H5)
		return err_set(err, ERR_FORMAT,
			       "%s: only files of HDF5 can have the truth beside the prediction",
			       path);
	if (!has_truths)
		pair->truth = (struct score_source){.path = path, .names = cad_vec_h5_beside};
	pair->said = (struct score_source){.path = path, .names = cad_vec_h5_said};
	return 0;
}

static int list_predictions(struct score_pairs *pairs, bool has_truths, const char *folder,
			    struct err *err)
{
	struct model_list list = {0};
	int rc = cad_file_list(&list, folder, err);

	for (size_t i = 0; i < list.count && rc == 0; i++)
		rc = take_file(pairs, has_truths, folder, &list.models[i], err);
	model_list_free(&list);
	return rc;
}

int score_pairs_read(struct score_pairs *pairs, const char *truth, const char *predictions,
		     struct err *err)
{
	int rc;

	if (truth && read_truths(pairs, truth, err) < 0)
		return -1;
	rc = fs_is_folder(predictions) ? list_predictions(pairs, truth != NULL, predictions, err)
				       : read_lines(pairs, truth != NULL, predictions, err);
	return rc == 0 && !truth ? sort_pairs(pairs, predictions, err) : rc;
}

void score_pairs_free(struct score_pairs *pairs)
{
	free(pairs->all);
	arena_free(&pairs->arena);
	*pairs = (struct score_pairs){0};
}
