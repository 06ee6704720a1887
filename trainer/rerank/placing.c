/* SPDX-License-Identifier: MIT */
/*
 * A placing is worth what it explains: lines that would have no reason else, less what the outline is
 * off. Of lines R px away at most, an outline that is d off explains R - d of each pixel of its length,
 * and costs BLANK d, because it claims a line where there is none, and a line without an outline may
 * be a frame, lettering or a dimension's: R - (1 + BLANK) d. The search looks at few points, and gives
 * up where the rest cannot make up for what is lost; the best of it are refined by steps that get
 * smaller.
 */
#include <config.h>

#include "trainer/rerank/placing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 480  /* of an outline */
#define FEW 48      /* of them, where thousands of placings are tried */
#define LEAST 16    /* the side over this: how large parts are at least */
#define STEP_PX 2.0 /* between the sizes that are tried */
#define KEPT 6      /* of all that are tried */
#define BLANK 3.0
#define BLANK_LOOSE 0.3
#define ROUGH 4 /* every so manyth point, until the steps of refinement are down to */
#define ROUGH_LAST 0.2
#define TURN_MOST 0.06 /* radians: scans are not straight, but nearly */
#define FINE_FIRST 1.0 /* px: steps of refinement, halved until */
#define FINE_LAST 0.02
#define ROUNDS 40
#define DATUM 10       /* the side over this: what a straight line through the origin counts */
#define ON_LINE 1.0    /* px */
#define LEFT_THICK 4.0 /* what a px of line without an outline costs */
#define LEFT_THIN 0.1
#define ON_THIN 1.0           /* px: what lies on a thin line counts as so much off a thick one */
#define LINE_OFF 2.0          /* px that a line may be off a coordinate, and less counts less */
#define COORDINATES_LEAST 0.5 /* of them that have a line */
#define SIZE_LEAST 8.0        /* px of a coordinate */
#define SAME_PX 2.0           /* by which placings differ */
#define PLACINGS_MOST 16

/* --- outlines ------------------------------------------------------------------------------- */

static double edge_length(const struct figure_edge *e)
{
	return hypot(e->b[0] - e->a[0], e->b[1] - e->a[1]);
}

struct outline outline_from_figure(const struct figure *figure, bool is_free, struct arena *arena)
{
	struct outline o = {.figure = figure,
			    .is_crossed = is_free,
			    .points = ARENA_NEW(arena, struct vec, POINTS),
			    .lo = {figure->box.lo[0], figure->box.lo[1]},
			    .hi = {figure->box.hi[0], figure->box.hi[1]}};
	double passed = 0, step;

	for (int i = 0; i < figure->edge_count; i++)
		o.length += edge_length(&figure->edges[i]);
	step = o.length / POINTS;
	for (int i = 0; i < figure->edge_count; i++) {
		const struct figure_edge *e = &figure->edges[i];
		double length = edge_length(e);

		for (; o.count < POINTS && (o.count + 0.5) * step <= passed + length; o.count++) {
			double t = length > 0 ? ((o.count + 0.5) * step - passed) / length : 0;

			o.points[o.count] = vec(e->a[0] + t * (e->b[0] - e->a[0]),
						e->a[1] + t * (e->b[1] - e->a[1]));
		}
		passed += length;
	}
	return o;
}

static double extent_of(const struct outline *o)
{
	return max2(o->hi.x - o->lo.x, o->hi.y - o->lo.y);
}

/* From the origin, along one axis. */
static double far_of(const struct outline *o)
{
	return max2(max2(fabs(o->lo.x), fabs(o->hi.x)), max2(fabs(o->lo.y), fabs(o->hi.y)));
}

static struct vec placed(const struct placing *p, double c, double s, struct vec v)
{
	return vec(p->x + p->scale * (c * v.x - s * v.y), p->y - p->scale * (s * v.x + c * v.y));
}

static double to_edge(struct vec p, struct vec a, struct vec b)
{
	struct vec d = vec_sub(b, a);
	double size = vec_dot(d, d);
	double t = size > 0 ? max2(0, min2(1, vec_dot(vec_sub(p, a), d) / size)) : 0;

	return vec_length(vec_sub(p, vec_add(a, vec_scale(d, t))));
}

/* Runs of edges whose box is farther are passed over. */
double outline_distance(const struct figure *f, struct vec p, double most)
{
	double least = most;

	for (int k = 0; k < f->run_count; k++) {
		const struct figure_run *run = &f->runs[k];

		if (run->box.lo[0] - p.x >= least || p.x - run->box.hi[0] >= least ||
		    run->box.lo[1] - p.y >= least || p.y - run->box.hi[1] >= least)
			continue;
		for (int i = run->first; i < run->first + run->count; i++) {
			const struct figure_edge *e = &f->edges[i];

			least = min2(least,
				     to_edge(p, vec(e->a[0], e->a[1]), vec(e->b[0], e->b[1])));
		}
	}
	return least;
}

struct vec placing_point(const struct placing *p, struct vec mm)
{
	return placed(p, cos(p->turn), sin(p->turn), mm);
}

/* --- what a placing is worth ---------------------------------------------------------------- */

static double datum_off(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	double off = ridge_lines_distance(&r->upright, p->x, o->is_crossed ? p->y : NAN) +
		     ridge_lines_distance(&r->level, p->y, o->is_crossed ? p->x : NAN);

	return (double)r->side / DATUM * off;
}

/* How closely is looked. */
struct look {
	int every;    /* so manyth point */
	double blank; /* what a px off costs */
};

static const struct look close = {1, BLANK};

/* px * px, of every `every`-th point; gives up and returns 0 where it will be no more than least. */
static double worth(const struct outline *o, const struct ridges *r, const struct placing *p,
		    struct look look, double least)
{
	double c = cos(p->turn), s = sin(p->turn);
	double per_point = o->length * p->scale / o->count * look.every;
	double left = per_point * RIDGES_REACH * ((o->count + look.every - 1) / look.every);

	for (int i = 0; i < o->count && left > least; i += look.every) {
		struct vec at = placed(p, c, s, o->points[i]);

		left -= (1 + look.blank) * per_point * ridges_distance(r, at.x, at.y);
	}
	return left > least ? left : 0;
}

static bool is_inside(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	double last = r->side - 1;

	return p->x + p->scale * o->lo.x >= 0 && p->x + p->scale * o->hi.x <= last &&
	       p->y - p->scale * o->hi.y >= 0 && p->y - p->scale * o->lo.y <= last;
}

/* --- refinement ----------------------------------------------------------------------------- */

/* X(move): the origin; sizes from the origin, and from the middle; a turn about the middle. */
enum move { MOVE_X, MOVE_Y, MOVE_SCALE, MOVE_SIZE, MOVE_TURN, MOVES };

/* The middle of the outline stays where it is. */
static struct placing about_middle(const struct outline *o, const struct placing *p, double scale,
				   double turn)
{
	struct vec middle = vec((o->lo.x + o->hi.x) / 2, (o->lo.y + o->hi.y) / 2);
	struct placing q = {scale, p->x, p->y, turn};
	struct vec was = placing_point(p, middle);
	struct vec is = placing_point(&q, middle);

	q.x += was.x - is.x;
	q.y += was.y - is.y;
	return q;
}

/* By so many pixels at the far end. */
static struct placing moved(const struct outline *o, const struct placing *from, enum move move,
			    double px)
{
	double far = far_of(o);
	double extent = extent_of(o);
	struct placing p = *from;

	switch (move) {
	case MOVE_X:
		p.x += px;
		break;
	case MOVE_Y:
		p.y += px;
		break;
	case MOVE_SCALE:
		p.scale += px / far;
		break;
	case MOVE_SIZE:
		return about_middle(o, from, from->scale + 2 * px / extent, from->turn);
	case MOVE_TURN:
		return about_middle(o, from, from->scale,
				    from->turn + 2 * px / (extent * from->scale));
	case MOVES:
		break;
	}
	return p;
}

static double worth_of(const struct outline *o, const struct ridges *r, const struct placing *p,
		       struct look look)
{
	if (p->scale <= 0 || fabs(p->turn) > TURN_MOST || !is_inside(o, r, p))
		return -INFINITY;
	return worth(o, r, p, look, -INFINITY) - datum_off(o, r, p);
}

/* Whether a step made it better. */
static bool step(const struct outline *o, const struct ridges *r, struct placing *p, double *now,
		 double px, struct look look)
{
	bool better = false;

	for (int move = 0; move < MOVES; move++)
		for (int sign = -1; sign <= 1; sign += 2) {
			struct placing q = moved(o, p, (enum move)move, sign * px);
			double w = worth_of(o, r, &q, look);

			if (w <= *now)
				continue;
			*now = w;
			*p = q;
			better = true;
		}
	return better;
}

/* Returns what it is worth then. */
static double refine(const struct outline *o, const struct ridges *r, struct placing *p,
		     struct look look, double last)
{
	double now = worth_of(o, r, p, look);

	for (double px = FINE_FIRST; px >= last; px /= 2)
		for (int i = 0; i < ROUNDS && step(o, r, p, &now, px, look); i++)
			continue;
	return now;
}

struct placing placing_refine(const struct outline *o, const struct ridges *r,
			      const struct placing *from)
{
	struct placing p = *from;

	if (from->scale > 0)
		refine(o, r, &p, close, FINE_LAST);
	return p;
}

double placing_worth(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	return p->scale > 0 ? worth_of(o, r, p, close) : -INFINITY;
}

/* --- search --------------------------------------------------------------------------------- */

struct kept {
	struct placing placing[KEPT];
	double worth[KEPT]; /* the best first */
	int count;
};

static void keep(struct kept *kept, const struct placing *p, double w)
{
	int i = kept->count < KEPT ? kept->count++ : KEPT - 1;

	for (; i > 0 && kept->worth[i - 1] < w; i--) {
		kept->worth[i] = kept->worth[i - 1];
		kept->placing[i] = kept->placing[i - 1];
	}
	kept->worth[i] = w;
	kept->placing[i] = *p;
}

/* Sizes from one to the next move the farthest point by STEP_PX. */
static void try_sizes(struct kept *kept, const struct outline *o, const struct ridges *r,
		      double blank, double x, double y)
{
	struct look few = {o->count / FEW > 0 ? o->count / FEW : 1, blank};
	double extent = extent_of(o), far = far_of(o);

	for (double scale = (double)r->side / LEAST / extent; scale * far < r->side;
	     scale += STEP_PX / far) {
		struct placing p = {scale, x, y, 0};
		double least = kept->count < KEPT ? 0 : kept->worth[KEPT - 1], w;

		if (!is_inside(o, r, &p))
			continue;
		w = worth(o, r, &p, few, least);
		if (w > least)
			keep(kept, &p, w);
	}
}

/* As far as refinement by `fine`. */
static struct placing search(const struct outline *o, const struct ridges *r, double blank,
			     struct look fine)
{
	const struct look rough = {ROUGH, blank};
	struct placing best = {0};
	double most = 0;
	struct kept kept = {.count = 0};

	if (!(extent_of(o) > 0))
		return best;
	for (int i = 0; i < r->upright.count; i++)
		for (int k = 0; k < r->level.count; k++) {
			const struct ridge_line *u = &r->upright.list[i], *l = &r->level.list[k];

			if (!o->is_crossed ||
			    (ridge_line_passes(u, l->at) && ridge_line_passes(l, u->at)))
				try_sizes(&kept, o, r, blank, u->at, l->at);
		}
	for (int i = 0; i < kept.count; i++) {
		struct placing p = kept.placing[i];
		double w;

		refine(o, r, &p, rough, ROUGH_LAST);
		w = refine(o, r, &p, fine, ROUGH_LAST);
		if (w > most) {
			most = w;
			best = p;
		}
	}
	return best;
}

struct placing placing_search(const struct outline *o, const struct ridges *r)
{
	struct placing best = search(o, r, 1, close);

	return placing_refine(o, r, &best);
}

struct placing placing_search_loose(const struct outline *o, const struct ridges *r)
{
	struct look loose = {1, BLANK_LOOSE};

	return search(o, r, BLANK_LOOSE, loose);
}

/* --- by coordinates ------------------------------------------------------------------------- */

/* How many places, origin + scale * at[i], have a straight line; less for what these are off. */
static double lines_at(const struct ridge_lines *lines, double origin, double scale,
		       const double *at, int count)
{
	double sum = 0;

	for (int i = 0; i < count; i++)
		sum += max2(0, 1 - ridge_lines_distance(lines, origin + scale * at[i], NAN) /
					       LINE_OFF);
	return sum;
}

struct coordinate_search {
	const struct coordinates *of;
	const struct ridges *ridges;
	struct placing *list;
	double *worth;
	int count, most;
};

bool placing_is_same(const struct placing *a, const struct placing *b, int side)
{
	return fabs(a->x - b->x) < SAME_PX && fabs(a->y - b->y) < SAME_PX &&
	       fabs(a->scale / b->scale - 1) * side < SAME_PX;
}

static void keep_placing(struct coordinate_search *s, const struct placing *p, double worth)
{
	int i;

	for (i = 0; i < s->count; i++) {
		if (!placing_is_same(&s->list[i], p, s->ridges->side))
			continue;
		if (s->worth[i] >= worth)
			return;
		memmove(&s->list[i], &s->list[i + 1],
			(size_t)(s->count - 1 - i) * sizeof(*s->list));
		memmove(&s->worth[i], &s->worth[i + 1],
			(size_t)(s->count - 1 - i) * sizeof(*s->worth));
		s->count--;
		break;
	}
	if (s->count == s->most && s->worth[s->count - 1] >= worth)
		return;
	s->count += s->count < s->most;
	for (i = s->count - 1; i > 0 && s->worth[i - 1] < worth; i--) {
		s->list[i] = s->list[i - 1];
		s->worth[i] = s->worth[i - 1];
	}
	s->list[i] = *p;
	s->worth[i] = worth;
}

/* With the origin on an upright line, in a scale: on any level one. */
static void try_levels(struct coordinate_search *s, double x, double scale)
{
	const struct ridge_lines *level = &s->ridges->level;
	double across = lines_at(&s->ridges->upright, x, scale, s->of->x, s->of->x_count);

	if (across < COORDINATES_LEAST * s->of->x_count)
		return;
	for (int i = 0; i < level->count; i++) {
		struct placing p = {scale, x, level->list[i].at, 0};
		double up = lines_at(level, p.y, -scale, s->of->y, s->of->y_count);

		if (up >= COORDINATES_LEAST * s->of->y_count)
			keep_placing(s, &p, across + up);
	}
}

int placing_search_coordinates(const struct coordinates *of, const struct ridges *ridges,
			       struct placing *list, int most)
{
	const struct ridge_lines *upright = &ridges->upright;
	double worth[PLACINGS_MOST];
	struct coordinate_search s = {.of = of,
				      .ridges = ridges,
				      .list = list,
				      .worth = worth,
				      .most = most < PLACINGS_MOST ? most : PLACINGS_MOST};

	for (int i = 0; i < upright->count; i++)
		for (int k = 0; k < upright->count; k++) {
			double x = upright->list[i].at, off = upright->list[k].at - x;

			for (int n = 0; n < of->x_count && off > SIZE_LEAST; n++)
				if (of->x[n] > 0)
					try_levels(&s, x, off / of->x[n]);
		}
	return s.count;
}

/* --- misfit --------------------------------------------------------------------------------- */

double placing_share(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	double c = cos(p->turn), s = sin(p->turn);
	int on = 0;

	for (int i = 0; i < o->count; i++) {
		struct vec at = placed(p, c, s, o->points[i]);

		on += ridges_distance(r, at.x, at.y) <= RIDGES_THIN_OFF + ON_LINE;
	}
	return (double)on / o->count;
}

/* px from a point of the outline to the nearest line, thin or thick. */
static double off_line(const struct ridges *r, struct vec at)
{
	double off = ridges_distance(r, at.x, at.y);

	return off >= RIDGES_THIN_OFF ? off - RIDGES_THIN_OFF : off;
}

/* The same, ON_THIN more where that line is thin. */
static double off_thick(const struct ridges *r, struct vec at)
{
	double off = ridges_distance(r, at.x, at.y);

	return off >= RIDGES_THIN_OFF ? off - RIDGES_THIN_OFF + ON_THIN : off;
}

double placing_noise(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	double c = cos(p->turn), s = sin(p->turn), sum = 0;
	int on = 0;

	for (int i = 0; i < o->count; i++) {
		double off = off_line(r, placed(p, c, s, o->points[i]));

		if (off > ON_LINE)
			continue;
		sum += off;
		on++;
	}
	return on ? sum / on : ON_LINE;
}

double placing_off(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	double c = cos(p->turn), s = sin(p->turn), off = 0;

	for (int i = 0; i < o->count; i++)
		off += off_thick(r, placed(p, c, s, o->points[i]));
	return off * o->length * p->scale / o->count;
}

/* A line is explained, or it is not: how far the outline is off another's line says nothing. Thin lines
 * count too, since on small pictures an outline may be as thin as what dimensions it. */
double placing_misfit(const struct outline *o, const struct ridges *r, const struct placing *p)
{
	double c = cos(p->turn), s = sin(p->turn), left = 0;

	for (int i = 0; i < r->count; i++) {
		double dx = (r->list[i].x - p->x) / p->scale, dy = (p->y - r->list[i].y) / p->scale;

		left += (r->list[i].is_thick ? LEFT_THICK : LEFT_THIN) * p->scale *
			outline_distance(o->figure, vec(c * dx + s * dy, c * dy - s * dx),
					 ON_LINE / p->scale);
	}
	return BLANK * placing_off(o, r, p) + left + datum_off(o, r, p);
}

void placing_improve(const struct outline *o, const struct ridges *r, const struct placing *from,
		     struct placing *placing, double *misfit)
{
	struct placing p = placing_refine(o, r, from);
	double off = p.scale > 0 ? placing_misfit(o, r, &p) : INFINITY;

	if (off >= *misfit)
		return;
	*misfit = off;
	*placing = p;
}
