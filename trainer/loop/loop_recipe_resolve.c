/* SPDX-License-Identifier: MIT */
/* What a step refers to; settings of the command line; a recipe written. */
#include <config.h>

#include "trainer/loop/loop_recipe.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/utf8.h"
#include "formats/encoding/yaml.h"
#include "formats/metrics/solid_metrics.h"

/* --- settings -------------------------------------------------------------------------------- */

/* The step whose name is text[0..len), or NULL. */
static struct loop_recipe_step *find_step(const struct loop_recipe *recipe, int count,
					  const char *text, size_t len)
{
	for (int i = 0; i < count; i++)
		if (strlen(recipe->steps[i].name) == len &&
		    strncmp(recipe->steps[i].name, text, len) == 0)
			return &recipe->steps[i];
	return NULL;
}

static int refuse_step(const struct loop_recipe *recipe, const char *setting, size_t len,
		       struct err *err)
{
	char typed[RECIPE_NAME_BYTES];
	struct nearest near;

	snprintf(typed, sizeof(typed), "%.*s", (int)len, setting);
	near = nearest_to(typed);
	for (int i = 0; i < recipe->count; i++)
		nearest_try(&near, recipe->steps[i].name);
	if (near.word)
		return loop_recipe_error(recipe, 0, err,
					 "%.100s: no step is called '%s'; did you mean '%s'?",
					 setting, typed, near.word);
	return loop_recipe_error(recipe, 0, err, "%.100s: no step is called '%s'", setting, typed);
}

/* Takes away the option of that key, also under the name that the program has for it. */
static void remove_option(struct loop_recipe_step *step, const struct loop_recipe_option *same)
{
	for (struct loop_recipe_option **at = &step->first; *at; at = &(*at)->next)
		if (strcmp((*at)->key, same->key) == 0) {
			*at = (*at)->next;
			return;
		}
}

static bool is_line(const char *text)
{
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			return false;
	return utf8_is_valid(text);
}

int loop_recipe_set(struct loop_recipe *recipe, const char *setting, struct arena *arena,
		    struct err *err)
{
	const char *dot = strchr(setting, '.'), *equals = dot ? strchr(dot, '=') : NULL;
	struct loop_recipe_step *step, alone = {0};
	struct loop_recipe_option *option;
	const char *key, *value;

	if (!equals || !is_line(setting))
		return loop_recipe_error(recipe, 0, err, "'%.100s' is no STEP.OPTION=VALUE",
					 setting);
	step = find_step(recipe, recipe->count, setting, (size_t)(dot - setting));
	if (!step)
		return refuse_step(recipe, setting, (size_t)(dot - setting), err);
	key = arena_strndup(arena, dot + 1, (size_t)(equals - dot - 1));
	value = equals + 1;
	alone.kind = step->kind;
	option = loop_recipe_add_option(recipe, &alone, key, 0, arena, err);
	if (!option)
		return -1;
	remove_option(step, option);
	if (*value == '\0' || strcmp(value, "false") == 0 || strcmp(value, "null") == 0)
		return 0;
	option = loop_recipe_add_option(recipe, step, key, 0, arena, err);
	if (!option)
		return -1;
	option->flag = strcmp(value, "true") == 0;
	if (!option->flag)
		loop_recipe_add_value(option, value, arena);
	return 0;
}

/* --- references ------------------------------------------------------------------------------ */

static int refuse_name(const struct loop_recipe *recipe, const struct loop_recipe_step *step,
		       const struct loop_recipe_option *option, const char *text, struct err *err)
{
	struct nearest near = nearest_to(text);

	for (const struct loop_recipe_step *s = recipe->steps; s < step; s++)
		if (option->reference->kinds >> s->kind & 1)
			nearest_try(&near, s->name);
	if (near.word)
		return loop_recipe_error(
			recipe, option->line, err,
			"no step before this one is called '%.60s'; did you mean '%s'?", text,
			near.word);
	return loop_recipe_error(
		recipe, option->line, err,
		"no step before this one is called '%.60s'; of a path write ./%.60s", text, text);
}

/* A word without '/' and '.' is a name; what begins with the name of an earlier step and '/' is in its
 * artefact; all else is a path. */
static int resolve_value(const struct loop_recipe *recipe, const struct loop_recipe_step *step,
			 const struct loop_recipe_option *option, struct loop_recipe_value *value,
			 struct err *err)
{
	size_t len = strcspn(value->text, "/");
	const struct loop_recipe_step *meant =
		find_step(recipe, (int)(step - recipe->steps), value->text, len);

	if (!meant && !strpbrk(value->text, "./"))
		return refuse_name(recipe, step, option, value->text, err);
	if (!meant)
		return 0;
	if (!(option->reference->kinds >> meant->kind & 1))
		return loop_recipe_error(recipe, option->line, err,
					 "'%s' of '%s' cannot be '%s', a step of the kind '%s'",
					 option->key, step->name, meant->name,
					 loop_recipe_kind_name(meant->kind));
	value->step = meant;
	value->part = value->text[len] ? value->text + len + 1 : option->reference->part;
	return 0;
}

static int resolve_option(const struct loop_recipe *recipe, const struct loop_recipe_step *step,
			  struct loop_recipe_option *option, struct err *err)
{
	if (option->flag)
		return loop_recipe_error(recipe, option->line, err,
					 "'%s' must name a step or a path", option->key);
	if (option->reference->number != RECIPE_SOME && option->first->next)
		return loop_recipe_error(recipe, option->line, err, "'%s' takes one step or path",
					 option->key);
	for (struct loop_recipe_value *v = option->first; v; v = v->next)
		if (resolve_value(recipe, step, option, v, err) < 0)
			return -1;
	return 0;
}

static int check_needed(const struct loop_recipe *recipe, const struct loop_recipe_step *step,
			struct err *err)
{
	const struct loop_recipe_reference *r;

	for (size_t i = 0; (r = loop_recipe_reference_at(i)); i++) {
		const struct loop_recipe_option *option = step->first;

		if (r->of != step->kind || r->number == RECIPE_MAYBE)
			continue;
		while (option && strcmp(option->key, r->key) != 0)
			option = option->next;
		if (!option)
			return loop_recipe_error(recipe, step->line, err, "'%s' lacks '%s'",
						 step->name, r->key);
	}
	return 0;
}

static int check_figure(const struct loop_recipe *recipe, const struct loop_recipe_option *option,
			const char *name, struct err *err)
{
	const struct metrics_words *const words[] = {&metrics_of_drawings, &metrics_of_solids};
	struct nearest near = nearest_to(name);

	for (int k = 0; k < 2; k++)
		for (int i = 0; i < words[k]->count; i++) {
			if (strcmp(words[k]->figures[i], name) == 0)
				return 0;
			nearest_try(&near, words[k]->figures[i]);
		}
	if (near.word)
		return loop_recipe_error(recipe, option->line, err,
					 "unknown figure '%.60s'; did you mean '%s'?", name,
					 near.word);
	return loop_recipe_error(recipe, option->line, err,
				 "unknown figure '%.60s'; metrics(5) lists them", name);
}

/* The one kind of step that no program looks at. */
static int check_compare(const struct loop_recipe *recipe, const struct loop_recipe_option *option,
			 struct err *err)
{
	if (strcmp(option->key, "figures") != 0)
		return loop_recipe_error(recipe, option->line, err,
					 "unknown option '%s'; compare takes metrics and figures",
					 option->key);
	if (option->flag)
		return loop_recipe_error(recipe, option->line, err,
					 "'figures' must be a list of them");
	for (const struct loop_recipe_value *v = option->first; v; v = v->next)
		if (check_figure(recipe, option, v->text, err) < 0)
			return -1;
	return 0;
}

int loop_recipe_resolve(struct loop_recipe *recipe, struct err *err)
{
	for (int i = 0; i < recipe->count; i++) {
		struct loop_recipe_step *step = &recipe->steps[i];

		for (struct loop_recipe_option *o = step->first; o; o = o->next) {
			int rc = 0;

			if (o->reference)
				rc = resolve_option(recipe, step, o, err);
			else if (step->kind == RECIPE_COMPARE)
				rc = check_compare(recipe, o, err);
			if (rc < 0)
				return -1;
		}
		if (check_needed(recipe, step, err) < 0)
			return -1;
	}
	return 0;
}

/* --- writing --------------------------------------------------------------------------------- */

/* A number or another word stays what it is: nothing but programs looks at it. */
static void put_values(const struct loop_recipe_option *option, struct buf *out)
{
	bool list = option->first && option->first->next;

	if (option->flag)
		buf_str(out, "true");
	buf_str(out, list ? "[" : "");
	for (const struct loop_recipe_value *v = option->first; v; v = v->next) {
		yaml_write_text(out, v->text);
		buf_str(out, v->next ? ", " : "");
	}
	buf_str(out, list ? "]\n" : "\n");
}

void loop_recipe_write(const struct loop_recipe *recipe, struct buf *out)
{
	buf_str(out, "name: ");
	yaml_write_text(out, recipe->name);
	buf_str(out, "\nabout: ");
	yaml_write_text(out, recipe->about);
	buf_str(out, "\nsteps:\n");
	for (int i = 0; i < recipe->count; i++) {
		const struct loop_recipe_step *step = &recipe->steps[i];

		buf_str(out, "  - ");
		buf_str(out, loop_recipe_kind_name(step->kind));
		buf_str(out, ":\n      as: ");
		yaml_write_text(out, step->name);
		buf_char(out, '\n');
		for (const struct loop_recipe_option *o = step->first; o; o = o->next) {
			buf_str(out, "      ");
			buf_str(out, o->key);
			buf_str(out, ": ");
			put_values(o, out);
		}
	}
}
