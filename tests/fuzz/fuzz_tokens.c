/* SPDX-License-Identifier: MIT */
/*
 * tokenizer and bpe_merge, by a vocabulary of the fuzzer's choice. Input: the splits, the kind of
 * vocabulary, how many merges; for a vocabulary that is not trained as many pairs of bytes, each the
 * numbers of two tokens; the text. Its tokens must be those of the plainest rule, their spans must
 * cover it, and they must become the same bytes again.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "tokenizer/bpe_merge.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/split.h"
#include "tokenizer/tokenizer.h"

#define MERGES_MAX 64
#define TOKEN_BYTES_MAX 64
#define REF_BYTES_MAX 300 /* of a piece; the plain rule takes the square of it */

enum {
	KIND_TRAINED = 1,
	KIND_BACKWARD = 2,      /* ranks against the order in which tokens came */
	KIND_IGNORE_MERGES = 4, /* a piece that is a token is that token */
	KIND_SPECIAL = 8,       /* <s> is a token, and stands before each text */
};

static const struct {
	enum split splits[VOCAB_SPLITS_MAX];
	int count;
} chains[] = {
	{{0}, 0},
	{{SPLIT_GPT2}, 1},
	{{SPLIT_LLAMA3}, 1},
	{{SPLIT_QWEN2}, 1},
	{{SPLIT_DIGITS}, 1},
	{{SPLIT_DIGIT_RUNS}, 1},
	{{SPLIT_DIGITS, SPLIT_GPT2}, 2},
	{{SPLIT_DIGIT_RUNS, SPLIT_LLAMA3, SPLIT_GPT2, SPLIT_DIGITS}, 4},
};

#define CHAINS (sizeof(chains) / sizeof(*chains))

struct input {
	const uint8_t *data;
	size_t size;
};

static uint8_t take(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

/* --- a vocabulary --------------------------------------------------------------------------- */

static uint32_t put_token(struct vocab *vocab, const char *bytes, size_t len)
{
	for (uint32_t id = 0; id < vocab->token_count; id++)
		if (vocab->tokens[id].len == len &&
		    memcmp(vocab->tokens[id].bytes, bytes, len) == 0)
			return id;
	vocab->tokens[vocab->token_count] = (struct vocab_token){
		.bytes = arena_strndup(&vocab->arena, bytes, len), .len = (uint32_t)len};
	return vocab->token_count++;
}

/* Of the tokens there are; none where it gets long. */
static void put_merge(struct vocab *vocab, uint32_t left, uint32_t right)
{
	const struct vocab_token *a = &vocab->tokens[left], *b = &vocab->tokens[right];
	char bytes[TOKEN_BYTES_MAX];

	if (a->len + b->len > TOKEN_BYTES_MAX)
		return;
	memcpy(bytes, a->bytes, a->len);
	memcpy(bytes + a->len, b->bytes, b->len);
	vocab->merges[vocab->merge_count++] =
		(struct vocab_merge){left, right, put_token(vocab, bytes, a->len + b->len)};
}

static void turn_merges(struct vocab *vocab)
{
	for (uint32_t i = 0; i < vocab->merge_count / 2; i++) {
		struct vocab_merge *a = &vocab->merges[i];
		struct vocab_merge *b = &vocab->merges[vocab->merge_count - 1 - i], kept = *a;

		*a = *b;
		*b = kept;
	}
}

/* A number of 250 and up is one of the newest tokens. */
static uint32_t token_of_number(const struct vocab *vocab, uint8_t number)
{
	return number < 250 ? number : vocab->token_count - 1 - (255 - number);
}

static struct vocab *vocab_from_pairs(struct input *in, uint8_t kind, int merges)
{
	struct vocab *vocab = mem_alloc(1, sizeof(*vocab));

	vocab->tokens = ARENA_NEW(&vocab->arena, struct vocab_token, 256 + MERGES_MAX + 1);
	vocab->merges = ARENA_NEW(&vocab->arena, struct vocab_merge, MERGES_MAX);
	vocab->added = ARENA_NEW(&vocab->arena, struct added_token, 1);
	vocab->before = ARENA_NEW(&vocab->arena, uint32_t, 1);
	for (int b = 0; b < 256; b++) {
		const char byte = (char)(b ^ 0x55);

		vocab->byte_token[(uint8_t)byte] = put_token(vocab, &byte, 1);
	}
	for (int i = 0; i < merges; i++) {
		uint8_t left = take(in), right = take(in);

		put_merge(vocab, token_of_number(vocab, left), token_of_number(vocab, right));
	}
	if (kind & KIND_BACKWARD)
		turn_merges(vocab);
	vocab->model_count = vocab->token_count;
	vocab->ignore_merges = kind & KIND_IGNORE_MERGES;
	if (kind & KIND_SPECIAL) {
		uint32_t id = put_token(vocab, "<s>", 3);

		vocab->model_count = vocab->token_count;
		vocab->added[vocab->added_count++] =
			(struct added_token){.id = id, .special = true};
		vocab->before[vocab->before_count++] = id;
	}
	return vocab;
}

static struct vocab *vocab_from_text(const struct input *in, uint8_t kind, int merges,
				     const enum split *splits, int split_count)
{
	static const char *const specials[] = {"<s>", NULL};
	const struct bpe_settings settings = {257 + (uint32_t)merges, 0, specials,
					      kind & KIND_SPECIAL ? "<s>" : NULL};
	struct bpe_trainer *trainer = bpe_trainer_new(splits, split_count);
	struct vocab *vocab;

	bpe_trainer_add(trainer, (const char *)in->data, in->size);
	vocab = bpe_trainer_run(trainer, &settings, NULL);
	bpe_trainer_free(trainer);
	if (!vocab)
		abort();
	return vocab;
}

/* --- the plain rule ------------------------------------------------------------------------- */

static bool is_last_of_pair(const struct vocab *vocab, uint32_t rank)
{
	for (uint32_t later = rank + 1; later < vocab->merge_count; later++)
		if (vocab->merges[later].left == vocab->merges[rank].left &&
		    vocab->merges[later].right == vocab->merges[rank].right)
			return false;
	return true;
}

/* Does the leftmost merge of that rank, if there is one. */
static bool merge_once(const struct vocab_merge *merge, uint32_t *ids, size_t *n)
{
	for (size_t i = 0; i + 1 < *n; i++) {
		if (ids[i] != merge->left || ids[i + 1] != merge->right)
			continue;
		ids[i] = merge->result;
		memmove(ids + i + 1, ids + i + 2, (*n - i - 2) * sizeof(*ids));
		--*n;
		return true;
	}
	return false;
}

static size_t ref_merge(const struct vocab *vocab, uint32_t *ids, size_t n)
{
	for (uint32_t rank = 0; rank < vocab->merge_count;) {
		if (is_last_of_pair(vocab, rank) && merge_once(&vocab->merges[rank], ids, &n))
			rank = 0;
		else
			rank++;
	}
	return n;
}

static size_t ref_piece(const struct vocab *vocab, const char *piece, size_t len, uint32_t *ids)
{
	for (uint32_t id = 0; id < vocab->model_count && vocab->ignore_merges; id++) {
		if (vocab->tokens[id].len == len &&
		    memcmp(vocab->tokens[id].bytes, piece, len) == 0) {
			ids[0] = id;
			return 1;
		}
	}
	for (size_t i = 0; i < len; i++)
		ids[i] = vocab->byte_token[(uint8_t)piece[i]];
	return ref_merge(vocab, ids, len);
}

/* --- comparison ----------------------------------------------------------------------------- */

static void check_ways(const struct vocab *vocab, const struct merge_table *table,
		       struct merge_scratch *scratch, const char *piece, size_t len)
{
	uint32_t expected[REF_BYTES_MAX], ids[REF_BYTES_MAX], bytes[REF_BYTES_MAX];
	size_t n;

	for (size_t i = 0; i < len; i++)
		bytes[i] = vocab->byte_token[(uint8_t)piece[i]];
	memcpy(expected, bytes, len * sizeof(*bytes));
	n = ref_merge(vocab, expected, len);
	for (int way = MERGE_BY_ROWS; way <= MERGE_BY_LISTS + 1; way++) {
		if ((way == MERGE_BY_ROWS && len > MERGE_ROWS_MAX) ||
		    (way == MERGE_BY_LISTS && !merge_table_is_ordered(table)))
			continue;
		memcpy(ids, bytes, len * sizeof(*bytes));
		if ((way <= MERGE_BY_LISTS
			     ? bpe_merge_by(table, scratch, ids, len, (enum merge_way)way)
			     : bpe_merge(table, scratch, ids, len)) != n)
			abort();
		if (memcmp(ids, expected, n * sizeof(*ids)) != 0) /* a piece is never empty */
			abort();
	}
}

/* Every piece by every way; false if one is too long for the plain rule. */
static bool check_pieces(const struct vocab *vocab, const char *text, size_t len, uint32_t *ids,
			 size_t *count)
{
	struct split_iter it = split_start(vocab->splits, vocab->split_count, text, len);
	struct merge_table *table = merge_table_new(vocab);
	struct merge_scratch scratch = {0};
	bool short_enough = true;
	const char *piece;
	size_t n;

	*count = 0;
	while (split_next(&it, &piece, &n) && short_enough) {
		short_enough = n <= REF_BYTES_MAX;
		if (!short_enough)
			break;
		check_ways(vocab, table, &scratch, piece, n);
		*count += ref_piece(vocab, piece, n, ids + *count);
	}
	merge_scratch_free(&scratch);
	merge_table_free(table);
	return short_enough;
}

static void check_spans(const struct vocab *vocab, const struct tokens *tokens, const char *text,
			size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < tokens->count; i++) {
		const struct vocab_token *token = &vocab->tokens[tokens->ids[i]];

		if (tokens->spans[i].start != at || tokens->spans[i].end - at != token->len ||
		    memcmp(text + at, token->bytes, token->len) != 0)
			abort();
		at = tokens->spans[i].end;
	}
	if (at != len)
		abort();
}

static void check_decoding(const struct tokenizer *tokenizer, const struct tokens *tokens,
			   int flags, struct buf *whole)
{
	struct text_stream stream = {.flags = flags};
	struct buf text = {0};

	buf_clear(whole);
	buf_str(whole, "");
	buf_str(&text, "");
	if (text_from_tokens(tokenizer, tokens->ids, tokens->count, flags, whole, NULL) < 0)
		abort();
	for (size_t i = 0; i < tokens->count; i++)
		if (text_stream_add(&stream, tokenizer, tokens->ids[i], &text, NULL) < 0)
			abort();
	text_stream_end(&stream, &text);
	if (text.len != whole->len || memcmp(text.data, whole->data, text.len) != 0)
		abort();
	buf_free(&text);
}

static bool same_ids(const uint32_t *a, const uint32_t *b, size_t n)
{
	return !n || memcmp(a, b, n * sizeof(*a)) == 0;
}

/* Twice, that the second comes from the cache. */
static void check_text(const struct tokenizer *tokenizer, const char *text, size_t len)
{
	const struct vocab *vocab = tokenizer_vocab(tokenizer);
	uint32_t *expected = mem_alloc(len + 1, sizeof(*expected));
	struct token_cache *cache = token_cache_new();
	struct tokens tokens = {.wants_spans = true};
	struct buf again = {0};
	size_t count;
	bool known = check_pieces(vocab, text, len, expected, &count);

	for (int round = 0; round < 2; round++) {
		tokens_clear(&tokens);
		tokens_from_text(tokenizer, cache, text, len, TOKENS_PLAIN | TOKENS_BARE, &tokens);
		if (known && (tokens.count != count || !same_ids(tokens.ids, expected, count)))
			abort();
		check_spans(vocab, &tokens, text, len);
	}
	for (int flags = 0; flags < 4; flags++) {
		tokens_clear(&tokens);
		tokens_from_text(tokenizer, cache, text, len, 0, &tokens);
		check_decoding(tokenizer, &tokens, flags, &again);
	}
	tokens_clear(&tokens);
	tokens_from_text(tokenizer, cache, text, len, TOKENS_BARE, &tokens);
	check_spans(vocab, &tokens, text, len);
	check_decoding(tokenizer, &tokens, 0, &again);
	if (again.len != len || (len && memcmp(again.data, text, len) != 0))
		abort();
	tokens_free(&tokens);
	token_cache_free(cache);
	buf_free(&again);
	free(expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	size_t chain = take(&in) % CHAINS;
	uint8_t kind = take(&in);
	int merges = take(&in) % (MERGES_MAX + 1);
	struct tokenizer *tokenizer;
	struct vocab *vocab;

	if (kind & KIND_TRAINED)
		vocab = vocab_from_text(&in, kind, merges, chains[chain].splits,
					chains[chain].count);
	else
		vocab = vocab_from_pairs(&in, kind, merges);
	vocab->split_count = chains[chain].count;
	memcpy(vocab->splits, chains[chain].splits, sizeof(vocab->splits));
	tokenizer = tokenizer_new(vocab);
	check_text(tokenizer, in.size ? (const char *)in.data : "", in.size);
	tokenizer_free(tokenizer);
	return 0;
}
