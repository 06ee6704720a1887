/* SPDX-License-Identifier: MIT */
/*
 * resize: a checkpoint for pictures of another size.
 *
 *	if (checkpoint_resize(&checkpoint, 256, &err) < 0) ...
 *
 * A model that has learnt to read on small pictures goes on with large ones. Positions of the new grid are
 * those of the old one at the same place, between four of them in proportion (Dosovitskiy et al. 2021,
 * "An Image is Worth 16x16 Words", 3.2); all else stays.
 */
#ifndef TRAINER_RESIZE_H
#define TRAINER_RESIZE_H

#include "base/err.h"
#include "formats/checkpoint.h"

/* As model_config_check of the same config with that side: -1 with the checkpoint as it was. */
int checkpoint_resize(struct checkpoint *c, int side, struct err *err);

#endif
