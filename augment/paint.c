/* SPDX-License-Identifier: MIT */
/* Edges are one pixel wide: how far a pixel's middle is inside, from -1/2 to 1/2, is its cover. */
#include <config.h>

#include <math.h>

#include "augment/field.h"
#include "augment/paint.h"
#include "base/fast.h"

static int clip(double v, int most)
{
	return v < 0 ? 0 : v > most ? most : (int)v;
}

struct mask mask_new(const struct canvas *c, struct box b)
{
	int x0 = clip(floor(b.x0), c->width), x1 = clip(ceil(b.x1) + 1, c->width);
	int y0 = clip(floor(b.y0), c->height), y1 = clip(ceil(b.y1) + 1, c->height);
	struct mask m = {x0, y0, x1 - x0, y1 - y0, NULL};

	if (m.width <= 0 || m.height <= 0)
		return (struct mask){0, 0, 0, 0, NULL};
	m.cover = ARENA_NEW(c->arena, float, (size_t)m.width *m.height);
	return m;
}

static void cover(struct mask *m, int x, int y, double inside)
{
	float *at = &m->cover[y * m->width + x];
	float v = clamp01((float)inside + 0.5f);

	if (v > *at)
		*at = v;
}

/* Thinner than a pixel: fainter. */
static void cover_line(struct mask *m, int x, int y, double inside, double faint)
{
	float *at = &m->cover[y * m->width + x];
	float v = clamp01((float)inside + 0.5f) * (float)faint;

	if (v > *at)
		*at = v;
}

void mask_line(struct mask *m, struct vec a, struct vec b, double width)
{
	struct vec d = vec_sub(b, a);
	double length2 = vec_dot(d, d), half = max2(width, 1) / 2, faint = min2(width, 1);
	int x0 = clip(min2(a.x, b.x) - half - 1 - m->x0, m->width);
	int x1 = clip(max2(a.x, b.x) + half + 2 - m->x0, m->width);
	int y0 = clip(min2(a.y, b.y) - half - 1 - m->y0, m->height);
	int y1 = clip(max2(a.y, b.y) + half + 2 - m->y0, m->height);

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++) {
			struct vec p = vec_sub(vec(x + m->x0 + 0.5, y + m->y0 + 0.5), a);
			double t = length2 > 0 ? vec_dot(p, d) / length2 : 0;
			struct vec e = vec_sub(p, vec_scale(d, t < 0 ? 0 : t > 1 ? 1 : t));
			double far = vec_dot(e, e);

			if (far < (half + 0.5) * (half + 0.5))
				cover_line(m, x, y, half - sqrt(far), faint);
		}
}

void mask_disc(struct mask *m, struct vec centre, double radius)
{
	int x0 = clip(centre.x - radius - 1 - m->x0, m->width);
	int x1 = clip(centre.x + radius + 2 - m->x0, m->width);
	int y0 = clip(centre.y - radius - 1 - m->y0, m->height);
	int y1 = clip(centre.y + radius + 2 - m->y0, m->height);

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++) {
			struct vec p = vec_sub(vec(x + m->x0 + 0.5, y + m->y0 + 0.5), centre);

			cover(m, x, y, radius - sqrt(vec_dot(p, p)));
		}
}

void mask_polygon(struct mask *m, const struct vec *points, int count)
{
	double area = 0;

	for (int i = 0; i < count; i++)
		area += vec_cross(points[i], points[(i + 1) % count]);
	for (int y = 0; y < m->height; y++)
		for (int x = 0; x < m->width; x++) {
			struct vec p = vec(x + m->x0 + 0.5, y + m->y0 + 0.5);
			double inside = 1e9;

			for (int i = 0; i < count; i++) {
				struct vec d = vec_sub(points[(i + 1) % count], points[i]);
				double far = vec_cross(d, vec_sub(p, points[i])) / vec_length(d);

				inside = min2(inside, area > 0 ? far : -far);
			}
			cover(m, x, y, inside);
		}
}

void mask_wear(struct mask *m, uint64_t seed, double size_px, double much)
{
	struct noise noise = noise_new(seed, 3);

	for (int y = 0; y < m->height; y++)
		for (int x = 0; x < m->width; x++) {
			float *at = &m->cover[y * m->width + x];
			double v;

			if (*at == 0)
				continue;
			v = 0.5 + 0.5 * noise_at(&noise, x / size_px, y / size_px);
			*at *= clamp01((float)(1 - much * (1.2 - 1.7 * v)));
		}
}

static FAST void ink_row(float *row, const float *cover, int n, float k)
{
	for (int x = 0; x < n; x++)
		row[x] *= 1 - cover[x] * k;
}

static FAST void over_row(float *row, const float *cover, int n, float alpha, float light)
{
	for (int x = 0; x < n; x++)
		row[x] += (light - row[x]) * (cover[x] * alpha);
}

void paint_ink(struct canvas *c, const struct mask *m, struct colour colour, double alpha)
{
	if (!colour_is_grey(colour))
		canvas_make_colour(c);
	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < m->height; y++)
			ink_row(canvas_row(c, k, m->y0 + y) + m->x0,
				m->cover + (ptrdiff_t)y * m->width, m->width,
				(float)alpha * (1 - colour.rgb[k]));
}

void paint_over(struct canvas *c, const struct mask *m, struct colour colour, double alpha)
{
	if (!colour_is_grey(colour))
		canvas_make_colour(c);
	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < m->height; y++)
			over_row(canvas_row(c, k, m->y0 + y) + m->x0,
				 m->cover + (ptrdiff_t)y * m->width, m->width, (float)alpha,
				 colour.rgb[k]);
}

struct colour colour_grey(double light)
{
	float v = (float)light;

	return (struct colour){{v, v, v}};
}

/* A hexagon of hues, darker than full light, as inks are. */
struct colour colour_of_hue(double hue_deg)
{
	struct colour c;

	for (int k = 0; k < 3; k++) {
		double d = fabs(fmod(hue_deg - 120.0 * k + 540, 360) - 180); /* 0 at its own hue */
		double v = min2(max2(2 - d / 60, 0), 1);

		c.rgb[k] = (float)(0.1 + 0.75 * v);
	}
	return c;
}

struct colour colour_between(struct colour a, struct colour b, double t)
{
	for (int k = 0; k < 3; k++)
		a.rgb[k] += (b.rgb[k] - a.rgb[k]) * (float)t;
	return a;
}

bool colour_is_grey(struct colour colour)
{
	return colour.rgb[0] == colour.rgb[1] && colour.rgb[1] == colour.rgb[2];
}
