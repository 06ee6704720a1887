/* SPDX-License-Identifier: MIT */
/*
 * turned parts: scenes, drawings and labels over fresh random samples in every style.
 *
 * The reader must find the label whatever the order and direction of strokes; a drawing that lost a
 * number or has a false one is refused, and one that lost a line is refused or reads the same.
 * Every failing sample is printed with its style and index; seed and index make it again.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/drawing/callout.h"
#include "formats/drawing/dimension.h"
#include "formats/scene/turned.h"
#include "gen/reader/program_from_drawing.h"
#include "gen/sample_main.h"
#include "render/draft/draft.h"
#include "render/draft/drawing_overlap.h"
#include "tests/extent.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define SAMPLES 40 /* per style in a long run; CADGEN_TEST_SAMPLES for more */
#define SIZE_PX 1024
#define SMALL_PX 512
#define SHOWN 10 /* failing samples printed per test and style */

static const char *const styles[] = {"iso-clean", "iso", "asme-inch",  "asme-mm",
				     "gost",      "jis", "solidworks", "school"};

static uint64_t seed;
static int samples;

/* A sample under test and what the checks work with. */
struct trial {
	struct sample_settings settings;
	struct sample sample;
	struct arena sample_arena, arena; /* reset before each check */
	struct buf text, other;
	struct rng rng; /* for forgeries */
	struct err err; /* why the check failed */
};

static int blame(struct trial *t, const char *what)
{
	return err_set(&t->err, ERR_FORMAT, "%s", what);
}

/* Runs the check over a style; returns how many samples it refuses. */
static int count_bad_of(const char *style, int size_px, int count, int (*check)(struct trial *))
{
	struct trial t = {.settings = test_sample_settings(seed, FAMILY_TURNED, style, size_px)};
	int bad = 0;

	for (int i = 0; i < count; i++) {
		struct err err;

		assert_int_equal(sample_from_index(&t.sample, &t.settings, (uint64_t)i,
						   &t.sample_arena, &err),
				 0);
		arena_reset(&t.arena);
		t.rng = rng_stream(seed, (uint64_t)i, "forgery", 0);
		if (check(&t) < 0 && bad++ < SHOWN)
			printf("# %s %d px, %d: %s\n", style, size_px, i, t.err.msg);
	}
	arena_free(&t.sample_arena);
	arena_free(&t.arena);
	buf_free(&t.text);
	buf_free(&t.other);
	return bad;
}

static int count_bad(int count, int (*check)(struct trial *))
{
	int bad = 0;

	for (size_t s = 0; s < sizeof(styles) / sizeof(*styles); s++) {
		bad += count_bad_of(styles[s], SIZE_PX, count, check);
		bad += count_bad_of(styles[s], SMALL_PX, count / 4, check);
	}
	return bad;
}

static int check_scene(struct trial *t)
{
	const struct scene *scene = &t->sample.scene;
	struct scene again;
	int shape;

	if (scene_check(scene, &shape, &t->err) < 0)
		return -1;
	buf_clear(&t->text);
	scene_write(scene, &t->text);
	if (scene_parse(&again, "scene", t->text.data, t->text.len, &t->arena, &t->err) < 0)
		return -1;
	return scene_equal(scene, &again) ? 0 : blame(t, "the scene is parsed to another");
}

static void test_scenes_are_sound(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_scene), 0);
}

static int check_languages(struct trial *t)
{
	for (int i = 0; i < LANGUAGE_COUNT_; i++) {
		enum language language = (enum language)i;
		struct program program;

		buf_clear(&t->text);
		program_write(&t->sample.program, language, &t->text);
		if (program_parse(&program, language, language_names[i], t->text.data, t->text.len,
				  &t->arena, &t->err) < 0)
			return -1;
		if (!program_equal(&program, &t->sample.program))
			return blame(t, language_names[i]);
	}
	return 0;
}

static void test_labels_in_every_language(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_languages), 0);
}

/* A copy to work on, all owners wiped out. */
static struct drawing copy_of(struct trial *t)
{
	struct drawing copy;

	drawing_copy(&copy, &t->sample.drawing, &t->arena);
	for (int i = 0; i < copy.stroke_count; i++)
		copy.strokes[i].shape = copy.strokes[i].dimension = DRAWING_NOBODY;
	for (int i = 0; i < copy.arrow_count; i++)
		copy.arrows[i].shape = copy.arrows[i].dimension = DRAWING_NOBODY;
	for (int i = 0; i < copy.text_count; i++)
		copy.texts[i].shape = copy.texts[i].dimension = DRAWING_NOBODY;
	return copy;
}

static int read_copy(struct trial *t, const struct drawing *drawing, struct program *program)
{
	return program_from_drawing(program, drawing, FAMILY_TURNED, &t->arena, &t->err);
}

static int expect_label(struct trial *t, const struct drawing *drawing)
{
	struct program program;

	if (read_copy(t, drawing, &program) < 0)
		return -1;
	if (program_equal(&program, &t->sample.program))
		return 0;
	buf_clear(&t->text);
	program_write(&program, LANGUAGE_CALLS, &t->text);
	return err_set(&t->err, ERR_FORMAT, "read as: %s", t->text.data);
}

static int check_reader(struct trial *t)
{
	struct drawing d = copy_of(t);

	return expect_label(t, &d);
}

static void test_reader_finds_the_label(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_reader), 0);
}

/* The same picture: closed paths start elsewhere, any path may run backwards. */
static struct path redirect(const struct path *path, struct rng *rng, struct arena *arena)
{
	struct path other = {.closed = path->closed};
	int n = path->count, first = path->closed ? (int)rng_below(rng, (uint32_t)n) : 0;
	bool backwards = rng_chance(rng, 0.5);

	for (int i = 0; i < n; i++) {
		struct seg seg = path->segs[(first + (backwards ? n - 1 - i : i)) % n];

		if (backwards) {
			struct vec a = seg.a;

			seg.a = seg.b;
			seg.b = a;
			seg.from += seg.sweep;
			seg.sweep = -seg.sweep;
		}
		path_add_seg(&other, arena, &seg);
	}
	return other;
}

#define SWAP(items, i, k, type)                                                                    \
	do {                                                                                       \
		type kept_ = (items)[i];                                                           \
		(items)[i] = (items)[k];                                                           \
		(items)[k] = kept_;                                                                \
	} while (0)

static int check_same_picture(struct trial *t)
{
	struct drawing d = copy_of(t);

	for (int i = 0; i < d.stroke_count; i++) {
		int k = (int)rng_below(&t->rng, (uint32_t)i + 1);

		d.strokes[i].path = redirect(&d.strokes[i].path, &t->rng, &t->arena);
		SWAP(d.strokes, i, k, struct stroke);
	}
	for (int i = 1; i < d.arrow_count; i++) {
		int k = (int)rng_below(&t->rng, (uint32_t)i + 1);

		SWAP(d.arrows, i, k, struct arrow);
	}
	for (int i = 1; i < d.text_count; i++) {
		int k = (int)rng_below(&t->rng, (uint32_t)i + 1);

		SWAP(d.texts, i, k, struct text);
	}
	return expect_label(t, &d);
}

static void test_reader_sees_the_picture_alone(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_same_picture), 0);
}

static bool is_edge(const struct stroke *s)
{
	return s->layer == LAYER_OUTLINE || s->layer == LAYER_HIDDEN || s->layer == LAYER_THIN;
}

/* The label's part, drawn on the same sheet and cut open the same way, has the same edges. */
static int check_redraw(struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;
	struct scene label = t->sample.scene;
	struct drawing edges, all;

	label.dimension_count = 0;
	label.shape_count = t->sample.program.shape_count;
	label.shapes = t->sample.program.shapes;

	drawing_of_edges(&edges, &label, d, &t->sample.style, &t->arena);
	all = edges;
	all.stroke_count = all.stroke_room = 0;
	all.strokes = NULL;
	for (int i = 0; i < d->stroke_count; i++)
		if (is_edge(&d->strokes[i]))
			*drawing_add_stroke(&all, &t->arena) = d->strokes[i];
	buf_clear(&t->text);
	buf_clear(&t->other);
	drawing_write(&edges, &t->text);
	drawing_write(&all, &t->other);
	if (edges.stroke_count == 0 || strcmp(t->text.data, t->other.data) != 0)
		return blame(t, "the label, drawn again, has other edges");
	return 0;
}

static void test_redrawn_label_has_the_same_edges(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_redraw), 0);
}

static int check_layout(struct trial *t)
{
	return drawing_check_overlap(&t->sample.drawing, &t->arena, &t->err);
}

static void test_lettering_stands_clear(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_layout), 0);
}

static int count_strokes(const struct drawing *d, enum layer layer)
{
	int count = 0;

	for (int i = 0; i < d->stroke_count; i++)
		count += d->strokes[i].layer == layer;
	return count;
}

static int count_shapes(const struct scene *scene, enum shape_kind kind)
{
	int count = 0;

	for (int i = 0; i < scene->shape_count; i++)
		count += scene->shapes[i].kind == kind;
	return count;
}

/* Hidden lines always; where the style says so extension lines and, but for leaders and shelves,
 * dimension lines. */
static bool is_to_be_dashed(const struct trial *t, const struct stroke *s)
{
	const struct style *style = s->dimension == DRAWING_NOBODY
					    ? &t->sample.style
					    : style_of_dimension(&t->sample.style, s->dimension);
	bool dashed = style->dimension_line == STYLE_LINE_DASHED;

	if (s->layer == LAYER_DIMENSION && s->line_type != LINE_DASHED)
		return false;
	return s->layer == LAYER_HIDDEN ||
	       ((s->layer == LAYER_EXTENSION || s->layer == LAYER_DIMENSION) && dashed);
}

/* Whether some bore reaches beyond what a quarter section cuts open. */
static bool is_partly_hidden(const struct scene *scene)
{
	struct turned part;
	struct turned_cut cut;
	bool hidden = false;

	if (scene->section != SECTION_QUARTER)
		return false;
	turned_from_scene(&part, scene);
	cut = turned_quarter(&part);
	for (int i = 0; i < part.bore_count; i++)
		hidden |= cut.side == 0 ? part.bores[i].x1 > cut.x : part.bores[i].x0 < cut.x;
	return hidden;
}

/* What practice asks for besides edges and numbers. */
static int check_conventions(struct trial *t)
{
	const struct scene *scene = &t->sample.scene;
	const struct drawing *d = &t->sample.drawing;
	int keyways = count_shapes(scene, SHAPE_KEYWAY);
	bool marked = t->sample.style.centre_lines == STYLE_CENTRE_YES;
	bool cut = scene->section != SECTION_NONE;
	bool hidden = (!cut && count_shapes(scene, SHAPE_BORE) > 0) || is_partly_hidden(scene);

	if (count_strokes(d, LAYER_CENTRE) != (marked ? 1 + 2 * keyways : 1))
		return blame(t, "centre lines");
	if ((count_strokes(d, LAYER_HATCH) > 0) != (cut || keyways > 0))
		return blame(t, "hatching");
	if ((count_strokes(d, LAYER_HIDDEN) > 0) != hidden)
		return blame(t, "hidden lines");
	if (count_strokes(d, LAYER_SECTION) != 4 * keyways || d->view_count != 1 + keyways)
		return blame(t, "cutting planes");
	for (int i = 0; i < d->stroke_count; i++)
		if ((d->strokes[i].line_type == LINE_DASHED) != is_to_be_dashed(t, &d->strokes[i]))
			return blame(t, "dashed lines");
	return 0;
}

static void test_conventions(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_conventions), 0);
}

static void test_few_scenes_are_redrawn(void **state)
{
	enum { STYLES = sizeof(styles) / sizeof(*styles), EACH = RARE_SCENES / STYLES };
	int redrawn = 0;

	(void)state;
	static_assert(EACH * STYLES == RARE_SCENES, "as many of each style");
	for (size_t s = 0; s < STYLES; s++) {
		struct sample_settings settings =
			test_sample_settings(seed, FAMILY_TURNED, styles[s], SIZE_PX);
		int count = test_count_redrawn(&settings, EACH);

		printf("# %s: %d of %d scenes redrawn\n", styles[s], count, EACH);
		redrawn += count;
	}
	assert_true(redrawn <= RARE_MOST);
}

static int pick_number(struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;
	int i;

	do
		i = (int)rng_below(&t->rng, (uint32_t)d->text_count);
	while (d->texts[i].layer != LAYER_DIMENSION);
	return i;
}

/* The forged drawing must be refused. */
static int expect_refusal(struct trial *t, const struct drawing *forged, const char *forgery)
{
	struct program program;

	if (read_copy(t, forged, &program) < 0)
		return 0;
	return err_set(&t->err, ERR_FORMAT, "not found: %s", forgery);
}

static int check_removal(struct trial *t)
{
	struct drawing d = copy_of(t);
	int i = pick_number(t);
	const char *removed = d.texts[i].utf8;

	d.texts[i] = d.texts[--d.text_count];
	return expect_refusal(t, &d, removed);
}

static void test_removed_number_is_missed(void **state)
{
	(void)state;
	assert_int_equal(count_bad(2 * samples, check_removal), 0);
}

/* Whether the label's number is another in the forged lettering. A pitch is only said: nothing in the
 * drawing could contradict it; deviations are the style's. */
static bool is_lie(const char *honest, const char *forged)
{
	struct callout a, b;

	if (honest[0] == '+' || honest[0] == '-' || strcmp(honest, "0") == 0)
		return false;
	if (callout_parse(&a, honest, NULL, NULL) < 0 || callout_parse(&b, forged, NULL, NULL) < 0)
		return false;
	return a.kind == b.kind && a.value != b.value;
}

static int check_changed_digit(struct trial *t)
{
	struct drawing d = copy_of(t);
	int picked = pick_number(t);
	struct text *text = &d.texts[picked];
	const char *honest = text->utf8;
	char *utf8 = arena_strndup(&t->arena, honest, strlen(honest));
	size_t i;

	do
		i = rng_below(&t->rng, (uint32_t)strlen(utf8));
	while (strpbrk(utf8, "0123456789") && (utf8[i] < '0' || utf8[i] > '9'));
	utf8[i] = (char)('0' + (utf8[i] - '0' + (int)rng_range(&t->rng, 1, 9)) % 10);
	text->utf8 = utf8;
	return is_lie(honest, utf8) ? expect_refusal(t, &d, utf8) : 0;
}

static void test_changed_digit_contradicts(void **state)
{
	(void)state;
	assert_int_equal(count_bad(2 * samples, check_changed_digit), 0);
}

/* Refused, or the same label: never another. */
static int expect_no_other_label(struct trial *t, const struct drawing *worn)
{
	struct program program;

	if (read_copy(t, worn, &program) < 0)
		return 0;
	return expect_label(t, worn);
}

static int check_lost_arrow(struct trial *t)
{
	struct drawing d = copy_of(t);
	int i = (int)rng_below(&t->rng, (uint32_t)d.arrow_count);

	d.arrows[i] = d.arrows[--d.arrow_count];
	return expect_no_other_label(t, &d);
}

static int check_lost_stroke(struct trial *t)
{
	struct drawing d = copy_of(t);
	int i;

	do
		i = (int)rng_below(&t->rng, (uint32_t)d.stroke_count);
	while (d.strokes[i].layer == LAYER_FRAME || d.strokes[i].layer == LAYER_HATCH);
	d.strokes[i] = d.strokes[--d.stroke_count];
	return expect_no_other_label(t, &d);
}

static int check_moved_edge(struct trial *t)
{
	struct drawing d = copy_of(t);
	struct vec by = vec_polar(0.01, 2 * M_PI * rng_unit(&t->rng));
	int i;

	do
		i = (int)rng_below(&t->rng, (uint32_t)d.stroke_count);
	while (!is_edge(&d.strokes[i]));
	d.strokes[i].path = path_place(&d.strokes[i].path, by, 1, &t->arena);
	return expect_no_other_label(t, &d);
}

static void test_worn_drawings_mislead_nobody(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_lost_arrow), 0);
	assert_int_equal(count_bad(2 * samples, check_lost_stroke), 0);
	assert_int_equal(count_bad(samples, check_moved_edge), 0);
}

/* The letters of a cutting plane lead to its section. */
static int check_letters(struct trial *t)
{
	struct drawing d = copy_of(t);

	if (count_shapes(&t->sample.scene, SHAPE_KEYWAY) == 0)
		return 0;
	for (int i = 0; i < d.text_count; i++) {
		if (strcmp(d.texts[i].utf8, "A") != 0 || d.texts[i].layer != LAYER_SECTION)
			continue;
		d.texts[i].utf8 = "X";
		return expect_refusal(t, &d, "another letter");
	}
	return blame(t, "no letter");
}

static void test_cutting_planes_name_their_section(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_letters), 0);
}

/* All that the generator knows to draw comes up. */
static void test_everything_is_drawn(void **state)
{
	static const enum shape_kind kinds[] = {SHAPE_CYLINDER, SHAPE_CONE,   SHAPE_BORE,
						SHAPE_GROOVE,   SHAPE_KEYWAY, SHAPE_THREAD,
						SHAPE_CHAMFER,  SHAPE_FILLET};
	struct sample_settings settings =
		test_sample_settings(seed, FAMILY_TURNED, "iso-clean", SIZE_PX);
	int seen[SHAPE_COUNT_] = {0}, sections[SECTION_COUNT_] = {0}, interrupted = 0;
	int off_scale = 0;
	struct arena arena = {0};

	(void)state;
	for (uint64_t i = 0; i < 500; i++) {
		struct style style = sample_style(&settings, &settings.style, i, 0);
		struct scene_params params = scene_params_for(&settings, &style);
		struct rng rng = rng_stream(seed, i, "scene", 0);
		struct scene scene;

		arena_reset(&arena);
		scene_from_seed(&scene, &params, &rng, &arena);
		sections[scene.section]++;
		interrupted += turned_is_interrupted(&scene);
		off_scale += scene.off_scale[2] != 0;
		for (int k = 0; k < scene.shape_count; k++)
			seen[scene.shapes[k].kind]++;
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
		assert_true(seen[kinds[k]] > 0);
	for (int k = 0; k < SECTION_COUNT_; k++)
		assert_true(sections[k] > 0);
	assert_true(interrupted > 0 && off_scale > 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes_are_sound),
		cmocka_unit_test(test_labels_in_every_language),
		cmocka_unit_test(test_reader_finds_the_label),
		cmocka_unit_test(test_reader_sees_the_picture_alone),
		cmocka_unit_test(test_redrawn_label_has_the_same_edges),
		cmocka_unit_test(test_lettering_stands_clear),
		cmocka_unit_test(test_conventions),
		cmocka_unit_test(test_few_scenes_are_redrawn),
		cmocka_unit_test(test_removed_number_is_missed),
		cmocka_unit_test(test_changed_digit_contradicts),
		cmocka_unit_test(test_worn_drawings_mislead_nobody),
		cmocka_unit_test(test_cutting_planes_name_their_section),
		cmocka_unit_test(test_everything_is_drawn),
	};
	const char *wanted = getenv("CADGEN_TEST_SAMPLES");

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	samples = wanted && atoi(wanted) > 0 ? atoi(wanted) : extent(SAMPLES, SAMPLES / 3);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
