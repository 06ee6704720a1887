/* SPDX-License-Identifier: MIT */
/* fs: whole files appear or nothing changes; every refusal of the system is reported. The tests run
 * as root too, so refusals are made of files in the way and of /dev/full, not of permissions. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"

static char folder[] = "/tmp/test_fs.XXXXXX";

/* Every test starts in an empty folder. */
static int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_fs.XXXXXX");
	return !mkdtemp(folder) || chdir(folder) < 0;
}

static int leave_folder(void **state)
{
	(void)state;
	struct err err = {0};
	return chdir("/") < 0 || fs_remove_tree(folder, &err) < 0;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void assert_holds(const char *path, const char *text)
{
	struct buf b = {0};
	struct err err = {0};
	assert_int_equal(fs_read(path, 1 << 20, &b, &err), 0);
	assert_string_equal(b.data, text);
	buf_free(&b);
}

static int exists(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

static void assert_io(const struct err *err, const char *msg)
{
	assert_int_equal(err->code, ERR_IO);
	assert_string_equal(err->msg, msg);
}

static void test_read_appends(void **state)
{
	(void)state;
	struct buf b = {0};
	struct err err = {0};
	put("a", "abc");
	buf_str(&b, "head ");
	assert_int_equal(fs_read("a", 3, &b, &err), 0);
	assert_int_equal(b.len, 8);
	assert_string_equal(b.data, "head abc");
	buf_free(&b);
}

static void test_read_empty_file(void **state)
{
	(void)state;
	struct buf b = {0};
	struct err err = {0};
	put("a", "");
	assert_int_equal(fs_read("a", 0, &b, &err), 0);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
	buf_free(&b);
}

static void test_read_over_the_bound(void **state)
{
	(void)state;
	struct buf b = {0};
	struct err err = {0};
	put("a", "abcd");
	buf_str(&b, "head");
	assert_int_equal(fs_read("a", 3, &b, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "a: more than 3 bytes");
	assert_string_equal(b.data, "head");
	assert_int_equal(b.len, 4);
	/* a file without an end stops there too */
	assert_int_equal(fs_read("/dev/zero", 200000, &b, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(b.len, 4);
	buf_free(&b);
}

static void test_read_a_part(void **state)
{
	(void)state;
	struct buf b = {0};
	struct err err = {0};
	put("a", "0123456789");
	buf_str(&b, "head ");
	assert_int_equal(fs_read_part("a", 3, 4, &b, &err), 0);
	assert_string_equal(b.data, "head 3456");
	assert_int_equal(fs_read_part("a", 10, 0, &b, &err), 0);
	assert_int_equal(fs_read_part("a", 7, 4, &b, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "a ends before byte 11");
	assert_int_equal(fs_read_part("b", 0, 1, &b, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(b.data, "head 3456");
	buf_free(&b);
}

static void test_read_errors(void **state)
{
	(void)state;
	struct buf b = {0};
	struct err err = {0};
	put("file", "");
	assert_int_equal(fs_read("absent", 10, &b, &err), -1);
	assert_io(&err, "cannot open absent: No such file or directory");
	assert_int_equal(fs_read("file/x", 10, &b, &err), -1);
	assert_io(&err, "cannot open file/x: Not a directory");
	assert_int_equal(fs_read(".", 10, &b, &err), -1);
	assert_io(&err, "cannot read .: Is a directory");
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

/* More than a pipe holds and than one read asks for: short reads are put together. */
static void test_read_large_pipe(void **state)
{
	(void)state;
	enum { SIZE = 300000 };
	struct buf b = {0};
	struct err err = {0};
	assert_int_equal(mkfifo("pipe", 0600), 0);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int fd = open("pipe", O_WRONLY);
		for (int i = 0; i < SIZE; i++) {
			unsigned char c = (unsigned char)(i % 253);
			if (write(fd, &c, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	assert_int_equal(fs_read("pipe", SIZE, &b, &err), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(b.len, SIZE);
	for (int i = 0; i < SIZE; i++)
		assert_int_equal((unsigned char)b.data[i], i % 253);
	buf_free(&b);
}

static void test_write_and_replace(void **state)
{
	(void)state;
	struct err err = {0};
	assert_int_equal(fs_write("a", "first", 5, &err), 0);
	assert_holds("a", "first");
	assert_int_equal(fs_write("a", "2nd", 3, &err), 0);
	assert_holds("a", "2nd");
	assert_int_equal(fs_write_durable("a", "third", 5, &err), 0);
	assert_holds("a", "third");
	assert_int_equal(fs_write("a", NULL, 0, &err), 0);
	assert_holds("a", "");
	assert_false(exists("a.tmp"));
}

static void test_write_durable_in_other_folders(void **state)
{
	(void)state;
	struct err err = {0};
	char path[64];
	assert_int_equal(fs_mkdirs("d", &err), 0);
	assert_int_equal(fs_write_durable("d/a", "x", 1, &err), 0);
	assert_holds("d/a", "x");
	snprintf(path, sizeof(path), "%s/b", folder);
	assert_int_equal(fs_write_durable(path, "y", 1, &err), 0);
	assert_holds("b", "y");
}

/* A tmp file left by a killed process is no obstacle. */
static void test_write_over_a_stale_tmp(void **state)
{
	(void)state;
	struct err err = {0};
	put("a.tmp", "half of something long");
	assert_int_equal(fs_write("a", "new", 3, &err), 0);
	assert_holds("a", "new");
	assert_false(exists("a.tmp"));
}

/* The folder "fills up": PATH.tmp leads to /dev/full. */
static void test_write_without_space(void **state)
{
	(void)state;
	struct err err = {0};
	put("a", "old");
	assert_int_equal(symlink("/dev/full", "a.tmp"), 0);
	assert_int_equal(fs_write("a", "new", 3, &err), -1);
	assert_io(&err, "cannot write a: No space left on device");
	assert_holds("a", "old");
	assert_false(exists("a.tmp"));
	assert_int_equal(symlink("/dev/full", "a.tmp"), 0);
	assert_int_equal(fs_write_durable("a", "new", 3, &err), -1);
	assert_io(&err, "cannot write a: No space left on device");
	assert_false(exists("a.tmp"));
}

static void test_write_errors(void **state)
{
	(void)state;
	struct err err = {0};
	put("file", "");
	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(fs_write("absent/a", "x", 1, &err), -1);
	assert_io(&err, "cannot write absent/a: No such file or directory");
	assert_int_equal(fs_write("file/a", "x", 1, &err), -1);
	assert_io(&err, "cannot write file/a: Not a directory");
	assert_int_equal(fs_write("d", "x", 1, &err), -1);
	assert_io(&err, "cannot write d: Is a directory");
	assert_false(exists("d.tmp"));
	assert_int_equal(mkdir("b.tmp", 0777), 0);
	assert_int_equal(fs_write("b", "x", 1, &err), -1);
	assert_io(&err, "cannot write b: Is a directory");
	assert_false(exists("b"));
}

static void test_file_piece_by_piece(void **state)
{
	(void)state;
	struct err err = {0};
	put("a", "old");
	struct fs_file *file = fs_file_new("a", &err);
	assert_non_null(file);
	assert_int_equal(fs_file_add(file, "one ", 4, &err), 0);
	assert_int_equal(fs_file_add(file, NULL, 0, &err), 0);
	assert_int_equal(fs_file_add(file, "two", 3, &err), 0);
	assert_holds("a", "old");
	assert_int_equal(fs_file_finish(file, &err), 0);
	assert_holds("a", "one two");
	assert_false(exists("a.tmp"));
	file = fs_file_new("a", &err);
	assert_int_equal(fs_file_add(file, "three", 5, &err), 0);
	assert_true(exists("a.tmp"));
	fs_file_drop(file);
	fs_file_drop(NULL);
	assert_holds("a", "one two");
	assert_false(exists("a.tmp"));
}

static void test_file_errors(void **state)
{
	(void)state;
	struct err err = {0};
	assert_null(fs_file_new("absent/a", &err));
	assert_io(&err, "cannot write absent/a: No such file or directory");
	assert_int_equal(symlink("/dev/full", "full"), 0);
	struct fs_file *file = fs_file_new("full", &err);
	assert_non_null(file);
	assert_int_equal(fs_file_add(file, "x", 1, &err), -1);
	assert_io(&err, "cannot write full: No space left on device");
	fs_file_drop(file);
	assert_true(exists("full"));
	file = fs_file_new("d", &err);
	assert_non_null(file);
	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(fs_file_finish(file, &err), -1);
	assert_io(&err, "cannot write d: Is a directory");
	assert_false(exists("d.tmp"));
}

static void test_write_to_a_descriptor(void **state)
{
	(void)state;
	int fd = open("a", O_WRONLY | O_CREAT | O_TRUNC, 0666);
	assert_true(fd >= 0);
	assert_int_equal(fs_write_fd(fd, "one ", 4), 0);
	assert_int_equal(fs_write_fd(fd, "two", 3), 0);
	assert_int_equal(fs_write_fd(fd, "", 0), 0);
	assert_int_equal(close(fd), 0);
	assert_holds("a", "one two");
	assert_int_equal(fs_write_fd(fd, "x", 1), -1);
	assert_int_equal(errno, EBADF);
	fd = open("/dev/full", O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(fs_write_fd(fd, "x", 1), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(close(fd), 0);
}

static void test_unguarded_write(void **state)
{
	(void)state;
	struct rlimit before, small;
	struct err err = {0};
	put("a", "older and longer");
	assert_int_equal(fs_write_unguarded("a", "new", 3, &err), 0);
	assert_holds("a", "new");
	assert_int_equal(fs_write_unguarded("absent/a", "x", 1, &err), -1);
	assert_io(&err, "cannot write absent/a: No such file or directory");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 2;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int rc = fs_write_unguarded("a", "half", 4, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(rc, -1);
	assert_io(&err, "cannot write a: File too large");
	assert_false(exists("a"));
}

/* /dev/null must not become a file. Links stand for the devices: a mistake would replace those. */
static void test_devices_are_written_in_place(void **state)
{
	(void)state;
	struct err err = {0};
	struct stat st;
	assert_int_equal(symlink("/dev/null", "null"), 0);
	assert_int_equal(symlink("/dev/full", "full"), 0);
	assert_int_equal(fs_write("null", "x", 1, &err), 0);
	assert_int_equal(fs_write_durable("null", "x", 1, &err), 0);
	assert_int_equal(fs_write("full", "x", 1, &err), -1);
	assert_io(&err, "cannot write full: No space left on device");
	assert_int_equal(lstat("null", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat("full", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void test_mkdirs(void **state)
{
	(void)state;
	struct err err = {0};
	char path[64];
	struct stat st;
	assert_int_equal(fs_mkdirs("a/b//c/", &err), 0);
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(fs_mkdirs("a/b/c", &err), 0);
	assert_int_equal(fs_mkdirs(".", &err), 0);
	assert_int_equal(fs_mkdirs("/", &err), 0);
	snprintf(path, sizeof(path), "%s/x/y", folder);
	assert_int_equal(fs_mkdirs(path, &err), 0);
	assert_true(exists("x/y"));
	assert_int_equal(symlink("a", "link"), 0);
	assert_int_equal(fs_mkdirs("link/d", &err), 0);
	assert_true(exists("a/d"));
}

static void test_mkdirs_errors(void **state)
{
	(void)state;
	struct err err = {0};
	put("file", "");
	assert_int_equal(fs_mkdirs("file", &err), -1);
	assert_io(&err, "cannot make folder file: Not a directory");
	assert_int_equal(fs_mkdirs("file/a/b", &err), -1);
	assert_io(&err, "cannot make folder file: Not a directory");
	assert_int_equal(fs_mkdirs("", &err), -1);
	assert_io(&err, "cannot make folder : No such file or directory");
}

static void test_dir_in_use(void **state)
{
	(void)state;
	struct err err = {0};
	assert_int_equal(fs_dir_in_use("d", &err), 0);
	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(fs_dir_in_use("d", &err), 0);
	put("d/.hidden", "");
	assert_int_equal(fs_dir_in_use("d", &err), 1);
	assert_int_equal(fs_dir_in_use("d/.hidden", &err), -1);
	assert_io(&err, "cannot open folder d/.hidden: Not a directory");
}

static void test_remove_tree(void **state)
{
	(void)state;
	struct err err = {0};
	char path[64];
	assert_int_equal(fs_mkdirs("d/e/f", &err), 0);
	for (int i = 0; i < 500; i++) {
		snprintf(path, sizeof(path), "d/e/%d", i);
		put(path, "x");
	}
	put("d/e/f/g", "x");
	assert_int_equal(fs_remove_tree("d/", &err), 0);
	assert_false(exists("d"));
	assert_int_equal(fs_remove_tree("d", &err), 0);
}

static void test_remove_tree_follows_no_links(void **state)
{
	(void)state;
	struct err err = {0};
	assert_int_equal(fs_mkdirs("keep", &err), 0);
	put("keep/a", "a");
	assert_int_equal(fs_mkdirs("d", &err), 0);
	assert_int_equal(symlink("../keep", "d/link"), 0);
	assert_int_equal(symlink("nowhere", "d/dangling"), 0);
	assert_int_equal(fs_remove_tree("d", &err), 0);
	assert_false(exists("d"));
	assert_int_equal(symlink("keep", "link"), 0);
	assert_int_equal(fs_remove_tree("link/", &err), 0);
	assert_false(exists("link"));
	assert_holds("keep/a", "a");
}

static void test_remove_tree_errors(void **state)
{
	(void)state;
	struct err err = {0};
	put("file", "kept");
	assert_int_equal(fs_remove_tree("file", &err), -1);
	assert_io(&err, "cannot remove file: Not a directory");
	assert_int_equal(fs_remove_tree("file/d", &err), -1);
	assert_io(&err, "cannot remove file/d: Not a directory");
	assert_holds("file", "kept");
	/* "." cannot be unlinked from itself: the folder stays, and that is said */
	assert_int_equal(fs_remove_tree(".", &err), -1);
	assert_io(&err, "cannot remove .: Invalid argument");
}

static void assert_within(const char *path, const char *of, int expected)
{
	struct err err = {0};

	if (fs_is_within(path, of, &err) != expected)
		fail_msg("%s in %s is not %d", path, of, expected);
}

static void test_is_within(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(fs_mkdirs("a/b", &err), 0);
	assert_int_equal(fs_mkdirs("ab", &err), 0);
	assert_int_equal(symlink("a/b", "link"), 0);
	assert_within("a", "a", 1);
	assert_within("a/b/", "a", 1);
	assert_within("a/b/none/of/it", "a", 1);
	assert_within("link/new", "a", 1);
	assert_within("ab", "a", 0);
	assert_within("a", "a/b", 0);
	assert_within("link/..", "a", 1);
	assert_within("none", "none/", 1);
	assert_within("a", ".", 1);
	assert_within("a", "/", 1);
	put("file", "");
	assert_within("file/x", "a", -1);
}

#define FS_TEST(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)

static void test_base_name(void **state)
{
	(void)state;
	assert_string_equal(fs_base_name("a"), "a");
	assert_string_equal(fs_base_name("b/a.png"), "a.png");
	assert_string_equal(fs_base_name("/b//a"), "a");
	assert_string_equal(fs_base_name("b/"), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		FS_TEST(test_read_appends),
		FS_TEST(test_read_empty_file),
		FS_TEST(test_read_over_the_bound),
		FS_TEST(test_read_a_part),
		FS_TEST(test_read_errors),
		FS_TEST(test_read_large_pipe),
		FS_TEST(test_write_and_replace),
		FS_TEST(test_write_durable_in_other_folders),
		FS_TEST(test_write_over_a_stale_tmp),
		FS_TEST(test_write_without_space),
		FS_TEST(test_write_errors),
		FS_TEST(test_file_piece_by_piece),
		FS_TEST(test_file_errors),
		FS_TEST(test_write_to_a_descriptor),
		FS_TEST(test_unguarded_write),
		FS_TEST(test_devices_are_written_in_place),
		FS_TEST(test_mkdirs),
		FS_TEST(test_mkdirs_errors),
		FS_TEST(test_dir_in_use),
		FS_TEST(test_is_within),
		FS_TEST(test_remove_tree),
		FS_TEST(test_remove_tree_follows_no_links),
		FS_TEST(test_remove_tree_errors),
		FS_TEST(test_base_name),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
