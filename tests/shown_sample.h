/* SPDX-License-Identifier: MIT */
/*
 * shown_sample: samples and their pictures as a model gets them, for tests of what looks at both.
 *
 *	struct shown_samples *s = shown_samples_open(seed, FAMILY_PLATE, "office_scan", 384);
 *	struct shown_sample shown = shown_sample(s, 42);
 *	... shown.sample, shown.pixels[side, side], shown.px_per_mm
 *	shown_samples_close(s);
 */
#ifndef TESTS_SHOWN_SAMPLE_H
#define TESTS_SHOWN_SAMPLE_H

#include "gen/sample_main.h"

struct shown_sample {
	const struct sample *sample;
	const uint8_t *pixels;
	double px_per_mm; /* of the part */
	int left, top;    /* where the sheet begins, px */
};

struct shown_samples;

/* style: of samples/styles, degradations too; NULL: the built-in one. */
struct shown_samples *shown_samples_open(uint64_t seed, enum family family, const char *style,
					 int side);
void shown_samples_close(struct shown_samples *s);

/* Sample `index`, until the next call. Failures fail the test. */
struct shown_sample shown_sample(struct shown_samples *s, uint64_t index);

#endif
