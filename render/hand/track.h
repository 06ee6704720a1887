/* SPDX-License-Identifier: MIT */
/*
 * track: a smooth run of a path by the length along it: what a hand draws in one go.
 *
 *	struct track_cursor cursor = {0};
 *	struct track track;
 *	while (track_next(&track, &path, &cursor, &arena)) {
 *		struct vec along, p = track_at(&track, 3.5, &along);
 *	}
 */
#ifndef RENDER_TRACK_H
#define RENDER_TRACK_H

#include <stdbool.h>

#include "base/arena.h"
#include "formats/scene/path.h"

struct track {
	struct vec *points; /* in the arena */
	double *s;          /* length from the first point on */
	int count;          /* 2 or more */
	double length;
	bool closed; /* ends where it begins, without a corner */
	int near;    /* the piece that was asked for last */
};

/* Which runs are still to come; zeroed. */
struct track_cursor {
	int done; /* segments */
};

/* The next run of the path between two of its corners; false: there are no more. Runs without length
 * are left out. */
bool track_next(struct track *track, const struct path *path, struct track_cursor *cursor,
		struct arena *arena);

/* The place at length s and the unit vector along the track there. A closed track goes round again,
 * others go on straight beyond their ends. */
struct vec track_at(struct track *track, double s, struct vec *along);

#endif
