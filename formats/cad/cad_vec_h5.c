/* SPDX-License-Identifier: MIT */
/* Files are made and read in memory, so that ours are written as all others are. */
#include <config.h>

#include "formats/cad/cad_vec_h5.h"

#define NAME "vec"

const char *const cad_vec_h5_said[] = {NAME, "out_vec", NULL};
const char *const cad_vec_h5_true[] = {NAME, "gt_vec", NULL};
const char *const cad_vec_h5_beside[] = {"gt_vec", NULL};

#ifdef HAVE_HDF5

#include <hdf5.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/mem.h"

#define IMAGE_STEP ((size_t)64 << 10)
#define IN_MEMORY                                                                                  \
	"cadgen: a file in memory" /* there is none of that name, which the library asks for */

bool cad_vec_h5_available(void)
{
	return true;
}

static int lib_error(struct err *err)
{
	return err_set(err, ERR_IO, "libhdf5 failed");
}

/* A file in memory, which closing forgets. */
static hid_t memory_access(void)
{
	hid_t access = H5Pcreate(H5P_FILE_ACCESS);

	H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	if (access >= 0)
		H5Pset_fapl_core(access, IMAGE_STEP, 0);
	return access;
}

/* --- writing ---------------------------------------------------------------------------------- */

static int write_rows(hid_t file, const struct cad_vec *vec)
{
	hsize_t size[2] = {vec->count, CAD_VEC_COLUMN_COUNT_};
	hid_t space = H5Screate_simple(2, size, NULL), set, kept = H5Pcreate(H5P_DATASET_CREATE);
	int rc = -1;

	H5Pset_obj_track_times(kept, 0);
	set = H5Dcreate2(file, NAME, H5T_STD_I64LE, space, H5P_DEFAULT, kept, H5P_DEFAULT);
	if (set >= 0 &&
	    H5Dwrite(set, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, vec->rows[0].at) >= 0)
		rc = 0;
	if (set >= 0)
		H5Dclose(set);
	H5Pclose(kept);
	H5Sclose(space);
	return rc;
}

/* What the file would be, flushed. */
static int take_image(hid_t file, struct buf *out)
{
	ssize_t size;

	if (H5Fflush(file, H5F_SCOPE_LOCAL) < 0)
		return -1;
	size = H5Fget_file_image(file, NULL, 0);
	if (size <= 0)
		return -1;
	buf_reserve(out, (size_t)size);
	if (H5Fget_file_image(file, out->data, (size_t)size) != size)
		return -1;
	out->len = (size_t)size;
	return 0;
}

int cad_vec_write_h5(const struct cad_vec *vec, const char *path, struct err *err)
{
	hid_t access = memory_access();
	hid_t file = H5Fcreate(IN_MEMORY, H5F_ACC_TRUNC, H5P_DEFAULT, access);
	struct buf image = {0};
	int rc = -1;

	if (file >= 0 && write_rows(file, vec) == 0)
		rc = take_image(file, &image);
	if (file >= 0)
		H5Fclose(file);
	H5Pclose(access);
	rc = rc < 0 ? lib_error(err) : fs_write(path, image.data, image.len, err);
	buf_free(&image);
	return rc;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int check_shape(hid_t set, const char *path, const char *name, hsize_t size[2],
		       struct err *err)
{
	hid_t space = H5Dget_space(set), type = H5Dget_type(set);
	H5T_class_t kind = H5Tget_class(type);
	bool flat = false;

	if (H5Sget_simple_extent_ndims(space) == 2) {
		H5Sget_simple_extent_dims(space, size, NULL);
		flat = size[1] == CAD_VEC_COLUMN_COUNT_ && size[0] > 0;
	}
	H5Tclose(type);
	H5Sclose(space);
	if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || !flat)
		return err_set(err, ERR_FORMAT, "%s: '%s' is no array of (rows, %d) numbers", path,
			       name, CAD_VEC_COLUMN_COUNT_);
	if (size[0] > CAD_VEC_FILE_ROWS_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %d rows", path,
			       CAD_VEC_FILE_ROWS_MAX);
	return 0;
}

static int read_rows(hid_t set, const char *name, struct cad_vec *vec, const char *path,
		     struct arena *arena, struct err *err)
{
	hsize_t size[2];
	double *numbers;
	int rc;

	if (check_shape(set, path, name, size, err) < 0)
		return -1;
	numbers = mem_alloc((size_t)(size[0] * size[1]), sizeof(*numbers));
	if (H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) < 0)
		rc = err_set(err, ERR_FORMAT, "%s: '%s' cannot be read", path, name);
	else
		rc = cad_vec_from_reals(vec, path, numbers, (size_t)size[0], arena, err);
	free(numbers);
	return rc;
}

/* The first of the datasets that is there. */
static int read_file(hid_t file, const char *const *names, struct cad_vec *vec, const char *path,
		     struct arena *arena, struct err *err)
{
	for (int i = 0; names[i]; i++) {
		hid_t set = H5Dopen2(file, names[i], H5P_DEFAULT);
		int rc;

		if (set < 0)
			continue;
		rc = read_rows(set, names[i], vec, path, arena, err);
		H5Dclose(set);
		return rc;
	}
	return err_set(err, ERR_FORMAT, "%s: no dataset '%s' in it", path, names[0]);
}

int cad_vec_read_h5(struct cad_vec *vec, const char *path, const char *const *names,
		    struct arena *arena, struct err *err)
{
	hid_t access = memory_access(), file = -1;
	struct buf bytes = {0};
	int rc = fs_read(path, CAD_VEC_FILE_BYTES_MAX, &bytes, err);

	if (rc == 0) {
		if (H5Pset_file_image(access, bytes.data, bytes.len) >= 0)
			file = H5Fopen(IN_MEMORY, H5F_ACC_RDONLY, access);
		rc = file < 0 ? err_set(err, ERR_FORMAT, "%s: no HDF5 file", path)
			      : read_file(file, names, vec, path, arena, err);
	}
	if (file >= 0)
		H5Fclose(file);
	H5Pclose(access);
	buf_free(&bytes);
	return rc;
}

#else

bool cad_vec_h5_available(void)
{
	return false;
}

static int absent(struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED,
		       "built without libhdf5: apt-get install libhdf5-dev, configure and build "
		       "again");
}

int cad_vec_write_h5(const struct cad_vec *vec, const char *path, struct err *err)
{
	(void)vec, (void)path;
	return absent(err);
}

int cad_vec_read_h5(struct cad_vec *vec, const char *path, const char *const *names,
		    struct arena *arena, struct err *err)
{
	(void)vec, (void)path, (void)names, (void)arena;
	return absent(err);
}

#endif
