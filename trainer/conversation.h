/* SPDX-License-Identifier: MIT */
/*
 * conversation: a prompt and its answer as the row of tokens that the model reads.
 *
 *	struct conversation c = {0};
 *	conversation_encode(&c, tokenizer, cache, &config, prompt, program);
 *	... c.ids[i], c.targets[i] for i < c.count
 *	conversation_free(&c);
 *
 * The text is that of the chat template: <s>, the picture's tokens, a line end, the prompt, a line end,
 * the program, </s>. Each token of program and </s> is the target of the row before it.
 */
#ifndef TRAINER_CONVERSATION_H
#define TRAINER_CONVERSATION_H

#include <stdint.h>

#include "formats/model_config.h"
#include "tokenizer/tokenizer.h"

/* Zeroed before use; used again and again. */
struct conversation {
	int32_t *ids, *targets; /* targets: -1 where nothing is to be said */
	size_t count, room;
	size_t answer; /* the first row of the program: what a decoder is given ends before it */
	struct tokens tokens;
};

/* program may be NULL: then the row ends where the answer begins. */
void conversation_encode(struct conversation *c, const struct tokenizer *tokenizer,
			 struct token_cache *cache, const struct model_config *config,
			 const char *prompt, const char *program);
void conversation_free(struct conversation *c);

#endif
