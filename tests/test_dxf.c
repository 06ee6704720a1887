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
#include "render/dxf.h"
#include "tests/random_shapes.h"

#define GROUPS_MAX 50000

/* A parsed file: codes and values, which point into text. */
struct groups {
	struct buf text;
	int count;
	int code[GROUPS_MAX];
	char *value[GROUPS_MAX];
};

static struct groups groups;

/* Cuts the text into lines. */
static void parse(struct buf text)
{
	char *line = text.data;

	groups.text = text;
	groups.count = 0;
	while (*line) {
		char *end = strchr(line, '\n'), *value;

		assert_non_null(end);
		assert_true(groups.count < GROUPS_MAX);
		*end = '\0';
		value = end + 1;
		assert_int_equal(strspn(line, "0123456789"), strlen(line));
		groups.code[groups.count] = atoi(line);
		end = strchr(value, '\n');
		assert_non_null(end);
		*end = '\0';
		groups.value[groups.count++] = value;
		line = end + 1;
	}
}

static bool is(int i, int code, const char *value)
{
	return groups.code[i] == code && strcmp(groups.value[i], value) == 0;
}

/* The nth (0 first) entity of the kind in ENTITIES, or -1. */
static int find(const char *kind, int nth)
{
	bool inside = false;

	for (int i = 0; i < groups.count; i++) {
		if (is(i, 2, "ENTITIES"))
			inside = true;
		if (inside && is(i, 0, "ENDSEC"))
			return -1;
		if (inside && is(i, 0, kind) && nth-- == 0)
			return i;
	}
	return -1;
}

/* The value of the entity's first group of the code. */
static const char *get(int entity, int code)
{
	assert_true(entity >= 0);
	for (int i = entity + 1; i < groups.count && groups.code[i] != 0; i++)
		if (groups.code[i] == code)
			return groups.value[i];
	return "nothing";
}

static void assert_real(int entity, int code, double value)
{
	assert_true(fabs(strtod(get(entity, code), NULL) - value) < 1e-8);
}

static struct sample make_sample(uint64_t index, struct arena *arena)
{
	struct sample_settings settings = {
		.seed = test_seed(),
		.scene = {.family = FAMILY_SHAPES, .sheet_um = 210000, .max_overlap = 0.2},
		.style = style_iso(),
		.font = font_builtin(),
		.prompts = prompts_builtin(FAMILY_SHAPES)};
	struct sample sample;
	struct err err;

	assert_int_equal(sample_from_index(&sample, &settings, index, arena, &err), 0);
	return sample;
}

static struct style iso(void)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_seed(1, 1);

	return style_from_sheet(&sheet, &rng);
}

static void make_in(const struct style *style, const struct drawing *d, const struct scene *scene)
{
	struct buf text = {0};

	dxf_from_drawing(d, scene, style, &text);
	assert_int_equal(strlen(text.data), text.len);
	parse(text);
}

static void make(const struct drawing *d, const struct scene *scene)
{
	struct style style = iso();

	make_in(&style, d, scene);
}

static int compare_handles(const void *a, const void *b)
{
	unsigned long p = *(const unsigned long *)a, q = *(const unsigned long *)b;

	return p < q ? -1 : p > q;
}

/* Sections in order, handles given once and below the seed, what is referred to is there. */
static void test_structure(void **state)
{
	static const char *const names[] = {"HEADER", "TABLES", "BLOCKS", "ENTITIES", "OBJECTS"};
	static unsigned long handles[GROUPS_MAX];
	struct arena arena = {0};

	(void)state;
	for (uint64_t k = 0; k < 30; k++) {
		struct sample sample = make_sample(k, &arena);
		int section = 0, n = 0;
		unsigned long seed = 0;

		make(&sample.drawing, &sample.scene);
		for (int i = 0; i < groups.count; i++) {
			bool named = groups.code[i] == 5 || groups.code[i] == 105;

			if (i > 0 && is(i - 1, 0, "SECTION")) {
				assert_true(section < 5);
				assert_string_equal(groups.value[i], names[section++]);
			}
			if (i > 0 && is(i - 1, 9, "$HANDSEED"))
				seed = strtoul(groups.value[i], NULL, 16);
			else if (named)
				handles[n++] = strtoul(groups.value[i], NULL, 16);
		}
		assert_int_equal(section, 5);
		assert_true(is(groups.count - 1, 0, "EOF"));
		qsort(handles, (size_t)n, sizeof(*handles), compare_handles);
		assert_true(handles[0] > 0 && handles[n - 1] < seed);
		for (int i = 1; i < n; i++)
			assert_true(handles[i] != handles[i - 1]);
		for (int i = 0; i < groups.count; i++) {
			unsigned long owner = strtoul(groups.value[i], NULL, 16);

			if (groups.code[i] == 330 && owner != 0)
				assert_non_null(bsearch(&owner, handles, (size_t)n,
							sizeof(*handles), compare_handles));
		}
		buf_free(&groups.text);
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
	e = find("LINE", 0);
	assert_real(e, 10, 0);
	assert_real(e, 20, 0);
	assert_real(e, 11, 20);
	assert_real(e, 21, 10);
	assert_string_equal(get(e, 8), "outline");
	assert_string_equal(get(e, 6), "nothing");
	e = find("CIRCLE", 0);
	assert_real(e, 10, 60);
	assert_real(e, 20, 80);
	assert_real(e, 40, 20);
	e = find("ARC", 0);
	assert_real(e, 50, 0);
	assert_real(e, 51, 90);
	e = find("ELLIPSE", 0);
	assert_real(e, 11, 0);
	assert_real(e, 21, 20);
	assert_real(e, 40, 0.5);
	assert_real(e, 42, 2 * M_PI);
	e = find("LWPOLYLINE", 0);
	assert_string_equal(get(e, 90), "2");
	assert_string_equal(get(e, 70), "1");
	assert_real(e, 42, 1);
	assert_int_equal(find("LWPOLYLINE", 1), -1);
	assert_true(find("LINE", 1) > 0);
	e = find("ELLIPSE", 1);
	assert_real(e, 41, 0);
	assert_real(e, 42, M_PI);
	assert_int_equal(find("DIMENSION", 0), -1);
	buf_free(&groups.text);
	arena_free(&arena);
}

/* The group behind the variable of the header. */
static const char *header(const char *name)
{
	for (int i = 0; i + 1 < groups.count; i++)
		if (is(i, 9, name))
			return groups.value[i + 1];
	return "nothing";
}

/* The handle of the block's record, or -1. */
static long block_record(const char *name)
{
	for (int i = 0; i < groups.count; i++)
		if (is(i, 0, "BLOCK_RECORD") && strcmp(get(i, 2), name) == 0)
			return strtol(get(i, 5), NULL, 16);
	return -1;
}

/* The handle in the style's group 342, or 0. */
static long style_arrow_block(void)
{
	for (int i = 0; i < groups.count; i++)
		if (is(i, 0, "DIMSTYLE"))
			return strcmp(get(i, 342), "nothing") == 0 ? 0
								   : strtol(get(i, 342), NULL, 16);
	return 0;
}

static int count_groups(int code, const char *value)
{
	int n = 0;

	for (int i = 0; i < groups.count; i++)
		n += is(i, code, value);
	return n;
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
		struct style style = iso();
		int e;

		style.arrow = kind;
		*drawing_add_arrow(&d, &arena) =
			(struct arrow){(enum arrow_kind)kind, vec(10, 10),    vec(7, 10.5),
				       vec(7, 9.5),           DRAWING_NOBODY, DRAWING_NOBODY};
		make_in(&style, &d, &scene);
		e = find(entities[kind], 0);
		assert_string_equal(get(e, 8), "dimension");
		assert_string_equal(header("$DIMBLK"), blocks[kind]);
		assert_int_equal(count_groups(0, "BLOCK"), kind == ARROW_FILLED ? 2 : 3);
		if (kind == ARROW_FILLED) {
			assert_real(e, 10, 20);
			assert_int_equal(style_arrow_block(), 0);
		} else {
			assert_int_equal(style_arrow_block(), block_record(blocks[kind]));
			assert_true(style_arrow_block() > 0);
		}
		if (kind == ARROW_OPEN || kind == ARROW_BLANK) {
			assert_real(e, 10, 14);
			assert_real(e, 20, 21);
			assert_string_equal(get(e, 70), kind == ARROW_BLANK ? "1" : "0");
		} else if (kind == ARROW_TICK) {
			assert_real(e, 10, 20 - 3 * sqrt(0.5));
			assert_real(e, 11, 20 + 3 * sqrt(0.5));
			assert_true(fabs(strtod(header("$DIMASZ"), NULL) - 3.5 * sqrt(0.5)) < 1e-8);
		} else if (kind == ARROW_DOT) {
			assert_real(e, 43, 1); /* half of its diameter */
			assert_real(e, 10, 19.5);
			assert_true(fabs(strtod(header("$DIMASZ"), NULL) - 3.5 / 3) < 1e-8);
		}
		buf_free(&groups.text);
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
	assert_string_equal(get(find("LINE", 0), 6), "nothing");
	assert_string_equal(get(find("LINE", 0), 370), "nothing");
	assert_string_equal(get(find("LINE", 1), 6), "PHANTOM");
	assert_string_equal(get(find("LINE", 1), 370), "50");
	for (int i = 0; i < LAYER_COUNT_; i++)
		assert_true(count_groups(2, layer_name((enum layer)i)) == 1);
	assert_int_equal(count_groups(0, "LTYPE"), LINE_COUNT_ + 2);
	for (int i = 0; i < groups.count; i++) {
		if (!is(i, 0, "LTYPE"))
			continue;
		if (strcmp(get(i, 2), "DASHED") == 0)
			assert_real(i, 40, 15 * 0.25);
		if (strcmp(get(i, 2), "PHANTOM") == 0)
			assert_real(i, 40, 22 * 0.25);
	}
	buf_free(&groups.text);
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
	e = find("TEXT", 0);
	assert_string_equal(get(e, 1), "%%c 30%%d %%p0,5 \\U+00D7");
	assert_string_equal(get(e, 72), "5");
	assert_real(e, 40, 1.75);
	assert_real(e, 10, 5);
	assert_real(e, 11, 11);
	assert_string_equal(get(e, 8), "note");
	buf_free(&groups.text);
	arena_free(&arena);
}

/* A text that is not the value's states itself. */
static void test_other_texts_are_stated(void **state)
{
	struct arena arena = {0};
	struct sample sample = make_sample(3, &arena);
	int e;

	(void)state;
	make(&sample.drawing, &sample.scene);
	assert_string_equal(get(find("DIMENSION", 0), 1), "nothing");
	buf_free(&groups.text);
	for (int i = 0; i < sample.drawing.text_count; i++)
		if (sample.drawing.texts[i].dimension != DRAWING_NOBODY) {
			sample.drawing.texts[i].utf8 = "12 x";
			break;
		}
	make(&sample.drawing, &sample.scene);
	e = find("DIMENSION", 0);
	assert_string_equal(get(e, 1), "12 x");
	buf_free(&groups.text);
	arena_free(&arena);
}

static void test_same_drawing_same_bytes(void **state)
{
	struct arena arena = {0};
	struct sample sample = make_sample(2, &arena);
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
		cmocka_unit_test(test_other_texts_are_stated),
		cmocka_unit_test(test_same_drawing_same_bytes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dxf", tests, NULL, NULL);
}
