/* SPDX-License-Identifier: MIT */
/*
 * outcomes: what became of each model of a run, in a file that only grows, so that a run that dies goes on.
 *
 *	if (outcomes_begin(path, "{\"settings\":...}", &err) < 0) ...
 *	struct outcomes *o = outcomes_open(path, note, &run, &err);	(note() hears what is there)
 *	outcomes_add(o, "00000007", true, entries, &place);
 *	if (outcomes_is_due(o) && outcomes_commit(o, &err) < 0) ...
 *	outcomes_read(o, place, &line, &err);
 *	outcomes_free(o);
 *
 * The file is a line of what the run is, then one a model, in the order in which they came:
 *
 *	{"settings":{...}}
 *	{"id":"00000007","ok":"its entries"}
 *	{"id":"00000012","failed":"00000012.json:3: a loop is open"}
 *
 * What a line speaks of (pictures) is on the medium before the line is: a commit syncs the file system, then
 * writes the lines and syncs them. What a dying process leaves of a line is cut off.
 */
#ifndef FORMATS_OUTCOMES_H
#define FORMATS_OUTCOMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct outcome {
	const char *id;
	bool ok;
	const char *text; /* whatever belongs to it; why it failed */
	uint64_t place;   /* where its line begins */
};

/* Puts a file with that first line, on the medium, in the place of what is there. */
int outcomes_begin(const char *path, const char *first_line, struct err *err);

/* Appends the first line. Returns 1; 0 where there is no file; -1 on failure, and ERR_FORMAT where there is
 * no whole line. */
int outcomes_first_line(const char *path, struct buf *out, struct err *err);

struct outcomes;
typedef int outcomes_note(void *ctx, const struct outcome *outcome, struct err *err);

/* Goes on with a file: note() hears of every outcome that is there, in their order, and -1 of it ends that;
 * the file is cut before the first line that is not whole. NULL on failure. */
struct outcomes *outcomes_open(const char *path, outcomes_note *note, void *ctx, struct err *err);

/* What was not committed is lost. NULL may be freed. */
void outcomes_free(struct outcomes *o);

/* Adds an outcome, whose line will begin at the place returned. Its files are written, and not synced. */
uint64_t outcomes_add(struct outcomes *o, const char *id, bool ok, const char *text);

/* Whether a commit would cost less than a twentieth of the time since the last one. */
bool outcomes_is_due(const struct outcomes *o);

/* All that was added is on the medium then. After a failure there are no more commits. */
int outcomes_commit(struct outcomes *o, struct err *err);

/* Reads a committed outcome again; its strings live in *line until that is read into again, or freed. */
struct json_doc;
int outcomes_read(const struct outcomes *o, uint64_t place, struct json_doc *line,
		  struct outcome *out, struct err *err);

#endif
