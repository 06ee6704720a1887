/* SPDX-License-Identifier: MIT */
/*
 * warp_entries: how each degradation that moves pixels does so, backwards.
 *
 * warp_NAME takes points of the picture after it and leaves in their place those before it.
 */
#ifndef AUGMENT_WARP_ENTRIES_H
#define AUGMENT_WARP_ENTRIES_H

#include "augment/field.h"
#include "augment/recipe.h"
#include "formats/scene/path.h"

struct warp_job {
	const struct recipe *recipe;
	int width, height; /* px */
	double px_per_mm;
	int count; /* of points */
};

typedef void (*warp_entry)(const struct warp_job *job, double *x, double *y);

#define WARP_DECLARE_PIXELS(name)
#define WARP_DECLARE_TURN(name)
#define WARP_DECLARE_WARP(name) void warp_##name(const struct warp_job *job, double *x, double *y);
#define WARP_DECLARE_BOTH(name) void warp_##name(const struct warp_job *job, double *x, double *y);
#define E(name, phase, kind, legibility, source, about) WARP_DECLARE_##kind(name)
#define P(entry, name, lo, hi, least, most, about)
DEGRADATIONS(E, P)
#undef E
#undef P

/* --- what pixels and places share --- */

#define CREASES_MAX 100

/* Of a folded sheet: where its creases lie, in px, and how high each is, in px; both ends of the
 * sheet are among them. */
struct fold_line {
	double at[16], height[16];
	int count;
};

/* Across the sheet's width (is_x) or down its height. */
struct fold_line fold_line_from_recipe(const struct recipe *recipe, int is_x, int length_px);

/* Of a crumpled sheet: straight creases; each lifts one side. */
struct crumple {
	struct vec normal[CREASES_MAX];
	double offset[CREASES_MAX], slope[CREASES_MAX], phase[CREASES_MAX];
	int count;
	double wave_px; /* how far the creases run straight */
	struct noise across, down;
};

struct crumple crumple_from_recipe(const struct recipe *recipe, int width, int height);

/* The slope of the sheet at p: within about -1 to 1 in each direction. */
struct vec crumple_slope(struct crumple *crumple, struct vec p);

/* The bow of a bent sheet: how far along it p is, -1 to 1, and its direction. */
double curl_along(const struct recipe *recipe, int width, int height, struct vec p);

#endif
