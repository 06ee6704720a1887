/* SPDX-License-Identifier: MIT */
/*
 * cad_vec_h5: DeepCAD's vectors in HDF5 files as its authors published them: the dataset "vec", whole numbers,
 * (rows, 17). What its scripts predict is "out_vec" there, beside "gt_vec", the true one, both without the end.
 *
 *	if (cad_vec_write_h5(&vec, "00000007.h5", &err) < 0) ...
 *	if (cad_vec_read_h5(&vec, "00000007.h5", cad_vec_h5_said, &arena, &err) < 0) ...
 *
 * In libsolid.a. Without libhdf5 both are ERR_UNSUPPORTED.
 */
#ifndef FORMATS_CAD_VEC_H5_H
#define FORMATS_CAD_VEC_H5_H

#include <stdbool.h>

#include "formats/cad/cad_vec.h"

bool cad_vec_h5_available(void);

/* The same bytes for the same vector; appears complete, by rename. */
int cad_vec_write_h5(const struct cad_vec *vec, const char *path, struct err *err);

/* Names of datasets, NULL-terminated: of models that are there or predicted; of true ones; of true ones beside
 * predictions. */
extern const char *const cad_vec_h5_said[], *const cad_vec_h5_true[], *const cad_vec_h5_beside[];

/* Reads the first of those datasets that the file has, numbers of any width, binary fractions too. ERR_FORMAT for
 * what is no HDF5 file, has none of them, and rows that cad_vec_parse does not take; ERR_LIMIT over its bounds;
 * ERR_IO. */
int cad_vec_read_h5(struct cad_vec *vec, const char *path, const char *const *names,
		    struct arena *arena, struct err *err);

#endif
