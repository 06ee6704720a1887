/* SPDX-License-Identifier: MIT */
/*
 * vocab: a byte-level BPE vocabulary, and tokenizer.json, the file of Hugging Face tokenizers.
 *
 *	struct vocab *vocab = vocab_read("tokenizer.json", &err);
 *	if (!vocab) ...
 *	... vocab->tokens[id].bytes, vocab->merges[rank].left
 *	vocab_free(vocab);
 *
 * In the file a token is written in the byte alphabet of GPT-2: bytes 33-126, 161-172 and 174-255 as
 * the characters of these codes, the other 68 in their order as U+0100 to U+0143. Here a token is the
 * bytes it stands for. The file's keys and their order are those of tokenizers 0.23.
 *
 * Read is what byte-level files hold that GPT-2 and Llama 3 use: no normalizer; splits by Digits,
 * ByteLevel and the patterns of these and of Qwen 2 (whose own file has a normalizer, NFC); templates
 * around one text; added tokens. Anything else that would change tokens (another model, SentencePiece,
 * dropout, a normalizer, an unknown pattern, truncation, padding, a prefix, added tokens that are
 * single words) is ERR_UNSUPPORTED with its name.
 */
#ifndef FORMATS_VOCAB_H
#define FORMATS_VOCAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define VOCAB_TOKENS_MAX 4000000
#define VOCAB_SPLITS_MAX 4
#define VOCAB_NONE UINT32_MAX

/* How text falls into pieces that no token crosses; each later one splits the pieces of the one
 * before. */
enum split {
	SPLIT_DIGITS,     /* each numeric character alone */
	SPLIT_DIGIT_RUNS, /* each run of numeric characters */
	SPLIT_GPT2,       /* ByteLevel with use_regex */
	SPLIT_LLAMA3,     /* words with one sign before, up to three digits, line ends */
	SPLIT_QWEN2,      /* the same, single digits */
};

struct vocab_token {
	const char *bytes; /* any bytes, then a NUL that does not count */
	uint32_t len;      /* at least 1 */
	bool is_verbatim; /* the file's key is these bytes, not characters for them: no merge makes it */
};

/* left + right -> result; its rank is its place. */
struct vocab_merge {
	uint32_t left, right, result;
};

/* A token found in text before that is split; its bytes are its content. */
struct added_token {
	uint32_t id;
	bool special;        /* decoders leave it out on demand */
	bool lstrip, rstrip; /* takes the white space before, behind it along */
	bool normalized;     /* found in what the others have left */
};

struct vocab {
	uint32_t token_count;
	struct vocab_token *tokens;
	uint32_t model_count; /* tokens from here on are added ones that the model does not know */
	uint32_t byte_token[256];
	struct vocab_merge *merges;
	uint32_t merge_count;
	struct added_token *added; /* in order of the file */
	uint32_t added_count;
	bool ignore_merges; /* a piece that is a token is that token, whatever its merges */
	enum split splits[VOCAB_SPLITS_MAX];
	int split_count;
	uint32_t *before, *after; /* ids put around a text: of <s>, for instance */
	int before_count, after_count;
	struct arena arena; /* owns all of the above */
};

/* Reads a tokenizer.json of at most 64 MiB. NULL with ERR_FORMAT (file:line) for broken JSON, wrong
 * types, ids given twice or left out, a merge of unknown tokens, bytes without a token; with
 * ERR_UNSUPPORTED as said above; with ERR_LIMIT for more than VOCAB_TOKENS_MAX tokens; ERR_IO. */
struct vocab *vocab_read(const char *path, struct err *err);

/* The same from text; name stands for the path in messages. */
struct vocab *vocab_parse(const char *name, const char *text, size_t len, struct err *err);

void vocab_free(struct vocab *vocab);

/* Appends tokenizer.json as tokenizers 0.23 writes it, byte for byte. Splits are one of those that
 * training offers: SPLIT_GPT2 alone, or behind SPLIT_DIGITS. */
void vocab_write(const struct vocab *vocab, struct buf *out);

/* The id of a token's bytes, by search from the first; VOCAB_NONE. For a few names, not for text. */
uint32_t vocab_find(const struct vocab *vocab, const char *bytes);

/* The token as the file writes it, in the byte alphabet; an added or verbatim one as it is. */
void vocab_write_token(const struct vocab *vocab, uint32_t id, struct buf *out);

/* The token for which a key of the model stands, in the arena: the key itself where it leaves the byte
 * alphabet. key is UTF-8. */
struct vocab_token vocab_token_from_key(const char *key, struct arena *arena);

/* The code point of a byte in the byte alphabet, and back: -1 for what is no code point of it. */
uint32_t byte_alphabet_code(uint8_t byte);
int byte_alphabet_byte(uint32_t code);

/* The byte as a file writes it, in UTF-8: 1 or 2 bytes, then a NUL; returns how many. */
size_t byte_alphabet_key(uint8_t byte, char key[3]);

#endif
