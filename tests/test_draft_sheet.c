/* SPDX-License-Identifier: MIT */
/*
 * draft_sheet: on random sheets with every frame and title block nothing leaves the sheet, no
 * lettering touches anything, the scale is there once, and the boxes taken cover what is drawn; the
 * blocks have the sizes of their standards or give way to smaller ones.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "render/draft/draft_sheet.h"
#include "render/draft/drawing_overlap.h"

#define SHEETS 600
#define TAIL 0.3
#define HAIR 0.01

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

struct sheet {
	struct drawing drawing;
	struct style style;
	struct sheet_facts facts;
	struct sheet_taken taken;
};

static struct style plain_style(int frame, int title_block)
{
	return (struct style){.thick_mm = 0.5,
			      .thin_mm = 0.25,
			      .text_mm = 3.5,
			      .frame = frame,
			      .title_block = title_block};
}

static void draw(struct sheet *s, double width, double height, uint64_t seed)
{
	struct rng rng = rng_stream(seed, 0, "sheet", 0);

	s->drawing = (struct drawing){.width_mm = width, .height_mm = height};
	if (s->facts.scale_paper == 0)
		s->facts = (struct sheet_facts){.scale_paper = 1, .scale_real = 2};
	draft_sheet(&s->drawing, &s->facts, &s->style, font_builtin(), &rng, &arena, &s->taken);
}

/* Sheet i of the random ones: all frames with all title blocks, on sheets as they are sold and on
 * squares. */
static struct sheet random_sheet(uint64_t i)
{
	static const double sizes[][2] = {{297, 210}, {210, 297},     {420, 297},    {210, 148},
					  {148, 210}, {279.4, 215.9}, {215.9, 279.4}};
	struct rng rng = rng_stream(7, i, "test", 0);
	int frame = (int)(i % 6), title_block = (int)(i / 6 % 5);
	struct sheet s = {.style = plain_style(frame, title_block)};
	uint32_t size = rng_below(&rng, 10);
	double side = (double)rng_range(&rng, 100, 300);

	s.style.thick_mm = (double)rng_range(&rng, 25, 100) / 100;
	s.style.thin_mm = (double)rng_range(&rng, 10, 50) / 100;
	s.style.text_mm = (double)rng_range(&rng, 25, 50) / 10;
	s.style.note_share = 0.8;
	s.style.unit = (int)rng_below(&rng, 2);
	s.style.decimal_mark = (int)rng_below(&rng, 2);
	s.style.projection = (int)rng_below(&rng, 2);
	s.facts.scale_paper = 1;
	s.facts.scale_real = 2;
	s.facts.part.family = rng_chance(&rng, 0.2) ? FAMILY_CABINET : FAMILY_TURNED;
	s.facts.part.material = material_pick(s.facts.part.family, sheet_custom(&s.style), &rng);
	s.facts.part.mass_kg = s.facts.part.family == FAMILY_CABINET ? 0 : 0.7;
	if (size < 7)
		draw(&s, sizes[size][0], sizes[size][1], i);
	else
		draw(&s, side, side, i);
	return s;
}

static bool is_inside(struct vec p, const struct box *box, double margin)
{
	return p.x >= box->x0 - margin && p.x <= box->x1 + margin && p.y >= box->y0 - margin &&
	       p.y <= box->y1 + margin;
}

static int count_containing(const struct drawing *d, const char *part)
{
	int count = 0;

	for (int i = 0; i < d->text_count; i++)
		count += strstr(d->texts[i].utf8, part) != NULL;
	return count;
}

static int count_field(const struct drawing *d, const char *field)
{
	int count = 0;

	for (int i = 0; i < d->text_count; i++)
		count += d->texts[i].field && strcmp(d->texts[i].field, field) == 0;
	return count;
}

static void assert_on_sheet(const struct drawing *d)
{
	struct box sheet = {0, 0, d->width_mm, d->height_mm};

	for (int i = 0; i < d->stroke_count; i++) {
		struct polyline line = polyline_from_path(&d->strokes[i].path, 0.1, &arena);

		assert_true(d->strokes[i].width_mm > 0);
		for (int k = 0; k < line.count; k++)
			assert_true(is_inside(line.points[k], &sheet, HAIR));
	}
}

static void assert_clear(struct drawing *d)
{
	struct err err = {0};

	if (drawing_check_overlap(d, &arena, &err) < 0)
		fail_msg("%s", err.msg);
}

/* The same drawing with the texts of its title block as low as their tails hang. */
static struct drawing with_tails(const struct drawing *d)
{
	struct drawing copy = *d;

	copy.texts = ARENA_NEW(&arena, struct text, d->text_count);
	for (int i = 0; i < d->text_count; i++) {
		struct text *text = &copy.texts[i];

		*text = d->texts[i];
		if (text->field && strcmp(text->field, "zone") == 0)
			continue;
		text->at = vec_add(text->at,
				   vec_polar(TAIL * text->height_mm, text->angle_rad - M_PI / 2));
		text->height_mm *= 1 + TAIL;
	}
	return copy;
}

static void test_nothing_touches(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < SHEETS; i++) {
		struct sheet s = random_sheet(i);
		struct drawing tails = with_tails(&s.drawing);

		assert_on_sheet(&s.drawing);
		assert_clear(&s.drawing);
		assert_clear(&tails);
		arena_reset(&arena);
	}
}

static void test_scale_and_inch_are_there_once(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < SHEETS; i++) {
		struct sheet s = random_sheet(i);
		bool inch = s.style.unit == STYLE_UNIT_INCH;

		assert_int_equal(count_containing(&s.drawing, "1:2"), 1);
		assert_int_equal(count_field(&s.drawing, "scale"), 1);
		assert_int_equal(count_containing(&s.drawing, "INCH"), inch);
		if (inch)
			assert_int_equal(count_field(&s.drawing, "unit"), 1);
		arena_reset(&arena);
	}
}

static bool is_covered(const struct sheet_taken *taken, struct vec p)
{
	if (!is_inside(p, &taken->field, -HAIR))
		return true;
	for (int i = 0; i < taken->count; i++)
		if (is_inside(p, &taken->boxes[i], HAIR))
			return true;
	return false;
}

/* Points no farther apart than 1 mm. */
static void assert_line_covered(const struct sheet_taken *taken, struct vec a, struct vec b)
{
	int steps = (int)ceil(vec_length(vec_sub(b, a))) + 1;

	for (int i = 0; i <= steps; i++)
		assert_true(
			is_covered(taken, vec_add(a, vec_scale(vec_sub(b, a), (double)i / steps))));
}

static void test_taken_covers_all(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < SHEETS; i++) {
		struct sheet s = random_sheet(i);
		const struct drawing *d = &s.drawing;

		assert_in_range(s.taken.count, 0, SHEET_TAKEN_MAX);
		assert_true(s.taken.field.x0 < s.taken.field.x1 &&
			    s.taken.field.y0 < s.taken.field.y1);
		for (int k = 0; k < d->stroke_count; k++) {
			struct polyline line = polyline_from_path(&d->strokes[k].path, 0.1, &arena);

			for (int j = 0; j + 1 < line.count + line.closed; j++)
				assert_line_covered(&s.taken, line.points[j],
						    line.points[(j + 1) % line.count]);
		}
		for (int k = 0; k < d->text_count; k++) {
			struct vec corners[4];

			text_corners(&d->texts[k], corners);
			for (int j = 0; j < 4; j++)
				assert_line_covered(&s.taken, corners[j], corners[(j + 1) % 4]);
		}
		arena_reset(&arena);
	}
}

static void test_texts_name_their_field_and_are_legible(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < SHEETS; i++) {
		struct sheet s = random_sheet(i);

		for (int k = 0; k < s.drawing.text_count; k++) {
			const struct text *text = &s.drawing.texts[k];

			assert_true(text->layer == LAYER_FRAME || text->layer == LAYER_NOTE);
			if (text->layer == LAYER_FRAME)
				assert_non_null(text->field);
			assert_true(text->height_mm >= 0.6 * s.style.text_mm - 1e-9);
			assert_int_equal(text->shape, DRAWING_NOBODY);
			assert_int_equal(text->dimension, DRAWING_NOBODY);
		}
		for (int k = 0; k < s.drawing.stroke_count; k++)
			assert_int_equal(s.drawing.strokes[k].layer, LAYER_FRAME);
		arena_reset(&arena);
	}
}

static void test_every_field_is_used(void **state)
{
	static const char *const fields[] = {
		"title",  "owner",    "drawn_by", "checked_by",   "approved_by", "date",
		"number", "sheet",    "sheets",   "size",         "revision",    "scale",
		"unit",   "material", "mass",     "surface",      "finish",      "tolerance",
		"letter", "class",    "caption",  "document_type"};
	enum { COUNT = sizeof(fields) / sizeof(*fields) };
	int seen[COUNT] = {0};

	(void)state;
	for (uint64_t i = 0; i < SHEETS; i++) {
		struct sheet s = random_sheet(i);

		for (int k = 0; k < COUNT; k++)
			seen[k] += count_field(&s.drawing, fields[k]);
		arena_reset(&arena);
	}
	for (int k = 0; k < COUNT; k++)
		if (seen[k] < 10)
			fail_msg("the field '%s' is written only %d times", fields[k], seen[k]);
}

static void test_same_rng_same_drawing(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 60; i++) {
		struct sheet a = random_sheet(i), b = random_sheet(i);
		struct buf text_a = {0}, text_b = {0};

		drawing_write(&a.drawing, &text_a);
		drawing_write(&b.drawing, &text_b);
		assert_string_equal(text_a.data, text_b.data);
		assert_int_equal(a.taken.count, b.taken.count);
		buf_free(&text_a);
		buf_free(&text_b);
		arena_reset(&arena);
	}
}

/* A title block's width on a sheet without notes: that of the first box taken. */
static double block_width(const struct sheet *s)
{
	return s->taken.count ? s->taken.boxes[0].x1 - s->taken.boxes[0].x0 : 0;
}

static void test_small_sheets_get_small_blocks(void **state)
{
	static const struct {
		int frame, title_block;
		double width, height, block;
	} rows[] = {
		{STYLE_FRAME_PLAIN, STYLE_TITLE_ISO, 297, 210, 180},
		{STYLE_FRAME_PLAIN, STYLE_TITLE_ISO, 148, 210, 100},
		{STYLE_FRAME_PLAIN, STYLE_TITLE_ASME, 279.4, 215.9, 175},
		{STYLE_FRAME_GOST, STYLE_TITLE_GOST, 210, 297, 181}, /* all of the field */
		{STYLE_FRAME_PLAIN, STYLE_TITLE_GOST, 297, 210, 185},
		{STYLE_FRAME_PLAIN, STYLE_TITLE_GOST, 150, 150, 120},
		{STYLE_FRAME_ISO, STYLE_TITLE_ISO, 120, 120, 86}, /* a strip, all of the field */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sheet s = {.style = plain_style(rows[i].frame, rows[i].title_block)};
		double width;

		draw(&s, rows[i].width, rows[i].height, i);
		width = block_width(&s);
		if (fabs(width - rows[i].block) > HAIR)
			fail_msg("row %zu: the block is %g mm wide, not %g", i, width,
				 rows[i].block);
	}
}

static void test_without_a_block_the_scale_stands_alone(void **state)
{
	struct sheet s = {.style = plain_style(STYLE_FRAME_PLAIN, STYLE_TITLE_ISO)};

	(void)state;
	draw(&s, 80, 80, 1);
	assert_int_equal(s.drawing.text_count, 1);
	assert_string_equal(s.drawing.texts[0].field, "scale");
	assert_int_equal(s.drawing.texts[0].layer, LAYER_NOTE);
	assert_true(s.drawing.texts[0].at.x < 20 && s.drawing.texts[0].at.y < 20);
}

/* Lettering so high that nothing fits still gets its scale; sheets of a stamp's size do not crash. */
static void test_extremes_are_drawn(void **state)
{
	(void)state;
	for (int i = 0; i < 30; i++) {
		struct sheet s = {.style = plain_style(i % 6, i / 6)};

		s.style.text_mm = 20;
		s.style.note_share = 1;
		draw(&s, 297, 210, (uint64_t)i);
		assert_int_equal(count_containing(&s.drawing, "1:2"), 1);
		s.style.text_mm = 2;
		draw(&s, 20, 20, (uint64_t)i);
		assert_int_equal(count_containing(&s.drawing, "1:2"), 1);
	}
}

static bool has_line(const struct drawing *d, double x0, double y0, double x1, double y1)
{
	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *p = &d->strokes[i].path;

		if (p->count == 1 && p->segs[0].kind == SEG_LINE &&
		    fabs(p->segs[0].a.x - x0) < HAIR && fabs(p->segs[0].a.y - y0) < HAIR &&
		    fabs(p->segs[0].b.x - x1) < HAIR && fabs(p->segs[0].b.y - y1) < HAIR)
			return true;
	}
	return false;
}

/* On A4 the block fills the frame: it begins at x 20, y 5. */
static void test_gost_form_1_has_its_measures(void **state)
{
	static const double rules[][4] = {
		{7, 30, 7, 55},     {17, 0, 17, 55},    {40, 0, 40, 55},    {55, 0, 55, 55},
		{65, 0, 65, 55},    {0, 5, 65, 5},      {0, 50, 65, 50},    {65, 40, 185, 40},
		{65, 15, 185, 15},  {135, 0, 135, 40},  {150, 20, 150, 40}, {167, 20, 167, 40},
		{135, 20, 185, 20}, {135, 35, 185, 35},
	};
	struct sheet s = {.style = plain_style(STYLE_FRAME_GOST, STYLE_TITLE_GOST)};

	(void)state;
	draw(&s, 210, 297, 3);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		assert_true(has_line(&s.drawing, 20 + rules[i][0], 5 + rules[i][1],
				     20 + rules[i][2], 5 + rules[i][3]));
	assert_int_equal(count_containing(&s.drawing, "Масштаб"), 1);
	assert_true(has_line(&s.drawing, 20, 278, 90, 278)); /* the number upside down: 70 x 14 */
}

static void test_iso_zones_are_50_mm_from_the_centre(void **state)
{
	struct sheet s = {.style = plain_style(STYLE_FRAME_ISO, STYLE_TITLE_NONE)};
	uint64_t seed = 1;

	(void)state;
	do
		draw(&s, 420, 297, seed++);
	while (count_field(&s.drawing, "zone") == 0);
	assert_int_equal(count_field(&s.drawing, "zone"), 2 * (8 + 6)); /* A3: 8 across, 6 down */
	for (int i = -3; i <= 3; i++)
		assert_true(has_line(&s.drawing, 210 + 50 * i, 5, 210 + 50 * i, 10));
	assert_int_equal(count_containing(&s.drawing, "I"), 0);
}

/* Whether the cone lies left of the circles; -1 where a firm's sign has circles too. */
static int cone_is_left(const struct drawing *d)
{
	double circles = 0, cone = 0;
	int circle_count = 0, slant_count = 0;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *p = &d->strokes[i].path;
		const struct seg *seg = &p->segs[0];

		if (p->count != 1)
			continue;
		if (seg->kind == SEG_ARC) {
			circles += seg->centre.x;
			circle_count++;
		} else if (fabs(seg->a.x - seg->b.x) > HAIR && fabs(seg->a.y - seg->b.y) > HAIR) {
			cone += (seg->a.x + seg->b.x) / 2;
			slant_count++;
		}
	}
	return circle_count == 2 && slant_count == 2 ? cone < circles : -1;
}

static void test_cone_shows_the_projection(void **state)
{
	int seen = 0;

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		struct sheet s = {.style = plain_style(STYLE_FRAME_PLAIN,
						       i & 1 ? STYLE_TITLE_ISO : STYLE_TITLE_ASME)};
		int left;

		s.style.projection = (int)(i / 2 % 2);
		draw(&s, 297, 210, i);
		left = cone_is_left(&s.drawing);
		if (left >= 0) {
			assert_int_equal(left, s.style.projection == STYLE_PROJECTION_FIRST);
			seen++;
		}
	}
	assert_true(seen > 5);
}

/* What is written for a field, the first time; "": nothing. */
static const char *written_for(const struct drawing *d, const char *field)
{
	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].field && strcmp(d->texts[i].field, field) == 0)
			return d->texts[i].utf8;
	return "";
}

static const struct material brass = {
	MATERIAL_COPPER,
	1u << FAMILY_TURNED,
	8.5,
	{{"CuZn39Pb3", "CuZn"}, {"BRASS 360", "BRASS"}, {"ЛС59-1", "ЛС"}, {"Brass", "Brass"}}};

/* Title blocks of 200 sheets about a part of brass; calls back with each. */
static void fill_in(struct style style, double mass_kg, const struct material *material,
		    void (*check)(const struct drawing *d, int *count), int *count)
{
	for (uint64_t i = 0; i < 200; i++) {
		struct sheet s = {.style = style, .facts = {.scale_paper = 5, .scale_real = 2}};

		s.facts.part = (struct part_facts){FAMILY_TURNED, 0, material, mass_kg};
		draw(&s, 420, 297, i);
		check(&s.drawing, count);
		arena_reset(&arena);
	}
}

static void check_title(const struct drawing *d, int *count)
{
	const char *title = written_for(d, "title");

	*count += strcasecmp(title, "PLUG") == 0; /* what has neither bore nor length */
	assert_true(*title == 0 || strcasecmp(title, "PLUG") == 0);
	assert_true(count_containing(d, "2,5:1") == 1);
}

static void check_material(const struct drawing *d, int *count)
{
	const char *material = written_for(d, "material"), *finish = written_for(d, "finish");

	*count += *material != 0;
	assert_true(*material == 0 || strcmp(material, "CuZn39Pb3") == 0 ||
		    strcmp(material, "CuZn") == 0);
	assert_true(*finish == 0 || strcmp(finish, "NICKEL PLATED") == 0 ||
		    strcmp(finish, "AS MACHINED") == 0 || strcmp(finish, "NONE") == 0);
}

static const char *mass;

static void check_mass(const struct drawing *d, int *count)
{
	const char *text = written_for(d, "mass");

	*count += *text != 0;
	if (*text && strcmp(text, mass) != 0 && strncmp(text, mass, strcspn(mass, " ")) != 0)
		fail_msg("%s, not %s", text, mass);
}

static void assert_mass(struct style style, double kg, const char *expected)
{
	int count = 0;

	mass = expected;
	fill_in(style, kg, &brass, check_mass, &count);
	assert_true(count > 20);
}

static void test_title_and_material_are_the_parts(void **state)
{
	struct style style = plain_style(STYLE_FRAME_ISO, STYLE_TITLE_ISO);
	int titles = 0, materials = 0;

	(void)state;
	fill_in(style, 1, &brass, check_title, &titles);
	fill_in(style, 1, &brass, check_material, &materials);
	assert_true(titles > 100 && materials > 100);
}

/* In three figures, with the style's decimal mark; grams, kilograms or pounds. */
static void test_mass_is_the_parts(void **state)
{
	struct style style = plain_style(STYLE_FRAME_ISO, STYLE_TITLE_ISO);
	int count = 0;

	(void)state;
	assert_mass(style, 0.42349, "0,423 kg");
	assert_mass(style, 7.1264, "7,13 kg");
	assert_mass(style, 31.26, "31,3 kg");
	assert_mass(style, 1234.4, "1234 kg");
	assert_mass(style, 0.03349, "33,5 g");
	style.decimal_mark = STYLE_MARK_POINT;
	assert_mass(style, 7.1264, "7.13 kg");
	style.unit = STYLE_UNIT_INCH;
	assert_mass(style, 0.45359237, "1 LB");
	assert_mass(plain_style(STYLE_FRAME_GOST, STYLE_TITLE_GOST), 0.0335, "0,034");
	mass = "";
	fill_in(style, 0, NULL, check_mass, &count);
	assert_int_equal(count, 0); /* what is not known is not written */
}

/* One size smaller, two, and none; a block of one size is there or not. */
static void test_smaller_blocks(void **state)
{
	static const double isos[] = {180, 100, 287 - 20};

	(void)state;
	for (int smaller = 0; smaller < 4; smaller++) {
		struct sheet s = {
			.style = plain_style(STYLE_FRAME_PLAIN, STYLE_TITLE_ISO),
			.facts = {.scale_paper = 1, .scale_real = 2, .smaller_title = smaller}};

		draw(&s, 287, 210, 3);
		if (smaller == 3)
			assert_int_equal(count_field(&s.drawing, "caption"), 0);
		else if (smaller < 2)
			assert_true(fabs(s.taken.boxes[0].x1 - s.taken.boxes[0].x0 -
					 (isos[smaller])) < 1);
		else
			assert_true(s.taken.boxes[0].y1 - s.taken.boxes[0].y0 < 14);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nothing_touches, setup),
		cmocka_unit_test_setup(test_scale_and_inch_are_there_once, setup),
		cmocka_unit_test_setup(test_taken_covers_all, setup),
		cmocka_unit_test_setup(test_texts_name_their_field_and_are_legible, setup),
		cmocka_unit_test_setup(test_every_field_is_used, setup),
		cmocka_unit_test_setup(test_same_rng_same_drawing, setup),
		cmocka_unit_test_setup(test_small_sheets_get_small_blocks, setup),
		cmocka_unit_test_setup(test_without_a_block_the_scale_stands_alone, setup),
		cmocka_unit_test_setup(test_extremes_are_drawn, setup),
		cmocka_unit_test_setup(test_gost_form_1_has_its_measures, setup),
		cmocka_unit_test_setup(test_iso_zones_are_50_mm_from_the_centre, setup),
		cmocka_unit_test_setup(test_cone_shows_the_projection, setup),
		cmocka_unit_test_setup(test_title_and_material_are_the_parts, setup),
		cmocka_unit_test_setup(test_mass_is_the_parts, setup),
		cmocka_unit_test_setup(test_smaller_blocks, setup),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
