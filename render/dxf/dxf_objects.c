/* SPDX-License-Identifier: MIT */
/* The objects of a DXF file: its two layouts, and the dictionaries that name them. */
#include <config.h>

#include "render/dxf/dxf_private.h"

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

/* The scene's scale as its two numbers; without one, what the drawing was made in. */
static void put_scale(struct dxf *dxf, bool model)
{
	const struct scene *scene = dxf->scene;
	bool whole = scene->scale_real > 0;

	if (model && whole) {
		dxf_real(dxf, 142, scene->scale_paper * unit_mm(scene->unit));
		dxf_real(dxf, 143, scene->scale_real);
		return;
	}
	dxf_real(dxf, 142, model ? dxf->drawing->scale : 1);
	dxf_real(dxf, 143, 1);
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
	put_scale(dxf, model);
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
	struct vec low = model ? dxf_lower_left(dxf) : vec(0, 0);
	struct vec high =
		model ? dxf_upper_right(dxf) : vec(dxf->drawing->width_mm, dxf->drawing->height_mm);

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
