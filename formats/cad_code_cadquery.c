/* SPDX-License-Identifier: MIT */
/*
 * CadQuery, plain and as GenCAD-Code has it. A workplane's wires become faces with holes when they are
 * extruded, whichever comes first.
 */
#include <config.h>

#include "formats/cad_code_private.h"

static void put_loop(struct buf *out, const struct code_loop *loop, const char *between,
		     enum code_point point)
{
	const struct code_curve *first = &loop->curves[0];
	bool circle = first->kind == DEEPCAD_CIRCLE;

	buf_str(out, ".moveTo(");
	code_put_pair(out, circle ? first->middle : first->start, between, point);
	buf_char(out, ')');
	if (circle) {
		buf_str(out, ".circle(");
		code_put_real(out, first->radius, point);
		buf_char(out, ')');
		return;
	}
	for (int i = 0; i < loop->count; i++) {
		const struct code_curve *c = &loop->curves[i];

		if (c->kind == DEEPCAD_ARC) {
			buf_str(out, ".threePointArc((");
			code_put_pair(out, c->middle, between, point);
			buf_str(out, "),(");
			code_put_pair(out, c->end, between, point);
			buf_str(out, "))");
		} else if (i < loop->count - 1 || point == CODE_POINT_ZERO) {
			buf_str(out, ".lineTo(");
			code_put_pair(out, c->end, between, point);
			buf_char(out, ')');
		}
	}
	buf_str(out, ".close()");
}

static void put_extent(struct buf *out, const struct code_region *r, enum code_point point)
{
	buf_str(out, ".extrude(");
	code_put_real(out, r->hi > 0 ? r->hi : r->lo, point);
	buf_str(out, r->lo < 0 && r->hi > 0 ? ", both=True)" : ")");
}

/* --- plain ---------------------------------------------------------------------------------- */

static void put_region(struct buf *out, const struct code_region *r)
{
	const struct deepcad_plane *p = &r->plane;

	buf_str(out, "cq.Workplane(cq.Plane(origin=(");
	code_put_triple(out, p->origin, ",", CODE_POINT_NONE);
	buf_str(out, "), xDir=(");
	code_put_triple(out, p->x, ",", CODE_POINT_NONE);
	buf_str(out, "), normal=(");
	code_put_triple(out, p->z, ",", CODE_POINT_NONE);
	buf_str(out, ")))");
	for (int i = 0; i < r->count; i++)
		put_loop(out, &r->loops[i], ",", CODE_POINT_NONE);
	put_extent(out, r, CODE_POINT_NONE);
}

/* All regions of an extrude are one tool. */
static void put_tool(struct buf *out, const struct code_extrude *e)
{
	buf_str(out, "tool = ");
	put_region(out, &e->regions[0]);
	for (int i = 1; i < e->count; i++) {
		buf_str(out, "\ntool = tool.union(");
		put_region(out, &e->regions[i]);
		buf_char(out, ')');
	}
	buf_char(out, '\n');
}

void code_write_cadquery(const struct code_solid *solid, struct buf *out)
{
	buf_str(out, "import cadquery as cq\n");
	for (int i = 0; i < solid->count; i++) {
		const struct code_extrude *e = &solid->extrudes[i];

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
			put_region(out, &e->regions[0]);
		buf_str(out, i > 0 ? ")\n" : "\n");
	}
}

/* --- GenCAD-Code ---------------------------------------------------------------------------- */

static void put_vector(struct buf *out, const char *before, struct vec3 v)
{
	buf_str(out, before);
	buf_str(out, "cq.Vector(");
	code_put_triple(out, v, ", ", CODE_POINT_ZERO);
	buf_char(out, ')');
}

/* Sketch and solid `n`; loops are counted through the whole program. */
static void put_step(struct buf *out, const struct code_region *r, int n, int *loop)
{
	code_put_number(out, "# Generating a workplane for sketch %d\n", n);
	code_put_number(out, "wp_sketch%d = cq.Workplane(cq.Plane(", n);
	put_vector(out, "", r->plane.origin);
	put_vector(out, ", ", r->plane.x);
	put_vector(out, ", ", r->plane.z);
	buf_str(out, "))\n");
	for (int i = 0; i < r->count; i++) {
		code_put_number(out, "loop%d=", *loop + i);
		code_put_number(out, "wp_sketch%d", n);
		put_loop(out, &r->loops[i], ", ", CODE_POINT_ZERO);
		buf_char(out, '\n');
	}
	code_put_number(out, "solid%d=", n);
	code_put_number(out, "wp_sketch%d", n);
	for (int i = 0; i < r->count; i++)
		code_put_number(out, ".add(loop%d)", *loop + i);
	put_extent(out, r, CODE_POINT_ZERO);
	buf_char(out, '\n');
	*loop += r->count;
}

/* The regions of one extrude are one solid before it meets the others. */
void code_write_gencad(const struct code_solid *solid, struct buf *out)
{
	int n = 0, loop = 0;

	buf_str(out, "import cadquery as cq\n");
	for (int i = 0; i < solid->count; i++) {
		const struct code_extrude *e = &solid->extrudes[i];
		int first = n;

		for (int k = 0; k < e->count; k++) {
			put_step(out, &e->regions[k], n++, &loop);
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
