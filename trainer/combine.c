/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/combine.h"

#include <math.h>
#include <string.h>

#include "trainer/label_number.h"

#define ROUNDS 4   /* over all numbers; the second one rarely finds anything */
#define MARGIN 1.0 /* log probability by which the outcome must be better */

/* A number's place in a program. */
struct slot {
	int shape;
	struct label_number number; /* without its value */
};

/* A program on the way. */
struct trial {
	struct shape *shapes;
	struct placing placing;
	double worth; /* its log probability, by model and picture */
};

struct combiner {
	const struct combine *given;
	const struct program *first;
	int *alike; /* programs that name the same shapes */
	double *weights;
	int alike_count;
	double weight; /* of all of them */
	struct slot *slots;
	int slot_count;
	struct arena scratch; /* for what is laid over the picture */
};

static bool is_alike(const struct program *a, const struct program *b)
{
	if (a->unit != b->unit || a->shape_count != b->shape_count)
		return false;
	for (int i = 0; i < a->shape_count; i++)
		if (a->shapes[i].kind != b->shapes[i].kind ||
		    a->shapes[i].point_count != b->shapes[i].point_count)
			return false;
	return true;
}

static void find_alike(struct combiner *c, struct arena *arena)
{
	const struct combine *g = c->given;

	c->alike = ARENA_NEW(arena, int, g->count);
	c->weights = ARENA_NEW(arena, double, g->count);
	for (int i = 0; i < g->count; i++) {
		if (!is_alike(c->first, &g->programs[i]))
			continue;
		c->alike[c->alike_count] = i;
		c->weights[c->alike_count] = exp(g->log_probs[i] - g->log_probs[g->first]);
		c->weight += c->weights[c->alike_count++];
	}
}

static void add_slots(struct combiner *c, int shape)
{
	const struct shape *s = &c->first->shapes[shape];
	enum param params[PARAM_COUNT_];
	int n = shape_params(s->kind, params);

	for (int i = 0; i < n; i++) {
		int numbers = params[i] == PARAM_POINTS ? 2 * s->point_count : 1;

		for (int k = 0; k < numbers; k++)
			c->slots[c->slot_count++] =
				(struct slot){shape, {params[i], k / 2, k % 2, 0}};
	}
}

/* Shapes of programs that are alike have the same numbers. */
static int64_t number_in(const struct shape *shapes, const struct slot *slot)
{
	int64_t value = 0;

	label_number_in(&shapes[slot->shape], &slot->number, &value);
	return value;
}

static int64_t number_of(const struct combiner *c, int alike, const struct slot *slot)
{
	return number_in(c->given->programs[c->alike[alike]].shapes, slot);
}

/* By the model: what share says so, number by number. */
static double log_prob_of(const struct combiner *c, const struct shape *shapes)
{
	double sum = 0;

	for (int i = 0; i < c->slot_count; i++) {
		int64_t value = number_in(shapes, &c->slots[i]);
		double weight = 0;

		for (int k = 0; k < c->alike_count; k++)
			if (number_of(c, k, &c->slots[i]) == value)
				weight += c->weights[k];
		sum += log(weight / c->weight);
	}
	return sum;
}

/* Lays the trial over the picture, near where it is said to lie or the other one does; false where it makes no
 * part, or lies nowhere. */
static bool judge(struct combiner *c, struct trial *trial, const struct placing *other)
{
	struct program program = {c->first->unit, c->first->shape_count, trial->shapes};
	const struct combine *g = c->given;
	struct placing from = trial->placing, found;
	double misfit = INFINITY;
	struct figure figure;
	struct outline outline;

	trial->worth = -INFINITY;
	arena_reset(&c->scratch);
	for (int i = 0; i < program.shape_count; i++)
		if (shape_check(&program.shapes[i], NULL) < 0)
			return false;
	if (figure_from_program(&figure, &program, g->family, &c->scratch, NULL) < 0)
		return false;
	outline = outline_from_figure(&figure, g->family == FAMILY_SHAPES, &c->scratch);
	placing_improve(&outline, g->ridges, &from, &trial->placing, &misfit);
	placing_improve(&outline, g->ridges, other, &trial->placing, &misfit);
	if (!g->is_seen) {
		found = placing_search(&outline, g->ridges);
		placing_improve(&outline, g->ridges, &found, &trial->placing, &misfit);
	}
	trial->worth = log_prob_of(c, trial->shapes) - misfit / g->noise;
	return isfinite(trial->worth);
}

static struct shape *copy_shapes(const struct combiner *c, const struct shape *shapes,
				 struct arena *arena)
{
	size_t n = (size_t)c->first->shape_count;
	struct shape *copy = ARENA_NEW(arena, struct shape, n);

	memcpy(copy, shapes, n * sizeof(*copy));
	return copy;
}

/* Whether an earlier one has the same number there. */
static bool is_said_before(const struct combiner *c, int which, const struct slot *slot)
{
	for (int i = 0; i < which; i++)
		if (number_of(c, i, slot) == number_of(c, which, slot))
			return true;
	return false;
}

/* Takes the best of all numbers that are said there; whether that is another one. */
static bool improve(struct combiner *c, struct trial *trial, const struct slot *slot,
		    struct arena *arena)
{
	struct trial best = *trial;

	for (int i = 0; i < c->alike_count; i++) {
		int64_t value = number_of(c, i, slot);
		struct arena_mark mark = arena_mark(arena);
		struct trial other = *trial;

		if (value == number_in(trial->shapes, slot) || is_said_before(c, i, slot))
			continue;
		other.shapes = copy_shapes(c, trial->shapes, arena);
		label_number_set(&other.shapes[slot->shape], &slot->number, value);
		if (judge(c, &other, &c->given->placings[c->alike[i]]) && other.worth > best.worth)
			best = other;
		else
			arena_release(arena, mark);
	}
	if (best.shapes == trial->shapes)
		return false;
	*trial = best;
	return true;
}

static void climb(struct combiner *c, struct trial *trial, struct arena *arena)
{
	bool better = true;

	for (int round = 0; round < ROUNDS && better; round++) {
		better = false;
		for (int i = 0; i < c->slot_count; i++)
			better |= improve(c, trial, &c->slots[i], arena);
	}
}

bool combine_programs(const struct combine *given, struct scene *combined, struct placing *placing,
		      struct arena *arena)
{
	struct combiner c = {.given = given, .first = &given->programs[given->first]};
	struct trial trial = {.placing = given->placings[given->first]};
	struct program program = {c.first->unit, c.first->shape_count, NULL};
	double first;

	find_alike(&c, arena);
	c.slots = ARENA_NEW(arena, struct slot,
			    c.first->shape_count * (PARAM_COUNT_ + 2 * SHAPE_POINTS_MAX));
	for (int i = 0; i < c.first->shape_count; i++)
		add_slots(&c, i);
	trial.shapes = copy_shapes(&c, c.first->shapes, arena);
	judge(&c, &trial, &trial.placing);
	first = trial.worth;
	climb(&c, &trial, arena);
	arena_free(&c.scratch);
	program.shapes = trial.shapes;
	*placing = trial.placing;
	return trial.worth > first + MARGIN &&
	       scene_from_program(combined, &program, given->family, arena, NULL) == 0;
}
