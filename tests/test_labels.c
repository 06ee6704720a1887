/* SPDX-License-Identifier: MIT */
/*
 * labels: true, complete and readable from the drawing, over fresh random samples.
 *
 * What a label says is compared with what program_from_drawing reads off the sheet, owners wiped
 * out first, and with the pixels it draws again. Layout is judged by drawing_check_overlap. Then
 * drawings are falsified, one text at a time, and each forgery must be found.
 *
 * Every failing sample is printed with its index and program; seed and index make it again.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/image/image_compare.h"
#include "gen/reader/program_from_drawing.h"
#include "gen/sample_main.h"
#include "render/draft/draft.h"
#include "render/draft/drawing_overlap.h"
#include "render/hand/traces.h"
#include "render/paint/raster.h"
#include "tests/extent.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define SHOWN 10 /* failing samples printed per test */

struct run {
	enum family family;
	const char *style; /* of samples/styles; NULL: the built-in one */
	int size_px, samples;
};

/* Every family in every style; loose shapes, the quickest, also as small pictures show them. */
static const char *const styles[] = {"iso-clean", "iso", "asme-inch",  "asme-mm",
				     "gost",      "jis", "solidworks", "school"};

enum { STYLES = sizeof(styles) / sizeof(*styles), SAMPLES = 25 };

static const struct run plain = {FAMILY_SHAPES, NULL, 512, 500};
static const struct run small = {FAMILY_SHAPES, NULL, 224, 200};

static uint64_t seed;

/* A sample under test and what the checks work with. */
struct trial {
	const struct run *run;
	int size_px;
	struct sample_settings settings;
	struct sample sample;
	struct raster *raster[2];
	struct arena sample_arena, arena; /* reset before each check */
	struct buf text;
	struct rng rng; /* for forgeries */
	struct err err; /* why the check failed */
};

static int blame(struct trial *t, const char *what)
{
	return err_set(&t->err, ERR_FORMAT, "%s", what);
}

static struct trial trial_new(const struct run *run)
{
	struct trial t = {.run = run, .size_px = run->size_px};
	struct err err = {0};

	t.settings = test_sample_settings(seed, run->family, run->style, run->size_px);
	for (int i = 0; i < 2; i++) {
		t.raster[i] = raster_new(run->size_px, &err);
		assert_non_null(t.raster[i]);
	}
	return t;
}

static void trial_free(struct trial *t)
{
	raster_free(t->raster[0]);
	raster_free(t->raster[1]);
	arena_free(&t->sample_arena);
	arena_free(&t->arena);
	buf_free(&t->text);
}

static void show(struct trial *t)
{
	buf_clear(&t->text);
	program_write(&t->sample.program, LANGUAGE_CALLS, &t->text);
	printf("# %s, style %s, size %d, index %" PRIu64 ": %s\n#\t%s\n",
	       family_name(t->run->family), t->run->style ? t->run->style : "built in", t->size_px,
	       t->sample.index, t->err.msg, t->text.data);
}

/* Runs the check over the samples of a run; returns how many it refuses. */
static int count_bad(const struct run *run, int (*check)(struct trial *))
{
	struct trial t = trial_new(run);
	int bad = 0;

	for (int i = 0; i < run->samples; i++) {
		struct err err = {0};
		int made = sample_from_index(&t.sample, &t.settings, (uint64_t)i, &t.sample_arena,
					     &err);

		assert_int_equal(made, 0);
		arena_reset(&t.arena);
		t.rng = rng_stream(seed, (uint64_t)i, "forgery", 0);
		if (check(&t) < 0 && bad++ < SHOWN)
			show(&t);
	}
	trial_free(&t);
	return bad;
}

static void check_all(int (*check)(struct trial *))
{
	int bad = count_bad(&plain, check) + count_bad(&small, check);

	for (int f = 0; f < FAMILY_COUNT_; f++) {
		for (int i = 0; i < STYLES; i++) {
			struct run run = {(enum family)f, styles[i], 1024,
					  extent(SAMPLES, SAMPLES / 2)};

			bad += count_bad(&run, check);
		}
	}
	assert_int_equal(bad, 0);
}

/* A copy to work on, all owners wiped out. */
static struct drawing copy_drawing(const struct drawing *drawing, struct arena *arena)
{
	struct drawing copy = {.width_mm = drawing->width_mm,
			       .height_mm = drawing->height_mm,
			       .datum = drawing->datum,
			       .scale = drawing->scale,
			       .unit_mm = drawing->unit_mm};

	for (int i = 0; i < drawing->stroke_count; i++) {
		struct stroke *stroke = drawing_add_stroke(&copy, arena);

		*stroke = drawing->strokes[i];
		stroke->shape = stroke->dimension = DRAWING_NOBODY;
	}
	for (int i = 0; i < drawing->arrow_count; i++) {
		struct arrow *arrow = drawing_add_arrow(&copy, arena);

		*arrow = drawing->arrows[i];
		arrow->shape = arrow->dimension = DRAWING_NOBODY;
	}
	for (int i = 0; i < drawing->text_count; i++) {
		struct text *text = drawing_add_text(&copy, arena);

		*text = drawing->texts[i];
		text->shape = text->dimension = DRAWING_NOBODY;
	}
	return copy;
}

static int read_drawing(struct trial *t, const struct drawing *drawing, struct program *program)
{
	return program_from_drawing(program, drawing, t->sample.scene.family, &t->arena, &t->err);
}

static int expect_label(struct trial *t, const struct drawing *drawing)
{
	struct program program;

	if (read_drawing(t, drawing, &program) < 0)
		return -1;
	if (program_equal(&program, &t->sample.program))
		return 0;
	buf_clear(&t->text);
	program_write(&program, LANGUAGE_CALLS, &t->text);
	return err_set(&t->err, ERR_FORMAT, "read as: %s", t->text.data);
}

static int check_languages(struct trial *t)
{
	for (int i = 0; i < LANGUAGE_COUNT_; i++) {
		enum language language = (enum language)i;
		struct program program;

		if (!language_fits(language, t->sample.scene.family))
			continue;
		buf_clear(&t->text);
		program_write(&t->sample.program, language, &t->text);
		if (program_parse(&program, language, language_names[i], t->text.data, t->text.len,
				  &t->arena, &t->err) < 0)
			return -1;
		if (!program_equal(&program, &t->sample.program))
			return err_set(&t->err, ERR_FORMAT, "%s parses to another program",
				       language_names[i]);
	}
	return 0;
}

static void test_languages(void **state)
{
	(void)state;
	check_all(check_languages);
}

static int check_reader(struct trial *t)
{
	struct drawing drawing = copy_drawing(&t->sample.drawing, &t->arena);

	return expect_label(t, &drawing);
}

static void test_reader_finds_the_label(void **state)
{
	(void)state;
	check_all(check_reader);
}

static struct seg reversed(struct seg seg)
{
	struct vec a = seg.a;

	seg.a = seg.b;
	seg.b = a;
	seg.from += seg.sweep;
	seg.sweep = -seg.sweep;
	return seg;
}

/* The same picture: a closed path starts elsewhere, any path may run backwards. */
static struct path redirect(const struct path *path, struct rng *rng, struct arena *arena)
{
	struct path other = *path;
	int n = path->count, first = path->closed ? (int)rng_below(rng, (uint32_t)n) : 0;
	bool backwards = rng_chance(rng, 0.5);

	other.segs = ARENA_NEW(arena, struct seg, n);
	other.room = n;
	for (int i = 0; i < n; i++) {
		struct seg seg = path->segs[(first + i) % n];

		other.segs[backwards ? n - 1 - i : i] = backwards ? reversed(seg) : seg;
	}
	return other;
}

/* Swaps each item with one at or before it, chosen at random. */
static void shuffle(void *items, int count, size_t size, struct rng *rng)
{
	char *at = items, kept[sizeof(struct stroke) + sizeof(struct text)];

	assert_true(size <= sizeof(kept));
	for (int i = 1; i < count; i++) {
		size_t k = rng_below(rng, (uint32_t)i + 1);

		memcpy(kept, at + (size_t)i * size, size);
		memcpy(at + (size_t)i * size, at + k * size, size);
		memcpy(at + k * size, kept, size);
	}
}

static int check_same_picture(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);

	for (int i = 0; i < d.stroke_count; i++)
		d.strokes[i].path = redirect(&d.strokes[i].path, &t->rng, &t->arena);
	shuffle(d.strokes, d.stroke_count, sizeof(*d.strokes), &t->rng);
	shuffle(d.arrows, d.arrow_count, sizeof(*d.arrows), &t->rng);
	shuffle(d.texts, d.text_count, sizeof(*d.texts), &t->rng);
	return expect_label(t, &d);
}

static void test_reader_sees_the_picture_alone(void **state)
{
	(void)state;
	check_all(check_same_picture);
}

static struct drawing edges_of(const struct drawing *drawing, struct arena *arena)
{
	struct drawing copy = {.width_mm = drawing->width_mm,
			       .height_mm = drawing->height_mm,
			       .datum = drawing->datum,
			       .scale = drawing->scale};

	for (int i = 0; i < drawing->stroke_count; i++)
		if (layer_is_edge(drawing->strokes[i].layer))
			*drawing_add_stroke(&copy, arena) = drawing->strokes[i];
	return copy;
}

static bool has_ink(const struct image *image)
{
	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			if (image->px[(size_t)y * image->stride + (size_t)x] < 128)
				return true;
	return false;
}

static double px_per_mm(const struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;

	return t->size_px / max2(d->width_mm, d->height_mm);
}

/* How far from its place a hand may have drawn a line. */
static int reach_px(const struct trial *t)
{
	return (int)ceil(traces_reach_mm(&t->sample.style) * px_per_mm(t)) + 1;
}

static int check_redraw(struct trial *t)
{
	const struct sample *sample = &t->sample;
	const struct font *font = t->settings.font;
	struct scene scene = sample->scene;
	struct drawing outlines = edges_of(&sample->drawing, &t->arena), again;
	struct program program;
	struct image original, image;
	int x, y;

	buf_clear(&t->text);
	program_write(&sample->program, LANGUAGE_CALLS, &t->text);
	if (program_parse(&program, LANGUAGE_CALLS, "label", t->text.data, t->text.len, &t->arena,
			  &t->err) < 0)
		return -1;
	scene.shapes = program.shapes;
	scene.shape_count = program.shape_count;
	drawing_of_edges(&again, &scene, &sample->drawing, &sample->style, &t->arena);
	original = image_from_drawing(t->raster[0], &outlines, font);
	image = image_from_drawing(t->raster[1], &again, font);
	if (!has_ink(&original) || image_find_difference(&image, &original, &x, &y))
		return blame(t, "the label, drawn again, covers other pixels");
	image = image_from_drawing(t->raster[1], &sample->drawing, font);
	if (sample->drawing.trace_count) {
		struct drawing middles =
			drawing_of_middles(&outlines, 1.5 / px_per_mm(t), &t->arena);

		original = image_from_drawing(t->raster[0], &middles, font);
	}
	if (sample->drawing.trace_count ? image_find_far(&image, &original, reach_px(t), &x, &y)
					: image_find_lighter(&image, &original, &x, &y))
		return blame(t, "the outlines are not all in the picture");
	return 0;
}

static void test_redrawn_label_covers_the_outlines(void **state)
{
	(void)state;
	check_all(check_redraw);
}

static int check_layout(struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;

	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].layer == LAYER_DIMENSION &&
		    d->texts[i].height_mm * t->size_px / max2(d->width_mm, d->height_mm) <
			    SCENE_DIGIT_PX)
			return blame(t, "digits are too small to read");
	return drawing_check_overlap(d, &t->arena, &t->err);
}

static void test_lettering_stands_clear(void **state)
{
	(void)state;
	check_all(check_layout);
}

/* The forged drawing must be refused, with one of two words in the message. Of a sample that cannot
 * be read to begin with, which the reader's own test reports, nothing can be said. */
static int expect_refusal(struct trial *t, const struct drawing *forged, const char *forgery,
			  const char *word, const char *or_word)
{
	struct program program;

	if (check_reader(t) < 0)
		return 0;
	if (read_drawing(t, forged, &program) == 0)
		return err_set(&t->err, ERR_FORMAT, "not found: %s", forgery);
	if (strstr(t->err.msg, word) || strstr(t->err.msg, or_word))
		return 0;
	return err_context(&t->err, "%s: no word of '%s'", forgery, word);
}

/* What a message about the missing text must name. */
static const char *name_of_text(const struct trial *t, const struct text *text)
{
	if (text->dimension != DRAWING_NOBODY)
		return param_name(t->sample.scene.dimensions[text->dimension].param);
	return strchr(text->utf8, ':') ? "scale" : "origin";
}

static int pick_text(struct trial *t)
{
	return (int)rng_below(&t->rng, (uint32_t)t->sample.drawing.text_count);
}

static int check_removal(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int i = pick_text(t);
	const char *name = name_of_text(t, &t->sample.drawing.texts[i]);
	const char *removed = d.texts[i].utf8;

	d.texts[i] = d.texts[--d.text_count];
	/* A number that two dimensions state stays known; the one without lettering is named. */
	return expect_refusal(t, &d, removed, name, "bears no number");
}

static void test_removed_text_is_missed(void **state)
{
	(void)state;
	assert_int_equal(count_bad(&plain, check_removal), 0);
}

static int check_changed_digit(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int picked = pick_text(t);
	struct text *text = &d.texts[picked];
	char *utf8;

	do { /* a second 0 would stand by the datum's as well */
		size_t i;

		utf8 = arena_strndup(&t->arena, text->utf8, strlen(text->utf8));
		do
			i = rng_below(&t->rng, (uint32_t)strlen(utf8));
		while (utf8[i] < '0' || utf8[i] > '9');
		utf8[i] = (char)('0' + (utf8[i] - '0' + (int)rng_range(&t->rng, 1, 9)) % 10);
	} while (strcmp(utf8, "0") == 0);
	text->utf8 = utf8;
	return expect_refusal(t, &d, utf8, "contradicts",
			      name_of_text(t, &t->sample.drawing.texts[picked]));
}

static void test_changed_digit_contradicts(void **state)
{
	(void)state;
	assert_int_equal(count_bad(&plain, check_changed_digit), 0);
}

static int check_swap(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	struct text *a = &d.texts[pick_text(t)], *b = a;
	const char *kept = a->utf8;

	/* The scale differs from every other text. */
	while (strcmp(b->utf8, a->utf8) == 0)
		b = &d.texts[pick_text(t)];
	a->utf8 = b->utf8;
	b->utf8 = kept;
	return expect_refusal(t, &d, kept, "", "");
}

static void test_swapped_texts_are_found(void **state)
{
	(void)state;
	assert_int_equal(count_bad(&plain, check_swap), 0);
}

static int check_stray(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	struct text stray = d.texts[pick_text(t)];

	stray.at = vec(d.width_mm * rng_unit(&t->rng), d.height_mm * rng_unit(&t->rng));
	*drawing_add_text(&d, &t->arena) = stray;
	return expect_refusal(t, &d, stray.utf8, stray.utf8, "scale");
}

static void test_stray_text_is_found(void **state)
{
	(void)state;
	assert_int_equal(count_bad(&plain, check_stray), 0);
}

/* A dimension line whose number has moved to where it stands by nothing. */
static int check_moved_text(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	struct text *text = &d.texts[pick_text(t)];

	if (strchr(text->utf8, ':'))
		return 0;
	text->at = vec_add(text->at, vec_polar(3 * d.width_mm, text->angle_rad + 1));
	return expect_refusal(t, &d, text->utf8, "", "");
}

static void test_moved_text_is_found(void **state)
{
	(void)state;
	assert_int_equal(count_bad(&plain, check_moved_text), 0);
}

/* Lines count as much as lettering: a drawing that lost one is refused, or still reads the same. */
static int expect_no_other_label(struct trial *t, const struct drawing *worn)
{
	struct program program;
	struct err err = {0};

	if (program_from_drawing(&program, worn, t->sample.scene.family, &t->arena, &err) < 0)
		return 0;
	return expect_label(t, worn);
}

static int check_lost_arrow(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int i = (int)rng_below(&t->rng, (uint32_t)d.arrow_count);

	d.arrows[i] = d.arrows[--d.arrow_count];
	return expect_no_other_label(t, &d);
}

/* Where other shapes share all positions of a lost outline, nothing tells that it was there. */
static bool reads_without_shape(struct trial *t, const struct drawing *worn, int lost)
{
	struct program read, rest = {.shape_count = t->sample.scene.shape_count - 1};
	struct err err;

	rest.shapes = ARENA_NEW(&t->arena, struct shape, rest.shape_count);
	for (int i = 0, k = 0; i < t->sample.scene.shape_count; i++)
		if (i != lost)
			rest.shapes[k++] = t->sample.scene.shapes[i];
	return program_from_drawing(&read, worn, t->sample.scene.family, &t->arena, &err) == 0 &&
	       program_equal(&read, &rest);
}

static int check_lost_stroke(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int i = (int)rng_below(&t->rng, (uint32_t)d.stroke_count);
	bool is_outline =
		d.strokes[i].layer == LAYER_OUTLINE; /* the first strokes, one per shape */

	d.strokes[i] = d.strokes[--d.stroke_count];
	if (is_outline && reads_without_shape(t, &d, i))
		return 0;
	return expect_no_other_label(t, &d);
}

static void test_lost_lines_mislead_nobody(void **state)
{
	(void)state;
	assert_int_equal(count_bad(&plain, check_lost_arrow), 0);
	assert_int_equal(count_bad(&plain, check_lost_stroke), 0);
}

/* An outline moved a little, its dimensions left behind. */
static int check_moved_outline(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int i = (int)rng_below(&t->rng, (uint32_t)t->sample.scene.shape_count);
	struct vec by = vec_polar(0.01, 2 * M_PI * rng_unit(&t->rng));

	assert_int_equal(d.strokes[i].layer, LAYER_OUTLINE);
	d.strokes[i].path = path_place(&d.strokes[i].path, by, 1, &t->arena);
	return expect_refusal(t, &d, "an outline moved by 0.01 mm", "", "");
}

static void test_moved_outline_is_found(void **state)
{
	(void)state;
	assert_int_equal(count_bad(&plain, check_moved_outline), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_reader_finds_the_label),
		cmocka_unit_test(test_reader_sees_the_picture_alone),
		cmocka_unit_test(test_redrawn_label_covers_the_outlines),
		cmocka_unit_test(test_lettering_stands_clear),
		cmocka_unit_test(test_removed_text_is_missed),
		cmocka_unit_test(test_changed_digit_contradicts),
		cmocka_unit_test(test_swapped_texts_are_found),
		cmocka_unit_test(test_stray_text_is_found),
		cmocka_unit_test(test_moved_text_is_found),
		cmocka_unit_test(test_lost_lines_mislead_nobody),
		cmocka_unit_test(test_moved_outline_is_found),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
