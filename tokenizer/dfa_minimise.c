/* SPDX-License-Identifier: MIT */
/*
 * dfa_minimise: Hopcroft's algorithm in Valmari's form, which costs O(edges log states) where most
 * states lack most edges (Valmari 2012, "Fast brief practical DFA minimization", Information
 * Processing Letters 112).
 *
 * Two partitions refine each other, one of the states and one of the edges, whose sets hold edges of
 * one class into one set of states. The tails of a set of edges split the sets of states; the edges
 * into a new set of states split the sets of edges. Of two halves the smaller one is the new set, so
 * an element is looked at again only log times.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tokenizer/dfa.h"

/* The edges by one of their ends, in their order: those of key k are edge[first[k]] to
 * edge[first[k + 1] - 1]. */
struct edge_index {
	int *first, *edge;
};

static int key_from(const struct dfa_edge *e)
{
	return e->from;
}

static int key_to(const struct dfa_edge *e)
{
	return e->to;
}

static int key_class(const struct dfa_edge *e)
{
	return e->class;
}

static struct edge_index index_edges(const struct dfa *dfa, int (*key)(const struct dfa_edge *),
				     int keys)
{
	struct edge_index index;

	index.first = mem_alloc((size_t)keys + 1, sizeof(*index.first));
	index.edge = mem_alloc(dfa->edge_count, sizeof(*index.edge));
	for (size_t i = 0; i < dfa->edge_count; i++)
		index.first[key(&dfa->edges[i])]++;
	for (int k = 1; k <= keys; k++)
		index.first[k] += index.first[k - 1];
	for (size_t i = dfa->edge_count; i-- > 0;)
		index.edge[--index.first[key(&dfa->edges[i])]] = (int)i;
	return index;
}

static void free_index(struct edge_index *index)
{
	free(index->first);
	free(index->edge);
}

/* Leaves `count` states: number[s] is the new number of state s, or -1; of those with one number only
 * the one with keep[s] gives its edges. */
static void renumber(struct dfa *dfa, const int *number, const bool *keep, int count)
{
	bool *accepting = mem_alloc((size_t)count, sizeof(*accepting));
	size_t kept = 0;

	for (int s = 0; s < dfa->state_count; s++)
		if (keep[s])
			accepting[number[s]] = dfa->accepting[s];
	for (size_t i = 0; i < dfa->edge_count; i++) {
		struct dfa_edge e = dfa->edges[i];

		if (keep[e.from] && number[e.to] >= 0)
			dfa->edges[kept++] =
				(struct dfa_edge){number[e.from], number[e.to], e.class};
	}
	free(dfa->accepting);
	dfa->accepting = accepting;
	dfa->edge_count = kept;
	dfa->state_count = count;
}

/* Marks in `alive` the states that reach an accepting one. */
static void find_alive(const struct dfa *dfa, bool *alive)
{
	struct edge_index into = index_edges(dfa, key_to, dfa->state_count);
	int *waiting = mem_alloc((size_t)dfa->state_count, sizeof(*waiting)), count = 0;

	for (int s = 0; s < dfa->state_count; s++) {
		alive[s] = dfa->accepting[s];
		if (alive[s])
			waiting[count++] = s;
	}
	while (count > 0) {
		int to = waiting[--count];

		for (int i = into.first[to]; i < into.first[to + 1]; i++) {
			int from = dfa->edges[into.edge[i]].from;

			if (!alive[from])
				waiting[count++] = from;
			alive[from] = true;
		}
	}
	free(waiting);
	free_index(&into);
}

bool dfa_trim(struct dfa *dfa)
{
	bool *alive = mem_alloc((size_t)dfa->state_count, sizeof(*alive));
	int *number = mem_alloc((size_t)dfa->state_count, sizeof(*number)), count = 0;
	bool some;

	find_alive(dfa, alive);
	some = alive[0];
	for (int s = 0; s < dfa->state_count; s++)
		number[s] = alive[s] ? count++ : -1;
	if (some)
		renumber(dfa, number, alive, count);
	free(alive);
	free(number);
	return some;
}

/* Set s is elements[first[s]] to elements[past[s] - 1], the marked ones before the others. */
struct partition {
	int count;
	int *elements;
	int *place; /* of each element in elements */
	int *set;   /* of each element */
	int *first, *past, *marked;
	int *touched, touched_count; /* sets with marks */
};

static int *new_ints(size_t n)
{
	return mem_alloc(n, sizeof(int));
}

/* One set of all n elements. */
static struct partition partition_new(size_t n)
{
	struct partition p = {.count = n > 0,
			      .elements = new_ints(n),
			      .place = new_ints(n),
			      .set = new_ints(n),
			      .first = new_ints(n),
			      .past = new_ints(n),
			      .marked = new_ints(n),
			      .touched = new_ints(n)};

	for (size_t i = 0; i < n; i++)
		p.elements[i] = p.place[i] = (int)i;
	if (n > 0)
		p.past[0] = (int)n;
	return p;
}

static void partition_free(struct partition *p)
{
	free(p->elements);
	free(p->place);
	free(p->set);
	free(p->first);
	free(p->past);
	free(p->marked);
	free(p->touched);
}

/* The element is not marked yet. */
static void mark(struct partition *p, int element)
{
	int s = p->set[element], from = p->place[element], to = p->first[s] + p->marked[s];

	p->elements[from] = p->elements[to];
	p->place[p->elements[from]] = from;
	p->elements[to] = element;
	p->place[element] = to;
	if (p->marked[s]++ == 0)
		p->touched[p->touched_count++] = s;
}

/* Parts the marked elements of a set from the others; the smaller half becomes a new set. */
static void split_set(struct partition *p, int s)
{
	int middle = p->first[s] + p->marked[s], new = p->count;
	bool few = p->marked[s] <= p->past[s] - middle;

	p->marked[s] = 0;
	if (middle == p->past[s])
		return;
	p->first[new] = few ? p->first[s] : middle;
	p->past[new] = few ? middle : p->past[s];
	if (few)
		p->first[s] = middle;
	else
		p->past[s] = middle;
	for (int i = p->first[new]; i < p->past[new]; i++)
		p->set[p->elements[i]] = new;
	p->count++;
}

static void split_touched(struct partition *p)
{
	while (p->touched_count > 0)
		split_set(p, p->touched[--p->touched_count]);
}

static void part_states_by_accepting(const struct dfa *dfa, struct partition *states)
{
	for (int s = 0; s < dfa->state_count; s++)
		if (dfa->accepting[s])
			mark(states, s);
	split_touched(states);
}

static void part_edges_by_class(const struct dfa *dfa, struct partition *edges)
{
	struct edge_index of = index_edges(dfa, key_class, dfa->class_count);

	for (int class = 0; class < dfa->class_count; class ++) {
		for (int i = of.first[class]; i < of.first[class + 1]; i++)
			mark(edges, of.edge[i]);
		split_touched(edges);
	}
	free_index(&of);
}

static void split_states(const struct dfa *dfa, struct partition *states,
			 const struct partition *edges, int set)
{
	for (int i = edges->first[set]; i < edges->past[set]; i++)
		mark(states, dfa->edges[edges->elements[i]].from);
	split_touched(states);
}

static void split_edges(struct partition *edges, const struct partition *states, int set,
			const struct edge_index *into)
{
	for (int i = states->first[set]; i < states->past[set]; i++) {
		int to = states->elements[i];

		for (int k = into->first[to]; k < into->first[to + 1]; k++)
			mark(edges, into->edge[k]);
	}
	split_touched(edges);
}

/* The sets of states that no text tells apart. */
static struct partition equal_states(const struct dfa *dfa)
{
	struct partition states = partition_new((size_t)dfa->state_count);
	struct partition edges = partition_new(dfa->edge_count);
	struct edge_index into = index_edges(dfa, key_to, dfa->state_count);
	int used = 1; /* sets of states that have split the edges: one of two halves suffices */

	part_states_by_accepting(dfa, &states);
	part_edges_by_class(dfa, &edges);
	for (int set = 0; set < edges.count; set++) {
		split_states(dfa, &states, &edges, set);
		for (; used < states.count; used++)
			split_edges(&edges, &states, used, &into);
	}
	partition_free(&edges);
	free_index(&into);
	return states;
}

/* Numbers the sets breadth first from that of state 0 by the edges of the first state met of each,
 * which is marked in keep. */
static void number_sets(const struct dfa *dfa, const struct partition *states, int *number_of_set,
			bool *keep)
{
	struct edge_index out = index_edges(dfa, key_from, dfa->state_count);
	int *queue = new_ints((size_t)states->count), count = 1;

	memset(number_of_set, -1, (size_t)states->count * sizeof(*number_of_set));
	number_of_set[states->set[0]] = 0;
	keep[0] = true;
	for (int at = 0; at < count; at++) {
		for (int i = out.first[queue[at]]; i < out.first[queue[at] + 1]; i++) {
			int to = dfa->edges[out.edge[i]].to;
			int *number = &number_of_set[states->set[to]];

			if (*number >= 0)
				continue;
			*number = count;
			keep[to] = true;
			queue[count++] = to;
		}
	}
	free(queue);
	free_index(&out);
}

void dfa_minimise(struct dfa *dfa)
{
	struct partition states = equal_states(dfa);
	int *number_of_set = new_ints((size_t)states.count);
	int *number = new_ints((size_t)dfa->state_count);
	bool *keep = mem_alloc((size_t)dfa->state_count, sizeof(*keep));

	number_sets(dfa, &states, number_of_set, keep);
	for (int s = 0; s < dfa->state_count; s++)
		number[s] = number_of_set[states.set[s]];
	renumber(dfa, number, keep, states.count);
	free(number_of_set);
	free(number);
	free(keep);
	partition_free(&states);
}
