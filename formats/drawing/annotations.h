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

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "formats/drawing/callout.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/scene.h"

#define ANNOTATION_CLASSES(C)                                                                      \
	C(SHAPE, "shape")                                                                          \
	C(DIMENSION, "dimension")                                                                  \
	C(TEXT, "text")                                                                            \
	C(TITLE_BLOCK_FIELD, "title_block_field")                                                  \
	C(ARROW, "arrow")                                                                          \
	C(VIEW, "view")                                                                            \
	C(SURFACE_TEXTURE, "surface_texture")                                                      \
	C(DATUM, "datum")                                                                          \
	C(TOLERANCE_FRAME, "tolerance_frame")                                                      \
	C(PROJECTION_SYMBOL, "projection_symbol")                                                  \
	C(SECTION_MARK, "section_mark")                                                            \
	C(VIEW_TITLE, "view_title")                                                                \
	C(CORRECTION, "correction")                                                                \
	C(PAPER_GRID, "paper_grid")

enum annotation_class {
#define C(id, name) ANNOTATION_##id,
	ANNOTATION_CLASSES(C)
#undef C
		ANNOTATION_COUNT_
};

/* What a degraded picture has left of a number. */
enum annotation_state {
	ANNOTATION_UNMEASURED, /* not written */
	ANNOTATION_CLEAR,
	ANNOTATION_DEGRADED,
	ANNOTATION_LOST,
	ANNOTATION_STATE_COUNT_
};

struct annotation {
	enum annotation_class class_;
	struct polyline polygon; /* px */
	const char *value;       /* the printed string, what a symbol says, or NULL */
	const char *name;        /* of a view; of a title block's field; of a paper; else NULL */
	const struct callout *callout; /* dimension: what it says */
	enum layer layer;              /* shape */
	enum arrow_kind arrow;         /* arrow */
	int shape, dimension;          /* into the scene, or DRAWING_NOBODY */
	enum annotation_state state;   /* text of a dimension */
	struct polyline *drawn;        /* shape: what a hand drew of it, px; open */
	int drawn_count;
	bool struck;               /* text: crossed out */
	const char *written;       /* text: by hand beside it; else NULL */
	const char *swapped;       /* text: what it was changed into; else NULL */
	double pitch_mm, pitch_px; /* paper: from line to line */
};

#define ANNOTATIONS_CLEAN -1

struct annotations {
	int width_px, height_px;
	int view_count;
	int scan_attempt; /* which recipe degraded the picture; ANNOTATIONS_CLEAN: none */
	int count;
	struct annotation *items;  /* in the arena */
	const struct scene *scene; /* borrowed: names and parameters */
};

const char *annotation_class_name(enum annotation_class class_);

/* "unmeasured", "clear", "degraded", "lost". */
const char *annotation_state_name(enum annotation_state state);

/* A shape has a polygon for each stroke that shows an edge of it, flattened, and where a hand drew it,
 * the middle lines of its ink beside it; a text's are its corners,
 * a dimension's and a symbol's the box round its lines, arrows and texts, a view's that of its outlines. An
 * arrowhead's are tip and barbs; of a tick the corners of its line, of a dot its rim. The picture's
 * longer side is size_px. */
struct annotations annotations_from_drawing(const struct drawing *drawing,
					    const struct scene *scene, int size_px,
					    struct arena *arena);

/* Appends an item, whose strings are borrowed; the items may move within the arena. */
void annotations_add(struct annotations *annotations, struct annotation item, struct arena *arena);

/* {"id":…,"width":…,"height":…,"items":[{"class":"text","value":"40","shape":0,"dimension":3,
 * "states":[{"shape":0,"type":"rectangle","param":"width"}],"polygon":[x,y,…]},…]}, as dataset(5)
 * has it; pixels with 2 decimals. Keys that do not apply to an item are left out. */
void annotations_write(const struct annotations *annotations, const char *id, struct buf *out);

#endif
