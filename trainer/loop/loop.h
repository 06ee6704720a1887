/* SPDX-License-Identifier: MIT */
/*
 * loop: what a recipe makes of its run folder: which command each step is, and whether its artefact is
 * there already.
 *
 *	struct loop loop = {.run = "minutes", .places = places};
 *	if (loop_plan(&loop, &recipe, &arena, &err) < 0) ...
 *	if (loop_run(&loop, &settings, &err) < 0) ...		(trainer/loop/loop_run.h)
 *
 * A run is a folder:
 *
 *	RUN/NAME/            the artefact of a step, with RUN/NAME/stamp.json: what it was made from
 *	RUN/NAME.part/       the same while it is being made
 *	RUN/NAME.begun       and its stamp
 *	RUN/NAME.log         what its program said
 *	RUN/recipe.yaml, RUN/versions.txt, RUN/log.txt
 *
 * A stamp has the digest of a step: the SHA-256 of its kind, its program's version, its options, the
 * digests of the steps that it refers to and what else it reads, as loop_input.h knows it. An artefact is up
 * to date when its stamp has the digest that the recipe has now; so what depends on a change is made anew,
 * and nothing else. It appears by rename, complete and with its stamp.
 */
#ifndef TRAINER_LOOP_H
#define TRAINER_LOOP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sha256.h"
#include "trainer/loop/loop_program.h"
#include "trainer/loop/loop_recipe.h"

/* S(enum suffix, what is said of it) */
#define LOOP_STATES(S)                                                                             \
	S(READY, "up to date")                                                                     \
	S(COMPLETE, "complete, only to be put in its place")                                       \
	S(BEGUN, "goes on")                                                                        \
	S(MISSING, "to do")

enum loop_state {
#define S(id, about) LOOP_##id,
	LOOP_STATES(S)
#undef S
};

const char *loop_state_about(enum loop_state state);

struct loop_step {
	const struct loop_recipe_step *recipe;
	const struct loop_program *program; /* NULL: none */
	char digest[SHA256_HEX_BYTES];
	enum loop_state state;
	char *const *argv; /* of the program, NULL-terminated; NULL: none */
};

struct loop {
	const char *run; /* the folder; borrowed, as the places are */
	struct loop_places places;

	/* For loop_plan to fill. */
	const struct loop_recipe *recipe;
	struct loop_program *programs; /* [RECIPE_KIND_COUNT_]; path NULL: not needed */
	struct loop_step *steps;       /* [recipe->count] */
};

/* Finds programs, checks that they know the options of their steps, and looks at the folder, which may be
 * absent; nothing is written. recipe and arena live longer than the loop. ERR_FORMAT with file:line: an
 * option that a program does not know; ERR_IO: an input or a program that is not there. */
int loop_plan(struct loop *loop, const struct loop_recipe *recipe, struct arena *arena,
	      struct err *err);

/* A file of the run, RUN/NAME and what is put behind it. Returns path->data. */
const char *loop_path(const struct loop *loop, const char *name, const char *behind,
		      struct buf *path);

/* Where a value of a reference lies: RUN/NAME/PART, or the path that it is. Appends. */
void loop_value_path(const struct loop *loop, const struct loop_recipe_value *value,
		     struct buf *out);

/* A command as a shell takes it. Appends. */
void loop_write_command(char *const *argv, struct buf *out);

/* For loop_plan: the words of a step's command. */
void loop_command(const struct loop *loop, struct loop_step *step, struct arena *arena);

/* The stamp of a step as JSON. Appends. */
void loop_write_stamp(const struct loop_step *step, struct buf *out);

#endif
