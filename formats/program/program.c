/* SPDX-License-Identifier: MIT */
/*
 * Programs: the table of surface languages, what each can say, and equality. Each language is one
 * file, program_<language>.c.
 */
#include <config.h>

#include "formats/program/program.h"

#include <assert.h>

#include "formats/program/program_languages.h"

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

bool language_fits(enum language language, enum family family)
{
	return family != FAMILY_CABINET ||
	       (language != LANGUAGE_SKETCH && language != LANGUAGE_CADQUERY);
}

bool program_is_of_family(const struct program *program, enum family family)
{
	for (int i = 0; i < program->shape_count; i++)
		if (!shape_is_of_family(program->shapes[i].kind, family))
			return false;
	return true;
}

enum family program_family(const struct program *program)
{
	int family = 0;

	while (family < FAMILY_COUNT_ && !program_is_of_family(program, (enum family)family))
		family++;
	return (enum family)family;
}

static int count_kinds(const struct program *program, enum shape_kind a, enum shape_kind b)
{
	int count = 0;

	for (int i = 0; i < program->shape_count; i++)
		count += program->shapes[i].kind == a || program->shapes[i].kind == b;
	return count;
}

const struct shape *program_keyway_cylinder(const struct program *program,
					    const struct shape *keyway)
{
	int64_t begin = keyway->value[PARAM_X], end = begin + keyway->value[PARAM_LENGTH];

	for (int i = 0; i < program->shape_count; i++) {
		const int64_t *v = program->shapes[i].value;

		if (program->shapes[i].kind == SHAPE_CYLINDER && v[PARAM_X] <= begin &&
		    end <= v[PARAM_X] + v[PARAM_LENGTH])
			return &program->shapes[i];
	}
	return NULL;
}

static bool keyways_have_cylinders(const struct program *program)
{
	for (int i = 0; i < program->shape_count; i++)
		if (program->shapes[i].kind == SHAPE_KEYWAY &&
		    !program_keyway_cylinder(program, &program->shapes[i]))
			return false;
	return true;
}

bool program_fits(const struct program *program, enum language language)
{
	if (language != LANGUAGE_SKETCH && language != LANGUAGE_CADQUERY)
		return true;
	if (program_is_of_family(program, FAMILY_SHAPES))
		return true;
	if (program_is_of_family(program, FAMILY_PLATE))
		return count_kinds(program, SHAPE_PROFILE, SHAPE_DISC) == 1;
	if (!program_is_of_family(program, FAMILY_TURNED) ||
	    count_kinds(program, SHAPE_CYLINDER, SHAPE_CONE) == 0)
		return false;
	return language == LANGUAGE_SKETCH || keyways_have_cylinders(program);
}

void program_write(const struct program *program, enum language language, struct buf *out)
{
	assert((unsigned)language < LANGUAGE_COUNT_);
	assert(program_fits(program, language));
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
	if (a->unit != b->unit || a->shape_count != b->shape_count)
		return false;
	for (int i = 0; i < a->shape_count; i++)
		if (shape_compare(&a->shapes[i], &b->shapes[i]) != 0)
			return false;
	return true;
}
