/* SPDX-License-Identifier: MIT */
/*
 * degradations: what each of them costs, on one thread, at 512 x 512 px.
 *
 *	degradations PICTURE.png		(a clean drawing, grey or RGB)
 *
 * One line each: name, milliseconds with the built-in ranges, over and above loading and storing the
 * picture; pictures a second, with both; how its loops become vector instructions (as gcc's
 * -fopt-info-vec tells). Those that move pixels are with the one sampling that all of them share.
 */
#include <config.h>

#include <stdbool.h>
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

static const bool moves[] = {
#define MOVES_PIXELS false
#define MOVES_WARP true
#define MOVES_BOTH true
#define E(name, phase, kind, legibility, source, about) MOVES_##kind,
#define P(entry, name, lo, hi, least, most, about)
	DEGRADATIONS(E, P)
#undef E
#undef P
};

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

#define LOOPS "rows: loops that the compiler vectorises"
#define FIELD "rows likewise; the field of every 8th pixel scalar, in double"
#define MASKS "scalar: few pixels, their cover by formulas in double"
#define SAMPLING "sampling: 8 pixels in vector types; the lattice scalar, in double"

/* How each is vectorised where it isn't as LOOPS says. */
static const char *how_of(enum degradation which)
{
	static const struct {
		enum degradation which;
		const char *how;
	} others[] = {
		{DEGRADATION_broken_lines, MASKS},
		{DEGRADATION_speckle, MASKS},
		{DEGRADATION_dust, MASKS},
		{DEGRADATION_hairs, MASKS},
		{DEGRADATION_stamp, MASKS},
		{DEGRADATION_redlines, MASKS},
		{DEGRADATION_tape, MASKS},
		{DEGRADATION_punch_holes, MASKS},
		{DEGRADATION_staple, MASKS},
		{DEGRADATION_torn_corner, MASKS},
		{DEGRADATION_paper_colour, FIELD},
		{DEGRADATION_blueprint, FIELD},
		{DEGRADATION_diazo, FIELD},
		{DEGRADATION_sepia, FIELD},
		{DEGRADATION_toner_loss, FIELD},
		{DEGRADATION_vignette, FIELD},
		{DEGRADATION_uneven_light, FIELD},
		{DEGRADATION_shadow, FIELD},
		{DEGRADATION_glare, FIELD},
		{DEGRADATION_floyd_steinberg, "scalar: a pixel waits for the one before it"},
		{DEGRADATION_sauvola, "scalar: sums run along the row, exact in 64 bits"},
		{DEGRADATION_otsu, "the histogram scalar; rows vectorised"},
		{DEGRADATION_low_dpi, "rows vectorised, across with gathered pixels"},
		{DEGRADATION_jpeg, "8 x 8 DCT in vector types"},
		{DEGRADATION_jpeg_again, "8 x 8 DCT in vector types"},
		{DEGRADATION_ink_bleed, "32 pixels of a blur in vector types; " LOOPS},
		{DEGRADATION_thin_print, "32 pixels of a blur in vector types; " LOOPS},
		{DEGRADATION_defocus, "32 pixels in vector types"},
		{DEGRADATION_motion_blur, "32 pixels in vector types"},
		{DEGRADATION_misregistration, "32 pixels in vector types"},
		{DEGRADATION_sharpening, "32 pixels in vector types"},
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i].which == which)
			return others[i].how;
	return moves[which] ? SAMPLING : LOOPS;
}

static void print_all(struct canvas *canvas, const struct image *image, struct arena *arena)
{
	struct degradation_sheet none = degradation_none();
	double empty = cost_ms(&none, canvas, image, arena);

	printf("%-18s %-8s %8s %10s  %s\n", "degradation", "phase", "ms", "pictures/s", "vectors");
	printf("%-18s %-8s %8.3f %10.0f  %s\n", "(load and store)", "", empty, 1000 / empty, LOOPS);
	for (int i = 0; i < DEGRADATION_COUNT_; i++) {
		struct degradation_sheet sheet = none;
		double all;

		sheet.share[i] = 1000;
		all = cost_ms(&sheet, canvas, image, arena);
		printf("%-18s %-8s %8.3f %10.0f  %s\n", degradation_name((enum degradation)i),
		       phase_of(i), all - empty, 1000 / all, how_of((enum degradation)i));
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
