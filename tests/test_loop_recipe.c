/* SPDX-License-Identifier: MIT */
/* loop_recipe: what a file says, settings over it, what steps refer to, every refusal, and writing. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/loop/loop_recipe.h"

static struct arena arena;

static const char whole[] = "name: whole\n"
			    "about: All kinds of steps\n"
			    "steps:\n"
			    "  - generate:\n"
			    "      as: clean\n"
			    "      count: 100\n"
			    "      val_fraction: 0.5\n"
			    "      family: [shapes, \"plate:2\"]\n"
			    "      require_legible: true\n"
			    "      seed:\n"
			    "  - restyle: {as: scans, data: clean, style: office_scan}\n"
			    "  - tokenizer: {data: [clean, ./more.txt]}\n"
			    "  - train: {as: first, data: clean, tokenizer: tokenizer}\n"
			    "  - train: {as: then, train: scans, init: first, recompute: false}\n"
			    "  - evaluate: {as: score, model: then/best, data: scans}\n"
			    "  - compare: {metrics: [score, ./other.json], figures: exact}\n";

static struct loop_recipe parsed(const char *text, const char *const *settings, int count)
{
	struct loop_recipe recipe;
	struct err err = {0};

	if (loop_recipe_parse(&recipe, "r.yaml", text, strlen(text), settings, count, &arena,
			      &err) < 0)
		fail_msg("%s", err.msg);
	return recipe;
}

static const struct loop_recipe_step *step_of(const struct loop_recipe *recipe, const char *name)
{
	for (int i = 0; i < recipe->count; i++)
		if (strcmp(recipe->steps[i].name, name) == 0)
			return &recipe->steps[i];
	fail_msg("no step %s", name);
	return NULL;
}

static const struct loop_recipe_option *option_of(const struct loop_recipe_step *step,
						  const char *key)
{
	const struct loop_recipe_option *option = step->first;

	while (option && strcmp(option->key, key) != 0)
		option = option->next;
	return option;
}

static void test_whole(void **state)
{
	struct loop_recipe r = parsed(whole, NULL, 0);
	const struct loop_recipe_option *o;

	(void)state;
	assert_string_equal(r.name, "whole");
	assert_string_equal(r.about, "All kinds of steps");
	assert_int_equal(r.count, 7);
	assert_int_equal(r.steps[0].kind, RECIPE_GENERATE);
	assert_int_equal(r.steps[0].line, 4);
	assert_string_equal(r.steps[2].name, "tokenizer");
	o = option_of(&r.steps[0], "count");
	assert_string_equal(o->first->text, "100");
	assert_int_equal(o->line, 6);
	assert_non_null(option_of(&r.steps[0], "val-fraction"));
	o = option_of(&r.steps[0], "family");
	assert_string_equal(o->first->next->text, "plate:2");
	assert_true(option_of(&r.steps[0], "require-legible")->flag);
	assert_null(option_of(&r.steps[0], "seed"));
	assert_null(option_of(step_of(&r, "then"), "recompute"));
}

static void test_references(void **state)
{
	struct loop_recipe r = parsed(whole, NULL, 0);
	const struct loop_recipe_value *v;

	(void)state;
	v = option_of(step_of(&r, "scans"), "data")->first;
	assert_ptr_equal(v->step, &r.steps[0]);
	assert_string_equal(v->part, "");
	v = option_of(step_of(&r, "tokenizer"), "data")->first;
	assert_ptr_equal(v->step, &r.steps[0]);
	assert_null(v->next->step);
	assert_string_equal(v->next->text, "./more.txt");
	v = option_of(step_of(&r, "first"), "tokenizer")->first;
	assert_string_equal(v->part, "tokenizer.json");
	/* By the program's own name for it. */
	v = option_of(step_of(&r, "then"), "data")->first;
	assert_ptr_equal(v->step, &r.steps[1]);
	assert_string_equal(option_of(step_of(&r, "then"), "init")->first->part, "last");
	v = option_of(step_of(&r, "score"), "model")->first;
	assert_ptr_equal(v->step, step_of(&r, "then"));
	assert_string_equal(v->part, "best");
	assert_string_equal(option_of(step_of(&r, "compare"), "metrics")->first->part,
			    "metrics.json");
}

static void test_settings(void **state)
{
	static const char *const settings[] = {
		"clean.count=7",        "clean.val-fraction=0", "clean.require_legible=false",
		"first.recompute=true", "then.train=clean",     "score.data=./mine=1"};
	struct loop_recipe r = parsed(whole, settings, 6);

	(void)state;
	assert_string_equal(option_of(&r.steps[0], "count")->first->text, "7");
	assert_null(option_of(&r.steps[0], "count")->first->next);
	assert_int_equal(option_of(&r.steps[0], "count")->line, 0);
	assert_string_equal(option_of(&r.steps[0], "val-fraction")->first->text, "0");
	assert_null(option_of(&r.steps[0], "require-legible"));
	assert_true(option_of(step_of(&r, "first"), "recompute")->flag);
	assert_ptr_equal(option_of(step_of(&r, "then"), "data")->first->step, &r.steps[0]);
	assert_string_equal(option_of(step_of(&r, "score"), "data")->first->text, "./mine=1");
}

static void refuse_set(const char *setting, const char *message)
{
	struct loop_recipe r;
	struct err err = {0};

	assert_int_equal(
		loop_recipe_parse(&r, "r.yaml", whole, strlen(whole), &setting, 1, &arena, &err),
		-1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_USAGE);
}

static void test_settings_refused(void **state)
{
	(void)state;
	refuse_set("count=3", "--set: 'count=3' is no STEP.OPTION=VALUE");
	refuse_set("clean.count", "--set: 'clean.count' is no STEP.OPTION=VALUE");
	refuse_set("claen.count=3",
		   "--set: claen.count=3: no step is called 'claen'; did you mean 'clean'?");
	refuse_set("x.count=3", "--set: x.count=3: no step is called 'x'");
	refuse_set("clean.out=x", "--set: 'out' is not for recipes");
	refuse_set("clean.=x", "--set: '' is no name of an option");
	refuse_set("first.data=scnas",
		   "--set: no step before this one is called 'scnas'; did you mean 'scans'?");
	refuse_set("first.data=true", "--set: 'data' must name a step or a path");
}

static void test_setting_takes_away(void **state)
{
	static const char *const setting = "compare.metrics=";
	struct loop_recipe r;
	struct err err = {0};

	(void)state;
	assert_int_equal(
		loop_recipe_parse(&r, "r.yaml", whole, strlen(whole), &setting, 1, &arena, &err),
		-1);
	assert_string_equal(err.msg, "r.yaml:16: 'compare' lacks 'metrics'");
}

static void refuse(const char *text, const char *message)
{
	struct loop_recipe r;
	struct err err = {0};

	assert_int_equal(loop_recipe_parse(&r, "r.yaml", text, strlen(text), NULL, 0, &arena, &err),
			 -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

/* A recipe of one generate step "a", and this, from line 4 on. */
static void refuse_step(const char *step, const char *message)
{
	struct buf text = {0};

	buf_str(&text, "name: r\nsteps:\n  - generate: {as: a}\n");
	buf_str(&text, step);
	refuse(text.data, message);
	buf_free(&text);
}

static void test_refused(void **state)
{
	(void)state;
	refuse("- a", "r.yaml:1: a recipe must be a mapping");
	refuse("steps: [generate: ]", "r.yaml:1: 'name' is missing");
	refuse("name: r", "r.yaml:1: 'steps' is missing");
	refuse("name: r\nsteps: []", "r.yaml:2: 'steps' must be a list of steps");
	refuse("name: r\nstep: []", "r.yaml:2: unknown key 'step'; did you mean 'steps'?");
	refuse("name: r\nversion: 2",
	       "r.yaml:2: unknown key 'version'; there are name, about, steps");
	refuse("name: a/b\n",
	       "r.yaml:1: a name must have 1 to 63 letters, digits, '_' and '-', and "
	       "begin with no '-'");
	refuse("about: [1]", "r.yaml:1: 'about' must be a text");
	refuse("a: *b", "r.yaml:1: an alias (*b); none are taken");
}

static void test_steps_refused(void **state)
{
	(void)state;
	refuse_step("  - generrate: {}",
		    "r.yaml:4: unknown step 'generrate'; did you mean 'generate'?");
	refuse_step("  - draw: {}", "r.yaml:4: unknown step 'draw'; there are generate, restyle, "
				    "parts, tokenizer, train, evaluate, compare");
	refuse_step("  - generate",
		    "r.yaml:4: a step must be a mapping of one key, the kind of step");
	refuse_step("  - {generate: , train: }",
		    "r.yaml:4: a step must be a mapping of one key, the kind of step");
	refuse_step("  - generate: 3", "r.yaml:4: 'generate' must be a mapping of options");
	refuse_step("  - generate: {as: a}",
		    "r.yaml:4: a second step called 'a', as that of line 3; "
		    "'as' gives it another name");
	refuse_step("  - generate:\n      as: -x", "r.yaml:5: a name must have 1 to 63 letters, "
						   "digits, '_' and '-', and begin with no '-'");
	refuse_step("  - generate: {Count: 1}", "r.yaml:4: 'Count' is no name of an option");
	refuse_step("  - generate: {count: {a: 1}}",
		    "r.yaml:4: a value must be a text or a number");
	refuse_step("  - generate: {count: []}", "r.yaml:4: 'count' is an empty list");
	refuse_step("  - generate: {count: ''}", "r.yaml:4: a value is empty");
	refuse_step("  - generate: {style: \"a\\tb\"}", "r.yaml:4: a value must be one line");
	refuse_step("  - generate: {resume: true}", "r.yaml:4: 'resume' is not for recipes");
	refuse_step("  - generate: {a_b: 1, a-b: 2}",
		    "r.yaml:4: 'a-b' is 'a-b', which line 4 has given already");
	refuse_step("  - train:\n      data: a\n      train: a\n",
		    "r.yaml:6: 'train' is 'data', which line 5 has given already");
}

static void test_references_refused(void **state)
{
	(void)state;
	refuse_step("  - restyle: {style: iso}", "r.yaml:4: 'restyle' lacks 'data'");
	refuse_step("  - restyle:\n      data: aa",
		    "r.yaml:5: no step before this one is called 'aa'; of a path write ./aa");
	refuse_step("  - restyle: {data: restyle}", "r.yaml:4: no step before this one is called "
						    "'restyle'; of a path write ./restyle");
	refuse_step("  - restyle: {data: [a, a]}", "r.yaml:4: 'data' takes one step or path");
	refuse_step("  - restyle: {data: true}", "r.yaml:4: 'data' must name a step or a path");
	refuse_step("  - parts: {as: p}\n  - restyle: {data: p}",
		    "r.yaml:5: 'data' of 'restyle' cannot be 'p', a step of the kind 'parts'");
	refuse_step("  - evaluate: {model: a}",
		    "r.yaml:4: 'model' of 'evaluate' cannot be 'a', a step of the kind 'generate'");
	refuse_step("  - evaluate: {model: a/last}",
		    "r.yaml:4: 'model' of 'evaluate' cannot be 'a', a step of the kind 'generate'");
	refuse_step("  - compare: {metrics: ./m.json, figures: exat}",
		    "r.yaml:4: unknown figure 'exat'; did you mean 'exact'?");
	refuse_step("  - compare: {metrics: ./m.json, figures: beauty}",
		    "r.yaml:4: unknown figure 'beauty'; metrics(5) lists them");
	refuse_step("  - compare: {metrics: ./m.json, figures: true}",
		    "r.yaml:4: 'figures' must be a list of them");
	refuse_step("  - compare: {metrics: ./m.json, sort: up}",
		    "r.yaml:4: unknown option 'sort'; compare takes metrics and figures");
}

static void test_many_steps(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_str(&text, "name: r\nsteps:\n");
	for (int i = 0; i <= RECIPE_STEPS_MAX; i++) {
		buf_str(&text, "  - generate: {as: s");
		buf_int(&text, i);
		buf_str(&text, "}\n");
	}
	refuse(text.data, "r.yaml:2: 257 steps; at most 256");
	buf_free(&text);
}

static void test_write(void **state)
{
	static const char *const settings[] = {"clean.count=7"};
	struct loop_recipe r = parsed(whole, settings, 1), read;
	struct buf text = {0}, again = {0};

	(void)state;
	loop_recipe_write(&r, &text);
	read = parsed(text.data, NULL, 0);
	loop_recipe_write(&read, &again);
	assert_string_equal(text.data, again.data);
	assert_string_equal(option_of(&read.steps[0], "count")->first->text, "7");
	assert_true(option_of(&read.steps[0], "require-legible")->flag);
	assert_string_equal(option_of(step_of(&read, "score"), "model")->first->part, "best");
	buf_free(&text);
	buf_free(&again);
}

static void test_file(void **state)
{
	struct loop_recipe r;
	struct err err = {0};

	(void)state;
	assert_int_equal(loop_recipe_read(&r, "absent.yaml", NULL, 0, &arena, &err), -1);
	assert_string_equal(err.msg, "cannot open absent.yaml: No such file or directory");
}

static int free_all(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_settings_refused),
		cmocka_unit_test(test_setting_takes_away),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_steps_refused),
		cmocka_unit_test(test_references_refused),
		cmocka_unit_test(test_many_steps),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_file),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, free_all);
}
