/* SPDX-License-Identifier: MIT */
/* I/N, and what launchers put into the environment. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/launcher.h"

static const char *const variables[] = {
	"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMI_RANK",     "PMI_SIZE",
	"SLURM_PROCID",         "SLURM_STEP_NUM_TASKS", "SLURM_STEP_ID"};

static int without_launcher(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
	return 0;
}

static void test_parse(void **state)
{
	static const char *const wrong[] = {
		"",    "1",    "/",   "1/",   "/2",   "2/2",   "3/2",  "-1/2",
		"1/0", "0/11", "a/2", "1/2x", "1//2", "1/2/3", " 1/2", "11111111111111111111/2"};
	struct launched place = {-1, -1};
	struct err err = {0};

	(void)state;
	assert_int_equal(launcher_parse(&place, "0/1", 10, &err), 0);
	assert_true(place.rank == 0 && place.count == 1);
	assert_int_equal(launcher_parse(&place, "9/10", 10, &err), 0);
	assert_true(place.rank == 9 && place.count == 10);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (launcher_parse(&place, wrong[i], 10, &err) != -1)
			fail_msg("'%s' is taken for %d of %d", wrong[i], place.rank, place.count);
		assert_int_equal(err.code, ERR_USAGE);
	}
	assert_int_equal(launcher_parse(&place, "2/2", 10, &err), -1);
	assert_string_equal(err.msg, "'2/2' is not I/N with I from 0 to N - 1, N up to 10");
}

static void assert_place(int rank, int count)
{
	struct launched place = {-1, -1};
	struct err err = {0};

	assert_int_equal(launcher_place(&place, 10, &err), 0);
	assert_int_equal(place.rank, rank);
	assert_int_equal(place.count, count);
}

/* Each with all before it in the environment too, which go before it. */
static void test_place(void **state)
{
	struct launched place;
	struct err err = {0};

	(void)state;
	assert_place(0, 1);
	setenv("SLURM_PROCID", "3", 1);
	setenv("SLURM_STEP_NUM_TASKS", "4", 1);
	assert_place(0, 1); /* a batch script, not a step */
	setenv("SLURM_STEP_ID", "0", 1);
	assert_place(3, 4);
	setenv("PMI_RANK", "1", 1);
	assert_place(3, 4);
	setenv("PMI_SIZE", "5", 1);
	assert_place(1, 5);
	setenv("OMPI_COMM_WORLD_RANK", "6", 1);
	setenv("OMPI_COMM_WORLD_SIZE", "7", 1);
	assert_place(6, 7);
	setenv("OMPI_COMM_WORLD_SIZE", "11", 1);
	assert_int_equal(launcher_place(&place, 10, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, "OMPI_COMM_WORLD_RANK and OMPI_COMM_WORLD_SIZE: '6/11' is not "
				     "I/N with I from 0 to N - 1, N up to 10");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_parse, without_launcher),
		cmocka_unit_test_setup(test_place, without_launcher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
