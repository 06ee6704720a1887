/* SPDX-License-Identifier: MIT */
/*
 * The calls language: circle(x=30,y=5,r=5); polyline(points=[(1,2),(30,2),(30,9.5)])
 *
 *	program = call *(";" call) [";"]
 *	call    = kind "(" param "=" value *("," param "=" value) ")"
 *	value   = number / "[" point *("," point) "]"
 *	point   = "(" number "," number ")"
 *
 * with blanks, tabs and line ends allowed between any two tokens. Recursive descent without
 * recursion: the language does not nest deeper than a point. One reader walks the text; on the
 * first error it keeps the offset, and line and column are counted from it then.
 */
#include <config.h>

#include "formats/program_languages.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "formats/shape_json.h"

static void write_points(const struct shape *shape, struct buf *out)
{
	for (int i = 0; i < shape->point_count; i++) {
		buf_str(out, i ? ",(" : "[(");
		buf_milli(out, shape->points[i].x);
		buf_char(out, ',');
		buf_milli(out, shape->points[i].y);
		buf_char(out, ')');
	}
	buf_char(out, ']');
}

static void write_call(const struct shape *shape, struct buf *out)
{
	enum param params[PARAM_COUNT_];
	int n = shape_params(shape->kind, params);
	char before = '(';

	buf_str(out, shape_kind_name(shape->kind));
	for (int i = 0; i < n; i++) {
		if (param_is_optional(params[i]) && shape->value[params[i]] == 0)
			continue;
		buf_char(out, before);
		buf_str(out, param_name(params[i]));
		buf_char(out, '=');
		if (params[i] == PARAM_POINTS)
			write_points(shape, out);
		else
			shape_write_value(params[i], shape->value[params[i]], out);
		before = ',';
	}
	buf_char(out, ')');
}

void program_write_calls(const struct program *program, struct buf *out)
{
	for (int i = 0; i < program->shape_count; i++) {
		if (i)
			buf_str(out, "; ");
		write_call(&program->shapes[i], out);
	}
}

struct reader {
	const char *name; /* of the text, for messages */
	const char *begin, *at, *end;
	struct err *err;
};

/* ERR_FORMAT at `where`; lines and columns (in bytes) count from 1. Returns -1. */
static int error_at(const struct reader *r, const char *where, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int error_at(const struct reader *r, const char *where, const char *fmt, ...)
{
	const char *line_begin = r->begin;
	char what[256];
	int line = 1;
	va_list ap;

	for (const char *p = r->begin; p < where; p++) {
		if (*p == '\n') {
			line++;
			line_begin = p + 1;
		}
	}
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(r->err, ERR_FORMAT, "%s:%d:%td: %s", r->name, line, where - line_begin + 1,
		       what);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static void skip_space(struct reader *r)
{
	while (r->at < r->end && is_space(*r->at))
		r->at++;
}

/* Whether the next token is c; the reader stays before it. */
static bool next_is(struct reader *r, char c)
{
	skip_space(r);
	return r->at < r->end && *r->at == c;
}

static bool accept(struct reader *r, char c)
{
	if (!next_is(r, c))
		return false;
	r->at++;
	return true;
}

/* "expected <what>, not <what stands there>" */
static int expected(const struct reader *r, const char *what)
{
	if (r->at == r->end)
		return error_at(r, r->at, "expected %s, not the end", what);
	if (*r->at < ' ' || *r->at > '~')
		return error_at(r, r->at, "expected %s, not byte 0x%02x", what,
				(unsigned char)*r->at);
	return error_at(r, r->at, "expected %s, not '%c'", what, *r->at);
}

static int expect(struct reader *r, char c)
{
	const char what[4] = {'\'', c, '\'', '\0'};

	return accept(r, c) ? 0 : expected(r, what);
}

/* The word that starts here, without its length limited: names are compared, never copied. */
static int read_word(struct reader *r, const char *what, const char **word, size_t *len)
{
	skip_space(r);
	*word = r->at;
	while (r->at < r->end && is_word(*r->at))
		r->at++;
	*len = (size_t)(r->at - *word);
	return *len ? 0 : expected(r, what);
}

static int read_number(struct reader *r, int64_t *out)
{
	const char *start;

	skip_space(r);
	start = r->at;
	if (num_milli(start, (size_t)(r->end - start), out, &r->at) == 0)
		return 0;
	r->at = start;
	if (start < r->end && (*start == '-' || (*start >= '0' && *start <= '9')))
		return error_at(r, start, "not a number below 1e12 of at most three decimals");
	return expected(r, "a number");
}

static int read_point(struct reader *r, struct point *point)
{
	if (expect(r, '(') < 0 || read_number(r, &point->x) < 0 || expect(r, ',') < 0)
		return -1;
	if (read_number(r, &point->y) < 0)
		return -1;
	return expect(r, ')');
}

static int read_points(struct reader *r, struct shape *shape)
{
	if (expect(r, '[') < 0)
		return -1;
	do {
		skip_space(r);
		if (shape->point_count == SHAPE_POINTS_MAX)
			return error_at(r, r->at, "'points' has over %d points", SHAPE_POINTS_MAX);
		if (read_point(r, &shape->points[shape->point_count++]) < 0)
			return -1;
	} while (accept(r, ','));
	return expect(r, ']');
}

static int read_value(struct reader *r, struct shape *shape, enum param param)
{
	const char *start;

	if (param == PARAM_POINTS)
		return read_points(r, shape);
	skip_space(r);
	start = r->at;
	if (read_number(r, &shape->value[param]) < 0)
		return -1;
	if (param_kind(param) != KIND_COUNT)
		return 0;
	if (shape->value[param] % 1000)
		return error_at(r, start, "'%s' must be a whole number", param_name(param));
	shape->value[param] /= 1000;
	return 0;
}

static int read_param(struct reader *r, struct shape *shape, uint32_t *given)
{
	const char *word;
	enum param param;
	size_t len;

	if (read_word(r, "a parameter", &word, &len) < 0)
		return -1;
	if (param_from_name(word, len, &param) < 0 || !shape_has_param(shape->kind, param))
		return error_at(r, word, "%s has no '%.*s'", shape_kind_name(shape->kind),
				len < 40 ? (int)len : 40, word);
	if (*given >> param & 1)
		return error_at(r, word, "'%s' given twice", param_name(param));
	*given |= UINT32_C(1) << param;
	if (expect(r, '=') < 0)
		return -1;
	return read_value(r, shape, param);
}

static int read_call(struct reader *r, struct shape *shape)
{
	const char *word;
	uint32_t given = 0;
	enum param param;
	struct err why;
	size_t len;

	if (read_word(r, "a shape", &word, &len) < 0)
		return -1;
	if (shape_kind_from_name(word, len, &shape->kind) < 0)
		return error_at(r, word, "unknown shape '%.*s'", len < 40 ? (int)len : 40, word);
	if (expect(r, '(') < 0)
		return -1;
	do {
		if (read_param(r, shape, &given) < 0)
			return -1;
	} while (accept(r, ','));
	if (!next_is(r, ')'))
		return expected(r, "',' or ')'");
	r->at++;
	if (shape_lacks_param(shape->kind, given, &param))
		return error_at(r, word, "%s without '%s'", shape_kind_name(shape->kind),
				param_name(param));
	if (shape_check(shape, &why) < 0)
		return error_at(r, word, "%s", why.msg);
	return 0;
}

/* At least the number of calls in well-formed text, and at most PROGRAM_SHAPES_MAX. */
static int room_for_calls(const struct reader *r)
{
	int n = 1;

	for (const char *p = r->begin; p < r->end && n < PROGRAM_SHAPES_MAX; p++)
		n += *p == ';';
	return n;
}

int program_parse_calls(struct program *program, const char *name, const char *text, size_t len,
			struct arena *arena, struct err *err)
{
	/* An empty text may come without any memory behind it. */
	const char *begin = len ? text : "";
	struct reader r = {name, begin, begin, begin + len, err};

	program->shape_count = 0;
	program->shapes = ARENA_NEW(arena, struct shape, room_for_calls(&r));
	do {
		skip_space(&r);
		if (r.at == r.end && program->shape_count > 0)
			return 0;
		if (program->shape_count == PROGRAM_SHAPES_MAX) {
			error_at(&r, r.at, "over %d shapes", PROGRAM_SHAPES_MAX);
			if (err)
				err->code = ERR_LIMIT;
			return -1;
		}
		if (read_call(&r, &program->shapes[program->shape_count++]) < 0)
			return -1;
	} while (accept(&r, ';'));
	skip_space(&r);
	return r.at == r.end ? 0 : expected(&r, "';' or the end");
}
