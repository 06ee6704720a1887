/* SPDX-License-Identifier: MIT */
/*
 * traces: what a hand draws stays near what was meant, covers it, and keeps off lettering; for fresh
 * samples of every family with every pen, and by hand for single lines.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gen/sample_main.h"
#include "render/draft/drawing_overlap.h"
#include "render/hand/pen.h"
#include "render/hand/traces.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define NEAR_MM 0.02 /* chords and steps are off by so much */

static struct arena arena;

static int teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static double distance_to_chord(struct vec p, struct vec a, struct vec b)
{
	struct vec u = vec_sub(b, a), v = vec_sub(p, a);
	double length2 = vec_dot(u, u), t = length2 > 0 ? vec_dot(u, v) / length2 : 0;

	return vec_length(vec_sub(v, vec_scale(u, max2(0, min2(1, t)))));
}

static double distance_to_line(struct vec p, const struct polyline *line)
{
	double least = INFINITY;

	for (int i = 0; i + 1 < line->count + line->closed; i++)
		least = min2(least, distance_to_chord(p, line->points[i],
						      line->points[(i + 1) % line->count]));
	return least;
}

/* From p to the nearest ink that stands for the stroke. */
static double distance_to_ink(const struct drawing *d, int stroke, struct vec p)
{
	double least = INFINITY;

	for (int i = 0; i < d->trace_count; i++) {
		const struct trace *t = &d->traces[i];

		if (t->stroke != stroke || t->kind == TRACE_CONSTRUCTION)
			continue;
		for (int k = 0; k < t->count; k++)
			least = min2(least,
				     distance_to_chord(p, t->points[k].at,
						       t->points[k + 1 < t->count ? k + 1 : k].at));
	}
	return least;
}

/* Every place of every edge has ink near it: dashes of other lines may leave more. */
static void check_covered(const struct drawing *d, const struct style *style)
{
	double reach = traces_reach_mm(style) + NEAR_MM;

	for (int i = 0; i < d->stroke_count; i++) {
		struct polyline line = polyline_from_path(&d->strokes[i].path, 0.01, &arena);

		if (!layer_is_edge(d->strokes[i].layer))
			continue;
		for (int k = 0; k < line.count; k++)
			if (distance_to_ink(d, i, line.points[k]) > reach)
				fail_msg("stroke %d: no ink within %.2f mm of (%g,%g)", i, reach,
					 line.points[k].x, line.points[k].y);
	}
}

/* Ink of a stroke is near it, or in line with one of its ends. */
static void check_near(const struct drawing *d, const struct style *style)
{
	double reach = traces_reach_mm(style) + 2 * style->overshoot_mm + NEAR_MM;

	for (int i = 0; i < d->trace_count; i++) {
		const struct trace *t = &d->traces[i];
		struct polyline line;

		if (t->stroke == DRAWING_NOBODY || t->kind == TRACE_CONSTRUCTION)
			continue;
		line = polyline_from_path(&d->strokes[t->stroke].path, 0.01, &arena);
		for (int k = 0; k < t->count; k++)
			if (distance_to_line(t->points[k].at, &line) > reach)
				fail_msg("trace %d of stroke %d leaves it by more than %.2f mm", i,
					 t->stroke, reach);
	}
}

static void check_points(const struct drawing *d)
{
	for (int i = 0; i < d->trace_count; i++) {
		const struct trace *t = &d->traces[i];

		assert_true(t->count > 0);
		assert_true((t->stroke == DRAWING_NOBODY) != (t->arrow == DRAWING_NOBODY));
		for (int k = 0; k < t->count; k++) {
			const struct trace_point *p = &t->points[k], *q = &t->points[k ? k - 1 : k];
			double way = vec_length(vec_sub(p->at, q->at));

			assert_true(p->width_mm > 0 && p->darkness > 0 && p->darkness <= 1);
			assert_true(fabs(p->width_mm - q->width_mm) <= TRACE_TAPER * way + 1e-9);
		}
	}
}

static void check_sample(const struct sample *sample)
{
	struct err err = {0};

	check_points(&sample->drawing);
	check_near(&sample->drawing, &sample->style);
	check_covered(&sample->drawing, &sample->style);
	if (drawing_check_overlap(&sample->drawing, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_true(sample->drawing.paleness >= 0 && sample->drawing.paleness < 0.5);
}

static void set_range(struct style_value *value, int64_t lo, int64_t hi)
{
	*value = (struct style_value){.usual = {lo, hi}};
}

/* As wild as a style may be. */
static struct sample_settings wild(uint64_t seed, enum family family, int lines, int pen)
{
	struct sample_settings s = test_sample_settings(seed, family, "school", 1024);

	s.style.lines = (struct style_choice){.usual = 1u << lines};
	s.style.pen = (struct style_choice){.usual = 1u << pen};
	set_range(&s.style.wobble_mm, 0, 500);
	set_range(&s.style.overshoot_mm, 0, 2000);
	set_range(&s.style.double_share, 300, 300);
	set_range(&s.style.construction_share, 300, 300);
	return s;
}

static void test_samples(void **state)
{
	uint64_t seed = test_seed(), index = 0;
	struct arena sample_arena = {0};

	(void)state;
	for (int family = 0; family < FAMILY_COUNT_; family++)
		for (int pen = 0; pen < STYLE_PEN_COUNT_; pen++)
			for (int lines = STYLE_LINES_RULED; lines <= STYLE_LINES_FREEHAND;
			     lines++) {
				struct sample_settings settings =
					wild(seed, (enum family)family, lines, pen);
				struct sample sample;
				struct err err = {0};

				if (sample_from_index(&sample, &settings, index++, &sample_arena,
						      &err) < 0)
					fail_msg("%s", err.msg);
				assert_true(sample.drawing.trace_count >=
					    sample.drawing.stroke_count / 2);
				check_sample(&sample);
				arena_reset(&arena);
			}
	arena_free(&sample_arena);
}

/* A sheet with one line, from (20,50) to (220,50). */
static struct drawing one_line(void)
{
	struct drawing d = {.width_mm = 240, .height_mm = 100, .scale = 1};
	struct stroke *stroke = drawing_add_stroke(&d, &arena);

	stroke->width_mm = 0.5;
	stroke->layer = LAYER_OUTLINE;
	path_add_line(&stroke->path, &arena, vec(20, 50), vec(220, 50));
	return d;
}

static struct style by_hand(int lines, int pen)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_seed(1, 1);
	struct style style = style_from_sheet(&sheet, &rng);

	style.lines = lines;
	style.pen = pen;
	return style;
}

static double largest_offset(const struct drawing *d)
{
	double most = 0;

	for (int i = 0; i < d->trace_count; i++)
		for (int k = 0; k < d->traces[i].count; k++)
			most = max2(most, fabs(d->traces[i].points[k].at.y - 50));
	return most;
}

static void test_plotted_has_none(void **state)
{
	struct drawing d = one_line();
	struct style style = by_hand(STYLE_LINES_PLOTTED, STYLE_PEN_PENCIL);
	struct rng rng = rng_seed(test_seed(), 1), before = rng;

	(void)state;
	traces_from_drawing(&d, &style, &rng, &arena);
	assert_int_equal(d.trace_count, 0);
	assert_true(d.paleness == 0);
	assert_memory_equal(&rng, &before, sizeof(rng));
}

/* Over many lines a ruler leaves far less sway than a free hand, and neither leaves none. */
static void test_ruler_steadies(void **state)
{
	double most[2] = {0, 0};
	uint64_t seed = test_seed();

	(void)state;
	for (int i = 0; i < 200; i++)
		for (int k = 0; k < 2; k++) {
			struct drawing d = one_line();
			struct style style = by_hand(k ? STYLE_LINES_FREEHAND : STYLE_LINES_RULED,
						     STYLE_PEN_TECHNICAL);
			struct rng rng = rng_stream(seed, (uint64_t)i, "hand", 0);

			traces_from_drawing(&d, &style, &rng, &arena);
			most[k] = max2(most[k], largest_offset(&d));
		}
	assert_true(most[0] > 0 && most[0] <= 0.3 * style_iso().wobble_mm.usual.hi / 1000.0);
	assert_true(most[1] > 3 * most[0]);
	assert_true(most[1] <= 3 * style_iso().wobble_mm.usual.hi / 1000.0);
}

/* The same stream, the same traces. */
static void test_same_again(void **state)
{
	struct buf a = {0}, b = {0};
	uint64_t seed = test_seed();

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct drawing d = one_line();
		struct style style = by_hand(STYLE_LINES_FREEHAND, STYLE_PEN_BALLPOINT);
		struct rng rng = rng_stream(seed, 3, "hand", 0);

		traces_from_drawing(&d, &style, &rng, &arena);
		drawing_write(&d, i ? &b : &a);
	}
	assert_string_equal(a.data, b.data);
	assert_non_null(strstr(a.data, "\"traces\":[{\"kind\":\"line\",\"stroke\":0,\"points\":["));
	buf_free(&a);
	buf_free(&b);
}

/* A number that nearly touches its line keeps clear of it. */
static void test_keeps_off_text(void **state)
{
	uint64_t seed = test_seed();
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct drawing d = one_line();
		struct style style = by_hand(STYLE_LINES_FREEHAND, STYLE_PEN_FELT);
		struct rng rng = rng_stream(seed, (uint64_t)i, "hand", 0);

		*drawing_add_text(&d, &arena) = (struct text){
			.utf8 = "40", .at = vec(100, 50.4), .height_mm = 4, .width_mm = 8};
		style.wobble_mm = 0.5;
		traces_from_drawing(&d, &style, &rng, &arena);
		if (drawing_check_overlap(&d, &arena, &err) < 0)
			fail_msg("%s", err.msg);
	}
}

/* Traces of one point are blots, wider than their line: at an end that is just far enough from
 * lettering for the line there is none, at the other there is one now and then. */
static void test_blots_keep_off_text(void **state)
{
	uint64_t seed = test_seed();
	struct err err = {0};
	int blots = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct drawing d = one_line();
		struct style style = by_hand(STYLE_LINES_RULED, STYLE_PEN_FELT);
		struct rng rng = rng_stream(seed, (uint64_t)i, "hand", 0);
		const struct pen *pen = pen_of_style(&style);
		double width, off;

		style.wobble_mm = style.overshoot_mm = 0;
		d.strokes[0].width_mm = style.thin_mm = 0.7;
		width = pen_width_mm(pen, 0.7, 0.7);
		off = width * (1 + pen->vary) / 2 + 0.15;
		*drawing_add_text(&d, &arena) = (struct text){.utf8 = "40",
							      .at = vec(20 - off - 8, 50 + off),
							      .height_mm = 4,
							      .width_mm = 8};
		traces_from_drawing(&d, &style, &rng, &arena);
		for (int k = 0; k < d.trace_count; k++)
			blots += d.traces[k].count == 1;
		if (drawing_check_overlap(&d, &arena, &err) < 0)
			fail_msg("%s", err.msg);
	}
	assert_true(blots > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_plotted_has_none, teardown),
		cmocka_unit_test_teardown(test_ruler_steadies, teardown),
		cmocka_unit_test_teardown(test_same_again, teardown),
		cmocka_unit_test_teardown(test_keeps_off_text, teardown),
		cmocka_unit_test_teardown(test_blots_keep_off_text, teardown),
		cmocka_unit_test_teardown(test_samples, teardown),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, group_teardown);
}
