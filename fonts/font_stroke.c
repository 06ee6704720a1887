/* SPDX-License-Identifier: MIT */
/*
 * A recursive-descent reader over one line per glyph (glyph_line). Curves are cut into chords as they are read: over a step of angle a, a
 * chord leaves a circle of radius r by r (1 - cos(a/2)); an ellipse is an affine image of a circle
 * that stretches no length by more than its larger radius, so the same bound holds with that one.
 *
 * Invariants after parsing: glyphs rise strictly by codepoint; every glyph's first point is `down`
 * and no two `down` follow each other; points are the grid's squares moved by half a pen, so that
 * ink, not the pen's centre, begins at 0.
 *
 * Source: ISO 3098-1/-2 for the grid and the proportions; the letters are our own.
 */
#include <config.h>

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fonts/font_stroke.h"
#include "fonts/glyph_line.h"

#define HALF_PEN 0.5
#define PI 3.14159265358979323846

struct reader {
	struct font_strokes *strokes;
	uint32_t point_room, glyph_room;
	struct glyph_line at;
};

static void add_point(struct reader *r, double x, double y, bool down)
{
	struct font_strokes *s = r->strokes;

	if (s->point_count == r->point_room) {
		r->point_room = r->point_room ? 2 * r->point_room : 1024;
		s->points = mem_realloc(s->points, r->point_room, sizeof(*s->points));
	}
	s->points[s->point_count++] = (struct font_point){x + HALF_PEN, y + HALF_PEN, down};
}

/* Chords needed for `sweep` radians of a curve of radius at most r. */
static int chord_count(double r, double sweep)
{
	double step = r > FONT_STROKES_CHORD ? 2 * acos(1 - FONT_STROKES_CHORD / r) : PI;

	return (int)ceil(fabs(sweep) / step);
}

static void add_quarter(struct reader *r, struct font_point a, struct font_point b, bool horizontal)
{
	double dx = b.x - a.x;
	double dy = b.y - a.y;
	int n = chord_count(fmax(fabs(dx), fabs(dy)), PI / 2);

	for (int i = 1; i < n; i++) {
		double out = sin(i * PI / 2 / n);
		double in = 1 - cos(i * PI / 2 / n);
		if (horizontal)
			add_point(r, a.x + dx * out, a.y + dy * in, false);
		else
			add_point(r, a.x + dx * in, a.y + dy * out, false);
	}
	add_point(r, b.x, b.y, false);
}

static void add_arc(struct reader *r, struct font_point a, struct font_point b, double sweep)
{
	/* The centre lies on the chord's bisector, to the left of a -> b for a positive sweep. */
	double up = 0.5 / tan(sweep / 2);
	double cx = (a.x + b.x) / 2 - up * (b.y - a.y);
	double cy = (a.y + b.y) / 2 + up * (b.x - a.x);
	int n = chord_count(hypot(a.x - cx, a.y - cy), sweep);

	for (int i = 1; i < n; i++) {
		double c = cos(i * sweep / n);
		double s = sin(i * sweep / n);
		add_point(r, cx + c * (a.x - cx) - s * (a.y - cy),
			  cy + s * (a.x - cx) + c * (a.y - cy), false);
	}
	add_point(r, b.x, b.y, false);
}

/* x,y  x,y~h  x,y~v  x,y@sweep; *last is where the pen is, moved along. */
static int read_point(struct reader *r, struct font_point *last, bool first)
{
	struct font_point to = {0};

	if (glyph_line_number(&r->at, &to.x) < 0 ||
	    glyph_line_char(&r->at, ',', "expected ','") < 0 ||
	    glyph_line_number(&r->at, &to.y) < 0)
		return -1;
	if (first && (*r->at.p == '~' || *r->at.p == '@'))
		return glyph_line_fail(&r->at, "a stroke cannot begin with a curve");
	if (*r->at.p == '~') {
		r->at.p++;
		if (*r->at.p != 'h' && *r->at.p != 'v')
			return glyph_line_fail(&r->at, "expected h or v");
		add_quarter(r, *last, to, *r->at.p++ == 'h');
	} else if (*r->at.p == '@') {
		double degrees = 0;
		r->at.p++;
		if (glyph_line_number(&r->at, &degrees) < 0)
			return -1;
		if (degrees == 0 || fabs(degrees) >= 360)
			return glyph_line_fail(&r->at, "sweep not within -360..360 or zero");
		add_arc(r, *last, to, degrees * PI / 180);
	} else {
		add_point(r, to.x, to.y, first);
	}
	*last = to;
	return 0;
}

static int read_stroke(struct reader *r)
{
	struct font_point last = {0};
	int count = 0;

	for (;;) {
		glyph_line_skip_blanks(&r->at);
		if (*r->at.p == ';' || !*r->at.p)
			break;
		if (read_point(r, &last, count == 0) < 0)
			return -1;
		count++;
		if (glyph_line_end_of_point(&r->at) < 0)
			return -1;
	}
	return count < 2 ? glyph_line_fail(&r->at, "a stroke needs two points") : 0;
}

/* 'C' or U+XXXX */
static int read_codepoint(struct reader *r, uint32_t *out)
{
	if (*r->at.p == '\'')
		return glyph_line_quoted(&r->at, out);
	if (strncmp(r->at.p, "U+", 2) != 0)
		return glyph_line_fail(&r->at, "expected 'C' or U+XXXX");
	r->at.p += 2;
	char *end = NULL;
	unsigned long c =
		strspn(r->at.p, "0123456789ABCDEF") ? strtoul(r->at.p, &end, 16) : ULONG_MAX;
	if (c > 0x10ffff)
		return glyph_line_fail(&r->at, "expected a hexadecimal number up to 10FFFF");
	r->at.p = end;
	*out = (uint32_t)c;
	return 0;
}

/* Puts the glyph where it belongs; moving the tail is quadratic, and the tables are short. */
static int insert_glyph(struct reader *r, const struct font_glyph *glyph)
{
	struct font_strokes *s = r->strokes;
	uint32_t at = s->glyph_count;

	if (s->glyph_count == UINT16_MAX)
		return glyph_line_fail(&r->at, "too many glyphs");
	if (s->glyph_count == r->glyph_room) {
		r->glyph_room = r->glyph_room ? 2 * r->glyph_room : 128;
		s->glyphs = mem_realloc(s->glyphs, r->glyph_room, sizeof(*s->glyphs));
	}
	while (at > 0 && s->glyphs[at - 1].codepoint > glyph->codepoint)
		at--;
	if (at > 0 && s->glyphs[at - 1].codepoint == glyph->codepoint)
		return glyph_line_fail(&r->at, "this character has been given before");
	memmove(&s->glyphs[at + 1], &s->glyphs[at], (s->glyph_count - at) * sizeof(*s->glyphs));
	s->glyphs[at] = *glyph;
	s->glyph_count++;
	return 0;
}

/* CODEPOINT WIDTH: STROKE; STROKE */
static int read_glyph(struct reader *r)
{
	struct font_glyph glyph = {.first = r->strokes->point_count};

	if (read_codepoint(r, &glyph.codepoint) < 0)
		return -1;
	glyph_line_skip_blanks(&r->at);
	if (glyph_line_number(&r->at, &glyph.width) < 0)
		return -1;
	if (glyph.width <= 0)
		return glyph_line_fail(&r->at, "the width must be positive");
	if (glyph_line_char(&r->at, ':', "expected ':'") < 0)
		return -1;
	glyph_line_skip_blanks(&r->at);
	while (*r->at.p) {
		if (read_stroke(r) < 0)
			return -1;
		if (*r->at.p == ';')
			r->at.p++;
	}
	glyph.end = r->strokes->point_count;
	return insert_glyph(r, &glyph);
}

const struct font_glyph *font_strokes_search(const struct font_strokes *strokes, uint32_t codepoint)
{
	uint32_t lo = 0;
	uint32_t hi = strokes->glyph_count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (strokes->glyphs[mid].codepoint < codepoint)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == strokes->glyph_count || strokes->glyphs[lo].codepoint != codepoint)
		return NULL;
	return &strokes->glyphs[lo];
}

static int read_lines(struct reader *r, const char *const *lines, size_t count)
{
	struct font_strokes *s = r->strokes;

	for (size_t i = 0; i < count; i++) {
		r->at.number = i + 1;
		r->at.p = lines[i];
		if (*r->at.p && *r->at.p != '#' && read_glyph(r) < 0)
			return -1;
	}
	for (uint32_t c = 0; c < 256; c++) {
		const struct font_glyph *glyph = font_strokes_search(s, c);
		s->latin[c] = glyph ? (uint16_t)(glyph - s->glyphs + 1) : 0;
	}
	return 0;
}

struct font_strokes *font_strokes_parse(const char *name, const char *const *lines, size_t count,
					struct err *err)
{
	struct font_strokes *strokes = mem_alloc(1, sizeof(*strokes));
	struct reader r = {.strokes = strokes, .at = {.name = name, .err = err}};

	if (read_lines(&r, lines, count) < 0) {
		font_strokes_free(strokes);
		return NULL;
	}
	return strokes;
}

void font_strokes_free(struct font_strokes *strokes)
{
	if (!strokes)
		return;
	free(strokes->points);
	free(strokes->glyphs);
	free(strokes);
}

/* The files' lines; comments are empty ones. */
static const char *const iso3098[] = {
#include "fonts/iso3098.inc"
};
static const char *const gost[] = {
#include "fonts/gost.inc"
};
static const char *const gost_italic[] = {
#include "fonts/gost_italic.inc"
};
static const char *const plotter[] = {
#include "fonts/plotter.inc"
};

static const struct {
	const char *const *lines;
	size_t count;
} files[FONT_STROKES_COUNT_] = {
	{iso3098, sizeof(iso3098) / sizeof(iso3098[0])},
	{gost, sizeof(gost) / sizeof(gost[0])},
	{gost_italic, sizeof(gost_italic) / sizeof(gost_italic[0])},
	{plotter, sizeof(plotter) / sizeof(plotter[0])},
};
static struct font_strokes *parsed[FONT_STROKES_COUNT_];

static void parse_files(void)
{
	static const char *const names[] = {
#define F(id, file) file,
		FONT_STROKES_FILES(F)
#undef F
	};

	for (int i = 0; i < FONT_STROKES_COUNT_; i++) {
		parsed[i] = font_strokes_parse(names[i], files[i].lines, files[i].count, NULL);
		assert(parsed[i]);
	}
}

const struct font_strokes *font_strokes_builtin(enum font_strokes_file file)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, parse_files);
	return parsed[file];
}
