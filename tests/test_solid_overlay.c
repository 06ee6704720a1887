/* SPDX-License-Identifier: MIT */
/* solid_overlay: what is the same is drawn once, what is not in its colour, and what does not fit in a figure of
 * its own. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "tests/made_solids.h"
#include "trainer/report/solid_overlay.h"

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

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

/* A box at x, `side` long and wide, with a hole through it that is not seen from the front. */
static struct deepcad_model box(double x, double side, double height)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "s = Sketch(origin=(%g,0,0))\n"
		 "s.add_line(start=(0,0), end=(%g,0))\ns.add_line(start=(%g,0), end=(%g,%g))\n"
		 "s.add_line(start=(%g,%g), end=(0,%g))\ns.add_line(start=(0,%g), end=(0,0))\n"
		 "s.add_circle(center=(%g,%g), radius=%g)\n"
		 "Extrude(s, distance=%g)\n",
		 x, side, side, side, side, side, side, side, side, side / 2, side / 2, side / 5,
		 height);
	return parse(text);
}

static struct buf overlay(const struct deepcad_model *truth, const struct deepcad_model *said)
{
	struct buf out = {0};
	struct err err = {0};

	if (solid_overlay(truth, said, &arena, &out, &err) < 0)
		fail_msg("%s", err.msg);
	return out;
}

static int count_of(const char *text, const char *part)
{
	int count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

/* What the path of that class draws; "": nothing. In the arena. */
static const char *path_of(const struct buf *out, const char *name)
{
	char begin[64];
	const char *from;

	snprintf(begin, sizeof(begin), "class=\"%s\" d=\"", name);
	from = strstr(out->data, begin);
	assert_non_null(from);
	from += strlen(begin);
	if (strncmp(from, "M0 0\"", 5) == 0)
		return "";
	return arena_strndup(&arena, from, strcspn(from, "\""));
}

static void test_same(void **state)
{
	struct deepcad_model a, b;
	struct buf out, itself;

	(void)state;
	need_solids();
	a = box(0, 20, 8);
	b = box(0, 20, 8);
	out = overlay(&a, &b);
	itself = overlay(&a, &a);
	assert_string_equal(out.data, itself.data);
	buf_free(&itself);
	assert_int_equal(count_of(out.data, "<svg"), 1);
	assert_true(strlen(path_of(&out, "both")) > 100);
	assert_true(strlen(path_of(&out, "both hidden")) > 20);
	assert_string_equal(path_of(&out, "truth"), "");
	assert_string_equal(path_of(&out, "truth hidden"), "");
	assert_string_equal(path_of(&out, "said"), "");
	assert_string_equal(path_of(&out, "said hidden"), "");
	buf_free(&out);
}

/* Twice as high: seen from above nothing is another, and of upright lines half is the same. */
static void test_higher(void **state)
{
	struct deepcad_model a, b;
	struct buf out, back;

	(void)state;
	need_solids();
	a = box(0, 20, 8);
	b = box(0, 20, 16);
	out = overlay(&a, &b);
	assert_true(strlen(path_of(&out, "both")) > 100);
	assert_true(strlen(path_of(&out, "truth")) > 10);
	assert_true(strlen(path_of(&out, "said")) > 10);
	/* Upright lines of the lower one lie on those of the higher one. */
	back = overlay(&b, &a);
	assert_true(strlen(path_of(&back, "truth")) > strlen(path_of(&back, "said")));
	buf_free(&out);
	buf_free(&back);
}

static void test_alone(void **state)
{
	struct deepcad_model a, none;
	struct buf out;

	(void)state;
	need_solids();
	a = box(0, 20, 8);
	out = overlay(&a, NULL);
	assert_non_null(strstr(out.data, "True; the prediction makes no solid"));
	assert_true(strlen(path_of(&out, "truth")) > 100);
	assert_null(strstr(out.data, "class=\"said\""));
	buf_free(&out);
	/* Nothing is left. */
	none = parse("s = Sketch()\ns.add_circle(center=(0,0), radius=2)\nExtrude(s, distance=1)\n"
		     "t = Sketch()\nt.add_circle(center=(0,0), radius=3)\n"
		     "Extrude(t, distance=1, operation=\"cut\")\n");
	out = overlay(&a, &none);
	assert_non_null(strstr(out.data, "the prediction makes no solid"));
	buf_free(&out);
}

static void test_far(void **state)
{
	struct deepcad_model a, large, far;
	struct buf out;

	(void)state;
	need_solids();
	a = box(0, 20, 8);
	large = box(0, 200, 80);
	out = overlay(&a, &large);
	assert_int_equal(count_of(out.data, "<svg"), 2);
	assert_non_null(strstr(out.data, "drawn to 0.1 of the true one"));
	buf_free(&out);
	far = box(500, 20, 8);
	out = overlay(&a, &far);
	assert_int_equal(count_of(out.data, "<svg"), 2);
	buf_free(&out);
}

static void test_no_truth(void **state)
{
	struct deepcad_model none;
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	none = parse("s = Sketch()\ns.add_circle(center=(0,0), radius=2)\nExtrude(s, distance=1)\n"
		     "t = Sketch()\nt.add_circle(center=(0,0), radius=3)\n"
		     "Extrude(t, distance=1, operation=\"cut\")\n");
	assert_int_equal(solid_overlay(&none, &none, &arena, &out, &err), -1);
	assert_int_equal(err.code, solid_available() ? ERR_FORMAT : ERR_UNSUPPORTED);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_same, forget),
		cmocka_unit_test_teardown(test_higher, forget),
		cmocka_unit_test_teardown(test_alone, forget),
		cmocka_unit_test_teardown(test_far, forget),
		cmocka_unit_test_teardown(test_no_truth, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
