/* SPDX-License-Identifier: MIT */
/*
 * What lies on the steps once they are known: threads, told by the thin lines of their roots, and
 * keyways, each with the section that its cutting plane is named for.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader_turned.h"

struct seer {
	const struct reader *reader;
	struct turned_view *view;
	struct err *err;
};

static bool same(double a, double b)
{
	return fabs(a - b) < READER_SAME_MM;
}

static bool is_cylinder(const struct seen_piece *p)
{
	return same(p->r0, p->r1);
}

static int too_many(const struct seer *s)
{
	return err_set(s->err, ERR_LIMIT, "the drawing shows more than %d of one kind of shape",
		       SEEN_MAX);
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
		    !turned_is_level(&path->segs[0]) || path->segs[0].a.y < s->view->origin.y)
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

		if (turned_is_level(e)) {
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
		} else if (turned_is_upright(e)) {
			uprights++;
			k->floor = e->a.x;
			k->half = fabs(e->a.y - e->b.y) / 2;
		} else if (turned_is_level(e)) {
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

		if (d->strokes[i].layer == LAYER_SECTION && path->count == 1 &&
		    turned_is_upright(e) && e->a.x > x0 && e->a.x < x1)
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

static int see_keyway(const struct seer *s, const struct path *path)
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

int turned_see_features(struct turned_view *view, const struct reader *reader, struct err *err)
{
	struct seer s = {reader, view, err};
	const struct drawing *d = reader->drawing;

	if (see_threads(&s) < 0)
		return -1;
	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].layer == LAYER_OUTLINE && see_keyway(&s, &d->strokes[i].path) < 0)
			return -1;
	return 0;
}
