/* SPDX-License-Identifier: MIT */
/* part_from_seed: rays through the meshes of parts meet no wall that is thinner than promised. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>

#include <cmocka.h>

#include "gen/part/part_from_seed.h"
#include "tests/extent.h"
#include "tests/made_solids.h"
#include "tests/random_shapes.h"

#define PARTS extent(90, 30) /* every other one is turned */
#define RAYS 150
#define WALL_M 0.002
#define WALL_SHARE 0.04
#define ACROSS 0.985 /* cosine: walls between faces that are nearly parallel */
#define SLACK 0.985  /* of chords in the place of arcs */
#define OFF_M 1e-7

static struct vec3 minus(struct vec3 a, struct vec3 b)
{
	return vec3_sum(1, a, -1, b);
}

static struct vec3 unit(struct vec3 a)
{
	return vec3_sum(1 / sqrt(vec3_dot(a, a)), a, 0, a);
}

struct corners {
	struct vec3 a, ab, ac;
};

static struct corners corners_of(const struct solid_mesh *mesh, int i)
{
	const int *t = mesh->triangles[i];
	struct vec3 a = mesh->vertices[t[0]];

	return (struct corners){a, minus(mesh->vertices[t[1]], a), minus(mesh->vertices[t[2]], a)};
}

/* How far along the ray the triangle is, or INFINITY. Source: Moeller and Trumbore 1997, "Fast, Minimum
 * Storage Ray/Triangle Intersection". */
static double distance_to(const struct corners *c, struct vec3 from, struct vec3 way)
{
	struct vec3 p = vec3_cross(way, c->ac), t = minus(from, c->a), q = vec3_cross(t, c->ab);
	double det = vec3_dot(c->ab, p), u, v;

	if (fabs(det) < 1e-18)
		return INFINITY;
	u = vec3_dot(t, p) / det;
	v = vec3_dot(way, q) / det;
	return u < 0 || v < 0 || u + v > 1 ? INFINITY : vec3_dot(c->ac, q) / det;
}

/* How thick the part is behind a point of a triangle, square to it; INFINITY: what is there lies askew. */
static double thickness_at(const struct solid_mesh *mesh, int triangle, struct rng *rng)
{
	struct corners c = corners_of(mesh, triangle);
	struct vec3 normal = unit(vec3_cross(c.ab, c.ac)), from,
		    way = vec3_sum(-1, normal, 0, normal);
	double u = rng_unit(rng), v = (1 - u) * rng_unit(rng), best = INFINITY;
	bool across = false;

	from = vec3_sum(1, c.a, 1, vec3_sum(u, c.ab, v, c.ac));
	for (int i = 0; i < mesh->triangle_count; i++) {
		struct corners other = corners_of(mesh, i);
		double at = i == triangle ? INFINITY : distance_to(&other, from, way);

		if (at > OFF_M && at < best) {
			best = at;
			across = vec3_dot(unit(vec3_cross(other.ab, other.ac)), normal) < -ACROSS;
		}
	}
	return across ? best : INFINITY;
}

static void check_walls(uint64_t seed, int part, struct arena *arena)
{
	const struct part_params params = {.operations_max = PART_OPERATIONS_MAX,
					   .turned = part % 2};
	struct rng rng = rng_seed(seed, (uint64_t)part);
	struct deepcad_model model;
	struct solid *solid;
	struct solid_mesh mesh;
	struct vec3 size;
	struct err err = {0};
	double longest, wall;

	if (part_from_seed(&model, &params, seed, (uint64_t)part, 0, arena, &err) < 0)
		fail_msg("%s", err.msg);
	size = minus(model.box_hi, model.box_lo);
	longest = max2(max2(size.x, size.y), size.z);
	wall = max2(WALL_M, WALL_SHARE * longest);
	solid = solid_from_deepcad(&model, &err);
	if (!solid || solid_mesh(solid, longest * 1e-4, 0.15, arena, &mesh, &err) < 0)
		fail_msg("part %d: %s", part, err.msg);
	for (int i = 0; i < RAYS; i++) {
		int triangle = (int)rng_below(&rng, (uint32_t)mesh.triangle_count);
		double thickness = thickness_at(&mesh, triangle, &rng);

		if (thickness < wall * SLACK)
			fail_msg("part %d: a wall of %g m, not %g", part, thickness, wall);
	}
	solid_free(solid);
}

static void test_walls(void **state)
{
	struct arena arena = {0};
	uint64_t seed;

	(void)state;
	need_solids();
	seed = test_seed();
	for (int i = 0; i < PARTS; i++) {
		check_walls(seed, i, &arena);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_walls)};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
