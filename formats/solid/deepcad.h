/* SPDX-License-Identifier: MIT */
/*
 * deepcad: solids as a sequence of sketches, extrudes and revolves, as DeepCAD's JSON files have them.
 *
 *	struct deepcad_model model;
 *	if (deepcad_read(&model, "00000007.json", &arena, &err) < 0) ...
 *	for (int i = 0; i < model.feature_count; i++)
 *		... model.features[i].regions[0].profile->loops[0].curves[0] ...
 *	deepcad_write(&model, &text);
 *
 * A sketch lies in a plane of its own and has profiles; a profile is a region between closed loops;
 * an extrude sweeps some of them along the plane's z axis, a revolve turns them about a line of the
 * plane; what comes of it joins the solid so far, or is taken away. Lengths are metres, angles radians, all as exact as the file has them.
 *
 * Sources: Wu, Xiao and Zheng 2021, "DeepCAD: A Deep Generative Network for Computer-Aided Design
 * Models"; Willis et al. 2021, "Fusion 360 Gallery: A Dataset and Environment for Programmatic CAD
 * Construction from Human Design Sequences"; Khan et al. 2024, "Text2CAD: Generating Sequential CAD Models from
 * Beginner-to-Expert Level Text Prompts".
 */
#ifndef FORMATS_DEEPCAD_H
#define FORMATS_DEEPCAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/scene/path.h"

#define DEEPCAD_BYTES_MAX ((size_t)64 << 20) /* of a file */
#define DEEPCAD_LENGTH_MAX 1e6               /* of any number in a file, in its unit */
#define DEEPCAD_LENGTH_MIN 1e-9              /* m: what is not longer is nothing */
#define DEEPCAD_ANGLE_MIN 1e-6  /* rad: the same of revolves, and short of a full turn */
#define DEEPCAD_ROWS_MAX 100000 /* of a sequence */
#define DEEPCAD_CURVES_MAX 4096 /* of a profile */

/* X(name, name in the file); the order is that of the numbers in cad_vec. */
#define DEEPCAD_CURVES(X)                                                                          \
	X(LINE, "Line3D")                                                                          \
	X(ARC, "Arc3D")                                                                            \
	X(CIRCLE, "Circle3D")
/* X(name, name in the file, word) */
#define DEEPCAD_FEATURES(X)                                                                        \
	X(EXTRUDE, "ExtrudeFeature", "extrude")                                                    \
	X(REVOLVE, "RevolveFeature", "revolve")
#define DEEPCAD_OPERATIONS(X)                                                                      \
	X(NEW_BODY, "NewBodyFeatureOperation")                                                     \
	X(JOIN, "JoinFeatureOperation")                                                            \
	X(CUT, "CutFeatureOperation")                                                              \
	X(INTERSECT, "IntersectFeatureOperation")
#define DEEPCAD_EXTENTS(X)                                                                         \
	X(ONE_SIDE, "OneSideFeatureExtentType")                                                    \
	X(SYMMETRIC, "SymmetricFeatureExtentType")                                                 \
	X(TWO_SIDES, "TwoSidesFeatureExtentType")

#define X(name, text) DEEPCAD_##name,
enum deepcad_curve_kind { DEEPCAD_CURVES(X) DEEPCAD_CURVE_COUNT_ };
enum deepcad_operation { DEEPCAD_OPERATIONS(X) DEEPCAD_OPERATION_COUNT_ };
enum deepcad_extent { DEEPCAD_EXTENTS(X) DEEPCAD_EXTENT_COUNT_ };
#undef X
#define X(name, text, word) DEEPCAD_##name,
enum deepcad_feature_kind { DEEPCAD_FEATURES(X) DEEPCAD_FEATURE_COUNT_ };
#undef X

/* NULL-terminated. */
extern const char *const deepcad_curve_names[DEEPCAD_CURVE_COUNT_ + 1];
extern const char *const deepcad_operation_names[DEEPCAD_OPERATION_COUNT_ + 1];
extern const char *const deepcad_extent_names[DEEPCAD_EXTENT_COUNT_ + 1];
extern const char *const deepcad_feature_names[DEEPCAD_FEATURE_COUNT_ + 1];
extern const char *const deepcad_feature_words[DEEPCAD_FEATURE_COUNT_ + 1];

struct vec3 {
	double x, y, z;
};

static inline double vec3_dot(struct vec3 a, struct vec3 b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct vec3 vec3_cross(struct vec3 a, struct vec3 b)
{
	return (struct vec3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

/* p * a + q * b */
static inline struct vec3 vec3_sum(double p, struct vec3 a, double q, struct vec3 b)
{
	return (struct vec3){p * a.x + q * b.x, p * a.y + q * b.y, p * a.z + q * b.z};
}

/* Unit vectors, right-handed; z is the way extrudes go. */
struct deepcad_plane {
	struct vec3 origin, x, y, z;
};

/* In the plane's coordinates. An arc is centre + radius * (reference turned by an angle), counter-
 * clockwise from start_angle to end_angle; its start is at either of them. */
struct deepcad_curve {
	enum deepcad_curve_kind kind;
	const char *id;       /* or NULL */
	struct vec start;     /* of a circle its leftmost point, twice */
	struct vec end;       /* the start of the next curve, but for rounding */
	struct vec centre;    /* from here on: of arcs and circles */
	double radius;        /* > 0 */
	double sweep;         /* from start to end, counter-clockwise positive; of a circle 2 pi */
	struct vec reference; /* of arcs: a unit vector */
	double start_angle, end_angle;
	struct vec3 normal; /* as the file has it; nothing hangs on it */
};

/* Closed; the curves follow each other, beginning with the file's first. */
struct deepcad_loop {
	struct deepcad_curve *curves;
	int count;   /* >= 1; a circle is alone */
	double area; /* m2; negative where the curves run clockwise */
};

/* What lies within the outer loop and in none of the others. */
struct deepcad_profile {
	const char *id;
	struct deepcad_loop *loops;
	int count, outer;
};

struct deepcad_sketch {
	const char *id, *name;
	struct deepcad_plane plane;
	struct deepcad_profile *profiles;
	int count;
};

struct deepcad_region {
	const struct deepcad_sketch *sketch;
	const struct deepcad_profile *profile; /* of that sketch */
};

/* The line through two points of a sketch's plane, which are apart; turns about it are counter-clockwise
 * where it points at the eye. */
struct deepcad_axis {
	struct vec start, end;
};

struct deepcad_feature {
	enum deepcad_feature_kind kind;
	const char *id, *name;
	struct deepcad_region *regions; /* swept together, their union */
	int count;                      /* >= 1 */
	enum deepcad_operation operation;
	enum deepcad_extent extent;
	double one, two; /* m along z and against it, or rad about the axis and against; signed; the
			  * half if symmetric */

	/* Of extrudes. */
	double taper_one, taper_two; /* 0 in DeepCAD's files */
	double offset;               /* of the start along z; 0 in DeepCAD's files */

	/* Of revolves: in the first region's sketch; it lies in the planes of all. */
	struct deepcad_axis axis;
};

struct deepcad_step {
	bool is_feature;
	int index; /* in features or sketches */
};

/* Everything is in the arena. Sketches and features stand in the order of the steps. */
struct deepcad_model {
	struct deepcad_sketch *sketches;
	struct deepcad_feature *features;
	struct deepcad_step
		*steps; /* each sketch and each feature once; sketches before their use */
	int sketch_count, feature_count, step_count;
	bool has_box; /* what the file says of the finished part, of which it may be */
	struct vec3 box_lo, box_hi; /* but the beginning: not to be relied on */
};

/* Reads a file of DeepCAD, one of Fusion 360 Gallery's reconstructions (known by "timeline" or
 * "metadata", in centimetres), or one in Text2CAD's minimal JSON (known by "parts"; it says no unit, and is taken for
 * metres), of at most DEEPCAD_BYTES_MAX. Curves come in any order and direction,
 * keys too; which loop is the outer one is measured, not believed. Entities that the sequence does not
 * come to are not looked at. ERR_FORMAT with path:line for JSON that is none, keys that are missing or
 * of another type, planes without a right-handed frame, loops that are open, arcs that miss their ends,
 * extrudes of no length, revolves of no angle or more than a full turn and those whose axis has no length,
 * lies in another plane or crosses a profile, sketches and profiles that are not there, and swept profiles
 * with a loop that encloses nothing, crosses itself or another, or lies outside the outer one; ERR_LIMIT over
 * the bounds above; ERR_UNSUPPORTED for other curves and features (splines, fillets); ERR_IO. */
int deepcad_read(struct deepcad_model *model, const char *path, struct arena *arena,
		 struct err *err);

/* The same of text in memory, which messages call by name. */
int deepcad_parse(struct deepcad_model *model, const char *name, const char *text, size_t len,
		  struct arena *arena, struct err *err);

/* Appends the model as DeepCAD has it; deepcad_parse of it gives the same model. Ids of sketches and
 * features are unique, those of profiles in their sketch, and all but those of curves are there. */
void deepcad_write(const struct deepcad_model *model, struct buf *out);

/* The model with its centre at the origin, then so many times as large. In the arena, but for names. */
void deepcad_scaled(struct deepcad_model *out, const struct deepcad_model *model, double scale,
		    struct vec3 centre, struct arena *arena);

/* Where a point of the sketch lies in space, at that height above its plane. */
struct vec3 deepcad_world(const struct deepcad_plane *plane, struct vec point, double height);

/* The heights between which an extrude sweeps: *lo < *hi. Both sides of DeepCAD's two-sided extrudes
 * may lie on one side of the plane, where the signs of `one` and `two` differ; one hides in the other
 * then. */
void deepcad_heights(const struct deepcad_feature *extrude, double *lo, double *hi);

/* The angles between which a revolve turns, by the same rules; *lo + 2 pi is *hi for a full turn. */
void deepcad_angles(const struct deepcad_feature *revolve, double *lo, double *hi);

/* The revolve's axis in the coordinates of that region's sketch; false where it is not in its plane. */
bool deepcad_axis_at(const struct deepcad_feature *revolve, int region, struct deepcad_axis *out);

/* What is wrong with a revolve whose regions are right ("an axis of no length"), or NULL. */
const char *deepcad_revolve_fault(const struct deepcad_feature *revolve);

/* Whether the profile has parts clearly on both sides of the line, which lies in its plane. */
bool deepcad_axis_crosses(const struct deepcad_axis *axis, const struct deepcad_profile *profile);

/* The point halfway along. */
struct vec deepcad_curve_middle(const struct deepcad_curve *curve);

/* How far the curve reaches in a direction of any length: the largest dot product. */
double deepcad_curve_reach(const struct deepcad_curve *curve, struct vec direction);

struct deepcad_bounds {
	bool exact;         /* else what is there lies within, and may be smaller */
	struct vec3 lo, hi; /* lo.x > hi.x: nothing is left */
};

/* The box of the solid, by the features and not by what the file says. Exact for new bodies and joins
 * without taper; a cut may take away what made the box as large. */
struct deepcad_bounds deepcad_bounds(const struct deepcad_model *model);

#endif
