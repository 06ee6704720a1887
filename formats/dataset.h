/* SPDX-License-Identifier: MIT */
/*
 * dataset: the folder that training reads, in TinyLLaVA layout; dataset(5).
 *
 *	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);
 *	for (i = dataset_next(ds); i < settings.count; i++) ...
 *		image_write_png(&image, dataset_image_path(ds, i, path), encoder, &err);
 *		dataset_add(&lines, &settings, i, prompt, program, annotations, scene);
 *	dataset_append(ds, &lines, i, &err);		(in order)
 *	dataset_close(ds, &err);
 *
 * While it grows, a dataset holds *.part files and .cadgen-journal; the names that readers look for
 * appear by rename in dataset_close, so a dataset that looks whole is whole. The journal names how
 * many samples are committed and how long each part file was then. Whatever dies, opening with
 * DATASET_RESUME cuts the part files back to the journal and goes on; pictures beyond it are drawn
 * again, to the same bytes.
 */
#ifndef FORMATS_DATASET_H
#define FORMATS_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* A(id, folder and suffix, what it is): files of a drawing that go beside its picture on request, in
 * a folder of their own. */
#define DATASET_ALSO(A)                                                                            \
	A(SVG, "svg", "the drawings as SVG, in folders of 10,000")                                 \
	A(PDF, "pdf", "the drawings as PDF, in folders of 10,000")                                 \
	A(DXF, "dxf", "the drawings as DXF, in the unit of their numbers, in folders of 10,000")

enum dataset_also {
#define A(id, name, about) ALSO_##id,
	DATASET_ALSO(A)
#undef A
		ALSO_COUNT_
};

/* "svg" and so on. */
const char *dataset_also_name(enum dataset_also also);

/* All that decides the dataset's bytes. Strings are borrowed until dataset_close. */
struct dataset_settings {
	const char *path;
	uint64_t count, seed;
	int64_t size_px; /* longer side of the pictures */
	double val_fraction, max_overlap;
	bool require_legible; /* no number of a dimension was lost in degradation */
	const char *family, *language;
	unsigned also;      /* bit 1 << ALSO_SVG and so on: which files there are beside pictures */
	const char *style;  /* the complete style sheet as JSON */
	const char *font;   /* path given with --font, or "" */
	uint64_t font_hash; /* of the font file's bytes; 0 for the built-in one */
	uint64_t prompts_hash; /* of the prompts' bytes */
	const char *command;   /* the command line, for the card; not compared on resume */
	const char *version;
};

enum dataset_mode {
	DATASET_NEW,       /* the folder must be absent or empty */
	DATASET_OVERWRITE, /* an earlier dataset in the folder is removed first; a folder that holds
			    * anything but a dataset is refused */
	DATASET_RESUME,    /* go on; absent or empty begins anew; finished is fine */
};

struct dataset;

/* Lines of a run of samples, built by workers. */
struct dataset_lines {
	struct buf train, val, annotations, scenes;
	uint64_t train_count, val_count;
	uint64_t redrawn; /* scenes that could not be laid out and were redrawn */
};

#define DATASET_PATH_BYTES 4096

/* Opens the folder, makes images/NN (and svg/NN ...), writes the settings. ERR_USAGE when it is in use (NEW), holds
 * something else (OVERWRITE) or was begun with other settings (RESUME; the message names the first
 * that differs and both values). Two processes on one folder: the second is refused (lock file held
 * with fcntl or flock). */
struct dataset *dataset_open(const struct dataset_settings *settings, enum dataset_mode mode,
			     struct err *err);

/* First index that is not committed yet. */
uint64_t dataset_next(const struct dataset *ds);

/* OUT/images/00/00000042.png: folders of 10,000. Returns buffer. Thread-safe. */
const char *dataset_image_path(const struct dataset *ds, uint64_t index,
			       char buffer[DATASET_PATH_BYTES]);

/* OUT/svg/00/00000042.svg, likewise. */
const char *dataset_also_path(const struct dataset *ds, enum dataset_also also, uint64_t index,
			      char buffer[DATASET_PATH_BYTES]);

/* Whether sample index is for validation: a hash of (seed, index) against the fraction, so it stays
 * when the count grows. */
int dataset_is_val(const struct dataset_settings *settings, uint64_t index);

/* Adds one sample's lines. All strings are UTF-8; annotations and scene are whole JSON lines
 * without a newline. Thread-safe on distinct lines. */
void dataset_add(struct dataset_lines *lines, const struct dataset_settings *settings,
		 uint64_t index, const char *prompt, const char *program, const char *annotations,
		 const char *scene);
void dataset_lines_clear(struct dataset_lines *lines);
void dataset_lines_free(struct dataset_lines *lines);

/* Appends the lines of the samples from dataset_next up to `next` (excluded), whose pictures and
 * further files exist.
 * Every now and then (by time) syncs all and moves the journal. */
int dataset_append(struct dataset *ds, const struct dataset_lines *lines, uint64_t next,
		   struct err *err);

/* Finishes when all samples are there, else leaves a state that resumes; frees ds either way. */
int dataset_close(struct dataset *ds, struct err *err);

/* A contact sheet of a finished or unfinished dataset: columns x rows pictures spread evenly over
 * the committed ones, each shrunk to cell_px; RGB where one of them is. */
int dataset_contact_sheet(const char *dataset_path, const char *png_path, int columns, int rows,
			  int cell_px, struct err *err);

#endif
