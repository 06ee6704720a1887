/* SPDX-License-Identifier: MIT */
/* Which kind of picture a file holds, by its first bytes: PNG, third edition, clause 5.2; of JPEG
 * (ITU-T T.81, B.1.1.3) the marker SOI and the first byte of the next one. */
#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "formats/image/image.h"

#define HEAD_BYTES 24 /* signature and IHDR up to the sides */

static const uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
static const uint8_t jpeg_signature[] = {0xff, 0xd8, 0xff};

/* Returns how many bytes there are, at most HEAD_BYTES. */
static int read_head(const char *path, uint8_t head[HEAD_BYTES], struct err *err)
{
	FILE *file = fopen(path, "rbe");
	size_t n;

	if (!file)
		return err_errno(err, "cannot open %s", path);
	n = fread(head, 1, HEAD_BYTES, file);
	if (ferror(file)) {
		err_errno(err, "cannot read %s", path);
		fclose(file);
		return -1;
	}
	fclose(file); /* only read: nothing can be lost */
	return (int)n;
}

static bool begins_with(const uint8_t *head, int n, const uint8_t *signature, size_t bytes)
{
	return (size_t)n >= bytes && memcmp(head, signature, bytes) == 0;
}

static enum image_kind kind_of(const uint8_t *head, int n)
{
	if (begins_with(head, n, png_signature, sizeof(png_signature)))
		return IMAGE_PNG;
	return begins_with(head, n, jpeg_signature, sizeof(jpeg_signature)) ? IMAGE_JPEG
									    : IMAGE_UNKNOWN;
}

int image_kind_of_file(const char *path, struct err *err)
{
	uint8_t head[HEAD_BYTES];
	int n = read_head(path, head, err);

	return n < 0 ? -1 : (int)kind_of(head, n);
}

typedef int read_stream(struct image *image, FILE *file, const char *name, int max_side,
			struct err *err);

static int read_file(struct image *image, const char *path, int max_side, read_stream *read,
		     struct err *err)
{
	FILE *file = fopen(path, "rbe");
	int rc;

	*image = (struct image){0};
	if (!file)
		return err_errno(err, "cannot open %s", path);
	rc = read(image, file, path, max_side, err);
	fclose(file); /* only read: nothing can be lost */
	return rc;
}

int image_read_png(struct image *image, const char *path, int max_side, struct err *err)
{
	return read_file(image, path, max_side, image_read_png_stream, err);
}

int image_read_jpeg(struct image *image, const char *path, int max_side, struct err *err)
{
	return read_file(image, path, max_side, image_read_jpeg_stream, err);
}

int image_read(struct image *image, const char *path, int max_side, struct err *err)
{
	*image = (struct image){0};
	switch (image_kind_of_file(path, err)) {
	case IMAGE_PNG:
		return image_read_png(image, path, max_side, err);
	case IMAGE_JPEG:
		return image_read_jpeg(image, path, max_side, err);
	case IMAGE_UNKNOWN:
		return err_set(err, ERR_FORMAT, "%s: neither a PNG nor a JPEG file", path);
	default:
		return -1;
	}
}

int image_decode(struct image *image, const char *name, const void *data, size_t n, int max_side,
		 struct err *err)
{
	enum image_kind kind = kind_of(data, n < HEAD_BYTES ? (int)n : HEAD_BYTES);
	FILE *file;
	int rc;

	*image = (struct image){0};
	if (kind == IMAGE_UNKNOWN)
		return err_set(err, ERR_FORMAT, "%s: neither a PNG nor a JPEG file", name);
	file = fmemopen((void *)data, n, "rb");
	if (!file)
		return err_errno(err, "cannot open %s", name);
	rc = kind == IMAGE_PNG ? image_read_png_stream(image, file, name, max_side, err)
			       : image_read_jpeg_stream(image, file, name, max_side, err);
	fclose(file); /* only read */
	return rc;
}

static int be32(const uint8_t *at)
{
	return (int)((uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
		     at[3]);
}

int image_png_sides(const char *path, int *width, int *height, struct err *err)
{
	uint8_t head[HEAD_BYTES];
	int n = read_head(path, head, err);

	if (n < 0)
		return -1;
	if (n < HEAD_BYTES || !begins_with(head, n, png_signature, sizeof(png_signature)))
		return err_set(err, ERR_FORMAT, "%s: not a PNG file", path);
	*width = be32(head + 16);
	*height = be32(head + 20);
	return 0;
}
