/* SPDX-License-Identifier: MIT */
/*
 * solid_metrics: how well a model makes solids: figures with their intervals. metrics(5) is its JSON.
 *
 *	solid_metrics_write(&metrics, &buf);		({"bootstrap": ..., "solids": ..., "groups": ...})
 */
#ifndef FORMATS_SOLID_METRICS_H
#define FORMATS_SOLID_METRICS_H

#include "base/buf.h"
#include "formats/metrics/metrics.h"

/* F(enum suffix, name, scale, what it is): percentages, and chamfer in thousandths. */
#define SOLID_METRICS_FIGURES(F)                                                                   \
	F(VALID, "valid", 100, "predictions that make a solid")                                    \
	F(INVALID, "invalid", 100, "all others")                                                   \
	F(EXACT, "exact", 100, "predictions that say the same as the truth")                       \
	F(IOU, "iou", 100, "overlap of both solids, 0 for invalid ones")                           \
	F(IOU_VALID, "iou_valid", 100, "the same of valid ones alone")                             \
	F(IOU_ALIGNED, "iou_aligned", 100, "overlap after alignment, 0 for invalid ones")          \
	F(IOU_ALIGNED_VALID, "iou_aligned_valid", 100, "the same of valid ones alone")             \
	F(CHAMFER_MEAN, "chamfer_mean", 1000, "squared distance of valid ones; less is better")    \
	F(CHAMFER_MEDIAN, "chamfer_median", 1000, "the same, of which half are below")             \
	F(COMMANDS, "commands", 100, "DeepCAD's ACC_cmd")                                          \
	F(PARAMETERS, "parameters", 100, "DeepCAD's ACC_param")

enum solid_metrics_figure {
#define F(id, name, scale, about) SOLID_METRICS_##id,
	SOLID_METRICS_FIGURES(F)
#undef F
		SOLID_METRICS_FIGURE_COUNT_
};

struct solid_metrics {
	uint64_t seed; /* of the resamples */
	int resamples;
	struct metrics_group all; /* by and is are NULL */
	int group_count;
	struct metrics_group *groups; /* those of one `by` stand together; borrowed */
};

/* Those of cad_code.h in which predictions can be measured; NULL-terminated. */
extern const char *const solid_metrics_languages[];

extern const struct metrics_words metrics_of_solids;

const char *solid_metrics_figure_name(enum solid_metrics_figure figure);
double solid_metrics_figure_scale(enum solid_metrics_figure figure);

/* JSON with line ends, one at the end, too. */
void solid_metrics_write(const struct solid_metrics *metrics, struct buf *out);

#endif
