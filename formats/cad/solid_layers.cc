/* SPDX-License-Identifier: MIT */
/*
 * What a plane cuts out of a solid is its common part with a face of that plane: faces with their holes,
 * whose edges are the curves of a sketch. They go through the language `sketch`, which checks them.
 */
#include <config.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <BRepAdaptor_Curve.hxx>
#include <BRepAlgoAPI_Common.hxx>
#include <BRepBuilderAPI_MakeFace.hxx>
#include <BRepTools.hxx>
#include <BRepTools_WireExplorer.hxx>
#include <TopExp_Explorer.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Wire.hxx>
#include <gp_Circ.hxx>
#include <gp_Pln.hxx>

#include "formats/solid/solid_private.hh"

extern "C" {
#include "formats/cad/cad_code.h"
}

static const double LEVEL_MM = 1e-5; /* planes no farther apart are one */
static const double ALONG = 1e-6;    /* of a unit vector across its axis */
static const double REACH = 4;       /* sizes of the solid that a cutting face is wide */

/* Of sketches on planes across an axis, as drawings have them: the front is seen from there. */
static const struct deepcad_plane planes[] = {
	{{0, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}},
	{{0, 0, 0}, {1, 0, 0}, {0, 0, 1}, {0, -1, 0}},
	{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
};

struct layers {
	const struct solid *solid;
	const struct deepcad_plane *plane;
	std::vector<double> levels; /* heights along the plane's z, mm, from the lowest */
	double size;                /* mm */
	struct buf text;
	int sketches;
};

static double along(const struct vec3 &a, const struct vec3 &b)
{
	return std::fabs(vec3_dot(a, b));
}

/* False: some face is of another kind. */
static bool find_levels(struct layers *l, const struct solid_faces *faces)
{
	l->levels.clear();
	for (int i = 0; i < faces->face_count; i++) {
		const struct solid_face *f = &faces->faces[i];
		double share = along(f->normal, l->plane->z);
		bool across = share > 1 - ALONG;

		if (f->surface == SOLID_CONE || f->surface == SOLID_OTHER ||
		    (!across && share > ALONG) || (f->surface == SOLID_CYLINDER && !across))
			return false;
		if (f->surface == SOLID_PLANE && across)
			l->levels.push_back(SOLID_MM * vec3_dot(f->point, l->plane->z));
	}
	std::sort(l->levels.begin(), l->levels.end());
	l->levels.erase(std::unique(l->levels.begin(), l->levels.end(),
				    [](double a, double b) { return b - a < LEVEL_MM; }),
			l->levels.end());
	return true;
}

static TopoDS_Shape cut_at(const struct layers *l, double height)
{
	gp_Ax3 axes = solid_axes(l->plane);
	double reach = REACH * l->size;

	axes.Translate(height * gp_Vec(axes.Direction()));
	TopoDS_Face face = BRepBuilderAPI_MakeFace(gp_Pln(axes), -reach, reach, -reach, reach);
	BRepAlgoAPI_Common common(face, l->solid->shape);

	return common.IsDone() ? common.Shape() : TopoDS_Shape();
}

static void put(struct layers *l, const char *format, double a, double b)
{
	char text[96];

	std::snprintf(text, sizeof(text), format, a == 0 ? 0 : a, b == 0 ? 0 : b);
	buf_str(&l->text, text);
}

static void put_point(struct layers *l, const char *key, const gp_Pnt &p)
{
	gp_Ax3 axes = solid_axes(l->plane);
	gp_Vec v(p.XYZ());

	buf_str(&l->text, key);
	put(l, "=(%.12g,%.12g)", v.Dot(axes.XDirection()), v.Dot(axes.YDirection()));
}

static void put_sketch_name(struct layers *l)
{
	put(l, "s%.0f", l->sketches, 0);
}

/* False for other curves than lines and arcs. */
static bool put_edge(struct layers *l, const TopoDS_Edge &edge)
{
	BRepAdaptor_Curve curve(edge);
	double t0 = curve.FirstParameter(), t1 = curve.LastParameter();
	bool circle = curve.GetType() == GeomAbs_Circle;

	if (!circle && curve.GetType() != GeomAbs_Line)
		return false;
	put_sketch_name(l);
	if (circle && t1 - t0 > 2 * M_PI - 1e-9) {
		put_point(l, ".add_circle(center", curve.Circle().Location());
		put(l, ", radius=%.12g)\n", curve.Circle().Radius(), 0);
		return true;
	}
	put_point(l, circle ? ".add_arc(start" : ".add_line(start", curve.Value(t0));
	if (circle)
		put_point(l, ", mid", curve.Value((t0 + t1) / 2));
	put_point(l, ", end", curve.Value(t1));
	buf_str(&l->text, ")\n");
	return true;
}

static void put_plane(struct layers *l, double level)
{
	const struct deepcad_plane *p = l->plane;
	struct vec3 at = vec3_sum(level, p->z, 0, p->z);
	char text[256];

	put_sketch_name(l);
	std::snprintf(
		text, sizeof(text),
		" = Sketch(origin=(%.12g,%.12g,%.12g), x_axis=(%g,%g,%g), normal=(%g,%g,%g))\n",
		at.x, at.y, at.z, p->x.x, p->x.y, p->x.z, p->z.x, p->z.y, p->z.z);
	buf_str(&l->text, text);
}

/* Each face of a cut is a sketch, swept by itself. */
static bool put_face(struct layers *l, const TopoDS_Face &face, double low, double high)
{
	put_plane(l, low);
	for (TopExp_Explorer it(face, TopAbs_EDGE); it.More(); it.Next())
		if (!put_edge(l, TopoDS::Edge(it.Current())))
			return false;
	buf_str(&l->text, "Extrude(");
	put_sketch_name(l);
	put(l, ", distance=%.12g", high - low, 0);
	buf_str(&l->text, l->sketches > 0 ? ", operation=\"join\")\n" : ")\n");
	l->sketches++;
	return true;
}

static bool put_layers(struct layers *l)
{
	buf_clear(&l->text);
	l->sketches = 0;
	for (size_t i = 0; i + 1 < l->levels.size(); i++) {
		double low = l->levels[i], high = l->levels[i + 1];
		TopoDS_Shape cut = cut_at(l, (low + high) / 2);

		if (cut.IsNull())
			return false;
		for (TopExp_Explorer it(cut, TopAbs_FACE); it.More(); it.Next())
			if (!put_face(l, TopoDS::Face(it.Current()), low, high))
				return false;
	}
	return l->sketches > 0;
}

static int write_layers(const struct solid *solid, struct buf *text, struct arena *arena,
			struct err *err)
{
	struct layers best = {solid, nullptr, {}, 0, {}, 0}, l = best;
	struct solid_measures m;
	struct solid_faces faces;

	if (solid_measure_roughly(solid, &m, err) < 0 || solid_faces(solid, arena, &faces, err) < 0)
		return -1;
	for (int axis = 2; axis >= 0; axis--) {
		l.plane = &planes[axis];
		if (find_levels(&l, &faces) &&
		    (!best.plane || l.levels.size() < best.levels.size()))
			best = l;
	}
	if (!best.plane)
		return err_set(err, ERR_UNSUPPORTED, "it is no layers along any axis");
	struct vec3 box = vec3_sum(1, m.hi, -1, m.lo), far = vec3_sum(1, m.hi, 1, m.lo);
	best.size = SOLID_MM * (std::sqrt(vec3_dot(box, box)) + std::sqrt(vec3_dot(far, far)));
	if (!put_layers(&best)) {
		buf_free(&best.text);
		return err_set(err, ERR_UNSUPPORTED,
			       "a layer has other curves than lines and arcs");
	}
	*text = best.text;
	return 0;
}

int solid_to_deepcad(const struct solid *solid, struct arena *arena, struct deepcad_model *out,
		     struct err *err)
{
	struct buf text = {};
	int rc = solid_guard(err, -1, [&] { return write_layers(solid, &text, arena, err); });

	if (rc == 0)
		rc = cad_code_parse(out, "the layers", text.data, text.len, arena, err);
	buf_free(&text);
	return rc;
}
