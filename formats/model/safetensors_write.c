/* SPDX-License-Identifier: MIT */
/*
 * What is declared is kept as a table; data_offsets follow from it, so that the header can be written
 * first and the data streamed behind it. The header is padded with spaces so that the data begin at a
 * multiple of 8, as the Rust writer does.
 */
#include <config.h>

#include "formats/model/safetensors.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"

#define CHUNK 4096 /* numbers converted at once */

struct declared {
	const char *name;
	enum safetensors_dtype dtype;
	int dims;
	uint64_t shape[SAFETENSORS_DIMS_MAX];
	uint64_t bytes;
};

struct safetensors_writer {
	struct declared *all;
	size_t count, cap;
	size_t current;  /* where data go on */
	uint64_t filled; /* bytes of it that are there */
	struct fs_file *file;
	struct arena arena; /* owns names */
};

struct safetensors_writer *safetensors_writer_new(void)
{
	return mem_alloc(1, sizeof(struct safetensors_writer));
}

void safetensors_declare(struct safetensors_writer *writer, const char *name,
			 enum safetensors_dtype dtype, int dims, const uint64_t *shape)
{
	struct declared *d;

	assert(!writer->file && dtype < SAFETENSORS_OTHER);
	assert(dims >= 0 && dims <= SAFETENSORS_DIMS_MAX);
	if (writer->count == writer->cap) {
		writer->cap = writer->cap ? mem_mul(writer->cap, 2) : 64;
		writer->all = mem_realloc(writer->all, writer->cap, sizeof(*writer->all));
	}
	d = &writer->all[writer->count++];
	*d = (struct declared){.name = arena_strndup(&writer->arena, name, strlen(name)),
			       .dtype = dtype,
			       .dims = dims};
	d->bytes = safetensors_types[dtype].bytes;
	for (int i = 0; i < dims; i++) {
		d->shape[i] = shape[i];
		d->bytes = mem_mul(d->bytes, shape[i]);
	}
}

static void put_header(const struct safetensors_writer *writer, struct buf *out)
{
	uint64_t at = 0;

	buf_str(out, "{\"__metadata__\":{\"format\":\"pt\"}");
	for (size_t i = 0; i < writer->count; i++) {
		const struct declared *d = &writer->all[i];

		buf_char(out, ',');
		buf_json_str(out, d->name);
		buf_str(out, ":{\"dtype\":\"");
		buf_str(out, safetensors_types[d->dtype].name);
		buf_str(out, "\",\"shape\":[");
		for (int j = 0; j < d->dims; j++) {
			buf_str(out, j ? "," : "");
			buf_int(out, (int64_t)d->shape[j]);
		}
		buf_str(out, "],\"data_offsets\":[");
		buf_int(out, (int64_t)at);
		at += d->bytes;
		buf_char(out, ',');
		buf_int(out, (int64_t)at);
		buf_str(out, "]}");
	}
	buf_char(out, '}');
	while (out->len % 8 != 0)
		buf_char(out, ' ');
}

int safetensors_start(struct safetensors_writer *writer, const char *path, struct err *err)
{
	struct buf header = {0};
	uint8_t len[8];
	int rc = -1;

	put_header(writer, &header);
	for (int i = 0; i < 8; i++)
		len[i] = (uint8_t)((uint64_t)header.len >> 8 * i);
	if (header.len > SAFETENSORS_HEADER_MAX)
		err_set(err, ERR_LIMIT, "%s: a header of %zu bytes; at most %.0f", path, header.len,
			(double)SAFETENSORS_HEADER_MAX);
	else if ((writer->file = fs_file_new(path, err)) &&
		 fs_file_add(writer->file, len, sizeof(len), err) == 0)
		rc = fs_file_add(writer->file, header.data, header.len, err);
	buf_free(&header);
	return rc;
}

/* Past tensors that are full, empty ones among them. */
static void skip_full(struct safetensors_writer *writer)
{
	while (writer->current < writer->count &&
	       writer->filled == writer->all[writer->current].bytes) {
		writer->current++;
		writer->filled = 0;
	}
}

/* Accounts for n more bytes. */
static void fill(struct safetensors_writer *writer, uint64_t n)
{
	while (n > 0) {
		uint64_t room;

		skip_full(writer);
		assert(writer->current < writer->count);
		room = writer->all[writer->current].bytes - writer->filled;
		writer->filled += n < room ? n : room;
		n -= n < room ? n : room;
	}
}

int safetensors_add(struct safetensors_writer *writer, const void *data, size_t n, struct err *err)
{
	fill(writer, n);
	return fs_file_add(writer->file, data, n, err);
}

/* To nearest, ties to even; a NaN stays one. */
static uint32_t bf16_from_bits(uint32_t bits)
{
	if ((bits & 0x7fffffff) > 0x7f800000)
		return bits >> 16 | 0x40;
	return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

static size_t put_floats(const float *numbers, size_t n, enum safetensors_dtype dtype, uint8_t *out)
{
	unsigned bytes = safetensors_types[dtype].bytes;

	for (size_t i = 0; i < n; i++) {
		uint32_t bits;

		memcpy(&bits, &numbers[i], sizeof(bits));
		if (dtype == SAFETENSORS_BF16)
			bits = bf16_from_bits(bits);
		for (unsigned j = 0; j < bytes; j++)
			*out++ = (uint8_t)(bits >> 8 * j);
	}
	return n * bytes;
}

int safetensors_add_floats(struct safetensors_writer *writer, const float *numbers, size_t n,
			   struct err *err)
{
	uint8_t bytes[CHUNK * 4];
	enum safetensors_dtype dtype;

	skip_full(writer);
	if (n == 0)
		return 0;
	assert(writer->current < writer->count);
	dtype = writer->all[writer->current].dtype;
	assert(dtype == SAFETENSORS_F32 || dtype == SAFETENSORS_BF16);
	assert(n <= (writer->all[writer->current].bytes - writer->filled) /
			    safetensors_types[dtype].bytes);
	while (n > 0) {
		size_t part = n < CHUNK ? n : CHUNK;

		if (safetensors_add(writer, bytes, put_floats(numbers, part, dtype, bytes), err) <
		    0)
			return -1;
		numbers += part;
		n -= part;
	}
	return 0;
}

static void free_writer(struct safetensors_writer *writer)
{
	arena_free(&writer->arena);
	free(writer->all);
	free(writer);
}

int safetensors_finish(struct safetensors_writer *writer, struct err *err)
{
	int rc;

	skip_full(writer);
	assert(writer->current == writer->count);
	rc = fs_file_finish(writer->file, err);
	free_writer(writer);
	return rc;
}

void safetensors_drop(struct safetensors_writer *writer)
{
	if (!writer)
		return;
	fs_file_drop(writer->file);
	free_writer(writer);
}
