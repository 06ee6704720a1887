/* SPDX-License-Identifier: MIT */
#ifndef TESTS_EXTENT_H
#define TESTS_EXTENT_H

#include <stdlib.h>

/* How many cases a test tries: all of them in a long run, which CADGEN_LONG in the environment asks for, as one build
 * of ./check does; else a part. tap.sh has the same for tests in shell. */
static inline int extent(int all, int part)
{
	const char *wanted = getenv("CADGEN_LONG");

	return wanted && *wanted ? all : part;
}

#endif
