/* SPDX-License-Identifier: MIT */
/*
 * degradations: what each of them costs, on one thread, at 512 x 512 px.
 *
 *	degradations PICTURE.png		(a clean drawing, grey or RGB)
 *
 * One line each: name, milliseconds with the built-in ranges, over and above loading and storing the
 * picture; those that only move pixels are with the one sampling that all of them share.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "augment/scan.h"
#include "base/arena.h"
#include "formats/image.h"

#define SIDE 512
#define PX_PER_MM 2.4 /* A4 or so */
#define RUNS 40
#define SIDE_MAX 20000

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of one picture, in the middle of some. */
static double cost_ms(const struct degradation_sheet *sheet, struct canvas *canvas,
		      const struct image *image, struct arena *arena)
{
	double start = 0;

	for (int i = -4; i < RUNS; i++) {
		struct recipe recipe = recipe_from_sheet(sheet, 1, (uint64_t)(i + 4), 0);
		struct scan scan;

		if (i == 0)
			start = now_ms();
		arena_reset(arena);
		scan_from_image(&scan, canvas, image, NULL, &recipe, PX_PER_MM, arena);
	}
	return (now_ms() - start) / RUNS;
}

static const char *phase_of(int which)
{
	static const char *const phases[] = {
#define E(name, phase, kind, legibility, source, about) #phase,
#define P(entry, name, lo, hi, least, most, about)
		DEGRADATIONS(E, P)
#undef E
#undef P
	};

	return phases[which];
}

static void print_all(struct canvas *canvas, const struct image *image, struct arena *arena)
{
	struct degradation_sheet none = degradation_none();
	double empty = cost_ms(&none, canvas, image, arena);

	printf("%-18s %-8s %8s\n", "degradation", "phase", "ms");
	printf("%-18s %-8s %8.3f\n", "(load and store)", "", empty);
	for (int i = 0; i < DEGRADATION_COUNT_; i++) {
		struct degradation_sheet sheet = none;

		sheet.share[i] = 1000;
		printf("%-18s %-8s %8.3f\n", degradation_name((enum degradation)i), phase_of(i),
		       cost_ms(&sheet, canvas, image, arena) - empty);
	}
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct image image, small;
	struct err err = {0};
	struct canvas *canvas;

	if (argc != 2) {
		fprintf(stderr, "usage: degradations PICTURE.png\n");
		return 2;
	}
	if (image_read_png(&image, argv[1], SIDE_MAX, &err) < 0) {
		fprintf(stderr, "degradations: %s\n", err.msg);
		return 1;
	}
	if (image.width < SIDE || image.height < SIDE) {
		fprintf(stderr, "degradations: %s is smaller than %d x %d\n", argv[1], SIDE, SIDE);
		return 1;
	}
	small = image_new(SIDE, SIDE, image.channels);
	image_shrink(&image, &small);
	canvas = canvas_new(SIDE, SIDE);
	print_all(canvas, &small, &arena);
	canvas_free(canvas);
	arena_free(&arena);
	image_free(&image);
	image_free(&small);
	return 0;
}
