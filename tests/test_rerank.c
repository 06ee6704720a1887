/* SPDX-License-Identifier: MIT */
/*
 * rerank: a label wins against the same label with one number changed, though that one is thought more
 * probable, where the change moves outlines by MOVED; and is not given up for one that is thought less
 * probable. Of two labels with another number changed each, the right numbers are put together; and of one
 * alone the right number is found on the picture. Pictures are clean, scanned, copied and photographed.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "tests/extent.h"
#include "tests/random_shapes.h"
#include "tests/shown_sample.h"
#include "trainer/rerank/placing.h"
#include "trainer/rerank/rerank.h"
#include "trainer/score/label_number.h"

#define MOVED 100.0 /* px * px: 20 px of an outline by 5, or 100 by 1 */
#define TRIES extent(60, 20)

static struct arena arena;
static struct rng rng;

/* --- other programs ------------------------------------------------------------------------- */

/* One of the last two digits of one number is another; false where that makes nothing. */
static bool change_number(struct program *program)
{
	struct shape *shape = &program->shapes[rng_below(&rng, (uint32_t)program->shape_count)];
	struct label_number numbers[LABEL_NUMBERS_MAX];
	int n = label_numbers_of_shape(shape, numbers);
	const struct label_number *number = &numbers[rng_below(&rng, (uint32_t)n)];
	int64_t unit = 1, lo, hi, value;

	while (number->value % (10 * unit) == 0 && 10 * unit <= llabs(number->value))
		unit *= 10;
	if (rng_chance(&rng, 0.5) && 10 * unit <= llabs(number->value))
		unit *= 10;
	value = number->value + (rng_chance(&rng, 0.5) ? unit : -unit) * rng_range(&rng, 1, 4);
	param_bounds(number->param, &lo, &hi);
	if (label_number_kind(number) == KIND_COUNT || value < lo || value > hi)
		return false;
	label_number_set(shape, number, value);
	return shape_check(shape, NULL) == 0;
}

/* px * px between a's outline and b's, up to RIDGES_REACH wide. */
static double area_between(const struct figure *a, const struct figure *b, double px_per_mm)
{
	struct outline from = outline_from_figure(a, false, &arena);
	double sum = 0;

	for (int i = 0; i < from.count; i++)
		sum += min2(RIDGES_REACH,
			    px_per_mm * outline_distance(b, from.points[i], INFINITY));
	return sum * from.length * px_per_mm / from.count;
}

/* A program that makes another part; *moved: px * px between the outlines. False: none was found. */
static bool other_program(struct program *other, const struct program *label, double px_per_mm,
			  double *moved)
{
	enum family family = program_family(label);
	size_t n = (size_t)label->shape_count;
	struct figure a, b;

	if (family == FAMILY_COUNT_ || figure_from_program(&a, label, family, &arena, NULL) < 0)
		return false;
	for (int i = 0; i < TRIES; i++) {
		*other = *label;
		other->shapes = ARENA_NEW(&arena, struct shape, n);
		memcpy(other->shapes, label->shapes, n * sizeof(*other->shapes));
		if (!change_number(other) ||
		    figure_from_program(&b, other, family, &arena, NULL) < 0)
			continue;
		*moved = max2(area_between(&a, &b, px_per_mm), area_between(&b, &a, px_per_mm));
		return true;
	}
	return false;
}

static struct rerank_candidate candidate(const struct program *program, double log_prob)
{
	struct buf text = {0};
	struct rerank_candidate c = {.log_prob = log_prob};

	program_write(program, LANGUAGE_CALLS, &text);
	c.text = (struct rerank_text){arena_strndup(&arena, text.data, text.len), text.len};
	buf_free(&text);
	return c;
}

/* --- labels against others ------------------------------------------------------------------ */

struct run {
	enum family family;
	const char *style;
	int side, samples;
	int win_least; /* per cent of those that moved */
	int lose_most; /* per cent of all: most of them have moved by less than a pixel or two */
};

static void run_samples(const struct run *run)
{
	struct shown_samples *samples =
		shown_samples_open(test_seed_of_shares(), run->family, run->style, run->side);
	int moved = 0, won = 0, lost = 0;

	rng = rng_seed(test_seed_of_shares(), 5);
	for (int i = 0; i < run->samples; i++) {
		struct shown_sample shown = shown_sample(samples, (uint64_t)i);
		const struct program *label = &shown.sample->program;
		struct program other;
		struct rerank_candidate c[2];
		double between;

		arena_reset(&arena);
		if (!other_program(&other, label, shown.px_per_mm, &between))
			continue;
		c[0] = candidate(&other, -1);
		c[1] = candidate(label, -1.5);
		if (between >= MOVED) {
			moved++;
			won += rerank_candidates(c, 2, LANGUAGE_CALLS, shown.pixels, run->side,
						 NULL, &arena) == 1;
		}
		c[0] = candidate(label, -1);
		c[1] = candidate(&other, -1.5);
		lost += rerank_candidates(c, 2, LANGUAGE_CALLS, shown.pixels, run->side, NULL,
					  &arena);
	}
	printf("# %s, %s, %d px: %d of %d won, %d of %d lost\n", family_name(run->family),
	       run->style ? run->style : "clean", run->side, won, moved, lost, run->samples);
	assert_true(moved > run->samples / 4);
	assert_true(100 * won >= run->win_least * moved);
	assert_true(100 * lost <= run->lose_most * run->samples);
	shown_samples_close(samples);
}

static void test_clean(void **state)
{
	static const struct run runs[] = {
		{FAMILY_SHAPES, NULL, 384, 40, 92, 3},
		{FAMILY_SHAPES, NULL, 128, 60, 95, 3},
		{FAMILY_PLATE, NULL, 384, 40, 92, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
		run_samples(&runs[i]);
}

static void test_scans(void **state)
{
	static const struct run runs[] = {
		{FAMILY_SHAPES, "office_scan", 384, 40, 90, 5},
		{FAMILY_PLATE, "office_scan", 384, 30, 90, 8},
		{FAMILY_PLATE, "old_copy", 384, 20, 85, 10},
		{FAMILY_SHAPES, "phone_photo", 256, 20, 0, 15},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
		run_samples(&runs[i]);
}

/* --- numbers of several --------------------------------------------------------------------- */

/* Whether two changed programs name the same shapes in the same order, and differ from the label in one number
 * each, which is not the same one: then their numbers put together are the label's. */
static bool differ_apart(const struct program *label, const struct program *a,
			 const struct program *b)
{
	int changed = 0;

	for (int i = 0; i < label->shape_count; i++) {
		struct label_number numbers[LABEL_NUMBERS_MAX];
		int n = label_numbers_of_shape(&label->shapes[i], numbers);

		for (int k = 0; k < n; k++) {
			int64_t of_a, of_b;

			if (!label_number_in(&a->shapes[i], &numbers[k], &of_a) ||
			    !label_number_in(&b->shapes[i], &numbers[k], &of_b))
				return false;
			if (of_a != numbers[k].value && of_b != numbers[k].value)
				return false;
			changed += of_a != numbers[k].value || of_b != numbers[k].value;
		}
	}
	return changed == 2;
}

static bool in_order(const struct program *program)
{
	for (int i = 1; i < program->shape_count; i++)
		if (shape_compare(&program->shapes[i - 1], &program->shapes[i]) > 0)
			return false;
	return true;
}

/* Two programs with a wrong number each that moves outlines: both right ones come out, and nothing does where one
 * of the programs is right already. */
static void combine_samples(enum family family, const char *style, int least)
{
	struct shown_samples *samples =
		shown_samples_open(test_seed_of_shares(), family, style, 384);
	int tried = 0, right = 0, broken = 0;

	rng = rng_seed(test_seed_of_shares(), 6);
	for (uint64_t i = 0; i < (uint64_t)extent(40, 16); i++) {
		struct shown_sample shown = shown_sample(samples, i);
		const struct program *label = &shown.sample->program;
		struct program a, b;
		struct rerank_combined combined;
		struct rerank_candidate c[2], truth;
		double off_a, off_b;

		arena_reset(&arena);
		truth = candidate(label, -1);
		if (!other_program(&a, label, shown.px_per_mm, &off_a) ||
		    !other_program(&b, label, shown.px_per_mm, &off_b) || !in_order(&a) ||
		    !in_order(&b) || !differ_apart(label, &a, &b) || min2(off_a, off_b) < MOVED)
			continue;
		tried++;
		c[0] = candidate(&a, -1);
		c[1] = candidate(&b, -1.5);
		rerank_candidates(c, 2, LANGUAGE_CALLS, shown.pixels, 384, &combined, &arena);
		right += combined.text.at && strcmp(combined.text.at, truth.text.at) == 0 &&
			 !(c[0].misfit <= combined.misfit) && /* NAN: it lay nowhere */
			 !(c[1].misfit <= combined.misfit);
		c[0] = truth;
		rerank_candidates(c, 2, LANGUAGE_CALLS, shown.pixels, 384, &combined, &arena);
		broken += combined.text.at != NULL;
	}
	printf("# %s, %s: %d of %d combined, %d broken\n", family_name(family),
	       style ? style : "clean", right, tried, broken);
	assert_true(tried >= 2);
	assert_true(100 * right >= least * tried);
	assert_true(broken <= tried / 10);
	shown_samples_close(samples);
}

/* Of one program with a wrong number, which nobody says right: some are found, and right ones stay. */
static void find_unsaid(const char *style, int least)
{
	struct shown_samples *samples =
		shown_samples_open(test_seed_of_shares(), FAMILY_SHAPES, style, 256);
	int tried = 0, right = 0, broken = 0;

	rng = rng_seed(test_seed_of_shares(), 8);
	for (uint64_t i = 0; i < (uint64_t)extent(150, 60); i++) {
		struct shown_sample shown = shown_sample(samples, i);
		const struct program *label = &shown.sample->program;
		struct rerank_candidate truth, said;
		struct rerank_combined combined;
		struct program wrong;
		double off;

		arena_reset(&arena);
		if (!other_program(&wrong, label, shown.px_per_mm, &off) || !in_order(&wrong) ||
		    off < MOVED)
			continue;
		tried++;
		truth = candidate(label, -1);
		said = candidate(&wrong, -1);
		rerank_candidates(&said, 1, LANGUAGE_CALLS, shown.pixels, 256, &combined, &arena);
		right += combined.text.at && strcmp(combined.text.at, truth.text.at) == 0;
		rerank_candidates(&truth, 1, LANGUAGE_CALLS, shown.pixels, 256, &combined, &arena);
		broken += combined.text.at != NULL;
	}
	printf("# %s: %d of %d found, %d broken\n", style ? style : "clean", right, tried, broken);
	assert_true(tried >= 10);
	assert_true(100 * right >= least * tried);
	assert_true(broken <= tried / 10);
	shown_samples_close(samples);
}

static void test_unsaid(void **state)
{
	(void)state;
	find_unsaid(NULL, 10);
	find_unsaid("office_scan", 4);
}

static void test_combined(void **state)
{
	(void)state;
	combine_samples(FAMILY_SHAPES, NULL, 80);
	combine_samples(FAMILY_PLATE, NULL, 80);
	combine_samples(FAMILY_SHAPES, "office_scan", 70);
}

/* --- what stays ----------------------------------------------------------------------------- */

static struct rerank_candidate said(const char *text, double log_prob)
{
	return (struct rerank_candidate){.text = {text, strlen(text)}, .log_prob = log_prob};
}

/* The same drawing in another order of shapes, and with the less probable one behind it. */
static void test_same_outlines(void **state)
{
	struct shown_samples *samples = shown_samples_open(test_seed(), FAMILY_SHAPES, NULL, 256);
	int compared = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct shown_sample shown = shown_sample(samples, (uint64_t)i);
		struct program turned = shown.sample->program;
		int n = turned.shape_count;
		struct rerank_candidate c[2];

		if (n < 2)
			continue;
		arena_reset(&arena);
		turned.shapes = ARENA_NEW(&arena, struct shape, n);
		for (int k = 0; k < n; k++)
			turned.shapes[k] = shown.sample->program.shapes[n - 1 - k];
		c[0] = candidate(&turned, -1);
		c[1] = candidate(&shown.sample->program, -2);
		assert_int_equal(
			rerank_candidates(c, 2, LANGUAGE_CALLS, shown.pixels, 256, NULL, &arena),
			0);
		assert_true(c[0].misfit == c[1].misfit);
		compared++;
	}
	assert_true(compared > 0);
	shown_samples_close(samples);
}

static void test_unknown(void **state)
{
	struct rerank_candidate texts[] = {said("circle(x=", -1), said("hole(x=1,y=2,d=3)", -2)};
	uint8_t white[32 * 32];
	struct rerank_combined combined;
	struct rerank_candidate circles[] = {said("circle(x=9,y=9,r=5)", -1),
					     said("circle(x=9,y=9,r=6)", -1)};

	(void)state;
	memset(white, 255, sizeof(white));
	assert_int_equal(rerank_candidates(texts, 2, LANGUAGE_CALLS, white, 32, NULL, &arena), 0);
	assert_true(isnan(texts[0].misfit) && isnan(texts[1].misfit));
	assert_int_equal(
		rerank_candidates(circles, 2, LANGUAGE_CALLS, white, 32, &combined, &arena), 0);
	assert_true(isnan(circles[0].misfit));
	assert_null(combined.text.at);
}

/* What makes no part comes behind what does: a radius over half a side, no program, shapes of two
 * families. */
static void test_parts_first(void **state)
{
	static const char *const programs[] = {
		"rounded_rectangle(x=9,y=9,width=8,height=8,r=6)",
		"circle(x=9,y=9,r=6)",
		"circle(x=9,y=9,r=",
		"plate(width=90,height=60,t=8); circle(x=9,y=9,r=6)",
		"rounded_rectangle(x=9,y=9,width=8,height=8,r=3)",
	};
	static const int expected[] = {1, 4, 0, 2, 3};
	struct rerank_text texts[5];
	int order[5];

	(void)state;
	for (int i = 0; i < 5; i++)
		texts[i] = (struct rerank_text){programs[i], strlen(programs[i])};
	rerank_parts_first(order, texts, 5, LANGUAGE_CALLS, &arena);
	assert_memory_equal(order, expected, sizeof(expected));
}

/* Of these nothing is known, though they are where they are said to be. */
static void test_other_families(void **state)
{
	static const enum family families[] = {FAMILY_TURNED, FAMILY_CABINET};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct shown_samples *samples =
			shown_samples_open(test_seed(), families[i], NULL, 256);
		struct shown_sample shown = shown_sample(samples, 0);
		struct rerank_candidate c[2];

		arena_reset(&arena);
		c[0] = candidate(&shown.sample->program, -1);
		c[1] = candidate(&shown.sample->program, 0);
		assert_int_equal(
			rerank_candidates(c, 2, LANGUAGE_CALLS, shown.pixels, 256, NULL, &arena),
			0);
		assert_true(isnan(c[0].misfit) && isnan(c[1].misfit));
		shown_samples_close(samples);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),         cmocka_unit_test(test_scans),
		cmocka_unit_test(test_unsaid),        cmocka_unit_test(test_combined),
		cmocka_unit_test(test_same_outlines), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_parts_first),   cmocka_unit_test(test_other_families),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
