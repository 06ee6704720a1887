/* SPDX-License-Identifier: MIT */
/*
 * stats_plot_main: what a dataset has as a page of histograms.
 *
 *	if (stats_plot(stats, "stats.png", &err) < 0) ...
 */
#ifndef GEN_STATS_PLOT_MAIN_H
#define GEN_STATS_PLOT_MAIN_H

#include "base/err.h"
#include "formats/dataset/dataset_stats.h"

/* Writes a PNG: bars for each group of which there are two members at least, and a histogram for each number
 * that a sample has, the parts of the dataset in the same axes as shares of what they have; lengths of programs in all
 * languages in one. What image_write_png reports. */
int stats_plot(const struct dataset_stats *stats, const char *path, struct err *err);

#endif
