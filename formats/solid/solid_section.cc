/* SPDX-License-Identifier: MIT */
/*
 * Sections: a box as large as need be, on the eye's side of the plane, is cut off; what is left is projected as
 * any solid is. Faces of it that lie in the plane are what the plane cut, since one that was there before and
 * looked at the eye would lie in it too: such planes are refused.
 */
#include <config.h>

#include <cmath>
#include <vector>

#include <BRepAdaptor_Surface.hxx>
#include <BRepBndLib.hxx>
#include <BRepPrimAPI_MakeBox.hxx>
#include <BRepTools_WireExplorer.hxx>
#include <Bnd_Box.hxx>
#include <TopExp_Explorer.hxx>
#include <TopoDS.hxx>
#include <gp_Pln.hxx>

#include "formats/solid/solid_private.hh"

static const double IN_PLANE_MM = 1e-5;
static const double ALONG = 1e-9; /* 1 - the cosine of planes that are parallel */

/* z of the axes is towards the eye. */
static bool is_in_plane(const TopoDS_Face &face, const gp_Ax2 &axes)
{
	BRepAdaptor_Surface surface(face);

	if (surface.GetType() != GeomAbs_Plane)
		return false;
	gp_Pln plane = surface.Plane();
	return std::fabs(plane.Axis().Direction().Dot(axes.Direction())) > 1 - ALONG &&
	       plane.Distance(axes.Location()) < IN_PLANE_MM;
}

static std::vector<TopoDS_Face> faces_in_plane(const TopoDS_Shape &shape, const gp_Ax2 &axes)
{
	std::vector<TopoDS_Face> faces;

	for (TopExp_Explorer it(shape, TopAbs_FACE); it.More(); it.Next())
		if (is_in_plane(TopoDS::Face(it.Current()), axes))
			faces.push_back(TopoDS::Face(it.Current()));
	return faces;
}

static Bnd_Box box_of(const struct solid *solid)
{
	Bnd_Box box;

	BRepBndLib::Add(solid->shape, box, Standard_False);
	return box;
}

/* All that lies towards the eye, as far as the solid goes. */
static struct solid nearer(const struct solid *solid, const gp_Ax2 &axes)
{
	Bnd_Box box = box_of(solid);
	gp_Pnt middle((box.CornerMin().XYZ() + box.CornerMax().XYZ()) / 2);
	double far = std::sqrt(box.SquareExtent()) + middle.Distance(axes.Location());
	gp_Ax2 corner = axes;
	corner.Translate(gp_Vec(axes.XDirection()) * -far + gp_Vec(axes.YDirection()) * -far);
	return {BRepPrimAPI_MakeBox(corner, 2 * far, 2 * far, far).Shape()};
}

static void add_loop(struct solid_section *out, const TopoDS_Wire &wire, const TopoDS_Face &face,
		     const gp_Ax2 &axes, double size, struct arena *arena)
{
	struct solid_loop *loop = &out->loops[out->loop_count++];
	std::vector<TopoDS_Edge> edges;

	for (BRepTools_WireExplorer it(wire, face); it.More(); it.Next())
		edges.push_back(it.Current());
	loop->count = (int)edges.size();
	loop->curves = ARENA_NEW(arena, struct solid_curve, edges.size());
	for (size_t i = 0; i < edges.size(); i++)
		loop->curves[i] = solid_flat_edge(edges[i], axes, size, arena);
}

static int section(const struct solid *solid, struct vec3 look, struct vec3 up, struct vec3 at,
		   struct arena *arena, struct solid_section *out, struct err *err)
{
	gp_Vec along(look.x, look.y, look.z), upwards(up.x, up.y, up.z);
	gp_Ax2 axes(gp_Pnt(at.x * SOLID_MM, at.y * SOLID_MM, at.z * SOLID_MM),
		    gp_Dir(along.Reversed()), gp_Dir(along.Crossed(upwards)));

	if (!faces_in_plane(solid->shape, axes).empty())
		return err_set(err, ERR_FORMAT, "a face lies in the cutting plane");
	struct solid box = nearer(solid, axes);
	struct solid *rest = solid_cut(solid, &box, err);
	if (!rest)
		return -1;
	std::vector<TopoDS_Face> faces = faces_in_plane(rest->shape, axes);
	size_t wires = 0;
	for (const TopoDS_Face &face : faces)
		for (TopExp_Explorer it(face, TopAbs_WIRE); it.More(); it.Next())
			wires++;
	double size = std::sqrt(box_of(rest).SquareExtent()) / SOLID_MM;
	*out = {};
	out->loops = ARENA_NEW(arena, struct solid_loop, wires);
	for (const TopoDS_Face &face : faces)
		for (TopExp_Explorer it(face, TopAbs_WIRE); it.More(); it.Next())
			add_loop(out, TopoDS::Wire(it.Current()), face, axes, size, arena);
	int rc = wires ? solid_project(rest, look, up, arena, &out->view, err)
		       : err_set(err, ERR_FORMAT, "the plane cuts nothing");
	solid_free(rest);
	return rc;
}

int solid_section(const struct solid *solid, struct vec3 look, struct vec3 up, struct vec3 at,
		  struct arena *arena, struct solid_section *out, struct err *err)
{
	return solid_guard(err, -1, [&] { return section(solid, look, up, at, arena, out, err); });
}
