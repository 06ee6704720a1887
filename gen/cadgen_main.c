/* SPDX-License-Identifier: MIT */
/*
 * cadgen: verbs first; without one it generates.
 */
#include <config.h>

#include <stdio.h>

#include "gen/generate_main.h"

int main(int argc, char **argv)
{
	if (argc > 1 && argv[1][0] != '-') {
		fprintf(stderr, "cadgen: unknown verb '%s'; see cadgen --help\n", argv[1]);
		return 2;
	}
	return generate_main(argc, argv);
}
