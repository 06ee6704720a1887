/* SPDX-License-Identifier: MIT */
/*
 * scan_from_image: recipes, what each degradation does to a picture, what JPEG loses against the plain
 * formula, and what is still legible.
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

#include "augment/jpeg_loss.h"
#include "augment/legibility.h"
#include "augment/scan.h"
#include "base/arena.h"

#define WIDTH 203 /* no multiple of anything */
#define HEIGHT 150
#define PX_PER_MM 1.9

static struct arena arena;
static struct canvas *canvas;
static struct image drawing;

static void draw_line(struct image *image, double x0, double y0, double x1, double y1)
{
	for (int i = 0; i <= 600; i++) {
		double x = x0 + (x1 - x0) * i / 600, y = y0 + (y1 - y0) * i / 600;

		image->px[(size_t)y * image->stride + (size_t)x] = 0;
		image->px[(size_t)y * image->stride + (size_t)x + 1] = 90;
	}
}

static int setup(void **state)
{
	(void)state;
	canvas = canvas_new(WIDTH, HEIGHT);
	drawing = image_new(WIDTH, HEIGHT, 1);
	memset(drawing.px, 255, drawing.stride * HEIGHT);
	for (int i = 0; i < 7; i++) {
		draw_line(&drawing, 20, 20 + 16 * i, 180, 26 + 14 * i);
		draw_line(&drawing, 25 + 22 * i, 15, 22 + 24 * i, 130);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	canvas_free(canvas);
	image_free(&drawing);
	arena_free(&arena);
	return 0;
}

static struct degradation_sheet sheet_of(int only)
{
	struct degradation_sheet sheet = degradation_none();

	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		sheet.share[i] = only < 0 || only == i ? 1000 : 0;
	return sheet;
}

static struct image scan_of(const struct degradation_sheet *sheet, uint64_t index)
{
	struct recipe recipe = recipe_from_sheet(sheet, 11, index, 0);
	struct scan scan;

	scan_from_image(&scan, canvas, &drawing, NULL, &recipe, PX_PER_MM, &arena);
	return scan.image;
}

static bool same(const struct image *a, const struct image *b)
{
	return a->channels == b->channels && a->width == b->width && a->height == b->height &&
	       memcmp(a->px, b->px, a->stride * (size_t)a->height) == 0;
}

/* --- recipes --- */

static void test_recipes_keep_to_ranges_and_shares(void **state)
{
	struct degradation_sheet sheet = sheet_of(-1);
	int on = 0;

	(void)state;
	sheet.share[DEGRADATION_jpeg] = 300;
	for (uint64_t i = 0; i < 1000; i++) {
		struct recipe r = recipe_from_sheet(&sheet, 3, i, 0);

		on += r.on[DEGRADATION_jpeg];
		assert_true(r.on[DEGRADATION_skew]);
		for (int p = 0; p < DEGRADATION_PARAM_COUNT_; p++)
			if (r.on[degradation_of_param((enum degradation_param)p)])
				assert_true(r.value[p] * 1000 >= (double)sheet.range[p].lo - 0.5 &&
					    r.value[p] * 1000 <= (double)sheet.range[p].hi + 0.5);
	}
	assert_in_range(on, 250, 350);
}

static void test_recipes_depend_on_seed_index_and_attempt_alone(void **state)
{
	struct degradation_sheet sheet = sheet_of(-1);
	struct recipe a = recipe_from_sheet(&sheet, 3, 5, 0);
	struct recipe b = recipe_from_sheet(&sheet, 3, 5, 0);
	struct recipe others[] = {recipe_from_sheet(&sheet, 4, 5, 0),
				  recipe_from_sheet(&sheet, 3, 6, 0),
				  recipe_from_sheet(&sheet, 3, 5, 1)};

	(void)state;
	assert_memory_equal(&a, &b, sizeof(a));
	for (size_t i = 0; i < 3; i++)
		assert_true(memcmp(a.value, others[i].value, sizeof(a.value)) != 0 &&
			    memcmp(a.seed, others[i].seed, sizeof(a.seed)) != 0);
}

static void test_one_less_leaves_the_others_alone(void **state)
{
	struct degradation_sheet all = sheet_of(-1), less = all;
	struct recipe a, b;

	(void)state;
	less.share[DEGRADATION_folds] = 0;
	less.range[DEGRADATION_jpeg_quality].hi = less.range[DEGRADATION_jpeg_quality].lo;
	a = recipe_from_sheet(&all, 3, 5, 0);
	b = recipe_from_sheet(&less, 3, 5, 0);
	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		assert_true(a.on[i] == b.on[i] || i == DEGRADATION_folds);
	assert_memory_equal(a.seed, b.seed, sizeof(a.seed));
	for (int p = 0; p < DEGRADATION_PARAM_COUNT_; p++) {
		enum degradation which = degradation_of_param((enum degradation_param)p);

		if (which != DEGRADATION_folds && which != DEGRADATION_jpeg)
			assert_true(a.value[p] == b.value[p]);
	}
	less = degradation_none();
	a = recipe_from_sheet(&less, 3, 5, 0);
	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		assert_false(a.on[i]);
}

/* --- pictures --- */

static void test_nothing_is_nothing(void **state)
{
	struct degradation_sheet none = degradation_none();
	struct image out = scan_of(&none, 0);

	(void)state;
	assert_true(same(&out, &drawing));
}

/* With a grey picture, without noise and without annotations; test_numbers.c. */
static bool has_nothing_to_do(enum degradation which)
{
	return which == DEGRADATION_greyscale || which == DEGRADATION_noise_reduction ||
	       which == DEGRADATION_corrections || which == DEGRADATION_symbol_swap;
}

static void test_each_changes_the_picture_and_is_the_same_again(void **state)
{
	(void)state;
	for (int i = 0; i < DEGRADATION_COUNT_; i++) {
		struct degradation_sheet sheet = sheet_of(i);
		bool changed = false;

		arena_reset(&arena);
		for (uint64_t index = 0; index < 12; index++) {
			struct image a = scan_of(&sheet, index), b = scan_of(&sheet, index);

			if (!same(&a, &b))
				fail_msg("%s differs from itself",
					 degradation_name((enum degradation)i));
			changed |= !same(&a, &drawing);
		}
		if (changed == has_nothing_to_do((enum degradation)i))
			fail_msg("%s: %s", degradation_name((enum degradation)i),
				 changed ? "changed" : "did nothing");
	}
}

/* Whatever the table allows, alone and all together; run under sanitizers this looks for pixels beyond
 * the edge. */
static void test_all_that_is_allowed_can_be_done(void **state)
{
	static const int64_t bounds[][2] = {
#define E(name, phase, kind, legibility, source, about)
#define P(entry, name, lo, hi, least, most, about) {least, most},
		DEGRADATIONS(E, P)
#undef E
#undef P
	};

	(void)state;
	for (int only = -1; only < DEGRADATION_COUNT_; only++)
		for (int end = 0; end < 2; end++) {
			struct degradation_sheet sheet = sheet_of(only);

			for (int p = 0; p < DEGRADATION_PARAM_COUNT_; p++)
				sheet.range[p].lo = sheet.range[p].hi = bounds[p][end];
			bool turned = only < 0 || only == DEGRADATION_quarter_turn;

			arena_reset(&arena);
			assert_int_equal(scan_of(&sheet, 1).width, turned ? HEIGHT : WIDTH);
		}
}

static void test_grey_stays_grey(void **state)
{
	static const enum degradation coloured[] = {
		DEGRADATION_blueprint,       DEGRADATION_diazo,
		DEGRADATION_sepia,           DEGRADATION_paper_colour,
		DEGRADATION_squared_paper,   DEGRADATION_lined_paper,
		DEGRADATION_isometric_paper, DEGRADATION_millimetre_paper,
		DEGRADATION_coffee_ring,     DEGRADATION_stamp,
		DEGRADATION_redlines,        DEGRADATION_tape,
		DEGRADATION_framing,         DEGRADATION_colour_cast,
		DEGRADATION_misregistration};

	(void)state;
	for (int i = 0; i < DEGRADATION_COUNT_; i++) {
		struct degradation_sheet sheet = sheet_of(i);
		bool wanted = false;

		for (size_t k = 0; k < sizeof(coloured) / sizeof(*coloured); k++)
			wanted |= coloured[k] == (enum degradation)i;
		arena_reset(&arena);
		if (scan_of(&sheet, 2).channels != (wanted ? 3 : 1))
			fail_msg("%s", degradation_name((enum degradation)i));
	}
}

static void test_copies_are_black_and_white(void **state)
{
	static const enum degradation two[] = {DEGRADATION_threshold, DEGRADATION_otsu,
					       DEGRADATION_sauvola, DEGRADATION_one_bit};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct degradation_sheet sheet = sheet_of((int)two[i]);
		struct image out;
		int black = 0;

		arena_reset(&arena);
		out = scan_of(&sheet, 0);
		for (int k = 0; k < WIDTH * HEIGHT; k++) {
			assert_true(out.px[k] == 0 || out.px[k] == 255);
			black += out.px[k] == 0;
		}
		assert_in_range(black, 1000, 8000);
	}
}

static uint8_t pixel(const struct image *image, int x, int y)
{
	return image->px[(size_t)y * image->stride + (size_t)x];
}

static void test_pencils_break_lines_and_leave_paper_white(void **state)
{
	struct degradation_sheet sheet = sheet_of(DEGRADATION_pencil_grain);
	int black = 0, broken = 0;
	double sum = 0;

	(void)state;
	sheet.range[DEGRADATION_pencil_grain_cover] = (struct degradation_range){700, 700};
	sheet.range[DEGRADATION_pencil_grain_depth] = (struct degradation_range){1500, 1500};
	sheet.range[DEGRADATION_pencil_grain_grey] = (struct degradation_range){100, 100};
	for (uint64_t index = 0; index < 4; index++) {
		struct image out = scan_of(&sheet, index);

		for (int i = 0; i < WIDTH * HEIGHT; i++) {
			uint8_t was = drawing.px[i], is = out.px[i];

			assert_true(is >= was && is >= (255 - was) / 10 &&
				    (was < 255 || is == 255));
			black += was == 0;
			broken += was == 0 && is > 160;
			sum += was == 0 ? is : 0;
		}
	}
	/* 1 - cover (1 - grey) of the light, where hills and valleys are alike. */
	assert_true(fabs(sum / black / 255 - 0.37) < 0.06);
	assert_in_range(broken, black / 20, black / 3);
}

static void test_quarter_turns_move_pixels_and_points_alike(void **state)
{
	(void)state;
	for (int turns = 1; turns <= 3; turns++) {
		struct degradation_sheet sheet = sheet_of(DEGRADATION_quarter_turn);
		struct recipe recipe;
		struct scan scan;

		sheet.range[DEGRADATION_quarter_turn_turns] =
			(struct degradation_range){1000 * turns, 1000 * turns};
		recipe = recipe_from_sheet(&sheet, 1, 2, 0);
		scan_from_image(&scan, canvas, &drawing, NULL, &recipe, PX_PER_MM, &arena);
		assert_int_equal(scan.image.width, turns == 2 ? WIDTH : HEIGHT);
		assert_int_equal(scan.image.height, turns == 2 ? HEIGHT : WIDTH);
		for (int y = 0; y < HEIGHT; y++)
			for (int x = 0; x < WIDTH; x++) {
				struct vec p = vec(x + 0.5, y + 0.5), q = warp_point(&scan.warp, p);
				struct vec back = warp_back(&scan.warp, q);

				assert_int_equal(pixel(&scan.image, (int)q.x, (int)q.y),
						 pixel(&drawing, x, y));
				assert_true(back.x == p.x && back.y == p.y);
			}
	}
}

/* Counter-clockwise: what was on the right is above. */
static void test_the_first_quarter_turn_lifts_the_right_side(void **state)
{
	struct vec p = warp_turn_point(vec(WIDTH, HEIGHT / 2.0), WIDTH, HEIGHT, 1);

	(void)state;
	assert_true(p.x == HEIGHT / 2.0 && p.y == 0);
}

static void test_turned_pictures_have_turned_annotations(void **state)
{
	struct degradation_sheet sheet = sheet_of(DEGRADATION_quarter_turn);
	struct vec corner = vec(WIDTH, 0);
	struct annotation item = {.polygon = {&corner, 1, false}};

	(void)state;
	for (uint64_t index = 0; index < 20; index++) {
		struct annotation copy = item;
		struct annotations a = {.width_px = WIDTH, .height_px = HEIGHT, .count = 1};
		struct recipe recipe = recipe_from_sheet(&sheet, 1, index, 0);
		struct warp warp = warp_from_recipe(&recipe, WIDTH, HEIGHT, PX_PER_MM, &arena);
		struct vec p;

		a.items = &copy;
		warp_annotations(&warp, &a, &arena);
		p = copy.polygon.points[0];
		assert_int_equal(a.width_px, warp.turns == 2 ? WIDTH : HEIGHT);
		assert_int_equal(a.height_px, warp.turns == 2 ? HEIGHT : WIDTH);
		assert_true(p.x == (warp.turns == 3 ? a.width_px : 0));
		assert_true(p.y == (warp.turns == 1 ? 0 : a.height_px));
	}
}

/* Of the pixels that are white, or black, on the clean picture. */
static double mean_off(const struct image *image, uint8_t clean)
{
	double sum = 0;
	int n = 0;

	for (int i = 0; i < WIDTH * HEIGHT; i++)
		if (drawing.px[i] == clean) {
			sum += abs(image->px[i] - clean);
			n++;
		}
	return sum / n;
}

static void test_noise_reduction_takes_noise_and_leaves_lines(void **state)
{
	struct degradation_sheet sheet = sheet_of(DEGRADATION_sensor_noise);
	struct image image;
	double paper, ink;

	(void)state;
	sheet.range[DEGRADATION_sensor_noise_levels] = (struct degradation_range){5000, 5000};
	image = scan_of(&sheet, 0);
	paper = mean_off(&image, 255);
	ink = mean_off(&image, 0);
	sheet.share[DEGRADATION_noise_reduction] = 1000;
	sheet.range[DEGRADATION_noise_reduction_strength] = (struct degradation_range){900, 900};
	image = scan_of(&sheet, 0);
	assert_true(mean_off(&image, 255) < 0.65 * paper);
	assert_true(mean_off(&image, 0) < ink + 2);
}

struct moments {
	double mean, deviation;
};

static struct moments moments_of(const struct image *image)
{
	double n = image->width * (double)image->height, sum = 0, squares = 0;

	for (int i = 0; i < image->width * image->height; i++) {
		sum += image->px[i];
		squares += image->px[i] * (double)image->px[i];
	}
	return (struct moments){sum / n, sqrt(squares / n - sum / n * (sum / n))};
}

/* White paper with spots, at that scale. */
static struct moments copied_paper(double px_per_mm)
{
	struct degradation_sheet sheet = sheet_of(DEGRADATION_photocopy);
	struct image paper = image_new(WIDTH, HEIGHT, 1);
	struct recipe recipe;
	struct scan scan;

	memset(paper.px, 255, paper.stride * HEIGHT);
	sheet.range[DEGRADATION_photocopy_generations] = (struct degradation_range){1000, 1000};
	sheet.range[DEGRADATION_photocopy_eta] = (struct degradation_range){50, 50};
	sheet.range[DEGRADATION_photocopy_contrast] = (struct degradation_range){1000, 1000};
	sheet.range[DEGRADATION_photocopy_scale] = (struct degradation_range){0, 0};
	recipe = recipe_from_sheet(&sheet, 5, 0, 0);
	scan_from_image(&scan, canvas, &paper, NULL, &recipe, px_per_mm, &arena);
	image_free(&paper);
	return moments_of(&scan.image);
}

/* 150 dpi are 5.9 px/mm: below that a pixel is the mean of several that flip or do not. */
static void test_copies_of_coarse_pictures_are_means_of_fine_ones(void **state)
{
	struct moments fine = copied_paper(7), same = copied_paper(5.91), coarse = copied_paper(2);

	(void)state;
	assert_true(fine.mean == same.mean && fine.deviation == same.deviation);
	assert_true(fine.deviation > 5);
	assert_true(fabs(coarse.mean - fine.mean) < 1);
	assert_true(fabs(coarse.deviation / fine.deviation - 2 * 25.4 / 150) < 0.03);
}

/* --- what JPEG loses --- */

/* One block, by the formulas of T.81 A.3.3 and A.3.4. */
static void lose_plainly(const double s[64], const float divisors[64], double out[64])
{
	double f[64];

	for (int v = 0; v < 8; v++)
		for (int u = 0; u < 8; u++) {
			double sum = 0;

			for (int i = 0; i < 64; i++)
				sum += s[i] * cos((2 * (i % 8) + 1) * u * M_PI / 16) *
				       cos((2 * (i / 8) + 1) * v * M_PI / 16);
			sum *= (u ? 1 : M_SQRT1_2) * (v ? 1 : M_SQRT1_2) / 4;
			f[v * 8 + u] = rint(sum / divisors[v * 8 + u]) * divisors[v * 8 + u];
		}
	for (int i = 0; i < 64; i++) {
		out[i] = 0;
		for (int k = 0; k < 64; k++)
			out[i] += f[k] * (k % 8 ? 1 : M_SQRT1_2) * (k / 8 ? 1 : M_SQRT1_2) / 4 *
				  cos((2 * (i % 8) + 1) * (k % 8) * M_PI / 16) *
				  cos((2 * (i / 8) + 1) * (k / 8) * M_PI / 16);
	}
}

static void test_jpeg_is_the_plain_formula(void **state)
{
	struct image noise = image_new(64, 48, 1);
	struct rng rng = rng_seed(7, 7);
	float divisors[64];
	int off = 0;

	(void)state;
	for (int i = 0; i < 64 * 48; i++)
		noise.px[i] = (uint8_t)(100 + 60 * sin(i / 9.0) + (double)rng_below(&rng, 60));
	jpeg_divisors(60, false, divisors);
	assert_true(divisors[0] == 13 && divisors[63] == 79);
	canvas_load(canvas, &noise, 1);
	jpeg_loss(canvas, 60, 0, 0);
	for (int b = 0; b < 48; b++) {
		double in[64], out[64];
		int x0 = b % 8 * 8, y0 = b / 8 * 8;

		for (int i = 0; i < 64; i++)
			in[i] = noise.px[(y0 + i / 8) * 64 + x0 + i % 8] - 128.0;
		lose_plainly(in, divisors, out);
		for (int i = 0; i < 64; i++) {
			double want = fmin(fmax(out[i] + 128, 0), 255);
			double is = canvas_row(canvas, 0, y0 + i / 8)[x0 + i % 8] * 255;

			off += fabs(want - is) > 0.01;
		}
	}
	/* A coefficient half way between two steps may fall either way. */
	assert_in_range(off, 0, 64);
	image_free(&noise);
}

static void test_jpeg_leaves_even_paper_alone(void **state)
{
	struct image paper = image_new(40, 30, 3);

	(void)state;
	memset(paper.px, 255, paper.stride * 30);
	canvas_load(canvas, &paper, 1);
	jpeg_loss(canvas, 50, 3, 5);
	for (int k = 0; k < 3; k++)
		for (int i = 0; i < 40 * 30; i++)
			assert_true(canvas_row(canvas, k, i / 40)[i % 40] > 0.995f);
	image_free(&paper);
}

/* --- legibility --- */

/* A box round the upper left crossing of the drawing's lines. */
static const struct vec box[4] = {{20, 60}, {100, 60}, {100, 40}, {20, 40}};

static enum annotation_state state_under(const struct degradation_sheet *sheet, uint64_t index)
{
	struct recipe recipe = recipe_from_sheet(sheet, 1, index, 0);
	struct legibility l;
	struct scan scan;

	arena_reset(&arena);
	scan_from_image(&scan, canvas, &drawing, NULL, &recipe, PX_PER_MM, &arena);
	l = legibility_of_box(&drawing, &scan, box);
	return legibility_state(&l);
}

static void fix(struct degradation_sheet *sheet, enum degradation_param param, int64_t value)
{
	sheet->share[degradation_of_param(param)] = 1000;
	sheet->range[param] = (struct degradation_range){value, value};
}

static void test_clear_where_little_happened(void **state)
{
	struct degradation_sheet sheet = degradation_none();

	(void)state;
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_CLEAR);
	fix(&sheet, DEGRADATION_skew_angle_deg, 2000);
	fix(&sheet, DEGRADATION_jpeg_quality, 90000);
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_CLEAR);
	sheet = degradation_none();
	sheet.share[DEGRADATION_blueprint] = 1000;
	sheet.share[DEGRADATION_uneven_light] = 1000;
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_CLEAR);
	sheet = degradation_none();
	sheet.share[DEGRADATION_inversion] = 1000;
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_CLEAR);
}

static void test_degraded_then_lost(void **state)
{
	struct degradation_sheet sheet = degradation_none();

	(void)state;
	fix(&sheet, DEGRADATION_defocus_radius_px, 2500);
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_DEGRADED);
	fix(&sheet, DEGRADATION_defocus_radius_px, 8000);
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_LOST);
	sheet = degradation_none();
	fix(&sheet, DEGRADATION_one_bit_level, 50);
	fix(&sheet, DEGRADATION_defocus_radius_px, 2000);
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_LOST);
}

static void test_lost_where_it_is_cut_off(void **state)
{
	struct degradation_sheet sheet = degradation_none();

	(void)state;
	fix(&sheet, DEGRADATION_framing_margin, -150);
	fix(&sheet, DEGRADATION_framing_shift, 0);
	fix(&sheet, DEGRADATION_framing_tint, 0);
	assert_int_equal(state_under(&sheet, 0), ANNOTATION_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recipes_keep_to_ranges_and_shares),
		cmocka_unit_test(test_recipes_depend_on_seed_index_and_attempt_alone),
		cmocka_unit_test(test_one_less_leaves_the_others_alone),
		cmocka_unit_test(test_nothing_is_nothing),
		cmocka_unit_test(test_each_changes_the_picture_and_is_the_same_again),
		cmocka_unit_test(test_all_that_is_allowed_can_be_done),
		cmocka_unit_test(test_grey_stays_grey),
		cmocka_unit_test(test_copies_are_black_and_white),
		cmocka_unit_test(test_noise_reduction_takes_noise_and_leaves_lines),
		cmocka_unit_test(test_copies_of_coarse_pictures_are_means_of_fine_ones),
		cmocka_unit_test(test_pencils_break_lines_and_leave_paper_white),
		cmocka_unit_test(test_quarter_turns_move_pixels_and_points_alike),
		cmocka_unit_test(test_the_first_quarter_turn_lifts_the_right_side),
		cmocka_unit_test(test_turned_pictures_have_turned_annotations),
		cmocka_unit_test(test_jpeg_is_the_plain_formula),
		cmocka_unit_test(test_jpeg_leaves_even_paper_alone),
		cmocka_unit_test(test_clear_where_little_happened),
		cmocka_unit_test(test_degraded_then_lost),
		cmocka_unit_test(test_lost_where_it_is_cut_off),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
