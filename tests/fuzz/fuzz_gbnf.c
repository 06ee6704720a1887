/* SPDX-License-Identifier: MIT */
/*
 * gbnf_parse on the input; what it refuses must leave a proper error. Of what it accepts the tree must
 * keep its promises.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/gbnf.h"

/* Three levels at most for each pair of parentheses and for the rule: choice, sequence, operator. */
enum { TREE_DEPTH_MAX = 3 * (GBNF_DEPTH_MAX + 2) };

static int children_of(const struct gbnf_node *node)
{
	int n = 0;

	for (const struct gbnf_node *child = node->child; child; child = child->next)
		n++;
	return n;
}

static bool is_sound(const struct gbnf *g, const struct gbnf_node *node)
{
	int n = children_of(node);

	switch (node->kind) {
	case GBNF_BYTE:
		return n == 0;
	case GBNF_RULE:
		return n == 0 && node->rule >= 0 && node->rule < g->rule_count;
	case GBNF_SEQUENCE:
		return n != 1;
	case GBNF_CHOICE:
		return n > 1;
	case GBNF_OPTION:
	case GBNF_STAR:
	case GBNF_PLUS:
		return n == 1 && node->child->kind < GBNF_OPTION;
	}
	return false;
}

static void check_node(const struct gbnf *g, const struct gbnf_node *node, int depth)
{
	if (depth > TREE_DEPTH_MAX || !is_sound(g, node))
		abort();
	for (const struct gbnf_node *child = node->child; child; child = child->next)
		check_node(g, child, depth + 1);
}

static void check_tree(const struct gbnf *g)
{
	if (g->rule_count < 1 || gbnf_find_rule(g, "root") != 0)
		abort();
	for (int i = 0; i < g->rule_count; i++)
		check_node(g, g->rules[i].body, 0);
}

static void check_refused(const struct err *err)
{
	if (err->code != ERR_FORMAT && err->code != ERR_LIMIT && err->code != ERR_UNSUPPORTED)
		abort();
	if (strncmp(err->msg, "fuzz:", 5) != 0 || strchr(err->msg, '\n'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct gbnf *g = gbnf_parse("fuzz", (const char *)data, size, &err);

	if (g)
		check_tree(g);
	else
		check_refused(&err);
	gbnf_free(g);
	return 0;
}
