/* SPDX-License-Identifier: MIT */
/*
 * pool: every index once, commits in order, a bounded number of chunks alive, and the documented
 * end after errors and interrupts, whatever the threads do. work() and commit() run on other
 * threads, where cmocka's asserts must not be called: they count into struct run, and the test
 * looks afterwards. Linked with -Wl,--wrap=pthread_create.
 */
#include <config.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "base/rng.h"

#define MOST_INDICES 2000
#define MOST_SLOTS 256
#define NEVER UINT64_MAX

/* The n-th thread from now on cannot be started; 0 lets all start. */
static int failing_thread;
static int threads_started;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*f)(void *),
			  void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*f)(void *),
			  void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*f)(void *),
			  void *arg)
{
	if (failing_thread > 0 && --failing_thread == 0)
		return EAGAIN;
	threads_started++;
	return __real_pthread_create(thread, attr, f, arg);
}

struct run {
	struct pool_job job;
	pthread_t caller;

	/* What happened, for the test to look at. */
	atomic_int worked[MOST_INDICES];   /* how often, by index - begin */
	uint64_t slot_first[MOST_SLOTS];   /* result in the slot: the chunk's first index */
	atomic_int slot_taken[MOST_SLOTS]; /* from work to commit */
	atomic_int alive, most_alive;      /* chunks from work to commit */
	atomic_int wrong;                  /* broken promises */
	atomic_int off_thread;             /* calls not on the caller's thread */
	atomic_int unblocked;              /* calls on other threads with SIGINT unblocked */
	atomic_int committing;
	uint64_t committed; /* indices below are committed */

	/* What is to happen. */
	uint64_t work_fails_at, other_work_fails_at, commit_fails_at, stop_at;
	uint64_t wait_at; /* the chunk that waits until all other slots are full */
	uint64_t slow_at; /* the chunk that waits for work_fails_at to have failed */
	atomic_bool failed;
	sig_atomic_t stop;
};

static void promise(struct run *run, bool kept)
{
	if (!kept)
		atomic_fetch_add(&run->wrong, 1);
}

static void note_thread(struct run *run)
{
	sigset_t set;
	if (pthread_equal(pthread_self(), run->caller))
		return;
	atomic_fetch_add(&run->off_thread, 1);
	pthread_sigmask(SIG_BLOCK, NULL, &set);
	if (!sigismember(&set, SIGINT) || !sigismember(&set, SIGTERM) || sigismember(&set, SIGSEGV))
		atomic_fetch_add(&run->unblocked, 1);
}

static void note_alive(struct run *run)
{
	int alive = atomic_fetch_add(&run->alive, 1) + 1;
	int most = atomic_load(&run->most_alive);
	while (alive > most && !atomic_compare_exchange_weak(&run->most_alive, &most, alive))
		;
}

/* Some chunks take longer than others, by a number that depends on the index alone. */
static void dawdle(uint64_t first)
{
	uint64_t turns = rng_mix64(first) % 4 == 0 ? rng_mix64(first) % 50 : 0;
	for (; turns > 0; turns--)
		sched_yield();
}

static bool chunk_is_right(const struct run *run, uint64_t first, uint64_t last)
{
	const struct pool_job *job = &run->job;
	if (first < job->begin || (first - job->begin) % job->chunk != 0)
		return false;
	if (job->end - first <= job->chunk)
		return last == job->end;
	return last == first + job->chunk;
}

static int work(void *ctx, int worker, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;
	note_thread(run);
	promise(run, worker >= 0 && worker < run->job.jobs);
	promise(run, slot >= 0 && slot < pool_slots(&run->job));
	promise(run, chunk_is_right(run, first, last));
	promise(run, atomic_exchange(&run->slot_taken[slot], 1) == 0);
	note_alive(run);
	for (uint64_t i = first; i < last; i++)
		atomic_fetch_add(&run->worked[i - run->job.begin], 1);
	dawdle(first);
	if (first == run->stop_at)
		__atomic_store_n(&run->stop, 1, __ATOMIC_RELAXED);
	while (first == run->wait_at && atomic_load(&run->alive) < pool_slots(&run->job))
		sched_yield();
	while (first == run->slow_at && !atomic_load(&run->failed))
		sched_yield();
	if (first == run->work_fails_at || first == run->other_work_fails_at) {
		err_set(err, ERR_FORMAT, "work at %d", (int)first);
		atomic_store(&run->failed, true);
		return -1;
	}
	run->slot_first[slot] = first;
	return 0;
}

static int commit(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;
	note_thread(run);
	promise(run, atomic_fetch_add(&run->committing, 1) == 0);
	promise(run, first == run->committed && chunk_is_right(run, first, last));
	promise(run, run->slot_first[slot] == first);
	promise(run, atomic_exchange(&run->slot_taken[slot], 0) == 1);
	atomic_fetch_sub(&run->alive, 1);
	dawdle(first + 1);
	atomic_fetch_sub(&run->committing, 1);
	if (first == run->commit_fails_at)
		return err_set(err, ERR_IO, "commit at %d", (int)first);
	run->committed = last;
	return 0;
}

static struct run *run_new(uint64_t begin, uint64_t end, uint32_t chunk, int jobs)
{
	struct run *run = calloc(1, sizeof(*run));
	assert_non_null(run);
	assert_true(end - begin <= MOST_INDICES);
	run->job = (struct pool_job){.begin = begin,
				     .end = end,
				     .chunk = chunk,
				     .jobs = jobs,
				     .ctx = run,
				     .work = work,
				     .commit = commit,
				     .stop = &run->stop};
	assert_true(pool_slots(&run->job) <= MOST_SLOTS);
	run->caller = pthread_self();
	run->committed = begin;
	run->work_fails_at = run->other_work_fails_at = run->commit_fails_at = NEVER;
	run->stop_at = run->wait_at = run->slow_at = NEVER;
	return run;
}

static void assert_promises(struct run *run)
{
	assert_int_equal(run->wrong, 0);
	assert_int_equal(run->unblocked, 0);
	assert_true(run->most_alive <= pool_slots(&run->job));
}

static void assert_all_done(struct run *run)
{
	struct err err = {0};
	assert_int_equal(pool_run(&run->job, &err), 0);
	assert_int_equal(err.code, ERR_NONE);
	assert_promises(run);
	assert_true(run->committed == run->job.end);
	for (uint64_t i = 0; i < run->job.end - run->job.begin; i++)
		assert_int_equal(run->worked[i], 1);
}

static void test_all_indices_in_order(void **state)
{
	(void)state;
	static const int jobs[] = {1, 2, 8};
	static const uint32_t chunks[] = {1, 7, 16, 1000, 5000};
	for (size_t j = 0; j < 3; j++) {
		for (size_t c = 0; c < 5; c++) {
			struct run *run = run_new(100, 1100, chunks[c], jobs[j]);
			assert_all_done(run);
			free(run);
		}
	}
}

static void test_nothing_to_commit(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 3; jobs += 2) {
		struct run *run = run_new(10, 200, 3, jobs);

		run->job.commit = NULL;
		assert_int_equal(pool_run(&run->job, NULL), 0);
		for (uint64_t i = 0; i < 190; i++)
			assert_int_equal(run->worked[i], 1);
		free(run);
	}
}

static void test_empty_range(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(5, 5, 3, jobs);
		assert_all_done(run);
		free(run);
	}
}

/* Indices up to 2^64 - 1: no sum may wrap around. */
static void test_end_of_the_number_line(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(UINT64_MAX - 100, UINT64_MAX, 64, jobs);
		run->work_fails_at = run->other_work_fails_at = run->commit_fails_at = 0;
		run->stop_at = run->wait_at = run->slow_at = 0;
		assert_all_done(run);
		free(run);
	}
}

static void test_one_job_stays_on_the_calling_thread(void **state)
{
	(void)state;
	struct run *run = run_new(0, 100, 8, 1);
	threads_started = 0;
	assert_int_equal(pool_slots(&run->job), 1);
	assert_all_done(run);
	assert_int_equal(run->off_thread, 0);
	assert_int_equal(threads_started, 0);
	free(run);
}

/* Workers block signals, the caller has the mask it had. */
static void test_signals_are_left_to_the_caller(void **state)
{
	(void)state;
	sigset_t before, after;
	struct run *run = run_new(0, 100, 8, 8);
	pthread_sigmask(SIG_BLOCK, NULL, &before);
	assert_all_done(run);
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	assert_int_equal(run->off_thread, 2 * 13);
	assert_int_equal(sigismember(&after, SIGINT), sigismember(&before, SIGINT));
	assert_int_equal(sigismember(&after, SIGINT), 0);
	free(run);
}

/* The first chunk waits until all slots are full: the others get that far, and no farther. */
static void test_back_pressure(void **state)
{
	(void)state;
	for (int jobs = 2; jobs <= 8; jobs += 3) {
		struct run *run = run_new(0, 1000, 1, jobs);
		run->wait_at = 0;
		assert_all_done(run);
		assert_int_equal(run->most_alive, pool_slots(&run->job));
		free(run);
	}
}

static void assert_fails(struct run *run, enum err_code code, const char *msg, uint64_t committed)
{
	struct err err = {0};
	assert_int_equal(pool_run(&run->job, &err), -1);
	assert_int_equal(err.code, code);
	assert_string_equal(err.msg, msg);
	assert_promises(run);
	assert_true(run->committed == committed);
	for (uint64_t i = 0; i < run->job.end - run->job.begin; i++)
		assert_true(run->worked[i] <= 1);
}

static void test_work_fails(void **state)
{
	(void)state;
	static const uint64_t at[] = {0, 500, 990};
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		for (size_t i = 0; i < 3; i++) {
			char msg[32];
			struct run *run = run_new(0, 1000, 10, jobs);
			run->work_fails_at = at[i];
			snprintf(msg, sizeof(msg), "work at %d", (int)at[i]);
			assert_fails(run, ERR_FORMAT, msg, at[i]);
			free(run);
		}
	}
}

/* Chunk 20 fails only after chunk 30 has: the lower one is the error, and what ends the commits. */
static void test_lowest_error_wins(void **state)
{
	(void)state;
	struct run *run = run_new(0, 1000, 10, 8);
	run->work_fails_at = 30;
	run->other_work_fails_at = 20;
	run->slow_at = 20;
	assert_fails(run, ERR_FORMAT, "work at 20", 20);
	free(run);
}

/* Chunk 10 is still at work when chunk 20 fails: it is committed nevertheless. */
static void test_chunks_before_the_error_are_committed(void **state)
{
	(void)state;
	struct run *run = run_new(0, 1000, 10, 8);
	run->work_fails_at = 20;
	run->slow_at = 10;
	assert_fails(run, ERR_FORMAT, "work at 20", 20);
	free(run);
}

static void test_commit_fails(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(0, 1000, 10, jobs);
		run->commit_fails_at = 500;
		assert_fails(run, ERR_IO, "commit at 500", 500);
		free(run);
	}
}

static void test_error_without_a_place_for_it(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(0, 100, 10, jobs);
		run->commit_fails_at = 50;
		assert_int_equal(pool_run(&run->job, NULL), -1);
		assert_true(run->committed == 50);
		free(run);
	}
}

/* What was claimed when the flag was set is committed, at most one chunk per slot more. */
static void test_stop(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(0, 1000, 2, jobs);
		struct err err = {0};
		run->stop_at = 100;
		assert_int_equal(pool_run(&run->job, &err), -1);
		assert_int_equal(err.code, ERR_INTERRUPTED);
		assert_string_equal(err.msg, "interrupted");
		assert_promises(run);
		assert_true(run->committed >= 102);
		assert_true(run->committed <= 102 + 2 * (uint64_t)pool_slots(&run->job));
		for (uint64_t i = 0; i < 1000; i++)
			assert_int_equal(run->worked[i], i < run->committed);
		free(run);
	}
}

static void test_stopped_before_the_start(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(0, 100, 2, jobs);
		run->stop = 1;
		assert_fails(run, ERR_INTERRUPTED, "interrupted", 0);
		assert_int_equal(run->worked[0], 0);
		free(run);
	}
}

/* The flag comes while the last chunk is at work: nothing is left to be interrupted. */
static void test_stop_too_late(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(0, 100, 10, jobs);
		run->stop_at = 90;
		assert_all_done(run);
		free(run);
	}
}

static void test_no_stop_flag(void **state)
{
	(void)state;
	for (int jobs = 1; jobs <= 8; jobs += 7) {
		struct run *run = run_new(0, 100, 10, jobs);
		run->job.stop = NULL;
		assert_all_done(run);
		free(run);
	}
}

/* Where not all threads can be had, nothing is done at all. */
static void test_thread_cannot_be_started(void **state)
{
	(void)state;
	for (int n = 1; n <= 8; n += 7) {
		struct run *run = run_new(0, 100, 10, 8);
		failing_thread = n;
		assert_fails(run, ERR_IO,
			     "cannot start 8 threads: Resource temporarily unavailable", 0);
		assert_int_equal(run->worked[0], 0);
		free(run);
	}
	failing_thread = 0;
}

static void test_no_more_threads_than_chunks(void **state)
{
	(void)state;
	struct run *run = run_new(0, 30, 10, 8);
	threads_started = 0;
	assert_all_done(run);
	assert_int_equal(threads_started, 3);
	free(run);
}

static void test_processors(void **state)
{
	(void)state;
	assert_true(pool_processors() >= 1);
	cpu_set_t all, one;
	int cpu = 0;
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(pool_processors(), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_indices_in_order),
		cmocka_unit_test(test_nothing_to_commit),
		cmocka_unit_test(test_empty_range),
		cmocka_unit_test(test_end_of_the_number_line),
		cmocka_unit_test(test_one_job_stays_on_the_calling_thread),
		cmocka_unit_test(test_signals_are_left_to_the_caller),
		cmocka_unit_test(test_back_pressure),
		cmocka_unit_test(test_work_fails),
		cmocka_unit_test(test_lowest_error_wins),
		cmocka_unit_test(test_chunks_before_the_error_are_committed),
		cmocka_unit_test(test_commit_fails),
		cmocka_unit_test(test_error_without_a_place_for_it),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stopped_before_the_start),
		cmocka_unit_test(test_stop_too_late),
		cmocka_unit_test(test_no_stop_flag),
		cmocka_unit_test(test_thread_cannot_be_started),
		cmocka_unit_test(test_no_more_threads_than_chunks),
		cmocka_unit_test(test_processors),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
