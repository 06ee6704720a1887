/* SPDX-License-Identifier: MIT */
/*
 * DIMENSION entities. The value is the scene's own number, exact; the points that it is measured
 * between are those of dxf_parts.c. Running dimensions are no ordinates, which have no dimension
 * line; ordinates are measured from the datum, which is where the file's origin lies. Arc lengths have
 * an entity of their own only since AutoCAD 2004: here they are angles that state their text. So have
 * foreshortened radii: here they are radii, whose jog is in their block.
 */
#include <config.h>

#include <math.h>

#include "formats/drawing/dimension.h"
#include "render/dxf/dxf_private.h"

#define SAME_MM 1e-6

/* DIMENSION's group 70. */
enum dxf_kind {
	DXF_ROTATED = 0,
	DXF_ALIGNED = 1,
	DXF_ANGLE = 2,
	DXF_DIAMETER = 3,
	DXF_RADIUS = 4,
	DXF_ANGLE_BY_POINTS = 5,
	DXF_BY_COORDINATE = 6,
	DXF_OWN_BLOCK = 32, /* the block is nobody else's */
	DXF_OF_X = 64,      /* of an ordinate; else of y */
	DXF_TEXT_PLACED = 128,
};

int64_t dxf_measurement(const struct dxf *dxf, int dimension)
{
	const struct dimension *dim = &dxf->scene->dimensions[dimension];
	struct callout c = callout_from_dimension(&dxf->shown, dim);

	return c.kind == CALLOUT_SPACES ? c.count * c.value : c.value;
}

/* From the first arrow's direction to the second's, counter-clockwise. */
static double drawn_sweep(const struct dxf_parts *p)
{
	struct vec centre = p->arc->path.segs[0].centre;
	struct vec a = vec_sub(p->arrows[0]->tip, centre), b = vec_sub(p->arrows[1]->tip, centre);
	double sweep = atan2(vec_cross(a, b), vec_dot(a, b));

	return sweep > 0 ? sweep : sweep + 2 * M_PI;
}

static double sweep_of(const struct dxf *dxf, const struct dxf_item *item)
{
	if (dxf->scene->dimensions[item->dimension].kind != DIM_ANGULAR)
		return drawn_sweep(&item->parts);
	return (double)dxf_measurement(dxf, item->dimension) / 1000 * (M_PI / 180);
}

static void put_text(struct dxf *dxf, const struct dxf_item *item, enum dxf_kind kind)
{
	bool angle = dxf->scene->dimensions[item->dimension].kind == DIM_ANGULAR;
	const char *sign = kind == DXF_RADIUS ? "R" : kind == DXF_DIAMETER ? "\u2300" : "";
	bool arc_length = item->parts.form == DXF_ANGULAR && !angle;
	struct buf measured = {0};

	if (!arc_length)
		dxf_measured(item->style, sign, dxf_measurement(dxf, item->dimension), angle,
			     &measured);
	dxf_dimension_text(dxf, 1, item, measured.data ? measured.data : "");
	buf_free(&measured);
}

/* The part that all kinds share; `at` is group 10, on the sheet. */
static void begin(struct dxf *dxf, const struct dxf_item *item, enum dxf_kind kind, struct vec at)
{
	double value = item->parts.form == DXF_ANGULAR
			       ? sweep_of(dxf, item)
			       : (double)dxf_measurement(dxf, item->dimension) / 1000;

	dxf_entity(dxf, "DIMENSION", DXF_MODEL_SPACE, layer_name(LAYER_DIMENSION));
	dxf_string(dxf, 100, "AcDbDimension");
	dxf_string(dxf, 2, item->name);
	dxf_point(dxf, 10, dxf_model_point(dxf, at));
	dxf_point(dxf, 11, dxf_model_point(dxf, dxf_texts_middle(&item->parts.texts)));
	dxf_integer(dxf, 70, (int)kind | DXF_OWN_BLOCK | DXF_TEXT_PLACED);
	dxf_integer(dxf, 71, 5); /* group 11 is the text's middle */
	dxf_real(dxf, 42, fabs(value));
	put_text(dxf, item, kind);
	dxf_string(dxf, 3, DXF_STANDARD);
}

static void put_point(struct dxf *dxf, int code, struct vec sheet)
{
	dxf_point(dxf, code, dxf_model_point(dxf, sheet));
}

/* An aligned dimension's points must lie square to its line; a rotated one's need not. */
static bool is_aligned(const struct dxf_parts *p)
{
	return fabs(p->direction.x) > SAME_MM && fabs(p->direction.y) > SAME_MM &&
	       fabs(vec_cross(vec_sub(p->to, p->from), p->direction)) < SAME_MM;
}

/* Within 0 <= degrees < 180: a dimension has no sense. */
static double line_degrees(struct vec direction)
{
	double degrees = dxf_degrees(atan2(direction.y, direction.x));

	if (degrees > 359.9999999)
		return 0;
	return degrees >= 179.9999999 ? degrees - 180 : degrees;
}

static void put_linear(struct dxf *dxf, const struct dxf_item *item)
{
	const struct dxf_parts *p = &item->parts;
	bool aligned = is_aligned(p);

	begin(dxf, item, aligned ? DXF_ALIGNED : DXF_ROTATED,
	      p->arrows[p->arrow_count > 1 ? 1 : 0]->tip);
	dxf_string(dxf, 100, "AcDbAlignedDimension");
	put_point(dxf, 13, p->from);
	put_point(dxf, 14, p->to);
	if (aligned)
		return;
	dxf_real(dxf, 50, line_degrees(p->direction));
	dxf_string(dxf, 100, "AcDbRotatedDimension");
}

/* How far the line leads out from the circle; 0 where it lies inside. */
static double leader_length(const struct dxf_parts *p)
{
	struct vec out = vec_sub(p->leader[0], p->from), way = vec_sub(p->leader[1], p->leader[0]);

	return vec_dot(out, way) > 0 ? vec_length(way) : 0;
}

static void put_radial(struct dxf *dxf, const struct dxf_item *item)
{
	const struct dxf_parts *p = &item->parts;
	bool diameter = dxf->scene->dimensions[item->dimension].kind == DIM_DIAMETER;
	struct vec tip = p->leader[0], centre = p->from;

	begin(dxf, item, diameter ? DXF_DIAMETER : DXF_RADIUS,
	      diameter ? vec_sub(vec_scale(centre, 2), tip) : centre);
	dxf_string(dxf, 100, diameter ? "AcDbDiametricDimension" : "AcDbRadialDimension");
	put_point(dxf, 15, tip);
	dxf_real(dxf, 40, dxf_model_length(dxf, leader_length(p)));
}

/* Below 180 degrees by two lines, from the vertex to the tips, which every reader knows; else by
 * three points. */
static void put_angular(struct dxf *dxf, const struct dxf_item *item)
{
	const struct dxf_parts *p = &item->parts;
	const struct seg *arc = &p->arc->path.segs[0];
	double sweep = sweep_of(dxf, item);
	struct vec first = p->arrows[0]->tip, second = p->arrows[1]->tip;
	struct vec middle =
		vec_add(arc->centre, vec_rotate(vec_sub(first, arc->centre), sweep / 2));
	bool lines = sweep < M_PI - 1e-6;

	begin(dxf, item, lines ? DXF_ANGLE : DXF_ANGLE_BY_POINTS, lines ? second : middle);
	dxf_string(dxf, 100, lines ? "AcDb2LineAngularDimension" : "AcDb3PointAngularDimension");
	put_point(dxf, 13, lines ? arc->centre : first);
	put_point(dxf, 14, lines ? first : second);
	put_point(dxf, 15, arc->centre);
	if (lines)
		put_point(dxf, 16, middle);
}

static void put_ordinate(struct dxf *dxf, const struct dxf_item *item)
{
	const struct dxf_parts *p = &item->parts;
	bool is_x = dxf->scene->dimensions[item->dimension].kind == DIM_POSITION_X;

	begin(dxf, item, is_x ? DXF_BY_COORDINATE | DXF_OF_X : DXF_BY_COORDINATE,
	      dxf->drawing->datum);
	dxf_string(dxf, 100, "AcDbOrdinateDimension");
	put_point(dxf, 13, p->from);
	put_point(dxf, 14, p->to);
}

void dxf_dimension(struct dxf *dxf, const struct dxf_item *item)
{
	switch (item->parts.form) {
	case DXF_LINEAR:
		put_linear(dxf, item);
		break;
	case DXF_RADIAL:
		put_radial(dxf, item);
		break;
	case DXF_ANGULAR:
		put_angular(dxf, item);
		break;
	case DXF_ORDINATE:
		put_ordinate(dxf, item);
		break;
	case DXF_PLAIN:
	case DXF_LEADER:
		return;
	}
	dxf_overrides(dxf, item);
}
