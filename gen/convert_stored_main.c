/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "base/num.h"
#include "formats/dataset/converted_read.h"
#include "formats/encoding/json.h"
#include "gen/convert_stored_main.h"

#define SIZE_PX_LEAST 64
#define SIZE_PX_MOST 4096
#define GRID_MOST 1000

static int find(const char *name, const char *const *names)
{
	for (int i = 0; name && names[i]; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

static int read_name(const struct json_doc *doc, const cJSON *settings, const char *key,
		     const char *const *names, int *out, struct err *err)
{
	const cJSON *node = json_member(settings, key);

	*out = find(cJSON_GetStringValue(node), names);
	return *out >= 0 ? 0 : json_error(doc, node ? node : settings, err, "'%s' is unknown", key);
}

static int read_list(const struct json_doc *doc, const cJSON *settings, struct convert_options *o,
		     struct err *err)
{
	const cJSON *views = json_member(settings, "views"), *view;

	if (!cJSON_IsArray(views) || cJSON_GetArraySize(views) < 1 ||
	    cJSON_GetArraySize(views) > CONVERT_VIEWS_MAX)
		return json_error(doc, views ? views : settings, err,
				  "'views' must be 1 to %d names", CONVERT_VIEWS_MAX);
	cJSON_ArrayForEach(view, views)
	{
		int name = find(cJSON_GetStringValue(view), convert_view_names);

		if (name < 0)
			return json_error(doc, view, err, "no view");
		o->views[o->view_count++] = name;
	}
	return 0;
}

static int read_style(const struct json_doc *doc, const cJSON *settings, struct style_mix *mix,
		      struct arena *arena, struct err *err)
{
	const cJSON *node = json_member(settings, "style");
	char *text = cJSON_IsObject(node) ? cJSON_PrintUnformatted(node) : NULL;
	struct err inner = {0};
	int rc;

	if (!text)
		return json_error(doc, node ? node : settings, err, "'style' must be an object");
	rc = style_mix_parse(mix, "style", text, strlen(text), NULL, arena, &inner);
	cJSON_free(text);
	return rc < 0 ? json_error(doc, node, err, "%s", inner.msg) : 0;
}

static int read_numbers(const struct json_doc *doc, const cJSON *settings,
			struct convert_options *o, struct err *err)
{
	const cJSON *seed = json_member(settings, "seed"), *grid = json_member(settings, "grid");
	double size;

	if (!cJSON_IsString(seed) || num_uint64(seed->valuestring, &o->seed) < 0)
		return json_error(doc, seed ? seed : settings, err,
				  "'seed' must be an integer of 64 bits");
	if (!cJSON_IsNumber(grid) || !(grid->valuedouble >= 0 && grid->valuedouble <= GRID_MOST))
		return json_error(doc, grid ? grid : settings, err, "'grid' must be 0 to %d",
				  GRID_MOST);
	o->grid = grid->valuedouble;
	if (json_whole(doc, settings, "size_px", SIZE_PX_LEAST, SIZE_PX_MOST, &size, err) < 0)
		return -1;
	o->size_px = (int64_t)size;
	return 0;
}

/* Of dimensioned sheets the style says which views there are. */
static int read_views(const struct json_doc *doc, const cJSON *settings, struct convert_options *o,
		      struct err *err)
{
	if (o->layout == CONVERT_DIMENSIONED)
		return read_name(doc, settings, "section", convert_section_names, &o->section, err);
	o->no_hidden = cJSON_IsFalse(json_member(settings, "hidden"));
	if (read_name(doc, settings, "projection", convert_projection_names, &o->projection, err) <
	    0)
		return -1;
	return read_list(doc, settings, o, err);
}

int convert_options_stored(struct convert_options *o, struct style_mix *mix, const char *folder,
			   struct arena *arena, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	const cJSON *settings;
	struct json_doc doc;
	int rc = converted_info(folder, path, &doc, err);

	*o = (struct convert_options){.source = CONVERT_DEEPCAD, .from = folder};
	if (rc == 0)
		return err_set(err, ERR_FORMAT, "%s holds no finished dataset of cadconv", folder);
	if (rc < 0)
		return -1;
	settings = json_member(doc.root, "settings");
	rc = 0;
	if (read_name(&doc, settings, "language", convert_language_names, &o->language, err) < 0 ||
	    read_name(&doc, settings, "layout", convert_layout_names, &o->layout, err) < 0 ||
	    read_numbers(&doc, settings, o, err) < 0 || read_views(&doc, settings, o, err) < 0 ||
	    read_style(&doc, settings, mix, arena, err) < 0)
		rc = -1;
	json_free(&doc);
	return rc;
}
