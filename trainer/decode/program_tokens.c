/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/decode/program_tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/encoding/gbnf.h"
#include "formats/program/program_grammar.h"

static struct program_tokens *new_for(const struct vocab *vocab, const char *name, const char *text,
				      const char *rule, uint32_t end, struct err *err)
{
	struct gbnf *grammar = gbnf_parse(name, text, strlen(text), err);
	struct program_tokens *tokens;

	if (!grammar)
		return NULL;
	tokens = mem_alloc(1, sizeof(*tokens));
	tokens->automaton = automaton_from_gbnf(grammar, rule, err);
	gbnf_free(grammar);
	if (tokens->automaton)
		tokens->table = token_table_from_vocab(tokens->automaton, vocab, end, err);
	if (tokens->table)
		return tokens;
	program_tokens_free(tokens);
	return NULL;
}

struct program_tokens *program_tokens_new(const struct vocab *vocab, enum language language,
					  uint32_t end, struct err *err)
{
	return new_for(vocab, "program.gbnf", program_grammar, language_names[language], end, err);
}

struct program_tokens *program_tokens_of_solids(const struct vocab *vocab, uint32_t end,
						struct err *err)
{
	return new_for(vocab, "solids.gbnf", solids_grammar, "sketch", end, err);
}

void program_tokens_free(struct program_tokens *tokens)
{
	if (!tokens)
		return;
	token_table_free(tokens->table);
	automaton_free(tokens->automaton);
	free(tokens);
}
