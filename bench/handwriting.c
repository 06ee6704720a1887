/* SPDX-License-Identifier: MIT */
/*
 * How real are the digits that writers write? A k-nearest-neighbour classifier (k = 3) learns from
 * generated digits alone and is asked about digits that people wrote:
 *
 *	build/handwriting [--samples N] [--seed S] [--min PERCENT] [--sheet FILE] DIGITS.png
 *
 * DIGITS.png: white on black, cells of 20 x 20 pixels, a tenth of the rows for each digit. Both kinds
 * come to the classifier the same way: the ink's box stretched to 20 x 20, blurred by (1 2 1)/4 each
 * way, scaled to one length. Every generated digit is of a writer of its own, about as large as the
 * real ones.
 *
 * Prints a line per digit. Exit status 3: less than --min per cent right.
 */
#include <config.h>

#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cli.h"
#include "base/mem.h"
#include "fonts/font.h"
#include "formats/drawing/drawing.h"
#include "formats/image/image.h"
#include "render/paint/lettering.h"

#define CELL 20
#define PIXELS (CELL * CELL)
#define FIELD 48      /* a generated digit is drawn in the middle of so many pixels */
#define DIGIT_PX 14.0 /* as high as this */
#define DIGIT_MM 2.5  /* pens are then as wide as those of the real ones */
#define INK_MIN 64    /* darker than this is ink's box */
#define LENGTH 8192.0 /* of a vector */
#define NEAREST 3
#define STATUS_VERDICT 3

/* Digits as vectors, 400 numbers each. */
struct digits {
	int count;
	int16_t (*at)[PIXELS];
	uint8_t *label;
};

static struct digits digits_new(int count)
{
	struct digits d = {.count = count};

	d.at = mem_alloc((size_t)count, sizeof(*d.at));
	d.label = mem_alloc((size_t)count, 1);
	return d;
}

static void digits_free(struct digits *d)
{
	free(d->at);
	free(d->label);
}

/* Grey levels, ink bright. */
struct field {
	const uint8_t *px;
	size_t stride;
	int width, height;
};

static double level(const struct field *f, int x, int y)
{
	return x < 0 || y < 0 || x >= f->width || y >= f->height
		       ? 0
		       : f->px[(size_t)y * f->stride + (size_t)x];
}

/* Between pixels, linearly. */
static double level_at(const struct field *f, double x, double y)
{
	double fx = floor(x - 0.5), fy = floor(y - 0.5), tx = x - 0.5 - fx, ty = y - 0.5 - fy;
	int i = (int)fx, j = (int)fy;

	return (1 - ty) * ((1 - tx) * level(f, i, j) + tx * level(f, i + 1, j)) +
	       ty * ((1 - tx) * level(f, i, j + 1) + tx * level(f, i + 1, j + 1));
}

struct bounds {
	int x0, y0, x1, y1;
};

static struct bounds find_bounds(const struct field *f)
{
	struct bounds b = {f->width, f->height, 0, 0};

	for (int y = 0; y < f->height; y++)
		for (int x = 0; x < f->width; x++)
			if (level(f, x, y) > INK_MIN) {
				b.x0 = x < b.x0 ? x : b.x0;
				b.y0 = y < b.y0 ? y : b.y0;
				b.x1 = x >= b.x1 ? x + 1 : b.x1;
				b.y1 = y >= b.y1 ? y + 1 : b.y1;
			}
	return b.x1 > b.x0 ? b : (struct bounds){0, 0, f->width, f->height};
}

static void blur(const double in[PIXELS], double out[PIXELS], int step)
{
	for (int i = 0; i < PIXELS; i++) {
		int place = step == 1 ? i % CELL : i / CELL;
		double before = place > 0 ? in[i - step] : 0;
		double after = place < CELL - 1 ? in[i + step] : 0;

		out[i] = (before + 2 * in[i] + after) / 4;
	}
}

static void normalise(const struct field *f, int16_t out[PIXELS])
{
	struct bounds b = find_bounds(f);
	double raw[PIXELS], other[PIXELS], sum = 0;

	for (int i = 0; i < PIXELS; i++) {
		double x = b.x0 + (b.x1 - b.x0) * (i % CELL + 0.5) / CELL;
		double y = b.y0 + (b.y1 - b.y0) * (i / CELL + 0.5) / CELL;

		raw[i] = level_at(f, x, y);
	}
	blur(raw, other, 1);
	blur(other, raw, CELL);
	for (int i = 0; i < PIXELS; i++)
		sum += raw[i] * raw[i];
	for (int i = 0; i < PIXELS; i++)
		out[i] = (int16_t)lround(raw[i] * LENGTH / sqrt(sum > 0 ? sum : 1));
}

/* Digit i of the seed, as a writer of its own writes it. */
static void write_digit(struct lettering *l, cairo_surface_t *surface, cairo_t *cr, uint64_t seed,
			int i, struct arena *arena)
{
	struct rng rng = rng_stream(seed, (uint64_t)i, "writer", 0);
	double per_mm = DIGIT_PX / DIGIT_MM, field_mm = FIELD / per_mm;
	char text_utf8[2] = {(char)('0' + i % 10), '\0'};
	struct text text = {.utf8 = text_utf8, .height_mm = DIGIT_MM};
	const struct font *font;

	arena_reset(arena);
	font = font_by_hand(&rng, arena);
	text.width_mm = font_text_width(font, text.utf8, DIGIT_MM);
	text.at = vec((field_mm - text.width_mm) / 2, (field_mm - DIGIT_MM) / 2);
	memset(cairo_image_surface_get_data(surface), 0,
	       (size_t)cairo_image_surface_get_stride(surface) * FIELD);
	lettering_begin(l, surface, cr, font, per_mm, field_mm);
	lettering_draw(l, &text, 0);
	lettering_end(l);
}

/* Writes vectors, and, where sheet is not NULL, the first digits into its cells. */
static struct digits generate(int count, uint64_t seed, struct image *sheet)
{
	struct digits d = digits_new(count);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, FIELD, FIELD);
	cairo_t *cr = cairo_create(surface);
	struct lettering *l = lettering_new();
	struct arena arena = {0};
	struct field f = {cairo_image_surface_get_data(surface),
			  (size_t)cairo_image_surface_get_stride(surface), FIELD, FIELD};

	for (int i = 0; i < count; i++) {
		write_digit(l, surface, cr, seed, i, &arena);
		d.label[i] = (uint8_t)(i % 10);
		normalise(&f, d.at[i]);
		if (!sheet)
			continue;
		int columns = sheet->width / 30, x = i / 10 % columns * 30, y = i % 10 * 30;

		y += i / 10 / columns * 300;
		for (int row = 0; row < 30 && y + 30 <= sheet->height; row++)
			memcpy(sheet->px + (size_t)(y + row) * sheet->stride + x,
			       f.px + (size_t)(row + 9) * f.stride + 9, 30);
	}
	arena_free(&arena);
	lettering_free(l);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return d;
}

static int read_real(struct digits *d, const char *path, struct err *err)
{
	struct image image;
	int columns, rows;

	if (image_read_png(&image, path, 20000, err) < 0)
		return -1;
	columns = image.width / CELL;
	rows = image.height / CELL;
	if (image.channels != 1 || columns == 0 || rows == 0 || rows % 10 != 0) {
		image_free(&image);
		return err_set(err, ERR_FORMAT, "%s: not a grey sheet of digits in ten rows", path);
	}
	*d = digits_new(columns * rows);
	for (int i = 0; i < d->count; i++) {
		int x = i % columns * CELL, y = i / columns * CELL;
		struct field f = {image.px + (size_t)y * image.stride + x, image.stride, CELL,
				  CELL};

		d->label[i] = (uint8_t)(y / (rows / 10 * CELL));
		normalise(&f, d->at[i]);
	}
	image_free(&image);
	return 0;
}

/* Sixteen sums side by side: the compiler turns them into vector instructions, which sanitizers would keep it
 * from, and nearly all of the time goes here. */
__attribute__((no_sanitize("address"), no_sanitize("undefined"))) static int64_t
dot(const int16_t *a, const int16_t *b)
{
	int32_t sum[16] = {0};
	int64_t all = 0;

	for (int i = 0; i < PIXELS; i += 16)
		for (int k = 0; k < 16; k++)
			sum[k] += a[i + k] * b[i + k];
	for (int k = 0; k < 16; k++)
		all += sum[k];
	return all;
}

struct near {
	int64_t closeness;
	uint8_t label;
};

/* The label that most of the nearest bear; of as many, the nearest one's. */
static int classify(const struct digits *known, const int16_t *asked)
{
	struct near near[NEAREST + 1] = {{0, 0}};
	int votes[10] = {0}, best;

	for (int i = 0; i < known->count; i++) {
		int k = NEAREST;

		near[k] = (struct near){dot(known->at[i], asked), known->label[i]};
		for (; k > 0 && near[k].closeness > near[k - 1].closeness; k--) {
			struct near other = near[k - 1];

			near[k - 1] = near[k];
			near[k] = other;
		}
	}
	for (int k = 0; k < NEAREST; k++)
		votes[near[k].label]++;
	best = near[0].label;
	for (int k = 0; k < NEAREST; k++)
		if (votes[near[k].label] > votes[best])
			best = near[k].label;
	return best;
}

/* Prints the table; returns the share that is right, in per cent. */
static double judge(const struct digits *known, const struct digits *real)
{
	int table[10][10] = {{0}}, right = 0;

	for (int i = 0; i < real->count; i++)
		table[real->label[i]][classify(known, real->at[i])]++;
	printf("digit  right  taken for\n%13s", "");
	for (int k = 0; k < 10; k++)
		printf("%5d", k);
	putchar('\n');
	for (int d = 0; d < 10; d++) {
		int all = 0;

		for (int k = 0; k < 10; k++)
			all += table[d][k];
		right += table[d][d];
		printf("%5d %5.1f %%", d, all ? 100.0 * table[d][d] / all : 0);
		for (int k = 0; k < 10; k++)
			printf("%5d", table[d][k]);
		putchar('\n');
	}
	printf("  all %5.2f %% of %d real digits, from %d generated ones\n",
	       100.0 * right / real->count, real->count, known->count);
	return 100.0 * right / real->count;
}

struct options {
	int64_t samples, min;
	uint64_t seed;
	const char *sheet, *digits;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"samples", 0, "N", "digits to generate (25000)", CLI_INT, &o->samples, 10,
		 10000000, NULL},
		{"seed", 0, "S", "of the writers (0)", CLI_UINT64, &o->seed, 0, 0, NULL},
		{"min", 0, "PERCENT", "right at least, or exit with status 3 (0)", CLI_INT, &o->min,
		 0, 100, NULL},
		{"sheet", 0, "FILE", "PNG of the first generated digits", CLI_STRING, &o->sheet, 0,
		 0, NULL},
		{0},
	};
	const struct cli_program program = {"handwriting", "[OPTION]... DIGITS.png",
					    "Tests generated digits against real ones.", table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first + 1 != argc)
		return err_set(err, ERR_USAGE, "needs one file of real digits");
	o->digits = argv[first];
	return 0;
}

static int run(const struct options *o, struct err *err)
{
	struct digits known, real = {0};
	struct image sheet;
	double share;
	int rc = 0;

	if (read_real(&real, o->digits, err) < 0)
		return -1;
	sheet = image_new(1200, 900, 1);
	known = generate((int)o->samples, o->seed, &sheet);
	share = judge(&known, &real);
	digits_free(&known);
	digits_free(&real);
	if (o->sheet) {
		struct png_encoder *encoder = png_encoder_new(6);

		rc = image_write_png(&sheet, o->sheet, encoder, err);
		png_encoder_free(encoder);
	}
	image_free(&sheet);
	return rc < 0 ? rc : share < (double)o->min ? STATUS_VERDICT : 0;
}

int main(int argc, char **argv)
{
	struct options o = {.samples = 25000};
	struct err err = {0};
	int rc = parse_options(&o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = run(&o, &err);
	if (rc >= 0)
		return rc;
	fprintf(stderr, "handwriting: %s\n", err.msg);
	return cli_status(&err);
}
