/* SPDX-License-Identifier: MIT */
/*
 * dataset_journal: settings and progress as JSON, written, read back and compared.
 *
 *	OUT/.cadgen-journal
 *	{"format":"cadgen-journal","layout":1,"state":"growing","next":4096,"redrawn":3,
 *	 "train_count":3687,"val_count":409,
 *	 "bytes":{"train.json":…,"val.json":…,"annotations.jsonl":…,"scenes.jsonl":…},
 *	 "settings":{…}}
 *
 * dataset_info.json holds the same settings object, so a finished dataset is compared the same way.
 * Numbers of 64 bits (seed, hashes) are strings, because JSON readers, cJSON among them, hold
 * numbers as doubles. Fractions are written in millionths, which is all that dataset_is_val looks
 * at. The font is named without its folder: the same font elsewhere gives the same bytes.
 */
#include <config.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "formats/dataset_private.h"

#define LAYOUT 1

/* Counts and lengths are exact in a double up to here. */
#define EXACT_MAX 9007199254740992.0

/* How much of a value a message shows. */
#define SHOWN_CHARS 60

static const char *const state_names[] = {
#define S(id, name) name,
	DATASET_STATES(S)
#undef S
};

static void put_key(struct buf *out, const char *key)
{
	buf_str(out, ",\n\"");
	buf_str(out, key);
	buf_str(out, "\":");
}

static void put_string(struct buf *out, const char *key, const char *value)
{
	put_key(out, key);
	buf_json_str(out, value);
}

static void put_count(struct buf *out, const char *key, uint64_t value)
{
	put_key(out, key);
	buf_int(out, (int64_t)value);
}

static void put_decimal_string(struct buf *out, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	put_string(out, key, text);
}

static void put_hash(struct buf *out, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%016" PRIx64, value);
	put_string(out, key, text);
}

static void put_also(struct buf *out, unsigned also)
{
	const char *comma = "";

	put_key(out, "also");
	buf_char(out, '[');
	for (int i = 0; i < ALSO_COUNT_; i++)
		if (also >> i & 1) {
			buf_str(out, comma);
			buf_json_str(out, dataset_also_name((enum dataset_also)i));
			comma = ",";
		}
	buf_char(out, ']');
}

const char *dataset_font_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (*path == '\0')
		return "built-in";
	return slash ? slash + 1 : path;
}

void dataset_settings_write(const struct dataset_settings *settings, struct buf *out)
{
	buf_str(out, "{\n\"version\":");
	buf_json_str(out, settings->version);
	put_string(out, "family", settings->family);
	put_string(out, "language", settings->language);
	put_also(out, settings->also);
	put_count(out, "count", settings->count);
	put_decimal_string(out, "seed", settings->seed);
	put_count(out, "size_px", (uint64_t)settings->size_px);
	put_key(out, "val_fraction");
	buf_fixed(out, settings->val_fraction, 6);
	put_key(out, "max_overlap");
	buf_fixed(out, settings->max_overlap, 6);
	if (settings->require_legible) {
		put_key(out, "require_legible");
		buf_str(out, "true");
	}
	put_string(out, "font", dataset_font_name(settings->font));
	put_hash(out, "font_hash", settings->font_hash);
	put_hash(out, "prompts_hash", settings->prompts_hash);
	put_key(out, "style");
	buf_str(out, settings->style);
	buf_str(out, "\n}");
}

/* A value for a message: strings as they are, objects and arrays as JSON. */
static void show_value(const cJSON *node, char shown[SHOWN_CHARS + 4])
{
	char *json = NULL;
	const char *text = node ? cJSON_GetStringValue(node) : "nothing";

	if (!text)
		text = json = cJSON_PrintUnformatted(node);
	snprintf(shown, SHOWN_CHARS + 4, "%.*s%s", SHOWN_CHARS, text ? text : "?",
		 text && strlen(text) > SHOWN_CHARS ? "..." : "");
	cJSON_free(json);
}

static int differs(const char *folder, const char *prefix, const char *key, const cJSON *stored,
		   const cJSON *given, struct err *err)
{
	char was[SHOWN_CHARS + 4], is[SHOWN_CHARS + 4];

	show_value(stored, was);
	show_value(given, is);
	return err_set(err, ERR_USAGE, "%s was begun with %s%s %s, now it is %s", folder, prefix,
		       key, was, is);
}

/* Compares two objects key by key, those in them one level down. */
static int compare_objects(const char *folder, const char *prefix, const cJSON *stored,
			   const cJSON *given, struct err *err)
{
	const cJSON *a, *b;

	for (a = given->child; a; a = a->next) {
		b = cJSON_GetObjectItemCaseSensitive(stored, a->string);
		if (cJSON_IsObject(a) && cJSON_IsObject(b) && *prefix == '\0') {
			char inner[80];
			snprintf(inner, sizeof(inner), "%s.", a->string);
			if (compare_objects(folder, inner, b, a, err) < 0)
				return -1;
		} else if (!cJSON_Compare(a, b, true)) {
			return differs(folder, prefix, a->string, b, a, err);
		}
	}
	for (b = stored->child; b; b = b->next)
		if (!cJSON_GetObjectItemCaseSensitive(given, b->string))
			return differs(folder, prefix, b->string, b, NULL, err);
	return 0;
}

int dataset_json_compare(const char *folder, const char *given, const cJSON *stored,
			 struct err *err)
{
	struct json_doc doc;
	int rc;

	if (json_parse(&doc, "settings", given, strlen(given), err) < 0)
		return -1;
	rc = compare_objects(folder, "", stored, doc.root, err);
	json_free(&doc);
	return rc;
}

int dataset_settings_compare(const struct dataset_settings *settings, const cJSON *stored,
			     struct err *err)
{
	struct buf text = {0};
	int rc;

	dataset_settings_write(settings, &text);
	rc = dataset_json_compare(settings->path, text.data, stored, err);
	buf_free(&text);
	return rc;
}

int dataset_journal_write(const struct dataset_settings *settings,
			  const struct dataset_position *position, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct buf out = {0};
	int rc;

	assert(position->state < DATASET_FINISHED);
	buf_str(&out, "{\"format\":\"cadgen-journal\"");
	put_count(&out, "layout", LAYOUT);
	put_string(&out, "state", state_names[position->state]);
	put_count(&out, "next", position->next);
	put_count(&out, "redrawn", position->redrawn);
	put_count(&out, "train_count", position->train_count);
	put_count(&out, "val_count", position->val_count);
	put_key(&out, "bytes");
	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		buf_char(&out, i ? ',' : '{');
		buf_json_str(&out, dataset_part_name((enum dataset_part)i));
		buf_char(&out, ':');
		buf_int(&out, (int64_t)position->bytes[i]);
	}
	buf_char(&out, '}');
	put_key(&out, "settings");
	dataset_settings_write(settings, &out);
	buf_str(&out, "}\n");
	dataset_file_path(settings->path, DATASET_JOURNAL, "", path);
	rc = fs_write_durable(path, out.data, out.len, err);
	buf_free(&out);
	return rc;
}

static int get_count(const struct json_doc *doc, const cJSON *object, const char *key,
		     uint64_t *out, struct err *err)
{
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsNumber(node) || node->valuedouble < 0 || node->valuedouble > EXACT_MAX ||
	    node->valuedouble != (double)(uint64_t)node->valuedouble)
		return json_error(doc, node ? node : object, err, "'%s' must be a count", key);
	*out = (uint64_t)node->valuedouble;
	return 0;
}

static int get_state(const struct json_doc *doc, enum dataset_state *out, struct err *err)
{
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(doc->root, "state");

	for (int i = 0; cJSON_IsString(node) && i < DATASET_FINISHED; i++)
		if (strcmp(node->valuestring, state_names[i]) == 0) {
			*out = (enum dataset_state)i;
			return 0;
		}
	return json_error(doc, node, err, "unknown 'state'");
}

static bool has_format(const struct json_doc *doc, const char *key, const char *value)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc->root, key));

	return s && strcmp(s, value) == 0;
}

static int journal_from_json(const struct json_doc *doc, struct dataset_position *p,
			     struct err *err)
{
	const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(doc->root, "bytes");
	uint64_t layout;

	if (!has_format(doc, "format", "cadgen-journal"))
		return json_error(doc, NULL, err, "not a journal of cadgen");
	if (get_count(doc, doc->root, "layout", &layout, err) < 0)
		return -1;
	if (layout != LAYOUT)
		return json_error(doc, NULL, err,
				  "journal layout %" PRIu64 ", this cadgen reads %d", layout,
				  LAYOUT);
	if (get_state(doc, &p->state, err) < 0 ||
	    get_count(doc, doc->root, "next", &p->next, err) < 0 ||
	    get_count(doc, doc->root, "redrawn", &p->redrawn, err) < 0 ||
	    get_count(doc, doc->root, "train_count", &p->train_count, err) < 0 ||
	    get_count(doc, doc->root, "val_count", &p->val_count, err) < 0)
		return -1;
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (get_count(doc, bytes ? bytes : doc->root,
			      dataset_part_name((enum dataset_part)i), &p->bytes[i], err) < 0)
			return -1;
	if (p->train_count + p->val_count != p->next)
		return json_error(doc, NULL, err, "counts do not add up to 'next'");
	return 0;
}

static int info_from_json(const struct json_doc *doc, struct dataset_position *p, struct err *err)
{
	const cJSON *counts = cJSON_GetObjectItemCaseSensitive(doc->root, "counts");

	if (!counts)
		return json_error(doc, NULL, err, "'counts' is missing");
	p->state = DATASET_FINISHED;
	if (get_count(doc, counts, "total", &p->next, err) < 0 ||
	    get_count(doc, counts, "train", &p->train_count, err) < 0 ||
	    get_count(doc, counts, "val", &p->val_count, err) < 0 ||
	    get_count(doc, counts, "redrawn", &p->redrawn, err) < 0)
		return -1;
	return 0;
}

/* Opens NAME in the folder if it is there: 1, 0 or -1. path must outlive doc. */
static int open_json(const char *folder, const char *name, char path[DATASET_PATH_BYTES],
		     struct json_doc *doc, struct err *err)
{
	int rc = dataset_has(folder, name, "", err);

	if (rc <= 0)
		return rc;
	return json_read(doc, dataset_file_path(folder, name, "", path), err) < 0 ? -1 : 1;
}

/* Compares the settings and checks that the position lies within their count. */
static int check_settings(const struct json_doc *doc, const struct dataset_settings *settings,
			  const struct dataset_position *p, struct err *err)
{
	const cJSON *stored = cJSON_GetObjectItemCaseSensitive(doc->root, "settings");
	bool whole = p->state == DATASET_CLOSING || p->state == DATASET_FINISHED;

	if (!settings)
		return 0;
	if (!cJSON_IsObject(stored))
		return json_error(doc, stored, err, "'settings' must be an object");
	if (dataset_settings_compare(settings, stored, err) < 0)
		return -1;
	if (p->next > settings->count || (whole && p->next != settings->count))
		return json_error(doc, NULL, err, "%" PRIu64 " samples of %" PRIu64, p->next,
				  settings->count);
	return 0;
}

static bool is_ours(const struct json_doc *doc, bool journal)
{
	/* A file of that name is common in collections of datasets. */
	return journal || has_format(doc, "generator", "cadgen");
}

int dataset_position_read(const char *folder, const struct dataset_settings *settings,
			  struct dataset_position *position, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct json_doc doc;
	bool journal = true;
	int rc = open_json(folder, DATASET_JOURNAL, path, &doc, err);

	*position = (struct dataset_position){.state = DATASET_GROWING};
	if (rc == 0) {
		journal = false;
		rc = open_json(folder, DATASET_INFO, path, &doc, err);
	}
	if (rc <= 0)
		return rc;
	if (!is_ours(&doc, journal))
		rc = 0;
	else if ((journal ? journal_from_json(&doc, position, err)
			  : info_from_json(&doc, position, err)) < 0 ||
		 check_settings(&doc, settings, position, err) < 0)
		rc = -1;
	json_free(&doc);
	return rc;
}
