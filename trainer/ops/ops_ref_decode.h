/* SPDX-License-Identifier: MIT */
/*
 * ops_ref_decode: the part of ops_ref that only decoding calls.
 *
 *	ops_ref_fill_decoding(ops);
 */
#ifndef TRAINER_OPS_REF_DECODE_H
#define TRAINER_OPS_REF_DECODE_H

#include "trainer/ops/ops.h"

/* Sets the functions of ops.h's section on decoding; linear is there already. */
void ops_ref_fill_decoding(struct ops *ops);

#endif
