/* SPDX-License-Identifier: MIT */
/*
 * The profiles of an extrude are mostly neighbours in one sketch: their union is made of faces, before
 * they are swept, which is several times as fast as that of prisms.
 */
#include <config.h>

#include "formats/solid_private.hh"

static const double ROUNDING_MM = 2e-5; /* see solid_from_deepcad */

static int check_taper(const struct deepcad_extrude *extrude, struct err *err)
{
	if (extrude->taper_one != 0 || extrude->taper_two != 0)
		return err_set(err, ERR_UNSUPPORTED, "it has a taper");
	return 0;
}

/* The faces of the regions from `first` on that are of one sketch. */
static int add_faces(const struct deepcad_extrude *extrude, int first, double height,
		     TopTools_ListOfShape *faces, struct err *err)
{
	for (int i = first; i < extrude->count; i++) {
		const struct deepcad_region *region = &extrude->regions[i];
		TopoDS_Face face;

		if (region->sketch != extrude->regions[first].sketch)
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

static bool is_first_of_sketch(const struct deepcad_extrude *extrude, int i)
{
	for (int k = 0; k < i; k++)
		if (extrude->regions[k].sketch == extrude->regions[i].sketch)
			return false;
	return true;
}

/* Appends what each sketch gives, swept; what one sketch gives does not overlap. */
static int add_prisms(const struct deepcad_extrude *extrude, TopTools_ListOfShape *prisms,
		      struct err *err)
{
	double lo, hi;

	deepcad_heights(extrude, &lo, &hi);
	if (!(hi - lo > DEEPCAD_LENGTH_MIN))
		return err_set(err, ERR_FORMAT, "it has no length");
	for (int i = 0; i < extrude->count; i++) {
		TopTools_ListOfShape faces;
		TopoDS_Shape face;

		if (!is_first_of_sketch(extrude, i))
			continue;
		if (add_faces(extrude, i, lo, &faces, err) < 0)
			return -1;
		face = union_of(faces, err);
		if (face.IsNull())
			return -1;
		if (faces.Extent() > 1)
			face = solid_merged(face, ROUNDING_MM);
		prisms->Append(solid_prism(face, &extrude->regions[i].sketch->plane, hi - lo));
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

/* What there is after the extrude; `part` is null before the first one. */
static TopoDS_Shape after(const TopoDS_Shape &part, const struct deepcad_extrude *extrude,
			  struct err *err)
{
	TopTools_ListOfShape prisms;

	if (check_taper(extrude, err) < 0 || add_prisms(extrude, &prisms, err) < 0)
		return TopoDS_Shape();
	if (part.IsNull())
		return union_of(prisms.Extent() > 1 ? bodies_of(prisms) : prisms, err);
	return solid_left(solid_boolean(boolean_of(extrude->operation), solid_bodies(part),
					bodies_of(prisms), ROUNDING_MM, err),
			  err);
}

/* Names that files leave empty are no help. */
static const char *name_of(const struct deepcad_extrude *extrude)
{
	if (extrude->name && *extrude->name)
		return extrude->name;
	return extrude->id ? extrude->id : "";
}

static struct solid *build(const struct deepcad_model *model, struct err *err)
{
	TopoDS_Shape part;
	struct solid *solid;

	if (model->extrude_count == 0) {
		err_set(err, ERR_FORMAT, "the model has no extrude");
		return nullptr;
	}
	for (int i = 0; i < model->extrude_count; i++) {
		const struct deepcad_extrude *extrude = &model->extrudes[i];

		part = solid_guard(err, TopoDS_Shape(), [&] { return after(part, extrude, err); });
		if (part.IsNull()) {
			err_context(err, "extrude %d (%s)", i + 1, name_of(extrude));
			return nullptr;
		}
	}
	solid = solid_finished(part, ROUNDING_MM, err);
	if (!solid)
		err_context(err, "the solid of %d extrudes", model->extrude_count);
	return solid;
}

struct solid *solid_from_deepcad(const struct deepcad_model *model, struct err *err)
{
	return solid_or_null(err, [&] { return build(model, err); });
}
