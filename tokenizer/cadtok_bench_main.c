/* SPDX-License-Identifier: MIT */
/*
 * cadtok bench: rates over texts in memory, best and median of some rounds; each round has a fresh
 * cache, and its decoding gives the texts back.
 */
#include <config.h>

#include "tokenizer/cadtok_bench_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/cadtok_input_main.h"
#include "tokenizer/tokenizer.h"

#define ROUNDS_MAX 1000

struct options {
	const char *tokenizer;
	int64_t rounds;
	char **operands;
	int operand_count;
};

struct run {
	struct options o;
	struct tokenizer *tokenizer;
	struct buf text; /* of all inputs */
	size_t *ends;    /* of each text in it */
	size_t count, room;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"tokenizer", 't', "FILE", "the tokenizer.json", CLI_STRING, &o->tokenizer, 0, 0,
		 NULL},
		{"rounds", 'r', "N", "how often each is measured (10)", CLI_INT, &o->rounds, 1,
		 ROUNDS_MAX, NULL},
		{0},
	};
	const struct cli_program program = {"cadtok bench",
					    "--tokenizer FILE [OPTION]... DATASET|FILE...",
					    "Measures encoding, decoding and the counting of "
					    "pieces over datasets and the lines "
					    "of files, on one thread.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	o->operands = argv + first;
	o->operand_count = argc - first;
	if (!o->tokenizer)
		return err_set(err, ERR_USAGE, "bench needs --tokenizer");
	if (!o->operand_count)
		return err_set(err, ERR_USAGE, "bench needs a dataset or a file");
	return 0;
}

static int keep_text(void *ctx, const char *text, size_t len, struct err *err)
{
	struct run *run = ctx;

	(void)err;
	if (run->count == run->room) {
		run->room = run->room ? mem_mul(run->room, 2) : 1024;
		run->ends = mem_realloc(run->ends, run->room, sizeof(*run->ends));
	}
	buf_bytes(&run->text, text, len);
	run->ends[run->count++] = run->text.len;
	return 0;
}

static double encode(const struct run *run, struct tokens *tokens)
{
	struct token_cache *cache = token_cache_new();
	double start = clock_seconds();
	size_t at = 0;

	tokens_clear(tokens);
	for (size_t i = 0; i < run->count; at = run->ends[i++])
		tokens_from_text(run->tokenizer, cache, run->text.data + at, run->ends[i] - at,
				 TOKENS_BARE, tokens);
	start = clock_seconds() - start;
	token_cache_free(cache);
	return start;
}

static double decode(const struct run *run, const struct tokens *tokens, struct buf *text)
{
	double start = clock_seconds();

	buf_clear(text);
	text_from_tokens(run->tokenizer, tokens->ids, tokens->count, 0, text, NULL);
	return clock_seconds() - start;
}

static double count(const struct run *run)
{
	const struct vocab *vocab = tokenizer_vocab(run->tokenizer);
	struct bpe_trainer *trainer = bpe_trainer_new(vocab->splits, vocab->split_count);
	double start = clock_seconds();
	size_t at = 0;

	for (size_t i = 0; i < run->count; at = run->ends[i++])
		bpe_trainer_add(trainer, run->text.data + at, run->ends[i] - at);
	start = clock_seconds() - start;
	bpe_trainer_free(trainer);
	return start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void report(const struct run *run, const char *what, double *times)
{
	int n = (int)run->o.rounds;
	double mb = (double)run->text.len / 1e6;

	qsort(times, (size_t)n, sizeof(*times), compare);
	printf("%-8s %8.1f MB/s best %8.1f MB/s median\n", what, mb / times[0], mb / times[n / 2]);
}

static int measure(const struct run *run, struct err *err)
{
	double times[3][ROUNDS_MAX];
	struct tokens tokens = {0};
	struct buf text = {0};
	bool same;

	for (int i = 0; i < run->o.rounds; i++) {
		times[0][i] = encode(run, &tokens);
		times[1][i] = decode(run, &tokens, &text);
		times[2][i] = count(run);
	}
	same = text.len == run->text.len && memcmp(text.data, run->text.data, text.len) == 0;
	printf("%zu texts, %zu bytes, %zu tokens\n", run->count, run->text.len, tokens.count);
	report(run, "encode", times[0]);
	report(run, "decode", times[1]);
	report(run, "count", times[2]);
	tokens_free(&tokens);
	buf_free(&text);
	if (!same)
		return err_set(err, ERR_FORMAT, "decoding gave other text");
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_errno(err, "cannot write to standard output");
	return 0;
}

static int bench(struct run *run, struct err *err)
{
	run->tokenizer = tokenizer_read(run->o.tokenizer, err);
	if (!run->tokenizer)
		return -1;
	for (int i = 0; i < run->o.operand_count; i++)
		if (input_texts(run->o.operands[i], keep_text, run, err) < 0)
			return -1;
	if (!run->text.len)
		return err_set(err, ERR_FORMAT, "there is no text to measure with");
	return measure(run, err);
}

int cadtok_bench_main(int argc, char **argv)
{
	struct run run = {.o = {.rounds = 10}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = bench(&run, &err);
	tokenizer_free(run.tokenizer);
	buf_free(&run.text);
	free(run.ends);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadtok: %s\n", err.msg);
	return cli_status(&err);
}
