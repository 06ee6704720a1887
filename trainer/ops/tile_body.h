/* SPDX-License-Identifier: MIT */
/*
 * tile_body: a product's tile in registers, written once for all ways to multiply two words.
 *
 *	#define TILE_NAME tile_f32		the function's name; TILE_INLINE: its inlined part's
 *	#define TILE_INLINE tile_f32_rows
 *	#define TILE_DOT(sum, a, b) ((sum) + (vf)(a) * (vf)(b))
 *	#include "trainer/ops/tile_body.h"
 *
 * For kernels_product.c, which says what TILE_ROWS is: so many rows times two vectors of sums, two
 * vectors of right and one number of left fill the registers.
 */
#ifdef TILE_NAME

VEC_INLINE void TILE_INLINE(float *c, size_t ldc, const uint32_t *a, const uint32_t *b,
			    size_t panel, size_t words, bool add, int rows)
{
	const uint32_t *b1 = b + panel;
	vf s0[TILE_ROWS], s1[TILE_ROWS];

#pragma GCC unroll 16
	for (int i = 0; i < rows; i++) {
		s0[i] = add ? vf_load(c + (size_t)i * ldc) : (vf){0};
		s1[i] = add ? vf_load(c + (size_t)i * ldc + LANES) : (vf){0};
	}
	for (size_t k = 0; k < words; k++) {
		vu x0 = vu_load(b + k * LANES), x1 = vu_load(b1 + k * LANES);

#pragma GCC unroll 16
		for (int i = 0; i < rows; i++) {
			vu one = a[k * TILE_ROWS + (size_t)i] - (vu){0};

			s0[i] = TILE_DOT(s0[i], one, x0);
			s1[i] = TILE_DOT(s1[i], one, x1);
		}
	}
#pragma GCC unroll 16
	for (int i = 0; i < rows; i++) {
		vf_store(c + (size_t)i * ldc, s0[i]);
		vf_store(c + (size_t)i * ldc + LANES, s1[i]);
	}
}

/* Odd numbers of rows are done with one more, which the packed left has: zeros or not wanted. */
static void TILE_NAME(float *c, size_t ldc, const struct left *a, const uint32_t *right,
		      size_t panel, size_t words, size_t rows, bool add)
{
	switch ((rows + 1) / 2) {
	case 1:
		TILE_INLINE(c, ldc, a->at, right, panel, words, add, 2);
		break;
#if TILE_ROWS > 4
	case 2:
		TILE_INLINE(c, ldc, a->at, right, panel, words, add, 4);
		break;
#endif
#if TILE_ROWS > 6
	case 3:
		TILE_INLINE(c, ldc, a->at, right, panel, words, add, 6);
		break;
	case 4:
		TILE_INLINE(c, ldc, a->at, right, panel, words, add, 8);
		break;
	case 5:
		TILE_INLINE(c, ldc, a->at, right, panel, words, add, 10);
		break;
	case 6:
		TILE_INLINE(c, ldc, a->at, right, panel, words, add, 12);
		break;
#endif
	default:
		TILE_INLINE(c, ldc, a->at, right, panel, words, add, TILE_ROWS);
	}
}

#undef TILE_NAME
#undef TILE_INLINE
#undef TILE_DOT
#endif
