/* SPDX-License-Identifier: MIT */
/*
 * cadtok: one verb after the other, each with its own options.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "tokenizer/cadtok_bench_main.h"
#include "tokenizer/cadtok_decode_main.h"
#include "tokenizer/cadtok_encode_main.h"
#include "tokenizer/cadtok_inspect_main.h"
#include "tokenizer/cadtok_train_main.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
	const char *about;
} verbs[] = {
	{"train", cadtok_train_main, "fit a vocabulary to programs"},
	{"encode", cadtok_encode_main, "text to ids"},
	{"decode", cadtok_decode_main, "ids to text"},
	{"inspect", cadtok_inspect_main, "show a vocabulary, or a text with its tokens marked"},
	{"bench", cadtok_bench_main, "measure encoding, decoding and counting"},
};

#define VERB_COUNT (sizeof(verbs) / sizeof(*verbs))

static int print_help(void)
{
	printf("Usage: cadtok VERB [OPTION]...\n"
	       "Byte-level BPE tokenizers in the format of Hugging Face tokenizers.\n\n"
	       "Verbs, each with a --help of its own (cadtok VERB --help):\n");
	for (size_t i = 0; i < VERB_COUNT; i++)
		printf("  %-10s %s\n", verbs[i].name, verbs[i].about);
	printf("\n  -h, --help     print this help and exit\n"
	       "  -V, --version  print the version and exit\n");
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "cadtok: cannot write to standard output\n");
	return 1;
}

static int print_version(void)
{
	printf("cadtok (cadgen) %s\n", PACKAGE_VERSION);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "cadtok: cannot write to standard output\n");
	return 1;
}

static int refuse(const char *name)
{
	if (name)
		fprintf(stderr, "cadtok: unknown verb '%s'; the verbs are", name);
	else
		fprintf(stderr, "cadtok: a verb is needed:");
	for (size_t i = 0; i < VERB_COUNT; i++)
		fprintf(stderr, "%s %s", i ? "," : "", verbs[i].name);
	fprintf(stderr, "; see cadtok --help\n");
	return 2;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return refuse(NULL);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_help();
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		return print_version();
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	return refuse(argv[1]);
}
