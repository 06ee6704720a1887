/* SPDX-License-Identifier: MIT */
/*
 * tfrecord: TensorFlow's files of records, plain or gzip, and the message tf.train.Example in them.
 *
 *	struct tf_example example = {0};
 *	tf_example_put_bytes(&example, "image/encoded", png.data, png.len);
 *	tf_example_put_int(&example, "image/width", 640);
 *	if (tf_example_finish(&example, &records, &err) < 0) ...	(one record more; example is empty again)
 *	tf_example_free(&example);
 *	tfrecord_put_gzip(&file, records.data, records.len, 6);
 *
 *	struct tfrecord_reader *reader = tfrecord_open(path, &err);
 *	while ((got = tfrecord_next(reader, &record, &err)) > 0)
 *		if (tf_example_find_bytes(&record, "image/encoded", &data, &n, &err) == 1) ...
 *	tfrecord_close(reader);
 *
 * A record:
 *
 *	8 bytes     n, little-endian
 *	4 bytes     checksum of those 8
 *	n bytes     data
 *	4 bytes     checksum of those n
 *
 * A checksum is CRC-32C, turned right by 15 bits, plus 0xa282ead8. A file is a row of records. A gzip
 * file is a row of members, which together unpack to a row of records; so files of both kinds grow by
 * appending and may be cut back to any length that they had.
 *
 * Sources: https://www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details";
 * https://github.com/tensorflow/tensorflow, tensorflow/core/example/example.proto, feature.proto;
 * RFC 1952, 2.2 (several members).
 */
#ifndef FORMATS_TFRECORD_H
#define FORMATS_TFRECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define TFRECORD_BYTES_MAX ((size_t)64 << 20) /* of one record's data */

/* --- writing ---------------------------------------------------------------------------------- */

/* Appends one record. It may be longer than TFRECORD_BYTES_MAX, but is not read then. */
void tfrecord_put(struct buf *out, const void *data, size_t n);

/* Appends a gzip member of n bytes, which are whole records; level 1..9. Neither time nor name nor
 * system is in it: the same bytes for the same input and zlib. No bytes make no member. */
void tfrecord_put_gzip(struct buf *out, const void *records, size_t n, int level);

/* An example in the making; a zeroed one has no features. */
struct tf_example {
	struct buf features;
};

/* Appends a feature, a list of one value. Features stay in the order of these calls; each name is
 * given once. */
void tf_example_put_bytes(struct tf_example *example, const char *name, const void *data, size_t n);
void tf_example_put_int(struct tf_example *example, const char *name, int64_t v);

/* Appends the example to *out as a record and empties it; its memory stays for the next. ERR_LIMIT
 * over TFRECORD_BYTES_MAX: *out is as before, the example empty. */
int tf_example_finish(struct tf_example *example, struct buf *out, struct err *err);
void tf_example_free(struct tf_example *example);

/* --- reading ---------------------------------------------------------------------------------- */

struct tfrecord_reader;

/* A record that was read; all of it is the reader's, until the next call. */
struct tfrecord {
	const char *name; /* the file's */
	uint64_t offset;  /* of data: in the file, or in what a gzip file unpacks to: */
	bool is_packed;
	const char *data; /* NUL-terminated */
	size_t len;
};

/* Opens a file, plain or gzip as its first bytes say. NULL with ERR_IO. */
struct tfrecord_reader *tfrecord_open(const char *path, struct err *err);

/* The same of bytes in memory, which stay the caller's; messages call them by that name. */
struct tfrecord_reader *tfrecord_open_memory(const char *name, const void *data, size_t n);

/* The next record: 1, or 0 at the end of the file. -1 with ERR_FORMAT for wrong checksums, bytes that
 * are not gzip's and a file that ends within a record or a member; ERR_LIMIT for a longer record;
 * ERR_IO. Messages begin "NAME: byte OFFSET: " ("unpacked byte" of a gzip file's records). After that
 * only closing is left. */
int tfrecord_next(struct tfrecord_reader *reader, struct tfrecord *record, struct err *err);

/* NULL is allowed. */
void tfrecord_close(struct tfrecord_reader *reader);

/* A feature of an Example: 1 with its one value, which points into the record, or 0 where there is
 * none of that name. -1 with ERR_FORMAT, name and offset where the record is no Example, or the
 * feature is of another type or has no or several values. */
int tf_example_find_bytes(const struct tfrecord *record, const char *feature, const char **data,
			  size_t *n, struct err *err);
int tf_example_find_int(const struct tfrecord *record, const char *feature, int64_t *v,
			struct err *err);

#endif
