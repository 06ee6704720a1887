/* SPDX-License-Identifier: MIT */
/*
 * box_match: the three figures by which CAD2Program (Wang et al. 2025, AAAI, arXiv 2412.11892) judges
 * cabinets: whether boxes are where they should be, hold the right model, and have its parameters.
 *
 *	struct box_match m = box_match_programs(&truth, &said, &arena);
 *	f1 = 2.0 * m.matched / (truth.shape_count + said.shape_count);
 *	retrieval = m.models / m.matched, parameters = m.parameters_right / m.parameters
 *
 * A box is matched if it and one of the other program have more than half of their common volume in
 * both (IoU > 0.5); boxes are paired one to one so that as many as can be are matched, then by the
 * sum of IoU. Of matched boxes, models are those of one kind; of these, parameters are what the
 * kind has besides its box (BT, BP, N, NKA), right if they are equal. The paper says neither how
 * ties are broken nor how near a parameter must come.
 */
#ifndef TRAINER_BOX_MATCH_H
#define TRAINER_BOX_MATCH_H

#include "base/arena.h"
#include "formats/program/program.h"

struct box_match {
	int matched, models;
	int parameters, parameters_right;
};

/* Shapes that are no parts of cabinets have no box. Programs in different units match nothing. */
struct box_match box_match_programs(const struct program *truth, const struct program *said,
				    struct arena *arena);

/* Of two parts of cabinets: the volume of both boxes' intersection over that of their union. */
double box_iou(const struct shape *a, const struct shape *b);

#endif
