/* SPDX-License-Identifier: MIT */
/*
 * Strokes and texts as entities. A stroke becomes the one entity that holds its shape
 * exactly: LINE, CIRCLE, ARC or ELLIPSE where it has one piece, else an LWPOLYLINE, whose arcs are
 * bulges (the tangent of a quarter of the angle).
 */
#include <config.h>

#include <math.h>

#include "render/dxf/dxf_private.h"

#define DEGREE (M_PI / 180)
#define FULL (2 * M_PI - 1e-9)

/* The common part, with what the stroke has of its own. */
static void begin_stroke(struct dxf *dxf, const char *kind, const struct stroke *s, uint32_t owner)
{
	int weight = dxf_line_weight(s->width_mm);

	dxf_entity(dxf, kind, owner, layer_name(s->layer));
	if (s->line_type != dxf_layer_line_type(s->layer))
		dxf_string(dxf, 6, dxf_line_type(s->line_type));
	/* Dashes are those of the style's thin lines. */
	if (s->line_type != LINE_CONTINUOUS && s->width_mm != dxf->style->thin_mm)
		dxf_real(dxf, 48, s->width_mm / dxf->style->thin_mm);
	if (weight != dxf_line_weight(dxf_layer_width(dxf, s->layer)))
		dxf_integer(dxf, 370, weight);
}

static void put_line(struct dxf *dxf, const struct stroke *s, const struct seg *seg, uint32_t owner)
{
	begin_stroke(dxf, "LINE", s, owner);
	dxf_string(dxf, 100, "AcDbLine");
	dxf_point(dxf, 10, dxf_model_point(dxf, seg->a));
	dxf_point(dxf, 11, dxf_model_point(dxf, seg->b));
}

double dxf_degrees(double rad)
{
	double d = fmod(rad / DEGREE, 360);

	return d < 0 ? d + 360 : d;
}

/* A circle, or an arc of one, which DXF knows counter-clockwise only. */
static void put_round(struct dxf *dxf, const struct stroke *s, const struct seg *seg,
		      uint32_t owner)
{
	bool full = fabs(seg->sweep) >= FULL;
	double from = seg->from + seg->rotation, to = from + seg->sweep;

	begin_stroke(dxf, full ? "CIRCLE" : "ARC", s, owner);
	dxf_string(dxf, 100, "AcDbCircle");
	dxf_point(dxf, 10, dxf_model_point(dxf, seg->centre));
	dxf_real(dxf, 40, dxf_model_length(dxf, seg->rx));
	if (full)
		return;
	dxf_string(dxf, 100, "AcDbArc");
	dxf_real(dxf, 50, dxf_degrees(seg->sweep > 0 ? from : to));
	dxf_real(dxf, 51, dxf_degrees(seg->sweep > 0 ? to : from));
}

/* DXF counts the parameter from the longer axis. */
static void put_ellipse(struct dxf *dxf, const struct stroke *s, const struct seg *seg,
			uint32_t owner)
{
	bool turned = seg->ry > seg->rx;
	double major = turned ? seg->ry : seg->rx, minor = turned ? seg->rx : seg->ry;
	double rotation = seg->rotation + (turned ? M_PI / 2 : 0);
	double from = seg->from - (turned ? M_PI / 2 : 0), to = from + seg->sweep;
	bool full = fabs(seg->sweep) >= FULL;

	if (seg->sweep < 0) {
		double swap = from;

		from = to;
		to = swap;
	}
	begin_stroke(dxf, "ELLIPSE", s, owner);
	dxf_string(dxf, 100, "AcDbEllipse");
	dxf_point(dxf, 10, dxf_model_point(dxf, seg->centre));
	dxf_point(dxf, 11, vec_polar(dxf_model_length(dxf, major), rotation));
	dxf_real(dxf, 40, minor / major);
	dxf_real(dxf, 41, full ? 0 : dxf_degrees(from) * DEGREE);
	dxf_real(dxf, 42, full ? 2 * M_PI : dxf_degrees(to) * DEGREE);
}

static void put_piece(struct dxf *dxf, const struct stroke *s, const struct seg *seg,
		      uint32_t owner)
{
	if (seg->kind == SEG_LINE)
		put_line(dxf, s, seg, owner);
	else if (seg->rx == seg->ry)
		put_round(dxf, s, seg, owner);
	else
		put_ellipse(dxf, s, seg, owner);
}

static bool has_ellipse(const struct path *path)
{
	for (int i = 0; i < path->count; i++)
		if (path->segs[i].kind == SEG_ARC && path->segs[i].rx != path->segs[i].ry)
			return true;
	return false;
}

static void put_vertex(struct dxf *dxf, struct vec sheet, double bulge)
{
	struct vec p = dxf_model_point(dxf, sheet);

	dxf_real(dxf, 10, p.x);
	dxf_real(dxf, 20, p.y);
	if (bulge != 0)
		dxf_real(dxf, 42, bulge);
}

static void put_polyline(struct dxf *dxf, const struct stroke *s, uint32_t owner)
{
	const struct path *path = &s->path;

	begin_stroke(dxf, "LWPOLYLINE", s, owner);
	dxf_string(dxf, 100, "AcDbPolyline");
	dxf_integer(dxf, 90, path->count + !path->closed);
	dxf_integer(dxf, 70, path->closed);
	for (int i = 0; i < path->count; i++)
		put_vertex(dxf, path->segs[i].a,
			   path->segs[i].kind == SEG_ARC ? tan(path->segs[i].sweep / 4) : 0);
	if (!path->closed)
		put_vertex(dxf, path->segs[path->count - 1].b, 0);
}

void dxf_stroke(struct dxf *dxf, const struct stroke *s, uint32_t owner)
{
	if (s->path.count > 1 && !has_ellipse(&s->path)) {
		put_polyline(dxf, s, owner);
		return;
	}
	for (int i = 0; i < s->path.count; i++)
		put_piece(dxf, s, &s->path.segs[i], owner);
}

/* Fitted between its two ends (group 72 is 5), so that it fills its place in any font. */
static void put_text(struct dxf *dxf, const struct text *text, uint32_t owner)
{
	struct vec end = vec_add(text->at, vec_polar(text->width_mm, text->angle_rad));

	dxf_entity(dxf, "TEXT", owner, layer_name(text->layer));
	dxf_string(dxf, 100, "AcDbText");
	dxf_point(dxf, 10, dxf_model_point(dxf, text->at));
	dxf_real(dxf, 40, dxf_model_length(dxf, text->height_mm));
	dxf_lettering(dxf, 1, text->utf8);
	dxf_real(dxf, 50, dxf_degrees(text->angle_rad));
	dxf_string(dxf, 7, "Standard");
	dxf_integer(dxf, 72, 5);
	dxf_point(dxf, 11, dxf_model_point(dxf, end));
	dxf_string(dxf, 100, "AcDbText");
}

void dxf_drawn(struct dxf *dxf, int dimension, uint32_t owner)
{
	const struct drawing *d = dxf->drawing;

	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].dimension == dimension)
			dxf_stroke(dxf, &d->strokes[i], owner);
	for (int i = 0; i < d->arrow_count; i++)
		if (d->arrows[i].dimension == dimension)
			dxf_arrow(dxf, &d->arrows[i], owner);
	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].dimension == dimension)
			put_text(dxf, &d->texts[i], owner);
}
