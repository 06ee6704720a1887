/* SPDX-License-Identifier: MIT */
/*
 * fast: how the loops over pixels are compiled, and the noise they draw.
 *
 *	static FAST void scale(float *row, int n, float k) { for (...) row[i] *= k; }
 *
 * FAST functions exist once for each set of vector instructions, and the processor picks. They are
 * element by element: no sum changes its order and nothing is fused, so all give the same bits.
 * With AUGMENT_PLAIN there is only the plainest; tests compare the two.
 */
#ifndef AUGMENT_FAST_H
#define AUGMENT_FAST_H

#include <stdint.h>

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(AUGMENT_PLAIN) &&  \
	!defined(__SANITIZE_ADDRESS__)
#pragma GCC optimize("O3", "no-math-errno", "no-trapping-math", "fp-contract=off")
#define FAST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FAST
#endif

/* To be inlined into each of them: vectors that they return are never passed. */
#pragma GCC diagnostic ignored "-Wpsabi"
#define FAST_INLINE static inline __attribute__((always_inline))

/* 32 well mixed bits: the constants of Wellons' hash prospector ("lowbias32", improved). */
FAST_INLINE uint32_t hash32(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x21f0aaadu;
	x ^= x >> 15;
	x *= 0x735a2d97u;
	return x ^ x >> 15;
}

/* The key of a row of pixels; hash32(key + x) is the noise at x. */
FAST_INLINE uint32_t noise_row_key(uint64_t seed, int y)
{
	uint32_t key = hash32((uint32_t)seed + (uint32_t)y * 0x9e3779b1u);

	return hash32(key ^ (uint32_t)(seed >> 32));
}

/* Uniform in [0, 1), of the upper 24 bits. */
FAST_INLINE float noise_unit(uint32_t h)
{
	return (float)(int32_t)(h >> 8) * 0x1p-24f;
}

/* Nearly normal: the sum of the four bytes, of mean 0 and deviation 1, within +-3.45. */
FAST_INLINE float noise_normal(uint32_t h)
{
	uint32_t pairs = (h & 0x00ff00ffu) + (h >> 8 & 0x00ff00ffu);
	int32_t sum = (int32_t)((pairs & 0xffffu) + (pairs >> 16)) - 510;

	return (float)sum * (1 / 147.8f);
}

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
