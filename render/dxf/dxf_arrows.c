/* SPDX-License-Identifier: MIT */
/*
 * Arrowheads: as entities where they are drawn, and as the blocks that the dimension style and its
 * overrides name, so that a dimension that is changed in a CAD system keeps them. The blocks are those that CAD systems
 * know by these names; in them the tip is the origin, the line comes from the left, and the length
 * is 1, times DIMASZ.
 */
#include <config.h>

#include <math.h>

#include "render/dxf/dxf_private.h"

/* Which block, and the size of it for an arrowhead 1 mm long. */
static const struct block {
	const char *name;
	double size;
} blocks[ARROW_COUNT_] = {
	[ARROW_FILLED] = {NULL, 1},
	[ARROW_OPEN] = {"_OPEN30", 1},
	[ARROW_BLANK] = {"_CLOSEDBLANK", 1},
	[ARROW_TICK] = {"_OBLIQUE", M_SQRT1_2}, /* its stroke is the diagonal of a square of 1 */
	[ARROW_DOT] = {"_DOT", 1.0 / 3},        /* its diameter is 1 */
};

#define HALF_OF_30_DEGREES (M_PI / 12)
#define BLANK_HALF_WIDTH (1.0 / 6)

/* Points are the model's. */
static void put_line(struct dxf *dxf, struct vec a, struct vec b, const char *layer, uint32_t owner)
{
	dxf_entity(dxf, "LINE", owner, layer);
	dxf_string(dxf, 100, "AcDbLine");
	dxf_point(dxf, 10, a);
	dxf_point(dxf, 11, b);
}

/* The barbs as two strokes, and with a third from barb to barb where closed. */
static void put_barbs(struct dxf *dxf, const struct vec points[3], bool closed, const char *layer,
		      uint32_t owner)
{
	dxf_entity(dxf, "LWPOLYLINE", owner, layer);
	dxf_string(dxf, 100, "AcDbPolyline");
	dxf_integer(dxf, 90, 3);
	dxf_integer(dxf, 70, closed);
	for (int i = 0; i < 3; i++) {
		dxf_real(dxf, 10, points[i].x);
		dxf_real(dxf, 20, points[i].y);
	}
}

/* A disc: two half circles of half its radius, drawn as wide as its radius. */
static void put_dot(struct dxf *dxf, struct vec middle, double radius, const char *layer,
		    uint32_t owner)
{
	dxf_entity(dxf, "LWPOLYLINE", owner, layer);
	dxf_string(dxf, 100, "AcDbPolyline");
	dxf_integer(dxf, 90, 2);
	dxf_integer(dxf, 70, 1);
	dxf_real(dxf, 43, radius);
	for (int side = -1; side <= 1; side += 2) {
		dxf_real(dxf, 10, middle.x + side * radius / 2);
		dxf_real(dxf, 20, middle.y);
		dxf_real(dxf, 42, 1);
	}
}

static void put_triangle(struct dxf *dxf, const struct vec points[3], const char *layer,
			 uint32_t owner)
{
	dxf_entity(dxf, "SOLID", owner, layer);
	dxf_string(dxf, 100, "AcDbTrace");
	dxf_point(dxf, 10, points[1]);
	dxf_point(dxf, 11, points[0]);
	dxf_point(dxf, 12, points[2]);
	dxf_point(dxf, 13, points[2]); /* a triangle */
}

void dxf_arrow(struct dxf *dxf, const struct arrow *arrow, uint32_t owner)
{
	const char *layer = layer_name(LAYER_DIMENSION);
	struct vec tip = dxf_model_point(dxf, arrow->tip), ends[2];
	struct vec points[3] = {dxf_model_point(dxf, arrow->left), tip,
				dxf_model_point(dxf, arrow->right)};

	switch (arrow->kind) {
	case ARROW_FILLED:
		put_triangle(dxf, points, layer, owner);
		break;
	case ARROW_OPEN:
	case ARROW_BLANK:
		put_barbs(dxf, points, arrow->kind == ARROW_BLANK, layer, owner);
		break;
	case ARROW_TICK:
		arrow_tick_ends(arrow, ends);
		put_line(dxf, dxf_model_point(dxf, ends[0]), dxf_model_point(dxf, ends[1]), layer,
			 owner);
		break;
	case ARROW_DOT:
		put_dot(dxf, tip, dxf_model_length(dxf, arrow_dot_radius(arrow)), layer, owner);
		break;
	case ARROW_COUNT_:
		break;
	}
}

const char *dxf_arrow_block(enum arrow_kind kind)
{
	return blocks[kind].name;
}

uint32_t dxf_arrow_handle(enum arrow_kind kind)
{
	return blocks[kind].name ? DXF_ARROW_BLOCKS + (uint32_t)kind : DXF_NOTHING;
}

double dxf_arrow_block_mm(const struct style *style, enum arrow_kind kind)
{
	return style->arrow_mm * blocks[kind].size;
}

void dxf_arrow_block_drawn(struct dxf *dxf, enum arrow_kind kind)
{
	double half = kind == ARROW_OPEN ? tan(HALF_OF_30_DEGREES) : BLANK_HALF_WIDTH;
	const struct vec barbs[3] = {{-1, half}, {0, 0}, {-1, -half}};
	uint32_t owner = dxf_arrow_handle(kind);

	switch (kind) {
	case ARROW_OPEN:
		put_barbs(dxf, barbs, false, "0", owner);
		put_line(dxf, vec(-1, 0), vec(0, 0), "0", owner);
		break;
	case ARROW_BLANK:
		put_barbs(dxf, barbs, true, "0", owner);
		break;
	case ARROW_TICK:
		put_line(dxf, vec(-0.5, -0.5), vec(0.5, 0.5), "0", owner);
		break;
	case ARROW_DOT:
		put_dot(dxf, vec(0, 0), 0.5, "0", owner);
		put_line(dxf, vec(-1, 0), vec(-0.5, 0), "0", owner);
		break;
	case ARROW_FILLED:
	case ARROW_COUNT_:
		break;
	}
}
