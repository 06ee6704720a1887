/* SPDX-License-Identifier: MIT */
/* Arrowheads by hand: filled by movements from the tip to the barbs, side by side. */
#include <config.h>

#include <math.h>

#include "render/hand/hand.h"

#define LEAST_CLEAR_MM 0.05 /* between an arrowhead's ink and lettering */
#define THINNER 0.7         /* what is nearer, until it is clear */
#define THINNER_TRIES 12

/* Its width changes no faster than a trace's may. */
static void add_ink(struct hand *h, int arrow, struct vec a, double width_a, struct vec b,
		    double width_b)
{
	double most = TRACE_TAPER * vec_length(vec_sub(b, a));
	double dark = 1 - h->pen->fade * rng_unit(h->rng);
	struct trace *trace = drawing_add_trace(h->drawing, h->arena);

	trace->arrow = arrow;
	trace->count = 2;
	trace->points = ARENA_NEW(h->arena, struct trace_point, 2);
	trace->points[0] = (struct trace_point){a, max2(width_a, width_b - most), dark};
	trace->points[1] = (struct trace_point){b, min2(width_b, width_a + most), dark};
}

/* A straight movement, thinner near lettering. */
static void add_movement(struct hand *h, int arrow, struct vec a, double width_a, struct vec b,
			 double width_b)
{
	struct vec ends[2] = {a, b};
	int tries = 0;

	while (tries++ < THINNER_TRIES &&
	       hand_meets_text(h, ends, 2, max2(width_a, width_b) / 2 + LEAST_CLEAR_MM)) {
		width_a *= THINNER;
		width_b *= THINNER;
	}
	add_ink(h, arrow, a, width_a, b, width_b);
}

/* Near the point p of an arrowhead of that length. */
static struct vec jittered(struct hand *h, struct vec p, double length)
{
	double x = hand_about(h), y = hand_about(h);

	return vec_add(p, vec_scale(vec(x, y), HAND_ARROW_JITTER * length));
}

/* Moves the barbs, where that leaves lettering clear. */
static void move_barbs(struct hand *h, struct arrow *a)
{
	double length = vec_length(vec_sub(a->left, a->tip));
	struct arrow moved = *a;

	if (!h->freehand)
		return;
	moved.left = jittered(h, a->left, length);
	moved.right = jittered(h, a->right, length);
	if (!hand_meets_text(h, (struct vec[]){moved.left, moved.tip, moved.right, moved.left}, 4,
			     LEAST_CLEAR_MM))
		*a = moved;
}

/* Some movements from the tip to the line between the barbs, one beside the other. */
static void fill_head(struct hand *h, int index, const struct arrow *a, double line_mm)
{
	struct vec across = vec_sub(a->right, a->left);
	double width = vec_length(across);
	int n = (int)ceil(width / max2(line_mm, width / 8));

	for (int i = 0; i < n; i++) {
		double share = (i + 0.5) / n, thick = width / n;
		struct vec base = vec_add(a->left, vec_scale(across, share));
		struct vec axis = vec_unit(vec_sub(a->tip, base));

		add_movement(h, index, vec_sub(a->tip, vec_scale(axis, thick / 2)), thick / 2,
			     vec_add(base, vec_scale(axis, thick / 2)), thick);
	}
}

void hand_draw_arrow(struct hand *h, int index)
{
	struct arrow a = h->drawing->arrows[index];
	double line = pen_width_mm(h->pen, arrow_line_width(&a), h->style->thin_mm);
	struct vec ends[2];

	move_barbs(h, &a);
	switch (a.kind) {
	case ARROW_FILLED:
		fill_head(h, index, &a, line);
		break;
	case ARROW_BLANK:
		add_movement(h, index, a.left, line, a.right, line);
		add_movement(h, index, a.left, line, a.tip, line);
		add_movement(h, index, a.tip, line, a.right, line);
		break;
	case ARROW_OPEN:
		add_movement(h, index, a.left, line, a.tip, line);
		add_movement(h, index, a.tip, line, a.right, line);
		break;
	case ARROW_TICK:
		arrow_tick_ends(&a, ends);
		add_movement(h, index, ends[0], line, ends[1], line);
		break;
	case ARROW_DOT:
		add_movement(h, index, a.tip, 2 * arrow_dot_radius(&a), a.tip,
			     2 * arrow_dot_radius(&a));
		break;
	case ARROW_COUNT_:
		break;
	}
}
