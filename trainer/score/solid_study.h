/* SPDX-License-Identifier: MIT */
/*
 * solid_study: what kind of solid a program makes, and what a prediction of it gets wrong.
 *
 *	struct score_key keys[SOLID_KEYS];
 *	solid_study_keys(&truth, keys);			({"features", "3"}, ...)
 *	unsigned faults = solid_faults(&score, &truth, &said);
 *	if (faults >> SOLID_FAULT_CURVES & 1) ...
 */
#ifndef TRAINER_SOLID_STUDY_H
#define TRAINER_SOLID_STUDY_H

#include "formats/solid/deepcad.h"
#include "trainer/score/score_groups.h"
#include "trainer/score/solid_score.h"

/* F(enum suffix, key, what it is): first what keeps a prediction from being a solid, then what its
 * features say. Features are compared in their order, without those that only one of both has. */
#define SOLID_FAULTS(F)                                                                            \
	F(SILENT, "silent", "no prediction")                                                       \
	F(SLOW, "slow", "took too long or too much memory")                                        \
	F(CRASHED, "crashed", "crashed as it was built")                                           \
	F(UNBUILT, "no-solid", "not a solid")                                                      \
	F(FEWER, "fewer-features", "features left out")                                            \
	F(MORE, "more-features", "features too many")                                              \
	F(KIND, "other-kind", "extrude or revolve confused")                                       \
	F(OPERATION, "other-operation", "another operation")                                       \
	F(PLANE, "other-plane", "sketched on a plane that looks another way")                      \
	F(CURVES, "other-curves", "other curves")                                                  \
	F(NUMBERS, "numbers", "numbers alone are wrong")                                           \
	F(PLACED, "placed", "in another place or of another size")

enum solid_fault {
#define F(id, key, about) SOLID_FAULT_##id,
	SOLID_FAULTS(F)
#undef F
		SOLID_FAULT_COUNT_
};

/* One word; and for people. */
const char *solid_fault_key(enum solid_fault fault);
const char *solid_fault_about(enum solid_fault fault);

#define SOLID_KEYS 3

/* The groups that a true solid is in, by how many features it has, of which kind, and of what curves they
 * are. The strings are literals. */
void solid_study_keys(const struct deepcad_model *truth, struct score_key keys[SOLID_KEYS]);

/* 1 << SOLID_FAULT_... of UNBUILT and those behind it, of a prediction that is a program. What is exact has
 * none. PLACED: aligned, solids overlap by a twentieth more. */
unsigned solid_faults(const struct solid_score *score, const struct deepcad_model *truth,
		      const struct deepcad_model *said);

#endif
