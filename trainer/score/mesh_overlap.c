/* SPDX-License-Identifier: MIT */
/*
 * The box of both meshes, as seen along z, is cut into cells with a line somewhere in each: lines at even
 * distances would all hit a thin wall, or all miss it. From its first crossing of a mesh to the second a
 * line is inside, and so on.
 */
#include <config.h>

#include "trainer/score/mesh_overlap.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

enum { SIDE = 128, LINES = SIDE * SIDE, MESHES = 2 };

struct crossing {
	double z;
	int next; /* of the same line and mesh; -1: none */
};

struct lines {
	struct vec at[LINES];
	int first[LINES][MESHES];
	struct crossing *crossings;
	size_t count, room;
	double x0, y0, dx, dy; /* of the cells */
	double *sorted[MESHES];
	size_t sorted_room[MESHES];
};

static void place(struct lines *l, const struct solid_mesh *const meshes[MESHES])
{
	struct rng rng = rng_stream(0, 0, "mesh overlap", 0);
	double x1 = -INFINITY, y1 = -INFINITY;

	l->x0 = l->y0 = INFINITY;
	for (int m = 0; m < MESHES; m++)
		for (int i = 0; i < meshes[m]->vertex_count; i++) {
			struct vec3 p = meshes[m]->vertices[i];

			l->x0 = min2(l->x0, p.x);
			l->y0 = min2(l->y0, p.y);
			x1 = max2(x1, p.x);
			y1 = max2(y1, p.y);
		}
	l->dx = (x1 - l->x0) / SIDE;
	l->dy = (y1 - l->y0) / SIDE;
	for (int i = 0; i < LINES; i++) {
		double u = rng_unit(&rng), v = rng_unit(&rng);

		l->at[i].x = l->x0 + (i / SIDE + u) * l->dx;
		l->at[i].y = l->y0 + (i % SIDE + v) * l->dy;
		l->first[i][0] = l->first[i][1] = -1;
	}
}

/* --- crossings ------------------------------------------------------------------------------ */

static void add_crossing(struct lines *l, int line, int mesh, double z)
{
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 4 * LINES;
		l->crossings = mem_realloc(l->crossings, l->room, sizeof(*l->crossings));
	}
	l->crossings[l->count] = (struct crossing){z, l->first[line][mesh]};
	l->first[line][mesh] = (int)l->count++;
}

/* Twice the area of the triangle a, b, p as seen along z. */
static double side(struct vec3 a, struct vec3 b, struct vec p)
{
	return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static int cell(double v, double from, double step)
{
	return (int)max2(0, min2(SIDE - 1, floor((v - from) / step)));
}

static void cross(struct lines *l, int mesh, struct vec3 a, struct vec3 b, struct vec3 c)
{
	double area = side(a, b, vec(c.x, c.y));
	int i0 = cell(min2(a.x, min2(b.x, c.x)), l->x0, l->dx);
	int i1 = cell(max2(a.x, max2(b.x, c.x)), l->x0, l->dx);
	int k0 = cell(min2(a.y, min2(b.y, c.y)), l->y0, l->dy);
	int k1 = cell(max2(a.y, max2(b.y, c.y)), l->y0, l->dy);

	if (area == 0)
		return;
	for (int i = i0; i <= i1; i++)
		for (int k = k0; k <= k1; k++) {
			int line = i * SIDE + k;
			double u = side(b, c, l->at[line]) / area;
			double v = side(c, a, l->at[line]) / area;

			if (u >= 0 && v >= 0 && u + v <= 1)
				add_crossing(l, line, mesh, u * a.z + v * b.z + (1 - u - v) * c.z);
		}
}

/* --- lengths -------------------------------------------------------------------------------- */

static int by_height(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

static size_t sort(struct lines *l, int line, int mesh)
{
	size_t n = 0;

	for (int i = l->first[line][mesh]; i >= 0; i = l->crossings[i].next) {
		if (n == l->sorted_room[mesh]) {
			l->sorted_room[mesh] = n ? 2 * n : 16;
			l->sorted[mesh] =
				mem_realloc(l->sorted[mesh], l->sorted_room[mesh], sizeof(double));
		}
		l->sorted[mesh][n++] = l->crossings[i].z;
	}
	if (n > 1)
		qsort(l->sorted[mesh], n, sizeof(double), by_height);
	return n;
}

static double inside(const double *z, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += z[i + 1] - z[i];
	return sum;
}

static double inside_both(const double *a, size_t n, const double *b, size_t m)
{
	double sum = 0;

	for (size_t i = 0, k = 0; i + 1 < n && k + 1 < m;) {
		sum += max2(0, min2(a[i + 1], b[k + 1]) - max2(a[i], b[k]));
		if (a[i + 1] < b[k + 1])
			i += 2;
		else
			k += 2;
	}
	return sum;
}

double mesh_overlap(const struct solid_mesh *a, const struct solid_mesh *b)
{
	const struct solid_mesh *const meshes[MESHES] = {a, b};
	struct lines *l = mem_alloc(1, sizeof(*l));
	double common = 0, all = 0;

	place(l, meshes);
	for (int m = 0; m < MESHES; m++)
		for (int i = 0; i < meshes[m]->triangle_count; i++) {
			const int *t = meshes[m]->triangles[i];
			const struct vec3 *v = meshes[m]->vertices;

			cross(l, m, v[t[0]], v[t[1]], v[t[2]]);
		}
	for (int line = 0; line < LINES; line++) {
		size_t n = sort(l, line, 0), m = sort(l, line, 1);
		double both;

		if (n % 2 || m % 2) /* along an edge */
			continue;
		both = inside_both(l->sorted[0], n, l->sorted[1], m);
		common += both;
		all += inside(l->sorted[0], n) + inside(l->sorted[1], m) - both;
	}
	free(l->crossings);
	free(l->sorted[0]);
	free(l->sorted[1]);
	free(l);
	return all > 0 ? common / all : 0;
}
