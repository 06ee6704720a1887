/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "formats/solid/part.h"

#define CIRCLE_MAX 64
#define SLACK_MM 0.02 /* from where a hole of a pitch circle should be */

/* The middle of a round about that of another, across the axis of both. */
static struct vec from_middle(const struct part_round *round, const struct part_round *middle)
{
	int u = (round->axis + 1) % 3, v = (round->axis + 2) % 3;

	return vec(vec3_at(round->base, u) - vec3_at(middle->base, u),
		   vec3_at(round->base, v) - vec3_at(middle->base, v));
}

/* Whether the holes that are like the first and as far from the middle lie equally far apart, one of them level
 * with the middle or over it, so that no angle need be told. Sets list and returns how many; 0: not so. */
static int holes_about(const struct part *part, int first, int middle, int list[CIRCLE_MAX])
{
	const struct part_round *rounds = part->rounds;
	double radius = vec_length(from_middle(&rounds[first], &rounds[middle])), step;
	struct vec start;
	bool square = false;
	int count = 0;

	for (int i = 0; i < part->round_count; i++) {
		struct vec at = from_middle(&rounds[i], &rounds[middle]);

		if (rounds[i].on >= 0 || !part_is_alike(&rounds[i], &rounds[first]) ||
		    !part_is_same(vec_length(at), radius))
			continue;
		if (count == CIRCLE_MAX)
			return 0;
		square |= part_is_same(at.x, 0) || part_is_same(at.y, 0);
		list[count++] = i;
	}
	if (count < 3 || !square)
		return 0;
	step = 2 * M_PI / count;
	start = from_middle(&rounds[list[0]], &rounds[middle]);
	for (int k = 0; k < count; k++) {
		struct vec want = vec_rotate(start, k * step);
		bool found = false;

		for (int i = 0; i < count && !found; i++) {
			struct vec at = from_middle(&rounds[list[i]], &rounds[middle]);

			found = vec_length(vec_sub(at, want)) < SLACK_MM;
		}
		if (!found)
			return 0;
	}
	return count;
}

/* Whether a hole lies about the same middle as one on a pitch circle: then it is on that, too. */
static bool is_on_circle(struct part *part, int hole)
{
	struct part_round *own = &part->rounds[hole];

	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *other = &part->rounds[i];

		if (other->on < 0 || other->axis != own->axis ||
		    vec_length(from_middle(own, other)) > PART_SAME_MM)
			continue;
		own->on = other->on;
		return true;
	}
	return false;
}

/* The pitch circle of a hole, about the first round that it has one about. */
static void find_circle(struct part *part, int first)
{
	struct part_round *hole = &part->rounds[first];

	for (int m = 0; m < part->round_count; m++) {
		const struct part_round *middle = &part->rounds[m];
		struct part_round circle = *hole;
		int list[CIRCLE_MAX], count;

		if (middle->pitch || middle->axis != hole->axis || !part_is_whole(middle) ||
		    part_is_alike(middle, hole))
			continue;
		count = holes_about(part, first, m, list);
		if (count == 0)
			continue;
		circle.base = middle->base;
		circle.radius = vec_length(from_middle(hole, middle));
		circle.end_radius = circle.radius;
		circle.hollow = false;
		circle.pitch = true;
		for (int i = 0; i < count; i++)
			part->rounds[list[i]].on = part->round_count;
		part->rounds[part->round_count++] = circle;
		return;
	}
}

void part_find_circles(struct part *part)
{
	int count = part->round_count; /* pitch circles come behind */

	for (int cones = 0; cones < 2; cones++)
		for (int i = 0; i < count; i++) {
			const struct part_round *round = &part->rounds[i];

			if (round->axis < 0 || !round->hollow || !part_is_whole(round) ||
			    round->on >= 0 || part_is_cone(round) != cones)
				continue;
			if (!is_on_circle(part, i) && !cones)
				find_circle(part, i);
		}
}
