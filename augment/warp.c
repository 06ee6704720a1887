/* SPDX-License-Identifier: MIT */
/*
 * The lattice and its inverse.
 *
 * warp_point solves warp_back(q) = p by Newton's method. Within a cell the map is bilinear and its
 * derivative exact; from cell to cell the derivative jumps a little, which costs a step or two. Where
 * steps begin to swing (a crease), they are halved.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/warp.h"
#include "augment/warp_entries.h"

#define NEWTON_STEPS 40
#define NEWTON_DONE 1e-7 /* px */
#define THIN_PX 0.05
#define PIECES_MAX 4096 /* of one side: longer ones are cut coarser */

/* The last in the table is the first on the way back. */
static void walk_back(const struct recipe *recipe, const struct warp_job *job, double *x, double *y)
{
	static const warp_entry entries[] = {
#define WARP_PIXELS(name) NULL
#define WARP_TURN(name) NULL
#define WARP_WARP(name) warp_##name
#define WARP_BOTH(name) warp_##name
#define E(name, phase, kind, legibility, source, about) WARP_##kind(name),
#define P(entry, name, lo, hi, least, most, about)
		DEGRADATIONS(E, P)
#undef E
#undef P
	};

	for (int i = DEGRADATION_COUNT_; i-- > 0;)
		if (recipe->on[i] && entries[i])
			entries[i](job, x, y);
}

static bool moves_anything(const struct recipe *recipe)
{
	static const bool moves[] = {
#define WARP_MOVES_PIXELS false
#define WARP_MOVES_TURN false
#define WARP_MOVES_WARP true
#define WARP_MOVES_BOTH true
#define E(name, phase, kind, legibility, source, about) WARP_MOVES_##kind,
#define P(entry, name, lo, hi, least, most, about)
		DEGRADATIONS(E, P)
#undef E
#undef P
	};

	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		if (recipe->on[i] && moves[i])
			return true;
	return false;
}

static int turns_of(const struct recipe *r)
{
	if (!r->on[DEGRADATION_quarter_turn])
		return 0;
	return (int)floor(RECIPE(r, quarter_turn, turns) + 0.5) % 4;
}

struct warp warp_from_recipe(const struct recipe *recipe, int width, int height, double px_per_mm,
			     struct arena *arena)
{
	struct warp w = {.width = width,
			 .height = height,
			 .moves = moves_anything(recipe),
			 .turns = turns_of(recipe)};
	struct warp_job job = {recipe, width, height, px_per_mm, 0};
	int n = 0;

	if (!w.moves)
		return w;
	w.columns = (width + WARP_STEP - 1) / WARP_STEP + 1 + 2 * WARP_MARGIN;
	w.rows = (height + WARP_STEP - 1) / WARP_STEP + 1 + 2 * WARP_MARGIN;
	job.count = w.columns * w.rows;
	w.x = ARENA_NEW(arena, double, job.count);
	w.y = ARENA_NEW(arena, double, job.count);
	for (int j = 0; j < w.rows; j++)
		for (int i = 0; i < w.columns; i++, n++) {
			w.x[n] = (i - WARP_MARGIN) * WARP_STEP;
			w.y[n] = (j - WARP_MARGIN) * WARP_STEP;
		}
	walk_back(recipe, &job, w.x, w.y);
	return w;
}

/* Of one cell: p = a + u b + v c + u v d, u and v within it from 0 to 1. */
struct cell {
	struct vec a, b, c, d;
};

static struct cell cell_at(const struct warp *w, int i, int j)
{
	int n = j * w->columns + i, m = n + w->columns;
	struct vec p = vec(w->x[n], w->y[n]), q = vec(w->x[n + 1], w->y[n + 1]);
	struct vec r = vec(w->x[m], w->y[m]), s = vec(w->x[m + 1], w->y[m + 1]);

	return (struct cell){p, vec_sub(q, p), vec_sub(r, p),
			     vec_add(vec_sub(p, q), vec_sub(s, r))};
}

/* The cell that p is in, the outermost ones reaching on without end; *u and *v are where in it. */
static struct cell cell_of(const struct warp *w, struct vec p, double *u, double *v)
{
	double x = p.x / WARP_STEP + WARP_MARGIN, y = p.y / WARP_STEP + WARP_MARGIN;
	double i = min2(max2(floor(x), 0), w->columns - 2);
	double j = min2(max2(floor(y), 0), w->rows - 2);

	*u = x - i;
	*v = y - j;
	return cell_at(w, (int)i, (int)j);
}

static struct vec cell_point(const struct cell *c, double u, double v)
{
	return vec(c->a.x + u * c->b.x + v * c->c.x + u * v * c->d.x,
		   c->a.y + u * c->b.y + v * c->c.y + u * v * c->d.y);
}

struct vec warp_turn_point(struct vec p, int width, int height, int turns)
{
	for (int i = 0; i < turns; i++)
		p = vec(p.y, (i % 2 ? height : width) - p.x);
	return p;
}

/* From the turned picture to the one that lies as it was sampled. */
static struct vec turn_back(const struct warp *w, struct vec p)
{
	if (w->turns % 2)
		return warp_turn_point(p, w->height, w->width, 4 - w->turns);
	return warp_turn_point(p, w->width, w->height, w->turns);
}

struct vec warp_back(const struct warp *w, struct vec p)
{
	struct cell c;
	double u, v;

	p = turn_back(w, p);
	if (!w->moves)
		return p;
	c = cell_of(w, p, &u, &v);
	return cell_point(&c, u, v);
}

/* By the lattice alone. */
static struct vec lattice_point(const struct warp *w, struct vec p)
{
	struct vec q = p, best = p;
	double least = INFINITY, pace = 1;

	for (int step = 0; step < NEWTON_STEPS; step++) {
		double u, v, error, det;
		struct cell c = cell_of(w, q, &u, &v);
		struct vec e = vec_sub(p, cell_point(&c, u, v));
		struct vec du = vec_add(c.b, vec_scale(c.d, v));
		struct vec dv = vec_add(c.c, vec_scale(c.d, u));

		error = vec_dot(e, e);
		if (error < least) {
			least = error;
			best = q;
		} else {
			pace /= 2;
		}
		if (error < NEWTON_DONE * NEWTON_DONE)
			break;
		det = vec_cross(du, dv);
		if (fabs(det) < 1e-6)
			break;
		q = vec_add(q, vec(pace * WARP_STEP * vec_cross(e, dv) / det,
				   pace * WARP_STEP * vec_cross(du, e) / det));
	}
	return best;
}

struct vec warp_point(const struct warp *w, struct vec p)
{
	return warp_turn_point(w->moves ? lattice_point(w, p) : p, w->width, w->height, w->turns);
}

static int pieces_of(struct vec a, struct vec b)
{
	double n = ceil(vec_length(vec_sub(b, a)) / WARP_STEP);

	return n < 1 ? 1 : n < PIECES_MAX ? (int)n : PIECES_MAX;
}

/* The line from a to b, moved, as few points as will do, but for its last; returns how many. There is
 * room for all of its pieces' ends. */
static int add_side(const struct warp *w, struct vec a, struct vec b, struct vec *out)
{
	int n = pieces_of(a, b);
	struct polyline side = {out, n + 1, false};

	for (int k = 0; k <= n; k++)
		out[k] = warp_point(w, vec_add(a, vec_scale(vec_sub(b, a), (double)k / n)));
	polyline_simplify(&side, THIN_PX);
	return side.count - 1;
}

struct polyline warp_polyline(const struct warp *w, const struct polyline *line,
			      struct arena *arena)
{
	int sides = line->closed ? line->count : line->count - 1, room = 1;
	struct polyline out = {NULL, 0, line->closed};

	for (int i = 0; i < sides; i++)
		room += pieces_of(line->points[i], line->points[(i + 1) % line->count]);
	out.points = ARENA_NEW(arena, struct vec, room);
	for (int i = 0; i < sides; i++)
		out.count += add_side(w, line->points[i], line->points[(i + 1) % line->count],
				      out.points + out.count);
	if (!line->closed && line->count > 0)
		out.points[out.count++] = warp_point(w, line->points[line->count - 1]);
	arena_trim(arena, out.points, (size_t)out.count, sizeof(*out.points));
	return out;
}

void warp_annotations(const struct warp *w, struct annotations *a, struct arena *arena)
{
	if (!w->moves && !w->turns)
		return;
	a->width_px = w->turns % 2 ? w->height : w->width;
	a->height_px = w->turns % 2 ? w->width : w->height;
	for (int i = 0; i < a->count; i++) {
		struct annotation *item = &a->items[i];

		item->polygon = warp_polyline(w, &item->polygon, arena);
		for (int k = 0; k < item->drawn_count; k++)
			item->drawn[k] = warp_polyline(w, &item->drawn[k], arena);
	}
}
