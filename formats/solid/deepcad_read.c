/* SPDX-License-Identifier: MIT */
/*
 * The sequence says in which order entities come; each is read when its row is reached, a sketch also
 * when a feature names it before. Fusion's sequences have a row for every curve of a sketch, and old
 * ones none at all: their timeline is as good.
 *
 * Ids are looked up in tables: files may have any number of them.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_map.h"
#include "base/fs.h"
#include "base/mem.h"
#include "formats/solid/deepcad_private.h"
#include "formats/solid/deepcad_reader.h"

#define FUSION_UNIT 100 /* centimetres in a metre */

/* An entity of the file, numbered as its id is in `ids`. */
struct entity {
	const cJSON *node;
	bool is_sketch, is_read;
	int index; /* in the model, once read */
};

/* A profile of a sketch that is read, numbered as "sketch\0profile" is in `profile_ids`. */
struct listed {
	struct deepcad_profile *profile;
	bool is_region; /* it has been looked at, and has no fault */
};

struct sequence {
	struct deepcad_reader r;
	struct deepcad_model *model;
	struct byte_map ids, profile_ids;
	struct entity *entities;
	struct listed *profiles;
	size_t profile_room;
	struct buf key;
};

static void make_key(struct sequence *s, const char *sketch, const char *profile)
{
	buf_clear(&s->key);
	buf_str(&s->key, sketch);
	buf_bytes(&s->key, "", 1);
	buf_str(&s->key, profile);
}

static void add_step(struct deepcad_model *model, bool is_feature, int index)
{
	model->steps[model->step_count++] = (struct deepcad_step){is_feature, index};
}

static void list_profiles(struct sequence *s, const struct deepcad_sketch *sketch)
{
	for (int i = 0; i < sketch->count; i++) {
		uint32_t n;

		make_key(s, sketch->id, sketch->profiles[i].id);
		n = byte_map_add(&s->profile_ids, s->key.data, s->key.len);
		if (n >= s->profile_room) {
			s->profile_room = mem_mul(n + 16, 2);
			s->profiles =
				mem_realloc(s->profiles, s->profile_room, sizeof(*s->profiles));
		}
		s->profiles[n] = (struct listed){&sketch->profiles[i], false};
	}
}

static int add_sketch(struct sequence *s, struct entity *entity)
{
	struct deepcad_model *model = s->model;

	if (entity->is_read)
		return 0;
	entity->is_read = true;
	entity->index = model->sketch_count++;
	if (deepcad_read_sketch(&s->r, entity->node, entity->node->string,
				&model->sketches[entity->index]) < 0)
		return -1;
	list_profiles(s, &model->sketches[entity->index]);
	add_step(model, false, entity->index);
	return 0;
}

/* The entity that a node has the id of; NULL after an error. */
static struct entity *find_entity(struct sequence *s, const cJSON *node, const char *key)
{
	const char *id = deepcad_string(&s->r, node, key);
	uint32_t n;

	if (!id)
		return NULL;
	n = byte_map_find(&s->ids, id, strlen(id));
	if (n != BYTE_MAP_NONE)
		return &s->entities[n];
	json_error(&s->r.doc, json_member(node, key), s->r.err, "there is no entity '%.60s'", id);
	return NULL;
}

/* --- features ------------------------------------------------------------------------------- */

static int check_region(struct sequence *s, const cJSON *node, struct listed *listed)
{
	struct deepcad_fault fault;

	if (listed->is_region)
		return 0;
	if (deepcad_profile_fault(listed->profile, s->r.arena, &fault))
		return json_error(&s->r.doc, node, s->r.err, "profile '%.60s' has %s",
				  listed->profile->id, fault.why);
	listed->is_region = true;
	return 0;
}

static int read_region(struct sequence *s, const cJSON *node, struct deepcad_region *out)
{
	struct entity *sketch = find_entity(s, node, "sketch");
	const char *id;
	uint32_t n;

	if (!sketch)
		return -1;
	if (!sketch->is_sketch)
		return json_error(&s->r.doc, json_member(node, "sketch"), s->r.err,
				  "'%.60s' is no sketch", sketch->node->string);
	if (add_sketch(s, sketch) < 0)
		return -1;
	id = deepcad_string(&s->r, node, "profile");
	if (!id)
		return -1;
	make_key(s, sketch->node->string, id);
	n = byte_map_find(&s->profile_ids, s->key.data, s->key.len);
	if (n == BYTE_MAP_NONE)
		return json_error(&s->r.doc, json_member(node, "profile"), s->r.err,
				  "sketch '%.60s' has no profile '%.60s'", sketch->node->string,
				  id);
	out->sketch = &s->model->sketches[sketch->index];
	out->profile = s->profiles[n].profile;
	return check_region(s, node, &s->profiles[n]);
}

static int read_regions(struct sequence *s, const cJSON *node, struct deepcad_feature *out)
{
	const cJSON *regions = deepcad_array(&s->r, node, "profiles");

	if (!regions)
		return -1;
	if (!regions->child)
		return json_error(&s->r.doc, regions, s->r.err, "%s without profiles",
				  out->kind == DEEPCAD_REVOLVE ? "a revolve" : "an extrude");
	out->regions = ARENA_NEW(s->r.arena, struct deepcad_region, cJSON_GetArraySize(regions));
	for (const cJSON *region = regions->child; region; region = region->next)
		if (read_region(s, region, &out->regions[out->count++]) < 0)
			return -1;
	return 0;
}

static int add_feature(struct sequence *s, struct entity *entity, const cJSON *row,
		       enum deepcad_feature_kind kind)
{
	struct deepcad_model *model = s->model;
	const cJSON *node = entity->node;
	struct deepcad_feature *out;

	if (entity->is_read)
		return json_error(&s->r.doc, row, s->r.err, "%s '%.60s' comes twice",
				  deepcad_feature_words[kind], node->string);
	entity->is_read = true;
	entity->index = model->feature_count++;
	out = &model->features[entity->index];
	*out = (struct deepcad_feature){
		.kind = kind,
		.id = arena_strndup(s->r.arena, node->string, strlen(node->string)),
	};
	if (deepcad_name(&s->r, node, "name", "", &out->name) < 0 ||
	    read_regions(s, node, out) < 0 || deepcad_read_extent(&s->r, node, out) < 0)
		return -1;
	add_step(model, true, entity->index);
	return 0;
}

/* --- the whole ------------------------------------------------------------------------------ */

static int read_row(struct sequence *s, const cJSON *row)
{
	struct entity *entity = find_entity(s, row, "entity");
	const char *type;

	if (!entity)
		return -1;
	type = json_member(entity->node, "type")->valuestring;
	if (json_member(row, "type")) {
		const char *here = deepcad_string(&s->r, row, "type");

		if (!here)
			return -1;
		if (strcmp(here, type) != 0)
			return json_error(&s->r.doc, row, s->r.err,
					  "'%.60s' is of type '%.40s', and '%.40s' here",
					  entity->node->string, type, here);
	}
	if (entity->is_sketch)
		return add_sketch(s, entity);
	for (int i = 0; i < DEEPCAD_FEATURE_COUNT_; i++)
		if (strcmp(type, deepcad_feature_names[i]) == 0)
			return add_feature(s, entity, row, (enum deepcad_feature_kind)i);
	return json_unsupported(&s->r.doc, entity->node, s->r.err,
				"features of type '%.40s' are not supported", type);
}

/* Lists the entities, and makes room for all that the sequence may name. */
static int list_entities(struct sequence *s)
{
	const cJSON *entities = deepcad_object(&s->r, s->r.doc.root, "entities");
	size_t count, sketches = 0;

	if (!entities)
		return -1;
	count = (size_t)cJSON_GetArraySize(entities);
	s->entities = mem_alloc(count, sizeof(*s->entities));
	for (const cJSON *node = entities->child; node; node = node->next) {
		const char *type = deepcad_string(&s->r, node, "type");
		struct entity *e =
			&s->entities[byte_map_add(&s->ids, node->string, strlen(node->string))];

		if (!type)
			return -1;
		*e = (struct entity){.node = node, .is_sketch = strcmp(type, "Sketch") == 0};
		sketches += e->is_sketch;
	}
	s->model->sketches = ARENA_NEW(s->r.arena, struct deepcad_sketch, sketches);
	s->model->features = ARENA_NEW(s->r.arena, struct deepcad_feature, count - sketches);
	s->model->steps = ARENA_NEW(s->r.arena, struct deepcad_step, count);
	return 0;
}

static int read_rows(struct sequence *s)
{
	const cJSON *root = s->r.doc.root;
	bool has_rows = json_member(root, "sequence") || !s->r.is_fusion;
	const cJSON *rows = deepcad_array(&s->r, root, has_rows ? "sequence" : "timeline");

	if (!rows)
		return -1;
	if (cJSON_GetArraySize(rows) > DEEPCAD_ROWS_MAX)
		return json_limit(&s->r.doc, rows, s->r.err, "a sequence of more than %d rows",
				  DEEPCAD_ROWS_MAX);
	for (const cJSON *row = rows->child; row; row = row->next)
		if (read_row(s, row) < 0)
			return -1;
	return 0;
}

/* What the file says of the finished part's box, if it does. */
static int read_box(struct sequence *s)
{
	struct deepcad_model *model = s->model;
	const cJSON *box = json_member(json_member(s->r.doc.root, "properties"), "bounding_box");

	if (!box || cJSON_IsNull(box))
		return 0;
	model->has_box = true;
	if (deepcad_point(&s->r, box, "min_point", &model->box_lo) < 0)
		return -1;
	return deepcad_point(&s->r, box, "max_point", &model->box_hi);
}

static int read_model(struct sequence *s)
{
	const cJSON *root = s->r.doc.root;
	bool has_parts;

	if (!cJSON_IsObject(root))
		return json_error(&s->r.doc, root, s->r.err, "a model must be an object");
	has_parts = json_member(root, "parts") && !json_member(root, "entities");
	s->r.is_fusion =
		!has_parts && (json_member(root, "timeline") || json_member(root, "metadata"));
	s->r.unit = s->r.is_fusion ? FUSION_UNIT : 1;
	if (has_parts)
		return deepcad_read_parts(&s->r, s->model);
	if (list_entities(s) < 0 || read_rows(s) < 0)
		return -1;
	return read_box(s);
}

int deepcad_parse(struct deepcad_model *model, const char *name, const char *text, size_t len,
		  struct arena *arena, struct err *err)
{
	struct sequence s = {.r = {.arena = arena, .err = err}, .model = model};
	int rc;

	*model = (struct deepcad_model){0};
	if (len > DEEPCAD_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %zu bytes", name, DEEPCAD_BYTES_MAX);
	if (json_parse(&s.r.doc, name, text, len, err) < 0)
		return -1;
	rc = read_model(&s);
	byte_map_free(&s.ids);
	byte_map_free(&s.profile_ids);
	free(s.entities);
	free(s.profiles);
	buf_free(&s.key);
	json_free(&s.r.doc);
	return rc;
}

int deepcad_read(struct deepcad_model *model, const char *path, struct arena *arena,
		 struct err *err)
{
	struct buf text = {0};
	int rc;

	*model = (struct deepcad_model){0};
	rc = fs_read(path, DEEPCAD_BYTES_MAX, &text, err);
	if (rc == 0)
		rc = deepcad_parse(model, path, text.data, text.len, arena, err);
	buf_free(&text);
	return rc;
}
