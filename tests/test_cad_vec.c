/* SPDX-License-Identifier: MIT */
/* cad_vec: rows of models, with what DeepCAD's encoder gets wrong and without; both files; the way
 * back. */
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
#include "formats/cad/cad_vec.h"
#include "formats/encoding/npy.h"
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

static struct deepcad_model parse_model(const char *text)
{
	return deepcad_sample(text, &arena);
}

static struct cad_vec encode(const struct deepcad_model *model, bool compat)
{
	struct cad_vec vec;
	struct err err = {0};

	if (cad_vec_from_deepcad(&vec, model, compat, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return vec;
}

static void assert_rows(const struct cad_vec *vec, const char *text)
{
	struct buf out = {0};

	cad_vec_write_text(vec, &out);
	assert_string_equal(out.data, text);
	buf_free(&out);
}

#define PADDING "-1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1"
#define SOL "4 -1 -1 " PADDING "\n"
#define EOS "3 -1 -1 " PADDING "\n"
#define TO(X, Y) "0 " X " " Y " " PADDING "\n"
#define EXT(REST) "5 -1 -1 -1 -1 -1 " REST "\n"
#define BOX(LO, HI) ",\"properties\":{\"bounding_box\":{\"min_point\":" LO ",\"max_point\":" HI "}}"
#define UNIT_BOX BOX(XYZ(0, 0, 0), XYZ(1, 1, 1))

/* --- encoding ------------------------------------------------------------------------------- */

/* MODEL with a box. */
#define BOXED(ENTITIES, ROWS, BOX) "{\"entities\":{" ENTITIES "},\"sequence\":[" ROWS "]" BOX "}"
#define PLATE(PLANE, LOOPS, EXTENT)                                                                \
	BOXED(SKETCH("S", PLANE, PROFILE("P", LOOPS)) "," EXTRUDE("E", REGION("S", "P"), NEW,      \
								  EXTENT),                         \
	      ROW("S") "," ROW("E"), UNIT_BOX)

static void test_rows(void **state)
{
	struct deepcad_model model = parse_model(PLATE(XY, LOOP(SQUARE), ONE(0.5)));
	struct cad_vec vec = encode(&model, true);

	(void)state;
	assert_rows(&vec, SOL TO("223", "128") TO("223", "223") TO("128", "223") TO("128", "128")
				  EXT("128 128 128 128 128 128 96 176 128 0 0") EOS);
	/* Around the middle of its own box, which is 1 by 1 by 0.5: 1.5 times as large, but for the
	 * first extent, of which the last step is 127. */
	vec = encode(&model, false);
	assert_rows(&vec, SOL TO("223", "128") TO("223", "223") TO("128", "223") TO("128", "128")
				  EXT("128 128 128 32 32 80 192 224 128 0 0") EOS);
}

#define HOLED LOOP(CIRCLE(0.5, 0.5, 0.25)) "," LOOP(SQUARE) "," LOOP(CIRCLE(0.1, 0.5, 0.05))
#define ROUNDED                                                                                    \
	LOOP(LINE(0, 0, 1, 0) "," ARC(1, 0, 0, 1, 0, 0, 1, 1, 0, HALF_PI) "," LINE(0, 1, 0, 0))
#define BITTEN                                                                                     \
	LOOP(LINE(0, 0, 1, 0) "," ARC(1, 0, 0, 1, 1, 1, 1, -1, 0, HALF_PI) "," LINE(0, 1, 0, 0))

static void test_loops(void **state)
{
	struct deepcad_model model = parse_model(PLATE(XY, HOLED, EXTENT("TwoSides", 0.5, -0.25)));
	struct cad_vec vec = encode(&model, true);

	(void)state;
	assert_int_equal(vec.count, 11);
	assert_rows(&vec, SOL TO("223", "128") TO("223", "223") TO("128", "223") TO("128", "128")
				  SOL "2 138 176 -1 -1 5 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n" SOL
				      "2 176 176 -1 -1 24 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n" EXT(
					      "128 128 128 128 128 128 96 176 104 0 2") EOS);
	model = parse_model(PLATE(XY, ROUNDED, EXTENT("Symmetric", 0.5, 0.0)));
	vec = encode(&model, true);
	assert_rows(&vec,
		    SOL TO("223", "128") "1 128 223 64 1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n" TO(
			    "128", "128") EXT("128 128 128 128 128 128 96 176 128 0 1") EOS);
	model = parse_model(PLATE(XY, BITTEN, ONE(-0.5)));
	vec = encode(&model, false);
	assert_int_equal(vec.rows[2].at[CAD_VEC_SWEEP], 64);
	assert_int_equal(vec.rows[2].at[CAD_VEC_CCW], 0);
}

static void test_regions_become_extrudes(void **state)
{
	static const char format[] = BOXED(
		SKETCH("S", XY,
		       PROFILE("P", LOOP(SQUARE)) "," PROFILE(
			       "Q", LOOP(CIRCLE(9, 0, 1)))) "," EXTRUDE("E",
									REGION("S", "Q") "," REGION(
										"S", "P"),
									"%s", ONE(1)),
		ROW("E"), UNIT_BOX);
	static const int then[] = {1, 1, 2, 3};

	(void)state;
	for (int i = 0; i < DEEPCAD_OPERATION_COUNT_; i++) {
		char text[4096];
		struct deepcad_model model;
		struct cad_vec vec;

		snprintf(text, sizeof(text), format, deepcad_operation_names[i]);
		model = parse_model(text);
		vec = encode(&model, false);
		assert_int_equal(vec.count, 10);
		assert_int_equal(vec.rows[2].at[CAD_VEC_OPERATION], i);
		assert_int_equal(vec.rows[8].at[CAD_VEC_OPERATION], then[i]);
	}
}

static struct deepcad_plane decoded_plane(const struct cad_vec *vec)
{
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_from_cad_vec(&model, vec, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model.sketches[0].plane;
}

static struct deepcad_plane decoded(const char *plane, bool compat)
{
	char text[4096];
	struct deepcad_model model;
	struct cad_vec vec;

	snprintf(text, sizeof(text), PLATE("%s", LOOP(SQUARE), ONE(0.5)), plane);
	model = parse_model(text);
	vec = encode(&model, compat);
	return decoded_plane(&vec);
}

#define O XYZ(0, 0, 0)
#define X1 XYZ(1, 0, 0)
#define Y1 XYZ(0, 1, 0)
#define Z1 XYZ(0, 0, 1)
#define X_1 XYZ(-1, 0, 0)
#define Y_1 XYZ(0, -1, 0)
#define Z_1 XYZ(0, 0, -1)

/* DeepCAD's encoder: -x is +x, half a turn falls short. Ours: all are what they are. */
static void test_planes(void **state)
{
	struct deepcad_plane plane;

	(void)state;
	plane = decoded(PLANE(O, Y_1, Z1, X_1), true);
	assert_true(plane.z.x > 0.999);
	plane = decoded(PLANE(O, Y_1, Z1, X_1), false);
	assert_true(plane.z.x < -0.999999 && plane.x.y < -0.999999);
	plane = decoded(PLANE(O, X1, Y_1, Z_1), true);
	assert_true(plane.z.z > -0.9998 && plane.z.z < -0.999);
	plane = decoded(PLANE(O, X1, Y_1, Z_1), false);
	assert_true(plane.z.z < -0.999999 && plane.x.x > 0.999999);
	/* Where DeepCAD's y axis points to -x, the sketch begins somewhere else. */
	plane = decoded(PLANE(O, Y1, X_1, Z1), true);
	assert_true(plane.x.y > 0.999);
}

static void test_all_planes(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct deepcad_model model = random_model(&rng, &arena);
		struct cad_vec vec = encode(&model, false);
		struct deepcad_plane was = model.sketches[0].plane, is = decoded_plane(&vec);

		/* Half a step of theta, phi and gamma each, 0.7 degrees. */
		assert_true(vec3_dot(was.z, is.z) > cos(0.025));
		assert_true(vec3_dot(was.x, is.x) > cos(0.045));
		assert_true(vec3_dot(was.y, is.y) > cos(0.045));
		arena_reset(&arena);
	}
}

/* A rod of 0.75 units on both sides of the middle is 1.5 long, which no step is. */
static void test_long_extrudes(void **state)
{
	static const char text[] = BOXED(
		SKETCH("S", PLANE(XYZ(0, 0, -1), X1, Y1, Z1),
		       PROFILE("P", LOOP(SQUARE))) "," EXTRUDE("E", REGION("S", "P"), NEW, ONE(2)),
		ROW("E"), BOX(XYZ(0, 0, -1), XYZ(1, 1, 1)));
	struct deepcad_model model = parse_model(text), back;
	struct cad_vec vec = encode(&model, true);
	struct deepcad_bounds b;
	struct err err = {0};

	(void)state;
	assert_int_equal(vec.rows[5].at[CAD_VEC_ONE], 255);
	assert_int_equal(deepcad_from_cad_vec(&back, &vec, &arena, &err), 0);
	b = deepcad_bounds(&back);
	assert_true(fabs((b.hi.z - b.lo.z) / (b.hi.x - b.lo.x) - 1.32) < 0.01);
	vec = encode(&model, false);
	assert_int_equal(vec.rows[5].at[CAD_VEC_ONE], 255);
	assert_int_equal(deepcad_from_cad_vec(&back, &vec, &arena, &err), 0);
	b = deepcad_bounds(&back);
	assert_true(fabs((b.hi.z - b.lo.z) / (b.hi.x - b.lo.x) - 2) < 0.02);
}

static void test_order_does_not_matter(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct deepcad_model model = random_model(&rng, &arena), read;
		bool compat = rng_chance(&rng, 0.5);
		struct cad_vec vec = encode(&model, compat), scrambled;
		struct buf text = {0}, expected = {0};

		cad_vec_write_text(&vec, &expected);
		scramble_model(&rng, &model);
		deepcad_write(&model, &text);
		read = parse_model(text.data);
		scrambled = encode(&read, compat);
		assert_rows(&scrambled, expected.data);
		buf_free(&text);
		buf_free(&expected);
		arena_reset(&arena);
	}
}

static void refuse_model(const char *text, bool compat, enum err_code code, const char *message)
{
	struct deepcad_model model = parse_model(text);
	struct cad_vec vec;
	struct err err = {0};

	assert_int_equal(cad_vec_from_deepcad(&vec, &model, compat, &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

#define SEVEN LOOP(CIRCLE(0, 0, 9)) "," LOOP(CIRCLE(1, 0, 0.1)) "," LOOP(CIRCLE(2, 0, 0.1)) ","

/* So many extrudes of a polygon of so many corners. */
static void refuse_many(int corners, int extrudes, const char *message)
{
	struct buf text = {0};
	char line[300];

	buf_str(&text, "{\"entities\":{\"S\":{\"type\":\"Sketch\",\"transform\":" XY
		       ",\"profiles\":{\"P\":{\"loops\":[{\"profile_curves\":[");
	for (int i = 0; i < corners; i++) {
		double a = 2 * M_PI * i / corners, b = 2 * M_PI * ((i + 1) % corners) / corners;

		snprintf(line, sizeof(line),
			 "%s{\"type\":\"Line3D\",\"start_point\":{\"x\":%.9f,\"y\":%.9f,\"z\":0},"
			 "\"end_point\":{\"x\":%.9f,\"y\":%.9f,\"z\":0}}",
			 i ? "," : "", cos(a), sin(a), cos(b), sin(b));
		buf_str(&text, line);
	}
	buf_str(&text, "]}]}}}," EXTRUDE("E", REGION("S", "P"), NEW, ONE(1)));
	for (int i = 1; i < extrudes; i++) {
		snprintf(line, sizeof(line), ",\"E%d\":", i);
		buf_str(&text, line);
		buf_str(&text, "{\"type\":\"ExtrudeFeature\",\"profiles\":[" REGION(
				       "S", "P") "],"
						 "\"operation\":\"" JOIN "\"," ONE(1) "}");
	}
	buf_str(&text, "},\"sequence\":[" ROW("E"));
	for (int i = 1; i < extrudes; i++) {
		snprintf(line, sizeof(line), ",{\"entity\":\"E%d\"}", i);
		buf_str(&text, line);
	}
	buf_str(&text, "]}");
	refuse_model(text.data, false, ERR_LIMIT, message);
	buf_free(&text);
}

static void test_models_refused(void **state)
{
	(void)state;
	refuse_model(MODEL("", ""), false, ERR_UNSUPPORTED,
		     "a model without extrudes has no vector");
	refuse_model(SIMPLE(LOOP(SQUARE), NEW, ONE(1)), true, ERR_UNSUPPORTED,
		     "the model has no bounding box for DeepCAD's encoder to scale it by");
	refuse_model(PLATE(XY, LOOP(SQUARE), ONE(3)), true, ERR_LIMIT,
		     "an extrude is 2.25 times the model's size; DeepCAD's encoder takes 2");
	refuse_model(PLATE(XY,
			   SEVEN LOOP(CIRCLE(3, 0, 0.1)) "," LOOP(CIRCLE(4, 0, 0.1)) "," LOOP(
				   CIRCLE(5, 0, 0.1)) "," LOOP(CIRCLE(6, 0, 0.1)),
			   ONE(1)),
		     false, ERR_LIMIT, "a profile of 7 loops; vectors have at most 6");
	refuse_many(15, 1, "a loop of 15 curves; vectors have at most 14");
	refuse_many(3, 11, "11 extruded profiles; vectors have at most 10");
	refuse_many(10, 5, "a vector of 61 rows; allowed are 60");
}

#define ODD(START, TAPER)                                                                          \
	BOXED(SKETCH("S", XY,                                                                      \
		     PROFILE("P",                                                                  \
			     LOOP(SQUARE))) ",\"E\":{\"type\":\"ExtrudeFeature\",\"profiles\":"    \
					    "[" REGION("S",                                        \
						       "P") "],"                                   \
							    "\"operation\":\"" NEW                 \
							    "\",\"extent_type\":"                  \
							    "\"OneSideFeatureExtentType\"," START  \
							    "\"extent_one\":{\"type\":"            \
							    "\"DistanceExtentDefinition\","        \
							    "\"distance\":{\"value\":1},"          \
							    "\"taper_angle\":{\"value\":" TAPER    \
							    "}}}",                                 \
	      ROW("E"), UNIT_BOX)
#define LIFTED "\"start_extent\":{\"type\":\"OffsetStartDefinition\",\"offset\":{\"value\":-1}},"

static void test_offsets_and_tapers(void **state)
{
	struct deepcad_model model = parse_model(ODD(LIFTED, "0"));
	struct cad_vec vec = encode(&model, false);

	(void)state;
	assert_int_equal(vec.rows[5].at[CAD_VEC_ORIGIN_Z], 64);
	refuse_model(ODD(LIFTED, "0"), true, ERR_UNSUPPORTED,
		     "DeepCAD's encoder takes no extrudes off their sketch");
	refuse_model(ODD("", "0.1"), false, ERR_UNSUPPORTED, "vectors have no tapered extrudes");
}

/* --- files ---------------------------------------------------------------------------------- */

static void assert_same(const struct cad_vec *a, const struct cad_vec *b)
{
	assert_int_equal(a->count, b->count);
	assert_memory_equal(a->rows, b->rows, a->count * sizeof(*a->rows));
}

static struct cad_vec parse_file(const struct buf *data)
{
	struct cad_vec vec;
	struct err err = {0};

	if (cad_vec_parse(&vec, "v", data->data, data->len, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return vec;
}

/* The same array as NumPy writes it of binary fractions. */
static void put_reals(const struct cad_vec *vec, int width, struct buf *out)
{
	char shape[32];

	snprintf(shape, sizeof(shape), "(%zu, 17)", vec->count);
	npy_put_header(out, width == 4 ? "<f4" : "<f8", shape);
	for (size_t i = 0; i < vec->count; i++)
		for (int c = 0; c < CAD_VEC_COLUMN_COUNT_; c++) {
			double v = vec->rows[i].at[c];
			float f = (float)v;
			uint64_t bits = 0;
			uint32_t half;

			memcpy(&half, &f, sizeof(half));
			memcpy(&bits, &v, sizeof(v));
			npy_put_number(out, width == 4 ? half : bits, width);
		}
}

static void test_files(void **state)
{
	struct rng rng = rng_seed(test_seed(), 3);

	(void)state;
	for (int i = 0; i < 50; i++) {
		struct deepcad_model model = random_model(&rng, &arena);
		struct cad_vec vec = encode(&model, i % 2), read;
		struct buf text = {0}, npy = {0};

		cad_vec_write_text(&vec, &text);
		read = parse_file(&text);
		assert_same(&vec, &read);
		cad_vec_write_npy(&vec, &npy);
		assert_int_equal(npy.len, 128 + vec.count * CAD_VEC_COLUMN_COUNT_ * 8);
		read = parse_file(&npy);
		assert_same(&vec, &read);
		buf_clear(&npy);
		put_reals(&vec, i % 2 ? 4 : 8, &npy);
		read = parse_file(&npy);
		assert_same(&vec, &read);
		buf_free(&text);
		buf_free(&npy);
		arena_reset(&arena);
	}
}

static void refuse_bytes(const char *data, size_t len, enum err_code code, const char *message)
{
	struct cad_vec vec;
	struct err err = {0};

	assert_int_equal(cad_vec_parse(&vec, "v", data, len, &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static void refuse(const char *text, const char *message)
{
	refuse_bytes(text, strlen(text), ERR_FORMAT, message);
}

static void test_text_refused(void **state)
{
	static const char count[] = "v:2: not 17 whole numbers";
	struct buf text = {0};

	(void)state;
	refuse(EOS "3 -1", count);
	refuse(EOS "\n" EOS, count);
	refuse(EOS "3 1 " PADDING " 1 1\n", count);
	refuse(EOS "3 1.5 -1 " PADDING "\n", count);
	refuse_bytes(EOS "3 -1\0 -1 " PADDING "\n", sizeof(EOS "3 -1\0 -1 " PADDING "\n") - 1,
		     ERR_FORMAT, count);
	refuse(EOS "3 -1 99999999999 " PADDING "\n", count);
	refuse(EOS "3 -1 99999999999999999999 " PADDING "\n", count);
	refuse("6 -1 -1 " PADDING, "v:1: 6 is no command");
	refuse("-1 -1 -1 " PADDING, "v:1: -1 is no command");
	refuse(SOL TO("256", "0"), "v:2: X of LINE is 256; allowed 0 to 255");
	refuse(SOL TO("-1", "0"), "v:2: X of LINE is -1; allowed 0 to 255");
	refuse("4 -1 0 " PADDING, "v:1: Y of SOL is 0; allowed -1 to -1");
	refuse("1 0 0 0 1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1",
	       "v:1: SWEEP of ARC is 0; allowed 1 to 255");
	refuse("2 0 0 7 -1 9 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1",
	       "v:1: SWEEP of CIRCLE is 7; allowed -1 to -1");
	refuse("2 0 0 -1 -1 0 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1",
	       "v:1: RADIUS of CIRCLE is 0; allowed 1 to 255");
	refuse(EXT("0 0 0 0 0 0 0 0 0 4 0"), "v:1: OPERATION of EXT is 4; allowed 0 to 3");
	refuse(EXT("0 0 0 0 0 0 0 0 0 0 3"), "v:1: EXTENT of EXT is 3; allowed 0 to 2");
	for (int i = 0; i <= CAD_VEC_FILE_ROWS_MAX; i++)
		buf_str(&text, EOS);
	refuse_bytes(text.data, text.len, ERR_LIMIT, "v: more than 1024 rows");
	text.len = 0;
	for (int i = 0; i < 70000; i++)
		buf_str(&text, "                ");
	refuse_bytes(text.data, text.len, ERR_LIMIT, "v: more than 1048576 bytes");
	buf_free(&text);
}

/* Numbers that are none, too large, or between two whole ones. */
static void test_reals_refused(void **state)
{
	static const double odd[] = {NAN, INFINITY, 0.5, 3e9};
	static const char *const messages[] = {"nan is nothing", "v:1: inf is nothing",
					       "v:1: 0.5 is nothing", "v:1: 3000000000 is nothing"};

	(void)state;
	for (int i = 0; i < 4; i++) {
		double row[CAD_VEC_COLUMN_COUNT_] = {4};
		struct cad_vec vec;
		struct err err = {0};

		for (int c = 1; c < CAD_VEC_COLUMN_COUNT_; c++)
			row[c] = -1;
		assert_int_equal(cad_vec_from_reals(&vec, "v", row, 1, &arena, &err), 0);
		row[5] = odd[i];
		assert_int_equal(cad_vec_from_reals(&vec, "v", row, 1, &arena, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		assert_non_null(strstr(err.msg, messages[i]));
	}
}

static void test_npy_refused(void **state)
{
	struct deepcad_model model = parse_model(PLATE(XY, LOOP(SQUARE), ONE(0.5)));
	struct cad_vec vec = encode(&model, true);
	struct buf npy = {0};
	char *at;

	(void)state;
	cad_vec_write_npy(&vec, &npy);
	refuse_bytes(npy.data, 9, ERR_FORMAT, "v: no NumPy array of version 1.0");
	refuse_bytes(npy.data, npy.len - 1, ERR_FORMAT,
		     "v: no NumPy array of 6 rows of 17 numbers");
	refuse_bytes(npy.data, npy.len - 136, ERR_FORMAT,
		     "v: no NumPy array of 6 rows of 17 numbers");
	npy.data[128] = 9;
	refuse_bytes(npy.data, npy.len, ERR_FORMAT, "v:1: 9 is no command");
	npy.data[128 + 7] = 1;
	refuse_bytes(npy.data, npy.len, ERR_FORMAT,
		     "v:1: 72057594037927952 is nothing a row can have");
	at = strstr(npy.data + 10, "False");
	assert_non_null(at);
	memcpy(at, "True ", 5);
	refuse_bytes(npy.data, npy.len, ERR_FORMAT, "v: no NumPy array of 7 rows of 17 numbers");
	at = strstr(npy.data + 10, "<i8");
	assert_non_null(at);
	memcpy(at, "<c8", 3);
	refuse_bytes(npy.data, npy.len, ERR_UNSUPPORTED,
		     "v: a NumPy array of other numbers than whole ones of 2, 4 or 8 bytes and "
		     "binary fractions of 4 or 8");
	buf_free(&npy);
}

/* --- decoding ------------------------------------------------------------------------------- */

static void assert_near(struct vec3 a, struct vec3 b, double slack)
{
	struct vec3 d = vec3_sum(1, a, -1, b);

	if (!(fabs(d.x) <= slack && fabs(d.y) <= slack && fabs(d.z) <= slack))
		fail_msg("%g %g %g, not %g %g %g", a.x, a.y, a.z, b.x, b.y, b.z);
}

/* Before they are rounded models lie where their vectors are; and brought back where they were. */
static void test_frame(void **state)
{
	struct rng rng = rng_seed(test_seed(), 7);
	int decoded = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct deepcad_model model = random_model(&rng, &arena), framed, back, read;
		struct deepcad_bounds a = deepcad_bounds(&model), b, c;
		struct cad_vec vec = encode(&model, false);
		struct err err = {0};
		double k;

		if (!a.exact)
			continue;
		if (deepcad_in_cad_vec(&framed, &model, false, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		b = deepcad_bounds(&framed);
		k = (b.hi.x - b.lo.x) / (a.hi.x - a.lo.x);
		deepcad_scaled(&back, &framed, 1 / k, vec3_sum(1, b.lo, -k, a.lo), &arena);
		c = deepcad_bounds(&back);
		assert_near(c.lo, a.lo, 1e-9);
		assert_near(c.hi, a.hi, 1e-9);
		if (deepcad_from_cad_vec(&read, &vec, &arena, &err) == 0) {
			c = deepcad_bounds(&read);
			assert_near(c.lo, b.lo, 0.06);
			assert_near(c.hi, b.hi, 0.06);
			decoded++;
		}
		arena_reset(&arena);
	}
	assert_true(decoded > 10);
}

static int decode(struct deepcad_model *model, const char *text, struct err *err)
{
	struct cad_vec vec;

	if (cad_vec_parse(&vec, "v", text, strlen(text), &arena, err) < 0)
		fail_msg("%s", err->msg);
	return deepcad_from_cad_vec(model, &vec, &arena, err);
}

#define PAD17(A) A " -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n"
#define ARC_TO(X, Y, SWEEP, CCW) PAD17("1 " X " " Y " " SWEEP " " CCW " -1")
#define CIRCLE_AT(X, Y, R) PAD17("2 " X " " Y " -1 -1 " R)
#define UP EXT("128 128 128 128 128 128 95 192 128 0 0")
#define SQUARE_ROWS TO("223", "128") TO("223", "223") TO("128", "223") TO("128", "128")

static void test_decoded(void **state)
{
	struct deepcad_model model;
	struct deepcad_bounds b;
	struct err err = {0};

	(void)state;
	/* 95 steps of a size of 95 / 128 are 1 / 128 each. */
	assert_int_equal(decode(&model, SOL SQUARE_ROWS UP EOS EOS, &err), 0);
	b = deepcad_bounds(&model);
	assert_true(fabs(b.hi.x - 95 / 128.) < 1e-12 && b.lo.x == 0);
	assert_true(b.hi.z == 0.5 && b.lo.z == 0);
	/* The end may be left out. */
	assert_int_equal(decode(&model, SOL SQUARE_ROWS UP, &err), 0);
	assert_int_equal(model.feature_count, 1);
	/* Half a disc, its arc to the right or to the left of its chord. */
	assert_int_equal(
		decode(&model, SOL ARC_TO("128", "192", "128", "1") TO("128", "128") UP EOS, &err),
		0);
	assert_true(fabs(deepcad_bounds(&model).hi.x - 32 / 128.) < 1e-12);
	assert_int_equal(
		decode(&model, SOL ARC_TO("128", "192", "128", "0") TO("128", "128") UP EOS, &err),
		0);
	assert_true(fabs(deepcad_bounds(&model).lo.x + 32 / 128.) < 1e-12);
	/* Three quarters of one; lines of no length on the way. */
	assert_int_equal(
		decode(&model,
		       SOL TO("160", "128") TO("160", "128") ARC_TO("128", "96", "192", "1")
			       ARC_TO("128", "96", "5", "1") TO("128", "128") UP EOS,
		       &err),
		0);
	assert_int_equal(model.sketches[0].profiles[0].loops[0].count, 3);
	assert_true(fabs(deepcad_bounds(&model).lo.x + 32 / 128.) < 1e-12);
	assert_true(fabs(model.sketches[0].profiles[0].loops[0].curves[1].radius - 0.25) < 1e-12);
	assert_int_equal(decode(&model,
				SOL SQUARE_ROWS SOL CIRCLE_AT("160", "160", "9")
					UP SOL CIRCLE_AT("176", "128", "48") UP EOS,
				&err),
			 0);
	assert_int_equal(model.feature_count, 2);
	assert_int_equal(model.sketches[0].profiles[0].outer, 0);
	assert_int_equal(decode(&model, EOS, &err), 0);
	assert_int_equal(model.step_count, 0);
}

static void refuse_rows(const char *text, const char *message)
{
	struct deepcad_model model;
	struct err err = {0};

	assert_int_equal(decode(&model, text, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void test_rows_refused(void **state)
{
	(void)state;
	refuse_rows(SOL SQUARE_ROWS, "row 6: loops without EXT behind them");
	refuse_rows(SOL SQUARE_ROWS EOS, "row 6: loops without EXT behind them");
	refuse_rows(UP EOS, "row 1: an extrude without loops");
	refuse_rows(SQUARE_ROWS UP EOS, "row 1: a curve without SOL before it");
	refuse_rows(SOL SOL SQUARE_ROWS UP EOS, "row 1: a loop without curves");
	refuse_rows(SOL CIRCLE_AT("1", "1", "1") TO("2", "2") UP EOS,
		    "row 2: a circle in a loop with other curves");
	refuse_rows(SOL TO("2", "2") UP EOS, "row 2: a loop that encloses nothing");
	refuse_rows(SOL TO("2", "2") TO("3", "3") UP EOS,
		    "row 4: a sketch with a loop that encloses nothing");
	refuse_rows(SOL TO("228", "128") TO("128", "178") TO("178", "178") TO("128", "128") UP EOS,
		    "row 6: a sketch with a loop that crosses itself");
	refuse_rows(SOL SQUARE_ROWS EXT("128 128 128 128 128 128 0 192 128 0 0") EOS,
		    "row 6: a sketch of no size");
	refuse_rows(SOL SQUARE_ROWS EXT("128 128 128 128 128 128 9 128 192 0 0") EOS,
		    "row 6: an extrude of no length");
}

/* A model that has been a vector keeps its proportions. */
static void test_there_and_back(void **state)
{
	struct rng rng = rng_seed(test_seed(), 4);
	int compared = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct deepcad_model model = random_model(&rng, &arena), back;
		struct cad_vec vec = encode(&model, false);
		struct deepcad_bounds a = deepcad_bounds(&model), b;
		struct err err = {0};

		if (deepcad_from_cad_vec(&back, &vec, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		b = deepcad_bounds(&back);
		if (model.feature_count == 1) {
			double k = (b.hi.x - b.lo.x + b.hi.y - b.lo.y + b.hi.z - b.lo.z) /
				   (a.hi.x - a.lo.x + a.hi.y - a.lo.y + a.hi.z - a.lo.z);

			compared++;
			assert_true(fabs((b.hi.x - b.lo.x) - k * (a.hi.x - a.lo.x)) < 0.1);
			assert_true(fabs((b.hi.y - b.lo.y) - k * (a.hi.y - a.lo.y)) < 0.1);
			assert_true(fabs((b.hi.z - b.lo.z) - k * (a.hi.z - a.lo.z)) < 0.1);
		}
		arena_reset(&arena);
	}
	assert_true(compared > 0);
}

/* --- DeepCAD's own files -------------------------------------------------------------------- */

#define VEC_ENDING ".vec.txt"

static void check_file(const char *vec_path)
{
	char path[4096];
	struct deepcad_model model;
	struct cad_vec expected, vec;
	struct err err = {0};

	if (cad_vec_read(&expected, vec_path, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	snprintf(path, sizeof(path), "%.*s.json", (int)(strlen(vec_path) - strlen(VEC_ENDING)),
		 vec_path);
	if (deepcad_read(&model, path, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	vec = encode(&model, true);
	assert_same(&vec, &expected);
}

static void test_real_files(void **state)
{
	(void)state;
	each_deepcad_file(VEC_ENDING, check_file);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_loops),
		TEST(test_regions_become_extrudes),
		TEST(test_planes),
		TEST(test_all_planes),
		TEST(test_long_extrudes),
		TEST(test_order_does_not_matter),
		TEST(test_models_refused),
		TEST(test_offsets_and_tapers),
		TEST(test_files),
		TEST(test_text_refused),
		TEST(test_reals_refused),
		TEST(test_npy_refused),
		TEST(test_frame),
		TEST(test_decoded),
		TEST(test_rows_refused),
		TEST(test_there_and_back),
		TEST(test_real_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
