/* SPDX-License-Identifier: MIT */
/*
 * image_read_png, first on the bytes as they are, then with every chunk's CRC mended, so that what
 * is behind the CRCs sees the damage. Whatever it accepts must be encoded (by our own compressor and
 * by the library's) and read back as the same pixels; what it refuses must leave a proper error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "formats/image/image.h"
#include "tests/fuzz/memory_file.h"

enum { MAX_SIDE = 256, SIGNATURE_BYTES = 8, CHUNK_FRAME_BYTES = 12 };

static void check_same(const struct image *a, const struct image *b)
{
	size_t row = (size_t)a->width * (size_t)a->channels;

	if (a->width != b->width || a->height != b->height || a->channels != b->channels)
		abort();
	for (int y = 0; y < a->height; y++)
		if (memcmp(a->px + (size_t)y * a->stride, b->px + (size_t)y * b->stride, row) != 0)
			abort();
}

static void check_round_trip(const struct image *image, int level)
{
	struct png_encoder *encoder = png_encoder_new(level);
	struct memory_file file;
	struct buf out = {0};
	struct image again;
	struct err err;

	image_encode_png(image, encoder, &out);
	file = memory_file_new(out.data, out.len);
	if (image_read_png(&again, file.path, MAX_SIDE, &err) < 0)
		abort();
	check_same(image, &again);
	image_free(&again);
	memory_file_free(&file);
	buf_free(&out);
	png_encoder_free(encoder);
}

static void check_accepted(const struct image *image)
{
	if (image->width < 1 || image->width > MAX_SIDE)
		abort();
	if (image->height < 1 || image->height > MAX_SIDE)
		abort();
	if (image->channels != 1 && image->channels != 3)
		abort();
	check_round_trip(image, 1);
	check_round_trip(image, 6);
}

static void check_refused(const struct image *image, const char *path, const struct err *err)
{
	if (image->px)
		abort();
	if (err->code != ERR_FORMAT && err->code != ERR_LIMIT)
		abort();
	if (strncmp(err->msg, path, strlen(path)) != 0 || strchr(err->msg, '\n'))
		abort();
}

static void check(const uint8_t *data, size_t size)
{
	struct memory_file file = memory_file_new(data, size);
	struct err err = {0};
	struct image image;

	if (image_read_png(&image, file.path, MAX_SIDE, &err) == 0)
		check_accepted(&image);
	else
		check_refused(&image, file.path, &err);
	image_free(&image);
	memory_file_free(&file);
}

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Returns whether a CRC was wrong. Stops at a chunk that is longer than the rest. */
static int mend_crcs(uint8_t *data, size_t size)
{
	int mended = 0;

	for (size_t at = SIGNATURE_BYTES; at < size && size - at >= CHUNK_FRAME_BYTES;) {
		size_t n = be32(data + at);
		uint8_t *stored;
		uint32_t crc;
		if (n > size - at - CHUNK_FRAME_BYTES)
			break;
		stored = data + at + 8 + n;
		crc = (uint32_t)crc32(0, data + at + 4, (uInt)n + 4);
		mended |= be32(stored) != crc;
		for (int i = 0; i < 4; i++)
			stored[i] = (uint8_t)(crc >> (24 - 8 * i));
		at += n + CHUNK_FRAME_BYTES;
	}
	return mended;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *mended = malloc(size ? size : 1);

	if (!mended)
		abort();
	if (size)
		memcpy(mended, data, size);
	check(data, size);
	if (mend_crcs(mended, size))
		check(mended, size);
	free(mended);
	return 0;
}
