/* SPDX-License-Identifier: MIT */
/* crew: every index comes to its end, whatever becomes of the worker that has it. */
#include <config.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/crew.h"
#include "base/mem.h"
#include "base/sanitized.h"

#define MOST 64
#define LARGE ((size_t)3 << 20)

enum deed { SAYS, SAYS_MUCH, SAYS_NOTHING, REFUSES, ABORTS, EXITS, HANGS, EATS, HALF_SAYS };

struct run {
	enum deed deeds[MOST]; /* of each index */
	int done[MOST];        /* how often done() had it */
	struct err failed[MOST];
	uint64_t stop_at; /* done() ends the run there */
	volatile sig_atomic_t stop;
	int worked; /* in a worker: how many it did */
};

static char pattern(uint64_t index, size_t at)
{
	return (char)('a' + (index + at) % 23);
}

/* To what is a socket: the worker's own. */
static void say_half(void)
{
	for (int fd = 0; fd < 256; fd++) {
		struct stat st;

		if (fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode))
			assert_int_equal(write(fd, "half", 4), 4);
	}
}

static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	struct run *run = ctx;

	run->worked++;
	switch (run->deeds[index]) {
	case SAYS_MUCH:
		for (size_t i = 0; i < LARGE; i++)
			buf_char(out, pattern(index, i));
		return 0;
	case SAYS_NOTHING:
		return 0;
	case REFUSES:
		buf_str(out, "not to be seen");
		return err_set(err, ERR_FORMAT, "file %d: bad", (int)index);
	case ABORTS:
		abort();
	case EXITS:
		exit(7);
	case HANGS:
		for (;;)
			pause();
	case EATS:
		for (size_t n = 0; n < 1 << 16; n++)
			memset(mem_alloc(1 << 20, 1), 1, 1 << 20);
		return 0;
	case HALF_SAYS:
		say_half();
		abort();
	case SAYS:
		buf_uint(out, index * index);
		return 0;
	}
	return 0;
}

static void check_bytes(const struct run *run, uint64_t index, const char *bytes, size_t len)
{
	char text[32];

	switch (run->deeds[index]) {
	case SAYS_MUCH:
		assert_int_equal(len, LARGE);
		for (size_t i = 0; i < len; i++)
			if (bytes[i] != pattern(index, i))
				fail_msg("byte %zu of %d", i, (int)index);
		break;
	case SAYS_NOTHING:
		assert_int_equal(len, 0);
		break;
	default:
		snprintf(text, sizeof(text), "%d", (int)(index * index));
		assert_int_equal(len, strlen(text));
		assert_memory_equal(bytes, text, len);
	}
}

static int done(void *ctx, uint64_t index, const struct err *failed, const char *bytes, size_t len,
		struct err *err)
{
	struct run *run = ctx;

	run->done[index]++;
	if (failed)
		run->failed[index] = *failed;
	else
		check_bytes(run, index, bytes, len);
	if (index == run->stop_at)
		return err_set(err, ERR_IO, "the disk is full");
	return 0;
}

static struct crew_job job_of(struct run *run, uint64_t begin, uint64_t end, int workers)
{
	run->stop_at = UINT64_MAX;
	return (struct crew_job){.begin = begin,
				 .end = end,
				 .workers = workers,
				 .ctx = run,
				 .work = work,
				 .done = done,
				 .stop = &run->stop};
}

static void assert_no_children(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void run_job(const struct crew_job *job)
{
	struct err err = {0};

	if (crew_run(job, &err) < 0)
		fail_msg("%s", err.msg);
	assert_no_children();
}

static void test_all_come_back(void **state)
{
	for (int workers = 1; workers <= 5; workers += 2) {
		struct run run = {.deeds = {SAYS, SAYS_MUCH, SAYS_NOTHING, REFUSES, SAYS_MUCH}};
		struct crew_job job = job_of(&run, 0, 40, workers);

		(void)state;
		run_job(&job);
		for (int i = 0; i < 40; i++) {
			assert_int_equal(run.done[i], 1);
			assert_int_equal(run.failed[i].code, i == 3 ? ERR_FORMAT : ERR_NONE);
		}
		assert_string_equal(run.failed[3].msg, "file 3: bad");
		/* what they do stays with them */
		assert_int_equal(run.worked, 0);
	}
}

static void test_part_of_a_range(void **state)
{
	struct run run = {0};
	struct crew_job job = job_of(&run, 5, 8, 9);

	(void)state;
	run_job(&job);
	for (int i = 0; i < MOST; i++)
		assert_int_equal(run.done[i], i >= 5 && i < 8);
	job = job_of(&run, 8, 8, 2);
	run_job(&job);
	assert_int_equal(run.done[8], 0);
}

/* Neither those before nor those behind are lost. */
static void test_ends_of_workers(void **state)
{
	struct run run = {.deeds = {SAYS, ABORTS, SAYS, EXITS, SAYS, HALF_SAYS, HANGS, ABORTS,
				    SAYS_NOTHING, HANGS, SAYS}};
	struct crew_job job = job_of(&run, 0, 30, 2);

	(void)state;
	job.seconds = 2;
	run_job(&job);
	for (int i = 0; i < 30; i++)
		assert_int_equal(run.done[i], 1);
	assert_int_equal(run.failed[1].code, ERR_CRASHED);
	assert_string_equal(run.failed[1].msg, "crashed: Aborted");
	assert_string_equal(run.failed[3].msg, "its process ended with status 7");
	assert_string_equal(run.failed[5].msg, "crashed: Aborted");
	assert_int_equal(run.failed[6].code, ERR_LIMIT);
	assert_string_equal(run.failed[6].msg, "took more than 2 s");
	assert_int_equal(run.failed[9].code, ERR_LIMIT);
	assert_int_equal(run.failed[8].code, ERR_NONE);
	assert_int_equal(run.failed[29].code, ERR_NONE);
}

/* Address sanitizers reserve terabytes of address space, which no limit lets them have. */
static void test_memory(void **state)
{
	struct run run = {.deeds = {SAYS, EATS, SAYS}};
	struct crew_job job = job_of(&run, 0, 3, 1);

	(void)state;
#ifdef SANITIZED
	skip();
#endif
	job.bytes = (size_t)512 << 20;
	run_job(&job);
	assert_int_equal(run.failed[1].code, ERR_CRASHED);
	assert_string_equal(run.failed[1].msg, "its process ended with status 1");
	assert_int_equal(run.failed[2].code, ERR_NONE);
}

static void test_done_ends_it(void **state)
{
	struct run run = {.deeds = {SAYS, SAYS, HANGS}};
	struct crew_job job = job_of(&run, 0, 30, 2);
	struct err err = {0};

	(void)state;
	run.stop_at = 10;
	assert_int_equal(crew_run(&job, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "the disk is full");
	assert_int_equal(run.done[2], 0);
	assert_no_children();
}

static void test_stopped(void **state)
{
	struct run run = {.deeds = {HANGS, HANGS}, .stop = 1};
	struct crew_job job = job_of(&run, 0, 30, 2);
	struct err err = {0};

	(void)state;
	assert_int_equal(crew_run(&job, &err), -1);
	assert_int_equal(err.code, ERR_INTERRUPTED);
	assert_int_equal(run.done[0], 0);
	assert_no_children();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_come_back),   cmocka_unit_test(test_part_of_a_range),
		cmocka_unit_test(test_ends_of_workers), cmocka_unit_test(test_memory),
		cmocka_unit_test(test_done_ends_it),    cmocka_unit_test(test_stopped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
