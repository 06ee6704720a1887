/* SPDX-License-Identifier: MIT */
/*
 * convert_options_main: the command line of cadconv deepcad.
 *
 *	struct convert_options o;
 *	int rc = convert_options_parse(&o, argc, argv, &err);
 */
#ifndef GEN_CONVERT_OPTIONS_MAIN_H
#define GEN_CONVERT_OPTIONS_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "render/draft_views.h"

enum convert_layout { CONVERT_SEPARATE, CONVERT_SHEET };

#define CONVERT_ALL -1 /* as a size: all that there are */

/* NULL-terminated, in the order of the enum, and of STYLE_PROJECTION_... */
extern const char *const convert_layout_names[];
extern const char *const convert_projection_names[];

/* Strings are borrowed from argv. */
struct convert_options {
	const char *from, *out, *style, *prompts, *source_split;
	enum part_side sides[PART_SIDE_COUNT_];
	int side_count;
	int layout, projection, code; /* convert_layout, STYLE_PROJECTION_..., cad_code */
	int64_t size_px, jobs, memory_mb;
	int64_t train_size, val_size; /* or CONVERT_ALL */
	double grid, val_fraction, seconds;
	uint64_t seed;
	bool no_hidden, resume, overwrite;
};

/* As cli_parse: CLI_DONE when help or version was printed, -1 with ERR_USAGE, else 0. */
int convert_options_parse(struct convert_options *o, int argc, char **argv, struct err *err);

#endif
