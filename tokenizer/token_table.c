/* SPDX-License-Identifier: MIT */
/*
 * token_table: for each state one walk of the automaton over a trie of all tokens, so that what tokens
 * begin with in common is walked once and dead beginnings are passed over with all that begins so
 * (Willard and Louf 2023, "Efficient Guided Generation for Large Language Models", have the table;
 * the trie is as in llguidance).
 *
 * The trie is an array of nodes in the order of a depth-first walk, as sorted tokens give them; each
 * knows the first node that is not below it. States with equal sets share one row.
 */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tokenizer/token_table.h"

struct token_table {
	const struct automaton *automaton;
	int count, end;
	size_t words;   /* of a row */
	uint64_t *rows; /* [row_count][words] */
	int row_count;
	int32_t *row_of;  /* by state */
	uint8_t *bytes;   /* of all tokens, one behind the other */
	size_t *first_at; /* [count + 1]: where in them a token begins */
};

struct trie_node {
	uint8_t byte;
	uint32_t depth;  /* 0 for a token's first byte */
	int skip;        /* the next node that is not below */
	int first, past; /* the tokens that end here, in sorted order */
};

struct trie {
	struct trie_node *nodes;
	int count, *ids; /* ids: by sorted order */
	uint32_t depth;  /* length of the longest token */
};

static int compare_tokens(const void *a, const void *b)
{
	const struct token_bytes *x = *(const struct token_bytes *const *)a;
	const struct token_bytes *y = *(const struct token_bytes *const *)b;
	int order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);

	if (order != 0)
		return order;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The tokens that have bytes but for `end`, sorted; *n of them. */
static const struct token_bytes **sorted_tokens(const struct token_bytes *tokens, int count,
						int end, int *n)
{
	const struct token_bytes **sorted = mem_alloc((size_t)count, sizeof(const void *));

	*n = 0;
	for (int i = 0; i < count; i++)
		if (tokens[i].len > 0 && i != end)
			sorted[(*n)++] = &tokens[i];
	qsort(sorted, (size_t)*n, sizeof(const void *), compare_tokens);
	return sorted;
}

static uint32_t common_length(const struct token_bytes *a, const struct token_bytes *b)
{
	uint32_t n = 0;

	while (n < a->len && n < b->len && a->data[n] == b->data[n])
		n++;
	return n;
}

/* Adds the nodes of the k-th token behind its first `known` bytes, which its predecessor has too;
 * path[d] is the last node of depth d. Behind a token that is equal there is nothing to add. */
static void add_token(struct trie *trie, int *path, const struct token_bytes *token, int k,
		      uint32_t known, uint32_t open)
{
	for (uint32_t d = known; d < open; d++)
		trie->nodes[path[d]].skip = trie->count;
	for (uint32_t d = known; d < token->len; d++) {
		path[d] = trie->count;
		trie->nodes[trie->count++] = (struct trie_node){
			.byte = token->data[d], .depth = d, .first = k, .past = k};
	}
	trie->nodes[path[token->len - 1]].past = k + 1;
}

static struct trie trie_new(const struct token_bytes *tokens, int count, int end)
{
	struct trie trie = {0};
	uint32_t open = 0;
	size_t bytes = 0;
	int n, *path;
	const struct token_bytes **sorted = sorted_tokens(tokens, count, end, &n);

	for (int k = 0; k < n; k++) {
		bytes += sorted[k]->len;
		trie.depth = sorted[k]->len > trie.depth ? sorted[k]->len : trie.depth;
	}
	trie.nodes = mem_alloc(bytes, sizeof(*trie.nodes));
	trie.ids = mem_alloc((size_t)n, sizeof(*trie.ids));
	path = mem_alloc(trie.depth, sizeof(*path));
	for (int k = 0; k < n; k++) {
		uint32_t known = k > 0 ? common_length(sorted[k - 1], sorted[k]) : 0;

		trie.ids[k] = (int)(sorted[k] - tokens);
		add_token(&trie, path, sorted[k], k, known, open);
		open = sorted[k]->len;
	}
	for (uint32_t d = 0; d < open; d++)
		trie.nodes[path[d]].skip = trie.count;
	free(path);
	free(sorted);
	return trie;
}

static void trie_free(struct trie *trie)
{
	free(trie->nodes);
	free(trie->ids);
}

static void put_token(uint64_t *row, int token)
{
	row[token / 64] |= UINT64_C(1) << token % 64;
}

/* The row of the state, which is zeroed; `at` has room for a state at each depth. */
static void fill_row(const struct token_table *t, const struct trie *trie, int state, int *at,
		     uint64_t *row)
{
	at[0] = state;
	if (t->automaton->accepting[state])
		put_token(row, t->end);
	for (int i = 0; i < trie->count;) {
		const struct trie_node *node = &trie->nodes[i];
		int next = automaton_next(t->automaton, at[node->depth], node->byte);

		if (next < 0) {
			i = node->skip;
			continue;
		}
		at[node->depth + 1] = next;
		for (int k = node->first; k < node->past; k++)
			put_token(row, trie->ids[k]);
		i++;
	}
}

static size_t hash_row(const uint64_t *row, size_t words)
{
	uint64_t h = 0;

	for (size_t i = 0; i < words; i++) {
		h = (h ^ row[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return (size_t)h;
}

/* Rows while they are gathered, known by a hash table of row + 1, or 0. */
struct row_set {
	int *table;
	size_t table_room; /* power of two, over twice the states */
	size_t row_room;
};

/* The number of the row that lies behind the last one, which stays only if it is new. */
static int known_row(struct token_table *t, const struct row_set *set)
{
	const uint64_t *row = t->rows + (size_t)t->row_count * t->words;

	for (size_t i = hash_row(row, t->words);; i++) {
		int *slot = &set->table[i & (set->table_room - 1)];

		if (*slot == 0) {
			*slot = ++t->row_count;
			return t->row_count - 1;
		}
		if (memcmp(t->rows + (size_t)(*slot - 1) * t->words, row,
			   t->words * sizeof(*row)) == 0)
			return *slot - 1;
	}
}

/* Zeroed room for one more row; -1 with err beyond the bound. */
static int reserve_row(struct token_table *t, struct row_set *set, struct err *err)
{
	size_t count = (size_t)t->row_count, bytes = mem_mul(t->words, sizeof(*t->rows));

	if (mem_mul(count + 1, bytes) > TOKEN_TABLE_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "the sets of allowed tokens exceed %zu MiB",
			       TOKEN_TABLE_BYTES_MAX >> 20);
	if (count == set->row_room) {
		set->row_room = count ? 2 * count : 64;
		t->rows = mem_realloc(t->rows, set->row_room, bytes);
	}
	memset(t->rows + count * t->words, 0, bytes);
	return 0;
}

static int fill_rows(struct token_table *t, const struct trie *trie, struct err *err)
{
	struct row_set set = {.table_room = 1024};
	int *at = mem_alloc((size_t)trie->depth + 1, sizeof(*at));
	int states = t->automaton->state_count, rc = 0;

	while (set.table_room < 2 * (size_t)states)
		set.table_room *= 2;
	set.table = mem_alloc(set.table_room, sizeof(*set.table));
	t->row_of = mem_alloc((size_t)states, sizeof(*t->row_of));
	for (int s = 0; s < states && rc == 0; s++) {
		rc = reserve_row(t, &set, err);
		if (rc == 0) {
			fill_row(t, trie, s, at, t->rows + (size_t)t->row_count * t->words);
			t->row_of[s] = known_row(t, &set);
		}
	}
	if (rc == 0)
		t->rows = mem_realloc(t->rows, (size_t)t->row_count,
				      mem_mul(t->words, sizeof(*t->rows)));
	free(set.table);
	free(at);
	return rc;
}

/* That no state is a dead end: see token_table.h. */
static int check_bytes(const struct automaton *a, const struct token_bytes *tokens, int count,
		       int end, struct err *err)
{
	bool used[256] = {false}, alone[256] = {false};
	bool of_class[256] = {false};

	for (int s = 0; s < a->state_count; s++)
		for (int c = 0; c < a->class_count; c++)
			of_class[c] |= a->next[(size_t)s * (size_t)a->class_count + (size_t)c] >= 0;
	for (int byte = 0; byte < 256; byte++)
		used[byte] = of_class[a->class_of[byte]];
	for (int i = 0; i < count; i++)
		if (tokens[i].len == 1 && i != end)
			alone[tokens[i].data[0]] = true;
	for (int byte = 0; byte < 256; byte++)
		if (used[byte] && !alone[byte])
			return err_set(err, ERR_FORMAT,
				       "the vocabulary has no token of the one byte 0x%02x, which "
				       "programs need",
				       byte);
	return 0;
}

static void copy_tokens(struct token_table *t, const struct token_bytes *tokens)
{
	size_t bytes = 0;

	t->first_at = mem_alloc((size_t)t->count + 1, sizeof(*t->first_at));
	for (int i = 0; i < t->count; i++) {
		t->first_at[i] = bytes;
		bytes = mem_add(bytes, i == t->end ? 0 : tokens[i].len);
	}
	t->first_at[t->count] = bytes;
	t->bytes = mem_alloc(bytes, 1);
	for (int i = 0; i < t->count; i++)
		if (t->first_at[i] < t->first_at[i + 1])
			memcpy(t->bytes + t->first_at[i], tokens[i].data, tokens[i].len);
}

struct token_table *token_table_new(const struct automaton *automaton,
				    const struct token_bytes *tokens, int count, int end,
				    struct err *err)
{
	struct token_table *t;
	struct trie trie;
	int rc;

	assert(end >= 0 && end < count);
	if (check_bytes(automaton, tokens, count, end, err) < 0)
		return NULL;
	t = mem_alloc(1, sizeof(*t));
	t->automaton = automaton;
	t->count = count;
	t->end = end;
	t->words = ((size_t)count + 63) / 64;
	copy_tokens(t, tokens);
	trie = trie_new(tokens, count, end);
	rc = fill_rows(t, &trie, err);
	trie_free(&trie);
	if (rc == 0)
		return t;
	token_table_free(t);
	return NULL;
}

void token_table_free(struct token_table *t)
{
	if (!t)
		return;
	free(t->rows);
	free(t->row_of);
	free(t->bytes);
	free(t->first_at);
	free(t);
}

const uint64_t *token_table_allowed(const struct token_table *t, int state)
{
	return t->rows + (size_t)t->row_of[state] * t->words;
}

const uint64_t *token_table_all_sets(const struct token_table *t)
{
	return t->rows;
}

size_t token_table_words(const struct token_table *t)
{
	return t->words;
}

int token_table_set_of(const struct token_table *t, int state)
{
	return t->row_of[state];
}

int token_table_next(const struct token_table *t, int state, int token)
{
	size_t at = t->first_at[token], past = t->first_at[token + 1];

	if (at == past)
		return -1;
	for (; at < past && state >= 0; at++)
		state = automaton_next(t->automaton, state, t->bytes[at]);
	return state;
}

size_t token_table_bytes(const struct token_table *t)
{
	return sizeof(*t) + (size_t)t->row_count * t->words * sizeof(*t->rows) +
	       (size_t)t->automaton->state_count * sizeof(*t->row_of) +
	       ((size_t)t->count + 1) * sizeof(*t->first_at) + t->first_at[t->count];
}

int token_table_sets(const struct token_table *t)
{
	return t->row_count;
}

struct token_table *token_table_from_vocab(const struct automaton *automaton,
					   const struct vocab *vocab, uint32_t end, struct err *err)
{
	struct token_bytes *tokens = mem_alloc(vocab->token_count, sizeof(*tokens));
	struct token_table *table;

	for (uint32_t id = 0; id < vocab->token_count; id++)
		tokens[id] = (struct token_bytes){(const uint8_t *)vocab->tokens[id].bytes,
						  vocab->tokens[id].len};
	for (uint32_t i = 0; i < vocab->added_count; i++)
		tokens[vocab->added[i].id].len = 0;
	table = token_table_new(automaton, tokens, (int)vocab->token_count, (int)end, err);
	free(tokens);
	return table;
}
