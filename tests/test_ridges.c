/* SPDX-License-Identifier: MIT */
/*
 * ridges: lines of known place and width, on white and on uneven paper, are found there; thick and thin
 * ones are told apart; straight lines are listed; pictures without lines, and tiny ones, have none.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "formats/scene/path.h"
#include "tests/random_shapes.h"
#include "trainer/rerank/ridges.h"

#define SIDE 160
#define FINE 8 /* steps of a pixel's side by which it is covered */
#define THICK 2.0
#define THIN 1.0
#define FRAME_WIDTH 3.0
#define OFF_MOST 0.15 /* px */

static uint8_t pixels[SIDE * SIDE];
static struct arena arena;

/* An upright line, a level one and a circle. */
struct picture {
	double x, y, line_width;
	struct vec centre;
	double r, circle_width;
	double white; /* paper at the left; at the right it is half as bright where is_uneven */
	bool is_uneven;
	double frame;     /* px from the edges, turned a bit; 0: none */
	bool is_whole;    /* the frame: else its left side is missing */
	bool is_lettered; /* with small crosses, where strokes are wider, inside the circle */
};

static bool is_lettering(const struct picture *p, double x, double y)
{
	double u = fabs(fmod(x, 9) - 4.5), v = fabs(fmod(y, 9) - 4.5);

	return hypot(x - p->centre.x, y - p->centre.y) < p->r - 8 && u < 2.5 && v < 2.5 &&
	       fmin(u, v) < 0.6;
}

/* Three sides, and the fourth where it is whole. */
static bool is_frame(const struct picture *p, double x, double y)
{
	double u = x + 0.02 * (y - SIDE / 2), v = y - 0.02 * (x - SIDE / 2);
	double across = fabs(u - SIDE / 2), up = fabs(v - SIDE / 2), at = SIDE / 2 - p->frame;

	return p->frame > 0 && fabs(fmax(across, up) - at) <= FRAME_WIDTH / 2 &&
	       (p->is_whole || u > SIDE / 2 - at + FRAME_WIDTH);
}

static bool is_inked(const struct picture *p, double x, double y)
{
	return is_frame(p, x, y) || fabs(x - p->x) <= p->line_width / 2 ||
	       fabs(y - p->y) <= p->line_width / 2 ||
	       fabs(hypot(x - p->centre.x, y - p->centre.y) - p->r) <= p->circle_width / 2 ||
	       (p->is_lettered && is_lettering(p, x, y));
}

static void draw(const struct picture *p)
{
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++) {
			double paper = p->white * (p->is_uneven ? 1 - 0.5 * x / SIDE : 1);
			int ink = 0;

			for (int i = 0; i < FINE * FINE; i++)
				ink += is_inked(p, x - 0.5 + (i % FINE + 0.5) / FINE,
						y - 0.5 + (i / FINE + 0.5) / FINE);
			pixels[y * SIDE + x] =
				(uint8_t)lround(paper * (1 - 0.9 * ink / (FINE * FINE)));
		}
}

/* Its ridges; those of the picture before are gone. */
static struct ridges look(const struct picture *p)
{
	draw(p);
	arena_reset(&arena);
	return ridges_from_picture(pixels, SIDE, &arena);
}

static struct picture random_picture(struct rng *rng)
{
	return (struct picture){.x = 15 + 20 * rng_unit(rng),
				.y = 15 + 20 * rng_unit(rng),
				.line_width = THIN,
				.centre = {95 + 5 * rng_unit(rng), 95 + 5 * rng_unit(rng)},
				.r = 30 + 10 * rng_unit(rng),
				.circle_width = THICK,
				.white = 255};
}

static double nearest_line(const struct ridge_lines *lines, double at)
{
	double least = INFINITY;

	for (int i = 0; i < lines->count; i++)
		least = fmin(least, fabs(lines->list[i].at - at));
	return least;
}

static int count_thick(const struct ridges *r)
{
	int count = 0;

	for (int i = 0; i < r->count; i++)
		count += r->list[i].is_thick;
	return count;
}

static void check_circle(const struct picture *p, const struct ridges *r)
{
	double sum = 0;
	int n = 0, thick = 0;

	for (int i = 0; i < r->count; i++) {
		const struct ridge *ridge = &r->list[i];
		double off = hypot(ridge->x - p->centre.x, ridge->y - p->centre.y) - p->r;

		if (fabs(off) > 2)
			continue;
		sum += fabs(off);
		thick += ridge->is_thick;
		n++;
	}
	assert_true(n > 5.5 * p->r);
	assert_true(sum / n < OFF_MOST);
	assert_true(thick > 0.95 * n);
	assert_true(count_thick(r) < 1.05 * n + 15);
}

static void check_distances(const struct picture *p, const struct ridges *r)
{
	for (double off = -3; off <= 3; off += 0.25) {
		double at = p->centre.x + p->r + off;

		assert_true(fabs(ridges_distance(r, at, p->centre.y) - fabs(off)) < 2 * OFF_MOST);
		at = p->x + off;
		assert_true(fabs(ridges_distance(r, at, p->centre.y) - RIDGES_THIN_OFF -
				 fabs(off)) < 2 * OFF_MOST);
	}
	assert_true(ridges_distance(r, p->centre.x, p->centre.y) == RIDGES_REACH);
	assert_true(ridges_distance(r, -20, SIDE + 20) == RIDGES_REACH);
}

static void test_places(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct picture p = random_picture(&rng);
		struct ridges r;

		p.is_uneven = i % 2;
		p.white = i % 4 < 2 ? 255 : 180;
		r = look(&p);
		check_circle(&p, &r);
		check_distances(&p, &r);
		assert_true(nearest_line(&r.upright, p.x) < OFF_MOST);
		assert_true(nearest_line(&r.level, p.y) < OFF_MOST);
		assert_true(ridge_lines_distance(&r.upright, p.x - 2, p.y) < 2 + OFF_MOST);
		assert_true(ridge_lines_distance(&r.upright, -50, NAN) == RIDGES_REACH);
	}
}

static void test_width(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct picture p = random_picture(&rng);
		struct ridges r;
		double sum = 0;

		r = look(&p);
		for (int k = 0; k < r.count; k++)
			sum += r.list[k].is_thick ? r.list[k].width : 0;
		assert_true(fabs(sum / count_thick(&r) - 0.9 * THICK) < 0.2); /* ink is 0.9 black */
	}
}

static int count_outside(const struct ridges *r, double frame)
{
	int count = 0;

	for (int i = 0; i < r->count; i++) {
		double x = fabs(r->list[i].x - SIDE / 2), y = fabs(r->list[i].y - SIDE / 2);

		count += fmax(x, y) > SIDE / 2 - frame - 1;
	}
	return count;
}

/* Wider than outlines, which stay thick; three sides are no frame. */
static void test_frame(void **state)
{
	struct rng rng = rng_seed(test_seed(), 5);

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct picture p = random_picture(&rng);
		struct ridges r;

		p.frame = 8;
		p.is_whole = true;
		r = look(&p);
		assert_int_equal(count_outside(&r, p.frame), 0);
		check_circle(&p, &r);
		p.is_whole = false;
		r = look(&p);
		assert_true(count_outside(&r, p.frame) > SIDE);
	}
}

/* Outlines of small pictures, which lettering is wider than, are thick, and the lines next to them are not. */
static void test_among_lettering(void **state)
{
	struct rng rng = rng_seed(test_seed(), 4);

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct picture p = random_picture(&rng);
		int circle = 0, circle_thick = 0, line = 0, line_thick = 0;
		struct ridges r;

		p.line_width = 0.5;
		p.circle_width = 1;
		p.is_lettered = true;
		r = look(&p);
		for (int k = 0; k < r.count; k++) {
			const struct ridge *ridge = &r.list[k];
			bool crosses = fabs(ridge->y - p.y) < 6 && fabs(ridge->x - p.x) < 6;

			if (fabs(hypot(ridge->x - p.centre.x, ridge->y - p.centre.y) - p.r) < 1) {
				circle++;
				circle_thick += ridge->is_thick;
			} else if (!crosses &&
				   (fabs(ridge->x - p.x) < 1 || fabs(ridge->y - p.y) < 1)) {
				line++;
				line_thick += ridge->is_thick;
			}
		}
		assert_true(circle > 5.5 * p.r && circle_thick > 0.95 * circle);
		assert_true(line > SIDE && line_thick < 0.05 * line);
	}
}

static void test_nothing(void **state)
{
	struct rng rng = rng_seed(test_seed(), 3);
	struct ridges r;

	(void)state;
	for (int side = 1; side <= 4; side++) {
		for (int i = 0; i < side * side; i++)
			pixels[i] = (uint8_t)rng_below(&rng, 256);
		r = ridges_from_picture(pixels, side, &arena);
		assert_true(r.count <= side * side);
		assert_true(ridges_distance(&r, 0, 0) <= RIDGES_REACH);
	}
	for (int grey = 0; grey <= 255; grey += 85) {
		memset(pixels, grey, sizeof(pixels));
		r = ridges_from_picture(pixels, SIDE, &arena);
		assert_int_equal(count_thick(&r) + r.upright.count + r.level.count, 0);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),  cmocka_unit_test(test_width),
		cmocka_unit_test(test_frame),   cmocka_unit_test(test_among_lettering),
		cmocka_unit_test(test_nothing),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
