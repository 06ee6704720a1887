/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#ifdef HAVE_HDF5
#include <hdf5.h>
#endif

#include "base/mem.h"
#include "tests/h5_file.h"

void h5_file_write(const char *path, const struct h5_set *sets, int count)
{
#ifdef HAVE_HDF5
	hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

	assert_true(file >= 0);
	for (int i = 0; i < count; i++) {
		hsize_t size[2] = {(hsize_t)sets[i].rows, (hsize_t)sets[i].columns};
		hid_t space = H5Screate_simple(2, size, NULL);
		hid_t type = sets[i].is_real ? H5T_IEEE_F32LE : H5T_STD_I32LE;
		hid_t set = H5Dcreate2(file, sets[i].name, type, space, H5P_DEFAULT, H5P_DEFAULT,
				       H5P_DEFAULT);

		assert_true(set >= 0);
		assert_true(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
				     sets[i].numbers) >= 0);
		H5Dclose(set);
		H5Sclose(space);
	}
	assert_true(H5Fclose(file) >= 0);
#else
	(void)path, (void)sets, (void)count;
#endif
}

static struct h5_set set_of(const char *name, const struct cad_vec *vec)
{
	int rows = 0;
	double *numbers = mem_alloc(vec->count * CAD_VEC_COLUMN_COUNT_, sizeof(*numbers));

	while (rows < (int)vec->count &&
	       vec->rows[rows].at[CAD_VEC_COMMAND] != CAD_VEC_COMMAND_EOS) {
		for (int c = 0; c < CAD_VEC_COLUMN_COUNT_; c++)
			numbers[rows * CAD_VEC_COLUMN_COUNT_ + c] = vec->rows[rows].at[c];
		rows++;
	}
	return (struct h5_set){name, numbers, rows, CAD_VEC_COLUMN_COUNT_, false};
}

void h5_file_predicted(const char *path, const struct cad_vec *out_vec,
		       const struct cad_vec *gt_vec)
{
	struct h5_set sets[2] = {{0}};
	int count = 0;

	if (out_vec)
		sets[count++] = set_of("out_vec", out_vec);
	if (gt_vec)
		sets[count++] = set_of("gt_vec", gt_vec);
	h5_file_write(path, sets, count);
	for (int i = 0; i < count; i++)
		free((void *)(uintptr_t)sets[i].numbers);
}
