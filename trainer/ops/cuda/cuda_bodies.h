/* SPDX-License-Identifier: MIT */
/*
 * cuda_bodies: the bodies of all kernels of cuda_kernels.h, for those who compile them.
 */
#ifndef TRAINER_CUDA_BODIES_H
#define TRAINER_CUDA_BODIES_H

#include "trainer/ops/cuda/cuda_attention_back.h"
#include "trainer/ops/cuda/cuda_element.h"
#include "trainer/ops/cuda/cuda_kept.h"
#include "trainer/ops/cuda/cuda_loss.h"
#include "trainer/ops/cuda/cuda_norm.h"
#include "trainer/ops/cuda/cuda_rows.h"
#include "trainer/ops/cuda/cuda_tiles_back.h"

#endif
