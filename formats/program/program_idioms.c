/* SPDX-License-Identifier: MIT */
/*
 * Idioms, token by token. A parameter that stands in an idiom twice must have one value; what the
 * trials of a place wanted is gathered as they fail, and only at the furthest place counts.
 */
#include <config.h>

#include "formats/program/program_idioms.h"

#include <stdio.h>
#include <string.h>

#include "formats/program/program_keywords.h"
#include "formats/scene/shape_json.h"

static const char a_number[] = "a number", line_end[] = "the end of the line";

/* The parameter that `{` at p begins; *p goes behind its `}`. */
static enum param placeholder(const char **p)
{
	const char *name = *p + 1, *end = strchr(name, '}');
	enum param param = PARAM_X;

	param_from_name(name, (size_t)(end - name), &param);
	*p = end + 1;
	return param;
}

/* Whether the optional part that p begins has a parameter of 0. */
static bool is_left_out(const char *p, const struct shape *shape)
{
	p = strchr(p, '{');
	return shape->value[placeholder(&p)] == 0;
}

void idiom_write(const char *p, const struct shape *shape, struct buf *out)
{
	while (*p) {
		if (*p == '{') {
			enum param param = placeholder(&p);

			if (param == PARAM_POINTS)
				points_write(",", shape, out);
			else
				shape_write_value(param, shape->value[param], out);
		} else if (*p == '[' && is_left_out(p, shape)) {
			p = strchr(p, ']') + 1;
		} else if (*p == '[' || *p == ']') {
			p++;
		} else {
			buf_char(out, *p++);
		}
	}
}

void trial_begin(struct trial *t, const struct reader *r)
{
	*t = (struct trial){.r = *r, .begin = r->at, .furthest = r->at};
	t->r.err = &t->why;
}

static int want(struct trial *t, const char *token, size_t len)
{
	if (t->r.at < t->furthest || (t->r.at == t->furthest && t->is_value))
		return -1;
	if (t->r.at > t->furthest) {
		t->furthest = t->r.at;
		t->is_value = false;
		t->wanted_count = 0;
	}
	for (int i = 0; i < t->wanted_count; i++)
		if (t->wanted[i].len == len && memcmp(t->wanted[i].text, token, len) == 0)
			return -1;
	if (t->wanted_count == TRIAL_WANTED_MAX)
		return -1;
	t->wanted[t->wanted_count].text = token;
	t->wanted[t->wanted_count++].len = len;
	return -1;
}

/* The reader's own error, in t->why. */
static int value_failed(struct trial *t)
{
	if (t->r.failed >= t->furthest) {
		t->furthest = t->r.failed;
		t->is_value = true;
		t->value_error = t->why;
	}
	return -1;
}

static bool next_is_token(struct reader *r, const char *token, size_t len)
{
	reader_skip_space(r);
	return token_length(r->at, (size_t)(r->end - r->at)) == len &&
	       memcmp(r->at, token, len) == 0;
}

static int try_value(struct trial *t, struct shape *shape, enum param param, uint64_t *given)
{
	int64_t before = shape->value[param];
	const char *start;

	reader_skip_space(&t->r);
	start = t->r.at;
	if (param == PARAM_POINTS) {
		if (!reader_next_is(&t->r, '['))
			return want(t, "[", 1);
	} else if (start == t->r.end || (*start != '-' && (*start < '0' || *start > '9'))) {
		return want(t, a_number, sizeof(a_number) - 1);
	}
	if (reader_value(&t->r, shape, param) < 0)
		return value_failed(t);
	if (*given >> param & 1 && shape->value[param] != before) {
		reader_error(&t->r, start, "'%s' has two values", param_name(param));
		return value_failed(t);
	}
	*given |= UINT64_C(1) << param;
	return 0;
}

static int try_tokens(struct trial *t, const char *p, struct shape *shape)
{
	uint64_t given = 0;

	while (*p) {
		bool optional = *p == '[';
		size_t len;

		if (*p == '{') {
			if (try_value(t, shape, placeholder(&p), &given) < 0)
				return -1;
			continue;
		}
		p += optional || *p == ']';
		p += strspn(p, " ");
		if (*p == '{' || *p == '[' || !*p)
			continue;
		len = token_length(p, strlen(p));
		if (next_is_token(&t->r, p, len)) {
			t->r.at += len;
			p += len;
		} else if (want(t, p, len) < 0 && !optional) {
			return -1;
		} else {
			p = strchr(p, ']') + 1;
		}
	}
	return 0;
}

bool trial_idiom(struct trial *t, const char *idiom, enum shape_kind kind, struct shape *shape)
{
	struct shape none;

	if (!shape)
		shape = &none;
	t->r.at = t->begin;
	*shape = (struct shape){.kind = kind};
	return try_tokens(t, idiom, shape) == 0;
}

bool trial_line(struct trial *t, const char *idiom)
{
	struct reader behind;

	if (!trial_idiom(t, idiom, SHAPE_CIRCLE, NULL))
		return false;
	behind = t->r;
	if (reader_line_end(&behind) == 0)
		return true;
	t->r.at = behind.at;
	want(t, line_end, sizeof(line_end) - 1);
	return false;
}

void trial_take(const struct trial *t, struct reader *r)
{
	r->at = t->r.at;
}

/* "expected 'rect', 'circle' or 'polygon', not 'c'" */
int trial_report(const struct trial *t, struct reader *r)
{
	char what[240] = "";
	size_t used = 0;

	if (t->is_value) {
		if (r->err)
			*r->err = t->value_error;
		return -1;
	}
	for (int i = 0; i < t->wanted_count && used < sizeof(what); i++) {
		const char *text = t->wanted[i].text;
		const char *quote = text == a_number || text == line_end ? "" : "'";
		const char *between = i == 0 ? "" : i + 1 < t->wanted_count ? ", " : " or ";

		used += (size_t)snprintf(what + used, sizeof(what) - used, "%s%s%.*s%s", between,
					 quote, (int)t->wanted[i].len, text, quote);
	}
	r->at = t->furthest;
	return reader_expected(r, what);
}
