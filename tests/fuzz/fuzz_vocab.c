/* SPDX-License-Identifier: MIT */
/*
 * vocab_parse. "@" in the input stands for the 256 bytes of a vocabulary, so that what stands around
 * them is searched. What is accepted encodes texts, the input among them, and decodes them to the same
 * bytes; it is written where training could have made it, and read again as the same vocabulary. What is
 * refused must leave a proper error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "formats/model/vocab.h"
#include "tests/vocab_parts.h"
#include "tokenizer/tokenizer.h"

static void put_text(const uint8_t *data, size_t size, struct buf *out)
{
	const uint8_t *at = size ? memchr(data, '@', size) : NULL;
	size_t before = at ? (size_t)(at - data) : size;

	buf_bytes(out, data, before);
	if (at) {
		vocab_bytes_write(out);
		buf_bytes(out, at + 1, size - before - 1);
	}
}

static bool same_token(const struct vocab_token *a, const struct vocab_token *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void check_same(const struct vocab *a, const struct vocab *b)
{
	if (a->token_count != b->token_count || a->model_count != b->model_count ||
	    a->merge_count != b->merge_count || a->added_count != b->added_count ||
	    a->before_count != b->before_count || a->after_count != b->after_count ||
	    a->split_count != b->split_count || a->ignore_merges != b->ignore_merges ||
	    memcmp(a->byte_token, b->byte_token, sizeof(a->byte_token)) != 0)
		abort();
	for (uint32_t id = 0; id < a->token_count; id++)
		if (!same_token(&a->tokens[id], &b->tokens[id]))
			abort();
	if (a->merge_count &&
	    memcmp(a->merges, b->merges, a->merge_count * sizeof(*a->merges)) != 0)
		abort();
	for (uint32_t i = 0; i < a->added_count; i++) {
		const struct added_token *x = &a->added[i], *y = &b->added[i];

		if (x->id != y->id || x->special != y->special || x->lstrip != y->lstrip ||
		    x->rstrip != y->rstrip || x->normalized != y->normalized)
			abort();
	}
	for (int i = 0; i < a->before_count; i++)
		if (a->before[i] != b->before[i])
			abort();
	for (int i = 0; i < a->after_count; i++)
		if (a->after[i] != b->after[i])
			abort();
}

static bool is_written(const struct vocab *vocab)
{
	return (vocab->split_count == 1 && vocab->splits[0] == SPLIT_GPT2) ||
	       (vocab->split_count == 2 && vocab->splits[0] == SPLIT_DIGITS &&
		vocab->splits[1] == SPLIT_GPT2);
}

static void check_round_trip(const struct vocab *vocab)
{
	struct buf out = {0};
	struct vocab *again;

	if (!is_written(vocab))
		return;
	vocab_write(vocab, &out);
	again = vocab_parse("written", out.data, out.len, NULL);
	if (!again)
		abort();
	check_same(vocab, again);
	vocab_free(again);
	buf_free(&out);
}

static bool strips(const struct vocab *vocab)
{
	for (uint32_t i = 0; i < vocab->added_count; i++)
		if (vocab->added[i].lstrip || vocab->added[i].rstrip)
			return true;
	return false;
}

static void check_text(const struct tokenizer *tokenizer, struct token_cache *cache,
		       const char *text, size_t len, int flags)
{
	struct tokens tokens = {.wants_spans = true};
	struct buf again = {0};
	size_t at = 0;

	tokens_from_text(tokenizer, cache, text, len, flags, &tokens);
	if (text_from_tokens(tokenizer, tokens.ids, tokens.count, 0, &again, NULL) < 0)
		abort();
	for (size_t i = 0; i < tokens.count; at = tokens.spans[i++].end)
		if (tokens.spans[i].start != at || tokens.spans[i].end <= at)
			abort();
	if (at != len)
		abort();
	if (flags & TOKENS_PLAIN || !strips(tokenizer_vocab(tokenizer)))
		if (again.len != len || (len && memcmp(again.data, text, len) != 0))
			abort();
	tokens_free(&tokens);
	buf_free(&again);
}

/* Takes the vocabulary. */
static void check_tokenizer(struct vocab *vocab, const char *text, size_t len)
{
	static const char sample[] =
		"circle(x=30, y=-5.25)  it's\n\n \xc3\xa9\xe4\xb8\xad\xff\t<s> ";
	struct tokenizer *tokenizer = tokenizer_new(vocab);
	struct token_cache *cache = token_cache_new();

	for (int plainly = 0; plainly < 2; plainly++) {
		int flags = TOKENS_BARE | (plainly ? TOKENS_PLAIN : 0);

		check_text(tokenizer, cache, sample, sizeof(sample) - 1, flags);
		check_text(tokenizer, cache, text, len, flags);
	}
	token_cache_free(cache);
	tokenizer_free(tokenizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = {0};
	struct err err = {0};
	struct vocab *vocab;

	put_text(data, size, &text);
	vocab = vocab_parse("fuzz", text.data ? text.data : "", text.len, &err);
	if (vocab) {
		check_round_trip(vocab);
		check_tokenizer(vocab, (const char *)data, size);
	} else if ((err.code != ERR_FORMAT && err.code != ERR_LIMIT &&
		    err.code != ERR_UNSUPPORTED) ||
		   strncmp(err.msg, "fuzz:", 5) != 0 || strchr(err.msg, '\n')) {
		abort();
	}
	buf_free(&text);
	return 0;
}
