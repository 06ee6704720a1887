/* SPDX-License-Identifier: MIT */
/*
 * pen: what pencils, ballpoints, nibs and felt tips do to a line.
 *
 *	const struct pen *pen = pen_of_style(&style);
 *	double width = pen_width_mm(pen, stroke->width_mm, style.thin_mm);
 */
#ifndef RENDER_PEN_H
#define RENDER_PEN_H

#include "formats/scene/style.h"

/* Lengths in mm; all else are shares. */
struct pen {
	double widen;       /* its lines over those of a technical pen */
	double alike;       /* how much of the difference between thick and thin lines is lost */
	double vary;        /* of width along a line */
	double fade;        /* of darkness along a line */
	double pale[2];     /* paleness of its ink, from and to */
	double skips_per_m; /* where no ink comes */
	double blots;       /* of ends that have one */
	double taper_mm;    /* over which a line gets thinner at its end */
};

/* Never NULL. */
const struct pen *pen_of_style(const struct style *style);

/* The usual width of a line that a technical pen would draw width_mm wide. */
double pen_width_mm(const struct pen *pen, double width_mm, double thin_mm);

#endif
