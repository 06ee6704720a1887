/* SPDX-License-Identifier: MIT */
/*
 * The program's table followed by the built-in --help and --version is one list of options; an
 * option's number in it, offset by LONG_BASE, is what getopt_long returns for a long one. The
 * optstring begins with ':' and opterr is 0, so getopt prints nothing and tells a missing argument
 * (':') from the rest ('?'), where optopt is: 0 for an unknown or ambiguous long option, the
 * returned number for a long one with an unwanted argument, the letter for an unknown short one.
 */
#include <config.h>

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cli.h"
#include "base/mem.h"
#include "base/num.h"

#define LONG_BASE 1000
#define HELP_COLUMNS 80
#define WIDEST_LEFT 28 /* longer options have their help below them */

static const struct cli_option builtin[] = {
	{.name = "help", .letter = 'h', .help = "print this help and exit", .kind = CLI_FLAG},
	{.name = "version", .letter = 'V', .help = "print the version and exit", .kind = CLI_FLAG},
};

#define BUILTIN_HELP 0
#define BUILTIN_COUNT 2

static int count_options(const struct cli_program *program)
{
	int n = 0;
	while (program->options[n].name)
		n++;
	return n;
}

/* Option i of the program's n and the built-in ones. */
static const struct cli_option *option_at(const struct cli_program *program, int n, int i)
{
	return i < n ? &program->options[i] : &builtin[i - n];
}

/* The number of the option that getopt_long calls c; it knows no other. */
static int option_number(const struct cli_program *program, int n, int c)
{
	int i = 0;
	if (c >= LONG_BASE)
		return c - LONG_BASE;
	while (option_at(program, n, i)->letter != c)
		i++;
	return i;
}

/* A bound as text: integers without point or exponent. */
static const char *bound_text(double v, char *dst, size_t room)
{
	if (v > -1e15 && v < 1e15 && v == (double)(int64_t)v)
		snprintf(dst, room, "%" PRId64, (int64_t)v);
	else
		snprintf(dst, room, "%.9g", v);
	return dst;
}

static int64_t integer_bound(double v)
{
	if (v >= 0x1p63)
		return INT64_MAX;
	if (v <= -0x1p63)
		return INT64_MIN;
	return (int64_t)v;
}

static int not_a_number(const struct cli_option *option, const char *arg, struct err *err)
{
	/* 2.5 or 1e6 where an integer is asked for */
	double v;
	if (option->kind != CLI_REAL && num_real(arg, -1.0, 1.0, &v) != -1)
		return err_set(err, ERR_USAGE, "'%s' is not an integer in plain digits", arg);
	return err_set(err, ERR_USAGE, "'%s' is not a number", arg);
}

static int set_int(const struct cli_option *option, const char *arg, struct err *err)
{
	int64_t lo = integer_bound(option->lo);
	int64_t hi = integer_bound(option->hi);
	int rc = num_int(arg, lo, hi, option->dst);
	if (rc == -1)
		return not_a_number(option, arg, err);
	if (rc < 0)
		return err_set(err, ERR_USAGE, "%s is out of range %" PRId64 "..%" PRId64, arg, lo,
			       hi);
	return 0;
}

static int set_uint64(const struct cli_option *option, const char *arg, struct err *err)
{
	int rc = num_uint64(arg, option->dst);
	if (rc == -1)
		return not_a_number(option, arg, err);
	if (rc < 0)
		return err_set(err, ERR_USAGE, "%s is out of range 0..%" PRIu64, arg, UINT64_MAX);
	return 0;
}

static int set_real(const struct cli_option *option, const char *arg, struct err *err)
{
	char lo[32], hi[32];
	int rc = num_real(arg, option->lo, option->hi, option->dst);
	if (rc == -1)
		return not_a_number(option, arg, err);
	if (rc < 0)
		return err_set(err, ERR_USAGE, "%s is out of range %s..%s", arg,
			       bound_text(option->lo, lo, sizeof(lo)),
			       bound_text(option->hi, hi, sizeof(hi)));
	return 0;
}

static void put_names(struct buf *b, const char *const *names)
{
	for (int i = 0; names[i]; i++) {
		buf_str(b, i > 0 ? ", " : "");
		buf_str(b, names[i]);
	}
}

static int set_choice(const struct cli_option *option, const char *arg, struct err *err)
{
	for (int i = 0; option->names[i]; i++) {
		if (strcmp(option->names[i], arg) == 0) {
			*(int *)option->dst = i;
			return 0;
		}
	}
	struct buf list = {0};
	put_names(&list, option->names);
	err_set(err, ERR_USAGE, "'%s' is none of %s", arg, list.data);
	buf_free(&list);
	return -1;
}

static int set_flag(const struct cli_option *option, const char *arg, struct err *err)
{
	bool on = strcmp(arg, "true") == 0;

	if (!on && strcmp(arg, "false") != 0)
		return err_set(err, ERR_USAGE, "'%s' is neither true nor false", arg);
	*(bool *)option->dst = on;
	return 0;
}

static int add_text(const struct cli_option *option, const char *arg, struct err *err)
{
	struct cli_texts *texts = option->dst;

	if (texts->count == CLI_TEXTS_MAX)
		return err_set(err, ERR_USAGE, "given more than %d times", CLI_TEXTS_MAX);
	texts->text[texts->count++] = arg;
	return 0;
}

int cli_set(const struct cli_option *option, const char *arg, struct err *err)
{
	switch (option->kind) {
	case CLI_FLAG:
		return set_flag(option, arg, err);
	case CLI_INT:
		return set_int(option, arg, err);
	case CLI_UINT64:
		return set_uint64(option, arg, err);
	case CLI_REAL:
		return set_real(option, arg, err);
	case CLI_STRING:
		*(const char **)option->dst = arg;
		return 0;
	case CLI_CHOICE:
		return set_choice(option, arg, err);
	case CLI_TEXTS:
		return add_text(option, arg, err);
	}
	assert(!"kind");
	return -1;
}

/* Text of columns wide letters: UTF-8 characters count once. */
static int text_columns(const char *s, size_t n)
{
	int columns = 0;
	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)s[i] & 0xc0) != 0x80;
	return columns;
}

/* Prints words from `column` on, in lines that go on at `indent`, and ends the last one. */
static void print_wrapped(FILE *out, const char *text, int column, int indent)
{
	bool first = true;
	for (;;) {
		text += strspn(text, " ");
		size_t n = strcspn(text, " ");
		if (n == 0)
			break;
		int columns = text_columns(text, n);
		if (!first && column + 1 + columns > HELP_COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, n, out);
		column += columns;
		text += n;
		first = false;
	}
	fputc('\n', out);
}

/* "  -n, --count=N" */
static void option_left(const struct cli_option *option, struct buf *b)
{
	buf_clear(b);
	if (option->letter) {
		buf_str(b, "  -");
		buf_char(b, (char)option->letter);
		buf_str(b, ", --");
	} else {
		buf_str(b, "      --");
	}
	buf_str(b, option->name);
	if (option->arg) {
		buf_char(b, '=');
		buf_str(b, option->arg);
	}
}

static void option_right(const struct cli_option *option, struct buf *b)
{
	buf_clear(b);
	buf_str(b, option->help);
	if (option->kind == CLI_CHOICE) {
		buf_str(b, "; one of ");
		put_names(b, option->names);
	}
}

void cli_help(const struct cli_program *program, FILE *out)
{
	int n = count_options(program);
	int indent = 0;
	struct buf text = {0};
	for (int i = 0; i < n + BUILTIN_COUNT; i++) {
		option_left(option_at(program, n, i), &text);
		int columns = text_columns(text.data, text.len);
		if (columns > indent && columns <= WIDEST_LEFT)
			indent = columns;
	}
	indent += 2;

	buf_clear(&text);
	buf_str(&text, "Usage: ");
	buf_str(&text, program->name);
	buf_char(&text, ' ');
	buf_str(&text, program->usage);
	print_wrapped(out, text.data, 0, 8);
	print_wrapped(out, program->about, 0, 0);
	fputc('\n', out);
	for (int i = 0; i < n + BUILTIN_COUNT; i++) {
		const struct cli_option *option = option_at(program, n, i);
		option_left(option, &text);
		int column = text_columns(text.data, text.len);
		fputs(text.data, out);
		if (column + 2 > indent) {
			fputc('\n', out);
			column = 0;
		}
		fprintf(out, "%*s", indent - column, "");
		option_right(option, &text);
		print_wrapped(out, text.data, indent, indent);
	}
	buf_free(&text);
}

static int print_builtin(const struct cli_program *program, int which, struct err *err)
{
	if (which == BUILTIN_HELP)
		cli_help(program, stdout);
	else
		printf("%s (cadgen) %s\n", program->name, PACKAGE_VERSION);
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_errno(err, "cannot write to standard output");
	return CLI_DONE;
}

/* arg is the word that getopt_long could not match, "--name" or "--name=value". */
static int refuse_long(const struct cli_program *program, int n, const char *arg, struct err *err)
{
	struct buf matches = {0};
	size_t len = strcspn(arg, "=");
	for (int i = 0; i < n + BUILTIN_COUNT; i++) {
		const char *name = option_at(program, n, i)->name;
		if (strncmp(name, arg + 2, len - 2) != 0)
			continue;
		buf_str(&matches, matches.len > 0 ? ", --" : "--");
		buf_str(&matches, name);
	}
	if (matches.len > 0)
		err_set(err, ERR_USAGE, "option '%.*s' is ambiguous: %s", (int)len, arg,
			matches.data);
	else
		err_set(err, ERR_USAGE, "unknown option '%.*s'", (int)len, arg);
	buf_free(&matches);
	return -1;
}

static int refuse(const struct cli_program *program, int n, int c, char **argv, struct err *err)
{
	if (c == ':') {
		int i = option_number(program, n, optopt);
		return err_set(err, ERR_USAGE, "option '--%s' needs an argument",
			       option_at(program, n, i)->name);
	}
	if (optopt == 0)
		return refuse_long(program, n, argv[optind - 1], err);
	if (optopt >= LONG_BASE)
		return err_set(err, ERR_USAGE, "option '--%s' takes no argument",
			       option_at(program, n, optopt - LONG_BASE)->name);
	if (optopt > 0x20 && optopt < 0x7f)
		return err_set(err, ERR_USAGE, "unknown option '-%c'", optopt);
	return err_set(err, ERR_USAGE, "unknown option '-\\x%02x'", (unsigned)optopt & 0xff);
}

/* What getopt_long wants to know of the n + BUILTIN_COUNT options. */
static void describe(const struct cli_program *program, int n, struct option *longs,
		     struct buf *shorts)
{
	buf_char(shorts, ':');
	for (int i = 0; i < n + BUILTIN_COUNT; i++) {
		const struct cli_option *option = option_at(program, n, i);
		assert((option->kind == CLI_FLAG) == (option->arg == NULL));
		longs[i].name = option->name;
		longs[i].has_arg = option->arg ? required_argument : no_argument;
		longs[i].val = LONG_BASE + i;
		if (!option->letter)
			continue;
		assert(!strchr(shorts->data, option->letter));
		buf_char(shorts, (char)option->letter);
		if (option->arg)
			buf_char(shorts, ':');
	}
}

int cli_parse(const struct cli_program *program, int argc, char **argv, struct err *err)
{
	int n = count_options(program);
	struct option *longs = mem_alloc((size_t)n + BUILTIN_COUNT + 1, sizeof(*longs));
	struct buf shorts = {0};
	describe(program, n, longs, &shorts);

	int rc = 0;
	int c;
	opterr = 0;
	optind = 0; /* glibc and musl: start over */
	while (rc == 0 && (c = getopt_long(argc, argv, shorts.data, longs, NULL)) != -1) {
		if (c == '?' || c == ':') {
			rc = refuse(program, n, c, argv, err);
			break;
		}
		int i = option_number(program, n, c);
		if (i >= n)
			rc = print_builtin(program, i - n, err);
		else if (cli_set(&program->options[i], optarg ? optarg : "true", err) < 0)
			rc = err_context(err, "--%s", program->options[i].name);
	}
	free(longs);
	buf_free(&shorts);
	return rc < 0 ? rc : optind;
}

int cli_status(const struct err *err)
{
	return err->code == ERR_USAGE ? 2 : 1;
}
