/* SPDX-License-Identifier: MIT */
/*
 * style: how a drawing looks; a JSON file of values, ranges and choices, sampled once per drawing;
 * style(5).
 *
 *	struct style_sheet sheet;
 *	if (style_read(&sheet, "samples/styles/gost.json", &err) < 0) ...
 *	struct rng rng = rng_stream(seed, index, "style", 0);
 *	struct style style = style_from_sheet(&sheet, &rng);
 *	style_add_exceptions(&style, &sheet, scene.dimension_count, &rng, &arena);
 *	text_mm = style_of_dimension(&style, 3)->text_mm;
 *
 * File: {"standard":"iso","text_mm":3.5,"thick_mm":[0.5,0.7],"arrow":["filled","open"],
 * "decimal_mark":{"usual":",","fault":".","share":0.05},...}. What a key may hold:
 *
 *	3.5  "open"                           always this
 *	[0.5,0.7]  ["filled","open"]          a range of a value; one of some words, all as likely
 *	{"usual":U,"fault":F,"share":0.05}    U, but F in this share of drawings: real sheets break
 *	                                      the rules of their standard
 *	{...,"share":0.05,"each":0.02}        and in the others F for this share of the dimensions:
 *	                                      real sheets mix conventions
 *
 * U and F are each a value, a word, a range or a list. Keys left out keep the built-in ISO values.
 * "degradation" holds what degradation.h reads; without it pictures are clean.
 */
#ifndef FORMATS_STYLE_H
#define FORMATS_STYLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"
#include "formats/scene/degradation.h"
#include "formats/scene/typeface.h"

/* In the column `why_not` of keys that single dimensions may break alone; of the others it says why
 * they may not. */
#define STYLE_EACH ""

/* V(name, built-in value, lowest, highest, why_not, meaning); kept as thousandths */
#define STYLE_VALUES(V)                                                                            \
	V(thick_mm, 500, 100, 2000, "outlines are of no dimension", "width of outlines")           \
	V(thin_mm, 250, 50, 1000, STYLE_EACH, "width of all other lines")                          \
	V(text_mm, 3500, 1800, 20000, STYLE_EACH, "height of digits and capitals")                 \
	V(text_gap_mm, 700, 200, 5000, STYLE_EACH,                                                 \
	  "clear space between a dimension line and its text")                                     \
	V(arrow_mm, 3500, 1000, 10000, STYLE_EACH, "length of arrowheads")                         \
	V(arrow_ratio, 3000, 1500, 6000, STYLE_EACH, "length of an arrowhead over its width")      \
	V(extension_gap_mm, 0, 0, 5000, STYLE_EACH, "from the outline to the extension line")      \
	V(extension_over_mm, 2000, 0, 10000, STYLE_EACH,                                           \
	  "extension line beyond the dimension line")                                              \
	V(first_offset_mm, 10000, 4000, 40000, "dimensions share rows",                            \
	  "outline to the nearest dimension line")                                                 \
	V(spacing_mm, 8000, 4000, 40000, "dimensions share rows",                                  \
	  "between parallel dimension lines")                                                      \
	V(deviation_ratio, 700, 400, 1000, STYLE_EACH,                                             \
	  "height of stacked deviations over that of the text")                                    \
	V(limits_ratio, 700, 700, 1000, STYLE_EACH,                                                \
	  "height of the two rows of limits over that of the text")                                \
	V(hatch_pitch_mm, 2500, 700, 10000, "hatching is of no dimension",                         \
	  "between hatching lines")                                                                \
	V(hatch_angle_deg, 45000, 15000, 75000, "hatching is of no dimension",                     \
	  "of hatching, from the horizontal")                                                      \
	V(tolerance_share, 0, 0, 1000, "it is a share already", "of sizes: that bear a tolerance") \
	V(reference_share, 0, 0, 1000, "it is a share already",                                    \
	  "of drawings: that repeat a size in parentheses")                                        \
	V(basic_share, 0, 0, 1000, "it is a share already",                                        \
	  "of positions: that are theoretically exact, in a box")                                  \
	V(symbol_share, 0, 0, 1000, "it is a share already",                                       \
	  "of drawings: with surface texture, datum letters and tolerance frames")                 \
	V(note_share, 0, 0, 1000, "it is a share already", "of drawings: with general notes")      \
	V(table_share, 0, 0, 1000, "it is a share already",                                        \
	  "of drawings: with a table of general tolerances")                                       \
	V(wobble_mm, 200, 0, 500, "a sheet is drawn by one hand",                                  \
	  "how far freehand lines sway; those along a ruler sway a tenth of it")                   \
	V(overshoot_mm, 500, 0, 2000, "a sheet is drawn by one hand",                              \
	  "how far lines drawn by hand run past their ends, or stop short")                        \
	V(double_share, 0, 0, 1000, "it is a share already",                                       \
	  "of outlines drawn by hand: gone over once more")                                        \
	V(construction_share, 0, 0, 1000, "it is a share already",                                 \
	  "of straight outlines drawn by hand: along a faint longer line")

/* C(name, words, built-in word, why_not, meaning); the words in one string, separated by blanks */
#define STYLE_CHOICES(C)                                                                           \
	C(unit, "mm inch", "mm", "labels are in it", "of the numbers printed and of the label")    \
	C(decimal_mark, ", .", ",", STYLE_EACH, "between units and tenths")                        \
	C(leading_zero, "yes no", "yes", STYLE_EACH, "0.5 or .5")                                  \
	C(decimals, "shortest 1 2 3", "shortest", STYLE_EACH,                                      \
	  "places printed at least, with trailing zeros; angles and counts are always shortest")   \
	C(times, "\u00d7 x X - otv", "\u00d7", STYLE_EACH,                                         \
	  "of a count: 4\u00d7\u23008, 4x \u23008, 4X \u23008, 4-\u23008, 4 \u043e\u0442\u0432. "  \
	  "\u23008")                                                                               \
	C(layout, "oriented referenced inline broken", "oriented", STYLE_EACH,                     \
	  "lettering above its line and along it; level, on a shelf; level, in a gap of the line;" \
	  " along the line, in a gap of it")                                                       \
	C(dimension_line, "continuous dashed", "continuous", STYLE_EACH,                           \
	  "dimension and extension lines")                                                         \
	C(arrow, "filled open blank tick dot", "filled", STYLE_EACH, "ends of dimension lines")    \
	C(shelf, "under middle", "under", STYLE_EACH,                                              \
	  "a leader's level end: under all its lettering, or short, at half its height")           \
	C(tolerance, "symmetric deviations limits fit", "symmetric", STYLE_EACH,                   \
	  "how tolerances are written")                                                            \
	C(centre_lines, "yes no", "yes", "centre lines are of no dimension",                       \
	  "of holes and slots; axes and pitch circles, which say something, always have theirs")   \
	C(projection, "first third", "first", "all views lie one way",                             \
	  "angle projection: where the views lie")                                                 \
	C(frame, "none plain iso asme gost school", "none", "a sheet has one", "round the sheet")  \
	C(title_block, "none iso asme gost school", "none", "a sheet has one",                     \
	  "in the lower right corner")                                                             \
	C(lettering, TYPEFACE_WORDS, "iso3098", "a sheet is lettered by one hand",                 \
	  "strokes of our own, a writer, or a font of a package: formats/scene/typeface.h")        \
	C(lines, "plotted ruled freehand", "plotted", "a sheet is drawn by one hand",              \
	  "drawn by a machine; by hand along T-square and compasses; by hand alone")               \
	C(pen, "technical pencil ballpoint ink felt", "technical", "a sheet is drawn by one hand", \
	  "of lines drawn by hand; a machine has a technical pen")

/* One constant per word: STYLE_LAYOUT_... are numbered as in the table. */
enum { STYLE_UNIT_MM, STYLE_UNIT_INCH };
enum { STYLE_MARK_COMMA, STYLE_MARK_POINT };
enum { STYLE_ZERO_YES, STYLE_ZERO_NO };
enum { STYLE_TIMES_SIGN, STYLE_TIMES_X, STYLE_TIMES_CAPITAL, STYLE_TIMES_DASH, STYLE_TIMES_OTV };
enum { STYLE_LAYOUT_ORIENTED, STYLE_LAYOUT_REFERENCED, STYLE_LAYOUT_INLINE, STYLE_LAYOUT_BROKEN };
enum { STYLE_LINE_CONTINUOUS, STYLE_LINE_DASHED };
enum { STYLE_ARROW_FILLED, STYLE_ARROW_OPEN, STYLE_ARROW_BLANK, STYLE_ARROW_TICK, STYLE_ARROW_DOT };
enum { STYLE_SHELF_UNDER, STYLE_SHELF_MIDDLE };
enum {
	STYLE_TOLERANCE_SYMMETRIC,
	STYLE_TOLERANCE_DEVIATIONS,
	STYLE_TOLERANCE_LIMITS,
	STYLE_TOLERANCE_FIT
};
enum { STYLE_CENTRE_YES, STYLE_CENTRE_NO };
enum { STYLE_PROJECTION_FIRST, STYLE_PROJECTION_THIRD };
enum {
	STYLE_FRAME_NONE,
	STYLE_FRAME_PLAIN,
	STYLE_FRAME_ISO,
	STYLE_FRAME_ASME,
	STYLE_FRAME_GOST,
	STYLE_FRAME_SCHOOL
};
enum { STYLE_TITLE_NONE, STYLE_TITLE_ISO, STYLE_TITLE_ASME, STYLE_TITLE_GOST, STYLE_TITLE_SCHOOL };
enum { STYLE_LINES_PLOTTED, STYLE_LINES_RULED, STYLE_LINES_FREEHAND };
enum {
	STYLE_PEN_TECHNICAL,
	STYLE_PEN_PENCIL,
	STYLE_PEN_BALLPOINT,
	STYLE_PEN_INK,
	STYLE_PEN_FELT,
	STYLE_PEN_COUNT_
};

#define STYLE_STANDARD_BYTES 32
#define STYLE_ABOUT_BYTES 160

/* The lowest that a value may be, in thousandths: STYLE_LEAST_text_mm and so on. */
enum {
#define V(name, value, lo, hi, why_not, about) STYLE_LEAST_##name = lo,
	STYLE_VALUES(V)
#undef V
};

struct style {
#define V(name, value, lo, hi, why_not, about) double name;
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about) int name;
	STYLE_CHOICES(C)
#undef C
	char standard[STYLE_STANDARD_BYTES]; /* a name for people: "iso" */
	uint64_t faults; /* bit k: the k-th key of the tables shows its fault in all the drawing */

	/* The styles of dimensions that break rules alone, NULL for the others; NULL: none does. */
	const struct style *const *exceptions;
};

struct style_range {
	int64_t lo, hi; /* thousandths */
};

struct style_value {
	struct style_range usual, fault;
	int64_t share, each; /* thousandths, of drawings and of dimensions; 0: no fault */
};

struct style_choice {
	uint32_t usual, fault; /* bit w: word w; one bit at least */
	int64_t share, each;
};

struct style_sheet {
#define V(name, value, lo, hi, why_not, about) struct style_value name;
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about) struct style_choice name;
	STYLE_CHOICES(C)
#undef C
	char standard[STYLE_STANDARD_BYTES];
	char about[STYLE_ABOUT_BYTES];        /* a sentence for people; "": none */
	struct degradation_sheet degradation; /* what is done to the finished picture */
};

struct json_doc;
struct cJSON;

/* The built-in clean ISO style. */
struct style_sheet style_iso(void);

/* Reads a style file; unknown keys, unknown words, ranges upside down or beyond the table's, shares
 * outside 0 to 1, "each" of keys that are the whole sheet's: ERR_FORMAT with file:line, key and what
 * is allowed, or why it is not. "standard" is any name of
 * letters, digits, '-' and '_', "about" any text without control characters. "unit" is one word
 * without faults: labels are in it. On failure *sheet holds nothing of use. Mixes of sheets are
 * style_mix.h's. */
int style_read(struct style_sheet *sheet, const char *path, struct err *err);
int style_parse(struct style_sheet *sheet, const char *name, const char *text, size_t len,
		struct err *err);

/* The same of a node of a document, and of what its keys "standard" and "about" hold. */
int style_parse_node(struct style_sheet *sheet, const struct json_doc *doc,
		     const struct cJSON *node, struct err *err);
int style_parse_standard(char standard[STYLE_STANDARD_BYTES], const struct json_doc *doc,
			 const struct cJSON *node, struct err *err);
int style_parse_about(char about[STYLE_ABOUT_BYTES], const struct json_doc *doc,
		      const struct cJSON *node, struct err *err);

/* The complete sheet as JSON, one key a line; samples/styles/iso-clean.json is style_iso() so
 * written. What style_read reads is written the same again. */
void style_write(const struct style_sheet *sheet, struct buf *out);

/* The two names, with which style_write and style_mix_write begin: {"standard": ..., "about": ... */
void style_write_names(const char *standard, const char *about, struct buf *out);

/* The words that a drawing in the style may have: bit w for word w. */
uint32_t style_words(const struct style_choice *choice);

/* One value for each key, in table order; no exceptions. A key with one possible value draws nothing
 * from rng. */
struct style style_from_sheet(const struct style_sheet *sheet, struct rng *rng);

/* Lets each of n dimensions of a drawing in that style, which is from the sheet, break rules alone:
 * every key that does not show its fault already does with the probability of its "each"; but no digits
 * become lower than style_lowest_digits_mm of the drawing. Sets style->exceptions, in the arena. Without an "each" draws nothing and adds none. */
void style_add_exceptions(struct style *style, const struct style_sheet *sheet, int n,
			  struct rng *rng, struct arena *arena);

/* The style of dimension i of the drawing: the drawing's, or an exception. */
const struct style *style_of_dimension(const struct style *style, int i);

/* The height of the lowest digits that dimensions in the style may have: of stacked tolerances, where
 * it has some. */
double style_lowest_digits_mm(const struct style *style);

/* ',' or '.' */
char style_decimal_mark(const struct style *style);

/* Millimetres in the unit of the numbers: 1 or 25.4. */
double style_unit_mm(const struct style *style);

#endif
