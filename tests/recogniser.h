/* SPDX-License-Identifier: MIT */
/*
 * recogniser: slow and obvious, to test grammars and what is made of them with.
 *
 *	struct gbnf *g = gbnf_read("formats/program/program.gbnf", &err);
 *	struct recogniser *r = recogniser_new(g, "root");
 *	bool good = recogniser_accepts(r, text, strlen(text));
 *	recogniser_free(r);
 *	gbnf_free(g);
 *
 * Any grammar, recursive ones too.
 */
#ifndef TESTS_RECOGNISER_H
#define TESTS_RECOGNISER_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/encoding/gbnf.h"

struct recogniser;

/* Borrows the grammar. NULL where it has no such rule. */
struct recogniser *recogniser_new(const struct gbnf *g, const char *rule);
void recogniser_free(struct recogniser *r);

/* Whether the rule derives exactly text[0..len). */
bool recogniser_accepts(const struct recogniser *r, const char *text, size_t len);

#endif
