/* SPDX-License-Identifier: MIT */
/*
 * svg_from_drawing, pdf_from_drawing: the drawing as a vector picture of the sheet's true size.
 *
 *	struct buf svg = {0};
 *	if (svg_from_drawing(&drawing, font, &svg, &err) < 0) ...
 *
 * The same lines, arrowheads and letters as image_from_drawing's, black on no background; letters
 * are curves, so no reader needs the font. The same drawing gives the same bytes.
 */
#ifndef RENDER_VECTOR_H
#define RENDER_VECTOR_H

#include "base/buf.h"
#include "base/err.h"
#include "fonts/font.h"
#include "formats/drawing/drawing.h"

/* Append the file to out; -1 with ERR_LIMIT where Cairo refuses, out then holding nothing of use.
 * SVG: its user unit is the millimetre, (0,0) the sheet's upper left corner. PDF: one page. */
int svg_from_drawing(const struct drawing *drawing, const struct font *font, struct buf *out,
		     struct err *err);
int pdf_from_drawing(const struct drawing *drawing, const struct font *font, struct buf *out,
		     struct err *err);

#endif
