/* SPDX-License-Identifier: MIT */
/* chart: where lines are on the picture, gaps, dots, bands, smoothing, spikes of long series, values that
 * are hard to show; pages; nothing runs off the paper; SVG. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "render/chart/chart.h"

#define WIDTH 800
#define HEIGHT 480

/* In the order of series. */
static const int colours[8][3] = {
	{0, 114, 178},   {213, 94, 0},   {0, 158, 115}, {230, 159, 0},
	{204, 121, 167}, {86, 180, 233}, {0, 0, 0},     {240, 228, 66},
};

/* One chart, in pixels. */
static struct image draw(const struct chart *chart)
{
	struct chart_page page = {.charts = chart, .count = 1, .columns = 1, .width_px = WIDTH};
	struct image image;
	struct err err = {0};

	if (image_from_charts(&page, &image, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(image.width, WIDTH);
	assert_int_equal(image.height, HEIGHT);
	assert_int_equal(image.channels, 3);
	return image;
}

static struct image draw_series(const double *x, const double *y, size_t count)
{
	struct chart_series series = {.x = x, .y = y, .count = count};
	struct chart chart = {.title = "t", .series = &series, .series_count = 1};

	return draw(&chart);
}

static const uint8_t *pixel(const struct image *image, int x, int y)
{
	return image->px + (size_t)y * image->stride + 3 * (size_t)x;
}

/* How much of the colour lies on white there, 0 to 1; 0 where it is another. Grid lines may shine through
 * an edge of it. */
static double share_of(const uint8_t *px, const int *colour)
{
	double dot = 0, size = 0, share, rest = 0;

	for (int i = 0; i < 3; i++) {
		dot += (255.0 - px[i]) * (255 - colour[i]);
		size += (255.0 - colour[i]) * (255 - colour[i]);
	}
	share = dot / size;
	for (int i = 0; i < 3; i++)
		rest = fmax(rest, fabs(255 - px[i] - share * (255 - colour[i])));
	return rest < (share > 0.6 ? 12 : 3) ? share : 0;
}

/* Pixels that have a share of from..to of the colour: their number, where they lie, and in how many
 * separate runs of columns. */
struct found {
	int count, left, right, top, bottom, runs;
};

static struct found find(const struct image *image, int colour, double from, double to)
{
	struct found f = {.left = WIDTH, .right = -1, .top = HEIGHT, .bottom = -1};
	bool before = false;

	for (int x = 0; x < image->width; x++) {
		int here = 0;

		for (int y = 0; y < image->height; y++) {
			double share = share_of(pixel(image, x, y), colours[colour]);

			if (share < from || share > to)
				continue;
			here++;
			f.top = y < f.top ? y : f.top;
			f.bottom = y > f.bottom ? y : f.bottom;
		}
		f.count += here;
		f.runs += here && !before;
		before = here;
		if (here) {
			f.left = x < f.left ? x : f.left;
			f.right = x;
		}
	}
	return f;
}

static struct found find_line(const struct image *image)
{
	return find(image, 0, 0.4, 1.1);
}

/* The middle of the line's pixels in a column; -1 without any. */
static double height_at(const struct image *image, int x)
{
	double sum = 0, count = 0;

	for (int y = 0; y < image->height; y++)
		if (share_of(pixel(image, x, y), colours[0]) > 0.4) {
			sum += y;
			count++;
		}
	return count > 0 ? sum / count : -1;
}

/* --- lines ------------------------------------------------------------------------------------ */

static void test_line(void **state)
{
	double x[300], y[300];
	struct image image;
	struct found f;

	(void)state;
	for (int i = 0; i < 300; i++) {
		x[i] = i;
		y[i] = 2 * i - 100;
	}
	image = draw_series(x, y, 300);
	f = find_line(&image);
	assert_int_equal(f.runs, 1);
	assert_true(f.right - f.left > 600);
	assert_true(f.bottom - f.top > 300);
	for (int i = 5; i < f.right - f.left - 5; i++) {
		double expected = f.bottom - (double)i * (f.bottom - f.top) / (f.right - f.left);

		assert_true(fabs(height_at(&image, f.left + i) - expected) < 2);
	}
	image_free(&image);
}

/* Equal ratios are equal distances. */
static void test_log(void **state)
{
	double x[] = {0, 1, 2, 3}, y[] = {0.001, 1, 10, 10};
	struct chart_series series = {.x = x, .y = y, .count = 4};
	struct chart chart = {.y_scale = CHART_AUTO, .series = &series, .series_count = 1};
	struct image image = draw(&chart);
	struct found f = find_line(&image);
	double step = (f.right - f.left - 6) / 3.0, left = f.left + 3;

	(void)state;
	assert_true(fabs(height_at(&image, (int)(left + step)) -
			 (f.top + (f.bottom - f.top) / 4.0)) < 4);
	image_free(&image);
	y[0] = -1;
	chart.y_scale = CHART_LOG; /* -1 is a gap */
	image = draw(&chart);
	f = find_line(&image);
	assert_int_equal(f.runs, 1);
	assert_true(f.left > 250 && f.right - f.left > 400);
	image_free(&image);
}

static void test_gaps(void **state)
{
	double x[300], y[300];
	struct image image;
	struct found f;

	(void)state;
	for (int i = 0; i < 300; i++) {
		x[i] = i;
		y[i] = 1;
	}
	image = draw_series(x, y, 300);
	assert_int_equal(find_line(&image).runs, 1);
	image_free(&image);
	for (int i = 100; i < 200; i++)
		y[i] = i % 2 ? NAN : INFINITY;
	image = draw_series(x, y, 300);
	f = find_line(&image);
	assert_int_equal(f.runs, 2);
	for (int i = 36; i <= 64; i++)
		assert_true(height_at(&image, f.left + (f.right - f.left) * i / 100) < 0);
	image_free(&image);
	y[150] = 1; /* stands alone: a dot */
	x[20] = NAN;
	image = draw_series(x, y, 300);
	f = find_line(&image);
	assert_int_equal(f.runs, 4);
	image_free(&image);
}

static void test_one_point(void **state)
{
	double x[] = {7}, y[] = {3};
	struct image image = draw_series(x, y, 1);
	struct found f = find_line(&image);

	(void)state;
	assert_int_equal(f.runs, 1);
	assert_in_range(f.right - f.left, 4, 8);
	assert_in_range(f.bottom - f.top, 4, 8);
	assert_in_range(f.left, WIDTH / 2 - 60, WIDTH / 2 + 60);
	assert_in_range(f.top, HEIGHT / 2 - 60, HEIGHT / 2 + 60);
	image_free(&image);
}

/* Corners of a line of few points. */
static void test_without_dots(void **state)
{
	double x[] = {0, 1, 2}, y[] = {1, 1, 1};
	struct chart_series series = {.x = x, .y = y, .count = 3};
	struct chart chart = {.series = &series, .series_count = 1};
	struct image marked = draw(&chart), plain;

	(void)state;
	series.without_dots = true;
	plain = draw(&chart);
	assert_true(find_line(&marked).bottom - find_line(&marked).top >= 4);
	assert_true(find_line(&plain).bottom - find_line(&plain).top <= 3);
	assert_true(find_line(&plain).right - find_line(&plain).left > 600);
	image_free(&marked);
	image_free(&plain);
}

static void test_constant(void **state)
{
	static const double values[] = {0, 3, -3, 1e-310, 1e300, -DBL_MAX, 0.1};
	double x[300], y[300];

	(void)state;
	for (size_t k = 0; k < sizeof(values) / sizeof(*values); k++) {
		struct image image;
		struct found f;

		for (int i = 0; i < 300; i++) {
			x[i] = i;
			y[i] = values[k];
		}
		image = draw_series(x, y, 300);
		f = find_line(&image);
		assert_int_equal(f.runs, 1);
		assert_true(f.right - f.left > 600);
		assert_true(f.bottom - f.top <= 2);
		image_free(&image);
	}
}

/* Axes all the same. */
static void test_nothing(void **state)
{
	double x[] = {1, 2, 3}, y[] = {NAN, INFINITY, NAN};
	struct chart empty = {.title = "t"};
	struct image image = draw_series(x, y, 3);

	(void)state;
	assert_int_equal(find_line(&image).count, 0);
	assert_true(find(&image, 6, 0.5, 1.1).count > 1000);
	image_free(&image);
	image = draw_series(NULL, NULL, 0);
	assert_int_equal(find_line(&image).count, 0);
	image_free(&image);
	image = draw(&empty);
	assert_true(find(&image, 6, 0.5, 1.1).count > 1000);
	image_free(&image);
}

static void test_huge_and_tiny(void **state)
{
	double x[] = {-DBL_MAX, 0, DBL_MAX}, y[] = {DBL_MAX, 5e-324, -DBL_MAX};
	struct image image = draw_series(x, y, 3);
	struct found f = find_line(&image);

	(void)state;
	assert_true(f.right - f.left > 600 && f.bottom - f.top > 300);
	assert_true(fabs(height_at(&image, (f.left + f.right) / 2) - (f.top + f.bottom) / 2.0) < 3);
	image_free(&image);
	y[0] = 1e-300;
	y[2] = 1;
	x[0] = 5e-324;
	image = draw_series(x, y, 3);
	assert_true(find_line(&image).count > 0);
	image_free(&image);
}

/* Of 100,000 points, one that is high: it is there, in its column. */
static void test_spike(void **state)
{
	enum { COUNT = 100000, SPIKE = 77777 };
	double *x = mem_alloc(COUNT, sizeof(*x)), *y = mem_alloc(COUNT, sizeof(*y));
	struct image image;
	struct found f;
	double at;

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		x[i] = i;
		y[i] = i == SPIKE ? 1 : i % 7 * 0.001;
	}
	image = draw_series(x, y, COUNT);
	f = find_line(&image);
	assert_true(f.bottom - f.top > 300);
	at = f.left + (double)SPIKE * (f.right - f.left) / COUNT;
	for (int i = f.left; i <= f.right; i++) {
		int high = share_of(pixel(&image, i, f.top + 100), colours[0]) > 0.2;

		assert_true(!high || fabs(i - at) < 3);
	}
	image_free(&image);
	free(x);
	free(y);
}

/* --- series ----------------------------------------------------------------------------------- */

static void test_colours(void **state)
{
	double x[200], y[9][200];
	struct chart_series series[9];
	struct chart chart = {.series = series, .series_count = 9};
	struct image image;
	struct found solid, dashed;

	(void)state;
	for (int i = 0; i < 200; i++) {
		x[i] = i;
		for (int k = 0; k < 9; k++)
			y[k][i] = k;
	}
	for (int k = 0; k < 9; k++)
		series[k] = (struct chart_series){.x = x, .y = y[k], .count = 200};
	image = draw(&chart);
	for (int k = 1, below = HEIGHT; k < 8; k++) {
		struct found f;

		if (k == 6) /* black, as is the lettering */
			continue;
		f = find(&image, k, 0.6, 1.1);
		assert_int_equal(f.runs, 1);
		assert_true(f.right - f.left > 600);
		assert_true(f.bottom < below);
		below = f.top;
	}
	chart.series_count = 1;
	image_free(&image);
	image = draw(&chart);
	solid = find_line(&image);
	image_free(&image);
	for (int k = 0; k < 8; k++)
		series[k].count = 0;
	chart.series_count = 9;
	image = draw(&chart);
	dashed = find_line(&image);
	assert_int_equal(solid.runs, 1);
	assert_true(dashed.runs > 20);
	image_free(&image);
}

static void test_legend(void **state)
{
	double x[] = {0, 1}, y[] = {1, 1};
	struct chart_series series = {.name = "a", .x = x, .y = y, .count = 2};
	struct chart chart = {.series = &series, .series_count = 1};
	struct image image = draw(&chart);
	struct found with = find_line(&image), without;

	(void)state;
	image_free(&image);
	series.name = NULL;
	image = draw(&chart);
	without = find_line(&image);
	assert_true(with.top < 40);
	assert_true(without.top > 100);
	image_free(&image);
}

static void test_smoothing(void **state)
{
	double x[400], y[400];
	struct chart_series series = {.x = x, .y = y, .count = 400, .smoothing = 0.99};
	struct chart chart = {.series = &series, .series_count = 1};
	struct image image;
	struct found pale, line;

	(void)state;
	for (int i = 0; i < 400; i++) {
		x[i] = i;
		y[i] = i % 2;
	}
	image = draw(&chart);
	pale = find(&image, 0, 0.1, 0.6);
	line = find(&image, 0, 0.9, 1.1);
	assert_true(pale.bottom - pale.top > 300);
	assert_true(line.count > 300);
	for (int x_px = pale.left + 100; x_px < pale.right; x_px++)
		for (int y_px = 0; y_px < HEIGHT; y_px++)
			if (share_of(pixel(&image, x_px, y_px), colours[0]) > 0.95)
				assert_in_range(y_px, (pale.top + pale.bottom) / 2 - 12,
						(pale.top + pale.bottom) / 2 + 12);
	image_free(&image);
}

/* Left of the gap at x = 2 it reaches 1 up and down, right of it 2. */
static void test_band(void **state)
{
	double x[] = {0, 1, 2, 3, 4}, y[] = {2, 2, 2, 2, 2};
	double lower[] = {1, 1, NAN, 0, 0}, upper[] = {3, 3, 3, 4, 4};
	struct chart_series series = {.x = x, .y = y, .count = 5, .lower = lower, .upper = upper};
	struct chart chart = {.series = &series, .series_count = 1};
	struct image image = draw(&chart);
	struct found line = find_line(&image), band = find(&image, 0, 0.18, 0.22);
	int step = (line.right - line.left - 6) / 4, left = line.left + 3;
	int middle = (line.top + line.bottom) / 2, unit = (band.bottom - band.top) / 4;

	(void)state;
	assert_true(unit > 75);
	for (int part = 0; part < 5; part++) {
		int at = left + step * part + step / 3;

		if (part == 4)
			at = left + step * 4 - 8;
		for (int side = -1; side <= 1; side += 2) {
			const uint8_t *near = pixel(&image, at, middle + side * unit * 3 / 4);
			const uint8_t *far = pixel(&image, at, middle + side * unit * 3 / 2);
			bool none = part == 1 || part == 2, wide = part > 2;

			assert_true(fabs(share_of(near, colours[0]) - (none ? 0 : 0.2)) < 0.03);
			assert_true(fabs(share_of(far, colours[0]) - (wide ? 0.2 : 0)) < 0.03);
		}
	}
	image_free(&image);
}

/* --- pages ------------------------------------------------------------------------------------ */

static void assert_white_edge(const struct image *image)
{
	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++) {
			bool edge =
				x < 2 || y < 2 || x >= image->width - 2 || y >= image->height - 2;

			if (edge && share_of(pixel(image, x, y), colours[6]) != 0)
				fail_msg("ink at (%d,%d)", x, y);
		}
}

/* Long words are cut, wide labels get room. */
static void test_nothing_runs_off(void **state)
{
	static const double values[] = {1, 1.000002, 123456.7, 1e-5, -1e300, 1e17};
	double x[50], y[50];
	char words[400];
	struct chart_series series[CHART_SERIES_MAX];
	struct chart chart = {.title = words,
			      .x_label = words,
			      .y_label = words,
			      .series = series,
			      .series_count = CHART_SERIES_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(words) - 1; i++)
		words[i] = "\xc3\x98W "[i % 4];
	words[sizeof(words) - 1] = '\0';
	for (int k = 0; k < CHART_SERIES_MAX; k++)
		series[k] = (struct chart_series){.name = words, .x = x, .y = y, .count = 50};
	for (size_t k = 0; k < sizeof(values) / sizeof(*values); k++) {
		struct image image;

		for (int i = 0; i < 50; i++) {
			x[i] = values[k] * (1 + i * 1e-6);
			y[i] = values[k] * (1 + i * 3e-6);
		}
		image = draw(&chart);
		assert_white_edge(&image);
		assert_true(find(&image, 7, 0.5, 1.1).bottom > HEIGHT / 2);
		image_free(&image);
	}
}

static int ink_of(const struct image *image, int x0, int y0, int x1, int y1)
{
	int ink = 0;

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++)
			ink += pixel(image, x, y)[0] < 128;
	return ink;
}

static void test_page(void **state)
{
	double x[] = {0, 1}, y[] = {0, 1};
	struct chart_series series = {.x = x, .y = y, .count = 2};
	struct chart charts[3];
	struct chart_page page = {
		.title = "run", .charts = charts, .count = 3, .columns = 2, .width_px = 800};
	struct image image, again;
	struct err err = {0};
	int top;

	(void)state;
	for (int i = 0; i < 3; i++)
		charts[i] = (struct chart){.series = &series, .series_count = 1};
	assert_int_equal(image_from_charts(&page, &image, &err), 0);
	assert_int_equal(image_from_charts(&page, &again, &err), 0);
	assert_int_equal(image.width, 800);
	top = image.height - 480;
	assert_in_range(top, 10, 60);
	assert_memory_equal(image.px, again.px, image.stride * (size_t)image.height);
	assert_true(ink_of(&image, 0, 0, 800, top) > 20);
	assert_true(ink_of(&image, 0, top, 400, top + 240) > 500);
	assert_true(ink_of(&image, 400, top, 800, top + 240) > 500);
	assert_true(ink_of(&image, 0, top + 240, 400, top + 480) > 500);
	assert_int_equal(ink_of(&image, 400, top + 240, 800, top + 480), 0);
	image_free(&image);
	image_free(&again);
}

/* Bars at 0, 1, 2; what is not on the axis has no name. */
static struct image draw_bars(const char *const *names, int count)
{
	double x[] = {-0.4, -0.4, 0.4, 0.4, 0.6, 0.6, 1.4, 1.4, 1.6, 1.6, 2.4, 2.4};
	double y[] = {0, 3, 3, 0, 0, 1, 1, 0, 0, 2, 2, 0};
	struct chart_series series = {.x = x, .y = y, .count = 12, .without_dots = true};
	struct chart chart = {.y_from_zero = true,
			      .x_names = names,
			      .x_name_count = count,
			      .series = &series,
			      .series_count = 1};

	return draw(&chart);
}

static void test_names(void **state)
{
	static const char *const names[] = {"a", "a name that is long", "b"};
	static const char *const others[] = {"a", "a", "b", "c"};
	struct image image = draw_bars(names, 3), numbers = draw_bars(NULL, 0);
	struct image short_names = draw_bars(others, 4);
	struct found f = find_line(&image), of_short = find_line(&short_names);
	int below = f.bottom + 20;

	(void)state;
	assert_true(f.bottom < of_short.bottom - 60); /* they take the room */
	assert_in_range(abs(of_short.bottom - find_line(&numbers).bottom), 0, 5);
	/* The long one alone goes further down, and all end at the axis. */
	for (int i = 0; i < 3; i++) {
		int left = f.left + (int)((0.4 + i) / 2.8 * (f.right - f.left)) - 10;

		assert_true(ink_of(&image, left, below - 12, left + 20, below + 8) > 5);
		assert_int_equal(ink_of(&image, left, below + 30, left + 20, below + 50) > 5,
				 i == 1);
	}
	assert_white_edge(&image);
	assert_white_edge(&short_names);
	image_free(&image);
	image_free(&numbers);
	image_free(&short_names);
}

static void test_limits(void **state)
{
	static const struct chart_page pages[] = {
		{.count = 0, .columns = 1, .width_px = 800},
		{.count = 1, .columns = 0, .width_px = 800},
		{.count = 1, .columns = 6, .width_px = 959},
		{.count = 1, .columns = 1, .width_px = CHART_SIDE_MAX + 1},
		{.count = 1, .columns = 1, .width_px = 0},
		{.count = 40, .columns = 1, .width_px = 800},
	};
	static const struct chart many = {.series_count = CHART_SERIES_MAX + 1};
	static const struct chart named = {.x_name_count = CHART_NAMES_MAX + 1};
	static const struct chart charts[40];
	struct chart_page page = {.charts = &many, .count = 1, .columns = 1, .width_px = 800};
	struct image image;
	struct buf svg = {0};
	struct err err = {0};

	(void)state;
	buf_str(&svg, "before");
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		struct chart_page refused = pages[i];

		refused.charts = charts;
		assert_int_equal(image_from_charts(&refused, &image, &err), -1);
		assert_int_equal(err.code, ERR_LIMIT);
		assert_int_equal(svg_from_charts(&refused, &svg, &err), -1);
		assert_int_equal(err.code, ERR_LIMIT);
	}
	assert_int_equal(image_from_charts(&page, &image, &err), -1);
	assert_string_equal(err.msg, "a chart of 17 series; at most 16");
	page.charts = &named;
	assert_int_equal(image_from_charts(&page, &image, &err), -1);
	assert_string_equal(err.msg, "a chart of 65 names; at most 64");
	assert_string_equal(svg.data, "before");
	buf_free(&svg);
}

/* --- SVG -------------------------------------------------------------------------------------- */

static void test_svg(void **state)
{
	double x[] = {0, 1, 2, 3}, y[] = {0, NAN, 1, 2};
	struct chart_series series = {.name = "a", .x = x, .y = y, .count = 4, .smoothing = 0.5};
	struct chart chart = {.title = "t", .series = &series, .series_count = 1};
	struct chart_page page = {.charts = &chart, .count = 1, .columns = 1, .width_px = WIDTH};
	struct buf svg = {0}, again = {0};
	struct err err = {0};

	(void)state;
	buf_str(&svg, "<p>");
	assert_int_equal(svg_from_charts(&page, &svg, &err), 0);
	assert_int_equal(svg_from_charts(&page, &again, &err), 0);
	assert_string_equal(svg.data + 3, again.data);
	assert_int_equal(strncmp(again.data, "<?xml", 5), 0);
	assert_non_null(strstr(again.data, "viewBox=\"0 0 800 480\""));
	assert_string_equal(again.data + again.len - 7, "</svg>\n");
	/* Several in one page share no names; the line is there in its colour. */
	assert_null(strstr(again.data, " id="));
	assert_null(strstr(again.data, "nan"));
	assert_non_null(strstr(again.data, "69.8"));
	buf_free(&svg);
	buf_free(&again);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_one_point),
		cmocka_unit_test(test_constant),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_huge_and_tiny),
		cmocka_unit_test(test_spike),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_legend),
		cmocka_unit_test(test_smoothing),
		cmocka_unit_test(test_band),
		cmocka_unit_test(test_nothing_runs_off),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_without_dots),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_svg),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
