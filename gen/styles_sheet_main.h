/* SPDX-License-Identifier: MIT */
/*
 * styles_sheet_main: one scene in several styles, in a grid with their names.
 *
 *	const struct styles_sheet sheet = {.names = names, .sheets = sheets, .count = 15,
 *		.family = FAMILY_PLATE, .seed = 1, .size_px = 512};
 *	if (styles_sheet_write(&sheet, "styles.png", &err) < 0) ...
 *
 * Sheets of another unit show the scene that the same sub-seed gives in theirs.
 */
#ifndef GEN_STYLES_SHEET_MAIN_H
#define GEN_STYLES_SHEET_MAIN_H

#include <stdint.h>

#include "base/err.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"

struct styles_sheet {
	const char *const *names;
	const struct style_sheet *sheets; /* one or more */
	int count;
	enum family family;
	uint64_t seed;
	int size_px; /* longer side of a picture */
};

/* Draws the first scene of the seed that fits all sheets. ERR_LIMIT where a thousand do not; what
 * typefaces_load and image_grid_new say; ERR_IO of the file, which appears by rename. */
int styles_sheet_write(const struct styles_sheet *sheet, const char *png_path, struct err *err);

#endif
