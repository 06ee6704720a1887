/* SPDX-License-Identifier: MIT */
/*
 * cuda_bodies: the bodies of all kernels of cuda_kernels.h, for those who compile them.
 */
#ifndef TRAINER_CUDA_BODIES_H
#define TRAINER_CUDA_BODIES_H

#include "trainer/cuda/cuda_attention_back.h"
#include "trainer/cuda/cuda_element.h"
#include "trainer/cuda/cuda_kept.h"
#include "trainer/cuda/cuda_loss.h"
#include "trainer/cuda/cuda_norm.h"
#include "trainer/cuda/cuda_rows.h"
#include "trainer/cuda/cuda_tiles_back.h"

#endif
