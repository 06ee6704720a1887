/* SPDX-License-Identifier: MIT */
/*
 * tokenizer: text to tokens and back, by a byte-level BPE vocabulary.
 *
 *	struct tokenizer *tokenizer = tokenizer_read("tokenizer.json", &err);
 *	struct token_cache *cache = token_cache_new();
 *	struct tokens tokens = {0};
 *	tokens_from_text(tokenizer, cache, text, len, 0, &tokens);
 *	if (text_from_tokens(tokenizer, tokens.ids, tokens.count, 0, &buf, &err) < 0) ...
 *
 * A tokenizer is read-only and may be shared by threads; a cache belongs to one thread and one
 * tokenizer. Any bytes are text: what is not UTF-8 becomes tokens, and the same bytes again.
 * Ids are those of Hugging Face tokenizers 0.23 with the same file.
 */
#ifndef TOKENIZER_TOKENIZER_H
#define TOKENIZER_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/encoding/ids_file.h"
#include "formats/model/vocab.h"

struct tokenizer;

/* NULL on failure, as vocab_read fails. */
struct tokenizer *tokenizer_read(const char *path, struct err *err);

/* Takes the vocabulary. */
struct tokenizer *tokenizer_new(struct vocab *vocab);
void tokenizer_free(struct tokenizer *tokenizer);

const struct vocab *tokenizer_vocab(const struct tokenizer *tokenizer);

/* Remembers the tokens of pieces; 2 MiB. */
struct token_cache *token_cache_new(void);
void token_cache_free(struct token_cache *cache);

/* Zeroed before use, but for wants_spans. */
struct tokens {
	uint32_t *ids;
	struct token_span
		*spans; /* of each token; NULL unless wanted. Those of a template are empty */
	size_t count, room;
	bool wants_spans;
};

void tokens_clear(struct tokens *tokens);
void tokens_free(struct tokens *tokens);

enum {
	TOKENS_PLAIN = 1, /* the content of an added token is text like any other */
	TOKENS_BARE = 2,  /* without what the template puts around a text */
};

/* Appends the text's tokens. */
void tokens_from_text(const struct tokenizer *tokenizer, struct token_cache *cache,
		      const char *text, size_t len, int flags, struct tokens *tokens);

enum {
	TEXT_WITHOUT_SPECIAL = 1, /* special tokens are left out */
	TEXT_LOSSY = 2, /* what is not UTF-8 becomes U+FFFD, as Rust and Python replace it */
};

/* Appends the text of the tokens. ERR_FORMAT for an id that is no token; *text holds then what it
 * held before. */
int text_from_tokens(const struct tokenizer *tokenizer, const uint32_t *ids, size_t count,
		     int flags, struct buf *text, struct err *err);

/* Decoding token by token: whole characters only, the start of one is held back until the rest comes.
 * Zeroed before use. All that is added, and the end, make what text_from_tokens makes at once. */
struct text_stream {
	int flags; /* of text_from_tokens */
	char held[4];
	int held_count;
};

int text_stream_add(struct text_stream *stream, const struct tokenizer *tokenizer, uint32_t id,
		    struct buf *text, struct err *err);

/* Appends what is held back, as it is or as U+FFFD. */
void text_stream_end(struct text_stream *stream, struct buf *text);

#endif
