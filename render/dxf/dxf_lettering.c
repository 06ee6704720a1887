/* SPDX-License-Identifier: MIT */
/*
 * Lettering in DXF's own characters, and which of a dimension's the CAD system would print anyway.
 *
 * A dimension states no text where its measured value, as the dimension style prints it, is all of
 * the lettering. Else "<>" stands for that value, so that the rest (a sign, a count, a tolerance)
 * stays when the part is changed; where the value is not in the lettering as the CAD system prints
 * it (more decimals, limits) the text is stated as it is. Stacks are MTEXT's: \Supper^ lower;
 * The blank behind the caret keeps it from being taken for a control character.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fonts/font_utf8.h"
#include "render/dxf/dxf_private.h"

#define SAME_HEIGHT 0.001 /* relative */

enum { SUPPRESS_LEADING = 4, SUPPRESS_TRAILING = 8 }; /* DIMZIN */

static void put_character(struct buf *out, uint32_t c)
{
	char escape[16];

	switch (c) {
	case 0x2300: /* diameter sign */
		buf_str(out, "%%c");
		return;
	case 0x00b0: /* degree sign */
		buf_str(out, "%%d");
		return;
	case 0x00b1: /* plus-minus sign */
		buf_str(out, "%%p");
		return;
	default:
		break;
	}
	if (c >= ' ' && c < 0x7f) {
		buf_char(out, (char)c);
		return;
	}
	snprintf(escape, sizeof(escape), "\\U+%04" PRIX32, c);
	buf_str(out, escape);
}

static void put_text(struct buf *out, const char *utf8)
{
	while (*utf8)
		put_character(out, font_utf8_next(&utf8));
}

/* In MTEXT a backslash and braces have a meaning. */
static void put_escaped(struct buf *out, const char *utf8)
{
	while (*utf8) {
		uint32_t c = font_utf8_next(&utf8);

		if (c == '\\' || c == '{' || c == '}')
			buf_char(out, '\\');
		put_character(out, c);
	}
}

/* Puts the text and frees it. */
static void put_group(struct dxf *dxf, int code, struct buf *text)
{
	dxf_string(dxf, code, text->data ? text->data : "");
	buf_free(text);
}

void dxf_lettering(struct dxf *dxf, int code, const char *utf8)
{
	struct buf text = {0};

	put_text(&text, utf8);
	put_group(dxf, code, &text);
}

/* The stack's height is relative to the line's, or, where it stands alone, the style's. */
static void put_stack(const struct dxf_item *item, struct buf *out)
{
	const struct dimension_texts *t = &item->parts.texts;
	double height = t->line ? t->line->height_mm : item->style->text_mm;
	double ratio = t->upper->height_mm / height;
	bool smaller = fabs(ratio - 1) > SAME_HEIGHT;

	if (smaller) {
		buf_str(out, "{\\H");
		buf_fixed(out, ratio, 4);
		buf_str(out, "x;");
	}
	buf_str(out, "\\S");
	put_escaped(out, t->upper->utf8);
	buf_str(out, "^ ");
	put_escaped(out, t->lower->utf8);
	buf_str(out, smaller ? ";}" : ";");
}

void dxf_mtext(struct dxf *dxf, int code, const struct dxf_item *item)
{
	const struct dimension_texts *t = &item->parts.texts;
	struct buf text = {0};

	if (t->line)
		put_escaped(&text, t->line->utf8);
	if (t->upper)
		put_stack(item, &text);
	put_group(dxf, code, &text);
}

static bool is_of_number(char c)
{
	return (c >= '0' && c <= '9') || c == ',' || c == '.';
}

/* Where the number stands in the line, not as a part of another; the last place, as signs and counts
 * come first. NULL: it does not. */
static const char *find_number(const char *line, const char *number)
{
	const char *found = NULL;
	size_t n = strlen(number);

	for (const char *at = line; n > 0 && (at = strstr(at, number)); at++)
		if ((at == line || !is_of_number(at[-1])) && !is_of_number(at[n]))
			found = at;
	return found;
}

void dxf_dimension_text(struct dxf *dxf, int code, const struct dxf_item *item,
			const char *measured)
{
	const struct dimension_texts *t = &item->parts.texts;
	const char *line = t->line ? t->line->utf8 : "", *at = find_number(line, measured);
	struct buf text = {0}, before = {0};

	if (!t->upper && strcmp(line, measured) == 0)
		return;
	if (at) {
		buf_bytes(&before, line, (size_t)(at - line));
		buf_str(&before, "");
		put_escaped(&text, before.data ? before.data : "");
		buf_str(&text, "<>");
		put_escaped(&text, at + strlen(measured));
	} else {
		put_escaped(&text, line);
	}
	if (t->upper)
		put_stack(item, &text);
	put_group(dxf, code, &text);
	buf_free(&before);
}

/* DIMAZIN has other numbers for the same two. */
static int angle_zeros(const struct style *style)
{
	int zeros = dxf_angle_zeros(style);

	return (zeros & 1 ? SUPPRESS_LEADING : 0) | (zeros & 2 ? SUPPRESS_TRAILING : 0);
}

static void put_value(struct buf *out, int64_t value, int decimals, int zeros, char mark)
{
	int64_t step = decimals == 0 ? 1000 : decimals == 1 ? 100 : decimals == 2 ? 10 : 1;
	int64_t size = value < 0 ? -value : value, rounded = (size + step / 2) / step * step;
	char digits[8];
	int n = decimals;

	if (rounded >= 1000 || rounded % 1000 == 0 || !(zeros & SUPPRESS_LEADING))
		buf_int(out, rounded / 1000);
	snprintf(digits, sizeof(digits), "%03d", (int)(rounded % 1000));
	while (zeros & SUPPRESS_TRAILING && n > 0 && digits[n - 1] == '0')
		n--;
	if (n == 0)
		return;
	buf_char(out, mark);
	buf_bytes(out, digits, (size_t)n);
}

void dxf_measured(const struct style *style, const char *sign, int64_t value, bool angle,
		  struct buf *out)
{
	buf_str(out, sign);
	put_value(out, value, angle ? 3 : dxf_decimals(style),
		  angle ? angle_zeros(style) : dxf_zeros(style), style_decimal_mark(style));
	if (angle)
		buf_str(out, "\u00b0");
}

/* Grows *box by the text, as it lies before it is turned. */
static void include(struct box *box, const struct text *text, double angle)
{
	struct vec corners[4];
	struct box b;

	text_corners(text, corners);
	for (int i = 0; i < 4; i++)
		corners[i] = vec_rotate(corners[i], -angle);
	b = box_of_points(corners, 4);
	box->x0 = min2(box->x0, b.x0);
	box->y0 = min2(box->y0, b.y0);
	box->x1 = max2(box->x1, b.x1);
	box->y1 = max2(box->y1, b.y1);
}

struct vec dxf_texts_middle(const struct dimension_texts *t)
{
	const struct text *all[] = {t->line, t->upper, t->lower};
	double angle = (t->line ? t->line : t->upper)->angle_rad;
	struct box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (int i = 0; i < 3; i++)
		if (all[i])
			include(&box, all[i], angle);
	return vec_rotate(vec((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2), angle);
}
