/* SPDX-License-Identifier: MIT */
/*
 * The order in which a drafter works: frame and title block, edges, centre lines; dimensions in rows
 * outside the views, the shortest nearest; then angles (tied to their vertex), other lengths, radii
 * and diameters, leaders (free to move about). Each takes the best place that is left. When one
 * finds none, the sheet is cleared and it goes first in the next try. Of the layouts that succeed
 * the one with the lowest cost is kept; a good one ends the search.
 *
 * Where nothing succeeds the sheet is stripped: of reference dimensions, of notes; it gets a smaller
 * title block, loses its tolerances, the margins of its frame, its title block, its frame.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/drawing/dimension.h"
#include "formats/scene/turned.h"
#include "render/draft/draft.h"
#include "render/draft/draft_family.h"
#include "render/draft/draft_symbol.h"
#include "render/draft/draft_tables.h"

#define TRIES 14
#define CALM_TRIES 4   /* those after them are bolder: */
#define UNREST 3.0     /* costs are shuffled by up to this much */
#define FRESH_STARTS 3 /* with other dice, when nothing is left to strip */
#define LAYOUTS 3      /* that succeed, and are compared */
#define GOOD_COST 2.0  /* per dimension: good enough not to look further */
#define EDGE_MM 1.0    /* from the outlines to the edge of the sheet */
#define MAP_CHORD_MM 0.12
#define SMALL_MM 6.0 /* figures that reach no farther have unbroken centre lines */
#define ROOM_STEPS 12
#define OFF_MIDDLE 1e-3
#define BOARD_LINE_MM 0.6 /* a board is a millimetre thick on paper, with two outlines */

double drafter_mm(const struct drafter *d, int64_t thousandths)
{
	return (double)thousandths / 1000 * d->drawing->scale;
}

static void mark_path(struct draft_map *map, const struct path *path, enum map_ink ink,
		      struct arena *arena)
{
	struct polyline poly = polyline_from_path(path, MAP_CHORD_MM, arena);

	for (int i = 0; i + 1 < poly.count + poly.closed; i++) {
		struct vec ends[2] = {poly.points[i], poly.points[(i + 1) % poly.count]};

		draft_map_mark(map, ink, ends, 2);
	}
}

static double outline_mm(const struct drafter *d)
{
	bool boards = d->scene->family == FAMILY_CABINET;

	return boards ? min2(d->style->thick_mm, BOARD_LINE_MM) : d->style->thick_mm;
}

struct stroke *drafter_stroke(struct drafter *d, const struct path *path, enum layer layer,
			      enum line_type line_type, int shape)
{
	struct stroke *stroke;

	if (path->count == 0)
		return NULL;
	stroke = drawing_add_stroke(d->drawing, d->arena);
	stroke->path = *path;
	stroke->layer = layer;
	stroke->line_type = line_type;
	stroke->width_mm = layer == LAYER_OUTLINE ? outline_mm(d) : d->style->thin_mm;
	stroke->shape = shape;
	stroke->dimension = DRAWING_NOBODY;
	if (d->map)
		mark_path(d->map, path, MAP_OUTLINE, d->arena);
	return stroke;
}

bool drafter_marks_centres(const struct drafter *d)
{
	return d->style->centre_lines == STYLE_CENTRE_YES;
}

void drafter_centre_line(struct drafter *d, struct vec a, struct vec b, int shape)
{
	struct vec over = vec_scale(vec_unit(vec_sub(b, a)), CENTRE_OVER_MM);
	bool small = vec_length(vec_sub(b, a)) <= 2 * SMALL_MM;

	drafter_line(d, vec_sub(a, over), vec_add(b, over), LAYER_CENTRE,
		     small ? LINE_CONTINUOUS : LINE_CHAIN, shape, DRAWING_NOBODY);
}

void drafter_centre_cross(struct drafter *d, struct vec centre, struct vec u, double a, double b,
			  int shape)
{
	enum line_type type = min2(a, b) <= SMALL_MM ? LINE_CONTINUOUS : LINE_CHAIN;
	struct vec arms[2] = {vec_scale(u, a + CENTRE_OVER_MM),
			      vec_scale(vec_perp(u), b + CENTRE_OVER_MM)};

	for (int i = 0; i < 2; i++)
		drafter_line(d, vec_sub(centre, arms[i]), vec_add(centre, arms[i]), LAYER_CENTRE,
			     type, shape, DRAWING_NOBODY);
}

/* A line that arrows may lie across, unlike an edge. */
void drafter_pitch_circle(struct drafter *d, struct vec centre, double radius, int shape)
{
	struct stroke *s = drawing_add_stroke(d->drawing, d->arena);
	struct polyline poly;

	*s = (struct stroke){.layer = LAYER_CENTRE,
			     .line_type = LINE_CHAIN,
			     .width_mm = d->style->thin_mm,
			     .shape = shape,
			     .dimension = DRAWING_NOBODY};
	s->path.closed = true;
	path_add_arc(&s->path, d->arena, centre, radius, radius, 0, 0, 2 * M_PI);
	poly = polyline_from_path(&s->path, MAP_CHORD_MM, d->arena);
	for (int i = 0; i < poly.count; i++) {
		struct vec ends[2] = {poly.points[i], poly.points[(i + 1) % poly.count]};

		draft_map_mark(d->map, MAP_LINE, ends, 2);
	}
}

/* How far the box lies from another, or from the field's edges; negative where they meet. */
static double room_round(const struct sheet_taken *taken, const struct box *box)
{
	const struct box *f = &taken->field;
	double room = min2(min2(box->x0 - f->x0, f->x1 - box->x1),
			   min2(box->y0 - f->y0, f->y1 - box->y1));

	for (int i = 0; i < taken->count; i++) {
		const struct box *b = &taken->boxes[i];
		double dx = max2(b->x0 - box->x1, box->x0 - b->x1);
		double dy = max2(b->y0 - box->y1, box->y0 - b->y1);

		room = min2(room, max2(dx, dy));
	}
	return room;
}

int drafter_find_room(const struct sheet_taken *taken, double width, double height,
		      const double margins[4], struct vec *corner)
{
	const struct box *f = &taken->field;
	double w = width + margins[0] + margins[1], h = height + margins[2] + margins[3];
	double free_x = f->x1 - f->x0 - w, free_y = f->y1 - f->y0 - h, best = -INFINITY;

	if (free_x < 0 || free_y < 0)
		return -1;
	for (int i = 0; i <= ROOM_STEPS; i++) {
		for (int k = 0; k <= ROOM_STEPS; k++) {
			double x = f->x0 + free_x * i / ROOM_STEPS;
			double y = f->y1 - h - free_y * k / ROOM_STEPS;
			struct box box = {x, y, x + w, y + h};
			double room = room_round(taken, &box);
			double off =
				hypot(free_x * (i - ROOM_STEPS / 2), free_y * (k - ROOM_STEPS / 2));

			/* Of places with as much room the one nearest to the middle. */
			if (room > -1e-9 && room - OFF_MIDDLE * off > best) {
				best = room - OFF_MIDDLE * off;
				*corner = vec(x + margins[0], y + margins[2]);
			}
		}
	}
	return best > -INFINITY ? 0 : -1;
}

bool drafter_is_repeated(const struct drafter *d, int dimension)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];
	bool is_x = dim->kind == DIM_POSITION_X;
	struct feature to = {dim->shape, dim->param, dim->point};
	int64_t a = scene_coordinate(d->scene, &dim->from, is_x);
	int64_t b = scene_coordinate(d->scene, &to, is_x);

	for (int i = 0; i < dimension; i++) {
		const struct dimension *old = &d->scene->dimensions[i];
		struct feature old_to = {old->shape, old->param, old->point};
		int64_t c, e;

		if (old->kind != dim->kind || old->view != dim->view)
			continue;
		c = scene_coordinate(d->scene, &old->from, is_x);
		e = scene_coordinate(d->scene, &old_to, is_x);
		if ((a == c && b == e) || (a == e && b == c))
			return true;
	}
	return false;
}

const struct draft_family *draft_family(const struct scene *scene)
{
	if (scene->part)
		return &draft_solid;
	switch (scene->family) {
	case FAMILY_PLATE:
		return &draft_plate;
	case FAMILY_TURNED:
		return &draft_turned;
	case FAMILY_CABINET:
		return &draft_cabinet;
	case FAMILY_SHAPES:
	case FAMILY_COUNT_:
		break;
	}
	return &draft_shapes;
}

void drawing_of_edges(struct drawing *drawing, const struct scene *scene,
		      const struct drawing *like, const struct style *style, struct arena *arena)
{
	struct scene shown = turned_shown(scene, arena);
	struct drafter d = {.drawing = drawing, .scene = &shown, .style = style, .arena = arena};

	*drawing = (struct drawing){.width_mm = like->width_mm,
				    .height_mm = like->height_mm,
				    .datum = like->datum,
				    .scale = like->scale,
				    .unit_mm = like->unit_mm,
				    .view_count = like->view_count};
	memcpy(drawing->views, like->views, sizeof(drawing->views));
	draft_family(scene)->draw(&d);
}

struct job {
	int dimension;
	int rank;
	int row;       /* in rows: planned, the outermost is tried first; 0: none is */
	double length; /* in rows: of what is measured, the shortest is tried first */
	struct measure measure;
};

static int rank(const struct measure *m)
{
	switch (m->kind) {
	case MEASURE_LINEAR:
		if (m->linear.first)
			return -1;
		return m->linear.in_rows ? 0 : 2;
	case MEASURE_ANGULAR:
		return 1;
	case MEASURE_RADIAL:
		return 3;
	default:
		return 4;
	}
}

/* Whether job a is tried after job b. */
static bool goes_after(const struct job *a, const struct job *b)
{
	if (a->rank != b->rank)
		return a->rank > b->rank;
	if (a->row != b->row)
		return a->row < b->row;
	return a->length > b->length + 1e-6;
}

/* What is to be drawn, in the order in which it is tried; returns how many. */
static int plan(struct drafter *d, const struct draft_family *family, struct job *jobs)
{
	int count = 0;

	for (int i = 0; i < d->scene->dimension_count; i++) {
		struct job job = {.dimension = i};
		int at;

		if (d->scene->dimensions[i].reference && !d->references)
			continue;
		family->measure(d, i, &job.measure);
		if (job.measure.kind == MEASURE_NOTHING)
			continue;
		job.rank = rank(&job.measure);
		if (job.rank == 0) {
			const struct linear_spec *s = &job.measure.linear;
			int side = s->cost[0] < INFINITY ? 0 : 1;

			job.row = s->row[s->cost[0] <= s->cost[1] ? 0 : 1];
			job.length = fabs(
				vec_dot(vec_sub(s->from[side][1], s->from[side][0]), s->along));
		}
		for (at = count++; at > 0 && goes_after(&jobs[at - 1], &job); at--)
			jobs[at] = jobs[at - 1];
		jobs[at] = job;
	}
	return count;
}

static int draw_job(struct drafter *d, const struct job *job)
{
	switch (job->measure.kind) {
	case MEASURE_LINEAR:
		return draft_linear(d, job->dimension, &job->measure.linear);
	case MEASURE_RADIAL:
		return draft_radial(d, job->dimension, &job->measure.radial);
	case MEASURE_ANGULAR:
		return draft_angular(d, job->dimension, &job->measure.angular);
	case MEASURE_LEADER:
		return draft_leader(d, job->dimension, &job->measure.leader);
	case MEASURE_NOTHING:
		break;
	}
	return 0;
}

/* Draws the jobs in order; returns how many were drawn before one found no place. */
static int draw_jobs(struct drafter *d, const struct job *jobs, int count)
{
	for (int i = 0; i < count; i++)
		if (draw_job(d, &jobs[i]) < 0)
			return i;
	return count;
}

/* In calm tries not before those that stand in few places. */
static void move_first(struct job *jobs, int i, bool calm)
{
	struct job job = jobs[i];
	int at = 0;

	while (calm && at < i && jobs[at].rank < 0)
		at++;
	memmove(jobs + at + 1, jobs + at, (size_t)(i - at) * sizeof(*jobs));
	jobs[at] = job;
}

/* Leaves the best of some layouts on the drawing. */
static int draw_dimensions(struct drafter *d, const struct draft_family *family)
{
	struct draft_map *clean = d->map, *best_map;
	struct drawing before = *d->drawing, best = before;
	struct job *jobs = ARENA_NEW(d->arena, struct job, d->scene->dimension_count);
	int count = plan(d, family, jobs), succeeded = 0;
	double best_cost = INFINITY, base_cost = d->cost;

	d->map = draft_map_new(before.width_mm, before.height_mm, d->arena);
	best_map = draft_map_new(before.width_mm, before.height_mm, d->arena);
	for (int try = 0; try < TRIES && succeeded < LAYOUTS; try++) {
		struct arena_mark mark = arena_mark(d->arena);
		struct draft_map *other;
		int drawn;

		draft_map_copy(d->map, clean);
		drawing_copy(d->drawing, &before, d->arena);
		d->cost = base_cost;
		d->unrest = try < CALM_TRIES ? 0 : UNREST;
		drawn = draw_jobs(d, jobs, count);
		if (drawn < count) {
			move_first(jobs, drawn, d->unrest == 0);
			arena_release(d->arena, mark);
			continue;
		}
		succeeded++;
		if (d->cost < best_cost) {
			best_cost = d->cost;
			best = *d->drawing;
			other = best_map;
			best_map = d->map;
			d->map = other;
		} else {
			arena_release(d->arena, mark);
		}
		if (best_cost <= GOOD_COST * count)
			break;
	}
	*d->drawing = best;
	d->map = best_map;
	return succeeded ? 0 : -1;
}

static bool polyline_meets_box(const struct polyline *poly, const struct box *b)
{
	struct vec corners[4] = {{b->x0, b->y0}, {b->x1, b->y0}, {b->x1, b->y1}, {b->x0, b->y1}};

	for (int i = 0; i + 1 < poly->count + poly->closed; i++)
		if (line_meets_box(poly->points[i], poly->points[(i + 1) % poly->count], corners))
			return true;
	return false;
}

/* In the field, and off what is taken there. */
static bool edges_on_sheet(const struct drawing *drawing, const struct sheet_taken *taken,
			   struct arena *arena)
{
	const struct box *f = &taken->field;

	for (int i = 0; i < drawing->stroke_count; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct polyline poly;
		struct box box;

		if (drawing->strokes[i].layer == LAYER_FRAME ||
		    drawing->strokes[i].layer == LAYER_NOTE)
			continue;
		poly = polyline_from_path(&drawing->strokes[i].path, MAP_CHORD_MM, arena);
		box = box_of_points(poly.points, poly.count);
		if (box.x0 < f->x0 + EDGE_MM || box.y0 < f->y0 + EDGE_MM ||
		    box.x1 > f->x1 - EDGE_MM || box.y1 > f->y1 - EDGE_MM)
			return false;
		for (int k = 0; k < taken->count; k++)
			if (polyline_meets_box(&poly, &taken->boxes[k]))
				return false;
		arena_release(arena, mark);
	}
	return true;
}

static void mark_box(struct draft_map *map, double x0, double y0, double x1, double y1)
{
	struct vec corners[4] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};

	draft_map_mark(map, MAP_SOLID, corners, 4);
}

/* Nothing may be drawn outside the field or on what is taken. */
static void mark_taken(const struct drafter *d, const struct sheet_taken *taken)
{
	const struct box *f = &taken->field;
	double w = d->drawing->width_mm, h = d->drawing->height_mm;

	if (f->x0 > 0)
		mark_box(d->map, 0, 0, f->x0, h);
	if (f->x1 < w)
		mark_box(d->map, f->x1, 0, w, h);
	if (f->y0 > 0)
		mark_box(d->map, 0, 0, w, f->y0);
	if (f->y1 < h)
		mark_box(d->map, 0, f->y1, w, h);
	for (int i = 0; i < taken->count; i++)
		mark_box(d->map, taken->boxes[i].x0, taken->boxes[i].y0, taken->boxes[i].x1,
			 taken->boxes[i].y1);
}

/* Symbols keep off it; dimensions were there first, and interrupt it. */
static void mark_hatching(const struct drafter *d)
{
	for (int i = 0; i < d->drawing->stroke_count; i++) {
		const struct stroke *s = &d->drawing->strokes[i];

		for (int k = 0; s->layer == LAYER_HATCH && k < s->path.count; k++) {
			struct vec ends[2] = {s->path.segs[k].a, s->path.segs[k].b};

			draft_map_mark(d->map, MAP_LINE, ends, 2);
		}
	}
}

static int draft_all(struct drafter *d)
{
	const struct scene *scene = d->scene;
	const struct draft_family *family = draft_family(scene);
	struct sheet_facts facts = {scene->scale_paper, scene->scale_real, d->part,
				    d->smaller_title};
	double width = (double)scene->sheet_um[0] / 1000,
	       height = (double)scene->sheet_um[1] / 1000;
	struct sheet_taken taken = {.count = 0};

	*d->drawing = (struct drawing){.width_mm = width,
				       .height_mm = height,
				       .scale = scene_paper_per_unit(scene),
				       .unit_mm = unit_mm(scene->unit)};
	d->cost = 0;
	d->map = draft_map_new(width, height, d->arena);
	draft_sheet(d->drawing, &facts, d->style, d->font, d->rng, d->arena, &taken);
	mark_taken(d, &taken);
	if (family->place(d, &taken) < 0)
		return -1;
	family->draw(d);
	family->mark(d);
	if (!edges_on_sheet(d->drawing, &taken, d->arena))
		return -1;
	if (family->rows && family->rows(d) < 0)
		return -1;
	if (draw_dimensions(d, family) < 0)
		return -1;
	if (family->finish)
		family->finish(d);
	mark_hatching(d);
	draft_symbols(d);
	draft_tables(d, &facts, &taken);
	return 0;
}

/* What a family does not have. Loose shapes fill their sheet: there is no corner for a title block or
 * notes. */
static struct style style_of_family(const struct style *style, enum family family)
{
	struct style s = *style;

	if (family == FAMILY_SHAPES) {
		s.title_block = STYLE_TITLE_NONE;
		s.note_share = s.table_share = 0;
	}
	if (family == FAMILY_CABINET) /* joiners know neither roughness nor burrs */
		s.symbol_share = s.note_share = s.table_share = 0;
	return s;
}

/* What is left off, one after the other, where there is no room for it; false: nothing is left. */
static bool strip(struct style *style, int *smaller_title)
{
	if (style->note_share > 0)
		style->note_share = 0;
	else if (style->title_block != STYLE_TITLE_NONE && *smaller_title < 1)
		++*smaller_title;
	else if (style->tolerance_share > 0 || style->basic_share > 0)
		style->tolerance_share = style->basic_share = 0;
	else if (style->frame > STYLE_FRAME_PLAIN) /* which have filing margins or zones */
		style->frame = STYLE_FRAME_PLAIN;
	else if (style->title_block != STYLE_TITLE_NONE && *smaller_title < 2)
		++*smaller_title;
	else if (style->title_block != STYLE_TITLE_NONE)
		style->title_block = STYLE_TITLE_NONE;
	else if (style->frame != STYLE_FRAME_NONE)
		style->frame = STYLE_FRAME_NONE;
	else
		return false;
	return true;
}

int drawing_from_scene(struct drawing *drawing, const struct scene *scene,
		       const struct style *style, const struct font *font, struct rng *rng,
		       struct arena *arena)
{
	struct style bare = style_of_family(style, scene->family);
	struct scene shown = turned_shown(scene, arena);
	struct drafter d = {.drawing = drawing,
			    .scene = &shown,
			    .told = scene,
			    .style = &bare,
			    .font = font,
			    .rng = rng,
			    .arena = arena};
	struct arena_mark mark;

	d.references = rng_chance(rng, style->reference_share);
	d.part = part_from_scene(scene, sheet_custom(&bare), rng, arena);
	mark = arena_mark(arena);
	for (int fresh = 0; fresh < FRESH_STARTS;) {
		drafter_letter(&d);
		if (draft_all(&d) == 0)
			return 0;
		arena_release(arena, mark);
		if (d.references)
			d.references = false;
		else
			fresh += !strip(&bare, &d.smaller_title);
	}
	return -1;
}
