/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gen/solids_pairs_main.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/json.h"

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
				    .truth = solid_pairs_keep(pairs, truth),
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

int solid_pairs_read_truths(struct solid_pairs *pairs, const char *path, struct err *err)
{
	struct buf file = {0};
	struct json_doc doc;
	int rc;

	buf_str(&file, path);
	if (fs_is_folder(path))
		buf_str(&file, "/val.json");
	rc = json_read(&doc, file.data, err);
	if (rc == 0) {
		rc = take_truths(pairs, file.data, &doc, err);
		json_free(&doc);
	}
	if (rc == 0)
		rc = sort_pairs(pairs, file.data, err);
	pairs->has_truths = true;
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
	const char *image = keep_string(pairs, json_member(line, "image"));

	pair->said = without_fence(pairs, text);
	if (!pair->image)
		pair->image = image;
	pair->log_probability = number_or_nan(json_member(line, "log_probability"));
	take_candidates(pairs, pair, json_member(line, "candidates"));
}

static int take_prediction(struct solid_pairs *pairs, const struct json_doc *doc, struct err *err)
{
	const cJSON *id = json_member(doc->root, "id"), *text = json_member(doc->root, "program");
	const cJSON *truth = json_member(doc->root, "truth");
	struct solid_pair key, *pair;

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
		key.id = id->valuestring;
		pair = bsearch(&key, pairs->all, pairs->count, sizeof(*pairs->all), by_id);
		if (!pair)
			return json_error(doc, id, err, "there is no truth for '%s'",
					  id->valuestring);
		if (pair->said)
			return json_error(doc, id, err, "'%s' is there twice", id->valuestring);
	}
	take_words(pairs, pair, doc->root, text->valuestring);
	return 0;
}

int solid_pairs_read(struct solid_pairs *pairs, const char *path, struct err *err)
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

int solid_pairs_parse(struct deepcad_model *model, enum cad_code language, const char *name,
		      const char *text, struct arena *arena, struct err *err)
{
	if (language == CAD_CODE_sketch)
		return cad_code_parse(model, name, text, strlen(text), arena, err);
	return deepcad_parse(model, name, text, strlen(text), arena, err);
}

void solid_pairs_free(struct solid_pairs *pairs)
{
	free(pairs->all);
	arena_free(&pairs->arena);
}
