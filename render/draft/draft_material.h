/* SPDX-License-Identifier: MIT */
/*
 * draft_material: what parts are made of, as title blocks call it.
 *
 *	const struct material *m = material_pick(FAMILY_TURNED, CUSTOM_ASME, &rng);
 *	puts(m->names[CUSTOM_ASME][0]);		("6061-T6 ALUMINUM")
 */
#ifndef RENDER_DRAFT_MATERIAL_H
#define RENDER_DRAFT_MATERIAL_H

#include "base/rng.h"
#include "formats/scene/scene.h"

/* How people of a standard, or in schools, fill in title blocks. */
enum custom { CUSTOM_ISO, CUSTOM_ASME, CUSTOM_GOST, CUSTOM_SCHOOL, CUSTOMS };

/* What a finish, a note or a kind of hatching is for. */
#define MATERIAL_STEEL (1u << 0) /* rusts, is hardened */
#define MATERIAL_STAINLESS (1u << 1)
#define MATERIAL_IRON (1u << 2)
#define MATERIAL_ALUMINIUM (1u << 3)
#define MATERIAL_COPPER (1u << 4)
#define MATERIAL_PLASTIC (1u << 5)
#define MATERIAL_WOOD (1u << 6)
#define MATERIAL_METALS (MATERIAL_PLASTIC - 1)

#define MATERIAL_NAMES 2

struct material {
	unsigned kind;                              /* one of MATERIAL_... */
	unsigned families;                          /* 1 << FAMILY_... */
	double density;                             /* g/cm3 */
	const char *names[CUSTOMS][MATERIAL_NAMES]; /* in full, shortly; NULL: not used there */
};

/* Metals most often, plastics now and then; boards for cabinets; NULL for loose shapes. Its name in
 * this custom is not NULL. Two draws from rng. */
const struct material *material_pick(enum family family, enum custom custom, struct rng *rng);

#endif
