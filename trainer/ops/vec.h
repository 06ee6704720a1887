/* SPDX-License-Identifier: MIT */
/*
 * vec: vectors of LANES floats, as wide as the flags of the compiled file allow.
 *
 *	vf x = vf_get(t, i);			LANES numbers of an F32 or BF16 tensor
 *	vf_put(out, i, x * vf_exp(-x));
 *
 * For the kernels_*.c files only, which are compiled once for each set of vector instructions
 * (trainer/module.am). In the compilers' own vector types, so that one text serves x86-64 and arm64;
 * a product and a sum fuse where the processor can (-ffp-contract=fast there).
 */
#ifndef TRAINER_VEC_H
#define TRAINER_VEC_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "trainer/ops/tensor.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#define LANES 16
#ifdef __AVX512BF16__
#define VEC_BF16 1 /* the processor rounds to bf16, and multiplies pairs of it */
#endif
#elif defined(__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif

/* Vectors are never passed: all of these are inlined. */
#pragma GCC diagnostic ignored "-Wpsabi"
#define VEC_INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));
typedef uint32_t vu __attribute__((vector_size(4 * LANES)));
typedef uint16_t vh __attribute__((vector_size(2 * LANES)));

/* --- memory */

VEC_INLINE vf vf_load(const float *at)
{
	vf v;

	memcpy(&v, at, sizeof(v));
	return v;
}

VEC_INLINE void vf_store(float *at, vf v)
{
	memcpy(at, &v, sizeof(v));
}

VEC_INLINE vu vu_load(const void *at)
{
	vu v;

	memcpy(&v, at, sizeof(v));
	return v;
}

VEC_INLINE void vu_store(void *at, vu v)
{
	memcpy(at, &v, sizeof(v));
}

VEC_INLINE vf vf_all(float x)
{
	return x - (vf){0};
}

/* gcc 12 makes four instructions of a conversion of 16. */
VEC_INLINE vu vu_from_halves(const uint16_t *at)
{
	vh v;

	memcpy(&v, at, sizeof(v));
#if LANES == 16
	return (vu)_mm512_cvtepu16_epi32((__m256i)v);
#else
	return __builtin_convertvector(v, vu);
#endif
}

/* --- choice */

VEC_INLINE vf vf_choose(vi mask, vf yes, vf no)
{
	return (vf)((mask & (vi)yes) | (~mask & (vi)no));
}

/* The greater and the lesser; b where one is no number. */
#if LANES == 16
#define VEC_BY(what, a, b) ((vf)_mm512_##what##_ps((__m512)(a), (__m512)(b)))
#elif LANES == 8
#define VEC_BY(what, a, b) ((vf)_mm256_##what##_ps((__m256)(a), (__m256)(b)))
#elif defined(__x86_64__)
#define VEC_BY(what, a, b) ((vf)_mm_##what##_ps((__m128)(a), (__m128)(b)))
#else
#define VEC_BY(what, a, b) vf_##what##_by(a, b)
#endif

VEC_INLINE vf vf_max_by(vf a, vf b)
{
	return vf_choose(a > b, a, b);
}

VEC_INLINE vf vf_min_by(vf a, vf b)
{
	return vf_choose(a < b, a, b);
}

VEC_INLINE vf vf_max(vf a, vf b)
{
	return VEC_BY(max, a, b);
}

VEC_INLINE vf vf_min(vf a, vf b)
{
	return VEC_BY(min, a, b);
}

/* --- bf16 */

/* The nearest bf16's bits in the lower half of each lane, as bf16_from_float; but of the NaNs only those
 * that arithmetic makes, or bf16 holds, stay for sure. */
VEC_INLINE vu vu_round16(vf v)
{
#ifdef VEC_BF16
	return (vu)_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)v));
#else
	vu bits = (vu)v;

	return (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
#endif
}

/* Of each lane of first, and behind them of second. */
VEC_INLINE vu vu_round16_two(vf first, vf second)
{
#ifdef VEC_BF16
	return (vu)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
#else
	vh halves[2] = {__builtin_convertvector(vu_round16(first), vh),
			__builtin_convertvector(vu_round16(second), vh)};

	return vu_load(halves);
#endif
}

/* The one half of such a vector to `at`, the other so many numbers behind it. */
VEC_INLINE void vu_put_apart(uint16_t *at, size_t behind, vu two)
{
	memcpy(at, &two, sizeof(vh));
	memcpy(at + behind, (const char *)&two + sizeof(vh), sizeof(vh));
}

/* Of each lane of even and of odd, side by side: the first in the lower half. */
VEC_INLINE vu vu_round16_pairs(vf even, vf odd)
{
#ifdef VEC_BF16
	static const uint16_t turn[32] = {0,  16, 1,  17, 2,  18, 3,  19, 4,  20, 5,
					  21, 6,  22, 7,  23, 8,  24, 9,  25, 10, 26,
					  11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

	return (vu)_mm512_permutexvar_epi16(_mm512_loadu_si512(turn),
					    (__m512i)vu_round16_two(even, odd));
#else
	return vu_round16(even) | vu_round16(odd) << 16;
#endif
}

/* All of them do. */
VEC_INLINE vu vu_round16_any(vf v)
{
#if LANES == 16
	__mmask16 nan = _mm512_cmp_ps_mask((__m512)v, (__m512)v, _CMP_UNORD_Q);

	return (vu)_mm512_mask_mov_epi32((__m512i)vu_round16(v), nan, _mm512_set1_epi32(0x7fc0));
#else
	return (vu)vf_choose(v != v, (vf)((vu){0} + 0x7fc0u), (vf)vu_round16(v));
#endif
}

VEC_INLINE vf vf_get(struct tensor t, size_t i)
{
	if (t.type == DTYPE_BF16)
		return (vf)(vu_from_halves((const uint16_t *)t.at + i) << 16);
	return vf_load((const float *)t.at + i);
}

VEC_INLINE void vf_put(struct tensor t, size_t i, vf v)
{
	if (t.type == DTYPE_BF16) {
#ifdef VEC_BF16
		__m256bh halves = _mm512_cvtneps_pbh((__m512)v);
#else
		vh halves = __builtin_convertvector(vu_round16_any(v), vh);
#endif

		memcpy((uint16_t *)t.at + i, &halves, sizeof(halves));
	} else {
		vf_store((float *)t.at + i, v);
	}
}

/* Two vectors, one behind the other. */
VEC_INLINE void vf_put_two(struct tensor t, size_t i, vf first, vf second)
{
#ifdef VEC_BF16
	if (t.type == DTYPE_BF16) {
		__m512bh halves = _mm512_cvtne2ps_pbh((__m512)second, (__m512)first);

		memcpy((uint16_t *)t.at + i, &halves, sizeof(halves));
		return;
	}
#endif
	vf_put(t, i, first);
	vf_put(t, i + LANES, second);
}

/* The first n <= LANES of them, zeros behind. */
VEC_INLINE vf vf_get_part(struct tensor t, size_t i, size_t n)
{
	uint32_t room[LANES] = {0};

	if (n >= LANES)
		return vf_get(t, i);
	if (n)
		memcpy(room, (const char *)t.at + i * dtype_bytes(t.type), n * dtype_bytes(t.type));
	return vf_get((struct tensor){room, t.type}, 0);
}

VEC_INLINE void vf_put_part(struct tensor t, size_t i, vf v, size_t n)
{
	uint32_t room[LANES];

	if (n >= LANES) {
		vf_put(t, i, v);
	} else if (n) {
		vf_put((struct tensor){room, t.type}, 0, v);
		memcpy((char *)t.at + i * dtype_bytes(t.type), room, n * dtype_bytes(t.type));
	}
}

/* Of a row that has `left` numbers from i on: LANES of them, or those. `whole`, a constant: there are as many. */
VEC_INLINE vf vf_get_row(struct tensor t, size_t i, size_t left, bool whole)
{
	return whole ? vf_get(t, i) : vf_get_part(t, i, left);
}

VEC_INLINE void vf_put_row(struct tensor t, size_t i, vf v, size_t left, bool whole)
{
	if (whole)
		vf_put(t, i, v);
	else
		vf_put_part(t, i, v, left);
}

/* --- across lanes, always in the same order */

VEC_INLINE float vf_sum(vf v)
{
#if LANES == 16
	return _mm512_reduce_add_ps((__m512)v);
#else
	float sums[LANES];

	vf_store(sums, v);
	for (int half = LANES / 2; half; half /= 2)
		for (int i = 0; i < half; i++)
			sums[i] += sums[i + half];
	return sums[0];
#endif
}

VEC_INLINE float vf_greatest(vf v)
{
#if LANES == 16
	return _mm512_reduce_max_ps((__m512)v);
#else
	float most = v[0];

	for (int i = 1; i < LANES; i++)
		most = v[i] > most ? v[i] : most;
	return most;
#endif
}

/* --- functions */

/* Returns t less the whole number below it, which vf_scale finds in what t is left as. On AVX-512 alone t may
 * be any number; elsewhere it is taken as within -126 and 127.99. */
VEC_INLINE vf vf_split(vf *t)
{
#if LANES == 16
	return (vf)_mm512_reduce_ps((__m512)*t, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#else
	const float shift = 0x1.8p23f; /* the sum with it has no bits behind the point */
	vf clear = vf_max(vf_all(-126.0f), vf_min(vf_all(127.99f), *t));

	*t = (clear - 0.5f + shift) - shift;
	return clear - *t;
#endif
}

/* p times 2 to the whole number below t. */
VEC_INLINE vf vf_scale(vf p, vf t)
{
#if LANES == 16
	return (vf)_mm512_scalef_ps((__m512)p, (__m512)t);
#else
	return (vf)((vi)p + (__builtin_convertvector(t, vi) << 23));
#endif
}

/* 2^t within 2^-22 of itself: of t less the whole number below it the polynomial of the least greatest
 * relative error, 2^-23.5, of those that are 1 at 0. */
VEC_INLINE vf vf_exp2(vf t)
{
	vf rest = vf_split(&t), p;

	p = rest * 1.8671457e-3f + 9.0169950e-3f;
	p = p * rest + 5.5799939e-2f;
	p = p * rest + 2.4016444e-1f;
	p = p * rest + 6.9315131e-1f;
	return vf_scale(p * rest + 1.0f, t);
}

/* Within 2^-13, for what is rounded to bf16. */
VEC_INLINE vf vf_exp2_half(vf t)
{
	vf rest = vf_split(&t), p;

	p = rest * 7.7067043e-2f + 2.2764499e-1f;
	p = p * rest + 6.9511679e-1f;
	return vf_scale(p * rest + 1.0f, t);
}

/* e^x within 2^-22 + |x| 2^-24 of itself. */
VEC_INLINE vf vf_exp(vf x)
{
	return vf_exp2(x * (float)M_LOG2E);
}

/* 1 / x within 2^-22 of itself: an estimate of 14 bits and a step of Newton's take half as long as a
 * division. x is finite. */
VEC_INLINE vf vf_inverse(vf x)
{
#if LANES == 16
	vf r = (vf)_mm512_rcp14_ps((__m512)x);

	return r * (2.0f - x * r);
#else
	return 1.0f / x;
#endif
}

/* 1 / (1 + e^-(by x)). */
VEC_INLINE vf vf_sigmoid(vf x, float by)
{
	return vf_inverse(1.0f + vf_exp2(vf_min(vf_all(127.0f), x * (-(float)M_LOG2E * by))));
}

/* --- a square of words */

#if defined(__clang__) || !defined(__GNUC__)
#define VEC_MIX(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define VEC_MIX(a, b, ...) __builtin_shuffle(a, b, (vu){__VA_ARGS__})
#endif

/* Swaps, in pairs of rows d apart, the blocks of d words off the diagonal. */
#define VEC_SWAP(v, d, LOW, HIGH)                                                                  \
	_Pragma("GCC unroll 16") for (int i = 0; i < LANES; i++) if (!(i & (d)))                   \
	{                                                                                          \
		vu low = VEC_MIX(v[i], v[i + (d)], LOW);                                           \
                                                                                                   \
		v[i + (d)] = VEC_MIX(v[i], v[i + (d)], HIGH);                                      \
		v[i] = low;                                                                        \
	}

#if LANES == 16
#define VEC_LOW1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define VEC_HIGH1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define VEC_LOW2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define VEC_HIGH2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define VEC_LOW4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define VEC_HIGH4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define VEC_LOW8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define VEC_HIGH8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#elif LANES == 8
#define VEC_LOW1 0, 8, 2, 10, 4, 12, 6, 14
#define VEC_HIGH1 1, 9, 3, 11, 5, 13, 7, 15
#define VEC_LOW2 0, 1, 8, 9, 4, 5, 12, 13
#define VEC_HIGH2 2, 3, 10, 11, 6, 7, 14, 15
#define VEC_LOW4 0, 1, 2, 3, 8, 9, 10, 11
#define VEC_HIGH4 4, 5, 6, 7, 12, 13, 14, 15
#else
#define VEC_LOW1 0, 4, 2, 6
#define VEC_HIGH1 1, 5, 3, 7
#define VEC_LOW2 0, 1, 4, 5
#define VEC_HIGH2 2, 3, 6, 7
#endif

/* v[LANES] becomes its transpose. */
VEC_INLINE void vu_transpose(vu *v)
{
	VEC_SWAP(v, 1, VEC_LOW1, VEC_HIGH1)
	VEC_SWAP(v, 2, VEC_LOW2, VEC_HIGH2)
#if LANES > 4
	VEC_SWAP(v, 4, VEC_LOW4, VEC_HIGH4)
#endif
#if LANES > 8
	VEC_SWAP(v, 8, VEC_LOW8, VEC_HIGH8)
#endif
}

#endif
