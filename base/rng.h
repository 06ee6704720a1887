/* SPDX-License-Identifier: MIT */
/*
 * rng: PCG32 (XSH-RR 64/32) with named streams.
 *
 *	struct rng rng = rng_stream(seed, index, "scene", attempt);
 *	int64_t mm = rng_range(&rng, 5, 40);
 *	if (rng_chance(&rng, 0.3)) ...
 *
 * Never draw twice in one expression, argument list or initialiser: C leaves open which draw comes
 * first, and compilers differ.
 *
 * Sample i draws from streams keyed by (seed, i, name, attempt) alone, so stages never disturb each
 * other. Source: O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation", HMC-CS-2014-0905.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
	uint64_t inc; /* odd; selects the sequence */
};

/* The generator as the PCG reference seeds it: initial state and sequence number. */
struct rng rng_seed(uint64_t state, uint64_t sequence);

/* The stream `name` of sample `index` under `seed`, `attempt` counting redraws from 0. Distinct
 * (seed, index, attempt) give distinct states and distinct names distinct sequences, up to 64-bit
 * hashing. */
struct rng rng_stream(uint64_t seed, uint64_t index, const char *name, uint32_t attempt);

/* 32 uniform bits. */
uint32_t rng_u32(struct rng *rng);

/* Uniform in 0..n-1 without bias; n > 0. */
uint32_t rng_below(struct rng *rng, uint32_t n);

/* Uniform in lo..hi, both included; lo <= hi, hi - lo < 2^32. */
int64_t rng_range(struct rng *rng, int64_t lo, int64_t hi);

/* Uniform in [0, 1) with 32 bits. */
double rng_unit(struct rng *rng);

/* Normal, mean 0, deviation 1: two uniform draws to one (Box and Muller 1958). */
double rng_normal(struct rng *rng);

/* True with probability p. Always draws once. */
bool rng_chance(struct rng *rng, double p);

/* The 64-bit mixer behind rng_stream (splitmix64's finaliser), for hashing an index. */
static inline uint64_t rng_mix64(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

#endif
