/* SPDX-License-Identifier: MIT */
/*
 * JPEG writing through libjpeg, into a growing buffer.
 *
 * As in jpeg_read.c, errors leave libjpeg by longjmp; all that must survive it lives in a struct
 * writer that the outer function owns, and encode() sets no local variable behind its setjmp. The only
 * error that pixels can cause is a side over libjpeg's bound; it is looked for before.
 */
#include <config.h>

#include <assert.h>

#include "base/err.h"
#include "formats/image/image.h"

#ifdef HAVE_JPEG

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#define STEP_BYTES ((size_t)64 << 10)

struct writer {
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_destination_mgr to;
	jmp_buf jump;
	const struct image *image;
	struct buf *out;
	struct err *err;
};

static void give_up(j_common_ptr jpeg)
{
	struct writer *w = jpeg->client_data;
	char message[JMSG_LENGTH_MAX];

	jpeg->err->format_message(jpeg, message);
	err_set(w->err, ERR_LIMIT, "cannot write a JPEG file: %s", message);
	longjmp(w->jump, 1);
}

/* Traces and warnings, of which compression has none. */
static void on_message(j_common_ptr jpeg, int level)
{
	(void)jpeg, (void)level;
}

static void make_room(j_compress_ptr jpeg)
{
	struct writer *w = jpeg->client_data;

	w->to.next_output_byte = (JOCTET *)buf_reserve(w->out, STEP_BYTES);
	w->to.free_in_buffer = STEP_BYTES;
}

static void take_bytes(struct writer *w, size_t n)
{
	w->out->len += n;
	w->out->data[w->out->len] = '\0';
}

/* libjpeg calls this with all of the room used, whatever free_in_buffer says. */
static boolean on_full(j_compress_ptr jpeg)
{
	take_bytes(jpeg->client_data, STEP_BYTES);
	make_room(jpeg);
	return TRUE;
}

static void on_end(j_compress_ptr jpeg)
{
	struct writer *w = jpeg->client_data;

	take_bytes(w, STEP_BYTES - w->to.free_in_buffer);
}

static void choose(struct writer *w, int quality)
{
	w->jpeg.image_width = (JDIMENSION)w->image->width;
	w->jpeg.image_height = (JDIMENSION)w->image->height;
	w->jpeg.input_components = w->image->channels;
	w->jpeg.in_color_space = w->image->channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
	jpeg_set_defaults(&w->jpeg);
	jpeg_set_quality(&w->jpeg, quality, TRUE);
	/* The same bytes from the plain and the vector code. */
	w->jpeg.dct_method = JDCT_ISLOW;
	w->jpeg.optimize_coding = TRUE;
	for (int i = 0; i < w->jpeg.num_components; i++) {
		w->jpeg.comp_info[i].h_samp_factor = 1;
		w->jpeg.comp_info[i].v_samp_factor = 1;
	}
}

static void write_row(struct writer *w)
{
	/* libjpeg only reads them, but says so nowhere. */
	JSAMPROW row = w->image->px + w->jpeg.next_scanline * w->image->stride;

	jpeg_write_scanlines(&w->jpeg, &row, 1);
}

static int encode(struct writer *w, int quality)
{
	if (setjmp(w->jump))
		return -1;
	jpeg_create_compress(&w->jpeg);
	w->jpeg.dest = &w->to;
	choose(w, quality);
	jpeg_start_compress(&w->jpeg, TRUE);
	while (w->jpeg.next_scanline < w->jpeg.image_height)
		write_row(w);
	jpeg_finish_compress(&w->jpeg);
	return 0;
}

int image_encode_jpeg(const struct image *image, int quality, struct buf *out, struct err *err)
{
	struct writer w = {.image = image, .out = out, .err = err};
	size_t start = out->len;
	int rc;

	assert(quality >= 1 && quality <= 100);
	assert(image->channels == 1 || image->channels == 3);
	if (image->width > JPEG_MAX_DIMENSION || image->height > JPEG_MAX_DIMENSION)
		return err_set(err, ERR_LIMIT, "%d x %d pixels, a JPEG file has at most %ld x %ld",
			       image->width, image->height, JPEG_MAX_DIMENSION, JPEG_MAX_DIMENSION);
	w.jpeg.err = jpeg_std_error(&w.errors);
	w.jpeg.client_data = &w;
	w.errors.error_exit = give_up;
	w.errors.emit_message = on_message;
	w.to.init_destination = make_room;
	w.to.empty_output_buffer = on_full;
	w.to.term_destination = on_end;
	rc = encode(&w, quality);
	jpeg_destroy_compress(&w.jpeg);
	if (rc < 0 && out->data) {
		out->len = start;
		out->data[start] = '\0';
	}
	return rc;
}

#else

int image_encode_jpeg(const struct image *image, int quality, struct buf *out, struct err *err)
{
	(void)image, (void)out;
	assert(quality >= 1 && quality <= 100);
	(void)quality;
	return err_set(err, ERR_UNSUPPORTED,
		       "JPEG files cannot be written: this cadgen was built without libjpeg");
}

#endif
