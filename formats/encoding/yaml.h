/* SPDX-License-Identifier: MIT */
/*
 * yaml: a document of mappings, sequences and scalars as a tree that knows its lines; and scalars
 * written.
 *
 *	struct yaml_doc doc;
 *	if (yaml_read(&doc, "recipe.yaml", &arena, &err) < 0) ...
 *	for (const struct yaml_node *n = doc.root->first; n; n = n->next)
 *		if (n->kind == YAML_SCALAR && strcmp(n->key, "seed") == 0)
 *			... n->text
 *
 * Scalars are text; who reads them says what they are. Left out of YAML 1.1 are anchors, aliases and
 * tags, and all that they are for.
 */
#ifndef FORMATS_YAML_H
#define FORMATS_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum yaml_kind {
	YAML_SCALAR,
	YAML_SEQUENCE,
	YAML_MAPPING,
};

struct yaml_node {
	enum yaml_kind kind;
	int line;        /* of its key, or, without one, where it begins */
	const char *key; /* in a mapping; else NULL */
	bool quoted; /* a scalar in quotes, or a block: never null, a number or a word of YAML's */
	const char *text;
	struct yaml_node *first, *next; /* its members in their order; the member behind it */
	size_t count;                   /* of members */
};

struct yaml_doc {
	const char *name; /* for messages */
	const struct yaml_node *root;
};

#define YAML_BYTES_MAX (1 << 20)
#define YAML_NODES_MAX 65536
#define YAML_DEPTH_MAX 32 /* the root counts */

/* Reads text[0..len) as one document; everything in *doc lives in the arena. ERR_FORMAT with name:line:
 * what is not YAML, not UTF-8 or holds control characters but tab and line ends, an empty document or a second one, anchors,
 * aliases, tags, merge keys ("<<"), keys that are no scalars or are given twice, U+0000 in a scalar.
 * ERR_LIMIT: over one of the bounds above. */
int yaml_parse(struct yaml_doc *doc, const char *name, const char *text, size_t len,
	       struct arena *arena, struct err *err);

/* The same of a file, path being the name. */
int yaml_read(struct yaml_doc *doc, const char *path, struct arena *arena, struct err *err);

/* The member of a mapping under that key, or NULL: also of what is NULL or no mapping. */
const struct yaml_node *yaml_member(const struct yaml_node *node, const char *key);

/* Whether it is a scalar that says "nothing": empty, ~ or null, not in quotes. */
bool yaml_is_null(const struct yaml_node *node);

/* Fills err with ERR_FORMAT and "name:line: message". Returns -1. */
int yaml_error(const struct yaml_doc *doc, const struct yaml_node *node, struct err *err,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Valid UTF-8 as a scalar on one line that every reader of YAML 1.1 or 1.2 takes for that text: as it is
 * where it looks like a word or a path, else in double quotes. */
void yaml_write_text(struct buf *b, const char *text);

/* A finite number, for the same readers: with a point, so that it stays a real number. */
void yaml_write_real(struct buf *b, double v);

#endif
