/* SPDX-License-Identifier: MIT */
/*
 * kernels_inside: what the kernels_*.c files of one set of vector instructions show each other.
 *
 *	const struct product *KERNELS(product_f32)(void);
 *
 * KERNELS(name) is name_avx2 in the files compiled for AVX2, and so on.
 */
#ifndef TRAINER_KERNELS_INSIDE_H
#define TRAINER_KERNELS_INSIDE_H

#include "trainer/ops/kernels.h"

#ifndef KERNELS_SET
#define KERNELS_SET plain
#endif
#define KERNELS_JOIN2(name, set) name##_##set
#define KERNELS_JOIN(name, set) KERNELS_JOIN2(name, set)
#define KERNELS(name) KERNELS_JOIN(name, KERNELS_SET)

void KERNELS(fill_products)(struct kernels *k);
void KERNELS(fill_amx)(struct kernels *k);
void KERNELS(fill_attention)(struct kernels *k);
void KERNELS(fill_attention_back)(struct kernels *k);
void KERNELS(fill_kept)(struct kernels *k);
void KERNELS(fill_norms)(struct kernels *k);
void KERNELS(fill_elements)(struct kernels *k);
void KERNELS(fill_rows)(struct kernels *k);
void KERNELS(fill_loss)(struct kernels *k);

/* As product.pack_right, for tiles in hardware too. */
void KERNELS(pack_right_pairs)(uint32_t *to, size_t words, const struct factor *f, size_t first,
			       size_t n);

#endif
