/* SPDX-License-Identifier: MIT */
/*
 * The sketch language, in the manner of tutorials on DeepCAD:
 *
 *	sketch = Sketch()
 *	sketch.add_circle(center=(30,5), radius=5)
 *	Extrude(sketch, distance=1)
 *
 * Its parameters are those that the drawing states: a line has length and angle, for its second end
 * is seldom a number that anybody could print. A drawing gives no thickness, so the distance is 1.
 */
#include <config.h>

#include <string.h>

#include "formats/program_keywords.h"
#include "formats/program_languages.h"
#include "formats/program_reader.h"

static const struct keyword words[SHAPE_COUNT_][PARAM_COUNT_] = {
	[SHAPE_RECTANGLE] = {{"corner", PARAM_X},
			     {"width", PARAM_WIDTH},
			     {"height", PARAM_HEIGHT},
			     {"angle", PARAM_ANGLE}},
	[SHAPE_ROUNDED_RECTANGLE] = {{"corner", PARAM_X},
				     {"width", PARAM_WIDTH},
				     {"height", PARAM_HEIGHT},
				     {"radius", PARAM_R},
				     {"angle", PARAM_ANGLE}},
	[SHAPE_CIRCLE] = {{"center", PARAM_X}, {"radius", PARAM_R}},
	[SHAPE_ELLIPSE] = {{"center", PARAM_X},
			   {"rx", PARAM_RX},
			   {"ry", PARAM_RY},
			   {"angle", PARAM_ANGLE}},
	[SHAPE_ARC] = {{"center", PARAM_X},
		       {"radius", PARAM_R},
		       {"start_angle", PARAM_START},
		       {"sweep_angle", PARAM_SWEEP}},
	[SHAPE_LINE] = {{"start", PARAM_X}, {"length", PARAM_LENGTH}, {"angle", PARAM_ANGLE}},
	[SHAPE_POLYLINE] = {{"points", PARAM_POINTS}},
	[SHAPE_POLYGON] = {{"center", PARAM_X},
			   {"radius", PARAM_R},
			   {"sides", PARAM_SIDES},
			   {"angle", PARAM_ANGLE}},
	[SHAPE_SLOT] = {{"start", PARAM_X},
			{"length", PARAM_LENGTH},
			{"radius", PARAM_R},
			{"angle", PARAM_ANGLE}},
	[SHAPE_TRIANGLE] = {{"points", PARAM_POINTS}},
};

static const struct keyword_style style = {.comma = ", ", .point_comma = ",", .words = words};

void program_write_sketch(const struct program *program, struct buf *out)
{
	buf_str(out, "sketch = Sketch()\n");
	for (int i = 0; i < program->shape_count; i++) {
		buf_str(out, "sketch.add_");
		buf_str(out, shape_kind_name(program->shapes[i].kind));
		keywords_write(&style, &program->shapes[i], out);
		buf_char(out, '\n');
	}
	buf_str(out, "Extrude(sketch, distance=1)");
}

static int read_call(struct reader *r, struct shape *shape)
{
	const char *word;
	size_t len;

	if (reader_tokens(r, "sketch.") < 0 || reader_word(r, "a shape", &word, &len) < 0)
		return -1;
	if (len < 4 || memcmp(word, "add_", 4) != 0 ||
	    shape_kind_from_name(word + 4, len - 4, &shape->kind) < 0)
		return reader_error(r, word, "unknown shape '%.*s'", len < 40 ? (int)len : 40,
				    word);
	if (keywords_read(&style, r, shape, word) < 0)
		return -1;
	return reader_line_end(r);
}

static int read_extrude(struct reader *r)
{
	const char *start;
	int64_t distance;

	if (reader_tokens(r, "Extrude(sketch,distance=") < 0)
		return -1;
	reader_skip_space(r);
	start = r->at;
	if (reader_number(r, &distance) < 0)
		return -1;
	if (distance != 1000)
		return reader_error(r, start, "'distance' must be 1");
	if (reader_expect(r, ')') < 0 || reader_line_end(r) < 0)
		return -1;
	return reader_at_end(r) ? 0 : reader_expected(r, "the end");
}

int program_parse_sketch(struct program *program, const char *name, const char *text, size_t len,
			 struct arena *arena, struct err *err)
{
	struct reader r = reader_begin(name, text, len, err);

	reader_make_room(&r, program, arena);
	if (reader_tokens(&r, "sketch=Sketch()") < 0 || reader_line_end(&r) < 0)
		return -1;
	while (program->shape_count == 0 || !reader_next_is(&r, 'E')) {
		struct shape *shape;

		if (program->shape_count > 0 && !reader_next_is(&r, 's'))
			return reader_expected(&r, "'sketch' or 'Extrude'");
		shape = reader_add_shape(&r, program);
		if (!shape || read_call(&r, shape) < 0)
			return -1;
	}
	return read_extrude(&r);
}
