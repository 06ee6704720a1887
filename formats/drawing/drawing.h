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
#include "formats/scene/path.h"
#include "formats/scene/scene.h"

#define DRAWING_LAYERS(L)                                                                          \
	L(OUTLINE, "outline") /* visible edges and outlines */                                     \
	L(HIDDEN, "hidden")   /* hidden edges */                                                   \
	L(CENTRE, "centre")                                                                        \
	L(THIN, "thin") /* thread roots, door swings, break lines */                               \
	L(HATCH, "hatch")                                                                          \
	L(SECTION, "section") /* cutting planes with their arrows and letters */                   \
	L(EXTENSION, "extension")                                                                  \
	L(DIMENSION, "dimension")                                                                  \
	L(NOTE, "note")     /* the scale, notes, names of views */                                 \
	L(SYMBOL, "symbol") /* surface texture, datum letters, tolerance frames */                 \
	L(FRAME, "frame")   /* sheet frame, zones, title block */

#define DRAWING_LINE_TYPES(T)                                                                      \
	T(CONTINUOUS, "continuous")                                                                \
	T(CHAIN, "chain")                                                                          \
	T(DASHED, "dashed")                                                                        \
	T(PHANTOM, "phantom")

/* In the order of STYLE_ARROW_... of style.h. */
#define DRAWING_ARROWS(A)                                                                          \
	A(FILLED, "filled")                                                                        \
	A(OPEN, "open")                                                                            \
	A(BLANK, "blank")                                                                          \
	A(TICK, "tick")                                                                            \
	A(DOT, "dot")

/* What stands for one thing, though it is drawn as strokes, arrows and texts. */
#define DRAWING_SYMBOLS(S)                                                                         \
	S(SURFACE_TEXTURE, "surface_texture")                                                      \
	S(DATUM, "datum")                                                                          \
	S(TOLERANCE_FRAME, "tolerance_frame")                                                      \
	S(PROJECTION_SYMBOL, "projection_symbol")                                                  \
	S(SECTION_MARK, "section_mark") /* one end of a cutting plane */                           \
	S(VIEW_TITLE, "view_title")

/* Why a pen moved. */
#define DRAWING_TRACES(T)                                                                          \
	T(LINE, "line")                 /* it is the stroke, or a dash of it, or the arrowhead */  \
	T(AGAIN, "again")               /* the stroke gone over once more */                       \
	T(CONSTRUCTION, "construction") /* a faint line along which the stroke was drawn */

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

enum arrow_kind {
#define A(id, name) ARROW_##id,
	DRAWING_ARROWS(A)
#undef A
		ARROW_COUNT_
};

/* An arrowhead: tip first, then the two barbs. A TICK is an oblique stroke through the tip and a
 * DOT lies about it; left and right are where an arrowhead's barbs would be. */
struct arrow {
	enum arrow_kind kind;
	struct vec tip, left, right;
	int shape, dimension;
	double width_mm; /* of its lines, where it is of lines; 0: see arrow_line_width */
};

/* A line of lettering; `at` is the left end of the baseline. */
struct text {
	const char *utf8;
	const char *field; /* of the title block, "title", "drawn_by", ...; NULL: none */
	struct vec at;
	double height_mm, width_mm;
	double angle_rad;
	enum layer layer;
	int shape, dimension;
};

enum symbol_kind {
#define S(id, name) SYMBOL_##id,
	DRAWING_SYMBOLS(S)
#undef S
		SYMBOL_COUNT_
};

/* Its strokes, arrows and texts lie in the box, without their widths. */
struct drawn_symbol {
	enum symbol_kind kind;
	const char *value; /* what it says: "Ra 3.2", "A", "⌖ 0,1 A", "first" */
	struct box box;
};

/* A place on a line as a pen drew it. */
struct trace_point {
	struct vec at;
	double width_mm;
	double darkness; /* of its ink, 0 to 1 */
};

enum trace_kind {
#define T(id, name) TRACE_##id,
	DRAWING_TRACES(T)
#undef T
		TRACE_COUNT_
};

/* One movement of a pen, from point to point; a single point is a dot. Its width changes by no more
 * than TRACE_TAPER of the way between two. */
struct trace {
	struct trace_point *points; /* in the arena */
	int count;
	enum trace_kind kind;
	int stroke, arrow; /* what it is meant for: one of them, the other is DRAWING_NOBODY */
};

#define TRACE_TAPER 0.4

#define DRAWING_VIEWS_MAX 8

/* One view: where its origin lies on the sheet, and its outlines' box there. */
struct view {
	const char *name; /* "front", "A-A" */
	struct vec origin;
	struct box box;
};

struct drawing {
	double width_mm, height_mm;
	struct vec datum; /* where the scene's origin lies on the sheet, in the first view */
	double scale;     /* sheet mm per unit of the numbers */
	double unit_mm;   /* the unit of the numbers: 1, or 25.4 for inches */
	int view_count;
	struct view views[DRAWING_VIEWS_MAX];
	int stroke_count, arrow_count, text_count, symbol_count;
	int stroke_room, arrow_room, text_room, symbol_room;
	struct stroke *strokes;
	struct arrow *arrows;
	struct text *texts;
	struct drawn_symbol *symbols;

	/* Where a hand drew the lines: what it drew instead of strokes and arrows, which stay what was
	 * meant. None: strokes and arrows are drawn as they are. */
	int trace_count, trace_room;
	struct trace *traces;
	double paleness; /* of all ink: 0 black, 1 gone */
};

const char *layer_name(enum layer layer);

/* Whether the layer shows the part itself: what a label, drawn again, must show too. */
bool layer_is_edge(enum layer layer);
const char *line_type_name(enum line_type line_type);
const char *arrow_kind_name(enum arrow_kind kind);
const char *symbol_kind_name(enum symbol_kind kind);
const char *trace_kind_name(enum trace_kind kind);

/* The line type as lengths in line widths, drawn and left out in turn, *count of them; a continuous
 * line has none. ISO 128-2, lines 02.1, 04.1 and 05.1, with the long dashes of 24 halved: at the
 * widths of small sheets they would leave short lines unbroken. */
const double *line_type_dashes(enum line_type line_type, int *count);

/* Append; the returned object is valid until the next append of its kind. */
struct stroke *drawing_add_stroke(struct drawing *drawing, struct arena *arena);
struct arrow *drawing_add_arrow(struct drawing *drawing, struct arena *arena);
struct text *drawing_add_text(struct drawing *drawing, struct arena *arena);
struct trace *drawing_add_trace(struct drawing *drawing, struct arena *arena);

/* How far a drawing has come. */
struct drawing_progress {
	int strokes, arrows, texts;
};
struct drawing_progress drawing_progress(const struct drawing *drawing);

/* Appends a symbol that is all that was appended since; something must have been. The value is
 * borrowed. */
void drawing_add_symbol(struct drawing *drawing, struct arena *arena, enum symbol_kind kind,
			const char *value, const struct drawing_progress *since);

/* Makes dst equal to src, with arrays of its own in the arena: what is appended to one is not seen by
 * the other. */
void drawing_copy(struct drawing *dst, const struct drawing *src, struct arena *arena);

/* The same sheet with the middle lines of src's strokes alone: each segment a continuous stroke of its
 * own, width_mm wide, so that no corner reaches beyond its point. Made in the arena. */
struct drawing drawing_of_middles(const struct drawing *src, double width_mm, struct arena *arena);

/* Whether two sheets are of one size and bear the same strokes in the same order, to the last bit:
 * pictures of these are the same. Owners are not compared. */
bool drawing_strokes_equal(const struct drawing *a, const struct drawing *b);

/* What of a TICK or a DOT the tip and barbs do not say: the ends of a stroke as long as the
 * arrowhead, at 45 degrees to its line; the radius of a disc a third as wide. */
void arrow_tick_ends(const struct arrow *arrow, struct vec ends[2]);
double arrow_dot_radius(const struct arrow *arrow);

/* What is printed of a dimension: a line, and a stack of two smaller ones behind it. NULL: not there;
 * of limits there may be the stack alone. Other texts of the dimension are none of these. */
struct dimension_texts {
	const struct text *line, *upper, *lower;
	bool boxed; /* theoretically exact */
};
struct dimension_texts drawing_dimension_texts(const struct drawing *drawing, int dimension);

/* The width of the lines of an OPEN, BLANK or TICK: its own; where it has none, a fourteenth of the
 * arrowhead's side. */
double arrow_line_width(const struct arrow *arrow);

/* The corners of a text's box (baseline to digit height), counter-clockwise from `at`. */
void text_corners(const struct text *text, struct vec corners[4]);

/* JSON on one line without a newline: {"width","height","datum","scale","unit_mm","views":[{"name",
 * "origin","box"}],"strokes":[{"layer","line","width","segs":[["line",x0,y0,x1,y1],["arc",cx,cy,rx,
 * ry,rotation,from,sweep]],"closed","shape","dimension"}],"arrows":[...],"texts":[...],
 * "symbols":[...],"traces":[{"kind","stroke","points":[x,y,width,darkness,...]}],"paleness"}; mm with
 * 4 decimals, angles in degrees. Left out: unit_mm of 1 (or 0: not set), no views, no symbols, no
 * traces, no paleness, the kind of filled arrows, the width of those that are not of lines, the field
 * of texts without one. */
void drawing_write(const struct drawing *drawing, struct buf *out);

#endif
