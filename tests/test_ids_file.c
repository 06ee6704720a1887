/* SPDX-License-Identifier: MIT */
/* ids_file: the three formats written and read again, what is no id, and disks that are full. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/encoding/ids_file.h"
#include "tests/random_shapes.h"

#define PYTHON "/usr/bin/python3"

static char folder[256], path[300];

/* Texts as ids and where each ends. */
struct texts {
	uint32_t ids[4000];
	size_t ends[40];
	size_t count;
};

static int write_texts(const struct texts *t, const char *to, enum ids_format format,
		       struct err *err)
{
	struct ids_writer writer;
	size_t at = 0;
	int rc = ids_writer_open(&writer, to, format, err);

	for (size_t i = 0; i < t->count && rc == 0; at = t->ends[i++])
		rc = ids_writer_add(&writer, t->ids + at, NULL, t->ends[i] - at, err);
	if (rc == 0)
		rc = ids_writer_finish(&writer, err);
	ids_writer_free(&writer);
	return rc;
}

static void read_written(struct buf *text)
{
	struct err err = {0};

	buf_clear(text);
	assert_int_equal(fs_read(path, 1 << 20, text, &err), 0);
}

static void assert_written(const struct texts *t, enum ids_format format, const char *expected)
{
	struct buf text = {0};
	struct err err = {0};

	assert_int_equal(write_texts(t, path, format, &err), 0);
	read_written(&text);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

/* One text behind the other where the format knows no texts. */
static void assert_parsed(const struct texts *t, bool joined, const char *data, size_t len)
{
	size_t id_count = t->count ? t->ends[t->count - 1] : 0;
	struct ids_file file;
	struct err err = {0};

	if (ids_file_parse(&file, "f", data, len, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(file.id_count, id_count);
	for (size_t i = 0; i < id_count; i++)
		assert_int_equal(file.ids[i], t->ids[i]);
	assert_int_equal(file.count, joined ? 1 : t->count);
	for (size_t i = 0; i < file.count; i++)
		assert_int_equal(file.ends[i], joined ? id_count : t->ends[i]);
	ids_file_free(&file);
	assert_null(file.ids);
}

static void refuse(const char *data, size_t len, enum err_code code, const char *message)
{
	char *exact = malloc(len + 1); /* what is read behind the end is seen */
	struct ids_file file;
	struct err err = {0};

	assert_non_null(exact);
	memcpy(exact, data, len);
	assert_int_equal(ids_file_parse(&file, "f", exact, len, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
	assert_null(file.ids);
	assert_null(file.ends);
	free(exact);
}

static void refuse_text(const char *text, const char *message)
{
	refuse(text, strlen(text), ERR_FORMAT, message);
}

/* --- what is written ------------------------------------------------------------------------ */

static const struct texts few = {{1, 17, 4, 0, 4294967294}, {3, 3, 5}, 3};

static void test_text(void **state)
{
	static const char lines[] = "1 17 4\n\n0 4294967294\n";
	static const char blanks[] = " 1\t17  4 \r\n\r\n000 4294967294\r\n";

	(void)state;
	assert_written(&few, IDS_TEXT, lines);
	assert_parsed(&few, false, lines, strlen(lines));
	assert_parsed(&few, false, lines, strlen(lines) - 1); /* no end of the last line */
	assert_parsed(&few, false, blanks, strlen(blanks));
	assert_written(&(struct texts){.count = 0}, IDS_TEXT, "");
	assert_parsed(&(struct texts){.count = 0}, false, "", 0);
}

static void test_json(void **state)
{
	static const char lines[] = "{\"ids\":[1,17,4]}\n{\"ids\":[]}\n{\"ids\":[0,4294967294]}\n";
	static const char others[] = "[1, 17, 4e0]\r\n{\"x\": 0, \"ids\": []}\n[0.0,4294967294]";

	(void)state;
	assert_written(&few, IDS_JSON, lines);
	assert_parsed(&few, false, lines, strlen(lines));
	assert_parsed(&few, false, others, strlen(others));
}

static void test_spans(void **state)
{
	const struct token_span spans[] = {{0, 1}, {1, 5}};
	struct ids_writer writer;
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(ids_writer_open(&writer, path, IDS_JSON, &err), 0);
	assert_int_equal(ids_writer_add(&writer, few.ids, spans, 2, &err), 0);
	assert_int_equal(ids_writer_add(&writer, few.ids, spans, 1, &err), 0);
	assert_int_equal(ids_writer_finish(&writer, &err), 0);
	ids_writer_free(&writer);
	read_written(&text);
	assert_string_equal(text.data, "{\"ids\":[1,17],\"spans\":[[0,1],[1,5]]}\n"
				       "{\"ids\":[1],\"spans\":[[0,1]]}\n");
	buf_free(&text);
}

static void test_npy(void **state)
{
	static const char header[] = "{'descr': '<i4', 'fortran_order': False, 'shape': (4,), }";
	const struct texts t = {{1, 300, 70000, 2147483647}, {1, 1, 4}, 3};
	struct buf data = {0};
	struct err err = {0};
	size_t n;

	(void)state;
	assert_int_equal(write_texts(&t, path, IDS_NPY, &err), 0);
	read_written(&data);
	assert_memory_equal(data.data, "\x93NUMPY\x01\0", 8);
	n = 10 + (uint8_t)data.data[8] + 256 * (size_t)(uint8_t)data.data[9];
	assert_int_equal(n % 64, 0);
	assert_memory_equal(data.data + 10, header, strlen(header));
	for (size_t i = 10 + strlen(header); i < n - 1; i++)
		assert_int_equal(data.data[i], ' ');
	assert_int_equal(data.data[n - 1], '\n');
	assert_int_equal(data.len, n + 16);
	assert_memory_equal(data.data + n, "\1\0\0\0\x2c\1\0\0\x70\x11\1\0\xff\xff\xff\x7f", 16);
	assert_parsed(&t, true, data.data, data.len);
	buf_free(&data);
}

static void test_npy_of_large_ids(void **state)
{
	struct err err = {0};

	(void)state;
	unlink(path);
	assert_int_equal(write_texts(&few, path, IDS_NPY, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "id 4294967294 is too large for npy");
	assert_int_equal(access(path, F_OK), -1);
}

static void random_texts(struct texts *t, struct rng *rng, uint32_t below)
{
	size_t at = 0;

	t->count = rng_below(rng, 40);
	for (size_t i = 0; i < t->count; i++) {
		size_t n = rng_chance(rng, 0.2) ? 0 : rng_below(rng, 100);

		for (; n > 0; n--)
			t->ids[at++] = rng_below(rng, rng_chance(rng, 0.5) ? 1000 : below);
		t->ends[i] = at;
	}
}

static void test_round_trips(void **state)
{
	static const enum ids_format formats[] = {IDS_TEXT, IDS_JSON, IDS_NPY};
	struct rng rng = rng_seed(test_seed(), 1);
	struct buf data = {0};
	struct err err = {0};
	struct texts t;

	(void)state;
	for (int i = 0; i < 90; i++) {
		enum ids_format format = formats[i % 3];

		random_texts(&t, &rng, format == IDS_NPY ? 1u << 31 : UINT32_MAX);
		assert_int_equal(write_texts(&t, path, format, &err), 0);
		read_written(&data);
		assert_parsed(&t, format == IDS_NPY, data.data, data.len);
	}
	buf_free(&data);
}

/* More than is gathered before it is handed on. */
static void test_large_file(void **state)
{
	struct texts t = {.count = 40};
	struct ids_writer writer;
	struct buf data = {0};
	struct ids_file file;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < 4000; i++)
		t.ids[i] = 4000000000u + (uint32_t)i;
	assert_int_equal(ids_writer_open(&writer, path, IDS_TEXT, &err), 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(ids_writer_add(&writer, t.ids, NULL, 4000, &err), 0);
	assert_int_equal(ids_writer_finish(&writer, &err), 0);
	ids_writer_free(&writer);
	assert_int_equal(fs_read(path, 8 << 20, &data, &err), 0);
	assert_int_equal(data.len, 100 * 4000 * 11);
	assert_int_equal(ids_file_parse(&file, "f", data.data, data.len, &err), 0);
	assert_int_equal(file.count, 100);
	assert_int_equal(file.id_count, 400000);
	for (size_t i = 0; i < file.id_count; i++)
		assert_int_equal(file.ids[i], 4000000000u + i % 4000);
	ids_file_free(&file);
	buf_free(&data);
}

/* NumPy itself. */
static void test_numpy(void **state)
{
	const struct texts t = {{5, 70000, 2147483647}, {3}, 1};
	char command[1000];
	struct err err = {0};

	(void)state;
	if (system(PYTHON " -c 'import numpy' 2>/dev/null") != 0) {
		print_message("# " PYTHON " has no numpy\n");
		skip();
	}
	assert_int_equal(write_texts(&t, path, IDS_NPY, &err), 0);
	snprintf(command, sizeof(command),
		 PYTHON " -c \"import numpy; a = numpy.load('%s'); assert a.dtype == numpy.int32;"
			" assert a.tolist() == [5, 70000, 2147483647]\"",
		 path);
	assert_int_equal(system(command), 0);
	for (const char *const *kind =
		     (const char *const[]){"u2", "i2", "u4", "i4", "u8", "i8", NULL};
	     *kind; kind++) {
		const struct texts small = {{7, 0, 32767}, {3}, 1};
		struct buf data = {0};

		snprintf(command, sizeof(command),
			 PYTHON " -c \"import numpy; numpy.save('%s',"
				" numpy.array([7, 0, 32767], '%s'))\" && mv %s.npy %s",
			 path, *kind, path, path);
		assert_int_equal(system(command), 0);
		read_written(&data);
		assert_parsed(&small, true, data.data, data.len);
		buf_free(&data);
	}
}

/* --- what is no id -------------------------------------------------------------------------- */

static void test_text_refused(void **state)
{
	(void)state;
	refuse_text("1 2\n3 x4 5\n", "f:2: 'x4' is no id");
	refuse_text("-1", "f:1: '-1' is no id");
	refuse_text("+1", "f:1: '+1' is no id");
	refuse_text("1.5 2", "f:1: '1.5' is no id");
	refuse_text("12a", "f:1: '12a' is no id");
	refuse_text("1,2", "f:1: '1,2' is no id");
	refuse_text("\n\n\n4294967295", "f:4: '4294967295' is no id");
	refuse_text("4294967296", "f:1: '4294967296' is no id");
	refuse_text("99999999999999999999999999", "f:1: '99999999999999999999' is no id");
	refuse_text("abcdefghijklmnopqrstuvwxyz", "f:1: 'abcdefghijklmnopqrst' is no id");
	refuse("1\0"
	       "2",
	       3, ERR_FORMAT, "f:1: '1' is no id");
}

static void test_json_refused(void **state)
{
	static const char list[] = "f:1: expected an array of ids, or an object with 'ids'";

	(void)state;
	refuse_text("{}", list);
	refuse_text("{\"ids\": 1}", list);
	refuse_text("{\"ids\": {\"a\": 1}}", list);
	refuse_text("[1]\n3", "f:2: expected an array of ids, or an object with 'ids'");
	refuse_text("[-1]", "f:1: no id");
	refuse_text("[1, 2.5]", "f:1: no id");
	refuse_text("[4294967295]", "f:1: no id");
	refuse_text("[1e300]", "f:1: no id");
	refuse_text("[\"1\"]", "f:1: no id");
	refuse_text("[null]", "f:1: no id");
	refuse_text("[[1]]", "f:1: no id");
	refuse_text("[1]\n[2]\n{\"ids\": [1, true]}", "f:3: no id");
	refuse_text("[1]\n\n[2]", "f:2: a value is missing at the end");
	refuse_text("[1\n]", "f:1: expected ',' or ']'");
}

/* A NumPy file of n bytes of data. */
static size_t make_npy(char data[256], const char *header, const char *numbers, size_t n)
{
	size_t len = strlen(header);

	memcpy(data, "\x93NUMPY\x01\0", 8);
	data[8] = (char)len;
	data[9] = (char)(len >> 8);
	memcpy(data + 10, header, len);
	memcpy(data + 10 + len, numbers, n);
	return 10 + len + n;
}

static void refuse_npy(const char *header, const char *numbers, size_t n, enum err_code code,
		       const char *message)
{
	char data[256];

	refuse(data, make_npy(data, header, numbers, n), code, message);
}

#define HEADER(kind, shape) "{'descr': '" kind "', 'fortran_order': False, 'shape': " shape ", }\n"

static void accept_npy(const char *header, const char *numbers, size_t n, uint32_t id)
{
	const struct texts t = {{id}, {1}, 1};
	char data[256];

	assert_parsed(&t, true, data, make_npy(data, header, numbers, n));
}

static void test_npy_kinds(void **state)
{
	(void)state;
	accept_npy(HEADER("<u2", "(1,)"), "\xff\xff", 2, 65535);
	accept_npy(HEADER("<i2", "(1,)"), "\xff\x7f", 2, 32767);
	accept_npy(HEADER("<u4", "(1,)"), "\xfe\xff\xff\xff", 4, 4294967294);
	accept_npy(HEADER("<i4", "(1,)"), "\xff\xff\xff\x7f", 4, 2147483647);
	accept_npy(HEADER("<u8", "(1,)"), "\xfe\xff\xff\xff\0\0\0\0", 8, 4294967294);
	accept_npy(HEADER("<i8", "(1,)"), "\xfe\xff\xff\xff\0\0\0\0", 8, 4294967294);
	refuse_npy(HEADER("<i2", "(1,)"), "\xff\xff", 2, ERR_FORMAT, "f: number 0 is no id");
	refuse_npy(HEADER("<i2", "(2,)"), "\1\0\0\x80", 4, ERR_FORMAT, "f: number 1 is no id");
	refuse_npy(HEADER("<i4", "(1,)"), "\xfe\xff\xff\xff", 4, ERR_FORMAT,
		   "f: number 0 is no id");
	refuse_npy(HEADER("<u4", "(1,)"), "\xff\xff\xff\xff", 4, ERR_FORMAT,
		   "f: number 0 is no id");
	refuse_npy(HEADER("<i8", "(1,)"), "\xff\xff\xff\xff\xff\xff\xff\xff", 8, ERR_FORMAT,
		   "f: number 0 is no id");
	refuse_npy(HEADER("<u8", "(1,)"), "\0\0\0\0\1\0\0\0", 8, ERR_FORMAT,
		   "f: number 0 is no id");
}

static void test_npy_refused(void **state)
{
	static const char version[] = "f: no NumPy array of version 1.0";
	static const char kind[] = "f: a NumPy array of numbers that are no ids";
	char data[256];
	size_t len = make_npy(data, HEADER("<i4", "(2,)"), "\1\0\0\0\2\0\0\0", 8);

	(void)state;
	for (size_t n = 1; n < 10; n++)
		refuse(data, n, ERR_FORMAT, version);
	refuse(data, 10, ERR_FORMAT, "f: a NumPy header of 58 bytes");
	refuse(data, 67, ERR_FORMAT, "f: a NumPy header of 58 bytes");
	refuse(data, 68, ERR_FORMAT, "f: no NumPy array of one dimension and 0 numbers");
	refuse(data, len - 1, ERR_FORMAT, "f: no NumPy array of one dimension and 1 numbers");
	refuse(data, len - 4, ERR_FORMAT, "f: no NumPy array of one dimension and 1 numbers");
	refuse_npy(HEADER("<i4", "(1,)"), "\1\0\0\0\2\0\0\0", 8, ERR_FORMAT,
		   "f: no NumPy array of one dimension and 2 numbers");
	refuse_npy(HEADER("<i4", "(1, 2)"), "\1\0\0\0\2\0\0\0", 8, ERR_FORMAT,
		   "f: no NumPy array of one dimension and 2 numbers");
	refuse_npy(HEADER("<i4", "()"), "\1\0\0\0", 4, ERR_FORMAT,
		   "f: no NumPy array of one dimension and 1 numbers");
	refuse_npy(HEADER("<f4", "(1,)"), "\1\0\0\0", 4, ERR_UNSUPPORTED, kind);
	refuse_npy(HEADER("<f8", "(0,)"), "", 0, ERR_UNSUPPORTED, kind);
	refuse_npy(HEADER(">i4", "(1,)"), "\0\0\0\1", 4, ERR_UNSUPPORTED, kind);
	refuse_npy(HEADER("|i1", "(1,)"), "\1", 1, ERR_UNSUPPORTED, kind);
	data[6] = 2;
	refuse(data, len, ERR_FORMAT, version);
	data[6] = 1;
	data[9] = 4;
	refuse(data, len, ERR_FORMAT, "f: a NumPy header of 1082 bytes");
}

/* --- where it cannot be written ------------------------------------------------------------- */

static void test_full_disk(void **state)
{
	const struct texts t = {{1, 2, 3}, {3}, 1};

	(void)state;
	if (access("/dev/full", W_OK) < 0) {
		print_message("# no /dev/full\n");
		skip();
	}
	for (enum ids_format format = IDS_TEXT; format <= IDS_NPY; format++) {
		struct err err = {0};

		assert_int_equal(write_texts(&t, "/dev/full", format, &err), -1);
		assert_int_equal(err.code, ERR_IO);
		assert_string_equal(err.msg, "cannot write /dev/full: No space left on device");
	}
}

static void test_no_folder(void **state)
{
	const struct texts t = {{1, 2, 3}, {3}, 1};
	char absent[400], message[500];

	(void)state;
	snprintf(absent, sizeof(absent), "%s/absent/f", folder);
	snprintf(message, sizeof(message), "cannot write %s: No such file or directory", absent);
	for (enum ids_format format = IDS_TEXT; format <= IDS_NPY; format++) {
		struct err err = {0};

		assert_int_equal(write_texts(&t, absent, format, &err), -1);
		assert_int_equal(err.code, ERR_IO);
		assert_string_equal(err.msg, message);
	}
}

/* What was not finished does not appear, and what stood there stays. */
static void test_not_finished(void **state)
{
	struct ids_writer writer;
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	assert_written(&few, IDS_TEXT, "1 17 4\n\n0 4294967294\n");
	for (enum ids_format format = IDS_TEXT; format <= IDS_NPY; format++) {
		assert_int_equal(ids_writer_open(&writer, path, format, &err), 0);
		assert_int_equal(ids_writer_add(&writer, few.ids, NULL, 3, &err), 0);
		ids_writer_free(&writer);
	}
	read_written(&text);
	assert_string_equal(text.data, "1 17 4\n\n0 4294967294\n");
	buf_free(&text);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fs_dir_in_use(folder, &err), 0);
}

/* In a process whose standard output is that file. Returns its exit status: 0, or 1 with what went
 * wrong in `message`. */
static int write_standard_output(const struct texts *t, enum ids_format format, const char *to,
				 char message[ERR_MSG_BYTES])
{
	struct err err = {0};
	int pipes[2], status;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	fflush(stdout);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int rc = freopen(to, "w", stdout) ? write_texts(t, NULL, format, &err) : -2;

		if (write(pipes[1], err.msg, strlen(err.msg)) < 0)
			rc = -3;
		_exit(-rc);
	}
	close(pipes[1]);
	got = read(pipes[0], message, ERR_MSG_BYTES - 1);
	assert_true(got >= 0);
	message[got] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_standard_output(void **state)
{
	const struct texts t = {{1, 2, 3}, {3}, 1};
	char message[ERR_MSG_BYTES];
	struct buf data = {0};

	(void)state;
	assert_int_equal(write_standard_output(&t, IDS_TEXT, path, message), 0);
	read_written(&data);
	assert_string_equal(data.data, "1 2 3\n");
	assert_int_equal(write_standard_output(&t, IDS_JSON, path, message), 0);
	read_written(&data);
	assert_string_equal(data.data, "{\"ids\":[1,2,3]}\n");
	assert_int_equal(write_standard_output(&t, IDS_NPY, path, message), 0);
	read_written(&data);
	assert_parsed(&t, true, data.data, data.len);
	buf_free(&data);
	if (access("/dev/full", W_OK) < 0)
		return;
	for (enum ids_format format = IDS_TEXT; format <= IDS_NPY; format++) {
		assert_int_equal(write_standard_output(&t, format, "/dev/full", message), 1);
		assert_string_equal(message,
				    "cannot write to standard output: No space left on device");
	}
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/test_ids_file.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/ids", folder);
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
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_npy),
		cmocka_unit_test(test_npy_of_large_ids),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_large_file),
		cmocka_unit_test(test_numpy),
		cmocka_unit_test(test_text_refused),
		cmocka_unit_test(test_json_refused),
		cmocka_unit_test(test_npy_kinds),
		cmocka_unit_test(test_npy_refused),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_no_folder),
		cmocka_unit_test(test_not_finished),
		cmocka_unit_test(test_standard_output),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
