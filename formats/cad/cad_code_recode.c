/* SPDX-License-Identifier: MIT */
/*
 * CAD-Recode's way with CadQuery: a workplane for each region, and all of the solid in one expression.
 *
 *	import cadquery as cq
 *	w0=cq.Workplane('XY',origin=(0,0,-7))
 *	w1=cq.Workplane('ZX',origin=(0,-50,0))
 *	r=w0.sketch().push([(0,0)]).circle(100).finalize().extrude(14).cut(w1.sketch()...finalize().extrude(100))
 */
#include <config.h>

#include "formats/cad/cad_code_private.h"

static const struct code_style style = {"(", ",", ")", CODE_POINT_NONE};

static void put_plane(struct buf *out, const struct code_region *r, int n)
{
	const char *name = r->plane.z.z == 1 ? "XY" : r->plane.z.x == 1 ? "YZ" : "ZX";

	code_put_number(out, "w%d=cq.Workplane('", n);
	buf_str(out, name);
	code_put_triple(out, "',origin=", r->plane.origin, &style);
	buf_str(out, ")\n");
}

/* The last line is what close() draws. */
static void put_chain(struct buf *out, const struct code_loop *loop)
{
	bool closes = loop->curves[loop->count - 1].kind == DEEPCAD_LINE;

	for (int i = 0; i < loop->count - closes; i++) {
		const struct code_curve *c = &loop->curves[i];

		buf_str(out, c->kind == DEEPCAD_ARC ? ".arc(" : ".segment(");
		if (i == 0) {
			code_put_pair(out, "", c->start, &style);
			buf_char(out, ',');
		}
		if (c->kind == DEEPCAD_ARC) {
			code_put_pair(out, "", c->middle, &style);
			buf_char(out, ',');
		}
		code_put_pair(out, "", c->end, &style);
		buf_char(out, ')');
	}
	buf_str(out, closes ? ".close().assemble()" : ".assemble()");
}

static void put_circle(struct buf *out, const struct code_curve *c, const char *mode)
{
	code_put_pair(out, ".push([", c->middle, &style);
	buf_str(out, "]).circle(");
	code_put_real(out, c->radius, CODE_POINT_NONE);
	buf_str(out, mode);
	buf_char(out, ')');
}

static void put_hole(struct buf *out, const struct code_loop *loop, int n)
{
	buf_str(out, ".reset()");
	if (loop->curves[0].kind == DEEPCAD_CIRCLE) {
		put_circle(out, &loop->curves[0], ",mode='s'");
		return;
	}
	code_put_number(out, ".face(w%d.sketch()", n);
	put_chain(out, loop);
	buf_str(out, ",mode='s')");
}

static void put_region(struct buf *out, const struct code_region *r, enum deepcad_feature_kind kind,
		       int n)
{
	const struct code_loop *outer = &r->loops[0];

	code_put_number(out, "w%d.sketch()", n);
	if (outer->curves[0].kind == DEEPCAD_CIRCLE)
		put_circle(out, &outer->curves[0], "");
	else
		put_chain(out, outer);
	for (int i = 1; i < r->count; i++)
		put_hole(out, &r->loops[i], n);
	buf_str(out, ".finalize()");
	if (kind == DEEPCAD_REVOLVE) {
		code_put_turn(out, r, &style);
		return;
	}
	buf_str(out, ".extrude(");
	code_put_real(out, r->hi > 0 ? r->hi : r->lo, CODE_POINT_NONE);
	buf_char(out, ')');
}

/* What several regions make is one tool. */
static void put_feature(struct buf *out, const struct code_feature *e, int n)
{
	put_region(out, &e->regions[0], e->kind, n);
	for (int i = 1; i < e->count; i++) {
		buf_str(out, ".union(");
		put_region(out, &e->regions[i], e->kind, n + i);
		buf_char(out, ')');
	}
}

void code_write_recode(const struct code_solid *solid, struct buf *out)
{
	int n = 0;

	buf_str(out, "import cadquery as cq\n");
	for (int i = 0; i < solid->count; i++)
		for (int k = 0; k < solid->features[i].count; k++)
			put_plane(out, &solid->features[i].regions[k], n++);
	buf_str(out, "r=");
	n = 0;
	for (int i = 0; i < solid->count; i++) {
		const struct code_feature *e = &solid->features[i];

		if (i > 0)
			buf_str(out, code_cadquery_calls[e->operation]);
		put_feature(out, e, n);
		if (i > 0)
			buf_char(out, ')');
		n += e->count;
	}
	buf_char(out, '\n');
}
