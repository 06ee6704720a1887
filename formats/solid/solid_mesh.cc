/* SPDX-License-Identifier: MIT */
/*
 * Triangles face by face. Open CASCADE divides each edge once, and the faces on both sides use its
 * points: those that are equal to the last bit are one vertex.
 */
#include <config.h>

#include <array>
#include <map>
#include <vector>

#include <BRepBuilderAPI_Copy.hxx>
#include <BRepMesh_IncrementalMesh.hxx>
#include <BRep_Tool.hxx>
#include <Poly_Triangulation.hxx>
#include <TopExp_Explorer.hxx>
#include <TopoDS.hxx>

#include "formats/solid/solid_private.hh"

typedef std::array<int, 3> triangle;

struct triangles {
	std::map<std::array<double, 3>, int> known;
	std::vector<struct vec3> vertices;
	std::vector<triangle> list;
};

static int vertex(struct triangles *all, const gp_Pnt &p)
{
	auto found = all->known.insert({{p.X(), p.Y(), p.Z()}, (int)all->vertices.size()});

	if (found.second)
		all->vertices.push_back({p.X() / SOLID_MM, p.Y() / SOLID_MM, p.Z() / SOLID_MM});
	return found.first->second;
}

static int add_face(struct triangles *all, const TopoDS_Face &face, struct err *err)
{
	TopLoc_Location place;
	Handle(Poly_Triangulation) mesh = BRep_Tool::Triangulation(face, place);
	bool reversed = face.Orientation() == TopAbs_REVERSED;
	std::vector<int> index;

	if (mesh.IsNull())
		return err_set(err, ERR_FORMAT, "a face cannot be divided into triangles");
	for (int i = 1; i <= mesh->NbNodes(); i++)
		index.push_back(vertex(all, mesh->Node(i).Transformed(place.Transformation())));
	for (int i = 1; i <= mesh->NbTriangles(); i++) {
		int a, b, c;

		mesh->Triangle(i).Get(a, b, c);
		triangle t = {index[a - 1], index[(reversed ? c : b) - 1],
			      index[(reversed ? b : c) - 1]};
		if (t[0] != t[1] && t[1] != t[2] && t[2] != t[0])
			all->list.push_back(t);
	}
	return 0;
}

static void copy_out(const struct triangles *all, struct arena *arena, struct solid_mesh *out)
{
	int(*triangles)[3] = (int(*)[3])arena_alloc(arena, all->list.size(), sizeof(int[3]));

	out->vertex_count = (int)all->vertices.size();
	out->triangle_count = (int)all->list.size();
	out->vertices = ARENA_NEW(arena, struct vec3, out->vertex_count);
	out->triangles = triangles;
	for (int i = 0; i < out->vertex_count; i++)
		out->vertices[i] = all->vertices[i];
	for (int i = 0; i < out->triangle_count; i++)
		for (int k = 0; k < 3; k++)
			triangles[i][k] = all->list[i][k];
}

int solid_mesh(const struct solid *solid, double deflection, double angle_rad, struct arena *arena,
	       struct solid_mesh *out, struct err *err)
{
	return solid_guard(err, -1, [&] {
		/* The mesh is kept in the faces: in those of a copy, so that solids do not change. */
		TopoDS_Shape shape =
			BRepBuilderAPI_Copy(solid->shape, Standard_False, Standard_False).Shape();
		BRepMesh_IncrementalMesh mesh(shape, deflection * SOLID_MM, Standard_False,
					      angle_rad, Standard_False);
		struct triangles all;

		for (TopExp_Explorer it(shape, TopAbs_FACE); it.More(); it.Next())
			if (add_face(&all, TopoDS::Face(it.Current()), err) < 0)
				return -1;
		copy_out(&all, arena, out);
		return 0;
	});
}
