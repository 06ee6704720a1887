/* SPDX-License-Identifier: MIT */
/*
 * dataset_journal: settings and progress as JSON, written, read back and compared.
 *
 *	OUT/.cadgen-journal
 *	{"format":"cadgen-journal","layout":2,"state":"growing","begin":0,"next":4096,"redrawn":3,
 *	 "counts":{"train":3687,"val":409,"test":0},
 *	 "bytes":{"train.json":…,"val.json":…,"annotations.jsonl":…,"scenes.jsonl":…,"checksums.jsonl":…},
 *	 "block":0,"shards":{"train":{"piece":0,"samples":3687,"bytes":[…]},…},	(of layouts with shards)
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
#include "formats/dataset/dataset_private.h"

#define LAYOUT 2

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

const char *dataset_font_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (*path == '\0')
		return "built-in";
	return slash ? slash + 1 : path;
}

static void put_layout(struct buf *out, const struct dataset_settings *settings)
{
	const struct dataset_layout *layout = dataset_layout_of(settings);

	put_string(out, "format", layout->name);
	put_string(out, "image_format", dataset_picture_names[settings->picture]);
	if (settings->picture == PICTURE_JPEG)
		put_count(out, "jpeg_quality", (uint64_t)settings->jpeg_quality);
	if (layout->streams[0]) {
		put_count(out, "shard_size", settings->shard_size);
		put_count(out, "shard_bytes", settings->shard_bytes);
	}
}

void dataset_settings_write(const struct dataset_settings *settings, struct buf *out)
{
	buf_str(out, "{\n\"version\":");
	buf_json_str(out, settings->version);
	put_string(out, "family", settings->family);
	put_string(out, "language", settings->language);
	put_layout(out, settings);
	put_key(out, "also");
	dataset_also_write(settings->also, out);
	put_count(out, "count", settings->count);
	put_decimal_string(out, "seed", settings->seed);
	put_count(out, "size_px", (uint64_t)settings->size_px);
	put_key(out, "val_fraction");
	buf_fixed(out, settings->val_fraction, 6);
	put_key(out, "test_fraction");
	buf_fixed(out, settings->test_fraction, 6);
	put_key(out, "max_overlap");
	buf_fixed(out, settings->max_overlap, 6);
	if (settings->require_legible) {
		put_key(out, "require_legible");
		buf_str(out, "true");
	}
	put_string(out, "font", dataset_font_name(settings->font));
	put_hash(out, "font_hash", settings->font_hash);
	put_hash(out, "prompts_hash", settings->prompts_hash);
	if (dataset_layout_of(settings)->needs_numbers)
		put_hash(out, "tokenizer_hash", settings->tokenizer_hash);
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

static void put_counts(struct buf *out, const uint64_t counts[SPLIT_COUNT_])
{
	put_key(out, "counts");
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		buf_char(out, i ? ',' : '{');
		buf_json_str(out, dataset_split_names[i]);
		buf_char(out, ':');
		buf_int(out, (int64_t)counts[i]);
	}
	buf_char(out, '}');
}

static void put_bytes(struct buf *out, const struct dataset_settings *settings,
		      const struct dataset_position *position)
{
	char name[DATASET_NAME_BYTES];
	char before = '{';

	put_key(out, "bytes");
	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		if (!dataset_part_name(dataset_layout_of(settings), (enum dataset_part)i, name))
			continue;
		buf_char(out, before);
		buf_json_str(out, name);
		buf_char(out, ':');
		buf_int(out, (int64_t)position->bytes[i]);
		before = ',';
	}
	buf_char(out, '}');
}

static void put_shards(struct buf *out, const struct dataset_position *position)
{
	put_count(out, "block", position->block);
	put_key(out, "shards");
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		const struct dataset_shard *shard = &position->shards[i];

		buf_char(out, i ? ',' : '{');
		buf_json_str(out, dataset_split_names[i]);
		buf_str(out, ":{\"piece\":");
		buf_int(out, (int64_t)shard->piece);
		buf_str(out, ",\"samples\":");
		buf_int(out, (int64_t)shard->samples);
		buf_str(out, ",\"bytes\":[");
		for (int k = 0; k < DATASET_STREAMS_MAX; k++) {
			if (k > 0)
				buf_char(out, ',');
			buf_int(out, (int64_t)shard->bytes[k]);
		}
		buf_str(out, "]}");
	}
	buf_char(out, '}');
}

int dataset_journal_write(const char *folder, const struct dataset_settings *settings,
			  const struct dataset_position *position, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct buf out = {0};
	int rc;

	assert(position->state < DATASET_FINISHED);
	buf_str(&out, "{\"format\":\"cadgen-journal\"");
	put_count(&out, "layout", LAYOUT);
	put_string(&out, "state", state_names[position->state]);
	put_count(&out, "begin", position->begin);
	put_count(&out, "next", position->next);
	put_count(&out, "redrawn", position->redrawn);
	put_counts(&out, position->counts);
	put_bytes(&out, settings, position);
	if (dataset_layout_of(settings)->streams[0])
		put_shards(&out, position);
	put_key(&out, "settings");
	dataset_settings_write(settings, &out);
	buf_str(&out, "}\n");
	dataset_file_path(folder, DATASET_JOURNAL, "", path);
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

/* A member that is an object; else ERR_FORMAT. */
static const cJSON *get_object(const struct json_doc *doc, const cJSON *object, const char *key,
			       struct err *err)
{
	const cJSON *node = json_member(object, key);

	if (cJSON_IsObject(node))
		return node;
	json_error(doc, node ? node : object, err, "'%s' must be an object", key);
	return NULL;
}

static int get_counts(const struct json_doc *doc, const cJSON *object,
		      uint64_t counts[SPLIT_COUNT_], struct err *err)
{
	for (int i = 0; i < SPLIT_COUNT_; i++)
		if (get_count(doc, object, dataset_split_names[i], &counts[i], err) < 0)
			return -1;
	return 0;
}

static const struct dataset_layout *layout_in(const cJSON *settings)
{
	const char *name = cJSON_GetStringValue(json_member(settings, "format"));

	return name ? dataset_layout_named(name) : NULL;
}

static int get_bytes(const struct json_doc *doc, const struct dataset_layout *layout,
		     struct dataset_position *p, struct err *err)
{
	const cJSON *bytes = get_object(doc, doc->root, "bytes", err);
	char name[DATASET_NAME_BYTES];

	for (int i = 0; bytes && i < DATASET_PART_COUNT; i++)
		if (dataset_part_name(layout, (enum dataset_part)i, name) &&
		    get_count(doc, bytes, name, &p->bytes[i], err) < 0)
			return -1;
	return bytes ? 0 : -1;
}

static int get_shard(const struct json_doc *doc, const cJSON *shards, int split,
		     struct dataset_shard *shard, struct err *err)
{
	const cJSON *one = get_object(doc, shards, dataset_split_names[split], err);
	const cJSON *bytes = one ? json_member(one, "bytes") : NULL;

	if (!one || get_count(doc, one, "piece", &shard->piece, err) < 0 ||
	    get_count(doc, one, "samples", &shard->samples, err) < 0)
		return -1;
	if (!cJSON_IsArray(bytes) || cJSON_GetArraySize(bytes) != DATASET_STREAMS_MAX)
		return json_error(doc, one, err, "'bytes' must be an array of %d counts",
				  DATASET_STREAMS_MAX);
	for (int k = 0; k < DATASET_STREAMS_MAX; k++) {
		const cJSON *node = cJSON_GetArrayItem(bytes, k);

		if (!cJSON_IsNumber(node) || !(node->valuedouble >= 0) ||
		    node->valuedouble > EXACT_MAX)
			return json_error(doc, node, err, "'bytes' must be counts");
		shard->bytes[k] = (uint64_t)node->valuedouble;
	}
	return 0;
}

static int get_shards(const struct json_doc *doc, struct dataset_position *p, struct err *err)
{
	const cJSON *shards = get_object(doc, doc->root, "shards", err);

	if (!shards || get_count(doc, doc->root, "block", &p->block, err) < 0)
		return -1;
	for (int i = 0; i < SPLIT_COUNT_; i++)
		if (get_shard(doc, shards, i, &p->shards[i], err) < 0)
			return -1;
	return 0;
}

static uint64_t sum(const uint64_t counts[SPLIT_COUNT_])
{
	uint64_t n = 0;

	for (int i = 0; i < SPLIT_COUNT_; i++)
		n += counts[i];
	return n;
}

static int check_layout(const struct json_doc *doc, struct err *err)
{
	uint64_t layout;

	if (!has_format(doc, "format", "cadgen-journal"))
		return json_error(doc, NULL, err, "not a journal of cadgen");
	if (get_count(doc, doc->root, "layout", &layout, err) < 0)
		return -1;
	if (layout != LAYOUT)
		return json_error(doc, NULL, err,
				  "journal layout %" PRIu64 ", this cadgen reads %d", layout,
				  LAYOUT);
	return 0;
}

static int journal_from_json(const struct json_doc *doc, struct dataset_position *p,
			     struct err *err)
{
	const struct dataset_layout *layout = layout_in(json_member(doc->root, "settings"));
	const cJSON *counts;

	if (check_layout(doc, err) < 0)
		return -1;
	if (!layout)
		return json_error(doc, NULL, err, "settings without a 'format' that is known here");
	counts = get_object(doc, doc->root, "counts", err);
	if (!counts || get_state(doc, &p->state, err) < 0 ||
	    get_count(doc, doc->root, "begin", &p->begin, err) < 0 ||
	    get_count(doc, doc->root, "next", &p->next, err) < 0 ||
	    get_count(doc, doc->root, "redrawn", &p->redrawn, err) < 0 ||
	    get_counts(doc, counts, p->counts, err) < 0 || get_bytes(doc, layout, p, err) < 0 ||
	    (layout->streams[0] && get_shards(doc, p, err) < 0))
		return -1;
	if (p->begin > p->next || sum(p->counts) != p->next - p->begin)
		return json_error(doc, NULL, err, "counts do not add up to 'next'");
	return 0;
}

/* Of a dataset without a test split its count may be left out. */
static int info_from_json(const struct json_doc *doc, struct dataset_position *p, struct err *err)
{
	const cJSON *counts = cJSON_GetObjectItemCaseSensitive(doc->root, "counts");

	if (!counts)
		return json_error(doc, NULL, err, "'counts' is missing");
	p->state = DATASET_FINISHED;
	if (get_count(doc, counts, "total", &p->next, err) < 0 ||
	    get_count(doc, counts, "train", &p->counts[SPLIT_TRAIN], err) < 0 ||
	    get_count(doc, counts, "val", &p->counts[SPLIT_VAL], err) < 0 ||
	    (json_member(counts, "test") &&
	     get_count(doc, counts, "test", &p->counts[SPLIT_TEST], err) < 0) ||
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

/* Compares the settings and checks that the position lies within the numbers of that folder: all of them, or
 * a rank's. */
static int check_settings(const struct json_doc *doc, const char *folder,
			  const struct dataset_settings *settings, const struct dataset_position *p,
			  struct err *err)
{
	const cJSON *stored = cJSON_GetObjectItemCaseSensitive(doc->root, "settings");
	bool whole = p->state >= DATASET_CLOSING;
	uint64_t begin = 0, end;

	if (!settings)
		return 0;
	if (!cJSON_IsObject(stored))
		return json_error(doc, stored, err, "'settings' must be an object");
	if (dataset_settings_compare(settings, stored, err) < 0)
		return -1;
	end = settings->count;
	if (strcmp(folder, settings->path) != 0)
		dataset_rank_range(settings, &begin, &end);
	if (p->begin != begin || p->next > end || (whole && p->next != end))
		return json_error(doc, NULL, err, "%" PRIu64 " samples of %" PRIu64,
				  p->next - p->begin, end - begin);
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
		 check_settings(&doc, folder, settings, position, err) < 0)
		rc = -1;
	json_free(&doc);
	return rc;
}
