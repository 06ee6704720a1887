/* SPDX-License-Identifier: MIT */
/*
 * Reading, from untrusted bytes: a source of chunks, what they unpack to, and records.
 *
 * A plain file begins with a length and its checksum; only one that does not is looked at for gzip's
 * two bytes, with which a length may begin as well. zlib's own reading of files stays unused: it
 * takes for the end whatever follows a member and does not begin as one, such as the first byte of
 * the next.
 *
 * A record's room grows as its bytes come in, so that a length alone costs no memory.
 */
#include <config.h>

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/mem.h"
#include "formats/encoding/tfrecord.h"
#include "formats/encoding/tfrecord_private.h"

#define CHUNK_BYTES ((size_t)64 << 10)
#define STEP_BYTES ((size_t)256 << 10)

enum {
	GZIP_WINDOW_BITS = 15 + 16, /* 16: with a gzip header */
};

struct tfrecord_reader {
	char *name;
	/* The source: a file, or bytes in memory, which are one chunk. */
	FILE *file;
	uint8_t *chunk;
	const uint8_t *at; /* in the chunk */
	size_t left;
	uint64_t taken; /* before at */
	/* What it unpacks to. */
	bool is_begun, is_gzip, in_member;
	z_stream z;
	uint64_t offset;
	struct buf data; /* of the record, its checksum behind it */
};

static struct tfrecord_reader *new_reader(const char *name)
{
	struct tfrecord_reader *r = mem_alloc(1, sizeof(*r));
	struct buf copy = {0};

	buf_str(&copy, name);
	r->name = copy.data;
	return r;
}

struct tfrecord_reader *tfrecord_open(const char *path, struct err *err)
{
	FILE *file = fopen(path, "rbe");
	struct tfrecord_reader *r;

	if (!file) {
		err_errno(err, "cannot open %s", path);
		return NULL;
	}
	r = new_reader(path);
	r->file = file;
	r->chunk = mem_alloc(CHUNK_BYTES, 1);
	return r;
}

struct tfrecord_reader *tfrecord_open_memory(const char *name, const void *data, size_t n)
{
	struct tfrecord_reader *r = new_reader(name);

	r->at = data;
	r->left = n;
	return r;
}

void tfrecord_close(struct tfrecord_reader *r)
{
	if (!r)
		return;
	if (r->file)
		fclose(r->file); /* only read: nothing can be lost */
	if (r->is_gzip)
		inflateEnd(&r->z);
	buf_free(&r->data);
	free(r->chunk);
	free(r->name);
	free(r);
}

/* --- the source ------------------------------------------------------------------------------- */

/* Whole chunks but for the last; none left is the end. */
static int fill(struct tfrecord_reader *r, struct err *err)
{
	if (r->left > 0 || !r->file)
		return 0;
	r->at = r->chunk;
	r->left = fread(r->chunk, 1, CHUNK_BYTES, r->file);
	if (r->left == 0 && ferror(r->file))
		return err_errno(err, "cannot read %s", r->name);
	return 0;
}

static void take(struct tfrecord_reader *r, size_t n)
{
	r->at += n;
	r->left -= n;
	r->taken += n;
}

/* --- unpacking -------------------------------------------------------------------------------- */

static uint64_t number_at(const void *data, int bytes)
{
	const uint8_t *at = data;
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v |= (uint64_t)at[i] << 8 * i;
	return v;
}

static bool begins_plain(const uint8_t *at, size_t n)
{
	return n >= TFRECORD_HEAD_BYTES && number_at(at + 8, 4) == tfrecord_checksum(at, 8);
}

static int begin(struct tfrecord_reader *r, struct err *err)
{
	r->is_begun = true;
	if (fill(r, err) < 0)
		return -1;
	if (r->left < 2 || r->at[0] != 0x1f || r->at[1] != 0x8b || begins_plain(r->at, r->left))
		return 0;
	if (inflateInit2(&r->z, GZIP_WINDOW_BITS) != Z_OK)
		mem_exhausted((size_t)1 << 16);
	r->is_gzip = true;
	return 0;
}

static int wrong_gzip(const struct tfrecord_reader *r, const char *why, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s: byte %" PRIu64 ": broken gzip: %s", r->name, r->taken,
		       why);
}

/* One step of a member, of which there are bytes left; adds to *got. */
static int inflate_some(struct tfrecord_reader *r, uint8_t *to, size_t want, size_t *got,
			struct err *err)
{
	int rc;

	if (!r->in_member)
		inflateReset(&r->z);
	r->in_member = true;
	r->z.next_in = (Bytef *)r->at;
	r->z.avail_in = r->left < UINT_MAX ? (uInt)r->left : UINT_MAX;
	r->z.next_out = to + *got;
	r->z.avail_out = (uInt)(want - *got);
	rc = inflate(&r->z, Z_NO_FLUSH);
	if (rc == Z_MEM_ERROR)
		mem_exhausted((size_t)1 << 16);
	take(r, (size_t)(r->z.next_in - r->at));
	*got = (size_t)(r->z.next_out - to);
	if (rc == Z_STREAM_END)
		r->in_member = false;
	else if (rc != Z_OK)
		return wrong_gzip(r, r->z.msg ? r->z.msg : "no such data", err);
	return 0;
}

/* Up to `want` bytes, at most STEP_BYTES: less than that only at the end. */
static int unpack(struct tfrecord_reader *r, uint8_t *to, size_t want, size_t *got, struct err *err)
{
	*got = 0;
	while (*got < want) {
		if (fill(r, err) < 0)
			return -1;
		if (r->left == 0 && r->in_member)
			return wrong_gzip(r, "the file ends within a member", err);
		if (r->left == 0)
			break;
		if (r->is_gzip) {
			if (inflate_some(r, to, want, got, err) < 0)
				return -1;
		} else {
			size_t n = r->left < want - *got ? r->left : want - *got;

			memcpy(to + *got, r->at, n);
			take(r, n);
			*got += n;
		}
	}
	r->offset += *got;
	return 0;
}

/* --- records ---------------------------------------------------------------------------------- */

static int wrong(const struct tfrecord_reader *r, uint64_t at, const char *why, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s: %sbyte %" PRIu64 ": %s", r->name,
		       r->is_gzip ? "unpacked " : "", at, why);
}

/* The next n bytes into r->data. */
static int read_data(struct tfrecord_reader *r, uint64_t start, size_t n, struct err *err)
{
	buf_clear(&r->data);
	while (r->data.len < n) {
		size_t want = n - r->data.len < STEP_BYTES ? n - r->data.len : STEP_BYTES, got;

		if (unpack(r, (uint8_t *)buf_reserve(&r->data, want), want, &got, err) < 0)
			return -1;
		if (got < want)
			return wrong(r, start, "the file ends within the record that begins here",
				     err);
		r->data.len += got;
	}
	return 0;
}

/* The length of the record that begins at start: 1, or 0 at the end. */
static int read_head(struct tfrecord_reader *r, uint64_t start, size_t *n, struct err *err)
{
	uint8_t head[TFRECORD_HEAD_BYTES];
	uint64_t length;
	size_t got;

	if (unpack(r, head, sizeof(head), &got, err) < 0)
		return -1;
	if (got == 0)
		return 0;
	if (got < sizeof(head))
		return wrong(r, start, "the file ends within the record that begins here", err);
	if (number_at(head + 8, 4) != tfrecord_checksum(head, 8))
		return wrong(r, start, "no record begins here (the checksum of its length)", err);
	length = number_at(head, 8);
	if (length > TFRECORD_BYTES_MAX)
		return err_set(err, ERR_LIMIT,
			       "%s: %sbyte %" PRIu64 ": a record of %" PRIu64
			       " bytes, at most %zu are read",
			       r->name, r->is_gzip ? "unpacked " : "", start, length,
			       TFRECORD_BYTES_MAX);
	*n = (size_t)length;
	return 1;
}

int tfrecord_next(struct tfrecord_reader *r, struct tfrecord *record, struct err *err)
{
	uint64_t start = r->offset;
	size_t n = 0;
	int got;

	if (!r->is_begun && begin(r, err) < 0)
		return -1;
	got = read_head(r, start, &n, err);
	if (got <= 0)
		return got;
	if (read_data(r, start, n + TFRECORD_FOOT_BYTES, err) < 0)
		return -1;
	if (number_at(r->data.data + n, 4) != tfrecord_checksum(r->data.data, n))
		return wrong(r, start, "the record that begins here is damaged (its checksum)",
			     err);
	r->data.data[n] = '\0';
	*record = (struct tfrecord){.name = r->name,
				    .offset = start + TFRECORD_HEAD_BYTES,
				    .is_packed = r->is_gzip,
				    .data = r->data.data,
				    .len = n};
	return 1;
}
