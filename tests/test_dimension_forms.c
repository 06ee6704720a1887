/* SPDX-License-Identifier: MIT */
/*
 * Dimensions that are drawn otherwise than usual: foreshortened radii, lengths of arcs, half the lines of
 * symmetric sizes. How they lie, how many there are, and what of them a reader refuses.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/drawing/dimension.h"
#include "gen/reader/program_from_drawing.h"
#include "gen/sample_main.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define SAMPLES 300
#define NEAR_MM 1e-6

/* %d: the radius at the upper right corner. */
#define ROUNDED                                                                                    \
	"{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":[297,210],\"scale\":\"1:1\","             \
	"\"arrangement\":\"parallel\",\"shapes\":["                                                \
	"{\"type\":\"profile\",\"points\":[[0,0],[110,0],[110,80],[0,80]],\"thickness\":8},"       \
	"{\"type\":\"fillet\",\"x\":110,\"y\":80,\"r\":%d}],\"dimensions\":["                      \
	"{\"kind\":\"position_x\",\"shape\":0,\"param\":\"points\",\"point\":2},"                  \
	"{\"kind\":\"position_y\",\"shape\":0,\"param\":\"points\",\"point\":2},"                  \
	"{\"kind\":\"thickness\",\"shape\":0,\"param\":\"thickness\"},"                            \
	"{\"kind\":\"radius\",\"shape\":1,\"param\":\"r\"}]}"

enum { RADIUS = 3 }; /* that dimension's index */

static const char symmetric[] =
	"{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":[297,210],\"scale\":\"1:1\","
	"\"arrangement\":\"parallel\",\"shapes\":["
	"{\"type\":\"profile\",\"points\":[[0,0],[110,0],[110,80],[0,80]],\"thickness\":8}],"
	"\"dimensions\":["
	"{\"kind\":\"position_x\",\"shape\":0,\"param\":\"points\",\"point\":2},"
	"{\"kind\":\"position_y\",\"shape\":0,\"param\":\"points\",\"point\":2},"
	"{\"kind\":\"thickness\",\"shape\":0,\"param\":\"thickness\"}]}";

enum { WIDTH }; /* the index of its dimension along x */

/* An arc of radius 40 through 75 degrees is 52.3599 long. */
static const char bow[] = "{\"family\":\"shapes\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
			  "\"arrangement\":\"parallel\",\"shapes\":["
			  "{\"type\":\"arc\",\"x\":60,\"y\":50,\"r\":40,\"start\":45,"
			  "\"sweep\":75}],\"dimensions\":["
			  "{\"kind\":\"position_x\",\"shape\":0,\"param\":\"x\"},"
			  "{\"kind\":\"position_y\",\"shape\":0,\"param\":\"y\"},"
			  "{\"kind\":\"radius\",\"shape\":0,\"param\":\"r\"},"
			  "{\"kind\":\"angular\",\"shape\":0,\"param\":\"start\"},"
			  "{\"kind\":\"angular\",\"shape\":0,\"param\":\"sweep\"},"
			  "{\"kind\":\"arc_length\",\"shape\":0,\"param\":\"sweep\","
			  "\"reference\":true}]}";

enum { LENGTH = 5 }; /* the index of the arc's length */

static struct sample_settings settings;
static struct arena arena, sample_arena;
static struct scene scene;
static struct sample sample;

static void begin(const char *json, enum family family)
{
	struct err err = {0};

	settings = test_sample_settings(test_seed(), family, NULL, 1024);
	arena_reset(&arena);
	if (scene_parse(&scene, "scene", json, strlen(json), &arena, &err) < 0)
		fail_msg("%s", err.msg);
}

static void begin_rounded(int radius)
{
	char json[1024];

	snprintf(json, sizeof(json), ROUNDED, radius);
	begin(json, FAMILY_PLATE);
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	arena_free(&sample_arena);
	return 0;
}

static void make(uint64_t index)
{
	struct err err = {0};

	if (sample_from_scene(&sample, &settings, &scene, index, &sample_arena, &err) < 0)
		fail_msg("sample %" PRIu64 ": %s", index, err.msg);
}

/* The dimension's strokes on a layer, as indices; returns how many. */
static int strokes_of(const struct drawing *d, int dimension, enum layer layer, int out[8])
{
	int count = 0;

	for (int i = 0; i < d->stroke_count; i++) {
		if (d->strokes[i].dimension != dimension || d->strokes[i].layer != layer)
			continue;
		assert_true(count < 8);
		out[count++] = i;
	}
	return count;
}

static struct arrow *arrow_of(const struct drawing *d, int dimension, int nth)
{
	for (int i = 0; i < d->arrow_count; i++)
		if (d->arrows[i].dimension == dimension && nth-- == 0)
			return &d->arrows[i];
	return NULL;
}

static struct text *text_of(const struct drawing *d, int dimension)
{
	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].dimension == dimension)
			return &d->texts[i];
	return NULL;
}

/* Deep enough for all that the forgeries change. */
static struct drawing copy(void)
{
	struct drawing d;

	drawing_copy(&d, &sample.drawing, &arena);
	for (int i = 0; i < d.stroke_count; i++)
		d.strokes[i].path = path_place(&d.strokes[i].path, vec(0, 0), 1, &arena);
	return d;
}

static struct seg *line_at(const struct drawing *d, int stroke)
{
	return &d->strokes[stroke].path.segs[0];
}

static int read(const struct drawing *d, struct err *err)
{
	struct program program;

	*err = (struct err){0};
	if (program_from_drawing(&program, d, scene.family, &arena, err) < 0)
		return -1;
	assert_true(program_equal(&program, &sample.program));
	return 0;
}

static void assert_read(const struct drawing *d)
{
	struct err err;

	if (read(d, &err) < 0)
		fail_msg("sample %" PRIu64 ": %s", sample.index, err.msg);
}

/* Refused with a message that has this in it. */
static void assert_refused(const struct drawing *d, const char *message)
{
	struct err err;

	assert_int_equal(read(d, &err), -1);
	if (!strstr(err.msg, message))
		fail_msg("'%s' lacks '%s'", err.msg, message);
}

/* --- foreshortened radii --- */

static bool is_jogged(void)
{
	int lines[8];

	return strokes_of(&sample.drawing, RADIUS, LAYER_DIMENSION, lines) == 3;
}

/* The next sample from *index on with a foreshortened radius; *index is then behind it. */
static void make_jogged(uint64_t *index)
{
	do {
		assert_true(*index < 40 * SAMPLES);
		make((*index)++);
	} while (!is_jogged());
}

static struct vec centre_of_corner(double r)
{
	return vec_add(sample.drawing.datum, vec(110 - r, 80 - r));
}

static void test_foreshortened_radii_point_at_the_centre(void **state)
{
	uint64_t index = 0;

	(void)state;
	begin_rounded(50);
	for (int n = 0; n < 20; n++) {
		struct vec centre, tip, knee, turn, end, in;
		int lines[8];

		make_jogged(&index);
		strokes_of(&sample.drawing, RADIUS, LAYER_DIMENSION, lines);
		centre = centre_of_corner(50);
		tip = line_at(&sample.drawing, lines[0])->a;
		knee = line_at(&sample.drawing, lines[0])->b;
		turn = line_at(&sample.drawing, lines[1])->b;
		end = line_at(&sample.drawing, lines[2])->b;
		in = vec_unit(vec_sub(centre, tip));
		assert_true(vec_length(vec_sub(arrow_of(&sample.drawing, RADIUS, 0)->tip, tip)) <
			    NEAR_MM);
		assert_null(arrow_of(&sample.drawing, RADIUS, 1));
		assert_true(fabs(vec_length(vec_sub(tip, centre)) - 50) < NEAR_MM);
		assert_true(vec_length(vec_sub(vec_unit(vec_sub(knee, tip)), in)) < NEAR_MM);
		assert_true(vec_length(vec_sub(vec_unit(vec_sub(end, turn)), in)) < NEAR_MM);
		assert_true(fabs(vec_cross(vec_sub(turn, knee), in)) > 3);
		assert_true(vec_dot(vec_sub(end, tip), in) < 0.9 * 50);
		assert_read(&sample.drawing);
	}
}

static int count_jogged(int radius)
{
	int count = 0;

	begin_rounded(radius);
	for (uint64_t i = 0; i < SAMPLES; i++) {
		make(i);
		count += is_jogged();
	}
	return count;
}

static void test_some_large_radii_are_foreshortened(void **state)
{
	int count = count_jogged(50);

	(void)state;
	printf("# %d of %d radii of 50 mm\n", count, SAMPLES);
	/* about 42 in 100, of deviation 2.9: neither none nor all */
	assert_in_range(count, SAMPLES * 4 / 100, SAMPLES * 60 / 100);
	assert_int_equal(count_jogged(12), 0);
}

/* All of the dimension turned about its tip: the pieces still fit, but the centre is missed. */
static struct drawing turned_about_tip(double degrees)
{
	double turn = degrees * M_PI / 180;
	struct drawing d = copy();
	struct arrow *arrow = arrow_of(&d, RADIUS, 0);
	struct text *text = text_of(&d, RADIUS);
	struct vec tip = arrow->tip;
	int lines[8];

#define TURN(p) ((p) = vec_add(tip, vec_rotate(vec_sub((p), tip), turn)))
	for (int i = 0; i < strokes_of(&d, RADIUS, LAYER_DIMENSION, lines); i++) {
		TURN(line_at(&d, lines[i])->a);
		TURN(line_at(&d, lines[i])->b);
	}
	TURN(arrow->left);
	TURN(arrow->right);
	TURN(text->at);
#undef TURN
	text->angle_rad += turn;
	return d;
}

static void test_forged_jogs_are_refused(void **state)
{
	uint64_t index = 0;

	(void)state;
	begin_rounded(50);
	for (int n = 0; n < 10; n++) {
		struct drawing d;
		struct seg *last;
		struct vec way;
		int lines[8];

		make_jogged(&index);
		d = turned_about_tip(0);
		assert_read(&d);
		d = turned_about_tip(1);
		assert_refused(&d, "fillet");

		strokes_of(&sample.drawing, RADIUS, LAYER_DIMENSION, lines);
		d = copy(); /* as far as the centre, and past it */
		last = line_at(&d, lines[2]);
		way = vec_unit(vec_sub(last->b, last->a));
		last->b = vec_add(last->b, vec_scale(way, 50));
		assert_refused(&d, "fillet");

		d = copy(); /* not parallel */
		last = line_at(&d, lines[2]);
		last->b = vec_add(last->b, vec_scale(vec_perp(way), 0.01));
		assert_refused(&d, "fillet");

		d = copy(); /* not joined */
		last = line_at(&d, lines[2]);
		last->a = vec_add(last->a, vec_scale(way, 0.01));
		assert_refused(&d, "fillet");
	}
}

/* A zigzag states a radius and nothing else. */
static void test_jogs_are_of_radii(void **state)
{
	uint64_t index = 0;
	struct drawing d;

	(void)state;
	begin_rounded(50);
	make_jogged(&index);
	d = copy();
	text_of(&d, RADIUS)->utf8 = "\u2300100";
	assert_refused(&d, "fillet");
}

/* --- lengths of arcs --- */

static void begin_bow(int decimals)
{
	begin(bow, FAMILY_SHAPES);
	settings.style.reference_share.usual = settings.style.reference_share.fault =
		(struct style_range){1000, 1000};
	settings.style.decimals.usual = settings.style.decimals.fault = 1u << decimals;
}

static void test_arc_lengths_are_concentric(void **state)
{
	(void)state;
	begin_bow(0);
	for (uint64_t i = 0; i < 40; i++) {
		const struct seg *arc;
		struct vec centre;
		int arcs[8];

		make(i);
		centre = vec_add(sample.drawing.datum, vec(60, 50));
		assert_int_equal(strokes_of(&sample.drawing, LENGTH, LAYER_DIMENSION, arcs), 1);
		arc = line_at(&sample.drawing, arcs[0]);
		assert_int_equal(arc->kind, SEG_ARC);
		assert_true(vec_length(vec_sub(arc->centre, centre)) < NEAR_MM);
		assert_true(fabs(arc->rx - 40) > 5);
		for (int k = 0; k < 2; k++) {
			struct vec tip = arrow_of(&sample.drawing, LENGTH, k)->tip;
			struct vec out = vec_polar(arc->rx, (k ? 120 : 45) * M_PI / 180);

			assert_true(vec_length(vec_sub(tip, vec_add(centre, out))) < NEAR_MM);
		}
		assert_read(&sample.drawing);
	}
}

/* One place more than the radius has, or as many as the style prints. */
static void test_arc_lengths_are_rounded(void **state)
{
	static const char *const printed[] = {"(\u231252,4)", "(\u231252,4)", "(\u231252,36)",
					      "(\u231252,360)"};

	(void)state;
	for (int decimals = 0; decimals < 4; decimals++) {
		begin_bow(decimals);
		make(0);
		assert_string_equal(text_of(&sample.drawing, LENGTH)->utf8, printed[decimals]);
		assert_read(&sample.drawing);
	}
}

static void test_references_follow_the_style(void **state)
{
	(void)state;
	begin(bow, FAMILY_SHAPES);
	for (uint64_t i = 0; i < 20; i++) {
		make(i);
		assert_null(text_of(&sample.drawing, LENGTH));
	}
}

/* Whatever their decimals say they are true to. */
static void test_false_arc_lengths_are_refused(void **state)
{
	static const struct {
		const char *text;
		bool is_true;
	} cases[] = {
		{"(\u231252,36)", true},   {"(\u231252,360)", true},  {"(\u231252)", true},
		{"\u231252.4", true},      {"(\u231252,35)", false},  {"(\u231252,37)", false},
		{"(\u231252,400)", false}, {"(\u231252,359)", false}, {"(\u231253)", false},
		{"(\u231252,40)", false},
	};

	(void)state;
	begin_bow(0);
	make(0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct drawing d = copy();

		text_of(&d, LENGTH)->utf8 = cases[i].text;
		if (cases[i].is_true)
			assert_read(&d);
		else
			assert_refused(&d, "contradicts radius and sweep, which make 52.3598");
	}
}

/* Neither beside another arc's centre, nor between other directions, nor without its thin lines. */
static void test_misplaced_arc_lengths_are_refused(void **state)
{
	const char *message = "its dimension measures nothing";
	struct drawing d;
	int lines[8];

	(void)state;
	begin_bow(0);
	for (uint64_t i = 0; i < 20; i++) {
		int n;

		make(i);
		n = strokes_of(&sample.drawing, LENGTH, LAYER_EXTENSION, lines);
		for (int k = 0; k < n; k++) {
			d = copy();
			d.strokes[lines[k]].layer = LAYER_NOTE;
			assert_refused(&d, message);
		}
		d = copy();
		arrow_of(&d, LENGTH, 0)->dimension = DRAWING_NOBODY;
		assert_read(&d); /* the reader sees ink alone */
		d.arrows[0] = *arrow_of(&sample.drawing, LENGTH, 1);
		assert_true(read(&d, &(struct err){0}) < 0);
	}
}

/* --- half the lines of symmetric sizes --- */

static bool is_half(int dimension)
{
	return arrow_of(&sample.drawing, dimension, 0) && !arrow_of(&sample.drawing, dimension, 1);
}

static void make_half(uint64_t *index)
{
	do {
		assert_true(*index < 100 * SAMPLES);
		make((*index)++);
	} while (!is_half(WIDTH));
}

static void test_halves_pass_the_centre_line(void **state)
{
	uint64_t index = 0;

	(void)state;
	begin(symmetric, FAMILY_PLATE);
	for (int n = 0; n < 10; n++) {
		struct vec tip;
		int lines[8];
		double middle, past;

		make_half(&index);
		assert_int_equal(strokes_of(&sample.drawing, WIDTH, LAYER_EXTENSION, lines), 1);
		assert_int_equal(strokes_of(&sample.drawing, WIDTH, LAYER_DIMENSION, lines), 1);
		tip = arrow_of(&sample.drawing, WIDTH, 0)->tip;
		middle = sample.drawing.datum.x + 55;
		past = line_at(&sample.drawing, lines[0])->a.x - middle;
		assert_true(fabs(fabs(tip.x - middle) - 55) < NEAR_MM);
		assert_true(past * (tip.x - middle) < 0);
		assert_in_range((int)fabs(past), 1, 8);
		assert_non_null(strstr(text_of(&sample.drawing, WIDTH)->utf8, "110"));
		assert_read(&sample.drawing);
	}
}

static void test_halves_are_rare(void **state)
{
	int count = 0;

	(void)state;
	begin(symmetric, FAMILY_PLATE);
	for (uint64_t i = 0; i < 2 * SAMPLES; i++) {
		make(i);
		for (int dimension = 0; dimension < 2; dimension++)
			count += is_half(dimension);
	}
	printf("# %d of %d sizes\n", count, 4 * SAMPLES);
	assert_in_range(count, 4 * SAMPLES * 15 / 1000, 4 * SAMPLES * 10 / 100);
	for (uint64_t i = 0; i < SAMPLES; i++) { /* not where one side is cut away */
		begin_rounded(30);
		make(i);
		assert_false(is_half(WIDTH));
	}
}

static void test_forged_halves_are_refused(void **state)
{
	uint64_t index = 0;

	(void)state;
	begin(symmetric, FAMILY_PLATE);
	for (int n = 0; n < 5; n++) {
		const char *message = "not printed: no dimensions lead there";
		struct drawing d;
		double middle, tip;
		int lines[8];

		make_half(&index);
		strokes_of(&sample.drawing, WIDTH, LAYER_DIMENSION, lines);
		middle = sample.drawing.datum.x + 55;
		tip = arrow_of(&sample.drawing, WIDTH, 0)->tip.x;

		d = copy(); /* it ends before the centre line */
		line_at(&d, lines[0])->a.x = middle + (tip > middle ? 1 : -1);
		assert_refused(&d, message);
		d = copy(); /* it goes as far on the other side */
		line_at(&d, lines[0])->a.x = 2 * middle - tip;
		assert_refused(&d, message);
		d = copy(); /* nothing shows that the plate is symmetric */
		for (int i = 0; i < d.stroke_count; i++)
			if (d.strokes[i].layer == LAYER_CENTRE)
				d.strokes[i].layer = LAYER_NOTE;
		assert_refused(&d, message);
		d = copy();
		text_of(&d, WIDTH)->utf8 = "55";
		assert_refused(&d, "the text '55' contradicts the drawing, where it is 110");
		d = copy();
		text_of(&d, WIDTH)->utf8 = "(110)";
		assert_refused(&d, message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreshortened_radii_point_at_the_centre),
		cmocka_unit_test(test_some_large_radii_are_foreshortened),
		cmocka_unit_test(test_forged_jogs_are_refused),
		cmocka_unit_test(test_jogs_are_of_radii),
		cmocka_unit_test(test_arc_lengths_are_concentric),
		cmocka_unit_test(test_arc_lengths_are_rounded),
		cmocka_unit_test(test_references_follow_the_style),
		cmocka_unit_test(test_false_arc_lengths_are_refused),
		cmocka_unit_test(test_misplaced_arc_lengths_are_refused),
		cmocka_unit_test(test_halves_pass_the_centre_line),
		cmocka_unit_test(test_halves_are_rare),
		cmocka_unit_test(test_forged_halves_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
