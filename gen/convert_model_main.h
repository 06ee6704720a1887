/* SPDX-License-Identifier: MIT */
/*
 * convert_model_main: one model, from its file or its number to its pictures and entries.
 *
 *	struct model_maker *maker = model_maker_new(&settings, &err);	(one a process)
 *	struct made_model made;
 *	if (model_maker_run(maker, "00000007", "SRC/0000/00000007.json", &made, &err) < 0) ...
 *	for (int i = 0; i < made.count; i++)
 *		... made.pictures[i].suffix, .png, .also[ALSO_SVG]
 *	model_maker_free(maker);
 *
 *	deepcad_parse, cad_file_read, solid_read_step or part_from_seed
 *		-> solid_from_deepcad -> model_views -> drawing_of_view(s), or part_sheet_make
 *				      -> traces_from_drawing -> image_from_drawing
 *				      -> scan_from_image -> image_encode_png
 *				      -> also_encode
 *		-> cad_code_write, or part_label_write
 *
 * A dimensioned sheet tells lengths, and neither how the solid was made nor where its origin was: its label is
 * cad_code_canonical's, from the lower end of the box.
 */
#ifndef GEN_CONVERT_MODEL_MAIN_H
#define GEN_CONVERT_MODEL_MAIN_H

#include "base/buf.h"
#include "base/err.h"
#include "formats/cad/cad_code.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/prompts.h"
#include "formats/scene/style_mix.h"
#include "gen/convert_options_main.h"

/* All that decides what becomes of a model. Borrowed, and read-only. */
struct model_settings {
	const struct convert_options *options;
	const struct style_mix *mix;
	const struct prompts *prompts;
};

/* One picture, and its drawing as curves. */
struct made_picture {
	const char *suffix; /* behind the id in its name: "_front", or "" */
	struct buf png;
	struct buf also[ALSO_COUNT_]; /* empty where it was not asked for */
};

/* The maker's until its next run. */
struct made_model {
	int count;
	struct made_picture pictures[CONVERT_VIEWS_MAX];
	struct buf text; /* its entries and annotations, as converted_add has them */
	struct buf json; /* the model, as DeepCAD has it; empty: there is none */
};

struct model_maker;

struct model_maker *model_maker_new(const struct model_settings *settings, struct err *err);
void model_maker_free(struct model_maker *maker);

/* What a model looks like depends on the settings, its id and its file, which parts do not have: their ids are
 * their numbers. The same failures as the functions above. */
int model_maker_run(struct model_maker *maker, const char *id, const char *path,
		    const struct made_model **made, struct err *err);

/* How many pictures there will be, and how their names go on behind the id; whether they are annotated. */
int model_picture_count(const struct convert_options *o);
const char *model_picture_suffix(const struct convert_options *o, int i);
bool model_is_annotated(const struct convert_options *o);

#endif
