/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <BRepBndLib.hxx>
#include <BRepGProp.hxx>
#include <BRep_Tool.hxx>
#include <Bnd_Box.hxx>
#include <GProp_GProps.hxx>
#include <TopExp.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>

#include "formats/solid/solid_private.hh"

/* Integrals are refined until they change by no more than that share: of faces with many curves those
 * with a fixed number of points are 1e-5 off. */
static const double EXACT = 1e-9;

static double volume_mm3(const TopoDS_Shape &shape, bool exact)
{
	GProp_GProps props;

	if (exact)
		BRepGProp::VolumeProperties(shape, props, EXACT);
	else
		BRepGProp::VolumeProperties(shape, props);
	return props.Mass();
}

static double area_mm2(const TopoDS_Shape &shape, bool exact)
{
	GProp_GProps props;

	if (exact)
		BRepGProp::SurfaceProperties(shape, props, EXACT);
	else
		BRepGProp::SurfaceProperties(shape, props);
	return props.Mass();
}

static int count(const TopoDS_Shape &shape, TopAbs_ShapeEnum kind)
{
	TopTools_IndexedMapOfShape map;
	int n;

	TopExp::MapShapes(shape, kind, map);
	n = map.Extent();
	for (int i = 1; kind == TopAbs_EDGE && i <= map.Extent(); i++)
		n -= BRep_Tool::Degenerated(TopoDS::Edge(map(i)));
	return n;
}

static void measure_box(const TopoDS_Shape &shape, struct solid_measures *out)
{
	Bnd_Box box;
	double x0, y0, z0, x1, y1, z1;

	BRepBndLib::AddOptimal(shape, box, Standard_False, Standard_False);
	box.SetGap(0);
	box.Get(x0, y0, z0, x1, y1, z1);
	out->lo = {x0 / SOLID_MM, y0 / SOLID_MM, z0 / SOLID_MM};
	out->hi = {x1 / SOLID_MM, y1 / SOLID_MM, z1 / SOLID_MM};
}

static int measure(const struct solid *solid, bool exact, struct solid_measures *out,
		   struct err *err)
{
	return solid_guard(err, -1, [&] {
		out->volume = volume_mm3(solid->shape, exact) / (SOLID_MM * SOLID_MM * SOLID_MM);
		out->area = area_mm2(solid->shape, exact) / (SOLID_MM * SOLID_MM);
		measure_box(solid->shape, out);
		out->bodies = count(solid->shape, TopAbs_SOLID);
		out->faces = count(solid->shape, TopAbs_FACE);
		out->edges = count(solid->shape, TopAbs_EDGE);
		return 0;
	});
}

int solid_measure(const struct solid *solid, struct solid_measures *out, struct err *err)
{
	return measure(solid, true, out, err);
}

int solid_measure_roughly(const struct solid *solid, struct solid_measures *out, struct err *err)
{
	return measure(solid, false, out, err);
}

int solid_overlap_near(const struct solid *a, const struct solid *b, double slack, double *iou,
		       struct err *err)
{
	return solid_guard(err, -1, [&] {
		TopTools_ListOfShape left = solid_bodies(a->shape), right = solid_bodies(b->shape);
		TopoDS_Shape common =
			solid_boolean(BOPAlgo_COMMON, left, right, slack * SOLID_MM, err);
		double both;

		if (common.IsNull())
			return -1;
		both = volume_mm3(common, true);
		*iou = both / (volume_mm3(a->shape, true) + volume_mm3(b->shape, true) - both);
		return 0;
	});
}

int solid_overlap(const struct solid *a, const struct solid *b, double *iou, struct err *err)
{
	return solid_overlap_near(a, b, 0, iou, err);
}
