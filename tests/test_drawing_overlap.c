/* SPDX-License-Identifier: MIT */
/*
 * drawing_overlap: lettering that stands clear by a hair passes, and that meets something by a hair
 * does not. The drawings of the drafter go through it in test_labels.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "render/draft/drawing_overlap.h"

#define HAIR 0.01

static struct arena arena;

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* A sheet of 100 x 100 with the text '40', 8 x 4, its lower left corner at 40,50. */
static struct drawing sheet(void)
{
	struct drawing d = {.width_mm = 100, .height_mm = 100, .scale = 1};

	*drawing_add_text(&d, &arena) =
		(struct text){.utf8 = "40", .at = vec(40, 50), .height_mm = 4, .width_mm = 8};
	return d;
}

static void add_line(struct drawing *d, struct vec a, struct vec b, double width)
{
	struct stroke stroke = {.layer = LAYER_EXTENSION, .width_mm = width};

	path_add_line(&stroke.path, &arena, a, b);
	*drawing_add_stroke(d, &arena) = stroke;
}

static void assert_clear(const struct drawing *d)
{
	struct err err = {0};

	if (drawing_check_overlap(d, &arena, &err) < 0)
		fail_msg("%s", err.msg);
}

static void assert_found(const struct drawing *d, const char *part)
{
	struct err err = {0};

	assert_int_equal(drawing_check_overlap(d, &arena, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
}

static void test_empty_sheet(void **state)
{
	struct drawing empty = {.width_mm = 10, .height_mm = 10}, d = sheet();

	(void)state;
	assert_clear(&empty);
	assert_clear(&d);
}

static void test_sheet_edge(void **state)
{
	struct drawing d = sheet();

	(void)state;
	d.texts[0].at = vec(100 - 8 - HAIR, 100 - 4 - HAIR);
	assert_clear(&d);
	d.texts[0].at = vec(100 - 8 + HAIR, 50);
	assert_found(&d, "the text '40' leaves the sheet");
	d.texts[0].at = vec(50, -HAIR);
	assert_found(&d, "leaves the sheet");
}

static void test_texts(void **state)
{
	struct drawing d = sheet();
	struct text other = d.texts[0];

	(void)state;
	other.utf8 = "R5";
	other.at = vec(40, 54 + HAIR);
	*drawing_add_text(&d, &arena) = other;
	assert_clear(&d);
	d.texts[1].at = vec(47.9, 53.9);
	assert_found(&d, "'40' and 'R5' overlap");
}

/* Upright boxes that meet say nothing of figures that are turned. */
static void test_turned_text(void **state)
{
	struct drawing d = sheet();

	(void)state;
	d.texts[0].angle_rad = M_PI / 4;
	add_line(&d, vec(40 + HAIR, 50 - HAIR), vec(46, 50 - HAIR), 0);
	add_line(&d, vec(44, 53), vec(46, 53), 0);
	assert_clear(&d);
	add_line(&d, vec(43, 54), vec(43, 70), 0);
	assert_found(&d, "'40' meets a line");
}

static void test_line_has_a_width(void **state)
{
	struct drawing d = sheet();

	(void)state;
	add_line(&d, vec(0, 49.5 - HAIR), vec(100, 49.5 - HAIR), 1);
	assert_clear(&d);
	add_line(&d, vec(0, 49.5 + HAIR), vec(100, 49.5 + HAIR), 1);
	assert_found(&d, "the text '40' meets a line: extension");
}

/* A circle round a text leaves it alone; one through it does not, nor does its last chord. */
static void test_circle(void **state)
{
	struct vec middle = vec(44, 52);
	struct drawing d = sheet();
	struct stroke round = {.layer = LAYER_OUTLINE, .path.closed = true};
	double reach = hypot(4, 2);

	(void)state;
	path_add_arc(&round.path, &arena, middle, reach + HAIR, reach + HAIR, 0, 0, 2 * M_PI);
	*drawing_add_stroke(&d, &arena) = round;
	assert_clear(&d);
	round = (struct stroke){.layer = LAYER_OUTLINE, .path.closed = true};
	path_add_arc(&round.path, &arena, middle, 4 - HAIR, 4 - HAIR, 0, 0.5, 2 * M_PI);
	*drawing_add_stroke(&d, &arena) = round;
	assert_found(&d, "meets a line: outline");
}

static void test_arrow(void **state)
{
	struct drawing d = sheet();
	struct arrow head = {ARROW_FILLED, vec(39.99, 52), vec(36, 53), vec(36, 51), 0, 0, 0};

	(void)state;
	*drawing_add_arrow(&d, &arena) = head;
	assert_clear(&d);
	d.arrows[0].tip = vec(40 + HAIR, 52);
	assert_found(&d, "'40' overlaps an arrowhead");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_sheet),
		cmocka_unit_test(test_sheet_edge),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_turned_text),
		cmocka_unit_test(test_line_has_a_width),
		cmocka_unit_test(test_circle),
		cmocka_unit_test(test_arrow),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
