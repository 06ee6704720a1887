/* SPDX-License-Identifier: MIT */
/*
 * The cadquery language: a script that CadQuery 2 runs as it stands.
 *
 *	import cadquery as cq
 *	result = cq.Workplane()
 *	result.add(cq.Workplane(origin=(30,5)).circle(5).extrude(1))
 *
 * Every shape is one idiom, a text with the shape's parameters in it: closed outlines become solids
 * of thickness 1, open ones stay edges or wires. The idioms are chosen so that each number stands
 * there as the label states it, and so that Open CASCADE builds every shape that can exist: fillets
 * of the sketch, unlike those of the solid, take a radius of half the side. Where CadQuery insists
 * on diameters or centres, they are expressions (2*5, 40/2), and the reader wants the two numbers
 * of one parameter to be equal.
 *
 * The reader tries the idioms of all kinds and reports what goes on furthest.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "formats/program_keywords.h"
#include "formats/program_languages.h"
#include "formats/program_reader.h"
#include "formats/shape_json.h"

#define AT_XY "cq.Workplane(origin=({x},{y}))."
#define TURNED AT_XY "[transformed(rotate=(0,0,{angle})).]"

/* {parameter}; [left out where angle is 0, and told by its first token] */
static const char *const idioms[SHAPE_COUNT_] = {
	[SHAPE_RECTANGLE] = TURNED "rect({width},{height},centered=False).extrude(1)",
	[SHAPE_ROUNDED_RECTANGLE] =
		TURNED "center({width}/2,{height}/2).sketch().rect({width},{height})"
		       ".vertices().fillet({r}).finalize().extrude(1)",
	[SHAPE_CIRCLE] = AT_XY "circle({r}).extrude(1)",
	[SHAPE_ELLIPSE] = AT_XY "ellipse({rx},{ry}[,rotation_angle={angle}]).extrude(1)",
	[SHAPE_ARC] = "cq.Sketch().arc(({x},{y}),{r},{start},{sweep}).edges().val()",
	[SHAPE_LINE] = AT_XY "polarLine({length},{angle})",
	[SHAPE_POLYLINE] = "cq.Workplane().polyline({points}).wire()",
	[SHAPE_POLYGON] = TURNED "polygon({sides},2*{r}).extrude(1)",
	[SHAPE_SLOT] =
		TURNED "center({length}/2,0).sketch().slot({length},2*{r}).finalize().extrude(1)",
	[SHAPE_TRIANGLE] = "cq.Workplane().polyline({points}).close().extrude(1)",
};

/* The parameter that `{` at p begins; *p goes behind its `}`. */
static enum param placeholder(const char **p)
{
	const char *name = *p + 1, *end = strchr(name, '}');
	enum param param = PARAM_X;

	param_from_name(name, (size_t)(end - name), &param);
	*p = end + 1;
	return param;
}

static void write_idiom(const struct shape *shape, struct buf *out)
{
	const char *p = idioms[shape->kind];

	while (*p) {
		if (*p == '{') {
			enum param param = placeholder(&p);

			if (param == PARAM_POINTS)
				points_write(",", shape, out);
			else
				shape_write_value(param, shape->value[param], out);
		} else if (*p == '[' && shape->value[PARAM_ANGLE] == 0) {
			p = strchr(p, ']') + 1;
		} else if (*p == '[' || *p == ']') {
			p++;
		} else {
			buf_char(out, *p++);
		}
	}
}

void program_write_cadquery(const struct program *program, struct buf *out)
{
	buf_str(out, "import cadquery as cq\nresult = cq.Workplane()");
	for (int i = 0; i < program->shape_count; i++) {
		buf_str(out, "\nresult.add(");
		write_idiom(&program->shapes[i], out);
		buf_char(out, ')');
	}
}

/* What one shape's text was tried as. The furthest place that an idiom came to has either tokens
 * that would have gone on there, or an error of the value that stands there. */
struct trial {
	struct reader r; /* of the idiom being tried */
	struct err why;  /* its errors */
	const char *furthest;
	bool is_value;
	struct err value_error;
	int wanted_count;
	struct {
		const char *text;
		size_t len;
	} wanted[2 * SHAPE_COUNT_]; /* per kind one token, and one of an optional part */
};

static const char a_number[] = "a number";

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

/* Reads the idiom of shape->kind; the shape's values are 0 before. */
static int try_idiom(struct trial *t, struct shape *shape)
{
	const char *p = idioms[shape->kind];
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

/* "expected 'rect', 'circle' or 'polygon', not 'c'" */
static int report(struct reader *r, const struct trial *t)
{
	char what[240] = "";
	size_t used = 0;

	if (t->is_value) {
		if (r->err)
			*r->err = t->value_error;
		return -1;
	}
	for (int i = 0; i < t->wanted_count && used < sizeof(what); i++) {
		const char *quote = t->wanted[i].text == a_number ? "" : "'";
		const char *between = i == 0 ? "" : i + 1 < t->wanted_count ? ", " : " or ";

		used += (size_t)snprintf(what + used, sizeof(what) - used, "%s%s%.*s%s", between,
					 quote, (int)t->wanted[i].len, t->wanted[i].text, quote);
	}
	r->at = t->furthest;
	return reader_expected(r, what);
}

static int read_idiom(struct reader *r, struct shape *shape)
{
	struct trial t = {.furthest = r->at};
	struct err why;

	for (int kind = 0; kind < SHAPE_COUNT_; kind++) {
		t.r = *r;
		t.r.err = &t.why;
		*shape = (struct shape){.kind = (enum shape_kind)kind};
		if (try_idiom(&t, shape) < 0)
			continue;
		if (shape_check(shape, &why) < 0)
			return reader_error(r, r->at, "%s", why.msg);
		r->at = t.r.at;
		return 0;
	}
	return report(r, &t);
}

static int read_shape(struct reader *r, struct shape *shape)
{
	if (reader_tokens(r, "result.add(") < 0)
		return -1;
	reader_skip_space(r);
	if (read_idiom(r, shape) < 0 || reader_expect(r, ')') < 0)
		return -1;
	return reader_line_end(r);
}

int program_parse_cadquery(struct program *program, const char *name, const char *text, size_t len,
			   struct arena *arena, struct err *err)
{
	struct reader r = reader_begin(name, text, len, err);

	reader_make_room(&r, program, arena);
	if (reader_tokens(&r, "import cadquery as cq") < 0 || reader_line_end(&r) < 0)
		return -1;
	if (reader_tokens(&r, "result=cq.Workplane()") < 0 || reader_line_end(&r) < 0)
		return -1;
	do {
		struct shape *shape = reader_add_shape(&r, program);

		if (!shape || read_shape(&r, shape) < 0)
			return -1;
	} while (!reader_at_end(&r));
	return 0;
}
