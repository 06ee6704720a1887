/* SPDX-License-Identifier: MIT */
/* npy: headers as NumPy writes them, whole numbers of every width, what is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <string.h>

#include <cmocka.h>

#include "formats/encoding/npy.h"

static struct npy parse(const struct buf *data)
{
	struct npy npy;
	struct err err = {0};

	if (npy_parse(&npy, "a", data->data, data->len, &err) < 0)
		fail_msg("%s", err.msg);
	return npy;
}

/* numpy.save of numpy.array([1, -2], "<i4"), byte for byte. */
static void test_bytes(void **state)
{
	static const char header[] = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }";
	struct buf out = {0};

	(void)state;
	npy_put_header(&out, "<i4", "(2,)");
	npy_put_number(&out, 1, 4);
	npy_put_number(&out, (uint64_t)-2, 4);
	assert_int_equal(out.len, 128 + 8);
	assert_memory_equal(out.data, "\x93NUMPY\x01\0\x76\0", 10);
	assert_memory_equal(out.data + 10, header, sizeof(header) - 1);
	assert_memory_equal(out.data + 126, " \n\1\0\0\0\xfe\xff\xff\xff", 10);
	buf_free(&out);
}

static void check_kind(const char *descr, int width, bool is_signed)
{
	uint64_t top = (uint64_t)1 << (8 * width - 1);
	struct buf out = {0};
	struct npy npy;

	buf_str(&out, "before");
	npy_put_header(&out, descr, "(2,)");
	npy_put_number(&out, top - 1, width);
	npy_put_number(&out, top, width);
	memmove(out.data, out.data + 6, out.len - 6);
	out.len -= 6;
	npy = parse(&out);
	assert_int_equal(npy.width, width);
	assert_int_equal(npy.is_signed, is_signed);
	assert_int_equal(npy.bytes, 2 * width);
	assert_true(npy_number(&npy, 0) == top - 1);
	assert_true(npy_number(&npy, 1) == (is_signed ? -top : top));
	assert_true(npy_has_shape(&npy, "(2,)"));
	assert_false(npy_has_shape(&npy, "(2, 1)"));
	buf_free(&out);
}

static void test_kinds(void **state)
{
	struct buf out = {0};

	(void)state;
	check_kind("<i2", 2, true);
	check_kind("<u2", 2, false);
	check_kind("<i4", 4, true);
	check_kind("<u4", 4, false);
	check_kind("<i8", 8, true);
	check_kind("<u8", 8, false);
	npy_put_header(&out, "<f4", "()");
	assert_int_equal(parse(&out).width, 0);
	buf_free(&out);
}

static void refuse(const char *data, size_t len, const char *message)
{
	struct npy npy;
	struct err err = {0};

	assert_int_equal(npy_parse(&npy, "a", data, len, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void test_refused(void **state)
{
	static const char version[] = "a: no NumPy array of version 1.0";
	struct buf out = {0};

	(void)state;
	npy_put_header(&out, "<i4", "(0,)");
	for (size_t n = 0; n < 10; n++)
		refuse(out.data, n, version);
	refuse(out.data, 127, "a: a NumPy header of 118 bytes");
	out.data[9] = 4;
	refuse(out.data, out.len, "a: a NumPy header of 1142 bytes");
	out.data[6] = 2;
	refuse(out.data, out.len, version);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
