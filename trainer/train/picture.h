/* SPDX-License-Identifier: MIT */
/*
 * picture: an image as the model takes it: grey, square, of one size.
 *
 *	uint8_t *pixels = mem_alloc(side, side);
 *	if (picture_read(&place, side, pixels, &err) < 0) ...
 */
#ifndef TRAINER_PICTURE_H
#define TRAINER_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/dataset/dataset_read.h"
#include "formats/image/image.h"

#define PICTURE_SIDE_MAX (1 << 15) /* of files */

/* pixels[side, side] = the image in the middle of white paper, its colours by their luma (Rec. 601).
 * It is no larger than side either way. */
void picture_from_image(const struct image *image, int side, uint8_t *pixels);

/* The same of any size: a larger one is made smaller, both sides alike. True where it was. */
bool picture_fit(const struct image *image, int side, uint8_t *pixels);

/* px, of what is on a picture; negative: to the left, up. */
struct picture_move {
	int right, down;
};

/* Moves what is on pixels[side, side]; white comes after it. */
void picture_move(uint8_t *pixels, int side, struct picture_move move);

/* picture_from_image of a file: ERR_LIMIT for a larger one, else as dataset_place_image. */
int picture_read(const struct dataset_picture_place *place, int side, uint8_t *pixels,
		 struct err *err);

#endif
