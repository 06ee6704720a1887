/* SPDX-License-Identifier: MIT */
/* image_grid: where cells and feet lie, pictures of other sizes and kinds, sizes refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/image/image_grid.h"

/* All pixels of one value. */
static struct image plain(int width, int height, int channels, int value)
{
	struct image image = image_new(width, height, channels);

	memset(image.px, value, image.stride * (size_t)height);
	return image;
}

static void place(struct image_grid *grid, int cell, bool foot, struct image picture)
{
	if (foot)
		image_grid_place_foot(grid, cell, &picture);
	else
		image_grid_place(grid, cell, &picture);
	image_free(&picture);
}

/* The grid's rows as digits, 0 black to 9 white, '+' the lines between. */
static void assert_rows(const struct image_grid *grid, const char *const *rows)
{
	const struct image *image = &grid->image;

	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++) {
			const uint8_t *px = image->px + (size_t)y * image->stride +
					    (size_t)x * (size_t)image->channels;
			char is = px[0] == 192 ? '+' : (char)('0' + px[0] * 9 / 255);

			if (is != rows[y][x])
				fail_msg("(%d,%d) is %c, not %c", x, y, is, rows[y][x]);
		}
}

static void test_cells_and_feet(void **state)
{
	static const char *const rows[] = {
		"+++++++++++", "+9999+1111+", "+9999+1111+", "+9999+1111+", "+9999+1111+",
		"+9999+9229+", "+9999+9999+", "+++++++++++", "+9999+9999+", "+3333+9999+",
		"+3333+9999+", "+9999+9999+", "+9999+9999+", "+9999+9999+", "+++++++++++"};
	struct image_grid grid;
	struct err err = {0};

	(void)state;
	assert_int_equal(image_grid_new(&grid, 2, 2, 4, 2, &err), 0);
	assert_int_equal(grid.image.width, 11);
	assert_int_equal(grid.image.height, 15);
	place(&grid, 1, false, plain(4, 4, 1, 1 * 255 / 9 + 1)); /* as it is */
	place(&grid, 1, true, plain(2, 1, 1, 2 * 255 / 9 + 1));  /* in the middle */
	place(&grid, 2, false, plain(8, 4, 1, 3 * 255 / 9 + 1)); /* shrunk */
	assert_rows(&grid, rows);
	image_grid_free(&grid);
}

/* Shrunk by the side that is too long, height as well as width. */
static void test_fit(void **state)
{
	static const char *const rows[] = {"++++++", "+9559+", "+9559+",
					   "+9559+", "+9559+", "++++++"};
	struct image_grid grid;
	struct err err = {0};

	(void)state;
	assert_int_equal(image_grid_new(&grid, 1, 1, 4, 0, &err), 0);
	place(&grid, 0, false, plain(20, 40, 1, 5 * 255 / 9 + 1));
	assert_rows(&grid, rows);
	place(&grid, 0, false, plain(1, 4000, 1, 5 * 255 / 9 + 1)); /* one column wide */
	assert_rows(&grid, rows);
	image_grid_free(&grid);
}

static void test_one_with_colours(void **state)
{
	static const char *const rows[] = {"+++++++", "+44+77+", "+44+77+", "+++++++"};
	struct image_grid grid;
	struct err err = {0};
	struct image red = plain(2, 2, 3, 0);

	(void)state;
	assert_int_equal(image_grid_new(&grid, 2, 1, 2, 0, &err), 0);
	place(&grid, 0, false, plain(2, 2, 1, 4 * 255 / 9 + 1));
	assert_int_equal(grid.image.channels, 1);
	for (int i = 0; i < 4; i++)
		red.px[3 * i] = 7 * 255 / 9 + 1;
	place(&grid, 1, false, red);
	assert_int_equal(grid.image.channels, 3);
	assert_rows(&grid, rows);
	assert_int_equal(grid.image.px[grid.image.stride + 3 * 1 + 1], 4 * 255 / 9 + 1);
	assert_int_equal(grid.image.px[grid.image.stride + 3 * 4 + 1], 0);
	image_grid_free(&grid);
}

static void refuse(int columns, int rows, int cell_px, int foot_px)
{
	struct image_grid grid;
	struct err err = {0};

	assert_int_equal(image_grid_new(&grid, columns, rows, cell_px, foot_px, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.msg, "at most 16384 px a side"));
}

static void test_sizes(void **state)
{
	struct err err = {0};

	(void)state;
	refuse(0, 1, 1, 0);
	refuse(1, 0, 1, 0);
	refuse(1, 1, 0, 0);
	refuse(2000000000, 1, 2000000000, 0);
	refuse(1, 16, 1000, 24);
	assert_int_equal(image_grid_check(1, 16, 1000, 22, &err), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells_and_feet),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_one_with_colours),
		cmocka_unit_test(test_sizes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
