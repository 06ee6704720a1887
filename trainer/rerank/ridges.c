/* SPDX-License-Identifier: MIT */
/*
 * Ridges are found as in Steger, An Unbiased Detector of Curvilinear Structures, 1998: the picture is
 * blurred by about half a stroke's width; where its darkness is greatest along the direction in which it
 * bends most, a line has its middle. How much it bends there tells the line's width: a line of width w,
 * narrow next to the blur, becomes w times a Gaussian, which bends by w / (sqrt(2 pi) sigma^3).
 */
#include <config.h>

#include "trainer/rerank/ridges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/scene/path.h"

#define PAPER_WINDOW 10 /* the side over this: how far paper is looked for */
#define PAPER_LEAST 8   /* px of it, at least */
#define LEVELS 256
#define WIDTHS 64
#define STROKE_MOST 24  /* the side over this: wider ink is no stroke */
#define SIGMA_LEAST 0.9 /* px: less would see pixels */
#define SIGMA_MOST 4.0
#define BEND_LEAST 0.2   /* of that of lines: less is noise */
#define REACH_SIGMAS 2.5 /* of the blur: how far a stroke reaches from its middle */
#define ACROSS 0.5       /* px: steps across a line */
#define STRAIGHT 0.985   /* cosine of how far a straight line may turn from its axis: 10 degrees */
#define OCTAVES_LESS 1.5 /* of widths that are told apart, below their median, */
#define OCTAVES_MORE 1.0 /* and above it */
#define PARALLEL 0.94    /* cosine of how far a line may turn within GOING_ON: 20 degrees */
#define GOING_ON 5       /* px to either side by which lines are known; digits are smaller */
#define FRAME_LEAST 0.6  /* the side times this: how much of each line of a frame is seen */
#define FRAME_SLOPE 0.1  /* scans are turned by a few degrees */
#define FRAME_OFF 1.5    /* px that its lines are not straight */
#define FRAME_STEP 7     /* rows: from one that is tried to the next */
#define LINE_LEAST 16    /* the side over this: how long a straight line is at least */
#define LINE_GAP 40      /* the side over this: its gaps at most */

struct field {
	int side;
	float *at; /* [side, side] */
};

static struct field field_new(int side, struct arena *arena)
{
	return (struct field){side, ARENA_NEW(arena, float, (size_t)side *(size_t)side)};
}

static float *field_px(const struct field *f, int x, int y)
{
	return f->at + (size_t)y * (size_t)f->side + (size_t)x;
}

static int clamp(int v, int side)
{
	return v < 0 ? 0 : v >= side ? side - 1 : v;
}

/* --- darkness ------------------------------------------------------------------------------- */

/* Sums of what is above and left of each pixel, [side + 1, side + 1]; least: of pixels from that on
 * alone, else of all. */
static void sum_up(const uint8_t *pixels, const struct field *least, int side, uint64_t *sums,
		   uint64_t *counts)
{
	size_t w = (size_t)side + 1;

	for (int y = 0; y < side; y++) {
		uint64_t row = 0, count = 0;

		for (int x = 0; x < side; x++) {
			size_t i = (size_t)y * (size_t)side + (size_t)x;
			size_t to = ((size_t)y + 1) * w + (size_t)x + 1;

			if (!least || (float)pixels[i] >= least->at[i]) {
				row += pixels[i];
				count++;
			}
			sums[to] = sums[to - w] + row;
			counts[to] = counts[to - w] + count;
		}
	}
}

static uint64_t in_window(const uint64_t *sums, int side, int x, int y, int reach)
{
	size_t w = (size_t)side + 1;
	size_t x0 = (size_t)clamp(x - reach, side), x1 = (size_t)clamp(x + reach, side) + 1;
	size_t y0 = (size_t)clamp(y - reach, side), y1 = (size_t)clamp(y + reach, side) + 1;

	return sums[y1 * w + x1] - sums[y0 * w + x1] - sums[y1 * w + x0] + sums[y0 * w + x0];
}

static void mean_of_windows(struct field *mean, const uint8_t *pixels, const struct field *least,
			    struct arena *arena)
{
	int side = mean->side, reach = side / PAPER_WINDOW;
	size_t n = ((size_t)side + 1) * ((size_t)side + 1);
	uint64_t *sums = ARENA_NEW(arena, uint64_t, n), *counts = ARENA_NEW(arena, uint64_t, n);

	if (reach < PAPER_LEAST)
		reach = PAPER_LEAST;
	sum_up(pixels, least, side, sums, counts);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++) {
			double count = (double)in_window(counts, side, x, y, reach);
			double sum = (double)in_window(sums, side, x, y, reach);

			*field_px(mean, x, y) = (float)(sum / max2(1, count));
		}
}

/* 0 where paper is seen to 1 where nothing comes back; paper is what is brighter than the mean. */
static struct field darkness_of(const uint8_t *pixels, int side, struct arena *arena)
{
	struct field mean = field_new(side, arena), dark = field_new(side, arena);

	mean_of_windows(&mean, pixels, NULL, arena);
	mean_of_windows(&dark, pixels, &mean, arena);
	for (size_t i = 0; i < (size_t)side * (size_t)side; i++) {
		double paper = max2(1, dark.at[i]);

		dark.at[i] = (float)max2(0, (paper - pixels[i]) / paper);
	}
	return dark;
}

/* The level that parts a histogram in two so that their means are farthest apart (Otsu 1979). */
static int otsu(const uint64_t histogram[LEVELS])
{
	double all = 0, moment = 0, low = 0, low_moment = 0, best = -1;
	int level = 0;

	for (int i = 0; i < LEVELS; i++) {
		all += (double)histogram[i];
		moment += (double)histogram[i] * i;
	}
	for (int i = 0; i + 1 < LEVELS; i++) {
		double apart, high;

		low += (double)histogram[i];
		low_moment += (double)histogram[i] * i;
		high = all - low;
		if (low <= 0 || high <= 0)
			continue;
		apart = low_moment / low - (moment - low_moment) / high;
		if (low * high * apart * apart > best) {
			best = low * high * apart * apart;
			level = i + 1;
		}
	}
	return level;
}

static int level_of(double v, double most)
{
	return (int)(max2(0, min2(1, v / most)) * (LEVELS - 1));
}

/* --- how wide strokes are ------------------------------------------------------------------- */

/* Lengths of runs of ink along x, or along y where across is true, at each of their pixels. */
static void runs_of(const struct field *dark, int least, bool across, uint8_t *runs)
{
	int side = dark->side;

	for (int i = 0; i < side; i++)
		for (int k = 0, end; k < side; k = end + 1) {
			for (end = k; end < side; end++) {
				float v =
					across ? *field_px(dark, i, end) : *field_px(dark, end, i);

				if (level_of(v, 1) < least)
					break;
			}
			for (int j = k; j < end; j++) {
				size_t x = (size_t)(across ? i : j), y = (size_t)(across ? j : i);

				runs[y * (size_t)side + x] =
					(uint8_t)(end - k < WIDTHS ? end - k : WIDTHS - 1);
			}
		}
}

/* Three quarters of the ink belong to strokes no wider than that. */
static int stroke_width(const struct field *dark, struct arena *arena)
{
	size_t n = (size_t)dark->side * (size_t)dark->side, ink = 0, sum = 0;
	uint8_t *along = ARENA_NEW(arena, uint8_t, n), *across = ARENA_NEW(arena, uint8_t, n);
	uint64_t histogram[LEVELS] = {0};
	size_t widths[WIDTHS] = {0};
	int least, width = 1;

	for (size_t i = 0; i < n; i++)
		histogram[level_of(dark->at[i], 1)]++;
	least = otsu(histogram);
	runs_of(dark, least, false, along);
	runs_of(dark, least, true, across);
	for (size_t i = 0; i < n; i++) {
		uint8_t w = along[i] < across[i] ? along[i] : across[i];

		if (w == 0 || w > dark->side / STROKE_MOST)
			continue;
		widths[w]++;
		ink++;
	}
	while (width < WIDTHS - 1 && 4 * (sum += widths[width]) < 3 * ink)
		width++;
	return width;
}

/* --- blur ----------------------------------------------------------------------------------- */

static struct field blurred(const struct field *f, double sigma, struct arena *arena)
{
	struct field half = field_new(f->side, arena), whole = field_new(f->side, arena);
	int reach = (int)ceil(3 * sigma);
	float weights[3 * (int)SIGMA_MOST + 2];
	double sum = 0;

	for (int i = 0; i <= reach; i++) {
		weights[i] = (float)exp(-i * i / (2 * sigma * sigma));
		sum += (i ? 2 : 1) * weights[i];
	}
	for (int y = 0; y < f->side; y++)
		for (int x = 0; x < f->side; x++) {
			double v = 0;

			for (int i = -reach; i <= reach; i++)
				v += weights[abs(i)] * *field_px(f, clamp(x + i, f->side), y);
			*field_px(&half, x, y) = (float)(v / sum);
		}
	for (int y = 0; y < f->side; y++)
		for (int x = 0; x < f->side; x++) {
			double v = 0;

			for (int i = -reach; i <= reach; i++)
				v += weights[abs(i)] * *field_px(&half, x, clamp(y + i, f->side));
			*field_px(&whole, x, y) = (float)(v / sum);
		}
	return whole;
}

/* --- ridges --------------------------------------------------------------------------------- */

/* Whether the pixel holds a ridge; its width is how much it bends. */
static bool ridge_at(const struct field *f, int x, int y, struct ridge *ridge)
{
	double v = *field_px(f, x, y);
	double left = *field_px(f, x - 1, y), right = *field_px(f, x + 1, y);
	double up = *field_px(f, x, y - 1), down = *field_px(f, x, y + 1);
	double gx = (right - left) / 2, gy = (down - up) / 2;
	double xx = left + right - 2 * v, yy = up + down - 2 * v;
	double xy = (*field_px(f, x + 1, y + 1) - *field_px(f, x - 1, y + 1) -
		     *field_px(f, x + 1, y - 1) + *field_px(f, x - 1, y - 1)) /
		    4;
	double bend = (xx + yy) / 2 - hypot((xx - yy) / 2, xy), size, t;
	struct vec n = fabs(bend - xx) > fabs(bend - yy) ? vec(xy, bend - xx) : vec(bend - yy, xy);

	size = vec_length(n);
	if (bend >= 0 || size <= 0)
		return false;
	n = vec_scale(n, 1 / size);
	t = -(gx * n.x + gy * n.y) / bend;
	if (fabs(t * n.x) > 0.55 || fabs(t * n.y) > 0.55) /* a little more than the pixel */
		return false;
	*ridge = (struct ridge){.x = (float)(x + t * n.x),
				.y = (float)(y + t * n.y),
				.nx = (float)n.x,
				.ny = (float)n.y,
				.width = (float)-bend};
	return true;
}

static double between_px(const struct field *f, double x, double y)
{
	int u = (int)floor(x), v = (int)floor(y), last = f->side - 1;
	double s = x - u, t = y - v;

	if (u < 0 || v < 0 || u >= last || v >= last)
		return 0;
	return (1 - t) * ((1 - s) * *field_px(f, u, v) + s * *field_px(f, u + 1, v)) +
	       t * ((1 - s) * *field_px(f, u, v + 1) + s * *field_px(f, u + 1, v + 1));
}

/* All the darkness across a ridge, as far as its stroke may reach. */
static float width_of(const struct ridge *r, const struct field *dark, double reach)
{
	double sum = 0;

	for (double off = -reach; off <= reach; off += ACROSS)
		sum += between_px(dark, r->x + off * r->nx, r->y + off * r->ny);
	return (float)(ACROSS * sum);
}

static int compare_floats(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of those of at least a hundredth, that share is less wide, or bends less; 1 of none. */
static double quantile_width(const struct ridge *list, int count, double share, struct arena *arena)
{
	float *widths = ARENA_NEW(arena, float, (size_t)count + 1);
	int n = 0;

	for (int i = 0; i < count; i++)
		if (list[i].width > 0.01F)
			widths[n++] = list[i].width;
	qsort(widths, (size_t)n, sizeof(*widths), compare_floats);
	return n ? widths[n - 1 - (int)((1 - share) * n)] : 1;
}

/* Whether a ridge of the same direction is at a pixel, or next to it. */
static bool has_parallel(const struct ridges *r, const int32_t *at, const struct ridge *ridge,
			 double x, double y)
{
	int u = (int)lround(x), v = (int)lround(y);

	for (int k = 0; k < 9; k++) {
		int column = u + k % 3 - 1, row = v + k / 3 - 1;
		int32_t i;

		if (column < 0 || row < 0 || column >= r->side || row >= r->side)
			continue;
		i = at[(size_t)row * (size_t)r->side + (size_t)column];
		if (i >= 0 &&
		    fabs(r->list[i].nx * ridge->nx + r->list[i].ny * ridge->ny) >= PARALLEL)
			return true;
	}
	return false;
}

/* Lettering is wider where strokes meet. Returns how many go on, which are copied into the list. */
static int find_going_on(struct ridges *r, struct ridge *list, struct arena *arena)
{
	size_t pixels = (size_t)r->side * (size_t)r->side;
	int32_t *at = ARENA_NEW(arena, int32_t, pixels);
	int n = 0;

	memset(at, -1, pixels * sizeof(*at));
	for (int i = 0; i < r->count; i++)
		at[(size_t)lround(r->list[i].y) * (size_t)r->side + (size_t)lround(r->list[i].x)] =
			i;
	for (int i = 0; i < r->count; i++) {
		struct ridge *ridge = &r->list[i];

		ridge->goes_on = true;
		for (int off = -GOING_ON; off <= GOING_ON && ridge->goes_on; off++)
			ridge->goes_on =
				has_parallel(r, at, ridge, ridge->x - (double)off * ridge->ny,
					     ridge->y + (double)off * ridge->nx);
		if (ridge->goes_on)
			list[n++] = *ridge;
	}
	return n;
}

/* By its logarithm, as lettering and crossings are wider than thick lines, but by less than these are than thin ones. */
static int width_level(double width, double median)
{
	double octaves = width > 0 ? log2(width / median) : -INFINITY;

	return level_of(max2(0, octaves + OCTAVES_LESS), OCTAVES_LESS + OCTAVES_MORE);
}

static void part_widths(struct ridges *r, struct arena *arena)
{
	struct ridge *lines = ARENA_NEW(arena, struct ridge, (size_t)r->count + 1);
	int count = find_going_on(r, lines, arena), least;
	double median = quantile_width(lines, count, 0.5, arena);
	uint64_t histogram[LEVELS] = {0};

	for (int i = 0; i < count; i++)
		histogram[width_level(lines[i].width, median)]++;
	least = otsu(histogram);
	for (int i = 0; i < r->count; i++)
		r->list[i].is_thick = width_level(r->list[i].width, median) >= least;
}

static void find_ridges(struct ridges *r, const struct field *dark, double sigma,
			struct arena *arena)
{
	size_t pixels = (size_t)r->side * (size_t)r->side;
	struct field f = blurred(dark, sigma, arena);
	int count = 0;
	double usual;

	r->list = ARENA_NEW(arena, struct ridge, pixels);
	for (int y = 1; y < r->side - 1; y++)
		for (int x = 1; x < r->side - 1; x++)
			count += ridge_at(&f, x, y, &r->list[count]);
	usual = quantile_width(r->list, count, 0.95, arena);
	for (int i = 0; i < count; i++) {
		struct ridge *ridge = &r->list[r->count];

		if (r->list[i].width < BEND_LEAST * usual)
			continue;
		*ridge = r->list[i];
		ridge->width = width_of(ridge, dark, REACH_SIGMAS * sigma);
		r->count++;
	}
}

/* --- frames --------------------------------------------------------------------------------- */

/* Nearly along an axis: across = at + slope * along. */
struct side_line {
	double at, slope;
};

/* Of each row, or column, the thick line that is outermost on one side; NAN: none. */
static void outermost(const struct ridges *r, bool upright, bool last, double *at)
{
	for (int i = 0; i < r->side; i++)
		at[i] = NAN;
	for (int i = 0; i < r->count; i++) {
		const struct ridge *p = &r->list[i];
		double across = upright ? p->x : p->y;
		double *now = &at[lround(upright ? p->y : p->x)];

		if (p->is_thick && p->goes_on &&
		    (isnan(*now) || (last ? across > *now : across < *now)))
			*now = across;
	}
}

/* Whether most of these are on one line: that through two of them which has the most. */
static bool find_side(const double *at, int side, struct side_line *line)
{
	int most = 0;

	for (int i = 0; i < side / 2; i += FRAME_STEP)
		for (int k = i + side / 3; k < side; k += FRAME_STEP) {
			struct side_line one = {0, (at[k] - at[i]) / (k - i)};
			int count = 0;

			one.at = at[i] - one.slope * i;
			if (isnan(one.at) || fabs(one.slope) > FRAME_SLOPE)
				continue;
			for (int n = 0; n < side; n++)
				count += fabs(at[n] - one.at - one.slope * n) <= FRAME_OFF;
			if (count > most) {
				most = count;
				*line = one;
			}
		}
	return most >= FRAME_LEAST * side;
}

/* A frame, and what is outside of it, is nothing that a program says. Whether there is one. */
static bool drop_frame(struct ridges *r, struct arena *arena)
{
	struct side_line sides[4];
	double *at = ARENA_NEW(arena, double, r->side);
	int count = 0;

	for (int i = 0; i < 4; i++) {
		outermost(r, i < 2, i % 2, at);
		if (!find_side(at, r->side, &sides[i]))
			return false;
	}
	for (int i = 0; i < r->count; i++) {
		const struct ridge *p = &r->list[i];
		bool inside = true;

		for (int k = 0; k < 4; k++) {
			double across = k < 2 ? p->x : p->y, along = k < 2 ? p->y : p->x;
			double off = across - sides[k].at - sides[k].slope * along;

			inside = inside && (k % 2 ? -off : off) > 2 * FRAME_OFF;
		}
		if (inside)
			r->list[count++] = *p;
	}
	r->count = count;
	return true;
}

/* --- straight lines ------------------------------------------------------------------------- */

static void add_line(struct ridge_lines *lines, struct ridge_line line, struct arena *arena)
{
	if (lines->count == lines->room) {
		struct ridge_line *more =
			ARENA_NEW(arena, struct ridge_line, 2 * (size_t)lines->room + 32);

		if (lines->count)
			memcpy(more, lines->list, (size_t)lines->count * sizeof(*more));
		lines->list = more;
		lines->room = 2 * lines->room + 32;
	}
	lines->list[lines->count++] = line;
}

/* What of a strip three pixels wide is covered, by steps of a pixel. */
struct strip {
	double *sum; /* [side]: of the places of ridges across the strip */
	int *count;  /* [side] */
};

/* Runs of the strip round `middle`, which is nearest to their own. */
static void lines_of_strip(struct ridge_lines *lines, const struct strip *strip, int side,
			   int middle, struct arena *arena)
{
	int gap = side / LINE_GAP + 2, least = side / LINE_LEAST;

	for (int k = 0, end; k < side; k = end + 1) {
		double sum = 0;
		int count = 0, last = k;

		end = k;
		if (!strip->count[k])
			continue;
		for (; end < side && end - last <= gap; end++) {
			if (!strip->count[end])
				continue;
			sum += strip->sum[end];
			count += strip->count[end];
			last = end;
		}
		if (last - k >= least && lround(sum / count) == middle)
			add_line(lines, (struct ridge_line){sum / count, k, last}, arena);
	}
}

static void find_lines(struct ridge_lines *lines, const struct ridges *r, bool upright,
		       struct arena *arena)
{
	size_t side = (size_t)r->side;
	double *sums = ARENA_NEW(arena, double, side *side);
	int *counts = ARENA_NEW(arena, int, side *side);

	for (int i = 0; i < r->count; i++) {
		const struct ridge *p = &r->list[i];
		double at = upright ? p->x : p->y;
		long across = lround(at), along = lround(upright ? p->y : p->x);

		if (fabs(upright ? p->nx : p->ny) < STRAIGHT)
			continue;
		for (long k = across - 1; k <= across + 1; k++) {
			if (k < 0 || k >= r->side || along < 0 || along >= r->side)
				continue;
			sums[(size_t)k * side + (size_t)along] += at;
			counts[(size_t)k * side + (size_t)along]++;
		}
	}
	for (size_t k = 0; k < side; k++) {
		struct strip strip = {sums + k * side, counts + k * side};

		lines_of_strip(lines, &strip, r->side, (int)k, arena);
	}
}

bool ridge_line_passes(const struct ridge_line *line, double along)
{
	return along >= line->from - RIDGES_END && along <= line->to + RIDGES_END;
}

double ridge_lines_distance(const struct ridge_lines *lines, double at, double along)
{
	double least = RIDGES_REACH;

	for (int i = 0; i < lines->count; i++)
		if (isnan(along) || ridge_line_passes(&lines->list[i], along))
			least = min2(least, fabs(lines->list[i].at - at));
	return least;
}

/* --- distances ------------------------------------------------------------------------------ */

/* Of a ridge from a pixel, squared. */
static double far_from(const struct ridge *r, int x, int y)
{
	double dx = r->x - x, dy = r->y - y;

	return dx * dx + dy * dy;
}

static void offer(const struct ridges *r, int32_t *near, int x, int y, int32_t which)
{
	int32_t *now = &near[(size_t)y * (size_t)r->side + (size_t)x];
	const struct ridge *a = &r->list[which], *b = *now < 0 ? NULL : &r->list[*now];

	if (!b || far_from(a, x, y) < far_from(b, x, y))
		*now = which;
}

static void make_maps(struct ridges *r, struct arena *arena)
{
	size_t n = (size_t)r->side * (size_t)r->side;
	int reach = (int)RIDGES_REACH + 1;

	r->near_thick = ARENA_NEW(arena, int32_t, n);
	r->near_any = ARENA_NEW(arena, int32_t, n);
	memset(r->near_thick, -1, n * sizeof(*r->near_thick));
	memset(r->near_any, -1, n * sizeof(*r->near_any));
	for (int i = 0; i < r->count; i++) {
		int x = (int)lround(r->list[i].x), y = (int)lround(r->list[i].y);

		for (int v = clamp(y - reach, r->side); v <= clamp(y + reach, r->side); v++)
			for (int u = clamp(x - reach, r->side); u <= clamp(x + reach, r->side);
			     u++) {
				offer(r, r->near_any, u, v, i);
				if (r->list[i].is_thick)
					offer(r, r->near_thick, u, v, i);
			}
	}
}

/* To the line through the ridge, which goes on for a pixel either way. (hypot was a third of all
 * time; among pixels the root of a sum is as exact.) */
static double to_ridge(const struct ridge *r, double x, double y)
{
	double dx = x - r->x, dy = y - r->y;
	double across = dx * r->nx + dy * r->ny, along = fabs(dx * r->ny - dy * r->nx);

	return along <= 1 ? fabs(across) : sqrt(across * across + (along - 1) * (along - 1));
}

double ridges_distance(const struct ridges *r, double x, double y)
{
	long u = lround(x), v = lround(y);
	double off = RIDGES_REACH;
	int32_t thick, any;

	if (u < 0 || v < 0 || u >= r->side || v >= r->side)
		return off;
	thick = r->near_thick[(size_t)v * (size_t)r->side + (size_t)u];
	any = r->near_any[(size_t)v * (size_t)r->side + (size_t)u];
	if (thick >= 0)
		off = min2(off, to_ridge(&r->list[thick], x, y));
	if (any >= 0 && any != thick && off > RIDGES_THIN_OFF) /* else it can't be nearer */
		off = min2(off, RIDGES_THIN_OFF + to_ridge(&r->list[any], x, y));
	return off;
}

struct ridges ridges_from_picture(const uint8_t *pixels, int side, struct arena *arena)
{
	struct ridges r = {.side = side};
	struct field dark;
	double sigma;

	dark = darkness_of(pixels, side, arena);
	sigma = max2(SIGMA_LEAST, min2(SIGMA_MOST, stroke_width(&dark, arena) / 2.0));
	find_ridges(&r, &dark, sigma, arena);
	part_widths(&r, arena);
	if (drop_frame(&r, arena))
		part_widths(&r, arena);
	find_lines(&r.upright, &r, true, arena);
	find_lines(&r.level, &r, false, arena);
	make_maps(&r, arena);
	return r;
}
