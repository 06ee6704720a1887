/* SPDX-License-Identifier: MIT */
/*
 * The sheet: folded, crumpled, stained, and what shines through it.
 *
 * Blots are discs whose radius swings with their place, by a few waves across and down, which cost a
 * table each and not a noise a pixel.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/field.h"
#include "augment/noise.h"
#include "augment/paint.h"
#include "augment/warp_entries.h"

/* --- folds --- */

/* Per pixel of a row or a column: what light is multiplied by, and how much ink is left. */
struct crease_profile {
	float *shade, *ink;
};

static struct crease_profile profile_of(struct canvas *c, const struct recipe *r,
					const struct fold_line *line, int n)
{
	struct crease_profile p = {ARENA_NEW(c->arena, float, n), ARENA_NEW(c->arena, float, n)};
	double width = max2(RECIPE(r, folds, width_mm) * c->px_per_mm, 0.8);
	double shade = RECIPE(r, folds, shade), loss = RECIPE(r, folds, ink_loss);

	for (int x = 0; x < n; x++) {
		double sum = 0, kept = 1;

		for (int i = 1; i < line->count - 1; i++) {
			double d = (x + 0.5 - line->at[i]) / width;
			double side = line->height[i] > 0 ? 1 : -1;

			/* The derivative of a bell peaks at 0.43. A worn crease is light itself. */
			sum += side * shade * d * exp(-d * d) / 0.43 +
			       0.4 * shade * exp(-d * d * 12);
			kept *= 1 - loss * exp(-d * d * 8);
		}
		p.shade[x] = (float)(1 + sum);
		p.ink[x] = (float)kept;
	}
	/* Parts that face the light are lighter. */
	for (int i = 1; i < line->count; i++)
		for (int x = (int)line->at[i - 1]; x < (int)line->at[i] && x < n; x++)
			p.shade[x] += (float)((i % 2 ? 0.12 : -0.12) * shade);
	return p;
}

static FAST void fold_row(float *row, const float *shade, const float *ink, float row_shade,
			  float row_ink, uint32_t key, int n)
{
	for (int x = 0; x < n; x++) {
		float worn = (1 - ink[x] * row_ink) *
			     (0.6f + 0.8f * noise_unit(hash32(key + (uint32_t)x)));
		float light = row[x] + (1 - row[x]) * clamp01(worn);

		row[x] = light * shade[x] * row_shade;
	}
}

void degrade_folds(struct canvas *c, const struct recipe *r)
{
	struct fold_line down = fold_line_from_recipe(r, 1, c->width);
	struct fold_line across = fold_line_from_recipe(r, 0, c->height);
	struct crease_profile columns = profile_of(c, r, &down, c->width);
	struct crease_profile rows = profile_of(c, r, &across, c->height);

	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++)
			fold_row(canvas_row(c, k, y), columns.shade, columns.ink, rows.shade[y],
				 rows.ink[y], noise_row_key(r->seed[DEGRADATION_folds], y),
				 c->width);
}

void degrade_wrinkles(struct canvas *c, const struct recipe *r)
{
	struct crumple crumple = crumple_from_recipe(r, c->width, c->height);
	struct field f = field_new(c->width, c->height, c->arena);
	double shade = RECIPE(r, wrinkles, shade) * 2.2;

	FIELD_EACH(&f, i, x, y)
	{
		struct vec s = crumple_slope(&crumple, vec(x, y));

		f.value[i] = (float)(1 + shade * (0.8 * s.x - 0.6 * s.y));
	}
	field_multiply_all(&f, c);
}

/* --- blots --- */

struct blot {
	struct vec centre;
	double radius, rim; /* px; the rim's width */
	double rough;       /* how far the radius swings, over the radius */
	float fill, edge;   /* how dark inside and at the rim */
};

#define WAVES 4

/* The swing at the pixels x0.. of one direction. */
static float *swing(const struct blot *b, double centre, int x0, int n, struct rng *rng,
		    struct arena *arena)
{
	float *out = ARENA_NEW(arena, float, n);

	for (int w = 0; w < WAVES; w++) {
		double phase = recipe_between(rng, 0, 2 * M_PI);
		double k = recipe_between(rng, 0.7, 1.5) * (w + 1) / b->radius;

		for (int x = 0; x < n; x++)
			out[x] += (float)(b->rough * b->radius / (w + 1.5) *
					  sin((x0 + x - centre) * k * 1.7 + phase));
	}
	return out;
}

static FAST void blot_row(float *to, const float *swing, float dy, float x0, int n, float radius,
			  float rim, float fill, float edge)
{
	for (int x = 0; x < n; x++) {
		float dx = x0 + (float)x;
		float d = __builtin_sqrtf(dx * dx + dy * dy) + swing[x] - radius;
		float t = d / rim;
		/* A bell without exp: it ends at twice the rim. */
		float bell = clamp01(1 - t * t * 0.25f);
		float inside = clamp01(0.5f - d);

		bell *= bell;
		bell = t < 0 ? bell : bell * clamp01(1 - t);
		to[x] = fill * inside + edge * bell;
	}
}

/* Row by row: blots may be as large as the sheet. */
static void paint_blot(struct canvas *c, const struct blot *b, struct colour colour,
		       struct rng *rng)
{
	double reach = b->radius * (1 + 2 * b->rough) + 2 * b->rim + 2;
	/* Where it is across and down: one row and one column of its box. */
	struct mask row = mask_new(c, (struct box){b->centre.x - reach, 0, b->centre.x + reach, 0});
	struct mask column =
		mask_new(c, (struct box){0, b->centre.y - reach, 0, b->centre.y + reach});
	float *columns = swing(b, b->centre.x, row.x0, row.width, rng, c->arena);
	float *rows = swing(b, b->centre.y, column.y0, column.height, rng, c->arena);

	row.height = 1;
	for (int y = 0; row.width && y < column.height; y++) {
		row.y0 = column.y0 + y;
		blot_row(row.cover, columns, (float)(row.y0 + 0.5 - b->centre.y),
			 (float)(row.x0 + 0.5 - b->centre.x), row.width, (float)b->radius - rows[y],
			 (float)b->rim, b->fill, b->edge);
		paint_ink(c, &row, colour, 1);
	}
}

static struct vec some_place(const struct canvas *c, struct rng *rng)
{
	double x = recipe_between(rng, 0, c->width), y = recipe_between(rng, 0, c->height);

	return vec(x, y);
}

void degrade_stains(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_stains);
	int count = (int)floor(RECIPE(r, stains, count) + 0.5);
	double dark = RECIPE(r, stains, dark);
	struct colour colour =
		c->channels == 1 ? colour_grey(0) : (struct colour){{0.45f, 0.25f, 0.0f}};

	for (int i = 0; i < count; i++) {
		struct blot b = {.centre = some_place(c, &rng)};

		b.radius = RECIPE(r, stains, radius_mm) * c->px_per_mm *
			   recipe_between(&rng, 0.4, 1.2);
		b.rim = max2(b.radius * 0.06, 1);
		b.rough = 0.16;
		b.fill = (float)(dark * 0.45);
		b.edge = (float)(dark * 0.8);
		paint_blot(c, &b, colour, &rng);
	}
}

void degrade_coffee_ring(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_coffee_ring);
	double dark = RECIPE(r, coffee_ring, dark);
	struct colour colour = {{0.5f, 0.26f, 0.05f}};
	struct vec centre = some_place(c, &rng);

	/* A cup is put down twice, nearly in the same place. */
	for (int i = 0; i < 2; i++) {
		double dx = recipe_between(&rng, -3, 3), dy = recipe_between(&rng, -3, 3);
		struct blot b = {.centre = vec_add(centre, vec(dx * c->px_per_mm * i,
							       dy * c->px_per_mm * i))};

		b.radius = RECIPE(r, coffee_ring, radius_mm) * c->px_per_mm;
		b.rim = max2(RECIPE(r, coffee_ring, width_mm) * c->px_per_mm / 2, 0.8);
		b.rough = 0.012;
		b.fill = (float)(dark * 0.08);
		b.edge = (float)(dark * (i ? 0.5 : 1));
		paint_blot(c, &b, colour, &rng);
	}
}

/* --- the other side --- */

static FAST void halve_row(float *to, const float *upper, const float *lower, int n)
{
	for (int x = 0; x < n; x++)
		to[x] = 1 -
			0.25f * (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]);
}

static FAST void add_third(float *to, const float *a, const float *b, const float *c, int n)
{
	for (int x = 0; x < n; x++)
		to[x] = 0.25f * a[x] + 0.5f * b[x] + 0.25f * c[x];
}

/* One step of a blur of w x h, through the buffer. */
static void soften(float *px, float *buffer, int w, int h)
{
	for (int y = 0; y < h; y++) {
		const float *row = px + (ptrdiff_t)y * w;

		memcpy(buffer + (ptrdiff_t)y * w, row, (size_t)w * sizeof(*row));
		if (w > 2)
			add_third(buffer + (ptrdiff_t)y * w + 1, row, row + 1, row + 2, w - 2);
	}
	for (int y = 0; y < h; y++) {
		int up = y ? y - 1 : y, down = y < h - 1 ? y + 1 : y;

		add_third(px + (ptrdiff_t)y * w, buffer + (ptrdiff_t)up * w,
			  buffer + (ptrdiff_t)y * w, buffer + (ptrdiff_t)down * w, w);
	}
}

static FAST void shine_row(float *row, const float *upper, const float *lower, float t, int from,
			   int half, int n, float alpha)
{
	for (int x = 0; x < n; x++) {
		int i = from - (x >> 1); /* from right to left */
		float v;

		i = i < 0 ? 0 : i < half ? i : half - 1;
		v = upper[i] + (lower[i] - upper[i]) * t;
		row[x] *= 1 - alpha * v;
	}
}

/* The back bears a drawing like this one: this one, seen through the sheet, put down a little off. */
void degrade_show_through(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_show_through);
	int w = c->width / 2, h = c->height / 2;
	double sigma = RECIPE(r, show_through, sigma_mm) * c->px_per_mm / 2;
	int steps = (int)floor(sigma * sigma * 2 + 0.5);
	double shift = recipe_between(&rng, -0.03, 0.03);
	int dy = (int)(recipe_between(&rng, -0.03, 0.03) * c->height);
	/* Both are a quarter of a plane. */
	float *back = c->scratch, *buffer = c->scratch + (ptrdiff_t)w * h;

	if (w < 3 || h < 3)
		return;
	for (int y = 0; y < h; y++)
		halve_row(back + (ptrdiff_t)y * w, canvas_row(c, 0, 2 * y),
			  canvas_row(c, 0, 2 * y + 1), w);
	for (int i = 0; i < steps && i < 40; i++)
		soften(back, buffer, w, h);
	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++) {
			int from = y + dy, i, j;

			from = from < 0 ? 0 : from < c->height ? from : c->height - 1;
			i = from / 2 < h ? from / 2 : h - 1;
			j = i + 1 < h ? i + 1 : i;
			shine_row(canvas_row(c, k, y), back + (ptrdiff_t)i * w,
				  back + (ptrdiff_t)j * w, from % 2 ? 0.5f : 0,
				  (int)(w - 1 + shift * w), w, c->width,
				  (float)RECIPE(r, show_through, alpha));
		}
}
