/* SPDX-License-Identifier: MIT */
/*
 * placing: drawn parts are found where the drafter laid them, in the scale in which they are drawn, and the
 * misfit of what is there is less than that of anything beside it.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/random_shapes.h"
#include "tests/shown_sample.h"
#include "trainer/rerank/placing.h"

#define SIDE 320
#define SAMPLES 40
#define OFF_MOST 0.4 /* px, anywhere on the outline */
#define FOUND_LEAST (SAMPLES * 9 / 10)

static struct arena arena;

/* Where the drafter laid it; the first pixel's middle is (0, 0). */
static struct placing true_placing(const struct shown_sample *shown)
{
	const struct drawing *d = &shown->sample->drawing;
	double k = SIDE / fmax(d->width_mm, d->height_mm);

	return (struct placing){shown->px_per_mm, shown->left + k * d->datum.x - 0.5,
				shown->top + k * (d->height_mm - d->datum.y) - 0.5, 0};
}

/* How far corners of the part's box lie apart at most. */
static double apart(const struct outline *o, const struct placing *a, const struct placing *b)
{
	double most = 0;

	for (int i = 0; i < 4; i++) {
		struct vec v = vec(i & 1 ? o->hi.x : o->lo.x, i & 2 ? o->hi.y : o->lo.y);
		struct vec p = placing_point(a, v), q = placing_point(b, v);

		most = fmax(most, hypot(p.x - q.x, p.y - q.y));
	}
	return most;
}

static void check_misfit(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	double there = placing_misfit(o, r, p);

	for (int i = 0; i < 4; i++) {
		struct placing q = *p;

		q.x += i == 0 ? 2 : i == 1 ? -2 : 0;
		q.y += i == 2 ? 2 : i == 3 ? -2 : 0;
		assert_true(placing_misfit(o, r, &q) > there);
		assert_true(placing_worth(o, r, &q) < placing_worth(o, r, p));
	}
}

static void find_samples(enum family family)
{
	struct shown_samples *samples =
		shown_samples_open(test_seed_of_shares(), family, NULL, SIDE);
	int found = 0;

	for (int i = 0; i < SAMPLES; i++) {
		struct shown_sample shown = shown_sample(samples, (uint64_t)i);
		struct placing truth = true_placing(&shown), said;
		struct figure figure;
		struct outline outline;
		struct ridges ridges;

		arena_reset(&arena);
		figure = figure_from_scene(&shown.sample->scene, &arena);
		outline = outline_from_figure(&figure, family == FAMILY_SHAPES, &arena);
		ridges = ridges_from_picture(shown.pixels, SIDE, &arena);
		said = placing_search(&outline, &ridges);
		if (said.scale <= 0 || apart(&outline, &said, &truth) > OFF_MOST)
			continue;
		found++;
		assert_true(placing_noise(&outline, &ridges, &said) < 0.3);
		check_misfit(&outline, &ridges, &said);
	}
	printf("# %s: %d of %d found\n", family_name(family), found, SAMPLES);
	assert_true(found >= FOUND_LEAST);
	shown_samples_close(samples);
}

static void test_shapes(void **state)
{
	(void)state;
	find_samples(FAMILY_SHAPES);
}

static void test_plates(void **state)
{
	(void)state;
	find_samples(FAMILY_PLATE);
}

static bool is_near(const struct placing *a, const struct placing *b)
{
	return fabs(a->x - b->x) < 1.5 && fabs(a->y - b->y) < 1.5 &&
	       fabs(a->scale / b->scale - 1) * SIDE < 3;
}

/* By the places of shapes alone; of three and more the x of one is not known. */
static void test_coordinates(void **state)
{
	struct shown_samples *samples =
		shown_samples_open(test_seed_of_shares(), FAMILY_SHAPES, NULL, SIDE);
	int tried = 0, found = 0;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		struct shown_sample shown = shown_sample(samples, (uint64_t)i);
		const struct scene *scene = &shown.sample->scene;
		struct placing truth = true_placing(&shown), list[4];
		double x[SCENE_SHAPES_MAX], y[SCENE_SHAPES_MAX], mm = unit_mm(scene->unit) / 1000;
		struct coordinates of = {x, y, 0, 0};
		struct ridges ridges;
		bool is_there = false;
		int n;

		arena_reset(&arena);
		for (int k = 0; k < scene->shape_count; k++) {
			struct point at = shape_anchor(&scene->shapes[k]);

			x[of.x_count++] = (double)at.x * mm;
			y[of.y_count++] = (double)at.y * mm;
		}
		if (of.x_count < 2)
			continue;
		if (of.x_count > 2)
			x[0] = 1000;
		tried++;
		ridges = ridges_from_picture(shown.pixels, SIDE, &arena);
		n = placing_search_coordinates(&of, &ridges, list, 4);
		assert_true(n <= 4);
		for (int k = 0; k < n; k++)
			is_there |= is_near(&list[k], &truth);
		found += is_there;
	}
	printf("# by coordinates: %d of %d found\n", found, tried);
	assert_true(tried >= SAMPLES / 4 && 10 * found >= 6 * tried);
	shown_samples_close(samples);
}

/* A figure of no size, and a picture without lines. */
static void test_nothing(void **state)
{
	static const uint8_t white[16 * 16];
	struct figure_edge edge = {{0, 0, 0}, {0, 0, 10}};
	struct figure point = {.edge_count = 1, .edges = &edge};
	struct outline outline = outline_from_figure(&point, true, &arena);
	struct ridges ridges = ridges_from_picture(white, 16, &arena);
	struct placing p = placing_search(&outline, &ridges);

	(void)state;
	assert_true(p.scale == 0);
	p = placing_refine(&outline, &ridges, &p);
	assert_true(p.scale == 0);
	assert_true(placing_worth(&outline, &ridges, &p) == -INFINITY);
	assert_int_equal(placing_search_coordinates(&(struct coordinates){0}, &ridges, &p, 1), 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_plates),
		cmocka_unit_test(test_coordinates),
		cmocka_unit_test(test_nothing),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
