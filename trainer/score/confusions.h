/* SPDX-License-Identifier: MIT */
/*
 * confusions: what becomes of the numbers of a drawing in its predicted program.
 *
 *	struct metrics_errors errors = {0};
 *	score_from_programs(&score, &c, &reading, &arena, &why);
 *	confusions_add(&errors, &truth, &reading);
 *
 * Every number of the true label has one of the fates of metrics.h; the first that fits:
 *
 *	right    the shape's partner (pairing.h) says it
 *	missed   the shape has no partner
 *	moved    the partner says another; a number of the same kind (coordinate along an axis, length,
 *	         angle, count) of another predicted shape is this one, and is wrong there
 *	misread  the partner says another, whose decimal form differs by at most half the characters of
 *	         the longer one (edit distance)
 *	wrong    anything else
 *
 * Characters are counted in pairs, true and said, of numbers that are right or misread: equal ones along
 * the shortest edit (Wagner and Fischer 1974, "The String-to-String Correction Problem"), replaced
 * ones, and those that stand beside nothing.
 */
#ifndef TRAINER_CONFUSIONS_H
#define TRAINER_CONFUSIONS_H

#include "formats/metrics/metrics.h"
#include "trainer/score/label_number.h"
#include "trainer/score/score.h"

void confusions_add(struct metrics_errors *errors, const struct program *truth,
		    const struct score_reading *reading);

/* What became of one number. */
struct confusion {
	int shape; /* of the truth */
	struct label_number number;
	enum metrics_fate fate;
	bool is_said; /* the partner says this of it, if anything */
	int64_t said;
	int moved_to; /* FATE_MOVED: the first predicted shape that says it instead */
};

/* All numbers of the truth in their order, those that are right, too; in the arena. reading is of a
 * program. Returns how many. */
int confusions_list(const struct program *truth, const struct score_reading *reading,
		    struct confusion **list, struct arena *arena);

#endif
