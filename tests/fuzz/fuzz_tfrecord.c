/* SPDX-License-Identifier: MIT */
/*
 * tfrecord_next and the examples in what it gives. The input is taken as a file, plain or gzip; as a
 * row of records whose checksums are put right, which mutations never keep; and as one example. What
 * is read of a plain file is written again to the same bytes.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "formats/encoding/tfrecord.h"

#define NAME "fuzz.tfrecord"

static void check_refused(const struct err *err)
{
	if (err->code != ERR_FORMAT && err->code != ERR_LIMIT)
		abort();
	if (strncmp(err->msg, NAME ": ", strlen(NAME) + 2) != 0 || strchr(err->msg, '\n'))
		abort();
}

static void check_example(const struct tfrecord *record)
{
	struct err err = {0};
	const char *data;
	size_t n;
	int64_t v;
	int got = tf_example_find_bytes(record, "image", &data, &n, &err);

	if (got < 0)
		check_refused(&err);
	if (got > 0 && n > 0 &&
	    (data < record->data || n > record->len - (size_t)(data - record->data)))
		abort();
	if (tf_example_find_int(record, "width", &v, &err) < 0)
		check_refused(&err);
}

static void check_file(const void *data, size_t n)
{
	struct tfrecord_reader *reader = tfrecord_open_memory(NAME, data, n);
	struct buf again = {0};
	struct tfrecord record;
	struct err err = {0};
	bool is_plain = n == 0 || *(const uint8_t *)data != 0x1f;
	int got;

	while ((got = tfrecord_next(reader, &record, &err)) > 0) {
		check_example(&record);
		tfrecord_put(&again, record.data, record.len);
	}
	if (got < 0)
		check_refused(&err);
	if (is_plain && (again.len > n || (again.len && memcmp(again.data, data, again.len) != 0)))
		abort();
	if (is_plain && got == 0 && again.len != n)
		abort();
	buf_free(&again);
	tfrecord_close(reader);
}

/* Pieces, each of as many bytes as the byte before it says, as records in a gzip file. */
static void check_pieces(const uint8_t *data, size_t size)
{
	struct buf records = {0}, gzip = {0};

	while (size > 0) {
		size_t n = *data < size ? *data : size - 1;

		tfrecord_put(&records, data + 1, n);
		data += n + 1;
		size -= n + 1;
	}
	if (records.len > 0)
		tfrecord_put_gzip(&gzip, records.data, records.len, 1);
	check_file(gzip.data, gzip.len);
	buf_free(&gzip);
	buf_free(&records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tfrecord record = {.name = NAME, .data = (const char *)data, .len = size};

	check_file(data, size);
	check_pieces(data, size);
	check_example(&record);
	return 0;
}
