/* SPDX-License-Identifier: MIT */
/*
 * writer: a person who letters a drawing by hand: habits drawn once, and letters of which no two are
 * the same.
 *
 *	struct writer writer = writer_from_rng(&rng);
 *	struct writer_line line = writer_begin(&writer, "⌀12,5", 3.5);
 *	struct writer_letter letter;
 *	while (writer_next(&line, &letter))
 *		writer_draw(&line, &letter, which, x_mm, &sink);
 *	width_mm = line.width_mm;
 *
 * What a text measures depends on the writer, its characters and its height alone, so that a drafter
 * may ask before it is placed. How the letters look depends on `which` too, the number of the text
 * on its drawing: the same text written twice differs, and is as wide.
 *
 * Sources: Devroye & McDougall 1995, "Random fonts for the simulation of handwriting" (perturbed
 * control points); Lin & Wan 2007, "Style-preserving English handwriting synthesis" (features drawn
 * by writer, then by letter); Lacquaniti, Terzuolo & Viviani 1983, "The law relating the kinematic
 * and figural aspects of drawing movements" (speed as a power of curvature).
 */
#ifndef FONTS_WRITER_H
#define FONTS_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "fonts/allograph.h"
#include "fonts/font.h"
#include "fonts/font_stroke.h"

/* Lengths are parts of the height of capitals unless named otherwise. */
struct writer {
	uint64_t key; /* all random streams of this hand come from it */
	enum allograph_region region;
	double slant;    /* tangent, positive to the right */
	double aspect;   /* width over that of the allographs as they are drawn */
	double size_cv;  /* of letters: standard deviation */
	double slope;    /* tangent of the baseline's tilt */
	double drift;    /* of letters off the baseline: standard deviation */
	double gap;      /* between letters, clear of ink */
	double jitter;   /* of control points, from letter to letter */
	double habit;    /* of control points, always the same for an allograph */
	double warp;     /* of whole letters */
	double turn_rad; /* of letters: standard deviation */
	double rounding; /* of corners */
	double tremor;
	double pen_mm, pressure; /* how much slow parts are wider than fast ones */
	double flick;            /* how much strokes taper to their end */
	double fidelity;         /* how often the favourite allograph is taken */
};

/* Draws a writer; every draw is made whatever came before. */
struct writer writer_from_rng(struct rng *rng);

/* The pen's width in mm in lettering of this height: no letter is blotted out. */
double writer_pen_mm(const struct writer *writer, double height_mm);

struct writer_letter {
	const struct allograph *allograph; /* NULL: `glyph` is written */
	const struct font_glyph *glyph;
	uint32_t number;   /* in its text */
	double x;          /* left end of its ink on the unslanted baseline, in mm */
	double width;      /* of its ink, in mm */
	double wide, high; /* mm for each of the allograph's units */
	double rise;       /* off the baseline, in mm */
};

struct writer_line {
	const struct writer *writer;
	const char *at;
	uint64_t text_key;
	uint32_t number;
	double height_mm, pen_mm;
	double x;        /* where the next letter's ink begins */
	double wander;   /* the baseline's, standard deviations */
	double width_mm; /* of all the letters so far, with ink and slant */
};

/* Begins a text. */
struct writer_line writer_begin(const struct writer *writer, const char *utf8, double height_mm);

/* Takes the next letter; false at the text's end. */
bool writer_next(struct writer_line *line, struct writer_letter *letter);

/* Sends the letter's strokes, with the pen's width at each point where the sink wants it; the text
 * begins at x_mm. */
void writer_draw(const struct writer_line *line, const struct writer_letter *letter, uint32_t which,
		 double x_mm, const struct font_sink *sink);

#endif
