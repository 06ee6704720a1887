/* SPDX-License-Identifier: MIT */
/*
 * program_tokens: the tokens of a vocabulary with which a program of a language may go on.
 *
 *	struct program_tokens *p = program_tokens_new(vocab, LANGUAGE_CALLS, eos, &err);
 *	options.grammar = p->table;
 *	program_tokens_free(p);
 */
#ifndef TRAINER_PROGRAM_TOKENS_H
#define TRAINER_PROGRAM_TOKENS_H

#include "formats/model/vocab.h"
#include "formats/program/program.h"
#include "tokenizer/token_table.h"

struct program_tokens {
	struct automaton *automaton;
	struct token_table *table;
};

/* end is the id of </s>. As token_table_from_vocab; NULL on failure. */
struct program_tokens *program_tokens_new(const struct vocab *vocab, enum language language,
					  uint32_t end, struct err *err);

/* The same of solids in the language sketch. */
struct program_tokens *program_tokens_of_solids(const struct vocab *vocab, uint32_t end,
						struct err *err);

/* NULL is allowed. */
void program_tokens_free(struct program_tokens *tokens);

#endif
