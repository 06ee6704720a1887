/* SPDX-License-Identifier: MIT */
/*
 * A line of JSON for each DeepCAD or Fusion file: the box of its solid and its program in every language.
 *
 *	build/cad_codes 0 FILE.json...		(the grid, in each language's unit)
 *
 *	{"file":"...","lo":[x,y,z],"hi":[x,y,z],"exact":true,
 *	 "solid":{"volume":v,"lo":[x,y,z],"hi":[x,y,z]},"codes":{"sketch":"...",...}}
 *
 * In metres, the box that deepcad_bounds knows without building the solid, and the solid as Open CASCADE makes
 * it; a language that cannot say the model, or a solid that cannot be made, has {"error":"..."} in its place.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "formats/cad/cad_code.h"
#include "formats/solid/solid.h"

static void put_point(struct buf *out, const char *key, struct vec3 p)
{
	buf_str(out, key);
	buf_real(out, p.x);
	buf_char(out, ',');
	buf_real(out, p.y);
	buf_char(out, ',');
	buf_real(out, p.z);
	buf_char(out, ']');
}

static void put_error(struct buf *out, const struct err *err)
{
	buf_str(out, "{\"error\":");
	buf_json_str(out, err->msg);
	buf_char(out, '}');
}

static void put_code(struct buf *out, const struct deepcad_model *model, enum cad_code code,
		     double grid)
{
	struct buf text = {0};
	struct err err = {0};

	buf_json_str(out, cad_code_names[code]);
	buf_char(out, ':');
	if (cad_code_write(model, code, grid, &text, &err) < 0) {
		put_error(out, &err);
	} else {
		buf_json_str(out, text.data);
	}
	buf_free(&text);
}

static void put_solid(struct buf *out, const struct deepcad_model *model)
{
	struct solid_measures m;
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(model, &err);

	buf_str(out, ",\"solid\":");
	if (!solid || solid_measure(solid, &m, &err) < 0) {
		put_error(out, &err);
	} else {
		buf_str(out, "{\"volume\":");
		buf_real(out, m.volume);
		put_point(out, ",\"lo\":[", m.lo);
		put_point(out, ",\"hi\":[", m.hi);
		buf_char(out, '}');
	}
	solid_free(solid);
}

static int put_file(struct buf *out, const char *path, double grid, struct arena *arena,
		    struct err *err)
{
	struct deepcad_model model;
	struct deepcad_bounds bounds;

	if (deepcad_read(&model, path, arena, err) < 0)
		return -1;
	bounds = deepcad_bounds(&model);
	buf_str(out, "{\"file\":");
	buf_json_str(out, path);
	put_point(out, ",\"lo\":[", bounds.lo);
	put_point(out, ",\"hi\":[", bounds.hi);
	buf_str(out, bounds.exact ? ",\"exact\":true" : ",\"exact\":false");
	put_solid(out, &model);
	buf_str(out, ",\"codes\":{");
	for (int code = 0; code < CAD_CODE_COUNT_; code++) {
		if (code > 0)
			buf_char(out, ',');
		put_code(out, &model, (enum cad_code)code, grid);
	}
	buf_str(out, "}}\n");
	return 0;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct buf out = {0};
	double grid;
	int status = 0;

	if (argc < 3 || num_real(argv[1], 0, 1e6, &grid) < 0) {
		fprintf(stderr, "usage: cad_codes GRID FILE.json...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		struct err err = {0};

		buf_clear(&out);
		if (put_file(&out, argv[i], grid, &arena, &err) < 0) {
			fprintf(stderr, "cad_codes: %s\n", err.msg);
			status = 1;
		} else {
			fputs(out.data, stdout);
		}
		arena_reset(&arena);
	}
	buf_free(&out);
	arena_free(&arena);
	return status;
}
