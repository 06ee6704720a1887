/* SPDX-License-Identifier: MIT */
/*
 * noise: what loops over pixels draw, pixel by pixel, from a key of the row.
 *
 *	uint32_t key = noise_row_key(seed, y);
 *	for (...) row[x] += 0.02f * noise_normal(hash32(key + (uint32_t)x));
 */
#ifndef AUGMENT_NOISE_H
#define AUGMENT_NOISE_H

#include <stdint.h>

#include "base/fast.h"

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

#endif
