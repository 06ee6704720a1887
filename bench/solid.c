/* SPDX-License-Identifier: MIT */
/*
 * ms of processor time to build each DeepCAD model and to draw three views of it, by solid_project and by Open
 * CASCADE's own hidden-line removal: best of five.
 *
 *	solid_bench FILE.json...
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/fs.h"
#include "formats/solid/solid.h"

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

typedef int (*project)(const struct solid *, struct vec3, struct vec3, struct arena *,
		       struct solid_view *, struct err *);

static int three_views(const struct solid *solid, project view_of, struct arena *arena,
		       struct err *err)
{
	static const struct vec3 looks[] = {{0, 1, 0}, {0, 0, -1}, {-1, 0, 0}};
	static const struct vec3 ups[] = {{0, 0, 1}, {0, 1, 0}, {0, 0, 1}};
	struct solid_view view;

	for (int i = 0; i < 3; i++)
		if (view_of(solid, looks[i], ups[i], arena, &view, err) < 0)
			return -1;
	return 0;
}

enum { BUILD, VIEWS, PEER, COLUMNS };

static int measure(const char *path, double ms[COLUMNS], struct arena *arena, struct err *err)
{
	struct deepcad_model model;

	ms[BUILD] = ms[VIEWS] = ms[PEER] = 1e9;
	if (deepcad_read(&model, path, arena, err) < 0)
		return -1;
	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms(), built, seen;
		struct solid *solid = solid_from_deepcad(&model, err);
		int rc;

		if (!solid)
			return err_context(err, "%s", path);
		built = now_ms();
		rc = three_views(solid, solid_project, arena, err);
		seen = now_ms();
		if (rc == 0)
			rc = three_views(solid, solid_project_any, arena, err);
		ms[BUILD] = min2(ms[BUILD], built - start);
		ms[VIEWS] = min2(ms[VIEWS], seen - built);
		ms[PEER] = min2(ms[PEER], now_ms() - seen);
		solid_free(solid);
		if (rc < 0)
			return err_context(err, "%s", path);
	}
	printf("%-24s %8.1f %8.1f %8.1f\n", fs_base_name(path), ms[BUILD], ms[VIEWS], ms[PEER]);
	return 0;
}

static double at_share(double (*rows)[COLUMNS], int n, int column, double share)
{
	double *sorted = calloc((size_t)n, sizeof(*sorted)), value;

	if (!sorted)
		return 0;
	for (int i = 0; i < n; i++)
		sorted[i] = rows[i][column];
	qsort(sorted, (size_t)n, sizeof(*sorted), by_size);
	value = sorted[(int)(share * (n - 1))];
	free(sorted);
	return value;
}

static void print_summary(double (*rows)[COLUMNS], int n)
{
	static const char *const names[] = {"best", "median", "worst"};

	for (int i = 0; i < 3; i++)
		printf("%-24s %8.1f %8.1f %8.1f\n", names[i], at_share(rows, n, BUILD, i / 2.0),
		       at_share(rows, n, VIEWS, i / 2.0), at_share(rows, n, PEER, i / 2.0));
}

int main(int argc, char **argv)
{
	double(*rows)[COLUMNS] = calloc((size_t)argc, sizeof(*rows));
	struct arena arena = {0};
	int n = 0;

	if (!rows)
		return 1;
	printf("%-24s %8s %8s %8s\n", "model", "build", "3 views", "HLRBRep");
	for (int i = 1; i < argc; i++) {
		struct err err = {0};

		if (measure(argv[i], rows[n], &arena, &err) < 0)
			fprintf(stderr, "solid_bench: %s\n", err.msg);
		else
			n++;
		arena_reset(&arena);
	}
	if (n > 0)
		print_summary(rows, n);
	arena_free(&arena);
	free(rows);
	return n == argc - 1 ? 0 : 1;
}
