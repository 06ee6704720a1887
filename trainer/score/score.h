/* SPDX-License-Identifier: MIT */
/*
 * score: how right a predicted program is, by what it says and by what it draws.
 *
 *	struct score_case c = {.family = FAMILY_PLATE, .truth = &truth, .scene = &scene,
 *			       .language = LANGUAGE_CALLS, .text = text, .len = len};
 *	struct score score;
 *	struct score_reading reading;
 *	score_from_programs(&score, &c, &reading, &arena, &why);
 *
 * One drawing's figures, as counts that score_summary adds up; metrics(5) says what becomes of them.
 * Nothing that a prediction holds is an error of this function: text of any bytes and length gives
 * a score.
 */
#ifndef TRAINER_SCORE_H
#define TRAINER_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"
#include "trainer/score/pairing.h"

/* Which numbers of a label are counted: all; those that stand on the drawing as they are; those that
 * follow from others (printed_number.h). */
enum score_numbers { NUMBERS_ALL, NUMBERS_PRINTED, NUMBERS_DERIVED, NUMBERS_KINDS };

struct score_number_count {
	int all, right, near;
};

struct score_shape_count {
	int truths, said;  /* in the true program, in the predicted one */
	int equal, near;   /* of each kind, paired so that there are most */
	int missed, added; /* without a partner in pairing.h */
};

struct score {
	/* parsed: the text is a program. valid: its shapes make a part of the truth's family, in any
	 * order (scene_check). exact: the same unit and shapes in the same order. */
	bool parsed, valid, exact;

	/* Equal: every parameter is. Near: label_shape_is_near, with a thousandth of the diagonal of
	 * the true part's box as the floor for coordinates; 0 where the truth is no part. */
	struct score_shape_count shapes; /* of all kinds together */
	struct score_shape_count kinds[SHAPE_COUNT_];

	/* Of the numbers of the true label; right: the pair of pairing.h says the same one. Those of
	 * shapes that were missed are wrong. Without a scene only NUMBERS_ALL is counted. */
	struct score_number_count numbers[NUMBERS_KINDS];

	/* The longest common subsequence, and the longer of both; both 0 without tokens. */
	size_t tokens_matched, tokens;

	/* figure_iou, where the truth fills something; and figure_chamfer over the diagonal of the true
	 * part's box, at most 1. What is not valid has 0 and 1. No geometry: the truth is no part. */
	bool has_iou, has_chamfer;
	double iou, chamfer;

	/* Cabinets: box_match.h, of what is parsed. */
	bool has_boxes;
	int boxes_matched, models, parameters, parameters_right;
};

/* All is borrowed. */
struct score_case {
	enum family family;
	const struct program *truth; /* at least one shape */
	const struct scene *scene;   /* NULL: what its drawing prints is not known */
	enum language language;
	const char *text; /* the prediction; may be NULL where len is 0 */
	size_t len;
	const uint32_t *true_ids, *said_ids; /* tokens of both, without <s> and </s> */
	size_t true_id_count, said_id_count;
};

/* What an error study looks at; lives in the arena. */
struct score_reading {
	bool parsed;
	struct program said;    /* parsed only */
	struct pairing pairing; /* parsed only */
};

/* reading may be NULL. why (may be NULL) is filled where the prediction is not valid: "prediction:1:8:
 * ...", or the rule that its shapes break. */
void score_from_programs(struct score *score, const struct score_case *c,
			 struct score_reading *reading, struct arena *arena, struct err *why);

#endif
