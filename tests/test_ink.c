/* SPDX-License-Identifier: MIT */
/* ink: coverage of a level stroke by arithmetic, of others by counting sample points; overlaps; what
 * leaves the surface. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/paint/ink.h"
#include "tests/font_recorder.h"

#define SIDE 32

static cairo_surface_t *new_surface(void)
{
	return cairo_image_surface_create(CAIRO_FORMAT_A8, SIDE, SIDE);
}

static int value(cairo_surface_t *s, int x, int y)
{
	return cairo_image_surface_get_data(s)[y * cairo_image_surface_get_stride(s) + x];
}

static void draw(cairo_surface_t *s, const struct ink_point *p, int n)
{
	struct ink ink = {0};

	ink_begin(&ink, s, 0, 0, SIDE, SIDE);
	for (int i = 0; i + 1 < n; i++)
		ink_stroke(&ink, &p[i], &p[i + 1]);
	ink_end(&ink);
	ink_free(&ink);
}

static void test_level(void **state)
{
	const struct ink_point line[] = {{6, 10, 3, 1}, {26, 10, 3, 1}};
	const struct ink_point thin[] = {{6, 20.5, 0.5, 1}, {26, 20.5, 0.5, 1}};
	cairo_surface_t *s = new_surface();

	(void)state;
	draw(s, line, 2);
	draw(s, thin, 2);
	/* From 8.5 to 11.5: half of row 8, rows 9 and 10, half of row 11. */
	assert_int_equal(value(s, 16, 7), 0);
	assert_int_equal(value(s, 16, 8), 128);
	assert_int_equal(value(s, 16, 9), 255);
	assert_int_equal(value(s, 16, 10), 255);
	assert_int_equal(value(s, 16, 11), 128);
	assert_int_equal(value(s, 16, 12), 0);
	assert_int_equal(value(s, 2, 10), 0);
	/* Half a pixel wide: half covered. */
	assert_int_equal(value(s, 16, 20), 128);
	assert_int_equal(value(s, 16, 21), 0);
	cairo_surface_destroy(s);
}

/* The share of the pixel's sample points that lie in the stroke. */
static double sampled(const struct ink_point *a, const struct ink_point *b, int x, int y)
{
	double ux = b->x - a->x, uy = b->y - a->y, hits = 0;

	for (int i = 0; i < 256; i++) {
		double px = x + (i % 16 + 0.5) / 16 - a->x, py = y + (i / 16 + 0.5) / 16 - a->y;
		double t = fmin(1, fmax(0, (px * ux + py * uy) / (ux * ux + uy * uy)));
		double half = (a->width + t * (b->width - a->width)) / 2;

		hits += hypot(px - t * ux, py - t * uy) < half;
	}
	return hits / 256;
}

static void test_any_direction(void **state)
{
	struct rng rng = fresh_rng();

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct ink_point p[2] = {{0, 0, 0, 1}, {0, 0, 0, 1}};
		cairo_surface_t *s = new_surface();
		double error = 0, most;

		for (int k = 0; k < 2; k++) {
			p[k].x = 6 + 20 * rng_unit(&rng);
			p[k].y = 6 + 20 * rng_unit(&rng);
			p[k].width = 1 + 4 * rng_unit(&rng);
		}
		/* Widths change slowly, as ink.h asks for. */
		most = 0.4 * hypot(p[1].x - p[0].x, p[1].y - p[0].y);
		p[1].width = fmin(p[0].width + most, fmax(p[0].width - most, p[1].width));
		draw(s, p, 2);
		for (int y = 0; y < SIDE; y++)
			for (int x = 0; x < SIDE; x++)
				error = fmax(error, fabs(value(s, x, y) / 255.0 -
							 sampled(&p[0], &p[1], x, y)));
		assert_true(error < 0.2);
		cairo_surface_destroy(s);
	}
}

/* Within a letter ink does not add up, over what was there it does; darkness thins it. */
static void test_overlaps(void **state)
{
	const struct ink_point cross[] = {{4, 16, 3, 0.5}, {28, 16, 3, 0.5}, {4, 16, 3, 0.5}};
	cairo_surface_t *s = new_surface();

	(void)state;
	draw(s, cross, 3);
	assert_int_equal(value(s, 16, 16), 128);
	draw(s, cross, 3);
	assert_int_equal(value(s, 16, 16), 192);
	cairo_surface_destroy(s);
}

static void test_outside(void **state)
{
	const struct ink_point far[] = {{-1e6, 5, 3, 1}, {1e6, 5, 3, 1}, {16, 1e7, 3, 1}};
	cairo_surface_t *s = new_surface();
	struct ink ink = {0};

	(void)state;
	draw(s, far, 3);
	assert_int_equal(value(s, 16, 5), 255);
	/* A box beside the surface holds nothing. */
	ink_begin(&ink, s, -50, -50, -10, -10);
	ink_stroke(&ink, &far[0], &far[1]);
	ink_end(&ink);
	ink_begin(&ink, s, 100, 100, 200, 200);
	ink_stroke(&ink, &far[0], &far[1]);
	ink_end(&ink);
	assert_int_equal(value(s, 16, 20), 0);
	ink_free(&ink);
	cairo_surface_destroy(s);
}

/* Straight into a blank surface: what is laid over it otherwise. */
static void test_on_a_blank_surface(void **state)
{
	const struct ink_point p[] = {
		{3, 4, 2.5, 0.8}, {28, 17, 1.5, 1}, {9, 29, 4, 0.3}, {12, 2, 0.7, 0.6}};
	cairo_surface_t *laid = new_surface(), *straight = new_surface();
	struct ink ink = {0};

	(void)state;
	draw(laid, p, 4);
	ink_begin_blank(&ink, straight, 0, 0, SIDE, SIDE);
	for (int i = 0; i < 3; i++)
		ink_stroke(&ink, &p[i], &p[i + 1]);
	ink_end(&ink);
	ink_free(&ink);
	for (int i = 0; i < SIDE * SIDE; i++)
		assert_int_equal(value(straight, i % SIDE, i / SIDE),
				 value(laid, i % SIDE, i / SIDE));
	assert_int_not_equal(value(laid, 9, 29), 0);
	cairo_surface_destroy(laid);
	cairo_surface_destroy(straight);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_any_direction),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_on_a_blank_surface),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
