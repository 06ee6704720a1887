/* SPDX-License-Identifier: MIT */
/*
 * draft_part and draft_tables: what sheets of random samples say of their parts is so: names by the
 * scene's shapes, materials by family, masses by volume and density, hatching by material; tables stand
 * clear of everything.
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

#include "formats/solid/volume.h"
#include "render/draft/draft_part.h"
#include "render/draft/drawing_overlap.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define SAMPLES 120
#define SIZE_PX 1024
#define LARGE_PX 1754 /* of sheets with room for tables */

static uint64_t seed;
static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static bool has(const struct scene *scene, enum shape_kind kind)
{
	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == kind)
			return true;
	return false;
}

/* The bores' length together is the part's, where they go through. */
static bool is_bored(const struct scene *scene)
{
	int64_t bored = 0, length = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		bored += s->kind == SHAPE_BORE ? s->value[PARAM_LENGTH] : 0;
		length += s->kind == SHAPE_CYLINDER || s->kind == SHAPE_CONE
				  ? s->value[PARAM_LENGTH]
				  : 0;
	}
	return bored == length;
}

static bool is_name_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static bool lies_turned(const struct scene *scene, const char *name)
{
	static const char *const bored[] = {"BUSHING", "SLEEVE", "SPACER",  "RING", "HUB",
					    "FLANGE",  "NIPPLE", "ADAPTER", NULL};
	static const char *const solid[] = {"PIN", "STUD", "AXLE", "PLUG", "STUB SHAFT", NULL};

	if (is_name_of(name, bored))
		return !is_bored(scene);
	if (is_name_of(name, (const char *const[]){"END CAP", "BEARING CAP", "CUP", NULL}))
		return is_bored(scene) || !has(scene, SHAPE_BORE);
	if (is_name_of(name, solid) || strstr(name, "SHAFT"))
		return is_bored(scene);
	return strcmp(name, "DRIVE SHAFT") == 0 && !has(scene, SHAPE_KEYWAY);
}

static bool lies_plate(const struct scene *scene, const char *name)
{
	bool disc = has(scene, SHAPE_DISC);

	if (is_name_of(name, (const char *const[]){"FLANGE", "DISC", "WASHER", NULL}))
		return !disc;
	if (is_name_of(name, (const char *const[]){"ANGLE", "FORK", "WEDGE", "LINK", NULL}))
		return disc;
	return strcmp(name, "CLAMP") == 0 && !has(scene, SHAPE_SLOT);
}

static bool lies_cabinet(const struct scene *scene, const char *name)
{
	bool doors = has(scene, SHAPE_DOOR_LEFT) || has(scene, SHAPE_DOOR_RIGHT);

	if (is_name_of(name, (const char *const[]){"CABINET", "WARDROBE", NULL}))
		return !doors;
	if (is_name_of(name, (const char *const[]){"BOOKCASE", "SHELF UNIT", NULL}))
		return doors || has(scene, SHAPE_DRAWERS);
	return strcmp(name, "DRESSER") == 0 && !has(scene, SHAPE_DRAWERS);
}

static bool lies(const struct scene *scene, const char *name)
{
	if (scene->family == FAMILY_TURNED)
		return lies_turned(scene, name);
	return scene->family == FAMILY_PLATE ? lies_plate(scene, name) : lies_cabinet(scene, name);
}

static struct scene random_scene(enum family family, uint64_t i)
{
	struct sample_settings s = test_sample_settings(seed, family, "iso", SIZE_PX);
	struct style style = sample_style(&s, &s.style, i, 0);
	struct scene_params params = scene_params_for(&s, &style);
	struct rng rng = rng_stream(seed, i, "scene", 0);
	struct scene scene;

	scene_from_seed(&scene, &params, &rng, &arena);
	return scene;
}

static void test_names_and_masses(void **state)
{
	static const enum family families[] = {FAMILY_PLATE, FAMILY_TURNED, FAMILY_CABINET};

	(void)state;
	for (uint64_t i = 0; i < 3 * SAMPLES; i++) {
		struct scene scene = random_scene(families[i % 3], i);
		struct rng rng = rng_stream(seed, i, "part", 0);
		struct part_facts part =
			part_from_scene(&scene, (enum custom)(i / 3 % CUSTOMS), &rng, &arena);
		const char *name = part_name(&part, false, &rng);
		double mm3 = scene_volume(&scene, &arena);

		if (lies(&scene, name))
			fail_msg("seed %llu, sample %llu: this is no %s", (unsigned long long)seed,
				 (unsigned long long)i, name);
		assert_non_null(part.material);
		assert_non_null(part.material->names[i / 3 % CUSTOMS][0]);
		assert_int_equal(part.material->kind == MATERIAL_WOOD,
				 scene.family == FAMILY_CABINET);
		if (scene.family == FAMILY_CABINET)
			assert_true(part.mass_kg == 0);
		else
			assert_true(fabs(part.mass_kg - mm3 * part.material->density / 1e6) <
				    1e-9 * part.mass_kg);
		arena_reset(&arena);
	}
}

/* All the languages of all the names; loose shapes may have any. */
static void test_loose_shapes_have_any_name(void **state)
{
	struct part_facts part = {.family = FAMILY_SHAPES};
	struct rng rng = rng_seed(seed, 1);
	bool shaft = false, plate = false, russian = false;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		const char *name = part_name(&part, i & 1, &rng);

		shaft |= strcmp(name, "SHAFT") == 0;
		plate |= strcmp(name, "PLATE") == 0;
		russian |= strcmp(name, "Вал") == 0;
	}
	assert_true(shaft && plate && russian);
	assert_null(
		part_from_scene(&(struct scene){.family = FAMILY_SHAPES}, CUSTOM_ISO, &rng, &arena)
			.material);
}

/* Inches weigh in cubes of inches. */
static void test_mass_in_inches(void **state)
{
	struct shape shapes[1] = {{.kind = SHAPE_CYLINDER}};
	struct scene scene = {
		.family = FAMILY_TURNED, .unit = UNIT_INCH, .shape_count = 1, .shapes = shapes};
	struct rng rng = rng_seed(seed, 2);
	struct part_facts part;
	double mm3 = 2 * M_PI / 4 * 25.4 * 25.4 * 25.4;

	(void)state;
	shapes[0].value[PARAM_LENGTH] = 2000;
	shapes[0].value[PARAM_D] = 1000;
	part = part_from_scene(&scene, CUSTOM_ASME, &rng, &arena);
	assert_true(fabs(part.mass_kg - mm3 * part.material->density / 1e6) < 1e-9);
}

static const struct text *text_of(const struct drawing *d, const char *field)
{
	for (int i = 0; i < d->text_count; i++)
		if (d->texts[i].field && strcmp(d->texts[i].field, field) == 0)
			return &d->texts[i];
	return NULL;
}

/* Whether hatching of one shape crosses. */
static bool is_crossed(const struct drawing *d, bool *hatched)
{
	double way = NAN;

	*hatched = false;
	for (int i = 0; i < d->stroke_count; i++) {
		const struct seg *s = d->strokes[i].path.segs;
		double slope;

		if (d->strokes[i].layer != LAYER_HATCH)
			continue;
		slope = (s->b.y - s->a.y) / (s->b.x - s->a.x);
		if (*hatched && slope * way < 0)
			return true;
		way = slope;
		*hatched = true;
	}
	return false;
}

static bool is_plastic(const char *material)
{
	return is_name_of(material,
			  (const char *const[]){"PA6", "POM-C", "POM", "PMMA", "PTFE", NULL});
}

static void test_hatching_is_the_material(void **state)
{
	struct sample_settings settings = test_sample_settings(seed, FAMILY_TURNED, "iso", SIZE_PX);
	int crossed = 0, single = 0;

	(void)state;
	settings.style.title_block =
		(struct style_choice){1u << STYLE_TITLE_ISO, 1u << STYLE_TITLE_ISO, 0, 0};
	for (uint64_t i = 0; i < 2 * SAMPLES; i++) {
		const struct text *material;
		struct sample sample;
		struct err err;
		bool hatched, is;

		if (sample_from_index(&sample, &settings, i, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		material = text_of(&sample.drawing, "material");
		is = is_crossed(&sample.drawing, &hatched);
		if (!material || !hatched)
			continue;
		assert_int_equal(is, is_plastic(material->utf8));
		crossed += is;
		single += !is;
	}
	assert_true(crossed > 0 && single > crossed);
}

/* No letter twice; tolerance frames name those that are there. */
static void test_datum_letters(void **state)
{
	struct sample_settings settings = test_sample_settings(seed, FAMILY_PLATE, "iso", SIZE_PX);
	int datums = 0, frames = 0;

	(void)state;
	settings.style.symbol_share = (struct style_value){.usual = {1000, 1000}};
	for (uint64_t i = 0; i < SAMPLES; i++) {
		char next = 'A';
		struct sample sample;
		struct err err;

		if (sample_from_index(&sample, &settings, i, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		for (int k = 0; k < sample.drawing.symbol_count; k++) {
			const struct drawn_symbol *s = &sample.drawing.symbols[k];
			char last = s->value[strlen(s->value) - 1];

			if (s->kind == SYMBOL_DATUM) {
				assert_int_equal(last, next++);
				datums++;
			} else if (s->kind == SYMBOL_TOLERANCE_FRAME && last >= 'A') {
				assert_true(last < next);
				frames++;
			}
		}
	}
	assert_true(datums > SAMPLES / 4 && frames > 5);
}

static int count_tables(enum family family, const char *style, int64_t share)
{
	struct sample_settings settings = test_sample_settings(seed, family, style, LARGE_PX);
	int tables = 0;

	settings.style.table_share = (struct style_value){{share, share}, {share, share}, 0, 0};
	for (uint64_t i = 0; i < SAMPLES / 2; i++) {
		struct sample sample;
		struct err err;

		if (sample_from_index(&sample, &settings, i, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		for (int k = 0; k < sample.drawing.text_count; k++)
			tables += strncmp(sample.drawing.texts[k].utf8,
					  "GENERAL TOLERANCES ISO 2768-", 28) == 0 &&
				  sample.drawing.texts[k].layer == LAYER_FRAME;
		if (drawing_check_overlap(&sample.drawing, &arena, &err) < 0)
			fail_msg("sample %d: %s", (int)i, err.msg);
	}
	return tables;
}

static void test_tables(void **state)
{
	(void)state;
	assert_true(count_tables(FAMILY_PLATE, "iso", 1000) > SAMPLES / 10);
	assert_int_equal(count_tables(FAMILY_PLATE, "iso", 0), 0);
	/* but for the few that break the rules of their standard */
	assert_true(count_tables(FAMILY_PLATE, "gost", 1000) < SAMPLES / 10);
	assert_int_equal(count_tables(FAMILY_TURNED, "asme-inch", 1000), 0);
	assert_int_equal(count_tables(FAMILY_CABINET, "iso", 1000), 0);
}

/* On nearly all sheets that ask for a title block there is one. */
static void test_title_blocks_have_room(void **state)
{
	static const enum family families[] = {FAMILY_PLATE, FAMILY_TURNED, FAMILY_CABINET};

	(void)state;
	for (int k = 0; k < 3; k++) {
		struct sample_settings settings =
			test_sample_settings(seed, families[k], "iso", SIZE_PX);
		int without = 0;

		settings.style.table_share = (struct style_value){.share = 0};
		settings.style.title_block =
			(struct style_choice){1u << STYLE_TITLE_ISO, 1u << STYLE_TITLE_ISO, 0, 0};
		for (uint64_t i = 0; i < SAMPLES; i++) {
			struct sample sample;
			struct err err;

			if (sample_from_index(&sample, &settings, i, &arena, &err) < 0)
				fail_msg("%s", err.msg);
			without += !text_of(&sample.drawing, "caption");
		}
		if (without > SAMPLES / 10)
			fail_msg("%s, seed %llu: %d of %d without their title block",
				 family_name(families[k]), (unsigned long long)seed, without,
				 SAMPLES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_masses),
		cmocka_unit_test(test_loose_shapes_have_any_name),
		cmocka_unit_test(test_mass_in_inches),
		cmocka_unit_test(test_hatching_is_the_material),
		cmocka_unit_test(test_datum_letters),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_title_blocks_have_room),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, forget);
}
