/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>

#ifdef HAVE_HDF5
#include <hdf5.h>
#endif

#include "base/mem.h"
#include "tests/h5_file.h"

#ifdef HAVE_HDF5

static int write_set(hid_t file, const struct h5_set *set)
{
	hsize_t size[2] = {(hsize_t)set->rows, (hsize_t)set->columns};
	hid_t space = H5Screate_simple(2, size, NULL);
	hid_t to = H5Dcreate2(file, set->name, set->is_real ? H5T_IEEE_F32LE : H5T_STD_I32LE, space,
			      H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
	int rc = -1;

	if (to >= 0 &&
	    H5Dwrite(to, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, set->numbers) >= 0)
		rc = 0;
	H5Dclose(to);
	H5Sclose(space);
	return rc;
}

int h5_file_write(const char *path, const struct h5_set *sets, int count)
{
	hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
	int rc = file >= 0 ? 0 : -1;

	for (int i = 0; i < count && rc == 0; i++)
		rc = write_set(file, &sets[i]);
	return H5Fclose(file) >= 0 ? rc : -1;
}

#else

int h5_file_write(const char *path, const struct h5_set *sets, int count)
{
	(void)path, (void)sets, (void)count;
	return -1;
}

#endif

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

int h5_file_predicted(const char *path, const struct cad_vec *out_vec, const struct cad_vec *gt_vec)
{
	struct h5_set sets[2] = {{0}};
	int count = 0, rc;

	if (out_vec)
		sets[count++] = set_of("out_vec", out_vec);
	if (gt_vec)
		sets[count++] = set_of("gt_vec", gt_vec);
	rc = h5_file_write(path, sets, count);
	for (int i = 0; i < count; i++)
		free((void *)(uintptr_t)sets[i].numbers);
	return rc;
}
