/* SPDX-License-Identifier: MIT */
/*
 * A stroke is drawn run by run, a run being what lies between two corners. Its middle line is the
 * exact track, moved aside by
 *
 *	sway(s) = W (wave(s) + bow 4t(1-t) + start (1-t) + end t),	t = s / length
 *
 * where wave is a sum of sines of 8 to 60 mm, |wave| <= 1, and bow, start and end are at most 1. W is
 * the style's wobble, less for short lines, and little of it along a ruler. The run begins and ends
 * some way past its ends, or short of them; circles are gone round by a little more than once. Then
 * it is cut: by its line type into dashes, as even as a hand counts them, and by the pen where no ink
 * comes. Every piece is a trace.
 *
 * A run that would meet lettering is drawn once more with half the sway, and so on; without sway and
 * overshoot it is the stroke itself. Sources: Meraj et al. 2008, "Mimicking hand-drawn pencil lines"
 * (lines sway slowly and end short or late); Li et al. 2022, "Free2CAD" (lines gone over, drawn along
 * longer faint ones).
 */
#include <config.h>

#include <math.h>

#include "render/hand/hand.h"
#include "render/hand/traces.h"
#include "render/hand/track.h"

#define WAVES 3
#define WAVE_MM_MIN 8.0 /* of the sway */
#define WAVE_MM_MAX 60.0
#define PRESS_MM_MIN 10.0 /* of width and darkness */
#define PRESS_MM_MAX 60.0
#define SETTLED_MM 30.0   /* lines shorter than this sway less */
#define LEAST_SWAY 0.25   /* the shortest: this much of it */
#define SWAYS 3           /* wave, bow and ends: so far from the track, in sways */
#define CAREFUL 0.1       /* of its sway, a line of the frame */
#define AGAIN 1.3         /* sway of a line gone over once more */
#define STEP_MM 1.0       /* from point to point */
#define RULED_STEP_MM 2.5 /* of a straight line along a ruler, which hardly sways */
#define STEP_SHARE 0.25   /* at most this much of a run */
#define DASH_CV 0.25      /* of dashes and gaps, at most */
#define SKIP_MM_MIN 0.2   /* without ink */
#define SKIP_MM_MAX 0.8
#define LEAST_DASH_MM 0.08
#define CLEAR_MM 0.12    /* between ink and lettering */
#define FITS 3           /* halvings of the sway before the line is drawn exactly */
#define LONG_MM 12.0     /* lines shorter than this overshoot less */
#define LAP_MM 2.5       /* by which a circle is gone round again, at most */
#define FAINT 0.3        /* darkness of construction lines */
#define FAINT_MM_MIN 4.0 /* by which they are longer */
#define FAINT_MM_MAX 18.0
#define BLOT 1.5 /* width of a blot over that of its line */

/* A slow sum of sines, the longer the larger; |value| <= 1. */
struct wave {
	double k[WAVES], phase[WAVES], share[WAVES];
};

/* One run while it is drawn. */
struct run {
	struct hand *hand;
	struct track *track;
	enum trace_kind kind;
	int stroke;
	enum line_type type;
	double width_mm, darkness;
	double sway_mm, bow, start, end; /* the last three in parts of the first */
	double from, to;                 /* where the pen is put down and lifted */
	double fit;                      /* of the sway: 1, a half, ..., 0 */
	struct wave side, press, shade;
};

static struct wave wave_new(struct hand *h, double shortest_mm, double longest_mm)
{
	struct wave w;
	double sum = 0;

	for (int i = 0; i < WAVES; i++) {
		w.share[i] = hand_between(h, shortest_mm, longest_mm);
		w.k[i] = 2 * M_PI / w.share[i];
		w.phase[i] = hand_between(h, 0, 2 * M_PI);
		sum += w.share[i];
	}
	for (int i = 0; i < WAVES; i++)
		w.share[i] /= sum;
	return w;
}

static double wave_at(const struct wave *w, double s)
{
	double sum = 0;

	for (int i = 0; i < WAVES; i++)
		sum += w->share[i] * sin(w->k[i] * s + w->phase[i]);
	return sum;
}

double traces_reach_mm(const struct style *style)
{
	double aside = 4 * AGAIN * hand_sway_mm(style);
	double along = (style->overshoot_mm + SKIP_MM_MAX) / 2 + 2 * style->thin_mm;

	return hypot(aside, along) + HAND_ARROW_JITTER * style->arrow_mm;
}

/* The middle of the line at length s. */
static struct vec run_at(const struct run *run, double s)
{
	double length = run->track->length, t = s / length, sway;
	struct vec along, p = track_at(run->track, s, &along);

	sway = wave_at(&run->side, s) + run->bow * 4 * t * (1 - t) + run->start * (1 - t) +
	       run->end * t;
	if (t < 0 || t > 1) /* past its ends the line goes on as it came */
		sway = wave_at(&run->side, s) + (t < 0 ? run->start : run->end);
	return vec_add(p, vec_scale(vec_perp(along), run->fit * run->sway_mm * sway));
}

static int step_count(const struct run *run, double from, double to)
{
	bool straight = run->track->count == 2;
	double ruled = run->hand->freehand ? STEP_MM : RULED_STEP_MM;
	double step = straight ? ruled : STEP_MM / 2;

	step = min2(step, run->track->length * (straight ? STEP_SHARE : STEP_SHARE / 4));
	return (int)ceil((to - from) / step) + 1;
}

/* Most lines have no lettering anywhere near: then their sway need not be known. */
static bool run_meets_text(const struct run *run)
{
	const struct hand *h = run->hand;
	double clear = run->width_mm * (1 + h->pen->vary) / 2 + CLEAR_MM;
	double past = max2(-run->from, run->to - run->track->length);
	int n = step_count(run, run->from, run->to);
	struct vec *points;

	if (!hand_is_near_text(h, run->track->points, run->track->count,
			       clear + SWAYS * run->sway_mm + max2(past, 0)))
		return false;
	points = ARENA_NEW(h->arena, struct vec, n);
	for (int i = 0; i < n; i++)
		points[i] = run_at(run, run->from + (run->to - run->from) * i / max2(n - 1, 1));
	return hand_meets_text(h, points, n, clear);
}

/* A thinner line where the pen comes down and goes up. */
static double tapered(const struct run *run, double s)
{
	double taper = run->hand->pen->taper_mm, end = min2(s - run->from, run->to - s);

	return taper > 0 && end < taper ? 0.65 + 0.35 * end / taper : 1;
}

static struct trace_point ink_at(const struct run *run, double s)
{
	const struct pen *pen = run->hand->pen;
	double width = run->width_mm * tapered(run, s), dark = run->darkness;

	if (pen->vary > 0)
		width *= 1 + pen->vary * wave_at(&run->press, s);
	if (pen->fade > 0)
		dark *= 1 - pen->fade * (0.5 + 0.5 * wave_at(&run->shade, s));
	return (struct trace_point){run_at(run, s), width, dark};
}

/* Along the inside of a bend points come closer than their widths allow: then the wider one gives way. */
static void even_widths(struct trace *trace)
{
	struct trace_point *p = trace->points;

	for (int i = 1; i < trace->count; i++)
		p[i].width_mm =
			min2(p[i].width_mm,
			     p[i - 1].width_mm +
				     TRACE_TAPER * vec_length(vec_sub(p[i].at, p[i - 1].at)));
	for (int i = trace->count - 1; i > 0; i--)
		p[i - 1].width_mm = min2(
			p[i - 1].width_mm,
			p[i].width_mm + TRACE_TAPER * vec_length(vec_sub(p[i].at, p[i - 1].at)));
}

static void add_trace(struct run *run, double from, double to)
{
	struct hand *h = run->hand;
	struct trace *trace = drawing_add_trace(h->drawing, h->arena);
	int n = step_count(run, from, to);

	trace->kind = run->kind;
	trace->stroke = run->stroke;
	trace->count = n;
	trace->points = ARENA_NEW(h->arena, struct trace_point, n);
	for (int i = 0; i < n; i++)
		trace->points[i] = ink_at(run, from + (to - from) * i / max2(n - 1, 1));
	even_widths(trace);
}

/* How far the pen goes before no ink comes. */
static double next_skip(struct hand *h)
{
	if (h->pen->skips_per_m <= 0)
		return INFINITY;
	return -log(1 - rng_unit(h->rng)) * 1000 / h->pen->skips_per_m;
}

/* A dash, or the whole run, but where no ink comes. */
static void add_inked(struct run *run, double from, double to, double *skip)
{
	struct hand *h = run->hand;

	while (*skip < to) {
		if (*skip - from > LEAST_DASH_MM)
			add_trace(run, from, *skip);
		from = max2(from, *skip + hand_between(h, SKIP_MM_MIN, SKIP_MM_MAX));
		*skip = from + next_skip(h);
	}
	if (to - from > LEAST_DASH_MM)
		add_trace(run, from, to);
}

static void add_dashes(struct run *run)
{
	struct hand *h = run->hand;
	int count;
	const double *dashes = line_type_dashes(run->type, &count);
	double s = run->from, skip = run->from + next_skip(h), unit;

	if (count == 0) {
		add_inked(run, run->from, run->to, &skip);
		return;
	}
	unit = h->drawing->strokes[run->stroke].width_mm;
	for (int i = 0; s < run->to; i++) {
		double piece = dashes[i % count] * unit * (1 + DASH_CV * hand_about(h));

		if (i % 2 == 0)
			add_inked(run, s, min2(s + piece, run->to), &skip);
		s += piece;
	}
}

/* Where a pen rests at the end of a line. */
static void add_blot(struct run *run, double s)
{
	struct hand *h = run->hand;
	struct trace_point point = ink_at(run, s);
	struct trace *trace;

	point.width_mm = run->width_mm * BLOT;
	if (!rng_chance(h->rng, h->pen->blots) || run->fit < 1 ||
	    hand_meets_text(h, &point.at, 1, point.width_mm / 2 + CLEAR_MM))
		return;
	trace = drawing_add_trace(h->drawing, h->arena);
	trace->kind = run->kind;
	trace->stroke = run->stroke;
	trace->count = 1;
	trace->points = ARENA_NEW(h->arena, struct trace_point, 1);
	trace->points[0] = point;
}

/* How much of the style's overshoot lines of a layer have: arrowheads end a dimension line. */
static double overshoot_of(enum layer layer)
{
	switch (layer) {
	case LAYER_OUTLINE:
	case LAYER_HIDDEN:
		return 1;
	case LAYER_CENTRE:
	case LAYER_EXTENSION:
		return 0.6;
	case LAYER_THIN:
	case LAYER_HATCH:
	case LAYER_FRAME:
		return 0.4;
	case LAYER_SECTION:
	case LAYER_NOTE:
	case LAYER_SYMBOL:
	case LAYER_DIMENSION:
	case LAYER_COUNT_:
		break;
	}
	return 0;
}

/* By how much an end is missed: along a ruler nearly always past it. */
static double missed_mm(struct run *run, enum layer layer)
{
	struct hand *h = run->hand;
	double much = h->style->overshoot_mm * overshoot_of(layer), e = hand_about(h);

	much *= min2(1, run->track->length / LONG_MM);
	if (!h->freehand)
		e = e < -0.6 ? 0.3 * e : fabs(e);
	return much * max2(e, -0.5);
}

static void set_ends(struct run *run, enum layer layer)
{
	struct hand *h = run->hand;
	double length = run->track->length, lap = min2(LAP_MM, length / 10);

	run->from = 0;
	run->to = length;
	if (run->track->closed) {
		run->from = hand_between(h, 0, length);
		run->to = run->from + length + hand_between(h, 0.2, 1) * lap;
		return;
	}
	run->from -= missed_mm(run, layer);
	run->to += missed_mm(run, layer);
}

/* How much of the sway a line has by its length and layer: the sheet's frame is drawn with care. */
static double share_of_sway(const struct run *run, enum layer layer)
{
	double share = min2(1, LEAST_SWAY + run->track->length / SETTLED_MM);

	return share * (layer == LAYER_FRAME ? CAREFUL : 1);
}

static void set_sway(struct run *run, enum layer layer)
{
	struct hand *h = run->hand;

	run->sway_mm =
		h->sway_mm * share_of_sway(run, layer) * (run->kind == TRACE_AGAIN ? AGAIN : 1);
	run->bow = run->track->closed ? 0 : hand_about(h);
	run->start = hand_about(h);
	run->end = hand_about(h);
	run->side = wave_new(h, WAVE_MM_MIN, WAVE_MM_MAX);
	run->press = wave_new(h, PRESS_MM_MIN, PRESS_MM_MAX);
	run->shade = wave_new(h, PRESS_MM_MIN, PRESS_MM_MAX);
	run->fit = 1;
}

/* Less sway, until it stands clear of lettering. */
static void make_fit(struct run *run)
{
	const struct stroke *stroke = &run->hand->drawing->strokes[run->stroke];

	for (int i = 0; run_meets_text(run); i++) {
		double keep = i < FITS ? 0.5 : 0, length = run->track->length;

		run->fit *= keep;
		if (!run->track->closed) {
			run->from *= keep;
			run->to = length + keep * (run->to - length);
		}
		if (keep == 0) {
			run->width_mm =
				min2(run->width_mm, stroke->width_mm / (1 + run->hand->pen->vary));
			return;
		}
	}
}

static void draw_run(struct hand *h, struct track *track, int stroke, enum trace_kind kind)
{
	const struct stroke *s = &h->drawing->strokes[stroke];
	struct run run = {.hand = h,
			  .track = track,
			  .kind = kind,
			  .stroke = stroke,
			  .type = s->line_type,
			  .width_mm = pen_width_mm(h->pen, s->width_mm, h->style->thin_mm),
			  .darkness = 1};

	set_sway(&run, s->layer);
	set_ends(&run, s->layer);
	make_fit(&run);
	add_dashes(&run);
	if (run.type == LINE_CONTINUOUS && !track->closed) {
		add_blot(&run, run.from);
		add_blot(&run, run.to);
	}
}

/* Both ends are past those of the edge; none where lettering stands. */
static void draw_construction(struct hand *h, struct track *track, int stroke)
{
	struct run run = {.hand = h,
			  .track = track,
			  .kind = TRACE_CONSTRUCTION,
			  .stroke = stroke,
			  .type = LINE_CONTINUOUS,
			  .width_mm = pen_width_mm(h->pen, h->style->thin_mm, h->style->thin_mm),
			  .darkness = FAINT};

	set_sway(&run, LAYER_THIN);
	run.from = -hand_between(h, FAINT_MM_MIN, FAINT_MM_MAX);
	run.to = track->length + hand_between(h, FAINT_MM_MIN, FAINT_MM_MAX);
	if (!run_meets_text(&run))
		add_trace(&run, run.from, run.to);
}

/* Whether one would draw a longer line first. */
static bool is_worth_a_line(const struct track *track)
{
	return !track->closed && track->count == 2 && track->length >= LONG_MM;
}

static void draw_stroke(struct hand *h, int index)
{
	struct stroke s = h->drawing->strokes[index];
	bool outline = s.layer == LAYER_OUTLINE;
	bool again = outline && rng_chance(h->rng, h->style->double_share);
	struct track_cursor cursor = {0};
	struct track track;

	while (track_next(&track, &s.path, &cursor, h->arena)) {
		if (outline && rng_chance(h->rng, h->style->construction_share) &&
		    is_worth_a_line(&track))
			draw_construction(h, &track, index);
		draw_run(h, &track, index, TRACE_LINE);
		if (again)
			draw_run(h, &track, index, TRACE_AGAIN);
	}
}

void traces_from_drawing(struct drawing *drawing, const struct style *style, struct rng *rng,
			 struct arena *arena)
{
	struct hand h;

	if (style->lines == STYLE_LINES_PLOTTED)
		return;
	h = hand_new(drawing, style, rng, arena);
	drawing->paleness = hand_between(&h, h.pen->pale[0], h.pen->pale[1]);
	for (int i = 0; i < drawing->stroke_count; i++)
		draw_stroke(&h, i);
	for (int i = 0; i < drawing->arrow_count; i++)
		hand_draw_arrow(&h, i);
}
