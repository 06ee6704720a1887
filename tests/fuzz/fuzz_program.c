/* SPDX-License-Identifier: MIT */
/* program_parse in every language; what one accepts must come back from all of them the same. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "formats/program.h"

static void check_round_trip(const struct program *program, enum language language,
			     struct arena *arena)
{
	struct buf out = {0};
	struct program again;
	struct err err;

	program_write(program, language, &out);
	if (program_parse(&again, language, "written", out.data, out.len, arena, &err) < 0)
		abort();
	if (!program_equal(program, &again))
		abort();
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct program program;
	struct err err;

	for (int from = 0; from < LANGUAGE_COUNT_; from++) {
		if (program_parse(&program, (enum language)from, "fuzz", (const char *)data, size,
				  &arena, &err) < 0)
			continue;
		for (int to = 0; to < LANGUAGE_COUNT_; to++)
			check_round_trip(&program, (enum language)to, &arena);
	}
	arena_free(&arena);
	return 0;
}
