/* SPDX-License-Identifier: MIT */
/*
 * PNG writing: signature, IHDR, one IDAT, IEND, nothing else (PNG specification, third edition).
 *
 *	raw (row filter byte + row, each row) -> zlib stream in the output -> chunk lengths, CRCs
 *
 * Rows use filter None. On three drawings of 512x512 filter Up gave 1 to 9 % more bytes with
 * libdeflate at level 1, 12 to 14 % more with our own compressor, and neither was faster for it: a
 * difference turns one run of equal pixels into two edges.
 *
 * Level 1, the default of the programs, compresses with formats/deflate_lines: on such drawings 4.2
 * times as fast as libdeflate's level 1 and 14 % smaller (bench/README.md); and the same bytes with
 * every version of the library. Scans and photographs are noise to it, where nothing comes again:
 * their rows are filtered by Average, and the differences are Huffman-coded without a search. The
 * other levels are libdeflate's, or zlib's in builds without it.
 *
 * The stream is compressed right behind the chunk header in the caller's buffer, so one image costs
 * one copy (into raw) and, once the buffers have grown, no allocation.
 */
#include <config.h>

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

#include "base/fs.h"
#include "base/mem.h"
#include "formats/encoding/deflate_lines.h"
#include "formats/image/image.h"

enum {
	LINES_LEVEL = 1,
	ZLIB_HEADER_BYTES = 2,
	ZLIB_TRAILER_BYTES = 4,
	CHUNK_HEADER_BYTES = 8,
	NOISE_ROWS = 32,
	AVERAGE = 3
};

struct png_encoder {
	int level;
	uint8_t *raw;
	size_t raw_room;
	struct buf file;             /* of image_write_png */
	struct deflate_lines *lines; /* LINES_LEVEL only */
#ifdef HAVE_LIBDEFLATE
	struct libdeflate_compressor *compressor; /* other levels */
#else
	z_stream stream;
#endif
};

static void put_be32(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 24);
	at[1] = (uint8_t)(v >> 16);
	at[2] = (uint8_t)(v >> 8);
	at[3] = (uint8_t)v;
}

#ifdef HAVE_LIBDEFLATE
static uint32_t crc_of(const uint8_t *data, size_t n)
{
	return libdeflate_crc32(0, data, n);
}

static uint32_t adler_of(uint32_t before, const uint8_t *data, size_t n)
{
	return libdeflate_adler32(before, data, n);
}

static void general_open(struct png_encoder *encoder)
{
	encoder->compressor = libdeflate_alloc_compressor(encoder->level);
	if (!encoder->compressor)
		mem_exhausted((size_t)1 << 20);
}

static void general_close(struct png_encoder *encoder)
{
	libdeflate_free_compressor(encoder->compressor);
}

static size_t general_bound(struct png_encoder *encoder, size_t n)
{
	return libdeflate_zlib_compress_bound(encoder->compressor, n);
}

static size_t general_run(struct png_encoder *encoder, size_t n, uint8_t *out, size_t room)
{
	return libdeflate_zlib_compress(encoder->compressor, encoder->raw, n, out, room);
}
#else
static uint32_t crc_of(const uint8_t *data, size_t n)
{
	return (uint32_t)crc32_z(0, data, n);
}

static uint32_t adler_of(uint32_t before, const uint8_t *data, size_t n)
{
	return (uint32_t)adler32_z(before, data, n);
}

static void general_open(struct png_encoder *encoder)
{
	if (deflateInit(&encoder->stream, encoder->level) != Z_OK)
		mem_exhausted((size_t)1 << 18);
}

static void general_close(struct png_encoder *encoder)
{
	deflateEnd(&encoder->stream);
}

static size_t general_bound(struct png_encoder *encoder, size_t n)
{
	return deflateBound(&encoder->stream, n);
}

static size_t general_run(struct png_encoder *encoder, size_t n, uint8_t *out, size_t room)
{
	z_stream *z = &encoder->stream;
	int rc;

	deflateReset(z);
	z->next_in = encoder->raw;
	z->avail_in = (uInt)n;
	z->next_out = out;
	z->avail_out = (uInt)room;
	rc = deflate(z, Z_FINISH);
	assert(rc == Z_STREAM_END);
	(void)rc;
	return room - z->avail_out;
}
#endif

struct png_encoder *png_encoder_new(int level)
{
	struct png_encoder *encoder = mem_alloc(1, sizeof(*encoder));

	assert(level >= 0 && level <= 9);
	encoder->level = level;
	if (level == LINES_LEVEL)
		encoder->lines = deflate_lines_new();
	else
		general_open(encoder);
	return encoder;
}

void png_encoder_free(struct png_encoder *encoder)
{
	if (!encoder)
		return;
	if (encoder->lines)
		deflate_lines_free(encoder->lines);
	else
		general_close(encoder);
	buf_free(&encoder->file);
	free(encoder->raw);
	free(encoder);
}

/* Whether the picture is of noise rather than of lines: fewer than five in eight of some pixels are as
 * the one before them. There a search takes more than twice as long, for a tenth of the bytes or none. */
static bool is_noise(const struct image *image)
{
	size_t row = (size_t)image->width * (size_t)image->channels,
	       pixel = (size_t)image->channels;
	int step = image->height / NOISE_ROWS + 1;
	size_t equal = 0, all = 0;

	for (int y = 0; y < image->height; y += step) {
		const uint8_t *px = image->px + (size_t)y * image->stride;

		for (size_t i = pixel; i < row; i++)
			equal += px[i] == px[i - pixel];
		all += row - pixel;
	}
	return equal * 8 < all * 5;
}

typedef uint8_t bytes __attribute__((vector_size(16)));

/* Filter 3, Average (PNG 9.2): what a pixel is more than the mean of those left of it and above. The mean
 * of two bytes, rounded down, is what they have in common and half of what they have not. */
static void put_average(uint8_t *to, const uint8_t *px, const uint8_t *above, size_t row,
			size_t pixel)
{
	size_t i = 0;

	for (; i < pixel; i++)
		to[i] = (uint8_t)(px[i] - above[i] / 2);
	for (; i + sizeof(bytes) <= row; i += sizeof(bytes)) {
		bytes x, a, b;

		memcpy(&x, px + i, sizeof(x));
		memcpy(&a, px + i - pixel, sizeof(a));
		memcpy(&b, above + i, sizeof(b));
		x -= (a & b) + ((a ^ b) >> 1);
		memcpy(to + i, &x, sizeof(x));
	}
	for (; i < row; i++)
		to[i] = (uint8_t)(px[i] - (px[i - pixel] + above[i]) / 2);
}

static void grow_raw(struct png_encoder *encoder, size_t n)
{
	if (n <= encoder->raw_room)
		return;
	encoder->raw = mem_realloc(encoder->raw, n, 1);
	encoder->raw_room = n;
}

/* Bytes of a row with its filter byte. */
static size_t row_bytes(const struct image *image)
{
	return (size_t)image->width * (size_t)image->channels + 1;
}

/* All rows, unfiltered. */
static size_t fill_raw(struct png_encoder *encoder, const struct image *image)
{
	size_t row = row_bytes(image), n = mem_mul(row, (size_t)image->height);
	uint8_t *to;

	/* One IDAT's length is a 31-bit number. Twice that many pixels are not drawn here. */
	assert(n < (size_t)1 << 30);
	grow_raw(encoder, n);
	to = encoder->raw;
	for (int y = 0; y < image->height; y++, to += row) {
		to[0] = 0;
		memcpy(to + 1, image->px + (size_t)y * image->stride, row - 1);
	}
	return n;
}

/* Row y with its filter byte. */
static void fill_row(uint8_t *to, const struct image *image, int y, bool noise)
{
	const uint8_t *px = image->px + (size_t)y * image->stride;
	size_t bytes = row_bytes(image) - 1;

	to[0] = noise && y > 0 ? AVERAGE : 0;
	if (to[0] == AVERAGE)
		put_average(to + 1, px, px - image->stride, bytes, (size_t)image->channels);
	else
		memcpy(to + 1, px, bytes);
}

/* Piece by piece of about a block, which stays in the processor's cache, behind the row before it. */
static size_t pieces_run(struct png_encoder *encoder, const struct image *image, bool noise,
			 uint8_t *out)
{
	size_t row = row_bytes(image), pixel = (size_t)image->channels, len = 0;
	size_t most = row < DEFLATE_LITERALS ? DEFLATE_LITERALS / row : 1, n = 0, before;
	uint32_t adler = 1;

	grow_raw(encoder, (most + 1) * row);
	for (int y = 0; y < image->height;) {
		uint8_t *raw = encoder->raw, *piece = raw + row;
		bool last;

		before = y > 0 ? row : 0;
		if (before)
			memcpy(raw, raw + n, row);
		for (n = 0; n < most * row && y < image->height; n += row)
			fill_row(piece + n, image, y++, noise);
		adler = adler_of(adler, piece, n);
		last = y == image->height;
		if (noise)
			len += deflate_literals_run(encoder->lines, piece, n, last, out + len);
		else
			len += deflate_lines_run(encoder->lines, piece - before, before, before + n,
						 pixel, row, last, out + len);
	}
	put_be32(out + len, adler);
	return len + ZLIB_TRAILER_BYTES;
}

/* zlib stream (RFC 1950) round our own DEFLATE; CMF 0x78 (32 kB window), FLG 0x01 (fastest). */
static size_t own_run(struct png_encoder *encoder, const struct image *image, uint8_t *out)
{
	out[0] = 0x78;
	out[1] = 0x01;
	out += ZLIB_HEADER_BYTES;
	return ZLIB_HEADER_BYTES + pieces_run(encoder, image, is_noise(image), out);
}

static size_t own_bound(const struct image *image)
{
	size_t n = mem_mul(row_bytes(image), (size_t)image->height);

	return deflate_lines_bound(n) + ZLIB_HEADER_BYTES + ZLIB_TRAILER_BYTES;
}

static void chunk_open(struct buf *out, const char type[4], size_t n)
{
	uint8_t header[CHUNK_HEADER_BYTES];

	put_be32(header, (uint32_t)n);
	memcpy(header + 4, type, 4);
	buf_bytes(out, header, sizeof(header));
}

/* Adds the CRC of type and contents, which are the last n + 4 bytes. */
static void chunk_close(struct buf *out, size_t n)
{
	uint8_t crc[4];

	put_be32(crc, crc_of((const uint8_t *)out->data + out->len - n - 4, n + 4));
	buf_bytes(out, crc, sizeof(crc));
}

static void put_ihdr(struct buf *out, const struct image *image)
{
	/* bit depth 8, colour type 0 grey or 2 RGB, deflate, adaptive filters, not interlaced */
	uint8_t ihdr[13] = {[8] = 8, [9] = image->channels == 3 ? 2 : 0};

	put_be32(ihdr, (uint32_t)image->width);
	put_be32(ihdr + 4, (uint32_t)image->height);
	chunk_open(out, "IHDR", sizeof(ihdr));
	buf_bytes(out, ihdr, sizeof(ihdr));
	chunk_close(out, sizeof(ihdr));
}

static void put_idat(struct buf *out, const struct image *image, struct png_encoder *encoder)
{
	size_t n = encoder->lines ? 0 : fill_raw(encoder, image), len;
	size_t room = encoder->lines ? own_bound(image) : general_bound(encoder, n);
	uint8_t *to;

	chunk_open(out, "IDAT", 0);
	to = (uint8_t *)buf_reserve(out, room);
	len = encoder->lines ? own_run(encoder, image, to) : general_run(encoder, n, to, room);
	assert(len > 0 && len <= room && len < (size_t)1 << 31);
	put_be32(to - CHUNK_HEADER_BYTES, (uint32_t)len);
	out->len += len;
	chunk_close(out, len);
}

void image_encode_png(const struct image *image, struct png_encoder *encoder, struct buf *out)
{
	assert(image->width > 0 && image->height > 0);
	assert(image->channels == 1 || image->channels == 3);
	buf_bytes(out, "\x89PNG\r\n\x1a\n", 8);
	put_ihdr(out, image);
	put_idat(out, image, encoder);
	chunk_open(out, "IEND", 0);
	chunk_close(out, 0);
}

int image_write_png(const struct image *image, const char *path, struct png_encoder *encoder,
		    struct err *err)
{
	buf_clear(&encoder->file);
	image_encode_png(image, encoder, &encoder->file);
	return fs_write(path, encoder->file.data, encoder->file.len, err);
}
