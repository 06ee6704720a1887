/* SPDX-License-Identifier: MIT */
/*
 * ms of processor time to build each DeepCAD model and to draw three views of it: best of five.
 *
 *	solid_bench FILE.json...
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/fs.h"
#include "formats/solid.h"

enum { ROUNDS = 5 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int three_views(const struct solid *solid, struct arena *arena, struct err *err)
{
	static const struct vec3 looks[] = {{0, 1, 0}, {0, 0, -1}, {-1, 0, 0}};
	static const struct vec3 ups[] = {{0, 0, 1}, {0, 1, 0}, {0, 0, 1}};
	struct solid_view view;

	for (int i = 0; i < 3; i++)
		if (solid_project(solid, looks[i], ups[i], arena, &view, err) < 0)
			return -1;
	return 0;
}

static int measure(const char *path, double *build, double *views, struct arena *arena,
		   struct err *err)
{
	struct deepcad_model model;

	*build = *views = 1e9;
	if (deepcad_read(&model, path, arena, err) < 0)
		return -1;
	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms(), built;
		struct solid *solid = solid_from_deepcad(&model, err);
		int rc;

		if (!solid)
			return err_context(err, "%s", path);
		built = now_ms();
		rc = three_views(solid, arena, err);
		*build = min2(*build, built - start);
		*views = min2(*views, now_ms() - built);
		solid_free(solid);
		if (rc < 0)
			return err_context(err, "%s", path);
	}
	printf("%-24s %8.1f %8.1f\n", fs_base_name(path), *build, *views);
	return 0;
}

static void print_summary(double *build, double *views, int n)
{
	qsort(build, (size_t)n, sizeof(*build), by_size);
	qsort(views, (size_t)n, sizeof(*views), by_size);
	printf("%-24s %8.1f %8.1f\n", "best", build[0], views[0]);
	printf("%-24s %8.1f %8.1f\n", "median", build[n / 2], views[n / 2]);
}

int main(int argc, char **argv)
{
	double *build = calloc((size_t)argc, sizeof(*build));
	double *views = calloc((size_t)argc, sizeof(*views));
	struct arena arena = {0};
	int n = 0;

	if (!build || !views)
		return 1;
	printf("%-24s %8s %8s\n", "model", "build", "3 views");
	for (int i = 1; i < argc; i++) {
		struct err err = {0};

		if (measure(argv[i], &build[n], &views[n], &arena, &err) < 0)
			fprintf(stderr, "solid_bench: %s\n", err.msg);
		else
			n++;
		arena_reset(&arena);
	}
	if (n > 0)
		print_summary(build, views, n);
	arena_free(&arena);
	free(build);
	free(views);
	return n == argc - 1 ? 0 : 1;
}
