/* SPDX-License-Identifier: MIT */
/*
 * nfa: the nondeterministic automaton of a grammar's rule, for dfa.h.
 *
 *	struct nfa nfa;
 *	if (nfa_from_gbnf(&nfa, g, rule, &err) == 0)
 *		dfa_from_nfa(&dfa, &nfa, &err);
 *	nfa_free(&nfa);
 */
#ifndef TOKENIZER_NFA_H
#define TOKENIZER_NFA_H

#include <stddef.h>

#include "base/err.h"
#include "formats/encoding/gbnf.h"

/* How many nodes of the grammar a rule may have with those of the rules in it, each as often as it is
 * named; and how deep they may lie in each other. */
#define NFA_NODES_MAX (1 << 18)
#define NFA_DEPTH_MAX 1000

enum nfa_kind {
	NFA_ACCEPT, /* the text may end here */
	NFA_BYTE,   /* goes on at `to` behind a byte of the set */
	NFA_SPLIT,  /* goes on at `to` and at `other` without a byte */
};

struct nfa_state {
	enum nfa_kind kind;
	int to, other;
	const uint32_t *set; /* the grammar's */
};

struct nfa {
	struct nfa_state *states;
	int count, start;
	size_t room;
};

/* The automaton that accepts just what the rule derives; borrows the grammar. -1 with err and nothing
 * to free: ERR_UNSUPPORTED where the rule or one in it is recursive, ERR_LIMIT beyond the bounds; the
 * message names file, line and rule. */
int nfa_from_gbnf(struct nfa *nfa, const struct gbnf *g, int rule, struct err *err);
void nfa_free(struct nfa *nfa);

#endif
