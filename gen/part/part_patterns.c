/* SPDX-License-Identifier: MIT */
/* Where things of one size stand on a face: one, a row, a grid, a circle. */
#include <config.h>

#include <math.h>

#include "gen/part/part_maker.h"

/* `count` places in lo..hi, symmetric, each with `room` to the ends and `pitch` apart at least. */
static bool spread(struct part_maker *m, int64_t lo, int64_t hi, int count, int64_t room,
		   int64_t pitch, int64_t *first, int64_t *apart)
{
	int64_t most = (hi - lo - 2 * room) / part_most(count - 1, 1), middle = lo + (hi - lo) / 2;

	*apart = part_pick(m, part_most(pitch, most * 6 / 10), most, m->step);
	*first = middle - *apart * (count - 1) / 2;
	return *apart > 0 && (hi - lo) % 2 == 0 && *apart * (count - 1) % 2 == 0 &&
	       *first % m->step == 0;
}

/* The middle of an end that is a half circle, or of a rounded corner. */
static bool throw_round_end(struct part_maker *m, const struct part_face *face, int64_t room,
			    struct part_point *out)
{
	int64_t size = face->corner_size;
	bool at_hi = rng_chance(m->rng, 0.75), wanted = rng_chance(m->rng, 0.6);

	if (face->corner != PART_ROUND || size < room || !wanted ||
	    2 * size != part_least(part_span(face, 0), part_span(face, 1)))
		return false;
	*out = at_hi ? (struct part_point){face->hi.x - size, face->hi.y - size}
		     : (struct part_point){face->lo.x + size, face->lo.y + size};
	return true;
}

/* On discs in the middle, or on the axes through it. */
static bool throw_one(struct part_maker *m, const struct part_face *face, int64_t room,
		      struct part_point *out)
{
	bool is_disc = face->radius > 0, central = rng_chance(m->rng, is_disc ? 0.85 : 0.5);
	bool on_line = rng_chance(m->rng, is_disc ? 1 : 0.6), across = rng_chance(m->rng, 0.2);
	struct part_point middle;
	bool has_middle = part_middle(m, face, &middle);

	if (throw_round_end(m, face, room, out))
		return true;
	if (!part_place(m, face->lo.x + room, face->hi.x - room, &out->x) ||
	    !part_place(m, face->lo.y + room, face->hi.y - room, &out->y))
		return false;
	if (!has_middle)
		return !is_disc;
	if (central)
		*out = middle;
	else if (on_line && (part_span(face, 0) > part_span(face, 1)) != across)
		out->y = middle.y;
	else if (on_line)
		out->x = middle.x;
	return true;
}

static int throw_row(struct part_maker *m, const struct part_face *face, int64_t room,
		     int64_t pitch, struct part_point *out)
{
	bool along_v = rng_chance(m->rng, part_span(face, 1) > part_span(face, 0) ? 0.9 : 0.1);
	int count = (int)rng_range(m->rng, 2, 5);
	bool at_ends = rng_chance(m->rng, 0.5), two = rng_chance(m->rng, 0.5);
	int64_t first, apart, lo = along_v ? face->lo.y : face->lo.x, ends = face->corner_size;
	struct part_point at;

	if (two || face->radius > 0)
		count = 2;
	if (!throw_one(m, face, room, &at) ||
	    !spread(m, lo, along_v ? face->hi.y : face->hi.x, count, room, pitch, &first, &apart))
		return 0;
	if (face->radius > 0 && !part_middle(m, face, &at))
		return 0;
	/* Where both ends are round. */
	if (at_ends && count == 2 && face->corner == PART_ROUND && ends >= room &&
	    2 * ends == part_span(face, !along_v) && part_span(face, along_v) - 2 * ends >= pitch) {
		first = lo + ends;
		apart = part_span(face, along_v) - 2 * ends;
		if (!part_middle(m, face, &at))
			return 0;
	}
	for (int i = 0; i < count; i++) {
		out[i] = at;
		*(along_v ? &out[i].y : &out[i].x) = first + i * apart;
	}
	return count;
}

static int throw_grid(struct part_maker *m, const struct part_face *face, int64_t room,
		      int64_t pitch, struct part_point *out)
{
	int columns = rng_chance(m->rng, 0.75) ? 2 : 3;
	int rows = rng_chance(m->rng, 0.85) ? 2 : 3;
	bool in_corners = rng_chance(m->rng, 0.6);
	int64_t u, v, du, dv, size = face->corner_size;

	if (face->radius > 0 || !spread(m, face->lo.x, face->hi.x, columns, room, pitch, &u, &du) ||
	    !spread(m, face->lo.y, face->hi.y, rows, room, pitch, &v, &dv))
		return 0;
	/* With the middles of rounded corners. */
	if (in_corners && face->corner == PART_ROUND && size >= room) {
		columns = rows = 2;
		u = face->lo.x + size;
		v = face->lo.y + size;
		du = part_span(face, 0) - 2 * size;
		dv = part_span(face, 1) - 2 * size;
		if (du < pitch || dv < pitch)
			return 0;
	}
	for (int i = 0; i < columns * rows; i++)
		out[i] = (struct part_point){u + i % columns * du, v + i / columns * dv};
	return columns * rows;
}

/* The i-th of 3, 4 or 6 places on a circle round the origin. Four are on the step: on the axes, or turned
 * between them with that radius along both axes. The others are as micrometres allow. */
static struct part_point circle_place(int count, bool turned, int i, int64_t radius)
{
	static const double six[6][2] = {
		{1, 0},  {0.5, 0.86602540378443865},   {-0.5, 0.86602540378443865},
		{-1, 0}, {-0.5, -0.86602540378443865}, {0.5, -0.86602540378443865}};
	static const int four[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
	int64_t x, y;

	if (count == 4) {
		x = four[i][0] * radius;
		y = four[i][1] * radius;
		return turned ? (struct part_point){x - y, x + y} : (struct part_point){x, y};
	}
	x = (int64_t)floor(six[i * 6 / count][0] * (double)radius + 0.5);
	y = (int64_t)floor(six[i * 6 / count][1] * (double)radius + 0.5);
	return turned ? (struct part_point){-y, x} : (struct part_point){x, y};
}

static int throw_circle(struct part_maker *m, const struct part_face *face, int64_t room,
			int64_t pitch, bool on_step, struct part_point *out)
{
	static const int counts[10] = {4, 4, 4, 4, 4, 4, 6, 6, 3, 3};
	int count = counts[rng_below(m->rng, on_step ? 6 : 10)];
	bool turned = rng_chance(m->rng, 0.5);
	int64_t most = part_least(part_span(face, 0), part_span(face, 1)) / 2 - room;
	int64_t least = count == 6 ? pitch : pitch * 3 / 4, radius;
	struct part_point c;

	if (count == 4 && turned) {
		most = most * 7 / 10;
		least = (pitch + 1) / 2;
	}
	radius = part_pick(m, part_most(least, most / 2), most, m->step);
	if (radius == 0 || !part_middle(m, face, &c))
		return 0;
	for (int i = 0; i < count; i++) {
		struct part_point p = circle_place(count, turned, i, radius);

		out[i] = (struct part_point){c.x + p.x, c.y + p.y};
	}
	return count;
}

int part_throw_pattern(struct part_maker *m, const struct part_face *face,
		       enum part_feature feature, int64_t radius, bool on_step,
		       struct part_point out[PART_POINTS_MAX])
{
	int64_t room = radius + m->wall, pitch = 2 * radius + m->wall;
	int count;

	switch (feature) {
	case PART_HOLE_ROW:
		count = throw_row(m, face, room, pitch, out);
		break;
	case PART_HOLE_GRID:
		count = throw_grid(m, face, room, pitch, out);
		break;
	case PART_BOLT_CIRCLE:
		count = throw_circle(m, face, room, pitch, on_step, out);
		break;
	default:
		count = throw_one(m, face, room, out);
	}
	for (int i = 0; i < count; i++)
		if (!part_holds_disc(face, out[i], radius, m->wall))
			return 0;
	return count;
}
