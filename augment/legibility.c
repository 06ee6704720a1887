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

static double between_four(const uint8_t *upper, size_t stride, int step, double u, double v)
{
	const uint8_t *lower = upper + stride;
	double a = upper[0] + u * (upper[step] - upper[0]);
	double b = lower[0] + u * (lower[step] - lower[0]);

	return a + v * (b - a);
}

/* Grey, 0 to 1, between the middles of four pixels. */
static double light_at(const struct image *image, struct vec p)
{
	double x = min2(max2(p.x - 0.5, 0), image->width - 1);
	double y = min2(max2(p.y - 0.5, 0), image->height - 1);
	int ix = (int)min2(x, image->width - 2), iy = (int)min2(y, image->height - 2);
	const uint8_t *px = image->px + (size_t)iy * image->stride + (size_t)(ix * image->channels);
	double u = x - ix, v = y - iy;

	if (image->channels == 1)
		return between_four(px, image->stride, 1, u, v) / 255;
	return (0.299 * between_four(px, image->stride, 3, u, v) +
		0.587 * between_four(px + 1, image->stride, 3, u, v) +
		0.114 * between_four(px + 2, image->stride, 3, u, v)) /
	       255;
}

struct sums {
	double n, r, s, rr, ss, rs, outside;
};

static struct vec between(struct vec a, struct vec b, double t)
{
	return vec_add(a, vec_scale(vec_sub(b, a), t));
}

/* The part's points; `from` are its corners on the clean picture, `to` where they went. */
static struct sums sum_part(const struct image *clean, const struct image *scan,
			    const struct vec from[4], const struct vec to[4])
{
	int across = (int)ceil(vec_length(vec_sub(from[1], from[0])) / STEP_PX) + 1;
	int down = (int)ceil(vec_length(vec_sub(from[3], from[0])) / STEP_PX) + 1;
	struct sums m = {0};

	for (int j = 0; j < down; j++)
		for (int i = 0; i < across; i++) {
			double u = (i + 0.5) / across, v = (j + 0.5) / down, r, s;
			struct vec p = between(between(from[0], from[1], u),
					       between(from[3], from[2], u), v);
			struct vec q =
				between(between(to[0], to[1], u), between(to[3], to[2], u), v);

			m.outside += q.x < 0 || q.y < 0 || q.x > scan->width || q.y > scan->height;
			r = 1 - light_at(clean, p);
			s = light_at(scan, q);
			m.n++;
			m.r += r;
			m.s += s;
			m.rr += r * r;
			m.ss += s * s;
			m.rs += r * s;
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
