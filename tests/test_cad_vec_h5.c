/* SPDX-License-Identifier: MIT */
/* cad_vec_h5: there and back, the same bytes, and what is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/cad/cad_vec_h5.h"
#include "tests/deepcad_samples.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"

static struct arena arena;
static char folder[] = "/tmp/cadgen-h5.XXXXXX", path[64];

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/vec.h5", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	arena_free(&arena);
	return rmdir(folder);
}

static void need_h5(void)
{
	if (!cad_vec_h5_available()) {
		print_message("# built without libhdf5\n");
		skip();
	}
}

static void there_and_back(const struct cad_vec *vec)
{
	struct cad_vec again;
	struct buf first = {0}, second = {0};
	struct err err = {0};

	if (cad_vec_write_h5(vec, path, &err) < 0 ||
	    fs_read(path, CAD_VEC_FILE_BYTES_MAX, &first, &err) < 0 ||
	    cad_vec_read_h5(&again, path, cad_vec_h5_said, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(again.count, vec->count);
	for (size_t i = 0; i < vec->count; i++)
		assert_memory_equal(again.rows[i].at, vec->rows[i].at, sizeof(vec->rows[i].at));
	if (cad_vec_write_h5(&again, path, &err) < 0 ||
	    fs_read(path, CAD_VEC_FILE_BYTES_MAX, &second, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	assert_memory_equal(first.data, "\211HDF\r\n\032\n", 8);
	buf_free(&first);
	buf_free(&second);
}

static void test_random_models(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	int count = 0;

	(void)state;
	need_h5();
	for (int i = 0; i < 50; i++) {
		struct deepcad_model model = random_model(&rng, &arena);
		struct cad_vec vec;
		struct err err = {0};

		if (cad_vec_from_deepcad(&vec, &model, false, &arena, &err) < 0)
			continue;
		there_and_back(&vec);
		count++;
	}
	assert_true(count > 10);
}

static void check_file(const char *file)
{
	struct cad_vec vec;
	struct err err = {0};

	if (cad_vec_read(&vec, file, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	there_and_back(&vec);
}

static void test_real_files(void **state)
{
	(void)state;
	need_h5();
	each_deepcad_file(".vec.txt", check_file);
}

static void refuse(const char *bytes, size_t len, enum err_code code, const char *why)
{
	struct cad_vec vec;
	struct err err = {0};

	assert_int_equal(fs_write(path, bytes, len, &err), 0);
	assert_int_equal(cad_vec_read_h5(&vec, path, cad_vec_h5_said, &arena, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, why) || !strstr(err.msg, path))
		fail_msg("%s", err.msg);
}

/* Whatever is cut off, a file that is not whole is one line. */
static void test_refused(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	struct cad_vec vec;
	struct buf whole = {0};
	struct err err = {0};

	(void)state;
	need_h5();
	refuse("", 0, ERR_FORMAT, "no HDF5 file");
	refuse("0 1 2\n", 6, ERR_FORMAT, "no HDF5 file");
	do {
		struct deepcad_model model = random_model(&rng, &arena);

		err = (struct err){0};
		cad_vec_from_deepcad(&vec, &model, false, &arena, &err);
	} while (err.code);
	if (cad_vec_write_h5(&vec, path, &err) < 0 ||
	    fs_read(path, CAD_VEC_FILE_BYTES_MAX, &whole, &err) < 0)
		fail_msg("%s", err.msg);
	for (size_t len = 1; len < whole.len; len += len < 200 ? 13 : 211) {
		struct cad_vec cut;

		err = (struct err){0};
		assert_int_equal(fs_write(path, whole.data, len, &err), 0);
		if (cad_vec_read_h5(&cut, path, cad_vec_h5_said, &arena, &err) == 0)
			fail_msg("%zu bytes of %zu were read", len, whole.len);
		assert_non_null(strstr(err.msg, path));
	}
	buf_free(&whole);
}

/* A row that its command does not allow is told as of any other file. */
static void test_rows(void **state)
{
	struct cad_vec_row rows[2];
	struct cad_vec vec = {rows, 2}, again;
	struct err err = {0};

	(void)state;
	need_h5();
	for (int i = 0; i < 2; i++)
		for (int c = 0; c < CAD_VEC_COLUMN_COUNT_; c++)
			rows[i].at[c] = -1;
	rows[0].at[CAD_VEC_COMMAND] = 99;
	rows[1].at[CAD_VEC_COMMAND] = CAD_VEC_COMMAND_EOS;
	if (cad_vec_write_h5(&vec, path, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(cad_vec_read_h5(&again, path, cad_vec_h5_said, &arena, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "vec.h5:1"));
}

static void test_absent(void **state)
{
	struct err err = {0};

	(void)state;
	if (cad_vec_h5_available()) {
		print_message("# built with libhdf5\n");
		skip();
	}
	assert_int_equal(cad_vec_write_h5(NULL, path, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_models), cmocka_unit_test(test_real_files),
		cmocka_unit_test(test_refused),       cmocka_unit_test(test_rows),
		cmocka_unit_test(test_absent),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
