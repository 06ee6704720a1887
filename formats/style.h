/* SPDX-License-Identifier: MIT */
/*
 * style: how a drawing looks; a JSON file of values or ranges, sampled once per drawing.
 *
 *	struct style_sheet sheet;
 *	if (style_read(&sheet, "samples/styles/iso.json", &err) < 0) ...
 *	struct rng rng = rng_stream(seed, index, "style", 0);
 *	struct style style = style_from_sheet(&sheet, &rng);
 *
 * File: {"standard":"iso","text_mm":3.5,"thick_mm":[0.5,0.7],...}; a number or [lowest, highest];
 * keys left out keep the built-in ISO values.
 */
#ifndef FORMATS_STYLE_H
#define FORMATS_STYLE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"

/* V(name, built-in value, lowest, highest, meaning); mm and degrees, kept as thousandths */
#define STYLE_VALUES(V)                                                                            \
	V(thick_mm, 500, 100, 2000, "width of outlines")                                           \
	V(thin_mm, 250, 50, 1000, "width of all other lines")                                      \
	V(text_mm, 3500, 1800, 20000, "height of digits and capitals")                             \
	V(text_gap_mm, 700, 200, 5000, "clear space between a dimension line and its text")        \
	V(arrow_mm, 3500, 1000, 10000, "length of arrowheads")                                     \
	V(arrow_ratio, 3000, 1500, 6000, "length of an arrowhead over its width")                  \
	V(extension_gap_mm, 0, 0, 5000, "from the outline to the extension line")                  \
	V(extension_over_mm, 2000, 0, 10000, "extension line beyond the dimension line")           \
	V(first_offset_mm, 10000, 4000, 40000, "outline to the nearest dimension line")            \
	V(spacing_mm, 8000, 4000, 40000, "between parallel dimension lines")

struct style {
#define V(name, value, lo, hi, about) double name;
	STYLE_VALUES(V)
#undef V
	char standard[16]; /* "iso" */
	char decimal_mark; /* ',' or '.' */
};

struct style_range {
	int64_t lo, hi; /* thousandths */
};

struct style_sheet {
#define V(name, value, lo, hi, about) struct style_range name;
	STYLE_VALUES(V)
#undef V
	char standard[16];
	char decimal_mark;
};

/* The built-in clean ISO style. */
struct style_sheet style_iso(void);

/* Reads a style file; unknown keys, standards other than "iso", ranges upside down or beyond the
 * table's: ERR_FORMAT with file:line, key and allowed range. On failure *sheet holds nothing of
 * use. */
int style_read(struct style_sheet *sheet, const char *path, struct err *err);
int style_parse(struct style_sheet *sheet, const char *name, const char *text, size_t len,
		struct err *err);

/* The complete sheet as JSON, one key a line; samples/styles/iso.json is style_iso() so written. */
void style_write(const struct style_sheet *sheet, struct buf *out);

/* One value from each range, in table order; a range of one value draws nothing. */
struct style style_from_sheet(const struct style_sheet *sheet, struct rng *rng);

#endif
