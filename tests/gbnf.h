/* SPDX-License-Identifier: MIT */
/*
 * gbnf: a recogniser for grammars in llama.cpp's GBNF notation, to test ours with.
 *
 *	struct gbnf *g = gbnf_read("formats/program.gbnf", &err);
 *	bool good = gbnf_accepts(g, text, strlen(text));
 *	gbnf_free(g);
 *
 * The notation: rules `name ::= ...` with "literals", [classes], [^classes], (groups), names, | and
 * the operators ? * + (no {m,n}, which early versions lack); comments from # to the line's end.
 * Bytes, not characters: grammar and text are ASCII.
 */
#ifndef TESTS_GBNF_H
#define TESTS_GBNF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct gbnf;

/* Reads a grammar file. NULL with err (ERR_FORMAT, path:line) for bad syntax, a rule defined twice
 * or never, no root, a rule that root does not reach. */
struct gbnf *gbnf_read(const char *path, struct err *err);
struct gbnf *gbnf_parse(const char *name, const char *text, struct err *err);

/* Whether root derives exactly text[0..len). */
bool gbnf_accepts(const struct gbnf *g, const char *text, size_t len);

void gbnf_free(struct gbnf *g);

#endif
