/* SPDX-License-Identifier: MIT */
/*
 * tar_open and tar_next; entries whose names fit are written and read again. So that mutations get
 * past a header's checksum, the input is read a second time with all checksums put right.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/encoding/tar.h"
#include "tests/fuzz/memory_file.h"

enum { BLOCK_BYTES = 512, CHECKSUM_AT = 148, CHECKSUM_BYTES = 8 };

static void check_refused(const char *path, const struct err *err)
{
	if (tar_available() ? err->code != ERR_FORMAT && err->code != ERR_LIMIT
			    : err->code != ERR_UNSUPPORTED)
		abort();
	if (tar_available() && strncmp(err->msg, path, strlen(path)) != 0)
		abort();
	if (!*err->msg)
		abort();
}

static void check_again(const struct tar_entry *entry)
{
	struct err err = {0};
	struct tar_writer *writer = tar_writer_new(&err);
	struct buf out = {0};
	struct memory_file file;
	struct tar_reader *reader;
	struct tar_entry again;

	if (!writer)
		abort();
	if (tar_put(writer, entry->name, entry->data, entry->len, &out, &err) == 0) {
		tar_put_end(&out);
		file = memory_file_new(out.data, out.len);
		reader = tar_open(file.path, &err);
		if (!reader)
			abort();
		/* Names that end with a slash come back as folders. */
		if (tar_next(reader, &again, &err) > 0 &&
		    (strcmp(again.name, entry->name) != 0 || again.len != entry->len ||
		     memcmp(again.data, entry->data, again.len) != 0))
			abort();
		tar_close(reader);
		memory_file_free(&file);
	}
	tar_writer_free(writer);
	buf_free(&out);
}

static void check_file(const void *data, size_t size)
{
	struct memory_file file = memory_file_new(data, size);
	struct err err = {0};
	struct tar_reader *reader = tar_open(file.path, &err);
	struct tar_entry entry;
	int got = -1;

	while (reader && (got = tar_next(reader, &entry, &err)) > 0)
		check_again(&entry);
	if (got < 0)
		check_refused(file.path, &err);
	tar_close(reader);
	memory_file_free(&file);
}

static void correct(uint8_t *block)
{
	char text[CHECKSUM_BYTES];
	unsigned sum = 0;

	memset(block + CHECKSUM_AT, ' ', CHECKSUM_BYTES);
	for (int i = 0; i < BLOCK_BYTES; i++)
		sum += block[i];
	snprintf(text, sizeof(text), "%06o", sum);
	memcpy(block + CHECKSUM_AT, text, CHECKSUM_BYTES - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);

	if (!copy)
		abort();
	check_file(data, size);
	memcpy(copy, data, size);
	for (size_t at = 0; at + BLOCK_BYTES <= size; at += BLOCK_BYTES)
		if (memcmp(copy + at + 257, "ustar", 5) == 0)
			correct(copy + at);
	check_file(copy, size);
	free(copy);
	return 0;
}
