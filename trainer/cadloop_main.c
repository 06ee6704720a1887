/* SPDX-License-Identifier: MIT */
/*
 * cadloop: a recipe from nothing to a measured model. Whoever reads what it prints on standard output gets the
 * report alone: a line for each evaluation, and the tables.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/interrupt.h"
#include "base/nearest.h"
#include "trainer/loop/loop_report.h"
#include "trainer/loop/loop_run.h"

#define VERDICT 3

struct options {
	const char *recipe, *out, *stop_after;
	struct cli_texts set;
	bool dry_run, quiet;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"out", 'o', "RUN", "the run's folder (the recipe's name)", CLI_STRING, &o->out, 0,
		 0, NULL},
		{"set", 's', "STEP.OPTION=VALUE",
		 "another value for an option; any number of these", CLI_TEXTS, &o->set, 0, 0,
		 NULL},
		{"dry-run", 'n', NULL, "print what would be done, and do nothing", CLI_FLAG,
		 &o->dry_run, 0, 0, NULL},
		{"stop-after", 0, "STEP", "leave out what comes behind this step", CLI_STRING,
		 &o->stop_after, 0, 0, NULL},
		{"quiet", 'q', NULL, "show neither steps nor what their programs say", CLI_FLAG,
		 &o->quiet, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {"cadloop", "[OPTION]... RECIPE.yaml",
					    "Runs the steps of a recipe: drawings, tokenizer, "
					    "training, evaluation, report; each only where "
					    "something has changed.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (argc - first != 1)
		return first < argc ? err_set(err, ERR_USAGE, "unexpected argument '%s'",
					      argv[first + 1])
				    : err_set(err, ERR_USAGE, "a recipe is needed");
	o->recipe = argv[first];
	return 0;
}

static int find_last(const struct options *o, const struct loop_recipe *recipe,
		     const struct loop_recipe_step **last, struct err *err)
{
	struct nearest near;

	*last = NULL;
	if (!o->stop_after)
		return 0;
	near = nearest_to(o->stop_after);
	for (int i = 0; i < recipe->count; i++) {
		if (strcmp(recipe->steps[i].name, o->stop_after) == 0) {
			*last = &recipe->steps[i];
			return 0;
		}
		nearest_try(&near, recipe->steps[i].name);
	}
	return err_set(err, ERR_USAGE, "--stop-after: no step is called '%.60s'%s%s%s",
		       o->stop_after, near.word ? "; did you mean '" : "",
		       near.word ? near.word : "", near.word ? "'?" : "");
}

static void put_plan(const struct loop *loop, const struct loop_recipe_step *last, struct buf *out)
{
	for (int i = 0; i < loop->recipe->count; i++) {
		const struct loop_step *step = &loop->steps[i];
		bool runs = step->state == LOOP_BEGUN || step->state == LOOP_MISSING;

		buf_str(out, step->recipe->name);
		buf_str(out, ": ");
		buf_str(out, loop_state_about(step->state));
		if (runs && step->argv) {
			buf_str(out, ": ");
			loop_write_command(step->argv, out);
		}
		buf_char(out, '\n');
		if (step->recipe == last)
			break;
	}
}

static int print(const struct buf *text, struct err *err)
{
	if (text->len > 0)
		fwrite(text->data, 1, text->len, stdout);
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_errno(err, "cannot write to standard output");
	return 0;
}

/* *verdict: a program's status said that a model is not good enough. */
static int run(const struct options *o, struct arena *arena, bool *verdict, struct err *err)
{
	char folder[LOOP_FOLDER_BYTES];
	struct loop loop = {.places = {loop_own_folder(folder), getenv("PATH")}};
	struct loop_run_settings settings = {.show = o->quiet ? -1 : STDERR_FILENO};
	struct loop_recipe recipe;
	struct buf out = {0};
	int rc;

	if (loop_recipe_read(&recipe, o->recipe, o->set.text, o->set.count, arena, err) < 0 ||
	    find_last(o, &recipe, &settings.last, err) < 0)
		return -1;
	loop.run = o->out ? o->out : recipe.name;
	if (loop_plan(&loop, &recipe, arena, err) < 0)
		return -1;
	if (o->dry_run) {
		put_plan(&loop, settings.last, &out);
		rc = print(&out, err);
	} else {
		settings.stop = interrupt_catch();
		rc = loop_run(&loop, &settings, verdict, err);
		if (rc == 0)
			rc = loop_report(&loop, &out, err);
		if (rc == 0)
			rc = print(&out, err);
	}
	buf_free(&out);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct arena arena = {0};
	struct err err = {0};
	bool verdict = false;
	int rc = parse_options(&o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = run(&o, &arena, &verdict, &err);
	arena_free(&arena);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadloop: %s\n", err.msg);
	return verdict ? VERDICT : cli_status(&err);
}
