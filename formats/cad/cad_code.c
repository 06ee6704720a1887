/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/cad/cad_code.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/cad/cad_code_private.h"

#define MM 1000.0
#define GENCAD_FARTHEST 0.75
#define RECODE_LONGEST 200.0
#define TEXT2CAD_FARTHEST 1.0

const char *const cad_code_names[] = {
#define X(name, grid) #name,
	CAD_CODES(X)
#undef X
		NULL};

/* --- numbers -------------------------------------------------------------------------------- */

void code_put_real(struct buf *out, double v, enum code_point point)
{
	char text[32];

	snprintf(text, sizeof(text), "%.12g", v == 0 ? 0 : v);
	buf_str(out, text);
	if (point == CODE_POINT_NONE || strpbrk(text, ".e"))
		return;
	buf_str(out, point == CODE_POINT_BARE ? "." : ".0");
}

static void put_list(struct buf *out, const char *before, const double *v, int count,
		     const struct code_style *style)
{
	buf_str(out, before);
	buf_str(out, style->open);
	for (int i = 0; i < count; i++) {
		if (i > 0)
			buf_str(out, style->between);
		code_put_real(out, v[i], style->point);
	}
	buf_str(out, style->close);
}

void code_put_pair(struct buf *out, const char *before, struct vec v,
		   const struct code_style *style)
{
	put_list(out, before, (const double[]){v.x, v.y}, 2, style);
}

void code_put_triple(struct buf *out, const char *before, struct vec3 v,
		     const struct code_style *style)
{
	put_list(out, before, (const double[]){v.x, v.y, v.z}, 3, style);
}

void code_put_number(struct buf *out, const char *format, int n)
{
	char text[64];

	snprintf(text, sizeof(text), format, n);
	buf_str(out, text);
}

bool code_is_whole(const struct code_region *r)
{
	return r->hi - r->lo >= 2 * M_PI;
}

/* --- CadQuery ------------------------------------------------------------------------------- */

static struct vec3 world(const struct deepcad_plane *plane, struct vec p)
{
	return deepcad_world(plane, p, 0);
}

/* A turn begins in the sketch's plane. What does not is turned back as a whole. */
void code_put_turn(struct buf *out, const struct code_region *r, const struct code_style *style)
{
	struct vec end = vec_add(r->axis_at, r->axis);

	buf_str(out, ".revolve(");
	code_put_real(out, (r->hi - r->lo) * CODE_DEGREES, style->point);
	code_put_pair(out, style->between, r->axis_at, style);
	code_put_pair(out, style->between, end, style);
	buf_char(out, ')');
	if (r->lo == 0)
		return;
	buf_str(out, ".rotate(");
	code_put_triple(out, "", world(&r->plane, r->axis_at), style);
	code_put_triple(out, style->between, world(&r->plane, end), style);
	buf_str(out, style->between);
	code_put_real(out, r->lo * CODE_DEGREES, style->point);
	buf_char(out, ')');
}

const char *const code_cadquery_calls[] = {
	[DEEPCAD_NEW_BODY] = ".union(",
	[DEEPCAD_JOIN] = ".union(",
	[DEEPCAD_CUT] = ".cut(",
	[DEEPCAD_INTERSECT] = ".intersect(",
};

/* --- languages ------------------------------------------------------------------------------ */

#define ALL_EXTENTS ((1u << DEEPCAD_EXTENT_COUNT_) - 1)

static const struct language {
	void (*write)(const struct code_solid *solid, struct buf *out);
	unsigned extents;
	bool along_axes, tapers, revolves;
} languages[] = {
	[CAD_CODE_sketch] = {.write = code_write_sketch,
			     .extents = ALL_EXTENTS,
			     .tapers = true,
			     .revolves = true},
	[CAD_CODE_cadquery] = {.write = code_write_cadquery,
			       .extents = 1u << DEEPCAD_SYMMETRIC,
			       .revolves = true},
	[CAD_CODE_gencad] = {.write = code_write_gencad,
			     .extents = 1u << DEEPCAD_SYMMETRIC,
			     .revolves = true},
	[CAD_CODE_recode] = {.write = code_write_recode, .along_axes = true, .revolves = true},
	[CAD_CODE_openecad] = {.write = code_write_openecad, .extents = ALL_EXTENTS},
	[CAD_CODE_text2cad] = {.write = code_write_text2cad, .extents = ALL_EXTENTS},
};

bool cad_code_is_read(enum cad_code code)
{
	return code != CAD_CODE_openecad;
}

int cad_code_parse_as(struct deepcad_model *model, enum cad_code code, const char *name,
		      const char *text, size_t len, struct arena *arena, struct err *err)
{
	switch (code) {
	case CAD_CODE_sketch:
		return cad_code_parse(model, name, text, len, arena, err);
	case CAD_CODE_deepcad:
	case CAD_CODE_text2cad:
		return deepcad_parse(model, name, text, len, arena, err);
	case CAD_CODE_cadquery:
		return code_read_query(model, "result", 1 / MM, name, text, len, arena, err);
	case CAD_CODE_gencad:
		return code_read_query(model, "solid", 1, name, text, len, arena, err);
	case CAD_CODE_recode:
		return code_read_query(model, "r", 1 / MM, name, text, len, arena, err);
	default:
		return err_set(err, ERR_UNSUPPORTED, "%s: programs in %s are not read", name,
			       cad_code_names[code]);
	}
}

static double least_grid(enum cad_code code)
{
	static const double grids[] = {
#define X(name, grid) [CAD_CODE_##name] = grid,
		CAD_CODES(X)
#undef X
	};

	return grids[code];
}

static int frame_of(struct code_frame *frame, const struct deepcad_model *model, enum cad_code code,
		    double grid, double fine, struct err *err)
{
	*frame = (struct code_frame){.scale = MM,
				     .grid = max2(grid, least_grid(code)),
				     .fine = max2(fine, least_grid(code)),
				     .along_axes = languages[code].along_axes,
				     .extents = languages[code].extents,
				     .tapers = languages[code].tapers,
				     .revolves = languages[code].revolves};
	switch (code) {
	case CAD_CODE_gencad:
		return code_scale_farthest(&frame->scale, model, GENCAD_FARTHEST, err);
	case CAD_CODE_recode:
		return code_scale_longest(&frame->scale, &frame->centre, model, RECODE_LONGEST,
					  err);
	case CAD_CODE_text2cad:
		return code_scale_farthest(&frame->scale, model, TEXT2CAD_FARTHEST, err);
	default:
		return 0;
	}
}

/* On a grid: by way of the language that can be read. */
static int write_deepcad(const struct deepcad_model *model, double grid, double fine,
			 struct buf *out, struct err *err)
{
	struct deepcad_model rounded;
	struct arena arena = {0};
	struct buf text = {0};
	int rc;

	if (grid <= 0) {
		deepcad_write(model, out);
		return 0;
	}
	rc = cad_code_write_fine(model, CAD_CODE_sketch, grid * MM, fine * MM, &text, err);
	if (rc == 0)
		rc = cad_code_parse(&rounded, "on that grid", text.data, text.len, &arena, err);
	if (rc == 0)
		deepcad_write(&rounded, out);
	buf_free(&text);
	arena_free(&arena);
	return rc;
}

int cad_code_write(const struct deepcad_model *model, enum cad_code code, double grid,
		   struct buf *out, struct err *err)
{
	return cad_code_write_fine(model, code, grid, grid, out, err);
}

int cad_code_write_fine(const struct deepcad_model *model, enum cad_code code, double grid,
			double fine, struct buf *out, struct err *err)
{
	struct arena arena = {0};
	struct code_frame frame;
	struct code_solid solid;
	int rc;

	if (code == CAD_CODE_deepcad)
		return write_deepcad(model, grid, fine, out, err);
	rc = frame_of(&frame, model, code, grid, fine, err);
	if (rc == 0)
		rc = code_solid_from_model(&solid, model, &frame, &arena, err);
	if (rc == 0)
		languages[code].write(&solid, out);
	arena_free(&arena);
	return rc;
}

int cad_code_canonical(struct deepcad_model *out, const struct deepcad_model *model,
		       struct vec3 origin, double grid_mm, struct arena *arena, struct err *err)
{
	struct code_frame frame = {.scale = MM,
				   .centre = origin,
				   .grid = grid_mm,
				   .revolves = true,
				   .canonical = true};
	struct code_solid solid;
	struct buf text = {0};
	int rc = code_solid_from_model(&solid, model, &frame, arena, err);

	if (rc == 0) {
		code_write_sketch(&solid, &text);
		rc = cad_code_parse(out, "the canonical form", text.data, text.len, arena, err);
	}
	buf_free(&text);
	return rc;
}
