/* SPDX-License-Identifier: MIT */
/*
 * drawing: what a plotter would get, in millimetres on the sheet, y up, origin lower left.
 *
 *	struct drawing d;
 *	if (drawing_from_scene(&d, &scene, &style, font, &rng, &arena, &err) < 0) ... (render/)
 *	drawing_write(&d, &buf);	(JSON, for people and other programs)
 *
 * Everything lives in the arena it was made in.
 */
#ifndef FORMATS_DRAWING_H
#define FORMATS_DRAWING_H

#include "base/arena.h"
#include "base/buf.h"
#include "formats/path.h"
#include "formats/scene.h"

#define DRAWING_LAYERS(L)                                                                          \
	L(OUTLINE, "outline")                                                                      \
	L(CENTRE, "centre")                                                                        \
	L(EXTENSION, "extension")                                                                  \
	L(DIMENSION, "dimension")                                                                  \
	L(NOTE, "note")

#define DRAWING_LINE_TYPES(T)                                                                      \
	T(CONTINUOUS, "continuous")                                                                \
	T(CHAIN, "chain")

enum layer {
#define L(id, name) LAYER_##id,
	DRAWING_LAYERS(L)
#undef L
		LAYER_COUNT_
};

enum line_type {
#define T(id, name) LINE_##id,
	DRAWING_LINE_TYPES(T)
#undef T
		LINE_COUNT_
};

#define DRAWING_NOBODY -1

struct stroke {
	struct path path;
	enum layer layer;
	enum line_type line_type;
	double width_mm;
	int shape;     /* index into the scene, or DRAWING_NOBODY */
	int dimension; /* likewise */
};

/* A filled arrowhead: tip first, then the two barbs. */
struct arrow {
	struct vec tip, left, right;
	int shape, dimension;
};

/* A line of lettering; `at` is the left end of the baseline. */
struct text {
	const char *utf8;
	struct vec at;
	double height_mm, width_mm;
	double angle_rad;
	enum layer layer;
	int shape, dimension;
};

struct drawing {
	double width_mm, height_mm;
	struct vec datum; /* where the scene's origin lies on the sheet */
	double scale;     /* sheet mm per real mm */
	int stroke_count, arrow_count, text_count;
	int stroke_room, arrow_room, text_room;
	struct stroke *strokes;
	struct arrow *arrows;
	struct text *texts;
};

const char *layer_name(enum layer layer);
const char *line_type_name(enum line_type line_type);

/* Append; the returned object is valid until the next append of its kind. */
struct stroke *drawing_add_stroke(struct drawing *drawing, struct arena *arena);
struct arrow *drawing_add_arrow(struct drawing *drawing, struct arena *arena);
struct text *drawing_add_text(struct drawing *drawing, struct arena *arena);

/* The corners of a text's box (baseline to digit height), counter-clockwise from `at`. */
void text_corners(const struct text *text, struct vec corners[4]);

/* JSON on one line without a newline: {"width","height","datum","scale","strokes":[{"layer","line",
 * "width","segs":[["line",x0,y0,x1,y1],["arc",cx,cy,rx,ry,rotation,from,sweep]],"closed","shape",
 * "dimension"}],"arrows":[...],"texts":[...]}; mm with 4 decimals, angles in degrees. */
void drawing_write(const struct drawing *drawing, struct buf *out);

#endif
