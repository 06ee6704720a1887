/* SPDX-License-Identifier: MIT */
/*
 * fast: how the loops over pixels are compiled.
 *
 *	static FAST void scale(float *row, int n, float k) { for (...) row[i] *= k; }
 *
 * FAST functions exist once for each set of vector instructions, and the processor picks. They are
 * element by element: no sum changes its order and nothing is fused, so all give the same bits.
 * With FAST_PLAIN there is only the plainest; tests compare the two.
 */
#ifndef BASE_FAST_H
#define BASE_FAST_H

#include "base/sanitized.h"

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(FAST_PLAIN) &&     \
	!defined(SANITIZED)
#pragma GCC optimize("O3", "no-math-errno", "no-trapping-math", "fp-contract=off")
#define FAST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FAST
#endif

/* To be inlined into each of them: vectors that they return are never passed. */
#pragma GCC diagnostic ignored "-Wpsabi"
#define FAST_INLINE static inline __attribute__((always_inline))

FAST_INLINE float clamp01(float v)
{
	v = v > 0 ? v : 0;
	return v < 1 ? v : 1;
}

/* 0 below 0, 1 above 1, smooth between. */
FAST_INLINE float smooth01(float t)
{
	t = clamp01(t);
	return t * t * (3 - 2 * t);
}

#endif
