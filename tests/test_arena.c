/* SPDX-License-Identifier: MIT */
/* arena: zeroed, aligned, disjoint memory that a reset keeps and reuses. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

#define PIECES 2000

/* Sizes from nothing to three first blocks, the same in every round. */
static size_t piece_bytes(int i)
{
	return i % 97 == 96 ? 200000 : (size_t)(i * 37 % 1000);
}

static void fill(struct arena *arena, unsigned char **pieces)
{
	for (int i = 0; i < PIECES; i++) {
		size_t n = piece_bytes(i);
		pieces[i] = arena_alloc(arena, n, 1);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(pieces[i][k], 0);
		memset(pieces[i], i % 255 + 1, n);
	}
}

static void test_pieces_are_zeroed_aligned_and_disjoint(void **state)
{
	(void)state;
	struct arena arena = {0};
	static unsigned char *pieces[PIECES];
	for (int round = 0; round < 3; round++) {
		fill(&arena, pieces);
		for (int i = 0; i < PIECES; i++) {
			for (size_t k = 0; k < piece_bytes(i); k++)
				assert_int_equal(pieces[i][k], i % 255 + 1);
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* The same requests after a reset get the same memory: nothing new was asked of the system. */
static void test_reset_reuses_memory(void **state)
{
	(void)state;
	struct arena arena = {0};
	static unsigned char *first[PIECES], *second[PIECES];
	fill(&arena, first);
	arena_reset(&arena);
	fill(&arena, second);
	assert_memory_equal(first, second, sizeof(first));
	arena_free(&arena);
}

/* What comes after a trim or a release gets the room that was given back, zeroed, and what was before
 * stays as it is; also where the mark lies blocks behind, or before the first of all. */
static void test_room_is_given_back(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct arena_mark start = arena_mark(&arena);
	unsigned char *before = arena_alloc(&arena, 100, 1), *p, *q;
	memset(before, 7, 100);
	p = arena_alloc(&arena, 1000, 1);
	memset(p, 8, 1000);
	arena_trim(&arena, p, 10, 1);
	q = arena_alloc(&arena, 1000, 1);
	assert_ptr_equal(q, p + 16);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(q[i], 0);
	struct arena_mark mark = arena_mark(&arena);
	unsigned char *first = arena_alloc(&arena, 5000, 1);
	for (int i = 0; i < 300; i++)
		memset(arena_alloc(&arena, 5000, 1), 9, 5000);
	arena_release(&arena, mark);
	assert_ptr_equal(arena_alloc(&arena, 5000, 1), first);
	for (int i = 0; i < 100; i++)
		assert_int_equal(before[i], 7);
	for (int i = 0; i < 10; i++)
		assert_int_equal(p[i], 8);
	arena_release(&arena, start);
	assert_ptr_equal(arena_alloc(&arena, 100, 1), before);
	arena_free(&arena);
}

/* Large and small by turns in changing order: a block too small for one stays in use for others. */
static void test_blocks_do_not_pile_up(void **state)
{
	(void)state;
	struct arena arena = {0};
	unsigned char *seen[64];
	int count = 0;
	for (int round = 0; round < 300; round++) {
		arena_reset(&arena);
		for (int i = 0; i < 6; i++) {
			int large = (round + i) % 3 == 0;
			unsigned char *p = arena_alloc(&arena, large ? 9000000 : 60000, 1);
			*p = 1;
			int known = 0;
			for (int k = 0; k < count; k++)
				known |= seen[k] == p;
			if (!known) {
				assert_true(count < 64);
				seen[count++] = p;
			}
		}
	}
	arena_free(&arena);
}

static void test_empty_pieces_are_distinct(void **state)
{
	(void)state;
	struct arena arena = {0};
	void *a = arena_alloc(&arena, 0, 8);
	void *b = arena_alloc(&arena, 8, 0);
	assert_non_null(a);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
	arena_free(&arena);
}

static void test_strndup(void **state)
{
	(void)state;
	struct arena arena = {0};
	memset(arena_alloc(&arena, 100, 1), 'z', 100);
	arena_reset(&arena);
	assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(&arena, "", 0), "");
	assert_string_equal(arena_strndup(&arena, NULL, 0), "");
	assert_memory_equal(arena_strndup(&arena, "a\0b", 3), "a\0b", 4);
	arena_free(&arena);
}

static void test_free_leaves_an_empty_arena(void **state)
{
	(void)state;
	struct arena arena = {0};
	arena_free(&arena);
	arena_reset(&arena);
	for (int round = 0; round < 2; round++) {
		int *p = ARENA_NEW(&arena, int, 10);
		p[9] = 9;
		assert_int_equal(p[0], 0);
		arena_free(&arena);
		assert_null(arena.first);
		assert_null(arena.current);
		assert_int_equal(arena.used, 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_zeroed_aligned_and_disjoint),
		cmocka_unit_test(test_reset_reuses_memory),
		cmocka_unit_test(test_room_is_given_back),
		cmocka_unit_test(test_blocks_do_not_pile_up),
		cmocka_unit_test(test_empty_pieces_are_distinct),
		cmocka_unit_test(test_strndup),
		cmocka_unit_test(test_free_leaves_an_empty_arena),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
