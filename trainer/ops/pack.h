/* SPDX-License-Identifier: MIT */
/*
 * pack: words of packed factors (trainer/ops/kernels.h), a vector of them at a time.
 *
 *	vu w = words_along(f, 2, line, k);	words of a line: pairs from number k on
 *	vu w = words_across(f, 2, k, number, n);	of lines k and k + 1: one word a number
 *
 * pair is 1 or 2, and a constant wherever this is inlined.
 */
#ifndef TRAINER_PACK_H
#define TRAINER_PACK_H

#include "trainer/ops/kernels.h"
#include "trainer/ops/vec.h"

/* LANES words of a line from number k (of those that count) on; zeros behind the last. */
VEC_INLINE vu words_along(const struct factor *f, size_t pair, size_t line, size_t k)
{
	size_t at = line * f->from.stride + f->k_first + k, left = k < f->k ? f->k - k : 0;
	size_t bytes = dtype_bytes(f->from.t.type);
	vu room = {0};

	if (pair == 1 && f->from.t.type == DTYPE_BF16)
		return (vu)vf_get_part(f->from.t, at, left);
	if (left >= LANES * pair)
		return vu_load((const char *)f->from.t.at + at * bytes);
	if (left)
		memcpy(&room, (const char *)f->from.t.at + at * bytes, left * bytes);
	return room;
}

/* A word of each of n <= LANES numbers of line k and, in pairs, the next; zeros behind them. */
VEC_INLINE vu words_across(const struct factor *f, size_t pair, size_t k, size_t number, size_t n)
{
	size_t at = (f->k_first + k) * f->from.stride + number;
	vu low;

	if (k >= f->k)
		return (vu){0};
	low = (vu)vf_get_part(f->from.t, at, n);
	if (pair == 1)
		return low;
	low = low >> 16;
	if (k + 1 < f->k)
		low |= (vu)vf_get_part(f->from.t, at + f->from.stride, n);
	return low;
}

#endif
