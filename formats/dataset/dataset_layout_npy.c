/* SPDX-License-Identifier: MIT */
/*
 * dataset_layout_npy: arrays of numbers for programs that map files into memory.
 *
 *	train-000000.images.npy		uint8 [samples, size, size]: grey, in the middle of white paper
 *	train-000000.tokens.npy		int32 [tokens]: of the programs, one behind the other
 *	train-000000.lengths.npy	int32 [samples]: how many each has
 *
 * Numbers alone: neither prompts nor pictures as they were can be got back, so that nothing reads such a dataset
 * again.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#include <config.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "formats/dataset/dataset_layout.h"
#include "formats/encoding/npy.h"

#define HEAD_BYTES 128 /* of each array, whatever its shape */
#define NUMBER_BYTES 4

enum { IMAGES, TOKENS, LENGTHS };

static int encode(struct dataset_encoder *encoder, const struct dataset_item *item,
		  struct buf streams[DATASET_STREAMS_MAX], struct err *err)
{
	size_t side = (size_t)item->side_px;

	(void)encoder;
	if (!item->square || !item->tokens)
		return err_set(err, ERR_USAGE, "npy: a sample without pixels or tokens");
	buf_bytes(&streams[IMAGES], (const char *)item->square, side * side);
	for (size_t i = 0; i < item->token_count; i++)
		npy_put_number(&streams[TOKENS], item->tokens[i], NUMBER_BYTES);
	npy_put_number(&streams[LENGTHS], item->token_count, NUMBER_BYTES);
	return 0;
}

static void put_head(int stream, const struct dataset_shard_facts *facts, struct buf *out)
{
	char shape[96];
	size_t before = out->len;

	if (stream == IMAGES)
		snprintf(shape, sizeof(shape), "(%" PRIu64 ", %d, %d)", facts->samples,
			 facts->size_px, facts->size_px);
	else
		snprintf(shape, sizeof(shape), "(%" PRIu64 ",)",
			 (facts->bytes - HEAD_BYTES) / NUMBER_BYTES);
	npy_put_header(out, stream == IMAGES ? "|u1" : "<i4", shape);
	assert(out->len - before == HEAD_BYTES);
}

const struct dataset_layout dataset_npy = {
	.name = "npy",
	.about = "arrays of pixels and of token ids; NumPy, memory-mapped",
	.use = "`numpy.load(file, mmap_mode=\"r\")` has shards/*.images.npy, uint8 [samples, size, "
	       "size],\n"
	       "*.tokens.npy, int32, the programs' ids one behind the other, and *.lengths.npy, "
	       "how many each\n"
	       "sample has.",
	.splits = {"train", "val", "test"},
	.pictures = PICTURES_INSIDE,
	.streams = {".images.npy", ".tokens.npy", ".lengths.npy"},
	.needs_numbers = true,
	.encode = encode,
	.put_head = put_head,
	.head_bytes = HEAD_BYTES,
};
