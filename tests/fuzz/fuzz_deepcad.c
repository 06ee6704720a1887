/* SPDX-License-Identifier: MIT */
/* deepcad_parse; what it accepts must come back equal from its writer, and so must what it becomes as a
 * vector. What it refuses must leave a proper error. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/cad/cad_vec.h"

static void check_written(const struct deepcad_model *model, struct arena *arena)
{
	struct buf text = {0}, again = {0};
	struct deepcad_model back;
	struct err err = {0};

	deepcad_write(model, &text);
	if (deepcad_parse(&back, "written", text.data, text.len, arena, &err) < 0)
		abort();
	deepcad_write(&back, &again);
	if (strcmp(text.data, again.data) != 0)
		abort();
	buf_free(&text);
	buf_free(&again);
}

static void check_vec(const struct deepcad_model *model, bool compat, struct arena *arena)
{
	struct cad_vec vec, read;
	struct deepcad_model back;
	struct buf text = {0};
	struct err err = {0};

	if (cad_vec_from_deepcad(&vec, model, compat, arena, &err) < 0)
		return;
	cad_vec_write_text(&vec, &text);
	if (cad_vec_parse(&read, "vec", text.data, text.len, arena, &err) < 0)
		abort();
	buf_free(&text);
	if (deepcad_from_cad_vec(&back, &read, arena, &err) == 0)
		check_written(&back, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_parse(&model, "fuzz", (const char *)data, size, &arena, &err) == 0) {
		check_written(&model, &arena);
		check_vec(&model, true, &arena);
		check_vec(&model, false, &arena);
	} else if (err.code == ERR_NONE || strncmp(err.msg, "fuzz:", 5) != 0 ||
		   strchr(err.msg, '\n')) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
