/* SPDX-License-Identifier: MIT */
/*
 * solid: solids with exact faces, through Open CASCADE.
 *
 *	struct solid *solid = solid_from_deepcad(&model, &err);
 *	struct solid_measures m;
 *	struct solid_view front;
 *	if (!solid || solid_measure(solid, &m, &err) < 0) ...
 *	if (solid_project(solid, look, up, &arena, &front, &err) < 0) ...
 *	solid_free(solid);
 *
 * Lengths are metres, as in deepcad.h, angles radians. Open CASCADE works in millimetres underneath,
 * where its tolerance of 1e-7 fits, and so do STEP and STL files.
 *
 * Every function may fail, with NULL or -1 and *err: ERR_FORMAT where there is no such solid,
 * ERR_UNSUPPORTED for all of them in a cadgen without Open CASCADE. Nothing is thrown or printed. A
 * crash inside Open CASCADE is one of the process. A solid is never changed; one may be looked at by
 * one thread at a time, different ones by different threads.
 *
 * A program that uses it is linked with $(solid_libs) by $(solid_link).
 */
#ifndef FORMATS_SOLID_H
#define FORMATS_SOLID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"
#include "formats/solid/deepcad.h"
#include "formats/solid/solid_curves.h"

#define SOLID_STEP_BYTES_MAX ((size_t)256 << 20) /* of a file that is read */

/* One or several bodies that do not overlap. */
struct solid;

/* False: the functions below are there, and all fail. */
bool solid_available(void);

/* What the features of a model make together, one after the other: the first one's operation does not
 * count, new bodies are joined, the regions of one feature are their union. Faces and edges that go on
 * in each other become one. What lies within 2e-8 m of each other is taken to touch, as files round
 * to 1e-8. Messages begin with the feature ("extrude 2 (name)"). ERR_FORMAT for models without one,
 * and where nothing is left or the result is no closed solid; ERR_UNSUPPORTED for tapers. */
struct solid *solid_from_deepcad(const struct deepcad_model *model, struct err *err);

/* A model of the solid, in layers: along the axis of the world where there are fewest, each a sketch of what
 * the solid is between two neighbouring planes across that axis, swept from one to the other. In the arena.
 * ERR_UNSUPPORTED where along no axis all faces are planes across it, planes along it and cylinders about it.
 */
int solid_to_deepcad(const struct solid *solid, struct arena *arena, struct deepcad_model *out,
		     struct err *err);

/* The profile, which lies in the plane, swept along the plane's z axis from lo to hi; lo < hi. */
struct solid *solid_extruded(const struct deepcad_profile *profile,
			     const struct deepcad_plane *plane, double lo, double hi,
			     struct err *err);

/* The profile, which lies in the plane, turned about the axis from one angle to another; 0 < hi - lo <= 2 pi.
 * It may touch the axis, and not cross it. */
struct solid *solid_revolved(const struct deepcad_profile *profile,
			     const struct deepcad_plane *plane, const struct deepcad_axis *axis,
			     double lo, double hi, struct err *err);

/* What lies in either, in a alone, in both; ERR_FORMAT where that is nothing. */
struct solid *solid_join(const struct solid *a, const struct solid *b, struct err *err);
struct solid *solid_cut(const struct solid *a, const struct solid *b, struct err *err);
struct solid *solid_intersect(const struct solid *a, const struct solid *b, struct err *err);

/* A copy for which the plane's origin and axes are what the world's are for the solid. */
struct solid *solid_placed(const struct solid *solid, const struct deepcad_plane *plane,
			   struct err *err);

/* A copy, larger by `scale` (> 0): what is at `from` in the solid is at `to` in the copy. */
struct solid *solid_scaled(const struct solid *solid, double scale, struct vec3 from,
			   struct vec3 to, struct err *err);

/* NULL may be freed. */
void solid_free(struct solid *solid);

struct solid_measures {
	double volume, area; /* m3, m2 */
	struct vec3 lo, hi;  /* of the box along the axes, without slack */
	int bodies, faces, edges;
};

int solid_measure(const struct solid *solid, struct solid_measures *out, struct err *err);

/* The same with volume and area to some 1e-4 alone, in a fifth of the time. */
int solid_measure_roughly(const struct solid *solid, struct solid_measures *out, struct err *err);

enum solid_surface { SOLID_PLANE, SOLID_CYLINDER, SOLID_CONE, SOLID_OTHER };

/* Of planes `normal` points out of the solid. Of cylinders and cones it is the axis, whose largest coordinate
 * is positive, and `point` its end there where the face begins; their radii are 0 at the tip of a cone. */
struct solid_face {
	enum solid_surface surface;
	struct vec3 point, normal; /* m; normal is a unit vector */
	double radius,
		end_radius; /* of cylinders and cones: at `point` and at the axis' other end */
	double length;      /* of cylinders and cones, along the axis */
	double turn; /* of cylinders and cones: how much of the circle it covers, rad; 2 pi at most */
	bool hollow;          /* of cylinders and cones: the solid lies outside */
	struct vec3 *corners; /* where its edges meet */
	int corner_count;
};

/* Two faces go on in each other. */
struct solid_joint {
	int a, b; /* indices of faces, a < b */
};

struct solid_faces {
	struct solid_face *faces;
	struct solid_joint *joints;
	int face_count, joint_count;
};

/* Faces on one surface that touch are one; what lies on one cylinder elsewhere is another face. In the
 * arena. */
int solid_faces(const struct solid *solid, struct arena *arena, struct solid_faces *out,
		struct err *err);

/* Intersection over union of the volumes, 0 to 1. Solids with faces some 1e-8 to 1e-7 of their size apart
 * are Open CASCADE's weakness: of those it may say 0, without an error. */
int solid_overlap(const struct solid *a, const struct solid *b, double *iou, struct err *err);

/* The same with what lies within `slack` (m, >= 0) of each other taken to touch, which helps, or does not. */
int solid_overlap_near(const struct solid *a, const struct solid *b, double slack, double *iou,
		       struct err *err);

/* Triangles of which each edge has a neighbour, counter-clockwise as seen from outside. */
struct solid_mesh {
	struct vec3 *vertices;
	int (*triangles)[3]; /* indices of vertices */
	int vertex_count, triangle_count;
};

/* No farther than `deflection` (m, > 0) from the faces, nor turned from them by more than angle_rad
 * (> 0, some 0.5). In the arena. */
int solid_mesh(const struct solid *solid, double deflection, double angle_rad, struct arena *arena,
	       struct solid_mesh *out, struct err *err);

/* n points on the mesh, uniform by area; three draws each. out has room for n. The mesh has triangles. */
void solid_mesh_points(const struct solid_mesh *mesh, int n, struct rng *rng, struct vec3 *out);

/* Appends the mesh in binary STL, in mm. The same bytes for the same mesh. */
void solid_mesh_stl(const struct solid_mesh *mesh, struct buf *out);

/* A file of AP214, in mm: the same bytes for the same solid. ERR_IO. */
int solid_write_step(const struct solid *solid, const char *path, struct err *err);

/* All solids of a STEP file of AP203, AP214 or AP242, in whatever unit it states. ERR_IO, ERR_LIMIT over
 * SOLID_STEP_BYTES_MAX, ERR_FORMAT for what is no STEP file or has no valid closed solid. */
struct solid *solid_read_step(const char *path, struct err *err);

/* The edges and silhouettes as seen from far away: in the arena, tidied by solid_curves_tidy. x is to the
 * right, y up, both from the world's origin, so that views of a solid line up. */
struct solid_view {
	struct solid_curve *curves;
	int count;
};

/* `look` is the way the eye looks, `up` what is up there, of any length and not parallel. Lines, circles
 * and ellipses stay what they are in the view; other curves become cubic Bezier curves no farther than
 * 1e-4 of the view's size from them. */
int solid_project(const struct solid *solid, struct vec3 look, struct vec3 up, struct arena *arena,
		  struct solid_view *out, struct err *err);

/* The same by Open CASCADE's hidden-line removal (HLRBRep_Algo) alone, which solid_project leaves solids with
 * other faces than planes, cylinders and cones to. It may take seconds. */
int solid_project_any(const struct solid *solid, struct vec3 look, struct vec3 up,
		      struct arena *arena, struct solid_view *out, struct err *err);

/* A closed loop: each curve begins where the one before ends, the first where the last does. */
struct solid_loop {
	struct solid_curve *curves; /* not tidied; all visible */
	int count;
};

/* What is seen of a solid that is cut through, and the cut faces: outlines and holes alike, which an odd number of
 * loops is round what is cut. */
struct solid_section {
	struct solid_view view;
	struct solid_loop *loops;
	int loop_count;
};

/* The view of what lies behind the plane through `at` (m) across the way the eye looks, where all before it is taken
 * away. In the arena. ERR_FORMAT where the plane cuts nothing, or a face lies in it. */
int solid_section(const struct solid *solid, struct vec3 look, struct vec3 up, struct vec3 at,
		  struct arena *arena, struct solid_section *out, struct err *err);

#endif
