/* SPDX-License-Identifier: MIT */
/*
 * dataset_converted: the folder of a dataset of models that were there before, as cadconv writes it;
 * dataset(5).
 *
 *	struct converted *c = converted_open(&settings, DATASET_RESUME, note, &run, &err);
 *	converted_path(c, "images", id, "_front.png", &path);	(and "svg", id, "_front.svg" on request)
 *	fs_write_unguarded(path.data, png.data, png.len, &err);
 *	converted_add(c, id, true, text, &place, &err);		(whenever one is done)
 *	converted_finish(c, models, count, 0, &err);
 *	converted_close(c, &err);
 *
 * Until it is finished, OUT holds pictures, cad_json/ and .cadconv-journal, which says what became of each
 * model (outcomes.h); the names that readers look for appear by rename in converted_finish,
 * dataset_info.json the last. However many models there are, their entries are never all in memory.
 */
#ifndef FORMATS_DATASET_CONVERTED_H
#define FORMATS_DATASET_CONVERTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/model_list.h"
#include "formats/dataset/outcomes.h"

#define CONVERTED_PICTURES "images"
#define CONVERTED_MODELS "cad_json"

/* Strings are borrowed until converted_close. */
struct converted_settings {
	const char *path;
	const char *verb;      /* "deepcad" */
	const char *json;      /* an object: all that decides the dataset's bytes, its verb too */
	const char *rendering; /* of rendering_metadata.json, an object */
	const char *language;  /* of the programs */
	const char *command;   /* the command line, for the card */
	int pictures;          /* of each model */
	unsigned also;         /* as in struct dataset_settings */
	bool annotated;        /* there is a line of annotations.jsonl for each picture */
	uint64_t vectors; /* how many of the models came from DeepCAD's vectors, for the card */
};

struct converted_counts {
	uint64_t train, val, failed; /* models */
	uint64_t missing;            /* models fewer than were wanted */
};

/* What became of a model. */
struct converted_model {
	const char *id, *file; /* as in model_list.h */
	enum model_part part;  /* MODEL_NEITHER: it is in no part of the dataset */
	bool is_done, ok;      /* ok counts where it is done */
	uint64_t place;        /* of its outcome */
};

struct converted;

/* Takes the folder as dataset_open does; note() hears of what was done before. NULL on failure. */
struct converted *converted_open(const struct converted_settings *settings, enum dataset_mode mode,
				 outcomes_note *note, void *ctx, struct err *err);

/* Whether it was finished before; then what it holds. */
bool converted_is_finished(const struct converted *c, struct converted_counts *counts);

/* In a child process, which else would hold the folder's lock as long as it lives. */
void converted_leave_lock(struct converted *c);

/* Puts OUT/FOLDER/ID SUFFIX into *out, in the place of what is there. */
void converted_path(const struct converted *c, const char *folder, const char *id,
		    const char *suffix, struct buf *out);

/* Between a model's entries and its lines of annotations. */
#define CONVERTED_SEPARATOR "\n\n"

/* Notes a model, whose files are there, with its entries of train.json as dataset_put_entry writes them and
 * ",\n" between two, where it is annotated the separator and lines of annotations.jsonl behind them; or with why
 * it failed. Every now and then puts all on the medium. */
int converted_add(struct converted *c, const char *id, bool ok, const char *text, uint64_t *place,
		  struct err *err);

/* Writes all that readers look for. Models are by the bytes of their ids; those that are not done are passed
 * over. Fills *counts. */
int converted_finish(struct converted *c, const struct converted_model *models, size_t count,
		     uint64_t missing, struct converted_counts *counts, struct err *err);

/* What was noted is on the medium then; frees c in any case. */
int converted_close(struct converted *c, struct err *err);

/* Appends an entry of train.json. */
void converted_put_entry(struct buf *out, const char *id, const char *image, const char *prompt,
			 const char *program);

/* Calls hear() for each line of failures, in the order of the ids. */
typedef void converted_failure(void *ctx, const char *why);
int converted_failures(const struct converted *c, const struct converted_model *models,
		       size_t count, converted_failure *hear, void *ctx, struct err *err);

#endif
