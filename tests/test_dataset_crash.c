/* SPDX-License-Identifier: MIT */
/*
 * dataset: no crash and no full disk changes a byte of the result. The faults are those of
 * tests/disk_faults.h, at each moment of a run, and the kernel's own: a file size limit, a small
 * tmpfs.
 */
#include <config.h>

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/dataset/dataset.h"
#include "formats/image/image.h"
#include "tests/dataset_fixture.h"
#include "tests/extent.h"

enum { SKIPPED = 78 }; /* exit status of a child */

/* Only the journal's moves sync, not every append or picture. */
static void test_syncs_are_few(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct png_encoder *encoder = png_encoder_new(1);
	struct dataset_lines lines = {0};
	struct err err = {0};
	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);
	long before = disk_syncs;

	(void)state;
	assert_non_null(ds);
	/* 8 s on our clock, then 12 s: a commit. */
	assert_int_equal(fixture_grow(ds, &settings, 6, encoder, &lines, &err), 0);
	assert_int_equal(disk_syncs, before);
	assert_int_equal(fixture_grow(ds, &settings, 9, encoder, &lines, &err), 0);
	assert_int_equal(disk_syncs, before + 7); /* five parts, journal, folder */
	assert_int_equal(dataset_close(ds, &err), 0);
	dataset_lines_free(&lines);
	png_encoder_free(encoder);
}

/* Runs fixture_make in a child with a fault after `steps`. Returns its exit status: 0 done, 1 an
 * error (checked to be an ERR_IO that names the folder), 2 ERR_USAGE, DISK_CRASHED. */
static int make_with_fault(const struct dataset_settings *settings, enum dataset_mode mode,
			   enum disk_fault kind, long steps)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct err err = {0};
		int rc;
		disk_fault = kind;
		disk_steps_left = steps;
		rc = fixture_make(settings, mode, settings->count, &err);
		if (rc == 0)
			_exit(0);
		if (err.code == ERR_USAGE)
			_exit(2);
		if (err.code != ERR_IO || !strstr(err.msg, fixture_out) ||
		    !strstr(err.msg, "No space left")) {
			fprintf(stderr, "# %s\n", err.msg);
			_exit(3);
		}
		_exit(1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A dataset that looks whole must be whole, whatever has happened. */
static void check_honest(void)
{
	if (fixture_has("dataset_info.json") && !fixture_has(".cadgen-journal"))
		assert_whole();
}

/* Goes on after a fault, disturbed once more, and then to the end. */
static void go_on(const struct dataset_settings *settings, enum disk_fault kind, long steps)
{
	int rc = make_with_fault(settings, DATASET_RESUME, kind, steps);

	assert_true(rc == 0 || rc == 1 || rc == DISK_CRASHED);
	check_honest();
	assert_made(settings, DATASET_RESUME, settings->count);
	assert_whole();
}

static void each_moment(enum disk_fault kind, int expected)
{
	struct dataset_settings settings = fixture_settings();
	long moments = 0;
	int rc;

	for (;; moments += extent(1, 3)) {
		rc = make_with_fault(&settings, DATASET_NEW, kind, moments);
		if (rc == 0)
			break;
		assert_int_equal(rc, expected);
		check_honest();
		go_on(&settings, kind, 3 * (moments % 50));
		fixture_clean(NULL);
	}
	assert_whole();
	printf("# %ld moments\n", moments);
	assert_true(moments > 150);
}

static void test_crash_at_each_moment(void **state)
{
	(void)state;
	each_moment(DISK_CRASH, DISK_CRASHED);
}

static void test_full_disk_at_each_moment(void **state)
{
	(void)state;
	each_moment(DISK_FULL, 1);
}

/* A crash while an earlier dataset is overwritten leaves the old one, or the new one begun. */
static void test_crash_at_each_moment_of_overwriting(void **state)
{
	struct dataset_settings settings = fixture_settings(), before = settings;
	long moments = 0;
	int rc, resumed;

	(void)state;
	before.count = 30;
	before.seed = 3;
	for (;; moments += extent(1, 3)) {
		assert_made(&before, DATASET_NEW, 30);
		rc = make_with_fault(&settings, DATASET_OVERWRITE, DISK_CRASH, moments);
		if (rc == 0)
			break;
		assert_int_equal(rc, DISK_CRASHED);
		resumed = make_with_fault(&settings, DATASET_RESUME, DISK_GOOD, 0);
		if (resumed == 2) /* the old one is still there, and whole */
			assert_true(fixture_has("dataset_info.json") &&
				    fixture_has("images/00/00000029.png"));
		else
			assert_int_equal(resumed, 0);
		assert_made(&settings, resumed ? DATASET_OVERWRITE : DATASET_RESUME, COUNT);
		assert_whole();
		fixture_clean(NULL);
	}
	assert_whole();
	printf("# %ld moments\n", moments);
}

/* After a failed append nothing more is taken, and what was there before is kept. */
static void test_append_after_failure(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct dataset_lines lines = {0};
	struct err err = {0};
	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);

	(void)state;
	assert_non_null(ds);
	for (uint64_t i = 0; i < 5; i++)
		fixture_describe(&lines, &settings, i);
	assert_int_equal(dataset_append(ds, &lines, 5, &err), 0);
	dataset_lines_clear(&lines);
	fixture_describe(&lines, &settings, 5);
	disk_fault = DISK_FULL;
	disk_steps_left = 1;
	assert_int_equal(dataset_append(ds, &lines, 6, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, ".part: No space left"));
	disk_fault = DISK_GOOD;
	assert_int_equal(dataset_append(ds, &lines, 6, &err), -1);
	assert_non_null(strstr(err.msg, "failed before"));
	assert_int_equal(dataset_close(ds, &err), 0);
	dataset_lines_free(&lines);
	ds = dataset_open(&settings, DATASET_RESUME, &err);
	assert_non_null(ds);
	assert_true(dataset_next(ds) <= 5);
	assert_int_equal(dataset_close(ds, &err), 0);
	assert_made(&settings, DATASET_RESUME, COUNT);
}

/* The kernel's own refusal: files of at most 1,500 bytes. */
static void test_file_size_limit(void **state)
{
	struct dataset_settings settings = fixture_settings();
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		struct rlimit limit = {1500, 1500};
		struct err err = {0};
		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
			_exit(SKIPPED);
		if (fixture_make(&settings, DATASET_NEW, COUNT, &err) == 0)
			_exit(4);
		_exit(err.code == ERR_IO && strstr(err.msg, fixture_out) &&
				      strstr(err.msg, "File too large")
			      ? 0
			      : 5);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_false(fixture_has("dataset_info.json"));
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

/* In a mount namespace of its own: fills a file system of 64 kB, then gives it room and goes on. */
static int on_tiny_disk(const struct dataset_settings *settings)
{
	struct err err = {0};

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tiny", fixture_out, "tmpfs", 0, "size=64k") < 0)
		return SKIPPED;
	if (fixture_make(settings, DATASET_NEW, settings->count, &err) == 0)
		return 4;
	if (err.code != ERR_IO || !strstr(err.msg, fixture_out) ||
	    !strstr(err.msg, "No space left"))
		return 5;
	if (fixture_has("dataset_info.json"))
		return 6;
	if (mount("tiny", fixture_out, "tmpfs", MS_REMOUNT, "size=8m") < 0)
		return 7;
	if (fixture_make(settings, DATASET_RESUME, settings->count, &err) < 0)
		return 8;
	return fixture_same_trees(fixture_out, fixture_whole) ? 0 : 9;
}

static void test_full_tmpfs(void **state)
{
	struct dataset_settings settings = fixture_settings();
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(mkdir(fixture_out, 0777), 0);
	child = fork();
	if (child == 0)
		_exit(on_tiny_disk(&settings));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED) {
		printf("# no tmpfs can be mounted here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, fixture_clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_syncs_are_few),
		TEST(test_crash_at_each_moment),
		TEST(test_full_disk_at_each_moment),
		TEST(test_crash_at_each_moment_of_overwriting),
		TEST(test_append_after_failure),
		TEST(test_file_size_limit),
		TEST(test_full_tmpfs),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
