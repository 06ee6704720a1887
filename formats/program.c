/* SPDX-License-Identifier: MIT */
/*
 * Programs: the table of surface languages, and equality. Each language is one file,
 * program_<language>.c.
 */
#include <config.h>

#include "formats/program.h"

#include <assert.h>

#include "formats/program_languages.h"

const char *const language_names[LANGUAGE_COUNT_ + 1] = {
#define L(id, name) name,
	PROGRAM_LANGUAGES(L)
#undef L
		NULL,
};

static const struct {
	void (*write)(const struct program *program, struct buf *out);
	int (*parse)(struct program *program, const char *name, const char *text, size_t len,
		     struct arena *arena, struct err *err);
} languages[LANGUAGE_COUNT_] = {
	[LANGUAGE_CALLS] = {program_write_calls, program_parse_calls},
	[LANGUAGE_JSON] = {program_write_json, program_parse_json},
	[LANGUAGE_PYTHON] = {program_write_python, program_parse_python},
	[LANGUAGE_SKETCH] = {program_write_sketch, program_parse_sketch},
	[LANGUAGE_CADQUERY] = {program_write_cadquery, program_parse_cadquery},
};

void program_write(const struct program *program, enum language language, struct buf *out)
{
	assert((unsigned)language < LANGUAGE_COUNT_);
	languages[language].write(program, out);
}

int program_parse(struct program *program, enum language language, const char *name,
		  const char *text, size_t len, struct arena *arena, struct err *err)
{
	assert((unsigned)language < LANGUAGE_COUNT_);
	return languages[language].parse(program, name, text, len, arena, err);
}

bool program_equal(const struct program *a, const struct program *b)
{
	if (a->shape_count != b->shape_count)
		return false;
	for (int i = 0; i < a->shape_count; i++)
		if (shape_compare(&a->shapes[i], &b->shapes[i]) != 0)
			return false;
	return true;
}
