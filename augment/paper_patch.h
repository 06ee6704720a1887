/* SPDX-License-Identifier: MIT */
/*
 * paper_patch: a square of paper that fits to itself on all sides.
 *
 *	int8_t patch[512 * 512];
 *	paper_patch_fill(patch, 512);
 */
#ifndef AUGMENT_PAPER_PATCH_H
#define AUGMENT_PAPER_PATCH_H

#include <stdint.h>

/* Always the same patch of side*side values, row by row, of mean nearly 0 and deviation nearly 32;
 * side is a power of two, at least 64. */
void paper_patch_fill(int8_t *patch, int side);

#endif
