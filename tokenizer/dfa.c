/* SPDX-License-Identifier: MIT */
/*
 * dfa: the subset construction (Rabin and Scott 1959, "Finite Automata and Their Decision Problems"),
 * over classes of bytes. Of a subset only the states that read a byte or accept are kept; it is known
 * by their sorted numbers.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tokenizer/dfa.h"

/* Subset s is items[first[s]] to items[first[s + 1] - 1]. */
struct builder {
	const struct nfa *nfa;
	struct dfa *dfa;
	int *items;
	size_t item_count, item_room;
	size_t *first;
	int *table; /* hash table: subset + 1, or 0; power of two, at most half full */
	size_t table_room, state_room, edge_room;
	int *stack;     /* states still to be visited */
	uint32_t *seen; /* by state of the nfa: the walk that saw it last */
	uint32_t walk;
	int stacked;
	long visits;
	int byte_of[256]; /* a byte of each class */
};

/* Parts the classes so that each lies within the set or outside. */
static void part_classes(struct dfa *dfa, const uint32_t *set)
{
	int renamed[2 * 256], count = 0;

	memset(renamed, -1, sizeof(renamed));
	for (int byte = 0; byte < 256; byte++) {
		int key = 2 * dfa->class_of[byte] + gbnf_set_has(set, byte);

		if (renamed[key] < 0)
			renamed[key] = count++;
		dfa->class_of[byte] = (uint8_t)renamed[key];
	}
	dfa->class_count = count;
}

static void find_classes(struct builder *b)
{
	const struct nfa *nfa = b->nfa;

	b->dfa->class_count = 1;
	for (int i = 0; i < nfa->count; i++)
		if (nfa->states[i].kind == NFA_BYTE)
			part_classes(b->dfa, nfa->states[i].set);
	for (int byte = 255; byte >= 0; byte--)
		b->byte_of[b->dfa->class_of[byte]] = byte;
}

static void begin_walk(struct builder *b)
{
	b->walk++;
	b->stacked = 0;
}

static void push(struct builder *b, int state)
{
	if (b->seen[state] == b->walk)
		return;
	b->seen[state] = b->walk;
	b->stack[b->stacked++] = state;
}

static void add_item(struct builder *b, int state)
{
	if (b->item_count == b->item_room) {
		b->item_room = b->item_room ? 2 * b->item_room : 4096;
		b->items = mem_realloc(b->items, b->item_room, sizeof(*b->items));
	}
	b->items[b->item_count++] = state;
}

/* Adds what the pushed states reach without a byte behind the last subset's items. */
static void close_walk(struct builder *b)
{
	while (b->stacked > 0) {
		int i = b->stack[--b->stacked];
		const struct nfa_state *state = &b->nfa->states[i];

		b->visits++;
		if (state->kind == NFA_SPLIT) {
			push(b, state->to);
			push(b, state->other);
		} else {
			add_item(b, i);
		}
	}
}

static int compare_ints(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static size_t hash_items(const int *items, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint64_t)items[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(h ^ h >> 32);
}

/* The slot of the items: free, or of the subset that is equal. */
static int *slot_of(const struct builder *b, const int *items, size_t n)
{
	size_t i = hash_items(items, n);

	for (;; i++) {
		int *slot = &b->table[i & (b->table_room - 1)];
		size_t first;

		if (*slot == 0)
			return slot;
		first = b->first[*slot - 1];
		if (b->first[*slot] - first == n &&
		    memcmp(b->items + first, items, n * sizeof(*items)) == 0)
			return slot;
	}
}

/* Room for one more state in all that is numbered by states. */
static void grow_states(struct builder *b)
{
	size_t count = (size_t)b->dfa->state_count;

	if (count + 2 <= b->state_room)
		return;
	b->state_room = b->state_room ? 2 * b->state_room : 1024;
	b->first = mem_realloc(b->first, b->state_room, sizeof(*b->first));
	b->dfa->accepting =
		mem_realloc(b->dfa->accepting, b->state_room, sizeof(*b->dfa->accepting));
	free(b->table);
	b->table_room = 2 * b->state_room;
	b->table = mem_alloc(b->table_room, sizeof(*b->table));
	for (size_t s = 0; s < count; s++)
		*slot_of(b, b->items + b->first[s], b->first[s + 1] - b->first[s]) = (int)s + 1;
}

/* The state of the subset whose items lie from `first` to the end; known ones give them up again. */
static int state_of_items(struct builder *b, size_t first)
{
	size_t n = b->item_count - first;
	int state = b->dfa->state_count, *slot;

	qsort(b->items + first, n, sizeof(*b->items), compare_ints);
	grow_states(b);
	slot = slot_of(b, b->items + first, n);
	if (*slot) {
		b->item_count = first;
		return *slot - 1;
	}
	*slot = state + 1;
	b->first[state] = first;
	b->first[state + 1] = b->item_count;
	/* The accepting state of the nfa is the first one. */
	b->dfa->accepting[state] = n > 0 && b->items[first] == 0;
	b->dfa->state_count++;
	return state;
}

static void add_edge(struct builder *b, struct dfa_edge edge)
{
	struct dfa *dfa = b->dfa;

	if (dfa->edge_count == b->edge_room) {
		b->edge_room = b->edge_room ? 2 * b->edge_room : 4096;
		dfa->edges = mem_realloc(dfa->edges, b->edge_room, sizeof(edge));
	}
	dfa->edges[dfa->edge_count++] = edge;
}

static void add_edge_of_class(struct builder *b, int from, int class)
{
	size_t begin = b->first[from], end = b->first[from + 1];

	begin_walk(b);
	for (size_t i = begin; i < end; i++) {
		const struct nfa_state *state = &b->nfa->states[b->items[i]];

		if (state->kind == NFA_BYTE && gbnf_set_has(state->set, b->byte_of[class]))
			push(b, state->to);
	}
	b->visits += (long)(end - begin);
	if (b->stacked == 0)
		return;
	end = b->item_count;
	close_walk(b);
	add_edge(b, (struct dfa_edge){from, state_of_items(b, end), class});
}

static bool is_over(const struct builder *b)
{
	return b->dfa->state_count > DFA_STATES_MAX || b->visits > DFA_VISITS_MAX;
}

static void build(struct builder *b)
{
	begin_walk(b);
	push(b, b->nfa->start);
	close_walk(b);
	state_of_items(b, 0);
	for (int state = 0; state < b->dfa->state_count; state++)
		for (int class = 0; class < b->dfa->class_count && !is_over(b); class ++)
			add_edge_of_class(b, state, class);
}

int dfa_from_nfa(struct dfa *dfa, const struct nfa *nfa)
{
	struct builder b = {.nfa = nfa, .dfa = dfa};
	bool over;

	memset(dfa, 0, sizeof(*dfa));
	b.stack = mem_alloc((size_t)nfa->count, sizeof(*b.stack));
	b.seen = mem_alloc((size_t)nfa->count, sizeof(*b.seen));
	find_classes(&b);
	build(&b);
	over = is_over(&b);
	free(b.items);
	free(b.first);
	free(b.table);
	free(b.stack);
	free(b.seen);
	if (over)
		dfa_free(dfa);
	return over ? -1 : 0;
}

void dfa_free(struct dfa *dfa)
{
	free(dfa->accepting);
	free(dfa->edges);
	memset(dfa, 0, sizeof(*dfa));
}
