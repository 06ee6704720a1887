/* SPDX-License-Identifier: MIT */
/*
 * In each part of a box the scan s is fitted by a line over the clean picture's ink r, at points
 * 0.7 px apart: s = ground + slope r. Contrast is |slope| over the lighter of ground and ink (Weber),
 * resemblance the correlation of s and r. Neither minds which of the two is light: blueprints are
 * read as well as prints.
 *
 * Where clear ends and lost begins was set by a text recogniser that we did not write, Tesseract, under
 * sixteen harsh degradations at 512 and 1024 px: of numbers that it reads on clean pictures it reads
 * 94 % of the clear ones, 53 % of the degraded and 3 % of the lost; on others than those that the limits
 * were set by 93, 49 and 3 (bench/README.md). People read some more of those next to lost; contrast
 * means little to it.
 */
#include <config.h>

#include <math.h>

#include "augment/legibility.h"

#define STEP_PX 0.7
#define PART_WIDTH 0.85 /* of a part over its height: a digit and half the space beside it */
#define AROUND 0.25     /* of the height, above and below: ground to compare with */
#define INK_LEAST 0.003 /* variance of ink in a part that bears any */
#define CLEAR_CONTRAST 0.35
#define CLEAR_RESEMBLANCE 0.9
#define LOST_CONTRAST 0.08
#define LOST_RESEMBLANCE 0.6
#define LOST_OUTSIDE 0.1

static inline float between(float a, float b, float t)
{
	return a + t * (b - a);
}

static inline float clamp_to(float v, float most)
{
	float up = v > 0 ? v : 0;

	return up < most ? up : most;
}

/* Of an image with so many channels, in thousandths of a level. */
static inline int grey_at(const uint8_t *px, int channels)
{
	return channels == 1 ? 1000 * px[0] : 299 * px[0] + 587 * px[1] + 114 * px[2];
}

/* Grey, 0 to 1, between the middles of four pixels. */
static inline float light_at(const struct image *image, int channels, float px_x, float px_y)
{
	float x = clamp_to(px_x - 0.5f, (float)(image->width - 1));
	float y = clamp_to(px_y - 0.5f, (float)(image->height - 1));
	int ix = (int)x, iy = (int)y;
	const uint8_t *upper, *lower;
	float u, v, a, b;

	ix -= ix == image->width - 1;
	iy -= iy == image->height - 1;
	u = x - (float)ix;
	v = y - (float)iy;
	upper = image->px + (size_t)iy * image->stride + (size_t)(ix * channels);
	lower = upper + image->stride;
	a = between((float)grey_at(upper, channels), (float)grey_at(upper + channels, channels), u);
	b = between((float)grey_at(lower, channels), (float)grey_at(lower + channels, channels), u);
	return between(a, b, v) / 255000;
}

struct sums {
	double n, r, s, rr, ss, rs, outside;
};

/* Points along a row of a part, from its left side to its right: x0 + t dx, y0 + t dy, t from 0 to 1. */
struct row {
	float x0, y0, dx, dy;
};

static struct row row_of(const struct vec corners[4], double v)
{
	struct vec a = vec_add(corners[0], vec_scale(vec_sub(corners[3], corners[0]), v));
	struct vec b = vec_add(corners[1], vec_scale(vec_sub(corners[2], corners[1]), v));

	return (struct row){(float)a.x, (float)a.y, (float)(b.x - a.x), (float)(b.y - a.y)};
}

/* channels: the scan's. */
static inline void sum_row(struct sums *m, const struct image *clean, const struct image *scan,
			   int channels, const struct row *from, const struct row *to, int across)
{
	float width = (float)scan->width, height = (float)scan->height;
	float sum_r = 0, sum_s = 0, rr = 0, ss = 0, rs = 0;
	int outside = 0;

	for (int i = 0; i < across; i++) {
		float t = ((float)i + 0.5f) / (float)across;
		float x = to->x0 + t * to->dx, y = to->y0 + t * to->dy;
		float r = 1 - light_at(clean, 1, from->x0 + t * from->dx, from->y0 + t * from->dy);
		float s = light_at(scan, channels, x, y);

		outside += (x < 0) | (y < 0) | (x > width) | (y > height);
		sum_r += r;
		sum_s += s;
		rr += r * r;
		ss += s * s;
		rs += r * s;
	}
	m->n += across;
	m->r += (double)sum_r;
	m->s += (double)sum_s;
	m->rr += (double)rr;
	m->ss += (double)ss;
	m->rs += (double)rs;
	m->outside += outside;
}

/* The part's points; `from` are its corners on the clean picture, `to` where they went. */
static struct sums sum_part(const struct image *clean, const struct image *scan,
			    const struct vec from[4], const struct vec to[4])
{
	int across = (int)ceil(vec_length(vec_sub(from[1], from[0])) / STEP_PX) + 1;
	int down = (int)ceil(vec_length(vec_sub(from[3], from[0])) / STEP_PX) + 1;
	struct sums m = {0};

	for (int j = 0; j < down; j++) {
		double v = (j + 0.5) / down;
		struct row a = row_of(from, v), b = row_of(to, v);

		if (scan->channels == 1)
			sum_row(&m, clean, scan, 1, &a, &b, across);
		else
			sum_row(&m, clean, scan, 3, &a, &b, across);
	}
	return m;
}

/* Leaves *worst as it is where the part bears no ink. */
static void judge_part(const struct sums *m, struct legibility *worst)
{
	double rr = m->rr / m->n - m->r * m->r / (m->n * m->n);
	double ss = m->ss / m->n - m->s * m->s / (m->n * m->n);
	double rs = m->rs / m->n - m->r * m->s / (m->n * m->n);
	double slope, ground, lighter;

	if (rr < INK_LEAST)
		return;
	slope = rs / rr;
	ground = m->s / m->n - slope * m->r / m->n;
	lighter = max2(max2(ground, ground + slope), 0.02);
	worst->contrast = min2(worst->contrast, fabs(slope) / lighter);
	worst->resemblance = min2(worst->resemblance, ss > 1e-9 ? fabs(rs) / sqrt(rr * ss) : 0);
	worst->outside = max2(worst->outside, m->outside / m->n);
}

struct legibility legibility_of_box(const struct image *clean, const struct scan *scan,
				    const struct vec corners[4])
{
	struct legibility worst = {1, 1, 0};
	struct vec up = vec_sub(corners[3], corners[0]), along = vec_sub(corners[1], corners[0]);
	double height = vec_length(up);
	int parts = (int)max2(floor(vec_length(along) / (PART_WIDTH * max2(height, 1)) + 0.5), 1);

	for (int i = 0; i < parts; i++) {
		struct vec a = vec_add(corners[0], vec_scale(along, (double)i / parts));
		struct vec b = vec_add(corners[0], vec_scale(along, (i + 1.0) / parts));
		struct vec low = vec_scale(up, -AROUND), high = vec_scale(up, 1 + AROUND);
		struct vec from[4] = {vec_add(a, low), vec_add(b, low), vec_add(b, high),
				      vec_add(a, high)};
		struct vec to[4];
		struct sums m;

		for (int k = 0; k < 4; k++)
			to[k] = warp_point(&scan->warp, from[k]);
		m = sum_part(clean, &scan->image, from, to);
		judge_part(&m, &worst);
	}
	return worst;
}

enum annotation_state legibility_state(const struct legibility *l)
{
	if (l->contrast < LOST_CONTRAST || l->resemblance < LOST_RESEMBLANCE ||
	    l->outside > LOST_OUTSIDE)
		return ANNOTATION_LOST;
	if (l->contrast < CLEAR_CONTRAST || l->resemblance < CLEAR_RESEMBLANCE || l->outside > 0)
		return ANNOTATION_DEGRADED;
	return ANNOTATION_CLEAR;
}

int legibility_measure(struct annotations *a, const struct image *clean, const struct scan *scan)
{
	int lost = 0;

	for (int i = 0; i < a->count; i++) {
		struct annotation *item = &a->items[i];
		struct legibility l;

		if (item->class_ != ANNOTATION_TEXT || item->dimension == DRAWING_NOBODY ||
		    item->polygon.count != 4)
			continue;
		l = legibility_of_box(clean, scan, item->polygon.points);
		item->state = legibility_state(&l);
		lost += item->state == ANNOTATION_LOST;
	}
	return lost;
}
