/* SPDX-License-Identifier: MIT */
/*
 * A run ends where the path turns by more than CORNER_COS tells. Of a closed path the first run begins
 * at its first corner; one without corners is a single closed run. Arcs become chords near enough for
 * any pen, and a place on the track is one on a chord.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "render/hand/track.h"

#define CORNER_COS 0.966 /* 15 degrees */
#define CHORD_MM 0.01
#define LEAST_MM 1e-6

/* The direction of a segment at its start (0) or end (1). */
static struct vec direction(const struct seg *seg, int end)
{
	double t = seg->from + end * seg->sweep, way = seg->sweep > 0 ? 1 : -1;

	if (seg->kind == SEG_LINE)
		return vec_sub(seg->b, seg->a);
	return vec_rotate(vec(-way * seg->rx * sin(t), way * seg->ry * cos(t)), seg->rotation);
}

static bool is_corner(const struct seg *before, const struct seg *after)
{
	struct vec u = direction(before, 1), v = direction(after, 0);
	double lengths = vec_length(u) * vec_length(v);

	return lengths < LEAST_MM * LEAST_MM || vec_dot(u, v) < CORNER_COS * lengths;
}

static const struct seg *seg_of(const struct path *path, int i)
{
	return &path->segs[i % path->count];
}

/* Where a closed path's first run begins, or -1: it has no corner. */
static int first_corner(const struct path *path)
{
	for (int i = 0; i < path->count; i++)
		if (is_corner(seg_of(path, i + path->count - 1), seg_of(path, i)))
			return i;
	return -1;
}

static void set_points(struct track *track, const struct path *run, struct arena *arena)
{
	struct polyline line = polyline_from_path(run, CHORD_MM, arena);

	*track = (struct track){.points = ARENA_NEW(arena, struct vec, line.count + 1),
				.s = ARENA_NEW(arena, double, line.count + 1),
				.closed = run->closed};
	for (int i = 0; i < line.count + line.closed; i++) {
		struct vec p = line.points[i % line.count];
		double step =
			track->count ? vec_length(vec_sub(p, track->points[track->count - 1])) : 0;

		if (track->count && step < LEAST_MM)
			continue;
		track->length += step;
		track->points[track->count] = p;
		track->s[track->count++] = track->length;
	}
}

bool track_next(struct track *track, const struct path *path, struct track_cursor *cursor,
		struct arena *arena)
{
	int start = path->closed && path->count ? first_corner(path) : 0;

	while (cursor->done < path->count) {
		struct path run = {.closed = start < 0};
		int first = start < 0 ? 0 : start;

		do
			path_add_seg(&run, arena, seg_of(path, first + cursor->done++));
		while (cursor->done < path->count &&
		       (start < 0 || !is_corner(seg_of(path, first + cursor->done - 1),
						seg_of(path, first + cursor->done))));
		set_points(track, &run, arena);
		if (track->count > 1)
			return true;
	}
	return false;
}

struct vec track_at(struct track *track, double s, struct vec *along)
{
	int i = track->near, last = track->count - 2;
	struct vec a;

	if (track->closed)
		s -= track->length * floor(s / track->length);
	while (i < last && s > track->s[i + 1])
		i++;
	while (i > 0 && s < track->s[i])
		i--;
	track->near = i;
	a = track->points[i];
	*along = vec_unit(vec_sub(track->points[i + 1], a));
	return vec_add(a, vec_scale(*along, s - track->s[i]));
}
