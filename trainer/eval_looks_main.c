/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/eval_looks_main.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/train/picture.h"

void eval_look(uint8_t *pixels, const uint8_t *picture, int side, int look)
{
	/* Few pixels: clean drawings lie where they lay in training, and moved by more they are read worse. */
	static const struct picture_move moves[EVAL_LOOKS_MAX] = {
		{0, 0}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}, {2, 0}, {0, 2}, {-2, 0}};

	memcpy(pixels, picture, (size_t)side * (size_t)side);
	picture_move(pixels, side, moves[look]);
}

/* Adds its probability to that of the same text, if there is one. */
static void pool_answer(struct eval_answer *answers, int *count, const struct eval_answer *one,
			double share)
{
	struct eval_answer *to;
	int i = 0;

	while (i < *count &&
	       (answers[i].len != one->len || memcmp(answers[i].text, one->text, one->len) != 0))
		i++;
	to = &answers[i];
	if (i == *count) {
		*to = *one;
		to->log_prob = 0;
		++*count;
	}
	to->log_prob += share * exp(one->log_prob);
	to->ended |= one->ended;
}

static int by_score(const void *a, const void *b)
{
	const struct eval_answer *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return x->rank - y->rank;
}

struct eval_said eval_pool(const struct eval_said *said, int looks, double length_penalty,
			   struct arena *arena)
{
	struct eval_answer *answers;
	int all = 0, count = 0;

	for (int i = 0; i < looks; i++)
		all += said[i].count;
	answers = ARENA_NEW(arena, struct eval_answer, all);
	for (int i = 0; i < looks; i++)
		for (int k = 0; k < said[i].count; k++)
			pool_answer(answers, &count, &said[i].answers[k], 1.0 / looks);
	for (int i = 0; i < count; i++) {
		answers[i].log_prob = log(answers[i].log_prob);
		answers[i].score =
			answers[i].log_prob / pow((double)answers[i].tokens, length_penalty);
		answers[i].rank = i; /* for the order of equal ones */
	}
	qsort(answers, (size_t)count, sizeof(*answers), by_score);
	for (int i = 0; i < count; i++)
		answers[i].rank = i + 1;
	return (struct eval_said){answers, count};
}
