/* SPDX-License-Identifier: MIT */
/*
 * The sketch language, in the manner of tutorials on DeepCAD:
 *
 *	sketch = Sketch()
 *	sketch.add_circle(center=(30,5), radius=5)
 *	Extrude(sketch, distance=1)
 *
 * Its parameters are those that the drawing states: a line has length and angle, for its second end
 * is seldom a number that anybody could print. Free shapes have no thickness, so their distance is
 * 1. A plate's distance is its thickness, which its outline therefore does not say. A turned part
 * ends in Revolve(sketch, axis="x"), and what stands on its axis has x alone. Which of the three a
 * text is, its shapes tell: each leaves the families that it may be of.
 */
#include <config.h>

#include <string.h>

#include "formats/program/program_keywords.h"
#include "formats/program/program_languages.h"
#include "formats/program/program_reader.h"
#include "formats/scene/shape_json.h"

/* Kinds without words are not in the language. */
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
	[SHAPE_PROFILE] = {{"points", PARAM_POINTS}},
	[SHAPE_DISC] = {{"center", PARAM_X}, {"diameter", PARAM_D}},
	[SHAPE_FILLET] = {{"corner", PARAM_X}, {"radius", PARAM_R}},
	[SHAPE_CHAMFER] = {{"corner", PARAM_X}, {"distance", PARAM_C}},
	[SHAPE_HOLE] = {{"center", PARAM_X}, {"diameter", PARAM_D}},
	[SHAPE_COUNTERBORE] = {{"center", PARAM_X},
			       {"diameter", PARAM_D},
			       {"cbore_diameter", PARAM_CBORE_D},
			       {"cbore_depth", PARAM_CBORE_DEPTH}},
	[SHAPE_TAPPED_HOLE] = {{"center", PARAM_X}, {"diameter", PARAM_D}, {"pitch", PARAM_PITCH}},
	[SHAPE_HOLE_GRID] = {{"first", PARAM_X},
			     {"diameter", PARAM_D},
			     {"columns", PARAM_COLUMNS},
			     {"rows", PARAM_ROWS},
			     {"dx", PARAM_DX},
			     {"dy", PARAM_DY}},
	[SHAPE_HOLE_CIRCLE] = {{"center", PARAM_X},
			       {"pitch_diameter", PARAM_PCD},
			       {"diameter", PARAM_D},
			       {"count", PARAM_COUNT},
			       {"start_angle", PARAM_START}},
	[SHAPE_CYLINDER] = {{"x", PARAM_X}, {"length", PARAM_LENGTH}, {"diameter", PARAM_D}},
	[SHAPE_CONE] = {{"x", PARAM_X},
			{"length", PARAM_LENGTH},
			{"start_diameter", PARAM_D},
			{"end_diameter", PARAM_D2}},
	[SHAPE_BORE] = {{"x", PARAM_X}, {"length", PARAM_LENGTH}, {"diameter", PARAM_D}},
	[SHAPE_GROOVE] = {{"x", PARAM_X}, {"width", PARAM_WIDTH}, {"diameter", PARAM_D}},
	[SHAPE_KEYWAY] = {{"x", PARAM_X},
			  {"length", PARAM_LENGTH},
			  {"width", PARAM_WIDTH},
			  {"depth", PARAM_DEPTH}},
	[SHAPE_THREAD] = {{"x", PARAM_X},
			  {"length", PARAM_LENGTH},
			  {"diameter", PARAM_D},
			  {"pitch", PARAM_PITCH}},
};

static const struct keyword_style style = {.comma = ", ", .point_comma = ",", .words = words};

/* What the shapes leave open. */
struct part {
	unsigned families;     /* bit f: family f has all shapes so far */
	struct shape *outline; /* of a plate */
	bool has_body;         /* of a turned part */
};

static bool is_outline(enum shape_kind kind)
{
	return kind == SHAPE_PROFILE || kind == SHAPE_DISC;
}

/* Takes the shape into the part. */
static int add_to_part(struct part *part, struct shape *shape)
{
	for (int f = 0; f < FAMILY_COUNT_; f++)
		if (!shape_is_of_family(shape->kind, (enum family)f))
			part->families &= ~(1u << f);
	part->has_body =
		part->has_body || shape->kind == SHAPE_CYLINDER || shape->kind == SHAPE_CONE;
	if (is_outline(shape->kind)) {
		if (part->outline)
			return -1;
		part->outline = shape;
	}
	return part->families ? 0 : -1;
}

static void write_end(const struct part *part, struct buf *out)
{
	if (part->has_body) {
		buf_str(out, "Revolve(sketch, axis=\"x\")");
		return;
	}
	buf_str(out, "Extrude(sketch, distance=");
	shape_write_value(PARAM_THICKNESS,
			  part->outline ? part->outline->value[PARAM_THICKNESS] : 1000, out);
	buf_char(out, ')');
}

void program_write_sketch(const struct program *program, struct buf *out)
{
	struct part part = {.families = (1u << FAMILY_COUNT_) - 1};

	unit_line_write(program->unit, out);
	buf_str(out, "sketch = Sketch()\n");
	for (int i = 0; i < program->shape_count; i++) {
		add_to_part(&part, &program->shapes[i]);
		buf_str(out, "sketch.add_");
		buf_str(out, shape_kind_name(program->shapes[i].kind));
		keywords_write(&style, &program->shapes[i], out);
		buf_char(out, '\n');
	}
	write_end(&part, out);
}

static int read_call(struct reader *r, struct shape *shape, struct part *part)
{
	const char *word;
	size_t len;

	if (reader_tokens(r, "sketch.") < 0 || reader_word(r, "a shape", &word, &len) < 0)
		return -1;
	if (len < 4 || memcmp(word, "add_", 4) != 0 ||
	    shape_kind_from_name(word + 4, len - 4, &shape->kind) < 0 ||
	    !words[shape->kind][0].name)
		return reader_error(r, word, "unknown shape '%.*s'", len < 40 ? (int)len : 40,
				    word);
	if (add_to_part(part, shape) < 0)
		return reader_error(r, word,
				    part->families ? "a second outline: %s"
						   : "%s does not go with what stands before",
				    shape_kind_name(shape->kind));
	/* The last line gives it; until then it must only be one that can exist. */
	if (is_outline(shape->kind))
		shape->value[PARAM_THICKNESS] = 1000;
	if (keywords_read(&style, r, shape, word) < 0)
		return -1;
	return reader_line_end(r);
}

static int read_distance(struct reader *r, const struct part *part)
{
	const char *start;
	int64_t distance;
	struct err why;

	reader_skip_space(r);
	start = r->at;
	if (reader_number(r, &distance) < 0)
		return -1;
	if (part->outline) {
		part->outline->value[PARAM_THICKNESS] = distance;
		if (shape_check(part->outline, &why) < 0)
			return reader_error(r, start, "%s", why.msg);
	} else if (distance != 1000) {
		return reader_error(r, start, "'distance' must be 1");
	}
	return 0;
}

/* What the part still lacks, or NULL. */
static const char *lacking(const struct part *part)
{
	if (part->has_body || part->outline || part->families >> FAMILY_SHAPES & 1)
		return NULL;
	return part->families >> FAMILY_PLATE & 1 ? "a plate without profile or disc"
						  : "a turned part without cylinder or cone";
}

static int read_end(struct reader *r, const struct part *part)
{
	if (lacking(part))
		return reader_error(r, r->at, "%s", lacking(part));
	if (part->has_body) {
		if (reader_tokens(r, "Revolve(sketch,axis=\"x\"") < 0)
			return -1;
	} else if (reader_tokens(r, "Extrude(sketch,distance=") < 0 || read_distance(r, part) < 0) {
		return -1;
	}
	if (reader_expect(r, ')') < 0 || reader_line_end(r) < 0)
		return -1;
	return reader_at_end(r) ? 0 : reader_expected(r, "the end");
}

int program_parse_sketch(struct program *program, const char *name, const char *text, size_t len,
			 struct arena *arena, struct err *err)
{
	struct reader r = reader_begin(name, text, len, err);
	struct part part = {.families = (1u << FAMILY_COUNT_) - 1};

	reader_make_room(&r, program, arena);
	if (reader_unit_line(&r, &program->unit) < 0 || reader_tokens(&r, "sketch=Sketch()") < 0 ||
	    reader_line_end(&r) < 0)
		return -1;
	while (program->shape_count == 0 ||
	       (!reader_next_is(&r, 'E') && !reader_next_is(&r, 'R'))) {
		struct shape *shape;

		if (program->shape_count > 0 && !reader_next_is(&r, 's'))
			return reader_expected(&r, part.has_body ? "'sketch' or 'Revolve'"
								 : "'sketch' or 'Extrude'");
		shape = reader_add_shape(&r, program);
		if (!shape || read_call(&r, shape, &part) < 0)
			return -1;
	}
	return read_end(&r, &part);
}
