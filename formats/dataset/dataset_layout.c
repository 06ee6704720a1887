/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "formats/dataset/dataset_layout.h"

const char *const dataset_split_names[] = {"train", "val", "test", NULL};

const char *const dataset_picture_names[] = {
#define P(id, name, suffix, type) name,
	DATASET_PICTURES(P)
#undef P
		NULL};

const char *dataset_picture_suffix(enum dataset_picture picture)
{
	static const char *const suffixes[] = {
#define P(id, name, suffix, type) suffix,
		DATASET_PICTURES(P)
#undef P
	};

	return suffixes[picture];
}

const char *dataset_picture_type(enum dataset_picture picture)
{
	static const char *const types[] = {
#define P(id, name, suffix, type) type,
		DATASET_PICTURES(P)
#undef P
	};

	return types[picture];
}

/* L(layout, its name) */
#define LAYOUTS(L)                                                                                 \
	L(dataset_tinyllava, "tinyllava")                                                          \
	L(dataset_llava_jsonl, "llava-jsonl")                                                      \
	L(dataset_imagefolder, "hf-imagefolder")                                                   \
	L(dataset_webdataset, "webdataset")                                                        \
	L(dataset_tfrecord, "tfrecord")                                                            \
	L(dataset_tfrecord_gz, "tfrecord-gz")                                                      \
	L(dataset_npy, "npy")

const struct dataset_layout *const dataset_layouts[] = {
#define L(layout, name) &layout,
	LAYOUTS(L)
#undef L
		NULL};

const char *const dataset_layout_names[] = {
#define L(layout, name) name,
	LAYOUTS(L)
#undef L
		NULL};

bool dataset_layout_reads(const struct dataset_layout *layout)
{
	return layout->list || layout->shard_open;
}

const struct dataset_layout *dataset_layout_named(const char *name)
{
	for (int i = 0; dataset_layouts[i]; i++)
		if (strcmp(dataset_layouts[i]->name, name) == 0)
			return dataset_layouts[i];
	return NULL;
}
