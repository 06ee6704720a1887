/* SPDX-License-Identifier: MIT */
/*
 * dfa: a deterministic automaton while it is made smaller; automaton.h has the one that is used.
 *
 *	struct dfa dfa;
 *	if (dfa_from_nfa(&dfa, &nfa) < 0) ...		(over the bounds)
 *	if (!dfa_trim(&dfa)) ...			(accepts nothing)
 *	dfa_minimise(&dfa);
 *	dfa_free(&dfa);
 */
#ifndef TOKENIZER_DFA_H
#define TOKENIZER_DFA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tokenizer/nfa.h"

/* States before they are minimised, and states of the nfa that are visited on the way to them. */
#define DFA_STATES_MAX (1 << 17)
#define DFA_VISITS_MAX (1 << 26)

/* From a state to another behind a byte of the class. */
struct dfa_edge {
	int from, to, class;
};

/* State 0 is the start; no two edges have the same state and class. Bytes are in one class where no
 * set of the grammar tells them apart. */
struct dfa {
	bool *accepting;
	struct dfa_edge *edges;
	int state_count;
	size_t edge_count;
	uint8_t class_of[256];
	int class_count;
};

/* The subsets of states that texts lead to. -1 beyond the bounds, with nothing to free. */
int dfa_from_nfa(struct dfa *dfa, const struct nfa *nfa);
void dfa_free(struct dfa *dfa);

/* Takes away the states from which no accepting one is reached, and their edges. False, and all as
 * before, where the start is among them. */
bool dfa_trim(struct dfa *dfa);

/* Makes one of all states that no text tells apart. The dfa is trimmed; its states are numbered in the
 * order in which a breadth-first walk by ascending classes meets them, so that equal languages over
 * equal classes give equal automata. */
void dfa_minimise(struct dfa *dfa);

#endif
