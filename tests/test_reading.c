/* SPDX-License-Identifier: MIT */
/*
 * reading_label: texts with corners written here, level, upright, bent and lost, against cells counted by
 * hand; then drawings, where each character that is said has ink; and drawings full of practice.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "render/draft/practice.h"
#include "render/paint/raster.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"
#include "trainer/train/picture.h"
#include "trainer/train/reading.h"

#define SIDE 64
#define PATCH 16
#define PATCHES (SIDE / PATCH * (SIDE / PATCH))
#define CELLS (PATCHES * READING_ROWS)
#define ACROSS (SIDE / PATCH * READING_SIDE)

static struct arena arena;

static int8_t answers[READING_QUESTION_COUNT_ * CELLS]; /* more than there are */
static int8_t *cells[READING_QUESTION_COUNT_];
static struct shape shapes[21];
static struct dimension dimensions[] = {
	{.kind = DIM_POSITION_X, .shape = 3, .param = PARAM_X},
	{.kind = DIM_LEVEL, .shape = 20, .param = PARAM_WIDTH},
	{.kind = DIM_DIAMETER, .shape = 4, .param = PARAM_R},
	{.kind = DIM_POSITION_Y, .shape = 5, .param = PARAM_POINTS, .point = 1},
	{.kind = DIM_ARC_LENGTH, .shape = 4, .param = PARAM_SWEEP, .reference = true}};
static const struct scene scene = {
	.shape_count = 21, .shapes = shapes, .dimension_count = 5, .dimensions = dimensions};

/* Where column x and row y of cells lie in a plane. */
static int at(int x, int y)
{
	return (y / READING_SIDE * (SIDE / PATCH) + x / READING_SIDE) * READING_ROWS +
	       y % READING_SIDE * READING_SIDE + x % READING_SIDE;
}

static int class_of(char c)
{
	return READING_FIRST + (int)(strchr(READING_CHARACTERS, c) - READING_CHARACTERS);
}

/* Labels texts of the same place, whose corners are given. */
static void label_all(const struct annotation *texts, int count, struct vec *points, int corners,
		      int width, int height)
{
	struct annotation items[2];
	struct annotations a = {.width_px = width,
				.height_px = height,
				.count = count,
				.items = items,
				.scene = &scene};

	for (int i = 0; i < count; i++) {
		items[i] = texts[i];
		items[i].class_ = ANNOTATION_TEXT;
		items[i].polygon = (struct polyline){points, corners, true};
	}
	for (int i = 0; i < READING_QUESTION_COUNT_; i++)
		cells[i] = answers + reading_answers(i, PATCHES);
	reading_label(answers, &a, SIDE, PATCH);
}

static void label(struct annotation text, struct vec *points, int corners, int width, int height)
{
	label_all(&text, 1, points, corners, width, height);
}

static void assert_cell(int x, int y, int character, int role, int shape)
{
	assert_int_equal(cells[READING_CHARACTER][at(x, y)], character);
	assert_int_equal(cells[READING_ROLE][at(x, y)], role);
	assert_int_equal(cells[READING_SHAPE][at(x, y)], shape);
}

static int count_said(int question)
{
	int n = 0;

	for (int i = 0; i < CELLS; i++)
		n += cells[question][i] > 0 || (question > 0 && cells[question][i] == 0);
	return n;
}

/* 12,5 is 3.5 digits wide: 32 px from x = 10 on put the middles at 14.6, 23.7, 30.6 and 37.4. */
static void test_level(void **state)
{
	struct vec box[] = {{10, 20}, {42, 20}, {42, 10}, {10, 10}};

	(void)state;
	label((struct annotation){.value = "12,5"}, box, 4, SIDE, SIDE);
	assert_cell(3, 3, class_of('1'), READING_POSITION_X, 3);
	assert_cell(5, 3, class_of('2'), READING_POSITION_X, 3);
	assert_cell(7, 3, class_of(','), READING_POSITION_X, 3);
	assert_cell(9, 3, class_of('5'), READING_POSITION_X, 3);
	assert_int_equal(count_said(READING_CHARACTER), 4);
	assert_int_equal(count_said(READING_ROLE), 4);
}

/* The same upright: the first character is the lowest. A space is none, an unknown one is "other"; the
 * 21st shape is not said. */
static void test_upright(void **state)
{
	struct vec box[] = {{20, 60}, {20, 20}, {10, 20}, {10, 60}};

	(void)state;
	label((struct annotation){.value = "1 \u2713R", .dimension = 1}, box, 4, SIDE, SIDE);
	assert_cell(3, 13, class_of('1'), READING_PARAM + PARAM_WIDTH, READING_UNSAID);
	assert_cell(3, 8, READING_OTHER, READING_PARAM + PARAM_WIDTH, READING_UNSAID);
	assert_cell(3, 6, READING_FIRST + 17, READING_PARAM + PARAM_WIDTH, READING_UNSAID);
	assert_int_equal(count_said(READING_CHARACTER), 3);
}

/* A picture of 32 x 48 stands in the middle, 16 and 8 px in. */
static void test_smaller(void **state)
{
	struct vec box[] = {{0, 8}, {8, 8}, {8, 0}, {0, 0}};

	(void)state;
	label((struct annotation){.value = "7", .dimension = DRAWING_NOBODY}, box, 4, 32, 48);
	assert_cell(5, 3, class_of('7'), READING_UNSAID, READING_UNSAID);
	assert_int_equal(count_said(READING_CHARACTER), 1);
	assert_int_equal(count_said(READING_ROLE), 0);
}

/* Points that a warp put between the corners say nothing. */
static void test_bent(void **state)
{
	struct vec box[] = {{10, 20}, {20, 20.4}, {30, 20.4}, {42, 20},
			    {42, 10}, {30, 10.4}, {20, 10.4}, {10, 10}};

	(void)state;
	label((struct annotation){.value = "12,5"}, box, 8, SIDE, SIDE);
	assert_cell(3, 3, class_of('1'), READING_POSITION_X, 3);
	assert_cell(9, 3, class_of('5'), READING_POSITION_X, 3);
	assert_int_equal(count_said(READING_CHARACTER), 4);
}

static void test_unsaid(void **state)
{
	struct vec box[] = {{10, 20}, {42, 20}, {42, 10}, {10, 10}};
	struct vec tiny[] = {{12, 16}, {15, 16}, {15, 12}, {12, 12}};
	struct vec outside[] = {{-20, 16}, {-4, 16}, {-4, 12}, {-20, 12}};
	const struct annotation gone[] = {{.value = "12,5", .struck = true},
					  {.value = "12,5", .written = "13"},
					  {.value = "12,5", .swapped = "12,6"},
					  {.value = "12,5", .state = ANNOTATION_LOST}};

	(void)state;
	for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++) {
		label(gone[i], box, 4, SIDE, SIDE);
		assert_cell(3, 3, READING_UNSAID, READING_UNSAID, READING_UNSAID);
		assert_cell(9, 3, READING_UNSAID, READING_UNSAID, READING_UNSAID);
		assert_int_equal(count_said(READING_CHARACTER), 0);
	}
	label((struct annotation){.value = "12"}, tiny, 4, SIDE, SIDE);
	assert_cell(3, 3, READING_UNSAID, READING_UNSAID, READING_UNSAID);
	label((struct annotation){.value = "123"}, outside, 4, SIDE, SIDE);
	assert_int_equal(count_said(READING_CHARACTER), 0);
}

/* --- numbers */

/* The patch says the number, all others nothing; NULL: none does. */
static void assert_number(int patch, int role, int shape, const char *number)
{
	static const char figures[] = "0123456789.-";

	for (int i = 0; i < PATCHES; i++)
		for (int q = READING_NUMBER_ROLE; q <= READING_NUMBER_5; q++)
			assert_true((number && i == patch) || cells[q][i] < 0);
	if (!number)
		return;
	assert_int_equal(cells[READING_NUMBER_ROLE][patch], role);
	assert_int_equal(cells[READING_NUMBER_SHAPE][patch], shape);
	for (int i = 0; i <= READING_NUMBER_5 - READING_NUMBER_1; i++) {
		bool is_over = (size_t)i >= strlen(number);

		assert_int_equal(cells[READING_NUMBER_1 + i][patch],
				 is_over ? 0 : 1 + (int)(strchr(figures, number[i]) - figures));
	}
}

/* They are those of the program, whatever the drawing has: a radius where that has a diameter. */
static void test_numbers(void **state)
{
	struct vec box[] = {
		{10, 30}, {42, 30}, {42, 20}, {10, 20}}; /* its middle lies in patch 5 */
	const struct annotation diameter = {.value = "\u230075", .dimension = 2};
	const struct annotation corner = {.value = "4", .dimension = 3};
	const struct annotation along = {.value = "1234,567", .dimension = 0};
	const struct annotation wide = {.value = "12", .dimension = 1};
	const struct annotation arc = {.value = "99", .dimension = 4};
	const struct annotation note = {.value = "R4,5", .dimension = DRAWING_NOBODY};
	const struct annotation ratio = {.value = "1:2", .dimension = DRAWING_NOBODY};
	const struct annotation round = {.value = "\u230075", .dimension = DRAWING_NOBODY};
	struct annotation two[] = {diameter, corner};

	(void)state;
	shapes[3].value[PARAM_X] = 1234567;
	shapes[4].value[PARAM_R] = 37500;
	shapes[5].points[1] = (struct point){7000, -4000};
	shapes[20].value[PARAM_WIDTH] = 12000;
	label_all(&diameter, 1, box, 4, SIDE, SIDE);
	assert_number(5, READING_PARAM + PARAM_R, 4, "37.5");
	label_all(&corner, 1, box, 4, SIDE, SIDE);
	assert_number(5, READING_POSITION_Y, 5, "-4");
	label_all(&along, 1, box, 4, SIDE, SIDE);
	assert_number(5, READING_POSITION_X, 3, "1234.");
	label_all(&wide, 1, box, 4, SIDE, SIDE);
	assert_number(5, READING_PARAM + PARAM_WIDTH, READING_UNSAID, "12");
	label_all(&arc, 1, box, 4, SIDE, SIDE);
	assert_number(0, 0, 0, NULL);
	/* of what states nothing only the figures are known, and not those of half a diameter */
	label_all(&note, 1, box, 4, SIDE, SIDE);
	assert_number(5, READING_UNSAID, READING_UNSAID, "4.5");
	label_all(&ratio, 1, box, 4, SIDE, SIDE);
	assert_number(0, 0, 0, NULL);
	label_all(&round, 1, box, 4, SIDE, SIDE);
	assert_number(0, 0, 0, NULL);
	label_all(two, 2, box, 4, SIDE, SIDE);
	assert_number(0, 0, 0, NULL);
	two[0].struck = true;
	label_all(two, 1, box, 4, SIDE, SIDE);
	assert_number(0, 0, 0, NULL);
	label_all(two, 2, box, 4, SIDE, SIDE);
	assert_number(0, 0, 0, NULL);
}

/* One cell of a patch without lettering is asked, all of one with. */
static void test_blank(void **state)
{
	struct vec box[] = {{16, 15}, {32, 15}, {32, 1}, {16, 1}};

	(void)state;
	label((struct annotation){.value = "42"}, box, 4, SIDE, SIDE);
	for (int patch = 0; patch < PATCHES; patch++) {
		int asked = 0;

		for (int i = 0; i < READING_ROWS; i++)
			asked += cells[READING_CHARACTER][patch * READING_ROWS + i] !=
				 READING_UNSAID;
		assert_int_equal(asked, patch == 1 ? READING_ROWS : 1);
	}
}

/* --- drawings */

#define SHEET 256
#define SHEET_CELLS (SHEET / PATCH * (SHEET / PATCH) * READING_ROWS)

static bool has_ink(const uint8_t *pixels, int x, int y)
{
	for (int v = y - 1; v < y + 2; v++)
		for (int u = x - 1; u < x + 2; u++)
			for (int i = 0; i < 16; i++) {
				int px = 4 * u + i % 4, py = 4 * v + i / 4;

				if (px >= 0 && py >= 0 && px < SHEET && py < SHEET &&
				    pixels[py * SHEET + px] < 200)
					return true;
			}
	return false;
}

static int count_characters(const struct drawing *drawing)
{
	int n = 0;

	for (int i = 0; i < drawing->text_count; i++) {
		const char *s = drawing->texts[i].utf8;
		size_t len = strlen(s);
		uint32_t c;

		for (size_t k = 0, size; k < len && (size = utf8_char(s + k, len - k, &c));
		     k += size)
			n += c != ' ';
	}
	return n;
}

/* How many of a drawing's characters are said; each has ink. */
static int check_drawing(struct sample *sample, struct raster *raster)
{
	static int8_t labels[READING_QUESTION_COUNT_ * SHEET_CELLS];
	static uint8_t pixels[SHEET * SHEET];
	struct image image = image_from_drawing(raster, &sample->drawing, sample->font);
	struct annotations a =
		annotations_from_drawing(&sample->drawing, &sample->scene, SHEET, &arena);
	int n = 0;

	picture_from_image(&image, SHEET, pixels);
	reading_label(labels, &a, SHEET, PATCH);
	for (int i = 0; i < SHEET_CELLS; i++) {
		int patch = i / READING_ROWS, row = i % READING_ROWS;
		int x = patch % (SHEET / PATCH) * READING_SIDE + row % READING_SIDE;
		int y = patch / (SHEET / PATCH) * READING_SIDE + row / READING_SIDE;

		if (labels[i] <= 0)
			continue;
		assert_true(has_ink(pixels, x, y));
		n++;
	}
	return n;
}

static void test_drawings(void **state)
{
	static const char *const styles[] = {"iso-clean", "solidworks"};
	uint64_t seed = test_seed();
	struct arena sample_arena = {0};
	struct err err = {0};
	struct raster *raster = raster_new(SHEET, &err);
	int said = 0, all = 0, practised = 0;

	(void)state;
	assert_non_null(raster);
	for (uint64_t i = 0; i < 80; i++) {
		struct sample_settings settings =
			test_sample_settings(seed, FAMILY_SHAPES, styles[i % 2], SHEET);
		struct rng rng = rng_seed(seed, i);
		struct sample sample;

		assert_int_equal(sample_from_index(&sample, &settings, i, &sample_arena, &err), 0);
		said += check_drawing(&sample, raster);
		all += count_characters(&sample.drawing);
		practice_letter(&sample.drawing, sample.font, &rng, &sample_arena);
		practised += check_drawing(&sample, raster);
		arena_reset(&arena);
	}
	printf("# %d of %d characters said, %d with practice\n", said, all, practised);
	assert_true(said <= all && said > 0.85 * all);
	assert_true(practised > 4 * said);
	raster_free(raster);
	arena_free(&sample_arena);
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level),   cmocka_unit_test(test_upright),
		cmocka_unit_test(test_smaller), cmocka_unit_test(test_bent),
		cmocka_unit_test(test_unsaid),  cmocka_unit_test(test_blank),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_drawings),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, forget);
}
