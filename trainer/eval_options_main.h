/* SPDX-License-Identifier: MIT */
/*
 * eval_options_main: the command line of cadeval.
 *
 *	struct eval_options o = eval_options_default();
 *	int first = eval_options_parse(&o, argc, argv, &err);	(pictures: --image and argv[first..])
 */
#ifndef TRAINER_EVAL_OPTIONS_MAIN_H
#define TRAINER_EVAL_OPTIONS_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* X(name) of a dataset's samples. */
#define EVAL_SPLITS(X)                                                                             \
	X(val)                                                                                     \
	X(train)                                                                                   \
	X(test)                                                                                    \
	X(all)

enum eval_split {
#define X(name) EVAL_##name,
	EVAL_SPLITS(X)
#undef X
};

#define EVAL_LOOKS_MAX 8

/* Strings are borrowed from argv, or literals. */
struct eval_options {
	const char *model, *data, *image, *prompt, *out, *curves;
	const char *image_folder; /* of a JSON file; NULL: where it lies */
	const char *draw;         /* list of formats */
	unsigned formats;         /* the same, 1 << REDRAW_... */
	int split;                /* enum eval_split */
	int device;               /* enum ops_device */
	int said, written; /* enum language, or -1: of the dataset, or calls; as they are said */
	int64_t limit;     /* samples at most; 0: all */
	int64_t batch, beams, looks, again, tokens, top_k, threads;
	uint64_t seed;
	double length_penalty, temperature, top_p, repetition_penalty;
	double min_exact; /* per cent; below: status 3 */
	bool free_text;   /* no grammar */
	bool rerank, combine;
	bool f32, quiet;
	const char *const *images; /* image_count of them */
	int image_count;
};

struct eval_options eval_options_default(void);

/* *path = a file in the folder of --out. */
void eval_out_path(const struct eval_options *options, const char *name, struct buf *path);

/* How programs are decoded, for people: "greedily", "4 beams, 3 looks, reranked". */
#define EVAL_DECODED_BYTES 48
const char *eval_decoded(const struct eval_options *options, char text[EVAL_DECODED_BYTES]);

/* As cli_parse, and checked. */
int eval_options_parse(struct eval_options *options, int argc, char **argv, struct err *err);

#endif
