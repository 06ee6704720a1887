/* SPDX-License-Identifier: MIT */
/* protobuf: the examples of its documentation, numbers of all lengths there and back, broken fields. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/encoding/protobuf.h"
#include "tests/random_shapes.h"

static void assert_bytes(const struct buf *out, const char *bytes, size_t n)
{
	assert_int_equal(out->len, n);
	assert_memory_equal(out->data, bytes, n);
}

static void test_examples(void **state)
{
	struct buf out = {0};

	(void)state;
	protobuf_put_number(&out, 1, 150);
	assert_bytes(&out, "\x08\x96\x01", 3);
	buf_clear(&out);
	protobuf_put_string(&out, 2, "testing");
	assert_bytes(&out, "\x12\x07testing", 9);
	assert_int_equal(protobuf_bytes_field_bytes(7), 9);
	buf_clear(&out);
	protobuf_put_number(&out, 1, -2);
	assert_bytes(&out, "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11);
	buf_clear(&out);
	protobuf_put_double(&out, 1, 1);
	protobuf_put_float(&out, 16, -2);
	assert_bytes(&out, "\x09\0\0\0\0\0\0\xf0\x3f\x85\x01\0\0\0\xc0", 15);
	buf_free(&out);
}

static uint64_t random_number(struct rng *rng)
{
	uint64_t v = (uint64_t)rng_u32(rng) << 32;

	return (v | rng_u32(rng)) >> rng_below(rng, 64);
}

/* A field of random kind; returns its number and value. */
static void put_random(struct buf *out, struct rng *rng, struct protobuf_field *f)
{
	f->number = 1 + rng_below(rng, 1u << rng_below(rng, 29));
	f->value = random_number(rng);
	switch (rng_below(rng, 3)) {
	case 0:
		f->wire = PROTOBUF_VARINT;
		protobuf_put_number(out, (int)f->number, (int64_t)f->value);
		break;
	case 1:
		f->wire = PROTOBUF_FIXED64;
		protobuf_put_key(out, (int)f->number, f->wire);
		protobuf_put_fixed(out, f->value, 8);
		break;
	default:
		f->wire = PROTOBUF_BYTES;
		f->value %= 300;
		protobuf_put_key(out, (int)f->number, f->wire);
		protobuf_put_varint(out, f->value);
		for (uint64_t i = 0; i < f->value; i++)
			buf_char(out, (char)i);
	}
}

static void assert_field(const struct protobuf_field *f, const struct protobuf_field *want)
{
	assert_int_equal(f->number, want->number);
	assert_int_equal(f->wire, want->wire);
	if (want->wire == PROTOBUF_BYTES) {
		assert_true(f->bytes.len == want->value);
		for (size_t i = 0; i < f->bytes.len; i++)
			assert_int_equal(f->bytes.data[i], (char)i);
	} else {
		assert_true(f->value == want->value);
	}
}

/* Also cut anywhere: fewer fields, and an error unless the cut is where one ends. */
static void test_random_messages(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct protobuf_field fields[8], f;
		size_t ends[9] = {0}, count = rng_below(&rng, 9), cut, whole = 0;
		struct protobuf_span span;
		struct buf out = {0};
		const char *why = NULL;
		int got;

		for (size_t i = 0; i < count; i++) {
			put_random(&out, &rng, &fields[i]);
			ends[i + 1] = out.len;
		}
		cut = round % 2 ? out.len : rng_below(&rng, (uint32_t)out.len + 1);
		span = (struct protobuf_span){out.data, cut};
		while ((got = protobuf_next(&span, &f, &why)) > 0)
			assert_field(&f, &fields[whole++]);
		assert_true(ends[whole] <= cut && (whole == count || ends[whole + 1] > cut));
		assert_int_equal(got, ends[whole] == cut ? 0 : -1);
		assert_true(got == 0 || (why && span.data == out.data + ends[whole]));
		buf_free(&out);
	}
}

static void test_varints(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);

	(void)state;
	for (int round = 0; round < 1000; round++) {
		uint64_t v = round ? random_number(&rng) : UINT64_MAX, again;
		struct protobuf_span span;
		struct buf out = {0};
		const char *why;

		protobuf_put_varint(&out, v);
		assert_int_equal(out.len, protobuf_varint_bytes(v));
		span = (struct protobuf_span){out.data, out.len};
		assert_int_equal(protobuf_next_varint(&span, &again, &why), 1);
		assert_true(again == v);
		assert_int_equal(protobuf_next_varint(&span, &again, &why), 0);
		buf_free(&out);
	}
}

static void refuse(const char *bytes, size_t n, const char *what)
{
	struct protobuf_span span = {bytes, n};
	struct protobuf_field f;
	const char *why;

	assert_int_equal(protobuf_next(&span, &f, &why), -1);
	assert_string_equal(why, what);
	assert_ptr_equal(span.data, bytes);
}

static void test_refused(void **state)
{
	(void)state;
	refuse("\x0b\x0c", 2, "no field begins so"); /* a group */
	refuse("\x0e", 1, "no field begins so");
	refuse("\x00", 1, "no field begins so");
	refuse("\x80\x80\x80\x80\x10\x01", 6, "no field begins so"); /* number 2^29 */
	refuse("\x08", 1, "ends within a field");
	refuse("\x08\x80", 2, "ends within a number");
	refuse("\x0d\0\0\0", 4, "ends within a number");
	refuse("\x0a\x02x", 3, "ends within a field");
	refuse("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x", 12, "ends within a field");
	refuse("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, "a number of more than 64 bits");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_random_messages),
		cmocka_unit_test(test_varints),
		cmocka_unit_test(test_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
