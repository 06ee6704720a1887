/* SPDX-License-Identifier: MIT */
/* Tables of a DXF file (Autodesk's DXF reference, AutoCAD 2000). */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "render/dxf/dxf_private.h"

#define VIEW_MARGIN_MM 15.0 /* of a named view: its dimensions stand there */

static const char *const line_types[LINE_COUNT_] = {
	[LINE_CONTINUOUS] = "Continuous",
	[LINE_CHAIN] = "CENTER",
	[LINE_DASHED] = "DASHED",
	[LINE_PHANTOM] = "PHANTOM",
};

const char *dxf_line_type(enum line_type line_type)
{
	return line_types[line_type];
}

int dxf_line_weight(double width_mm)
{
	static const int known[] = {5,  9,  13, 15, 18,  20,  25,  30,  35,  40,  50, 53,
				    60, 70, 80, 90, 100, 106, 120, 140, 158, 200, 211};
	int best = known[0];

	for (size_t i = 1; i < sizeof(known) / sizeof(*known); i++)
		if (fabs(known[i] - 100 * width_mm) < fabs(best - 100 * width_mm))
			best = known[i];
	return best;
}

enum line_type dxf_layer_line_type(enum layer layer)
{
	switch (layer) {
	case LAYER_CENTRE:
	case LAYER_SECTION:
		return LINE_CHAIN;
	case LAYER_HIDDEN:
		return LINE_DASHED;
	default:
		return LINE_CONTINUOUS;
	}
}

double dxf_layer_width(const struct dxf *dxf, enum layer layer)
{
	bool thick = layer == LAYER_OUTLINE || layer == LAYER_FRAME;

	return thick ? dxf->style->thick_mm : dxf->style->thin_mm;
}

void dxf_begin_table(struct dxf *dxf, const char *name, uint32_t handle, int count)
{
	dxf_string(dxf, 0, "TABLE");
	dxf_string(dxf, 2, name);
	dxf_handle_ref(dxf, 5, handle);
	dxf_handle_ref(dxf, 330, DXF_NOTHING);
	dxf_string(dxf, 100, "AcDbSymbolTable");
	dxf_integer(dxf, 70, count);
}

void dxf_end_table(struct dxf *dxf)
{
	dxf_string(dxf, 0, "ENDTAB");
}

/* handle: DXF_NOTHING for the next free one. */
static void begin_record(struct dxf *dxf, const char *kind, const char *subclass, const char *name,
			 uint32_t table, uint32_t handle)
{
	dxf_string(dxf, 0, kind);
	dxf_handle_ref(dxf, 5, handle ? handle : dxf->next_handle++);
	dxf_handle_ref(dxf, 330, table);
	dxf_string(dxf, 100, "AcDbSymbolTableRecord");
	dxf_string(dxf, 100, subclass);
	dxf_string(dxf, 2, name);
}

/* The whole sheet in view. */
static void put_viewports(struct dxf *dxf)
{
	const struct drawing *d = dxf->drawing;
	struct vec centre = dxf_model_point(dxf, vec(d->width_mm / 2, d->height_mm / 2));

	dxf_begin_table(dxf, "VPORT", DXF_VIEWPORTS, 1);
	begin_record(dxf, "VPORT", "AcDbViewportTableRecord", "*Active", DXF_VIEWPORTS,
		     DXF_NOTHING);
	dxf_integer(dxf, 70, 0);
	for (int code = 10; code <= 15; code++) {
		bool ones = code == 11 || code == 14 || code == 15; /* corner, snap, grid */
		struct vec p = code == 12 ? centre : ones ? vec(1, 1) : vec(0, 0);

		dxf_real(dxf, code, p.x);
		dxf_real(dxf, code + 10, p.y);
	}
	dxf_real(dxf, 16, 0); /* seen from above */
	dxf_real(dxf, 26, 0);
	dxf_real(dxf, 36, 1);
	dxf_point(dxf, 17, vec(0, 0));
	dxf_real(dxf, 40, dxf_model_length(dxf, d->height_mm));
	dxf_real(dxf, 41, d->width_mm / d->height_mm);
	dxf_real(dxf, 42, 50);
	dxf_real(dxf, 43, 0);
	dxf_real(dxf, 44, 0);
	dxf_real(dxf, 50, 0);
	dxf_real(dxf, 51, 0);
	dxf_integer(dxf, 71, 0);
	dxf_integer(dxf, 72, 1000);
	dxf_integer(dxf, 73, 1);
	dxf_integer(dxf, 74, 3);
	for (int code = 75; code <= 78; code++)
		dxf_integer(dxf, code, 0);
	dxf_end_table(dxf);
}

static void put_view(struct dxf *dxf, const struct view *view)
{
	double width = view->box.x1 - view->box.x0 + 2 * VIEW_MARGIN_MM;
	double height = view->box.y1 - view->box.y0 + 2 * VIEW_MARGIN_MM;
	struct vec centre =
		vec((view->box.x0 + view->box.x1) / 2, (view->box.y0 + view->box.y1) / 2);

	begin_record(dxf, "VIEW", "AcDbViewTableRecord", view->name, DXF_VIEWS, DXF_NOTHING);
	dxf_integer(dxf, 70, 0);
	dxf_real(dxf, 40, dxf_model_length(dxf, height));
	centre = dxf_model_point(dxf, centre);
	dxf_real(dxf, 10, centre.x);
	dxf_real(dxf, 20, centre.y);
	dxf_real(dxf, 41, dxf_model_length(dxf, width));
	dxf_real(dxf, 11, 0); /* seen from above */
	dxf_real(dxf, 21, 0);
	dxf_real(dxf, 31, 1);
	dxf_point(dxf, 12, vec(0, 0));
	dxf_real(dxf, 42, 50);
	dxf_real(dxf, 43, 0);
	dxf_real(dxf, 44, 0);
	dxf_real(dxf, 50, 0);
	dxf_integer(dxf, 71, 0);
	dxf_integer(dxf, 281, 0);
	dxf_integer(dxf, 72, 0);
}

/* The drawing's views by their names, to look at each alone. */
static void put_views(struct dxf *dxf)
{
	const struct drawing *d = dxf->drawing;

	dxf_begin_table(dxf, "VIEW", DXF_VIEWS, d->view_count);
	for (int i = 0; i < d->view_count; i++)
		put_view(dxf, &d->views[i]);
	dxf_end_table(dxf);
}

/* Dashes as the rasteriser's: lengths above 0 are drawn, below 0 left out. LTSCALE does the rest. */
static void put_line_type(struct dxf *dxf, const char *name, const char *about,
			  enum line_type line_type)
{
	int dashes;
	const double *dash = line_type_dashes(line_type, &dashes);
	double length = 0, width = dxf->style->thin_mm;

	for (int i = 0; i < dashes; i++)
		length += dash[i] * width;
	begin_record(dxf, "LTYPE", "AcDbLinetypeTableRecord", name, DXF_LINE_TYPES, DXF_NOTHING);
	dxf_integer(dxf, 70, 0);
	dxf_string(dxf, 3, about);
	dxf_integer(dxf, 72, 'A');
	dxf_integer(dxf, 73, dashes);
	dxf_real(dxf, 40, length);
	for (int i = 0; i < dashes; i++) {
		dxf_real(dxf, 49, (i % 2 ? -dash[i] : dash[i]) * width);
		dxf_integer(dxf, 74, 0);
	}
}

static void put_line_types(struct dxf *dxf)
{
	static const char *const about[LINE_COUNT_] = {
		[LINE_CONTINUOUS] = "Solid line",
		[LINE_CHAIN] = "Center ____ . ____ . ____",
		[LINE_DASHED] = "Dashed __ __ __ __ __ __",
		[LINE_PHANTOM] = "Phantom ____ . . ____ . .",
	};

	dxf_begin_table(dxf, "LTYPE", DXF_LINE_TYPES, LINE_COUNT_ + 2);
	put_line_type(dxf, "ByBlock", "", LINE_CONTINUOUS);
	put_line_type(dxf, "ByLayer", "", LINE_CONTINUOUS);
	for (int i = 0; i < LINE_COUNT_; i++)
		put_line_type(dxf, line_types[i], about[i], (enum line_type)i);
	dxf_end_table(dxf);
}

static void put_layer(struct dxf *dxf, const char *name, enum line_type line_type, int weight)
{
	begin_record(dxf, "LAYER", "AcDbLayerTableRecord", name, DXF_LAYERS, DXF_NOTHING);
	dxf_integer(dxf, 70, 0);
	dxf_integer(dxf, 62, 7); /* black on paper, white on a dark screen */
	dxf_string(dxf, 6, dxf_line_type(line_type));
	dxf_integer(dxf, 370, weight);
}

static void put_layers(struct dxf *dxf)
{
	dxf_begin_table(dxf, "LAYER", DXF_LAYERS, LAYER_COUNT_ + 1);
	put_layer(dxf, "0", LINE_CONTINUOUS, -3); /* -3: the default weight */
	for (int i = 0; i < LAYER_COUNT_; i++) {
		enum layer layer = (enum layer)i;

		put_layer(dxf, layer_name(layer), dxf_layer_line_type(layer),
			  dxf_line_weight(dxf_layer_width(dxf, layer)));
	}
	dxf_end_table(dxf);
}

/* isocp.shx, which CAD systems bring along, holds the letters of ISO 3098. */
static void put_text_styles(struct dxf *dxf)
{
	dxf_begin_table(dxf, "STYLE", DXF_TEXT_STYLES, 1);
	begin_record(dxf, "STYLE", "AcDbTextStyleTableRecord", DXF_STANDARD, DXF_TEXT_STYLES,
		     DXF_TEXT_STYLE);
	dxf_integer(dxf, 70, 0);
	dxf_real(dxf, 40, 0);
	dxf_real(dxf, 41, 1);
	dxf_real(dxf, 50, 0);
	dxf_integer(dxf, 71, 0);
	dxf_real(dxf, 42, dxf_model_length(dxf, dxf->style->text_mm));
	dxf_string(dxf, 3, "isocp.shx");
	dxf_string(dxf, 4, "");
	dxf_end_table(dxf);
}

static void put_block_record(struct dxf *dxf, const char *name, uint32_t handle, uint32_t layout)
{
	begin_record(dxf, "BLOCK_RECORD", "AcDbBlockTableRecord", name, DXF_BLOCK_RECORDS, handle);
	dxf_handle_ref(dxf, 340, layout);
}

static void put_block_records(struct dxf *dxf)
{
	int count = 2 + dxf->block_count;

	for (int i = 0; i < ARROW_COUNT_; i++)
		count += dxf->arrows[i] && dxf_arrow_block((enum arrow_kind)i);
	dxf_begin_table(dxf, "BLOCK_RECORD", DXF_BLOCK_RECORDS, count);
	put_block_record(dxf, "*Model_Space", DXF_MODEL_SPACE, DXF_MODEL_LAYOUT);
	put_block_record(dxf, "*Paper_Space", DXF_PAPER_SPACE, DXF_PAPER_LAYOUT);
	for (int i = 0; i < ARROW_COUNT_; i++) {
		enum arrow_kind kind = (enum arrow_kind)i;

		if (dxf->arrows[i] && dxf_arrow_block(kind))
			put_block_record(dxf, dxf_arrow_block(kind), dxf_arrow_handle(kind),
					 DXF_NOTHING);
	}
	for (int i = 0; i < dxf->item_count; i++)
		if (dxf->items[i].record != DXF_NOTHING)
			put_block_record(dxf, dxf->items[i].name, dxf->items[i].record,
					 DXF_NOTHING);
	dxf_end_table(dxf);
}

void dxf_tables(struct dxf *dxf)
{
	put_viewports(dxf);
	put_line_types(dxf);
	put_layers(dxf);
	put_text_styles(dxf);
	put_views(dxf);
	dxf_begin_table(dxf, "UCS", DXF_UCS, 0);
	dxf_end_table(dxf);
	dxf_begin_table(dxf, "APPID", DXF_APPLICATIONS, 1);
	begin_record(dxf, "APPID", "AcDbRegAppTableRecord", "ACAD", DXF_APPLICATIONS, DXF_NOTHING);
	dxf_integer(dxf, 70, 0);
	dxf_end_table(dxf);
	dxf_dimension_style(dxf);
	put_block_records(dxf);
}
