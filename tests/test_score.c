/* SPDX-License-Identifier: MIT */
/*
 * score: perfect predictions of every family in every language, programs of other drawings, single
 * changes with just their effect, the borders of tolerances, and text that is no program at all.
 */
#include <config.h>

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "tests/random_parts.h"
#include "tests/random_programs.h"
#include "tests/random_shapes.h"
#include "trainer/score/figure.h"
#include "trainer/score/label_number.h"
#include "trainer/score/score.h"

#define PI 3.14159265358979323846

static uint64_t seed;
static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct program read_calls(const char *calls)
{
	struct program program;
	struct err err = {0};

	if (program_parse(&program, LANGUAGE_CALLS, "t", calls, strlen(calls), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return program;
}

static struct score score_text(enum family family, const struct program *truth,
			       enum language language, const char *text, size_t len)
{
	struct score_case c = {
		.family = family, .truth = truth, .language = language, .text = text, .len = len};
	struct score score;

	score_from_programs(&score, &c, NULL, &arena, NULL);
	return score;
}

static struct score score_calls(enum family family, const char *truth, const char *said)
{
	struct program program = read_calls(truth);

	return score_text(family, &program, LANGUAGE_CALLS, said, strlen(said));
}

/* Of equal figures: nothing but the rounding of coordinates, which is much of a small part that is far off. */
static double rounding_of(const struct program *truth)
{
	struct figure figure;
	double far = 0;

	assert_int_equal(figure_from_program(&figure, truth, program_family(truth), &arena, NULL),
			 0);
	for (int i = 0; i < FIGURE_AXES; i++)
		far = fmax(far, fmax(fabs(figure.box.lo[i]), fabs(figure.box.hi[i])));
	return 1e-9 + 4 * DBL_EPSILON * far / figure_diagonal(&figure);
}

static void assert_perfect(const struct score *s, const struct program *truth)
{
	const struct score_shape_count *shapes = &s->shapes;

	assert_true(s->parsed && s->valid && s->exact);
	assert_int_equal(shapes->truths, truth->shape_count);
	assert_int_equal(shapes->said, truth->shape_count);
	assert_int_equal(shapes->equal, truth->shape_count);
	assert_int_equal(shapes->near, truth->shape_count);
	assert_int_equal(shapes->missed + shapes->added, 0);
	for (int k = 0; k < NUMBERS_KINDS; k++) {
		assert_int_equal(s->numbers[k].right, s->numbers[k].all);
		assert_int_equal(s->numbers[k].near, s->numbers[k].all);
	}
	assert_true(s->numbers[NUMBERS_ALL].all > 0);
	assert_true(!s->has_iou || s->iou == 1);
	assert_true(s->has_chamfer && s->chamfer < rounding_of(truth));
	assert_true(s->boxes_matched == (s->has_boxes ? truth->shape_count : 0));
	assert_int_equal(s->models, s->boxes_matched);
	assert_int_equal(s->parameters, s->parameters_right);
}

static struct program random_part_program(struct rng *rng, enum family family)
{
	struct program p = {.unit = rng_chance(rng, 0.5) ? UNIT_MM : UNIT_INCH};

	p.shapes = ARENA_NEW(&arena, struct shape, PART_SHAPES_MAX);
	p.shape_count = random_part(rng, family, p.unit, p.shapes);
	return p;
}

static void test_perfect(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct buf text = {0};
	int cases = 0;

	(void)state;
	for (int i = 0; i < 80; i++) {
		enum family family = (enum family)(i % FAMILY_COUNT_);
		struct program truth = random_part_program(&rng, family);

		for (int l = 0; l < LANGUAGE_COUNT_; l++) {
			struct score s;

			if (!language_fits((enum language)l, family) ||
			    !program_fits(&truth, (enum language)l))
				continue;
			buf_clear(&text);
			program_write(&truth, (enum language)l, &text);
			s = score_text(family, &truth, (enum language)l, text.data, text.len);
			assert_perfect(&s, &truth);
			assert_int_equal(s.has_boxes, family == FAMILY_CABINET);
			if (family != FAMILY_SHAPES)
				assert_true(s.has_iou);
			cases++;
		}
		arena_reset(&arena);
	}
	assert_true(cases > 4 * 80);
	buf_free(&text);
}

/* Each is given the program of the one before. Round numbers meet by chance, so not all is 0. */
static void test_of_another_drawing(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct buf text = {0};
	double f1_part = 0, f1_of = 0, right = 0, numbers = 0, iou = 0, chamfer = 0;
	double boxes = 0, boxes_of = 0;
	int exact = 0, with_iou = 0;

	(void)state;
	for (int i = 0; i < 400; i++) {
		enum family family = (enum family)(i % FAMILY_COUNT_);
		struct program truth = random_part_program(&rng, family);
		struct program other = random_part_program(&rng, family);
		struct score s;

		buf_clear(&text);
		program_write(&other, LANGUAGE_CALLS, &text);
		s = score_text(family, &truth, LANGUAGE_CALLS, text.data, text.len);
		assert_true(s.valid);
		exact += s.exact;
		f1_part += 2 * s.shapes.near;
		f1_of += s.shapes.truths + s.shapes.said;
		right += s.numbers[NUMBERS_ALL].right;
		numbers += s.numbers[NUMBERS_ALL].all;
		with_iou += s.has_iou;
		iou += s.iou;
		chamfer += s.chamfer;
		boxes += s.has_boxes ? 2 * s.boxes_matched : 0;
		boxes_of += s.has_boxes ? s.shapes.truths + s.shapes.said : 0;
		arena_reset(&arena);
	}
	assert_int_equal(exact, 0);
	assert_true(f1_part / f1_of < 0.03);
	assert_true(right / numbers < 0.25);
	assert_true(iou / with_iou < 0.45);
	assert_true(chamfer / 400 > 0.1);
	assert_true(boxes / boxes_of < 0.35);
	buf_free(&text);
}

#define PROFILE "profile(points=[(0,0),(100,0),(100,60),(0,60)],thickness=10)"
#define PLATE PROFILE "; hole(x=20,y=20,d=10); hole(x=80,y=40,d=10)"
#define PLATE_NUMBERS 15
#define PLATE_AREA (6000 - 50 * PI)

struct effect {
	bool exact;
	int said, equal, near, missed, added, right, near_numbers;
};

static struct score assert_effect(const char *said, struct effect e)
{
	struct score s = score_calls(FAMILY_PLATE, PLATE, said);

	assert_true(s.valid);
	assert_int_equal(s.exact, e.exact);
	assert_int_equal(s.shapes.truths, 3);
	assert_int_equal(s.shapes.said, e.said);
	assert_int_equal(s.shapes.equal, e.equal);
	assert_int_equal(s.shapes.near, e.near);
	assert_int_equal(s.shapes.missed, e.missed);
	assert_int_equal(s.shapes.added, e.added);
	assert_int_equal(s.numbers[NUMBERS_ALL].all, PLATE_NUMBERS);
	assert_int_equal(s.numbers[NUMBERS_ALL].right, e.right);
	assert_int_equal(s.numbers[NUMBERS_ALL].near, e.near_numbers);
	assert_int_equal(s.numbers[NUMBERS_PRINTED].all + s.numbers[NUMBERS_DERIVED].all, 0);
	return s;
}

static void assert_close(double value, double expected, double near)
{
	if (!(fabs(value - expected) <= near))
		fail_msg("%.9g, not %.9g", value, expected);
}

static void test_moved_hole(void **state)
{
	/* Circles of radius 5, 5 apart, have this in common. */
	double both = 2 * 25 * acos(0.5) - 2.5 * sqrt(75), holes = 50 * PI;
	struct score s = assert_effect(
		PROFILE "; hole(x=25,y=20,d=10); hole(x=80,y=40,d=10)",
		(struct effect){.said = 3, .equal = 2, .near = 2, .right = 14, .near_numbers = 14});

	(void)state;
	assert_close(s.iou, (6000 - holes - (25 * PI - both)) / (6000 - both - 25 * PI), 1e-3);
	assert_true(s.chamfer > 0 && s.chamfer < 0.01);
}

static void test_single_changes(void **state)
{
	struct score s;

	(void)state;
	s = assert_effect(
		PROFILE "; hole(x=20,y=20,d=11); hole(x=80,y=40,d=10)",
		(struct effect){.said = 3, .equal = 2, .near = 2, .right = 14, .near_numbers = 14});
	assert_close(s.iou, (PLATE_AREA - 5.25 * PI) / PLATE_AREA, 1e-3);
	/* A missing shape takes its three numbers along. */
	s = assert_effect(PROFILE "; hole(x=20,y=20,d=10)", (struct effect){.said = 2,
									    .equal = 2,
									    .near = 2,
									    .missed = 1,
									    .right = 12,
									    .near_numbers = 12});
	assert_int_equal(s.kinds[SHAPE_HOLE].missed, 1);
	assert_int_equal(s.kinds[SHAPE_HOLE].truths, 2);
	assert_int_equal(s.kinds[SHAPE_HOLE].said, 1);
	assert_int_equal(s.kinds[SHAPE_PROFILE].missed, 0);
	assert_close(s.iou, PLATE_AREA / (PLATE_AREA + 25 * PI), 1e-3);
	/* One too many. */
	s = assert_effect(PLATE "; hole(x=50,y=30,d=20)", (struct effect){.said = 4,
									  .equal = 3,
									  .near = 3,
									  .added = 1,
									  .right = 15,
									  .near_numbers = 15});
	assert_int_equal(s.kinds[SHAPE_HOLE].added, 1);
	assert_close(s.iou, (PLATE_AREA - 100 * PI) / PLATE_AREA, 1e-3);
	/* One of another kind is both, and looks the same. */
	s = assert_effect(PROFILE "; hole(x=20,y=20,d=10); tapped_hole(x=80,y=40,d=10)",
			  (struct effect){.said = 3,
					  .equal = 2,
					  .near = 2,
					  .missed = 1,
					  .added = 1,
					  .right = 12,
					  .near_numbers = 12});
	assert_true(s.iou == 1 && s.chamfer < 1e-9);
	/* Another order is another text, and nothing else. */
	s = assert_effect(
		"hole(x=80,y=40,d=10); hole(x=20,y=20,d=10); " PROFILE,
		(struct effect){.said = 3, .equal = 3, .near = 3, .right = 15, .near_numbers = 15});
	assert_true(s.iou == 1 && s.chamfer < 1e-9);
	s = assert_effect(PLATE, (struct effect){.exact = true,
						 .said = 3,
						 .equal = 3,
						 .near = 3,
						 .right = 15,
						 .near_numbers = 15});
	assert_true(s.iou == 1);
	/* In inches all is another size. */
	s = assert_effect("unit(inch); " PLATE,
			  (struct effect){.said = 3, .missed = 3, .added = 3});
	assert_close(s.iou, 1 / (25.4 * 25.4), 2e-3);
}

/* A hole outside of the plate: shapes and numbers count, the part does not exist. */
static void test_invalid_part(void **state)
{
	struct program truth = read_calls(PLATE);
	const char *said = PROFILE "; hole(x=20,y=20,d=10); hole(x=180,y=40,d=10)";
	struct score_case c = {
		.family = FAMILY_PLATE, .truth = &truth, .text = said, .len = strlen(said)};
	struct score_reading reading;
	struct err why = {0};
	struct score s;

	(void)state;
	score_from_programs(&s, &c, &reading, &arena, &why);
	assert_true(s.parsed && !s.valid && !s.exact);
	assert_int_equal(s.shapes.equal, 2);
	assert_int_equal(s.numbers[NUMBERS_ALL].right, 14);
	assert_true(s.has_iou && s.iou == 0);
	assert_true(s.has_chamfer && s.chamfer == 1);
	assert_true(reading.parsed && reading.said.shape_count == 3);
	assert_int_equal(reading.pairing.said_of_true[2], 2);
	assert_int_equal(why.code, ERR_FORMAT);
	assert_non_null(strstr(why.msg, "hole at (180,40)"));
	/* A program of another family is none of this one. */
	s = score_calls(FAMILY_PLATE, PLATE, "circle(x=1,y=1,r=1)");
	assert_true(s.parsed && !s.valid);
}

static void assert_near(const char *truth, const char *said, bool near)
{
	struct score s = score_calls(FAMILY_SHAPES, truth, said);

	if (s.shapes.near != near)
		fail_msg("%s and %s: %d", truth, said, s.shapes.near);
	assert_int_equal(s.shapes.equal, 0);
	if (near)
		assert_int_equal(s.numbers[NUMBERS_ALL].near, s.numbers[NUMBERS_ALL].all);
	else
		assert_int_equal(s.numbers[NUMBERS_ALL].near, s.numbers[NUMBERS_ALL].all - 1);
}

static void test_borders_of_tolerance(void **state)
{
	(void)state;
	assert_near("circle(x=50,y=60,r=10)", "circle(x=50,y=60,r=10.1)", true);
	assert_near("circle(x=50,y=60,r=10)", "circle(x=50,y=60,r=9.9)", true);
	assert_near("circle(x=50,y=60,r=10)", "circle(x=50,y=60,r=10.101)", false);
	assert_near("circle(x=50,y=60,r=10)", "circle(x=50,y=60,r=9.899)", false);
	assert_near("circle(x=50,y=60,r=10)", "circle(x=50.5,y=60,r=10)", true);
	assert_near("circle(x=50,y=60,r=10)", "circle(x=50.501,y=60,r=10)", false);
	assert_near("circle(x=-50,y=60,r=10)", "circle(x=-49.5,y=60,r=10)", true);
	/* The box is 200 by 100: its diagonal is 223.607, and the floor of coordinates 0.224. */
	assert_near("rectangle(x=1,y=0,width=200,height=100)",
		    "rectangle(x=1,y=0.224,width=200,height=100)", true);
	assert_near("rectangle(x=1,y=0,width=200,height=100)",
		    "rectangle(x=1,y=0.225,width=200,height=100)", false);
	assert_near("line(x=1,y=2,length=9,angle=45)", "line(x=1,y=2,length=9,angle=45.9)", true);
	assert_near("line(x=1,y=2,length=9,angle=45)", "line(x=1,y=2,length=9,angle=44.099)",
		    false);
	assert_near("line(x=1,y=2,length=9,angle=0.5)", "line(x=1,y=2,length=9,angle=359.6)", true);
	assert_near("line(x=1,y=2,length=9,angle=0.5)", "line(x=1,y=2,length=9,angle=359.599)",
		    false);
	assert_near("arc(x=1,y=2,r=9,start=0,sweep=359.5)", "arc(x=1,y=2,r=9,start=0,sweep=0.1)",
		    false);
	assert_near("polygon(x=1,y=2,r=9,sides=12,angle=5)",
		    "polygon(x=1,y=2,r=9,sides=11,angle=5)", false);
}

static int count_near(const struct program *truth, const struct program *said, const int order[3])
{
	int near = 0;

	for (int i = 0; i < 3; i++)
		near += order[i] >= 0 &&
			label_shape_is_near(&truth->shapes[i], &said->shapes[order[i]], 0);
	return near;
}

/* Of circles that are nearly the same as many pairs are near as in the best of all orders. */
static void test_pairs(void **state)
{
	static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					 {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	struct rng rng = rng_seed(seed, 3);

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct program truth = {.shape_count = 3}, said = {.shape_count = 3};
		struct pairing p;
		int best = 0;

		truth.shapes = ARENA_NEW(&arena, struct shape, 3);
		said.shapes = ARENA_NEW(&arena, struct shape, 3);
		for (int i = 0; i < 6; i++) {
			struct shape *s = i < 3 ? &truth.shapes[i] : &said.shapes[i - 3];

			s->kind = SHAPE_CIRCLE;
			s->value[PARAM_X] = 10000 + rng_range(&rng, 0, 5) * 50;
			s->value[PARAM_Y] = 10000;
			s->value[PARAM_R] = 5000 + rng_range(&rng, 0, 5) * 25;
		}
		for (int k = 0; k < 6; k++) {
			int near = count_near(&truth, &said, orders[k]);

			best = near > best ? near : best;
		}
		p = pairing_from_programs(&truth, &said, 0, &arena);
		assert_int_equal(count_near(&truth, &said, p.said_of_true), best);
		for (int i = 0; i < 3; i++)
			assert_int_equal(p.true_of_said[p.said_of_true[i]], i);
		arena_reset(&arena);
	}
}

static void test_tokens(void **state)
{
	const uint32_t truth[] = {5, 6, 7, 8}, said[] = {5, 7, 9, 8, 8};
	struct program program = read_calls("circle(x=1,y=2,r=3)");
	struct score_case c = {.family = FAMILY_SHAPES,
			       .truth = &program,
			       .true_ids = truth,
			       .true_id_count = 4,
			       .said_ids = said,
			       .said_id_count = 5};
	struct score s;

	(void)state;
	score_from_programs(&s, &c, NULL, &arena, NULL);
	assert_int_equal(s.tokens_matched, 3);
	assert_int_equal(s.tokens, 5);
	c.said_id_count = 0;
	score_from_programs(&s, &c, NULL, &arena, NULL);
	assert_int_equal(s.tokens_matched, 0);
	assert_int_equal(s.tokens, 4);
}

static void test_cabinet(void **state)
{
	const char *truth = "carcass(x=300,y=250,z=400,w=600,d=500,h=800,BT=20,BP=5); "
			    "shelves(x=300,y=295,z=400,w=560,d=400,h=760,N=2,NKA=560,BT=20)";
	const char *said = "carcass(x=300,y=250,z=400,w=600,d=500,h=800,BT=20,BP=5); "
			   "shelves(x=300,y=295,z=400,w=560,d=400,h=760,N=3,NKA=560,BT=20)";
	double carcass = 2.0 * 20 * 500 * 800 + 2.0 * 560 * 500 * 20 + 560.0 * 5 * 760;
	struct score s = score_calls(FAMILY_CABINET, truth, said);
	/* The three shelves cross the two nowhere. */
	double shelf = 560.0 * 400 * 20;

	(void)state;
	assert_true(s.valid && s.has_boxes);
	assert_int_equal(s.boxes_matched, 2);
	assert_int_equal(s.models, 2);
	assert_int_equal(s.parameters, 5);
	assert_int_equal(s.parameters_right, 4);
	assert_close(s.iou, carcass / (carcass + 5 * shelf), 1e-9);
}

/* What the drawing prints: the first hole's position and diameter, the second's x along with it, and
 * the width; the thickness is a reference dimension, and the radius of the slot is printed. */
static void test_printed_numbers(void **state)
{
	static const char text[] =
		"{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
		"\"arrangement\":\"parallel\",\"shapes\":["
		"{\"type\":\"profile\",\"points\":[[0,0],[100,0],[100,60],[0,60]],\"thickness\":10}"
		","
		"{\"type\":\"hole\",\"x\":20,\"y\":15,\"d\":8},"
		"{\"type\":\"hole\",\"x\":20,\"y\":40,\"d\":8}],\"dimensions\":["
		"{\"kind\":\"position_x\",\"shape\":0,\"param\":\"points\",\"point\":1},"
		"{\"kind\":\"position_x\",\"shape\":1,\"param\":\"x\"},"
		"{\"kind\":\"position_y\",\"shape\":1,\"param\":\"y\"},"
		"{\"kind\":\"position_y\",\"shape\":2,\"param\":\"y\",\"from\":{\"shape\":1,"
		"\"param\":\"y\"}},"
		"{\"kind\":\"diameter\",\"shape\":1,\"param\":\"d\",\"count\":2},"
		"{\"kind\":\"thickness\",\"shape\":0,\"param\":\"thickness\",\"reference\":true}]}";
	const char *said = "profile(points=[(0,0),(100,0),(100,61),(0,61)],thickness=10); "
			   "hole(x=20,y=15,d=8); hole(x=20,y=40,d=9)";
	struct scene scene;
	struct err err = {0};
	struct score_case c = {.family = FAMILY_PLATE, .text = said, .len = strlen(said)};
	struct program truth;
	struct score s;

	(void)state;
	if (scene_parse(&scene, "s", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	truth = (struct program){
		.unit = scene.unit, .shape_count = scene.shape_count, .shapes = scene.shapes};
	c.truth = &truth;
	c.scene = &scene;
	score_from_programs(&s, &c, NULL, &arena, NULL);
	/* Printed: 100 twice, 20 twice, 15, and 8 twice, of which one is wrong. */
	assert_int_equal(s.numbers[NUMBERS_PRINTED].all, 7);
	assert_int_equal(s.numbers[NUMBERS_PRINTED].right, 6);
	/* Derived: 0 four times, 60 twice, the thickness, 40 from 15. */
	assert_int_equal(s.numbers[NUMBERS_DERIVED].all, 8);
	assert_int_equal(s.numbers[NUMBERS_DERIVED].right, 6);
	assert_int_equal(s.numbers[NUMBERS_ALL].all, 15);
	assert_int_equal(s.numbers[NUMBERS_ALL].right, 12);
}

/* Scenes with dimensions of anything: every number is of one kind or the other. */
static void test_scenes(void **state)
{
	struct rng rng = rng_seed(seed, 4);
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct scene scene = random_scene(&rng, &arena);
		struct program truth = {scene.unit, scene.shape_count, scene.shapes};
		struct score_case c = {.family = scene.family, .truth = &truth, .scene = &scene};
		struct score s;

		buf_clear(&text);
		program_write(&truth, LANGUAGE_JSON, &text);
		c.language = LANGUAGE_JSON;
		c.text = text.data;
		c.len = text.len;
		score_from_programs(&s, &c, NULL, &arena, NULL);
		assert_perfect(&s, &truth);
		assert_int_equal(s.numbers[NUMBERS_PRINTED].all + s.numbers[NUMBERS_DERIVED].all,
				 s.numbers[NUMBERS_ALL].all);
		if (scene.dimension_count == 0)
			assert_int_equal(s.numbers[NUMBERS_PRINTED].all, 0);
		arena_reset(&arena);
	}
	buf_free(&text);
}

/* The stages of the samples: scene and program. */
static void test_samples(void **state)
{
	static const char *const folders[] = {"plate", "turned", "cabinet"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct buf json = {0}, text = {0};
		struct scene scene;
		struct err err = {0};
		struct score_case c = {0};
		struct program truth;
		struct score s;
		char name[64];

		snprintf(name, sizeof(name), "samples/%s/1-scene.json", folders[i]);
		assert_int_equal(fs_read(source_file(name), 1 << 20, &json, &err), 0);
		snprintf(name, sizeof(name), "samples/%s/2-program.txt", folders[i]);
		assert_int_equal(fs_read(source_file(name), 1 << 20, &text, &err), 0);
		if (scene_parse(&scene, name, json.data, json.len, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		truth = (struct program){scene.unit, scene.shape_count, scene.shapes};
		c = (struct score_case){.family = scene.family,
					.truth = &truth,
					.scene = &scene,
					.language = i == 2 ? LANGUAGE_PYTHON : LANGUAGE_CALLS,
					.text = text.data,
					.len = text.len};
		score_from_programs(&s, &c, NULL, &arena, &err);
		assert_perfect(&s, &truth);
		assert_true(s.numbers[NUMBERS_PRINTED].all > 0);
		assert_true(s.numbers[NUMBERS_DERIVED].all > 0);
		buf_free(&json);
		buf_free(&text);
	}
}

static void assert_refused(const char *text, size_t len)
{
	struct program truth = read_calls(PLATE);

	for (int l = 0; l < LANGUAGE_COUNT_; l++) {
		struct score s = score_text(FAMILY_PLATE, &truth, (enum language)l, text, len);

		assert_false(s.parsed || s.valid || s.exact);
		assert_int_equal(s.shapes.truths, 3);
		assert_int_equal(s.shapes.missed, 3);
		assert_int_equal(s.shapes.said + s.shapes.equal + s.shapes.near + s.shapes.added,
				 0);
		assert_int_equal(s.numbers[NUMBERS_ALL].all, PLATE_NUMBERS);
		assert_int_equal(s.numbers[NUMBERS_ALL].right + s.numbers[NUMBERS_ALL].near, 0);
		assert_true(s.has_iou && s.iou == 0 && s.has_chamfer && s.chamfer == 1);
	}
}

static void fill(struct buf *text, const char *piece, size_t bytes)
{
	buf_clear(text);
	while (text->len < bytes)
		buf_str(text, piece);
}

static void test_hostile_text(void **state)
{
	struct buf text = {0};

	(void)state;
	assert_refused(NULL, 0);
	assert_refused("", 0);
	assert_refused("\0\0\0", 3);
	assert_refused("circle(x=NaN,y=inf,r=-0)", 24);
	assert_refused("{\"primitives\":[{\"type\":\"circle\",\"x\":NaN,\"y\":1e999,\"r\":1}]}",
		       59);
	assert_refused("hole(x=1e400,y=2,d=3)", 21);
	fill(&text, "7", 400);
	buf_str(&text, ")");
	assert_refused(text.data, text.len);
	buf_clear(&text);
	buf_str(&text, "hole(x=");
	for (int i = 0; i < 400; i++)
		buf_char(&text, '9');
	buf_str(&text, ",y=1,d=2)");
	assert_refused(text.data, text.len);
	fill(&text, "[", 1000000);
	assert_refused(text.data, text.len);
	fill(&text, "{\"primitives\":", 1000000);
	assert_refused(text.data, text.len);
	fill(&text, "\xff\xfe garbage ", 10 << 20);
	assert_refused(text.data, text.len);
	fill(&text, "hole(x=1,y=1,d=1);", 10 << 20);
	assert_refused(text.data, text.len);
	fill(&text, " \n", 10 << 20);
	assert_refused(text.data, text.len);
	buf_free(&text);
}

/* As many shapes as a program may have, and what a part may not. */
static void test_many_shapes(void **state)
{
	struct program truth = read_calls("cylinder(x=0,length=10,d=5)");
	struct buf text = {0};
	struct err why = {0};
	struct score s;
	struct score_case c = {.family = FAMILY_TURNED, .truth = &truth};

	(void)state;
	fill(&text, "groove(x=1,width=1,d=3);", 24 * PROGRAM_SHAPES_MAX);
	c.text = text.data;
	c.len = text.len;
	score_from_programs(&s, &c, NULL, &arena, &why);
	assert_true(s.parsed && !s.valid);
	assert_int_equal(s.shapes.added, PROGRAM_SHAPES_MAX);
	assert_int_equal(why.code, ERR_LIMIT);
	assert_string_equal(why.msg, "256 shapes; allowed up to 64 in family turned");
	fill(&text, "polygon(x=1,y=1,r=9999,sides=12,angle=3);", 41 * PROGRAM_SHAPES_MAX);
	truth = read_calls("circle(x=0,y=0,r=0.001)");
	s = score_text(FAMILY_SHAPES, &truth, LANGUAGE_CALLS, text.data, text.len);
	assert_true(s.valid && s.has_iou && s.iou == 0 && s.chamfer == 1);
	assert_int_equal(s.shapes.said, PROGRAM_SHAPES_MAX);
	buf_free(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_perfect),      cmocka_unit_test(test_of_another_drawing),
		cmocka_unit_test(test_moved_hole),   cmocka_unit_test(test_single_changes),
		cmocka_unit_test(test_invalid_part), cmocka_unit_test(test_borders_of_tolerance),
		cmocka_unit_test(test_pairs),        cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_cabinet),      cmocka_unit_test(test_printed_numbers),
		cmocka_unit_test(test_scenes),       cmocka_unit_test(test_samples),
		cmocka_unit_test(test_hostile_text), cmocka_unit_test(test_many_shapes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, forget);
}
