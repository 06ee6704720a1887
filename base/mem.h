/* SPDX-License-Identifier: MIT */
/*
 * mem: checked sizes and allocation that cannot fail quietly.
 *
 *	double *x = mem_alloc(n, sizeof(*x));
 *	x = mem_realloc(x, 2 * n, sizeof(*x));
 *	free(x);
 *
 * Running out of memory, or a product of sizes over SIZE_MAX, ends the process in mem_exhausted,
 * the one place that says how much was asked for.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* n * size, or mem_exhausted. */
size_t mem_mul(size_t n, size_t size);

/* a + b, or mem_exhausted. */
size_t mem_add(size_t a, size_t b);

static inline size_t size_most(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Zeroed memory for n objects; never NULL (n * size of 0 gives one byte). Freed by free(). */
void *mem_alloc(size_t n, size_t size);

/* As realloc; the new part is not zeroed. */
void *mem_realloc(void *p, size_t n, size_t size);

/* Prints how much was asked for on stderr and exits with status 1. */
_Noreturn void mem_exhausted(size_t bytes);

#endif
