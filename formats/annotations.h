/* SPDX-License-Identifier: MIT */
/*
 * annotations: where everything on a picture is, as polygons in pixels with what they state.
 *
 *	struct annotations a = annotations_from_drawing(&drawing, &scene, 512, &arena);
 *	annotations_write(&a, "00000042", &buf);	(one JSON line of annotations.jsonl)
 *
 * Pixel coordinates: x to the right, y down, (0,0) the upper left corner of the upper left pixel.
 */
#ifndef FORMATS_ANNOTATIONS_H
#define FORMATS_ANNOTATIONS_H

#include "base/arena.h"
#include "base/buf.h"
#include "formats/drawing.h"
#include "formats/scene.h"

#define ANNOTATION_CLASSES(C)                                                                      \
	C(SHAPE, "shape")                                                                          \
	C(DIMENSION, "dimension")                                                                  \
	C(TEXT, "text")                                                                            \
	C(ARROW, "arrow")

enum annotation_class {
#define C(id, name) ANNOTATION_##id,
	ANNOTATION_CLASSES(C)
#undef C
		ANNOTATION_COUNT_
};

struct annotation {
	enum annotation_class class_;
	struct polyline polygon; /* px */
	const char *value;       /* the printed string, or NULL */
	int shape, dimension;    /* into the scene, or DRAWING_NOBODY */
};

struct annotations {
	int width_px, height_px;
	int count;
	struct annotation *items;  /* in the arena */
	const struct scene *scene; /* borrowed: names and parameters */
};

/* A shape's polygon is its flattened outline, a text's and an arrow's their corners, a dimension's
 * the box round its lines, arrows and text. */
struct annotations annotations_from_drawing(const struct drawing *drawing,
					    const struct scene *scene, int size_px,
					    struct arena *arena);

/* {"id":…,"width":…,"height":…,"items":[{"class":"text","value":"40","shape":0,"dimension":3,
 * "states":[{"shape":0,"param":"width"}],"polygon":[x,y,…]},…]}; pixels with 2 decimals. Keys that
 * do not apply to an item are left out; the outline of an open shape has "open":true. A dimension
 * shared by shapes states all of them. */
void annotations_write(const struct annotations *annotations, const char *id, struct buf *out);

#endif
