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

#include <assert.h>
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

struct font {
	const struct font_strokes *strokes;
	struct font_outline *outline; /* owned; NULL for the built-in font */
	const struct writer *writer;  /* by hand; else NULL */
};

static struct font builtin;

static void parse_builtin(void)
{
	size_t count = 0;
	const char *const *lines = font_strokes_builtin(&count);

	builtin.strokes = font_strokes_parse("fonts/iso3098.strokes", lines, count, NULL);
	assert(builtin.strokes);
}

const struct font *font_builtin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, parse_builtin);
	return &builtin;
}

const struct font *font_by_hand(struct rng *rng, struct arena *arena)
{
	struct font *font = ARENA_NEW(arena, struct font, 1);
	struct writer *writer = ARENA_NEW(arena, struct writer, 1);

	*writer = writer_from_rng(rng);
	font->strokes = font_builtin()->strokes;
	font->writer = writer;
	return font;
}

bool font_is_by_hand(const struct font *font)
{
	return font->writer != NULL;
}

struct font *font_load(const char *path, struct err *err)
{
	struct font_outline *outline = font_outline_load(path, err);

	if (!outline)
		return NULL;
	struct font *font = mem_alloc(1, sizeof(*font));
	font->strokes = font_builtin()->strokes;
	font->outline = outline;
	return font;
}

void font_free(struct font *font)
{
	if (!font || font == &builtin)
		return;
	font_outline_free(font->outline);
	free(font);
}

static void send_glyph(const struct font_strokes *strokes, const struct font_glyph *glyph, double x,
		       double k, double x_mm, const struct font_sink *sink)
{
	const struct font_point *end = strokes->points + glyph->end;

	for (const struct font_point *p = strokes->points + glyph->first; p < end; p++) {
		double px = x_mm + (x + p->x) * k;
		double py = p->y * k;
		if (p->down)
			sink->move(sink->ctx, px, py);
		else
			sink->line(sink->ctx, px, py);
	}
}

/* Draws the characters of utf8..end, or only measures them where sink is NULL; returns the width
 * with the last letter's spacing. */
static double walk_strokes(const struct font_strokes *strokes, const char *utf8, const char *end,
			   double k, double x_mm, const struct font_sink *sink)
{
	double x = 0; /* pen widths */

	if (sink)
		sink->begin(sink->ctx, false);
	while (utf8 < end) {
		const struct font_glyph *glyph = font_strokes_glyph(strokes, font_utf8_next(&utf8));
		if (sink)
			send_glyph(strokes, glyph, x, k, x_mm, sink);
		x += glyph->width + FONT_STROKES_SPACING;
	}
	return x * k;
}

/* Where the run that begins at utf8 ends; *outlined says where it comes from. U+FFFD is always our
 * box: fonts have fancier ones. */
static const char *run_end(const struct font *font, const char *utf8, bool *outlined)
{
	const char *at = utf8;

	while (*at && at - utf8 < MAX_RUN_BYTES) {
		const char *next = at;
		uint32_t c = font_utf8_next(&next);
		bool has = c != FONT_STROKES_BOX && font_outline_has(font->outline, c);
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
	double k = height_mm / FONT_STROKES_HEIGHT;
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
			x_mm += walk_strokes(font->strokes, utf8, end, k, x_mm, sink);
			if (!*end)
				x_mm -= FONT_STROKES_SPACING * k;
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

double font_next_letter(const struct font *font, const char **utf8, double height_mm,
			uint32_t *codepoint)
{
	assert(!font->outline && !font->writer);
	*codepoint = font_utf8_next(utf8);
	return (font_strokes_glyph(font->strokes, *codepoint)->width + FONT_STROKES_SPACING) *
	       height_mm / FONT_STROKES_HEIGHT;
}

double font_pen_width(const struct font *font, double height_mm)
{
	if (font->writer)
		return writer_pen_mm(font->writer, height_mm);
	return font->outline ? 0 : height_mm / FONT_STROKES_HEIGHT;
}
