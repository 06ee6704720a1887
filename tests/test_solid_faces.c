/* SPDX-License-Identifier: MIT */
/* solid_faces: planes, cylinders, which way they look and how they go on in each other. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "formats/cad/cad_code.h"
#include "formats/solid/solid.h"
#include "tests/made_solids.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct solid_faces faces_of(struct solid *solid)
{
	struct solid_faces faces;
	struct err err = {0};

	if (solid_faces(solid, &arena, &faces, &err) < 0)
		fail_msg("%s", err.msg);
	solid_free(solid);
	return faces;
}

static struct solid_faces faces_of_sketch(const char *text)
{
	struct deepcad_model model;
	struct err err = {0};
	struct solid *solid = NULL;

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) == 0)
		solid = solid_from_deepcad(&model, &err);
	if (!solid)
		fail_msg("%s", err.msg);
	return faces_of(solid);
}

static int count(const struct solid_faces *faces, enum solid_surface surface)
{
	int n = 0;

	for (int i = 0; i < faces->face_count; i++)
		n += faces->faces[i].surface == surface;
	return n;
}

/* Each plane of a convex body looks away from its middle. */
static void test_box(void **state)
{
	struct solid_faces faces;

	(void)state;
	need_solids();
	faces = faces_of(
		made_box((struct vec3){0.01, 0.02, 0.03}, (struct vec3){0.05, 0.09, 0.1}, &arena));
	assert_int_equal(faces.face_count, 6);
	assert_int_equal(count(&faces, SOLID_PLANE), 6);
	assert_int_equal(faces.joint_count, 0);
	for (int i = 0; i < 6; i++) {
		const struct solid_face *f = &faces.faces[i];
		struct vec3 out = vec3_sum(1, f->point, -1, (struct vec3){0.03, 0.055, 0.065});

		assert_int_equal(f->corner_count, 4);
		assert_true(vec3_dot(f->normal, out) > 0.01);
		assert_share(vec3_dot(f->normal, f->normal), 1, 1e-12);
		for (int k = 0; k < 4; k++)
			assert_true(fabs(vec3_dot(f->normal, vec3_sum(1, f->corners[k], -1,
								      f->point))) < 1e-12);
	}
}

static void test_plate_with_holes(void **state)
{
	static const struct made_hole holes[] = {{{0.02, 0.015}, 0.004}, {{0.07, 0.035}, 0.006}};
	struct solid_faces faces;

	(void)state;
	need_solids();
	faces = faces_of(made_plate(vec(0.1, 0.05), 0.01, holes, 2, &arena));
	assert_int_equal(count(&faces, SOLID_PLANE), 6);
	assert_int_equal(count(&faces, SOLID_CYLINDER), 2);
	for (int i = 0; i < faces.face_count; i++) {
		const struct solid_face *f = &faces.faces[i];
		const struct made_hole *hole = &holes[f->radius > 0.005];

		if (f->surface != SOLID_CYLINDER)
			continue;
		assert_true(f->hollow);
		assert_share(f->radius, hole->radius, 1e-12);
		assert_share(f->length, 0.01, 1e-12);
		assert_share(f->turn, 2 * M_PI, 1e-12);
		assert_vec3(f->normal, 0, 0, 1, 1e-12);
		assert_vec3(f->point, hole->centre.x, hole->centre.y, 0, 1e-12);
	}
}

/* A cylinder that points the other way begins at its other end. */
static void test_cylinder(void **state)
{
	static const struct deepcad_plane down = {{0, 0, 0.05}, {1, 0, 0}, {0, -1, 0}, {0, 0, -1}};
	struct solid_faces faces;

	(void)state;
	need_solids();
	faces = faces_of(made_cylinder(&down, 0.02, 0.01, 0.04, &arena));
	assert_int_equal(faces.face_count, 3);
	for (int i = 0; i < 3; i++) {
		const struct solid_face *f = &faces.faces[i];

		if (f->surface != SOLID_CYLINDER)
			continue;
		assert_false(f->hollow);
		assert_vec3(f->normal, 0, 0, 1, 1e-12);
		assert_vec3(f->point, 0, 0, 0.01, 1e-12);
		assert_share(f->length, 0.03, 1e-12);
	}
	assert_int_equal(count(&faces, SOLID_CYLINDER), 1);
}

/* A hole across a bar is as long as the bar is wide, though its edges are splines. */
static void test_cross_hole(void **state)
{
	static const struct deepcad_plane across = {{0, 0, 0.03}, {1, 0, 0}, {0, 0, 1}, {0, -1, 0}};
	struct solid *bar, *drill;
	struct solid_faces faces;
	struct err err = {0};
	int holes = 0;

	(void)state;
	need_solids();
	bar = made_cylinder(&made_xy, 0.02, 0, 0.06, &arena);
	drill = made_cylinder(&across, 0.008, -0.05, 0.05, &arena);
	faces = faces_of(solid_cut(bar, drill, &err));
	for (int i = 0; i < faces.face_count; i++) {
		const struct solid_face *f = &faces.faces[i];

		if (f->surface != SOLID_CYLINDER || !f->hollow)
			continue;
		holes++;
		assert_vec3(f->point, 0, -0.02, 0.03, 1e-9);
		assert_share(f->length, 0.04, 1e-7);
	}
	assert_int_equal(holes, 1);
	solid_free(bar);
	solid_free(drill);
}

/* A block with one rounded corner and a slot through it. */
static const char rounded[] =
	"sketch_0 = Sketch()\n"
	"sketch_0.add_line(start=(0,0), end=(50,0))\n"
	"sketch_0.add_line(start=(50,0), end=(50,20))\n"
	"sketch_0.add_arc(start=(50,20), mid=(47.0710678118655,27.0710678118655), end=(40,30))\n"
	"sketch_0.add_line(start=(40,30), end=(0,30))\n"
	"sketch_0.add_line(start=(0,30), end=(0,0))\n"
	"sketch_0.add_line(start=(15,10), end=(30,10))\n"
	"sketch_0.add_arc(start=(30,10), mid=(34,14), end=(30,18))\n"
	"sketch_0.add_line(start=(30,18), end=(15,18))\n"
	"sketch_0.add_arc(start=(15,18), mid=(11,14), end=(15,10))\n"
	"Extrude(sketch_0, distance=8)\n";

static void test_joints(void **state)
{
	struct solid_faces faces;
	int hollow = 0;

	(void)state;
	need_solids();
	faces = faces_of_sketch(rounded);
	assert_int_equal(count(&faces, SOLID_PLANE), 8);
	assert_int_equal(count(&faces, SOLID_CYLINDER), 3);
	assert_int_equal(faces.joint_count, 6);
	for (int i = 0; i < faces.joint_count; i++) {
		const struct solid_face *a = &faces.faces[faces.joints[i].a];
		const struct solid_face *b = &faces.faces[faces.joints[i].b];

		assert_true(faces.joints[i].a < faces.joints[i].b);
		assert_int_not_equal(a->surface, b->surface);
	}
	for (int i = 0; i < faces.face_count; i++) {
		const struct solid_face *f = &faces.faces[i];

		if (f->surface != SOLID_CYLINDER)
			continue;
		hollow += f->hollow;
		assert_share(f->turn, f->hollow ? M_PI : M_PI / 2, 1e-9);
		assert_share(f->radius, f->hollow ? 0.004 : 0.01, 1e-9);
	}
	assert_int_equal(hollow, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_box, forget),
		cmocka_unit_test_teardown(test_plate_with_holes, forget),
		cmocka_unit_test_teardown(test_cylinder, forget),
		cmocka_unit_test_teardown(test_cross_hole, forget),
		cmocka_unit_test_teardown(test_joints, forget),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
