/* SPDX-License-Identifier: MIT */
/*
 * dxf_private: what the dxf*.c files share; not for other modules.
 *
 *	dxf.c            the file, section by section; its groups
 *	dxf_header.c     header and dimension style: what the file says of itself
 *	dxf_tables.c     the other tables
 *	dxf_objects.c    dictionaries and layouts
 *	dxf_entities.c   lines, curves, texts
 *	dxf_arrows.c     arrowheads, and the blocks that dimension styles name for them
 *	dxf_parts.c      what of the drawing is one dimension, and what it is in a DXF file
 *	dxf_lettering.c  what is written on it
 *	dxf_dimension.c  DIMENSION
 *	dxf_leader.c     LEADER with its MTEXT
 */
#ifndef RENDER_DXF_PRIVATE_H
#define RENDER_DXF_PRIVATE_H

#include <stdint.h>

#include "base/buf.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"

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
	DXF_ARROW_BLOCKS, /* one for each kind */
	DXF_FIRST_FREE = DXF_ARROW_BLOCKS + ARROW_COUNT_,
};

/* The name of the text style, and of the dimension style. */
#define DXF_STANDARD "Standard"

/* What a dimension of the drawing becomes. */
enum dxf_form {
	DXF_PLAIN,  /* nothing that measures: its lines and texts by themselves */
	DXF_LEADER, /* LEADER and MTEXT */
	DXF_LINEAR, /* from here on DIMENSION, with a block */
	DXF_RADIAL,
	DXF_ANGULAR,
	DXF_ORDINATE,
};

#define DXF_PARTS_MAX 8

/* What of the drawing belongs to one dimension, each list in the order it was drawn. */
struct dxf_parts {
	enum dxf_form form;
	int extension_count, line_count, arrow_count;
	const struct stroke *extensions[DXF_PARTS_MAX], *lines[DXF_PARTS_MAX];
	const struct arrow *arrows[DXF_PARTS_MAX];
	const struct stroke *arc; /* NULL: none */
	double gap_mm;            /* before extension lines */
	struct dimension_texts texts;
	struct vec from, to;  /* linear: what is measured between; from: radial: the centre;
			       * ordinate: what is measured, and where its line ends */
	struct vec direction; /* linear: along the dimension line, unit */
	int leader_count;     /* leader: points, from the tip to the end of the shelf */
	struct vec leader[DXF_PARTS_MAX + 1];
};

/* A dimension that is drawn. */
struct dxf_item {
	int dimension; /* index into the scene */
	const struct style *style;
	struct dxf_parts parts;
	uint32_t record; /* handle of its BLOCK_RECORD; DXF_NOTHING: no block */
	char name[16];   /* *D1 */
};

struct dxf {
	const struct drawing *drawing;
	const struct scene *scene;
	struct scene shown; /* the same as it is drawn, which is what DIMENSIONs measure */
	const struct style *style;
	struct buf *out;
	uint32_t next_handle;
	bool arrows[ARROW_COUNT_]; /* kinds that need a block */
	int item_count, block_count;
	struct dxf_item *items; /* owned */
};

/* dxf.c: groups, a line with the code and one with the value. Reals have up to 9 decimals. A point
 * is three of them: x at `code`, y at code + 10, z, which is 0, at code + 20. */
void dxf_string(struct dxf *dxf, int code, const char *value);
void dxf_integer(struct dxf *dxf, int code, int64_t value);
void dxf_real(struct dxf *dxf, int code, double value);
void dxf_point(struct dxf *dxf, int code, struct vec p);
void dxf_handle_ref(struct dxf *dxf, int code, uint32_t handle);

/* Begins something drawn, with a handle of its own: all up to its layer. */
void dxf_entity(struct dxf *dxf, const char *kind, uint32_t owner, const char *layer);

/* The same of something that is told when the entity `reactor` changes. */
void dxf_entity_for(struct dxf *dxf, const char *kind, uint32_t owner, const char *layer,
		    uint32_t reactor);

/* Sheet mm to model space. */
struct vec dxf_model_point(const struct dxf *dxf, struct vec sheet);
double dxf_model_length(const struct dxf *dxf, double sheet_mm);

/* The sheet's corners in model space. */
struct vec dxf_lower_left(const struct dxf *dxf);
struct vec dxf_upper_right(const struct dxf *dxf);

/* dxf_header.c */
void dxf_header(struct dxf *dxf); /* next_handle is that of the whole file */
void dxf_dimension_style(struct dxf *dxf);

/* How dimensions in a style print lengths: decimals, and DIMZIN; of angles, DIMAZIN. */
int dxf_decimals(const struct style *style);
int dxf_zeros(const struct style *style);
int dxf_angle_zeros(const struct style *style);

/* What of the dimension style does not hold for the entity that ends here: another kind of
 * arrowhead, a box round the text, all that its own style has otherwise. */
void dxf_overrides(struct dxf *dxf, const struct dxf_item *item);

/* dxf_tables.c */
void dxf_tables(struct dxf *dxf);
void dxf_begin_table(struct dxf *dxf, const char *name, uint32_t handle, int count);
void dxf_end_table(struct dxf *dxf);

/* Names of line types, and the nearest line weight that DXF knows, in 1/100 mm. */
const char *dxf_line_type(enum line_type line_type);
int dxf_line_weight(double width_mm);

/* What a layer has, so that strokes say only what they have of their own. */
enum line_type dxf_layer_line_type(enum layer layer);
double dxf_layer_width(const struct dxf *dxf, enum layer layer);

/* dxf_objects.c */
void dxf_objects(struct dxf *dxf);

/* dxf_entities.c: a stroke or text as drawn; all that belongs to the dimension (or DRAWING_NOBODY);
 * into `owner`. */
void dxf_stroke(struct dxf *dxf, const struct stroke *stroke, uint32_t owner);
void dxf_drawn(struct dxf *dxf, int dimension, uint32_t owner);

/* Within 0 <= degrees < 360. */
double dxf_degrees(double rad);

/* dxf_arrows.c: the arrowhead as drawn, into `owner`. */
void dxf_arrow(struct dxf *dxf, const struct arrow *arrow, uint32_t owner);

/* The block that such arrowheads are in CAD systems, NULL where they need none (filled); its handle,
 * DXF_NOTHING likewise; the size to insert it at for the style's arrowheads; what it holds. */
const char *dxf_arrow_block(enum arrow_kind kind);
uint32_t dxf_arrow_handle(enum arrow_kind kind);
double dxf_arrow_block_mm(const struct style *style, enum arrow_kind kind);
void dxf_arrow_block_drawn(struct dxf *dxf, enum arrow_kind kind);

/* dxf_parts.c */
struct dxf_parts dxf_parts_of(const struct dxf *dxf, int dimension);

/* dxf_lettering.c: lettering with the characters that DXF writes in its own way: %%c, %%d, %%p,
 * \U+XXXX. */
void dxf_lettering(struct dxf *dxf, int code, const char *utf8);

/* What an MTEXT holds to say it, stacks included, at `code`. */
void dxf_mtext(struct dxf *dxf, int code, const struct dxf_item *item);

/* The same of a DIMENSION whose value the CAD system would print as `measured`, in which "<>" stands
 * for that; nothing is put where that is all. */
void dxf_dimension_text(struct dxf *dxf, int code, const struct dxf_item *item,
			const char *measured);

/* What the CAD system prints in the style for a value in thousandths, with the sign before it ("R", "⌀" or "")
 * or, of an angle, behind it. */
void dxf_measured(const struct style *style, const char *sign, int64_t value, bool angle,
		  struct buf *out);

/* The middle of all that is printed, on the sheet. */
struct vec dxf_texts_middle(const struct dimension_texts *texts);

/* dxf_dimension.c; dxf_leader.c */
void dxf_dimension(struct dxf *dxf, const struct dxf_item *item);
void dxf_leader(struct dxf *dxf, const struct dxf_item *item);

/* What the dimension measures, in thousandths: its value, or of equal spaces their sum. */
int64_t dxf_measurement(const struct dxf *dxf, int dimension);

#endif
