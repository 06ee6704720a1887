/* SPDX-License-Identifier: MIT */
/*
 * nfa: Thompson's construction (Thompson 1968, "Regular Expression Search Algorithm", CACM 11(6)),
 * from behind: a node is compiled to a state from which its texts lead on to the state that is given,
 * so that no end has to be patched and a sequence needs no states between its parts.
 *
 * A rule is compiled anew wherever it is named. A loop's state is made before its body, which leads
 * back to it.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tokenizer/nfa.h"

struct compiler {
	struct nfa *nfa;
	const struct gbnf *g;
	bool active[GBNF_RULES_MAX]; /* the rules that are being compiled */
	int start;                   /* the first of them */
	int nodes, depth;
	struct err *err;
};

static int refuse(const struct compiler *c, enum err_code code, int rule, const char *what)
{
	const struct gbnf_rule *r = &c->g->rules[rule];

	return err_set(c->err, code, "%s:%d: rule %s %s", c->g->name, r->line, r->name, what);
}

static int add_state(struct nfa *nfa, struct nfa_state state)
{
	if ((size_t)nfa->count == nfa->room) {
		nfa->room = nfa->room ? 2 * nfa->room : 1024;
		nfa->states = mem_realloc(nfa->states, nfa->room, sizeof(state));
	}
	nfa->states[nfa->count] = state;
	return nfa->count++;
}

static int add_split(struct nfa *nfa, int to, int other)
{
	return add_state(nfa, (struct nfa_state){NFA_SPLIT, to, other, NULL});
}

static int compile(struct compiler *c, const struct gbnf_node *node, int next);

static int compile_rule(struct compiler *c, int rule, int next)
{
	int entry;

	if (c->active[rule])
		return refuse(c, ERR_UNSUPPORTED, rule, "is recursive: no finite automaton");
	c->active[rule] = true;
	entry = compile(c, c->g->rules[rule].body, next);
	c->active[rule] = false;
	return entry;
}

static int compile_sequence(struct compiler *c, const struct gbnf_node *node, int next)
{
	const struct gbnf_node **parts, *child;
	int n = 0;

	for (child = node->child; child; child = child->next)
		n++;
	parts = mem_alloc((size_t)n, sizeof(*parts));
	n = 0;
	for (child = node->child; child; child = child->next)
		parts[n++] = child;
	while (n > 0 && next >= 0)
		next = compile(c, parts[--n], next);
	free(parts);
	return next;
}

static int compile_choice(struct compiler *c, const struct gbnf_node *node, int next)
{
	int entry = -1;

	for (const struct gbnf_node *child = node->child; child; child = child->next) {
		int one = compile(c, child, next);

		if (one < 0)
			return -1;
		entry = entry < 0 ? one : add_split(c->nfa, entry, one);
	}
	return entry;
}

static int compile_loop(struct compiler *c, const struct gbnf_node *node, int next)
{
	int loop = add_split(c->nfa, next, next);
	int body = compile(c, node->child, loop);

	if (body < 0)
		return -1;
	c->nfa->states[loop].to = body;
	return node->kind == GBNF_PLUS ? body : loop;
}

static int compile_option(struct compiler *c, const struct gbnf_node *node, int next)
{
	int body = compile(c, node->child, next);

	return body < 0 ? -1 : add_split(c->nfa, body, next);
}

static int compile_kind(struct compiler *c, const struct gbnf_node *node, int next)
{
	switch (node->kind) {
	case GBNF_BYTE:
		return add_state(c->nfa, (struct nfa_state){NFA_BYTE, next, -1, node->set});
	case GBNF_RULE:
		return compile_rule(c, node->rule, next);
	case GBNF_SEQUENCE:
		return compile_sequence(c, node, next);
	case GBNF_CHOICE:
		return compile_choice(c, node, next);
	case GBNF_OPTION:
		return compile_option(c, node, next);
	case GBNF_STAR:
	case GBNF_PLUS:
		return compile_loop(c, node, next);
	}
	return -1;
}

/* The state from which the node's texts, and they alone, lead to `next`; -1 with err. */
static int compile(struct compiler *c, const struct gbnf_node *node, int next)
{
	int entry;

	if (++c->nodes > NFA_NODES_MAX || c->depth == NFA_DEPTH_MAX)
		return refuse(c, ERR_LIMIT, c->start, "makes too large an automaton");
	c->depth++;
	entry = compile_kind(c, node, next);
	c->depth--;
	return entry;
}

int nfa_from_gbnf(struct nfa *nfa, const struct gbnf *g, int rule, struct err *err)
{
	struct compiler c = {.nfa = nfa, .g = g, .start = rule, .err = err};

	memset(nfa, 0, sizeof(*nfa));
	nfa->start = compile_rule(&c, rule, add_state(nfa, (struct nfa_state){.to = -1}));
	if (nfa->start >= 0)
		return 0;
	nfa_free(nfa);
	return -1;
}

void nfa_free(struct nfa *nfa)
{
	free(nfa->states);
	memset(nfa, 0, sizeof(*nfa));
}
