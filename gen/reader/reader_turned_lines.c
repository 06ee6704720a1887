/* SPDX-License-Identifier: MIT */
/*
 * From strokes to pieces. An outline is followed from face to face; its edges that are upright, level
 * or slanted are kept, while chamfers and fillets between them are noted and their corners made sharp
 * again by prolonging the edges.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader_turned.h"

#define EDGES_MAX (4 * SEEN_MAX)

struct seer {
	const struct reader *reader;
	struct turned_view *view;
	struct err *err;
	const struct stroke *outline;
	double right; /* x of the right face */

	/* Where outlines of hollows leave off, at no face and no wall. */
	int open_count;
	struct vec open_ends[2 * SEEN_MAX];
};

/* Edges in order, from left to right. */
struct run {
	int count;
	struct seg edges[EDGES_MAX];
};

static bool same(double a, double b)
{
	return fabs(a - b) < READER_SAME_MM;
}

bool turned_is_level(const struct seg *s)
{
	return s->kind == SEG_LINE && same(s->a.y, s->b.y) && !same(s->a.x, s->b.x);
}

bool turned_is_upright(const struct seg *s)
{
	return s->kind == SEG_LINE && same(s->a.x, s->b.x) && !same(s->a.y, s->b.y);
}

static bool is_at_45_degrees(const struct seg *s)
{
	return s->kind == SEG_LINE && same(fabs(s->a.x - s->b.x), fabs(s->a.y - s->b.y));
}

/* Whether the edge takes a corner off between a level and an upright one. */
static bool cuts_corner(const struct seg *before, const struct seg *s, const struct seg *after)
{
	if (s->kind == SEG_LINE && !is_at_45_degrees(s))
		return false;
	return (turned_is_level(before) && turned_is_upright(after)) ||
	       (turned_is_upright(before) && turned_is_level(after));
}

static int too_many(const struct seer *s)
{
	return err_set(s->err, ERR_LIMIT, "the drawing shows more than %d of one kind of shape",
		       SEEN_MAX);
}

/* The upright line at the path's least (way -1) or greatest x, or -1. */
static int face_of(const struct path *path, double way)
{
	int face = -1;

	for (int i = 0; i < path->count; i++)
		if (turned_is_upright(&path->segs[i]) &&
		    (face < 0 || way * (path->segs[i].a.x - path->segs[face].a.x) > 0))
			face = i;
	for (int i = 0; i < path->count && face >= 0; i++)
		if (way * (path->segs[i].a.x - path->segs[face].a.x) > READER_SAME_MM)
			return -1;
	return face;
}

static bool has_point(const struct path *path, struct vec p)
{
	for (int i = 0; i < path->count; i++)
		if (same_point(path->segs[i].a, p))
			return true;
	return false;
}

static bool is_symmetrical(const struct path *path, double axis)
{
	for (int i = 0; i < path->count; i++)
		if (!has_point(path, vec(path->segs[i].a.x, 2 * axis - path->segs[i].a.y)))
			return false;
	return true;
}

static bool has_centre_line(const struct reader *reader, double y, double x0, double x1)
{
	for (int i = 0; i < reader->drawing->stroke_count; i++) {
		const struct stroke *s = &reader->drawing->strokes[i];

		if (s->layer == LAYER_CENTRE && s->path.count == 1 &&
		    turned_is_level(&s->path.segs[0]) && same(s->path.segs[0].a.y, y) &&
		    min2(s->path.segs[0].a.x, s->path.segs[0].b.x) < x0 &&
		    max2(s->path.segs[0].a.x, s->path.segs[0].b.x) > x1)
			return true;
	}
	return false;
}

/* The outline of the part, with origin and right end. */
static int find_outline(struct seer *s)
{
	const struct drawing *d = s->reader->drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;
		int left, right;
		double axis;

		if (d->strokes[i].layer != LAYER_OUTLINE || !path->closed)
			continue;
		left = face_of(path, -1);
		right = face_of(path, 1);
		if (left < 0 || right < 0 || left == right)
			continue;
		axis = (path->segs[left].a.y + path->segs[left].b.y) / 2;
		if (!is_symmetrical(path, axis) ||
		    !has_centre_line(s->reader, axis, path->segs[left].a.x, path->segs[right].a.x))
			continue;
		if (s->outline)
			return err_set(s->err, ERR_FORMAT, "two outlines of turned parts");
		s->outline = &d->strokes[i];
		s->view->origin = vec(path->segs[left].a.x, axis);
		s->right = path->segs[right].a.x;
	}
	if (!s->outline)
		return err_set(s->err, ERR_FORMAT,
			       "no outline that is symmetrical about a centre line and ends with "
			       "faces across it");
	return 0;
}

/* The edges of the upper half from the left face to the right one, both included. */
static int upper_run(const struct seer *s, struct run *run)
{
	const struct path *path = &s->outline->path;
	int left = face_of(path, -1), n = path->count;
	bool forward = path->segs[left].b.y > path->segs[left].a.y;

	run->count = 0;
	for (int k = 0; k < n; k++) {
		const struct seg *seg = &path->segs[(left + (forward ? k : n - k)) % n];

		if (run->count == EDGES_MAX)
			return too_many(s);
		run->edges[run->count++] = forward ? *seg : seg_reversed(seg);
		if (k > 0 && turned_is_upright(seg) && same(seg->a.x, s->right) &&
		    (seg->a.y - s->view->origin.y) * (seg->b.y - s->view->origin.y) < 0)
			return 0;
	}
	return err_set(s->err, ERR_FORMAT, "the outline does not reach its right face");
}

/* Where two edges meet when prolonged; one of them is upright or both touch. */
static struct vec meeting(const struct seg *before, const struct seg *after)
{
	if (same_point(before->b, after->a))
		return before->b;
	return turned_is_upright(before) ? vec(before->a.x, after->a.y)
					 : vec(after->a.x, before->b.y);
}

static int add_corner(const struct seer *s, const struct seg *cut, struct vec corner)
{
	struct seen_corner *c = &s->view->corners[s->view->corner_count];

	if (s->view->corner_count == SEEN_MAX)
		return too_many(s);
	*c = (struct seen_corner){.fillet = cut->kind == SEG_ARC,
				  .x = corner.x,
				  .r = fabs(corner.y - s->view->origin.y),
				  .size = fabs(cut->a.x - cut->b.x),
				  .upper = *cut};
	if (c->fillet && (!same(cut->rx, cut->ry) || !same(fabs(cut->sweep), M_PI / 2) ||
			  !same(cut->rx, c->size)))
		return err_set(s->err, ERR_FORMAT, "a rounded corner at (%.10g,%.10g) is no fillet",
			       corner.x, corner.y);
	s->view->corner_count++;
	return 0;
}

/* Drops what cuts corners from a run, noting it; the edges left meet in sharp corners, while `drawn`
 * keeps from where to where they are drawn. */
static int sharpen(const struct seer *s, struct run *run, double (*drawn)[2])
{
	int kept = 0;

	for (int i = 0; i < run->count; i++) {
		struct seg edge = run->edges[i];
		bool inner = i > 0 && i + 1 < run->count;

		if (inner && cuts_corner(&run->edges[i - 1], &edge, &run->edges[i + 1])) {
			if (add_corner(s, &edge, meeting(&run->edges[i - 1], &run->edges[i + 1])) <
			    0)
				return -1;
			continue;
		}
		if (edge.kind != SEG_LINE)
			return err_set(s->err, ERR_FORMAT,
				       "a round edge at (%.10g,%.10g) is no fillet", edge.a.x,
				       edge.a.y);
		drawn[kept][0] = edge.a.x;
		drawn[kept][1] = edge.b.x;
		run->edges[kept++] = edge;
	}
	run->count = kept;
	for (int i = 0; i + 1 < kept; i++) {
		struct vec corner = meeting(&run->edges[i], &run->edges[i + 1]);

		run->edges[i].b = run->edges[i + 1].a = corner;
	}
	return 0;
}

static double radius_at(const struct seer *s, struct vec p)
{
	return fabs(p.y - s->view->origin.y);
}

/* The pieces of a sharp run that are not upright. */
static int list_pieces(const struct seer *s, const struct run *run, double (*drawn)[2],
		       struct seen_piece *pieces, int *count)
{
	for (int i = 0; i < run->count; i++) {
		const struct seg *e = &run->edges[i];

		if (turned_is_upright(e))
			continue;
		if (*count == SEEN_MAX)
			return too_many(s);
		pieces[(*count)++] = (struct seen_piece){.x0 = e->a.x,
							 .x1 = e->b.x,
							 .r0 = radius_at(s, e->a),
							 .r1 = radius_at(s, e->b),
							 .line = {drawn[i][0], drawn[i][1]}};
	}
	return 0;
}

static bool is_cylinder(const struct seen_piece *p)
{
	return same(p->r0, p->r1);
}

static bool is_groove(const struct seen_piece *pieces, int count, int i)
{
	const struct seen_piece *p = &pieces[i];

	return i > 0 && i + 1 < count && is_cylinder(p) && p[-1].r1 > p->r0 + READER_SAME_MM &&
	       p[1].r0 > p->r1 + READER_SAME_MM && p->x1 - p->x0 < p->r0 + READER_SAME_MM;
}

/* Steps from pieces: grooves are taken out and their cylinders made whole. */
static int join_steps(const struct seer *s, const struct seen_piece *pieces, int count)
{
	struct turned_view *v = s->view;
	const struct seen_piece *groove = NULL; /* the one before this piece */

	for (int i = 0; i < count; i++) {
		const struct seen_piece *p = &pieces[i];

		if (is_groove(pieces, count, i)) {
			const struct seen_piece *lower = p[-1].r1 < p[1].r0 ? p - 1 : p + 1;

			if (!is_cylinder(lower))
				return err_set(s->err, ERR_FORMAT,
					       "a groove at %.10g is not cut into a cylinder",
					       p->x0);
			if (lower == p - 1)
				v->steps[v->step_count - 1].x1 = p->x1;
			v->grooves[v->groove_count++] = *p;
			groove = p;
			continue;
		}
		if (groove && same(groove[-1].r1, p->r0) && is_cylinder(p)) {
			v->steps[v->step_count - 1].x1 = p->x1;
			v->steps[v->step_count - 1].line[1] = p->line[1];
		} else {
			v->steps[v->step_count] = *p;
			if (groove && groove[-1].r1 > p->r0)
				v->steps[v->step_count].x0 = groove->x0;
			v->step_count++;
		}
		groove = NULL;
	}
	return 0;
}

static int see_steps(struct seer *s)
{
	struct run *run = ARENA_NEW(s->reader->arena, struct run, 1);
	double(*drawn)[2] = arena_alloc(s->reader->arena, EDGES_MAX, sizeof(*drawn));
	struct seen_piece *pieces = ARENA_NEW(s->reader->arena, struct seen_piece, SEEN_MAX);
	int count = 0;

	if (upper_run(s, run) < 0 || sharpen(s, run, drawn) < 0 ||
	    list_pieces(s, run, drawn, pieces, &count) < 0)
		return -1;
	return join_steps(s, pieces, count);
}

/* The edges of an open path that lie below the axis, from left to right, but for the walls at blind
 * ends. */
static int lower_run(const struct seer *s, const struct path *path, struct run *run)
{
	double axis = s->view->origin.y;

	run->count = 0;
	for (int i = 0; i < path->count; i++) {
		const struct seg *e = &path->segs[i];

		if (e->a.y > axis + READER_SAME_MM || e->b.y > axis + READER_SAME_MM)
			continue;
		if (run->count == EDGES_MAX)
			return too_many(s);
		run->edges[run->count++] = *e;
	}
	if (run->count > 0 && run->edges[0].a.x > run->edges[run->count - 1].b.x)
		for (int i = 0, n = run->count; i < (n + 1) / 2; i++) {
			struct seg first = seg_reversed(&run->edges[i]);

			run->edges[i] = seg_reversed(&run->edges[n - 1 - i]);
			run->edges[n - 1 - i] = first;
		}
	while (run->count > 0 && turned_is_upright(&run->edges[run->count - 1]))
		run->count--;
	if (run->count > 0 && turned_is_upright(&run->edges[0]))
		memmove(run->edges, run->edges + 1, (size_t)--run->count * sizeof(*run->edges));
	return 0;
}

/* A slanted edge at the mouth of a bore goes to its face, which stands for the upright edge there. */
static void add_faces(const struct seer *s, struct run *run)
{
	const struct seg *first = &run->edges[0], *last = &run->edges[run->count - 1];
	struct vec far = vec(0, 2 * READER_SAME_MM);

	if (same(last->b.x, s->right) && !turned_is_level(last) && run->count < EDGES_MAX)
		run->edges[run->count++] =
			(struct seg){.kind = SEG_LINE, .a = last->b, .b = vec_sub(last->b, far)};
	if (same(first->a.x, s->view->origin.x) && !turned_is_level(first) &&
	    run->count < EDGES_MAX) {
		struct seg face = {.kind = SEG_LINE, .a = vec_sub(first->a, far), .b = first->a};

		memmove(run->edges + 1, run->edges, (size_t)run->count++ * sizeof(*run->edges));
		run->edges[0] = face;
	}
}

/* Notes an end of a hollow's outline that is neither at a face nor, behind a wall, at the axis. */
static int note_end(struct seer *s, struct vec p)
{
	if (same(p.y, s->view->origin.y) || same(p.x, s->view->origin.x) || same(p.x, s->right))
		return 0;
	if (s->open_count == 2 * SEEN_MAX)
		return too_many(s);
	s->open_ends[s->open_count++] = p;
	return 0;
}

/* Of a bore that is cut open in part the outline that is seen and the hidden one meet. */
static int check_open_ends(const struct seer *s)
{
	for (int i = 0; i < s->open_count; i++) {
		struct vec p = s->open_ends[i];
		int meeting = 0;

		for (int k = 0; k < s->open_count; k++)
			meeting += same_point(s->open_ends[k], p);
		if (meeting != 2)
			return err_set(s->err, ERR_FORMAT,
				       "the outline of a bore leaves off at (%.10g,%.10g) on the "
				       "sheet",
				       p.x, p.y);
	}
	return 0;
}

static int see_hollow(struct seer *s, const struct path *path)
{
	struct run *run = ARENA_NEW(s->reader->arena, struct run, 1);
	double(*drawn)[2] = arena_alloc(s->reader->arena, EDGES_MAX, sizeof(*drawn));
	int first = s->view->bore_count;
	bool level = false;

	if (lower_run(s, path, run) < 0)
		return -1;
	for (int i = 0; i < run->count; i++)
		level |= turned_is_level(&run->edges[i]);
	if (!level)
		return 0;
	if (note_end(s, path->segs[0].a) < 0 || note_end(s, path->segs[path->count - 1].b) < 0)
		return -1;
	add_faces(s, run);
	if (sharpen(s, run, drawn) < 0 ||
	    list_pieces(s, run, drawn, s->view->bores, &s->view->bore_count) < 0)
		return -1;
	for (int i = first; i < s->view->bore_count; i++)
		if (!is_cylinder(&s->view->bores[i]))
			return err_set(s->err, ERR_FORMAT, "a hollow at %.10g is no bore",
				       s->view->bores[i].x0);
	return 0;
}

static int see_bores(struct seer *s)
{
	const struct drawing *d = s->reader->drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *stroke = &d->strokes[i];

		if ((stroke->layer == LAYER_OUTLINE || stroke->layer == LAYER_HIDDEN) &&
		    !stroke->path.closed && see_hollow(s, &stroke->path) < 0)
			return -1;
	}
	return 0;
}

/* A bore that is cut open in part is drawn in two pieces, seen and hidden. */
static void join_bores(struct seer *s)
{
	struct turned_view *v = s->view;

	for (int i = 0; i < v->bore_count; i++)
		for (int k = 0; k < v->bore_count; k++) {
			struct seen_piece *a = &v->bores[i], *b = &v->bores[k];

			if (!same(a->x1, b->x0) || !same(a->r1, b->r0))
				continue;
			a->x1 = b->x1;
			a->line[1] = b->line[1];
			*b = v->bores[--v->bore_count];
			i = k = -1; /* begin again */
			break;
		}
}

int turned_see(struct turned_view *view, const struct reader *reader, struct err *err)
{
	struct seer s = {.reader = reader, .view = view, .err = err};

	*view = (struct turned_view){.step_count = 0};
	if (find_outline(&s) < 0 || see_steps(&s) < 0 || see_bores(&s) < 0)
		return -1;
	if (check_open_ends(&s) < 0)
		return -1;
	join_bores(&s);
	return turned_see_features(view, reader, err);
}
