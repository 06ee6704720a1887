/* SPDX-License-Identifier: MIT */
/*
 * also_main: what goes beside pictures, the same drawing as curves.
 *
 *	unsigned also = 0;
 *	if (also_parse("svg,dxf", &also, &err) < 0) ...
 *	for each bit: also_encode((enum dataset_also)i, &drawing, NULL, &style, font, &out, &err)
 */
#ifndef GEN_ALSO_MAIN_H
#define GEN_ALSO_MAIN_H

#include "base/buf.h"
#include "base/err.h"
#include "fonts/font.h"
#include "formats/dataset/dataset.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"

/* Sets a bit, 1 << ALSO_SVG and so on, for each name: with commas between them, in any order; one given twice is
 * given once. ERR_USAGE for other names. */
int also_parse(const char *list, unsigned *also, struct err *err);

/* Appends " --also svg,dxf"; nothing where no bit is set. */
void also_write_option(unsigned also, struct buf *out);

/* Appends the file. The drawing is that of the scene and the style; a scene of NULL stands for one without
 * dimensions, in millimetres. Errors as in vector.h. */
int also_encode(enum dataset_also also, const struct drawing *drawing, const struct scene *scene,
		const struct style *style, const struct font *font, struct buf *out,
		struct err *err);

#endif
