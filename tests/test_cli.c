/* SPDX-License-Identifier: MIT */
/* cli: what options do to their dst, every refusal's message, and what --help and --version say. */
#include <config.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cli.h"

static struct {
	int64_t count, columns;
	uint64_t seed;
	double scale;
	const char *out;
	int style;
	bool resume;
} o;

static struct cli_texts sets;

static const char *const styles[] = {"iso", "ansi", "jis", NULL};

static const struct cli_option table[] = {
	{"count", 'n', "N", "how many drawings (default 10)", CLI_INT, &o.count, 1, 1e9, NULL},
	{"columns", 0, "N", "any integer", CLI_INT, &o.columns, -0x1p63, 0x1p63, NULL},
	{"seed", 's', "SEED", "all that chance depends on", CLI_UINT64, &o.seed, 0, 0, NULL},
	{"scale", 0, "X", "paper over model", CLI_REAL, &o.scale, 0.25, 1e6, NULL},
	{"out", 'o', "DIR", "output folder", CLI_STRING, &o.out, 0, 0, NULL},
	{"style", 0, "NAME", "drawing style", CLI_CHOICE, &o.style, 0, 0, styles},
	{"resume", 'r', NULL,
	 "go on where a run that was stopped by a signal, a full disk or a "
	 "power cut has left off, keeping what is complete",
	 CLI_FLAG, &o.resume, 0, 0, NULL},
	{"an-option-with-a-long-name", 0, "ARGUMENT", "help below", CLI_STRING, &o.out, 0, 0, NULL},
	{0},
};

static const struct cli_program program = {"cadgen-test", "[OPTION]... [FILE]...",
					   "Makes drawings and says nothing more.", table};

/* Splits line at spaces into argv and parses it. */
static int parse(const char *line, struct err *err)
{
	static char words[256];
	static char *argv[32];
	int argc = 0;
	snprintf(words, sizeof(words), "cadgen-test %s", line);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	*err = (struct err){0};
	return cli_parse(&program, argc, argv, err);
}

static int reset(void **state)
{
	(void)state;
	memset(&o, 0, sizeof(o));
	o.count = 10;
	return 0;
}

static void assert_parsed(const char *line, int first)
{
	struct err err;
	assert_int_equal(parse(line, &err), first);
	assert_int_equal(err.code, ERR_NONE);
}

static void assert_refused(const char *line, const char *msg)
{
	struct err err;
	assert_int_equal(parse(line, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, msg);
}

static void test_nothing_given(void **state)
{
	(void)state;
	assert_parsed("", 1);
	assert_int_equal(o.count, 10);
	assert_false(o.resume);
	assert_null(o.out);
}

static void test_every_kind(void **state)
{
	(void)state;
	assert_parsed("--count=5 --columns -7 --seed 18446744073709551615 --scale 2.5 --out=d "
		      "--style ansi --resume",
		      12);
	assert_true(o.count == 5);
	assert_true(o.columns == -7);
	assert_true(o.seed == UINT64_MAX);
	assert_true(o.scale == 2.5);
	assert_string_equal(o.out, "d");
	assert_int_equal(o.style, 1);
	assert_true(o.resume);
}

static void test_letters(void **state)
{
	(void)state;
	assert_parsed("-rn5 -s 9 -od", 5);
	assert_true(o.resume);
	assert_true(o.count == 5);
	assert_true(o.seed == 9);
	assert_string_equal(o.out, "d");
}

static void test_bounds_are_included(void **state)
{
	(void)state;
	assert_parsed("--count 1 --scale 0.25", 5);
	assert_true(o.count == 1 && o.scale == 0.25);
	assert_parsed("--count 1000000000 --scale 1000000", 5);
	assert_true(o.count == 1000000000 && o.scale == 1e6);
	assert_parsed("--columns -9223372036854775808", 3);
	assert_true(o.columns == INT64_MIN);
	assert_parsed("--columns 9223372036854775807", 3);
	assert_true(o.columns == INT64_MAX);
}

static void test_last_wins(void **state)
{
	(void)state;
	assert_parsed("--count 5 --out a -n 6 --out b", 9);
	assert_true(o.count == 6);
	assert_string_equal(o.out, "b");
}

static void test_operands(void **state)
{
	(void)state;
	char w0[] = "cadgen-test", w1[] = "a", w2[] = "--resume", w3[] = "b", w4[] = "--",
	     w5[] = "--count";
	char *argv[] = {w0, w1, w2, w3, w4, w5, NULL};
	struct err err = {0};
	assert_int_equal(cli_parse(&program, 6, argv, &err), 3);
	assert_true(o.resume);
	assert_string_equal(argv[3], "a");
	assert_string_equal(argv[4], "b");
	assert_string_equal(argv[5], "--count");
}

static void test_abbreviation(void **state)
{
	(void)state;
	assert_parsed("--cou 5", 3);
	assert_true(o.count == 5);
	assert_refused("--co 5", "option '--co' is ambiguous: --count, --columns");
}

static void test_unknown(void **state)
{
	(void)state;
	assert_refused("--foo", "unknown option '--foo'");
	assert_refused("a --foo=3 b", "unknown option '--foo'");
	assert_refused("-x", "unknown option '-x'");
	assert_refused("-rx", "unknown option '-x'");
	assert_true(o.resume);
	assert_refused("-\xc3\xa9", "unknown option '-\\xc3'");
}

static void test_arguments_missing_and_unwanted(void **state)
{
	(void)state;
	assert_refused("--count", "option '--count' needs an argument");
	assert_refused("-n", "option '--count' needs an argument");
	assert_refused("-rn", "option '--count' needs an argument");
	assert_refused("--resume=yes", "option '--resume' takes no argument");
	assert_refused("--help=me", "option '--help' takes no argument");
}

static void test_not_numbers(void **state)
{
	(void)state;
	assert_refused("--count abc", "--count: 'abc' is not a number");
	assert_refused("-n 5x", "--count: '5x' is not a number");
	assert_refused("--count=", "--count: '' is not a number");
	assert_refused("--seed x", "--seed: 'x' is not a number");
	assert_refused("--scale nan", "--scale: 'nan' is not a number");
	assert_refused("--scale 1,5", "--scale: '1,5' is not a number");
	assert_refused("--count 1e99", "--count: '1e99' is not an integer in plain digits");
	assert_refused("--count 2.5", "--count: '2.5' is not an integer in plain digits");
	assert_refused("--seed 1e3", "--seed: '1e3' is not an integer in plain digits");
	assert_true(o.count == 10);
}

static void test_out_of_range(void **state)
{
	(void)state;
	assert_refused("--count -5", "--count: -5 is out of range 1..1000000000");
	assert_refused("--count 0", "--count: 0 is out of range 1..1000000000");
	assert_refused("--count 1000000001", "--count: 1000000001 is out of range 1..1000000000");
	assert_refused("--columns 9223372036854775808",
		       "--columns: 9223372036854775808 is out of range "
		       "-9223372036854775808..9223372036854775807");
	assert_refused("--seed -1", "--seed: -1 is out of range 0..18446744073709551615");
	assert_refused("--seed 18446744073709551616",
		       "--seed: 18446744073709551616 is out of range 0..18446744073709551615");
	assert_refused("--scale 0.2", "--scale: 0.2 is out of range 0.25..1000000");
	assert_refused("--scale 1e99", "--scale: 1e99 is out of range 0.25..1000000");
	assert_true(o.count == 10 && o.seed == 0 && o.scale == 0.0);
}

static void test_unknown_choice(void **state)
{
	(void)state;
	assert_refused("--style din", "--style: 'din' is none of iso, ansi, jis");
	assert_refused("--style is", "--style: 'is' is none of iso, ansi, jis");
}

static void assert_set(int option, const char *text)
{
	struct err err = {0};
	assert_int_equal(cli_set(&table[option], text, &err), 0);
	assert_int_equal(err.code, ERR_NONE);
}

static void assert_not_set(int option, const char *text, const char *msg)
{
	struct err err = {0};
	assert_int_equal(cli_set(&table[option], text, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, msg);
}

static void test_set(void **state)
{
	(void)state;
	assert_set(0, "5");
	assert_set(3, "2.5");
	assert_set(4, "here");
	assert_set(5, "jis");
	assert_set(6, "true");
	assert_true(o.count == 5 && o.scale == 2.5 && o.style == 2 && o.resume);
	assert_string_equal(o.out, "here");
	assert_set(6, "false");
	assert_false(o.resume);
	assert_not_set(0, "0", "0 is out of range 1..1000000000");
	assert_not_set(2, "x", "'x' is not a number");
	assert_not_set(5, "din", "'din' is none of iso, ansi, jis");
	assert_not_set(6, "yes", "'yes' is neither true nor false");
	assert_true(o.count == 5 && o.style == 2 && !o.resume);
}

/* Parses line with stdout led to path; then reads path into text. */
static int parse_printing(const char *line, const char *path, struct err *err)
{
	fflush(stdout);
	int saved = dup(STDOUT_FILENO);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(saved >= 0 && fd >= 0);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	int rc = parse(line, err);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	clearerr(stdout);
	return rc;
}

static void capture(const char *line, char *text, size_t room)
{
	char path[] = "/tmp/test_cli.XXXXXX";
	struct err err;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(parse_printing(line, path, &err), CLI_DONE);
	ssize_t got = read(fd, text, room - 1);
	assert_true(got >= 0);
	text[got] = '\0';
	close(fd);
	unlink(path);
}

static const char expected_help[] =
	"Usage: cadgen-test [OPTION]... [FILE]...\n"
	"Makes drawings and says nothing more.\n"
	"\n"
	"  -n, --count=N     how many drawings (default 10)\n"
	"      --columns=N   any integer\n"
	"  -s, --seed=SEED   all that chance depends on\n"
	"      --scale=X     paper over model\n"
	"  -o, --out=DIR     output folder\n"
	"      --style=NAME  drawing style; one of iso, ansi, jis\n"
	"  -r, --resume      go on where a run that was stopped by a signal, a full disk\n"
	"                    or a power cut has left off, keeping what is complete\n"
	"      --an-option-with-a-long-name=ARGUMENT\n"
	"                    help below\n"
	"  -h, --help        print this help and exit\n"
	"  -V, --version     print the version and exit\n";

static void test_help(void **state)
{
	(void)state;
	char text[4096];
	capture("--help", text, sizeof(text));
	assert_string_equal(text, expected_help);
	capture("-rh --foo", text, sizeof(text)); /* what comes after is not looked at */
	assert_string_equal(text, expected_help);
}

/* A table of its own: the help of the other is looked at whole. */
static void test_texts(void **state)
{
	static const struct cli_option texts[] = {
		{"set", 's', "TEXT", "once more", CLI_TEXTS, &sets, 0, 0, NULL},
		{0},
	};
	static const struct cli_program takes_texts = {"cadgen-test", "", "", texts};
	char *argv[CLI_TEXTS_MAX + 3] = {"cadgen-test", "--set=a", "-s", "b=c", NULL};
	struct err err = {0};

	(void)state;
	sets.count = 0;
	assert_int_equal(cli_parse(&takes_texts, 4, argv, &err), 4);
	assert_int_equal(sets.count, 2);
	assert_string_equal(sets.text[0], "a");
	assert_string_equal(sets.text[1], "b=c");
	for (int i = 1; i <= CLI_TEXTS_MAX + 1; i++)
		argv[i] = "--set=x";
	sets.count = 0;
	assert_int_equal(cli_parse(&takes_texts, CLI_TEXTS_MAX + 2, argv, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, "--set: given more than 64 times");
}

static void test_version(void **state)
{
	(void)state;
	char text[256];
	capture("--version", text, sizeof(text));
	assert_string_equal(text, "cadgen-test (cadgen) " PACKAGE_VERSION "\n");
	capture("-V", text, sizeof(text));
	assert_string_equal(text, "cadgen-test (cadgen) " PACKAGE_VERSION "\n");
}

static void test_help_that_cannot_be_printed(void **state)
{
	(void)state;
	struct err err;
	assert_int_equal(parse_printing("--help", "/dev/full", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "cannot write to standard output: No space left on device");
}

static void test_status(void **state)
{
	(void)state;
	struct err usage = {.code = ERR_USAGE};
	struct err io = {.code = ERR_IO};
	struct err interrupted = {.code = ERR_INTERRUPTED};
	assert_int_equal(cli_status(&usage), 2);
	assert_int_equal(cli_status(&io), 1);
	assert_int_equal(cli_status(&interrupted), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nothing_given, reset),
		cmocka_unit_test_setup(test_every_kind, reset),
		cmocka_unit_test_setup(test_letters, reset),
		cmocka_unit_test_setup(test_bounds_are_included, reset),
		cmocka_unit_test_setup(test_last_wins, reset),
		cmocka_unit_test_setup(test_operands, reset),
		cmocka_unit_test_setup(test_abbreviation, reset),
		cmocka_unit_test_setup(test_unknown, reset),
		cmocka_unit_test_setup(test_arguments_missing_and_unwanted, reset),
		cmocka_unit_test_setup(test_not_numbers, reset),
		cmocka_unit_test_setup(test_out_of_range, reset),
		cmocka_unit_test_setup(test_unknown_choice, reset),
		cmocka_unit_test_setup(test_set, reset),
		cmocka_unit_test_setup(test_texts, reset),
		cmocka_unit_test_setup(test_help, reset),
		cmocka_unit_test_setup(test_version, reset),
		cmocka_unit_test_setup(test_help_that_cannot_be_printed, reset),
		cmocka_unit_test_setup(test_status, reset),
	};
	unsetenv("POSIXLY_CORRECT"); /* getopt would stop at the first operand */
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
