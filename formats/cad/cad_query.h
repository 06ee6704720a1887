/* SPDX-License-Identifier: MIT */
/*
 * cad_query: what the CadQuery of cad_code_read_query.c has for values, and its calls. Values do not change: each call
 * makes another one, in the arena, which goes on in lists where the one before ends.
 */
#ifndef FORMATS_CAD_QUERY_H
#define FORMATS_CAD_QUERY_H

#include "formats/program/program_reader.h"
#include "formats/solid/deepcad.h"

#define QUERY_ARGUMENTS_MAX 8
#define QUERY_WORD_BYTES 32
#define QUERY_MADE_MAX 200000 /* parts of values that one program may make */

enum query_kind {
	QUERY_NUMBER,
	QUERY_TUPLE,
	QUERY_POINTS,
	QUERY_TEXT,
	QUERY_FLAG,
	QUERY_PLANE,
	QUERY_WORK,   /* a workplane, or a sketch that was placed on one */
	QUERY_SKETCH, /* one that is being drawn */
	QUERY_SOLID
};

/* Lists, the last one first; count: how many it is with those before. */
struct query_point {
	const struct query_point *before;
	struct vec at;
	int count;
};
struct query_curve {
	const struct query_curve *before;
	struct deepcad_curve curve;
	int count;
};
struct query_loop {
	const struct query_loop *before;
	struct deepcad_loop loop; /* closed */
	struct box box;
	bool is_hole; /* of sketches */
	int count;
};
struct query_piece {
	const struct query_piece *before;
	struct deepcad_feature feature; /* its sketches are its own */
	int count;
};

/* Lengths of planes, curves and features are metres, all others as they are written. */
struct query_value {
	enum query_kind kind;
	double number[3];                 /* of numbers and tuples; a flag's is 0 or 1 */
	int numbers;                      /* of a tuple */
	char text[QUERY_WORD_BYTES];      /* of a text */
	const struct query_point *points; /* a list; of a sketch: where the next shapes come */
	struct deepcad_plane plane;       /* of planes, workplanes and sketches */
	const struct query_loop *loops;   /* of workplanes and sketches: that are closed */
	const struct query_curve *chain;  /* and one that is not */
	struct vec at;                    /* where its next curve begins */
	const struct query_piece *pieces; /* of a solid */
};

struct query_argument {
	const char *name; /* NULL: it has none */
	size_t len;
	const char *where;
	struct query_value value;
	bool is_used;
};

struct query_call {
	const char *name, *where; /* of what is called */
	size_t len;
	struct query_argument arguments[QUERY_ARGUMENTS_MAX];
	int count;
};

struct query {
	struct reader r;
	struct arena *arena;
	double unit; /* m */
	int made;    /* parts of values so far */
};

/* Counts one more part of a value: -1 with ERR_LIMIT beyond QUERY_MADE_MAX. */
int query_count(struct query *q, int parts);

/* cq.NAME(...), and VALUE.NAME(...), with its arguments. */
int query_construct(struct query *q, struct query_call *call, struct query_value *out);
int query_method(struct query *q, const struct query_value *self, struct query_call *call,
		 struct query_value *out);

/* --- arguments: by name, or the i-th of those without ------------------------------------------- */

/* NULL: it is not there, or of another kind. */
const struct query_value *query_take(struct query_call *call, int i, const char *name,
				     enum query_kind kind);

/* The same with errors for what is missing; lengths are made metres. */
int query_take_length(struct query *q, struct query_call *call, int i, const char *name,
		      double *out);
int query_take_point(struct query *q, struct query_call *call, int i, const char *name,
		     struct vec *out);

/* Whether all were taken; an error for the first that was not. */
int query_taken(struct query *q, struct query_call *call);

/* --- solids ------------------------------------------------------------------------------------- */

/* The loops of a workplane swept: the feature lacks its regions. Loops in others are holes by turns, or those
 * that were called so. */
int query_sweep(struct query *q, const struct query_value *work, struct deepcad_feature *feature,
		const char *where, struct query_value *out);

/* Both as one. */
int query_combine(struct query *q, const struct query_value *a, const struct query_value *b,
		  enum deepcad_operation operation, const char *where, struct query_value *out);

/* A revolve turned about its own axis. */
int query_turn(struct query *q, const struct query_value *solid, struct vec3 from, struct vec3 to,
	       double angle, const char *where, struct query_value *out);

/* All of a solid as a model. */
void query_model(const struct query_piece *pieces, struct deepcad_model *model,
		 struct arena *arena);

#endif
