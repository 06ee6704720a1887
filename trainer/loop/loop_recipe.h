/* SPDX-License-Identifier: MIT */
/*
 * loop_recipe: the steps from nothing to a measured model, as a YAML file says them. cadloop(1) has its form.
 *
 *	struct loop_recipe recipe;
 *	if (loop_recipe_read(&recipe, "minutes.yaml", sets, set_count, &arena, &err) < 0) ...
 *	for (int i = 0; i < recipe.count; i++)
 *		... recipe.steps[i].name, recipe.steps[i].first	(its options)
 *
 * A recipe that was read is sound by itself: kinds of steps are known, names are given once, and what a
 * step refers to is an earlier step of a kind that has it, or a path. Whether a program takes the options
 * of its steps is for loop_plan to say.
 */
#ifndef TRAINER_LOOP_RECIPE_H
#define TRAINER_LOOP_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* K(enum suffix, name, program, verb, what its artefact is). No program: cadloop does it itself. */
#define RECIPE_KINDS(K)                                                                            \
	K(GENERATE, "generate", "cadgen", NULL, "a dataset")                                       \
	K(RESTYLE, "restyle", "cadgen", "restyle", "a dataset")                                    \
	K(PARTS, "parts", "cadconv", "parts", "a dataset of solids")                               \
	K(TOKENIZER, "tokenizer", "cadtok", "train", "a vocabulary")                               \
	K(TRAIN, "train", "cadtrain", NULL, "a run")                                               \
	K(EVALUATE, "evaluate", "cadeval", NULL, "an evaluation")                                  \
	K(COMPARE, "compare", NULL, NULL, "a table")

enum loop_recipe_kind {
#define K(id, name, program, verb, about) RECIPE_##id,
	RECIPE_KINDS(K)
#undef K
		RECIPE_KIND_COUNT_
};

/* R(of which kind, key, the program's option, of which kinds, what of their artefact, how many): options
 * that name earlier steps. No option: operands. */
#define RECIPE_REFERENCES(R)                                                                       \
	R(RESTYLE, "data", NULL, RECIPE_DRAWINGS, "", RECIPE_ONE)                                  \
	R(TOKENIZER, "data", NULL, RECIPE_DATASETS, "", RECIPE_SOME)                               \
	R(TRAIN, "data", "train", RECIPE_DATASETS, "", RECIPE_MAYBE)                               \
	R(TRAIN, "val", "val", RECIPE_DATASETS, "", RECIPE_MAYBE)                                  \
	R(TRAIN, "tokenizer", "tokenizer", 1 << RECIPE_TOKENIZER, "tokenizer.json", RECIPE_MAYBE)  \
	R(TRAIN, "init", "init", 1 << RECIPE_TRAIN, "last", RECIPE_MAYBE)                          \
	R(EVALUATE, "model", "model", 1 << RECIPE_TRAIN, "last", RECIPE_ONE)                       \
	R(EVALUATE, "data", "data", RECIPE_DATASETS, "", RECIPE_MAYBE)                             \
	R(EVALUATE, "curves", "curves", 1 << RECIPE_TRAIN, "", RECIPE_MAYBE)                       \
	R(COMPARE, "metrics", NULL, 1 << RECIPE_EVALUATE, "metrics.json", RECIPE_SOME)

#define RECIPE_DRAWINGS (1 << RECIPE_GENERATE | 1 << RECIPE_RESTYLE)
#define RECIPE_DATASETS (RECIPE_DRAWINGS | 1 << RECIPE_PARTS)

enum loop_recipe_number { RECIPE_MAYBE, RECIPE_ONE, RECIPE_SOME };

struct loop_recipe_reference {
	enum loop_recipe_kind of;
	const char *key, *option;
	unsigned kinds;
	const char *part; /* file or folder in the artefact, where none is named */
	enum loop_recipe_number number;
};

struct loop_recipe_step;

struct loop_recipe_value {
	struct loop_recipe_value *next;
	const char *text; /* one line of UTF-8 */
	/* Of a reference: the step, and what of its artefact; NULL: text is a path. */
	const struct loop_recipe_step *step;
	const char *part;
};

struct loop_recipe_option {
	struct loop_recipe_option *next;
	const char *key; /* of a reference its key, else the name of a long option, with '-' */
	int line;        /* 0: of the command line */
	const struct loop_recipe_reference *reference; /* NULL: none */
	bool flag;                                     /* no values: a flag that is given */
	struct loop_recipe_value *first;
};

struct loop_recipe_step {
	enum loop_recipe_kind kind;
	const char *name;
	int line;
	struct loop_recipe_option *first; /* in their order */
};

struct loop_recipe {
	const char *file;         /* for messages; borrowed */
	const char *name, *about; /* about: "" where there is none */
	int settings;             /* how many were laid over it */
	int count;
	struct loop_recipe_step *steps;
};

#define RECIPE_STEPS_MAX 256
#define RECIPE_NAME_BYTES 64 /* of recipes and steps, the NUL included */

const char *loop_recipe_kind_name(enum loop_recipe_kind kind);
const char *loop_recipe_kind_program(enum loop_recipe_kind kind); /* NULL: none */
const char *loop_recipe_kind_verb(enum loop_recipe_kind kind);    /* NULL: none */

/* The references of all kinds one after the other; NULL behind the last. */
const struct loop_recipe_reference *loop_recipe_reference_at(size_t i);

/* Reads a recipe and lays settings over it, each "STEP.OPTION=VALUE" as --set gives them: the option gets
 * that one value, "true" makes it a flag, "false", "null" or nothing takes it away. Everything lives in
 * the arena; file and settings are borrowed. ERR_FORMAT with file:line; of a setting ERR_USAGE with
 * "--set". */
int loop_recipe_read(struct loop_recipe *recipe, const char *file, const char *const *settings,
		     int count, struct arena *arena, struct err *err);

/* The same of text[0..len). */
int loop_recipe_parse(struct loop_recipe *recipe, const char *file, const char *text, size_t len,
		      const char *const *settings, int count, struct arena *arena, struct err *err);

/* The recipe as YAML, without its comments; read again it is the same. */
void loop_recipe_write(const struct loop_recipe *recipe, struct buf *out);

/* Fills err with "file:line: message", or "--set: message" where line is 0. Returns -1. */
int loop_recipe_error(const struct loop_recipe *recipe, int line, struct err *err, const char *fmt,
		      ...) __attribute__((format(printf, 4, 5)));

/* For loop_recipe_parse: the settings laid over steps; which steps references mean. */
int loop_recipe_set(struct loop_recipe *recipe, const char *setting, struct arena *arena,
		    struct err *err);
int loop_recipe_resolve(struct loop_recipe *recipe, struct err *err);

/* For both: puts an option behind those there are, under its proper key; refuses what is cadloop's own
 * business, and what is given twice. NULL on failure. */
struct loop_recipe_option *loop_recipe_add_option(const struct loop_recipe *recipe,
						  struct loop_recipe_step *step, const char *key,
						  int line, struct arena *arena, struct err *err);
void loop_recipe_add_value(struct loop_recipe_option *option, const char *text,
			   struct arena *arena);

#endif
