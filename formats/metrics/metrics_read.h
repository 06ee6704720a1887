/* SPDX-License-Identifier: MIT */
/*
 * metrics_read: metrics.json, as metrics_write writes it, read back.
 *
 *	struct metrics m;
 *	if (metrics_read(&m, "score/metrics.json", &arena, &err) < 0) ...
 *	... m.all.figures[METRICS_EXACT].value
 */
#ifndef FORMATS_METRICS_READ_H
#define FORMATS_METRICS_READ_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/metrics/metrics.h"
#include "formats/metrics/solid_metrics.h"

#define METRICS_GROUPS_MAX 4096

/* Groups and their names live in the arena. Needed is "all" alone; what else is left out is 0, and keys
 * that are not known are passed over. ERR_FORMAT with name:line: what is no JSON, a section that is no
 * object, a figure that is no percentage, a count that is no whole number up to 2^53, a name of no kind
 * of shape, parameter or character. ERR_LIMIT: more groups than METRICS_GROUPS_MAX. A seed above 2^53
 * loses its last digits. */
int metrics_parse(struct metrics *metrics, const char *name, const char *text, size_t len,
		  struct arena *arena, struct err *err);

/* The same of a file, path being the name. */
int metrics_read(struct metrics *metrics, const char *path, struct arena *arena, struct err *err);

/* Of a file of either kind the figures of all that it has: of drawings, or of solids, as *words says. Those of
 * solids may be any number from 0 on. */
int metrics_read_all(struct metrics_group *all, const struct metrics_words **words,
		     const char *path, struct err *err);

#endif
