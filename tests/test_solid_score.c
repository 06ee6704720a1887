/* SPDX-License-Identifier: MIT */
/* solid_score: boxes, discs and plates by hand; predictions that are none; what is left without Open
 * CASCADE. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "tests/made_solids.h"
#include "tests/random_shapes.h"
#include "trainer/score/solid_score.h"

#define EXACT 1e-9

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

	if (cad_code_parse(&model, "truth", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

/* Both in `sketch`; why may be NULL. */
static struct solid_score score_and_why(const char *truth, const char *said, struct err *why)
{
	struct deepcad_model model = parse(truth);
	struct solid_truth *t = solid_truth_new(&model, NULL);
	struct solid_case c = {t, CAD_CODE_sketch, said, strlen(said)};
	struct solid_score score;

	solid_score_from_text(&score, &c, &arena, why);
	solid_truth_free(t);
	return score;
}

static struct solid_score score_of(const char *truth, const char *said)
{
	return score_and_why(truth, said, NULL);
}

/* A box in millimetres. In the arena. */
static const char *box(double x, double y, double z, double dx, double dy, double dz)
{
	char text[1024];
	int n = snprintf(
		text, sizeof(text),
		"s = Sketch(origin=(%g,%g,%g))\n"
		"s.add_line(start=(0,0), end=(%g,0))\ns.add_line(start=(%g,0), end=(%g,%g))\n"
		"s.add_line(start=(%g,%g), end=(0,%g))\ns.add_line(start=(0,%g), end=(0,0))\n"
		"Extrude(s, distance=%g)\n",
		x, y, z, dx, dx, dx, dy, dx, dy, dy, dy, dz);

	return arena_strndup(&arena, text, (size_t)n);
}

static const char *disc(double radius, double height)
{
	char text[256];
	int n = snprintf(text, sizeof(text),
			 "s = Sketch()\ns.add_circle(center=(0,0), radius=%g)\n"
			 "Extrude(s, distance=%g)\n",
			 radius, height);

	return arena_strndup(&arena, text, (size_t)n);
}

static void assert_overlaps(const struct solid_score *s, double iou, double aligned)
{
	assert_true(s->parsed && s->is_measured && s->valid && !s->counted);
	assert_true(fabs(s->iou - iou) < EXACT);
	assert_true(fabs(s->iou_aligned - aligned) < EXACT);
}

static void assert_match(const struct solid_score *s, int commands_right, int commands,
			 int parameters_right, int parameters)
{
	assert_int_equal(s->match.commands, commands);
	assert_int_equal(s->match.commands_right, commands_right);
	assert_int_equal(s->match.parameters, parameters);
	assert_int_equal(s->match.parameters_right, parameters_right);
}

/* --- solids --------------------------------------------------------------------------------- */

static void test_boxes(void **state)
{
	struct solid_score s;

	(void)state;
	need_solids();
	s = score_of(box(0, 0, 0, 20, 10, 5), box(10, 0, 0, 20, 10, 5));
	assert_overlaps(&s, 1.0 / 3, 1);
	s = score_of(box(0, 0, 0, 20, 10, 5), box(0, 0, 0, 40, 20, 10));
	assert_overlaps(&s, 1.0 / 8, 1);
	s = score_of(box(0, 0, 0, 20, 10, 5), box(100, 0, -3, 40, 20, 10));
	assert_overlaps(&s, 0, 1);
	/* Cubes of 20 and of 10, which the middle of a half cube is brought to: what is as long is as
	 * large, whatever the other sides are. */
	s = score_of(box(0, 0, 0, 20, 20, 10), box(50, 50, 50, 10, 10, 10));
	assert_overlaps(&s, 0, 0.5);
	/* Nothing is turned. */
	s = score_of(box(0, 0, 0, 20, 10, 10), box(0, 0, 0, 10, 20, 10));
	assert_overlaps(&s, 1.0 / 3, 1.0 / 3);
	assert_false(s.exact);
}

static void test_disc(void **state)
{
	struct solid_score s;

	(void)state;
	need_solids();
	/* Made as large as the other, it is 6.25 high. */
	s = score_of(disc(10, 5), disc(8, 5));
	assert_overlaps(&s, 0.64, 0.8);
	s = score_of(disc(10, 5), disc(10, 5));
	assert_overlaps(&s, 1, 1);
	assert_true(s.exact);
}

/* The same solid otherwise: in two halves, and from another corner. */
static void test_other_ways(void **state)
{
	const char *half = box(0, 0, 0, 10, 10, 5), *other = box(10, 0, 0, 10, 10, 5);
	struct buf text = {0};
	struct solid_score s;

	(void)state;
	need_solids();
	buf_str(&text, half);
	for (; *other; other++) /* the names of sketches */
		buf_char(&text, (other[0] == 's' && strchr(" .,", other[1])) ? 't' : *other);
	s = score_of(box(0, 0, 0, 20, 10, 5), text.data);
	buf_free(&text);
	assert_overlaps(&s, 1, 1);
	assert_false(s.exact);
	/* Of a half two corners lie elsewhere in its own square, and its size is another. */
	assert_match(&s, 6, 12, 16, 19);
}

/* With faces so near that booleans go wrong over it. */
static void test_almost(void **state)
{
	static const double apart[] = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3};

	(void)state;
	need_solids();
	for (int i = 0; i < 6; i++) {
		double off = 100 * apart[i];
		struct solid_score s =
			score_of(box(0, 0, 0, 100, 50, 20), box(off, off, off, 100, 50, 20));

		assert_true(s.valid);
		assert_true(fabs(s.iou - 1) < 0.25 * off + 1e-3 + s.counted * 0.02);
		assert_true(fabs(s.iou_aligned - 1) < 1e-3 + s.counted * 0.02);
	}
}

/* --- distances ------------------------------------------------------------------------------ */

/* Plates of 200 mm, 0.2 thick, 100 apart. With the side as 1: from either face of one plate the nearer
 * face of the other is d - t and d away; across, the nearest of N / 2 points that lie at random on a unit
 * square is, squared, 1 / (pi N / 2) away. */
static void test_plates(void **state)
{
	double d = 0.5, t = 0.001, across = 2 / (M_PI * SOLID_SCORE_POINTS);
	double expected = (d * d + (d - t) * (d - t)) / 2 + across;
	struct solid_score s, near;

	(void)state;
	need_solids();
	s = score_of(box(0, 0, 0, 200, 200, 0.2), box(0, 0, 100, 200, 200, 0.2));
	assert_true(fabs(s.chamfer - expected) < 3e-5);
	/* Of the true side, not the predicted one; and half of both ways. */
	near = score_of(box(0, 0, 0, 100, 100, 0.1), box(0, 0, 100, 100, 100, 0.1));
	assert_share(near.chamfer, 1, 0.002);
	near = score_of(box(0, 0, 0, 10, 10, 10), box(0, 0, 0, 10, 10, 1000));
	assert_true(near.chamfer > 1000);
	near = score_of(box(0, 0, 0, 10, 10, 1000), box(0, 0, 0, 10, 10, 10));
	assert_true(near.chamfer > 0.1 && near.chamfer < 0.2);
}

/* Squared, the nearest of N points at random on a large surface A is A / (pi N) away; near edges there are
 * fewer or more. */
static void test_own_distance(void **state)
{
	struct solid_score s;

	(void)state;
	need_solids();
	s = score_of(box(0, 0, 0, 30, 30, 30), box(0, 0, 0, 30, 30, 30));
	assert_share(s.chamfer, 6 / (M_PI * SOLID_SCORE_POINTS), 0.05);
}

static void test_same_figures(void **state)
{
	struct deepcad_model model = parse(disc(10, 5));
	const char *said = box(0, 0, 0, 9, 9, 9);
	struct solid_truth *t[2];
	struct solid_score s[4];

	(void)state;
	need_solids();
	for (int i = 0; i < 2; i++) {
		struct solid_case c;

		t[i] = solid_truth_new(&model, NULL);
		c = (struct solid_case){t[i], CAD_CODE_sketch, said, strlen(said)};
		solid_score_from_text(&s[i], &c, &arena, NULL);
		solid_score_from_text(&s[2 + i], &c, &arena, NULL);
	}
	for (int i = 1; i < 4; i++) {
		assert_true(s[i].chamfer == s[0].chamfer && s[i].iou == s[0].iou);
		assert_true(s[i].iou_aligned == s[0].iou_aligned);
	}
	solid_truth_free(t[0]);
	solid_truth_free(t[1]);
	solid_truth_free(NULL);
}

/* --- what is no solid ----------------------------------------------------------------------- */

#define BOW                                                                                        \
	"s = Sketch()\ns.add_line(start=(0,0), end=(10,10))\n"                                     \
	"s.add_line(start=(10,10), end=(10,0))\ns.add_line(start=(10,0), end=(0,9))\n"             \
	"s.add_line(start=(0,9), end=(0,0))\nExtrude(s, distance=3)\n"

static void assert_nothing(const struct solid_score *s)
{
	assert_false(s->valid || s->exact || s->counted);
	assert_true(s->iou == 0 && s->iou_aligned == 0 && s->chamfer == 0);
	assert_int_equal(s->is_measured, solid_available());
}

static void test_no_program(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "without an extrude"},        {"I cannot help with that.", "prediction:1:"},
		{"s = Sketch()\n", "prediction:"}, {BOW, "crosses itself"},
		{"\xff\xfe\x01", "prediction:1:"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err why = {0};
		struct solid_score s = score_and_why(disc(10, 5), cases[i].text, &why);

		assert_nothing(&s);
		assert_false(s.parsed);
		assert_match(&s, 0, 3, 0, 0);
		if (!strstr(why.msg, cases[i].why))
			fail_msg("'%s' does not say '%s'", why.msg, cases[i].why);
	}
}

static void test_no_text(void **state)
{
	struct deepcad_model model = parse(disc(10, 5));
	struct solid_truth *t = solid_truth_new(&model, NULL);
	struct solid_score s;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct solid_case c = {t, i ? CAD_CODE_sketch : CAD_CODE_deepcad, NULL, 0};

		solid_score_from_text(&s, &c, &arena, NULL);
		assert_nothing(&s);
		assert_false(s.parsed);
	}
	solid_truth_free(t);
}

#define CUT_ALL                                                                                    \
	"a = Sketch()\na.add_circle(center=(0,0), radius=10)\nExtrude(a, distance=5)\n"            \
	"b = Sketch()\nb.add_circle(center=(0,0), radius=11)\n"                                    \
	"Extrude(b, distance=6, operation=\"cut\")\n"

/* A program that leaves nothing; its commands are as right as they are. */
static void test_nothing_left(void **state)
{
	struct err why = {0};
	struct solid_score s;

	(void)state;
	need_solids();
	s = score_and_why(disc(10, 5), CUT_ALL, &why);
	assert_nothing(&s);
	assert_true(s.parsed);
	assert_match(&s, 3, 6, 14, 14);
	assert_non_null(strstr(why.msg, "nothing is left"));
}

/* A truth like that has nothing to be measured by; the rest is as ever. */
static void test_no_true_solid(void **state)
{
	struct deepcad_model model = parse(CUT_ALL);
	struct err why = {0};
	struct solid_case c = {NULL, CAD_CODE_sketch, CUT_ALL, strlen(CUT_ALL)};
	struct solid_truth *t;
	struct solid_score s;

	(void)state;
	need_solids();
	c.truth = t = solid_truth_new(&model, &why);
	assert_non_null(strstr(why.msg, "nothing is left"));
	solid_score_from_text(&s, &c, &arena, &why);
	assert_true(s.parsed && s.exact && !s.is_measured && !s.valid);
	assert_true(s.iou == 0 && s.chamfer == 0);
	assert_match(&s, 6, 6, 28, 28);
	solid_truth_free(t);
}

/* --- commands and parameters ---------------------------------------------------------------- */

static void test_match(void **state)
{
	const char *truth = box(0, 0, 0, 20, 10, 5);
	struct solid_score s = score_of(truth, truth);

	(void)state;
	assert_match(&s, 6, 6, 19, 19);
	assert_true(s.exact);
	/* By 0.6 steps, and by 4.8. */
	s = score_of(truth, box(0, 0, 0, 20, 10, 5.125));
	assert_match(&s, 6, 6, 19, 19);
	s = score_of(truth, box(0, 0, 0, 20, 10, 6));
	assert_match(&s, 6, 6, 18, 19);
	/* Twice as large: in the truth's scale size and extent are wrong. */
	s = score_of(truth, box(0, 0, 0, 40, 20, 10));
	assert_match(&s, 6, 6, 17, 19);
	s = score_of(truth, box(1, 0, 0, 20, 10, 5));
	assert_match(&s, 6, 6, 18, 19);
	/* SOL, CIRCLE, EXT against SOL and lines. */
	s = score_of(truth, disc(10, 5));
	assert_match(&s, 1, 6, 0, 0);
	s = score_of(disc(10, 5), truth);
	assert_match(&s, 1, 6, 0, 0);
}

/* The vector is scaled by the box that a file states. */
static void test_stated_box(void **state)
{
	struct deepcad_model model = parse(box(0, 0, 0, 20, 10, 5));
	const char *said = box(0, 0, 0, 20, 10, 6);
	struct solid_case c = {NULL, CAD_CODE_sketch, said, strlen(said)};
	struct solid_truth *t;
	struct solid_score s;

	(void)state;
	model.has_box = true;
	model.box_lo = (struct vec3){0, 0, 0};
	model.box_hi = (struct vec3){0.06, 0.01, 0.005};
	c.truth = t = solid_truth_new(&model, NULL);
	solid_score_from_text(&s, &c, &arena, NULL);
	assert_match(&s, 6, 6, 19, 19);
	solid_truth_free(t);
}

/* --- and besides ---------------------------------------------------------------------------- */

/* Digits put anywhere, or but where the height stands: there is a score. */
static void test_damaged(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	const char *whole = box(0, 0, 0, 20, 10, 5);
	struct deepcad_model model = parse(whole);
	struct solid_truth *t = solid_truth_new(&model, NULL);
	size_t len = strlen(whole), height = len - strlen("5)\n");
	int parsed = 0, rounds = 60;

	(void)state;
	for (int i = 0; i < rounds; i++) {
		char *text = arena_strndup(&arena, whole, len);
		struct solid_case c = {t, CAD_CODE_sketch, text, len};
		struct solid_score s;
		size_t at = i % 2 ? height : rng_below(&rng, (uint32_t)len);

		text[at] = (char)('1' + rng_below(&rng, 9));
		solid_score_from_text(&s, &c, &arena, NULL);
		assert_in_range(s.match.commands_right, 0, s.match.commands);
		assert_in_range(s.match.parameters_right, 0, s.match.parameters);
		assert_true(s.iou >= 0 && s.iou <= 1 && s.iou_aligned >= 0 && s.iou_aligned <= 1);
		assert_true(s.chamfer >= 0 && isfinite(s.chamfer));
		assert_true(s.parsed || !s.valid);
		parsed += s.parsed;
	}
	solid_truth_free(t);
	assert_in_range(parsed, rounds / 2, rounds - 1);
}

static void test_absent(void **state)
{
	struct deepcad_model model = parse(disc(10, 5));
	struct err why = {0};
	struct solid_truth *t;
	struct solid_score s;

	(void)state;
	if (solid_available()) {
		print_message("# built with Open CASCADE\n");
		skip();
	}
	t = solid_truth_new(&model, &why);
	assert_int_equal(why.code, ERR_UNSUPPORTED);
	assert_non_null(strstr(why.msg, "Open CASCADE"));
	solid_score_from_model(&s, t, &model, &arena, NULL);
	assert_true(s.parsed && s.exact && !s.is_measured && !s.valid);
	assert_true(s.iou == 0 && s.iou_aligned == 0 && s.chamfer == 0 && !s.counted);
	assert_match(&s, 3, 3, 14, 14);
	solid_truth_free(t);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_boxes),        TEST(test_disc),          TEST(test_other_ways),
		TEST(test_almost),       TEST(test_plates),        TEST(test_own_distance),
		TEST(test_same_figures), TEST(test_no_program),    TEST(test_no_text),
		TEST(test_nothing_left), TEST(test_no_true_solid), TEST(test_match),
		TEST(test_stated_box),   TEST(test_damaged),       TEST(test_absent),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
