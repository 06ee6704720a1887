/* SPDX-License-Identifier: MIT */
/* Outlines, counter-clockwise in u and v. */
#include <config.h>

#include <assert.h>
#include <string.h>

#include "gen/part/part_maker.h"

#define LOOPS_MAX (1 + PART_POINTS_MAX)

static struct part_profile new_profile(struct part_maker *m, int edges)
{
	struct part_profile profile = {ARENA_NEW(m->arena, struct part_loop, LOOPS_MAX), 1};

	profile.loops[0].edges = ARENA_NEW(m->arena, struct part_edge, edges);
	return profile;
}

static void add_line(struct part_loop *loop, int64_t x, int64_t y)
{
	loop->edges[loop->count++].from = (struct part_point){x, y};
}

static void add_arc(struct part_loop *loop, int64_t x, int64_t y, int64_t centre_x,
		    int64_t centre_y)
{
	loop->edges[loop->count++] =
		(struct part_edge){.from = {x, y}, .is_arc = true, .centre = {centre_x, centre_y}};
}

struct part_profile part_circle(struct part_maker *m, struct part_point centre, int64_t radius)
{
	struct part_profile profile = {ARENA_NEW(m->arena, struct part_loop, LOOPS_MAX), 1};

	profile.loops[0] = (struct part_loop){.centre = centre, .radius = radius};
	return profile;
}

void part_add_hole(struct part_profile *profile, struct part_point centre, int64_t radius)
{
	assert(profile->count < LOOPS_MAX);
	profile->loops[profile->count++] = (struct part_loop){.centre = centre, .radius = radius};
}

struct part_profile part_polygon(struct part_maker *m, const struct part_point *points, int count)
{
	struct part_profile profile = new_profile(m, count);

	for (int i = 0; i < count; i++)
		add_line(&profile.loops[0], points[i].x, points[i].y);
	return profile;
}

struct part_profile part_rectangle(struct part_maker *m, struct part_point lo, struct part_point hi,
				   enum part_corner corner, int64_t size)
{
	struct part_profile profile = new_profile(m, 8);
	struct part_loop *loop = &profile.loops[0];
	const struct part_point corners[4] = {lo, {hi.x, lo.y}, hi, {lo.x, hi.y}};
	/* The way the outline goes to a corner. */
	static const int way[4][2] = {{0, -1}, {1, 0}, {0, 1}, {-1, 0}};

	for (int i = 0; i < 4; i++) {
		struct part_point at = corners[i];
		const int *in = way[i], *out = way[(i + 1) % 4];
		struct part_point a = {at.x - in[0] * size, at.y - in[1] * size};
		struct part_point b = {at.x + out[0] * size, at.y + out[1] * size};

		if (corner == PART_SHARP) {
			add_line(loop, at.x, at.y);
			continue;
		}
		if (corner == PART_ROUND)
			add_arc(loop, a.x, a.y, a.x + b.x - at.x, a.y + b.y - at.y);
		else
			add_line(loop, a.x, a.y);
		add_line(loop, b.x, b.y);
	}
	return profile;
}

static void turn_profile(struct part_profile *profile)
{
	struct part_loop *loop = &profile->loops[0];
	struct part_edge old[8];

	/* Mirrored at x = y, and back to counter-clockwise. */
	memcpy(old, loop->edges, sizeof(*old) * (size_t)loop->count);
	for (int i = 0; i < loop->count; i++) {
		const struct part_edge *edge = &old[loop->count - 1 - i];
		struct part_point to = old[(loop->count - i) % loop->count].from;

		loop->edges[i] = (struct part_edge){
			.from = {to.y, to.x},
			.is_arc = edge->is_arc,
			.centre = {edge->centre.y, edge->centre.x},
		};
	}
}

struct part_profile part_stadium(struct part_maker *m, struct part_point lo, struct part_point hi,
				 int along, bool round_lo, bool round_hi)
{
	struct part_profile profile = new_profile(m, 4);
	struct part_loop *loop = &profile.loops[0];
	int64_t x0 = along ? lo.y : lo.x, x1 = along ? hi.y : hi.x;
	int64_t y0 = along ? lo.x : lo.y, y1 = along ? hi.x : hi.y;
	int64_t radius = (y1 - y0) / 2, middle = y0 + radius;

	add_line(loop, round_lo ? x0 + radius : x0, y0);
	if (round_hi)
		add_arc(loop, x1 - radius, y0, x1 - radius, middle);
	else
		add_line(loop, x1, y0);
	add_line(loop, round_hi ? x1 - radius : x1, y1);
	if (round_lo)
		add_arc(loop, x0 + radius, y1, x0 + radius, middle);
	else
		add_line(loop, x0, y1);
	if (along)
		turn_profile(&profile);
	return profile;
}

struct part_point part_profile_lo(const struct part_profile *profile)
{
	const struct part_loop *loop = &profile->loops[0];
	struct part_point lo;

	if (loop->count == 0)
		return loop->centre;
	lo = loop->edges[0].from;
	for (int i = 1; i < loop->count; i++) {
		lo.x = part_least(lo.x, loop->edges[i].from.x);
		lo.y = part_least(lo.y, loop->edges[i].from.y);
	}
	return lo;
}
