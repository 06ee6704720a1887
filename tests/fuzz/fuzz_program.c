/* SPDX-License-Identifier: MIT */
/*
 * program_parse in every language; what one accepts must come back the same from all that it fits. In
 * canonical order, that is: cadquery puts a part's statements in its own.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "formats/program/program.h"

static int compare(const void *a, const void *b)
{
	return shape_compare(a, b);
}

static void check_round_trip(const struct program *program, enum language language,
			     struct arena *arena)
{
	struct buf out = {0};
	struct program again;
	struct err err;

	program_write(program, language, &out);
	if (program_parse(&again, language, "written", out.data, out.len, arena, &err) < 0)
		abort();
	if (!program_fits(&again, language) || !program_equal(program, &again))
		abort();
	buf_free(&out);
}

static void check_languages(struct program *program, enum language from, struct arena *arena)
{
	if (!program_fits(program, from))
		abort();
	for (int to = 0; to < LANGUAGE_COUNT_; to++)
		if (to != LANGUAGE_CADQUERY && program_fits(program, (enum language)to))
			check_round_trip(program, (enum language)to, arena);
	qsort(program->shapes, (size_t)program->shape_count, sizeof(*program->shapes), compare);
	if (program_fits(program, LANGUAGE_CADQUERY))
		check_round_trip(program, LANGUAGE_CADQUERY, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct program program;
	struct err err;

	for (int from = 0; from < LANGUAGE_COUNT_; from++) {
		if (program_parse(&program, (enum language)from, "fuzz", (const char *)data, size,
				  &arena, &err) == 0)
			check_languages(&program, (enum language)from, &arena);
	}
	arena_free(&arena);
	return 0;
}
