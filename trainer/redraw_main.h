/* SPDX-License-Identifier: MIT */
/*
 * redraw_main: programs as drawings, without dimensions: what a model says, to be looked at.
 *
 *	struct redrawer *r = redrawer_new(512, &err);
 *	if (redraw_program(r, &program, &err) < 0) ...
 *	image = redrawn_image(r);
 *	if (redrawn_file(r, REDRAW_svg, &buf, &err) < 0) ...
 *	redrawer_free(r);
 */
#ifndef TRAINER_REDRAW_MAIN_H
#define TRAINER_REDRAW_MAIN_H

#include "base/buf.h"
#include "base/err.h"
#include "formats/image/image.h"
#include "formats/program/program.h"

/* X(name), which is the files' ending. */
#define REDRAW_FORMATS(X)                                                                          \
	X(png)                                                                                     \
	X(svg)                                                                                     \
	X(pdf)                                                                                     \
	X(dxf)

enum redraw_format {
#define X(name) REDRAW_##name,
	REDRAW_FORMATS(X)
#undef X
		REDRAW_COUNT_
};

extern const char *const redraw_format_names[REDRAW_COUNT_ + 1];

struct redrawer;

/* Pictures are size_px square. As typefaces_load and raster_new; NULL on failure. */
struct redrawer *redrawer_new(int size_px, struct err *err);

/* NULL is allowed. */
void redrawer_free(struct redrawer *r);

/* Lays the program's part out in the built-in ISO style, in a usual scale, on a square sheet that it
 * fits. ERR_FORMAT where its shapes make no part of any family. */
int redraw_program(struct redrawer *r, const struct program *program, struct err *err);

/* The last one, in grey; the redrawer's until the next. */
struct image redrawn_image(struct redrawer *r);

/* Appends a file of the last one. */
int redrawn_file(struct redrawer *r, enum redraw_format format, struct buf *out, struct err *err);

#endif
