/* SPDX-License-Identifier: MIT */
/*
 * The profiles of a feature are mostly neighbours in one sketch: their union is made of faces, before
 * they are swept, which is several times as fast as that of prisms.
 */
#include <config.h>

#include "formats/solid/solid_private.hh"

static const double ROUNDING_MM = 2e-5; /* see solid_from_deepcad */

static int check_taper(const struct deepcad_feature *extrude, struct err *err)
{
	if (extrude->taper_one != 0 || extrude->taper_two != 0)
		return err_set(err, ERR_UNSUPPORTED, "it has a taper");
	return 0;
}

/* The faces of the regions from `first` on that are of one sketch. */
static int add_faces(const struct deepcad_feature *feature, int first, double height,
		     TopTools_ListOfShape *faces, struct err *err)
{
	for (int i = first; i < feature->count; i++) {
		const struct deepcad_region *region = &feature->regions[i];
		TopoDS_Face face;

		if (region->sketch != feature->regions[first].sketch)
			continue;
		face = solid_face(region->profile, &region->sketch->plane, height, err);
		if (face.IsNull())
			return err_context(err, "profile %s",
					   region->profile->id ? region->profile->id : "");
		faces->Append(face);
	}
	return 0;
}

/* Of one or several shapes; null with *err where that fails. */
static TopoDS_Shape union_of(TopTools_ListOfShape shapes, struct err *err)
{
	TopTools_ListOfShape first;

	if (shapes.Extent() == 1)
		return shapes.First();
	first.Append(shapes.First());
	shapes.RemoveFirst();
	return solid_boolean(BOPAlgo_FUSE, first, shapes, ROUNDING_MM, err);
}

static bool is_first_of_sketch(const struct deepcad_feature *feature, int i)
{
	for (int k = 0; k < i; k++)
		if (feature->regions[k].sketch == feature->regions[i].sketch)
			return false;
	return true;
}

static int check_feature(const struct deepcad_feature *feature, struct err *err)
{
	const char *fault;
	double lo, hi;

	if (feature->kind == DEEPCAD_REVOLVE) {
		fault = deepcad_revolve_fault(feature);
		return fault ? err_set(err, ERR_FORMAT, "%s", fault) : 0;
	}
	deepcad_heights(feature, &lo, &hi);
	if (!(hi - lo > DEEPCAD_LENGTH_MIN))
		return err_set(err, ERR_FORMAT, "it has no length");
	return check_taper(feature, err);
}

/* The face of a region, which lies where the feature begins, moved through space. */
static TopoDS_Shape swept(const TopoDS_Shape &face, const struct deepcad_feature *feature,
			  int region)
{
	const struct deepcad_plane *plane = &feature->regions[region].sketch->plane;
	struct deepcad_axis axis;
	double lo, hi;

	if (feature->kind == DEEPCAD_REVOLVE) {
		deepcad_axis_at(feature, region, &axis);
		deepcad_angles(feature, &lo, &hi);
		return solid_turned(face, plane, &axis, lo, hi);
	}
	deepcad_heights(feature, &lo, &hi);
	return solid_prism(face, plane, hi - lo);
}

/* Appends what each sketch gives, swept; what one sketch gives does not overlap. */
static int add_swept(const struct deepcad_feature *feature, TopTools_ListOfShape *all,
		     struct err *err)
{
	double lo = 0, hi;

	if (feature->kind == DEEPCAD_EXTRUDE)
		deepcad_heights(feature, &lo, &hi);
	for (int i = 0; i < feature->count; i++) {
		TopTools_ListOfShape faces;
		TopoDS_Shape face;

		if (!is_first_of_sketch(feature, i))
			continue;
		if (add_faces(feature, i, lo, &faces, err) < 0)
			return -1;
		face = union_of(faces, err);
		if (face.IsNull())
			return -1;
		if (faces.Extent() > 1)
			face = solid_merged(face, ROUNDING_MM);
		all->Append(swept(face, feature, i));
	}
	return 0;
}

static BOPAlgo_Operation boolean_of(enum deepcad_operation operation)
{
	if (operation == DEEPCAD_CUT)
		return BOPAlgo_CUT;
	return operation == DEEPCAD_INTERSECT ? BOPAlgo_COMMON : BOPAlgo_FUSE;
}

static TopTools_ListOfShape bodies_of(const TopTools_ListOfShape &shapes)
{
	TopTools_ListOfShape all;

	for (TopTools_ListOfShape::Iterator it(shapes); it.More(); it.Next()) {
		TopTools_ListOfShape bodies = solid_bodies(it.Value());

		all.Append(bodies);
	}
	return all;
}

/* What there is after the feature; `part` is null before the first one. */
static TopoDS_Shape after(const TopoDS_Shape &part, const struct deepcad_feature *feature,
			  struct err *err)
{
	TopTools_ListOfShape all;

	if (check_feature(feature, err) < 0 || add_swept(feature, &all, err) < 0)
		return TopoDS_Shape();
	if (part.IsNull())
		return union_of(all.Extent() > 1 ? bodies_of(all) : all, err);
	return solid_left(solid_boolean(boolean_of(feature->operation), solid_bodies(part),
					bodies_of(all), ROUNDING_MM, err),
			  err);
}

/* Names that files leave empty are no help. */
static const char *name_of(const struct deepcad_feature *feature)
{
	if (feature->name && *feature->name)
		return feature->name;
	return feature->id ? feature->id : "";
}

static struct solid *build(const struct deepcad_model *model, struct err *err)
{
	TopoDS_Shape part;
	struct solid *solid;

	if (model->feature_count == 0) {
		err_set(err, ERR_FORMAT, "the model has no extrude");
		return nullptr;
	}
	for (int i = 0; i < model->feature_count; i++) {
		const struct deepcad_feature *feature = &model->features[i];

		part = solid_guard(err, TopoDS_Shape(), [&] { return after(part, feature, err); });
		if (part.IsNull()) {
			err_context(err, "%s %d (%s)", deepcad_feature_words[feature->kind], i + 1,
				    name_of(feature));
			return nullptr;
		}
	}
	solid = solid_finished(part, ROUNDING_MM, err);
	if (!solid)
		err_context(err, "the solid of %d features", model->feature_count);
	return solid;
}

struct solid *solid_from_deepcad(const struct deepcad_model *model, struct err *err)
{
	return solid_or_null(err, [&] { return build(model, err); });
}
