/* SPDX-License-Identifier: MIT */
/*
 * What a dimension is in a DXF file is read off what is drawn, not off its kind: families draw a
 * thread across a view or on a leader, a hole's diameter inside it or from its side.
 *
 *	an arc with two arrowheads	angular: the tips lie on the arc, on the two sides
 *	two arrowheads on a line	linear: an extension line begins its gap beyond the point that
 *					it extends; without one the tip is at the point itself
 *	one, on a line in rows from	linear, from where the value says (running dimensions; halves
 *	an origin, or half a line	of symmetric parts)
 *	a tip on a circle, the line	radial: of all circles the one of the dimension's own radius
 *	through its centre
 *	any other single arrowhead	a leader, from the tip along lines that are joined to a shelf
 *	none, an extension line with	ordinate: of what the line begins its gap beyond
 *	a text at its end
 *	none				nothing that measures
 */
#include <config.h>

#include <math.h>

#include "formats/drawing/dimension.h"
#include "render/dxf/dxf_private.h"

#define SAME_MM 1e-6
#define SAME_RADIUS 1e-6 /* relative */

static bool same(struct vec a, struct vec b)
{
	return fabs(a.x - b.x) < SAME_MM && fabs(a.y - b.y) < SAME_MM;
}

static void add_stroke(struct dxf_parts *p, const struct stroke *s)
{
	if (s->path.count == 0)
		return;
	if (s->layer == LAYER_DIMENSION && s->path.segs[0].kind == SEG_ARC)
		p->arc = s;
	else if (s->layer == LAYER_EXTENSION && p->extension_count < DXF_PARTS_MAX)
		p->extensions[p->extension_count++] = s;
	else if (s->layer == LAYER_DIMENSION && p->line_count < DXF_PARTS_MAX)
		p->lines[p->line_count++] = s;
}

static struct dxf_parts gather(const struct drawing *d, int dimension)
{
	struct dxf_parts p = {.texts = drawing_dimension_texts(d, dimension)};

	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].dimension == dimension)
			add_stroke(&p, &d->strokes[i]);
	for (int i = 0; i < d->arrow_count; i++)
		if (d->arrows[i].dimension == dimension && p.arrow_count < DXF_PARTS_MAX)
			p.arrows[p.arrow_count++] = &d->arrows[i];
	return p;
}

/* The other end of a line that begins or ends at p; false: it does neither. */
static bool line_leads_on(const struct stroke *line, struct vec p, struct vec *to)
{
	const struct path *path = &line->path;
	struct vec a = path->segs[0].a, b = path->segs[path->count - 1].b;

	*to = same(a, p) ? b : a;
	return same(a, p) || same(b, p);
}

/* From the tip on along lines that are joined; fewer than 2 points: there are none. */
static void follow_leader(struct dxf_parts *p, struct vec tip)
{
	bool used[DXF_PARTS_MAX] = {false};

	p->leader[0] = tip;
	p->leader_count = 1;
	for (int i = 0; i < p->line_count; i++) {
		struct vec end = p->leader[p->leader_count - 1], to;

		if (used[i] || !line_leads_on(p->lines[i], end, &to))
			continue;
		used[i] = true;
		p->leader[p->leader_count++] = to;
		i = -1; /* those before may go on from here */
	}
}

/* What the tip of a dimension line extends. */
static struct vec feature_of(const struct dxf_parts *p, struct vec tip)
{
	for (int i = 0; i < p->extension_count; i++) {
		const struct seg *seg = &p->extensions[i]->path.segs[0];
		struct vec out = vec_unit(vec_sub(seg->b, seg->a));

		if (fabs(vec_cross(vec_sub(tip, seg->a), out)) < SAME_MM)
			return vec_sub(seg->a, vec_scale(out, p->gap_mm));
	}
	return tip;
}

static bool is_along_axis(struct vec unit)
{
	return fabs(unit.x) < SAME_MM || fabs(unit.y) < SAME_MM;
}

static bool is_position(enum dim_kind kind)
{
	return kind == DIM_POSITION_X || kind == DIM_POSITION_Y;
}

static bool is_linear(enum dim_kind kind)
{
	return kind == DIM_LEVEL || kind == DIM_UPRIGHT || kind == DIM_ALIGNED ||
	       kind == DIM_SIDE_DIAMETER || kind == DIM_SPACES_X || kind == DIM_SPACES_Y ||
	       is_position(kind);
}

static bool is_round(enum dim_kind kind)
{
	return kind == DIM_RADIUS || kind == DIM_DIAMETER;
}

static double sheet_value(const struct dxf *dxf, int dimension)
{
	return (double)dxf_measurement(dxf, dimension) / 1000 * dxf->drawing->scale;
}

/* Whether some line of the dimension lies on a-b, which may go on beyond both. */
static bool is_joined(const struct dxf_parts *p, struct vec a, struct vec along)
{
	for (int i = 0; i < p->line_count; i++) {
		const struct seg *seg = &p->lines[i]->path.segs[0];

		if (fabs(vec_cross(vec_sub(seg->a, a), along)) < SAME_MM &&
		    fabs(vec_cross(vec_sub(seg->b, a), along)) < SAME_MM)
			return true;
	}
	return false;
}

static bool find_two_tips(struct dxf_parts *p)
{
	struct vec a, b;

	if (p->arrow_count < 2)
		return false;
	a = p->arrows[0]->tip;
	b = p->arrows[1]->tip;
	if (same(a, b))
		return false;
	p->direction = vec_unit(vec_sub(b, a));
	if (!is_joined(p, a, p->direction))
		return false;
	p->from = feature_of(p, a);
	p->to = feature_of(p, b);
	return true;
}

/* One arrowhead alone: the dimension begins where the value says. Lines at an angle, and with a
 * knee, are leaders. */
static bool find_one_tip(const struct dxf *dxf, struct dxf_parts *p, int dimension)
{
	enum dim_kind kind = dxf->scene->dimensions[dimension].kind;
	struct vec tip = p->arrows[0]->tip;
	bool running = is_position(kind) && p->line_count == 0;

	if (running) {
		p->direction = kind == DIM_POSITION_X ? vec(1, 0) : vec(0, 1);
	} else {
		follow_leader(p, tip);
		if (p->leader_count != 2 || !is_linear(kind))
			return false;
		p->direction = vec_unit(vec_sub(tip, p->leader[1]));
		if (!is_along_axis(p->direction))
			return false;
	}
	p->to = feature_of(p, tip);
	p->from = vec_sub(tip, vec_scale(p->direction, sheet_value(dxf, dimension)));
	return true;
}

/* Whether the tip lies on the arc's circle, which has the radius, and the line from tip to q leads
 * through its centre. */
static bool is_pointed_at(const struct seg *arc, struct vec tip, struct vec q, double radius)
{
	struct vec out = vec_sub(tip, arc->centre), way = vec_sub(q, tip);

	return arc->kind == SEG_ARC && arc->rx == arc->ry &&
	       fabs(arc->rx - radius) < SAME_RADIUS * radius &&
	       fabs(vec_length(out) - radius) < SAME_MM &&
	       fabs(vec_cross(out, way)) < SAME_MM * (radius + vec_length(way));
}

static bool find_circle(const struct dxf *dxf, struct dxf_parts *p, int dimension)
{
	const struct drawing *d = dxf->drawing;
	enum dim_kind kind = dxf->scene->dimensions[dimension].kind;
	double radius = sheet_value(dxf, dimension) / (kind == DIM_DIAMETER ? 2 : 1);
	struct vec tip = p->arrows[0]->tip;

	follow_leader(p, tip);
	for (int i = 0; i < d->stroke_count && p->leader_count > 1; i++) {
		const struct path *path = &d->strokes[i].path;

		for (int k = 0; k < path->count; k++)
			if (d->strokes[i].dimension == DRAWING_NOBODY &&
			    is_pointed_at(&path->segs[k], tip, p->leader[1], radius)) {
				p->from = path->segs[k].centre;
				return true;
			}
	}
	return false;
}

/* An extension line alone, whose first piece leads to the feature. */
static bool find_ordinate(const struct dxf *dxf, struct dxf_parts *p, int dimension)
{
	const struct dimension *dim = &dxf->scene->dimensions[dimension];
	const struct path *path;
	struct vec out;

	if (dxf->scene->arrangement != ARRANGE_ORDINATE || !is_position(dim->kind) ||
	    p->extension_count != 1 || p->arrow_count > 0 || p->line_count > 0)
		return false;
	path = &p->extensions[0]->path;
	out = vec_unit(vec_sub(path->segs[0].b, path->segs[0].a));
	p->from = vec_sub(path->segs[0].a, vec_scale(out, p->gap_mm));
	p->to = path->segs[path->count - 1].b;
	return true;
}

struct dxf_parts dxf_parts_of(const struct dxf *dxf, int dimension)
{
	struct dxf_parts p = gather(dxf->drawing, dimension);
	enum dim_kind kind = dxf->scene->dimensions[dimension].kind;

	p.form = DXF_PLAIN;
	p.gap_mm = style_of_dimension(dxf->style, dimension)->extension_gap_mm;
	if (p.texts.line && find_ordinate(dxf, &p, dimension))
		p.form = DXF_ORDINATE;
	if (p.arrow_count == 0 || (!p.texts.line && !p.texts.upper))
		return p;
	if (p.arc) {
		if (p.arrow_count == 2)
			p.form = DXF_ANGULAR;
		return p;
	}
	if (is_round(kind) && find_circle(dxf, &p, dimension))
		p.form = DXF_RADIAL;
	else if (find_two_tips(&p) || find_one_tip(dxf, &p, dimension))
		p.form = DXF_LINEAR;
	else if (p.leader_count > 1 && !is_position(kind))
		p.form = DXF_LEADER;
	return p;
}
