/* SPDX-License-Identifier: MIT */
/*
 * The python language, assignments as CAD2Program writes them:
 *
 *	rectangle_0 = Rectangle(x=10, y=15, width=40, height=20)
 *	circle_0 = Circle(x=30, y=5, r=5)
 *
 * and the parts of cabinets in two lines each, the box that a part fills and what it is:
 *
 *	bbox_0 = Bbox(300, 280, 360, 600, 560, 720, 0)
 *	model_0 = carcass(BT=18, BP=9)
 *
 * The numbers of a Bbox are x, y, z, w, d, h and angle, all of them written. A model follows its box
 * and has its number.
 *
 * The class is the kind in CamelCase; the variable is the kind and a number, which the writer
 * counts up from 0 per kind. The reader takes numbers in any order and refuses one that comes back:
 * Python would lose the first shape of that name. Inches are said in a first line, unit = "inch".
 */
#include <config.h>

#include <string.h>

#include "base/num.h"
#include "formats/program/program_keywords.h"
#include "formats/program/program_languages.h"
#include "formats/program/program_reader.h"
#include "formats/scene/shape_json.h"

static const struct keyword_style style = {.comma = ", ", .point_comma = ", "};

#define CLASS_NAME_MAX 32

/* rounded_rectangle -> RoundedRectangle */
static void class_name(enum shape_kind kind, char out[CLASS_NAME_MAX])
{
	bool capital = true;
	size_t n = 0;

	for (const char *p = shape_kind_name(kind); *p && n + 1 < CLASS_NAME_MAX; p++) {
		if (*p != '_')
			out[n++] = capital ? (char)(*p - 'a' + 'A') : *p;
		capital = *p == '_';
	}
	out[n] = '\0';
}

static bool is_model(enum shape_kind kind)
{
	return shape_is_of_family(kind, FAMILY_CABINET);
}

static int kind_from_class(const char *word, size_t len, enum shape_kind *kind)
{
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		char class[CLASS_NAME_MAX];

		if (is_model((enum shape_kind)k))
			continue;
		class_name((enum shape_kind)k, class);
		if (word_is(word, len, class)) {
			*kind = (enum shape_kind)k;
			return 0;
		}
	}
	return -1;
}

static void write_variable(const char *name, int number, const char *is, struct buf *out)
{
	buf_str(out, name);
	buf_char(out, '_');
	buf_int(out, number);
	buf_str(out, " = ");
	buf_str(out, is);
}

static const enum param bbox[] = {PARAM_X, PARAM_Y, PARAM_Z,    PARAM_W,
				  PARAM_D, PARAM_H, PARAM_ANGLE};

#define BBOX_COUNT ((int)(sizeof(bbox) / sizeof(*bbox)))

/* The parameters of a model that its box does not have; returns how many. */
static int model_params(enum shape_kind kind, enum param out[PARAM_COUNT_])
{
	enum param all[PARAM_COUNT_];
	int n = shape_params(kind, all), count = 0;

	for (int i = BBOX_COUNT; i < n; i++)
		out[count++] = all[i];
	return count;
}

static void write_model(const struct shape *shape, int number, struct buf *out)
{
	enum param params[PARAM_COUNT_];
	int n = model_params(shape->kind, params);

	write_variable("bbox", number, "Bbox(", out);
	for (int i = 0; i < BBOX_COUNT; i++) {
		buf_str(out, i ? ", " : "");
		shape_write_value(bbox[i], shape->value[bbox[i]], out);
	}
	buf_str(out, ")\n");
	write_variable("model", number, shape_kind_name(shape->kind), out);
	for (int i = 0; i < n; i++) {
		buf_str(out, i ? ", " : "(");
		buf_str(out, param_name(params[i]));
		buf_char(out, '=');
		shape_write_value(params[i], shape->value[params[i]], out);
	}
	buf_char(out, ')');
}

void program_write_python(const struct program *program, struct buf *out)
{
	int count[SHAPE_COUNT_] = {0}, models = 0;

	unit_line_write(program->unit, out);
	for (int i = 0; i < program->shape_count; i++) {
		const struct shape *shape = &program->shapes[i];
		char class[CLASS_NAME_MAX];

		class_name(shape->kind, class);
		if (i)
			buf_char(out, '\n');
		if (is_model(shape->kind)) {
			write_model(shape, models++, out);
			continue;
		}
		write_variable(shape_kind_name(shape->kind), count[shape->kind]++, class, out);
		keywords_write(&style, shape, out);
	}
}

/* circle_12 -> 12; -1 where the variable does not name the kind with a number of a shape */
static int variable_number(const char *word, size_t len, const char *kind)
{
	char digits[4] = "";
	size_t n = strlen(kind);
	int64_t number;

	if (len < n + 2 || len > n + 4 || memcmp(word, kind, n) != 0 || word[n] != '_')
		return -1;
	memcpy(digits, word + n + 1, len - n - 1);
	if ((digits[0] == '0' && digits[1]) ||
	    num_int(digits, 0, PROGRAM_SHAPES_MAX - 1, &number) < 0)
		return -1;
	return (int)number;
}

struct names {
	bool used[SHAPE_COUNT_][PROGRAM_SHAPES_MAX];
	bool boxes[PROGRAM_SHAPES_MAX];
};

static int check_variable(struct reader *r, const char *word, size_t len, enum shape_kind kind,
			  struct names *names)
{
	int number = variable_number(word, len, shape_kind_name(kind));

	if (number < 0)
		return reader_error(r, word, "'%.*s' names no %s: expected %s_0 to %s_%d",
				    len < 40 ? (int)len : 40, word, shape_kind_name(kind),
				    shape_kind_name(kind), shape_kind_name(kind),
				    PROGRAM_SHAPES_MAX - 1);
	if (names->used[kind][number])
		return reader_error(r, word, "'%.*s' assigned twice", (int)len, word);
	names->used[kind][number] = true;
	return 0;
}

/* Bbox(x, y, z, w, d, h, angle) */
static int read_bbox(struct reader *r, struct shape *shape)
{
	if (reader_tokens(r, "Bbox(") < 0)
		return -1;
	for (int i = 0; i < BBOX_COUNT; i++)
		if ((i > 0 && reader_expect(r, ',') < 0) || reader_value(r, shape, bbox[i]) < 0)
			return -1;
	if (reader_expect(r, ')') < 0)
		return -1;
	return reader_line_end(r);
}

/* "BT=18" */
static int read_model_param(struct reader *r, struct shape *shape, uint64_t *given)
{
	enum param params[PARAM_COUNT_];
	int n = model_params(shape->kind, params), i = 0;
	const char *word;
	size_t len;

	if (reader_word(r, "a parameter", &word, &len) < 0)
		return -1;
	while (i < n && !word_is(word, len, param_name(params[i])))
		i++;
	if (i == n)
		return reader_error(r, word, "%s has no '%.*s'", shape_kind_name(shape->kind),
				    len < 40 ? (int)len : 40, word);
	if (*given >> params[i] & 1)
		return reader_error(r, word, "'%s' given twice", param_name(params[i]));
	*given |= UINT64_C(1) << params[i];
	if (reader_expect(r, '=') < 0)
		return -1;
	return reader_value(r, shape, params[i]);
}

/* carcass(BT=18, BP=9) */
static int read_model(struct reader *r, struct shape *shape)
{
	uint64_t given = 0;
	const char *kind;
	enum param missing;
	struct err why;
	size_t len;

	if (reader_word(r, "a model", &kind, &len) < 0)
		return -1;
	if (shape_kind_from_name(kind, len, &shape->kind) < 0 || !is_model(shape->kind))
		return reader_error(r, kind, "unknown model '%.*s'", len < 40 ? (int)len : 40,
				    kind);
	for (int i = 0; i < BBOX_COUNT; i++)
		given |= UINT64_C(1) << bbox[i];
	if (reader_expect(r, '(') < 0)
		return -1;
	do {
		if (read_model_param(r, shape, &given) < 0)
			return -1;
	} while (reader_accept(r, ','));
	if (!reader_accept(r, ')'))
		return reader_expected(r, "',' or ')'");
	if (shape_lacks_param(shape->kind, given, &missing))
		return reader_error(r, kind, "%s without '%s'", shape_kind_name(shape->kind),
				    param_name(missing));
	if (shape_check(shape, &why) < 0)
		return reader_error(r, kind, "%s", why.msg);
	return reader_line_end(r);
}

/* Both lines of a part of a cabinet; the first has been read up to its '='. */
static int read_box_and_model(struct reader *r, struct shape *shape, const char *variable,
			      int number, struct names *names)
{
	const char *word;
	size_t len;

	if (names->boxes[number])
		return reader_error(r, variable, "'bbox_%d' assigned twice", number);
	names->boxes[number] = true;
	if (read_bbox(r, shape) < 0)
		return -1;
	reader_skip_space(r);
	if (reader_at_end(r))
		return reader_error(r, r->at, "bbox_%d without its model_%d", number, number);
	if (reader_word(r, "a model", &word, &len) < 0)
		return -1;
	if (variable_number(word, len, "model") != number)
		return reader_error(r, word, "expected model_%d, not '%.*s'", number,
				    len < 40 ? (int)len : 40, word);
	if (reader_expect(r, '=') < 0)
		return -1;
	return read_model(r, shape);
}

static int read_assignment(struct reader *r, struct shape *shape, struct names *names)
{
	const char *variable, *class;
	size_t variable_len, class_len;
	int number;

	if (reader_word(r, "a shape", &variable, &variable_len) < 0 || reader_expect(r, '=') < 0)
		return -1;
	number = variable_number(variable, variable_len, "bbox");
	if (number >= 0)
		return read_box_and_model(r, shape, variable, number, names);
	if (reader_word(r, "a shape", &class, &class_len) < 0)
		return -1;
	if (kind_from_class(class, class_len, &shape->kind) < 0)
		return reader_error(r, class, "unknown shape '%.*s'",
				    class_len < 40 ? (int)class_len : 40, class);
	if (check_variable(r, variable, variable_len, shape->kind, names) < 0)
		return -1;
	if (keywords_read(&style, r, shape, class) < 0)
		return -1;
	return reader_line_end(r);
}

int program_parse_python(struct program *program, const char *name, const char *text, size_t len,
			 struct arena *arena, struct err *err)
{
	struct reader r = reader_begin(name, text, len, err);
	struct names names = {.boxes = {false}};

	reader_make_room(&r, program, arena);
	if (reader_unit_line(&r, &program->unit) < 0)
		return -1;
	do {
		struct shape *shape = reader_add_shape(&r, program);

		if (!shape || read_assignment(&r, shape, &names) < 0)
			return -1;
	} while (!reader_at_end(&r));
	return 0;
}
