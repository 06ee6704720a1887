/* SPDX-License-Identifier: MIT */
/*
 * dataset_facts: what a finished dataset says of itself.
 *
 *	struct dataset_facts facts;
 *	if (dataset_facts_read(&facts, "drawings", &arena, &err) < 0) ...
 */
#ifndef FORMATS_DATASET_FACTS_H
#define FORMATS_DATASET_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/program/program.h"
#include "formats/scene/style_mix.h"

struct dataset_facts {
	uint64_t count, counts[SPLIT_COUNT_], redrawn, seed;
	const struct dataset_layout *layout;
	enum dataset_picture picture;
	int jpeg_quality;                 /* 0: PNG */
	uint64_t shard_size, shard_bytes; /* of layouts with shards; else 0 */
	unsigned also;                    /* as in struct dataset_settings */
	int size_px;                      /* longer side of the pictures */
	double val_fraction, test_fraction, max_overlap;
	bool require_legible;
	const char *family; /* "plate,turned:2" */
	enum language language;
	struct style_mix style;
	const char *font;   /* file name, or "built-in" */
	uint64_t font_hash; /* dataset_hash of the font file; 0 for the built-in one */
	uint64_t prompts_hash;
	const char *version, *command; /* that made it */
};

/* Reads dataset_info.json, and compares rendering_metadata.json with it; strings and the
 * style live in the arena.
 * ERR_FORMAT for a folder that holds no dataset or an unfinished one, and where the two files are
 * broken or contradict each other (file:line); ERR_IO where one cannot be read. The folder's name is
 * of 1 to 4000 bytes. */
int dataset_facts_read(struct dataset_facts *facts, const char *folder, struct arena *arena,
		       struct err *err);

/* The same of dataset_info.json alone; and of what was read there, whether rendering_metadata.json agrees. */
int dataset_facts_read_info(struct dataset_facts *facts, const char *folder, struct arena *arena,
			    struct err *err);
int dataset_facts_check(const struct dataset_facts *facts, const char *folder, struct err *err);

/* The settings of the dataset, to be made at `path` with its style as style_mix_write gives it, without the newline.
 * All strings are borrowed. */
struct dataset_settings dataset_settings_from_facts(const struct dataset_facts *facts,
						    const char *path, const char *style_json);

/* The hash by which a dataset knows its font and its prompts. */
uint64_t dataset_hash(const void *data, size_t n);

#endif
