/* SPDX-License-Identifier: MIT */
/*
 * Every size is computed here with a check, and every failure ends in mem_exhausted. It leaves by
 * _exit: it may run on a worker thread while others work, where exit handlers would pull the
 * ground from under them. SIZE_MAX stands for a size that no size_t holds.
 */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

size_t mem_mul(size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		mem_exhausted(SIZE_MAX);
	return n * size;
}

size_t mem_add(size_t a, size_t b)
{
	if (a > SIZE_MAX - b)
		mem_exhausted(SIZE_MAX);
	return a + b;
}

void *mem_alloc(size_t n, size_t size)
{
	size_t bytes = mem_mul(n, size);
	void *p = calloc(bytes ? bytes : 1, 1);
	if (!p)
		mem_exhausted(bytes);
	return p;
}

void *mem_realloc(void *p, size_t n, size_t size)
{
	size_t bytes = mem_mul(n, size);
	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		mem_exhausted(bytes);
	return p;
}

_Noreturn void mem_exhausted(size_t bytes)
{
	if (bytes == SIZE_MAX)
		fprintf(stderr, "cadgen: out of memory: more than %zu bytes asked for\n", bytes);
	else
		fprintf(stderr, "cadgen: out of memory: %zu bytes asked for\n", bytes);
	_exit(1);
}
