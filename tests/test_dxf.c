/* SPDX-License-Identifier: MIT */
/* dxf: the file's structure, and the entity that each kind of stroke becomes. What other programs
 * make of it: test_viewers.sh. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gen/sample_main.h"
#include "render/dxf/dxf.h"
#include "tests/dxf_groups.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

static uint64_t seed;

static const char *const styles[] = {"iso-clean", "iso", "asme-inch",  "asme-mm",
				     "gost",      "jis", "solidworks", "school"};

#define STYLES (sizeof(styles) / sizeof(*styles))

/* Of all families in turn. */
static struct sample make_sample(const char *style, uint64_t index, struct arena *arena)
{
	struct sample_settings settings =
		test_sample_settings(seed, (enum family)(index % FAMILY_COUNT_), style, 1024);
	struct sample sample;
	struct err err = {0};

	if (sample_from_index(&sample, &settings, index, arena, &err) < 0)
		fail_msg("%s: %s", style, err.msg);
	return sample;
}

static void make(const struct drawing *d, const struct scene *scene)
{
	struct style style = dxf_iso_style();

	dxf_groups_make(d, scene, &style);
}

static int compare_handles(const void *a, const void *b)
{
	unsigned long p = *(const unsigned long *)a, q = *(const unsigned long *)b;

	return p < q ? -1 : p > q;
}

/* Codes of groups that name another object. */
static bool is_reference(int code)
{
	return code == 330 || code == 350 || code == 1005 || (code >= 340 && code <= 342);
}

static void assert_references_lead_somewhere(const unsigned long *handles, int n)
{
	for (int i = 0; i < dxf_groups.count; i++) {
		unsigned long named = strtoul(dxf_groups.value[i], NULL, 16);

		if (is_reference(dxf_groups.code[i]) && named != 0)
			assert_non_null(bsearch(&named, handles, (size_t)n, sizeof(*handles),
						compare_handles));
	}
}

/* Sections in order, handles given once and below the seed, what is referred to is there. */
static void check_structure(const struct sample *sample)
{
	static const char *const names[] = {"HEADER", "TABLES", "BLOCKS", "ENTITIES", "OBJECTS"};
	static unsigned long handles[DXF_GROUPS_MAX];
	int section = 0, n = 0;
	unsigned long next = 0;

	dxf_groups_make(&sample->drawing, &sample->scene, &sample->style);
	for (int i = 0; i < dxf_groups.count; i++) {
		bool named = dxf_groups.code[i] == 5 || dxf_groups.code[i] == 105;

		if (i > 0 && dxf_is(i - 1, 0, "SECTION")) {
			assert_true(section < 5);
			assert_string_equal(dxf_groups.value[i], names[section++]);
		}
		if (i > 0 && dxf_is(i - 1, 9, "$HANDSEED"))
			next = strtoul(dxf_groups.value[i], NULL, 16);
		else if (named)
			handles[n++] = strtoul(dxf_groups.value[i], NULL, 16);
	}
	assert_int_equal(section, 5);
	assert_true(dxf_is(dxf_groups.count - 1, 0, "EOF"));
	qsort(handles, (size_t)n, sizeof(*handles), compare_handles);
	assert_true(handles[0] > 0 && handles[n - 1] < next);
	for (int i = 1; i < n; i++)
		assert_true(handles[i] != handles[i - 1]);
	assert_references_lead_somewhere(handles, n);
}

/* Each text of the drawing once: in a block or in model space as TEXT, or within an MTEXT. */
static void check_texts(const struct sample *sample)
{
	int texts = 0;

	for (int i = 0; i < dxf_groups.count; i++) {
		texts += dxf_is(i, 0, "TEXT");
		if (dxf_is(i, 0, "MTEXT"))
			texts += strstr(dxf_get(i, 1), "\\S") ? 3 : 1;
	}
	assert_int_equal(texts, sample->drawing.text_count);
}

static void test_structure(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < STYLES; i++) {
		for (uint64_t k = 0; k < 24; k++) {
			struct sample sample = make_sample(styles[i], k, &arena);

			check_structure(&sample);
			check_texts(&sample);
			dxf_groups_free();
		}
	}
	arena_free(&arena);
}

static struct stroke *add_stroke(struct drawing *d, struct arena *arena)
{
	struct stroke *s = drawing_add_stroke(d, arena);

	*s = (struct stroke){.width_mm = 0.5,
			     .layer = LAYER_OUTLINE,
			     .shape = DRAWING_NOBODY,
			     .dimension = DRAWING_NOBODY};
	return s;
}

/* A sheet at 1:2 with the datum at (20,10): one stroke of each kind. */
static void test_strokes_become_what_they_are(void **state)
{
	struct arena arena = {0};
	struct scene scene = {.scale_paper = 1, .scale_real = 2};
	struct drawing d = {.width_mm = 210, .height_mm = 210, .datum = vec(20, 10), .scale = 0.5};
	struct stroke *s;
	int e;

	(void)state;
	s = add_stroke(&d, &arena);
	path_add_line(&s->path, &arena, vec(20, 10), vec(30, 15));
	s = add_stroke(&d, &arena);
	path_add_arc(&s->path, &arena, vec(50, 50), 10, 10, 0, 0, 2 * M_PI);
	s = add_stroke(&d, &arena); /* clockwise from 90 to 0 degrees */
	path_add_arc(&s->path, &arena, vec(50, 50), 10, 10, 0, M_PI / 2, -M_PI / 2);
	s = add_stroke(&d, &arena);
	path_add_arc(&s->path, &arena, vec(60, 50), 5, 10, 0, 0, 2 * M_PI);
	s = add_stroke(&d, &arena); /* a slot's end, then a line: bulge 1 */
	path_add_arc(&s->path, &arena, vec(50, 50), 10, 10, 0, 0, M_PI);
	path_add_line(&s->path, &arena, vec(40, 50), vec(60, 50));
	s->path.closed = true;
	s = add_stroke(&d, &arena); /* half an ellipse among lines: piece by piece */
	path_add_line(&s->path, &arena, vec(40, 50), vec(60, 50));
	path_add_arc(&s->path, &arena, vec(50, 50), 10, 4, 0, 0, M_PI);
	make(&d, &scene);
	e = dxf_find("LINE", 0);
	dxf_assert_real(e, 10, 0);
	dxf_assert_real(e, 20, 0);
	dxf_assert_real(e, 11, 20);
	dxf_assert_real(e, 21, 10);
	assert_string_equal(dxf_get(e, 8), "outline");
	assert_string_equal(dxf_get(e, 6), "nothing");
	e = dxf_find("CIRCLE", 0);
	dxf_assert_real(e, 10, 60);
	dxf_assert_real(e, 20, 80);
	dxf_assert_real(e, 40, 20);
	e = dxf_find("ARC", 0);
	dxf_assert_real(e, 50, 0);
	dxf_assert_real(e, 51, 90);
	e = dxf_find("ELLIPSE", 0);
	dxf_assert_real(e, 11, 0);
	dxf_assert_real(e, 21, 20);
	dxf_assert_real(e, 40, 0.5);
	dxf_assert_real(e, 42, 2 * M_PI);
	e = dxf_find("LWPOLYLINE", 0);
	assert_string_equal(dxf_get(e, 90), "2");
	assert_string_equal(dxf_get(e, 70), "1");
	dxf_assert_real(e, 42, 1);
	assert_int_equal(dxf_find("LWPOLYLINE", 1), -1);
	assert_true(dxf_find("LINE", 1) > 0);
	e = dxf_find("ELLIPSE", 1);
	dxf_assert_real(e, 41, 0);
	dxf_assert_real(e, 42, M_PI);
	assert_int_equal(dxf_find("DIMENSION", 0), -1);
	dxf_groups_free();
	arena_free(&arena);
}

/* The handle of the block's record, or -1. */
static long block_record(const char *name)
{
	for (int i = 0; i < dxf_groups.count; i++)
		if (dxf_is(i, 0, "BLOCK_RECORD") && strcmp(dxf_get(i, 2), name) == 0)
			return strtol(dxf_get(i, 5), NULL, 16);
	return -1;
}

/* The handle in the style's group 342, or 0. */
static long style_arrow_block(void)
{
	for (int i = 0; i < dxf_groups.count; i++)
		if (dxf_is(i, 0, "DIMSTYLE"))
			return strcmp(dxf_get(i, 342), "nothing") == 0
				       ? 0
				       : strtol(dxf_get(i, 342), NULL, 16);
	return 0;
}

/* Drawn as what they are, and named by the dimension style as the block that CAD systems know. At
 * 1:2 an arrowhead of 3 mm is 6 mm long. */
static void test_arrowheads(void **state)
{
	static const char *const entities[] = {"SOLID", "LWPOLYLINE", "LWPOLYLINE", "LINE",
					       "LWPOLYLINE"};
	static const char *const blocks[] = {"", "_OPEN30", "_CLOSEDBLANK", "_OBLIQUE", "_DOT"};
	struct scene scene = {.scale_paper = 1, .scale_real = 2};
	struct arena arena = {0};

	(void)state;
	for (int kind = 0; kind < ARROW_COUNT_; kind++) {
		struct drawing d = {.width_mm = 210, .height_mm = 210, .scale = 0.5};
		struct style style = dxf_iso_style();
		int e;

		style.arrow = kind;
		*drawing_add_arrow(&d, &arena) = (struct arrow){(enum arrow_kind)kind,
								vec(10, 10),
								vec(7, 10.5),
								vec(7, 9.5),
								DRAWING_NOBODY,
								DRAWING_NOBODY,
								0};
		dxf_groups_make(&d, &scene, &style);
		e = dxf_find(entities[kind], 0);
		assert_string_equal(dxf_get(e, 8), "dimension");
		assert_string_equal(dxf_header_of("$DIMBLK"), blocks[kind]);
		assert_int_equal(dxf_count(0, "BLOCK"), kind == ARROW_FILLED ? 2 : 3);
		if (kind == ARROW_FILLED) {
			dxf_assert_real(e, 10, 20);
			assert_int_equal(style_arrow_block(), 0);
		} else {
			assert_int_equal(style_arrow_block(), block_record(blocks[kind]));
			assert_true(style_arrow_block() > 0);
		}
		if (kind == ARROW_OPEN || kind == ARROW_BLANK) {
			dxf_assert_real(e, 10, 14);
			dxf_assert_real(e, 20, 21);
			assert_string_equal(dxf_get(e, 70), kind == ARROW_BLANK ? "1" : "0");
		} else if (kind == ARROW_TICK) {
			dxf_assert_real(e, 10, 20 - 3 * sqrt(0.5));
			dxf_assert_real(e, 11, 20 + 3 * sqrt(0.5));
			assert_true(fabs(strtod(dxf_header_of("$DIMASZ"), NULL) - 3.5 * sqrt(0.5)) <
				    1e-8);
		} else if (kind == ARROW_DOT) {
			dxf_assert_real(e, 43, 1); /* half of its diameter */
			dxf_assert_real(e, 10, 19.5);
			assert_true(fabs(strtod(dxf_header_of("$DIMASZ"), NULL) - 3.5 / 3) < 1e-8);
		}
		dxf_groups_free();
	}
	arena_free(&arena);
}

/* Every layer and line type is in its table; a stroke states only what its layer has not. */
static void test_layers_and_line_types(void **state)
{
	struct scene scene = {.scale_paper = 1, .scale_real = 1};
	struct arena arena = {0};
	struct drawing d = {.width_mm = 210, .height_mm = 210, .scale = 1};
	struct stroke *s;

	(void)state;
	s = add_stroke(&d, &arena);
	path_add_line(&s->path, &arena, vec(0, 0), vec(9, 0));
	s->layer = LAYER_HIDDEN;
	s->line_type = LINE_DASHED;
	s->width_mm = 0.25;
	s = add_stroke(&d, &arena);
	path_add_line(&s->path, &arena, vec(0, 0), vec(9, 0));
	s->layer = LAYER_THIN;
	s->line_type = LINE_PHANTOM;
	make(&d, &scene);
	assert_string_equal(dxf_get(dxf_find("LINE", 0), 6), "nothing");
	assert_string_equal(dxf_get(dxf_find("LINE", 0), 370), "nothing");
	assert_string_equal(dxf_get(dxf_find("LINE", 1), 6), "PHANTOM");
	assert_string_equal(dxf_get(dxf_find("LINE", 1), 370), "50");
	for (int i = 0; i < LAYER_COUNT_; i++)
		assert_true(dxf_count(2, layer_name((enum layer)i)) == 1);
	assert_int_equal(dxf_count(0, "LTYPE"), LINE_COUNT_ + 2);
	for (int i = 0; i < dxf_groups.count; i++) {
		if (!dxf_is(i, 0, "LTYPE"))
			continue;
		if (strcmp(dxf_get(i, 2), "DASHED") == 0)
			dxf_assert_real(i, 40, 15 * 0.25);
		if (strcmp(dxf_get(i, 2), "PHANTOM") == 0)
			dxf_assert_real(i, 40, 22 * 0.25);
	}
	dxf_groups_free();
	arena_free(&arena);
}

static void test_texts_are_fitted_and_escaped(void **state)
{
	struct arena arena = {0};
	struct scene scene = {.scale_paper = 2, .scale_real = 1};
	struct drawing d = {.width_mm = 210, .height_mm = 210, .scale = 2};
	int e;

	(void)state;
	*drawing_add_text(&d, &arena) = (struct text){.utf8 = "\u2300 30\u00b0 \u00b10,5 \u00d7",
						      .at = vec(10, 20),
						      .height_mm = 3.5,
						      .width_mm = 12,
						      .layer = LAYER_NOTE,
						      .shape = DRAWING_NOBODY,
						      .dimension = DRAWING_NOBODY};
	make(&d, &scene);
	e = dxf_find("TEXT", 0);
	assert_string_equal(dxf_get(e, 1), "%%c 30%%d %%p0,5 \\U+00D7");
	assert_string_equal(dxf_get(e, 72), "5");
	dxf_assert_real(e, 40, 1.75);
	dxf_assert_real(e, 10, 5);
	dxf_assert_real(e, 11, 11);
	assert_string_equal(dxf_get(e, 8), "note");
	dxf_groups_free();
	arena_free(&arena);
}

static void test_same_drawing_same_bytes(void **state)
{
	struct arena arena = {0};
	struct sample sample = make_sample("asme-mm", 2, &arena);
	struct buf a = {0}, b = {0};

	(void)state;
	buf_str(&b, "before");
	dxf_from_drawing(&sample.drawing, &sample.scene, &sample.style, &a);
	dxf_from_drawing(&sample.drawing, &sample.scene, &sample.style, &b);
	assert_int_equal(a.len + 6, b.len);
	assert_memory_equal(b.data, "before", 6);
	assert_memory_equal(a.data, b.data + 6, a.len);
	buf_free(&a);
	buf_free(&b);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_strokes_become_what_they_are),
		cmocka_unit_test(test_arrowheads),
		cmocka_unit_test(test_layers_and_line_types),
		cmocka_unit_test(test_texts_are_fitted_and_escaped),
		cmocka_unit_test(test_same_drawing_same_bytes),
	};

	seed = test_seed();
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dxf", tests, NULL, NULL);
}
