/* SPDX-License-Identifier: MIT */
/*
 * program_from_drawing: reads the label off a drawing, as a person would: the proof that labels are
 * true, complete and readable.
 *
 *	struct program program;
 *	if (program_from_drawing(&program, &drawing, ',', &arena, &err) < 0) ...
 *	assert(program_equal(&program, &label));
 *
 * It knows the drawing's lines, arrows and lettering, and the drafting conventions of ISO 128-2 and
 * ISO 129-1; of scenes, dimensions and the owners noted on strokes, arrows and texts it knows
 * nothing.
 */
#ifndef GEN_PROGRAM_FROM_DRAWING_H
#define GEN_PROGRAM_FROM_DRAWING_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/drawing/drawing.h"
#include "formats/program/program.h"

/* Recognises the outlines and takes every number of the label from the text that states it. Only
 * what practice does not print is taken from the lines: directions along the axes, a polygon's
 * corner straight on an axis, ends of an arc on the axes, the count of a polygon's sides. The
 * program is in canonical order and lives in the arena.
 *
 * ERR_FORMAT where an outline is no primitive, a number is not printed, a text contradicts what it
 * measures (by more than one millionth), stands by two dimensions or states nothing; the message
 * names shape and parameter, or the text. ERR_LIMIT: more shapes than a program holds. */
int program_from_drawing(struct program *program, const struct drawing *drawing, enum family family,
			 struct arena *arena, struct err *err);

#endif
