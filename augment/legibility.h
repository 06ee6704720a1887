/* SPDX-License-Identifier: MIT */
/*
 * legibility: what is left of each printed number.
 *
 *	int lost = legibility_measure(&annotations, &clean, &scan);	(polygons still the clean ones)
 *	warp_annotations(&scan.warp, &annotations, &arena);
 *
 * Digit by digit, the scan is compared with the clean picture moved alike: how strong the lettering
 * still is against its ground, and how much of what is seen there is lettering and not blur, noise,
 * or something on top. The worst digit decides.
 */
#ifndef AUGMENT_LEGIBILITY_H
#define AUGMENT_LEGIBILITY_H

#include "augment/scan.h"
#include "formats/drawing/annotations.h"
#include "formats/image/image.h"

/* Of one place. */
struct legibility {
	double contrast;    /* of ink to ground, 0 to 1 */
	double resemblance; /* correlation with the clean lettering, 0 to 1 */
	double outside;     /* share that lies beyond the picture */
};

/* Of the box of four corners on the clean grey picture, the first two its baseline; the worst of parts
 * about as wide as high. Without ink: all is well. */
struct legibility legibility_of_box(const struct image *clean, const struct scan *scan,
				    const struct vec corners[4]);

/* CLEAR, DEGRADED or LOST. */
enum annotation_state legibility_state(const struct legibility *legibility);

/* Sets the state of every text that belongs to a dimension; returns how many are lost. */
int legibility_measure(struct annotations *annotations, const struct image *clean,
		       const struct scan *scan);

#endif
