/* SPDX-License-Identifier: MIT */
/*
 * convert_options_main: the command lines of cadconv's verbs that make datasets.
 *
 *	struct convert_options o;
 *	int rc = convert_options_parse(&o, CONVERT_DEEPCAD, argc, argv, &err);
 */
#ifndef GEN_CONVERT_OPTIONS_MAIN_H
#define GEN_CONVERT_OPTIONS_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/cad/cad_code.h"
#include "render/draft/draft_views.h"

/* V(id, verb, name): where models come from. */
#define CONVERT_SOURCES(V)                                                                         \
	V(DEEPCAD, "deepcad") /* files of DeepCAD */                                               \
	V(STEP, "step")       /* STEP files */                                                     \
	V(PARTS, "parts")     /* part_from_seed */

enum convert_source {
#define V(id, name) CONVERT_##id,
	CONVERT_SOURCES(V)
#undef V
};
extern const char *const convert_source_names[];

enum convert_layout { CONVERT_SEPARATE, CONVERT_SHEET, CONVERT_DIMENSIONED };

/* Languages of labels: those of cad_code, and what part_label says. */
#define CONVERT_FEATURES CAD_CODE_COUNT_
extern const char *const convert_language_names[];

/* What is drawn: enum part_side, and a full section. */
#define CONVERT_SECTION PART_SIDE_COUNT_
#define CONVERT_VIEWS_MAX (PART_SIDE_COUNT_ + 1)
extern const char *const convert_view_names[];

#define CONVERT_ALL -1 /* as a size: all that there are */

/* NULL-terminated, in the order of the enum, of STYLE_PROJECTION_..., and of enum part_sheet_section. */
extern const char *const convert_layout_names[];
extern const char *const convert_projection_names[];
extern const char *const convert_section_names[];

/* Strings are borrowed from argv. */
struct convert_options {
	enum convert_source source;
	const char *from, *out, *style, *prompts, *source_split;
	int views[CONVERT_VIEWS_MAX], view_count; /* part_side or CONVERT_SECTION, each once */
	int layout, projection;                   /* convert_layout, STYLE_PROJECTION_... */
	int section;                              /* part_sheet_section, of dimensioned sheets */
	int language;                             /* cad_code or CONVERT_FEATURES */
	int64_t size_px, jobs, memory_mb;
	int64_t count, operations;    /* of parts */
	unsigned sweeps;              /* 1 << DEEPCAD_EXTRUDE, DEEPCAD_REVOLVE: of bases of parts */
	int64_t train_size, val_size; /* or CONVERT_ALL */
	double grid, val_fraction, seconds;
	uint64_t seed;
	unsigned also; /* as in struct dataset_settings */
	bool no_hidden, resume, overwrite;
};

/* As cli_parse: CLI_DONE when help or version was printed, -1 with ERR_USAGE, else 0. */
int convert_options_parse(struct convert_options *o, enum convert_source source, int argc,
			  char **argv, struct err *err);

#endif
