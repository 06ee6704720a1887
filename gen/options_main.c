/* SPDX-License-Identifier: MIT */
/* One table: what is parsed, what --help prints. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/launcher.h"
#include "base/num.h"
#include "base/pool.h"
#include "formats/dataset/dataset.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"
#include "gen/also_main.h"
#include "gen/numbers_main.h"
#include "gen/options_main.h"

#define FAMILY_WEIGHT_MAX 1000000

static const char *const stage_names[] = {
#define S(id, name) name,
	STAGES(S)
#undef S
		NULL};

struct options options_default(void)
{
	return (struct options){.count = 1000,
				.jobs = pool_processors(),
				.size_px = 512,
				.out = "cadgen-out",
				.family = {[FAMILY_SHAPES] = 1},
				.language = LANGUAGE_CALLS,
				.stage = STAGE_ALL,
				.val_fraction = 0.1,
				.jpeg_quality = 90,
				.file_samples = DATASET_SHARD_SIZE,
				.max_overlap = 0.2};
}

/* Shares are recorded, and compared on --resume, to the millionth: so that is what counts. */
static double to_millionths(double share)
{
	return floor(share * 1e6 + 0.5) / 1e6;
}

/* The weight of "plate:2" for all families it names. */
static int parse_family(const char *item, size_t length, double *family, struct err *err)
{
	const char *colon = memchr(item, ':', length);
	size_t name_length = colon ? (size_t)(colon - item) : length;
	char number[16] = "1";
	double weight;
	bool known = false;

	if (colon) {
		size_t n = length - name_length - 1;

		if (n >= sizeof(number))
			n = sizeof(number) - 1;
		memcpy(number, colon + 1, n);
		number[n] = '\0';
	}
	if (num_real(number, 0, FAMILY_WEIGHT_MAX, &weight) < 0 || weight <= 0)
		return err_set(
			err, ERR_USAGE,
			"--family: the weight in '%.*s' must be a number over 0 and up to %d",
			(int)length, item, FAMILY_WEIGHT_MAX);
	for (int i = 0; i < FAMILY_COUNT_; i++) {
		bool mix = name_length == 3 && memcmp(item, "mix", 3) == 0;

		if (mix || (strlen(family_names[i]) == name_length &&
			    memcmp(family_names[i], item, name_length) == 0)) {
			family[i] += to_millionths(weight);
			known = true;
		}
	}
	if (!known)
		return err_set(err, ERR_USAGE,
			       "--family: '%.*s' is none of shapes, plate, turned, cabinet, mix",
			       (int)name_length, item);
	return 0;
}

/* "plate,turned:2,cabinet" */
int families_parse(const char *list, double family[FAMILY_COUNT_], struct err *err)
{
	memset(family, 0, FAMILY_COUNT_ * sizeof(*family));
	for (;;) {
		size_t length = strcspn(list, ",");

		if (parse_family(list, length, family, err) < 0)
			return -1;
		list += length;
		if (*list++ == '\0')
			return 0;
	}
}

void families_write(const double family[FAMILY_COUNT_], struct buf *out)
{
	const char *before = "";

	for (int i = 0; i < FAMILY_COUNT_; i++) {
		if (family[i] == 0)
			continue;
		buf_str(out, before);
		buf_str(out, family_names[i]);
		before = ",";
		if (family[i] == 1)
			continue;
		buf_char(out, ':');
		buf_fixed(out, family[i], 6);
	}
}

int families_check_language(const double family[FAMILY_COUNT_], enum language language,
			    struct err *err)
{
	for (int i = 0; i < FAMILY_COUNT_; i++)
		if (family[i] > 0 && !language_fits(language, (enum family)i))
			return err_set(err, ERR_USAGE,
				       "--program %s has no words for --family %s; "
				       "calls, json and python have",
				       language_names[language], family_names[i]);
	return 0;
}

/* Keeps the rows of those names; the table ends with an empty row. */
static void keep_options(struct cli_option *table, const char *const *names)
{
	struct cli_option *to = table;

	for (const struct cli_option *from = table; from->name; from++)
		for (const char *const *name = names; *name; name++)
			if (strcmp(from->name, *name) == 0)
				*to++ = *from;
	*to = (struct cli_option){0};
}

/* --shard, or what a launcher says. */
static int choose_rank(struct options *o, const char *shard, struct err *err)
{
	struct launched place;

	if (!shard) {
		if (launcher_place(&place, DATASET_RANKS_MAX, err) < 0)
			return -1;
	} else if (launcher_parse(&place, shard, DATASET_RANKS_MAX, err) < 0) {
		return err_context(err, "--shard");
	}
	o->rank = place.rank;
	o->ranks = place.count;
	return 0;
}

/* Whether the samples go to standard output: lines can, files cannot. */
static int check_stdout(struct options *o, struct err *err)
{
	if (strcmp(o->out, "-") != 0)
		return 0;
	if (dataset_layouts[o->format] != &dataset_llava_jsonl)
		return err_set(err, ERR_USAGE,
			       "--out -: only --format llava-jsonl can be written to "
			       "standard output");
	if (o->resume || o->overwrite || o->contact_sheet || o->also || o->ranks > 1)
		return err_set(
			err, ERR_USAGE,
			"--out -: --resume, --overwrite, --contact-sheet, --also and --shard "
			"need a folder");
	return 0;
}

/* What --family and --also say, once their options are known. */
struct lists {
	const char *family, *also, *shard; /* NULL: not given */
};

static int parse_lists(struct options *o, const struct lists *lists, struct err *err)
{
	if (o->resume && o->overwrite)
		return err_set(err, ERR_USAGE, "--resume and --overwrite exclude each other");
	if (o->scene && o->stage == STAGE_ALL)
		return err_set(err, ERR_USAGE, "--scene needs --stop-after");
	o->max_overlap = to_millionths(o->max_overlap);
	o->val_fraction = to_millionths(o->val_fraction);
	o->test_fraction = to_millionths(o->test_fraction);
	if (o->val_fraction + o->test_fraction > 1)
		return err_set(err, ERR_USAGE, "--val-fraction and --test-fraction are over 1");
	if (choose_rank(o, lists->shard, err) < 0)
		return -1;
	if (numbers_check_layout(dataset_layouts[o->format], o->tokenizer, err) < 0)
		return -1;
	if (o->overwrite && o->ranks > 1)
		return err_set(err, ERR_USAGE,
			       "--overwrite: several processes cannot; remove the dataset first");
	if (lists->family && families_parse(lists->family, o->family, err) < 0)
		return -1;
	if (families_check_language(o->family, (enum language)o->language, err) < 0)
		return -1;
	if (lists->also && also_parse(lists->also, &o->also, err) < 0)
		return -1;
	return check_stdout(o, err);
}

/* Returns the index of the first argument that is no option. */
static int parse_command(struct options *o, bool restyle, int argc, char **argv, struct err *err)
{
	static const char *const of_restyle[] = {"out",          "jobs",
						 "size",         "style",
						 "font",         "resume",
						 "overwrite",    "contact-sheet",
						 "also",         "require-legible",
						 "format",       "tokenizer",
						 "image-format", "jpeg-quality",
						 "file-samples", "file-bytes",
						 "shard",        NULL};
	struct lists lists = {NULL, NULL, NULL};
	struct cli_option table[] = {
		{"count", 'n', "N", "drawings to make (1000)", CLI_INT, &o->count, 1, 1e9, NULL},
		{"out", 'o', "DIR",
		 "dataset folder; -: lines of llava-jsonl to standard output (cadgen-out)",
		 CLI_STRING, &o->out, 0, 0, NULL},
		{"seed", 's', "SEED", "same seed, same drawings (0)", CLI_UINT64, &o->seed, 0, 0,
		 NULL},
		{"jobs", 'j', "N", "threads (one per processor)", CLI_INT, &o->jobs, 1, 1024, NULL},
		{"size", 0, "PX",
		 restyle ? "longer side of the pictures (as in DATASET)"
			 : "longer side of the pictures (512)",
		 CLI_INT, &o->size_px, 128, 8192, NULL},
		{"family", 0, "LIST",
		 "what is drawn, with weights: shapes, plate:2, turned, cabinet, mix (shapes)",
		 CLI_STRING, &lists.family, 0, 0, NULL},
		{"max-overlap", 0, "F", "how much of a shape's box another may cover, 0 to 1 (0.2)",
		 CLI_REAL, &o->max_overlap, 0, 1, NULL},
		{"style", 0, "STYLE",
		 "name of a style, which cadgen styles lists, or a file (iso-clean)", CLI_STRING,
		 &o->style, 0, 0, NULL},
		{"font", 0, "FILE", "lettering from a font file (strokes after ISO 3098)",
		 CLI_STRING, &o->font, 0, 0, NULL},
		{"require-legible", 0, NULL, "degrade again until no number of a dimension is lost",
		 CLI_FLAG, &o->require_legible, 0, 0, NULL},
		{"program", 0, "LANGUAGE", "language of the labels (calls)", CLI_CHOICE,
		 &o->language, 0, 0, language_names},
		{"prompts", 0, "FILE", "questions to draw from, one a line (five of our own)",
		 CLI_STRING, &o->prompts, 0, 0, NULL},
		{"val-fraction", 0, "F", "share of samples for validation, 0 to 1 (0.1)", CLI_REAL,
		 &o->val_fraction, 0, 1, NULL},
		{"test-fraction", 0, "F", "share of samples for testing, 0 to 1 (0)", CLI_REAL,
		 &o->test_fraction, 0, 1, NULL},
		{"format", 'f', "FORMAT", "how the dataset lies in its folder (tinyllava)",
		 CLI_CHOICE, &o->format, 0, 0, dataset_layout_names},
		{"tokenizer", 0, "FILE", "tokenizer.json of cadtok, for --format npy (none)",
		 CLI_STRING, &o->tokenizer, 0, 0, NULL},
		{"image-format", 0, "FORMAT", "of the pictures (png)", CLI_CHOICE, &o->picture, 0,
		 0, dataset_picture_names},
		{"jpeg-quality", 0, "N", "of JPEG pictures, 1 to 100 (90)", CLI_INT,
		 &o->jpeg_quality, 1, 100, NULL},
		{"file-samples", 0, "N", "numbers whose samples share a shard (10000)", CLI_INT,
		 &o->file_samples, DATASET_SHARD_SIZE_MIN, 1e9, NULL},
		{"file-bytes", 0, "N", "largest shard; 0: no bound (0)", CLI_INT, &o->file_bytes, 0,
		 1e15, NULL},
		{"shard", 0, "I/N", "make part I, from 0, of N, which other processes make",
		 CLI_STRING, &lists.shard, 0, 0, NULL},
		{"resume", 0, NULL, "go on where a run with these settings stopped", CLI_FLAG,
		 &o->resume, 0, 0, NULL},
		{"overwrite", 0, NULL, "remove the dataset that is in the folder first", CLI_FLAG,
		 &o->overwrite, 0, 0, NULL},
		{"contact-sheet", 0, "FILE", "also write a PNG that shows 16 of the drawings",
		 CLI_STRING, &o->contact_sheet, 0, 0, NULL},
		{"also", 0, "LIST", "write these beside the pictures: svg, pdf, dxf, with commas",
		 CLI_STRING, &lists.also, 0, 0, NULL},
		{"stop-after", 0, "STAGE",
		 "print this noun of one sample on standard output (image, scan: PNG)", CLI_CHOICE,
		 &o->stage, 0, 0, stage_names},
		{"index", 0, "I", "which sample --stop-after prints (0)", CLI_INT, &o->index, 0,
		 1e15, NULL},
		{"scene", 0, "FILE", "with --stop-after: start from this scene", CLI_STRING,
		 &o->scene, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {
		restyle ? "cadgen restyle" : "cadgen",
		restyle ? "[OPTION]... DATASET" : "[OPTION]...",
		restyle ? "Draws the scenes of a finished dataset again: the same programs, new "
			  "pictures."
			: "Draws random dimensioned engineering drawings and writes them with "
			  "their "
			  "programs.",
		table};
	int first;

	if (restyle)
		keep_options(table, of_restyle);
	first = cli_parse(&program, argc, argv, err);
	if (first >= 0 && parse_lists(o, &lists, err) < 0)
		return -1;
	return first;
}

int options_parse(struct options *o, int argc, char **argv, struct err *err)
{
	int first = parse_command(o, false, argc, argv, err);

	if (first < 0)
		return first;
	return first < argc ? err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first]) : 0;
}

int options_parse_restyle(struct options *o, int argc, char **argv, struct err *err)
{
	int first;

	o->size_px = 0;
	first = parse_command(o, true, argc, argv, err);
	if (first < 0)
		return first;
	if (first == argc)
		return err_set(err, ERR_USAGE, "restyle needs the folder of a dataset");
	if (first + 1 < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + 1]);
	if (strcmp(o->out, "-") == 0)
		return err_set(err, ERR_USAGE, "--out -: restyle needs a folder");
	o->dataset = argv[first];
	return 0;
}
