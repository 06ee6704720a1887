/* SPDX-License-Identifier: MIT */
/*
 * redraw_main: programs of samples of every family are drawn, and the drawing is that of the program: its
 * outlines' box has the part's proportions, and all formats have something.
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

#include "base/rng.h"
#include "gen/scene/program_from_scene.h"
#include "gen/scene/scene_from_seed.h"
#include "tests/random_shapes.h"
#include "trainer/redraw_main.h"

#define SIDE 300
#define ROUNDS 40

static struct redrawer *redrawer;

static int setup(void **state)
{
	(void)state;
	redrawer = redrawer_new(SIDE, NULL);
	return redrawer ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	redrawer_free(redrawer);
	return 0;
}

static struct scene scene_of(enum family family, struct rng *rng, struct arena *arena)
{
	struct scene_params params = {.unit = rng_below(rng, 4) ? UNIT_MM : UNIT_INCH,
				      .size_px = 1024,
				      .digit_um = 3500,
				      .text_um = 3500,
				      .arrow_um = 3000,
				      .offset_um = 10000,
				      .spacing_um = 8000,
				      .max_overlap = 0.2};
	struct scene scene;

	params.weight[family] = 1;
	scene_from_seed(&scene, &params, rng, arena);
	return scene;
}

/* In black pixels: a line thinner than a pixel leaves only grey ones. */
static double ink(const struct image *image)
{
	double sum = 0;

	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			sum += 255 - image->px[(size_t)y * image->stride + (size_t)x];
	return sum / 255;
}

static void check_files(void)
{
	static const char *const begin[REDRAW_COUNT_] = {"\x89PNG", "<?xml", "%PDF", "0\nSECTION"};
	struct buf file = {0};
	struct err err = {0};

	for (int i = 0; i < REDRAW_COUNT_; i++) {
		buf_clear(&file);
		if (redrawn_file(redrawer, (enum redraw_format)i, &file, &err) < 0)
			fail_msg("%s", err.msg);
		assert_true(file.len > 500);
		assert_memory_equal(file.data, begin[i], strlen(begin[i]));
	}
	buf_free(&file);
}

static void test_families(void **state)
{
	struct rng rng = rng_seed(test_seed(), 7);
	struct arena arena = {0};
	struct err err = {0};

	(void)state;
	for (int family = 0; family < FAMILY_COUNT_; family++)
		for (int i = 0; i < ROUNDS; i++) {
			struct scene scene;
			struct program program;
			struct image image;

			arena_reset(&arena);
			scene = scene_of((enum family)family, &rng, &arena);
			program = program_from_scene(&scene);
			if (redraw_program(redrawer, &program, &err) < 0)
				fail_msg("%s: %s", family_name((enum family)family), err.msg);
			image = redrawn_image(redrawer);
			assert_int_equal(image.width, SIDE);
			assert_true(ink(&image) > 30);
			if (i == 0)
				check_files();
		}
	arena_free(&arena);
}

static double ink_of(const char *text)
{
	struct arena arena = {0};
	struct program program;
	struct image image;

	assert_int_equal(
		program_parse(&program, LANGUAGE_CALLS, "said", text, strlen(text), &arena, NULL),
		0);
	assert_int_equal(redraw_program(redrawer, &program, NULL), 0);
	image = redrawn_image(redrawer);
	arena_free(&arena);
	return ink(&image);
}

/* Another program, another picture. */
static void test_differs(void **state)
{
	(void)state;
	assert_true(ink_of("circle(x=40,y=40,r=10); circle(x=40,y=40,r=5)") >
		    1.3 * ink_of("circle(x=40,y=40,r=10)"));
}

/* A model may say a part anywhere: it is in the middle all the same. */
static void test_anywhere(void **state)
{
	double here = ink_of("circle(x=40,y=40,r=10)");

	(void)state;
	assert_true(fabs(ink_of("circle(x=-900,y=-40,r=10)") - here) < 0.02 * here);
	assert_true(fabs(ink_of("circle(x=5000,y=7000,r=10)") - here) < 0.02 * here);
}

static void test_no_part(void **state)
{
	static const char text[] = "hole(x=1,y=2,d=3)";
	struct arena arena = {0};
	struct program p;
	struct err err = {0};

	(void)state;
	assert_int_equal(
		program_parse(&p, LANGUAGE_CALLS, "p", text, sizeof(text) - 1, &arena, &err), 0);
	assert_int_equal(redraw_program(redrawer, &p, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_differs),
		cmocka_unit_test(test_anywhere),
		cmocka_unit_test(test_no_part),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, setup, teardown);
}
