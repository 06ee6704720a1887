/* SPDX-License-Identifier: MIT */
/*
 * h5_file: files of HDF5 with datasets of any name, as other programs write them.
 *
 *	const struct h5_set sets[] = {{"out_vec", numbers, 6, 17, true}};
 *	h5_file_write("7_vec.h5", sets, 1);
 */
#ifndef TESTS_H5_FILE_H
#define TESTS_H5_FILE_H

#include <stdbool.h>

#include "formats/cad/cad_vec.h"

struct h5_set {
	const char *name;
	const double *numbers;
	int rows, columns;
	bool is_real; /* binary fractions of 4 bytes, else whole numbers of 4 */
};

/* 0; -1 where it cannot be written, or without libhdf5. */
int h5_file_write(const char *path, const struct h5_set *sets, int count);

/* The same of vectors up to their ends, as DeepCAD's scripts write predictions; NULL: no such dataset. */
int h5_file_predicted(const char *path, const struct cad_vec *out_vec,
		      const struct cad_vec *gt_vec);

#endif
