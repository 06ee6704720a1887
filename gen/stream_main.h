/* SPDX-License-Identifier: MIT */
/*
 * stream_main: pictures and programs one after the other, as cadgen puts them into a dataset, without
 * one.
 *
 *	struct stream *stream = stream_new(&settings, threads, &err);
 *	if (stream_read(stream, thread, 42, &sample, &err) < 0) ...
 *	... sample.image, sample.prompt, sample.program
 *	stream_free(stream);
 */
#ifndef GEN_STREAM_MAIN_H
#define GEN_STREAM_MAIN_H

#include "base/err.h"
#include "formats/image.h"
#include "formats/program.h"
#include "formats/scene.h"

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
	const char *prompt, *program;
};

/* Pictures may be smaller, by eighths of half the side: from STREAM_STEPS, whole, to 0, half of it. */
#define STREAM_STEPS 8

/* Sample `index` of the seed: of a dataset with the same settings and pictures of that size it is the
 * same. Where a smaller picture has no room, the next larger is taken. thread is below `threads`, each in
 * one call at a time. ERR_LIMIT as sample_from_index. */
int stream_read(struct stream *stream, int thread, uint64_t index, int step,
		struct stream_sample *sample, struct err *err);

#endif
