/* SPDX-License-Identifier: MIT */
/*
 * safetensors: what is written comes back, in every type; headers that lie, every way they can; disks
 * that fill up.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "formats/model/safetensors.h"
#include "tests/disk_faults.h"
#include "tests/random_shapes.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static char folder[] = "/tmp/test_safetensors.XXXXXX";

/* Every test starts in an empty folder. */
static int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_safetensors.XXXXXX");
	return !mkdtemp(folder) || chdir(folder) < 0;
}

static int leave_folder(void **state)
{
	struct err err = {0};

	(void)state;
	disk_fault = DISK_GOOD;
	return chdir("/") < 0 || fs_remove_tree(folder, &err) < 0;
}

static void put_length(struct buf *out, uint64_t n)
{
	for (int i = 0; i < 8; i++)
		buf_char(out, (char)(n >> 8 * i));
}

/* The file "t" with that header and n bytes behind it. */
static void put_file(const char *header, size_t n)
{
	struct buf out = {0};
	struct err err = {0};

	put_length(&out, strlen(header));
	buf_str(&out, header);
	for (size_t i = 0; i < n; i++)
		buf_char(&out, (char)(i + 1));
	assert_int_equal(fs_write("t", out.data, out.len, &err), 0);
	buf_free(&out);
}

static void refuse_file(enum err_code code, const char *message)
{
	struct err err = {0};

	assert_null(safetensors_open("t", &err));
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static void refuse(const char *header, size_t n, enum err_code code, const char *message)
{
	put_file(header, n);
	refuse_file(code, message);
}

static struct safetensors *open_file(void)
{
	struct err err = {0};
	struct safetensors *file = safetensors_open("t", &err);

	if (!file)
		fail_msg("%s", err.msg);
	return file;
}

static void test_reads(void **state)
{
	struct safetensors *file;
	const struct safetensor *t;

	(void)state;
	put_file("{\"b\":{\"dtype\":\"U8\",\"shape\":[2,3],\"data_offsets\":[8,14]},"
		 "\"__metadata__\":{\"format\":\"pt\",\"by\":\"hand\"},"
		 "\"a\":{\"dtype\":\"F8_NEW\",\"shape\":[7,7],\"data_offsets\":[0,8]},"
		 "\"none\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[8,8]},"
		 "\"one\":{\"dtype\":\"I16\",\"shape\":[],\"data_offsets\":[14,16]}}   ",
		 16);
	file = open_file();
	assert_int_equal(safetensors_count(file), 4);
	assert_string_equal(safetensors_at(file, 0)->name, "b");
	assert_string_equal(safetensors_at(file, 3)->name, "one");
	t = safetensors_find(file, "b");
	assert_ptr_equal(t, safetensors_at(file, 0));
	assert_int_equal(t->dtype, SAFETENSORS_U8);
	assert_int_equal(t->dims, 2);
	assert_true(t->shape[0] == 2 && t->shape[1] == 3 && t->count == 6 && t->bytes == 6);
	assert_memory_equal(t->data, "\x09\x0a\x0b\x0c\x0d\x0e", 6);
	t = safetensors_find(file, "a");
	assert_int_equal(t->dtype, SAFETENSORS_OTHER);
	assert_string_equal(t->dtype_name, "F8_NEW");
	assert_true(t->bytes == 8 && t->count == 49);
	assert_true(safetensors_find(file, "none")->count == 0);
	t = safetensors_find(file, "one");
	assert_true(t->dims == 0 && t->count == 1 && t->bytes == 2);
	assert_null(safetensors_find(file, "c"));
	assert_string_equal(safetensors_metadata(file, "by"), "hand");
	assert_null(safetensors_metadata(file, "name"));
	safetensors_close(file);
	put_file("{}", 0);
	file = open_file();
	assert_int_equal(safetensors_count(file), 0);
	assert_null(safetensors_find(file, "a"));
	safetensors_close(file);
	safetensors_close(NULL);
}

static void test_numbers(void **state)
{
	static const uint8_t bytes[] = {
		0,    0,    0xc0, 0x3f,                         /* F32 1.5 */
		0,    0,    0,    0,    0,    0,    0xd0, 0xbf, /* F64 -0.25 */
		0x20, 0xc1, 0x80, 0x7f, 0xc0, 0x7f,             /* BF16 -10, infinity, NaN */
		0,    0x3c, 1,    0x80, 0xff, 3,    0,    0xfc, 1, 0x7c, /* F16 */
		0,    0x04, 0xff, 0x7b,
	};
	struct buf out = {0};
	struct err err = {0};
	struct safetensors *file;
	float v[7];
	static const char header[] =
		"{\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
		"\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[4,12]},"
		"\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[12,18]},"
		"\"h\":{\"dtype\":\"F16\",\"shape\":[7],\"data_offsets\":[18,32]}}";

	(void)state;
	put_length(&out, strlen(header));
	buf_str(&out, header);
	buf_bytes(&out, bytes, sizeof(bytes));
	assert_int_equal(fs_write("t", out.data, out.len, &err), 0);
	buf_free(&out);
	file = open_file();
	assert_int_equal(safetensors_floats(file, safetensors_find(file, "f"), 0, 1, v, &err), 0);
	assert_true(v[0] == 1.5f);
	assert_int_equal(safetensors_floats(file, safetensors_find(file, "d"), 0, 1, v, &err), 0);
	assert_true(v[0] == -0.25f);
	assert_int_equal(safetensors_floats(file, safetensors_find(file, "b"), 0, 3, v, &err), 0);
	assert_true(v[0] == -10 && v[1] == INFINITY && isnan(v[2]));
	assert_int_equal(safetensors_floats(file, safetensors_find(file, "b"), 1, 1, v, &err), 0);
	assert_true(v[0] == INFINITY);
	assert_int_equal(safetensors_floats(file, safetensors_find(file, "h"), 0, 7, v, &err), 0);
	assert_true(v[0] == 1 && v[1] == -0x1p-24f && v[2] == 1023 * 0x1p-24f && v[3] == -INFINITY);
	assert_true(isnan(v[4]) && v[5] == 0x1p-14f && v[6] == 65504);
	safetensors_close(file);
}

static void test_other_types_are_no_numbers(void **state)
{
	struct safetensors *file;
	struct err err = {0};
	float v;

	(void)state;
	put_file("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
		 "\"b\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[8,9]}}",
		 9);
	file = open_file();
	assert_int_equal(safetensors_floats(file, safetensors_find(file, "a"), 0, 1, &v, &err), -1);
	assert_string_equal(err.msg, "t: 'a' is of type I64; read are F64, F32, F16 and BF16");
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_int_equal(safetensors_floats(file, safetensors_find(file, "b"), 0, 1, &v, &err), -1);
	assert_string_equal(err.msg, "t: 'b' is of type F4; read are F64, F32, F16 and BF16");
	safetensors_close(file);
}

static void test_refuses_lengths(void **state)
{
	struct err err = {0};
	struct buf out = {0};

	(void)state;
	assert_null(safetensors_open("nothing", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "cannot open nothing: No such file or directory");
	assert_int_equal(mkdir("t", 0777), 0);
	refuse_file(ERR_IO, "cannot read t: Is a directory");
	assert_int_equal(rmdir("t"), 0);
	assert_int_equal(mkfifo("t", 0666), 0);
	refuse_file(ERR_IO, "cannot read t: Illegal seek");
	assert_int_equal(unlink("t"), 0);
	assert_int_equal(fs_write("t", "", 0, &err), 0);
	refuse_file(ERR_FORMAT, "t: no header in 0 bytes");
	assert_int_equal(fs_write("t", "1234567", 7, &err), 0);
	refuse_file(ERR_FORMAT, "t: no header in 7 bytes");
	put_length(&out, (uint64_t)4 << 30);
	buf_str(&out, "{}");
	assert_int_equal(fs_write("t", out.data, out.len, &err), 0);
	refuse_file(ERR_FORMAT, "t: a header of 4294967296 bytes in a file of 10");
	memset(out.data, 0xff, 8);
	assert_int_equal(fs_write("t", out.data, out.len, &err), 0);
	refuse_file(ERR_FORMAT, "t: a header of 18446744073709551616 bytes in a file of 10");
	buf_free(&out);
	put_file("", 4);
	refuse_file(ERR_FORMAT, "t: the header must begin with {");
	put_file(" {}", 0);
	refuse_file(ERR_FORMAT, "t: the header must begin with {");
}

static void test_refuses_a_long_header(void **state)
{
	struct err err = {0};
	struct buf out = {0};

	(void)state;
	put_length(&out, SAFETENSORS_HEADER_MAX + 1);
	assert_int_equal(fs_write("t", out.data, out.len, &err), 0);
	assert_int_equal(truncate("t", (off_t)(SAFETENSORS_HEADER_MAX + 64)), 0);
	refuse_file(ERR_LIMIT, "t: a header of 67108865 bytes; at most 67108864");
	buf_free(&out);
}

/* Around one tensor: {"a":...}. */
static void refuse_tensor(const char *tensor, size_t n, enum err_code code, const char *message)
{
	struct buf header = {0};

	buf_str(&header, "{\"a\":");
	buf_str(&header, tensor);
	buf_str(&header, "}");
	refuse(header.data, n, code, message);
	buf_free(&header);
}

static void test_refuses_entries(void **state)
{
	static const struct {
		const char *tensor, *message;
	} bad[] = {
		{"3", "t:1:6: 'a' must be an object"},
		{"{\"shape\":[1],\"data_offsets\":[0,4]}", "t:1:6: 'a': 'dtype' must be a string"},
		{"{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,4]}",
		 "t:1:15: 'a': 'dtype' must be a string"},
		{"{\"dtype\":\"F32\",\"data_offsets\":[0,4]}",
		 "t:1:6: 'a': 'shape' must be a list"},
		{"{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}",
		 "t:1:29: 'a': 'shape' must be a list"},
		{"{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}",
		 "t:1:30: 'a': 'shape' must hold whole numbers below 2^53"},
		{"{\"dtype\":\"F32\",\"shape\":[0.5],\"data_offsets\":[0,4]}",
		 "t:1:30: 'a': 'shape' must hold whole numbers below 2^53"},
		{"{\"dtype\":\"F32\",\"shape\":[1e300],\"data_offsets\":[0,4]}",
		 "t:1:30: 'a': 'shape' must hold whole numbers below 2^53"},
		{"{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}",
		 "t:1:29: 'a': 'shape' overflows"},
		{"{\"dtype\":\"F32\",\"shape\":[4294967296,2147483648],\"data_offsets\":[0,4]}",
		 "t:1:6: 'a': 'shape' overflows"},
		{"{\"dtype\":\"F32\",\"shape\":[1]}",
		 "t:1:6: 'a': 'data_offsets' must be two whole numbers"},
		{"{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}",
		 "t:1:48: 'a': 'data_offsets' must be two whole numbers"},
		{"{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,-4]}",
		 "t:1:48: 'a': 'data_offsets' must be two whole numbers"},
		{"{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}",
		 "t:1:48: 'a': 'data_offsets' must be two whole numbers"},
		{"{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}",
		 "t:1:48: 'a': offsets 4 to 0 in data of 4 bytes"},
		{"{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}",
		 "t:1:48: 'a': offsets 0 to 8 in data of 4 bytes"},
		{"{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}",
		 "t:1:6: 'a': 4 bytes, its shape takes 8"},
		{"{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,4]}",
		 "t:1:6: 'a': 4 bytes, its shape takes 2"},
		{"{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}",
		 "t:1:58: 'a': unknown key 'x'"},
		{"{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}",
		 "t:1:41: key 'shape' given twice"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refuse_tensor(bad[i].tensor, 4, ERR_FORMAT, bad[i].message);
	refuse_tensor("{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}", 4,
		      ERR_LIMIT, "t:1:29: 'a': more than 8 dimensions");
}

static void test_refuses_headers(void **state)
{
	struct buf header = {0};

	(void)state;
	refuse("{", 0, ERR_FORMAT, "t:1:2: expected a key in quotes");
	refuse("{} x", 0, ERR_FORMAT, "t:1:4: more text behind the JSON value");
	refuse("{\"__metadata__\":3}", 0, ERR_FORMAT, "t:1:17: '__metadata__' must be an object");
	refuse("{\"__metadata__\":{\"a\":3}}", 0, ERR_FORMAT,
	       "t:1:22: '__metadata__' must hold strings");
	refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
	       "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
	       2, ERR_FORMAT, "t:1:58: key 'a' given twice");
	buf_str(&header, "{\"");
	for (int i = 0; i <= SAFETENSORS_NAME_MAX; i++)
		buf_char(&header, 'n');
	buf_str(&header, "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}");
	refuse(header.data, 1, ERR_LIMIT,
	       "t:1:518: 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...': a name of 513 bytes");
	buf_free(&header);
}

static void test_refuses_places(void **state)
{
	(void)state;
	refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
	       "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[3,7]}}",
	       7, ERR_FORMAT, "t: 'a' and 'b' overlap");
	refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
	       "\"b\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[2,2]}}",
	       4, ERR_FORMAT, "t: 'a' and 'b' overlap");
	refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[6,8]},"
	       "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
	       8, ERR_FORMAT, "t: 2 bytes before 'a' belong to no tensor");
	refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3, ERR_FORMAT,
	       "t: 1 bytes before 'a' belong to no tensor");
	refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 5, ERR_FORMAT,
	       "t: 3 bytes at the end belong to no tensor");
	refuse("{}", 5, ERR_FORMAT, "t: 5 bytes at the end belong to no tensor");
}

/* --- writing */

static void test_writes(void **state)
{
	static const char header[] =
		"{\"__metadata__\":{\"format\":\"pt\"},"
		"\"a.b\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[0,4]},"
		"\"\\\"\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]}}";
	static const float numbers[] = {1, -2};
	const uint64_t shape[] = {2, 1};
	struct safetensors_writer *writer = safetensors_writer_new();
	struct buf is = {0};
	struct err err = {0};

	(void)state;
	safetensors_declare(writer, "a.b", SAFETENSORS_BF16, 2, shape);
	safetensors_declare(writer, "\"", SAFETENSORS_F32, 0, NULL);
	assert_int_equal(safetensors_start(writer, "t", &err), 0);
	assert_int_equal(safetensors_add_floats(writer, numbers, 2, &err), 0);
	assert_int_equal(safetensors_add_floats(writer, numbers, 1, &err), 0);
	assert_int_equal(access("t", F_OK), -1);
	assert_int_equal(safetensors_finish(writer, &err), 0);
	assert_int_equal(fs_read("t", 1000, &is, &err), 0);
	assert_int_equal((uint8_t)is.data[0], (sizeof(header) - 1 + 7) / 8 * 8);
	assert_memory_equal(is.data + 8, header, sizeof(header) - 1);
	assert_memory_equal(is.data + is.len - 9, " \x80\x3f\x00\xc0\x00\x00\x80\x3f", 9);
	assert_int_equal(is.len % 8, 0);
	buf_free(&is);
	safetensors_drop(NULL);
}

/* To nearest, ties to even, as the truth says in doubles. */
static void test_rounds(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	const uint64_t shape = 20000;
	struct safetensors_writer *writer = safetensors_writer_new();
	float *numbers = mem_alloc(shape, sizeof(float)), *back = mem_alloc(shape, sizeof(float));
	struct safetensors *file;
	struct err err = {0};

	(void)state;
	for (uint64_t i = 0; i < shape; i++) {
		uint32_t bits = rng_u32(&rng) & (i % 2 ? 0xffffffff : 0xffff8000);

		if ((bits & 0x7f800000) >= 0x7f000000)
			bits &= 0x80ffffff;
		memcpy(&numbers[i], &bits, 4);
	}
	safetensors_declare(writer, "n", SAFETENSORS_BF16, 1, &shape);
	assert_int_equal(safetensors_start(writer, "t", &err), 0);
	assert_int_equal(safetensors_add_floats(writer, numbers, 7, &err), 0);
	assert_int_equal(safetensors_add_floats(writer, numbers + 7, shape - 7, &err), 0);
	assert_int_equal(safetensors_finish(writer, &err), 0);
	file = open_file();
	assert_int_equal(safetensors_floats(file, safetensors_at(file, 0), 0, shape, back, &err),
			 0);
	for (uint64_t i = 0; i < shape; i++) {
		double x = numbers[i], step = ldexp(1, (x == 0 ? -125 : ilogb(x)) - 7);

		step = step < 0x1p-133 ? 0x1p-133 : step;
		assert_true((double)back[i] == nearbyint(x / step) * step);
	}
	safetensors_close(file);
	free(numbers);
	free(back);
}

static struct {
	char name[16];
	enum safetensors_dtype dtype;
	int dims;
	uint64_t shape[SAFETENSORS_DIMS_MAX], bytes, at;
} made[40];

/* Random tensors, some of them empty, their bytes added in pieces that cross their bounds. */
static int write_random(struct rng *rng, const uint8_t *bytes, int count, struct err *err)
{
	struct safetensors_writer *writer = safetensors_writer_new();
	uint64_t total = 0;

	for (int i = 0; i < count; i++) {
		snprintf(made[i].name, sizeof(made[i].name), "t%d", i);
		made[i].dtype = (enum safetensors_dtype)rng_below(rng, SAFETENSORS_OTHER);
		made[i].dims = (int)rng_below(rng, 4);
		made[i].bytes = safetensors_types[made[i].dtype].bytes;
		for (int j = 0; j < made[i].dims; j++) {
			made[i].shape[j] = rng_below(rng, 6);
			made[i].bytes *= made[i].shape[j];
		}
		made[i].at = total;
		total += made[i].bytes;
		safetensors_declare(writer, made[i].name, made[i].dtype, made[i].dims,
				    made[i].shape);
	}
	if (safetensors_start(writer, "t", err) < 0) {
		safetensors_drop(writer);
		return -1;
	}
	for (uint64_t at = 0; at < total;) {
		uint64_t n = 1 + rng_below(rng, 3000);

		n = n < total - at ? n : total - at;
		if (safetensors_add(writer, bytes + at, n, err) < 0) {
			safetensors_drop(writer);
			return -1;
		}
		at += n;
	}
	return safetensors_finish(writer, err);
}

static void test_round_trip(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	static uint8_t bytes[COUNT(made) * 8 * 216];
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)rng_u32(&rng);
	for (int round = 0; round < 50; round++) {
		int count = (int)rng_below(&rng, COUNT(made) + 1);
		struct safetensors *file;

		assert_int_equal(write_random(&rng, bytes, count, &err), 0);
		file = open_file();
		assert_int_equal(safetensors_count(file), count);
		assert_string_equal(safetensors_metadata(file, "format"), "pt");
		for (int i = 0; i < count; i++) {
			const struct safetensor *t = safetensors_find(file, made[i].name);

			assert_ptr_equal(t, safetensors_at(file, (size_t)i));
			assert_int_equal(t->dtype, made[i].dtype);
			assert_int_equal(t->dims, made[i].dims);
			assert_memory_equal(t->shape, made[i].shape,
					    (size_t)t->dims * sizeof(*t->shape));
			assert_int_equal(t->bytes, made[i].bytes);
			assert_memory_equal(t->data, bytes + made[i].at, t->bytes);
		}
		safetensors_close(file);
	}
}

/* At whatever moment the disk fills up, the old file stays and nothing else. */
static void test_full_disk(void **state)
{
	static const uint8_t bytes[COUNT(made) * 8 * 216];
	long steps = 0;
	int rc = -1;

	(void)state;
	for (; rc < 0; steps++) {
		struct rng rng = rng_seed(5, 5);
		struct err err = {0};

		assert_true(steps < 100);
		put_file("{}", 0);
		disk_fault = DISK_FULL;
		disk_steps_left = steps;
		rc = write_random(&rng, bytes, 9, &err);
		disk_fault = DISK_GOOD;
		if (rc < 0) {
			assert_string_equal(err.msg, "cannot write t: No space left on device");
			assert_int_equal(access("t.tmp", F_OK), -1);
			safetensors_close(open_file());
		}
	}
	assert_true(steps > 5);
}

static void test_nowhere(void **state)
{
	struct safetensors_writer *writer = safetensors_writer_new();
	struct err err = {0};

	(void)state;
	assert_int_equal(safetensors_start(writer, "no/t", &err), -1);
	assert_string_equal(err.msg, "cannot write no/t: No such file or directory");
	safetensors_drop(writer);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
	const struct CMUnitTest tests[] = {
		T(test_reads),
		T(test_numbers),
		T(test_other_types_are_no_numbers),
		T(test_refuses_lengths),
		T(test_refuses_a_long_header),
		T(test_refuses_entries),
		T(test_refuses_headers),
		T(test_refuses_places),
		T(test_writes),
		T(test_rounds),
		T(test_round_trip),
		T(test_full_disk),
		T(test_nowhere),
	};
#undef T

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
