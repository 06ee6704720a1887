/* SPDX-License-Identifier: MIT */
/*
 * Profiles as faces, swept along their plane's axis or about a line.
 *
 * Curves of a loop share their end points. What files round to 1e-8 m is 1e-5 mm, more than Open
 * CASCADE lets an arc miss its end: the end gets that tolerance, and the arc keeps its centre and radius.
 * Moved to its ends, it would lie a little off the other arcs of its circle, and booleans stumble over
 * such neighbours. Circles all turn about +z, so that the cylinders that they sweep can be merged.
 */
#include <config.h>

#include <cmath>

#include <BRepBuilderAPI_MakeEdge.hxx>
#include <BRepBuilderAPI_MakeFace.hxx>
#include <BRepBuilderAPI_MakeVertex.hxx>
#include <BRepBuilderAPI_MakeWire.hxx>
#include <BRepPrimAPI_MakePrism.hxx>
#include <BRepPrimAPI_MakeRevol.hxx>
#include <BRep_Builder.hxx>
#include <Geom_Circle.hxx>
#include <TopLoc_Location.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Vertex.hxx>
#include <TopoDS_Wire.hxx>
#include <gp_Circ.hxx>
#include <gp_Pln.hxx>
#include <gp_Trsf.hxx>
#include <vector>

#include "formats/solid/solid_private.hh"

static const double WHOLE_TURN = 2 * M_PI - 1e-9;
static const double GAP = 3e-8, GAP_PART = 1e-5; /* m, and of a loop's size */

static gp_Vec as_vec(struct vec3 v)
{
	return gp_Vec(v.x, v.y, v.z);
}

gp_Ax3 solid_axes(const struct deepcad_plane *plane)
{
	return gp_Ax3(gp_Pnt(as_vec(plane->origin).XYZ() * SOLID_MM), gp_Dir(as_vec(plane->z)),
		      gp_Dir(as_vec(plane->x)));
}

static gp_Pnt place(const gp_Ax3 &axes, struct vec p)
{
	return axes.Location().Translated(
		SOLID_MM * (p.x * gp_Vec(axes.XDirection()) + p.y * gp_Vec(axes.YDirection())));
}

/* Angles begin at the plane's x axis. */
static gp_Circ circle(const gp_Ax3 &axes, struct vec centre, double radius)
{
	return gp_Circ(gp_Ax2(place(axes, centre), axes.Direction(), axes.XDirection()),
		       radius * SOLID_MM);
}

static double angle_of(struct vec centre, struct vec p)
{
	return std::atan2(p.y - centre.y, p.x - centre.x);
}

/* The angle from a to b about c, counter-clockwise in (0, 2 pi]. */
static double turn(struct vec c, struct vec a, struct vec b)
{
	struct vec u = vec_sub(a, c), v = vec_sub(b, c);
	double angle = std::atan2(vec_cross(u, v), vec_dot(u, v));

	return angle > 0 ? angle : angle + 2 * M_PI;
}

static TopoDS_Edge arc_edge(const gp_Ax3 &axes, const struct deepcad_curve *curve, struct vec end,
			    const TopoDS_Vertex &v0, const TopoDS_Vertex &v1)
{
	bool forward = curve->sweep > 0;
	struct vec a = forward ? curve->start : end, b = forward ? end : curve->start;
	BRepBuilderAPI_MakeEdge make(new Geom_Circle(circle(axes, curve->centre, curve->radius)),
				     forward ? v0 : v1, forward ? v1 : v0,
				     angle_of(curve->centre, a),
				     angle_of(curve->centre, a) + turn(curve->centre, a, b));

	return forward ? make.Edge() : TopoDS::Edge(make.Edge().Reversed());
}

static bool is_whole(const struct deepcad_curve *curve)
{
	return curve->kind == DEEPCAD_CIRCLE || std::fabs(curve->sweep) >= WHOLE_TURN;
}

static TopoDS_Edge curve_edge(const gp_Ax3 &axes, const struct deepcad_curve *curve, struct vec end,
			      const TopoDS_Vertex &v0, const TopoDS_Vertex &v1)
{
	if (is_whole(curve)) {
		TopoDS_Edge edge =
			BRepBuilderAPI_MakeEdge(circle(axes, curve->centre, curve->radius));

		return curve->sweep > 0 ? edge : TopoDS::Edge(edge.Reversed());
	}
	if (curve->kind == DEEPCAD_ARC)
		return arc_edge(axes, curve, end, v0, v1);
	return BRepBuilderAPI_MakeEdge(v0, v1);
}

/* How far a curve misses a point that it is said to begin or end in. */
static double miss(const struct deepcad_curve *curve, struct vec p)
{
	if (curve->kind != DEEPCAD_ARC)
		return 0;
	return std::fabs(vec_length(vec_sub(p, curve->centre)) - curve->radius);
}

static TopoDS_Vertex start_vertex(const gp_Ax3 &axes, const struct deepcad_loop *loop, int i)
{
	const struct deepcad_curve *curve = &loop->curves[i];
	const struct deepcad_curve *before = &loop->curves[(i + loop->count - 1) % loop->count];
	double off = max2(miss(curve, curve->start), miss(before, curve->start));
	TopoDS_Vertex vertex = BRepBuilderAPI_MakeVertex(place(axes, curve->start));
	BRep_Builder builder;

	builder.UpdateVertex(vertex, 1.1 * SOLID_MM * off);
	return vertex;
}

/* As deepcad.h lets curves miss each other. */
static bool is_open(const struct deepcad_loop *loop)
{
	double size = 0, gap = 0;

	for (int i = 0; i < loop->count; i++) {
		const struct deepcad_curve *next = &loop->curves[(i + 1) % loop->count];

		size = max2(size, vec_length(vec_sub(next->start, loop->curves[0].start)));
		gap = max2(gap, vec_length(vec_sub(next->start, loop->curves[i].end)));
	}
	return gap > GAP + GAP_PART * size;
}

/* Null where the curves do not make a closed loop. */
static TopoDS_Wire loop_wire(const gp_Ax3 &axes, const struct deepcad_loop *loop)
{
	std::vector<TopoDS_Vertex> vertices;
	BRepBuilderAPI_MakeWire make;

	if (is_open(loop))
		return TopoDS_Wire();
	for (int i = 0; i < loop->count; i++)
		vertices.push_back(start_vertex(axes, loop, i));
	for (int i = 0; i < loop->count; i++) {
		int next = (i + 1) % loop->count;

		make.Add(curve_edge(axes, &loop->curves[i], loop->curves[next].start, vertices[i],
				    vertices[next]));
		if (!make.IsDone())
			return TopoDS_Wire();
	}
	return make.Wire().Closed() ? make.Wire() : TopoDS_Wire();
}

static TopoDS_Wire turned(const TopoDS_Wire &wire, bool is_right)
{
	return is_right ? wire : TopoDS::Wire(wire.Reversed());
}

TopoDS_Face solid_face(const struct deepcad_profile *profile, const struct deepcad_plane *plane,
		       double height, struct err *err)
{
	gp_Ax3 axes = solid_axes(plane);
	const struct deepcad_loop *outer = &profile->loops[profile->outer];
	TopoDS_Wire wire;

	axes.Translate(SOLID_MM * height * gp_Vec(axes.Direction()));
	wire = loop_wire(axes, outer);
	if (wire.IsNull()) {
		err_set(err, ERR_FORMAT, "the outline is not closed");
		return TopoDS_Face();
	}
	BRepBuilderAPI_MakeFace make(gp_Pln(axes), turned(wire, outer->area > 0), Standard_False);
	for (int i = 0; i < profile->count; i++) {
		const struct deepcad_loop *hole = &profile->loops[i];

		if (i == profile->outer)
			continue;
		wire = loop_wire(axes, hole);
		if (wire.IsNull()) {
			err_set(err, ERR_FORMAT, "hole %d is not closed", i + 1);
			return TopoDS_Face();
		}
		make.Add(turned(wire, hole->area < 0));
	}
	return make.Face();
}

TopoDS_Shape solid_prism(const TopoDS_Shape &faces, const struct deepcad_plane *plane,
			 double height)
{
	return BRepPrimAPI_MakePrism(faces,
				     SOLID_MM * height * gp_Vec(solid_axes(plane).Direction()));
}

struct solid *solid_extruded(const struct deepcad_profile *profile,
			     const struct deepcad_plane *plane, double lo, double hi,
			     struct err *err)
{
	return solid_or_null(
		err, [&]() -> struct solid * {
			TopoDS_Face face;

			if (!(hi - lo > DEEPCAD_LENGTH_MIN)) {
				err_set(err, ERR_FORMAT, "the extrude has no length");
				return nullptr;
			}
			face = solid_face(profile, plane, lo, err);
			if (face.IsNull())
				return nullptr;
			return solid_finished(solid_prism(face, plane, hi - lo), 0, err);
		});
}

static gp_Ax1 axis_of(const gp_Ax3 &axes, const struct deepcad_axis *axis)
{
	struct vec way = vec_unit(vec_sub(axis->end, axis->start));

	return gp_Ax1(place(axes, axis->start), gp_Dir(way.x * gp_Vec(axes.XDirection()) +
						       way.y * gp_Vec(axes.YDirection())));
}

TopoDS_Shape solid_turned(const TopoDS_Shape &faces, const struct deepcad_plane *plane,
			  const struct deepcad_axis *axis, double lo, double hi)
{
	gp_Ax1 about = axis_of(solid_axes(plane), axis);
	TopoDS_Shape start = faces;
	gp_Trsf turn;

	if (lo != 0) {
		turn.SetRotation(about, lo);
		start = faces.Moved(TopLoc_Location(turn));
	}
	if (hi - lo >= WHOLE_TURN)
		return BRepPrimAPI_MakeRevol(start, about);
	return BRepPrimAPI_MakeRevol(start, about, hi - lo);
}

static int check_axis(const struct deepcad_profile *profile, const struct deepcad_axis *axis,
		      double angle_rad, struct err *err)
{
	if (!(vec_length(vec_sub(axis->end, axis->start)) > DEEPCAD_LENGTH_MIN))
		return err_set(err, ERR_FORMAT, "the axis has no direction");
	if (!(angle_rad > 0 && angle_rad <= 2 * M_PI + DEEPCAD_ANGLE_MIN))
		return err_set(err, ERR_FORMAT, "the angle is not over 0 and up to 2 pi");
	if (deepcad_axis_crosses(axis, profile))
		return err_set(err, ERR_FORMAT, "the profile crosses the axis");
	return 0;
}

struct solid *solid_revolved(const struct deepcad_profile *profile,
			     const struct deepcad_plane *plane, const struct deepcad_axis *axis,
			     double lo, double hi, struct err *err)
{
	return solid_or_null(
		err, [&]() -> struct solid * {
			TopoDS_Face face;

			if (check_axis(profile, axis, hi - lo, err) < 0)
				return nullptr;
			face = solid_face(profile, plane, 0, err);
			if (face.IsNull())
				return nullptr;
			return solid_finished(solid_turned(face, plane, axis, lo, hi), 0, err);
		});
}
