/* SPDX-License-Identifier: MIT */
/*
 * cad_code: solids (formats/solid/deepcad.h) as programs, in the languages that models are taught.
 *
 *	if (cad_code_write(&model, CAD_CODE_cadquery, 0, &text, &err) < 0) ...
 *	if (cad_code_parse(&model, "part.txt", text.data, text.len, &arena, &err) < 0) ...
 *
 * A language has a unit of its own. Solids that were made for it are as large as its users expect:
 *
 *	sketch    mm	sketch.add_line(...), Extrude(sketch, distance=8), Revolve(sketch, axis=(1,0)); the
 *	          one that is read as well
 *	cadquery  mm	CadQuery; the solid is `result`
 *	gencad    the farthest coordinate is 0.75	CadQuery as GenCAD-Code has it; the solid is `solid`
 *	recode    the longest side is 200, the middle 0	CadQuery as CAD-Recode and cadrille have it, in whole
 *	          numbers; the solid is `r`
 *	openecad  mm	OpenECAD 2, four decimals
 *	text2cad  the farthest coordinate is 1	Text2CAD's minimal JSON, four decimals
 *	deepcad   m	DeepCAD's JSON
 *
 * Sources: Wu, Xiao and Zheng 2021 (DeepCAD); Alam and Ahmed 2024 (GenCAD), whose code is that of Doris et
 * al. 2025 (CAD-Coder); Rukhovich et al. 2024 (CAD-Recode); Yuan et al. 2024 (OpenECAD); Khan et al. 2024
 * (Text2CAD).
 */
#ifndef FORMATS_CAD_CODE_H
#define FORMATS_CAD_CODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/solid/deepcad.h"

/* X(name, the least grid). */
#define CAD_CODES(X)                                                                               \
	X(sketch, 0)                                                                               \
	X(cadquery, 0)                                                                             \
	X(gencad, 0)                                                                               \
	X(recode, 1)                                                                               \
	X(openecad, 1e-4)                                                                          \
	X(text2cad, 1e-4)                                                                          \
	X(deepcad, 0)

enum cad_code {
#define X(name, grid) CAD_CODE_##name,
	CAD_CODES(X)
#undef X
		CAD_CODE_COUNT_
};

/* NULL-terminated list for option tables. */
extern const char *const cad_code_names[CAD_CODE_COUNT_ + 1];

/* Appends the model. With a grid, in the language's unit, its lengths are multiples of that, or of the
 * language's own where that is coarser; without one they have twelve digits. Curves that vanish are left
 * out. ERR_LIMIT where a loop or all of the solid vanishes; ERR_UNSUPPORTED for extrudes with taper, which
 * sketch and deepcad alone have, for planes and axes across the axes in recode, and for revolves in openecad and
 * text2cad. */
int cad_code_write(const struct deepcad_model *model, enum cad_code code, double grid,
		   struct buf *out, struct err *err);

/* The same with a finer grid for the points halfway along arcs, which are seldom on one. */
int cad_code_write_fine(const struct deepcad_model *model, enum cad_code code, double grid,
			double fine, struct buf *out, struct err *err);

/* The model as a drawing tells it, which shows neither how it was made nor where the origin was: `origin`
 * (m) becomes 0, lengths and radii are multiples of grid_mm; planes are XY, XZ and YZ with their origin on the third
 * axis where the extrude begins, which goes one way; loops run counter-clockwise from their leftmost point;
 * loops and regions stand in the order of their places. Axes of revolves point to the right or up, from where
 * they are nearest to the origin. Features stay in their order. ERR_UNSUPPORTED for
 * planes across the axes and for tapers; ERR_LIMIT where a loop vanishes on the grid; else as
 * cad_code_parse. */
int cad_code_canonical(struct deepcad_model *out, const struct deepcad_model *model,
		       struct vec3 origin, double grid_mm, struct arena *arena, struct err *err);

/* Whether programs of a language can be read: all but openecad. */
bool cad_code_is_read(enum cad_code code);

/* Reads text of such a language: what cad_code_write writes, and of CadQuery little else: boxes, cylinders,
 * rectangles, workplanes off others. Its lengths are those of the text, in mm; of gencad, text2cad and deepcad
 * in m. Loops that cross and the like are refused as deepcad_parse does it. ERR_FORMAT with
 * name:line:column; ERR_LIMIT; ERR_UNSUPPORTED for solids that features one after the other do not make. */
int cad_code_parse_as(struct deepcad_model *model, enum cad_code code, const char *name,
		      const char *text, size_t len, struct arena *arena, struct err *err);

/* Reads text of the language `sketch`, which messages call by name. Loops that cross and the like are
 * refused as deepcad_parse does it. ERR_FORMAT with name:line:column; ERR_LIMIT. */
int cad_code_parse(struct deepcad_model *model, const char *name, const char *text, size_t len,
		   struct arena *arena, struct err *err);

#endif
