/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>
#include <math.h>

#include "formats/solid/part.h"

#define MM 1000    /* in a metre */
#define CHORD 1e-4 /* of a view's curves, of the part's size: for its box */

static struct vec scaled(struct vec v)
{
	return vec_scale(v, MM);
}

static struct vec3 scaled3(struct vec3 v)
{
	return vec3_sum(MM, v, 0, v);
}

static void scale_curve(struct solid_curve *c)
{
	c->seg.a = scaled(c->seg.a);
	c->seg.b = scaled(c->seg.b);
	c->seg.centre = scaled(c->seg.centre);
	c->seg.rx *= MM;
	c->seg.ry *= MM;
	for (int i = 0; i < c->pole_count; i++)
		c->poles[i] = scaled(c->poles[i]);
}

static struct box box_of(const struct part_view *view, double chord, struct arena *arena)
{
	struct arena_mark mark = arena_mark(arena);
	struct box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (int i = 0; i < view->count; i++) {
		struct path path = {0};
		struct polyline line;
		struct box one;

		if (view->curves[i].edge == SOLID_SMOOTH)
			continue;
		solid_curve_path(&view->curves[i], chord, arena, &path);
		line = polyline_from_path(&path, chord, arena);
		one = box_of_points(line.points, line.count);
		box = (struct box){min2(box.x0, one.x0), min2(box.y0, one.y0), max2(box.x1, one.x1),
				   max2(box.y1, one.y1)};
	}
	arena_release(arena, mark);
	return box;
}

static int add_view(struct part *part, const struct solid *solid, enum part_side side,
		    struct arena *arena, struct err *err)
{
	struct part_view *view = &part->views[part->view_count++];
	struct vec3 size = vec3_sum(1, part->hi, -1, part->lo);
	struct solid_view seen;

	if (solid_project(solid, part_look(side), part_up(side), arena, &seen, err) < 0)
		return -1;
	view->side = side;
	view->curves = seen.curves;
	view->count = seen.count;
	for (int i = 0; i < view->count; i++)
		scale_curve(&view->curves[i]);
	view->box = box_of(view, CHORD * sqrt(vec3_dot(size, size)), arena);
	return 0;
}

static void scale_faces(struct solid_faces *faces)
{
	for (int i = 0; i < faces->face_count; i++) {
		struct solid_face *f = &faces->faces[i];

		f->point = scaled3(f->point);
		f->radius *= MM;
		f->end_radius *= MM;
		f->length *= MM;
		for (int k = 0; k < f->corner_count; k++)
			f->corners[k] = scaled3(f->corners[k]);
	}
}

int part_from_solid(struct part *part, const struct solid *solid, const enum part_side *sides,
		    int count, struct arena *arena, struct err *err)
{
	struct solid_measures m;

	assert(count <= PART_VIEWS_MAX);
	*part = (struct part){.view_count = 0};
	if (solid_measure_roughly(solid, &m, err) < 0 ||
	    solid_faces(solid, arena, &part->faces, err) < 0)
		return -1;
	part->lo = scaled3(m.lo);
	part->hi = scaled3(m.hi);
	part->volume = m.volume * MM * MM * MM;
	scale_faces(&part->faces);
	part_find_rounds(part, arena);
	for (int i = 0; i < count; i++)
		if (add_view(part, solid, sides[i], arena, err) < 0)
			return -1;
	return 0;
}

static void scale_loops(struct solid_section *cut)
{
	for (int i = 0; i < cut->loop_count; i++)
		for (int k = 0; k < cut->loops[i].count; k++)
			scale_curve(&cut->loops[i].curves[k]);
}

/* Sections have no hidden lines. Visible curves come first. */
static int visible_count(const struct solid_view *view)
{
	int count = 0;

	while (count < view->count && view->curves[count].visible)
		count++;
	return count;
}

int part_cut_view(struct part *part, int view, const struct solid *solid, double cut,
		  struct arena *arena, struct err *err)
{
	struct part_view *v = &part->views[view];
	struct vec3 look = part_look(v->side), size = vec3_sum(1, part->hi, -1, part->lo);
	struct vec3 at =
		vec3_sum(cut / MM * vec3_at(look, part_axes(v->side).across), look, 0, look);
	struct solid_section section;

	if (solid_section(solid, look, part_up(v->side), at, arena, &section, err) < 0)
		return -1;
	*v = (struct part_view){.side = v->side,
				.curves = section.view.curves,
				.count = visible_count(&section.view),
				.section = true,
				.cut = cut,
				.loops = section.loops,
				.loop_count = section.loop_count};
	for (int i = 0; i < v->count; i++)
		scale_curve(&v->curves[i]);
	scale_loops(&section);
	v->box = box_of(v, CHORD * sqrt(vec3_dot(size, size)), arena);
	return 0;
}
