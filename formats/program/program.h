/* SPDX-License-Identifier: MIT */
/*
 * program: the label, one syntax tree with several surface languages; program(5).
 *
 *	struct program p;
 *	program_from_scene(&p, &scene, &arena);		(gen/)
 *	program_write(&p, LANGUAGE_CALLS, &buf);
 *	if (program_parse(&p, LANGUAGE_CALLS, "label", text, len, &arena, &err) < 0) ...
 *
 * calls:    circle(x=30,y=5,r=5); polyline(points=[(1,2),(30,2),(30,9.5)])
 * json:     {"primitives":[{"type":"circle","x":30,"y":5,"r":5},...]}
 * python:   circle_0 = Circle(x=30, y=5, r=5)
 * sketch:   sketch.add_circle(center=(30,5), radius=5)
 * cadquery: result.add(cq.Workplane(origin=(30,5)).circle(5).extrude(1))
 *
 * Numbers are decimals in the program's unit (mm or inch, degrees) in their shortest exact form;
 * optional parameters are left out when 0. Millimetres are not written, inches are said first.
 */
#ifndef FORMATS_PROGRAM_H
#define FORMATS_PROGRAM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/scene/shape.h"

#define PROGRAM_LANGUAGES(L)                                                                       \
	L(CALLS, "calls")                                                                          \
	L(JSON, "json")                                                                            \
	L(PYTHON, "python")                                                                        \
	L(SKETCH, "sketch")                                                                        \
	L(CADQUERY, "cadquery")

enum language {
#define L(id, name) LANGUAGE_##id,
	PROGRAM_LANGUAGES(L)
#undef L
		LANGUAGE_COUNT_
};

#define PROGRAM_SHAPES_MAX 256

struct program {
	enum unit unit;
	int shape_count;
	struct shape *shapes; /* in the arena */
};

/* NULL-terminated list for option tables. */
extern const char *const language_names[LANGUAGE_COUNT_ + 1];

/* Whether parts of the family can be said in the language: boards of a cabinet are neither sketched
 * nor scripted. */
bool language_fits(enum language language, enum family family);

/* Whether the language can say just this program. calls, json and python say any. sketch and cadquery
 * build something: free shapes; or a plate, with one profile or disc; or a turned part, with a
 * cylinder or cone at least, and for cadquery every keyway within a cylinder. */
bool program_fits(const struct program *program, enum language language);

/* Whether all shapes are of kinds that the family has. */
bool program_is_of_family(const struct program *program, enum family family);

/* The first family that has all of them; FAMILY_COUNT_ where none has. */
enum family program_family(const struct program *program);

/* Appends the canonical text without a newline at the end: one line for calls and json, several for
 * the others. The program has at least one shape and fits the language. */
void program_write(const struct program *program, enum language language, struct buf *out);

/* Reads a program: canonical text, or with white space between tokens, named parameters in any
 * order and numbers in any decimal form of up to three places (a model's output). Anything else, no
 * shape at all, a missing or doubled or unknown parameter, a shape that cannot exist: ERR_FORMAT
 * with name:line:column (column in bytes, from 1); over PROGRAM_SHAPES_MAX shapes: ERR_LIMIT,
 * likewise. A trailing ';' is allowed in calls, and ';' for a line end in python, sketch and
 * cadquery. What comes back fits the language. Shapes may be in any order and are kept in it, but for
 * parts in cadquery, where the outline or body stands first, then a plate's corners, then the rest:
 * there the three are merged in canonical order. On failure *program holds nothing of use. */
int program_parse(struct program *program, enum language language, const char *name,
		  const char *text, size_t len, struct arena *arena, struct err *err);

/* The same unit, and the same shapes with the same values in the same order. */
bool program_equal(const struct program *a, const struct program *b);

#endif
