/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void put(struct conversation *c, int32_t id)
{
	if (c->count == c->room) {
		c->room = c->room ? mem_mul(c->room, 2) : 256;
		c->ids = mem_realloc(c->ids, c->room, sizeof(*c->ids));
		c->targets = mem_realloc(c->targets, c->room, sizeof(*c->targets));
	}
	c->ids[c->count] = id;
	c->targets[c->count++] = -1;
}

static void put_text(struct conversation *c, const struct tokenizer *tokenizer,
		     struct token_cache *cache, const char *text)
{
	tokens_clear(&c->tokens);
	tokens_from_text(tokenizer, cache, text, strlen(text), TOKENS_BARE | TOKENS_PLAIN,
			 &c->tokens);
	for (size_t i = 0; i < c->tokens.count; i++)
		put(c, (int32_t)c->tokens.ids[i]);
}

void conversation_encode(struct conversation *c, const struct tokenizer *tokenizer,
			 struct token_cache *cache, const struct model_config *config,
			 const char *prompt, const char *program)
{
	c->count = 0;
	put(c, config->bos);
	for (int i = 0; i < model_image_tokens(config); i++)
		put(c, config->image);
	put_text(c, tokenizer, cache, "\n");
	put_text(c, tokenizer, cache, prompt);
	put_text(c, tokenizer, cache, "\n");
	c->answer = c->count;
	if (!program)
		return;
	put_text(c, tokenizer, cache, program);
	put(c, config->eos);
	for (size_t i = c->answer; i < c->count; i++)
		c->targets[i - 1] = c->ids[i];
}

void conversation_free(struct conversation *c)
{
	free(c->ids);
	free(c->targets);
	tokens_free(&c->tokens);
	*c = (struct conversation){0};
}
