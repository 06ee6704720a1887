/* SPDX-License-Identifier: MIT */
/*
 * sample_stats: what there is to count of one sample of a dataset.
 *
 *	struct stats_wants wants = {.pictures = true};
 *	struct sample_stats stats;
 *	if (sample_stats_read(&stats, &sample, language, &wants, &arena, &err) < 0) ...
 *	stats.counts[STATS_FAMILY][FAMILY_PLATE], stats.values[SPREAD_SHAPES], ...
 *
 * Two kinds of figures: how many are of which sort (groups of named members), and numbers one of which each
 * sample has (spreads).
 */
#ifndef FORMATS_SAMPLE_STATS_H
#define FORMATS_SAMPLE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/dataset/dataset_read.h"
#include "formats/drawing/annotations.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"

/* G(id, name, how many members). Families, units, arrangements and colours are of drawings; status and tolerance of
 * dimensions, legibility of their texts on degraded pictures. */
#define STATS_GROUPS(G)                                                                            \
	G(FAMILY, "family", FAMILY_COUNT_)                                                         \
	G(UNIT, "unit", UNIT_COUNT_)                                                               \
	G(ARRANGEMENT, "arrangement", ARRANGE_COUNT_)                                              \
	G(SHAPE, "shape", SHAPE_COUNT_)                                                            \
	G(DIMENSION, "dimension", DIM_COUNT_)                                                      \
	G(STATUS, "status", CALLOUT_STATUS_COUNT_)                                                 \
	G(TOLERANCE, "tolerance", TOLERANCE_COUNT_)                                                \
	G(LEGIBILITY, "legibility", ANNOTATION_STATE_COUNT_)                                       \
	G(COLOUR, "colour", 2)

enum stats_group {
#define G(id, name, count) STATS_##id,
	STATS_GROUPS(G)
#undef G
		STATS_GROUP_COUNT_
};

#define STATS_MEMBERS_MAX 64

/* S(id, key, what, by how much its values are too large) */
#define STATS_SPREADS(S)                                                                           \
	S(SHAPES, "shapes", "shapes per drawing", 1)                                               \
	S(DIMENSIONS, "dimensions", "dimensions per drawing", 1)                                   \
	S(DIGITS, "digits", "digits per number", 1)                                                \
	S(INK, "dark_per_cent", "dark pixels, %", 100)                                             \
	S(WIDTH, "width_px", "picture width, px", 1)                                               \
	S(HEIGHT, "height_px", "picture height, px", 1)

/* Behind those named come the length of the program in characters and in tokens, in each language. */
enum stats_spread {
#define S(id, key, what, scale) SPREAD_##id,
	STATS_SPREADS(S)
#undef S
		SPREAD_CHARACTERS,
	SPREAD_TOKENS = SPREAD_CHARACTERS + LANGUAGE_COUNT_,
	SPREAD_COUNT_ = SPREAD_TOKENS + LANGUAGE_COUNT_
};

#define STATS_DIGITS_MAX 31       /* more count as so many */
#define STATS_NO_VALUE UINT32_MAX /* the sample has none */

struct sample_stats {
	uint64_t index;
	enum dataset_split split;
	uint32_t counts[STATS_GROUP_COUNT_][STATS_MEMBERS_MAX];
	uint32_t values[SPREAD_COUNT_];        /* but for SPREAD_DIGITS, or STATS_NO_VALUE */
	uint32_t digits[STATS_DIGITS_MAX + 1]; /* printed numbers of so many digits */
	/* Equal for equal programs, in whatever words; for those that are nearly so (program_near.h); and
	 * for equal files of pictures. */
	uint64_t program_key, near_key, picture_key;
};

/* What else than lines is to be looked at. */
struct stats_wants {
	bool pictures; /* else picture_key is that of checksums.jsonl, and there is no ink and no size */
	/* How many tokens a program has; NULL: nobody knows. */
	uint32_t (*count_tokens)(void *ctx, const char *text, size_t len);
	void *ctx;
};

/* Reads program, scene, annotations and picture. The program is counted as it stands in its own language, and as
 * program_write writes it in all others that can say it. A pixel is dark below the middle grey, 128. The arena is
 * for scratch. ERR_FORMAT with file:line for what cannot be parsed; what dataset_sample_picture reports. */
int sample_stats_read(struct sample_stats *stats, const struct dataset_sample *sample,
		      enum language language, const struct stats_wants *wants, struct arena *arena,
		      struct err *err);

/* "family" and "plate"; how many members it has. */
const char *stats_group_name(enum stats_group group);
const char *stats_member_name(enum stats_group group, int member);
int stats_member_count(enum stats_group group);

#endif
