/* SPDX-License-Identifier: MIT */
/*
 * PCG32: a 64-bit linear congruential state, output by xorshift-high and a random rotation
 * (O'Neill 2014, section 6.3, XSH RR 64/32). Streams are seeded through splitmix64's finaliser
 * (Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number Generators", figure 16, with
 * Stafford's variant 13 constants) from seed, index, attempt and FNV-1a of the name. The name also
 * enters the state: two sequences started from one state are affine images of each other.
 * Bounded numbers by Lemire 2019, "Fast Random Integer Generation in an Interval".
 */
#include <config.h>

#include <assert.h>
#include <math.h>

#include "base/rng.h"

#define PCG_MULTIPLIER UINT64_C(6364136223846793005)
#define GOLDEN_GAMMA UINT64_C(0x9e3779b97f4a7c15)
#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static uint64_t hash_name(const char *name)
{
	uint64_t h = FNV_OFFSET;
	for (; *name; name++) {
		h ^= (unsigned char)*name;
		h *= FNV_PRIME;
	}
	return h;
}

/* Adds one key to a hash; a bijection of key for a given hash. */
static uint64_t mix_in(uint64_t hash, uint64_t key)
{
	return rng_mix64(hash + GOLDEN_GAMMA + key);
}

struct rng rng_seed(uint64_t state, uint64_t sequence)
{
	struct rng rng = {0, sequence << 1 | 1};
	rng_u32(&rng);
	rng.state += state;
	rng_u32(&rng);
	return rng;
}

struct rng rng_stream(uint64_t seed, uint64_t index, const char *name, uint32_t attempt)
{
	uint64_t sequence = rng_mix64(hash_name(name));
	uint64_t state = mix_in(mix_in(mix_in(sequence, seed), index), attempt);
	return rng_seed(state, sequence);
}

uint32_t rng_u32(struct rng *rng)
{
	uint64_t old = rng->state;
	rng->state = old * PCG_MULTIPLIER + rng->inc;
	uint32_t x = (uint32_t)((old >> 18 ^ old) >> 27);
	uint32_t rot = (uint32_t)(old >> 59);
	return x >> rot | x << (-rot & 31);
}

uint32_t rng_below(struct rng *rng, uint32_t n)
{
	assert(n > 0);
	uint64_t product = (uint64_t)rng_u32(rng) * n;
	if ((uint32_t)product < n) {
		uint32_t uneven = -n % n; /* 2^32 mod n values would come up once too often */
		while ((uint32_t)product < uneven)
			product = (uint64_t)rng_u32(rng) * n;
	}
	return (uint32_t)(product >> 32);
}

int64_t rng_range(struct rng *rng, int64_t lo, int64_t hi)
{
	assert(lo <= hi);
	uint64_t span = (uint64_t)hi - (uint64_t)lo;
	assert(span <= UINT32_MAX);
	uint32_t offset = span == UINT32_MAX ? rng_u32(rng) : rng_below(rng, (uint32_t)span + 1);
	return (int64_t)((uint64_t)lo + offset);
}

double rng_unit(struct rng *rng)
{
	return rng_u32(rng) * 0x1p-32;
}

double rng_normal(struct rng *rng)
{
	double r = sqrt(-2 * log(1 - rng_unit(rng)));

	return r * cos(2 * M_PI * rng_unit(rng));
}

bool rng_chance(struct rng *rng, double p)
{
	return rng_unit(rng) < p;
}
