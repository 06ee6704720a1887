/* SPDX-License-Identifier: MIT */
/*
 * The calls language: circle(x=30,y=5,r=5); polyline(points=[(1,2),(30,2),(30,9.5)])
 *
 *	program = ["unit(" unit ");"] call *(";" call) [";"]
 *	call    = kind arguments
 *
 * with the arguments of program_keywords.c and white space allowed between any two tokens.
 */
#include <config.h>

#include "formats/program/program_keywords.h"
#include "formats/program/program_languages.h"
#include "formats/program/program_reader.h"

static const struct keyword_style style = {.comma = ",", .point_comma = ","};

void program_write_calls(const struct program *program, struct buf *out)
{
	if (program->unit != UNIT_MM) {
		buf_str(out, "unit(");
		buf_str(out, unit_name(program->unit));
		buf_str(out, "); ");
	}
	for (int i = 0; i < program->shape_count; i++) {
		if (i)
			buf_str(out, "; ");
		buf_str(out, shape_kind_name(program->shapes[i].kind));
		keywords_write(&style, &program->shapes[i], out);
	}
}

static int read_call(struct reader *r, struct shape *shape)
{
	const char *word;
	size_t len;

	if (reader_word(r, "a shape", &word, &len) < 0)
		return -1;
	if (shape_kind_from_name(word, len, &shape->kind) < 0)
		return reader_error(r, word, "unknown shape '%.*s'", len < 40 ? (int)len : 40,
				    word);
	return keywords_read(&style, r, shape, word);
}

static int read_unit(struct reader *r, enum unit *unit)
{
	if (!reader_next_is_word(r, "unit"))
		return 0;
	if (reader_tokens(r, "unit(") < 0 || reader_unit(r, unit) < 0 || reader_expect(r, ')') < 0)
		return -1;
	return reader_expect(r, ';');
}

int program_parse_calls(struct program *program, const char *name, const char *text, size_t len,
			struct arena *arena, struct err *err)
{
	struct reader r = reader_begin(name, text, len, err);

	reader_make_room(&r, program, arena);
	if (read_unit(&r, &program->unit) < 0)
		return -1;
	do {
		struct shape *shape;

		if (reader_at_end(&r) && program->shape_count > 0)
			return 0;
		shape = reader_add_shape(&r, program);
		if (!shape || read_call(&r, shape) < 0)
			return -1;
	} while (reader_accept(&r, ';'));
	return reader_at_end(&r) ? 0 : reader_expected(&r, "';' or the end");
}
