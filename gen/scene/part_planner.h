/* SPDX-License-Identifier: MIT */
/*
 * part_planner: what scene_part.c, which plans a solid's dimensions along the axes, and scene_part_rounds.c, which
 * plans those of its cylinders and cones, share.
 *
 *	struct planner p = {.scene = scene, .part = part, .rng = rng, .err = err};
 *	planner_find_ways(&p, arena);
 *	...
 *	if (planner_add_cone(&p, round) < 0) ...	(places)
 *	if (planner_tell_rounds(&p) < 0) ...		(dimensions)
 */
#ifndef GEN_PART_PLANNER_H
#define GEN_PART_PLANNER_H

#include <math.h>

#include "base/rng.h"
#include "formats/scene/scene.h"
#include "formats/solid/part.h"

#define PLACES_MAX 48 /* along an axis */
#define AXES 3

/* How well a view shows a place. */
enum { UNSEEN, HIDDEN_EDGE, HIDDEN_ROUND, EDGE, ROUND };

struct place {
	double mm;  /* along the axis */
	int root;   /* of those that radii tie to it; itself: it is one */
	bool plane; /* a plane lies across the axis there, */
	bool alone; /* and is no side of a slot */
	bool ends;  /* a plane aslant ends there */
	bool halfway; /* the middle of a round that goes half way round or more, which planes go on in */
	int touched; /* by so many planes that go on in the round of which this is the middle */
	int round; /* -1: lines are drawn there; else it is the middle of this one, which bears no mark */
	int seen[PART_VIEWS_MAX];
};

/* How a cone is told: not at all, as it is no cone or the end of a drilled hole; as a chamfer of 45 degrees; with its
 * hole; by what is not known of its ends. */
enum cone_way { CONE_NOT, CONE_CHAMFER, CONE_SINK, CONE_ENDS };

struct planner {
	struct scene *scene;
	struct part *part;
	struct rng *rng;
	struct err *err;
	bool chain;
	enum cone_way *ways; /* of the part's rounds, in the arena */
	struct place places[AXES][PLACES_MAX];
	int counts[AXES];
};

/* About one axis, which part->rounds may say twice: inside and outside a wall. */
static inline bool planner_is_concentric(const struct part *part, int a, int b)
{
	const struct part_round *r = &part->rounds[a], *s = &part->rounds[b];
	int u = (r->axis + 1) % AXES, v = (r->axis + 2) % AXES;

	return r->axis == s->axis && part_is_same(vec3_at(r->base, u), vec3_at(s->base, u)) &&
	       part_is_same(vec3_at(r->base, v), vec3_at(s->base, v));
}

/* The place there, which is added where there was none; -1 with *err where there are too many. round: it is the
 * middle of that one; -1: it is none. */
int planner_place_at(struct planner *p, int axis, double mm, int round);

/* How each cone is told. */
void planner_find_ways(struct planner *p, struct arena *arena);

/* Adds the places of a cone's ends that nothing else tells, nothing for a cylinder. -1 with *err. */
int planner_add_cone(struct planner *p, int round);

/* Adds the dimensions of all rounds but where they are. -1 with *err. */
int planner_tell_rounds(struct planner *p);

/* Adds the dimensions of planes that cut corners off. -1 with *err. */
int planner_tell_corners(struct planner *p);

#endif
