/* SPDX-License-Identifier: MIT */
/*
 * gbnf_parse on the input; what it refuses must leave a proper error. Of what it accepts the tree must
 * keep its promises, and the automaton, where there is one, must agree with the recogniser on texts
 * that the input's bytes choose.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/encoding/gbnf.h"
#include "tests/recogniser.h"
#include "tokenizer/automaton.h"

/* Three levels at most for each pair of parentheses and for the rule: choice, sequence, operator. */
enum { TREE_DEPTH_MAX = 3 * (GBNF_DEPTH_MAX + 2), TEXT_BYTES = 24, TEXTS_MAX = 8 };

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

/* The byte behind `seed` in a circle with which a text goes on from the state, or -1. */
static int byte_from(const struct automaton *a, int state, uint8_t seed)
{
	for (int i = 0; i < 256; i++) {
		uint8_t byte = (uint8_t)(seed + i);

		if (automaton_next(a, state, byte) >= 0)
			return byte;
	}
	return -1;
}

/* Whether all beginnings of the text that the data chooses are accepted by both or by neither. */
static void compare_text(const struct automaton *a, const struct recogniser *r, const uint8_t *data,
			 size_t size)
{
	char text[TEXT_BYTES];
	int state = 0, len = 0;

	for (size_t i = 0; i < size && len < TEXT_BYTES; i++) {
		int byte = byte_from(a, state, data[i]);

		if (recogniser_accepts(r, text, (size_t)len) != a->accepting[state])
			abort();
		if (byte < 0)
			return;
		text[len++] = (char)byte;
		state = automaton_next(a, state, (uint8_t)byte);
	}
}

static void check_automaton(const struct gbnf *g, const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct automaton *a = automaton_from_gbnf(g, "root", &err);
	struct recogniser *r = recogniser_new(g, "root");

	if (!a)
		check_refused(&err);
	else
		for (size_t at = 0; at < size && at < TEXTS_MAX * TEXT_BYTES; at += TEXT_BYTES)
			compare_text(a, r, data + at, size - at);
	recogniser_free(r);
	automaton_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct gbnf *g = gbnf_parse("fuzz", (const char *)data, size, &err);

	if (g) {
		check_tree(g);
		check_automaton(g, data, size);
	} else {
		check_refused(&err);
	}
	gbnf_free(g);
	return 0;
}
