/* SPDX-License-Identifier: MIT */
/* dataset: the contact sheet. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/dataset/dataset.h"
#include "formats/image/image.h"
#include "tests/dataset_fixture.h"

/* Sample i has its pixel (0, 0) of value 10 i, as large as it is drawn: no shrinking. */
static void check_sheet(int columns, int rows, int expected_rows, const int *samples, int n)
{
	enum { STEP = SIDE_PX + 1 };
	struct image sheet;
	struct err err = {0};
	char png[400];

	snprintf(png, sizeof(png), "%s/sheet.png", fixture_folder);
	if (dataset_contact_sheet(fixture_out, png, columns, rows, SIDE_PX, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(image_read_png(&sheet, png, 1000, &err), 0);
	assert_int_equal(sheet.width, columns * STEP + 1);
	assert_int_equal(sheet.height, expected_rows * STEP + 1);
	assert_int_equal(sheet.channels, 1);
	for (int cell = 0; cell < columns * expected_rows; cell++) {
		const uint8_t *at = sheet.px + (size_t)(cell / columns * STEP) * sheet.stride +
				    cell % columns * STEP;
		assert_int_equal(at[0], 192);
		for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
			assert_int_equal(at[(size_t)(1 + k / SIDE_PX) * sheet.stride +
					    (size_t)(1 + k % SIDE_PX)],
					 cell < n ? (10 * samples[cell] + k) % 256 : 255);
	}
	image_free(&sheet);
}

static void test_sheet(void **state)
{
	struct dataset_settings settings = fixture_settings();
	const int first_four[] = {0, 1, 2, 3}, six[] = {0, 3, 7, 11, 14, 18}, one[] = {0};

	(void)state;
	assert_made(&settings, DATASET_NEW, 4);
	check_sheet(3, 5, 2, first_four, 4); /* fewer samples than cells: two rows */
	assert_made(&settings, DATASET_RESUME, COUNT);
	check_sheet(3, 2, 2, six, 6);
	check_sheet(1, 1, 1, one, 1);
}

static void write_picture(const char *name, int width, int height, int channels, int value)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct image image = image_new(width, height, channels);
	struct err err = {0};

	memset(image.px, value, image.stride * (size_t)height);
	assert_int_equal(image_write_png(&image, fixture_path(fixture_out, name), encoder, &err),
			 0);
	image_free(&image);
	png_encoder_free(encoder);
}

/* Shrunk to the longer side, in the middle; one RGB picture makes it RGB. */
static void test_sheet_of_other_sizes(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct image sheet;
	struct err err = {0};
	char png[400];

	(void)state;
	settings.count = 2;
	assert_made(&settings, DATASET_NEW, 2);
	write_picture("images/00/00000000.png", 80, 40, 3, 40);
	write_picture("images/00/00000001.png", 1, 3, 1, 99);
	snprintf(png, sizeof(png), "%s/sheet.png", fixture_folder);
	assert_int_equal(dataset_contact_sheet(fixture_out, png, 2, 1, 10, &err), 0);
	assert_int_equal(image_read_png(&sheet, png, 1000, &err), 0);
	assert_int_equal(sheet.channels, 3);
	assert_int_equal(sheet.width, 23);
	assert_int_equal(sheet.height, 12);
#define AT(x, y) sheet.px[(size_t)(y)*sheet.stride + 3 * (x) + 1]
	assert_int_equal(AT(1, 2), 255);
	assert_int_equal(AT(1, 3), 40);
	assert_int_equal(AT(10, 7), 40);
	assert_int_equal(AT(10, 8), 255);
	assert_int_equal(AT(11, 5), 192);
	assert_int_equal(AT(16, 4), 99);
	assert_int_equal(AT(16, 6), 99);
	assert_int_equal(AT(16, 7), 255);
	assert_int_equal(AT(17, 5), 255);
#undef AT
	image_free(&sheet);
	write_picture("images/00/00000000.png", 1, 1, 1, 40);
	write_picture("images/00/00000001.png", 5000, 1, 3, 200);
	assert_int_equal(dataset_contact_sheet(fixture_out, png, 2, 1, 10, &err), 0);
	assert_int_equal(image_read_png(&sheet, png, 1000, &err), 0);
	assert_int_equal(sheet.channels, 3);
	assert_int_equal(sheet.px[(size_t)5 * sheet.stride + 3 * 12], 200);
	assert_int_equal(sheet.px[(size_t)5 * sheet.stride + 3 * 5 + 2], 40);
	image_free(&sheet);
}

static void assert_no_sheet(int columns, int rows, int cell_px, enum err_code code,
			    const char *part)
{
	struct err err = {0};
	char png[400];

	snprintf(png, sizeof(png), "%s/no_sheet.png", fixture_folder);
	assert_int_equal(dataset_contact_sheet(fixture_out, png, columns, rows, cell_px, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
	assert_true(access(png, F_OK) < 0);
}

static void test_sheet_errors(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};

	(void)state;
	assert_no_sheet(2, 2, 8, ERR_USAGE, "holds no dataset of cadgen");
	assert_made(&settings, DATASET_NEW, 0);
	assert_no_sheet(2, 2, 8, ERR_USAGE, "holds no pictures yet");
	assert_made(&settings, DATASET_RESUME, 9);
	assert_no_sheet(0, 2, 8, ERR_USAGE, "contact sheet");
	assert_no_sheet(2, 0, 8, ERR_USAGE, "contact sheet");
	assert_no_sheet(2, 2, 0, ERR_USAGE, "contact sheet");
	assert_no_sheet(2000000000, 2, 2, ERR_USAGE, "at most");
	assert_no_sheet(2, 200, 100, ERR_USAGE, "at most");
	assert_int_equal(dataset_contact_sheet(fixture_out,
					       fixture_path(fixture_folder, "missing/x.png"), 2, 2,
					       8, &err),
			 -1);
	assert_int_equal(err.code, ERR_IO);
	unlink(fixture_path(fixture_out, "images/00/00000004.png"));
	assert_no_sheet(2, 1, 8, ERR_IO, "00000004.png");
	fixture_put("images/00/00000004.png", "x");
	assert_no_sheet(2, 1, 8, ERR_FORMAT, "00000004.png");
	fixture_put(".cadgen-journal", "{}");
	assert_no_sheet(2, 1, 8, ERR_FORMAT, "not a journal");
}

#define TEST(name) cmocka_unit_test_teardown(name, fixture_clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sheet),
		TEST(test_sheet_of_other_sizes),
		TEST(test_sheet_errors),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
