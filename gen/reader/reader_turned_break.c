/* SPDX-License-Identifier: MIT */
/*
 * An interrupted view shows two ends of a part, each an outline that is open where a wavy line closes
 * it; the two wavy lines face each other. How much of the part is left out is what the number of a
 * dimension that leads across says more than the sheet shows. All that lies beyond the gap is moved by
 * that much, and the open outlines are joined: then every other number across the gap must fit, like
 * all others.
 *
 * The same is done for a step that is not drawn to scale: its number, and all that lead across it, are
 * underlined (ISO 129-1).
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader_turned.h"

#define UNDER_MM 0.5  /* between the ends of lettering and those of the line under it */
#define UNDER_MAX 0.8 /* from the lettering down to it, in text heights */

/* An open outline and the wavy line that closes it. */
struct broken_end {
	int outline, waves; /* strokes; -1: none */
	struct vec low, high;
};

struct mender {
	struct reader *reader;
	struct err *err;
	struct broken_end ends[2]; /* of the left piece, of the right one */
	double middle, moved;      /* beyond which place all is moved, and how far */
};

static bool is_wavy(const struct stroke *s)
{
	bool wavy = s->layer == LAYER_THIN && s->path.count > 0 && !s->path.closed;

	for (int i = 0; i < s->path.count && wavy; i++)
		wavy = s->path.segs[i].kind == SEG_ARC;
	return wavy;
}

static struct vec path_start(const struct path *path)
{
	return path->segs[0].a;
}

static struct vec path_end(const struct path *path)
{
	return path->segs[path->count - 1].b;
}

/* The wavy line from end to end of an open outline, or -1. */
static int closing_waves(const struct drawing *d, const struct path *outline)
{
	struct vec a = path_start(outline), b = path_end(outline);

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];

		if (is_wavy(s) &&
		    ((same_point(path_start(&s->path), a) && same_point(path_end(&s->path), b)) ||
		     (same_point(path_start(&s->path), b) && same_point(path_end(&s->path), a))))
			return i;
	}
	return -1;
}

/* Whether the whole path lies left (way -1) or right of x. */
static bool lies_beside(const struct path *path, double x, double way)
{
	for (int i = 0; i < path->count; i++)
		if (way * (path->segs[i].a.x - x) < -READER_SAME_MM)
			return false;
	return true;
}

static int find_ends(struct mender *m)
{
	const struct drawing *d = m->reader->drawing;
	bool complete;

	m->ends[0].outline = m->ends[1].outline = -1;
	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;
		struct broken_end end = {.outline = i, .waves = -1};
		int side;

		if (d->strokes[i].layer == LAYER_OUTLINE && !path->closed && path->count > 2)
			end.waves = closing_waves(d, path);
		if (end.waves < 0)
			continue;
		end.low = path_start(path);
		end.high = path_end(path);
		side = lies_beside(path, end.low.x, -1) ? 0 : 1;
		if (end.low.y > end.high.y) {
			end.low = path_end(path);
			end.high = path_start(path);
		}
		if (m->ends[side].outline >= 0 || fabs(end.low.x - end.high.x) > READER_SAME_MM)
			return err_set(m->err, ERR_FORMAT,
				       "break lines at %.10g on the sheet do not face each other",
				       end.low.x);
		m->ends[side] = end;
	}
	complete = m->ends[0].outline >= 0 && m->ends[1].outline >= 0;
	if (!complete && m->ends[0].outline < 0 && m->ends[1].outline < 0)
		return 0;
	if (!complete || fabs(m->ends[0].low.y - m->ends[1].low.y) > READER_SAME_MM ||
	    fabs(m->ends[0].high.y - m->ends[1].high.y) > READER_SAME_MM ||
	    m->ends[0].low.x >= m->ends[1].low.x)
		return err_set(m->err, ERR_FORMAT, "a break line has none that faces it");
	m->middle = (m->ends[0].low.x + m->ends[1].low.x) / 2;
	return 1;
}

/* How much a dimension along the part says more than is shown; 0: it does not lead across. */
static double missing(const struct mender *m, const struct figure *f)
{
	double a = min2(f->tip[0].x, f->tip[1].x), b = max2(f->tip[0].x, f->tip[1].x);

	if (f->kind != FIGURE_LINEAR || !f->reading || f->reading->callout.kind != CALLOUT_LINEAR ||
	    fabs(f->tip[0].y - f->tip[1].y) > READER_SAME_MM ||
	    a > m->ends[0].low.x + READER_SAME_MM || b < m->ends[1].low.x - READER_SAME_MM)
		return 0;
	return (double)f->reading->callout.value / 1000 * m->reader->drawing->scale - (b - a);
}

static int find_missing(struct mender *m)
{
	for (int i = 0; i < m->reader->figure_count; i++) {
		m->moved = missing(m, &m->reader->figures[i]);
		if (m->moved > READER_SAME_MM)
			return 0;
	}
	return err_set(m->err, ERR_FORMAT,
		       "no dimension says how much is left out at %.10g on the sheet", m->middle);
}

static struct vec moved(const struct mender *m, struct vec v)
{
	return v.x > m->middle ? vec(v.x + m->moved, v.y) : v;
}

static void move_seg(const struct mender *m, struct seg *s)
{
	s->a = moved(m, s->a);
	s->b = moved(m, s->b);
	s->centre = moved(m, s->centre);
}

/* A leader moves with what it points at, wherever its shelf lies. */
static void move_leader(const struct mender *m, struct figure *f)
{
	struct vec by = vec_sub(moved(m, f->tip[0]), f->tip[0]);

	for (int k = 0; k < 2; k++) {
		f->tip[k] = vec_add(f->tip[k], by);
		f->ground[k] = vec_add(f->ground[k], by);
		f->shelf[k] = vec_add(f->shelf[k], by);
	}
}

static void move_figures(struct mender *m)
{
	struct reader *r = m->reader;

	for (int i = 0; i < r->line_count; i++) {
		r->lines[i].a = moved(m, r->lines[i].a);
		r->lines[i].b = moved(m, r->lines[i].b);
	}
	for (int i = 0; i < r->figure_count; i++) {
		struct figure *f = &r->figures[i];

		if (f->kind == FIGURE_RADIAL) {
			move_leader(m, f);
			continue;
		}
		for (int k = 0; k < 2; k++) {
			f->tip[k] = moved(m, f->tip[k]);
			f->ground[k] = moved(m, f->ground[k]);
			f->shelf[k] = moved(m, f->shelf[k]);
		}
		move_seg(m, &f->arc);
	}
}

/* The path with its pieces from the low to the high end, or back. */
static struct path directed(const struct path *path, bool rising, struct arena *arena)
{
	bool is_rising = path_start(path).y < path_end(path).y;
	struct path out = {0};

	for (int i = 0; i < path->count; i++) {
		struct seg s = is_rising == rising ? path->segs[i]
						   : seg_reversed(&path->segs[path->count - 1 - i]);

		path_add_seg(&out, arena, &s);
	}
	return out;
}

/* One closed outline of both ends, moved already: their edges at the gap become one above and one
 * below. */
static int join_outlines(struct mender *m, struct path *whole)
{
	const struct drawing *d = m->reader->drawing;
	struct arena *arena = m->reader->arena;
	struct path left = directed(&d->strokes[m->ends[0].outline].path, true, arena);
	struct path right = directed(&d->strokes[m->ends[1].outline].path, false, arena);
	struct seg *above = &left.segs[left.count - 1], *below = &right.segs[right.count - 1];

	if (!turned_is_level(above) || !turned_is_level(&left.segs[0]) ||
	    !turned_is_level(&right.segs[0]) || !turned_is_level(below))
		return err_set(m->err, ERR_FORMAT,
			       "what is left out at %.10g on the sheet is no cylinder", m->middle);
	above->b = right.segs[0].b;
	below->b = left.segs[0].b;
	*whole = (struct path){.closed = true};
	for (int i = 1; i < left.count; i++)
		path_add_seg(whole, arena, &left.segs[i]);
	for (int i = 1; i < right.count; i++)
		path_add_seg(whole, arena, &right.segs[i]);
	return 0;
}

/* Gives the reader a drawing in which everything is moved. */
static struct drawing *move_drawing(const struct mender *m)
{
	struct arena *arena = m->reader->arena;
	struct drawing *d = ARENA_NEW(arena, struct drawing, 1);

	drawing_copy(d, m->reader->drawing, arena);
	for (int i = 0; i < d->stroke_count; i++) {
		struct path *path = &d->strokes[i].path;
		struct seg *segs = ARENA_NEW(arena, struct seg, path->count);

		memcpy(segs, path->segs, (size_t)path->count * sizeof(*segs));
		path->segs = segs;
		for (int k = 0; k < path->count; k++)
			move_seg(m, &segs[k]);
	}
	m->reader->drawing = d;
	return d;
}

/* Moves all, leaves one outline and no wavy lines. */
static int mend_interruption(struct mender *m)
{
	struct drawing *d;
	struct path whole;
	int kept = 0;

	move_figures(m);
	d = move_drawing(m);
	if (join_outlines(m, &whole) < 0)
		return -1;
	d->strokes[m->ends[0].outline].path = whole;
	for (int i = 0; i < d->stroke_count; i++)
		if (i != m->ends[1].outline && i != m->ends[0].waves && i != m->ends[1].waves)
			d->strokes[kept++] = d->strokes[i];
	d->stroke_count = kept;
	return 0;
}

/* Whether a line is drawn right under all of the lettering. */
static bool is_underlined(const struct reader *reader, const struct reading *r)
{
	const struct drawing *d = reader->drawing;
	struct vec u = vec_polar(1, r->text->angle_rad);

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];
		const struct seg *seg = &s->path.segs[0];
		double from, to, down;

		if (s->layer != LAYER_SYMBOL || s->path.count != 1 || seg->kind != SEG_LINE)
			continue;
		from = vec_dot(vec_sub(seg->a, r->at), u);
		to = vec_dot(vec_sub(seg->b, r->at), u);
		down = -vec_cross(u, vec_sub(seg->a, r->at));
		if (fabs(min2(from, to)) < UNDER_MM && fabs(max2(from, to) - r->width) < UNDER_MM &&
		    fabs(down + vec_cross(u, vec_sub(seg->b, r->at))) < READER_SAME_MM &&
		    down > 0 && down < UNDER_MAX * r->text->height_mm)
			return true;
	}
	return false;
}

/* Whether it is a length along the part that bears a number. */
static bool is_length(const struct figure *f)
{
	return f->kind == FIGURE_LINEAR && f->reading &&
	       f->reading->callout.kind == CALLOUT_LINEAR &&
	       fabs(f->tip[0].y - f->tip[1].y) < READER_SAME_MM;
}

/* Numbers are underlined where they lead across what is off scale, and only there. */
static int check_underlines(const struct mender *m)
{
	const struct reader *r = m->reader;

	for (int i = 0; i < r->figure_count; i++) {
		const struct figure *f = &r->figures[i];
		bool across =
			is_length(f) && (f->tip[0].x - m->middle) * (f->tip[1].x - m->middle) < 0;

		if (f->reading && across != is_underlined(r, f->reading))
			return err_set(m->err, ERR_FORMAT,
				       "the text '%s' is %sunderlined, though its dimension leads "
				       "%s what is off scale",
				       f->reading->text->utf8, across ? "not " : "",
				       across ? "across" : "not across");
	}
	return 0;
}

/* Makes the step that all underlined numbers lead across as long as its own says. */
static int mend_scale(struct mender *m)
{
	const struct reader *r = m->reader;
	const struct figure *own = NULL;
	double from = -INFINITY, to = INFINITY;

	for (int i = 0; i < r->figure_count; i++) {
		const struct figure *f = &r->figures[i];
		double a = min2(f->tip[0].x, f->tip[1].x), b = max2(f->tip[0].x, f->tip[1].x);

		if (!is_length(f) || !is_underlined(r, f->reading))
			continue;
		if (!own || b - a < fabs(own->tip[1].x - own->tip[0].x))
			own = f;
		from = max2(from, a);
		to = min2(to, b);
	}
	if (!own)
		return 0;
	if (fabs(to - from - fabs(own->tip[1].x - own->tip[0].x)) > READER_SAME_MM)
		return err_set(
			m->err, ERR_FORMAT,
			"the underlined numbers do not all lead across one that is underlined");
	m->middle = (from + to) / 2;
	m->moved = (double)own->reading->callout.value / 1000 * r->drawing->scale - (to - from);
	if (fabs(m->moved) < READER_SAME_MM)
		return err_set(m->err, ERR_FORMAT, "the text '%s' is underlined, though to scale",
			       own->reading->text->utf8);
	if (check_underlines(m) < 0)
		return -1;
	move_figures(m);
	move_drawing(m);
	return 0;
}

int turned_mend(struct reader *reader, struct err *err)
{
	struct mender m = {.reader = reader, .err = err};
	int rc = find_ends(&m);

	if (rc == 0)
		return mend_scale(&m);
	if (rc < 0 || find_missing(&m) < 0)
		return -1;
	return mend_interruption(&m);
}
