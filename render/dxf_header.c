/* SPDX-License-Identifier: MIT */
/*
 * Header and dimension style (Autodesk's DXF reference, AutoCAD 2000).
 *
 * The dimension style says what the drafter does, so that a dimension that is changed in a CAD
 * system comes out alike. Its distances are the sheet's mm; DIMSCALE makes model units of them. What
 * one dimension has of its own follows it as extended data of ACAD.
 */
#include <config.h>

#include "render/dxf_private.h"

/* Places of a number in thousandths. */
#define PLACES 3

/* DIMZIN and DIMAZIN: which zeros are left out. */
enum { LENGTH_LEADING = 4, LENGTH_TRAILING = 8, ANGLE_LEADING = 1, ANGLE_TRAILING = 2 };

/* Codes of variables in a dimension style, and so in extended data. */
enum { CODE_DIMASZ = 41, CODE_DIMGAP = 147, CODE_DIMLDRBLK = 341, CODE_DIMBLK = 342 };

static bool has_leading_zeros(const struct dxf *dxf)
{
	return dxf->style->leading_zero == STYLE_ZERO_YES;
}

/* A style of `decimals` prints as many, or more; the others state their text. */
int dxf_decimals(const struct dxf *dxf)
{
	return dxf->style->decimals ? dxf->style->decimals : PLACES;
}

int dxf_zeros(const struct dxf *dxf)
{
	return (has_leading_zeros(dxf) ? 0 : LENGTH_LEADING) |
	       (dxf->style->decimals ? 0 : LENGTH_TRAILING);
}

int dxf_angle_zeros(const struct dxf *dxf)
{
	return (has_leading_zeros(dxf) ? 0 : ANGLE_LEADING) | ANGLE_TRAILING;
}

/* Lettering is level whatever its line's direction; it stands above its line. */
static bool is_level(const struct dxf *dxf)
{
	return dxf->style->layout == STYLE_LAYOUT_REFERENCED ||
	       dxf->style->layout == STYLE_LAYOUT_INLINE;
}

static bool is_above(const struct dxf *dxf)
{
	return dxf->style->layout == STYLE_LAYOUT_ORIENTED ||
	       dxf->style->layout == STYLE_LAYOUT_REFERENCED;
}

static enum arrow_kind arrow_of(const struct dxf *dxf)
{
	return (enum arrow_kind)dxf->style->arrow;
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
	dxf_string(dxf, code, value ? value : "");
}

static void variable_point(struct dxf *dxf, const char *name, struct vec p)
{
	dxf_string(dxf, 9, name);
	dxf_real(dxf, 10, p.x);
	dxf_real(dxf, 20, p.y);
}

/* V(name, code in the style, value): what the style holds, and the header as the current style. */
#define DIMENSION_REALS(V)                                                                         \
	V("$DIMSCALE", 40, 1 / dxf->drawing->scale)                                                \
	V("$DIMASZ", CODE_DIMASZ, dxf_arrow_block_mm(dxf, arrow_of(dxf)))                          \
	V("$DIMEXO", 42, dxf->style->extension_gap_mm)                                             \
	V("$DIMDLI", 43, dxf->style->spacing_mm)                                                   \
	V("$DIMEXE", 44, dxf->style->extension_over_mm)                                            \
	V("$DIMTXT", 140, dxf->style->text_mm)                                                     \
	V("$DIMCEN", 141, 0)                                                                       \
	V("$DIMLFAC", 144, 1)                                                                      \
	V("$DIMTFAC", 146, dxf->style->deviation_ratio)                                            \
	V("$DIMGAP", CODE_DIMGAP, dxf->style->text_gap_mm)

#define DIMENSION_INTEGERS(V)                                                                      \
	V("$DIMTIH", 73, is_level(dxf))                                                            \
	V("$DIMTOH", 74, is_level(dxf))                                                            \
	V("$DIMTAD", 77, is_above(dxf))                                                            \
	V("$DIMZIN", 78, dxf_zeros(dxf))                                                           \
	V("$DIMAZIN", 79, dxf_angle_zeros(dxf))                                                    \
	V("$DIMTOFL", 172, 1)                                                                      \
	V("$DIMADEC", 179, PLACES)                                                                 \
	V("$DIMDEC", 271, dxf_decimals(dxf))                                                       \
	V("$DIMAUNIT", 275, 0)                                                                     \
	V("$DIMLUNIT", 277, 2)                                                                     \
	V("$DIMDSEP", 278, style_decimal_mark(dxf->style))                                         \
	V("$DIMLWD", 371, dxf_line_weight(dxf->style->thin_mm))                                    \
	V("$DIMLWE", 372, dxf_line_weight(dxf->style->thin_mm))

static void put_units(struct dxf *dxf)
{
	bool inches = dxf->scene->unit == UNIT_INCH;

	variable_integer(dxf, "$LUNITS", 70, 2);
	variable_integer(dxf, "$LUPREC", 70, PLACES);
	variable_integer(dxf, "$AUNITS", 70, 0);
	variable_integer(dxf, "$AUPREC", 70, PLACES);
	variable_integer(dxf, "$MEASUREMENT", 70, !inches);
	variable_integer(dxf, "$INSUNITS", 70, inches ? 1 : 4);
}

void dxf_header(struct dxf *dxf)
{
	variable_string(dxf, "$ACADVER", 1, "AC1015");
	variable_string(dxf, "$DWGCODEPAGE", 3, "ANSI_1252");
	dxf_string(dxf, 9, "$INSBASE");
	dxf_point(dxf, 10, vec(0, 0));
	dxf_string(dxf, 9, "$EXTMIN");
	dxf_point(dxf, 10, dxf_lower_left(dxf));
	dxf_string(dxf, 9, "$EXTMAX");
	dxf_point(dxf, 10, dxf_upper_right(dxf));
	variable_point(dxf, "$LIMMIN", dxf_lower_left(dxf));
	variable_point(dxf, "$LIMMAX", dxf_upper_right(dxf));
	variable_real(dxf, "$LTSCALE", 1 / dxf->drawing->scale);
	variable_real(dxf, "$TEXTSIZE", dxf_model_length(dxf, dxf->style->text_mm));
	variable_string(dxf, "$TEXTSTYLE", 7, DXF_STANDARD);
	variable_string(dxf, "$CLAYER", 8, "0");
	put_units(dxf);
	variable_integer(dxf, "$LWDISPLAY", 290, 1);
	variable_integer(dxf, "$TILEMODE", 70, 1);
	variable_string(dxf, "$DIMSTYLE", 2, DXF_STANDARD);
	variable_string(dxf, "$DIMTXSTY", 7, DXF_STANDARD);
	variable_string(dxf, "$DIMBLK", 1, dxf_arrow_block(arrow_of(dxf)));
	variable_string(dxf, "$DIMLDRBLK", 1, dxf_arrow_block(arrow_of(dxf)));
#define V(name, code, value) variable_real(dxf, name, value);
	DIMENSION_REALS(V)
#undef V
#define V(name, code, value) variable_integer(dxf, name, 70, value);
	DIMENSION_INTEGERS(V)
#undef V
	dxf_string(dxf, 9, "$HANDSEED");
	dxf_handle_ref(dxf, 5, dxf->next_handle);
}

void dxf_dimension_style(struct dxf *dxf)
{
	uint32_t arrow = dxf_arrow_handle(arrow_of(dxf));

	dxf_begin_table(dxf, "DIMSTYLE", DXF_DIMENSION_STYLES, 1);
	dxf_string(dxf, 100, "AcDbDimStyleTable");
	dxf_string(dxf, 0, "DIMSTYLE");
	dxf_handle_ref(dxf, 105, dxf->next_handle++);
	dxf_handle_ref(dxf, 330, DXF_DIMENSION_STYLES);
	dxf_string(dxf, 100, "AcDbSymbolTableRecord");
	dxf_string(dxf, 100, "AcDbDimStyleTableRecord");
	dxf_string(dxf, 2, DXF_STANDARD);
	dxf_integer(dxf, 70, 0);
#define V(name, code, value) dxf_real(dxf, code, value);
	DIMENSION_REALS(V)
#undef V
#define V(name, code, value) dxf_integer(dxf, code, value);
	DIMENSION_INTEGERS(V)
#undef V
	dxf_handle_ref(dxf, 340, DXF_TEXT_STYLE);
	if (arrow != DXF_NOTHING) {
		dxf_handle_ref(dxf, CODE_DIMLDRBLK, arrow);
		dxf_handle_ref(dxf, CODE_DIMBLK, arrow);
	}
	dxf_end_table(dxf);
}

/* In extended data each variable is its code and then its value. */
static void override_real(struct dxf *dxf, int variable, double value)
{
	dxf_integer(dxf, 1070, variable);
	dxf_real(dxf, 1040, value);
}

static void override_handle(struct dxf *dxf, int variable, uint32_t handle)
{
	dxf_integer(dxf, 1070, variable);
	dxf_handle_ref(dxf, 1005, handle);
}

void dxf_overrides(struct dxf *dxf, enum arrow_kind arrow, bool leader, bool boxed)
{
	bool other = arrow != arrow_of(dxf);

	if (!other && !boxed)
		return;
	dxf_string(dxf, 1001, "ACAD");
	dxf_string(dxf, 1000, "DSTYLE");
	dxf_string(dxf, 1002, "{");
	if (other) {
		override_real(dxf, CODE_DIMASZ, dxf_arrow_block_mm(dxf, arrow));
		override_handle(dxf, leader ? CODE_DIMLDRBLK : CODE_DIMBLK,
				dxf_arrow_handle(arrow));
	}
	if (boxed) /* a negative gap draws a box that far round the text */
		override_real(dxf, CODE_DIMGAP, -dxf->style->text_gap_mm);
	dxf_string(dxf, 1002, "}");
}
