/* SPDX-License-Identifier: MIT */
/*
 * scan_main: what of a sample goes into a dataset as its picture and its annotations: where stage 5 is
 * joined to those before it.
 *
 *	struct scanner *scanner = scanner_new(&settings, size_px);	(one per thread)
 *	if (scanner_run(scanner, &sample, &clean, &shown, &arena, &err) < 0) ...
 *	image_encode_png(&shown.image, encoder, &png);
 *	annotations_write(&shown.annotations, id, &line);
 *	scanner_free(scanner);
 */
#ifndef GEN_SCAN_MAIN_H
#define GEN_SCAN_MAIN_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/drawing/annotations.h"
#include "formats/image/image.h"
#include "gen/sample_main.h"

struct shown {
	struct image image; /* the scanner's until the next run, or the clean one itself */
	struct annotations annotations;
	int lost; /* of the numbers that dimensions state */
};

struct scanner;

/* Borrows the settings; pictures of size_px at most. Costs next to nothing until a sample's sheet says
 * something of degradation. */
struct scanner *scanner_new(const struct sample_settings *settings, int64_t size_px);
void scanner_free(struct scanner *scanner);

/* The clean picture is the sample's, drawn. With settings->require_legible recipes are drawn until no
 * number is lost, and ERR_LIMIT says that none did. Where the sample's sheet says nothing of degradation the clean picture and its
 * annotations are shown. */
int scanner_run(struct scanner *scanner, const struct sample *sample, const struct image *clean,
		struct shown *out, struct arena *arena, struct err *err);

/* The same by the attempt-th recipe, whatever is lost. */
void scanner_run_attempt(struct scanner *scanner, const struct sample *sample,
			 const struct image *clean, int attempt, struct shown *out,
			 struct arena *arena);

#endif
