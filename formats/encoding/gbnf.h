/* SPDX-License-Identifier: MIT */
/*
 * gbnf: grammars in llama.cpp's GBNF notation, read into a tree.
 *
 *	struct gbnf *g = gbnf_read("formats/program/program.gbnf", &err);
 *	int rule = gbnf_find_rule(g, "calls");
 *	const struct gbnf_node *body = g->rules[rule].body;
 *	gbnf_free(g);
 *
 * The notation: rules `name ::= ...` with "literals", [classes], [^classes], (groups), names, | and
 * the operators ? * + (no {m,n}, which early versions lack); comments from # to the line's end.
 * Escapes are \n \r \t \" \\ \[ \]. A rule goes on in the next line only behind ::=, behind | and in
 * parentheses.
 *
 * Grammars are of bytes: a literal stands for its own bytes, whatever they are, so one in UTF-8 for
 * its UTF-8. A class holds ASCII characters only (others: ERR_UNSUPPORTED), and [^...] is any one byte
 * that is not in it, one of 0x80 to 0xff among them, where llama.cpp takes a whole character.
 */
#ifndef FORMATS_GBNF_H
#define FORMATS_GBNF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Bounds; ERR_LIMIT beyond. */
#define GBNF_TEXT_BYTES_MAX (1 << 18)
#define GBNF_RULES_MAX 1024
#define GBNF_DEPTH_MAX 64 /* parentheses in parentheses */

enum gbnf_kind {
	GBNF_BYTE,     /* one byte of the set */
	GBNF_RULE,     /* what the rule says */
	GBNF_SEQUENCE, /* the children in turn; without any, the empty text */
	GBNF_CHOICE,   /* one of two or more children */
	GBNF_OPTION,   /* the child or nothing: ? */
	GBNF_STAR,     /* the child any number of times: * */
	GBNF_PLUS,     /* the child once or more: + */
};

struct gbnf_node {
	enum gbnf_kind kind;
	int rule;                /* RULE: its index */
	uint32_t set[8];         /* BYTE: gbnf_set_has */
	struct gbnf_node *child; /* the first, or NULL */
	struct gbnf_node *next;  /* the parent's next child, or NULL */
};

struct gbnf_rule {
	const char *name;
	struct gbnf_node *body;
	int line; /* where it was first named */
};

/* Read-only once made. */
struct gbnf {
	const char *name;        /* of the file, for messages */
	struct gbnf_rule *rules; /* in the order in which they are first named; root is 0 */
	int rule_count;
	struct arena arena; /* holds all but the rules */
};

/* Reads a grammar file, or a text, `name` being what messages call it. NULL with err: ERR_FORMAT
 * (name:line) for bad syntax, a rule defined twice or never, no root, a rule that root does not
 * reach; ERR_UNSUPPORTED and ERR_LIMIT as above; ERR_IO. */
struct gbnf *gbnf_read(const char *path, struct err *err);
struct gbnf *gbnf_parse(const char *name, const char *text, size_t len, struct err *err);

/* NULL may be freed. */
void gbnf_free(struct gbnf *g);

/* The rule's index, or -1. */
int gbnf_find_rule(const struct gbnf *g, const char *name);

static inline bool gbnf_set_has(const uint32_t set[8], int byte)
{
	return set[byte / 32] >> byte % 32 & 1;
}

#endif
