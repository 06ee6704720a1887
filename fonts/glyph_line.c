/* SPDX-License-Identifier: MIT */
/* Numbers are exact thousandths (num_milli), so the locale has no say. */
#include <config.h>

#include <string.h>

#include "base/num.h"
#include "fonts/font_utf8.h"
#include "fonts/glyph_line.h"

#define REPLACEMENT 0xfffdu /* of what is no UTF-8 */

int glyph_line_fail(const struct glyph_line *line, const char *what)
{
	return err_set(line->err, ERR_FORMAT, "%s:%zu: %s at \"%.20s\"", line->name, line->number,
		       what, line->p);
}

void glyph_line_skip_blanks(struct glyph_line *line)
{
	while (*line->p == ' ' || *line->p == '\t')
		line->p++;
}

int glyph_line_char(struct glyph_line *line, char c, const char *what)
{
	if (*line->p != c)
		return glyph_line_fail(line, what);
	line->p++;
	return 0;
}

int glyph_line_number(struct glyph_line *line, double *out)
{
	int64_t milli = 0;

	if (num_milli(line->p, strlen(line->p), &milli, &line->p) < 0)
		return glyph_line_fail(line, "expected a number of at most three decimals");
	*out = (double)milli / 1000;
	return 0;
}

int glyph_line_quoted(struct glyph_line *line, uint32_t *codepoint)
{
	if (glyph_line_char(line, '\'', "expected '") < 0)
		return -1;
	if (!*line->p)
		return glyph_line_fail(line, "expected a character");
	*codepoint = font_utf8_next(&line->p);
	if (*codepoint == REPLACEMENT)
		return glyph_line_fail(line, "not UTF-8");
	return glyph_line_char(line, '\'', "expected '");
}

int glyph_line_end_of_point(const struct glyph_line *line)
{
	if (*line->p && !strchr(" \t;", *line->p))
		return glyph_line_fail(line, "expected a blank, ';' or the line's end");
	return 0;
}
