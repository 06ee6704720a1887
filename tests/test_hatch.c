/* SPDX-License-Identifier: MIT */
/*
 * hatch: every point of a hatching line lies inside the region, and every point of the grid that is
 * inside lies on one.
 *
 * The reference counts crossings of a ray with the region's outlines, flattened to chords far finer
 * than the tolerance; points nearer to an outline than that are left out.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "render/draft/hatch.h"
#include "tests/random_shapes.h"

#define CHORD_MM 1e-4
#define NEAR_MM 2e-3
#define ROUNDS 300
#define PROBES 60

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct path rectangle(double x0, double y0, double x1, double y1)
{
	struct path path = {.closed = true};

	path_add_line(&path, &arena, vec(x0, y0), vec(x1, y0));
	path_add_line(&path, &arena, vec(x1, y0), vec(x1, y1));
	path_add_line(&path, &arena, vec(x1, y1), vec(x0, y1));
	path_add_line(&path, &arena, vec(x0, y1), vec(x0, y0));
	return path;
}

static struct path circle(struct vec centre, double r, double from, double sweep)
{
	struct path path = {.closed = true};

	path_add_arc(&path, &arena, centre, r, r, 0, from, sweep);
	return path;
}

/* A star of straight pieces and arcs that bulge out or in, in either direction. */
static struct path random_path(struct rng *rng, struct vec centre, double size)
{
	struct path path = {.closed = true};
	int n = (int)rng_range(rng, 3, 9);
	struct vec points[9], first;

	for (int i = 0; i < n; i++) {
		double r = size * (0.4 + 0.6 * rng_unit(rng));

		points[i] = vec_add(centre, vec_polar(r, 2 * M_PI * i / n));
	}
	first = points[0];
	for (int i = 0; i < n; i++) {
		struct vec a = points[i], b = i + 1 < n ? points[i + 1] : first;
		struct vec middle = vec_scale(vec_add(a, b), 0.5), along = vec_sub(b, a);
		double half = vec_length(along) / 2, bulge = 0.3 * (rng_unit(rng) - 0.5);
		double off, r, from;
		struct vec o;

		if (rng_chance(rng, 0.5) || fabs(bulge) < 0.01) {
			path_add_line(&path, &arena, a, b);
			continue;
		}
		/* sagitta = bulge * chord */
		off = half * (1 - 4 * bulge * bulge) / (4 * bulge);
		o = vec_add(middle, vec_scale(vec_unit(vec_perp(along)), off));
		r = vec_length(vec_sub(a, o));
		from = atan2(a.y - o.y, a.x - o.x);
		path_add_arc(&path, &arena, o, r, r, 0, from,
			     remainder(atan2(b.y - o.y, b.x - o.x) - from, 2 * M_PI));
	}
	return path;
}

static double distance_to_chord(struct vec p, struct vec a, struct vec b)
{
	struct vec d = vec_sub(b, a);
	double length2 = vec_dot(d, d);
	double t = length2 > 0 ? vec_dot(vec_sub(p, a), d) / length2 : 0;

	return vec_length(vec_sub(p, vec_add(a, vec_scale(d, min2(1, max2(0, t))))));
}

/* 1 inside, 0 outside, -1 too near to an outline. */
static int side_of(struct vec p, const struct polyline *outlines, int count)
{
	int crossings = 0;

	for (int k = 0; k < count; k++) {
		for (int i = 0; i < outlines[k].count; i++) {
			struct vec a = outlines[k].points[i];
			struct vec b = outlines[k].points[(i + 1) % outlines[k].count];

			if (distance_to_chord(p, a, b) < NEAR_MM)
				return -1;
			if ((a.y > p.y) != (b.y > p.y) &&
			    p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y))
				crossings++;
		}
	}
	return crossings % 2;
}

static bool lies_on(struct vec p, const struct hatch_line *lines, int n)
{
	for (int i = 0; i < n; i++)
		if (distance_to_chord(p, lines[i].a, lines[i].b) < 1e-6)
			return true;
	return false;
}

/* The middle of a random grid line's piece inside a box. */
static struct vec point_of_grid(struct rng *rng, const struct hatch_spec *spec, double reach)
{
	struct vec u = vec_polar(1, spec->angle_rad), v = vec_perp(u);
	int64_t most = (int64_t)(reach / spec->pitch_mm);
	double row = (double)rng_range(rng, -most, most) + 0.5;
	double at = reach * (2 * rng_unit(rng) - 1);

	return vec_add(vec_scale(u, at), vec_scale(v, row * spec->pitch_mm));
}

static void check_region(const struct path *paths, int count, const struct hatch_spec *spec,
			 struct rng *rng, double reach)
{
	struct polyline *outlines = ARENA_NEW(&arena, struct polyline, count);
	struct hatch_line *lines;
	int n = hatch_lines(paths, count, spec, &arena, &lines);

	for (int i = 0; i < count; i++)
		outlines[i] = polyline_from_path(&paths[i], CHORD_MM, &arena);
	for (int i = 0; i < n; i++) {
		double t = rng_unit(rng);
		struct vec p = vec_add(vec_scale(lines[i].a, t), vec_scale(lines[i].b, 1 - t));

		assert_int_not_equal(side_of(p, outlines, count), 0);
	}
	for (int i = 0; i < PROBES; i++) {
		struct vec p = point_of_grid(rng, spec, reach);

		/* Pieces too short to draw may be missing. */
		if (side_of(p, outlines, count) == 1 &&
		    side_of(vec_add(p, vec_polar(0.2, spec->angle_rad)), outlines, count) == 1 &&
		    side_of(vec_sub(p, vec_polar(0.2, spec->angle_rad)), outlines, count) == 1)
			assert_true(lies_on(p, lines, n));
	}
}

static void test_random_regions_with_holes(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct rng rng = rng_stream(seed, (uint64_t)i, "hatch", 0);
		struct hatch_spec spec = {0};
		struct path paths[3];

		arena_reset(&arena);
		spec.pitch_mm = 0.7 + 3 * rng_unit(&rng);
		spec.angle_rad = M_PI * rng_unit(&rng) - M_PI / 2;
		paths[0] = random_path(&rng, vec(3, -2), 30);
		paths[1] = random_path(&rng, vec(1, 1), 7);
		paths[2] = circle(vec(1, 1), 1 + rng_unit(&rng), 7 * rng_unit(&rng),
				  rng_chance(&rng, 0.5) ? 2 * M_PI : -2 * M_PI);
		check_region(paths, 1 + (int)rng_below(&rng, 3), &spec, &rng, 34);
	}
}

/* Corners that lie on hatching lines, and edges that lie along them. */
static void test_lines_through_corners(void **state)
{
	struct rng rng = rng_stream(test_seed(), 0, "hatch corners", 0);
	struct hatch_spec spec = {.pitch_mm = 1};
	struct path paths[2];
	struct hatch_line *lines;

	(void)state;
	arena_reset(&arena);
	paths[0] = rectangle(-5, -5.5, 6, 4.5);
	paths[1] = rectangle(-2, -1.5, 2, 2.5);
	check_region(paths, 2, &spec, &rng, 8);
	/* 9 rows, of which 4 are cut in two: of those along edges only the hole's upper one */
	assert_int_equal(hatch_lines(paths, 2, &spec, &arena, &lines), 13);
}

static void test_lines_lie_on_one_grid(void **state)
{
	struct hatch_spec spec = {.pitch_mm = 2.5, .angle_rad = M_PI / 4};
	struct path path;
	struct hatch_line *lines;
	int n;

	(void)state;
	arena_reset(&arena);
	path = circle(vec(40, 17), 12, 0, 2 * M_PI);
	n = hatch_lines(&path, 1, &spec, &arena, &lines);
	assert_int_equal(n, 9);
	for (int i = 0; i < n; i++) {
		struct vec across = vec_polar(1, 3 * M_PI / 4);
		double row = vec_dot(lines[i].a, across) / 2.5 - 0.5;

		assert_true(fabs(row - round(row)) < 1e-9);
		assert_true(fabs(vec_dot(vec_sub(lines[i].b, lines[i].a), across)) < 1e-9);
		assert_true(fabs(vec_length(vec_sub(lines[i].a, vec(40, 17))) - 12) < 1e-9);
		assert_true(fabs(vec_length(vec_sub(lines[i].b, vec(40, 17))) - 12) < 1e-9);
	}
}

/* The length that is drawn, times the pitch, is the area, as the pitch goes to nothing. */
static void test_area(void **state)
{
	struct hatch_spec spec = {.pitch_mm = 0.01, .angle_rad = 0.4};
	struct path paths[2];
	struct hatch_line *lines;
	double sum = 0;
	int n;

	(void)state;
	arena_reset(&arena);
	paths[0] = circle(vec(5, 5), 10, 1, -2 * M_PI);
	paths[1] = rectangle(2, 2, 7, 6);
	n = hatch_lines(paths, 2, &spec, &arena, &lines);
	for (int i = 0; i < n; i++)
		sum += vec_length(vec_sub(lines[i].b, lines[i].a));
	assert_true(fabs(sum * 0.01 - (M_PI * 100 - 20)) < 0.1);
}

static void test_gaps_stay_free(void **state)
{
	const struct hatch_gap gaps[] = {{{{10, 10}, {18, 10}, {18, 14}, {10, 14}}},
					 {{{15, 12}, {19, 16}, {17, 18}, {13, 14}}},
					 {{{-5, 0}, {3, 0}, {3, 4}, {-5, 4}}}};
	struct hatch_spec spec = {
		.pitch_mm = 0.8, .angle_rad = M_PI / 6, .gap_count = 3, .gaps = gaps};
	struct hatch_spec bare = {.pitch_mm = 0.8, .angle_rad = M_PI / 6};
	struct path path;
	struct hatch_line *lines, *whole;
	double drawn = 0, all = 0;
	int n, m;

	(void)state;
	arena_reset(&arena);
	path = rectangle(0, 0, 30, 20);
	n = hatch_lines(&path, 1, &spec, &arena, &lines);
	m = hatch_lines(&path, 1, &bare, &arena, &whole);
	for (int i = 0; i < n; i++) {
		for (int k = 1; k < 50; k++) {
			struct vec p = vec_add(
				lines[i].a, vec_scale(vec_sub(lines[i].b, lines[i].a), k / 50.0));
			struct vec q = vec_rotate(vec_sub(p, vec(15, 12)), -M_PI / 4);

			assert_false(p.x > 10 && p.x < 18 && p.y > 10 && p.y < 14);
			assert_false(p.x < 3 && p.y < 4);
			assert_false(q.x > 0 && q.x < sqrt(32) && q.y > 0 && q.y < sqrt(8));
		}
		drawn += vec_length(vec_sub(lines[i].b, lines[i].a));
		assert_true(lies_on(lines[i].a, whole, m) && lies_on(lines[i].b, whole, m));
	}
	for (int i = 0; i < m; i++)
		all += vec_length(vec_sub(whole[i].b, whole[i].a));
	/* 32 and 16 overlap in a triangle of 4; 12 of the third lie in the region */
	assert_true(fabs((all - drawn) * 0.8 - (32 + 16 - 4 + 12)) < 3);
}

static void test_nothing_to_hatch(void **state)
{
	struct hatch_spec spec = {.pitch_mm = 2};
	struct hatch_line *lines;
	struct path path;

	(void)state;
	arena_reset(&arena);
	assert_int_equal(hatch_lines(NULL, 0, &spec, &arena, &lines), 0);
	path = rectangle(0, 1.2, 40, 2.8); /* between two lines */
	assert_int_equal(hatch_lines(&path, 1, &spec, &arena, &lines), 0);
	path = rectangle(0, 0, 0.1, 40); /* too short to draw */
	assert_int_equal(hatch_lines(&path, 1, &spec, &arena, &lines), 0);
}

/* As the style says, round the lettering that is there. */
static void test_strokes_of_a_drawing(void **state)
{
	struct drawing drawing = {.width_mm = 60, .height_mm = 60};
	struct style style = {.thin_mm = 0.25, .hatch_pitch_mm = 2.5, .hatch_angle_deg = 45};
	struct drafter d = {.drawing = &drawing, .style = &style, .arena = &arena};
	struct path path;

	(void)state;
	arena_reset(&arena);
	path = rectangle(10, 10, 50, 50);
	*drawing_add_text(&drawing, &arena) = (struct text){
		.utf8 = "30", .at = {25, 28}, .height_mm = 3.5, .width_mm = 8, .angle_rad = 0};
	drafter_hatch(&d, &path, 1, 7);
	assert_in_range(drawing.stroke_count, 22, 28);
	for (int i = 0; i < drawing.stroke_count; i++) {
		const struct stroke *s = &drawing.strokes[i];
		struct vec way = vec_unit(vec_sub(s->path.segs[0].b, s->path.segs[0].a));

		assert_int_equal(s->layer, LAYER_HATCH);
		assert_int_equal(s->line_type, LINE_CONTINUOUS);
		assert_int_equal(s->shape, 7);
		assert_int_equal(s->path.count, 1);
		assert_true(s->width_mm == 0.25);
		assert_true(fabs(way.x - way.y) < 1e-9);
		for (int k = 0; k <= 100; k++) {
			struct vec p = seg_point(&s->path.segs[0], k / 100.0);

			assert_false(p.x > 24.5 && p.x < 33.5 && p.y > 27.5 && p.y < 32);
		}
	}
}

/* Metal is hatched one way, all else two ways, whose lines are farther apart. */
static void test_material_tells_the_hatching(void **state)
{
	static const struct material plastic = {.kind = MATERIAL_PLASTIC};
	static const struct material steel = {.kind = MATERIAL_STEEL};
	struct style style = {.thin_mm = 0.25, .hatch_pitch_mm = 2.5, .hatch_angle_deg = 45};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct drawing drawing = {.width_mm = 60, .height_mm = 60};
		struct drafter d = {.drawing = &drawing,
				    .style = &style,
				    .arena = &arena,
				    .part = {.material = i ? &plastic : &steel}};
		struct path path = rectangle(10, 10, 50, 50);
		int falling = 0;

		drafter_hatch(&d, &path, 1, 7);
		for (int k = 0; k < drawing.stroke_count; k++) {
			const struct seg *s = drawing.strokes[k].path.segs;

			falling += (s->b.y - s->a.y) * (s->b.x - s->a.x) < 0;
		}
		assert_int_equal(falling * 2, i ? drawing.stroke_count : 0);
		assert_in_range(drawing.stroke_count, i ? 28 : 20, i ? 36 : 26);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_regions_with_holes),
		cmocka_unit_test(test_lines_through_corners),
		cmocka_unit_test(test_lines_lie_on_one_grid),
		cmocka_unit_test(test_area),
		cmocka_unit_test(test_gaps_stay_free),
		cmocka_unit_test(test_nothing_to_hatch),
		cmocka_unit_test(test_strokes_of_a_drawing),
		cmocka_unit_test(test_material_tells_the_hatching),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, forget);
}
