/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/score/score.h"

#include <math.h>

#include "trainer/score/box_match.h"
#include "trainer/score/figure.h"
#include "trainer/score/label_number.h"
#include "trainer/score/printed_number.h"
#include "trainer/score/token_match.h"

#define FLOOR_OF_DIAGONAL 1000 /* a coordinate's floor is the diagonal over this */

/* A program as a part; is_sound: figure is set. */
struct part {
	bool is_sound;
	struct figure figure;
};

static struct part part_from_program(const struct program *program, enum family family,
				     struct arena *arena, struct err *why)
{
	struct part part = {.is_sound = false};

	part.is_sound = figure_from_program(&part.figure, program, family, arena, why) == 0;
	return part;
}

static void count_shapes(struct score *score, const struct program *program, bool is_truth)
{
	for (int i = 0; i < program->shape_count; i++) {
		struct score_shape_count *kind = &score->kinds[program->shapes[i].kind];

		kind->truths += is_truth;
		kind->said += !is_truth;
	}
}

/* All are missed until they are found. */
static void count_truth(struct score *score, const struct score_case *c)
{
	count_shapes(score, c->truth, true);
	for (int k = 0; k < SHAPE_COUNT_; k++)
		score->kinds[k].missed = score->kinds[k].truths;
}

static void count_pairs(struct score *score, const struct score_case *c,
			const struct score_reading *r, int64_t floor, struct arena *arena)
{
	int equal[SHAPE_COUNT_];

	pairing_count_equal(c->truth, &r->said, equal, arena);
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		score->kinds[k].equal = equal[k];
		score->kinds[k].added = score->kinds[k].said;
	}
	for (int i = 0; i < r->pairing.true_count; i++) {
		const struct shape *truth = &c->truth->shapes[i];
		struct score_shape_count *kind = &score->kinds[truth->kind];
		int j = r->pairing.said_of_true[i];

		if (j < 0)
			continue;
		kind->missed--;
		kind->added--;
		kind->near += label_shape_is_near(truth, &r->said.shapes[j], floor);
	}
}

static void add_kinds(struct score *score)
{
	struct score_shape_count *all = &score->shapes;

	for (int k = 0; k < SHAPE_COUNT_; k++) {
		const struct score_shape_count *kind = &score->kinds[k];

		all->truths += kind->truths;
		all->said += kind->said;
		all->equal += kind->equal;
		all->near += kind->near;
		all->missed += kind->missed;
		all->added += kind->added;
	}
}

static void count_number(struct score *score, enum score_numbers kind, bool right, bool near)
{
	score->numbers[kind].all++;
	score->numbers[kind].right += right;
	score->numbers[kind].near += near;
}

static void count_numbers(struct score *score, const struct score_case *c,
			  const struct score_reading *r, int64_t floor, struct arena *arena)
{
	struct printed_numbers printed = {0};
	struct label_number numbers[LABEL_NUMBERS_MAX];

	if (c->scene)
		printed = printed_from_scene(c->scene, arena);
	for (int i = 0; i < c->truth->shape_count; i++) {
		int n = label_numbers_of_shape(&c->truth->shapes[i], numbers);
		int j = r->parsed ? r->pairing.said_of_true[i] : -1;

		for (int k = 0; k < n; k++) {
			int64_t value = 0;
			bool is_said =
				j >= 0 && label_number_in(&r->said.shapes[j], &numbers[k], &value);
			bool right = is_said && value == numbers[k].value;
			bool near = is_said && label_number_is_near(&numbers[k], value, floor);

			count_number(score, NUMBERS_ALL, right, near);
			if (c->scene)
				count_number(score,
					     printed_has(&printed, &numbers[k]) ? NUMBERS_PRINTED
										: NUMBERS_DERIVED,
					     right, near);
		}
	}
}

static void match_boxes(struct score *score, const struct score_case *c,
			const struct score_reading *r, struct arena *arena)
{
	struct box_match m;

	score->has_boxes = c->family == FAMILY_CABINET;
	if (!score->has_boxes || !r->parsed)
		return;
	m = box_match_programs(c->truth, &r->said, arena);
	score->boxes_matched = m.matched;
	score->models = m.models;
	score->parameters = m.parameters;
	score->parameters_right = m.parameters_right;
}

static void compare_figures(struct score *score, const struct part *truth, const struct part *said,
			    struct arena *arena)
{
	score->has_iou = truth->is_sound && truth->figure.has_area;
	score->has_chamfer = truth->is_sound;
	score->iou = 0;
	score->chamfer = 1;
	if (!truth->is_sound || !said->is_sound)
		return;
	if (score->has_iou)
		score->iou = figure_iou(&truth->figure, &said->figure, arena);
	score->chamfer = min2(1, figure_chamfer(&truth->figure, &said->figure) /
					 figure_diagonal(&truth->figure));
}

static void match_tokens(struct score *score, const struct score_case *c, struct arena *arena)
{
	score->tokens_matched = token_match_count(c->true_ids, c->true_id_count, c->said_ids,
						  c->said_id_count, arena);
	score->tokens = c->true_id_count > c->said_id_count ? c->true_id_count : c->said_id_count;
}

/* Thousandths of the truth's unit. */
static int64_t floor_of(const struct part *truth, enum unit unit)
{
	if (!truth->is_sound)
		return 0;
	return llround(figure_diagonal(&truth->figure) / unit_mm(unit) * 1000 / FLOOR_OF_DIAGONAL);
}

void score_from_programs(struct score *score, const struct score_case *c,
			 struct score_reading *reading, struct arena *arena, struct err *why)
{
	struct score_reading own, *r = reading ? reading : &own;
	struct part truth = part_from_program(c->truth, c->family, arena, NULL);
	struct part said = {0};
	int64_t floor = floor_of(&truth, c->truth->unit);

	*score = (struct score){0};
	*r = (struct score_reading){0};
	r->parsed = program_parse(&r->said, c->language, "prediction", c->text, c->len, arena,
				  why) == 0;
	count_truth(score, c);
	if (r->parsed) {
		said = part_from_program(&r->said, c->family, arena, why);
		r->pairing = pairing_from_programs(c->truth, &r->said, floor, arena);
		count_shapes(score, &r->said, false);
		count_pairs(score, c, r, floor, arena);
	}
	score->parsed = r->parsed;
	score->valid = said.is_sound;
	score->exact = r->parsed && program_equal(c->truth, &r->said);
	add_kinds(score);
	count_numbers(score, c, r, floor, arena);
	match_boxes(score, c, r, arena);
	match_tokens(score, c, arena);
	compare_figures(score, &truth, &said, arena);
}
