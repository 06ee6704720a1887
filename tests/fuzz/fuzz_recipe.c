/* SPDX-License-Identifier: MIT */
/* loop_recipe_parse; what it accepts, written by loop_recipe_write, must be read back as the same. What it refuses
 * must leave a proper error. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "trainer/loop/loop_recipe.h"

static void check_round_trip(const struct loop_recipe *recipe, struct arena *arena)
{
	struct buf text = {0}, again = {0};
	struct loop_recipe read;
	struct err err = {0};

	loop_recipe_write(recipe, &text);
	if (loop_recipe_parse(&read, "again", text.data, text.len, NULL, 0, arena, &err) < 0)
		abort();
	loop_recipe_write(&read, &again);
	if (read.count != recipe->count || strcmp(text.data, again.data) != 0)
		abort();
	for (int i = 0; i < read.count; i++)
		if (strcmp(read.steps[i].name, recipe->steps[i].name) != 0)
			abort();
	buf_free(&text);
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct loop_recipe recipe;
	struct err err = {0};

	if (loop_recipe_parse(&recipe, "fuzz", (const char *)data, size, NULL, 0, &arena, &err) ==
	    0)
		check_round_trip(&recipe, &arena);
	else if ((err.code != ERR_FORMAT && err.code != ERR_LIMIT) ||
		 strncmp(err.msg, "fuzz:", 5) != 0 || strchr(err.msg, '\n'))
		abort();
	arena_free(&arena);
	return 0;
}
