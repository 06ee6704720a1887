/* SPDX-License-Identifier: MIT */
/* twins: what is equal within a split and across splits, whatever order samples come in. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/dataset/twins.h"
#include "tests/random_shapes.h"

struct item {
	uint64_t key, index;
	enum dataset_split split;
};

static const struct item items[] = {
	{7, 0, SPLIT_TRAIN},  {7, 1, SPLIT_TRAIN}, {8, 2, SPLIT_VAL},   {9, 3, SPLIT_TEST},
	{7, 4, SPLIT_VAL},    {7, 5, SPLIT_VAL},   {7, 6, SPLIT_TEST},  {8, 7, SPLIT_TEST},
	{10, 8, SPLIT_TRAIN}, {9, 9, SPLIT_TEST},  {11, 10, SPLIT_VAL},
};

#define ITEM_COUNT (sizeof(items) / sizeof(*items))

static void check(struct twins *twins)
{
	struct twins_found all = twins_find(twins, false), train = twins_find(twins, true);

	assert_int_equal(all.distinct, 5);
	assert_int_equal(all.within, 3); /* 1, 5 and 9 */
	assert_int_equal(all.across, 4); /* 4, 5, 6 and 7 */
	assert_int_equal(all.pair[0].index, 0);
	assert_int_equal(all.pair[0].split, SPLIT_TRAIN);
	assert_int_equal(all.pair[1].index, 4);
	assert_int_equal(all.pair[1].split, SPLIT_VAL);
	assert_int_equal(train.distinct, 5);
	assert_int_equal(train.within, 3);
	assert_int_equal(train.across, 3);
	assert_int_equal(train.pair[1].index, 4);
}

static void test_in_any_order(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct item order[ITEM_COUNT];

	(void)state;
	memcpy(order, items, sizeof(items));
	for (int round = 0; round < 50; round++) {
		struct twins twins = {0};

		for (uint32_t i = ITEM_COUNT - 1; i > 0; i--) {
			uint32_t k = rng_below(&rng, i + 1);
			struct item swap = order[i];

			order[i] = order[k];
			order[k] = swap;
		}
		for (size_t i = 0; i < ITEM_COUNT; i++)
			twins_add(&twins, order[i].key, order[i].index, order[i].split);
		check(&twins);
		twins_free(&twins);
	}
}

/* Those of val and test alone are found, but not with train. */
static void test_without_train(void **state)
{
	struct twins twins = {0};
	struct twins_found found;

	(void)state;
	twins_add(&twins, 1, 5, SPLIT_TEST);
	twins_add(&twins, 1, 6, SPLIT_VAL);
	found = twins_find(&twins, false);
	assert_int_equal(found.across, 1);
	assert_int_equal(found.pair[0].index, 6);
	assert_int_equal(found.pair[1].index, 5);
	assert_int_equal(twins_find(&twins, true).across, 0);
	twins_free(&twins);
}

static void test_many(void **state)
{
	struct twins twins = {0};
	struct twins_found found;

	(void)state;
	found = twins_find(&twins, false);
	assert_int_equal(found.distinct, 0);
	for (uint64_t i = 0; i < 100000; i++)
		twins_add(&twins, i % 1000, i,
			  i % 1000 < 10 && i > 99000 ? SPLIT_VAL : SPLIT_TRAIN);
	found = twins_find(&twins, false);
	assert_int_equal(found.distinct, 1000);
	assert_int_equal(found.across, 9); /* 99001 to 99009 */
	assert_int_equal(found.within, 100000 - 1000 - 9);
	assert_int_equal(found.pair[1].index, 99001);
	twins_free(&twins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_any_order),
		cmocka_unit_test(test_without_train),
		cmocka_unit_test(test_many),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
