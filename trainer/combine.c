/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/combine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/label_number.h"
#include "trainer/shape_search.h"

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

/* --- shapes that no program says -------------------------------------------------------------- */

#define PLACINGS 6
#define SAME_PX 2.0
#define COORDINATES_MOST 24

/* px * px, as placing_misfit has it. */
#define LINE_GAIN 4.0
#define OFF_COST 3.0
#define NUMBER_COST 4.0
#define LINES_LEAST 0.2 /* of thick lines that shapes lie on */
#define UNSAID_COST 25.0

/* Each number may be wrong, and one that no program says mostly is. */
static double cost_of(const struct shape *shape, const struct shape_numbers *said)
{
	struct label_number numbers[LABEL_NUMBERS_MAX];
	int n = label_numbers_of_shape(shape, numbers);
	double cost = NUMBER_COST * n;

	for (int i = 0; i < n; i++) {
		bool is_said = label_number_kind(&numbers[i]) != KIND_LENGTH;

		for (int k = 0; k < said->length_count && !is_said; k++)
			is_said = said->lengths[k] == numbers[i].value;
		if (!is_said)
			cost += UNSAID_COST;
	}
	return cost;
}

/* Of n shapes: what the lines that they lie on are worth, less what they are off. */
static double worth_with(const struct shape_search *s, const struct found_shape *const *chosen,
			 int n, int but, const struct found_shape *one, uint64_t *lines)
{
	double off = one->off, cost = one->cost;
	int count = 0;

	memcpy(lines, one->lines, (size_t)s->words * sizeof(*lines));
	for (int i = 0; i < n; i++) {
		if (i == but || !chosen[i])
			continue;
		off += chosen[i]->off;
		cost += chosen[i]->cost;
		for (int k = 0; k < s->words; k++)
			lines[k] |= chosen[i]->lines[k];
	}
	for (int k = 0; k < s->words; k++)
		count += __builtin_popcountll(lines[k]);
	return LINE_GAIN * count - OFF_COST * off - cost;
}

/* Another shape in the place of one, if that is better than `now`; returns what all are worth then. */
static double replace(const struct shape_search *s, const struct found_shape **chosen, int n,
		      int which, double now, uint64_t *lines)
{
	for (int i = 0; i < s->count; i++) {
		double w = worth_with(s, chosen, n, which, &s->found[i], lines);

		if (w > now) {
			now = w;
			chosen[which] = &s->found[i];
		}
	}
	return now;
}

/* One after the other as long as that makes it better, from what is chosen, where NULL is none yet. */
static double choose_shapes(const struct shape_search *s, const struct found_shape **chosen, int n,
			    double now, uint64_t *lines)
{
	double before = -INFINITY;

	while (now > before) {
		before = now;
		for (int i = 0; i < n; i++)
			now = replace(s, chosen, n, i, now, lines);
	}
	return now;
}

static const struct found_shape **shapes_of(const struct shape_search *s,
					    const struct program *program, struct arena *arena)
{
	const struct found_shape **chosen =
		ARENA_NEW(arena, const struct found_shape *, program->shape_count);

	for (int i = 0; i < program->shape_count; i++) {
		struct found_shape *one = ARENA_NEW(arena, struct found_shape, 1);

		one->lines = ARENA_NEW(arena, uint64_t, s->words);
		shape_search_look(s, &program->shapes[i], one);
		chosen[i] = one;
	}
	return chosen;
}

/* Whether the set has most of the thick lines that go on; else it may be lettering. */
static bool is_most(const struct ridges *ridges, const uint64_t *lines)
{
	int all = 0, in = 0;

	for (int i = 0; i < ridges->count; i++)
		if (ridges->list[i].is_thick && ridges->list[i].goes_on) {
			all++;
			in += lines[i / 64] >> i % 64 & 1;
		}
	return in >= LINES_LEAST * all;
}

/* Lengths that no program says, of steps that they have, of a pixel at least. */
static void add_steps(const struct combine *g, const struct program *program,
		      const struct placing *placing, struct shape_numbers *numbers)
{
	static const int64_t units[] = {10000, 5000, 1000, 500, 250, 100, 50, 10, 5, 1};
	double px = placing->scale * unit_mm(program->unit) / 1000; /* of a thousandth */
	size_t u = 0;
	int64_t step;

	for (int i = 0; i < numbers->coord_count; i++)
		while (numbers->coords[i] % units[u] != 0)
			u++;
	step = units[u] * (int64_t)max2(1, ceil(PX_LEAST / px / (double)units[u]));
	shape_numbers_step(numbers, step * (int64_t)ceil(LENGTH_LEAST / px / (double)step),
			   (int64_t)(g->ridges->side / 2 / px), step);
}

/* The shapes that explain the picture best where it lies so, as many as the program has; returns how well, 0 where there
 * are fewer. */
static double find_shapes(const struct combine *g, const struct program *program,
			  const struct placing *placing, struct program *found, struct arena *arena)
{
	struct shape_search s = shape_search_at(g->ridges, placing, program->unit, arena);
	struct shape_numbers numbers = {.coord_count = 0}, said;
	uint64_t *lines = ARENA_NEW(arena, uint64_t, s.words);
	const struct found_shape **old = shapes_of(&s, program, arena), **anew;
	double first, other;

	for (int i = 0; i < program->shape_count; i++)
		shape_numbers_add(&numbers, &program->shapes[i]);
	for (int i = 0; i < g->count; i++)
		for (int k = 0; k < g->programs[i].shape_count; k++)
			shape_numbers_add(&numbers, &g->programs[i].shapes[k]);
	said = numbers;
	add_steps(g, program, placing, &numbers);
	shape_search_all(&s, &numbers);
	for (int i = 0; i < s.count; i++)
		s.found[i].cost = cost_of(&s.found[i].shape, &said);
	first = worth_with(&s, old, program->shape_count, 0, old[0], lines);
	first = choose_shapes(&s, old, program->shape_count, first, lines);
	anew = ARENA_NEW(arena, const struct found_shape *, program->shape_count);
	other = choose_shapes(&s, anew, program->shape_count, 0, lines);
	*found = (struct program){program->unit, program->shape_count,
				  ARENA_NEW(arena, struct shape, program->shape_count)};
	if (other > first)
		old = anew;
	for (int i = 0; i < program->shape_count; i++) {
		if (!old[i])
			return 0;
		found->shapes[i] = old[i]->shape;
	}
	worth_with(&s, old, program->shape_count, 0, old[0], lines);
	return is_most(g->ridges, lines) ? max2(first, other) : 0;
}

/* What is found, with numbers that no program says, if it is more probable than the best. */
static void try_shapes(const struct combine *g, const struct program *found,
		       const struct placing *placing, struct trial *best, struct arena *arena)
{
	struct combiner c = {.given = g};
	struct program *named = ARENA_NEW(arena, struct program, 1);
	struct scene scene;
	struct trial trial;

	if (scene_from_program(&scene, found, g->family, arena, NULL) < 0)
		return;
	*named = (struct program){scene.unit, scene.shape_count, scene.shapes};
	trial = start(&c, named, placing, arena);
	find_more(&c, &trial, arena);
	if (trial.worth > best->worth)
		*best = trial;
	arena_free(&c.scratch);
}

/* Where the program would lie if most of it were wrong. */
static struct placing loosely(const struct combine *g, const struct program *program,
			      struct arena *arena)
{
	struct placing placing = {0};
	struct figure figure;
	struct outline outline;

	if (figure_from_program(&figure, program, g->family, arena, NULL) < 0)
		return placing;
	outline = outline_from_figure(&figure, true, arena);
	return placing_search_loose(&outline, g->ridges);
}

static bool is_same_placing(const struct placing *a, const struct placing *b, int side)
{
	return fabs(a->x - b->x) < SAME_PX && fabs(a->y - b->y) < SAME_PX &&
	       fabs(a->scale / b->scale - 1) * side < SAME_PX;
}

static void add_placing(struct placing list[PLACINGS], int *count, const struct placing *one,
			int side)
{
	for (int i = 0; i < *count; i++)
		if (is_same_placing(one, &list[i], side))
			return;
	if (one->scale > 0 && *count < PLACINGS)
		list[(*count)++] = *one;
}

/* Where straight lines are at the coordinates of a program, whichever shapes these belong to. */
static int by_coordinates(const struct combine *g, const struct program *program,
			  struct placing list[PLACINGS])
{
	double x[COORDINATES_MOST], y[COORDINATES_MOST], mm = unit_mm(program->unit) / 1000;
	struct label_number numbers[LABEL_NUMBERS_MAX];
	struct coordinates of = {x, y, 0, 0};

	for (int i = 0; i < program->shape_count; i++) {
		int n = label_numbers_of_shape(&program->shapes[i], numbers);

		for (int k = 0; k < n; k++) {
			bool is_y = numbers[k].param == PARAM_Y || numbers[k].is_y;

			if (label_number_kind(&numbers[k]) != KIND_COORD)
				continue;
			if (is_y && of.y_count < COORDINATES_MOST)
				y[of.y_count++] = (double)numbers[k].value * mm;
			else if (!is_y && of.x_count < COORDINATES_MOST)
				x[of.x_count++] = (double)numbers[k].value * mm;
		}
	}
	return placing_search_coordinates(&of, g->ridges, list, PLACINGS - 2);
}

/* Where the picture may lie: as the best program does, or any other one, or where its coordinates are. */
static int find_placings(const struct combine *g, const struct program *program,
			 const struct trial *best, struct placing list[PLACINGS],
			 struct arena *arena)
{
	int side = g->ridges->side, count = 0, others;
	struct placing one, found[PLACINGS];

	add_placing(list, &count, &best->placing, side);
	one = loosely(g, program, arena);
	add_placing(list, &count, &one, side);
	others = by_coordinates(g, program, found);
	for (int i = 0; i < others; i++)
		add_placing(list, &count, &found[i], side);
	for (int i = 0; i < g->count; i++)
		add_placing(list, &count, &g->placings[i], side);
	return count;
}

static void search_shapes(const struct combine *g, const struct program *program,
			  struct trial *best, struct arena *arena)
{
	struct placing placings[PLACINGS];
	int count = find_placings(g, program, best, placings, arena), which = -1;
	struct program found, most = {0};
	double worth = 0;

	for (int i = 0; i < count; i++) {
		double w = find_shapes(g, program, &placings[i], &found, arena);

		if (w > worth) {
			worth = w;
			most = found;
			which = i;
		}
	}
	if (which >= 0)
		try_shapes(g, &most, &placings[which], best, arena);
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
		search_shapes(given, &program, &best, arena);
	program.shapes = best.shapes;
	*placing = best.placing;
	return best.worth > first + MARGIN &&
	       scene_from_program(combined, &program, given->family, arena, NULL) == 0;
}
