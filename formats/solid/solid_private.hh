/* SPDX-License-Identifier: MIT */
/* What the C++ files of solid.h share. Shapes are in millimetres. */
#ifndef FORMATS_SOLID_PRIVATE_HH
#define FORMATS_SOLID_PRIVATE_HH

#include <exception>
#include <functional>

#include <BOPAlgo_Operation.hxx>
#include <BRepAdaptor_Curve.hxx>
#include <Standard_Failure.hxx>
#include <TopTools_ListOfShape.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Face.hxx>
#include <TopoDS_Shape.hxx>
#include <gp_Ax2.hxx>
#include <gp_Ax3.hxx>
#include <gp_Vec.hxx>

extern "C" {
#include "formats/solid/solid.h"
}

/* Each body is a solid, checked, and its smooth edges are marked. */
struct solid {
	TopoDS_Shape shape;
};

static const double SOLID_MM = 1000; /* in a metre */

void solid_silence();
void solid_thrown(struct err *err, const char *what);

/* Runs work(), which returns a pointer, a shape or a count, and turns what is thrown into an error and
 * `failed`. */
template <typename Work, typename Result>
Result solid_guard(struct err *err, Result failed, Work work)
{
	try {
		solid_silence();
		return work();
	} catch (const Standard_Failure &failure) {
		const char *text = failure.GetMessageString();

		solid_thrown(err, text && *text ? text : failure.DynamicType()->Name());
	} catch (const std::exception &failure) {
		solid_thrown(err, failure.what());
	}
	return failed;
}

template <typename Work> struct solid *solid_or_null(struct err *err, Work work)
{
	return solid_guard(err, (struct solid *)nullptr, work);
}

/* The bodies of a shape, each once. */
TopTools_ListOfShape solid_bodies(const TopoDS_Shape &shape);

/* A null shape with *err where that fails; one without bodies where nothing is left. What lies within
 * fuzz_mm touches. */
TopoDS_Shape solid_boolean(BOPAlgo_Operation operation, const TopTools_ListOfShape &objects,
			   const TopTools_ListOfShape &tools, double fuzz_mm, struct err *err);

/* The shape; a null one with *err where it has no bodies. */
TopoDS_Shape solid_left(const TopoDS_Shape &shape, struct err *err);

/* The shape with faces on one surface, and edges on one curve, made one where they touch. */
TopoDS_Shape solid_merged(const TopoDS_Shape &shape, double fuzz_mm);

/* The bodies of the shape with faces and edges merged; NULL with *err unless they are valid, closed and
 * enclose something. */
struct solid *solid_finished(const TopoDS_Shape &shape, double fuzz_mm, struct err *err);

gp_Ax3 solid_axes(const struct deepcad_plane *plane);

/* The profile at that height (m) above the plane. A null face with *err. */
TopoDS_Face solid_face(const struct deepcad_profile *profile, const struct deepcad_plane *plane,
		       double height, struct err *err);

/* The faces swept that far (m, > 0) along the plane's axis. */
TopoDS_Shape solid_prism(const TopoDS_Shape &faces, const struct deepcad_plane *plane,
			 double height);

/* The faces turned about the axis, which lies in the plane, from one angle to another. */
TopoDS_Shape solid_turned(const TopoDS_Shape &faces, const struct deepcad_plane *plane,
			  const struct deepcad_axis *axis, double lo, double hi);

/* Takes a piece of an edge or a silhouette, from one parameter to another. */
typedef std::function<void(const BRepAdaptor_Curve &curve, double t0, double t1,
			   enum solid_edge edge, bool visible)>
	solid_piece_sink;

/* Gives all pieces of a view, which go over nothing twice but what covers each other. False, having given
 * none, for solids with other faces than planes, cylinders and cones. The directions are unit vectors. */
bool solid_hidden(const TopoDS_Shape &shape, const gp_Vec &right, const gp_Vec &up,
		  const gp_Vec &toward, double size_mm, const solid_piece_sink &sink);

/* The edge in the view that looks against z of the axes, x to the right, from its start to its end; visible. `size`
 * of the view, m. */
struct solid_curve solid_flat_edge(const TopoDS_Edge &edge, const gp_Ax2 &axes, double size,
				   struct arena *arena);

#endif
