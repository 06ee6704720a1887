/* SPDX-License-Identifier: MIT */
/* deepcad: what is read, written back and measured: models made here, of every kind of curve, extent
 * and operation, random ones, and DeepCAD's own files where they are. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/encoding/json.h"
#include "formats/solid/deepcad.h"
#include "tests/deepcad_samples.h"
#include "tests/deepcad_texts.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct deepcad_model parse(const char *text)
{
	return deepcad_sample(text, &arena);
}

static const struct deepcad_loop *first_loop(const struct deepcad_model *model)
{
	return &model->sketches[0].profiles[0].loops[0];
}

static void assert_near(double a, double b, double slack)
{
	if (!(fabs(a - b) <= slack))
		fail_msg("%.17g is not %.17g", a, b);
}

static void assert_point(struct vec3 p, double x, double y, double z)
{
	assert_near(p.x, x, 1e-12);
	assert_near(p.y, y, 1e-12);
	assert_near(p.z, z, 1e-12);
}

static void check_written(const struct deepcad_model *model)
{
	struct buf text = {0};
	struct deepcad_model again;
	struct err err = {0};

	deepcad_write(model, &text);
	if (deepcad_parse(&again, "again", text.data, text.len, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_same_models(model, &again);
	buf_free(&text);
}

/* --- curves and loops ----------------------------------------------------------------------- */

static void assert_loop(const char *curves, int count, double area)
{
	char text[4096];
	struct deepcad_model model;

	snprintf(text, sizeof(text), SIMPLE("%s", NEW, ONE(0.5)), curves);
	model = parse(text);
	assert_int_equal(first_loop(&model)->count, count);
	assert_near(first_loop(&model)->area, area, 1e-7);
	check_written(&model);
}

static void test_any_order_and_direction(void **state)
{
	(void)state;
	assert_loop(LOOP(SQUARE), 4, 1);
	assert_loop(LOOP(LINE(0, 0, 1, 0) "," LINE(1, 1, 1, 0) "," LINE(1, 1, 0, 1) "," LINE(0, 0,
											     0, 1)),
		    4, 1);
	assert_loop(LOOP(LINE(1, 0, 0, 0) "," LINE(1, 0, 1, 1) "," LINE(0, 1, 1, 1) "," LINE(0, 0,
											     0, 1)),
		    4, 1);
	assert_loop(LOOP(LINE(0, 0, 1, 0) "," LINE(1, 1, 0, 1) "," LINE(0, 1, 0, 0) "," LINE(1, 0,
											     1, 1)),
		    4, 1);
	assert_loop(LOOP(LINE(0, 1, 0, 0) "," LINE(1, 1, 0, 1) "," LINE(1, 0, 1, 1) "," LINE(0, 0,
											     1, 0)),
		    4, -1);
	/* What is rounded. */
	assert_loop(LOOP(LINE(0, 0, 1, 0) "," LINE(1, 1e-8, 1, 1) "," LINE(1, 1, 0, 1) "," LINE(
			    -1e-8, 1, 0, 0)),
		    4, 1);
}

static void test_arcs(void **state)
{
	(void)state;
	/* Half a disc above its diameter: the arc's angles begin at its start, at its end. */
	assert_loop(LOOP(LINE(-1, 0, 1, 0) "," ARC(1, 0, -1, 0, 0, 0, 1, 1, 0, PI)), 2, M_PI / 2);
	assert_loop(LOOP(LINE(-1, 0, 1, 0) "," ARC(-1, 0, 1, 0, 0, 0, 1, 1, 0, PI)), 2, M_PI / 2);
	assert_loop(LOOP(ARC(-1, 0, 1, 0, 0, 0, 1, 1, 0, PI) "," LINE(-1, 0, 1, 0)), 2, -M_PI / 2);
	/* Below it. */
	assert_loop(LOOP(LINE(-1, 0, 1, 0) "," ARC(1, 0, -1, 0, 0, 0, 1, -1, 0, PI)), 2, -M_PI / 2);
	/* Three quarters of a disc, and the quarter. */
	assert_loop(LOOP(LINE(0, 0, 1, 0) "," ARC(1, 0, 0, -1, 0, 0, 1, 1, 0,
						  4.71238898038469) "," LINE(0, -1, 0, 0)),
		    3, M_PI * 3 / 4);
	assert_loop(LOOP(LINE(0, 0, 1, 0) "," ARC(1, 0, 0, -1, 0, 0, 1, 0, -1,
						  HALF_PI) "," LINE(0, -1, 0, 0)),
		    3, -M_PI / 4);
	assert_loop(LOOP(ARC(1, 0, 1, 0, 0, 0, 1, 1, 0, 6.283185307179586)), 1, M_PI);
	assert_loop(LOOP(CIRCLE(3, -1, 2)), 1, 4 * M_PI);
}

static void test_middles_and_reaches(void **state)
{
	struct deepcad_model model =
		parse(SIMPLE(LOOP(LINE(0, 0, 1, 0) "," ARC(1, 0, 0, -1, 0, 0, 1, 1, 0,
							   4.71238898038469) "," LINE(0, -1, 0, 0)),
			     NEW, ONE(1)));
	const struct deepcad_curve *line = &first_loop(&model)->curves[0], *arc = line + 1;

	(void)state;
	assert_near(deepcad_curve_middle(line).x, 0.5, 0);
	assert_near(deepcad_curve_middle(arc).x, -sqrt(0.5), 1e-12);
	assert_near(deepcad_curve_middle(arc).y, sqrt(0.5), 1e-12);
	assert_near(deepcad_curve_reach(arc, vec(1, 0)), 1, 1e-12);
	assert_near(deepcad_curve_reach(arc, vec(0, 2)), 2, 1e-12);
	assert_near(deepcad_curve_reach(arc, vec(-1, 0)), 1, 1e-12);
	assert_near(deepcad_curve_reach(arc, vec(1, -1)), 1, 1e-12);
	assert_near(deepcad_curve_reach(line, vec(3, 1)), 3, 1e-12);
}

static void test_outer_loop_is_measured(void **state)
{
	struct deepcad_model model = parse(
		SIMPLE(LOOP(CIRCLE(0.5, 0.5, 0.1)) "," LOOP(SQUARE) "," LOOP(CIRCLE(0.2, 0.2, 0.1)),
		       NEW, ONE(1)));

	(void)state;
	assert_int_equal(model.sketches[0].profiles[0].count, 3);
	assert_int_equal(model.sketches[0].profiles[0].outer, 1);
	check_written(&model);
	/* A hole whose middle is on the chord of an arc. */
	model = parse(
		SIMPLE(LOOP(LINE(0, -1, 0, -1.5) "," LINE(0, -1.5, -3, -1.5) "," LINE(
			       -3, -1.5, -3,
			       1) "," LINE(-3, 1, 0, 1) "," ARC(0, 1, 0, -1, 0, 0, 1, 0, -1,
								PI)) "," LOOP(CIRCLE(0, 0, 0.25)),
		       NEW, ONE(1)));
	assert_int_equal(model.sketches[0].profiles[0].outer, 0);
}

/* --- extrudes ------------------------------------------------------------------------------- */

static void assert_heights(const char *extent, double lo, double hi)
{
	char text[4096];
	struct deepcad_model model;
	double bottom, top;

	snprintf(text, sizeof(text), SIMPLE(LOOP(SQUARE), NEW, "%s"), extent);
	model = parse(text);
	deepcad_heights(&model.features[0], &bottom, &top);
	assert_near(bottom, lo, 1e-12);
	assert_near(top, hi, 1e-12);
	assert_point(deepcad_bounds(&model).lo, 0, 0, lo);
	assert_point(deepcad_bounds(&model).hi, 1, 1, hi);
	check_written(&model);
}

#define OFFSET(D)                                                                                  \
	"\"start_extent\":{\"type\":\"OffsetStartDefinition\",\"offset\":{\"value\":" #D "}}"

static void test_extents(void **state)
{
	(void)state;
	assert_heights(ONE(0.5), 0, 0.5);
	assert_heights(ONE(-0.5), -0.5, 0);
	assert_heights(EXTENT("OneSide", 0.5, 0.25), 0, 0.5);
	assert_heights(EXTENT("Symmetric", 0.5, 0.0), -0.5, 0.5);
	assert_heights(EXTENT("Symmetric", -0.5, 0.0), -0.5, 0.5);
	assert_heights(EXTENT("TwoSides", 0.5, 0.25), -0.25, 0.5);
	assert_heights(EXTENT("TwoSides", -0.5, -0.25), -0.5, 0.25);
	/* Both on one side. */
	assert_heights(EXTENT("TwoSides", -0.02, 0.02), -0.02, 0);
	assert_heights(EXTENT("TwoSides", 0.5, -0.75), 0, 0.75);
	assert_heights(EXTENT("TwoSides", 0.0, 0.75), -0.75, 0);
}

#define TWO_SHAPES LIST(PROFILE("A", LOOP(SQUARE)), PROFILE("B", LOOP(CIRCLE(5, 0, 1))))
#define BOTH LIST(REGION("S", "B"), REGION("S", "A"))

static void test_operations(void **state)
{
	struct deepcad_model model = parse(MODEL(
		LIST(LIST(SKETCH("S", XY, TWO_SHAPES), EXTRUDE("1", REGION("S", "A"), CUT, ONE(1))),
		     LIST(EXTRUDE("2", BOTH, JOIN, ONE(-2)),
			  EXTRUDE("3", REGION("S", "A"), NEW, ONE(3)))),
		LIST(ROW("S"), LIST3(ROW("1"), ROW("2"), ROW("3")))));
	struct deepcad_bounds b = deepcad_bounds(&model);

	(void)state;
	assert_int_equal(model.features[0].operation, DEEPCAD_CUT);
	assert_int_equal(model.features[1].operation, DEEPCAD_JOIN);
	assert_int_equal(model.features[2].operation, DEEPCAD_NEW_BODY);
	assert_int_equal(model.features[1].count, 2);
	assert_string_equal(model.features[1].regions[0].profile->id, "B");
	/* What the first one says makes no difference. */
	assert_true(b.exact);
	assert_point(b.lo, 0, -1, -2);
	assert_point(b.hi, 6, 1, 3);
	check_written(&model);
}

#define SHAPES                                                                                     \
	LIST3(PROFILE("A", LOOP(SQUARE)), PROFILE("B", LOOP(CIRCLE(0.5, 0.5, 0.25))),              \
	      PROFILE("C", LOOP(CIRCLE(5, 5, 1))))
#define FIRST EXTRUDE("1", REGION("S", "A"), NEW, ONE(1))
#define THEN(OPERATION, ID)                                                                        \
	MODEL(LIST3(SKETCH("S", XY, SHAPES), FIRST,                                                \
		    EXTRUDE("2", REGION("S", ID), OPERATION, ONE(2))),                             \
	      LIST3(ROW("S"), ROW("1"), ROW("2")))

static void test_bounds_of_cuts(void **state)
{
	struct deepcad_model model = parse(THEN(CUT, "B"));
	struct deepcad_bounds b = deepcad_bounds(&model);

	(void)state;
	assert_false(b.exact);
	assert_point(b.lo, 0, 0, 0);
	assert_point(b.hi, 1, 1, 1);
	model = parse(THEN(INTERSECT, "B"));
	b = deepcad_bounds(&model);
	assert_false(b.exact);
	assert_point(b.lo, 0.25, 0.25, 0);
	assert_point(b.hi, 0.75, 0.75, 1);
	model = parse(THEN(INTERSECT, "C"));
	b = deepcad_bounds(&model);
	assert_true(b.lo.x > b.hi.x);
	model = parse(MODEL("", ""));
	b = deepcad_bounds(&model);
	assert_true(b.lo.x > b.hi.x);
	check_written(&model);
}

/* --- planes --------------------------------------------------------------------------------- */

#define FRONT PLANE(XYZ(1, 2, 3), XYZ(1, 0, 0), XYZ(-0.0, 0, 1), XYZ(0, -1, 0))

static void test_world(void **state)
{
	struct deepcad_model model =
		parse(MODEL(SKETCH("S", FRONT, PROFILE("P", LOOP(SQUARE))) "," EXTRUDE(
				    "E", REGION("S", "P"), NEW, ONE(0.5)),
			    ROW("S") "," ROW("E")));
	const struct deepcad_plane *plane = &model.sketches[0].plane;

	(void)state;
	assert_point(deepcad_world(plane, vec(0, 0), 0), 1, 2, 3);
	assert_point(deepcad_world(plane, vec(0.25, 0.5), 0), 1.25, 2, 3.5);
	assert_point(deepcad_world(plane, vec(0.25, 0.5), 4), 1.25, -2, 3.5);
	assert_true(signbit(plane->y.x));
	assert_point(deepcad_bounds(&model).lo, 1, 1.5, 3);
	assert_point(deepcad_bounds(&model).hi, 2, 2, 4);
	check_written(&model);
}

/* Of a disc on a plane that lies askew: r times the sine of the normal's angle to each axis. */
static void test_bounds_askew(void **state)
{
	struct deepcad_model model = parse(MODEL(
		SKETCH("S", PLANE(XYZ(0, 0, 0), XYZ(0.6, 0, 0.8), XYZ(0, 1, 0), XYZ(-0.8, 0, 0.6)),
		       PROFILE("P", LOOP(CIRCLE(0, 0, 2)))) "," EXTRUDE("E", REGION("S", "P"), NEW,
									ONE(5)),
		ROW("S") "," ROW("E")));
	struct deepcad_bounds b = deepcad_bounds(&model);

	(void)state;
	assert_point(b.lo, -1.2 - 4, -2, -1.6);
	assert_point(b.hi, 1.2, 2, 1.6 + 3);
}

/* --- files ---------------------------------------------------------------------------------- */

#define ODD_ROW "{\"entity\":\"T\",\"type\":\"Sketch\",\"index\":7}"
#define ODD_ROWS LIST(LIST(ODD_ROW, ROW("E")), LIST(ROW("S"), ROW("S")))
#define FILLET "\"F\":{\"type\":\"FilletFeature\"}"
#define BARE "\"T\":{\"transform\":" XY ",\"type\":\"Sketch\"}"
#define ODD_ENTITIES                                                                               \
	LIST(LIST(EXTRUDE("E", REGION("S", "P"), NEW, ONE(1)), FILLET),                            \
	     LIST(BARE, SKETCH("S", XY, PROFILE("P", LOOP(SQUARE)))))

/* No names, rows of a type and without, an extrude before its sketch, a sketch without one. */
static void test_any_order_of_keys_and_steps(void **state)
{
	struct deepcad_model model = parse("{\"sequence\":[" ODD_ROWS "],\"properties\":{},"
					   "\"entities\":{" ODD_ENTITIES "}}");

	(void)state;
	assert_int_equal(model.step_count, 3);
	assert_string_equal(model.sketches[0].id, "T");
	assert_string_equal(model.sketches[0].name, "");
	assert_int_equal(model.sketches[0].count, 0);
	assert_string_equal(model.sketches[1].id, "S");
	assert_false(model.steps[1].is_feature);
	assert_true(model.steps[2].is_feature);
	assert_ptr_equal(model.features[0].regions[0].sketch, &model.sketches[1]);
	assert_false(model.has_box);
	check_written(&model);
}

/* Profiles of two sketches under one id; one that nothing uses may be no region. */
static void test_ids_are_of_a_sketch(void **state)
{
	struct deepcad_model model = parse(MODEL(
		SKETCH("S", XY, PROFILE("P", LOOP(SQUARE))) "," SKETCH(
			"T", XY,
			PROFILE("P", LOOP(CIRCLE(0, 0, 7))) "," PROFILE(
				"Q", LOOP(CIRCLE(0, 0, 1)) "," LOOP(CIRCLE(
					     1, 0, 1)))) "," EXTRUDE("E",
								     REGION("T", "P") "," REGION(
									     "S", "P"),
								     NEW, ONE(1)),
		ROW("S") "," ROW("E")));

	(void)state;
	assert_near(model.features[0].regions[0].profile->loops[0].curves[0].radius, 7, 0);
	assert_int_equal(model.features[0].regions[1].profile->loops[0].count, 4);
	check_written(&model);
}

#define SYMMETRIC_OF(KEYS)                                                                         \
	"\"extent_type\":\"SymmetricFeatureExtentType\",\"extent_one\":{"                          \
	"\"type\":\"SymmetricExtentDefinition\",\"distance\":{\"value\":100.0}" KEYS "}"
#define DOWN ARC_ABOUT(100, 0, -100, 0, 0, 0, 100, -1, 0, 3.141592653589793, -1.0)
#define HALF_DISC LOOP(LIST(LINE(-100, 0, 100, 0), DOWN))
#define FUSION(ROWS, LOOPS, KEYS)                                                                  \
	"{\"metadata\":{}," ROWS                                                                   \
	",\"entities\":{" LIST(SKETCH("S", XY, PROFILE("P", LOOPS)),                               \
			       EXTRUDE("E", REGION("S", "P"), NEW, SYMMETRIC_OF(KEYS))) "}}"
#define CURVE_ROWS                                                                                 \
	"\"timeline\":[],\"sequence\":[" LIST3(                                                    \
		ROW("S"), ROW("S"),                                                                \
		ROW("E")) "],"                                                                     \
			  "\"properties\":{\"bounding_box\":{\"min_point\":" XYZ(                  \
				  -100, 0, -50) ",\"max_point\":" XYZ(100, 100, 50) "}}"
#define TIMELINE "\"timeline\":[" LIST(ROW("S"), ROW("E")) "]"

/* Centimetres; rows of curves; the whole depth; arcs about a normal that looks down. */
static void test_fusion(void **state)
{
	struct deepcad_model model =
		parse(FUSION(CURVE_ROWS, HALF_DISC, ",\"is_full_length\":true"));
	double lo, hi;

	(void)state;
	assert_int_equal(model.step_count, 2);
	assert_near(first_loop(&model)->area, M_PI / 2, 1e-12);
	deepcad_heights(&model.features[0], &lo, &hi);
	assert_near(lo, -0.5, 0);
	assert_near(hi, 0.5, 0);
	assert_point(model.box_lo, -1, 0, -0.5);
	assert_point(deepcad_bounds(&model).lo, -1, 0, -0.5);
	assert_point(deepcad_bounds(&model).hi, 1, 1, 0.5);
	check_written(&model);
	/* Half the depth, and no sequence. */
	model = parse(FUSION(TIMELINE, LOOP(CIRCLE(0, 0, 100)), ""));
	deepcad_heights(&model.features[0], &lo, &hi);
	assert_near(lo, -1, 0);
	assert_near(hi, 1, 0);
}

#define TAPERED                                                                                    \
	"\"extent_type\":\"OneSideFeatureExtentType\",\"extent_one\":{"                            \
	"\"type\":\"DistanceExtentDefinition\",\"distance\":{\"value\":2},"                        \
	"\"taper_angle\":{\"value\":0.7853981633974483}}"

static void test_offset_and_taper(void **state)
{
	struct deepcad_model model = parse("{\"entities\":{" SKETCH(
		"S", XY,
		PROFILE("P", LOOP(SQUARE))) ",\"E\":{"
					    "\"type\":\"ExtrudeFeature\",\"profiles\":[" REGION(
						    "S", "P") "],"
							      "\"operation\":\"" NEW "\"," OFFSET(
								      1.5) "," TAPERED
									   "}},\"sequence\":[" ROW(
										   "E") "]}");
	struct deepcad_bounds b = deepcad_bounds(&model);

	(void)state;
	assert_near(model.features[0].offset, 1.5, 0);
	assert_near(model.features[0].taper_one, M_PI / 4, 1e-15);
	assert_false(b.exact);
	assert_point(b.lo, -2, -2, 1.5);
	assert_point(b.hi, 3, 3, 3.5);
	check_written(&model);
}

static void test_random_models(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct deepcad_model model, read, scrambled;
		struct buf text = {0};

		model = random_model(&rng, &arena);
		deepcad_write(&model, &text);
		read = parse(text.data);
		assert_same_models(&model, &read);
		scramble_model(&rng, &model);
		buf_clear(&text);
		deepcad_write(&model, &text);
		scrambled = parse(text.data);
		check_written(&scrambled);
		for (int k = 0; k < read.sketch_count; k++) {
			const struct deepcad_profile *a = &read.sketches[k].profiles[0];
			const struct deepcad_profile *b = &scrambled.sketches[k].profiles[0];

			for (int j = 0; j < a->count; j++)
				assert_near(fabs(a->loops[j].area), fabs(b->loops[j].area),
					    1e-9 * fabs(a->loops[j].area));
		}
		buf_free(&text);
		arena_reset(&arena);
	}
}

/* --- DeepCAD's own files -------------------------------------------------------------------- */

static void assert_kept(const cJSON *was, const cJSON *is);

static bool is_kept(const cJSON *was, const cJSON *is)
{
	return cJSON_Compare(was, is, true);
}

/* A curve may have been turned. */
static void assert_ends_kept(const cJSON *was, const cJSON *is)
{
	const cJSON *a = json_member(was, "start_point"), *b = json_member(was, "end_point");
	const cJSON *c = json_member(is, "start_point"), *d = json_member(is, "end_point");

	assert_true((is_kept(a, c) && is_kept(b, d)) || (is_kept(a, d) && is_kept(b, c)));
}

static void assert_member_kept(const cJSON *was, const cJSON *is)
{
	if (strcmp(was->string, "start_point") != 0 && strcmp(was->string, "end_point") != 0 &&
	    strcmp(was->string, "is_outer") != 0)
		assert_kept(was, json_member(is, was->string));
}

/* All that `was` has, to the last bit; but the sign of a 0 in what is flat anyway. */
static void assert_kept(const cJSON *was, const cJSON *is)
{
	int i = 0;

	assert_non_null(is);
	if (cJSON_IsNumber(was) && !(strcmp(was->string, "z") == 0 && was->valuedouble == 0))
		assert_memory_equal(&was->valuedouble, &is->valuedouble, sizeof(double));
	else if (cJSON_IsNumber(was))
		assert_true(is->valuedouble == 0);
	else if (cJSON_IsString(was))
		assert_string_equal(was->valuestring, is->valuestring);
	assert_int_equal(cJSON_GetArraySize(was), cJSON_GetArraySize(is));
	if (json_member(was, "start_point"))
		assert_ends_kept(was, is);
	for (const cJSON *child = was->child; child; child = child->next, i++)
		if (cJSON_IsObject(was))
			assert_member_kept(child, is);
		else
			assert_kept(child, cJSON_GetArrayItem(is, i));
}

static void check_file(const char *path)
{
	struct deepcad_model model;
	struct json_doc was, is;
	struct buf text = {0};
	struct deepcad_bounds b;
	struct err err = {0};

	if (deepcad_read(&model, path, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	check_written(&model);
	deepcad_write(&model, &text);
	assert_int_equal(json_read(&was, path, &err), 0);
	assert_int_equal(json_parse(&is, "written", text.data, text.len, &err), 0);
	assert_kept(was.root, is.root);
	json_free(&was);
	json_free(&is);
	buf_free(&text);
	b = deepcad_bounds(&model);
	/* Some models are the beginning of the part that the box is of. */
	if (b.exact && !strstr(path, "00001010")) {
		assert_near(b.lo.x, model.box_lo.x, 1e-6);
		assert_near(b.lo.y, model.box_lo.y, 1e-6);
		assert_near(b.lo.z, model.box_lo.z, 1e-6);
		assert_near(b.hi.x, model.box_hi.x, 1e-6);
		assert_near(b.hi.y, model.box_hi.y, 1e-6);
		assert_near(b.hi.z, model.box_hi.z, 1e-6);
	}
}

static void test_real_files(void **state)
{
	(void)state;
	each_deepcad_file(".json", check_file);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_any_order_and_direction),
		TEST(test_arcs),
		TEST(test_middles_and_reaches),
		TEST(test_outer_loop_is_measured),
		TEST(test_extents),
		TEST(test_operations),
		TEST(test_bounds_of_cuts),
		TEST(test_world),
		TEST(test_bounds_askew),
		TEST(test_any_order_of_keys_and_steps),
		TEST(test_ids_are_of_a_sketch),
		TEST(test_fusion),
		TEST(test_offset_and_taper),
		TEST(test_random_models),
		TEST(test_real_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
