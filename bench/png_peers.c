/* SPDX-License-Identifier: MIT */
/*
 * png_peers FOLDER [ROUNDS]: our PNG encoder against libpng and libdeflate on the pictures of a
 * folder.
 *
 * All encoders take turns in every round, so that a slow spell of the machine hits all alike; the
 * table has the best and the median round. Each turn encodes all pictures to memory. Before the
 * rounds, every encoder's output is decoded by libpng and compared with the pixels.
 *
 * libpng's strategy stays its own choice: Z_DEFAULT_STRATEGY without filters, Z_FILTERED with them.
 */
#include <config.h>

#include <dirent.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "base/cli.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "formats/image/image.h"

enum { ROUNDS = 10, ROUNDS_MAX = 1000, PICTURES_MAX = 10000, MAX_SIDE = 20000, PATH_BYTES = 4096 };

struct pictures {
	int count;
	struct image *images; /* owned, and so are their pixels */
};

struct encoder {
	char name[48];
	void (*encode)(const struct encoder *encoder, const struct image *image, struct buf *out);
	int level, filters; /* libpng */
	void *state;        /* struct png_encoder or struct libdeflate_compressor */
	size_t bytes;
	double seconds[ROUNDS_MAX];
};

static void encode_ours(const struct encoder *encoder, const struct image *image, struct buf *out)
{
	image_encode_png(image, encoder->state, out);
}

_Noreturn static void on_error(png_structp png, png_const_charp message)
{
	(void)png;
	fprintf(stderr, "png_peers: libpng: %s\n", message);
	exit(1);
}

static void append(png_structp png, png_bytep data, size_t n)
{
	buf_bytes(png_get_io_ptr(png), data, n);
}

static void encode_libpng(const struct encoder *encoder, const struct image *image, struct buf *out)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;

	if (!info)
		mem_exhausted(sizeof(struct encoder));
	png_set_write_fn(png, out, append, NULL);
	png_set_compression_level(png, encoder->level);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, encoder->filters);
	png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, 8,
		     image->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (int y = 0; y < image->height; y++)
		png_write_row(png, image->px + (size_t)y * image->stride);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
}

#ifdef HAVE_LIBDEFLATE
static void put_be32(struct buf *out, size_t v)
{
	uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

	buf_bytes(out, bytes, sizeof(bytes));
}

static void put_chunk(struct buf *out, const char *type, const void *data, size_t n)
{
	size_t begin;

	put_be32(out, n);
	begin = out->len;
	buf_bytes(out, type, 4);
	buf_bytes(out, data, n);
	put_be32(out, libdeflate_crc32(0, out->data + begin, out->len - begin));
}

/* Filter None, as ours; compressed straight behind the chunk header, as ours. */
static void encode_libdeflate(const struct encoder *encoder, const struct image *image,
			      struct buf *out)
{
	static struct buf raw;
	size_t row = (size_t)image->width * (size_t)image->channels, room, len, begin;
	uint8_t ihdr[13] = {[8] = 8, [9] = image->channels == 3 ? 2 : 0};

	for (int i = 0; i < 4; i++) {
		ihdr[i] = (uint8_t)(image->width >> (24 - 8 * i));
		ihdr[4 + i] = (uint8_t)(image->height >> (24 - 8 * i));
	}
	buf_clear(&raw);
	for (int y = 0; y < image->height; y++) {
		buf_char(&raw, 0);
		buf_bytes(&raw, image->px + (size_t)y * image->stride, row);
	}
	buf_bytes(out, "\x89PNG\r\n\x1a\n", 8);
	put_chunk(out, "IHDR", ihdr, sizeof(ihdr));
	begin = out->len;
	buf_bytes(out, "\0\0\0\0IDAT", 8);
	room = libdeflate_zlib_compress_bound(encoder->state, raw.len);
	len = libdeflate_zlib_compress(encoder->state, raw.data, raw.len, buf_reserve(out, room),
				       room);
	for (int i = 0; i < 4; i++)
		out->data[begin + (size_t)i] = (char)(len >> (24 - 8 * i));
	out->len += len;
	put_be32(out, libdeflate_crc32(0, out->data + begin + 4, len + 4));
	put_chunk(out, "IEND", NULL, 0);
}
#endif

static struct encoder *add(struct encoder *encoders, int *count, const char *name, int level)
{
	struct encoder *encoder = &encoders[(*count)++];

	snprintf(encoder->name, sizeof(encoder->name), "%s", name);
	encoder->level = level;
	return encoder;
}

static int add_all(struct encoder *encoders)
{
	static const struct {
		const char *name;
		int flags;
	} filters[] = {{"none", PNG_FILTER_NONE}, {"up", PNG_FILTER_UP}, {"all", PNG_ALL_FILTERS}};
	static const int levels[] = {1, 3, 6, 9};
	struct encoder *encoder;
	int count = 0;

	encoder = add(encoders, &count, "ours level 1", 1);
	encoder->encode = encode_ours;
	encoder->state = png_encoder_new(1);
#ifdef HAVE_LIBDEFLATE
	encoder = add(encoders, &count, "libdeflate level 1", 1);
	encoder->encode = encode_libdeflate;
	encoder->state = libdeflate_alloc_compressor(1);
	if (!encoder->state)
		mem_exhausted((size_t)1 << 20);
#endif
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		for (size_t k = 0; k < sizeof(filters) / sizeof(*filters); k++) {
			char name[48];
			snprintf(name, sizeof(name), "libpng level %d, %s", levels[i],
				 filters[k].name);
			encoder = add(encoders, &count, name, levels[i]);
			encoder->encode = encode_libpng;
			encoder->filters = filters[k].flags;
		}
	return count;
}

/* Ends the program where the decoded file is not the picture. */
static void check(const struct encoder *encoder, const struct image *image, const struct buf *file)
{
	png_image header = {.version = PNG_IMAGE_VERSION};
	size_t row = (size_t)image->width * (size_t)image->channels;
	uint8_t *px = mem_alloc((size_t)image->height, row);
	int same = png_image_begin_read_from_memory(&header, file->data, file->len) &&
		   header.width == (png_uint_32)image->width &&
		   header.height == (png_uint_32)image->height;

	header.format = image->channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
	same = same && png_image_finish_read(&header, NULL, px, 0, NULL);
	for (int y = 0; same && y < image->height; y++)
		same = memcmp(px + (size_t)y * row, image->px + (size_t)y * image->stride, row) ==
		       0;
	png_image_free(&header);
	free(px);
	if (!same) {
		fprintf(stderr, "png_peers: %s: the decoded picture differs %s\n", encoder->name,
			header.message);
		exit(1);
	}
}

static void check_all(struct encoder *encoder, const struct pictures *pictures)
{
	struct buf file = {0};

	for (int i = 0; i < pictures->count; i++) {
		buf_clear(&file);
		encoder->encode(encoder, &pictures->images[i], &file);
		check(encoder, &pictures->images[i], &file);
		encoder->bytes += file.len;
	}
	buf_free(&file);
}

static double time_all(const struct encoder *encoder, const struct pictures *pictures)
{
	struct buf file = {0};
	double begin = clock_seconds();

	for (int i = 0; i < pictures->count; i++) {
		buf_clear(&file);
		encoder->encode(encoder, &pictures->images[i], &file);
	}
	begin = clock_seconds() - begin;
	buf_free(&file);
	return begin;
}

static int compare_seconds(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(const double *sorted, int n)
{
	return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

static void print_table(struct encoder *encoders, int count, int rounds, int pictures)
{
	const struct encoder *ours = &encoders[0];

	for (int i = 0; i < count; i++)
		qsort(encoders[i].seconds, (size_t)rounds, sizeof(double), compare_seconds);
	printf("%-22s %12s %9s %9s %9s %9s\n", "encoder", "bytes each", "bytes", "best", "median",
	       "time");
	printf("%-22s %12s %9s %9s %9s %9s\n", "", "", "to ours", "/s", "/s", "to ours");
	for (int i = 0; i < count; i++) {
		const struct encoder *e = &encoders[i];
		double seconds = median(e->seconds, rounds);

		printf("%-22s %12.0f %9.2f %9.0f %9.0f %9.2f\n", e->name,
		       (double)e->bytes / pictures, (double)e->bytes / (double)ours->bytes,
		       pictures / e->seconds[0], pictures / seconds,
		       seconds / median(ours->seconds, rounds));
	}
}

static int is_png(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 4 && strcmp(entry->d_name + n - 4, ".png") == 0;
}

static int load(struct pictures *pictures, const char *folder, struct err *err)
{
	struct dirent **names;
	char path[PATH_BYTES];
	int count = scandir(folder, &names, is_png, alphasort);

	if (count < 0)
		return err_errno(err, "cannot read folder %s", folder);
	if (count == 0 || count > PICTURES_MAX)
		return err_set(err, ERR_LIMIT, "%s: %d PNG files, 1 to %d can be used", folder,
			       count, PICTURES_MAX);
	pictures->images = mem_alloc((size_t)count, sizeof(*pictures->images));
	for (pictures->count = 0; pictures->count < count; pictures->count++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[pictures->count]->d_name);
		if (image_read_png(&pictures->images[pictures->count], path, MAX_SIDE, err) < 0)
			return -1;
	}
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return 0;
}

int main(int argc, char **argv)
{
	static struct encoder encoders[16];
	struct pictures pictures = {0};
	struct err err = {0};
	int64_t rounds = ROUNDS;
	int count;

	if (argc < 2 || argc > 3 || (argc == 3 && num_int(argv[2], 1, ROUNDS_MAX, &rounds) < 0)) {
		fputs("usage: png_peers FOLDER [ROUNDS]\n", stderr);
		return 2;
	}
	if (load(&pictures, argv[1], &err) < 0) {
		fprintf(stderr, "png_peers: %s\n", err.msg);
		return cli_status(&err);
	}
	count = add_all(encoders);
	for (int i = 0; i < count; i++)
		check_all(&encoders[i], &pictures);
	for (int64_t r = 0; r < rounds; r++)
		for (int i = 0; i < count; i++)
			encoders[i].seconds[r] = time_all(&encoders[i], &pictures);
	print_table(encoders, count, (int)rounds, pictures.count);
	return 0;
}
