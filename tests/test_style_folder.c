/* SPDX-License-Identifier: MIT */
/* style_folder: which words are names, where their files are, which names there are. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/scene/style_folder.h"

static char folder[] = "/tmp/cadgen-style-folder.XXXXXX";

static void put_file(const char *name)
{
	struct err err = {0};
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (fs_write(path, "{}", 2, &err) < 0)
		fail_msg("%s", err.msg);
}

static int make_folder(void **state)
{
	char path[200];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	put_file("works.json");
	put_file("Old-2.json");
	put_file("asme.json");
	put_file("notes.txt");
	put_file(".hidden.json");
	put_file(".json");
	put_file("json");
	snprintf(path, sizeof(path), "%s/.json.json", folder);
	return mkdir(path, 0777);
}

static int remove_folder(void **state)
{
	struct err err = {0};

	(void)state;
	return fs_remove_tree(folder, &err);
}

static void test_what_a_name_is(void **state)
{
	(void)state;
	assert_true(style_is_name("office_scan"));
	assert_true(style_is_name("json"));
	assert_true(style_is_name("a.json5"));
	assert_true(style_is_name(""));
	assert_false(style_is_name("office_scan.json"));
	assert_false(style_is_name(".json"));
	assert_false(style_is_name("./office_scan"));
	assert_false(style_is_name("/office_scan"));
}

static void test_names_are_sorted(void **state)
{
	struct arena arena = {0};
	const char *const *names;
	struct err err = {0};

	(void)state;
	assert_int_equal(style_names(&names, folder, &arena, &err), 3);
	assert_string_equal(names[0], "Old-2");
	assert_string_equal(names[1], "asme");
	assert_string_equal(names[2], "works");
	assert_int_equal(style_names(&names, "/nonexistent/styles", &arena, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, "/nonexistent/styles"));
	arena_free(&arena);
}

static void assert_path(const char *word, const char *expected)
{
	char path[STYLE_PATH_BYTES];
	struct err err = {0};

	if (style_path(word, folder, path, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(path, expected);
}

/* Paths are not looked at: who reads them says what is wrong. */
static void test_paths(void **state)
{
	char expected[200];

	(void)state;
	snprintf(expected, sizeof(expected), "%s/works.json", folder);
	assert_path("works", expected);
	assert_path("works.json", "works.json");
	assert_path("./works", "./works");
	assert_path("/a/b.json", "/a/b.json");
}

static void refuse(const char *word, const char *in, enum err_code code, const char *message)
{
	char path[STYLE_PATH_BYTES];
	struct err err = {0};

	assert_int_equal(style_path(word, in, path, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, message))
		fail_msg("'%s' lacks '%s'", err.msg, message);
}

static void test_unknown_names(void **state)
{
	char longest[STYLE_PATH_BYTES + 1];

	(void)state;
	refuse("work", folder, ERR_USAGE,
	       "no style 'work'; there are Old-2, asme, works; for a file here write ./work");
	refuse("", folder, ERR_USAGE, "no style ''; there are Old-2");
	refuse("..", folder, ERR_USAGE, "no style '..'; there are Old-2");
	refuse(".hidden", folder, ERR_USAGE, "no style '.hidden'");
	refuse("works", "/nonexistent", ERR_IO, "/nonexistent");
	memset(longest, 'a', sizeof(longest));
	longest[STYLE_PATH_BYTES] = '\0';
	refuse(longest, folder, ERR_LIMIT, "more than 4095 bytes");
	longest[0] = '/';
	refuse(longest, folder, ERR_LIMIT, "more than 4095 bytes");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_name_is),
		cmocka_unit_test(test_names_are_sorted),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_unknown_names),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
