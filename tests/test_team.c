/* SPDX-License-Identifier: MIT */
/* team: every index once, shares in order and of equal size, whatever the number of threads. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/team.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_shares)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
