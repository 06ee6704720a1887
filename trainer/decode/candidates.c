/* SPDX-License-Identifier: MIT */
/*
 * The best few come from a heap of all: made in n steps, and each in log n more, where few are wanted of
 * many.
 */
#include <config.h>

#include "trainer/decode/candidates.h"

#include <math.h>
#include <stdbool.h>

static bool is_in(const uint64_t *set, size_t token)
{
	return set[token / 64] >> token % 64 & 1;
}

static double penalised(double score, double penalty)
{
	return score < 0 ? score * penalty : score / penalty;
}

size_t candidates_from_logits(struct candidate *list, struct tensor logits, size_t row,
			      size_t width, size_t count, const struct candidate_bounds *bounds)
{
	size_t n = 0;

	for (size_t token = 0; token < count; token++) {
		double score;

		if (bounds->allowed && !bounds->allowed[token / 64]) {
			token |= 63; /* none of these */
			continue;
		}
		if ((bounds->allowed && !is_in(bounds->allowed, token)) ||
		    (int32_t)token == bounds->never)
			continue;
		score = tensor_get(logits, row * width + token) - bounds->less;
		if (bounds->penalty != 1 && is_in(bounds->seen, token))
			score = penalised(score, bounds->penalty);
		list[n++] = (struct candidate){score, (int32_t)token};
	}
	return n;
}

static bool is_better(const struct candidate *a, const struct candidate *b)
{
	return a->score > b->score || (a->score == b->score && a->token < b->token);
}

const struct candidate *candidates_best(const struct candidate *list, size_t n)
{
	const struct candidate *best = list;

	for (size_t i = 1; i < n; i++)
		if (is_better(&list[i], best))
			best = &list[i];
	return best;
}

/* --- heap ----------------------------------------------------------------------------------- */

static void swap(struct candidate *a, struct candidate *b)
{
	struct candidate c = *a;

	*a = *b;
	*b = c;
}

/* The heap grows from the list's end towards its front, so that what is taken from it can lie before
 * it: its i-th is list[n - 1 - i], and the last list[first]. */
static void sink(struct candidate *list, size_t first, size_t n, size_t i)
{
	size_t count = n - first;

	for (size_t child; (child = 2 * i + 1) < count; i = child) {
		if (child + 1 < count && is_better(&list[n - 2 - child], &list[n - 1 - child]))
			child++;
		if (!is_better(&list[n - 1 - child], &list[n - 1 - i]))
			return;
		swap(&list[n - 1 - child], &list[n - 1 - i]);
	}
}

static void make_heap(struct candidate *list, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sink(list, 0, n, i);
}

/* The best of list[first..n), a heap, moves to list[first]. */
static void take_best(struct candidate *list, size_t first, size_t n)
{
	swap(&list[first], &list[n - 1]);
	sink(list, first + 1, n, 0);
}

size_t candidates_top(struct candidate *list, size_t n, size_t k)
{
	make_heap(list, n);
	for (size_t i = 0; i < k && i < n; i++)
		take_best(list, i, n);
	return k < n ? k : n;
}

/* --- chance --------------------------------------------------------------------------------- */

/* As candidates_top, and those that are as good as the k-th. */
static size_t take_top(struct candidate *list, size_t n, size_t k)
{
	size_t taken = 0;

	while (taken < n && (taken < k || list[n - 1].score == list[taken - 1].score))
		take_best(list, taken++, n);
	return taken;
}

/* How many of the best make top_p of the weight of all; `sorted` of them are in order, the rest is a
 * heap. */
static size_t take_share(struct candidate *list, size_t n, size_t sorted, double share)
{
	double sum = 0;
	size_t taken = 0;

	while (taken < n && (taken == 0 || sum < share)) {
		if (taken >= sorted)
			take_best(list, taken, n);
		sum += list[taken++].score;
	}
	return taken;
}

size_t candidates_soften(struct candidate *list, size_t n, double temperature, size_t top_k,
			 double top_p)
{
	double most = candidates_best(list, n)->score, total = 0;
	size_t sorted = 0;

	if (top_k > 0 || top_p < 1)
		make_heap(list, n);
	if (top_k > 0)
		n = sorted = take_top(list, n, top_k);
	for (size_t i = 0; i < n; i++) {
		list[i].score = exp((list[i].score - most) / temperature);
		total += list[i].score;
	}
	return top_p < 1 ? take_share(list, n, sorted, top_p * total) : n;
}

const struct candidate *candidates_draw(const struct candidate *list, size_t n, double unit)
{
	double total = 0, sum = 0;

	for (size_t i = 0; i < n; i++)
		total += list[i].score;
	for (size_t i = 0; i + 1 < n; i++) {
		sum += list[i].score;
		if (unit * total < sum)
			return &list[i];
	}
	return &list[n - 1];
}
