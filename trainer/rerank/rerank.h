/* SPDX-License-Identifier: MIT */
/*
 * rerank: which of several programs explains a picture best.
 *
 *	struct rerank_candidate candidates[] = {{.text = {"circle(x=9,y=9,r=6)", 19}, .log_prob = -0.4}, ...};
 *	int best = rerank_candidates(candidates, 4, LANGUAGE_CALLS, pixels, side, NULL, &arena);
 *
 * Every candidate that makes a part is laid over the picture where it fits best. That can be done with
 * free shapes and plates, which sheets show in one view, whole. Turned parts are shown cut open, or
 * not, with an edge at each shoulder, and cabinets in several views: of them nothing is known, nor of parts
 * that lie nowhere on the picture, as in photographs from aside; then the first stays.
 */
#ifndef TRAINER_RERANK_H
#define TRAINER_RERANK_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "formats/program/program.h"

struct rerank_text {
	const char *at; /* borrowed */
	size_t len;
};

/* order[count]: the places of those that make a part of one family, then of the others; one alone is not
 * looked at. */
void rerank_parts_first(int *order, const struct rerank_text *texts, int count,
			enum language language, struct arena *arena);

struct rerank_candidate {
	struct rerank_text text;
	double log_prob;
	double misfit; /* set: px, placing_misfit over the length of the picture's lines, so that
			* pictures compare; NAN: not known */
};

/* A program that no candidate is. */
struct rerank_combined {
	struct rerank_text text; /* in the arena; NULL: there is none */
	double misfit;           /* as a candidate's */
};

/* The first one is the most probable. Returns which explains pixels [side, side] clearly better than it,
 * or 0. combined, unless NULL: numbers and shapes of that one and of others, where they do so together
 * (combine.h). */
int rerank_candidates(struct rerank_candidate *candidates, int count, enum language language,
		      const uint8_t *pixels, int side, struct rerank_combined *combined,
		      struct arena *arena);

#endif
