/* SPDX-License-Identifier: MIT */
/*
 * font_stroke: single-stroke lettering out of a .strokes file, flattened and ready to draw.
 *
 *	struct font_strokes *strokes = font_strokes_parse("iso3098.strokes", lines, count, &err);
 *	const struct font_glyph *g = font_strokes_glyph(strokes, 'A');
 *	for (uint32_t i = g->first; i < g->end; i++) ... strokes->points[i]
 *	font_strokes_free(strokes);
 *
 * Lengths are in pen widths d = h/10; ink of capitals and digits covers y = 0..10. Read-only after
 * parsing. The format is described at the top of fonts/iso3098.strokes.
 */
#ifndef FONTS_FONT_STROKE_H
#define FONTS_FONT_STROKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define FONT_STROKES_HEIGHT 10.0 /* of capitals and digits, with ink */
#define FONT_STROKES_SPACING 2.0 /* clear space between letters */
#define FONT_STROKES_CHORD 0.02  /* no chord leaves its curve by more */
#define FONT_STROKES_BOX 0xfffdu /* what stands for a character that is not drawn */

/* A place of the pen's centre. */
struct font_point {
	double x, y;
	bool down; /* the pen is put down here, otherwise drawn here in a straight line */
};

struct font_glyph {
	uint32_t codepoint;
	uint32_t first, end; /* its points, end excluded; none for a space */
	double width;        /* from the ink's left to its right edge */
};

struct font_strokes {
	struct font_point *points;
	struct font_glyph *glyphs; /* by rising codepoint */
	uint32_t point_count, glyph_count;
	uint16_t latin[256]; /* 1 + index of the glyph of U+0000..U+00FF, or 0 */
};

/* Parses the lines of a .strokes file, flattening its arcs. name is what messages call the file.
 * NULL with err: ERR_FORMAT "name:line: what" for a malformed line or a character given twice. The
 * caller owns the result. */
struct font_strokes *font_strokes_parse(const char *name, const char *const *lines, size_t count,
					struct err *err);
void font_strokes_free(struct font_strokes *strokes);

/* The files that are built in: F(id, file) */
#define FONT_STROKES_FILES(F)                                                                      \
	F(ISO3098, "fonts/iso3098.strokes")                                                        \
	F(GOST, "fonts/gost.strokes")                                                              \
	F(GOST_ITALIC, "fonts/gost_italic.strokes")                                                \
	F(PLOTTER, "fonts/plotter.strokes")

enum font_strokes_file {
#define F(id, file) FONT_STROKES_##id,
	FONT_STROKES_FILES(F)
#undef F
		FONT_STROKES_COUNT_
};

/* The glyphs of such a file, parsed on first use; thread-safe. Never freed. */
const struct font_strokes *font_strokes_builtin(enum font_strokes_file file);

/* The same above U+00FF. */
const struct font_glyph *font_strokes_search(const struct font_strokes *strokes,
					     uint32_t codepoint);

/* The glyph of a character, or NULL. Constant time below U+0100. */
static inline const struct font_glyph *font_strokes_find(const struct font_strokes *strokes,
							 uint32_t codepoint)
{
	if (codepoint >= 256)
		return font_strokes_search(strokes, codepoint);
	return strokes->latin[codepoint] ? &strokes->glyphs[strokes->latin[codepoint] - 1] : NULL;
}

#endif
