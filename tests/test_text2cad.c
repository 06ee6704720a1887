/* SPDX-License-Identifier: MIT */
/* Text2CAD's minimal JSON, read: planes, extents, what is written comes back in its place, every refusal. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code_private.h"
#include "tests/extent.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"

#define ROUNDED 4e-4 /* four decimals, of a point and of what its plane was moved and turned by */

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct deepcad_model parse(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse_as(&model, CAD_CODE_text2cad, "t.json", text, strlen(text), &arena,
			      &err) < 0)
		fail_msg("%s in\n%s", err.msg, text);
	return model;
}

#define PLANE(ANGLES, AT)                                                                          \
	"\"coordinate_system\":{\"Euler Angles\":[" ANGLES "],\"Translation Vector\":[" AT "]}"
#define EXTRUSION(ONE, TWO, OPERATION)                                                             \
	"\"extrusion\":{\"extrude_depth_towards_normal\":" #ONE                                    \
	",\"extrude_depth_opposite_normal\":" #TWO                                                 \
	",\"sketch_scale\":1.0,\"operation\":\"" OPERATION "FeatureOperation\"}"
#define PART(NAME, PLANE, FACES, EXTRUSION)                                                        \
	"\"" NAME "\":{" PLANE ",\"sketch\":{" FACES "}," EXTRUSION                                \
	",\"description\":{\"name\":\"\"}}"
#define MODEL(PARTS) "{\"final_name\":\"\",\"parts\":{" PARTS "}}"
#define LEVEL PLANE("0,0,0", "0,0,0")
#define DISC "\"face_1\":{\"loop_1\":{\"circle_1\":{\"Center\":[0.5,0.5],\"Radius\":0.5}}}"
#define UP EXTRUSION(0.25, 0, "NewBody")
#define SIMPLE(FACES) MODEL(PART("part_1", LEVEL, FACES, UP))
#define CURVES(TEXT) SIMPLE("\"face_1\":{\"loop_1\":{" TEXT "}}")
#define LINE(N, X0, Y0, X1, Y1)                                                                    \
	"\"line_" #N "\":{\"Start Point\":[" #X0 "," #Y0 "],\"End Point\":[" #X1 "," #Y1 "]}"

/* --- known texts ---------------------------------------------------------------------------- */

/* The second part stands first, and is the first. */
static void test_parts(void **state)
{
	struct deepcad_model m = parse(MODEL(PART(
		"part_2", LEVEL,
		"\"face_1\":{\"loop_1\":{\"arc_1\":{\"Start Point\":[1,0],\"Mid Point\":[0,1],"
		"\"End Point\":[-1,0]}," LINE(
			1, -1, 0, 1,
			0) "}},"
			   "\"face_2\":{\"loop_1\":{\"circle_1\":{\"Center\":[5,0],\"Radius\":2}},"
			   "\"loop_2\":{\"circle_1\":{\"Center\":[5,0],\"Radius\":1}}}",
		UP) "," PART("part_1", PLANE("0,0,90", "0.1,0.2,0.3"), DISC,
			     EXTRUSION(0.1, 0.2, "Cut"))));
	const struct deepcad_curve *arc = &m.sketches[0].profiles[0].loops[0].curves[0];

	(void)state;
	assert_int_equal(m.sketch_count, 2);
	assert_int_equal(m.feature_count, 2);
	assert_int_equal(m.step_count, 4);
	assert_false(m.steps[2].is_feature);
	assert_true(m.steps[3].is_feature && m.steps[3].index == 1);
	assert_string_equal(m.sketches[0].name, "part_2");
	assert_string_equal(m.sketches[1].id, "S1");
	assert_int_equal(m.features[0].count, 2);
	assert_int_equal(arc->kind, DEEPCAD_ARC);
	assert_true(fabs(arc->radius - 1) < 1e-15 && fabs(arc->sweep - M_PI) < 1e-15);
	assert_true(vec_length(arc->centre) < 1e-15);
	assert_int_equal(m.sketches[0].profiles[1].count, 2);
	assert_int_equal(m.sketches[0].profiles[1].outer, 0);
	assert_int_equal(m.features[0].operation, DEEPCAD_NEW_BODY);
	assert_int_equal(m.features[0].extent, DEEPCAD_ONE_SIDE);
	assert_true(m.features[0].one == 0.25);
	assert_int_equal(m.features[1].operation, DEEPCAD_CUT);
	assert_int_equal(m.features[1].extent, DEEPCAD_TWO_SIDES);
	assert_true(m.features[1].one == 0.1 && m.features[1].two == 0.2);
	assert_true(m.sketches[1].plane.origin.z == 0.3);
	assert_ptr_equal(m.features[1].regions[0].profile, &m.sketches[1].profiles[0]);
}

static void test_opposite(void **state)
{
	struct deepcad_model m =
		parse(MODEL(PART("part_1", LEVEL, DISC, EXTRUSION(0, 0.75, "NewBody"))));
	double lo, hi;

	(void)state;
	deepcad_heights(&m.features[0], &lo, &hi);
	assert_true(lo == -0.75 && hi == 0);
	assert_int_equal(m.features[0].extent, DEEPCAD_ONE_SIDE);
}

static void assert_axes(const char *angles, struct vec3 x, struct vec3 z)
{
	char text[512];
	struct deepcad_model m;
	struct vec3 off_x, off_z;

	snprintf(text, sizeof(text), MODEL(PART("p", PLANE("%s", "0,0,0"), DISC, UP)), angles);
	m = parse(text);
	off_x = vec3_sum(1, m.sketches[0].plane.x, -1, x);
	off_z = vec3_sum(1, m.sketches[0].plane.z, -1, z);
	assert_true(vec3_dot(off_x, off_x) + vec3_dot(off_z, off_z) < 1e-30);
}

/* About z, then y, then x, all fixed. */
static void test_angles(void **state)
{
	const double half = sqrt(0.5);

	(void)state;
	assert_axes("0,0,0", (struct vec3){1, 0, 0}, (struct vec3){0, 0, 1});
	assert_axes("90,0,0", (struct vec3){0, 1, 0}, (struct vec3){0, 0, 1});
	assert_axes("0,90,0", (struct vec3){0, 0, -1}, (struct vec3){1, 0, 0});
	assert_axes("0,0,90", (struct vec3){1, 0, 0}, (struct vec3){0, -1, 0});
	assert_axes("-180,0,-90", (struct vec3){-1, 0, 0}, (struct vec3){0, 1, 0});
	assert_axes("90,90,0", (struct vec3){0, 1, 0}, (struct vec3){1, 0, 0});
	assert_axes("90,0,90", (struct vec3){0, 0, 1}, (struct vec3){0, -1, 0});
	assert_axes("450,0,-270", (struct vec3){0, 0, 1}, (struct vec3){0, -1, 0});
	assert_axes("0,45,90", (struct vec3){half, half, 0}, (struct vec3){half, -half, 0});
}

/* --- written and read ----------------------------------------------------------------------- */

/* Both ends of a curve, where its sweep begins and where it ends. */
struct edges {
	struct vec3 at[4];
};

static int collect(const struct deepcad_model *m, struct edges **out)
{
	int count = 0, room = 0;

	for (int i = 0; i < m->feature_count; i++)
		for (int k = 0; k < m->features[i].count; k++) {
			const struct deepcad_region *r = &m->features[i].regions[k];

			for (int l = 0; l < r->profile->count; l++)
				room += r->profile->loops[l].count;
		}
	*out = ARENA_NEW(&arena, struct edges, room);
	for (int i = 0; i < m->feature_count; i++)
		for (int k = 0; k < m->features[i].count; k++) {
			const struct deepcad_region *r = &m->features[i].regions[k];
			const struct deepcad_plane *plane = &r->sketch->plane;
			double lo, hi;

			deepcad_heights(&m->features[i], &lo, &hi);
			for (int l = 0; l < r->profile->count; l++)
				for (int n = 0; n < r->profile->loops[l].count; n++) {
					const struct deepcad_curve *c =
						&r->profile->loops[l].curves[n];

					(*out)[count++] =
						(struct edges){{deepcad_world(plane, c->start, lo),
								deepcad_world(plane, c->end, lo),
								deepcad_world(plane, c->start, hi),
								deepcad_world(plane, c->end, hi)}};
				}
		}
	return count;
}

static bool are_near(const struct edges *a, const struct edges *b, bool turned)
{
	for (int i = 0; i < 4; i++) {
		struct vec3 d = vec3_sum(1, a->at[i], -1, b->at[turned ? i ^ 1 : i]);

		if (vec3_dot(d, d) > ROUNDED * ROUNDED)
			return false;
	}
	return true;
}

static void assert_all_near(const struct edges *a, int count, const struct edges *b, int others)
{
	for (int i = 0; i < count; i++) {
		bool found = false;

		for (int k = 0; k < others && !found; k++)
			found = are_near(&a[i], &b[k], false) || are_near(&a[i], &b[k], true);
		if (!found)
			fail_msg("curve %d of %d from (%g,%g,%g) is nowhere", i, count,
				 a[i].at[0].x, a[i].at[0].y, a[i].at[0].z);
	}
}

/* Curves shorter than the grid are not written. */
static bool has_specks(const struct edges *e, int count)
{
	for (int i = 0; i < count; i++) {
		struct vec3 d = vec3_sum(1, e[i].at[0], -1, e[i].at[1]);
		double far = sqrt(vec3_dot(d, d));

		if (far > 0 && far < 2e-3)
			return true;
	}
	return false;
}

static void test_random_models(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	int models = extent(600, 200), written = 0;

	(void)state;
	for (int i = 0; i < models; i++) {
		struct deepcad_model model, scaled, read;
		struct edges *wanted, *got;
		struct buf text = {0};
		struct err err = {0};
		double scale;
		int n, m;

		arena_reset(&arena);
		model = random_model(&rng, &arena);
		if (code_scale_farthest(&scale, &model, 1, &err) < 0)
			continue; /* nothing is left of it */
		deepcad_scaled(&scaled, &model, scale, (struct vec3){0, 0, 0}, &arena);
		n = collect(&scaled, &wanted);
		if (has_specks(wanted, n) ||
		    cad_code_write(&model, CAD_CODE_text2cad, 0, &text, &err) < 0) {
			buf_free(&text);
			continue;
		}
		written++;
		if (cad_code_parse_as(&read, CAD_CODE_text2cad, "t.json", text.data, text.len,
				      &arena, &err) < 0)
			fail_msg("model %d: %s", i, err.msg);
		m = collect(&read, &got);
		assert_int_equal(m, n);
		assert_all_near(got, m, wanted, n);
		assert_all_near(wanted, n, got, m);
		buf_free(&text);
	}
	printf("# %d of %d models\n", written, models);
	assert_true(written > models / 3);
}

/* --- refusals ------------------------------------------------------------------------------- */

static void refuse(enum err_code code, const char *text, const char *message)
{
	struct deepcad_model model;
	struct err err = {0};

	assert_int_equal(deepcad_parse(&model, "t.json", text, strlen(text), &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static void refuse_text(const char *text, const char *message)
{
	refuse(ERR_FORMAT, text, message);
}

static void test_refused(void **state)
{
	(void)state;
	refuse_text("{\"parts\":3}", "t.json:1: 'parts' must be an object");
	refuse_text("{\"parts\":{}}", "t.json:1: a model without parts");
	refuse_text("{\"parts\":{\n\"part_1\":[]}}", "t.json:2: 'part_1' must be an object");
	refuse_text("{\"parts\":{\"part_1\":{}}}",
		    "t.json:1: 'coordinate_system' must be an object");
	refuse_text(MODEL(PART("p", PLANE("0,0", "0,0,0"), DISC, UP)),
		    "t.json:1: 'Euler Angles' must have 3 numbers");
	refuse_text(MODEL(PART("p", PLANE("0,0,0", "0,\"0\",0"), DISC, UP)),
		    "t.json:1: 'Translation Vector' must have 3 numbers");
	refuse(ERR_LIMIT, MODEL(PART("p", PLANE("0,0,0", "0,1e300,0"), DISC, UP)),
	       "t.json:1: 'Translation Vector' has 1e+300; allowed -1e+06 to 1e+06");
	refuse_text(SIMPLE(""), "t.json:1: a sketch without faces");
	refuse_text(SIMPLE("\"face_1\":{}"), "t.json:1: a profile without loops");
	refuse_text(SIMPLE("\"face_1\":{\"loop_1\":[1]}"), "t.json:1: 'loop_1' must be an object");
	refuse_text(CURVES(""), "t.json:1: a loop without curves");
	refuse(ERR_UNSUPPORTED, CURVES("\"spline_1\":{}"),
	       "t.json:1: 'spline_1' is no line_, arc_ or circle_");
	refuse_text(CURVES("\"line_1\":{\"Start Point\":[0,0]}"),
		    "t.json:1: 'End Point' must be an array");
	refuse_text(CURVES(LINE(1, 1, 1, 1, 1)), "t.json:1: 'line_1' has no length");
	refuse_text(CURVES("\"arc_1\":{\"Start Point\":[0,0],\"Mid Point\":[1,1],\"End "
			   "Point\":[2,2]}"),
		    "t.json:1: 'arc_1' is an arc whose three points lie in one line");
	refuse(ERR_LIMIT,
	       CURVES("\"arc_1\":{\"Start Point\":[0,0],\"Mid Point\":[2000,1],\"End "
		      "Point\":[4000,0]}"),
	       "t.json:1: 'arc_1' has a radius of 2e+06; allowed 1e+06");
	refuse_text(CURVES("\"circle_1\":{\"Center\":[0,0],\"Radius\":0}"),
		    "t.json:1: 'Radius' must be more than 1e-09");
	refuse_text(CURVES("\"circle_1\":{\"Center\":[0,0],\"Radius\":1}," LINE(1, 0, 0, 1, 0)),
		    "t.json:1: a circle in a loop with other curves");
	refuse_text(CURVES(LINE(1, 0, 0, 1, 0) "," LINE(2, 1, 0, 1, 1)),
		    "t.json:1: an open loop: no curve goes on from (1, 1)");
	refuse_text(CURVES(LINE(1, 0, 0, 2, 2) "," LINE(2, 2, 2, 2, 0) "," LINE(
			    3, 2, 0, 0, 1) "," LINE(4, 0, 1, 0, 0)),
		    "t.json:1: 'face_1' has a loop that crosses itself");
	refuse_text(MODEL(PART("p", LEVEL, DISC, EXTRUSION(0, 0, "NewBody"))),
		    "t.json:1: an extrude of no length");
	refuse(ERR_UNSUPPORTED, MODEL(PART("p", LEVEL, DISC, EXTRUSION(1, 0, "Sew"))),
	       "t.json:1: 'operation' of 'SewFeatureOperation' is not supported");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_parts, forget),
		cmocka_unit_test_teardown(test_opposite, forget),
		cmocka_unit_test_teardown(test_angles, forget),
		cmocka_unit_test_teardown(test_random_models, forget),
		cmocka_unit_test_teardown(test_refused, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
