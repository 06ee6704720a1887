/* SPDX-License-Identifier: MIT */
/*
 * The sections in the order of the DXF reference (Autodesk, AutoCAD 2000). The header names a handle
 * above all others and so is written last, and put first.
 */
#include <config.h>

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "formats/scene/turned.h"
#include "render/dxf/dxf.h"
#include "render/dxf/dxf_private.h"

#define DECIMALS 9
#define UNIT INT64_C(1000000000) /* 10^DECIMALS */

static void put_code(struct dxf *dxf, int code)
{
	buf_int(dxf->out, code);
	buf_char(dxf->out, '\n');
}

void dxf_string(struct dxf *dxf, int code, const char *value)
{
	put_code(dxf, code);
	buf_str(dxf->out, value);
	buf_char(dxf->out, '\n');
}

void dxf_integer(struct dxf *dxf, int code, int64_t value)
{
	put_code(dxf, code);
	buf_int(dxf->out, value);
	buf_char(dxf->out, '\n');
}

/* Twice the digits of buf_fixed behind the point would be noise, its six too few: a bulge carries a
 * radius a million times its own rounding. */
void dxf_real(struct dxf *dxf, int code, double value)
{
	int64_t v = llround(value * (double)UNIT), size = v < 0 ? -v : v;
	char text[40];
	int n;

	assert(fabs(value) < 1e9);
	n = snprintf(text, sizeof(text), "%s%" PRId64 ".%0*" PRId64, v < 0 ? "-" : "", size / UNIT,
		     DECIMALS, size % UNIT);
	while (text[n - 1] == '0' && text[n - 2] != '.')
		text[--n] = '\0';
	dxf_string(dxf, code, text);
}

void dxf_point(struct dxf *dxf, int code, struct vec p)
{
	dxf_real(dxf, code, p.x);
	dxf_real(dxf, code + 10, p.y);
	dxf_real(dxf, code + 20, 0);
}

void dxf_handle_ref(struct dxf *dxf, int code, uint32_t handle)
{
	char text[16];

	snprintf(text, sizeof(text), "%" PRIX32, handle);
	dxf_string(dxf, code, text);
}

void dxf_entity_for(struct dxf *dxf, const char *kind, uint32_t owner, const char *layer,
		    uint32_t reactor)
{
	dxf_string(dxf, 0, kind);
	dxf_handle_ref(dxf, 5, dxf->next_handle++);
	if (reactor != DXF_NOTHING) {
		dxf_string(dxf, 102, "{ACAD_REACTORS");
		dxf_handle_ref(dxf, 330, reactor);
		dxf_string(dxf, 102, "}");
	}
	dxf_handle_ref(dxf, 330, owner);
	dxf_string(dxf, 100, "AcDbEntity");
	if (owner == DXF_PAPER_SPACE)
		dxf_integer(dxf, 67, 1);
	dxf_string(dxf, 8, layer);
}

void dxf_entity(struct dxf *dxf, const char *kind, uint32_t owner, const char *layer)
{
	dxf_entity_for(dxf, kind, owner, layer, DXF_NOTHING);
}

struct vec dxf_model_point(const struct dxf *dxf, struct vec sheet)
{
	return vec_scale(vec_sub(sheet, dxf->drawing->datum), 1 / dxf->drawing->scale);
}

double dxf_model_length(const struct dxf *dxf, double sheet_mm)
{
	return sheet_mm / dxf->drawing->scale;
}

struct vec dxf_lower_left(const struct dxf *dxf)
{
	return dxf_model_point(dxf, vec(0, 0));
}

struct vec dxf_upper_right(const struct dxf *dxf)
{
	return dxf_model_point(dxf, vec(dxf->drawing->width_mm, dxf->drawing->height_mm));
}

static void see(bool *drawn, int dimension)
{
	if (dimension != DRAWING_NOBODY)
		drawn[dimension] = true;
}

/* All dimensions of which anything is drawn, and which arrowheads there are. */
static void find_dimensions(struct dxf *dxf)
{
	const struct drawing *d = dxf->drawing;
	int count = dxf->scene->dimension_count;
	bool *drawn = mem_alloc((size_t)count + 1, sizeof(*drawn));

	dxf->items = mem_alloc((size_t)count + 1, sizeof(*dxf->items));
	dxf->arrows[dxf->style->arrow] = true;
	for (int i = 0; i < d->stroke_count; i++)
		see(drawn, d->strokes[i].dimension);
	for (int i = 0; i < d->text_count; i++)
		see(drawn, d->texts[i].dimension);
	for (int i = 0; i < d->arrow_count; i++) {
		see(drawn, d->arrows[i].dimension);
		dxf->arrows[d->arrows[i].kind] = true;
	}
	for (int i = 0; i < count; i++) {
		struct dxf_item *item = &dxf->items[dxf->item_count];

		if (!drawn[i])
			continue;
		dxf->item_count++;
		item->dimension = i;
		item->style = style_of_dimension(dxf->style, i);
		item->parts = dxf_parts_of(dxf, i);
		if (item->parts.form < DXF_LINEAR)
			continue;
		item->record = dxf->next_handle++;
		snprintf(item->name, sizeof(item->name), "*D%d", ++dxf->block_count);
	}
	free(drawn);
}

static void begin_block(struct dxf *dxf, const char *name, uint32_t record)
{
	bool anonymous = name[1] == 'D';

	dxf_entity(dxf, "BLOCK", record, "0");
	dxf_string(dxf, 100, "AcDbBlockBegin");
	dxf_string(dxf, 2, name);
	dxf_integer(dxf, 70, anonymous);
	dxf_point(dxf, 10, vec(0, 0));
	dxf_string(dxf, 3, name);
	dxf_string(dxf, 1, "");
}

static void end_block(struct dxf *dxf, uint32_t record)
{
	dxf_entity(dxf, "ENDBLK", record, "0");
	dxf_string(dxf, 100, "AcDbBlockEnd");
}

static void begin_section(struct dxf *dxf, const char *name)
{
	dxf_string(dxf, 0, "SECTION");
	dxf_string(dxf, 2, name);
}

static void put_blocks(struct dxf *dxf)
{
	begin_block(dxf, "*Model_Space", DXF_MODEL_SPACE);
	end_block(dxf, DXF_MODEL_SPACE);
	begin_block(dxf, "*Paper_Space", DXF_PAPER_SPACE);
	end_block(dxf, DXF_PAPER_SPACE);
	for (int i = 0; i < ARROW_COUNT_; i++) {
		enum arrow_kind kind = (enum arrow_kind)i;

		if (!dxf->arrows[i] || !dxf_arrow_block(kind))
			continue;
		begin_block(dxf, dxf_arrow_block(kind), dxf_arrow_handle(kind));
		dxf_arrow_block_drawn(dxf, kind);
		end_block(dxf, dxf_arrow_handle(kind));
	}
	for (int i = 0; i < dxf->item_count; i++) {
		const struct dxf_item *item = &dxf->items[i];

		if (item->record == DXF_NOTHING)
			continue;
		begin_block(dxf, item->name, item->record);
		dxf_drawn(dxf, item->dimension, item->record);
		end_block(dxf, item->record);
	}
}

static void put_dimension(struct dxf *dxf, const struct dxf_item *item)
{
	switch (item->parts.form) {
	case DXF_PLAIN:
		dxf_drawn(dxf, item->dimension, DXF_MODEL_SPACE);
		break;
	case DXF_LEADER:
		dxf_leader(dxf, item);
		break;
	case DXF_LINEAR:
	case DXF_RADIAL:
	case DXF_ANGULAR:
	case DXF_ORDINATE:
		dxf_dimension(dxf, item);
		break;
	}
}

static void put_body(struct dxf *dxf)
{
	begin_section(dxf, "TABLES");
	dxf_tables(dxf);
	dxf_string(dxf, 0, "ENDSEC");
	begin_section(dxf, "BLOCKS");
	put_blocks(dxf);
	dxf_string(dxf, 0, "ENDSEC");
	begin_section(dxf, "ENTITIES");
	dxf_drawn(dxf, DRAWING_NOBODY, DXF_MODEL_SPACE);
	for (int i = 0; i < dxf->item_count; i++)
		put_dimension(dxf, &dxf->items[i]);
	dxf_string(dxf, 0, "ENDSEC");
	begin_section(dxf, "OBJECTS");
	dxf_objects(dxf);
	dxf_string(dxf, 0, "ENDSEC");
	dxf_string(dxf, 0, "EOF");
}

void dxf_from_drawing(const struct drawing *drawing, const struct scene *scene,
		      const struct style *style, struct buf *out)
{
	struct buf body = {0};
	struct arena arena = {0};
	struct dxf dxf = {.drawing = drawing,
			  .scene = scene,
			  .shown = turned_shown(scene, &arena),
			  .style = style,
			  .out = &body,
			  .next_handle = DXF_FIRST_FREE};

	find_dimensions(&dxf);
	put_body(&dxf);
	dxf.out = out;
	begin_section(&dxf, "HEADER");
	dxf_header(&dxf);
	dxf_string(&dxf, 0, "ENDSEC");
	buf_bytes(out, body.data, body.len);
	buf_free(&body);
	free(dxf.items);
	arena_free(&arena);
}
