/* SPDX-License-Identifier: MIT */
/*
 * From strokes to pieces. An outline is followed from face to face; its edges that are upright, level
 * or slanted are kept, while chamfers and fillets between them are noted and their corners made sharp
 * again by prolonging the edges.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader_turned.h"

#define EDGES_MAX (4 * SEEN_MAX)

struct seer {
	const struct reader *reader;
	struct turned_view *view;
	struct err *err;
	const struct stroke *outline;
	double right; /* x of the right face */
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

static bool is_level(const struct seg *s)
{
	return s->kind == SEG_LINE && same(s->a.y, s->b.y) && !same(s->a.x, s->b.x);
}

static bool is_upright(const struct seg *s)
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
	return (is_level(before) && is_upright(after)) || (is_upright(before) && is_level(after));
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
		if (is_upright(&path->segs[i]) &&
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

		if (s->layer == LAYER_CENTRE && s->path.count == 1 && is_level(&s->path.segs[0]) &&
		    same(s->path.segs[0].a.y, y) &&
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
		if (k > 0 && is_upright(seg) && same(seg->a.x, s->right) &&
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
	return is_upright(before) ? vec(before->a.x, after->a.y) : vec(after->a.x, before->b.y);
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

		if (is_upright(e))
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
	while (run->count > 0 && is_upright(&run->edges[run->count - 1]))
		run->count--;
	if (run->count > 0 && is_upright(&run->edges[0]))
		memmove(run->edges, run->edges + 1, (size_t)--run->count * sizeof(*run->edges));
	return 0;
}

/* A slanted edge at the mouth of a bore goes to its face, which stands for the upright edge there. */
static void add_faces(const struct seer *s, struct run *run)
{
	const struct seg *first = &run->edges[0], *last = &run->edges[run->count - 1];
	struct vec far = vec(0, 2 * READER_SAME_MM);

	if (same(last->b.x, s->right) && !is_level(last) && run->count < EDGES_MAX)
		run->edges[run->count++] =
			(struct seg){.kind = SEG_LINE, .a = last->b, .b = vec_sub(last->b, far)};
	if (same(first->a.x, s->view->origin.x) && !is_level(first) && run->count < EDGES_MAX) {
		struct seg face = {.kind = SEG_LINE, .a = vec_sub(first->a, far), .b = first->a};

		memmove(run->edges + 1, run->edges, (size_t)run->count++ * sizeof(*run->edges));
		run->edges[0] = face;
	}
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
		level |= is_level(&run->edges[i]);
	if (!level)
		return 0;
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

/* How much of the step's end at x a chamfer takes. */
static double taken_at(const struct seer *s, double x, double r)
{
	for (int i = 0; i < s->view->corner_count; i++)
		if (same(s->view->corners[i].x, x) && same(s->view->corners[i].r, r))
			return s->view->corners[i].size;
	return 0;
}

static bool has_line(const struct seer *s, enum layer layer, struct vec a, struct vec b)
{
	const struct drawing *d = s->reader->drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;

		if (d->strokes[i].layer == layer && path->count == 1 &&
		    ((same_point(path->segs[0].a, a) && same_point(path->segs[0].b, b)) ||
		     (same_point(path->segs[0].a, b) && same_point(path->segs[0].b, a))))
			return true;
	}
	return false;
}

/* The step round x0..x1 that is higher than r; -1: none. */
static int step_round(const struct seer *s, double x0, double x1, double r)
{
	for (int i = 0; i < s->view->step_count; i++) {
		const struct seen_piece *p = &s->view->steps[i];

		if (is_cylinder(p) && p->x0 < x0 + READER_SAME_MM && x1 < p->x1 + READER_SAME_MM &&
		    p->r0 > r)
			return i;
	}
	return -1;
}

static int see_thread(struct seer *s, const struct seg *line)
{
	struct turned_view *v = s->view;
	struct seen_thread *t = &v->threads[v->thread_count];
	double axis = v->origin.y, r = line->a.y - axis;
	const struct seen_piece *step;

	t->x0 = min2(line->a.x, line->b.x);
	t->x1 = max2(line->a.x, line->b.x);
	t->step = step_round(s, t->x0, t->x1, r);
	if (t->step < 0 ||
	    !has_line(s, LAYER_THIN, vec(line->a.x, axis - r), vec(line->b.x, axis - r)))
		return err_set(s->err, ERR_FORMAT,
			       "a thin line at (%.10g,%.10g) is no root of a thread", line->a.x,
			       line->a.y);
	step = &v->steps[t->step];
	if (t->x0 < step->x0 + taken_at(s, step->x0, step->r0) + READER_SAME_MM)
		t->x0 = step->x0;
	if (t->x1 > step->x1 - taken_at(s, step->x1, step->r1) - READER_SAME_MM)
		t->x1 = step->x1;
	v->thread_count++;
	return 0;
}

static int see_threads(struct seer *s)
{
	const struct drawing *d = s->reader->drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;

		if (d->strokes[i].layer != LAYER_THIN || path->count != 1 ||
		    !is_level(&path->segs[0]) || path->segs[0].a.y < s->view->origin.y)
			continue;
		if (s->view->thread_count == SEEN_MAX)
			return too_many(s);
		if (see_thread(s, &path->segs[0]) < 0)
			return -1;
	}
	return 0;
}

/* A closed path of two level lines on both sides of the axis and two half circles. */
static bool is_slot(const struct seer *s, const struct path *path, double *x0, double *x1,
		    double *width)
{
	double axis = s->view->origin.y;
	int arcs = 0, lines = 0;

	if (!path->closed || path->count != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		const struct seg *e = &path->segs[i];

		if (is_level(e)) {
			lines++;
			*width = 2 * fabs(e->a.y - axis);
		} else if (e->kind == SEG_ARC && same(e->centre.y, axis) && same(e->rx, e->ry)) {
			*(arcs++ ? x1 : x0) = e->centre.x;
		}
	}
	if (arcs != 2 || lines != 2)
		return false;
	if (*x0 > *x1) {
		double swap = *x0;

		*x0 = *x1;
		*x1 = swap;
	}
	*x0 -= *width / 2;
	*x1 += *width / 2;
	return true;
}

/* A circle with a notch on its right. */
static bool is_notched(const struct path *path, struct seen_keyway *k)
{
	int arcs = 0, levels = 0, uprights = 0;

	if (!path->closed || path->count != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		const struct seg *e = &path->segs[i];

		if (e->kind == SEG_ARC && same(e->rx, e->ry)) {
			arcs++;
			k->centre = e->centre;
			k->radius = e->rx;
		} else if (is_upright(e)) {
			uprights++;
			k->floor = e->a.x;
			k->half = fabs(e->a.y - e->b.y) / 2;
		} else if (is_level(e)) {
			levels++;
		}
	}
	return arcs == 1 && uprights == 1 && levels == 2 && k->floor > k->centre.x;
}

static struct vec text_middle(const struct text *t)
{
	return vec_add(t->at, vec_rotate(vec(t->width_mm / 2, t->height_mm / 2), t->angle_rad));
}

/* The letter that stands nearest to a mark of a cutting plane. */
static const char *letter_at(const struct seer *s, const struct seg *mark)
{
	const struct drawing *d = s->reader->drawing;
	struct vec middle = vec_scale(vec_add(mark->a, mark->b), 0.5);
	const char *letter = NULL;
	double best = INFINITY;

	for (int i = 0; i < d->text_count; i++) {
		double off = vec_length(vec_sub(text_middle(&d->texts[i]), middle));

		if (d->texts[i].layer == LAYER_SECTION && off < best) {
			best = off;
			letter = d->texts[i].utf8;
		}
	}
	return letter;
}

/* The letter of the cutting plane between x0 and x1: marked above and below, alike. */
static const char *plane_through(const struct seer *s, double x0, double x1)
{
	const struct drawing *d = s->reader->drawing;
	const char *letters[2] = {NULL, NULL};

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;
		const struct seg *e = &path->segs[0];

		if (d->strokes[i].layer == LAYER_SECTION && path->count == 1 && is_upright(e) &&
		    e->a.x > x0 && e->a.x < x1)
			letters[e->a.y > s->view->origin.y] = letter_at(s, e);
	}
	return letters[0] && letters[1] && strcmp(letters[0], letters[1]) == 0 ? letters[0] : NULL;
}

/* Whether the text is "A-A". */
static bool names_section(const struct text *t, const char *letter)
{
	size_t n = strlen(letter);

	return t->layer == LAYER_NOTE && strlen(t->utf8) == 2 * n + 1 &&
	       strncmp(t->utf8, letter, n) == 0 && t->utf8[n] == '-' &&
	       strcmp(t->utf8 + n + 1, letter) == 0;
}

/* The notched circle whose centre is nearest to the name. */
static bool find_section(const struct seer *s, const char *letter, struct seen_keyway *k)
{
	const struct drawing *d = s->reader->drawing;
	double best = INFINITY;

	for (int t = 0; t < d->text_count; t++) {
		for (int i = 0; i < d->stroke_count && names_section(&d->texts[t], letter); i++) {
			struct seen_keyway trial = *k;
			double off;

			if (d->strokes[i].layer != LAYER_OUTLINE ||
			    !is_notched(&d->strokes[i].path, &trial))
				continue;
			off = vec_length(vec_sub(text_middle(&d->texts[t]), trial.centre));
			if (off < best) {
				best = off;
				*k = trial;
			}
		}
	}
	return best < INFINITY;
}

static int see_keyway(struct seer *s, const struct path *path)
{
	struct seen_keyway *k = &s->view->keyways[s->view->keyway_count];
	const char *letter;

	if (!is_slot(s, path, &k->x0, &k->x1, &k->width))
		return 0;
	if (s->view->keyway_count == SEEN_MAX)
		return too_many(s);
	k->step = step_round(s, k->x0, k->x1, k->width / 2);
	if (k->step < 0)
		return err_set(s->err, ERR_FORMAT, "a slot at %.10g is not on one cylinder", k->x0);
	letter = plane_through(s, k->x0, k->x1);
	if (!letter || !find_section(s, letter, k))
		return err_set(s->err, ERR_FORMAT, "no section through the keyway at %.10g", k->x0);
	if (!same(k->radius, s->view->steps[k->step].r0) || !same(2 * k->half, k->width))
		return err_set(s->err, ERR_FORMAT,
			       "section %s-%s contradicts the keyway that it is named for", letter,
			       letter);
	s->view->keyway_count++;
	return 0;
}

int turned_see(struct turned_view *view, const struct reader *reader, struct err *err)
{
	struct seer s = {.reader = reader, .view = view, .err = err};
	const struct drawing *d = reader->drawing;

	*view = (struct turned_view){.step_count = 0};
	if (find_outline(&s) < 0 || see_steps(&s) < 0 || see_bores(&s) < 0 || see_threads(&s) < 0)
		return -1;
	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].layer == LAYER_OUTLINE && see_keyway(&s, &d->strokes[i].path) < 0)
			return -1;
	return 0;
}
