/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <cmath>
#include <utility>

#include <BRepAdaptor_Surface.hxx>
#include <BRepTools.hxx>
#include <BRep_Tool.hxx>
#include <BndLib_Add2dCurve.hxx>
#include <Bnd_Box2d.hxx>
#include <Geom2dAdaptor_Curve.hxx>
#include <TopExp.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedDataMapOfShapeListOfShape.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <gp_Cone.hxx>
#include <gp_Cylinder.hxx>
#include <gp_Pln.hxx>

#include "formats/solid/solid_private.hh"

static struct vec3 as_vec3(const gp_XYZ &v, double scale)
{
	return {v.X() * scale, v.Y() * scale, v.Z() * scale};
}

static void read_plane(struct solid_face *out, const BRepAdaptor_Surface &surface, bool reversed)
{
	gp_Ax3 axes = surface.Plane().Position();
	gp_Vec normal = gp_Vec(axes.XDirection()).Crossed(gp_Vec(axes.YDirection()));

	out->surface = SOLID_PLANE;
	out->point = as_vec3(axes.Location().XYZ(), 1 / SOLID_MM);
	out->normal = as_vec3(normal.XYZ(), reversed ? -1 : 1);
}

static bool points_back(const gp_Dir &d)
{
	double x = std::fabs(d.X()), y = std::fabs(d.Y()), z = std::fabs(d.Z());

	return x >= y && x >= z ? d.X() < 0 : y >= z ? d.Y() < 0 : d.Z() < 0;
}

/* Without slack, which UVBounds adds where edges are splines on the face. */
static void bounds(const TopoDS_Face &face, double *v0, double *v1, double *turn)
{
	double u0, u1, lo, hi;

	BRepTools::UVBounds(face, u0, u1, lo, hi);
	*turn = std::fmin(u1 - u0, 2 * M_PI);
	*v0 = hi;
	*v1 = lo;
	for (TopExp_Explorer it(face, TopAbs_EDGE); it.More(); it.Next()) {
		Geom2dAdaptor_Curve curve;
		double t0, t1;
		Bnd_Box2d box;
		Handle(Geom2d_Curve) on =
			BRep_Tool::CurveOnSurface(TopoDS::Edge(it.Current()), face, t0, t1);

		if (on.IsNull())
			continue;
		curve.Load(on, t0, t1);
		BndLib_Add2dCurve::AddOptimal(curve.Curve(), t0, t1, 0, box);
		box.Get(u0, lo, u1, hi);
		*v0 = std::fmin(*v0, lo);
		*v1 = std::fmax(*v1, hi);
	}
}

/* A cylinder, or a cone, whose v goes along its generators: `slope` is the sine of its half angle, `along` the
 * cosine, and 0 and 1 of a cylinder. */
static void read_round(struct solid_face *out, const gp_Ax3 &axes, double radius, double slope,
		       double along, const TopoDS_Face &face)
{
	gp_Dir axis = axes.Direction();
	double v0, v1, lo;
	bool reversed = face.Orientation() == TopAbs_REVERSED;

	bounds(face, &v0, &v1, &out->turn);
	lo = v0;
	out->radius = std::fabs(radius + v0 * slope) / SOLID_MM;
	out->end_radius = std::fabs(radius + v1 * slope) / SOLID_MM;
	if (points_back(axis)) {
		axis.Reverse();
		lo = -v1;
		std::swap(out->radius, out->end_radius);
	}
	out->point = as_vec3(axes.Location().XYZ() + axis.XYZ() * (lo * along), 1 / SOLID_MM);
	out->normal = as_vec3(axis.XYZ(), 1);
	out->length = (v1 - v0) * along / SOLID_MM;
	/* The surface's own normal points away from the axis in right-handed frames; behind its tip a cone's
	 * points to it. */
	out->hollow = reversed == (axes.Direct() == (radius + (v0 + v1) / 2 * slope > 0));
}

static void read_cylinder(struct solid_face *out, const BRepAdaptor_Surface &surface,
			  const TopoDS_Face &face)
{
	gp_Cylinder cylinder = surface.Cylinder();

	out->surface = SOLID_CYLINDER;
	read_round(out, cylinder.Position(), cylinder.Radius(), 0, 1, face);
}

static void read_cone(struct solid_face *out, const BRepAdaptor_Surface &surface,
		      const TopoDS_Face &face)
{
	gp_Cone cone = surface.Cone();

	out->surface = SOLID_CONE;
	read_round(out, cone.Position(), cone.RefRadius(), std::sin(cone.SemiAngle()),
		   std::cos(cone.SemiAngle()), face);
}

static void read_corners(struct solid_face *out, const TopoDS_Face &face, struct arena *arena)
{
	TopTools_IndexedMapOfShape corners;

	TopExp::MapShapes(face, TopAbs_VERTEX, corners);
	out->corner_count = corners.Extent();
	out->corners = ARENA_NEW(arena, struct vec3, (size_t)corners.Extent());
	for (int i = 1; i <= corners.Extent(); i++)
		out->corners[i - 1] =
			as_vec3(BRep_Tool::Pnt(TopoDS::Vertex(corners(i))).XYZ(), 1 / SOLID_MM);
}

static void read_face(struct solid_face *out, const TopoDS_Face &face, struct arena *arena)
{
	BRepAdaptor_Surface surface(face, Standard_False);

	*out = {};
	out->surface = SOLID_OTHER;
	if (surface.GetType() == GeomAbs_Plane)
		read_plane(out, surface, face.Orientation() == TopAbs_REVERSED);
	else if (surface.GetType() == GeomAbs_Cylinder)
		read_cylinder(out, surface, face);
	else if (surface.GetType() == GeomAbs_Cone)
		read_cone(out, surface, face);
	read_corners(out, face, arena);
}

static void read_joints(struct solid_faces *out, const TopoDS_Shape &shape,
			const TopTools_IndexedMapOfShape &faces, struct arena *arena)
{
	TopTools_IndexedDataMapOfShapeListOfShape edges;

	TopExp::MapShapesAndAncestors(shape, TopAbs_EDGE, TopAbs_FACE, edges);
	out->joints = ARENA_NEW(arena, struct solid_joint, (size_t)edges.Extent() + 1);
	for (int i = 1; i <= edges.Extent(); i++) {
		const TopTools_ListOfShape &sides = edges(i);
		TopoDS_Edge edge = TopoDS::Edge(edges.FindKey(i));

		if (sides.Extent() != 2)
			continue;
		TopoDS_Face a = TopoDS::Face(sides.First()), b = TopoDS::Face(sides.Last());
		int at = faces.FindIndex(a) - 1, bt = faces.FindIndex(b) - 1;

		if (at == bt || !BRep_Tool::HasContinuity(edge, a, b) ||
		    BRep_Tool::Continuity(edge, a, b) < GeomAbs_G1)
			continue;
		out->joints[out->joint_count++] = {at < bt ? at : bt, at < bt ? bt : at};
	}
}

int solid_faces(const struct solid *solid, struct arena *arena, struct solid_faces *out,
		struct err *err)
{
	return solid_guard(err, -1, [&] {
		TopTools_IndexedMapOfShape faces;

		*out = {};
		TopExp::MapShapes(solid->shape, TopAbs_FACE, faces);
		out->face_count = faces.Extent();
		out->faces = ARENA_NEW(arena, struct solid_face, (size_t)faces.Extent() + 1);
		for (int i = 1; i <= faces.Extent(); i++)
			read_face(&out->faces[i - 1], TopoDS::Face(faces(i)), arena);
		read_joints(out, solid->shape, faces, arena);
		return 0;
	});
}
