/* SPDX-License-Identifier: MIT */
/*
 * stream_main: pictures and programs one after the other, as cadgen puts them into a dataset, without
 * one.
 *
 *	struct stream *stream = stream_new(&settings, threads, &err);
 *	if (stream_read(stream, thread, 42, false, &sample, &err) < 0) ...
 *	... sample.image, sample.prompt, sample.program
 *	stream_free(stream);
 */
#ifndef GEN_STREAM_MAIN_H
#define GEN_STREAM_MAIN_H

#include <stdbool.h>

#include "base/err.h"
#include "formats/drawing/annotations.h"
#include "formats/image/image.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"

struct stream_settings {
	const char *style; /* as cadgen's --style; NULL: ISO */
	double family[FAMILY_COUNT_];
	enum language language;
	int64_t size_px;
	uint64_t seed;
};

struct stream;

/* Borrows nothing. ERR_USAGE where the language has no words for a family; as styles_load and
 * typefaces_load. NULL on failure. */
struct stream *stream_new(const struct stream_settings *settings, int threads, struct err *err);

/* NULL is allowed. */
void stream_free(struct stream *stream);

/* Borrowed from the thread's next call. */
struct stream_sample {
	struct image image; /* grey or RGB, its longer side of that size */
	const struct annotations *annotations;
	const char *prompt, *program;
};

/* Sample `index` of the seed: of a dataset with the same settings it is the same. With `practice` its
 * drawing is full of lettering, as practice_letter does it, and the program is that of the drawing without.
 * Where it cannot be laid out, the sample of a number far away takes its place, always the same.
 * thread is below `threads`, each in one call at a time. ERR_LIMIT as sample_from_index, after some of these. */
int stream_read(struct stream *stream, int thread, uint64_t index, bool practice,
		struct stream_sample *sample, struct err *err);

#endif
