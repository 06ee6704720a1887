/* SPDX-License-Identifier: MIT */
/* drawing: growth, names, text boxes, and the JSON to the letter. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/drawing/drawing.h"
#include "formats/encoding/json.h"
#include "formats/scene/style.h"

static void test_append(void **state)
{
	enum { COUNT = 5000 };
	struct arena arena = {0};
	struct drawing d = {0};

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		struct stroke *s = drawing_add_stroke(&d, &arena);
		struct arrow *a = drawing_add_arrow(&d, &arena);
		struct text *t = drawing_add_text(&d, &arena);
		assert_int_equal(s->shape, DRAWING_NOBODY);
		assert_int_equal(s->dimension, DRAWING_NOBODY);
		assert_int_equal(a->shape, DRAWING_NOBODY);
		assert_int_equal(a->dimension, DRAWING_NOBODY);
		assert_int_equal(t->shape, DRAWING_NOBODY);
		assert_int_equal(t->dimension, DRAWING_NOBODY);
		assert_int_equal(s->path.count, 0);
		assert_null(t->utf8);
		s->width_mm = a->tip.x = t->height_mm = i;
	}
	assert_int_equal(d.stroke_count, COUNT);
	assert_int_equal(d.arrow_count, COUNT);
	assert_int_equal(d.text_count, COUNT);
	for (int i = 0; i < COUNT; i++) {
		assert_true(d.strokes[i].width_mm == i);
		assert_true(d.arrows[i].tip.x == i);
		assert_true(d.texts[i].height_mm == i);
	}
	arena_free(&arena);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(layer_name(LAYER_OUTLINE), "outline");
	assert_string_equal(layer_name(LAYER_NOTE), "note");
	assert_string_equal(line_type_name(LINE_CONTINUOUS), "continuous");
	assert_string_equal(line_type_name(LINE_CHAIN), "chain");
	assert_string_equal(arrow_kind_name(ARROW_FILLED), "filled");
	assert_string_equal(arrow_kind_name(ARROW_DOT), "dot");
	for (int i = 0; i < LAYER_COUNT_; i++)
		assert_true(*layer_name((enum layer)i));
	for (int i = 0; i < LINE_COUNT_; i++)
		assert_true(*line_type_name((enum line_type)i));
	for (int i = 0; i < ARROW_COUNT_; i++)
		assert_true(*arrow_kind_name((enum arrow_kind)i));
}

/* The style's words for arrows are the drawing's, in the same order. */
static void test_arrow_kinds_are_the_styles(void **state)
{
	const char *words = "";
	struct buf names = {0};

	(void)state;
	for (int i = 0; i < ARROW_COUNT_; i++) {
		if (i)
			buf_char(&names, ' ');
		buf_str(&names, arrow_kind_name((enum arrow_kind)i));
	}
#define C(name, words_, word, why_not, about)                                                      \
	if (strcmp(#name, "arrow") == 0)                                                           \
		words = words_;
	STYLE_CHOICES(C)
#undef C
	assert_string_equal(names.data, words);
	assert_int_equal(ARROW_TICK, STYLE_ARROW_TICK);
	buf_free(&names);
}

/* Drawn and left out in turn, so an even number of lengths, all above 0. */
static void test_dashes(void **state)
{
	int count;

	(void)state;
	for (int i = 0; i < LINE_COUNT_; i++) {
		const double *dashes = line_type_dashes((enum line_type)i, &count);

		assert_int_equal(count % 2, 0);
		assert_int_equal(count == 0, i == LINE_CONTINUOUS);
		for (int k = 0; k < count; k++)
			assert_true(dashes[k] > 0);
	}
	assert_true(line_type_dashes(LINE_DASHED, &count)[0] == 12 && count == 2);
	assert_true(line_type_dashes(LINE_PHANTOM, &count)[2] == 0.5 && count == 6);
}

static void assert_corner(struct vec p, double x, double y)
{
	assert_true(fabs(p.x - x) < 1e-12 && fabs(p.y - y) < 1e-12);
}

static void test_text_corners(void **state)
{
	struct text text = {.at = {10, 20}, .height_mm = 3.5, .width_mm = 8};
	struct vec c[4];

	(void)state;
	text_corners(&text, c);
	assert_corner(c[0], 10, 20);
	assert_corner(c[1], 18, 20);
	assert_corner(c[2], 18, 23.5);
	assert_corner(c[3], 10, 23.5);
	text.angle_rad = M_PI / 2; /* read from the right: up, to the left */
	text_corners(&text, c);
	assert_corner(c[0], 10, 20);
	assert_corner(c[1], 10, 28);
	assert_corner(c[2], 6.5, 28);
	assert_corner(c[3], 6.5, 20);
	text.angle_rad = 1;
	text_corners(&text, c);
	assert_true(fabs(vec_cross(vec_sub(c[1], c[0]), vec_sub(c[3], c[0])) - 8 * 3.5) < 1e-9);
}

/* An arrowhead 3 mm long, pointing right and pointing up: the tick rises along its line. */
static void test_ticks_and_dots(void **state)
{
	struct arrow right = {.tip = {10, 5}, .left = {7, 5.5}, .right = {7, 4.5}};
	struct arrow up = {.tip = {0, 3}, .left = {-0.5, 0}, .right = {0.5, 0}};
	double half = 1.5 * sqrt(0.5);
	struct vec ends[2];

	(void)state;
	arrow_tick_ends(&right, ends);
	assert_corner(ends[0], 10 - half, 5 - half);
	assert_corner(ends[1], 10 + half, 5 + half);
	arrow_tick_ends(&up, ends);
	assert_corner(ends[0], half, 3 - half);
	assert_corner(ends[1], -half, 3 + half);
	assert_true(fabs(arrow_dot_radius(&right) - 0.5) < 1e-12);
}

static void build(struct drawing *d, struct arena *arena)
{
	struct stroke *s;
	struct arrow *a;
	struct text *t;

	*d = (struct drawing){
		.width_mm = 180,
		.height_mm = 180.00004,
		.datum = {20, 20.12346},
		.scale = 1.0 / 3,
		.unit_mm = 25.4,
		.view_count = 2,
		.views = {{"front", {20, 20}, {20, 20, 60.5, 50}},
			  {"A-A", {90, 20}, {90, 20, 95, 50}}},
	};
	s = drawing_add_stroke(d, arena);
	s->shape = 0;
	s->width_mm = 0.5;
	path_add_line(&s->path, arena, vec(1, 2), vec(3.25, -4));
	path_add_arc(&s->path, arena, vec(5, 6), 7, 8, M_PI / 6, 0, 2 * M_PI);
	s->path.closed = true;
	s = drawing_add_stroke(d, arena);
	s->layer = LAYER_CENTRE;
	s->line_type = LINE_CHAIN;
	s->dimension = 2;
	a = drawing_add_arrow(d, arena);
	*a = (struct arrow){ARROW_FILLED, vec(1, 1), vec(2, 1.5), vec(2, 0.5), 0, 3, 0.25};
	a = drawing_add_arrow(d, arena);
	*a = (struct arrow){ARROW_TICK, vec(1, 1), vec(2, 1.5), vec(2, 0.5), 0, 3, 0.25};
	t = drawing_add_text(d, arena);
	t->utf8 = "\xe2\x8c\x80\"5";
	t->at = vec(9, -0.00001);
	t->height_mm = 3.5;
	t->width_mm = 6.125;
	t->angle_rad = M_PI / 2;
	t->layer = LAYER_DIMENSION;
	t->dimension = 3;
	t = drawing_add_text(d, arena);
	t->utf8 = "PLATE";
	t->field = "title";
	t->layer = LAYER_FRAME;
}

static void test_write(void **state)
{
	struct arena arena = {0};
	struct json_doc doc;
	struct err err = {0};
	struct drawing d;
	struct buf out = {0};

	(void)state;
	build(&d, &arena);
	drawing_write(&d, &out);
	assert_string_equal(
		out.data,
		"{\"width\":180,\"height\":180,\"datum\":[20,20.1235],\"scale\":0.333333,"
		"\"unit_mm\":25.4,\"views\":["
		"{\"name\":\"front\",\"origin\":[20,20],\"box\":[20,20,60.5,50]},"
		"{\"name\":\"A-A\",\"origin\":[90,20],\"box\":[90,20,95,50]}],"
		"\"strokes\":["
		"{\"layer\":\"outline\",\"line\":\"continuous\",\"width\":0.5,"
		"\"segs\":[[\"line\",1,2,3.25,-4],[\"arc\",5,6,7,8,30,0,360]],\"closed\":true,"
		"\"shape\":0,\"dimension\":null},"
		"{\"layer\":\"centre\",\"line\":\"chain\",\"width\":0,\"segs\":[],"
		"\"closed\":false,\"shape\":null,\"dimension\":2}],"
		"\"arrows\":[{\"tip\":[1,1],\"left\":[2,1.5],\"right\":[2,0.5],\"shape\":0,"
		"\"dimension\":3},"
		"{\"kind\":\"tick\",\"tip\":[1,1],\"left\":[2,1.5],\"right\":[2,0.5],"
		"\"width\":0.25,\"shape\":0,\"dimension\":3}],"
		"\"texts\":[{\"text\":\"\xe2\x8c\x80\\\"5\",\"at\":[9,0],\"height\":3.5,"
		"\"width\":6.125,\"angle\":90,\"layer\":\"dimension\",\"shape\":null,"
		"\"dimension\":3},"
		"{\"text\":\"PLATE\",\"at\":[0,0],\"height\":0,\"width\":0,\"angle\":0,"
		"\"layer\":\"frame\",\"field\":\"title\",\"shape\":null,"
		"\"dimension\":null}]}");
	assert_int_equal(json_parse(&doc, "drawing", out.data, out.len, &err), 0);
	json_free(&doc);
	buf_free(&out);
	arena_free(&arena);
}

/* The box is that of what was added since: a line, an arrowhead, turned lettering. */
static void test_symbols(void **state)
{
	struct arena arena = {0};
	struct drawing d = {.width_mm = 90, .height_mm = 90, .scale = 1}, copy;
	struct drawing_progress before;
	struct buf out = {0};

	(void)state;
	path_add_line(&drawing_add_stroke(&d, &arena)->path, &arena, vec(0, 0), vec(1, 1));
	for (int i = 0; i < 100; i++) { /* past the room of a first array */
		double x = 20 + i % 7;

		before = drawing_progress(&d);
		path_add_line(&drawing_add_stroke(&d, &arena)->path, &arena, vec(x, 20),
			      vec(x + 2, 21));
		drawing_add_arrow(&d, &arena)->tip = vec(x, 18);
		d.arrows[i].left = d.arrows[i].right = vec(x + 1, 19);
		*drawing_add_text(&d, &arena) = (struct text){
			.utf8 = "A", .at = {x, 20}, .height_mm = 3, .width_mm = 5, .angle_rad = 0};
		drawing_add_symbol(&d, &arena, SYMBOL_DATUM, "A", &before);
		assert_true(d.symbols[i].box.x0 == x && d.symbols[i].box.x1 == x + 5);
		assert_true(d.symbols[i].box.y0 == 18 && d.symbols[i].box.y1 == 23);
	}
	drawing_copy(&copy, &d, &arena);
	drawing_add_symbol(&d, &arena, SYMBOL_VIEW_TITLE, "B-B", &before);
	assert_int_equal(copy.symbol_count, 100);
	assert_string_equal(copy.symbols[99].value, "A");
	d.stroke_count = d.arrow_count = d.text_count = 0;
	d.symbols += 99;
	d.symbol_count = 2;
	drawing_write(&d, &out);
	assert_string_equal(out.data, "{\"width\":90,\"height\":90,\"datum\":[0,0],\"scale\":1,"
				      "\"strokes\":[],\"arrows\":[],\"texts\":[],\"symbols\":["
				      "{\"kind\":\"datum\",\"value\":\"A\",\"box\":[21,18,26,23]},"
				      "{\"kind\":\"view_title\",\"value\":\"B-B\","
				      "\"box\":[21,18,26,23]}]}");
	buf_free(&out);
	arena_free(&arena);
}

static void test_write_empty(void **state)
{
	struct drawing d = {.width_mm = 1, .height_mm = 1, .scale = 1, .unit_mm = 1};
	struct buf out = {0};

	(void)state;
	drawing_write(&d, &out);
	assert_string_equal(out.data, "{\"width\":1,\"height\":1,\"datum\":[0,0],\"scale\":1,"
				      "\"strokes\":[],\"arrows\":[],\"texts\":[]}");
	buf_free(&out);
}

/* Texts 0 to count-1 of dimension 7, among others; returns what they are as digits, '-' for none. */
static const char *texts_of(int count)
{
	static char found[4];
	struct arena arena = {0};
	struct drawing d = {0};
	struct dimension_texts t;
	const struct text *all[3];

	drawing_add_text(&d, &arena)->dimension = 6;
	for (int i = 0; i < count; i++) {
		drawing_add_text(&d, &arena)->dimension = 7;
		drawing_add_text(&d, &arena); /* nobody's */
	}
	t = drawing_dimension_texts(&d, 7);
	all[0] = t.line;
	all[1] = t.upper;
	all[2] = t.lower;
	for (int i = 0; i < 3; i++)
		found[i] = all[i] ? (char)('0' + (all[i] - d.texts - 1) / 2) : '-';
	assert_false(t.boxed);
	arena_free(&arena);
	return found;
}

static void test_dimension_texts(void **state)
{
	(void)state;
	assert_string_equal(texts_of(0), "---");
	assert_string_equal(texts_of(1), "0--");
	assert_string_equal(texts_of(2), "-01"); /* limits */
	assert_string_equal(texts_of(3), "012");
	assert_string_equal(texts_of(5), "012");
}

static void test_boxed_texts(void **state)
{
	struct arena arena = {0};
	struct drawing d = {0};
	struct stroke *s = drawing_add_stroke(&d, &arena);

	(void)state;
	s->dimension = 7;
	s->layer = LAYER_SYMBOL;
	assert_false(drawing_dimension_texts(&d, 7).boxed);
	s->path.closed = true;
	assert_true(drawing_dimension_texts(&d, 7).boxed);
	assert_false(drawing_dimension_texts(&d, 6).boxed);
	s->layer = LAYER_DIMENSION;
	assert_false(drawing_dimension_texts(&d, 7).boxed);
	arena_free(&arena);
}

static void test_arrow_width(void **state)
{
	struct arrow arrow = {.left = {14, 0}};

	(void)state;
	assert_true(arrow_line_width(&arrow) == 1);
	arrow.width_mm = 0.25;
	assert_true(arrow_line_width(&arrow) == 0.25);
}

static struct drawing line_and_arc(struct arena *arena)
{
	struct drawing d = {.width_mm = 20, .height_mm = 10};
	struct stroke *s = drawing_add_stroke(&d, arena);

	s->width_mm = 0.5;
	path_add_line(&s->path, arena, vec(1, 2), vec(3, 4));
	path_add_arc(&s->path, arena, vec(5, 6), 2, 3, 0.1, 0, 1);
	return d;
}

static void test_strokes_equal(void **state)
{
	struct arena arena = {0};
	struct drawing d = line_and_arc(&arena), other = line_and_arc(&arena);
	struct stroke *s = &other.strokes[0];
	double *numbers[] = {&other.width_mm, &other.height_mm, &s->width_mm};
	struct seg *line = &s->path.segs[0], *arc = &s->path.segs[1];
	double *of_segs[] = {&line->a.x,     &line->a.y,     &line->b.x,     &line->b.y,
			     &arc->centre.x, &arc->rx,       &arc->centre.y, &arc->ry,
			     &arc->from,     &arc->rotation, &arc->sweep};

	(void)state;
	s->shape = s->dimension = 7;
	line->rx = 8; /* lines have none */
	assert_true(drawing_strokes_equal(&d, &other));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		*numbers[i] = nextafter(*numbers[i], 100);
		assert_false(drawing_strokes_equal(&d, &other));
		*numbers[i] = nextafter(*numbers[i], 0);
	}
	for (size_t i = 0; i < sizeof(of_segs) / sizeof(*of_segs); i++) {
		double was = *of_segs[i];

		*of_segs[i] = was + 1;
		assert_false(drawing_strokes_equal(&d, &other));
		*of_segs[i] = was;
		assert_true(drawing_strokes_equal(&d, &other));
	}
	other = line_and_arc(&arena);
	other.strokes[0].layer = LAYER_HIDDEN;
	assert_false(drawing_strokes_equal(&d, &other));
	other = line_and_arc(&arena);
	other.strokes[0].line_type = LINE_DASHED;
	assert_false(drawing_strokes_equal(&d, &other));
	other = line_and_arc(&arena);
	other.strokes[0].path.closed = true;
	assert_false(drawing_strokes_equal(&d, &other));
	other = line_and_arc(&arena);
	path_add_line(&other.strokes[0].path, &arena, vec(3, 4), vec(5, 4));
	assert_false(drawing_strokes_equal(&d, &other));
	other = line_and_arc(&arena);
	drawing_add_stroke(&other, &arena);
	assert_false(drawing_strokes_equal(&d, &other));
	assert_false(drawing_strokes_equal(&other, &d));
	arena_free(&arena);
}

static void test_middles(void **state)
{
	struct arena arena = {0};
	struct drawing d = {.width_mm = 50, .height_mm = 40, .scale = 2}, m;
	struct stroke *s = drawing_add_stroke(&d, &arena);

	(void)state;
	s->width_mm = 0.7;
	s->layer = LAYER_HIDDEN;
	s->line_type = LINE_DASHED;
	s->shape = 3;
	path_add_line(&s->path, &arena, vec(0, 0), vec(10, 0));
	path_add_line(&s->path, &arena, vec(10, 0), vec(0, 1));
	s->path.closed = true;
	m = drawing_of_middles(&d, 0.1, &arena);
	assert_true(m.width_mm == 50 && m.height_mm == 40 && m.scale == 2);
	assert_int_equal(m.stroke_count, 2);
	for (int i = 0; i < 2; i++) {
		assert_true(m.strokes[i].width_mm == 0.1);
		assert_int_equal(m.strokes[i].line_type, LINE_CONTINUOUS);
		assert_int_equal(m.strokes[i].layer, LAYER_HIDDEN);
		assert_int_equal(m.strokes[i].shape, 3);
		assert_int_equal(m.strokes[i].path.count, 1);
		assert_false(m.strokes[i].path.closed);
	}
	assert_true(m.strokes[1].path.segs[0].b.y == 1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_arrow_kinds_are_the_styles),
		cmocka_unit_test(test_dashes),
		cmocka_unit_test(test_text_corners),
		cmocka_unit_test(test_ticks_and_dots),
		cmocka_unit_test(test_strokes_equal),
		cmocka_unit_test(test_dimension_texts),
		cmocka_unit_test(test_boxed_texts),
		cmocka_unit_test(test_arrow_width),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_empty),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_middles),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
