/* SPDX-License-Identifier: MIT */
/*
 * comparison: the figures of several evaluations side by side, and what each gains over the first.
 *
 *	struct comparison c = {2, names, groups, &metrics_of_drawings, COMPARISON_ALL};
 *	comparison_print(&c, &buf);	(a table in Markdown)
 *	comparison_write(&c, &buf);	(the same as JSON)
 */
#ifndef TRAINER_COMPARISON_H
#define TRAINER_COMPARISON_H

#include <stdint.h>

#include "base/buf.h"
#include "formats/metrics/metrics.h"

#define COMPARISON_ALL UINT32_MAX

struct comparison {
	int count;                /* one at least; the first is what others are compared with */
	const char *const *names; /* of the columns, UTF-8 */
	const struct metrics_group *groups; /* [count] */
	const struct metrics_words *words;  /* whether they are of drawings or solids */
	uint32_t figures;                   /* bit 1 << figure: shown where one of them has it */
};

/* A line for each figure: its value and 95 % interval in every column, and from the second on how far it lies over
 * the first's: percentage points, but for distances of solids. A gain is bold where the two intervals do not overlap. */
void comparison_print(const struct comparison *c, struct buf *out);

/* {"columns": [names], "drawings" or "solids": [counts], "figures": {name: [one of each column]}}. One is null, or
 * {"value", "low", "high", "drawings" or "solids"} and, from the second on where the first has the figure, "gain"
 * and "apart": whether the intervals do not overlap. Ends with a newline. */
void comparison_write(const struct comparison *c, struct buf *out);

#endif
