/* SPDX-License-Identifier: MIT */
/* A step as the words of a command: program, verb, options, operands. */
#include <config.h>

#include "trainer/loop/loop.h"

#include <string.h>

struct words {
	char **word;
	size_t count;
	struct arena *arena;
};

static void add(struct words *words, const char *text, size_t len)
{
	words->word[words->count++] = arena_strndup(words->arena, text, len);
}

static void add_text(struct words *words, const char *text)
{
	add(words, text, strlen(text));
}

/* "--name=value,value"; of references paths. */
static void add_option(struct words *words, const struct loop *loop,
		       const struct loop_recipe_option *option)
{
	struct buf word = {0};

	buf_str(&word, "--");
	buf_str(&word, option->reference ? option->reference->option : option->key);
	for (const struct loop_recipe_value *v = option->first; v; v = v->next) {
		buf_char(&word, v == option->first ? '=' : ',');
		loop_value_path(loop, v, &word);
	}
	add(words, word.data, word.len);
	buf_free(&word);
}

/* cadtok writes a file, the others folders, which cadconv has for an operand. */
static void add_out(struct words *words, const struct loop *loop,
		    const struct loop_recipe_step *step)
{
	struct buf word = {0}, path = {0};

	buf_str(&word, step->kind == RECIPE_PARTS ? "" : "--out=");
	buf_str(&word, loop_path(loop, step->name,
				 step->kind == RECIPE_TOKENIZER ? ".part/tokenizer.json" : ".part",
				 &path));
	add(words, word.data, word.len);
	buf_free(&word);
	buf_free(&path);
}

static bool is_operand(const struct loop_recipe_option *option)
{
	return option->reference && !option->reference->option;
}

static void add_operands(struct words *words, const struct loop *loop,
			 const struct loop_recipe_option *option)
{
	struct buf word = {0};

	for (const struct loop_recipe_value *v = option->first; v; v = v->next) {
		buf_clear(&word);
		loop_value_path(loop, v, &word);
		add(words, word.data, word.len);
	}
	buf_free(&word);
}

/* At most: program, verb, --out, --resume, -- and the end; an option; an operand for every value. */
static size_t room_for(const struct loop_recipe_step *step)
{
	size_t n = 6;

	for (const struct loop_recipe_option *o = step->first; o; o = o->next) {
		n++;
		for (const struct loop_recipe_value *v = o->first; v; v = v->next)
			n++;
	}
	return n;
}

void loop_command(const struct loop *loop, struct loop_step *step, struct arena *arena)
{
	const struct loop_recipe_step *recipe = step->recipe;
	struct words words = {.arena = arena};

	if (!step->program)
		return;
	words.word = ARENA_NEW(arena, char *, room_for(recipe));
	add_text(&words, step->program->path);
	if (loop_recipe_kind_verb(recipe->kind))
		add_text(&words, loop_recipe_kind_verb(recipe->kind));
	for (const struct loop_recipe_option *o = recipe->first; o; o = o->next)
		if (!is_operand(o))
			add_option(&words, loop, o);
	if (recipe->kind != RECIPE_PARTS)
		add_out(&words, loop, recipe);
	if (step->state == LOOP_BEGUN)
		add_text(&words, "--resume");
	add_text(&words, "--");
	if (recipe->kind == RECIPE_PARTS)
		add_out(&words, loop, recipe);
	for (const struct loop_recipe_option *o = recipe->first; o; o = o->next)
		if (is_operand(o))
			add_operands(&words, loop, o);
	if (strcmp(words.word[words.count - 1], "--") == 0)
		words.word[--words.count] = NULL;
	step->argv = words.word;
}

/* Whether a shell takes it as it stands. */
static bool is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./=,:@%+";

	return *word && word[strspn(word, plain)] == '\0';
}

void loop_write_command(char *const *argv, struct buf *out)
{
	for (int i = 0; argv[i]; i++) {
		buf_str(out, i ? " " : "");
		if (is_plain(argv[i])) {
			buf_str(out, argv[i]);
			continue;
		}
		buf_char(out, '\'');
		for (const char *c = argv[i]; *c; c++)
			if (*c == '\'')
				buf_str(out, "'\\''");
			else
				buf_char(out, *c);
		buf_char(out, '\'');
	}
}
