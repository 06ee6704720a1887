/* SPDX-License-Identifier: MIT */
/*
 * png_equal A B: do two PNG files show the same pixels? Status 0 yes, 1 no (says where the first
 * difference is), 2 trouble. For shell tests: the bytes of a PNG file depend on the compressor.
 */
#include <config.h>

#include <stdio.h>

#include "formats/image/image.h"

#define MAX_SIDE 20000

static int compare(const struct image *a, const struct image *b)
{
	if (a->width != b->width || a->height != b->height || a->channels != b->channels) {
		printf("%dx%d with %d channels against %dx%d with %d\n", a->width, a->height,
		       a->channels, b->width, b->height, b->channels);
		return 1;
	}
	for (int y = 0; y < a->height; y++) {
		const uint8_t *p = a->px + (size_t)y * a->stride;
		const uint8_t *q = b->px + (size_t)y * b->stride;
		for (int x = 0; x < a->width * a->channels; x++) {
			if (p[x] != q[x]) {
				printf("differ at %d,%d: %d against %d\n", x / a->channels, y, p[x],
				       q[x]);
				return 1;
			}
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: png_equal A B\n", stderr);
		return 2;
	}
	struct err err = {0};
	struct image a = {0}, b = {0};
	int status = 2;
	if (image_read_png(&a, argv[1], MAX_SIDE, &err) < 0 ||
	    image_read_png(&b, argv[2], MAX_SIDE, &err) < 0)
		fprintf(stderr, "png_equal: %s\n", err.msg);
	else
		status = compare(&a, &b);
	image_free(&a);
	image_free(&b);
	return status;
}
