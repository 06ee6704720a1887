/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/dxf_sheet.h"

enum { DATUM_X = 20, DATUM_Y = 10 };

struct dxf_sheet sheet;

int dxf_sheet_setup(void **state)
{
	(void)state;
	sheet.drawing = (struct drawing){.width_mm = 200,
					 .height_mm = 150,
					 .datum = vec(DATUM_X, DATUM_Y),
					 .scale = 1,
					 .unit_mm = 1};
	sheet.shape = (struct shape){.kind = SHAPE_RECTANGLE};
	sheet.dimension = (struct dimension){.from = {.shape = SCENE_DATUM}};
	sheet.scene = (struct scene){.sheet_um = {200000, 150000},
				     .scale_paper = 1,
				     .scale_real = 1,
				     .shape_count = 1,
				     .shapes = &sheet.shape,
				     .dimension_count = 1,
				     .dimensions = &sheet.dimension};
	sheet.style = dxf_iso_style();
	sheet.style.extension_gap_mm = GAP_MM;
	return 0;
}

int dxf_sheet_teardown(void **state)
{
	(void)state;
	dxf_groups_free();
	arena_reset(&sheet.arena);
	return 0;
}

int dxf_sheet_end(void **state)
{
	(void)state;
	arena_free(&sheet.arena);
	return 0;
}

void state_param(enum dim_kind kind, enum param param, int64_t value)
{
	sheet.dimension.kind = kind;
	sheet.dimension.param = param;
	sheet.shape.value[param] = value;
}

struct vec at(double x, double y)
{
	return vec(DATUM_X + x, DATUM_Y + y);
}

void add_line(enum layer layer, struct vec a, struct vec b)
{
	struct stroke *s = drawing_add_stroke(&sheet.drawing, &sheet.arena);

	s->layer = layer;
	s->width_mm = 0.25;
	s->shape = s->dimension = 0;
	path_add_line(&s->path, &sheet.arena, a, b);
}

void add_arrow(struct vec tip, struct vec way)
{
	struct vec base = vec_sub(tip, vec_scale(way, 3)), half = vec_scale(vec_perp(way), 0.5);

	*drawing_add_arrow(&sheet.drawing, &sheet.arena) =
		(struct arrow){(enum arrow_kind)sheet.style.arrow,
			       tip,
			       vec_add(base, half),
			       vec_sub(base, half),
			       0,
			       0,
			       sheet.style.thin_mm};
}

void add_text(const char *utf8, double height, struct vec where)
{
	*drawing_add_text(&sheet.drawing, &sheet.arena) = (struct text){.utf8 = utf8,
									.at = where,
									.height_mm = height,
									.width_mm = 6,
									.layer = LAYER_DIMENSION,
									.shape = 0,
									.dimension = 0};
}

void add_linear(struct vec a, struct vec b, double far)
{
	struct vec along = vec_unit(vec_sub(b, a)), out = vec_perp(along);

	for (int end = 0; end < 2; end++) {
		struct vec tip = end ? b : a;

		add_line(LAYER_EXTENSION, vec_sub(tip, vec_scale(out, far - GAP_MM)),
			 vec_add(tip, vec_scale(out, 2)));
	}
	add_line(LAYER_DIMENSION, a, b);
	add_arrow(a, vec_scale(along, -1));
	add_arrow(b, along);
}

int only_dimension(int type)
{
	int e;

	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	e = dxf_find("DIMENSION", 0);
	assert_true(e > 0);
	assert_int_equal(dxf_find("DIMENSION", 1), -1);
	assert_int_equal(atoi(dxf_get(e, 70)), type + 32 + 128);
	assert_string_equal(dxf_get(e, 2), "*D1");
	assert_string_equal(dxf_get(e, 8), "dimension");
	return e;
}

void assert_point(int entity, int code, double x, double y)
{
	dxf_assert_real(entity, code, x);
	dxf_assert_real(entity, code + 10, y);
}
