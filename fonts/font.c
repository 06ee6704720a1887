/* SPDX-License-Identifier: MIT */
/*
 * One walk over the text serves drawing and measuring, so that the two cannot disagree. The text is
 * cut into the longest runs whose characters come from one place: the font file where it has ink
 * for them, else the built-in strokes, whose table ends in the empty box. Text in the built-in font
 * is one run, drawn out of a table without allocation or lock.
 *
 * Within a run of strokes, positions are summed in pen widths and scaled once, hence the width of a
 * text does not depend on how its height divides.
 */
#include <config.h>

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fonts/font.h"
#include "fonts/font_outline.h"
#include "fonts/font_stroke.h"
#include "fonts/font_utf8.h"
#include "fonts/writer.h"

/* Runs handed to HarfBuzz stay far below its int lengths, whatever a text's length. */
#define MAX_RUN_BYTES 65536

#define HALF_PEN 0.5 /* from the edge of a glyph's ink to the pen's centre */

struct font {
	const char *name;
	/* Drawn by us: where its glyphs come from, the first that has one; NULL: no more. Outline
	 * fonts take from here what they have no ink for. */
	const struct font_strokes *strokes[3];
	double height;     /* of capitals, in pen widths */
	double wide, high; /* of the strokes' grid: what the pen's centre moves over is stretched */
	double slant;      /* tangent, to the right */
	struct font_outline *outline; /* owned; NULL for strokes */
	const char *lacks;            /* of the outlines: not to be used; borrowed */
	const struct writer *writer;  /* by hand; else NULL */
};

#define SLANT 0.2679491924311227 /* tan 15 degrees */

/* Type A is type B with a pen of h/14, drawn narrower: 7/14 h for a letter of 6/10 h. */
static struct font drawn[] = {
	{"iso3098", .height = 10, .wide = 1, .high = 1},
	{"iso3098_slanted", .height = 10, .wide = 1, .high = 1, .slant = SLANT},
	{"gost_a", .height = 14, .wide = 1.2, .high = 13.0 / 9},
	{"gost_a_slanted", .height = 14, .wide = 1.2, .high = 13.0 / 9, .slant = SLANT},
	{"gost_b", .height = 10, .wide = 1, .high = 1},
	{"gost_b_slanted", .height = 10, .wide = 1, .high = 1, .slant = SLANT},
	{"plotter", .height = 10, .wide = 1, .high = 1},
};

#define DRAWN_COUNT (sizeof(drawn) / sizeof(drawn[0]))

static void find_strokes(void)
{
	for (size_t i = 0; i < DRAWN_COUNT; i++) {
		struct font *f = &drawn[i];
		int n = 0;

		if (strncmp(f->name, "gost", 4) == 0 && f->slant > 0)
			f->strokes[n++] = font_strokes_builtin(FONT_STROKES_GOST_ITALIC);
		if (strncmp(f->name, "gost", 4) == 0)
			f->strokes[n++] = font_strokes_builtin(FONT_STROKES_GOST);
		if (strcmp(f->name, "plotter") == 0)
			f->strokes[n++] = font_strokes_builtin(FONT_STROKES_PLOTTER);
		f->strokes[n] = font_strokes_builtin(FONT_STROKES_ISO3098);
	}
}

const struct font *font_drawn(const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_strokes);
	for (size_t i = 0; i < DRAWN_COUNT; i++)
		if (strcmp(drawn[i].name, name) == 0)
			return &drawn[i];
	return NULL;
}

const struct font *font_builtin(void)
{
	return font_drawn("iso3098");
}

const struct font *font_by_hand(struct rng *rng, struct arena *arena)
{
	struct font *font = ARENA_NEW(arena, struct font, 1);
	struct writer *writer = ARENA_NEW(arena, struct writer, 1);

	*writer = writer_from_rng(rng);
	*font = *font_builtin();
	font->writer = writer;
	return font;
}

bool font_is_by_hand(const struct font *font)
{
	return font->writer != NULL;
}

struct font *font_load(const char *path, struct err *err)
{
	return font_load_without(path, "", err);
}

struct font *font_load_without(const char *path, const char *lacks, struct err *err)
{
	struct font_outline *outline = font_outline_load(path, err);

	if (!outline)
		return NULL;
	struct font *font = mem_alloc(1, sizeof(*font));
	*font = *font_builtin();
	font->outline = outline;
	font->lacks = lacks;
	return font;
}

void font_free(struct font *font)
{
	if (!font || !font->outline)
		return;
	font_outline_free(font->outline);
	free(font);
}

/* A glyph, and the strokes that it is among. Who has none is drawn as a box. */
static const struct font_glyph *find_glyph(const struct font *font, uint32_t codepoint,
					   const struct font_strokes **strokes)
{
	const struct font_glyph *glyph = NULL;

	for (int i = 0; i < 3 && font->strokes[i] && !glyph; i++) {
		*strokes = font->strokes[i];
		glyph = font_strokes_find(*strokes, codepoint);
	}
	return glyph ? glyph : font_strokes_find(*strokes, FONT_STROKES_BOX);
}

static double glyph_width(const struct font *font, const struct font_glyph *glyph)
{
	return (glyph->width - 1) * font->wide + 1;
}

/* x and k in pen widths and mm of one. */
static void send_glyph(const struct font *font, const struct font_strokes *strokes,
		       const struct font_glyph *glyph, double x, double k, double x_mm,
		       const struct font_sink *sink)
{
	const struct font_point *end = strokes->points + glyph->end;

	for (const struct font_point *p = strokes->points + glyph->first; p < end; p++) {
		double y = (p->y - HALF_PEN) * font->high + HALF_PEN;
		double px = x_mm +
			    (x + (p->x - HALF_PEN) * font->wide + HALF_PEN + font->slant * y) * k;

		if (p->down)
			sink->move(sink->ctx, px, y * k);
		else
			sink->line(sink->ctx, px, y * k);
	}
}

/* Draws the characters of utf8..end, or only measures them where sink is NULL; returns the width
 * with the last letter's spacing. */
static double walk_strokes(const struct font *font, const char *utf8, const char *end, double k,
			   double x_mm, const struct font_sink *sink)
{
	double x = 0; /* pen widths */

	if (sink)
		sink->begin(sink->ctx, false);
	while (utf8 < end) {
		const struct font_strokes *strokes = NULL;
		const struct font_glyph *glyph = find_glyph(font, font_utf8_next(&utf8), &strokes);

		if (sink)
			send_glyph(font, strokes, glyph, x, k, x_mm, sink);
		x += glyph_width(font, glyph) + FONT_STROKES_SPACING;
	}
	return x * k;
}

static bool is_among(const char *utf8, uint32_t codepoint)
{
	while (*utf8)
		if (font_utf8_next(&utf8) == codepoint)
			return true;
	return false;
}

/* Where the run that begins at utf8 ends; *outlined says where it comes from. U+FFFD is always our
 * box: fonts have fancier ones. */
static const char *run_end(const struct font *font, const char *utf8, bool *outlined)
{
	const char *at = utf8;

	while (*at && at - utf8 < MAX_RUN_BYTES) {
		const char *next = at;
		uint32_t c = font_utf8_next(&next);
		bool has = c != FONT_STROKES_BOX && !is_among(font->lacks, c) &&
			   font_outline_has(font->outline, c);
		if (at == utf8)
			*outlined = has;
		else if (has != *outlined)
			break;
		at = next;
	}
	return at;
}

static double walk(const struct font *font, const char *utf8, double height_mm,
		   const struct font_sink *sink)
{
	double k = height_mm / font->height;
	double x_mm = 0;

	while (*utf8) {
		bool outlined = false;
		const char *end;
		if (font->outline)
			end = run_end(font, utf8, &outlined);
		else
			end = utf8 + strlen(utf8);
		if (outlined) {
			x_mm += font_outline_draw(font->outline, utf8, (size_t)(end - utf8),
						  height_mm, x_mm, sink);
		} else {
			x_mm += walk_strokes(font, utf8, end, k, x_mm, sink);
			if (!*end)
				x_mm -= FONT_STROKES_SPACING * k - font->slant * height_mm;
		}
		utf8 = end;
	}
	return x_mm;
}

/* By hand; returns the width. */
static double write_text(const struct writer *writer, const char *utf8, double height_mm,
			 uint32_t which, const struct font_sink *sink)
{
	struct writer_line line = writer_begin(writer, utf8, height_mm);
	struct writer_letter letter;

	if (sink)
		sink->begin(sink->ctx, false);
	while (writer_next(&line, &letter))
		if (sink)
			writer_draw(&line, &letter, which, 0, sink);
	return line.width_mm;
}

double font_text_width(const struct font *font, const char *utf8, double height_mm)
{
	if (font->writer)
		return write_text(font->writer, utf8, height_mm, 0, NULL);
	return walk(font, utf8, height_mm, NULL);
}

void font_draw_text(const struct font *font, const char *utf8, double height_mm, uint32_t which,
		    const struct font_sink *sink)
{
	if (font->writer)
		write_text(font->writer, utf8, height_mm, which, sink);
	else
		walk(font, utf8, height_mm, sink);
}

double font_pen_width(const struct font *font, double height_mm)
{
	return font->outline ? 0 : font_stroke_width(font, height_mm);
}

double font_stroke_width(const struct font *font, double height_mm)
{
	if (font->writer)
		return writer_pen_mm(font->writer, height_mm);
	if (font->outline)
		return font_outline_weight(font->outline) * height_mm;
	return height_mm / font->height;
}
