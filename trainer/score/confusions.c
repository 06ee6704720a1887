/* SPDX-License-Identifier: MIT */
/* Numbers are compared as labels write them: in the shortest decimal form, counts without decimals. */
#include <config.h>

#include "trainer/score/confusions.h"

#include <assert.h>
#include <string.h>

#include "trainer/score/label_number.h"

#define DIGITS_MAX 24 /* of 64 bits with sign and point */

struct decimal {
	int length;
	char text[DIGITS_MAX];
};

static struct decimal decimal_of(const struct label_number *number, int64_t value)
{
	struct decimal d = {0};
	struct buf buf = {0};

	if (label_number_kind(number) == KIND_COUNT)
		buf_int(&buf, value);
	else
		buf_milli(&buf, value);
	assert(buf.len <= DIGITS_MAX);
	d.length = (int)buf.len;
	memcpy(d.text, buf.data, buf.len);
	buf_free(&buf);
	return d;
}

static int character(char c)
{
	return (int)(strchr(METRICS_CHARACTERS, c) - METRICS_CHARACTERS);
}

/* cost[i][k]: the distance of the first i and the first k characters. */
static int edit_distance(const struct decimal *a, const struct decimal *b,
			 int cost[DIGITS_MAX + 1][DIGITS_MAX + 1])
{
	for (int i = 0; i <= a->length; i++) {
		for (int k = 0; k <= b->length; k++) {
			int least = i == 0 ? k : k == 0 ? i : DIGITS_MAX;

			if (i > 0 && k > 0) {
				least = cost[i - 1][k - 1] + (a->text[i - 1] != b->text[k - 1]);
				if (cost[i - 1][k] + 1 < least)
					least = cost[i - 1][k] + 1;
				if (cost[i][k - 1] + 1 < least)
					least = cost[i][k - 1] + 1;
			}
			cost[i][k] = least;
		}
	}
	return cost[a->length][b->length];
}

/* Back along the shortest edit, from the end. A pair of characters is taken before one alone. */
static void count_characters(struct metrics_errors *errors, const struct decimal *a,
			     const struct decimal *b, int cost[DIGITS_MAX + 1][DIGITS_MAX + 1])
{
	int i = a->length, k = b->length;

	while (i > 0 || k > 0) {
		int truth = METRICS_NO_CHARACTER, said = METRICS_NO_CHARACTER;
		bool both = i > 0 && k > 0 &&
			    cost[i][k] == cost[i - 1][k - 1] + (a->text[i - 1] != b->text[k - 1]);

		if (both || (i > 0 && cost[i][k] == cost[i - 1][k] + 1)) {
			truth = character(a->text[i - 1]);
			i--;
			if (both)
				said = character(b->text[--k]);
		} else {
			said = character(b->text[--k]);
		}
		errors->characters[truth][said]++;
	}
}

static enum metrics_fate compare_numbers(struct metrics_errors *errors,
					 const struct label_number *truth, int64_t value)
{
	int cost[DIGITS_MAX + 1][DIGITS_MAX + 1];
	struct decimal a = decimal_of(truth, truth->value), b = decimal_of(truth, value);
	int off = edit_distance(&a, &b, cost), longer = a.length > b.length ? a.length : b.length;

	if (2 * off > longer)
		return FATE_WRONG;
	count_characters(errors, &a, &b, cost);
	return off == 0 ? FATE_RIGHT : FATE_MISREAD;
}

/* A point's coordinates go with x and y. */
static enum param axis_of(const struct label_number *n)
{
	return n->param == PARAM_POINTS ? (n->is_y ? PARAM_Y : PARAM_X) : n->param;
}

static bool same_kind(const struct label_number *a, const struct label_number *b)
{
	if (label_number_kind(a) != label_number_kind(b))
		return false;
	return label_number_kind(a) != KIND_COORD || axis_of(a) == axis_of(b);
}

/* Whether a predicted shape's number is what its partner in the truth says. */
static bool is_right(const struct program *truth, const struct score_reading *r, int shape,
		     const struct label_number *said)
{
	int partner = r->pairing.true_of_said[shape];
	int64_t value;

	return partner >= 0 && label_number_in(&truth->shapes[partner], said, &value) &&
	       value == said->value;
}

/* The first shape that says the number instead; -1: none does. */
static int moved_to(const struct program *truth, const struct score_reading *r,
		    const struct label_number *number, int partner)
{
	struct label_number said[LABEL_NUMBERS_MAX];

	for (int j = 0; j < r->said.shape_count; j++) {
		int n = j == partner ? 0 : label_numbers_of_shape(&r->said.shapes[j], said);

		for (int k = 0; k < n; k++)
			if (said[k].value == number->value && same_kind(number, &said[k]) &&
			    !is_right(truth, r, j, &said[k]))
				return j;
	}
	return -1;
}

static struct confusion confusion_of(struct metrics_errors *errors, const struct program *truth,
				     const struct score_reading *r, int shape,
				     const struct label_number *number)
{
	struct confusion c = {
		.shape = shape, .number = *number, .fate = FATE_MISSED, .moved_to = -1};
	int partner = r->pairing.said_of_true[shape];

	if (partner < 0)
		return c;
	c.is_said = label_number_in(&r->said.shapes[partner], number, &c.said);
	if (!c.is_said || c.said != number->value)
		c.moved_to = moved_to(truth, r, number, partner);
	if (c.moved_to >= 0) {
		errors->moved[number->param]++;
		c.fate = FATE_MOVED;
	} else {
		c.fate = c.is_said ? compare_numbers(errors, number, c.said) : FATE_WRONG;
	}
	return c;
}

void confusions_add(struct metrics_errors *errors, const struct program *truth,
		    const struct score_reading *r)
{
	struct label_number numbers[LABEL_NUMBERS_MAX];

	errors->read += r->parsed;
	errors->unread += !r->parsed;
	if (!r->parsed)
		return;
	for (int i = 0; i < truth->shape_count; i++) {
		int n = label_numbers_of_shape(&truth->shapes[i], numbers);

		for (int k = 0; k < n; k++)
			errors->fates[confusion_of(errors, truth, r, i, &numbers[k]).fate]++;
	}
}

int confusions_list(const struct program *truth, const struct score_reading *r,
		    struct confusion **list, struct arena *arena)
{
	struct label_number numbers[LABEL_NUMBERS_MAX];
	struct metrics_errors errors = {0};
	int count = 0;

	for (int i = 0; i < truth->shape_count; i++)
		count += label_numbers_of_shape(&truth->shapes[i], numbers);
	*list = ARENA_NEW(arena, struct confusion, count);
	count = 0;
	for (int i = 0; i < truth->shape_count; i++) {
		int n = label_numbers_of_shape(&truth->shapes[i], numbers);

		for (int k = 0; k < n; k++)
			(*list)[count++] = confusion_of(&errors, truth, r, i, &numbers[k]);
	}
	return count;
}
