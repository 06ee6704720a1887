/* SPDX-License-Identifier: MIT */
/*
 * image: 8-bit grey or RGB pixels, PNG and JPEG.
 *
 *	struct image image;
 *	if (image_read_png(&image, path, 20000, &err) < 0) ...
 *	struct png_encoder *encoder = png_encoder_new(1);
 *	if (image_write_png(&image, path, encoder, &err) < 0) ...
 *	png_encoder_free(encoder);
 *	image_free(&image);
 */
#ifndef FORMATS_IMAGE_H
#define FORMATS_IMAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

struct image {
	int width, height;
	int channels;  /* 1 grey, 3 RGB */
	size_t stride; /* bytes from row to row, >= width * channels */
	uint8_t *px;   /* top row first; 0 black, 255 white */
};

/* Zeroed (black) pixels, stride = width * channels. */
struct image image_new(int width, int height, int channels);
void image_free(struct image *image);

/* One per thread: compressor and buffers. level 0..9; own chunk writing over formats/deflate_lines
 * (level 1) and libdeflate (the others), or zlib where libdeflate was left out. */
struct png_encoder;
struct png_encoder *png_encoder_new(int level);
void png_encoder_free(struct png_encoder *encoder);

/* Appends a whole PNG file to *out. At most 1 GiB of pixels. */
void image_encode_png(const struct image *image, struct png_encoder *encoder, struct buf *out);

/* Writes by rename. */
int image_write_png(const struct image *image, const char *path, struct png_encoder *encoder,
		    struct err *err);

/* Appends a whole baseline JPEG file to *out: grey, or YCbCr with colours as fine as brightness (4:4:4),
 * Huffman codes of its own; quality 1..100 is libjpeg's. The same bytes for the same pixels and
 * library. ERR_LIMIT for a side over 65,500, ERR_UNSUPPORTED where cadgen was built without libjpeg;
 * *out is then as it was. */
int image_encode_jpeg(const struct image *image, int quality, struct buf *out, struct err *err);

/* Reads any PNG through libpng: palette, 16 bit, alpha (on white) and interlace become 8-bit grey
 * or RGB. A side over max_side is ERR_LIMIT, broken bytes ERR_FORMAT, both with the path. */
int image_read_png(struct image *image, const char *path, int max_side, struct err *err);

/* The same of baseline or progressive JPEG: grey, or RGB of YCbCr, RGB, CMYK and YCCK; pixels as they
 * are stored, whatever Exif says of turning them. A file that ends too early is broken. More than 100
 * scans are ERR_LIMIT; ERR_UNSUPPORTED where cadgen was built without libjpeg. */
int image_read_jpeg(struct image *image, const char *path, int max_side, struct err *err);

/* The same of an open file, which stays open, by that name in messages. */
int image_read_png_stream(struct image *image, FILE *file, const char *name, int max_side,
			  struct err *err);
int image_read_jpeg_stream(struct image *image, FILE *file, const char *name, int max_side,
			   struct err *err);

enum image_kind { IMAGE_UNKNOWN, IMAGE_PNG, IMAGE_JPEG };

/* By the first bytes, whatever the file is called; an empty file is IMAGE_UNKNOWN. -1 where it cannot
 * be read. */
int image_kind_of_file(const char *path, struct err *err);

/* PNG or JPEG as the first bytes say; ERR_FORMAT where they say neither. */
int image_read(struct image *image, const char *path, int max_side, struct err *err);

/* The same of a file's bytes in memory. */
int image_decode(struct image *image, const char *name, const void *data, size_t n, int max_side,
		 struct err *err);

/* The sides that a PNG file's header states, and nothing else of it. */
int image_png_sides(const char *path, int *width, int *height, struct err *err);

/* Area-averages src into dst, whose size is given by dst->width and height (each at most src's);
 * same channels. */
void image_shrink(const struct image *src, struct image *dst);

#endif
