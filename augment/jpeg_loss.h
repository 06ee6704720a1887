/* SPDX-License-Identifier: MIT */
/*
 * jpeg_loss: what JPEG loses, without the file.
 *
 *	jpeg_loss(canvas, 75, 0, 0);
 *
 * Huffman coding loses nothing and takes most of the time, so it is left out: blocks are transformed,
 * quantised, and transformed back. No library, so the same bits everywhere.
 */
#ifndef AUGMENT_JPEG_LOSS_H
#define AUGMENT_JPEG_LOSS_H

#include <stdbool.h>

#include "augment/canvas.h"

#define JPEG_SIDE 8

/* Baseline, the tables of T.81 Annex K scaled for quality 1 to 100 as the IJG's do; colours with
 * halved chroma (4:2:0). The first block begins at (-x, -y), both 0 to 7. */
void jpeg_loss(struct canvas *canvas, double quality, int x, int y);

/* The 64 divisors for that quality, row by row; chroma: those of colour. */
void jpeg_divisors(double quality, bool chroma, float out[JPEG_SIDE * JPEG_SIDE]);

#endif
