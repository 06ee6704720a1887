/* SPDX-License-Identifier: MIT */
/*
 * tfrecord: bytes as TensorFlow writes them, random records there and back, plain and gzip, from files
 * and from memory; cut and damaged ones are told with name and offset; examples and what is no example.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/encoding/protobuf.h"
#include "formats/encoding/tfrecord.h"
#include "tests/random_shapes.h"

#define PYTHON "/usr/bin/python3"

static char folder[256], path[300];

static void write_file(const void *data, size_t n)
{
	struct err err = {0};

	if (fs_write(path, data, n, &err) < 0)
		fail_msg("%s", err.msg);
}

/* Masked CRC-32C, bit by bit. */
static uint32_t checksum_of(const void *data, size_t n)
{
	const uint8_t *bytes = data;
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	crc = ~crc;
	return (uint32_t)((crc >> 15 | (uint64_t)crc << 17) + 0xa282ead8);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void assert_number(const char *at, uint32_t expected)
{
	struct buf bytes = {0};

	protobuf_put_fixed(&bytes, expected, 4);
	assert_memory_equal(at, bytes.data, 4);
	buf_free(&bytes);
}

static void test_record_bytes(void **state)
{
	static const char empty[] = "\0\0\0\0\0\0\0\0\x29\x03\x98\x07\xd8\xea\x82\xa2";
	struct buf out = {0};

	(void)state;
	tfrecord_put(&out, "", 0);
	assert_int_equal(out.len, 16);
	assert_memory_equal(out.data, empty, 16);
	buf_clear(&out);
	buf_str(&out, "before");
	tfrecord_put(&out, "record", 6);
	assert_int_equal(out.len, 6 + 12 + 6 + 4);
	assert_memory_equal(out.data, "before\6\0\0\0\0\0\0\0", 14);
	assert_number(out.data + 14, checksum_of(out.data + 6, 8));
	assert_memory_equal(out.data + 18, "record", 6);
	assert_number(out.data + 24, checksum_of("record", 6));
	buf_free(&out);
}

static void put_example(struct buf *out)
{
	struct tf_example example = {0};
	struct err err = {0};

	tf_example_put_bytes(&example, "image", "\x89PNG\0", 5);
	tf_example_put_int(&example, "width", 640);
	tf_example_put_bytes(&example, "", "", 0);
	tf_example_put_int(&example, "least", INT64_MIN);
	if (tf_example_finish(&example, out, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(example.features.len, 0);
	tf_example_free(&example);
}

static void test_example_bytes(void **state)
{
	static const char expected[] = "\x0a\x48"
				       "\x0a\x12\x0a\x05image\x12\x09\x0a\x07\x0a\x05\x89PNG\0"
				       "\x0a\x0f\x0a\x05width\x12\x06\x1a\x04\x0a\x02\x80\x05"
				       "\x0a\x08\x0a\x00\x12\x04\x0a\x02\x0a\x00"
				       "\x0a\x17\x0a\x05least\x12\x0e\x1a\x0c\x0a\x0a"
				       "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";
	struct buf out = {0};

	(void)state;
	put_example(&out);
	assert_int_equal(out.len, 12 + sizeof(expected) - 1 + 4);
	assert_memory_equal(out.data + 12, expected, sizeof(expected) - 1);
	buf_free(&out);
}

static void test_example_is_bounded(void **state)
{
	struct tf_example example = {0};
	struct buf out = {0};
	struct err err = {0};
	void *data = calloc(TFRECORD_BYTES_MAX, 1);

	(void)state;
	assert_non_null(data);
	tf_example_put_bytes(&example, "image", data, TFRECORD_BYTES_MAX - 20);
	assert_int_equal(tf_example_finish(&example, &out, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(out.len, 0);
	assert_int_equal(example.features.len, 0);
	tf_example_free(&example);
	free(data);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Records of random lengths and where each ends. */
struct records {
	struct buf data; /* all their data */
	size_t ends[20];
	size_t count;
	struct buf plain;          /* as records */
	size_t plain_ends[20 + 1]; /* of the first i */
};

static struct records random_records(struct rng *rng)
{
	struct records r = {.count = rng_below(rng, 20)};

	buf_str(&r.data, "");
	for (size_t i = 0; i < r.count; i++) {
		size_t n = rng_below(rng, 1u << rng_below(rng, 10));
		bool noisy = rng_below(rng, 2);

		for (size_t k = 0; k < n; k++)
			buf_char(&r.data, (char)(noisy ? rng_below(rng, 256) : k / 16));
		tfrecord_put(&r.plain, r.data.data + (r.data.len - n), n);
		r.ends[i] = r.data.len;
		r.plain_ends[i + 1] = r.plain.len;
	}
	return r;
}

static void free_records(struct records *r)
{
	buf_free(&r->data);
	buf_free(&r->plain);
}

/* Whether that is record i of r. */
static bool is_record(const struct tfrecord *record, const struct records *r, size_t i)
{
	size_t start = i > 0 && i < r->count ? r->ends[i - 1] : 0;

	return i < r->count && record->len == r->ends[i] - start &&
	       memcmp(record->data, r->data.data + start, record->len) == 0 &&
	       record->data[record->len] == '\0' && record->offset == r->plain_ends[i] + 12;
}

/* Reads all; how many there were is in *count: SIZE_MAX where they are not the first of r. */
static int read_records(struct tfrecord_reader *reader, const struct records *r, size_t *count,
			struct err *err)
{
	struct tfrecord record;
	int got;

	*count = 0;
	while ((got = tfrecord_next(reader, &record, err)) > 0)
		*count = is_record(&record, r, *count) ? *count + 1 : SIZE_MAX;
	if (got == 0)
		assert_int_equal(tfrecord_next(reader, &record, err), 0);
	tfrecord_close(reader);
	return got;
}

static int read_bytes(const void *data, size_t n, const struct records *r, size_t *count,
		      struct err *err)
{
	uint8_t *exact = malloc(n + !n); /* so that a sanitizer sees a read behind it */
	int rc;

	assert_non_null(exact);
	if (n)
		memcpy(exact, data, n);
	rc = read_records(tfrecord_open_memory("x.tfrecord", exact, n), r, count, err);
	free(exact);
	return rc;
}

static void assert_reads(const struct buf *bytes, const struct records *r)
{
	struct err err = {0};
	struct tfrecord_reader *reader;
	size_t count;

	if (read_bytes(bytes->data, bytes->len, r, &count, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(count, r->count);
	write_file(bytes->data, bytes->len);
	reader = tfrecord_open(path, &err);
	if (!reader || read_records(reader, r, &count, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(count, r->count);
}

/* A member for every few records; ends[i] is where the first i end, or 0 where that is within one. */
static void put_members(struct buf *out, const struct records *r, struct rng *rng, size_t ends[21])
{
	size_t from = 0;

	memset(ends, 0, 21 * sizeof(*ends));
	for (size_t i = 1; i <= r->count; i++) {
		if (i < r->count && rng_below(rng, 2))
			continue;
		tfrecord_put_gzip(out, r->plain.data + from, r->plain_ends[i] - from,
				  1 + (int)rng_below(rng, 9));
		from = r->plain_ends[i];
		ends[i] = out->len;
	}
}

static void test_random_records(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct records r = random_records(&rng);
		struct buf gzip = {0};
		size_t ends[21];

		assert_reads(&r.plain, &r);
		put_members(&gzip, &r, &rng, ends);
		assert_reads(&gzip, &r);
		buf_free(&gzip);
		free_records(&r);
	}
}

/* Many chunks; and a length that begins as a gzip file does: 0x88b1f bytes. */
static void test_long_records(void **state)
{
	struct records r = {.count = 2};
	struct buf gzip = {0};

	(void)state;
	for (uint32_t i = 0; i < 3000000; i++)
		buf_char(&r.data, (char)(i * 2654435761u >> 28));
	r.ends[0] = 0x88b1f;
	r.ends[1] = r.data.len;
	tfrecord_put(&r.plain, r.data.data, r.ends[0]);
	r.plain_ends[1] = r.plain.len;
	tfrecord_put(&r.plain, r.data.data + r.ends[0], r.data.len - r.ends[0]);
	assert_memory_equal(r.plain.data, "\x1f\x8b\x08", 3);
	assert_reads(&r.plain, &r);
	tfrecord_put_gzip(&gzip, r.plain.data, r.plain.len, 1);
	assert_true(gzip.len < r.plain.len);
	assert_reads(&gzip, &r);
	buf_free(&gzip);
	free_records(&r);
}

static void assert_told(const struct err *err, enum err_code code)
{
	assert_int_equal(err->code, code);
	if (strncmp(err->msg, "x.tfrecord: ", 12) != 0 || !strstr(err->msg, "byte ") ||
	    strchr(err->msg, '\n'))
		fail_msg("%s", err->msg);
}

/* Cut anywhere: the whole records before, and an error unless the cut is where one ends. */
static void check_cuts(const struct buf *bytes, const struct records *r, const size_t ends[])
{
	for (size_t cut = 0; cut <= bytes->len; cut++) {
		struct err err = {0};
		size_t count, whole = 0;
		int rc = read_bytes(bytes->data, cut, r, &count, &err);

		for (size_t i = 1; i <= r->count; i++)
			if (ends[i] && ends[i] <= cut)
				whole = i;
		assert_in_range(count, whole, r->count);
		assert_int_equal(rc, ends[whole] == cut ? 0 : -1);
		if (rc < 0)
			assert_told(&err, ERR_FORMAT);
		else
			assert_int_equal(count, whole);
	}
}

/* Any bit that is turned is an error; of gzip also nothing, in what its header leaves open. */
static void check_damage(const struct buf *bytes, const struct records *r, bool is_gzip)
{
	char *copy = malloc(bytes->len + 1);

	assert_non_null(copy);
	for (size_t at = 0; at < bytes->len; at++) {
		struct err err = {0};
		size_t count;

		memcpy(copy, bytes->data, bytes->len);
		copy[at] ^= (char)(1 << at % 8);
		if (read_bytes(copy, bytes->len, r, &count, &err) == 0) {
			assert_true(is_gzip);
			assert_int_equal(count, r->count);
			continue;
		}
		/* A member's own checksum is behind its records, of which others may be read before. */
		assert_true(is_gzip || count <= r->count);
		if (err.code != ERR_LIMIT)
			assert_told(&err, ERR_FORMAT);
	}
	free(copy);
}

static void test_cut_and_damaged(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);

	(void)state;
	for (int round = 0; round < 8; round++) {
		struct records r = random_records(&rng);
		struct buf gzip = {0};
		size_t ends[21];

		check_cuts(&r.plain, &r, r.plain_ends);
		check_damage(&r.plain, &r, false);
		put_members(&gzip, &r, &rng, ends);
		check_cuts(&gzip, &r, ends);
		check_damage(&gzip, &r, true);
		buf_free(&gzip);
		free_records(&r);
	}
}

static void refuse(const void *data, size_t n, enum err_code code, const char *message)
{
	struct tfrecord_reader *reader = tfrecord_open_memory("x.tfrecord", data, n);
	struct tfrecord record;
	struct err err = {0};
	int got;

	while ((got = tfrecord_next(reader, &record, &err)) > 0)
		;
	assert_int_equal(got, -1);
	assert_int_equal(err.code, code);
	assert_string_equal(err.msg, message);
	tfrecord_close(reader);
}

static void put_head(struct buf *out, uint64_t n)
{
	size_t start = out->len;

	protobuf_put_fixed(out, n, 8);
	protobuf_put_fixed(out, checksum_of(out->data + start, 8), 4);
}

static void test_messages(void **state)
{
	struct buf out = {0}, gzip = {0};
	char message[200];

	(void)state;
	refuse("x", 1, ERR_FORMAT,
	       "x.tfrecord: byte 0: the file ends within the record that begins here");
	refuse("twelve bytes", 12, ERR_FORMAT,
	       "x.tfrecord: byte 0: no record begins here (the checksum of its length)");
	tfrecord_put(&out, "first", 5);
	put_head(&out, TFRECORD_BYTES_MAX);
	refuse(out.data, out.len, ERR_FORMAT,
	       "x.tfrecord: byte 21: the file ends within the record that begins here");
	out.len = 21;
	put_head(&out, TFRECORD_BYTES_MAX + 1);
	refuse(out.data, out.len, ERR_LIMIT,
	       "x.tfrecord: byte 21: a record of 67108865 bytes, at most 67108864 are read");
	tfrecord_put_gzip(&gzip, out.data, out.len, 6);
	refuse(gzip.data, gzip.len, ERR_LIMIT,
	       "x.tfrecord: unpacked byte 21: a record of 67108865 bytes, at most 67108864 are "
	       "read");
	out.data[12] ^= 1;
	refuse(out.data, out.len, ERR_FORMAT,
	       "x.tfrecord: byte 0: the record that begins here is damaged (its checksum)");
	buf_clear(&out);
	put_example(&out);
	buf_clear(&gzip);
	tfrecord_put_gzip(&gzip, out.data, out.len, 6);
	buf_str(&gzip, "and more");
	snprintf(message, sizeof(message),
		 "x.tfrecord: byte %zu: broken gzip: incorrect header check", gzip.len - 6);
	refuse(gzip.data, gzip.len, ERR_FORMAT, message);
	buf_free(&out);
	buf_free(&gzip);
}

static void test_files(void **state)
{
	struct tfrecord_reader *reader;
	struct tfrecord record;
	struct err err = {0};

	(void)state;
	assert_null(tfrecord_open("/nowhere/at/all", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, "/nowhere/at/all"));
	reader = tfrecord_open(folder, &err);
	assert_non_null(reader);
	assert_int_equal(tfrecord_next(reader, &record, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, folder));
	tfrecord_close(reader);
	tfrecord_close(NULL);
	write_file("", 0);
	reader = tfrecord_open(path, &err);
	assert_int_equal(tfrecord_next(reader, &record, &err), 0);
	tfrecord_close(reader);
}

/* --- examples --------------------------------------------------------------------------------- */

static struct tfrecord record_of(const struct buf *message)
{
	return (struct tfrecord){
		.name = "x.tfrecord", .offset = 100, .data = message->data, .len = message->len};
}

static void test_find(void **state)
{
	struct buf out = {0};
	struct tfrecord record = {.name = "x.tfrecord", .offset = 12};
	struct err err = {0};
	const char *data = NULL;
	size_t n = 0;
	int64_t v = 0;

	(void)state;
	put_example(&out);
	record.data = out.data + 12;
	record.len = out.len - 16;
	assert_int_equal(tf_example_find_bytes(&record, "image", &data, &n, &err), 1);
	assert_int_equal(n, 5);
	assert_memory_equal(data, "\x89PNG\0", 5);
	assert_int_equal(tf_example_find_bytes(&record, "", &data, &n, &err), 1);
	assert_int_equal(n, 0);
	assert_int_equal(tf_example_find_int(&record, "width", &v, &err), 1);
	assert_int_equal(v, 640);
	assert_int_equal(tf_example_find_int(&record, "least", &v, &err), 1);
	assert_true(v == INT64_MIN);
	assert_int_equal(tf_example_find_int(&record, "wid", &v, &err), 0);
	assert_int_equal(tf_example_find_bytes(&record, "widths", &data, &n, &err), 0);
	assert_int_equal(tf_example_find_int(&record, "image", &v, &err), -1);
	assert_string_equal(err.msg,
			    "x.tfrecord: byte 25: feature 'image' is no list of whole numbers");
	assert_int_equal(tf_example_find_bytes(&record, "width", &data, &n, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "x.tfrecord: byte 45: feature 'width' is no list of bytes");
	buf_free(&out);
}

/* Appends a message within a message and frees it. */
static void put_inner(struct buf *out, int field, struct buf *inner)
{
	protobuf_put_bytes(out, field, inner->data, inner->len);
	buf_free(inner);
}

/* An example of one feature "f", given as the bytes of its message. */
static struct buf example_of(const char *feature, size_t n)
{
	struct buf entry = {0}, features = {0}, example = {0};

	protobuf_put_bytes(&entry, 2, feature, n); /* before its name, which is allowed */
	protobuf_put_string(&entry, 1, "f");
	put_inner(&features, 1, &entry);
	protobuf_put_number(&example, 7, 5); /* unknown */
	put_inner(&example, 1, &features);
	return example;
}

static int find_number(const char *feature, size_t n, int64_t *v, struct err *err)
{
	struct buf example = example_of(feature, n);
	struct tfrecord record = record_of(&example);
	int got = tf_example_find_int(&record, "f", v, err);

	buf_free(&example);
	return got;
}

/* As other writers may write them. */
static void test_forms(void **state)
{
	struct err err = {0};
	int64_t v = 0;

	(void)state;
	assert_int_equal(find_number("\x1a\x02\x08\x07", 4, &v, &err), 1); /* not packed */
	assert_int_equal(v, 7);
	assert_int_equal(find_number("\x1a\x00\x1a\x03\x0a\x01\x09", 7, &v, &err), 1); /* merged */
	assert_int_equal(v, 9);
	assert_int_equal(find_number("\x0a\x03\x0a\x01x\x1a\x03\x0a\x01\x09", 10, &v, &err), 1);
	assert_int_equal(v, 9); /* the last of a oneof */
	assert_int_equal(find_number("\x1a\x05\x0d\0\0\0\0", 7, &v, &err), -1);
	assert_non_null(strstr(err.msg, "other numbers"));
	assert_int_equal(find_number("\x1a\x04\x0a\x02\x01\x02", 6, &v, &err), -1);
	assert_non_null(strstr(err.msg, "has 2 values, not one"));
	assert_int_equal(find_number("\x1a\x00", 2, &v, &err), -1);
	assert_non_null(strstr(err.msg, "has 0 values, not one"));
	assert_int_equal(find_number("", 0, &v, &err), -1);
	assert_non_null(strstr(err.msg, "no list of whole numbers"));
	assert_int_equal(find_number("\x12\x00", 2, &v, &err), -1);
	assert_non_null(strstr(err.msg, "no list of whole numbers"));
	assert_int_equal(find_number("\x18\x01", 2, &v, &err), -1);
	assert_non_null(strstr(err.msg, "a number where a list is to be"));
	assert_int_equal(find_number("\x1a\x03\x0a\x01\x80", 5, &v, &err), -1);
	assert_non_null(strstr(err.msg, "ends within a number"));
}

/* Cut or damaged: found, not found or refused with a message. */
static void test_broken_examples(void **state)
{
	struct rng rng = rng_seed(test_seed(), 3);
	struct buf out = {0};

	(void)state;
	put_example(&out);
	for (int round = 0; round < 3000; round++) {
		size_t n = out.len - 16;
		struct buf message = {0};
		struct tfrecord record;
		struct err err = {0};
		const char *data;
		int64_t v;

		buf_bytes(&message, out.data + 12, n);
		for (uint32_t i = rng_below(&rng, 3); i > 0; i--)
			message.data[rng_below(&rng, (uint32_t)n)] = (char)rng_below(&rng, 256);
		record = record_of(&message);
		record.len = rng_below(&rng, 2) ? n : rng_below(&rng, (uint32_t)n);
		if (tf_example_find_bytes(&record, "image", &data, &n, &err) < 0)
			assert_told(&err, ERR_FORMAT);
		if (tf_example_find_int(&record, "least", &v, &err) < 0)
			assert_told(&err, ERR_FORMAT);
		buf_free(&message);
	}
	buf_free(&out);
}

/* --- others ----------------------------------------------------------------------------------- */

/* Python unpacks concatenated members as one file. */
static void test_python_gzip(void **state)
{
	struct rng rng = rng_seed(test_seed(), 4);
	struct records r = random_records(&rng);
	struct buf gzip = {0};
	char command[1000];
	size_t ends[21];

	(void)state;
	if (system(PYTHON " -c '' 2>/dev/null") != 0) {
		free_records(&r);
		print_message("# no " PYTHON "\n");
		skip();
	}
	write_file(r.plain.data, r.plain.len);
	snprintf(command, sizeof(command), "mv %s %s.plain", path, path);
	assert_int_equal(system(command), 0);
	put_members(&gzip, &r, &rng, ends);
	write_file(gzip.data, gzip.len);
	snprintf(command, sizeof(command),
		 PYTHON " -c \"import gzip; "
			"assert gzip.open('%s').read() == open('%s.plain', 'rb').read()\"",
		 path, path);
	assert_int_equal(system(command), 0);
	buf_free(&gzip);
	free_records(&r);
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/cadgen-tfrecord.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/x.tfrecord", folder);
	return 0;
}

static int teardown(void **state)
{
	struct err err;

	(void)state;
	return fs_remove_tree(folder, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record_bytes),
		cmocka_unit_test(test_example_bytes),
		cmocka_unit_test(test_example_is_bounded),
		cmocka_unit_test(test_random_records),
		cmocka_unit_test(test_long_records),
		cmocka_unit_test(test_cut_and_damaged),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_broken_examples),
		cmocka_unit_test(test_python_gzip),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
