/* SPDX-License-Identifier: MIT */
/*
 * part_from_seed: random machined parts, as sketches and extrudes.
 *
 *	struct part_params params = {.operations_max = 6};
 *	if (part_from_seed(&model, &params, seed, i, 0, &arena, &err) < 0) ...
 *
 * A part is a base body and features, each an extrude with a plain name: those below. It is one body,
 * walls and gaps are at least 2 mm and 4 % of the base's longest side, which is 20 to 400 mm long. All
 * lengths are whole multiples of a step of the part's own, 0.1 to 5 mm, but for the corners of hexagons
 * and holes on bolt circles, which are whole micrometres.
 */
#ifndef GEN_PART_FROM_SEED_H
#define GEN_PART_FROM_SEED_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/solid/deepcad.h"

#define PART_OPERATIONS_MAX 6

/* X(name, name of the first extrude) */
#define PART_BASES(X)                                                                              \
	X(BLOCK, "block")                                                                          \
	X(ROUNDED, "rounded plate")                                                                \
	X(CHAMFERED, "chamfered plate")                                                            \
	X(L, "L profile")                                                                          \
	X(T, "T profile")                                                                          \
	X(U, "U profile")                                                                          \
	X(Z, "Z profile")                                                                          \
	X(H, "H profile")                                                                          \
	X(STEPPED, "stepped profile")                                                              \
	X(DISC, "disc")                                                                            \
	X(RING, "ring")                                                                            \
	X(HEXAGON, "hexagon")                                                                      \
	X(STADIUM, "stadium plate")                                                                \
	X(TRAPEZOID, "trapezoid")                                                                  \
	X(WEDGE, "wedge")                                                                          \
	X(BRACKET, "bracket")

/* X(name, name of the extrude) */
#define PART_FEATURES(X)                                                                           \
	X(HOLE, "hole")                                                                            \
	X(HOLE_ROW, "row of holes")                                                                \
	X(HOLE_GRID, "grid of holes")                                                              \
	X(BOLT_CIRCLE, "bolt circle")                                                              \
	X(COUNTERBORE, "counterbore") /* after the holes that it is in */                          \
	X(CROSS_HOLE, "cross hole")                                                                \
	X(ROUND_BOSS, "round boss")                                                                \
	X(PAD, "pad")                                                                              \
	X(RIB, "rib")                                                                              \
	X(GUSSET, "gusset")                                                                        \
	X(POCKET, "pocket")                                                                        \
	X(SLOT, "slot")                                                                            \
	X(CHANNEL, "channel") /* a slot from side to side */                                       \
	X(NOTCH, "notch")     /* a slot from one side */                                           \
	X(STEP, "step")                                                                            \
	X(CORNER_CUT, "corner cut")                                                                \
	X(ROUNDING, "rounding") /* what is in a disc stays */

#define X(name, text) PART_##name,
enum part_base { PART_BASES(X) PART_BASE_COUNT_ };
enum part_feature { PART_FEATURES(X) PART_FEATURE_COUNT_ };
#undef X

/* NULL-terminated. */
extern const char *const part_base_names[PART_BASE_COUNT_ + 1];
extern const char *const part_feature_names[PART_FEATURE_COUNT_ + 1];

/* X(name, name of the first feature) */
#define PART_TURNED(X)                                                                             \
	X(SHAFT, "stepped shaft")                                                                  \
	X(PIN, "headed pin")                                                                       \
	X(FLANGE, "flange")                                                                        \
	X(HUB, "hub")                                                                              \
	X(BUSHING, "bushing")

#define X(name, text) PART_TURNED_##name,
enum part_turned { PART_TURNED(X) PART_TURNED_COUNT_ };
#undef X

/* NULL-terminated. */
extern const char *const part_turned_names[PART_TURNED_COUNT_ + 1];

struct part_params {
	int operations_max; /* features: 1 to PART_OPERATIONS_MAX */
	double turned;      /* share of parts whose base is revolved, 0 to 1 */
};

/* Makes the part, which lives in the arena and depends on its arguments alone; its box is that of the
 * solid. Where by chance no feature finds room there are fewer operations. ERR_LIMIT for an
 * operations_max that is out of range; nothing else fails. */
int part_from_seed(struct deepcad_model *model, const struct part_params *params, uint64_t seed,
		   uint64_t index, uint32_t attempt, struct arena *arena, struct err *err);

#endif
