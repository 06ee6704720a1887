/* SPDX-License-Identifier: MIT */
/*
 * cad_vec: DeepCAD's vectors, a model as rows of 17 small whole numbers.
 *
 *	struct cad_vec vec;
 *	if (cad_vec_from_deepcad(&vec, &model, true, &arena, &err) < 0) ...
 *	cad_vec_write_npy(&vec, &out);			(or cad_vec_write_text)
 *	if (cad_vec_read(&vec, "00000007.npy", &arena, &err) < 0 ||
 *	    deepcad_from_cad_vec(&model, &vec, &arena, &err) < 0) ...
 *
 * For every region of an extrude: for every loop SOL and its curves, then EXT; at last EOS. What a
 * command has no use for is -1.
 *
 *	LINE    x, y of its end
 *	ARC     x, y of its end; sweep; whether it runs counter-clockwise
 *	CIRCLE  x, y of its centre; radius
 *	EXT     theta, phi, gamma of the plane; where in space the first loop begins; the sketch's size;
 *	        both extents; operation; type of extent
 *
 * Sketches are scaled to 95 steps from the first loop's leftmost point, which is at (128, 128); lengths
 * in space by 128 steps, 0 at 128; angles by 128 steps in half a turn, those of planes with 0 at 128.
 * theta and phi are those of the normal in polar coordinates; turned by both, the x axis is at gamma
 * from the sketch's.
 *
 * Source: Wu, Xiao and Zheng 2021, "DeepCAD", 3.1, and its cadlib, which `compat` repeats.
 */
#ifndef FORMATS_CAD_VEC_H
#define FORMATS_CAD_VEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/solid/deepcad.h"

#define CAD_VEC_ROWS_MAX 60     /* of a model */
#define CAD_VEC_EXTRUDES_MAX 10 /* each of one region */
#define CAD_VEC_LOOPS_MAX 6     /* of a region */
#define CAD_VEC_LOOP_ROWS_MAX 15
#define CAD_VEC_FILE_ROWS_MAX 1024
#define CAD_VEC_FILE_BYTES_MAX ((size_t)1 << 20)

/* X(name, lowest, highest): the columns and what they may hold besides -1. */
#define CAD_VEC_COLUMNS(X)                                                                         \
	X(COMMAND, 0, 5)                                                                           \
	X(X, 0, 255)                                                                               \
	X(Y, 0, 255)                                                                               \
	X(SWEEP, 1, 255)                                                                           \
	X(CCW, 0, 1)                                                                               \
	X(RADIUS, 1, 255)                                                                          \
	X(THETA, 0, 255)                                                                           \
	X(PHI, 0, 255)                                                                             \
	X(GAMMA, 0, 255)                                                                           \
	X(ORIGIN_X, 0, 255)                                                                        \
	X(ORIGIN_Y, 0, 255)                                                                        \
	X(ORIGIN_Z, 0, 255)                                                                        \
	X(SIZE, 0, 255)                                                                            \
	X(ONE, 0, 255)                                                                             \
	X(TWO, 0, 255)                                                                             \
	X(OPERATION, 0, 3)                                                                         \
	X(EXTENT, 0, 2)

enum cad_vec_column {
#define X(name, lo, hi) CAD_VEC_##name,
	CAD_VEC_COLUMNS(X)
#undef X
		CAD_VEC_COLUMN_COUNT_,
};

/* X(name, first, last): the commands and the columns they use. */
#define CAD_VEC_COMMANDS(X)                                                                        \
	X(LINE, CAD_VEC_X, CAD_VEC_Y)                                                              \
	X(ARC, CAD_VEC_X, CAD_VEC_CCW)                                                             \
	X(CIRCLE, CAD_VEC_X, CAD_VEC_RADIUS) /* but for sweep and direction */                     \
	X(EOS, 1, 0)                                                                               \
	X(SOL, 1, 0)                                                                               \
	X(EXT, CAD_VEC_THETA, CAD_VEC_EXTENT)

enum cad_vec_command {
#define X(name, first, last) CAD_VEC_COMMAND_##name,
	CAD_VEC_COMMANDS(X)
#undef X
		CAD_VEC_COMMAND_COUNT_,
};

struct cad_vec_row {
	int at[CAD_VEC_COLUMN_COUNT_];
};

struct cad_vec {
	struct cad_vec_row *rows; /* in the arena */
	size_t count;
};

/* The vector of a model. With compat it is the one that DeepCAD's own encoder makes, to the last
 * step: scaled by the largest coordinate of the box in the file; extents over 1 cut off; normals with
 * x < 0 taken for their opposites, y axes with x < 0 too; half a turn 255, which is 1.4 degrees less.
 * Without, the model lies around the middle of its own box, small enough for all it has, no file's box
 * is needed, and half a turn is 0.
 * ERR_LIMIT over the bounds above, and with compat for an extent of more than 2; ERR_UNSUPPORTED for a
 * model without extrudes, with revolves or taper, and with compat for one without a box or with an offset. */
int cad_vec_from_deepcad(struct cad_vec *vec, const struct deepcad_model *model, bool compat,
			 struct arena *arena, struct err *err);

/* The model as cad_vec_from_deepcad has it before it rounds, where a model of its vector lies too. With compat a
 * model without a box is scaled by the one that it has; the errors of the encoder's frames are not repeated.
 * ERR_UNSUPPORTED for one without extrudes or with revolves. */
int deepcad_in_cad_vec(struct deepcad_model *out, const struct deepcad_model *model, bool compat,
		       struct arena *arena, struct err *err);

/* The model of a vector, up to its first EOS, or of all rows where there is none: DeepCAD's own predictions
 * have none. Planes and extents are within -1 to 1. Curves that have shrunk to nothing are left out. ERR_FORMAT
 * with the row, from 1, for commands out of order, and what deepcad_read does not take either: rounding to 256
 * steps makes some loops cross themselves. */
int deepcad_from_cad_vec(struct deepcad_model *model, const struct cad_vec *vec,
			 struct arena *arena, struct err *err);

/* A line a row, a blank between two numbers. */
void cad_vec_write_text(const struct cad_vec *vec, struct buf *out);

/* NumPy's format, version 1.0: (rows, 17) of <i8. */
void cad_vec_write_npy(const struct cad_vec *vec, struct buf *out);

/* Reads a file of either form, told by the first byte; npy may be of 2, 4 or 8 bytes a number, or of binary
 * fractions that are whole.
 * ERR_FORMAT with path:row for rows that have not 17 numbers, or one that its command does not allow;
 * ERR_LIMIT for more than CAD_VEC_FILE_ROWS_MAX rows or CAD_VEC_FILE_BYTES_MAX bytes; ERR_UNSUPPORTED
 * for an array of other numbers; ERR_IO. */
int cad_vec_read(struct cad_vec *vec, const char *path, struct arena *arena, struct err *err);

/* The same of bytes in memory, which messages call by name. */
int cad_vec_parse(struct cad_vec *vec, const char *name, const char *data, size_t len,
		  struct arena *arena, struct err *err);

/* The same of rows of 17 numbers, one after the other. */
int cad_vec_from_reals(struct cad_vec *vec, const char *name, const double *numbers, size_t rows,
		       struct arena *arena, struct err *err);

#endif
