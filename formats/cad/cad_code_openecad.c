/* SPDX-License-Identifier: MIT */
/*
 * OpenECAD 2. Its programs do not append curves to their loops, nor loops to their profiles: who runs them
 * does that line by line.
 */
#include <config.h>

#include "formats/cad/cad_code_private.h"

static const struct code_style style = {"[", ", ", "]", CODE_POINT_BARE};

static void put_real(struct buf *out, const char *key, double v)
{
	buf_str(out, key);
	buf_str(out, "= ");
	code_put_real(out, v, CODE_POINT_BARE);
}

/* "Line0_1_2", after the numbers of sketch, loop and curve. */
static void put_curve(struct buf *out, const struct code_curve *c, int n, int loop, int curve)
{
	static const char *const names[] = {
		[DEEPCAD_LINE] = "Line%d",
		[DEEPCAD_ARC] = "Arc%d",
		[DEEPCAD_CIRCLE] = "Circle%d",
	};
	static const char *const calls[] = {
		[DEEPCAD_LINE] = " = add_line(",
		[DEEPCAD_ARC] = " = add_arc(",
		[DEEPCAD_CIRCLE] = " = add_circle(",
	};

	code_put_number(out, names[c->kind], n);
	code_put_number(out, "_%d", loop);
	code_put_number(out, "_%d", curve);
	buf_str(out, calls[c->kind]);
	if (c->kind == DEEPCAD_CIRCLE) {
		code_put_pair(out, "center= ", c->middle, &style);
		put_real(out, ", radius", c->radius);
	} else {
		code_put_pair(out, "start= ", c->start, &style);
		code_put_pair(out, ", end= ", c->end, &style);
		if (c->kind == DEEPCAD_ARC)
			code_put_pair(out, ", mid= ", c->middle, &style);
	}
	buf_str(out, ")\n");
}

static void put_loop(struct buf *out, const struct code_loop *loop, int n, int at)
{
	code_put_number(out, "Curves%d", n);
	code_put_number(out, "_%d = []\n", at);
	for (int i = 0; i < loop->count; i++)
		put_curve(out, &loop->curves[i], n, at, i);
	code_put_number(out, "Loop%d", n);
	code_put_number(out, "_%d = add_loop(", at);
	code_put_number(out, "Curves%d", n);
	code_put_number(out, "_%d)\n", at);
}

static void put_sketch(struct buf *out, const struct code_region *r, int n)
{
	code_put_number(out, "SketchPlane%d = add_sketchplane(\n", n);
	code_put_triple(out, "\torigin= ", r->plane.origin, &style);
	code_put_triple(out, ", normal= ", r->plane.z, &style);
	code_put_triple(out, ", x_axis= ", r->plane.x, &style);
	buf_str(out, ")\n");
	code_put_number(out, "Loops%d = []\n", n);
	for (int i = 0; i < r->count; i++)
		put_loop(out, &r->loops[i], n, i);
	code_put_number(out, "Profile%d = add_profile(", n);
	code_put_number(out, "Loops%d)\n", n);
	code_put_number(out, "Sketch%d = add_sketch(sketch_plane= ", n);
	code_put_number(out, "SketchPlane%d, profile= ", n);
	code_put_number(out, "Profile%d)\n", n);
}

/* One sided, symmetric, two-sided: the first and the second extent as DeepCAD has them. */
static void put_extrude(struct buf *out, const struct code_region *r, int n,
			enum deepcad_operation operation, enum deepcad_extent extent)
{
	bool both = r->lo < 0 && r->hi > 0;
	enum deepcad_extent type = both ? extent : DEEPCAD_ONE_SIDE;

	code_put_number(out, "Extrude%d = add_extrude(sketch= ", n);
	code_put_number(out, "Sketch%d,\n", n);
	code_put_number(out, "\toperation= %d", (int)operation);
	code_put_number(out, ", type= %d", (int)type);
	put_real(out, ", extent_one", r->hi > 0 ? r->hi : r->lo);
	put_real(out, ", extent_two", type == DEEPCAD_TWO_SIDES ? -r->lo : 0);
	buf_str(out, ")\n");
}

/* A region is a sketch: the first of an extrude makes the body, which the others join. */
void code_write_openecad(const struct code_solid *solid, struct buf *out)
{
	int n = 0;

	for (int i = 0; i < solid->count; i++) {
		const struct code_feature *e = &solid->features[i];

		for (int k = 0; k < e->count; k++, n++) {
			bool joins = k > 0 && e->operation == DEEPCAD_NEW_BODY;

			put_sketch(out, &e->regions[k], n);
			put_extrude(out, &e->regions[k], n, joins ? DEEPCAD_JOIN : e->operation,
				    e->extent);
		}
	}
}
