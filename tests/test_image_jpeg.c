/* SPDX-License-Identifier: MIT */
/*
 * image: JPEG files of every kind show what was drawn, broken and boundless ones are refused, and
 * the kind of a file is told by its bytes; what is written is read again.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/rng.h"
#include "formats/image/image.h"

static uint64_t seed;
static char folder[256];
static char file[300]; /* in it, rewritten by each test */

static void write_bytes(const void *data, size_t n)
{
	struct err err;

	assert_int_equal(fs_write(file, data, n, &err), 0);
}

static void assert_refused(enum err_code code, const char *says)
{
	struct image image;
	struct err err = {0};

	assert_int_equal(image_read(&image, file, 300, &err), -1);
	assert_null(image.px);
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.msg, file));
	assert_non_null(strstr(err.msg, says));
	assert_null(strchr(err.msg, '\n'));
}

static void test_kind_is_told_by_bytes(void **state)
{
	const char png[] = "\x89PNG\r\n\x1a\n", jpeg[] = "\xff\xd8\xff\xe0";
	struct err err = {0};
	int width, height;

	(void)state;
	write_bytes(png, 8);
	assert_int_equal(image_kind_of_file(file, &err), IMAGE_PNG);
	assert_int_equal(image_png_sides(file, &width, &height, &err), -1);
	write_bytes(png, 7);
	assert_int_equal(image_kind_of_file(file, &err), IMAGE_UNKNOWN);
	assert_refused(ERR_FORMAT, "neither a PNG nor a JPEG");
	write_bytes(jpeg, 4);
	assert_int_equal(image_kind_of_file(file, &err), IMAGE_JPEG);
	write_bytes("", 0);
	assert_int_equal(image_kind_of_file(file, &err), IMAGE_UNKNOWN);
	assert_int_equal(image_kind_of_file("/nowhere/at/all", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_int_equal(image_kind_of_file(folder, &err), -1);
	assert_non_null(strstr(err.msg, "directory"));
}

static void test_sides_of_png(void **state)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct image image = image_new(31, 17, 3), back;
	struct err err = {0};
	int width = 0, height = 0;

	(void)state;
	assert_int_equal(image_write_png(&image, file, encoder, &err), 0);
	assert_int_equal(image_png_sides(file, &width, &height, &err), 0);
	assert_int_equal(width, 31);
	assert_int_equal(height, 17);
	assert_int_equal(image_read(&back, file, 31, &err), 0);
	assert_int_equal(back.channels, 3);
	image_free(&back);
	image_free(&image);
	png_encoder_free(encoder);
}

#ifdef HAVE_JPEG

#include <jpeglib.h>

/* As libjpeg is to write it. */
struct kind {
	const char *name;
	J_COLOR_SPACE from, to;
	int components; /* of `from` */
	bool progressive, adobe;
	int sampling; /* of the first component */
	bool apart;   /* each component in a scan of its own */
};

/* component_index, Ss, Se, Ah, Al */
static const jpeg_scan_info scans_apart[] = {
	{1, {0}, 0, 63, 0, 0},
	{1, {1}, 0, 63, 0, 0},
	{1, {2}, 0, 63, 0, 0},
};

static const struct kind kinds[] = {
	{"grey", JCS_GRAYSCALE, JCS_GRAYSCALE, 1, false, false, 1, false},
	{"grey, progressive", JCS_GRAYSCALE, JCS_GRAYSCALE, 1, true, false, 1, false},
	{"4:4:4", JCS_RGB, JCS_YCbCr, 3, false, false, 1, false},
	{"4:2:0", JCS_RGB, JCS_YCbCr, 3, false, false, 2, false},
	{"4:2:0, progressive", JCS_RGB, JCS_YCbCr, 3, true, false, 2, false},
	{"4:4:4, three scans", JCS_RGB, JCS_YCbCr, 3, false, false, 1, true},
	{"RGB", JCS_RGB, JCS_RGB, 3, false, true, 1, false},
	{"CMYK", JCS_CMYK, JCS_CMYK, 4, false, false, 1, false},
	{"CMYK of Adobe", JCS_CMYK, JCS_CMYK, 4, false, true, 1, false},
	{"YCCK", JCS_CMYK, JCS_YCCK, 4, true, true, 1, false},
};

enum { THREE_SCANS = 5 };

#define KINDS (sizeof(kinds) / sizeof(*kinds))

/* A smooth picture, so that little is lost: three channels from 30 to 220. */
static struct image smooth_picture(int width, int height)
{
	struct rng rng = rng_stream(seed, (uint64_t)width * 1000 + (uint64_t)height, "jpeg", 0);
	struct image image = image_new(width, height, 3);
	double slope[6];

	for (int i = 0; i < 6; i++)
		slope[i] = rng_unit(&rng) * 0.06;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			for (int k = 0; k < 3; k++)
				image.px[(size_t)y * image.stride + (size_t)(3 * x + k)] =
					(uint8_t)lround(125 + 90 * sin(slope[k] * x +
								       slope[3 + k] * y + k));
	return image;
}

/* What libjpeg is given for an RGB pixel; black ink is 51 of 255 everywhere. */
static void sample_of(const struct kind *kind, const uint8_t *rgb, JSAMPLE *out)
{
	for (int k = 0; k < kind->components; k++) {
		unsigned ink = k < 3 ? 255u - rgb[k] : 51;

		if (kind->components < 4)
			out[k] = rgb[k];
		else
			out[k] = (JSAMPLE)(kind->adobe ? 255 - ink : ink);
	}
}

/* The pixel that should be read. */
static int value_of(const struct kind *kind, const uint8_t *rgb, int k)
{
	return kind->components < 4 ? rgb[k] : (int)lround(rgb[k] * 204 / 255.0);
}

static void write_jpeg(const struct kind *kind, const struct image *image)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	JSAMPLE *row = malloc((size_t)image->width * 4);
	FILE *out = fopen(file, "wb");

	assert_non_null(out);
	assert_non_null(row);
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_stdio_dest(&jpeg, out);
	jpeg.image_width = (JDIMENSION)image->width;
	jpeg.image_height = (JDIMENSION)image->height;
	jpeg.input_components = kind->components;
	jpeg.in_color_space = kind->from;
	jpeg_set_defaults(&jpeg);
	jpeg_set_colorspace(&jpeg, kind->to);
	jpeg_set_quality(&jpeg, 97, TRUE);
	jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = kind->sampling;
	jpeg.write_Adobe_marker = kind->adobe;
	if (kind->progressive)
		jpeg_simple_progression(&jpeg);
	if (kind->apart) {
		jpeg.scan_info = scans_apart;
		jpeg.num_scans = 3;
	}
	jpeg_start_compress(&jpeg, TRUE);
	for (int y = 0; y < image->height; y++) {
		for (int x = 0; x < image->width; x++)
			sample_of(kind, image->px + (size_t)y * image->stride + 3 * (size_t)x,
				  row + kind->components * x);
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	free(row);
	assert_int_equal(fclose(out), 0);
}

static void assert_shows(const struct kind *kind, const struct image *image)
{
	struct image back;
	struct err err = {0};

	if (image_read(&back, file, 300, &err) < 0)
		fail_msg("%s: %s", kind->name, err.msg);
	assert_int_equal(back.width, image->width);
	assert_int_equal(back.height, image->height);
	assert_int_equal(back.channels, kind->components == 1 ? 1 : 3);
	for (int y = 0; y < back.height; y++)
		for (int x = 0; x < back.width * back.channels; x++) {
			const uint8_t *rgb = image->px + (size_t)y * image->stride +
					     3 * (size_t)(x / back.channels);
			int want = value_of(kind, rgb, x % back.channels);
			int got = back.px[(size_t)y * back.stride + (size_t)x];

			if (abs(want - got) > 10)
				fail_msg("%s: %d instead of %d at %d, %d of %d x %d", kind->name,
					 got, want, x / back.channels, y, back.width, back.height);
		}
	image_free(&back);
}

static void test_every_kind(void **state)
{
	struct rng rng = rng_seed(seed, 1);

	(void)state;
	for (size_t i = 0; i < 3 * KINDS; i++) {
		int width = (int)rng_range(&rng, 1, 90), height = (int)rng_range(&rng, 1, 90);
		struct image image = smooth_picture(width, height);

		write_jpeg(&kinds[i / 3], &image);
		assert_shows(&kinds[i / 3], &image);
		image_free(&image);
	}
}

static void read_back(struct buf *bytes)
{
	struct err err;

	buf_clear(bytes);
	assert_int_equal(fs_read(file, 1 << 20, bytes, &err), 0);
}

/* Wherever it is cut. */
static void test_cut_files_are_refused(void **state)
{
	struct buf bytes = {0};
	struct image image = smooth_picture(61, 47);

	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		write_jpeg(&kinds[i], &image);
		read_back(&bytes);
		for (size_t n = 3; n < bytes.len; n += n + 9 < bytes.len ? 7 : 1) {
			write_bytes(bytes.data, n);
			assert_refused(ERR_FORMAT, "broken JPEG");
		}
	}
	image_free(&image);
	buf_free(&bytes);
}

/* Damaged files are read or refused, and nothing else. */
static void test_damaged_files(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct image image = smooth_picture(40, 33), back;
	struct buf bytes = {0};
	int refused = 0;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct err err = {0};

		if (i % 40 == 0) {
			write_jpeg(&kinds[(size_t)i / 40 % KINDS], &image);
			read_back(&bytes);
		}
		bytes.data[2 + rng_below(&rng, (uint32_t)bytes.len - 2)] = (char)rng_u32(&rng);
		write_bytes(bytes.data, bytes.len);
		if (image_read(&back, file, 300, &err) < 0) {
			assert_null(back.px);
			assert_non_null(strstr(err.msg, file));
			refused++;
		}
		image_free(&back);
	}
	assert_true(refused > 0);
	image_free(&image);
	buf_free(&bytes);
}

static void test_sides_are_bounded(void **state)
{
	struct image image = smooth_picture(300, 2), wide = smooth_picture(301, 2);
	struct image tall = smooth_picture(2, 301);

	(void)state;
	write_jpeg(&kinds[2], &image);
	assert_shows(&kinds[2], &image);
	write_jpeg(&kinds[2], &wide);
	assert_refused(ERR_LIMIT, "301 x 2 pixels, at most 300 x 300");
	write_jpeg(&kinds[2], &tall);
	assert_refused(ERR_LIMIT, "2 x 301 pixels");
	image_free(&image);
	image_free(&wide);
	image_free(&tall);
}

/* --- writing ---------------------------------------------------------------------------------- */

static struct image grey_of(const struct image *rgb)
{
	struct image grey = image_new(rgb->width, rgb->height, 1);

	for (int y = 0; y < rgb->height; y++)
		for (int x = 0; x < rgb->width; x++)
			grey.px[(size_t)y * grey.stride + (size_t)x] =
				rgb->px[(size_t)y * rgb->stride + 3 * (size_t)x];
	return grey;
}

/* The largest difference between what was encoded and what is read. */
static int loss_of(const struct image *image, int quality)
{
	struct buf out = {0}, again = {0};
	struct image back;
	struct err err = {0};
	int most = 0;

	buf_str(&out, "before");
	if (image_encode_jpeg(image, quality, &out, &err) < 0 ||
	    image_encode_jpeg(image, quality, &again, &err) < 0)
		fail_msg("%s", err.msg);
	assert_memory_equal(out.data, "before", 6);
	assert_int_equal(out.len, 6 + again.len);
	assert_memory_equal(out.data + 6, again.data, again.len);
	write_bytes(again.data, again.len);
	if (image_read(&back, file, 1000, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(back.width, image->width);
	assert_int_equal(back.height, image->height);
	assert_int_equal(back.channels, image->channels);
	for (int y = 0; y < back.height; y++)
		for (int x = 0; x < back.width * back.channels; x++) {
			int loss = back.px[(size_t)y * back.stride + (size_t)x] -
				   image->px[(size_t)y * image->stride + (size_t)x];

			most = abs(loss) > most ? abs(loss) : most;
		}
	image_free(&back);
	buf_free(&out);
	buf_free(&again);
	return most;
}

static void test_written_are_read(void **state)
{
	struct rng rng = rng_seed(seed, 3);

	(void)state;
	for (int i = 0; i < 40; i++) {
		int width = (int)rng_range(&rng, 1, 90), height = (int)rng_range(&rng, 1, 90);
		struct image image = smooth_picture(width, height), grey = grey_of(&image);

		assert_in_range(loss_of(&image, 95), 0, 10);
		assert_in_range(loss_of(&grey, 95), 0, 6);
		assert_in_range(loss_of(&grey, 100), 0, 3);
		image_free(&image);
		image_free(&grey);
	}
}

/* Black lines on white, one pixel wide and coloured: what coarser colours would smear. */
static void test_lines_are_sharp(void **state)
{
	struct image image = image_new(256, 256, 3);

	(void)state;
	memset(image.px, 255, image.stride * 256);
	for (int i = 0; i < 256; i++) {
		image.px[(size_t)i * image.stride + 3 * 100 + 1] = 0;
		image.px[(size_t)i * image.stride + 3 * 100 + 2] = 0;
		image.px[7 * image.stride + 3 * (size_t)i] = 0;
		image.px[(size_t)i * image.stride + 3 * (size_t)i + 2] = 0;
	}
	assert_in_range(loss_of(&image, 95), 0, 30);
	image_free(&image);
}

/* More than the room that libjpeg gets at once; rows apart; a quality of few bytes. */
static void test_written_sizes(void **state)
{
	struct rng rng = rng_seed(seed, 4);
	struct image noise = image_new(700, 500, 1), part = noise;
	struct buf fine = {0}, coarse = {0};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < 700 * 500; i++)
		noise.px[i] = (uint8_t)rng_below(&rng, 256);
	assert_in_range(loss_of(&noise, 95), 1, 60);
	part.width = 90;
	part.height = 33;
	part.px += 5;
	assert_in_range(loss_of(&part, 100), 1, 10);
	assert_int_equal(image_encode_jpeg(&noise, 95, &fine, &err), 0);
	assert_int_equal(image_encode_jpeg(&noise, 5, &coarse, &err), 0);
	assert_true(fine.len > 200000 && coarse.len < fine.len / 4);
	buf_free(&fine);
	buf_free(&coarse);
	image_free(&noise);
}

/* The frame header: baseline, and all components as fine as each other. */
static void test_written_headers(void **state)
{
	static const char frame[] = "\xff\xc0\0\x11\x08\0\x21\0\x28\3\1\x11\0\2\x11\1\3\x11\1";
	struct image image = smooth_picture(40, 33);
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(image_encode_jpeg(&image, 90, &out, &err), 0);
	assert_memory_equal(out.data, "\xff\xd8\xff\xe0\0\x10JFIF", 10);
	assert_non_null(memmem(out.data, out.len, frame, sizeof(frame) - 1));
	image_free(&image);
	buf_free(&out);
}

static void test_too_wide(void **state)
{
	struct image image = image_new(65501, 1, 1);
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	buf_str(&out, "before");
	assert_int_equal(image_encode_jpeg(&image, 90, &out, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "65501 x 1 pixels, a JPEG file has at most 65500 x 65500");
	assert_string_equal(out.data, "before");
	image_free(&image);
	buf_free(&out);
}

/* --- bounds of reading ------------------------------------------------------------------------ */

/* Where the marker begins, from `from` on. */
static size_t find_marker(const struct buf *bytes, size_t from, int low)
{
	for (size_t i = from; i + 1 < bytes->len; i++)
		if ((uint8_t)bytes->data[i] == 0xff && (uint8_t)bytes->data[i + 1] == low)
			return i;
	fail_msg("no marker %x", (unsigned)low);
	return 0;
}

/* The first scan again and again: each costs a few bytes and a walk over the picture. */
static void test_scans_are_bounded(void **state)
{
	struct image image = smooth_picture(64, 64);
	struct buf bytes = {0}, many = {0};
	size_t first, second;

	(void)state;
	write_jpeg(&kinds[THREE_SCANS], &image);
	read_back(&bytes);
	first = find_marker(&bytes, 0, 0xda);
	second = find_marker(&bytes, first + 2, 0xc4);
	buf_bytes(&many, bytes.data, first);
	for (int i = 0; i < 200; i++)
		buf_bytes(&many, bytes.data + first, second - first);
	buf_bytes(&many, bytes.data + second, bytes.len - second);
	write_bytes(many.data, many.len);
	assert_refused(ERR_LIMIT, "more than 100 scans");
	image_free(&image);
	buf_free(&bytes);
	buf_free(&many);
}

#else

static void test_without_libjpeg(void **state)
{
	(void)state;
	write_bytes("\xff\xd8\xff\xe0", 4);
	assert_refused(ERR_UNSUPPORTED, "built without libjpeg");
}

static void test_writing_without_libjpeg(void **state)
{
	struct image image = image_new(3, 3, 1);
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(image_encode_jpeg(&image, 90, &out, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_non_null(strstr(err.msg, "built without libjpeg"));
	assert_null(strchr(err.msg, '\n'));
	assert_int_equal(out.len, 0);
	image_free(&image);
	buf_free(&out);
}

#endif

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/cadgen-jpeg.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/x", folder);
	return 0;
}

static int teardown(void **state)
{
	struct err err;

	(void)state;
	return fs_remove_tree(folder, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kind_is_told_by_bytes),
		cmocka_unit_test(test_sides_of_png),
#ifdef HAVE_JPEG
		cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_cut_files_are_refused),
		cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_sides_are_bounded),
		cmocka_unit_test(test_scans_are_bounded),
		cmocka_unit_test(test_written_are_read),
		cmocka_unit_test(test_lines_are_sharp),
		cmocka_unit_test(test_written_sizes),
		cmocka_unit_test(test_written_headers),
		cmocka_unit_test(test_too_wide),
#else
		cmocka_unit_test(test_without_libjpeg),
		cmocka_unit_test(test_writing_without_libjpeg),
#endif
	};
	const char *given = getenv("CADGEN_TEST_SEED");

	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	printf("# seed %llu\n", (unsigned long long)seed);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
