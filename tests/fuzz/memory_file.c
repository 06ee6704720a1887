/* SPDX-License-Identifier: MIT */
/* A memfd (Linux); what opens its name in /proc gets a file description of its own, at offset 0. */
#include <config.h>

#include "tests/fuzz/memory_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct memory_file memory_file_new(const void *data, size_t size)
{
	struct memory_file file = {.fd = memfd_create("fuzz", MFD_CLOEXEC)};
	const char *from = data;

	if (file.fd < 0) {
		perror("memfd_create");
		abort();
	}
	while (size > 0) {
		ssize_t n = write(file.fd, from, size);
		if (n <= 0) {
			perror("memfd");
			abort();
		}
		from += n;
		size -= (size_t)n;
	}
	snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.fd);
	return file;
}

void memory_file_free(struct memory_file *file)
{
	close(file->fd);
	*file = (struct memory_file){.fd = -1};
}
