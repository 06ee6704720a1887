/* SPDX-License-Identifier: MIT */
/*
 * Tokens of program texts. One reader walks the text and never looks behind its end; on an error it
 * keeps the place, and line and column are counted from it then.
 */
#include <config.h>

#include "formats/program/program_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

struct reader reader_begin(const char *name, const char *text, size_t len, struct err *err)
{
	/* An empty text may come without any memory behind it. */
	const char *begin = len ? text : "";

	return (struct reader){name, begin, begin, begin + len, begin, err};
}

int reader_error(struct reader *r, const char *where, const char *fmt, ...)
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
	r->failed = where;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(r->err, ERR_FORMAT, "%s:%d:%td: %s", r->name, line, where - line_begin + 1,
		       what);
}

int reader_expected(struct reader *r, const char *what)
{
	if (r->at == r->end)
		return reader_error(r, r->at, "expected %s, not the end", what);
	if (*r->at < ' ' || *r->at > '~')
		return reader_error(r, r->at, "expected %s, not byte 0x%02x", what,
				    (unsigned char)*r->at);
	return reader_error(r, r->at, "expected %s, not '%c'", what, *r->at);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

void reader_skip_space(struct reader *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
		r->at++;
}

bool reader_at_end(struct reader *r)
{
	reader_skip_space(r);
	return r->at == r->end;
}

bool reader_next_is(struct reader *r, char c)
{
	reader_skip_space(r);
	return r->at < r->end && *r->at == c;
}

bool reader_accept(struct reader *r, char c)
{
	if (!reader_next_is(r, c))
		return false;
	r->at++;
	return true;
}

int reader_expect(struct reader *r, char c)
{
	const char what[4] = {'\'', c, '\'', '\0'};

	return reader_accept(r, c) ? 0 : reader_expected(r, what);
}

size_t token_length(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && is_word(text[n]))
		n++;
	return n || !len ? n : 1;
}

int reader_word(struct reader *r, const char *what, const char **word, size_t *len)
{
	reader_skip_space(r);
	*word = r->at;
	while (r->at < r->end && is_word(*r->at))
		r->at++;
	*len = (size_t)(r->at - *word);
	return *len ? 0 : reader_expected(r, what);
}

bool word_is(const char *word, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(name, word, len) == 0;
}

static int read_token(struct reader *r, const char *token, size_t len)
{
	char what[64];
	size_t n;

	reader_skip_space(r);
	n = token_length(r->at, (size_t)(r->end - r->at));
	if (n == len && memcmp(r->at, token, len) == 0) {
		r->at += len;
		return 0;
	}
	snprintf(what, sizeof(what), "'%.*s'", (int)len, token);
	return reader_expected(r, what);
}

int reader_tokens(struct reader *r, const char *tokens)
{
	while (*tokens) {
		size_t len = token_length(tokens, strlen(tokens));

		if (*tokens != ' ' && read_token(r, tokens, len) < 0)
			return -1;
		tokens += len;
	}
	return 0;
}

int reader_number(struct reader *r, int64_t *milli)
{
	const char *start;

	reader_skip_space(r);
	start = r->at;
	if (num_milli(start, (size_t)(r->end - start), milli, &r->at) == 0)
		return 0;
	r->at = start;
	if (start < r->end && (*start == '-' || (*start >= '0' && *start <= '9')))
		return reader_error(r, start, "not a number below 1e12 of at most three decimals");
	return reader_expected(r, "a number");
}

int reader_point(struct reader *r, struct point *point)
{
	if (reader_expect(r, '(') < 0 || reader_number(r, &point->x) < 0)
		return -1;
	if (reader_expect(r, ',') < 0 || reader_number(r, &point->y) < 0)
		return -1;
	return reader_expect(r, ')');
}

static int read_points(struct reader *r, struct shape *shape)
{
	if (reader_expect(r, '[') < 0)
		return -1;
	do {
		reader_skip_space(r);
		if (shape->point_count == SHAPE_POINTS_MAX)
			return reader_error(r, r->at, "'points' has over %d points",
					    SHAPE_POINTS_MAX);
		if (reader_point(r, &shape->points[shape->point_count++]) < 0)
			return -1;
	} while (reader_accept(r, ','));
	return reader_expect(r, ']');
}

int reader_value(struct reader *r, struct shape *shape, enum param param)
{
	const char *start;

	if (param == PARAM_POINTS)
		return read_points(r, shape);
	reader_skip_space(r);
	start = r->at;
	if (reader_number(r, &shape->value[param]) < 0)
		return -1;
	if (param_kind(param) != KIND_COUNT)
		return 0;
	if (shape->value[param] % 1000)
		return reader_error(r, start, "'%s' must be a whole number", param_name(param));
	shape->value[param] /= 1000;
	return 0;
}

bool reader_next_is_word(struct reader *r, const char *word)
{
	reader_skip_space(r);
	return word_is(r->at, token_length(r->at, (size_t)(r->end - r->at)), word);
}

int reader_unit(struct reader *r, enum unit *unit)
{
	const char *word;
	size_t len;

	if (reader_word(r, "a unit", &word, &len) < 0)
		return -1;
	if (unit_from_name(word, len, unit) < 0)
		return reader_error(r, word, "unknown unit '%.*s'; allowed mm, inch",
				    len < 40 ? (int)len : 40, word);
	return 0;
}

int reader_unit_line(struct reader *r, enum unit *unit)
{
	*unit = UNIT_MM;
	if (!reader_next_is_word(r, "unit"))
		return 0;
	if (reader_tokens(r, "unit=\"") < 0 || reader_unit(r, unit) < 0 ||
	    reader_expect(r, '"') < 0)
		return -1;
	return reader_line_end(r);
}

int reader_line_end(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
		r->at++;
	if (r->at == r->end)
		return 0;
	if (*r->at != '\n' && *r->at != '\r' && *r->at != ';')
		return reader_expected(r, "the end of the line");
	r->at++;
	return 0;
}

void reader_make_room(const struct reader *r, struct program *program, struct arena *arena)
{
	int n = 1; /* the shape that is begun and not yet opened */

	for (const char *p = r->begin; p < r->end && n < PROGRAM_SHAPES_MAX; p++)
		n += *p == '(';
	*program = (struct program){0};
	program->shapes = ARENA_NEW(arena, struct shape, n);
}

struct shape *reader_add_shape(struct reader *r, struct program *program)
{
	if (program->shape_count == PROGRAM_SHAPES_MAX) {
		reader_skip_space(r);
		reader_error(r, r->at, "over %d shapes", PROGRAM_SHAPES_MAX);
		if (r->err)
			r->err->code = ERR_LIMIT;
		return NULL;
	}
	return &program->shapes[program->shape_count++];
}
