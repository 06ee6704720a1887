/* SPDX-License-Identifier: MIT */
/*
 * Header and dimension style (Autodesk's DXF reference, AutoCAD 2000).
 *
 * The dimension style says what the drafter does, so that a dimension that is changed in a CAD
 * system comes out alike. Its distances are the sheet's mm; DIMSCALE makes model units of them. What
 * one dimension has of its own follows it as extended data of ACAD.
 */
#include <config.h>

#include "render/dxf/dxf_private.h"

/* Places of a number in thousandths. */
#define PLACES 3

/* DIMZIN and DIMAZIN: which zeros are left out. */
enum { LENGTH_LEADING = 4, LENGTH_TRAILING = 8, ANGLE_LEADING = 1, ANGLE_TRAILING = 2 };

/* Codes of variables in a dimension style, and so in extended data. */
enum { CODE_DIMLDRBLK = 341, CODE_DIMBLK = 342 };

static bool has_leading_zeros(const struct style *style)
{
	return style->leading_zero == STYLE_ZERO_YES;
}

/* A style of `decimals` prints as many, or more; the others state their text. */
int dxf_decimals(const struct style *style)
{
	return style->decimals ? style->decimals : PLACES;
}

int dxf_zeros(const struct style *style)
{
	return (has_leading_zeros(style) ? 0 : LENGTH_LEADING) |
	       (style->decimals ? 0 : LENGTH_TRAILING);
}

int dxf_angle_zeros(const struct style *style)
{
	return (has_leading_zeros(style) ? 0 : ANGLE_LEADING) | ANGLE_TRAILING;
}

/* Lettering is level whatever its line's direction; it stands above its line. */
static bool is_level(const struct style *style)
{
	return style->layout == STYLE_LAYOUT_REFERENCED || style->layout == STYLE_LAYOUT_INLINE;
}

static bool is_above(const struct style *style)
{
	return style->layout == STYLE_LAYOUT_ORIENTED || style->layout == STYLE_LAYOUT_REFERENCED;
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

/* V(name, code in the style, value): what the style holds, and the header as the current style; each
 * value of `look`. A negative DIMGAP draws a box that far round the text. */
#define DIMENSION_REALS(V)                                                                         \
	V("$DIMSCALE", 40, 1 / dxf->drawing->scale)                                                \
	V("$DIMASZ", 41, dxf_arrow_block_mm(look->style, look->arrow))                             \
	V("$DIMEXO", 42, look->style->extension_gap_mm)                                            \
	V("$DIMDLI", 43, look->style->spacing_mm)                                                  \
	V("$DIMEXE", 44, look->style->extension_over_mm)                                           \
	V("$DIMTXT", 140, look->style->text_mm)                                                    \
	V("$DIMCEN", 141, 0)                                                                       \
	V("$DIMLFAC", 144, 1)                                                                      \
	V("$DIMTFAC", 146, look->style->deviation_ratio)                                           \
	V("$DIMGAP", 147, look->boxed ? -look->style->text_gap_mm : look->style->text_gap_mm)

#define DIMENSION_INTEGERS(V)                                                                      \
	V("$DIMTIH", 73, is_level(look->style))                                                    \
	V("$DIMTOH", 74, is_level(look->style))                                                    \
	V("$DIMTAD", 77, is_above(look->style))                                                    \
	V("$DIMZIN", 78, dxf_zeros(look->style))                                                   \
	V("$DIMAZIN", 79, dxf_angle_zeros(look->style))                                            \
	V("$DIMTOFL", 172, 1)                                                                      \
	V("$DIMADEC", 179, PLACES)                                                                 \
	V("$DIMDEC", 271, dxf_decimals(look->style))                                               \
	V("$DIMAUNIT", 275, 0)                                                                     \
	V("$DIMLUNIT", 277, 2)                                                                     \
	V("$DIMDSEP", 278, style_decimal_mark(look->style))                                        \
	V("$DIMLWD", 371, dxf_line_weight(look->style->thin_mm))                                   \
	V("$DIMLWE", 372, dxf_line_weight(look->style->thin_mm))

#define ONE(name, code, value) +1
enum { REALS = 0 DIMENSION_REALS(ONE), INTEGERS = 0 DIMENSION_INTEGERS(ONE) };
#undef ONE

/* What the values come of. */
struct look {
	const struct style *style;
	enum arrow_kind arrow;
	bool boxed;
};

/* All of them, in the order of the tables. */
struct look_values {
	double reals[REALS];
	int64_t integers[INTEGERS];
};

static struct look_values values_of(const struct dxf *dxf, const struct look *look)
{
#define V(name, code, value) value,
	return (struct look_values){{DIMENSION_REALS(V)}, {DIMENSION_INTEGERS(V)}};
#undef V
}

static struct look sheet_look(const struct dxf *dxf)
{
	return (struct look){dxf->style, arrow_of(dxf), false};
}

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
	struct look look = sheet_look(dxf);
	struct look_values values = values_of(dxf, &look);
	const double *real = values.reals;
	const int64_t *integer = values.integers;

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
#define V(name, code, value) variable_real(dxf, name, *real++);
	DIMENSION_REALS(V)
#undef V
#define V(name, code, value) variable_integer(dxf, name, 70, *integer++);
	DIMENSION_INTEGERS(V)
#undef V
	dxf_string(dxf, 9, "$HANDSEED");
	dxf_handle_ref(dxf, 5, dxf->next_handle);
}

void dxf_dimension_style(struct dxf *dxf)
{
	uint32_t arrow = dxf_arrow_handle(arrow_of(dxf));
	struct look look = sheet_look(dxf);
	struct look_values values = values_of(dxf, &look);
	const double *real = values.reals;
	const int64_t *integer = values.integers;

	dxf_begin_table(dxf, "DIMSTYLE", DXF_DIMENSION_STYLES, 1);
	dxf_string(dxf, 100, "AcDbDimStyleTable");
	dxf_string(dxf, 0, "DIMSTYLE");
	dxf_handle_ref(dxf, 105, dxf->next_handle++);
	dxf_handle_ref(dxf, 330, DXF_DIMENSION_STYLES);
	dxf_string(dxf, 100, "AcDbSymbolTableRecord");
	dxf_string(dxf, 100, "AcDbDimStyleTableRecord");
	dxf_string(dxf, 2, DXF_STANDARD);
	dxf_integer(dxf, 70, 0);
#define V(name, code, value) dxf_real(dxf, code, *real++);
	DIMENSION_REALS(V)
#undef V
#define V(name, code, value) dxf_integer(dxf, code, *integer++);
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
static void override_real(struct dxf *dxf, int variable, double value, double standard)
{
	if (value == standard)
		return;
	dxf_integer(dxf, 1070, variable);
	dxf_real(dxf, 1040, value);
}

static void override_integer(struct dxf *dxf, int variable, int64_t value, int64_t standard)
{
	if (value == standard)
		return;
	dxf_integer(dxf, 1070, variable);
	dxf_integer(dxf, 1070, value);
}

void dxf_overrides(struct dxf *dxf, const struct dxf_item *item)
{
	bool leader = item->parts.form == DXF_LEADER;
	struct look sheet = sheet_look(dxf);
	/* Ordinates have no arrowheads. */
	struct look own = {item->style,
			   item->parts.arrow_count > 0 ? item->parts.arrows[0]->kind : sheet.arrow,
			   !leader && item->parts.texts.boxed};
	struct look_values a = values_of(dxf, &own), b = values_of(dxf, &sheet);
	int real = 0, integer = 0;

	if (own.style == sheet.style && own.arrow == sheet.arrow && !own.boxed)
		return;
	dxf_string(dxf, 1001, "ACAD");
	dxf_string(dxf, 1000, "DSTYLE");
	dxf_string(dxf, 1002, "{");
#define V(name, code, value)                                                                       \
	override_real(dxf, code, a.reals[real], b.reals[real]);                                    \
	real++;
	DIMENSION_REALS(V)
#undef V
#define V(name, code, value)                                                                       \
	override_integer(dxf, code, a.integers[integer], b.integers[integer]);                     \
	integer++;
	DIMENSION_INTEGERS(V)
#undef V
	if (own.arrow != sheet.arrow) {
		dxf_integer(dxf, 1070, leader ? CODE_DIMLDRBLK : CODE_DIMBLK);
		dxf_handle_ref(dxf, 1005, dxf_arrow_handle(own.arrow));
	}
	dxf_string(dxf, 1002, "}");
}
