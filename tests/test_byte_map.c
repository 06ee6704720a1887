/* SPDX-License-Identifier: MIT */
/* byte_map: numbers of strings, against a sorted list of the same strings. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_map.h"
#include "base/mem.h"
#include "tests/random_shapes.h"

#define STRINGS 100000

static void assert_at(const struct byte_map *map, uint32_t i, const void *data, size_t len)
{
	size_t got_len;
	const char *got = byte_map_at(map, i, &got_len);

	assert_int_equal(got_len, len);
	assert_memory_equal(got, data, len);
}

static void test_numbers_in_order(void **state)
{
	static const char *const words[] = {"width", "height", "w", "widthheight", "widt", "idth"};
	struct byte_map map = {0};

	(void)state;
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 6; i++)
			assert_int_equal(byte_map_add(&map, words[i], strlen(words[i])), i);
	assert_int_equal(map.count, 6);
	for (uint32_t i = 0; i < 6; i++) {
		assert_int_equal(byte_map_find(&map, words[i], strlen(words[i])), i);
		assert_at(&map, i, words[i], strlen(words[i]));
	}
	byte_map_free(&map);
	assert_int_equal(map.count, 0);
	assert_int_equal(byte_map_add(&map, "again", 5), 0);
	byte_map_free(&map);
}

static void test_absent(void **state)
{
	struct byte_map map = {0};

	(void)state;
	assert_int_equal(byte_map_find(&map, "a", 1), BYTE_MAP_NONE);
	assert_int_equal(byte_map_find(&map, "", 0), BYTE_MAP_NONE);
	byte_map_add(&map, "abc", 3);
	assert_int_equal(byte_map_find(&map, "ab", 2), BYTE_MAP_NONE);
	assert_int_equal(byte_map_find(&map, "bc", 2), BYTE_MAP_NONE);
	assert_int_equal(byte_map_find(&map, "abcd", 4), BYTE_MAP_NONE);
	assert_int_equal(byte_map_find(&map, "", 0), BYTE_MAP_NONE);
	assert_int_equal(map.count, 1);
	byte_map_free(&map);
}

/* Also as the very first, when there are no bytes yet. */
static void test_empty_string(void **state)
{
	struct byte_map map = {0};

	(void)state;
	assert_int_equal(byte_map_add(&map, "", 0), 0);
	assert_int_equal(byte_map_add(&map, "", 0), 0);
	assert_int_equal(byte_map_add(&map, "x", 1), 1);
	assert_int_equal(byte_map_find(&map, "", 0), 0);
	assert_at(&map, 0, "", 0);
	assert_at(&map, 1, "x", 1);
	byte_map_free(&map);
}

/* NULs count, in every place and number: a short string's hash is padded with them. */
static void test_nuls(void **state)
{
	static const char zeros[20];
	struct byte_map map = {0};

	(void)state;
	for (uint32_t len = 0; len <= 20; len++)
		assert_int_equal(byte_map_add(&map, zeros, len), len);
	assert_int_equal(byte_map_add(&map, "a\0b", 3), 21);
	assert_int_equal(byte_map_add(&map, "a\0c", 3), 22);
	assert_int_equal(byte_map_add(&map, "a", 1), 23);
	assert_int_equal(byte_map_add(&map, "a\0", 2), 24);
	for (uint32_t len = 0; len <= 20; len++)
		assert_int_equal(byte_map_find(&map, zeros, len), len);
	assert_int_equal(byte_map_find(&map, "a\0c", 3), 22);
	assert_int_equal(byte_map_find(&map, "a\0d", 3), BYTE_MAP_NONE);
	byte_map_free(&map);
}

/* --- a sorted list -------------------------------------------------------------------------- */

struct item {
	char bytes[24];
	uint32_t len, came; /* its place among all that came */
	uint32_t number;    /* expected */
};

static int compare_strings(const struct item *a, const struct item *b)
{
	int order = memcmp(a->bytes, b->bytes, a->len < b->len ? a->len : b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int by_string(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = compare_strings(x, y);

	return order ? order : (x->came > y->came) - (x->came < y->came);
}

static int by_coming(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return (x->came > y->came) - (x->came < y->came);
}

static void fill(struct item *item, uint32_t came, struct rng *rng)
{
	uint32_t letters = rng_chance(rng, 0.5) ? 3 : 256;

	*item = (struct item){.came = came, .len = rng_below(rng, letters == 3 ? 12 : 24)};
	for (uint32_t i = 0; i < item->len; i++)
		item->bytes[i] = (char)rng_below(rng, letters);
}

/* Sets the expected numbers; returns how many there are. */
static uint32_t number_items(struct item *items, size_t n)
{
	uint32_t *first = mem_alloc(n, sizeof(*first)), count = 0;

	qsort(items, n, sizeof(*items), by_string);
	for (size_t i = 0; i < n; i++)
		first[items[i].came] = i && compare_strings(&items[i], &items[i - 1]) == 0
					       ? first[items[i - 1].came]
					       : items[i].came;
	qsort(items, n, sizeof(*items), by_coming);
	for (size_t i = 0; i < n; i++)
		items[i].number = first[i] == i ? count++ : items[first[i]].number;
	free(first);
	return count;
}

static void test_many(void **state)
{
	struct item *items = mem_alloc(STRINGS, sizeof(*items));
	struct rng rng = rng_seed(test_seed(), 1);
	struct byte_map map = {0};
	uint32_t count;

	(void)state;
	for (uint32_t i = 0; i < STRINGS; i++)
		fill(&items[i], i, &rng);
	count = number_items(items, STRINGS);
	for (uint32_t i = 0; i < STRINGS; i++) {
		if (items[i].number == map.count)
			assert_int_equal(byte_map_find(&map, items[i].bytes, items[i].len),
					 BYTE_MAP_NONE);
		assert_int_equal(byte_map_add(&map, items[i].bytes, items[i].len), items[i].number);
	}
	assert_int_equal(map.count, count);
	for (uint32_t i = 0; i < STRINGS; i++) {
		assert_int_equal(byte_map_find(&map, items[i].bytes, items[i].len),
				 items[i].number);
		assert_at(&map, items[i].number, items[i].bytes, items[i].len);
	}
	byte_map_free(&map);
	free(items);
}

static void test_long_strings(void **state)
{
	char *text = mem_alloc(100000, 1);
	struct byte_map map = {0};

	(void)state;
	memset(text, 'x', 100000);
	for (uint32_t i = 0; i < 50; i++)
		assert_int_equal(byte_map_add(&map, text, 100000 - i), i);
	for (uint32_t i = 0; i < 50; i++)
		assert_int_equal(byte_map_find(&map, text, 100000 - i), i);
	text[50000] = 'y';
	assert_int_equal(byte_map_find(&map, text, 100000), BYTE_MAP_NONE);
	byte_map_free(&map);
	free(text);
}

static void test_dropped_strings(void **state)
{
	struct byte_map map = {0};

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		byte_map_add(&map, "0123456789012345678901234567890123456789", i % 41);
	byte_map_drop_strings(&map);
	assert_int_equal(map.count, 41);
	for (uint32_t i = 0; i < 41; i++)
		assert_int_equal(map.starts[i + 1] - map.starts[i], i);
	assert_int_equal(map.starts[41], map.bytes_used);
	byte_map_free(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_in_order),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_empty_string),
		cmocka_unit_test(test_nuls),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_dropped_strings),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
