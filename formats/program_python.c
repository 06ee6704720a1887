/* SPDX-License-Identifier: MIT */
/*
 * The python language, assignments as CAD2Program writes them:
 *
 *	rectangle_0 = Rectangle(x=10, y=15, width=40, height=20)
 *	circle_0 = Circle(x=30, y=5, r=5)
 *
 * The class is the kind in CamelCase; the variable is the kind and a number, which the writer
 * counts up from 0 per kind. The reader takes numbers in any order and refuses one that comes back:
 * Python would lose the first shape of that name. Inches are said in a first line, unit = "inch".
 */
#include <config.h>

#include <string.h>

#include "base/num.h"
#include "formats/program_keywords.h"
#include "formats/program_languages.h"
#include "formats/program_reader.h"

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

static int kind_from_class(const char *word, size_t len, enum shape_kind *kind)
{
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		char class[CLASS_NAME_MAX];

		class_name((enum shape_kind)k, class);
		if (word_is(word, len, class)) {
			*kind = (enum shape_kind)k;
			return 0;
		}
	}
	return -1;
}

void program_write_python(const struct program *program, struct buf *out)
{
	int count[SHAPE_COUNT_] = {0};

	unit_line_write(program->unit, out);
	for (int i = 0; i < program->shape_count; i++) {
		const struct shape *shape = &program->shapes[i];
		char class[CLASS_NAME_MAX];

		class_name(shape->kind, class);
		if (i)
			buf_char(out, '\n');
		buf_str(out, shape_kind_name(shape->kind));
		buf_char(out, '_');
		buf_int(out, count[shape->kind]++);
		buf_str(out, " = ");
		buf_str(out, class);
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

static int read_assignment(struct reader *r, struct shape *shape, struct names *names)
{
	const char *variable, *class;
	size_t variable_len, class_len;

	if (reader_word(r, "a shape", &variable, &variable_len) < 0 || reader_expect(r, '=') < 0)
		return -1;
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
	struct names names = {{{false}}};

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
