/* SPDX-License-Identifier: MIT */
/*
 * cad_file: models in files of every form that DeepCAD's come in: its JSON, and its vectors in HDF5, NumPy's
 * arrays and text.
 *
 *	struct model_list list = {0};
 *	struct cad_file file;
 *	if (cad_file_list(&list, "data", &err) < 0) ...
 *	if (cad_file_read(&file, "data/0000/00000007.h5", cad_vec_h5_said, &arena, &err) < 0) ...
 *	... file.model, and file.vec.count > 0 where that came from a vector
 *
 * In libsolid.a.
 */
#ifndef FORMATS_CAD_FILE_H
#define FORMATS_CAD_FILE_H

#include <stdbool.h>

#include "formats/cad/cad_vec_h5.h"
#include "formats/dataset/model_list.h"
#include "formats/solid/deepcad.h"

/* F(ending, form): what is before the ending is the model's id. DeepCAD's scripts call predictions ID_vec.h5. The
 * first of several files of a model is the one to be read: JSON is exact. */
#define CAD_FILE_ENDINGS(F)                                                                        \
	F(".json", JSON)                                                                           \
	F("_vec.h5", H5)                                                                           \
	F(".h5", H5)                                                                               \
	F(".npy", ARRAY)                                                                           \
	F(".vec.txt", ARRAY)

enum cad_file_form { CAD_FILE_JSON, CAD_FILE_H5, CAD_FILE_ARRAY };

/* Of a name; what ends otherwise is taken for JSON. */
enum cad_file_form cad_file_form(const char *path);

struct cad_file {
	struct deepcad_model model;
	struct cad_vec vec; /* as the file has it; no rows: the file is JSON */
};

/* `names` are those of datasets of HDF5. Errors of deepcad_read, cad_vec_read and cad_vec_read_h5, and of
 * deepcad_from_cad_vec with the path before the row; then vec is there already. */
int cad_file_read(struct cad_file *file, const char *path, const char *const *names,
		  struct arena *arena, struct err *err);

/* The models below a folder, one of each id, as of model_list_read; ERR_UNSUPPORTED where some are in HDF5 and that
 * cannot be read. */
int cad_file_list(struct model_list *list, const char *folder, struct err *err);

/* How many of them are vectors. */
size_t cad_file_vectors(const struct model_list *list);

#endif
