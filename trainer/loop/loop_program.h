/* SPDX-License-Identifier: MIT */
/*
 * loop_program: a program that steps run: where it lies, its version, and which options it says it takes.
 *
 *	struct loop_program program;
 *	if (loop_program_find(&program, "cadtok", "train", &places, &arena, &err) < 0) ...
 */
#ifndef TRAINER_LOOP_PROGRAM_H
#define TRAINER_LOOP_PROGRAM_H

#include "base/arena.h"
#include "base/err.h"

/* Programs are looked for in the folder, then in those of the search path. Either may be NULL. */
struct loop_places {
	const char *folder;
	const char *search; /* folders with ':' between them, as $PATH has them */
};

#define LOOP_FOLDER_BYTES 4096

/* The folder that this program lies in, in the buffer, or NULL. */
const char *loop_own_folder(char folder[LOOP_FOLDER_BYTES]);

struct loop_program {
	const char *path;
	const char *version; /* the first line of --version */
	const char *const
		*words; /* long options in --help, or in that of the verb; NULL-terminated */
};

/* Asks the program; everything lives in the arena. verb may be NULL. ERR_IO where there is none,
 * ERR_FORMAT where it does not answer. */
int loop_program_find(struct loop_program *program, const char *name, const char *verb,
		      const struct loop_places *places, struct arena *arena, struct err *err);

#endif
