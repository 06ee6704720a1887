/* SPDX-License-Identifier: MIT */
/*
 * plates: scenes, drawings and labels over fresh random samples in every style.
 *
 * Every failing sample is printed with its style and index; seed and index make it again.
 */
#include <config.h>

#include <assert.h>
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

#include "formats/drawing/callout.h"
#include "formats/drawing/dimension.h"
#include "formats/scene/plate.h"
#include "gen/reader/program_from_drawing.h"
#include "gen/sample_main.h"
#include "render/draft/draft.h"
#include "render/draft/drawing_overlap.h"
#include "tests/extent.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define SAMPLES 30 /* per style in a long run; CADGEN_TEST_SAMPLES for more */
#define SIZE_PX 1024
#define SHOWN 10 /* failing samples printed per test */

static const char *const styles[] = {"iso-clean", "iso", "asme-inch",  "asme-mm",
				     "gost",      "jis", "solidworks", "school"};

static uint64_t seed;
static int samples;

/* A sample under test and what the checks work with. */
struct trial {
	const char *style;
	struct sample_settings settings;
	struct sample sample;
	struct arena sample_arena, arena; /* reset before each check */
	struct buf text, other;
	struct rng rng; /* for forgeries */
	struct err err; /* why the check failed */
};

static struct trial trial_new(const char *style)
{
	struct trial t = {.style = style};

	t.settings = test_sample_settings(seed, FAMILY_PLATE, style, SIZE_PX);
	return t;
}

static void trial_free(struct trial *t)
{
	arena_free(&t->sample_arena);
	arena_free(&t->arena);
	buf_free(&t->text);
	buf_free(&t->other);
}

/* Runs the check over all styles; returns how many samples it refuses. */
static int count_bad(int per_style, int (*check)(struct trial *))
{
	int bad = 0;

	for (size_t s = 0; s < sizeof(styles) / sizeof(*styles); s++) {
		struct trial t = trial_new(styles[s]);
		int before = bad;

		for (int i = 0; i < per_style; i++) {
			struct err err;

			assert_int_equal(sample_from_index(&t.sample, &t.settings, (uint64_t)i,
							   &t.sample_arena, &err),
					 0);
			arena_reset(&t.arena);
			t.rng = rng_stream(seed, (uint64_t)i, "forgery", 0);
			if (check(&t) < 0 && bad++ - before < SHOWN)
				printf("# %s %d: %s\n", t.style, i, t.err.msg);
		}
		if (bad > before)
			printf("# %s: %d of %d bad\n", t.style, bad - before, per_style);
		trial_free(&t);
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
	for (int i = 1; i < scene->shape_count; i++)
		if (shape_compare(&scene->shapes[i - 1], &scene->shapes[i]) >= 0)
			return err_set(&t->err, ERR_FORMAT, "shapes %d and %d out of order", i - 1,
				       i);
	buf_clear(&t->text);
	scene_write(scene, &t->text);
	if (scene_parse(&again, "scene", t->text.data, t->text.len, &t->arena, &t->err) < 0)
		return -1;
	if (!scene_equal(scene, &again))
		return err_set(&t->err, ERR_FORMAT, "the scene is parsed to another");
	return 0;
}

static void test_scenes_are_valid(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_scene), 0);
}

/* Whether equal spaces, which the dimension states, end there. */
static bool is_stated(const struct scene *scene, const struct dimension *spaces, int64_t at)
{
	const struct shape *s = &scene->shapes[spaces->shape];
	bool is_x = spaces->kind == DIM_SPACES_X;
	int64_t from = s->value[is_x ? PARAM_X : PARAM_Y], step = s->value[spaces->param];
	int64_t count = s->value[is_x ? PARAM_COLUMNS : PARAM_ROWS];

	return at >= from && (at - from) % step == 0 && (at - from) / step < count;
}

/* A distance between two places where equal spaces end is one too many. */
static int check_spaces(struct trial *t)
{
	const struct scene *scene = &t->sample.scene;

	for (int i = 0; i < scene->dimension_count; i++)
		for (int k = 0; k < scene->dimension_count; k++) {
			const struct dimension *spaces = &scene->dimensions[i];
			const struct dimension *d = &scene->dimensions[k];
			bool is_x = d->kind == DIM_POSITION_X;
			struct feature to = {d->shape, d->param, d->point};

			if ((!is_x && d->kind != DIM_POSITION_Y) || d->reference ||
			    spaces->kind != (is_x ? DIM_SPACES_X : DIM_SPACES_Y))
				continue;
			if (is_stated(scene, spaces, scene_coordinate(scene, &d->from, is_x)) &&
			    is_stated(scene, spaces, scene_coordinate(scene, &to, is_x)))
				return err_set(&t->err, ERR_FORMAT,
					       "dimension %d repeats what dimension %d says", k, i);
		}
	return 0;
}

static void test_spaces_say_it_once(void **state)
{
	(void)state;
	assert_int_equal(count_bad(12 * samples, check_spaces), 0); /* few have such places */
}

static int check_languages(struct trial *t)
{
	static const enum language languages[] = {LANGUAGE_CALLS, LANGUAGE_JSON, LANGUAGE_PYTHON};

	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++) {
		struct program program;

		buf_clear(&t->text);
		program_write(&t->sample.program, languages[i], &t->text);
		if (program_parse(&program, languages[i], language_names[languages[i]],
				  t->text.data, t->text.len, &t->arena, &t->err) < 0)
			return -1;
		if (!program_equal(&program, &t->sample.program))
			return err_set(&t->err, ERR_FORMAT, "%s parses to another program",
				       language_names[languages[i]]);
	}
	return 0;
}

static void test_languages(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_languages), 0);
}

/* A copy to work on, all owners wiped out. */
static struct drawing copy_drawing(const struct drawing *drawing, struct arena *arena)
{
	struct drawing copy;

	drawing_copy(&copy, drawing, arena);
	for (int i = 0; i < copy.stroke_count; i++)
		copy.strokes[i].shape = copy.strokes[i].dimension = DRAWING_NOBODY;
	for (int i = 0; i < copy.arrow_count; i++)
		copy.arrows[i].shape = copy.arrows[i].dimension = DRAWING_NOBODY;
	for (int i = 0; i < copy.text_count; i++)
		copy.texts[i].shape = copy.texts[i].dimension = DRAWING_NOBODY;
	return copy;
}

static int read_drawing(struct trial *t, const struct drawing *drawing, struct program *program)
{
	return program_from_drawing(program, drawing, FAMILY_PLATE, &t->arena, &t->err);
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

static int check_reader(struct trial *t)
{
	struct drawing drawing = copy_drawing(&t->sample.drawing, &t->arena);

	return expect_label(t, &drawing);
}

static void test_reader_finds_the_label(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_reader), 0);
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

		if (backwards) {
			struct vec a = seg.a;

			seg.a = seg.b;
			seg.b = a;
			seg.from += seg.sweep;
			seg.sweep = -seg.sweep;
		}
		other.segs[backwards ? n - 1 - i : i] = seg;
	}
	return other;
}

static int check_same_picture(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);

	for (int i = 0; i < d.stroke_count; i++)
		d.strokes[i].path = redirect(&d.strokes[i].path, &t->rng, &t->arena);
	for (int i = 1; i < d.stroke_count; i++) {
		size_t k = rng_below(&t->rng, (uint32_t)i + 1);
		struct stroke kept = d.strokes[i];

		d.strokes[i] = d.strokes[k];
		d.strokes[k] = kept;
	}
	return expect_label(t, &d);
}

static void test_reader_sees_the_picture_alone(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples / 4, check_same_picture), 0);
}

static int check_redraw(struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;
	struct scene label = {.family = FAMILY_PLATE,
			      .unit = t->sample.scene.unit,
			      .shape_count = t->sample.program.shape_count,
			      .shapes = t->sample.program.shapes};
	struct drawing edges, all = {.stroke_count = 0};

	drawing_of_edges(&edges, &label, d, &t->sample.style, &t->arena);
	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].layer <= LAYER_HIDDEN || d->strokes[i].layer == LAYER_THIN)
			*drawing_add_stroke(&all, &t->arena) = d->strokes[i];
	buf_clear(&t->text);
	buf_clear(&t->other);
	all.width_mm = edges.width_mm;
	all.height_mm = edges.height_mm;
	all.datum = edges.datum;
	all.scale = edges.scale;
	all.unit_mm = edges.unit_mm;
	all.view_count = edges.view_count;
	memcpy(all.views, edges.views, sizeof(all.views));
	drawing_write(&edges, &t->text);
	drawing_write(&all, &t->other);
	if (strcmp(t->text.data, t->other.data) != 0)
		return err_set(&t->err, ERR_FORMAT, "the label, drawn again, is another drawing");
	return 0;
}

static void test_redrawn_label_has_the_same_edges(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_redraw), 0);
}

static int check_layout(struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;
	double side = fmax(d->width_mm, d->height_mm);

	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].layer == LAYER_DIMENSION &&
		    d->texts[i].height_mm * SIZE_PX / side < SCENE_DIGIT_PX - 1e-9)
			return err_set(&t->err, ERR_FORMAT, "'%s' is too small to read",
				       d->texts[i].utf8);
	return drawing_check_overlap(d, &t->arena, &t->err);
}

static void test_lettering_stands_clear(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_layout), 0);
}

/* Without centre lines holes and slots have none but what says something: the axis of a symmetric plate
 * or of a disc, pitch circles with theirs, the side of an angle. */
static int check_centre_lines(struct trial *t)
{
	const struct scene *scene = &t->sample.scene;
	const struct drawing *d = &t->sample.drawing;
	int sides = 0, axes = 0, circles = 0, body = 0;

	for (int i = 0; i < scene->dimension_count; i++)
		sides += scene->dimensions[i].param == PARAM_START;
	for (int i = 0; i < scene->shape_count; i++)
		circles += scene->shapes[i].kind == SHAPE_HOLE_CIRCLE;
	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];
		bool of_circle = s->shape >= 0 && scene->shapes[s->shape].kind == SHAPE_HOLE_CIRCLE;

		if (s->layer != LAYER_CENTRE)
			continue;
		if (s->shape == plate_body(scene))
			body++;
		else if (!of_circle)
			return err_set(&t->err, ERR_FORMAT, "a centre line of a %s",
				       shape_kind_name(scene->shapes[s->shape].kind));
		else
			axes++;
	}
	if (scene->shapes[plate_body(scene)].kind == SHAPE_DISC && body != 2)
		return err_set(&t->err, ERR_FORMAT, "a disc with %d axes", body);
	/* The body's axes may be those of a pitch circle, too. */
	if (axes > 3 * circles + sides || axes < circles)
		return err_set(&t->err, ERR_FORMAT, "%d lines of %d pitch circles", axes, circles);
	return expect_label(t, d);
}

static void test_centre_lines_left_out(void **state)
{
	struct trial t = trial_new("iso-clean");
	int bad = 0;

	(void)state;
	t.settings.style.centre_lines.usual = t.settings.style.centre_lines.fault =
		1u << STYLE_CENTRE_NO;
	for (int i = 0; i < 4 * samples; i++) {
		struct err err;

		assert_int_equal(sample_from_index(&t.sample, &t.settings, (uint64_t)i,
						   &t.sample_arena, &err),
				 0);
		arena_reset(&t.arena);
		if (check_centre_lines(&t) < 0 && bad++ < SHOWN)
			printf("# %d: %s\n", i, t.err.msg);
	}
	trial_free(&t);
	assert_int_equal(bad, 0);
}

/* The fewest numbers that state a sample are its dimensions; each is printed once. */
static int check_printed(struct trial *t)
{
	for (int k = 0; k < t->sample.scene.dimension_count; k++) {
		int printed = 0;

		for (int i = 0; i < t->sample.drawing.text_count; i++)
			printed += t->sample.drawing.texts[i].dimension == k;
		if (printed < 1 && !t->sample.scene.dimensions[k].reference)
			return err_set(&t->err, ERR_FORMAT, "dimension %d is not printed", k);
	}
	return 0;
}

static void test_every_dimension_is_printed(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples / 4, check_printed), 0);
}

static void test_refusals_are_rare(void **state)
{
	enum { STYLES = sizeof(styles) / sizeof(*styles), EACH = RARE_SCENES / STYLES };
	int redrawn = 0;

	(void)state;
	static_assert(EACH * STYLES == RARE_SCENES, "as many of each style");
	for (size_t s = 0; s < STYLES; s++) {
		struct sample_settings settings =
			test_sample_settings(seed, FAMILY_PLATE, styles[s], SIZE_PX);
		int count = test_count_redrawn(&settings, EACH);

		printf("# %s: %d of %d scenes redrawn\n", styles[s], count, EACH);
		redrawn += count;
	}
	assert_true(redrawn <= RARE_MOST);
}

/* A number of the label, or the scale; not a note or the title block. */
static int pick_text(struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;
	int i;

	do
		i = (int)rng_below(&t->rng, (uint32_t)d->text_count);
	while (d->texts[i].layer != LAYER_DIMENSION);
	return i;
}

static int expect_refusal(struct trial *t, const struct drawing *forged, const char *forgery)
{
	struct program program;

	if (read_drawing(t, forged, &program) == 0)
		return err_set(&t->err, ERR_FORMAT, "not found: %s", forgery);
	return 0;
}

static int check_removal(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int i = pick_text(t);
	const char *removed = d.texts[i].utf8;

	d.texts[i] = d.texts[--d.text_count];
	return expect_refusal(t, &d, removed);
}

static void test_removed_text_is_missed(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_removal), 0);
}

/* What a view from above cannot contradict: depths, pitches of threads. */
static bool is_only_said(const struct trial *t, const struct text *text)
{
	enum dim_kind kind = text->dimension == DRAWING_NOBODY
				     ? DIM_LEVEL
				     : t->sample.scene.dimensions[text->dimension].kind;

	return kind == DIM_THICKNESS || kind == DIM_THREAD || kind == DIM_COUNTERBORE;
}

/* Deviations are the style's, not the label's: only what they stand behind is read. */
static bool is_same_but_deviations(const char *a, const char *b)
{
	struct callout p, q;

	if (strchr(b, '+') || strchr(b, '-') || strstr(b, "\u00b1"))
		return true;
	return callout_parse(&p, a, NULL, NULL) == 0 && callout_parse(&q, b, NULL, NULL) == 0 &&
	       p.kind == q.kind && p.count == q.count && p.value == q.value &&
	       p.tolerance.kind == TOLERANCE_FIT && q.tolerance.kind == TOLERANCE_FIT;
}

/* Of a number that is only said another label follows, never the same. */
static int check_changed_digit(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int picked = pick_text(t);
	struct text *text = &d.texts[picked];
	char *utf8 = arena_strndup(&t->arena, text->utf8, strlen(text->utf8));
	struct program program;
	size_t i;

	if (!strpbrk(utf8, "0123456789"))
		return 0;
	do
		i = rng_below(&t->rng, (uint32_t)strlen(utf8));
	while (utf8[i] < '0' || utf8[i] > '9');
	utf8[i] = (char)('0' + (utf8[i] - '0' + (int)rng_range(&t->rng, 1, 9)) % 10);
	text->utf8 = utf8;
	if (read_drawing(t, &d, &program) < 0)
		return 0;
	if (is_only_said(t, &t->sample.drawing.texts[picked]) &&
	    !program_equal(&program, &t->sample.program))
		return 0;
	if (is_same_but_deviations(t->sample.drawing.texts[picked].utf8, utf8) || strlen(utf8) == 1)
		return 0;
	return err_set(&t->err, ERR_FORMAT, "not found: '%s' for '%s'", utf8,
		       t->sample.drawing.texts[picked].utf8);
}

static void test_changed_digit_is_found(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_changed_digit), 0);
}

/* Lines count as much as lettering: a drawing that lost one is refused, or still reads the same. */
static int check_lost_arrow(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	int i = (int)rng_below(&t->rng, (uint32_t)d.arrow_count);
	struct program program;

	d.arrows[i] = d.arrows[--d.arrow_count];
	if (read_drawing(t, &d, &program) < 0)
		return 0;
	return expect_label(t, &d);
}

/* A hole, slot or window, moved a little, its dimensions left behind. */
static int check_moved_feature(struct trial *t)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	struct vec by = vec_polar(0.01, 0.3 + rng_unit(&t->rng));
	int i = (int)rng_below(&t->rng, (uint32_t)d.stroke_count);

	while (d.strokes[i].layer != LAYER_OUTLINE)
		i = (i + 1) % d.stroke_count;
	d.strokes[i].path = path_place(&d.strokes[i].path, by, 1, &t->arena);
	return expect_refusal(t, &d, "an edge moved by 0.01 mm");
}

static void test_lost_and_moved_lines_mislead_nobody(void **state)
{
	(void)state;
	assert_int_equal(count_bad(samples, check_lost_arrow), 0);
	assert_int_equal(count_bad(samples, check_moved_feature), 0);
}

/* --- ordinates and tables --- */

static bool pieces_cross(const struct seg *p, const struct seg *q)
{
	struct vec u = vec_sub(p->b, p->a), v = vec_sub(q->b, q->a);

	return vec_cross(u, vec_sub(q->a, p->a)) * vec_cross(u, vec_sub(q->b, p->a)) <= 0 &&
	       vec_cross(v, vec_sub(p->a, q->a)) * vec_cross(v, vec_sub(p->b, q->a)) <= 0;
}

static bool strokes_cross(const struct stroke *p, const struct stroke *q)
{
	for (int i = 0; i < p->path.count; i++)
		for (int k = 0; k < q->path.count; k++)
			if (pieces_cross(&p->path.segs[i], &q->path.segs[k]))
				return true;
	return false;
}

static const struct stroke *ordinate_line(const struct trial *t, int dimension, enum dim_kind kind)
{
	const struct drawing *d = &t->sample.drawing;

	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].layer == LAYER_EXTENSION &&
		    d->strokes[i].dimension == dimension &&
		    t->sample.scene.dimensions[dimension].kind == kind)
			return &d->strokes[i];
	return NULL;
}

/* Lines of one axis end on one line across and nowhere cross. */
static int check_ordinates_of(struct trial *t, enum dim_kind kind)
{
	int count = t->sample.scene.dimension_count;

	for (int i = 0; i < count; i++) {
		const struct stroke *p = ordinate_line(t, i, kind);

		for (int k = 0; p && k < i; k++) {
			const struct stroke *q = ordinate_line(t, k, kind);
			struct vec apart;

			if (!q)
				continue;
			apart = vec_sub(p->path.segs[p->path.count - 1].b,
					q->path.segs[q->path.count - 1].b);
			if (fabs(kind == DIM_POSITION_X ? apart.y : apart.x) > 1e-9)
				return err_set(&t->err, ERR_FORMAT,
					       "ordinates %d and %d end on two lines", k, i);
			if (strokes_cross(p, q))
				return err_set(&t->err, ERR_FORMAT, "ordinates %d and %d cross", k,
					       i);
		}
	}
	return 0;
}

static int ordinate_samples, jog_count, table_samples;

#define JOG_MIN_MM 0.1

/* Extension lines have a jog that is seen, or none. */
static int check_jogs(struct trial *t)
{
	const struct drawing *d = &t->sample.drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;
		struct vec jog;

		if (d->strokes[i].layer != LAYER_EXTENSION || path->count < 2)
			continue;
		jog = vec_sub(path->segs[1].b, path->segs[1].a);
		jog_count++;
		if (fabs(jog.x) < JOG_MIN_MM || fabs(jog.y) < JOG_MIN_MM)
			return err_set(&t->err, ERR_FORMAT, "a jog of (%g,%g)", jog.x, jog.y);
	}
	return 0;
}

static int check_ordinates(struct trial *t)
{
	if (t->sample.scene.arrangement != ARRANGE_ORDINATE)
		return 0;
	ordinate_samples++;
	if (check_jogs(t) < 0 || check_ordinates_of(t, DIM_POSITION_X) < 0)
		return -1;
	return check_ordinates_of(t, DIM_POSITION_Y);
}

static void test_ordinates_stand_in_line(void **state)
{
	(void)state;
	assert_int_equal(count_bad(4 * samples, check_ordinates), 0);
	printf("# %d with ordinates, %d jogs\n", ordinate_samples, jog_count);
	assert_true(samples < SAMPLES || (ordinate_samples > 0 && jog_count > 0));
}

/* The texts are names of holes, or their x in a table. */
static bool may_be_swapped(const struct trial *t, const struct text *text, bool names)
{
	const struct scene *scene = &t->sample.scene;

	if (text->layer != LAYER_DIMENSION)
		return false;
	if (names)
		return text->shape != DRAWING_NOBODY && text->dimension == DRAWING_NOBODY;
	return text->dimension != DRAWING_NOBODY &&
	       scene->dimensions[text->dimension].kind == DIM_POSITION_X &&
	       plate_is_tabled(scene, &scene->dimensions[text->dimension]);
}

/* Whether two numbers of the table are the same, though one may have more decimals. */
static bool same_number(const struct scene *scene, const struct text *a, const struct text *b)
{
	return a->dimension != DRAWING_NOBODY && b->dimension != DRAWING_NOBODY &&
	       dimension_value(scene, &scene->dimensions[a->dimension]) ==
		       dimension_value(scene, &scene->dimensions[b->dimension]);
}

/* The last two that differ, exchanged: names beside holes come after those in the table. */
static int check_swap(struct trial *t, bool names)
{
	struct drawing d = copy_drawing(&t->sample.drawing, &t->arena);
	const struct text *texts = t->sample.drawing.texts;
	int last = -1;

	for (int i = d.text_count - 1; i >= 0; i--) {
		if (!may_be_swapped(t, &texts[i], names))
			continue;
		if (last < 0)
			last = i;
		if (strcmp(texts[last].utf8, texts[i].utf8) == 0 ||
		    same_number(&t->sample.scene, &texts[last], &texts[i]))
			continue;
		d.texts[last].utf8 = texts[i].utf8;
		d.texts[i].utf8 = texts[last].utf8;
		return expect_refusal(t, &d, texts[i].utf8);
	}
	return 0;
}

static int check_table(struct trial *t)
{
	if (t->sample.scene.arrangement != ARRANGE_TABLE)
		return 0;
	table_samples++;
	return check_swap(t, true) < 0 ? -1 : check_swap(t, false);
}

static void test_swapped_names_and_numbers_are_found(void **state)
{
	(void)state;
	assert_int_equal(count_bad(4 * samples, check_table), 0);
	printf("# %d with a table\n", table_samples);
	assert_true(samples < SAMPLES || table_samples > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes_are_valid),
		cmocka_unit_test(test_spaces_say_it_once),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_reader_finds_the_label),
		cmocka_unit_test(test_reader_sees_the_picture_alone),
		cmocka_unit_test(test_redrawn_label_has_the_same_edges),
		cmocka_unit_test(test_lettering_stands_clear),
		cmocka_unit_test(test_centre_lines_left_out),
		cmocka_unit_test(test_every_dimension_is_printed),
		cmocka_unit_test(test_refusals_are_rare),
		cmocka_unit_test(test_removed_text_is_missed),
		cmocka_unit_test(test_changed_digit_is_found),
		cmocka_unit_test(test_lost_and_moved_lines_mislead_nobody),
		cmocka_unit_test(test_ordinates_stand_in_line),
		cmocka_unit_test(test_swapped_names_and_numbers_are_found),
	};
	const char *wanted = getenv("CADGEN_TEST_SAMPLES");

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	samples = wanted && atoi(wanted) > 0 ? atoi(wanted) : extent(SAMPLES, SAMPLES / 3);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
