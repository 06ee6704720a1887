/* SPDX-License-Identifier: MIT */
/*
 * reader_plate: the parts of read_plate(), and what they hand to each other.
 *
 *	find_body(&p)			reader_plate.c: the outline; slots and windows
 *	plate_axis_read(&p, k)		reader_plate_axes.c: coordinates from all linear dimensions
 *	plate_read_corners(&p)		reader_plate_corners.c
 *	plate_read_holes(&p)		reader_plate_holes.c
 *
 * All geometry is in millimetres on the sheet; along an axis it is counted from the datum.
 */
#ifndef GEN_READER_PLATE_H
#define GEN_READER_PLATE_H

#include "gen/reader/reader.h"

/* A dimension along an axis, from one coordinate to a higher one. */
struct plate_step {
	struct figure *figure;
	double ends[2];
	int64_t value;
	int spaces; /* that it is divided into, equal ones */
};

/* A coordinate whose value follows from others and a step. */
struct plate_known {
	double at;
	int64_t value;
	int step;    /* -1: none */
	int from[2]; /* known ones before it; -1: none */
};

struct plate_axis {
	struct vec direction;
	bool symmetric;  /* a centre line goes through the middle of the plate, across the axis */
	double far_edge; /* of a profile; 0 of a disc, whose datum is the middle */
	int step_count, known_count, known_room;
	struct plate_step *steps;
	struct plate_known *known;
};

struct plate_reader {
	struct reader *reader;
	struct program *program;
	struct err *err;
	int body; /* the outline's stroke */
	struct pieces outline;
	struct box box; /* of its corners, the rounded ones too */
	struct vec datum;
	struct plate_axis axes[2];
};

/* Reads all dimensions along axis k; -1 where one contradicts the sheet. */
int plate_axis_read(struct plate_reader *p, int k);

/* The coordinate of a point along axis k, in thousandths; every dimension it follows from is marked as
 * used. `kind` and `name` are for the message where there is none. */
int plate_state(struct plate_reader *p, int k, struct vec at, enum shape_kind kind,
		const char *name, int64_t *value);

/* x and y of a shape. */
int plate_state_anchor(struct plate_reader *p, struct vec at, struct shape *shape);

/* The distance of two points along axis k, divided by `times`. */
int plate_state_distance(struct plate_reader *p, int k, struct vec from, struct vec to, int times,
			 enum shape_kind kind, const char *name, int64_t *value);

/* Whether a dimension of equal spaces leads from one to the other, or none does; it must say so many. */
int plate_check_spaces(struct plate_reader *p, int k, struct vec from, struct vec to, int count);

/* The call-outs of n equal pieces, circles, arcs or edges, marked as used: one that says their number, or
 * one without a number for each. *shared: the former. Returns how many were found, n or 0; -1 where
 * numbers do not agree. */
int plate_call_outs(struct plate_reader *p, enum callout_kind kind, const struct seg *const *pieces,
		    int n, const struct callout **out, bool *shared);

/* Whether a printed size is that of the sheet; else -1 and err. */
int plate_check_size(struct plate_reader *p, const struct callout *callout, int64_t printed,
		     double sheet_mm);

/* Appends to the program after shape_check. */
int plate_add_shape(struct plate_reader *p, const struct shape *shape);

int plate_read_corners(struct plate_reader *p);
int plate_read_holes(struct plate_reader *p);

#endif
