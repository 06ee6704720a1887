/* SPDX-License-Identifier: MIT */
/*
 * automaton: nfa.h, dfa.h, then one table of states by classes of bytes.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tokenizer/automaton.h"
#include "tokenizer/dfa.h"

static struct automaton *automaton_from_dfa(const struct dfa *dfa)
{
	struct automaton *a = mem_alloc(1, sizeof(*a));
	size_t states = (size_t)dfa->state_count, classes = (size_t)dfa->class_count;

	a->state_count = dfa->state_count;
	a->class_count = dfa->class_count;
	memcpy(a->class_of, dfa->class_of, sizeof(a->class_of));
	a->accepting = mem_alloc(states, sizeof(*a->accepting));
	memcpy(a->accepting, dfa->accepting, states * sizeof(*a->accepting));
	a->next = mem_alloc(mem_mul(states, classes), sizeof(*a->next));
	memset(a->next, -1, states * classes * sizeof(*a->next));
	for (size_t i = 0; i < dfa->edge_count; i++) {
		const struct dfa_edge *e = &dfa->edges[i];

		a->next[(size_t)e->from * classes + (size_t)e->class] = e->to;
	}
	return a;
}

static struct automaton *automaton_of_rule(const struct gbnf *g, int rule, struct err *err)
{
	const struct gbnf_rule *r = &g->rules[rule];
	struct automaton *a = NULL;
	struct nfa nfa;
	struct dfa dfa;
	int rc;

	if (nfa_from_gbnf(&nfa, g, rule, err) < 0)
		return NULL;
	rc = dfa_from_nfa(&dfa, &nfa);
	nfa_free(&nfa);
	if (rc < 0) {
		err_set(err, ERR_LIMIT, "%s:%d: rule %s has too many states", g->name, r->line,
			r->name);
		return NULL;
	}
	if (dfa_trim(&dfa)) {
		dfa_minimise(&dfa);
		a = automaton_from_dfa(&dfa);
	} else {
		err_set(err, ERR_FORMAT, "%s:%d: no text fits rule %s", g->name, r->line, r->name);
	}
	dfa_free(&dfa);
	return a;
}

struct automaton *automaton_from_gbnf(const struct gbnf *g, const char *rule, struct err *err)
{
	int index = gbnf_find_rule(g, rule);

	if (index >= 0)
		return automaton_of_rule(g, index, err);
	err_set(err, ERR_FORMAT, "%s: no rule %s", g->name, rule);
	return NULL;
}

void automaton_free(struct automaton *a)
{
	if (!a)
		return;
	free(a->next);
	free(a->accepting);
	free(a);
}

bool automaton_accepts(const struct automaton *a, const char *text, size_t len)
{
	int state = 0;

	for (size_t i = 0; i < len && state >= 0; i++)
		state = automaton_next(a, state, (uint8_t)text[i]);
	return state >= 0 && a->accepting[state];
}

size_t automaton_bytes(const struct automaton *a)
{
	size_t cells = (size_t)a->state_count * (size_t)a->class_count;

	return sizeof(*a) + cells * sizeof(*a->next) +
	       (size_t)a->state_count * sizeof(*a->accepting);
}
