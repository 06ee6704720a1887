/* SPDX-License-Identifier: MIT */
/*
 * token_table: the tokens with which a program may go on, for a decoder that takes no other.
 *
 *	struct token_table *t = token_table_new(automaton, tokens, count, end, &err);
 *	int state = 0;
 *	for (;;) {
 *		const uint64_t *allowed = token_table_allowed(t, state);
 *		int token = ... the likeliest with token_is_in(allowed, token) ...
 *		if (token == end)
 *			break;
 *		state = token_table_next(t, state, token);
 *	}
 *	token_table_free(t);
 *
 * Allowed is every token whose bytes keep the automaton alive, however the tokenizer would have cut the
 * text: "ci" and "rcle(" where it has "circle(" too. So each text of the grammar can be said in every
 * way of cutting it into tokens, and what is decoded need not be cut as the tokenizer cuts it; the
 * training on texts cut by it is what makes that way the likeliest. Tokens may end within a word, a
 * number or a character.
 *
 * The end token is allowed just in accepting states. From every state at least one token is allowed,
 * and by single bytes, at the latest, the end is reached: token_table_new sees to it that each byte of
 * the grammar is a token of its own.
 */
#ifndef TOKENIZER_TOKEN_TABLE_H
#define TOKENIZER_TOKEN_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/model/vocab.h"
#include "tokenizer/automaton.h"

/* Bound of the bit sets, all together; ERR_LIMIT beyond. */
#define TOKEN_TABLE_BYTES_MAX ((size_t)1 << 27)

/* The bytes of a token. One of length 0 is special, as those round a picture: it never stands in a
 * program. */
struct token_bytes {
	const uint8_t *data;
	uint32_t len;
};

/* Read-only once made, so any number of threads may use it. */
struct token_table;

/* The table of the tokens 0 to count - 1 over the automaton's states. `end` is one of them, whatever
 * its bytes. Borrows the automaton; the tokens may go away. NULL with err: ERR_FORMAT where a byte
 * that a text may hold is no token, ERR_LIMIT as above. */
struct token_table *token_table_new(const struct automaton *automaton,
				    const struct token_bytes *tokens, int count, int end,
				    struct err *err);

/* The same for a vocabulary, whose added tokens are special; `end` is the id of </s>, say. */
struct token_table *token_table_from_vocab(const struct automaton *automaton,
					   const struct vocab *vocab, uint32_t end,
					   struct err *err);

/* NULL may be freed. */
void token_table_free(struct token_table *t);

/* The set of the tokens that are allowed in the state: bit k % 64 of word k / 64 for token k, in
 * ceil(count / 64) words; bits behind the last token are 0. */
const uint64_t *token_table_allowed(const struct token_table *t, int state);

/* All sets, [token_table_sets, token_table_words], and which of them is a state's. */
const uint64_t *token_table_all_sets(const struct token_table *t);
size_t token_table_words(const struct token_table *t);
int token_table_set_of(const struct token_table *t, int state);

/* The state behind the token, or -1 where it is not allowed, and behind the end. Costs a step for each
 * byte of the token. */
int token_table_next(const struct token_table *t, int state, int token);

/* Memory in bytes, without the automaton; and how many different sets there are. */
size_t token_table_bytes(const struct token_table *t);
int token_table_sets(const struct token_table *t);

static inline bool token_is_in(const uint64_t *set, int token)
{
	return set[token / 64] >> token % 64 & 1;
}

#endif
