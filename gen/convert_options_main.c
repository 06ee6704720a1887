/* SPDX-License-Identifier: MIT */
/* One table: what is parsed, what --help prints. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/cli.h"
#include "base/pool.h"
#include "formats/cad_code.h"
#include "gen/convert_options_main.h"

#define GRID_MAX 1000

const char *const convert_layout_names[] = {"separate", "sheet", NULL};
const char *const convert_projection_names[] = {"first", "third", NULL};

static int side_from_name(const char *name, size_t length)
{
	for (int i = 0; i < PART_SIDE_COUNT_; i++)
		if (strlen(part_side_names[i]) == length &&
		    memcmp(part_side_names[i], name, length) == 0)
			return i;
	return -1;
}

/* "front,top,right" */
static int parse_views(struct convert_options *o, const char *list, struct err *err)
{
	o->side_count = 0;
	for (;;) {
		size_t length = strcspn(list, ",");
		int side = side_from_name(list, length);

		if (side < 0)
			return err_set(err, ERR_USAGE,
				       "--views: '%.*s' is none of front, top, right, left, back, "
				       "bottom, iso",
				       (int)length, list);
		for (int i = 0; i < o->side_count; i++)
			if ((int)o->sides[i] == side)
				return err_set(err, ERR_USAGE, "--views: %s is there twice",
					       part_side_names[side]);
		o->sides[o->side_count++] = (enum part_side)side;
		list += length;
		if (*list++ == '\0')
			return 0;
	}
}

static int check(struct convert_options *o, int first, int argc, char **argv, struct err *err)
{
	if (first + 2 > argc)
		return err_set(err, ERR_USAGE,
			       "deepcad needs a folder of models and one for the dataset");
	if (first + 2 < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + 2]);
	if (o->resume && o->overwrite)
		return err_set(err, ERR_USAGE, "--resume and --overwrite exclude each other");
	o->from = argv[first];
	o->out = argv[first + 1];
	o->val_fraction = floor(o->val_fraction * 1e6 + 0.5) / 1e6; /* as it is recorded */
	return 0;
}

int convert_options_parse(struct convert_options *o, int argc, char **argv, struct err *err)
{
	const char *views = "front,top,right";
	const struct cli_option table[] = {
		{"views", 0, "LIST",
		 "front, top, right, left, back, bottom, iso, with commas (front,top,right)",
		 CLI_STRING, &views, 0, 0, NULL},
		{"layout", 0, "LAYOUT", "a picture for each view, or all on one sheet (separate)",
		 CLI_CHOICE, &o->layout, 0, 0, convert_layout_names},
		{"projection", 0, "ANGLE", "where views lie on a sheet (third)", CLI_CHOICE,
		 &o->projection, 0, 0, convert_projection_names},
		{"no-hidden", 0, NULL, "leave hidden lines out", CLI_FLAG, &o->no_hidden, 0, 0,
		 NULL},
		{"resolution", 0, "PX", "side of the pictures (512)", CLI_INT, &o->size_px, 64,
		 4096, NULL},
		{"style", 0, "STYLE",
		 "name of a style, which cadgen styles lists, or a file (iso-clean)", CLI_STRING,
		 &o->style, 0, 0, NULL},
		{"program", 0, "LANGUAGE", "language of the labels (sketch)", CLI_CHOICE, &o->code,
		 0, 0, cad_code_names},
		{"grid", 0, "G", "programs' lengths are multiples of it; 0: exact (0)", CLI_REAL,
		 &o->grid, 0, GRID_MAX, NULL},
		{"prompts", 0, "FILE", "questions to draw from, one a line (five of our own)",
		 CLI_STRING, &o->prompts, 0, 0, NULL},
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
	const struct cli_program program = {
		"cadconv deepcad", "[OPTION]... SRC OUT",
		"Draws the views of a folder of DeepCAD models, as a dataset with their programs.",
		table};
	int first;

	*o = (struct convert_options){.size_px = 512,
				      .jobs = pool_processors(),
				      .memory_mb = 2048,
				      .seconds = 20,
				      .projection = STYLE_PROJECTION_THIRD,
				      .code = CAD_CODE_sketch,
				      .train_size = CONVERT_ALL,
				      .val_size = CONVERT_ALL,
				      .val_fraction = 0.1};
	first = cli_parse(&program, argc, argv, err);
	if (first < 0)
		return first;
	return check(o, first, argc, argv, err) < 0 ? -1 : parse_views(o, views, err);
}
