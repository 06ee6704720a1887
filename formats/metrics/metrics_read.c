/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/metrics/metrics_read.h"

#include <float.h>
#include <stdbool.h>
#include <string.h>

#include "formats/encoding/json.h"

#define COUNT_MAX 9007199254740992.0 /* 2^53 */

struct reader {
	struct json_doc doc;
	const struct metrics_words *words;
	struct arena *arena;
	struct err *err;
};

/* The object under that key; *out is NULL where there is none. */
static int section(struct reader *r, const cJSON *parent, const char *key, const cJSON **out)
{
	*out = json_member(parent, key);
	if (*out && !cJSON_IsObject(*out))
		return json_error(&r->doc, *out, r->err, "'%s' must be an object", key);
	return 0;
}

/* 0 where there is none. */
static int read_count(struct reader *r, const cJSON *object, const char *key, int64_t *out)
{
	double v;

	*out = 0;
	if (!json_member(object, key))
		return 0;
	if (json_whole(&r->doc, object, key, 0, COUNT_MAX, &v, r->err) < 0)
		return -1;
	*out = (int64_t)v;
	return 0;
}

/* Figures of drawings are percentages; of those of solids some are distances. */
static int read_real(struct reader *r, const cJSON *object, const char *key, double *out)
{
	const cJSON *node = json_member(object, key);
	bool percent = r->words == &metrics_of_drawings;

	if (!cJSON_IsNumber(node) || !(node->valuedouble >= 0) ||
	    !(node->valuedouble <= (percent ? 100 : DBL_MAX)))
		return json_error(&r->doc, node ? node : object, r->err,
				  "'%s' must be a number, %s", key,
				  percent ? "0 to 100" : "from 0 on");
	*out = node->valuedouble;
	return 0;
}

static int read_value(struct reader *r, const cJSON *group, const char *figure,
		      struct metrics_value *out)
{
	const cJSON *node;

	*out = (struct metrics_value){0};
	if (section(r, group, figure, &node) < 0)
		return -1;
	if (!node)
		return 0;
	if (read_count(r, node, r->words->of, &out->drawings) < 0 ||
	    read_real(r, node, "value", &out->value) < 0 ||
	    read_real(r, node, "low", &out->low) < 0)
		return -1;
	return read_real(r, node, "high", &out->high);
}

static int read_group(struct reader *r, const cJSON *node, struct metrics_group *out)
{
	if (!cJSON_IsObject(node))
		return json_error(&r->doc, node, r->err, "a group must be an object");
	if (read_count(r, node, r->words->of, &out->count) < 0)
		return -1;
	for (int i = 0; i < r->words->count; i++)
		if (read_value(r, node, r->words->figures[i], &out->figures[i]) < 0)
			return -1;
	return 0;
}

/* How many groups there are; *groups the object that they stand in, or NULL. */
static int count_groups(struct reader *r, const cJSON **groups)
{
	int n = 0;

	if (section(r, r->doc.root, "groups", groups) < 0)
		return -1;
	for (const cJSON *by = *groups ? (*groups)->child : NULL; by; by = by->next) {
		if (!cJSON_IsObject(by))
			return json_error(&r->doc, by, r->err, "'%.60s' must be an object",
					  by->string);
		n += cJSON_GetArraySize(by);
		if (n > METRICS_GROUPS_MAX)
			return json_limit(&r->doc, by, r->err, "more than %d groups",
					  METRICS_GROUPS_MAX);
	}
	return n;
}

static int read_groups(struct reader *r, struct metrics *m)
{
	const cJSON *groups;
	int n = count_groups(r, &groups);

	if (n <= 0)
		return n;
	m->groups = ARENA_NEW(r->arena, struct metrics_group, n);
	for (const cJSON *by = groups->child; by; by = by->next) {
		const char *name = arena_strndup(r->arena, by->string, strlen(by->string));

		for (const cJSON *is = by->child; is; is = is->next) {
			struct metrics_group *group = &m->groups[m->group_count++];

			group->by = name;
			group->is = arena_strndup(r->arena, is->string, strlen(is->string));
			if (read_group(r, is, group) < 0)
				return -1;
		}
	}
	return 0;
}

static int read_kind(struct reader *r, const cJSON *node, struct metrics_kind *out)
{
	const struct {
		const char *key;
		int64_t *count;
	} counts[] = {
		{"true", &out->truths}, {"predicted", &out->said}, {"equal", &out->equal},
		{"near", &out->near},   {"missed", &out->missed},  {"added", &out->added},
	};

	if (!cJSON_IsObject(node))
		return json_error(&r->doc, node, r->err, "'%.60s' must be an object", node->string);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (read_count(r, node, counts[i].key, counts[i].count) < 0)
			return -1;
	return 0;
}

static int read_kinds(struct reader *r, struct metrics *m)
{
	const cJSON *shapes;

	if (section(r, r->doc.root, "shapes", &shapes) < 0)
		return -1;
	for (const cJSON *node = shapes ? shapes->child : NULL; node; node = node->next) {
		enum shape_kind k;

		if (shape_kind_from_name(node->string, strlen(node->string), &k) < 0)
			return json_error(&r->doc, node, r->err, "'%.60s' is no kind of shape",
					  node->string);
		if (read_kind(r, node, &m->kinds[k]) < 0)
			return -1;
	}
	return 0;
}

static int read_moved(struct reader *r, const cJSON *errors, struct metrics *m)
{
	const cJSON *moved;

	if (section(r, errors, "moved", &moved) < 0)
		return -1;
	for (const cJSON *node = moved ? moved->child : NULL; node; node = node->next) {
		enum param p;

		if (param_from_name(node->string, strlen(node->string), &p) < 0)
			return json_error(&r->doc, node, r->err, "'%.60s' is no parameter",
					  node->string);
		if (read_count(r, moved, node->string, &m->errors.moved[p]) < 0)
			return -1;
	}
	return 0;
}

/* The number of the character that a name stands for, or -1. */
static int character_of(const char *name)
{
	const char *at;

	if (*name == '\0')
		return METRICS_NO_CHARACTER;
	at = name[1] == '\0' ? strchr(METRICS_CHARACTERS, *name) : NULL;
	return at ? (int)(at - METRICS_CHARACTERS) : -1;
}

/* What one character was read as. */
static int read_confusions(struct reader *r, const cJSON *said, int64_t *counts)
{
	if (!cJSON_IsObject(said))
		return json_error(&r->doc, said, r->err, "a character's must be an object");
	for (const cJSON *node = said->child; node; node = node->next) {
		int c = character_of(node->string);

		if (c < 0)
			return json_error(&r->doc, node, r->err, "'%.60s' is no character",
					  node->string);
		if (read_count(r, said, node->string, &counts[c]) < 0)
			return -1;
	}
	return 0;
}

static int read_characters(struct reader *r, const cJSON *errors, struct metrics *m)
{
	const cJSON *characters;

	if (section(r, errors, "characters", &characters) < 0)
		return -1;
	for (const cJSON *node = characters ? characters->child : NULL; node; node = node->next) {
		int c = character_of(node->string);

		if (c < 0)
			return json_error(&r->doc, node, r->err, "'%.60s' is no character",
					  node->string);
		if (read_confusions(r, node, m->errors.characters[c]) < 0)
			return -1;
	}
	return 0;
}

static int read_errors(struct reader *r, struct metrics *m)
{
	const cJSON *errors, *numbers;

	if (section(r, r->doc.root, "errors", &errors) < 0)
		return -1;
	if (!errors)
		return 0;
	if (read_count(r, errors, "read", &m->errors.read) < 0 ||
	    read_count(r, errors, "unread", &m->errors.unread) < 0 ||
	    section(r, errors, "numbers", &numbers) < 0)
		return -1;
	for (int i = 0; i < FATE_COUNT_; i++)
		if (read_count(r, numbers, metrics_fate_name((enum metrics_fate)i),
			       &m->errors.fates[i]) < 0)
			return -1;
	if (read_moved(r, errors, m) < 0)
		return -1;
	return read_characters(r, errors, m);
}

static int read_bootstrap(struct reader *r, struct metrics *m)
{
	const cJSON *bootstrap, *seed;
	int64_t resamples;

	if (section(r, r->doc.root, "bootstrap", &bootstrap) < 0)
		return -1;
	if (read_count(r, bootstrap, "resamples", &resamples) < 0)
		return -1;
	if (resamples > INT32_MAX)
		return json_error(&r->doc, bootstrap, r->err, "'resamples' is over %d", INT32_MAX);
	m->resamples = (int)resamples;
	seed = json_member(bootstrap, "seed");
	if (!seed)
		return 0;
	if (!cJSON_IsNumber(seed) || !(seed->valuedouble >= 0))
		return json_error(&r->doc, seed, r->err, "'seed' must be a number from 0 on");
	m->seed = seed->valuedouble < 0x1p64 ? (uint64_t)seed->valuedouble : UINT64_MAX;
	return 0;
}

static int read_all(struct reader *r, struct metrics *m)
{
	const cJSON *all = json_member(r->doc.root, "all");

	if (!all)
		return json_error(&r->doc, NULL, r->err, "no metrics: 'all' is missing");
	if (read_bootstrap(r, m) < 0 || read_group(r, all, &m->all) < 0 || read_groups(r, m) < 0 ||
	    read_kinds(r, m) < 0)
		return -1;
	return read_errors(r, m);
}

int metrics_parse(struct metrics *metrics, const char *name, const char *text, size_t len,
		  struct arena *arena, struct err *err)
{
	struct reader r = {.words = &metrics_of_drawings, .arena = arena, .err = err};
	int rc;

	*metrics = (struct metrics){0};
	if (json_parse(&r.doc, name, text, len, err) < 0)
		return -1;
	rc = read_all(&r, metrics);
	json_free(&r.doc);
	return rc;
}

int metrics_read(struct metrics *metrics, const char *path, struct arena *arena, struct err *err)
{
	struct reader r = {.words = &metrics_of_drawings, .arena = arena, .err = err};
	int rc;

	*metrics = (struct metrics){0};
	if (json_read(&r.doc, path, err) < 0)
		return -1;
	rc = read_all(&r, metrics);
	json_free(&r.doc);
	return rc;
}

int metrics_read_all(struct metrics_group *all, const struct metrics_words **words,
		     const char *path, struct err *err)
{
	struct reader r = {.err = err};
	const cJSON *node;
	int rc;

	*all = (struct metrics_group){0};
	if (json_read(&r.doc, path, err) < 0)
		return -1;
	node = json_member(r.doc.root, "solids");
	r.words = node ? &metrics_of_solids : &metrics_of_drawings;
	if (!node)
		node = json_member(r.doc.root, "all");
	if (node)
		rc = read_group(&r, node, all);
	else
		rc = json_error(&r.doc, NULL, err, "no metrics: 'all' is missing, and 'solids'");
	*words = r.words;
	json_free(&r.doc);
	return rc;
}
