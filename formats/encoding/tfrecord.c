/* SPDX-License-Identifier: MIT */
/* Writing: records, and gzip members of them through zlib. */
#include <config.h>

#include "formats/encoding/tfrecord.h"

#include <assert.h>
#include <limits.h>

#include <zlib.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "formats/encoding/protobuf.h"
#include "formats/encoding/tfrecord_private.h"

enum {
	GZIP_WINDOW_BITS = 15 + 16, /* 16: a gzip header */
	MEMORY_LEVEL = 8,
	OS_UNKNOWN = 255,
	STEP_BYTES = 64 << 10
};

uint32_t tfrecord_checksum(const void *data, size_t n)
{
	uint32_t crc = crc32c(0, data, n);

	return (crc >> 15 | crc << 17) + 0xa282ead8;
}

void tfrecord_put(struct buf *out, const void *data, size_t n)
{
	size_t start = out->len;

	buf_reserve(out, mem_add(n, TFRECORD_HEAD_BYTES + TFRECORD_FOOT_BYTES));
	protobuf_put_fixed(out, n, 8);
	protobuf_put_fixed(out, tfrecord_checksum(out->data + start, 8), 4);
	buf_bytes(out, data, n);
	protobuf_put_fixed(out, tfrecord_checksum(data, n), 4);
}

static void open_gzip(z_stream *z, gz_header *header, int level)
{
	/* zlib takes the struct for its own until the header is written. */
	if (deflateInit2(z, level, Z_DEFLATED, GZIP_WINDOW_BITS, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		mem_exhausted((size_t)1 << 18);
	header->os = OS_UNKNOWN;
	deflateSetHeader(z, header);
}

/* Takes up to UINT_MAX bytes of the input at a time, for which it has that type. */
void tfrecord_put_gzip(struct buf *out, const void *records, size_t n, int level)
{
	z_stream z = {0};
	gz_header header = {0};
	int rc = Z_OK;

	assert(level >= 1 && level <= 9);
	if (n == 0)
		return;
	open_gzip(&z, &header, level);
	z.next_in = (Bytef *)records;
	while (rc != Z_STREAM_END) {
		if (z.avail_in == 0) {
			z.avail_in = n < UINT_MAX ? (uInt)n : UINT_MAX;
			n -= z.avail_in;
		}
		z.next_out = (Bytef *)buf_reserve(out, STEP_BYTES);
		z.avail_out = STEP_BYTES;
		rc = deflate(&z, n > 0 ? Z_NO_FLUSH : Z_FINISH);
		assert(rc == Z_OK || rc == Z_STREAM_END);
		out->len += STEP_BYTES - z.avail_out;
		out->data[out->len] = '\0';
	}
	deflateEnd(&z);
}
