/* SPDX-License-Identifier: MIT */
/*
 * Marks: what people leave on sheets. Stamps are lettered with strokes on a grid of 4 x 6, two digits a
 * point, a blank between strokes; y up.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/field.h"
#include "augment/paint.h"
#include "base/fast.h"

#define GLYPH_WIDTH 4.0
#define GLYPH_PITCH 5.5
#define GLYPH_HEIGHT 6.0
#define CLOUD_ARCS 14
#define ARC_PIECES 6

static const char *glyph_strokes(char letter)
{
	static const char letters[] = "ACDEHIKLOPRSTVY";
	static const char *const strokes[] = {
		"002640 1232",            /* A */
		"4536160501103041",       /* C */
		"00062645412000",         /* D */
		"46060040 0333",          /* E */
		"0006 4046 0343",         /* H */
		"2026",                   /* I */
		"0006 4603 1340",         /* K */
		"060040",                 /* L */
		"100105163645413010",     /* O */
		"00063645443303",         /* P */
		"00063645443303 2340",    /* R */
		"4536160504133241301001", /* S */
		"0646 2620",              /* T */
		"062046",                 /* V */
		"062346 2320",            /* Y */
	};
	const char *at = strchr(letters, letter);

	return at && letter ? strokes[at - letters] : "";
}

/* A frame of the sheet's own: origin, x along and y up it, in px. */
struct frame {
	struct vec origin, x, y;
};

static struct vec frame_point(const struct frame *f, double x, double y)
{
	return vec_add(f->origin, vec_add(vec_scale(f->x, x), vec_scale(f->y, y)));
}

/* Counter-clockwise to the eye. */
static struct frame frame_at(struct vec origin, double angle_deg, double scale)
{
	double a = angle_deg * M_PI / 180;

	return (struct frame){origin, vec(scale * cos(a), -scale * sin(a)),
			      vec(-scale * sin(a), -scale * cos(a))};
}

static struct box box_round(struct vec p, double reach)
{
	return (struct box){p.x - reach, p.y - reach, p.x + reach, p.y + reach};
}

static struct vec some_place(const struct canvas *c, struct rng *rng)
{
	double x = recipe_between(rng, 0.05, 0.95), y = recipe_between(rng, 0.05, 0.95);

	return vec(x * c->width, y * c->height);
}

/* --- stamps --- */

static void letter_glyph(struct mask *m, const struct frame *f, double left, char letter,
			 double pen)
{
	const char *s = glyph_strokes(letter);
	struct vec last = vec(0, 0);
	bool down = false;

	for (; *s; s++) {
		struct vec p;

		if (*s == ' ') {
			down = false;
			continue;
		}
		p = frame_point(f, left + (s[0] - '0'), s[1] - '0');
		if (down)
			mask_line(m, last, p, pen);
		last = p;
		down = true;
		s++;
	}
}

static void stamp_frame(struct mask *m, const struct frame *f, double width, double height,
			bool round, double pen)
{
	const int n = round ? 48 : 4;

	for (int i = 0; i < n; i++) {
		double a = 2 * M_PI * i / n, b = 2 * M_PI * (i + 1) / n;
		struct vec p, q;

		if (round) {
			p = frame_point(f, width / 2 * cos(a), width / 2 * sin(a));
			q = frame_point(f, width / 2 * cos(b), width / 2 * sin(b));
		} else {
			p = frame_point(f, i % 3 ? width / 2 : -width / 2,
					i / 2 ? height / 2 : -height / 2);
			q = frame_point(f, (i + 1) % 4 % 3 ? width / 2 : -width / 2,
					(i + 1) % 4 / 2 ? height / 2 : -height / 2);
		}
		mask_line(m, p, q, pen);
	}
}

void degrade_stamp(struct canvas *c, const struct recipe *r)
{
	static const char *const words[] = {"COPY", "APPROVED", "CHECKED", "RECEIVED", "ARCHIVE"};
	struct rng rng = recipe_rng(r, DEGRADATION_stamp);
	const char *word = words[rng_below(&rng, 5)];
	bool round = rng_chance(&rng, 0.35);
	double letters = (double)strlen(word);
	double wide = letters * GLYPH_PITCH - (GLYPH_PITCH - GLYPH_WIDTH);
	double border = round ? wide + 8 : wide + 5;
	double width = RECIPE(r, stamp, width_mm) * c->px_per_mm, scale = width / border;
	struct vec place = some_place(c, &rng);
	struct frame f = frame_at(place, RECIPE(r, stamp, angle_deg), scale);
	struct mask m = mask_new(c, box_round(place, width * 0.75 + 4));
	double pen = max2(0.8 * scale, 0.6);

	stamp_frame(&m, &f, border, GLYPH_HEIGHT + 5, round, pen * 1.3);
	if (round)
		stamp_frame(&m, &f, border - 3, 0, true, pen * 0.7);
	for (int i = 0; word[i]; i++) {
		struct frame g = f;

		g.origin = frame_point(&f, -wide / 2 + i * GLYPH_PITCH, -GLYPH_HEIGHT / 2);
		letter_glyph(&m, &g, 0, word[i], pen);
	}
	mask_wear(&m, r->seed[DEGRADATION_stamp], width / 6, 0.75);
	paint_ink(c, &m, colour_of_hue(RECIPE(r, stamp, hue_deg)), RECIPE(r, stamp, alpha));
}

/* --- pens of checkers --- */

static void draw_cloud(struct mask *m, struct vec p, double size, double pen, struct rng *rng)
{
	double flat = recipe_between(rng, 0.45, 0.8);
	struct vec last = vec(0, 0);

	for (int i = 0; i <= CLOUD_ARCS * ARC_PIECES; i++) {
		double t = 2 * M_PI * i / (CLOUD_ARCS * ARC_PIECES);
		double swell = fabs(sin(CLOUD_ARCS * t / 2));
		double reach = size / 2 * (1 + 0.16 * swell);
		struct vec q = vec(p.x + reach * cos(t), p.y + reach * flat * sin(t));

		if (i)
			mask_line(m, last, q, pen);
		last = q;
	}
}

static void draw_tick(struct mask *m, struct vec p, double size, double pen, struct rng *rng)
{
	double lean = recipe_between(rng, 0.3, 0.6);
	struct vec low = vec(p.x, p.y + size * 0.3);

	mask_line(m, vec(p.x - size * 0.2, p.y), low, pen);
	mask_line(m, low, vec(p.x + size * lean, p.y - size * 0.5), pen);
}

static void draw_arrow(struct mask *m, struct vec p, double size, double pen, struct rng *rng)
{
	double a = recipe_between(rng, 0, 2 * M_PI);
	struct vec d = vec(cos(a), sin(a)), n = vec_perp(d), mid, tip;

	tip = vec_add(p, vec_scale(d, size / 2));
	mid = vec_add(p, vec_scale(n, size * 0.08));
	mask_line(m, vec_sub(p, vec_scale(d, size / 2)), mid, pen);
	mask_line(m, mid, tip, pen);
	for (int side = -1; side <= 1; side += 2)
		mask_line(m, tip,
			  vec_sub(tip, vec_add(vec_scale(d, size * 0.2),
					       vec_scale(n, side * size * 0.11))),
			  pen);
}

void degrade_redlines(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_redlines);
	int count = (int)floor(RECIPE(r, redlines, count) + 0.5);
	double pen = RECIPE(r, redlines, pen_mm) * c->px_per_mm;

	for (int i = 0; i < count; i++) {
		double size = RECIPE(r, redlines, size_mm) * c->px_per_mm *
			      recipe_between(&rng, 0.6, 1.3);
		struct vec p = some_place(c, &rng);
		struct arena_mark mark = arena_mark(c->arena);
		struct mask m = mask_new(c, box_round(p, size));
		uint32_t kind = rng_below(&rng, 3);

		(kind == 0   ? draw_cloud
		 : kind == 1 ? draw_tick
			     : draw_arrow)(&m, p, size, pen, &rng);
		paint_ink(c, &m, (struct colour){{0.85f, 0.12f, 0.1f}}, RECIPE(r, redlines, alpha));
		arena_release(c->arena, mark);
	}
}

/* --- tape, holes, staples, torn corners --- */

void degrade_tape(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_tape);
	double half = RECIPE(r, tape, width_mm) * c->px_per_mm / 2;
	double length = RECIPE(r, tape, length_mm) * c->px_per_mm / 2;
	double dark = RECIPE(r, tape, dark), angle = recipe_between(&rng, -25, 25);
	bool upright = rng_chance(&rng, 0.5);
	struct vec p = some_place(c, &rng);
	struct frame f = frame_at(p, angle + (upright ? 90 : 0), 1);
	struct vec corners[4] = {frame_point(&f, -length, -half), frame_point(&f, length, -half),
				 frame_point(&f, length, half), frame_point(&f, -length, half)};
	struct mask m = mask_new(c, box_of_points(corners, 4)), rim = m;

	rim.cover = ARENA_NEW(c->arena, float, (size_t)m.width *m.height);
	mask_polygon(&m, corners, 4);
	for (int i = 0; i < 4; i++)
		mask_line(&rim, corners[i], corners[(i + 1) % 4], 1.2);
	mask_wear(&m, r->seed[DEGRADATION_tape], half, 0.3);
	paint_ink(c, &m, (struct colour){{0.75f, 0.5f, 0.0f}}, dark);
	paint_ink(c, &rim, colour_grey(0), dark);
}

/* ISO 838: 80 mm apart, midway on a side. */
void degrade_punch_holes(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_punch_holes);
	double edge = RECIPE(r, punch_holes, edge_mm) * c->px_per_mm;
	double radius = RECIPE(r, punch_holes, diameter_mm) * c->px_per_mm / 2;
	double along = recipe_between(&rng, -3, 3) * c->px_per_mm,
	       light = recipe_between(&rng, 0.02, 0.3);
	bool top = rng_chance(&rng, 0.2);

	for (int i = -1; i <= 1; i += 2) {
		double at = along + i * 40 * c->px_per_mm;
		struct vec p =
			top ? vec(c->width / 2.0 + at, edge) : vec(edge, c->height / 2.0 + at);
		struct arena_mark mark = arena_mark(c->arena);
		struct mask m = mask_new(c, box_round(p, radius * 1.3 + 2)), shade = m;

		shade.cover = ARENA_NEW(c->arena, float, (size_t)m.width *m.height);
		mask_disc(&shade, vec(p.x + 0.1 * radius, p.y + 0.12 * radius), radius * 1.1);
		paint_ink(c, &shade, colour_grey(0), 0.25);
		mask_disc(&m, p, radius);
		paint_over(c, &m, colour_grey(light), 1);
		arena_release(c->arena, mark);
	}
}

void degrade_staple(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_staple);
	double length = RECIPE(r, staple, length_mm) * c->px_per_mm;
	double x = recipe_between(&rng, 8, 14), y = recipe_between(&rng, 6, 12);
	struct vec p = vec(x * c->px_per_mm, y * c->px_per_mm);
	struct frame f = frame_at(p, recipe_between(&rng, 20, 60), 1);
	struct vec a = frame_point(&f, -length / 2, 0), b = frame_point(&f, length / 2, 0);
	struct mask m = mask_new(c, box_round(p, length)), shade = m;
	double pen = max2(0.6 * c->px_per_mm, 0.8);

	shade.cover = ARENA_NEW(c->arena, float, (size_t)m.width *m.height);
	if (rng_chance(&rng, 0.4)) { /* taken out: two holes are left */
		mask_disc(&m, a, pen);
		mask_disc(&m, b, pen);
		paint_over(c, &m, colour_grey(0.25), 0.9);
		return;
	}
	mask_line(&shade, vec(a.x + pen, a.y + pen), vec(b.x + pen, b.y + pen), pen * 1.4);
	paint_ink(c, &shade, colour_grey(0), 0.45);
	mask_line(&m, a, b, pen);
	paint_over(c, &m, colour_grey(0.62), 1);
}

/* The wire on the sheet, from its inner end on: across and along a clip 7 wide and 32 long, the length
 * counted from where it begins, 3 beyond the edge. Of the four bends the last is none. */
static const struct {
	double x, y, bend; /* the next piece is half a circle of that radius, clockwise or not */
} clip_wire[] = {{5.5, 9, 0},  {5.5, 24, 2},   {1.5, 24, 0}, {1.5, 2.75, -2.75},
		 {7, 2.75, 0}, {7, 28.5, 3.5}, {0, 28.5, 0}, {0, 8, 0}};

#define CLIP_LENGTH 32.0
#define CLIP_WIRE 1.0
#define BEND_PIECES 10

static void draw_clip(struct mask *m, const struct frame *f, double wire)
{
	const int n = sizeof(clip_wire) / sizeof(*clip_wire);

	for (int i = 0; i + 1 < n; i++) {
		double x0 = clip_wire[i].x, y0 = clip_wire[i].y, r = clip_wire[i].bend;
		double middle = (x0 + clip_wire[i + 1].x) / 2, away = x0 - middle;
		struct vec last = frame_point(f, x0, y0);

		for (int k = 1; k <= BEND_PIECES && r != 0; k++) {
			double t = M_PI * k / BEND_PIECES;
			struct vec p = frame_point(f, middle + away * cos(t), y0 + r * sin(t));

			mask_line(m, last, p, wire);
			last = p;
		}
		mask_line(m, last, frame_point(f, clip_wire[i + 1].x, clip_wire[i + 1].y), wire);
	}
}

void degrade_paper_clip(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_paper_clip);
	double scale = RECIPE(r, paper_clip, length_mm) * c->px_per_mm / CLIP_LENGTH;
	double at = recipe_between(&rng, 0.06, 0.9), angle = RECIPE(r, paper_clip, angle_deg);
	bool left = rng_chance(&rng, 0.3);
	struct vec edge = left ? vec(0, at * c->height) : vec(at * c->width, 0);
	/* The clip's length goes into the sheet: down from the upper edge, or to the right. */
	struct frame f = frame_at(edge, angle + (left ? -90 : 180), scale), g;
	struct mask m = mask_new(c, box_round(edge, 36 * scale)), shade = m;
	double wire = max2(CLIP_WIRE * scale, 1), light = recipe_between(&rng, 0.5, 0.75);

	shade.cover = ARENA_NEW(c->arena, float, (size_t)m.width *m.height);
	f.origin = frame_point(&f, 0, -3);
	g = f;
	g.origin = vec_add(f.origin, vec(0.7 * wire, 0.9 * wire));
	draw_clip(&shade, &g, wire * 1.3);
	paint_ink(c, &shade, colour_grey(0), 0.4);
	draw_clip(&m, &f, wire);
	paint_over(c, &m, colour_grey(light), 1);
}

/* Behind it is what lies under the sheet. */
void degrade_torn_corner(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_torn_corner);
	double size = RECIPE(r, torn_corner, size_mm) * c->px_per_mm;
	bool right = rng_chance(&rng, 0.5), low = rng_chance(&rng, 0.5);
	double slant = recipe_between(&rng, 0.6, 1.6), light = recipe_between(&rng, 0.15, 0.8);
	struct vec corner = vec(right ? c->width : 0, low ? c->height : 0);
	struct mask m = mask_new(c, box_round(corner, size * 1.8 + 3)), edge = m;
	struct noise noise = noise_new(r->seed[DEGRADATION_torn_corner], 4);

	edge.cover = ARENA_NEW(c->arena, float, (size_t)m.width *m.height);
	for (int y = 0; y < m.height; y++)
		for (int x = 0; x < m.width; x++) {
			double u = fabs(m.x0 + x + 0.5 - corner.x),
			       v = fabs(m.y0 + y + 0.5 - corner.y);
			double ragged = 0.22 * size * noise_at(&noise, u / size * 3, v / size * 3);
			double d = (size - u / slant - v * slant) * 0.7 + ragged;

			m.cover[y * m.width + x] = clamp01((float)d + 0.5f);
			/* The paper's torn core is white and narrow. */
			edge.cover[y * m.width + x] =
				clamp01((float)(d + 0.06 * size + 1.5)) - m.cover[y * m.width + x];
		}
	paint_over(c, &edge, colour_grey(1), 0.7);
	paint_over(c, &m, colour_grey(light), 1);
}

/* --- dirt --- */

void degrade_dust(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_dust);
	double dm = 100 * c->px_per_mm, area = c->width * (double)c->height / (dm * dm);
	int count = (int)floor(RECIPE(r, dust, per_dm2) * area + 0.5);
	double most = RECIPE(r, dust, radius_mm) * c->px_per_mm;

	for (int i = 0; i < count; i++) {
		struct vec p = some_place(c, &rng);
		double radius = most * recipe_between(&rng, 0.3, 1);
		bool light = rng_chance(&rng, 0.25);
		double lean = recipe_between(&rng, -1, 1);
		struct arena_mark mark = arena_mark(c->arena);
		struct mask m = mask_new(c, box_round(p, radius + 2));

		/* Short strokes: no speck is quite round. Less than a pixel is faint. */
		mask_line(&m, p, vec(p.x + radius * lean, p.y + radius * 0.5), 2 * radius);
		if (light)
			paint_over(c, &m, colour_grey(1), 0.9);
		else
			paint_ink(c, &m, colour_grey(0), recipe_between(&rng, 0.3, 0.9));
		arena_release(c->arena, mark);
	}
}

#define HAIR_PIECES 16

void degrade_hairs(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_hairs);
	int count = (int)floor(RECIPE(r, hairs, count) + 0.5);

	for (int i = 0; i < count; i++) {
		double length = RECIPE(r, hairs, length_mm) * c->px_per_mm;
		double angle = recipe_between(&rng, 0, 2 * M_PI);
		double bend = recipe_between(&rng, -0.25, 0.25);
		struct vec p = some_place(c, &rng);
		struct arena_mark mark = arena_mark(c->arena);
		struct mask m;

		length *= recipe_between(&rng, 0.4, 1.2);
		m = mask_new(c, box_round(p, length + 2));
		for (int k = 0; k < HAIR_PIECES; k++) {
			struct vec q = vec_add(p, vec_polar(length / HAIR_PIECES, angle));

			mask_line(&m, p, q, max2(0.06 * c->px_per_mm, 0.35));
			angle += bend + recipe_between(&rng, -0.2, 0.2);
			p = q;
		}
		paint_ink(c, &m, colour_grey(0.1), recipe_between(&rng, 0.4, 0.9));
		arena_release(c->arena, mark);
	}
}
