/* SPDX-License-Identifier: MIT */
/* cad_file: every form of a model is read, the exact one of several is taken, and what is none is told. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/cad/cad_file.h"
#include "tests/deepcad_samples.h"
#include "tests/h5_file.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"

static struct arena arena;
static char folder[] = "/tmp/cadgen-file.XXXXXX", path[128];

static int setup(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	struct err err = {0};

	(void)state;
	arena_free(&arena);
	return fs_remove_tree(folder, &err);
}

static int empty(void **state)
{
	struct err err = {0};

	(void)state;
	return fs_remove_tree(folder, &err) < 0 || fs_mkdirs(folder, &err) < 0 ? -1 : 0;
}

static const char *at(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const struct buf *bytes)
{
	struct err err = {0};

	if (fs_write(at(name), bytes->data, bytes->len, &err) < 0)
		fail_msg("%s", err.msg);
}

static struct cad_file read_file(const char *name, const char *const *names)
{
	struct cad_file file;
	struct err err = {0};

	if (cad_file_read(&file, at(name), names, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return file;
}

static void refuse(const char *name, const char *const *names, enum err_code code, const char *why)
{
	struct cad_file file;
	struct err err = {0};

	assert_int_equal(cad_file_read(&file, at(name), names, &arena, &err), -1);
	if (err.code != code || !strstr(err.msg, why) || !strstr(err.msg, at(name)))
		fail_msg("code %d: %s", err.code, err.msg);
}

/* A vector whose model can be read. */
static struct cad_vec random_vec(struct rng *rng, struct deepcad_model *decoded)
{
	for (;;) {
		struct deepcad_model model = random_model(rng, &arena);
		struct cad_vec vec;

		if (cad_vec_from_deepcad(&vec, &model, false, &arena, NULL) == 0 &&
		    deepcad_from_cad_vec(decoded, &vec, &arena, NULL) == 0)
			return vec;
	}
}

static void assert_vec(const struct cad_vec *a, const struct cad_vec *b, size_t rows)
{
	assert_int_equal(b->count, rows);
	assert_memory_equal(a->rows, b->rows, rows * sizeof(*a->rows));
}

static void check_forms(const struct cad_vec *vec, const struct deepcad_model *model)
{
	static const char *const names[] = {"7.NPY", "7.vec.txt", "7.h5"};
	struct buf bytes = {0};
	struct err err = {0};

	cad_vec_write_npy(vec, &bytes);
	put(names[0], &bytes);
	buf_clear(&bytes);
	cad_vec_write_text(vec, &bytes);
	put(names[1], &bytes);
	if (cad_vec_h5_available() && cad_vec_write_h5(vec, at(names[2]), &err) < 0)
		fail_msg("%s", err.msg);
	for (int i = 0; i < (cad_vec_h5_available() ? 3 : 2); i++) {
		struct cad_file file = read_file(names[i], cad_vec_h5_said);

		assert_vec(vec, &file.vec, vec->count);
		assert_same_models(model, &file.model);
	}
	buf_clear(&bytes);
	deepcad_write(model, &bytes);
	put("7.json", &bytes);
	assert_int_equal(read_file("7.json", cad_vec_h5_said).vec.count, 0);
	buf_free(&bytes);
}

static void test_forms(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct deepcad_model model;
		struct cad_vec vec = random_vec(&rng, &model);

		check_forms(&vec, &model);
		arena_reset(&arena);
	}
}

static void need_h5(void)
{
	if (!cad_vec_h5_available()) {
		print_message("# built without libhdf5\n");
		skip();
	}
}

/* What DeepCAD's test.py writes: no ends, and the truth beside what is said. */
static void test_predictions(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	struct deepcad_model said, truth;
	struct cad_vec out = random_vec(&rng, &said), gt = random_vec(&rng, &truth);
	struct cad_file file;

	(void)state;
	need_h5();
	assert_int_equal(h5_file_predicted(at("7_vec.h5"), &out, &gt), 0);
	file = read_file("7_vec.h5", cad_vec_h5_said);
	assert_vec(&out, &file.vec, out.count - 1);
	assert_same_models(&said, &file.model);
	file = read_file("7_vec.h5", cad_vec_h5_true);
	assert_vec(&gt, &file.vec, gt.count - 1);
	file = read_file("7_vec.h5", cad_vec_h5_beside);
	assert_same_models(&truth, &file.model);
	assert_int_equal(h5_file_predicted(at("8.h5"), &out, NULL), 0);
	file = read_file("8.h5", cad_vec_h5_said);
	assert_same_models(&said, &file.model);
	refuse("8.h5", cad_vec_h5_true, ERR_FORMAT, "no dataset 'vec'");
	refuse("8.h5", cad_vec_h5_beside, ERR_FORMAT, "no dataset 'gt_vec'");
}

/* Numbers of other kinds and arrays of other shapes. */
static void test_h5_arrays(void **state)
{
	double rows[2 * CAD_VEC_COLUMN_COUNT_];
	struct h5_set set = {"vec", rows, 2, CAD_VEC_COLUMN_COUNT_, true};

	(void)state;
	need_h5();
	for (int i = 0; i < 2 * CAD_VEC_COLUMN_COUNT_; i++)
		rows[i] = -1;
	rows[0] = rows[CAD_VEC_COLUMN_COUNT_] = CAD_VEC_COMMAND_EOS;
	assert_int_equal(h5_file_write(at("a.h5"), &set, 1), 0);
	assert_int_equal(read_file("a.h5", cad_vec_h5_said).vec.count, 2);
	rows[CAD_VEC_COLUMN_COUNT_ + 4] = NAN;
	assert_int_equal(h5_file_write(at("a.h5"), &set, 1), 0);
	refuse("a.h5", cad_vec_h5_said, ERR_FORMAT, "nan is nothing a row can have");
	rows[CAD_VEC_COLUMN_COUNT_ + 4] = 0.5;
	assert_int_equal(h5_file_write(at("a.h5"), &set, 1), 0);
	refuse("a.h5", cad_vec_h5_said, ERR_FORMAT, "a.h5:2: 0.5 is nothing");
	set = (struct h5_set){"vec", rows, CAD_VEC_COLUMN_COUNT_, 2, false};
	assert_int_equal(h5_file_write(at("a.h5"), &set, 1), 0);
	refuse("a.h5", cad_vec_h5_said, ERR_FORMAT, "'vec' is no array of (rows, 17) numbers");
	set.name = "svg";
	assert_int_equal(h5_file_write(at("a.h5"), &set, 1), 0);
	refuse("a.h5", cad_vec_h5_said, ERR_FORMAT, "no dataset 'vec' in it");
}

/* A vector that is well formed and no model: the rows are there, for those that compare them. */
static void test_no_model(void **state)
{
	static const char rows[] = "4 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n"
				   "0 9 9 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n";
	struct buf bytes = {0};
	struct cad_file file;

	(void)state;
	buf_str(&bytes, rows);
	put("a.vec.txt", &bytes);
	refuse("a.vec.txt", cad_vec_h5_said, ERR_FORMAT, "row 3: loops without EXT behind them");
	assert_int_equal(cad_file_read(&file, at("a.vec.txt"), cad_vec_h5_said, &arena, NULL), -1);
	assert_int_equal(file.vec.count, 2);
	buf_str(&bytes, "9\n");
	put("a.vec.txt", &bytes);
	refuse("a.vec.txt", cad_vec_h5_said, ERR_FORMAT, "a.vec.txt:3: not 17 whole numbers");
	assert_int_equal(cad_file_read(&file, at("a.vec.txt"), cad_vec_h5_said, &arena, NULL), -1);
	assert_int_equal(file.vec.count, 0);
	buf_free(&bytes);
}

static struct model_list list_files(void)
{
	struct model_list list = {0};
	struct err err = {0};

	if (cad_file_list(&list, folder, &err) < 0)
		fail_msg("%s", err.msg);
	return list;
}

static void test_list(void **state)
{
	static const struct buf nothing = {0};
	struct model_list list;

	(void)state;
	put("3.npy", &nothing);
	put("1.vec.txt", &nothing);
	put("1.json", &nothing);
	put("2.vec.txt", &nothing);
	put("3.vec.txt", &nothing);
	put("notes.txt", &nothing);
	list = list_files();
	assert_int_equal(list.count, 3);
	assert_string_equal(list.models[0].file, "1.json");
	assert_string_equal(list.models[1].file, "2.vec.txt");
	assert_string_equal(list.models[2].file, "3.npy");
	assert_string_equal(list.models[2].id, "3");
	assert_int_equal(cad_file_vectors(&list), 2);
	model_list_free(&list);
}

static void test_list_h5(void **state)
{
	static const struct buf nothing = {0};
	struct model_list list = {0};
	struct err err = {0};

	(void)state;
	put("1.json", &nothing);
	put("1.h5", &nothing);
	list = list_files(); /* the HDF5 file is not looked at */
	assert_int_equal(list.count, 1);
	model_list_free(&list);
	put("3_vec.h5", &nothing);
	put("4.H5", &nothing);
	if (!cad_vec_h5_available()) {
		assert_int_equal(cad_file_list(&list, folder, &err), -1);
		assert_int_equal(err.code, ERR_UNSUPPORTED);
		assert_non_null(strstr(err.msg, "2 files of HDF5: built without libhdf5"));
		model_list_free(&list);
		return;
	}
	list = list_files();
	assert_int_equal(list.count, 3);
	assert_string_equal(list.models[1].id, "3");
	assert_string_equal(list.models[2].id, "4");
	assert_int_equal(cad_file_vectors(&list), 2);
	model_list_free(&list);
}

/* The sides of a box, the longest 1. */
static struct vec3 proportions(const struct deepcad_model *model)
{
	struct deepcad_bounds b = deepcad_bounds(model);
	struct vec3 size = vec3_sum(1, b.hi, -1, b.lo);

	return vec3_sum(1 / max2(size.x, max2(size.y, size.z)), size, 0, size);
}

/* DeepCAD's own files: the vector means what the JSON means, as nearly as 256 levels tell. */
static void check_real(const char *file)
{
	struct cad_file vec, json;
	struct err err = {0};
	char name[256];
	struct vec3 off;

	snprintf(name, sizeof(name), "%.*s.json", (int)(strlen(file) - strlen(".vec.txt")), file);
	if (cad_file_read(&vec, file, cad_vec_h5_said, &arena, &err) < 0 ||
	    cad_file_read(&json, name, cad_vec_h5_said, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	off = vec3_sum(1, proportions(&vec.model), -1, proportions(&json.model));
	if (fabs(off.x) > 0.03 || fabs(off.y) > 0.03 || fabs(off.z) > 0.03)
		fail_msg("%s: %g %g %g", file, off.x, off.y, off.z);
}

static void test_real_files(void **state)
{
	(void)state;
	each_deepcad_file(".vec.txt", check_real);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_forms, empty),
		cmocka_unit_test_setup(test_predictions, empty),
		cmocka_unit_test_setup(test_h5_arrays, empty),
		cmocka_unit_test_setup(test_no_model, empty),
		cmocka_unit_test_setup(test_list, empty),
		cmocka_unit_test_setup(test_list_h5, empty),
		cmocka_unit_test(test_real_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, setup, teardown);
}
