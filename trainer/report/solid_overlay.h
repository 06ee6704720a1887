/* SPDX-License-Identifier: MIT */
/*
 * solid_overlay: a true solid and the predicted one drawn over each other, for a report.
 *
 *	struct buf overlays = {0};
 *	if (solid_overlay(&truth, &said, &arena, &overlays, &err) < 0) ...
 *	report_illustrate(report, index, &(struct report_views){.overlays = overlays.data, ...});
 *
 * Exact views with hidden lines: from the front, from above over that, from the right beside it, and one from a
 * corner. Open CASCADE may take long over it, or crash: programs that are not to be trusted belong in
 * base/crew.h. A program that uses it is linked with $(solid_score_libs) by $(solid_link).
 */
#ifndef TRAINER_SOLID_OVERLAY_H
#define TRAINER_SOLID_OVERLAY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/solid/deepcad.h"

/* Appends a figure element, or two where a prediction is so much larger, or so far away, that both would not be
 * seen in one. said: NULL where it makes no solid; what makes none after all is left out as well. It may be the truth
 * itself. As
 * solid_from_deepcad and solid_project of the truth. */
int solid_overlay(const struct deepcad_model *truth, const struct deepcad_model *said,
		  struct arena *arena, struct buf *out, struct err *err);

#endif
