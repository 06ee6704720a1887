/* SPDX-License-Identifier: MIT */
/*
 * The cadquery language: a script that CadQuery 2 runs as it stands.
 *
 *	import cadquery as cq
 *	result = cq.Workplane()
 *	result.add(cq.Workplane(origin=(30,5)).circle(5).extrude(1))
 *
 * Every shape is one statement, an idiom with the shape's parameters in it (program_idioms.h). Free
 * shapes are added one by one: closed outlines are solids of thickness 1, open ones stay edges or
 * wires. A plate and a turned part are one solid:
 *
 *	result = cq.Workplane().polyline([(0,0),(80,0),(80,50),(0,50)]).close().extrude(8)
 *	result = result.edges("|Z").edges(cq.NearestToPointSelector((80,50,0))).fillet(5)
 *	result = result.faces(">Z").workplane(origin=(20,15)).hole(6)
 *
 * so that its outline or its body comes first. Corners of a plate follow at once, while the only
 * edges along z are those of the outline: the one nearest to a corner's point is the corner's. The
 * reader merges outline, corners and the rest in canonical order, which gives a label back as it
 * was. Circular edges of a turned part are told by where they are and by their radius. Threads
 * and what is tapped are tags: they say, and leave the solid alone.
 *
 * The idioms are chosen so that each number stands there as the label states it, and so that Open
 * CASCADE builds every shape that can exist: fillets of the sketch, unlike those of the solid, take
 * a radius of half the side. Where CadQuery insists on radii or centres, they are expressions (2*5,
 * 40/2), and the reader wants the two numbers of one parameter to be equal.
 */
#include <config.h>

#include <string.h>

#include "formats/program/program_idioms.h"
#include "formats/program/program_keywords.h"
#include "formats/program/program_languages.h"
#include "formats/program/program_reader.h"

#define IMPORT "import cadquery as cq"
#define EMPTY "result = cq.Workplane()"
#define RADIUS_MAX "10000" /* beyond any part: the outside of what a groove takes away */

/* {parameter}; [left out where its parameter is 0, and told by its first token] */
#define AT_XY "cq.Workplane(origin=({x},{y}))."
#define TURNED "[transformed(rotate=(0,0,{angle})).]"
#define RECT "rect({width},{height},centered=False)"
#define ROUNDED_RECT                                                                               \
	"center({width}/2,{height}/2).sketch().rect({width},{height}).vertices().fillet({r})"      \
	".finalize()"

static const char *const free_shapes[SHAPE_COUNT_] = {
	[SHAPE_RECTANGLE] = AT_XY TURNED RECT ".extrude(1)",
	[SHAPE_ROUNDED_RECTANGLE] = AT_XY TURNED ROUNDED_RECT ".extrude(1)",
	[SHAPE_CIRCLE] = AT_XY "circle({r}).extrude(1)",
	[SHAPE_ELLIPSE] = AT_XY "ellipse({rx},{ry}[,rotation_angle={angle}]).extrude(1)",
	[SHAPE_ARC] = "cq.Sketch().arc(({x},{y}),{r},{start},{sweep}).edges().val()",
	[SHAPE_LINE] = AT_XY "polarLine({length},{angle})",
	[SHAPE_POLYLINE] = "cq.Workplane().polyline({points}).wire()",
	[SHAPE_POLYGON] = AT_XY TURNED "polygon({sides},2*{r}).extrude(1)",
	[SHAPE_SLOT] = AT_XY TURNED
	"center({length}/2,0).sketch().slot({length},2*{r}).finalize().extrude(1)",
	[SHAPE_TRIANGLE] = "cq.Workplane().polyline({points}).close().extrude(1)",
};

#define AGAIN "result = result."
#define ON_TOP AGAIN "faces(\">Z\").workplane(origin=({x},{y}))."
#define CORNER AGAIN "edges(\"|Z\").edges(cq.NearestToPointSelector(({x},{y},0)))."

#define SHAFT "cq.Workplane(\"YZ\",origin=({x},0)).circle({d}/2).extrude({length})"
#define TAPER "cq.Solid.makeCone({d}/2,{d2}/2,{length},cq.Vector({x},0,0),cq.Vector(1,0,0))"
#define RING                                                                                       \
	AGAIN "edges(\"%CIRCLE\").filter(lambda e: abs(e.Center().x-{x})<1e-4 and "                \
	      "abs(e.radius()-{y})<1e-4)."

/* The first statement of a part. */
static const char *const begins[SHAPE_COUNT_] = {
	[SHAPE_PROFILE] = "result = cq.Workplane().polyline({points}).close().extrude({thickness})",
	[SHAPE_DISC] = "result = cq.Workplane(origin=({x},{y})).circle({d}/2).extrude({thickness})",
	[SHAPE_CYLINDER] = "result = " SHAFT,
	[SHAPE_CONE] = "result = cq.Workplane(" TAPER ")",
};

static const char *const plate[SHAPE_COUNT_] = {
	[SHAPE_RECTANGLE] = ON_TOP TURNED RECT ".cutThruAll()",
	[SHAPE_ROUNDED_RECTANGLE] = ON_TOP TURNED ROUNDED_RECT ".cutThruAll()",
	[SHAPE_SLOT] =
		ON_TOP TURNED "center({length}/2,0).slot2D({length}+2*{r},2*{r}).cutThruAll()",
	[SHAPE_FILLET] = CORNER "fillet({r})",
	[SHAPE_CHAMFER] = CORNER "chamfer({c})",
	[SHAPE_HOLE] = ON_TOP "hole({d})",
	[SHAPE_COUNTERBORE] = ON_TOP "cboreHole({d},{cbore_d},{cbore_depth})",
	[SHAPE_TAPPED_HOLE] = ON_TOP "tag(\"tapped[ pitch={pitch}]\").hole({d})",
	[SHAPE_HOLE_GRID] = ON_TOP "rarray({dx},{dy},{columns},{rows},center=False).hole({d})",
	[SHAPE_HOLE_CIRCLE] = ON_TOP "polarArray({pcd}/2,{start},360,{count}).hole({d})",
};

/* Of a keyway {d} is its cylinder's. */
static const char *const turned[SHAPE_COUNT_] = {
	[SHAPE_CYLINDER] = AGAIN "union(" SHAFT ")",
	[SHAPE_CONE] = AGAIN "union(" TAPER ")",
	[SHAPE_FILLET] = RING "fillet({r})",
	[SHAPE_CHAMFER] = RING "chamfer({c})",
	[SHAPE_BORE] = AGAIN "cut(" SHAFT ")",
	[SHAPE_GROOVE] = AGAIN "cut(cq.Workplane(\"YZ\",origin=({x},0)).circle(" RADIUS_MAX
			       ").circle({d}/2).extrude({width}))",
	[SHAPE_KEYWAY] = AGAIN "cut(cq.Workplane(origin=({x},0,{d}/2-{depth})).center({length}/2,0)"
			       ".slot2D({length},{width}).extrude(2*{depth}))",
	[SHAPE_THREAD] = AGAIN "tag(\"thread x={x} length={length} d={d}[ pitch={pitch}]\")",
};

/* Statements come in groups: the outline or body, the corners of a plate, all else. */
#define GROUPS 3

static int group_of(enum shape_kind kind, bool is_plate)
{
	if (begins[kind])
		return 0;
	return is_plate && (kind == SHAPE_FILLET || kind == SHAPE_CHAMFER) ? 1 : 2;
}

/* As the idioms have it: a single column or row of a grid has some distance, for CadQuery wants
 * one; a keyway has its cylinder's diameter. */
static struct shape as_written(const struct program *program, const struct shape *shape)
{
	struct shape s = *shape;

	if (s.kind == SHAPE_HOLE_GRID && s.value[PARAM_COLUMNS] == 1)
		s.value[PARAM_DX] = 1000;
	if (s.kind == SHAPE_HOLE_GRID && s.value[PARAM_ROWS] == 1)
		s.value[PARAM_DY] = 1000;
	if (s.kind == SHAPE_KEYWAY)
		s.value[PARAM_D] = program_keyway_cylinder(program, shape)->value[PARAM_D];
	return s;
}

static void write_free_shapes(const struct program *program, struct buf *out)
{
	buf_str(out, EMPTY);
	for (int i = 0; i < program->shape_count; i++) {
		buf_str(out, "\nresult.add(");
		idiom_write(free_shapes[program->shapes[i].kind], &program->shapes[i], out);
		buf_char(out, ')');
	}
}

static void write_part(const struct program *program, const struct shape *first, struct buf *out)
{
	bool is_plate = shape_is_of_family(first->kind, FAMILY_PLATE);
	const char *const *idioms = is_plate ? plate : turned;

	idiom_write(begins[first->kind], first, out);
	for (int group = 0; group < GROUPS; group++) {
		for (int i = 0; i < program->shape_count; i++) {
			const struct shape *shape = &program->shapes[i];
			struct shape s;

			if (shape == first || group_of(shape->kind, is_plate) != group)
				continue;
			s = as_written(program, shape);
			buf_char(out, '\n');
			idiom_write(idioms[shape->kind], &s, out);
		}
	}
}

void program_write_cadquery(const struct program *program, struct buf *out)
{
	const struct shape *first = NULL;

	for (int i = 0; i < program->shape_count && !first; i++)
		if (begins[program->shapes[i].kind])
			first = &program->shapes[i];
	unit_line_write(program->unit, out);
	buf_str(out, IMPORT "\n");
	if (first)
		write_part(program, first, out);
	else
		write_free_shapes(program, out);
}

/* Undoes as_written. `before` has the shapes of the statements before. */
static int as_stated(struct reader *r, const struct program *before, struct shape *s)
{
	const struct shape *cylinder;

	if (s->kind == SHAPE_HOLE_GRID && s->value[PARAM_COLUMNS] == 1 &&
	    s->value[PARAM_DX] == 1000)
		s->value[PARAM_DX] = 0;
	if (s->kind == SHAPE_HOLE_GRID && s->value[PARAM_ROWS] == 1 && s->value[PARAM_DY] == 1000)
		s->value[PARAM_DY] = 0;
	if (s->kind != SHAPE_KEYWAY)
		return 0;
	cylinder = program_keyway_cylinder(before, s);
	if (!cylinder)
		return reader_error(r, r->at, "keyway: no cylinder before it is where it is");
	if (cylinder->value[PARAM_D] != s->value[PARAM_D])
		return reader_error(r, r->at, "keyway: its cylinder has diameter %.10g, not %.10g",
				    (double)cylinder->value[PARAM_D] / 1000,
				    (double)s->value[PARAM_D] / 1000);
	s->value[PARAM_D] = 0;
	return 0;
}

/* The program's last shape by one of the idioms, from where the reader stands. */
static int read_idiom(struct reader *r, const char *const idioms[SHAPE_COUNT_],
		      struct program *program)
{
	struct shape *shape = &program->shapes[program->shape_count - 1];
	struct program before = *program;
	struct trial t;
	struct err why;

	before.shape_count--;
	trial_begin(&t, r);
	for (int kind = 0; kind < SHAPE_COUNT_; kind++) {
		if (!idioms[kind] || !trial_idiom(&t, idioms[kind], (enum shape_kind)kind, shape))
			continue;
		if (as_stated(r, &before, shape) < 0)
			return -1;
		if (shape_check(shape, &why) < 0)
			return reader_error(r, r->at, "%s", why.msg);
		trial_take(&t, r);
		return 0;
	}
	return trial_report(&t, r);
}

static int read_free_shapes(struct reader *r, struct program *program)
{
	do {
		if (!reader_add_shape(r, program) || reader_tokens(r, "result.add(") < 0)
			return -1;
		reader_skip_space(r);
		if (read_idiom(r, free_shapes, program) < 0 || reader_expect(r, ')') < 0 ||
		    reader_line_end(r) < 0)
			return -1;
	} while (!reader_at_end(r));
	return 0;
}

/* Merges the groups, each in its own order, into canonical order where they are in it. */
static void merge(struct program *program, bool is_plate, struct arena *arena)
{
	int n = program->shape_count, next[GROUPS] = {0};
	struct shape *shapes = ARENA_NEW(arena, struct shape, n);
	const struct shape *in = program->shapes;

	for (int i = 0; i < n; i++) {
		int best = -1;

		for (int g = 0; g < GROUPS; g++) {
			while (next[g] < n && group_of(in[next[g]].kind, is_plate) != g)
				next[g]++;
			if (next[g] < n &&
			    (best < 0 || shape_compare(&in[next[g]], &in[next[best]]) < 0))
				best = g;
		}
		shapes[i] = in[next[best]++];
	}
	program->shapes = shapes;
}

static int read_part(struct reader *r, struct program *program, struct arena *arena)
{
	bool is_plate = shape_is_of_family(program->shapes[0].kind, FAMILY_PLATE);

	while (reader_line_end(r) == 0 && !reader_at_end(r))
		if (!reader_add_shape(r, program) ||
		    read_idiom(r, is_plate ? plate : turned, program) < 0)
			return -1;
	if (r->at < r->end)
		return -1;
	merge(program, is_plate, arena);
	return 0;
}

/* The first statement says whether a part follows or free shapes. */
static int read_body(struct reader *r, struct program *program, struct arena *arena)
{
	struct trial t;
	struct shape *first;
	struct err why;

	reader_skip_space(r);
	trial_begin(&t, r);
	if (trial_line(&t, EMPTY)) {
		trial_take(&t, r);
		return reader_line_end(r) < 0 ? -1 : read_free_shapes(r, program);
	}
	first = reader_add_shape(r, program);
	for (int kind = 0; kind < SHAPE_COUNT_; kind++) {
		if (!begins[kind] || !trial_idiom(&t, begins[kind], (enum shape_kind)kind, first))
			continue;
		if (shape_check(first, &why) < 0)
			return reader_error(r, r->at, "%s", why.msg);
		trial_take(&t, r);
		return read_part(r, program, arena);
	}
	return trial_report(&t, r);
}

int program_parse_cadquery(struct program *program, const char *name, const char *text, size_t len,
			   struct arena *arena, struct err *err)
{
	struct reader r = reader_begin(name, text, len, err);

	reader_make_room(&r, program, arena);
	if (reader_unit_line(&r, &program->unit) < 0 || reader_tokens(&r, IMPORT) < 0 ||
	    reader_line_end(&r) < 0)
		return -1;
	return read_body(&r, program, arena);
}
