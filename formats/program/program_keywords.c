/* SPDX-License-Identifier: MIT */
/*
 * Arguments with keywords, written and read by one table per language.
 *
 *	arguments = "(" keyword "=" value *("," keyword "=" value) ")"
 *	value     = number / point / "[" point *("," point) "]"
 *	point     = "(" number "," number ")"
 *
 * with white space allowed between any two tokens. No recursion: the deepest thing is a point.
 */
#include <config.h>

#include "formats/program/program_keywords.h"

#include "formats/scene/shape_json.h"

/* The kind's keywords; returns how many. */
static int style_keywords(const struct keyword_style *style, enum shape_kind kind,
			  struct keyword out[PARAM_COUNT_])
{
	enum param params[PARAM_COUNT_];
	int n = 0;

	if (style->words) {
		for (; n < PARAM_COUNT_ && style->words[kind][n].name; n++)
			out[n] = style->words[kind][n];
		return n;
	}
	n = shape_params(kind, params);
	for (int i = 0; i < n; i++)
		out[i] = (struct keyword){param_name(params[i]), params[i]};
	return n;
}

static bool is_pair(const struct keyword_style *style, enum shape_kind kind,
		    const struct keyword *keyword)
{
	return style->words && keyword->param == PARAM_X && shape_has_param(kind, PARAM_Y);
}

void unit_line_write(enum unit unit, struct buf *out)
{
	if (unit == UNIT_MM)
		return;
	buf_str(out, "unit = \"");
	buf_str(out, unit_name(unit));
	buf_str(out, "\"\n");
}

static void write_point(const char *comma, struct point point, struct buf *out)
{
	buf_char(out, '(');
	buf_milli(out, point.x);
	buf_str(out, comma);
	buf_milli(out, point.y);
	buf_char(out, ')');
}

void points_write(const char *comma, const struct shape *shape, struct buf *out)
{
	for (int i = 0; i < shape->point_count; i++) {
		buf_str(out, i ? comma : "[");
		write_point(comma, shape->points[i], out);
	}
	buf_char(out, ']');
}

void keywords_write(const struct keyword_style *style, const struct shape *shape, struct buf *out)
{
	struct keyword words[PARAM_COUNT_];
	int n = style_keywords(style, shape->kind, words);

	for (int i = 0; i < n; i++) {
		enum param param = words[i].param;

		if (param_is_optional(param) && shape->value[param] == 0)
			continue;
		buf_str(out, i ? style->comma : "(");
		buf_str(out, words[i].name);
		buf_char(out, '=');
		if (param == PARAM_POINTS)
			points_write(style->point_comma, shape, out);
		else if (is_pair(style, shape->kind, &words[i]))
			write_point(style->point_comma,
				    (struct point){shape->value[PARAM_X], shape->value[PARAM_Y]},
				    out);
		else
			shape_write_value(param, shape->value[param], out);
	}
	buf_char(out, ')');
}

static int read_pair(struct reader *r, struct shape *shape)
{
	struct point point;

	if (reader_point(r, &point) < 0)
		return -1;
	shape->value[PARAM_X] = point.x;
	shape->value[PARAM_Y] = point.y;
	return 0;
}

/* One keyword and its value; *given gathers which of the n words were there. */
static int read_argument(const struct keyword_style *style, struct reader *r, struct shape *shape,
			 const struct keyword *words, int n, uint64_t *given)
{
	const char *word;
	size_t len;
	int i;

	if (reader_word(r, "a parameter", &word, &len) < 0)
		return -1;
	for (i = 0; i < n; i++)
		if (word_is(word, len, words[i].name))
			break;
	if (i == n)
		return reader_error(r, word, "%s has no '%.*s'", shape_kind_name(shape->kind),
				    len < 40 ? (int)len : 40, word);
	if (*given >> i & 1)
		return reader_error(r, word, "'%s' given twice", words[i].name);
	*given |= UINT64_C(1) << i;
	if (reader_expect(r, '=') < 0)
		return -1;
	if (is_pair(style, shape->kind, &words[i]))
		return read_pair(r, shape);
	return reader_value(r, shape, words[i].param);
}

int keywords_read(const struct keyword_style *style, struct reader *r, struct shape *shape,
		  const char *where)
{
	struct keyword words[PARAM_COUNT_];
	int n = style_keywords(style, shape->kind, words);
	uint64_t given = 0;
	struct err why;

	if (reader_expect(r, '(') < 0)
		return -1;
	do {
		if (read_argument(style, r, shape, words, n, &given) < 0)
			return -1;
	} while (reader_accept(r, ','));
	if (!reader_accept(r, ')'))
		return reader_expected(r, "',' or ')'");
	for (int i = 0; i < n; i++)
		if (!(given >> i & 1) && !param_is_optional(words[i].param))
			return reader_error(r, where, "%s without '%s'",
					    shape_kind_name(shape->kind), words[i].name);
	if (shape_check(shape, &why) < 0)
		return reader_error(r, where, "%s", why.msg);
	return 0;
}
