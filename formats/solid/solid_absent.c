/* SPDX-License-Identifier: MIT */
/* solid.h where Open CASCADE is not built in: nothing works, and says why. */
#include <config.h>

#include "formats/solid/solid.h"

struct solid {
	char none;
};

static int absent(struct err *err)
{
	return err_set(
		err, ERR_UNSUPPORTED,
		"this cadgen was built without Open CASCADE: apt-get install g++ "
		"libocct-modeling-algorithms-dev libocct-data-exchange-dev, and configure again");
}

static struct solid *none(struct err *err)
{
	absent(err);
	return NULL;
}

bool solid_available(void)
{
	return false;
}

struct solid *solid_from_deepcad(const struct deepcad_model *model, struct err *err)
{
	(void)model;
	return none(err);
}

struct solid *solid_extruded(const struct deepcad_profile *profile,
			     const struct deepcad_plane *plane, double lo, double hi,
			     struct err *err)
{
	(void)profile, (void)plane, (void)lo, (void)hi;
	return none(err);
}

struct solid *solid_revolved(const struct deepcad_profile *profile,
			     const struct deepcad_plane *plane, const struct deepcad_axis *axis,
			     double lo, double hi, struct err *err)
{
	(void)profile, (void)plane, (void)axis, (void)lo, (void)hi;
	return none(err);
}

struct solid *solid_join(const struct solid *a, const struct solid *b, struct err *err)
{
	(void)a, (void)b;
	return none(err);
}

struct solid *solid_cut(const struct solid *a, const struct solid *b, struct err *err)
{
	(void)a, (void)b;
	return none(err);
}

struct solid *solid_intersect(const struct solid *a, const struct solid *b, struct err *err)
{
	(void)a, (void)b;
	return none(err);
}

struct solid *solid_placed(const struct solid *solid, const struct deepcad_plane *plane,
			   struct err *err)
{
	(void)solid, (void)plane;
	return none(err);
}

struct solid *solid_scaled(const struct solid *solid, double scale, struct vec3 from,
			   struct vec3 to, struct err *err)
{
	(void)solid, (void)scale, (void)from, (void)to;
	return none(err);
}

void solid_free(struct solid *solid)
{
	(void)solid;
}

int solid_measure(const struct solid *solid, struct solid_measures *out, struct err *err)
{
	(void)solid, (void)out;
	return absent(err);
}

int solid_measure_roughly(const struct solid *solid, struct solid_measures *out, struct err *err)
{
	(void)solid, (void)out;
	return absent(err);
}

int solid_to_deepcad(const struct solid *solid, struct arena *arena, struct deepcad_model *out,
		     struct err *err)
{
	(void)solid, (void)arena, (void)out;
	return absent(err);
}

int solid_faces(const struct solid *solid, struct arena *arena, struct solid_faces *out,
		struct err *err)
{
	(void)solid, (void)arena, (void)out;
	return absent(err);
}

int solid_overlap(const struct solid *a, const struct solid *b, double *iou, struct err *err)
{
	(void)a, (void)b, (void)iou;
	return absent(err);
}

int solid_overlap_near(const struct solid *a, const struct solid *b, double slack, double *iou,
		       struct err *err)
{
	(void)a, (void)b, (void)slack, (void)iou;
	return absent(err);
}

int solid_mesh(const struct solid *solid, double deflection, double angle_rad, struct arena *arena,
	       struct solid_mesh *out, struct err *err)
{
	(void)solid, (void)deflection, (void)angle_rad, (void)arena, (void)out;
	return absent(err);
}

int solid_write_step(const struct solid *solid, const char *path, struct err *err)
{
	(void)solid, (void)path;
	return absent(err);
}

struct solid *solid_read_step(const char *path, struct err *err)
{
	(void)path;
	return none(err);
}

int solid_project(const struct solid *solid, struct vec3 look, struct vec3 up, struct arena *arena,
		  struct solid_view *out, struct err *err)
{
	(void)solid, (void)look, (void)up, (void)arena, (void)out;
	return absent(err);
}

int solid_project_any(const struct solid *solid, struct vec3 look, struct vec3 up,
		      struct arena *arena, struct solid_view *out, struct err *err)
{
	(void)solid, (void)look, (void)up, (void)arena, (void)out;
	return absent(err);
}

int solid_section(const struct solid *solid, struct vec3 look, struct vec3 up, struct vec3 at,
		  struct arena *arena, struct solid_section *out, struct err *err)
{
	(void)solid, (void)look, (void)up, (void)at, (void)arena, (void)out;
	return absent(err);
}
