/* SPDX-License-Identifier: MIT */
/*
 * A letter is its allograph's control points, moved four times: by the writer's habit, which is the
 * same each time; by noise that runs along the stroke (first-order autoregressive: white noise would
 * look like frost, not like a hand); by a bend of the whole letter; by turn and scale. Corners cut
 * the strokes into runs; each run is a centripetal Catmull-Rom spline through its points.
 *
 * Random streams hang on keys, never on the order of calls: what decides widths on (writer, text,
 * number of the letter), what decides shapes on the number of the text as well. The sum of three
 * uniform numbers serves as a normal one: it has no tails, and a letter from the tail could not be
 * read.
 *
 * The pen's speed is v = k^(-1/3) of the curvature k, smoothed; width and ink fall as it rises.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "fonts/font_utf8.h"
#include "fonts/writer.h"

#define H ALLOGRAPH_HEIGHT
#define PI 3.14159265358979323846
#define STEP 0.45         /* between points sent, in allograph units, about */
#define STEPS_MAX 12      /* of one piece of a spline */
#define TRAIL_MAX 640     /* points of one stroke */
#define MEMORY 0.6        /* of the noise along a stroke, from point to point */
#define WANDER_MEMORY 0.8 /* of the baseline, from letter to letter */
#define FILL 0.97         /* of the height, so that large letters fit as well */
#define LEAST_GAP 0.09    /* clear between letters */
#define PEN_MIN 0.07      /* over the height */
#define PEN_MAX 0.13
#define RING_PENS 2.4 /* from middle to middle of a ring's sides, at least */
#define RISE_MAX 0.05
#define OVERSHOOT 0.5  /* of the allograph's own height, in its units: writers keep to lines */
#define SIGN_CALM 0.45 /* of signs' noise: what has few strokes is soon another sign */
#define SMALL_CALM 0.7 /* of small letters' noise and gaps */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const struct allographs *shapes;
static const struct font_strokes *signs;

static void parse_builtin(void)
{
	size_t count = 0;
	const char *const *lines = allographs_builtin(&count);

	shapes = allographs_parse("fonts/hand.strokes", lines, count, NULL);
	signs = font_strokes_builtin(FONT_STROKES_ISO3098);
	assert(shapes);
}

/* Mean 0, deviation 1, within 3. */
static double normal(struct rng *rng)
{
	double sum = rng_unit(rng);

	sum += rng_unit(rng);
	sum += rng_unit(rng);
	return 2 * (sum - 1.5);
}

static double between(struct rng *rng, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(rng);
}

static double clamp(double v, double lo, double hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

struct writer writer_from_rng(struct rng *rng)
{
	struct writer w;
	double care; /* 0: scrawls; 1: letters like a draughtsman */
	uint32_t high = rng_u32(rng), low;

	low = rng_u32(rng);
	w.key = (uint64_t)high << 32 | low;
	w.region = rng_chance(rng, 0.4) ? REGION_AMERICA : REGION_EUROPE;
	care = rng_unit(rng);
	w.slant = tan(clamp(9 + 10 * normal(rng), -12, 30) * PI / 180);
	w.aspect = between(rng, 0.75, 1.3);
	w.size_cv = 0.10 - 0.06 * care;
	w.size_cv *= between(rng, 0.7, 1);
	w.slope = tan(0.6 * PI / 180 * normal(rng));
	w.drift = between(rng, 0.01, 0.02) + 0.025 * (1 - care);
	w.gap = between(rng, 0.10, 0.26);
	w.jitter = between(rng, 0.010, 0.020) + 0.022 * (1 - care);
	w.habit = between(rng, 0.02, 0.05);
	w.warp = between(rng, 0.015, 0.025) + 0.02 * (1 - care);
	w.turn_rad = (1 + 1.5 * (1 - care)) * PI / 180;
	w.rounding = clamp(between(rng, -0.1, 0.35), 0, 0.35);
	w.tremor = clamp(between(rng, -0.006, 0.006), 0, 0.006);
	w.pen_mm = between(rng, 0.3, 0.6);
	w.pressure = between(rng, 0, 0.4);
	w.flick = clamp(between(rng, -0.5, 0.6), 0, 0.6);
	w.fidelity = between(rng, 0.85, 0.95);
	return w;
}

double writer_pen_mm(const struct writer *writer, double height_mm)
{
	return clamp(writer->pen_mm, PEN_MIN * height_mm, PEN_MAX * height_mm);
}

static bool is_small(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0x430 && c <= 0x45f);
}

/* How much of the noise a character bears. */
static double noise_share(uint32_t c)
{
	bool letter =
		(c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 0x400 && c <= 0x42f);

	return letter ? 1 : is_small(c) ? SMALL_CALM : SIGN_CALM;
}

/* The stream of a letter, or of a habit. */
static struct rng stream(uint64_t key, uint64_t a, uint64_t b)
{
	return rng_seed(rng_mix64(key ^ rng_mix64(a)), b);
}

static uint64_t hash_text(const char *utf8)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */

	for (; *utf8; utf8++)
		hash = (hash ^ (unsigned char)*utf8) * 0x100000001b3;
	return hash;
}

static const struct allograph *draw_allograph(const struct writer *w, uint32_t codepoint,
					      struct rng *rng)
{
	const struct allograph *first;
	int n = allographs_of(shapes, codepoint, &first);
	int sum = 0;
	int64_t at;

	for (int i = 0; i < n; i++)
		sum += first[i].weight[w->region];
	if (sum == 0)
		return NULL;
	at = rng_below(rng, (uint32_t)sum);
	for (; at >= first->weight[w->region]; first++)
		at -= first->weight[w->region];
	return first;
}

/* The writer's favourite, or, some times, another. */
static const struct allograph *choose_allograph(const struct writer *w, uint32_t codepoint,
						struct rng *rng)
{
	struct rng habit = stream(w->key, codepoint, 1);
	const struct allograph *favourite = draw_allograph(w, codepoint, &habit);
	const struct allograph *other = draw_allograph(w, codepoint, rng);

	return rng_chance(rng, w->fidelity) ? favourite : other;
}

struct writer_line writer_begin(const struct writer *writer, const char *utf8, double height_mm)
{
	struct writer_line line = {.writer = writer, .at = utf8, .height_mm = height_mm};

	pthread_once(&once, parse_builtin);
	line.pen_mm = writer_pen_mm(writer, height_mm);
	line.text_key = hash_text(utf8);
	return line;
}

/* Rings stay open, however narrow the hand and thick the pen: an 8 without them is a 1. */
static void open_rings(struct writer_letter *letter, uint32_t c, double pen_mm)
{
	double width = letter->allograph->x1 - letter->allograph->x0;
	bool ring = c == '0' || c == '6' || c == '8' || c == '9';

	if (ring && width > 0)
		letter->wide = fmax(letter->wide, RING_PENS * pen_mm / width);
}

bool writer_next(struct writer_line *line, struct writer_letter *letter)
{
	const struct writer *w = line->writer;
	struct rng rng = stream(w->key, line->text_key, 2 * (uint64_t)line->number);
	double unit = (FILL * line->height_mm - line->pen_mm) / H, gap, size, narrow;
	uint32_t codepoint;

	if (!*line->at)
		return false;
	codepoint = font_utf8_next(&line->at);
	*letter = (struct writer_letter){.number = line->number++, .x = line->x};
	letter->allograph = choose_allograph(w, codepoint, &rng);
	letter->glyph = font_strokes_find(signs, codepoint);
	if (!letter->glyph)
		letter->glyph = font_strokes_find(signs, FONT_STROKES_BOX);
	size = 1 + 0.6 * w->size_cv * clamp(normal(&rng), -2, 1.2);
	narrow = 1 + w->size_cv * normal(&rng);
	line->wander = WANDER_MEMORY * line->wander + 0.6 * normal(&rng);
	gap = line->height_mm * clamp(w->gap * (1 + 0.25 * normal(&rng)), LEAST_GAP, 1);
	if (is_small(codepoint))
		gap = fmax(SMALL_CALM * gap, LEAST_GAP * line->height_mm);
	letter->high = unit * size;
	letter->wide = letter->high * w->aspect * narrow;
	if (letter->allograph) {
		open_rings(letter, codepoint, line->pen_mm);
		letter->width = (letter->allograph->x1 - letter->allograph->x0) * letter->wide;
	} else {
		letter->width = (letter->glyph->width - 1) * letter->wide;
	}
	letter->width += line->pen_mm;
	letter->rise = line->height_mm *
		       clamp(w->drift * line->wander + w->slope * line->x / line->height_mm,
			     -RISE_MAX, RISE_MAX);
	line->width_mm = line->x + letter->width + fabs(w->slant) * line->height_mm;
	line->x += letter->width + gap;
	return true;
}

/* A place of the pen, in allograph units. */
struct place {
	double x, y;
	bool down, corner;
};

/* What bends, turns and tilts one letter. */
struct bend {
	double push[2], pull[2], phase[2], c, s, middle;
};

static struct bend draw_bend(const struct writer *w, double middle, double share, struct rng *rng)
{
	double warp = share * w->warp * H;
	struct bend b = {.middle = middle};
	double turn = w->turn_rad * normal(rng);

	for (int i = 0; i < 2; i++) {
		b.push[i] = warp * normal(rng);
		b.pull[i] = warp * normal(rng);
		b.phase[i] = 2 * PI * rng_unit(rng);
	}
	b.c = cos(turn);
	b.s = sin(turn);
	return b;
}

static struct place bent(const struct bend *b, struct place p)
{
	double x = p.x - b->middle, y = p.y - H / 2;
	double tall = y * PI / H, across = x * PI / H;

	x += b->push[0] * sin(tall + b->phase[0]) + b->push[1] * sin(2 * across + b->phase[1]);
	y += b->pull[0] * sin(tall + b->phase[1]) + b->pull[1] * sin(2 * across + b->phase[0]);
	p.x = b->c * x - b->s * y;
	p.y = b->s * x + b->c * y + H / 2;
	return p;
}

/* Two values that wander along a stroke. */
struct noise {
	double x, y;
};

static void noise_step(struct noise *n, double deviation, bool afresh, struct rng *rng)
{
	double keep = afresh ? 0 : MEMORY, add = sqrt(1 - keep * keep) * deviation;

	n->x = keep * n->x + add * normal(rng);
	n->y = keep * n->y + add * normal(rng);
}

/* Squeezes one coordinate of the points into lo..hi, where they leave it. */
static void squeeze(double *at, int n, double lo, double hi)
{
	const int step = sizeof(struct place) / sizeof(double);
	double least = INFINITY, most = -INFINITY, k;

	for (int i = 0; i < n; i++) {
		least = fmin(least, at[i * step]);
		most = fmax(most, at[i * step]);
	}
	lo = fmax(lo, least);
	hi = fmin(hi, most);
	k = most > least ? (hi - lo) / (most - least) : 1;
	for (int i = 0; i < n; i++)
		at[i * step] = lo + (at[i * step] - least) * k;
}

/* The control points of this instance, its middle at x = 0; returns how many. */
static int deform(const struct writer *w, const struct allograph *a, struct rng *rng,
		  struct place out[ALLOGRAPH_POINTS_MAX])
{
	struct rng habit = stream(w->key, a->codepoint, 4 + (uint64_t)a->first);
	double share = noise_share(a->codepoint), reach = (a->x1 - a->x0) / 2 + OVERSHOOT;
	struct bend always = draw_bend(w, (a->x0 + a->x1) / 2, share, &habit);
	struct bend now = draw_bend(w, 0, share, rng);
	struct noise steady = {0}, fresh = {0};
	double lo = INFINITY, hi = -INFINITY;
	int n = (int)(a->end - a->first);

	for (int i = 0; i < n; i++) {
		const struct allograph_point *from = &shapes->points[a->first + (uint32_t)i];
		struct place p = {from->x, from->y, from->down, from->corner};

		noise_step(&steady, share * w->habit * H, p.down, &habit);
		noise_step(&fresh, share * w->jitter * H, p.down, rng);
		p = bent(&always, p);
		p.x += steady.x + fresh.x;
		p.y += steady.y + fresh.y;
		out[i] = bent(&now, p);
		lo = fmin(lo, out[i].x);
		hi = fmax(hi, out[i].x);
	}
	for (int i = 0; i < n; i++)
		out[i].x -= (lo + hi) / 2;
	squeeze(&out[0].x, n, -reach, reach);
	squeeze(&out[0].y, n, a->y0 - OVERSHOOT, a->y1 + OVERSHOOT);
	return n;
}

/* One stroke as points in mm. */
struct trail {
	struct {
		double x, y, speed;
	} at[TRAIL_MAX];
	int count;
};

static void trail_add(struct trail *t, double x, double y)
{
	if (t->count == TRAIL_MAX)
		return;
	t->at[t->count].x = x;
	t->at[t->count].y = y;
	t->count++;
}

static double knot(const struct place *a, const struct place *b)
{
	return sqrt(hypot(b->x - a->x, b->y - a->y)) + 1e-6;
}

static double mix(double a, double b, double ta, double tb, double t)
{
	return (a * (tb - t) + b * (t - ta)) / (tb - ta);
}

/* One coordinate of the spline between b and c (Barry & Goldman's pyramid). */
static double pyramid(double a, double b, double c, double d, const double k[4], double t)
{
	double ab = mix(a, b, k[0], k[1], t), bc = mix(b, c, k[1], k[2], t);
	double cd = mix(c, d, k[2], k[3], t);

	return mix(mix(ab, bc, k[0], k[2], t), mix(bc, cd, k[1], k[3], t), k[1], k[2], t);
}

/* The spline from p[1] to p[2]. */
static void add_piece(struct trail *trail, const struct place p[4])
{
	double k[4] = {0};
	int steps = (int)clamp(ceil(hypot(p[2].x - p[1].x, p[2].y - p[1].y) / STEP), 1, STEPS_MAX);

	for (int i = 1; i < 4; i++)
		k[i] = k[i - 1] + knot(&p[i - 1], &p[i]);
	for (int i = 1; i <= steps; i++) {
		double t = k[1] + (k[2] - k[1]) * i / steps;

		trail_add(trail, pyramid(p[0].x, p[1].x, p[2].x, p[3].x, k, t),
			  pyramid(p[0].y, p[1].y, p[2].y, p[3].y, k, t));
	}
}

/* Beyond the end of a run its mirror image goes on. */
static struct place beyond(const struct place *end, const struct place *before)
{
	return (struct place){2 * end->x - before->x, 2 * end->y - before->y, false, false};
}

static void add_run(struct trail *trail, const struct place *p, int n)
{
	for (int i = 0; i + 1 < n; i++) {
		struct place four[4] = {i > 0 ? p[i - 1] : beyond(&p[0], &p[1]), p[i], p[i + 1],
					i + 2 < n ? p[i + 2] : beyond(&p[n - 1], &p[n - 2])};

		add_piece(trail, four);
	}
}

static struct place towards(const struct place *from, const struct place *to, double part)
{
	return (struct place){from->x + part * (to->x - from->x),
			      from->y + part * (to->y - from->y), false, false};
}

/* Cuts corners off where the writer does; returns how many points there are then. */
static int round_corners(const struct writer *w, const struct place *p, int n, struct place *out)
{
	int count = 0;

	for (int i = 0; i < n; i++) {
		if (!p[i].corner || i == 0 || i == n - 1 || w->rounding < 0.05) {
			out[count++] = p[i];
			continue;
		}
		out[count++] = towards(&p[i], &p[i - 1], w->rounding / 2);
		out[count++] = towards(&p[i], &p[i + 1], w->rounding / 2);
	}
	return count;
}

static void trail_stroke(const struct writer *w, const struct place *p, int n, struct trail *trail)
{
	struct place round[2 * ALLOGRAPH_POINTS_MAX];
	int first = 0;

	trail->count = 0;
	if (n < 1)
		return;
	n = round_corners(w, p, n, round);
	trail_add(trail, round[0].x, round[0].y);
	for (int i = 1; i < n; i++) {
		if (!round[i].corner && i < n - 1)
			continue;
		add_run(trail, round + first, i - first + 1);
		first = i;
	}
}

/* Speed from curvature, smoothed twice over three points; its mean is 1. */
static void find_speeds(struct trail *t)
{
	double sum = 0;

	for (int i = 0; i < t->count; i++) {
		int a = i > 0 ? i - 1 : i, b = i + 1 < t->count ? i + 1 : i;
		double ux = t->at[i].x - t->at[a].x, uy = t->at[i].y - t->at[a].y;
		double vx = t->at[b].x - t->at[i].x, vy = t->at[b].y - t->at[i].y;
		double length = hypot(ux, uy) + hypot(vx, vy) + 1e-6;
		double turn = a == i || b == i ? PI / 2
					       : fabs(atan2(ux * vy - uy * vx, ux * vx + uy * vy));

		t->at[i].speed = pow(0.1 + 2 * turn / length, -1.0 / 3);
	}
	for (int pass = 0; pass < 2; pass++) {
		double before = t->at[0].speed;

		for (int i = 1; i + 1 < t->count; i++) {
			double own = t->at[i].speed;

			t->at[i].speed = (before + own + t->at[i + 1].speed) / 3;
			before = own;
		}
	}
	for (int i = 0; i < t->count; i++)
		sum += t->at[i].speed;
	for (int i = 0; i < t->count; i++)
		t->at[i].speed *= t->count / sum;
}

/* Shakes the pen across its way, in two waves. */
static void shake(const struct writer *w, struct trail *t, struct rng *rng)
{
	double a = 2 * PI * rng_unit(rng), b = 2 * PI * rng_unit(rng), way = 0;

	for (int i = 1; w->tremor > 0 && i < t->count; i++) {
		double dx = t->at[i].x - t->at[i - 1].x, dy = t->at[i].y - t->at[i - 1].y;
		double step = hypot(dx, dy), by = w->tremor * H;

		if (step < 1e-6)
			continue;
		way += step;
		by *= sin(2.6 * way + a) + 0.6 * sin(4.1 * way + b);
		t->at[i].x -= by * dy / step;
		t->at[i].y += by * dx / step;
	}
}

/* Where a letter goes: from allograph units to the text's mm. */
struct frame {
	double x, y, wide, high, slant;
};

static void send_point(const struct frame *f, double x, double y, bool down,
		       const struct font_sink *sink)
{
	double to_y = f->y + y * f->high, to_x = f->x + x * f->wide + to_y * f->slant;

	if (down)
		sink->move(sink->ctx, to_x, to_y);
	else
		sink->line(sink->ctx, to_x, to_y);
}

static void send_trail(const struct writer_line *line, const struct trail *t, const struct frame *f,
		       double nib_mm, const struct font_sink *sink)
{
	const struct writer *w = line->writer;
	double taper = fmin(6, t->count / 2.0);

	for (int i = 0; i < t->count; i++) {
		double fast = t->at[i].speed - 1;
		double press = clamp(1 - w->pressure * fast, 0.6, 1.5);
		double left = (t->count - 1 - i) / taper;

		if (left < 1)
			press *= 1 - w->flick * (1 - left);
		if (sink->nib)
			sink->nib(sink->ctx, nib_mm * press,
				  clamp(1 - 0.6 * w->pressure * fast, 0.55, 1));
		send_point(f, t->at[i].x, t->at[i].y, i == 0, sink);
	}
}

static void draw_allograph_strokes(const struct writer_line *line,
				   const struct writer_letter *letter, const struct frame *f,
				   double nib_mm, struct rng *rng, const struct font_sink *sink)
{
	struct place places[ALLOGRAPH_POINTS_MAX];
	struct trail trail;
	int n = deform(line->writer, letter->allograph, rng, places);

	for (int i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && !places[end].down;)
			end++;
		trail_stroke(line->writer, places + i, end - i, &trail);
		find_speeds(&trail);
		shake(line->writer, &trail, rng);
		send_trail(line, &trail, f, nib_mm, sink);
	}
}

/* Signs that have no allographs are those of the stroke font, bent. */
static void draw_sign(const struct writer_line *line, const struct writer_letter *letter,
		      const struct frame *f, double nib_mm, struct rng *rng,
		      const struct font_sink *sink)
{
	const struct font_glyph *g = letter->glyph;
	struct bend bend = draw_bend(line->writer, g->width / 2, SIGN_CALM, rng);

	for (uint32_t i = g->first; i < g->end; i++) {
		struct place p = {signs->points[i].x, signs->points[i].y, false, false};

		p = bent(&bend, p);
		if (sink->nib)
			sink->nib(sink->ctx, nib_mm, 1);
		send_point(f, p.x, p.y, signs->points[i].down, sink);
	}
}

void writer_draw(const struct writer_line *line, const struct writer_letter *letter, uint32_t which,
		 double x_mm, const struct font_sink *sink)
{
	const struct writer *w = line->writer;
	struct rng rng = stream(w->key ^ rng_mix64(which + 1), line->text_key,
				2 * (uint64_t)letter->number + 1);
	double nib = line->pen_mm * (1 + 0.05 * normal(&rng));
	struct frame f = {.wide = letter->wide, .high = letter->high, .slant = w->slant};

	f.x = x_mm + letter->x + letter->width / 2;
	f.x += w->slant < 0 ? -w->slant * line->height_mm : 0;
	f.y = letter->rise + line->pen_mm / 2 + (1 - FILL) / 2 * line->height_mm;
	if (letter->allograph)
		draw_allograph_strokes(line, letter, &f, nib, &rng, sink);
	else
		draw_sign(line, letter, &f, nib, &rng, sink);
}
