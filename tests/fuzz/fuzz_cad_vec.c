/* SPDX-License-Identifier: MIT */
/* cad_vec_parse; what it accepts must come back equal from both writers, and a model that it is must be
 * one that can be written and read. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/cad/cad_vec.h"

static void check_files(const struct cad_vec *vec, struct arena *arena)
{
	struct buf files[2] = {0};
	struct err err = {0};

	cad_vec_write_text(vec, &files[0]);
	cad_vec_write_npy(vec, &files[1]);
	for (int i = 0; i < 2; i++) {
		struct cad_vec back;

		if (cad_vec_parse(&back, "written", files[i].data, files[i].len, arena, &err) < 0)
			abort();
		if (back.count != vec->count ||
		    memcmp(back.rows, vec->rows, vec->count * sizeof(*vec->rows)) != 0)
			abort();
		buf_free(&files[i]);
	}
}

static void check_model(const struct cad_vec *vec, struct arena *arena)
{
	struct deepcad_model model, back;
	struct buf text = {0};
	struct err err = {0};

	if (deepcad_from_cad_vec(&model, vec, arena, &err) < 0)
		return;
	deepcad_write(&model, &text);
	if (deepcad_parse(&back, "model", text.data, text.len, arena, &err) < 0)
		abort();
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct cad_vec vec;
	struct err err = {0};

	if (cad_vec_parse(&vec, "fuzz", (const char *)data, size, &arena, &err) == 0) {
		check_files(&vec, &arena);
		check_model(&vec, &arena);
	} else if (err.code == ERR_NONE || strncmp(err.msg, "fuzz:", 5) != 0 ||
		   strchr(err.msg, '\n')) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
