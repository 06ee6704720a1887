/* SPDX-License-Identifier: MIT */
/*
 * cadtok inspect: what a vocabulary holds; or a text with a blank between tokens, each as the file
 * writes it, so that a blank of the text is seen as U+0120 and a line end as U+010A.
 */
#include <config.h>

#include "tokenizer/cadtok_inspect_main.h"

#include <stdio.h>
#include <string.h>

#include "base/cli.h"
#include "tokenizer/cadtok_input_main.h"
#include "tokenizer/tokenizer.h"

#define LINE_COLUMNS 96
#define LONGEST_SHOWN 12

struct options {
	bool all, from_stdin;
	char **operands; /* the tokenizer.json, then texts */
	int operand_count;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"tokens", 't', NULL, "list all tokens with their ids", CLI_FLAG, &o->all, 0, 0,
		 NULL},
		{"stdin", 0, NULL, "mark the tokens of standard input", CLI_FLAG, &o->from_stdin, 0,
		 0, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadtok inspect", "[OPTION]... TOKENIZER.JSON [FILE]...",
		"Shows what a vocabulary holds, or the tokens of texts, "
		"a blank between two.",
		table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	o->operands = argv + first;
	o->operand_count = argc - first;
	if (!o->operand_count)
		return err_set(err, ERR_USAGE, "inspect needs a tokenizer.json");
	return 0;
}

static const char *const split_about[] = {
	[SPLIT_DIGITS] = "each digit alone", [SPLIT_DIGIT_RUNS] = "digits by runs",
	[SPLIT_GPT2] = "words as GPT-2's",   [SPLIT_LLAMA3] = "words as Llama 3's",
	[SPLIT_QWEN2] = "words as Qwen 2's",
};

/* Ids of the longest tokens that are not added ones, the longest first. */
static int longest_tokens(const struct vocab *vocab, uint32_t *ids)
{
	int n = 0;

	for (uint32_t id = 0; id < vocab->model_count; id++) {
		bool added = false;
		int at = n;

		for (uint32_t i = 0; i < vocab->added_count; i++)
			added |= vocab->added[i].id == id;
		if (added)
			continue;
		while (at > 0 && vocab->tokens[ids[at - 1]].len < vocab->tokens[id].len)
			at--;
		if (at == LONGEST_SHOWN)
			continue;
		n += n < LONGEST_SHOWN;
		memmove(ids + at + 1, ids + at, (size_t)(n - 1 - at) * sizeof(*ids));
		ids[at] = id;
	}
	return n;
}

static void show_template(const struct vocab *vocab, struct buf *out)
{
	buf_str(out, "template:");
	for (int i = 0; i < vocab->before_count; i++) {
		buf_char(out, ' ');
		vocab_write_token(vocab, vocab->before[i], out);
	}
	buf_str(out, " TEXT");
	for (int i = 0; i < vocab->after_count; i++) {
		buf_char(out, ' ');
		vocab_write_token(vocab, vocab->after[i], out);
	}
	buf_char(out, '\n');
}

static void show_vocab(const struct vocab *vocab, struct buf *out)
{
	uint32_t longest[LONGEST_SHOWN + 1];
	int n = longest_tokens(vocab, longest);

	buf_str(out, "tokens: ");
	buf_int(out, vocab->token_count);
	buf_str(out, "\nmerges: ");
	buf_int(out, vocab->merge_count);
	buf_str(out, vocab->ignore_merges ? ", ignored for pieces that are tokens" : "");
	buf_str(out, "\npieces:");
	for (int i = 0; i < vocab->split_count; i++) {
		buf_str(out, i ? ", then " : " ");
		buf_str(out, split_about[vocab->splits[i]]);
	}
	buf_str(out, vocab->split_count ? "\n" : " whole texts\n");
	show_template(vocab, out);
	buf_str(out, "added tokens:\n");
	for (uint32_t i = 0; i < vocab->added_count; i++) {
		buf_str(out, "  ");
		buf_int(out, vocab->added[i].id);
		buf_char(out, ' ');
		vocab_write_token(vocab, vocab->added[i].id, out);
		buf_str(out, vocab->added[i].special ? "\n" : " (not special)\n");
	}
	buf_str(out, "longest tokens:\n");
	for (int i = 0; i < n; i++) {
		buf_str(out, "  ");
		buf_int(out, longest[i]);
		buf_char(out, ' ');
		vocab_write_token(vocab, longest[i], out);
		buf_char(out, '\n');
	}
}

static void list_tokens(const struct vocab *vocab, struct buf *out)
{
	for (uint32_t id = 0; id < vocab->token_count; id++) {
		buf_int(out, id);
		buf_char(out, '\t');
		vocab_write_token(vocab, id, out);
		buf_char(out, '\n');
	}
}

static void show_tokens(const struct vocab *vocab, const struct tokens *tokens, size_t bytes,
			struct buf *out)
{
	size_t line = out->len;

	for (size_t i = 0; i < tokens->count; i++) {
		size_t len = vocab->tokens[tokens->ids[i]].len;
		bool start = out->len == line;

		if (!start && out->len - line + 1 + len > LINE_COLUMNS) {
			buf_char(out, '\n');
			line = out->len;
			start = true;
		}
		if (!start)
			buf_char(out, ' ');
		vocab_write_token(vocab, tokens->ids[i], out);
	}
	buf_str(out, "\n\n");
	buf_int(out, (int64_t)bytes);
	buf_str(out, " bytes, ");
	buf_int(out, (int64_t)tokens->count);
	buf_str(out, " tokens, ");
	buf_fixed(out, (double)bytes / (double)(tokens->count ? tokens->count : 1), 2);
	buf_str(out, " bytes a token\n");
}

static int mark_input(const struct tokenizer *tokenizer, const char *path, struct buf *out,
		      struct err *err)
{
	struct token_cache *cache = token_cache_new();
	struct tokens tokens = {0};
	struct buf text = {0};
	int rc = input_whole(path, &text, err);

	if (rc == 0) {
		tokens_from_text(tokenizer, cache, text.data, text.len, 0, &tokens);
		show_tokens(tokenizer_vocab(tokenizer), &tokens, text.len, out);
	}
	tokens_free(&tokens);
	token_cache_free(cache);
	buf_free(&text);
	return rc;
}

static int inspect(const struct options *o, const struct tokenizer *tokenizer, struct buf *out,
		   struct err *err)
{
	if (o->all)
		list_tokens(tokenizer_vocab(tokenizer), out);
	else if (o->operand_count == 1 && !o->from_stdin)
		show_vocab(tokenizer_vocab(tokenizer), out);
	if (o->from_stdin && mark_input(tokenizer, "-", out, err) < 0)
		return -1;
	for (int i = 1; i < o->operand_count; i++)
		if (mark_input(tokenizer, o->operands[i], out, err) < 0)
			return -1;
	if (out->len && (fwrite(out->data, 1, out->len, stdout) != out->len || fflush(stdout) != 0))
		return err_errno(err, "cannot write to standard output");
	return 0;
}

int cadtok_inspect_main(int argc, char **argv)
{
	struct options o = {0};
	struct tokenizer *tokenizer = NULL;
	struct buf out = {0};
	struct err err = {0};
	int rc = parse_options(&o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0) {
		tokenizer = tokenizer_read(o.operands[0], &err);
		rc = tokenizer ? inspect(&o, tokenizer, &out, &err) : -1;
	}
	tokenizer_free(tokenizer);
	buf_free(&out);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadtok: %s\n", err.msg);
	return cli_status(&err);
}
