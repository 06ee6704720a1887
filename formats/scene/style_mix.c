/* SPDX-License-Identifier: MIT */
/*
 * A file without the key "mix" is one sheet. What stands under "style" is turned into a sheet at once, so
 * that nothing later depends on names, folders or what lies in them.
 */
#include <config.h>

#include "formats/scene/style_mix.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "formats/encoding/json.h"
#include "formats/scene/style_folder.h"

#define SHARE_MAX 1000000 /* thousandths */

static_assert((int64_t)STYLE_MIX_MAX * SHARE_MAX <= UINT32_MAX, "drawn by rng_below");

/* What names and paths in a document mean. */
struct place {
	const struct json_doc *doc;
	const char *folder;   /* of names; NULL: there are none */
	const char *own_path; /* of the document; "": it has none */
};

/* The path of another file as seen from the document's: its folder goes before, "/..." excepted. */
static int beside(const struct place *place, const char *path, char out[STYLE_PATH_BYTES],
		  struct err *err)
{
	const char *slash = strrchr(place->own_path, '/');
	int folder_bytes = slash && *path != '/' ? (int)(slash + 1 - place->own_path) : 0;
	int n = snprintf(out, STYLE_PATH_BYTES, "%.*s%s", folder_bytes, place->own_path, path);

	if (n < 0 || n >= STYLE_PATH_BYTES)
		return err_set(err, ERR_LIMIT, "the style's path is of more than %d bytes",
			       STYLE_PATH_BYTES - 1);
	return 0;
}

/* The file of a word under "style". */
static int find_file(const struct place *place, const char *word, char path[STYLE_PATH_BYTES],
		     struct err *err)
{
	if (!place->folder)
		return err_set(err, ERR_FORMAT,
			       "'style' is '%.40s'; here it must be a sheet, written out", word);
	if (style_is_name(word))
		return style_path(word, place->folder, path, err);
	return beside(place, word, path, err);
}

static int refuse_mix(const struct json_doc *doc, const cJSON *node, struct err *err)
{
	return json_error(doc, node, err, "'mix' in a style of a mix; allowed are sheets alone");
}

static int read_sheet_node(struct style_sheet *sheet, const struct json_doc *doc, const cJSON *node,
			   struct err *err)
{
	const cJSON *mix = json_member(node, "mix");

	return mix ? refuse_mix(doc, mix, err) : style_parse_node(sheet, doc, node, err);
}

static int read_sheet_file(struct style_sheet *sheet, const char *path, struct err *err)
{
	struct json_doc doc;
	int rc;

	if (json_read(&doc, path, err) < 0)
		return -1;
	rc = read_sheet_node(sheet, &doc, doc.root, err);
	json_free(&doc);
	return rc;
}

/* A sheet written out, a name or a path. */
static int read_style(struct style_sheet *sheet, const struct place *place, const cJSON *node,
		      struct err *err)
{
	char path[STYLE_PATH_BYTES];
	struct err inner = {0};

	if (cJSON_IsObject(node))
		return read_sheet_node(sheet, place->doc, node, err);
	if (!cJSON_IsString(node))
		return json_error(place->doc, node, err,
				  "'style' must be a name, a path or a sheet");
	if (find_file(place, node->valuestring, path, &inner) < 0 ||
	    read_sheet_file(sheet, path, &inner) < 0)
		return json_error(place->doc, node, err, "%s", inner.msg);
	return 0;
}

static int read_part(struct style_part *part, const struct place *place, const cJSON *node,
		     struct err *err)
{
	const cJSON *share = json_member(node, "share"), *style = json_member(node, "style");

	if (!cJSON_IsObject(node))
		return json_error(place->doc, node, err,
				  "'mix' must be a list of {\"share\", \"style\"}");
	for (const cJSON *key = node->child; key; key = key->next)
		if (key != share && key != style)
			return json_error(place->doc, key, err,
					  "'mix' has '%.40s'; allowed share, style", key->string);
	if (!share || !style)
		return json_error(place->doc, node, err, "'mix' lacks '%s'; needed share, style",
				  share ? "style" : "share");
	if (json_milli(place->doc, share, "mix.share", 0, SHARE_MAX, &part->share, err) < 0)
		return -1;
	return read_style(&part->sheet, place, style, err);
}

static int read_parts(struct style_mix *mix, const struct place *place, const cJSON *list,
		      struct arena *arena, struct err *err)
{
	int room = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
	struct style_part *parts;

	if (room == 0)
		return json_error(place->doc, list, err,
				  "'mix' must be a list of 1 to %d {\"share\", \"style\"}",
				  STYLE_MIX_MAX);
	if (room > STYLE_MIX_MAX)
		return json_limit(place->doc, list, err, "'mix' has %d styles; at most %d", room,
				  STYLE_MIX_MAX);
	parts = ARENA_NEW(arena, struct style_part, room);
	for (const cJSON *node = list->child; node; node = node->next) {
		if (read_part(&parts[mix->count], place, node, err) < 0)
			return -1;
		mix->count += parts[mix->count].share > 0;
	}
	if (mix->count == 0)
		return json_error(place->doc, list, err,
				  "all shares of 'mix' are 0; one at least must be over 0, up to "
				  "%d",
				  SHARE_MAX / 1000);
	mix->parts = parts;
	return 0;
}

static void take_names(struct style_mix *mix, const struct style_sheet *sheet)
{
	memcpy(mix->standard, sheet->standard, sizeof(mix->standard));
	memcpy(mix->about, sheet->about, sizeof(mix->about));
}

/* What stands beside "mix". */
static int read_other(struct style_mix *mix, const struct json_doc *doc, const cJSON *key,
		      struct err *err)
{
	if (strcmp(key->string, "mix") == 0)
		return 0;
	if (strcmp(key->string, "standard") == 0)
		return style_parse_standard(mix->standard, doc, key, err);
	if (strcmp(key->string, "about") == 0)
		return style_parse_about(mix->about, doc, key, err);
	return json_error(doc, key, err, "'%.40s' beside 'mix'; allowed standard, about",
			  key->string);
}

static int read_mix(struct style_mix *mix, const struct place *place, struct arena *arena,
		    struct err *err)
{
	const cJSON *root = place->doc->root, *list = json_member(root, "mix");

	strcpy(mix->standard, "mix");
	for (const cJSON *key = root->child; key; key = key->next)
		if (read_other(mix, place->doc, key, err) < 0)
			return -1;
	if (read_parts(mix, place, list, arena, err) < 0)
		return -1;
	if (mix->count == 1)
		take_names(mix, &mix->parts[0].sheet);
	return 0;
}

/* Takes over doc. */
static int read_document(struct style_mix *mix, struct json_doc *doc, const char *folder,
			 const char *own_path, struct arena *arena, struct err *err)
{
	const struct place place = {doc, folder, own_path};
	struct style_sheet sheet;
	int rc;

	*mix = (struct style_mix){0};
	if (json_member(doc->root, "mix")) {
		rc = read_mix(mix, &place, arena, err);
	} else {
		rc = style_parse_node(&sheet, doc, doc->root, err);
		if (rc == 0)
			*mix = style_mix_of(&sheet, arena);
	}
	json_free(doc);
	return rc;
}

int style_mix_read(struct style_mix *mix, const char *path, const char *folder, struct arena *arena,
		   struct err *err)
{
	struct json_doc doc;

	if (json_read(&doc, path, err) < 0)
		return -1;
	return read_document(mix, &doc, folder, path, arena, err);
}

int style_mix_parse(struct style_mix *mix, const char *name, const char *text, size_t len,
		    const char *folder, struct arena *arena, struct err *err)
{
	struct json_doc doc;

	if (json_parse(&doc, name, text, len, err) < 0)
		return -1;
	return read_document(mix, &doc, folder, "", arena, err);
}

struct style_mix style_mix_of(const struct style_sheet *sheet, struct arena *arena)
{
	struct style_part *part = ARENA_NEW(arena, struct style_part, 1);
	struct style_mix mix = {.count = 1, .parts = part};

	*part = (struct style_part){.share = 1000, .sheet = *sheet};
	take_names(&mix, sheet);
	return mix;
}

/* Lines further in; no string holds a newline. */
static void write_indented(const struct buf *text, struct buf *out)
{
	for (size_t i = 0; i < text->len; i++) {
		buf_char(out, text->data[i]);
		if (text->data[i] == '\n')
			buf_str(out, "    ");
	}
}

static void write_part(const struct style_part *part, struct buf *out)
{
	struct buf sheet = {0};

	buf_str(out, "    {\"share\": ");
	buf_milli(out, part->share);
	buf_str(out, ", \"style\": ");
	style_write(&part->sheet, &sheet);
	sheet.len--; /* its last newline */
	write_indented(&sheet, out);
	buf_char(out, '}');
	buf_free(&sheet);
}

void style_mix_write(const struct style_mix *mix, struct buf *out)
{
	if (mix->count == 1) {
		style_write(&mix->parts[0].sheet, out);
		return;
	}
	style_write_names(mix->standard, mix->about, out);
	buf_str(out, ",\n  \"mix\": [\n");
	for (int i = 0; i < mix->count; i++) {
		write_part(&mix->parts[i], out);
		buf_str(out, i + 1 < mix->count ? ",\n" : "\n");
	}
	buf_str(out, "  ]\n}\n");
}

int style_sheet_unit(const struct style_sheet *sheet)
{
	return sheet->unit.usual == UINT32_C(1) << STYLE_UNIT_INCH ? STYLE_UNIT_INCH
								   : STYLE_UNIT_MM;
}

#define ANY_UNIT (-1)

static bool is_among(const struct style_part *part, int unit)
{
	return unit == ANY_UNIT || style_sheet_unit(&part->sheet) == unit;
}

/* NULL where none is of the unit. */
static const struct style_sheet *draw(const struct style_mix *mix, int unit, struct rng *rng)
{
	const struct style_part *last = NULL;
	int64_t all = 0, at;
	int among = 0;

	for (int i = 0; i < mix->count; i++) {
		if (!is_among(&mix->parts[i], unit))
			continue;
		last = &mix->parts[i];
		all += last->share;
		among++;
	}
	if (among <= 1)
		return last ? &last->sheet : NULL;
	at = rng_below(rng, (uint32_t)all);
	for (int i = 0;; i++) {
		if (!is_among(&mix->parts[i], unit))
			continue;
		at -= mix->parts[i].share;
		if (at < 0)
			return &mix->parts[i].sheet;
	}
}

const struct style_sheet *style_sheet_from_mix(const struct style_mix *mix, struct rng *rng)
{
	return draw(mix, ANY_UNIT, rng);
}

const struct style_sheet *style_sheet_of_unit(const struct style_mix *mix, int unit,
					      struct rng *rng)
{
	return draw(mix, unit, rng);
}

uint32_t style_mix_lettering(const struct style_mix *mix)
{
	uint32_t words = 0;

	for (int i = 0; i < mix->count; i++)
		words |= style_words(&mix->parts[i].sheet.lettering);
	return words;
}
