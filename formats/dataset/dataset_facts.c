/* SPDX-License-Identifier: MIT */
/*
 * dataset_facts: dataset_info.json, whose presence says that the dataset is whole, and
 * rendering_metadata.json, which says some of the same to other programs and must not contradict
 * it.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/num.h"
#include "base/rng.h"
#include "formats/dataset/dataset_facts.h"
#include "formats/dataset/dataset_private.h"

#define SIZE_PX_MAX 20000

uint64_t dataset_hash(const void *data, size_t n)
{
	const unsigned char *bytes = data;
	uint64_t h = 0;

	for (size_t i = 0; i < n; i++)
		h = rng_mix64(h ^ bytes[i]) + i;
	return h;
}

static const cJSON *need_object(const struct json_doc *doc, const cJSON *object, const char *key,
				struct err *err)
{
	const cJSON *node = json_member(object, key);

	if (cJSON_IsObject(node))
		return node;
	json_error(doc, node ? node : object, err, "'%s' must be an object", key);
	return NULL;
}

/* A whole number within 0..hi. */
static int read_count(const struct json_doc *doc, const cJSON *object, const char *key, double hi,
		      uint64_t *out, struct err *err)
{
	const cJSON *node = json_member(object, key);

	if (!cJSON_IsNumber(node) || !(node->valuedouble >= 0 && node->valuedouble <= hi) ||
	    node->valuedouble != (double)(uint64_t)node->valuedouble)
		return json_error(doc, node ? node : object, err,
				  "'%s' must be a whole number, 0 to %.15g", key, hi);
	*out = (uint64_t)node->valuedouble;
	return 0;
}

static int read_seed(const struct json_doc *doc, const cJSON *settings, uint64_t *out,
		     struct err *err)
{
	const char *text = dataset_need_string(doc, settings, "seed", err);

	if (!text)
		return -1;
	if (num_uint64(text, out) < 0)
		return json_error(doc, json_member(settings, "seed"), err,
				  "'seed' must be an integer of 64 bits");
	return 0;
}

static int read_hash(const struct json_doc *doc, const cJSON *object, const char *key,
		     uint64_t *out, struct err *err)
{
	const char *text = dataset_need_string(doc, object, key, err);

	if (!text)
		return -1;
	if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return json_error(doc, json_member(object, key), err,
				  "'%s' must be 16 digits, 0 to f", key);
	*out = strtoull(text, NULL, 16);
	return 0;
}

static int read_language(const struct json_doc *doc, const cJSON *settings, enum language *out,
			 struct err *err)
{
	const char *name = dataset_need_string(doc, settings, "language", err);

	if (!name)
		return -1;
	for (int i = 0; i < LANGUAGE_COUNT_; i++)
		if (strcmp(name, language_names[i]) == 0) {
			*out = (enum language)i;
			return 0;
		}
	return json_error(doc, json_member(settings, "language"), err, "unknown language '%.40s'",
			  name);
}

/* Sheets are written out here: names may mean others by now. */
static int read_style(const struct json_doc *doc, const cJSON *settings, struct style_mix *out,
		      struct arena *arena, struct err *err)
{
	const cJSON *node = need_object(doc, settings, "style", err);
	struct err inner = {0};
	char *text;
	int rc;

	if (!node)
		return -1;
	text = cJSON_PrintUnformatted(node);
	if (!text)
		return err_set(err, ERR_LIMIT, "%s: no memory for the style", doc->name);
	rc = style_mix_parse(out, "style", text, strlen(text), NULL, arena, &inner);
	cJSON_free(text);
	return rc < 0 ? json_error(doc, node, err, "%s", inner.msg) : 0;
}

static int read_fraction(const struct json_doc *doc, const cJSON *settings, const char *key,
			 double *out, struct err *err)
{
	const cJSON *node = json_member(settings, key);

	if (!cJSON_IsNumber(node) || !(node->valuedouble >= 0 && node->valuedouble <= 1))
		return json_error(doc, node ? node : settings, err, "'%s' must be a number, 0 to 1",
				  key);
	*out = node->valuedouble;
	return 0;
}

static int read_strings(struct dataset_facts *f, const struct json_doc *doc, const cJSON *settings,
			struct arena *arena, struct err *err)
{
	const char *font = dataset_need_string(doc, settings, "font", err);
	const char *version = font ? dataset_need_string(doc, settings, "version", err) : NULL;
	const char *family = version ? dataset_need_string(doc, settings, "family", err) : NULL;

	if (!family)
		return -1;
	f->family = arena_strndup(arena, family, strlen(family));
	f->font = arena_strndup(arena, font, strlen(font));
	f->version = arena_strndup(arena, version, strlen(version));
	return 0;
}

/* Only said where it is so. */
static int read_legible(struct dataset_facts *f, const struct json_doc *doc, const cJSON *settings,
			struct err *err)
{
	const cJSON *node = json_member(settings, "require_legible");

	if (node && !cJSON_IsTrue(node))
		return json_error(doc, node, err, "'require_legible' must be true, or left out");
	f->require_legible = node != NULL;
	return 0;
}

static int find_name(const char *name, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

static int read_layout(struct dataset_facts *f, const struct json_doc *doc, const cJSON *settings,
		       struct err *err)
{
	const char *format = dataset_need_string(doc, settings, "format", err);
	const char *picture =
		format ? dataset_need_string(doc, settings, "image_format", err) : NULL;
	uint64_t quality = 0;
	int found;

	if (!picture)
		return -1;
	f->layout = dataset_layout_named(format);
	if (!f->layout)
		return json_error(doc, json_member(settings, "format"), err,
				  "unknown format '%.40s'", format);
	found = find_name(picture, dataset_picture_names);
	if (found < 0)
		return json_error(doc, json_member(settings, "image_format"), err,
				  "unknown image_format '%.40s'", picture);
	f->picture = (enum dataset_picture)found;
	if (!dataset_layout_reads(f->layout))
		return json_error(doc, json_member(settings, "format"), err,
				  "arrays of numbers alone (%s) cannot be read back; the dataset "
				  "can be made again in another format",
				  format);
	if (f->picture == PICTURE_JPEG &&
	    read_count(doc, settings, "jpeg_quality", 100, &quality, err) < 0)
		return -1;
	f->jpeg_quality = (int)quality;
	if (!f->layout->streams[0])
		return 0;
	if (read_count(doc, settings, "shard_size", 1e12, &f->shard_size, err) < 0 ||
	    read_count(doc, settings, "shard_bytes", 1e15, &f->shard_bytes, err) < 0)
		return -1;
	return f->shard_size ? 0
			     : json_error(doc, json_member(settings, "shard_size"), err,
					  "'shard_size' is 0");
}

static int read_also(struct dataset_facts *f, const struct json_doc *doc, const cJSON *settings,
		     struct err *err)
{
	const cJSON *all = json_member(settings, "also"), *one;

	if (!cJSON_IsArray(all))
		return json_error(doc, all ? all : settings, err, "'also' must be an array");
	cJSON_ArrayForEach(one, all)
	{
		int found = -1;

		for (int i = 0; i < ALSO_COUNT_ && cJSON_IsString(one); i++)
			if (strcmp(one->valuestring, dataset_also_name((enum dataset_also)i)) == 0)
				found = i;
		if (found < 0)
			return json_error(doc, one, err, "'also' knows svg, pdf and dxf");
		f->also |= 1u << found;
	}
	return 0;
}

static int check_counts(const struct json_doc *doc, const struct dataset_facts *f, uint64_t count,
			struct err *err)
{
	uint64_t sum = 0;

	for (int i = 0; i < SPLIT_COUNT_; i++)
		sum += f->counts[i];
	if (count == f->count && count == sum)
		return 0;
	return json_error(doc, json_member(doc->root, "counts"), err,
			  "counts of %" PRIu64 " = %" PRIu64 " + %" PRIu64 " + %" PRIu64
			  " samples, settings of %" PRIu64,
			  f->count, f->counts[SPLIT_TRAIN], f->counts[SPLIT_VAL],
			  f->counts[SPLIT_TEST], count);
}

static int read_settings(struct dataset_facts *f, const struct json_doc *doc, const cJSON *settings,
			 struct arena *arena, struct err *err)
{
	uint64_t count, size_px;

	if (read_count(doc, settings, "count", 1e12, &count, err) < 0 ||
	    read_count(doc, settings, "size_px", SIZE_PX_MAX, &size_px, err) < 0 ||
	    read_seed(doc, settings, &f->seed, err) < 0 ||
	    read_hash(doc, settings, "font_hash", &f->font_hash, err) < 0 ||
	    read_hash(doc, settings, "prompts_hash", &f->prompts_hash, err) < 0 ||
	    read_fraction(doc, settings, "val_fraction", &f->val_fraction, err) < 0 ||
	    read_fraction(doc, settings, "test_fraction", &f->test_fraction, err) < 0 ||
	    read_fraction(doc, settings, "max_overlap", &f->max_overlap, err) < 0 ||
	    read_language(doc, settings, &f->language, err) < 0 ||
	    read_style(doc, settings, &f->style, arena, err) < 0 ||
	    read_strings(f, doc, settings, arena, err) < 0)
		return -1;
	if (size_px == 0)
		return json_error(doc, json_member(settings, "size_px"), err, "'size_px' is 0");
	if (check_counts(doc, f, count, err) < 0 || read_layout(f, doc, settings, err) < 0 ||
	    read_also(f, doc, settings, err) < 0)
		return -1;
	f->size_px = (int)size_px;
	return read_legible(f, doc, settings, err);
}

/* The same things are said in rendering_metadata.json, to other programs. */
static int compare_rendering(const struct json_doc *doc, const struct dataset_facts *f,
			     const cJSON *settings, struct err *err)
{
	const cJSON *font = need_object(doc, doc->root, "font", err);
	uint64_t size, hash;
	const char *name;

	if (!font || read_count(doc, doc->root, "size", SIZE_PX_MAX, &size, err) < 0 ||
	    read_hash(doc, font, "hash", &hash, err) < 0)
		return -1;
	name = dataset_need_string(doc, font, "name", err);
	if (!name)
		return -1;
	if (size != (uint64_t)f->size_px)
		return json_error(doc, json_member(doc->root, "size"), err,
				  "%" PRIu64 " pixels; " DATASET_INFO " says %d", size, f->size_px);
	if (strcmp(name, f->font) != 0 || hash != f->font_hash)
		return json_error(doc, font, err, "another font than in " DATASET_INFO);
	if (!cJSON_Compare(json_member(doc->root, "style"), json_member(settings, "style"), true))
		return json_error(doc, json_member(doc->root, "style"), err,
				  "another style than in " DATASET_INFO);
	return 0;
}

static int read_command(struct dataset_facts *f, const struct json_doc *doc, struct arena *arena,
			struct err *err)
{
	const char *command = dataset_need_string(doc, doc->root, "command", err);

	if (!command)
		return -1;
	f->command = arena_strndup(arena, command, strlen(command));
	return 0;
}

static int read_info(struct dataset_facts *f, const char *folder, struct arena *arena,
		     struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct json_doc doc;
	const cJSON *settings;
	int rc;

	dataset_file_path(folder, DATASET_INFO, "", path);
	if (json_read(&doc, path, err) < 0)
		return -1;
	settings = need_object(&doc, doc.root, "settings", err);
	rc = settings ? read_settings(f, &doc, settings, arena, err) : -1;
	if (rc == 0)
		rc = read_command(f, &doc, arena, err);
	json_free(&doc);
	return rc;
}

static int check_finished(struct dataset_facts *f, const char *folder, struct err *err)
{
	struct dataset_position position;
	struct stat st;
	int rc;

	if (stat(folder, &st) < 0)
		return err_errno(err, "cannot open dataset %s", folder);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_FORMAT, "%s is no folder, so no dataset", folder);
	rc = dataset_position_read(folder, NULL, &position, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(err, ERR_FORMAT, "%s holds no dataset of cadgen", folder);
	if (position.state != DATASET_FINISHED)
		return err_set(err, ERR_FORMAT,
			       "%s is an unfinished dataset of %" PRIu64
			       " samples so far; the command that began it goes on with --resume",
			       folder, position.next);
	f->count = position.next;
	f->redrawn = position.redrawn;
	memcpy(f->counts, position.counts, sizeof(f->counts));
	return 0;
}

int dataset_facts_read_info(struct dataset_facts *facts, const char *folder, struct arena *arena,
			    struct err *err)
{
	*facts = (struct dataset_facts){0};
	if (check_finished(facts, folder, err) < 0)
		return -1;
	return read_info(facts, folder, arena, err);
}

int dataset_facts_check(const struct dataset_facts *facts, const char *folder, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct json_doc info, rendering;
	int rc;

	if (json_read(&info, dataset_file_path(folder, DATASET_INFO, "", path), err) < 0)
		return -1;
	rc = json_read(&rendering, dataset_file_path(folder, "rendering_metadata.json", "", path),
		       err);
	if (rc == 0) {
		rc = compare_rendering(&rendering, facts, json_member(info.root, "settings"), err);
		json_free(&rendering);
	}
	json_free(&info);
	return rc;
}

int dataset_facts_read(struct dataset_facts *facts, const char *folder, struct arena *arena,
		       struct err *err)
{
	if (dataset_facts_read_info(facts, folder, arena, err) < 0)
		return -1;
	return dataset_facts_check(facts, folder, err);
}

struct dataset_settings dataset_settings_from_facts(const struct dataset_facts *f, const char *path,
						    const char *style_json)
{
	return (struct dataset_settings){
		.path = path,
		.layout = f->layout,
		.picture = f->picture,
		.jpeg_quality = f->jpeg_quality,
		.shard_size = f->shard_size,
		.shard_bytes = f->shard_bytes,
		.count = f->count,
		.seed = f->seed,
		.size_px = f->size_px,
		.val_fraction = f->val_fraction,
		.test_fraction = f->test_fraction,
		.max_overlap = f->max_overlap,
		.require_legible = f->require_legible,
		.family = f->family,
		.language = language_names[f->language],
		.also = f->also,
		.style = style_json,
		.font = f->font_hash ? f->font : "",
		.font_hash = f->font_hash,
		.prompts_hash = f->prompts_hash,
		.command = f->command,
		.version = f->version,
	};
}
