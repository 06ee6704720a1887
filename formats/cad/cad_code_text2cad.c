/* SPDX-License-Identifier: MIT */
/*
 * Text2CAD's minimal JSON: a part for each extrude, in which sketches begin at their lower left corner. The
 * angles turn about z, then y, then x, all fixed, in degrees. What people would say about a part is left
 * empty; length, width and height are those of the part in its own frame.
 */
#include <config.h>

#include <math.h>

#include "formats/cad/cad_code_private.h"

#define DEGREES (180 / M_PI)
#define DECIMALS 1e4
#define UPRIGHT 1e-9 /* cosine of the turn about y, where the other two are one */

static double rounded(double v)
{
	return rint(v * DECIMALS) / DECIMALS;
}

static void put_value(struct buf *out, const char *before, double v)
{
	buf_str(out, before);
	code_put_real(out, rounded(v), CODE_POINT_ZERO);
}

static const struct code_style style = {"[", ", ", "]", CODE_POINT_ZERO};

static void put_point(struct buf *out, const char *before, struct vec v, struct vec corner)
{
	code_put_pair(out, before, vec(rounded(v.x - corner.x), rounded(v.y - corner.y)), &style);
}

static void put_triple(struct buf *out, const char *before, struct vec3 v)
{
	code_put_triple(out, before, (struct vec3){rounded(v.x), rounded(v.y), rounded(v.z)},
			&style);
}

/* --- sketches ------------------------------------------------------------------------------- */

static void put_curve(struct buf *out, const struct code_curve *c, int counts[], struct vec corner)
{
	static const char *const names[] = {
		[DEEPCAD_LINE] = "\"line_%d\": {",
		[DEEPCAD_ARC] = "\"arc_%d\": {",
		[DEEPCAD_CIRCLE] = "\"circle_%d\": {",
	};

	code_put_number(out, names[c->kind], ++counts[c->kind]);
	if (c->kind == DEEPCAD_CIRCLE) {
		put_point(out, "\"Center\": ", c->middle, corner);
		put_value(out, ", \"Radius\": ", c->radius);
	} else {
		put_point(out, "\"Start Point\": ", c->start, corner);
		if (c->kind == DEEPCAD_ARC)
			put_point(out, ", \"Mid Point\": ", c->middle, corner);
		put_point(out, ", \"End Point\": ", c->end, corner);
	}
	buf_char(out, '}');
}

static void put_face(struct buf *out, const struct code_region *r, int face, struct vec corner)
{
	code_put_number(out, "\"face_%d\": {", face);
	for (int i = 0; i < r->count; i++) {
		int counts[DEEPCAD_CURVE_COUNT_] = {0};

		code_put_number(out, i ? ", \"loop_%d\": {" : "\"loop_%d\": {", i + 1);
		for (int k = 0; k < r->loops[i].count; k++) {
			if (k > 0)
				buf_str(out, ", ");
			put_curve(out, &r->loops[i].curves[k], counts, corner);
		}
		buf_char(out, '}');
	}
	buf_char(out, '}');
}

/* --- parts ---------------------------------------------------------------------------------- */

/* The axes are the columns of the turn. */
static struct vec3 angles_of(const struct deepcad_plane *p)
{
	double turn_z = atan2(-p->y.x, p->x.x), turn_x = atan2(-p->z.y, p->z.z);

	if (hypot(p->x.x, p->y.x) < UPRIGHT) {
		turn_z = atan2(p->x.y, p->y.y);
		turn_x = 0;
	}
	return (struct vec3){turn_z * DEGREES, asin(fmax(-1, fmin(1, p->z.x))) * DEGREES,
			     turn_x * DEGREES};
}

static struct box box_of(const struct code_region *regions, int count)
{
	struct box all = regions[0].box;

	for (int i = 1; i < count; i++) {
		all.x0 = min2(all.x0, regions[i].box.x0);
		all.y0 = min2(all.y0, regions[i].box.y0);
		all.x1 = max2(all.x1, regions[i].box.x1);
		all.y1 = max2(all.y1, regions[i].box.y1);
	}
	return all;
}

static void put_extrusion(struct buf *out, const struct code_region *r,
			  enum deepcad_operation operation, struct box box)
{
	double width = box.x1 - box.x0, height = box.y1 - box.y0;

	put_value(out, "\"extrusion\": {\"extrude_depth_towards_normal\": ", r->hi);
	put_value(out, ", \"extrude_depth_opposite_normal\": ", r->lo < 0 ? -r->lo : 0);
	put_value(out, ", \"sketch_scale\": ", max2(width, height));
	buf_str(out, ", \"operation\": ");
	buf_json_str(out, deepcad_operation_names[operation]);
	buf_str(out, "}, \"description\": {\"name\": \"\", \"shape\": \"\"");
	put_value(out, ", \"length\": ", width);
	put_value(out, ", \"width\": ", height);
	put_value(out, ", \"height\": ", r->hi - r->lo);
	buf_char(out, '}');
}

/* Regions of one plane. */
static void put_part(struct buf *out, const struct code_region *r, int count, int part,
		     enum deepcad_operation operation)
{
	struct box box = box_of(r, count);
	struct vec3 at = vec3_sum(1, r->plane.origin, box.x0, r->plane.x);

	code_put_number(out, part > 1 ? ", \"part_%d\": {" : "\"part_%d\": {", part);
	put_triple(out, "\"coordinate_system\": {\"Euler Angles\": ", angles_of(&r->plane));
	put_triple(out, ", \"Translation Vector\": ", vec3_sum(1, at, box.y0, r->plane.y));
	buf_str(out, "}, \"sketch\": {");
	for (int i = 0; i < count; i++) {
		if (i > 0)
			buf_str(out, ", ");
		put_face(out, &r[i], i + 1, vec(box.x0, box.y0));
	}
	buf_str(out, "}, ");
	put_extrusion(out, r, operation, box);
	buf_char(out, '}');
}

static bool same_plane(const struct deepcad_plane *a, const struct deepcad_plane *b)
{
	struct vec3 apart[] = {vec3_sum(1, a->origin, -1, b->origin), vec3_sum(1, a->x, -1, b->x),
			       vec3_sum(1, a->z, -1, b->z)};
	double sum = 0;

	for (int i = 0; i < 3; i++)
		sum += vec3_dot(apart[i], apart[i]);
	return sum == 0;
}

/* An extrude is as many parts as it has planes, one behind the other. */
void code_write_text2cad(const struct code_solid *solid, struct buf *out)
{
	int part = 1;

	buf_str(out, "{\"final_name\": \"\", \"final_shape\": \"\", \"parts\": {");
	for (int i = 0; i < solid->count; i++) {
		const struct code_feature *e = &solid->features[i];

		for (int k = 0, n; k < e->count; k += n) {
			bool joins = k > 0 && e->operation == DEEPCAD_NEW_BODY;

			for (n = 1; k + n < e->count &&
				    same_plane(&e->regions[k].plane, &e->regions[k + n].plane);)
				n++;
			put_part(out, &e->regions[k], n, part++,
				 joins ? DEEPCAD_JOIN : e->operation);
		}
	}
	buf_str(out, "}}\n");
}
