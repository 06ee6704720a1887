/* SPDX-License-Identifier: MIT */
/*
 * exceptions: single dimensions that break the rules of their drawing: how often, what of them is
 * drawn otherwise, and that drawings of mixed conventions are laid out and read like others.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/drawing/dimension.h"
#include "formats/scene/plate.h"
#include "gen/reader/program_from_drawing.h"
#include "render/draft/drawing_overlap.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define SIZE_PX 1024
#define SAMPLES 40 /* per family; CADGEN_TEST_SAMPLES for more */
#define SHOWN 10
#define SAME 1e-9

/* Every key that may have one has an "each"; tolerances on many sizes. */
static const char mixed_sheet[] =
	"{\"tolerance_share\": 0.4, \"basic_share\": 0.1, \"reference_share\": 0.2,"
	"\"thin_mm\": {\"usual\": 0.25, \"fault\": [0.3, 0.5], \"share\": 0, \"each\": 0.1},"
	"\"text_mm\": {\"usual\": 3.5, \"fault\": [3, 5], \"share\": 0, \"each\": 0.1},"
	"\"text_gap_mm\": {\"usual\": 0.7, \"fault\": [0.4, 1.8], \"share\": 0, \"each\": 0.1},"
	"\"arrow_mm\": {\"usual\": 3.5, \"fault\": [2, 5], \"share\": 0, \"each\": 0.1},"
	"\"arrow_ratio\": {\"usual\": 3, \"fault\": [2, 5], \"share\": 0, \"each\": 0.1},"
	"\"extension_gap_mm\": {\"usual\": 0, \"fault\": [0.5, 2], \"share\": 0, \"each\": 0.1},"
	"\"extension_over_mm\": {\"usual\": 2, \"fault\": [0, 5], \"share\": 0, \"each\": 0.1},"
	"\"deviation_ratio\": {\"usual\": 0.6, \"fault\": 1, \"share\": 0, \"each\": 0.3},"
	"\"limits_ratio\": {\"usual\": 0.8, \"fault\": 1, \"share\": 0, \"each\": 0.3},"
	"\"decimal_mark\": {\"usual\": \",\", \"fault\": \".\", \"share\": 0, \"each\": 0.2},"
	"\"leading_zero\": {\"usual\": \"yes\", \"fault\": \"no\", \"share\": 0, \"each\": 0.1},"
	"\"decimals\": {\"usual\": \"shortest\", \"fault\": [\"1\", \"2\"], \"share\": 0, "
	"\"each\": 0.1},"
	"\"times\": {\"usual\": \"\u00d7\", \"fault\": [\"x\", \"X\", \"-\", \"otv\"], "
	"\"share\": 0, \"each\": 0.2},"
	"\"layout\": {\"usual\": \"oriented\", \"fault\": [\"referenced\", \"inline\", "
	"\"broken\"], \"share\": 0, \"each\": 0.1},"
	"\"dimension_line\": {\"usual\": \"continuous\", \"fault\": \"dashed\", \"share\": 0, "
	"\"each\": 0.1},"
	"\"arrow\": {\"usual\": \"filled\", \"fault\": [\"open\", \"blank\", \"tick\", \"dot\"], "
	"\"share\": 0, \"each\": 0.1},"
	"\"shelf\": {\"usual\": \"under\", \"fault\": \"middle\", \"share\": 0, \"each\": 0.2},"
	"\"tolerance\": {\"usual\": [\"symmetric\", \"deviations\"], \"fault\": [\"limits\", "
	"\"fit\"], \"share\": 0, \"each\": 0.3}}";

static uint64_t seed;
static int samples;

static struct style_sheet sheet_of(const char *json)
{
	struct style_sheet sheet;
	struct err err = {0};

	if (style_parse(&sheet, "sheet", json, strlen(json), &err) < 0)
		fail_msg("%s", err.msg);
	return sheet;
}

static void test_sheets_without_have_none(void **state)
{
	struct style_sheet sheet = sheet_of("{\"arrow\": [\"filled\", \"open\"], \"text_mm\": "
					    "{\"usual\": 3, \"fault\": 4, \"share\": 0.5}}");
	struct rng rng = rng_seed(seed, 1), before;
	struct style style = style_from_sheet(&sheet, &rng);
	struct arena arena = {0};

	(void)state;
	before = rng;
	style_add_exceptions(&style, &sheet, 50, &rng, &arena);
	assert_null(style.exceptions);
	assert_ptr_equal(style_of_dimension(&style, 49), &style);
	assert_true(rng.state == before.state);
	arena_free(&arena);
}

/* Keys with an "each" break their rule in that share of the dimensions, but for drawings that break it
 * as a whole; other keys are the drawing's. */
static void test_shares(void **state)
{
	enum { DRAWINGS = 4000, EACH = 10 };
	struct style_sheet sheet =
		sheet_of("{\"text_mm\": {\"usual\": [3, 4], \"fault\": [5, 6], \"share\": 0.5, "
			 "\"each\": 0.1},"
			 "\"arrow\": {\"usual\": \"filled\", \"fault\": [\"open\", \"dot\"], "
			 "\"share\": 0, \"each\": 0.05}}");
	struct rng rng = rng_seed(seed, 2);
	struct arena arena = {0};
	int usual = 0, tall = 0, open = 0, dots = 0;

	(void)state;
	for (int i = 0; i < DRAWINGS; i++) {
		struct style style = style_from_sheet(&sheet, &rng);

		style_add_exceptions(&style, &sheet, EACH, &rng, &arena);
		assert_true((style.text_mm >= 5) == (style.faults != 0));
		usual += style.text_mm < 5;
		for (int k = 0; k < EACH; k++) {
			const struct style *s = style_of_dimension(&style, k);

			if (style.text_mm >= 5)
				assert_true(s->text_mm == style.text_mm);
			else if (s->text_mm >= 5)
				tall++;
			else
				assert_true(s->text_mm == style.text_mm);
			assert_true(s->thin_mm == style.thin_mm);
			open += s->arrow == STYLE_ARROW_OPEN;
			dots += s->arrow == STYLE_ARROW_DOT;
		}
		arena_reset(&arena);
	}
	/* Six standard deviations, of binomial counts. */
	assert_true(fabs(usual - DRAWINGS / 2.0) < 6 * sqrt(DRAWINGS * 0.25));
	assert_true(fabs(tall - 0.1 * EACH * usual) < 6 * sqrt(0.09 * EACH * usual));
	assert_true(fabs(open - 0.025 * EACH * DRAWINGS) < 6 * sqrt(0.0244 * EACH * DRAWINGS));
	assert_true(fabs(dots - 0.025 * EACH * DRAWINGS) < 6 * sqrt(0.0244 * EACH * DRAWINGS));
	arena_free(&arena);
}

/* A list without a rule: single dimensions draw from it again. */
static void test_lists_are_drawn_again(void **state)
{
	struct style_sheet sheet =
		sheet_of("{\"shelf\": {\"usual\": [\"under\", \"middle\"], \"fault\": "
			 "[\"under\", \"middle\"], \"share\": 0, \"each\": 1}}");
	struct rng rng = rng_seed(seed, 3);
	struct style style = style_from_sheet(&sheet, &rng);
	struct arena arena = {0};
	int seen[2] = {0};

	(void)state;
	style_add_exceptions(&style, &sheet, 100, &rng, &arena);
	for (int i = 0; i < 100; i++)
		seen[style_of_dimension(&style, i)->shelf]++;
	assert_true(seen[0] > 0 && seen[1] > 0);
	arena_free(&arena);
}

static void refuse(const char *json, const char *message)
{
	struct style_sheet sheet;
	struct err err = {0};

	assert_int_equal(style_parse(&sheet, "s.json", json, strlen(json), &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

/* "each" of a key whose value is `held`: read where the table allows it, else refused with the
 * table's reason. */
static void check_key(const char *name, const char *held, const char *why_not)
{
	char json[200], message[200];

	snprintf(json, sizeof(json),
		 "{\"%s\": {\"usual\": %s, \"fault\": %s, \"share\": 0,\n\"each\": 0.1}}", name,
		 held, held);
	snprintf(message, sizeof(message), "s.json:2: '%s' may not have 'each': %s", name, why_not);
	if (!why_not[0])
		sheet_of(json);
	else if (strcmp(name, "unit") == 0)
		refuse(json, "s.json:1: 'unit' must be one word: labels are in it; "
			     "allowed mm, inch");
	else
		refuse(json, message);
}

static void test_keys_of_the_whole_sheet_are_refused(void **state)
{
	char held[40];

	(void)state;
#define V(name, value, lo, hi, why_not, about)                                                     \
	snprintf(held, sizeof(held), "%g", value / 1000.0);                                        \
	check_key(#name, held, why_not);
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	snprintf(held, sizeof(held), "\"%s\"", word);                                              \
	check_key(#name, held, why_not);
	STYLE_CHOICES(C)
#undef C
}

static void test_wrong_shares(void **state)
{
	(void)state;
	refuse("{\"text_mm\": {\"usual\": 3, \"fault\": 4, \"share\": 0,\n\"each\": 1.5}}",
	       "s.json:2: 'text_mm.each' is 1.5; allowed 0 to 1");
	refuse("{\"arrow\": {\"usual\": \"open\", \"fault\": \"dot\", \"share\": 0, "
	       "\"each\": \"often\"}}",
	       "s.json:1: 'arrow.each' must be a number");
	refuse("{\"arrow\": {\"usual\": \"open\", \"fault\": \"dot\", \"each\": 0.1}}",
	       "s.json:1: 'arrow' lacks 'share'; needed usual, fault, share");
}

/* Scenes are made for the lowest digits of the drawing, not of single dimensions. */
static void test_exceptions_are_legible(void **state)
{
	struct style_sheet sheet = sheet_of(
		"{\"text_mm\": {\"usual\": 4, \"fault\": [2, 6], \"share\": 0, \"each\": 0.5},"
		"\"tolerance_share\": 0.1, \"deviation_ratio\": 0.5, \"limits_ratio\": 0.8, "
		"\"tolerance\": {\"usual\": [\"symmetric\", \"deviations\", \"limits\"], "
		"\"fault\": [\"deviations\", \"limits\"], \"share\": 0, \"each\": 0.5}}");
	struct rng rng = rng_seed(seed, 4);
	struct arena arena = {0};
	int lower = 0, as_low = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct style style = style_from_sheet(&sheet, &rng);
		double lowest = style.tolerance == STYLE_TOLERANCE_SYMMETRIC    ? 4
				: style.tolerance == STYLE_TOLERANCE_DEVIATIONS ? 2
										: 3.2;

		assert_true(fabs(style_lowest_digits_mm(&style) - lowest) < SAME);
		style_add_exceptions(&style, &sheet, 10, &rng, &arena);
		for (int k = 0; k < 10; k++) {
			double is = style_lowest_digits_mm(style_of_dimension(&style, k));

			lower += is < style_lowest_digits_mm(&style);
			as_low += is < lowest + SAME && style_of_dimension(&style, k) != &style;
		}
		arena_reset(&arena);
	}
	assert_int_equal(lower, 0);
	assert_true(as_low > 0);
	arena_free(&arena);
}

/* A sample under test. */
struct trial {
	struct sample sample;
	struct arena arena;
	int exceptions, dimensions; /* seen in all samples */
	struct err err;
};

static int blame(struct trial *t, int dimension, const char *what)
{
	return err_set(&t->err, ERR_FORMAT, "dimension %d: %s", dimension, what);
}

static int check_arrows(struct trial *t, int dimension, const struct style *s)
{
	const struct drawing *d = &t->sample.drawing;

	for (int i = 0; i < d->arrow_count; i++) {
		const struct arrow *a = &d->arrows[i];
		struct vec base = vec_scale(vec_add(a->left, a->right), 0.5);
		double width = vec_length(vec_sub(a->left, a->right));

		if (a->dimension != dimension)
			continue;
		if ((int)a->kind != s->arrow && a->kind != ARROW_DOT)
			return blame(t, dimension, "another kind of arrowhead");
		if (fabs(vec_length(vec_sub(a->tip, base)) - s->arrow_mm) > SAME ||
		    fabs(width - s->arrow_mm / s->arrow_ratio) > SAME)
			return blame(t, dimension, "an arrowhead of another size");
		if (a->width_mm != s->thin_mm)
			return blame(t, dimension, "an arrowhead in another width");
	}
	return 0;
}

static int check_strokes(struct trial *t, int dimension, const struct style *s)
{
	const struct drawing *d = &t->sample.drawing;
	bool dashed = s->dimension_line == STYLE_LINE_DASHED;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *stroke = &d->strokes[i];
		bool underline;

		if (stroke->dimension != dimension)
			continue;
		/* the line under a number that is off scale is no thin one */
		underline = stroke->layer == LAYER_SYMBOL && !stroke->path.closed;
		if (stroke->width_mm != (underline ? s->thick_mm : s->thin_mm))
			return blame(t, dimension, "a line in another width");
		if (stroke->line_type == LINE_DASHED && !dashed)
			return blame(t, dimension, "a dashed line");
		if (stroke->layer == LAYER_EXTENSION && stroke->line_type != LINE_DASHED && dashed)
			return blame(t, dimension, "a continuous extension line");
	}
	return 0;
}

static int check_texts(struct trial *t, int dimension, const struct style *s)
{
	struct dimension_texts texts = drawing_dimension_texts(&t->sample.drawing, dimension);
	const struct text *all[3] = {texts.line, texts.upper, texts.lower};
	char other = style_decimal_mark(s) == ',' ? '.' : ',';
	double side = fmax(t->sample.drawing.width_mm, t->sample.drawing.height_mm);
	bool tabled = plate_is_tabled(&t->sample.scene, &t->sample.scene.dimensions[dimension]);
	bool limits = texts.upper && texts.upper->utf8[0] != '+';
	double ratio = limits ? s->limits_ratio : s->deviation_ratio;

	for (int i = 0; i < 3; i++) {
		const struct text *text = all[i];
		const char *at = text ? strchr(text->utf8, other) : NULL;
		double h = text ? text->height_mm : 0;

		if (!text)
			continue;
		/* A table is of one height, whatever the conventions of its numbers. */
		if (i == 0 && !tabled && fabs(h - s->text_mm) > SAME)
			return blame(t, dimension, "lettering of another height");
		if (i > 0 && fabs(h - ratio * s->text_mm) > SAME)
			return blame(t, dimension, "a stack of another height");
		/* The abbreviation of a Russian count ends with a point, too. */
		if (at && !strstr(text->utf8, "\u043e\u0442\u0432."))
			return blame(t, dimension, "another decimal mark");
		if (h * SIZE_PX / side < SCENE_DIGIT_PX - 1e-9)
			return blame(t, dimension, "lettering too small to read");
	}
	return 0;
}

static int check_sample(struct trial *t)
{
	const struct sample *sample = &t->sample;
	struct drawing copy;
	struct program program;

	for (int i = 0; i < sample->scene.dimension_count; i++) {
		const struct style *s = style_of_dimension(&sample->style, i);

		t->dimensions++;
		t->exceptions += s != &sample->style;
		if (check_arrows(t, i, s) < 0 || check_strokes(t, i, s) < 0 ||
		    check_texts(t, i, s) < 0)
			return -1;
	}
	drawing_copy(&copy, &sample->drawing, &t->arena);
	for (int i = 0; i < copy.stroke_count; i++)
		copy.strokes[i].shape = copy.strokes[i].dimension = DRAWING_NOBODY;
	for (int i = 0; i < copy.arrow_count; i++)
		copy.arrows[i].shape = copy.arrows[i].dimension = DRAWING_NOBODY;
	for (int i = 0; i < copy.text_count; i++)
		copy.texts[i].shape = copy.texts[i].dimension = DRAWING_NOBODY;
	if (program_from_drawing(&program, &copy, sample->scene.family, &t->arena, &t->err) < 0)
		return -1;
	if (!program_equal(&program, &sample->program))
		return err_set(&t->err, ERR_FORMAT, "read as another program");
	return drawing_check_overlap(&sample->drawing, &t->arena, &t->err);
}

static void test_mixed_drawings(void **state)
{
	struct trial t = {.exceptions = 0};
	struct arena sample_arena = {0};
	int bad = 0;

	(void)state;
	for (int family = 0; family < FAMILY_COUNT_; family++) {
		struct sample_settings settings =
			test_sample_settings(seed, (enum family)family, NULL, SIZE_PX);

		settings.style = sheet_of(mixed_sheet);
		for (int i = 0; i < samples; i++) {
			if (sample_from_index(&t.sample, &settings, (uint64_t)i, &sample_arena,
					      &t.err) < 0)
				fail_msg("%s", t.err.msg);
			arena_reset(&t.arena);
			if (check_sample(&t) < 0 && bad++ < SHOWN)
				printf("# %s %d: %s\n", family_name((enum family)family), i,
				       t.err.msg);
		}
	}
	printf("# %d of %d dimensions are exceptions\n", t.exceptions, t.dimensions);
	assert_int_equal(bad, 0);
	/* Nineteen of twenty are: each has eighteen chances. */
	assert_true(t.exceptions > t.dimensions / 2 && t.exceptions < t.dimensions);
	arena_free(&sample_arena);
	arena_free(&t.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sheets_without_have_none),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_lists_are_drawn_again),
		cmocka_unit_test(test_keys_of_the_whole_sheet_are_refused),
		cmocka_unit_test(test_wrong_shares),
		cmocka_unit_test(test_exceptions_are_legible),
		cmocka_unit_test(test_mixed_drawings),
	};
	const char *wanted = getenv("CADGEN_TEST_SAMPLES");

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	samples = wanted && atoi(wanted) > 0 ? atoi(wanted) : SAMPLES;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
