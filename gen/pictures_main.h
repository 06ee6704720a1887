/* SPDX-License-Identifier: MIT */
/*
 * pictures_main: the pictures of a folder, each with the file it becomes and what became of it.
 *
 *	struct pictures pictures = {0};
 *	if (pictures_find(&pictures, "scans", &err) < 0) ...
 *	for (size_t i = 0; i < pictures.count; i++)
 *		if (!pictures.items[i].why)
 *			... read pictures.items[i].path, write OUT/ pictures.items[i].out
 *	pictures_free(&pictures);
 */
#ifndef GEN_PICTURES_MAIN_H
#define GEN_PICTURES_MAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct picture {
	const char *path; /* the folder's and the file's */
	const char *name; /* from the folder on: "1997/a.jpg" */
	const char *out;  /* "1997/a.png" */
	char *why;        /* why there will be none, a whole message; owned */
	int width, height;
};

struct pictures {
	struct picture *items; /* in the order of their names */
	size_t count;
	struct picture **by_stem;
	struct arena arena;
};

/* Every file below the folder that begins as a PNG or a JPEG file does, or is called .png, .jpg or
 * .jpeg, whatever its case. What is called so and is no file, what cannot be read, and the later of
 * two that would become one file are items with `why`. ERR_IO where the folder cannot be read,
 * ERR_FORMAT where it holds none. */
int pictures_find(struct pictures *pictures, const char *folder, struct err *err);
void pictures_free(struct pictures *pictures);

/* Keeps a copy of the message; the first one stays. */
void picture_fail(struct picture *picture, const struct err *err);

/* The stream of its degradation: a hash of its name. */
uint64_t picture_index(const struct picture *picture);

/* The picture of that name, with its ending or without, from the folder on; else, for a name without a
 * folder, the only one whose file is called so, wherever it lies. NULL where there is none or, with
 * *several set to 1, where there are several. */
struct picture *pictures_by_name(const struct pictures *pictures, const char *name, int *several);

#endif
