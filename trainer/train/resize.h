/* SPDX-License-Identifier: MIT */
/*
 * resize: a checkpoint for pictures of another size.
 *
 *	if (checkpoint_resize(&checkpoint, 256, &err) < 0) ...
 *
 * A model that has learnt to read on small pictures goes on with large ones, in which digits are as high
 * and the sheet is larger: the grid of patches grows on all sides, and keeps what it knows in the middle.
 * Beyond its old edge positions go on as positions.h has them. All else stays.
 */
#ifndef TRAINER_RESIZE_H
#define TRAINER_RESIZE_H

#include "base/err.h"
#include "formats/model/checkpoint.h"

/* As model_config_check of the same config with that side: -1 with the checkpoint as it was. */
int checkpoint_resize(struct checkpoint *c, int side, struct err *err);

#endif
