/* SPDX-License-Identifier: MIT */
/* cadtok decode: the texts of the ids, a line end between two of them. */
#include <config.h>

#include "tokenizer/cadtok_decode_main.h"

#include <stdio.h>

#include "base/cli.h"
#include "base/fs.h"
#include "formats/encoding/ids_file.h"
#include "tokenizer/cadtok_input_main.h"
#include "tokenizer/tokenizer.h"

struct options {
	const char *tokenizer, *out;
	bool from_stdin, without_special, lossy;
	char **operands;
	int operand_count;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"tokenizer", 't', "FILE", "the tokenizer.json", CLI_STRING, &o->tokenizer, 0, 0,
		 NULL},
		{"out", 'o', "FILE", "where to (standard output)", CLI_STRING, &o->out, 0, 0, NULL},
		{"stdin", 0, NULL, "decode standard input as well", CLI_FLAG, &o->from_stdin, 0, 0,
		 NULL},
		{"skip-special", 's', NULL, "leave out special tokens", CLI_FLAG,
		 &o->without_special, 0, 0, NULL},
		{"lossy", 'l', NULL, "put U+FFFD for what is not UTF-8", CLI_FLAG, &o->lossy, 0, 0,
		 NULL},
		{0},
	};
	const struct cli_program program = {"cadtok decode", "--tokenizer FILE [OPTION]... FILE...",
					    "Turns ids, as lines of numbers, lines of JSON or a "
					    "NumPy array, into text.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	o->operands = argv + first;
	o->operand_count = argc - first;
	if (!o->tokenizer)
		return err_set(err, ERR_USAGE, "decode needs --tokenizer");
	if (!o->from_stdin && !o->operand_count)
		return err_set(err, ERR_USAGE, "decode needs a file, or --stdin");
	return 0;
}

struct run {
	struct options o;
	struct tokenizer *tokenizer;
	struct buf text;
	size_t count; /* of texts so far */
};

static int decode_file(struct run *run, const struct ids_file *file, const char *name,
		       struct err *err)
{
	int flags = (run->o.without_special ? TEXT_WITHOUT_SPECIAL : 0) |
		    (run->o.lossy ? TEXT_LOSSY : 0);
	size_t at = 0;

	for (size_t i = 0; i < file->count; at = file->ends[i++]) {
		if (run->count++)
			buf_char(&run->text, '\n');
		if (text_from_tokens(run->tokenizer, file->ids + at, file->ends[i] - at, flags,
				     &run->text, err) < 0)
			return err_context(err, "%s: text %zu", name, i + 1);
	}
	return 0;
}

static int decode_input(struct run *run, const char *path, struct err *err)
{
	const char *name = path[0] == '-' && !path[1] ? "standard input" : path;
	struct buf data = {0};
	struct ids_file file = {0};
	int rc = input_whole(path, &data, err);

	if (rc == 0)
		rc = ids_file_parse(&file, name, data.data, data.len, err);
	if (rc == 0)
		rc = decode_file(run, &file, name, err);
	ids_file_free(&file);
	buf_free(&data);
	return rc;
}

static int write_text(const struct run *run, struct err *err)
{
	const char *data = run->text.data ? run->text.data : "";

	if (run->o.out)
		return fs_write(run->o.out, data, run->text.len, err);
	if (fwrite(data, 1, run->text.len, stdout) != run->text.len || fflush(stdout) != 0)
		return err_errno(err, "cannot write to standard output");
	return 0;
}

static int decode_all(struct run *run, struct err *err)
{
	if (run->o.from_stdin && decode_input(run, "-", err) < 0)
		return -1;
	for (int i = 0; i < run->o.operand_count; i++)
		if (decode_input(run, run->o.operands[i], err) < 0)
			return -1;
	return write_text(run, err);
}

int cadtok_decode_main(int argc, char **argv)
{
	struct run run = {.o = {0}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0) {
		run.tokenizer = tokenizer_read(run.o.tokenizer, &err);
		rc = run.tokenizer ? decode_all(&run, &err) : -1;
	}
	tokenizer_free(run.tokenizer);
	buf_free(&run.text);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadtok: %s\n", err.msg);
	return cli_status(&err);
}
