/* SPDX-License-Identifier: MIT */
/*
 * part_program FAMILY UNIT SEED LANGUAGE: the program of a random part on standard output, for what
 * builds programs outside of cadgen (bench/check_cadquery.py).
 *
 *	part_program turned mm 7 cadquery | python3 -
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"
#include "tests/random_parts.h"

/* The name's place in the NULL-terminated list; -1 and a line on standard error. */
static int find(const char *name, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	fprintf(stderr, "part_program: unknown '%s'\n", name);
	return -1;
}

int main(int argc, char **argv)
{
	struct shape shapes[PART_SHAPES_MAX];
	struct program program = {.shapes = shapes};
	struct buf text = {0};
	int family, unit, language;
	uint64_t seed;
	struct rng rng;

	if (argc != 5 || num_uint64(argv[3], &seed) < 0) {
		fprintf(stderr, "usage: part_program FAMILY UNIT SEED LANGUAGE\n");
		return 2;
	}
	family = find(argv[1], family_names);
	unit = find(argv[2], unit_names);
	language = find(argv[4], language_names);
	if (family < 0 || unit < 0 || language < 0)
		return 2;
	rng = rng_seed(seed, 1);
	program.unit = (enum unit)unit;
	program.shape_count = random_part(&rng, (enum family)family, program.unit, shapes);
	if (!program_fits(&program, (enum language)language)) {
		fprintf(stderr, "part_program: %s has no words for it\n", argv[4]);
		return 1;
	}
	program_write(&program, (enum language)language, &text);
	puts(text.data);
	buf_free(&text);
	return 0;
}
