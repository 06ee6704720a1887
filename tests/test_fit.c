/* SPDX-License-Identifier: MIT */
/* fit_advise, of memory that holds so many samples and no more. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/fit_main.h"

struct memory {
	int plain, recomputed; /* samples that fit */
	int tries, broken_at;  /* the try that comes to something else; 0: none does */
};

static int try_so(void *ctx, int samples, bool recompute)
{
	struct memory *m = ctx;

	if (++m->tries == m->broken_at)
		return -1;
	return samples <= (recompute ? m->recomputed : m->plain);
}

static void check(struct memory memory, int samples, bool recompute, const char *advice)
{
	struct fit fit = {&memory, try_so, samples, recompute};
	struct err err = {0};
	char want[ERR_MSG_BYTES];

	err_set(&err, ERR_MEMORY, "no memory");
	snprintf(want, sizeof(want), "no memory%s", advice);
	fit_advise(&fit, &err);
	assert_string_equal(err.msg, want);
}

static void test_advice(void **state)
{
	(void)state;
	check((struct memory){.plain = 20, .recomputed = 100}, 64, false,
	      ": --batch 16 fits, and --batch 64 with --recompute");
	check((struct memory){.plain = 20, .recomputed = 40}, 64, false,
	      ": --batch 16 fits, and --batch 32 with --recompute");
	check((struct memory){.plain = 20, .recomputed = 20}, 64, false, ": --batch 16 fits");
	check((struct memory){.recomputed = 3}, 12, false, ": --batch 3 fits with --recompute");
	check((struct memory){.recomputed = 1}, 1, false, ": --batch 1 fits with --recompute");
	check((struct memory){.recomputed = 5}, 12, true, ": --batch 3 fits");
	check((struct memory){0}, 12, false,
	      ": not one sample at once fits, not even with --recompute; a smaller --preset or "
	      "--side does");
	check((struct memory){0}, 12, true,
	      ": not one sample at once fits; a smaller --preset or --side does");
}

/* What cannot be tried is not told. */
static void test_broken(void **state)
{
	(void)state;
	for (int at = 1; at <= 3; at++)
		check((struct memory){.plain = 6, .recomputed = 6, .broken_at = at}, 12, false,
		      at < 3 ? "" : ": --batch 6 fits");
}

/* A long line is cut, not overrun. */
static void test_long(void **state)
{
	struct memory memory = {.plain = 1};
	struct fit fit = {&memory, try_so, 2, true};
	struct err err = {.code = ERR_MEMORY};

	(void)state;
	memset(err.msg, 'x', sizeof(err.msg) - 4);
	fit_advise(&fit, &err);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_advice),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
