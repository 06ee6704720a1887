/* SPDX-License-Identifier: MIT */
/*
 * conversation: a prompt and its answer as the row of tokens that the model reads.
 *
 *	struct conversation_text text = {0};
 *	struct conversation c = {0};
 *	conversation_encode(&text, tokenizer, cache, prompt, program);
 *	if (conversation_rows(&text, &config, &err) < 0) ...
 *	conversation_lay(&c, &text, &config);
 *	... c.ids[i], c.targets[i] for i < c.count
 *	conversation_free(&c);
 *	conversation_text_free(&text);
 *
 * The text is that of the chat template: <s>, the picture's tokens, a line end, the prompt, a line end,
 * the program, </s>. Each token of program and </s> is the target of the row before it.
 */
#ifndef TRAINER_CONVERSATION_H
#define TRAINER_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/model/model_config.h"
#include "tokenizer/tokenizer.h"

/* ERR_FORMAT where the tokenizer has tokens that the model has not. */
int conversation_check(const struct tokenizer *tokenizer, const struct model_config *config,
		       struct err *err);

/* Tokens without picture and without <s> and </s>. Zeroed before use; used again and again. */
struct conversation_text {
	struct tokens prompt, program; /* prompt: with the line ends round it */
	bool answered;                 /* there is a program, be it empty */
};

/* program may be NULL: there will be an answer. */
void conversation_encode(struct conversation_text *text, const struct tokenizer *tokenizer,
			 struct token_cache *cache, const char *prompt, const char *program);
void conversation_text_free(struct conversation_text *text);

/* How many rows it takes. ERR_LIMIT for more than the model has positions. */
int conversation_rows(const struct conversation_text *text, const struct model_config *config,
		      struct err *err);

/* Zeroed before use; used again and again. */
struct conversation {
	int32_t *ids, *targets; /* targets: -1 where nothing is to be said */
	size_t count, room;
	size_t answer; /* the first row of the program: what a decoder is given ends before it */
};

/* Lays the rows. Without a program they end where the answer begins. */
void conversation_lay(struct conversation *c, const struct conversation_text *text,
		      const struct model_config *config);
void conversation_free(struct conversation *c);

#endif
