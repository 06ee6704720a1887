/* SPDX-License-Identifier: MIT */
/*
 * The language `sketch` of solids:
 *
 *	sketch_0 = Sketch(origin=(0,0,5), x_axis=(1,0,0), normal=(0,-1,0))
 *	sketch_0.add_line(start=(0,0), end=(10,0))
 *	sketch_0.add_arc(start=(10,0), mid=(15,5), end=(10,10))
 *	sketch_0.add_line(start=(10,10), end=(0,0))
 *	sketch_0.add_circle(center=(8,4), radius=2)
 *	Extrude(sketch_0, distance=25.4)
 *	Extrude([sketch_1, sketch_2], distance=3, against=2, operation="cut")
 *	Revolve(sketch_3, origin=(0,5), axis=(1,0), angle=90)
 *
 * A sketch has one outer loop, whatever place it has among the loops, and the holes in it; curves follow
 * each other, and a loop ends where it comes back. Without arguments a plane is that of x and y. The
 * distance may be negative; symmetric=True goes as far to the other side. Tapers are in degrees, and so are
 * angles of revolves, which are 360 where they are left out; their axis, through the origin of the first sketch
 * if no other point is given, is a direction in its plane.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>

#include "formats/cad/cad_code_private.h"

static void put_name(struct buf *out, int sketch)
{
	char name[24];

	snprintf(name, sizeof(name), "sketch_%d", sketch);
	buf_str(out, name);
}

static const struct code_style style = {"(", ",", ")", CODE_POINT_NONE};

static void put_real(struct buf *out, const char *before, double v)
{
	buf_str(out, before);
	code_put_real(out, v, CODE_POINT_NONE);
}

static bool is_zero(struct vec3 v)
{
	return v.x == 0 && v.y == 0 && v.z == 0;
}

static bool lies_flat(const struct deepcad_plane *p)
{
	return p->x.x == 1 && p->z.z == 1;
}

static void put_plane(struct buf *out, const struct deepcad_plane *p)
{
	buf_str(out, " = Sketch(");
	if (!is_zero(p->origin))
		code_put_triple(out, "origin=", p->origin, &style);
	if (!lies_flat(p)) {
		code_put_triple(out, is_zero(p->origin) ? "x_axis=" : ", x_axis=", p->x, &style);
		code_put_triple(out, ", normal=", p->z, &style);
	}
	buf_str(out, ")\n");
}

static void put_curve(struct buf *out, int sketch, const struct code_curve *c)
{
	put_name(out, sketch);
	if (c->kind == DEEPCAD_CIRCLE) {
		code_put_pair(out, ".add_circle(center=", c->middle, &style);
		put_real(out, ", radius=", c->radius);
	} else {
		bool arc = c->kind == DEEPCAD_ARC;

		code_put_pair(out, arc ? ".add_arc(start=" : ".add_line(start=", c->start, &style);
		if (arc)
			code_put_pair(out, ", mid=", c->middle, &style);
		code_put_pair(out, ", end=", c->end, &style);
	}
	buf_str(out, ")\n");
}

static void put_sketch(struct buf *out, int sketch, const struct code_region *r)
{
	put_name(out, sketch);
	put_plane(out, &r->plane);
	for (int i = 0; i < r->count; i++)
		for (int k = 0; k < r->loops[i].count; k++)
			put_curve(out, sketch, &r->loops[i].curves[k]);
}

static void put_extent(struct buf *out, const struct code_feature *e)
{
	double lo = e->regions[0].lo, hi = e->regions[0].hi;
	bool both = lo < 0 && hi > 0;

	put_real(out, ", distance=", hi > 0 ? hi : lo);
	if (both && e->extent == DEEPCAD_SYMMETRIC)
		buf_str(out, ", symmetric=True");
	else if (both)
		put_real(out, ", against=", -lo);
	if (e->taper_one != 0)
		put_real(out, ", taper=", e->taper_one * CODE_DEGREES);
	if (e->taper_two != 0)
		put_real(out, ", taper_against=", e->taper_two * CODE_DEGREES);
}

/* A full turn needs no words. */
static void put_turn(struct buf *out, const struct code_feature *e)
{
	const struct code_region *r = &e->regions[0];
	double lo = r->lo * CODE_DEGREES, hi = r->hi * CODE_DEGREES;

	if (r->axis_at.x != 0 || r->axis_at.y != 0)
		code_put_pair(out, ", origin=", r->axis_at, &style);
	code_put_pair(out, ", axis=", r->axis, &style);
	if (code_is_whole(r))
		return;
	put_real(out, ", angle=", hi > 0 ? hi : lo);
	if (lo < 0 && hi > 0 && e->extent == DEEPCAD_SYMMETRIC)
		buf_str(out, ", symmetric=True");
	else if (lo < 0 && hi > 0)
		put_real(out, ", against=", -lo);
}

/* Of the sketches from `first` on. */
static void put_feature(struct buf *out, int first, const struct code_feature *e)
{
	static const char *const operations[] = {
		[DEEPCAD_NEW_BODY] = "",
		[DEEPCAD_JOIN] = ", operation=\"join\"",
		[DEEPCAD_CUT] = ", operation=\"cut\"",
		[DEEPCAD_INTERSECT] = ", operation=\"intersect\"",
	};

	buf_str(out, e->kind == DEEPCAD_REVOLVE ? "Revolve(" : "Extrude(");
	if (e->count > 1)
		buf_char(out, '[');
	for (int i = 0; i < e->count; i++) {
		if (i > 0)
			buf_str(out, ", ");
		put_name(out, first + i);
	}
	if (e->count > 1)
		buf_char(out, ']');
	if (e->kind == DEEPCAD_REVOLVE)
		put_turn(out, e);
	else
		put_extent(out, e);
	buf_str(out, operations[e->operation]);
	buf_str(out, ")\n");
}

void code_write_sketch(const struct code_solid *solid, struct buf *out)
{
	int sketch = 0;

	for (int i = 0; i < solid->count; i++) {
		const struct code_feature *e = &solid->features[i];

		for (int k = 0; k < e->count; k++)
			put_sketch(out, sketch + k, &e->regions[k]);
		put_feature(out, sketch, e);
		sketch += e->count;
	}
}
