/* SPDX-License-Identifier: MIT */
/*
 * degradations: what each of them costs, on one thread, at 512 x 512 px.
 *
 *	degradations PICTURE.png [STYLE.json]...	(a clean drawing, grey or RGB)
 *
 * One line each: name, milliseconds with the built-in ranges, over and above loading and storing the
 * picture; pictures a second, with both; how its loops become vector instructions (as gcc's
 * -fopt-info-vec tells). Those that move pixels are with the one sampling that all of them share. Then
 * a line for each style: a hundred recipes of it, from the picture in memory to a PNG file in memory.
 */
#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "augment/scan.h"
#include "base/arena.h"
#include "formats/image/image.h"
#include "formats/scene/style_folder.h"
#include "formats/scene/style_mix.h"

#define SIDE 512
#define PX_PER_MM 2.4 /* A4 or so */
#define RUNS 40
#define STYLE_RUNS 100
#define STYLE_ROUNDS 10
#define PNG_LEVEL 1
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
#define MOVES_TURN false
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

static double style_round_ms(const struct style_mix *mix, struct canvas *canvas,
			     const struct image *image, struct png_encoder *encoder,
			     struct arena *arena)
{
	struct buf png = {0};
	double start = now_ms();

	for (uint64_t i = 0; i < STYLE_RUNS; i++) {
		struct rng rng = rng_stream(1, i, "mix", 0);
		const struct style_sheet *sheet = style_sheet_from_mix(mix, &rng);
		struct recipe recipe = recipe_from_sheet(&sheet->degradation, 1, i, 0);
		struct scan scan;

		arena_reset(arena);
		buf_clear(&png);
		scan_from_image(&scan, canvas, image, NULL, &recipe, PX_PER_MM, arena);
		image_encode_png(&scan.image, encoder, &png);
	}
	buf_free(&png);
	return (now_ms() - start) / STYLE_RUNS;
}

static int compare_ms(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Where a mix's names are looked up: beside it. */
static const char *folder_of(const char *path)
{
	static char folder[STYLE_PATH_BYTES];
	const char *slash = strrchr(path, '/');

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 1,
		 slash ? path : ".");
	return folder;
}

/* Best and median of ten rounds. */
static int print_style(const char *path, struct canvas *canvas, const struct image *image,
		       struct arena *arena, struct err *err)
{
	struct png_encoder *encoder;
	struct arena mix_arena = {0};
	struct style_mix mix;
	double ms[STYLE_ROUNDS];

	if (style_mix_read(&mix, path, folder_of(path), &mix_arena, err) < 0)
		return -1;
	encoder = png_encoder_new(PNG_LEVEL);
	for (int i = 0; i < STYLE_ROUNDS; i++)
		ms[i] = style_round_ms(&mix, canvas, image, encoder, arena);
	qsort(ms, STYLE_ROUNDS, sizeof(*ms), compare_ms);
	printf("%-18s %12.0f %12.0f\n", mix.standard, 1000 / ms[0], 1000 / ms[STYLE_ROUNDS / 2]);
	png_encoder_free(encoder);
	arena_free(&mix_arena);
	return 0;
}

static int print_styles(char **paths, struct canvas *canvas, const struct image *image,
			struct arena *arena, struct err *err)
{
	if (*paths)
		printf("\n%-18s %12s %12s\n", "style, PNG written", "best/s", "median/s");
	for (; *paths; paths++)
		if (print_style(*paths, canvas, image, arena, err) < 0)
			return -1;
	return 0;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct image image, small;
	struct err err = {0};
	struct canvas *canvas;
	int status = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: degradations PICTURE.png [STYLE.json]...\n");
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
	if (print_styles(argv + 2, canvas, &small, &arena, &err) < 0) {
		fprintf(stderr, "degradations: %s\n", err.msg);
		status = 1;
	}
	canvas_free(canvas);
	arena_free(&arena);
	image_free(&image);
	image_free(&small);
	return status;
}
