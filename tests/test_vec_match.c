/* SPDX-License-Identifier: MIT */
/* vec_match: DeepCAD's accuracies, by hand and against its script told row by row. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"
#include "trainer/score/vec_match.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define NONE_11 -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
#define NONE_12 -1, NONE_11
#define NONE_14 -1, -1, NONE_12
#define SOL                                                                                        \
	{                                                                                          \
		{                                                                                  \
			4, -1, -1, NONE_14                                                         \
		}                                                                                  \
	}
#define EOS                                                                                        \
	{                                                                                          \
		{                                                                                  \
			3, -1, -1, NONE_14                                                         \
		}                                                                                  \
	}
#define LINE(X, Y)                                                                                 \
	{                                                                                          \
		{                                                                                  \
			0, X, Y, NONE_14                                                           \
		}                                                                                  \
	}
#define ARC(X, Y, SWEEP, CCW)                                                                      \
	{                                                                                          \
		{                                                                                  \
			1, X, Y, SWEEP, CCW, NONE_12                                               \
		}                                                                                  \
	}
#define CIRCLE(X, Y, R)                                                                            \
	{                                                                                          \
		{                                                                                  \
			2, X, Y, -1, -1, R, NONE_11                                                \
		}                                                                                  \
	}
#define EXT(ONE, OPERATION, EXTENT)                                                                \
	{                                                                                          \
		{                                                                                  \
			5, -1, -1, -1, -1, -1, 128, 128, 128, 10, 20, 30, 96, ONE, 128, OPERATION, \
				EXTENT                                                             \
		}                                                                                  \
	}

static void check(const struct cad_vec_row *truth, size_t truths, const struct cad_vec_row *said,
		  size_t saids, struct vec_match expected)
{
	struct cad_vec a = {(struct cad_vec_row *)truth, truths};
	struct cad_vec b = {(struct cad_vec_row *)said, saids};
	struct vec_match m = vec_match_rows(&a, &b);

	assert_int_equal(m.commands, expected.commands);
	assert_int_equal(m.commands_right, expected.commands_right);
	assert_int_equal(m.parameters, expected.parameters);
	assert_int_equal(m.parameters_right, expected.parameters_right);
}

#define CHECK(TRUTH, SAID, ...)                                                                    \
	check(TRUTH, sizeof(TRUTH) / sizeof(*(TRUTH)), SAID, sizeof(SAID) / sizeof(*(SAID)),       \
	      (struct vec_match){__VA_ARGS__})

static void test_by_hand(void **state)
{
	static const struct cad_vec_row truth[] = {
		SOL, LINE(223, 128), ARC(128, 223, 64, 1), LINE(128, 128), EXT(176, 0, 0), EOS};
	/* 2 steps are right, 3 are wrong; direction, operation and extent by nothing at all. */
	static const struct cad_vec_row near[] = {
		SOL, LINE(221, 131), ARC(130, 220, 66, 0), LINE(128, 128), EXT(178, 1, 1), EOS};
	static const struct cad_vec_row shorter[] = {SOL, CIRCLE(176, 128, 48), EXT(176, 0, 0),
						     EOS};
	static const struct cad_vec_row longer[] = {
		SOL, LINE(223, 128),  ARC(128, 223, 64, 1), LINE(128, 128), EXT(176, 0, 0),
		SOL, CIRCLE(1, 1, 1),
	};

	(void)state;
	CHECK(truth, truth, 5, 5, 2 + 4 + 2 + 11, 19);
	CHECK(truth, near, 5, 5, 19, 19 - 1 - 2 - 2);
	CHECK(truth, shorter, 5, 1, 0, 0);
	CHECK(truth, longer, 7, 5, 19, 19);
	CHECK(longer, truth, 7, 5, 19, 19);
	CHECK(shorter, shorter, 3, 3, 3 + 11, 14);
}

static void test_nothing(void **state)
{
	static const struct cad_vec_row some[] = {SOL, LINE(1, 2), EOS, LINE(3, 4)};

	(void)state;
	check(some, 4, NULL, 0, (struct vec_match){2, 0, 0, 0});
	check(NULL, 0, some, 4, (struct vec_match){2, 0, 0, 0});
	check(NULL, 0, NULL, 0, (struct vec_match){0, 0, 0, 0});
}

/* --- against another way to count ----------------------------------------------------------- */

enum { ROWS = 100 };

/* Which columns a command uses, as CMD_ARGS_MASK of DeepCAD's macro.py has it. */
static const char *const masks[] = {"1100000000000000", "1111000000000000", "1100100000000000",
				    "0000000000000000", "0000000000000000", "0000011111111111"};

/* Rows of EOS up to ROWS, and the EOS at the end of both are taken off again. */
static struct vec_match count_slowly(const struct cad_vec *truth, const struct cad_vec *said)
{
	struct vec_match m = {0};
	int last = -1;

	for (int i = 0; i < ROWS; i++) {
		int a = i < (int)truth->count ? truth->rows[i].at[0] : 3;
		int b = i < (int)said->count ? said->rows[i].at[0] : 3;

		if (a != 3 || b != 3)
			last = i;
	}
	m.commands = last + 1;
	for (int i = 0; i <= last; i++) {
		const int *a = truth->rows[i].at, *b = said->rows[i].at;

		if (i >= (int)truth->count || i >= (int)said->count || a[0] != b[0] || a[0] == 3)
			continue;
		m.commands_right++;
		for (int c = 1; c <= 16; c++) {
			bool exact = (a[0] == 5 && c >= 15) || (a[0] == 1 && c == 4);
			int off = abs(a[c] - b[c]);

			if (masks[a[0]][c - 1] == '0')
				continue;
			m.parameters++;
			m.parameters_right += exact ? off == 0 : off < 3;
		}
	}
	return m;
}

static struct cad_vec random_vec(struct rng *rng)
{
	struct deepcad_model model = random_model(rng, &arena);
	struct cad_vec vec;
	struct err err = {0};

	if (cad_vec_from_deepcad(&vec, &model, true, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return vec;
}

static void edit_number(struct rng *rng, struct cad_vec_row *row)
{
	int c = (int)rng_range(rng, 1, 16), by = (int)rng_range(rng, -4, 4);

	if (row->at[c] >= 0 && row->at[c] + by >= 0)
		row->at[c] += by;
}

/* Numbers that are changed, rows that are left out or doubled, and what is cut off. No row of EOS but the
 * last. */
static struct cad_vec edited(struct rng *rng, const struct cad_vec *vec)
{
	struct cad_vec out = {ARENA_NEW(&arena, struct cad_vec_row, 2 * vec->count), 0};

	for (size_t i = 0; i < vec->count; i++) {
		bool is_last = i + 1 == vec->count;

		if (!is_last && rng_chance(rng, 0.02))
			continue;
		out.rows[out.count++] = vec->rows[i];
		for (int k = 0; k < 3; k++)
			edit_number(rng, &out.rows[out.count - 1]);
		if (!is_last && rng_chance(rng, 0.02))
			out.rows[out.count++] = vec->rows[i];
	}
	if (rng_chance(rng, 0.1))
		out.count -= rng_below(rng, (uint32_t)out.count);
	return out;
}

static void test_random_edits(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	int full = 0, rounds = 500;

	(void)state;
	for (int i = 0; i < rounds; i++) {
		struct cad_vec truth = random_vec(&rng), other = random_vec(&rng);
		struct cad_vec said = edited(&rng, i % 5 ? &truth : &other);
		struct vec_match expected = count_slowly(&truth, &said);

		check(truth.rows, truth.count, said.rows, said.count, expected);
		check(said.rows, said.count, truth.rows, truth.count, count_slowly(&said, &truth));
		full += expected.commands == expected.commands_right;
		arena_reset(&arena);
	}
	assert_in_range(full, 1, rounds - 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_by_hand, forget),
		cmocka_unit_test_teardown(test_nothing, forget),
		cmocka_unit_test_teardown(test_random_edits, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
