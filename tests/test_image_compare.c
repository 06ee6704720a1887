/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/image/image_compare.h"

enum { WIDTH = 151, HEIGHT = 5, PAD = 3 }; /* rows longer than the picture, as rasters have them */

static uint8_t bytes[2][HEIGHT][WIDTH + PAD];

static struct image paper(int k)
{
	memset(bytes[k], 255, sizeof(bytes[k]));
	return (struct image){WIDTH, HEIGHT, 1, WIDTH + PAD, &bytes[k][0][0]};
}

static void test_same(void **state)
{
	struct image a = paper(0), b = paper(1);
	int x, y;

	(void)state;
	bytes[0][2][WIDTH] = 0; /* behind the row's end */
	assert_false(image_find_difference(&a, &b, &x, &y));
	assert_false(image_find_lighter(&a, &b, &x, &y));
	assert_false(image_find_lighter(&b, &a, &x, &y));
}

static void test_one_pixel_anywhere(void **state)
{
	struct image a = paper(0), b = paper(1);
	int x, y;

	(void)state;
	for (int j = 0; j < HEIGHT; j++)
		for (int i = 0; i < WIDTH; i++) {
			bytes[0][j][i] = 254;
			assert_true(image_find_difference(&a, &b, &x, &y));
			assert_true(x == i && y == j);
			assert_false(image_find_lighter(&a, &b, &x, &y));
			assert_true(image_find_lighter(&b, &a, &x, &y));
			assert_true(x == i && y == j);
			bytes[0][j][i] = 255;
		}
}

static void test_first_of_several(void **state)
{
	struct image a = paper(0), b = paper(1);
	int x, y;

	(void)state;
	bytes[1][1][30] = bytes[1][3][2] = 0;
	bytes[0][1][4] = 10;
	assert_true(image_find_difference(&a, &b, &x, &y));
	assert_true(x == 4 && y == 1);
	assert_true(image_find_lighter(&a, &b, &x, &y));
	assert_true(x == 30 && y == 1);
}

static void test_darkest_within(void **state)
{
	const struct vec box[] = {{10, 1}, {10, 3}, {14, 3}, {14, 1}};
	const struct vec turned[] = {{20, 0}, {22, 2}, {20, 4}, {18, 2}};
	const struct vec far_off[] = {{-1e6, -1e6}, {-1e6, -9e5}, {-9e5, -9e5}};
	const struct vec round_all[] = {{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}};
	struct image a = paper(0);

	(void)state;
	bytes[0][0][10] = bytes[0][3][13] = bytes[0][1][9] = bytes[0][2][14] = 0;
	assert_int_equal(image_darkest_within(&a, box, 4), 255);
	bytes[0][1][10] = 90;
	bytes[0][2][13] = 80;
	assert_int_equal(image_darkest_within(&a, box, 4), 80);
	bytes[0][0][18] = bytes[0][3][18] = bytes[0][0][21] = 7;
	assert_int_equal(image_darkest_within(&a, turned, 4), 255);
	bytes[0][1][19] = 70;
	assert_int_equal(image_darkest_within(&a, turned, 4), 70);
	assert_int_equal(image_darkest_within(&a, far_off, 3), 255);
	assert_int_equal(image_darkest_within(&a, round_all, 4), 0);
}

/* Ink of b may be off by so much and no more; grey of b and paper of a are no ink. */
static void test_far(void **state)
{
	struct image a = paper(0), b = paper(1);
	int x, y;

	(void)state;
	bytes[1][1][20] = 127;
	bytes[1][3][5] = 128;
	bytes[0][3][23] = IMAGE_PAPER;
	assert_true(image_find_far(&a, &b, 3, &x, &y));
	assert_true(x == 20 && y == 1);
	bytes[0][3][23] = IMAGE_PAPER - 1;
	assert_false(image_find_far(&a, &b, 3, &x, &y));
	assert_true(image_find_far(&a, &b, 2, &x, &y));
	bytes[0][0][19] = 0;
	assert_false(image_find_far(&a, &b, 1, &x, &y));
	assert_true(image_find_far(&a, &b, 0, &x, &y));
	assert_false(image_find_far(&b, &b, 0, &x, &y));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_one_pixel_anywhere),
		cmocka_unit_test(test_first_of_several),
		cmocka_unit_test(test_darkest_within),
		cmocka_unit_test(test_far),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
