/* SPDX-License-Identifier: MIT */
/*
 * cli: one option table per program, over getopt_long.
 *
 *	static struct { int64_t count; const char *out; bool resume; } o = {.count = 10};
 *	static const struct cli_option table[] = {
 *		{"count", 'n', "N", "how many drawings", CLI_INT, .dst = &o.count, .lo = 1,
 *		 .hi = 1000000000},
 *		{"out", 'o', "DIR", "output folder", CLI_STRING, .dst = &o.out},
 *		{"resume", 0, NULL, "go on where a run stopped", CLI_FLAG, .dst = &o.resume},
 *		{0},
 *	};
 *	static const struct cli_program program = {"cadgen", "[OPTION]...", "makes drawings",
 *						   table};
 *	int first = cli_parse(&program, argc, argv, &err);
 *
 * --help and --version are added by cli_parse itself.
 */
#ifndef BASE_CLI_H
#define BASE_CLI_H

#include <stdio.h>

#include "base/err.h"

enum cli_kind {
	CLI_FLAG,   /* bool */
	CLI_INT,    /* int64_t within lo..hi */
	CLI_UINT64, /* uint64_t */
	CLI_REAL,   /* double within lo..hi */
	CLI_STRING, /* const char *, borrowed: from argv, or from who calls cli_set */
	CLI_CHOICE, /* int: index into names */
	CLI_TEXTS,  /* struct cli_texts: one more each time, borrowed likewise */
};

#define CLI_TEXTS_MAX 64

struct cli_texts {
	const char *text[CLI_TEXTS_MAX];
	int count;
};

struct cli_option {
	const char *name;
	int letter;       /* short option or 0 */
	const char *arg;  /* what --help calls the argument; NULL for flags */
	const char *help; /* one line; the default is part of it */
	enum cli_kind kind;
	void *dst;
	double lo, hi;
	const char *const *names; /* CLI_CHOICE: NULL-terminated */
};

struct cli_program {
	const char *name;
	const char *usage;                /* what follows the name in the usage line */
	const char *about;                /* one sentence */
	const struct cli_option *options; /* ends with a zeroed entry */
};

/* Returned by cli_parse when --help or --version was given and printed: exit with status 0. */
#define CLI_DONE (-2)

/* Reads options into their dst. Returns the index of the first operand in argv (operands moved to
 * the end), CLI_DONE, or -1 with err (ERR_USAGE): unknown option, missing or unwanted argument, not
 * a number, out of range (the message gives the range), unknown choice (the message lists them);
 * ERR_IO when help or version cannot be printed. The letters h and V are taken. An option given
 * twice holds its last value. */
int cli_parse(const struct cli_program *program, int argc, char **argv, struct err *err);

/* Sets one option's dst from text, of a flag "true" or "false". Returns 0, or -1 with ERR_USAGE and dst
 * as it was; the message does not name the option: "0 is out of range 1..65536". */
int cli_set(const struct cli_option *option, const char *text, struct err *err);

/* What --help prints, in at most 80 columns; lists the names of a CLI_CHOICE after its help. */
void cli_help(const struct cli_program *program, FILE *out);

/* The exit status for an error: 2 for ERR_USAGE, else 1. */
int cli_status(const struct err *err);

#endif
