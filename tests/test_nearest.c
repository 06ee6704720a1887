/* SPDX-License-Identifier: MIT */
/* nearest: what is near, what is not, and which of several wins. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *meant(const char *typed, const char *const *known)
{
	struct nearest near = nearest_to(typed);

	for (; *known; known++)
		nearest_try(&near, *known);
	return near.word;
}

static void assert_meant(const char *typed, const char *word)
{
	static const char *const known[] = {"batch",         "steps", "epochs",
					    "learning_rate", "rate",  NULL};
	const char *is = meant(typed, known);

	if (!is || strcmp(is, word) != 0)
		fail_msg("%s: %s instead of %s", typed, is ? is : "nothing", word);
}

static void assert_none(const char *typed, const char *word)
{
	assert_null(meant(typed, (const char *const[]){word, NULL}));
}

static void test_edits(void **state)
{
	(void)state;
	assert_meant("batch", "batch");
	assert_meant("bach", "batch");     /* left out */
	assert_meant("epoochs", "epochs"); /* put in */
	assert_meant("stebs", "steps");    /* replaced */
	assert_meant("pecohs", "epochs");  /* two swaps */
	assert_meant("lerning_rat", "learning_rate");
	assert_meant("learning-rate", "learning_rate");
}

static void test_far(void **state)
{
	char longest[66];

	(void)state;
	assert_none("", "steps");
	assert_none("stamps_", "steps");
	assert_none("xx", "rx"); /* one of two letters */
	assert_none("val", "out");
	assert_none("rates_", "rate"); /* two of four */
	memset(longest, 'a', sizeof(longest) - 1);
	longest[65] = '\0';
	assert_none(longest, longest);
	assert_non_null(meant(longest + 1, (const char *const[]){longest + 2, NULL}));
}

static void test_first_of_equals(void **state)
{
	(void)state;
	assert_string_equal(meant("abcdef", (const char *const[]){"abcdeg", "abcdeh", NULL}),
			    "abcdeg");
	assert_string_equal(meant("abcdef", (const char *const[]){"abcdgh", "abcdeh", NULL}),
			    "abcdeh");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_far),
		cmocka_unit_test(test_first_of_equals),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
