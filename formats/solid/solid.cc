/* SPDX-License-Identifier: MIT */
/*
 * What every way to a solid goes through: booleans, merging, the checks, errors.
 *
 * Booleans leave faces in pieces where bodies touched; those on one surface are merged, or a drawing
 * would show the joints. Merging is a convenience that sometimes goes wrong in Open CASCADE: where its
 * result is not valid or has another volume, the solid stays as the booleans left it.
 */
#include <config.h>

#include <cmath>
#include <mutex>

#include <BRepAlgoAPI_BooleanOperation.hxx>
#include <BRepBuilderAPI_Transform.hxx>
#include <BRepCheck_Analyzer.hxx>
#include <BRepGProp.hxx>
#include <BRepLib.hxx>
#include <BRep_Builder.hxx>
#include <BRep_Tool.hxx>
#include <GProp_GProps.hxx>
#include <Message.hxx>
#include <Message_Messenger.hxx>
#include <ShapeUpgrade_UnifySameDomain.hxx>
#include <TopExp.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Compound.hxx>
#include <gp.hxx>

#include "formats/solid/solid_private.hh"

static const double SMOOTH_RAD = 1e-3; /* faces that meet at less go on in each other */
static const double VOLUME_SLACK = 1e-4;

bool solid_available(void)
{
	return true;
}

void solid_silence()
{
	static std::once_flag once;

	std::call_once(once, [] { Message::DefaultMessenger()->ChangePrinters().Clear(); });
}

void solid_thrown(struct err *err, const char *what)
{
	err_set(err, ERR_FORMAT, "Open CASCADE: %s", what);
}

TopTools_ListOfShape solid_bodies(const TopoDS_Shape &shape)
{
	TopTools_IndexedMapOfShape map;
	TopTools_ListOfShape bodies;

	TopExp::MapShapes(shape, TopAbs_SOLID, map);
	for (int i = 1; i <= map.Extent(); i++)
		bodies.Append(map(i));
	return bodies;
}

/* To some 1e-5: enough to see that something is wrong. */
static double rough_volume(const TopoDS_Shape &shape)
{
	GProp_GProps props;

	BRepGProp::VolumeProperties(shape, props);
	return props.Mass();
}

TopoDS_Shape solid_boolean(BOPAlgo_Operation operation, const TopTools_ListOfShape &objects,
			   const TopTools_ListOfShape &tools, double fuzz_mm, struct err *err)
{
	BRepAlgoAPI_BooleanOperation boolean;

	boolean.SetOperation(operation);
	boolean.SetArguments(objects);
	boolean.SetTools(tools);
	boolean.SetFuzzyValue(fuzz_mm);
	boolean.SetRunParallel(Standard_False);
	boolean.SetToFillHistory(Standard_False);
	boolean.SetCheckInverted(Standard_False);
	boolean.SetNonDestructive(Standard_True);
	boolean.Build();
	if (boolean.HasErrors()) {
		err_set(err, ERR_FORMAT, "the shapes cannot be combined");
		return TopoDS_Shape();
	}
	return boolean.Shape();
}

TopoDS_Shape solid_left(const TopoDS_Shape &shape, struct err *err)
{
	if (shape.IsNull() || !solid_bodies(shape).IsEmpty())
		return shape;
	err_set(err, ERR_FORMAT, "nothing is left");
	return TopoDS_Shape();
}

/* One body stays as it is. */
static TopoDS_Shape together(const TopTools_ListOfShape &bodies)
{
	BRep_Builder builder;
	TopoDS_Compound compound;

	if (bodies.Extent() == 1)
		return bodies.First();
	builder.MakeCompound(compound);
	for (TopTools_ListOfShape::Iterator it(bodies); it.More(); it.Next())
		builder.Add(compound, it.Value());
	return compound;
}

TopoDS_Shape solid_merged(const TopoDS_Shape &shape, double fuzz_mm)
{
	ShapeUpgrade_UnifySameDomain unify(shape, Standard_True, Standard_True, Standard_False);

	if (fuzz_mm > 0)
		unify.SetLinearTolerance(fuzz_mm);
	unify.Build();
	return unify.Shape();
}

static int check(const TopoDS_Shape &shape, struct err *err)
{
	for (TopExp_Explorer it(shape, TopAbs_SHELL); it.More(); it.Next())
		if (!BRep_Tool::IsClosed(it.Current()))
			return err_set(err, ERR_FORMAT, "the solid is not closed");
	if (!BRepCheck_Analyzer(shape).IsValid())
		return err_set(err, ERR_FORMAT,
			       "the solid is not valid: faces miss or cross each other");
	if (!(rough_volume(shape) > 0))
		return err_set(err, ERR_FORMAT, "the solid encloses nothing");
	return 0;
}

/* A null shape where merging went wrong. */
static TopoDS_Shape merged_well(const TopoDS_Shape &shape, double fuzz_mm)
{
	double was = rough_volume(shape);
	TopoDS_Shape result;
	struct err unused;

	try {
		result = solid_merged(shape, fuzz_mm);
	} catch (const Standard_Failure &) {
		return TopoDS_Shape();
	}
	if (std::fabs(rough_volume(result) - was) > VOLUME_SLACK * was ||
	    check(result, &unused) < 0)
		return TopoDS_Shape();
	return result;
}

static struct solid *solid_of(const TopoDS_Shape &shape)
{
	BRepLib::EncodeRegularity(shape, SMOOTH_RAD);
	return new solid{shape};
}

struct solid *solid_finished(const TopoDS_Shape &shape, double fuzz_mm, struct err *err)
{
	TopTools_ListOfShape found = solid_bodies(shape), bodies;
	TopoDS_Shape result;

	for (TopTools_ListOfShape::Iterator it(found); it.More(); it.Next()) {
		TopoDS_Solid body = TopoDS::Solid(it.Value());

		if (rough_volume(body) < 0)
			BRepLib::OrientClosedSolid(body);
		bodies.Append(body);
	}
	if (bodies.IsEmpty()) {
		err_set(err, ERR_FORMAT, "there is no solid");
		return nullptr;
	}
	result = merged_well(together(bodies), fuzz_mm);
	if (!result.IsNull())
		return solid_of(result);
	result = together(bodies);
	if (check(result, err) < 0)
		return nullptr;
	return solid_of(result);
}

static struct solid *combine(BOPAlgo_Operation operation, const struct solid *a,
			     const struct solid *b, struct err *err)
{
	return solid_or_null(
		err, [&]() -> struct solid * {
			TopoDS_Shape shape =
				solid_left(solid_boolean(operation, solid_bodies(a->shape),
							 solid_bodies(b->shape), 0, err),
					   err);

			return shape.IsNull() ? nullptr : solid_finished(shape, 0, err);
		});
}

struct solid *solid_join(const struct solid *a, const struct solid *b, struct err *err)
{
	return combine(BOPAlgo_FUSE, a, b, err);
}

struct solid *solid_cut(const struct solid *a, const struct solid *b, struct err *err)
{
	return combine(BOPAlgo_CUT, a, b, err);
}

struct solid *solid_intersect(const struct solid *a, const struct solid *b, struct err *err)
{
	return combine(BOPAlgo_COMMON, a, b, err);
}

struct solid *solid_placed(const struct solid *solid, const struct deepcad_plane *plane,
			   struct err *err)
{
	return solid_or_null(
		err, [&]() -> struct solid * {
			gp_Trsf move;

			move.SetDisplacement(gp_Ax3(gp::XOY()), solid_axes(plane));
			BRepBuilderAPI_Transform moved(solid->shape, move, Standard_True);
			return solid_of(moved.Shape());
		});
}

struct solid *solid_scaled(const struct solid *solid, double scale, struct vec3 from,
			   struct vec3 to, struct err *err)
{
	return solid_or_null(
		err, [&]() -> struct solid * {
			struct vec3 shift = vec3_sum(SOLID_MM, to, -SOLID_MM * scale, from);
			gp_Trsf change;

			change.SetScaleFactor(scale);
			change.SetTranslationPart(gp_Vec(shift.x, shift.y, shift.z));
			BRepBuilderAPI_Transform changed(solid->shape, change, Standard_True);
			return solid_of(changed.Shape());
		});
}

void solid_free(struct solid *solid)
{
	delete solid;
}
