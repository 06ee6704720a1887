/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/rerank/combine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/rerank/combine_shapes.h"
#include "trainer/score/label_number.h"

#define ROUNDS 4       /* over all numbers; the second one rarely finds anything */
#define STARTS 4       /* ways to name shapes that are gone into */
#define MARGIN 1.0     /* log probability by which the outcome must be better */
#define ELSEWHERE 1e-2 /* the probability of a number that no program says there, but elsewhere */
#define UNSAID 1e-4    /* and of any other one */
#define UNNAMED                                                                                    \
	1e-6 /* the probability of shapes that no program names, beside those of the first one */

/* Of numbers that no program says: */
#define OFF_LEAST 10.0 /* px * px by which one must bring the outline nearer to lines */
#define CHANGES 4
#define SHARE_LEAST 0.5  /* of the outline that must lie on lines before: else too much is wrong */
#define PX_LEAST 1.0     /* by which it must be another: small circles do not lie where they are */
#define LENGTH_LEAST 4.0 /* px: a shape that is hardly there lies on any line */
#define ANGLE_STEP 5000
#define COUNT_MOST 12
#define KEPT 2 /* of them, by a quick look */

/* A number's place in a program. */
struct slot {
	int shape;
	struct label_number number; /* without its value */
};

/* A program on the way. */
struct trial {
	struct shape *shapes;
	struct placing placing;
	double misfit, off; /* px * px, placing_misfit and placing_off */
	double worth;       /* its log probability, by model and picture */
};

struct combiner {
	const struct combine *given;
	const struct program *first;
	int *alike; /* programs that name the same shapes */
	double *weights;
	int alike_count;
	double weight; /* of all of them, where 1 is that of the first program of all */
	struct slot *slots;
	int slot_count;
	bool is_unsaid;       /* whether numbers that no program says are tried */
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

/* Whether the first program says it of something of the kind. */
static bool is_elsewhere(const struct combiner *c, const struct label_number *number, int64_t value)
{
	enum param_kind kind = label_number_kind(number);

	for (int i = 0; i < c->slot_count; i++)
		if (label_number_kind(&c->slots[i].number) == kind &&
		    number_in(c->first->shapes, &c->slots[i]) == value)
			return true;
	return false;
}

/* Whether a program says that number of any shape of the kind. */
static bool is_of_kind(const struct combiner *c, const struct slot *slot, int64_t value)
{
	enum shape_kind kind = c->first->shapes[slot->shape].kind;
	int64_t number;

	for (int i = 0; i < c->given->count; i++) {
		const struct program *p = &c->given->programs[i];

		for (int k = 0; k < p->shape_count; k++)
			if (p->shapes[k].kind == kind &&
			    label_number_in(&p->shapes[k], &slot->number, &number) &&
			    number == value)
				return true;
	}
	return false;
}

/* Of shapes that no program names together. */
static double log_prob_unnamed(const struct combiner *c, const struct shape *shapes)
{
	double sum = log(UNNAMED);

	for (int i = 0; i < c->slot_count; i++) {
		int64_t value = number_in(shapes, &c->slots[i]);

		if (!is_of_kind(c, &c->slots[i], value))
			sum += log(is_elsewhere(c, &c->slots[i].number, value) ? ELSEWHERE
									       : UNSAID);
	}
	return sum;
}

/* By the model: that it names these shapes, and what share of such programs says so, number by number. */
static double log_prob_of(const struct combiner *c, const struct shape *shapes)
{
	double sum = log(c->weight);

	if (!c->alike_count)
		return log_prob_unnamed(c, shapes);

	for (int i = 0; i < c->slot_count; i++) {
		int64_t value = number_in(shapes, &c->slots[i]);
		double weight = 0;

		for (int k = 0; k < c->alike_count; k++)
			if (number_of(c, k, &c->slots[i]) == value)
				weight += c->weights[k];
		if (weight > 0)
			sum += log(weight / c->weight);
		else
			sum += log(is_elsewhere(c, &c->slots[i].number, value) ? ELSEWHERE
									       : UNSAID);
	}
	return sum;
}

/* The outline of shapes; false where they make no part. It lives in the scratch, until the next one. */
static bool outline_of(struct combiner *c, struct shape *shapes, struct figure *figure,
		       struct outline *outline)
{
	const struct program program = {c->first->unit, c->first->shape_count, shapes};
	const struct combine *g = c->given;

	arena_reset(&c->scratch);
	for (int i = 0; i < program.shape_count; i++)
		if (shape_check(&program.shapes[i], NULL) < 0)
			return false;
	if (figure_from_program(figure, &program, g->family, &c->scratch, NULL) < 0)
		return false;
	*outline = outline_from_figure(figure, g->family == FAMILY_SHAPES, &c->scratch);
	return true;
}

/* What follows from where it lies, of that misfit. */
static void weigh(struct combiner *c, struct trial *trial, const struct outline *outline)
{
	trial->off = isfinite(trial->misfit)
			     ? placing_off(outline, c->given->ridges, &trial->placing)
			     : INFINITY;
	trial->worth = log_prob_of(c, trial->shapes) - trial->misfit / c->given->noise;
}

/* Lays the trial over the picture, near where it is said to lie or the other one does; false where it makes no
 * part, or lies nowhere. */
static bool judge(struct combiner *c, struct trial *trial, const struct placing *other)
{
	const struct combine *g = c->given;
	struct placing from = trial->placing, found;
	struct figure figure;
	struct outline outline;

	trial->worth = -INFINITY;
	trial->misfit = INFINITY;
	if (!outline_of(c, trial->shapes, &figure, &outline))
		return false;
	placing_improve(&outline, g->ridges, &from, &trial->placing, &trial->misfit);
	placing_improve(&outline, g->ridges, other, &trial->placing, &trial->misfit);
	if (!g->is_seen && !c->is_unsaid) {
		found = placing_search(&outline, g->ridges);
		placing_improve(&outline, g->ridges, &found, &trial->placing, &trial->misfit);
	}
	weigh(c, trial, &outline);
	return isfinite(trial->worth);
}

/* Where it lies, or, loosely, where it fits best but for what is wrong; false where that is too much. */
static bool lay(struct combiner *c, struct trial *trial, bool loosely)
{
	const struct combine *g = c->given;
	struct figure figure;
	struct outline outline;
	struct placing p = trial->placing;

	if (!outline_of(c, trial->shapes, &figure, &outline))
		return false;
	if (loosely)
		p = placing_search_loose(&outline, g->ridges);
	if (!(p.scale > 0) || placing_share(&outline, g->ridges, &p) < SHARE_LEAST)
		return false;
	trial->placing = p;
	trial->misfit = placing_misfit(&outline, g->ridges, &p);
	weigh(c, trial, &outline);
	return true;
}

static struct shape *copy_shapes(const struct combiner *c, const struct shape *shapes,
				 struct arena *arena)
{
	size_t n = (size_t)c->first->shape_count;
	struct shape *copy = ARENA_NEW(arena, struct shape, n);

	memcpy(copy, shapes, n * sizeof(*copy));
	return copy;
}

/* --- numbers that no program says ------------------------------------------------------------- */

/* Whether an earlier one has the same number there. */
static bool is_said_before(const struct combiner *c, int which, const struct slot *slot)
{
	for (int i = 0; i < which; i++)
		if (number_of(c, i, slot) == number_of(c, which, slot))
			return true;
	return false;
}

/* Whether any program says it. */
static bool is_said(const struct combiner *c, const struct slot *slot, int64_t value)
{
	for (int i = 0; i < c->alike_count; i++)
		if (number_of(c, i, slot) == value)
			return true;
	return false;
}

/* Of points in a row several may have the coordinate: `together` all of them get the other one. */
static void set_number(struct shape *shapes, const struct slot *slot, int64_t value, bool together)
{
	struct shape *shape = &shapes[slot->shape];
	int64_t before = number_in(shapes, slot), now;

	if (together && slot->number.param == PARAM_POINTS)
		for (int i = 0; i < shape->point_count; i++) {
			struct label_number other = slot->number;

			other.point = i;
			if (label_number_in(shape, &other, &now) && now == before)
				label_number_set(shape, &other, value);
		}
	label_number_set(shape, &slot->number, value);
}

/* px * px, where the trial lies; INFINITY where its outline is no nearer to lines, or they make no part. */
static double misfit_there(struct combiner *c, struct shape *shapes, const struct trial *trial)
{
	const struct ridges *ridges = c->given->ridges;
	struct figure figure;
	struct outline outline;

	if (!outline_of(c, shapes, &figure, &outline) ||
	    placing_off(&outline, ridges, &trial->placing) > trial->off - OFF_LEAST)
		return INFINITY;
	return placing_misfit(&outline, ridges, &trial->placing);
}

/* Whether drawings print it twice as long: a diameter, or a length across. */
static bool is_half(const struct trial *trial, const struct slot *slot)
{
	enum shape_kind kind = trial->shapes[slot->shape].kind;

	return slot->number.param == PARAM_RX || slot->number.param == PARAM_RY ||
	       (slot->number.param == PARAM_R && (kind == SHAPE_CIRCLE || kind == SHAPE_POLYGON));
}

/* What all lengths but that one are multiples of as drawings print them, of the steps that dimensions have. */
static int64_t unit_of_others(const struct combiner *c, const struct trial *trial,
			      const struct slot *slot)
{
	static const int64_t units[] = {10000, 5000, 1000, 500, 250, 50, 10, 5, 1};
	size_t u = 0;

	for (int i = 0; i < c->slot_count; i++) {
		const struct slot *other = &c->slots[i];
		enum param_kind kind = label_number_kind(&other->number);
		int64_t value = number_in(trial->shapes, other);

		if (other == slot || (kind != KIND_LENGTH && kind != KIND_COORD))
			continue;
		value *= is_half(trial, other) ? 2 : 1;
		while (value % units[u] != 0)
			u++;
	}
	return units[u];
}

/* What numbers there may be, but for those nearer than `least` to what is said. */
struct range {
	int64_t from, to, step, least;
};

static struct range range_of(const struct combiner *c, const struct trial *trial,
			     const struct slot *slot)
{
	double px = trial->placing.scale * unit_mm(c->first->unit) / 1000; /* of a thousandth */
	int64_t lo, hi, most = (int64_t)(c->given->ridges->side / px);
	int64_t unit = unit_of_others(c, trial, slot), step;

	if (is_half(trial, slot))
		unit = unit > 1 ? unit / 2 : 1;
	step = unit * (int64_t)max2(1, ceil(PX_LEAST / px / (double)unit));

	param_bounds(slot->number.param, &lo, &hi);
	switch (label_number_kind(&slot->number)) {
	case KIND_ANGLE:
		return (struct range){0, hi, ANGLE_STEP, 1};
	case KIND_COUNT:
		return (struct range){lo, hi < COUNT_MOST ? hi : COUNT_MOST, 1, 1};
	case KIND_LENGTH:
		return (struct range){step * (int64_t)ceil(LENGTH_LEAST / px / (double)step), most,
				      step, (int64_t)(PX_LEAST / px)};
	case KIND_COORD:
		return (struct range){step, most, step, (int64_t)(PX_LEAST / px)};
	default:
		return (struct range){0, -1, 1, 1};
	}
}

struct unsaid {
	int64_t value;
	bool together; /* set_number's */
	double misfit;
};

/* The best KEPT stay, in their order. */
static void keep_unsaid(struct unsaid list[KEPT], int *count, const struct unsaid *one)
{
	int i = *count;

	while (i > 0 && list[i - 1].misfit > one->misfit)
		i--;
	if (i == KEPT)
		return;
	*count += *count < KEPT;
	memmove(&list[i + 1], &list[i], (size_t)(*count - 1 - i) * sizeof(*list));
	list[i] = *one;
}

/* Numbers that no program says, and fit better where the trial lies, the best first; how many. */
static int find_unsaid(struct combiner *c, const struct trial *trial, const struct slot *slot,
		       struct unsaid list[KEPT], struct arena *arena)
{
	struct range range = range_of(c, trial, slot);
	struct shape *shapes = copy_shapes(c, trial->shapes, arena);
	int64_t now = number_in(trial->shapes, slot);
	int ways = slot->number.param == PARAM_POINTS ? 2 : 1, count = 0;
	size_t bytes = (size_t)c->first->shape_count * sizeof(*shapes);

	for (int64_t value = range.from; value <= range.to; value += range.step) {
		if (llabs(value - now) < range.least || is_said(c, slot, value))
			continue;
		for (int together = 0; together < ways; together++) {
			struct unsaid one = {value, together, 0};

			memcpy(shapes, trial->shapes, bytes);
			set_number(shapes, slot, value, together);
			one.misfit = misfit_there(c, shapes, trial);
			if (one.misfit < trial->misfit)
				keep_unsaid(list, &count, &one);
		}
	}
	return count;
}

/* The trial with another number, if it is better than *best; `other`: where such a one may lie. */
static void try_number(struct combiner *c, const struct trial *trial, const struct slot *slot,
		       int64_t value, bool together, const struct placing *other,
		       struct trial *best, struct arena *arena)
{
	struct arena_mark mark = arena_mark(arena);
	struct trial changed = *trial;

	changed.shapes = copy_shapes(c, trial->shapes, arena);
	set_number(changed.shapes, slot, value, together);
	if (judge(c, &changed, other) && changed.worth > best->worth)
		*best = changed;
	else
		arena_release(arena, mark);
}

/* Takes the best of all numbers that are said there, or that the picture shows; whether that is another one. */
static bool improve(struct combiner *c, struct trial *trial, const struct slot *slot,
		    struct arena *arena)
{
	struct trial best = *trial;
	struct unsaid unsaid[KEPT];
	int n = 0;

	for (int i = 0; i < c->alike_count; i++) {
		int64_t value = number_of(c, i, slot);

		if (value != number_in(trial->shapes, slot) && !is_said_before(c, i, slot))
			try_number(c, trial, slot, value, false, &c->given->placings[c->alike[i]],
				   &best, arena);
	}
	if (c->is_unsaid && trial->off > OFF_LEAST)
		n = find_unsaid(c, trial, slot, unsaid, arena);
	for (int i = 0; i < n; i++)
		try_number(c, trial, slot, unsaid[i].value, unsaid[i].together, &trial->placing,
			   &best, arena);
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

/* Of all numbers the one that makes it best, then the next: a wrong one can be made up for by others, too, but not as
 * well. */
static void climb_steeply(struct combiner *c, struct trial *trial, struct arena *arena)
{
	for (int change = 0; change < CHANGES; change++) {
		struct trial best = *trial;

		for (int i = 0; i < c->slot_count; i++) {
			struct trial one = *trial;

			if (improve(c, &one, &c->slots[i], arena) && one.worth > best.worth)
				best = one;
		}
		if (best.shapes == trial->shapes)
			return;
		*trial = best;
	}
}

/* Numbers that no program says, from where the trial lies, if it is seen, and from where it lies loosely: what is wrong
 * may have taken it elsewhere. */
static void find_more(struct combiner *c, struct trial *trial, struct arena *arena)
{
	struct trial best = *trial;

	c->is_unsaid = true;
	for (int loosely = !c->given->is_seen; loosely <= 1 && best.off > OFF_LEAST; loosely++) {
		struct trial one = *trial;

		if (!lay(c, &one, loosely))
			continue;
		climb_steeply(c, &one, arena);
		if (one.worth > best.worth)
			best = one;
	}
	*trial = best;
}

/* The program to begin with, as it is. */
static struct trial start(struct combiner *c, const struct program *program,
			  const struct placing *placing, struct arena *arena)
{
	struct trial trial = {.placing = *placing};

	c->first = program;
	find_alike(c, arena);
	c->slots = ARENA_NEW(arena, struct slot,
			     program->shape_count * (PARAM_COUNT_ + 2 * SHAPE_POINTS_MAX));
	for (int i = 0; i < program->shape_count; i++)
		add_slots(c, i);
	trial.shapes = copy_shapes(c, program->shapes, arena);
	judge(c, &trial, &trial.placing);
	return trial;
}

static void improve_all(struct combiner *c, struct trial *trial, struct arena *arena)
{
	climb(c, trial, arena);
	/* Of plates threads, hidden edges and fillets are not drawn as outlines are. */
	if (c->given->family == FAMILY_SHAPES)
		find_more(c, trial, arena);
}

/* The most probable of the programs that name other shapes than those, and as many; -1: there is none. More shapes
 * always explain more, if only dimension lines. */
static int next_start(const struct combine *g, const int *starts, int count)
{
	double most = -INFINITY;
	int best = -1;

	for (int i = 0; i < g->count; i++) {
		double worth = g->log_probs[i] - g->misfits[i] / g->noise;
		bool is_other = g->programs[i].shape_count == g->programs[starts[0]].shape_count;

		for (int k = 0; k < count && is_other; k++)
			is_other = !is_alike(&g->programs[i], &g->programs[starts[k]]);
		if (is_other && worth > most) {
			most = worth;
			best = i;
		}
	}
	return best;
}

/* Shapes that no program says, with numbers that none says either, if they are more probable than the best. */
static void try_shapes(const struct combine *g, const struct program *program, struct trial *best,
		       struct arena *arena)
{
	struct combiner c = {.given = g};
	struct program found, *named = ARENA_NEW(arena, struct program, 1);
	struct placing placing;
	struct scene scene;
	struct trial trial;

	if (!combine_find_shapes(g, program, &best->placing, &found, &placing, arena) ||
	    scene_from_program(&scene, &found, g->family, arena, NULL) < 0)
		return;
	*named = (struct program){scene.unit, scene.shape_count, scene.shapes};
	trial = start(&c, named, &placing, arena);
	find_more(&c, &trial, arena);
	if (trial.worth > best->worth)
		*best = trial;
	arena_free(&c.scratch);
}

bool combine_programs(const struct combine *given, struct scene *combined, struct placing *placing,
		      struct arena *arena)
{
	struct trial best = {.worth = -INFINITY};
	int starts[STARTS], next = given->first;
	struct program program = {0};
	double first = 0;

	for (int i = 0; i < STARTS && next >= 0; i++) {
		struct combiner c = {.given = given};
		struct trial trial =
			start(&c, &given->programs[next], &given->placings[next], arena);

		if (i == 0)
			first = trial.worth;
		improve_all(&c, &trial, arena);
		if (i == 0 || trial.worth > best.worth) {
			best = trial;
			program = *c.first;
			program.shapes = best.shapes;
		}
		arena_free(&c.scratch);
		starts[i] = next;
		next = next_start(given, starts, i + 1);
	}
	if (given->family == FAMILY_SHAPES)
		try_shapes(given, &program, &best, arena);
	program.shapes = best.shapes;
	*placing = best.placing;
	return best.worth > first + MARGIN &&
	       scene_from_program(combined, &program, given->family, arena, NULL) == 0;
}
