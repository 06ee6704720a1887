/* SPDX-License-Identifier: MIT */
/*
 * Where the views lie. Sections through keyways stand below the side view, under their cutting plane
 * as near as may be, or to its right.
 */
#include <config.h>

#include <math.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_turned.h"

#define GAP_MM 6.0 /* between side view and sections, beyond their rows */

/* A view with its margins. */
struct block {
	double width, height, margins[WAYS];
};

static double full_width(const struct block *b)
{
	return b->width + b->margins[WAY_LEFT] + b->margins[WAY_RIGHT];
}

static double full_height(const struct block *b)
{
	return b->height + b->margins[WAY_ABOVE] + b->margins[WAY_BELOW];
}

/* Section n, with its two dimensions and its name. */
static struct block section_block(const struct drafter *d, int keyway)
{
	int cylinder = turned_cylinder_at(d->scene, d->scene->shapes[keyway].value[PARAM_X]);
	double size = drafter_mm(d, d->scene->shapes[cylinder].value[PARAM_D]);
	const struct style *s = d->style;
	struct block b = {.width = size, .height = size};

	b.margins[WAY_LEFT] = CENTRE_OVER_MM + 4;
	b.margins[WAY_RIGHT] = b.margins[WAY_BELOW] =
		s->first_offset_mm + s->text_mm + s->text_gap_mm + 3;
	b.margins[WAY_ABOVE] = CENTRE_OVER_MM + s->text_mm + 6;
	for (int i = 0; i < d->scene->dimension_count; i++) {
		const struct dimension *dim = &d->scene->dimensions[i];
		const struct style *own = drafter_style(d, i);
		double *below = &b.margins[WAY_BELOW];

		if (dim->shape != keyway || dim->view == 0)
			continue;
		if (dim->kind == DIM_UPRIGHT)
			b.margins[WAY_RIGHT] = s->first_offset_mm +
					       turned_row_height(drafter_lettering(d, i), true) + 3;
		else
			*below = max2(*below,
				      s->first_offset_mm + own->text_mm + own->text_gap_mm + 3);
	}
	return b;
}

struct layout {
	struct drafter *d;
	const struct sheet_taken *taken;
	struct block front;
	int count;
	struct block sections[TURNED_SECTIONS_MAX];
	double aims[TURNED_SECTIONS_MAX]; /* x of the cutting planes, from the left face */
};

static void set_view(struct drafter *d, int i, const char *name, struct vec origin, struct box box)
{
	d->drawing->views[i] = (struct view){.name = name, .origin = origin, .box = box};
}

static void set_front(const struct layout *l, struct vec corner)
{
	const struct block *b = &l->front;
	struct vec at = vec_add(corner, vec(b->margins[WAY_LEFT], b->margins[WAY_BELOW]));
	struct vec origin = vec_add(at, vec(0, b->height / 2));

	l->d->drawing->datum = origin;
	set_view(l->d, 0, "front", origin,
		 (struct box){at.x, at.y, at.x + b->width, at.y + b->height});
}

static void set_section(const struct layout *l, int n, struct vec centre)
{
	static const char *const names[] = {"A-A", "B-B", "C-C", "D-D", "E-E"};
	double r = l->sections[n].width / 2;

	set_view(l->d, n + 1, names[n], centre,
		 (struct box){centre.x - r, centre.y - r, centre.x + r, centre.y + r});
}

/* Sections in a row below, each under its plane as near as the others let it. */
static int place_below(const struct layout *l)
{
	static const double none[4];
	double wide = 0, high = 0, left, at;
	struct vec corner;

	for (int n = 0; n < l->count; n++) {
		wide += full_width(&l->sections[n]);
		high = max2(high, full_height(&l->sections[n]));
	}
	wide = max2(wide, full_width(&l->front));
	if (drafter_find_room(l->taken, wide, full_height(&l->front) + GAP_MM + high, none,
			      &corner) < 0)
		return -1;
	left = corner.x + (wide - full_width(&l->front)) / 2;
	set_front(l, vec(left, corner.y + high + GAP_MM));
	at = corner.x;
	for (int n = 0; n < l->count; n++) {
		const struct block *b = &l->sections[n];
		double rest = 0, x = left + l->front.margins[WAY_LEFT] + l->aims[n];

		for (int k = n; k < l->count; k++)
			rest += full_width(&l->sections[k]);
		x -= b->margins[WAY_LEFT] + b->width / 2;
		x = max2(at, min2(x, corner.x + wide - rest));
		set_section(l, n,
			    vec(x + b->margins[WAY_LEFT] + b->width / 2,
				corner.y + high - b->margins[WAY_ABOVE] - b->height / 2));
		at = x + full_width(b);
	}
	return 0;
}

/* Sections in a column on the right. */
static int place_right(const struct layout *l)
{
	static const double none[4];
	double wide = 0, high = 0, front = full_height(&l->front), top;
	struct vec corner;

	for (int n = 0; n < l->count; n++) {
		wide = max2(wide, full_width(&l->sections[n]));
		high += full_height(&l->sections[n]);
	}
	if (drafter_find_room(l->taken, full_width(&l->front) + GAP_MM + wide, max2(high, front),
			      none, &corner) < 0)
		return -1;
	set_front(l, vec(corner.x, corner.y + (max2(high, front) - front) / 2));
	top = corner.y + (max2(high, front) + high) / 2;
	for (int n = 0; n < l->count; n++) {
		const struct block *b = &l->sections[n];

		set_section(l, n,
			    vec(corner.x + full_width(&l->front) + GAP_MM + b->margins[WAY_LEFT] +
					b->width / 2,
				top - b->margins[WAY_ABOVE] - b->height / 2));
		top -= full_height(b);
	}
	return 0;
}

static int place_alone(const struct layout *l)
{
	static const double none[4];
	struct vec corner;

	if (drafter_find_room(l->taken, full_width(&l->front), full_height(&l->front), none,
			      &corner) < 0)
		return -1;
	set_front(l, corner);
	return 0;
}

static int place_views(const struct layout *l, bool right_first)
{
	if (l->count == 0)
		return place_alone(l);
	if (right_first && place_right(l) == 0)
		return 0;
	if (place_below(l) == 0)
		return 0;
	return right_first ? -1 : place_right(l);
}

/* What the marks of cutting planes need above and below the view. */
static double room_for_marks(const struct drafter *d, const struct turned *part)
{
	double room = 0;
	int keyway;

	for (int n = 0; (keyway = turned_keyway(d->scene, n)) >= 0; n++) {
		int cylinder =
			turned_cylinder_at(d->scene, d->scene->shapes[keyway].value[PARAM_X]);
		int64_t dia = d->scene->shapes[cylinder].value[PARAM_D];

		room = max2(room, TURNED_MARK_MM + d->style->text_mm / 2 -
					  drafter_mm(d, turned_widest(part) - dia) / 2);
	}
	return room;
}

int turned_place(struct drafter *d, const struct sheet_taken *taken)
{
	static const double shrinks[] = {1, 0.85, 0.7};
	struct turned_plan *plan = turned_plan_new(d);
	struct layout l = {.d = d, .taken = taken};
	bool right_first;
	double marks;
	int keyway;

	d->family = plan;
	right_first = rng_chance(d->rng, 0.3);
	l.front.width = drafter_mm(d, plan->part.length);
	l.front.height = drafter_mm(d, turned_widest(&plan->part));
	for (; l.count < TURNED_SECTIONS_MAX && (keyway = turned_keyway(d->scene, l.count)) >= 0;
	     l.count++) {
		const int64_t *v = d->scene->shapes[keyway].value;

		l.sections[l.count] = section_block(d, keyway);
		l.aims[l.count] = drafter_mm(d, v[PARAM_X] + v[PARAM_LENGTH] / 2);
	}
	d->drawing->view_count = 1 + l.count;
	marks = room_for_marks(d, &plan->part);
	for (int i = 0; i < 3; i++) {
		for (int way = 0; way < WAYS; way++)
			l.front.margins[way] =
				max2(way <= WAY_RIGHT ? 0 : marks, shrinks[i] * plan->margins[way]);
		if (place_views(&l, right_first) == 0)
			return 0;
	}
	return -1;
}
