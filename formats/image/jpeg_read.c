/* SPDX-License-Identifier: MIT */
/*
 * JPEG reading through libjpeg, from untrusted bytes.
 *
 * As in png_read.c, errors leave libjpeg by longjmp; all that must survive it lives in a struct
 * reader that the outer function owns, and decode() sets no local variable behind its setjmp.
 *
 * What becomes what: grey stays grey, YCbCr and RGB become RGB, CMYK and YCCK become RGB as printing
 * inks over each other, v = (1 - ink) (1 - black), without a colour profile; Adobe's files hold 255
 * less ink. Exif's orientation is not followed: pixels stay where they are stored.
 *
 * libjpeg calls a file that ends too early, or whose data is damaged, worth a warning and goes on in
 * grey. Here it is broken; warnings that leave the pixels alone are passed over.
 *
 * Limits: the sides are checked behind the header, before anything that depends on them is
 * allocated. A progressive file may go over its picture in any number of scans, each of a few bytes
 * and all of its pixels: SCANS_MAX is more than any encoder makes.
 */
#include <config.h>

#include "base/err.h"
#include "formats/image/image.h"

#ifdef HAVE_JPEG

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "base/mem.h"

#define SCANS_MAX 100

struct reader {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf jump;
	const char *path;
	FILE *file;
	struct image image;
	uint8_t *inks; /* a row of CMYK */
	struct err *err;
	int max_side;
};

static void give_up(j_common_ptr jpeg)
{
	struct reader *r = jpeg->client_data;
	char message[JMSG_LENGTH_MAX];

	if (ferror(r->file)) {
		err_errno(r->err, "cannot read %s", r->path);
	} else {
		jpeg->err->format_message(jpeg, message);
		err_set(r->err, ERR_FORMAT, "%s: broken JPEG: %s", r->path, message);
	}
	longjmp(r->jump, 1);
}

static bool is_harmless(int code)
{
	return code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR ||
	       code == JWRN_ADOBE_XFORM || code == JWRN_BOGUS_ICC;
}

/* Levels from 0 on are for tracing. */
static void on_message(j_common_ptr jpeg, int level)
{
	if (level < 0 && !is_harmless(jpeg->err->msg_code))
		give_up(jpeg);
}

static void on_progress(j_common_ptr jpeg)
{
	struct reader *r = jpeg->client_data;

	if (r->jpeg.input_scan_number <= SCANS_MAX)
		return;
	err_set(r->err, ERR_LIMIT, "%s: more than %d scans", r->path, SCANS_MAX);
	longjmp(r->jump, 1);
}

static void check_sides(struct reader *r)
{
	unsigned width = r->jpeg.image_width, height = r->jpeg.image_height;

	if (width <= (unsigned)r->max_side && height <= (unsigned)r->max_side)
		return;
	err_set(r->err, ERR_LIMIT, "%s: %u x %u pixels, at most %d x %d are read", r->path, width,
		height, r->max_side, r->max_side);
	longjmp(r->jump, 1);
}

static void choose_colours(struct reader *r)
{
	switch (r->jpeg.num_components) {
	case 1:
		r->jpeg.out_color_space = JCS_GRAYSCALE;
		return;
	case 3:
		r->jpeg.out_color_space = JCS_RGB;
		return;
	case 4:
		r->jpeg.out_color_space = JCS_CMYK;
		return;
	default:
		err_set(r->err, ERR_FORMAT, "%s: JPEG of %d components; 1, 3 or 4 are read",
			r->path, r->jpeg.num_components);
		longjmp(r->jump, 1);
	}
}

static void allocate(struct reader *r)
{
	struct image *image = &r->image;

	*image = image_new((int)r->jpeg.output_width, (int)r->jpeg.output_height,
			   r->jpeg.output_components == 1 ? 1 : 3);
	if (r->jpeg.output_components == 4)
		r->inks = mem_alloc((size_t)image->width, 4);
}

static void rgb_from_inks(uint8_t *rgb, const uint8_t *inks, int width, bool adobe)
{
	for (int x = 0; x < width; x++, inks += 4)
		for (int k = 0; k < 3; k++) {
			unsigned v = inks[k], black = inks[3];

			if (!adobe) {
				v = 255 - v;
				black = 255 - black;
			}
			*rgb++ = (uint8_t)((v * black + 127) / 255);
		}
}

static void read_row(struct reader *r)
{
	uint8_t *row = r->image.px + (size_t)r->jpeg.output_scanline * r->image.stride;
	JSAMPROW to = r->inks ? r->inks : row;

	jpeg_read_scanlines(&r->jpeg, &to, 1);
	if (r->inks)
		rgb_from_inks(row, r->inks, r->image.width, r->jpeg.saw_Adobe_marker);
}

static int decode(struct reader *r)
{
	if (setjmp(r->jump))
		return -1;
	jpeg_create_decompress(&r->jpeg);
	r->jpeg.progress = &r->progress;
	jpeg_stdio_src(&r->jpeg, r->file);
	jpeg_read_header(&r->jpeg, TRUE);
	check_sides(r);
	choose_colours(r);
	/* The same pixels from the plain and the vector code. */
	r->jpeg.dct_method = JDCT_ISLOW;
	r->jpeg.do_block_smoothing = FALSE;
	jpeg_start_decompress(&r->jpeg);
	allocate(r);
	while (r->jpeg.output_scanline < r->jpeg.output_height)
		read_row(r);
	jpeg_finish_decompress(&r->jpeg);
	return 0;
}

int image_read_jpeg_stream(struct image *image, FILE *file, const char *name, int max_side,
			   struct err *err)
{
	struct reader r = {.path = name, .file = file, .err = err, .max_side = max_side};
	int rc;

	*image = (struct image){0};
	r.jpeg.err = jpeg_std_error(&r.errors);
	r.jpeg.client_data = &r;
	r.errors.error_exit = give_up;
	r.errors.emit_message = on_message;
	r.progress.progress_monitor = on_progress;
	rc = decode(&r);
	jpeg_destroy_decompress(&r.jpeg);
	free(r.inks);
	if (rc == 0)
		*image = r.image;
	else
		image_free(&r.image);
	return rc;
}

#else

int image_read_jpeg_stream(struct image *image, FILE *file, const char *name, int max_side,
			   struct err *err)
{
	(void)file;
	(void)max_side;
	*image = (struct image){0};
	return err_set(err, ERR_UNSUPPORTED,
		       "%s: a JPEG file, and this cadgen was built without libjpeg", name);
}

#endif
