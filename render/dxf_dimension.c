/* SPDX-License-Identifier: MIT */
/*
 * DIMENSION entities. What a dimension measures between is read off its own lines and arrowheads:
 *
 *	linear			the arrowheads' tips lie on the dimension line; an extension line
 *				begins its gap beyond the point that it extends
 *	position		likewise, from the datum
 *	radius, diameter	the first tip lies on a circle of the shape, whose centre is known
 *	angular			the tips lie on the arc, on the two sides
 *
 * The value is the scene's own number, exact. No text is stated but where it is another than the CAD
 * system would make of the value.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#include "formats/dimension.h"
#include "render/dxf_private.h"

#define PARTS 3

/* What of the drawing belongs to one dimension, in the order it was drawn. */
struct parts {
	const struct stroke *extensions[PARTS], *lines[PARTS];
	const struct arrow *arrows[PARTS];
	int extension_count, line_count, arrow_count;
	const struct stroke *arc;
	const struct text *text;
};

/* DIMENSION's group 70. */
enum dxf_kind {
	DXF_ROTATED = 0,
	DXF_ALIGNED = 1,
	DXF_ANGULAR = 2,
	DXF_DIAMETER = 3,
	DXF_RADIUS = 4,
	DXF_ANGULAR_BY_POINTS = 5,
	DXF_OWN_BLOCK = 32, /* the block is nobody else's */
	DXF_TEXT_PLACED = 128,
};

static void add_stroke(struct parts *parts, const struct stroke *s)
{
	if (s->layer == LAYER_EXTENSION) {
		assert(parts->extension_count < PARTS);
		parts->extensions[parts->extension_count++] = s;
	} else if (s->path.segs[0].kind == SEG_ARC) {
		parts->arc = s;
	} else {
		assert(parts->line_count < PARTS);
		parts->lines[parts->line_count++] = s;
	}
}

static struct parts parts_of(const struct drawing *d, int dimension)
{
	struct parts parts = {0};

	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].dimension == dimension)
			add_stroke(&parts, &d->strokes[i]);
	for (int i = 0; i < d->arrow_count; i++)
		if (d->arrows[i].dimension == dimension) {
			assert(parts.arrow_count < PARTS);
			parts.arrows[parts.arrow_count++] = &d->arrows[i];
		}
	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].dimension == dimension)
			parts.text = &d->texts[i];
	return parts;
}

/* Where the extension line would begin without its gap. */
static struct vec feature_of(const struct dxf *dxf, const struct stroke *extension)
{
	const struct seg *seg = &extension->path.segs[0];
	struct vec out = vec_unit(vec_sub(seg->b, seg->a));

	return vec_sub(seg->a, vec_scale(out, dxf->style->extension_gap_mm));
}

static struct vec text_middle(const struct text *text)
{
	struct vec c[4];

	text_corners(text, c);
	return vec_scale(vec_add(c[0], c[2]), 0.5);
}

/* Whether the CAD system would print something else for the value. */
static bool text_is_special(const struct dxf *dxf, int dimension, const char *utf8)
{
	struct callout callout =
		callout_from_dimension(dxf->scene, &dxf->scene->dimensions[dimension]);

	struct arena arena = {0};
	bool special = strcmp(callout_write(&callout, dxf->style, &arena).text, utf8) != 0;

	arena_free(&arena);
	return special;
}

/* The part that all kinds share; `at` is group 10, on the sheet. */
static void begin(struct dxf *dxf, const struct dxf_block *block, const struct text *text, int kind,
		  struct vec at)
{
	const struct dimension *dim = &dxf->scene->dimensions[block->dimension];
	double value = (double)dimension_value(dxf->scene, dim) / 1000;

	dxf_entity(dxf, "DIMENSION", DXF_MODEL_SPACE, layer_name(LAYER_DIMENSION));
	dxf_string(dxf, 100, "AcDbDimension");
	dxf_string(dxf, 2, block->name);
	dxf_point(dxf, 10, dxf_model_point(dxf, at));
	dxf_point(dxf, 11, dxf_model_point(dxf, text_middle(text)));
	dxf_integer(dxf, 70, kind | DXF_OWN_BLOCK | DXF_TEXT_PLACED);
	dxf_integer(dxf, 71, 5); /* group 11 is the text's middle */
	dxf_real(dxf, 42, dim->kind == DIM_ANGULAR ? value * (M_PI / 180) : value);
	if (text_is_special(dxf, block->dimension, text->utf8))
		dxf_lettering(dxf, 1, text->utf8);
	dxf_string(dxf, 3, "Standard");
}

static void put_point(struct dxf *dxf, int code, struct vec sheet)
{
	dxf_point(dxf, code, dxf_model_point(dxf, sheet));
}

static void put_linear(struct dxf *dxf, const struct dxf_block *block, const struct parts *parts,
		       enum dim_kind kind)
{
	assert(parts->extension_count == 2 && parts->arrow_count == 2);
	begin(dxf, block, parts->text, kind == DIM_ALIGNED ? DXF_ALIGNED : DXF_ROTATED,
	      parts->arrows[1]->tip);
	dxf_string(dxf, 100, "AcDbAlignedDimension");
	put_point(dxf, 13, feature_of(dxf, parts->extensions[0]));
	put_point(dxf, 14, feature_of(dxf, parts->extensions[1]));
	if (kind == DIM_ALIGNED)
		return;
	dxf_real(dxf, 50, kind == DIM_UPRIGHT ? 90 : 0);
	dxf_string(dxf, 100, "AcDbRotatedDimension");
}

/* From the datum; its extension line is shared and nobody's. The last arrow points at the position.
 * Running dimensions are no ordinates: those have no dimension line, and LibreCAD drops them. */
static void put_position(struct dxf *dxf, const struct dxf_block *block, const struct parts *parts,
			 bool is_x)
{
	assert(parts->extension_count == 1 && parts->arrow_count >= 1);
	begin(dxf, block, parts->text, DXF_ROTATED, parts->arrows[parts->arrow_count - 1]->tip);
	dxf_string(dxf, 100, "AcDbAlignedDimension");
	put_point(dxf, 13, dxf->drawing->datum);
	put_point(dxf, 14, feature_of(dxf, parts->extensions[0]));
	dxf_real(dxf, 50, is_x ? 0 : 90);
	dxf_string(dxf, 100, "AcDbRotatedDimension");
}

/* The centre of the circle of this shape that the tip lies on: of all its arcs the one whose radius
 * comes nearest to the distance. */
static struct vec centre_for(const struct drawing *d, int shape, struct vec tip)
{
	double nearest = INFINITY;
	struct vec centre = tip;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];

		for (int k = 0; k < s->path.count; k++) {
			const struct seg *seg = &s->path.segs[k];
			double miss;

			if (s->shape != shape || s->dimension != DRAWING_NOBODY ||
			    seg->kind != SEG_ARC || seg->rx != seg->ry)
				continue;
			miss = fabs(vec_length(vec_sub(tip, seg->centre)) - seg->rx);
			if (miss < nearest) {
				nearest = miss;
				centre = seg->centre;
			}
		}
	}
	assert(nearest < 1e-6);
	return centre;
}

/* Along a line that begins at the tip (a leader) or ends there. */
static double leader_length(const struct parts *parts)
{
	const struct seg *seg = &parts->lines[0]->path.segs[0];
	bool leads = parts->line_count == 2;

	return leads ? vec_length(vec_sub(seg->b, seg->a)) : 0;
}

static void put_radial(struct dxf *dxf, const struct dxf_block *block, const struct parts *parts,
		       bool diameter)
{
	struct vec tip, centre;

	assert(parts->arrow_count >= 1 && parts->line_count >= 1);
	tip = parts->arrows[0]->tip;
	centre = centre_for(dxf->drawing, dxf->scene->dimensions[block->dimension].shape, tip);
	begin(dxf, block, parts->text, diameter ? DXF_DIAMETER : DXF_RADIUS,
	      diameter ? vec_sub(vec_scale(centre, 2), tip) : centre);
	dxf_string(dxf, 100, diameter ? "AcDbDiametricDimension" : "AcDbRadialDimension");
	put_point(dxf, 15, tip);
	dxf_real(dxf, 40, dxf_model_length(dxf, leader_length(parts)));
}

/* Below 180 degrees by two lines, from the vertex to the tips, which every reader knows; else by three
 * points. */
static void put_angular(struct dxf *dxf, const struct dxf_block *block, const struct parts *parts)
{
	const struct dimension *dim = &dxf->scene->dimensions[block->dimension];
	double sweep = (double)dimension_value(dxf->scene, dim) / 1000 * (M_PI / 180);
	const struct seg *arc;
	struct vec first, second, middle;
	bool lines = sweep < M_PI - 1e-6;

	assert(parts->arc && parts->arrow_count == 2);
	arc = &parts->arc->path.segs[0];
	first = parts->arrows[0]->tip;
	second = parts->arrows[1]->tip;
	middle = vec_add(arc->centre, vec_rotate(vec_sub(first, arc->centre), sweep / 2));
	begin(dxf, block, parts->text, lines ? DXF_ANGULAR : DXF_ANGULAR_BY_POINTS,
	      lines ? second : middle);
	dxf_string(dxf, 100, lines ? "AcDb2LineAngularDimension" : "AcDb3PointAngularDimension");
	put_point(dxf, 13, lines ? arc->centre : first);
	put_point(dxf, 14, lines ? first : second);
	put_point(dxf, 15, arc->centre);
	if (lines)
		put_point(dxf, 16, middle);
}

void dxf_dimension(struct dxf *dxf, const struct dxf_block *block)
{
	enum dim_kind kind = dxf->scene->dimensions[block->dimension].kind;
	struct parts parts = parts_of(dxf->drawing, block->dimension);

	switch (kind) {
	case DIM_LEVEL:
	case DIM_UPRIGHT:
	case DIM_ALIGNED:
		put_linear(dxf, block, &parts, kind);
		break;
	case DIM_RADIUS:
	case DIM_DIAMETER:
		put_radial(dxf, block, &parts, kind == DIM_DIAMETER);
		break;
	case DIM_ANGULAR:
		put_angular(dxf, block, &parts);
		break;
	case DIM_POSITION_X:
	case DIM_POSITION_Y:
		put_position(dxf, block, &parts, kind == DIM_POSITION_X);
		break;
	default:
		break;
	}
}
