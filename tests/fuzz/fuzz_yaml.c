/* SPDX-License-Identifier: MIT */
/*
 * yaml_parse; whatever tree it makes, written in flow style with every text as yaml_write_text has it,
 * must be read back as the same. What it refuses must leave a proper error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/encoding/yaml.h"

/* "? " before keys, which may then be longer than 1024 characters. */
static void put_node(struct buf *b, const struct yaml_node *node)
{
	bool mapping = node->kind == YAML_MAPPING;

	if (node->key) {
		buf_str(b, "? ");
		yaml_write_text(b, node->key);
		buf_str(b, " : ");
	}
	if (node->kind == YAML_SCALAR) {
		yaml_write_text(b, node->text);
		return;
	}
	buf_str(b, mapping ? "{\n" : "[\n");
	for (const struct yaml_node *n = node->first; n; n = n->next) {
		put_node(b, n);
		buf_str(b, ",\n");
	}
	buf_char(b, mapping ? '}' : ']');
}

static void check_same(const struct yaml_node *a, const struct yaml_node *b)
{
	if (a->kind != b->kind || !a->key != !b->key || (a->key && strcmp(a->key, b->key) != 0))
		abort();
	if (a->kind == YAML_SCALAR && strcmp(a->text, b->text) != 0)
		abort();
	if (a->line < 1 || b->line < 1 || a->count != b->count)
		abort();
	a = a->first;
	for (b = b->first; a && b; a = a->next, b = b->next)
		check_same(a, b);
	if (a || b)
		abort();
}

static void check_round_trip(const struct yaml_doc *doc, struct arena *arena)
{
	struct yaml_doc again;
	struct buf text = {0};
	struct err err;

	put_node(&text, doc->root);
	if (yaml_parse(&again, "again", text.data, text.len, arena, &err) < 0)
		abort();
	check_same(doc->root, again.root);
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct yaml_doc doc;
	struct err err = {0};

	if (yaml_parse(&doc, "fuzz", (const char *)data, size, &arena, &err) == 0)
		check_round_trip(&doc, &arena);
	else if ((err.code != ERR_FORMAT && err.code != ERR_LIMIT) ||
		 strncmp(err.msg, "fuzz:", 5) != 0 || strchr(err.msg, '\n'))
		abort();
	arena_free(&arena);
	return 0;
}
