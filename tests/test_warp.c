/* SPDX-License-Identifier: MIT */
/*
 * warp: what is marked on a clean picture is found where warp_point says, for each degradation that
 * moves pixels and for all of them together.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "augment/recipe.h"
#include "augment/warp.h"
#include "base/arena.h"
#include "base/rng.h"

#define WIDTH 420
#define HEIGHT 300
#define PX_PER_MM 2.0
#define PITCH 42 /* from mark to mark */
#define RADIUS 2.6
#define SEEDS 12
#define INSIDE 8 /* marks nearer to the picture's edge are not looked for */

static struct arena arena;
static uint64_t test_seed;

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* By the lattice: turns are exact and come later; test_scan.c. */
static bool moves(enum degradation which)
{
	static const char *const kinds[] = {
#define E(name, phase, kind, legibility, source, about) #kind,
#define P(entry, name, lo, hi, least, most, about)
		DEGRADATIONS(E, P)
#undef E
#undef P
	};

	return strcmp(kinds[which], "WARP") == 0 || strcmp(kinds[which], "BOTH") == 0;
}

/* Of one degradation, or of all that move. */
static struct degradation_sheet sheet_of(int only)
{
	struct degradation_sheet sheet = degradation_none();

	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		if (moves((enum degradation)i) && (only < 0 || only == i))
			sheet.share[i] = 1000;
	return sheet;
}

static void draw_mark(struct image *image, struct vec p)
{
	for (int y = (int)p.y - 5; y <= (int)p.y + 5; y++)
		for (int x = (int)p.x - 5; x <= (int)p.x + 5; x++) {
			double d = RADIUS - hypot(x + 0.5 - p.x, y + 0.5 - p.y);
			double cover = d < -0.5 ? 0 : d > 0.5 ? 1 : d + 0.5;

			image->px[(size_t)y * image->stride + (size_t)x] =
				(uint8_t)lround(255 * (1 - cover));
		}
}

/* Marks everywhere, none on a whole pixel. */
static int draw_marks(struct image *image, struct vec *marks)
{
	int n = 0;

	memset(image->px, 255, image->stride * (size_t)image->height);
	for (int y = 14; y < HEIGHT - 10; y += PITCH)
		for (int x = 14; x < WIDTH - 10; x += PITCH, n++) {
			marks[n] = vec(x + 0.13 * (n % 7), y + 0.11 * (n % 9));
			draw_mark(image, marks[n]);
		}
	return n;
}

/* Where the darkness round p has its middle; false where it is too near to the edge to be seen. */
static bool find_mark(const struct canvas *c, struct vec p, struct vec *found)
{
	const int reach = 8;
	double sum = 0, x_sum = 0, y_sum = 0;

	if (p.x < INSIDE || p.y < INSIDE || p.x > WIDTH - INSIDE || p.y > HEIGHT - INSIDE)
		return false;
	for (int y = (int)p.y - reach; y <= (int)p.y + reach; y++)
		for (int x = (int)p.x - reach; x <= (int)p.x + reach; x++) {
			double dark;

			if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT)
				continue;
			dark = 1 - canvas_row(c, 0, y)[x];
			sum += dark;
			x_sum += dark * (x + 0.5);
			y_sum += dark * (y + 0.5);
		}
	assert_true(sum > 3);
	*found = vec(x_sum / sum, y_sum / sum);
	return true;
}

struct errors {
	double sum, worst, moved;
	int count;
};

static void add_marks(struct errors *e, const struct degradation_sheet *sheet, uint64_t seed,
		      struct canvas *canvas, const struct image *image, const struct vec *marks,
		      int count)
{
	struct recipe recipe = recipe_from_sheet(sheet, seed, 0, 0);
	struct warp warp;

	arena_reset(&arena);
	warp = warp_from_recipe(&recipe, WIDTH, HEIGHT, PX_PER_MM, &arena);
	canvas_load(canvas, image, PX_PER_MM);
	warp_canvas(&warp, canvas);
	for (int i = 0; i < count; i++) {
		struct vec p = warp_point(&warp, marks[i]), q = vec(0, 0);
		double off;

		e->moved = fmax(e->moved, vec_length(vec_sub(p, marks[i])));
		if (!find_mark(canvas, p, &q))
			continue;
		off = vec_length(vec_sub(p, q));
		e->sum += off;
		e->worst = fmax(e->worst, off);
		e->count++;
	}
}

static void check_marks(int only)
{
	struct degradation_sheet sheet = sheet_of(only);
	struct canvas *canvas = canvas_new(WIDTH, HEIGHT);
	struct image image = image_new(WIDTH, HEIGHT, 1);
	struct vec marks[200];
	struct errors e = {0};
	int count = draw_marks(&image, marks);
	const char *name = only < 0 ? "all" : degradation_name((enum degradation)only);

	for (uint64_t seed = 0; seed < SEEDS; seed++)
		add_marks(&e, &sheet, seed, canvas, &image, marks, count);
	if (e.count < 200 || e.sum / e.count > 0.25 || e.worst > 1 || e.moved < 0.3)
		fail_msg("%s: %d marks, off by %.3f px, at worst %.3f, moved by up to %.1f", name,
			 e.count, e.sum / e.count, e.worst, e.moved);
	image_free(&image);
	canvas_free(canvas);
}

static void test_marks_are_where_each_degradation_moved_them(void **state)
{
	(void)state;
	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		if (moves((enum degradation)i))
			check_marks(i);
}

static void test_marks_are_where_all_together_moved_them(void **state)
{
	(void)state;
	check_marks(-1);
}

static void test_back_and_forth(void **state)
{
	struct degradation_sheet sheet = sheet_of(-1);

	(void)state;
	sheet.share[DEGRADATION_quarter_turn] = 750;
	for (uint64_t seed = 0; seed < 40; seed++) {
		struct recipe recipe = recipe_from_sheet(&sheet, seed, 1, 0);
		struct warp warp = warp_from_recipe(&recipe, WIDTH, HEIGHT, PX_PER_MM, &arena);

		for (int i = 0; i < 400; i++) {
			struct vec p = vec((i % 20) * WIDTH / 19.0, (int)(i / 20) * HEIGHT / 19.0);
			struct vec q = warp_back(&warp, warp_point(&warp, p));

			assert_true(vec_length(vec_sub(p, q)) < 1e-5);
		}
		arena_reset(&arena);
	}
}

/* Keys's cubic at the distance d. */
static double keys(double d)
{
	d = fabs(d);
	return d < 1   ? 1.5 * d * d * d - 2.5 * d * d + 1
	       : d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2
		       : 0;
}

/* What is at p, from all 16 pixels round it; beyond its edge the picture goes on as it ends. */
static double light_between(const struct image *image, int channel, struct vec p)
{
	int i = (int)floor(p.x - 0.5), j = (int)floor(p.y - 0.5);
	double sum = 0;

	for (int y = j - 1; y <= j + 2; y++)
		for (int x = i - 1; x <= i + 2; x++) {
			int cx = x < 0 ? 0 : x < WIDTH ? x : WIDTH - 1;
			int cy = y < 0 ? 0 : y < HEIGHT ? y : HEIGHT - 1;

			sum += keys(p.x - 0.5 - x) * keys(p.y - 0.5 - y) *
			       image->px[(size_t)cy * image->stride + (size_t)(3 * cx + channel)] /
			       255.0;
		}
	return sum;
}

/* How many pixels of the clean picture lie between two of the moved one, roughly: smaller pictures are
 * blurred first, and not looked at here. */
static double step_of(const struct warp *w)
{
	struct vec p = vec(WIDTH / 2.0, HEIGHT / 2.0), o = warp_back(w, p);
	struct vec a = vec_sub(warp_back(w, vec_add(p, vec(8, 0))), o);
	struct vec b = vec_sub(warp_back(w, vec_add(p, vec(0, 8))), o);

	return sqrt(fabs(vec_cross(a, b))) / 8;
}

static double check_sampling(const struct warp *w, const struct image *image,
			     const struct canvas *c)
{
	double worst = 0;

	for (int k = 0; k < 3; k++)
		for (int y = 0; y < HEIGHT; y++)
			for (int x = 0; x < WIDTH; x++) {
				struct vec p = warp_back(w, vec(x + 0.5, y + 0.5));
				double off = light_between(image, k, p) - canvas_row(c, k, y)[x];

				worst = fmax(worst, fabs(off));
			}
	return worst;
}

/* Noise has no even parts, and every weight tells. Places are rounded to 1/256 px, which is at most 1 %
 * of the steepest edges' height, in each direction. */
static void test_sampling_is_the_plain_sum(void **state)
{
	struct canvas *canvas = canvas_new(WIDTH, HEIGHT);
	struct image image = image_new(WIDTH, HEIGHT, 3);
	struct rng rng = rng_seed(test_seed, 1);
	int looked_at = 0;

	(void)state;
	for (size_t i = 0; i < image.stride * HEIGHT; i++)
		image.px[i] = (uint8_t)rng_below(&rng, 256);
	for (int i = -1; i <= DEGRADATION_COUNT_; i++) {
		struct degradation_sheet sheet =
			sheet_of(i < DEGRADATION_COUNT_ ? i : (int)DEGRADATION_lens);
		struct recipe recipe;
		struct warp warp;

		/* The lens once more, so strong that neighbours lie far apart in the corners. */
		if (i == DEGRADATION_COUNT_) {
			sheet.range[DEGRADATION_lens_k1] = (struct degradation_range){-250, -250};
			sheet.range[DEGRADATION_lens_k2] = (struct degradation_range){-100, -100};
		}
		recipe = recipe_from_sheet(&sheet, test_seed, 0, 0);
		warp = warp_from_recipe(&recipe, WIDTH, HEIGHT, PX_PER_MM, &arena);

		if (warp.moves && step_of(&warp) < 1.09) {
			canvas_load(canvas, &image, PX_PER_MM);
			warp_canvas(&warp, canvas);
			if (check_sampling(&warp, &image, canvas) > 0.02)
				fail_msg("%s: off by %.4f",
					 i < 0 ? "all"
					 : i < DEGRADATION_COUNT_
						 ? degradation_name((enum degradation)i)
						 : "strong lens",
					 check_sampling(&warp, &image, canvas));
			looked_at++;
		}
		arena_reset(&arena);
	}
	assert_true(looked_at >= 6);
	image_free(&image);
	canvas_free(canvas);
}

/* Of a random small picture, by its definition: all at once, and from a copy. */
static void test_blur_is_the_plain_sum(void **state)
{
	enum { SIDE = 37 };
	struct canvas *canvas = canvas_new(SIDE, SIDE);
	struct image image = image_new(SIDE, SIDE, 1);
	struct rng rng = rng_seed(test_seed, 2);

	(void)state;
	for (int round = 0; round < 20; round++) {
		double sigma = 0.2 + 3 * rng_unit(&rng), total = 0, amount = rng_unit(&rng);
		int reach = (int)ceil(3 * sigma);
		float original[SIDE][SIDE];

		for (size_t i = 0; i < SIDE * SIDE; i++)
			image.px[i] = (uint8_t)rng_below(&rng, 256);
		canvas_load(canvas, &image, 1);
		for (int y = 0; y < SIDE; y++)
			memcpy(original[y], canvas_row(canvas, 0, y), sizeof(original[y]));
		if (round % 2)
			canvas_sharpen(canvas, 0, sigma, amount);
		else
			canvas_blur(canvas, 0, sigma);
		for (int i = -reach; i <= reach; i++)
			total += exp(-i * i / (2 * sigma * sigma));
		for (int y = 0; y < SIDE; y++)
			for (int x = 0; x < SIDE; x++) {
				double sum = 0, wanted;

				for (int j = -reach; j <= reach; j++)
					for (int i = -reach; i <= reach; i++) {
						int cx = x + i < 0      ? 0
							 : x + i < SIDE ? x + i
									: SIDE - 1;
						int cy = y + j < 0      ? 0
							 : y + j < SIDE ? y + j
									: SIDE - 1;

						sum += exp(-(i * i + j * j) / (2 * sigma * sigma)) *
						       original[cy][cx];
					}
				sum /= total * total;
				wanted = round % 2
						 ? original[y][x] + amount * (original[y][x] - sum)
						 : sum;
				assert_true(fabs(canvas_row(canvas, 0, y)[x] - wanted) < 1e-5);
			}
		arena_reset(&arena);
	}
	image_free(&image);
	canvas_free(canvas);
}

/* The farthest that the moved line lies from the moved points of the clean one. */
static void test_polygons_follow_curved_warps(void **state)
{
	struct degradation_sheet sheet = sheet_of(-1);
	struct vec corners[4] = {vec(20, 280), vec(400, 280), vec(400, 20), vec(20, 20)};
	struct polyline box = {corners, 4, true};

	(void)state;
	sheet.share[DEGRADATION_quarter_turn] = 750;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct recipe recipe = recipe_from_sheet(&sheet, seed, 2, 0);
		struct warp warp = warp_from_recipe(&recipe, WIDTH, HEIGHT, PX_PER_MM, &arena);
		struct polyline moved = warp_polyline(&warp, &box, &arena);

		assert_true(moved.closed && moved.count >= 4 && moved.count < 200);
		for (int i = 0; i <= 380; i++) {
			struct vec p = warp_point(&warp, vec(20 + i, 280));
			double nearest = 1e9;

			for (int k = 0; k < moved.count; k++) {
				struct vec a = moved.points[k];
				struct vec d = vec_sub(moved.points[(k + 1) % moved.count], a);
				double t = vec_dot(vec_sub(p, a), d) / vec_dot(d, d);

				t = fmin(fmax(t, 0), 1);
				nearest = fmin(nearest,
					       vec_length(vec_sub(p, vec_add(a, vec_scale(d, t)))));
			}
			assert_true(nearest < 0.15);
		}
		arena_reset(&arena);
	}
}

static void test_straight_maps_keep_four_corners(void **state)
{
	struct degradation_sheet sheet = sheet_of(DEGRADATION_skew);
	struct recipe recipe = recipe_from_sheet(&sheet, 5, 0, 0);
	struct warp warp = warp_from_recipe(&recipe, WIDTH, HEIGHT, PX_PER_MM, &arena);
	struct vec corners[4] = {vec(20, 280), vec(400, 280), vec(400, 20), vec(20, 20)};
	struct polyline box = {corners, 4, true}, open = {corners, 2, false}, moved;

	(void)state;
	assert_int_equal(warp_polyline(&warp, &box, &arena).count, 4);
	moved = warp_polyline(&warp, &open, &arena);
	assert_false(moved.closed);
	assert_int_equal(moved.count, 2);
}

static void test_nothing_moves_without_a_reason(void **state)
{
	struct degradation_sheet sheet = degradation_none();
	struct recipe recipe;
	struct warp warp;
	struct vec p = vec(3.25, 7.5), q;

	(void)state;
	sheet.share[DEGRADATION_jpeg] = 1000;
	recipe = recipe_from_sheet(&sheet, 1, 1, 0);
	warp = warp_from_recipe(&recipe, WIDTH, HEIGHT, PX_PER_MM, &arena);
	assert_false(warp.moves);
	q = warp_point(&warp, p);
	assert_true(q.x == p.x && q.y == p.y);
	q = warp_back(&warp, p);
	assert_true(q.x == p.x && q.y == p.y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks_are_where_each_degradation_moved_them),
		cmocka_unit_test(test_marks_are_where_all_together_moved_them),
		cmocka_unit_test(test_sampling_is_the_plain_sum),
		cmocka_unit_test(test_blur_is_the_plain_sum),
		cmocka_unit_test(test_back_and_forth),
		cmocka_unit_test(test_polygons_follow_curved_warps),
		cmocka_unit_test(test_straight_maps_keep_four_corners),
		cmocka_unit_test(test_nothing_moves_without_a_reason),
	};

	const char *given = getenv("CADGEN_TEST_SEED");

	setvbuf(stdout, NULL, _IOLBF, 0);
	test_seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	printf("# seed %ju\n", (uintmax_t)test_seed);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
