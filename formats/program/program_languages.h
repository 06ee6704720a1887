/* SPDX-License-Identifier: MIT */
/*
 * program_languages: the writer and the parser of each surface language, behind program.h.
 *
 * Only program.c calls these; the contracts are those of program_write and program_parse.
 * program_keyway_cylinder is for the languages.
 */
#ifndef FORMATS_PROGRAM_LANGUAGES_H
#define FORMATS_PROGRAM_LANGUAGES_H

#include "formats/program/program.h"

void program_write_calls(const struct program *program, struct buf *out);
int program_parse_calls(struct program *program, const char *name, const char *text, size_t len,
			struct arena *arena, struct err *err);

void program_write_json(const struct program *program, struct buf *out);
int program_parse_json(struct program *program, const char *name, const char *text, size_t len,
		       struct arena *arena, struct err *err);

void program_write_python(const struct program *program, struct buf *out);
int program_parse_python(struct program *program, const char *name, const char *text, size_t len,
			 struct arena *arena, struct err *err);

void program_write_sketch(const struct program *program, struct buf *out);
int program_parse_sketch(struct program *program, const char *name, const char *text, size_t len,
			 struct arena *arena, struct err *err);

void program_write_cadquery(const struct program *program, struct buf *out);
int program_parse_cadquery(struct program *program, const char *name, const char *text, size_t len,
			   struct arena *arena, struct err *err);

/* The first cylinder that the whole keyway lies on, or NULL. */
const struct shape *program_keyway_cylinder(const struct program *program,
					    const struct shape *keyway);

#endif
