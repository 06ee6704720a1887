/* SPDX-License-Identifier: MIT */
/*
 * safetensors_open; of what it accepts every byte belongs to one tensor, and is read. The input is
 * taken as a whole file if it begins as one; else as a header, for which the length is put before and
 * some data behind, so that mutations need not keep three numbers in step.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "formats/model/safetensors.h"
#include "tests/fuzz/memory_file.h"

enum { DATA_BYTES = 64, NUMBERS_MAX = 4096 };

static void read_floats(const struct safetensors *file, const struct safetensor *t)
{
	static float numbers[NUMBERS_MAX];
	struct err err = {0};
	size_t n = t->count < NUMBERS_MAX ? (size_t)t->count : NUMBERS_MAX;
	bool known = t->dtype == SAFETENSORS_F64 || t->dtype == SAFETENSORS_F32 ||
		     t->dtype == SAFETENSORS_F16 || t->dtype == SAFETENSORS_BF16;

	if ((safetensors_floats(file, t, t->count - n, n, numbers, &err) == 0) != known)
		abort();
	if (!known && err.code != ERR_UNSUPPORTED)
		abort();
}

static void check_file(const struct safetensors *file, uint64_t data_bytes)
{
	volatile uint8_t sum = 0;
	uint64_t bytes = 0;

	for (size_t i = 0; i < safetensors_count(file); i++) {
		const struct safetensor *t = safetensors_at(file, i);

		if (safetensors_find(file, t->name) != t)
			abort();
		if (t->dtype != SAFETENSORS_OTHER &&
		    t->bytes != t->count * safetensors_types[t->dtype].bytes)
			abort();
		for (uint64_t j = 0; j < t->bytes; j++)
			sum = (uint8_t)(sum + ((const uint8_t *)t->data)[j]);
		bytes += t->bytes;
		read_floats(file, t);
	}
	if (bytes != data_bytes)
		abort();
}

static void run(const struct buf *whole)
{
	struct memory_file memory = memory_file_new(whole->data, whole->len);
	struct err err = {0};
	struct safetensors *file = safetensors_open(memory.path, &err);
	uint64_t header = 0;

	for (int i = 7; file && i >= 0; i--)
		header = header << 8 | (uint8_t)whole->data[i];
	if (file)
		check_file(file, whole->len - 8 - header);
	else if (err.code == ERR_NONE || !strstr(err.msg, memory.path) || strchr(err.msg, '\n'))
		abort();
	safetensors_close(file);
	memory_file_free(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = {0};

	buf_str(&whole, "");
	if (size == 0 || *data != '{') {
		buf_bytes(&whole, data, size);
	} else {
		for (int i = 0; i < 8; i++)
			buf_char(&whole, (char)((uint64_t)size >> 8 * i));
		buf_bytes(&whole, data, size);
		for (int i = 0; i < DATA_BYTES; i++)
			buf_char(&whole, (char)(37 * i));
	}
	run(&whole);
	buf_free(&whole);
	return 0;
}
