/* SPDX-License-Identifier: MIT */
/*
 * Strokes on a grid of 4 x 6, two digits a point, a blank between strokes; y up. Points are shaken,
 * the whole leans, and corners are cut twice as Chaikin does, which makes pen strokes of polygons. A
 * corner that is to stay ends a stroke.
 */
#include <config.h>

#include <string.h>

#include "augment/hand_number.h"
#include "augment/recipe.h"

#define PITCH 5.4
#define MARK_PITCH 2.4
#define LEAN 0.16
#define SHAKE 0.22
#define CUTS 2
#define POINTS_MAX 64 /* of a stroke: 12 given ones, doubled twice */

static const struct glyph {
	const char *sign, *strokes;
} glyphs[] = {
	{"0", "26050120414526"},
	{"1", "142620"},
	{"2", "051636454400 0040"},
	{"3", "051636454423 234241301001"},
	{"4", "3602 0242 3430"},
	{"5", "4606 0603 0314344341301001"},
	{"6", "3615030110304142331302"},
	{"7", "0646 4610"},
	{"8", "2344453616050423 2342413010010223"},
	{"9", "1031434536160504133344"},
	{".", "10"},
	{",", "1100"},
	{"R", "0006 063645443303 2340"},
	{"\u2300", "2504021142443525 0046"},
};

/* The glyph that the text begins with; NULL: none that is known. */
static const struct glyph *glyph_at(const char *text)
{
	for (size_t i = 0; i < sizeof(glyphs) / sizeof(*glyphs); i++)
		if (strncmp(text, glyphs[i].sign, strlen(glyphs[i].sign)) == 0)
			return &glyphs[i];
	return NULL;
}

static double pitch_of(const struct glyph *g)
{
	return strchr(".,", g->sign[0]) ? MARK_PITCH : PITCH;
}

double hand_number_width(const char *value)
{
	const struct glyph *g;
	double width = 0;

	for (; *value && (g = glyph_at(value)); value += strlen(g->sign))
		width += pitch_of(g);
	return width;
}

/* The corners between first and last are cut at a quarter and three quarters of each side. */
static int cut_corners(struct vec *points, int count)
{
	struct vec out[POINTS_MAX];
	int n = 0;

	if (count < 3)
		return count;
	out[n++] = points[0];
	for (int i = 0; i + 1 < count; i++) {
		struct vec d = vec_sub(points[i + 1], points[i]);

		if (i > 0)
			out[n++] = vec_add(points[i], vec_scale(d, 0.25));
		if (i + 2 < count)
			out[n++] = vec_add(points[i], vec_scale(d, 0.75));
	}
	out[n++] = points[count - 1];
	memcpy(points, out, (size_t)n * sizeof(*out));
	return n;
}

static struct vec frame_point(const struct hand_frame *f, struct vec p)
{
	return vec_add(f->origin, vec_add(vec_scale(f->x, p.x + LEAN * p.y), vec_scale(f->y, p.y)));
}

static void draw_stroke(struct mask *m, const struct hand_frame *f, struct vec *points, int count,
			double pen_px)
{
	for (int i = 0; i < CUTS; i++)
		count = cut_corners(points, count);
	for (int i = 0; i < count; i++)
		mask_line(m, frame_point(f, points[i ? i - 1 : 0]), frame_point(f, points[i]),
			  pen_px);
}

static void draw_glyph(struct mask *m, const struct hand_frame *f, const struct glyph *g,
		       double left, double pen_px, struct rng *rng)
{
	struct vec points[POINTS_MAX];
	int count = 0;

	for (const char *s = g->strokes;; s += 2) {
		if (*s == ' ' || !*s) {
			draw_stroke(m, f, points, count, pen_px);
			count = 0;
			if (!*s)
				return;
			s++;
		}
		points[count].x = left + s[0] - '0' + recipe_between(rng, -SHAKE, SHAKE);
		points[count].y = s[1] - '0' + recipe_between(rng, -SHAKE, SHAKE);
		count++;
	}
}

void hand_number_draw(struct mask *m, const struct hand_frame *f, const char *value, double pen_px,
		      struct rng *rng)
{
	const struct glyph *g;
	double left = 0;

	for (; *value && (g = glyph_at(value)); value += strlen(g->sign)) {
		draw_glyph(m, f, g, left, pen_px, rng);
		left += pitch_of(g);
	}
}
