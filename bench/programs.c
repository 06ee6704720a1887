/* SPDX-License-Identifier: MIT */
/*
 * Programs of random scenes, of every family and unit and in every language that fits, one behind the
 * other, up to a number of bytes: text for measuring tokenizers.
 *
 *	build/programs 100000000 7 >programs.txt	(bytes, seed)
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "formats/program/program.h"
#include "gen/scene/program_from_scene.h"
#include "gen/scene/scene_from_seed.h"

static struct scene_params params_of(enum family family, enum unit unit)
{
	struct scene_params params = {.unit = unit,
				      .size_px = 1024,
				      .digit_um = 3500,
				      .text_um = 3500,
				      .arrow_um = 3500,
				      .offset_um = 10000,
				      .spacing_um = 8000,
				      .max_overlap = 0.2};

	params.weight[family] = 1;
	return params;
}

/* All languages of sample i. */
static void put_sample(uint64_t seed, uint64_t i, struct arena *arena, struct buf *text)
{
	enum family family = (enum family)(i % FAMILY_COUNT_);
	enum unit unit = i / FAMILY_COUNT_ % 8 ? UNIT_MM : UNIT_INCH;
	struct scene_params params = params_of(family, unit);
	struct rng rng = rng_stream(seed, i, "scene", 0);
	struct scene scene;
	struct program program;

	scene_from_seed(&scene, &params, &rng, arena);
	program = program_from_scene(&scene);
	for (int language = 0; language < LANGUAGE_COUNT_; language++) {
		if (!program_fits(&program, (enum language)language))
			continue;
		program_write(&program, (enum language)language, text);
		buf_char(text, '\n');
	}
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct buf text = {0};
	uint64_t bytes, seed, written = 0;

	if (argc != 3 || num_uint64(argv[1], &bytes) < 0 || num_uint64(argv[2], &seed) < 0) {
		fprintf(stderr, "usage: programs BYTES SEED\n");
		return 2;
	}
	for (uint64_t i = 0; written < bytes; i++) {
		buf_clear(&text);
		put_sample(seed, i, &arena, &text);
		written += fwrite(text.data, 1, text.len, stdout);
		arena_reset(&arena);
		if (ferror(stdout))
			break;
	}
	arena_free(&arena);
	buf_free(&text);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "programs: cannot write to standard output\n");
	return 1;
}
