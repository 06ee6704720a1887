/* SPDX-License-Identifier: MIT */
/*
 * A reader of drawings, as strict as a person who makes the part: first all dimensions on the sheet
 * are found, then each text is given to the dimension it stands by, then every number of every
 * outline is looked up among the dimensions that measure just that. What is left over at the end, a
 * text that states nothing or a dimension without a number, is an error too.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "gen/reader/program_from_drawing.h"
#include "gen/reader/reader.h"

#define AGREES 1e-6 /* relative */

static int compare_shapes(const void *a, const void *b)
{
	return shape_compare(a, b);
}

static int check_all_used(const struct reader *reader, struct err *err)
{
	for (int i = 0; i < reader->reading_count; i++)
		if (!reader->readings[i].explained)
			return err_set(err, ERR_FORMAT, "unexplained text '%s'",
				       reader->readings[i].text->utf8);
	for (int i = 0; i < reader->figure_count; i++) {
		const struct figure *f = &reader->figures[i];

		if (!f->reading)
			return err_set(err, ERR_FORMAT,
				       "the dimension with an arrow at (%.10g,%.10g) on the sheet "
				       "bears no number",
				       f->tip[0].x, f->tip[0].y);
		if (!f->used)
			return err_set(err, ERR_FORMAT,
				       "unexplained text '%s': its dimension measures nothing",
				       f->reading->text->utf8);
	}
	for (int i = 0; reader->table && i < reader->table->count; i++)
		if (!reader->table->rows[i].used)
			return err_set(err, ERR_FORMAT, "row '%s' of the table states nothing",
				       reader->table->rows[i].cells[TABLE_NAME]->text->utf8);
	return 0;
}

static int count_outlines(const struct drawing *drawing)
{
	int count = 0;

	for (int i = 0; i < drawing->stroke_count; i++)
		count += drawing->strokes[i].layer == LAYER_OUTLINE;
	return count;
}

int read_shapes(struct program *program, struct reader *reader, struct err *err)
{
	const struct drawing *drawing = reader->drawing;
	int count = count_outlines(drawing);

	if (count > PROGRAM_SHAPES_MAX)
		return err_set(err, ERR_LIMIT, "the drawing shows %d shapes; allowed %d", count,
			       PROGRAM_SHAPES_MAX);

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *stroke = &drawing->strokes[i];
		struct outline outline;

		if (stroke->layer != LAYER_OUTLINE)
			continue;
		if (reader_recognise(reader, &stroke->path, &outline, err) < 0 ||
		    reader_state_shape(reader, &outline, &program->shapes[program->shape_count++],
				       err) < 0)
			return -1;
	}
	return 0;
}

static int read_family(struct program *program, struct reader *reader, enum family family,
		       struct err *err)
{
	reader->aligned = family != FAMILY_SHAPES;
	switch (family) {
	case FAMILY_PLATE:
		return read_plate(program, reader, err);
	case FAMILY_TURNED:
		return read_turned(program, reader, err);
	case FAMILY_CABINET:
		return read_cabinet(program, reader, err);
	case FAMILY_SHAPES:
	case FAMILY_COUNT_:
		break;
	}
	return read_shapes(program, reader, err);
}

/* A reference dimension repeats what others state; it must only be true. */
static int check_references(struct reader *reader, struct err *err)
{
	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];
		double length = vec_length(vec_sub(f->tip[1], f->tip[0])) / reader->drawing->scale;

		if (f->used || f->kind != FIGURE_LINEAR || !f->reading ||
		    f->reading->callout.status != CALLOUT_REFERENCE)
			continue;
		if (fabs((double)f->reading->callout.value / 1000 - length) > AGREES * length)
			return err_set(err, ERR_FORMAT,
				       "the text '%s' contradicts the drawing, where it is %.10g",
				       f->reading->text->utf8, length);
		f->used = true;
	}
	return 0;
}

int program_from_drawing(struct program *program, const struct drawing *drawing, enum family family,
			 struct arena *arena, struct err *err)
{
	struct reader reader = {.drawing = drawing, .arena = arena};

	*program = (struct program){
		.unit = drawing->unit_mm == unit_mm(UNIT_INCH) ? UNIT_INCH : UNIT_MM,
		.shapes = ARENA_NEW(arena, struct shape, PROGRAM_SHAPES_MAX),
	};
	reader_gather_lines(&reader);
	reader_read_texts(&reader);
	if (reader_find_table(&reader, err) < 0)
		return -1;
	reader_find_figures(&reader);
	reader_find_ordinates(&reader);
	if (reader_assign_texts(&reader, err) < 0 ||
	    read_family(program, &reader, family, err) < 0 || check_references(&reader, err) < 0 ||
	    check_all_used(&reader, err) < 0)
		return -1;
	qsort(program->shapes, (size_t)program->shape_count, sizeof(*program->shapes),
	      compare_shapes);
	return 0;
}
