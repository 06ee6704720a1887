/* SPDX-License-Identifier: MIT */
/*
 * Text is cut at added tokens, what lies between into pieces, a piece into tokens. Programs consist
 * of few different pieces, so nearly all are found in the cache, where a piece of up to 24 bytes
 * takes one comparison of three words; a single byte is a token of its own and needs not even that.
 */
#include <config.h>

#include "tokenizer/tokenizer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_map.h"
#include "base/mem.h"
#include "tokenizer/added_match.h"
#include "tokenizer/bpe_merge.h"
#include "tokenizer/split.h"
#include "tokenizer/token_cache.h"
#include "tokenizer/unicode_class.h"

struct tokenizer {
	struct vocab *vocab;
	struct merge_table *merges;
	struct added_match *added, *normalized;
	struct byte_map whole; /* with ignore_merges: the bytes of the model's tokens */
	uint32_t *whole_ids;   /* of each */
	uint8_t *special;      /* of each id */
};

static void index_whole(struct tokenizer *t)
{
	const struct vocab *vocab = t->vocab;

	t->whole_ids = mem_alloc(vocab->model_count, sizeof(*t->whole_ids));
	for (uint32_t id = 0; id < vocab->model_count; id++) {
		const struct vocab_token *token = &vocab->tokens[id];

		if (token->is_verbatim)
			continue;
		t->whole_ids[byte_map_add(&t->whole, token->bytes, token->len)] = id;
	}
}

struct tokenizer *tokenizer_new(struct vocab *vocab)
{
	struct tokenizer *t = mem_alloc(1, sizeof(*t));

	t->vocab = vocab;
	t->merges = merge_table_new(vocab);
	t->added = added_match_new(vocab, false);
	t->normalized = added_match_new(vocab, true);
	if (vocab->ignore_merges)
		index_whole(t);
	t->special = mem_alloc(vocab->token_count, 1);
	for (uint32_t i = 0; i < vocab->added_count; i++)
		t->special[vocab->added[i].id] = vocab->added[i].special;
	return t;
}

struct tokenizer *tokenizer_read(const char *path, struct err *err)
{
	struct vocab *vocab = vocab_read(path, err);

	return vocab ? tokenizer_new(vocab) : NULL;
}

void tokenizer_free(struct tokenizer *tokenizer)
{
	if (!tokenizer)
		return;
	merge_table_free(tokenizer->merges);
	added_match_free(tokenizer->added);
	added_match_free(tokenizer->normalized);
	vocab_free(tokenizer->vocab);
	byte_map_free(&tokenizer->whole);
	free(tokenizer->whole_ids);
	free(tokenizer->special);
	free(tokenizer);
}

const struct vocab *tokenizer_vocab(const struct tokenizer *tokenizer)
{
	return tokenizer->vocab;
}

struct token_cache *token_cache_new(void)
{
	struct token_cache *cache = mem_alloc(1, sizeof(*cache));

	cache->slots = mem_alloc(CACHE_SLOTS, sizeof(*cache->slots));
	return cache;
}

void token_cache_free(struct token_cache *cache)
{
	if (!cache)
		return;
	merge_scratch_free(&cache->scratch);
	free(cache->slots);
	free(cache);
}

void tokens_clear(struct tokens *tokens)
{
	tokens->count = 0;
}

void tokens_free(struct tokens *tokens)
{
	free(tokens->ids);
	free(tokens->spans);
	*tokens = (struct tokens){.wants_spans = tokens->wants_spans};
}

/* --- text to tokens ------------------------------------------------------------------------- */

/* Makes room for n more. */
static inline void reserve(struct tokens *tokens, size_t n)
{
	if (tokens->room - tokens->count >= n)
		return;
	tokens->room = mem_add(mem_add(tokens->count, n), tokens->count / 2 + 64);
	tokens->ids = mem_realloc(tokens->ids, tokens->room, sizeof(*tokens->ids));
	if (tokens->wants_spans)
		tokens->spans = mem_realloc(tokens->spans, tokens->room, sizeof(*tokens->spans));
}

static void put_token(struct tokens *tokens, uint32_t id, size_t start, size_t end)
{
	reserve(tokens, 1);
	if (tokens->wants_spans)
		tokens->spans[tokens->count] = (struct token_span){start, end};
	tokens->ids[tokens->count++] = id;
}

/* Of the n tokens put last, which cover the text from `at` on. */
static void put_spans(const struct tokenizer *t, struct tokens *tokens, size_t n, size_t at)
{
	for (size_t i = tokens->count - n; i < tokens->count; i++) {
		size_t len = t->vocab->tokens[tokens->ids[i]].len;

		tokens->spans[i] = (struct token_span){at, at + len};
		at += len;
	}
}

/* The piece that is a token, whatever its merges; VOCAB_NONE if there is none. */
static uint32_t whole_token(const struct tokenizer *t, const char *piece, size_t len)
{
	uint32_t number = byte_map_find(&t->whole, piece, len);

	return number == BYTE_MAP_NONE ? VOCAB_NONE : t->whole_ids[number];
}

/* Writes the piece's tokens to ids, where there is room for len; returns how many they are. */
static size_t merge_piece(const struct tokenizer *t, struct token_cache *cache, const char *piece,
			  size_t len, uint32_t *ids)
{
	uint32_t whole = whole_token(t, piece, len);

	if (whole != VOCAB_NONE) {
		ids[0] = whole;
		return 1;
	}
	for (size_t i = 0; i < len; i++)
		ids[i] = t->vocab->byte_token[(uint8_t)piece[i]];
	return bpe_merge(t->merges, &cache->scratch, ids, len);
}

static size_t piece_tokens(const struct tokenizer *t, struct token_cache *cache, const char *piece,
			   size_t len, size_t readable, uint32_t *ids)
{
	struct cache_slot *slot;
	uint64_t key[3];
	size_t n;

	if (len > CACHE_KEY_BYTES)
		return merge_piece(t, cache, piece, len, ids);
	cache_key(piece, len, readable, key);
	slot = &cache->slots[cache_place(key, len)];
	if (slot->len == len && slot->key[0] == key[0] && slot->key[1] == key[1] &&
	    slot->key[2] == key[2]) {
		for (size_t i = 0; i < slot->count; i++)
			ids[i] = slot->ids[i];
		return slot->count;
	}
	n = merge_piece(t, cache, piece, len, ids);
	if (n <= CACHE_IDS) {
		memcpy(slot->key, key, sizeof(slot->key));
		memcpy(slot->ids, ids, n * sizeof(*ids));
		slot->len = (uint16_t)len;
		slot->count = (uint16_t)n;
	}
	return n;
}

/* text[at..end), which holds no added token. */
static void put_pieces(const struct tokenizer *t, struct token_cache *cache, const char *text,
		       size_t at, size_t end, struct tokens *tokens)
{
	struct split_iter it =
		split_start(t->vocab->splits, t->vocab->split_count, text + at, end - at);
	const char *piece;
	size_t len, n;

	while (split_next(&it, &piece, &len)) {
		assert(len < (size_t)1 << 31);
		reserve(tokens, len);
		if (len == 1) {
			tokens->ids[tokens->count] = t->vocab->byte_token[(uint8_t)*piece];
			n = 1;
		} else {
			n = piece_tokens(t, cache, piece, len, (size_t)(text + end - piece),
					 tokens->ids + tokens->count);
		}
		tokens->count += n;
		if (tokens->wants_spans)
			put_spans(t, tokens, n, (size_t)(piece - text));
	}
}

/* text[at..end), cut at the normalized ones of the added tokens. */
static void put_text(const struct tokenizer *t, struct token_cache *cache, const char *text,
		     size_t at, size_t end, struct tokens *tokens)
{
	struct added_found found;

	while (added_match_next(t->normalized, text, at, end, &found)) {
		put_pieces(t, cache, text, at, found.start, tokens);
		put_token(tokens, found.id, found.start, found.end);
		at = found.end;
	}
	put_pieces(t, cache, text, at, end, tokens);
}

void tokens_from_text(const struct tokenizer *tokenizer, struct token_cache *cache,
		      const char *text, size_t len, int flags, struct tokens *tokens)
{
	const struct vocab *vocab = tokenizer->vocab;
	struct added_found found;
	size_t at = 0;

	for (int i = 0; i < vocab->before_count && !(flags & TOKENS_BARE); i++)
		put_token(tokens, vocab->before[i], 0, 0);
	while (!(flags & TOKENS_PLAIN) &&
	       added_match_next(tokenizer->added, text, at, len, &found)) {
		put_text(tokenizer, cache, text, at, found.start, tokens);
		put_token(tokens, found.id, found.start, found.end);
		at = found.end;
	}
	if (flags & TOKENS_PLAIN)
		put_pieces(tokenizer, cache, text, at, len, tokens);
	else
		put_text(tokenizer, cache, text, at, len, tokens);
	for (int i = 0; i < vocab->after_count && !(flags & TOKENS_BARE); i++)
		put_token(tokens, vocab->after[i], 0, 0);
}

/* --- tokens to text ------------------------------------------------------------------------- */

static int no_token(const struct tokenizer *t, uint32_t id, struct err *err)
{
	return err_set(err, ERR_FORMAT, "no token has id %u; the vocabulary has %u", id,
		       t->vocab->token_count);
}

/* Appends what is whole of the bytes, broken characters replaced; returns how many bytes at the end
 * begin a character that may go on. */
static size_t put_lossy(const char *p, size_t len, struct buf *text)
{
	const char *end = p + len;

	while (p < end) {
		int bytes = utf8_extent(p, end);

		if (bytes < 0 && p - bytes == end)
			return (size_t)-bytes;
		if (bytes > 0)
			buf_bytes(text, p, (size_t)bytes);
		else
			buf_str(text, "\xef\xbf\xbd");
		p += bytes > 0 ? bytes : bytes < 0 ? -bytes : 1;
	}
	return 0;
}

/* Bytes at the end that begin a character. */
static size_t open_end(const char *p, size_t len)
{
	for (size_t n = 1; n <= 3 && n <= len; n++) {
		int bytes = utf8_extent(p + len - n, p + len);

		if (bytes < 0 && (size_t)-bytes == n)
			return n;
		if (bytes > 0)
			return 0;
	}
	return 0;
}

int text_stream_add(struct text_stream *stream, const struct tokenizer *tokenizer, uint32_t id,
		    struct buf *text, struct err *err)
{
	const struct vocab *vocab = tokenizer->vocab;
	struct buf bytes = {0};
	size_t held;

	if (id >= vocab->token_count)
		return no_token(tokenizer, id, err);
	if (stream->flags & TEXT_WITHOUT_SPECIAL && tokenizer->special[id])
		return 0;
	buf_bytes(&bytes, stream->held, (size_t)stream->held_count);
	buf_bytes(&bytes, vocab->tokens[id].bytes, vocab->tokens[id].len);
	if (stream->flags & TEXT_LOSSY) {
		held = put_lossy(bytes.data, bytes.len, text);
	} else {
		held = open_end(bytes.data, bytes.len);
		buf_bytes(text, bytes.data, bytes.len - held);
	}
	memcpy(stream->held, bytes.data + bytes.len - held, held);
	stream->held_count = (int)held;
	buf_free(&bytes);
	return 0;
}

void text_stream_end(struct text_stream *stream, struct buf *text)
{
	if (stream->held_count && stream->flags & TEXT_LOSSY)
		buf_str(text, "\xef\xbf\xbd");
	else
		buf_bytes(text, stream->held, (size_t)stream->held_count);
	stream->held_count = 0;
}

int text_from_tokens(const struct tokenizer *tokenizer, const uint32_t *ids, size_t count,
		     int flags, struct buf *text, struct err *err)
{
	struct text_stream stream = {.flags = flags & TEXT_LOSSY};
	struct buf bytes = {0};

	for (size_t i = 0; i < count; i++)
		if (ids[i] >= tokenizer->vocab->token_count)
			return no_token(tokenizer, ids[i], err);
	for (size_t i = 0; i < count; i++) {
		const struct vocab_token *token = &tokenizer->vocab->tokens[ids[i]];

		if (!(flags & TEXT_WITHOUT_SPECIAL && tokenizer->special[ids[i]]))
			buf_bytes(flags & TEXT_LOSSY ? &bytes : text, token->bytes, token->len);
	}
	if (bytes.len) {
		stream.held_count = put_lossy(bytes.data, bytes.len, text) > 0;
		text_stream_end(&stream, text);
	}
	buf_free(&bytes);
	return 0;
}
