/* SPDX-License-Identifier: MIT */
/*
 * image_read_jpeg. What it accepts is a picture within its bounds, the same when it is read again;
 * what it refuses must leave a proper error and no picture.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/image/image.h"
#include "tests/fuzz/memory_file.h"

enum { MAX_SIDE = 256 };

static void check_accepted(const struct image *image, const char *path)
{
	struct image again;
	struct err err;

	if (image->width < 1 || image->width > MAX_SIDE)
		abort();
	if (image->height < 1 || image->height > MAX_SIDE)
		abort();
	if (image->channels != 1 && image->channels != 3)
		abort();
	if (image_read_jpeg(&again, path, MAX_SIDE, &err) < 0)
		abort();
	if (again.width != image->width || again.height != image->height ||
	    again.stride != image->stride ||
	    memcmp(again.px, image->px, image->stride * (size_t)image->height) != 0)
		abort();
	image_free(&again);
}

static void check_refused(const struct image *image, const char *path, const struct err *err)
{
	if (image->px)
		abort();
#ifdef HAVE_JPEG
	if (err->code != ERR_FORMAT && err->code != ERR_LIMIT)
		abort();
#else
	if (err->code != ERR_UNSUPPORTED)
		abort();
#endif
	if (strncmp(err->msg, path, strlen(path)) != 0 || strchr(err->msg, '\n'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file = memory_file_new(data, size);
	struct err err = {0};
	struct image image;

	if (image_read_jpeg(&image, file.path, MAX_SIDE, &err) == 0)
		check_accepted(&image, file.path);
	else
		check_refused(&image, file.path, &err);
	image_free(&image);
	memory_file_free(&file);
	return 0;
}
