/* SPDX-License-Identifier: MIT */
/*
 * style_mix: one style sheet, or several of which each sample is drawn in one; style(5).
 *
 *	struct style_mix mix;
 *	if (style_mix_read(&mix, "samples/styles/mix.json", "samples/styles", &arena, &err) < 0) ...
 *	struct rng rng = rng_stream(seed, index, "mix", 0);
 *	const struct style_sheet *sheet = style_sheet_from_mix(&mix, &rng);
 *
 * File: a sheet as style.h reads it, or
 *
 *	{"standard":"mix","about":"Scans and prints","mix":[
 *	  {"share":2,"style":"office_scan"},
 *	  {"share":1,"style":{"standard":"works","text_mm":5}}]}
 *
 * A style in it is a sheet written out, the name of one (style_folder.h), or a path, which begins at
 * the mix's own folder. Sheets of share 0 are read and forgotten, and a mix of one sheet is that sheet.
 */
#ifndef FORMATS_STYLE_MIX_H
#define FORMATS_STYLE_MIX_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"
#include "formats/scene/style.h"

#define STYLE_MIX_MAX 256

struct style_part {
	int64_t share; /* thousandths, over 0; a part's over all of them is its probability */
	struct style_sheet sheet;
};

struct style_mix {
	char standard[STYLE_STANDARD_BYTES], about[STYLE_ABOUT_BYTES]; /* of one sheet: its own */
	int count;                                                     /* 1 or more */
	const struct style_part *parts;                                /* in the arena */
};

/* Reads a file of either kind. Names are looked up in the folder; NULL: they are refused, and so are
 * paths. What style_read refuses; a mix in a mix, no styles, more than STYLE_MIX_MAX of them (ERR_LIMIT),
 * a share outside 0 to 1000, shares that are all 0, names that are not there, other keys: ERR_FORMAT
 * with file:line and what is allowed. */
int style_mix_read(struct style_mix *mix, const char *path, const char *folder, struct arena *arena,
		   struct err *err);
int style_mix_parse(struct style_mix *mix, const char *name, const char *text, size_t len,
		    const char *folder, struct arena *arena, struct err *err);

/* That sheet alone. */
struct style_mix style_mix_of(const struct style_sheet *sheet, struct arena *arena);

/* As style_write, or with all sheets written out; what is read from that is the same mix. */
void style_mix_write(const struct style_mix *mix, struct buf *out);

/* The sheet of one sample, each as likely as its share says; of a mix of one it draws nothing. */
const struct style_sheet *style_sheet_from_mix(const struct style_mix *mix, struct rng *rng);

/* The same among the sheets of one unit, STYLE_UNIT_...; NULL where there are none. */
const struct style_sheet *style_sheet_of_unit(const struct style_mix *mix, int unit,
					      struct rng *rng);

/* STYLE_UNIT_...: labels are in it. */
int style_sheet_unit(const struct style_sheet *sheet);

/* All letterings that samples may have: bit w for word w of the style key. */
uint32_t style_mix_lettering(const struct style_mix *mix);

#endif
