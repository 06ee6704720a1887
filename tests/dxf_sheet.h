/* SPDX-License-Identifier: MIT */
/*
 * dxf_sheet: a sheet on which a test draws one dimension by hand, and the entity that it becomes.
 *
 *	state_param(DIM_LEVEL, PARAM_WIDTH, 30000);
 *	add_linear(at(10, 50), at(40, 50), 10);
 *	add_text("30", 3.5, at(22, 51));
 *	int e = only_dimension(0);
 *	assert_point(e, 14, 40, 40);
 *	(dxf_sheet_setup before each test, dxf_sheet_teardown after it, dxf_sheet_end after all)
 *
 * It is of 200 x 150 mm at 1:1 with the datum at (20,10), so that model space is the sheet moved by
 * that. All that is added is of the only shape and the only dimension. One sheet at a time;
 * tests/dxf_groups.h has its file.
 */
#ifndef TESTS_DXF_SHEET_H
#define TESTS_DXF_SHEET_H

#include "base/arena.h"
#include "formats/drawing/dimension.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"
#include "tests/dxf_groups.h"

#define GAP_MM 1.5 /* from a feature to its extension line */

/* What the file is made from, for tests to change. */
struct dxf_sheet {
	struct arena arena; /* owns what is added */
	struct drawing drawing;
	struct shape shape;
	struct dimension dimension;
	struct scene scene; /* of that shape and that dimension */
	struct style style; /* the built-in one, with that gap */
};

extern struct dxf_sheet sheet;

/* An empty sheet, and the end of what was on it and of its groups: cmocka's. A test that draws
 * several sheets calls the first before each. */
int dxf_sheet_setup(void **state);
int dxf_sheet_teardown(void **state);

/* Frees the memory that sheets share: cmocka's, for the group. */
int dxf_sheet_end(void **state);

/* What the dimension is and which number of the shape it states, in micrometres or thousandths of a
 * degree. */
void state_param(enum dim_kind kind, enum param param, int64_t value);

/* A point of the part, in mm, on the sheet. */
struct vec at(double x, double y);

void add_line(enum layer layer, struct vec a, struct vec b);

/* Of the style, 3 mm long; way: a unit vector. */
void add_arrow(struct vec tip, struct vec way);

/* 6 mm wide and `height` mm high, its lower left corner at `where`. The text is borrowed. */
void add_text(const char *utf8, double height, struct vec where);

/* A dimension line from a to b, which are `far` mm out from the features that it extends. */
void add_linear(struct vec a, struct vec b, double far);

/* Makes the groups; the only DIMENSION among them, which is of this type in its own block. */
int only_dimension(int type);

/* The entity's groups code and code + 10. */
void assert_point(int entity, int code, double x, double y);

#endif
