/* SPDX-License-Identifier: MIT */
/*
 * image: our PNGs decode to the same pixels in libpng (its simplified reader, which shares no code
 * with ours), foreign PNGs of every kind read as documented, broken ones are refused, and the area
 * average equals a slow one in floating point.
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <png.h>
#include <zlib.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "formats/image/image.h"

static uint64_t seed;
static char folder[256];
static char file[300]; /* in it, rewritten by each test */

/* A picture whose rows are longer than they need be; what is between them must not be written. */
static struct image padded_image(int width, int height, int channels, size_t padding)
{
	struct image image = {width, height, channels, 0, NULL};

	image.stride = (size_t)width * (size_t)channels + padding;
	image.px = mem_alloc(image.stride, (size_t)height);
	memset(image.px, 0x77, image.stride * (size_t)height);
	return image;
}

static uint8_t *row_of(const struct image *image, int y)
{
	return image->px + (size_t)y * image->stride;
}

enum content { WHITE, LINES, NOISE };

static void fill(struct image *image, enum content content, struct rng *rng)
{
	size_t row = (size_t)image->width * (size_t)image->channels;

	for (int y = 0; y < image->height; y++)
		memset(row_of(image, y), 255, row);
	if (content == WHITE)
		return;
	for (int y = 0; y < image->height; y++)
		for (size_t x = 0; x < row; x++)
			if (content == NOISE || x == row / 2 || x == (size_t)y)
				row_of(image, y)[x] = (uint8_t)rng_below(rng, 256);
}

static void assert_decodes_to(const struct buf *file_bytes, const struct image *image)
{
	size_t row = (size_t)image->width * (size_t)image->channels;
	png_image png = {.version = PNG_IMAGE_VERSION};
	uint8_t *back;

	assert_true(png_image_begin_read_from_memory(&png, file_bytes->data, file_bytes->len));
	assert_int_equal(png.width, image->width);
	assert_int_equal(png.height, image->height);
	assert_int_equal(png.format, image->channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY);
	back = mem_alloc(row, (size_t)image->height);
	assert_true(png_image_finish_read(&png, NULL, back, (png_int_32)row, NULL));
	for (int y = 0; y < image->height; y++)
		assert_memory_equal(back + (size_t)y * row, row_of(image, y), row);
	free(back);
}

static const int sizes[][2] = {{1, 1}, {1, 7}, {7, 1}, {3000, 2}, {2, 3000}, {17, 31}, {512, 512}};

static void test_encode(void **state)
{
	struct rng rng = rng_seed(seed, 1);

	(void)state;
	for (int level = 0; level <= 9; level++) {
		struct png_encoder *encoder = png_encoder_new(level);
		struct buf out = {0};
		for (size_t i = 0; i < 6 * sizeof(sizes) / sizeof(*sizes); i++) {
			const int *size = sizes[i / 6];
			struct image image =
				padded_image(size[0], size[1], i % 2 ? 3 : 1, i % 3 * 5);
			fill(&image, (enum content)(i % 3), &rng);
			buf_clear(&out);
			image_encode_png(&image, encoder, &out);
			assert_decodes_to(&out, &image);
			image_free(&image);
		}
		png_encoder_free(encoder);
		buf_free(&out);
	}
}

static void test_encode_appends(void **state)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct image image = image_new(5, 4, 1);
	struct buf out = {0}, alone = {0};

	(void)state;
	buf_str(&out, "before");
	image_encode_png(&image, encoder, &out);
	image_encode_png(&image, encoder, &alone);
	assert_int_equal(out.len, alone.len + 6);
	assert_memory_equal(out.data, "before", 6);
	assert_memory_equal(out.data + 6, alone.data, alone.len);
	assert_decodes_to(&alone, &image);
	image_free(&image);
	png_encoder_free(encoder);
	buf_free(&out);
	buf_free(&alone);
}

static void test_write_and_read(void **state)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct rng rng = rng_seed(seed, 2);

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(*sizes); i++) {
		struct image image =
			padded_image(sizes[i / 2][0], sizes[i / 2][1], i % 2 ? 3 : 1, 3);
		struct image back;
		struct err err = {0};
		fill(&image, LINES, &rng);
		assert_int_equal(image_write_png(&image, file, encoder, &err), 0);
		assert_int_equal(image_read_png(&back, file, 3000, &err), 0);
		assert_int_equal(back.width, image.width);
		assert_int_equal(back.height, image.height);
		assert_int_equal(back.channels, image.channels);
		for (int y = 0; y < image.height; y++)
			assert_memory_equal(row_of(&back, y), row_of(&image, y),
					    (size_t)image.width * (size_t)image.channels);
		image_free(&image);
		image_free(&back);
	}
	png_encoder_free(encoder);
}

static void test_write_errors(void **state)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct image image = image_new(64, 64, 1);
	struct err err = {0};
	char path[400];

	(void)state;
	snprintf(path, sizeof(path), "%s/missing/x.png", folder);
	assert_int_equal(image_write_png(&image, path, encoder, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, path));
	if (access("/dev/full", W_OK) == 0) {
		assert_int_equal(image_write_png(&image, "/dev/full", encoder, &err), -1);
		assert_int_equal(err.code, ERR_IO);
		assert_non_null(strstr(err.msg, "/dev/full"));
	}
	image_free(&image);
	png_encoder_free(encoder);
	png_encoder_free(NULL);
}

/* A PNG as libpng writes it: rows of any depth and kind, already packed. */
struct foreign {
	int width, height, depth, type;
	bool interlaced;
	const png_color *palette;
	int palette_count;
	const png_byte *alpha; /* of palette entries */
	int alpha_count;
	const png_color_16 *transparent; /* a colour without alpha channel */
	double gamma;                    /* gAMA, or 0 */
};

static void write_foreign(const struct foreign *f, const uint8_t *const *rows)
{
	FILE *out = fopen(file, "wb");
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);

	assert_non_null(out);
	if (setjmp(png_jmpbuf(png)))
		fail();
	png_init_io(png, out);
	png_set_IHDR(png, info, (png_uint_32)f->width, (png_uint_32)f->height, f->depth, f->type,
		     f->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (f->palette)
		png_set_PLTE(png, info, f->palette, f->palette_count);
	if (f->alpha || f->transparent)
		png_set_tRNS(png, info, f->alpha, f->alpha_count, f->transparent);
	if (f->gamma > 0)
		png_set_gAMA(png, info, f->gamma);
	png_write_info(png, info);
	png_write_image(png, (png_bytepp)(uintptr_t)rows);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	assert_int_equal(fclose(out), 0);
}

static void assert_reads_as(int width, int height, int channels, const uint8_t *px)
{
	struct image image;
	struct err err = {0};

	assert_int_equal(image_read_png(&image, file, 100, &err), 0);
	assert_int_equal(image.width, width);
	assert_int_equal(image.height, height);
	assert_int_equal(image.channels, channels);
	for (int y = 0; y < height; y++)
		assert_memory_equal(row_of(&image, y), px + y * width * channels,
				    (size_t)(width * channels));
	image_free(&image);
}

static void test_read_low_grey(void **state)
{
	const uint8_t one[] = {0xa0}, two[] = {0x1b}, four[] = {0x05, 0xaf};
	const uint8_t *rows[1];

	(void)state;
	rows[0] = one;
	write_foreign(&(struct foreign){.width = 3, .height = 1, .depth = 1}, rows);
	assert_reads_as(3, 1, 1, (const uint8_t[]){255, 0, 255});
	rows[0] = two;
	write_foreign(&(struct foreign){.width = 4, .height = 1, .depth = 2}, rows);
	assert_reads_as(4, 1, 1, (const uint8_t[]){0, 85, 170, 255});
	rows[0] = four;
	write_foreign(&(struct foreign){.width = 4, .height = 1, .depth = 4}, rows);
	assert_reads_as(4, 1, 1, (const uint8_t[]){0, 85, 170, 255});
}

static void test_read_16_bit(void **state)
{
	/* 0x00ff is nearer to 1 than to 0 out of 255: scaled, not cut. */
	const uint8_t grey[] = {0x00, 0xff, 0x80, 0x00, 0xff, 0xff};
	const uint8_t rgb[] = {0x00, 0xff, 0x80, 0x00, 0xff, 0xff};
	const uint8_t *rows[1] = {grey};

	(void)state;
	write_foreign(&(struct foreign){.width = 3, .height = 1, .depth = 16, .gamma = 0.2}, rows);
	assert_reads_as(3, 1, 1, (const uint8_t[]){1, 128, 255});
	rows[0] = rgb;
	write_foreign(
		&(struct foreign){.width = 1, .height = 1, .depth = 16, .type = PNG_COLOR_TYPE_RGB},
		rows);
	assert_reads_as(1, 1, 3, (const uint8_t[]){1, 128, 255});
}

static void test_read_alpha_on_white(void **state)
{
	const uint8_t ga[] = {0, 255, 0, 0, 0, 128, 100, 51};
	const uint8_t rgba[] = {10, 20, 30, 255, 10, 20, 30, 0, 0, 255, 0, 51};
	const uint8_t *rows[1] = {ga};

	(void)state;
	write_foreign(&(struct foreign){.width = 4,
					.height = 1,
					.depth = 8,
					.gamma = 0.3,
					.type = PNG_COLOR_TYPE_GRAY_ALPHA},
		      rows);
	assert_reads_as(4, 1, 1, (const uint8_t[]){0, 255, 127, 224});
	rows[0] = rgba;
	write_foreign(
		&(struct foreign){
			.width = 3, .height = 1, .depth = 8, .type = PNG_COLOR_TYPE_RGB_ALPHA},
		rows);
	assert_reads_as(3, 1, 3, (const uint8_t[]){10, 20, 30, 255, 255, 255, 204, 255, 204});
}

static void test_read_palette(void **state)
{
	const png_color palette[] = {{1, 2, 3}, {40, 50, 60}, {0, 0, 0}};
	const png_byte alpha[] = {255, 0};
	const uint8_t row[] = {0x18}; /* 0 1 2 of two bits each */
	const uint8_t *rows[1] = {row};
	struct foreign f = {.width = 3,
			    .height = 1,
			    .depth = 2,
			    .type = PNG_COLOR_TYPE_PALETTE,
			    .palette = palette,
			    .palette_count = 3};

	(void)state;
	write_foreign(&f, rows);
	assert_reads_as(3, 1, 3, (const uint8_t[]){1, 2, 3, 40, 50, 60, 0, 0, 0});
	f.alpha = alpha;
	f.alpha_count = 2;
	write_foreign(&f, rows);
	assert_reads_as(3, 1, 3, (const uint8_t[]){1, 2, 3, 255, 255, 255, 0, 0, 0});
}

static void test_read_transparent_colour(void **state)
{
	const png_color_16 key = {.gray = 7, .red = 1, .green = 2, .blue = 3};
	const uint8_t grey[] = {7, 8}, rgb[] = {1, 2, 3, 1, 2, 4};
	const uint8_t *rows[1] = {grey};

	(void)state;
	write_foreign(&(struct foreign){.width = 2, .height = 1, .depth = 8, .transparent = &key},
		      rows);
	assert_reads_as(2, 1, 1, (const uint8_t[]){255, 8});
	rows[0] = rgb;
	write_foreign(&(struct foreign){.width = 2,
					.height = 1,
					.depth = 8,
					.type = PNG_COLOR_TYPE_RGB,
					.transparent = &key},
		      rows);
	assert_reads_as(2, 1, 3, (const uint8_t[]){255, 255, 255, 1, 2, 4});
}

static void test_read_interlaced(void **state)
{
	enum { W = 13, H = 11 };
	uint8_t px[H][W];
	const uint8_t *rows[H];

	(void)state;
	for (int y = 0; y < H; y++) {
		rows[y] = px[y];
		for (int x = 0; x < W; x++)
			px[y][x] = (uint8_t)(17 * x + 5 * y);
	}
	write_foreign(&(struct foreign){.width = W, .height = H, .depth = 8, .interlaced = true},
		      rows);
	assert_reads_as(W, H, 1, px[0]);
}

static void assert_refused(const char *path, enum err_code code, const char *part)
{
	struct image image;
	struct err err = {0};

	assert_int_equal(image_read_png(&image, path, 100, &err), -1);
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.msg, path));
	assert_non_null(strstr(err.msg, part));
	assert_null(image.px);
}

static void put_file(const void *data, size_t n)
{
	struct err err = {0};

	assert_int_equal(fs_write(file, data, n, &err), 0);
}

static void test_read_refuses(void **state)
{
	char path[400];

	(void)state;
	snprintf(path, sizeof(path), "%s/missing.png", folder);
	assert_refused(path, ERR_IO, "No such file");
	assert_refused(folder, ERR_IO, "cannot");
	put_file("", 0);
	assert_refused(file, ERR_FORMAT, "not a PNG");
	put_file("\x89PNG", 4);
	assert_refused(file, ERR_FORMAT, "not a PNG");
	put_file("GIF89a, certainly", 17);
	assert_refused(file, ERR_FORMAT, "not a PNG");
	put_file("\x89PNG\r\n\x1a\n", 8);
	assert_refused(file, ERR_FORMAT, "too early");
}

static void encode(int width, int height, int channels, struct buf *out)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct image image = image_new(width, height, channels);
	struct rng rng = rng_seed(seed, 3);

	fill(&image, LINES, &rng);
	image_encode_png(&image, encoder, out);
	image_free(&image);
	png_encoder_free(encoder);
}

static void test_read_limits_sides(void **state)
{
	struct buf out = {0};
	uint32_t crc;

	(void)state;
	encode(101, 1, 1, &out);
	put_file(out.data, out.len);
	assert_refused(file, ERR_LIMIT, "101 x 1 pixels, at most 100 x 100");
	buf_clear(&out);
	encode(1, 101, 1, &out);
	put_file(out.data, out.len);
	assert_refused(file, ERR_LIMIT, "1 x 101 pixels");
	/* 2147483647 x 2147483647, with a good CRC: nothing may be allocated for it. */
	memset(out.data + 16, 255, 8);
	out.data[16] = out.data[20] = 127;
	crc = (uint32_t)crc32(0, (const Bytef *)out.data + 12, 17);
	for (int i = 0; i < 4; i++)
		out.data[29 + i] = (char)(crc >> (24 - 8 * i));
	put_file(out.data, out.len);
	assert_refused(file, ERR_LIMIT, "2147483647 x 2147483647");
	buf_free(&out);
}

static long peak_kib(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* A chunk that claims 1.8 GB in a file of a hundred bytes: nothing may be allocated for it. */
static void test_read_limits_chunks(void **state)
{
	static const char *const kinds[] = {"tEXt", "zTXt", "iTXt", "iCCP", "sPLT",
					    "pCAL", "sCAL", "eXIf", "prIv"};
	struct buf out = {0}, large = {0};
	long before;

	(void)state;
	encode(9, 8, 1, &out);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		buf_clear(&large);
		buf_bytes(&large, out.data, 33); /* signature, IHDR */
		buf_bytes(&large, "\x6d\0\0\0", 4);
		buf_str(&large, kinds[i]);
		buf_bytes(&large, out.data + 33, out.len - 33);
		put_file(large.data, large.len);
		before = peak_kib();
		assert_refused(file, ERR_FORMAT, "too early");
		assert_true(peak_kib() - before < 256 << 10);
	}
	buf_free(&out);
	buf_free(&large);
}

static void test_read_truncated(void **state)
{
	struct buf out = {0};
	struct image image;

	(void)state;
	encode(23, 19, 3, &out);
	for (size_t n = 0; n < out.len; n++) {
		struct err err = {0};
		put_file(out.data, n);
		assert_int_equal(image_read_png(&image, file, 100, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		assert_non_null(strstr(err.msg, file));
		assert_null(image.px);
	}
	buf_free(&out);
}

/* No crash (this is for sanitizers), and either a picture or an error with the path. */
static void read_anything(void)
{
	struct image image;
	struct err err = {0};

	if (image_read_png(&image, file, 100, &err) < 0) {
		assert_true(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
		assert_non_null(strstr(err.msg, file));
		assert_null(image.px);
		return;
	}
	assert_true(image.width <= 100 && image.height <= 100);
	for (int y = 0; y < image.height; y++)
		for (int x = 0; x < image.width * image.channels; x++)
			(void)*(volatile uint8_t *)(row_of(&image, y) + x);
	image_free(&image);
}

static void test_read_flipped(void **state)
{
	struct buf out = {0};

	(void)state;
	encode(9, 8, 1, &out);
	for (size_t i = 0; i < out.len; i++)
		for (int flip = 1; flip < 256; flip = flip == 128 ? 255 : 2 * flip) {
			out.data[i] = (char)(out.data[i] ^ flip);
			put_file(out.data, out.len);
			read_anything();
			out.data[i] = (char)(out.data[i] ^ flip);
		}
	buf_free(&out);
}

/* As above with good CRCs, so that what is behind them sees the damage. */
static void test_read_flipped_with_good_crc(void **state)
{
	struct rng rng = rng_seed(seed, 4);
	struct buf out = {0};

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t at = 8;
		buf_clear(&out);
		encode(9, 8, round % 2 ? 3 : 1, &out);
		out.data[8 + rng_below(&rng, (uint32_t)out.len - 8)] ^= 1 << rng_below(&rng, 8);
		while (at + 12 <= out.len) {
			const uint8_t *p = (const uint8_t *)out.data + at;
			size_t n =
				(size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
			uint32_t crc;
			if (n > out.len - at - 12)
				break;
			crc = (uint32_t)crc32(0, p + 4, (uInt)n + 4);
			for (int i = 0; i < 4; i++)
				out.data[at + 8 + n + (size_t)i] = (char)(crc >> (24 - 8 * i));
			at += n + 12;
		}
		put_file(out.data, out.len);
		read_anything();
	}
	buf_free(&out);
}

/* The average in floating point, pixel by pixel. */
static double average(const struct image *src, const struct image *dst, int x, int y, int k)
{
	double sx = (double)src->width / dst->width, sy = (double)src->height / dst->height;
	double sum = 0;

	for (int v = 0; v < src->height; v++)
		for (int u = 0; u < src->width; u++) {
			double w = fmin(u + 1, (x + 1) * sx) - fmax(u, x * sx);
			double h = fmin(v + 1, (y + 1) * sy) - fmax(v, y * sy);
			if (w > 0 && h > 0)
				sum += w * h * row_of(src, v)[u * src->channels + k];
		}
	return sum / (sx * sy);
}

static void check_shrink(int sw, int sh, int dw, int dh, int channels, struct rng *rng)
{
	struct image src = padded_image(sw, sh, channels, 2);
	struct image dst = padded_image(dw, dh, channels, 3);

	fill(&src, NOISE, rng);
	image_shrink(&src, &dst);
	for (int y = 0; y < dh; y++) {
		for (int x = 0; x < dw; x++)
			for (int k = 0; k < channels; k++)
				assert_true(fabs(average(&src, &dst, x, y, k) -
						 row_of(&dst, y)[x * channels + k]) < 0.5 + 1e-6);
		for (size_t x = (size_t)(dw * channels); x < dst.stride; x++)
			assert_int_equal(row_of(&dst, y)[x], 0x77);
	}
	image_free(&src);
	image_free(&dst);
}

static void test_shrink(void **state)
{
	struct rng rng = rng_seed(seed, 5);

	(void)state;
	check_shrink(1, 1, 1, 1, 1, &rng);
	check_shrink(16, 16, 4, 4, 3, &rng);
	check_shrink(9, 7, 1, 1, 1, &rng);
	check_shrink(20, 20, 19, 20, 1, &rng);
	for (int round = 0; round < 60; round++) {
		int sw = (int)rng_range(&rng, 1, 40), sh = (int)rng_range(&rng, 1, 40);
		check_shrink(sw, sh, (int)rng_range(&rng, 1, sw), (int)rng_range(&rng, 1, sh),
			     round % 2 ? 3 : 1, &rng);
	}
}

static void test_shrink_same_size_is_copy(void **state)
{
	struct rng rng = rng_seed(seed, 6);
	struct image src = padded_image(31, 17, 3, 0), dst = image_new(31, 17, 3);

	(void)state;
	fill(&src, NOISE, &rng);
	image_shrink(&src, &dst);
	assert_memory_equal(src.px, dst.px, 31 * 17 * 3);
	image_free(&src);
	image_free(&dst);
}

static void test_new_is_black(void **state)
{
	struct image image = image_new(3, 2, 3);

	(void)state;
	assert_int_equal(image.stride, 9);
	for (int i = 0; i < 18; i++)
		assert_int_equal(image.px[i], 0);
	image_free(&image);
	assert_null(image.px);
	image_free(&image);
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/test_image.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/x.png", folder);
	return 0;
}

static int teardown(void **state)
{
	struct err err = {0};

	(void)state;
	return fs_remove_tree(folder, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_appends),
		cmocka_unit_test(test_write_and_read),
		cmocka_unit_test(test_write_errors),
		cmocka_unit_test(test_read_low_grey),
		cmocka_unit_test(test_read_16_bit),
		cmocka_unit_test(test_read_alpha_on_white),
		cmocka_unit_test(test_read_palette),
		cmocka_unit_test(test_read_transparent_colour),
		cmocka_unit_test(test_read_interlaced),
		cmocka_unit_test(test_read_refuses),
		cmocka_unit_test(test_read_limits_sides),
		cmocka_unit_test(test_read_limits_chunks),
		cmocka_unit_test(test_read_truncated),
		cmocka_unit_test(test_read_flipped),
		cmocka_unit_test(test_read_flipped_with_good_crc),
		cmocka_unit_test(test_shrink),
		cmocka_unit_test(test_shrink_same_size_is_copy),
		cmocka_unit_test(test_new_is_black),
	};
	const char *given = getenv("CADGEN_TEST_SEED");

	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	printf("# seed %ju\n", (uintmax_t)seed);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
