/* SPDX-License-Identifier: MIT */
/* One table: what is parsed, what --help prints. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/cli.h"
#include "base/pool.h"
#include "formats/cad/cad_code.h"
#include "formats/solid/part.h"
#include "gen/also_main.h"
#include "gen/convert_options_main.h"
#include "gen/part/part_from_seed.h"
#include "gen/part_sheet_main.h"

#define GRID_MAX 1000
#define PLAIN_PX 512
#define DIMENSIONED_PX 1024 /* on which digits of a sheet of many dimensions can be read */
#define DIMENSIONED_GRID (PART_GRAIN / 1000.0)
#define PARTS_MAX 100000000

const char *const convert_source_names[] = {
#define V(id, name) name,
	CONVERT_SOURCES(V)
#undef V
		NULL};
const char *const convert_language_names[] = {
#define X(name, grid) #name,
	CAD_CODES(X)
#undef X
		"features",
	NULL};

const char *const convert_view_names[] = {
#define S(id, name, look, up) name,
	PART_SIDES(S)
#undef S
		DRAFT_SECTION_NAME,
	NULL};

const char *const convert_layout_names[] = {"separate", "sheet", "dimensioned", NULL};
const char *const convert_projection_names[] = {"first", "third", NULL};
const char *const convert_section_names[] = {"none", "full", "auto", NULL};

static int view_from_name(const char *name, size_t length)
{
	for (int i = 0; i < CONVERT_VIEWS_MAX; i++)
		if (strlen(convert_view_names[i]) == length &&
		    memcmp(convert_view_names[i], name, length) == 0)
			return i;
	return -1;
}

/* "front,top,right" */
static int parse_views(struct convert_options *o, const char *list, struct err *err)
{
	o->view_count = 0;
	for (;;) {
		size_t length = strcspn(list, ",");
		int view = view_from_name(list, length);

		if (view < 0)
			return err_set(err, ERR_USAGE,
				       "--views: '%.*s' is none of front, top, right, left, back, "
				       "bottom, iso, section",
				       (int)length, list);
		for (int i = 0; i < o->view_count; i++)
			if (o->views[i] == view)
				return err_set(err, ERR_USAGE, "--views: %s is there twice",
					       convert_view_names[view]);
		o->views[o->view_count++] = view;
		list += length;
		if (*list++ == '\0')
			return 0;
	}
}

/* "extrude,revolve" */
static int parse_sweeps(struct convert_options *o, const char *list, struct err *err)
{
	o->sweeps = 0;
	for (;;) {
		size_t length = strcspn(list, ",");
		int kind = 0;

		while (kind < DEEPCAD_FEATURE_COUNT_ &&
		       (strlen(deepcad_feature_words[kind]) != length ||
			memcmp(deepcad_feature_words[kind], list, length) != 0))
			kind++;
		if (kind == DEEPCAD_FEATURE_COUNT_)
			return err_set(err, ERR_USAGE,
				       "--sweeps: '%.*s' is none of extrude, revolve", (int)length,
				       list);
		if (o->sweeps >> kind & 1)
			return err_set(err, ERR_USAGE, "--sweeps: %s is there twice",
				       deepcad_feature_words[kind]);
		o->sweeps |= 1u << kind;
		list += length;
		if (*list++ == '\0')
			return 0;
	}
}

static int check_operands(struct convert_options *o, int first, int argc, char **argv,
			  struct err *err)
{
	int wanted = o->source == CONVERT_PARTS ? 1 : 2;

	if (first + wanted > argc)
		return err_set(err, ERR_USAGE, "%s needs %sone for the dataset",
			       convert_source_names[o->source],
			       wanted == 2 ? "a folder of models and " : "a folder, ");
	if (first + wanted < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + wanted]);
	o->from = wanted == 2 ? argv[first] : "parts";
	o->out = argv[first + wanted - 1];
	return 0;
}

static int check(struct convert_options *o, int first, int argc, char **argv, struct err *err)
{
	if (check_operands(o, first, argc, argv, err) < 0)
		return -1;
	if (o->resume && o->overwrite)
		return err_set(err, ERR_USAGE, "--resume and --overwrite exclude each other");
	o->val_fraction = floor(o->val_fraction * 1e6 + 0.5) / 1e6; /* as it is recorded */
	if (o->layout != CONVERT_DIMENSIONED && o->section != PART_SHEET_NONE)
		return err_set(err, ERR_USAGE, "--section is for --layout dimensioned");
	if (o->layout != CONVERT_DIMENSIONED) {
		o->size_px = o->size_px ? o->size_px : PLAIN_PX;
		return 0;
	}
	o->size_px = o->size_px ? o->size_px : DIMENSIONED_PX;
	if (o->grid < DIMENSIONED_GRID)
		o->grid = DIMENSIONED_GRID;
	return 0;
}

/* What a verb's table does not have. */
static void leave_out(struct cli_option *table, const char *const *names)
{
	struct cli_option *to = table;

	for (struct cli_option *from = table; from->name; from++) {
		bool gone = false;

		for (int i = 0; names[i]; i++)
			gone |= strcmp(from->name, names[i]) == 0;
		if (!gone)
			*to++ = *from;
	}
	*to = (struct cli_option){0};
}

int convert_options_parse(struct convert_options *o, enum convert_source source, int argc,
			  char **argv, struct err *err)
{
	static const char *const not_of_files[] = {"count", "operations", "sweeps", NULL};
	static const char *const not_of_parts[] = {"source-split", "train-size", "val-size", NULL};
	static const struct cli_program programs[] = {
		{"cadconv deepcad", "[OPTION]... SRC OUT",
		 "Draws the views of a folder of DeepCAD models, as a dataset with their programs.",
		 NULL},
		{"cadconv step", "[OPTION]... SRC OUT",
		 "Draws the views of a folder of STEP files, as a dataset with their programs "
		 "where\n"
		 "they are layers of sketches, else with what there is to be measured.",
		 NULL},
		{"cadconv parts", "[OPTION]... OUT",
		 "Draws random machined parts, as a dataset with their programs.", NULL},
	};
	const char *views = "front,top,right", *sweeps = "extrude", *also = "";
	struct cli_option table[] = {
		{"count", 'n', "N", "parts to make (1000)", CLI_INT, &o->count, 1, PARTS_MAX, NULL},
		{"operations", 0, "N", "extrudes and revolves of a part, at most (6)", CLI_INT,
		 &o->operations, 1, PART_OPERATIONS_MAX, NULL},
		{"sweeps", 0, "LIST",
		 "what bases of parts are made by: extrude, revolve, or both with a comma "
		 "(extrude)",
		 CLI_STRING, &sweeps, 0, 0, NULL},
		{"views", 0, "LIST",
		 "front, top, right, left, back, bottom, iso, section, with commas\n"
		 "(front,top,right)",
		 CLI_STRING, &views, 0, 0, NULL},
		{"layout", 0, "LAYOUT",
		 "a picture for each view, all on one sheet, or all on one with dimensions\n"
		 "(separate; of parts dimensioned)",
		 CLI_CHOICE, &o->layout, 0, 0, convert_layout_names},
		{"projection", 0, "ANGLE", "where views lie on a sheet (third)", CLI_CHOICE,
		 &o->projection, 0, 0, convert_projection_names},
		{"section", 0, "KIND",
		 "whether a view of a dimensioned sheet is a section: never, where it shows "
		 "something, or of half of these (none)",
		 CLI_CHOICE, &o->section, 0, 0, convert_section_names},
		{"no-hidden", 0, NULL, "leave hidden lines out", CLI_FLAG, &o->no_hidden, 0, 0,
		 NULL},
		{"resolution", 0, "PX", "side of the pictures (512; dimensioned 1024)", CLI_INT,
		 &o->size_px, 64, 4096, NULL},
		{"style", 0, "STYLE",
		 "name of a style, which cadgen styles lists, or a file (iso-clean)", CLI_STRING,
		 &o->style, 0, 0, NULL},
		{"program", 0, "LANGUAGE", "language of the labels (sketch)", CLI_CHOICE,
		 &o->language, 0, 0, convert_language_names},
		{"grid", 0, "G",
		 "programs' lengths are multiples of it; 0: exact (0; dimensioned 0.01)", CLI_REAL,
		 &o->grid, 0, GRID_MAX, NULL},
		{"prompts", 0, "FILE", "questions to draw from, one a line (five of our own)",
		 CLI_STRING, &o->prompts, 0, 0, NULL},
		{"also", 0, "LIST", "write these beside the pictures: svg, pdf, dxf, with commas",
		 CLI_STRING, &also, 0, 0, NULL},
		{"train-size", 0, "N", "models to train with (as many as there are)", CLI_INT,
		 &o->train_size, 0, 1e9, NULL},
		{"val-size", 0, "N", "models to validate with (as --val-fraction says)", CLI_INT,
		 &o->val_size, 0, 1e9, NULL},
		{"val-fraction", 0, "F", "share of models for validation, 0 to 1 (0.1)", CLI_REAL,
		 &o->val_fraction, 0, 1, NULL},
		{"source-split", 0, "FILE",
		 "JSON that says which models are to train and to validate with", CLI_STRING,
		 &o->source_split, 0, 0, NULL},
		{"seed", 's', "SEED", "same seed, same choice and pictures (0)", CLI_UINT64,
		 &o->seed, 0, 0, NULL},
		{"jobs", 'j', "N", "processes (one per processor)", CLI_INT, &o->jobs, 1, 1024,
		 NULL},
		{"seconds", 0, "S", "time that a model may take (20)", CLI_REAL, &o->seconds, 0.001,
		 86400, NULL},
		{"memory-mb", 0, "MB", "memory that a process may take (2048)", CLI_INT,
		 &o->memory_mb, 256, 1048576, NULL},
		{"resume", 0, NULL, "go on where a run with these settings stopped", CLI_FLAG,
		 &o->resume, 0, 0, NULL},
		{"overwrite", 0, NULL, "remove the dataset that is in the folder first", CLI_FLAG,
		 &o->overwrite, 0, 0, NULL},
		{0},
	};
	struct cli_program program = programs[source];
	int first;

	program.options = table;
	leave_out(table, source == CONVERT_PARTS ? not_of_parts : not_of_files);
	*o = (struct convert_options){.source = source,
				      .layout = source == CONVERT_PARTS ? CONVERT_DIMENSIONED
									: CONVERT_SEPARATE,
				      .count = 1000,
				      .operations = PART_OPERATIONS_MAX,
				      .jobs = pool_processors(),
				      .memory_mb = 2048,
				      .seconds = 20,
				      .projection = STYLE_PROJECTION_THIRD,
				      .language = CAD_CODE_sketch,
				      .train_size = CONVERT_ALL,
				      .val_size = CONVERT_ALL,
				      .val_fraction = 0.1};
	first = cli_parse(&program, argc, argv, err);
	if (first < 0)
		return first;
	if (check(o, first, argc, argv, err) < 0 || also_parse(also, &o->also, err) < 0 ||
	    parse_views(o, views, err) < 0)
		return -1;
	return parse_sweeps(o, sweeps, err);
}
