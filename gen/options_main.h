/* SPDX-License-Identifier: MIT */
/*
 * options_main: the command line of a generating run.
 *
 *	struct options o = options_default();
 *	int rc = options_parse(&o, argc, argv, &err);
 */
#ifndef GEN_OPTIONS_MAIN_H
#define GEN_OPTIONS_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"

/* What --stop-after can print. */
#define STAGES(S)                                                                                  \
	S(SCENE, "scene")                                                                          \
	S(PROGRAM, "program")                                                                      \
	S(DRAWING, "drawing")                                                                      \
	S(IMAGE, "image")                                                                          \
	S(SCAN, "scan")                                                                            \
	S(SVG, "svg")                                                                              \
	S(PDF, "pdf")                                                                              \
	S(DXF, "dxf")

enum stage {
#define S(id, name) STAGE_##id,
	STAGES(S)
#undef S
		STAGE_ALL
};

/* Strings are borrowed from argv, or literals. */
struct options {
	int64_t count, jobs, size_px, index;
	uint64_t seed;
	const char *out, *style, *font, *prompts, *tokenizer, *scene, *contact_sheet;
	const char *dataset;          /* whose scenes are drawn again; NULL: scenes from seeds */
	double family[FAMILY_COUNT_]; /* weights */
	int language, stage;
	int format;  /* of dataset_layouts */
	int picture; /* enum dataset_picture */
	int64_t jpeg_quality, file_samples, file_bytes;
	int rank, ranks; /* as in struct dataset_settings */
	unsigned also;   /* as in struct dataset_settings */
	double val_fraction, test_fraction, max_overlap;
	bool resume, overwrite, require_legible;
};

struct options options_default(void);

/* Weights from a list like "plate,turned:2"; ERR_USAGE, with --family, for what is none. */
int families_parse(const char *list, double family[FAMILY_COUNT_], struct err *err);

/* ERR_USAGE where one of them cannot be said in the language. */
int families_check_language(const double family[FAMILY_COUNT_], enum language language,
			    struct err *err);

/* The families of weight over 0, as --family takes them: "plate,turned:2". */
void families_write(const double family[FAMILY_COUNT_], struct buf *out);

/* As cli_parse: CLI_DONE when help or version was printed, -1 with ERR_USAGE, else 0. */
int options_parse(struct options *options, int argc, char **argv, struct err *err);

/* The same for cadgen restyle: --size is 0 where it is not given. */
int options_parse_restyle(struct options *options, int argc, char **argv, struct err *err);

#endif
