/* SPDX-License-Identifier: MIT */
/*
 * CadQuery, plain and as GenCAD-Code has it. A workplane's wires become faces with holes when they are
 * extruded or revolved, whichever comes first.
 */
#include <config.h>

#include "formats/cad/cad_code_private.h"

/* Plain, and GenCAD-Code's. */
static const struct code_style plain = {"(", ",", ")", CODE_POINT_NONE};
static const struct code_style gencad = {"(", ", ", ")", CODE_POINT_ZERO};

static void put_loop(struct buf *out, const struct code_loop *loop, const struct code_style *style)
{
	const struct code_curve *first = &loop->curves[0];

	if (first->kind == DEEPCAD_CIRCLE) {
		code_put_pair(out, ".moveTo", first->middle, style);
		buf_str(out, ".circle(");
		code_put_real(out, first->radius, style->point);
		buf_char(out, ')');
		return;
	}
	code_put_pair(out, ".moveTo", first->start, style);
	for (int i = 0; i < loop->count; i++) {
		const struct code_curve *c = &loop->curves[i];

		if (c->kind == DEEPCAD_ARC) {
			code_put_pair(out, ".threePointArc(", c->middle, style);
			code_put_pair(out, ",", c->end, style);
			buf_char(out, ')');
		} else if (i < loop->count - 1 || style == &gencad) {
			code_put_pair(out, ".lineTo", c->end, style);
		}
	}
	buf_str(out, ".close()");
}

static void put_extent(struct buf *out, const struct code_region *r, enum deepcad_feature_kind kind,
		       const struct code_style *style)
{
	if (kind == DEEPCAD_REVOLVE) {
		code_put_turn(out, r, style);
		return;
	}
	buf_str(out, ".extrude(");
	code_put_real(out, r->hi > 0 ? r->hi : r->lo, style->point);
	buf_str(out, r->lo < 0 && r->hi > 0 ? ", both=True)" : ")");
}

/* --- plain ---------------------------------------------------------------------------------- */

static void put_region(struct buf *out, const struct code_region *r, enum deepcad_feature_kind kind)
{
	code_put_triple(out, "cq.Workplane(cq.Plane(origin=", r->plane.origin, &plain);
	code_put_triple(out, ", xDir=", r->plane.x, &plain);
	code_put_triple(out, ", normal=", r->plane.z, &plain);
	buf_str(out, "))");
	for (int i = 0; i < r->count; i++)
		put_loop(out, &r->loops[i], &plain);
	put_extent(out, r, kind, &plain);
}

/* All regions of a feature are one tool. */
static void put_tool(struct buf *out, const struct code_feature *e)
{
	buf_str(out, "tool = ");
	put_region(out, &e->regions[0], e->kind);
	for (int i = 1; i < e->count; i++) {
		buf_str(out, "\ntool = tool.union(");
		put_region(out, &e->regions[i], e->kind);
		buf_char(out, ')');
	}
	buf_char(out, '\n');
}

void code_write_cadquery(const struct code_solid *solid, struct buf *out)
{
	buf_str(out, "import cadquery as cq\n");
	for (int i = 0; i < solid->count; i++) {
		const struct code_feature *e = &solid->features[i];

		if (e->count > 1)
			put_tool(out, e);
		buf_str(out, "result = ");
		if (i > 0) {
			buf_str(out, "result");
			buf_str(out, code_cadquery_calls[e->operation]);
		}
		if (e->count > 1)
			buf_str(out, "tool");
		else
			put_region(out, &e->regions[0], e->kind);
		buf_str(out, i > 0 ? ")\n" : "\n");
	}
}

/* --- GenCAD-Code ---------------------------------------------------------------------------- */

/* Sketch and solid `n`; loops are counted through the whole program. */
static void put_step(struct buf *out, const struct code_region *r, enum deepcad_feature_kind kind,
		     int n, int *loop)
{
	code_put_number(out, "# Generating a workplane for sketch %d\n", n);
	code_put_number(out, "wp_sketch%d = cq.Workplane(cq.Plane(", n);
	code_put_triple(out, "cq.Vector", r->plane.origin, &gencad);
	code_put_triple(out, ", cq.Vector", r->plane.x, &gencad);
	code_put_triple(out, ", cq.Vector", r->plane.z, &gencad);
	buf_str(out, "))\n");
	for (int i = 0; i < r->count; i++) {
		code_put_number(out, "loop%d=", *loop + i);
		code_put_number(out, "wp_sketch%d", n);
		put_loop(out, &r->loops[i], &gencad);
		buf_char(out, '\n');
	}
	code_put_number(out, "solid%d=", n);
	code_put_number(out, "wp_sketch%d", n);
	for (int i = 0; i < r->count; i++)
		code_put_number(out, ".add(loop%d)", *loop + i);
	put_extent(out, r, kind, &gencad);
	buf_char(out, '\n');
	*loop += r->count;
}

/* The regions of one feature are one solid before it meets the others. */
void code_write_gencad(const struct code_solid *solid, struct buf *out)
{
	int n = 0, loop = 0;

	buf_str(out, "import cadquery as cq\n");
	for (int i = 0; i < solid->count; i++) {
		const struct code_feature *e = &solid->features[i];
		int first = n;

		for (int k = 0; k < e->count; k++) {
			put_step(out, &e->regions[k], e->kind, n++, &loop);
			if (k == 0)
				continue;
			code_put_number(out, "solid%d=", first);
			code_put_number(out, "solid%d.union(", first);
			code_put_number(out, "solid%d)\n", n - 1);
		}
		buf_str(out, i > 0 ? "solid=solid" : "solid=");
		if (i > 0)
			buf_str(out, code_cadquery_calls[e->operation]);
		code_put_number(out, i > 0 ? "solid%d)\n" : "solid%d\n", first);
	}
}
