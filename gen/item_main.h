/* SPDX-License-Identifier: MIT */
/*
 * item_main: a sample with all that a dataset takes of it: where stages 4 and 5 are joined to those before.
 *
 *	struct item_maker *maker = item_maker_new(&settings, &err);	(one per thread)
 *	if (item_make(maker, 42, NULL, &item, &err) < 0) ...
 *	item.split = dataset_split_of(&dataset_settings, item.program_hash);
 *	dataset_add(&lines, &dataset_settings, &item, &err);
 *	item_maker_free(maker);
 *
 *	sample -> image_from_drawing -> scan_from_image -> PNG or JPEG
 *	       -> program, scene, annotations as text
 */
#ifndef GEN_ITEM_MAIN_H
#define GEN_ITEM_MAIN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/dataset_read.h"
#include "gen/numbers_main.h"
#include "gen/sample_main.h"

/* Read-only while items are made. */
struct item_settings {
	const struct sample_settings *sample;
	int64_t size_px;
	enum language language;
	enum dataset_picture picture;
	int jpeg_quality;
	const struct numbers_source *numbers; /* NULL: none are made */
};

struct item_maker;

/* Borrows the settings. NULL on failure. */
struct item_maker *item_maker_new(const struct item_settings *settings, struct err *err);
void item_maker_free(struct item_maker *maker);

/* A sample of a dataset, from its scene: a line of scenes.jsonl, and where that stands. */
struct item_scene {
	const char *line;
	struct dataset_place place;
};

/* All of *item but the split; valid until the maker's next item. Without a scene the sample of that number, else
 * that scene in the sample's style. Errors as of sample_from_index and sample_from_scene. */
int item_make(struct item_maker *maker, uint64_t index, const struct item_scene *scene,
	      struct dataset_item *item, struct err *err);

/* Of the last item. */
const struct sample *item_sample(const struct item_maker *maker);

/* Appends a file that goes beside the sample's picture. */
int item_also(const struct sample *sample, enum dataset_also also, struct buf *out,
	      struct err *err);

/* Writes those that the dataset has of the last item: the bits 1 << ALSO_SVG and so on. */
int item_write_also(struct item_maker *maker, const struct dataset *dataset, unsigned also,
		    struct err *err);

#endif
