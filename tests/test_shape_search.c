/* SPDX-License-Identifier: MIT */
/*
 * shape_search: of all that numbers make, the shapes that are drawn are found, in clean pictures and scans, and few
 * others lie on their lines as well.
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
#include "trainer/rerank/shape_search.h"

#define SIDE 320
#define SAMPLES 40

static struct arena arena;

static bool is_found(const struct shape_search *s, const struct shape *shape)
{
	for (int i = 0; i < s->count; i++)
		if (shape_compare(&s->found[i].shape, shape) == 0)
			return true;
	return false;
}

/* All that is found lies on thick lines, and its set of them is not empty. */
static void check_found(const struct shape_search *s)
{
	struct found_shape again = {.lines = ARENA_NEW(&arena, uint64_t, s->words)};

	assert_true(s->count <= SHAPES_FOUND_MAX);
	for (int i = 0; i < s->count; i++) {
		bool any = false;

		for (int k = 0; k < s->words; k++)
			any |= s->found[i].lines[k] != 0;
		assert_true(any);
		assert_int_equal(shape_check(&s->found[i].shape, NULL), 0);
		assert_true(shape_search_look(s, &s->found[i].shape, &again) > 0.8);
		assert_memory_equal(again.lines, s->found[i].lines,
				    (size_t)s->words * sizeof(*again.lines));
		assert_true(again.off == s->found[i].off);
	}
}

static void find_samples(const char *style, int least)
{
	struct shown_samples *samples =
		shown_samples_open(test_seed_of_shares(), FAMILY_SHAPES, style, SIDE);
	int all = 0, found = 0;

	for (int i = 0; i < SAMPLES; i++) {
		struct shown_sample shown = shown_sample(samples, (uint64_t)i);
		const struct scene *scene = &shown.sample->scene;
		struct shape_numbers numbers = {.coord_count = 0};
		struct figure figure;
		struct outline outline;
		struct placing placing;
		struct ridges ridges;
		struct shape_search s;

		arena_reset(&arena);
		figure = figure_from_scene(scene, &arena);
		outline = outline_from_figure(&figure, true, &arena);
		ridges = ridges_from_picture(shown.pixels, SIDE, &arena);
		placing = placing_search(&outline, &ridges);
		if (placing.scale <= 0)
			continue;
		for (int k = 0; k < scene->shape_count; k++)
			shape_numbers_add(&numbers, &scene->shapes[k]);
		s = shape_search_at(&ridges, &placing, scene->unit, &arena);
		shape_search_all(&s, &numbers);
		check_found(&s);
		all += scene->shape_count;
		for (int k = 0; k < scene->shape_count; k++)
			found += is_found(&s, &scene->shapes[k]);
	}
	printf("# %s: %d of %d shapes found\n", style ? style : "clean", found, all);
	assert_true(all >= SAMPLES);
	assert_true(100 * found >= least * all);
	shown_samples_close(samples);
}

static void test_clean(void **state)
{
	(void)state;
	find_samples(NULL, 90);
}

static void test_scans(void **state)
{
	(void)state;
	find_samples("office_scan", 60);
}

static bool has(const int64_t *list, int count, int64_t value)
{
	int times = 0;

	for (int i = 0; i < count; i++)
		times += list[i] == value;
	assert_true(times <= 1);
	return times == 1;
}

static void test_numbers(void **state)
{
	struct shape circle = {.kind = SHAPE_CIRCLE}, line = {.kind = SHAPE_LINE};
	struct shape_numbers n = {.coord_count = 0};

	(void)state;
	circle.value[PARAM_X] = line.value[PARAM_X] = 20000;
	circle.value[PARAM_Y] = 15000;
	circle.value[PARAM_R] = 4501;
	line.value[PARAM_LENGTH] = 9002;
	line.value[PARAM_ANGLE] = 90000;
	shape_numbers_add(&n, &circle);
	shape_numbers_add(&n, &line);
	assert_int_equal(n.coord_count, 3); /* the line's y is 0 */
	assert_true(has(n.coords, n.coord_count, 20000) && has(n.coords, n.coord_count, 15000) &&
		    has(n.coords, n.coord_count, 0));
	assert_int_equal(n.length_count, 3); /* half of an odd one is none */
	assert_true(has(n.lengths, 3, 4501) && has(n.lengths, 3, 9002) && has(n.lengths, 3, 18004));
	shape_numbers_step(&n, 9000, 9006, 2);
	assert_int_equal(n.length_count, 6);
	assert_true(has(n.lengths, 6, 9000) && has(n.lengths, 6, 9004) && has(n.lengths, 6, 9006));
	shape_numbers_step(&n, 1, 10000, 1);
	assert_int_equal(n.length_count, SHAPE_NUMBERS_MAX);
}

/* A picture without lines. */
static void test_nothing(void **state)
{
	static const uint8_t white[32 * 32];
	const struct placing placing = {1, 5, 25, 0};
	struct ridges ridges = ridges_from_picture(white, 32, &arena);
	struct shape_search s = shape_search_at(&ridges, &placing, UNIT_MM, &arena);
	struct shape_numbers n = {.coords = {5000, 10000},
				  .coord_count = 2,
				  .lengths = {5000, 10000},
				  .length_count = 2};

	(void)state;
	shape_search_all(&s, &n);
	assert_int_equal(s.count, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_scans),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_nothing),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
