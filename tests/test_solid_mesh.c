/* SPDX-License-Identifier: MIT */
/* solid_mesh, solid_mesh_points, solid_mesh_stl: closed, on the faces, as fine as asked for. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/solid/solid.h"
#include "tests/made_solids.h"
#include "tests/random_shapes.h"

#define RADIUS 0.02
#define HEIGHT 0.05
#define DEFLECTION 1e-5

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct solid_mesh meshed(const struct solid *solid, double deflection)
{
	struct solid_mesh mesh;
	struct err err = {0};

	if (solid_mesh(solid, deflection, 0.5, &arena, &mesh, &err) < 0)
		fail_msg("%s", err.msg);
	return mesh;
}

static int by_ends(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(int[2]));
}

/* Each edge goes once either way. */
static void assert_closed(const struct solid_mesh *mesh)
{
	int count = 3 * mesh->triangle_count;
	int(*edges)[2] = arena_alloc(&arena, (size_t)count, sizeof(int[2]));

	for (int i = 0; i < count; i++) {
		edges[i][0] = mesh->triangles[i / 3][i % 3];
		edges[i][1] = mesh->triangles[i / 3][(i + 1) % 3];
	}
	qsort(edges, (size_t)count, sizeof(int[2]), by_ends);
	for (int i = 0; i < count; i++) {
		int other[2] = {edges[i][1], edges[i][0]};

		assert_true(i == 0 || by_ends(edges[i], edges[i - 1]) != 0);
		assert_non_null(bsearch(other, edges, (size_t)count, sizeof(int[2]), by_ends));
	}
}

static double mesh_volume(const struct solid_mesh *mesh)
{
	double sum = 0;

	for (int i = 0; i < mesh->triangle_count; i++) {
		const int *t = mesh->triangles[i];

		sum += vec3_dot(mesh->vertices[t[0]],
				vec3_cross(mesh->vertices[t[1]], mesh->vertices[t[2]])) /
		       6;
	}
	return sum;
}

static void test_box(void **state)
{
	struct solid_mesh mesh;
	struct solid *solid;

	(void)state;
	need_solids();
	solid = made_box((struct vec3){0, 0, 0}, (struct vec3){0.01, 0.02, 0.03}, &arena);
	mesh = meshed(solid, 1);
	assert_int_equal(mesh.vertex_count, 8);
	assert_int_equal(mesh.triangle_count, 12);
	assert_closed(&mesh);
	assert_share(mesh_volume(&mesh), 0.01 * 0.02 * 0.03, 1e-12);
	solid_free(solid);
}

/* Within the round faces, and no more than the deflection; the finer the more triangles. */
static void test_tube(void **state)
{
	const struct made_hole hole = {{0, 0}, RADIUS / 2};
	struct solid *whole, *bore, *solid;
	struct solid_mesh mesh, coarse;
	struct err err = {0};
	double volume = M_PI * RADIUS * RADIUS * HEIGHT * 3 / 4;

	(void)state;
	need_solids();
	whole = made_cylinder(&made_xy, RADIUS, 0, HEIGHT, &arena);
	bore = made_cylinder(&made_xy, hole.radius, 0, HEIGHT, &arena);
	solid = solid_cut(whole, bore, &err);
	assert_non_null(solid);
	coarse = meshed(solid, 100 * DEFLECTION);
	mesh = meshed(solid, DEFLECTION);
	assert_closed(&mesh);
	assert_closed(&coarse);
	assert_true(mesh.triangle_count > 2 * coarse.triangle_count);
	for (int i = 0; i < mesh.vertex_count; i++) {
		double r = hypot(mesh.vertices[i].x, mesh.vertices[i].y);

		assert_true(fabs(r - RADIUS) < 1e-9 || fabs(r - hole.radius) < 1e-9);
	}
	assert_share(mesh_volume(&mesh), volume, 2 * DEFLECTION / RADIUS);
	/* The solid is as it was: the same again. */
	assert_int_equal(meshed(solid, 100 * DEFLECTION).triangle_count, coarse.triangle_count);
	solid_free(whole);
	solid_free(bore);
	solid_free(solid);
}

/* The shares of the round face and of its height, at five standard deviations. */
static void test_points(void **state)
{
	enum { COUNT = 20000 };
	struct vec3 *points = ARENA_NEW(&arena, struct vec3, COUNT);
	double side = HEIGHT / (HEIGHT + RADIUS), slack = 5 * 0.5 / sqrt(COUNT);
	int round = 0, upper = 0;
	struct solid_mesh mesh;
	struct solid *solid;
	struct rng rng;

	(void)state;
	need_solids();
	rng = rng_seed(test_seed_of_shares(), 1);
	solid = made_cylinder(&made_xy, RADIUS, 0, HEIGHT, &arena);
	mesh = meshed(solid, DEFLECTION);
	solid_mesh_points(&mesh, COUNT, &rng, points);
	for (int i = 0; i < COUNT; i++) {
		double r = hypot(points[i].x, points[i].y), z = points[i].z;
		bool is_flat = fabs(z) < 1e-12 || fabs(z - HEIGHT) < 1e-12;

		assert_true(is_flat ? r <= RADIUS : r > RADIUS - DEFLECTION && r <= RADIUS);
		round += !is_flat;
		upper += !is_flat && z > HEIGHT * 3 / 4;
	}
	assert_true(fabs((double)round / COUNT - side) < slack);
	assert_true(fabs((double)upper / COUNT - side / 4) < slack);
	solid_free(solid);
}

/* One triangle with legs along x and y: bytes by hand. */
static void test_stl(void **state)
{
	struct vec3 vertices[] = {{0, 0, 0}, {0.001, 0, 0}, {0, 0.002, 0}};
	int triangles[][3] = {{0, 1, 2}};
	struct solid_mesh mesh = {vertices, triangles, 3, 1};
	const float numbers[12] = {0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0};
	struct buf out = {0};

	(void)state;
	solid_mesh_stl(&mesh, &out);
	assert_int_equal(out.len, 80 + 4 + 50);
	assert_memory_equal(out.data + 80, "\1\0\0\0", 4);
	for (int i = 0; i < 12; i++) {
		const unsigned char *b = (const unsigned char *)out.data + 84 + 4 * i;
		uint32_t bits =
			b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
		float is;

		memcpy(&is, &bits, sizeof(is));
		assert_true(is == numbers[i]);
	}
	assert_memory_equal(out.data + 80 + 4 + 48, "\0\0", 2);
	buf_free(&out);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_box),
		TEST(test_tube),
		TEST(test_points),
		TEST(test_stl),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
