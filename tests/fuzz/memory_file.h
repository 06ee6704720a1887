/* SPDX-License-Identifier: MIT */
/*
 * memory_file: bytes under a name that a reader of files can open, without a disk.
 *
 *	struct memory_file file = memory_file_new(data, size);
 *	if (image_read_png(&image, file.path, 256, &err) < 0) ...
 *	memory_file_free(&file);
 */
#ifndef TESTS_FUZZ_MEMORY_FILE_H
#define TESTS_FUZZ_MEMORY_FILE_H

#include <stddef.h>

struct memory_file {
	int fd;
	char path[32]; /* /proc/self/fd/N */
};

/* Copies the bytes; aborts if the kernel refuses. */
struct memory_file memory_file_new(const void *data, size_t size);
void memory_file_free(struct memory_file *file);

#endif
