/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/redraw_main.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/scene/scene_check.h"
#include "gen/sample_main.h"
#include "render/dxf/dxf.h"
#include "render/paint/raster.h"
#include "render/paint/vector.h"
#include "trainer/score/figure.h"

#define PNG_LEVEL 6
#define MARGIN_MM 25.0 /* round the part: centre lines, and the note of the scale */
#define SHEET_LEAST_MM 60.0
#define SHEET_MOST_MM 420.0
#define SHEET_UM_MAX 2000000 /* what a scene may have */

const char *const redraw_format_names[] = {
#define X(name) #name,
	REDRAW_FORMATS(X)
#undef X
		NULL};

/* One for each unit. */
static const char styles[] =
	"{\"standard\":\"redraw\",\"mix\":[{\"share\":1,\"style\":{\"standard\":\"iso\"}},"
	"{\"share\":1,\"style\":{\"standard\":\"iso-inch\",\"unit\":\"inch\"}}]}";

struct redrawer {
	struct raster *raster;
	struct typefaces *typefaces;
	struct style_mix mix;
	struct sample_settings settings;
	struct sample sample;
	struct arena mix_arena, scene_arena, arena;
};

struct redrawer *redrawer_new(int size_px, struct err *err)
{
	struct redrawer *r = mem_alloc(1, sizeof(*r));

	if (style_mix_parse(&r->mix, "redraw", styles, sizeof(styles) - 1, NULL, &r->mix_arena,
			    err) < 0) {
		redrawer_free(r);
		return NULL;
	}
	r->typefaces = typefaces_load(style_mix_lettering(&r->mix), TYPEFACE_FOLDER, err);
	r->raster = r->typefaces ? raster_new(size_px, err) : NULL;
	if (!r->raster) {
		redrawer_free(r);
		return NULL;
	}
	r->settings = (struct sample_settings){.mix = &r->mix, .typefaces = r->typefaces};
	return r;
}

void redrawer_free(struct redrawer *r)
{
	if (!r)
		return;
	raster_free(r->raster);
	typefaces_free(r->typefaces);
	arena_free(&r->mix_arena);
	arena_free(&r->scene_arena);
	arena_free(&r->arena);
	free(r);
}

/* --- from a program to a scene -------------------------------------------------------------- */

/* The scale, of those in use (ISO 5455), with which the part fits the sheet best: the largest. */
static void choose_sheet(struct scene *scene, const struct figure *figure)
{
	static const int scales[][2] = {{10, 1}, {5, 1},  {2, 1},  {1, 1},  {1, 2},
					{1, 5},  {1, 10}, {1, 20}, {1, 50}, {1, 100}};
	const size_t count = sizeof(scales) / sizeof(*scales);
	bool has_views = scene->family == FAMILY_CABINET || scene->family == FAMILY_TURNED;
	double side = 0;

	/* parts lie at their datum; views stand side by side */
	for (int i = 0; i < FIGURE_AXES; i++) {
		double lo = figure->box.lo[i], hi = figure->box.hi[i];
		double length =
			scene->family == FAMILY_SHAPES ? hi - lo : fmax(hi, 0) - fmin(lo, 0);

		side = has_views ? side + length : fmax(side, length);
	}
	for (size_t i = 0; i < count; i++) {
		double mm = side * scales[i][0] / scales[i][1] + 2 * MARGIN_MM;

		scene->scale_paper = scales[i][0];
		scene->scale_real = scales[i][1];
		scene->sheet_um[0] = scene->sheet_um[1] =
			(int64_t)(1000 * ceil(fmax(mm, SHEET_LEAST_MM)));
		if (mm <= SHEET_MOST_MM / 2)
			return;
	}
}

static int sheet_from_program(struct scene *scene, const struct program *program,
			      struct arena *arena, struct err *err)
{
	enum family family = program_family(program);
	struct figure figure;

	if (family == FAMILY_COUNT_)
		return err_set(err, ERR_FORMAT, "shapes of more than one family");
	if (program->shape_count > SCENE_SHAPES_MAX)
		return err_set(err, ERR_LIMIT, "%d shapes; %d are drawn at most",
			       program->shape_count, SCENE_SHAPES_MAX);
	if (scene_from_program(scene, program, family, arena, err) < 0)
		return -1;
	figure = figure_from_scene(scene, arena);
	choose_sheet(scene, &figure);
	return 0;
}

/* --- drawing -------------------------------------------------------------------------------- */

int redraw_program(struct redrawer *r, const struct program *program, struct err *err)
{
	struct scene scene;
	struct err why;
	int rc;

	arena_reset(&r->scene_arena);
	if (sheet_from_program(&scene, program, &r->scene_arena, err) < 0)
		return -1;
	do {
		arena_reset(&r->arena);
		rc = sample_from_scene(&r->sample, &r->settings, &scene, 0, &r->arena, &why);
		scene.sheet_um[0] = scene.sheet_um[1] = scene.sheet_um[0] / 4 * 5;
	} while (rc < 0 && why.code == ERR_LIMIT && scene.sheet_um[0] <= SHEET_UM_MAX);
	return rc < 0 ? err_set(err, why.code, "%s", why.msg) : 0;
}

struct image redrawn_image(struct redrawer *r)
{
	return image_from_drawing(r->raster, &r->sample.drawing, r->sample.font);
}

int redrawn_file(struct redrawer *r, enum redraw_format format, struct buf *out, struct err *err)
{
	const struct sample *s = &r->sample;
	struct png_encoder *encoder;
	struct image image;

	switch (format) {
	case REDRAW_png:
		image = redrawn_image(r);
		encoder = png_encoder_new(PNG_LEVEL);
		image_encode_png(&image, encoder, out);
		png_encoder_free(encoder);
		break;
	case REDRAW_svg:
		return svg_from_drawing(&s->drawing, s->font, out, err);
	case REDRAW_pdf:
		return pdf_from_drawing(&s->drawing, s->font, out, err);
	case REDRAW_dxf:
		dxf_from_drawing(&s->drawing, &s->scene, &s->style, out);
		break;
	case REDRAW_COUNT_:
		break;
	}
	return 0;
}
