/* SPDX-License-Identifier: MIT */
/* cad_code_parse_as of CadQuery; what it accepts must be written as CadQuery, or refused with a proper error, and as a
 * file of DeepCAD that is read again. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/cad/cad_code.h"

static void check_err(const struct err *err)
{
	if (err->code == ERR_NONE || strncmp(err->msg, "fuzz:", 5) != 0 || strchr(err->msg, '\n'))
		abort();
}

static void check_model(const struct deepcad_model *model, struct arena *arena)
{
	struct deepcad_model again;
	struct buf text = {0}, json = {0};
	struct err err = {0};

	if (model->feature_count == 0 || model->step_count < 2)
		abort();
	if (cad_code_write(model, CAD_CODE_cadquery, 0, &text, &err) < 0 && err.code == ERR_NONE)
		abort();
	deepcad_write(model, &json);
	err = (struct err){0};
	if (deepcad_parse(&again, "json", json.data, json.len, arena, &err) == 0 &&
	    again.feature_count != model->feature_count)
		abort();
	buf_free(&text);
	buf_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum cad_code codes[] = {CAD_CODE_recode, CAD_CODE_gencad};

	for (int i = 0; i < 2; i++) {
		struct arena arena = {0};
		struct deepcad_model model;
		struct err err = {0};

		if (cad_code_parse_as(&model, codes[i], "fuzz", (const char *)data, size, &arena,
				      &err) == 0)
			check_model(&model, &arena);
		else
			check_err(&err);
		arena_free(&arena);
	}
	return 0;
}
