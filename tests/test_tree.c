/* SPDX-License-Identifier: MIT */
/* tree: everything below a folder, in order; links, loops, what is no file, what cannot be read. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/tree.h"

static char folder[256];

static const char *below(const char *name)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void make_file(const char *name)
{
	struct err err;

	assert_int_equal(fs_write(below(name), "x", 1, &err), 0);
}

static void make_folder(const char *name)
{
	struct err err;

	assert_int_equal(fs_mkdirs(below(name), &err), 0);
}

static bool wants_all(const char *name)
{
	(void)name;
	return true;
}

static bool wants_no_png(const char *name)
{
	return !strstr(name, ".png");
}

static void assert_paths(const struct tree *tree, const char *const *paths, size_t count)
{
	assert_int_equal(tree->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(tree->entries[i].path, paths[i]);
}

static void test_files_in_order(void **state)
{
	const char *const paths[] = {".hidden", "a", "b.c/z", "b/c/d", "b/e", "c"};
	struct tree tree = {0};
	struct err err = {0};

	(void)state;
	make_folder("b/c");
	make_folder("b.c");
	make_folder("empty");
	make_file("c");
	make_file("b/e");
	make_file("b/c/d");
	make_file("b.c/z");
	make_file("a");
	make_file(".hidden");
	assert_int_equal(tree_read(&tree, below("///"), wants_all, &err), 0);
	assert_paths(&tree, paths, 6);
	for (size_t i = 0; i < tree.count; i++)
		assert_int_equal(tree.entries[i].kind, TREE_FILE);
	tree_free(&tree);
	assert_int_equal(tree.count, 0);
}

static void test_links_are_followed_once(void **state)
{
	const char *const paths[] = {"b/c/d", "b/file", "l/c/d", "l/file"};
	struct tree tree = {0};
	struct err err = {0};

	(void)state;
	make_folder("b/c");
	make_file("b/c/d");
	assert_int_equal(symlink("b", below("l")), 0);
	assert_int_equal(symlink("..", below("b/up")), 0);
	assert_int_equal(symlink(".", below("b/c/here")), 0);
	assert_int_equal(symlink("c/d", below("b/file")), 0);
	assert_int_equal(tree_read(&tree, folder, wants_all, &err), 0);
	assert_paths(&tree, paths, 4);
	tree_free(&tree);
}

static void test_what_is_no_file(void **state)
{
	struct tree tree = {0};
	struct err err = {0};

	(void)state;
	make_folder("x.png");
	make_file("x.png/inside");
	assert_int_equal(mkfifo(below("pipe"), 0600), 0);
	assert_int_equal(symlink("nowhere", below("dangling")), 0);
	assert_int_equal(tree_read(&tree, folder, wants_no_png, &err), 0);
	assert_paths(&tree, (const char *const[]){"dangling", "pipe", "x.png"}, 3);
	assert_int_equal(tree.entries[0].kind, TREE_FAILED);
	assert_non_null(strstr(tree.entries[0].why, below("dangling")));
	assert_non_null(strstr(tree.entries[0].why, "No such file"));
	assert_int_equal(tree.entries[1].kind, TREE_OTHER);
	assert_int_equal(tree.entries[2].kind, TREE_OTHER);
	assert_null(tree.entries[2].why);
	tree_free(&tree);
}

static void test_what_cannot_be_read(void **state)
{
	struct tree tree = {0};
	struct err err = {0};

	(void)state;
	make_folder("closed");
	make_file("open");
	assert_int_equal(chmod(below("closed"), 0), 0);
	if (access(below("closed"), R_OK) == 0) /* root */
		skip();
	assert_int_equal(tree_read(&tree, folder, wants_all, &err), 0);
	assert_paths(&tree, (const char *const[]){"closed", "open"}, 2);
	assert_int_equal(tree.entries[0].kind, TREE_FAILED);
	assert_non_null(strstr(tree.entries[0].why, "closed: Permission denied"));
	tree_free(&tree);
}

static void test_the_folder_itself(void **state)
{
	struct tree tree = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(tree_read(&tree, below("absent"), wants_all, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, below("absent")));
	make_file("file");
	assert_int_equal(tree_read(&tree, below("file"), wants_all, &err), -1);
	assert_non_null(strstr(err.msg, "Not a directory"));
	assert_int_equal(tree_read(&tree, folder, wants_all, &err), 0);
	assert_paths(&tree, (const char *const[]){"file"}, 1);
	tree_free(&tree);
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/cadgen-tree.XXXXXX", tmp ? tmp : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	struct err err;

	(void)state;
	chmod(below("closed"), 0700);
	return fs_remove_tree(folder, &err);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_files_in_order),    TEST(test_links_are_followed_once),
		TEST(test_what_is_no_file),   TEST(test_what_cannot_be_read),
		TEST(test_the_folder_itself),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
