/* SPDX-License-Identifier: MIT */
/* eval_looks_main: what several looks at a picture say, put together by hand; and the looks. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/eval_looks_main.h"
#include "trainer/train/picture.h"

static struct eval_answer answer(const char *text, double probability, size_t tokens, bool ended)
{
	return (struct eval_answer){.text = text,
				    .len = strlen(text),
				    .tokens = tokens,
				    .log_prob = log(probability),
				    .score = log(probability) / (double)tokens,
				    .ended = ended,
				    .rank = 7,
				    .misfit = NAN};
}

static void assert_answer(const struct eval_said *said, int i, const char *text, double probability,
			  double score)
{
	const struct eval_answer *a = &said->answers[i];

	assert_true(i < said->count);
	assert_int_equal(a->len, strlen(text));
	assert_memory_equal(a->text, text, a->len);
	assert_true(fabs(exp(a->log_prob) - probability) < 1e-12);
	assert_true(fabs(a->score - score) < 1e-12);
	assert_int_equal(a->rank, i + 1);
}

/* a is what most say; b one is sure of; c is long. */
static void test_pool(void **state)
{
	const struct eval_answer first[] = {answer("a", 0.5, 2, true), answer("c", 0.3, 20, true)};
	const struct eval_answer second[] = {answer("b", 0.8, 2, true), answer("a", 0.1, 2, false)};
	const struct eval_answer third[] = {answer("a", 0.6, 2, true)};
	const struct eval_said said[] = {{first, 2}, {second, 2}, {third, 1}};
	struct arena arena = {0};
	struct eval_said pooled = eval_pool(said, 3, 1, &arena);

	(void)state;
	assert_int_equal(pooled.count, 3);
	assert_answer(&pooled, 0, "c", 0.1, log(0.1) / 20);
	assert_answer(&pooled, 1, "a", 0.4, log(0.4) / 2);
	assert_answer(&pooled, 2, "b", 0.8 / 3, log(0.8 / 3) / 2);
	assert_true(pooled.answers[1].ended);
	pooled = eval_pool(said, 3, 0, &arena);
	assert_answer(&pooled, 0, "a", 0.4, log(0.4));
	assert_answer(&pooled, 1, "b", 0.8 / 3, log(0.8 / 3));
	assert_answer(&pooled, 2, "c", 0.1, log(0.1));
	arena_free(&arena);
}

/* What scores the same stays as it came. */
static void test_equal(void **state)
{
	const struct eval_answer said[] = {answer("a", 0.25, 2, true), answer("ab", 0.25, 2, true),
					   answer("b", 0.25, 2, true)};
	const struct eval_said looks[] = {{said, 2}, {said + 2, 1}};
	struct arena arena = {0};
	struct eval_said pooled = eval_pool(looks, 2, 1, &arena);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_answer(&pooled, i, said[i].text, 0.125, log(0.125) / 2);
	assert_int_equal(pooled.count, 3);
	arena_free(&arena);
}

#define SIDE 32

/* The first look is the picture; each other one has its dot elsewhere, by no more than a patch. */
static void test_looks(void **state)
{
	static uint8_t picture[SIDE * SIDE], pixels[EVAL_LOOKS_MAX][SIDE * SIDE];

	(void)state;
	memset(picture, 255, sizeof(picture));
	picture[SIDE / 2 * SIDE + SIDE / 2] = 0;
	for (int i = 0; i < EVAL_LOOKS_MAX; i++) {
		const uint8_t *dot;
		int at;

		eval_look(pixels[i], picture, SIDE, i);
		dot = memchr(pixels[i], 0, sizeof(picture));
		assert_non_null(dot);
		at = (int)(dot - pixels[i]);
		assert_in_range(at % SIDE, SIDE / 2 - 8, SIDE / 2 + 8);
		assert_in_range(at / SIDE, SIDE / 2 - 8, SIDE / 2 + 8);
		for (int k = 0; k < i; k++)
			assert_memory_not_equal(pixels[i], pixels[k], sizeof(picture));
	}
	assert_memory_equal(pixels[0], picture, sizeof(picture));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_looks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
