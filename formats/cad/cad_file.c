/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/cad/cad_file.h"

#include <string.h>
#include <strings.h>

static const char *const endings[] = {
#define F(ending, form) ending,
	CAD_FILE_ENDINGS(F)
#undef F
		NULL};
static const enum cad_file_form forms[] = {
#define F(ending, form) CAD_FILE_##form,
	CAD_FILE_ENDINGS(F)
#undef F
};

enum cad_file_form cad_file_form(const char *path)
{
	size_t len = strlen(path);

	for (int i = 0; endings[i]; i++) {
		size_t n = strlen(endings[i]);

		if (len >= n && strcasecmp(path + len - n, endings[i]) == 0)
			return forms[i];
	}
	return CAD_FILE_JSON;
}

int cad_file_read(struct cad_file *file, const char *path, const char *const *names,
		  struct arena *arena, struct err *err)
{
	enum cad_file_form form = cad_file_form(path);
	int rc;

	*file = (struct cad_file){.vec = {0}};
	if (form == CAD_FILE_JSON)
		return deepcad_read(&file->model, path, arena, err);
	rc = form == CAD_FILE_H5 ? cad_vec_read_h5(&file->vec, path, names, arena, err)
				 : cad_vec_read(&file->vec, path, arena, err);
	if (rc < 0) {
		file->vec = (struct cad_vec){0};
		return -1;
	}
	if (deepcad_from_cad_vec(&file->model, &file->vec, arena, err) < 0)
		return err_context(err, "%s", path);
	return 0;
}

static size_t count_form(const struct model_list *list, enum cad_file_form form)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += cad_file_form(list->models[i].file) == form;
	return count;
}

int cad_file_list(struct model_list *list, const char *folder, struct err *err)
{
	size_t count;

	if (model_list_read(list, folder, endings, true, err) < 0)
		return -1;
	count = count_form(list, CAD_FILE_H5);
	if (count && !cad_vec_h5_available()) {
		cad_vec_read_h5(NULL, "", NULL, NULL, err);
		return err_context(err, "%s: %zu files of HDF5", folder, count);
	}
	return 0;
}

size_t cad_file_vectors(const struct model_list *list)
{
	return list->count - count_form(list, CAD_FILE_JSON);
}
