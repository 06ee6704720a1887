/* SPDX-License-Identifier: MIT */
/*
 * libyaml's events become nodes. Its parser keeps its own stack and looks ahead no further than a line,
 * 1024 characters; the tree is built by recursion, which YAML_DEPTH_MAX bounds. As there are no aliases
 * a tree is no larger than its text.
 *
 * Bytes that are no text are found before libyaml sees them: it would guess at UTF-16, and not say on
 * which line they are.
 */
#include <config.h>

#include "formats/encoding/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/byte_map.h"
#include "base/fs.h"
#include "base/utf8.h"

struct builder {
	yaml_parser_t parser;
	const char *name;
	struct arena *arena;
	size_t nodes;
};

/* --- messages ------------------------------------------------------------------------------- */

/* Control characters, which quoted texts may hold, become '?': a message is one line. */
static int error_at(const char *name, size_t line, enum err_code code, struct err *err,
		    const char *fmt, va_list ap)
{
	char what[320];

	vsnprintf(what, sizeof(what), fmt, ap);
	for (char *c = what; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = '?';
	return err_set(err, code, "%s:%zu: %s", name, line, what);
}

__attribute__((format(printf, 5, 6))) static int
fail(const char *name, size_t line, enum err_code code, struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_at(name, line, code, err, fmt, ap);
	va_end(ap);
	return -1;
}

int yaml_error(const struct yaml_doc *doc, const struct yaml_node *node, struct err *err,
	       const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_at(doc->name, (size_t)node->line, ERR_FORMAT, err, fmt, ap);
	va_end(ap);
	return -1;
}

static size_t line_of(const yaml_event_t *event)
{
	return event->start_mark.line + 1;
}

static size_t line_at(const char *text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* --- events --------------------------------------------------------------------------------- */

static int parser_error(const struct builder *b, struct err *err)
{
	const yaml_parser_t *p = &b->parser;

	if (p->error == YAML_MEMORY_ERROR)
		return err_set(err, ERR_LIMIT, "%s: no memory for libyaml", b->name);
	return fail(b->name, p->problem_mark.line + 1, ERR_FORMAT, err, "not YAML: %s", p->problem);
}

/* The next event, which the caller deletes. */
static int next_event(struct builder *b, yaml_event_t *event, struct err *err)
{
	return yaml_parser_parse(&b->parser, event) ? 0 : parser_error(b, err);
}

/* Takes an event of which nothing but its kind is wanted. */
static int next_kind(struct builder *b, yaml_event_type_t *kind, size_t *line, struct err *err)
{
	yaml_event_t event;

	if (next_event(b, &event, err) < 0)
		return -1;
	*kind = event.type;
	*line = line_of(&event);
	yaml_event_delete(&event);
	return 0;
}

/* --- nodes ---------------------------------------------------------------------------------- */

static int refuse_extras(const struct builder *b, const yaml_event_t *event, struct err *err)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default:
		return fail(b->name, line_of(event), ERR_FORMAT, err,
			    "an alias (*%.40s); none are taken",
			    (const char *)event->data.alias.anchor);
	}
	if (anchor)
		return fail(b->name, line_of(event), ERR_FORMAT, err,
			    "an anchor (&%.40s); none are taken", (const char *)anchor);
	if (tag)
		return fail(b->name, line_of(event), ERR_FORMAT, err,
			    "a tag (%.40s); none are taken", (const char *)tag);
	return 0;
}

/* The event of a scalar as text in the arena; NULL with err where it holds a NUL. */
static const char *scalar_text(const struct builder *b, const yaml_event_t *event, struct err *err)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;

	if (memchr(value, '\0', len)) {
		fail(b->name, line_of(event), ERR_FORMAT, err, "U+0000 in a text");
		return NULL;
	}
	return arena_strndup(b->arena, value, len);
}

static bool is_plain(const yaml_event_t *event)
{
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* The event of a key, noted in *keys; its text and line go into *node. */
static int take_key(const struct builder *b, const yaml_event_t *event, struct byte_map *keys,
		    struct yaml_node *node, struct err *err)
{
	if (event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT)
		return fail(b->name, line_of(event), ERR_FORMAT, err, "a key that is no text");
	if (refuse_extras(b, event, err) < 0)
		return -1;
	node->key = scalar_text(b, event, err);
	node->line = (int)line_of(event);
	if (!node->key)
		return -1;
	if (is_plain(event) && strcmp(node->key, "<<") == 0)
		return fail(b->name, line_of(event), ERR_FORMAT, err,
			    "a merge key (<<); none are taken");
	if (byte_map_find(keys, node->key, strlen(node->key)) != BYTE_MAP_NONE)
		return fail(b->name, line_of(event), ERR_FORMAT, err, "key '%.40s' given twice",
			    node->key);
	byte_map_add(keys, node->key, strlen(node->key));
	return 0;
}

static int build(struct builder *b, const yaml_event_t *event, int depth, struct yaml_node *node,
		 struct err *err);

/* The value, or the member of a sequence, that begins with the event. */
static int add_member(struct builder *b, const yaml_event_t *event, int depth,
		      struct yaml_node *parent, struct yaml_node *node, struct yaml_node **last,
		      struct err *err)
{
	if (build(b, event, depth, node, err) < 0)
		return -1;
	if (*last)
		(*last)->next = node;
	else
		parent->first = node;
	*last = node;
	parent->count++;
	return 0;
}

/* One member. Returns 1, 0 behind the last, or -1. */
static int next_member(struct builder *b, int depth, struct yaml_node *parent,
		       struct yaml_node **last, struct byte_map *keys, struct err *err)
{
	struct yaml_node *node = NULL;
	yaml_event_t event;
	bool end;
	int rc = 0;

	if (next_event(b, &event, err) < 0)
		return -1;
	end = event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
	if (!end) {
		node = ARENA_NEW(b->arena, struct yaml_node, 1);
		rc = parent->kind == YAML_MAPPING
			     ? take_key(b, &event, keys, node, err)
			     : add_member(b, &event, depth, parent, node, last, err);
	}
	yaml_event_delete(&event);
	if (end || rc < 0)
		return rc;
	if (parent->kind == YAML_SEQUENCE)
		return 1;
	if (next_event(b, &event, err) < 0)
		return -1;
	rc = add_member(b, &event, depth, parent, node, last, err);
	yaml_event_delete(&event);
	return rc < 0 ? -1 : 1;
}

static int build_members(struct builder *b, int depth, struct yaml_node *node, struct err *err)
{
	struct yaml_node *last = NULL;
	struct byte_map keys = {0};
	int rc;

	do
		rc = next_member(b, depth + 1, node, &last, &keys, err);
	while (rc > 0);
	byte_map_free(&keys);
	return rc;
}

/* node is zeroed but for key and line. */
static int build(struct builder *b, const yaml_event_t *event, int depth, struct yaml_node *node,
		 struct err *err)
{
	if (refuse_extras(b, event, err) < 0)
		return -1;
	if (depth > YAML_DEPTH_MAX)
		return fail(b->name, line_of(event), ERR_LIMIT, err, "nested deeper than %d",
			    YAML_DEPTH_MAX);
	if (++b->nodes > YAML_NODES_MAX)
		return fail(b->name, line_of(event), ERR_LIMIT, err, "more than %d values",
			    YAML_NODES_MAX);
	if (!node->key)
		node->line = (int)line_of(event);
	if (event->type == YAML_SCALAR_EVENT) {
		node->quoted = !is_plain(event);
		node->text = scalar_text(b, event, err);
		return node->text ? 0 : -1;
	}
	node->kind = event->type == YAML_MAPPING_START_EVENT ? YAML_MAPPING : YAML_SEQUENCE;
	return build_members(b, depth, node, err);
}

/* --- the document --------------------------------------------------------------------------- */

static int check_text(const char *name, const char *text, size_t len, struct err *err)
{
	if (len > YAML_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %d bytes", name, YAML_BYTES_MAX);
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;

		n = utf8_char(text + i, len - i, &c);
		if (n == 0)
			return fail(name, line_at(text, i), ERR_FORMAT, err, "not UTF-8");
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0) ||
		    c == 0xfffe || c == 0xffff)
			return fail(name, line_at(text, i), ERR_FORMAT, err,
				    "U+%04X, which is no text", (unsigned)c);
	}
	return 0;
}

/* The root's event follows; nothing may come behind the root. */
static int build_root(struct builder *b, struct yaml_node *root, struct err *err)
{
	yaml_event_type_t kind;
	yaml_event_t event;
	size_t line;
	int rc;

	if (next_event(b, &event, err) < 0)
		return -1;
	rc = build(b, &event, 1, root, err);
	yaml_event_delete(&event);
	if (rc < 0 || next_kind(b, &kind, &line, err) < 0 || next_kind(b, &kind, &line, err) < 0)
		return -1;
	if (kind != YAML_STREAM_END_EVENT)
		return fail(b->name, line, ERR_FORMAT, err, "a second document");
	return 0;
}

static int build_document(struct builder *b, struct yaml_node *root, struct err *err)
{
	yaml_event_type_t kind;
	size_t line;

	if (next_kind(b, &kind, &line, err) < 0 || next_kind(b, &kind, &line, err) < 0)
		return -1;
	if (kind == YAML_DOCUMENT_START_EVENT && build_root(b, root, err) < 0)
		return -1;
	if (kind == YAML_STREAM_END_EVENT || yaml_is_null(root))
		return fail(b->name, 1, ERR_FORMAT, err, "there is nothing in it");
	return 0;
}

int yaml_parse(struct yaml_doc *doc, const char *name, const char *text, size_t len,
	       struct arena *arena, struct err *err)
{
	struct builder b = {.name = arena_strndup(arena, name, strlen(name)), .arena = arena};
	struct yaml_node *root = ARENA_NEW(arena, struct yaml_node, 1);
	int rc;

	*doc = (struct yaml_doc){.name = b.name, .root = root};
	if (check_text(name, text, len, err) < 0)
		return -1;
	if (!yaml_parser_initialize(&b.parser))
		return err_set(err, ERR_LIMIT, "%s: no memory for libyaml", name);
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, len);
	rc = build_document(&b, root, err);
	yaml_parser_delete(&b.parser);
	return rc;
}

int yaml_read(struct yaml_doc *doc, const char *path, struct arena *arena, struct err *err)
{
	struct buf text = {0};
	int rc = fs_read(path, YAML_BYTES_MAX, &text, err);

	if (rc == 0)
		rc = yaml_parse(doc, path, text.data, text.len, arena, err);
	buf_free(&text);
	return rc;
}

const struct yaml_node *yaml_member(const struct yaml_node *node, const char *key)
{
	if (!node || node->kind != YAML_MAPPING)
		return NULL;
	for (node = node->first; node; node = node->next)
		if (strcmp(node->key, key) == 0)
			return node;
	return NULL;
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (node->kind != YAML_SCALAR || node->quoted)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(node->text, words[i]) == 0)
			return true;
	return false;
}
