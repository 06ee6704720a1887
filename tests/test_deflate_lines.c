/* SPDX-License-Identifier: MIT */
/* deflate_lines: whatever goes in comes back out of zlib's inflate, within the bound. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "formats/encoding/deflate_lines.h"

#define CANARY 0xa5

static uint64_t seed;

static void inflate_and_compare(const uint8_t *data, size_t size, uint8_t *packed, size_t n)
{
	uint8_t *back = mem_alloc(size + 1, 1);
	z_stream z = {.next_in = packed,
		      .avail_in = (uInt)n,
		      .next_out = back,
		      .avail_out = (uInt)size + 1};

	assert_int_equal(inflateInit2(&z, -15), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, size);
	assert_int_equal(z.avail_in, 0);
	inflateEnd(&z);
	assert_memory_equal(back, data, size);
	free(back);
}

/* Returns the compressed size. */
static size_t check(struct deflate_lines *d, const uint8_t *data, size_t size, size_t pixel,
		    size_t row)
{
	size_t bound = deflate_lines_bound(size), n;
	uint8_t *packed = mem_alloc(bound + 1, 1);

	packed[bound] = CANARY;
	n = deflate_lines_run(d, data, 0, size, pixel, row, true, packed);
	assert_true(n > 0 && n <= bound);
	assert_int_equal(packed[bound], CANARY);
	inflate_and_compare(data, size, packed, n);
	free(packed);
	return n;
}

static void test_small(void **state)
{
	struct deflate_lines *d = deflate_lines_new();
	uint8_t data[600];

	(void)state;
	for (size_t size = 0; size <= sizeof(data); size++) {
		memset(data, 255, sizeof(data));
		check(d, data, size, 1, 17);
		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)i;
		check(d, data, size, 1, 17);
	}
	deflate_lines_free(d);
}

/* All lengths of a match and around the pieces that longer ones are cut into. */
static void test_match_lengths(void **state)
{
	struct deflate_lines *d = deflate_lines_new();
	uint8_t data[1200];

	(void)state;
	for (size_t run = 1; run <= 1100; run++) {
		memset(data, 7, sizeof(data));
		data[0] = 1;
		data[run + 1] = 2;
		check(d, data, run + 2, 1, 4000);
	}
	deflate_lines_free(d);
}

/* Every distance up to the window and beyond it. */
static void test_distances(void **state)
{
	enum { SIZE = 80000 };
	struct deflate_lines *d = deflate_lines_new();
	struct rng rng = rng_seed(seed, 1);
	uint8_t *data = mem_alloc(SIZE, 1);

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t row = round < 8 ? 32765 + (size_t)round : 1 + rng_below(&rng, 33000);
		for (size_t i = 0; i < SIZE; i++)
			data[i] = i < row || rng_chance(&rng, 0.01) ? (uint8_t)rng_below(&rng, 256)
								    : data[i - row];
		check(d, data, row + 2000, 1, row);
	}
	deflate_lines_free(d);
	free(data);
}

/* In pieces, each with no more than some bytes before it. */
static void check_pieces(struct deflate_lines *d, struct rng *rng, const uint8_t *data, size_t size,
			 size_t pixel, size_t row)
{
	size_t bound = deflate_lines_bound(size), n = 0, at = 0;
	uint8_t *packed = mem_alloc(bound + 1, 1);
	bool last;

	packed[bound] = CANARY;
	do {
		size_t piece = rng_below(rng, 100000), before = row < at ? row : at;
		uint8_t *copy;

		piece = piece < size - at ? piece : size - at;
		last = at + piece == size;
		copy = mem_alloc(before + piece + 1, 1);
		memcpy(copy, data + at - before, before + piece);
		n += deflate_lines_run(d, copy, before, before + piece, pixel, row, last,
				       packed + n);
		free(copy);
		at += piece;
	} while (!last);
	assert_true(n > 0 && n <= bound);
	assert_int_equal(packed[bound], CANARY);
	inflate_and_compare(data, size, packed, n);
	free(packed);
}

static void draw(struct rng *rng, uint8_t *data, size_t size, int colours)
{
	for (size_t at = 0; at < size;) {
		size_t run = 1 + rng_below(rng, rng_chance(rng, 0.2) ? 2000 : 4);
		uint8_t v = (uint8_t)(255 - rng_below(rng, (uint32_t)colours));
		for (; run > 0 && at < size; run--)
			data[at++] = v;
	}
}

static void test_random(void **state)
{
	enum { SIZE = 300000 };
	struct deflate_lines *d = deflate_lines_new();
	struct rng rng = rng_seed(seed, 2);
	uint8_t *data = mem_alloc(SIZE, 1);

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t size = 1 + rng_below(&rng, SIZE);
		size_t pixel = rng_chance(&rng, 0.5) ? 1 : 3;
		draw(&rng, data, size, 1 + (int)rng_below(&rng, 256));
		size_t row = 1 + pixel * rng_below(&rng, 1000);
		check(d, data, size, pixel, row);
		check_pieces(d, &rng, data, size, pixel, row);
	}
	deflate_lines_free(d);
	free(data);
}

/* Pure noise: several blocks, almost all literals, hardly larger than it was. */
static void test_noise(void **state)
{
	enum { SIZE = 200000 };
	struct deflate_lines *d = deflate_lines_new();
	struct rng rng = rng_seed(seed, 3);
	uint8_t *data = mem_alloc(SIZE, 1);

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)rng_below(&rng, 256);
	assert_true(check(d, data, SIZE, 1, 513) < SIZE + SIZE / 50);
	deflate_lines_free(d);
	free(data);
}

/* Without a search: any size, round the ends of blocks too; few values need few bits. */
static void test_literals(void **state)
{
	static const size_t sizes[] = {1,     2, 3, 4, 5000, (1 << 17) - 1, 1 << 17, (1 << 17) + 1,
				       300001};
	struct deflate_lines *d = deflate_lines_new();
	struct rng rng = rng_seed(seed, 4);
	uint8_t *data = mem_alloc(300001, 1);

	(void)state;
	for (size_t k = 0; k < 2 * sizeof(sizes) / sizeof(*sizes); k++) {
		size_t size = sizes[k / 2], bound = deflate_lines_bound(size), n = 0;
		uint8_t *packed = mem_alloc(bound + 1, 1);

		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)rng_below(&rng, k % 2 ? 256 : 4);
		packed[bound] = CANARY;
		for (size_t at = 0, piece; at < size; at += piece) {
			piece = DEFLATE_LITERALS / 4 + rng_below(&rng, 200000);
			piece = piece < size - at ? piece : size - at;
			n += deflate_literals_run(d, data + at, piece, at + piece == size,
						  packed + n);
		}
		assert_true(n > 0 && n <= bound);
		assert_true(k % 2 || size < 5000 || n < size / 3);
		assert_int_equal(packed[bound], CANARY);
		inflate_and_compare(data, size, packed, n);
		free(packed);
	}
	deflate_lines_free(d);
	free(data);
}

/* Fibonacci frequencies ask for the longest codes, over the limit of 15. */
static void test_skewed_frequencies(void **state)
{
	enum { SYMBOLS = 22 };
	struct deflate_lines *d = deflate_lines_new();
	struct rng rng = rng_seed(seed, 4);
	uint8_t data[32768];
	size_t n = 0;

	(void)state;
	for (size_t a = 1, b = 1, s = 0; s < SYMBOLS && n + a <= sizeof(data); s++) {
		memset(data + n, (int)(s * 11), a);
		n += a;
		b += a;
		a = b - a;
	}
	/* Shuffled, so that there are no matches. */
	for (size_t i = n - 1; i > 0; i--) {
		size_t k = rng_below(&rng, (uint32_t)i + 1);
		uint8_t t = data[i];
		data[i] = data[k];
		data[k] = t;
	}
	check(d, data, n, 1, 40000);
	deflate_lines_free(d);
}

static void test_blank_page_is_tiny(void **state)
{
	enum { ROW = 513, SIZE = 512 * ROW };
	struct deflate_lines *d = deflate_lines_new();
	uint8_t *data = mem_alloc(SIZE, 1);

	(void)state;
	memset(data, 255, SIZE);
	for (size_t y = 0; y < 512; y++)
		data[y * ROW] = 0;
	assert_in_range(check(d, data, SIZE, 1, ROW), 1, 1400);
	deflate_lines_free(d);
	free(data);
}

static void test_same_bytes_after_other_work(void **state)
{
	enum { SIZE = 50000 };
	struct deflate_lines *d = deflate_lines_new(), *fresh = deflate_lines_new();
	struct rng rng = rng_seed(seed, 5);
	uint8_t *data = mem_alloc(SIZE, 1);
	uint8_t *a = mem_alloc(deflate_lines_bound(SIZE), 1);
	uint8_t *b = mem_alloc(deflate_lines_bound(SIZE), 1);
	size_t n;

	(void)state;
	draw(&rng, data, SIZE, 100);
	check(d, data, SIZE, 1, 100);
	draw(&rng, data, SIZE, 50);
	n = deflate_lines_run(d, data, 0, SIZE, 1, 200, true, a);
	assert_int_equal(deflate_lines_run(fresh, data, 0, SIZE, 1, 200, true, b), n);
	assert_memory_equal(a, b, n);
	deflate_lines_free(d);
	deflate_lines_free(fresh);
	free(data);
	free(a);
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_match_lengths),
		cmocka_unit_test(test_distances),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_literals),
		cmocka_unit_test(test_skewed_frequencies),
		cmocka_unit_test(test_blank_page_is_tiny),
		cmocka_unit_test(test_same_bytes_after_other_work),
	};
	const char *given = getenv("CADGEN_TEST_SEED");

	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	printf("# seed %ju\n", (uintmax_t)seed);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
