/* SPDX-License-Identifier: MIT */
/*
 * Nine tenths of a line are polygons and what arrows and texts state, so the line is walked over and only the
 * dimensions become trees:
 *
 *	{"id":...,"items":[{"class":"shape",...},{"class":"dimension",...},...]}
 *	            walk   skip                  parse
 *
 * What the walk cannot make sense of goes to the parser whole, which says what is wrong with it.
 */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "formats/drawing/annotations_read.h"
#include "formats/encoding/json.h"
#include "formats/encoding/json_scan.h"

#define NUMBER_MAX 1000000000000 /* thousandths */
#define ITEMS_FIRST 32
#define NUMBER_BYTES 32

struct list {
	struct dimension_annotation *items;
	int count, room;
	struct arena *arena;
};

/* --- one item --------------------------------------------------------------------------------- */

static int read_kind(enum dim_kind *out, const struct json_doc *doc, struct err *err)
{
	const cJSON *node = json_member(doc->root, "kind");
	const char *name = cJSON_GetStringValue(node);

	for (int i = 0; name && i < DIM_COUNT_; i++)
		if (strcmp(name, dim_kind_name((enum dim_kind)i)) == 0) {
			*out = (enum dim_kind)i;
			return 0;
		}
	return json_error(doc, node, err, "the 'kind' of a dimension must be one of scene(5)");
}

static int read_tolerance(enum tolerance_kind *out, const struct json_doc *doc, struct err *err)
{
	const cJSON *node = json_member(doc->root, "tolerance");
	const char *name = cJSON_GetStringValue(json_member(node, "kind"));

	if (!node)
		return 0;
	for (int i = TOLERANCE_NONE + 1; name && i < TOLERANCE_COUNT_; i++)
		if (strcmp(name, tolerance_kind_name((enum tolerance_kind)i)) == 0) {
			*out = (enum tolerance_kind)i;
			return 0;
		}
	return json_error(doc, node, err, "a 'tolerance' of no known kind");
}

static int read_status(enum callout_status *out, const struct json_doc *doc, struct err *err)
{
	const cJSON *node = json_member(doc->root, "status");
	const char *name = cJSON_GetStringValue(node);

	if (!node)
		return 0;
	for (int i = CALLOUT_PLAIN + 1; name && i < CALLOUT_STATUS_COUNT_; i++)
		if (strcmp(name, callout_status_name((enum callout_status)i)) == 0) {
			*out = (enum callout_status)i;
			return 0;
		}
	return json_error(doc, node, err, "a 'status' must be reference or basic");
}

static int read_dimension(struct dimension_annotation *out, const struct json_doc *doc,
			  struct arena *arena, struct err *err)
{
	const cJSON *value = json_member(doc->root, "value");

	*out = (struct dimension_annotation){.kind = DIM_LEVEL};
	if (!cJSON_IsString(value))
		return json_error(doc, value, err, "a dimension needs a 'value'");
	out->value = arena_strndup(arena, value->valuestring, strlen(value->valuestring));
	if (read_kind(&out->kind, doc, err) < 0 || read_tolerance(&out->tolerance, doc, err) < 0 ||
	    read_status(&out->status, doc, err) < 0)
		return -1;
	return json_milli(doc, json_member(doc->root, "number"), "number", -NUMBER_MAX, NUMBER_MAX,
			  &out->number, err);
}

static struct dimension_annotation *list_add(struct list *list)
{
	struct dimension_annotation *old = list->items;

	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : ITEMS_FIRST;
		list->items = ARENA_NEW(list->arena, struct dimension_annotation, list->room);
		if (old)
			memcpy(list->items, old, (size_t)list->count * sizeof(*old));
	}
	return &list->items[list->count++];
}

/* --- the walk --------------------------------------------------------------------------------- */

static bool begins(const struct json_scan *s, const char *what)
{
	size_t n = strlen(what);

	return s->len - s->at >= n && memcmp(s->text + s->at, what, n) == 0;
}

/* Whether the item here is told by its first bytes to be of another class. */
static bool is_other(const struct json_scan *s)
{
	static const char class[] = "{\"class\":\"";

	return begins(s, class) && !begins(s, "{\"class\":\"dimension\"");
}

static bool take(struct json_scan *s, char c)
{
	json_scan_space(s);
	if (s->at == s->len || s->text[s->at] != c)
		return false;
	s->at++;
	return true;
}

/* Of a dimension whose class is known to be one; else nothing is added. -1 with err. */
static int add_item(struct list *list, const char *name, const char *text, size_t len,
		    struct err *err)
{
	struct json_doc doc;
	const char *class;
	int rc = 0;

	if (json_parse(&doc, name, text, len, err) < 0)
		return -1;
	class = cJSON_GetStringValue(json_member(doc.root, "class"));
	if (!class)
		rc = json_error(&doc, NULL, err, "an item needs a 'class'");
	else if (strcmp(class, "dimension") == 0)
		rc = read_dimension(list_add(list), &doc, list->arena, err);
	json_free(&doc);
	return rc;
}

/* Behind the bracket of the items. 1 where the walk goes wrong, -1 with err. */
static int walk_items(struct json_scan *s, struct list *list, const char *name, struct err *err)
{
	if (take(s, ']'))
		return 0;
	do {
		bool other;
		size_t from;

		json_scan_space(s);
		from = s->at;
		other = is_other(s);
		if (json_scan_value(s) < 0)
			return 1;
		if (!other && add_item(list, name, s->text + from, s->at - from, err) < 0)
			return -1;
	} while (take(s, ','));
	return take(s, ']') ? 0 : 1;
}

/* A key with its value. 1 where the walk goes wrong, -1 with err. */
static int walk_member(struct json_scan *s, struct list *list, bool *has_items, const char *name,
		       struct err *err)
{
	bool items;

	json_scan_space(s);
	items = begins(s, "\"items\"");
	if (s->at == s->len || s->text[s->at] != '"' || json_scan_value(s) < 0 || !take(s, ':'))
		return 1;
	if (!items)
		return json_scan_value(s) < 0;
	if (*has_items || !take(s, '['))
		return 1;
	*has_items = true;
	return walk_items(s, list, name, err);
}

static int walk_line(struct json_scan *s, struct list *list, const char *name, struct err *err)
{
	bool has_items = false;
	int rc;

	if (!take(s, '{'))
		return 1;
	do
		if ((rc = walk_member(s, list, &has_items, name, err)) != 0)
			return rc;
	while (take(s, ','));
	if (!take(s, '}'))
		return 1;
	json_scan_space(s);
	return s->at == s->len && has_items ? 0 : 1;
}

/* Says what is wrong with a line that could not be walked over. */
static int refuse_line(const char *name, const char *line, size_t len, struct err *err)
{
	struct json_doc doc;

	if (json_parse(&doc, name, line, len, err) < 0)
		return -1;
	json_error(&doc, json_member(doc.root, "items"), err, "'items' must be an array");
	json_free(&doc);
	return -1;
}

int annotations_read_dimensions(struct dimension_annotation **dimensions, const char *name,
				const char *line, size_t len, struct arena *arena, struct err *err)
{
	struct json_scan s = {.text = line, .len = len, .wanted = SIZE_MAX};
	struct list list = {.arena = arena};
	int rc = walk_line(&s, &list, name, err);

	if (rc > 0)
		return refuse_line(name, line, len, err);
	*dimensions = list.items;
	return rc < 0 ? -1 : list.count;
}

/* --- states ----------------------------------------------------------------------------------- */

/* Of a string the quotes would be escaped, so what is found is one; and behind a key stands a colon. */
void annotations_count_states(const char *line, size_t len,
			      uint32_t counts[ANNOTATION_STATE_COUNT_])
{
	static const char key[] = "\"legibility\"";
	struct json_scan s = {.text = line, .len = len, .wanted = SIZE_MAX};
	const char *at;

	while ((at = memmem(line + s.at, len - s.at, key, strlen(key)))) {
		s.at = (size_t)(at - line) + strlen(key);
		if (!take(&s, ':'))
			continue;
		json_scan_space(&s);
		for (int i = ANNOTATION_UNMEASURED + 1; i < ANNOTATION_STATE_COUNT_; i++) {
			const char *name = annotation_state_name((enum annotation_state)i);
			size_t n = strlen(name);

			counts[i] += len - s.at > n + 1 && line[s.at] == '"' &&
				     memcmp(line + s.at + 1, name, n) == 0 &&
				     line[s.at + 1 + n] == '"';
		}
	}
}

/* --- digits ----------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number that begins in the text at a digit, or at a mark before one; how many digits it has, and where it
 * ends. *value is it in thousandths, or -1. */
static int take_number(const char **text, int64_t *value)
{
	char copy[NUMBER_BYTES] = "0"; /* .5 is 0.5 */
	size_t n = is_digit(**text) ? 0 : 1;
	const char *end;
	int digits = 0;
	bool mark = false;

	for (; is_digit(**text) ||
	       (!mark && (**text == '.' || **text == ',') && is_digit((*text)[1]));
	     ++*text) {
		mark |= !is_digit(**text);
		digits += is_digit(**text);
		if (n < NUMBER_BYTES - 1)
			copy[n++] = is_digit(**text) ? **text : '.';
	}
	if (num_milli(copy, n, value, &end) < 0 || end != copy + n)
		*value = -1;
	return digits;
}

int dimension_annotation_digits(const struct dimension_annotation *dimension)
{
	const char *at = dimension->value;
	int longest = 0;

	while (*at) {
		int64_t value;
		int digits;

		if (!is_digit(*at) && !((*at == '.' || *at == ',') && is_digit(at[1]))) {
			at++;
			continue;
		}
		digits = take_number(&at, &value);
		if (value >= 0 && value == llabs(dimension->number))
			return digits;
		longest = digits > longest ? digits : longest;
	}
	return longest;
}
