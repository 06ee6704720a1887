/* SPDX-License-Identifier: MIT */
/*
 * cadtok train: counts pieces of all inputs, merges, and writes tokenizer.json with the small files that
 * transformers reads beside it.
 */
#include <config.h>

#include "tokenizer/cadtok_train_main.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/fs.h"
#include "formats/model/vocab_files.h"
#include "formats/scene/shape.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/cadtok_input_main.h"

#define SPECIAL_MAX 1024

struct options {
	const char *input, *out, *special;
	int64_t vocab_size;
	uint64_t min_frequency;
	int digits;
	bool quiet;
	char **operands;
	int operand_count;
};

enum digits { DIGITS_SINGLE, DIGITS_JOINED };
static const char *const digits_names[] = {"single", "joined", NULL};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"input", 'i', "DATASET|FILE",
		 "what to learn from, like an operand; - is standard "
		 "input",
		 CLI_STRING, &o->input, 0, 0, NULL},
		{"vocab-size", 'v', "N", "tokens, special ones and 256 bytes included (2048)",
		 CLI_INT, &o->vocab_size, 257, VOCAB_TOKENS_MAX, NULL},
		{"min-frequency", 'm', "N", "how often a pair must occur to be merged (2)",
		 CLI_UINT64, &o->min_frequency, 0, 0, NULL},
		{"special", 's', "A,B,...", "special tokens behind the built-in ones", CLI_STRING,
		 &o->special, 0, 0, NULL},
		{"digits", 'd', "HOW", "whether each digit is a token of its own (single)",
		 CLI_CHOICE, &o->digits, 0, 0, digits_names},
		{"out", 'o', "FILE",
		 "the file to write; its companions go beside it "
		 "(tokenizer.json)",
		 CLI_STRING, &o->out, 0, 0, NULL},
		{"quiet", 'q', NULL, "print nothing but errors", CLI_FLAG, &o->quiet, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {"cadtok train", "[OPTION]... DATASET|FILE...",
					    "Fits a byte-level BPE vocabulary to the prompts and "
					    "programs of datasets and to the "
					    "lines of files.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	o->operands = argv + first;
	o->operand_count = argc - first;
	if (!o->input && !o->operand_count)
		return err_set(err, ERR_USAGE, "train needs a dataset or a file");
	return 0;
}

/* --- special tokens ------------------------------------------------------------------------- */

struct special {
	const char *names[SPECIAL_MAX + 1]; /* in text */
	int count;
	struct buf text;
};

static int add_special(struct special *special, const char *name, size_t len, size_t *starts,
		       struct err *err)
{
	if (special->count == SPECIAL_MAX)
		return err_set(err, ERR_USAGE, "--special: more than %d special tokens",
			       SPECIAL_MAX);
	starts[special->count++] = special->text.len;
	buf_bytes(&special->text, name, len);
	buf_char(&special->text, '\0');
	return 0;
}

static int add_models(struct special *special, size_t *starts, struct err *err)
{
	char name[64];

	for (int kind = 0; kind < SHAPE_COUNT_; kind++) {
		if (!shape_is_of_family((enum shape_kind)kind, FAMILY_CABINET))
			continue;
		snprintf(name, sizeof(name), "<model_%s>", shape_kind_name((enum shape_kind)kind));
		if (add_special(special, name, strlen(name), starts, err) < 0)
			return -1;
	}
	return 0;
}

static int add_list(struct special *special, const char *list, size_t *starts, struct err *err)
{
	while (list) {
		size_t len = strcspn(list, ",");

		if (add_special(special, list, len, starts, err) < 0)
			return -1;
		list = list[len] ? list + len + 1 : NULL;
	}
	return 0;
}

static int special_list(struct special *special, const char *list, struct err *err)
{
	size_t starts[SPECIAL_MAX];

	for (const char *const *name = vocab_roles; *name; name++)
		if (add_special(special, *name, strlen(*name), starts, err) < 0)
			return -1;
	if (add_models(special, starts, err) < 0 || add_list(special, list, starts, err) < 0)
		return -1;
	for (int i = 0; i < special->count; i++)
		special->names[i] = special->text.data + starts[i];
	return 0;
}

/* --- training ------------------------------------------------------------------------------- */

static int use_text(void *ctx, const char *text, size_t len, struct err *err)
{
	if (len > UINT32_MAX)
		return err_set(err, ERR_LIMIT, "a text of %zu bytes; at most 2^32 - 1", len);
	bpe_trainer_add(ctx, text, len);
	return 0;
}

static int read_inputs(const struct options *o, struct bpe_trainer *trainer, struct err *err)
{
	if (o->input && input_texts(o->input, use_text, trainer, err) < 0)
		return -1;
	for (int i = 0; i < o->operand_count; i++)
		if (input_texts(o->operands[i], use_text, trainer, err) < 0)
			return -1;
	return 0;
}

static void report(const struct options *o, const struct bpe_counts *counts,
		   const struct vocab *vocab)
{
	if (o->quiet)
		return;
	fprintf(stderr,
		"cadtok: %" PRIu64 " bytes, %" PRIu64 " pieces, %u different ones; %u tokens, %u "
		"merges: %s\n",
		counts->bytes, counts->pieces, counts->distinct, vocab->token_count,
		vocab->merge_count, o->out);
	if (vocab->token_count < o->vocab_size)
		fprintf(stderr,
			"cadtok: no pair is left that occurs %" PRIu64
			" times: %u tokens are all there are to learn\n",
			o->min_frequency, vocab->token_count);
}

static int train(const struct options *o, struct err *err)
{
	static const enum split splits[] = {SPLIT_DIGITS, SPLIT_GPT2};
	int skip = o->digits == DIGITS_JOINED;
	struct bpe_trainer *trainer = bpe_trainer_new(splits + skip, 2 - skip);
	struct special special = {.count = 0};
	struct vocab *vocab = NULL;
	struct bpe_counts counts;
	int rc = special_list(&special, o->special, err);

	if (rc == 0)
		rc = read_inputs(o, trainer, err);
	counts = bpe_trainer_counts(trainer);
	if (rc == 0) {
		const struct bpe_settings settings = {(uint32_t)o->vocab_size, o->min_frequency,
						      special.names, vocab_roles[VOCAB_ROLE_BOS]};

		vocab = bpe_trainer_run(trainer, &settings, err);
		rc = vocab ? vocab_files_write(vocab, o->out, err) : -1;
	}
	if (rc == 0)
		report(o, &counts, vocab);
	vocab_free(vocab);
	buf_free(&special.text);
	bpe_trainer_free(trainer);
	return rc;
}

int cadtok_train_main(int argc, char **argv)
{
	struct options o = {.vocab_size = 2048, .min_frequency = 2, .out = "tokenizer.json"};
	struct err err = {0};
	int rc = parse_options(&o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = train(&o, &err);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadtok: %s\n", err.msg);
	return cli_status(&err);
}
