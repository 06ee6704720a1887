/* SPDX-License-Identifier: MIT */
/*
 * Paper: what the lines stand on.
 *
 * Grain comes from a patch that fits to itself, put down anywhere: it costs a multiplication a pixel.
 */
#include <config.h>

#include <math.h>

#include "augment/degrade.h"
#include "augment/field.h"
#include "augment/noise.h"
#include "augment/paint.h"

#define PATCH_DEVIATION 32.0
#define PRINTED_MM 0.18 /* width of printed lines */
#define BOLD_MM 0.3     /* of every tenth millimetre */

static FAST void grain_row(float *row, const int8_t *grain, int n, float k)
{
	for (int x = 0; x < n; x++)
		row[x] *= 1 + k * (float)grain[x];
}

void degrade_paper_texture(struct canvas *c, const struct recipe *r)
{
	c->grain = RECIPE(r, paper_texture, amplitude);
	c->grain_seed = r->seed[DEGRADATION_paper_texture];
}

void degrade_grain(struct canvas *c)
{
	uint32_t place = hash32((uint32_t)c->grain_seed);
	int x0 = (int)(place % CANVAS_PAPER), y0 = (int)(place / CANVAS_PAPER % CANVAS_PAPER);
	float k = (float)(c->grain / PATCH_DEVIATION);

	if (place >> 31)
		k = -k;
	for (int channel = 0; channel < c->channels; channel++)
		for (int y = 0; y < c->height; y++) {
			const int8_t *line =
				c->paper + (ptrdiff_t)((y + y0) % CANVAS_PAPER) * CANVAS_PAPER;
			float *row = canvas_row(c, channel, y);

			for (int x = 0, from = x0; x < c->width; from = 0) {
				int n = CANVAS_PAPER - from;

				n = n < c->width - x ? n : c->width - x;
				grain_row(row + x, line + from, n, k);
				x += n;
			}
		}
	c->grain = 0;
}

static double edge_distance(const struct canvas *c, double x, double y)
{
	double d = min2(min2(x, c->width - x), min2(y, c->height - y));

	return max2(d, 0);
}

void degrade_paper_colour(struct canvas *c, const struct recipe *r)
{
	struct noise noise = noise_new(r->seed[DEGRADATION_paper_colour], 3);
	double dark = RECIPE(r, paper_colour, dark), tint = RECIPE(r, paper_colour, tint);
	double edge = RECIPE(r, paper_colour, edge);
	double reach = RECIPE(r, paper_colour, edge_mm) * c->px_per_mm;
	const double brown[3] = {0.25, 0.75, 2}; /* of the darkness, in each channel */
	struct field f = field_new(c->width, c->height, c->arena);
	double *aged = ARENA_NEW(c->arena, double, f.rows *f.columns);

	FIELD_EACH(&f, i, x, y)
	{
		double cloud = 1 + 0.35 * noise_at(&noise, x / reach, y / reach);
		double near = edge * exp(-edge_distance(c, x, y) / (reach * 0.6)) * cloud;

		aged[i] = dark * cloud + near * 0.5;
	}
	if (tint > 0)
		canvas_make_colour(c);
	for (int k = 0; k < c->channels; k++) {
		double share = 1 + tint * (brown[k] - 1);

		for (int i = 0; i < f.rows * f.columns; i++)
			f.value[i] = (float)max2(1 - share * aged[i], 0.05);
		field_multiply(&f, c, k);
	}
}

/* --- printed lines --- */

/* A pixel whose middle is d from a line's. */
static double line_cover(double d, double width_px)
{
	double half = max2(width_px, 1) / 2;

	return min2(max2(half + 0.5 - fabs(d), 0), 1) * min2(width_px, 1);
}

/* Of lines every pitch, which begin at first; darker every tenth where bold is wider. */
static void cover_lines(float *cover, int n, double first, double pitch, double width, double bold)
{
	for (int x = 0; x < n; x++) {
		double k = floor((x + 0.5 - first) / pitch + 0.5);
		bool tenth = bold > 0 && fmod(fabs(k), 10) == 0;

		cover[x] = (float)line_cover(x + 0.5 - first - k * pitch, tenth ? bold : width);
	}
}

static FAST void print_row(float *row, const float *columns, float line, int n, float dark)
{
	for (int x = 0; x < n; x++) {
		float cover = columns[x] > line ? columns[x] : line;

		row[x] *= 1 - dark * cover;
	}
}

/* Lines across and down, NULL for none, in an ink. */
static void print_lines(struct canvas *c, const float *columns, const float *rows, double hue_deg,
			double alpha)
{
	struct colour ink = colour_between(colour_of_hue(hue_deg), colour_grey(1), 0.15);
	float *none = ARENA_NEW(c->arena, float, c->width);

	canvas_make_colour(c);
	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++)
			print_row(canvas_row(c, k, y), columns ? columns : none, rows[y], c->width,
				  (float)alpha * (1 - ink.rgb[k]));
}

void degrade_squared_paper(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_squared_paper);
	double pitch = RECIPE(r, squared_paper, pitch_mm) * c->px_per_mm;
	double width = PRINTED_MM * c->px_per_mm;
	float *columns = ARENA_NEW(c->arena, float, c->width);
	float *rows = ARENA_NEW(c->arena, float, c->height);
	double left = recipe_between(&rng, 0, pitch), top = recipe_between(&rng, 0, pitch);

	cover_lines(columns, c->width, left, pitch, width, 0);
	cover_lines(rows, c->height, top, pitch, width, 0);
	print_lines(c, columns, rows, RECIPE(r, squared_paper, hue_deg),
		    RECIPE(r, squared_paper, alpha));
}

/* Where single millimetres are too fine to be seen apart they are a tint. */
void degrade_millimetre_paper(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_millimetre_paper);
	double width = PRINTED_MM * c->px_per_mm, bold = BOLD_MM * c->px_per_mm * 1.6;
	float *columns = ARENA_NEW(c->arena, float, c->width);
	float *rows = ARENA_NEW(c->arena, float, c->height);
	double left = recipe_between(&rng, 0, 10 * c->px_per_mm);
	double top = recipe_between(&rng, 0, 10 * c->px_per_mm);

	cover_lines(columns, c->width, left, c->px_per_mm, width * 0.7, bold);
	cover_lines(rows, c->height, top, c->px_per_mm, width * 0.7, bold);
	print_lines(c, columns, rows, RECIPE(r, millimetre_paper, hue_deg),
		    RECIPE(r, millimetre_paper, alpha));
}

void degrade_lined_paper(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_lined_paper);
	double pitch = RECIPE(r, lined_paper, pitch_mm) * c->px_per_mm;
	double width = PRINTED_MM * c->px_per_mm;
	double alpha = RECIPE(r, lined_paper, alpha);
	float *columns = ARENA_NEW(c->arena, float, c->width);
	float *rows = ARENA_NEW(c->arena, float, c->height);
	float *none = ARENA_NEW(c->arena, float, c->height);

	cover_lines(rows, c->height, recipe_between(&rng, 0, pitch), pitch, width, 0);
	print_lines(c, NULL, rows, RECIPE(r, lined_paper, hue_deg), alpha);
	/* The margin, 32 mm from the left. */
	cover_lines(columns, c->width, 32 * c->px_per_mm, 1e6, width, 0);
	print_lines(c, columns, none, 355, alpha);
}

/* Upright lines, and two kinds that rise and fall by 30 degrees: places in pitches, from a start so low
 * that all are positive. */
static FAST void isometric_row(float *cover, int n, float x0, float dx, float up, float down,
			       float half, float faint)
{
	for (int x = 0; x < n; x++) {
		float at[3] = {x0 + (float)x * dx, up + 0.5f * (float)x * dx,
			       down + 0.5f * (float)x * dx};
		float most = 0;

		for (int i = 0; i < 3; i++) {
			float off = at[i] - (float)(int)at[i] - 0.5f, v;

			off = (off < 0 ? -off : off) / dx;
			v = clamp01(half + 0.5f - off);
			most = v > most ? v : most;
		}
		cover[x] = most * faint;
	}
}

void degrade_isometric_paper(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_isometric_paper);
	struct colour ink = colour_of_hue(RECIPE(r, isometric_paper, hue_deg));
	double pitch = RECIPE(r, isometric_paper, pitch_mm) * c->px_per_mm * sqrt(3) / 2;
	double width = PRINTED_MM * c->px_per_mm, phase = recipe_between(&rng, 0, 1);
	double alpha = RECIPE(r, isometric_paper, alpha);
	float *cover = ARENA_NEW(c->arena, float, c->width);

	canvas_make_colour(c);
	for (int y = 0; y < c->height; y++) {
		double rise = (y + 0.5) * sqrt(3) / 2 / pitch;
		double start = ceil(c->height / pitch) + phase;

		isometric_row(cover, c->width, (float)phase, (float)(1 / pitch),
			      (float)(start + rise), (float)(start - rise),
			      (float)(max2(width, 1) / 2), (float)min2(width, 1));
		for (int k = 0; k < c->channels; k++)
			print_row(canvas_row(c, k, y), cover, 0, c->width,
				  (float)alpha * (1 - ink.rgb[k]));
	}
}

/* --- copies on coloured ground --- */

static FAST void tone_row(float *row, int n, float ground, float ink, const float *mottle)
{
	for (int x = 0; x < n; x++) {
		float g = ground * mottle[x];

		row[x] = ink + (g - ink) * row[x];
	}
}

/* White paper becomes the ground, ink the other colour, as far as the contrast goes. */
static void tone(struct canvas *c, struct colour ground, struct colour ink, double contrast,
		 double mottling, uint64_t seed)
{
	struct field f = field_new(c->width, c->height, c->arena);
	float *by = ARENA_NEW(c->arena, float, c->width + FIELD_STEP);
	double side = canvas_side(c);
	struct noise clouds = noise_new(seed, 5), bands = noise_new_smooth(seed + 9);

	ink = colour_between(ground, ink, contrast);
	canvas_make_colour(c);
	FIELD_EACH(&f, i, x, y)
	f.value[i] = (float)(1 + mottling * (noise_at(&clouds, 5 * x / side, 5 * y / side) +
					     0.4 * noise_at(&bands, 20 * x / side, 3 * y / side)));
	for (int y = 0; y < c->height; y++) {
		field_row(&f, y, c->width, by);
		for (int k = 0; k < c->channels; k++)
			tone_row(canvas_row(c, k, y), c->width, ground.rgb[k], ink.rgb[k], by);
	}
}

/* Somewhere between two colours. */
static struct colour some_colour(struct rng *rng, struct colour a, struct colour b)
{
	return colour_between(a, b, rng_unit(rng));
}

void degrade_blueprint(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_blueprint);
	struct colour ground = some_colour(&rng, (struct colour){{0.08f, 0.2f, 0.47f}},
					   (struct colour){{0.17f, 0.35f, 0.66f}});

	tone(c, ground, (struct colour){{0.93f, 0.95f, 0.97f}}, RECIPE(r, blueprint, contrast),
	     RECIPE(r, blueprint, mottling), r->seed[DEGRADATION_blueprint]);
}

void degrade_diazo(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_diazo);
	struct colour ground = some_colour(&rng, (struct colour){{0.82f, 0.85f, 0.93f}},
					   (struct colour){{0.72f, 0.74f, 0.9f}});

	tone(c, ground, (struct colour){{0.22f, 0.16f, 0.5f}}, RECIPE(r, diazo, contrast),
	     RECIPE(r, diazo, mottling), r->seed[DEGRADATION_diazo]);
}

void degrade_sepia(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_sepia);
	struct colour ground = some_colour(&rng, (struct colour){{0.94f, 0.88f, 0.76f}},
					   (struct colour){{0.85f, 0.74f, 0.58f}});

	tone(c, ground, (struct colour){{0.34f, 0.2f, 0.1f}}, RECIPE(r, sepia, contrast),
	     RECIPE(r, sepia, mottling), r->seed[DEGRADATION_sepia]);
}
