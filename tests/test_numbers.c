/* SPDX-License-Identifier: MIT */
/*
 * What is done to single numbers: corrections by hand and symbols that a coder takes for others, on the
 * sheet and in the annotations; and printed papers, which the annotations tell from geometry.
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

#include "augment/hand_number.h"
#include "augment/number_box.h"
#include "augment/paper_grid.h"
#include "augment/scan.h"
#include "base/arena.h"
#include "formats/image/image_compare.h"
#include "tests/random_shapes.h"

#define SIDE 400
#define PX_PER_MM 4.0
#define HEIGHT_PX 15.0
#define NUMBERS 12

static const char *const values[NUMBERS] = {"48", "R12,5", "36.5", "\u230080", "63",   "17",
					    "5",  "808",   "R9",   "6,05",     "93,1", "\u23003"};

static struct arena arena;
static struct canvas *canvas;
static struct image clean;
static struct annotation items[NUMBERS + 1];
static uint64_t seed;

/* At any angle, far apart. */
static struct hand_frame frame_of(int i)
{
	double a = i % 4 * 0.7, k = HEIGHT_PX / HAND_HEIGHT;
	struct vec origin = vec(60 + i % 3 * 120, 80 + (int)(i / 3) * 95);

	return (struct hand_frame){origin, vec(k * cos(a), -k * sin(a)),
				   vec(-k * sin(a), -k * cos(a))};
}

static struct annotation number_item(int i)
{
	struct hand_frame f = frame_of(i);
	double width = hand_number_width(values[i]);
	struct annotation item = {.class_ = ANNOTATION_TEXT,
				  .polygon = {calloc(4, sizeof(struct vec)), 4, true},
				  .value = values[i],
				  .shape = 0,
				  .dimension = 0};
	struct vec *p = item.polygon.points;

	p[0] = f.origin;
	p[1] = vec_add(p[0], vec_scale(f.x, width));
	p[2] = vec_add(p[1], vec_scale(f.y, HAND_HEIGHT));
	p[3] = vec_add(p[0], vec_scale(f.y, HAND_HEIGHT));
	return item;
}

static int setup(void **state)
{
	struct rng rng = rng_seed(3, 3);
	struct image drawn;

	(void)state;
	seed = test_seed();
	canvas = canvas_new(SIDE, SIDE);
	clean = image_new(SIDE, SIDE, 1);
	memset(clean.px, 255, clean.stride * SIDE);
	canvas_load(canvas, &clean, PX_PER_MM);
	for (int i = 0; i < NUMBERS; i++) {
		struct mask m = mask_new(canvas, (struct box){0, 0, SIDE, SIDE});
		struct hand_frame f = frame_of(i);

		hand_number_draw(&m, &f, values[i], 1.5, &rng);
		paint_ink(canvas, &m, colour_grey(0), 1);
		items[i] = number_item(i);
	}
	drawn = canvas_store(canvas);
	for (int y = 0; y < SIDE; y++)
		memcpy(clean.px + (size_t)y * clean.stride, drawn.px + (size_t)y * drawn.stride,
		       SIDE);
	/* A note, which is no number of a dimension. */
	items[NUMBERS] = items[0];
	items[NUMBERS].dimension = DRAWING_NOBODY;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < NUMBERS; i++)
		free(items[i].polygon.points);
	canvas_free(canvas);
	image_free(&clean);
	arena_free(&arena);
	return 0;
}

static struct annotations scan_numbers(const struct degradation_sheet *sheet, uint64_t index,
				       struct scan *scan)
{
	struct annotations a = {.width_px = SIDE, .height_px = SIDE, .count = NUMBERS + 1};
	struct recipe recipe = recipe_from_sheet(sheet, seed, index, 0);

	a.items = ARENA_NEW(&arena, struct annotation, NUMBERS + 1);
	memcpy(a.items, items, sizeof(items));
	scan_from_image(scan, canvas, &clean, &a, &recipe, PX_PER_MM, &arena);
	return a;
}

static void fix(struct degradation_sheet *sheet, enum degradation_param param, int64_t value)
{
	sheet->share[degradation_of_param(param)] = 1000;
	sheet->range[param] = (struct degradation_range){value, value};
}

/* In how many bytes two values of one length differ. */
static int differences(const char *a, const char *b)
{
	int n = 0;

	assert_int_equal(strlen(a), strlen(b));
	for (; *a; a++, b++)
		n += *a != *b;
	return n;
}

static int count_struck(const struct annotations *a)
{
	int n = 0;

	for (int i = 0; i < a->count; i++)
		n += a->items[i].struck;
	return n;
}

static void test_which_texts_are_numbers(void **state)
{
	static const struct {
		const char *value;
		bool is;
	} texts[] = {{"40", true},        {"12,5", true}, {".625", false},  {"R8", true},
		     {"\u23006.5", true}, {"M8", false},  {"2×45°", false}, {"1.2.3", false},
		     {"5,", false},       {"", false},    {"R", false},     {"12345678", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct annotation item = items[0];
		struct number_box box;

		item.value = texts[i].value;
		if (number_box_of(&item, &box) != texts[i].is)
			fail_msg("'%s'", texts[i].value);
	}
	assert_int_equal(strlen(number_digits("\u230040")), 2);
}

/* Whether the corrections of the scan say the same as the texts they belong to. */
static void check_corrections(const struct annotations *a, const struct scan *scan, bool other)
{
	int written = 0;

	for (int i = 0; i <= NUMBERS; i++) {
		const struct annotation *text = &a->items[i];

		assert_true(text->struck == (text->written != NULL));
		assert_false(text->struck && text->dimension == DRAWING_NOBODY);
		if (text->struck)
			assert_int_equal(differences(text->value, text->written), other);
	}
	for (int i = NUMBERS + 1; i < a->count; i++) {
		const struct polyline *p = &a->items[i].polygon;

		assert_int_equal(a->items[i].class_, ANNOTATION_CORRECTION);
		assert_int_equal(p->count, 4);
		/* Nothing was there, and now there is ink. */
		assert_true(image_darkest_within(&clean, p->points, 4) > 180);
		assert_true(image_darkest_within(&scan->image, p->points, 4) < 150);
		for (int k = 0; k <= NUMBERS; k++)
			written += a->items[k].written == a->items[i].value;
	}
	assert_int_equal(written, a->count - NUMBERS - 1);
}

static void test_corrections_write_the_same_number(void **state)
{
	struct degradation_sheet sheet = degradation_none();
	int struck = 0;

	(void)state;
	assert_true(sheet.range[DEGRADATION_corrections_other].hi == 0);
	fix(&sheet, DEGRADATION_corrections_count, 4000);
	fix(&sheet, DEGRADATION_corrections_red, 0);
	for (uint64_t index = 0; index < 30; index++) {
		struct scan scan;
		struct annotations a;

		arena_reset(&arena);
		a = scan_numbers(&sheet, index, &scan);
		assert_int_equal(scan.image.channels, 1);
		check_corrections(&a, &scan, false);
		assert_int_equal(a.count, NUMBERS + 1 + count_struck(&a));
		struck += count_struck(&a);
	}
	assert_in_range(struck, 90, 120);
}

static void test_other_numbers_are_asked_for(void **state)
{
	struct degradation_sheet sheet = degradation_none();

	(void)state;
	fix(&sheet, DEGRADATION_corrections_count, 4000);
	fix(&sheet, DEGRADATION_corrections_other, 1000);
	fix(&sheet, DEGRADATION_corrections_red, 0);
	for (uint64_t index = 0; index < 30; index++) {
		struct scan scan;
		struct annotations a;

		arena_reset(&arena);
		a = scan_numbers(&sheet, index, &scan);
		check_corrections(&a, &scan, true);
		for (int i = 0; i < NUMBERS; i++)
			if (a.items[i].written)
				assert_int_not_equal(*number_digits(a.items[i].written), '0');
	}
}

static void test_no_room_no_correction(void **state)
{
	struct degradation_sheet sheet = degradation_none();
	struct image dark = image_new(SIDE, SIDE, 1), keep = clean;
	struct annotations a;
	struct scan scan;

	(void)state;
	memset(dark.px, 100, dark.stride * SIDE);
	fix(&sheet, DEGRADATION_corrections_count, 4000);
	clean = dark;
	a = scan_numbers(&sheet, 0, &scan);
	clean = keep;
	assert_int_equal(a.count, NUMBERS + 1);
	assert_int_equal(count_struck(&a), 0);
	assert_memory_equal(scan.image.px, dark.px, dark.stride * SIDE);
	image_free(&dark);
}

/* Whether the middle of a pixel is in the item's box, which is a little larger. */
static bool is_near(const struct annotation *item, int x, int y)
{
	struct vec p = vec(x + 0.5, y + 0.5), *c = item->polygon.points;
	struct vec along = vec_unit(vec_sub(c[1], c[0])), up = vec_unit(vec_sub(c[3], c[0]));
	double u = vec_dot(vec_sub(p, c[0]), along), v = vec_dot(vec_sub(p, c[0]), up), rim = 4;

	return u > -rim && v > -rim && u < vec_length(vec_sub(c[1], c[0])) + rim &&
	       v < HEIGHT_PX + rim;
}

static int check_swaps(const struct annotations *a, const struct scan *scan)
{
	bool touched[NUMBERS] = {false};
	int swaps = 0;

	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++) {
			size_t at = (size_t)y * clean.stride + (size_t)x;
			bool inside = scan->image.px[at] == clean.px[at];

			for (int i = 0; i < NUMBERS && !inside; i++)
				if (is_near(&a->items[i], x, y))
					inside = touched[i] = true;
			assert_true(inside);
		}
	for (int i = 0; i < NUMBERS; i++) {
		assert_true(touched[i] == (a->items[i].swapped != NULL));
		if (!a->items[i].swapped)
			continue;
		assert_int_equal(differences(a->items[i].value, a->items[i].swapped), 1);
		assert_false(a->items[i].struck);
		swaps++;
	}
	return swaps;
}

static void test_swaps_are_told_and_touch_nothing_else(void **state)
{
	struct degradation_sheet sheet = degradation_none();
	int swaps = 0;

	(void)state;
	fix(&sheet, DEGRADATION_symbol_swap_count, 2000);
	for (uint64_t index = 0; index < 30; index++) {
		struct annotations a;
		struct scan scan;

		arena_reset(&arena);
		a = scan_numbers(&sheet, index, &scan);
		assert_int_equal(a.count, NUMBERS + 1);
		swaps += check_swaps(&a, &scan);
	}
	assert_in_range(swaps, 45, 60);
}

static void test_changes_are_written(void **state)
{
	static const struct {
		struct annotation item;
		const char *line;
	} rows[] = {
		{{.value = "48"}, "{\"class\":\"text\",\"value\":\"48\",\"polygon\":[]}"},
		{{.value = "48", .struck = true, .written = "48"},
		 "{\"class\":\"text\",\"value\":\"48\",\"struck\":true,\"written\":\"48\","
		 "\"polygon\":[]}"},
		{{.value = "48", .struck = true, .written = "43"},
		 "{\"class\":\"text\",\"value\":\"48\",\"struck\":true,\"written\":\"43\","
		 "\"holds\":\"value\",\"polygon\":[]}"},
		{{.value = "48", .swapped = "46"},
		 "{\"class\":\"text\",\"value\":\"48\",\"swapped\":\"46\",\"holds\":\"value\","
		 "\"polygon\":[]}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct scene scene = {.dimensions = NULL};
		struct annotation item = rows[i].item;
		struct annotations a = {.scene = &scene,
					.scan_attempt = ANNOTATIONS_CLEAN,
					.count = 1,
					.items = &item};
		struct buf line = {0};

		item.class_ = ANNOTATION_TEXT;
		item.shape = item.dimension = DRAWING_NOBODY;
		item.polygon.closed = true;
		annotations_write(&a, "x", &line);
		if (!strstr(line.data, rows[i].line))
			fail_msg("%s\nis not in\n%s", rows[i].line, line.data);
		buf_free(&line);
	}
}

static void test_papers_are_told(void **state)
{
	static const struct {
		enum degradation which;
		enum degradation_param pitch;
		const char *name;
		double pitch_mm;
	} papers[] = {
		{DEGRADATION_squared_paper, DEGRADATION_squared_paper_pitch_mm, "squared", 6},
		{DEGRADATION_millimetre_paper, DEGRADATION_squared_paper_pitch_mm, "millimetre", 1},
		{DEGRADATION_isometric_paper, DEGRADATION_isometric_paper_pitch_mm, "isometric", 6},
		{DEGRADATION_lined_paper, DEGRADATION_lined_paper_pitch_mm, "lined", 6},
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct degradation_sheet sheet = degradation_none();
		const struct annotation *item;
		struct annotations a;
		struct scan scan;

		fix(&sheet, papers[i].pitch, 6000);
		fix(&sheet, DEGRADATION_framing_margin, 100);
		fix(&sheet, DEGRADATION_framing_shift, 0);
		sheet.share[DEGRADATION_squared_paper] = 0;
		sheet.share[papers[i].which] = 1000;
		arena_reset(&arena);
		a = scan_numbers(&sheet, i, &scan);
		assert_int_equal(a.count, NUMBERS + 2);
		item = &a.items[NUMBERS + 1];
		assert_int_equal(item->class_, ANNOTATION_PAPER_GRID);
		assert_string_equal(item->name, papers[i].name);
		assert_true(item->pitch_mm == papers[i].pitch_mm);
		/* A margin of a tenth on both sides: 0.8 of the size. */
		assert_true(fabs(item->pitch_px - 0.8 * PX_PER_MM * item->pitch_mm) < 0.01);
		warp_annotations(&scan.warp, &a, &arena);
		item = &a.items[NUMBERS + 1];
		assert_int_equal(item->polygon.count, 4);
		assert_true(fabs(item->polygon.points[0].x - 0.1 * SIDE) < 0.01 &&
			    fabs(item->polygon.points[2].x - 0.9 * SIDE) < 0.01);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_texts_are_numbers),
		cmocka_unit_test(test_corrections_write_the_same_number),
		cmocka_unit_test(test_other_numbers_are_asked_for),
		cmocka_unit_test(test_no_room_no_correction),
		cmocka_unit_test(test_swaps_are_told_and_touch_nothing_else),
		cmocka_unit_test(test_changes_are_written),
		cmocka_unit_test(test_papers_are_told),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
