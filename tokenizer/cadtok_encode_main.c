/* SPDX-License-Identifier: MIT */
/* cadtok encode: each file, or each line, is one text; each text one line of ids. */
#include <config.h>

#include "tokenizer/cadtok_encode_main.h"

#include <stdio.h>

#include "base/cli.h"
#include "formats/encoding/ids_file.h"
#include "tokenizer/cadtok_input_main.h"
#include "tokenizer/tokenizer.h"

struct options {
	const char *tokenizer, *out;
	int format;
	bool from_stdin, lines, spans, plain, bare;
	char **operands;
	int operand_count;
};

struct run {
	struct options o;
	struct tokenizer *tokenizer;
	struct token_cache *cache;
	struct tokens tokens;
	struct ids_writer ids;
};

static int check_options(const struct options *o, struct err *err)
{
	if (!o->tokenizer)
		return err_set(err, ERR_USAGE, "encode needs --tokenizer");
	if (!o->from_stdin && !o->operand_count)
		return err_set(err, ERR_USAGE, "encode needs a file, or --stdin");
	if (o->spans && o->format != IDS_JSON)
		return err_set(err, ERR_USAGE, "--spans needs --format json");
	return 0;
}

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"tokenizer", 't', "FILE", "the tokenizer.json", CLI_STRING, &o->tokenizer, 0, 0,
		 NULL},
		{"format", 'f', "FORMAT", "how ids are written (text)", CLI_CHOICE, &o->format, 0,
		 0, ids_format_names},
		{"out", 'o', "FILE", "where to (standard output)", CLI_STRING, &o->out, 0, 0, NULL},
		{"stdin", 0, NULL, "encode standard input as well", CLI_FLAG, &o->from_stdin, 0, 0,
		 NULL},
		{"lines", 'l', NULL, "each line is a text, without its end", CLI_FLAG, &o->lines, 0,
		 0, NULL},
		{"spans", 's', NULL, "with the bytes that each token covers", CLI_FLAG, &o->spans,
		 0, 0, NULL},
		{"plain", 'p', NULL, "added tokens are text like any other", CLI_FLAG, &o->plain, 0,
		 0, NULL},
		{"bare", 'b', NULL, "without the tokens that the template puts around a text",
		 CLI_FLAG, &o->bare, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {"cadtok encode", "--tokenizer FILE [OPTION]... FILE...",
					    "Turns texts into ids: one line of them for each text, "
					    "or one array for all.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	o->operands = argv + first;
	o->operand_count = argc - first;
	return check_options(o, err);
}

static int encode(struct run *run, const char *text, size_t len, struct err *err)
{
	int flags = (run->o.plain ? TOKENS_PLAIN : 0) | (run->o.bare ? TOKENS_BARE : 0);

	tokens_clear(&run->tokens);
	tokens_from_text(run->tokenizer, run->cache, text, len, flags, &run->tokens);
	return ids_writer_add(&run->ids, run->tokens.ids, run->o.spans ? run->tokens.spans : NULL,
			      run->tokens.count, err);
}

static int encode_line(void *ctx, const char *text, size_t len, struct err *err)
{
	return encode(ctx, text, len - (len && text[len - 1] == '\n'), err);
}

static int encode_input(struct run *run, const char *path, struct err *err)
{
	struct buf text = {0};
	int rc;

	if (run->o.lines)
		return input_lines(path, encode_line, run, err);
	rc = input_whole(path, &text, err);
	if (rc == 0)
		rc = encode(run, text.data, text.len, err);
	buf_free(&text);
	return rc;
}

static int encode_all(struct run *run, struct err *err)
{
	if (run->o.from_stdin && encode_input(run, "-", err) < 0)
		return -1;
	for (int i = 0; i < run->o.operand_count; i++)
		if (encode_input(run, run->o.operands[i], err) < 0)
			return -1;
	return ids_writer_finish(&run->ids, err);
}

static int encode_with(struct run *run, struct err *err)
{
	int rc;

	run->tokenizer = tokenizer_read(run->o.tokenizer, err);
	if (!run->tokenizer)
		return -1;
	run->cache = token_cache_new();
	run->tokens.wants_spans = run->o.spans;
	rc = ids_writer_open(&run->ids, run->o.out, (enum ids_format)run->o.format, err);
	if (rc == 0)
		rc = encode_all(run, err);
	ids_writer_free(&run->ids);
	tokens_free(&run->tokens);
	token_cache_free(run->cache);
	tokenizer_free(run->tokenizer);
	return rc;
}

int cadtok_encode_main(int argc, char **argv)
{
	struct run run = {.o = {0}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = encode_with(&run, &err);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadtok: %s\n", err.msg);
	return cli_status(&err);
}
