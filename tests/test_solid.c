/* SPDX-License-Identifier: MIT */
/* solid: volumes, areas and boxes of what is extruded, revolved and combined, by formulas; models of
 * DeepCAD, made here and real; what is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "formats/solid/solid.h"
#include "tests/deepcad_samples.h"
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

static void assert_counts(const struct solid_measures *m, int bodies, int faces, int edges)
{
	assert_int_equal(m->bodies, bodies);
	assert_int_equal(m->faces, faces);
	assert_int_equal(m->edges, edges);
}

/* --- extruded and revolved ------------------------------------------------------------------- */

static void test_box(void **state)
{
	struct solid *solid;
	struct solid_measures m;

	(void)state;
	need_solids();
	solid = made_box((struct vec3){0.01, -0.02, 0.03}, (struct vec3){0.04, 0.03, 0.1}, &arena);
	m = made_measures(solid);
	assert_share(m.volume, 0.03 * 0.05 * 0.07, EXACT);
	assert_share(m.area, 2 * (0.03 * 0.05 + 0.05 * 0.07 + 0.07 * 0.03), EXACT);
	assert_vec3(m.lo, 0.01, -0.02, 0.03, 1e-12);
	assert_vec3(m.hi, 0.04, 0.03, 0.1, 1e-12);
	assert_counts(&m, 1, 6, 12);
	solid_free(solid);
}

/* On a plane that lies askew: the box is r times the sine of the axis' angle to each direction. */
static void test_cylinder_askew(void **state)
{
	const struct deepcad_plane plane = {
		{0.001, 0.002, 0.003}, {0.6, 0, 0.8}, {0, 1, 0}, {-0.8, 0, 0.6}};
	struct solid *solid;
	struct solid_measures m;

	(void)state;
	need_solids();
	solid = made_cylinder(&plane, 0.02, -0.01, 0.05, &arena);
	m = made_measures(solid);
	assert_share(m.volume, M_PI * 0.02 * 0.02 * 0.06, EXACT);
	assert_share(m.area, 2 * M_PI * 0.02 * (0.02 + 0.06), EXACT);
	assert_vec3(m.lo, 0.001 - 0.8 * 0.05 - 0.6 * 0.02, 0.002 - 0.02,
		    0.003 - 0.6 * 0.01 - 0.8 * 0.02, 1e-9);
	assert_vec3(m.hi, 0.001 + 0.8 * 0.01 + 0.6 * 0.02, 0.002 + 0.02,
		    0.003 + 0.6 * 0.05 + 0.8 * 0.02, 1e-9);
	assert_counts(&m, 1, 3, 3);
	solid_free(solid);
}

static void test_plate_with_holes(void **state)
{
	const struct made_hole holes[] = {{{0.02, 0.02}, 0.005}, {{0.07, 0.03}, 0.01}};
	double discs = M_PI * (0.005 * 0.005 + 0.01 * 0.01), round = 2 * M_PI * (0.005 + 0.01);
	struct solid *solid;
	struct solid_measures m;

	(void)state;
	need_solids();
	solid = made_plate(vec(0.1, 0.05), 0.008, holes, 2, &arena);
	m = made_measures(solid);
	assert_share(m.volume, (0.1 * 0.05 - discs) * 0.008, EXACT);
	assert_share(m.area, 2 * (0.1 * 0.05 - discs) + 0.008 * (0.3 + round), EXACT);
	assert_counts(&m, 1, 8, 12 + 2 * 3);
	solid_free(solid);
}

static struct solid_measures revolved(const struct deepcad_profile *profile, double x,
				      double angle_rad)
{
	struct err err = {0};
	struct deepcad_axis axis = {{x, 0}, {x, 1}};
	struct solid *solid = solid_revolved(profile, &made_xy, &axis, 0, angle_rad, &err);
	struct solid_measures m;

	if (!solid)
		fail_msg("%s", err.msg);
	m = made_measures(solid);
	solid_free(solid);
	return m;
}

static void test_torus(void **state)
{
	struct deepcad_profile disc = made_disc(vec(0.05, 0.01), 0.012, &arena);
	struct solid_measures m;

	(void)state;
	need_solids();
	m = revolved(&disc, 0, 2 * M_PI);
	assert_share(m.volume, 2 * M_PI * M_PI * 0.05 * 0.012 * 0.012, EXACT);
	assert_share(m.area, 4 * M_PI * M_PI * 0.05 * 0.012, EXACT);
	assert_vec3(m.lo, -0.062, -0.002, -0.062, 1e-8);
	assert_vec3(m.hi, 0.062, 0.022, 0.062, 1e-8);
	/* A third of it, to the side that is counter-clockwise about +y: towards -z. */
	m = revolved(&disc, 0, 2 * M_PI / 3);
	assert_share(m.volume, 2 * M_PI * M_PI * 0.05 * 0.012 * 0.012 / 3, EXACT);
	assert_true(m.lo.z < -0.061 && m.hi.z < 0.0105);
}

/* Triangles with a side on the axis, on either side of it. */
static void test_cone(void **state)
{
	const struct vec right[] = {{0.01, 0}, {0.04, 0}, {0.01, 0.04}};
	const struct vec left[] = {{0.01, 0}, {0.01, 0.04}, {-0.02, 0}};
	struct deepcad_profile profile;
	struct solid_measures m;

	(void)state;
	need_solids();
	for (int i = 0; i < 2; i++) {
		profile = made_polygon(i ? left : right, 3, NULL, 0, &arena);
		m = revolved(&profile, 0.01, 2 * M_PI);
		assert_share(m.volume, M_PI * 0.03 * 0.03 * 0.04 / 3, EXACT);
		assert_share(m.area, M_PI * 0.03 * (0.03 + 0.05), EXACT);
		assert_vec3(m.hi, 0.04, 0.04, 0.03, 1e-8);
	}
}

static void test_placed(void **state)
{
	const struct deepcad_plane plane = {{1, 2, 3}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}};
	struct solid *solid, *moved;
	struct solid_measures m;
	struct err err = {0};

	(void)state;
	need_solids();
	solid = made_box((struct vec3){0, 0, 0}, (struct vec3){0.1, 0.2, 0.3}, &arena);
	moved = solid_placed(solid, &plane, &err);
	assert_non_null(moved);
	m = made_measures(moved);
	assert_vec3(m.lo, 1, 2, 3, 1e-9);
	assert_vec3(m.hi, 1.3, 2.1, 3.2, 1e-9);
	assert_share(m.volume, 0.006, EXACT);
	assert_vec3(made_measures(solid).hi, 0.1, 0.2, 0.3, 1e-12);
	solid_free(solid);
	solid_free(moved);
}

/* Half as large about a point that is nowhere near it; and back. */
static void test_scaled(void **state)
{
	const struct vec3 from = {1, 2, 3}, to = {-0.5, 0.25, 4};
	struct solid *solid, *half, *back;
	struct solid_measures m;
	struct err err = {0};
	double iou;

	(void)state;
	need_solids();
	solid = made_cylinder(&made_xy, 0.02, 0, 0.01, &arena);
	half = solid_scaled(solid, 0.5, from, to, &err);
	assert_non_null(half);
	m = made_measures(half);
	assert_share(m.volume, M_PI * 0.01 * 0.01 * 0.005, EXACT);
	assert_vec3(m.lo, -0.5 - 0.51, 0.25 - 1.01, 4 - 1.5, 1e-9);
	assert_vec3(m.hi, -0.5 - 0.49, 0.25 - 0.99, 4 - 1.495, 1e-9);
	back = solid_scaled(half, 2, to, from, &err);
	assert_non_null(back);
	assert_int_equal(solid_overlap(solid, back, &iou, &err), 0);
	assert_share(iou, 1, EXACT);
	solid_free(solid);
	solid_free(half);
	solid_free(back);
}

/* --- combined -------------------------------------------------------------------------------- */

static struct vec3 corner(struct rng *rng, double lo, double hi)
{
	struct vec3 v;

	v.x = lo + (hi - lo) * rng_unit(rng);
	v.y = lo + (hi - lo) * rng_unit(rng);
	v.z = lo + (hi - lo) * rng_unit(rng);
	return v;
}

static double box_volume(struct vec3 lo, struct vec3 hi)
{
	return (hi.x - lo.x) * (hi.y - lo.y) * (hi.z - lo.z);
}

static double volume_and_free(struct solid *solid, const struct err *err)
{
	double volume;

	if (!solid)
		fail_msg("%s", err->msg);
	volume = made_measures(solid).volume;
	solid_free(solid);
	return volume;
}

/* Boxes that overlap in the box between 0.04 and 0.05 at least. */
static void check_boxes(struct rng *rng)
{
	struct vec3 a0 = corner(rng, 0, 0.04), a1 = corner(rng, 0.05, 0.1);
	struct vec3 b0 = corner(rng, 0, 0.04), b1 = corner(rng, 0.05, 0.1);
	struct vec3 lo = {max2(a0.x, b0.x), max2(a0.y, b0.y), max2(a0.z, b0.z)};
	struct vec3 hi = {min2(a1.x, b1.x), min2(a1.y, b1.y), min2(a1.z, b1.z)};
	double a = box_volume(a0, a1), b = box_volume(b0, b1), both = box_volume(lo, hi), iou;
	struct solid *left = made_box(a0, a1, &arena), *right = made_box(b0, b1, &arena), *cut;
	struct err err = {0};

	assert_share(volume_and_free(solid_join(left, right, &err), &err), a + b - both, EXACT);
	assert_share(volume_and_free(solid_intersect(left, right, &err), &err), both, EXACT);
	cut = solid_cut(left, right, &err);
	if (cut) /* else the one is within the other */
		assert_share(volume_and_free(cut, &err), a - both, EXACT);
	else
		assert_true(a - both < 1e-12);
	assert_int_equal(solid_overlap(left, right, &iou, &err), 0);
	assert_share(iou, both / (a + b - both), EXACT);
	solid_free(left);
	solid_free(right);
}

static void test_random_boxes(void **state)
{
	struct rng rng;

	(void)state;
	need_solids();
	rng = rng_seed(test_seed(), 1);
	for (int i = 0; i < 20; i++)
		check_boxes(&rng);
}

static void test_overlap(void **state)
{
	struct solid *disc, *ring, *far;
	struct err err = {0};
	double iou = -1;

	(void)state;
	need_solids();
	disc = made_cylinder(&made_xy, 0.02, 0, 0.01, &arena);
	ring = made_cylinder(&made_xy, 0.01, -0.01, 0.01, &arena);
	far = made_box((struct vec3){1, 1, 1}, (struct vec3){2, 2, 2}, &arena);
	assert_int_equal(solid_overlap(disc, ring, &iou, &err), 0);
	assert_share(iou, 1.0 / (4 + 2 - 1), EXACT);
	assert_int_equal(solid_overlap(disc, disc, &iou, &err), 0);
	assert_share(iou, 1, EXACT);
	assert_int_equal(solid_overlap(disc, far, &iou, &err), 0);
	assert_true(iou == 0);
	solid_free(disc);
	solid_free(ring);
	solid_free(far);
}

/* With a slack, faces so near are one. */
static void test_overlap_near(void **state)
{
	struct solid *a, *b;
	struct err err = {0};
	double iou = -1;

	(void)state;
	need_solids();
	a = made_box((struct vec3){0, 0, 0}, (struct vec3){0.1, 0.1, 0.1}, &arena);
	b = made_box((struct vec3){0, 0, 0.1 - 1e-6}, (struct vec3){0.1, 0.1, 0.2}, &arena);
	assert_int_equal(solid_overlap_near(a, b, 0, &iou, &err), 0);
	assert_share(iou, 1e-6 / 0.2, 1e-5);
	assert_int_equal(solid_overlap_near(a, b, 3e-6, &iou, &err), 0);
	assert_true(iou == 0);
	solid_free(a);
	solid_free(b);
}

/* What touches becomes one body with nothing left of the joint; what does not stays two. */
static void test_joints(void **state)
{
	struct solid *a, *b, *c, *ab, *ac;
	struct solid_measures m;
	struct err err = {0};

	(void)state;
	need_solids();
	a = made_cylinder(&made_xy, 0.02, 0, 0.01, &arena);
	b = made_cylinder(&made_xy, 0.02, 0.01, 0.04, &arena);
	c = made_cylinder(&made_xy, 0.02, 0.02, 0.03, &arena);
	ab = solid_join(a, b, &err);
	ac = solid_join(a, c, &err);
	assert_non_null(ab);
	assert_non_null(ac);
	m = made_measures(ab);
	assert_counts(&m, 1, 3, 3);
	m = made_measures(ac);
	assert_counts(&m, 2, 6, 6);
	assert_share(m.volume, M_PI * 0.02 * 0.02 * 0.02, EXACT);
	solid_free(a);
	solid_free(b);
	solid_free(c);
	solid_free(ab);
	solid_free(ac);
}

/* --- models ---------------------------------------------------------------------------------- */

static struct deepcad_model parse(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_parse(&model, "m", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

static struct solid_measures built(const char *text)
{
	struct deepcad_model model = parse(text);
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(&model, &err);
	struct solid_measures m;

	if (!solid)
		fail_msg("%s", err.msg);
	m = made_measures(solid);
	solid_free(solid);
	return m;
}

static void assert_span(const char *extent, double lo, double hi)
{
	char text[4096];
	struct solid_measures m;

	snprintf(text, sizeof(text), SIMPLE(LOOP(SQUARE), NEW, "%s"), extent);
	m = built(text);
	assert_share(m.volume, hi - lo, EXACT);
	assert_vec3(m.lo, 0, 0, lo, 1e-12);
	assert_vec3(m.hi, 1, 1, hi, 1e-12);
}

static void test_extents(void **state)
{
	(void)state;
	need_solids();
	assert_span(ONE(0.5), 0, 0.5);
	assert_span(ONE(-0.5), -0.5, 0);
	assert_span(EXTENT("Symmetric", 0.25, 0.0), -0.25, 0.25);
	assert_span(EXTENT("TwoSides", 0.5, 0.25), -0.25, 0.5);
	assert_span(EXTENT("TwoSides", -0.02, 0.02), -0.02, 0);
}

/* Three quarters of a disc, whose arc is stored from either end, with a round hole whose loop comes
 * first. */
static void test_arcs(void **state)
{
	static const char *const arcs[] = {
		LINE(0, 0, 1, 0) "," ARC(1, 0, 0, -1, 0, 0, 1, 1, 0, 4.71238898038469),
		LINE(0, 0, 1, 0) "," ARC(0, -1, 1, 0, 0, 0, 1, 1, 0, 4.71238898038469)};
	char text[4096];
	struct solid_measures m;

	(void)state;
	need_solids();
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof(text),
			 SIMPLE(LIST(LOOP(CIRCLE(-0.5, 0.25, 0.125)), LOOP("%s,%s")), NEW, ONE(2)),
			 arcs[i], LINE(0, -1, 0, 0));
		m = built(text);
		assert_share(m.volume, 2 * M_PI * (0.75 - 0.125 * 0.125), EXACT);
		assert_share(m.area, m.volume + 2 * (2 + M_PI * (1.5 + 0.25)), EXACT);
		assert_vec3(m.lo, -1, -1, 0, 1e-8);
		assert_counts(&m, 1, 6, 9 + 3);
	}
}

#define TUBE LIST(LOOP(CIRCLE(0.5, 0.5, 0.25)), LOOP(CIRCLE(0.5, 0.5, 0.125)))
#define SHAPES                                                                                     \
	LIST3(PROFILE("A", LOOP(SQUARE)), PROFILE("B", LOOP(CIRCLE(0.5, 0.5, 0.25))),              \
	      PROFILE("C", TUBE))
#define TWICE(FIRST, OPERATION, SECOND)                                                            \
	MODEL(LIST3(SKETCH("S", XY, SHAPES), EXTRUDE("1", REGION("S", FIRST), CUT, ONE(1)),        \
		    EXTRUDE("2", SECOND, OPERATION, ONE(2))),                                      \
	      LIST3(ROW("S"), ROW("1"), ROW("2")))

static void test_operations(void **state)
{
	double disc = M_PI / 16, tube = disc - M_PI / 64;
	struct solid_measures m;

	(void)state;
	need_solids();
	m = built(TWICE("A", JOIN, REGION("S", "B")));
	assert_share(m.volume, 1 + disc, EXACT);
	assert_counts(&m, 1, 8, 15);
	assert_share(built(TWICE("A", NEW, REGION("S", "B"))).volume, 1 + disc, EXACT);
	m = built(TWICE("A", CUT, REGION("S", "B")));
	assert_share(m.volume, 1 - disc, EXACT);
	assert_counts(&m, 1, 7, 15);
	assert_share(built(TWICE("A", INTERSECT, REGION("S", "C"))).volume, tube, EXACT);
	/* Its core is a body of its own. */
	m = built(TWICE("A", CUT, REGION("S", "C")));
	assert_share(m.volume, 1 - tube, EXACT);
	assert_int_equal(m.bodies, 2);
}

#define LEFT LOOP(LINE(0, 0, 1, 0) "," LINE(1, 0, 1, 1) "," LINE(1, 1, 0, 1) "," LINE(0, 1, 0, 0))
#define RIGHT LOOP(LINE(1, 0, 2, 0) "," LINE(2, 0, 2, 1) "," LINE(2, 1, 1, 1) "," LINE(1, 1, 1, 0))
#define APART LOOP(CIRCLE(5, 0, 1))
#define NEIGHBOURS LIST3(PROFILE("A", LEFT), PROFILE("B", RIGHT), PROFILE("C", APART))
#define ALL LIST3(REGION("S", "A"), REGION("S", "B"), REGION("S", "C"))

/* Neighbours become one box, and one hole. */
static void test_several_profiles(void **state)
{
	struct solid_measures m;

	(void)state;
	need_solids();
	m = built(MODEL(LIST(SKETCH("S", XY, NEIGHBOURS), EXTRUDE("1", ALL, NEW, ONE(1))),
			LIST(ROW("S"), ROW("1"))));
	assert_share(m.volume, 2 + M_PI, EXACT);
	assert_counts(&m, 2, 9, 15);
	m = built(MODEL(LIST(LIST(SKETCH("T", XY, PROFILE("D", LOOP(CIRCLE(2, 0, 9)))),
				  SKETCH("S", XY, NEIGHBOURS)),
			     LIST(EXTRUDE("1", REGION("T", "D"), NEW, ONE(1)),
				  EXTRUDE("2", ALL, CUT, ONE(1)))),
			LIST3(ROW("S"), ROW("1"), ROW("2"))));
	assert_share(m.volume, 81 * M_PI - 2 - M_PI, EXACT);
	assert_counts(&m, 1, 8, 18);
}

static void assert_refused(struct solid *solid, const struct err *err, enum err_code code,
			   const char *part)
{
	assert_null(solid);
	assert_int_equal(err->code, code);
	if (!strstr(err->msg, part) || strchr(err->msg, '\n'))
		fail_msg("'%s' does not say '%s'", err->msg, part);
}

static void assert_model_refused(struct deepcad_model model, enum err_code code, const char *part)
{
	struct err err = {0};

	assert_refused(solid_from_deepcad(&model, &err), &err, code, part);
}

static void test_refused_models(void **state)
{
	struct deepcad_model model;

	(void)state;
	need_solids();
	assert_model_refused(parse(MODEL("", "")), ERR_FORMAT, "no extrude");
	assert_model_refused(parse(TWICE("B", CUT, REGION("S", "A"))), ERR_FORMAT,
			     "extrude 2 (2): nothing is left");
	model = parse(TWICE("A", JOIN, REGION("S", "B")));
	model.features[1].taper_one = 0.1;
	assert_model_refused(model, ERR_UNSUPPORTED, "extrude 2 (2): it has a taper");
	model.features[1].taper_one = 0;
	model.features[1].one = 0;
	assert_model_refused(model, ERR_FORMAT, "extrude 2 (2): it has no length");
	model.features[1].one = 1;
	model.sketches[0].profiles[0].loops[0].count = 3;
	assert_model_refused(model, ERR_FORMAT,
			     "extrude 1 (1): profile A: the outline is not closed");
}

static void test_refused_profiles(void **state)
{
	struct deepcad_profile disc = made_disc(vec(0.05, 0), 0.01, &arena);
	const struct vec bow[] = {{0, 0}, {0.1, 0.1}, {0.1, 0}, {0, 0.08}};
	struct deepcad_profile crossed = made_polygon(bow, 4, NULL, 0, &arena);
	const struct deepcad_axis across = {{0.045, 0}, {0.045, 1}}, none = {{0, 0}, {0, 0}};
	const struct deepcad_axis beside = {{0, 0}, {0, 1}};
	struct err err = {0};

	(void)state;
	need_solids();
	assert_refused(solid_extruded(&disc, &made_xy, 1, 1, &err), &err, ERR_FORMAT, "no length");
	assert_refused(solid_extruded(&crossed, &made_xy, 0, 1, &err), &err, ERR_FORMAT,
		       "not valid");
	assert_refused(solid_revolved(&disc, &made_xy, &across, 0, 1, &err), &err, ERR_FORMAT,
		       "crosses the axis");
	assert_refused(solid_revolved(&disc, &made_xy, &none, 0, 1, &err), &err, ERR_FORMAT,
		       "no direction");
	assert_refused(solid_revolved(&disc, &made_xy, &beside, 0, 7, &err), &err, ERR_FORMAT,
		       "angle");
}

/* Where Open CASCADE is not built in, everything says so. */
static void test_absent(void **state)
{
	struct err err = {0};

	(void)state;
	if (solid_available()) {
		print_message("# built with Open CASCADE\n");
		skip();
	}
	assert_refused(solid_read_step("x.step", &err), &err, ERR_UNSUPPORTED, "apt-get install");
	assert_refused(solid_from_deepcad(NULL, &err), &err, ERR_UNSUPPORTED, "Open CASCADE");
	assert_int_equal(solid_overlap(NULL, NULL, NULL, &err), -1);
	solid_free(NULL);
}

/* --- the same from what is written ----------------------------------------------------------- */

/* The volume, or -1 where there is no solid. */
static double model_volume(const struct deepcad_model *model, struct err *err)
{
	struct solid *solid = solid_from_deepcad(model, err);

	return solid ? volume_and_free(solid, err) : -1;
}

static struct deepcad_model written(const struct deepcad_model *model)
{
	struct buf text = {0};
	struct deepcad_model again;
	struct err err = {0};

	deepcad_write(model, &text);
	if (deepcad_parse(&again, "again", text.data, text.len, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	buf_free(&text);
	return again;
}

static double check_written(const struct deepcad_model *model)
{
	struct deepcad_model again = written(model);
	struct err err = {0}, other = {0};
	double volume = model_volume(model, &err);

	assert_share(model_volume(&again, &other), volume, EXACT);
	assert_string_equal(err.msg, other.msg);
	return volume;
}

/* Some end with nothing; a share of them that is built to say that most are not. */
static void test_random_models(void **state)
{
	struct rng rng;
	int solids = 0, count = 40;

	(void)state;
	need_solids();
	rng = rng_seed(test_seed_of_shares(), 1);
	for (int i = 0; i < count; i++) {
		struct deepcad_model made = random_model(&rng, &arena), model = written(&made);

		solids += check_written(&model) > 0;
	}
	assert_true(solids > count / 2);
}

/* Of 00001005 the last cut, and of 00001010 and 00003763 more, is not in the file. */
static bool is_complete(const char *path)
{
	return !strstr(path, "00001005") && !strstr(path, "00001010") && !strstr(path, "00003763");
}

static void check_file(const char *path)
{
	struct deepcad_model model;
	struct solid_measures m;
	struct solid *solid;
	struct err err = {0};

	if (deepcad_read(&model, path, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	solid = solid_from_deepcad(&model, &err);
	if (!solid)
		fail_msg("%s: %s", path, err.msg);
	m = made_measures(solid);
	solid_free(solid);
	assert_int_equal(m.bodies, 1);
	if (is_complete(path)) {
		assert_vec3(m.lo, model.box_lo.x, model.box_lo.y, model.box_lo.z, 1e-7);
		assert_vec3(m.hi, model.box_hi.x, model.box_hi.y, model.box_hi.z, 1e-7);
	}
	assert_share(check_written(&model), m.volume, EXACT);
}

static void test_real_files(void **state)
{
	(void)state;
	need_solids();
	each_deepcad_file(".json", check_file);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_box),
		TEST(test_cylinder_askew),
		TEST(test_plate_with_holes),
		TEST(test_torus),
		TEST(test_cone),
		TEST(test_placed),
		TEST(test_scaled),
		TEST(test_random_boxes),
		TEST(test_overlap),
		TEST(test_overlap_near),
		TEST(test_joints),
		TEST(test_extents),
		TEST(test_arcs),
		TEST(test_operations),
		TEST(test_several_profiles),
		TEST(test_refused_models),
		TEST(test_refused_profiles),
		TEST(test_absent),
		TEST(test_random_models),
		TEST(test_real_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
