/* SPDX-License-Identifier: MIT */
/*
 * canvas: the picture while it is degraded: planes of light, 0 black to 1 white, in single precision.
 *
 *	struct canvas *c = canvas_new(512, 512);		(one per thread)
 *	canvas_load(c, &clean, px_per_mm);
 *	canvas_blur(c, 0.7);
 *	out = canvas_store(c);
 *	canvas_free(c);
 *
 * Rows go on for CANVAS_PAD pixels to the sides of the picture and columns for CANVAS_PAD_ROWS, so that
 * no loop asks where it ends; canvas_extend fills them from the picture's edge.
 *
 *	plane[k] -> x=0,y=0; the pixel right of it is 1 float on, the one below `stride` floats
 *
 * Grey stays grey: there is one plane until something coloured happens, and those of colours are free
 * for whoever needs them, but for what is written there.
 */
#ifndef AUGMENT_CANVAS_H
#define AUGMENT_CANVAS_H

#include <stdint.h>

#include "base/arena.h"
#include "formats/image/image.h"

#define CANVAS_PAD 32
#define CANVAS_PAD_ROWS 16
#define CANVAS_CHANNELS 3

struct annotations;
struct warp;

struct canvas {
	int width, height, channels; /* 1 or 3 */
	int stride;                  /* floats */
	float *plane[CANVAS_CHANNELS];
	float *spare[CANVAS_CHANNELS]; /* as many again, for what cannot be done in place */
	float *scratch;                /* room of half a plane, for whoever needs it */
	double px_per_mm;
	const struct warp *warp;         /* how the picture was moved, once it was */
	float *memory;                   /* of all planes and the scratch */
	const int8_t *paper;             /* CANVAS_PAPER squared, periodic; owned */
	struct arena *arena;             /* of what lasts for one step; owned */
	struct arena *kept;              /* of what goes into annotations; borrowed */
	const struct image *clean;       /* what was loaded; borrowed */
	struct annotations *annotations; /* of that, or NULL; borrowed, and entries add to them */
	double grain;                    /* of paper that is still to be put on */
	uint64_t grain_seed;
	int width_room, height_room;
};

/* Side of the periodic patch of paper. */
#define CANVAS_PAPER 512

/* Of at most that size. */
struct canvas *canvas_new(int width, int height);
void canvas_free(struct canvas *canvas);

/* A grey or RGB image. */
void canvas_load(struct canvas *canvas, const struct image *image, double px_per_mm);

/* The picture as pixels, which take the place of its first plane: they last until the canvas is used
 * again, which begins with canvas_load. */
struct image canvas_store(struct canvas *canvas);

/* The first plane and another change places. */
static inline void canvas_swap(struct canvas *canvas, int other)
{
	float *plane = canvas->plane[0];

	canvas->plane[0] = canvas->plane[other];
	canvas->plane[other] = plane;
}

/* Floats from row to row of a plane of that width. */
int canvas_stride(int width);

/* Three planes from one, three times the same. */
void canvas_make_colour(struct canvas *canvas);

/* One plane of what eyes see: Rec. 601. */
void canvas_make_grey(struct canvas *canvas);

/* Fills the pixels round the plane from its edge. */
void canvas_extend(const struct canvas *canvas, float *plane);

/* One weighted neighbour. */
struct tap {
	int dx, dy; /* within CANVAS_PAD */
	float weight;
};

/* Every pixel becomes the weighted sum of its neighbours, in the order of the taps. */
void canvas_convolve(struct canvas *canvas, int channel, const struct tap *taps, int count);

/* A normal blur of the plane; up to 10 px. Below 0.15 px does nothing. */
void canvas_blur(struct canvas *canvas, int channel, double sigma_px);

/* Unsharp mask: every pixel moves away from the blurred plane by `amount` of what it is off. */
void canvas_sharpen(struct canvas *canvas, int channel, double sigma_px, double amount);

/* A row of a plane. */
static inline float *canvas_row(const struct canvas *canvas, int channel, int y)
{
	return canvas->plane[channel] + (ptrdiff_t)y * canvas->stride;
}

/* The longer side. */
static inline double canvas_side(const struct canvas *canvas)
{
	return canvas->width > canvas->height ? canvas->width : canvas->height;
}

#endif
