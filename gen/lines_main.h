/* SPDX-License-Identifier: MIT */
/*
 * lines_main: samples as lines on standard output, with their pictures inside, for a program that reads on.
 *
 *	if (lines_print(&item_settings, &dataset_settings, jobs, &err) < 0) ...
 */
#ifndef GEN_LINES_MAIN_H
#define GEN_LINES_MAIN_H

#include <stdint.h>

#include "gen/item_main.h"

/* All samples of the settings, in order, each an entry of the layout, which is JSON on a line, with a data: URI for
 * its picture and "split" behind. Where the reader goes away the process ends by SIGPIPE, as filters do. ERR_USAGE
 * for a terminal; ERR_IO; ERR_INTERRUPTED by a signal; errors of item_make. */
int lines_print(const struct item_settings *item, const struct dataset_settings *dataset,
		int64_t jobs, struct err *err);

#endif
