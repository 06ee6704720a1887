/* SPDX-License-Identifier: MIT */
/*
 * draft_part: what a sheet says of the part itself: what it is called, made of, and weighs.
 *
 *	struct part_facts part = part_from_scene(&scene, custom, &rng, &arena);
 *	const char *name = part_name(&part, false, &rng);	("FLANGE")
 *
 * Names are by what is seen: a shaft is long and has no bore through it, a hub has one. Of what cannot
 * be seen (a lever, a link) any is as good as another.
 */
#ifndef RENDER_DRAFT_PART_H
#define RENDER_DRAFT_PART_H

#include "render/draft/draft_material.h"

struct part_facts {
	enum family family;
	unsigned traits;                 /* of its shape and material, TRAIT_... of draft_part.c */
	const struct material *material; /* NULL: of loose shapes */
	double mass_kg;                  /* 0: of loose shapes and of cabinets */
};

/* The material is material_pick's. The arena is used on the way. */
struct part_facts part_from_scene(const struct scene *scene, enum custom custom, struct rng *rng,
				  struct arena *arena);

/* One of the names that fit, English in capitals or Russian. Loose shapes are called anything. One draw
 * from rng. */
const char *part_name(const struct part_facts *part, bool russian, struct rng *rng);

#endif
