/* SPDX-License-Identifier: MIT */
/*
 * automaton: the texts of a grammar's rule, byte by byte.
 *
 *	struct automaton *a = automaton_from_gbnf(g, "calls", &err);
 *	int state = 0;
 *	while (*text && state >= 0)
 *		state = automaton_next(a, state, (uint8_t)*text++);
 *	bool good = state >= 0 && a->accepting[state];
 *	automaton_free(a);
 *
 * It is deterministic and minimal, and from each of its states some accepting one is reached: a text
 * that leads to a state can be gone on with to one that the rule derives.
 */
#ifndef TOKENIZER_AUTOMATON_H
#define TOKENIZER_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/encoding/gbnf.h"

/* Read-only once made, so any number of threads may use it. State 0 is the start. */
struct automaton {
	int state_count;
	int class_count;       /* bytes of one class lead to the same state from everywhere */
	uint8_t class_of[256]; /* by byte */
	int32_t *next;         /* [state_count][class_count]: a state, or -1 */
	bool *accepting;       /* by state: the text may end here */
};

/* The automaton of the rule and those in it; the grammar may go away. NULL with err: ERR_UNSUPPORTED
 * where a rule is recursive, which needs more than states; ERR_LIMIT where the rules, each as often as
 * it is named, have more than 2^18 nodes or lie deeper than 1,000 in each other, or where states,
 * before they are minimised, exceed 2^17 or 2^26 steps; ERR_FORMAT where there is no such rule or no
 * text fits it. The message names the rule. */
struct automaton *automaton_from_gbnf(const struct gbnf *g, const char *rule, struct err *err);

/* NULL may be freed. */
void automaton_free(struct automaton *a);

/* Whether the rule derives exactly text[0..len). */
bool automaton_accepts(const struct automaton *a, const char *text, size_t len);

/* Memory in bytes. */
size_t automaton_bytes(const struct automaton *a);

/* The state behind the byte, or -1 where no text goes on with it. */
static inline int automaton_next(const struct automaton *a, int state, uint8_t byte)
{
	return a->next[(size_t)state * (size_t)a->class_count + a->class_of[byte]];
}

#endif
