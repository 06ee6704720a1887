/* SPDX-License-Identifier: MIT */
/* Revolves from file to solid: volumes by Pappus, boxes, what is written and read again, every language,
 * what is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "formats/cad/cad_vec.h"
#include "formats/solid/solid.h"
#include "tests/deepcad_texts.h"
#include "tests/made_solids.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"

#define EXACT 1e-9

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* --- texts ---------------------------------------------------------------------------------- */

#define ANGLE(A) "{\"type\":\"AngleExtentDefinition\",\"angle\":{\"value\":" #A "}}"
#define TURN(TYPE, ONE, TWO)                                                                       \
	"\"extent_type\":\"" TYPE                                                                  \
	"FeatureExtentType\",\"extent_one\":" ANGLE(ONE) ",\"extent_two\":" ANGLE(TWO)
#define FULL TURN("OneSide", 6.283185307179586, 0.0)
#define AXIS(X0, Y0, X1, Y1) "\"axis\":" LINE(X0, Y0, X1, Y1)
#define REVOLVE(ID, REGIONS, OPERATION, AXIS, TURN)                                                \
	"\"" ID "\":{\"type\":\"RevolveFeature\",\"name\":\"" ID "\",\"profiles\":[" REGIONS       \
	"],\"operation\":\"" OPERATION "\"," AXIS "," TURN "}"
/* A model of one sketch and one revolve of it. */
#define TURNED(LOOPS, AXIS, TURN)                                                                  \
	MODEL(SKETCH("S", XY, PROFILE("P", LOOPS)) "," REVOLVE("R", REGION("S", "P"), NEW, AXIS,   \
							       TURN),                              \
	      ROW("S") "," ROW("R"))

static struct deepcad_model parsed(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_parse(&model, "m", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

static struct solid_measures measures_of(const struct deepcad_model *model)
{
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(model, &err);
	struct solid_measures m;

	if (!solid)
		fail_msg("%s", err.msg);
	m = made_measures(solid);
	solid_free(solid);
	return m;
}

/* --- volumes -------------------------------------------------------------------------------- */

/* The area of a segment or a circle and, from its centre, the middle of it. */
static double piece_of(const struct deepcad_curve *c, struct vec *middle)
{
	double s = fabs(c->sweep), area = c->radius * c->radius * (s - sin(s)) / 2;
	struct vec out = vec_unit(vec_sub(deepcad_curve_middle(c), c->centre));

	*middle = c->centre;
	if (c->kind == DEEPCAD_CIRCLE)
		return M_PI * c->radius * c->radius;
	*middle = vec_add(c->centre,
			  vec_scale(out, 4 * c->radius * pow(sin(s / 2), 3) / (3 * (s - sin(s)))));
	return c->sweep > 0 ? area : -area;
}

/* The integral of the distance from the line over what the loop encloses. */
static double moment_of(const struct deepcad_loop *loop, struct vec start, struct vec side)
{
	double moment = 0, area = 0;

	for (int i = 0; i < loop->count; i++) {
		const struct deepcad_curve *c = &loop->curves[i];
		struct vec a = vec_sub(c->start, start), b = vec_sub(c->end, start), middle;
		double triangle = vec_cross(a, b) / 2, piece;

		area += triangle;
		moment += triangle * vec_dot(vec_add(a, b), side) / 3;
		if (c->kind == DEEPCAD_LINE)
			continue;
		piece = piece_of(c, &middle);
		area += piece;
		moment += piece * vec_dot(vec_sub(middle, start), side);
	}
	return fabs(area) > 0 && area < 0 ? -moment : moment;
}

/* Pappus: what turns is the area, on the way of its middle. */
static double pappus(const struct deepcad_feature *revolve)
{
	const struct deepcad_profile *p = revolve->regions[0].profile;
	struct vec start = revolve->axis.start;
	struct vec side = vec_perp(vec_unit(vec_sub(revolve->axis.end, start)));
	double moment = 0, lo, hi;

	for (int i = 0; i < p->count; i++)
		moment += (i == p->outer ? 1 : -1) * moment_of(&p->loops[i], start, side);
	deepcad_angles(revolve, &lo, &hi);
	return fabs(moment) * (hi - lo);
}

static struct deepcad_model again(const struct deepcad_model *model)
{
	struct buf text = {0};
	struct deepcad_model back;

	deepcad_write(model, &text);
	back = parsed(text.data);
	buf_free(&text);
	return back;
}

static bool is_straight(const struct deepcad_profile *p)
{
	for (int i = 0; i < p->count; i++)
		for (int k = 0; k < p->loops[i].count; k++)
			if (p->loops[i].curves[k].kind != DEEPCAD_LINE)
				return false;
	return true;
}

/* Volumes of tori are integrated, to some 1e-5 where it goes badly. */
static void test_random_volumes(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	need_solids();
	for (int i = 0; i < 40; i++) {
		struct deepcad_model made = random_revolve(&rng, &arena), model = again(&made);

		assert_share(measures_of(&model).volume, pappus(&model.features[0]),
			     is_straight(model.features[0].regions[0].profile) ? EXACT : 1e-4);
	}
}

static struct vec point_of(const struct deepcad_curve *c, double share)
{
	if (c->kind == DEEPCAD_LINE)
		return vec_add(vec_scale(c->start, 1 - share), vec_scale(c->end, share));
	return vec_add(c->centre, vec_rotate(vec_sub(c->start, c->centre), share * c->sweep));
}

/* The point of the sketch turned about the axis. */
static struct vec3 turned(const struct deepcad_feature *revolve, struct vec p, double angle)
{
	const struct deepcad_plane *plane = &revolve->regions[0].sketch->plane;
	struct vec way = vec_unit(vec_sub(revolve->axis.end, revolve->axis.start));
	struct vec from = vec_sub(p, revolve->axis.start);
	struct vec foot = vec_add(revolve->axis.start, vec_scale(way, vec_dot(from, way)));
	double away = vec_dot(from, vec_perp(way));

	return deepcad_world(plane, vec_add(foot, vec_scale(vec_perp(way), away * cos(angle))),
			     away * sin(angle));
}

static void widen(struct deepcad_bounds *b, struct vec3 p)
{
	b->lo = (struct vec3){fmin(b->lo.x, p.x), fmin(b->lo.y, p.y), fmin(b->lo.z, p.z)};
	b->hi = (struct vec3){fmax(b->hi.x, p.x), fmax(b->hi.y, p.y), fmax(b->hi.z, p.z)};
}

/* The box is that of points all over the outline, turned to many angles. */
static void test_random_boxes(void **state)
{
	struct rng rng = rng_seed(test_seed(), 4);

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct deepcad_model made = random_revolve(&rng, &arena), model = again(&made);
		const struct deepcad_feature *f = &model.features[0];
		const struct deepcad_profile *p = f->regions[0].profile;
		struct deepcad_bounds box = deepcad_bounds(&model), all = {0};
		double lo, hi, slack;

		deepcad_angles(f, &lo, &hi);
		all.lo = all.hi = turned(f, p->loops[p->outer].curves[0].start, lo);
		for (int k = 0; k < p->loops[p->outer].count; k++)
			for (int t = 0; t < 100 * 200; t++)
				widen(&all, turned(f,
						   point_of(&p->loops[p->outer].curves[k],
							    t % 100 / 99.0),
						   lo + (hi - lo) * (t / 100) / 199));
		slack = 1e-3 * (box.hi.x - box.lo.x + box.hi.y - box.lo.y);
		assert_true(box.exact);
		assert_vec3(all.lo, box.lo.x, box.lo.y, box.lo.z, slack);
		assert_vec3(all.hi, box.hi.x, box.hi.y, box.hi.z, slack);
		widen(&all, box.lo);
		widen(&all, box.hi);
		assert_vec3(all.lo, box.lo.x, box.lo.y, box.lo.z, 1e-12);
		assert_vec3(all.hi, box.hi.x, box.hi.y, box.hi.z, 1e-12);
	}
}

#define HALF_DISC LINE(0, -1, 0, 1) "," ARC(0, -1, 0, 1, 0, 0, 1, 0, -1, PI)

/* A side on the axis: a ball, and a fifth of a cylinder to either side of its sketch. */
static void test_side_on_axis(void **state)
{
	struct deepcad_model ball = parsed(TURNED(LOOP(HALF_DISC), AXIS(0, 3, 0, 2), FULL));
	struct deepcad_model part = parsed(
		TURNED(LOOP(SQUARE), AXIS(0, 0, 1, 0), TURN("TwoSides", 0.5, 0.7566370614359172)));
	struct solid_measures m;

	(void)state;
	need_solids();
	assert_share(measures_of(&ball).volume, 4 * M_PI / 3, EXACT);
	m = measures_of(&part);
	assert_share(m.volume, M_PI / 5, EXACT);
	/* Counter-clockwise about +x, +y goes towards +z. */
	assert_vec3(m.lo, 0, 0, -sin(0.7566370614359172), 1e-9);
	assert_vec3(m.hi, 1, 1, sin(0.5), 1e-9);
}

#define SIDE PLANE(XYZ(0, 0, 0), XYZ(0, 0, 1), XYZ(0, 1, 0), XYZ(-1, 0, 0))
#define SMALL LINE(1, 1, 2, 1) "," LINE(2, 1, 2, 2) "," LINE(2, 2, 1, 2) "," LINE(1, 2, 1, 1)

/* Profiles of two sketches, in planes that have the axis in common. */
static void test_two_planes(void **state)
{
	struct deepcad_model model = parsed(
		MODEL(SKETCH("S", XY, PROFILE("P", LOOP(SMALL))) "," SKETCH(
			      "T", SIDE,
			      PROFILE("P", LOOP(SMALL))) "," REVOLVE("R",
								     REGION("S", "P") "," REGION(
									     "T", "P"),
								     NEW, AXIS(0, 0, 0, 1),
								     TURN("Symmetric", 0.25, 0)),
		      ROW("S") "," ROW("T") "," ROW("R")));

	(void)state;
	need_solids();
	/* Each a ring's part: radii 1 and 2, height 1, half a radian. */
	assert_share(measures_of(&model).volume, 2 * 3 * 0.25, EXACT);
}

/* A disc, a groove turned into it and a half of what is left. */
static void test_operations(void **state)
{
	struct deepcad_model model = parsed(MODEL(
		SKETCH("S", XY, PROFILE("P", LOOP(CIRCLE(0, 0, 3)))) "," SKETCH(
			"T", SIDE,
			PROFILE("P",
				LOOP(SMALL))) "," EXTRUDE("E", REGION("S", "P"), NEW,
							  ONE(3)) "," REVOLVE("R", REGION("T", "P"),
									      CUT, AXIS(0, 0, 2, 0),
									      FULL) "," REVOLVE("H",
												REGION("S",
												       "P"),
												INTERSECT,
												AXIS(-3,
												     3,
												     4,
												     3),
												TURN("OneSide",
												     1.5,
												     0)),
		ROW("S") "," ROW("E") "," ROW("T") "," ROW("R")));

	(void)state;
	need_solids();
	assert_int_equal(model.features[1].kind, DEEPCAD_REVOLVE);
	assert_share(measures_of(&model).volume, 27 * M_PI - 3 * M_PI, EXACT);
}

/* --- files ---------------------------------------------------------------------------------- */

static void test_random_files(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct deepcad_model made = random_revolve(&rng, &arena), model = again(&made);
		struct deepcad_model other = model;

		scramble_model(&rng, &other);
		assert_same_models(&model, &other);
		assert_true(made.features[0].axis.end.x == model.features[0].axis.end.x);
		assert_true(made.features[0].one == model.features[0].one);
	}
}

/* In centimetres; an endless axis; a turn that is full by its kind. */
static void test_fusion(void **state)
{
	struct deepcad_model model = parsed("{\"metadata\":{},\"entities\":{" SKETCH(
		"S", XY,
		PROFILE("P", LOOP(SQUARE))) "," REVOLVE("R", REGION("S", "P"), NEW,
							"\"axis\":{\"type\":"
							"\"InfiniteLine3D\","
							"\"origin\":" XY0(5, -1) ",\"direction\""
										 ":" XY0(0, 2) "}",
							"\"extent_type\":"
							"\"OneSideFeatureExtentType"
							"\",\"extent_one\":"
							"{\"type\":"
							"\"FullSweepExtentDefinitio"
							"n\"}") "},\"sequence\":"
								"[" ROW("S") "," ROW("R") "]}");
	const struct deepcad_feature *r = &model.features[0];

	(void)state;
	assert_true(r->axis.start.x == 0.05 && r->axis.start.y == -0.01);
	assert_true(r->axis.end.x == 0.05 && r->axis.end.y > r->axis.start.y);
	assert_true(r->one == 2 * M_PI && r->extent == DEEPCAD_ONE_SIDE);
}

static void refuse(const char *text, enum err_code code, const char *message)
{
	struct deepcad_model model;
	struct err err = {0};

	assert_int_equal(deepcad_parse(&model, "m", text, strlen(text), &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static void test_refused_files(void **state)
{
	(void)state;
	refuse(TURNED(LOOP(SQUARE), AXIS(0.5, 0, 0.5, 1), FULL), ERR_FORMAT,
	       "m:1: an axis that crosses the profile");
	refuse(TURNED(LOOP(SQUARE), AXIS(0, 0, 0, 0), FULL), ERR_FORMAT,
	       "m:1: an axis of no length");
	refuse(TURNED(LOOP(SQUARE), AXIS(0, 0, 0, 1), TURN("OneSide", 0.0, 1.0)), ERR_FORMAT,
	       "m:1: a revolve of no angle");
	refuse(TURNED(LOOP(SQUARE), AXIS(0, 0, 0, 1), TURN("Symmetric", 3.2, 0)), ERR_FORMAT,
	       "m:1: a revolve of more than a full turn");
	refuse(TURNED(LOOP(SQUARE), "\"axes\":0", FULL), ERR_FORMAT,
	       "m:1: 'axis' must be an object");
	refuse(TURNED(LOOP(SQUARE), "\"axis\":{\"type\":\"Line3D\"}", FULL), ERR_FORMAT,
	       "m:1: 'start_point' must be an object");
	refuse(TURNED(LOOP(SQUARE), "\"axis\":{\"type\":\"Arc3D\"}", FULL), ERR_UNSUPPORTED,
	       "m:1: 'axis' of type 'Arc3D' is not supported");
	refuse(TURNED(LOOP(SQUARE),
		      "\"axis\":{\"type\":\"Line3D\",\"start_point\":" XYZ(
			      0, 0, 0) ",\"end_point\":" XYZ(0, 1, 1) "}",
		      FULL),
	       ERR_FORMAT, "m:1: an axis that is not in the plane of its sketch");
	refuse(TURNED(LOOP(SQUARE), AXIS(0, 0, 0, 1), ONE(1.0)), ERR_UNSUPPORTED,
	       "m:1: 'extent_one' of type 'DistanceExtentDefinition' is not supported");
	refuse(TURNED(LOOP(SQUARE), AXIS(0, 0, 0, 1),
		      "\"extent_type\":\"OneSideFeatureExtentType\",\"extent_one\":{\"type\":"
		      "\"AngleExtentDefinition\"}"),
	       ERR_FORMAT, "m:1: 'angle' must be an object");
	refuse(MODEL(SKETCH("S", XY, PROFILE("P", LOOP(SQUARE))) "," SKETCH(
			     "T", SIDE,
			     PROFILE("P", LOOP(SQUARE))) "," REVOLVE("R",
								     REGION("S", "P") "," REGION(
									     "T", "P"),
								     NEW, AXIS(0, 0, 1, 0), FULL),
		     ROW("R")),
	       ERR_FORMAT, "m:1: an axis that is not in the plane of every sketch");
	refuse(MODEL(REVOLVE("R", "", NEW, AXIS(0, 0, 1, 0), FULL), ROW("R")), ERR_FORMAT,
	       "m:1: a revolve without profiles");
	refuse(MODEL(SKETCH("S", XY, PROFILE("P", LOOP(SQUARE))) "," REVOLVE(
			     "R", REGION("S", "P"), NEW, AXIS(0, 0, 1, 0), FULL),
		     ROW("R") "," ROW("R")),
	       ERR_FORMAT, "m:1: revolve 'R' comes twice");
}

static void test_no_vector(void **state)
{
	struct deepcad_model model = parsed(TURNED(LOOP(SQUARE), AXIS(0, 0, 0, 1), FULL));
	struct cad_vec vec;

	(void)state;
	for (int compat = 0; compat < 2; compat++) {
		struct err err = {0};

		assert_int_equal(cad_vec_from_deepcad(&vec, &model, compat, &arena, &err), -1);
		assert_string_equal(err.msg, "vectors have no revolves");
		assert_int_equal(err.code, ERR_UNSUPPORTED);
	}
}

/* --- programs ------------------------------------------------------------------------------- */

static struct deepcad_model read_code(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "m", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

static void assert_code(const struct deepcad_model *model, enum cad_code code, const char *expected)
{
	struct buf text = {0};
	struct err err = {0};

	if (cad_code_write(model, code, 0, &text, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static void refuse_code(const struct deepcad_model *model, enum cad_code code, const char *message)
{
	struct buf text = {0};
	struct err err = {0};

	assert_int_equal(cad_code_write(model, code, 0, &text, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	buf_free(&text);
}

#define PLANE_AND_RING                                                                             \
	"cq.Workplane(cq.Plane(origin=(0,0,0), xDir=(1,0,0), "                                     \
	"normal=(0,0,1))).moveTo(3,0).circle(1)"

static void test_languages(void **state)
{
	struct deepcad_model ring = read_code("a = Sketch()\na.add_circle(center=(3,0), radius=1)\n"
					      "Revolve(a, axis=(0,2))\n");
	struct deepcad_model part = read_code(
		"a = Sketch()\na.add_circle(center=(3,0), radius=1)\n"
		"Revolve(a, origin=(1,0), axis=(0,-1), angle=90, against=30, operation=\"cut\")\n");

	(void)state;
	assert_code(&ring, CAD_CODE_sketch,
		    "sketch_0 = Sketch()\n"
		    "sketch_0.add_circle(center=(3,0), radius=1)\n"
		    "Revolve(sketch_0, axis=(0,1))\n");
	assert_code(&part, CAD_CODE_sketch,
		    "sketch_0 = Sketch()\n"
		    "sketch_0.add_circle(center=(3,0), radius=1)\n"
		    "Revolve(sketch_0, origin=(1,0), axis=(0,-1), angle=90, against=30)\n");
	assert_code(&ring, CAD_CODE_cadquery,
		    "import cadquery as cq\nresult = " PLANE_AND_RING
		    ".revolve(360,(0,0),(0,1))\n");
	assert_code(&part, CAD_CODE_cadquery,
		    "import cadquery as cq\nresult = " PLANE_AND_RING
		    ".revolve(120,(1,0),(1,-1)).rotate((1,0,0),(1,-1,0),-30)\n");
	assert_code(&ring, CAD_CODE_gencad,
		    "import cadquery as cq\n"
		    "# Generating a workplane for sketch 0\n"
		    "wp_sketch0 = cq.Workplane(cq.Plane(cq.Vector(0.0, 0.0, 0.0), "
		    "cq.Vector(1.0, 0.0, 0.0), cq.Vector(0.0, 0.0, 1.0)))\n"
		    "loop0=wp_sketch0.moveTo(0.5625, 0.0).circle(0.1875)\n"
		    "solid0=wp_sketch0.add(loop0).revolve(360.0, (0.0, 0.0), (0.0, 1.0))\n"
		    "solid=solid0\n");
	assert_code(&ring, CAD_CODE_recode,
		    "import cadquery as cq\n"
		    "w0=cq.Workplane('XY',origin=(0,0,0))\n"
		    "r=w0.sketch().push([(75,0)]).circle(25).finalize().revolve(360,(0,0),(0,1))"
		    "\n");
	refuse_code(&ring, CAD_CODE_openecad, "revolve 1: the language has no revolves");
	refuse_code(&ring, CAD_CODE_text2cad, "revolve 1: the language has no revolves");
	part.features[0].axis.end.x += 1;
	refuse_code(&part, CAD_CODE_recode, "revolve 1: an axis that is along none of the plane's");
}

static void test_random_programs(void **state)
{
	struct rng rng = rng_seed(test_seed(), 3);

	(void)state;
	need_solids();
	for (int i = 0; i < 30; i++) {
		struct deepcad_model made = random_revolve(&rng, &arena), model = again(&made),
				     back;
		struct buf text = {0};
		struct err err = {0};

		if (cad_code_write(&model, CAD_CODE_sketch, 0, &text, &err) < 0)
			fail_msg("%s", err.msg);
		back = read_code(text.data);
		assert_share(measures_of(&back).volume, measures_of(&model).volume, EXACT);
		buf_free(&text);
	}
}

/* Drawings tell neither where the axis's points were nor which way it went. */
static void test_canonical(void **state)
{
	static const char *const same[] = {
		"s = Sketch(origin=(5,0,0))\ns.add_circle(center=(30,7), radius=5)\n"
		"Revolve(s, origin=(90,2), axis=(-3,0), angle=-40, operation=\"join\")\n",
		"s = Sketch(origin=(5,0,0))\ns.add_circle(center=(30,7), radius=5)\n"
		"Revolve(s, origin=(-5,2), axis=(1,0), angle=40, operation=\"join\")\n",
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct deepcad_model model = read_code(same[i]), told;
		struct err err = {0};

		if (cad_code_canonical(&told, &model, (struct vec3){0.005, 0, 0}, 0.1, &arena,
				       &err) < 0)
			fail_msg("%s", err.msg);
		assert_code(&told, CAD_CODE_sketch,
			    "sketch_0 = Sketch()\n"
			    "sketch_0.add_circle(center=(30,7), radius=5)\n"
			    "Revolve(sketch_0, origin=(0,2), axis=(1,0), angle=40)\n");
	}
}

static void refuse_text(const char *revolve, const char *message)
{
	char text[512];
	struct deepcad_model model;
	struct err err = {0};

	snprintf(text, sizeof(text), "s = Sketch()\ns.add_circle(center=(3,0), radius=1)\n%s\n",
		 revolve);
	assert_int_equal(cad_code_parse(&model, "m", text, strlen(text), &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void test_refused_programs(void **state)
{
	(void)state;
	refuse_text("Revolve(s, origin=(3,0), axis=(0,1))",
		    "m:3:1: an axis that crosses the profile");
	refuse_text("Revolve(s, axis=(0,0))", "m:3:1: an axis of no length");
	refuse_text("Revolve(s, axis=(0,1), angle=0)", "m:3:1: a revolve of no angle");
	refuse_text("Revolve(s, axis=(0,1), angle=300, against=61)",
		    "m:3:1: a revolve of more than a full turn");
	refuse_text("Revolve(s, angle=90)", "m:3:11: 'axis' is missing");
	refuse_text("Revolve(s, axis=(0,1), against=90)", "m:3:1: 'angle' is missing");
	refuse_text("Revolve(s, axis=(0,1), angle=9, against=9, symmetric=True)",
		    "m:3:1: symmetric and against exclude each other");
	refuse_text("Revolve(s, axis=(0,1), distance=9)", "m:3:24: 'distance' is no argument here");
	refuse_text("Revolve(t, axis=(0,1))", "m:3:9: no sketch 't'");
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random_volumes),   TEST(test_random_boxes),    TEST(test_side_on_axis),
		TEST(test_two_planes),       TEST(test_operations),      TEST(test_random_files),
		TEST(test_fusion),           TEST(test_refused_files),   TEST(test_no_vector),
		TEST(test_languages),        TEST(test_random_programs), TEST(test_canonical),
		TEST(test_refused_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
