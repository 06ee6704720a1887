/* SPDX-License-Identifier: MIT */
/*
 * dxf_private: what the dxf*.c files share; not for other modules.
 *
 *	dxf.c            the file, section by section; its groups
 *	dxf_tables.c     header, tables and objects: all that is not drawn
 *	dxf_entities.c   lines, curves, texts
 *	dxf_arrows.c     arrowheads, and the block that a dimension style names for them
 *	dxf_dimension.c  DIMENSION
 */
#ifndef RENDER_DXF_PRIVATE_H
#define RENDER_DXF_PRIVATE_H

#include <stdint.h>

#include "base/buf.h"
#include "formats/drawing.h"
#include "formats/scene.h"
#include "formats/style.h"

/* Handles of what every file has; those of what is drawn follow. */
enum dxf_handle {
	DXF_NOTHING,
	DXF_LAYERS,
	DXF_LINE_TYPES,
	DXF_APPLICATIONS,
	DXF_DIMENSION_STYLES,
	DXF_TEXT_STYLES,
	DXF_UCS,
	DXF_VIEWS,
	DXF_VIEWPORTS,
	DXF_BLOCK_RECORDS,
	DXF_ROOT,
	DXF_GROUPS,
	DXF_LAYOUTS,
	DXF_MODEL_SPACE,
	DXF_PAPER_SPACE,
	DXF_MODEL_LAYOUT,
	DXF_PAPER_LAYOUT,
	DXF_TEXT_STYLE,
	DXF_ARROW_BLOCK,
	DXF_FIRST_FREE,
};

/* A dimension that is drawn and its block. */
struct dxf_block {
	int dimension;   /* index into the scene */
	uint32_t record; /* handle of its BLOCK_RECORD */
	char name[16];   /* *D1 */
};

struct dxf {
	const struct drawing *drawing;
	const struct scene *scene;
	const struct style *style;
	struct buf *out;
	uint32_t next_handle;
	int block_count;
	struct dxf_block blocks[SCENE_DIMENSIONS_MAX];
};

/* dxf.c: groups, a line with the code and one with the value. Reals have up to 9 decimals. A point
 * is three of them: x at `code`, y at code + 10, z, which is 0, at code + 20. */
void dxf_string(struct dxf *dxf, int code, const char *value);
void dxf_integer(struct dxf *dxf, int code, int64_t value);
void dxf_real(struct dxf *dxf, int code, double value);
void dxf_point(struct dxf *dxf, int code, struct vec p);
void dxf_handle_ref(struct dxf *dxf, int code, uint32_t handle);

/* Lettering with the characters that DXF writes in its own way: %%c, %%d, %%p, \U+XXXX. */
void dxf_lettering(struct dxf *dxf, int code, const char *utf8);

/* Begins something drawn, with a handle of its own: all up to its layer. */
void dxf_entity(struct dxf *dxf, const char *kind, uint32_t owner, const char *layer);

/* Sheet mm to model space. */
struct vec dxf_model_point(const struct dxf *dxf, struct vec sheet);
double dxf_model_length(const struct dxf *dxf, double sheet_mm);

/* dxf_tables.c */
void dxf_header(struct dxf *dxf); /* next_handle is that of the whole file */
void dxf_tables(struct dxf *dxf);
void dxf_objects(struct dxf *dxf);

/* Names of line types, and the nearest line weight that DXF knows, in 1/100 mm. */
const char *dxf_line_type(enum line_type line_type);
int dxf_line_weight(double width_mm);

/* What a layer has, so that strokes say only what they have of their own. */
enum line_type dxf_layer_line_type(enum layer layer);
double dxf_layer_width(const struct dxf *dxf, enum layer layer);

/* dxf_entities.c: what of the drawing belongs to the dimension (or DRAWING_NOBODY), into `owner`. */
void dxf_drawn(struct dxf *dxf, int dimension, uint32_t owner);

/* dxf_arrows.c: the arrowhead as drawn, into `owner`. */
void dxf_arrow(struct dxf *dxf, const struct arrow *arrow, uint32_t owner);

/* The block that the style's arrowheads are in CAD systems, NULL where they need none (filled); the
 * size to insert it at; and what it holds, into DXF_ARROW_BLOCK. */
const char *dxf_arrow_block(const struct dxf *dxf);
double dxf_arrow_block_mm(const struct dxf *dxf);
void dxf_arrow_block_drawn(struct dxf *dxf);

/* dxf_dimension.c */
void dxf_dimension(struct dxf *dxf, const struct dxf_block *block);

#endif
