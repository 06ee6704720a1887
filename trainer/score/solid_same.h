/* SPDX-License-Identifier: MIT */
/*
 * solid_same: whether two models say the same.
 *
 *	if (solid_same_models(&truth, &said)) ...
 *
 * They do where both have as many extrudes, and each of one is that of the other in the same place: the
 * same operation, but of the first, which has none; the same ends and tapers; and the same profiles, in
 * any order. Profiles are the same on planes with the same origin and axes, with the same loops in any
 * order; loops are the same if their curves are, in order, from wherever they begin and whichever way they
 * run. Lengths may be 1e-9 m apart, and so may axes and tapers, whose unit is 1.
 *
 * What has no part in that: names, sketches that no extrude has, how extrudes of the same ends are told
 * (symmetric, or of two equal sides), and the box that a file states. A solid that is made in another
 * way, with another origin of a plane or its extrudes in another order, is not the same.
 *
 * Both are looked at as the language `sketch` says them, an arc by its ends and a point halfway: what a
 * file of DeepCAD says of an arc besides contradicts itself by more than 1e-9 m.
 */
#ifndef TRAINER_SOLID_SAME_H
#define TRAINER_SOLID_SAME_H

#include <stdbool.h>

#include "base/arena.h"
#include "formats/solid/deepcad.h"

#define SOLID_SAME_M 1e-9

/* The model as `sketch` has it, written without a grid and read again; itself where it cannot be said in
 * it, or where it cannot be read again. In the arena, or borrowed from the model. */
struct deepcad_model solid_same_told(const struct deepcad_model *model, struct arena *arena);

/* Both as solid_same_told gives them. */
bool solid_same_models(const struct deepcad_model *a, const struct deepcad_model *b);

#endif
