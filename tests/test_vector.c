/* SPDX-License-Identifier: MIT */
/* vector: what SVG and PDF hold, and that the same drawing gives the same bytes. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gen/sample_main.h"
#include "render/paint/vector.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

static uint64_t seed;

/* Of all families in turn. */
static struct sample make_sample(uint64_t index, struct arena *arena)
{
	struct sample_settings settings =
		test_sample_settings(seed, (enum family)(index % FAMILY_COUNT_), NULL, 1024);
	struct sample sample;
	struct err err;

	assert_int_equal(sample_from_index(&sample, &settings, index, arena, &err), 0);
	return sample;
}

static struct buf make_svg(const struct drawing *d)
{
	struct buf out = {0};
	struct err err = {0};

	if (svg_from_drawing(d, font_builtin(), &out, &err) < 0)
		fail_msg("%s", err.msg);
	return out;
}

static struct buf make_pdf(const struct drawing *d)
{
	struct buf out = {0};
	struct err err = {0};

	if (pdf_from_drawing(d, font_builtin(), &out, &err) < 0)
		fail_msg("%s", err.msg);
	return out;
}

static int count(const char *text, const char *part)
{
	int n = 0;

	while ((text = strstr(text, part))) {
		n++;
		text += strlen(part);
	}
	return n;
}

static struct stroke *add_line(struct drawing *d, struct arena *arena, struct vec a, struct vec b)
{
	struct stroke *s = drawing_add_stroke(d, arena);

	*s = (struct stroke){.width_mm = 0.5, .layer = LAYER_OUTLINE};
	path_add_line(&s->path, arena, a, b);
	return s;
}

/* A sheet of 100 x 80 mm: a line, an arrowhead, a dashed line; mm from the upper left corner. */
static void test_svg_is_in_millimetres_of_the_sheet(void **state)
{
	struct arena arena = {0};
	struct drawing d = {.width_mm = 100, .height_mm = 80};
	struct buf svg;

	(void)state;
	add_line(&d, &arena, vec(10, 50), vec(30, 60));
	add_line(&d, &arena, vec(10, 20), vec(30, 20))->line_type = LINE_CHAIN;
	*drawing_add_arrow(&d, &arena) =
		(struct arrow){.tip = vec(50, 50), .left = vec(40, 52), .right = vec(40, 48)};
	svg = make_svg(&d);
	assert_int_equal(count(svg.data, "width=\"100mm\" height=\"80mm\" viewBox=\"0 0 100 80\""),
			 1);
	assert_int_equal(count(svg.data, " d=\"M 10 30 L 30 20 \""), 1);
	assert_int_equal(count(svg.data, " d=\"M 10 60 L 30 60 \""), 1);
	assert_int_equal(count(svg.data, "stroke-dasharray:6,1.5,0.25,1.5"), 1);
	assert_int_equal(count(svg.data, "M 50 30 L 40 28 L 40 32 Z"), 1);
	assert_int_equal(count(svg.data, "stroke-width:0.5;"), 2);
	buf_free(&svg);
	arena_free(&arena);
}

/* Arrowheads of lines have a width of their own each. */
static void test_svg_arrow_kinds(void **state)
{
	struct arrow arrow = {
		.tip = {50, 50}, .left = {40, 52}, .right = {40, 48}, .width_mm = 0.25};
	struct arena arena = {0};
	struct drawing d = {.width_mm = 100, .height_mm = 80};
	struct stroke *line;
	struct buf svg;

	(void)state;
	add_line(&d, &arena, vec(10, 70), vec(30, 70));
	line = add_line(&d, &arena, vec(10, 50), vec(50, 50));
	line->layer = LAYER_DIMENSION;
	line->width_mm = 0.25;
	add_line(&d, &arena, vec(10, 20), vec(30, 20))->line_type = LINE_DASHED;
	add_line(&d, &arena, vec(10, 15), vec(30, 15))->line_type = LINE_PHANTOM;
	arrow.kind = ARROW_OPEN;
	*drawing_add_arrow(&d, &arena) = arrow;
	arrow.width_mm = 0.75;
	*drawing_add_arrow(&d, &arena) = arrow;
	svg = make_svg(&d);
	d.arrow_count = 1;
	assert_int_equal(count(svg.data, " d=\"M 40 28 L 50 30 L 40 32 \""), 2);
	assert_int_equal(count(svg.data, "stroke-width:0.25;"), 2);
	assert_int_equal(count(svg.data, "stroke-width:0.75;"), 1);
	assert_int_equal(count(svg.data, "stroke-dasharray:6,1.5;"), 1);
	assert_int_equal(count(svg.data, "stroke-dasharray:6,1.5,0.25,1.5,0.25,1.5;"), 1);
	buf_free(&svg);
	d.arrows[0].kind = ARROW_BLANK;
	svg = make_svg(&d);
	assert_int_equal(count(svg.data, "M 50 30 L 40 28 L 40 32 Z"), 1);
	buf_free(&svg);
	d.arrows[0].kind = ARROW_TICK;
	svg = make_svg(&d);
	assert_int_equal(count(svg.data, "M 46.4"), 1);
	buf_free(&svg);
	arena_free(&arena);
}

/* The depth of elements returns to 0 and every one is closed; attributes are quoted. */
static void assert_well_formed(const char *xml)
{
	int depth = 0;

	assert_true(strncmp(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", 38) == 0);
	for (const char *at = strchr(xml + 38, '<'); at; at = strchr(at, '<')) {
		const char *end = strchr(at, '>');
		int quotes = 0;

		assert_non_null(end);
		for (const char *c = at; c < end; c++)
			quotes += *c == '"';
		assert_int_equal(quotes % 2, 0);
		if (at[1] == '/')
			depth--;
		else if (end[-1] != '/')
			depth++;
		assert_true(depth >= 0);
		at = end;
	}
	assert_int_equal(depth, 0);
}

/* Numbers in the path data, x and y in turn, lie on the sheet; returns how many subpaths begin
 * there. */
static int subpaths_on_sheet(const char *svg, double width, double height)
{
	int subpaths = 0, numbers = 0;

	for (const char *d = strstr(svg, " d=\""); d; d = strstr(d, " d=\"")) {
		d += strlen(" d=\"");
		while (*d != '"') {
			char *end;
			double v = strtod(d, &end);

			subpaths += *d == 'M';
			if (end != d)
				assert_true(v >= 0 && v <= (numbers++ % 2 ? height : width));
			d = end == d ? d + 1 : end;
		}
	}
	return subpaths;
}

/* Every stroke and arrowhead begins a subpath, every letter one or more. */
static void test_svg_holds_all_of_the_drawing(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		struct sample sample = make_sample(i, &arena);
		const struct drawing *d = &sample.drawing;
		struct buf svg = make_svg(d);
		int least = d->stroke_count + d->arrow_count + d->text_count;

		assert_int_equal(strlen(svg.data), svg.len);
		assert_well_formed(svg.data);
		assert_true(subpaths_on_sheet(svg.data, d->width_mm, d->height_mm) >= least);
		assert_int_equal(count(svg.data, "id="), 0);
		assert_int_equal(count(svg.data, "<image"), 0);
		buf_free(&svg);
	}
	arena_free(&arena);
}

/* The numbers behind the first "/MediaBox [ 0 0". */
static void read_media_box(const struct buf *pdf, double size[2])
{
	const char *box = NULL;
	char *end;

	for (size_t i = 0; i + 9 < pdf->len && !box; i++)
		if (memcmp(pdf->data + i, "/MediaBox", 9) == 0)
			box = pdf->data + i;
	assert_non_null(box);
	box = strstr(box, "0 0 ");
	assert_non_null(box);
	size[0] = strtod(box + 4, &end);
	size[1] = strtod(end, NULL);
}

static void test_pdf_is_one_page_of_the_sheets_size(void **state)
{
	static const double sheets[][2] = {{297, 210}, {210, 297}, {180, 180}, {279.4, 215.9}};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(sheets) / sizeof(*sheets); i++) {
		struct drawing d = {.width_mm = sheets[i][0], .height_mm = sheets[i][1]};
		struct buf pdf;
		double size[2];

		add_line(&d, &arena, vec(10, 20), vec(30, 20));
		pdf = make_pdf(&d);
		assert_memory_equal(pdf.data, "%PDF-", 5);
		assert_memory_equal(pdf.data + pdf.len - 6, "%%EOF\n", 6);
		read_media_box(&pdf, size);
		for (int k = 0; k < 2; k++)
			assert_true(fabs(size[k] - sheets[i][k] / 25.4 * 72) < 0.001);
		buf_free(&pdf);
	}
	arena_free(&arena);
}

/* Whatever the process has drawn before. */
static void test_same_drawing_same_bytes(void **state)
{
	struct arena arena = {0}, other = {0};

	(void)state;
	for (uint64_t i = 0; i < 5; i++) {
		struct sample sample = make_sample(i, &arena), before = make_sample(i + 9, &other);
		struct buf svg = make_svg(&sample.drawing), pdf = make_pdf(&sample.drawing);
		struct buf between = make_svg(&before.drawing), again;

		again = make_svg(&sample.drawing);
		assert_int_equal(svg.len, again.len);
		assert_memory_equal(svg.data, again.data, svg.len);
		assert_true(between.len != svg.len || memcmp(between.data, svg.data, svg.len) != 0);
		buf_free(&again);
		again = make_pdf(&sample.drawing);
		assert_int_equal(pdf.len, again.len);
		assert_memory_equal(pdf.data, again.data, pdf.len);
		buf_free(&again);
		buf_free(&between);
		buf_free(&svg);
		buf_free(&pdf);
	}
	arena_free(&arena);
	arena_free(&other);
}

/* What is in the buffer stays. */
static void test_files_are_appended(void **state)
{
	struct arena arena = {0};
	struct sample sample = make_sample(0, &arena);
	struct buf out = {0}, svg = make_svg(&sample.drawing);
	struct err err = {0};

	(void)state;
	buf_str(&out, " id=\"surface7\"");
	assert_int_equal(svg_from_drawing(&sample.drawing, font_builtin(), &out, &err), 0);
	assert_int_equal(out.len, svg.len + 14);
	assert_memory_equal(out.data, " id=\"surface7\"", 14);
	assert_memory_equal(out.data + 14, svg.data, svg.len);
	buf_free(&out);
	buf_free(&svg);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_svg_is_in_millimetres_of_the_sheet),
		cmocka_unit_test(test_svg_arrow_kinds),
		cmocka_unit_test(test_svg_holds_all_of_the_drawing),
		cmocka_unit_test(test_pdf_is_one_page_of_the_sheets_size),
		cmocka_unit_test(test_same_drawing_same_bytes),
		cmocka_unit_test(test_files_are_appended),
	};

	seed = test_seed();
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("vector", tests, NULL, NULL);
}
