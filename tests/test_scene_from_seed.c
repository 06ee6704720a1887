/* SPDX-License-Identifier: MIT */
/* scene_from_seed: valid, canonical, readable scenes that depend on their stream alone. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "gen/scene/program_from_scene.h"
#include "gen/scene/scene_families.h"
#include "gen/scene/scene_from_seed.h"
#include "tests/random_shapes.h"

#define SCENES 400

static struct scene_params params_for(int64_t size_px)
{
	return (struct scene_params){.weight[FAMILY_SHAPES] = 1,
				     .size_px = size_px,
				     .digit_um = 3500,
				     .text_um = 3500,
				     .offset_um = 10000,
				     .spacing_um = 8000,
				     .max_overlap = 0.2};
}

static struct scene make(uint64_t seed, uint64_t index, int64_t size_px, double max_overlap,
			 struct arena *arena)
{
	struct scene_params params = params_for(size_px);
	struct rng rng = rng_stream(seed, index, "scene", 0);
	struct scene scene;

	params.max_overlap = max_overlap;
	scene_from_seed(&scene, &params, &rng, arena);
	return scene;
}

static void test_sheet_follows_the_picture(void **state)
{
	(void)state;
	for (int64_t px = 128; px < 5000; px += 7) {
		struct scene_params params = params_for(px);
		int64_t side_um = scene_square_um(&params), longest_um = scene_longest_um(&params);

		assert_true((double)px / (double)side_um * 3500 >= 7.0);
		assert_true((double)px / (double)longest_um * 3500 >= 7.0);
		assert_true(px < 480 || side_um == 210000);
		assert_true(px < 840 || longest_um == 420000);
	}
}

static void test_sheets_are_no_longer_than_legible(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	for (int64_t px = 256; px < 1600; px += 3) {
		for (uint64_t i = 0; i < 12; i++) {
			struct rng rng = rng_stream(seed, i, "scene", 0);
			struct scene_params params = params_for(px);
			struct scene scene = {.unit = i % 2 ? UNIT_INCH : UNIT_MM};

			scene_pick_sheet(&scene, &params, &rng);
			for (int k = 0; k < 2; k++)
				assert_true(scene.sheet_um[k] <= scene_longest_um(&params));
		}
	}
}

static void test_same_stream_same_scene(void **state)
{
	struct arena arena = {0}, other = {0};

	(void)state;
	for (uint64_t i = 0; i < 50; i++) {
		struct scene a = make(9, i, 512, 0.2, &arena);
		struct scene b;

		make(9, i + 1, 512, 0.2, &other);
		b = make(9, i, 512, 0.2, &other);
		assert_true(scene_equal(&a, &b));
		b = make(10, i, 512, 0.2, &other);
		assert_false(scene_equal(&a, &b));
	}
	arena_free(&arena);
	arena_free(&other);
}

/* scene_parse checks every shape, the canonical order and the dimensions. */
static void test_scenes_are_valid_and_survive_json(void **state)
{
	uint64_t seed = test_seed();
	struct arena arena = {0};
	struct buf text = {0};
	struct err err;

	(void)state;
	for (uint64_t i = 0; i < SCENES; i++) {
		struct scene scene = make(seed, i, i % 2 ? 512 : 224, 0.2, &arena), back;

		buf_clear(&text);
		scene_write(&scene, &text);
		if (scene_parse(&back, "scene", text.data, text.len, &arena, &err) < 0)
			fail_msg("scene %d: %s", (int)i, err.msg);
		assert_true(scene_equal(&scene, &back));
		assert_true(program_from_scene(&scene).shape_count == scene.shape_count);
		arena_reset(&arena);
	}
	buf_free(&text);
	arena_free(&arena);
}

/* One picture, one label: program(5), "Canonical form". */
static void assert_canonical(const struct shape *s)
{
	const int64_t *v = s->value;

	switch (s->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		assert_true(v[PARAM_ANGLE] < 90000);
		break;
	case SHAPE_ELLIPSE:
		assert_true(v[PARAM_ANGLE] < 180000 && v[PARAM_RX] != v[PARAM_RY]);
		assert_true(v[PARAM_ANGLE] == 0 || v[PARAM_RX] > v[PARAM_RY]);
		break;
	case SHAPE_LINE:
	case SHAPE_SLOT:
		assert_true(v[PARAM_ANGLE] < 180000);
		break;
	case SHAPE_POLYGON:
		assert_true(v[PARAM_ANGLE] * v[PARAM_SIDES] < 360000);
		break;
	case SHAPE_POLYLINE:
		assert_true(s->points[0].x < s->points[s->point_count - 1].x ||
			    (s->points[0].x == s->points[s->point_count - 1].x &&
			     s->points[0].y < s->points[s->point_count - 1].y));
		break;
	case SHAPE_TRIANGLE:
		for (int i = 1; i < 3; i++)
			assert_true(s->points[0].x < s->points[i].x ||
				    (s->points[0].x == s->points[i].x &&
				     s->points[0].y < s->points[i].y));
		break;
	default:
		break;
	}
}

/* A sheet without room for any shape still gets one, and the drafter decides; a frame gives way first. */
static void test_sheets_without_room(void **state)
{
	struct arena arena = {0};
	uint64_t seed = test_seed();

	(void)state;
	for (uint64_t i = 0; i < 60; i++) {
		struct scene_params params = params_for(128 + 4 * (int64_t)i);
		struct rng rng = rng_stream(seed, i, "scene", 0);
		struct scene scene;

		params.digit_um = 2000;
		params.text_um = 3500 + 200 * (int64_t)i;
		params.offset_um = 4000 + 600 * (int64_t)i;
		params.frame_um = 34000;
		params.unit = i % 2 ? UNIT_INCH : UNIT_MM;
		arena_reset(&arena);
		scene_from_seed(&scene, &params, &rng, &arena);
		assert_in_range(scene.shape_count, 1, 8);
		for (int k = 0; k < scene.shape_count; k++)
			assert_int_equal(shape_check(&scene.shapes[k], NULL), 0);
	}
	arena_free(&arena);
}

static void test_shapes_are_canonical_and_all_kinds_occur(void **state)
{
	uint64_t seed = test_seed();
	struct arena arena = {0};
	int kinds[SHAPE_COUNT_] = {0}, counts[9] = {0};

	(void)state;
	for (uint64_t i = 0; i < SCENES; i++) {
		struct scene scene = make(seed, i, 512, 0.2, &arena);

		assert_in_range(scene.shape_count, 1, 8);
		counts[scene.shape_count]++;
		for (int k = 0; k < scene.shape_count; k++) {
			assert_canonical(&scene.shapes[k]);
			kinds[scene.shapes[k].kind]++;
		}
		arena_reset(&arena);
	}
	for (int k = 0; k < SHAPE_PRIMITIVES; k++)
		assert_true(kinds[k] > 0);
	for (int n = 1; n <= 8; n++)
		assert_true(counts[n] > 0);
	arena_free(&arena);
}

static struct box shape_box(const struct shape *shape, struct arena *arena)
{
	struct path path = path_from_shape(shape, arena);
	struct polyline poly = polyline_from_path(&path, 1e-3, arena);

	return box_of_points(poly.points, poly.count);
}

static double overlap(struct box a, struct box b)
{
	double w = min2(a.x1, b.x1) - max2(a.x0, b.x0), h = min2(a.y1, b.y1) - max2(a.y0, b.y0);
	double smaller = min2((a.x1 - a.x0) * (a.y1 - a.y0), (b.x1 - b.x0) * (b.y1 - b.y0));

	return w <= 0 || h <= 0 || smaller <= 0 ? 0 : w * h / smaller;
}

/* Largest overlap of two boxes in many scenes. */
static double worst_overlap(uint64_t seed, double max_overlap)
{
	struct arena arena = {0};
	double worst = 0;

	for (uint64_t i = 0; i < SCENES; i++) {
		struct scene scene = make(seed, i, 512, max_overlap, &arena);

		for (int k = 0; k < scene.shape_count; k++)
			for (int j = 0; j < k; j++)
				worst = max2(worst, overlap(shape_box(&scene.shapes[k], &arena),
							    shape_box(&scene.shapes[j], &arena)));
		arena_reset(&arena);
	}
	arena_free(&arena);
	return worst;
}

/* The generator measures boxes of outlines in fine chords, hence a slack of one per cent. */
static void test_overlap_is_bounded_by_its_parameter(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	assert_true(worst_overlap(seed, 0) < 0.05);
	assert_in_range((int)(100 * worst_overlap(seed, 0.2)), 5, 21);
	assert_true(worst_overlap(seed, 1) > 0.6);
}

static void test_positions_can_be_printed_side_by_side(void **state)
{
	uint64_t seed = test_seed();
	struct arena arena = {0};

	(void)state;
	for (uint64_t i = 0; i < SCENES; i++) {
		struct scene scene = make(seed, i, 512, 0.2, &arena);
		double paper_mm = (double)scene.scale_paper / scene.scale_real / 1000;

		for (int a = 0; a < scene.shape_count; a++) {
			for (int b = 0; b < a; b++) {
				struct point p = shape_anchor(&scene.shapes[a]);
				struct point q = shape_anchor(&scene.shapes[b]);

				assert_true(p.x == q.x ||
					    fabs((double)(p.x - q.x)) * paper_mm >= 5 - 1e-9);
				assert_true(p.y == q.y ||
					    fabs((double)(p.y - q.y)) * paper_mm >= 5 - 1e-9);
			}
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sheet_follows_the_picture),
		cmocka_unit_test(test_sheets_are_no_longer_than_legible),
		cmocka_unit_test(test_same_stream_same_scene),
		cmocka_unit_test(test_scenes_are_valid_and_survive_json),
		cmocka_unit_test(test_sheets_without_room),
		cmocka_unit_test(test_shapes_are_canonical_and_all_kinds_occur),
		cmocka_unit_test(test_overlap_is_bounded_by_its_parameter),
		cmocka_unit_test(test_positions_can_be_printed_side_by_side),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("scene_from_seed", tests, NULL, NULL);
}
