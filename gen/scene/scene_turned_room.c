/* SPDX-License-Identifier: MIT */
/*
 * The drafter's rows, thought through with usual sizes: lengths of the outside on one side of the view,
 * those of features and bores on the other, each in the lowest row where it finds room with its
 * lettering; diameters left and right. Sections stand below the view or beside it.
 */
#include <config.h>

#include <stdlib.h>

#include "formats/drawing/dimension.h"
#include "gen/scene/scene_turned.h"

/* Millimetres on paper: what styles come to on average, and a little more. */
#define FIRST_MM 11.5
#define ROW_MM 9.0
#define TEXT_MM 5.5
#define BETWEEN_MM 14.0 /* lettering with its arrows, between extension lines */
#define BEYOND_MM 16.0  /* the same outside them */
#define RIM_MM 5.0      /* where there are no rows */
#define FRAME_X_MM 22.0
#define FRAME_Y_MM 14.0
#define SECTION_MM 38.0 /* round a section: its name, dimensions and what is between */
#define ROWS_MAX 64

struct interval {
	double from, to;
};

static int by_length(const void *a, const void *b)
{
	const struct interval *p = a, *q = b;
	double x = p->to - p->from, y = q->to - q->from;

	return (x > y) - (x < y);
}

/* Where a row is free for the interval: -1 where it has met another. */
static bool is_free(const struct interval *list, const int *rows, int count, int row)
{
	const struct interval *v = &list[count];

	for (int i = 0; i < count; i++)
		if (rows[i] == row && v->from < list[i].to - 1e-6 && list[i].from < v->to - 1e-6)
			return false;
	return true;
}

static double height_of_rows(struct interval *list, int count)
{
	int rows[ROWS_MAX], used = 0;

	qsort(list, (size_t)count, sizeof(*list), by_length);
	for (int i = 0; i < count; i++) {
		rows[i] = 0;
		while (!is_free(list, rows, i, rows[i]))
			rows[i]++;
		used = rows[i] >= used ? rows[i] + 1 : used;
	}
	return used == 0 ? RIM_MM : FIRST_MM + (used - 1) * ROW_MM + TEXT_MM;
}

static struct interval interval_of(const struct turner *t, const struct dimension *dim)
{
	const struct scene *scene = t->scene;
	struct feature to = {dim->shape, dim->param, 0}, from = dim->from;
	struct interval v;
	double a, b;

	if (dim->kind == DIM_LEVEL)
		from = (struct feature){dim->shape, PARAM_X, 0};
	a = turner_paper(t, scene_coordinate(scene, &from, true));
	b = turner_paper(t, scene_coordinate(scene, &to, true));
	v.from = a < b ? a : b;
	v.to = a < b ? b : a;
	if (v.to - v.from < BETWEEN_MM)
		v.to += BEYOND_MM;
	return v;
}

/* Rows on one side: those of the outside, or the others. */
static double height_of_lengths(const struct turner *t, bool outside)
{
	struct interval list[ROWS_MAX];
	int count = 0;

	for (int i = 0; i < t->scene->dimension_count && count < ROWS_MAX; i++) {
		const struct dimension *dim = &t->scene->dimensions[i];
		enum shape_kind kind = t->scene->shapes[dim->shape].kind;

		if (dim->view == 0 && (dim->kind == DIM_LEVEL || dim->kind == DIM_POSITION_X) &&
		    (kind == SHAPE_CYLINDER || kind == SHAPE_CONE) == outside)
			list[count++] = interval_of(t, dim);
	}
	return height_of_rows(list, count);
}

static double width_of_diameters(const struct turner *t)
{
	int count = 0;

	for (int i = 0; i < t->scene->dimension_count; i++) {
		const struct dimension *dim = &t->scene->dimensions[i];

		count += (dim->kind == DIM_SIDE_DIAMETER || dim->kind == DIM_THREAD) &&
			 t->scene->shapes[dim->shape].kind != SHAPE_GROOVE;
	}
	return 2 * (FIRST_MM + TEXT_MM) + (count > 2 ? (count - 2) * ROW_MM : 0);
}

bool turner_has_room(const struct turner *t)
{
	const struct scene *scene = t->scene;
	double width = (double)scene->sheet_um[0] / 1000 - FRAME_X_MM;
	double height = (double)scene->sheet_um[1] / 1000 - FRAME_Y_MM - t->spare;
	double wide = width_of_diameters(t), high, section_wide = 0, section_high = 0;
	double length = turner_paper(t, turner_face(t, 1)), d = 0;

	high = height_of_lengths(t, true) + height_of_lengths(t, false);
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		d = max2(d, turner_paper(t, s->value[PARAM_D]));
		d = max2(d, turner_paper(t, s->value[PARAM_D2]));
	}
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];

		if (dim->view == 0 || dim->kind != DIM_LEVEL)
			continue;
		section_high = max2(
			section_high,
			SECTION_MM +
				turner_paper(t, scene->shapes[dim->from.shape].value[PARAM_D]));
		section_wide += section_high;
	}
	wide += length;
	high += d;
	return (wide <= width && section_wide <= width && high + section_high <= height) ||
	       (wide + section_high <= width && high <= height && section_wide <= height);
}
