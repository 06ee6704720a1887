/* SPDX-License-Identifier: MIT */
/*
 * vec_match: DeepCAD's accuracies of commands and parameters.
 *
 *	struct vec_match m = vec_match_rows(&truth, &said);
 *	double acc_cmd = (double)m.commands_right / m.commands;
 *
 * Row by row, without the EOS at the end. A command is right where the other vector has it in the same
 * row; its parameters count there alone, those that the command uses: right are an arc's direction, an
 * extrude's operation and its type of extent where they are equal, all others where they are less than 3
 * steps of 256 apart. Begins of loops have none.
 *
 * Source: Wu, Xiao and Zheng 2021, "DeepCAD", 5, and its evaluate_ae_acc.py, which looks at the rows of the
 * true vector alone; here the shorter one goes on with EOS up to the end of the longer one, so what is said
 * beyond the truth is wrong. For what is said no longer than the truth both are the same.
 */
#ifndef TRAINER_VEC_MATCH_H
#define TRAINER_VEC_MATCH_H

#include "formats/cad/cad_vec.h"

#define VEC_MATCH_SLACK 3 /* steps that are too many */

struct vec_match {
	int commands, commands_right;     /* the rows of the longer one */
	int parameters, parameters_right; /* of the commands that are right */
};

/* Each ends at its first EOS, or with its last row. */
struct vec_match vec_match_rows(const struct cad_vec *truth, const struct cad_vec *said);

#endif
