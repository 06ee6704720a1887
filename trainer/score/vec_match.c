/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/score/vec_match.h"

#include <stdlib.h>

static size_t rows_of(const struct cad_vec *vec)
{
	size_t n = 0;

	while (n < vec->count && vec->rows[n].at[CAD_VEC_COMMAND] != CAD_VEC_COMMAND_EOS)
		n++;
	return n;
}

static bool is_right(int column, int truth, int said)
{
	if (column == CAD_VEC_CCW || column == CAD_VEC_OPERATION || column == CAD_VEC_EXTENT)
		return truth == said;
	return abs(truth - said) < VEC_MATCH_SLACK;
}

/* What a command has no use for is -1. */
static void match_parameters(struct vec_match *m, const struct cad_vec_row *truth,
			     const struct cad_vec_row *said)
{
	for (int c = CAD_VEC_COMMAND + 1; c < CAD_VEC_COLUMN_COUNT_; c++) {
		if (truth->at[c] < 0)
			continue;
		m->parameters++;
		m->parameters_right += is_right(c, truth->at[c], said->at[c]);
	}
}

struct vec_match vec_match_rows(const struct cad_vec *truth, const struct cad_vec *said)
{
	size_t a = rows_of(truth), b = rows_of(said);
	struct vec_match m = {.commands = (int)(a > b ? a : b)};

	for (size_t i = 0; i < a && i < b; i++) {
		if (truth->rows[i].at[CAD_VEC_COMMAND] != said->rows[i].at[CAD_VEC_COMMAND])
			continue;
		m.commands_right++;
		match_parameters(&m, &truth->rows[i], &said->rows[i]);
	}
	return m;
}
