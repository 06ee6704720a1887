/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int conversation_check(const struct tokenizer *tokenizer, const struct model_config *config,
		       struct err *err)
{
	uint32_t count = tokenizer_vocab(tokenizer)->token_count;

	if (count > (uint32_t)config->text.vocab)
		return err_set(err, ERR_FORMAT, "the tokenizer has %u tokens, the model %d", count,
			       config->text.vocab);
	return 0;
}

static void add_text(struct tokens *tokens, const struct tokenizer *tokenizer,
		     struct token_cache *cache, const char *text)
{
	tokens_from_text(tokenizer, cache, text, strlen(text), TOKENS_BARE | TOKENS_PLAIN, tokens);
}

void conversation_encode(struct conversation_text *text, const struct tokenizer *tokenizer,
			 struct token_cache *cache, const char *prompt, const char *program)
{
	tokens_clear(&text->prompt);
	tokens_clear(&text->program);
	add_text(&text->prompt, tokenizer, cache, "\n");
	add_text(&text->prompt, tokenizer, cache, prompt);
	add_text(&text->prompt, tokenizer, cache, "\n");
	text->answered = program;
	if (program)
		add_text(&text->program, tokenizer, cache, program);
}

void conversation_text_free(struct conversation_text *text)
{
	tokens_free(&text->prompt);
	tokens_free(&text->program);
}

/* All rows: <s>, picture, prompt, and of an answer its tokens and </s>. */
static size_t count_rows(const struct conversation_text *text, const struct model_config *config)
{
	return 1 + (size_t)model_image_tokens(config) + text->prompt.count +
	       (text->answered ? text->program.count + 1 : 0);
}

int conversation_rows(const struct conversation_text *text, const struct model_config *config,
		      struct err *err)
{
	size_t rows = count_rows(text, config);

	if (rows > (size_t)config->text.positions)
		return err_set(err, ERR_LIMIT,
			       "%zu tokens, picture and prompt included; the model has %d "
			       "positions",
			       rows, config->text.positions);
	return (int)rows;
}

static void put(struct conversation *c, int32_t id)
{
	c->ids[c->count] = id;
	c->targets[c->count++] = -1;
}

static void put_tokens(struct conversation *c, const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++)
		put(c, (int32_t)tokens->ids[i]);
}

void conversation_lay(struct conversation *c, const struct conversation_text *text,
		      const struct model_config *config)
{
	size_t rows = count_rows(text, config);

	if (rows > c->room) {
		c->room = mem_mul(rows, 2);
		c->ids = mem_realloc(c->ids, c->room, sizeof(*c->ids));
		c->targets = mem_realloc(c->targets, c->room, sizeof(*c->targets));
	}
	c->count = 0;
	put(c, config->bos);
	for (int i = 0; i < model_image_tokens(config); i++)
		put(c, config->image);
	put_tokens(c, &text->prompt);
	c->answer = c->count;
	if (!text->answered)
		return;
	put_tokens(c, &text->program);
	put(c, config->eos);
	for (size_t i = c->answer; i < c->count; i++)
		c->targets[i - 1] = c->ids[i];
}

void conversation_free(struct conversation *c)
{
	free(c->ids);
	free(c->targets);
	*c = (struct conversation){0};
}
