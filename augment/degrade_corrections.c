/* SPDX-License-Identifier: MIT */
/*
 * Corrections: a number of a dimension struck out, and one written beside it by hand. Mostly it is the same
 * number, as where a print was unclear. Where it is another, the label keeps what was printed, and the
 * annotations say both.
 *
 * The new number stands where the clean picture has no ink: over, under or beside the old one. A number
 * that has no such place is left alone.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/hand_number.h"
#include "augment/number_box.h"

#define TRIES 8 /* numbers that are looked at for each correction */
#define INK 190 /* of 255: what is darker on the clean picture is no free place */
#define PLACES 6
#define TAKEN_MAX 20

/* What one correction needs. */
struct job {
	struct canvas *canvas;
	int *numbers, number_count; /* of the annotations */
	struct rng rng;
	double pen_px, alpha, other;
	struct box taken[TAKEN_MAX]; /* by those before */
	int taken_count;
};

/* Where a new number stands, and how large. */
struct place {
	struct number_box box;
	double unit; /* px */
};

static bool is_taken(const struct job *job, struct box b)
{
	for (int i = 0; i < job->taken_count; i++) {
		struct box t = job->taken[i];

		if (b.x0 < t.x1 && t.x0 < b.x1 && b.y0 < t.y1 && t.y0 < b.y1)
			return true;
	}
	return false;
}

static bool is_free(const struct job *job, const struct number_box *b)
{
	const struct image *clean = job->canvas->clean;
	double rim = 0.12 * b->height;

	for (double v = -rim; v <= b->height + rim; v += 1)
		for (double u = -rim; u <= b->width + rim; u += 1) {
			struct vec p = number_box_point(b, u, v);
			const uint8_t *px;

			if (p.x < 0 || p.y < 0 || p.x >= clean->width || p.y >= clean->height)
				return false;
			px = clean->px + (size_t)p.y * clean->stride +
			     (size_t)p.x * (size_t)clean->channels;
			if (*px < INK)
				return false;
		}
	return true;
}

/* The nearest place for a number that is `width` units wide; false: there is none. */
static bool find_place(struct job *job, const struct number_box *old, double width,
		       struct place *place)
{
	double height = old->height * recipe_between(&job->rng, 0.95, 1.25);
	double wide = (width + 1) * height / HAND_HEIGHT, apart = 0.45 * old->height;
	double middle = (old->width - wide) / 2;
	const struct vec offsets[PLACES] = {
		vec(middle, old->height + apart), vec(old->width + apart, 0.1 * height),
		vec(-wide - apart, 0.1 * height), vec(middle, -height - apart),
		vec(middle, 2.4 * old->height),   vec(middle, -height - 1.6 * old->height),
	};

	for (int i = 0; i < PLACES; i++) {
		struct vec corners[4];
		struct box round;

		place->box = *old;
		place->box.origin = number_box_point(old, offsets[i].x, offsets[i].y);
		place->box.width = wide;
		place->box.height = height;
		place->unit = height / HAND_HEIGHT;
		number_box_corners(&place->box, (struct box){0, 0, wide, height}, corners);
		round = box_of_points(corners, 4);
		if (is_taken(job, round) || !is_free(job, &place->box))
			continue;
		job->taken[job->taken_count++] = round;
		return true;
	}
	return false;
}

/* One digit becomes another, the first none. */
static void change_digit(char *digits, struct rng *rng)
{
	size_t n = strlen(digits), at = rng_below(rng, (uint32_t)n);

	while (!strchr("0123456789", digits[at]))
		at = (at + 1) % n;
	if (at == 0)
		digits[at] = (char)('1' + (digits[at] - '1' + 1 + (int)rng_below(rng, 8)) % 9);
	else
		digits[at] = (char)('0' + (digits[at] - '0' + 1 + (int)rng_below(rng, 9)) % 10);
}

/* What is written for the printed value. */
static const char *new_value(struct job *job, const char *printed)
{
	char *value = arena_strndup(job->canvas->kept, printed, strlen(printed));

	if (rng_chance(&job->rng, job->other))
		change_digit(value + (number_digits(value) - value), &job->rng);
	return value;
}

static void strike_out(struct mask *m, const struct number_box *b, struct job *job)
{
	int lines = 1 + rng_chance(&job->rng, 0.3);

	for (int i = 0; i < lines; i++) {
		double y0 = b->height * recipe_between(&job->rng, 0.3, 0.6);
		double y1 = b->height * recipe_between(&job->rng, 0.4, 0.7);

		mask_line(m, number_box_point(b, -0.25 * b->height, y0),
			  number_box_point(b, b->width + 0.25 * b->height, y1), job->pen_px);
	}
}

static struct box box_grown(struct box b, double by)
{
	return (struct box){b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by};
}

static void draw(struct job *job, const struct number_box *old, const struct place *place,
		 const char *value, struct colour colour)
{
	struct hand_frame frame = {number_box_point(&place->box, 0.5 * place->unit, 0),
				   vec_scale(place->box.along, place->unit),
				   vec_scale(place->box.up, place->unit)};
	struct arena_mark mark = arena_mark(job->canvas->arena);
	struct vec corners[8];
	struct mask m;

	number_box_corners(old, (struct box){0, 0, old->width, old->height}, corners);
	number_box_corners(&place->box, (struct box){0, 0, place->box.width, place->box.height},
			   corners + 4);
	m = mask_new(job->canvas, box_grown(box_of_points(corners, 8), old->height));
	strike_out(&m, old, job);
	hand_number_draw(&m, &frame, value, job->pen_px, &job->rng);
	paint_ink(job->canvas, &m, colour, job->alpha);
	arena_release(job->canvas->arena, mark);
}

static void annotate(struct canvas *c, int struck, const struct place *place, const char *value)
{
	struct annotation *text = &c->annotations->items[struck];
	struct annotation item = {.class_ = ANNOTATION_CORRECTION,
				  .polygon = {ARENA_NEW(c->kept, struct vec, 4), 4, true},
				  .value = value,
				  .shape = text->shape,
				  .dimension = text->dimension};

	text->struck = true;
	text->written = value;
	number_box_corners(&place->box, (struct box){0, 0, place->box.width, place->box.height},
			   item.polygon.points);
	annotations_add(c->annotations, item, c->kept);
}

static void correct_one(struct job *job, struct colour colour)
{
	struct annotations *a = job->canvas->annotations;

	for (int i = 0; i < TRIES; i++) {
		int at = job->numbers[rng_below(&job->rng, (uint32_t)job->number_count)];
		const struct annotation *item = &a->items[at];
		struct number_box old;
		struct place place;
		const char *value;

		if (item->struck || !number_box_of(item, &old))
			continue;
		value = new_value(job, item->value);
		if (!find_place(job, &old, hand_number_width(value), &place))
			continue;
		draw(job, &old, &place, value, colour);
		annotate(job->canvas, at, &place, value);
		return;
	}
}

void degrade_corrections(struct canvas *c, const struct recipe *r)
{
	struct job job = {.canvas = c,
			  .rng = recipe_rng(r, DEGRADATION_corrections),
			  .pen_px = RECIPE(r, corrections, pen_mm) * c->px_per_mm,
			  .alpha = RECIPE(r, corrections, alpha),
			  .other = RECIPE(r, corrections, other)};
	int count = (int)floor(RECIPE(r, corrections, count) + 0.5);
	bool red = rng_chance(&job.rng, RECIPE(r, corrections, red));
	struct colour colour = red ? (struct colour){{0.85f, 0.12f, 0.1f}} : colour_grey(0.25);

	if (!c->annotations)
		return;
	job.number_count = number_list(c->annotations, &job.numbers, c->arena);
	if (job.number_count == 0)
		return;
	for (int i = 0; i < count; i++)
		correct_one(&job, colour);
}
