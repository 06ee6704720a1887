/* SPDX-License-Identifier: MIT */
/*
 * solid_score: how right a predicted solid is, by what it says and by what it fills.
 *
 *	struct solid_truth *truth = solid_truth_new(&model, &why);
 *	struct solid_case c = {truth, CAD_CODE_sketch, text, len};
 *	struct solid_score score;
 *	solid_score_from_text(&score, &c, &arena, &why);
 *	solid_truth_free(truth);
 *
 * One solid's figures, that solid_summary adds up; metrics(5) says what becomes of them. Nothing that a
 * prediction holds is an error of these functions: text of any bytes and length gives a score. But Open
 * CASCADE may take long over solids of many extrudes, and may crash: texts that are not to be trusted
 * belong in base/crew.h.
 *
 * A program that uses it is linked with $(solid_score_libs) by $(solid_link). Without Open CASCADE there is
 * what is said, and nothing is measured.
 */
#ifndef TRAINER_SOLID_SCORE_H
#define TRAINER_SOLID_SCORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/cad/cad_code.h"
#include "formats/solid/deepcad.h"
#include "trainer/score/vec_match.h"

#define SOLID_SCORE_POINTS 8192 /* on each surface, uniform by area */

struct solid_score {
	/* parsed: the text is a program, of loops that do not cross (cad_code_parse_as).
	 * exact: it says the same as the truth, in the sense of solid_same.h. */
	bool parsed, exact;

	/* Whether there is a true solid to measure by; else the rest up to chamfer is 0. */
	bool is_measured;

	/* The extrudes make a solid (solid_from_deepcad) that has a volume and a surface to put points on;
	 * else both overlaps and chamfer are 0. What is exact is not built again: it is valid, with
	 * overlaps of 1. */
	bool valid;

	/* Intersection of the volumes over their union: as both stand, in the same place and unit; and
	 * with the predicted solid moved and scaled so that the middle of its box along the axes and the
	 * longest side of that are the true one's. Nothing is turned. In one unit and about one point the
	 * latter is what is left after both are brought into a box around the origin with a longest side
	 * of 1. Both are exact, but where Open CASCADE cannot combine two solids, or does so and the result
	 * is not near a count by lines (mesh_overlap.h): there it is that count, and `counted` is true. */
	double iou, iou_aligned;
	bool counted;

	/* The mean of the squares of the distances from each point on the true surface to the nearest on
	 * the predicted one, the same the other way round, half of both together; over the square of the
	 * longest side of the true box. Solids are as they stand. The points are drawn on meshes no
	 * farther than a thousandth of the longest side of the solid's own box from its faces, from two
	 * fixed streams: the same pair has the same figure, and a solid has some A / (pi 8192 L2) to
	 * itself, with A its area and L its longest side. Papers give the sum of both, which is twice as
	 * much, and in thousandths. */
	double chamfer;

	/* DeepCAD's accuracies (vec_match.h), of vectors as its encoder makes them (cad_vec.h, compat), both
	 * scaled by the truth's box, as its file states it or else by its extrudes. No commands: the truth
	 * has no vector. What is no program has no right one, and neither has what is too much for
	 * a vector. */
	struct vec_match match;
};

/* A true model, with what is found out about it but once. */
struct solid_truth;

/* The model is borrowed until the truth is freed. Never NULL; why (may be NULL) is filled where there is
 * nothing to measure by: without Open CASCADE, or where the model makes no solid. */
struct solid_truth *solid_truth_new(const struct deepcad_model *model, struct err *why);

/* NULL may be freed. */
void solid_truth_free(struct solid_truth *truth);

/* All is borrowed. */
struct solid_case {
	const struct solid_truth *truth;
	enum cad_code language; /* one that can be read, cad_code_is_read */
	const char *text;       /* the prediction; may be NULL where len is 0 */
	size_t len;
};

/* why (may be NULL) is filled where the prediction is not valid though it could be. A truth is looked at by one thread at a time. */
void solid_score_from_text(struct solid_score *score, const struct solid_case *c,
			   struct arena *arena, struct err *why);

/* The same of a model as it is. */
void solid_score_from_model(struct solid_score *score, const struct solid_truth *truth,
			    const struct deepcad_model *said, struct arena *arena, struct err *why);

#endif
