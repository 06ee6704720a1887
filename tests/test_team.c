/* SPDX-License-Identifier: MIT */
/* team: every index once, shares in order and of equal size, whatever the number of threads. */
#include <config.h>

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/ops/team.h"

#define MOST 100

struct counts {
	int done[MOST], worker[MOST];
};

static void count(void *ctx, int worker, size_t first, size_t last)
{
	struct counts *c = ctx;

	assert_true(first < last);
	for (size_t i = first; i < last; i++) {
		c->done[i]++;
		c->worker[i] = worker;
	}
}

static void check_run(struct team *team, size_t n)
{
	struct counts c = {0};
	int shares[8] = {0};
	size_t threads = (size_t)team_threads(team);

	team_run(team, count, &c, n);
	for (size_t i = 0; i < MOST; i++)
		assert_int_equal(c.done[i], i < n);
	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || c.worker[i] >= c.worker[i - 1]);
		shares[c.worker[i]]++;
	}
	for (size_t i = 0; i < threads && n > 1; i++)
		assert_true(shares[i] == (int)(n / threads) || shares[i] == (int)(n / threads) + 1);
}

static void test_shares(void **state)
{
	(void)state;
	for (int threads = 1; threads <= 5; threads++) {
		struct err err = {0};
		struct team *team = team_new(threads, &err);

		assert_non_null(team);
		assert_int_equal(team_threads(team), threads);
		for (int round = 0; round < 20; round++)
			for (size_t n = 0; n < MOST; n++)
				check_run(team, n);
		team_free(team);
	}
	team_free(NULL);
}

#define TEAMS 4
#define RUNS 3000

struct sums {
	size_t n;
	uint64_t share[4];
};

static void add_up(void *ctx, int worker, size_t first, size_t last)
{
	struct sums *s = ctx;

	for (size_t i = first; i < last; i++)
		s->share[worker] += i * i;
	if ((s->n + (size_t)worker) % 97 == 0)
		sched_yield();
}

/* Of one team: how many runs came out wrong. */
static void *run_on(void *arg)
{
	struct team *team = arg;
	uintptr_t wrong = 0;

	for (size_t run = 0; run < RUNS; run++) {
		struct sums s = {.n = run % 50};
		uint64_t sum = 0, expected = 0;

		team_run(team, add_up, &s, s.n);
		for (size_t i = 0; i < s.n; i++)
			expected += i * i;
		for (int i = 0; i < 4; i++)
			sum += s.share[i];
		wrong += sum != expected;
	}
	return (void *)wrong;
}

/* More threads than there are processors, so that most of them are late for most runs. */
static void test_many_teams(void **state)
{
	struct team *teams[TEAMS];
	pthread_t threads[TEAMS];
	struct err err = {0};

	(void)state;
	for (int i = 0; i < TEAMS; i++) {
		teams[i] = team_new(4, &err);
		assert_non_null(teams[i]);
		assert_int_equal(pthread_create(&threads[i], NULL, run_on, teams[i]), 0);
	}
	for (int i = 0; i < TEAMS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
		team_free(teams[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_many_teams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
