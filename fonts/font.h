/* SPDX-License-Identifier: MIT */
/*
 * font: lettering, as strokes of our own, by hand, or as outlines from a font file.
 *
 *	const struct font *font = font_builtin();
 *	double width_mm = font_text_width(font, "⌀12,5", 3.5);
 *	font_draw_text(font, "⌀12,5", 3.5, 0, &sink);
 *
 * Heights are those of the capitals and digits, in mm (ISO 3098's nominal size h). Coordinates are
 * the text's own: origin at the left end of the baseline, x along it, y up, in mm. A font is
 * read-only once loaded and may be used by any number of threads.
 *
 * Sources: ISO 3098-1/-2 (type B proportions: stroke h/10) for the built-in strokes; FreeType for
 * outlines, HarfBuzz for shaping.
 */
#ifndef FONTS_FONT_H
#define FONTS_FONT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/rng.h"

struct font;

/* Receives the lettering, piece by piece. Stroke fonts send move and line only, each piece to be
 * stroked with a pen; outline fonts send closed contours to be filled (non-zero winding). */
struct font_sink {
	void *ctx;
	void (*begin)(void *ctx, bool filled); /* the pieces up to the next begin */
	void (*move)(void *ctx, double x, double y);
	void (*line)(void *ctx, double x, double y);
	void (*curve)(void *ctx, double x1, double y1, double x2, double y2, double x, double y);
	void (*close)(void *ctx);

	/* Of lettering by hand, before each move and line: the pen's width in mm where that ends,
	 * and how dark its ink is there, 0 to 1. NULL: one width for all. */
	void (*nib)(void *ctx, double width_mm, double ink);
};

/* The built-in upright ISO 3098 type B stroke font: printable ASCII; ⌀ Ø ° ± × − ′ ″ № Δ; the signs
 * □ ⌒ ↧ ⌴ ⌵ of dimensions and ⏤ ⏥ ○ ⌭ ⌓ ⊥ ∥ ∠ ⌖ ◎ ⌯ ↗ Ⓜ of geometrical tolerances; Cyrillic А to я,
 * Ё ё. Never freed; parsed on first use, thread-safe. */
const struct font *font_builtin(void);

/* The built-in stroke font of that name: "iso3098" (font_builtin), "gost_a", "gost_b", each also
 * with "_slanted" (75 degrees), "plotter". NULL: no such font. Never freed; thread-safe. */
const struct font *font_drawn(const char *name);

/* Lettering of a writer drawn from the stream, bound to one drawing: it lives in the arena and is not
 * freed. No two letters are the same, see fonts/writer.h. */
const struct font *font_by_hand(struct rng *rng, struct arena *arena);

/* True for lettering by hand: what is drawn depends on `which`, below. */
bool font_is_by_hand(const struct font *font);

/* Loads a TrueType/OpenType file. Characters it has no ink for are drawn with the built-in
 * strokes. Returns NULL with err (ERR_IO, ERR_FORMAT: no scalable Latin font). The caller owns it.
 * font_load_without takes characters (UTF-8, borrowed) from our strokes that the file has ink for. */
struct font *font_load(const char *path, struct err *err);
struct font *font_load_without(const char *path, const char *lacks, struct err *err);
void font_free(struct font *font);

/* Advance width in mm of the UTF-8 string at the given height; for the built-in font the last
 * letter's spacing is not counted. Characters nobody has are drawn as an empty box. */
double font_text_width(const struct font *font, const char *utf8, double height_mm);

/* Sends the string's lettering to the sink. `which` is the number of the text on its drawing: the
 * same text written twice by hand differs; it is as wide, and other fonts do not care. */
void font_draw_text(const struct font *font, const char *utf8, double height_mm, uint32_t which,
		    const struct font_sink *sink);

/* Pen width in mm that suits the font's strokes at this height (0 for outline fonts). */
double font_pen_width(const struct font *font, double height_mm);

/* The same, but for outline fonts that of the signs they lack, which are drawn in strokes as heavy as
 * their own. */
double font_stroke_width(const struct font *font, double height_mm);

#endif
