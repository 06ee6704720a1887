/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/solid/solid.h"

static struct vec3 minus(struct vec3 a, struct vec3 b)
{
	return vec3_sum(1, a, -1, b);
}

/* Its length is twice the area. */
static struct vec3 triangle_normal(const struct solid_mesh *mesh, int i)
{
	const int *t = mesh->triangles[i];
	struct vec3 a = mesh->vertices[t[0]];

	return vec3_cross(minus(mesh->vertices[t[1]], a), minus(mesh->vertices[t[2]], a));
}

static double *sums_of_areas(const struct solid_mesh *mesh)
{
	double *sums = mem_alloc((size_t)mesh->triangle_count, sizeof(*sums)), sum = 0;

	for (int i = 0; i < mesh->triangle_count; i++) {
		struct vec3 normal = triangle_normal(mesh, i);

		sum += sqrt(vec3_dot(normal, normal));
		sums[i] = sum;
	}
	return sums;
}

/* The first whose sum is over x, or the last. */
static int find(const double *sums, int count, double x)
{
	int lo = 0, hi = count - 1;

	while (lo < hi) {
		int middle = lo + (hi - lo) / 2;

		if (sums[middle] > x)
			hi = middle;
		else
			lo = middle + 1;
	}
	return lo;
}

/* Osada et al. 2002, "Shape Distributions", section 4.1. */
static struct vec3 point_in(const struct solid_mesh *mesh, int i, double u, double v)
{
	const int *t = mesh->triangles[i];
	double root = sqrt(u);
	struct vec3 p =
		vec3_sum(1 - root, mesh->vertices[t[0]], root * (1 - v), mesh->vertices[t[1]]);

	return vec3_sum(1, p, root * v, mesh->vertices[t[2]]);
}

void solid_mesh_points(const struct solid_mesh *mesh, int n, struct rng *rng, struct vec3 *out)
{
	double *sums = sums_of_areas(mesh);

	for (int i = 0; i < n; i++) {
		double x = rng_unit(rng) * sums[mesh->triangle_count - 1];
		double u = rng_unit(rng);
		double v = rng_unit(rng);

		out[i] = point_in(mesh, find(sums, mesh->triangle_count, x), u, v);
	}
	free(sums);
}

static void little_endian(struct buf *out, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(out, (char)(v >> 8 * i & 0xff));
}

static void stl_vector(struct buf *out, struct vec3 v, double scale)
{
	double values[3] = {v.x, v.y, v.z};

	for (int i = 0; i < 3; i++) {
		float f = (float)(values[i] * scale);
		uint32_t bits;

		memcpy(&bits, &f, sizeof(bits));
		little_endian(out, bits, 4);
	}
}

/*
 *	80 bytes	text
 *	u32		triangles; each of them:
 *	  f32 x 3	unit normal
 *	  f32 x 3 x 3	vertices
 *	  u16		0
 */
void solid_mesh_stl(const struct solid_mesh *mesh, struct buf *out)
{
	static const char head[80] = "solid in mm";

	buf_bytes(out, head, sizeof(head));
	little_endian(out, (uint32_t)mesh->triangle_count, 4);
	for (int i = 0; i < mesh->triangle_count; i++) {
		struct vec3 normal = triangle_normal(mesh, i);
		double length = sqrt(vec3_dot(normal, normal));

		stl_vector(out, normal, length > 0 ? 1 / length : 0);
		for (int k = 0; k < 3; k++)
			stl_vector(out, mesh->vertices[mesh->triangles[i][k]], 1000);
		little_endian(out, 0, 2);
	}
}
