/* SPDX-License-Identifier: MIT */
/*
 * Reads CadQuery, plain, as GenCAD-Code and as CAD-Recode have it: statements
 *
 *	NAME = cq.Workplane('XY',origin=(0,0,-7))
 *	NAME = NAME.method(...).method(...)
 *
 * in which arguments are numbers, tuples, lists of points, texts, True, False and values again. What they are and do
 * is cad_query.h's.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/cad/cad_code_private.h"
#include "formats/cad/cad_query.h"

#define DEPTH_MAX 48
#define NAMES_MAX 4096

struct name {
	const char *word;
	size_t len;
	struct query_value value;
};

struct script {
	struct query q;
	struct name *names;
	int count, room;
	const struct query_piece *last; /* the solid that was named last */
	int depth;
};

static int read_value(struct script *p, struct query_value *out);

/* --- numbers ---------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Models write halves: -15/2. */
static int read_number(struct reader *r, struct query_value *out)
{
	const char *begin = r->at;
	double v, by;

	reader_accept(r, '+');
	if (code_read_real(r, &v) < 0)
		return -1;
	while (reader_next_is(r, '/') || reader_next_is(r, '*')) {
		bool over = reader_accept(r, '/');

		if (!over)
			reader_accept(r, '*');
		if (code_read_real(r, &by) < 0)
			return -1;
		v = over ? v / by : v * by;
	}
	if (!(fabs(v) <= DEEPCAD_LENGTH_MAX))
		return reader_error(r, begin, "a number that is not within %g", DEEPCAD_LENGTH_MAX);
	*out = (struct query_value){.kind = QUERY_NUMBER, .number = {v}};
	return 0;
}

/* --- values ----------------------------------------------------------------------------------- */

static int read_text(struct reader *r, char quote, struct query_value *out)
{
	const char *begin = r->at;

	*out = (struct query_value){.kind = QUERY_TEXT};
	while (r->at < r->end && *r->at != quote && *r->at != '\n')
		r->at++;
	if ((size_t)(r->at - begin) >= sizeof(out->text))
		return reader_error(r, begin, "a text of more than %d bytes", QUERY_WORD_BYTES - 1);
	memcpy(out->text, begin, (size_t)(r->at - begin));
	return reader_expect(r, quote);
}

/* Behind '(': numbers with commas between, or one value in brackets. */
static int read_tuple(struct script *p, struct query_value *out)
{
	struct reader *r = &p->q.r;
	struct query_value first, next;

	if (read_value(p, &first) < 0)
		return -1;
	*out = first;
	if (!reader_next_is(r, ','))
		return reader_expect(r, ')');
	if (first.kind != QUERY_NUMBER)
		return reader_expected(r, "')'");
	out->kind = QUERY_TUPLE;
	out->numbers = 1;
	while (reader_accept(r, ',') && !reader_next_is(r, ')')) {
		const char *at = r->at;

		if (read_value(p, &next) < 0)
			return -1;
		if (next.kind != QUERY_NUMBER || out->numbers == 3)
			return reader_error(r, at, "a tuple of anything but 2 or 3 numbers");
		out->number[out->numbers++] = next.number[0];
	}
	return reader_expect(r, ')');
}

/* Behind '[': points. */
static int read_points(struct script *p, struct query_value *out)
{
	struct reader *r = &p->q.r;
	struct query_value v;

	*out = (struct query_value){.kind = QUERY_POINTS};
	while (!reader_next_is(r, ']')) {
		const char *at = r->at;
		struct query_point *point;

		if (out->points && reader_expect(r, ',') < 0)
			return -1;
		if (read_value(p, &v) < 0 || query_count(&p->q, 1) < 0)
			return -1;
		if (v.kind != QUERY_TUPLE || v.numbers != 2)
			return reader_error(r, at, "a list of anything but points");
		point = ARENA_NEW(p->q.arena, struct query_point, 1);
		*point = (struct query_point){out->points, vec(v.number[0], v.number[1]),
					      out->points ? out->points->count + 1 : 1};
		out->points = point;
	}
	return reader_expect(r, ']');
}

static struct name *find_name(struct script *p, const char *word, size_t len)
{
	for (int i = p->count; i-- > 0;)
		if (p->names[i].len == len && memcmp(p->names[i].word, word, len) == 0)
			return &p->names[i];
	return NULL;
}

/* --- calls ------------------------------------------------------------------------------------ */

/* "name=" or nothing: a word with '=' behind it. */
static void read_argument_name(struct reader *r, struct query_argument *a)
{
	const char *begin;

	reader_skip_space(r);
	begin = a->where = r->at;
	a->len = token_length(r->at, (size_t)(r->end - r->at));
	r->at += a->len;
	if (a->len > 0 && reader_next_is(r, '=')) {
		a->name = begin;
		reader_accept(r, '=');
		return;
	}
	r->at = begin;
}

/* Behind '('. */
static int read_arguments(struct script *p, struct query_call *call)
{
	struct reader *r = &p->q.r;

	while (!reader_accept(r, ')')) {
		struct query_argument *a = &call->arguments[call->count];

		if (call->count > 0 && reader_expect(r, ',') < 0)
			return -1;
		if (reader_accept(r, ')'))
			return 0;
		if (call->count == QUERY_ARGUMENTS_MAX)
			return reader_error(r, r->at, "more than %d arguments",
					    QUERY_ARGUMENTS_MAX);
		*a = (struct query_argument){.name = NULL};
		read_argument_name(r, a);
		if (read_value(p, &a->value) < 0)
			return -1;
		call->count++;
	}
	return 0;
}

/* Behind '.': NAME(...) of a value, or of cq. */
static int read_call(struct script *p, const struct query_value *self, struct query_value *out)
{
	struct query_call call = {.count = 0};
	struct query_value made = {.kind = QUERY_NUMBER};
	int rc;

	if (reader_word(&p->q.r, "a call", &call.name, &call.len) < 0)
		return -1;
	call.where = call.name;
	if (reader_expect(&p->q.r, '(') < 0 || read_arguments(p, &call) < 0)
		return -1;
	rc = self ? query_method(&p->q, self, &call, &made) : query_construct(&p->q, &call, &made);
	*out = made;
	return rc;
}

/* A value that begins with a word. */
static int read_named(struct script *p, struct query_value *out)
{
	struct reader *r = &p->q.r;
	const struct name *name;
	const char *word;
	size_t len;

	if (reader_word(r, "a value", &word, &len) < 0)
		return -1;
	if (word_is(word, len, "True") || word_is(word, len, "False")) {
		*out = (struct query_value){.kind = QUERY_FLAG,
					    .number = {word_is(word, len, "True")}};
		return 0;
	}
	if (word_is(word, len, "cq"))
		return reader_expect(r, '.') < 0 ? -1 : read_call(p, NULL, out);
	name = find_name(p, word, len);
	if (!name)
		return reader_error(r, word, "there is no '%.*s'", (int)(len < 64 ? len : 64),
				    word);
	*out = name->value;
	return 0;
}

static int read_primary(struct script *p, struct query_value *out)
{
	struct reader *r = &p->q.r;

	if (reader_accept(r, '('))
		return read_tuple(p, out);
	if (reader_accept(r, '['))
		return read_points(p, out);
	if (reader_accept(r, '\''))
		return read_text(r, '\'', out);
	if (reader_accept(r, '"'))
		return read_text(r, '"', out);
	if (r->at < r->end && (is_digit(*r->at) || strchr("+-.", *r->at)))
		return read_number(r, out);
	return read_named(p, out);
}

static int read_value(struct script *p, struct query_value *out)
{
	struct query_value v = {.kind = QUERY_NUMBER};
	int rc;

	if (++p->depth > DEPTH_MAX)
		return reader_error(&p->q.r, p->q.r.at, "nested deeper than %d", DEPTH_MAX);
	rc = read_primary(p, &v);
	while (rc == 0 && v.kind >= QUERY_WORK && reader_accept(&p->q.r, '.'))
		rc = read_call(p, &v, &v);
	p->depth--;
	*out = v;
	return rc;
}

/* --- programs --------------------------------------------------------------------------------- */

static int set_name(struct script *p, const char *word, size_t len, const struct query_value *value)
{
	struct name *name = find_name(p, word, len);

	if (!name && p->count == p->room)
		return err_set(p->q.r.err, ERR_LIMIT, "%s: more than %d names", p->q.r.name,
			       NAMES_MAX);
	if (!name)
		name = &p->names[p->count++];
	*name = (struct name){word, len, *value};
	if (value->kind == QUERY_SOLID)
		p->last = value->pieces;
	return 0;
}

/* Blanks and comments: whether there is more. */
static bool has_more(struct reader *r)
{
	while (!reader_at_end(r) && *r->at == '#')
		while (r->at < r->end && *r->at != '\n')
			r->at++;
	return !reader_at_end(r);
}

static int read_statement(struct script *p)
{
	struct reader *r = &p->q.r;
	struct query_value value;
	const char *word;
	size_t len;

	if (reader_next_is_word(r, "import"))
		return reader_tokens(r, "import cadquery as cq");
	if (reader_word(r, "a statement", &word, &len) < 0 || reader_expect(r, '=') < 0 ||
	    read_value(p, &value) < 0)
		return -1;
	if (value.kind < QUERY_WORK)
		return reader_error(r, word, "a value that is no workplane, sketch or solid");
	return set_name(p, word, len, &value);
}

/* No more names than equals signs. */
static int count_names(const char *text, size_t len)
{
	int count = 1;

	for (size_t i = 0; i < len && count < NAMES_MAX; i++)
		count += text[i] == '=';
	return count;
}

int code_read_query(struct deepcad_model *model, const char *result, double unit, const char *name,
		    const char *text, size_t len, struct arena *arena, struct err *err)
{
	struct script p = {.q = {reader_begin(name, text, len, err), arena, unit, 0}};
	const struct name *named;
	int rc = 0;

	*model = (struct deepcad_model){0};
	p.room = count_names(text, len);
	p.names = ARENA_NEW(arena, struct name, p.room);
	while (rc == 0 && has_more(&p.q.r))
		rc = read_statement(&p);
	if (rc < 0)
		return -1;
	named = find_name(&p, result, strlen(result));
	if (named && named->value.kind == QUERY_SOLID)
		p.last = named->value.pieces;
	if (!p.last)
		return reader_error(&p.q.r, p.q.r.end, "no solid is made");
	query_model(p.last, model, arena);
	return 0;
}
