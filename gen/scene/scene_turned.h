/* SPDX-License-Identifier: MIT */
/*
 * scene_turned: what the files of the family "turned" hand to each other while a part is made.
 *
 *	scene_turned.c			kinds of parts: their steps and bores
 *	scene_turned_bores.c		bores, plain and stepped
 *	scene_turned_features.c		what is cut into steps: grooves, keyways, threads, corners
 *	scene_turned_sizes.c		the dimensions that state the part
 *	scene_turned_room.c		how much of the sheet they need
 *
 * Sizes are picked on paper, so that what is drawn can be read, and are then those of the standards
 * that come nearest.
 */
#ifndef GEN_SCENE_TURNED_H
#define GEN_SCENE_TURNED_H

#include "gen/scene/scene_families.h"

struct turner {
	struct scene *scene;
	struct rng *rng;
	struct arena *arena;
	double paper;      /* mm on paper per thousandth of the unit */
	int64_t grid;      /* of lengths, in thousandths */
	double wide, high; /* the largest side view, in mm on paper */
	double spare;      /* height left to a title block */
	bool large;        /* the sheet has room for sections and small features */
	bool longitudinal; /* cut along the axis */
};

/* Thousandths of the unit for mm on paper. */
int64_t turner_real(const struct turner *t, double paper_mm);

/* The same, on the grid of lengths: the nearest, one step at least. */
int64_t turner_length(const struct turner *t, double paper_mm);

double turner_paper(const struct turner *t, int64_t thousandths);

/* A usual diameter within lo..hi (thousandths), or 0 where there is none. */
int64_t turner_diameter(const struct turner *t, int64_t lo, int64_t hi);

/* One of a list of sizes (thousandths, of the unit) that measures lo to hi mm on paper; 0: none. */
int64_t turner_pick(const struct turner *t, const int64_t *list, int count, double lo, double hi);

/* Adds a shape where the part is still sound with it (scene_check); false: it was left out. The shapes
 * stay in canonical order, so indices change. */
bool turner_try(struct turner *t, const struct shape *shape);

/* x of the left (0) or right face. */
int64_t turner_face(const struct turner *t, int side);

/* Adds a shape that is known to fit once all are there. */
void turner_add(struct turner *t, const struct shape *shape);

#define SHOULDER_MM 3.2 /* mm on paper between neighbours' diameters, at least */

/* A bore from face to face, wider at one end or both; false where there is no room for one. */
bool turner_bore_through(struct turner *t);

/* A blind bore from the left (0) or right face, most_mm deep on paper at most, perhaps with a wider
 * mouth. */
bool turner_bore_blind(struct turner *t, int side, double most_mm);

/* Whether local or quarter sections would end clear of all edges. */
bool turner_breaks_clear(const struct turner *t);

/* Cuts features into the steps, as many as the part and the sheet bear. */
void turner_add_features(struct turner *t);

/* The nominal diameter of a thread within lo..hi, or 0. */
int64_t turner_thread_diameter(const struct turner *t, int64_t lo, int64_t hi);

/* States everything. */
void turner_add_dimensions(struct turner *t);

/* Whether the views and the rows of their dimensions find room on the sheet, as far as can be told
 * without a style. */
bool turner_has_room(const struct turner *t);

#endif
