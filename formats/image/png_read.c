/* SPDX-License-Identifier: MIT */
/*
 * PNG reading through libpng, from untrusted bytes.
 *
 * libpng reports errors by longjmp. Everything that must survive the jump lives in a struct reader
 * that the outer function owns; decode(), the only function with a setjmp, has no local variable
 * that it sets after it, so none can be clobbered. on_error() never returns to libpng.
 *
 * What becomes what: palettes become RGB, tRNS becomes alpha, grey of 1, 2, 4 bits is spread over
 * 0..255, 16 bits are scaled (not cut) to 8, interlaced rows are put together. Alpha is laid on
 * white here rather than by png_set_background, whose result depends on gAMA chunks: v = (p a +
 * 255 (255 - a)) / 255, rounded. Samples are otherwise taken as they are, without gamma.
 *
 * Limits: the sides are checked right after IHDR, before libpng or we allocate anything that
 * depends on them. Of all other chunks only PLTE, tRNS and IDAT are looked at: libpng takes the
 * length of a text or profile chunk at its word and clears a buffer of that size before it finds the
 * file too short (png_set_chunk_malloc_max brings a warning and no more), so 300 bytes could cost 2
 * GB. Skipped chunks pass through 1 kB.
 */
#include <config.h>

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/image/image.h"

enum { SIGNATURE_BYTES = 8 };

struct reader {
	const char *path;
	FILE *file;
	png_structp png;
	png_infop info;
	struct image image; /* channels: as libpng delivers, with alpha 2 or 4 */
	png_bytep *rows;
	struct err *err;
	int max_side;
};

static void on_error(png_structp png, png_const_charp message)
{
	struct reader *r = png_get_error_ptr(png);

	err_set(r->err, ERR_FORMAT, "%s: broken PNG: %s", r->path, message);
	png_longjmp(png, 1);
}

/* Ancillary chunks in disorder and the like: the pixels are good. */
static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static void read_bytes(png_structp png, png_bytep to, size_t n)
{
	struct reader *r = png_get_io_ptr(png);

	if (fread(to, 1, n, r->file) == n)
		return;
	if (ferror(r->file))
		err_errno(r->err, "cannot read %s", r->path);
	else
		err_set(r->err, ERR_FORMAT, "%s: PNG ends too early", r->path);
	png_longjmp(png, 1);
}

static void check_sides(struct reader *r)
{
	png_uint_32 width = png_get_image_width(r->png, r->info);
	png_uint_32 height = png_get_image_height(r->png, r->info);

	if (width <= (png_uint_32)r->max_side && height <= (png_uint_32)r->max_side)
		return;
	err_set(r->err, ERR_LIMIT, "%s: %u x %u pixels, at most %d x %d are read", r->path,
		(unsigned)width, (unsigned)height, r->max_side, r->max_side);
	png_longjmp(r->png, 1);
}

static void allocate(struct reader *r)
{
	struct image *image = &r->image;

	image->width = (int)png_get_image_width(r->png, r->info);
	image->height = (int)png_get_image_height(r->png, r->info);
	image->channels = png_get_channels(r->png, r->info);
	image->stride = mem_mul((size_t)image->width, (size_t)image->channels);
	image->px = mem_alloc((size_t)image->height, image->stride);
	r->rows = mem_alloc((size_t)image->height, sizeof(*r->rows));
	for (int y = 0; y < image->height; y++)
		r->rows[y] = image->px + (size_t)y * image->stride;
}

static int decode(struct reader *r)
{
	if (setjmp(png_jmpbuf(r->png)))
		return -1;
	png_set_read_fn(r->png, r, read_bytes);
	png_set_sig_bytes(r->png, SIGNATURE_BYTES);
	/* libpng's own bound of a million would call a larger side broken, not too large. */
	png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	/* -1: all but IHDR, PLTE, tRNS, IDAT and IEND. */
	png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_read_info(r->png, r->info);
	check_sides(r);
	png_set_expand(r->png);
	png_set_scale_16(r->png);
	png_set_interlace_handling(r->png);
	png_read_update_info(r->png, r->info);
	allocate(r);
	png_read_image(r->png, r->rows);
	png_read_end(r->png, NULL);
	return 0;
}

/* Lays 2 or 4 channels on white; the rows keep their stride. */
static void drop_alpha(struct image *image)
{
	int colours = image->channels - 1;

	for (int y = 0; y < image->height; y++) {
		uint8_t *from = image->px + (size_t)y * image->stride, *to = from;
		for (int x = 0; x < image->width; x++, from += colours + 1) {
			unsigned alpha = from[colours];
			for (int k = 0; k < colours; k++)
				*to++ = (uint8_t)((from[k] * alpha + 255 * (255 - alpha) + 127) /
						  255);
		}
	}
	image->channels = colours;
}

static int check_signature(struct reader *r)
{
	png_byte signature[SIGNATURE_BYTES];

	if (fread(signature, 1, sizeof(signature), r->file) != sizeof(signature) && ferror(r->file))
		return err_errno(r->err, "cannot read %s", r->path);
	if (feof(r->file) || png_sig_cmp(signature, 0, sizeof(signature)) != 0)
		return err_set(r->err, ERR_FORMAT, "%s: not a PNG file", r->path);
	return 0;
}

static int read_file(struct reader *r)
{
	int rc;

	if (check_signature(r) < 0)
		return -1;
	r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, on_error, on_warning);
	if (r->png)
		r->info = png_create_info_struct(r->png);
	if (!r->info)
		mem_exhausted(sizeof(struct reader));
	rc = decode(r);
	png_destroy_read_struct(&r->png, &r->info, NULL);
	free(r->rows);
	if (rc < 0)
		image_free(&r->image);
	else if (r->image.channels == 2 || r->image.channels == 4)
		drop_alpha(&r->image);
	return rc;
}

int image_read_png_stream(struct image *image, FILE *file, const char *name, int max_side,
			  struct err *err)
{
	struct reader r = {.path = name, .file = file, .err = err, .max_side = max_side};
	int rc = read_file(&r);

	*image = rc < 0 ? (struct image){0} : r.image;
	return rc;
}
