/* SPDX-License-Identifier: MIT */
/* raster: coverage of plain figures, lettering beside Cairo's, independence of what was drawn before. */
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

#include "base/mem.h"
#include "gen/sample_main.h"
#include "render/paint/raster.h"
#include "render/paint/text_pen.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

static struct stroke *add_line(struct drawing *d, struct arena *arena, struct vec a, struct vec b,
			       double width_mm)
{
	struct stroke *s = drawing_add_stroke(d, arena);

	s->width_mm = width_mm;
	s->layer = LAYER_OUTLINE;
	s->line_type = LINE_CONTINUOUS;
	path_add_line(&s->path, arena, a, b);
	return s;
}

static struct raster *new_raster(int size_px)
{
	struct err err;
	struct raster *raster = raster_new(size_px, &err);

	assert_non_null(raster);
	return raster;
}

/* 100 mm on 100 px: a level line 2 mm wide from (10,50) to (30,50), and one over half a pixel. */
static void test_coverage_of_a_level_line(void **state)
{
	struct arena arena = {0};
	struct drawing d = {.width_mm = 100, .height_mm = 100};
	struct raster *raster = new_raster(100);
	struct image image;

	(void)state;
	add_line(&d, &arena, vec(10, 50), vec(30, 50), 2);
	add_line(&d, &arena, vec(50, 20.5), vec(60, 20.5), 0.5);
	image = image_from_drawing(raster, &d, font_builtin());
	assert_int_equal(image.width, 100);
	assert_int_equal(image.channels, 1);
	for (int y = 0; y < 100; y++) {
		for (int x = 0; x < 100; x++) {
			int px = image.px[(size_t)y * image.stride + (size_t)x];

			if (x >= 10 && x < 30 && (y == 49 || y == 50))
				assert_int_equal(px, 0);
			else if (x >= 50 && x < 60 && y == 79)
				assert_in_range(px, 126, 129);
			else
				assert_int_equal(px, 255);
		}
	}
	raster_free(raster);
	arena_free(&arena);
}

/* Ink in units of black pixels. */
static double ink(const struct image *image)
{
	double sum = 0;

	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			sum += 255 - image->px[(size_t)y * image->stride + (size_t)x];
	return sum / 255;
}

/* Slanted lines, arcs, arrows: Cairo's area is that of the figure. */
static void test_area_of_slanted_and_round_figures(void **state)
{
	struct arena arena = {0};
	struct drawing d = {.width_mm = 100, .height_mm = 100};
	struct raster *raster = new_raster(400);
	struct image image;
	struct stroke *s;
	struct arrow *arrow;

	(void)state;
	add_line(&d, &arena, vec(10, 10), vec(40, 50), 1);
	image = image_from_drawing(raster, &d, font_builtin());
	assert_true(fabs(ink(&image) / 16 - 50) < 0.5);
	d.stroke_count = 0;
	s = drawing_add_stroke(&d, &arena);
	*s = (struct stroke){.width_mm = 1, .path = {.closed = true}};
	path_add_arc(&s->path, &arena, vec(50, 50), 30, 30, 0, 0, 2 * M_PI);
	image = image_from_drawing(raster, &d, font_builtin());
	assert_true(fabs(ink(&image) / 16 - 2 * M_PI * 30) < 1);
	s->path = (struct path){0};
	path_add_arc(&s->path, &arena, vec(50, 50), 30, 10, 0.7, 0.3, 2);
	image = image_from_drawing(raster, &d, font_builtin());
	assert_true(ink(&image) / 16 > 35 && ink(&image) / 16 < 60);
	d.stroke_count = 0;
	arrow = drawing_add_arrow(&d, &arena);
	*arrow = (struct arrow){.tip = vec(50, 50), .left = vec(40, 52), .right = vec(40, 48)};
	image = image_from_drawing(raster, &d, font_builtin());
	assert_true(fabs(ink(&image) / 16 - 20) < 0.3);
	raster_free(raster);
	arena_free(&arena);
}

/* Arrowheads 10 mm long, by their area; without dimension lines 10.2/14 mm wide. Only ticks and dots
 * have ink beyond the tip, and a tick rises to the right. */
static void test_arrow_kinds(void **state)
{
	const double side = sqrt(104), width = side / 14;
	const double area[ARROW_COUNT_] = {
		[ARROW_FILLED] = 20,
		[ARROW_OPEN] = 2 * side * width,
		[ARROW_BLANK] = (2 * side + 4) * width,
		[ARROW_TICK] = 10 * width,
		[ARROW_DOT] = M_PI * 100 / 36,
	};
	struct arrow arrow = {.tip = {50, 50}, .left = {40, 52}, .right = {40, 48}};
	struct arena arena = {0};
	struct raster *raster = new_raster(400);

	(void)state;
	for (int i = 0; i < ARROW_COUNT_; i++) {
		bool beyond = i == ARROW_TICK || i == ARROW_DOT;
		struct drawing d = {.width_mm = 100, .height_mm = 100};
		struct image image;

		arrow.kind = (enum arrow_kind)i;
		*drawing_add_arrow(&d, &arena) = arrow;
		image = image_from_drawing(raster, &d, font_builtin());
		assert_true(fabs(ink(&image) / 16 - area[i]) < 1);
		assert_int_equal(image.px[196 * image.stride + 203] < 128, beyond);
		assert_int_equal(image.px[203 * image.stride + 203] < 128, i == ARROW_DOT);
	}
	raster_free(raster);
	arena_free(&arena);
}

/* A dot drawn over an arrowhead cuts nothing out of it. */
static void test_arrows_overlap(void **state)
{
	struct arrow arrow = {.tip = {50, 50}, .left = {40, 52}, .right = {40, 48}};
	struct arena arena = {0};
	struct drawing d = {.width_mm = 100, .height_mm = 100};
	struct raster *raster = new_raster(400);
	struct image image;

	(void)state;
	*drawing_add_arrow(&d, &arena) = arrow;
	arrow.kind = ARROW_DOT;
	arrow.tip = vec(45, 50);
	arrow.left = vec(35, 52);
	arrow.right = vec(35, 48);
	*drawing_add_arrow(&d, &arena) = arrow;
	image = image_from_drawing(raster, &d, font_builtin());
	assert_int_equal(image.px[200 * image.stride + 180], 0);
	raster_free(raster);
	arena_free(&arena);
}

static uint8_t *copy_pixels(const struct image *image)
{
	size_t bytes = image->stride * (size_t)image->height;
	uint8_t *copy = mem_alloc(bytes, 1);

	memcpy(copy, image->px, bytes);
	return copy;
}

/* Lines as wide as outlines only darken them: what redrawing a label rests on. */
static void test_outlines_stay_dark(void **state)
{
	struct rng rng = rng_seed(test_seed(), 6);
	struct arena arena = {0};
	struct raster *raster = new_raster(256);

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct drawing d = {.width_mm = 100, .height_mm = 100};
		struct image image;
		uint8_t *alone;

		for (int k = 0; k < 20; k++) {
			struct vec from = {rng_unit(&rng) * 100, 0}, to = {0, 0};

			from.y = rng_unit(&rng) * 100;
			to.x = rng_unit(&rng) * 100;
			to.y = rng_unit(&rng) * 100;
			if (k < 10)
				add_line(&d, &arena, from, to, 0.314);
			else
				add_line(&d, &arena, from, to, 0.314)->layer = LAYER_DIMENSION;
		}
		d.stroke_count = 10;
		image = image_from_drawing(raster, &d, font_builtin());
		alone = copy_pixels(&image);
		d.stroke_count = 20;
		image = image_from_drawing(raster, &d, font_builtin());
		for (size_t k = 0; k < image.stride * (size_t)image.height; k++)
			assert_true(image.px[k] <= alone[k]);
		free(alone);
	}
	raster_free(raster);
	arena_free(&arena);
}

/* Whole periods of each line type, as long as ISO 128-2 says. */
static void test_line_types(void **state)
{
	const struct {
		enum line_type type;
		double length, area;
	} lines[] = {{LINE_CONTINUOUS, 60, 60},
		     {LINE_CHAIN, 18.5 * 4, 12.5 * 4},
		     {LINE_DASHED, 15 * 4, 12 * 4},
		     {LINE_PHANTOM, 22 * 4, 13 * 4}};
	struct raster *raster = new_raster(400);
	struct arena arena = {0};

	(void)state;
	assert_int_equal(sizeof(lines) / sizeof(*lines), LINE_COUNT_);
	for (int i = 0; i < LINE_COUNT_; i++) {
		struct drawing d = {.width_mm = 100, .height_mm = 100};
		struct image image;

		add_line(&d, &arena, vec(5, 50), vec(5 + lines[i].length, 50), 1)->line_type =
			lines[i].type;
		image = image_from_drawing(raster, &d, font_builtin());
		assert_true(fabs(ink(&image) / 16 - lines[i].area) < 0.1);
	}
	raster_free(raster);
	arena_free(&arena);
}

/* Where arcs lie: a quarter in the first quadrant inks only that quadrant of the picture. */
static void test_arcs_turn_the_right_way(void **state)
{
	struct arena arena = {0};
	struct drawing d = {.width_mm = 100, .height_mm = 100};
	struct raster *raster = new_raster(100);

	(void)state;
	for (int elliptic = 0; elliptic < 2; elliptic++) {
		for (int back = 0; back < 2; back++) {
			struct image image;
			struct stroke *s;

			d.stroke_count = 0;
			s = drawing_add_stroke(&d, &arena);
			*s = (struct stroke){.width_mm = 1};
			path_add_arc(&s->path, &arena, vec(50, 50), 30, elliptic ? 29 : 30, 0,
				     back ? M_PI / 2 : 0, back ? -M_PI / 2 : M_PI / 2);
			image = image_from_drawing(raster, &d, font_builtin());
			for (int y = 0; y < 100; y++)
				for (int x = 0; x < 100; x++)
					if (x < 49 || y > 50)
						assert_int_equal(image.px[(size_t)y * image.stride +
									  (size_t)x],
								 255);
			assert_true(ink(&image) > 40);
		}
	}
	raster_free(raster);
	arena_free(&arena);
}

static double cairo_differs(const struct image *image, const struct font *font,
			    const struct text *text)
{
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_A8, image->width, image->height);
	struct text_pen pen = {.cr = cairo_create(surface)};
	const uint8_t *px = cairo_image_surface_get_data(surface);
	ptrdiff_t stride = cairo_image_surface_get_stride(surface);
	double sum = 0;

	text_pen_draw(&pen, font, text, 0, image->width / 105.0, 105);
	text_pen_lift(&pen);
	cairo_surface_flush(surface);
	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			sum += abs(255 - image->px[(size_t)y * image->stride + (size_t)x] -
				   px[y * stride + x]);
	cairo_destroy(pen.cr);
	cairo_surface_destroy(surface);
	return sum / 255;
}

/* Lettering in strokes, which is drawn in ink, is what Cairo makes of the same strokes. */
static void test_lettering_is_cairos(void **state)
{
	static const char *const fonts[] = {"iso3098", "gost_b_slanted", "plotter"};
	struct rng rng = rng_seed(test_seed(), 4);
	struct arena arena = {0};
	struct raster *raster = new_raster(256);

	(void)state;
	for (int i = 0; i < 90; i++) {
		const struct font *font = font_drawn(fonts[i % 3]);
		struct drawing d = {.width_mm = 105, .height_mm = 105};
		struct text *text = drawing_add_text(&d, &arena);
		struct image image;

		*text = (struct text){.utf8 = "\u230012,5 R40 60\u00b0",
				      .height_mm = 3 + 5 * rng_unit(&rng),
				      .angle_rad = i / 3 % 3 * M_PI / 4,
				      .at = vec(20 + rng_unit(&rng), 20 + rng_unit(&rng))};
		text->width_mm = font_text_width(font, text->utf8, text->height_mm);
		image = image_from_drawing(raster, &d, font);
		assert_true(ink(&image) > 50);
		assert_true(cairo_differs(&image, font, text) < 0.15 * ink(&image));
	}
	raster_free(raster);
	arena_free(&arena);
}

/* Of all families in turn. */
static struct sample make_sample(uint64_t index, struct arena *arena)
{
	struct sample_settings settings =
		test_sample_settings(77, (enum family)(index % FAMILY_COUNT_), NULL, 512);
	struct sample sample;
	struct err err;

	assert_int_equal(sample_from_index(&sample, &settings, index, arena, &err), 0);
	return sample;
}

/* The longer side is the size; what lies a share of the way across lies there in the picture. */
static void test_sides_of_the_sheet(void **state)
{
	static const double sheets[][2] = {{297, 210}, {210, 297}, {180, 180}, {279.4, 215.9}};
	struct raster *raster = new_raster(400);
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(sheets) / sizeof(*sheets); i++) {
		double w = sheets[i][0], h = sheets[i][1], longer = max2(w, h);
		struct drawing d = {.width_mm = w, .height_mm = h};
		struct stroke *s = drawing_add_stroke(&d, &arena);
		struct image image;

		s->width_mm = longer / 100; /* 4 px */
		path_add_line(&s->path, &arena, vec(w * 0.75, 0), vec(w * 0.75, h * 0.25));
		image = image_from_drawing(raster, &d, font_builtin());
		assert_int_equal(image.width, lround(400 * w / longer));
		assert_int_equal(image.height, lround(400 * h / longer));
		for (int y = 0; y < image.height - 1; y++) { /* a last row may be a part */
			for (int x = 0; x < image.width; x++) {
				double off = fabs(x + 0.5 - 300 * w / longer);
				double below = y + 0.5 - 300 * h / longer;
				int value = image.px[(size_t)y * image.stride + (size_t)x];

				if (off < 1.4 && below > 0.5)
					assert_int_equal(value, 0);
				else if (off > 2.6 || below < -0.5)
					assert_int_equal(value, 255);
			}
		}
	}
	raster_free(raster);
	arena_free(&arena);
}

static void test_pixels_do_not_depend_on_what_was_drawn_before(void **state)
{
	struct arena arena = {0}, other = {0};
	struct raster *fresh = new_raster(512), *used = new_raster(512);

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		struct sample before = make_sample(i + 1000, &other);
		struct sample sample = make_sample(i, &arena);
		struct image a, b;

		image_from_drawing(used, &before.drawing, font_builtin());
		b = image_from_drawing(used, &sample.drawing, font_builtin());
		raster_free(fresh);
		fresh = new_raster(512);
		a = image_from_drawing(fresh, &sample.drawing, font_builtin());
		assert_memory_equal(a.px, b.px, a.stride * (size_t)a.height);
	}
	raster_free(fresh);
	raster_free(used);
	arena_free(&arena);
	arena_free(&other);
}

static void test_impossible_size_is_refused(void **state)
{
	struct err err = {0};

	(void)state;
	assert_null(raster_new(1 << 20, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, "1048576 px"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coverage_of_a_level_line),
		cmocka_unit_test(test_area_of_slanted_and_round_figures),
		cmocka_unit_test(test_arrow_kinds),
		cmocka_unit_test(test_arrows_overlap),
		cmocka_unit_test(test_outlines_stay_dark),
		cmocka_unit_test(test_line_types),
		cmocka_unit_test(test_arcs_turn_the_right_way),
		cmocka_unit_test(test_lettering_is_cairos),
		cmocka_unit_test(test_sides_of_the_sheet),
		cmocka_unit_test(test_pixels_do_not_depend_on_what_was_drawn_before),
		cmocka_unit_test(test_impossible_size_is_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("raster", tests, NULL, NULL);
}
