/* SPDX-License-Identifier: MIT */
/*
 * typefaces: the fonts that a style names, loaded once for all drawings.
 *
 *	struct typefaces *faces = typefaces_load(words, TYPEFACE_FOLDER, &err);
 *	const struct font *font = typefaces_font(faces, style.lettering, &writer_rng, &arena);
 *	typefaces_free(faces);
 *
 * Read-only once loaded: any number of threads may ask.
 */
#ifndef FONTS_TYPEFACES_H
#define FONTS_TYPEFACES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/rng.h"
#include "fonts/font.h"
#include "formats/scene/typeface.h"

struct typefaces;

/* Loads those whose bit is set (bit n: row n of the catalogue) from below the folder. NULL with err:
 * ERR_UNSUPPORTED, naming the package to install, where a file is not there; ERR_FORMAT where it is
 * another than the catalogue's; what font_load reports. The caller owns the result. */
struct typefaces *typefaces_load(uint32_t words, const char *folder, struct err *err);
void typefaces_free(struct typefaces *faces);

/* The font of a row that was loaded. A writer is drawn from the stream and lives in the arena; other
 * fonts use neither. */
const struct font *typefaces_font(const struct typefaces *faces, int word, struct rng *writer,
				  struct arena *arena);

#endif
