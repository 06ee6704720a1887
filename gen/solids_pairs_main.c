/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gen/solids_pairs_main.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/encoding/json.h"

#define PREDICTIONS_BYTES_MAX ((size_t)1 << 30)
#define CANDIDATES_MAX 64
#define FENCE "```"
#define IMAGE_MARK "<image>\n"

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct solid_pair *)a)->id, ((const struct solid_pair *)b)->id);
}

const char *solid_pairs_keep(struct solid_pairs *pairs, const char *text)
{
	return arena_strndup(&pairs->arena, text, strlen(text));
}

static const char *keep_string(struct solid_pairs *pairs, const cJSON *value)
{
	return cJSON_IsString(value) ? solid_pairs_keep(pairs, value->valuestring) : NULL;
}

static struct solid_pair *add_pair(struct solid_pairs *pairs, const char *id, const char *truth)
{
	struct solid_pair *pair;

	if (pairs->count == pairs->room) {
		pairs->room = pairs->room ? mem_mul(pairs->room, 2) : 256;
		pairs->all = mem_realloc(pairs->all, pairs->room, sizeof(*pairs->all));
	}
	pair = &pairs->all[pairs->count++];
	*pair = (struct solid_pair){.id = solid_pairs_keep(pairs, id),
				    .truth = truth ? solid_pairs_keep(pairs, truth) : NULL,
				    .log_probability = NAN};
	return pair;
}

/* Into the order of their ids, none of which is there twice. */
static int sort_pairs(struct solid_pairs *pairs, const char *name, struct err *err)
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

/* --- truths --------------------------------------------------------------------------------- */

/* What `from` ("human", "gpt") says last in an entry of train.json or val.json; or NULL. */
static const char *words_of(const cJSON *entry, const char *who)
{
	const cJSON *turn, *value = NULL;

	cJSON_ArrayForEach(turn, json_member(entry, "conversations"))
	{
		const cJSON *from = json_member(turn, "from");

		if (cJSON_IsString(from) && strcmp(from->valuestring, who) == 0)
			value = json_member(turn, "value");
	}
	return cJSON_IsString(value) ? value->valuestring : NULL;
}

static const char *without_mark(const char *prompt)
{
	const size_t len = strlen(IMAGE_MARK);

	return strncmp(prompt, IMAGE_MARK, len) == 0 ? prompt + len : prompt;
}

/* In the folder that the entries' file lies in. */
static const char *keep_image(struct solid_pairs *pairs, const char *file, const cJSON *entry)
{
	const cJSON *image = json_member(entry, "image");
	struct buf path = {0};
	const char *kept;

	if (!cJSON_IsString(image))
		return NULL;
	buf_bytes(&path, file, (size_t)(fs_base_name(file) - file));
	buf_str(&path, image->valuestring);
	kept = solid_pairs_keep(pairs, path.data);
	buf_free(&path);
	return kept;
}

static int take_truths(struct solid_pairs *pairs, const char *file, const struct json_doc *doc,
		       struct err *err)
{
	const cJSON *entry;

	if (!cJSON_IsArray(doc->root))
		return json_error(doc, doc->root, err, "entries must be in an array");
	cJSON_ArrayForEach(entry, doc->root)
	{
		const cJSON *id = json_member(entry, "id");
		const char *answer = words_of(entry, "gpt"), *prompt = words_of(entry, "human");
		struct solid_pair *pair;

		if (!cJSON_IsString(id) || !answer)
			return json_error(doc, entry, err, "an entry needs an id and an answer");
		pair = add_pair(pairs, id->valuestring, answer);
		pair->image = keep_image(pairs, file, entry);
		if (prompt)
			pair->prompt = solid_pairs_keep(pairs, without_mark(prompt));
	}
	return 0;
}

/* "FOLDER/NAME", kept. */
static const char *keep_path(struct solid_pairs *pairs, const char *folder, const char *name)
{
	struct buf path = {0};
	const char *kept;

	buf_str(&path, folder);
	buf_char(&path, '/');
	buf_str(&path, name);
	kept = solid_pairs_keep(pairs, path.data);
	buf_free(&path);
	return kept;
}

static int list_truths(struct solid_pairs *pairs, const char *folder, struct err *err)
{
	struct model_list list = {0};
	int rc = cad_file_list(&list, folder, err);

	for (size_t i = 0; i < list.count && rc == 0; i++)
		add_pair(pairs, list.models[i].id, NULL)->truth_file = (struct solid_file){
			keep_path(pairs, folder, list.models[i].file), cad_vec_h5_true};
	model_list_free(&list);
	return rc == 0 ? sort_pairs(pairs, folder, err) : -1;
}

int solid_pairs_read_truths(struct solid_pairs *pairs, const char *path, struct err *err)
{
	struct buf file = {0};
	struct json_doc doc;
	int rc;

	pairs->has_truths = true;
	buf_str(&file, path);
	if (fs_is_folder(path))
		buf_str(&file, "/val.json");
	if (fs_is_folder(path) && access(file.data, F_OK) != 0) {
		buf_free(&file);
		return list_truths(pairs, path, err);
	}
	rc = json_read(&doc, file.data, err);
	if (rc == 0) {
		rc = take_truths(pairs, file.data, &doc, err);
		json_free(&doc);
	}
	if (rc == 0)
		rc = sort_pairs(pairs, file.data, err);
	buf_free(&file);
	return rc;
}

/* --- predictions ---------------------------------------------------------------------------- */

/* Models like to answer in a fence: what is in the first one. */
static const char *without_fence(struct solid_pairs *pairs, const char *text)
{
	const char *from = strstr(text, FENCE), *to;

	if (!from)
		return solid_pairs_keep(pairs, text);
	from += strcspn(from, "\n");
	from += *from == '\n';
	to = strstr(from, FENCE);
	return arena_strndup(&pairs->arena, from, to ? (size_t)(to - from) : strlen(from));
}

static double number_or_nan(const cJSON *value)
{
	return cJSON_IsNumber(value) ? value->valuedouble : NAN;
}

/* Those of cadeval's lines; what else stands there is passed over. */
static void take_candidates(struct solid_pairs *pairs, struct solid_pair *pair, const cJSON *list)
{
	int count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
	struct report_candidate *all;
	const cJSON *one;

	count = count < CANDIDATES_MAX ? count : CANDIDATES_MAX;
	all = ARENA_NEW(&pairs->arena, struct report_candidate, count + 1);
	cJSON_ArrayForEach(one, list)
	{
		const char *text = keep_string(pairs, json_member(one, "program"));

		if (text && pair->candidate_count < count)
			all[pair->candidate_count++] = (struct report_candidate){
				text, strlen(text), number_or_nan(json_member(one, "score"))};
	}
	pair->candidates = all;
}

static void take_words(struct solid_pairs *pairs, struct solid_pair *pair, const cJSON *line,
		       const char *text)
{
	pair->said = without_fence(pairs, text);
	if (!pair->image)
		pair->image = keep_string(pairs, json_member(line, "image"));
	if (!pair->prompt)
		pair->prompt = keep_string(pairs, json_member(line, "prompt"));
	pair->log_probability = number_or_nan(json_member(line, "log_probability"));
	take_candidates(pairs, pair, json_member(line, "candidates"));
}

/* NULL: there is none. */
static struct solid_pair *find_pair(struct solid_pairs *pairs, const char *id)
{
	struct solid_pair key = {.id = id};

	return bsearch(&key, pairs->all, pairs->count, sizeof(*pairs->all), by_id);
}

static int take_prediction(struct solid_pairs *pairs, const struct json_doc *doc, struct err *err)
{
	const cJSON *id = json_member(doc->root, "id"), *text = json_member(doc->root, "program");
	const cJSON *truth = json_member(doc->root, "truth");
	struct solid_pair *pair;

	id = id ? id : json_member(doc->root, "question_id");
	text = text ? text : json_member(doc->root, "text");
	if (!cJSON_IsString(id) || !cJSON_IsString(text))
		return json_error(doc, doc->root, err,
				  "a prediction needs an id (or question_id) and a program (or "
				  "text), both strings");
	if (!pairs->has_truths) {
		if (!cJSON_IsString(truth))
			return json_error(doc, doc->root, err, "the prediction has no truth");
		pair = add_pair(pairs, id->valuestring, truth->valuestring);
	} else {
		pair = find_pair(pairs, id->valuestring);
		if (!pair)
			return json_error(doc, id, err, "there is no truth for '%s'",
					  id->valuestring);
		if (pair->said)
			return json_error(doc, id, err, "'%s' is there twice", id->valuestring);
	}
	take_words(pairs, pair, doc->root, text->valuestring);
	return 0;
}

static int take_file(struct solid_pairs *pairs, const char *folder, const struct model_file *file,
		     struct err *err)
{
	const char *path = keep_path(pairs, folder, file->file);
	struct solid_pair *pair;

	if (!pairs->has_truths && cad_file_form(path) != CAD_FILE_H5)
		return err_set(err, ERR_FORMAT,
			       "%s: only files of HDF5 can have the truth beside the prediction",
			       path);
	pair = pairs->has_truths ? find_pair(pairs, file->id) : add_pair(pairs, file->id, NULL);
	if (!pair)
		return err_set(err, ERR_FORMAT, "%s: there is no truth for '%s'", path, file->id);
	if (!pairs->has_truths)
		pair->truth_file = (struct solid_file){path, cad_vec_h5_beside};
	pair->said_file = (struct solid_file){path, cad_vec_h5_said};
	return 0;
}

static int list_predictions(struct solid_pairs *pairs, const char *folder, struct err *err)
{
	struct model_list list = {0};
	int rc = cad_file_list(&list, folder, err);

	for (size_t i = 0; i < list.count && rc == 0; i++)
		rc = take_file(pairs, folder, &list.models[i], err);
	model_list_free(&list);
	return rc == 0 && !pairs->has_truths ? sort_pairs(pairs, folder, err) : rc;
}

static int read_lines(struct solid_pairs *pairs, const char *path, struct err *err)
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
			rc = take_prediction(pairs, &doc, err);
			json_free(&doc);
		}
	}
	buf_free(&bytes);
	return rc == 0 && !pairs->has_truths ? sort_pairs(pairs, path, err) : rc;
}

int solid_pairs_read(struct solid_pairs *pairs, const char *path, struct err *err)
{
	return fs_is_folder(path) ? list_predictions(pairs, path, err)
				  : read_lines(pairs, path, err);
}

/* --- models --------------------------------------------------------------------------------- */

bool solid_pairs_is_vector(const struct solid_pair *pair)
{
	return pair->said_file.path && cad_file_form(pair->said_file.path) != CAD_FILE_JSON;
}

bool solid_pairs_is_said(const struct solid_pair *pair)
{
	return pair->said || pair->said_file.path;
}

static int read_model(struct cad_file *out, const struct solid_file *file, const char *name,
		      const char *text, enum cad_code language, struct arena *arena,
		      struct err *err)
{
	if (file->path)
		return cad_file_read(out, file->path, file->names, arena, err);
	*out = (struct cad_file){.vec = {0}};
	return cad_code_parse_as(&out->model, language, name, text ? text : "",
				 text ? strlen(text) : 0, arena, err);
}

int solid_pairs_truth(struct cad_file *truth, const struct solid_pairs *pairs,
		      const struct solid_pair *pair, enum cad_code language, struct arena *arena,
		      struct err *err)
{
	struct deepcad_model model;

	if (read_model(truth, &pair->truth_file, pair->id, pair->truth, language, arena, err) < 0)
		return -1;
	if (!solid_pairs_is_vector(pair) || truth->vec.count > 0)
		return 0;
	model = truth->model;
	if (cad_vec_from_deepcad(&truth->vec, &model, pairs->is_compat, arena, NULL) < 0)
		truth->vec = (struct cad_vec){0};
	if (deepcad_in_cad_vec(&truth->model, &model, pairs->is_compat, arena, NULL) < 0)
		truth->model = model;
	return 0;
}

int solid_pairs_said(struct cad_file *said, const struct solid_pair *pair, enum cad_code language,
		     struct arena *arena, struct err *err)
{
	return read_model(said, &pair->said_file, "prediction", pair->said, language, arena, err);
}

static const char *tell(struct solid_pairs *pairs, const struct solid_file *file)
{
	struct arena arena = {0};
	struct buf text = {0};
	struct cad_file model;
	const char *told = "";

	if (cad_file_read(&model, file->path, file->names, &arena, NULL) == 0 &&
	    cad_code_write(&model.model, CAD_CODE_sketch, 0, &text, NULL) == 0)
		told = solid_pairs_keep(pairs, text.data);
	buf_free(&text);
	arena_free(&arena);
	return told;
}

void solid_pairs_tell(struct solid_pairs *pairs, struct solid_pair *pair)
{
	if (pair->truth_file.path)
		pair->truth = tell(pairs, &pair->truth_file);
	if (pair->said_file.path)
		pair->said = tell(pairs, &pair->said_file);
}

void solid_pairs_free(struct solid_pairs *pairs)
{
	free(pairs->all);
	arena_free(&pairs->arena);
}
