/* SPDX-License-Identifier: MIT */
/*
 * model_list: the models of a folder, a file each, and which of them are to train with.
 *
 *	struct model_list list = {0};
 *	if (model_list_read(&list, "cad_json", (const char *const[]){".json", NULL}, false, &err) < 0) ...
 *	if (model_list_split(&list, "train_val_test_split.json", &err) < 0) ...
 *	for (size_t i = 0; i < list.count; i++)
 *		... list.models[i].id, list.models[i].file
 *	model_list_free(&list);
 *
 * The id of a model is the name of its file without the ending: "00000007" of "0000/00000007.json".
 */
#ifndef FORMATS_MODEL_LIST_H
#define FORMATS_MODEL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define MODEL_ID_BYTES_MAX 200

enum model_part { MODEL_TRAIN, MODEL_VAL, MODEL_NEITHER };

struct model_file {
	const char *id;
	const char *file;     /* from the folder on */
	enum model_part part; /* MODEL_TRAIN until model_list_split */
	int ending;           /* of those it was looked for by, which */
};

/* Zeroed before use. */
struct model_list {
	struct model_file *models; /* by the bytes of their ids */
	size_t count;
	struct arena arena;
};

/* All files below the folder whose names end so, in capitals or not; a name has the first ending that fits. With
 * `forms` files of one id and different endings are one model, of which the file with the first of the endings is
 * taken. ERR_IO where the folder or one in it cannot be read; ERR_FORMAT where there are none, where two have one
 * id else, and for ids that are no UTF-8, have control characters or are longer than MODEL_ID_BYTES_MAX. */
int model_list_read(struct model_list *list, const char *folder, const char *const *endings,
		    bool forms, struct err *err);

/* Models that are no files: "00000000" and so on, which are their files' names as well. */
void model_list_number(struct model_list *list, uint64_t count);
void model_list_free(struct model_list *list);

/* Reads {"train": [...], "validation": [...], ...}, where "val" is "validation" too, and other keys do not
 * matter: the ids, with folders before them or without, as "0000/00000007". Models that are in none are
 * MODEL_NEITHER. ERR_FORMAT with file:line for what is no such file and where a model of the list is in
 * both. */
int model_list_split(struct model_list *list, const char *path, struct err *err);

/* By its id; NULL where there is none. */
struct model_file *model_list_find(const struct model_list *list, const char *id);

/* By which whatever is drawn at random for a model differs from what is drawn for others. */
uint64_t model_id_hash(const char *id);

/* Of ids and files: what another list is told by. */
uint64_t model_list_hash(const struct model_list *list);

#endif
