/* SPDX-License-Identifier: MIT */
/*
 * Streams, all of (seed, model_id_hash(id)): "mix" and "style" for the model; "hand", "prompt" and the recipe
 * of its degradation for each picture, by the number of its view, so that a picture does not hang on which
 * others there are. It does hang on them by its scale. Dimensioned sheets are degraded as any sample is.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "augment/scan.h"
#include "base/fs.h"
#include "base/mem.h"
#include "fonts/font.h"
#include "fonts/typefaces.h"
#include "formats/cad/cad_file.h"
#include "formats/dataset/dataset_converted.h"
#include "formats/solid/part_label.h"
#include "formats/solid/solid.h"
#include "gen/also_main.h"
#include "gen/convert_model_main.h"
#include "gen/model_views_main.h"
#include "gen/part/part_from_seed.h"
#include "gen/part_sheet_main.h"
#include "gen/scan_main.h"
#include "render/hand/traces.h"
#include "render/paint/raster.h"

#define PNG_LEVEL 1
#define PICTURE_MM 100 /* sides of the sheets, on which pens are as wide as on any other */
#define SHEET_MM 200
#define FINER 100 /* than ends of arcs are their middles */

static const char *const suffixes[] = {
#define S(id, name, look, up) "_" name,
	PART_SIDES(S)
#undef S
		("_" DRAFT_SECTION_NAME),
};

struct model_maker {
	const struct model_settings *settings;
	struct sample_settings sample; /* of dimensioned sheets */
	struct typefaces *typefaces;   /* those of their styles */
	struct arena arena;            /* of the model */
	struct raster *raster;
	struct canvas *canvas;   /* NULL: no plain view was degraded so far */
	struct scanner *scanner; /* of dimensioned sheets */
	struct png_encoder *encoder;
	struct made_model made;
	struct buf bytes, program;
	struct buf annotations; /* lines of annotations.jsonl */
};

/* The model that is made. */
struct making {
	struct model_maker *maker;
	const char *id;
	uint64_t stream;
	const struct style_sheet *sheet;
	struct style style;
	bool has_model;
	struct deepcad_model model; /* that the label tells */
	struct draft_view views[CONVERT_VIEWS_MAX];
	int count;
};

static bool is_sheet(const struct convert_options *o)
{
	return o->layout != CONVERT_SEPARATE;
}

int model_picture_count(const struct convert_options *o)
{
	return is_sheet(o) ? 1 : o->view_count;
}

const char *model_picture_suffix(const struct convert_options *o, int i)
{
	return is_sheet(o) ? "" : suffixes[o->views[i]];
}

bool model_is_annotated(const struct convert_options *o)
{
	return o->layout == CONVERT_DIMENSIONED;
}

static int load_typefaces(struct model_maker *maker, const struct model_settings *settings,
			  struct err *err)
{
	maker->typefaces = typefaces_load(style_mix_lettering(settings->mix), TYPEFACE_FOLDER, err);
	maker->sample = (struct sample_settings){
		.seed = settings->options->seed,
		.mix = settings->mix,
		.typefaces = maker->typefaces,
		.scene = {.size_px = settings->options->size_px},
	};
	return maker->typefaces ? 0 : -1;
}

struct model_maker *model_maker_new(const struct model_settings *settings, struct err *err)
{
	struct model_maker *maker = mem_alloc(1, sizeof(*maker));

	maker->settings = settings;
	if (settings->options->layout == CONVERT_DIMENSIONED &&
	    load_typefaces(maker, settings, err) < 0) {
		model_maker_free(maker);
		return NULL;
	}
	maker->raster = raster_new((int)settings->options->size_px, err);
	maker->scanner = scanner_new(&maker->sample, settings->options->size_px);
	maker->encoder = png_encoder_new(PNG_LEVEL);
	if (maker->raster)
		return maker;
	model_maker_free(maker);
	return NULL;
}

void model_maker_free(struct model_maker *maker)
{
	if (!maker)
		return;
	arena_free(&maker->arena);
	raster_free(maker->raster);
	canvas_free(maker->canvas);
	scanner_free(maker->scanner);
	png_encoder_free(maker->encoder);
	for (int i = 0; i < CONVERT_VIEWS_MAX; i++) {
		buf_free(&maker->made.pictures[i].png);
		for (int k = 0; k < ALSO_COUNT_; k++)
			buf_free(&maker->made.pictures[i].also[k]);
	}
	typefaces_free(maker->typefaces);
	buf_free(&maker->made.text);
	buf_free(&maker->annotations);
	buf_free(&maker->made.json);
	buf_free(&maker->bytes);
	buf_free(&maker->program);
	free(maker);
}

/* --- pictures --------------------------------------------------------------------------------- */

static void draw_style(struct making *m)
{
	const struct model_settings *s = m->maker->settings;
	struct rng mix_rng = rng_stream(s->options->seed, m->stream, "mix", 0);
	struct rng style_rng = rng_stream(s->options->seed, m->stream, "style", 0);

	m->sheet = style_sheet_from_mix(s->mix, &mix_rng);
	m->style = style_from_sheet(m->sheet, &style_rng);
	m->style.projection = s->options->projection;
}

static struct image degraded(struct making *m, const struct image *clean, double px_per_mm,
			     uint32_t which)
{
	struct model_maker *maker = m->maker;
	const struct convert_options *o = maker->settings->options;
	struct recipe recipe = recipe_from_sheet(&m->sheet->degradation, o->seed, m->stream, which);
	struct scan scan;

	if (!maker->canvas)
		maker->canvas = canvas_new((int)o->size_px, (int)o->size_px);
	scan_from_image(&scan, maker->canvas, clean, NULL, &recipe, px_per_mm, &maker->arena);
	return scan.image;
}

/* Adds the picture and the curves of a drawing without annotations, or of the scene's. */
static int add_picture(struct making *m, const struct image *image, const struct drawing *drawing,
		       const struct scene *scene, const struct font *font, const char *suffix,
		       struct err *err)
{
	struct model_maker *maker = m->maker;
	struct made_picture *picture = &maker->made.pictures[maker->made.count++];

	picture->suffix = suffix;
	buf_clear(&picture->png);
	image_encode_png(image, maker->encoder, &picture->png);
	for (int i = 0; i < ALSO_COUNT_; i++) {
		buf_clear(&picture->also[i]);
		if ((maker->settings->options->also >> i & 1) &&
		    also_encode((enum dataset_also)i, drawing, scene, &m->style, font,
				&picture->also[i], err) < 0)
			return -1;
	}
	return 0;
}

/* `which` tells a model's pictures apart. */
static int add_plain(struct making *m, struct drawing *drawing, const char *suffix, uint32_t which,
		     struct err *err)
{
	struct model_maker *maker = m->maker;
	const struct convert_options *o = maker->settings->options;
	struct rng hand_rng = rng_stream(o->seed, m->stream, "hand", which);
	struct image image;

	traces_from_drawing(drawing, &m->style, &hand_rng, &maker->arena);
	image = image_from_drawing(maker->raster, drawing, font_builtin());
	if (degradation_any(&m->sheet->degradation))
		image = degraded(m, &image,
				 (double)o->size_px / max2(drawing->width_mm, drawing->height_mm),
				 which);
	return add_picture(m, &image, drawing, NULL, font_builtin(), suffix, err);
}

static int draw_pictures(struct making *m, struct err *err)
{
	struct model_maker *maker = m->maker;
	const struct convert_options *o = maker->settings->options;
	bool several = is_sheet(o) && m->count > 1;
	struct draft_sheet_of_views sheet = {several ? SHEET_MM : PICTURE_MM, &m->style,
					     !o->no_hidden};
	double scale = draft_views_scale(m->views, m->count, sheet.side_mm);
	struct drawing drawing;

	maker->made.count = 0;
	if (is_sheet(o)) {
		drawing_of_views(&drawing, m->views, m->count, &sheet, &maker->arena);
		return add_plain(m, &drawing, model_picture_suffix(o, 0), PART_SIDE_COUNT_, err);
	}
	for (int i = 0; i < m->count; i++) {
		drawing_of_view(&drawing, &m->views[i], scale, &sheet, &maker->arena);
		if (add_plain(m, &drawing, model_picture_suffix(o, i), (uint32_t)o->views[i], err) <
		    0)
			return -1;
	}
	return 0;
}

/* --- entries ---------------------------------------------------------------------------------- */

static const char *draw_prompt(const struct making *m, uint32_t which)
{
	const struct model_settings *s = m->maker->settings;
	struct rng rng = rng_stream(s->options->seed, m->stream, "prompt", which);

	return s->prompts->text[rng_below(&rng, (uint32_t)s->prompts->count)];
}

static void put_text(struct making *m)
{
	struct made_model *made = &m->maker->made;
	const struct convert_options *o = m->maker->settings->options;
	struct buf image = {0}, id = {0};

	buf_clear(&made->text);
	for (int i = 0; i < made->count; i++) {
		uint32_t which = is_sheet(o) ? PART_SIDE_COUNT_ : (uint32_t)o->views[i];

		buf_clear(&id);
		buf_str(&id, m->id);
		buf_str(&id, made->pictures[i].suffix);
		buf_clear(&image);
		buf_str(&image, CONVERTED_PICTURES "/");
		buf_str(&image, id.data);
		buf_str(&image, ".png");
		buf_str(&made->text, i ? ",\n" : "");
		converted_put_entry(&made->text, id.data, image.data, draw_prompt(m, which),
				    m->maker->program.data);
	}
	if (model_is_annotated(o)) {
		buf_str(&made->text, CONVERTED_SEPARATOR);
		buf_bytes(&made->text, m->maker->annotations.data, m->maker->annotations.len);
	}
	buf_free(&image);
	buf_free(&id);
}

/* --- a model ---------------------------------------------------------------------------------- */

static uint64_t number_of(const char *id)
{
	return strtoull(id, NULL, 10);
}

/* Of parts: of both kinds there are as many. */
static double turned_share(unsigned sweeps)
{
	if (!(sweeps >> DEEPCAD_REVOLVE & 1))
		return 0;
	return sweeps >> DEEPCAD_EXTRUDE & 1 ? 0.5 : 1;
}

/* What a vector means. */
static int read_vector(struct making *m, const char *path, struct err *err)
{
	struct cad_file file;

	if (cad_file_read(&file, path, cad_vec_h5_said, &m->maker->arena, err) < 0)
		return -1;
	m->model = file.model;
	deepcad_write(&m->model, &m->maker->made.json);
	return 0;
}

/* The model of a file of DeepCAD, or the part of that number. */
static int read_model(struct making *m, const char *path, struct err *err)
{
	struct model_maker *maker = m->maker;
	const struct convert_options *o = maker->settings->options;
	const struct part_params params = {.operations_max = (int)o->operations,
					   .turned = turned_share(o->sweeps)};

	m->has_model = true;
	if (o->source == CONVERT_PARTS) {
		if (part_from_seed(&m->model, &params, o->seed, number_of(m->id), 0, &maker->arena,
				   err) < 0)
			return -1;
		deepcad_write(&m->model, &maker->made.json);
		return 0;
	}
	if (cad_file_form(path) != CAD_FILE_JSON)
		return read_vector(m, path, err);
	buf_clear(&maker->bytes);
	if (fs_read(path, DEEPCAD_BYTES_MAX, &maker->bytes, err) < 0 ||
	    deepcad_parse(&m->model, path, maker->bytes.data, maker->bytes.len, &maker->arena,
			  err) < 0)
		return -1;
	buf_bytes(&maker->made.json, maker->bytes.data, maker->bytes.len);
	return 0;
}

/* NULL on failure. A STEP file that is no layers of sketches has no model. */
static struct solid *read_solid(struct making *m, const char *path, struct err *err)
{
	struct solid *solid;

	if (m->maker->settings->options->source != CONVERT_STEP)
		return read_model(m, path, err) < 0 ? NULL : solid_from_deepcad(&m->model, err);
	solid = solid_read_step(path, err);
	if (!solid)
		return NULL;
	m->has_model = solid_to_deepcad(solid, &m->maker->arena, &m->model, err) == 0;
	if (m->has_model)
		deepcad_write(&m->model, &m->maker->made.json);
	return solid;
}

/* As the sheet tells it: from the lower end of its box, on the grid. Replaces the solid. */
static int make_canonical(struct making *m, struct solid **solid, struct err *err)
{
	struct arena *arena = &m->maker->arena;
	struct deepcad_model model = m->model;
	struct solid_measures measures;

	if (solid_measure_roughly(*solid, &measures, err) < 0 ||
	    cad_code_canonical(&m->model, &model, measures.lo, m->maker->settings->options->grid,
			       arena, err) < 0)
		return -1;
	solid_free(*solid);
	*solid = solid_from_deepcad(&m->model, err);
	return *solid ? 0 : -1;
}

/* On sheets radii are told, and middles of arcs are where these put them. */
static double fine_grid(const struct convert_options *o)
{
	return o->layout == CONVERT_DIMENSIONED ? o->grid / FINER : o->grid;
}

static int write_label(struct making *m, const struct solid *solid, struct err *err)
{
	const struct convert_options *o = m->maker->settings->options;
	struct buf *out = &m->maker->program;
	struct part part;

	buf_clear(out);
	if (m->has_model && o->language != CONVERT_FEATURES)
		return cad_code_write_fine(&m->model, (enum cad_code)o->language, o->grid,
					   fine_grid(o), out, err);
	if (part_from_solid(&part, solid, NULL, 0, &m->maker->arena, err) < 0)
		return -1;
	return part_label_write(&part, out, err);
}

static int draw_dimensioned(struct making *m, const struct solid *solid, struct err *err)
{
	struct model_maker *maker = m->maker;
	struct part_sheet sheet;
	struct sample sample;
	struct shown shown;
	struct image clean;

	if (part_sheet_make(&sheet, &maker->sample, solid, m->stream,
			    (enum part_sheet_section)maker->settings->options->section,
			    &maker->arena, err) < 0)
		return -1;
	m->sheet = sheet.sheet;
	m->style = sheet.style;
	sample = (struct sample){.index = m->stream,
				 .scene = sheet.scene,
				 .sheet = sheet.sheet,
				 .style = sheet.style,
				 .font = sheet.font,
				 .drawing = sheet.drawing};
	clean = image_from_drawing(maker->raster, &sheet.drawing, sheet.font);
	if (scanner_run(maker->scanner, &sample, &clean, &shown, &maker->arena, err) < 0)
		return -1;
	buf_clear(&maker->annotations);
	annotations_write(&shown.annotations, m->id, &maker->annotations);
	buf_char(&maker->annotations, '\n');
	maker->made.count = 0;
	return add_picture(m, &shown.image, &sheet.drawing, &sheet.scene, sheet.font,
			   model_picture_suffix(maker->settings->options, 0), err);
}

static int make(struct making *m, struct solid **solid, struct err *err)
{
	const struct convert_options *o = m->maker->settings->options;
	bool dimensioned = o->layout == CONVERT_DIMENSIONED;

	if ((dimensioned && m->has_model && make_canonical(m, solid, err) < 0) ||
	    write_label(m, *solid, err) < 0)
		return -1;
	if (dimensioned)
		return draw_dimensioned(m, *solid, err);
	m->count = o->view_count;
	if (model_views(m->views, o, *solid, &m->maker->arena, err) < 0)
		return -1;
	draw_style(m);
	return draw_pictures(m, err);
}

int model_maker_run(struct model_maker *maker, const char *id, const char *path,
		    const struct made_model **made, struct err *err)
{
	struct making making = {.maker = maker, .id = id, .stream = model_id_hash(id)};
	struct solid *solid;
	int rc;

	arena_reset(&maker->arena);
	buf_clear(&maker->made.json);
	solid = read_solid(&making, path, err);
	if (!solid)
		return -1;
	rc = make(&making, &solid, err);
	solid_free(solid);
	if (rc < 0)
		return -1;
	put_text(&making);
	*made = &maker->made;
	return 0;
}
