/* SPDX-License-Identifier: MIT */
/* cad_code_parse; what it accepts must be written in every language, or refused with a proper error. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/cad/cad_code.h"

static void check_err(const struct err *err)
{
	if (err->code == ERR_NONE || err->msg[0] == '\0' || strchr(err->msg, '\n'))
		abort();
}

static void check_written(const struct deepcad_model *model, double grid)
{
	for (int code = 0; code < CAD_CODE_COUNT_; code++) {
		struct buf text = {0};
		struct err err = {0};

		if (cad_code_write(model, (enum cad_code)code, grid, &text, &err) < 0)
			check_err(&err);
		else if (text.len == 0 || strstr(text.data, "nan") || strstr(text.data, "inf"))
			abort();
		buf_free(&text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "fuzz", (const char *)data, size, &arena, &err) == 0) {
		check_written(&model, 0);
		check_written(&model, 0.5);
	} else {
		check_err(&err);
	}
	arena_free(&arena);
	return 0;
}
