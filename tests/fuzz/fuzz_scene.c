/* SPDX-License-Identifier: MIT */
/* scene_parse; whatever it accepts must be written and read back as the same scene. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "formats/scene/scene.h"

static void check_round_trip(const struct scene *scene, struct arena *arena)
{
	struct buf out = {0};
	struct scene again;
	struct err err;

	scene_write(scene, &out);
	if (scene_parse(&again, "written", out.data, out.len, arena, &err) < 0)
		abort();
	if (!scene_equal(scene, &again))
		abort();
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct scene scene;
	struct err err;

	if (scene_parse(&scene, "fuzz", (const char *)data, size, &arena, &err) == 0)
		check_round_trip(&scene, &arena);
	arena_free(&arena);
	return 0;
}
