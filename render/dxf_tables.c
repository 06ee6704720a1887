/* SPDX-License-Identifier: MIT */
/*
 * Header, tables and objects of a DXF file (Autodesk's DXF reference, AutoCAD 2000).
 *
 * The dimension style says what the drafter does, so that a dimension that is changed in a CAD
 * system comes out alike. Its distances are the sheet's mm; DIMSCALE makes model mm of them.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "render/dxf_private.h"

#define STYLE_NAME "Standard"

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

static void variable_integer(struct dxf *dxf, const char *name, int code, int64_t value)
{
	dxf_string(dxf, 9, name);
	dxf_integer(dxf, code, value);
}

static void variable_real(struct dxf *dxf, const char *name, double value)
{
	dxf_string(dxf, 9, name);
	dxf_real(dxf, 40, value);
}

static void variable_string(struct dxf *dxf, const char *name, int code, const char *value)
{
	dxf_string(dxf, 9, name);
	dxf_string(dxf, code, value);
}

/* The sheet's corners in model space. */
static struct vec lower_left(const struct dxf *dxf)
{
	return dxf_model_point(dxf, vec(0, 0));
}

static struct vec upper_right(const struct dxf *dxf)
{
	return dxf_model_point(dxf, vec(dxf->drawing->width_mm, dxf->drawing->height_mm));
}

/* V(name, code in the style, value): what the style holds, and the header as the current style.
 * Text above its line (DIMTAD), trailing zeros left out (DIMZIN, DIMAZIN), everything in three
 * decimals, which is what labels have. */
#define DIMENSION_REALS(V)                                                                         \
	V("$DIMSCALE", 40, 1 / dxf->drawing->scale)                                                \
	V("$DIMASZ", 41, dxf_arrow_block_mm(dxf))                                                  \
	V("$DIMEXO", 42, dxf->style->extension_gap_mm)                                             \
	V("$DIMDLI", 43, dxf->style->spacing_mm)                                                   \
	V("$DIMEXE", 44, dxf->style->extension_over_mm)                                            \
	V("$DIMTXT", 140, dxf->style->text_mm)                                                     \
	V("$DIMCEN", 141, 0)                                                                       \
	V("$DIMLFAC", 144, 1)                                                                      \
	V("$DIMGAP", 147, dxf->style->text_gap_mm)

#define DIMENSION_INTEGERS(V)                                                                      \
	V("$DIMTIH", 73, 0)                                                                        \
	V("$DIMTOH", 74, 0)                                                                        \
	V("$DIMTAD", 77, 1)                                                                        \
	V("$DIMZIN", 78, 8)                                                                        \
	V("$DIMAZIN", 79, 2)                                                                       \
	V("$DIMTOFL", 172, 1)                                                                      \
	V("$DIMADEC", 179, 3)                                                                      \
	V("$DIMDEC", 271, 3)                                                                       \
	V("$DIMAUNIT", 275, 0)                                                                     \
	V("$DIMLUNIT", 277, 2)                                                                     \
	V("$DIMDSEP", 278, style_decimal_mark(dxf->style))                                         \
	V("$DIMLWD", 371, dxf_line_weight(dxf->style->thin_mm))                                    \
	V("$DIMLWE", 372, dxf_line_weight(dxf->style->thin_mm))

void dxf_header(struct dxf *dxf)
{
	variable_string(dxf, "$ACADVER", 1, "AC1015");
	variable_string(dxf, "$DWGCODEPAGE", 3, "ANSI_1252");
	dxf_string(dxf, 9, "$INSBASE");
	dxf_point(dxf, 10, vec(0, 0));
	dxf_string(dxf, 9, "$EXTMIN");
	dxf_point(dxf, 10, lower_left(dxf));
	dxf_string(dxf, 9, "$EXTMAX");
	dxf_point(dxf, 10, upper_right(dxf));
	dxf_string(dxf, 9, "$LIMMIN");
	dxf_real(dxf, 10, lower_left(dxf).x);
	dxf_real(dxf, 20, lower_left(dxf).y);
	dxf_string(dxf, 9, "$LIMMAX");
	dxf_real(dxf, 10, upper_right(dxf).x);
	dxf_real(dxf, 20, upper_right(dxf).y);
	variable_real(dxf, "$LTSCALE", 1 / dxf->drawing->scale);
	variable_real(dxf, "$TEXTSIZE", dxf_model_length(dxf, dxf->style->text_mm));
	variable_string(dxf, "$TEXTSTYLE", 7, STYLE_NAME);
	variable_string(dxf, "$CLAYER", 8, "0");
	variable_integer(dxf, "$LUNITS", 70, 2);
	variable_integer(dxf, "$LUPREC", 70, 3);
	variable_integer(dxf, "$AUNITS", 70, 0);
	variable_integer(dxf, "$AUPREC", 70, 3);
	variable_integer(dxf, "$MEASUREMENT", 70, 1);
	variable_integer(dxf, "$INSUNITS", 70, 4); /* millimetres */
	variable_integer(dxf, "$LWDISPLAY", 290, 1);
	variable_integer(dxf, "$TILEMODE", 70, 1);
	variable_string(dxf, "$DIMSTYLE", 2, STYLE_NAME);
	variable_string(dxf, "$DIMTXSTY", 7, STYLE_NAME);
	variable_string(dxf, "$DIMBLK", 1, dxf_arrow_block(dxf) ? dxf_arrow_block(dxf) : "");
#define V(name, code, value) variable_real(dxf, name, value);
	DIMENSION_REALS(V)
#undef V
#define V(name, code, value) variable_integer(dxf, name, 70, value);
	DIMENSION_INTEGERS(V)
#undef V
	dxf_string(dxf, 9, "$HANDSEED");
	dxf_handle_ref(dxf, 5, dxf->next_handle);
}

static void begin_table(struct dxf *dxf, const char *name, uint32_t handle, int count)
{
	dxf_string(dxf, 0, "TABLE");
	dxf_string(dxf, 2, name);
	dxf_handle_ref(dxf, 5, handle);
	dxf_handle_ref(dxf, 330, DXF_NOTHING);
	dxf_string(dxf, 100, "AcDbSymbolTable");
	dxf_integer(dxf, 70, count);
}

static void end_table(struct dxf *dxf)
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

	begin_table(dxf, "VPORT", DXF_VIEWPORTS, 1);
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
	end_table(dxf);
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

	begin_table(dxf, "LTYPE", DXF_LINE_TYPES, LINE_COUNT_ + 2);
	put_line_type(dxf, "ByBlock", "", LINE_CONTINUOUS);
	put_line_type(dxf, "ByLayer", "", LINE_CONTINUOUS);
	for (int i = 0; i < LINE_COUNT_; i++)
		put_line_type(dxf, line_types[i], about[i], (enum line_type)i);
	end_table(dxf);
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
	begin_table(dxf, "LAYER", DXF_LAYERS, LAYER_COUNT_ + 1);
	put_layer(dxf, "0", LINE_CONTINUOUS, -3); /* -3: the default weight */
	for (int i = 0; i < LAYER_COUNT_; i++) {
		enum layer layer = (enum layer)i;

		put_layer(dxf, layer_name(layer), dxf_layer_line_type(layer),
			  dxf_line_weight(dxf_layer_width(dxf, layer)));
	}
	end_table(dxf);
}

/* isocp.shx, which CAD systems bring along, holds the letters of ISO 3098. */
static void put_text_styles(struct dxf *dxf)
{
	begin_table(dxf, "STYLE", DXF_TEXT_STYLES, 1);
	begin_record(dxf, "STYLE", "AcDbTextStyleTableRecord", STYLE_NAME, DXF_TEXT_STYLES,
		     DXF_TEXT_STYLE);
	dxf_integer(dxf, 70, 0);
	dxf_real(dxf, 40, 0);
	dxf_real(dxf, 41, 1);
	dxf_real(dxf, 50, 0);
	dxf_integer(dxf, 71, 0);
	dxf_real(dxf, 42, dxf_model_length(dxf, dxf->style->text_mm));
	dxf_string(dxf, 3, "isocp.shx");
	dxf_string(dxf, 4, "");
	end_table(dxf);
}

static void put_dimension_styles(struct dxf *dxf)
{
	begin_table(dxf, "DIMSTYLE", DXF_DIMENSION_STYLES, 1);
	dxf_string(dxf, 100, "AcDbDimStyleTable");
	dxf_string(dxf, 0, "DIMSTYLE");
	dxf_handle_ref(dxf, 105, dxf->next_handle++);
	dxf_handle_ref(dxf, 330, DXF_DIMENSION_STYLES);
	dxf_string(dxf, 100, "AcDbSymbolTableRecord");
	dxf_string(dxf, 100, "AcDbDimStyleTableRecord");
	dxf_string(dxf, 2, STYLE_NAME);
	dxf_integer(dxf, 70, 0);
#define V(name, code, value) dxf_real(dxf, code, value);
	DIMENSION_REALS(V)
#undef V
#define V(name, code, value) dxf_integer(dxf, code, value);
	DIMENSION_INTEGERS(V)
#undef V
	dxf_handle_ref(dxf, 340, DXF_TEXT_STYLE);
	if (dxf_arrow_block(dxf))
		dxf_handle_ref(dxf, 342, DXF_ARROW_BLOCK);
	end_table(dxf);
}

static void put_block_record(struct dxf *dxf, const char *name, uint32_t handle, uint32_t layout)
{
	begin_record(dxf, "BLOCK_RECORD", "AcDbBlockTableRecord", name, DXF_BLOCK_RECORDS, handle);
	dxf_handle_ref(dxf, 340, layout);
}

static void put_block_records(struct dxf *dxf)
{
	const char *arrow = dxf_arrow_block(dxf);

	begin_table(dxf, "BLOCK_RECORD", DXF_BLOCK_RECORDS, 2 + (arrow != NULL) + dxf->block_count);
	put_block_record(dxf, "*Model_Space", DXF_MODEL_SPACE, DXF_MODEL_LAYOUT);
	put_block_record(dxf, "*Paper_Space", DXF_PAPER_SPACE, DXF_PAPER_LAYOUT);
	if (arrow)
		put_block_record(dxf, arrow, DXF_ARROW_BLOCK, DXF_NOTHING);
	for (int i = 0; i < dxf->block_count; i++)
		put_block_record(dxf, dxf->blocks[i].name, dxf->blocks[i].record, DXF_NOTHING);
	end_table(dxf);
}

void dxf_tables(struct dxf *dxf)
{
	put_viewports(dxf);
	put_line_types(dxf);
	put_layers(dxf);
	put_text_styles(dxf);
	begin_table(dxf, "VIEW", DXF_VIEWS, 0);
	end_table(dxf);
	begin_table(dxf, "UCS", DXF_UCS, 0);
	end_table(dxf);
	begin_table(dxf, "APPID", DXF_APPLICATIONS, 1);
	begin_record(dxf, "APPID", "AcDbRegAppTableRecord", "ACAD", DXF_APPLICATIONS, DXF_NOTHING);
	dxf_integer(dxf, 70, 0);
	end_table(dxf);
	put_dimension_styles(dxf);
	put_block_records(dxf);
}

static void begin_dictionary(struct dxf *dxf, uint32_t handle, uint32_t owner)
{
	dxf_string(dxf, 0, "DICTIONARY");
	dxf_handle_ref(dxf, 5, handle);
	dxf_handle_ref(dxf, 330, owner);
	dxf_string(dxf, 100, "AcDbDictionary");
	dxf_integer(dxf, 281, 1);
}

static void put_entry(struct dxf *dxf, const char *name, uint32_t handle)
{
	dxf_string(dxf, 3, name);
	dxf_handle_ref(dxf, 350, handle);
}

/* Plots the sheet at the drawing's scale. */
static void put_plot_settings(struct dxf *dxf, bool model)
{
	const struct drawing *d = dxf->drawing;

	dxf_string(dxf, 100, "AcDbPlotSettings");
	dxf_string(dxf, 1, "");
	dxf_string(dxf, 2, "none_device");
	dxf_string(dxf, 4, "");
	dxf_string(dxf, 6, "");
	for (int code = 40; code <= 43; code++)
		dxf_real(dxf, code, 0);
	dxf_real(dxf, 44, d->width_mm);
	dxf_real(dxf, 45, d->height_mm);
	for (int code = 46; code <= 49; code++)
		dxf_real(dxf, code, 0);
	dxf_real(dxf, 140, 0);
	dxf_real(dxf, 141, 0);
	dxf_real(dxf, 142, model ? dxf->scene->scale_paper : 1);
	dxf_real(dxf, 143, model ? dxf->scene->scale_real : 1);
	dxf_integer(dxf, 70, model ? 1024 : 0);
	dxf_integer(dxf, 72, 1); /* paper in mm */
	dxf_integer(dxf, 73, 0);
	dxf_integer(dxf, 74, model ? 2 : 5); /* the limits; the layout */
	dxf_string(dxf, 7, "");
	dxf_integer(dxf, 75, 16);
	dxf_real(dxf, 147, model ? d->scale : 1);
	dxf_real(dxf, 148, 0);
	dxf_real(dxf, 149, 0);
}

static void put_layout(struct dxf *dxf, const char *name, bool model)
{
	struct vec low = model ? lower_left(dxf) : vec(0, 0);
	struct vec high =
		model ? upper_right(dxf) : vec(dxf->drawing->width_mm, dxf->drawing->height_mm);

	dxf_string(dxf, 0, "LAYOUT");
	dxf_handle_ref(dxf, 5, model ? DXF_MODEL_LAYOUT : DXF_PAPER_LAYOUT);
	dxf_handle_ref(dxf, 330, DXF_LAYOUTS);
	put_plot_settings(dxf, model);
	dxf_string(dxf, 100, "AcDbLayout");
	dxf_string(dxf, 1, name);
	dxf_integer(dxf, 70, 1);
	dxf_integer(dxf, 71, !model);
	dxf_real(dxf, 10, low.x);
	dxf_real(dxf, 20, low.y);
	dxf_real(dxf, 11, high.x);
	dxf_real(dxf, 21, high.y);
	dxf_point(dxf, 12, vec(0, 0));
	dxf_point(dxf, 14, low);
	dxf_point(dxf, 15, high);
	dxf_real(dxf, 146, 0);
	dxf_point(dxf, 13, vec(0, 0));
	dxf_point(dxf, 16, vec(1, 0));
	dxf_point(dxf, 17, vec(0, 1));
	dxf_integer(dxf, 76, 0);
	dxf_handle_ref(dxf, 330, model ? DXF_MODEL_SPACE : DXF_PAPER_SPACE);
}

void dxf_objects(struct dxf *dxf)
{
	begin_dictionary(dxf, DXF_ROOT, DXF_NOTHING);
	put_entry(dxf, "ACAD_GROUP", DXF_GROUPS);
	put_entry(dxf, "ACAD_LAYOUT", DXF_LAYOUTS);
	begin_dictionary(dxf, DXF_GROUPS, DXF_ROOT);
	begin_dictionary(dxf, DXF_LAYOUTS, DXF_ROOT);
	put_entry(dxf, "Model", DXF_MODEL_LAYOUT);
	put_entry(dxf, "Layout1", DXF_PAPER_LAYOUT);
	put_layout(dxf, "Model", true);
	put_layout(dxf, "Layout1", false);
}
