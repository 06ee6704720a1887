/* SPDX-License-Identifier: MIT */
/*
 * reader: the parts of program_from_drawing, and what they hand to each other.
 *
 *	struct reader reader = {.drawing = drawing, .arena = arena};
 *	reader_gather_lines(&reader);			reader_lines.c
 *	reader_read_texts(&reader);			reader_texts.c
 *	reader_find_table(&reader, &err);		reader_table.c
 *	reader_find_figures(&reader);			reader_figures.c
 *	reader_find_ordinates(&reader);			reader_ordinates.c
 *	reader_assign_texts(&reader, &err);		reader_texts.c
 *	read_shapes(&program, &reader, &err);		reader_shapes.c, _outline.c; the other families
 *							in reader_<family>.c
 *
 * All geometry is in millimetres on the sheet. Functions that can fail follow err.h.
 */
#ifndef GEN_READER_H
#define GEN_READER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/drawing/callout.h"
#include "formats/drawing/drawing.h"
#include "formats/program/program.h"
#include "formats/scene/shape.h"

/* Points nearer than this are the same: far above the noise of doubles, far below a pen. */
#define READER_SAME_MM 1e-4

/* The same for unit vectors; a thousandth of a degree, the label's finest, is 1.7e-5. */
#define READER_SAME_DIRECTION 1e-6

/* A piece of lettering: one text, or one with a stack of two behind it. */
struct reading {
	const struct text *text; /* its first line */
	struct callout callout;
	bool is_callout, is_scale;
	double scale;  /* paper per real, of a scale */
	struct vec at; /* lower left corner of all of it */
	double width, height, line_height;
	bool explained; /* some figure bears it */
};

/* A dimension without its number: lines and arrowheads that together measure something. */
enum figure_kind {
	FIGURE_LINEAR,   /* two arrows on a line */
	FIGURE_RADIAL,   /* an arrow at the end of a line or leader */
	FIGURE_ANGULAR,  /* two arrows on an arc */
	FIGURE_RUNNING,  /* one of the arrows on a line that starts at an origin circle */
	FIGURE_ORIGIN,   /* that circle */
	FIGURE_ORDINATE, /* an extension line that bears its number at its end */
	FIGURE_ZERO,     /* the datum's among them */
};

struct figure {
	enum figure_kind kind;

	/* Linear: both tips. Angular: both, counter-clockwise. Radial and running: the tip, and
	 * where its line begins (knee, centre, origin). Ordinate: on its extension line, and across
	 * from there on the datum's. */
	struct vec tip[2];

	/* Linear, radial: the line that the lettering stands on. Ordinate: its line's last piece. */
	struct vec ground[2];
	struct vec shelf[2]; /* the same of a shelf, from the knee on; equal where there is none */
	bool jogged;         /* radial: foreshortened; the shelf is the piece beyond the jog */
	struct seg arc;      /* angular; origin: the circle */

	const struct reading *reading; /* NULL: bears no number */
	bool used;                     /* states something of a shape */
};

#define READER_RULINGS_MAX 2048

enum table_column { TABLE_NAME, TABLE_X, TABLE_Y, TABLE_SIZE, TABLE_COLUMNS };

/* What a table says of one hole. */
struct table_row {
	struct reading *cells[TABLE_COLUMNS];
	struct reading *mark; /* the name at the hole */
	bool used;
};

struct table {
	bool sizes_are_diameters; /* plain numbers under a diameter sign */
	int count;
	struct table_row *rows;
};

/* A straight piece of a stroke that can lead from a dimension to what it measures. */
struct reader_line {
	struct vec a, b;
};

struct reader {
	const struct drawing *drawing;
	struct arena *arena;

	/* Features in line with each other need no dimension each: true for parts, false where each
	 * shape stands for itself. */
	bool aligned;

	struct reader_line *lines;
	int line_count;
	struct table *table; /* NULL: there is none */
	struct figure *figures;
	int figure_count, figure_room;
	struct reading *readings;
	int reading_count;
	const struct reading *
		*reading_of; /* the reading of each text; NULL: of none (symbols, frame) */
};

/* A recognised primitive; canonical in where it starts and which way it points. */
struct outline {
	enum shape_kind kind;
	struct vec anchor; /* what x and y mean for the kind */
	struct vec u, v;   /* unit vectors along and across its angle */
	double width, height, length, r, rx, ry;
	struct vec ends[2]; /* arc: unit vectors from the centre to start and end */
	int sides;
	int point_count;
	struct vec points[SHAPE_POINTS_MAX];
};

/* A number of the label while it is looked for. */
struct wanted {
	struct reader *reader;
	const struct outline *outline;
	const char *name; /* for messages */
	struct err *err;
	int64_t value;
	int count; /* dimensions that state it */
};

/* What a linear dimension may measure: from feature a to feature b along a direction. Each feature
 * is a piece across that direction, or a point. */
struct span {
	struct vec along;
	struct vec a[2], b[2];
};

/* reader_lines.c: geometry within the tolerances above. */
bool same_point(struct vec a, struct vec b);
bool same_direction(struct vec a, struct vec b); /* unit vectors */
bool is_level_or_upright(struct vec unit);
double distance_to_line(struct vec p, struct vec a, struct vec b); /* a-b without end */
bool on_segment(struct vec p, struct vec a, struct vec b);
double turn_from(struct vec from, struct vec to); /* counter-clockwise, [0, 2 pi) */
bool is_circle(const struct seg *seg);            /* a whole one */
bool on_arc(struct vec p, const struct seg *arc); /* of a circle */
struct seg seg_reversed(const struct seg *seg);

/* Fills reader->lines: all straight strokes but dimension lines. */
void reader_gather_lines(struct reader *reader);

/* Whether a person could follow a thin line or outline from p to q: all of p-q is drawn on, but for
 * the gap that practice leaves between outline and extension line. */
bool line_is_drawn(const struct reader *reader, struct vec p, struct vec q);

/* Whether the tip of a dimension measuring along `along` stands on the feature f0-f1 (across
 * `along`; may be a point) or on a drawn line that leads to it. */
bool tip_reaches(const struct reader *reader, struct vec tip, struct vec along, struct vec f0,
		 struct vec f1);

/* reader_figures.c: all dimensions on the sheet. */
void reader_find_figures(struct reader *reader);

/* Appends one, zeroed but for its kind; those before may move. */
struct figure *reader_add_figure(struct reader *reader, enum figure_kind kind);

/* reader_ordinates.c: those numbers at ends of extension lines, after all others. */
void reader_find_ordinates(struct reader *reader);

/* reader_table.c: the table of holes, if there is one; its texts and the names at the holes are
 * explained. -1 where a row is incomplete, or a name stands for no hole or two. */
int reader_find_table(struct reader *reader, struct err *err);

/* reader_texts.c: reads all texts; stacks are put together. Texts of notes, symbols and the frame
 * that are no scale are passed over. */
void reader_read_texts(struct reader *reader);

/* Gives each reading to the figure that it stands by. Checks that the scale and the origins are
 * printed as drawn. */
int reader_assign_texts(struct reader *reader, struct err *err);

/* The middle of a reading's box, and half its extent along a unit vector. */
struct vec reading_middle(const struct reading *r);
double reading_half_extent(const struct reading *r, struct vec along);

/* From the end b of the line a-b to lettering that stands in line with it, beyond b; INFINITY: it does
 * not, or is too far. */
double reading_gap_beyond(const struct reading *r, struct vec a, struct vec b);

/* Between a reading's box and a point; 0 inside. */
double reading_to_point(const struct reading *r, struct vec p);

/* The pieces of a path in a form that depends on the picture alone. */
struct pieces {
	struct seg *segs; /* in the arena */
	int count;
	bool closed;
};

/* reader_outline.c: copies the path; pieces that carry on the one before them are joined to it, closed
 * paths run counter-clockwise and start before a straight piece that follows an arc, where there is
 * one. -1 if the pieces do not hang together. */
int reader_pieces(struct pieces *pieces, const struct path *path, struct arena *arena);

/* Which primitive the path of an outline stroke is. */
int reader_recognise(const struct reader *reader, const struct path *path, struct outline *outline,
		     struct err *err);

/* reader_values.c: a number from the texts of all dimensions that measure it, in thousandths; each
 * text that agrees with the sheet is marked as used. -1 with w->err, which names shape and number,
 * where there is none, or one that contradicts. */

/* A length; the text prints `times` (1 or 2) the number. */
int reader_state_linear(struct wanted *w, const struct span *span, int times, int64_t *value);

/* A coordinate of p along the axis, from the datum: running, or linear. */
int reader_state_position(struct wanted *w, struct vec axis, struct vec p, int64_t *value);

/* The distance from p to q along the axis, positive or negative, from linear dimensions that lead from
 * one to the other, each beginning where another ends. */
int reader_state_between(struct wanted *w, struct vec axis, struct vec p, struct vec q,
			 int64_t *value);

/* The diameter of what lies across an axis midway between the span's two features: from a line from one
 * to the other, or a line with one arrow that comes from beyond the axis. kind: CALLOUT_DIAMETER, or
 * CALLOUT_THREAD, of which *callout (NULL: not wanted) is then the lettering. */
int reader_state_across(struct wanted *w, enum callout_kind kind, const struct span *span,
			int64_t *value, const struct callout **callout);

/* Whether a line with one arrow comes from beyond an axis: along the unit vector, which the axis crosses
 * at `middle` (mm along it). Then it measures the same on the axis's other side. */
bool reader_passes_axis(const struct figure *figure, struct vec along, double middle);

/* A leader that points at p (within READER_SAME_MM) with lettering of this kind, marked as used;
 * NULL: none. Of several the first. */
const struct callout *reader_leader_to(struct reader *reader, enum callout_kind kind, struct vec p);

/* Whether the figure's arrow stands on the arc and its line goes through the arc's centre; of a
 * foreshortened one the piece with the arrow does, and the other ends nearer than the centre. */
bool reader_aims_at(const struct figure *figure, const struct seg *arc);

/* The radius of any of n arcs, from radii and diameters. */
int reader_state_radius(struct wanted *w, const struct seg *arcs, int n, int64_t *value);

/* The angle at the vertex between two directions, counter-clockwise. */
int reader_state_angle(struct wanted *w, struct vec vertex, struct vec from, struct vec to,
		       int64_t *value);

/* The printed length of an arc, of counter-clockwise sweep, follows from its radius and sweep (thousandths
 * of the unit and of a degree), which the label has: it must agree with them to half its last decimal. 0,
 * too, where none is printed. */
int reader_check_arc_length(struct wanted *w, const struct seg *arc, int64_t r, int64_t sweep);

/* All shapes of a drawing of the family, in any order, each checked. */
int read_shapes(struct program *program, struct reader *reader, struct err *err);
int read_plate(struct program *program, struct reader *reader, struct err *err);
int read_turned(struct program *program, struct reader *reader, struct err *err);
int read_cabinet(struct program *program, struct reader *reader, struct err *err);

/* reader_shapes.c: all numbers of a primitive's label. */
int reader_state_shape(struct reader *reader, const struct outline *outline, struct shape *shape,
		       struct err *err);

#endif
