/* SPDX-License-Identifier: MIT */
/*
 * Three ways to one result, by the length of the piece.
 *
 * Short pieces: the ranks of all neighbours in a row; the lowest is looked for anew each time.
 *
 * Longer ones: a heap of (rank, position) over a linked list of symbols; an entry whose pair is gone
 * is passed over.
 *
 * Very long ones: a list of positions for each rank, and the ranks in their order. This needs a
 * vocabulary in which a merge only ever makes pairs of higher ranks ("ordered"); then the pairs of one
 * rank lie apart from each other and may be merged in any order, except where both halves are the
 * same token: of such a run the leftmost pairs count, so it is merged from its start. Each symbol is
 * put into a list once for each change of it or its right neighbour, so time is linear.
 */
#include <config.h>

#include "tokenizer/bpe_merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tokenizer/pair_map.h"

#define LONG_MIN 4096 /* and no shorter than there are ranks */

#define NO_RANK UINT32_MAX
#define NOWHERE UINT32_MAX

struct merge_table {
	const struct vocab_merge *merges;
	uint32_t merge_count;
	struct pair_map pairs;
	uint32_t *ranks; /* of each pair */
	bool is_ordered;
};

static bool find_order(const struct vocab *vocab, const struct merge_table *table)
{
	uint32_t *first_use = mem_alloc(vocab->token_count, sizeof(*first_use));
	bool ordered = true;

	memset(first_use, 0xff, vocab->token_count * sizeof(*first_use));
	for (uint32_t rank = vocab->merge_count; rank-- > 0;) {
		first_use[vocab->merges[rank].left] = rank;
		first_use[vocab->merges[rank].right] = rank;
	}
	for (uint32_t i = 0; i < table->pairs.count; i++)
		if (first_use[vocab->merges[table->ranks[i]].result] <= table->ranks[i])
			ordered = false;
	free(first_use);
	return ordered;
}

struct merge_table *merge_table_new(const struct vocab *vocab)
{
	struct merge_table *table = mem_alloc(1, sizeof(*table));

	table->merges = vocab->merges;
	table->merge_count = vocab->merge_count;
	table->ranks = mem_alloc(vocab->merge_count, sizeof(*table->ranks));
	for (uint32_t rank = 0; rank < vocab->merge_count; rank++) {
		const struct vocab_merge *m = &vocab->merges[rank];

		table->ranks[pair_map_add(&table->pairs, pair_key(m->left, m->right))] = rank;
	}
	table->is_ordered = find_order(vocab, table);
	return table;
}

void merge_table_free(struct merge_table *table)
{
	if (!table)
		return;
	pair_map_free(&table->pairs);
	free(table->ranks);
	free(table);
}

void merge_scratch_free(struct merge_scratch *scratch)
{
	free(scratch->memory);
	free(scratch->heads);
	*scratch = (struct merge_scratch){0};
}

static void *scratch_room(struct merge_scratch *scratch, size_t n, size_t size)
{
	size_t bytes = mem_mul(n, size);

	if (scratch->bytes < bytes) {
		scratch->bytes = mem_add(bytes, bytes / 2);
		free(scratch->memory);
		scratch->memory = mem_alloc(scratch->bytes, 1);
	}
	return scratch->memory;
}

static inline uint32_t rank_of(const struct merge_table *table, uint32_t left, uint32_t right)
{
	uint32_t pair = pair_map_find(&table->pairs, pair_key(left, right));

	return pair == PAIR_MAP_NONE ? NO_RANK : table->ranks[pair];
}

static size_t merge_by_rows(const struct merge_table *table, uint32_t *ids, size_t n)
{
	uint32_t ranks[MERGE_ROWS_MAX];

	for (size_t i = 0; i + 1 < n; i++)
		ranks[i] = rank_of(table, ids[i], ids[i + 1]);
	for (;;) {
		size_t at = 0;
		uint32_t low = NO_RANK;

		for (size_t i = 0; i + 1 < n; i++)
			if (ranks[i] < low) {
				low = ranks[i];
				at = i;
			}
		if (low == NO_RANK)
			return n;
		ids[at] = table->merges[low].result;
		n--;
		for (size_t i = at + 1; i < n; i++) {
			ids[i] = ids[i + 1];
			ranks[i - 1] = ranks[i];
		}
		if (at + 1 < n)
			ranks[at] = rank_of(table, ids[at], ids[at + 1]);
		if (at > 0)
			ranks[at - 1] = rank_of(table, ids[at - 1], ids[at]);
	}
}

/* A symbol of the list; a merged one lives on at the place of its left half. */
struct symbol {
	uint32_t prev, next;
	uint32_t rank; /* of the pair with its right neighbour */
};

static void start_list(const struct merge_table *table, struct symbol *list, const uint32_t *ids,
		       size_t n)
{
	for (size_t i = 0; i < n; i++) {
		list[i].prev = i ? (uint32_t)i - 1 : NOWHERE;
		list[i].next = i + 1 < n ? (uint32_t)i + 1 : NOWHERE;
		list[i].rank = i + 1 < n ? rank_of(table, ids[i], ids[i + 1]) : NO_RANK;
	}
}

/* Joins the symbol at `at` with its right neighbour. */
static void join(const struct merge_table *table, struct symbol *list, uint32_t *ids, uint32_t at)
{
	uint32_t gone = list[at].next, next = list[gone].next;

	ids[at] = table->merges[list[at].rank].result;
	list[gone].rank = NO_RANK;
	list[at].next = next;
	if (next != NOWHERE)
		list[next].prev = at;
}

static uint32_t rank_at(const struct merge_table *table, const struct symbol *list,
			const uint32_t *ids, uint32_t at)
{
	return list[at].next == NOWHERE ? NO_RANK : rank_of(table, ids[at], ids[list[at].next]);
}

static size_t gather(const struct symbol *list, uint32_t *ids)
{
	size_t n = 0;

	for (uint32_t at = 0; at != NOWHERE; at = list[at].next)
		ids[n++] = ids[at];
	return n;
}

/* --- a heap of rank << 32 | position -------------------------------------------------------- */

struct heap {
	uint64_t *entries;
	size_t count;
};

static void heap_put(struct heap *heap, uint32_t rank, uint32_t at)
{
	uint64_t entry = (uint64_t)rank << 32 | at;
	size_t i = heap->count;

	if (rank == NO_RANK)
		return;
	heap->count++;
	for (; i > 0 && entry < heap->entries[(i - 1) / 2]; i = (i - 1) / 2)
		heap->entries[i] = heap->entries[(i - 1) / 2];
	heap->entries[i] = entry;
}

static uint64_t heap_take(struct heap *heap)
{
	uint64_t first = heap->entries[0], last = heap->entries[--heap->count];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < heap->count) {
		if (child + 1 < heap->count && heap->entries[child + 1] < heap->entries[child])
			child++;
		if (heap->entries[child] >= last)
			break;
		heap->entries[i] = heap->entries[child];
		i = child;
	}
	heap->entries[i] = last;
	return first;
}

/* Each join puts at most two entries and takes one symbol away, so 3n entries are room enough. */
static size_t merge_by_heap(const struct merge_table *table, struct merge_scratch *scratch,
			    uint32_t *ids, size_t n)
{
	uint64_t *entries = scratch_room(scratch, n, 3 * sizeof(uint64_t) + sizeof(struct symbol));
	struct symbol *list = (struct symbol *)(entries + 3 * n);
	struct heap heap = {entries, 0};

	start_list(table, list, ids, n);
	for (size_t i = 0; i < n; i++)
		heap_put(&heap, list[i].rank, (uint32_t)i);
	while (heap.count) {
		uint64_t entry = heap_take(&heap);
		uint32_t at = (uint32_t)entry, prev;

		if (list[at].rank != entry >> 32)
			continue;
		join(table, list, ids, at);
		list[at].rank = rank_at(table, list, ids, at);
		heap_put(&heap, list[at].rank, at);
		prev = list[at].prev;
		if (prev != NOWHERE) {
			list[prev].rank = rank_at(table, list, ids, prev);
			heap_put(&heap, list[prev].rank, prev);
		}
	}
	return gather(list, ids);
}

/* --- a list for each rank ------------------------------------------------------------------- */

struct link {
	uint32_t before, behind;
};

struct lists {
	const struct merge_table *table;
	uint32_t *ids, *heads;
	struct symbol *list;
	struct link *links; /* of each symbol, in the list of its rank */
};

static void list_enter(struct lists *l, uint32_t at, uint32_t rank)
{
	uint32_t head;

	l->list[at].rank = rank;
	if (rank == NO_RANK)
		return;
	head = l->heads[rank];
	l->links[at] = (struct link){NOWHERE, head};
	if (head != NOWHERE)
		l->links[head].before = at;
	l->heads[rank] = at;
}

static void list_leave(struct lists *l, uint32_t at)
{
	struct link link = l->links[at];
	uint32_t rank = l->list[at].rank;

	if (rank == NO_RANK)
		return;
	if (link.before == NOWHERE)
		l->heads[rank] = link.behind;
	else
		l->links[link.before].behind = link.behind;
	if (link.behind != NOWHERE)
		l->links[link.behind].before = link.before;
}

static void list_join(struct lists *l, uint32_t at)
{
	uint32_t gone = l->list[at].next, prev = l->list[at].prev;

	list_leave(l, at);
	list_leave(l, gone);
	join(l->table, l->list, l->ids, at);
	list_enter(l, at, rank_at(l->table, l->list, l->ids, at));
	if (prev == NOWHERE)
		return;
	list_leave(l, prev);
	list_enter(l, prev, rank_at(l->table, l->list, l->ids, prev));
}

/* All pairs of one rank. */
static void join_rank(struct lists *l, uint32_t rank)
{
	const struct vocab_merge *m = &l->table->merges[rank];
	uint32_t at, prev;

	while ((at = l->heads[rank]) != NOWHERE) {
		if (m->left == m->right)
			while ((prev = l->list[at].prev) != NOWHERE && l->ids[prev] == m->left)
				at = prev;
		/* from the start of a run to its end */
		do {
			list_join(l, at);
			at = l->list[at].next;
		} while (at != NOWHERE && l->list[at].rank == rank);
	}
}

static size_t merge_by_lists(const struct merge_table *table, struct merge_scratch *scratch,
			     uint32_t *ids, size_t n)
{
	struct symbol *list = scratch_room(scratch, n, sizeof(struct symbol) + sizeof(struct link));
	struct lists l = {table, ids, scratch->heads, list, (struct link *)(list + n)};

	if (!l.heads) {
		l.heads = scratch->heads = mem_alloc(table->merge_count, sizeof(*l.heads));
		memset(l.heads, 0xff, table->merge_count * sizeof(*l.heads));
	}
	start_list(table, list, ids, n);
	for (size_t i = n; i-- > 0;)
		list_enter(&l, (uint32_t)i, list[i].rank);
	for (uint32_t rank = 0; rank < table->merge_count; rank++)
		join_rank(&l, rank);
	return gather(list, ids);
}

bool merge_table_is_ordered(const struct merge_table *table)
{
	return table->is_ordered;
}

size_t bpe_merge_by(const struct merge_table *table, struct merge_scratch *scratch, uint32_t *ids,
		    size_t n, enum merge_way way)
{
	assert(n < (size_t)1 << 31);
	if (n < 2)
		return n;
	switch (way) {
	case MERGE_BY_ROWS:
		assert(n <= MERGE_ROWS_MAX);
		return merge_by_rows(table, ids, n);
	case MERGE_BY_HEAP:
		break;
	case MERGE_BY_LISTS:
		assert(table->is_ordered);
		return merge_by_lists(table, scratch, ids, n);
	}
	return merge_by_heap(table, scratch, ids, n);
}

size_t bpe_merge(const struct merge_table *table, struct merge_scratch *scratch, uint32_t *ids,
		 size_t n)
{
	enum merge_way way = MERGE_BY_HEAP;

	if (n <= MERGE_ROWS_MAX)
		way = MERGE_BY_ROWS;
	else if (table->is_ordered && n >= LONG_MIN && n >= table->merge_count)
		way = MERGE_BY_LISTS;
	return bpe_merge_by(table, scratch, ids, n, way);
}
